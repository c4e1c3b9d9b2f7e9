//! Clients that move between agencies.
use super::{
    actions,
    model::{NewTransfer, Transfer, TransferId},
};
use crate::{ReadClients, Tag, Transfer as MayTransfer, clients::actions::agency};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page},
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct TransfersApi;

#[OpenApi(tag = "Tag::Clients")]
impl TransfersApi {
    /// Offers made and got
    #[oai(path = "/v1/transfers", method = "get", operation_id = "list_transfers")]
    async fn list_transfers(
        &self,
        cx: Cx<ReadClients>,
        /// Rows wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// next_cursor of the page before.
        cursor: Query<Option<String>>,
        /// created_at; with - in front for descending.
        sort: Query<Option<String>>,
        /// field:op:value; fields state, client_id, from_id, to_id, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Transfer>>> {
        let agency = agency(&cx.tenant)?;
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| actions::list(tx, agency, &query).await).await.map(Json)
    }

    /// Offer a client to another agency
    ///
    /// The offer stands for 14 days. The client keeps working; it changes hands when the other agency accepts.
    #[oai(path = "/v1/transfers", method = "post", operation_id = "create_transfer")]
    async fn create_transfer(&self, cx: Cx<MayTransfer>, body: Json<NewTransfer>) -> Result<Created<Transfer>> {
        let agency = agency(&cx.tenant)?;
        cx.control_create(async |tx| actions::offer(tx, agency, &body.0).await).await
    }

    /// An offer
    #[oai(path = "/v1/transfers/:id", method = "get", operation_id = "get_transfer")]
    async fn get_transfer(&self, cx: Cx<ReadClients>, id: Path<TransferId>) -> Result<Json<Transfer>> {
        let agency = agency(&cx.tenant)?;
        cx.control(async |tx| actions::get(tx, agency, id.0).await).await.map(Json)
    }

    /// Take an offer back
    #[oai(path = "/v1/transfers/:id", method = "delete", operation_id = "delete_transfer")]
    async fn delete_transfer(&self, cx: Cx<MayTransfer>, id: Path<TransferId>) -> Result<NoContent> {
        let agency = agency(&cx.tenant)?;
        cx.control(async |tx| actions::withdraw(tx, agency, id.0).await).await?;
        Ok(NoContent::Done)
    }

    /// Accept an offer: the client is yours at once
    #[oai(path = "/v1/transfers/:id/acceptance", method = "post", operation_id = "create_transfer_acceptance")]
    async fn create_transfer_acceptance(&self, cx: Cx<MayTransfer>, id: Path<TransferId>) -> Result<Json<Transfer>> {
        let agency = agency(&cx.tenant)?;
        let transfer = cx.control_act(async |tx| actions::accept(tx, agency, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(transfer.client_id));
        Ok(transfer)
    }

    /// Decline an offer
    #[oai(path = "/v1/transfers/:id/refusal", method = "post", operation_id = "create_transfer_refusal")]
    async fn create_transfer_refusal(&self, cx: Cx<MayTransfer>, id: Path<TransferId>) -> Result<Json<Transfer>> {
        let agency = agency(&cx.tenant)?;
        cx.control_act(async |tx| actions::decline(tx, agency, id.0).await).await
    }
}
