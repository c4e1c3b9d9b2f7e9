//! A delivery, and when it is tried again.
use crate::webhooks::model::WebhookId;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::EventId;
use poem_openapi::Object;
use serde_json::Value;

kernel::id!(DeliveryId, "dlv", "One event on its way to one webhook.");

kernel::row! {
    /// One event on its way to one webhook.
    #[derive(Object, Debug, Clone)]
    pub struct Delivery {
        /// Id; sent with every attempt as `Upzento-Delivery`.
        pub id: DeliveryId,
        /// To whom.
        pub webhook: WebhookId,
        /// About what.
        pub event: EventId,
        /// 0 for the original, counted up for replays.
        pub replay: i32,
        /// Kind of the event.
        pub kind: String,
        /// Deliveries with the same key are about the same thing; `seq` in the body orders them.
        pub ordering_key: String,
        /// `waiting`, `delivered`, `failed` (given up) or `dropped` (the webhook was switched off).
        pub state: String,
        /// Attempts so far.
        pub attempts: i32,
        /// When it is tried next.
        pub next_at: Option<DateTime<Utc>>,
        /// HTTP status of the last attempt.
        pub status: Option<i32>,
        /// Why the last attempt had no answer.
        pub error: Option<String>,
        /// The beginning of the last answer.
        pub response_excerpt: Option<String>,
        /// How long the last attempt took, in milliseconds.
        pub duration_ms: Option<i32>,
        /// When it was last tried.
        pub last_attempt_at: Option<DateTime<Utc>>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it was delivered or given up.
        pub finished_at: Option<DateTime<Utc>>,
    }
}

kernel::row! {
    /// A delivery with what is sent.
    #[derive(Object, Debug, Clone)]
    pub struct DeliveryBody {
        /// Id.
        pub id: DeliveryId,
        /// The body as it is sent, but for the attempt's own fields.
        pub payload: Value,
    }
}

/// Seconds until the next attempt after each failed one: 12 attempts within about three days.
const PAUSES: [i64; 11] = [10, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400];

/// Longest pause that a receiver can ask for.
const MAX_PAUSE: i64 = 86_400;

/// How long to wait after the `attempts`-th failure; `None` to give up.
pub fn pause(attempts: i32, retry_after: Option<u64>) -> Option<TimeDelta> {
    let index = usize::try_from(attempts.max(1) - 1).ok()?;
    let asked = retry_after.map_or(0, |s| i64::try_from(s).unwrap_or(MAX_PAUSE).min(MAX_PAUSE));
    PAUSES.get(index).map(|pause| TimeDelta::seconds((*pause).max(asked)))
}

/// Bytes of an answer that are kept.
const EXCERPT: usize = 1_000;

/// The beginning of an answer as readable text.
pub fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(EXCERPT)]);
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_last_about_three_days() {
        let total: i64 = (1..=11).map(|n| pause(n, None).unwrap().num_seconds()).sum();
        assert!((60 * 3600..84 * 3600).contains(&total), "{total}");
        assert_eq!(pause(12, None), None);
        assert_eq!(pause(1, Some(60)), Some(TimeDelta::seconds(60)));
        assert_eq!(pause(1, Some(u64::MAX)), Some(TimeDelta::seconds(MAX_PAUSE)));
    }

    #[test]
    fn an_excerpt_is_short_and_storable() {
        assert_eq!(excerpt(b"ok\0\x01\n\xff"), "ok\n\u{fffd}");
        assert_eq!(excerpt(&[b'a'; 5000]).len(), EXCERPT);
    }
}
