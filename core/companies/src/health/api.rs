//! Health over HTTP.
use super::{actions, db, model::CompanyHealth};
use crate::{Read, Tags, companies::CompanyId};
use kernel::{Cx, Result};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct HealthApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl HealthApi {
    /// Get how a company is doing
    ///
    /// A score of 0 to 100 and the parts it is made of, each with what was found. Only records that exist count: what
    /// happened with the company and its people (what is planned counts from when it happens), who they are, and when the
    /// contract renews. Days are those of the account's zone. What is not known counts neither way; without a sign of the
    /// relationship, and after it has ended, there is no score. It is counted as you ask; lists and reports say the same a
    /// moment after something has happened.
    #[oai(path = "/companies/:id/health", method = "get")]
    async fn get_company_health(&self, cx: Cx<Read>, id: Path<CompanyId>) -> Result<Json<CompanyHealth>> {
        let owners = cx.visible_owners();
        let (health, is_kept) = cx.read(async |tx| db::one(tx, id.0, &owners).await).await?;
        if !is_kept {
            // A job counts it: whoever reads waits for nobody who holds the company.
            cx.write(async |tx| actions::note(tx, &[id.0]).await).await?;
        }
        Ok(Json(health))
    }
}
