//! What every module stands on: HTTP, transactions, events, jobs.
mod events;
mod http;
mod jobs;
mod tenancy;
