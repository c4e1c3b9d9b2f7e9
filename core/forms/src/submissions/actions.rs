//! Taking, judging and removing submissions.
use super::{
    db::{self, Deleted, Door, NewSubmission},
    model::{
        Attribution, ContactSettings, Context, Sent, Submission, SubmissionFile, SubmissionId, SubmissionRow, doubts,
        lines, person, words as words_of,
    },
};
use crate::{
    analytics,
    forms::{
        check::MAX_FILES,
        db::Owners,
        engine::{self, Answers},
        model::{Definition, FieldType, Outcome},
        settings::{FormId, MatchRule},
    },
};
use contacts::{ConsentState, ContactId, Evidence, NewConsent};
use files::{FileId, Policy};
use kernel::{Error, Result, Tx, embed::VisitorClaims, error::Kind, events::NewEvent};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What became of something a visitor sent.
#[derive(Debug)]
pub enum Taken {
    /// Kept: now, or by an earlier call with the same key.
    Kept {
        /// Which one.
        id: SubmissionId,
        /// `received` or `quarantined`.
        state: &'static str,
        /// What the visitor gets.
        outcome: Value,
    },
    /// Answers were refused: code by field key.
    Refused(BTreeMap<String, &'static str>),
    /// The form takes nothing now: `unavailable`, `closed`, `not_open`, `full` or `version`.
    Closed(&'static str),
    /// The key was used for something else.
    Reused,
}

/// Code of the error when a submission of the same session and key was quicker: undo, look again, answer the same.
pub const REPEATED: &str = "submission_repeated";

/// Takes what a visitor sent. One transaction: the submission, the contact, its consents and the event are there
/// together or not at all. Nothing is dropped: what looks wrong is kept aside and has no consequences yet. `too_many`
/// is asked only about what would be kept: a widget that tries again after a fault is not one that sends too much.
pub async fn submit(
    tx: &mut Tx,
    claims: &VisitorClaims,
    sent: &Sent,
    hash: &[u8],
    too_many: impl Fn() -> bool,
) -> Result<Taken> {
    let widget = claims.widget.map(|w| w.to_string()).unwrap_or_default();
    let Some(door) = db::door(tx, &widget, sent.version, &claims.sid, &claims.key).await? else {
        return Ok(Taken::Closed("unavailable"));
    };
    let form = door.definition.as_ref().map(read_definition).transpose()?;
    if let Some(taken) = earlier(&door, form.as_ref(), hash) {
        return Ok(taken);
    }
    if let Some(code) = closed(tx, &door).await? {
        return Ok(Taken::Closed(code));
    }
    let Some(form) = form else { return Ok(Taken::Closed("version")) };
    let Some(answers) = sent.answers.as_object() else { return Ok(Taken::Refused(BTreeMap::new())) };
    let result = engine::check(&form, answers);
    if !result.errors.is_empty() {
        return Ok(Taken::Refused(result.errors));
    }
    let discarded = engine::discarded(&form, answers, &result.stored);
    let uploads = match uploads(tx, &form, &result.stored, &claims.sid).await? {
        Ok(uploads) => uploads,
        Err(refused) => return Ok(Taken::Refused(refused)),
    };
    let reasons = doubts(sent, claims.risk, too_many());
    let state = if reasons.is_empty() { "received" } else { "quarantined" };
    let mut new = Accepted {
        id: SubmissionId::new(tx.now()),
        form_id: door.id,
        version: sent.version,
        settings: door.contact_settings(),
        webhook: door.webhook,
        context: Context::of(claims),
        attribution: Attribution::clean(sent.attr.as_ref()),
        form,
        answers: result.stored,
        contact: None,
    };
    if reasons.is_empty() {
        new.accept(tx).await?;
    }
    let words = words_of(&new.form, &new.answers);
    let stored = Value::Object(std::mem::take(&mut new.answers));
    let row = NewSubmission {
        id: new.id,
        form: new.form_id,
        version: new.version,
        contact: new.contact,
        state,
        reasons: &reasons,
        answers: &stored,
        discarded: &Value::Object(discarded),
        context: &new.context,
        attribution: &new.attribution,
        filled_ms: sent.filled_ms,
        session: &claims.sid,
        key: &claims.key,
        hash,
        words: &words,
    };
    if !db::insert(tx, &row).await? {
        return Err(Error::conflict(REPEATED, "This was sent a moment ago."));
    }
    if !uploads.is_empty() {
        files::attach(tx, &uploads, &claims.sid, ("submissions", new.id.0), new.contact.map(|c| c.0)).await?;
    }
    new.record(tx, state, &reasons).await?;
    Ok(Taken::Kept { id: new.id, state, outcome: outcome(&new.form) })
}

pub(crate) fn read_definition(value: &Value) -> Result<Definition> {
    serde_json::from_value(value.clone()).map_err(Error::internal)
}

fn outcome(form: &Definition) -> Value {
    let outcome = form.outcome.clone().unwrap_or(Outcome::Message { title: None, body: None });
    serde_json::to_value(outcome).unwrap_or_default()
}

/// The answer to a call whose session and key are known: the same as the first time.
fn earlier(door: &Door, form: Option<&Definition>, hash: &[u8]) -> Option<Taken> {
    let id = door.earlier_id?;
    if door.earlier_hash.as_deref() != Some(hash) {
        return Some(Taken::Reused);
    }
    let state = if door.earlier_doubted.unwrap_or(false) { "quarantined" } else { "received" };
    Some(Taken::Kept { id, state, outcome: form.map(outcome).unwrap_or_default() })
}

async fn closed(tx: &mut Tx, door: &Door) -> Result<Option<&'static str>> {
    let now = tx.now();
    if door.state != "published" {
        return Ok(Some("closed"));
    }
    if door.opens_at.is_some_and(|at| now < at) {
        return Ok(Some("not_open"));
    }
    if door.closes_at.is_some_and(|at| now >= at) {
        return Ok(Some("closed"));
    }
    // Whoever renames a tag has its name before he changes the forms that say it: so it is in this order.
    if door.submission_cap.is_some() && !door.contact_tags.is_empty() {
        contacts::hold_tag_names(tx).await?;
    }
    match door.submission_cap {
        Some(cap) if db::is_full(tx, door.id, cap).await? => Ok(Some("full")),
        _ => Ok(None),
    }
}

impl Door {
    fn contact_settings(&self) -> ContactSettings {
        ContactSettings {
            rule: MatchRule::parse(&self.match_rule),
            stage: self.contact_stage.clone(),
            owner: self.contact_owner,
            tags: self.contact_tags.clone(),
        }
    }
}

/// How large and of what type a file in this field may be.
pub(crate) fn policy(field: &crate::forms::model::Field) -> Policy {
    const MAX_BYTES: u64 = 10 << 20;
    Policy {
        max_bytes: Some(field.max_bytes.unwrap_or(MAX_BYTES)),
        accept: field.accept.clone().unwrap_or_default(),
        strict: true,
    }
}

/// Files named in answers: they must wait for this very session and fit the field they are named in.
async fn uploads(
    tx: &mut Tx,
    form: &Definition,
    answers: &Answers,
    session: &str,
) -> Result<Result<Vec<FileId>, BTreeMap<String, &'static str>>> {
    let mut wanted: Vec<(&str, FileId, Policy)> = vec![];
    let mut refused = BTreeMap::new();
    for field in form.fields().filter(|f| f.kind == FieldType::File) {
        for id in answers.get(&field.key).and_then(Value::as_array).into_iter().flatten().take(MAX_FILES) {
            match id.as_str().and_then(|id| id.parse().ok()) {
                Some(id) => wanted.push((&field.key, id, policy(field))),
                None => drop(refused.insert(field.key.clone(), "type")),
            }
        }
    }
    if wanted.is_empty() {
        return Ok(if refused.is_empty() { Ok(vec![]) } else { Err(refused) });
    }
    let ids: Vec<FileId> = wanted.iter().map(|(_, id, _)| *id).collect();
    let kept = files::waiting(tx, &ids, session).await?;
    for (key, id, policy) in &wanted {
        let file = kept.iter().find(|f| f.id == *id);
        let fits =
            file.is_some_and(|f| policy.refuses(usize::try_from(f.size).unwrap_or(usize::MAX), &f.kind).is_none());
        if !fits {
            refused.insert((*key).to_owned(), "type");
        }
    }
    Ok(if refused.is_empty() { Ok(ids) } else { Err(refused) })
}

/// A submission on its way to consequences.
struct Accepted {
    id: SubmissionId,
    form_id: FormId,
    version: i32,
    settings: ContactSettings,
    webhook: Option<messaging::WebhookId>,
    context: Context,
    attribution: Attribution,
    form: Definition,
    answers: Answers,
    contact: Option<ContactId>,
}

impl Accepted {
    /// Finds or makes the contact and writes down what was agreed to.
    async fn accept(&mut self, tx: &mut Tx) -> Result<()> {
        let Some(mut person) = person(&self.form, &self.answers, &self.settings) else { return Ok(()) };
        person.touch = Some(self.attribution.touch(&self.context.page, tx.now()));
        let matched = match contacts::match_or_create(tx, person.clone()).await {
            // A stage or tag of the form's settings that is gone by now must not cost anybody his message.
            Err(error) if matches!(error.kind(), Kind::Invalid(_)) => {
                tracing::warn!(%error, form = %self.form_id, "contact settings of a form do not work any more");
                let plain = contacts::Match { stage: None, tags: vec![], ..person };
                contacts::match_or_create(tx, plain).await?
            }
            other => other?,
        };
        self.contact = Some(matched.id);
        for consent in self.consents() {
            contacts::add_consent(tx, matched.id, consent).await?;
        }
        Ok(())
    }

    fn consents(&self) -> Vec<NewConsent> {
        let cut = |text: &str| Some(text.chars().take(500).collect::<String>());
        let agreed = |key: &str| self.answers.get(key) == Some(&Value::Bool(true));
        let fields = self.form.fields().filter(|f| f.kind == FieldType::Consent && agreed(&f.key));
        let consent = |field: &crate::forms::model::Field| NewConsent {
            purpose: field.key.clone(),
            channel: None,
            state: ConsentState::Granted,
            text: field.text.clone().or_else(|| field.label.clone()).map(|t| t.chars().take(5000).collect()),
            text_version: Some(format!("{} v{}", self.form_id, self.version)),
            evidence: Evidence {
                origin: cut(&self.context.origin),
                page: cut(&self.context.page),
                widget: cut(&self.context.widget),
                build: cut(&self.context.build),
                ip_prefix: cut(&self.context.ip),
                submission: Some(self.id.to_string()),
                ..Evidence::default()
            },
        };
        fields.map(consent).collect()
    }

    async fn record(&self, tx: &mut Tx, state: &str, reasons: &[&str]) -> Result<()> {
        let mut payload = json!({"form": self.form_id, "version": self.version});
        let event = if state == "received" {
            if let Some(webhook) = self.webhook {
                payload["notify_webhook"] = json!(webhook);
            }
            NewEvent::new("form.submitted", "submissions", self.id.0, "Form submitted")
                .contact(self.contact.map(|c| c.0))
        } else {
            payload["reasons"] = json!(reasons);
            NewEvent::new("form.quarantined", "submissions", self.id.0, "Form submission kept aside")
        };
        tx.record(event.payload(&payload)).await?;
        Ok(())
    }
}

/// Lets a submission that was kept aside, or called spam, have its consequences.
pub async fn release(tx: &mut Tx, id: SubmissionId, owners: &Owners) -> Result<Submission> {
    let row = db::lock(tx, id, owners).await?;
    if row.state == "received" {
        return Err(Error::conflict("already_received", "This submission was received already."));
    }
    let form = crate::forms::db::get(tx, row.form, &None).await?;
    let mut accepted = Accepted {
        id,
        form_id: row.form,
        version: row.form_version,
        settings: ContactSettings {
            rule: MatchRule::parse(&form.match_rule),
            stage: form.contact_stage,
            owner: form.contact_owner,
            tags: form.contact_tags,
        },
        webhook: form.webhook,
        form: read_definition(&row.definition)?,
        answers: row.answers.as_object().cloned().unwrap_or_default(),
        contact: row.contact,
        context: row.context,
        attribution: row.attribution,
    };
    tx.record(NewEvent::new("submission.released", "submissions", id.0, "Submission released")).await?;
    // What was received once had its consequences then; calling it spam in between does not repeat them.
    if row.accepted_at.is_none() {
        accepted.accept(tx).await?;
        accepted.record(tx, "received", &[]).await?;
        if let Some(contact) = accepted.contact {
            files::set_contact(tx, "submissions", &[id.0], Some(contact.0)).await?;
        }
    }
    db::set_state(tx, id, "received", accepted.contact).await?;
    shown(tx, id, owners).await
}

/// Calls a submission spam: it counts nowhere any more.
pub async fn mark_spam(tx: &mut Tx, id: SubmissionId, owners: &Owners) -> Result<Submission> {
    let row = db::lock(tx, id, owners).await?;
    if row.state == "spam" {
        return Err(Error::conflict("already_spam", "This submission is spam already."));
    }
    db::set_state(tx, id, "spam", None).await?;
    tx.record(NewEvent::new("submission.marked_spam", "submissions", id.0, "Submission marked as spam")).await?;
    shown(tx, id, owners).await
}

/// Deletes a submission and its files. The form's figures keep it.
pub async fn delete(tx: &mut Tx, id: SubmissionId, owners: &Owners) -> Result<()> {
    db::lock(tx, id, owners).await?;
    remove(tx, id).await
}

pub(crate) async fn remove(tx: &mut Tx, id: SubmissionId) -> Result<()> {
    let gone: Deleted = db::delete(tx, id).await?;
    files::remove_owned(tx, "submissions", &[id.0]).await?;
    if gone.state != "spam" {
        analytics::db::count_deleted(tx, &gone).await?;
    }
    tx.record(NewEvent::new("submission.deleted", "submissions", id.0, "Submission deleted")).await?;
    Ok(())
}

/// A submission with the questions it answers and links to its files.
pub async fn shown(tx: &mut Tx, id: SubmissionId, owners: &Owners) -> Result<Submission> {
    let row = db::get(tx, id, owners).await?;
    let kept = files::of_owner(tx, "submissions", &[id.0]).await?;
    let mut with_links = vec![];
    for file in kept {
        let url = files::link(tx.app(), tx.tenant(), file.id, tx.now())?;
        with_links.push(SubmissionFile { id: file.id, name: file.name, size: file.size, kind: file.kind, url });
    }
    assemble(row, with_links)
}

fn assemble(row: SubmissionRow, files: Vec<SubmissionFile>) -> Result<Submission> {
    let form = read_definition(&row.definition)?;
    let lines = row.answers.as_object().map(|answers| lines(&form, answers)).unwrap_or_default();
    Ok(Submission {
        id: row.id,
        form: row.form,
        form_version: row.form_version,
        contact: row.contact,
        state: row.state,
        reasons: row.reasons,
        answers: row.answers,
        lines,
        history: row.discarded,
        files,
        context: row.context,
        attribution: row.attribution.0,
        filled_ms: row.filled_ms,
        definition: row.definition,
        created_at: row.created_at,
        updated_at: row.updated_at,
        version: row.version,
    })
}
