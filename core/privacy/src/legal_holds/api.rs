//! Legal holds over HTTP.
use crate::{ManageRequests, Tags};
use contacts::ContactId;
use kernel::{Cx, Error, Result, http::NoContent};
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};

pub(crate) struct LegalHoldsApi;

/// Why a contact must be kept.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
struct NewLegalHold {
    /// 1 to 500 characters.
    #[oai(validator(min_length = 1, max_length = 500))]
    reason: String,
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Privacy")]
impl LegalHoldsApi {
    /// Put a contact under legal hold
    ///
    /// It can be neither deleted nor erased until the hold ends.
    #[oai(path = "/contacts/:id/legal-hold", method = "put")]
    async fn set_legal_hold(
        &self,
        cx: Cx<ManageRequests>,
        id: Path<ContactId>,
        body: Json<NewLegalHold>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        let reason = body.0.reason.trim();
        if reason.is_empty() {
            return Err(Error::invalid("/reason", "required", "A reason is needed."));
        }
        cx.write(async |tx| contacts::set_hold(tx, id.0, Some(reason), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// End a legal hold
    #[oai(path = "/contacts/:id/legal-hold", method = "delete")]
    async fn delete_legal_hold(&self, cx: Cx<ManageRequests>, id: Path<ContactId>) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| contacts::set_hold(tx, id.0, None, &owners).await).await?;
        Ok(NoContent::Done)
    }
}
