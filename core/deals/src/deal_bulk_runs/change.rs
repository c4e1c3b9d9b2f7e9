//! What a change makes of a deal, what of it has to be remembered, and what takes it back: pure rules.
use super::model::DealBulkChange;
use crate::deals::{Deal, DealStatus, Draft, Ending};
use crate::pipelines::StageId;
use chrono::{DateTime, NaiveDate, Utc};
use fields::Custom;
use kernel::{
    bulk::{Was, back},
    ids::UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How a deal had ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub status: DealStatus,
    pub reason: Option<String>,
    pub note: Option<String>,
    pub closed_at: Option<DateTime<Utc>>,
    pub closed_on: Option<NaiveDate>,
}

impl Ended {
    fn of(deal: &Deal) -> Option<Self> {
        let Deal { status, reason, reason_note: note, closed_at, closed_on, .. } = deal.clone();
        (status != DealStatus::Open).then_some(Ended { status, reason, note, closed_at, closed_on })
    }

    fn put(self, deal: &mut Deal) {
        (deal.status, deal.reason, deal.reason_note) = (self.status, self.reason, self.note);
        (deal.closed_at, deal.closed_on) = (self.closed_at, self.closed_on);
    }
}

/// What a run changed about a deal, and nothing else of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Trace {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Was<StageId>>,
    /// The place that it had in the stage it left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Was<Option<UserId>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_close: Option<Was<Option<NaiveDate>>>,
    /// By key; null for no value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, Was<Value>>,
    /// When the run closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
    /// How it had ended before the run opened it again, and the stage in which it is open since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopened: Option<(Ended, StageId)>,
    /// When it was deleted by the run, or had been deleted before the run brought it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Trace {
    /// What differs between two states, of what a change may change. Of the tenant's own fields only those that were given: what
    /// formulas make of them follows by itself.
    pub fn of(before: &Deal, after: &Deal, given: &Custom, place: Option<&str>) -> Self {
        let ended = (before.status, after.status);
        let stage = Was::of(&before.stage, &after.stage).filter(|_| ended == (DealStatus::Open, DealStatus::Open));
        Trace {
            place: place.filter(|_| stage.is_some()).map(str::to_owned),
            stage,
            owner: Was::of(&before.owner, &after.owner),
            expected_close: Was::of(&before.expected_close, &after.expected_close),
            custom: given.traced(&before.custom, &after.custom),
            closed_at: after.closed_at.filter(|_| before.status == DealStatus::Open),
            reopened: Ended::of(before).filter(|_| after.status == DealStatus::Open).map(|ended| (ended, after.stage)),
            deleted_at: if before.deleted_at == after.deleted_at {
                None
            } else {
                after.deleted_at.or(before.deleted_at)
            },
        }
    }

    /// The deal without what the run changed, and the custom values to give back. `None` when somebody has changed any of it
    /// since: then it stays as it is. What the run did not touch may be anything. Whether it is deleted is not looked at.
    pub fn undone(&self, current: &Deal) -> Option<(Deal, Custom)> {
        let mut deal = current.clone();
        let open = deal.status == DealStatus::Open;
        if self.stage.is_some() && !open {
            return None;
        }
        back(&self.stage, &mut deal.stage)?;
        back(&self.owner, &mut deal.owner)?;
        back(&self.expected_close, &mut deal.expected_close)?;
        if let Some(at) = self.closed_at {
            if open || deal.closed_at != Some(at) {
                return None;
            }
            opened(&mut deal);
        }
        if let Some((ended, stage)) = &self.reopened {
            if !open || deal.stage != *stage {
                return None;
            }
            ended.clone().put(&mut deal);
        }
        let given = Custom::untraced(&self.custom, &current.custom)?;
        Some((deal, given))
    }
}

/// Makes a closed deal an open one.
pub(crate) fn opened(deal: &mut Deal) {
    (deal.status, deal.reason, deal.reason_note) = (DealStatus::Open, None, None);
    (deal.closed_at, deal.closed_on) = (None, None);
}

/// Ends an open deal.
pub(crate) fn ended(deal: &mut Deal, ending: Ending, now: DateTime<Utc>, today: NaiveDate) {
    let Ending { status, reason, note } = ending;
    Ended { status, reason, note, closed_at: Some(now), closed_on: Some(today) }.put(deal);
}

/// The deal with new fields; `owner` is who it is to be given to. Its stage and its custom values come later.
pub(crate) fn changed(current: &Deal, change: &DealBulkChange, owner: Option<UserId>) -> Deal {
    let mut deal = current.clone();
    if !change.owner.is_undefined() {
        deal.owner = owner;
    }
    if !change.expected_close.is_undefined() {
        deal.expected_close = change.expected_close.value().copied();
    }
    deal
}

/// The kind of the line that this is in the deal's history; none when no board can show it.
pub(crate) fn line(before: &Deal, after: &Deal) -> Option<&'static str> {
    match (before.deleted_at.is_some(), after.deleted_at.is_some()) {
        (false, true) => return Some("deleted"),
        (true, false) => return Some("restored"),
        _ => {}
    }
    if before.status != after.status {
        return Some(match after.status {
            DealStatus::Open => "reopened",
            DealStatus::Won => "won",
            DealStatus::Lost => "lost",
            DealStatus::Abandoned => "abandoned",
        });
    }
    if before.stage != after.stage {
        return Some("moved");
    }
    Draft::of(before).is_history(&Draft::of(after)).then_some("changed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deals::DealId;
    use crate::pipelines::PipelineId;
    use poem_openapi::types::MaybeUndefined;
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    fn stage(n: u128) -> StageId {
        StageId(Uuid::from_u128(n))
    }

    fn deal() -> Deal {
        let now = DateTime::UNIX_EPOCH;
        Deal {
            id: DealId(Uuid::nil()),
            title: "A".into(),
            pipeline: PipelineId(Uuid::nil()),
            stage: stage(1),
            status: DealStatus::Open,
            reason: None,
            reason_note: None,
            amount: 5,
            currency: "EUR".into(),
            home_amount: None,
            home_currency: "EUR".into(),
            items: vec![],
            company: None,
            company_name: None,
            expected_close: None,
            starts_on: None,
            ends_on: None,
            owner: None,
            source: None,
            first_source: None,
            first_campaign: None,
            last_source: None,
            last_campaign: None,
            description: None,
            next_step: None,
            next_step_on: None,
            custom: Custom::default(),
            contacts: vec![],
            stage_since: now,
            touched_at: now,
            quiet_at: now,
            closed_at: None,
            closed_on: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: 1,
        }
    }

    /// What a change may change.
    fn seen(deal: &Deal) -> (StageId, Option<UserId>, Option<NaiveDate>, Option<Ended>, Custom) {
        (deal.stage, deal.owner, deal.expected_close, Ended::of(deal), deal.custom.clone())
    }

    fn lost(deal: &Deal, seconds: i64) -> Deal {
        let mut after = deal.clone();
        let at = DateTime::from_timestamp(seconds, 0).unwrap();
        let ending = Ending { status: DealStatus::Lost, reason: Some("Price".into()), note: None };
        ended(&mut after, ending, at, at.date_naive());
        after
    }

    #[test]
    fn an_end_is_taken_back_while_it_is_that_end() {
        let before = deal();
        let after = lost(&before, 100);
        let trace = Trace::of(&before, &after, &Custom::default(), None);
        assert_eq!(serde_json::to_value(&trace).unwrap(), json!({"closed_at": "1970-01-01T00:01:40Z"}));
        assert_eq!(trace.undone(&after).map(|(deal, _)| seen(&deal)), Some(seen(&before)));
        assert!(trace.undone(&before).is_none(), "somebody opened it again");
        assert!(trace.undone(&lost(&before, 101)).is_none(), "and closed it once more");
        // The other way round: how it had ended comes back, unless it went on.
        let mut open = after.clone();
        opened(&mut open);
        let trace = Trace::of(&after, &open, &Custom::default(), None);
        assert_eq!(trace.undone(&open).map(|(deal, _)| seen(&deal)), Some(seen(&after)));
        assert!(trace.undone(&Deal { stage: stage(2), ..open }).is_none());
        assert!(trace.undone(&after).is_none());
    }

    #[test]
    fn what_a_board_shows_is_a_line_of_history() {
        let before = deal();
        assert_eq!(line(&before, &Deal { stage: stage(2), ..deal() }), Some("moved"));
        assert_eq!(line(&before, &Deal { amount: 6, ..deal() }), Some("changed"));
        assert_eq!(line(&before, &Deal { title: "B".into(), ..deal() }), None);
        assert_eq!(line(&before, &lost(&before, 1)), Some("lost"));
        assert_eq!(line(&lost(&before, 1), &before), Some("reopened"));
        let gone = Deal { deleted_at: Some(DateTime::UNIX_EPOCH), ..deal() };
        assert_eq!((line(&before, &gone), line(&gone, &before)), (Some("deleted"), Some("restored")));
    }

    proptest! {
        #[test]
        fn only_what_the_run_changed_is_put_back(
            to in prop::option::of(1u128..3), owner in prop::option::of(any::<bool>()), day in prop::option::of(1u32..4),
            low in 0i64..3, high in prop::option::of(0i64..3), meanwhile in 0u8..4,
        ) {
            let day_of = |day: u32| NaiveDate::from_ymd_opt(2026, 1, day);
            let mut before = Deal { expected_close: day_of(2), ..deal() };
            before.custom.0.insert("n".into(), json!(low));
            let mut change = DealBulkChange::default();
            if let Some(day) = day {
                change.expected_close = day_of(day).map_or(MaybeUndefined::Null, MaybeUndefined::Value);
            }
            if owner.is_some() {
                change.owner = MaybeUndefined::Null;
            }
            let user = owner.filter(|some| *some).map(|_| UserId(Uuid::from_u128(9)));
            let mut after = changed(&before, &change, user);
            after.stage = stage(to.unwrap_or(1));
            let mut given = Custom::default();
            if let Some(high) = high {
                given.0.insert("n".into(), json!(high));
                after.custom.0.insert("n".into(), json!(high));
            }
            let trace = Trace::of(&before, &after, &given, Some("a0"));
            prop_assert_eq!(trace.place.is_some(), trace.stage.is_some());
            let kept: Trace = serde_json::from_value(serde_json::to_value(&trace).unwrap()).unwrap();
            prop_assert_eq!(&kept, &trace);
            let mut now = after.clone();
            match meanwhile {
                1 => now.title = "Mine".into(),
                2 => now.stage = stage(7),
                3 => now.expected_close = day_of(9),
                _ => {}
            }
            let touched = meanwhile == 2 && trace.stage.is_some() || meanwhile == 3 && trace.expected_close.is_some();
            match trace.undone(&now) {
                None => prop_assert!(touched),
                Some((mut undone, back)) => {
                    prop_assert!(!touched);
                    prop_assert_eq!(&undone.title, &now.title);
                    undone.custom.0.extend(back.0);
                    if meanwhile == 2 {
                        undone.stage = before.stage;
                    }
                    if meanwhile == 3 {
                        undone.expected_close = before.expected_close;
                    }
                    prop_assert_eq!(seen(&undone), seen(&before));
                }
            }
        }
    }
}
