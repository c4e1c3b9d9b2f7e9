//! How long clients try their plan.
use super::{actions, model::TrialChoice};
use crate::{
    Tag, WriteClients,
    clients::{actions::agency, model::Client},
};
use kernel::{Cx, Result, ids::TenantId};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct TrialsApi;

#[OpenApi(tag = "Tag::Clients")]
impl TrialsApi {
    /// Say how long a client tries its plan
    ///
    /// Its owners are told a week and a day before the end, and at the end. Then its state is "trial over" to whoever is
    /// above, and nothing else happens: whoever wants it to stand still suspends it.
    #[oai(path = "/v1/clients/:id/trial", method = "put", operation_id = "set_client_trial")]
    async fn set_client_trial(
        &self,
        cx: Cx<WriteClients>,
        id: Path<TenantId>,
        body: Json<TrialChoice>,
    ) -> Result<Json<Client>> {
        agency(&cx.tenant)?;
        cx.control(async |tx| actions::set_for_client(tx, &cx.tenant, id.0, &body.0).await).await.map(Json)
    }
}
