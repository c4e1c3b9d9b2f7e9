//! Where bytes lie and who looks through them.
mod scanner;
mod store;

pub use scanner::{NoScanner, Scanner, Scanning, Verdict};
pub use store::Store;
