//! Stages over HTTP.
use super::db;
use crate::{Read, Tags};
use kernel::{Cx, Result, row};
use poem_openapi::{Object, OpenApi, payload::Json};

pub(crate) struct ContactStagesApi;

row! {
    /// One stage a contact can be in.
    #[derive(Object, Debug, Clone)]
    pub struct ContactStage {
        /// What contacts carry.
        pub key: String,
        /// What people read.
        pub label: String,
        /// Its place, from 1.
        pub position: i16,
        /// `open` while it goes on, else how it ended: `won` or `lost`.
        pub outcome: String,
    }
}

/// Every stage.
#[derive(Object, Debug, Clone)]
pub struct ContactStages {
    /// In order.
    pub items: Vec<ContactStage>,
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ContactStagesApi {
    /// List contact stages
    #[oai(path = "/contact-stages", method = "get")]
    async fn list_contact_stages(&self, cx: Cx<Read>) -> Result<Json<ContactStages>> {
        let items = cx.read(async |tx| db::list(tx).await).await?;
        Ok(Json(ContactStages { items }))
    }
}
