//! What a rule of assignment is.
use crate::pipelines::PipelineId;
use chrono::{DateTime, Utc};
use companies::CompanyId;
use contacts::{ContactId, Problems, TagId};
use kernel::{Result, ids::UserId, jsonb, row};
use poem_openapi::{Enum, Object};
use postgres_types::{FromSql, Type};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tenants::tenants::is_currency;

kernel::id!(AssignmentRuleId, "asr", "A rule that gives new deals to members.");

/// Most members of a rule.
const MAX_MEMBERS: usize = 50;
/// Most entries of one condition.
const MAX_ENTRIES: usize = 50;
/// The largest amount, as that of a deal.
const MAX_AMOUNT: i64 = crate::deals::MAX_AMOUNT;

/// How a rule chooses among its members.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum AssignmentMode {
    /// One after the other, by their weights.
    RoundRobin,
    /// Whoever has the fewest open deals for his weight.
    LeastBusy,
}

impl AssignmentMode {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            AssignmentMode::RoundRobin => "round_robin",
            AssignmentMode::LeastBusy => "least_busy",
        }
    }
}

impl<'a> FromSql<'a> for AssignmentMode {
    fn from_sql(_: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let known = [AssignmentMode::RoundRobin, AssignmentMode::LeastBusy];
        known.into_iter().find(|mode| mode.as_str().as_bytes() == raw).ok_or_else(|| "no way to assign".into())
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::TEXT
    }
}
kernel::not_null!(AssignmentMode);

/// Why a member of a rule gets no deal.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum OutReason {
    /// He is absent or paused.
    Away,
    /// He is no member any more, is disabled, or may not change deals.
    NotAble,
    /// He has as many open deals as the rule lets him have.
    Full,
}

/// A member of a rule.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct AssignmentMember {
    /// Who.
    #[serde(deserialize_with = "UserId::bare")]
    pub member: UserId,
    /// His share beside the others', 1 to 10.
    pub weight: i16,
    /// The rule gives him no further deal while he has so many open ones, in all pipelines.
    pub most_open: Option<i32>,
}
jsonb!(AssignmentMember);

row! {
    /// A rule that gives new deals without an owner to members. The first one that fits a deal decides about it.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct AssignmentRule {
        /// Its id.
        pub id: AssignmentRuleId,
        /// What people call it; once.
        pub name: String,
        /// Place among the rules, from 0.
        pub position: i32,
        /// Whether it is asked.
        pub enabled: bool,
        /// How it chooses.
        pub mode: AssignmentMode,
        /// Only deals of these pipelines; all when empty. So are the other conditions, and all of them must hold.
        pub pipelines: Vec<PipelineId>,
        /// Only deals from one of these sources; letter case does not count.
        pub sources: Vec<String>,
        /// Only deals of this currency, ISO 4217.
        pub currency: Option<String>,
        /// Only deals of at least this amount, in minor units of the currency.
        pub amount_from: Option<i64>,
        /// Only deals of at most this amount, in minor units of the currency.
        pub amount_to: Option<i64>,
        /// Only deals whose company, or without one whose first contact, is in one of these countries, ISO 3166-1 alpha-2.
        pub countries: Vec<String>,
        /// Only deals of which a contact has one of these tags.
        pub tags: Vec<TagId>,
        /// Only deals of companies of one of these industries; letter case does not count.
        pub industries: Vec<String>,
        /// Whom it gives deals to, in order.
        pub members: Vec<AssignmentMember>,
        /// How many deals it gave away.
        pub turns: i64,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag. Giving deals away is no change.
        pub version: i64,
    }
}

/// A member as he shall be in a rule.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewAssignmentMember {
    /// Who.
    pub member: UserId,
    /// His share beside the others', 1 to 10; 1 when absent.
    pub weight: Option<i16>,
    /// The rule gives him no further deal while he has so many open ones; no limit when absent.
    pub most_open: Option<i32>,
}

/// A rule as it shall be.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewAssignmentRule {
    /// What people call it, 1 to 60 characters.
    pub name: String,
    /// Whether it is asked; it is when absent.
    pub enabled: Option<bool>,
    /// How it chooses.
    pub mode: AssignmentMode,
    /// Only deals of these pipelines, at most 50; all when empty.
    #[oai(default)]
    pub pipelines: Vec<PipelineId>,
    /// Only deals from one of these sources, at most 50 of 100 characters.
    #[oai(default)]
    pub sources: Vec<String>,
    /// Only deals of this currency, ISO 4217; needed with an amount.
    pub currency: Option<String>,
    /// Only deals of at least this amount, in minor units of the currency.
    pub amount_from: Option<i64>,
    /// Only deals of at most this amount, in minor units of the currency.
    pub amount_to: Option<i64>,
    /// Only deals whose company, or without one whose first contact, is in one of these countries, ISO 3166-1 alpha-2.
    #[oai(default)]
    pub countries: Vec<String>,
    /// Only deals of which a contact has one of these tags.
    #[oai(default)]
    pub tags: Vec<TagId>,
    /// Only deals of companies of one of these industries.
    #[oai(default)]
    pub industries: Vec<String>,
    /// Whom it gives deals to, in order; 1 to 50.
    pub members: Vec<NewAssignmentMember>,
}

/// Rules in the order in which they are asked.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct AssignmentOrder {
    /// The first ones, each once. Rules that are not named come after them, in the order they have.
    pub rules: Vec<AssignmentRuleId>,
}

/// A member in a trial.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct AssignmentSeat {
    /// Who.
    pub member: UserId,
    /// His share beside the others'.
    pub weight: i16,
    /// His open deals, in all pipelines.
    pub open: i64,
    /// With so many open deals he gets no further one.
    pub most_open: Option<i32>,
    /// Why he would get none.
    pub out: Option<OutReason>,
}

/// Who would get a deal, if it were made now.
#[derive(Object, Debug, Clone, Default)]
#[oai(skip_serializing_if_is_none)]
pub struct AssignmentTrial {
    /// The rule that decides; none when no rule fits, and the deal has no owner.
    pub rule: Option<AssignmentRuleId>,
    /// What that rule is called.
    pub name: Option<String>,
    /// How it chooses.
    pub mode: Option<AssignmentMode>,
    /// Who gets the deal; nobody when nobody of the rule can.
    pub owner: Option<UserId>,
    /// The members of the rule, in its order.
    pub seats: Vec<AssignmentSeat>,
}

/// What rules look at in a deal that nobody has yet.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub pipeline: PipelineId,
    pub source: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub company: Option<CompanyId>,
    pub contacts: Vec<ContactId>,
}

row! {
    /// What rules look at beyond the deal itself.
    #[derive(Debug, Clone)]
    pub(super) struct Around {
        /// Where its company is, or without one its first contact.
        pub country: Option<String>,
        /// What its company does.
        pub industry: Option<String>,
        /// Tags of its contacts.
        pub tags: Vec<TagId>,
    }
}

impl AssignmentRule {
    /// Whether every condition holds.
    pub(super) fn fits(&self, deal: &Wanted, around: &Around) -> bool {
        let is_said = |list: &[String], value: Option<&str>| {
            list.is_empty() || value.is_some_and(|value| list.iter().any(|entry| same(entry, value)))
        };
        (self.pipelines.is_empty() || self.pipelines.contains(&deal.pipeline))
            && is_said(&self.sources, deal.source.as_deref())
            && self.currency.as_ref().is_none_or(|currency| *currency == deal.currency)
            && self.amount_from.is_none_or(|least| deal.amount >= least)
            && self.amount_to.is_none_or(|most| deal.amount <= most)
            && is_said(&self.countries, around.country.as_deref())
            && (self.tags.is_empty() || self.tags.iter().any(|tag| around.tags.contains(tag)))
            && is_said(&self.industries, around.industry.as_deref())
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

impl NewAssignmentRule {
    /// This, cleaned; 422 that names everything wrong.
    pub(super) fn checked(self) -> Result<Self> {
        let mut wrong = Problems::default();
        let name = wrong.text("/name", Some(self.name), 60).unwrap_or_default();
        if name.is_empty() {
            wrong.add("/name", "required", "A rule needs a name.");
        }
        let sources = entries(&mut wrong, "/sources", self.sources);
        let industries = entries(&mut wrong, "/industries", self.industries);
        let countries: Vec<String> =
            entries(&mut wrong, "/countries", self.countries).iter().map(|code| code.to_uppercase()).collect();
        let is_country = |code: &String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        if !countries.iter().all(is_country) {
            wrong.add("/countries", "country_invalid", "Codes of ISO 3166-1 alpha-2, for example DE.");
        }
        for (field, count) in [("/pipelines", self.pipelines.len()), ("/tags", self.tags.len())] {
            if count > MAX_ENTRIES {
                wrong.add(field, "count", "At most 50.");
            }
        }
        if self.currency.as_ref().is_some_and(|code| !is_currency(code)) {
            wrong.add("/currency", "currency_unknown", "A code of ISO 4217, for example EUR.");
        }
        for (field, amount) in [("/amount_from", self.amount_from), ("/amount_to", self.amount_to)] {
            let Some(amount) = amount else { continue };
            if !(0..=MAX_AMOUNT).contains(&amount) {
                wrong.add(field, "amount_range", "An amount goes from 0 to 100000000000000 minor units.");
            }
            if self.currency.is_none() {
                wrong.add("/currency", "required", "An amount needs its currency.");
            }
        }
        if self.amount_from.zip(self.amount_to).is_some_and(|(from, to)| from > to) {
            wrong.add("/amount_to", "amount_order", "The largest amount is not below the smallest.");
        }
        check_members(&mut wrong, &self.members);
        wrong.check()?;
        Ok(NewAssignmentRule { name, sources, industries, countries, ..self })
    }
}

fn check_members(wrong: &mut Problems, members: &[NewAssignmentMember]) {
    if members.is_empty() || members.len() > MAX_MEMBERS {
        wrong.add("/members", "count", "A rule has 1 to 50 members.");
    }
    let mut known = BTreeSet::new();
    for (i, member) in members.iter().enumerate() {
        if !known.insert(member.member) {
            wrong.add(format!("/members/{i}/member"), "member_twice", "This member is named twice.");
        }
        if member.weight.is_some_and(|weight| !(1..=10).contains(&weight)) {
            wrong.add(format!("/members/{i}/weight"), "weight_range", "A weight goes from 1 to 10.");
        }
        if member.most_open.is_some_and(|most| !(0..=100_000).contains(&most)) {
            wrong.add(format!("/members/{i}/most_open"), "limit_range", "A limit goes from 0 to 100000.");
        }
    }
}

/// Texts of a condition, cleaned, each once.
fn entries(wrong: &mut Problems, field: &str, given: Vec<String>) -> Vec<String> {
    if given.len() > MAX_ENTRIES {
        wrong.add(field, "count", "At most 50.");
    }
    let mut kept: Vec<String> = vec![];
    for text in given {
        if let Some(text) = wrong.text(field, Some(text), 100)
            && !kept.iter().any(|known| same(known, &text))
        {
            kept.push(text);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn rule() -> AssignmentRule {
        AssignmentRule {
            id: AssignmentRuleId(Uuid::nil()),
            name: "Rule".into(),
            position: 0,
            enabled: true,
            mode: AssignmentMode::RoundRobin,
            pipelines: vec![],
            sources: vec![],
            currency: None,
            amount_from: None,
            amount_to: None,
            countries: vec![],
            tags: vec![],
            industries: vec![],
            members: vec![],
            turns: 0,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn every_condition_must_hold_and_an_empty_one_always_does() {
        let (pipeline, tag) = (PipelineId(Uuid::from_u128(1)), TagId(Uuid::from_u128(2)));
        let deal = Wanted {
            pipeline,
            source: Some("Web site ".into()),
            amount: 500,
            currency: "EUR".into(),
            company: None,
            contacts: vec![],
        };
        let around = Around { country: Some("DE".into()), industry: None, tags: vec![tag] };
        let fits = |rule: AssignmentRule| rule.fits(&deal, &around);
        assert!(fits(rule()));
        assert!(fits(AssignmentRule {
            pipelines: vec![pipeline],
            sources: vec!["web SITE".into()],
            currency: Some("EUR".into()),
            amount_from: Some(500),
            amount_to: Some(500),
            countries: vec!["AT".into(), "DE".into()],
            tags: vec![tag],
            ..rule()
        }));
        assert!(!fits(AssignmentRule { pipelines: vec![PipelineId(Uuid::nil())], ..rule() }));
        assert!(!fits(AssignmentRule { sources: vec!["Fair".into()], ..rule() }));
        assert!(!fits(AssignmentRule { currency: Some("USD".into()), ..rule() }));
        assert!(!fits(AssignmentRule { currency: Some("EUR".into()), amount_from: Some(501), ..rule() }));
        assert!(!fits(AssignmentRule { currency: Some("EUR".into()), amount_to: Some(499), ..rule() }));
        assert!(!fits(AssignmentRule { industries: vec!["Retail".into()], ..rule() }), "nobody knows its industry");
        assert!(!fits(AssignmentRule { tags: vec![TagId(Uuid::nil())], ..rule() }));
    }
}
