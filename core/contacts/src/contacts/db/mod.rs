//! Every statement on contacts and their addresses.
mod lists;
pub(crate) mod many;
mod search;

pub(super) use lists::open;
pub use lists::{DELETED, LIST, list};
pub use search::closest;

use super::{
    draft::Draft,
    model::{Contact, ContactId, ContactTier, Duplicate, MadeRow, Matched, Owners},
};
use crate::contact_merges;
use chrono::{DateTime, Days, NaiveDate, Utc};
use fields::Custom;
use kernel::{
    Error, Result, Tx,
    db::{Clause, ListQuery, ListSpec, Sql},
    http::Page,
    row, sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// The contact, if it is in reach.
pub async fn find(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<Contact> {
    const FIND: Sql = sql!(
        "select c.id, c.display_name, c.salutation, c.first_name, c.middle_name, c.last_name, c.company_name, c.job_title, c.email, c.phone,
           array(select jsonb_build_object('address', e.address, 'kind', e.kind, 'primary', e.position = 0) from contact_emails e where e.contact_id = c.id order by e.position) as emails,
           array(select jsonb_build_object('number', p.number, 'e164', p.e164, 'kind', p.kind, 'primary', p.position = 0) from contact_phones p where p.contact_id = c.id order by p.position) as phones,
           c.address, c.zone, c.language, c.stage, c.tier, c.score, c.band, c.owner_id as owner, c.tags, c.source, c.first_touch, c.last_touch, c.custom, c.profiles, c.hold_reason, c.last_contact_at, c.created_at, c.updated_at, c.deleted_at, c.version
         from contacts c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))"
    );
    let found = tx.opt(FIND, &[&id, owners]).await?;
    contact_merges::there(tx, found, id, owners).await
}

/// The contact, deleted or not, if it is in reach.
pub async fn find_any(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<Contact> {
    const ANY: ListSpec = ListSpec { always: "", ..LIST };
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = vec![Clause("c.id = ?", &id, Type::UUID)];
    if let Some(owners) = owners {
        clauses.push(Clause("c.owner_id = any(?)", owners, Type::UUID_ARRAY));
    }
    let page: Page<Contact> = tx.list(&ANY, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// Fails with 404 when the contact is not in reach: for what hangs on a contact.
pub async fn require(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<()> {
    const REQUIRE: Sql = sql!(
        "select c.version from contacts c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))"
    );
    let found = tx.value_opt::<i64>(REQUIRE, &[&id, owners]).await?;
    contact_merges::there(tx, found, id, owners).await.map(|_| ())
}

/// Writes when somebody was last in touch with a contact, as the modules that know it have counted, with the contact locked.
/// Its version stays: nothing that anybody edits has changed.
pub async fn set_last_contact(tx: &mut Tx, id: ContactId, at: Option<DateTime<Utc>>) -> Result<()> {
    tx.exec(sql!("update contacts set last_contact_at = $2 where id = $1"), &[&id, &at]).await.map(|_| ())
}

/// Writes what scores have become, as the module that counts them has; the lists pair up. Versions stay: nothing that anybody
/// edits has changed.
pub async fn set_scores(tx: &mut Tx, ids: &[Uuid], scores: &[i32], bands: &[&str]) -> Result<()> {
    const LOCK: Sql = sql!("select id from contacts where id = any($1) order by id for no key update");
    const SET: Sql = sql!(
        "update contacts c set score = n.score, band = n.band from unnest($1::uuid[], $2::integer[], $3::text[]) as n(id, score, band)
         where c.id = n.id"
    );
    tx.exec(LOCK, &[&ids]).await?;
    tx.exec(SET, &[&ids, &scores, &bands]).await.map(|_| ())
}

/// The contact, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<Contact> {
    const LOCK: Sql = sql!(
        "select c.version from contacts c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2)) for update"
    );
    let locked = tx.value_opt::<i64>(LOCK, &[&id, owners]).await?;
    contact_merges::there(tx, locked, id, owners).await?;
    find(tx, id, owners).await
}

/// The contact, locked until the end of the transaction but for those who only name it.
pub async fn find_for_change(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<Contact> {
    const LOCK: Sql = sql!(
        "select c.version from contacts c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2)) for no key update"
    );
    let locked = tx.value_opt::<i64>(LOCK, &[&id, owners]).await?;
    contact_merges::there(tx, locked, id, owners).await?;
    find(tx, id, owners).await
}

/// Every address of contacts.
const ALL_KEYS: &str = "contact keys";

/// Serialises everybody who writes one of these addresses, until the end of the transaction. The order of the locks is
/// the same for all, so nobody waits in a circle; take them before locking a contact.
pub async fn lock_keys(tx: &mut Tx, emails: &[String], phones: &[String]) -> Result<()> {
    const LOCK_KEYS: Sql = sql!(
        "select pg_advisory_xact_lock_shared($1) union all select pg_advisory_xact_lock(k.key) from unnest($2::bigint[]) as k(key)"
    );
    let mut keys: Vec<i64> = emails.iter().chain(phones).map(|key| tx.lock_number(&format!("address {key}"))).collect();
    keys.sort_unstable();
    if !keys.is_empty() {
        let all = tx.lock_number(ALL_KEYS);
        tx.exec(LOCK_KEYS, &[&all, &keys]).await?;
    }
    Ok(())
}

/// Serialises with everybody who writes any address, until the end of the transaction: an import has more of them than
/// the server has room for locks. Keep the transaction short.
pub(crate) async fn lock_all_keys(tx: &mut Tx) -> Result<()> {
    tx.lock(ALL_KEYS).await
}

/// Serialises everybody who counts contacts before he adds one, until the end of the transaction; take it first of all.
pub(crate) async fn lock_room(tx: &mut Tx) -> Result<()> {
    tx.lock("contacts").await
}

/// The contact in reach that an address belongs to: e-mail addresses in their order first, then phone numbers, the oldest
/// contact when several have it.
pub async fn find_match(tx: &mut Tx, emails: &[String], phones: &[String], owners: &Owners) -> Result<Option<Matched>> {
    const FIND_MATCH: Sql = sql!(
        "select m.id, m.matched_by from (
           select c.id, c.created_at, 'email' as matched_by, 0 as rank, k.n from unnest($1::text[]) with ordinality as k(value, n)
             join contact_emails e on e.canonical = k.value join contacts c on c.id = e.contact_id
             where c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3))
           union all
           select c.id, c.created_at, 'phone', 1, k.n from unnest($2::text[]) with ordinality as k(value, n)
             join contact_phones p on p.canonical = k.value join contacts c on c.id = p.contact_id
             where c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3))) m
         order by m.rank, m.n, m.created_at, m.id limit 1"
    );
    tx.opt(FIND_MATCH, &[&emails, &phones, owners]).await
}

/// Which of these addresses other contacts have.
pub async fn addresses_of_others(
    tx: &mut Tx,
    id: ContactId,
    emails: &[String],
    phones: &[String],
) -> Result<Vec<String>> {
    const OTHERS: Sql = sql!(
        "select e.canonical from contact_emails e join contacts c on c.id = e.contact_id
         where e.canonical = any($2) and e.contact_id <> $1 and c.deleted_at is null
         union
         select p.canonical from contact_phones p join contacts c on c.id = p.contact_id
         where p.canonical = any($3) and p.contact_id <> $1 and c.deleted_at is null"
    );
    tx.values(OTHERS, &[&id, &emails, &phones]).await
}

/// Other contacts that have one of these addresses.
pub async fn contacts_with(tx: &mut Tx, id: ContactId, emails: &[String], phones: &[String]) -> Result<Vec<ContactId>> {
    const CONTACTS_WITH: Sql = sql!(
        "select e.contact_id from contact_emails e where e.canonical = any($2) and e.contact_id <> $1
         union
         select p.contact_id from contact_phones p where p.canonical = any($3) and p.contact_id <> $1
         except select m.id from contacts m where m.merged_into = $1"
    );
    tx.values(CONTACTS_WITH, &[&id, &emails, &phones]).await
}

/// Contacts that may be the same person, by equal address, equal name, or a name of several words much like it; the
/// surest first. However many there are, a few hundred names are compared.
pub async fn duplicates(
    tx: &mut Tx,
    emails: &[String],
    phones: &[String],
    name: &str,
    owners: &Owners,
) -> Result<Vec<Duplicate>> {
    const DUPLICATES: Sql = sql!(
        "select c.id, c.display_name, c.email, c.phone, c.company_name, d.matched_by from (
           select m.id, array_agg(m.matched_by order by m.rank) as matched_by, min(m.rank) as rank from (
             select e.contact_id as id, 'email' as matched_by, 0 as rank from contact_emails e where e.canonical = any($1)
             union
             select p.contact_id, 'phone', 1 from contact_phones p where p.canonical = any($2)
             union
             (select n.id, 'name', 2 from contacts n where $3 <> '' and n.deleted_at is null and n.name_key = fold($3)
                and ($4::uuid[] is null or n.owner_id = any($4)) limit 10)
             union
             (select s.id, 'name', 2 from contacts s
              where s.id = any($5) and similarity(s.name_key, fold($3)) > 0.6 order by similarity(s.name_key, fold($3)) desc, s.id limit 10)) m
           group by m.id) d
         join contacts c on c.id = d.id
         where c.deleted_at is null and ($4::uuid[] is null or c.owner_id = any($4))
         order by d.rank, c.created_at, c.id limit 20"
    );
    let alike = if name.contains(' ') { search::alike(tx, name, owners).await? } else { vec![] };
    tx.rows(DUPLICATES, &[&emails, &phones, &name, owners, &alike]).await
}

/// A new contact with its addresses.
pub async fn insert(tx: &mut Tx, id: ContactId, draft: &Draft) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contacts (id, display_name, salutation, first_name, middle_name, last_name, company_name, job_title, address, zone, language,
           stage, owner_id, tags, source, first_touch, last_touch, name_key, email, phone, search, created_at, updated_at, custom, tier, profiles)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, fold($2), $18, $19, fold($20), $21, $21, $22, $23, $24)"
    );
    put(tx, INSERT, id, draft).await?;
    insert_addresses(tx, id, draft).await
}

/// Writes a locked contact.
pub async fn update(tx: &mut Tx, id: ContactId, draft: &Draft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update contacts set display_name = $2, salutation = $3, first_name = $4, middle_name = $5, last_name = $6, company_name = $7, job_title = $8,
           address = $9, zone = $10, language = $11, stage = $12, owner_id = $13, tags = $14, source = $15, first_touch = $16, last_touch = $17,
           name_key = fold($2), email = $18, phone = $19, search = fold($20), updated_at = $21, custom = $22, tier = $23, profiles = $24, version = version + 1
         where id = $1"
    );
    put(tx, UPDATE, id, draft).await
}

/// Runs a statement that takes everything of a contact but its addresses, of which it takes the first ones.
async fn put(tx: &mut Tx, statement: Sql, id: ContactId, draft: &Draft) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        statement,
        &[
            &id,
            &draft.display_name,
            &draft.salutation,
            &draft.first_name,
            &draft.middle_name,
            &draft.last_name,
            &draft.company_name,
            &draft.job_title,
            &draft.address,
            &draft.zone,
            &draft.language,
            &draft.stage,
            &draft.owner,
            &draft.tags,
            &draft.source,
            &draft.first_touch,
            &draft.last_touch,
            &draft.emails.first().map(|(email, _)| &email.canonical),
            &draft.phones.first().map(|(phone, _)| phone.canonical()),
            &draft.search_text(),
            &now,
            &draft.custom,
            &draft.tier.map(ContactTier::as_str),
            &draft.profiles,
        ],
    )
    .await
}

/// Writes the addresses of a locked contact.
pub async fn replace_addresses(tx: &mut Tx, id: ContactId, draft: &Draft) -> Result<()> {
    const DELETE: Sql = sql!(
        "with emails as (delete from contact_emails where contact_id = $1) delete from contact_phones where contact_id = $1"
    );
    tx.exec(DELETE, &[&id]).await?;
    insert_addresses(tx, id, draft).await
}

/// Writes the addresses of a contact that has none.
async fn insert_addresses(tx: &mut Tx, id: ContactId, draft: &Draft) -> Result<()> {
    const INSERT: Sql = sql!(
        "with emails as (
           insert into contact_emails (contact_id, position, kind, address, canonical)
           select $1, a.n - 1, a.kind, a.address, a.canonical from unnest($2::text[], $3::text[], $4::text[]) with ordinality as a(kind, address, canonical, n))
         insert into contact_phones (contact_id, position, kind, number, e164, canonical)
         select $1, a.n - 1, a.kind, a.number, a.e164, a.canonical
         from unnest($5::text[], $6::text[], $7::text[], $8::text[]) with ordinality as a(kind, number, e164, canonical, n)"
    );
    if draft.emails.is_empty() && draft.phones.is_empty() {
        return Ok(());
    }
    let (emails, phones) = (&draft.emails, &draft.phones);
    tx.exec(
        INSERT,
        &[
            &id,
            &emails.iter().map(|(_, kind)| kind.as_str()).collect::<Vec<_>>(),
            &emails.iter().map(|(email, _)| &email.address).collect::<Vec<_>>(),
            &emails.iter().map(|(email, _)| &email.canonical).collect::<Vec<_>>(),
            &phones.iter().map(|(_, kind)| kind.as_str()).collect::<Vec<_>>(),
            &phones.iter().map(|(phone, _)| &phone.number).collect::<Vec<_>>(),
            &phones.iter().map(|(phone, _)| &phone.e164).collect::<Vec<_>>(),
            &phones.iter().map(|(phone, _)| phone.canonical()).collect::<Vec<_>>(),
        ],
    )
    .await
    .map(|_| ())
}

/// Marks a locked contact as deleted.
pub async fn delete(tx: &mut Tx, id: ContactId) -> Result<()> {
    const DELETE: Sql =
        sql!("update contacts set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Takes a deletion back.
pub async fn restore(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update contacts set deleted_at = null, updated_at = $2, version = version + 1
         where id = $1 and deleted_at is not null and merged_into is null and ($3::uuid[] is null or owner_id = any($3))"
    );
    let now = tx.now();
    tx.exec_one(RESTORE, &[&id, &now, owners]).await
}

/// Removes a contact that has been deleted at this moment and is under no hold; gives whether it was there. What hangs
/// on it by foreign key goes with it.
pub async fn purge(tx: &mut Tx, id: ContactId, deleted_at: DateTime<Utc>) -> Result<bool> {
    const PURGE: Sql = sql!("delete from contacts where id = $1 and deleted_at = $2 and hold_reason is null");
    Ok(tx.exec(PURGE, &[&id, &deleted_at]).await? == 1)
}

/// Puts a contact under legal hold, or ends it; gives when the contact was deleted, if it was.
pub async fn set_hold(
    tx: &mut Tx,
    id: ContactId,
    reason: Option<&str>,
    owners: &Owners,
) -> Result<Option<DateTime<Utc>>> {
    const SET_HOLD: Sql = sql!(
        "update contacts set hold_reason = $2, updated_at = $3, version = version + 1
         where id = $1 and merged_into is null and ($4::uuid[] is null or owner_id = any($4)) returning deleted_at"
    );
    let now = tx.now();
    tx.value(SET_HOLD, &[&id, &reason, &now, owners]).await
}

row! {
    /// What was removed with a contact.
    pub struct Erased {
        /// E-mail addresses.
        pub emails: i64,
        /// Phone numbers.
        pub phones: i64,
        /// Do-not-contact blocks.
        pub blocks: i64,
    }
}

/// Removes a contact and all that hangs on it.
pub async fn erase(tx: &mut Tx, id: ContactId) -> Result<Erased> {
    const COUNT: Sql = sql!(
        "select (select count(*) from contact_emails where contact_id = $1) as emails,
           (select count(*) from contact_phones where contact_id = $1) as phones,
           (select count(*) from do_not_contact where contact_id = $1) as blocks"
    );
    const ERASE: Sql = sql!("delete from contacts where id = $1 and hold_reason is null");
    let erased = tx.row(COUNT, &[&id]).await?;
    tx.exec_one(ERASE, &[&id]).await?;
    Ok(erased)
}

/// How many contacts in reach were made on each of the last fourteen days, in the tenant's time zone.
pub(crate) async fn made_by_day(tx: &mut Tx, owners: &Owners) -> Result<Vec<MadeRow>> {
    const MADE: Sql = sql!(
        "select d.day, d.since, coalesce(m.made, 0) as made from unnest($1::date[], $2::timestamptz[]) with ordinality as d(day, since, place)
         left join (
           select width_bucket(c.created_at, $2::timestamptz[]) as place, count(*) as made from contacts c
           where c.deleted_at is null and c.created_at >= ($2::timestamptz[])[1] and ($3::uuid[] is null or c.owner_id = any($3)) group by 1) m
           on m.place = d.place
         order by 1"
    );
    let here = tx.here();
    let days: Vec<NaiveDate> = (0..14).rev().map(|ago| here.today() - Days::new(ago)).collect();
    let begins: Vec<DateTime<Utc>> = days.iter().map(|day| here.begin(*day)).collect();
    tx.rows(MADE, &[&days, &begins, owners]).await
}

/// How many contacts there are; deleted ones are not.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.value(sql!("select count(*) from contacts where deleted_at is null"), &[]).await
}

/// How many contacts there are, counted no further than `most`.
pub(crate) async fn count_up_to(tx: &mut Tx, most: i64) -> Result<i64> {
    const COUNT: Sql = sql!(
        "select count(*) from (select from contacts where deleted_at is null limit greatest($1::bigint, 0)) as counted"
    );
    tx.value(COUNT, &[&most]).await
}

/// The next contacts in the order of their ids, deleted ones too, locked.
pub async fn after(tx: &mut Tx, after: Option<uuid::Uuid>, limit: i64) -> Result<Vec<Contact>> {
    const LOCK: Sql =
        sql!("select c.id from contacts c where $1::uuid is null or c.id > $1 order by c.id limit $2 for update");
    const ANY: ListSpec = ListSpec { always: "", default_sort: "created_at", ..LIST };
    let ids: Vec<ContactId> = tx.values(LOCK, &[&after, &limit]).await?;
    let all = ListQuery { limit: Some(200), ..ListQuery::default() };
    let page: Page<Contact> = tx.list(&ANY, &all, &[Clause("c.id = any(?)", &ids, Type::UUID_ARRAY)]).await?;
    Ok(page.items)
}

/// Writes values of custom fields of locked contacts, as definitions make them; `ids` and `customs` pair up.
pub async fn set_custom(tx: &mut Tx, ids: &[uuid::Uuid], customs: &[Custom]) -> Result<()> {
    const SET: Sql = sql!(
        "update contacts c set custom = n.custom, version = c.version + 1, derived = c.derived + 1
         from unnest($1::uuid[], $2::jsonb[]) as n(id, custom) where c.id = n.id"
    );
    tx.exec(SET, &[&ids, &customs]).await.map(|_| ())
}

/// Takes a value of a custom field away from contacts, because the field goes or another record has the value.
pub async fn strip_custom(tx: &mut Tx, ids: &[uuid::Uuid], key: &str) -> Result<()> {
    const STRIP: Sql = sql!(
        "update contacts set custom = custom - $2::text, version = version + 1, derived = derived + 1 where id = any($1)"
    );
    tx.exec(STRIP, &[&ids, &key]).await.map(|_| ())
}
