//! # Purpose
//! One question to everything that has words: people, companies, deals, tasks, notes, logged calls and messages, mails to
//! contacts, and answers to forms.
//!
//! # Tables
//! None: it reads columns that other modules keep folded for it (`search`).
//!
//! # Permissions
//! Whoever is signed in asks; each kind of record answers by the permission that lists it, at its level.
//!
//! # Events
//! None: nothing is changed.
//!
//! # Invariants
//! - Nothing is found that its own list would not show.
//! - The work is bounded: frequent words are found among the newest rows, rare ones by an index, and what only resembles the
//!   words is looked for when nothing has them.
mod search;

#[derive(poem_openapi::Tags)]
enum Tags {
    /// One question to everything that has words.
    Search,
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    search::SearchApi
}
