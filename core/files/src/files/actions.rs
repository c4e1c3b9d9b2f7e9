//! Keeping, attaching and removing files.
use super::{
    db::{self, NewFile, Removed},
    jobs::{self, RemoveObjects},
    model::{File, FileId, Kept, Policy, clean_name, sniff},
};
use crate::providers::{Scanning, Store, Verdict};
use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::StreamExt as _;
use kernel::{
    App, Error, Result, Tx, auth::Context, crypto::sha256, error::Kind, events::NewEvent, jobs::Enqueue,
    tenancy::Tenant,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Files of one visitor session that may wait to be attached.
const MAX_WAITING: i64 = 40;
/// How long a download link works.
pub(crate) const LINK_LIFE: TimeDelta = TimeDelta::minutes(10);
const LINK_KIND: &str = "file-link";

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
    verdict: Option<String>,
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
    let name = clean_name(&upload.name)?;
    if upload.content.len() > app.config.limits.file_bytes {
        return Err(Kind::TooLarge { limit: app.config.limits.file_bytes }.into());
    }
    let kind = sniff(&upload.content, &name);
    if let Some((code, detail)) = policy.refuses(upload.content.len(), kind) {
        return Err(Error::invalid("/file", code, detail));
    }
    let verdict = match app.provided::<Scanning>()?.0.scan(&upload.content).await? {
        Verdict::Clean => None,
        Verdict::Infected(what) => Some(what),
    };
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
    Ok(Written { id, size, verdict })
}

/// Makes a written file count.
pub(crate) async fn finish(tx: &mut Tx, written: &Written) -> Result<File> {
    let file = db::complete(tx, written.id, written.verdict.as_deref()).await?;
    let today = tx.now().date_naive();
    db::count_usage(tx, today, written.size).await?;
    let event = NewEvent::new("file.created", "files", file.id.0, "File uploaded");
    tx.record(event.payload(&serde_json::json!({"type": file.kind, "size": file.size, "state": file.state}))).await?;
    Ok(file)
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
    db::attach(tx, &ids, session, owner, contact).await
}

/// Files of a visitor session that could be attached.
pub async fn waiting(tx: &mut Tx, ids: &[FileId], session: &str) -> Result<Vec<Kept>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    db::waiting(tx, &ids, session).await
}

/// Says whom the files of a record are about, so that an erasure finds them.
pub async fn set_contact(tx: &mut Tx, owner: (&str, Uuid), contact: Uuid) -> Result<()> {
    db::set_contact(tx, owner, contact).await
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
            db::content(tx, id).await
        })
        .await?;
    let mut stream = app.provided::<Store>()?.read(&file.object_key).await?;
    let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or(0));
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(Error::internal)?);
    }
    Ok((file.name, bytes))
}

/// Keeps what the program made of a file, until somebody claims it.
pub async fn keep(app: &Arc<App>, tenant: &Arc<Tenant>, context: Context, upload: Upload) -> Result<FileId> {
    let written = write(app, tenant, context.clone(), upload, &Policy::default(), None).await?;
    app.write(tenant, context, async |tx| finish(tx, &written).await).await.map(|file| file.id)
}

/// Gives a waiting file that the caller uploaded an owner; 404 when there is none to be had.
pub async fn claim(tx: &mut Tx, id: FileId, owner: (&str, Uuid)) -> Result<File> {
    db::claim(tx, id, owner).await
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

/// Counts, records and cleans up after deleted rows.
pub(crate) async fn forget(tx: &mut Tx, removed: Vec<Removed>) -> Result<()> {
    if removed.is_empty() {
        return Ok(());
    }
    let today = tx.now().date_naive();
    db::count_usage(tx, today, -removed.iter().map(|r| r.size).sum::<i64>()).await?;
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
