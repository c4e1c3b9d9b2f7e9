//! The rule engine: which fields are visible and required, which steps are walked, and what is wrong with the answers.
//! Pure. The widget runs a twin of this file; `tests/vectors/form_rules.json` holds both to the same answers, so change
//! the vectors first.
use super::model::{Action, Condition, Definition, Field, FieldType, Op, Test};
use regex::Regex;
use serde::Serialize;
use serde_json::{Map, Value};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

/// What a visitor sent, or what is kept of it.
pub type Answers = Map<String, Value>;

/// What the engine found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// Keys, in definition order, of fields that are shown (or carried, for hidden ones) on a step of the path.
    pub visible: Vec<String>,
    /// The part of `visible` that must be answered.
    pub required: Vec<String>,
    /// Step keys the visitor walks through, in order.
    pub path: Vec<String>,
    /// Why answers were refused, by key.
    pub errors: BTreeMap<String, &'static str>,
    /// Non-empty, trimmed answers of visible fields: what is kept.
    pub stored: Answers,
}

const WHITESPACE: [char; 5] = [' ', '\t', '\n', '\x0c', '\r'];

#[expect(clippy::expect_used, reason = "a constant pattern; the unit test below runs it")]
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[^ \t\n\x0C\r@]+@[^ \t\n\x0C\r@.]+(\.[^ \t\n\x0C\r@.]+)+$").expect("the pattern compiles")
});

/// True when the answer counts as not given.
pub fn is_empty(value: Option<&Value>, field: Option<&Field>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        Some(Value::Bool(false)) => field.is_some_and(|f| matches!(f.kind, FieldType::Checkbox | FieldType::Consent)),
        Some(_) => false,
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Bool(a), Value::Bool(b)) => a == b,
        _ => false,
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        // UTF-8 sorts like Unicode scalar values.
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => a.as_f64()?.partial_cmp(&b.as_f64()?),
        _ => None,
    }
}

/// Answers of this form's data fields, with hand-typed text trimmed before anything looks at it.
fn normalise(form: &Definition, answers: &Answers) -> Answers {
    let mut given = Answers::new();
    for field in form.fields().filter(|f| f.kind != FieldType::Section) {
        if let Some(value) = answers.get(&field.key) {
            let value = match value {
                Value::String(text) if field.kind.longest().is_some() => text.trim_matches(WHITESPACE).into(),
                other => other.clone(),
            };
            given.insert(field.key.clone(), value);
        }
    }
    given
}

/// Fields in definition order, each with the index of its step.
struct Index<'a> {
    fields: Vec<(&'a Field, usize)>,
    by_key: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn of(form: &'a Definition) -> Self {
        let mut index = Index { fields: vec![], by_key: HashMap::new() };
        for (at, step) in form.steps.iter().enumerate() {
            for field in &step.fields {
                // A key used twice is refused when a form is published; here the later field takes the place.
                match index.by_key.get(field.key.as_str()) {
                    Some(&slot) => index.fields[slot] = (field, at),
                    None => {
                        index.by_key.insert(&field.key, index.fields.len());
                        index.fields.push((field, at));
                    }
                }
            }
        }
        index
    }

    fn get(&self, key: &str) -> Option<(&'a Field, usize)> {
        self.by_key.get(key).map(|&slot| self.fields[slot])
    }
}

#[derive(Clone, PartialEq)]
struct Pass<'a> {
    shown: HashSet<&'a str>,
    must: HashSet<&'a str>,
    path: Vec<usize>,
}

impl<'a> Pass<'a> {
    fn base(index: &Index<'a>) -> Self {
        let mut pass = Pass { shown: HashSet::new(), must: HashSet::new(), path: vec![] };
        for (field, _) in &index.fields {
            if !field.hidden.unwrap_or(false) || field.kind == FieldType::Hidden {
                pass.shown.insert(&field.key);
            }
            if field.required.unwrap_or(false) && field.kind != FieldType::Section {
                pass.must.insert(&field.key);
            }
        }
        pass
    }

    fn next(&self, form: &'a Definition, index: &Index<'a>, answers: &Answers) -> Self {
        let mut next = Pass::base(index);
        let step = |key: &str| form.steps.iter().position(|s| s.key == key);
        let mut jumps: Vec<(usize, usize)> = vec![];
        for rule in form.rules().iter().filter(|rule| self.matches(&rule.when, index, answers)) {
            for action in &rule.then {
                match action {
                    Action::Jump { from, target } => {
                        let to = if target == "end" { Some(form.steps.len()) } else { step(target) };
                        // Only forward, so every path ends.
                        if let (Some(from), Some(to)) = (step(from), to)
                            && to > from
                        {
                            jumps.push((from, to));
                        }
                    }
                    Action::Show { target } => next.change(index, target, |pass, field| {
                        pass.shown.insert(&field.key);
                    }),
                    Action::Hide { target } => next.change(index, target, |pass, field| {
                        if field.kind != FieldType::Hidden {
                            pass.shown.remove(field.key.as_str());
                        }
                    }),
                    Action::Require { target } => next.change(index, target, |pass, field| {
                        if field.kind != FieldType::Section {
                            pass.must.insert(&field.key);
                        }
                    }),
                    Action::Optional { target } => next.change(index, target, |pass, field| {
                        pass.must.remove(field.key.as_str());
                    }),
                }
            }
        }
        let mut at = 0;
        while at < form.steps.len() {
            next.path.push(at);
            at = jumps.iter().find(|(from, _)| *from == at).map_or(at + 1, |(_, to)| *to);
        }
        next
    }

    fn change(&mut self, index: &Index<'a>, target: &str, f: impl FnOnce(&mut Self, &'a Field)) {
        if let Some((field, _)) = index.get(target) {
            f(self, field);
        }
    }

    fn live(&self, field: &Field, step: usize) -> bool {
        self.shown.contains(field.key.as_str()) && self.path.contains(&step)
    }

    fn matches(&self, condition: &Condition, index: &Index<'a>, answers: &Answers) -> bool {
        match condition {
            Condition::All(c) => c.all.iter().all(|c| self.matches(c, index, answers)),
            Condition::Any(c) => c.any.iter().any(|c| self.matches(c, index, answers)),
            Condition::Not(c) => !self.matches(&c.not, index, answers),
            Condition::Test(test) => self.holds(test, index, answers),
        }
    }

    /// Rules see only answers of fields that this pass shows on a step it walks.
    fn holds(&self, test: &Test, index: &Index<'a>, answers: &Answers) -> bool {
        let field = index.get(&test.field);
        let answer = field.filter(|(f, at)| self.live(f, *at)).and_then(|_| answers.get(&test.field));
        let answer = answer.filter(|a| !is_empty(Some(a), field.map(|(f, _)| f)));
        let Some(answer) = answer else { return matches!(test.op, Op::Empty | Op::Ne) };
        let ordered = |fits: fn(Ordering) -> bool| compare(answer, &test.value).is_some_and(fits);
        match test.op {
            Op::Empty => false,
            Op::Filled => true,
            Op::Eq => equal(answer, &test.value),
            Op::Ne => !equal(answer, &test.value),
            Op::In => test.value.as_array().is_some_and(|list| list.iter().any(|v| equal(answer, v))),
            Op::Contains => match (answer, &test.value) {
                (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
                (Value::Array(list), Value::String(part)) => list.iter().any(|v| v.as_str() == Some(part)),
                _ => false,
            },
            Op::Gt => ordered(Ordering::is_gt),
            Op::Gte => ordered(Ordering::is_ge),
            Op::Lt => ordered(Ordering::is_lt),
            Op::Lte => ordered(Ordering::is_le),
        }
    }
}

fn settle<'a>(form: &'a Definition, index: &Index<'a>, answers: &Answers) -> Pass<'a> {
    let mut pass = Pass { path: (0..form.steps.len()).collect(), ..Pass::base(index) };
    // Rules that switch each other off would never settle; both twins stop after the same number of passes.
    for _ in 0..form.rules().len() + 2 {
        let next = pass.next(form, index, answers);
        let same = next == pass;
        pass = next;
        if same {
            break;
        }
    }
    pass
}

/// True for a real calendar date written `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shape {
        return false;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().unwrap_or(0);
    let (year, month, day) = (number(0..4), number(5..7), number(8..10));
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn check_text(field: &Field, text: &str) -> Option<&'static str> {
    let length = text.chars().count();
    if length < field.min_length.unwrap_or(0) {
        return Some("too_short");
    }
    if field.max_length.or(field.kind.longest()).is_some_and(|max| length > max) {
        return Some("too_long");
    }
    match field.kind {
        FieldType::Email if !EMAIL.is_match(text) => Some("email"),
        FieldType::Phone => {
            let body = text.strip_prefix('+').unwrap_or(text);
            let digits = body.bytes().filter(u8::is_ascii_digit).count();
            let fine = body.bytes().all(|b| b.is_ascii_digit() || b" ()-./".contains(&b));
            (!fine || !(6..=15).contains(&digits)).then_some("phone")
        }
        _ => None,
    }
}

fn check_number(field: &Field, number: f64) -> Option<&'static str> {
    if !number.is_finite() {
        return Some("number");
    }
    let rating = field.kind == FieldType::Rating;
    let (min, max) = if rating { (Some(1.0), field.max.or(Some(5.0))) } else { (field.min, field.max) };
    if min.is_some_and(|min| number < min) {
        return Some("too_small");
    }
    if max.is_some_and(|max| number > max) {
        return Some("too_large");
    }
    if rating {
        return (number.fract() != 0.0).then_some("step");
    }
    let step = field.step.filter(|step| *step > 0.0)?;
    let quotient = (number - field.min.unwrap_or(0.0)) / step;
    ((quotient - quotient.round()).abs() > 1e-9).then_some("step")
}

fn check_list(field: &Field, list: &[&str]) -> Option<&'static str> {
    if field.kind == FieldType::File {
        return (list.len() > field.max_files.unwrap_or(1)).then_some("too_many");
    }
    if list.iter().any(|value| !has_option(field, value)) {
        return Some("option");
    }
    field.max.is_some_and(|max| list.len() as f64 > max).then_some("too_many")
}

fn has_option(field: &Field, value: &str) -> bool {
    field.options.iter().flatten().any(|option| option.value == value)
}

/// The first thing wrong with one trimmed answer.
pub fn validate(field: &Field, answer: Option<&Value>, required: bool) -> Option<&'static str> {
    let Some(answer) = answer.filter(|a| !is_empty(Some(a), Some(field))) else {
        let code = if field.kind == FieldType::Consent { "consent" } else { "required" };
        return required.then_some(code);
    };
    match (field.kind, answer) {
        (FieldType::Section, _) => None,
        (FieldType::Number | FieldType::Rating, Value::Number(number)) => {
            check_number(field, number.as_f64().unwrap_or(f64::NAN))
        }
        (FieldType::Checkbox | FieldType::Consent, Value::Bool(_)) => None,
        (FieldType::Multi | FieldType::File, Value::Array(list)) => {
            match list.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
                Some(list) => check_list(field, &list),
                None => Some("type"),
            }
        }
        (FieldType::Date, Value::String(text)) => (!is_date(text)).then_some("date"),
        (FieldType::Select | FieldType::Radio, Value::String(text)) => (!has_option(field, text)).then_some("option"),
        (
            FieldType::Text | FieldType::LongText | FieldType::Email | FieldType::Phone | FieldType::Hidden,
            Value::String(text),
        ) => check_text(field, text),
        _ => Some("type"),
    }
}

/// Evaluates the rules and validates every field that is visible on the path.
pub fn check(form: &Definition, answers: &Answers) -> Outcome {
    let given = normalise(form, answers);
    let index = Index::of(form);
    let end = settle(form, &index, &given);
    let mut out = Outcome {
        visible: vec![],
        required: vec![],
        path: end.path.iter().map(|at| form.steps[*at].key.clone()).collect(),
        errors: BTreeMap::new(),
        stored: Answers::new(),
    };
    for (field, _) in index.fields.iter().filter(|(field, at)| end.live(field, *at)) {
        let must = end.must.contains(field.key.as_str());
        out.visible.push(field.key.clone());
        if must {
            out.required.push(field.key.clone());
        }
        if field.kind == FieldType::Section {
            continue;
        }
        let answer = given.get(&field.key);
        if let Some(code) = validate(field, answer, must) {
            out.errors.insert(field.key.clone(), code);
        }
        if let Some(answer) = answer.filter(|a| !is_empty(Some(a), Some(field))) {
            out.stored.insert(field.key.clone(), answer.clone());
        }
    }
    out
}

/// Answers to questions of this form that are not kept, because a rule took their field or step away.
pub fn discarded(form: &Definition, answers: &Answers, stored: &Answers) -> Answers {
    let given = normalise(form, answers);
    let left = |key: &str, value: &Value| !stored.contains_key(key) && !is_empty(Some(value), form.field(key));
    given.into_iter().filter(|(key, value)| left(key, value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Vector {
        name: String,
        form: Definition,
        answers: Answers,
        expect: Value,
    }

    #[test]
    fn the_shared_vectors_hold() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/form_rules.json");
        let vectors: Vec<Vector> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(vectors.len() >= 200);
        for vector in vectors {
            let got = serde_json::to_value(check(&vector.form, &vector.answers)).unwrap();
            assert!(same(&got, &vector.expect), "{}\n got {got}\nwant {}", vector.name, vector.expect);
        }
    }

    /// JSON equality with numbers compared as numbers: 5 and 5.0 are one value in JavaScript.
    fn same(a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
            (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
            }
            _ => a == b,
        }
    }

    #[test]
    fn what_a_rule_takes_away_is_told_apart_from_what_was_never_asked() {
        let form: Definition = serde_json::from_value(serde_json::json!({
            "steps": [{"key": "s", "fields": [{"key": "a", "type": "text", "hidden": true}, {"key": "b", "type": "checkbox", "hidden": true}]}]
        }))
        .unwrap();
        let answers = serde_json::json!({"a": " x ", "b": false, "other": "y"});
        let answers = answers.as_object().unwrap();
        let stored = check(&form, answers).stored;
        assert!(stored.is_empty());
        assert_eq!(Value::Object(discarded(&form, answers, &stored)), serde_json::json!({"a": "x"}));
    }
}
