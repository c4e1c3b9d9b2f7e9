//! What a segment is and what may be sent for one.
use chrono::{DateTime, Utc};
use contacts::{ContactId, Problems};
use kernel::{
    Error, Result,
    auth::{Grants, Level},
    ids::UserId,
    jsonb, row,
};
use poem_openapi::{Object, types::MaybeUndefined};
use serde::{Deserialize, Serialize};

pub use contacts::SegmentId;

/// Longest name, in characters.
const MAX_NAME: usize = 80;
/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 500;
/// Most contacts that are put in or taken out at once.
const MOST_CHANGED: usize = 500;

kernel::word! {
    /// How contacts come into a segment.
    pub enum SegmentKind {
        /// Whoever fits its conditions is in it, as long as he does.
        #[default]
        Dynamic = "dynamic",
        /// Whoever was put into it is in it.
        Static = "static",
    }
}

kernel::word! {
    /// What a rule is.
    pub enum RuleKind {
        /// All of its rules hold.
        #[default]
        All = "all",
        /// At least one of its rules holds.
        Any = "any",
        /// None of its rules holds.
        None = "none",
        /// A field is compared with values.
        Field = "field",
        /// There is a related record for which all of its rules hold.
        Has = "has",
        /// There is none.
        HasNot = "has_not",
    }
}

kernel::word! {
    /// Records that belong to contacts.
    pub enum RelatedRecord {
        /// Deals in which the contact takes part.
        #[default]
        Deal = "deal",
        /// Companies whose people the contact is among.
        Company = "company",
        /// Tasks about the contact.
        Task = "task",
        /// Calls, meetings and messages with the contact.
        Activity = "activity",
        /// Answers of the contact to forms.
        Submission = "submission",
    }
}

kernel::word! {
    /// How a field is compared.
    pub enum Operator {
        /// Equal to one of the values; texts without case and accents.
        #[default]
        Is = "is",
        /// Equal to none of them, or empty.
        IsNot = "is_not",
        /// The text holds the value.
        Contains = "contains",
        /// It does not.
        NotContains = "not_contains",
        /// The text begins with the value.
        StartsWith = "starts_with",
        /// The text ends with the value.
        EndsWith = "ends_with",
        /// One of the values, of lists at least one.
        AnyOf = "any_of",
        /// All of the values.
        AllOf = "all_of",
        /// None of the values, or empty.
        NoneOf = "none_of",
        /// Nothing is known.
        Empty = "empty",
        /// Something is known.
        NotEmpty = "not_empty",
        /// Less than the value.
        Below = "below",
        /// The value or less.
        AtMost = "at_most",
        /// More than the value.
        Above = "above",
        /// The value or more.
        AtLeast = "at_least",
        /// From the first value to the second, both included.
        Between = "between",
        /// On the day.
        On = "on",
        /// Before the day.
        Before = "before",
        /// After the day.
        After = "after",
        /// From so many days ago until today, today included.
        InLastDays = "in_last_days",
        /// From today until so many days ahead, both included.
        InNextDays = "in_next_days",
        /// Before that.
        MoreThanDaysAgo = "more_than_days_ago",
        /// After that.
        MoreThanDaysAhead = "more_than_days_ahead",
        /// Today.
        Today = "today",
        /// In this week, from Monday.
        ThisWeek = "this_week",
        /// In this month.
        ThisMonth = "this_month",
        /// In the month before.
        LastMonth = "last_month",
        /// In the month after.
        NextMonth = "next_month",
        /// In this year.
        ThisYear = "this_year",
        /// It is so.
        Yes = "yes",
        /// It is not so.
        No = "no",
    }
}

/// A rule: a group of rules, a comparison, or a question for related records.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none, skip_serializing_if_is_empty)]
#[serde(deny_unknown_fields)]
pub struct SegmentRule {
    /// What it is.
    pub kind: RuleKind,
    /// Rules of a group (at least one), or those that a related record must fit; at most 60 in a definition, five deep.
    #[oai(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<SegmentRule>,
    /// Which related records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RelatedRecord>,
    /// Which field: of the contact, or within `has` of the related record. `custom.` and the id (or, when it is sent, the key)
    /// of one of the tenant's own fields of contacts, or within `has` of deals or companies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How it is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<Operator>,
    /// With what: ids of tags, owners, stages of deals, forms; words; whole numbers, amounts in minor units; days like
    /// `2026-01-31` or a number of days. At most 100.
    #[oai(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl RelatedRecord {
    /// The permission to see such records.
    pub(crate) fn permission(self) -> &'static str {
        match self {
            RelatedRecord::Deal => "deals.read",
            RelatedRecord::Company => "companies.read",
            RelatedRecord::Task => "tasks.read",
            RelatedRecord::Activity => "activities.read",
            RelatedRecord::Submission => "forms.read",
        }
    }
}

impl SegmentRule {
    /// 403 when it asks for records that the caller may not see at all: who fits would tell about them.
    pub fn check_grants(&self, grants: &Grants) -> Result<()> {
        let detail = |permission: &str| format!("Conditions on these records need the permission {permission}.");
        self.check_level(grants, Level::Own, &detail)
    }

    /// The same of a definition that is kept. Who fits is found among everybody's records and shown to whoever sees the contact, so
    /// it is written by somebody who may see them all.
    pub fn check_kept(&self, grants: &Grants) -> Result<()> {
        let detail = |permission: &str| {
            format!(
                "A segment looks at everybody's records: conditions on these need the permission {permission} for all."
            )
        };
        self.check_level(grants, Level::All, &detail)
    }

    fn check_level(&self, grants: &Grants, least: Level, detail: &impl Fn(&str) -> String) -> Result<()> {
        let missing = self.record.map(RelatedRecord::permission).filter(|it| grants.level(it) < least);
        if let Some(permission) = missing {
            return Err(Error::forbidden("permission_missing", detail(permission)));
        }
        self.rules.iter().try_for_each(|rule| rule.check_level(grants, least, detail))
    }
}

/// A rule that names something that is gone: it fits nobody.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenRule {
    /// Where it stands, as a JSON pointer into the definition: `/rules/0`.
    pub rule: String,
    /// What is gone: `tag`, `field`, `stage`, `pipeline`, `pipeline_stage` or `form`.
    pub missing: String,
}

jsonb!(SegmentRule, BrokenRule);

row! {
    /// Contacts that fit conditions, or that were put together by hand.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Segment {
        /// Its id.
        pub id: SegmentId,
        /// What it is called; no two have the same name.
        pub name: String,
        /// What it is for.
        pub description: Option<String>,
        /// How contacts come into it.
        pub kind: SegmentKind,
        /// Its conditions, when it has any.
        pub definition: Option<SegmentRule>,
        /// Rules that name something that is gone.
        pub broken: Vec<BrokenRule>,
        /// How many contacts are in it that the reader may see.
        pub members: i64,
        /// Whether a new definition is still being worked through; some members may be missing until then.
        pub building: bool,
        /// Who made it; absent when a program did.
        pub owner: Option<UserId>,
        /// When a contact last came or went, UTC.
        pub changed_at: Option<DateTime<Utc>>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When somebody last changed it, UTC.
        pub updated_at: DateTime<Utc>,
        /// When it was deleted, UTC; it can be restored for 30 days.
        pub deleted_at: Option<DateTime<Utc>>,
        /// Rises with every change of the segment, not of its members; the ETag.
        pub version: i64,
    }
}

/// A new segment.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewSegment {
    /// What it is called, 1 to 80 characters.
    pub name: String,
    /// What it is for, at most 500 characters.
    pub description: Option<String>,
    /// How contacts come into it.
    pub kind: SegmentKind,
    /// Its conditions: needed when it is dynamic, refused when it is static.
    pub definition: Option<SegmentRule>,
}

/// A change: absent fields stay, null empties. Whether it is dynamic or static stays.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct SegmentPatch {
    /// What it is called.
    pub name: Option<String>,
    /// What it is for.
    pub description: MaybeUndefined<String>,
    /// Its conditions.
    pub definition: Option<SegmentRule>,
}

impl NewSegment {
    /// What a segment would be made of again.
    pub fn of(segment: &Segment) -> Self {
        NewSegment {
            name: segment.name.clone(),
            description: segment.description.clone(),
            kind: segment.kind,
            definition: segment.definition.clone(),
        }
    }

    /// With a change.
    pub fn patched(mut self, patch: SegmentPatch) -> Self {
        self.name = patch.name.unwrap_or(self.name);
        patch.description.update_to(&mut self.description);
        self.definition = patch.definition.or(self.definition);
        self
    }

    /// This, cleaned; 422 when it cannot be a segment.
    pub fn checked(self) -> Result<Self> {
        let mut problems = Problems::default();
        let name = problems.text("/name", Some(self.name), MAX_NAME);
        if name.is_none() {
            problems.add("/name", "required", "Say what it is called.");
        }
        let description = problems.lines("/description", self.description, MAX_DESCRIPTION);
        match (self.kind, &self.definition) {
            (SegmentKind::Dynamic, None) => problems.add("/definition", "required", "Say who fits."),
            (SegmentKind::Static, Some(_)) => {
                problems.add("/definition", "definition_of_static", "A static segment has no conditions.");
            }
            _ => {}
        }
        problems.check()?;
        Ok(NewSegment { name: name.unwrap_or_default(), description, ..self })
    }
}

/// Conditions to try.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct SegmentTrial {
    /// The conditions.
    pub definition: SegmentRule,
}

row! {
    /// A contact that fits.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct SegmentSample {
        /// Its id.
        pub id: ContactId,
        /// What to call it.
        pub display_name: String,
        /// Its primary e-mail address.
        pub email: Option<String>,
        /// Where the person works.
        pub company_name: Option<String>,
    }
}

/// Who fits conditions now.
#[derive(Object, Debug, Clone)]
pub struct SegmentPreview {
    /// How many contacts that the reader may see.
    pub members: i64,
    /// The newest of them, at most ten.
    pub contacts: Vec<SegmentSample>,
    /// Rules that name something that is gone.
    pub broken: Vec<BrokenRule>,
}

/// Contacts to put into a static segment and to take out of it, 1 to 500 together.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct MemberChange {
    /// Whom to put in.
    #[oai(default)]
    pub add: Vec<ContactId>,
    /// Whom to take out.
    #[oai(default)]
    pub remove: Vec<ContactId>,
}

impl MemberChange {
    /// Each named once; 422 when there are none or too many.
    pub fn checked(mut self) -> Result<Self> {
        for list in [&mut self.add, &mut self.remove] {
            list.sort_unstable();
            list.dedup();
        }
        match self.add.len() + self.remove.len() {
            1..=MOST_CHANGED => Ok(self),
            _ => Err(kernel::Error::invalid("/add", "count", "1 to 500 contacts.")),
        }
    }
}

/// What became of it.
#[derive(Object, Debug, Clone)]
pub struct MembersChanged {
    /// Who is in now and was not: what has to be named to take it back.
    pub added: Vec<ContactId>,
    /// Who was in and is not any more.
    pub removed: Vec<ContactId>,
    /// Contacts that are not there, or not yours.
    pub missing: u32,
}
