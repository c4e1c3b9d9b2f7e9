//! Platform admins working in an account in the place of one of its members.
pub mod api;
