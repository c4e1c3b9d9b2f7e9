//! What is believed of what an edge tells.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::http::traffic::Answered;

/// An edge keeps an hour of minutes that nobody heard of.
const MOST_MINUTES: usize = 61;
/// Older minutes are no news, and later ones have not been.
const OLDEST_HOURS: i64 = 24;

/// The minutes that make sense.
pub(crate) fn sensible(told: Vec<Answered>, now: DateTime<Utc>) -> Vec<Answered> {
    let times = now - TimeDelta::hours(OLDEST_HOURS)..=now + TimeDelta::minutes(1);
    let sensible = |one: &Answered| {
        times.contains(&one.minute)
            && one.instance.len() <= 64
            && one.buckets.len() <= 256
            && one.errors >= 0
            && one.buckets.iter().all(|count| *count >= 0)
    };
    told.into_iter().filter(sensible).take(MOST_MINUTES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_minutes_that_make_sense_are_kept() {
        let now: DateTime<Utc> = "2026-11-20T12:00:00Z".parse().unwrap();
        let one = |minutes: i64, errors: i64, buckets: Vec<i64>| Answered {
            minute: now + TimeDelta::minutes(minutes),
            instance: "1.0 a:1".into(),
            started_at: now,
            errors,
            buckets,
        };
        let good = one(-1, 1, vec![0, 3]);
        let long = Answered { instance: "x".repeat(65), ..good.clone() };
        let told = vec![
            one(2, 0, vec![]),
            one(-1_441, 0, vec![]),
            good.clone(),
            long,
            one(-1, -1, vec![]),
            one(-1, 0, vec![-1]),
        ];
        assert_eq!(sensible(told, now), std::slice::from_ref(&good));
        assert_eq!(sensible(vec![good; 100], now).len(), MOST_MINUTES);
    }
}
