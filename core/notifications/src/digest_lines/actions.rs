//! Gathering lines, and sending them together.
use super::{
    db,
    jobs::SendDigest,
    model::{WAIT, together},
};
use crate::{
    mails::{self, NewMail, Template},
    notifications::{Notice, NotificationId},
};
use chrono::DurationRound as _;
use kernel::{Error, Result, Tx, jobs::Enqueue};
use uuid::Uuid;

/// Keeps the e-mail of a notice until others of its kind had a moment to come.
pub(crate) async fn gather(tx: &mut Tx, user: Uuid, notice: &Notice, notification: NotificationId) -> Result<()> {
    let key = notice.dedupe_key.as_deref().ok_or_else(|| Error::internal("a gathered notice needs a key"))?;
    if !db::insert(tx, (user, notification), notice, key).await? {
        return Ok(());
    }
    let at = tx.now() + WAIT;
    // One look for all that come until then; the look of an earlier moment never stands in for it.
    let slot = at.duration_trunc(WAIT).unwrap_or(at).timestamp();
    let how = Enqueue { run_at: Some(at), unique_key: Some(format!("{user}/{}/{slot}", notice.kind.module)) };
    tx.enqueue(&SendDigest { user, module: notice.kind.module.to_owned() }, how).await.map(drop)
}

/// Sends what waits for a person: one line as it is, several as one e-mail.
pub(super) async fn send(tx: &mut Tx, user: Uuid, module: &str) -> Result<()> {
    let mut lines = db::take(tx, user, module).await?;
    lines.sort_by_key(|line| (line.created_at, line.id.0));
    let dashboard = tx.app().config.server.dashboard_url.clone();
    let mut mail = match lines.as_slice() {
        [] => return Ok(()),
        [line] => NewMail::to_member(Template::Generic, user, line.alone(&dashboard)),
        lines => NewMail::to_member(Template::Digest, user, together(lines, &dashboard)),
    };
    mail.dedupe_key = lines.first().map(|first| format!("digest/{}", first.id));
    if let [line] = lines.as_slice() {
        (mail.contact_id, mail.notification_id) = (line.contact, line.notification);
    }
    let now = tx.now();
    mails::queue(tx, now, &mail).await.map(drop)
}
