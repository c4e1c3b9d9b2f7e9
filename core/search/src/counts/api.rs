//! What waits, over HTTP.
use super::{actions, model::Counts};
use crate::Tags;
use kernel::{Cx, Result, auth::SignedIn};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct CountsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Search")]
impl CountsApi {
    /// Count what waits
    ///
    /// Tasks that are due, deals that need attention, answers to decide about, and notifications that are unread. Each kind is
    /// counted as far as the permission reaches that lists it, and is absent when that is missing or its module is off. Counting
    /// stops at 1000.
    #[oai(path = "/counts", method = "get")]
    async fn get_counts(
        &self,
        cx: Cx<SignedIn>,
        /// Only tasks that the caller does or shares, and deals that he owns; everything within reach when absent.
        #[oai(default)]
        mine: Query<bool>,
    ) -> Result<Json<Counts>> {
        actions::counts(&cx, mine.0).await.map(Json)
    }
}
