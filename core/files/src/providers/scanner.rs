//! The hook for a virus scanner. Without one every file counts as clean.
use futures_util::future::BoxFuture;
use kernel::Result;
use std::sync::Arc;

/// What a scanner says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing found.
    Clean,
    /// Something found; its name.
    Infected(String),
}

/// Looks through a file before it can be attached or downloaded.
pub trait Scanner: Send + Sync {
    /// Scans the whole content. An error keeps the upload from succeeding: unscanned is not clean.
    fn scan<'a>(&'a self, content: &'a [u8]) -> BoxFuture<'a, Result<Verdict>>;
}

/// No scanner.
#[derive(Debug)]
pub struct NoScanner;

impl Scanner for NoScanner {
    fn scan<'a>(&'a self, _: &'a [u8]) -> BoxFuture<'a, Result<Verdict>> {
        Box::pin(std::future::ready(Ok(Verdict::Clean)))
    }
}

/// The scanner in force.
#[derive(Clone)]
pub struct Scanning(pub Arc<dyn Scanner>);

impl Scanning {
    /// No scanner.
    pub fn none() -> Self {
        Scanning(Arc::new(NoScanner))
    }
}
