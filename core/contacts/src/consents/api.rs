//! The consent ledger over HTTP.
use super::{
    actions, db,
    model::{Consent, NewConsent},
};
use crate::{
    Read, Tags, Write,
    contacts::{self, ContactId},
};
use kernel::{
    Cx, Error, Result,
    db::{Clause, ListQuery},
    http::{Created, Page},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use tokio_postgres::types::Type;

pub(crate) struct ConsentsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ConsentsApi {
    /// List a contact's consents
    ///
    /// The ledger, newest first. Filters: purpose, channel, state, occurred_at. Sort: occurred_at.
    #[oai(path = "/contacts/:id/consents", method = "get")]
    async fn list_contact_consents(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Consent>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        let page = cx.read(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            tx.list(&db::LIST, &query, &[Clause(db::ABOUT, &id.0, Type::UUID)]).await
        });
        page.await.map(Json)
    }

    /// Add a line to a contact's consents
    #[oai(path = "/contacts/:id/consents", method = "post")]
    async fn create_contact_consent(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        body: Json<NewConsent>,
    ) -> Result<Created<Consent>> {
        let owners = cx.visible_owners();
        cx.create(async |tx| {
            contacts::require(tx, id.0, &owners).await?;
            let line = actions::add(tx, id.0, body.0).await?;
            let page: Page<Consent> =
                tx.list(&db::LIST, &ListQuery::default(), &[Clause("s.id = ?", &line, Type::UUID)]).await?;
            page.items.into_iter().next().ok_or_else(Error::not_found)
        })
        .await
    }
}
