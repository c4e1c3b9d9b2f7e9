//! # Purpose
//! Agencies and their clients: their settings, their life from opening to deletion, how they look, which websites their
//! widgets may live on, and what their plan allows.
//!
//! # Tables
//! In the control plane: `tenants` (shared with the fleet runner), `suspensions`, `transfers`, `deletions`, `brands`,
//! `logos`, `plans`, `plan_history` (by trigger), `tenant_modules`, `feature_flags`, `tenant_flags`, `system_settings`, `widgets`, `embed_origins`,
//! `embed_sites` (by trigger), `embed_sightings`, `embed_keys`, `domains`. In the cell: `activity_slots`, `activity_heads`, `storage`. None
//! in tenant schemas.
//!
//! # Permissions
//! See [`PERMISSIONS`]. Clients are managed by their agency only.
//!
//! # Events
//! `tenant.*` in the tenant's log, `client.*` and the same steps in its agency's; `brand.updated`, `logo.uploaded`, `widget.*`,
//! `origin.*`, `transfer.*`, `domain.*`.
//!
//! # Invariants
//! A step in a tenant's life is made under its row lock, is one of the allowed ones and raises its epoch. An origin is
//! stored in its one canonical spelling or not at all. An empty list of origins means: nowhere. What goes on in a tenant
//! is counted once per event, however often it is delivered. A name is served for the one tenant that has proven it.
pub mod activity;
pub mod brands;
pub mod clients;
pub mod domains;
pub mod embed_keys;
pub mod logos;
pub mod origins;
pub mod plans;
pub mod sightings;
pub mod storage;
pub mod tenants;
mod traffic;
pub mod transfers;
pub mod trials;
pub mod widgets;

use kernel::{
    App, Module, Result,
    events::Subscription,
    jobs::{JobKind, Schedule},
};
use poem_openapi::Tags;
use std::sync::Arc;

kernel::permissions! {
    /// See settings, brand, widgets and their websites.
    Read = "tenants.read",
    /// Change settings and brand.
    Write = "tenants.write",
    /// Change widgets and the websites they may live on.
    WriteWidgets = "tenants.widgets.write",
    /// See the agency's clients.
    ReadClients = "tenants.clients.read",
    /// Open and change clients.
    WriteClients = "tenants.clients.write",
    /// Suspend and resume clients.
    Suspend = "tenants.suspend",
    /// Offer clients to other agencies and take over theirs.
    Transfer = "tenants.transfer",
    /// Ask for the deletion of clients.
    Delete = "tenants.delete",
}

#[derive(Tags)]
pub(crate) enum Tag {
    /// The account one works in: settings, plan, look.
    Account,
    /// An agency's clients.
    Clients,
    /// Widgets on websites: where they may live, how they get there, where they were seen.
    Widgets,
}

/// This module.
pub fn module() -> Module {
    Module {
        name: "tenants",
        permissions: PERMISSIONS,
        subjects: &[
            ("brands", "tenants.read"),
            ("logos", "tenants.read"),
            ("domains", "tenants.read"),
            ("origins", "tenants.read"),
            ("widgets", "tenants.read"),
            ("transfers", "tenants.clients.read"),
        ],
        subscriptions: vec![
            Subscription {
                name: "tenants.activity",
                kinds: &activity::KINDS,
                handler: |tx, event| Box::pin(activity::actions::count(tx, event)),
            },
            tenants::jobs::RESUMED,
        ],
        jobs: vec![
            JobKind::of::<clients::StartDeletions>(),
            JobKind::of::<sightings::PurgeSightings>(),
            JobKind::of::<embed_keys::jobs::RotateEmbedKeys>(),
            JobKind::of::<trials::jobs::TellTrials>(),
            JobKind::of::<domains::jobs::LookAtDomains>(),
            JobKind::of::<tenants::jobs::WakeJobs>(),
        ],
        schedules: vec![
            Schedule { name: "start_deletions", every_seconds: 600, kind: "StartDeletions" },
            Schedule { name: "purge_sightings", every_seconds: 86_400, kind: "PurgeSightings" },
            embed_keys::jobs::SCHEDULE,
            trials::jobs::SCHEDULE,
            domains::jobs::SCHEDULE,
        ],
        ..Module::default()
    }
}

/// The operations of this module.
pub fn api() -> impl poem_openapi::OpenApi {
    (
        tenants::api::TenantsApi,
        brands::api::BrandsApi,
        logos::api::LogosApi,
        plans::api::PlansApi,
        clients::api::ClientsApi,
        transfers::api::TransfersApi,
        widgets::api::WidgetsApi,
        origins::api::OriginsApi,
        sightings::api::SightingsApi,
        traffic::api::TrafficApi,
        storage::api::StorageApi,
        trials::api::TrialsApi,
        domains::api::DomainsApi,
    )
}

/// Lets plans decide which modules a tenant has, and domains where a request came to.
pub fn install(app: &Arc<App>) -> Result<()> {
    let switches = Arc::new(plans::Switches::new(app));
    app.provide(switches.clone());
    app.set_switches(switches);
    app.provide(Arc::new(domains::Hosts::new(app)));
    app.provide(Arc::new(domains::resolver::Dns::new(&app.config)?));
    Ok(())
}
