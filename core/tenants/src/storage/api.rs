//! What an account, and a client of an agency, keeps in the object store.
use super::{actions, model::Storage};
use crate::{Read, ReadClients, Tag, clients::actions::agency};
use kernel::{Cx, Result, ids::TenantId};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct StorageApi;

#[OpenApi]
impl StorageApi {
    /// What the account's files take
    ///
    /// Counted as files come and go, by what they belong to.
    #[oai(path = "/v1/storage", method = "get", operation_id = "get_storage", tag = "Tag::Account")]
    async fn get_storage(&self, cx: Cx<Read>) -> Result<Json<Storage>> {
        let most = actions::most(&cx.app, cx.tenant.id).await?;
        cx.read(async |tx| actions::own(tx, most).await).await.map(Json)
    }

    /// What a client's files take
    #[oai(path = "/v1/clients/:id/storage", method = "get", operation_id = "get_client_storage", tag = "Tag::Clients")]
    async fn get_client_storage(&self, cx: Cx<ReadClients>, id: Path<TenantId>) -> Result<Json<Storage>> {
        let agency = agency(&cx.tenant)?;
        cx.control(async |tx| actions::of_client(tx, agency, id.0).await).await.map(Json)
    }
}
