//! What a conversion is, and what may be sent for one.
use crate::{
    deals::{Deal, DealId, DealRole, NewDeal, NewDealContact},
    pipelines::{PipelineId, StageId},
};
use chrono::NaiveDate;
use companies::CompanyId;
use contacts::{Contact, ContactId};
use fields::Custom;
use kernel::{Error, Result, ids::UserId};
use poem_openapi::{Object, types::MaybeUndefined};

/// Longest title, in characters.
const MAX_TITLE: usize = 200;

/// A deal that is made of a contact. What is absent is taken from the contact, null leaves it empty.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewConvertedDeal {
    /// What people call it, at most 200 characters; made of the contact's company and name when absent.
    pub title: Option<String>,
    /// Its pipeline; that of the stage, or the first one, when absent.
    pub pipeline: Option<PipelineId>,
    /// Its stage; the first of the pipeline when absent.
    pub stage: Option<StageId>,
    /// What it is worth, in minor units; 0 when nobody knows.
    #[oai(default)]
    pub amount: i64,
    /// ISO 4217; the account's currency when absent.
    pub currency: Option<String>,
    /// The company that would buy; the one whose first person the contact is, or his oldest one, when absent and in reach.
    pub company: MaybeUndefined<CompanyId>,
    /// The member responsible; the contact's when absent and within the caller's reach, else the rules of assignment choose. Null for nobody.
    pub owner: MaybeUndefined<UserId>,
    /// Without an `owner`: let the rules of assignment choose, even when somebody is responsible for the contact.
    #[oai(default)]
    pub by_rules: bool,
    /// Where it came from; as the contact when absent.
    pub source: MaybeUndefined<String>,
    /// The day on which it should be decided.
    pub expected_close: Option<NaiveDate>,
    /// Values of the fields that the tenant defined for deals; what is required there is required here.
    #[oai(default)]
    pub custom: Custom,
}

/// How a contact becomes part of a deal: of a new one, or of one that is there.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewConversion {
    /// The open deal that the contact is put on.
    pub deal: Option<DealId>,
    /// The deal that is made instead.
    pub new: Option<NewConvertedDeal>,
    /// What the contact is in the deal; `other` when absent.
    #[oai(default)]
    pub role: DealRole,
    /// Leave the contact in its stage. Otherwise it goes to the stage for contacts of whom a deal is made (see `entry` of the stages),
    /// unless it is further already or the caller may not change it.
    #[oai(default)]
    pub keep_stage: bool,
}

/// What became of a contact.
#[derive(Object, Debug, Clone)]
pub struct Conversion {
    /// The deal, with the contact on it.
    pub deal: Deal,
    /// Key of the stage the contact is in now.
    pub contact_stage: String,
    /// Whether it came there by this.
    pub stage_changed: bool,
}

/// Which deal a contact comes to.
#[derive(Debug, Clone)]
pub enum Target {
    Known(DealId),
    Made(Box<NewConvertedDeal>),
}

impl NewConversion {
    /// Which deal; 422 unless it names one, or a new one.
    pub fn target(&self) -> Result<Target> {
        match (self.deal, &self.new) {
            (Some(deal), None) => Ok(Target::Known(deal)),
            (None, Some(new)) => Ok(Target::Made(Box::new(new.clone()))),
            _ => Err(Error::invalid("/deal", "about_one", "Name a deal, or say what the new one is.")),
        }
    }
}

/// A value that was sent, or what the contact has when nothing was.
fn or_own<T>(sent: MaybeUndefined<T>, own: Option<T>) -> Option<T> {
    match sent {
        MaybeUndefined::Undefined => own,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value),
    }
}

impl NewConvertedDeal {
    /// As any other new deal; `company` and `owner` are what the contact has of them.
    pub fn of(self, contact: &Contact, role: DealRole, company: Option<CompanyId>, owner: Option<UserId>) -> NewDeal {
        let unassigned = self.owner.is_null();
        NewDeal {
            title: self.title.unwrap_or_else(|| title_of(contact)),
            pipeline: self.pipeline,
            stage: self.stage,
            amount: self.amount,
            currency: self.currency,
            company: or_own(self.company, company),
            owner: or_own(self.owner, owner),
            unassigned,
            source: or_own(self.source, contact.source.clone()),
            expected_close: self.expected_close,
            custom: self.custom,
            contacts: vec![NewDealContact { contact: contact.id, role }],
            ..NewDeal::default()
        }
    }
}

/// What a deal with a contact is called when nobody says.
fn title_of(contact: &Contact) -> String {
    let name = &contact.display_name;
    let title = match &contact.company_name {
        Some(company) if company != name => format!("{company}, {name}"),
        _ => name.clone(),
    };
    title.chars().take(MAX_TITLE).collect()
}

/// A contact that is put on a deal.
#[derive(Debug, Clone, Copy)]
pub struct Converted {
    pub contact: ContactId,
    pub role: DealRole,
    pub keep_stage: bool,
}
