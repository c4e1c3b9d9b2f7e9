//! A device that is told, and the message it gets.
use super::cipher::{ROOM, is_key};
use crate::{
    notifications::model::title,
    words::{Language, text},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result, error::FieldProblem, ids::TenantId};
use poem_openapi::Object;
use serde_json::{Value, json};

kernel::id!(PushSubscriptionId, "pss", "A device that is told.");

/// The most devices of one person; the oldest one makes room.
pub(crate) const MOST: i64 = 20;
/// Refusals in a row after which a subscription is taken for dead.
pub(crate) const PATIENCE: i32 = 10;
/// How long a push service keeps a message for a device that is off.
pub(crate) const KEPT: TimeDelta = TimeDelta::hours(24);
/// Seconds until the next attempt after each one that did not come through.
const PAUSES: [i64; 7] = [10, 60, 300, 1_800, 7_200, 21_600, 43_200];
/// Longest pause that a push service can ask for.
const MAX_PAUSE: i64 = 86_400;

kernel::row! {
    /// A device that is told.
    #[derive(Object, Debug, Clone)]
    pub struct PushSubscription {
        /// Its id.
        pub id: PushSubscriptionId,
        /// What the browser calls itself.
        pub user_agent: String,
        /// When it was added.
        pub created_at: DateTime<Utc>,
        /// When a message reached its push service last.
        pub last_success_at: Option<DateTime<Utc>>,
        /// The one that asks.
        pub current: bool,
    }
}

/// The keys of a subscription, as `PushSubscription.toJSON()` gives them.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct PushKeys {
    /// The device's public key: 65 bytes in unpadded URL-safe base64.
    pub p256dh: String,
    /// The secret it shares: 16 bytes in the same form.
    pub auth: String,
}

/// A device to be told, as `PushSubscription.toJSON()` gives it.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewPushSubscription {
    /// Where its push service takes messages.
    #[oai(validator(max_length = 2000))]
    pub endpoint: String,
    /// Its keys.
    pub keys: PushKeys,
    /// When it ends, in milliseconds since 1970.
    #[oai(rename = "expirationTime")]
    pub expiration_time: Option<f64>,
}

/// What a browser needs to subscribe.
#[derive(Object, Debug, Clone)]
pub struct PushKey {
    /// For `applicationServerKey`: 65 bytes in unpadded URL-safe base64.
    pub public_key: String,
}

/// The keys of a device, if they are some.
pub(crate) fn keys(given: &PushKeys) -> Result<(Vec<u8>, Vec<u8>)> {
    let read = |text: &str| B64.decode(text.trim_end_matches('=')).unwrap_or_default();
    let (key, secret) = (read(&given.p256dh), read(&given.auth));
    let problem = |field: &str, detail: &str| FieldProblem {
        field: format!("/keys/{field}"),
        code: "push_key_invalid".into(),
        detail: detail.into(),
    };
    let mut problems = vec![];
    if !is_key(&key) {
        problems.push(problem("p256dh", "A point on P-256 in URL-safe base64."));
    }
    if secret.len() != 16 {
        problems.push(problem("auth", "16 bytes in URL-safe base64."));
    }
    if problems.is_empty() { Ok((key, secret)) } else { Err(Error::invalid_fields(problems)) }
}

/// How long to wait after an attempt that did not come through; none to give up.
pub(crate) fn pause(attempts: i32, retry_after: Option<u64>) -> Option<TimeDelta> {
    let index = usize::try_from(attempts.max(1) - 1).ok()?;
    let asked = retry_after.map_or(0, |s| i64::try_from(s).unwrap_or(MAX_PAUSE).min(MAX_PAUSE));
    PAUSES.get(index).map(|pause| TimeDelta::seconds((*pause).max(asked)))
}

kernel::row! {
    /// What a device is told of a notification: nothing that the bell does not say.
    #[derive(Debug, Clone)]
    pub(crate) struct News {
        pub(crate) id: crate::notifications::NotificationId,
        pub(crate) user_id: uuid::Uuid,
        pub(crate) kind: String,
        pub(crate) title: String,
        pub(crate) params: Value,
        pub(crate) link: Option<String>,
        pub(crate) critical: bool,
    }
}

impl News {
    /// The message, in the name of the account it is about; a title that is too long is cut.
    pub(crate) fn message(&self, language: Language, tenant: TenantId, place: &str) -> Vec<u8> {
        let title = text(language, &title(&self.kind, &self.params, &self.title));
        let message = |title: &str| {
            let message = json!({
                "id": self.id, "title": title, "body": place, "link": self.link, "tenant": tenant, "critical": self.critical,
            });
            message.to_string().into_bytes()
        };
        let whole = message(&title);
        if whole.len() <= ROOM { whole } else { message(&title.chars().take(300).collect::<String>()) }
    }

    /// Under which a push service lets a newer message take the place of one that waits: a repetition is no second one.
    pub(crate) fn topic(&self) -> String {
        B64.encode(self.id.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_fits_whatever_is_said() {
        let news = |title: &str| News {
            id: crate::notifications::NotificationId(uuid::Uuid::nil()),
            user_id: uuid::Uuid::nil(),
            kind: "submission.received".into(),
            title: "Not said: there are words".into(),
            params: json!({ "form": title }),
            link: None,
            critical: false,
        };
        let tenant = TenantId(uuid::Uuid::nil());
        assert!(news(&"🚀\"\\".repeat(5_000)).message(Language::English, tenant, "Place").len() <= ROOM);
        let said = |language| String::from_utf8(news("Contact").message(language, tenant, "Place")).expect("a text");
        assert!(said(Language::English).contains("New submission: Contact"));
        assert!(said(Language::Arabic).contains("رد جديد: Contact"));
        assert_eq!(news("x").topic().len(), 22, "at most 32 of the URL-safe alphabet");
    }

    #[test]
    fn a_push_service_is_asked_for_a_day() {
        assert_eq!(pause(1, None), Some(TimeDelta::seconds(10)));
        assert_eq!(pause(1, Some(90)), Some(TimeDelta::seconds(90)));
        assert_eq!(pause(2, Some(u64::MAX)), Some(TimeDelta::seconds(MAX_PAUSE)));
        assert_eq!(pause(8, None), None);
    }

    proptest::proptest! {
        #[test]
        fn no_key_is_taken_for_one(p256dh in "\\PC{0,100}", auth in "\\PC{0,40}") {
            let read = keys(&PushKeys { p256dh, auth });
            proptest::prop_assert!(read.is_err());
        }
    }
}
