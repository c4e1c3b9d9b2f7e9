//! A contact as a person whose data can be asked for and erased.
use super::{
    db,
    model::{Contact, ContactId, Owners},
};
use crate::{consents, contact_bulk_runs, contact_imports, contact_merges, do_not_contact};
use kernel::{Error, Result, Tx, events::NewEvent};
use poem_openapi::types::ToJSON;
use serde_json::{Value, json};

/// A person, as the modules that keep something about him look him up.
#[derive(Debug, Clone)]
pub struct Person {
    /// The contact.
    pub contact: ContactId,
    /// Everything that names the person wherever it stands: e-mail addresses and phone numbers in every spelling, lower-case.
    pub addresses: Vec<String>,
    /// Other contacts with one of the addresses: perhaps the same person, perhaps a family.
    pub same_address: Vec<ContactId>,
    /// Whether erasing is forbidden for now.
    pub on_hold: bool,
}

/// The person behind a contact, deleted or not.
pub async fn person(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<Person> {
    let contact = db::find_any(tx, id, owners).await?;
    let draft = super::draft::Draft::of(&contact);
    let (emails, phones) = draft.match_keys();
    let same_address = db::contacts_with(tx, id, &emails, &phones).await?;
    Ok(Person { contact: id, addresses: spellings(&contact), same_address, on_hold: contact.hold_reason.is_some() })
}

/// The person behind a contact with the contacts that became part of it, which come first.
///
/// # Errors
/// 404; `merged` when the contact is itself part of another one, whom all of it is kept about.
pub async fn people(tx: &mut Tx, id: ContactId, owners: &Owners) -> Result<Vec<Person>> {
    let own = person(tx, id, owners).await?;
    let apart = contact_merges::is_apart(tx, id).await?.then_some(());
    contact_merges::there(tx, apart, id, owners).await?;
    let mut all = vec![];
    for part in contact_merges::merged_into(tx, id).await? {
        all.push(person(tx, part, &None).await?);
    }
    all.push(own);
    Ok(all)
}

fn spellings(contact: &Contact) -> Vec<String> {
    let emails = contact.emails.iter().map(|e| e.address.to_lowercase());
    let canonical = contact.emails.iter().filter_map(|e| crate::EmailAddress::parse(&e.address)).map(|e| e.canonical);
    let numbers = contact.phones.iter().map(|p| p.number.to_lowercase());
    let dialled = contact.phones.iter().filter_map(|p| p.e164.clone());
    let mut all: Vec<String> = emails.chain(canonical).chain(numbers).chain(dialled).collect();
    // A short extension is in too many texts to name anybody.
    all.retain(|text| text.chars().count() >= 6);
    all.sort();
    all.dedup();
    all
}

/// What is kept here about a person.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let contact = db::find_any(tx, person.contact, &None).await?;
    Ok(json!({
        "contact": contact.to_json(),
        "consents": consents::export(tx, person.contact).await?,
        "do_not_contact": do_not_contact::export(tx, person.contact).await?,
        "contact_import_rows": contact_imports::export(tx, person).await?,
        "contact_merges": contact_merges::export(tx, person).await?,
        "contact_bulk_run_rows": contact_bulk_runs::export(tx, person).await?,
    }))
}

/// Removes the contact with all that hangs on it. The lines of the consent ledger stay: without the contact and their
/// evidence they name nobody. Gives how many rows of each table were removed.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let held = || Error::conflict("contact_on_hold", "The contact is under legal hold. End the hold first.");
    if person.on_hold {
        return Err(held());
    }
    let bulk = contact_bulk_runs::erase(tx, person).await?;
    let evidence = consents::forget(tx, person.contact).await?;
    let (rows, traces, imports) = contact_imports::erase(tx, person).await?;
    let values = fields::forget(tx, &[person.contact.0]).await?;
    let merges = contact_merges::erase(tx, person).await?;
    // There when it was looked up, so somebody has put it under hold since: whoever asks again hears that, or that it is gone.
    let counts = db::erase(tx, person.contact).await.map_err(|e| if e.is_not_found() { held() } else { e })?;
    tx.record(
        NewEvent::new("contact.erased", "contacts", person.contact.0, "Contact erased").contact(person.contact.0),
    )
    .await?;
    let own = [
        ("consent_evidence", evidence),
        ("contact_import_rows", rows),
        ("contact_import_traces", traces),
        ("contact_imports", imports),
        ("contact_bulk_run_rows", bulk),
        ("custom_field_values", values),
        ("contact_emails", counts.emails.cast_unsigned()),
        ("contact_phones", counts.phones.cast_unsigned()),
        ("do_not_contact", counts.blocks.cast_unsigned()),
        ("contacts", 1),
    ];
    Ok(own.into_iter().chain(merges).collect())
}
