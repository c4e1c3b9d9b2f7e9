//! What a saved view is.
use chrono::{DateTime, Utc};
use kernel::{Error, Result, ids::UserId, jsonb, row};
use poem_openapi::{NewType, Object, types::MaybeUndefined};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

kernel::id!(SavedViewId, "viw", "A saved view.");

/// Longest name of a view, in characters.
pub const MAX_NAME: usize = 60;
/// Longest filter, in characters: rules that people put together are long.
const MAX_FILTER: usize = 8000;
/// Most filters, columns or options of a view.
pub const MOST: usize = 40;
/// The list that is meant when none is said: the first one that had views.
pub const FIRST: &str = "contacts";

kernel::word! {
    /// Who has a view.
    pub enum ViewAudience {
        /// Its owner alone.
        #[default]
        Private = "private",
        /// Its owner and the members of his teams.
        Team = "team",
        /// Everybody.
        Everyone = "everyone",
    }
}

/// Whatever else the dashboard's list is asked for, by names of its own: a pipeline, or days that move with today.
#[derive(NewType, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[oai(from_parameter = false, from_multipart = false, to_header = false)]
#[serde(transparent)]
pub struct ViewOptions(pub BTreeMap<String, String>);

jsonb!(ViewOptions);

/// Who asks for views.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The person; none for a program.
    pub user: Option<Uuid>,
    /// Members of his teams.
    pub team: Vec<Uuid>,
}

row! {
    /// A list with its filters, order and columns, under a name.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct SavedView {
        /// Its id.
        pub id: SavedViewId,
        /// The list: `contacts`, `companies`, `deals` or `tasks`.
        pub list: String,
        /// How it is drawn: `table`, or what else the list has.
        pub kind: String,
        /// Who made it; absent when a program did.
        pub owner: Option<UserId>,
        /// What it is called; once among shared ones of a list, once among each person's own.
        pub name: String,
        /// Who has it.
        pub audience: ViewAudience,
        /// Everybody has it.
        pub shared: bool,
        /// Opened first: one of a person's own, else the shared one.
        pub default: bool,
        /// Text that is searched for.
        pub q: Option<String>,
        /// Records that were deleted, instead of the others.
        pub deleted: bool,
        /// Filters of the list, `field:op:value`.
        pub filter: Vec<String>,
        /// Order of the list.
        pub sort: Option<String>,
        /// What else the dashboard's list is asked for.
        pub options: ViewOptions,
        /// Columns the dashboard shows, in their order; its usual ones when empty.
        pub columns: Vec<String>,
        /// Place among the views of the list, from 0.
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
    /// The list: `contacts` (when absent), `companies`, `deals` or `tasks`.
    pub list: Option<String>,
    /// How it is drawn: `table`; of deals also `board`, `orbit` and `forecast`, of tasks `board`. The list's usual way when absent.
    pub kind: Option<String>,
    /// What it is called, at most 60 characters.
    pub name: String,
    /// Who has it; what `shared` says when absent.
    pub audience: Option<ViewAudience>,
    /// Everybody has it.
    #[oai(default)]
    pub shared: bool,
    /// Opened first, instead of the one before.
    #[oai(default)]
    pub default: bool,
    /// Text that is searched for, at most 100 characters.
    pub q: Option<String>,
    /// Records that were deleted, instead of the others.
    #[oai(default)]
    pub deleted: bool,
    /// Filters of the list, `field:op:value`.
    #[oai(default)]
    pub filter: Vec<String>,
    /// Order of the list.
    pub sort: Option<String>,
    /// What else the dashboard's list is asked for: at most 40 names with texts of at most 200 characters.
    #[oai(default)]
    pub options: ViewOptions,
    /// Columns the dashboard shows, in their order.
    #[oai(default)]
    pub columns: Vec<String>,
    /// Place among the views; the last when absent.
    pub position: Option<i32>,
}

/// A change: absent fields stay, null empties. The list stays.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct SavedViewPatch {
    /// How it is drawn.
    pub kind: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Who has it.
    pub audience: Option<ViewAudience>,
    /// Everybody has it, or its owner alone.
    pub shared: Option<bool>,
    /// Opened first.
    pub default: Option<bool>,
    /// Text that is searched for.
    pub q: MaybeUndefined<String>,
    /// Records that were deleted, instead of the others.
    pub deleted: Option<bool>,
    /// Filters of the list.
    pub filter: Option<Vec<String>>,
    /// Order of the list.
    pub sort: MaybeUndefined<String>,
    /// What else the dashboard's list is asked for, as a whole.
    pub options: Option<ViewOptions>,
    /// Columns the dashboard shows.
    pub columns: Option<Vec<String>>,
    /// Place among the views.
    pub position: Option<i32>,
}

impl NewSavedView {
    /// What a view would be made of again.
    pub fn of(view: &SavedView) -> Self {
        NewSavedView {
            list: Some(view.list.clone()),
            kind: Some(view.kind.clone()),
            name: view.name.clone(),
            audience: Some(view.audience),
            shared: view.shared,
            default: view.default,
            q: view.q.clone(),
            deleted: view.deleted,
            filter: view.filter.clone(),
            sort: view.sort.clone(),
            options: view.options.clone(),
            columns: view.columns.clone(),
            position: Some(view.position),
        }
    }

    /// The list it is of.
    pub fn list(&self) -> &str {
        self.list.as_deref().unwrap_or(FIRST)
    }

    /// Who has it.
    pub fn audience(&self) -> ViewAudience {
        let said = if self.shared { ViewAudience::Everyone } else { ViewAudience::Private };
        self.audience.unwrap_or(said)
    }

    /// This with a change.
    pub fn patched(self, patch: SavedViewPatch) -> Self {
        let audience = match (patch.audience, patch.shared) {
            (None, Some(true)) => Some(ViewAudience::Everyone),
            (None, Some(false)) if self.audience == Some(ViewAudience::Everyone) => Some(ViewAudience::Private),
            (said, _) => said.or(self.audience),
        };
        let mut next = NewSavedView {
            list: self.list,
            kind: patch.kind.or(self.kind),
            name: patch.name.unwrap_or(self.name),
            audience,
            shared: self.shared,
            default: patch.default.unwrap_or(self.default),
            q: self.q,
            deleted: patch.deleted.unwrap_or(self.deleted),
            filter: patch.filter.unwrap_or(self.filter),
            sort: self.sort,
            options: patch.options.unwrap_or(self.options),
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
        if self.filter.len() > MOST || self.filter.iter().any(|f| f.chars().count() > MAX_FILTER) {
            return Err(Error::invalid("/filter", "count", "At most 40 filters of 8000 characters."));
        }
        if self.columns.len() > MOST || !self.columns.iter().all(|column| is_name(column)) {
            return Err(Error::invalid("/columns", "column_invalid", "At most 40 names of columns."));
        }
        let options = &self.options.0;
        if options.len() > MOST || options.iter().any(|(name, text)| !is_name(name) || text.chars().count() > 200) {
            return Err(Error::invalid("/options", "option_invalid", "At most 40 names with texts of 200 characters."));
        }
        if self.position.is_some_and(|position| !(0..=10_000).contains(&position)) {
            return Err(Error::invalid("/position", "position_range", "position goes from 0 to 10000."));
        }
        Ok(NewSavedView { name, q, ..self })
    }
}

/// Names of columns and options are the dashboard's; here they only have to look like names.
fn is_name(text: &str) -> bool {
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
        let long = ViewOptions(BTreeMap::from([("line".into(), "x".repeat(201))]));
        assert!(NewSavedView { options: long, ..named("x") }.checked().is_err());
        let blank = NewSavedView { q: Some("  ".into()), position: Some(3), ..named("x") };
        let kept = blank.checked().unwrap();
        assert_eq!((kept.q, kept.position), (None, Some(3)));
        assert!(NewSavedView { position: Some(-1), ..named("x") }.checked().is_err());
    }

    #[test]
    fn who_has_a_view_is_said_in_two_ways_that_agree() {
        use ViewAudience::{Everyone, Private, Team};
        let of = |audience| NewSavedView { audience, ..NewSavedView::default() };
        for (before, audience, shared, after) in [
            (Private, None, Some(true), Everyone),
            (Everyone, None, Some(false), Private),
            (Team, None, Some(false), Team),
            (Team, Some(Private), None, Private),
            (Everyone, Some(Team), Some(true), Team),
            (Team, None, None, Team),
        ] {
            let patch = SavedViewPatch { audience, shared, ..SavedViewPatch::default() };
            assert_eq!(of(Some(before)).patched(patch).audience(), after, "{before:?} {audience:?} {shared:?}");
        }
        assert_eq!(NewSavedView { shared: true, ..of(None) }.audience(), Everyone);
    }
}
