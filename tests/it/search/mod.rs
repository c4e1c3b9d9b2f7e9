//! One question to everything that has words, and one to everything that waits.
mod counts;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod search;
