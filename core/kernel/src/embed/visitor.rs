//! The signed call from the edge to the core: who the visitor is, as far as the edge could establish it.
//!
//! Two headers accompany the body: `Upzento-Visitor` (base64url JSON claims) and `Upzento-Visitor-Signature`
//! (`v1=<hex HMAC-SHA256>` over version, time, method, target, claims and the body's hash, one a line).
use super::WidgetId;
use crate::crypto::{constant_time_eq, hex, hmac_sha256, sha256};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Header with the claims.
pub const VISITOR_HEADER: &str = "Upzento-Visitor";
/// Header with the signature.
pub const SIGNATURE_HEADER: &str = "Upzento-Visitor-Signature";
/// What the key shared by edge and core is derived for: `keyring.derive(EDGE_KEY_INFO)`.
pub const EDGE_KEY_INFO: &str = "upz/edge-core/v1";
/// A call older or younger than so many seconds is refused.
pub const CALL_SECONDS: i64 = 60;

/// What the edge knows about a visitor action. Calls of the edge itself (sightings) have no tenant and empty fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitorClaims {
    /// When the edge signed, unix seconds.
    pub ts: i64,
    /// The tenant the widget belongs to.
    pub tenant: Option<Uuid>,
    /// The widget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widget: Option<WidgetId>,
    /// Kind of widget, for example `form`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Origin of the page, proven by the frame's token and matched against the live allowlist.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// Origin and path of the page as the frame tells it; starts with `origin`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// The visitor's session, 32 hexadecimal characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sid: String,
    /// Network of the visitor: /24 for IPv4, /48 for IPv6.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ip: String,
    /// `User-Agent`, cut to 256 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ua: String,
    /// 0 (nothing suspicious) to 100; from 50 on the core should keep the submission aside for a person to look at.
    #[serde(default)]
    pub risk: u8,
    /// Build of the widget that sent it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub build: String,
    /// The `Idempotency-Key` the widget sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
}

/// Values of the two headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Value of [`VISITOR_HEADER`].
    pub claims: String,
    /// Value of [`SIGNATURE_HEADER`].
    pub signature: String,
}

/// Why a call is not from our edge. The caller is told none of this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorError {
    /// Header missing or not readable.
    Malformed,
    /// Signature wrong: other key, method, target, claims or body.
    Forged,
    /// Signed too long ago or in the future.
    Time,
}

impl VisitorClaims {
    /// Claims of a call the edge makes for itself.
    pub fn of_the_edge(ts: i64) -> Self {
        VisitorClaims { ts, ..Self::default() }
    }

    /// Signs a call. `target` is the path with its query, exactly as sent.
    pub fn sign(&self, key: &[u8; 32], method: &str, target: &str, body: &[u8]) -> Signed {
        // A struct of strings and numbers always serialises.
        let claims = B64.encode(serde_json::to_vec(self).unwrap_or_default());
        let mac = mac(key, self.ts, method, target, &claims, &hex(&sha256(body)));
        Signed { signature: format!("v1={}", hex(&mac)), claims }
    }

    /// Verifies a call and reads its claims. `now` is unix seconds.
    pub fn verify(
        key: &[u8; 32],
        method: &str,
        target: &str,
        signed: &Signed,
        body: &[u8],
        now: i64,
    ) -> Result<Self, VisitorError> {
        Self::verify_hashed(key, method, target, signed, &hex(&sha256(body)), now)
    }

    /// The same when the body was hashed already: `body_hash` is its SHA-256 in lower-case hexadecimal.
    pub fn verify_hashed(
        key: &[u8; 32],
        method: &str,
        target: &str,
        signed: &Signed,
        body_hash: &str,
        now: i64,
    ) -> Result<Self, VisitorError> {
        let json = B64.decode(&signed.claims).map_err(|_| VisitorError::Malformed)?;
        let given = signed.signature.strip_prefix("v1=").ok_or(VisitorError::Malformed)?;
        let claims: Self = serde_json::from_slice(&json).map_err(|_| VisitorError::Malformed)?;
        let expected = hex(&mac(key, claims.ts, method, target, &signed.claims, body_hash));
        if !constant_time_eq(expected.as_bytes(), given.as_bytes()) {
            return Err(VisitorError::Forged);
        }
        if claims.ts.abs_diff(now) > CALL_SECONDS.unsigned_abs() {
            return Err(VisitorError::Time);
        }
        Ok(claims)
    }
}

fn mac(key: &[u8; 32], ts: i64, method: &str, target: &str, claims: &str, body_hash: &str) -> [u8; 32] {
    let text = format!("upz/edge/v1\n{ts}\n{method}\n{target}\n{claims}\n{body_hash}");
    hmac_sha256(key, &[text.as_bytes()])
}

/// How a page was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The widget was shown there.
    Seen,
    /// The widget was asked for, but the page is not allowed.
    Refused,
}

/// One line of the sightings the edge reports to the core every second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    /// The widget.
    pub widget: WidgetId,
    /// Canonical origin of the page.
    pub origin: String,
    /// Shown or refused.
    pub outcome: Outcome,
    /// How often since the last report.
    pub count: u64,
    /// The last time, unix seconds.
    pub at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [5; 32];

    fn claims() -> VisitorClaims {
        VisitorClaims {
            ts: 1_800_000_000,
            tenant: Some(Uuid::from_u128(7)),
            widget: Some(WidgetId::from_random([1; 13])),
            kind: "form".into(),
            origin: "https://client.example".into(),
            page: "https://client.example/contact".into(),
            sid: "0".repeat(32),
            ip: "192.0.2.0/24".into(),
            ua: "Browser".into(),
            risk: 10,
            build: "abc".into(),
            key: "k1".into(),
        }
    }

    #[test]
    fn a_call_is_bound_to_everything_it_says() {
        let signed = claims().sign(&KEY, "POST", "/edge/v1/actions/form", b"{}");
        let verify = |key: &[u8; 32], method, target, signed: &Signed, body: &[u8], now| {
            VisitorClaims::verify(key, method, target, signed, body, now)
        };
        let (target, ts) = ("/edge/v1/actions/form", claims().ts);
        assert_eq!(verify(&KEY, "POST", target, &signed, b"{}", ts + 60), Ok(claims()));
        assert_eq!(verify(&KEY, "POST", target, &signed, b"{}", ts + 61), Err(VisitorError::Time));
        assert_eq!(verify(&KEY, "POST", target, &signed, b"{}", ts - 61), Err(VisitorError::Time));
        assert_eq!(verify(&[6; 32], "POST", target, &signed, b"{}", ts), Err(VisitorError::Forged));
        assert_eq!(verify(&KEY, "PUT", target, &signed, b"{}", ts), Err(VisitorError::Forged));
        assert_eq!(verify(&KEY, "POST", "/edge/v1/actions/form?x", &signed, b"{}", ts), Err(VisitorError::Forged));
        assert_eq!(verify(&KEY, "POST", target, &signed, b"{ }", ts), Err(VisitorError::Forged));
        let mut other = claims();
        other.risk = 0;
        let swapped =
            Signed { claims: other.sign(&KEY, "POST", target, b"{}").claims, signature: signed.signature.clone() };
        assert_eq!(verify(&KEY, "POST", target, &swapped, b"{}", ts), Err(VisitorError::Forged));
        let unsigned = Signed { signature: "v2=00".into(), ..signed };
        assert_eq!(verify(&KEY, "POST", target, &unsigned, b"{}", ts), Err(VisitorError::Malformed));
    }

    #[test]
    fn the_edges_own_calls_name_no_tenant() {
        let signed = VisitorClaims::of_the_edge(7).sign(&KEY, "POST", "/edge/v1/sightings", b"[]");
        let json = String::from_utf8(B64.decode(&signed.claims).unwrap()).unwrap();
        assert_eq!(json, r#"{"ts":7,"tenant":null,"risk":0}"#);
    }
}
