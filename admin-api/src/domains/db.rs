use super::model::{AccountDomain, DomainRow};
use kernel::{
    ControlTx, Result,
    db::{Field, FieldKind, ListQuery, ListSpec},
    http::Page,
};

const LIST: ListSpec = ListSpec {
    select:
        "select d.id, d.host, d.tenant_id, t.name as tenant, d.state, d.is_primary, d.token, d.found, d.since, d.looked_at, d.created_at
             from control.domains d join control.tenants t on t.id = d.tenant_id",
    id: "d.id",
    always: "",
    fields: &[
        Field { name: "host", sql: "d.host", kind: FieldKind::Text, sort: Some("d.host") },
        Field { name: "state", sql: "d.state", kind: FieldKind::Text, sort: None },
        Field { name: "tenant_id", sql: "d.tenant_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "created_at", sql: "d.created_at", kind: FieldKind::Time, sort: Some("d.created_at") },
    ],
    default_sort: "-created_at",
};

/// One page of all accounts' domains.
pub async fn list(tx: &mut ControlTx, query: &ListQuery) -> Result<Page<AccountDomain>> {
    let page: Page<DomainRow> = tx.list(&LIST, query, &[]).await?;
    let config = &tx.app().config;
    Ok(Page {
        items: page.items.into_iter().map(|domain| domain.shown(config)).collect(),
        next_cursor: page.next_cursor,
    })
}
