//! Scores over HTTP.
use super::{
    actions,
    model::{ContactScore, NewScoring, Scoring, ScoringPreview},
};
use crate::{Read, Tags, Write};
use contacts::ContactId;
use kernel::{Cx, Error, Result, auth::Level, http::Tagged};
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};

pub(crate) struct ScoringApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Scores")]
impl ScoringApi {
    /// Get the rules of scores
    ///
    /// With how far contacts are counted since they changed.
    #[oai(path = "/scoring", method = "get")]
    async fn get_scoring(&self, cx: Cx<Read>) -> Result<Tagged<Scoring>> {
        let found = cx.read(async |tx| actions::find(tx).await).await?;
        let version = found.version;
        Ok(Tagged::of(found, version))
    }

    /// Replace the rules of scores
    ///
    /// Needs `scores.write` for everybody. All contacts are counted anew right afterwards; `counting` says whether that is still
    /// going on.
    #[oai(path = "/scoring", method = "put")]
    async fn replace_scoring(
        &self,
        cx: Cx<Write>,
        /// The ETag you have read; 412 when they have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewScoring>,
    ) -> Result<Tagged<Scoring>> {
        if cx.level != Level::All {
            return Err(Error::forbidden(
                "permission_missing",
                "Rules of scores are everybody's: scores.write for all.",
            ));
        }
        let changed = cx.write(async |tx| actions::replace(tx, body.0, if_match.0.as_deref()).await).await?;
        let version = changed.version;
        Ok(Tagged::of(changed, version))
    }

    /// Preview rules of scores
    ///
    /// How many contacts in reach are in each band now, and would be by other rules; of many contacts a random 2,000 are looked
    /// at. Nothing is kept.
    #[oai(path = "/scoring/preview", method = "post")]
    async fn preview_scoring(&self, cx: Cx<Read>, body: Json<NewScoring>) -> Result<Json<ScoringPreview>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.read(async |tx| actions::preview(tx, body.0, &owners).await).await.map(Json)
    }

    /// Get a contact's score and why
    ///
    /// Counted now: it says at once what the list of contacts says a moment later.
    #[oai(path = "/contacts/:id/score", method = "get")]
    async fn get_contact_score(&self, cx: Cx<Read>, id: Path<ContactId>) -> Result<Json<ContactScore>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.read(async |tx| actions::explain(tx, id.0, &owners).await).await.map(Json)
    }
}
