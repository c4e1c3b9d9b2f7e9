//! Queueing, retrying and forgetting mail.
use super::{
    db,
    jobs::SendMail,
    model::{Mail, MailId, NewMail},
};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use kernel::{
    Error, Result, Tx,
    db::Query,
    events::{NewEvent, Recorded},
    ids::new_uuid,
    jobs::Enqueue,
};
use uuid::Uuid;

/// Queues a mail in this transaction, of a tenant or of the control plane; it goes out after the commit. With a dedupe
/// key that was used before, nothing is queued and the id of the earlier mail is returned.
pub async fn queue(query: &mut Query, now: DateTime<Utc>, mail: &NewMail) -> Result<MailId> {
    mail.check()?;
    let id = MailId(new_uuid(now));
    if !db::insert(query, id, now, mail).await? {
        let key = mail.dedupe_key.as_deref().unwrap_or_default();
        return db::by_dedupe_key(query, key).await;
    }
    send_at(query, now, id, now, 1).await?;
    Ok(id)
}

/// Forgets everything personal about mails to this address or about this contact. What is not sent yet is not sent.
pub async fn erase(query: &mut Query, addresses: &[String], contact_id: Option<Uuid>) -> Result<u64> {
    let addresses: Vec<_> = addresses.iter().map(|a| a.to_lowercase()).collect();
    db::erase(query, &addresses, contact_id).await
}

/// Tries a failed mail again.
pub(crate) async fn retry(tx: &mut Tx, id: MailId) -> Result<Mail> {
    db::get(tx, id, None).await?;
    let Some(attempt) = db::requeue(tx, id).await? else {
        return Err(Error::conflict("mail_not_failed", "Only a mail that failed, and is kept, can be tried again."));
    };
    let now = tx.now();
    send_at(tx, now, id, now, attempt).await?;
    let event = NewEvent::new("mail.retried", "mails", id.0, "Mail tried again");
    tx.record(event).await?;
    db::get(tx, id, None).await
}

/// A tenant works again: what waited meanwhile takes its turn.
pub(crate) fn resume<'a>(tx: &'a mut Tx, _: &'a Recorded) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let now = tx.now();
        for (mail, attempts) in db::waiting(tx).await? {
            send_at(tx, now, mail, now, attempts + 1).await?;
        }
        Ok(())
    })
}

/// Enqueues the attempt with this number. One job for each attempt: an attempt that is enqueued twice runs once.
pub(crate) async fn send_at(
    query: &mut Query,
    now: DateTime<Utc>,
    mail: MailId,
    at: DateTime<Utc>,
    attempt: i32,
) -> Result<()> {
    let how = Enqueue { run_at: Some(at), unique_key: Some(format!("{mail}/{attempt}")) };
    query.enqueue_at(now, &SendMail { mail }, how).await.map(|_| ())
}
