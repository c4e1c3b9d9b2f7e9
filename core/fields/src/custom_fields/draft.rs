//! The rules of a definition.
use super::{
    formula::{self, Broken},
    model::{CustomField, CustomFieldPatch, FieldOption, FieldType, NewCustomField},
    value::{Refused, Shape},
};
use kernel::{Error, Result, error::FieldProblem};
use tenants::tenants::is_currency;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Most fields of a kind of records, archived ones included.
pub const MAX_FIELDS: usize = 200;
/// Most options of a field, archived ones included.
pub const MAX_OPTIONS: usize = 200;
/// Longest key.
const MAX_KEY: usize = 40;

/// Refused parts of a definition.
#[derive(Default)]
struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn add(&mut self, field: impl Into<String>, code: &str, detail: impl Into<String>) {
        self.0.push(FieldProblem { field: field.into(), code: code.to_owned(), detail: detail.into() });
    }

    fn text(&mut self, field: &str, text: Option<String>, max: usize) -> Option<String> {
        let text: String = text?.nfc().filter(|c| !c.is_control()).collect();
        let text = text.trim().to_owned();
        if text.chars().count() > max {
            self.add(field, "too_long", format!("At most {max} characters."));
        }
        (!text.is_empty()).then_some(text)
    }
}

/// A key made of a label: `Höhe (m)` becomes `hohe_m`; none when nothing is left of it.
pub fn key_of(label: &str) -> Option<String> {
    let mut key = String::new();
    for c in label.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => key.push(c),
            'ß' => key.push_str("ss"),
            _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
        if key.len() >= MAX_KEY {
            break;
        }
    }
    let key: String = key.trim_end_matches('_').chars().take(MAX_KEY).collect();
    match key.chars().next()? {
        'a'..='z' => Some(key),
        _ => Some(format!("f_{key}").chars().take(MAX_KEY).collect()),
    }
}

fn is_key(key: &str) -> bool {
    key.len() <= MAX_KEY
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Options in their order with keys; those of `known` that are left out are put away behind them.
fn options(wrong: &mut Wrong, given: Vec<FieldOption>, known: &[FieldOption]) -> Vec<FieldOption> {
    let mut options: Vec<FieldOption> = vec![];
    for (i, option) in given.into_iter().enumerate() {
        let label = wrong.text(&format!("/options/{i}/label"), Some(option.label), 80);
        let Some(label) = label else {
            wrong.add(format!("/options/{i}/label"), "required", "An option needs a label.");
            continue;
        };
        let taken = |key: &str, options: &[FieldOption]| {
            options.iter().chain(known).any(|other| other.key.as_deref() == Some(key))
        };
        let key = match option.key {
            Some(key) if options.iter().any(|other| other.key.as_ref() == Some(&key)) => {
                wrong.add(format!("/options/{i}/key"), "twice", "Another option has this key.");
                continue;
            }
            Some(key) if is_key(&key) => key,
            Some(_) => {
                let detail = "A small letter, then small letters, digits and _, at most 40.";
                wrong.add(format!("/options/{i}/key"), "key_invalid", detail);
                continue;
            }
            None => {
                let stem: String = key_of(&label).unwrap_or_else(|| "option".to_owned()).chars().take(34).collect();
                let numbered = (2..).map(|n| format!("{stem}_{n}"));
                let mut keys = std::iter::once(stem.clone()).chain(numbered);
                keys.find(|key| !taken(key, &options)).unwrap_or(stem)
            }
        };
        if options.iter().any(|other| other.label.to_lowercase() == label.to_lowercase()) {
            wrong.add(format!("/options/{i}/label"), "twice", "Another option has this label.");
        }
        options.push(FieldOption { key: Some(key), label, archived: option.archived });
    }
    let missing = known.iter().filter(|k| !options.iter().any(|o| o.key == k.key)).cloned();
    let missing: Vec<_> = missing.map(|option| FieldOption { archived: true, ..option }).collect();
    options.extend(missing);
    if options.len() > MAX_OPTIONS {
        wrong.add("/options", "too_many", format!("At most {MAX_OPTIONS}, those that are put away included."));
    }
    options
}

impl CustomField {
    /// A new field, without place and dates.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn defined(new: NewCustomField, blank: CustomField) -> Result<CustomField> {
        let mut wrong = Wrong::default();
        let label = wrong.text("/label", Some(new.label), 80).unwrap_or_default();
        let key = new.key.or_else(|| key_of(&label)).unwrap_or_default();
        if label.is_empty() {
            wrong.add("/label", "required", "A field needs a label.");
        } else if !is_key(&key) {
            let detail = "A small letter, then small letters, digits and _, at most 40.";
            wrong.add("/key", if key.is_empty() { "required" } else { "key_invalid" }, detail);
        }
        let formula = new.kind == FieldType::Formula;
        let mut field = CustomField {
            record: new.record,
            key,
            label,
            help: wrong.text("/help", new.help, 300),
            kind: new.kind,
            options: options(&mut wrong, new.options, &[]),
            decimals: new.decimals,
            currency: new.currency,
            target: new.target,
            expression: wrong.text("/expression", new.expression, formula::MAX_EXPRESSION),
            result: new.result,
            blank_as_zero: new.blank_as_zero,
            required: new.required,
            unique: new.unique,
            default: new.default.filter(|value| !value.is_null()),
            section: wrong.text("/section", new.section, 60),
            ..blank
        };
        let shape = field.shape();
        for (has, wants, pointer) in [
            (field.currency.is_some(), shape == Shape::Money, "/currency"),
            (field.target.is_some(), new.kind == FieldType::Link, "/target"),
            (field.expression.is_some(), formula, "/expression"),
            (field.result.is_some(), formula, "/result"),
        ] {
            match (has, wants) {
                (false, true) => wrong.add(pointer, "required", "A field of this type needs it."),
                (true, false) => wrong.add(pointer, "not_taken", "A field of this type does not take it."),
                _ => {}
            }
        }
        if field.currency.as_deref().is_some_and(|code| !is_currency(code)) {
            wrong.add("/currency", "currency_unknown", "A code of ISO 4217, for example EUR.");
        }
        if shape == Shape::Number {
            field.decimals.get_or_insert(0);
        }
        field.settled(wrong)
    }

    /// This with a change.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn patched(&self, patch: CustomFieldPatch) -> Result<CustomField> {
        let (mut wrong, mut next) = (Wrong::default(), self.clone());
        if let Some(label) = patch.label {
            next.label = wrong.text("/label", Some(label), 80).unwrap_or_default();
            if next.label.is_empty() {
                wrong.add("/label", "required", "A field needs a label.");
            }
        }
        if !patch.help.is_undefined() {
            next.help = wrong.text("/help", patch.help.take(), 300);
        }
        if !patch.section.is_undefined() {
            next.section = wrong.text("/section", patch.section.take(), 60);
        }
        if let Some(given) = patch.options {
            next.options = options(&mut wrong, given, &self.options);
        }
        if let Some(decimals) = patch.decimals {
            if self.decimals.is_some_and(|before| decimals < before) {
                wrong.add("/decimals", "decimals_fewer", "Values have these decimal places already.");
            }
            next.decimals = Some(decimals);
        }
        if let Some(expression) = patch.expression {
            next.expression = wrong.text("/expression", Some(expression), formula::MAX_EXPRESSION);
            match (self.kind == FieldType::Formula, &next.expression) {
                (false, _) => wrong.add("/expression", "not_taken", "A field of this type does not take it."),
                (true, None) => wrong.add("/expression", "required", "A formula is needed."),
                _ => {}
            }
        }
        next.blank_as_zero = patch.blank_as_zero.unwrap_or(next.blank_as_zero);
        next.required = patch.required.unwrap_or(next.required);
        next.unique = patch.unique.unwrap_or(next.unique);
        if !patch.default.is_undefined() {
            next.default = patch.default.take().filter(|value| !value.is_null());
        }
        next.settled(wrong)
    }

    /// Checks what new and changed fields have in common.
    fn settled(mut self, mut wrong: Wrong) -> Result<CustomField> {
        let shape = self.shape();
        let formula = self.kind == FieldType::Formula;
        let choice = matches!(shape, Shape::Select | Shape::MultiSelect);
        if choice && self.options.iter().all(|option| option.archived) {
            wrong.add("/options", "required", "A select needs an option that can be chosen.");
        } else if !choice && !self.options.is_empty() {
            wrong.add("/options", "not_taken", "A field of this type has no options.");
        }
        match self.decimals {
            Some(_) if shape != Shape::Number => {
                wrong.add("/decimals", "not_taken", "A field of this type has no decimal places.");
            }
            Some(places) if !(0..=6).contains(&places) => wrong.add("/decimals", "range", "0 to 6."),
            _ => {}
        }
        if self.unique && (formula || !matches!(shape, Shape::Text | Shape::Number | Shape::Date)) {
            wrong.add("/unique", "not_taken", "Only texts, numbers and days can be unique.");
        }
        if self.unique && self.default.is_some() {
            wrong.add("/default", "not_unique", "A value of all new records cannot be unique.");
        }
        if formula && self.required {
            wrong.add("/required", "not_taken", "Nobody fills in a formula.");
        }
        if let Some(value) = self.default.take() {
            if formula || shape == Shape::Id {
                wrong.add("/default", "not_taken", "A field of this type has no default.");
            } else {
                match self.check(&value, None) {
                    Ok(value) => self.default = value,
                    Err(Refused(code, detail)) => wrong.add("/default", code, detail),
                }
            }
        }
        if wrong.0.is_empty() { Ok(self) } else { Err(Error::invalid_fields(wrong.0)) }
    }

    /// Refuses a formula that does not work among the fields of its kind, or closes a circle.
    ///
    /// # Errors
    /// 422 with `expression_invalid`, `name_unknown` or `cycle`.
    pub fn check_formula(&self, others: &[CustomField]) -> Result<()> {
        if self.kind != FieldType::Formula {
            return Ok(());
        }
        let mut all: Vec<CustomField> = others.iter().filter(|f| f.id != self.id).cloned().collect();
        all.push(self.clone());
        let refuse = |Broken(code, detail)| Error::invalid("/expression", code, detail);
        formula::in_order(&all).map_err(refuse)?;
        formula::rehearse(self, &all).map_err(refuse)
    }
}
