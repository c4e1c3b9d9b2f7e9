//! Sending a mail to a contact.
use super::model::{NewEmail, Sent};
use contacts::{
    EmailAddress,
    do_not_contact::{BlockedChannel, refusal},
};
use kernel::{Result, Tx, error::Kind, events::NewEvent};
use notifications::mails::{self, NewMail, Template};
use serde_json::json;

/// Sends a mail to a contact, unless somebody with this address asked not to be reached by e-mail. Every mail to a
/// contact goes through here.
pub async fn send_email(tx: &mut Tx, email: NewEmail) -> Result<Sent> {
    if EmailAddress::parse(&email.address).is_none() {
        return Ok(Sent::Unusable);
    }
    if is_blocked(tx, &email).await? {
        return Ok(Sent::Blocked);
    }
    let data = json!({"title": one_line(&email.subject), "body": email.body, "unsubscribe": email.unsubscribe});
    let template = if email.unsubscribe.is_some() { Template::Greeting } else { Template::FormAutoreply };
    let mut mail = NewMail::new(template, email.address.trim(), data);
    if let Some(url) = &email.unsubscribe {
        mail.headers.insert("List-Unsubscribe".into(), format!("<{url}>"));
        mail.headers.insert("List-Unsubscribe-Post".into(), "List-Unsubscribe=One-Click".into());
    }
    mail.locale = email.locale;
    mail.dedupe_key = Some(email.dedupe_key);
    mail.contact_id = Some(email.contact.0);
    let now = tx.now();
    let id = match mails::queue(tx, now, &mail).await {
        Ok(id) => id,
        // The mail library is pickier about addresses than contacts are.
        Err(error) if matches!(error.kind(), Kind::Invalid(_)) => return Ok(Sent::Unusable),
        Err(error) => return Err(error),
    };
    let event = NewEvent::new("email.queued", "emails", id.0, "E-mail sent").contact(email.contact.0);
    tx.record(event.payload(&json!({"purpose": email.purpose}))).await?;
    Ok(Sent::Queued(id))
}

/// The address decides as well as the contact: somebody may be known under it twice.
async fn is_blocked(tx: &mut Tx, email: &NewEmail) -> Result<bool> {
    let others = contacts::duplicates(tx, Some(&email.address), None, None, &None).await?;
    for contact in others.into_iter().map(|o| o.id).chain([email.contact]) {
        match refusal(tx, contact, BlockedChannel::Email).await {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), Kind::Conflict { .. }) => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).collect::<Vec<_>>().join(" ")
}
