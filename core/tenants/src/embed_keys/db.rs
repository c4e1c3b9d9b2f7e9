use super::model::EmbedKey;
use chrono::{DateTime, Utc};
use kernel::{ControlTx, Result, sql};

/// Newest first.
pub async fn list(tx: &mut ControlTx) -> Result<Vec<EmbedKey>> {
    tx.rows(sql!("select kid, state, created_at from control.embed_keys order by created_at desc, kid desc"), &[]).await
}

/// One rotation at a time.
pub async fn lock(tx: &mut ControlTx) -> Result<()> {
    tx.exec(sql!("select pg_advisory_xact_lock(hashtextextended('embed_keys', 0))"), &[]).await?;
    Ok(())
}

pub async fn insert(tx: &mut ControlTx, kid: i16, sealed: &[u8], now: DateTime<Utc>) -> Result<()> {
    let sql = sql!(
        "insert into control.embed_keys (kid, sealed, state, created_at) values ($1, $2, 'active', $3)
         on conflict (kid) do update set sealed = $2, state = 'active', created_at = $3"
    );
    tx.exec(sql, &[&kid, &sealed, &now]).await?;
    Ok(())
}

/// Every other active key only verifies from now on.
pub async fn retire_others(tx: &mut ControlTx, kid: i16) -> Result<()> {
    tx.exec(sql!("update control.embed_keys set state = 'retired' where kid <> $1 and state = 'active'"), &[&kid])
        .await?;
    Ok(())
}

pub async fn revoke(tx: &mut ControlTx, kid: i16) -> Result<()> {
    tx.exec_one(sql!("update control.embed_keys set state = 'revoked' where kid = $1 and state <> 'revoked'"), &[&kid])
        .await
}
