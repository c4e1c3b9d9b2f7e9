//! `/v1/api-keys`.
use super::{
    actions, db,
    model::{ApiKey, ApiKeyChanges, ApiKeyId, NewApiKey, NewApiKeyAnswer},
};
use crate::{
    ApiKeysRead, ApiKeysWrite,
    principals::{actions::create_secret, model::person},
};
use kernel::{
    ControlTx, Cx, Result,
    db::{Clause, ListQuery},
    events::NewEvent,
    http::{Created, NoContent, Page, Tagged},
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use postgres_types::Type;
use sheets::{CsvFile, Export};

/// API keys.
#[derive(Debug)]
pub struct ApiKeysApi;

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "hint",
    "scopes",
    "addresses",
    "created_by",
    "created_at",
    "expires_at",
    "last_used_at",
    "revoked_at",
];

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl ApiKeysApi {
    /// List API keys, without secrets
    #[oai(path = "/api-keys", method = "get")]
    async fn list_api_keys(
        &self,
        cx: Cx<ApiKeysRead>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ApiKey>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| list(&cx, tx, &query).await).await.map(Json)
    }

    /// Export the list of API keys, without secrets
    ///
    /// The rows of the list with the same filters as CSV, the oldest first. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/api-keys/export", method = "get")]
    async fn export_api_keys(
        &self,
        cx: Cx<ApiKeysRead>,
        /// `field:op:value`, any number of them, all must hold.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "api-keys", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        let event = NewEvent::new("api_key.exported", "api_keys", cx.tenant.id.0, "List of API keys exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(list(cx, tx, query))).await
    }

    /// Make an API key; its secret is shown once
    #[oai(path = "/api-keys", method = "post")]
    async fn create_api_key(&self, cx: Cx<ApiKeysWrite>, body: Json<NewApiKey>) -> Result<Created<NewApiKeyAnswer>> {
        let who = (person(&cx)?, &*cx.principal);
        create_secret(&cx, async |tx| actions::create(tx, cx.tenant.id, who, body.0).await).await
    }

    /// Read an API key, without its secret
    #[oai(path = "/api-keys/:id", method = "get")]
    async fn get_api_key(&self, cx: Cx<ApiKeysRead>, id: Path<ApiKeyId>) -> Result<Tagged<ApiKey>> {
        let key = cx.control(async |tx| actions::visible(tx, cx.tenant.id, id.0, cx.visible_owners()).await).await?;
        let version = key.version;
        Ok(Tagged::of(key, version))
    }

    /// Rename an API key
    #[oai(path = "/api-keys/:id", method = "patch")]
    async fn update_api_key(
        &self,
        cx: Cx<ApiKeysWrite>,
        id: Path<ApiKeyId>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<ApiKeyChanges>,
    ) -> Result<Tagged<ApiKey>> {
        person(&cx)?;
        let key = cx.control(async |tx| {
            actions::visible(tx, cx.tenant.id, id.0, cx.visible_owners()).await?;
            actions::update(tx, cx.tenant.id, (id.0, if_match.0.as_deref()), body.0).await
        });
        let key = key.await?;
        let version = key.version;
        Ok(Tagged::of(key, version))
    }

    /// Revoke an API key for good
    #[oai(path = "/api-keys/:id", method = "delete")]
    async fn revoke_api_key(&self, cx: Cx<ApiKeysWrite>, id: Path<ApiKeyId>) -> Result<NoContent> {
        person(&cx)?;
        cx.control(async |tx| {
            actions::visible(tx, cx.tenant.id, id.0, cx.visible_owners()).await?;
            actions::revoke(tx, cx.tenant.id, id.0).await
        })
        .await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        Ok(NoContent::Done)
    }
}

/// The keys whose makers somebody may see.
async fn list(cx: &Cx<ApiKeysRead>, tx: &mut ControlTx, query: &ListQuery) -> Result<Page<ApiKey>> {
    let makers = cx.visible_owners();
    let tenant = Clause("tenant_id = ?", &cx.tenant.id, Type::UUID);
    let seen = Clause("(?::uuid[] is null or created_by = any(?))", &makers, Type::UUID_ARRAY);
    tx.list(&db::LIST, query, &[tenant, seen]).await
}
