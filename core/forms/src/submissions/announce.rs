//! What follows a submission: the members responsible are told, the visitor may get an answer, webhooks read about it.
use super::{
    actions::read_definition,
    db::{self, Announced},
    model::{SubmissionId, lines, name, readable, reply_address},
};
use crate::{SUBMISSION_QUARANTINED, SUBMISSION_RECEIVED, forms::model::Definition};
use kernel::{Result, Tx, events::Recorded};
use messaging::{NewEmail, send_email};
use notifications::{
    mails::Template,
    notifications::{Notice, notify},
};
use serde_json::{Map, Value, json};

/// Runs for every submission, received or kept aside. What was kept aside is only shown to members: its address may be
/// anybody's, so nothing is sent there.
pub(crate) async fn announce(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let id = SubmissionId(event.subject_id);
    let Some(found) = db::announced(tx, id.0).await? else { return Ok(()) };
    tell_members(tx, id, &found, event).await?;
    if event.kind == "form.submitted" && found.state == "received" {
        auto_reply(tx, id, &found).await?;
    }
    Ok(())
}

async fn tell_members(tx: &mut Tx, id: SubmissionId, found: &Announced, event: &Recorded) -> Result<()> {
    let recipients: Vec<_> = found.responsible.iter().map(|id| id.0).chain(found.notify.iter().copied()).collect();
    if recipients.is_empty() {
        return Ok(());
    }
    let form = read_definition(&found.definition)?;
    let lines = found.answers.as_object().map(|answers| lines(&form, answers)).unwrap_or_default();
    let quarantined = found.state != "received";
    let kind = if quarantined { &SUBMISSION_QUARANTINED } else { &SUBMISSION_RECEIVED };
    let data = json!({
        "form": found.form_name, "answers": lines, "quarantined": quarantined, "site": found.context.origin,
        "contact": found.answers.as_object().and_then(|answers| name(&form, answers)),
    });
    let params = json!({ "form": found.form_name });
    let notice =
        Notice::new(kind, params, recipients).link(format!("/submissions/{id}")).about(event).about_record(found.form);
    notify(tx, &notice.mail(Template::NewSubmission, data)).await.map(drop)
}

async fn auto_reply(tx: &mut Tx, id: SubmissionId, found: &Announced) -> Result<()> {
    let (Some(subject), Some(body)) = (&found.auto_reply_subject, &found.auto_reply_body) else { return Ok(()) };
    let form = read_definition(&found.definition)?;
    let answers = found.answers.as_object().cloned().unwrap_or_default();
    let (Some(contact), Some(address)) = (found.contact, reply_address(&form, &answers)) else { return Ok(()) };
    let values = texts(&form, &answers);
    let email = NewEmail {
        contact,
        address,
        subject: messaging::emails::fill(subject, &values),
        body: messaging::emails::fill(body, &values),
        locale: found.locale.clone().unwrap_or_else(|| tx.tenant().locale.clone()),
        purpose: "auto_reply",
        dedupe_key: format!("auto_reply/{id}"),
        unsubscribe: None,
    };
    let sent = send_email(tx, email).await?;
    tracing::debug!(submission = %id, ?sent, "auto-reply");
    Ok(())
}

fn texts(form: &Definition, answers: &Map<String, Value>) -> Map<String, Value> {
    answers.iter().map(|(key, answer)| (key.clone(), readable(form, key, answer).into())).collect()
}

/// What webhooks read about a submission.
pub(crate) async fn describe(tx: &mut Tx, event: &Recorded) -> Result<Value> {
    let id = SubmissionId(event.subject_id);
    let Some(found) = db::announced(tx, id.0).await? else { return Ok(Value::Null) };
    let form = read_definition(&found.definition)?;
    let lines = found.answers.as_object().map(|answers| lines(&form, answers));
    Ok(json!({
        "submission": id, "form": {"id": found.form, "name": found.form_name, "version": found.form_version},
        "contact": found.contact, "answers": found.answers, "lines": lines, "context": found.context,
        "attribution": found.attribution, "sent_at": found.created_at,
    }))
}
