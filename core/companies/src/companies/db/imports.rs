//! What an import of contacts reads and writes of companies: many at a time.
use crate::companies::{draft::Draft, model::CompanyId};
use contacts::Owners;
use kernel::{Result, Tx, db::Sql, imports::PartTrace, row, sql};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

row! {
    /// The company that a name and a host lead to.
    pub struct Found {
        pub name_key: String,
        pub company: Option<CompanyId>,
    }
}

/// For each name with its host the oldest company in reach with the same host, else with the same name and no other host; in
/// the order in which they were asked for.
pub async fn find(tx: &mut Tx, names: &[(&str, Option<&str>)], owners: &Owners) -> Result<Vec<Found>> {
    const FIND: Sql = sql!(
        "select fold(n.name) as name_key, coalesce(
           (select w.id from companies w where w.domain = n.domain and w.deleted_at is null and ($3::uuid[] is null or w.owner_id = any($3))
            order by w.created_at, w.id limit 1),
           (select c.id from companies c where c.name_key = fold(n.name) and c.deleted_at is null and ($3::uuid[] is null or c.owner_id = any($3))
              and (c.domain is null or n.domain is null or c.domain = n.domain) order by c.created_at, c.id limit 1)) as company
         from unnest($1::text[], $2::text[]) with ordinality as n(name, domain, place) order by n.place"
    );
    let (names, domains): (Vec<&str>, Vec<Option<&str>>) = names.iter().copied().unzip();
    tx.rows(FIND, &[&names, &domains, owners]).await
}

/// New companies.
pub async fn insert(tx: &mut Tx, rows: &[(CompanyId, Draft)]) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into companies (id, name, website, profiles, status, owner_id, name_key, domain, search, created_at, updated_at, custom)
         select n.id, n.name, n.website, '{}', n.status, n.owner_id, fold(n.name), n.domain, fold(n.search), $2, $2, n.custom
         from jsonb_populate_recordset(null::companies, $1) n"
    );
    let row = |(id, draft): &(CompanyId, Draft)| {
        json!({
            "id": id.0, "name": draft.name, "website": draft.website, "status": draft.status.as_str(),
            "owner_id": draft.owner.map(|owner| owner.0), "domain": draft.domain(), "search": draft.search_text(),
            "custom": draft.custom,
        })
    };
    let (now, rows): (_, Value) = (tx.now(), rows.iter().map(row).collect());
    tx.exec(INSERT, &[&rows, &now]).await.map(|_| ())
}

/// Sees to it that companies stay until the end of the transaction, all in one order.
pub async fn hold(tx: &mut Tx, pairs: &[(CompanyId, Uuid)]) -> Result<()> {
    const HOLD: Sql = sql!("select id from companies where id = any($1) order by id for key share");
    let ids: Vec<Uuid> = pairs.iter().map(|(company, _)| company.0).collect();
    tx.exec(HOLD, &[&ids]).await.map(|_| ())
}

row! {
    /// One of a company's people, as he stands there.
    pub struct Bound {
        pub company: CompanyId,
        pub contact: Uuid,
        pub roles: Vec<String>,
        pub row: Value,
    }
}

/// Those of these people who stand at these companies; with `locks` they stay so until the end of the transaction.
pub async fn bound(tx: &mut Tx, pairs: &[(CompanyId, Uuid)], locks: bool) -> Result<Vec<Bound>> {
    const BOUND: Sql = sql!(
        "select x.company_id as company, x.contact_id as contact, x.roles, to_jsonb(x) - 'contact_id' as row
         from unnest($1::uuid[], $2::uuid[]) as n(company, contact) join company_contacts x on x.company_id = n.company and x.contact_id = n.contact"
    );
    const LOCKED: Sql = sql!(
        "select x.company_id as company, x.contact_id as contact, x.roles, to_jsonb(x) - 'contact_id' as row
         from unnest($1::uuid[], $2::uuid[]) as n(company, contact) join company_contacts x on x.company_id = n.company and x.contact_id = n.contact
         order by 1, 2 for update of x"
    );
    let (companies, people): (Vec<CompanyId>, Vec<Uuid>) = pairs.iter().copied().unzip();
    tx.rows(if locks { LOCKED } else { BOUND }, &[&companies, &people]).await
}

/// A person of a company.
#[derive(Serialize)]
pub struct Pair {
    pub company_id: Uuid,
    pub contact_id: Uuid,
    pub roles: Vec<String>,
}

/// Adds people to companies, and gives others more roles there; their versions jump.
pub async fn bind(tx: &mut Tx, new: &[Pair], changed: &[Pair], jump: i64) -> Result<()> {
    const NEW: Sql = sql!(
        "insert into company_contacts (company_id, contact_id, roles, created_at, updated_at)
         select n.company_id, n.contact_id, n.roles, $2, $2 from jsonb_populate_recordset(null::company_contacts, $1) n
         order by n.company_id, n.contact_id on conflict (company_id, contact_id) do nothing"
    );
    const CHANGED: Sql = sql!(
        "update company_contacts x set roles = n.roles, updated_at = $2, version = x.version + $3
         from jsonb_populate_recordset(null::company_contacts, $1) n where x.company_id = n.company_id and x.contact_id = n.contact_id"
    );
    let now = tx.now();
    if !new.is_empty() {
        tx.exec(NEW, &[&json!(new), &now]).await?;
    }
    if !changed.is_empty() {
        tx.exec(CHANGED, &[&json!(changed), &now, &jump]).await?;
    }
    Ok(())
}

row! {
    /// Somebody who stays at a company.
    pub struct Left {
        pub company: CompanyId,
        pub contact: Uuid,
    }
}

/// Takes people out of companies who stand there as an import put them, and gives back the roles that others had; gives those
/// whom somebody has changed since.
pub async fn unbind(tx: &mut Tx, traces: &[PartTrace], jump: i64) -> Result<Vec<Left>> {
    const UNBIND: Sql = sql!(
        "with said as (
           select n.contact, (n.trace ->> 'company')::uuid as company, n.trace from unnest($1::uuid[], $2::jsonb[]) as n(contact, trace)),
         gone as (
           delete from company_contacts x using said s where x.company_id = s.company and x.contact_id = s.contact
             and jsonb_typeof(s.trace -> 'before') = 'null' and x.version = 1 and not x.is_primary
             and x.created_at = (s.trace ->> 'at')::timestamptz and to_jsonb(x.roles) = s.trace -> 'roles'
           returning x.company_id, x.contact_id),
         back as (
           update company_contacts x set roles = b.roles, updated_at = b.updated_at, version = b.version
           from said s, jsonb_populate_record(null::company_contacts, nullif(s.trace -> 'before', 'null')) b
           where x.company_id = s.company and x.contact_id = s.contact and jsonb_typeof(s.trace -> 'before') = 'object'
             and x.version = b.version + $3 and x.is_primary = b.is_primary and x.created_at = b.created_at
           returning x.company_id, x.contact_id)
         select x.company_id as company, x.contact_id as contact from said s
         join company_contacts x on x.company_id = s.company and x.contact_id = s.contact
         where not exists (select from gone g where g.company_id = x.company_id and g.contact_id = x.contact_id)
           and not exists (select from back b where b.company_id = x.company_id and b.contact_id = x.contact_id)"
    );
    let of = |trace: &PartTrace| trace.contact.map(|contact| (contact, trace.trace.clone()));
    let (contacts, rows): (Vec<Uuid>, Vec<Value>) = traces.iter().filter_map(of).unzip();
    tx.rows(UNBIND, &[&contacts, &rows, &jump]).await
}

row! {
    /// What an undo must know of a company.
    pub struct Fact {
        pub id: CompanyId,
        pub changed: bool,
        pub deleted: bool,
        pub used: bool,
    }
}

/// What is true of companies, which are locked. `used`: something happened with it, or a person, a company below it or a deal
/// belongs to it; everything else that does so says it in an event.
pub async fn facts(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Fact>> {
    const LOCK: Sql = sql!("select id from companies where id = any($1) order by id for update");
    const FACTS: Sql = sql!(
        "select c.id, c.version > 1 as changed, c.deleted_at is not null as deleted,
           exists (select from company_contacts x where x.company_id = c.id) or exists (select from companies s where s.parent_id = c.id)
             or exists (select from deals d where d.company_id = c.id)
             or exists (select from events e where e.subject = 'companies' and e.subject_id = c.id)
             or exists (select from events e where e.payload ->> 'company' = n.wire) as used
         from unnest($1::uuid[], $2::text[]) as n(id, wire) join companies c on c.id = n.id"
    );
    tx.exec(LOCK, &[&ids]).await?;
    // A statement of its own: it sees what others did until the locks were had.
    let wires: Vec<String> = ids.iter().map(|id| CompanyId(*id).to_string()).collect();
    tx.rows(FACTS, &[&ids, &wires]).await
}

/// Removes locked companies for good, as if they had never come.
pub async fn delete(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    tx.exec(sql!("delete from companies where id = any($1)"), &[&ids]).await.map(|_| ())
}
