//! Which value the kept contact gets from whom, and what an undo makes of a contact that was edited since.
use crate::contacts::{ContactId, Draft, Touch};
use fields::{Custom, Fields};
use kernel::error::FieldProblem;
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields of which one value is kept.
pub const SINGLE: &[&str] = &[
    "display_name",
    "salutation",
    "first_name",
    "middle_name",
    "last_name",
    "company_name",
    "job_title",
    "address",
    "zone",
    "language",
    "stage",
    "tier",
    "owner",
    "source",
    "first_touch",
    "last_touch",
];
/// Fields that are united; a choice says whose come first.
pub const UNITED: &[&str] = &["emails", "phones", "profiles"];

/// Choices that cannot be made: of fields that are not there, or of contacts that do not take part.
pub fn refused(choices: &BTreeMap<String, ContactId>, contacts: &[ContactId]) -> Vec<FieldProblem> {
    let problem = |field: &str, code: &str, detail: &str| FieldProblem {
        field: format!("/fields/{field}"),
        code: code.to_owned(),
        detail: detail.to_owned(),
    };
    let known = |field: &str| SINGLE.contains(&field) || UNITED.contains(&field) || field.starts_with("custom.");
    let unknown = choices.keys().filter(|field| !known(field));
    let foreign = choices.iter().filter(|(_, contact)| !contacts.contains(contact));
    unknown
        .map(|field| problem(field, "field_unknown", "There is no such field to choose."))
        .chain(
            foreign.map(|(field, _)| problem(field, "contact_unknown", "Choose one of the contacts that become one.")),
        )
        .collect()
}

/// The kept contact with what it takes over. The first of `parts` is the kept one.
pub fn united(parts: &[(ContactId, Draft)], choices: &BTreeMap<String, ContactId>) -> Draft {
    let Some(((kept_id, kept), others)) = parts.split_first() else { return Draft::default() };
    let chosen = |field: &str| -> Option<&Draft> {
        choices.get(field).and_then(|id| parts.iter().find(|(part, _)| part == id)).map(|(_, draft)| draft)
    };
    let text = |field: &str, of: fn(&Draft) -> &Option<String>| -> Option<String> {
        match chosen(field) {
            Some(draft) => of(draft).clone(),
            None => parts.iter().find_map(|(_, draft)| of(draft).clone()),
        }
    };
    let mut next = Draft {
        salutation: text("salutation", |d| &d.salutation),
        first_name: text("first_name", |d| &d.first_name),
        middle_name: text("middle_name", |d| &d.middle_name),
        last_name: text("last_name", |d| &d.last_name),
        company_name: text("company_name", |d| &d.company_name),
        job_title: text("job_title", |d| &d.job_title),
        zone: text("zone", |d| &d.zone),
        language: text("language", |d| &d.language),
        source: text("source", |d| &d.source),
        ..kept.clone()
    };
    next.address = match chosen("address") {
        Some(draft) => draft.address.clone(),
        None => parts.iter().find_map(|(_, draft)| draft.address.clone()),
    };
    next.owner = match chosen("owner") {
        Some(draft) => draft.owner,
        None => parts.iter().find_map(|(_, draft)| draft.owner),
    };
    next.tier = match chosen("tier") {
        Some(draft) => draft.tier,
        None => parts.iter().find_map(|(_, draft)| draft.tier),
    };
    next.stage = chosen("stage").unwrap_or(kept).stage.clone();
    let touches = |of: fn(&Draft) -> &Option<Touch>| parts.iter().filter_map(move |(_, draft)| of(draft).as_ref());
    next.first_touch = match chosen("first_touch") {
        Some(draft) => draft.first_touch.clone(),
        None => touches(|d| &d.first_touch).min_by_key(|touch| touch.at).cloned(),
    };
    next.last_touch = match chosen("last_touch") {
        Some(draft) => draft.last_touch.clone(),
        None => touches(|d| &d.last_touch).max_by_key(|touch| touch.at).cloned(),
    };
    let order = |field: &str| -> Vec<&Draft> {
        let first = choices.get(field).unwrap_or(kept_id);
        let mut drafts: Vec<(bool, &Draft)> = parts.iter().map(|(id, draft)| (id != first, draft)).collect();
        drafts.sort_by_key(|(later, _)| *later);
        drafts.into_iter().map(|(_, draft)| draft).collect()
    };
    next.emails = distinct(order("emails").iter().flat_map(|d| d.emails.iter().cloned()), |(e, _)| e.canonical.clone());
    next.phones = distinct(order("phones").iter().flat_map(|d| d.phones.iter().cloned()), |(p, _)| p.canonical());
    next.profiles =
        distinct(order("profiles").iter().flat_map(|d| d.profiles.iter().cloned()), |page| page.to_lowercase());
    next.tags = distinct(parts.iter().flat_map(|(_, d)| d.tags.iter().cloned()), |tag| tag.to_lowercase());
    next.tags.sort();
    next.custom = custom(parts, choices);
    link_to_kept(&mut next.custom, *kept_id, others.iter().map(|(id, _)| *id));
    next.display_name = match chosen("display_name") {
        Some(draft) => draft.display_name.clone(),
        // A name that was made of other fields is made again.
        None if kept.display_name == kept.derived_name() => next.derived_name(),
        None => kept.display_name.clone(),
    };
    next
}

fn custom(parts: &[(ContactId, Draft)], choices: &BTreeMap<String, ContactId>) -> Custom {
    let mut values = Custom::default();
    for (_, draft) in parts {
        for (key, value) in &draft.custom.0 {
            values.0.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    for (field, contact) in choices {
        let Some(key) = field.strip_prefix("custom.") else { continue };
        match parts.iter().find(|(id, _)| id == contact).and_then(|(_, draft)| draft.custom.get(key)) {
            Some(value) => drop(values.0.insert(key.to_owned(), value.clone())),
            None => drop(values.0.remove(key)),
        }
    }
    values
}

/// Links to a contact that went become links to the one that is kept.
fn link_to_kept(custom: &mut Custom, kept: ContactId, merged: impl Iterator<Item = ContactId>) {
    let gone: Vec<Value> = merged.map(|id| Value::from(id.to_string())).collect();
    for value in custom.0.values_mut().filter(|value| gone.contains(value)) {
        *value = Value::from(kept.to_string());
    }
}

fn distinct<T>(items: impl Iterator<Item = T>, key: impl Fn(&T) -> String) -> Vec<T> {
    let mut seen = std::collections::BTreeSet::new();
    items.filter(|item| seen.insert(key(item))).collect()
}

/// What an undo makes of a contact that reads `current`: what the merge changed becomes what it was, unless somebody
/// changed it since. Of lists that were changed since, what the merge brought goes and the rest stays.
pub fn apart(before: &Draft, after: &Draft, current: &Draft) -> Draft {
    let mut next = current.clone();
    macro_rules! back {
        ($($field:ident),*) => { $(if current.$field == after.$field { next.$field.clone_from(&before.$field); })* };
    }
    back!(
        salutation,
        first_name,
        middle_name,
        last_name,
        company_name,
        job_title,
        address,
        zone,
        language,
        stage,
        tier
    );
    back!(owner, source, first_touch, last_touch, display_name);
    next.emails = list_apart(&before.emails, &after.emails, &current.emails, |(e, _)| e.canonical.clone());
    next.phones = list_apart(&before.phones, &after.phones, &current.phones, |(p, _)| p.canonical());
    next.profiles = list_apart(&before.profiles, &after.profiles, &current.profiles, String::clone);
    next.tags = list_apart(&before.tags, &after.tags, &current.tags, String::clone);
    for key in before.custom.0.keys().chain(after.custom.0.keys()) {
        if current.custom.get(key) == after.custom.get(key) {
            match before.custom.get(key) {
                Some(value) => drop(next.custom.0.insert(key.clone(), value.clone())),
                None => drop(next.custom.0.remove(key)),
            }
        }
    }
    next
}

fn list_apart<T: Clone + PartialEq>(before: &[T], after: &[T], current: &[T], key: impl Fn(&T) -> String) -> Vec<T> {
    if current == after {
        return before.to_vec();
    }
    let (own, brought): (Vec<_>, Vec<_>) = (before.iter().map(&key).collect(), after.iter().map(&key).collect());
    let stays = |item: &&T| own.contains(&key(item)) || !brought.contains(&key(item));
    current.iter().filter(stays).cloned().collect()
}

/// Names of the fields in which two drafts differ, facts of their own included.
pub fn differing(one: &Draft, other: &Draft) -> Vec<String> {
    let mut fields = one.changed_fields(other);
    let facts =
        [("stage", one.stage != other.stage), ("owner", one.owner != other.owner), ("tags", one.tags != other.tags)];
    fields.extend(facts.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()));
    fields
}

/// Names of the fields that somebody changed since a draft was written. What is computed anew, and what went with its field, nobody did.
pub fn edited(after: &Draft, current: &Draft, fields: &Fields) -> Vec<String> {
    let given = |draft: &Draft| Draft { custom: fields.given(&draft.custom), ..draft.clone() };
    differing(&given(after), &given(current))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::EmailKind;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: u128) -> ContactId {
        ContactId(Uuid::from_u128(n))
    }

    fn draft() -> impl Strategy<Value = Draft> {
        let word = || prop::option::of("[ab]{1,2}");
        let emails = prop::collection::vec("[a-c]@x\\.org", 0..3);
        let tags = prop::collection::btree_set("[a-d]", 0..3);
        let custom = prop::collection::btree_map("[kl]", "[a-c]", 0..2);
        (word(), word(), word(), emails, tags, custom).prop_map(|(first, last, company, emails, tags, custom)| {
            let mut draft = Draft {
                first_name: first,
                last_name: last,
                company_name: company,
                tags: tags.into_iter().collect(),
                stage: "new".into(),
                ..Draft::default()
            };
            let parsed = emails.iter().filter_map(|e| crate::EmailAddress::parse(e)).map(|e| (e, EmailKind::Other));
            draft.emails = distinct(parsed, |(e, _)| e.canonical.clone());
            draft.custom = Custom(custom.into_iter().map(|(key, value)| (key, Value::from(value))).collect());
            draft.display_name = draft.derived_name();
            draft
        })
    }

    #[test]
    fn a_choice_takes_even_an_empty_value_and_is_checked() {
        let kept = Draft {
            display_name: "Ann".into(),
            first_name: Some("Ann".into()),
            job_title: Some("Boss".into()),
            ..Draft::default()
        };
        let other = Draft { first_name: Some("Anna".into()), ..Draft::default() };
        let parts = [(id(1), kept), (id(2), other)];
        let choices = BTreeMap::from([("first_name".to_owned(), id(2)), ("job_title".to_owned(), id(2))]);
        let next = united(&parts, &choices);
        assert_eq!((next.first_name.as_deref(), next.job_title), (Some("Anna"), None));
        assert_eq!(next.display_name, "Anna", "a name that was made is made again");
        let wrong = BTreeMap::from([("nonsense".to_owned(), id(1)), ("stage".to_owned(), id(9))]);
        let codes: Vec<_> = refused(&wrong, &[id(1), id(2)]).into_iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["field_unknown", "contact_unknown"]);
    }

    #[test]
    fn links_to_who_went_lead_to_who_is_kept() {
        let with = |key: &str, to: ContactId| Custom(BTreeMap::from([(key.to_owned(), Value::from(to.to_string()))]));
        let kept = Draft { custom: with("boss", id(2)), ..Draft::default() };
        let other = Draft { custom: with("friend", id(3)), ..Draft::default() };
        let next = united(&[(id(1), kept), (id(2), other)], &BTreeMap::new());
        assert_eq!(next.custom.get("boss"), Some(&Value::from(id(1).to_string())));
        assert_eq!(next.custom.get("friend"), Some(&Value::from(id(3).to_string())));
    }

    proptest! {
        #[test]
        fn nothing_that_is_united_is_lost(parts in prop::collection::vec(draft(), 2..5)) {
            let parts: Vec<_> = parts.into_iter().enumerate().map(|(n, draft)| (id(n as u128), draft)).collect();
            let next = united(&parts, &BTreeMap::new());
            for (_, part) in &parts {
                prop_assert!(part.emails.iter().all(|(e, _)| next.emails.iter().any(|(n, _)| n.canonical == e.canonical)));
                prop_assert!(part.tags.iter().all(|tag| next.tags.contains(tag)));
                prop_assert!(part.first_name.is_none() || next.first_name.is_some());
                prop_assert!(part.custom.0.keys().all(|key| next.custom.get(key).is_some()));
            }
            prop_assert_eq!(&next.emails[..parts[0].1.emails.len()], &parts[0].1.emails[..]);
        }

        #[test]
        fn an_undo_without_edits_gives_back_what_was_there(before in draft(), after in draft()) {
            prop_assert_eq!(apart(&before, &after, &after), before);
        }

        #[test]
        fn an_undo_loses_no_edit(before in draft(), after in draft(), current in draft()) {
            let next = apart(&before, &after, &current);
            if current.first_name != after.first_name {
                prop_assert_eq!(&next.first_name, &current.first_name);
            }
            let new: Vec<_> = current.tags.iter().filter(|tag| !after.tags.contains(tag)).collect();
            prop_assert!(new.into_iter().all(|tag| next.tags.contains(tag)));
        }
    }
}
