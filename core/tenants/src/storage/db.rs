//! Statements on what is stored. `ops.storage` shows each tenant its own rows only; the control plane reads all.
use super::model::StorageKind;
use kernel::{ControlTx, Result, Tx, ids::TenantId, sql};

/// Adds files of a kind; negative when some go.
pub(crate) async fn add(tx: &mut Tx, kind: &str, files: i64, bytes: i64) -> Result<()> {
    tx.exec_one(
        sql!(
            "insert into ops.storage as s (tenant, kind, files, bytes) values (current_user, $1, $2, $3)
             on conflict (tenant, kind) do update set files = s.files + excluded.files, bytes = s.bytes + excluded.bytes"
        ),
        &[&kind, &files, &bytes],
    )
    .await
}

/// Forgets what was counted; whoever adds at the same time waits, and adds to what is counted then.
pub(crate) async fn forget(tx: &mut Tx) -> Result<()> {
    tx.exec(sql!("delete from ops.storage where tenant = current_user"), &[]).await.map(|_| ())
}

/// The tenant's own, the largest first.
pub(crate) async fn own(tx: &mut Tx) -> Result<Vec<StorageKind>> {
    tx.rows(
        sql!(
            "select kind, files, bytes from ops.storage where tenant = current_user and files <> 0 order by bytes desc, kind"
        ),
        &[],
    )
    .await
}

/// Another tenant's, the largest first.
pub(crate) async fn of(tx: &mut ControlTx, tenant: TenantId) -> Result<Vec<StorageKind>> {
    tx.rows(
        sql!(
            "select s.kind, s.files, s.bytes from ops.storage s join control.tenants t on t.role_name = s.tenant
             where t.id = $1 and s.files <> 0 order by s.bytes desc, s.kind"
        ),
        &[&tenant],
    )
    .await
}
