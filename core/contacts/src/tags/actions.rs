//! What can be done with tags.
use super::{
    db,
    model::{NewTag, Tag, TagId, TagMerger, TagPatch},
};
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, http::check_if_match};
use serde_json::json;
use std::collections::HashMap;

/// Makes a tag.
pub async fn create(tx: &mut Tx, new: NewTag) -> Result<Tag> {
    let new = new.checked()?;
    let id = TagId::new(tx.now());
    db::insert(tx, id, &new).await?;
    tx.record(NewEvent::new("tag.created", "tags", id.0, "Tag created")).await?;
    db::find(tx, id).await
}

/// Changes a tag; contacts and saved views follow a new name.
pub async fn update(tx: &mut Tx, id: TagId, patch: TagPatch, if_match: Option<&str>) -> Result<Tag> {
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
    db::update(tx, id, &next).await?;
    if next.name != tag.name {
        db::rename_on_contacts(tx, &tag.name, Some(&next.name)).await?;
        views::rename_tag(tx, &tag.name, &next.name).await?;
    }
    tx.record(NewEvent::new("tag.updated", "tags", id.0, "Tag changed")).await?;
    db::find(tx, id).await
}

/// Makes one of two tags: whoever carried the first carries the second, and the first is gone.
pub async fn merge(tx: &mut Tx, id: TagId, merger: &TagMerger, if_match: Option<&str>) -> Result<Tag> {
    let into = merger.into;
    if id == into {
        return Err(Error::invalid("/into", "same_tag", "A tag cannot be merged into itself."));
    }
    // In one order, so that two mergers of the same two tags do not wait for each other.
    let first = db::find_for_update(tx, id.min(into)).await?;
    let second = db::find_for_update(tx, id.max(into)).await?;
    let (gone, kept) = if first.id == id { (first, second) } else { (second, first) };
    check_if_match(if_match, gone.version)?;
    let contacts = db::rename_on_contacts(tx, &gone.name, Some(&kept.name)).await?;
    views::rename_tag(tx, &gone.name, &kept.name).await?;
    db::delete(tx, id).await?;
    let event = NewEvent::new("tag.merged", "tags", into.0, "Two tags became one");
    tx.record(event.payload(&json!({ "from": id, "contacts": contacts }))).await?;
    db::find(tx, into).await
}

/// Deletes a tag and takes it off every contact.
pub async fn delete(tx: &mut Tx, id: TagId, if_match: Option<&str>) -> Result<()> {
    let tag = db::find_for_update(tx, id).await?;
    check_if_match(if_match, tag.version)?;
    let contacts = db::rename_on_contacts(tx, &tag.name, None).await?;
    db::delete(tx, id).await?;
    tx.record(NewEvent::new("tag.deleted", "tags", id.0, "Tag deleted").payload(&json!({ "contacts": contacts })))
        .await?;
    Ok(())
}

/// The names as the vocabulary spells them, sorted, each once; unknown ones are added to it.
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
    let known = db::known(tx, &wanted).await?;
    if known.len() == wanted.len() {
        return Ok(known);
    }
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
