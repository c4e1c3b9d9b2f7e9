//! Muting, and hearing of it again.
use super::{
    db,
    model::{NewNotificationMute, NotificationMute, NotificationMuteId},
};
use kernel::{Error, Result, Tx, events::NewEvent};
use uuid::Uuid;

/// Mutes something; what is muted already stays so.
pub(super) async fn mute(tx: &mut Tx, user: Uuid, new: &NewNotificationMute) -> Result<NotificationMute> {
    let what = new.muted(&tx.app().notices().collect::<Vec<_>>())?;
    let id = NotificationMuteId::new(tx.now());
    if db::insert(tx, user, id, what).await? {
        tx.record(NewEvent::new("mute.added", "notification_mutes", id.0, "A member muted news")).await?;
    }
    db::find(tx, user, what).await
}

/// Takes a mute away.
pub(super) async fn unmute(tx: &mut Tx, user: Uuid, id: NotificationMuteId) -> Result<()> {
    if db::delete(tx, user, id).await? == 0 {
        return Err(Error::not_found());
    }
    tx.record(NewEvent::new("mute.removed", "notification_mutes", id.0, "A member hears of news again")).await.map(drop)
}
