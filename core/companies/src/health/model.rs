//! What health is made of: pure rules over facts, so that anybody can check the sum. They depend on records and on the day of the
//! account, and on nothing else, so what is kept stays right until something happens or such a day begins.
use crate::companies::{CompanyId, Status};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::row;
use poem_openapi::{Enum, Object};

/// Days in each of the two spans that the rhythm compares.
pub const RHYTHM_DAYS: i64 = 90;
/// Days since the last touch up to which something is found.
pub const TOUCH_DAYS: [(i64, Finding); 4] =
    [(14, Finding::Fresh), (30, Finding::Recent), (60, Finding::Fading), (90, Finding::Quiet)];
/// Days before the renewal from which it is coming, and near; and days before the last one on which the contract can be ended.
pub const COMING_DAYS: i64 = 90;
pub const NEAR_DAYS: i64 = 30;
pub const OPEN_DAYS: i64 = 14;

row! {
    /// What is known of a company. Days are those of the account's zone.
    #[derive(Debug, Clone)]
    pub struct Facts {
        pub id: CompanyId,
        pub status: Status,
        pub renews_on: Option<NaiveDate>,
        pub cancel_by: Option<NaiveDate>,
        pub today: NaiveDate,
        pub people: i64,
        pub deciders: i64,
        pub firsts: i64,
        pub touched_on: Option<NaiveDate>,
        /// Touches of the last 90 days, and the day of the first of them.
        pub recent: i64,
        pub recent_from: Option<NaiveDate>,
        /// The same of the 90 days before.
        pub before: i64,
        pub before_from: Option<NaiveDate>,
        /// When the next touch that is planned happens.
        pub planned_at: Option<DateTime<Utc>>,
    }
}

/// What can be found about each part, from the best to the worst, and what that is called.
pub const PARTS: [(PartKind, &[(&str, Finding)]); 4] = [
    (
        PartKind::Touch,
        &[
            ("fresh", Finding::Fresh),
            ("recent", Finding::Recent),
            ("fading", Finding::Fading),
            ("quiet", Finding::Quiet),
            ("silent", Finding::Silent),
            ("never", Finding::Never),
            ("no_people", Finding::NoPeople),
        ],
    ),
    (
        PartKind::Rhythm,
        &[
            ("steady", Finding::Steady),
            ("slower", Finding::Slower),
            ("faint", Finding::Faint),
            ("stopped", Finding::Stopped),
            ("unknown", Finding::Unknown),
        ],
    ),
    (
        PartKind::People,
        &[
            ("known", Finding::Known),
            ("no_decider", Finding::NoDecider),
            ("no_first", Finding::NoFirst),
            ("no_roles", Finding::NoRoles),
            ("no_people", Finding::NoPeople),
        ],
    ),
    (
        PartKind::Renewal,
        &[
            ("far", Finding::Far),
            ("coming", Finding::Coming),
            ("near", Finding::Near),
            ("open", Finding::Open),
            ("passed", Finding::Passed),
            ("unknown", Finding::Unknown),
        ],
    ),
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

    /// Points it could give.
    pub(super) fn most(self) -> i32 {
        if self == PartKind::Touch { 40 } else { 20 }
    }

    /// Points that a finding gives it; none when it does not count.
    pub(super) fn points(self, finding: Finding) -> Option<i32> {
        Some(match (self, finding) {
            (PartKind::Touch, Finding::Fresh) => 40,
            (PartKind::Touch, Finding::Recent) => 30,
            (PartKind::Touch, Finding::Fading)
            | (PartKind::Rhythm, Finding::Steady)
            | (PartKind::People, Finding::Known)
            | (PartKind::Renewal, Finding::Far) => 20,
            (PartKind::Renewal, Finding::Coming) => 14,
            (PartKind::Touch, Finding::Quiet)
            | (PartKind::Rhythm, Finding::Slower)
            | (PartKind::People, Finding::NoDecider | Finding::NoFirst) => 10,
            (PartKind::Renewal, Finding::Near) => 8,
            (PartKind::Rhythm, Finding::Faint) => 5,
            (PartKind::Renewal, Finding::Open) => 4,
            (PartKind::Touch, Finding::NoPeople) | (PartKind::Rhythm | PartKind::Renewal, Finding::Unknown) => {
                return None;
            }
            _ => 0,
        })
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
    /// Days since that of the last touch, or until the renewal (until the contract can no longer be ended when it is `open`).
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

fn part(part: PartKind, finding: Finding, detail: String) -> HealthPart {
    let points = part.points(finding);
    HealthPart {
        part,
        counted: points.is_some(),
        points: points.unwrap_or(0),
        most: part.most(),
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
    pub fn of(facts: &Facts) -> Self {
        let parts = vec![touch(facts), rhythm(facts), people(facts), renewal(facts)];
        let ended = matches!(facts.status, Status::Former | Status::Blacklisted);
        // Who the people are says how well one is prepared, not how the relationship is.
        let sign = parts.iter().any(|p| p.counted && p.part != PartKind::People);
        let (points, most) = parts.iter().filter(|p| p.counted).fold((0, 0), |(a, b), p| (a + p.points, b + p.most));
        let score = (sign && !ended && most > 0).then(|| (200 * points + most) / (2 * most));
        CompanyHealth { score, ended, parts }
    }
}

fn touch(facts: &Facts) -> HealthPart {
    let Some(last) = facts.touched_on else {
        return match facts.people {
            0 => part(PartKind::Touch, Finding::NoPeople, "Nobody is known there yet.".into()),
            _ => part(PartKind::Touch, Finding::Never, "Nothing has happened with it yet.".into()),
        };
    };
    let days = (facts.today - last).num_days();
    let found = TOUCH_DAYS.iter().find(|(most, _)| days <= *most);
    let detail = match days {
        ..=0 => "Something happened with it today.".to_owned(),
        days => format!("Something last happened with it {} ago.", counted(days, "day")),
    };
    let finding = found.map_or(Finding::Silent, |(_, finding)| *finding);
    HealthPart { days: Some(days), ..part(PartKind::Touch, finding, detail) }
}

fn rhythm(facts: &Facts) -> HealthPart {
    let (recent, before) = (facts.recent, facts.before);
    let finding = match (recent, before) {
        (0, 0) => Finding::Unknown,
        (0, _) => Finding::Stopped,
        _ if recent >= before => Finding::Steady,
        _ if 2 * recent >= before => Finding::Slower,
        _ => Finding::Faint,
    };
    let detail = match finding {
        Finding::Unknown => format!("Nothing happened in the last {} days.", 2 * RHYTHM_DAYS),
        _ => format!("{recent} in the last {RHYTHM_DAYS} days, {before} in those before."),
    };
    HealthPart { recent: Some(recent), before: Some(before), ..part(PartKind::Rhythm, finding, detail) }
}

fn people(facts: &Facts) -> HealthPart {
    let (finding, detail) = match (facts.people, facts.deciders > 0, facts.firsts > 0) {
        (0, ..) => (Finding::NoPeople, "Nobody is known there yet."),
        (_, true, true) => (Finding::Known, "Somebody decides, and somebody is asked first."),
        (_, false, true) => (Finding::NoDecider, "Nobody is known to decide."),
        (_, true, false) => (Finding::NoFirst, "Nobody is named to be asked first."),
        (_, false, false) => (Finding::NoRoles, "Nobody is known to decide, and nobody is named to be asked first."),
    };
    part(PartKind::People, finding, detail.into())
}

fn renewal(facts: &Facts) -> HealthPart {
    let Some(renews) = facts.renews_on else {
        return part(PartKind::Renewal, Finding::Unknown, "No day of renewal is known.".into());
    };
    let until = |day: NaiveDate| (day - facts.today).num_days();
    let open = facts.cancel_by.map(until).filter(|days| (0..=OPEN_DAYS).contains(days));
    let days = open.unwrap_or_else(|| until(renews));
    let finding = match (open, days) {
        (Some(_), _) => Finding::Open,
        (None, ..0) => Finding::Passed,
        (None, 0..=NEAR_DAYS) => Finding::Near,
        (None, ..=COMING_DAYS) => Finding::Coming,
        (None, _) => Finding::Far,
    };
    let detail = match finding {
        Finding::Open => format!("The contract can be ended for {} more.", counted(days, "day")),
        Finding::Passed => format!("The contract was to renew {} ago.", counted(-days, "day")),
        _ => format!("The contract renews in {}.", counted(days, "day")),
    };
    HealthPart { days: Some(days), ..part(PartKind::Renewal, finding, detail) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use chrono::TimeDelta;

    pub fn today() -> NaiveDate {
        "2026-11-20".parse().unwrap()
    }

    pub fn ago(days: i64) -> Option<NaiveDate> {
        Some(today() - TimeDelta::days(days))
    }

    pub fn facts() -> Facts {
        Facts {
            id: CompanyId(uuid::Uuid::nil()),
            status: Status::Active,
            renews_on: None,
            cancel_by: None,
            today: today(),
            people: 0,
            deciders: 0,
            firsts: 0,
            touched_on: None,
            recent: 0,
            recent_from: None,
            before: 0,
            before_from: None,
            planned_at: None,
        }
    }

    fn found(facts: &Facts, wanted: PartKind) -> (Finding, i32, bool) {
        let health = CompanyHealth::of(facts);
        let part = health.parts.iter().find(|p| p.part == wanted).unwrap();
        (part.finding, part.points, part.counted)
    }

    #[test]
    fn nothing_known_is_no_score() {
        assert_eq!(CompanyHealth::of(&facts()).score, None);
        let ended = Facts { status: Status::Former, people: 1, touched_on: ago(0), ..facts() };
        let health = CompanyHealth::of(&ended);
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
            let facts = Facts { people: 1, touched_on: ago(days), ..facts() };
            assert_eq!(found(&facts, PartKind::Touch), (finding, points, true), "{days}");
        }
        assert_eq!(found(&Facts { people: 1, ..facts() }, PartKind::Touch), (Finding::Never, 0, true));
        assert_eq!(found(&facts(), PartKind::Touch), (Finding::NoPeople, 0, false));
    }

    #[test]
    fn a_renewal_comes_nearer() {
        let renewing = |days: i64, last: Option<i64>| Facts {
            renews_on: ago(-days),
            cancel_by: last.and_then(|d| ago(-d)),
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
        assert_eq!(CompanyHealth::of(&renewing(200, None)).score, Some(50), "20 of 40: nobody is known there");
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
            let facts = Facts { people: 2, deciders: 1, touched_on: ago(0), recent, before, ..facts() };
            let health = CompanyHealth::of(&facts);
            let counted: Vec<_> = health.parts.iter().filter(|p| p.counted).collect();
            let (points, most) = counted.iter().fold((0, 0), |(a, b), p| (a + p.points, b + p.most));
            assert_eq!(health.score, Some((f64::from(points) / f64::from(most) * 100.0).round() as i32));
            assert_eq!(found(&facts, PartKind::Rhythm).0, finding);
        }
    }
}
