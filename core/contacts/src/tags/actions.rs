//! What can be done with tags.
use super::{
    db,
    model::{NewTag, Tag, TagId, TagMerger, TagPatch, Words},
};
use crate::{
    contacts::ContactId,
    tag_runs::{self, TagRunId},
};
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, http::check_if_match};
use serde_json::json;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

/// How long contacts are counted at most.
const COUNTING: Duration = Duration::from_millis(1_500);

/// The tag, with how many contacts carry it unless that takes too long.
pub async fn find(tx: &mut Tx, id: TagId) -> Result<Tag> {
    let mut tag = db::find(tx, id).await?;
    tag.contacts = tx.within(COUNTING, async |tx| db::count(tx, id).await).await?;
    Ok(tag)
}

/// Makes a tag. Whatever named another tag by its name names this one from now on: it was made on purpose.
///
/// # Errors
/// 409 `tag_name_taken`; `tag_name_leaving` when contacts still carry the name from another tag.
pub async fn create(tx: &mut Tx, new: NewTag) -> Result<Tag> {
    let new = new.checked()?;
    let id = TagId::new(tx.now());
    tag_runs::hold(tx).await?;
    clear(tx, &new.name, id).await?;
    db::insert(tx, id, &new).await?;
    tx.record(NewEvent::new("tag.created", "tags", id.0, "Tag created")).await?;
    find(tx, id).await
}

/// Changes a tag; saved views follow a new name, and so do contacts, in the run that it gives. The old one goes on to mean it.
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
        clear(tx, &next.name, id).await?;
    }
    db::update(tx, id, &next).await?;
    let mut run = None;
    if is_renamed {
        run = tag_runs::begin(tx, &tag.name, Some(id)).await?;
        db::keep_alias(tx, &tag.name, id).await?;
        views::rename_tag(tx, &tag.name, &next.name).await?;
    }
    tx.record(NewEvent::new("tag.updated", "tags", id.0, "Tag changed")).await?;
    Ok((find(tx, id).await?, run))
}

/// Makes room for a name of a tag. The caller holds or has closed all names.
async fn clear(tx: &mut Tx, name: &str, tag: TagId) -> Result<()> {
    tag_runs::clear(tx, name, tag).await?;
    db::drop_alias(tx, name).await
}

/// Makes one of two tags: whoever carried the first carries the second, as the run that it gives comes to him, and the first is gone. All
/// its names mean the second.
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
    db::pass_aliases(tx, id, into).await?;
    let run = tag_runs::begin(tx, &gone.name, Some(into)).await?;
    views::rename_tag(tx, &gone.name, &kept.name).await?;
    db::delete(tx, id).await?;
    db::keep_alias(tx, &gone.name, into).await?;
    let event = NewEvent::new("tag.merged", "tags", into.0, "Two tags became one");
    tx.record(event.payload(&json!({ "from": id }))).await?;
    Ok((find(tx, into).await?, run))
}

/// Deletes a tag; the run that it gives takes it off every contact. It became nothing, so its names are free: whoever says one of them once
/// the run is over wants such a tag, and it is made anew. Settings that name it are told while its names can still be read.
pub async fn delete(tx: &mut Tx, id: TagId, if_match: Option<&str>) -> Result<Option<TagRunId>> {
    tag_runs::close(tx).await?;
    let tag = db::find_for_update(tx, id).await?;
    check_if_match(if_match, tag.version)?;
    let run = tag_runs::begin(tx, &tag.name, None).await?;
    tx.record(NewEvent::new("tag.deleted", "tags", id.0, "Tag deleted")).await?;
    db::delete(tx, id).await?;
    Ok(run)
}

/// The tags that these names mean, sorted, each once; see [`words`].
pub async fn resolve(tx: &mut Tx, names: Vec<String>) -> Result<Vec<String>> {
    let mut wanted: Vec<String> = vec![];
    for name in names {
        let checked = NewTag { name, colour: None, description: None }.checked()?;
        if !wanted.iter().any(|w| w.to_lowercase() == checked.name.to_lowercase()) {
            wanted.push(checked.name);
        }
    }
    Ok(words(tx, &wanted, true).await?.spelled(&wanted))
}

/// What contacts are given for names, each said once: the tag that is called so, in its spelling, or that was, however often it was
/// renamed and merged since. One that is being taken off everybody is left out; what no tag ever had, or one that was deleted, is made
/// with `makes`, and else stands for itself.
///
/// Whoever gives a contact a tag by name asks here, so nothing that keeps names has to follow a tag: a file and a program outside cannot,
/// and of an answer that is on its way nobody knows. It is asked while all names are held, so it is over before a tag is called
/// otherwise, and then its contacts follow with the others, or it begins afterwards and finds what the tag is called by then.
pub async fn words(tx: &mut Tx, names: &[String], makes: bool) -> Result<Words> {
    if names.is_empty() {
        return Ok(Words::default());
    }
    if makes {
        tag_runs::hold(tx).await?;
    }
    let names: Vec<&String> = names.iter().collect();
    let (mut meant, mut made) = (db::meant(tx, &names).await?, vec![]);
    let missing: Vec<&String> =
        meant.iter().filter(|word| word.id.is_none() && !word.is_leaving).map(|word| &word.said).collect();
    if makes && !missing.is_empty() {
        let ids: Vec<TagId> = missing.iter().map(|_| TagId::new(tx.now())).collect();
        made = db::insert_missing(tx, &ids, &missing).await?;
        meant = db::meant(tx, &names).await?;
    }
    let given = meant.into_iter().filter_map(|word| {
        let itself = (!word.is_leaving).then(|| word.said.clone());
        Some((word.said.to_lowercase(), word.name.or(itself)?))
    });
    Ok(Words { given: given.collect(), made })
}

/// What tags of these names are called now, in the order in which they were said, each once: what a contact would be given, for those who
/// only look. One that is being taken off everybody is left out.
pub async fn called(tx: &mut Tx, names: &[String]) -> Result<Vec<String>> {
    let said: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    let words = words(tx, &said, false).await?;
    let mut called: Vec<String> = vec![];
    for name in said.iter().filter_map(|name| words.given.get(&name.to_lowercase())) {
        if !called.contains(name) {
            called.push(name.clone());
        }
    }
    Ok(called)
}

/// Lets lists of tags that were noted before say what their tags are called now. Nobody changes names until the end of the transaction.
pub(crate) async fn follow(tx: &mut Tx, lists: &mut [&mut Vec<String>]) -> Result<()> {
    tag_runs::hold(tx).await?;
    let said: HashSet<String> = lists.iter().flat_map(|list| list.iter().cloned()).collect();
    let words = words(tx, &said.into_iter().collect::<Vec<_>>(), false).await?;
    for list in lists {
        **list = words.spelled(list.iter());
    }
    Ok(())
}

/// Lets locked contacts that were given back what they had before carry it by the names of now. A tag that was deleted since is made anew,
/// unless it is being taken off everybody in this moment.
pub(crate) async fn settle(tx: &mut Tx, contacts: &[ContactId]) -> Result<()> {
    tag_runs::hold(tx).await?;
    let lost = db::lost(tx, contacts).await?;
    if lost.is_empty() {
        return Ok(());
    }
    let words = words(tx, &lost, true).await?;
    let given: Vec<Option<&String>> = lost.iter().map(|name| words.given.get(&name.to_lowercase())).collect();
    db::replace(tx, contacts, &lost, &given).await
}

/// Ids of tags by their names, for events: a name may say something about a person.
pub async fn ids(tx: &mut Tx, names: impl Iterator<Item = &String>) -> Result<BTreeSet<TagId>> {
    Ok(by_name(tx, &names.collect::<Vec<_>>()).await?.into_values().collect())
}

/// Ids of tags by names in lower case that they have, or that contacts carry still; names that mean no tag are missing.
pub async fn by_name(tx: &mut Tx, names: &[&String]) -> Result<HashMap<String, TagId>> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let meant = db::meant(tx, names).await?;
    Ok(meant.into_iter().filter_map(|word| Some((word.said.to_lowercase(), word.id?))).collect())
}

/// Changing the vocabulary changes everybody's contacts.
pub fn require_everybody(level: Level) -> Result<()> {
    match level {
        Level::All => Ok(()),
        _ => Err(Error::forbidden("level_all_needed", "This changes contacts of every owner.")),
    }
}
