//! Keeping what goes with a notification until its reader may be disturbed, and sending it then.
use super::{
    db::{self, Held},
    jobs::ReleaseHeld,
};
use crate::{
    mails::Template,
    notifications::{Notice, NoticeMail, NotificationId, actions::deliver},
    quiet_hours,
};
use chrono::{DateTime, Utc};
use kernel::{Result, Tx, jobs::Enqueue, notices::NoticeKind};
use uuid::Uuid;

/// Keeps it until a moment.
pub(crate) async fn hold(
    tx: &mut Tx,
    user: Uuid,
    id: NotificationId,
    notice: &Notice,
    until: DateTime<Utc>,
) -> Result<()> {
    db::insert(tx, user, id, notice).await?;
    plan(tx, user, id, until).await
}

/// A job of its own for each: one that waits or runs already might look before this transaction ends.
async fn plan(tx: &mut Tx, user: Uuid, notification: NotificationId, at: DateTime<Utc>) -> Result<()> {
    let how = Enqueue { run_at: Some(at), unique_key: None };
    tx.enqueue(&ReleaseHeld { user, notification }, how).await.map(drop)
}

/// Quiet hours are others now: looks when what waits may come.
pub(crate) async fn look_again(tx: &mut Tx, user: Uuid) -> Result<()> {
    let now = tx.now();
    for id in db::of_user(tx, user).await? {
        plan(tx, user, id, now).await?;
    }
    Ok(())
}

/// Sends what waited, unless it is quiet still or its reader knows by now.
pub(super) async fn release(tx: &mut Tx, user: Uuid, id: NotificationId) -> Result<()> {
    if let Some(until) = quiet_hours::actions::quiet_now(tx, &[user]).await?.remove(&user) {
        return plan(tx, user, id, until).await;
    }
    let Some(held) = db::take(tx, id).await? else { return Ok(()) };
    let kind = tx.app().notices().find(|kind| kind.key == held.kind);
    match kind.filter(|_| held.fresh) {
        Some(kind) => deliver(tx, &held.notice(kind, user), user, id).await,
        None => Ok(()),
    }
}

impl Held {
    /// As it was said.
    fn notice(self, kind: &'static NoticeKind, user: Uuid) -> Notice {
        let template = self.template.as_deref().and_then(Template::parse);
        Notice {
            link: self.link,
            event_id: self.event_id,
            contact_id: self.contact_id,
            dedupe_key: self.dedupe_key,
            mail: template.zip(self.data).map(|(template, data)| NoticeMail {
                template,
                data,
                reply_to: self.reply_to,
            }),
            gathered: self.gathered,
            ..Notice::new(kind, self.params, vec![user])
        }
    }
}
