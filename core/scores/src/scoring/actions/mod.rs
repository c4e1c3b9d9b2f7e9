//! What can be done with scores: change how they are counted, try it, and ask why.
mod count;
mod follow;

pub(crate) use count::{count_page, refresh_batch};
pub(crate) use follow::{fade, notice, touched};

use super::{
    db,
    jobs::CountScores,
    model::{
        BandCounts, BrokenScoreRule, ContactScore, NewScoring, ScoreReason, ScoreRule, ScoreRuleKind, Scoring,
        ScoringPreview, ScoringRow,
    },
    points,
};
use contacts::{ContactId, Owners};
use count::{Counted, Plan};
use kernel::{Error, Result, Tx, events::NewEvent, http::check_if_match, jobs::Enqueue};
use serde_json::json;

/// Contacts that a preview looks at.
const TRIED: i64 = 2_000;

/// How scores are counted, and how far.
pub(crate) async fn find(tx: &mut Tx) -> Result<Scoring> {
    let row = db::find(tx).await?;
    complete(tx, row).await
}

async fn complete(tx: &mut Tx, row: ScoringRow) -> Result<Scoring> {
    let broken = broken(tx, &row.rules.0).await?;
    let ScoringRow { rules, warm_from, hot_from, is_counting, done, total, updated_at, version, .. } = row;
    Ok(Scoring { rules: rules.0, warm_from, hot_from, broken, counting: is_counting, done, total, updated_at, version })
}

async fn broken(tx: &mut Tx, rules: &[ScoreRule]) -> Result<Vec<BrokenScoreRule>> {
    let definitions: Vec<_> = rules.iter().map(|rule| &rule.definition).collect();
    let read = segments::questions(tx, &definitions).await?;
    let missing = |(rule, read): (&ScoreRule, std::result::Result<segments::Question, _>)| {
        let missing = match read {
            Ok(question) => question.broken().first()?.missing.clone(),
            Err::<_, contacts::Problems>(_) => "field".to_owned(),
        };
        Some(BrokenScoreRule { id: rule.id.clone(), missing })
    };
    Ok(rules.iter().zip(read).filter_map(missing).collect())
}

/// Rules that somebody sends, as they are kept; 422 when they cannot be.
async fn said(tx: &mut Tx, new: NewScoring) -> Result<NewScoring> {
    let (mut new, mut problems) = new.read();
    let definitions: Vec<_> = new.rules.iter().map(|rule| &rule.definition).collect();
    let read = segments::questions(tx, &definitions).await?;
    for (n, (rule, read)) in new.rules.iter_mut().zip(read).enumerate() {
        let at = format!("/rules/{n}");
        let question = match read {
            Ok(question) => question,
            Err(found) => {
                for problem in found.into_inner() {
                    problems.add(format!("{at}{}", problem.field), &problem.code, problem.detail);
                }
                continue;
            }
        };
        rule.definition = question.rule().clone();
        let behaviour = rule.kind == ScoreRuleKind::Behaviour;
        if question.uses_moments() || (behaviour && question.uses_days()) {
            let detail = "Scores change with the day; what happened is limited by within_days.";
            problems.add(format!("{at}/definition"), "time_invalid", detail);
        }
        // What is gone has no moment either, and is no mistake of whoever sends the rest.
        if behaviour && question.broken().is_empty() && question.moment(rule.moment.as_deref()).is_none() {
            let detail = "Behaviour is a rule of the kind has, on records that have such a moment.";
            problems.add(format!("{at}/moment"), "moment_invalid", detail);
        }
    }
    problems.check()?;
    Ok(new)
}

/// Replaces the rules; all contacts are counted anew right afterwards.
pub(crate) async fn replace(tx: &mut Tx, new: NewScoring, if_match: Option<&str>) -> Result<Scoring> {
    let before = db::lock(tx).await?;
    check_if_match(if_match, before.version)?;
    let new = said(tx, new).await?;
    db::update(tx, &new.rules, new.warm_from, new.hot_from).await?;
    begin(tx).await?;
    let tenant = tx.tenant().id;
    tx.record(NewEvent::new("scoring.updated", "scoring", tenant.0, "Rules of scores changed")).await?;
    find(tx).await
}

/// Counts all contacts, from the first one on.
async fn begin(tx: &mut Tx) -> Result<()> {
    let total = contacts::count(tx).await?;
    db::begin(tx, total).await?;
    tx.enqueue(&CountScores {}, Enqueue::default()).await.map(drop)
}

/// What other rules would make of contacts in reach. Nothing is kept.
pub(crate) async fn preview(tx: &mut Tx, new: NewScoring, owners: &Owners) -> Result<ScoringPreview> {
    let new = said(tx, new).await?;
    let all = contacts::count(tx).await?;
    let sampled = all > TRIED;
    // Twice as many as are wanted: pages of the table are not equally full.
    let percent = if sampled { 200.0 * TRIED as f64 / all as f64 } else { 100.0 };
    let ids = db::some(tx, percent.min(100.0), TRIED, owners).await?;
    let plan = Plan::of(tx, &new.rules, new.warm_from, new.hot_from).await?;
    let (mut now, mut then) = (BandCounts::default(), BandCounts::default());
    for counted in plan.count(tx, &ids).await? {
        now.add(counted.was.band);
        then.add(plan.band(counted.score));
    }
    Ok(ScoringPreview { contacts: now.cold + now.warm + now.hot, sampled, now, then })
}

/// A contact's score and why, counted now.
pub(crate) async fn explain(tx: &mut Tx, contact: ContactId, owners: &Owners) -> Result<ContactScore> {
    contacts::require(tx, contact, owners).await?;
    explained(tx, contact).await?.ok_or_else(Error::not_found)
}

/// The same; `None` for a contact that is deleted.
pub(crate) async fn explained(tx: &mut Tx, contact: ContactId) -> Result<Option<ContactScore>> {
    let row = db::find(tx).await?;
    let plan = Plan::of(tx, &row.rules.0, row.warm_from, row.hot_from).await?;
    let Some(counted) = plan.count(tx, &[contact.0]).await?.pop() else { return Ok(None) };
    let sum = counted.reasons.iter().map(|reason| reason.points).sum();
    let Counted { score, mut reasons, .. } = counted;
    reasons.sort_by_key(|reason: &ScoreReason| std::cmp::Reverse(reason.points.abs()));
    let (warm_from, hot_from, as_of) = (row.warm_from, row.hot_from, plan.today);
    Ok(Some(ContactScore {
        score,
        band: points::band(score, warm_from, hot_from),
        sum,
        reasons,
        warm_from,
        hot_from,
        as_of,
    }))
}

/// Tells that many contacts changed their band at once.
async fn shifted(tx: &mut Tx, counts: &BandCounts) -> Result<()> {
    let tenant = tx.tenant().id;
    let event = NewEvent::new("scoring.shifted", "scoring", tenant.0, "Scores of contacts changed");
    let figures = json!({ "cold": counts.cold, "warm": counts.warm, "hot": counts.hot });
    tx.record(event.payload(&figures)).await.map(drop)
}
