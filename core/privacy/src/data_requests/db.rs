//! Every statement on data requests, and what is read of other modules' tables for them.
use super::model::{DataRequest, DataRequestId};
use chrono::{DateTime, Utc};
use contacts::{ContactId, Person};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    row, sql,
};
use serde_json::Value;
use uuid::Uuid;

/// Every request.
pub const LIST: ListSpec = ListSpec {
    select: "select r.id, r.contact_id as contact, r.kind, r.state, r.reason, r.same_address, r.error, r.proof, encode(r.proof_hash, 'hex') as proof_hash, \
        d.expires_at as document_until, r.created_at, r.finished_at from data_requests r left join data_exports d on d.request_id = r.id",
    id: "r.id",
    always: "",
    fields: &[
        Field { name: "contact", sql: "r.contact_id", kind: FieldKind::Id("con"), sort: None },
        Field { name: "kind", sql: "r.kind", kind: FieldKind::Text, sort: None },
        Field { name: "state", sql: "r.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "r.created_at", kind: FieldKind::Time, sort: Some("r.created_at") },
    ],
    default_sort: "-created_at",
};

/// The request.
pub async fn find(tx: &mut Tx, id: DataRequestId) -> Result<DataRequest> {
    const FIND: Sql = sql!(
        "select r.id, r.contact_id as contact, r.kind, r.state, r.reason, r.same_address, r.error, r.proof, encode(r.proof_hash, 'hex') as proof_hash,
           d.expires_at as document_until, r.created_at, r.finished_at
         from data_requests r left join data_exports d on d.request_id = r.id where r.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// Locks the request; gives what is asked while it still waits.
pub async fn find_queued_for_update(tx: &mut Tx, id: DataRequestId) -> Result<Option<Queued>> {
    const LOCK: Sql =
        sql!("select contact_id as contact, kind from data_requests where id = $1 and state = 'queued' for update");
    tx.opt(LOCK, &[&id]).await
}

row! {
    /// What a waiting request asks.
    pub struct Queued {
        pub contact: ContactId,
        pub kind: String,
    }
}

/// A new request.
pub async fn insert(tx: &mut Tx, id: DataRequestId, kind: &str, reason: Option<&str>, person: &Person) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into data_requests (id, contact_id, kind, reason, same_address, requested_by_kind, requested_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    let context = tx.context().clone();
    let actor = context.actor;
    tx.exec_one(
        INSERT,
        &[&id, &person.contact, &kind, &reason, &person.same_address, &actor.kind.as_str(), &actor.id, &context.now],
    )
    .await
}

/// Writes how a request ended.
pub async fn finish(tx: &mut Tx, id: DataRequestId, state: &str, error: Option<&str>) -> Result<()> {
    const FINISH: Sql = sql!("update data_requests set state = $2, error = $3, finished_at = $4 where id = $1");
    let now = tx.now();
    tx.exec_one(FINISH, &[&id, &state, &error, &now]).await
}

/// Keeps the proof of an erasure.
pub async fn keep_proof(tx: &mut Tx, id: DataRequestId, proof: &Value, hash: &[u8]) -> Result<()> {
    const KEEP_PROOF: Sql = sql!("update data_requests set proof = $2, proof_hash = $3 where id = $1");
    tx.exec_one(KEEP_PROOF, &[&id, proof, &hash]).await
}

/// Keeps the document of an export.
pub async fn keep_document(
    tx: &mut Tx,
    id: DataRequestId,
    contact: ContactId,
    document: &Value,
    until: DateTime<Utc>,
) -> Result<()> {
    const KEEP_DOCUMENT: Sql = sql!(
        "insert into data_exports (request_id, contact_id, document, created_at, expires_at) values ($1, $2, $3, $4, $5)"
    );
    let now = tx.now();
    tx.exec_one(KEEP_DOCUMENT, &[&id, &contact, document, &now, &until]).await
}

/// The document of an export, until it expires.
pub async fn document(tx: &mut Tx, id: DataRequestId) -> Result<Value> {
    const DOCUMENT: Sql = sql!("select document from data_exports where request_id = $1 and expires_at > $2");
    let now = tx.now();
    tx.value(DOCUMENT, &[&id, &now]).await
}

/// Removes the document of an export.
pub async fn delete_document(tx: &mut Tx, id: DataRequestId) -> Result<()> {
    const DELETE_DOCUMENT: Sql = sql!("delete from data_exports where request_id = $1");
    tx.exec(DELETE_DOCUMENT, &[&id]).await.map(|_| ())
}

/// How many lines the ledger keeps about a contact.
pub async fn count_ledger(tx: &mut Tx, contact: ContactId) -> Result<i64> {
    const COUNT_LEDGER: Sql = sql!("select count(*) from consents where contact_id = $1");
    tx.value(COUNT_LEDGER, &[&contact]).await
}

/// Blanks answers kept for repeated requests that name the person; gives how many.
pub async fn blank_kept_answers(tx: &mut Tx, person: &Person) -> Result<u64> {
    const BLANK: Sql = sql!(
        "update ops.idempotency_keys set body = null where tenant = current_user and body is not null and (position($1 in body::text) > 0
           or exists (select from unnest($2::text[]) as m(mention) where position(m.mention in lower(body::text)) > 0))"
    );
    tx.exec(BLANK, &[&person.contact.to_string(), &person.addresses]).await
}

/// Removes earlier exports of the person and the reasons of his requests.
pub async fn erase(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    const DELETE_EXPORTS: Sql = sql!("delete from data_exports where contact_id = $1");
    const BLANK_REASONS: Sql = sql!(
        "update data_requests set reason = null where reason is not null and (contact_id = $1
           or exists (select from unnest($2::text[]) as m(mention) where position(m.mention in lower(reason)) > 0))"
    );
    let exports = tx.exec(DELETE_EXPORTS, &[&person.contact]).await?;
    let reasons = tx.exec(BLANK_REASONS, &[&person.contact, &person.addresses]).await?;
    Ok(vec![("data_exports", exports), ("data_requests", reasons)])
}

/// The person's requests, for his export.
pub async fn requests_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    const REQUESTS_OF: Sql = sql!(
        "select jsonb_build_object('kind', kind, 'state', state, 'reason', reason, 'created_at', created_at, 'finished_at', finished_at)
         from data_requests where contact_id = $1 order by created_at, id"
    );
    tx.values(REQUESTS_OF, &[&contact]).await
}

/// Calls of webhooks about the person, for his export.
pub async fn deliveries_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    const DELIVERIES_OF: Sql = sql!(
        "select jsonb_build_object('kind', d.kind, 'to', w.name, 'state', d.state, 'payload', d.payload, 'created_at', d.created_at)
         from deliveries d join webhooks w on w.id = d.webhook_id where d.contact_id = $1 order by d.created_at, d.id"
    );
    tx.values(DELIVERIES_OF, &[&contact]).await
}

/// Mails to or about the person, for his export.
pub async fn mails_of(tx: &mut Tx, person: &Person) -> Result<Vec<Value>> {
    const MAILS_OF: Sql = sql!(
        "select jsonb_build_object('to', recipient, 'subject', subject, 'template', template, 'state', state, 'created_at', created_at, 'sent_at', sent_at)
         from ops.mails where tenant = current_user and (contact_id = $1 or lower(recipient) = any($2)) order by created_at, id"
    );
    tx.values(MAILS_OF, &[&person.contact, &person.addresses]).await
}

/// Notifications about the person, for his export.
pub async fn notifications_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    const NOTIFICATIONS_OF: Sql = sql!(
        "select jsonb_build_object('kind', kind, 'title', title, 'created_at', created_at) from notifications where contact_id = $1
         union all select jsonb_build_object('kind', 'digest', 'title', title, 'created_at', created_at) from digest_lines where contact_id = $1"
    );
    tx.values(NOTIFICATIONS_OF, &[&contact]).await
}

/// Files of the person, for his export.
pub async fn files_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<Value>> {
    const FILES_OF: Sql = sql!(
        "select jsonb_build_object('name', name, 'size', size, 'type', type, 'sha256', encode(sha256, 'hex'), 'created_at', created_at)
         from files where contact_id = $1 order by created_at, id"
    );
    tx.values(FILES_OF, &[&contact]).await
}

row! {
    /// Records of one kind that files hang on.
    pub struct FileOwners {
        pub kind: String,
        pub owners: Vec<Uuid>,
    }
}

/// What the files of a person hang on.
pub async fn file_owners(tx: &mut Tx, contact: ContactId) -> Result<Vec<FileOwners>> {
    const FILE_OWNERS: Sql = sql!(
        "select coalesce(owner_kind, '') as kind, array_agg(distinct owner_id) as owners from files where contact_id = $1 and owner_kind is not null group by owner_kind"
    );
    tx.rows(FILE_OWNERS, &[&contact]).await
}
