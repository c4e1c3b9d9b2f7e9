//! What can be done to make a deal of a contact.
use super::{
    db,
    model::{Conversion, Converted, NewConversion, Target},
};
use crate::{
    Write,
    assignment_rules::{self, Staff},
    deals::{self, Deal, DealId, NewDeal, Reach},
};
use contacts::{ContactId, Owners};
use identity::members;
use kernel::{Cx, Result, Tx, events::NewEvent, ids::UserId};
use serde_json::json;
use tenants::tenants::currency_of;

/// A conversion with what has to be looked up before its transaction begins.
pub(super) struct Prepared {
    converted: Converted,
    deal: Ready,
}

enum Ready {
    Known(DealId),
    Made { new: Box<NewDeal>, currency: String, staff: Staff },
}

/// Looks up what a new deal takes from its contact.
///
/// # Errors
/// 404 when the contact is out of reach; 422 when neither a deal nor a new one is named, or its owner is not a member.
pub(super) async fn prepare(
    cx: &Cx<Write>,
    contact: ContactId,
    asked: NewConversion,
    reach: &Reach,
) -> Result<Prepared> {
    let converted = Converted { contact, role: asked.role, keep_stage: asked.keep_stage };
    let new = match asked.target()? {
        Target::Known(deal) => return Ok(Prepared { converted, deal: Ready::Known(deal) }),
        Target::Made(new) => *new,
    };
    members::require(cx, "/new/owner", new.owner.value().copied().into_iter().collect()).await?;
    let found = cx.read(async |tx| {
        let found = contacts::find(tx, contact, &reach.contacts).await?;
        Ok((found, db::company_of(tx, contact, &reach.companies).await?))
    });
    let (found, company) = found.await?;
    let is_usual = new.owner.is_undefined() && !new.by_rules;
    let owner = if is_usual { usual_owner(cx, found.owner, &reach.deals).await } else { None };
    let currency = match &new.currency {
        Some(currency) => currency.clone(),
        None => currency_of(cx).await?,
    };
    let new = Box::new(new.of(&found, asked.role, company, owner));
    let staff = match new.owner {
        None if !new.unassigned => assignment_rules::staff(cx).await?,
        _ => Staff::default(),
    };
    Ok(Prepared { converted, deal: Ready::Made { new, currency, staff } })
}

/// The contact's owner, when he is still a member and the caller may give him deals.
async fn usual_owner(cx: &Cx<Write>, owner: Option<UserId>, reached: &Owners) -> Option<UserId> {
    let owner = owner.filter(|owner| reached.as_ref().is_none_or(|reached| reached.contains(&owner.0)))?;
    members::require(cx, "/owner", vec![owner]).await.ok().map(|()| owner)
}

/// Makes the deal, or puts the contact on one that is open, and lets the contact's stage follow the tenant's rule: all of it or nothing.
/// `writes` are owners of the contacts that the caller may change. The deal is locked before the contact.
pub(super) async fn convert(tx: &mut Tx, prepared: Prepared, reach: &Reach, writes: &Owners) -> Result<Conversion> {
    let Prepared { converted: Converted { contact, role, keep_stage }, deal } = prepared;
    contacts::require(tx, contact, &reach.contacts).await?;
    let (deal, is_new, added) = match deal {
        Ready::Made { new, currency, staff } => {
            let made = deals::create(tx, *new, &currency, reach, &staff).await;
            (made.map_err(|error| deals::below(error, "/new"))?, true, true)
        }
        Ready::Known(id) => {
            let (deal, added) = deals::put_contact(tx, id, contact, role, reach).await?;
            (deal, false, added)
        }
    };
    let stage_changed = if keep_stage { false } else { follow_rule(tx, contact, writes).await? };
    if added || stage_changed {
        told(tx, contact, &deal, is_new).await?;
    }
    let contact_stage = contacts::find(tx, contact, &None).await?.stage;
    Ok(Conversion { deal, contact_stage, stage_changed })
}

/// A contact that the caller may not change stays where it is.
async fn follow_rule(tx: &mut Tx, contact: ContactId, writes: &Owners) -> Result<bool> {
    match contacts::convert(tx, contact, writes).await {
        Err(error) if error.is_not_found() => Ok(false),
        done => done,
    }
}

async fn told(tx: &mut Tx, contact: ContactId, deal: &Deal, is_new: bool) -> Result<()> {
    let event = NewEvent::new("contact.converted", "contacts", contact.0, "Contact became part of a deal");
    tx.record(event.contact(contact.0).payload(&json!({ "deal": deal.id, "new": is_new }))).await?;
    Ok(())
}
