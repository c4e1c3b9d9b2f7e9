//! Devices come and go.
use super::{
    cipher::Signer,
    db,
    model::{NewPushSubscription, PushSubscription, PushSubscriptionId, keys},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::DateTime;
use kernel::{App, ControlTx, Error, Result, events::NewEvent, ids::TenantId};
use std::sync::Arc;
use tokio::sync::OnceCell;
use url::{Host, Url};
use uuid::Uuid;

/// What push services know this installation by; read once.
#[derive(Default)]
pub struct Vapid(OnceCell<Signer>);

impl Vapid {
    /// The configured key pair, or the one this installation made for itself.
    pub(crate) async fn signer(self: &Arc<Self>, app: &Arc<App>) -> Result<&Signer> {
        self.0.get_or_try_init(async || Signer::new(&private(app).await?)).await
    }
}

async fn private(app: &Arc<App>) -> Result<Vec<u8>> {
    let configured = &app.config.push.vapid_key;
    if !configured.is_empty() {
        let text = configured.expose().trim_end_matches('=');
        return B64.decode(text).map_err(|_| Error::internal("push.vapid_key is not URL-safe base64"));
    }
    let made = app.keys.seal("push", &Signer::generate()?)?;
    let sealed = app.control(app.system("push"), async |tx| {
        let now = tx.now();
        db::key(tx, &made, now).await
    });
    app.keys.open("push", &sealed.await?)
}

/// The address of a push service: encrypted, and nothing inside a private network.
fn endpoint(app: &App, text: &str) -> Result<Url> {
    let refused = |detail: &str| Error::invalid("/endpoint", "endpoint_invalid", detail);
    let url = app.outbound.check_url(text).map_err(refused)?;
    // An address inside passes above only where the operator allowed it.
    let named = matches!(url.host(), Some(Host::Domain(name)) if name != "localhost");
    if named && url.scheme() != "https" { Err(refused("Only https is called.")) } else { Ok(url) }
}

/// Tells a device from now on.
pub(crate) async fn add(
    tx: &mut ControlTx,
    (user, session, home): (Uuid, Uuid, TenantId),
    new: &NewPushSubscription,
) -> Result<PushSubscription> {
    endpoint(tx.app(), &new.endpoint)?;
    let (key, secret) = keys(&new.keys)?;
    let now = tx.now();
    let expires_at = new.expiration_time.and_then(|ms| DateTime::from_timestamp_millis(ms as i64));
    let row = db::NewRow {
        id: PushSubscriptionId::new(now),
        user,
        session,
        endpoint: &new.endpoint,
        key: &key,
        secret: &secret,
        expires_at,
    };
    let id = db::put(tx, &row, now).await?;
    let event = NewEvent::new("push_subscription.added", "push_subscriptions", id.0, "A device is told by push");
    tx.record(Some(home), event).await?;
    let devices = db::list(tx, user, Some(session), now).await?;
    devices.into_iter().find(|device| device.id == id).ok_or_else(Error::not_found)
}

/// Tells a device nothing any more.
pub(crate) async fn remove(tx: &mut ControlTx, user: Uuid, home: TenantId, id: PushSubscriptionId) -> Result<()> {
    db::delete(tx, user, id).await?;
    let event = NewEvent::new("push_subscription.removed", "push_subscriptions", id.0, "A device is told no more");
    tx.record(Some(home), event).await.map(drop)
}
