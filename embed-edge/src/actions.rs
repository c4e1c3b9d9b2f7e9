//! Visitor actions: checked here, decided by the core.
use crate::{
    Edge, body,
    forward::{Answer, Call},
    limits::Purpose,
    reply,
    session::{ChallengeAnswer, Guest},
};
use kernel::embed::{TokenType, VisitorClaims};
use moka::sync::Cache;
use poem::{Request, Response, http::StatusCode};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A solved challenge is remembered for longer than it is valid.
const SPENT_FOR: Duration = Duration::from_secs(300);
const MAX_SPENT: u64 = 200_000;
const MAX_KEY: usize = 128;
const MAX_USER_AGENT: usize = 256;

/// Risk the core hears of when a flood was answered with a proof of work.
const RISK_WORKED: u8 = 30;
/// Risk when the visitor's browser could not do the work: the core keeps the submission aside instead of losing it.
const RISK_UNPROVEN: u8 = 80;
/// Risk of a program that does not send what every current browser sends.
const RISK_BARE: u8 = 10;

/// What a visitor may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send a form.
    Form,
    /// Report progress in a form.
    Progress,
    /// Send a file.
    Upload,
}

impl Action {
    /// By its name in the URL.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Form, Self::Progress, Self::Upload].into_iter().find(|a| a.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Progress => "progress",
            Self::Upload => "upload",
        }
    }

    fn purpose(self) -> Purpose {
        match self {
            Self::Form => Purpose::Form,
            Self::Progress => Purpose::Progress,
            Self::Upload => Purpose::Upload,
        }
    }
}

/// Challenges that were used, each with the submission it paid for.
pub struct Spent(Cache<[u8; 16], String>);

impl Default for Spent {
    fn default() -> Self {
        Spent(Cache::builder().max_capacity(MAX_SPENT).time_to_live(SPENT_FOR).build())
    }
}

impl Spent {
    /// Spends a challenge on a submission. The same submission, sent again, is not a second use.
    fn spend(&self, nonce: [u8; 16], key: &str) -> bool {
        self.0.get_with(nonce, || key.to_owned()) == key
    }
}

#[derive(Serialize)]
struct WorkAnswer {
    code: &'static str,
    challenge: ChallengeAnswer,
}

/// The part of a submission the edge looks at.
#[derive(Default, Deserialize)]
struct Peek {
    #[serde(default)]
    attr: PeekAttr,
}

#[derive(Default, Deserialize)]
struct PeekAttr {
    #[serde(default)]
    page: Option<String>,
}

impl Edge {
    /// `POST /v1/a/{action}`.
    pub(crate) async fn action(&self, req: Request, action: Action) -> Response {
        match self.checked_action(req, action).await {
            Ok(response) => response,
            Err(refusal) => *refusal,
        }
    }

    async fn checked_action(&self, req: Request, action: Action) -> Result<Response, Box<Response>> {
        let guest = self.admit(&req, TokenType::Session, 0, action.purpose()).await?;
        let key = idempotency_key(&req)?;
        self.guard.visitor(guest.claims.sid, guest.client).map_err(|wait| Box::new(reply::limited(wait)))?;
        let risk = match action {
            Action::Form => self.weigh(&req, &guest, &key)?,
            Action::Progress | Action::Upload => bare_risk(&req),
        };
        // Without the database nobody knows whether the page is still allowed to write.
        if !self.sites.is_connected() {
            return Err(Box::new(reply::unavailable()));
        }
        let agent: String = req.header("user-agent").unwrap_or_default().chars().take(MAX_USER_AGENT).collect();
        let query = req.uri().query().filter(|_| action == Action::Upload).map(str::to_owned);
        let (body, _turn) = self.action_body(req, action).await?;
        let claims = self.visitor(&guest, action, &body, key, agent, risk)?;
        let target = query.map_or_else(
            || format!("/edge/v1/actions/{}", action.name()),
            |query| format!("/edge/v1/actions/{}?{query}", action.name()),
        );
        let call = Call { target: &target, claims, media: media(action), body, time: self.core_time(action) };
        match self.core.call(call).await {
            Ok(Answer { status, body, retry_after }) => Ok(relay(status, body, retry_after)),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, widget = %guest.site.id, action = action.name(), "core not reached");
                Err(Box::new(reply::unavailable()))
            }
        }
    }

    async fn action_body(
        &self,
        req: Request,
        action: Action,
    ) -> Result<(bytes::Bytes, Option<tokio::sync::SemaphorePermit<'_>>), Box<Response>> {
        if action != Action::Upload {
            return Ok((
                body::read(req, self.settings.limits.body_bytes, self.times.body).await.map_err(Box::new)?,
                None,
            ));
        }
        // An upload is held in memory to be signed as a whole, so only some are taken at once.
        let turn = self.uploads.try_acquire().map_err(|_| Box::new(reply::unavailable()))?;
        let bytes = body::read(req, self.settings.upload_bytes, self.times.upload).await.map_err(Box::new)?;
        Ok((bytes, Some(turn)))
    }

    fn core_time(&self, action: Action) -> Duration {
        if action == Action::Upload { self.times.core_upload } else { self.times.core }
    }

    /// How suspicious a submission is. During a flood it must come with a proof of work, or say that it cannot.
    fn weigh(&self, req: &Request, guest: &Guest, key: &str) -> Result<u8, Box<Response>> {
        let flooded = self.guard.is_flooded(guest.claims.tenant);
        let demand = || {
            metrics::counter!("upzento_edge_challenges_total").increment(1);
            Box::new(match self.new_challenge(&guest.claims, "form") {
                Some(challenge) => reply::json(StatusCode::FORBIDDEN, &WorkAnswer { code: "pow", challenge }),
                None => reply::unavailable(),
            })
        };
        let bare = bare_risk(req);
        match req.header("upz-pow") {
            None if flooded => Err(demand()),
            None => Ok(bare),
            Some("none") => Ok(if flooded { RISK_UNPROVEN } else { bare }),
            Some(proof) if self.is_proof(proof, guest, key) => Ok(if flooded { RISK_WORKED.max(bare) } else { bare }),
            Some(_) => Err(demand()),
        }
    }

    fn is_proof(&self, proof: &str, guest: &Guest, key: &str) -> bool {
        let Some((token, counter)) = proof.rsplit_once('.') else { return false };
        let Ok(challenge) = self.sites.ring().verify_challenge(token, self.clock.now().timestamp()) else {
            return false;
        };
        let claims = &guest.claims;
        challenge.tenant == claims.tenant
            && challenge.widget == claims.widget
            && challenge.sid == claims.sid
            && challenge.action == "form"
            && challenge.is_solved_by(token, counter)
            && self.spent.spend(challenge.nonce, key)
    }

    fn visitor(
        &self,
        guest: &Guest,
        action: Action,
        body: &[u8],
        key: String,
        ua: String,
        risk: u8,
    ) -> Result<VisitorClaims, Box<Response>> {
        let told = match action {
            Action::Upload => None,
            Action::Form | Action::Progress => {
                let peek: Peek = serde_json::from_slice(body)
                    .map_err(|_| Box::new(reply::code(StatusCode::UNPROCESSABLE_ENTITY, "invalid")))?;
                peek.attr.page
            }
        };
        let claims = &guest.claims;
        Ok(VisitorClaims {
            ts: self.clock.now().timestamp(),
            tenant: Some(claims.tenant),
            widget: Some(claims.widget),
            kind: guest.site.kind().to_owned(),
            page: told.and_then(|page| page_of(&claims.origin, &page)).unwrap_or_else(|| claims.origin.clone()),
            origin: claims.origin.clone(),
            sid: kernel::crypto::hex(&claims.sid),
            ip: guest.client.prefix(),
            ua,
            risk,
            build: self.build().to_owned(),
            key,
        })
    }
}

fn media(action: Action) -> &'static str {
    if action == Action::Upload { "application/octet-stream" } else { "application/json" }
}

fn bare_risk(req: &Request) -> u8 {
    if req.header("sec-fetch-site").is_some() { 0 } else { RISK_BARE }
}

/// Origin and path of the page as the frame tells it. It is a claim of the page itself, so only its origin is certain.
fn page_of(origin: &str, told: &str) -> Option<String> {
    let path = told.strip_prefix(origin)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let short: String = path.chars().filter(|c| !c.is_control()).take(1024).collect();
    (short.is_empty() || short.starts_with('/')).then(|| format!("{origin}{short}"))
}

fn idempotency_key(req: &Request) -> Result<String, Box<Response>> {
    match req.header("idempotency-key") {
        Some(key) if !key.is_empty() && key.len() <= MAX_KEY && key.bytes().all(|b| b.is_ascii_graphic()) => {
            Ok(key.to_owned())
        }
        Some(_) => Err(Box::new(reply::code(StatusCode::UNPROCESSABLE_ENTITY, "invalid"))),
        None => Err(Box::new(reply::code(StatusCode::PRECONDITION_REQUIRED, "key_required"))),
    }
}

/// The core's answer as the frame gets it. What only means that edge and core disagree is not the visitor's business.
fn relay(status: StatusCode, body: bytes::Bytes, retry_after: Option<u64>) -> Response {
    if status.is_server_error() || status == StatusCode::UNAUTHORIZED || status.is_redirection() {
        tracing::error!(%status, "core refused or failed an action");
        return reply::unavailable();
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return reply::limited(Duration::from_secs(retry_after.unwrap_or(5)));
    }
    let mut response = reply::json(status, &());
    response.set_body(body);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stays_on_its_origin() {
        let page = |told| page_of("https://client.example", told);
        assert_eq!(
            page("https://client.example/contact?mail=a@b#x").as_deref(),
            Some("https://client.example/contact")
        );
        assert_eq!(page("https://client.example").as_deref(), Some("https://client.example"));
        assert_eq!(page("https://client.example.evil.test/"), None);
        assert_eq!(page("https://client.example:8443/"), None);
        assert_eq!(page("https://evil.test/"), None);
    }

    #[test]
    fn a_challenge_pays_for_one_submission() {
        let spent = Spent::default();
        assert!(spent.spend([1; 16], "a"));
        assert!(spent.spend([1; 16], "a"), "the same one again");
        assert!(!spent.spend([1; 16], "b"));
        assert!(spent.spend([2; 16], "b"));
    }
}
