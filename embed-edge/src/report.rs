//! Where widgets were met: counted here, told to the core every second. Only the origin is kept, never a page or a person.
use crate::{Edge, forward::Core};
use kernel::{
    clock::Clock,
    embed::{Outcome, Sighting, WidgetId},
};
use metrics::Counter;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// Distinct lines kept between two reports; a flood of made-up origins must not fill the memory.
const MAX_LINES: usize = 4096;
/// One report has at most so many lines.
const LINES_A_REPORT: usize = 500;

/// The sightings since the last report.
pub struct Report {
    clock: Clock,
    lines: Mutex<Lines>,
    seen: Counter,
    refused: Counter,
    dropped: Counter,
}

/// How often and when last, by origin within each widget and outcome: a known line is found without a copy of its name.
#[derive(Default)]
struct Lines {
    by_widget: HashMap<(WidgetId, Outcome), HashMap<String, (u64, i64)>>,
    count: usize,
}

impl Report {
    /// Nothing seen yet.
    pub fn new(clock: Clock) -> Self {
        let frames = |outcome| metrics::counter!("upzento_edge_frames_total", "outcome" => outcome);
        Report {
            clock,
            lines: Mutex::default(),
            seen: frames("seen"),
            refused: frames("refused"),
            dropped: metrics::counter!("upzento_edge_sightings_dropped_total"),
        }
    }

    /// One more.
    pub fn note(&self, widget: WidgetId, origin: &str, outcome: Outcome) {
        match outcome {
            Outcome::Seen => self.seen.increment(1),
            Outcome::Refused => self.refused.increment(1),
        }
        self.add((widget, outcome), origin, 1, self.clock.now().timestamp());
    }

    fn add(&self, key: (WidgetId, Outcome), origin: &str, count: u64, at: i64) {
        let mut lines = self.lines();
        if let Some(line) = lines.by_widget.get_mut(&key).and_then(|origins| origins.get_mut(origin)) {
            *line = (line.0 + count, line.1.max(at));
        } else if lines.count >= MAX_LINES {
            self.dropped.increment(count);
        } else {
            lines.count += 1;
            lines.by_widget.entry(key).or_default().insert(origin.to_owned(), (count, at));
        }
    }

    fn take(&self) -> Vec<Sighting> {
        let mut sightings = vec![];
        for ((widget, outcome), origins) in std::mem::take(&mut *self.lines()).by_widget {
            let line = |(origin, (count, at))| Sighting { widget, origin, outcome, count, at };
            sightings.extend(origins.into_iter().map(line));
        }
        sightings
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Tells the core; what it did not take is kept for the next time.
    pub async fn flush(&self, core: &Core, time: Duration) {
        let sightings = self.take();
        for part in sightings.chunks(LINES_A_REPORT) {
            let Err(error) = core.report(part, self.clock.now().timestamp(), time).await else { continue };
            tracing::debug!(%error, "sightings kept for later");
            for s in part {
                self.add((s.widget, s.outcome), &s.origin, s.count, s.at);
            }
        }
    }
}

/// Reports until stopped, then once more.
pub async fn run(edge: Arc<Edge>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(edge.times.report);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => edge.report.flush(&edge.core, edge.times.core).await,
        }
    }
    edge.report.flush(&edge.core, Duration::from_secs(2)).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn sightings_are_summed_and_bounded() {
        let report = Report::new(Clock::fixed(DateTime::UNIX_EPOCH));
        let widget = WidgetId::from_random([1; 13]);
        for n in 0..10_000 {
            report.note(widget, &format!("https://n{n}.example"), Outcome::Refused);
        }
        report.note(widget, "https://n0.example", Outcome::Refused);
        report.note(widget, "https://late.example", Outcome::Refused);
        let lines = report.take();
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!(lines.iter().find(|l| l.origin == "https://n0.example").unwrap().count, 2);
        assert!(report.take().is_empty());
    }
}
