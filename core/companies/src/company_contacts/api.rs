//! The people of companies over HTTP.
use super::{
    actions::{self, Reach},
    db,
    model::{CompanyContact, CompanyContactRoles, ContactCompany},
};
use crate::{
    Read, Tags, Write,
    companies::{self, CompanyId},
};
use contacts::ContactId;
use kernel::{
    Cx, Result,
    auth::Permission,
    db::ListQuery,
    http::{NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct CompanyContactsApi;

fn reach<P: Permission>(cx: &Cx<P>) -> Reach {
    Reach { companies: cx.visible_owners(), contacts: cx.visible_owners_of::<contacts::Read>() }
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Companies")]
impl CompanyContactsApi {
    /// List the people of a company
    ///
    /// Those whom the caller may see as contacts. Filters: name, role, primary, created_at. Sorts: name, created_at.
    #[oai(path = "/companies/:id/contacts", method = "get")]
    async fn list_company_contacts(
        &self,
        cx: Cx<Read>,
        id: Path<CompanyId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<CompanyContact>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let reach = reach(&cx);
        let page = cx.read(async |tx| {
            companies::require(tx, id.0, &reach.companies).await?;
            db::people(tx, id.0, &query, &reach.contacts).await
        });
        page.await.map(Json)
    }

    /// Put somebody among a company's people
    ///
    /// Or give him other roles there. Whoever was asked first is not any more when this one is.
    #[oai(path = "/companies/:id/contacts/:contact_id", method = "put")]
    async fn set_company_contact(
        &self,
        cx: Cx<Write>,
        id: Path<CompanyId>,
        contact_id: Path<ContactId>,
        /// `"v…"` of the version you have read; 412 when the roles have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<CompanyContactRoles>,
    ) -> Result<Tagged<CompanyContact>> {
        let (reach, tag) = (reach(&cx), if_match.0.as_deref());
        let put = cx.write(async |tx| actions::put(tx, id.0, contact_id.0, &body.0, tag, &reach).await);
        let person = put.await?;
        let version = person.version;
        Ok(Tagged::of(person, version))
    }

    /// Take somebody out of a company
    ///
    /// The contact stays.
    #[oai(path = "/companies/:id/contacts/:contact_id", method = "delete")]
    async fn delete_company_contact(
        &self,
        cx: Cx<Write>,
        id: Path<CompanyId>,
        contact_id: Path<ContactId>,
        /// `"v…"` of the version you have read; 412 when the roles have changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let (reach, tag) = (reach(&cx), if_match.0.as_deref());
        cx.write(async |tx| actions::delete(tx, id.0, contact_id.0, tag, &reach).await).await?;
        Ok(NoContent::Done)
    }

    /// List the companies of a contact
    ///
    /// Those that the contact is one of the people of. Filters: name, status, role, created_at. Sorts: name, created_at.
    #[oai(path = "/contacts/:id/companies", method = "get")]
    async fn list_contact_companies(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<ContactCompany>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let reach = reach(&cx);
        let page = cx.read(async |tx| {
            contacts::require(tx, id.0, &reach.contacts).await?;
            db::companies(tx, id.0, &query, &reach.companies).await
        });
        page.await.map(Json)
    }
}
