//! Reading the audit log.
use super::{
    db,
    model::{AuditClient, AuditEntry},
};
use kernel::{
    Cx, Result,
    auth::{Level, Permission},
    db::ListQuery,
    http::Page,
};
use tenants::{ReadClients, clients};

/// One page of the log; an agency's tells whoever may see its clients what they are called, with one more statement for all of them.
pub(crate) async fn list<P: Permission>(cx: &Cx<P>, query: &ListQuery) -> Result<Page<AuditEntry>> {
    let mut page = cx.read(async |tx| db::list(tx, query).await).await?;
    let own = cx.tenant.id;
    for entry in &mut page.items {
        entry.client = entry.about().filter(|id| *id != own).map(|id| AuditClient { id, name: None });
    }
    let mut named: Vec<&mut AuditClient> = page.items.iter_mut().filter_map(|entry| entry.client.as_mut()).collect();
    if named.is_empty() || cx.level_of::<ReadClients>() == Level::No {
        return Ok(page);
    }
    let ids: Vec<_> = named.iter().map(|client| client.id).collect();
    let names = cx.control(async |tx| clients::names(tx, own, &ids).await).await?;
    for client in &mut named {
        client.name = names.get(&client.id).cloned();
    }
    Ok(page)
}
