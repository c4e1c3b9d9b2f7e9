//! Pairs over HTTP.
use super::{
    actions, db,
    model::{ContactDuplicate, ContactDuplicateId, DuplicatePatch},
};
use crate::{Read, Tags, Write, contacts::ContactId};
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct ContactDuplicatesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ContactDuplicatesApi {
    /// List pairs of contacts that may be one person
    ///
    /// Filters: state, reason, confidence, created_at. Sorts: confidence, created_at. They are found by e-mail address, phone
    /// number and name, and kept up as contacts change.
    #[oai(path = "/contact-duplicates", method = "get")]
    async fn list_contact_pairs(
        &self,
        cx: Cx<Read>,
        /// Pairs of this contact only.
        contact: Query<Option<ContactId>>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ContactDuplicate>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, contact.0, &owners).await).await.map(Json)
    }

    /// Get a pair of contacts
    #[oai(path = "/contact-duplicates/:id", method = "get")]
    async fn get_contact_pair(&self, cx: Cx<Read>, id: Path<ContactDuplicateId>) -> Result<Tagged<ContactDuplicate>> {
        let owners = cx.visible_owners();
        let pair = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = pair.version;
        Ok(Tagged::of(pair, version))
    }

    /// Say whether two contacts are duplicates
    ///
    /// `dismissed`: they are two persons, and nobody is asked again; `open` takes that back.
    #[oai(path = "/contact-duplicates/:id", method = "patch")]
    async fn update_contact_pair(
        &self,
        cx: Cx<Write>,
        id: Path<ContactDuplicateId>,
        /// The ETag you have read; 412 when the pair has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<DuplicatePatch>,
    ) -> Result<Tagged<ContactDuplicate>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        let pair = cx.write(async |tx| actions::decide(tx, id.0, body.0, if_match, &owners).await).await?;
        let version = pair.version;
        Ok(Tagged::of(pair, version))
    }
}
