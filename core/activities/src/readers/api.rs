//! Readers over HTTP.
use super::{actions, model::Readers};
use crate::{
    Tags, Write,
    records::{Record, reach},
};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{Cx, Result};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct ReadersApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl ReadersApi {
    /// Read who may be named in a note about a contact
    ///
    /// Members whose permissions for activities and for contacts reach it.
    #[oai(path = "/contacts/:id/readers", method = "get")]
    async fn get_contact_readers(&self, cx: Cx<Write>, id: Path<ContactId>) -> Result<Json<Readers>> {
        actions::of(&cx, Record::Contact(id.0), &reach::<_, Write>(&cx)).await.map(Json)
    }

    /// Read who may be named in a note about a company
    ///
    /// Members whose permissions for activities and for companies reach it.
    #[oai(path = "/companies/:id/readers", method = "get")]
    async fn get_company_readers(&self, cx: Cx<Write>, id: Path<CompanyId>) -> Result<Json<Readers>> {
        actions::of(&cx, Record::Company(id.0), &reach::<_, Write>(&cx)).await.map(Json)
    }

    /// Read who may be named in a note about a deal
    ///
    /// Members whose permissions for activities and for deals reach it.
    #[oai(path = "/deals/:id/readers", method = "get")]
    async fn get_deal_readers(&self, cx: Cx<Write>, id: Path<DealId>) -> Result<Json<Readers>> {
        actions::of(&cx, Record::Deal(id.0), &reach::<_, Write>(&cx)).await.map(Json)
    }
}
