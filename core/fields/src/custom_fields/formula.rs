//! Formulas: expressions of Jinja over a record's own fields and its custom ones. No loops, no access to anything but the
//! names it is given, and a limited cost.
use super::{
    model::{Custom, CustomField, FieldType, FormulaResult, RecordKind},
    value::Shape,
};
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value as Term};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// Longest expression, in characters.
pub const MAX_EXPRESSION: usize = 1000;
/// Steps of one evaluation.
const FUEL: u64 = 5000;
/// Most formulas that read each other in a row.
pub const MAX_DEPTH: usize = 10;

/// Values of a record's own fields by name, as the API gives them; amounts are in main units.
pub type Own = BTreeMap<&'static str, Value>;

/// What a formula may read of a record itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnShape {
    /// Text.
    Text,
    /// A number, or an amount in main units.
    Number,
    /// A day.
    Day,
}

/// Names of a record's own fields.
pub fn own_names(record: RecordKind) -> &'static [(&'static str, OwnShape)] {
    use OwnShape::{Day, Number, Text};
    match record {
        RecordKind::Contact => &[
            ("display_name", Text),
            ("salutation", Text),
            ("first_name", Text),
            ("middle_name", Text),
            ("last_name", Text),
            ("company_name", Text),
            ("job_title", Text),
            ("email", Text),
            ("phone", Text),
            ("city", Text),
            ("country", Text),
            ("language", Text),
            ("zone", Text),
            ("stage", Text),
            ("tier", Text),
            ("source", Text),
        ],
        RecordKind::Company => &[
            ("name", Text),
            ("legal_name", Text),
            ("industry", Text),
            ("size", Text),
            ("email", Text),
            ("phone", Text),
            ("city", Text),
            ("country", Text),
            ("status", Text),
            ("tier", Text),
            ("currency", Text),
            ("annual_value", Number),
            ("monthly_revenue", Number),
            ("client_since", Day),
            ("renews_on", Day),
            ("cancel_by", Day),
        ],
        RecordKind::Deal => {
            &[("title", Text), ("amount", Number), ("currency", Text), ("source", Text), ("expected_close", Day)]
        }
    }
}

/// Functions of the language, besides its operators.
const FUNCTIONS: &[&str] =
    &["round", "floor", "ceil", "abs", "min", "max", "days_between", "add_days", "add_months", "year", "month", "day"];

static LANGUAGE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut language = Environment::empty();
    language.set_undefined_behavior(UndefinedBehavior::Strict);
    language.set_fuel(Some(FUEL));
    language.set_recursion_limit(50);
    language.add_filter("upper", minijinja::filters::upper);
    language.add_filter("lower", minijinja::filters::lower);
    language.add_filter("trim", minijinja::filters::trim);
    language.add_filter("length", minijinja::filters::length);
    language.add_filter("replace", minijinja::filters::replace);
    language.add_filter("round", |number: f64, places: Option<i32>| round(number, places));
    language.add_function("round", round);
    language.add_function("floor", |number: f64| whole(number.floor()));
    language.add_function("ceil", |number: f64| whole(number.ceil()));
    language.add_function("abs", |number: f64| whole(number.abs()));
    language.add_function("min", |numbers: minijinja::value::Rest<f64>| {
        whole(numbers.iter().copied().fold(f64::INFINITY, f64::min))
    });
    language.add_function("max", |numbers: minijinja::value::Rest<f64>| {
        whole(numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    });
    language.add_function("days_between", |from: String, to: String| {
        Ok::<i64, Error>((to_day(&to)? - to_day(&from)?).num_days())
    });
    language.add_function("add_days", |from: String, days: i64| {
        let later = TimeDelta::try_days(days).and_then(|days| to_day(&from).ok()?.checked_add_signed(days));
        later.map(|day| day.to_string()).ok_or_else(|| wrong("no such day"))
    });
    language.add_function("add_months", |from: String, months: i64| {
        let day = to_day(&from)?;
        let count = u32::try_from(months.unsigned_abs()).map(Months::new).map_err(|_| wrong("no such day"))?;
        let later = if months < 0 { day.checked_sub_months(count) } else { day.checked_add_months(count) };
        later.map(|day| day.to_string()).ok_or_else(|| wrong("no such day"))
    });
    language.add_function("year", |of: String| to_day(&of).map(|day| day.year()));
    language.add_function("month", |of: String| to_day(&of).map(|day| day.month()));
    language.add_function("day", |of: String| to_day(&of).map(|day| day.day()));
    language
});

fn wrong(detail: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

fn to_day(text: &str) -> Result<NaiveDate, Error> {
    text.parse().map_err(|_| wrong("not a day like 2026-01-31"))
}

fn round(number: f64, places: Option<i32>) -> Term {
    let scale = 10f64.powi(places.unwrap_or(0).clamp(0, 6));
    whole((number * scale).round() / scale)
}

/// Whole numbers without a point, so that they stand in texts as people write them.
fn whole(number: f64) -> Term {
    if number.fract() == 0.0 && number.abs() < 1e15 { Term::from(number as i64) } else { Term::from(number) }
}

/// Why an expression is no formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(pub &'static str, pub String);

/// Names that an expression reads: `stage`, `custom.budget`.
///
/// # Errors
/// What does not parse.
pub fn inputs(expression: &str) -> Result<BTreeSet<String>, Broken> {
    let parsed = LANGUAGE.compile_expression(expression).map_err(|error| Broken("expression_invalid", told(&error)))?;
    let mut names: BTreeSet<String> = parsed.undeclared_variables(true).into_iter().collect();
    names.retain(|name| !FUNCTIONS.contains(&name.as_str()));
    Ok(names)
}

fn told(error: &Error) -> String {
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

/// What a formula gives: a value, nothing because an input is missing, or why it fails.
pub type Outcome = Result<Option<Value>, String>;

/// Evaluates a formula over a record. `others` are the fields of its kind.
pub fn evaluate(formula: &CustomField, others: &[CustomField], own: &Own, custom: &Custom) -> Outcome {
    let expression = formula.expression.as_deref().unwrap_or("");
    let names = inputs(expression).map_err(|broken| broken.1)?;
    let mut terms: BTreeMap<&str, Term> = BTreeMap::new();
    let mut customs: BTreeMap<&str, Term> = BTreeMap::new();
    for name in &names {
        let term = match name.strip_prefix("custom.") {
            Some(key) => {
                let field = others.iter().find(|f| f.key == key).ok_or_else(|| format!("There is no field {key}."))?;
                custom.get(key).map(|value| term(field, value)).or_else(|| blank(field, formula.blank_as_zero))
            }
            None => {
                let shape = own_names(formula.record).iter().find(|(own, _)| own == name).map(|(_, shape)| *shape);
                let value = own.get(name.as_str()).filter(|value| !value.is_null());
                value.map(plain).or_else(|| own_blank(shape, formula.blank_as_zero))
            }
        };
        let Some(term) = term else { return Ok(None) };
        match name.strip_prefix("custom.") {
            Some(key) => customs.insert(key, term),
            None => terms.insert(name, term),
        };
    }
    terms.insert("custom", Term::from_pairs(customs));
    let parsed = LANGUAGE.compile_expression(expression).map_err(|error| told(&error))?;
    let result = parsed.eval(Term::from_pairs(terms)).map_err(|error| told(&error))?;
    typed(formula, &result)
}

fn plain(value: &Value) -> Term {
    match value {
        Value::Number(number) => whole(number.as_f64().unwrap_or(0.0)),
        Value::String(text) => Term::from(text.as_str()),
        Value::Bool(on) => Term::from(*on),
        Value::Array(items) => Term::from(items.iter().map(plain).collect::<Vec<_>>()),
        Value::Null | Value::Object(_) => Term::from(()),
    }
}

fn term(field: &CustomField, value: &Value) -> Term {
    match (field.shape(), value) {
        (Shape::Money, value) => whole(field.main_units(value.as_i64().unwrap_or(0))),
        (Shape::Select, Value::String(key)) => Term::from(field.option(key).map_or(key, |option| &option.label)),
        (_, value) => plain(value),
    }
}

fn blank(field: &CustomField, zero: bool) -> Option<Term> {
    match field.shape() {
        // A box that nobody ticked is not ticked.
        Shape::Checkbox => Some(Term::from(false)),
        Shape::Number | Shape::Money if zero => Some(Term::from(0)),
        Shape::Text | Shape::LongText | Shape::Select if zero => Some(Term::from("")),
        Shape::MultiSelect if zero => Some(Term::from(Vec::<String>::new())),
        _ => None,
    }
}

fn own_blank(shape: Option<OwnShape>, zero: bool) -> Option<Term> {
    match shape {
        Some(OwnShape::Number) if zero => Some(Term::from(0)),
        Some(OwnShape::Text) if zero => Some(Term::from("")),
        _ => None,
    }
}

fn typed(formula: &CustomField, result: &Term) -> Outcome {
    if result.is_none() || result.is_undefined() {
        return Ok(None);
    }
    match formula.result.unwrap_or(FormulaResult::Text) {
        FormulaResult::Number | FormulaResult::Money => {
            let number = f64::try_from(result.clone()).map_err(|_| "The result is no number.".to_owned())?;
            let number = Some(number).filter(|number| number.is_finite());
            number.and_then(|n| formula.rounded(n)).map(Some).ok_or_else(|| "The result is out of bounds.".to_owned())
        }
        FormulaResult::Checkbox => Ok(Some(Value::from(result.is_true()))),
        FormulaResult::Text | FormulaResult::Date => {
            let text = Value::from(result.to_string());
            formula.check(&text, None).map_err(|refused| format!("The result is refused: {}", refused.1))
        }
    }
}

/// A record that has everything, to see at its definition whether a formula works: names, functions and types.
///
/// # Errors
/// What the expression fails with.
pub fn rehearse(formula: &CustomField, others: &[CustomField]) -> Result<(), Broken> {
    let names = inputs(formula.expression.as_deref().unwrap_or(""))?;
    for name in &names {
        let known = match name.strip_prefix("custom.") {
            Some(key) => others.iter().any(|f| f.key == key && f.archived_at.is_none()),
            None => own_names(formula.record).iter().any(|(own, _)| own == name),
        };
        if !known {
            return Err(Broken("name_unknown", format!("There is nothing called {name}.")));
        }
    }
    let number = |i: usize| Value::from(3 * i as i64 + 2);
    let custom = others.iter().enumerate().filter_map(|(i, field)| {
        let value = match field.shape() {
            Shape::Number => number(i),
            Shape::Money => Value::from((3 * i as i64 + 2) * 100),
            Shape::Text | Shape::LongText | Shape::Id => Value::from("text"),
            Shape::Date => Value::from("2026-01-31"),
            Shape::Checkbox => Value::from(true),
            Shape::Select => Value::from(field.options.first()?.key.clone()?),
            Shape::MultiSelect => Value::from(vec![field.options.first()?.key.clone()?]),
        };
        Some((field.key.clone(), value))
    });
    let own = own_names(formula.record).iter().enumerate().map(|(i, (name, shape))| {
        let value = match shape {
            OwnShape::Text => Value::from("text"),
            OwnShape::Number => number(i),
            OwnShape::Day => Value::from("2026-01-31"),
        };
        (*name, value)
    });
    match evaluate(formula, others, &own.collect(), &Custom(custom.collect())) {
        Ok(_) => Ok(()),
        Err(detail) => Err(Broken("expression_invalid", detail)),
    }
}

/// Formulas in an order in which each comes after those it reads.
///
/// # Errors
/// Formulas that read each other in a circle, or too many in a row.
pub fn in_order(fields: &[CustomField]) -> Result<Vec<&CustomField>, Broken> {
    let mut left: Vec<(&CustomField, BTreeSet<String>)> = vec![];
    for formula in fields.iter().filter(|f| f.kind == FieldType::Formula) {
        left.push((formula, inputs(formula.expression.as_deref().unwrap_or(""))?));
    }
    let mut ordered = vec![];
    for _ in 0..MAX_DEPTH {
        let waiting: BTreeSet<String> = left.iter().map(|(f, _)| format!("custom.{}", f.key)).collect();
        let (ready, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, reads)| reads.is_disjoint(&waiting));
        ordered.extend(ready.into_iter().map(|(formula, _)| formula));
        left = rest;
        if left.is_empty() {
            return Ok(ordered);
        }
    }
    let keys: Vec<&str> = left.iter().map(|(f, _)| f.key.as_str()).collect();
    Err(Broken(
        "cycle",
        format!("These formulas read each other in a circle or too many in a row: {}.", keys.join(", ")),
    ))
}
