//! What a change makes of a contact, what of it has to be remembered, and what takes it back: pure rules.
use super::model::ContactBulkChange;
use crate::contacts::{ContactTier, Draft, SegmentId};
use chrono::{DateTime, Utc};
use fields::Custom;
use kernel::{
    bulk::{Was, back},
    ids::UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a run changed about a contact, and nothing else of him.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Trace {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Was<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Was<Option<UserId>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Was<Option<ContactTier>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Was<Option<String>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_added: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags_removed: Vec<String>,
    /// By key; null for no value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, Was<Value>>,
    /// The segment that the contact came into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entered: Option<SegmentId>,
    /// The segment that the contact left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<SegmentId>,
    /// A channel that was blocked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
    /// Since when. Absent in runs of before this was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked_at: Option<DateTime<Utc>>,
    /// The block that was taken away, as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unblocked: Option<Value>,
    /// When the contact was deleted by the run, or had been deleted before the run brought it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Trace {
    /// What differs between two drafts, of what a change may change. Of the tenant's own fields only those that were given:
    /// what formulas make of them follows by itself.
    pub fn of(before: &Draft, after: &Draft, given: &Custom) -> Self {
        let but =
            |some: &[String], others: &[String]| some.iter().filter(|tag| !others.contains(tag)).cloned().collect();
        Trace {
            stage: Was::of(&before.stage, &after.stage),
            owner: Was::of(&before.owner, &after.owner),
            tier: Was::of(&before.tier, &after.tier),
            source: Was::of(&before.source, &after.source),
            tags_added: but(&after.tags, &before.tags),
            tags_removed: but(&before.tags, &after.tags),
            custom: given.traced(&before.custom, &after.custom),
            ..Trace::default()
        }
    }

    /// The contact without what the run changed, and the custom values to give back. `None` when somebody has changed any of
    /// it since: then it stays as it is. What the run did not touch may be anything.
    pub fn undone(&self, current: &Draft) -> Option<(Draft, Custom)> {
        let mut draft = current.clone();
        back(&self.stage, &mut draft.stage)?;
        back(&self.owner, &mut draft.owner)?;
        back(&self.tier, &mut draft.tier)?;
        back(&self.source, &mut draft.source)?;
        if self.tags_added.iter().any(|tag| !draft.tags.contains(tag))
            || self.tags_removed.iter().any(|tag| draft.tags.contains(tag))
        {
            return None;
        }
        draft.tags.retain(|tag| !self.tags_added.contains(tag));
        draft.tags.extend(self.tags_removed.iter().cloned());
        draft.tags.sort();
        let given = Custom::untraced(&self.custom, &current.custom)?;
        Some((draft, given))
    }
}

/// The contact with a change; `add` are its new tags as the vocabulary spells them, `owner` who it is to be given to.
pub(crate) fn changed(current: &Draft, change: &ContactBulkChange, add: &[String], owner: Option<UserId>) -> Draft {
    let mut draft = current.clone();
    draft.tags.retain(|tag| !change.remove_tags.iter().any(|gone| gone.to_lowercase() == tag.to_lowercase()));
    draft.tags.extend(add.iter().filter(|tag| !current.tags.contains(tag)).cloned());
    draft.tags.sort();
    draft.tags.dedup();
    if let Some(stage) = &change.stage {
        draft.stage.clone_from(stage);
    }
    if !change.owner.is_undefined() {
        draft.owner = owner;
    }
    if !change.tier.is_undefined() {
        draft.tier = change.tier.value().copied();
    }
    if !change.source.is_undefined() {
        draft.source = change.source.value().cloned();
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use poem_openapi::types::MaybeUndefined;
    use proptest::prelude::*;
    use serde_json::json;

    fn draft(stage: &str, tags: &[&str]) -> Draft {
        Draft { stage: stage.into(), tags: tags.iter().map(|t| (*t).to_owned()).collect(), ..Draft::default() }
    }

    #[test]
    fn only_what_the_run_changed_is_put_back() {
        let before = draft("new", &["a", "b"]);
        let change = ContactBulkChange {
            stage: Some("won".into()),
            source: MaybeUndefined::Null,
            remove_tags: vec!["A".into()],
            ..Default::default()
        };
        let after = changed(&before, &change, &["b".into(), "c".into()], None);
        assert_eq!(after.tags, ["b", "c"]);
        let trace = Trace::of(&before, &after, &Custom::default());
        assert_eq!(
            serde_json::to_value(&trace).unwrap(),
            json!({"stage": {"before": "new", "after": "won"}, "tags_added": ["c"], "tags_removed": ["a"]})
        );
        // Somebody changes something else: it stays, and the rest is put back.
        let mut meanwhile = after.clone();
        meanwhile.first_name = Some("Ann".into());
        meanwhile.tags.push("z".into());
        let (undone, _) = trace.undone(&meanwhile).unwrap();
        assert_eq!((undone.stage.as_str(), undone.first_name.as_deref()), ("new", Some("Ann")));
        assert_eq!(undone.tags, ["a", "b", "z"]);
        // Somebody changes the same thing: all of it stays.
        assert_eq!(trace.undone(&draft("lost", &["b", "c"])), None);
        assert_eq!(trace.undone(&draft("won", &["b"])), None);
        assert_eq!(trace.undone(&draft("won", &["a", "b", "c"])), None);
    }

    fn tags() -> impl Strategy<Value = Vec<String>> {
        prop::collection::btree_set("[a-e]", 0..5).prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #[test]
        fn an_undo_right_away_gives_back_what_was(
            had in tags(), add in tags(), remove in tags(), stage in prop::option::of("[xyz]"),
            (old, new) in ("[uv]?", prop::option::of("[uv]?")), (low, high) in (0i64..3, prop::option::of(0i64..3)),
        ) {
            let mut before = Draft { stage: "x".into(), tags: had, ..Draft::default() };
            before.source = (!old.is_empty()).then_some(old);
            before.custom.0.insert("n".into(), json!(low));
            let source = match new {
                None => MaybeUndefined::Undefined,
                Some(text) if text.is_empty() => MaybeUndefined::Null,
                Some(text) => MaybeUndefined::Value(text),
            };
            let change = ContactBulkChange { stage, source, remove_tags: remove, ..Default::default() };
            let mut after = changed(&before, &change, &add, None);
            let mut given = Custom::default();
            if let Some(high) = high {
                given.0.insert("n".into(), json!(high));
                after.custom.0.insert("n".into(), json!(high));
            }
            let trace = Trace::of(&before, &after, &given);
            let (mut undone, back) = trace.undone(&after).expect("nobody changed it");
            undone.custom.0.extend(back.0);
            prop_assert_eq!(undone, before);
        }
    }
}
