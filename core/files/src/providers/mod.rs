//! Where bytes lie and who looks through them.
mod clamd;
mod scanner;
mod store;

pub use clamd::Clamd;
pub use scanner::{Scanner, Scanning, Verdict};
pub use store::Store;
