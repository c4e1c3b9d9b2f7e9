//! Every statement on merges and their ledger.
use super::model::{ContactMerge, ContactMergeId};
use crate::contacts::{ContactId, Draft, Owners};
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result, Tx,
    db::{Clause, Extra, Field, FieldKind, ListQuery, ListSpec, Reference, Sql},
    http::Page,
    jsonb, row, sql,
};
use serde_json::Value;
use tokio_postgres::types::Type;
use uuid::Uuid;

jsonb!(Draft);

/// The contacts' own columns that name a contact.
pub(crate) const REFERENCES: &[Reference] = &[
    // Whoever was merged into the one that goes is part of the one that is kept; links of contacts follow too.
    Reference {
        extra: Some(Extra {
            merge: sql!(
                "update contacts c set custom = c.custom || n.links from (
                   select (r.key ->> 'record_id')::uuid as id, jsonb_object_agg(f.key, r.after) as links
                   from contact_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'contact'
                   where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
                 where c.id = n.id"
            ),
            undo: sql!(
                "update contacts c set custom = c.custom || n.links from (
                   select x.id, jsonb_object_agg(f.key, r.before) as links
                   from contact_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'contact'
                     join contacts x on x.id = (r.key ->> 'record_id')::uuid and x.custom -> f.key = r.after
                   where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
                 where c.id = n.id"
            ),
        }),
        ..Reference::new("contacts", "merged_into", &["id"])
    },
    // The stricter wins: a block that both have stays where it is, all others go over.
    Reference {
        stays: Some("k.channel = l.channel and k.direction = l.direction"),
        ..Reference::new("do_not_contact", "contact_id", &["channel", "direction"])
    },
    Reference::new("consent_evidence", "contact_id", &["consent_id"]),
    Reference::new("contact_import_rows", "contact_id", &["import_id", "line"]),
    Reference::new("contact_import_traces", "contact_id", &["import_id", "step", "line", "part"]),
];

/// Merges of contacts in reach.
pub const LIST: ListSpec = ListSpec {
    select: "select m.id, m.kept_id as kept, k.display_name as kept_name, \
        array(select jsonb_build_object('contact', g.merged_id, 'name', c.display_name) from contact_merge_members g \
          join contacts c on c.id = g.merged_id where g.merge_id = m.id order by g.position) as merged, \
        m.state, m.fields, m.moved, (m.state = 'done' and k.deleted_at is null and not exists (select from contact_merges n where n.kept_id = m.kept_id \
          and n.state = 'done' and (n.created_at, n.id) > (m.created_at, m.id))) as can_undo, \
        m.actor_kind, m.actor_id as actor, m.created_at, m.undone_by, m.undone_at, m.kept_edits, m.missing, m.edited, m.version \
        from contact_merges m join contacts k on k.id = m.kept_id",
    id: "m.id",
    always: "",
    fields: &[
        Field { name: "kept", sql: "m.kept_id", kind: FieldKind::Id("con"), sort: None },
        Field { name: "state", sql: "m.state", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "m.created_at", kind: FieldKind::Time, sort: Some("m.created_at") },
    ],
    default_sort: "-created_at",
};

/// One page of merges of contacts in reach.
pub async fn list(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<ContactMerge>> {
    tx.list(&LIST, query, &reach(owners)).await
}

fn reach(owners: &Owners) -> Vec<Clause<'_>> {
    owners.iter().map(|owners| Clause("k.owner_id = any(?)", owners, Type::UUID_ARRAY)).collect()
}

/// The merge, if its kept contact is in reach.
pub async fn find(tx: &mut Tx, id: ContactMergeId, owners: &Owners) -> Result<ContactMerge> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = reach(owners);
    clauses.push(Clause("m.id = ?", &id, Type::UUID));
    let page: Page<ContactMerge> = tx.list(&LIST, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// What a statement found of a contact; otherwise 404, which says what it was merged into when that is in reach.
pub(crate) async fn there<T>(tx: &mut Tx, found: Option<T>, id: ContactId, owners: &Owners) -> Result<T> {
    const INTO: Sql = sql!(
        "select k.id from contacts c join contacts k on k.id = c.merged_into
         where c.id = $1 and k.deleted_at is null and ($2::uuid[] is null or k.owner_id = any($2))"
    );
    if let Some(found) = found {
        return Ok(found);
    }
    match tx.value_opt::<ContactId>(INTO, &[&id, owners]).await? {
        Some(kept) => Err(Error::merged(kept.to_string())),
        None => Err(Error::not_found()),
    }
}

/// Contacts that became part of this one.
pub async fn merged_into(tx: &mut Tx, id: ContactId) -> Result<Vec<ContactId>> {
    tx.values(sql!("select id from contacts where merged_into = $1 order by id"), &[&id]).await
}

/// Whether a contact is part of no other one.
pub(crate) async fn is_apart(tx: &mut Tx, id: ContactId) -> Result<bool> {
    tx.value(sql!("select merged_into is null from contacts where id = $1"), &[&id]).await
}

row! {
    /// What writers of the same person agree on.
    pub struct Keys {
        pub emails: Vec<String>,
        pub phones: Vec<String>,
    }
}

/// Every address of contacts, as it is compared.
pub async fn keys(tx: &mut Tx, ids: &[ContactId]) -> Result<Keys> {
    const KEYS: Sql = sql!(
        "select array(select e.canonical from contact_emails e where e.contact_id = any($1)) as emails,
           array(select p.e164 from contact_phones p where p.contact_id = any($1) and p.e164 is not null) as phones"
    );
    tx.row(KEYS, &[&ids]).await
}

/// Locks contacts, all in one order, after what modules lock before them.
pub async fn lock(tx: &mut Tx, ids: &[ContactId]) -> Result<()> {
    const LOCK: Sql = sql!("select id from contacts where id = any($1) order by id for update");
    let app = tx.app().clone();
    for first in app.modules.iter().flat_map(|module| module.references).filter_map(|reference| reference.first) {
        tx.exec(first, &[&ids]).await?;
    }
    tx.exec(LOCK, &[&ids]).await.map(|_| ())
}

/// A new merge, with its locked contacts as they are.
pub async fn insert(
    tx: &mut Tx,
    id: ContactMergeId,
    kept: ContactId,
    merged: &[ContactId],
    (before, after): (&Draft, &Draft),
    fields: &[String],
) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contact_merges (id, kept_id, fields, before, draft_before, draft_after, actor_kind, actor_id, created_at)
         select $1, c.id, $3, jsonb_build_object('contact', to_jsonb(c),
             'emails', (select coalesce(jsonb_agg(to_jsonb(e) order by e.position), '[]') from contact_emails e where e.contact_id = c.id),
             'phones', (select coalesce(jsonb_agg(to_jsonb(p) order by p.position), '[]') from contact_phones p where p.contact_id = c.id)),
           $4, $5, $6, $7, $8
         from contacts c where c.id = $2"
    );
    const MEMBERS: Sql = sql!(
        "insert into contact_merge_members (merge_id, merged_id, position, before)
         select $1, c.id, (m.n - 1)::smallint, jsonb_build_object('contact', to_jsonb(c))
         from unnest($2::uuid[]) with ordinality as m(id, n) join contacts c on c.id = m.id"
    );
    let context = tx.context().clone();
    let actor = context.actor;
    tx.exec_one(INSERT, &[&id, &kept, &fields, before, after, &actor.kind.as_str(), &actor.id, &context.now]).await?;
    tx.exec(MEMBERS, &[&id, &merged]).await.map(|_| ())
}

/// Notes links that lead to the kept contact now, and views that name it.
pub async fn note_links(
    tx: &mut Tx,
    (id, merged): (ContactMergeId, ContactId),
    (links, views): (&[fields::Relinked], &Value),
    (from, to): (&str, &str),
) -> Result<()> {
    const LINKS: Sql = sql!(
        "insert into contact_merge_rows (merge_id, merged_id, table_name, column_name, step, key, before, after)
         select $1, $2, 'custom_field_values', 'text_key', 1, jsonb_build_object('record_id', l.record_id, 'field_id', l.field_id),
           to_jsonb($5::text), to_jsonb($6::text)
         from unnest($3::uuid[], $4::uuid[]) as l(record_id, field_id) on conflict do nothing"
    );
    const VIEWS: Sql = sql!(
        "insert into contact_merge_rows (merge_id, merged_id, table_name, column_name, step, key, before, after)
         select $1, $2, 'saved_views', 'filter', 1, jsonb_build_object('id', v.id), v.before, v.after
         from jsonb_to_recordset($3) as v(id uuid, before jsonb, after jsonb) on conflict do nothing"
    );
    let (records, fields): (Vec<Uuid>, Vec<Uuid>) = links.iter().map(|link| (link.record, link.field)).unzip();
    tx.exec(LINKS, &[&id, &merged, &records, &fields, &from, &to]).await?;
    tx.exec(VIEWS, &[&id, &merged, views]).await.map(|_| ())
}

/// Links that a merge let lead to the kept contact.
pub async fn links(tx: &mut Tx, id: ContactMergeId, merged: ContactId) -> Result<Vec<fields::Relinked>> {
    const LINKS: Sql = sql!(
        "select (r.key ->> 'record_id')::uuid as record, (r.key ->> 'field_id')::uuid as field from contact_merge_rows r
         where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values'"
    );
    tx.rows(LINKS, &[&id, &merged]).await
}

/// Views that a merge let name the kept contact, as they were before and after.
pub async fn views(tx: &mut Tx, id: ContactMergeId, merged: ContactId) -> Result<Value> {
    const VIEWS: Sql = sql!(
        "select coalesce(jsonb_agg(jsonb_build_object('id', r.key -> 'id', 'before', r.before, 'after', r.after)), '[]') from contact_merge_rows r
         where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'saved_views'"
    );
    tx.value(VIEWS, &[&id, &merged]).await
}

/// Lets locked contacts be part of the kept one, which gets the latest moment of all at which somebody was in touch. All
/// versions jump, so that none that was read before or between is ever met again.
pub async fn fold(tx: &mut Tx, kept: ContactId, merged: &[ContactId], jump: i64) -> Result<()> {
    const GONE: Sql = sql!(
        "update contacts set deleted_at = $3, updated_at = $3, merged_into = $2, version = version + $4 where id = any($1)"
    );
    const KEPT: Sql = sql!(
        "update contacts k set version = k.version + $3, updated_at = $4,
           last_contact_at = greatest(k.last_contact_at, (select max(c.last_contact_at) from contacts c where c.id = any($2)))
         where k.id = $1"
    );
    let now = tx.now();
    tx.exec(GONE, &[&merged, &kept, &now, &jump]).await?;
    tx.exec_one(KEPT, &[&kept, &merged, &jump, &now]).await
}

/// Notes how many rows moved; later ones add to it.
pub async fn add_moved(tx: &mut Tx, id: ContactMergeId, moved: u64) -> Result<()> {
    const ADD: Sql = sql!("update contact_merges set moved = moved + $2 where id = $1");
    tx.exec_one(ADD, &[&id, &moved.cast_signed()]).await
}

row! {
    /// A merge to be undone.
    pub struct Standing {
        pub kept: ContactId,
        pub state: String,
        pub draft_before: Draft,
        pub draft_after: Draft,
        pub created_at: DateTime<Utc>,
        pub has_later: bool,
    }
}

/// A merge, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: ContactMergeId) -> Result<Standing> {
    const LOCK: Sql = sql!("select id from contact_merges where id = $1 for update");
    const FIND: Sql = sql!(
        "select m.kept_id as kept, m.state, m.draft_before, m.draft_after, m.created_at,
           exists (select from contact_merges n where n.kept_id = m.kept_id and n.state = 'done' and (n.created_at, n.id) > (m.created_at, m.id)) as has_later
         from contact_merges m where m.id = $1"
    );
    tx.value::<Uuid>(LOCK, &[&id]).await?;
    tx.row(FIND, &[&id]).await
}

/// The contacts that went, in their order.
pub async fn members(tx: &mut Tx, id: ContactMergeId) -> Result<Vec<ContactId>> {
    const MEMBERS: Sql =
        sql!("select g.merged_id from contact_merge_members g where g.merge_id = $1 order by g.position");
    tx.values(MEMBERS, &[&id]).await
}

row! {
    /// How a contact stands that a merge is to be undone for.
    pub struct Kept {
        pub is_deleted: bool,
        pub is_merged: bool,
    }
}

/// How a locked contact stands.
pub async fn standing(tx: &mut Tx, id: ContactId) -> Result<Kept> {
    const STANDING: Sql = sql!(
        "select deleted_at is not null as is_deleted, merged_into is not null as is_merged from contacts where id = $1"
    );
    tx.row(STANDING, &[&id]).await
}

/// Makes the contacts that went be there again, as they were.
pub async fn bring_back(tx: &mut Tx, id: ContactMergeId) -> Result<()> {
    const BACK: Sql = sql!(
        "update contacts c set deleted_at = null, merged_into = null, updated_at = b.updated_at,
           version = b.version + c.derived - coalesce(b.derived, 0)
         from contact_merge_members g cross join lateral jsonb_populate_record(null::contacts, g.before -> 'contact') b
         where g.merge_id = $1 and c.id = g.merged_id"
    );
    tx.exec(BACK, &[&id]).await.map(|_| ())
}

/// Makes the kept contact with its addresses what it was. A legal hold that was put or ended since stays as it is.
pub async fn restore(tx: &mut Tx, id: ContactMergeId, kept: ContactId) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update contacts c set display_name = b.display_name, salutation = b.salutation, first_name = b.first_name, middle_name = b.middle_name,
           last_name = b.last_name, company_name = b.company_name, job_title = b.job_title, address = b.address, zone = b.zone, language = b.language,
           stage = b.stage, tier = b.tier, owner_id = b.owner_id, tags = b.tags, source = b.source, first_touch = b.first_touch, last_touch = b.last_touch,
           name_key = b.name_key, email = b.email, phone = b.phone, search = b.search, updated_at = b.updated_at,
           custom = coalesce(b.custom, '{}'), profiles = coalesce(b.profiles, '{}'),
           version = b.version + c.derived - coalesce(b.derived, 0)
         from contact_merges m cross join lateral jsonb_populate_record(null::contacts, m.before -> 'contact') b
         where m.id = $1 and c.id = m.kept_id"
    );
    const DELETE: Sql = sql!(
        "with emails as (delete from contact_emails where contact_id = $1) delete from contact_phones where contact_id = $1"
    );
    const INSERT: Sql = sql!(
        "with emails as (
           insert into contact_emails (contact_id, position, kind, address, canonical)
           select e.contact_id, e.position, e.kind, e.address, e.canonical
           from contact_merges m, jsonb_populate_recordset(null::contact_emails, m.before -> 'emails') e where m.id = $1)
         insert into contact_phones (contact_id, position, kind, number, e164, canonical)
         select p.contact_id, p.position, p.kind, p.number, p.e164, p.canonical
         from contact_merges m, jsonb_populate_recordset(null::contact_phones, m.before -> 'phones') p where m.id = $1"
    );
    tx.exec_one(RESTORE, &[&id]).await?;
    tx.exec(DELETE, &[&kept]).await?;
    tx.exec(INSERT, &[&id]).await.map(|_| ())
}

/// Notes that a merge was undone. Its ledger stays as long as the contact, and says no more than the contacts do.
pub async fn finish_undo(tx: &mut Tx, id: ContactMergeId, edits: &[String], done: kernel::db::Returned) -> Result<()> {
    const UNDONE: Sql = sql!(
        "update contact_merges set state = 'undone', undone_at = $2, undone_by = $3, kept_edits = $4, missing = $5, edited = $6, version = version + 1
         where id = $1"
    );
    const FORGET: Sql = sql!("delete from contact_merge_rows where merge_id = $1");
    let context = tx.context().clone();
    let by = context.actor.id;
    let (missing, edited) = (done.missing.cast_signed(), done.edited.cast_signed());
    tx.exec_one(UNDONE, &[&id, &context.now, &by, &edits, &missing, &edited]).await?;
    tx.exec(FORGET, &[&id]).await.map(|_| ())
}

row! {
    /// A merge as the person it is about gets to see it.
    pub struct About {
        pub id: ContactMergeId,
        pub before: Value,
        pub created_at: DateTime<Utc>,
    }
}

/// What merges keep about a contact.
pub async fn about(tx: &mut Tx, contact: ContactId) -> Result<Vec<About>> {
    const ABOUT: Sql = sql!(
        "select m.id, m.before, m.created_at from contact_merges m where m.kept_id = $1
         union all
         select m.id, g.before, m.created_at from contact_merge_members g join contact_merges m on m.id = g.merge_id where g.merged_id = $1
         order by 3, 1"
    );
    tx.rows(ABOUT, &[&contact]).await
}

row! {
    /// What was removed of merges.
    pub struct Erased {
        pub merges: i64,
        pub members: i64,
        pub rows: i64,
    }
}

/// Removes what merges noted of views that mention one of these lower-case texts: those are not the same any more, so they would not
/// be put back.
pub async fn forget_views(tx: &mut Tx, mentions: &[String]) -> Result<()> {
    const FORGET: Sql = sql!(
        "delete from contact_merge_rows r where r.table_name = 'saved_views' and exists (select from unnest($1::text[]) as t(mention)
           where position(t.mention in lower(concat_ws(' ', r.before::text, r.after::text))) > 0)"
    );
    tx.exec(FORGET, &[&mentions]).await.map(|_| ())
}

/// Removes every merge that a contact took part in, with what was kept for an undo.
pub async fn erase(tx: &mut Tx, contact: ContactId) -> Result<Erased> {
    const ERASE: Sql = sql!(
        "with ids as (select id from contact_merges where kept_id = $1 union select merge_id from contact_merge_members where merged_id = $1),
         counted as (select (select count(*) from contact_merge_members g where g.merge_id in (select id from ids)) as members,
           (select count(*) from contact_merge_rows r where r.merge_id in (select id from ids)) as rows),
         gone as (delete from contact_merges where id in (select id from ids) returning id)
         select (select count(*) from gone) as merges, members, rows from counted"
    );
    tx.row(ERASE, &[&contact]).await
}
