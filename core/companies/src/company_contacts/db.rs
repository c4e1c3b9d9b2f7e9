//! Every statement on the people of companies.
use super::model::{CompanyContact, CompanyContactRoles, ContactCompany};
use crate::companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Change, Clause, Extra, Field, FieldKind, ListQuery, ListSpec, Reference, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;

/// Who works at a company keeps his place when he becomes part of another contact. Of two places in one company the kept
/// contact's stays, has the roles of both, and is asked first when either was.
pub(crate) const REFERENCES: &[Reference] = &[Reference {
    changes: &[
        Change {
            of_kept: true,
            when: "exists (select from company_contacts l where l.contact_id = $2 and l.company_id = k.company_id and not l.roles <@ k.roles)",
            set: &[(
                "roles",
                "array(select distinct r.role from company_contacts b cross join unnest(b.roles) as r(role)
                   where b.company_id = k.company_id and b.contact_id in ($1, $2) order by 1)",
            )],
        },
        Change {
            of_kept: false,
            when: "l.is_primary and exists (select from company_contacts k where k.contact_id = $1 and k.company_id = l.company_id)",
            set: &[("is_primary", "false")],
        },
        Change {
            of_kept: true,
            when: "not k.is_primary and exists (select from contact_merge_rows r where r.merge_id = $3 and r.merged_id = $2
                and r.table_name = 'company_contacts' and r.step = 2 and (r.key ->> 'company_id')::uuid = k.company_id)",
            set: &[("is_primary", "true")],
        },
    ],
    stays: Some("k.company_id = l.company_id"),
        extra: Some(Extra {
            merge: sql!(
                "update companies c set custom = c.custom || n.links from (
                   select (r.key ->> 'record_id')::uuid as id, jsonb_object_agg(f.key, r.after) as links
                   from contact_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'company'
                   where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
                 where c.id = n.id"
            ),
            undo: sql!(
                "update companies c set custom = c.custom || n.links from (
                   select x.id, jsonb_object_agg(f.key, r.before) as links
                   from contact_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'company'
                     join companies x on x.id = (r.key ->> 'record_id')::uuid and x.custom -> f.key = r.after
                   where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
                 where c.id = n.id"
            ),
        }),
    ..Reference::new("company_contacts", "contact_id", &["company_id"])
}];

/// The people of a company go over when it becomes part of another one. Of two places of one person the kept company's stays, with
/// the roles of both. Whom one asks first at the kept company stays that; when there is nobody, the other's first person is. Contacts
/// are locked before companies, as their own merges lock them.
pub(crate) const OF_COMPANIES: Reference = Reference {
    first: Some(sql!(
        "select c.id from contacts c where c.id in (select x.contact_id from company_contacts x where x.company_id = any($1)) order by c.id for no key update"
    )),
    changes: &[
        Change {
            of_kept: true,
            when: "exists (select from company_contacts l where l.company_id = $2 and l.contact_id = k.contact_id and not l.roles <@ k.roles)",
            set: &[(
                "roles",
                "array(select distinct r.role from company_contacts b cross join unnest(b.roles) as r(role)
                   where b.contact_id = k.contact_id and b.company_id in ($1, $2) order by 1)",
            )],
        },
        Change {
            of_kept: false,
            when: "l.is_primary and exists (select from company_contacts k where k.company_id = $1 and k.is_primary)",
            set: &[("is_primary", "false")],
        },
        Change {
            of_kept: true,
            when: "exists (select from company_contacts l where l.company_id = $2 and l.contact_id = k.contact_id and l.is_primary)",
            set: &[("is_primary", "true")],
        },
    ],
    stays: Some("k.contact_id = l.contact_id"),
    extra: Some(Extra {
        merge: sql!(
            "update companies c set custom = c.custom || n.links from (
               select (r.key ->> 'record_id')::uuid as id, jsonb_object_agg(f.key, r.after) as links
               from company_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'company'
               where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
             where c.id = n.id"
        ),
        // Somebody of the company that went may have become the first one to ask since, where its own first one comes back.
        undo: sql!(
            "with links as (
               update companies c set custom = c.custom || n.links from (
                 select x.id, jsonb_object_agg(f.key, r.before) as links
                 from company_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'company'
                   join companies x on x.id = (r.key ->> 'record_id')::uuid and x.custom -> f.key = r.after
                 where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
               where c.id = n.id)
             update company_contacts x set is_primary = false from company_merge_rows r join company_merges m on m.id = r.merge_id
             where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'company_contacts' and r.column_name = 'company_id' and r.step = 0
               and x.company_id = m.kept_id and x.contact_id = (r.key ->> 'contact_id')::uuid and x.is_primary
               and exists (select from company_merge_rows b where b.merge_id = $1 and b.merged_id = $2 and b.table_name = 'company_contacts'
                 and b.column_name = 'company_id' and b.step = 2 and b.key <> r.key)"
        ),
    }),
    ..Reference::new("company_contacts", "company_id", &["contact_id"])
};

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

/// Sees to it that a contact stays until the end of the transaction.
pub async fn hold(tx: &mut Tx, contact: ContactId) -> Result<()> {
    tx.exec(sql!("select id from contacts where id = $1 for key share"), &[&contact]).await.map(|_| ())
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
