//! Taking rows in: one transaction a batch, and the place in the file moves with it.
use super::{
    super::{
        db::{self, Run},
        decode::{Batch, Decoded},
        jobs,
        model::{ContactImportId, ImportCheck},
        row_draft::{Reading, Row},
    },
    PATIENCE,
    look::{blocking, decoded},
    parts::{self, Tried},
    plan::{self, Change, Seen},
    record, remove_file,
};
use crate::{
    contact_stages,
    contacts::{self, ContactId, Draft, count_up_to, lock_all_keys},
};
use chrono::Datelike;
use fields::{Asking, Custom, Fields, RecordKind};
use identity::members;
use kernel::{
    Error, Result, Tx,
    ids::UserId,
    imports::CellReading,
    jobs::{Enqueue, JobCx},
};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// How a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunStep {
    /// There is more: from this byte of the text, after this row.
    More(usize, i32),
    /// The file ended, the import was stopped, or another worker goes on.
    Over,
}

/// The text of an import's file.
pub(crate) async fn load(cx: &JobCx, run: &Run) -> Result<Arc<Decoded>> {
    let (_, bytes) = files::content(&cx.app, cx.tenant()?, cx.context(), run.source_id, &None).await?;
    let run = run.clone();
    blocking(move || decoded(&run, &bytes)).await.map(Arc::new)
}

/// How the rows of an import are read now.
pub(crate) async fn reading(cx: &JobCx, run: &Run) -> Result<Arc<Reading>> {
    let tenant = cx.tenant()?.clone();
    let read =
        cx.read(async |tx| Ok((contact_stages::list(tx).await?, fields::fields_of(tx, RecordKind::Contact).await?)));
    let (stages, fields) = read.await?;
    let people = cx.control(async |tx| members::people(tx, tenant.id, None).await).await?;
    let mut named: HashMap<String, Option<UserId>> = HashMap::new();
    for person in &people {
        for name in [person.id.to_string(), person.email.to_lowercase(), person.name.to_lowercase()] {
            named
                .entry(name)
                .and_modify(|known| *known = known.filter(|id| *id == person.id))
                .or_insert(Some(person.id));
        }
    }
    let words = stages
        .into_iter()
        .flat_map(|stage| [(stage.label.to_lowercase(), stage.key.clone()), (stage.key.clone(), stage.key)]);
    Ok(Arc::new(Reading {
        columns: run.columns.clone(),
        options: run.options.clone(),
        country: run.options.country.clone().or_else(|| tenant.country.clone()),
        stages: words.collect(),
        fields,
        parts: parts::parts_of(&cx.app, &run.columns),
        cells: CellReading {
            separator: run.options.separator.clone(),
            month_first: run.options.month_first(tenant.country.as_deref()),
            year: cx.app.clock.now().year(),
        },
        members: named.into_iter().filter_map(|(name, id)| Some((name, id?))).collect(),
        now: cx.app.clock.now(),
    }))
}

/// Rows that were read, and where they stand.
#[derive(Debug)]
pub(crate) struct ReadRows {
    /// Where they begin: byte and row.
    from: (usize, i32),
    batch: Batch,
    rows: Vec<Row>,
}

impl ReadRows {
    /// Where the next ones begin; none when the file ends here.
    pub(crate) fn next(&self) -> Option<(usize, i32)> {
        (!self.batch.ended).then_some((self.batch.position, self.batch.line))
    }
}

/// Reads rows from a place in the text, on a thread that may compute.
pub(crate) async fn read_rows(
    text: Arc<Decoded>,
    reading: Arc<Reading>,
    from: (usize, i32),
    has_header: bool,
) -> Result<ReadRows> {
    blocking(move || {
        let first = usize::from(has_header && from.1 == 0);
        let mut batch = text.read(from.0, from.1, jobs::BATCH + first);
        let records = std::mem::take(&mut batch.records);
        let rows = records.into_iter().skip(first).map(|record| reading.row(record)).collect();
        Ok(ReadRows { from, batch, rows })
    })
    .await
}

/// Takes a batch of rows in. The import is locked first: of two workers one does the batch, the other sees that it is done.
pub(crate) async fn run_batch(cx: &JobCx, id: ContactImportId, read: ReadRows, last: bool) -> Result<RunStep> {
    let plan = tenants::plans::entitlements(&cx.app, cx.tenant()?.id).await?;
    let ReadRows { from, batch, rows } = read;
    cx.write(async |tx| {
        db::run_as_batch(tx).await?;
        let run = db::lock(tx, id, &None).await?;
        if run.state != "running" {
            return Ok(RunStep::Over);
        }
        if (run.position, run.line) != (from.0 as i64, from.1) {
            return Ok(RunStep::More(usize::try_from(run.position).unwrap_or(0), run.line));
        }
        let room = contacts::room(tx, &plan).await?;
        parts::hold_segment(tx, &run).await?;
        lock_all_keys(tx).await?;
        let plan = plan::decide(tx, &run, rows, &mut Seen::default(), room, true).await?;
        db::ledger::insert(tx, id, &plan::ledger(id, &plan.fates)).await?;
        let (counts, tags_made) = (plan.counts(), plan.tags_made);
        let fields = fields::fields_of(tx, RecordKind::Contact).await?;
        insert(tx, &run, &fields, plan.new).await?;
        update(tx, &fields, plan.changed, run.jump).await?;
        parts::take(tx, &run, &plan.parts, &mut Tried::default(), true).await?;
        db::advance(tx, id, batch.position as i64, batch.line, &counts, &tags_made).await?;
        let run = db::run(tx, id).await?;
        if batch.ended {
            end(tx, &run, "done", None).await?;
            return Ok(RunStep::Over);
        }
        if last {
            jobs::go_on(tx, &run, run.version).await?;
            return Ok(RunStep::Over);
        }
        Ok(RunStep::More(batch.position, batch.line))
    })
    .await
}

/// Gives up: what came in stays, and the import can go on or be undone.
pub(crate) async fn fail(tx: &mut Tx, id: ContactImportId, code: &str) -> Result<()> {
    let run = db::lock(tx, id, &None).await?;
    if run.state == "running" { end(tx, &run, "failed", Some(code)).await } else { Ok(()) }
}

/// Ends a locked import.
pub(super) async fn end(tx: &mut Tx, run: &Run, state: &str, error: Option<&str>) -> Result<()> {
    let until = tx.now() + PATIENCE;
    db::finish(tx, run.id, state, error, until).await?;
    let forget = jobs::ForgetContactImport { import: run.id };
    tx.enqueue(&forget, Enqueue { run_at: Some(until), ..Enqueue::default() }).await?;
    if run.erases_file {
        remove_file(tx, run.id).await?;
    }
    if state == "cancelled" {
        return Ok(());
    }
    let import = db::find(tx, run.id, &None).await?;
    let payload = json!({
        "created": import.created, "updated": import.updated, "unchanged": import.unchanged,
        "skipped": import.skipped, "failed": import.failed, "error": error,
    });
    record(tx, "contact_import.finished", run.id, "Import ended", payload).await
}

/// Tries rows without writing, from the first one up to so many.
pub(crate) async fn check_rows(cx: &JobCx, run: Run, most: i32) -> Result<ImportCheck> {
    let (text, reading) = (load(cx, &run).await?, reading(cx, &run).await?);
    let plan = tenants::plans::entitlements(&cx.app, cx.tenant()?.id).await?;
    let mut room = match plan.limits.get("contacts").copied() {
        Some(most) => Some(most - cx.read(async |tx| count_up_to(tx, most).await).await?),
        None => None,
    };
    let (mut from, mut seen, mut check) = ((0, 0), Seen::default(), ImportCheck::default());
    let mut tried = Tried::default();
    while !check.complete && check.rows < most {
        let ReadRows { batch, rows, .. } = read_rows(text.clone(), reading.clone(), from, run.has_header).await?;
        let plan = cx.read(async |tx| {
            db::run_as_batch(tx).await?;
            let plan = plan::decide(tx, &run, rows, &mut seen, room, false).await?;
            let brought = parts::take(tx, &run, &plan.parts, &mut tried, false).await?;
            Ok((plan, brought))
        });
        let (plan, brought) = plan.await?;
        check.brought = check.brought.with(&brought);
        let counts = plan.counts();
        room = room.map(|room| room - i64::from(counts.created));
        check.rows += counts.rows();
        check.created += counts.created;
        check.updated += counts.updated;
        check.unchanged += counts.unchanged;
        check.skipped += counts.skipped;
        check.failed += counts.failed;
        plan::add_reasons(&mut check.reasons, &plan);
        (from, check.complete) = ((batch.position, batch.line), batch.ended);
    }
    check.reasons.sort_by_key(|reason| (-reason.count, reason.first_line));
    check.reasons.truncate(50);
    Ok(check)
}

/// Makes new contacts, with the defaults of custom fields and what formulas give. What is required is not asked: a file
/// that lacks it is no reason to lose people. They are counted right afterwards like everybody; they begin with the score that
/// others like them were found to have, so that most of them need not be written a second time.
async fn insert(tx: &mut Tx, run: &Run, fields: &Fields, mut new: Vec<(ContactId, Draft)>) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    contact_stages::settle_drafts(tx, new.iter_mut().map(|(_, draft)| draft)).await?;
    for (_, draft) in &mut new {
        draft.custom = fields.created(&draft.custom, Asking::Nothing).0;
        fields.compute(&draft.own(), &mut draft.custom);
    }
    let alike = db::contacts::scores(tx, run.id, run.line).await?;
    let row = |(id, draft): &(ContactId, Draft)| {
        let mut row = contact_row(*id, draft);
        row["score"] = alike.iter().find(|known| known.like(draft)).map_or(0, |known| known.score).into();
        row
    };
    let contacts: Value = new.iter().map(row).collect();
    let rows: Vec<(ContactId, &Draft)> = new.iter().map(|(id, draft)| (*id, draft)).collect();
    db::contacts::insert(tx, &contacts, &email_rows(&rows), &phone_rows(&rows)).await?;
    let nothing = Custom::default();
    let values: Vec<_> = new.iter().map(|(id, draft)| (id.0, &nothing, &draft.custom)).collect();
    index(tx, fields, &values).await?;
    tx.touched("contacts", &new.iter().map(|(id, _)| id.0).collect::<Vec<_>>()).await
}

/// Finds contacts by their custom values from now on. Which unique values are free was decided under the lock of all
/// addresses, but not against people who write at the same time: then the batch is done again.
async fn index(tx: &mut Tx, fields: &Fields, values: &[(Uuid, &Custom, &Custom)]) -> Result<()> {
    let taken = fields::store(tx, fields, values).await?;
    if taken.is_empty() { Ok(()) } else { Err(Error::unavailable(1)) }
}

async fn update(tx: &mut Tx, fields: &Fields, mut changed: Vec<Change>, jump: i64) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    contact_stages::settle_drafts(tx, changed.iter_mut().map(|change| &mut change.after)).await?;
    for Change { after, .. } in &mut changed {
        fields.compute(&after.own(), &mut after.custom);
    }
    let contacts: Value = changed.iter().map(|change| contact_row(change.contact, &change.after)).collect();
    let other =
        |change: &&Change| change.before.emails != change.after.emails || change.before.phones != change.after.phones;
    let rows: Vec<(ContactId, &Draft)> = changed.iter().filter(other).map(|c| (c.contact, &c.after)).collect();
    let ids: Vec<ContactId> = rows.iter().map(|(id, _)| *id).collect();
    db::contacts::update(tx, &contacts, &ids, &email_rows(&rows), &phone_rows(&rows), jump).await?;
    let values: Vec<_> = changed.iter().map(|c| (c.contact.0, &c.before.custom, &c.after.custom)).collect();
    index(tx, fields, &values).await?;
    tx.touched("contacts", &changed.iter().map(|c| c.contact.0).collect::<Vec<_>>()).await
}

fn contact_row(id: ContactId, draft: &Draft) -> Value {
    json!({
        "id": id.0,
        "display_name": draft.display_name,
        "salutation": draft.salutation,
        "first_name": draft.first_name,
        "middle_name": draft.middle_name,
        "last_name": draft.last_name,
        "company_name": draft.company_name,
        "job_title": draft.job_title,
        "address": draft.address,
        "zone": draft.zone,
        "language": draft.language,
        "stage": draft.stage,
        "tier": draft.tier,
        "owner_id": draft.owner.map(|owner| owner.0),
        "tags": draft.tags,
        "source": draft.source,
        "email": draft.emails.first().map(|(email, _)| &email.canonical),
        "phone": draft.phones.first().map(|(phone, _)| phone.canonical()),
        "search": draft.search_text(),
        "custom": draft.custom,
        "profiles": draft.profiles,
    })
}

fn email_rows(rows: &[(ContactId, &Draft)]) -> Value {
    let of = |(id, draft): &(ContactId, &Draft)| {
        let id = id.0;
        let row = move |(position, (email, kind)): (usize, &(crate::EmailAddress, crate::EmailKind))| json!({ "contact_id": id, "position": position, "kind": kind.as_str(), "address": email.address, "canonical": email.canonical });
        draft.emails.iter().enumerate().map(row).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of).collect()
}

fn phone_rows(rows: &[(ContactId, &Draft)]) -> Value {
    let of = |(id, draft): &(ContactId, &Draft)| {
        let id = id.0;
        let row = move |(position, (phone, kind)): (usize, &(crate::PhoneNumber, crate::PhoneKind))| {
            json!({
                "contact_id": id, "position": position, "kind": kind.as_str(), "number": phone.number, "e164": phone.e164,
                "canonical": phone.canonical(),
            })
        };
        draft.phones.iter().enumerate().map(row).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of).collect()
}
