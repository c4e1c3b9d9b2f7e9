//! Who is greeted with what on a day: the one rule that sending and the simulation ask.
use super::model::Greeting;
use crate::occasions::{OccasionKind, Reading, When, anchors};
use chrono::NaiveDate;
use contacts::ContactId;
use poem_openapi::Enum;
use std::collections::{BTreeMap, HashSet};

/// Why somebody who would be greeted is left out.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[oai(rename_all = "snake_case")]
pub enum SkipReason {
    /// There is no usable e-mail address.
    NoAddress,
    /// Somebody with this address asked not to be reached by e-mail.
    DoNotContact,
    /// The contact opted out of greetings.
    OptedOut,
    /// The consent that the greeting asks for was not given.
    NoConsent,
    /// The contact is in a stage that counts as lost.
    Lost,
    /// The contact belongs to a company that is blacklisted.
    Blacklisted,
    /// Another greeting goes out to the contact on this day.
    AnotherGreeting,
}

impl SkipReason {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            SkipReason::NoAddress => "no_address",
            SkipReason::DoNotContact => "do_not_contact",
            SkipReason::OptedOut => "opted_out",
            SkipReason::NoConsent => "no_consent",
            SkipReason::Lost => "lost",
            SkipReason::Blacklisted => "blacklisted",
            SkipReason::AnotherGreeting => "another_greeting",
        }
    }
}

/// An occasion of a contact.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub kind: OccasionKind,
    pub label: Option<String>,
    pub when: When,
    pub anchor: String,
}

/// What decides about one contact.
#[derive(Debug, Clone)]
pub(super) struct Facts {
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
    /// In lower case.
    pub tags: Vec<String>,
    pub owner: Option<uuid::Uuid>,
    pub is_lost: bool,
    pub is_blocked: bool,
    pub is_blacklisted: bool,
    pub has_opted_out: bool,
    /// Purposes that he agreed to, for e-mail.
    pub consents: Vec<String>,
    pub occasions: Vec<Own>,
}

/// A day and what is on it.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub on: NaiveDate,
    pub reading: Reading,
    pub anchors: HashSet<String>,
    /// Names of feasts, by key.
    pub feasts: BTreeMap<String, String>,
    pub one_a_day: bool,
}

impl Day {
    /// A day as the tenant reads it.
    pub fn new(on: NaiveDate, reading: Reading, feasts: BTreeMap<String, String>, one_a_day: bool) -> Self {
        Day { on, reading, anchors: anchors(on, reading).into_iter().collect(), feasts, one_a_day }
    }

    /// Whether a greeting may have somebody to greet on this day.
    pub fn concerns(&self, greeting: &Greeting) -> bool {
        !greeting.kinds.is_empty() || greeting.feasts.iter().any(|key| self.feasts.contains_key(key))
    }
}

/// What a greeting congratulates on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    pub occasion: Option<String>,
    pub years: Option<i32>,
    /// Whether it is the contact's own day.
    pub is_own: bool,
}

/// What becomes of a greeting for a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub cause: Cause,
    pub skip: Option<SkipReason>,
}

/// What a greeting would congratulate a contact on, if it is for him.
fn cause(day: &Day, facts: &Facts, greeting: &Greeting) -> Option<Cause> {
    if !is_in_audience(facts, greeting) {
        return None;
    }
    let own =
        facts.occasions.iter().filter(|own| greeting.kinds.contains(&own.kind) && day.anchors.contains(&own.anchor));
    let years = |own: &Own| own.when.years(day.on, day.reading);
    // What begins later is not celebrated before.
    if let Some(own) = own.into_iter().find(|own| years(own).is_none_or(|years| years >= 0)) {
        return Some(Cause { occasion: own.label.clone(), years: years(own), is_own: true });
    }
    let feast = greeting.feasts.iter().find_map(|key| day.feasts.get(key))?;
    Some(Cause { occasion: Some(feast.clone()), years: None, is_own: false })
}

/// Whether a greeting is for people like him. The statement that looks for candidates narrows by the same conditions.
fn is_in_audience(facts: &Facts, greeting: &Greeting) -> bool {
    let is = |wanted: &[String], has: Option<&str>| {
        wanted.is_empty() || has.is_some_and(|has| wanted.iter().any(|one| one.eq_ignore_ascii_case(has)))
    };
    let language = facts.language.as_deref().and_then(|tag| tag.split('-').next());
    is(&greeting.countries, facts.country.as_deref())
        && is(&greeting.languages, language)
        && is(&greeting.stages, Some(&facts.stage))
        && (greeting.tags.is_empty() || greeting.tags.iter().any(|tag| facts.tags.contains(&tag.to_lowercase())))
}

/// Why nobody may write to him, whatever the greeting says.
fn refusal(facts: &Facts, greeting: &Greeting) -> Option<SkipReason> {
    let agreed = greeting.consent_purpose.as_ref().is_none_or(|purpose| facts.consents.contains(purpose));
    [
        (facts.is_blocked, SkipReason::DoNotContact),
        (facts.has_opted_out, SkipReason::OptedOut),
        (facts.is_blacklisted, SkipReason::Blacklisted),
        (facts.is_lost, SkipReason::Lost),
        (!agreed, SkipReason::NoConsent),
        (facts.email.is_none(), SkipReason::NoAddress),
    ]
    .into_iter()
    .find_map(|(holds, reason)| holds.then_some(reason))
}

/// What becomes of each greeting for a contact on a day; `None` for those that are not for him. Of several that could go out
/// one does, unless the tenant wants them all: one for his own day before one for a feast, then the older one. Which one it
/// is does not depend on whether the others have been approved, so that the simulation and the day itself agree.
pub(super) fn decide(day: &Day, facts: &Facts, greetings: &[Greeting]) -> Vec<Option<Verdict>> {
    let mut verdicts: Vec<Option<Verdict>> = greetings
        .iter()
        .map(|greeting| {
            let cause = cause(day, facts, greeting)?;
            Some(Verdict { cause, skip: refusal(facts, greeting) })
        })
        .collect();
    if !day.one_a_day {
        return verdicts;
    }
    let rank = |(place, verdict): &(usize, &Verdict)| {
        (!verdict.cause.is_own, greetings[*place].created_at, greetings[*place].id)
    };
    let able = verdicts.iter().enumerate().filter_map(|(place, verdict)| Some((place, verdict.as_ref()?)));
    let winner = able.filter(|(_, verdict)| verdict.skip.is_none()).min_by_key(rank).map(|(place, _)| place);
    for (place, verdict) in verdicts.iter_mut().enumerate() {
        if let Some(verdict) = verdict.as_mut().filter(|verdict| verdict.skip.is_none() && Some(place) != winner) {
            verdict.skip = Some(SkipReason::AnotherGreeting);
        }
    }
    verdicts
}
