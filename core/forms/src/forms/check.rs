//! Says what is wrong with a definition, each problem with its JSON pointer.
//!
//! Two severities: a draft may be unfinished, so it is only refused when its shape is wrong (then no editor made it);
//! what else is open is listed with the draft and must be gone before it can be published.
use super::{
    engine,
    model::{Action, Condition, Definition, Field, FieldType, MapsTo, Op, Outcome},
};
use kernel::{
    Error, Result,
    error::{FieldProblem, Kind},
};
use serde_json::{Map, Value};
use std::collections::HashSet;

const MAX_STEPS: usize = 50;
const MAX_FIELDS: usize = 300;
const MAX_RULES: usize = 300;
const MAX_OPTIONS: usize = 500;
const MAX_DEPTH: usize = 8;
/// Longest text in a definition, in bytes.
const MAX_TEXT: usize = 20_000;
/// Most files one field takes.
pub const MAX_FILES: usize = 20;

/// Reads a draft: 422 when its shape is wrong.
pub fn read(at: &str, value: &Value) -> Result<Definition> {
    let mut shape = Shape { problems: vec![], fields: 0 };
    shape.definition(at, value);
    if !shape.problems.is_empty() {
        return Err(Error::invalid_fields(shape.problems));
    }
    // Whatever the walk above does not know is still refused, though without a precise place.
    serde_json::from_value(value.clone()).map_err(|e| Error::invalid(at, "definition_invalid", e.to_string()))
}

/// What keeps a well-formed definition from being published.
pub fn open(at: &str, form: &Definition) -> Vec<FieldProblem> {
    let mut sense = Sense { problems: vec![], form };
    sense.definition(at);
    sense.problems
}

/// The problems inside a 422.
pub fn problems(error: Error) -> Vec<FieldProblem> {
    match error.kind() {
        Kind::Invalid(problems) => problems.clone(),
        _ => vec![],
    }
}

fn problem(at: impl Into<String>, code: &str, detail: impl Into<String>) -> FieldProblem {
    FieldProblem { field: at.into(), code: code.to_owned(), detail: detail.into() }
}

struct Shape {
    problems: Vec<FieldProblem>,
    fields: usize,
}

#[derive(Clone, Copy)]
enum Want {
    Text,
    Flag,
    Number,
    Whole,
    Texts,
    Anything,
    One(&'static [&'static str]),
}

const TYPES: [&str; 15] = {
    let mut names = [""; 15];
    let mut i = 0;
    while i < 15 {
        names[i] = FieldType::ALL[i].0;
        i += 1;
    }
    names
};
const OPS: [&str; 10] = ["eq", "ne", "in", "contains", "gt", "gte", "lt", "lte", "empty", "filled"];
const FIELD: [(&str, Want); 20] = [
    ("key", Want::Text),
    ("type", Want::One(&TYPES)),
    ("label", Want::Text),
    ("help", Want::Text),
    ("placeholder", Want::Text),
    ("required", Want::Flag),
    ("hidden", Want::Flag),
    ("options", Want::Anything),
    ("min", Want::Number),
    ("max", Want::Number),
    ("step", Want::Number),
    ("min_length", Want::Whole),
    ("max_length", Want::Whole),
    ("accept", Want::Texts),
    ("max_bytes", Want::Whole),
    ("max_files", Want::Whole),
    ("default", Want::Anything),
    ("text", Want::Text),
    ("param", Want::Text),
    ("maps_to", Want::One(&MapsTo::NAMES)),
];

impl Shape {
    fn add(&mut self, at: impl Into<String>, code: &str, detail: impl Into<String>) {
        // Somebody who sends nonsense need not be told more than this.
        if self.problems.len() < 100 {
            self.problems.push(problem(at, code, detail));
        }
    }

    fn object<'v>(
        &mut self,
        at: &str,
        value: &'v Value,
        needed: &[&str],
        known: &[(&str, Want)],
    ) -> Option<&'v Map<String, Value>> {
        let Some(map) = value.as_object() else {
            self.add(at, "type", "An object is expected here.");
            return None;
        };
        for (name, value) in map {
            let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            match known.iter().find(|(known, _)| known == name) {
                Some((_, want)) if !value.is_null() => self.want(&place, value, *want),
                Some(_) => {}
                None => self.add(place, "unknown_field", "There is no such field here."),
            }
        }
        for name in needed {
            if map.get(*name).is_none_or(Value::is_null) {
                self.add(format!("{at}/{name}"), "required", format!("{name} is needed."));
            }
        }
        Some(map)
    }

    fn want(&mut self, at: &str, value: &Value, want: Want) {
        let (fine, expected) = match want {
            Want::Text => (value.is_string(), "A text"),
            Want::Flag => (value.is_boolean(), "true or false"),
            Want::Number => (value.as_f64().is_some_and(f64::is_finite), "A number"),
            Want::Whole => (value.as_u64().is_some_and(|n| n <= 1 << 40), "A whole number from 0"),
            Want::Texts => {
                (value.as_array().is_some_and(|l| l.len() <= 50 && l.iter().all(Value::is_string)), "A list of texts")
            }
            Want::Anything => (true, ""),
            Want::One(names) => {
                let fine = value.as_str().is_some_and(|v| names.contains(&v));
                if !fine {
                    self.add(at, "one_of", format!("One of {} is expected.", names.join(", ")));
                }
                (true, "")
            }
        };
        if !fine {
            self.add(at, "type", format!("{expected} is expected here."));
        }
        if value.as_str().is_some_and(|text| text.len() > MAX_TEXT) {
            self.add(at, "too_long", format!("At most {MAX_TEXT} bytes fit here."));
        }
    }

    fn list<'v>(&mut self, at: &str, value: Option<&'v Value>, most: usize) -> &'v [Value] {
        match value {
            None | Some(Value::Null) => &[],
            Some(Value::Array(list)) if list.len() <= most => list,
            Some(Value::Array(_)) => {
                self.add(at, "too_many", format!("At most {most} fit here."));
                &[]
            }
            Some(_) => {
                self.add(at, "type", "A list is expected here.");
                &[]
            }
        }
    }

    fn definition(&mut self, at: &str, value: &Value) {
        const KNOWN: [(&str, Want); 7] = [
            ("version", Want::Whole),
            ("title", Want::Text),
            ("description", Want::Text),
            ("submit_label", Want::Text),
            ("steps", Want::Anything),
            ("rules", Want::Anything),
            ("outcome", Want::Anything),
        ];
        let Some(map) = self.object(at, value, &["steps"], &KNOWN) else { return };
        for (i, step) in self.list(&format!("{at}/steps"), map.get("steps"), MAX_STEPS).iter().enumerate() {
            self.step(&format!("{at}/steps/{i}"), step);
        }
        for (i, rule) in self.list(&format!("{at}/rules"), map.get("rules"), MAX_RULES).iter().enumerate() {
            self.rule(&format!("{at}/rules/{i}"), rule);
        }
        if let Some(outcome) = map.get("outcome").filter(|o| !o.is_null()) {
            self.outcome(&format!("{at}/outcome"), outcome);
        }
    }

    fn step(&mut self, at: &str, value: &Value) {
        let known = [("key", Want::Text), ("title", Want::Text), ("fields", Want::Anything)];
        let Some(map) = self.object(at, value, &["key", "fields"], &known) else { return };
        let fields = self.list(&format!("{at}/fields"), map.get("fields"), MAX_FIELDS);
        self.fields += fields.len();
        if self.fields > MAX_FIELDS {
            self.add(format!("{at}/fields"), "too_many", format!("A form has at most {MAX_FIELDS} fields."));
            return;
        }
        for (i, field) in fields.iter().enumerate() {
            let at = format!("{at}/fields/{i}");
            let Some(map) = self.object(&at, field, &["key", "type"], &FIELD) else { continue };
            let place = format!("{at}/options");
            for (i, option) in self.list(&place, map.get("options"), MAX_OPTIONS).iter().enumerate() {
                let known = [("value", Want::Text), ("label", Want::Text)];
                self.object(&format!("{place}/{i}"), option, &["value", "label"], &known);
            }
        }
    }

    fn rule(&mut self, at: &str, value: &Value) {
        let known = [("when", Want::Anything), ("then", Want::Anything)];
        let Some(map) = self.object(at, value, &["when", "then"], &known) else { return };
        if let Some(when) = map.get("when") {
            self.condition(&format!("{at}/when"), when, 0);
        }
        for (i, action) in self.list(&format!("{at}/then"), map.get("then"), 100).iter().enumerate() {
            self.action(&format!("{at}/then/{i}"), action);
        }
    }

    fn condition(&mut self, at: &str, value: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return self.add(at, "too_deep", format!("Conditions nest at most {MAX_DEPTH} deep."));
        }
        for name in ["all", "any"] {
            if let Some(parts) = value.get(name) {
                self.object(at, value, &[], &[(name, Want::Anything)]);
                for (i, part) in self.list(&format!("{at}/{name}"), Some(parts), 100).iter().enumerate() {
                    self.condition(&format!("{at}/{name}/{i}"), part, depth + 1);
                }
                if parts.is_null() {
                    self.add(format!("{at}/{name}"), "type", "A list is expected here.");
                }
                return;
            }
        }
        if let Some(part) = value.get("not") {
            self.object(at, value, &[], &[("not", Want::Anything)]);
            return self.condition(&format!("{at}/not"), part, depth + 1);
        }
        let known = [("field", Want::Text), ("op", Want::One(&OPS)), ("value", Want::Anything)];
        self.object(at, value, &["field", "op"], &known);
    }

    fn action(&mut self, at: &str, value: &Value) {
        const ACTIONS: [&str; 5] = ["show", "hide", "require", "optional", "jump"];
        let kind = ("action", Want::One(&ACTIONS));
        if value.get("action").and_then(Value::as_str) == Some("jump") {
            let known = [kind, ("from", Want::Text), ("target", Want::Text)];
            self.object(at, value, &["action", "from", "target"], &known);
        } else {
            self.object(at, value, &["action", "target"], &[kind, ("target", Want::Text)]);
        }
    }

    fn outcome(&mut self, at: &str, value: &Value) {
        let kind = ("kind", Want::One(&["message", "redirect"]));
        if value.get("kind").and_then(Value::as_str) == Some("redirect") {
            self.object(at, value, &["kind", "url"], &[kind, ("url", Want::Text)]);
        } else {
            self.object(at, value, &["kind"], &[kind, ("title", Want::Text), ("body", Want::Text)]);
        }
    }
}

struct Sense<'a> {
    problems: Vec<FieldProblem>,
    form: &'a Definition,
}

fn is_key(key: &str) -> bool {
    key.len() <= 63
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn blank(text: Option<&String>) -> bool {
    text.is_none_or(|t| t.trim().is_empty())
}

impl Sense<'_> {
    fn add(&mut self, at: impl Into<String>, code: &str, detail: impl Into<String>) {
        self.problems.push(problem(at, code, detail));
    }

    fn definition(&mut self, at: &str) {
        let form = self.form;
        if !form.fields().any(|f| !matches!(f.kind, FieldType::Section | FieldType::Hidden)) {
            self.add(format!("{at}/steps"), "empty", "A form needs a field to fill in.");
        }
        let (mut steps, mut fields) = (HashSet::new(), HashSet::new());
        for (i, step) in form.steps.iter().enumerate() {
            let at = format!("{at}/steps/{i}");
            self.key(&format!("{at}/key"), &step.key, steps.insert(step.key.as_str()));
            if step.key == "end" {
                self.add(format!("{at}/key"), "reserved", "`end` is what a jump to the end is called.");
            }
            if step.fields.is_empty() {
                self.add(format!("{at}/fields"), "empty", "A step needs a field.");
            }
            for (j, field) in step.fields.iter().enumerate() {
                let at = format!("{at}/fields/{j}");
                self.key(&format!("{at}/key"), &field.key, fields.insert(field.key.as_str()));
                self.field(&at, field);
            }
        }
        for (i, rule) in form.rules().iter().enumerate() {
            let at = format!("{at}/rules/{i}");
            self.condition(&format!("{at}/when"), &rule.when);
            if rule.then.is_empty() {
                self.add(format!("{at}/then"), "empty", "A rule needs an action.");
            }
            for (j, action) in rule.then.iter().enumerate() {
                self.action(&format!("{at}/then/{j}"), action);
            }
        }
        if let Some(Outcome::Redirect { url }) = &form.outcome
            && !url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "https" | "http") && u.has_host())
        {
            self.add(format!("{at}/outcome/url"), "url", "An address starting with https:// is expected.");
        }
    }

    fn key(&mut self, at: &str, key: &str, fresh: bool) {
        if !is_key(key) {
            self.add(at, "key", "Lower-case letters, digits and _, starting with a letter, at most 63.");
        } else if !fresh {
            self.add(at, "duplicate", format!("{key:?} is used twice."));
        }
    }

    fn field(&mut self, at: &str, field: &Field) {
        let named = match field.kind {
            FieldType::Hidden => true,
            FieldType::Section | FieldType::Consent => !blank(field.label.as_ref()) || !blank(field.text.as_ref()),
            _ => !blank(field.label.as_ref()),
        };
        if !named {
            self.add(format!("{at}/label"), "required", "Visitors need to read what is asked.");
        }
        if field.hidden.unwrap_or(false) && field.kind != FieldType::Hidden && !self.is_shown_by_a_rule(&field.key) {
            self.add(
                format!("{at}/hidden"),
                "never_shown",
                "It is hidden, and no rule shows it: nobody would ever see it.",
            );
        }
        if field.kind.has_options() {
            self.options(at, field);
        }
        if matches!((field.min, field.max), (Some(min), Some(max)) if min > max) {
            self.add(format!("{at}/max"), "range", "max is smaller than min.");
        }
        if matches!((field.min_length, field.max_length), (Some(min), Some(max)) if min > max) {
            self.add(format!("{at}/max_length"), "range", "max_length is smaller than min_length.");
        }
        if field.step.is_some_and(|step| step <= 0.0) {
            self.add(format!("{at}/step"), "range", "step is greater than 0.");
        }
        if field.kind == FieldType::Rating
            && field.max.is_some_and(|max| max.fract() != 0.0 || !(1.0..=20.0).contains(&max))
        {
            self.add(format!("{at}/max"), "range", "A rating has 1 to 20 stars.");
        }
        if field.max_files.is_some_and(|most| !(1..=MAX_FILES).contains(&most)) {
            self.add(format!("{at}/max_files"), "range", format!("A field takes 1 to {MAX_FILES} files."));
        }
        for (i, pattern) in field.accept.iter().flatten().enumerate() {
            if !files::is_type_pattern(pattern) {
                self.add(format!("{at}/accept/{i}"), "type_pattern", "A MIME type such as image/png or image/*.");
            }
        }
        if let Some(default) = &field.default
            && engine::validate(field, Some(default), false).is_some()
        {
            self.add(format!("{at}/default"), "invalid", "The field itself would refuse this answer.");
        }
        if let Some(target) = field.maps_to {
            self.mapping(at, field.kind, target);
        }
    }

    fn is_shown_by_a_rule(&self, key: &str) -> bool {
        let shows = |action: &Action| matches!(action, Action::Show { target } if target == key);
        self.form.rules().iter().any(|rule| rule.then.iter().any(shows))
    }

    fn options(&mut self, at: &str, field: &Field) {
        let options = field.options.as_deref().unwrap_or_default();
        if options.is_empty() {
            self.add(format!("{at}/options"), "empty", "There is nothing to choose from.");
        }
        let mut seen = HashSet::new();
        for (i, option) in options.iter().enumerate() {
            if option.value.is_empty() {
                self.add(format!("{at}/options/{i}/value"), "required", "An empty value counts as no answer.");
            } else if !seen.insert(option.value.as_str()) {
                self.add(format!("{at}/options/{i}/value"), "duplicate", "This value is used twice.");
            }
        }
    }

    fn mapping(&mut self, at: &str, kind: FieldType, target: MapsTo) {
        use FieldType::{Email, Hidden, Phone, Radio, Select, Text};
        let fits = match target {
            MapsTo::Email => matches!(kind, Email | Hidden),
            MapsTo::Phone => matches!(kind, Phone | Hidden),
            _ => matches!(kind, Text | Hidden | Select | Radio),
        };
        if !fits {
            self.add(format!("{at}/maps_to"), "type", "A field of this type cannot fill that.");
        }
    }

    fn target(&mut self, at: &str, key: &str) {
        if self.form.field(key).is_none() {
            self.add(at, "unknown", format!("There is no field {key:?}."));
        }
    }

    fn condition(&mut self, at: &str, condition: &Condition) {
        match condition {
            Condition::All(c) => {
                c.all.iter().enumerate().for_each(|(i, c)| self.condition(&format!("{at}/all/{i}"), c))
            }
            Condition::Any(c) => {
                c.any.iter().enumerate().for_each(|(i, c)| self.condition(&format!("{at}/any/{i}"), c))
            }
            Condition::Not(c) => self.condition(&format!("{at}/not"), &c.not),
            Condition::Test(test) => {
                self.target(&format!("{at}/field"), &test.field);
                let (fits, expected) = match test.op {
                    Op::Empty | Op::Filled => (test.value.is_null(), "No value"),
                    Op::In => (test.value.is_array(), "A list"),
                    Op::Contains => (test.value.is_string(), "A text"),
                    Op::Eq | Op::Ne => {
                        (!test.value.is_null() && !test.value.is_array() && !test.value.is_object(), "A value")
                    }
                    _ => (test.value.is_number() || test.value.is_string(), "A number or a text"),
                };
                if !fits {
                    self.add(format!("{at}/value"), "type", format!("{expected} is expected here."));
                }
            }
        }
    }

    fn action(&mut self, at: &str, action: &Action) {
        let step = |key: &str| self.form.steps.iter().position(|s| s.key == key);
        match action {
            Action::Show { target }
            | Action::Hide { target }
            | Action::Require { target }
            | Action::Optional { target } => self.target(&format!("{at}/target"), target),
            Action::Jump { from, target } => {
                let to = if target == "end" { Some(self.form.steps.len()) } else { step(target) };
                match (step(from), to) {
                    (None, _) => self.add(format!("{at}/from"), "unknown", format!("There is no step {from:?}.")),
                    (_, None) => self.add(format!("{at}/target"), "unknown", format!("There is no step {target:?}.")),
                    (Some(from), Some(to)) if to <= from => {
                        self.add(format!("{at}/target"), "backwards", "A jump only goes forward.")
                    }
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shape(value: &Value) -> Vec<(String, String)> {
        let mut shape = Shape { problems: vec![], fields: 0 };
        shape.definition("/draft", value);
        shape.problems.into_iter().map(|p| (p.field, p.code)).collect()
    }

    fn sense(value: Value) -> Vec<(String, String)> {
        open("/draft", &read("/draft", &value).unwrap()).into_iter().map(|p| (p.field, p.code)).collect()
    }

    #[test]
    fn every_shared_vector_has_a_good_shape() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/form_rules.json");
        let vectors: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for vector in vectors {
            assert_eq!(shape(&vector["form"]), [], "{}", vector["name"]);
            read("", &vector["form"]).unwrap();
        }
    }

    #[test]
    fn wrong_shapes_are_refused_where_they_are() {
        let bad = json!({"steps": [{"key": 5, "fields": [
            {"key": "a", "type": "txt", "labell": "x", "min": "1", "options": [{"value": "v"}]}, 7]}],
            "rules": [{"when": {"all": [{"not": {"field": "a", "op": "like"}}], "x": 1}, "then": [{"action": "jump", "target": "end"}]}],
            "outcome": {"kind": "redirect"}, "a/b": 1});
        let got = shape(&bad);
        for place in [
            "/draft/steps/0/key",
            "/draft/steps/0/fields/0/type",
            "/draft/steps/0/fields/0/labell",
            "/draft/steps/0/fields/0/min",
            "/draft/steps/0/fields/0/options/0/label",
            "/draft/steps/0/fields/1",
            "/draft/rules/0/when/x",
            "/draft/rules/0/when/all/0/not/op",
            "/draft/rules/0/then/0/from",
            "/draft/outcome/url",
            "/draft/a~1b",
        ] {
            assert!(got.iter().any(|(at, _)| at == place), "{place} is missing in {got:?}");
        }
        assert_eq!(got.len(), 11, "{got:?}");
        let mut deep = json!({"field": "a", "op": "empty"});
        for _ in 0..20 {
            deep = json!({"not": deep});
        }
        let got = shape(&json!({"steps": [], "rules": [{"when": deep, "then": []}]}));
        assert_eq!(got.len(), 1);
        assert_eq!(got[0].1, "too_deep");
    }

    #[test]
    fn a_field_that_only_a_deleted_rule_showed_is_open() {
        let form = |rules: Value| {
            json!({"steps": [{"key": "s", "fields": [
                {"key": "a", "type": "checkbox", "label": "A"},
                {"key": "b", "type": "text", "label": "B", "hidden": true},
                {"key": "c", "type": "hidden", "hidden": true}]}], "rules": rules})
        };
        let rule = |action: &str| json!([{"when": {"field": "a", "op": "filled"}, "then": [{"action": action, "target": "b"}]}]);
        let open = [("/draft/steps/0/fields/1/hidden".to_owned(), "never_shown".to_owned())];
        assert_eq!(sense(form(json!([]))), open);
        assert_eq!(sense(form(rule("require"))), open, "a rule that does not show it does not help");
        assert_eq!(sense(form(rule("show"))), []);
    }

    #[test]
    fn an_unfinished_form_says_what_is_open() {
        assert_eq!(sense(json!({"steps": []})), [("/draft/steps".into(), "empty".into())]);
        let got = sense(json!({"steps": [
            {"key": "one", "fields": [
                {"key": "a", "type": "select", "label": "A"},
                {"key": "a", "type": "number", "label": "B", "min": 3, "max": 2, "step": 0, "default": "x"},
                {"key": "C", "type": "date", "maps_to": "email"},
                {"key": "f", "type": "file", "label": "F", "accept": ["*"], "max_files": 0}]},
            {"key": "end", "fields": []}],
            "rules": [
                {"when": {"any": [{"field": "zz", "op": "in", "value": 1}]}, "then": []},
                {"when": {"all": []}, "then": [{"action": "jump", "from": "end", "target": "one"}, {"action": "hide", "target": "q"}]}],
            "outcome": {"kind": "redirect", "url": "javascript:alert(1)"}}));
        let wanted = [
            ("/draft/steps/0/fields/0/options", "empty"),
            ("/draft/steps/0/fields/1/key", "duplicate"),
            ("/draft/steps/0/fields/1/max", "range"),
            ("/draft/steps/0/fields/1/step", "range"),
            ("/draft/steps/0/fields/1/default", "invalid"),
            ("/draft/steps/0/fields/2/key", "key"),
            ("/draft/steps/0/fields/2/label", "required"),
            ("/draft/steps/0/fields/2/maps_to", "type"),
            ("/draft/steps/0/fields/3/max_files", "range"),
            ("/draft/steps/0/fields/3/accept/0", "type_pattern"),
            ("/draft/steps/1/key", "reserved"),
            ("/draft/steps/1/fields", "empty"),
            ("/draft/rules/0/when/any/0/field", "unknown"),
            ("/draft/rules/0/when/any/0/value", "type"),
            ("/draft/rules/0/then", "empty"),
            ("/draft/rules/1/then/0/target", "backwards"),
            ("/draft/rules/1/then/1/target", "unknown"),
            ("/draft/outcome/url", "url"),
        ];
        assert_eq!(got, wanted.map(|(at, code)| (at.to_owned(), code.to_owned())));
    }
}
