//! Asking the source.
use super::{actions, db, ecb, model::RateSource};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use kernel::{
    Error, Result,
    jobs::{Enqueue, Job, JobCx},
    outbound::Call,
};
use serde::{Deserialize, Serialize};

/// Fetches the rates of a day. Each one enqueues that of the next day before it does anything, so a day that fails ends nothing.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct FetchRates {}

/// The next time the file may be another one: it is given out around 16:00 in Frankfurt, which is 15:00 UTC at the latest.
fn next(now: DateTime<Utc>) -> DateTime<Utc> {
    let Some(half_past_three) = NaiveTime::from_hms_opt(15, 30, 0) else { return now + TimeDelta::days(1) };
    let today = now.date_naive().and_time(half_past_three).and_utc();
    if today > now { today } else { today + TimeDelta::days(1) }
}

impl Job for FetchRates {
    const KIND: &'static str = "FetchRates";
    const MAX_ATTEMPTS: i32 = 8;

    async fn run(self, cx: JobCx) -> Result<()> {
        let settings = cx.read(async |tx| db::get(tx).await).await?;
        if settings.source == RateSource::Nowhere {
            return Ok(());
        }
        let later = next(cx.app.clock.now());
        let again = Enqueue { run_at: Some(later), unique_key: Some(later.to_rfc3339()) };
        cx.write(async |tx| tx.enqueue(&FetchRates {}, again).await.map(drop)).await?;
        let url = settings.url.unwrap_or_else(|| ecb::URL.to_owned());
        let call = Call {
            method: "GET".parse().map_err(Error::internal)?,
            url,
            headers: vec![],
            body: vec![],
            timeout_seconds: 20,
        };
        let sheet = match cx.app.outbound.call(call).await {
            Ok(answer) if answer.status == 200 => ecb::Sheet::read(&answer.body).ok_or("unreadable"),
            Ok(_) => Err("refused"),
            Err(_) => Err("unreachable"),
        };
        match sheet {
            Ok(sheet) => cx.write(async |tx| actions::take(tx, &sheet).await).await,
            Err(problem) => {
                cx.write(async |tx| db::failed(tx, problem).await).await?;
                // What is said about it is kept; after the last attempt the next day is another one.
                if cx.last_attempt { Ok(()) } else { Err(Error::upstream("exchange rates", problem)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_file_is_waited_for() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(next(at("2026-11-27T15:29:59Z")), at("2026-11-27T15:30:00Z"));
        assert_eq!(next(at("2026-11-27T15:30:00Z")), at("2026-11-28T15:30:00Z"));
    }
}
