//! What rules of scores are, and what may be sent for them.
use super::points::Counting;
use chrono::{DateTime, NaiveDate, Utc};
use contacts::{Problems, ScoreBand};
use kernel::{jsonb, row};
use poem_openapi::Object;
use segments::{RuleKind, SegmentRule};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Most rules.
const MOST_RULES: usize = 50;
/// Longest name of a rule, in characters.
const MAX_NAME: usize = 80;
/// Most times that a rule counts.
const MOST_TIMES: u32 = 100;
/// Most days.
const MOST_DAYS: u32 = 3_650;

kernel::word! {
    /// What a rule of scores looks at.
    pub enum ScoreRuleKind {
        /// What is known of the contact: it fits or not.
        #[default]
        Fit = "fit",
        /// What happened: each related record that fits counts.
        Behaviour = "behaviour",
    }
}

/// A rule that gives points or takes them.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
#[serde(default)]
pub struct ScoreRule {
    /// What it is told apart by, chosen by whoever writes it: 1 to 40 of `a` to `z`, digits, `_` and `-`; it should stay when the
    /// rule is changed.
    pub id: String,
    /// What it is called, 1 to 80 characters.
    pub name: String,
    /// Whether it counts.
    pub active: bool,
    /// What it looks at.
    pub kind: ScoreRuleKind,
    /// Whom it fits, in the words of segments. Of behaviour it is of the kind `has` and says which records count. It cannot ask for
    /// the score itself, nor for what changes within a day.
    pub definition: SegmentRule,
    /// Points for a contact that fits, or for each record: -100 to 100, not 0.
    pub points: i32,
    /// So many records count at most, the newest first: 1 to 100; 1 of a fit.
    pub most: u32,
    /// Which moment of the record is its age: the name of one of its fields, such as `closed_at` of deals; when it was made or
    /// happened if absent.
    pub moment: Option<String>,
    /// Days after which a record is worth half as much, 1 to 3650; none of a fit.
    pub half_life_days: Option<u32>,
    /// Records older than so many days do not count, 1 to 3650; none of a fit.
    pub within_days: Option<u32>,
}

impl ScoreRule {
    /// How it counts.
    pub(crate) fn counting(&self) -> Counting {
        Counting { points: self.points, most: self.most, half_life: self.half_life_days, within: self.within_days }
    }
}

/// Rules as they are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Rules(pub Vec<ScoreRule>);
jsonb!(Rules);

row! {
    /// As kept.
    #[derive(Debug, Clone)]
    pub(crate) struct ScoringRow {
        /// The rules in their order.
        pub rules: Rules,
        /// Lowest score of `warm`.
        pub warm_from: i32,
        /// Lowest score of `hot`.
        pub hot_from: i32,
        /// Day of the tenant as of which scores are right.
        pub scored_on: Option<NaiveDate>,
        /// Zone in which that day is meant.
        pub zone: Option<String>,
        /// Day of which somebody looks when it ends.
        pub armed_on: Option<NaiveDate>,
        /// Whether all contacts are being counted.
        pub is_counting: bool,
        /// The last one that was.
        pub counted_to: Option<Uuid>,
        /// How many were.
        pub done: i64,
        /// How many there were when it began.
        pub total: i64,
        /// When somebody last changed it.
        pub updated_at: Option<DateTime<Utc>>,
        /// The ETag.
        pub version: i64,
    }
}

/// A rule that names something that is gone: it gives nobody points.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct BrokenScoreRule {
    /// Id of the rule.
    pub id: String,
    /// What is gone: `tag`, `field`, `stage`, `pipeline`, `pipeline_stage` or `form`.
    pub missing: String,
}

/// How scores are counted.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Scoring {
    /// The rules in their order.
    pub rules: Vec<ScoreRule>,
    /// Lowest score of the band `warm`.
    pub warm_from: i32,
    /// Lowest score of the band `hot`.
    pub hot_from: i32,
    /// Rules that name something that is gone.
    pub broken: Vec<BrokenScoreRule>,
    /// Whether scores are being counted anew, because the rules changed.
    pub counting: bool,
    /// How many contacts were counted since then.
    pub done: i64,
    /// How many there were to count.
    pub total: i64,
    /// When somebody last changed the rules, UTC; absent while they are those that an account begins with.
    pub updated_at: Option<DateTime<Utc>>,
    /// Rises with every change of the rules, not of scores; the ETag.
    pub version: i64,
}

/// How scores are to be counted; the whole of it is replaced.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewScoring {
    /// The rules in their order, at most 50.
    pub rules: Vec<ScoreRule>,
    /// Lowest score of the band `warm`, from 1.
    pub warm_from: i32,
    /// Lowest score of the band `hot`, above `warm_from`, up to 100.
    pub hot_from: i32,
}

impl NewScoring {
    /// This, cleaned, with what is wrong with it as far as it can be told without looking anything up.
    pub(crate) fn read(mut self) -> (Self, Problems) {
        let mut problems = Problems::default();
        problems.count("/rules", self.rules.len(), MOST_RULES);
        if !(1..=99).contains(&self.warm_from) || !(self.warm_from + 1..=100).contains(&self.hot_from) {
            problems.add("/hot_from", "bands_range", "0 < warm_from < hot_from, and hot_from is at most 100.");
        }
        let mut ids = BTreeSet::new();
        for (n, rule) in self.rules.iter_mut().enumerate() {
            let at = format!("/rules/{n}");
            let sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
            if rule.id.is_empty() || rule.id.len() > 40 || !rule.id.chars().all(sign) {
                problems.add(format!("{at}/id"), "id_invalid", "1 to 40 of a to z, digits, _ and -.");
            }
            if !ids.insert(rule.id.clone()) {
                problems.add(format!("{at}/id"), "id_taken", "No two rules have the same id.");
            }
            let name = problems.text(&format!("{at}/name"), Some(std::mem::take(&mut rule.name)), MAX_NAME);
            if name.is_none() {
                problems.add(format!("{at}/name"), "required", "Say what it is called.");
            }
            rule.name = name.unwrap_or_default();
            rule.check(&at, &mut problems);
        }
        (self, problems)
    }
}

impl ScoreRule {
    fn check(&self, at: &str, problems: &mut Problems) {
        if self.points == 0 || !(-100..=100).contains(&self.points) {
            problems.add(format!("{at}/points"), "points_range", "-100 to 100, and not 0.");
        }
        let most = if self.kind == ScoreRuleKind::Fit { 1 } else { MOST_TIMES };
        if !(1..=most).contains(&self.most) {
            problems.add(format!("{at}/most"), "most_range", format!("1 to {most}."));
        }
        for (field, days) in [("half_life_days", self.half_life_days), ("within_days", self.within_days)] {
            if days.is_some_and(|days| self.kind == ScoreRuleKind::Fit || !(1..=MOST_DAYS).contains(&days)) {
                let detail = format!("1 to {MOST_DAYS} days, of behaviour.");
                problems.add(format!("{at}/{field}"), "days_range", detail);
            }
        }
        if self.moment.is_some() && self.kind == ScoreRuleKind::Fit {
            problems.add(format!("{at}/moment"), "moment_invalid", "Only what happened has a moment.");
        }
        if asks_score(&self.definition) {
            let detail = "A score cannot depend on scores.";
            problems.add(format!("{at}/definition"), "score_of_score", detail);
        }
    }
}

fn asks_score(rule: &SegmentRule) -> bool {
    let own = rule.kind == RuleKind::Field && matches!(rule.field.as_deref(), Some("score" | "band"));
    own || rule.rules.iter().any(asks_score)
}

/// Why a contact has points, or lost some.
#[derive(Object, Debug, Clone, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ScoreReason {
    /// Id of the rule.
    pub rule: String,
    /// What the rule is called.
    pub name: String,
    /// What it looks at.
    pub kind: ScoreRuleKind,
    /// What it gives: points of what counted, rounded once.
    pub points: i32,
    /// How many records counted; 1 of a fit.
    pub count: u32,
    /// When the newest of them was, UTC; absent for a fit.
    pub newest: Option<DateTime<Utc>>,
}

/// A contact's score with its reasons, counted now.
#[derive(Object, Debug, Clone, Serialize)]
pub struct ContactScore {
    /// 0 to 100: the sum of the points, kept between these ends.
    pub score: i32,
    /// Where it stands between the limits.
    pub band: ScoreBand,
    /// The sum before it was kept between the ends.
    pub sum: i32,
    /// Rules that gave points or took some, those that matter most first.
    pub reasons: Vec<ScoreReason>,
    /// Lowest score of the band `warm`.
    pub warm_from: i32,
    /// Lowest score of the band `hot`.
    pub hot_from: i32,
    /// The day of the tenant as of which it was counted.
    pub as_of: NaiveDate,
}

/// How many contacts are in each band.
#[derive(Object, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BandCounts {
    /// Cold ones.
    pub cold: u32,
    /// Warm ones.
    pub warm: u32,
    /// Hot ones.
    pub hot: u32,
}

impl BandCounts {
    /// One more.
    pub(crate) fn add(&mut self, band: ScoreBand) {
        *match band {
            ScoreBand::Cold => &mut self.cold,
            ScoreBand::Warm => &mut self.warm,
            ScoreBand::Hot => &mut self.hot,
        } += 1;
    }
}

/// What other rules would make of contacts.
#[derive(Object, Debug, Clone)]
pub struct ScoringPreview {
    /// How many contacts in reach were looked at.
    pub contacts: u32,
    /// Whether there are more, and these were picked at random.
    pub sampled: bool,
    /// Their bands now.
    pub now: BandCounts,
    /// Their bands by the rules that were sent.
    pub then: BandCounts,
}
