//! Telling people.
use super::{
    db,
    jobs::{PurgeNotifications, WakeNotification},
    model::{Notice, Notification, NotificationId, NotificationPatch, title},
};
use crate::{
    digest_lines,
    held_notices::{self, actions::hold},
    mails::{self, NewMail, Template},
    notification_mutes,
    preferences::{self, model::Choice},
    push_subscriptions::PushNotices,
    quiet_hours::actions::quiet_now,
    words::later,
};
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result, Tx,
    auth::Principal,
    jobs::Enqueue,
    notices::{Channel, NoticeKind},
};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Only people have notifications; programs with an API key do not.
pub(crate) fn person(who: &Principal) -> Result<Uuid> {
    who.user.ok_or_else(|| Error::forbidden("people_only", "Only a signed-in person has notifications."))
}

/// The same for changes: who only looks in somebody's place leaves no trace in what that person has read.
pub(crate) fn himself(who: &Principal) -> Result<Uuid> {
    if who.impersonation.as_ref().is_some_and(|impersonation| impersonation.read_only) {
        return Err(Error::forbidden("impersonation_read_only", "This impersonation may only look."));
    }
    person(who)
}

/// Tells people something, in the app, on their devices and by e-mail as each of them prefers; in the transaction of its cause. Gives the
/// ids of the new notifications. Saying the same thing again under the same key tells nobody twice. Whoever muted it is told nothing; in
/// quiet hours there is nothing but the row in the app until they end.
pub async fn notify(tx: &mut Tx, notice: &Notice) -> Result<Vec<NotificationId>> {
    notice.check()?;
    if !tx.app().notices().any(|kind| kind == notice.kind) {
        return Err(Error::internal(format!("no module declares the notice {}", notice.kind.key)));
    }
    let recipients = hearing(tx, notice).await?;
    let quiet = if notice.kind.always { HashMap::new() } else { quiet_now(tx, &recipients).await? };
    let choices = preferences::db::of_users(tx, &recipients, notice.kind.module).await?;
    let (mut told, mut aloud) = (vec![], vec![]);
    for user in recipients {
        let id = NotificationId::new(tx.now());
        // Who does not want it in the app may want it on his devices: they are told of this row.
        let shown = preferences::model::wants(notice.kind, &choices, user, Channel::InApp);
        if !db::insert(tx, id, user, notice, shown).await? {
            continue;
        }
        told.push(id);
        if let Some(until) = quiet.get(&user) {
            hold(tx, user, id, notice, *until).await?;
            continue;
        }
        aloud.push(id);
        write(tx, notice, user, id, &choices).await?;
    }
    push(tx, aloud).await?;
    if !told.is_empty() {
        // Each tenant clears its own table, at most once a day.
        let now = tx.now();
        let how = Enqueue { run_at: Some(now + chrono::TimeDelta::days(1)), unique_key: Some("purge".into()) };
        tx.enqueue(&PurgeNotifications {}, how).await?;
    }
    Ok(told)
}

/// Its recipients, each once, without those who muted it.
async fn hearing(tx: &mut Tx, notice: &Notice) -> Result<Vec<Uuid>> {
    let mut recipients = notice.recipients.clone();
    recipients.sort_unstable();
    recipients.dedup();
    if !notice.kind.always {
        let silenced = notification_mutes::db::silenced(tx, &recipients, notice).await?;
        recipients.retain(|user| !silenced.contains(user));
    }
    Ok(recipients)
}

/// What goes with a notification, as its reader prefers now: an e-mail, and word to his devices.
pub(crate) async fn deliver(tx: &mut Tx, notice: &Notice, user: Uuid, id: NotificationId) -> Result<()> {
    let choices = preferences::db::of_users(tx, &[user], notice.kind.module).await?;
    write(tx, notice, user, id, &choices).await?;
    push(tx, vec![id]).await
}

/// The e-mail of a notification, if its reader wants one.
async fn write(tx: &mut Tx, notice: &Notice, user: Uuid, id: NotificationId, choices: &[Choice]) -> Result<()> {
    if !preferences::model::wants(notice.kind, choices, user, Channel::Email) {
        return Ok(());
    }
    if notice.gathered {
        return digest_lines::actions::gather(tx, user, notice, id).await;
    }
    let (mail, now) = (letter(tx, notice, user, id), tx.now());
    mails::queue(tx, now, &mail).await.map(drop)
}

async fn push(tx: &mut Tx, notifications: Vec<NotificationId>) -> Result<()> {
    if notifications.is_empty() {
        return Ok(());
    }
    tx.enqueue(&PushNotices { notifications }, Enqueue::default()).await.map(drop)
}

/// Marks one of a person's notifications, puts it away or off.
pub(super) async fn change(
    tx: &mut Tx,
    user: Uuid,
    id: NotificationId,
    patch: NotificationPatch,
) -> Result<Notification> {
    let patch = patch.checked(tx.now())?;
    let changed = db::mark(tx, user, id, &patch).await?;
    if let Some(until) = patch.snoozed_until.value() {
        held_notices::db::forget(tx, id).await?;
        // One for each moment: whoever chooses another one, or takes it back, leaves this one with nothing to do.
        let how = Enqueue { run_at: Some(*until), unique_key: None };
        tx.enqueue(&WakeNotification { notification: id, until: *until }, how).await?;
    }
    Ok(changed)
}

/// Brings a notification back; its reader chose the moment, so devices are told in quiet hours too.
pub(super) async fn wake(tx: &mut Tx, id: NotificationId, until: DateTime<Utc>) -> Result<()> {
    if db::wake(tx, id, until).await? { push(tx, vec![id]).await } else { Ok(()) }
}

fn letter(tx: &Tx, notice: &Notice, user: Uuid, notification: NotificationId) -> NewMail {
    let url = notice.link.as_ref().map(|link| format!("{}{link}", tx.app().config.server.dashboard_url));
    let (template, mut data, reply_to) = match &notice.mail {
        Some(mail) => (mail.template, mail.data.clone(), mail.reply_to.clone()),
        None => (Template::Generic, plain(notice.kind, &notice.params, &notice.title(), url.as_deref()), None),
    };
    if let (Value::Object(data), Some(url)) = (&mut data, url) {
        data.entry("url").or_insert_with(|| url.into());
    }
    let mut letter = NewMail::to_member(template, user, data);
    letter.reply_to = reply_to;
    letter.contact_id = notice.contact_id;
    letter.notification_id = Some(notification.0);
    letter.dedupe_key = notice.dedupe_key.as_ref().map(|key| format!("{key}/{user}"));
    letter
}

/// The e-mail that says what the notice says.
fn plain(kind: &NoticeKind, params: &Value, otherwise: &str, url: Option<&str>) -> Value {
    let action = url.map(|url| json!({ "label": later(format!("{}.action", kind.key), params), "url": url }));
    let reason = if kind.always { "notice.always" } else { "notice.reason" };
    json!({
        "title": title(kind.key, params, otherwise), "body": later(format!("{}.body", kind.key), params),
        "action": action, "reason": later(reason, &Value::Null),
    })
}

/// Removes what was told about records whose words are removed, by where it leads: a part of somebody's erasure.
pub async fn erase_links(tx: &mut Tx, links: &[String]) -> Result<u64> {
    Ok(db::delete_links(tx, links).await? + digest_lines::db::delete_links(tx, links).await?)
}

/// Removes what was told about a contact, and wipes mails about him or to his addresses: a part of his erasure.
pub async fn erase_contact(tx: &mut Tx, contact: Uuid, addresses: &[String]) -> Result<u64> {
    let notifications = db::delete_contact(tx, contact).await? + digest_lines::db::delete_contact(tx, contact).await?;
    Ok(notifications + mails::erase(tx, addresses, Some(contact)).await?)
}
