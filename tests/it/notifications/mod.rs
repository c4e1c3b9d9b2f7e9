//! What people are told: in the app, live, on their devices, by e-mail.
mod mails;
mod notification_mutes;
mod notifications;
mod preferences;
mod push_service;
mod push_subscriptions;
mod quiet_hours;
mod streams;

use crate::tenants::World;
use ::kernel::{Result, Tx, ids::TenantId};

/// Something in a tenant's transaction.
pub(crate) async fn write<T>(world: &World, tenant: TenantId, f: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    let app = &world.app.app;
    let tenant = app.tenant(tenant).await?;
    app.write(&tenant, app.system("test"), f).await
}
