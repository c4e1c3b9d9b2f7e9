//! The answers that are not content: refusals, errors, limits. What they do not say matters as much as what they say.
use poem::{
    Response,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
};
use serde::Serialize;
use std::{sync::LazyLock, time::Duration};

/// `X-Robots-Tag`.
pub const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The document of a refusal. It names nothing and nobody; it only spares the host page a ten-second wait.
const REFUSED: &str = concat!(
    "<!doctype html><html lang=en><meta charset=utf-8><title>Not available</title>",
    "<script>parent.postMessage({upz:1,denied:true,code:\"origin\"},\"*\")</script>",
    "<p>This content is not available here.</p>"
);
const CLOSED: &str = concat!(
    "<!doctype html><html lang=en><meta charset=utf-8><title>Not available</title>",
    "<script>parent.postMessage({upz:1,denied:true,code:\"unavailable\"},\"*\")</script>",
    "<p>This content is not available at the moment.</p>"
);
const LIMITED: &str = concat!(
    "<!doctype html><html lang=en><meta charset=utf-8><title>Not available</title>",
    "<script>parent.postMessage({upz:1,denied:true,code:\"limit\"},\"*\")</script>",
    "<p>This content is not available at the moment.</p>"
);

struct Page {
    body: &'static str,
    policy: HeaderValue,
}

impl Page {
    fn new(body: &'static str) -> Self {
        let script =
            body.split_once("<script>").and_then(|(_, rest)| rest.split_once("</script>")).map_or("", |(s, _)| s);
        let hash = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, kernel::crypto::sha256(script.as_bytes()));
        let policy = format!("default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
        // Base64 and the words above are all visible ASCII.
        let policy = HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Page { body, policy }
    }

    fn answer(&self, status: StatusCode) -> Response {
        let mut response = plain(status, "text/html; charset=utf-8", self.body);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        response.headers_mut().insert(X_ROBOTS_TAG, HeaderValue::from_static("noindex"));
        response
    }
}

static REFUSED_PAGE: LazyLock<Page> = LazyLock::new(|| Page::new(REFUSED));
static CLOSED_PAGE: LazyLock<Page> = LazyLock::new(|| Page::new(CLOSED));
static LIMITED_PAGE: LazyLock<Page> = LazyLock::new(|| Page::new(LIMITED));

/// Seconds after which a closed edge should be asked again.
const RETRY: Duration = Duration::from_secs(5);

/// The headers of a fresh response, with room for all there will be: growing step by step costs more than filling.
pub fn room(response: &mut Response) -> &mut HeaderMap {
    let headers = response.headers_mut();
    *headers = HeaderMap::with_capacity(16);
    headers
}

fn plain(status: StatusCode, media: &'static str, body: impl Into<poem::Body>) -> Response {
    let mut response = Response::builder().status(status).body(body);
    let headers = room(&mut response);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// The refusal of a frame: the same bytes for an unknown widget, one that is off, and a page that is not allowed.
pub fn refused() -> Response {
    REFUSED_PAGE.answer(StatusCode::FORBIDDEN)
}

/// The refusal of something that is not a frame on a page at all.
pub fn refused_use() -> Response {
    let mut response = plain(StatusCode::FORBIDDEN, "text/plain", ());
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// A frame that cannot be decided at the moment.
pub fn closed() -> Response {
    retry(CLOSED_PAGE.answer(StatusCode::SERVICE_UNAVAILABLE), RETRY)
}

/// A frame for somebody who asks too often.
pub fn frame_limited(wait: Duration) -> Response {
    retry(LIMITED_PAGE.answer(StatusCode::TOO_MANY_REQUESTS), wait)
}

/// JSON for our own frames. Never with a CORS header: other origins must not read it.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // Bodies are structs of strings and numbers, which always serialise.
    let mut response = plain(status, "application/json", serde_json::to_vec(body).unwrap_or_default());
    response.headers_mut().insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// An error: `{"code": …}`.
pub fn code(status: StatusCode, code: &'static str) -> Response {
    #[derive(Serialize)]
    struct Body {
        code: &'static str,
    }
    json(status, &Body { code })
}

/// 429 with the time to wait.
pub fn limited(wait: Duration) -> Response {
    retry(code(StatusCode::TOO_MANY_REQUESTS, "limit"), wait)
}

/// 503 with the time to wait: the widget repeats it with the same `Idempotency-Key`.
pub fn unavailable() -> Response {
    retry(code(StatusCode::SERVICE_UNAVAILABLE, "unavailable"), RETRY)
}

/// 405 naming what would be allowed.
pub fn method(allow: &'static str) -> Response {
    let mut response = code(StatusCode::METHOD_NOT_ALLOWED, "method");
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

fn retry(mut response: Response, wait: Duration) -> Response {
    // Rounded up: a client that waits exactly so long must succeed.
    let seconds = wait.as_millis().div_ceil(1000).max(1) as u64;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
