//! The internal listeners: health and metrics, and emergency revocation, which has a listener of its own when our programs
//! know each other by certificates. They are never public, and still believe nobody.
use crate::{Edge, body, reply, route::authority, settings::split_port};
use kernel::{crypto::constant_time_eq, embed::WidgetId, ids::TenantId};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use poem::{
    Endpoint, Request, Response, Result,
    http::{Method, StatusCode, header},
};
use serde::{Deserialize, Serialize};
use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use uuid::Uuid;

const MAX_BODY: usize = 4096;
const BODY_TIME: Duration = Duration::from_secs(5);

/// The internal face of the edge.
#[derive(Clone)]
pub struct Internal(pub Arc<Edge>);

/// The face for those who have a certificate.
#[derive(Clone)]
pub struct Emergency(pub Arc<Edge>);

/// `POST /admin/revoke`: switches off one thing at once, whether or not the database can be reached. It lasts until it is
/// restored or the process ends, so the same must be written to the database too.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Revocation {
    /// Every widget of a tenant (`ten_…` or a UUID).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// One widget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub widget: Option<String>,
    /// A root key, with every token it signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<u8>,
    /// One visitor session, 32 hexadecimal characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Takes the revocation back.
    pub restore: bool,
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
    connected: bool,
    can_sign: bool,
    widgets: u64,
    revision: u64,
}

impl Endpoint for Internal {
    type Output = Response;

    async fn call(&self, req: Request) -> Result<Response> {
        Ok(self.0.internal(req).await)
    }
}

impl Endpoint for Emergency {
    type Output = Response;

    async fn call(&self, req: Request) -> Result<Response> {
        Ok(match (req.uri().path(), req.method()) {
            ("/admin/revoke", &Method::POST) => self.0.revoke(req).await,
            ("/admin/revoke", _) => reply::method("POST"),
            _ => reply::code(StatusCode::NOT_FOUND, "not_found"),
        })
    }
}

impl Edge {
    async fn internal(&self, req: Request) -> Response {
        if !authority(&req).is_some_and(|host| self.is_internal_name(host)) {
            return reply::code(StatusCode::MISDIRECTED_REQUEST, "host");
        }
        let path = req.uri().path().to_owned();
        match (path.as_str(), req.method()) {
            ("/healthz", &Method::GET) => reply::json(StatusCode::OK, &serde_json::json!({ "ok": true })),
            ("/readyz", &Method::GET) => self.ready(),
            ("/metrics", &Method::GET) => self.metrics(),
            ("/admin/revoke", _) if self.settings.revoke_listen.is_some() => {
                reply::code(StatusCode::NOT_FOUND, "not_found")
            }
            ("/admin/revoke", &Method::POST) => self.revoke(req).await,
            ("/healthz" | "/readyz" | "/metrics", _) => reply::method("GET"),
            ("/admin/revoke", _) => reply::method("POST"),
            _ => reply::code(StatusCode::NOT_FOUND, "not_found"),
        }
    }

    /// A page that rebinds its name to this address still sends its own name.
    fn is_internal_name(&self, authority: &str) -> bool {
        let (host, _) = split_port(authority);
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
        let configured =
            self.settings.admin_listen.as_deref().is_some_and(|a| split_port(a).0.eq_ignore_ascii_case(host));
        literal || host.eq_ignore_ascii_case("localhost") || configured
    }

    fn ready(&self) -> Response {
        let (connected, can_sign) = (self.sites.is_connected(), self.sites.ring().can_sign());
        let ready = connected && can_sign;
        let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        let (widgets, revision) = (self.sites.count(), self.sites.newest());
        reply::json(status, &Ready { ready, connected, can_sign, widgets, revision })
    }

    fn metrics(&self) -> Response {
        metrics::gauge!("upzento_edge_widgets").set(self.sites.count() as f64);
        metrics::gauge!("upzento_edge_limit_keys").set(self.guard.keys() as f64);
        match recorder() {
            Some(handle) => Response::builder().content_type("text/plain; version=0.0.4").body(handle.render()),
            None => reply::code(StatusCode::NOT_FOUND, "not_found"),
        }
    }

    async fn revoke(&self, req: Request) -> Response {
        let given = req.header(header::AUTHORIZATION).and_then(|h| h.strip_prefix("Bearer ")).unwrap_or_default();
        if !constant_time_eq(given.as_bytes(), self.settings.admin_secret.as_bytes()) {
            return reply::code(StatusCode::FORBIDDEN, "token");
        }
        let text = match body::read(req, MAX_BODY, BODY_TIME).await {
            Ok(text) => text,
            Err(refusal) => return refusal,
        };
        match serde_json::from_slice::<Revocation>(&text).ok().and_then(Target::of) {
            Some((target, restore)) => {
                tracing::warn!(?target, restore, "emergency revocation");
                self.sites.revoke(|revoked| target.apply(revoked, restore));
                reply::json(StatusCode::OK, &serde_json::json!({ "ok": true }))
            }
            None => reply::code(StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        }
    }
}

#[derive(Debug)]
enum Target {
    Tenant(Uuid),
    Widget(WidgetId),
    Kid(u8),
    Sid([u8; 16]),
}

impl Target {
    /// Exactly one thing.
    fn of(revocation: Revocation) -> Option<(Self, bool)> {
        let tenant = |text: String| text.parse::<TenantId>().map(|t| t.0).ok().or_else(|| text.parse().ok());
        let target = match (revocation.tenant, revocation.widget, revocation.kid, revocation.sid) {
            (Some(text), None, None, None) => Target::Tenant(tenant(text)?),
            (None, Some(text), None, None) => Target::Widget(WidgetId::parse(&text)?),
            (None, None, Some(kid), None) => Target::Kid(kid),
            (None, None, None, Some(text)) => Target::Sid(u128::from_str_radix(&text, 16).ok()?.to_be_bytes()),
            _ => return None,
        };
        Some((target, revocation.restore))
    }

    fn apply(self, revoked: &mut crate::cache::Revoked, restore: bool) {
        fn change<T: std::hash::Hash + Eq>(set: &mut std::collections::HashSet<T>, item: T, restore: bool) {
            if restore {
                set.remove(&item);
            } else {
                set.insert(item);
            }
        }
        match self {
            Target::Tenant(tenant) => change(&mut revoked.tenants, tenant, restore),
            Target::Widget(widget) => change(&mut revoked.widgets, widget, restore),
            Target::Kid(kid) => change(&mut revoked.kids, kid, restore),
            Target::Sid(sid) => change(&mut revoked.sids, sid, restore),
        }
    }
}

/// The recorder of this process: there can be one, however many edges run in it.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}
