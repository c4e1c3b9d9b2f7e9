use super::{db, model::Health};
use crate::{
    Tag,
    access::{Admin, Read},
};
use kernel::Result;
use poem_openapi::{OpenApi, payload::Json};

/// Health of the platform.
pub struct HealthApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Operations")]
impl HealthApi {
    /// See how database, queues, mail and schemas are, how programs answered, and how steadily they were there.
    #[oai(path = "/health", method = "get")]
    async fn get_health(&self, cx: Admin<Read>) -> Result<Json<Health>> {
        cx.control(async |tx| db::get(tx).await).await.map(Json)
    }
}
