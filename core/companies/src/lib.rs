//! # Purpose
//! The companies a tenant deals with: who they are, who their people are and what each decides, how they belong
//! together, what they are worth, and how the relationship is doing.
//!
//! # Tables
//! `companies`, `company_bulk_runs`, `company_bulk_run_rows`, `company_contacts`, `company_duplicates`, `company_duplicate_runs`, `company_merges`, `company_merge_members`, `company_merge_rows`, `health_dirty`. What a company is worth is counted by the module of deals. Whom something was about that is gone for good is read from the kernel's `events`.
//!
//! # Permissions
//! `companies.read`, `companies.write`, `companies.delete`, `companies.export`, `companies.mass_update`: each at level
//! all, team or own, which means companies of every owner, of owners in the member's teams, or of the member himself.
//! People of a company are shown to whoever may see them as contacts.
//!
//! # Events
//! `company.created`, `company.updated`, `company.status_changed`, `company.assigned`, `company.moved`,
//! `company.deleted`, `company.restored`, `company.purged`, `company.exported`, `company.redacted`,
//! `company.person_added`, `company.person_changed`, `company.person_removed`, `company.merged`, `company.merge_settled` (what was being
//! added meanwhile followed), `company.merge_undone`, `company_duplicate.dismissed`, `company_duplicate.reopened`,
//! `company_duplicate.shifted` (pairs came or went while changed companies were compared, with figures),
//! `company_duplicate_run.created`, `company_duplicate_run.cancelled`, `company_duplicate_run.finished`,
//! `company_bulk_run.created`, `company_bulk_run.cancelled`, `company_bulk_run.finished`, `company_bulk_run.failed`,
//! `company_bulk_run.undo_started`, `company_bulk_run.undone`; a bulk run has those of its companies besides.
//!
//! # Invariants
//! - No company is above itself, however many parents are set at once.
//! - At most one of a company's people is the one to ask first.
//! - `name_key`, `domain`, `tax_key` and `search` of a company always follow its other fields.
//! - An amount always has a currency; amounts of different currencies are never added.
//! - A merge loses no row: those that name a company that goes name the kept one, or stay for an undo; an undo gives back what was
//!   there, or leaves what somebody touched since. `kernel::Module::company_references` says which rows.
//! - An import and whoever makes a company at the same time do not make the same one twice without telling; an undo of an
//!   import takes away what it made and nothing uses; what several imports name goes with the last of them.
//! - A bulk run changes each company once, in the transaction that remembers what was changed; its undo puts back that and nothing
//!   else, where nobody has changed the same since.
//! - Health is computed from records that exist and says of each part why; what is not known counts neither way.
//! - When nothing waits in `health_dirty` and no `health_next` has passed, what is kept of a company's health is what counting it
//!   anew gives. It depends on records and on the day of the account, never on earlier health or on the order of what happened.
mod companies;
mod company_bulk_runs;
mod company_contacts;
mod company_duplicate_groups;
mod company_duplicate_runs;
mod company_duplicates;
mod company_merges;
mod family;
mod health;

pub use companies::{ClientValue, Company, CompanyId, Status, Tier, require, values};
pub use company_bulk_runs::BULK_RUNS;
pub use company_merges::merged_into;
pub use health::{Healthy, PARTS, PartKind, figures as health_figures, least as least_healthy, scores_of};

use contacts::Person;
use kernel::{
    Result, Tx, ViewedList,
    bulk::{ForgetBulkRun, WorkOnBulkRun},
    db::Reference,
    duplicates::WorkOnDuplicates,
    events::Subscription,
    jobs::JobKind,
};
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

const COMPANY_REFERENCES: &[Reference] =
    &[company_contacts::OF_COMPANIES, company_merges::REFERENCES[0], company_merges::REFERENCES[1]];

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "companies",
        permissions: PERMISSIONS,
        subjects: &[
            ("company_duplicates", "companies.read"),
            ("company_duplicate_runs", "companies.read"),
            ("company_bulk_runs", "companies.mass_update"),
        ],
        jobs: vec![
            JobKind::of::<companies::PurgeCompany>(),
            JobKind::of::<companies::PurgeCompanies>(),
            JobKind::of::<WorkOnBulkRun<company_bulk_runs::CompanyBulkRuns>>(),
            JobKind::of::<ForgetBulkRun<company_bulk_runs::CompanyBulkRuns>>(),
            JobKind::of::<company_merges::SettleCompanyMerge>(),
            JobKind::of::<company_duplicates::CompareCompanies>(),
            JobKind::of::<WorkOnDuplicates<company_duplicate_runs::CompanyDuplicateRuns>>(),
            JobKind::of::<fields::WorkOnField<companies::CompanyRecords>>(),
            JobKind::of::<health::RefreshHealth>(),
            JobKind::of::<health::RecountHealth>(),
        ],
        subscriptions: vec![
            fields::subscription::<companies::CompanyRecords>("companies.custom_fields"),
            Subscription {
                name: "companies.duplicates",
                kinds: company_duplicates::KINDS,
                handler: |tx, event| Box::pin(company_duplicates::notice(tx, event)),
            },
            Subscription {
                name: "companies.health",
                kinds: health::KINDS,
                handler: |tx, event| Box::pin(health::notice(tx, event)),
            },
        ],
        references: company_contacts::REFERENCES,
        imports: companies::IMPORTS,
        company_references: COMPANY_REFERENCES,
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
    (
        (companies::CompaniesApi, company_contacts::CompanyContactsApi, family::FamilyApi, health::HealthApi),
        (
            company_duplicates::CompanyDuplicatesApi,
            company_duplicate_groups::CompanyDuplicateGroupsApi,
            company_duplicate_runs::CompanyDuplicateRunsApi,
            company_merges::CompanyMergesApi,
            company_bulk_runs::CompanyBulkRunsApi,
        ),
    )
}

/// What is kept here about a person.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    Ok(json!({ "companies": company_contacts::export(tx, person.contact).await? }))
}

/// Takes a person out of every company, and his addresses out of what companies say; gives how many rows of each table
/// were touched.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    health::note_people(tx, &[person.contact.0]).await?;
    let people = company_contacts::erase(tx, person.contact).await?;
    let companies = companies::redact(tx, &person.addresses).await?;
    let mut touched = vec![("company_contacts", people), ("companies", companies)];
    touched.push(("company_bulk_run_rows", company_bulk_runs::forget(tx, &person.addresses).await?));
    touched.extend(company_merges::forget(tx, &person.addresses).await?);
    Ok(touched)
}
