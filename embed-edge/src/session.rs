//! Sessions: a frame token becomes a session token, a session token is renewed. Both match the live allowlist again.
use crate::{Edge, body, client::Client, limits::Purpose, reply, site::Site};
use kernel::{
    clock::random_bytes,
    embed::{
        Challenge, Claims, Origin, TokenError, TokenType, WidgetId,
        token::{CHALLENGE_SECONDS, RENEW_SECONDS, SESSION_MAX_SECONDS, SESSION_SECONDS},
    },
};
use poem::{
    Request, Response,
    http::{StatusCode, header},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Bodies of these routes are a few words.
const SMALL_BODY: usize = 4096;

/// A visitor whose token was verified and whose page is allowed at this moment.
pub struct Guest {
    /// What the token says.
    pub claims: Claims,
    /// The widget.
    pub site: Arc<Site>,
    /// Where the visitor is.
    pub client: Client,
}

#[derive(Serialize)]
struct SessionAnswer {
    token: String,
    expires_in: i64,
}

/// A proof of work to do: find a text such that SHA-256 of `<token>.<text>` begins with so many zero bits, and send
/// `<token>.<text>` as `Upz-Pow`.
#[derive(Serialize)]
pub struct ChallengeAnswer {
    token: String,
    bits: u8,
    expires_in: i64,
}

#[derive(Serialize)]
struct OpaqueAnswer {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hosted: Option<String>,
}

#[derive(Deserialize)]
struct ChallengeWish {
    action: String,
}

impl Edge {
    /// `POST /v1/session`.
    pub(crate) async fn session(&self, req: Request) -> Response {
        let guest = match self.admit(&req, TokenType::Frame, 0, Purpose::Session).await {
            Ok(guest) => guest,
            Err(refusal) => return *refusal,
        };
        if let Err(refusal) = body::read(req, SMALL_BODY, self.times.body).await {
            return refusal;
        }
        let started = self.clock.now().timestamp();
        self.issue(&guest, started)
    }

    /// `POST /v1/renew`: until a day after the token expired. A session slides for twelve hours; then the same visitor
    /// begins the next one.
    pub(crate) async fn renew(&self, req: Request) -> Response {
        let guest = match self.admit(&req, TokenType::Session, RENEW_SECONDS, Purpose::Session).await {
            Ok(guest) => guest,
            Err(refusal) => return *refusal,
        };
        if let Err(refusal) = body::read(req, SMALL_BODY, self.times.body).await {
            return refusal;
        }
        let now = self.clock.now().timestamp();
        let started = guest.claims.started;
        self.issue(&guest, if now < started + SESSION_MAX_SECONDS { started } else { now })
    }

    /// `POST /v1/challenge`.
    pub(crate) async fn challenge(&self, req: Request) -> Response {
        let guest = match self.admit(&req, TokenType::Session, 0, Purpose::Session).await {
            Ok(guest) => guest,
            Err(refusal) => return *refusal,
        };
        let text = match body::read(req, SMALL_BODY, self.times.body).await {
            Ok(text) => text,
            Err(refusal) => return refusal,
        };
        match serde_json::from_slice::<ChallengeWish>(&text) {
            Ok(wish) if wish.action == "form" => match self.new_challenge(&guest.claims, "form") {
                Some(answer) => reply::json(StatusCode::OK, &answer),
                None => reply::unavailable(),
            },
            _ => reply::code(StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        }
    }

    /// A fresh challenge for this visitor and action.
    pub(crate) fn new_challenge(&self, claims: &Claims, action: &str) -> Option<ChallengeAnswer> {
        let now = self.clock.now().timestamp();
        let challenge = Challenge {
            tenant: claims.tenant,
            widget: claims.widget,
            sid: claims.sid,
            action: action.to_owned(),
            nonce: random_bytes(),
            bits: self.settings.limits.work_bits,
            iat: now,
            exp: now + CHALLENGE_SECONDS,
        };
        let token = self.sites.ring().sign_challenge(&challenge, now)?;
        Some(ChallengeAnswer { token, bits: challenge.bits, expires_in: CHALLENGE_SECONDS })
    }

    fn issue(&self, guest: &Guest, started: i64) -> Response {
        let now = self.clock.now().timestamp();
        let exp = (now + SESSION_SECONDS).min(started + SESSION_MAX_SECONDS);
        let claims = Claims {
            iat: now,
            exp,
            started,
            allow_rev: guest.site.rev,
            config_rev: guest.site.config_rev,
            ..guest.claims.clone()
        };
        match self.sites.ring().sign(TokenType::Session, &claims, now) {
            Some(token) => reply::json(StatusCode::OK, &SessionAnswer { token, expires_in: exp - now }),
            None => reply::unavailable(),
        }
    }

    /// Everything that is asked of a call from our own frame before its body is read.
    pub(crate) async fn admit(
        &self,
        req: &Request,
        kind: TokenType,
        grace: i64,
        purpose: Purpose,
    ) -> Result<Guest, Box<Response>> {
        let client = Client::of(req, &self.settings.trusted_proxies);
        self.guard.address(client).map_err(|wait| Box::new(reply::limited(wait)))?;
        self.check_own(req, kind).await?;
        check_content(req, purpose)?;
        let claims = self.bearer(req, kind, grace).map_err(token_refusal)?;
        let site = self.still_allowed(&claims).await?;
        self.guard.purpose(purpose, claims.tenant, client).map_err(|wait| Box::new(reply::limited(wait)))?;
        Ok(Guest { claims, site, client })
    }

    /// The caller is our own frame: the browser says so in headers no page can set.
    async fn check_own(&self, req: &Request, kind: TokenType) -> Result<(), Box<Response>> {
        let origin = req.header(header::ORIGIN);
        if origin == Some("null") {
            return Err(Box::new(self.opaque(req, kind).await));
        }
        let site = req.header("sec-fetch-site");
        if !origin.is_some_and(|origin| self.is_own(req, origin)) || site.is_some_and(|site| site != "same-origin") {
            return Err(Box::new(reply::code(StatusCode::FORBIDDEN, "origin")));
        }
        Ok(())
    }

    /// The host page put our frame into a sandbox: nothing works there but a link to the widget's own page.
    async fn opaque(&self, req: &Request, kind: TokenType) -> Response {
        let widget: Option<WidgetId> = self.bearer(req, kind, 0).ok().map(|claims| claims.widget);
        let site = match widget {
            Some(id) => self.live_site(id).await.ok().flatten(),
            None => None,
        };
        let hosted = site.filter(|s| s.live).and_then(|s| s.hosted_url().map(str::to_owned));
        reply::json(StatusCode::FORBIDDEN, &OpaqueAnswer { code: "opaque", hosted })
    }

    fn bearer(&self, req: &Request, kind: TokenType, grace: i64) -> Result<Claims, TokenError> {
        let token =
            req.header(header::AUTHORIZATION).and_then(|h| h.strip_prefix("Bearer ")).ok_or(TokenError::Malformed)?;
        let claims = self.sites.ring().verify_late(kind, token, self.clock.now().timestamp(), grace)?;
        if self.sites.revoked().sids.contains(&claims.sid) {
            return Err(TokenError::Forged);
        }
        Ok(claims)
    }

    /// The page is on the allowlist now, whatever it was when the token was issued.
    async fn still_allowed(&self, claims: &Claims) -> Result<Arc<Site>, Box<Response>> {
        let revoked = || Box::new(reply::code(StatusCode::FORBIDDEN, "revoked"));
        let found = self.live_site(claims.widget).await.map_err(|_| Box::new(reply::unavailable()))?;
        let site = found.ok_or_else(revoked)?;
        let page = Origin::claim(&claims.origin).map_err(|_| revoked())?;
        if site.tenant != claims.tenant {
            return Err(Box::new(reply::code(StatusCode::FORBIDDEN, "token")));
        }
        if site.admits(&page) { Ok(site) } else { Err(revoked()) }
    }
}

/// JSON only: a content type that a page can send without asking first would be refused anyway, but earlier is better.
fn check_content(req: &Request, purpose: Purpose) -> Result<(), Box<Response>> {
    let refuse = || Box::new(reply::code(StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid"));
    // Never decompressed, so a compressed body is not readable.
    if req.header(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(refuse());
    }
    let wanted = if purpose == Purpose::Upload { "application/octet-stream" } else { "application/json" };
    match req.header(header::CONTENT_TYPE) {
        Some(given) if given.split(';').next().is_some_and(|m| m.trim().eq_ignore_ascii_case(wanted)) => Ok(()),
        None if purpose == Purpose::Session && has_no_body(req) => Ok(()),
        _ => Err(refuse()),
    }
}

fn has_no_body(req: &Request) -> bool {
    req.header(header::CONTENT_LENGTH).is_none_or(|len| len == "0") && req.header(header::TRANSFER_ENCODING).is_none()
}

fn token_refusal(error: TokenError) -> Box<Response> {
    Box::new(match error {
        // The frame fetches itself again: its address still names the page.
        TokenError::Expired | TokenError::UnknownKey => reply::code(StatusCode::UNAUTHORIZED, "renew"),
        TokenError::Malformed | TokenError::Forged | TokenError::NotYetValid => {
            reply::code(StatusCode::FORBIDDEN, "token")
        }
    })
}
