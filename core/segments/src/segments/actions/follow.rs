//! How members follow what happens: to contacts, to what conditions name, and to the day.
use super::{
    at, kept, known,
    members::settle,
    record,
    rules::{FILTER, replaced},
};
use crate::segments::{
    db::{self, Scope, Watched, conditions::At},
    jobs::{BuildSegment, RefreshSegments, SweepSegments},
    model::{SegmentId, SegmentRule},
    tree::{self, ANY_TAG},
};
use chrono::Days;
use kernel::{Result, Tx, events::Recorded, jobs::Enqueue};
use uuid::Uuid;

/// Contacts whose segments are found in one transaction.
const BATCH: i64 = 500;
/// Contacts of a page when a segment is built.
const PAGE: i64 = 10_000;

/// The contacts that an event names: whom it is about, and whom it is about no more.
pub fn concerned(event: &Recorded) -> Vec<Uuid> {
    // Whoever was left out of a deal or a task is named, because nothing leads to him any more.
    let former: Vec<Uuid> = event.payload["left"]
        .as_array()
        .map(|all| {
            all.iter().filter_map(|id| id.as_str()?.parse::<contacts::ContactId>().ok()).map(|id| id.0).collect()
        })
        .unwrap_or_default();
    let mut concerned: Vec<Uuid> = event.contact_id.into_iter().chain(former).collect();
    // What happened to a contact that became part of another one is told to that one.
    if event.subject == "contacts" && !concerned.contains(&event.subject_id) {
        concerned.push(event.subject_id);
    }
    concerned
}

/// Notes whom an event concerns. It runs after the change was committed, so no writer waits for it.
pub(crate) async fn notice(tx: &mut Tx, event: &Recorded) -> Result<()> {
    if event.subject == "segments" {
        return Ok(());
    }
    let mut noted = 0;
    let concerned = concerned(event);
    if !concerned.is_empty() {
        noted += db::note(tx, &concerned, false).await?;
    }
    match event.subject.as_str() {
        "deals" => noted += db::note_deals(tx, &[event.subject_id]).await?,
        "companies" => noted += db::note_companies(tx, &[event.subject_id]).await?,
        "tasks" if db::clocks(tx).await?.1 => arm(tx).await?,
        "tags" => tags(tx, event).await?,
        "contact_stages" if event.kind == "contact_stage.deleted" => stages(tx, event).await?,
        "custom_fields" | "forms" | "pipelines" => {
            let again = db::mark_building(tx, &[event.subject_id]).await?;
            begin_build(tx, &again).await?;
        }
        "occasion_settings" => {
            let again = db::mark_days(tx).await?;
            begin_build(tx, &again).await?;
        }
        // The tenant may have moved to another zone.
        "tenants" => tx.enqueue_once(&SweepSegments {}).await?,
        _ => {}
    }
    if MERGES.contains(&event.kind.as_str()) {
        merges(tx, event).await?;
    }
    if noted > 0 {
        tx.enqueue_once(&RefreshSegments {}).await?;
    }
    Ok(())
}

/// What makes records one, or apart again. Conditions that lead to them say something else then, and links have moved.
const MERGES: &[&str] = &[
    "contact.merged",
    "contact.merge_settled",
    "contact.merge_undone",
    "company.merged",
    "company.merge_settled",
    "company.merge_undone",
];

/// Whoever names a merged record is found anew; the definition stays, so an undo has nothing to take back.
async fn merges(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let wire = |prefix: &str, id| format!("{prefix}_{}", kernel::ids::encode(id));
    let prefix = if event.subject == "companies" { "com" } else { "con" };
    let mut named = vec![wire(prefix, event.subject_id)];
    named.extend(event.contact_id.map(|contact| wire("con", contact)));
    let merged = event.payload["merged"].as_array().into_iter().flatten();
    named.extend(merged.filter_map(|id| id.as_str().map(str::to_owned)));
    let again = db::mark_saying(tx, &named).await?;
    begin_build(tx, &again).await
}

/// Conditions follow a tag that became another one; whoever names a tag is found anew when it goes.
async fn tags(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let mut changed = vec![event.subject_id, ANY_TAG];
    let from = event.payload["from"].as_str().unwrap_or("").to_owned();
    if event.kind == "tag.merged"
        && let Some(gone) = from.strip_prefix("tag_").and_then(kernel::ids::decode)
    {
        let into = format!("tag_{}", kernel::ids::encode(event.subject_id));
        for id in db::naming(tx, gone).await? {
            let segment = db::find_for_update(tx, id, false).await?;
            let Some(rule) = segment.definition.and_then(|rule| tree::with_value(&rule, "tags", &from, &into)) else {
                continue;
            };
            redefine(tx, id, &rule, "Segment follows a tag").await?;
        }
        changed.push(gone);
        views::relink(tx, &from, &into).await?;
    }
    if event.kind != "tag.created" {
        let again = db::mark_building(tx, &changed).await?;
        begin_build(tx, &again).await?;
    }
    Ok(())
}

/// Conditions name the stage that contacts go to instead of the one that was taken away.
async fn stages(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let (Some(from), Some(into)) = (event.payload["key"].as_str(), event.payload["to"].as_str()) else { return Ok(()) };
    let mut again = vec![];
    for segment in db::lock_all(tx).await? {
        let Some(rule) = segment.definition.and_then(|rule| tree::with_value(&rule, "stage", from, into)) else {
            continue;
        };
        redefine(tx, segment.id, &rule, "Segment follows a stage").await?;
        again.push(segment.id);
    }
    views::rewrite(tx, "contacts", FILTER, |said| replaced(said, "stage", from, into)).await?;
    db::mark_these(tx, &again).await?;
    begin_build(tx, &again).await
}

async fn redefine(tx: &mut Tx, id: SegmentId, rule: &SegmentRule, title: &str) -> Result<()> {
    let known = known(tx, [rule]).await?;
    let read = kept(id, Some(rule), &known).1;
    db::redefine(tx, id, rule, &read).await?;
    record(tx, "segment.updated", id, title).await
}

/// Notes contacts that were changed by the thousand, in the transaction that does so.
pub(crate) async fn touched(tx: &mut Tx, contacts: &[Uuid]) -> Result<()> {
    if db::note(tx, contacts, true).await? > 0 {
        tx.enqueue_once(&RefreshSegments {}).await?;
    }
    Ok(())
}

/// The same for the people of deals and companies.
pub(crate) async fn touched_deals(tx: &mut Tx, deals: &[Uuid]) -> Result<()> {
    if db::note_deals(tx, deals).await? > 0 {
        tx.enqueue_once(&RefreshSegments {}).await?;
    }
    Ok(())
}

pub(crate) async fn touched_companies(tx: &mut Tx, companies: &[Uuid]) -> Result<()> {
    if db::note_companies(tx, companies).await? > 0 {
        tx.enqueue_once(&RefreshSegments {}).await?;
    }
    Ok(())
}

/// Finds who fits, from the first contact on.
pub(crate) async fn begin_build(tx: &mut Tx, segments: &[SegmentId]) -> Result<()> {
    for segment in segments {
        tx.enqueue(&BuildSegment { segment: *segment }, Enqueue::default()).await?;
    }
    Ok(())
}

/// Finds the segments of some contacts that something happened to; gives whether there may be more of them.
pub(crate) async fn refresh_batch(tx: &mut Tx) -> Result<bool> {
    let taken = db::take(tx, BATCH).await?;
    if taken.is_empty() {
        return Ok(false);
    }
    let mut ids = [vec![], vec![]];
    for noted in &taken {
        ids[usize::from(noted.is_quiet)].push(noted.contact_id);
    }
    let segments = db::lock_all(tx).await?;
    let known = known(tx, segments.iter().filter_map(|segment| segment.definition.as_ref())).await?;
    let at = at(tx).await?;
    for segment in &segments {
        let tree = kept(segment.id, segment.definition.as_ref(), &known).0;
        for (quiet, ids) in [(false, &ids[0]), (true, &ids[1])] {
            if !ids.is_empty() {
                settle(tx, segment.id, &tree, &at, Scope::These(ids), quiet).await?;
            }
        }
    }
    Ok(taken.len() as i64 == BATCH)
}

/// Finds who fits on one page of all contacts; gives whether there is a next one. A definition that changes meanwhile begins
/// again from the first page.
pub(crate) async fn build_page(tx: &mut Tx, id: SegmentId) -> Result<bool> {
    let Some(segment) = db::lock(tx, id).await?.filter(|segment| segment.is_building) else { return Ok(false) };
    let known = known(tx, segment.definition.as_ref()).await?;
    let tree = kept(id, segment.definition.as_ref(), &known).0;
    let at = at(tx).await?;
    if segment.built_to.is_none() {
        let zone = tx.tenant().zone.clone();
        db::set_as_of(tx, id, at.now, &zone).await?;
    }
    let to = db::page_end(tx, segment.built_to, PAGE).await?;
    settle(tx, id, &tree, &at, Scope::Page(segment.built_to, to), false).await?;
    db::set_built(tx, id, to).await?;
    Ok(to.is_some())
}

/// Notes whoever came or went by the day and the moment alone since segments were last right.
pub(crate) async fn sweep(tx: &mut Tx) -> Result<()> {
    let segments: Vec<Watched> = db::lock_all(tx).await?;
    let moving: Vec<&Watched> = segments.iter().filter(|s| s.uses_days || s.uses_moments).collect();
    if moving.is_empty() {
        return Ok(());
    }
    let known = known(tx, moving.iter().filter_map(|segment| segment.definition.as_ref())).await?;
    let new = at(tx).await?;
    let zone = tx.tenant().zone.clone();
    let mut noted = 0;
    for segment in moving {
        let tree = kept(segment.id, segment.definition.as_ref(), &known).0;
        let old = At { now: segment.as_of, zone: tasks::zone_of(&segment.zone), calendar: new.calendar };
        noted += db::note_passed(tx, &tree, &old, &new).await?;
        db::set_as_of(tx, segment.id, new.now, &zone).await?;
    }
    if noted > 0 {
        tx.enqueue_once(&RefreshSegments {}).await?;
    }
    arm(tx).await
}

/// Sees to it that segments are looked at when the day ends, or when the next task falls due that one of them asks for.
pub(super) async fn arm(tx: &mut Tx) -> Result<()> {
    let (days, moments) = db::clocks(tx).await?;
    let zone = tasks::zone_of(&tx.tenant().zone);
    let tomorrow = tasks::day_start(tasks::day_of(tx.now(), zone) + Days::new(1), zone);
    let due = if moments { db::next_due(tx).await? } else { None };
    for next in days.then_some(tomorrow).into_iter().chain(due) {
        let how = Enqueue { run_at: Some(next), unique_key: Some(next.timestamp_micros().to_string()) };
        tx.enqueue(&SweepSegments {}, how).await?;
    }
    Ok(())
}
