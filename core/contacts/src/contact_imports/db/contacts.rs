//! What an import reads and writes of contacts: many at a time.
use crate::{
    contact_imports::model::ContactImportId,
    contacts::{Contact, ContactId, Draft, Owners},
};
use kernel::{Result, Tx, db::Sql, row, sql};
use serde_json::Value;

row! {
    /// The contact that a key leads to.
    pub struct Found {
        pub kind: String,
        pub value: String,
        pub contact: ContactId,
    }
}

/// The oldest contact in reach for each id, e-mail address and phone number.
pub async fn matches(
    tx: &mut Tx,
    ids: &[ContactId],
    emails: &[String],
    phones: &[String],
    owners: &Owners,
) -> Result<Vec<Found>> {
    const MATCHES: Sql = sql!(
        "select distinct on (m.kind, m.value) m.kind, m.value, m.id as contact from (
           select 'id' as kind, c.id::text as value, c.id, c.created_at from contacts c
             where c.id = any($1) and c.deleted_at is null and ($4::uuid[] is null or c.owner_id = any($4))
           union all
           select 'email', e.canonical, c.id, c.created_at from contact_emails e join contacts c on c.id = e.contact_id
             where e.canonical = any($2) and c.deleted_at is null and ($4::uuid[] is null or c.owner_id = any($4))
           union all
           select 'phone', p.canonical, c.id, c.created_at from contact_phones p join contacts c on c.id = p.contact_id
             where p.canonical = any($3) and c.deleted_at is null and ($4::uuid[] is null or c.owner_id = any($4))) m
         order by m.kind, m.value, m.created_at, m.id"
    );
    tx.rows(MATCHES, &[&ids, &emails, &phones, owners]).await
}

/// Locks contacts, all in one order.
pub async fn lock(tx: &mut Tx, ids: &[ContactId]) -> Result<()> {
    const LOCK: Sql = sql!("select id from contacts where id = any($1) order by id for update");
    tx.exec(LOCK, &[&ids]).await.map(|_| ())
}

/// Contacts that are not deleted.
pub async fn read(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<Contact>> {
    const READ: Sql = sql!(
        "select c.id, c.display_name, c.salutation, c.first_name, c.middle_name, c.last_name, c.company_name, c.job_title, c.email, c.phone,
           array(select jsonb_build_object('address', e.address, 'kind', e.kind, 'primary', e.position = 0) from contact_emails e where e.contact_id = c.id order by e.position) as emails,
           array(select jsonb_build_object('number', p.number, 'e164', p.e164, 'kind', p.kind, 'primary', p.position = 0) from contact_phones p where p.contact_id = c.id order by p.position) as phones,
           c.address, c.zone, c.language, c.stage, c.tier, c.score, c.band, c.owner_id as owner, c.tags, c.source, c.first_touch, c.last_touch, c.custom, c.profiles, c.hold_reason, c.last_contact_at, c.created_at, c.updated_at, c.deleted_at, c.version
         from contacts c where c.id = any($1) and c.deleted_at is null"
    );
    tx.rows(READ, &[&ids]).await
}

row! {
    /// Contacts that an import made, which say as much as each other.
    pub struct Alike {
        pub has_email: bool,
        pub has_phone: bool,
        pub has_company: bool,
        pub stage: String,
        /// The score that most of them were found to have.
        pub score: i32,
    }
}

impl Alike {
    /// Whether somebody says as much as they do.
    pub fn like(&self, draft: &Draft) -> bool {
        self.has_email != draft.emails.is_empty()
            && self.has_phone != draft.phones.is_empty()
            && self.has_company == draft.company_name.is_some()
            && self.stage == draft.stage
    }
}

/// What contacts that came a while before a line of an import were scored, of those that are in the lowest band.
pub async fn scores(tx: &mut Tx, id: ContactImportId, line: i32) -> Result<Vec<Alike>> {
    // Whoever counts may be some batches behind.
    let counted = (line - 5_000).max(500);
    const SCORES: Sql = sql!(
        "select c.email is not null as has_email, c.phone is not null as has_phone, c.company_name is not null as has_company, c.stage,
           mode() within group (order by c.score) as score
         from (select contact_id from contact_import_rows where import_id = $1 and outcome = 'created' and line <= $2 order by line desc limit 300) r
         join contacts c on c.id = r.contact_id where c.score > 0 and c.band = 'cold' group by 1, 2, 3, 4"
    );
    tx.rows(SCORES, &[&id, &counted]).await
}

/// New contacts with their addresses.
pub async fn insert(tx: &mut Tx, contacts: &Value, emails: &Value, phones: &Value) -> Result<()> {
    const INSERT: Sql = sql!(
        "with emails as (
           insert into contact_emails (contact_id, position, kind, address, canonical)
           select e.contact_id, e.position, e.kind, e.address, e.canonical from jsonb_populate_recordset(null::contact_emails, $2) e),
         phones as (
           insert into contact_phones (contact_id, position, kind, number, e164, canonical)
           select p.contact_id, p.position, p.kind, p.number, p.e164, p.canonical from jsonb_populate_recordset(null::contact_phones, $3) p)
         insert into contacts (id, display_name, salutation, first_name, middle_name, last_name, company_name, job_title, address, zone, language,
           stage, owner_id, tags, source, name_key, email, phone, search, created_at, updated_at, custom, tier, profiles, score)
         select n.id, n.display_name, n.salutation, n.first_name, n.middle_name, n.last_name, n.company_name, n.job_title, n.address, n.zone, n.language,
           n.stage, n.owner_id, n.tags, n.source, fold(n.display_name), n.email, n.phone, fold(n.search), $4, $4, n.custom, n.tier, n.profiles, n.score
         from jsonb_populate_recordset(null::contacts, $1) n"
    );
    let now = tx.now();
    tx.exec(INSERT, &[contacts, emails, phones, &now]).await.map(|_| ())
}

/// Writes locked contacts; their versions jump. `ids` are those whose addresses are replaced.
pub async fn update(
    tx: &mut Tx,
    contacts: &Value,
    ids: &[ContactId],
    emails: &Value,
    phones: &Value,
    jump: i64,
) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update contacts c set display_name = n.display_name, salutation = n.salutation, first_name = n.first_name, middle_name = n.middle_name,
           last_name = n.last_name, company_name = n.company_name, job_title = n.job_title, address = n.address, zone = n.zone, language = n.language,
           stage = n.stage, tier = n.tier, owner_id = n.owner_id, tags = n.tags, source = n.source, name_key = fold(n.display_name), email = n.email, phone = n.phone,
           search = fold(n.search), updated_at = $2, custom = n.custom, profiles = n.profiles, version = c.version + $3
         from jsonb_populate_recordset(null::contacts, $1) n where c.id = n.id"
    );
    let now = tx.now();
    tx.exec(UPDATE, &[contacts, &now, &jump]).await?;
    replace_addresses(tx, ids, emails, phones).await
}

async fn replace_addresses(tx: &mut Tx, ids: &[ContactId], emails: &Value, phones: &Value) -> Result<()> {
    const DELETE: Sql = sql!(
        "with emails as (delete from contact_emails where contact_id = any($1)) delete from contact_phones where contact_id = any($1)"
    );
    const INSERT: Sql = sql!(
        "with emails as (
           insert into contact_emails (contact_id, position, kind, address, canonical)
           select e.contact_id, e.position, e.kind, e.address, e.canonical from jsonb_populate_recordset(null::contact_emails, $1) e)
         insert into contact_phones (contact_id, position, kind, number, e164, canonical)
         select p.contact_id, p.position, p.kind, p.number, p.e164, p.canonical from jsonb_populate_recordset(null::contact_phones, $2) p"
    );
    if !ids.is_empty() {
        tx.exec(DELETE, &[&ids]).await?;
        tx.exec(INSERT, &[emails, phones]).await?;
    }
    Ok(())
}

row! {
    /// What an undo must know of a contact.
    pub struct Fact {
        pub id: ContactId,
        /// Rises with each edit, and with nothing that only follows a definition.
        pub edits: i64,
        pub held: bool,
        pub deleted: bool,
        pub eventful: bool,
    }
}

/// What is true of locked contacts. `eventful`: something happened with the contact, a note or a deal too;
/// that it came into segments and has a score follows from the import, and who is in a stage that is removed has had nothing
/// done to him.
pub async fn facts(tx: &mut Tx, ids: &[ContactId]) -> Result<Vec<Fact>> {
    const FACTS: Sql = sql!(
        "select c.id, c.version - c.derived as edits, c.hold_reason is not null as held, c.deleted_at is not null as deleted,
           exists (select from events e where e.contact_id = c.id and e.subject not in ('segments', 'scores')
             and e.kind <> 'contact.stage_replaced') as eventful
         from contacts c where c.id = any($1)"
    );
    tx.rows(FACTS, &[&ids]).await
}

/// Removes locked contacts for good, as if they had never come.
pub async fn delete(tx: &mut Tx, ids: &[ContactId]) -> Result<()> {
    tx.exec(sql!("delete from contacts where id = any($1)"), &[&ids]).await.map(|_| ())
}

/// Makes locked contacts, with their addresses, what they were before the given rows of an import. What followed a definition since would
/// have without the import too, so it stays counted.
pub async fn restore(tx: &mut Tx, id: ContactImportId, lines: &[i32], ids: &[ContactId]) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update contacts c set display_name = b.display_name, salutation = b.salutation, first_name = b.first_name, middle_name = b.middle_name,
           last_name = b.last_name, company_name = b.company_name, job_title = b.job_title, address = b.address, zone = b.zone, language = b.language,
           stage = b.stage, tier = b.tier, owner_id = b.owner_id, tags = b.tags, source = b.source, first_touch = b.first_touch, last_touch = b.last_touch,
           hold_reason = b.hold_reason, name_key = b.name_key, email = b.email, phone = b.phone, search = b.search, created_at = b.created_at,
           updated_at = b.updated_at, deleted_at = b.deleted_at, custom = coalesce(b.custom, '{}'), profiles = coalesce(b.profiles, '{}'),
           version = b.version + c.derived - coalesce(b.derived, 0)
         from contact_import_rows r, jsonb_populate_record(null::contacts, r.before -> 'contact') b
         where r.import_id = $1 and r.line = any($2) and c.id = r.contact_id and b.id = c.id"
    );
    const DELETE: Sql = sql!(
        "with emails as (delete from contact_emails where contact_id = any($1)) delete from contact_phones where contact_id = any($1)"
    );
    const INSERT: Sql = sql!(
        "with emails as (
           insert into contact_emails (contact_id, position, kind, address, canonical)
           select e.contact_id, e.position, e.kind, e.address, e.canonical
           from contact_import_rows r, jsonb_populate_recordset(null::contact_emails, r.before -> 'emails') e where r.import_id = $1 and r.line = any($2))
         insert into contact_phones (contact_id, position, kind, number, e164, canonical)
         select p.contact_id, p.position, p.kind, p.number, p.e164, p.canonical
         from contact_import_rows r, jsonb_populate_recordset(null::contact_phones, r.before -> 'phones') p where r.import_id = $1 and r.line = any($2)"
    );
    if !ids.is_empty() {
        tx.exec(RESTORE, &[&id, &lines]).await?;
        tx.exec(DELETE, &[&ids]).await?;
        tx.exec(INSERT, &[&id, &lines]).await?;
    }
    Ok(())
}
