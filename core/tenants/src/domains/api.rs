//! The account's own domains.
use super::{
    actions,
    model::{Domain, DomainId, NewDomain},
};
use crate::{Read, Tag, Write};
use kernel::{
    Cx, Result,
    http::{Created, NoContent, Tagged},
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};

/// Looks at the DNS a minute that people of an account may ask for.
const LOOKS: u32 = 20;

pub(crate) struct DomainsApi;

#[OpenApi(tag = "Tag::Account")]
impl DomainsApi {
    /// Own domains
    #[oai(path = "/v1/domains", method = "get", operation_id = "list_domains")]
    async fn list_domains(&self, cx: Cx<Read>) -> Result<Json<Vec<Domain>>> {
        cx.control(async |tx| actions::list(tx, cx.tenant.id).await).await.map(Json)
    }

    /// Add an own domain
    ///
    /// The console is served under it as soon as its records stand in the DNS: one proves whose it is, the other leads here. They
    /// are looked for every minute at first, then less often, for two weeks. The first domain that is proven is the one that
    /// links in mails name. 409 `domain_taken` when another account has proven the name, 403 `plan_limit` when
    /// the plan has no room for another one.
    #[oai(path = "/v1/domains", method = "post", operation_id = "create_domain")]
    async fn create_domain(&self, cx: Cx<Write>, body: Json<NewDomain>) -> Result<Created<Domain>> {
        cx.control_create(async |tx| actions::add(tx, cx.tenant.id, &body.0).await).await
    }

    /// An own domain
    #[oai(path = "/v1/domains/:id", method = "get", operation_id = "get_domain")]
    async fn get_domain(&self, cx: Cx<Read>, id: Path<DomainId>) -> Result<Tagged<Domain>> {
        let domain = cx.control(async |tx| actions::get(tx, cx.tenant.id, id.0).await).await?;
        let version = domain.version;
        Ok(Tagged::of(domain, version))
    }

    /// Look at a domain's records now
    #[oai(path = "/v1/domains/:id/look", method = "post", operation_id = "look_at_domain")]
    async fn look_at_domain(&self, cx: Cx<Write>, id: Path<DomainId>) -> Result<Json<Domain>> {
        cx.request.limit(&cx.app, &format!("domain-looks/{}", cx.tenant.id), LOOKS)?;
        actions::look(&cx.app, cx.context(), cx.tenant.id, id.0).await.map(Json)
    }

    /// Let links in mails name a domain
    #[oai(path = "/v1/domains/:id/primary", method = "put", operation_id = "make_domain_primary")]
    async fn make_domain_primary(
        &self,
        cx: Cx<Write>,
        id: Path<DomainId>,
        /// ETag of the version the change is based on.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Tagged<Domain>> {
        let (tenant, tag) = (cx.tenant.id, if_match.0.as_deref());
        let domain = cx.control(async |tx| actions::make_primary(tx, tenant, id.0, tag).await).await?;
        cx.app.changes.forget(Change::Tenant(tenant));
        let version = domain.version;
        Ok(Tagged::of(domain, version))
    }

    /// Remove an own domain
    ///
    /// Nothing is served under it any more, and links that were sent with it lead nowhere. Whoever is signed in there signs in
    /// elsewhere, and passkeys that were made there are of no use.
    #[oai(path = "/v1/domains/:id", method = "delete", operation_id = "remove_domain")]
    async fn remove_domain(&self, cx: Cx<Write>, id: Path<DomainId>) -> Result<NoContent> {
        cx.control(async |tx| actions::remove(tx, cx.tenant.id, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        Ok(NoContent::Done)
    }
}
