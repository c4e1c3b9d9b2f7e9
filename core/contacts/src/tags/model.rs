//! What a tag is.
use chrono::{DateTime, Utc};
use kernel::{Error, Result, row};
use poem_openapi::{Object, types::MaybeUndefined};
use std::collections::{BTreeSet, HashMap};

kernel::id!(TagId, "tag", "A tag.");

/// Longest name of a tag, in characters.
pub const MAX_NAME: usize = 60;

row! {
    /// A short word on contacts. Two tags never differ by case alone.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Tag {
        /// Its id.
        pub id: TagId,
        /// What contacts carry.
        pub name: String,
        /// `#rrggbb`.
        pub colour: Option<String>,
        /// What it is for.
        pub description: Option<String>,
        /// What it was called before, and what tags were called that became part of it. A form, a file or a program that
        /// names one of these gives its contacts this tag, until another tag is given that name.
        pub aliases: Vec<String>,
        /// How many contacts carry it, by any name while they follow a new one; said when one tag is read, not in lists,
        /// and not when there are too many to be counted in time.
        pub contacts: Option<i64>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A new tag.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewTag {
    /// What contacts carry, at most 60 characters.
    pub name: String,
    /// `#rrggbb`.
    pub colour: Option<String>,
    /// What it is for, at most 500 characters.
    pub description: Option<String>,
}

/// A change: absent fields stay, null empties. Contacts follow a new name.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct TagPatch {
    /// What contacts carry.
    pub name: Option<String>,
    /// `#rrggbb`.
    pub colour: MaybeUndefined<String>,
    /// What it is for.
    pub description: MaybeUndefined<String>,
}

/// What contacts are given for names that somebody said.
#[derive(Debug, Default)]
pub struct Words {
    /// Names of tags, by what was said for them in lower case; nobody is given what is missing here.
    pub given: HashMap<String, String>,
    /// Tags that were made for it.
    pub made: Vec<TagId>,
}

impl Words {
    /// The tags of these names, sorted, each once.
    pub fn spelled<'a>(&self, said: impl IntoIterator<Item = &'a String>) -> Vec<String> {
        let given = said.into_iter().filter_map(|name| self.given.get(&name.trim().to_lowercase()).cloned());
        given.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// What two tags become.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct TagMerger {
    /// The tag that stays, with its name, colour and description.
    pub into: TagId,
}

impl NewTag {
    /// This, cleaned; 422 when it cannot be a tag.
    pub fn checked(self) -> Result<Self> {
        let name: String = self.name.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
        if !is_name(&name) {
            return Err(Error::invalid("/name", "length", "A tag's name has 1 to 60 characters."));
        }
        if self.colour.as_deref().is_some_and(|c| !is_colour(c)) {
            return Err(Error::invalid("/colour", "colour_invalid", "A colour like #1a2b3c."));
        }
        if self.description.as_ref().is_some_and(|d| d.chars().count() > 500) {
            return Err(Error::invalid("/description", "too_long", "At most 500 characters."));
        }
        Ok(NewTag { name, ..self })
    }
}

/// Whether a tag can be called this.
pub fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_NAME
}

/// Whether it is a colour like `#1a2b3c`.
pub fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
