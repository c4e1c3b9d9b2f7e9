//! Who is greeted with what on a day: the one rule that sending and the simulation ask.
use super::model::{Greeting, GreetingId};
use crate::occasions::{OccasionId, OccasionKind, Reading, When, anchors};
use chrono::NaiveDate;
use contacts::{ContactId, SegmentId};
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
    /// The contact is in a stage that counts as lost, or belongs to a company that was a client.
    Lost,
    /// The contact belongs to a company that is blacklisted.
    Blacklisted,
    /// Another greeting goes out to the contact on this day.
    AnotherGreeting,
    /// The contact was greeted for the same on another day: a feast was moved since, or a date corrected.
    AlreadyGreeted,
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
            SkipReason::AlreadyGreeted => "already_greeted",
        }
    }
}

/// An occasion of a contact.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub id: OccasionId,
    pub kind: OccasionKind,
    pub label: Option<String>,
    pub when: When,
    pub anchor: String,
}

impl Own {
    /// Its name in the year of its own calendar in which it is on a day, whatever day that is.
    fn occurrence(&self, on: NaiveDate, reading: Reading) -> String {
        format!("occasion/{}/{}", self.id.0, self.when.year_of(on, reading))
    }
}

/// What a contact was greeted for already.
#[derive(Debug, Clone)]
pub(super) struct Greeted {
    pub greeting: GreetingId,
    pub occurrence: String,
    pub day: NaiveDate,
    /// Whether it was to be the only greeting.
    pub exclusive: bool,
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
    /// Segments that he is in, deleted ones too.
    pub segments: Vec<SegmentId>,
    pub owner: Option<uuid::Uuid>,
    pub is_lost: bool,
    pub is_blocked: bool,
    pub is_blacklisted: bool,
    pub has_opted_out: bool,
    /// Purposes that he agreed to, for e-mail.
    pub consents: Vec<String>,
    pub occasions: Vec<Own>,
    pub greeted: Vec<Greeted>,
}

/// A day and what is on it.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub on: NaiveDate,
    pub reading: Reading,
    pub anchors: HashSet<String>,
    /// By key.
    pub feasts: BTreeMap<String, Feast>,
    /// The tenant's language, for readers whose own is not known.
    pub locale: String,
    pub one_a_day: bool,
}

/// What a feast is called, by language.
type Names = BTreeMap<String, String>;

/// A feast on its day.
#[derive(Debug, Clone)]
pub(crate) struct Feast {
    pub names: Names,
    /// The year of its own calendar.
    pub year: i32,
}

/// A feast in the language of its reader, else of the tenant, else in English.
fn called(names: &Names, languages: [Option<&str>; 2]) -> Option<String> {
    let told = languages.into_iter().flatten().chain(["en"]);
    told.filter_map(|tag| tag.split('-').next()).find_map(|tag| names.get(&tag.to_lowercase())).cloned()
}

impl Day {
    /// A day as the tenant reads it.
    pub fn new(
        on: NaiveDate,
        reading: Reading,
        feasts: BTreeMap<String, Feast>,
        locale: &str,
        one_a_day: bool,
    ) -> Self {
        let anchors = anchors(on, reading).into_iter().collect();
        Day { on, reading, anchors, feasts, locale: locale.to_owned(), one_a_day }
    }

    /// Whether a greeting may have somebody to greet on this day.
    pub fn concerns(&self, greeting: &Greeting) -> bool {
        !greeting.kinds.is_empty() || greeting.feasts.iter().any(|key| self.feasts.contains_key(key))
    }
}

/// What a greeting congratulates on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cause {
    /// What is celebrated, whatever day it is on: the occasion or the feast and the year of its calendar.
    pub occurrence: String,
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

/// What a greeting would congratulate a contact on, if it is for him: what comes first.
fn causes(day: &Day, facts: &Facts, greeting: &Greeting) -> Vec<Cause> {
    if !is_in_audience(facts, greeting) {
        return vec![];
    }
    let years = |own: &Own| own.when.years(day.on, day.reading);
    let is_on = |own: &&Own| greeting.kinds.contains(&own.kind) && day.anchors.contains(&own.anchor);
    // What begins later is not celebrated before.
    let own = facts.occasions.iter().filter(is_on).filter(|own| years(own).is_none_or(|years| years >= 0));
    let own = own.map(|own| Cause {
        occurrence: own.occurrence(day.on, day.reading),
        occasion: own.label.clone(),
        years: years(own),
        is_own: true,
    });
    let feasts = greeting.feasts.iter().filter_map(|key| Some((key, day.feasts.get(key)?)));
    let feasts = feasts.map(|(key, feast)| Cause {
        occurrence: format!("feast/{key}/{}", feast.year),
        occasion: called(&feast.names, [facts.language.as_deref(), Some(&day.locale)]),
        years: None,
        is_own: false,
    });
    own.chain(feasts).collect()
}

/// Whether a contact was greeted for this on another day. On the day itself it is this greeting that is asked about.
fn is_greeted(day: &Day, facts: &Facts, greeting: &Greeting, cause: &Cause) -> bool {
    facts.greeted.iter().any(|greeted| {
        greeted.occurrence == cause.occurrence
            && greeted.day != day.on
            && (greeted.greeting == greeting.id || (day.one_a_day && greeted.exclusive))
    })
}

/// What becomes of a greeting for a contact, were it the only one: of what it congratulates on, the first that is new to him.
fn verdict(day: &Day, facts: &Facts, greeting: &Greeting) -> Option<Verdict> {
    let causes = causes(day, facts, greeting);
    let fresh = causes.iter().find(|cause| !is_greeted(day, facts, greeting, cause));
    let skip = refusal(facts, greeting).or_else(|| fresh.is_none().then_some(SkipReason::AlreadyGreeted));
    fresh.or(causes.first()).cloned().map(|cause| Verdict { cause, skip })
}

/// Whether a greeting is for people like him. The statement that looks for candidates narrows by the same conditions.
fn is_in_audience(facts: &Facts, greeting: &Greeting) -> bool {
    let is = |wanted: &[String], has: Option<&str>| {
        wanted.is_empty() || has.is_some_and(|has| wanted.iter().any(|one| one.eq_ignore_ascii_case(has)))
    };
    let language = facts.language.as_deref().and_then(|tag| tag.split('-').next());
    let is_in = |segment: &SegmentId| facts.segments.contains(segment);
    let Some(segments) = greeting.segments_in_force() else { return false };
    is(&greeting.countries, facts.country.as_deref())
        && is(&greeting.languages, language)
        && is(&greeting.stages, Some(&facts.stage))
        && (greeting.tags.is_empty() || greeting.tags.iter().any(|tag| facts.tags.contains(&tag.to_lowercase())))
        && (segments.is_empty() || segments.iter().any(is_in))
        && !greeting.excluded_segments.iter().any(is_in)
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
    let mut verdicts: Vec<Option<Verdict>> = greetings.iter().map(|greeting| verdict(day, facts, greeting)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        greetings::model::{Approval, GreetingId},
        occasions::LeapPolicy,
    };
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;
    use uuid::Uuid;

    const READING: Reading = Reading { leap: LeapPolicy::Feb28, hijri_shift: 0 };

    fn at(n: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + n, 0).unwrap()
    }

    fn greeting(n: u128, kinds: &[OccasionKind], feasts: &[&str]) -> Greeting {
        Greeting {
            id: GreetingId(Uuid::from_u128(n)),
            name: format!("{n}"),
            kinds: kinds.to_vec(),
            feasts: feasts.iter().map(|key| (*key).to_owned()).collect(),
            countries: vec![],
            languages: vec![],
            tags: vec![],
            stages: vec![],
            segments: vec![],
            excluded_segments: vec![],
            missing_segments: vec![],
            building: false,
            consent_purpose: None,
            subject: String::new(),
            body: String::new(),
            approval: Approval::Automatic,
            enabled: true,
            owner: None,
            created_at: at(n as i64),
            updated_at: at(0),
            deleted_at: None,
            version: 1,
        }
    }

    fn segment(n: u128) -> SegmentId {
        SegmentId(Uuid::from_u128(n))
    }

    fn own(when: When) -> Own {
        let id = OccasionId(Uuid::from_u128(7));
        Own { id, kind: OccasionKind::Birthday, label: None, anchor: when.anchor(), when }
    }

    fn somebody(when: When) -> Facts {
        Facts {
            contact: ContactId(Uuid::from_u128(1)),
            name: "Ada".into(),
            first_name: None,
            last_name: None,
            company: None,
            email: Some("ada@example.org".into()),
            zone: None,
            language: Some("en-GB".into()),
            country: Some("GB".into()),
            stage: "new".into(),
            tags: vec!["vip".into()],
            segments: vec![segment(1), segment(2)],
            owner: None,
            is_lost: false,
            is_blocked: false,
            is_blacklisted: false,
            has_opted_out: false,
            consents: vec!["news".into()],
            occasions: vec![own(when)],
            greeted: vec![],
        }
    }

    fn christmas(one_a_day: bool) -> Day {
        let names = [("en", "Christmas Day"), ("ar", "عيد الميلاد")];
        let names = names.map(|(language, name)| (language.to_owned(), name.to_owned()));
        let feast = Feast { names: BTreeMap::from(names), year: 2026 };
        let feasts = BTreeMap::from([("christmas".to_owned(), feast)]);
        Day::new("2026-12-25".parse().unwrap(), READING, feasts, "en-GB", one_a_day)
    }

    const BORN: When = When::Yearly { year: Some(1990), month: 12, day: 25, leap: None };

    fn told(day: &Day, facts: &Facts, greetings: &[Greeting]) -> Vec<Option<Option<SkipReason>>> {
        decide(day, facts, greetings).into_iter().map(|verdict| verdict.map(|verdict| verdict.skip)).collect()
    }

    #[test]
    fn ones_own_day_comes_before_a_feast_and_the_older_greeting_before_the_newer() {
        let birthday = [OccasionKind::Birthday];
        let all = [greeting(1, &[], &["christmas"]), greeting(2, &birthday, &[]), greeting(3, &birthday, &[])];
        let another = Some(Some(SkipReason::AnotherGreeting));
        assert_eq!(told(&christmas(true), &somebody(BORN), &all), [another, Some(None), another]);
        assert_eq!(told(&christmas(false), &somebody(BORN), &all), [Some(None); 3]);
        let cause = decide(&christmas(true), &somebody(BORN), &all)[1].clone().unwrap().cause;
        assert_eq!((cause.years, cause.is_own), (Some(36), true));
        // Somebody who is not born yet has no birthday, and still a feast.
        let unborn = When::Yearly { year: Some(2030), month: 12, day: 25, leap: None };
        assert_eq!(told(&christmas(true), &somebody(unborn), &all), [Some(None), None, None]);
    }

    #[test]
    fn a_feast_is_called_as_its_reader_says() {
        let all = [greeting(1, &[], &["christmas"])];
        for (language, locale, name) in [
            (Some("ar-EG"), "en", "عيد الميلاد"),
            (Some("AR"), "en", "عيد الميلاد"),
            (None, "ar", "عيد الميلاد"),
            (Some("fr"), "ar-SA", "عيد الميلاد"),
            (Some("fr"), "de", "Christmas Day"),
            (Some("en"), "ar", "Christmas Day"),
        ] {
            let day = Day { locale: locale.into(), ..christmas(true) };
            let facts = Facts { language: language.map(str::to_owned), ..somebody(BORN) };
            let cause = decide(&day, &facts, &all)[0].clone().unwrap().cause;
            assert_eq!(cause.occasion.as_deref(), Some(name), "{language:?} {locale}");
        }
    }

    #[test]
    fn one_that_cannot_go_out_does_not_keep_another_from_it() {
        let mut asks = greeting(1, &[OccasionKind::Birthday], &[]);
        asks.consent_purpose = Some("offers".into());
        let all = [asks, greeting(2, &[], &["christmas"])];
        assert_eq!(told(&christmas(true), &somebody(BORN), &all), [Some(Some(SkipReason::NoConsent)), Some(None)]);
    }

    #[test]
    fn an_audience_is_all_of_its_conditions() {
        let mut only = greeting(1, &[OccasionKind::Birthday], &[]);
        (only.countries, only.languages) = (vec!["GB".into()], vec!["en".into()]);
        (only.tags, only.stages) = (vec!["VIP".into()], vec!["new".into()]);
        assert_eq!(told(&christmas(true), &somebody(BORN), std::slice::from_ref(&only)), [Some(None)]);
        for change in [
            |facts: &mut Facts| facts.country = None,
            |facts: &mut Facts| facts.language = Some("eng".into()),
            |facts: &mut Facts| facts.tags.clear(),
            |facts: &mut Facts| facts.stage = "won".into(),
        ] {
            let mut other = somebody(BORN);
            change(&mut other);
            assert_eq!(told(&christmas(true), &other, std::slice::from_ref(&only)), [None]);
        }
    }

    #[test]
    fn what_is_not_known_of_segments_fits_nobody() {
        // He is in the first and the second one.
        for (segments, excluded, missing, building, fits) in [
            (vec![1, 3], vec![], vec![], false, true),
            (vec![3], vec![], vec![], false, false),
            (vec![1], vec![3], vec![], false, true),
            (vec![1], vec![2], vec![], false, false),
            (vec![], vec![2], vec![], false, false),
            // Deleted: of two the other one counts; nobody is in one alone, and who should be left out is not known.
            (vec![1, 3], vec![], vec![3], false, true),
            (vec![1, 3], vec![], vec![1], false, false),
            (vec![1], vec![], vec![1], false, false),
            (vec![1], vec![3], vec![3], false, false),
            (vec![1], vec![], vec![], true, false),
        ] {
            let ids = |all: &[u128]| all.iter().map(|n| segment(*n)).collect::<Vec<_>>();
            let mut only = greeting(1, &[OccasionKind::Birthday], &[]);
            (only.segments, only.excluded_segments) = (ids(&segments), ids(&excluded));
            (only.missing_segments, only.building) = (ids(&missing), building);
            let expected = fits.then_some(None);
            assert_eq!(
                told(&christmas(true), &somebody(BORN), &[only]),
                [expected],
                "{segments:?} {excluded:?} {missing:?}"
            );
        }
    }

    #[test]
    fn whoever_was_greeted_for_it_on_another_day_is_not_greeted_again() {
        let before = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
        let all = [greeting(1, &[OccasionKind::Birthday], &["christmas"]), greeting(2, &[OccasionKind::Birthday], &[])];
        let of = |occurrence: &str, day, exclusive| {
            let greeted = Greeted { greeting: all[0].id, occurrence: occurrence.to_owned(), day, exclusive };
            Facts { greeted: vec![greeted], ..somebody(BORN) }
        };
        let day = christmas(true);
        let (again, another) = (Some(Some(SkipReason::AlreadyGreeted)), Some(Some(SkipReason::AnotherGreeting)));
        let born = decide(&day, &somebody(BORN), &all)[0].clone().unwrap().cause.occurrence;
        assert_eq!(born, format!("occasion/{}/2026", Uuid::from_u128(7)));
        // For his birthday he was; what is left is the feast, which is new to him.
        assert_eq!(told(&day, &of(&born, before, true), &all), [Some(None), again]);
        assert_eq!(told(&day, &of(&born, before, true), &all[1..]), [again]);
        // Where everybody gets all of them, it is asked of each greeting; and of the day itself nothing is said.
        assert_eq!(told(&christmas(false), &of(&born, before, true), &all[1..]), [Some(None)]);
        assert_eq!(told(&day, &of(&born, before, false), &all[1..]), [Some(None)]);
        assert_eq!(told(&day, &of(&born, day.on, true), &all), [Some(None), another]);
        // A feast that was moved; last year's is another one.
        let feast = [greeting(1, &[], &["christmas"])];
        assert_eq!(told(&day, &of("feast/christmas/2026", before, true), &feast), [again]);
        assert_eq!(told(&day, &of("feast/christmas/2025", before, true), &feast), [Some(None)]);
    }

    proptest! {
        /// Nobody who is refused gets anything; everybody else who is meant gets one, or all of them.
        #[test]
        fn one_at_most_and_none_against_a_refusal(flags in 0u8..32, has_email: bool, one_a_day: bool, picks in proptest::collection::vec(0u8..3, 0..6)) {
            let mut facts = somebody(BORN);
            facts.is_blocked = flags & 1 != 0;
            facts.is_lost = flags & 2 != 0;
            facts.is_blacklisted = flags & 4 != 0;
            facts.has_opted_out = flags & 8 != 0;
            facts.occasions.retain(|_| flags & 16 == 0);
            facts.email = facts.email.filter(|_| has_email);
            let all: Vec<Greeting> = picks.iter().enumerate().map(|(n, pick)| match pick {
                0 => greeting(n as u128, &[OccasionKind::Birthday], &[]),
                1 => greeting(n as u128, &[], &["christmas"]),
                _ => greeting(n as u128, &[OccasionKind::Renewal], &["easter"]),
            }).collect();
            let verdicts = told(&christmas(one_a_day), &facts, &all);
            let meant = picks.iter().filter(|pick| **pick == 1 || (**pick == 0 && flags & 16 == 0)).count();
            let sent = verdicts.iter().filter(|verdict| **verdict == Some(None)).count();
            prop_assert_eq!(verdicts.iter().flatten().count(), meant);
            let refused = flags & 15 != 0 || !has_email;
            prop_assert_eq!(sent, if refused { 0 } else if one_a_day { meant.min(1) } else { meant });
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        /// In five years, wherever somebody lives: one greeting for each year of his date, at nine on his clock, when a program
        /// looks every quarter of an hour and remembers whom it has greeted.
        #[test]
        fn one_greeting_for_each_occurrence(zone in 0..chrono_tz::TZ_VARIANTS.len(), month in 1u32..13, day in 1u32..32, leap in 0usize..4) {
            use crate::greetings::moments;
            use chrono::{Datelike, NaiveTime};
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let Some(day) = NaiveDate::from_ymd_opt(2000, month, day).map(|day| day.day()) else { return Ok(()) };
            let own = [None, Some(LeapPolicy::Feb28), Some(LeapPolicy::Mar1), Some(LeapPolicy::LeapYears)][leap];
            let leap = own.filter(|_| (month, day) == (2, 29));
            let facts = somebody(When::Yearly { year: Some(1990), month, day, leap });
            let all = [greeting(1, &[OccasionKind::Birthday], &[])];
            let end = NaiveDate::from_ymd_opt(2029, 1, 1).unwrap().and_time(NaiveTime::MIN).and_utc();
            let mut slot = NaiveDate::from_ymd_opt(2023, 12, 30).unwrap().and_time(NaiveTime::MIN).and_utc();
            let (mut greeted, mut days) = (BTreeMap::new(), BTreeMap::new());
            while slot < end {
                slot = moments::next_slot(slot);
                for on in moments::days(slot) {
                    let is_on = *days.entry(on).or_insert_with(|| {
                        let day = Day::new(on, READING, BTreeMap::new(), "en", true);
                        told(&day, &facts, &all) == [Some(None)]
                    });
                    if is_on && moments::is_due(on, zone, slot) {
                        greeted.entry(on).or_insert(slot);
                    }
                }
            }
            let mut years = vec![];
            for (on, at) in greeted.into_iter().filter(|(on, _)| (2024..2029).contains(&on.year())) {
                let local = at.with_timezone(&zone).naive_local();
                prop_assert_eq!((local.date(), local.time()), (on, NaiveTime::from_hms_opt(9, 0, 0).unwrap()));
                years.push(on.year());
            }
            let only_leap_years = leap == Some(LeapPolicy::LeapYears);
            let expected: Vec<i32> = if only_leap_years { vec![2024, 2028] } else { (2024..2029).collect() };
            prop_assert_eq!(years, expected, "{} {}-{} {:?}", zone, month, day, leap);
        }
    }
}
