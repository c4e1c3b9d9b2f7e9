//! Calls to the core, each signed.
use crate::{channel, renewed::Renewed, settings::Settings};
use bytes::{Bytes, BytesMut};
use kernel::{
    Error, Result,
    embed::{
        Sighting, VisitorClaims,
        visitor::{SIGNATURE_HEADER, VISITOR_HEADER},
    },
    http::traffic::Answered,
};
use poem::http::StatusCode;
use serde::Serialize;
use std::{sync::Arc, time::Duration};

/// An answer of the core is a few lines of JSON.
const MAX_ANSWER: usize = 256 * 1024;

/// The core.
pub struct Core {
    http: Arc<Renewed<reqwest::Client>>,
    url: String,
    key: [u8; 32],
}

/// One visitor action.
pub struct Call<'a> {
    /// Path and query at the core.
    pub target: &'a str,
    /// Who the visitor is.
    pub claims: VisitorClaims,
    /// Content type of the body.
    pub media: &'static str,
    /// The body.
    pub body: Bytes,
    /// For the whole answer.
    pub time: Duration,
}

/// What the core said.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its body.
    pub body: Bytes,
    /// Seconds it asks to wait.
    pub retry_after: Option<u64>,
}

impl Core {
    /// The configured core.
    pub fn new(settings: &Settings) -> Result<Self> {
        let channel = settings.channel.clone();
        let files = channel.as_ref().map(channel::Channel::files).unwrap_or_default();
        let http = Renewed::new(files, move || channel::client(channel.as_ref()))?;
        Ok(Core { http: Arc::new(http), url: settings.core_url.clone(), key: settings.edge_key })
    }

    /// What has to be watched.
    pub fn renewed(&self) -> Arc<Renewed<reqwest::Client>> {
        self.http.clone()
    }

    /// Sends an action.
    pub async fn call(&self, call: Call<'_>) -> Result<Answer, reqwest::Error> {
        let signed = call.claims.sign(&self.key, "POST", call.target, &call.body);
        let mut request = self
            .http
            .get()
            .post(format!("{}{}", self.url, call.target))
            .header(VISITOR_HEADER, signed.claims)
            .header(SIGNATURE_HEADER, signed.signature)
            .header("content-type", call.media)
            .timeout(call.time);
        // A report of the edge itself has none, and the core refuses an empty one.
        if !call.claims.key.is_empty() {
            request = request.header("idempotency-key", &call.claims.key);
        }
        let mut response = request.body(call.body).send().await?;
        let retry_after =
            response.headers().get("retry-after").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
        let status = response.status();
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_ANSWER {
                tracing::error!(target = call.target, "the core's answer is too long");
                return Ok(Answer { status: StatusCode::BAD_GATEWAY, body: Bytes::new(), retry_after: None });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body: body.freeze(), retry_after })
    }

    /// Reports where widgets were met. `now` is unix seconds.
    pub async fn report(&self, sightings: &[Sighting], now: i64, time: Duration) -> Result<()> {
        self.hand_over("/edge/v1/sightings", sightings, now, time).await
    }

    /// Tells how visitors were answered. `now` is unix seconds.
    pub async fn tell(&self, minutes: &[Answered], now: i64, time: Duration) -> Result<()> {
        self.hand_over("/edge/v1/traffic", minutes, now, time).await
    }

    /// A call of the edge for itself.
    async fn hand_over<T: Serialize>(&self, target: &str, lines: &[T], now: i64, time: Duration) -> Result<()> {
        let body = serde_json::to_vec(lines).map_err(Error::internal)?;
        let claims = VisitorClaims::of_the_edge(now);
        let call = Call { target, claims, media: "application/json", body: body.into(), time };
        let answer = self.call(call).await.map_err(Error::internal)?;
        if answer.status.is_success() {
            Ok(())
        } else {
            Err(Error::internal(format!("the core said {}", answer.status)))
        }
    }
}
