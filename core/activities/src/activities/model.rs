//! What a logged activity is.
use crate::records::Record;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{Error, Result, error::FieldProblem, ids::UserId, jsonb, row};
use poem_openapi::{Object, types::MaybeUndefined};
use serde::{Deserialize, Serialize};

kernel::id!(ActivityId, "act", "A logged call, meeting or message.");

kernel::word! {
    /// What happened.
    pub enum ActivityKind {
        /// A call.
        #[default]
        Call = "call",
        /// A meeting.
        Meeting = "meeting",
        /// An e-mail outside Upzento.
        Email = "email",
        /// A message on WhatsApp.
        WhatsApp = "whatsapp",
        /// A text message.
        Sms = "sms",
        /// Any other message.
        Message = "message",
        /// Something else.
        Other = "other",
    }
}

kernel::word! {
    /// From whom it came.
    pub enum ActivityDirection {
        /// From us.
        #[default]
        Outbound = "outbound",
        /// From the contact.
        Inbound = "inbound",
    }
}

kernel::word! {
    /// What it was about, when that is something that waits for an answer.
    pub enum ActivityTopic {
        /// A proposal.
        #[default]
        Proposal = "proposal",
        /// What something would cost.
        Quote = "quote",
        /// An invoice.
        Invoice = "invoice",
    }
}

row! {
    /// A call, meeting or message that a member logged.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Activity {
        /// Its id.
        pub id: ActivityId,
        /// With whom; absent when it was about a company or a deal and that is not said.
        pub contact: Option<ContactId>,
        /// The company it was about.
        pub company: Option<CompanyId>,
        /// The deal it was about.
        pub deal: Option<DealId>,
        /// Who logged it; absent when a program did.
        pub author: Option<UserId>,
        /// `call`, `meeting`, `email`, `whatsapp`, `sms`, `message` or `other`.
        pub kind: String,
        /// `outbound` or `inbound`.
        pub direction: Option<String>,
        /// What it was about, when that waits for an answer.
        pub topic: Option<ActivityTopic>,
        /// In a few words.
        pub title: String,
        /// Plain text.
        pub body: Option<String>,
        /// How it ended, for example `no answer`.
        pub outcome: Option<String>,
        /// How long it took, in seconds.
        pub duration_seconds: Option<i32>,
        /// When it happened or is planned, UTC.
        pub occurred_at: DateTime<Utc>,
        /// When it was logged, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A call, meeting or message to log.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewActivity {
    /// With which contact it was, when it is about a company or a deal.
    pub contact: Option<ContactId>,
    /// What happened.
    pub kind: ActivityKind,
    /// From whom it came.
    pub direction: Option<ActivityDirection>,
    /// What it was about, when that waits for an answer.
    pub topic: Option<ActivityTopic>,
    /// In a few words, at most 200 characters.
    pub title: String,
    /// Plain text, at most 10,000 characters.
    pub body: Option<String>,
    /// How it ended, at most 100 characters.
    pub outcome: Option<String>,
    /// How long it took, in seconds, at most a week.
    pub duration_seconds: Option<i32>,
    /// When it happened, at most a day ahead; a call or a meeting may be planned up to 366 days ahead. Now when absent.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// A change: absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ActivityPatch {
    /// What happened.
    pub kind: Option<ActivityKind>,
    /// From whom it came.
    pub direction: MaybeUndefined<ActivityDirection>,
    /// What it was about.
    pub topic: MaybeUndefined<ActivityTopic>,
    /// In a few words.
    pub title: Option<String>,
    /// Plain text.
    pub body: MaybeUndefined<String>,
    /// How it ended.
    pub outcome: MaybeUndefined<String>,
    /// How long it took, in seconds.
    pub duration_seconds: MaybeUndefined<i32>,
    /// When it happened.
    pub occurred_at: Option<DateTime<Utc>>,
}

/// What the timeline shows of an activity.
#[derive(Object, Debug, Clone, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ActivityExcerpt {
    /// What happened.
    pub kind: String,
    /// From whom it came.
    pub direction: Option<String>,
    /// What it was about, when that waits for an answer.
    pub topic: Option<String>,
    /// In a few words.
    pub title: String,
    /// Plain text.
    pub body: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// How long it took, in seconds.
    pub duration_seconds: Option<i32>,
    /// When it happened or is planned, UTC.
    pub occurred_at: DateTime<Utc>,
}

impl Activity {
    /// What it is about.
    pub(crate) fn record(&self) -> Result<Record> {
        Record::of(self.contact, self.company, self.deal).ok_or_else(|| Error::internal("an activity about nothing"))
    }
}

jsonb!(ActivityExcerpt);

/// An activity as it will be stored.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub kind: String,
    pub direction: Option<String>,
    pub topic: Option<ActivityTopic>,
    pub title: String,
    pub body: Option<String>,
    pub outcome: Option<String>,
    pub duration_seconds: Option<i32>,
    pub occurred_at: DateTime<Utc>,
}

impl Draft {
    /// A new activity's.
    pub fn new(new: NewActivity, now: DateTime<Utc>) -> Result<Self> {
        let draft = Draft {
            kind: new.kind.as_str().to_owned(),
            direction: new.direction.map(|d| d.as_str().to_owned()),
            topic: new.topic,
            title: new.title.trim().to_owned(),
            body: new.body,
            outcome: new.outcome,
            duration_seconds: new.duration_seconds,
            occurred_at: new.occurred_at.unwrap_or(now),
        };
        draft.check(now)?;
        Ok(draft)
    }

    /// A stored activity with a change applied.
    pub fn patched(activity: Activity, patch: ActivityPatch, now: DateTime<Utc>) -> Result<Self> {
        let mut draft = Draft {
            kind: patch.kind.map_or(activity.kind, |k| k.as_str().to_owned()),
            direction: activity.direction,
            topic: activity.topic,
            title: patch.title.map_or(activity.title, |t| t.trim().to_owned()),
            body: activity.body,
            outcome: activity.outcome,
            duration_seconds: activity.duration_seconds,
            occurred_at: patch.occurred_at.unwrap_or(activity.occurred_at),
        };
        patch.direction.map_value(|d| d.as_str().to_owned()).update_to(&mut draft.direction);
        patch.topic.update_to(&mut draft.topic);
        patch.body.update_to(&mut draft.body);
        patch.outcome.update_to(&mut draft.outcome);
        patch.duration_seconds.update_to(&mut draft.duration_seconds);
        draft.check(now)?;
        Ok(draft)
    }

    fn check(&self, now: DateTime<Utc>) -> Result<()> {
        // What is planned is a call or a meeting; a day ahead is for clocks and zones.
        let ahead = TimeDelta::days(if matches!(self.kind.as_str(), "call" | "meeting") { 366 } else { 1 });
        let longer = |text: &Option<String>, max| text.as_ref().is_some_and(|t| t.chars().count() > max);
        let rules = [
            (self.title.is_empty(), "/title", "required", "A title is needed."),
            (self.title.chars().count() > 200, "/title", "too_long", "At most 200 characters."),
            (longer(&self.body, 10_000), "/body", "too_long", "At most 10000 characters."),
            (longer(&self.outcome, 100), "/outcome", "too_long", "At most 100 characters."),
            (
                self.duration_seconds.is_some_and(|s| !(0..=604_800).contains(&s)),
                "/duration_seconds",
                "range",
                "0 to 604800 seconds.",
            ),
            (self.occurred_at.year() < 1900, "/occurred_at", "date_range", "From 1900 on."),
            (self.occurred_at > now + ahead, "/occurred_at", "future", "At most a day ahead, calls and meetings 366."),
        ];
        let broken = rules.into_iter().filter(|rule| rule.0).map(|(_, field, code, detail)| FieldProblem {
            field: field.into(),
            code: code.into(),
            detail: detail.into(),
        });
        let broken: Vec<FieldProblem> = broken.collect();
        if broken.is_empty() { Ok(()) } else { Err(Error::invalid_fields(broken)) }
    }
}
