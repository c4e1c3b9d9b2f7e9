//! What a deal is and what may be sent for one. The rules are in `draft.rs`.
use super::items::{DealItem, NewDealItem};
use crate::assignment_rules::{AssignmentMode, AssignmentRuleId};
use crate::exchange_rates::{Rates, rates, today};
use crate::pipelines::{PipelineId, StageId};
use chrono::{DateTime, NaiveDate, Utc};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use fields::Custom;
use kernel::{Result, Tx, ids::UserId, jsonb, row};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use postgres_types::{FromSql, Type};
use serde::{Deserialize, Serialize};

kernel::id!(DealId, "dea", "A deal: what may be sold to somebody.");

/// Whose deals and whose contacts the caller reaches.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Owners of deals.
    pub deals: Owners,
    /// Owners of contacts that may be put on a deal.
    pub contacts: Owners,
    /// Owners of companies that a deal may belong to.
    pub companies: Owners,
}

/// How far a deal is decided.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DealStatus {
    /// Not yet.
    Open,
    /// Sold.
    Won,
    /// Somebody decided against it.
    Lost,
    /// Nobody follows it any more.
    Abandoned,
}

impl DealStatus {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            DealStatus::Open => "open",
            DealStatus::Won => "won",
            DealStatus::Lost => "lost",
            DealStatus::Abandoned => "abandoned",
        }
    }
}

impl<'a> FromSql<'a> for DealStatus {
    fn from_sql(_: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let known = [DealStatus::Open, DealStatus::Won, DealStatus::Lost, DealStatus::Abandoned];
        known.into_iter().find(|status| status.as_str().as_bytes() == raw).ok_or_else(|| "no status of a deal".into())
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::TEXT
    }
}
kernel::not_null!(DealStatus);

/// How an open deal ends.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum DealEnd {
    /// Sold.
    Won,
    /// Somebody decided against it.
    Lost,
    /// Nobody follows it any more.
    Abandoned,
}

/// What a contact is in a deal.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DealRole {
    /// Decides.
    DecisionMaker,
    /// Is heard by who decides.
    Influencer,
    /// Will use it.
    User,
    /// Pays.
    Billing,
    /// Not said.
    #[default]
    Other,
}

impl DealRole {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            DealRole::DecisionMaker => "decision_maker",
            DealRole::Influencer => "influencer",
            DealRole::User => "user",
            DealRole::Billing => "billing",
            DealRole::Other => "other",
        }
    }
}

/// A contact of a deal.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealContact {
    /// Which one.
    #[serde(deserialize_with = "ContactId::bare")]
    pub contact: ContactId,
    /// What it is called.
    pub name: String,
    /// What it is in this deal.
    pub role: DealRole,
}
jsonb!(DealContact);

row! {
    /// What may be sold to somebody.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Deal {
        /// Its id.
        pub id: DealId,
        /// What people call it.
        pub title: String,
        /// Its pipeline.
        pub pipeline: PipelineId,
        /// The stage it is in, or was in when it was closed.
        pub stage: StageId,
        /// Whether it is decided, and how.
        pub status: DealStatus,
        /// Why it was closed.
        pub reason: Option<String>,
        /// More about why.
        pub reason_note: Option<String>,
        /// What it is worth, in minor units of its currency; 0 when nobody knows. The sum of its items when it has any.
        pub amount: i64,
        /// ISO 4217.
        pub currency: String,
        /// The same in the account's own currency, in minor units of that: by the rate of the day of closing, or of today while it
        /// is open; rounded once, halves to even. Absent without a rate.
        pub home_amount: Option<i64>,
        /// The account's own currency, ISO 4217.
        pub home_currency: String,
        /// What is sold, line by line.
        pub items: Vec<DealItem>,
        /// The company that would buy.
        pub company: Option<CompanyId>,
        /// What that company is called; told to whoever may read the deal.
        pub company_name: Option<String>,
        /// The day on which it should be decided.
        pub expected_close: Option<NaiveDate>,
        /// The first day of what is delivered.
        pub starts_on: Option<NaiveDate>,
        /// Its last day.
        pub ends_on: Option<NaiveDate>,
        /// The member responsible.
        pub owner: Option<UserId>,
        /// Where it came from.
        pub source: Option<String>,
        /// The source (`utm_source`) of the first touch that any of its contacts had when it was made.
        pub first_source: Option<String>,
        /// The campaign (`utm_campaign`) of that touch.
        pub first_campaign: Option<String>,
        /// The source of the last touch that any of its contacts had when it was made.
        pub last_source: Option<String>,
        /// The campaign of that touch.
        pub last_campaign: Option<String>,
        /// What it is about.
        pub description: Option<String>,
        /// What is done next.
        pub next_step: Option<String>,
        /// On which day; its owner is told that day at nine in the morning of the account.
        pub next_step_on: Option<NaiveDate>,
        /// Values of the fields that the tenant defined, by key.
        pub custom: Custom,
        /// Who takes part, the most important first. Their names are told to whoever may read the deal.
        pub contacts: Vec<DealContact>,
        /// Since when it is in its stage, UTC.
        pub stage_since: DateTime<Utc>,
        /// When somebody last did something with it or with one of its contacts, UTC.
        pub touched_at: DateTime<Utc>,
        /// From when on it counts as quiet, if nobody touches it, UTC.
        pub quiet_at: DateTime<Utc>,
        /// When it was closed, UTC.
        pub closed_at: Option<DateTime<Utc>>,
        /// On which day that was for the account.
        pub closed_on: Option<NaiveDate>,
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

impl Deal {
    /// The day whose rate counts.
    pub(crate) fn day(&self, today: NaiveDate) -> NaiveDate {
        self.closed_on.or(self.closed_at.map(|at| at.date_naive())).unwrap_or(today)
    }

    /// With what it is worth in the account's own currency.
    pub(crate) fn priced(&mut self, rates: &Rates, today: NaiveDate) {
        self.home_amount = rates.home(self.amount, &self.currency, self.day(today));
        self.home_currency = rates.home.clone();
    }
}

/// Says of each deal what it is worth in the account's own currency; one statement for all of them.
pub(crate) async fn in_home(tx: &mut Tx, deals: &mut [Deal]) -> Result<()> {
    let rates = rates(tx, deals.iter().map(|deal| deal.currency.as_str())).await?;
    let today = today(tx);
    deals.iter_mut().for_each(|deal| deal.priced(&rates, today));
    Ok(())
}

/// A contact to put on a deal.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields)]
pub struct NewDealContact {
    /// Which one.
    pub contact: ContactId,
    /// What it is in this deal; `other` when absent.
    #[oai(default)]
    pub role: DealRole,
}

/// A new deal. It stands at the top of its stage.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewDeal {
    /// What people call it, 1 to 200 characters.
    pub title: String,
    /// Its pipeline; that of the stage, or the first one, when absent.
    pub pipeline: Option<PipelineId>,
    /// Its stage; the first of the pipeline when absent.
    pub stage: Option<StageId>,
    /// What it is worth, in minor units; 0 when nobody knows. With items, their sum whatever is said here.
    #[oai(default)]
    pub amount: i64,
    /// ISO 4217; the account's currency when absent.
    pub currency: Option<String>,
    /// What is sold, line by line; at most 100.
    #[oai(default)]
    pub items: Vec<NewDealItem>,
    /// The company that would buy.
    pub company: Option<CompanyId>,
    /// The day on which it should be decided.
    pub expected_close: Option<NaiveDate>,
    /// The first day of what is delivered.
    pub starts_on: Option<NaiveDate>,
    /// Its last day, not before the first one.
    pub ends_on: Option<NaiveDate>,
    /// The member responsible. When absent, whoever does not see all deals becomes the owner; else the first rule of
    /// assignment that fits chooses one.
    pub owner: Option<UserId>,
    /// Leave it without an owner when none is named, also when a rule of assignment would choose one.
    #[oai(default)]
    pub unassigned: bool,
    /// Where it came from, at most 100 characters.
    pub source: Option<String>,
    /// What it is about, at most 5000 characters.
    pub description: Option<String>,
    /// What is done next, at most 200 characters.
    pub next_step: Option<String>,
    /// On which day.
    pub next_step_on: Option<NaiveDate>,
    /// Who takes part, the most important first; at most 20.
    #[oai(default)]
    pub contacts: Vec<NewDealContact>,
    /// Values of the fields that the tenant defined, by key. 422 when one that is required is missing.
    #[oai(default)]
    pub custom: Custom,
}

/// A change: absent fields stay, null empties, lists are replaced as a whole. Stage and status have operations of their own.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct DealPatch {
    /// What people call it.
    pub title: Option<String>,
    /// What it is worth, in minor units. 422 `amount_of_items` while it has items: their sum is its amount.
    pub amount: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Everything that is sold. Without any the amount stays as it was, and can be set again.
    pub items: Option<Vec<NewDealItem>>,
    /// The company that would buy; null for none.
    pub company: MaybeUndefined<CompanyId>,
    /// The day on which it should be decided.
    pub expected_close: MaybeUndefined<NaiveDate>,
    /// The first day of what is delivered.
    pub starts_on: MaybeUndefined<NaiveDate>,
    /// Its last day.
    pub ends_on: MaybeUndefined<NaiveDate>,
    /// The member responsible; null for nobody.
    pub owner: MaybeUndefined<UserId>,
    /// Where it came from.
    pub source: MaybeUndefined<String>,
    /// What it is about.
    pub description: MaybeUndefined<String>,
    /// What is done next.
    pub next_step: MaybeUndefined<String>,
    /// On which day.
    pub next_step_on: MaybeUndefined<NaiveDate>,
    /// Everybody who takes part.
    pub contacts: Option<Vec<NewDealContact>>,
    /// Values of the fields that the tenant defined: keys that are absent stay, null empties.
    #[oai(default)]
    pub custom: Custom,
}

/// Where a card shall stand.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewMove {
    /// The stage, also of another pipeline.
    pub stage: StageId,
    /// The stage it was in when the drag began; 409 `deal_moved` when it is in another one by now.
    pub from: Option<StageId>,
    /// The card above. When it is in the stage, the place is right below it.
    pub after: Option<DealId>,
    /// The card below: the place is right above it when there is no card above. Without either the place is the top.
    pub before: Option<DealId>,
}

/// The end of a deal.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields)]
pub struct NewOutcome {
    /// How it ends.
    pub status: DealEnd,
    /// Why, at most 100 characters; needed unless it is won. The pipeline offers reasons.
    pub reason: Option<String>,
    /// More about why, at most 1000 characters.
    pub note: Option<String>,
}

row! {
    /// What a deal was after one change.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct DealChange {
        /// The version of the deal that it made.
        pub version: i64,
        /// `created`, `moved`, `changed`, `won`, `lost`, `abandoned`, `reopened`, `deleted` or `restored`.
        pub kind: String,
        /// Its pipeline.
        pub pipeline: PipelineId,
        /// Its stage.
        pub stage: StageId,
        /// What that stage is or was called; absent when its pipeline is gone.
        pub stage_name: Option<String>,
        /// Whether it was decided, and how.
        pub status: DealStatus,
        /// What it was worth, in minor units.
        pub amount: i64,
        /// ISO 4217.
        pub currency: String,
        /// The day on which it should be decided.
        pub expected_close: Option<NaiveDate>,
        /// The member responsible.
        pub owner: Option<UserId>,
        /// The rule of assignment that chose the owner, or found nobody when there is none.
        pub rule: Option<AssignmentRuleId>,
        /// What that rule is called; absent when it is gone.
        pub rule_name: Option<String>,
        /// How it chose.
        pub rule_mode: Option<AssignmentMode>,
        /// How many open deals the owner had then.
        pub rule_open: Option<i32>,
        /// Since when it was in its stage, UTC.
        pub stage_since: DateTime<Utc>,
        /// Who did it: `user`, `visitor`, `api_key` or `system`.
        pub actor_kind: String,
        /// The member who did it.
        pub actor: Option<UserId>,
        /// When, UTC.
        pub occurred_at: DateTime<Utc>,
    }
}
