//! Deals gone through for custom fields.
use super::LIST;
use crate::deals::model::{Deal, DealId};
use fields::Custom;
use kernel::{
    Result, Tx,
    db::{Change, Clause, Extra, ListQuery, ListSpec, Reference, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// How many there are; deleted ones are not.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.value(sql!("select count(*) from deals where deleted_at is null"), &[]).await
}

/// The next deals in the order of their ids, deleted ones too, locked.
pub async fn after(tx: &mut Tx, after: Option<Uuid>, limit: i64) -> Result<Vec<Deal>> {
    const LOCK: Sql =
        sql!("select d.id from deals d where $1::uuid is null or d.id > $1 order by d.id limit $2 for update");
    const ANY: ListSpec = ListSpec { always: "", default_sort: "created_at", ..LIST };
    let ids: Vec<DealId> = tx.values(LOCK, &[&after, &limit]).await?;
    let all = ListQuery { limit: Some(200), ..ListQuery::default() };
    let page: Page<Deal> = tx.list(&ANY, &all, &[Clause("d.id = any(?)", &ids, Type::UUID_ARRAY)]).await?;
    Ok(page.items)
}

/// Writes values of custom fields of locked deals; `ids` and `customs` pair up.
pub async fn set_custom(tx: &mut Tx, ids: &[Uuid], customs: &[Custom]) -> Result<()> {
    const SET: Sql = sql!(
        "update deals d set custom = n.custom, version = d.version + 1 from unnest($1::uuid[], $2::jsonb[]) as n(id, custom) where d.id = n.id"
    );
    tx.exec(SET, &[&ids, &customs]).await.map(|_| ())
}

/// Takes a value of a custom field away from deals.
pub async fn strip_custom(tx: &mut Tx, ids: &[Uuid], key: &str) -> Result<()> {
    const STRIP: Sql = sql!("update deals set custom = custom - $2::text, version = version + 1 where id = any($1)");
    tx.exec(STRIP, &[&ids, &key]).await.map(|_| ())
}

/// Deals of a company go over when it becomes part of another one.
pub(crate) const COMPANY_REFERENCES: &[Reference] = &[Reference {
    first: Some(sql!("select d.id from deals d where d.company_id = any($1) order by d.id for no key update")),
    extra: Some(Extra {
        merge: sql!(
            "update deals c set custom = c.custom || n.links from (
               select (r.key ->> 'record_id')::uuid as id, jsonb_object_agg(f.key, r.after) as links
               from company_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'deal'
               where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
             where c.id = n.id"
        ),
        undo: sql!(
            "update deals c set custom = c.custom || n.links from (
               select x.id, jsonb_object_agg(f.key, r.before) as links
               from company_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'deal'
                 join deals x on x.id = (r.key ->> 'record_id')::uuid and x.custom -> f.key = r.after
               where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
             where c.id = n.id"
        ),
    }),
    ..Reference::new("deals", "company_id", &["id"])
}];

/// A contact of a deal keeps his place when he becomes part of another one. Of two places in one deal the kept contact's
/// stays, with the other's role when it says nothing itself.
pub(crate) const REFERENCES: &[Reference] = &[Reference {
    first: Some(sql!(
        "select d.id from deals d where d.id in (select x.deal_id from deal_contacts x where x.contact_id = any($1)) order by d.id for no key update"
    )),
    changes: &[Change {
        of_kept: true,
        when: "k.role = 'other' and exists (select from deal_contacts l where l.contact_id = $2 and l.deal_id = k.deal_id and l.role <> 'other')",
        set: &[("role", "(select l.role from deal_contacts l where l.contact_id = $2 and l.deal_id = k.deal_id)")],
    }],
    stays: Some("k.deal_id = l.deal_id"),
        extra: Some(Extra {
            merge: sql!(
                "update deals c set custom = c.custom || n.links from (
                   select (r.key ->> 'record_id')::uuid as id, jsonb_object_agg(f.key, r.after) as links
                   from contact_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'deal'
                   where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
                 where c.id = n.id"
            ),
            undo: sql!(
                "update deals c set custom = c.custom || n.links from (
                   select x.id, jsonb_object_agg(f.key, r.before) as links
                   from contact_merge_rows r join custom_fields f on f.id = (r.key ->> 'field_id')::uuid and f.record = 'deal'
                     join deals x on x.id = (r.key ->> 'record_id')::uuid and x.custom -> f.key = r.after
                   where r.merge_id = $1 and r.merged_id = $2 and r.table_name = 'custom_field_values' group by 1) n
                 where c.id = n.id"
            ),
        }),
    ..Reference::new("deal_contacts", "contact_id", &["deal_id"])
}];
