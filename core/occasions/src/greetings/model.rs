//! What a greeting is, and what became of it.
use super::decide::SkipReason;
use crate::occasions::{OccasionKind, word};
use chrono::{DateTime, NaiveDate, Utc};
use contacts::{ContactId, SegmentId};
use kernel::{ids::UserId, row};
use poem_openapi::{Object, types::MaybeUndefined};
use uuid::Uuid;

kernel::id!(GreetingId, "gre", "A greeting.");
kernel::id!(SendId, "gse", "What became of a greeting for one contact on one day.");

word! {
    /// Who decides that what a greeting sends on a day goes out.
    pub enum Approval {
        /// A person, for each day.
        Each = "each",
        /// Nobody: it goes out by itself.
        Automatic = "automatic",
    }
}

row! {
    /// What is written to whom on which days.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Greeting {
        /// Its id.
        pub id: GreetingId,
        /// What it is called.
        pub name: String,
        /// Kinds of occasions of contacts on which it goes out.
        pub kinds: Vec<OccasionKind>,
        /// Keys of feasts on which it goes out.
        pub feasts: Vec<String>,
        /// Countries (ISO 3166 alpha-2) in whose addresses its readers live; empty for all.
        pub countries: Vec<String>,
        /// Languages of its readers, without regions: `ar`; empty for all.
        pub languages: Vec<String>,
        /// Tags of which its readers have one; empty for all. It follows them: a new name, a tag that becomes another one, and one that
        /// is gone. When the last one goes, the greeting is switched off.
        pub tags: Vec<String>,
        /// Keys of stages of its readers; empty for all.
        pub stages: Vec<String>,
        /// Segments of which its readers are in one; empty for all.
        pub segments: Vec<SegmentId>,
        /// Segments of which its readers are in none.
        pub excluded_segments: Vec<SegmentId>,
        /// Those of both that are deleted: nobody is in them, and while one is that should be left out, it goes to nobody.
        pub missing_segments: Vec<SegmentId>,
        /// Whether it is being found out who is in one of its segments; until then it goes to nobody.
        pub building: bool,
        /// Purpose of the consent that its readers gave; absent when none is asked for.
        pub consent_purpose: Option<String>,
        /// Subject, with placeholders.
        pub subject: String,
        /// Text, with placeholders; empty lines separate paragraphs.
        pub body: String,
        /// Who decides that it goes out.
        pub approval: Approval,
        /// Whether it goes out at all.
        pub enabled: bool,
        /// The member who made it: told when something waits for approval.
        pub owner: Option<UserId>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// When it was deleted, UTC; it can be restored for 30 days.
        pub deleted_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

impl Greeting {
    /// Segments of which its readers are in one, as far as there are any; none when anybody may be meant. Nothing when it goes to
    /// nobody: what is not known fits nobody, and neither does its opposite, as in a segment's own conditions.
    pub(super) fn segments_in_force(&self) -> Option<Vec<SegmentId>> {
        let is_there = |segment: &SegmentId| !self.missing_segments.contains(segment);
        let found: Vec<SegmentId> = self.segments.iter().copied().filter(is_there).collect();
        let is_known = found.is_empty() == self.segments.is_empty() && self.excluded_segments.iter().all(is_there);
        (is_known && !self.building).then_some(found)
    }
}

/// A new greeting. On `kinds`, `feasts` or both.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewGreeting {
    /// What it is called, 1 to 100 characters.
    pub name: String,
    /// Kinds of occasions of contacts.
    #[oai(default)]
    pub kinds: Vec<OccasionKind>,
    /// Keys of feasts.
    #[oai(default)]
    pub feasts: Vec<String>,
    /// Countries in whose addresses its readers live.
    #[oai(default)]
    pub countries: Vec<String>,
    /// Languages of its readers.
    #[oai(default)]
    pub languages: Vec<String>,
    /// Tags of which its readers have one.
    #[oai(default)]
    pub tags: Vec<String>,
    /// Keys of stages of its readers.
    #[oai(default)]
    pub stages: Vec<String>,
    /// Segments of which its readers are in one.
    #[oai(default)]
    pub segments: Vec<SegmentId>,
    /// Segments of which its readers are in none.
    #[oai(default)]
    pub excluded_segments: Vec<SegmentId>,
    /// Purpose of the consent that its readers gave.
    pub consent_purpose: Option<String>,
    /// Subject, at most 200 characters. Placeholders: `{{first_name}}`, `{{last_name}}`, `{{name}}`, `{{company}}`, `{{years}}`,
    /// `{{occasion}}`, `{{sender}}`, each also with words for when it is not known: `{{first_name|friend}}`.
    pub subject: String,
    /// Text, at most 5000 characters, with the same placeholders.
    pub body: String,
    /// Who decides that it goes out; a person when absent.
    pub approval: Option<Approval>,
    /// Whether it goes out at all; not when absent.
    #[oai(default)]
    pub enabled: bool,
}

/// A change: absent fields stay, null empties, lists are replaced as a whole. What was approved with another text or audience
/// waits again.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct GreetingPatch {
    /// What it is called.
    pub name: Option<String>,
    /// Kinds of occasions of contacts.
    pub kinds: Option<Vec<OccasionKind>>,
    /// Keys of feasts.
    pub feasts: Option<Vec<String>>,
    /// Countries in whose addresses its readers live.
    pub countries: Option<Vec<String>>,
    /// Languages of its readers.
    pub languages: Option<Vec<String>>,
    /// Tags of which its readers have one.
    pub tags: Option<Vec<String>>,
    /// Keys of stages of its readers.
    pub stages: Option<Vec<String>>,
    /// Segments of which its readers are in one. A deleted one may stay, and be named no more anew.
    pub segments: Option<Vec<SegmentId>>,
    /// Segments of which its readers are in none.
    pub excluded_segments: Option<Vec<SegmentId>>,
    /// Purpose of the consent that its readers gave.
    pub consent_purpose: MaybeUndefined<String>,
    /// Subject.
    pub subject: Option<String>,
    /// Text.
    pub body: Option<String>,
    /// Who decides that it goes out.
    pub approval: Option<Approval>,
    /// Whether it goes out at all.
    pub enabled: Option<bool>,
}

/// A greeting as one contact would read it.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewPreview {
    /// Subject with placeholders.
    pub subject: String,
    /// Text with placeholders.
    pub body: String,
    /// The contact who would read it; an invented one when absent.
    pub contact: Option<ContactId>,
}

/// A greeting as it is read.
#[derive(Object, Debug, Clone)]
pub struct Preview {
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Who reads it.
    pub name: String,
}

row! {
    /// What became of a greeting for one contact on one day.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct GreetingSend {
        /// Its id.
        pub id: SendId,
        /// The greeting.
        pub greeting: GreetingId,
        /// What the greeting is called.
        pub greeting_name: String,
        /// The contact.
        pub contact: ContactId,
        /// What the contact is called; absent when he is not in reach.
        pub contact_name: Option<String>,
        /// The day.
        pub day: NaiveDate,
        /// `sent` or `skipped`.
        pub state: String,
        /// Why it was skipped; see the reasons of the simulation.
        pub reason: Option<String>,
        /// The member who greeted him by hand, so that no mail went out; absent when one did, or nothing.
        pub done_by: Option<UserId>,
        /// When it was decided, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// Somebody was greeted by hand.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewGreetingSend {
    /// The greeting that goes out no more for this.
    pub greeting: GreetingId,
    /// Who was greeted.
    pub contact: ContactId,
    /// The day that is celebrated, from yesterday to 400 days ahead.
    pub day: NaiveDate,
}

/// What goes out on days to come.
#[derive(Object, Debug, Clone)]
pub struct Simulation {
    /// Days on which there is something for the contacts that were looked at, the first one first. Of several pages, add up the
    /// figures.
    pub items: Vec<SimulatedDay>,
    /// How many contacts were looked at.
    pub contacts: i64,
    /// For the next contacts; absent when all were looked at.
    #[oai(skip_serializing_if_is_none)]
    pub next_cursor: Option<String>,
}

/// What goes out on a day.
#[derive(Object, Debug, Clone)]
pub struct SimulatedDay {
    /// The day.
    pub day: NaiveDate,
    /// How many contacts are greeted.
    pub sent: i64,
    /// How many are left out, by reason.
    pub skipped: Vec<SkipCount>,
}

/// How many are left out for a reason.
#[derive(Object, Debug, Clone)]
pub struct SkipCount {
    /// Why.
    pub reason: SkipReason,
    /// How many.
    pub count: i64,
}

/// What goes out to one contact on a day, or does not.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct SimulatedSend {
    /// The contact.
    pub contact: ContactId,
    /// What he is called.
    pub name: String,
    /// The greeting.
    pub greeting: GreetingId,
    /// What the greeting is called.
    pub greeting_name: String,
    /// What is celebrated.
    pub occasion: Option<String>,
    /// How many years it will have been.
    pub years: Option<i32>,
    /// The moment, UTC: nine o'clock where the contact is.
    pub at: DateTime<Utc>,
    /// IANA time zone of the contact, or of the account.
    pub zone: String,
    /// Why he is left out; absent when he is greeted.
    pub reason: Option<SkipReason>,
}

/// What goes out on a day, contact by contact.
#[derive(Object, Debug, Clone)]
pub struct SimulatedSends {
    /// In no particular order.
    pub items: Vec<SimulatedSend>,
    /// For the next contacts; absent when all were looked at. A page may be empty and not the last.
    #[oai(skip_serializing_if_is_none)]
    pub next_cursor: Option<String>,
}

row! {
    /// A contact as the statements give it.
    pub(super) struct FactsRow {
        pub contact: ContactId,
        pub name: String,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub company: Option<String>,
        pub email: Option<String>,
        pub zone: Option<String>,
        pub language: Option<String>,
        pub country: Option<String>,
        pub stage: String,
        pub tags: Vec<String>,
        pub segments: Vec<SegmentId>,
        pub owner: Option<Uuid>,
        pub is_lost: bool,
        pub is_blocked: bool,
        pub is_blacklisted: bool,
        pub has_opted_out: bool,
        pub consents: Vec<String>,
    }
}
