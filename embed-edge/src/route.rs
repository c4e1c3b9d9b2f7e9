//! Which question is it? Cheapest checks first: the host, the length, the method.
use crate::{Edge, actions::Action, assets::Name, reply};
use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderValue, Method, StatusCode, header},
};
use std::{sync::Arc, time::Instant};

/// Longest path and query.
const MAX_URI: usize = 2048;

/// The public face of the edge.
#[derive(Clone)]
pub struct Public(pub Arc<Edge>);

impl Endpoint for Public {
    type Output = Response;

    async fn call(&self, req: Request) -> Result<Response> {
        let began = Instant::now();
        let mut response = self.0.answer(req).await;
        self.0.answers.note(response.status().as_u16(), began.elapsed());
        if self.0.settings.scheme == "https" {
            let hsts = HeaderValue::from_static("max-age=63072000");
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, hsts);
        }
        Ok(response)
    }
}

impl Edge {
    async fn answer(&self, req: Request) -> Response {
        // A request for another name came here by mistake or by a rebinding attack; answering would lend it our origin.
        if !authority(&req).is_some_and(|host| self.settings.serves(host)) {
            return reply::code(StatusCode::MISDIRECTED_REQUEST, "host");
        }
        if req.uri().path_and_query().is_some_and(|p| p.as_str().len() > MAX_URI) {
            return reply::code(StatusCode::URI_TOO_LONG, "uri");
        }
        let path = req.uri().path();
        if let Some(name) = Name::of(path) {
            return match *req.method() {
                Method::GET | Method::HEAD => self.assets.answer(name, &req),
                _ => reply::method("GET, HEAD"),
            };
        }
        if let Some(widget) = path.strip_prefix("/w/") {
            return if req.method() == Method::GET { self.frame(&req, widget).await } else { reply::method("GET") };
        }
        if path == "/v1/chat" {
            return self.chat(&req);
        }
        let Some(call) = Call::of(path) else { return reply::code(StatusCode::NOT_FOUND, "not_found") };
        // Including OPTIONS: a page that asks for permission gets no header that would grant it.
        if req.method() != Method::POST {
            return reply::method("POST");
        }
        // In boxes of their own: what they need for a body and for the core would otherwise be room that every request,
        // also one for a frame, has to carry.
        match call {
            Call::Session => Box::pin(self.session(req)).await,
            Call::Renew => Box::pin(self.renew(req)).await,
            Call::Challenge => Box::pin(self.challenge(req)).await,
            Call::Action(action) => Box::pin(self.action(req, action)).await,
        }
    }

    /// `/v1/chat` is kept for a conversation. Until there is one, our own frames hear that it is not there and everybody
    /// else, browser or not, that they may not ask.
    fn chat(&self, req: &Request) -> Response {
        if req.method() != Method::GET {
            return reply::method("GET");
        }
        if !req.header(header::ORIGIN).is_some_and(|origin| self.is_own(req, origin)) {
            return reply::code(StatusCode::FORBIDDEN, "origin");
        }
        reply::code(StatusCode::NOT_FOUND, "not_found")
    }

    /// True for our own origin as this browser sees it; the host was checked before.
    pub(crate) fn is_own(&self, req: &Request, origin: &str) -> bool {
        let scheme = self.settings.scheme;
        let standard = if scheme == "https" { ":443" } else { ":80" };
        let own = authority(req).map(|host| host.strip_suffix(standard).unwrap_or(host));
        let claimed = origin.strip_prefix(scheme).and_then(|rest| rest.strip_prefix("://"));
        // A browser spells origins in lower case, whatever the host header says.
        own.zip(claimed).is_some_and(|(own, claimed)| {
            own.eq_ignore_ascii_case(claimed) && !claimed.bytes().any(|b| b.is_ascii_uppercase())
        })
    }
}

enum Call {
    Session,
    Renew,
    Challenge,
    Action(Action),
}

impl Call {
    fn of(path: &str) -> Option<Self> {
        match path {
            "/v1/session" => Some(Call::Session),
            "/v1/renew" => Some(Call::Renew),
            "/v1/challenge" => Some(Call::Challenge),
            _ => path.strip_prefix("/v1/a/").and_then(Action::parse).map(Call::Action),
        }
    }
}

/// The host a request is for: the authority of its target (HTTP/2, or the absolute form) or its one `Host` header.
pub fn authority(req: &Request) -> Option<&str> {
    let mut hosts = req.headers().get_all(header::HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return None;
    }
    match (req.uri().authority(), host.and_then(|h| h.to_str().ok())) {
        // Two different answers to one question: somebody between the browser and us could believe the other one.
        (Some(target), Some(host)) if target.as_str() != host => None,
        (Some(target), _) => Some(target.as_str()),
        (None, host) => host,
    }
}
