//! What the law and the tenant's own control ask for.
mod audit;
mod data_requests;
mod legal_holds;
mod registry;
mod retention;
