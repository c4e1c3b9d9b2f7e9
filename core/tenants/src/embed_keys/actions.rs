use super::{
    db,
    model::{EmbedKey, ROTATE_AFTER_SECONDS, next_kid, seal_context},
};
use kernel::{ControlTx, Result, clock::random_bytes, events::NewEvent};
use uuid::Uuid;

/// Every key, newest first.
pub async fn list(tx: &mut ControlTx) -> Result<Vec<EmbedKey>> {
    db::list(tx).await
}

/// Makes a new signing key. The one before keeps verifying, so open widgets go on; older ones end.
pub async fn rotate(tx: &mut ControlTx) -> Result<EmbedKey> {
    db::lock(tx).await?;
    let kid = next_kid(db::list(tx).await?.first().map(|key| key.kid));
    make(tx, kid).await
}

/// Drops a key at once: every token it signed is refused within a second and widgets fetch new ones. A new key is made
/// when none is left to sign.
pub async fn revoke(tx: &mut ControlTx, kid: i16) -> Result<()> {
    db::lock(tx).await?;
    db::revoke(tx, kid).await?;
    tx.record(None, NewEvent::new("embed_key.revoked", "embed_keys", Uuid::nil(), format!("Embed key {kid} revoked")))
        .await?;
    let keys = db::list(tx).await?;
    if !keys.iter().any(|key| key.state == "active") {
        make(tx, next_kid(keys.first().map(|key| key.kid))).await?;
    }
    Ok(())
}

/// Makes the first key, and a new one when the newest is thirty days old.
pub async fn ensure(tx: &mut ControlTx) -> Result<()> {
    db::lock(tx).await?;
    let keys = db::list(tx).await?;
    let newest = keys.iter().find(|key| key.state == "active");
    if newest.is_none_or(|key| (tx.now() - key.created_at).num_seconds() >= ROTATE_AFTER_SECONDS) {
        make(tx, next_kid(keys.first().map(|key| key.kid))).await?;
    }
    Ok(())
}

async fn make(tx: &mut ControlTx, kid: i16) -> Result<EmbedKey> {
    let sealed = tx.app().keys.seal(&seal_context(kid), &random_bytes::<32>())?;
    let now = tx.now();
    db::insert(tx, kid, &sealed, now).await?;
    db::retire_others(tx, kid).await?;
    tx.record(None, NewEvent::new("embed_key.made", "embed_keys", Uuid::nil(), format!("Embed key {kid} made")))
        .await?;
    Ok(EmbedKey { kid, state: "active".into(), created_at: now })
}
