//! Following contacts, building segments, looking when days end, and the end of segments that nobody restored.
use super::{actions, model::SegmentId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Transactions of one job; the rest is left to the next one, so that others get their turn.
const STEPS: usize = 20;

/// Finds the segments of contacts that something happened to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RefreshSegments {}

impl Job for RefreshSegments {
    const KIND: &'static str = "RefreshSegments";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::refresh_batch(tx).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}

/// Finds who fits a segment, page by page.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct BuildSegment {
    pub segment: SegmentId,
}

impl Job for BuildSegment {
    const KIND: &'static str = "BuildSegment";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::build_page(tx, self.segment).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}

/// Looks who came or went because time has passed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct SweepSegments {}

impl Job for SweepSegments {
    const KIND: &'static str = "SweepSegments";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::sweep(tx).await).await
    }
}

/// Removes a segment for good when the deletion it was enqueued with still stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PurgeSegment {
    pub segment: SegmentId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeSegment {
    const KIND: &'static str = "PurgeSegment";

    async fn run(self, cx: JobCx) -> Result<()> {
        for _ in 0..STEPS {
            if !cx.write(async |tx| actions::purge(tx, self.segment, self.deleted_at).await).await? {
                return Ok(());
            }
        }
        cx.write(async |tx| tx.enqueue(&self, Enqueue::default()).await.map(drop)).await
    }
}
