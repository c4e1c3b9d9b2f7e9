//! Conditions for modules below that ask contacts the same questions to an end of their own.
use super::known;
use crate::segments::{
    db::{
        self,
        conditions::{self, At},
    },
    jobs::RefreshSegments,
    model::{BrokenRule, SegmentRule},
    tree::{self, ANY_TAG, Tree},
};
use chrono::{DateTime, NaiveDate, Utc};
use contacts::Problems;
use kernel::{Result, Tx, db::Composed};
use uuid::Uuid;

/// A definition that was read: what is asked of a contact.
#[derive(Debug, Clone)]
pub struct Question {
    rule: SegmentRule,
    tree: Tree,
    read: tree::Read,
}

/// The day as of which questions are asked: moments are read as if it had just begun.
#[derive(Debug, Clone, Copy)]
pub struct AsOf(At);

/// A day of the tenant, as of which questions are asked.
pub async fn as_of(tx: &mut Tx, day: NaiveDate, zone: &str) -> Result<AsOf> {
    let zone = tasks::zone_of(zone);
    Ok(AsOf(At { now: tasks::day_start(day, zone), zone, calendar: occasions::calendar(tx).await? }))
}

impl AsOf {
    /// The moment at which so many days before it began.
    pub fn days_before(&self, days: u32) -> DateTime<Utc> {
        let today = tasks::day_of(self.0.now, self.0.zone);
        let day = today.checked_sub_days(chrono::Days::new(days.into())).unwrap_or(NaiveDate::MIN);
        tasks::day_start(day, self.0.zone)
    }

    /// How many days ago a moment was; 0 for what is still to come.
    pub fn age(&self, at: DateTime<Utc>) -> u32 {
        let days = tasks::day_of(self.0.now, self.0.zone) - tasks::day_of(at, self.0.zone);
        u32::try_from(days.num_days()).unwrap_or(0)
    }
}

/// Reads definitions; the problems of each that is none.
pub async fn questions(tx: &mut Tx, rules: &[&SegmentRule]) -> Result<Vec<std::result::Result<Question, Problems>>> {
    let known = known(tx, rules.iter().copied()).await?;
    let read = |rule: &&SegmentRule| {
        let (tree, read) = tree::read(rule, &known)?;
        Ok(Question { rule: tree::by_id(rule, &known), tree, read })
    };
    Ok(rules.iter().map(read).collect())
}

/// Notes contacts of which something was written that conditions ask for; `quiet` when there are many at once.
pub async fn note(tx: &mut Tx, contacts: &[Uuid], quiet: bool) -> Result<()> {
    if !contacts.is_empty() && db::note(tx, contacts, quiet).await? > 0 {
        tx.enqueue_once(&RefreshSegments {}).await?;
    }
    Ok(())
}

/// A definition with another value of a field in place of one, a tag or a stage; `None` when it names it nowhere.
pub fn with_value(rule: &SegmentRule, field: &str, from: &str, into: &str) -> Option<SegmentRule> {
    tree::with_value(rule, field, from, into)
}

impl Question {
    /// The definition, as it is to be kept.
    pub fn rule(&self) -> &SegmentRule {
        &self.rule
    }

    /// What it names that is gone; it fits nobody then.
    pub fn broken(&self) -> &[BrokenRule] {
        &self.read.broken
    }

    /// Whether it names a tag, field, form or pipeline, or asks for any tag at all and this is one.
    pub fn names(&self, id: Uuid, is_tag: bool) -> bool {
        self.read.refs.contains(&id) || (is_tag && self.read.refs.contains(&ANY_TAG))
    }

    /// Whether it may say something else tomorrow.
    pub fn uses_days(&self) -> bool {
        self.read.uses_days
    }

    /// Whether it may say something else in a moment.
    pub fn uses_moments(&self) -> bool {
        self.read.uses_moments
    }

    /// Adds whether a row `c` of contacts fits: true or unknown otherwise.
    pub fn fits(&self, out: &mut Composed, as_of: &AsOf) {
        conditions::condition(out, &self.tree, &as_of.0);
    }

    /// Adds queries for the contacts that may come or go between two days, joined by `union all`; gives whether there are any.
    pub fn passed(&self, out: &mut Composed, old: &AsOf, new: &AsOf) -> bool {
        conditions::passed(out, &self.tree, &old.0, &new.0)
    }

    /// The column with the moment of the related records that it asks for; `None` when it asks for none that have such a one.
    pub fn moment(&self, name: Option<&str>) -> Option<&'static str> {
        match &self.tree {
            Tree::Has(record, true, _) => conditions::moment(*record, name),
            _ => None,
        }
    }

    /// Adds a query for the newest moments of related records of a row `c`; nothing when it asks for none.
    pub fn moments(
        &self,
        out: &mut Composed,
        column: &'static str,
        since: Option<DateTime<Utc>>,
        most: i64,
        at: &AsOf,
    ) {
        if let Tree::Has(record, true, rules) = &self.tree {
            conditions::moments(out, (*record, rules), column, (since, most), &at.0);
        }
    }

    /// Adds a query for the contacts with related records of a time; nothing when it asks for none.
    pub fn within(
        &self,
        out: &mut Composed,
        column: &'static str,
        time: (DateTime<Utc>, Option<DateTime<Utc>>),
        at: &AsOf,
    ) {
        if let Tree::Has(record, true, rules) = &self.tree {
            conditions::within(out, (*record, rules), column, time, &at.0);
        }
    }
}
