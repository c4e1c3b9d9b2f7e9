//! Contacts by the hundred: what a bulk run chooses, reads and writes.
use super::{
    super::{
        draft::Draft,
        model::{Contact, ContactId, Owners, SegmentId},
    },
    DELETED, LIST,
    lists::asked,
};
use kernel::{
    Result, Tx,
    auth::Principal,
    db::{Clause, Clauses, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Contacts of one list: its filters, its words, and whether those are meant that were deleted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// `field:op:value`.
    pub filter: Vec<String>,
    /// Words that each contact holds.
    pub words: String,
    /// Contacts that were deleted, instead of the others.
    pub deleted: bool,
    /// Contacts that are not meant.
    pub excluded: Vec<ContactId>,
}

impl Asked {
    fn spec(&self) -> &'static ListSpec {
        if self.deleted { &DELETED } else { &LIST }
    }

    fn query(&self) -> ListQuery {
        ListQuery { filter: self.filter.clone(), ..ListQuery::default() }
    }
}

/// How many contacts in reach are asked for, counted no further than `most`.
pub(crate) async fn count(tx: &mut Tx, wish: &Asked, owners: &Owners, reader: &Principal, most: u32) -> Result<i64> {
    asked(tx, &wish.query(), &wish.words, (owners, Some(reader)), async |tx, keyed, query, clauses| {
        tx.count_chosen(wish.spec(), keyed, query, clauses, most).await
    })
    .await
}

/// Notes the contacts in reach that are asked for as rows of `run`, at most `most`; how many.
pub(crate) async fn note(
    tx: &mut Tx,
    run: Uuid,
    wish: &Asked,
    owners: &Owners,
    reader: &Principal,
    most: u32,
) -> Result<i64> {
    const INTO: &str = "insert into contact_bulk_run_rows (run_id, place, contact_id)";
    asked(tx, &wish.query(), &wish.words, (owners, Some(reader)), async |tx, keyed, query, clauses| {
        let but = Clause("c.id <> all(?)", &wish.excluded, Type::UUID_ARRAY);
        let said = [clauses.said, &[but]].concat();
        tx.note_chosen(INTO, run, wish.spec(), keyed, query, Clauses { said: &said, ..clauses }, most).await
    })
    .await
}

/// Contacts of these ids, locked until the end of the transaction, all in one order; deleted ones or the others, as far as
/// they are in reach. Those that became part of another contact are none of them.
pub(crate) async fn lock(tx: &mut Tx, ids: &[ContactId], deleted: bool, owners: &Owners) -> Result<Vec<Contact>> {
    const LOCK: Sql = sql!(
        "select c.id from contacts c where c.id = any($1) and (c.deleted_at is not null) = $2 and c.merged_into is null
           and ($3::uuid[] is null or c.owner_id = any($3)) order by c.id for update"
    );
    const ANY: ListSpec = ListSpec { always: "", default_sort: "created_at", ..LIST };
    let there: Vec<ContactId> = tx.values(LOCK, &[&ids, &deleted, owners]).await?;
    let mut all = vec![];
    // A statement of its own: it sees what others did until the locks were had.
    for some in there.chunks(200) {
        let query = ListQuery { limit: Some(200), ..ListQuery::default() };
        let some = some.to_vec();
        let page: Page<Contact> = tx.list(&ANY, &query, &[Clause("c.id = any(?)", &some, Type::UUID_ARRAY)]).await?;
        all.extend(page.items);
    }
    Ok(all)
}

/// Which of these contacts are in a segment.
pub(crate) async fn members(tx: &mut Tx, segment: SegmentId, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    const MEMBERS: Sql = sql!("select contact_id from segment_members where segment_id = $1 and contact_id = any($2)");
    tx.values(MEMBERS, &[&segment, &ids]).await
}

/// Writes stage, tier, owner, tags, source and custom values of locked contacts.
pub(crate) async fn update(tx: &mut Tx, contacts: &[(ContactId, &Draft)]) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update contacts c set stage = n.stage, tier = n.tier, owner_id = n.owner_id, tags = n.tags, source = n.source, custom = n.custom,
           updated_at = $2, version = c.version + 1
         from jsonb_populate_recordset(null::contacts, $1) n where c.id = n.id"
    );
    let row = |(id, draft): &(ContactId, &Draft)| {
        let owner = draft.owner.map(|owner| owner.0);
        json!({
            "id": id.0, "stage": draft.stage, "tier": draft.tier, "owner_id": owner, "tags": draft.tags, "source": draft.source,
            "custom": draft.custom,
        })
    };
    if contacts.is_empty() {
        return Ok(());
    }
    let (rows, now): (Value, _) = (contacts.iter().map(row).collect(), tx.now());
    tx.exec(UPDATE, &[&rows, &now]).await.map(|_| ())
}

/// Marks locked contacts as deleted.
pub(crate) async fn delete(tx: &mut Tx, ids: &[ContactId]) -> Result<()> {
    const DELETE: Sql =
        sql!("update contacts set deleted_at = $2, updated_at = $2, version = version + 1 where id = any($1)");
    let now = tx.now();
    tx.exec(DELETE, &[&ids, &now]).await.map(|_| ())
}

/// Takes the deletion of locked contacts back.
pub(crate) async fn restore(tx: &mut Tx, ids: &[ContactId]) -> Result<()> {
    const RESTORE: Sql =
        sql!("update contacts set deleted_at = null, updated_at = $2, version = version + 1 where id = any($1)");
    let now = tx.now();
    tx.exec(RESTORE, &[&ids, &now]).await.map(|_| ())
}

/// Lets links of contacts to a record lead to another one where they still lead to the first; the index of custom values is the
/// caller's.
pub async fn relink(tx: &mut Tx, links: &[fields::Relinked], from: &str, to: &str) -> Result<()> {
    const RELINK: Sql = sql!(
        "update contacts c set custom = c.custom || n.links from (
           select x.id, jsonb_object_agg(f.key, to_jsonb($4::text)) as links from unnest($1::uuid[], $2::uuid[]) as l(record_id, field_id)
           join custom_fields f on f.id = l.field_id and f.record = 'contact' join contacts x on x.id = l.record_id and x.custom ->> f.key = $3
           group by x.id) n
         where c.id = n.id"
    );
    let (records, fields): (Vec<Uuid>, Vec<Uuid>) = links.iter().map(|link| (link.record, link.field)).unzip();
    tx.exec(RELINK, &[&records, &fields, &from, &to]).await.map(|_| ())
}
