//! A webhook, and how its calls are signed.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    Error, Result,
    clock::random_bytes,
    crypto::{hex, hmac_sha256},
    error::FieldProblem,
    ids::UserId,
};
use poem_openapi::Object;

kernel::id!(WebhookId, "whk", "A webhook's id.");

/// How long the secret before the newest one keeps signing.
pub const ROTATION: TimeDelta = TimeDelta::hours(24);
/// A webhook that fails for so long is switched off.
pub const PATIENCE: TimeDelta = TimeDelta::days(5);
const MAX_KINDS: usize = 50;

kernel::row! {
    /// An address that is told what happens.
    #[derive(Object, Debug, Clone)]
    pub struct Webhook {
        /// Id.
        pub id: WebhookId,
        /// Name, for members.
        pub name: String,
        /// Where calls go.
        pub url: String,
        /// Kinds of event: `contact.created`, `contact.*` or `*`.
        pub kinds: Vec<String>,
        /// Whether it is called.
        pub enabled: bool,
        /// Why it is not: `manual`, `failing` (no answer of 2xx for five days) or `gone` (an answer of 410).
        pub disabled_reason: Option<String>,
        /// Since when every call has failed.
        pub failing_since: Option<DateTime<Utc>>,
        /// When it last took a call.
        pub last_delivery_at: Option<DateTime<Utc>>,
        /// Until when the secret before the newest one signs as well.
        pub previous_until: Option<DateTime<Utc>>,
        /// Who made it.
        pub created_by: Option<UserId>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it was last changed.
        pub updated_at: DateTime<Utc>,
        /// Raised by every change.
        pub version: i64,
    }
}

/// A webhook with the secret that verifies its calls.
#[derive(Object, Debug, Clone)]
pub struct WebhookWithSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// The secret; shown this once, absent when the request is repeated.
    pub secret: Option<String>,
}

/// A webhook to make.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewWebhook {
    /// Name, for members.
    pub name: String,
    /// Where calls go: http or https, not inside a private network.
    pub url: String,
    /// Kinds of event: `contact.created`, `contact.*` or `*`. Empty for a webhook that only forms call.
    pub kinds: Vec<String>,
}

/// What to change.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct UpdateWebhook {
    /// Name, for members.
    pub name: Option<String>,
    /// Where calls go.
    pub url: Option<String>,
    /// Kinds of event.
    pub kinds: Option<Vec<String>>,
    /// Whether it is called; switching it on forgets that it failed.
    pub enabled: Option<bool>,
}

/// Refuses what a webhook cannot be.
pub fn check(name: &str, kinds: &[String], url: Result<(), &'static str>) -> Result<()> {
    let mut problems = vec![];
    let mut add = |at: String, code: &str, detail: &str| {
        problems.push(FieldProblem { field: at, code: code.into(), detail: detail.into() });
    };
    if name.trim().is_empty() || name.chars().count() > 100 {
        add("/name".into(), "length", "A name has 1 to 100 characters.");
    }
    if let Err(why) = url {
        add("/url".into(), "url", why);
    }
    if kinds.len() > MAX_KINDS {
        add("/kinds".into(), "too_many", "At most 50 kinds.");
    }
    for (i, kind) in kinds.iter().enumerate().take(MAX_KINDS) {
        if !is_kind(kind) {
            add(format!("/kinds/{i}"), "kind", "A kind such as contact.created, contact.* or *.");
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::invalid_fields(problems)) }
}

fn is_kind(kind: &str) -> bool {
    let word = |w: &str| !w.is_empty() && w.len() <= 40 && w.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    kind == "*" || kind.split_once('.').is_some_and(|(subject, what)| word(subject) && (what == "*" || word(what)))
}

/// The spellings under which a webhook may have asked for a kind.
pub fn spellings(kind: &str) -> Vec<String> {
    let family = kind.split('.').next().unwrap_or_default();
    vec![kind.to_owned(), format!("{family}.*"), "*".to_owned()]
}

/// A new signing secret: `whsec_` and 64 hexadecimal characters.
pub fn new_secret() -> String {
    format!("whsec_{}", hex(&random_bytes::<32>()))
}

/// The header `Upzento-Signature`: `t=<unix seconds>,v1=<HMAC-SHA256 of "t.body", hexadecimal>`, with one `v1` for each
/// secret, newest first. A receiver accepts the call when one of them fits and `t` is not old.
pub fn signature(secrets: &[String], at: i64, body: &[u8]) -> String {
    let time = at.to_string();
    let sums = secrets.iter().map(|secret| {
        let mac = hmac_sha256(secret.as_bytes(), &[time.as_bytes(), b".", body]);
        format!(",v1={}", hex(&mac))
    });
    format!("t={time}{}", sums.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_their_spellings() {
        for good in ["*", "contact.*", "contact.created", "api_key.revoked"] {
            assert!(is_kind(good), "{good}");
        }
        for bad in ["", "contact", "contact.", ".created", "a.b.c", "Contact.created", "*.created", "**"] {
            assert!(!is_kind(bad), "{bad}");
        }
        assert_eq!(spellings("form.submitted"), ["form.submitted", "form.*", "*"]);
    }

    #[test]
    fn the_signature_covers_time_and_body() {
        // echo -n '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
        let header = signature(&["whsec_test".into()], 1_700_000_000, b"{\"a\":1}");
        assert_eq!(header, "t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789");
        let two = signature(&["a".into(), "b".into()], 1, b"");
        assert_eq!(two.matches("v1=").count(), 2);
    }
}
