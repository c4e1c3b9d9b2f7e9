//! The hook for a virus scanner. Without one nobody looks through files.
use super::clamd::Clamd;
use futures_util::future::BoxFuture;
use kernel::{Result, config};
use std::sync::Arc;

/// What a scanner says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing found.
    Clean,
    /// Something found; its name.
    Infected(String),
    /// It will never look through this file; why.
    Refused(String),
}

/// Looks through a file before it can be downloaded.
pub trait Scanner: Send + Sync {
    /// Scans the whole content. An error means that nobody knows yet: the file is kept aside and scanned again later.
    fn scan<'a>(&'a self, content: &'a [u8]) -> BoxFuture<'a, Result<Verdict>>;
}

/// The scanner in force, if there is one.
#[derive(Clone)]
pub struct Scanning(pub Option<Arc<dyn Scanner>>);

impl Scanning {
    /// As configured.
    pub fn open(files: &config::Files) -> Result<Self> {
        if files.scanner.is_empty() {
            return Ok(Scanning(None));
        }
        Ok(Scanning(Some(Arc::new(Clamd::new(
            &files.scanner,
            files.scanner_timeout_seconds,
            files.scanner_max_bytes,
        )?))))
    }
}
