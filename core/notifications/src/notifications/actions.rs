//! Telling people.
use super::{
    db,
    jobs::PurgeNotifications,
    model::{Notice, NotificationId, title},
};
use crate::{
    digest_lines,
    mails::{self, NewMail, Template},
    preferences,
    push_subscriptions::PushNotices,
    words::later,
};
use kernel::{
    Error, Result, Tx,
    auth::Principal,
    jobs::Enqueue,
    notices::{Channel, NoticeKind},
};
use serde_json::{Value, json};
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
/// ids of the new notifications. Saying the same thing again under the same key tells nobody twice.
pub async fn notify(tx: &mut Tx, notice: &Notice) -> Result<Vec<NotificationId>> {
    notice.check()?;
    if !tx.app().notices().any(|kind| kind == notice.kind) {
        return Err(Error::internal(format!("no module declares the notice {}", notice.kind.key)));
    }
    let mut recipients = notice.recipients.clone();
    recipients.sort_unstable();
    recipients.dedup();
    let mut told = vec![];
    let choices = preferences::db::of_users(tx, &recipients, notice.kind.module).await?;
    for user in recipients {
        let wants = |channel| preferences::model::wants(notice.kind, &choices, user, channel);
        let id = NotificationId::new(tx.now());
        // Who does not want it in the app may want it on his devices: they are told of this row.
        if !db::insert(tx, id, user, notice, wants(Channel::InApp)).await? {
            continue;
        }
        told.push(id);
        if !wants(Channel::Email) {
            continue;
        }
        if notice.gathered {
            digest_lines::actions::gather(tx, user, notice, id).await?;
        } else {
            let (mail, now) = (letter(tx, notice, user, id), tx.now());
            mails::queue(tx, now, &mail).await?;
        }
    }
    if !told.is_empty() {
        tx.enqueue(&PushNotices { notifications: told.clone() }, Enqueue::default()).await?;
        // Each tenant clears its own table, at most once a day.
        let now = tx.now();
        let how = Enqueue { run_at: Some(now + chrono::TimeDelta::days(1)), unique_key: Some("purge".into()) };
        tx.enqueue(&PurgeNotifications {}, how).await?;
    }
    Ok(told)
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
