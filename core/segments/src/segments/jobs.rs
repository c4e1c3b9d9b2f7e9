//! Following contacts, building segments, looking when days end, and the end of segments that nobody restored.
use super::{actions, model::SegmentId};
use chrono::{DateTime, Utc};
use kernel::{
    Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};

/// Finds the segments of contacts that something happened to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RefreshSegments {}

impl Job for RefreshSegments {
    const KIND: &'static str = "RefreshSegments";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.in_steps(self, async |tx, _| actions::refresh_batch(tx).await).await
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
        cx.in_steps(self, async |tx, job| actions::build_page(tx, job.segment).await).await
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
        cx.in_steps(self, async |tx, job| actions::purge(tx, job.segment, job.deleted_at).await).await
    }
}
