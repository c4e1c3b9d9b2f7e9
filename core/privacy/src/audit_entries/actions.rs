//! Reading the audit log.
use super::{
    db,
    model::{AuditClient, AuditEntry, AuditGone},
};
use kernel::{
    Cx, Result,
    auth::{Level, Permission},
    db::ListQuery,
    http::Page,
};
use tenants::{ReadClients, clients};

/// One page of the log; an agency's tells whoever may see its clients what they are called, or were called then, with one more statement
/// for all of them.
pub(crate) async fn list<P: Permission>(cx: &Cx<P>, query: &ListQuery) -> Result<Page<AuditEntry>> {
    let mut page = cx.read(async |tx| db::list(tx, query).await).await?;
    let (own, sees) = (cx.tenant.id, cx.level_of::<ReadClients>() != Level::No);
    for entry in &mut page.items {
        let Some(id) = entry.about().filter(|id| *id != own) else { continue };
        let name = entry.take_name().filter(|_| sees);
        entry.client = Some(AuditClient { id, name, gone: None });
    }
    let mut named: Vec<&mut AuditClient> = page.items.iter_mut().filter_map(|entry| entry.client.as_mut()).collect();
    if named.is_empty() || !sees {
        return Ok(page);
    }
    let ids: Vec<_> = named.iter().map(|client| client.id).collect();
    let names = cx.control(async |tx| clients::names(tx, own, &ids).await).await?;
    for client in &mut named {
        match names.get(&client.id) {
            Some(Some(name)) => client.name = Some(name.clone()),
            Some(None) => client.gone = Some(AuditGone::Destroyed),
            None => client.gone = Some(AuditGone::Elsewhere),
        }
    }
    Ok(page)
}
