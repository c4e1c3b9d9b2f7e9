//! What was bought, over HTTP.
use super::{db, model::ClientServices};
use crate::{
    Read, Tags, client_values,
    exchange_rates::{rates, today},
};
use companies::CompanyId;
use contacts::ContactId;
use kernel::{Cx, Result};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct ServicesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Deals")]
impl ServicesApi {
    /// What a company bought
    ///
    /// Services and projects of won deals that the caller may see; 404 when the company is out of his reach.
    #[oai(path = "/companies/:id/services", method = "get")]
    async fn get_company_services(&self, cx: Cx<Read>, id: Path<CompanyId>) -> Result<Json<ClientServices>> {
        let (of, owners, client) = (cx.visible_owners_of::<companies::Read>(), cx.visible_owners(), (Some(id.0), None));
        let bought = cx.read(async |tx| {
            companies::require(tx, id.0, &of).await?;
            let services = db::services(tx, client, &owners).await?;
            Ok(ClientServices { services, projects: db::projects(tx, client, &owners).await?, value: None })
        });
        bought.await.map(Json)
    }

    /// What a person bought
    ///
    /// The same of a contact, for deals that belong to no company, and what they are worth.
    #[oai(path = "/contacts/:id/services", method = "get")]
    async fn get_contact_services(&self, cx: Cx<Read>, id: Path<ContactId>) -> Result<Json<ClientServices>> {
        let (of, owners, client) = (cx.visible_owners_of::<contacts::Read>(), cx.visible_owners(), (None, Some(id.0)));
        let bought = cx.read(async |tx| {
            contacts::require(tx, id.0, &of).await?;
            let items = client_values::won_items_of_contact(tx, id.0, &owners).await?;
            let rates = rates(tx, items.iter().map(|item| item.currency.as_str())).await?;
            let value = Some(client_values::value_of(&items, &rates, today(tx)));
            let services = db::services(tx, client, &owners).await?;
            Ok(ClientServices { services, projects: db::projects(tx, client, &owners).await?, value })
        });
        bought.await.map(Json)
    }
}
