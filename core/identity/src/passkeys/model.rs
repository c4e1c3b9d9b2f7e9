//! A passkey, and what its ceremonies take and give.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result, config::Config, ids::TenantId, row};
use passki::{Passki, StoredPasskey};
use poem_openapi::Object;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tenants::domains::Place;
use url::{Host, Url};

kernel::id!(PasskeyId, "psk", "A passkey's id.");
kernel::id!(CeremonyId, "pkc", "The id of a challenge that waits for its answer.");

/// How long somebody may take to touch his device.
pub(crate) const CEREMONY: TimeDelta = TimeDelta::minutes(5);
/// The most that one person can have.
pub(crate) const MOST: usize = 20;
/// COSE names of the signatures that are understood: EdDSA, ES256, ES384, RS256, RS384.
const ALGORITHMS: [i32; 5] = [-8, -7, -35, -257, -258];
/// WebAuthn's own bound on the id of a credential, and room for the largest key that is understood.
const LONGEST: (usize, usize) = (1023, 2048);

row! {
    /// A passkey.
    #[derive(Object, Debug, Clone)]
    pub struct Passkey {
        /// Its id.
        pub id: PasskeyId,
        /// What its owner calls it.
        pub name: String,
        /// The own domain where it works; absent when it works at the platform's address.
        pub host: Option<String>,
        /// Whether it is kept by something that carries it to other devices too.
        pub synced: bool,
        /// When it was added.
        pub created_at: DateTime<Utc>,
        /// When somebody signed in with it last.
        pub last_used_at: Option<DateTime<Utc>>,
        /// For `If-Match`.
        pub version: i64,
    }
}

/// A ceremony that has begun.
#[derive(Object, Debug, Clone)]
pub struct PasskeyCeremony {
    /// Send it with the answer. It works once, and not for long.
    pub ceremony: CeremonyId,
    /// For `navigator.credentials`: its `publicKey`, in the JSON form of WebAuthn.
    pub options: Value,
    /// How long it is good for, in seconds.
    pub expires_in: i64,
}

/// The answer of a device that made a passkey.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewPasskey {
    /// From `POST /v1/passkeys/options`.
    pub ceremony: CeremonyId,
    /// What to call it, 1 to 120 characters.
    pub name: String,
    /// The credential, in the JSON form of WebAuthn.
    pub credential: Value,
}

/// Changes to a passkey; what is absent stays.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct PasskeyChanges {
    /// New name.
    pub name: Option<String>,
}

/// The answer of a device that proves a passkey.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct PasskeyProof {
    /// From `POST /v1/sessions/passkey-options`.
    pub ceremony: CeremonyId,
    /// The credential, in the JSON form of WebAuthn.
    pub credential: Value,
    /// Where to work; the tenant worked in last when absent.
    pub tenant: Option<TenantId>,
    /// As when signing in with a password.
    #[oai(default)]
    pub cookie: bool,
}

/// The answer of a device that proves a passkey, in place of a password and a second factor.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct PasskeyAnswer {
    /// From `POST /v1/sessions/passkey-options`.
    pub ceremony: CeremonyId,
    /// The credential, in the JSON form of WebAuthn.
    pub credential: Value,
}

/// Whom devices make passkeys for: the domain of the dashboard and the origins it is used from; under an own domain that alone, as
/// browsers keep the passkeys of two domains apart.
pub(crate) fn party(config: &Config, here: &Place) -> Result<Passki> {
    if let Some(front) = here.own() {
        return Ok(Passki::new(&front.host, std::slice::from_ref(&front.origin), &front.dress.name));
    }
    let unusable = || {
        Error::conflict(
            "passkeys_unavailable",
            "Passkeys need a domain name, and the dashboard has none. Use a password.",
        )
    };
    let url = Url::parse(&config.server.dashboard_url).map_err(Error::internal)?;
    let domain = match (config.passkeys.rp_id.as_str(), url.host()) {
        ("", Some(Host::Domain(domain))) => domain.to_owned(),
        ("", _) => return Err(unusable()),
        (configured, _) => configured.to_owned(),
    };
    let mut origins = vec![url.origin().ascii_serialization()];
    origins.extend(config.passkeys.origins.iter().cloned());
    Ok(Passki::new(&domain, &origins, "Upzento"))
}

/// Reads a credential that a browser sent; `field` is where it stands.
pub(crate) fn read<T: DeserializeOwned>(credential: &Value) -> Result<T> {
    T::deserialize(credential).map_err(|_| {
        Error::invalid("/credential", "credential_invalid", "This is not a credential in the JSON form of WebAuthn.")
    })
}

/// Whether what a device made can be kept and proven later.
pub(crate) fn fits(made: &StoredPasskey) -> bool {
    ALGORITHMS.contains(&made.algorithm)
        && (1..=LONGEST.0).contains(&made.credential_id.len())
        && made.public_key.len() <= LONGEST.1
}

/// How the device is reached, as the browser told: kept so that it asks for the right one.
pub(crate) fn transports(made: &StoredPasskey) -> Vec<String> {
    let names = made.transports.iter().filter_map(|transport| serde_json::to_value(transport).ok());
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// What is stored, as the library wants it.
pub(crate) fn stored(row: &super::db::KeyRow) -> StoredPasskey {
    let mut key = StoredPasskey::default();
    key.credential_id.clone_from(&row.credential_id);
    key.public_key.clone_from(&row.public_key);
    key.algorithm = row.algorithm;
    key.counter = u32::try_from(row.counter).unwrap_or(u32::MAX);
    let names = row.transports.iter().filter_map(|name| serde_json::from_value(json!(name)).ok());
    key.transports = names.collect();
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(dashboard: &str, rp_id: &str) -> Result<Passki> {
        let mut config = Config::default();
        config.server.dashboard_url = dashboard.into();
        config.passkeys.rp_id = rp_id.into();
        party(&config, &Place::Platform)
    }

    #[test]
    fn passkeys_belong_to_the_domain_of_the_dashboard() {
        let party = with("https://app.upzento.example:8443", "").unwrap();
        assert_eq!(party.rp_id, "app.upzento.example");
        assert_eq!(party.rp_origins, ["https://app.upzento.example:8443"]);
        assert_eq!(with("https://app.upzento.example", "upzento.example").unwrap().rp_id, "upzento.example");
        assert!(with("http://127.0.0.1:8080", "").is_err());
    }
}
