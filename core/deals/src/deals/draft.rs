//! The rules of a deal: what is accepted, what a stage asks for, what counts as a change.
use super::items::{self, DealItem};
use super::model::{Deal, DealPatch, DealRole, NewDeal, NewDealContact, NewOutcome};
use super::model::{DealEnd, DealStatus};
use crate::assignment_rules::Wanted;
use crate::pipelines::{PipelineId, StageRow};
use chrono::{Datelike, NaiveDate};
use companies::CompanyId;
use contacts::ContactId;
use fields::{Custom, Fields, Own};
use kernel::{Error, Result, error::FieldProblem, ids::UserId};
use tenants::tenants::{is_currency, minor_digits};
use unicode_normalization::UnicodeNormalization;

/// The largest amount, in minor units: sums of many stay exact in every program.
pub const MAX_AMOUNT: i64 = 100_000_000_000_000;
/// What is said of a day that cannot be kept.
pub const DAYS: &str = "A day between 1970 and 9998.";
/// Most contacts of a deal.
const MAX_CONTACTS: usize = 20;

/// Whether a day can be kept.
pub fn is_day(day: NaiveDate) -> bool {
    (1970..=9998).contains(&day.year())
}

/// A deal as it will be stored: every write builds one, validates it and compares it with what was there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub title: String,
    pub amount: i64,
    pub currency: String,
    pub items: Vec<DealItem>,
    pub company: Option<CompanyId>,
    pub expected_close: Option<NaiveDate>,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub owner: Option<UserId>,
    pub source: Option<String>,
    pub description: Option<String>,
    pub next_step: Option<String>,
    pub next_step_on: Option<NaiveDate>,
    pub contacts: Vec<(ContactId, DealRole)>,
    /// Values of the tenant's own fields, settled by the verb that writes.
    pub custom: Custom,
}

impl Draft {
    /// What a deal is made of.
    pub fn of(deal: &Deal) -> Self {
        Draft {
            title: deal.title.clone(),
            amount: deal.amount,
            currency: deal.currency.clone(),
            items: deal.items.clone(),
            company: deal.company,
            expected_close: deal.expected_close,
            starts_on: deal.starts_on,
            ends_on: deal.ends_on,
            owner: deal.owner,
            source: deal.source.clone(),
            description: deal.description.clone(),
            next_step: deal.next_step.clone(),
            next_step_on: deal.next_step_on,
            contacts: deal.contacts.iter().map(|c| (c.contact, c.role)).collect(),
            custom: deal.custom.clone(),
        }
    }

    /// A new deal; `currency` is the account's.
    pub fn new(new: NewDeal, currency: &str) -> Result<Self> {
        let mut wrong = Problems::default();
        let items = items::checked(new.items, &mut wrong);
        Draft {
            title: new.title,
            amount: if items.is_empty() { new.amount } else { items::sum(&items).unwrap_or(0) },
            currency: new.currency.unwrap_or_else(|| currency.to_owned()),
            items,
            company: new.company,
            expected_close: new.expected_close,
            starts_on: new.starts_on,
            ends_on: new.ends_on,
            owner: new.owner,
            source: new.source,
            description: new.description,
            next_step: new.next_step,
            next_step_on: new.next_step_on,
            contacts: distinct(new.contacts),
            custom: Custom::default(),
        }
        .checked(wrong)
    }

    /// What rules of assignment look at.
    pub fn wanted(&self, pipeline: PipelineId) -> Wanted {
        Wanted {
            pipeline,
            source: self.source.clone(),
            amount: self.amount,
            currency: self.currency.clone(),
            company: self.company,
            contacts: self.contacts.iter().map(|(contact, _)| *contact).collect(),
        }
    }

    /// What formulas read of a deal; amounts in main units.
    pub fn own(&self) -> Own {
        let digits = i32::try_from(minor_digits(&self.currency)).unwrap_or(2);
        let said = [
            ("title", Some(self.title.clone().into())),
            ("amount", Some((self.amount as f64 / 10f64.powi(digits)).into())),
            ("currency", Some(self.currency.clone().into())),
            ("source", self.source.clone().map(Into::into)),
            ("expected_close", self.expected_close.map(|day| day.to_string().into())),
        ];
        said.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// This with a change.
    pub fn patched(&self, patch: DealPatch) -> Result<Self> {
        let mut wrong = Problems::default();
        let mut next = self.clone();
        next.title = patch.title.unwrap_or(next.title);
        if let Some(items) = patch.items {
            next.items = items::checked(items, &mut wrong);
        }
        let summed = if next.items.is_empty() { None } else { items::sum(&next.items) };
        let other = patch.amount.is_some_and(|amount| summed.is_some_and(|sum| sum != amount));
        wrong.refuse(other, "/amount", "amount_of_items", "The amount is the sum of the items. Change those.");
        next.amount = summed.or(patch.amount).unwrap_or(next.amount);
        next.currency = patch.currency.unwrap_or(next.currency);
        patch.company.update_to(&mut next.company);
        patch.expected_close.update_to(&mut next.expected_close);
        patch.starts_on.update_to(&mut next.starts_on);
        patch.ends_on.update_to(&mut next.ends_on);
        patch.owner.update_to(&mut next.owner);
        patch.source.update_to(&mut next.source);
        patch.description.update_to(&mut next.description);
        patch.next_step.update_to(&mut next.next_step);
        patch.next_step_on.update_to(&mut next.next_step_on);
        if let Some(contacts) = patch.contacts {
            next.contacts = distinct(contacts);
        }
        next.checked(wrong)
    }

    fn checked(self, mut wrong: Problems) -> Result<Self> {
        let draft = Draft {
            title: wrong.text("/title", Some(self.title), 200).unwrap_or_default(),
            source: wrong.text("/source", self.source, 100),
            description: wrong.lines("/description", self.description, 5_000),
            next_step: wrong.text("/next_step", self.next_step, 200),
            ..self
        };
        wrong.refuse(draft.title.is_empty(), "/title", "required", "A deal needs a title.");
        let amount = (0..=MAX_AMOUNT).contains(&draft.amount);
        wrong.refuse(!amount, "/amount", "amount_range", "amount goes from 0 to 100000000000000 minor units.");
        let known = is_currency(&draft.currency);
        wrong.refuse(!known, "/currency", "currency_unknown", "A code of ISO 4217, for example EUR.");
        for (field, day) in [("/expected_close", draft.expected_close), ("/next_step_on", draft.next_step_on)] {
            wrong.refuse(day.is_some_and(|day| !is_day(day)), field, "date_range", DAYS);
        }
        items::check_days((draft.starts_on, "/starts_on"), (draft.ends_on, "/ends_on"), &mut wrong);
        wrong.refuse(draft.contacts.len() > MAX_CONTACTS, "/contacts", "count", "At most 20 contacts.");
        wrong.check()?;
        Ok(draft)
    }

    /// Names of fields that differ, without the owner, whose change is a fact of its own.
    pub fn changed_fields(&self, next: &Self) -> Vec<String> {
        let own = [
            ("title", self.title != next.title),
            ("amount", self.amount != next.amount),
            ("currency", self.currency != next.currency),
            ("items", self.items != next.items),
            ("company", self.company != next.company),
            ("expected_close", self.expected_close != next.expected_close),
            ("starts_on", self.starts_on != next.starts_on),
            ("ends_on", self.ends_on != next.ends_on),
            ("source", self.source != next.source),
            ("description", self.description != next.description),
            ("next_step", self.next_step != next.next_step),
            ("next_step_on", self.next_step_on != next.next_step_on),
            ("contacts", self.contacts != next.contacts),
        ]
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name.to_owned());
        own.chain(Fields::differing(&self.custom, &next.custom).into_iter().map(|key| format!("custom.{key}")))
            .collect()
    }

    /// Whether a past board or forecast would show the difference.
    pub fn is_history(&self, next: &Self) -> bool {
        (self.amount, &self.currency, self.expected_close, self.owner)
            != (next.amount, &next.currency, next.expected_close, next.owner)
    }

    /// 422 that names every field which a stage asks for and which is empty.
    pub fn check_entry(&self, stage: &StageRow) -> Result<()> {
        let mut wrong = Problems::default();
        let mut ask = |empty: bool, name: &str, field: &str| {
            wrong.refuse(
                empty,
                field,
                "stage_requires",
                &format!("Deals in this stage need {}.", name.replace('_', " ")),
            );
        };
        for field in &stage.requires {
            let empty = match field.as_str() {
                "amount" => self.amount == 0,
                "expected_close" => self.expected_close.is_none(),
                "owner" => self.owner.is_none(),
                "contacts" => self.contacts.is_empty(),
                "company" => self.company.is_none(),
                "next_step" => self.next_step.is_none(),
                "source" => self.source.is_none(),
                _ => false,
            };
            ask(empty, field, &format!("/{field}"));
        }
        for key in &stage.requires_custom {
            ask(self.custom.get(key).is_none(), key, &format!("/custom/{key}"));
        }
        wrong.check()
    }
}

/// Each contact once, where it was named first.
fn distinct(given: Vec<NewDealContact>) -> Vec<(ContactId, DealRole)> {
    let mut contacts: Vec<(ContactId, DealRole)> = vec![];
    for NewDealContact { contact, role } in given {
        if !contacts.iter().any(|(known, _)| *known == contact) {
            contacts.push((contact, role));
        }
    }
    contacts
}

/// How a deal ended, as it will be stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ending {
    pub status: DealStatus,
    pub reason: Option<String>,
    pub note: Option<String>,
}

impl Ending {
    /// 422 without a reason, unless the deal is won.
    pub fn new(outcome: NewOutcome) -> Result<Self> {
        let mut wrong = Problems::default();
        let status = match outcome.status {
            DealEnd::Won => DealStatus::Won,
            DealEnd::Lost => DealStatus::Lost,
            DealEnd::Abandoned => DealStatus::Abandoned,
        };
        let reason = wrong.text("/reason", outcome.reason, 100);
        let note = wrong.lines("/note", outcome.note, 1_000);
        let missing = reason.is_none() && status != DealStatus::Won;
        wrong.refuse(missing, "/reason", "required", "Say why the deal ends.");
        wrong.check()?;
        Ok(Ending { status, reason, note })
    }
}

/// Collects what is wrong, so that the caller learns everything at once.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<FieldProblem>);

impl Problems {
    pub fn refuse(&mut self, wrong: bool, field: &str, code: &str, detail: &str) {
        if wrong {
            self.0.push(FieldProblem { field: field.into(), code: code.into(), detail: detail.into() });
        }
    }

    /// Composed text on one line, without surrounding space; `None` when nothing is left.
    pub fn text(&mut self, field: &str, value: Option<String>, max: usize) -> Option<String> {
        self.clean(field, value, max, |c| !c.is_control())
    }

    /// The same, of several lines.
    fn lines(&mut self, field: &str, value: Option<String>, max: usize) -> Option<String> {
        self.clean(field, value, max, |c| !c.is_control() || c == '\n')
    }

    fn clean(&mut self, field: &str, value: Option<String>, max: usize, kept: fn(char) -> bool) -> Option<String> {
        let text: String = value?.nfc().filter(|c| kept(*c)).collect();
        let text = text.trim().to_owned();
        self.refuse(text.chars().count() > max, field, "too_long", &format!("At most {max} characters."));
        (!text.is_empty()).then_some(text)
    }

    fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::invalid_fields(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::items::{Billing, NewDealItem};
    use super::*;
    use crate::pipelines::StageId;
    use poem_openapi::types::MaybeUndefined;
    use proptest::prelude::*;

    fn fields(error: &Error) -> Vec<String> {
        let kernel::error::Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
        fields.iter().map(|f| f.field.clone()).collect()
    }

    #[test]
    fn a_deal_is_cleaned_and_takes_the_currency_of_the_account() {
        let new = NewDeal { title: " Roof\u{7} ".into(), source: Some("  ".into()), ..NewDeal::default() };
        let draft = Draft::new(new, "EUR").unwrap();
        assert_eq!((draft.title.as_str(), draft.currency.as_str(), draft.source.as_deref()), ("Roof", "EUR", None));
    }

    #[test]
    fn everything_wrong_is_named_at_once() {
        let new = NewDeal {
            amount: -1,
            currency: Some("EURO".into()),
            expected_close: NaiveDate::from_ymd_opt(1, 1, 1),
            next_step: Some("x".repeat(201)),
            ..NewDeal::default()
        };
        let error = Draft::new(new, "EUR").unwrap_err();
        assert_eq!(fields(&error), ["/next_step", "/title", "/amount", "/currency", "/expected_close"]);
    }

    #[test]
    fn a_stage_names_what_it_asks_for() {
        let draft = Draft::new(NewDeal { title: "A".into(), amount: 5, ..NewDeal::default() }, "EUR").unwrap();
        let stage = |requires: &[&str], custom: &[&str]| StageRow {
            id: StageId(uuid::Uuid::nil()),
            pipeline: PipelineId(uuid::Uuid::nil()),
            requires: requires.iter().map(|field| (*field).to_owned()).collect(),
            requires_custom: custom.iter().map(|key| (*key).to_owned()).collect(),
        };
        let all = ["amount", "expected_close", "owner", "contacts", "next_step", "source"];
        let error = draft.check_entry(&stage(&all, &["seats"])).unwrap_err();
        let missing = ["/expected_close", "/owner", "/contacts", "/next_step", "/source", "/custom/seats"];
        assert_eq!(fields(&error), missing);
        assert!(draft.check_entry(&stage(&all[..1], &[])).is_ok());
        let mut full = draft;
        full.custom.0.insert("seats".into(), serde_json::json!(0));
        assert!(
            full.check_entry(&stage(&all[..1], &["seats"])).is_ok(),
            "nothing is a value too when somebody said it"
        );
    }

    #[test]
    fn only_what_boards_show_is_history() {
        let draft = Draft::new(NewDeal { title: "A".into(), ..NewDeal::default() }, "EUR").unwrap();
        let other = draft.patched(DealPatch { title: Some("B".into()), ..DealPatch::default() }).unwrap();
        assert!(!draft.is_history(&other));
        assert_eq!(draft.changed_fields(&other), ["title"]);
        let dearer = draft.patched(DealPatch { amount: Some(3), ..DealPatch::default() }).unwrap();
        assert!(draft.is_history(&dearer));
    }

    #[test]
    fn an_end_needs_a_reason_unless_it_is_won() {
        let end = |status, reason: Option<&str>| {
            Ending::new(NewOutcome { status, reason: reason.map(Into::into), note: None })
        };
        assert!(end(DealEnd::Won, None).is_ok() && end(DealEnd::Lost, Some("Price")).is_ok());
        assert!(end(DealEnd::Lost, Some(" ")).is_err() && end(DealEnd::Abandoned, None).is_err());
    }

    #[test]
    fn the_amount_is_the_sum_of_the_items_while_there_are_any() {
        let item = |name: &str, unit_price| NewDealItem {
            name: name.into(),
            quantity: None,
            unit_price,
            discount: 0,
            billing: Billing::Once,
            starts_on: None,
            ends_on: None,
        };
        let items = vec![item("Panel", 300), item("Hours", 40)];
        let draft = Draft::new(NewDeal { title: "A".into(), amount: 5, items, ..NewDeal::default() }, "EUR").unwrap();
        assert_eq!(draft.amount, 340);
        let error = draft.patched(DealPatch { amount: Some(3), ..DealPatch::default() }).unwrap_err();
        assert_eq!(fields(&error), ["/amount"]);
        let none = draft.patched(DealPatch { items: Some(vec![]), ..DealPatch::default() }).unwrap();
        assert_eq!((none.amount, none.items.len()), (340, 0));
        let both = DealPatch { items: Some(vec![]), amount: Some(9), ..DealPatch::default() };
        assert_eq!(draft.patched(both).unwrap().amount, 9);
        let wrong = NewDealItem { quantity: Some(0), discount: 10_001, ..item(" ", -1) };
        let error = draft.patched(DealPatch { items: Some(vec![wrong]), ..DealPatch::default() }).unwrap_err();
        assert_eq!(fields(&error), ["/items/0/name", "/items/0/quantity", "/items/0/unit_price", "/items/0/discount"]);
    }

    proptest! {
        #[test]
        fn checking_never_panics(a in ".{0,300}", amount in any::<i64>()) {
            let new = NewDeal { title: a.clone(), amount, currency: Some(a.clone()), description: Some(a.clone()), ..NewDeal::default() };
            let _ = Draft::new(new, "EUR");
            let draft = Draft::new(NewDeal { title: "A".into(), ..NewDeal::default() }, "EUR").unwrap();
            let _ = draft.patched(DealPatch { source: MaybeUndefined::Value(a), ..DealPatch::default() });
        }
    }
}
