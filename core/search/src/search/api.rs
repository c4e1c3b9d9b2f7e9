//! The search over HTTP.
use super::{
    actions,
    model::{Question, SearchAnswer, SearchKind},
};
use crate::Tags;
use kernel::{Cx, Result, auth::SignedIn};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct SearchApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Search")]
impl SearchApi {
    /// Search everything that has words
    ///
    /// Finds what has all the words, wherever they stand in it; upper and lower case and accents do not count. A word of one or two
    /// letters is looked for where words begin. When a kind has nothing with the words, they are looked for with a mistake in each:
    /// a letter too many, too few or another one, or two that changed places; among the newest rows, and among all of them for a
    /// moment. Each kind answers as far as the permission reaches that lists it, and not at all when that is missing or its
    /// module is off.
    #[oai(path = "/search", method = "get")]
    async fn search(
        &self,
        cx: Cx<SignedIn>,
        /// The words, 1 to 100 characters.
        q: Query<String>,
        /// Kinds to look through, with commas between them: `notes,mails`. All of them when absent.
        kinds: Query<Option<String>>,
        /// Rows of each kind, 1 to 20; 6 when absent.
        limit: Query<Option<u32>>,
    ) -> Result<Json<SearchAnswer>> {
        let question = Question::new(&q.0, limit.0)?;
        let kinds = SearchKind::list(kinds.0.as_deref())?;
        actions::search(&cx, &question, &kinds).await.map(Json)
    }
}
