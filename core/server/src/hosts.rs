//! Which console a request is for, by the name it called; and what the proxy in front asks before it gets a certificate.
use kernel::{App, Result, http::RequestInfo};
use poem::{
    Endpoint, IntoResponse, Request, Response,
    error::NotFoundError,
    handler,
    http::StatusCode,
    web::{Data, Query},
};
use serde::Deserialize;
use std::sync::Arc;
use tenants::domains::{Place, place};

/// Questions a minute that are answered: a proxy remembers, and one that asks for every name a stranger makes up is not to
/// keep the database busy.
const ASKED: u32 = 600;
/// What a program serves for its operators, in the platform's name.
const OURS: [&str; 4] = ["/docs", "/openapi.json", "/metrics", "/internal"];

/// Puts what the console wears beside a request for an own domain, and refuses names that are nobody's.
pub async fn route<E: Endpoint>(app: Arc<App>, endpoint: Arc<E>, mut req: Request) -> poem::Result<Response>
where
    E::Output: IntoResponse,
{
    match place(&app, &RequestInfo::of(&req).host).await? {
        Place::Platform => {}
        Place::Own(_) if OURS.iter().any(|own| req.uri().path().starts_with(own)) => return Err(NotFoundError.into()),
        Place::Own(front) => {
            req.extensions_mut().insert(front.dress.clone());
        }
        Place::Nowhere => return Ok(nowhere()),
    }
    endpoint.call(req).await.map(IntoResponse::into_response)
}

/// RFC 9110 15.5.20.
fn nowhere() -> Response {
    Response::builder()
        .status(StatusCode::MISDIRECTED_REQUEST)
        .content_type("text/plain; charset=utf-8")
        .body("Nothing is served under this name.\n")
}

/// A question about a name.
#[derive(Deserialize)]
struct Asked {
    domain: String,
}

/// 200 when there is to be a certificate for a name: it is somebody's own domain and served. Only the proxy in front may ask.
#[handler]
pub async fn ask(req: &Request, app: Data<&Arc<App>>, asked: Query<Asked>) -> poem::Result<StatusCode> {
    let (app, info) = (app.0, RequestInfo::of(req));
    let mut trusted = app.config.server.trusted_proxies.iter().filter_map(|net| net.parse::<ipnet::IpNet>().ok());
    if !info.ip.is_loopback() && !trusted.any(|net| net.contains(&info.ip)) {
        return Err(NotFoundError.into());
    }
    info.limit(app, "domains-asked", ASKED)?;
    let served = is_served(app, &asked.domain).await?;
    Ok(if served { StatusCode::OK } else { StatusCode::NOT_FOUND })
}

async fn is_served(app: &Arc<App>, domain: &str) -> Result<bool> {
    let name = domain.trim_end_matches('.').to_ascii_lowercase();
    Ok(matches!(place(app, &name).await?, Place::Own(_)))
}
