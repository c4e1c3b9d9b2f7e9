//! What is made of files, and made again when the files change.
use kernel::Result;
use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};
use tokio_util::sync::CancellationToken;

type Make<T> = Box<dyn Fn() -> Result<T> + Send + Sync>;

/// The newest that could be made.
pub struct Renewed<T> {
    files: Vec<PathBuf>,
    make: Make<T>,
    current: RwLock<Arc<T>>,
    /// When the files of the first one changed.
    first: Option<Vec<SystemTime>>,
}

impl<T> Renewed<T> {
    /// Makes the first one.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(files: Vec<PathBuf>, make: impl Fn() -> Result<T> + Send + Sync + 'static) -> Result<Self> {
        // Looked at before they are read: a change in between is noticed, if late.
        let first = changed(&files);
        Ok(Renewed { first, files, current: RwLock::new(Arc::new(make()?)), make: Box::new(make) })
    }

    /// The one in service.
    pub fn get(&self) -> Arc<T> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Watches the files until stopped; what is in service stays when they cannot be used.
    pub async fn watch(self: Arc<Self>, every: Duration, stop: CancellationToken) {
        if self.files.is_empty() {
            return;
        }
        let mut seen = self.first.clone();
        let mut tick = tokio::time::interval(every);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            let now = changed(&self.files);
            if now.is_some() && now != seen {
                seen = now;
                self.renew();
            }
        }
    }

    fn renew(&self) {
        match (self.make)() {
            Ok(made) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(made);
                tracing::info!(files = ?self.files, "certificate read again");
            }
            Err(error) => tracing::error!(%error, "the changed certificate cannot be used; the former one stays"),
        }
    }
}

fn changed(files: &[PathBuf]) -> Option<Vec<SystemTime>> {
    files.iter().map(|path| std::fs::metadata(path).and_then(|m| m.modified()).ok()).collect()
}
