//! Every statement on the people of companies.
use super::model::{CompanyContact, CompanyContactRoles, ContactCompany};
use crate::companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;

const PEOPLE: ListSpec = ListSpec {
    select: "select x.contact_id as contact, k.display_name, k.job_title, k.email, k.phone, x.roles, x.is_primary as primary, x.created_at, x.updated_at, x.version \
        from company_contacts x join contacts k on k.id = x.contact_id",
    id: "x.contact_id",
    always: "k.deleted_at is null",
    fields: &[
        Field { name: "name", sql: "k.name_key", kind: FieldKind::Folded, sort: Some("k.name_key") },
        Field { name: "role", sql: "x.roles", kind: FieldKind::TextArray, sort: None },
        Field { name: "primary", sql: "x.is_primary", kind: FieldKind::Bool, sort: None },
        Field { name: "created_at", sql: "x.created_at", kind: FieldKind::Time, sort: Some("x.created_at") },
    ],
    default_sort: "name",
};

const COMPANIES: ListSpec = ListSpec {
    select: "select x.company_id as company, c.name, c.status, c.tier, x.roles, x.is_primary as primary, x.created_at, x.version \
        from company_contacts x join companies c on c.id = x.company_id",
    id: "x.company_id",
    always: "c.deleted_at is null",
    fields: &[
        Field { name: "name", sql: "c.name_key", kind: FieldKind::Folded, sort: Some("c.name_key") },
        Field { name: "status", sql: "c.status", kind: FieldKind::Text, sort: None },
        Field { name: "role", sql: "x.roles", kind: FieldKind::TextArray, sort: None },
        Field { name: "created_at", sql: "x.created_at", kind: FieldKind::Time, sort: Some("x.created_at") },
    ],
    default_sort: "name",
};

/// One page of a company's people who are in reach as contacts.
pub async fn people(
    tx: &mut Tx,
    company: CompanyId,
    query: &ListQuery,
    owners: &Owners,
) -> Result<Page<CompanyContact>> {
    let mut clauses = vec![Clause("x.company_id = ?", &company, Type::UUID)];
    if owners.is_some() {
        clauses.push(Clause("k.owner_id = any(?)", owners, Type::UUID_ARRAY));
    }
    tx.list(&PEOPLE, query, &clauses).await
}

/// One page of the companies in reach that a contact is one of the people of.
pub async fn companies(
    tx: &mut Tx,
    contact: ContactId,
    query: &ListQuery,
    owners: &Owners,
) -> Result<Page<ContactCompany>> {
    let mut clauses = vec![Clause("x.contact_id = ?", &contact, Type::UUID)];
    if owners.is_some() {
        clauses.push(Clause("c.owner_id = any(?)", owners, Type::UUID_ARRAY));
    }
    tx.list(&COMPANIES, query, &clauses).await
}

/// Somebody of a company.
pub async fn find(tx: &mut Tx, company: CompanyId, contact: ContactId) -> Result<Option<CompanyContact>> {
    const FIND: Sql = sql!(
        "select x.contact_id as contact, k.display_name, k.job_title, k.email, k.phone, x.roles, x.is_primary as primary, x.created_at, x.updated_at, x.version
         from company_contacts x join contacts k on k.id = x.contact_id
         where x.company_id = $1 and x.contact_id = $2 and k.deleted_at is null"
    );
    tx.opt(FIND, &[&company, &contact]).await
}

/// Whoever is asked first at a locked company is not any more, unless it is this one; gives who that was.
pub async fn clear_primary(tx: &mut Tx, company: CompanyId, but: ContactId) -> Result<Option<ContactId>> {
    const CLEAR: Sql = sql!(
        "update company_contacts set is_primary = false, updated_at = $3, version = version + 1
         where company_id = $1 and is_primary and contact_id <> $2 returning contact_id"
    );
    let now = tx.now();
    tx.value_opt(CLEAR, &[&company, &but, &now]).await
}

/// Somebody new, or with other roles than before.
pub async fn put(tx: &mut Tx, company: CompanyId, contact: ContactId, roles: &CompanyContactRoles) -> Result<()> {
    const PUT: Sql = sql!(
        "insert into company_contacts (company_id, contact_id, roles, is_primary, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
         on conflict (company_id, contact_id) do update
         set roles = excluded.roles, is_primary = excluded.is_primary, updated_at = excluded.updated_at, version = company_contacts.version + 1"
    );
    let now = tx.now();
    let put = tx.exec_one(PUT, &[&company, &contact, &roles.words(), &roles.primary, &now]).await;
    // The contact was removed for good between the two statements.
    put.on_constraint("company_contacts_contact_id_fkey", Error::not_found)
}

/// Takes somebody out of a company.
pub async fn delete(tx: &mut Tx, company: CompanyId, contact: ContactId) -> Result<()> {
    const DELETE: Sql = sql!("delete from company_contacts where company_id = $1 and contact_id = $2");
    tx.exec_one(DELETE, &[&company, &contact]).await
}

/// Every company that a contact is one of the people of, also those that are deleted: for the person's own data.
pub async fn all_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<ContactCompany>> {
    const ALL_OF: Sql = sql!(
        "select x.company_id as company, c.name, c.status, c.tier, x.roles, x.is_primary as primary, x.created_at, x.version
         from company_contacts x join companies c on c.id = x.company_id where x.contact_id = $1 order by x.created_at, x.company_id"
    );
    tx.rows(ALL_OF, &[&contact]).await
}

/// Takes a contact out of every company; gives how many there were.
pub async fn delete_all_of(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const DELETE_ALL_OF: Sql = sql!("delete from company_contacts where contact_id = $1");
    tx.exec(DELETE_ALL_OF, &[&contact]).await
}
