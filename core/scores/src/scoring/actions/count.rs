//! Counting: which rules give a contact how many points, and what is written when its score is another one.
use super::shifted;
use crate::scoring::{
    db::{self, Ageing, Asked, Standing},
    model::{BandCounts, ScoreReason, ScoreRule, ScoreRuleKind, ScoringRow},
    points,
};
use chrono::NaiveDate;
use contacts::ScoreBand;
use kernel::{Result, Tx, events::NewEvent};
use segments::{AsOf, Question};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// Contacts that are counted in one transaction.
const BATCH: i64 = 500;
/// Of those that an import brings, for each of its batches while it runs: they tell it what others like them begin with.
const FEW: i64 = 50;

/// Rules that count, with what they ask, as of today.
pub(super) struct Plan {
    rules: Vec<(ScoreRule, Question)>,
    limits: (i32, i32),
    pub today: NaiveDate,
    at: AsOf,
}

/// What a contact has become.
pub(super) struct Counted {
    pub was: Standing,
    pub score: i32,
    pub reasons: Vec<ScoreReason>,
}

impl Plan {
    /// The rules that are switched on and can be read.
    pub async fn of(tx: &mut Tx, rules: &[ScoreRule], warm_from: i32, hot_from: i32) -> Result<Plan> {
        let active: Vec<&ScoreRule> = rules.iter().filter(|rule| rule.active).collect();
        let definitions: Vec<_> = active.iter().map(|rule| &rule.definition).collect();
        let read = segments::questions(tx, &definitions).await?;
        let rules = active.into_iter().zip(read);
        let rules = rules.filter_map(|(rule, read)| Some((rule.clone(), read.ok()?))).collect();
        let zone = tx.tenant().zone.clone();
        let today = tasks::day_of(tx.now(), tasks::zone_of(&zone));
        let at = segments::as_of(tx, today, &zone).await?;
        Ok(Plan { rules, limits: (warm_from, hot_from), today, at })
    }

    /// The band of a score.
    pub fn band(&self, score: i32) -> ScoreBand {
        points::band(score, self.limits.0, self.limits.1)
    }

    fn behaviour(&self) -> impl Iterator<Item = (usize, &ScoreRule, &Question, &'static str)> {
        let behaviour = self.rules.iter().enumerate().filter(|(_, (rule, _))| rule.kind == ScoreRuleKind::Behaviour);
        behaviour
            .filter_map(|(n, (rule, question))| Some((n, rule, question, question.moment(rule.moment.as_deref())?)))
    }

    /// Counts contacts that are not deleted.
    pub async fn count(&self, tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Counted>> {
        let fits: Vec<(i32, &Question)> = (0..)
            .zip(&self.rules)
            .filter(|(_, (rule, _))| rule.kind == ScoreRuleKind::Fit)
            .map(|(n, (_, question))| (n, question))
            .collect();
        let asked: Vec<Asked<'_>> = self
            .behaviour()
            .map(|(n, rule, question, column)| Asked {
                n: n as i32,
                question,
                column,
                most: rule.most.into(),
                within: rule.within_days,
            })
            .collect();
        let standing = db::standing(tx, ids, &fits, &self.at).await?;
        let mut facts: HashMap<(Uuid, i32), Vec<_>> = HashMap::new();
        for fact in db::facts(tx, ids, &asked, &self.at).await? {
            facts.entry((fact.contact_id, fact.n)).or_default().push(fact.at);
        }
        let count = |was: Standing| {
            let reasons: Vec<ScoreReason> = (0..)
                .zip(&self.rules)
                .filter_map(|(n, (rule, _))| self.reason(rule, was.fits.contains(&n), facts.get(&(was.id, n))))
                .collect();
            let score = points::score(reasons.iter().map(|reason| reason.points));
            Counted { was, score, reasons }
        };
        Ok(standing.into_iter().map(count).collect())
    }

    fn reason(
        &self,
        rule: &ScoreRule,
        fits: bool,
        moments: Option<&Vec<chrono::DateTime<chrono::Utc>>>,
    ) -> Option<ScoreReason> {
        let (points, count, newest) = match (rule.kind, moments) {
            (ScoreRuleKind::Fit, _) => (if fits { rule.points } else { 0 }, 1, None),
            (ScoreRuleKind::Behaviour, None) => return None,
            (ScoreRuleKind::Behaviour, Some(moments)) => {
                let ages: Vec<u32> = moments.iter().map(|at| self.at.age(*at)).collect();
                let counting = rule.counting();
                (counting.total(&ages), counting.counted(&ages).len() as u32, moments.iter().max().copied())
            }
        };
        let reason =
            ScoreReason { rule: rule.id.clone(), name: rule.name.clone(), kind: rule.kind, points, count, newest };
        (points != 0).then_some(reason)
    }

    /// What grows old between an earlier day and today.
    pub fn ageing(&self, old: &AsOf) -> Vec<Ageing<'_>> {
        let days = self.rules.iter().filter(|(rule, question)| rule.kind == ScoreRuleKind::Fit && question.uses_days());
        let facts = self.behaviour().filter_map(|(_, rule, question, column)| {
            let until = match (rule.half_life_days, rule.within_days) {
                (None, None) => return None,
                // Nothing is worth less before it is worth nothing.
                (None, Some(within)) => Some(self.at.days_before(within)),
                (Some(_), _) => None,
            };
            let from = old.days_before(rule.counting().gone_at()?);
            Some(Ageing::Facts(question, column, (from, until)))
        });
        days.map(|(_, question)| Ageing::Days(question)).chain(facts).collect()
    }

    /// As of when it counts.
    pub fn at(&self) -> &AsOf {
        &self.at
    }

    /// Whether a rule names a thing, or asks for tags when it is one.
    pub fn names(&self, id: Uuid, is_tag: bool) -> bool {
        self.rules.iter().any(|(_, question)| question.names(id, is_tag))
    }

    /// Whether a rule says something else on another day.
    pub fn uses_days(&self) -> bool {
        self.rules.iter().any(|(_, question)| question.uses_days())
    }
}

/// Makes the scores of contacts what the rules say, with `scoring` locked. `quiet` tells figures instead of each contact.
async fn settle(tx: &mut Tx, plan: &Plan, ids: &[Uuid], quiet: bool) -> Result<()> {
    let mut counted = plan.count(tx, ids).await?;
    counted.retain(|one| (one.score, plan.band(one.score)) != (one.was.score, one.was.band));
    let ids: Vec<Uuid> = counted.iter().map(|one| one.was.id).collect();
    let scores: Vec<i32> = counted.iter().map(|one| one.score).collect();
    let bands: Vec<&str> = scores.iter().map(|score| plan.band(*score).as_str()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    contacts::set_scores(tx, &ids, &scores, &bands).await?;
    segments::note(tx, &ids, quiet).await?;
    let mut moved = BandCounts::default();
    for one in counted.iter().filter(|one| plan.band(one.score) != one.was.band) {
        let band = plan.band(one.score);
        moved.add(band);
        if !quiet {
            let event = NewEvent::new("score.band_changed", "scores", one.was.id, "Score came into another band");
            let payload = json!({ "from": one.was.band, "to": band, "score": one.score });
            tx.record(event.contact(one.was.id).payload(&payload)).await?;
        }
    }
    if quiet && moved != BandCounts::default() {
        shifted(tx, &moved).await?;
    }
    Ok(())
}

async fn plan_of(tx: &mut Tx, row: &ScoringRow) -> Result<Plan> {
    Plan::of(tx, &row.rules.0, row.warm_from, row.hot_from).await
}

/// Counts some contacts that something happened to; gives whether there may be more of them. While an import brings people by the
/// thousand, most of those wait until it ends: to count them would take the processor from it and from everybody else.
pub(crate) async fn refresh_batch(tx: &mut Tx) -> Result<bool> {
    let row = db::lock(tx).await?;
    let importing = contacts::importing(tx).await?;
    let mut taken = db::take(tx, BATCH, importing).await?;
    let more = taken.len() as i64 == BATCH;
    if importing {
        taken.extend(db::take(tx, FEW, false).await?);
    }
    if taken.is_empty() {
        return Ok(false);
    }
    let plan = plan_of(tx, &row).await?;
    for quiet in [false, true] {
        let mut ids: Vec<Uuid> =
            taken.iter().filter(|noted| noted.is_quiet == quiet).map(|noted| noted.contact_id).collect();
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            settle(tx, &plan, &ids, quiet).await?;
        }
    }
    Ok(more)
}

/// Counts one page of all contacts; gives whether there is a next one. Rules that change meanwhile begin again from the first.
pub(crate) async fn count_page(tx: &mut Tx) -> Result<bool> {
    let row = db::lock(tx).await?;
    if !row.is_counting {
        return Ok(false);
    }
    let plan = plan_of(tx, &row).await?;
    if row.counted_to.is_none() {
        let zone = tx.tenant().zone.clone();
        db::set_scored(tx, plan.today, &zone).await?;
    }
    let ids = db::page(tx, row.counted_to, BATCH).await?;
    settle(tx, &plan, &ids, true).await?;
    let to = ids.last().copied().filter(|_| ids.len() as i64 == BATCH);
    db::set_counted(tx, to, ids.len() as i64).await?;
    Ok(to.is_some())
}
