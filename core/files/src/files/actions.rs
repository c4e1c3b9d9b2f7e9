//! Keeping, attaching and removing files.
use super::{
    db::{self, NewFile, Removed},
    jobs::{self, RemoveObjects, ScanFile},
    model::{File, FileId, Kept, Policy, Scan, clean_name, sniff},
};
use crate::{
    FILE_INFECTED, FILE_SCAN_FAILED,
    providers::{Scanner, Scanning, Store, Verdict},
};
use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::StreamExt as _;
use kernel::{
    App, Error, Result, Tx, auth::Context, crypto::sha256, error::Kind, events::NewEvent, jobs::Enqueue,
    tenancy::Tenant,
};
use notifications::notifications::{Notice, notify};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use tenants::storage;
use uuid::Uuid;

/// Files of one visitor session that may wait to be attached.
const MAX_WAITING: i64 = 40;
/// How long a download link works.
pub(crate) const LINK_LIFE: TimeDelta = TimeDelta::minutes(10);
const LINK_KIND: &str = "file-link";
/// What files are counted as that belong to nothing yet.
const WAITING: &str = "waiting";
/// How often a scanner that does not answer is asked, and the longest pause between two times.
pub(crate) const SCANS: i32 = 10;
const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(30);

/// An upload as it came.
#[derive(Debug)]
pub struct Upload {
    /// Name, as the sender calls it.
    pub name: String,
    /// The bytes.
    pub content: Bytes,
}

/// A file whose object is written; [`finish`] makes it count.
pub(crate) struct Written {
    id: FileId,
    size: i64,
    scan: Option<Scan>,
    verdict: Option<String>,
}

/// What a scanner says of a content: one that is away is asked again later.
async fn look(scanner: &Arc<dyn Scanner>, content: &[u8]) -> (Scan, Option<String>) {
    match scanner.scan(content).await {
        Ok(Verdict::Clean) => (Scan::Clean, None),
        Ok(Verdict::Infected(what)) => (Scan::Infected, Some(what)),
        Ok(Verdict::Refused(why)) => (Scan::Failed, Some(why)),
        Err(_) => (Scan::Pending, None),
    }
}

/// Checks an upload, notes it and writes its object. Outside of the caller's transaction on purpose: nobody should
/// hold a database connection while a store on the network takes its time.
pub(crate) async fn write(
    app: &Arc<App>,
    tenant: &Arc<Tenant>,
    context: Context,
    upload: Upload,
    policy: &Policy,
    session: Option<&str>,
) -> Result<Written> {
    let scanning = app.provided::<Scanning>()?;
    let scan = match &scanning.0 {
        Some(scanner) if upload.content.len() <= app.config.limits.file_bytes => {
            Some(look(scanner, &upload.content).await)
        }
        _ => None,
    };
    write_scanned(app, tenant, context, upload, policy, session, scan).await
}

async fn write_scanned(
    app: &Arc<App>,
    tenant: &Arc<Tenant>,
    context: Context,
    upload: Upload,
    policy: &Policy,
    session: Option<&str>,
    scan: Option<(Scan, Option<String>)>,
) -> Result<Written> {
    let name = clean_name(&upload.name)?;
    if upload.content.len() > app.config.limits.file_bytes {
        return Err(Kind::TooLarge { limit: app.config.limits.file_bytes }.into());
    }
    let kind = sniff(&upload.content, &name);
    if let Some((code, detail)) = policy.refuses(upload.content.len(), kind) {
        return Err(Error::invalid("/file", code, detail));
    }
    let id = FileId::new(context.now);
    let object_key = format!("{}/{}", tenant.role.as_str(), kernel::ids::encode(id.0));
    let size = i64::try_from(upload.content.len()).map_err(Error::internal)?;
    let hash = sha256(&upload.content);
    app.write(tenant, context, async |tx| {
        if let Some(session) = session
            && db::waiting_of_session(tx, session).await? >= MAX_WAITING
        {
            return Err(Error::limited(3600));
        }
        let file = NewFile { id, name: &name, size, kind, sha256: &hash, object_key: &object_key, session };
        db::insert(tx, &file).await?;
        jobs::plan_sweep(tx).await
    })
    .await?;
    app.provided::<Store>()?.put(&object_key, upload.content).await?;
    let (scan, verdict) = scan.map_or((None, None), |(scan, verdict)| (Some(scan), verdict));
    Ok(Written { id, size, scan, verdict })
}

/// Makes a written file count.
pub(crate) async fn finish(tx: &mut Tx, written: &Written) -> Result<File> {
    let file = db::complete(tx, written.id, written.scan, written.verdict.as_deref()).await?;
    let today = tx.now().date_naive();
    db::count_usage(tx, today, written.size).await?;
    storage::add(tx, WAITING, 1, written.size).await?;
    let event = NewEvent::new("file.created", "files", file.id.0, "File uploaded");
    tx.record(event.payload(&json!({"type": file.kind, "size": file.size, "state": file.state}))).await?;
    match written.scan {
        Some(Scan::Pending) => plan_scan(tx, file.id, 1).await?,
        Some(scan @ (Scan::Infected | Scan::Failed)) => tell(tx, file.id, scan, file.uploaded_by.map(|u| u.0)).await?,
        _ => {}
    }
    Ok(file)
}

/// Has the scanner asked again, after a pause that grows with every attempt.
async fn plan_scan(tx: &mut Tx, file: FileId, attempt: i32) -> Result<()> {
    let pause = TimeDelta::seconds(30_i64 << attempt.clamp(1, 12)).min(LONGEST_PAUSE);
    let how = Enqueue { run_at: Some(tx.now() + pause), unique_key: Some(format!("{file}/{attempt}")) };
    tx.enqueue(&ScanFile { file }, how).await.map(drop)
}

/// Asks the scanner about a file that waits for it, and writes down what it says. What nobody doubts any more is left alone.
pub(crate) async fn scan(app: &Arc<App>, tenant: &Arc<Tenant>, context: Context, id: FileId) -> Result<()> {
    let waiting = app.write(tenant, context.clone(), async |tx| db::doubtful(tx, id).await).await?;
    let scanning = app.provided::<Scanning>()?;
    let Some(file) = waiting else { return Ok(()) };
    let (scan, verdict) = match &scanning.0 {
        Some(scanner) => look(scanner, &read_whole(app, &file.object_key, file.size).await?).await,
        // It was switched off meanwhile, and nobody knows.
        None => (Scan::Failed, Some("no scanner is set up".to_owned())),
    };
    app.write(tenant, context, async |tx| {
        let Some(file) = db::doubtful(tx, id).await? else { return Ok(()) };
        let last = file.attempts + 1 >= SCANS;
        let scan = if scan == Scan::Pending && last { Scan::Failed } else { scan };
        let said = verdict.as_deref().or_else(|| (scan == Scan::Failed).then_some("the scanner gave no answer"));
        db::set_scan(tx, id, scan, said).await?;
        if scan == Scan::Pending {
            return plan_scan(tx, id, file.attempts + 1).await;
        }
        let event = NewEvent::new("file.scanned", "files", id.0, "File scanned").contact(file.contact);
        tx.record(event.payload(&json!({ "scan": scan.as_str() }))).await?;
        match scan {
            Scan::Clean => Ok(()),
            _ => tell(tx, id, scan, file.uploaded_by).await,
        }
    })
    .await
}

/// Asks the scanner again about a file that it gave no answer about.
pub(crate) async fn scan_again(tx: &mut Tx, id: FileId, uploaders: &db::Uploaders) -> Result<File> {
    db::get(tx, id, uploaders).await?;
    if !db::doubt_again(tx, id).await? {
        return Err(Error::conflict("file_not_failed", "Only a file whose scan failed is scanned again."));
    }
    let now = tx.now();
    // Each time is one of its own: the job of an earlier one may be running.
    let how = Enqueue { run_at: Some(now), unique_key: Some(format!("{id}/{}", now.timestamp_micros())) };
    tx.enqueue(&ScanFile { file: id }, how).await?;
    tx.record(NewEvent::new("file.updated", "files", id.0, "Scan asked for").payload(&json!({"fields": ["scan"]})))
        .await?;
    db::get(tx, id, uploaders).await
}

/// Tells a member that his upload is held back. Visitors are told when they send, or not at all.
async fn tell(tx: &mut Tx, id: FileId, scan: Scan, uploader: Option<Uuid>) -> Result<()> {
    let Some(uploader) = uploader else { return Ok(()) };
    let kind = if scan == Scan::Infected { &FILE_INFECTED } else { &FILE_SCAN_FAILED };
    let mut notice = Notice::new(kind, json!({}), vec![uploader]).link("/settings/storage").gather();
    notice.dedupe_key = Some(format!("{}/{id}/{}", kind.key, tx.now().timestamp_micros()));
    notify(tx, &notice).await.map(drop)
}

/// Whether a file may be handed out; why not, for people.
pub async fn require_served(tx: &mut Tx, id: FileId) -> Result<()> {
    match db::get(tx, id, &None).await?.scan {
        None | Some(Scan::Clean) => Ok(()),
        Some(Scan::Pending) => {
            Err(Error::conflict("file_scanning", "The virus scanner has not looked through it yet."))
        }
        Some(Scan::Infected) => Err(Error::conflict("file_quarantined", "A scanner found something in this file.")),
        Some(Scan::Failed) => Err(Error::conflict("file_scan_failed", "The virus scanner gave no answer about it.")),
    }
}

/// Whether a file may be handed out.
pub async fn is_served(tx: &mut Tx, id: FileId) -> Result<bool> {
    Ok(db::get(tx, id, &None).await?.scan.is_none_or(|scan| scan == Scan::Clean))
}

/// Counts anew what is stored.
pub async fn recount(tx: &mut Tx) -> Result<()> {
    let kinds = db::by_kind(tx).await?;
    let kinds: Vec<_> = kinds.into_iter().map(|kind| (kind.kind, kind.files, kind.bytes)).collect();
    storage::recount(tx, &kinds).await
}

/// Keeps a visitor's upload until the same session sends the form it belongs to. An infected file is kept aside and
/// refused.
pub async fn keep_visitor_file(
    app: &Arc<App>,
    tenant: &Arc<Tenant>,
    context: Context,
    upload: Upload,
    policy: &Policy,
    session: &str,
) -> Result<Kept> {
    let written = write(app, tenant, context.clone(), upload, policy, Some(session)).await?;
    let file = app.write(tenant, context, async |tx| finish(tx, &written).await).await?;
    if file.state == "quarantined" {
        return Err(Error::invalid("/file", "type", "This file is not taken."));
    }
    Ok(Kept { id: file.id, name: file.name, size: file.size, kind: file.kind })
}

/// Gives waiting files of a visitor session an owner. Files that are not there, or not this session's, are missing in
/// the answer: the caller decides what that means.
pub async fn attach(
    tx: &mut Tx,
    ids: &[FileId],
    session: &str,
    owner: (&str, Uuid),
    contact: Option<Uuid>,
) -> Result<Vec<Kept>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let kept = db::attach(tx, &ids, session, owner, contact).await?;
    let (files, bytes) = (kept.len() as i64, kept.iter().map(|file| file.size).sum::<i64>());
    moved(tx, owner.0, files, bytes).await?;
    Ok(kept)
}

/// Files that belonged to nothing belong to a record now. Rows are counted in one order, so that nobody waits in a circle.
async fn moved(tx: &mut Tx, to: &str, files: i64, bytes: i64) -> Result<()> {
    let changes = BTreeMap::from([(WAITING, (-files, -bytes)), (to, (files, bytes))]);
    for (kind, (files, bytes)) in changes {
        storage::add(tx, kind, files, bytes).await?;
    }
    Ok(())
}

/// Files of a visitor session that could be attached.
pub async fn waiting(tx: &mut Tx, ids: &[FileId], session: &str) -> Result<Vec<Kept>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    db::waiting(tx, &ids, session).await
}

/// Says whom the files of records of a kind are about, so that an erasure finds them; nobody when there is no contact.
pub async fn set_contact(tx: &mut Tx, kind: &str, owners: &[Uuid], contact: Option<Uuid>) -> Result<()> {
    db::set_contact(tx, kind, owners, contact).await
}

/// Files that belong to these records.
pub async fn of_owner(tx: &mut Tx, kind: &str, owners: &[Uuid]) -> Result<Vec<Kept>> {
    db::owned(tx, kind, owners).await
}

/// The whole content of a file; 404 when it is not there, not done, or not one of these uploaders'.
pub async fn content(
    app: &Arc<App>,
    tenant: &Arc<Tenant>,
    context: Context,
    id: FileId,
    uploaders: &db::Uploaders,
) -> Result<(String, Vec<u8>)> {
    let file = app
        .read(tenant, context, async |tx| {
            db::get(tx, id, uploaders).await?;
            require_served(tx, id).await?;
            db::content(tx, id).await
        })
        .await?;
    let bytes = read_whole(app, &file.object_key, file.size).await?;
    Ok((file.name, bytes))
}

async fn read_whole(app: &App, key: &str, size: i64) -> Result<Vec<u8>> {
    let mut stream = app.provided::<Store>()?.read(key).await?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(Error::internal)?);
    }
    Ok(bytes)
}

/// Keeps what the program made of a file, until somebody claims it. No scanner looks through it: what it is made of was handed
/// out by [`content`].
pub async fn keep(app: &Arc<App>, tenant: &Arc<Tenant>, context: Context, upload: Upload) -> Result<FileId> {
    let written = write_scanned(app, tenant, context.clone(), upload, &Policy::default(), None, None).await?;
    app.write(tenant, context, async |tx| finish(tx, &written).await).await.map(|file| file.id)
}

/// Gives a waiting file that the caller uploaded an owner; 404 when there is none to be had.
pub async fn claim(tx: &mut Tx, id: FileId, owner: (&str, Uuid)) -> Result<File> {
    let file = db::claim(tx, id, owner).await?;
    moved(tx, owner.0, 1, file.size).await?;
    Ok(file)
}

/// Deletes one file of a record; 404 when it is gone.
pub async fn remove(tx: &mut Tx, id: FileId) -> Result<()> {
    delete(tx, id, &None).await
}

/// Deletes one file; its object follows as a job.
pub(crate) async fn delete(tx: &mut Tx, id: FileId, uploaders: &db::Uploaders) -> Result<()> {
    let removed = db::delete(tx, id, uploaders).await?;
    forget(tx, vec![removed]).await
}

/// Deletes the files of records that go away; gives how many there were.
pub async fn remove_owned(tx: &mut Tx, kind: &str, owners: &[Uuid]) -> Result<usize> {
    let removed = db::delete_owned(tx, kind, owners).await?;
    let count = removed.len();
    forget(tx, removed).await?;
    Ok(count)
}

/// Takes names away that mention one of these texts: a part of somebody's erasure. Gives how many there were.
pub async fn redact(tx: &mut Tx, mentions: &[String]) -> Result<u64> {
    db::redact(tx, mentions).await
}

/// Counts, records and cleans up after deleted rows.
pub(crate) async fn forget(tx: &mut Tx, removed: Vec<Removed>) -> Result<()> {
    if removed.is_empty() {
        return Ok(());
    }
    let today = tx.now().date_naive();
    let mut gone = BTreeMap::<&str, (i64, i64)>::new();
    for (kind, size) in removed.iter().filter_map(|file| Some((file.kind.as_deref()?, file.size))) {
        let of_kind = gone.entry(kind).or_default();
        *of_kind = (of_kind.0 - 1, of_kind.1 - size);
    }
    db::count_usage(tx, today, gone.values().map(|(_, bytes)| bytes).sum()).await?;
    for (kind, (files, bytes)) in gone {
        storage::add(tx, kind, files, bytes).await?;
    }
    for file in &removed {
        tx.record(NewEvent::new("file.deleted", "files", file.id.0, "File deleted")).await?;
    }
    let keys = removed.into_iter().map(|r| r.object_key).collect();
    tx.enqueue(&RemoveObjects { keys }, Enqueue::default()).await?;
    Ok(())
}

/// What a download link says.
#[derive(Serialize, Deserialize)]
pub(crate) struct LinkClaims {
    pub tenant: kernel::ids::TenantId,
    pub file: FileId,
}

/// A link that downloads the file without a credential, for ten minutes.
pub fn link(app: &App, tenant: &Tenant, file: FileId, now: chrono::DateTime<chrono::Utc>) -> Result<String> {
    let token = app.keys.sign(LINK_KIND, &LinkClaims { tenant: tenant.id, file }, now, LINK_LIFE)?;
    Ok(format!("{}/v1/downloads/{token}", app.config.server.public_url))
}

pub(crate) fn read_link(app: &App, token: &str) -> Option<LinkClaims> {
    app.keys.verify(LINK_KIND, token, app.clock.now())
}
