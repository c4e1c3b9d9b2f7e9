//! What becomes of a record's custom values when somebody makes or changes it.
use super::{
    formula::{self, Own},
    model::{Custom, CustomField, FieldType},
    value::Refused,
};
use kernel::{bulk::Was, error::FieldProblem};
use serde_json::Value;
use std::collections::BTreeMap;

/// The fields of a kind of records, in their order; those that are being deleted are not among them.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<CustomField>);

/// Whether what is required is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Somebody fills the record in: he is asked.
    Required,
    /// A form, an import or a job does, and would only lose what it has.
    Nothing,
}

fn problem(key: &str, code: &str, detail: impl Into<String>) -> FieldProblem {
    FieldProblem { field: format!("/custom/{key}"), code: code.to_owned(), detail: detail.into() }
}

impl Custom {
    /// What a bulk run made of the values that it was given, of one record: what formulas make of them follows by itself.
    pub fn traced(&self, before: &Custom, after: &Custom) -> BTreeMap<String, Was<Value>> {
        let value = |custom: &Custom, key: &str| custom.get(key).cloned().unwrap_or(Value::Null);
        let of = |key: &String| Some((key.clone(), Was::of(&value(before, key), &value(after, key))?));
        self.0.keys().filter_map(of).collect()
    }

    /// The values that take this back; `None` when somebody has changed one of them since.
    pub fn untraced(traced: &BTreeMap<String, Was<Value>>, current: &Custom) -> Option<Custom> {
        let same = |(key, was): (&String, &Was<Value>)| current.get(key).unwrap_or(&Value::Null) == &was.after;
        let back = || traced.iter().map(|(key, was)| (key.clone(), was.before.clone())).collect();
        traced.iter().all(same).then(|| Custom(back()))
    }
}

impl Fields {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The field of a key.
    pub fn get(&self, key: &str) -> Option<&CustomField> {
        self.0.iter().find(|field| field.key == key)
    }

    /// Fields that are not put away.
    pub fn active(&self) -> impl Iterator<Item = &CustomField> {
        self.0.iter().filter(|field| field.archived_at.is_none())
    }

    /// Fields whose values a file can bring: written as text, and not put away. Of links it brings what leads to a record.
    pub fn importable(&self) -> impl Iterator<Item = &CustomField> {
        self.active().filter(|field| !matches!(field.kind, FieldType::File | FieldType::Formula))
    }

    /// Values of a new record, and what is wrong with them.
    pub fn created(&self, given: &Custom, asking: Asking) -> (Custom, Vec<FieldProblem>) {
        let (mut custom, mut problems) = self.changed(&Custom::default(), given);
        for field in self.active() {
            let wrong = problems.iter().any(|p| p.field == format!("/custom/{}", field.key));
            if custom.get(&field.key).is_some() || wrong {
                continue;
            }
            // An option may have been put away since it became the default.
            match field.default.as_ref().and_then(|value| field.check(value, None).ok().flatten()) {
                Some(value) => drop(custom.0.insert(field.key.clone(), value)),
                None if field.required && asking == Asking::Required => {
                    problems.push(problem(&field.key, "required", format!("{} is needed.", field.label)));
                }
                None => {}
            }
        }
        (custom, problems)
    }

    /// Values after a change, and what is wrong with it. What the change does not name stays, right or wrong: a field that
    /// became required later never stands in the way of another change.
    pub fn changed(&self, before: &Custom, change: &Custom) -> (Custom, Vec<FieldProblem>) {
        let (mut after, mut problems) = (before.clone(), vec![]);
        for (key, value) in &change.0 {
            let Some(field) = self.get(key) else {
                problems.push(problem(key, "field_unknown", "There is no such field."));
                continue;
            };
            if before.get(key) == Some(value) {
                continue;
            }
            if field.archived_at.is_some() {
                problems.push(problem(key, "field_archived", "The field is put away."));
            } else if field.kind == FieldType::Formula {
                problems.push(problem(key, "read_only", "The field is computed."));
            } else {
                match field.check(value, before.get(key)) {
                    Ok(Some(value)) => drop(after.0.insert(key.clone(), value)),
                    Ok(None) if field.required => {
                        problems.push(problem(key, "required", format!("{} is needed.", field.label)));
                    }
                    Ok(None) => drop(after.0.remove(key)),
                    Err(Refused(code, detail)) => problems.push(problem(key, code, detail)),
                }
            }
        }
        (after, problems)
    }

    /// Computes every formula that is not put away; one that fails or lacks something has no value.
    pub fn compute(&self, own: &Own, custom: &mut Custom) {
        let Ok(formulas) = formula::in_order(&self.0) else { return };
        for field in formulas.into_iter().filter(|field| field.archived_at.is_none()) {
            match formula::evaluate(field, &self.0, own, custom) {
                Ok(Some(value)) => drop(custom.0.insert(field.key.clone(), value)),
                _ => drop(custom.0.remove(&field.key)),
            }
        }
    }

    /// Values that a record was given back, as fields are defined now: what a field that is gone held goes with it, and what is computed
    /// is computed anew.
    pub fn settled(&self, own: &Own, custom: &Custom) -> Custom {
        let mut settled = custom.clone();
        settled.0.retain(|key, value| self.get(key).is_some_and(|field| field.check(value, Some(value)).is_ok()));
        self.compute(own, &mut settled);
        settled
    }

    /// The values that somebody has given, of fields that are there: where two records differ in others, nobody has changed them.
    pub fn given(&self, custom: &Custom) -> Custom {
        let mut given = custom.clone();
        given.0.retain(|key, _| self.get(key).is_some_and(|field| field.kind != FieldType::Formula));
        given
    }

    /// Keys of fields in which two records differ.
    pub fn differing(before: &Custom, after: &Custom) -> Vec<String> {
        let mut keys: Vec<String> = before.0.keys().chain(after.0.keys()).cloned().collect();
        keys.sort();
        keys.dedup();
        keys.retain(|key| before.get(key) != after.get(key));
        keys
    }

    /// Links and files that a change names anew: key, what their ids begin with, and the id.
    pub fn named(&self, before: &Custom, after: &Custom) -> Vec<(&CustomField, uuid::Uuid)> {
        let fields = self.0.iter().filter(|f| matches!(f.kind, FieldType::Link | FieldType::File));
        let new = fields.filter(|f| after.get(&f.key) != before.get(&f.key));
        new.filter_map(|f| {
            let text = after.get(&f.key).and_then(Value::as_str)?;
            Some((f, super::value::uuid_of(text, f.id_prefix())?))
        })
        .collect()
    }

    /// A value's problem, by the key of its field.
    pub fn refuse(key: &str, code: &str, detail: impl Into<String>) -> FieldProblem {
        problem(key, code, detail)
    }
}
