//! # Purpose
//! Views of lists under a name: filters, order, columns and how the list is drawn, for oneself, one's teams or everybody. It
//! knows no list: a module whose list has views says so (`kernel::Module::lists`).
//!
//! # Tables
//! `saved_views`.
//!
//! # Permissions
//! Those of the list: whoever may read its records has its views, whoever may write them saves views.
//!
//! # Events
//! `saved_view.created`, `saved_view.updated`, `saved_view.deleted`.
//!
//! # Invariants
//! - A name is given once among shared views of a list, and once among each person's own; of each at most one opens first.
//! - Filters and order work when a view is kept: the list has tried them.
//! - Whoever is erased is named by no view: neither searched for, nor filtered by.
mod saved_views;

pub use saved_views::{erase_person, export_person, hold, relink, relink_back, rename_tag, replace_stage, rewrite};

use kernel::{
    App, ViewedList,
    auth::{Grants, Level, Permission},
};

/// Whoever may read the records of some list looks at views; the permission of the one that is asked for comes later.
#[derive(Debug)]
pub(crate) struct Look;
impl Permission for Look {
    const NAME: &'static str = "";
    const WRITES: bool = false;

    fn level(app: &App, grants: &Grants) -> Level {
        furthest(app, grants, |list| list.read)
    }
}

/// Whoever may write the records of some list keeps views; the permission of the one that is asked for comes later.
#[derive(Debug)]
pub(crate) struct Keep;
impl Permission for Keep {
    const NAME: &'static str = "";
    const WRITES: bool = true;

    fn level(app: &App, grants: &Grants) -> Level {
        furthest(app, grants, |list| list.write)
    }
}

fn furthest(app: &App, grants: &Grants, of: fn(&ViewedList) -> &'static str) -> Level {
    let lists = app.modules.iter().flat_map(|module| module.lists);
    lists.map(|list| grants.level(of(list))).max().unwrap_or(Level::No)
}

#[derive(poem_openapi::Tags)]
enum Tags {
    /// Lists with their filters, order and columns, under a name.
    #[oai(rename = "Saved views")]
    Views,
}

/// What the program needs to know of this module.
pub fn module() -> kernel::Module {
    kernel::Module { name: "views", ..kernel::Module::default() }
}

/// Its HTTP API.
pub fn api() -> impl poem_openapi::OpenApi {
    saved_views::SavedViewsApi
}
