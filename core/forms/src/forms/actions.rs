//! Making, changing and publishing forms.
use super::{
    check,
    db::{self, Owners},
    jobs::{RemoveWidget, SyncWidget},
    settings::{Form, FormId, FormRow, FormVersion, MatchRule, NewForm, UpdateForm, numbered, starter},
};
use kernel::{
    Error, Result, Tx,
    auth::ActorKind,
    events::{NewEvent, Recorded},
    http::check_if_match,
    ids::UserId,
    jobs::Enqueue,
};
use serde_json::json;

/// The member who acts, if it is one.
pub(crate) fn member(tx: &Tx) -> Option<UserId> {
    let actor = tx.context().actor;
    actor.id.filter(|_| actor.kind == ActorKind::User).map(UserId)
}

async fn sync(tx: &mut Tx, form: FormId, resume: bool) -> Result<()> {
    // No unique key: a job that runs right now may have read the state before this change.
    tx.enqueue(&SyncWidget { form, resume }, Enqueue::default()).await.map(|_| ())
}

/// Makes a form.
pub async fn create(tx: &mut Tx, new: NewForm) -> Result<Form> {
    let draft = new.draft.unwrap_or_else(starter);
    check::read("/draft", &draft)?;
    let (maker, now) = (member(tx), tx.now());
    let mut form = FormRow {
        id: FormId::new(now),
        name: new.name,
        state: "draft".into(),
        widget: None,
        draft,
        published_version: None,
        theme: json!({}),
        locale: None,
        hosted_url: None,
        responsible: new.responsible.or(maker),
        notify: vec![],
        match_rule: MatchRule::EmailOrPhone.as_str().into(),
        auto_reply_subject: None,
        auto_reply_body: None,
        contact_stage: None,
        contact_tags: vec![],
        contact_owner: None,
        submission_cap: None,
        opens_at: None,
        closes_at: None,
        webhook: None,
        created_by: maker,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    form.check()?;
    insert(tx, form).await
}

async fn insert(tx: &mut Tx, form: FormRow) -> Result<Form> {
    db::insert(tx, &form).await?;
    tx.record(NewEvent::new("form.created", "forms", form.id.0, "Form created")).await?;
    shown(tx, form).await
}

/// The form as it is read: with its tags as they are called now, however they were called when somebody wrote them here.
pub(crate) async fn shown(tx: &mut Tx, mut form: FormRow) -> Result<Form> {
    form.contact_tags = contacts::tags_called(tx, &form.contact_tags).await?;
    Ok(form.shown())
}

/// Changes a form. What visitors get changes only with the next published version, except theme and language.
pub async fn update(
    tx: &mut Tx,
    id: FormId,
    change: UpdateForm,
    if_match: Option<&str>,
    owners: &Owners,
) -> Result<Form> {
    let mut form = db::lock(tx, id, owners).await?;
    check_if_match(if_match, form.version)?;
    if let Some(draft) = &change.draft {
        check::read("/draft", draft)?;
    }
    let changed = change.apply(&mut form)?;
    if changed.is_empty() {
        return shown(tx, form).await;
    }
    let form = db::update(tx, &form).await?;
    let event = NewEvent::new("form.updated", "forms", id.0, "Form changed");
    tx.record(event.payload(&json!({"fields": changed}))).await?;
    if changed.iter().any(|field| matches!(*field, "theme" | "locale" | "hosted_url")) {
        sync(tx, id, false).await?;
    }
    shown(tx, form).await
}

/// Forms that put people into a stage that was taken away put them where its contacts go.
pub(crate) async fn follow_stage(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let (Some(from), Some(to)) = (event.payload["key"].as_str(), event.payload["to"].as_str()) else { return Ok(()) };
    for id in db::move_stage(tx, from, to).await? {
        let event = NewEvent::new("form.updated", "forms", id.0, "Form follows a stage");
        tx.record(event.payload(&json!({ "fields": ["contact_stage"] }))).await?;
    }
    Ok(())
}

/// Forms that give people a tag name it as it is called now, and no more when it is deleted: else the next answer would make it anew.
/// Whoever does this changes names, and has all of them; an answer holds them before it locks its form.
pub(crate) async fn follow_tag(tx: &mut Tx, event: &NewEvent) -> Result<()> {
    let forms = db::move_tag(tx, event.subject_id, event.kind == "tag.deleted").await?;
    let told = |id: FormId| {
        let event = NewEvent::new("form.updated", "forms", id.0, "Form follows a tag");
        event.payload(&json!({ "fields": ["contact_tags"] }))
    };
    tx.record_all(&forms.into_iter().map(told).collect::<Vec<_>>()).await
}

/// Publishes the draft as the next version; 422 with every open problem when it is not finished.
pub async fn publish(tx: &mut Tx, id: FormId, if_match: Option<&str>, owners: &Owners) -> Result<FormVersion> {
    let mut form = db::lock(tx, id, owners).await?;
    check_if_match(if_match, form.version)?;
    let draft = check::read("/draft", &form.draft)?;
    let open = check::open("/draft", &draft);
    if !open.is_empty() {
        return Err(Error::invalid_fields(open));
    }
    let number = db::next_number(tx, id).await?;
    let version = db::insert_version(tx, id, number, &numbered(draft, number)?).await?;
    let resume = form.state == "unpublished";
    (form.state, form.published_version) = ("published".into(), Some(number));
    db::update(tx, &form).await?;
    let event = NewEvent::new("form.published", "forms", id.0, "Form published");
    tx.record(event.payload(&json!({"version": number}))).await?;
    sync(tx, id, resume).await?;
    Ok(version)
}

/// Takes a form off every website; what was published is kept.
pub async fn unpublish(tx: &mut Tx, id: FormId, owners: &Owners) -> Result<Form> {
    let mut form = db::lock(tx, id, owners).await?;
    if form.state != "published" {
        return Err(Error::conflict("not_published", "This form is not published."));
    }
    form.state = "unpublished".into();
    let form = db::update(tx, &form).await?;
    tx.record(NewEvent::new("form.unpublished", "forms", id.0, "Form unpublished")).await?;
    sync(tx, id, false).await?;
    shown(tx, form).await
}

/// Puts the version that was published last back on the websites; the draft stays a draft.
pub async fn republish(tx: &mut Tx, id: FormId, owners: &Owners) -> Result<Form> {
    let mut form = db::lock(tx, id, owners).await?;
    if form.state != "unpublished" {
        return Err(Error::conflict("not_unpublished", "This form was not taken off its websites."));
    }
    form.state = "published".into();
    let form = db::update(tx, &form).await?;
    let event = NewEvent::new("form.published", "forms", id.0, "Form published");
    tx.record(event.payload(&json!({"version": form.published_version}))).await?;
    sync(tx, id, true).await?;
    shown(tx, form).await
}

/// A copy of draft and settings under a new name and a new widget. Dates and published versions stay behind.
pub async fn duplicate(tx: &mut Tx, id: FormId, owners: &Owners) -> Result<Form> {
    let original = db::get(tx, id, owners).await?;
    let (maker, now) = (member(tx), tx.now());
    let name: String = original.name.chars().take(193).collect();
    let copy = FormRow {
        id: FormId::new(now),
        name: format!("{name} (copy)"),
        state: "draft".into(),
        widget: None,
        published_version: None,
        opens_at: None,
        closes_at: None,
        created_by: maker,
        created_at: now,
        updated_at: now,
        version: 1,
        ..original
    };
    insert(tx, copy).await
}

/// Deletes a form without submissions, its versions, its counters and its widget.
pub async fn delete(tx: &mut Tx, id: FormId, if_match: Option<&str>, owners: &Owners) -> Result<()> {
    let form = db::lock(tx, id, owners).await?;
    check_if_match(if_match, form.version)?;
    db::delete(tx, id).await?;
    tx.record(NewEvent::new("form.deleted", "forms", id.0, "Form deleted")).await?;
    if form.published_version.is_some() {
        tx.enqueue(&RemoveWidget { form: id }, Enqueue::default()).await?;
    }
    Ok(())
}
