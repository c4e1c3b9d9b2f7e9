//! Do-not-contact over HTTP.
use super::{
    actions, db,
    model::{BlockedChannel, Direction, DoNotContacts, NewBlock},
};
use crate::{
    Read, Tags, Write,
    contacts::{self, ContactId},
};
use kernel::{Cx, Result, http::NoContent};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct DoNotContactApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl DoNotContactApi {
    /// List by which channels a contact may not be reached
    #[oai(path = "/contacts/:id/do-not-contact", method = "get")]
    async fn list_do_not_contact(&self, cx: Cx<Read>, id: Path<ContactId>) -> Result<Json<DoNotContacts>> {
        let owners = cx.visible_owners();
        let items = cx.read(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            db::list(tx, id.0).await
        });
        Ok(Json(DoNotContacts { items: items.await? }))
    }

    /// Block a channel to a contact
    ///
    /// Every sender respects it from then on.
    #[oai(path = "/contacts/:id/do-not-contact/:channel", method = "put")]
    async fn set_do_not_contact(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        channel: Path<BlockedChannel>,
        body: Json<NewBlock>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            actions::set(tx, id.0, channel.0, body.0.direction, body.0.reason.as_deref()).await
        })
        .await?;
        Ok(NoContent::Done)
    }

    /// Open a channel to a contact again
    #[oai(path = "/contacts/:id/do-not-contact/:channel", method = "delete")]
    async fn delete_do_not_contact(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        channel: Path<BlockedChannel>,
        /// Which way; outbound when absent.
        #[oai(default)]
        direction: Query<Direction>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            actions::clear(tx, id.0, channel.0, direction.0).await
        })
        .await?;
        Ok(NoContent::Done)
    }
}
