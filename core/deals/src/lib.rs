//! # Purpose
//! Deals: what may be sold to whom, for how much, how far it has come and how likely it is. They move through pipelines
//! of ordered stages, and every move is kept, so that the board of any past day can be seen again.
//!
//! # Tables
//! `pipelines`, `pipeline_stages`, `deals`, `deal_contacts`, `deal_items`, `deal_history`, `stage_outcomes`.
//!
//! # Permissions
//! `deals.read`, `deals.write`, `deals.delete`, `deals.export`, `deals.mass_update`: each at level all, team or own, which
//! means deals of every owner, of owners in the member's teams, or of the member himself. Pipelines are changed with
//! `deals.write` for all.
//!
//! # Events
//! `deal.created`, `deal.updated`, `deal.assigned`, `deal.moved`, `deal.placed`, `deal.won`, `deal.lost`,
//! `deal.abandoned`, `deal.reopened`, `deal.deleted`, `deal.restored`, `deal.purged`, `deal.exported`, `deal.forgotten`,
//! `pipeline.created`, `pipeline.updated`, `pipeline.deleted`.
//!
//! # Invariants
//! - Whoever places a card in a stage waits for others who do: no two cards of a stage have one place, and drags of one
//!   card at the same time end in one stage, with a line of history for each.
//! - History only grows and names nobody: ids and figures. The board of a moment is the last line of each deal before it.
//! - The sums of a board's stages, and of a forecast's months, are the sums of the deals that its filters choose.
//! - While a deal lists items, its amount is the sum of their totals.
//! - Amounts are minor units of their own currency; nothing is ever converted or added across currencies.
//! - Outcomes of stages are those of the closed deals that went through them, whatever is closed, opened again, deleted
//!   and restored at the same time.
//! - Locks are taken in one order: pipeline, stage, deal, outcomes. So nobody waits in a circle.
mod boards;
mod deals;
mod pipelines;

pub use deals::{DealId, erase_person, export_person, require};
pub use pipelines::{PipelineId, StageId};

use kernel::{events::Subscription, jobs::JobKind};

kernel::permissions! {
    /// See deals, boards and forecasts.
    Read = "deals.read",
    /// Make, change, move and close deals; for deals of everybody also set up pipelines.
    Write = "deals.write",
    /// Delete deals and bring them back.
    Delete = "deals.delete",
    /// Export deals.
    Export = "deals.export",
    /// Change many deals at once.
    MassUpdate = "deals.mass_update",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// What may be sold: pipelines, deals, boards and forecasts.
    Deals,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "deals",
        permissions: PERMISSIONS,
        subjects: &[("pipelines", "deals.read")],
        jobs: vec![JobKind::of::<deals::PurgeDeal>(), JobKind::of::<fields::WorkOnField<deals::DealRecords>>()],
        subscriptions: vec![
            fields::subscription::<deals::DealRecords>("deals.custom_fields"),
            Subscription {
                name: "deals.touch",
                kinds: &["activity.logged", "note.created"],
                handler: |tx, event| Box::pin(deals::touch(tx, event)),
            },
        ],
        references: deals::REFERENCES,
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (pipelines::PipelinesApi, deals::DealsApi, boards::BoardsApi)
}
