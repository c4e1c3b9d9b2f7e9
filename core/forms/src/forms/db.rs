//! Statements on `forms` and `form_versions`.
use super::settings::{FormId, FormRow, FormSummary, FormVersion, Lately};
use chrono::Days;
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use serde_json::Value;
use std::collections::HashMap;
use tokio_postgres::types::Type;
use uuid::Uuid;

const LIST: ListSpec = ListSpec {
    select: "select f.id, f.name, f.state, f.widget_id as widget, f.published_version, f.responsible, (select count(*) from submissions s where s.form_id = f.id and s.state = 'quarantined') as quarantined, 0::bigint as submissions_30d, 0::bigint as starts_30d, null::timestamptz as last_submission_at, f.created_at, f.updated_at, f.version from forms f",
    id: "f.id",
    always: "",
    fields: &[
        Field { name: "created_at", sql: "f.created_at", kind: FieldKind::Time, sort: Some("f.created_at") },
        Field { name: "updated_at", sql: "f.updated_at", kind: FieldKind::Time, sort: Some("f.updated_at") },
        Field { name: "name", sql: "f.name", kind: FieldKind::Text, sort: Some("f.name") },
        Field { name: "state", sql: "f.state", kind: FieldKind::Text, sort: None },
        Field { name: "responsible", sql: "f.responsible", kind: FieldKind::Id("usr"), sort: None },
    ],
    default_sort: "-created_at",
};

/// Members whose forms are meant; everybody's when `None`.
pub type Owners = Option<Vec<Uuid>>;

pub(crate) async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<FormSummary>> {
    let mut page: Page<FormSummary> = tx.list(&LIST, query, &within(owners)).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|form| form.id.0).collect();
    for lately in lately(tx, &ids).await? {
        let Some(form) = page.items.iter_mut().find(|form| form.id == lately.id) else { continue };
        (form.submissions_30d, form.starts_30d) = (lately.submissions, lately.starts);
        form.last_submission_at = lately.last_submission_at;
    }
    Ok(page)
}

/// Gets the whole list ready for a file, the oldest form first, with how all forms in reach did in the last thirty days.
pub(crate) async fn open(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<(u64, HashMap<FormId, Lately>)> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..LIST };
    const IN_REACH: Sql = sql!("select id from forms where ($1::uuid[] is null or responsible = any($1))");
    let rows = tx.open_whole(&SHEET, &[], query, &within(owners)).await?;
    let ids: Vec<Uuid> = tx.values(IN_REACH, &[owners]).await?;
    let lately = lately(tx, &ids).await?;
    Ok((rows, lately.into_iter().map(|form| (form.id, form)).collect()))
}

fn within(owners: &Owners) -> Vec<Clause<'_>> {
    owners.iter().map(|owners| Clause("f.responsible = any(?)", owners, Type::UUID_ARRAY)).collect()
}

/// How these forms did in the last thirty days.
async fn lately(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Lately>> {
    const LATELY: Sql = sql!(
        "select f.id,
                (select count(*) from submissions s where s.form_id = f.id and s.created_at >= $2 and s.state <> 'spam') as submissions,
                (select coalesce(sum(t.count), 0)::bigint from form_stats t
                 where t.form_id = f.id and t.what = 'start' and t.day >= ($2::timestamptz at time zone $3)::date) as starts,
                (select s.created_at from submissions s where s.form_id = f.id and s.state <> 'spam' order by s.created_at desc limit 1) as last_submission_at
         from unnest($1::uuid[]) as f(id)"
    );
    let since = tx.now() - Days::new(30);
    let zone = tx.tenant().zone.clone();
    tx.rows(LATELY, &[&ids, &since, &zone]).await
}

/// A form the caller may see.
pub(crate) async fn get(tx: &mut Tx, id: FormId, owners: &Owners) -> Result<FormRow> {
    const GET: Sql = sql!(
        "select id, name, state, widget_id as widget, draft, published_version, theme, locale, hosted_url, responsible, notify, match_rule,
                auto_reply_subject, auto_reply_body, contact_stage, contact_tags, contact_owner, submission_cap, opens_at, closes_at, webhook_id as webhook,
                created_by, created_at, updated_at, version
         from forms where id = $1 and ($2::uuid[] is null or responsible = any($2))"
    );
    tx.row(GET, &[&id, owners]).await
}

/// The same, kept from changing until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: FormId, owners: &Owners) -> Result<FormRow> {
    const LOCK: Sql = sql!(
        "select id, name, state, widget_id as widget, draft, published_version, theme, locale, hosted_url, responsible, notify, match_rule,
                auto_reply_subject, auto_reply_body, contact_stage, contact_tags, contact_owner, submission_cap, opens_at, closes_at, webhook_id as webhook,
                created_by, created_at, updated_at, version
         from forms where id = $1 and ($2::uuid[] is null or responsible = any($2)) for update"
    );
    tx.row(LOCK, &[&id, owners]).await
}

pub(crate) async fn insert(tx: &mut Tx, form: &FormRow) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into forms (id, name, draft, theme, locale, hosted_url, responsible, notify, match_rule, auto_reply_subject,
                            auto_reply_body, contact_stage, contact_tags, contact_owner, submission_cap, webhook_id, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)"
    );
    tx.exec_one(
        INSERT,
        &[
            &form.id,
            &form.name,
            &form.draft,
            &form.theme,
            &form.locale,
            &form.hosted_url,
            &form.responsible,
            &form.notify,
            &form.match_rule,
            &form.auto_reply_subject,
            &form.auto_reply_body,
            &form.contact_stage,
            &form.contact_tags,
            &form.contact_owner,
            &form.submission_cap,
            &form.webhook,
            &form.created_by,
            &form.created_at,
        ],
    )
    .await
}

/// Lets forms put people into another stage than this one; gives which.
pub(crate) async fn move_stage(tx: &mut Tx, from: &str, to: &str) -> Result<Vec<FormId>> {
    const MOVE: Sql = sql!(
        "update forms set contact_stage = $2, updated_at = $3, version = version + 1 where contact_stage = $1 returning id"
    );
    let now = tx.now();
    tx.values(MOVE, &[&from, &to, &now]).await
}

/// Lets forms name a tag as it is called now, in place of any name that means it, or not at all when it is deleted; gives which.
pub(crate) async fn move_tag(tx: &mut Tx, tag: Uuid, is_deleted: bool) -> Result<Vec<FormId>> {
    const MOVE: Sql = sql!(
        "with names as materialized (
           select lower(n.name) as said, case when $2 then null else t.name end as given
           from tags t cross join lateral (select t.name union all select a.name from tag_aliases a where a.tag_id = t.id) n
           where t.id = $1)
         update forms f set updated_at = $3, version = version + 1, contact_tags = array(
           select k.name from (
             select case when n.said is null then s.name else n.given end as name, s.place
             from unnest(f.contact_tags) with ordinality as s(name, place) left join names n on n.said = lower(btrim(s.name))) k
           where k.name is not null group by k.name order by min(k.place))
         where exists (select from unnest(f.contact_tags) as s(name) join names n on n.said = lower(btrim(s.name))
           where n.given is distinct from s.name)
         returning f.id"
    );
    let now = tx.now();
    tx.values(MOVE, &[&tag, &is_deleted, &now]).await
}

/// Writes every setting; raises the version.
pub(crate) async fn update(tx: &mut Tx, form: &FormRow) -> Result<FormRow> {
    const UPDATE: Sql = sql!(
        "update forms set name = $2, draft = $3, theme = $4, locale = $5, hosted_url = $6, responsible = $7, notify = $8, match_rule = $9,
                auto_reply_subject = $10, auto_reply_body = $11, contact_stage = $12, contact_tags = $13, contact_owner = $14, submission_cap = $15,
                opens_at = $16, closes_at = $17, webhook_id = $18, state = $19, published_version = $20, updated_at = $21, version = version + 1
         where id = $1
         returning id, name, state, widget_id as widget, draft, published_version, theme, locale, hosted_url, responsible, notify, match_rule,
                auto_reply_subject, auto_reply_body, contact_stage, contact_tags, contact_owner, submission_cap, opens_at, closes_at, webhook_id as webhook,
                created_by, created_at, updated_at, version"
    );
    let now = tx.now();
    tx.row(
        UPDATE,
        &[
            &form.id,
            &form.name,
            &form.draft,
            &form.theme,
            &form.locale,
            &form.hosted_url,
            &form.responsible,
            &form.notify,
            &form.match_rule,
            &form.auto_reply_subject,
            &form.auto_reply_body,
            &form.contact_stage,
            &form.contact_tags,
            &form.contact_owner,
            &form.submission_cap,
            &form.opens_at,
            &form.closes_at,
            &form.webhook,
            &form.state,
            &form.published_version,
            &now,
        ],
    )
    .await
    .on_constraint("forms_webhook_id_fkey", || Error::invalid("/webhook", "unknown", "There is no such webhook."))
}

pub(crate) async fn delete(tx: &mut Tx, id: FormId) -> Result<()> {
    const DELETE: Sql = sql!("delete from forms where id = $1");
    tx.exec_one(DELETE, &[&id]).await.on_constraint("submissions_form_id_fkey", || {
        Error::conflict("form_has_submissions", "Delete its submissions first; they would be unreadable without it.")
    })
}

/// Adds the next version; gives its number.
pub(crate) async fn next_number(tx: &mut Tx, id: FormId) -> Result<i32> {
    const NEXT: Sql = sql!("select coalesce(max(number), 0) + 1 from form_versions where form_id = $1");
    tx.value(NEXT, &[&id]).await
}

pub(crate) async fn insert_version(tx: &mut Tx, id: FormId, number: i32, definition: &Value) -> Result<FormVersion> {
    const INSERT: Sql = sql!(
        "insert into form_versions (form_id, number, definition, published_by, published_at) values ($1, $2, $3, $4, $5)
         returning number, published_by, published_at, definition"
    );
    let (by, now) = (super::actions::member(tx), tx.now());
    tx.row(INSERT, &[&id, &number, definition, &by, &now]).await
}

pub(crate) async fn versions(tx: &mut Tx, id: FormId) -> Result<Vec<FormVersion>> {
    const VERSIONS: Sql = sql!(
        "select number, published_by, published_at, definition from form_versions where form_id = $1 order by number desc limit 200"
    );
    tx.rows(VERSIONS, &[&id]).await
}

pub(crate) async fn version(tx: &mut Tx, id: FormId, number: i32) -> Result<FormVersion> {
    const VERSION: Sql = sql!(
        "select number, published_by, published_at, definition from form_versions where form_id = $1 and number = $2"
    );
    tx.row(VERSION, &[&id, &number]).await
}

/// The definition visitors of a widget get right now.
pub(crate) async fn published(tx: &mut Tx, widget: &str) -> Result<Option<Value>> {
    const PUBLISHED: Sql = sql!(
        "select v.definition from forms f join form_versions v on v.form_id = f.id and v.number = f.published_version
         where f.widget_id = $1 and f.state = 'published'"
    );
    tx.value_opt(PUBLISHED, &[&widget]).await
}

kernel::row! {
    /// What the control plane is told.
    pub(crate) struct Snapshot {
        pub name: String, pub state: String, pub theme: Value, pub locale: Option<String>, pub hosted_url: Option<String>, pub widget: Option<String>,
        pub definition: Option<Value>, pub version: i64,
    }
}

pub(crate) async fn snapshot(tx: &mut Tx, id: FormId) -> Result<Option<Snapshot>> {
    const SNAPSHOT: Sql = sql!(
        "select f.name, f.state, f.theme, f.locale, f.hosted_url, f.widget_id as widget, v.definition, f.version
         from forms f left join form_versions v on v.form_id = f.id and v.number = f.published_version where f.id = $1"
    );
    tx.opt(SNAPSHOT, &[&id]).await
}

/// Remembers the public id; the form's own version stays, nobody edited it.
pub(crate) async fn set_widget(tx: &mut Tx, id: FormId, widget: &str) -> Result<()> {
    const SET: Sql = sql!("update forms set widget_id = $2 where id = $1 and widget_id is distinct from $2");
    tx.exec(SET, &[&id, &widget]).await.map(|_| ())
}

/// Takes a published form back; false when it is not published any more.
pub(crate) async fn take_back(tx: &mut Tx, id: FormId) -> Result<bool> {
    const TAKE_BACK: Sql = sql!(
        "update forms set state = 'unpublished', updated_at = $2, version = version + 1 where id = $1 and state = 'published'"
    );
    let now = tx.now();
    Ok(tx.exec(TAKE_BACK, &[&id, &now]).await? == 1)
}
