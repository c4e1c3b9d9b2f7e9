//! How visitors were answered: counted here, told to the core at the end of each minute. The edge's own login only reads.
use crate::{Edge, forward::Core, server::Life};
use chrono::{DateTime, Utc};
use kernel::http::traffic::{Answered, Traffic, until_next_minute};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

/// Minutes that are kept while the core is away.
const MOST_UNTOLD: usize = 60;

/// The answers since the start, and what the core has not heard of.
pub struct Answers {
    traffic: Traffic,
    untold: Mutex<VecDeque<Answered>>,
}

impl Answers {
    /// Nothing yet.
    pub fn new(now: DateTime<Utc>) -> Self {
        Answers { traffic: Traffic::new(now), untold: Mutex::default() }
    }

    /// Counts one answer.
    pub fn note(&self, status: u16, took: Duration) {
        self.traffic.note(status, took);
    }

    /// Tells the core of the minute that ended; what it did not take is kept for the next time.
    pub async fn flush(&self, core: &Core, now: DateTime<Utc>, time: Duration) {
        let ended = self.traffic.take(now).await;
        let untold: Vec<_> = {
            let mut untold = self.untold.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            untold.push_back(ended);
            let late = untold.len().saturating_sub(MOST_UNTOLD);
            untold.drain(..late);
            untold.iter().cloned().collect()
        };
        match core.tell(&untold, now.timestamp(), time).await {
            Ok(()) => self.untold.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clear(),
            Err(error) => tracing::debug!(%error, "figures kept for later"),
        }
    }
}

/// Tells at the end of every minute until stopped, and once more when the last request was answered.
pub async fn run(edge: Arc<Edge>, life: Life) {
    loop {
        tokio::select! {
            () = life.stop.cancelled() => break,
            () = tokio::time::sleep(until_next_minute(edge.clock.now())) => {
                edge.answers.flush(&edge.core, edge.clock.now(), edge.times.core).await;
            }
        }
    }
    life.connections.wait().await;
    edge.answers.flush(&edge.core, edge.clock.now(), Duration::from_secs(2)).await;
}
