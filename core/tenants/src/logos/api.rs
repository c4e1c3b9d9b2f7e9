//! Logos over HTTP.
use super::{
    actions, db,
    model::{Logo, LogoId, NewLogo},
};
use crate::{Tag, Write};
use kernel::{App, Cx, Result, http::Created, http::RequestInfo};
use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::Path,
    payload::{Binary, Json},
};

pub(crate) struct LogosApi;

#[derive(ApiResponse)]
pub(crate) enum Picture {
    /// The picture.
    #[oai(status = 200)]
    Ok(
        Binary<Vec<u8>>,
        /** Type of the picture. */
        #[oai(header = "Content-Type")]
        String,
        /** It never changes. */
        #[oai(header = "Cache-Control")]
        String,
        /** Pages of other websites may show it. */
        #[oai(header = "Cross-Origin-Resource-Policy")]
        String,
        /** Nothing in it may run. */
        #[oai(header = "Content-Security-Policy")]
        String,
    ),
}

#[OpenApi(tag = "Tag::Account")]
impl LogosApi {
    /// Upload a logo
    ///
    /// The answer says where anybody can see it; put that into the brand. Of logos that no brand shows, the last five
    /// are kept.
    #[oai(path = "/v1/logos", method = "post", operation_id = "create_logo")]
    async fn create_logo(&self, cx: Cx<Write>, body: Json<NewLogo>) -> Result<Created<Logo>> {
        cx.control_create(async |tx| actions::create(tx, cx.tenant.id, &body.0).await).await
    }

    /// A logo
    #[oai(path = "/v1/logos/:id", method = "get", operation_id = "get_logo")]
    async fn get_logo(&self, request: &Request, id: Path<LogoId>) -> Result<Picture> {
        let app = App::of(request)?;
        let info = RequestInfo::of(request);
        info.limit(&app, &format!("ip/{}", info.ip_prefix()), app.config.limits.public_per_minute)?;
        let found = app.control(app.system(info.id), async |tx| db::content(tx, id.0).await).await?;
        Ok(Picture::Ok(
            Binary(found.content),
            found.kind,
            "public, max-age=31536000, immutable".into(),
            "cross-origin".into(),
            "sandbox; default-src 'none'".into(),
        ))
    }
}
