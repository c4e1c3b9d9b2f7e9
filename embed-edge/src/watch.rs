//! Keeps the memory true: listens for changes, and looks at the revisions in case one was missed.
//!
//! Order on every (re)connection: listen first, then sweep. A change committed in between is then heard twice, never missed.
use crate::{
    cache::Sites,
    settings::Times,
    source::{Listener, Source},
};
use kernel::Result;
use std::{sync::Arc, time::Duration};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Revisions are taken inside transactions, so a lower one may be committed after a higher one; a sweep looks back so far.
const OVERLAP: u64 = 1000;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// With its spread a second and a half: a database that is back is used within two seconds.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Runs until stopped.
pub async fn run(sites: Arc<Sites>, source: Arc<Source>, times: Times, stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    loop {
        let session = async {
            let listener = source.listen().await?;
            begin(&sites, &source, &listener).await?;
            pause = FIRST_PAUSE;
            attend(&sites, &source, listener, &times).await
        };
        let ended = tokio::select! {
            () = stop.cancelled() => return,
            ended = session => ended,
        };
        if sites.is_connected() {
            tracing::warn!(error = ?ended.err(), "lost the database; known widgets are served while they are fresh");
        }
        sites.lost();
        source.forget();
        let jitter = u32::from(kernel::clock::random_bytes::<1>()[0]);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause + pause * jitter / 512) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn begin(sites: &Arc<Sites>, source: &Source, listener: &Listener) -> Result<()> {
    sites.set_ring(source.keys(&listener.client).await?);
    if sites.newest() == 0 {
        sites.begin_at(source.latest(&listener.client).await?);
    }
    sweep(sites, source, listener).await?;
    sites.touch();
    tracing::info!(revision = sites.newest(), "listening for changes");
    Ok(())
}

async fn sweep(sites: &Arc<Sites>, source: &Source, listener: &Listener) -> Result<()> {
    let above = i64::try_from(sites.newest().saturating_sub(OVERLAP)).unwrap_or(i64::MAX);
    sites.heard(&source.revisions(&listener.client, above).await?).await;
    Ok(())
}

async fn attend(sites: &Arc<Sites>, source: &Source, mut listener: Listener, times: &Times) -> Result<()> {
    let mut heartbeat = tokio::time::interval(times.heartbeat);
    let mut poll = tokio::time::interval_at(tokio::time::Instant::now() + times.poll, times.poll);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            notice = listener.notices.recv() => match notice.as_deref() {
                None => return Ok(()),
                Some("keys") => sites.set_ring(source.keys(&listener.client).await?),
                Some(payload) => match parse(payload) {
                    Some(revision) => sites.heard(&[revision]).await,
                    None => tracing::warn!(payload, "notification not understood"),
                },
            },
            _ = heartbeat.tick() => {
                source.ping(&listener.client).await?;
                sites.touch();
            }
            _ = poll.tick() => {
                sites.set_ring(source.keys(&listener.client).await?);
                sweep(sites, source, &listener).await?;
                sites.touch();
            }
        }
    }
}

fn parse(payload: &str) -> Option<(Uuid, u64)> {
    let (tenant, rev) = payload.split_once(':')?;
    Some((tenant.parse().ok()?, rev.parse().ok()?))
}
