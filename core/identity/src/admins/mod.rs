//! The people who run the platform: verbs for the administration, which has its own listener and its own tokens.
pub mod actions;
pub(crate) mod cookie;
pub(crate) mod db;
pub mod model;

pub use actions::{authenticate, create, list, resume, set_blocked, sign_in, sign_out};
pub use model::{Admin, AdminCredentials, AdminId, AdminPrincipal, AdminTokens, CreatedAdmin, NewAdmin};
