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

/// The fleet of tenant schemas.
pub struct FleetApi;

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
