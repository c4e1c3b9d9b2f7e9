//! # Purpose
//! The people a tenant deals with: how to reach them, where they came from, who looks after them, what they agreed to.
//! The module that others copy.
//!
//! # Tables
//! `contacts`, `contact_emails`, `contact_phones`, `contact_stages`, `tags`, `tag_aliases`, `tag_runs`, `do_not_contact`,
//! `consents`, `consent_texts`, `consent_evidence`, `contact_imports`, `contact_import_rows`, `contact_import_traces`, `contact_merges`,
//! `contact_merge_members`, `contact_merge_rows`, `contact_duplicates`, `contact_duplicate_keys`, `contact_duplicate_queue`,
//! `contact_duplicate_runs`, `contact_bulk_runs`, `contact_bulk_run_rows`.
//!
//! # Permissions
//! `contacts.read`, `contacts.write`, `contacts.export`, `contacts.import`, `contacts.mass_update`: each at level all, team
//! or own, which means contacts of every owner, of owners in the member's teams, or of the member himself.
//!
//! # Events
//! `contact.created`, `contact.updated`, `contact.stage_changed`, `contact.stage_replaced`, `contact.assigned`, `contact.tagged`,
//! `contact.deleted`, `contact.restored`, `contact.purged`, `contact.erased`, `contact.exported`, `contact.held`,
//! `contact.released`, `contact.merged`, `contact.merge_settled` (what was being added meanwhile followed), `contact.merge_undone`,
//! `contact.blocked`, `contact.unblocked`, `contact.consent_granted`, `contact.consent_withdrawn`,
//! `contact_stage.created`, `contact_stage.updated`, `contact_stage.reordered`, `contact_stage.deleted`, `contact_stage.restored`,
//! `tag.created`, `tag.updated`, `tag.deleted`, `tag.merged`, `tag_run.finished` (all contacts have followed a tag),
//! `contact_import.created`, `contact_import.updated`, `contact_import.checked`, `contact_import.deleted`,
//! `contact_import.started`, `contact_import.resumed`, `contact_import.cancelled`, `contact_import.finished`, `contact_import.undo_started`,
//! `contact_import.undone`, `contact_duplicate.dismissed`, `contact_duplicate.reopened`, `contact_duplicate.shifted` (pairs came
//! or went while changed contacts were compared, with figures), `contact_duplicate_run.created`,
//! `contact_duplicate_run.cancelled`, `contact_duplicate_run.finished`, `contact_bulk_run.created`, `contact_bulk_run.cancelled`,
//! `contact_bulk_run.finished`, `contact_bulk_run.failed`, `contact_bulk_run.undo_started`, `contact_bulk_run.undone`. One for an import, none for
//! its rows; a bulk run has those of its contacts besides.
//!
//! # Invariants
//! - Two contacts may have the same address; [`match_or_create`] never makes the second one, however many run at once.
//! - `name_key`, `email`, `phone` and `search` of a contact always follow its other fields.
//! - A stage that was taken away has no contacts, whoever puts one into it at the same time; one stage is for new contacts.
//! - A tag is what it became at once; its contacts follow, and until they have, they are found by each of its names. Nobody is
//!   given a name on its way out: whoever says a name that a tag had gives that tag, until the name is another one's or the tag is
//!   deleted. No name is a tag's and an alias at once.
//! - The consent ledger only grows, and names nobody: what points to a person can be forgotten without touching it.
//! - A contact under legal hold is neither deleted nor erased.
//! - A row of an import is done at most once, and a person at most once by an import; an undo gives back what was there
//!   byte by byte, or leaves what somebody touched since. An import gives no consent and lifts no block; what it brings besides contacts
//!   is done and taken back in the transactions of its rows ([`kernel::imports`]).
//! - A merge loses no row: those that name a contact that goes name the kept one, or stay for an undo; an undo gives back
//!   what was there byte by byte, or leaves what somebody touched since. `kernel::Module::references` says which rows.
//! - A bulk run changes each contact once, in the transaction that remembers what was changed; its undo puts back that and
//!   nothing else, where nobody has changed the same since.
//! - Contacts never sends anything; senders ask [`do_not_contact::refusal`] first.
mod addresses;
mod consents;
mod contact_bulk_runs;
mod contact_duplicate_runs;
mod contact_duplicates;
mod contact_imports;
mod contact_merges;
mod contact_stages;
mod contacts;
pub mod do_not_contact;
mod problems;
mod profiles;
mod tag_runs;
mod tags;

pub use addresses::{EmailAddress, PhoneNumber};
pub use consents::{Channel, Consent, ConsentId, ConsentState, Evidence, NewConsent, add_consent};
pub use contact_bulk_runs::BULK_RUNS;
pub use contact_imports::importing;
pub use contact_merges::{forget_views, merged_into};
pub use contacts::{
    Address, Contact, ContactEmail, ContactId, ContactMade, ContactPatch, ContactPhone, ContactTier, Duplicate,
    EmailKind, Match, MatchRule, Matched, NewContact, Owners, Person, PhoneKind, ScoreBand, SegmentId, Touch, closest,
    convert, count, create, delete, duplicates, erase_person, export_person, find, match_or_create, people, person,
    relink, require, restore, set_hold, set_last_contact, set_scores, update,
};
pub use problems::Problems;
pub use profiles::{SocialNetwork, SocialProfile};
pub use tag_runs::{hold as hold_tag_names, tag_names};
pub use tags::{TagId, called as tags_called, resolve as resolve_tags};

use kernel::{
    ViewedList,
    bulk::{ForgetBulkRun, WorkOnBulkRun},
    duplicates::WorkOnDuplicates,
    events::Subscription,
    jobs::JobKind,
};

kernel::permissions! {
    /// See contacts.
    Read = "contacts.read",
    /// Create, change and delete contacts.
    Write = "contacts.write",
    /// Export contacts.
    Export = "contacts.export",
    /// Import contacts from files, and undo imports.
    Import = "contacts.import",
    /// Change many contacts at once.
    MassUpdate = "contacts.mass_update",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// The people a tenant deals with.
    Contacts,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "contacts",
        permissions: PERMISSIONS,
        subjects: &[
            ("contact_imports", "contacts.import"),
            ("contact_stages", "contacts.read"),
            ("contact_duplicates", "contacts.read"),
            ("contact_duplicate_runs", "contacts.read"),
            ("contact_bulk_runs", "contacts.mass_update"),
            ("tag_runs", "contacts.read"),
        ],
        jobs: vec![
            JobKind::of::<contacts::PurgeContact>(),
            JobKind::of::<contact_stages::MoveContactsOfStage>(),
            JobKind::of::<contacts::PurgeContacts>(),
            JobKind::of::<tag_runs::FollowTag>(),
            JobKind::of::<WorkOnBulkRun<contact_bulk_runs::ContactBulkRuns>>(),
            JobKind::of::<ForgetBulkRun<contact_bulk_runs::ContactBulkRuns>>(),
            JobKind::of::<fields::WorkOnField<contacts::ContactRecords>>(),
            JobKind::of::<contact_merges::SettleContactMerge>(),
            JobKind::of::<contact_duplicates::FindContactDuplicates>(),
            JobKind::of::<WorkOnDuplicates<contact_duplicate_runs::ContactDuplicateRuns>>(),
            JobKind::of::<contact_imports::CheckContactImport>(),
            JobKind::of::<contact_imports::RunContactImport>(),
            JobKind::of::<contact_imports::UndoContactImport>(),
            JobKind::of::<contact_imports::ForgetContactImport>(),
        ],
        subscriptions: vec![
            fields::subscription::<contacts::ContactRecords>("contacts.custom_fields"),
            Subscription {
                name: "contacts.duplicates",
                kinds: contact_duplicates::KINDS,
                handler: |tx, event| Box::pin(contact_duplicates::notice(tx, event)),
            },
            Subscription {
                name: "contacts.count",
                kinds: &[
                    "contact.created",
                    "contact.deleted",
                    "contact.restored",
                    "contact.purged",
                    "contact.erased",
                    "contact.merged",
                    "contact.merge_undone",
                    "contact_import.cancelled",
                    "contact_import.finished",
                    "contact_import.undone",
                ],
                handler: |tx, event| Box::pin(tenants::activity::count_contacts(tx, event, contacts::count)),
            },
        ],
        references: contact_merges::REFERENCES,
        imports: do_not_contact::IMPORTS,
        lists: &[ViewedList {
            name: "contacts",
            read: "contacts.read",
            write: "contacts.write",
            kinds: &["table"],
            check: |tx, query, deleted| Box::pin(contacts::check_list(tx, query, deleted)),
        }],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        contacts::ContactsApi,
        tags::TagsApi,
        tag_runs::TagRunsApi,
        contact_stages::ContactStagesApi,
        consents::ConsentsApi,
        do_not_contact::DoNotContactApi,
        contact_imports::ContactImportsApi,
        contact_merges::ContactMergesApi,
        contact_duplicates::ContactDuplicatesApi,
        contact_duplicate_runs::ContactDuplicateRunsApi,
        contact_bulk_runs::ContactBulkRunsApi,
    )
}
