//! What can be done with tags.
use super::{
    db,
    model::{NewTag, Tag, TagId, TagMerger, TagPatch},
};
use crate::tag_runs::{self, TagRunId};
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, http::check_if_match};
use serde_json::json;
use std::{collections::HashMap, time::Duration};

/// How long contacts are counted at most.
const COUNTING: Duration = Duration::from_millis(1_500);

/// The tag, with how many contacts carry it unless that takes too long.
pub async fn find(tx: &mut Tx, id: TagId) -> Result<Tag> {
    let mut tag = db::find(tx, id).await?;
    tag.contacts = tx.within(COUNTING, async |tx| db::count(tx, id).await).await?;
    Ok(tag)
}

/// Makes a tag.
///
/// # Errors
/// 409 `tag_name_taken`; `tag_name_leaving` when contacts still carry the name from another tag.
pub async fn create(tx: &mut Tx, new: NewTag) -> Result<Tag> {
    let new = new.checked()?;
    let id = TagId::new(tx.now());
    tag_runs::hold(tx).await?;
    tag_runs::clear(tx, &new.name, id).await?;
    db::insert(tx, id, &new).await?;
    tx.record(NewEvent::new("tag.created", "tags", id.0, "Tag created")).await?;
    find(tx, id).await
}

/// Changes a tag; saved views follow a new name, and so do contacts, in the run that it gives.
///
/// # Errors
/// 409 `tag_name_taken`; `tag_name_leaving` when contacts still carry the name from another tag; 412 when it has changed since.
pub async fn update(
    tx: &mut Tx,
    id: TagId,
    patch: TagPatch,
    if_match: Option<&str>,
) -> Result<(Tag, Option<TagRunId>)> {
    if patch.name.is_some() {
        tag_runs::close(tx).await?;
    }
    let tag = db::find_for_update(tx, id).await?;
    check_if_match(if_match, tag.version)?;
    let mut next = NewTag {
        name: patch.name.unwrap_or_else(|| tag.name.clone()),
        colour: tag.colour,
        description: tag.description,
    };
    patch.colour.update_to(&mut next.colour);
    patch.description.update_to(&mut next.description);
    let next = next.checked()?;
    let is_renamed = next.name != tag.name;
    if is_renamed {
        tag_runs::clear(tx, &next.name, id).await?;
    }
    db::update(tx, id, &next).await?;
    let mut run = None;
    if is_renamed {
        run = tag_runs::begin(tx, &tag.name, Some(id)).await?;
        views::rename_tag(tx, &tag.name, &next.name).await?;
    }
    tx.record(NewEvent::new("tag.updated", "tags", id.0, "Tag changed")).await?;
    Ok((find(tx, id).await?, run))
}

/// Makes one of two tags: whoever carried the first carries the second, as the run that it gives comes to him, and the first is gone.
pub async fn merge(
    tx: &mut Tx,
    id: TagId,
    merger: &TagMerger,
    if_match: Option<&str>,
) -> Result<(Tag, Option<TagRunId>)> {
    let into = merger.into;
    if id == into {
        return Err(Error::invalid("/into", "same_tag", "A tag cannot be merged into itself."));
    }
    tag_runs::close(tx).await?;
    let gone = db::find_for_update(tx, id).await?;
    let kept = db::find_for_update(tx, into).await?;
    check_if_match(if_match, gone.version)?;
    tag_runs::pass_on(tx, id, into).await?;
    let run = tag_runs::begin(tx, &gone.name, Some(into)).await?;
    views::rename_tag(tx, &gone.name, &kept.name).await?;
    db::delete(tx, id).await?;
    let event = NewEvent::new("tag.merged", "tags", into.0, "Two tags became one");
    tx.record(event.payload(&json!({ "from": id }))).await?;
    Ok((find(tx, into).await?, run))
}

/// Deletes a tag; the run that it gives takes it off every contact.
pub async fn delete(tx: &mut Tx, id: TagId, if_match: Option<&str>) -> Result<Option<TagRunId>> {
    tag_runs::close(tx).await?;
    let tag = db::find_for_update(tx, id).await?;
    check_if_match(if_match, tag.version)?;
    let run = tag_runs::begin(tx, &tag.name, None).await?;
    db::delete(tx, id).await?;
    tx.record(NewEvent::new("tag.deleted", "tags", id.0, "Tag deleted")).await?;
    Ok(run)
}

/// The names as the vocabulary spells them, sorted, each once; unknown ones are added to it. For a name on its way out stands what its
/// tag is called now; one that is being taken off everybody is left out.
pub async fn resolve(tx: &mut Tx, names: Vec<String>) -> Result<Vec<String>> {
    let mut wanted: Vec<String> = vec![];
    for name in names {
        let checked = NewTag { name, colour: None, description: None }.checked()?;
        if !wanted.iter().any(|w| w.to_lowercase() == checked.name.to_lowercase()) {
            wanted.push(checked.name);
        }
    }
    if wanted.is_empty() {
        return Ok(wanted);
    }
    tag_runs::hold(tx).await?;
    let known = db::known(tx, &wanted).await?;
    if known.len() == wanted.len() {
        return Ok(known);
    }
    let names = tag_runs::names(tx).await?;
    let is_there = |name: &String| known.iter().any(|known| known.to_lowercase() == name.to_lowercase());
    wanted =
        wanted.into_iter().filter_map(|name| if is_there(&name) { Some(name) } else { names.given(name) }).collect();
    let ids: Vec<TagId> = wanted.iter().map(|_| TagId::new(tx.now())).collect();
    db::insert_missing(tx, &ids, &wanted).await?;
    db::known(tx, &wanted).await
}

/// Ids of tags by their names, for events: a name may say something about a person.
pub async fn ids<'a>(tx: &mut Tx, names: impl Iterator<Item = &'a String>) -> Result<Vec<TagId>> {
    let names: Vec<&String> = names.collect();
    if names.is_empty() { Ok(vec![]) } else { db::ids(tx, &names).await }
}

/// Ids of tags by their names in lower case; names that no tag has are missing.
pub async fn by_name(tx: &mut Tx, names: &[&String]) -> Result<HashMap<String, TagId>> {
    let known = db::by_name(tx, names).await?;
    Ok(known.into_iter().map(|word| (word.name.to_lowercase(), word.id)).collect())
}

/// Changing the vocabulary changes everybody's contacts.
pub fn require_everybody(level: Level) -> Result<()> {
    match level {
        Level::All => Ok(()),
        _ => Err(Error::forbidden("level_all_needed", "This changes contacts of every owner.")),
    }
}
