//! What health is made of: pure rules over facts, so that anybody can check the sum.
use crate::companies::{CompanyId, Status};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{jsonb, row};
use poem_openapi::{Enum, Object, types::ToJSON};
use serde::{Deserialize, Serialize};

/// Days in each of the two spans that the rhythm compares.
pub const RHYTHM_DAYS: i64 = 90;

/// What is known of a company.
#[derive(Debug, Clone)]
pub struct Facts {
    pub status: Status,
    pub renews_on: Option<NaiveDate>,
    pub cancel_by: Option<NaiveDate>,
    pub today: NaiveDate,
    pub people: i64,
    pub deciders: i64,
    pub firsts: i64,
    pub last_touch: Option<DateTime<Utc>>,
    pub recent: i64,
    pub before: i64,
}

row! {
    /// What is known of one company, as the statement gives it.
    #[derive(Debug, Clone)]
    pub struct CompanyFacts {
        pub id: CompanyId,
        pub name: String,
        pub status: Status,
        pub renews_on: Option<NaiveDate>,
        pub cancel_by: Option<NaiveDate>,
        pub today: NaiveDate,
        pub people: i64,
        pub deciders: i64,
        pub firsts: i64,
        pub last_touch: Option<DateTime<Utc>>,
        pub recent: i64,
        pub before: i64,
    }
}

/// How one company is doing.
#[derive(Debug, Clone)]
pub struct Healthy {
    /// Which.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// How it is doing.
    pub health: CompanyHealth,
}

/// Bands of the score: from 70 on, from 40 on, below, and where nothing is known.
pub const BANDS: [&str; 4] = ["good", "fair", "poor", "unknown"];

/// What can be found about each part, from the best to the worst.
pub const PARTS: [(PartKind, &[&str]); 4] = [
    (PartKind::Touch, &["fresh", "recent", "fading", "quiet", "silent", "never", "no_people"]),
    (PartKind::Rhythm, &["steady", "slower", "faint", "stopped", "unknown"]),
    (PartKind::People, &["known", "no_decider", "no_first", "no_roles", "no_people"]),
    (PartKind::Renewal, &["far", "coming", "near", "open", "passed", "unknown"]),
];

impl PartKind {
    /// As the API says it.
    pub fn as_str(self) -> &'static str {
        match self {
            PartKind::Touch => "touch",
            PartKind::Rhythm => "rhythm",
            PartKind::People => "people",
            PartKind::Renewal => "renewal",
        }
    }
}

impl Healthy {
    /// Counts it.
    pub fn of(facts: CompanyFacts, now: DateTime<Utc>) -> Self {
        let CompanyFacts { id, name, status, renews_on, cancel_by, today, people, deciders, firsts, .. } = facts;
        let CompanyFacts { last_touch, recent, before, .. } = facts;
        let facts = Facts { status, renews_on, cancel_by, today, people, deciders, firsts, last_touch, recent, before };
        Healthy { id, name, health: CompanyHealth::of(&facts, now) }
    }

    /// The band of its score.
    pub fn band(&self) -> &'static str {
        match self.health.score {
            Some(70..) => "good",
            Some(40..) => "fair",
            Some(_) => "poor",
            None => "unknown",
        }
    }

    /// What a list says of it.
    pub fn mark(&self) -> HealthMark {
        HealthMark { score: self.health.score, band: self.band().to_owned() }
    }

    /// The part, with what was found.
    pub fn part(&self, kind: PartKind) -> Option<&HealthPart> {
        self.health.parts.iter().find(|part| part.part == kind)
    }

    /// Whether this was found about a part.
    pub fn has(&self, kind: PartKind, finding: &str) -> bool {
        self.part(kind).is_some_and(|part| part.finding.to_json().is_some_and(|said| said == finding))
    }

    /// Whether a filter fits: a band, or a part and what was found (`touch.silent`).
    pub fn fits(&self, wanted: &str) -> bool {
        match wanted.split_once('.') {
            None => self.band() == wanted,
            Some((part, finding)) => PARTS.iter().any(|(kind, _)| kind.as_str() == part && self.has(*kind, finding)),
        }
    }
}

/// How a company of a list is doing.
#[derive(Object, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[oai(rename = "CompanyHealthMark", skip_serializing_if_is_none)]
pub struct HealthMark {
    /// Points given of a hundred that could be given; absent when nothing is known.
    pub score: Option<i32>,
    /// `good` from 70 on, `fair` from 40 on, `poor`, or `unknown`.
    pub band: String,
}

jsonb!(HealthMark);

/// Whether there is such a filter.
pub fn is_known(wanted: &str) -> bool {
    match wanted.split_once('.') {
        None => BANDS.contains(&wanted),
        Some((part, finding)) => {
            PARTS.iter().any(|(kind, findings)| kind.as_str() == part && findings.contains(&finding))
        }
    }
}

/// A part of health.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "HealthPartKind", rename_all = "snake_case")]
pub enum PartKind {
    /// How long ago something happened with it or one of its people.
    Touch,
    /// Whether more or less happens than before.
    Rhythm,
    /// Whether it is known whom to ask.
    People,
    /// How near the renewal of the contract is.
    Renewal,
}

/// What was found about a part.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "HealthFinding", rename_all = "snake_case")]
pub enum Finding {
    /// Touch: within two weeks.
    Fresh,
    /// Touch: within a month.
    Recent,
    /// Touch: within two months.
    Fading,
    /// Touch: within three months.
    Quiet,
    /// Touch: longer ago.
    Silent,
    /// Touch: nothing ever happened.
    Never,
    /// Rhythm: as much as before, or more.
    Steady,
    /// Rhythm: less, but at least half.
    Slower,
    /// Rhythm: less than half.
    Faint,
    /// Rhythm: nothing any more.
    Stopped,
    /// Rhythm: nothing to compare. Renewal: no day is known.
    Unknown,
    /// People: somebody decides and somebody is asked first.
    Known,
    /// People: nobody decides.
    NoDecider,
    /// People: nobody is asked first.
    NoFirst,
    /// People: neither.
    NoRoles,
    /// Touch and people: there is nobody.
    NoPeople,
    /// Renewal: more than three months away.
    Far,
    /// Renewal: one to three months away.
    Coming,
    /// Renewal: within a month.
    Near,
    /// Renewal: the contract can be ended for two more weeks at most.
    Open,
    /// Renewal: its day has passed.
    Passed,
}

/// One part of health, with what was found.
#[derive(Object, Debug, Clone, PartialEq)]
#[oai(skip_serializing_if_is_none)]
pub struct HealthPart {
    /// Which part.
    pub part: PartKind,
    /// Whether it counts; what is not known does not.
    pub counted: bool,
    /// Points it gives.
    pub points: i32,
    /// Points it could give.
    pub most: i32,
    /// What was found, for programs.
    pub finding: Finding,
    /// The same in a sentence, in English.
    pub detail: String,
    /// Days since the last touch, or until the renewal (until the contract can no longer be ended when it is `open`).
    pub days: Option<i64>,
    /// Touches of the last 90 days.
    pub recent: Option<i64>,
    /// Touches of the 90 days before.
    pub before: Option<i64>,
}

/// How a company is doing.
#[derive(Object, Debug, Clone, PartialEq)]
#[oai(skip_serializing_if_is_none)]
pub struct CompanyHealth {
    /// Points given of a hundred that could be given; absent when nothing is known, or when the relationship has ended.
    pub score: Option<i32>,
    /// Whether the relationship has ended, so that nobody expects anything of it.
    pub ended: bool,
    /// What it is made of, each part once.
    pub parts: Vec<HealthPart>,
}

fn part(part: PartKind, most: i32, points: Option<i32>, finding: Finding, detail: String) -> HealthPart {
    let counted = points.is_some();
    HealthPart {
        part,
        counted,
        points: points.unwrap_or(0),
        most,
        finding,
        detail,
        days: None,
        recent: None,
        before: None,
    }
}

fn counted(n: i64, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

impl CompanyHealth {
    /// Adds up what the facts give.
    pub fn of(facts: &Facts, now: DateTime<Utc>) -> Self {
        let parts = vec![touch(facts, now), rhythm(facts), people(facts), renewal(facts)];
        let ended = matches!(facts.status, Status::Former | Status::Blacklisted);
        // Who the people are says how well one is prepared, not how the relationship is.
        let sign = parts.iter().any(|p| p.counted && p.part != PartKind::People);
        let (points, most) = parts.iter().filter(|p| p.counted).fold((0, 0), |(a, b), p| (a + p.points, b + p.most));
        let score = (sign && !ended && most > 0).then(|| (200 * points + most) / (2 * most));
        CompanyHealth { score, ended, parts }
    }
}

fn touch(facts: &Facts, now: DateTime<Utc>) -> HealthPart {
    const MOST: i32 = 40;
    let Some(last) = facts.last_touch else {
        return match facts.people {
            0 => part(PartKind::Touch, MOST, None, Finding::NoPeople, "Nobody is known there yet.".into()),
            _ => part(PartKind::Touch, MOST, Some(0), Finding::Never, "Nothing has happened with it yet.".into()),
        };
    };
    let days = (now - last).num_days();
    let (points, finding) = match days {
        ..=14 => (40, Finding::Fresh),
        15..=30 => (30, Finding::Recent),
        31..=60 => (20, Finding::Fading),
        61..=90 => (10, Finding::Quiet),
        _ => (0, Finding::Silent),
    };
    let detail = match days {
        ..=0 => "Something happened with it today.".to_owned(),
        days => format!("Something last happened with it {} ago.", counted(days, "day")),
    };
    HealthPart { days: Some(days), ..part(PartKind::Touch, MOST, Some(points), finding, detail) }
}

fn rhythm(facts: &Facts) -> HealthPart {
    const MOST: i32 = 20;
    let (recent, before) = (facts.recent, facts.before);
    let (points, finding) = match (recent, before) {
        (0, 0) => (None, Finding::Unknown),
        (0, _) => (Some(0), Finding::Stopped),
        _ if recent >= before => (Some(20), Finding::Steady),
        _ if 2 * recent >= before => (Some(10), Finding::Slower),
        _ => (Some(5), Finding::Faint),
    };
    let detail = match finding {
        Finding::Unknown => format!("Nothing happened in the last {} days.", 2 * RHYTHM_DAYS),
        _ => format!("{recent} in the last {RHYTHM_DAYS} days, {before} in those before."),
    };
    let found = part(PartKind::Rhythm, MOST, points, finding, detail);
    HealthPart { recent: Some(recent), before: Some(before), ..found }
}

fn people(facts: &Facts) -> HealthPart {
    let (points, finding, detail) = match (facts.people, facts.deciders > 0, facts.firsts > 0) {
        (0, ..) => (0, Finding::NoPeople, "Nobody is known there yet."),
        (_, true, true) => (20, Finding::Known, "Somebody decides, and somebody is asked first."),
        (_, false, true) => (10, Finding::NoDecider, "Nobody is known to decide."),
        (_, true, false) => (10, Finding::NoFirst, "Nobody is named to be asked first."),
        (_, false, false) => (0, Finding::NoRoles, "Nobody is known to decide, and nobody is named to be asked first."),
    };
    part(PartKind::People, 20, Some(points), finding, detail.into())
}

fn renewal(facts: &Facts) -> HealthPart {
    const MOST: i32 = 20;
    let Some(renews) = facts.renews_on else {
        return part(PartKind::Renewal, MOST, None, Finding::Unknown, "No day of renewal is known.".into());
    };
    let until = |day: NaiveDate| (day - facts.today).num_days();
    let open = facts.cancel_by.map(until).filter(|days| (0..=14).contains(days));
    let days = open.unwrap_or_else(|| until(renews));
    let (points, finding) = match (open, days) {
        (Some(_), _) => (4, Finding::Open),
        (None, ..0) => (0, Finding::Passed),
        (None, 0..=30) => (8, Finding::Near),
        (None, 31..=90) => (14, Finding::Coming),
        (None, _) => (20, Finding::Far),
    };
    let detail = match finding {
        Finding::Open => format!("The contract can be ended for {} more.", counted(days, "day")),
        Finding::Passed => format!("The contract was to renew {} ago.", counted(-days, "day")),
        _ => format!("The contract renews in {}.", counted(days, "day")),
    };
    HealthPart { days: Some(days), ..part(PartKind::Renewal, MOST, Some(points), finding, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn now() -> DateTime<Utc> {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn facts() -> Facts {
        Facts {
            status: Status::Active,
            renews_on: None,
            cancel_by: None,
            today: now().date_naive(),
            people: 0,
            deciders: 0,
            firsts: 0,
            last_touch: None,
            recent: 0,
            before: 0,
        }
    }

    fn found(facts: &Facts, wanted: PartKind) -> (Finding, i32, bool) {
        let health = CompanyHealth::of(facts, now());
        let part = health.parts.iter().find(|p| p.part == wanted).unwrap();
        (part.finding, part.points, part.counted)
    }

    #[test]
    fn nothing_known_is_no_score() {
        assert_eq!(CompanyHealth::of(&facts(), now()).score, None);
        let ended = Facts { status: Status::Former, people: 1, last_touch: Some(now()), ..facts() };
        let health = CompanyHealth::of(&ended, now());
        assert!(health.ended && health.score.is_none());
        assert_eq!(health.parts.len(), 4, "the parts are told all the same");
    }

    #[test]
    fn a_touch_fades() {
        for (days, finding, points) in [
            (0, Finding::Fresh, 40),
            (14, Finding::Fresh, 40),
            (15, Finding::Recent, 30),
            (31, Finding::Fading, 20),
            (90, Finding::Quiet, 10),
            (91, Finding::Silent, 0),
        ] {
            let facts = Facts { people: 1, last_touch: Some(now() - TimeDelta::days(days)), ..facts() };
            assert_eq!(found(&facts, PartKind::Touch), (finding, points, true), "{days}");
        }
        assert_eq!(found(&Facts { people: 1, ..facts() }, PartKind::Touch), (Finding::Never, 0, true));
        assert_eq!(found(&facts(), PartKind::Touch), (Finding::NoPeople, 0, false));
    }

    #[test]
    fn a_renewal_comes_nearer() {
        let renewing = |days: i64, last: Option<i64>| Facts {
            renews_on: Some(now().date_naive() + TimeDelta::days(days)),
            cancel_by: last.map(|days| now().date_naive() + TimeDelta::days(days)),
            ..facts()
        };
        for (days, last, finding, points) in [
            (200, None, Finding::Far, 20),
            (90, None, Finding::Coming, 14),
            (30, None, Finding::Near, 8),
            (0, None, Finding::Near, 8),
            (-1, None, Finding::Passed, 0),
            (60, Some(14), Finding::Open, 4),
            (60, Some(-1), Finding::Coming, 14),
        ] {
            assert_eq!(found(&renewing(days, last), PartKind::Renewal), (finding, points, true), "{days} {last:?}");
        }
        assert_eq!(CompanyHealth::of(&renewing(200, None), now()).score, Some(50), "20 of 40: nobody is known there");
    }

    #[test]
    fn the_score_is_what_the_parts_add_up_to() {
        for (recent, before, finding) in [
            (3, 3, Finding::Steady),
            (2, 4, Finding::Slower),
            (1, 4, Finding::Faint),
            (0, 4, Finding::Stopped),
            (0, 0, Finding::Unknown),
        ] {
            let facts = Facts { people: 2, deciders: 1, last_touch: Some(now()), recent, before, ..facts() };
            let health = CompanyHealth::of(&facts, now());
            for part in &health.parts {
                let finding = part.finding.to_json().unwrap();
                let name = format!("{}.{}", part.part.as_str(), finding.as_str().unwrap());
                assert!(is_known(&name), "{name} can be asked for");
            }
            let counted: Vec<_> = health.parts.iter().filter(|p| p.counted).collect();
            let (points, most) = counted.iter().fold((0, 0), |(a, b), p| (a + p.points, b + p.most));
            assert_eq!(health.score, Some((f64::from(points) / f64::from(most) * 100.0).round() as i32));
            assert_eq!(found(&facts, PartKind::Rhythm).0, finding);
        }
    }
}
