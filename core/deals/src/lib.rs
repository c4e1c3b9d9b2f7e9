//! # Purpose
//! Deals: what may be sold to whom, for how much, how far it has come and how likely it is. They move through pipelines
//! of ordered stages, and every move is kept, so that the board of any past day can be seen again.
//!
//! # Tables
//! `pipelines`, `pipeline_stages`, `stage_probabilities`, `deals`, `deal_contacts`, `deal_items`, `deal_history`, `deal_spans`, `stage_outcomes`,
//! `assignment_rules`, `assignment_members`, `deal_absences`, `exchange_rates`, `exchange_rate_changes`, `exchange_settings`, `deal_bulk_runs`, `deal_bulk_run_rows`.
//! What companies are worth is counted here and kept with them.
//!
//! # Permissions
//! `deals.read`, `deals.write`, `deals.delete`, `deals.export`, `deals.mass_update`: each at level all, team or own, which
//! means deals of every owner, of owners in the member's teams, or of the member himself. Pipelines, rates
//! of exchange and rules of assignment are changed with `deals.write` for all.
//!
//! # Events
//! `deal.created`, `deal.updated`, `deal.assigned`, `deal.moved`, `deal.placed`, `deal.won`, `deal.lost`,
//! `deal.abandoned`, `deal.reopened`, `deal.deleted`, `deal.restored`, `deal.purged`, `deal.exported`, `deal.forgotten`,
//! `deal.unassigned`, `pipeline.created`, `pipeline.updated`, `pipeline.deleted`, `assignment_rule.created`,
//! `assignment_rule.updated`, `assignment_rule.reordered`, `assignment_rule.deleted`, `deal_absence.set`, `deal_absence.ended`,
//! `contact.converted`, `deal.step_due`, `exchange_rate.created`, `exchange_rate.updated`, `exchange_rate.deleted`, `exchange_rate.imported`, `exchange_rate.exported`,
//! `exchange_settings.updated`, `deal_bulk_run.created`, `deal_bulk_run.cancelled`, `deal_bulk_run.finished`, `deal_bulk_run.failed`,
//! `deal_bulk_run.undo_started`, `deal_bulk_run.undone`; a bulk run has those of its deals besides.
//!
//! # Invariants
//! - Whoever places a card in a stage waits for others who do: no two cards of a stage have one place, and drags of one
//!   card at the same time end in one stage, with a line of history for each.
//! - History only grows and names nobody: ids and figures. The board of a moment is the last line of each deal before it; how long
//!   a line of an open deal held is kept beside it (`deal_spans`), and no deal stands in two places.
//! - The forecast of a past day is what it said then: whoever changes a probability or a rate of exchange keeps what it was. Before
//!   `exchange_settings.kept_since` the first ones that are known count. What became of its deals adds up to it.
//! - The sums of a board's stages, and of a forecast's months, are the sums of the deals that its filters choose.
//! - While a deal lists items, its amount is the sum of their totals.
//! - Amounts are minor units of their own currency. What is told in the account's own is converted deal by deal, by the rate of
//!   the day of closing or of today, rounded once, halves to even; without a rate it is named, not left out in silence.
//! - What a company is worth is what its won deals say, however many are won, changed, deleted and opened again at once, and
//!   whatever becomes of rates meanwhile.
//! - The owner of an open deal is told of its next step once a day, and never of a step that moved.
//! - Outcomes of stages are those of the closed deals that went through them, whatever is closed, opened again, deleted
//!   and restored at the same time.
//! - A deal that is made without an owner gets one from the first rule that fits, in the same transaction: turns are shared
//!   exactly by weight, however many deals are made at once.
//! - A deal is found by its own words, its company's and its people's as they are, soon after any of them changes.
//! - A bulk run changes each deal once, in the transaction that remembers what was changed; its undo puts back that and nothing
//!   else, where nobody has changed the same since.
//! - Locks are taken in one order: pipeline, stage, assignment, deal, outcomes, rates, companies. So nobody waits in a circle.
mod assignment_rules;
mod boards;
mod client_values;
mod conversions;
mod deal_absences;
mod deal_bulk_runs;
mod deals;
mod exchange_rates;
mod exchange_settings;
mod forecasts;
mod pipelines;
mod services;
mod won_values;

pub use deal_bulk_runs::BULK_RUNS;
pub use deals::{Billing, DealId, erase_person, export_person, hold, require};
pub use pipelines::{PipelineId, StageId};

use kernel::{
    ViewedList,
    bulk::{ForgetBulkRun, WorkOnBulkRun},
    events::{Subscription, Watch},
    jobs::JobKind,
};

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

kernel::notices! {
    /// The next step of a deal is due.
    DEAL_STEP_DUE = "deal.step_due" [InApp, Email, Push],
    /// A rule gave somebody a deal.
    DEAL_ASSIGNED = "deal.assigned" [InApp, Email, Push],
    /// Nobody of a rule could take a deal.
    DEAL_UNASSIGNED = "deal.unassigned" [InApp, Email, Push],
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
        subjects: &[
            ("pipelines", "deals.read"),
            ("assignment_rules", "deals.read"),
            ("deal_absences", "deals.read"),
            ("deal_bulk_runs", "deals.mass_update"),
            ("exchange_rates", "deals.read"),
            ("exchange_settings", "deals.read"),
        ],
        jobs: vec![
            JobKind::of::<deals::PurgeDeal>(),
            JobKind::of::<deals::PurgeDeals>(),
            JobKind::of::<WorkOnBulkRun<deal_bulk_runs::DealBulkRuns>>(),
            JobKind::of::<ForgetBulkRun<deal_bulk_runs::DealBulkRuns>>(),
            JobKind::of::<deals::RemindStep>(),
            JobKind::of::<deals::FollowWords>(),
            JobKind::of::<client_values::RecountClients>(),
            JobKind::of::<exchange_settings::FetchRates>(),
            JobKind::of::<fields::WorkOnField<deals::DealRecords>>(),
        ],
        subscriptions: vec![
            fields::subscription::<deals::DealRecords>("deals.custom_fields"),
            Subscription {
                name: "deals.touch",
                kinds: &["activity.logged", "note.created"],
                handler: |tx, event| Box::pin(deals::touch(tx, event)),
            },
            Subscription {
                name: "deals.words",
                kinds: &[
                    "contact.updated",
                    "contact.deleted",
                    "contact.restored",
                    "contact.merged",
                    "contact.merge_settled",
                    "contact.merge_undone",
                    "company.updated",
                    "company.redacted",
                    "company.deleted",
                    "company.restored",
                    "company.merged",
                    "company.merge_settled",
                    "company.merge_undone",
                    "deal.created",
                    "deal.updated",
                    "deal.restored",
                ],
                handler: |tx, event| Box::pin(deals::follow_words(tx, event)),
            },
            Subscription {
                name: "deals.worth",
                kinds: &["company.merged", "company.merge_settled", "company.merge_undone"],
                handler: |tx, event| Box::pin(client_values::deals_moved(tx, event)),
            },
            Subscription {
                name: "deals.home",
                kinds: &["tenant.updated"],
                handler: |tx, event| Box::pin(client_values::home_changed(tx, event)),
            },
        ],
        watches: vec![Watch {
            subject: "contacts",
            touched: |tx, contacts| Box::pin(deals::contacts_touched(tx, contacts)),
        }],
        references: deals::REFERENCES,
        company_references: deals::COMPANY_REFERENCES,
        notices: NOTICES,
        lists: &[ViewedList {
            name: "deals",
            read: "deals.read",
            write: "deals.write",
            kinds: &["board", "table", "orbit", "forecast"],
            check: |tx, query, deleted| Box::pin(deals::check_list(tx, query, deleted)),
        }],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        (
            pipelines::PipelinesApi,
            deals::DealsApi,
            boards::BoardsApi,
            forecasts::ForecastsApi,
            deal_bulk_runs::DealBulkRunsApi,
        ),
        conversions::ConversionsApi,
        (assignment_rules::AssignmentRulesApi, deal_absences::DealAbsencesApi),
        (
            exchange_rates::ExchangeRatesApi,
            exchange_settings::ExchangeSettingsApi,
            services::ServicesApi,
            won_values::WonValuesApi,
        ),
    )
}
