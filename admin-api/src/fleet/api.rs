use super::{
    db,
    model::{FleetGroup, SchemaDot, SchemaView},
};
use crate::{
    Tag,
    access::{Admin, Read},
};
use kernel::{Result, db::ListQuery, http::Page};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use sheets::{CsvFile, Export};

/// The fleet of tenant schemas.
pub struct FleetApi;

const COLUMNS: &[&str] = &[
    "tenant_id",
    "name",
    "kind",
    "schema_name",
    "tenant_state",
    "created_at",
    "version",
    "state",
    "error",
    "attempts",
    "finished_at",
];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Operations")]
impl FleetApi {
    /// List tenant schemas with version and migration state. Filter by state, version and tenant_state.
    #[oai(path = "/schemas", method = "get")]
    async fn list_schemas(
        &self,
        cx: Admin<Read>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<SchemaView>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Export schemas, oldest first: with the same filters as CSV; cells that a spreadsheet would run as a formula get an apostrophe
    /// in front. The export is recorded.
    #[oai(path = "/schemas/export", method = "get")]
    async fn export_schemas(&self, cx: Admin<Read>, filter: Query<Vec<String>>) -> Result<CsvFile> {
        let what = Export { name: "schemas", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        cx.export(what, "schema.exported", |tx, query| Box::pin(db::list(tx, query))).await
    }

    /// See every schema at a glance, oldest first; ten thousand at most.
    #[oai(path = "/schemas/map", method = "get")]
    async fn get_schema_map(&self, cx: Admin<Read>) -> Result<Json<Vec<SchemaDot>>> {
        cx.control(async |tx| db::map(tx).await).await.map(Json)
    }

    /// Count schemas by version and state.
    #[oai(path = "/fleet", method = "get")]
    async fn get_fleet(&self, cx: Admin<Read>) -> Result<Json<Vec<FleetGroup>>> {
        cx.control(async |tx| db::groups(tx).await).await.map(Json)
    }
}
