//! What a stage of contacts is, and what may be sent for one.
use crate::problems::Problems;
use chrono::{DateTime, Utc};
use kernel::{Result, row};
use poem_openapi::{Object, types::MaybeUndefined};

kernel::id!(ContactStageId, "cst", "A stage that contacts go through.");

/// Most stages of a tenant, without those that were taken away.
pub const MOST: usize = 40;
/// Longest name and longest key, in characters.
const MAX_LABEL: usize = 60;

kernel::word! {
    /// How a stage ends a contact's way.
    pub enum StageOutcome {
        /// It does not: the way goes on.
        #[default]
        Open = "open",
        /// He became a customer.
        Won = "won",
        /// Nothing came of it: he is greeted no more, and the radar leaves him out.
        Lost = "lost",
    }
}

kernel::word! {
    /// Which contacts come into a stage by themselves.
    pub enum StageEntry {
        /// New ones of whom nothing else is said.
        #[default]
        New = "new",
        /// Those of whom a deal is made, unless they are further already.
        Converted = "converted",
    }
}

row! {
    /// One stage a contact can be in.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactStage {
        /// Its id.
        pub id: ContactStageId,
        /// What contacts, filters and files name it by; it never changes.
        pub key: String,
        /// What people read; no two stages have one name.
        pub label: String,
        /// Colour of its mark, for example `#1378c7`.
        pub colour: Option<String>,
        /// Its place, from 1.
        pub position: i16,
        /// How it ends a contact's way.
        pub outcome: StageOutcome,
        /// Which contacts come into it by themselves. One stage is for new contacts; at most one for those of whom a deal is made.
        pub entry: Option<StageEntry>,
        /// When it was taken away, UTC; the past has its name still.
        pub removed_at: Option<DateTime<Utc>>,
        /// Key of the stage that its contacts went to when it was taken away.
        pub moved_to: Option<String>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// Every stage.
#[derive(Object, Debug, Clone)]
pub struct ContactStages {
    /// In order.
    pub items: Vec<ContactStage>,
    /// Rises with every change of any stage; the ETag of the order.
    pub version: i64,
}

/// A new stage. It comes last.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewContactStage {
    /// What people read, 1 to 60 characters.
    pub label: String,
    /// What contacts, filters and files name it by: 1 to 60 small letters, digits and `_`, a letter first. Made of the name when absent.
    pub key: Option<String>,
    /// Colour of its mark, for example `#1378c7`.
    pub colour: Option<String>,
    /// How it ends a contact's way; `open` when absent.
    #[oai(default)]
    pub outcome: StageOutcome,
    /// Which contacts come into it by themselves; the stage that had them before gives them up.
    pub entry: Option<StageEntry>,
}

/// A change: absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ContactStagePatch {
    /// What people read.
    pub label: Option<String>,
    /// Colour of its mark.
    pub colour: MaybeUndefined<String>,
    /// How it ends a contact's way.
    pub outcome: Option<StageOutcome>,
    /// Which contacts come into it by themselves; the stage that had them before gives them up. 409 `contact_stage_for_new` when new contacts
    /// would have none: choose the other stage instead.
    pub entry: MaybeUndefined<StageEntry>,
}

/// Stages in the order they shall have.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct ContactStageOrder {
    /// The first ones; the others follow.
    pub stages: Vec<ContactStageId>,
}

/// How many contacts a stage has.
#[derive(Object, Debug, Clone)]
pub struct ContactStageUse {
    /// Contacts in it, whoever looks after them; deleted ones do not count. Counted up to 100000.
    pub contacts: i64,
}

/// A stage as it will be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub label: String,
    pub colour: Option<String>,
    pub outcome: StageOutcome,
    pub entry: Option<StageEntry>,
}

impl Draft {
    /// A new stage's, with the key it asks for; 422 that names everything wrong.
    pub fn new(new: NewContactStage) -> Result<(Self, Option<String>)> {
        let mut wrong = Problems::default();
        if new.key.as_deref().is_some_and(|key| !is_key(key)) {
            wrong.add("/key", "key_invalid", "1 to 60 small letters, digits and _, a letter first.");
        }
        let draft = Draft { label: new.label, colour: new.colour, outcome: new.outcome, entry: new.entry };
        Ok((draft.checked(wrong)?, new.key))
    }

    /// The stage as it is stored.
    pub fn of(stage: &ContactStage) -> Self {
        Draft { label: stage.label.clone(), colour: stage.colour.clone(), outcome: stage.outcome, entry: stage.entry }
    }

    /// This with a change.
    pub fn patched(&self, patch: ContactStagePatch) -> Result<Self> {
        let mut next = self.clone();
        next.label = patch.label.unwrap_or(next.label);
        patch.colour.update_to(&mut next.colour);
        next.outcome = patch.outcome.unwrap_or(next.outcome);
        patch.entry.update_to(&mut next.entry);
        next.checked(Problems::default())
    }

    fn checked(self, mut wrong: Problems) -> Result<Self> {
        let label = wrong.text("/label", Some(self.label), MAX_LABEL).unwrap_or_default();
        if label.is_empty() {
            wrong.add("/label", "required", "A stage needs a name.");
        }
        if self.colour.as_deref().is_some_and(|colour| !crate::tags::is_colour(colour)) {
            wrong.add("/colour", "colour_invalid", "A colour like #1a2b3c.");
        }
        if self.entry == Some(StageEntry::New) && self.outcome != StageOutcome::Open {
            wrong.add("/outcome", "new_is_open", "New contacts begin in a stage that ends nothing.");
        }
        wrong.check()?;
        Ok(Draft { label, ..self })
    }

    /// Names of the fields in which two drafts differ.
    pub fn changed_fields(&self, other: &Draft) -> Vec<&'static str> {
        let fields = [
            ("label", self.label != other.label),
            ("colour", self.colour != other.colour),
            ("outcome", self.outcome != other.outcome),
            ("entry", self.entry != other.entry),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// Whether contacts may carry it.
fn is_key(text: &str) -> bool {
    (1..=MAX_LABEL).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A key made of a name that none of `taken` is; names without Latin letters are numbered.
pub fn key_of(label: &str, taken: &[String]) -> String {
    let mut key = String::new();
    for c in label.to_lowercase().chars() {
        match c {
            c if c.is_ascii_alphanumeric() => key.push(c),
            _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
    }
    key.truncate(MAX_LABEL - 5);
    let key = key.trim_end_matches('_');
    let key = if is_key(key) { key } else { "stage" };
    let free = |key: &String| !taken.contains(key);
    std::iter::once(key.to_owned()).chain((2..).map(|n| format!("{key}_{n}"))).find(free).unwrap_or_default()
}

/// Whether a contact goes to the stage for those of whom a deal is made: when his own stands before it, or was the end of nothing.
pub fn is_ahead(own: Option<&ContactStage>, converted: &ContactStage) -> bool {
    own.is_none_or(|own| {
        own.outcome == StageOutcome::Lost
            || (own.outcome == StageOutcome::Open && (own.position, &own.key) < (converted.position, &converted.key))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_is_made_of_the_name_and_none_twice() {
        assert_eq!(key_of("Not answered!", &[]), "not_answered");
        assert_eq!(key_of("  Won 2", &[]), "won_2");
        assert_eq!(key_of("مؤهل", &[]), "stage");
        assert_eq!(key_of("2nd call", &[]), "stage", "a letter comes first");
        assert_eq!(key_of("New", &["new".into(), "new_2".into()]), "new_3");
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let new = NewContactStage {
            label: " ".into(),
            key: Some("No".into()),
            colour: Some("red".into()),
            outcome: StageOutcome::Won,
            entry: Some(StageEntry::New),
        };
        let error = Draft::new(new).unwrap_err();
        let kernel::error::Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
        let fields: Vec<_> = fields.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["/key", "/label", "/colour", "/outcome"]);
    }

    proptest! {
        #[test]
        fn every_name_has_a_key_that_can_be_one(label in ".{0,80}", taken in prop::collection::vec("[a-z_0-9]{1,6}", 0..5)) {
            let key = key_of(&label, &taken);
            prop_assert!(is_key(&key), "{key:?}");
            prop_assert!(!taken.contains(&key));
        }
    }
}
