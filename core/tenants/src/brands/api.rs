//! How the account looks.
use super::{
    actions,
    model::{Brand, NewBrand},
};
use crate::{Read, Tag, Write};
use kernel::{
    Cx, Result,
    http::{NoContent, Tagged},
};
use poem_openapi::{OpenApi, param::Header, payload::Json};

pub(crate) struct BrandsApi;

#[OpenApi(tag = "Tag::Account")]
impl BrandsApi {
    /// How the account looks
    #[oai(path = "/v1/brand", method = "get", operation_id = "get_brand")]
    async fn get_brand(&self, cx: Cx<Read>) -> Result<Tagged<Brand>> {
        let brand = cx.control(async |tx| actions::get(tx, cx.tenant.id).await).await?;
        let version = brand.version;
        Ok(Tagged::of(brand, version))
    }

    /// Set how the account looks
    ///
    /// Text must be readable: a pair of colours with a contrast below 4.5 is refused.
    #[oai(path = "/v1/brand", method = "put", operation_id = "put_brand")]
    async fn put_brand(
        &self,
        cx: Cx<Write>,
        body: Json<NewBrand>,
        /// ETag of the version the change is based on.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Tagged<Brand>> {
        let (tenant, tag) = (cx.tenant.id, if_match.0.as_deref());
        let brand = cx.control(async |tx| actions::put(tx, tenant, body.0.clone(), tag).await).await?;
        let version = brand.version;
        Ok(Tagged::of(brand, version))
    }

    /// Look like the agency again
    #[oai(path = "/v1/brand", method = "delete", operation_id = "delete_brand")]
    async fn delete_brand(&self, cx: Cx<Write>) -> Result<NoContent> {
        cx.control(async |tx| actions::delete(tx, cx.tenant.id).await).await?;
        Ok(NoContent::Done)
    }
}
