//! What a saved view is.
use chrono::{DateTime, Utc};
use kernel::{Error, Result, ids::UserId, row};
use poem_openapi::{Object, types::MaybeUndefined};

kernel::id!(SavedViewId, "viw", "A saved view.");

/// Longest name of a view, in characters.
pub const MAX_NAME: usize = 60;
/// Most filters or columns of a view.
pub const MOST: usize = 40;

row! {
    /// A list of contacts with its filters, order and columns, under a name.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct SavedView {
        /// Its id.
        pub id: SavedViewId,
        /// Who made it; absent when a program did.
        pub owner: Option<UserId>,
        /// What it is called; once among shared ones, once among each person's own.
        pub name: String,
        /// Everybody sees it, not its owner alone.
        pub shared: bool,
        /// Opened first: one of a person's own, else the shared one.
        pub default: bool,
        /// Text that is searched for.
        pub q: Option<String>,
        /// Contacts that were deleted, instead of the others.
        pub deleted: bool,
        /// Filters of the list, `field:op:value`.
        pub filter: Vec<String>,
        /// Order of the list.
        pub sort: Option<String>,
        /// Columns the dashboard shows, in their order; its usual ones when empty.
        pub columns: Vec<String>,
        /// Place among the views, from 0.
        pub position: i32,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A new view.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewSavedView {
    /// What it is called, at most 60 characters.
    pub name: String,
    /// Everybody sees it.
    #[oai(default)]
    pub shared: bool,
    /// Opened first, instead of the one before.
    #[oai(default)]
    pub default: bool,
    /// Text that is searched for, at most 100 characters.
    pub q: Option<String>,
    /// Contacts that were deleted, instead of the others.
    #[oai(default)]
    pub deleted: bool,
    /// Filters of the list, `field:op:value`.
    #[oai(default)]
    pub filter: Vec<String>,
    /// Order of the list.
    pub sort: Option<String>,
    /// Columns the dashboard shows, in their order.
    #[oai(default)]
    pub columns: Vec<String>,
    /// Place among the views; the last when absent.
    pub position: Option<i32>,
}

/// A change: absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct SavedViewPatch {
    /// What it is called.
    pub name: Option<String>,
    /// Everybody sees it.
    pub shared: Option<bool>,
    /// Opened first.
    pub default: Option<bool>,
    /// Text that is searched for.
    pub q: MaybeUndefined<String>,
    /// Contacts that were deleted, instead of the others.
    pub deleted: Option<bool>,
    /// Filters of the list.
    pub filter: Option<Vec<String>>,
    /// Order of the list.
    pub sort: MaybeUndefined<String>,
    /// Columns the dashboard shows.
    pub columns: Option<Vec<String>>,
    /// Place among the views.
    pub position: Option<i32>,
}

impl NewSavedView {
    /// What a view would be made of again.
    pub fn of(view: &SavedView) -> Self {
        NewSavedView {
            name: view.name.clone(),
            shared: view.shared,
            default: view.default,
            q: view.q.clone(),
            deleted: view.deleted,
            filter: view.filter.clone(),
            sort: view.sort.clone(),
            columns: view.columns.clone(),
            position: Some(view.position),
        }
    }

    /// This with a change.
    pub fn patched(self, patch: SavedViewPatch) -> Self {
        let mut next = NewSavedView {
            name: patch.name.unwrap_or(self.name),
            shared: patch.shared.unwrap_or(self.shared),
            default: patch.default.unwrap_or(self.default),
            q: self.q,
            deleted: patch.deleted.unwrap_or(self.deleted),
            filter: patch.filter.unwrap_or(self.filter),
            sort: self.sort,
            columns: patch.columns.unwrap_or(self.columns),
            position: patch.position.or(self.position),
        };
        patch.q.update_to(&mut next.q);
        patch.sort.update_to(&mut next.sort);
        next
    }

    /// This, cleaned; 422 when it cannot be a view. Whether filters and order work is for the list to say.
    pub fn checked(self) -> Result<Self> {
        let name = self.name.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
        if name.is_empty() || name.chars().count() > MAX_NAME {
            return Err(Error::invalid("/name", "length", "A view's name has 1 to 60 characters."));
        }
        let q: Option<String> = self.q.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
        if q.as_ref().is_some_and(|q| q.chars().count() > 100) {
            return Err(Error::invalid("/q", "too_long", "At most 100 characters."));
        }
        if self.filter.len() > MOST || self.filter.iter().any(|f| f.chars().count() > 1000) {
            return Err(Error::invalid("/filter", "count", "At most 40 filters of 1000 characters."));
        }
        if self.columns.len() > MOST || !self.columns.iter().all(|column| is_column(column)) {
            return Err(Error::invalid("/columns", "column_invalid", "At most 40 names of columns."));
        }
        if self.position.is_some_and(|position| !(0..=10_000).contains(&position)) {
            return Err(Error::invalid("/position", "position_range", "position goes from 0 to 10000."));
        }
        Ok(NewSavedView { name, q, ..self })
    }
}

/// Names of columns are the dashboard's; here they only have to look like names.
fn is_column(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_a_name_and_columns_that_look_like_names() {
        let named = |name: &str| NewSavedView { name: name.into(), ..NewSavedView::default() };
        assert_eq!(named("  Hot\u{7} leads ").checked().unwrap().name, "Hot leads");
        assert!(named(" ").checked().is_err() && named(&"x".repeat(61)).checked().is_err());
        let odd = NewSavedView { columns: vec!["a b".into()], ..named("x") };
        assert!(odd.checked().is_err());
        let blank = NewSavedView { q: Some("  ".into()), position: Some(3), ..named("x") };
        let kept = blank.checked().unwrap();
        assert_eq!((kept.q, kept.position), (None, Some(3)));
        assert!(NewSavedView { position: Some(-1), ..named("x") }.checked().is_err());
    }
}
