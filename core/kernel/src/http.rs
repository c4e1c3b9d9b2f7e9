//! HTTP around the modules: request ids, body limits, problems, idempotency, conditional requests, rate limits, pages.
pub mod coding;
pub mod console;
mod dress;
pub mod openapi;
pub mod traffic;

use crate::{
    Error, Result,
    clock::random_bytes,
    crypto::{hex, sha256},
    db::{Query, Sql},
    error::{Kind, problem},
    module::App,
    sql,
};
use poem::{
    Body, Endpoint, EndpointExt, Request, Response,
    http::{HeaderValue, StatusCode, header},
};
use poem_openapi::{
    ApiResponse, Object,
    payload::Json,
    types::{ParseFromJSON, ToJSON},
};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Instant,
};
use tracing::Instrument;

/// One page of a list.
#[derive(Object, Debug, Clone)]
pub struct Page<T: ParseFromJSON + ToJSON + Send + Sync> {
    /// The rows, in order.
    pub items: Vec<T>,
    /// Send it as `cursor` for the next page; absent on the last one.
    pub next_cursor: Option<String>,
}

/// 201 with the new thing.
#[derive(ApiResponse)]
pub enum Created<T: ToJSON> {
    /// Made.
    #[oai(status = 201)]
    Created(Json<T>),
}

/// 201 with a new thing, or 200 with one that was there.
#[derive(ApiResponse)]
pub enum Upserted<T: ToJSON> {
    /// It was there, and says now what was sent.
    #[oai(status = 200)]
    Known(Json<T>),
    /// Made.
    #[oai(status = 201)]
    Created(Json<T>),
}

/// 200 with an `ETag` for `If-Match`.
#[derive(ApiResponse)]
pub enum Tagged<T: ToJSON> {
    /// The thing and its version.
    #[oai(status = 200)]
    Ok(
        Json<T>,
        /** Version of the thing; send it back as If-Match. */
        #[oai(header = "ETag")]
        String,
    ),
}

impl<T: ToJSON> Tagged<T> {
    /// The thing in its version.
    pub fn of(thing: T, version: i64) -> Self {
        Tagged::Ok(Json(thing), etag(version))
    }
}

/// 204.
#[derive(ApiResponse)]
pub enum NoContent {
    /// Done.
    #[oai(status = 204)]
    Done,
}

/// 202: a job was started.
#[derive(ApiResponse)]
pub enum Accepted<T: ToJSON> {
    /// Started; the body says where to look.
    #[oai(status = 202)]
    Accepted(Json<T>),
}

/// The ETag of a version.
pub fn etag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// Compares `If-Match` with the version at hand; 412 when it names another one. Absent or `*` means "whatever it is".
pub fn check_if_match(if_match: Option<&str>, version: i64) -> Result<()> {
    match if_match {
        None | Some("*") => Ok(()),
        Some(tags) if tags.split(',').any(|tag| tag.trim() == etag(version)) => Ok(()),
        Some(_) => Err(Kind::Stale.into()),
    }
}

/// What handlers need to know of the request.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// `X-Request-Id`, ours or the caller's.
    pub id: String,
    /// The name that was called, in lower case, without a port and without a dot at the end; empty when none was.
    pub host: String,
    /// The caller's address, behind trusted proxies.
    pub ip: IpAddr,
    /// `User-Agent`, at most 300 characters.
    pub user_agent: String,
    /// Method and path, for idempotency scopes.
    pub operation: String,
    /// The `Idempotency-Key` with the hash of the body.
    pub idempotency: Option<IdempotencyKey>,
    /// SHA-256 of the body, lower-case hexadecimal.
    pub body_hash: String,
    cookies: Arc<str>,
    rate: Arc<Mutex<Option<RateStatus>>>,
    set_cookies: Arc<Mutex<Vec<HeaderValue>>>,
}

/// `Idempotency-Key` and what it was sent with.
#[derive(Debug, Clone)]
pub struct IdempotencyKey {
    /// The key.
    pub key: String,
    /// SHA-256 of the body.
    pub hash: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct RateStatus {
    limit: u32,
    remaining: u32,
    reset: u64,
}

impl RequestInfo {
    /// Put into the request by [`around`].
    pub fn of(req: &Request) -> Self {
        req.extensions().get::<RequestInfo>().cloned().unwrap_or_else(|| RequestInfo {
            id: String::new(),
            host: String::new(),
            ip: IpAddr::from([0, 0, 0, 0]),
            user_agent: String::new(),
            operation: String::new(),
            idempotency: None,
            body_hash: String::new(),
            cookies: "".into(),
            rate: Arc::default(),
            set_cookies: Arc::default(),
        })
    }

    /// The network of the caller: the address, or the /64 of an IPv6 address.
    pub fn ip_prefix(&self) -> String {
        match self.ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => {
                let s = ip.segments();
                format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3])
            }
        }
    }

    /// A cookie of the caller.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let mut pairs = self.cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Adds a `Set-Cookie` to the answer, whatever it will be.
    pub fn set_cookie(&self, cookie: &str) -> Result<()> {
        let cookie = HeaderValue::from_str(cookie).map_err(Error::internal)?;
        self.set_cookies.lock().unwrap_or_else(|p| p.into_inner()).push(cookie);
        Ok(())
    }

    /// Counts one request against a per-minute limit.
    pub fn limit(&self, app: &App, key: &str, per_minute: u32) -> Result<()> {
        let (allowed, remaining, reset) = app.limits.minute(key, per_minute);
        *self.rate.lock().unwrap_or_else(|p| p.into_inner()) = Some(RateStatus { limit: per_minute, remaining, reset });
        if allowed { Ok(()) } else { Err(Error::limited(reset.max(1))) }
    }

    /// Counts one attempt against a limit per 15 minutes.
    pub fn limit_slow(&self, app: &App, key: &str, per_quarter_hour: u32) -> Result<()> {
        let (allowed, remaining, reset) = app.limits.quarter_hour(key, per_quarter_hour);
        *self.rate.lock().unwrap_or_else(|p| p.into_inner()) =
            Some(RateStatus { limit: per_quarter_hour, remaining, reset });
        if allowed { Ok(()) } else { Err(Error::limited(reset.max(1))) }
    }
}

/// Claims an idempotency key in the transaction of the write. A second request with the key waits here for the first
/// one's commit, then gets its answer again; another body under the same key is refused.
pub async fn claim_key(tx: &mut Query, scope: &str, key: &IdempotencyKey) -> Result<()> {
    const CLAIM: Sql = sql!(
        "insert into ops.idempotency_keys (tenant, scope, key, request_hash) values (case when current_user like 't\\_%' then current_user else '' end, $1, $2, $3) on conflict do nothing"
    );
    const KEPT: Sql = sql!(
        "select request_hash, status, body from ops.idempotency_keys where tenant = (case when current_user like 't\\_%' then current_user else '' end) and scope = $1 and key = $2"
    );
    if tx.exec(CLAIM, &[&scope, &key.key, &key.hash]).await? == 1 {
        return Ok(());
    }
    let kept: KeptAnswer = tx.row(KEPT, &[&scope, &key.key]).await?;
    if kept.request_hash != key.hash {
        return Err(Error::invalid(
            "/",
            "idempotency_key_reused",
            "This Idempotency-Key was used with another body. Take a new key.",
        ));
    }
    Err(Kind::Replay { status: kept.status.unwrap_or(200).cast_unsigned(), body: kept.body }.into())
}

crate::row! {
    struct KeptAnswer { request_hash: Vec<u8>, status: Option<i16>, body: Option<serde_json::Value> }
}

/// Keeps the answer for the key, in the same transaction.
pub async fn keep_answer(
    tx: &mut Query,
    scope: &str,
    key: &IdempotencyKey,
    status: u16,
    body: Option<serde_json::Value>,
) -> Result<()> {
    const KEEP: Sql = sql!(
        "update ops.idempotency_keys set status = $3, body = $4 where tenant = (case when current_user like 't\\_%' then current_user else '' end) and scope = $1 and key = $2"
    );
    tx.exec_one(KEEP, &[&scope, &key.key, &status.cast_signed(), &body]).await
}

/// In-memory request counters with bounded memory.
pub struct Limits {
    clock: crate::clock::Clock,
    windows: moka::sync::Cache<String, Arc<Mutex<(i64, u32)>>>,
}

impl Limits {
    /// Empty counters.
    pub fn new(clock: crate::clock::Clock) -> Self {
        Limits {
            clock,
            windows: moka::sync::Cache::builder()
                .max_capacity(200_000)
                .time_to_idle(std::time::Duration::from_secs(1800))
                .build(),
        }
    }
    fn minute(&self, key: &str, limit: u32) -> (bool, u32, u64) {
        self.count(key, limit, 60)
    }
    fn quarter_hour(&self, key: &str, limit: u32) -> (bool, u32, u64) {
        self.count(key, limit, 900)
    }
    /// Generic cell rate algorithm (as governor does), on the injected clock: the stored number is the theoretical
    /// arrival time in milliseconds, so a caller regains one request each `seconds / limit`.
    fn count(&self, key: &str, limit: u32, seconds: i64) -> (bool, u32, u64) {
        let limit = i64::from(limit.max(1));
        let now = self.clock.now().timestamp_millis();
        let (cell, burst) = ((seconds * 1000 / limit).max(1), seconds * 1000);
        let slot = self.windows.get_with_by_ref(key, || Arc::new(Mutex::new((now, 0))));
        let mut slot = slot.lock().unwrap_or_else(|p| p.into_inner());
        let arrival = slot.0.max(now);
        if arrival + cell - now > burst {
            return (false, 0, ((arrival + cell - burst - now) as u64).div_ceil(1000));
        }
        slot.0 = arrival + cell;
        let remaining = (burst - (slot.0 - now)) / cell;
        (true, u32::try_from(remaining).unwrap_or(0), ((slot.0 - now) as u64).div_ceil(1000))
    }
}

fn client_ip(req: &Request, trusted: &[ipnet::IpNet]) -> IpAddr {
    let peer = req.remote_addr().as_socket_addr().map_or(IpAddr::from([0, 0, 0, 0]), |a| a.ip());
    if !trusted.iter().any(|net| net.contains(&peer)) {
        return peer;
    }
    // The right-most address that is not a trusted proxy; anything further left was written by the caller.
    req.header("x-forwarded-for")
        .into_iter()
        .flat_map(|h| h.rsplit(','))
        .filter_map(|part| part.trim().parse::<IpAddr>().ok())
        .find(|ip| !trusted.iter().any(|net| net.contains(ip)))
        .unwrap_or(peer)
}

/// The name in `Host`, or in the address of a request over HTTP/2.
fn called(req: &Request) -> String {
    let authority = req.header(header::HOST).or_else(|| req.uri().authority().map(|a| a.as_str())).unwrap_or_default();
    // An IPv6 address stands in brackets, which the port comes after.
    let name = match authority.rfind(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next().unwrap_or_default(),
    };
    name.trim_end_matches('.').to_ascii_lowercase()
}

async fn read_body(req: &mut Request, app: &App) -> Result<Vec<u8>> {
    let kind = req.content_type().unwrap_or("").to_ascii_lowercase();
    let large = kind.starts_with("multipart/") || kind.starts_with("application/octet-stream");
    let limit = if large { app.config.limits.file_bytes } else { app.config.limits.body_bytes };
    if req.header("content-length").and_then(|l| l.parse::<usize>().ok()).is_some_and(|l| l > limit) {
        return Err(Kind::TooLarge { limit }.into());
    }
    req.take_body().into_bytes_limit(limit).await.map(|b| b.to_vec()).map_err(|e| match e {
        poem::error::ReadBodyError::PayloadTooLarge => Kind::TooLarge { limit }.into(),
        other => Error::bad_request("body_unreadable", other.to_string()),
    })
}

async fn prepare(req: &mut Request, app: &App, trusted: &[ipnet::IpNet]) -> Result<()> {
    let given = req.header("x-request-id").filter(|id| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    });
    let id = given.map_or_else(|| hex(&random_bytes::<8>()), str::to_owned);
    let mut info = RequestInfo {
        id,
        host: called(req),
        ip: client_ip(req, trusted),
        user_agent: req.header("user-agent").unwrap_or("").chars().take(300).collect(),
        operation: format!("{} {}", req.method(), req.uri().path()),
        cookies: req.header("cookie").unwrap_or_default().into(),
        ..RequestInfo::of(req)
    };
    req.extensions_mut().insert(info.clone());
    if req.header("content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        // RFC 9110 15.5.16. Unpacked, a small body may be any size.
        return Err(Kind::CodingUnsupported.into());
    }
    if !matches!(req.method().as_str(), "GET" | "HEAD" | "OPTIONS") {
        let body = read_body(req, app).await?;
        info.body_hash = hex(&sha256(&body));
        if let Some(key) = req.header("idempotency-key") {
            if !(1..=255).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Error::bad_request(
                    "idempotency_key_invalid",
                    "Idempotency-Key takes 1 to 255 visible ASCII characters.",
                ));
            }
            info.idempotency = Some(IdempotencyKey { key: key.to_owned(), hash: sha256(&body).to_vec() });
        }
        req.set_body(Body::from(body));
    }
    req.extensions_mut().insert(info);
    Ok(())
}

/// Wraps the routes of a program: everything that every request shares.
pub fn around<E: Endpoint + 'static>(app: Arc<App>, endpoint: E) -> impl Endpoint<Output = Response> {
    let trusted: Arc<Vec<ipnet::IpNet>> =
        Arc::new(app.config.server.trusted_proxies.iter().filter_map(|p| p.parse().ok()).collect());
    let state = app.clone();
    endpoint
        .map_to_response()
        .catch_all_error(|error: poem::Error| async move { render(error) })
        .around(move |endpoint, mut req: Request| {
            let (app, trusted) = (app.clone(), trusted.clone());
            async move {
                let started = Instant::now();
                let method = req.method().clone();
                let prepared = prepare(&mut req, &app, &trusted).await;
                let info = RequestInfo::of(&req);
                let path = req.uri().path().to_owned();
                // Whoever looks whether the program is there is no traffic.
                let watched = matches!(path.as_str(), "/healthz" | "/readyz" | "/metrics");
                let span = tracing::info_span!("request", id = info.id, %method, path, tenant = tracing::field::Empty);
                let mut response = async {
                    match prepared {
                        Ok(()) => endpoint.call(req).await.unwrap_or_else(render),
                        Err(error) => render(error.into()),
                    }
                }
                .instrument(span)
                .await;
                finish(&mut response, &info, &app);
                let (status, took) = (response.status().as_u16(), started.elapsed());
                metrics::counter!("upzento_http_requests_total", "status" => status.to_string()).increment(1);
                metrics::histogram!("upzento_http_seconds").record(took.as_secs_f64());
                if !watched {
                    app.traffic.note(status, took);
                }
                Ok::<_, poem::Error>(response)
            }
        })
        .data(state)
        .map_to_response()
}

fn finish(response: &mut Response, info: &RequestInfo, app: &App) {
    let rate = *info.rate.lock().unwrap_or_else(|p| p.into_inner());
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&info.id) {
        headers.insert("X-Request-Id", id);
    }
    for cookie in info.set_cookies.lock().unwrap_or_else(|p| p.into_inner()).drain(..) {
        headers.append(header::SET_COOKIE, cookie);
    }
    if let Some(rate) = rate {
        headers.insert("RateLimit-Limit", rate.limit.into());
        headers.insert("RateLimit-Remaining", rate.remaining.into());
        headers.insert("RateLimit-Reset", rate.reset.into());
    }
    headers.entry("X-Content-Type-Options").or_insert(HeaderValue::from_static("nosniff"));
    headers.entry("Cache-Control").or_insert(HeaderValue::from_static("no-store"));
    headers.entry("Referrer-Policy").or_insert(HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.entry("X-Frame-Options").or_insert(HeaderValue::from_static("DENY"));
    if app.config.server.public_url.starts_with("https:") {
        headers.entry("Strict-Transport-Security").or_insert(HeaderValue::from_static("max-age=31536000"));
    }
}

/// Any error of the framework as a problem document.
fn render(error: poem::Error) -> Response {
    if error.is_from_response() || error.is::<Error>() {
        return error.into_response();
    }
    let status = error.status();
    let text = error.to_string();
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => ("not_found", "There is nothing at this address.".to_owned()),
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "The path has no such method.".to_owned()),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("content_type_unsupported", text),
        StatusCode::UNAUTHORIZED => ("credential_missing", "Sign in, or send a valid token or API key.".to_owned()),
        s if s.is_client_error() => ("request_invalid", text),
        _ => {
            tracing::error!(error = %text, "unhandled");
            return problem(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something went wrong on our side. The request id helps us find it.".into(),
                vec![],
            );
        }
    };
    problem(status, code, detail, vec![])
}

/// Sets TCP_NODELAY on every accepted connection; the framework leaves Nagle's algorithm on, which delays small answers.
pub struct NoDelay<A>(pub A);

impl<A: poem::listener::Acceptor<Io = tokio::net::TcpStream>> poem::listener::Acceptor for NoDelay<A> {
    type Io = tokio::net::TcpStream;
    fn local_addr(&self) -> Vec<poem::web::LocalAddr> {
        self.0.local_addr()
    }
    async fn accept(
        &mut self,
    ) -> std::io::Result<(Self::Io, poem::web::LocalAddr, poem::web::RemoteAddr, poem::http::uri::Scheme)> {
        let accepted = self.0.accept().await?;
        accepted.0.set_nodelay(true)?;
        Ok(accepted)
    }
}
