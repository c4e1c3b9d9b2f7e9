//! Bulk runs over HTTP.
use super::{
    actions::{self, ContactBulkRuns},
    model::{ContactBulkRun, ContactBulkRunRow, ContactCount, NewContactBulkRun},
};
use crate::{
    MassUpdate, Read, Tags, Write,
    contacts::{check_rules, many},
};
use identity::members;
use kernel::{
    Cx, Result,
    bulk::{self, BulkRunId, MOST},
    db::ListQuery,
    http::{Created, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct ContactBulkRunsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ContactBulkRunsApi {
    /// Count contacts
    ///
    /// Those that a list with these words and filters shows, counted no further than 500,001.
    #[oai(path = "/contacts/count", method = "get")]
    async fn count_contacts(
        &self,
        cx: Cx<Read>,
        /// Words that each contact holds, at most 100 characters.
        q: Query<Option<String>>,
        /// Contacts that were deleted and can be restored, instead of the others.
        #[oai(default)]
        deleted: Query<bool>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<ContactCount>> {
        check_rules(&cx, &filter.0)?;
        let words = q.0.unwrap_or_default().trim().chars().take(100).collect();
        let wish = many::Asked { filter: filter.0, words, deleted: deleted.0, excluded: vec![] };
        let owners = cx.visible_owners();
        let count = cx.read(async |tx| many::count(tx, &wish, &owners, &cx.principal, MOST + 1).await).await?;
        Ok(Json(ContactCount { count }))
    }

    /// List bulk runs over contacts
    ///
    /// Those that the caller began; with `contacts.mass_update` for teams or all, those of their members too. Filters: state,
    /// created_at. Sort: created_at.
    #[oai(path = "/contact-bulk-runs", method = "get")]
    async fn list_contact_bulk_runs(
        &self,
        cx: Cx<MassUpdate>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ContactBulkRun>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let members = cx.visible_owners();
        cx.read(async |tx| bulk::list::<ContactBulkRuns>(tx, &query, &members).await).await.map(Json)
    }

    /// Begin a bulk run over contacts
    ///
    /// One change to the contacts that are named, or to all that match in this moment; who fits later is not touched. It is
    /// done in the background, in batches: ask for the run to see how far it is. Each contact is changed as if it were changed
    /// alone, as far as it is in reach then, with the same events in the caller's name. Of deleted ones as many come back as the plan
    /// has room for; the rows of the others say `plan_limit`. 422 `nothing_matches`, or `too_many` for more than 500,000.
    #[oai(path = "/contact-bulk-runs", method = "post")]
    async fn create_contact_bulk_run(
        &self,
        cx: Cx<MassUpdate>,
        body: Json<NewContactBulkRun>,
    ) -> Result<Created<ContactBulkRun>> {
        members::require(&cx, "/change/owner", body.0.change.owner.value().copied().into_iter().collect()).await?;
        bulk::check_deleting::<Write, _>(&cx, body.0.change.deleted.is_some())?;
        check_rules(&cx, body.0.matching.as_ref().map_or(&[], |wish| &wish.filter))?;
        let (reach, who) = (bulk::reach::<Read>(&cx), who(&cx)?);
        let reader = &cx.principal;
        cx.create(async |tx| actions::create(tx, body.0, &reach, who, reader).await).await
    }

    /// Get a bulk run over contacts
    #[oai(path = "/contact-bulk-runs/:id", method = "get")]
    async fn get_contact_bulk_run(&self, cx: Cx<MassUpdate>, id: Path<BulkRunId>) -> Result<Json<ContactBulkRun>> {
        let members = cx.visible_owners();
        cx.read(async |tx| bulk::find::<ContactBulkRuns>(tx, id.0, &members).await).await.map(Json)
    }

    /// List what became of the contacts of a bulk run
    ///
    /// Filters: place, outcome, reason, undo. Sort: place. Kept for 30 days after the end of the run.
    #[oai(path = "/contact-bulk-runs/:id/rows", method = "get")]
    async fn list_contact_bulk_run_rows(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<BulkRunId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ContactBulkRunRow>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (members, reach) = (cx.visible_owners(), bulk::reach::<Read>(&cx));
        cx.read(async |tx| bulk::rows::<ContactBulkRuns>(tx, id.0, &query, &members, &reach).await).await.map(Json)
    }

    /// Stop a bulk run over contacts
    ///
    /// What it did stays, and can be undone. 409 `run_over` and the like when it is not at work.
    #[oai(path = "/contact-bulk-runs/:id/cancellation", method = "post")]
    async fn create_contact_bulk_run_cancellation(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<BulkRunId>,
    ) -> Result<Json<ContactBulkRun>> {
        let members = cx.visible_owners();
        cx.act(async |tx| bulk::cancel::<ContactBulkRuns>(tx, id.0, &members).await).await
    }

    /// Undo a bulk run over contacts
    ///
    /// In the background, within 30 days of its end. Puts back exactly what the run changed: what else was changed about a
    /// contact since stays, and a contact of whom somebody has changed the same since is left as it is, and its row says so. A deleted
    /// contact for whom the plan has no room any more (`plan_limit`) stays among the deleted ones.
    /// 409 `run_running`, `run_undone`, `undo_over`.
    #[oai(path = "/contact-bulk-runs/:id/undo", method = "post")]
    async fn create_contact_bulk_run_undo(
        &self,
        cx: Cx<MassUpdate>,
        id: Path<BulkRunId>,
    ) -> Result<Json<ContactBulkRun>> {
        let (members, reach, who) = (cx.visible_owners(), bulk::reach::<Read>(&cx), who(&cx)?);
        let run = cx.read(async |tx| bulk::find::<ContactBulkRuns>(tx, id.0, &members).await).await?;
        bulk::check_deleting::<Write, _>(&cx, run.change.deleted.is_some())?;
        cx.act(async |tx| actions::undo(tx, id.0, &members, &reach, who).await).await
    }
}

/// Who asks, and as far as he may change segments.
fn who(cx: &Cx<MassUpdate>) -> Result<actions::Who> {
    Ok((cx.principal.user, cx.principal.grants.level(cx.app.picks()?.write)))
}
