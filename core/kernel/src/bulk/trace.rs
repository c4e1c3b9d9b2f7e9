//! What becomes of a record, and what of it is remembered to be taken back.
use crate::{Error, Result, error::Kind};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use uuid::Uuid;

/// What became of each record of a batch.
pub type Fates<T> = HashMap<Uuid, Fate<T>>;

/// What becomes of a record.
#[derive(Debug)]
pub struct Fate<T> {
    /// `changed`, `unchanged` or `skipped`.
    pub outcome: &'static str,
    /// Why it was left alone.
    pub reason: Option<String>,
    /// The fields that the reason is about, as JSON pointers with a space between them.
    pub field: Option<String>,
    /// What was changed.
    pub trace: Option<T>,
}

impl<T> Fate<T> {
    /// It was so already.
    pub fn unchanged() -> Self {
        Fate { outcome: "unchanged", reason: None, field: None, trace: None }
    }
    /// It is different now.
    pub fn changed(trace: T) -> Self {
        Fate { outcome: "changed", trace: Some(trace), ..Self::unchanged() }
    }
    /// It was left alone, for a reason.
    pub fn skipped(reason: &str, field: Option<&str>) -> Self {
        Fate { outcome: "skipped", reason: Some(reason.to_owned()), field: field.map(str::to_owned), trace: None }
    }
    /// Not there, or out of reach.
    pub fn missing() -> Self {
        Fate::skipped("missing", None)
    }
    /// What an error says about one record: the first thing that is wrong, with every field of which the same is. Errors that are
    /// not about the record stay errors.
    pub fn refused(error: Error) -> Result<Self> {
        let Kind::Invalid(problems) = error.kind() else { return Err(error) };
        let first = problems.first().ok_or_else(|| Error::internal("a refusal of nothing"))?;
        let same = problems.iter().filter(|problem| problem.code == first.code);
        let fields: Vec<&str> = same.map(|problem| problem.field.as_str()).collect();
        Ok(Fate::skipped(&first.code, Some(&fields.join(" "))))
    }
}

/// What was, and what a run made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Was<T> {
    /// Before the run.
    pub before: T,
    /// After it.
    pub after: T,
}

impl<T: PartialEq + Clone> Was<T> {
    /// None when it stayed the same.
    pub fn of(before: &T, after: &T) -> Option<Self> {
        (before != after).then(|| Was { before: before.clone(), after: after.clone() })
    }
}

/// Puts a value back; `None` when somebody has changed it since.
pub fn back<T: PartialEq + Clone>(was: &Option<Was<T>>, now: &mut T) -> Option<()> {
    let Some(was) = was else { return Some(()) };
    (*now == was.after).then(|| now.clone_from(&was.before))
}
