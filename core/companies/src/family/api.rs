//! Families over HTTP.
use super::{db, model::CompanyFamily};
use crate::{
    Read, Tags,
    companies::{CompanyId, require},
};
use kernel::{Cx, Result};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct FamilyApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl FamilyApi {
    /// Get what a company belongs to, and what belongs to it
    ///
    /// Every company above it, and the sums of all companies below it, at whatever depth. Companies out of reach are counted in no
    /// sum, and those above are not named.
    #[oai(path = "/companies/:id/family", method = "get")]
    async fn get_company_family(&self, cx: Cx<Read>, id: Path<CompanyId>) -> Result<Json<CompanyFamily>> {
        let owners = cx.visible_owners();
        let family = cx.read(async |tx| {
            require(tx, id.0, &owners).await?;
            let above = db::above(tx, id.0, &owners).await?;
            Ok(CompanyFamily::of(above, db::below(tx, id.0, &owners).await?))
        });
        family.await.map(Json)
    }
}
