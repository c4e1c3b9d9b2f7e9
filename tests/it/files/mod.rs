//! Files of members.
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod files;
mod object_store;
mod s3;
mod scans;
mod storage;
