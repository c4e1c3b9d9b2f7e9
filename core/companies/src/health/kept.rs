//! What is kept of how a company is doing, for lists and reports, and how long it stays right.
use super::model::{COMING_DAYS, CompanyHealth, Facts, NEAR_DAYS, OPEN_DAYS, PARTS, PartKind, RHYTHM_DAYS, TOUCH_DAYS};
use crate::companies::CompanyId;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{not_null, row};
use poem_openapi::Object;
use tokio_postgres::types::{FromSql, Type};

/// What is kept in the place of a score where not enough is known.
pub const UNKNOWN: i32 = 101;
/// The same where nothing is to be said: the relationship has ended, or the company is not counted yet.
pub const NOTHING: i32 = 102;

/// Bands of the score: from 70 on, from 40 on, below, and where nothing is known; each with what is kept of those in it.
const BANDS: [(&str, std::ops::RangeInclusive<i32>); 4] =
    [("good", 70..=100), ("fair", 40..=69), ("poor", 0..=39), ("unknown", UNKNOWN..=UNKNOWN)];

fn band(health: i32) -> Option<&'static str> {
    BANDS.iter().find(|(_, scores)| scores.contains(&health)).map(|(band, _)| *band)
}

/// What is kept of the companies of a band.
pub fn scores_of(band: &str) -> Option<impl Iterator<Item = i32>> {
    BANDS.iter().find(|(known, _)| *known == band).map(|(_, scores)| scores.clone())
}

/// Whether something can be found: a band, or a part and what was found about it (`touch.silent`).
pub fn is_known(wanted: &str) -> bool {
    match wanted.split_once('.') {
        None => BANDS.iter().any(|(band, _)| *band == wanted),
        Some((part, finding)) => PARTS
            .iter()
            .any(|(kind, findings)| kind.as_str() == part && findings.iter().any(|(word, _)| *word == finding)),
    }
}

/// What is kept of how a company is doing.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub id: CompanyId,
    /// The score, [`UNKNOWN`] or [`NOTHING`].
    pub health: i32,
    /// Its band, and what was found about each part.
    pub found: Vec<String>,
    /// The next day of the account that may make it another.
    pub changes_on: Option<NaiveDate>,
    /// The next moment at which something that is planned happens.
    pub planned_at: Option<DateTime<Utc>>,
}

impl Kept {
    /// Of whom nothing is said, and nothing comes by itself.
    pub fn nothing(id: CompanyId) -> Self {
        Kept { id, health: NOTHING, found: vec![], changes_on: None, planned_at: None }
    }

    /// Counts it.
    pub fn of(facts: &Facts) -> Self {
        let CompanyHealth { score, ended, parts } = CompanyHealth::of(facts);
        if ended {
            return Kept::nothing(facts.id);
        }
        let health = score.unwrap_or(UNKNOWN);
        let findings = parts.iter().flat_map(|one| {
            let words = PARTS.iter().find(|(kind, _)| *kind == one.part).map(|(_, words)| *words);
            let word = words.into_iter().flatten().find(|(_, finding)| *finding == one.finding);
            word.map(|(word, _)| format!("{}.{word}", one.part.as_str()))
        });
        let found = band(health).map(str::to_owned).into_iter().chain(findings).collect();
        Kept { id: facts.id, health, found, changes_on: changes_on(facts), planned_at: facts.planned_at }
    }
}

/// The next day on which something else may be found though nothing happens.
fn changes_on(facts: &Facts) -> Option<NaiveDate> {
    let after = |day: Option<NaiveDate>, days: i64| day?.checked_add_signed(TimeDelta::days(days));
    let touch = TOUCH_DAYS.iter().map(|(most, _)| after(facts.touched_on, most + 1));
    let others = [
        after(facts.recent_from, RHYTHM_DAYS),
        after(facts.before_from, 2 * RHYTHM_DAYS),
        after(facts.renews_on, -COMING_DAYS),
        after(facts.renews_on, -NEAR_DAYS),
        after(facts.renews_on, 1),
        after(facts.cancel_by, -OPEN_DAYS),
        after(facts.cancel_by, 1),
    ];
    touch.chain(others).flatten().filter(|day| *day > facts.today).min()
}

row! {
    /// How a company is doing whose score is known, as it is kept.
    #[derive(Debug, Clone)]
    pub struct Healthy {
        /// Which.
        pub id: CompanyId,
        /// Its name.
        pub name: String,
        /// Points given of a hundred that could be given.
        pub score: i32,
        /// Its band, and what was found about each part.
        pub found: Vec<String>,
    }
}

impl Healthy {
    /// Points that a part gives, and those that it could give; none when it does not count.
    pub fn points(&self, kind: PartKind) -> Option<(i32, i32)> {
        let found = |word: &str| self.found.iter().any(|f| f.split_once('.') == Some((kind.as_str(), word)));
        let (_, findings) = PARTS.iter().find(|(known, _)| *known == kind)?;
        let (_, finding) = findings.iter().find(|(word, _)| found(word))?;
        Some((kind.points(*finding)?, kind.most()))
    }
}

/// How a company of a list is doing.
#[derive(Object, Debug, Clone, PartialEq)]
#[oai(rename = "CompanyHealthMark", skip_serializing_if_is_none)]
pub struct HealthMark {
    /// Points given of a hundred that could be given; absent when nothing is known.
    pub score: Option<i32>,
    /// `good` from 70 on, `fair` from 40 on, `poor`, or `unknown`.
    pub band: String,
}

/// Of what is kept; where nothing is to be said, statements give null.
impl<'a> FromSql<'a> for HealthMark {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let health = i32::from_sql(ty, raw)?;
        let band = band(health).ok_or_else(|| format!("{health} is no health"))?.to_owned();
        Ok(HealthMark { score: Some(health).filter(|score| *score < UNKNOWN), band })
    }

    fn accepts(ty: &Type) -> bool {
        i32::accepts(ty)
    }
}
not_null!(HealthMark);

#[cfg(test)]
mod tests {
    use super::{
        super::model::tests::{ago, facts, today},
        *,
    };
    use crate::companies::Status;
    use poem_openapi::types::ToJSON;

    #[test]
    fn what_is_kept_is_what_a_page_tells() {
        let kept = Kept::of(&facts());
        assert_eq!((kept.health, kept.found[0].as_str(), kept.changes_on), (UNKNOWN, "unknown", None));
        let ended = Facts { status: Status::Former, people: 1, touched_on: ago(0), ..facts() };
        assert_eq!(Kept::of(&ended), Kept::nothing(ended.id));
        for (word, finding) in PARTS.iter().flat_map(|(_, findings)| findings.iter()) {
            assert_eq!(finding.to_json(), Some((*word).into()), "what is kept is what the API says");
        }
        for (recent, before) in [(3, 3), (2, 4), (1, 4), (0, 4), (0, 0)] {
            let facts = Facts { people: 2, deciders: 1, touched_on: ago(0), recent, before, ..facts() };
            let (health, kept) = (CompanyHealth::of(&facts), Kept::of(&facts));
            assert_eq!(Some(kept.health), health.score);
            assert!(scores_of(&kept.found[0]).is_some_and(|mut scores| scores.any(|score| score == kept.health)));
            assert!(kept.found.iter().all(|one| is_known(one)), "what is kept can be asked for");
            let listed = Healthy { id: facts.id, name: String::new(), score: kept.health, found: kept.found };
            for part in &health.parts {
                assert_eq!(listed.points(part.part), part.counted.then_some((part.points, part.most)), "{part:?}");
            }
        }
    }

    /// A company's facts on a day, from the days of what happened with it.
    fn on(day: NaiveDate, touches: &[NaiveDate], known: &Facts) -> Facts {
        let age = |touch: &&NaiveDate| (day - **touch).num_days();
        let span = |from: i64| touches.iter().filter(move |touch| (from..from + RHYTHM_DAYS).contains(&age(touch)));
        Facts {
            today: day,
            touched_on: touches.iter().filter(|touch| age(touch) >= 0).max().copied(),
            recent: span(0).count() as i64,
            recent_from: span(0).min().copied(),
            before: span(RHYTHM_DAYS).count() as i64,
            before_from: span(RHYTHM_DAYS).min().copied(),
            ..known.clone()
        }
    }

    #[test]
    fn until_the_day_that_it_names_nothing_becomes_another() {
        let mut seed = 20_261_130_u64;
        let mut below = |n: i64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as i64 % n
        };
        for _ in 0..40 {
            let touches: Vec<NaiveDate> = (0..below(6)).filter_map(|_| ago(below(250))).collect();
            let renews_on = ago(-below(250)).filter(|_| below(3) > 0);
            let cancel_by = renews_on.map(|day| day - TimeDelta::days(below(60))).filter(|_| below(2) > 0);
            let known = Facts { people: below(2), renews_on, cancel_by, ..facts() };
            let mut kept = Kept::of(&on(today(), &touches, &known));
            for day in today().iter_days().take(500) {
                let now = Kept::of(&on(day, &touches, &known));
                if kept.changes_on == Some(day) {
                    kept = now;
                } else {
                    assert_eq!(kept, now, "{day}: {touches:?} {known:?}");
                }
            }
        }
    }
}
