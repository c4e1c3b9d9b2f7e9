//! What can be done with the people of a company.
use super::{
    db,
    model::{CompanyContact, CompanyContactRoles},
};
use crate::companies::{self, CompanyId};
use contacts::{ContactId, Owners};
use kernel::{Error, Result, Tx, error::Kind, events::NewEvent, http::check_if_match};
use serde_json::{Value, json};

/// Whose companies and whose contacts the caller reaches.
pub struct Reach {
    /// Owners of companies.
    pub companies: Owners,
    /// Owners of contacts.
    pub contacts: Owners,
}

/// Puts somebody among a company's people, or gives him other roles there.
pub async fn put(
    tx: &mut Tx,
    company: CompanyId,
    contact: ContactId,
    roles: &CompanyContactRoles,
    if_match: Option<&str>,
    reach: &Reach,
) -> Result<CompanyContact> {
    // The contact before the company, as imports and merges do.
    db::hold(tx, contact).await?;
    // Whoever changes the people of a company waits here for the others: only one of them is asked first.
    companies::db::lock(tx, company, &reach.companies).await?;
    contacts::require(tx, contact, &reach.contacts).await?;
    let before = db::find(tx, company, contact).await?;
    match &before {
        Some(before) => check_if_match(if_match, before.version)?,
        None if if_match.is_some() => return Err(Error::from(Kind::Stale)),
        None => {}
    }
    if let Some(before) = before.as_ref().filter(|before| as_put(before) == (roles.words(), roles.primary)) {
        return Ok(before.clone());
    }
    if roles.primary
        && let Some(other) = db::clear_primary(tx, company, contact).await?
    {
        let payload = json!({ "primary": false });
        record(tx, "company.person_changed", company, other, "No longer asked first at a company", payload).await?;
    }
    db::put(tx, company, contact, roles).await?;
    let payload = json!({ "roles": roles.words(), "primary": roles.primary });
    match before {
        None => record(tx, "company.person_added", company, contact, "Person added to a company", payload).await?,
        Some(_) => {
            record(tx, "company.person_changed", company, contact, "Roles at a company changed", payload).await?
        }
    }
    db::find(tx, company, contact).await?.ok_or_else(Error::not_found)
}

/// Takes somebody out of a company; the contact stays.
pub async fn delete(
    tx: &mut Tx,
    company: CompanyId,
    contact: ContactId,
    if_match: Option<&str>,
    reach: &Reach,
) -> Result<()> {
    companies::db::lock(tx, company, &reach.companies).await?;
    contacts::require(tx, contact, &reach.contacts).await?;
    let before = db::find(tx, company, contact).await?.ok_or_else(Error::not_found)?;
    check_if_match(if_match, before.version)?;
    db::delete(tx, company, contact).await?;
    record(tx, "company.person_removed", company, contact, "Person taken out of a company", json!({})).await
}

fn as_put(known: &CompanyContact) -> (Vec<&'static str>, bool) {
    (known.roles.iter().map(|role| role.as_str()).collect(), known.primary)
}

async fn record(
    tx: &mut Tx,
    kind: &'static str,
    company: CompanyId,
    contact: ContactId,
    title: &str,
    payload: Value,
) -> Result<()> {
    tx.record(NewEvent::new(kind, "companies", company.0, title).contact(contact.0).payload(&payload)).await?;
    Ok(())
}
