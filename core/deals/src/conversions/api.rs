//! Conversions over HTTP.
use super::{
    actions,
    model::{Conversion, NewConversion},
};
use crate::{Tags, Write, deals::reach};
use contacts::ContactId;
use kernel::{Cx, Result, http::Created};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct ConversionsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl ConversionsApi {
    /// Make a deal of a contact
    ///
    /// A new one that takes title, company, owner and source from the contact where nothing else is said; or a place on an open deal (409 `deal_closed`).
    /// The contact's stage follows the rule of the tenant. 422 `stage_requires` names the fields that the stage of the new deal asks for.
    #[oai(path = "/contacts/:id/conversions", method = "post")]
    async fn create_contact_conversion(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        body: Json<NewConversion>,
    ) -> Result<Created<Conversion>> {
        let (reach, writes) = (reach(&cx), cx.visible_owners_of::<contacts::Write>());
        let prepared = actions::prepare(&cx, id.0, body.0, &reach).await?;
        cx.create(async |tx| actions::convert(tx, prepared, &reach, &writes).await).await
    }
}
