//! # Purpose
//! What the records add up to: pipelines, conversion, sources, revenue, speed, who did what, and how clients are. Each
//! number names the list that shows exactly the rows behind it.
//!
//! # Tables
//! `report_schedules`, `report_runs`; reports read what other modules keep.
//!
//! # Permissions
//! `reports.read`, `reports.export`: at level all, team or own. A number counts what both this level and that of the records'
//! own permission (`deals.read`, `contacts.read`, …) reach. `reports.schedule`: schedules of every owner, of owners in the
//! member's teams, or his own.
//!
//! # Events
//! `report.exported`, `report_schedule.created`, `report_schedule.updated`, `report_schedule.deleted`,
//! `report_schedule.started`, `report_schedule.stopped`, `report_run.sent`, `report_run.failed`.
//!
//! # Invariants
//! - A number is the count of the list it names, for whoever asks.
//! - Days, months and quarters are those of the tenant's time zone; their limits are computed once, and rows are put
//!   between them by the database, so nothing falls between two days or into both.
//! - Amounts are minor units of their own currency. What is added across currencies is converted first, as the module of deals
//!   does, and what could not be converted is named.
//! - A scheduled report is read with the eyes of its owner each time; when he may no longer export it, it stops and says so.
//! - Each time of a schedule comes once: its run is unique, and its file, its end and its mails are one commit. It is forgotten
//!   with its file after ninety days.
//! - A report takes a fixed number of statements, however many rows, days and members there are.
mod report_runs;
mod report_schedules;
mod reports;

use kernel::jobs::JobKind;

kernel::permissions! {
    /// See reports, as far as their records may be seen.
    Read = "reports.read",
    /// Export reports.
    Export = "reports.export",
    /// Let reports come by themselves.
    Schedule = "reports.schedule",
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// What the records add up to, and where each number comes from.
    Reports,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module {
        name: "reports",
        permissions: PERMISSIONS,
        subjects: &[("report_schedules", "reports.schedule"), ("report_runs", "reports.schedule")],
        jobs: vec![
            JobKind::of::<report_schedules::StartReport>(),
            JobKind::of::<report_schedules::MakeReport>(),
            JobKind::of::<report_runs::ForgetRuns>(),
        ],
        ..kernel::Module::default()
    }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (reports::ReportsApi, report_schedules::ReportSchedulesApi, report_runs::ReportRunsApi)
}
