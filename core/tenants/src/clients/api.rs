//! An agency's clients.
use super::{
    actions::{self, agency},
    model::{Client, NewClient, NewDeletion, NewSuspension},
    overview::Overview,
};
use crate::{
    Delete, ReadClients, Suspend, Tag, WriteClients,
    tenants::{DeletionRequest, TenantPatch},
};
use kernel::{
    Cx, Result,
    db::ListQuery,
    events::NewEvent,
    http::{Created, NoContent, Page, Tagged},
    ids::TenantId,
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};

pub(crate) struct ClientsApi;

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "slug",
    "state",
    "health",
    "zone",
    "locale",
    "country",
    "currency",
    "plan",
    "plan_id",
    "stop_reason",
    "deletion_due_at",
    "activated_at",
];

fn tagged(client: Client) -> Tagged<Client> {
    let version = client.client.version;
    Tagged::of(client, version)
}

#[OpenApi(tag = "Tag::Clients")]
impl ClientsApi {
    /// The agency's clients, with how they are doing
    #[oai(path = "/v1/clients", method = "get", operation_id = "list_clients")]
    async fn list_clients(
        &self,
        cx: Cx<ReadClients>,
        /// Rows wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// next_cursor of the page before.
        cursor: Query<Option<String>>,
        /// name, activated_at; with - in front for descending.
        sort: Query<Option<String>>,
        /// field:op:value; fields name, slug, state, country, plan_id, deletion_due_at, activated_at.
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Client>>> {
        agency(&cx.tenant)?;
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| actions::list(tx, &cx.tenant, &query).await).await.map(Json)
    }

    /// Export the list of clients
    ///
    /// The rows of the list with the same filters as CSV, by name. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/v1/clients/export", method = "get", operation_id = "export_clients")]
    async fn export_clients(
        &self,
        cx: Cx<ReadClients>,
        /// field:op:value; fields name, slug, state, country, plan_id, deletion_due_at, activated_at.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        agency(&cx.tenant)?;
        let what = Export { name: "clients", columns: COLUMNS, filter: filter.0, sort: "name" };
        let event = NewEvent::new("client.exported", "tenants", cx.tenant.id.0, "List of clients exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(actions::list(tx, &cx.tenant, query))).await
    }

    /// All clients at a glance
    ///
    /// Who needs attention and why, what went on, which limits and trials run out, who is new. Counted as things happen,
    /// so it costs the same few statements for one client and for a thousand.
    #[oai(path = "/v1/clients/overview", method = "get", operation_id = "get_clients_overview")]
    async fn get_clients_overview(&self, cx: Cx<ReadClients>) -> Result<Json<Overview>> {
        agency(&cx.tenant)?;
        cx.control(async |tx| actions::overview(tx, &cx.tenant).await).await.map(Json)
    }

    /// Open a client
    ///
    /// It is ready at once. 503 with Retry-After when no schema is ready; one will be within seconds.
    #[oai(path = "/v1/clients", method = "post", operation_id = "create_client")]
    async fn create_client(&self, cx: Cx<WriteClients>, body: Json<NewClient>) -> Result<Created<Client>> {
        agency(&cx.tenant)?;
        cx.control_create(async |tx| actions::open(tx, &cx.tenant, body.0.clone()).await).await
    }

    /// A client, with how it is doing
    #[oai(path = "/v1/clients/:id", method = "get", operation_id = "get_client")]
    async fn get_client(&self, cx: Cx<ReadClients>, id: Path<TenantId>) -> Result<Tagged<Client>> {
        agency(&cx.tenant)?;
        cx.control(async |tx| actions::get(tx, &cx.tenant, id.0).await).await.map(tagged)
    }

    /// Change a client's settings
    #[oai(path = "/v1/clients/:id", method = "patch", operation_id = "update_client")]
    async fn update_client(
        &self,
        cx: Cx<WriteClients>,
        id: Path<TenantId>,
        body: Json<TenantPatch>,
        /// ETag of the version the change is based on.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Tagged<Client>> {
        agency(&cx.tenant)?;
        let tag = if_match.0.as_deref();
        let client = cx.control(async |tx| actions::change(tx, &cx.tenant, id.0, &body.0, tag).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(tagged(client))
    }

    /// Suspend a client, or make it read-only
    ///
    /// Its members cannot sign in, its widgets are refused within a second. The agency still sees it here.
    #[oai(path = "/v1/clients/:id/suspension", method = "post", operation_id = "create_client_suspension")]
    async fn create_client_suspension(
        &self,
        cx: Cx<Suspend>,
        id: Path<TenantId>,
        body: Json<NewSuspension>,
    ) -> Result<Created<Client>> {
        agency(&cx.tenant)?;
        let client = cx.control_create(async |tx| actions::suspend(tx, &cx.tenant, id.0, &body.0).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(client)
    }

    /// Let a client work again
    #[oai(path = "/v1/clients/:id/suspension", method = "delete", operation_id = "delete_client_suspension")]
    async fn delete_client_suspension(&self, cx: Cx<Suspend>, id: Path<TenantId>) -> Result<NoContent> {
        let agency = agency(&cx.tenant)?;
        cx.control(async |tx| actions::resume(tx, agency, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(NoContent::Done)
    }

    /// Ask for a client's deletion
    ///
    /// It stands still at once; on the day everything it has is destroyed. Until then it can be called off.
    #[oai(path = "/v1/clients/:id/deletion", method = "post", operation_id = "create_client_deletion")]
    async fn create_client_deletion(
        &self,
        cx: Cx<Delete>,
        id: Path<TenantId>,
        body: Json<NewDeletion>,
    ) -> Result<Created<DeletionRequest>> {
        let agency = agency(&cx.tenant)?;
        let request = cx.control_create(async |tx| actions::end(tx, agency, id.0, &body.0).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(request)
    }

    /// A client's coming deletion
    #[oai(path = "/v1/clients/:id/deletion", method = "get", operation_id = "get_client_deletion")]
    async fn get_client_deletion(&self, cx: Cx<ReadClients>, id: Path<TenantId>) -> Result<Json<DeletionRequest>> {
        let agency = agency(&cx.tenant)?;
        cx.control(async |tx| actions::coming_end(tx, agency, id.0).await).await.map(Json)
    }

    /// Call a client's deletion off
    #[oai(path = "/v1/clients/:id/deletion", method = "delete", operation_id = "delete_client_deletion")]
    async fn delete_client_deletion(&self, cx: Cx<Delete>, id: Path<TenantId>) -> Result<NoContent> {
        let agency = agency(&cx.tenant)?;
        cx.control(async |tx| actions::keep(tx, agency, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(NoContent::Done)
    }
}
