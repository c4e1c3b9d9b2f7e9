//! What was won with people, over HTTP.
use super::{
    db,
    model::{MOST, WonValues},
};
use crate::{Read, Tags};
use contacts::ContactId;
use kernel::{Cx, Error, Result};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct WonValuesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl WonValuesApi {
    /// Get what was won with people
    ///
    /// Of each person the sums of the won deals that he takes part in, those of companies too, by currency. Whoever is not there
    /// or out of reach is not in the answer, and neither are deals out of reach. 422 `count`.
    #[oai(path = "/won-values", method = "get")]
    async fn list_won_values(
        &self,
        cx: Cx<Read>,
        /// The people, 1 to 200.
        contact: Query<Vec<ContactId>>,
    ) -> Result<Json<WonValues>> {
        if !(1..=MOST).contains(&contact.0.len()) {
            return Err(Error::invalid("/contact", "count", format!("1 to {MOST} contacts.")));
        }
        let (of, reach) = (cx.visible_owners_of::<contacts::Read>(), cx.visible_owners());
        let items = cx.read(async |tx| db::won(tx, &contact.0, &of, &reach).await).await?;
        Ok(Json(WonValues { items }))
    }
}
