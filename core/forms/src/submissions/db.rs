//! Statements on `submissions`.
use super::model::{Attribution, Context, SubmissionCounts, SubmissionId, SubmissionRow, SubmissionSummary};
use crate::forms::{db::Owners, settings::FormId};
use chrono::{DateTime, Utc};
use contacts::ContactId;
use kernel::{
    Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    ids::UserId,
    sql,
};
use serde_json::Value;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select s.id, s.form_id as form, s.form_version, s.contact_id as contact, s.state, s.reasons, s.answers, s.created_at, s.version from submissions s join forms f on f.id = s.form_id",
    id: "s.id",
    always: "",
    fields: &[
        Field { name: "created_at", sql: "s.created_at", kind: FieldKind::Time, sort: Some("s.created_at") },
        Field { name: "form", sql: "s.form_id", kind: FieldKind::Id("frm"), sort: None },
        Field { name: "form_version", sql: "s.form_version::bigint", kind: FieldKind::Int, sort: None },
        Field { name: "contact", sql: "s.contact_id", kind: FieldKind::Id("con"), sort: None },
        Field { name: "state", sql: "s.state", kind: FieldKind::Text, sort: None },
    ],
    default_sort: "-created_at",
};

pub(crate) async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<SubmissionSummary>> {
    let mut clauses = vec![];
    if let Some(owners) = owners {
        clauses.push(Clause("f.responsible = any(?)", owners, tokio_postgres::types::Type::UUID_ARRAY));
    }
    tx.list(&LIST, query, &clauses).await
}

/// How many there are in each state, of one form or of all; it stops counting at ten thousand.
pub(crate) async fn counts(tx: &mut Tx, form: Option<FormId>, owners: &Owners) -> Result<SubmissionCounts> {
    const COUNTS: Sql = sql!(
        "select (select count(*) from (select 1 from submissions s join forms f on f.id = s.form_id where s.state = 'received'
                 and ($1::uuid is null or s.form_id = $1) and ($2::uuid[] is null or f.responsible = any($2)) limit 10000) as r) as received,
                (select count(*) from (select 1 from submissions s join forms f on f.id = s.form_id where s.state = 'quarantined'
                 and ($1::uuid is null or s.form_id = $1) and ($2::uuid[] is null or f.responsible = any($2)) limit 10000) as q) as quarantined,
                (select count(*) from (select 1 from submissions s join forms f on f.id = s.form_id where s.state = 'spam'
                 and ($1::uuid is null or s.form_id = $1) and ($2::uuid[] is null or f.responsible = any($2)) limit 10000) as p) as spam"
    );
    tx.row(COUNTS, &[&form, owners]).await
}

pub(crate) async fn get(tx: &mut Tx, id: SubmissionId, owners: &Owners) -> Result<SubmissionRow> {
    const GET: Sql = sql!(
        "select s.id, s.form_id as form, s.form_version, s.contact_id as contact, s.state, s.reasons, s.answers, s.discarded, s.context, s.attribution, s.filled_ms,
                v.definition, s.accepted_at, s.created_at, s.updated_at, s.version
         from submissions s join forms f on f.id = s.form_id join form_versions v on v.form_id = s.form_id and v.number = s.form_version
         where s.id = $1 and ($2::uuid[] is null or f.responsible = any($2))"
    );
    tx.row(GET, &[&id, owners]).await
}

pub(crate) async fn lock(tx: &mut Tx, id: SubmissionId, owners: &Owners) -> Result<SubmissionRow> {
    const LOCK: Sql = sql!(
        "select s.id, s.form_id as form, s.form_version, s.contact_id as contact, s.state, s.reasons, s.answers, s.discarded, s.context, s.attribution, s.filled_ms,
                v.definition, s.accepted_at, s.created_at, s.updated_at, s.version
         from submissions s join forms f on f.id = s.form_id join form_versions v on v.form_id = s.form_id and v.number = s.form_version
         where s.id = $1 and ($2::uuid[] is null or f.responsible = any($2)) for update of s"
    );
    tx.row(LOCK, &[&id, owners]).await
}

kernel::row! {
    /// Everything a submission needs to know, read in one go.
    #[derive(Debug)]
    pub(crate) struct Door {
        pub id: FormId, pub state: String, pub match_rule: String, pub contact_stage: Option<String>, pub contact_tags: Vec<String>,
        pub contact_owner: Option<UserId>, pub submission_cap: Option<i32>, pub opens_at: Option<DateTime<Utc>>, pub closes_at: Option<DateTime<Utc>>,
        pub webhook: Option<messaging::WebhookId>, pub published_version: Option<i32>, pub definition: Option<Value>,
        pub earlier_id: Option<SubmissionId>, pub earlier_hash: Option<Vec<u8>>, pub earlier_doubted: Option<bool>,
    }
}

/// The form behind a widget, the version that was filled in, and an earlier submission of the same session and key.
pub(crate) async fn door(tx: &mut Tx, widget: &str, version: i32, session: &str, key: &str) -> Result<Option<Door>> {
    const DOOR: Sql = sql!(
        "select f.id, f.state, f.match_rule, f.contact_stage, f.contact_tags, f.contact_owner, f.submission_cap, f.opens_at, f.closes_at,
                f.webhook_id as webhook, f.published_version, v.definition,
                s.id as earlier_id, s.request_hash as earlier_hash, cardinality(s.reasons) > 0 as earlier_doubted
         from forms f
         left join form_versions v on v.form_id = f.id and v.number = $2
         left join submissions s on s.session = $3 and s.idempotency_key = $4
         where f.widget_id = $1"
    );
    tx.opt(DOOR, &[&widget, &version, &session, &key]).await
}

/// Whether a form has taken as many submissions as it may. Submissions of a form with a cap wait for each other here.
pub(crate) async fn is_full(tx: &mut Tx, form: FormId, cap: i32) -> Result<bool> {
    const LOCK: Sql = sql!("select 1 from forms where id = $1 for update");
    const TAKEN: Sql = sql!(
        "select count(*) from (select 1 from submissions where form_id = $1 and state <> 'spam' limit $2) as taken"
    );
    tx.exec(LOCK, &[&form]).await?;
    let taken: i64 = tx.value(TAKEN, &[&form, &i64::from(cap)]).await?;
    Ok(taken >= i64::from(cap))
}

/// A submission about to be written.
pub(crate) struct NewSubmission<'a> {
    pub id: SubmissionId,
    pub form: FormId,
    pub version: i32,
    pub contact: Option<ContactId>,
    pub state: &'a str,
    pub reasons: &'a [&'a str],
    pub answers: &'a Value,
    pub discarded: &'a Value,
    pub context: &'a Context,
    pub attribution: &'a Attribution,
    pub filled_ms: Option<i64>,
    pub session: &'a str,
    pub key: &'a str,
    pub hash: &'a [u8],
    /// What people read in it, for those who search.
    pub words: &'a str,
}

/// False when a submission of the same session and key was quicker.
pub(crate) async fn insert(tx: &mut Tx, new: &NewSubmission<'_>) -> Result<bool> {
    const INSERT: Sql = sql!(
        "insert into submissions (id, form_id, form_version, contact_id, state, reasons, answers, discarded, context, attribution, filled_ms,
                                  session, idempotency_key, request_hash, created_at, updated_at, accepted_at, search)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::timestamptz, $15::timestamptz, case when $5 = 'received' then $15::timestamptz end,
                 ' ' || fold($16))
         on conflict (session, idempotency_key) do nothing"
    );
    let now = tx.now();
    let added = tx
        .exec(
            INSERT,
            &[
                &new.id,
                &new.form,
                &new.version,
                &new.contact,
                &new.state,
                &new.reasons,
                &new.answers,
                &new.discarded,
                &new.context,
                &new.attribution,
                &new.filled_ms,
                &new.session,
                &new.key,
                &new.hash,
                &now,
                &new.words,
            ],
        )
        .await?;
    Ok(added == 1)
}

/// Changes state and contact; raises the version.
pub(crate) async fn set_state(tx: &mut Tx, id: SubmissionId, state: &str, contact: Option<ContactId>) -> Result<()> {
    const SET: Sql = sql!(
        "update submissions set state = $2, contact_id = coalesce($3, contact_id), updated_at = $4, version = version + 1,
                accepted_at = case when $2 = 'received' then coalesce(accepted_at, $4) else accepted_at end
         where id = $1"
    );
    let now = tx.now();
    tx.exec_one(SET, &[&id, &state, &contact, &now]).await
}

kernel::row! {
    /// What was deleted, for the counters.
    pub(crate) struct Deleted { pub id: SubmissionId, pub form: FormId, pub form_version: i32, pub state: String, pub created_at: DateTime<Utc> }
}

pub(crate) async fn delete(tx: &mut Tx, id: SubmissionId) -> Result<Deleted> {
    const DELETE: Sql =
        sql!("delete from submissions where id = $1 returning id, form_id as form, form_version, state, created_at");
    tx.row(DELETE, &[&id]).await
}

/// Submissions of a contact, oldest first.
pub(crate) async fn of_contact(tx: &mut Tx, contact: Uuid) -> Result<Vec<SubmissionRow>> {
    const OF_CONTACT: Sql = sql!(
        "select s.id, s.form_id as form, s.form_version, s.contact_id as contact, s.state, s.reasons, s.answers, s.discarded, s.context, s.attribution, s.filled_ms,
                v.definition, s.accepted_at, s.created_at, s.updated_at, s.version
         from submissions s join form_versions v on v.form_id = s.form_id and v.number = s.form_version
         where s.contact_id = $1 order by s.created_at, s.id"
    );
    tx.rows(OF_CONTACT, &[&contact]).await
}

/// Submissions that were kept aside and hold one of these texts as an answer: they have no contact yet.
pub(crate) async fn aside_with(tx: &mut Tx, texts: &[String]) -> Result<Vec<SubmissionId>> {
    const ASIDE: Sql = sql!(
        "select s.id from submissions s where s.contact_id is null
         and exists (select 1 from jsonb_each_text(s.answers) a where lower(trim(a.value)) = any($1))"
    );
    tx.values(ASIDE, &[&texts]).await
}

kernel::row! {
    /// What the announcement of a submission needs.
    pub(crate) struct Announced {
        pub form_name: String, pub responsible: Option<UserId>, pub notify: Vec<Uuid>, pub auto_reply_subject: Option<String>, pub auto_reply_body: Option<String>,
        pub locale: Option<String>, pub state: String, pub answers: Value, pub definition: Value, pub context: Context, pub contact: Option<ContactId>,
        pub form: FormId, pub form_version: i32, pub attribution: Attribution, pub created_at: DateTime<Utc>,
    }
}

pub(crate) async fn announced(tx: &mut Tx, id: Uuid) -> Result<Option<Announced>> {
    const ANNOUNCED: Sql = sql!(
        "select f.name as form_name, f.responsible, f.notify, f.auto_reply_subject, f.auto_reply_body, f.locale, s.state, s.answers, v.definition,
                s.context, s.contact_id as contact, s.form_id as form, s.form_version, s.attribution, s.created_at
         from submissions s join forms f on f.id = s.form_id join form_versions v on v.form_id = s.form_id and v.number = s.form_version
         where s.id = $1"
    );
    tx.opt(ANNOUNCED, &[&id]).await
}

/// The definition of each version that has submissions of this form, newest first: columns of an export.
pub(crate) async fn definitions(tx: &mut Tx, form: FormId) -> Result<Vec<Value>> {
    const DEFINITIONS: Sql = sql!(
        "select v.definition from form_versions v where v.form_id = $1
         and exists (select 1 from submissions s where s.form_id = v.form_id and s.form_version = v.number) order by v.number desc"
    );
    tx.values(DEFINITIONS, &[&form]).await
}
