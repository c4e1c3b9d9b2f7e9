//! What is asked and what is found.
use super::snippet::Part;
use activities::Reach;
use chrono::{DateTime, Utc};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use deals::DealId;
use kernel::{Error, Result};
use poem_openapi::Object;
use uuid::Uuid;

/// Longest question, in characters.
const LONGEST: usize = 100;

kernel::word! {
    /// What can be found.
    pub enum SearchKind {
        /// Contacts: names, companies, addresses, numbers.
        #[default]
        Contacts = "contacts",
        /// Companies.
        Companies = "companies",
        /// Deals.
        Deals = "deals",
        /// Tasks: title and description.
        Tasks = "tasks",
        /// Notes about contacts, companies and deals; private ones by their author alone.
        Notes = "notes",
        /// Logged calls, meetings, e-mails, WhatsApp and text messages.
        Activities = "activities",
        /// E-mails that were sent to contacts, by subject and address, while they are kept.
        Mails = "mails",
        /// Answers to forms that were received; what is spam or kept aside is in the list of answers alone.
        Submissions = "submissions",
    }
}

impl SearchKind {
    const ALL: [SearchKind; 8] = [
        SearchKind::Contacts,
        SearchKind::Companies,
        SearchKind::Deals,
        SearchKind::Tasks,
        SearchKind::Notes,
        SearchKind::Activities,
        SearchKind::Mails,
        SearchKind::Submissions,
    ];

    /// Kinds as they are listed in a query, each once; all of them when nothing is said.
    pub(super) fn list(text: Option<&str>) -> Result<Vec<SearchKind>> {
        let Some(text) = text else { return Ok(Self::ALL.to_vec()) };
        let known = |word: &str| Self::ALL.into_iter().find(|kind| kind.as_str() == word.trim());
        let found: Option<Vec<_>> = text.split(',').map(known).collect();
        let mut found = found.ok_or_else(|| {
            let all = Self::ALL.map(SearchKind::as_str).join(", ");
            Error::invalid("/kinds", "kind_unknown", format!("Kinds: {all}."))
        })?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

/// Something that was found.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct SearchHit {
    /// What it is.
    pub kind: SearchKind,
    /// Its id.
    pub id: String,
    /// What it is called: a name, a title, a subject, the name of the form.
    pub title: String,
    /// The record that a note or an activity is about, by name.
    pub about: Option<String>,
    /// Where the words stand, with some text around them, in pieces that are to be read one after the other.
    pub snippet: Vec<Part>,
    /// The contact it belongs to.
    pub contact: Option<ContactId>,
    /// The company it belongs to.
    pub company: Option<CompanyId>,
    /// The deal it belongs to.
    pub deal: Option<DealId>,
    /// When it happened, was written, or last changed, UTC.
    pub at: DateTime<Utc>,
}

/// What was found.
#[derive(Object, Debug, Clone)]
pub struct SearchAnswer {
    /// Kind by kind, in the order of the kinds; within a kind the newest first, people the closest first.
    pub items: Vec<SearchHit>,
}

/// Words as they were typed.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// All of them.
    pub text: String,
    /// Rows of each kind.
    pub limit: u32,
}

impl Question {
    pub(super) fn new(text: &str, limit: Option<u32>) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            return Err(Error::invalid("/q", "length", "Ask in 1 to 100 characters."));
        }
        match limit.unwrap_or(6) {
            limit @ 1..=20 => Ok(Question { text: text.to_owned(), limit }),
            _ => Err(Error::invalid("/limit", "limit_range", "limit goes from 1 to 20.")),
        }
    }

    /// Its words.
    pub(super) fn words(&self) -> Vec<&str> {
        self.text.split_whitespace().take(8).collect()
    }
}

/// Whose records of a kind the caller reaches.
#[derive(Debug, Clone)]
pub(super) enum Within {
    /// Those of these owners.
    Owners(Owners),
    /// Those about records in reach; private ones of this person.
    Records(Reach, Option<Uuid>),
}

kernel::row! {
    /// A row that has the words, or resembles them.
    #[derive(Debug, Clone)]
    pub(super) struct Found {
        pub id: Uuid,
        pub title: String,
        pub about: Option<String>,
        pub body: Option<String>,
        pub definition: Option<serde_json::Value>,
        pub answers: Option<serde_json::Value>,
        pub contact: Option<ContactId>,
        pub company: Option<CompanyId>,
        pub deal: Option<DealId>,
        pub at: DateTime<Utc>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_once_and_known() {
        assert_eq!(SearchKind::list(None).unwrap().len(), 8);
        let some = SearchKind::list(Some("notes, deals,notes")).unwrap();
        assert_eq!(some, [SearchKind::Deals, SearchKind::Notes]);
        assert_eq!(SearchKind::list(Some("notes,people")).unwrap_err().code(), "invalid");
    }

    #[test]
    fn a_question_has_a_length() {
        assert!(Question::new(" a ", None).is_ok() && Question::new(&"é".repeat(100), Some(20)).is_ok());
        assert!(Question::new("  ", None).is_err() && Question::new(&"é".repeat(101), None).is_err());
        assert!(Question::new("a", Some(0)).is_err() && Question::new("a", Some(21)).is_err());
    }
}
