//! Statements on logos.
use super::model::LogoId;
use kernel::{ControlTx, Result, ids::TenantId, sql};

/// Keeps a logo.
pub(crate) async fn insert(
    tx: &mut ControlTx,
    (id, tenant): (LogoId, TenantId),
    url: &str,
    (kind, content): (&str, &[u8]),
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        sql!(
            "insert into control.logos (id, tenant_id, url, kind, content, created_at) values ($1, $2, $3, $4, $5, $6)"
        ),
        &[&id, &tenant, &url, &kind, &content, &now],
    )
    .await
}

/// Forgets the tenant's logos except the newest few and the one that its brand shows.
pub(crate) async fn forget_old(tx: &mut ControlTx, tenant: TenantId, newest: i64) -> Result<()> {
    tx.exec(
        sql!(
            "delete from control.logos l where l.tenant_id = $1
               and l.id not in (select n.id from control.logos n where n.tenant_id = $1 order by n.id desc limit $2)
               and not exists (select 1 from control.brands b where b.tenant_id = $1 and b.logo_url = l.url)"
        ),
        &[&tenant, &newest],
    )
    .await
    .map(drop)
}

kernel::row! {
    /// A logo's bytes.
    #[derive(Debug, Clone)]
    pub(crate) struct Content {
        pub(crate) kind: String,
        pub(crate) content: Vec<u8>,
    }
}

/// A logo, for anybody.
pub(crate) async fn content(tx: &mut ControlTx, id: LogoId) -> Result<Content> {
    tx.row(sql!("select kind, content from control.logos where id = $1"), &[&id]).await
}
