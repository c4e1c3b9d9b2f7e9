//! # Purpose
//! What the records add up to: pipelines, conversion, sources, revenue, speed, who did what, and how clients are. Each
//! number names the list that shows exactly the rows behind it.
//!
//! # Tables
//! None: it reads what other modules keep.
//!
//! # Permissions
//! `reports.read`, `reports.export`: at level all, team or own. A number counts what both this level and that of the records'
//! own permission (`deals.read`, `contacts.read`, …) reach.
//!
//! # Events
//! `report.exported`.
//!
//! # Invariants
//! - A number is the count of the list it names, for whoever asks.
//! - Days, months and quarters are those of the tenant's time zone; their limits are computed once, and rows are put
//!   between them by the database, so nothing falls between two days or into both.
//! - Amounts are minor units of their own currency; nothing is ever converted or added across currencies.
//! - A report takes a fixed number of statements, however many rows, days and members there are.
mod reports;

kernel::permissions! {
    /// See reports, as far as their records may be seen.
    Read = "reports.read",
    /// Export reports.
    Export = "reports.export",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// What the records add up to, and where each number comes from.
    Reports,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module { name: "reports", permissions: PERMISSIONS, ..kernel::Module::default() }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    reports::ReportsApi
}
