//! Absences over HTTP.
use super::{
    actions, db,
    model::{DealAbsence, NewDealAbsence},
};
use crate::{Read, Tags, Write};
use identity::members;
use kernel::{
    Cx, Error, Result,
    db::ListQuery,
    error::Kind,
    http::{NoContent, Page, Tagged},
    ids::UserId,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct DealAbsencesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl DealAbsencesApi {
    /// List who takes no deals from rules
    ///
    /// Also absences that are over or have not begun. Filters: member, until, created_at. Sort: created_at.
    #[oai(path = "/deal-absences", method = "get")]
    async fn list_deal_absences(
        &self,
        cx: Cx<Read>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<DealAbsence>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| tx.list(&db::LIST, &query, &[]).await).await.map(Json)
    }

    /// Say when a member takes no deals from rules
    ///
    /// Of oneself; of others with `deals.write` for deals of everybody. Without days it begins at once and lasts until it is
    /// ended.
    #[oai(path = "/deal-absences/:id", method = "put")]
    async fn replace_deal_absence(
        &self,
        cx: Cx<Write>,
        /// The member.
        id: Path<UserId>,
        /// The ETag you have read; 412 when the absence has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewDealAbsence>,
    ) -> Result<Tagged<DealAbsence>> {
        actions::require_self_or_everybody(cx.level, cx.principal.user, id.0)?;
        let known = members::require(&cx, "/id", vec![id.0]).await;
        known.map_err(|error| if matches!(error.kind(), Kind::Invalid(_)) { Error::not_found() } else { error })?;
        let absence = cx.write(async |tx| actions::put(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = absence.version;
        Ok(Tagged::of(absence, version))
    }

    /// End an absence
    ///
    /// The member takes deals from rules again.
    #[oai(path = "/deal-absences/:id", method = "delete")]
    async fn delete_deal_absence(
        &self,
        cx: Cx<Write>,
        /// The member.
        id: Path<UserId>,
        /// The ETag you have read; 412 when the absence has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        actions::require_self_or_everybody(cx.level, cx.principal.user, id.0)?;
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }
}
