//! What a change makes of a company, what of it has to be remembered, and what takes it back: pure rules.
use super::model::CompanyBulkChange;
use crate::companies::{Draft, Status, Tier};
use chrono::{DateTime, Utc};
use fields::Custom;
use kernel::{
    bulk::{Was, back},
    ids::UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a run changed about a company, and nothing else of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Trace {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Was<Status>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Was<Option<Tier>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Was<Option<UserId>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<Was<Option<String>>>,
    /// By key; null for no value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, Was<Value>>,
    /// When it was deleted by the run, or had been deleted before the run brought it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Trace {
    /// What differs between two drafts, of what a change may change. Of the tenant's own fields only those that were given:
    /// what formulas make of them follows by itself.
    pub fn of(before: &Draft, after: &Draft, given: &Custom) -> Self {
        Trace {
            status: Was::of(&before.status, &after.status),
            tier: Was::of(&before.tier, &after.tier),
            owner: Was::of(&before.owner, &after.owner),
            industry: Was::of(&before.industry, &after.industry),
            custom: given.traced(&before.custom, &after.custom),
            deleted_at: None,
        }
    }

    /// The company without what the run changed, and the custom values to give back. `None` when somebody has changed any of
    /// it since: then it stays as it is. What the run did not touch may be anything.
    pub fn undone(&self, current: &Draft) -> Option<(Draft, Custom)> {
        let mut draft = current.clone();
        back(&self.status, &mut draft.status)?;
        back(&self.tier, &mut draft.tier)?;
        back(&self.owner, &mut draft.owner)?;
        back(&self.industry, &mut draft.industry)?;
        let given = Custom::untraced(&self.custom, &current.custom)?;
        Some((draft, given))
    }
}

/// The company with a change; `owner` is who it is to be given to.
pub(crate) fn changed(current: &Draft, change: &CompanyBulkChange, owner: Option<UserId>) -> Draft {
    let mut draft = current.clone();
    draft.status = change.status.unwrap_or(draft.status);
    if !change.tier.is_undefined() {
        draft.tier = change.tier.value().copied();
    }
    if !change.owner.is_undefined() {
        draft.owner = owner;
    }
    if !change.industry.is_undefined() {
        draft.industry = change.industry.value().cloned();
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companies::NewCompany;
    use poem_openapi::types::MaybeUndefined;
    use serde_json::json;

    fn draft() -> Draft {
        Draft::new(NewCompany { name: "Acme".into(), ..NewCompany::default() }, None).unwrap()
    }

    #[test]
    fn only_what_the_run_changed_is_put_back() {
        let before = draft();
        let change = CompanyBulkChange { status: Some(Status::Active), ..Default::default() };
        let after = changed(&before, &change, None);
        let trace = Trace::of(&before, &after, &Custom::default());
        assert_eq!(serde_json::to_value(&trace).unwrap(), json!({"status": {"before": "prospect", "after": "active"}}));
        let meanwhile = Draft { industry: Some("Tea".into()), ..after.clone() };
        let (undone, _) = trace.undone(&meanwhile).unwrap();
        assert_eq!((undone.status, undone.industry.as_deref()), (Status::Prospect, Some("Tea")));
        assert_eq!(trace.undone(&Draft { status: Status::Former, ..after }), None);
    }

    #[test]
    fn an_undo_right_away_gives_back_what_was() {
        for (had, new, gold, high) in [
            (None, Some(Some("u")), true, 1),
            (Some("u"), Some(None), false, 2),
            (Some("u"), Some(Some("u")), true, 0),
            (Some("v"), None, false, 1),
        ] {
            let mut before = Draft { industry: had.map(str::to_owned), ..draft() };
            before.custom.0.insert("n".into(), json!(1));
            let industry = match new {
                None => MaybeUndefined::Undefined,
                Some(None) => MaybeUndefined::Null,
                Some(Some(text)) => MaybeUndefined::Value(text.to_owned()),
            };
            let tier = if gold { MaybeUndefined::Value(Tier::Gold) } else { MaybeUndefined::Undefined };
            let mut given = Custom::default();
            given.0.insert("n".into(), json!(high));
            let mut after = changed(&before, &CompanyBulkChange { industry, tier, ..Default::default() }, None);
            after.custom.0.insert("n".into(), json!(high));
            let trace = Trace::of(&before, &after, &given);
            let (mut undone, back) = trace.undone(&after).expect("nobody changed it");
            undone.custom.0.extend(back.0);
            assert_eq!(undone, before);
        }
    }
}
