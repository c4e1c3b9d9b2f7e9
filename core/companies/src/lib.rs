//! # Purpose
//! The companies a tenant deals with: who they are, who their people are and what each decides, how they belong
//! together, what they are worth, and how the relationship is doing.
//!
//! # Tables
//! `companies`, `company_contacts`. What a company is worth is counted by the module of deals. How a company is doing is read from the kernel's `events`.
//!
//! # Permissions
//! `companies.read`, `companies.write`, `companies.delete`, `companies.export`, `companies.mass_update`: each at level
//! all, team or own, which means companies of every owner, of owners in the member's teams, or of the member himself.
//! People of a company are shown to whoever may see them as contacts.
//!
//! # Events
//! `company.created`, `company.updated`, `company.status_changed`, `company.assigned`, `company.moved`,
//! `company.deleted`, `company.restored`, `company.purged`, `company.exported`, `company.redacted`,
//! `company.person_added`, `company.person_changed`, `company.person_removed`.
//!
//! # Invariants
//! - No company is above itself, however many parents are set at once.
//! - At most one of a company's people is the one to ask first.
//! - `name_key`, `domain`, `tax_key` and `search` of a company always follow its other fields.
//! - An amount always has a currency; amounts of different currencies are never added.
//! - Health is computed from records that exist and says of each part why; what is not known counts neither way.
mod companies;
mod company_contacts;
mod family;
mod health;

pub use companies::{ClientValue, Company, CompanyId, Status, Tier, require, values};
pub use health::{Healthy, PARTS, PartKind};

use contacts::Person;
use kernel::{Result, Tx, ViewedList, jobs::JobKind};
use serde_json::{Value, json};

kernel::permissions! {
    /// See companies.
    Read = "companies.read",
    /// Create and change companies.
    Write = "companies.write",
    /// Delete companies.
    Delete = "companies.delete",
    /// Export companies.
    Export = "companies.export",
    /// Change many companies at once.
    MassUpdate = "companies.mass_update",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// The companies a tenant deals with, and their people.
    Companies,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "companies",
        permissions: PERMISSIONS,
        jobs: vec![
            JobKind::of::<companies::PurgeCompany>(),
            JobKind::of::<fields::WorkOnField<companies::CompanyRecords>>(),
        ],
        subscriptions: vec![fields::subscription::<companies::CompanyRecords>("companies.custom_fields")],
        references: company_contacts::REFERENCES,
        lists: &[ViewedList {
            name: "companies",
            read: "companies.read",
            write: "companies.write",
            kinds: &["table"],
            check: |tx, query, deleted| Box::pin(companies::check_list(tx, query, deleted)),
        }],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (companies::CompaniesApi, company_contacts::CompanyContactsApi, family::FamilyApi, health::HealthApi)
}

/// How companies in reach are doing whose relationship has not ended; `only` those of these owners. Each is counted anew.
pub async fn healths(tx: &mut Tx, reach: &contacts::Owners, only: &contacts::Owners) -> Result<Vec<Healthy>> {
    health::all(tx, reach, only).await
}

/// What is kept here about a person.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    Ok(json!({ "companies": company_contacts::export(tx, person.contact).await? }))
}

/// Takes a person out of every company, and his addresses out of what companies say; gives how many rows of each table
/// were touched.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let people = company_contacts::erase(tx, person.contact).await?;
    let companies = companies::redact(tx, &person.addresses).await?;
    Ok(vec![("company_contacts", people), ("companies", companies)])
}
