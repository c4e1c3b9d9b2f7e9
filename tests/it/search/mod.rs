//! One question to everything that has words.
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod search;
