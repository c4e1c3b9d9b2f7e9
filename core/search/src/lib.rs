//! # Purpose
//! One question to everything that has words: people, companies, deals, tasks, notes, logged calls and messages, mails to
//! contacts, and answers to forms. And one to everything that waits: how much there is for somebody to do.
//!
//! # Tables
//! None: it reads columns that other modules keep folded for it (`search`), and counts their rows.
//!
//! # Permissions
//! Whoever is signed in asks; each kind of record answers by the permission that lists it, at its level.
//!
//! # Events
//! None: nothing is changed.
//!
//! # Invariants
//! - Nothing is found that its own list would not show.
//! - The work is bounded: frequent words are found among the newest rows, rare ones by an index. Mistyped words are looked for
//!   when nothing has the words, among the newest rows, and among all rows for 30 milliseconds. Counting stops at 1000.
mod counts;
mod search;

#[derive(poem_openapi::Tags)]
enum Tags {
    /// One question to everything that has words, or that waits.
    Search,
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    (search::SearchApi, counts::CountsApi)
}
