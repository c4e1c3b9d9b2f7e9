//! Files of records.
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod attachments;
