//! Telling people.
use super::{
    db,
    jobs::PurgeNotifications,
    model::{Notice, NoticeMail, NotificationId},
};
use crate::{
    digest_lines,
    mails::{self, NewMail},
    preferences::{self, Channel},
    push_subscriptions::PushNotices,
};
use kernel::{Error, Result, Tx, auth::Principal, jobs::Enqueue};
use serde_json::Value;
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
    let mut recipients = notice.recipients.clone();
    recipients.sort_unstable();
    recipients.dedup();
    let (mut told, mut gathered) = (vec![], false);
    let wanted = preferences::db::of_users(tx, &recipients, notice.module).await?;
    for user in recipients {
        let wants = |channel| notice.critical || preferences::model::wants(&wanted, user, channel);
        let id = NotificationId::new(tx.now());
        let (app, email) = (wants(Channel::InApp), wants(Channel::Email));
        if app {
            if !db::insert(tx, id, user, notice).await? {
                continue;
            }
            told.push(id);
        }
        if let (true, Some(mail)) = (email, &notice.mail) {
            let mail = letter(tx, notice, mail, user, app.then_some(id.0));
            let now = tx.now();
            mails::queue(tx, now, &mail).await?;
        }
        if let (true, Some(mail)) = (email, &notice.gathered) {
            digest_lines::actions::gather(tx, user, notice, mail, app.then_some(id.0)).await?;
            gathered = true;
        }
    }
    if !told.is_empty() {
        tx.enqueue(&PushNotices { notifications: told.clone() }, Enqueue::default()).await?;
    }
    if !told.is_empty() || gathered {
        // Each tenant clears its own table, at most once a day.
        let now = tx.now();
        let how = Enqueue { run_at: Some(now + chrono::TimeDelta::days(1)), unique_key: Some("purge".into()) };
        tx.enqueue(&PurgeNotifications {}, how).await?;
    }
    Ok(told)
}

fn letter(tx: &Tx, notice: &Notice, mail: &NoticeMail, user: Uuid, notification: Option<Uuid>) -> NewMail {
    let mut data = mail.data.clone();
    if let (Value::Object(data), Some(link)) = (&mut data, &notice.link) {
        let url = format!("{}{link}", tx.app().config.server.dashboard_url);
        data.entry("url").or_insert_with(|| url.into());
    }
    let mut letter = NewMail::to_member(mail.template, user, data);
    letter.reply_to = mail.reply_to.clone();
    letter.contact_id = notice.contact_id;
    letter.notification_id = notification;
    letter.dedupe_key = notice.dedupe_key.as_ref().map(|key| format!("{key}/{user}"));
    letter
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
