//! Tokens a widget frame carries: `u1.<kid>.<payload>.<mac>`.
//!
//! The MAC is HMAC-SHA256 under a key derived for one root key, one tenant and one token type, over the version, the type,
//! the key id and a payload of length-prefixed fields in a fixed order: no field can be moved into its neighbour, and no
//! token of one tenant or type verifies as another's. The algorithm follows from the version and is never read from a token.
use super::WidgetId;
use aws_lc_rs::{hkdf, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Life of a frame token in seconds.
pub const FRAME_SECONDS: i64 = 300;
/// Life of a session token in seconds.
pub const SESSION_SECONDS: i64 = 30 * 60;
/// A session slides forward for so many seconds after it began; then a renewal begins a new one.
pub const SESSION_MAX_SECONDS: i64 = 12 * 3600;
/// A session token may be renewed for so many seconds after it expired (a laptop that slept).
pub const RENEW_SECONDS: i64 = 24 * 3600;
/// Life of a proof-of-work challenge in seconds.
pub const CHALLENGE_SECONDS: i64 = 120;

const VERSION: &str = "u1";
const MAC_PREFIX: &[u8] = b"upz/embed/v1\0";
/// Two edges' clocks may differ by so many seconds.
const SKEW_SECONDS: i64 = 60;
const MAX_TOKEN: usize = 1024;
/// A fresh key signs only after so many seconds: until then other edges may not have read it yet.
const SETTLE_SECONDS: i64 = 60;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// Given with the frame document, exchanged for a session.
    Frame,
    /// Allows visitor actions.
    Session,
    /// A proof-of-work challenge.
    Challenge,
}

impl TokenType {
    fn byte(self) -> u8 {
        match self {
            Self::Frame => b'F',
            Self::Session => b'S',
            Self::Challenge => b'P',
        }
    }
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// Not the format, truncated, or too long.
    Malformed,
    /// Signed by a key that is not (or no longer) known: the frame fetches itself again.
    UnknownKey,
    /// Forged, of another type, or of another tenant.
    Forged,
    /// Issued in the future.
    NotYetValid,
    /// Past its time.
    Expired,
}

/// What a frame or session token says. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The tenant the widget belongs to.
    pub tenant: Uuid,
    /// The widget.
    pub widget: WidgetId,
    /// The page's origin, canonical.
    pub origin: String,
    /// Issued at.
    pub iat: i64,
    /// Not valid from here on.
    pub exp: i64,
    /// When the session began; equals `iat` in a frame token.
    pub started: i64,
    /// The visitor's session, 128 random bits.
    pub sid: [u8; 16],
    /// Revision of the allowlist the token was issued under.
    pub allow_rev: u64,
    /// Revision of the widget's configuration the token was issued under.
    pub config_rev: u64,
}

/// What a proof-of-work token says: bound to one tenant, widget, session and action, used once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The tenant the widget belongs to.
    pub tenant: Uuid,
    /// The widget.
    pub widget: WidgetId,
    /// The visitor's session.
    pub sid: [u8; 16],
    /// The action it pays for.
    pub action: String,
    /// Makes it unique, so that it can be spent once.
    pub nonce: [u8; 16],
    /// Leading zero bits that SHA-256 of `<token>.<counter>` must have.
    pub bits: u8,
    /// Issued at, unix seconds.
    pub iat: i64,
    /// Not valid from here on, unix seconds.
    pub exp: i64,
}

/// A root key as read from the catalogue.
#[derive(Clone)]
pub struct RootKey {
    /// Its id, 1 to 255.
    pub kid: u8,
    /// The secret.
    pub secret: [u8; 32],
    /// False once it is retired: it still verifies, but signs no more.
    pub signs: bool,
    /// Unix seconds.
    pub created_at: i64,
}

/// Derived keys kept at once; busier tenants than that derive more often.
const SLOTS: usize = 512;

/// The root keys in force: signs with the newest, verifies with the newest two.
pub struct KeyRing {
    keys: Vec<(RootKey, hkdf::Prk)>,
    /// What was derived lately, each in the one place its tenant and type lead to.
    derived: Box<[Mutex<Option<Derived>>]>,
}

struct Derived {
    purpose: Purpose,
    key: Arc<hmac::Key>,
}

/// What a key is derived for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Purpose {
    kid: u8,
    tenant: Uuid,
    kind: TokenType,
}

impl KeyRing {
    /// A ring of these keys; all but the newest two are ignored.
    pub fn new(keys: impl IntoIterator<Item = RootKey>) -> Self {
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_by_key(|k| (std::cmp::Reverse(k.created_at), std::cmp::Reverse(k.kid)));
        keys.truncate(2);
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]);
        KeyRing {
            keys: keys.into_iter().map(|k| (salt.extract(&k.secret), k)).map(|(prk, k)| (k, prk)).collect(),
            derived: (0..SLOTS).map(|_| Mutex::default()).collect(),
        }
    }

    /// True when a token can be signed.
    pub fn can_sign(&self) -> bool {
        self.keys.iter().any(|(k, _)| k.signs)
    }

    /// The same ring without one key: every token it signed is refused from now on.
    pub fn without(&self, kid: u8) -> Self {
        KeyRing::new(self.keys.iter().map(|(k, _)| k.clone()).filter(|k| k.kid != kid))
    }

    /// Signs a frame or session token; `None` when there is no signing key.
    pub fn sign(&self, kind: TokenType, claims: &Claims, now: i64) -> Option<String> {
        self.seal(kind, claims.tenant, claims.encode(), now)
    }

    /// Signs a challenge; `None` when there is no signing key.
    pub fn sign_challenge(&self, challenge: &Challenge, now: i64) -> Option<String> {
        self.seal(TokenType::Challenge, challenge.tenant, challenge.encode(), now)
    }

    /// Verifies a frame or session token.
    pub fn verify(&self, kind: TokenType, token: &str, now: i64) -> Result<Claims, TokenError> {
        let claims = self.open(kind, token)?;
        let claims = Claims::decode(&claims).ok_or(TokenError::Malformed)?;
        check_times(claims.iat, claims.exp, now)?;
        Ok(claims)
    }

    /// Verifies a session token that may have expired up to `grace` seconds ago.
    pub fn verify_late(&self, kind: TokenType, token: &str, now: i64, grace: i64) -> Result<Claims, TokenError> {
        let claims = self.open(kind, token)?;
        let claims = Claims::decode(&claims).ok_or(TokenError::Malformed)?;
        check_times(claims.iat, claims.exp.saturating_add(grace), now)?;
        Ok(claims)
    }

    /// Verifies a challenge; whether it was spent already is the caller's to know.
    pub fn verify_challenge(&self, token: &str, now: i64) -> Result<Challenge, TokenError> {
        let bytes = self.open(TokenType::Challenge, token)?;
        let challenge = Challenge::decode(&bytes).ok_or(TokenError::Malformed)?;
        check_times(challenge.iat, challenge.exp, now)?;
        Ok(challenge)
    }

    fn seal(&self, kind: TokenType, tenant: Uuid, payload: Vec<u8>, now: i64) -> Option<String> {
        let mut signers = self.keys.iter().filter(|(k, _)| k.signs);
        let newest = signers.next()?;
        let settled = |k: &&(RootKey, hkdf::Prk)| k.0.created_at <= now - SETTLE_SECONDS;
        let (key, prk) = if settled(&newest) { newest } else { signers.find(settled).unwrap_or(newest) };
        let derived = self.derive(prk, Purpose { kid: key.kid, tenant, kind })?;
        let tag = hmac::sign(&derived, &message(kind, key.kid, &payload));
        Some(format!("{VERSION}.{}.{}.{}", key.kid, B64.encode(&payload), B64.encode(tag.as_ref())))
    }

    fn open(&self, kind: TokenType, token: &str) -> Result<Vec<u8>, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::Malformed);
        }
        let mut parts = token.split('.');
        let (Some(VERSION), Some(kid), Some(payload), Some(mac), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenError::Malformed);
        };
        let number: u8 = kid.parse().map_err(|_| TokenError::Malformed)?;
        let payload = B64.decode(payload).map_err(|_| TokenError::Malformed)?;
        let mac = B64.decode(mac).map_err(|_| TokenError::Malformed)?;
        // One spelling only: a leading zero or plus would be a second token with the same meaning.
        if number.to_string() != kid || mac.len() != 32 {
            return Err(TokenError::Malformed);
        }
        // Not yet authentic: the tenant only chooses the key, and a wrong tenant chooses a wrong key.
        let tenant = Reader(&payload).uuid().ok_or(TokenError::Malformed)?;
        let (_, prk) = self.keys.iter().find(|(k, _)| k.kid == number).ok_or(TokenError::UnknownKey)?;
        let key = self.derive(prk, Purpose { kid: number, tenant, kind }).ok_or(TokenError::Forged)?;
        hmac::verify(&key, &message(kind, number, &payload), &mac).map_err(|_| TokenError::Forged)?;
        Ok(payload)
    }

    /// The key for one purpose. Deriving costs more than signing, and the same tenant asks again at once.
    fn derive(&self, prk: &hkdf::Prk, purpose: Purpose) -> Option<Arc<hmac::Key>> {
        // The end of a tenant's id is random.
        let [.., high, low] = *purpose.tenant.as_bytes();
        let slot = (usize::from(high) << 8 | usize::from(low)) ^ usize::from(purpose.kind.byte());
        let mut slot = self.derived[slot % SLOTS].lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(known) = slot.as_ref().filter(|known| known.purpose == purpose) {
            return Some(known.key.clone());
        }
        let info: [&[u8]; 2] = [purpose.tenant.as_bytes(), &[purpose.kind.byte()]];
        let key: Arc<hmac::Key> = Arc::new(prk.expand(&info, hmac::HMAC_SHA256).ok()?.into());
        *slot = Some(Derived { purpose, key: key.clone() });
        Some(key)
    }
}

fn message(kind: TokenType, kid: u8, payload: &[u8]) -> Vec<u8> {
    [MAC_PREFIX, &[kind.byte(), kid], payload].concat()
}

fn check_times(iat: i64, exp: i64, now: i64) -> Result<(), TokenError> {
    if iat > now + SKEW_SECONDS {
        return Err(TokenError::NotYetValid);
    }
    if exp <= now {
        return Err(TokenError::Expired);
    }
    Ok(())
}

impl Claims {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer(Vec::with_capacity(128));
        w.bytes(self.tenant.as_bytes());
        w.bytes(&self.widget.pack());
        w.bytes(self.origin.as_bytes());
        w.bytes(&self.sid);
        for number in [self.iat as u64, self.exp as u64, self.started as u64, self.allow_rev, self.config_rev] {
            w.number(number);
        }
        w.0
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        let claims = Claims {
            tenant: r.uuid()?,
            widget: WidgetId::unpack(r.array()?)?,
            origin: r.text()?,
            sid: r.array()?,
            iat: r.time()?,
            exp: r.time()?,
            started: r.time()?,
            allow_rev: r.number()?,
            config_rev: r.number()?,
        };
        r.0.is_empty().then_some(claims)
    }
}

impl Challenge {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer(Vec::with_capacity(96));
        w.bytes(self.tenant.as_bytes());
        w.bytes(&self.widget.pack());
        w.bytes(&self.sid);
        w.bytes(self.action.as_bytes());
        w.bytes(&self.nonce);
        w.bytes(&[self.bits]);
        w.number(self.iat as u64);
        w.number(self.exp as u64);
        w.0
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        let challenge = Challenge {
            tenant: r.uuid()?,
            widget: WidgetId::unpack(r.array()?)?,
            sid: r.array()?,
            action: r.text()?,
            nonce: r.array()?,
            bits: r.array::<1>()?[0],
            iat: r.time()?,
            exp: r.time()?,
        };
        r.0.is_empty().then_some(challenge)
    }

    /// True when the counter proves the work for this token.
    pub fn is_solved_by(&self, token: &str, counter: &str) -> bool {
        let digest = crate::crypto::sha256(format!("{token}.{counter}").as_bytes());
        let zeros = digest.iter().position(|b| *b != 0).map_or(256, |i| i as u32 * 8 + digest[i].leading_zeros());
        zeros >= u32::from(self.bits)
    }
}

/// Length-prefixed fields: one byte, or 255 and two bytes for the rare long origin.
struct Writer(Vec<u8>);

impl Writer {
    fn bytes(&mut self, field: &[u8]) {
        match u8::try_from(field.len()) {
            Ok(len) if len < 255 => self.0.push(len),
            _ => {
                self.0.push(255);
                self.0.extend_from_slice(&(field.len() as u16).to_be_bytes());
            }
        }
        self.0.extend_from_slice(field);
    }

    /// Big-endian without leading zero bytes.
    fn number(&mut self, value: u64) {
        let bytes = value.to_be_bytes();
        self.bytes(&bytes[value.leading_zeros() as usize / 8..]);
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let (&first, mut rest) = self.0.split_first()?;
        let mut len = usize::from(first);
        if first == 255 {
            let (wide, after) = rest.split_first_chunk::<2>()?;
            len = usize::from(u16::from_be_bytes(*wide));
            rest = after;
            // One spelling only: short fields never use the long form.
            if len < 255 {
                return None;
            }
        }
        let (field, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some(field)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes()?.try_into().ok()
    }

    fn uuid(&mut self) -> Option<Uuid> {
        self.array().map(Uuid::from_bytes)
    }

    fn text(&mut self) -> Option<String> {
        std::str::from_utf8(self.bytes()?).ok().map(str::to_owned)
    }

    fn number(&mut self) -> Option<u64> {
        let bytes = self.bytes()?;
        if bytes.len() > 8 || bytes.first() == Some(&0) {
            return None;
        }
        Some(bytes.iter().fold(0, |value, b| (value << 8) | u64::from(*b)))
    }

    fn time(&mut self) -> Option<i64> {
        i64::try_from(self.number()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_800_000_000;

    fn root(kid: u8, created_at: i64) -> RootKey {
        RootKey { kid, secret: [kid; 32], signs: true, created_at }
    }
    fn ring() -> KeyRing {
        KeyRing::new([root(1, NOW - 1000)])
    }
    fn claims() -> Claims {
        Claims {
            tenant: Uuid::from_u128(7),
            widget: WidgetId::from_random([3; 13]),
            origin: "https://client.example".into(),
            iat: NOW,
            exp: NOW + FRAME_SECONDS,
            started: NOW,
            sid: [9; 16],
            allow_rev: 12,
            config_rev: 3,
        }
    }
    fn challenge() -> Challenge {
        Challenge {
            tenant: Uuid::from_u128(7),
            widget: WidgetId::from_random([3; 13]),
            sid: [9; 16],
            action: "form".into(),
            nonce: [4; 16],
            bits: 8,
            iat: NOW,
            exp: NOW + CHALLENGE_SECONDS,
        }
    }

    #[test]
    fn a_token_is_bound_to_type_tenant_time_and_bytes() {
        let token = ring().sign(TokenType::Frame, &claims(), NOW).unwrap();
        assert_eq!(ring().verify(TokenType::Frame, &token, NOW), Ok(claims()));
        assert_eq!(ring().verify(TokenType::Session, &token, NOW), Err(TokenError::Forged));
        assert_eq!(ring().verify(TokenType::Frame, &token, NOW + FRAME_SECONDS), Err(TokenError::Expired));
        assert_eq!(ring().verify(TokenType::Frame, &token, NOW - 61), Err(TokenError::NotYetValid));
        assert_eq!(ring().verify_late(TokenType::Frame, &token, NOW + 400, 200), Ok(claims()));
        let parts: Vec<_> = token.split('.').collect();
        let mut other = claims();
        other.tenant = Uuid::from_u128(8);
        let spliced = format!("u1.1.{}.{}", B64.encode(other.encode()), parts[3]);
        assert_eq!(ring().verify(TokenType::Frame, &spliced, NOW), Err(TokenError::Forged));
        for (broken, why) in [
            (token.replace("u1.", "u2."), TokenError::Malformed),
            (token.replace("u1.1.", "u1.01."), TokenError::Malformed),
            (token.replace("u1.1.", "u1.2."), TokenError::UnknownKey),
            (token.replace("u1.1.", "none.1."), TokenError::Malformed),
            (token[..token.len() - 1].to_owned(), TokenError::Malformed),
            (format!("{token}."), TokenError::Malformed),
            (format!("{token}A"), TokenError::Malformed),
            (String::new(), TokenError::Malformed),
        ] {
            assert_eq!(ring().verify(TokenType::Frame, &broken, NOW), Err(why), "{broken}");
        }
    }

    #[test]
    fn keys_rotate_and_die() {
        let old = root(1, NOW - 1000);
        let token = KeyRing::new([old.clone()]).sign(TokenType::Session, &claims(), NOW).unwrap();
        let rotated = KeyRing::new([old.clone(), root(2, NOW - 100)]);
        assert!(rotated.verify(TokenType::Session, &token, NOW).is_ok());
        assert!(rotated.sign(TokenType::Session, &claims(), NOW).unwrap().starts_with("u1.2."));
        let fresh = KeyRing::new([old.clone(), root(2, NOW - 5)]);
        assert!(
            fresh.sign(TokenType::Session, &claims(), NOW).unwrap().starts_with("u1.1."),
            "others may not know it yet"
        );
        let third = KeyRing::new([old.clone(), root(2, NOW - 100), root(3, NOW - 90)]);
        assert_eq!(third.verify(TokenType::Session, &token, NOW), Err(TokenError::UnknownKey));
        assert_eq!(rotated.without(1).verify(TokenType::Session, &token, NOW), Err(TokenError::UnknownKey));
        let retired = KeyRing::new([RootKey { signs: false, ..old }]);
        assert!(!retired.can_sign());
        assert_eq!(retired.sign(TokenType::Session, &claims(), NOW), None);
        assert!(retired.verify(TokenType::Session, &token, NOW).is_ok());
    }

    #[test]
    fn a_challenge_is_solved_by_work_and_by_nothing_else() {
        let token = ring().sign_challenge(&challenge(), NOW).unwrap();
        assert_eq!(ring().verify_challenge(&token, NOW), Ok(challenge()));
        let counter = (0u32..).map(|n| n.to_string()).find(|n| challenge().is_solved_by(&token, n)).unwrap();
        let digest = crate::crypto::sha256(format!("{token}.{counter}").as_bytes());
        assert_eq!(digest[0], 0);
        assert!(!Challenge { bits: 255, ..challenge() }.is_solved_by(&token, &counter));
        let frame = ring().sign(TokenType::Frame, &claims(), NOW).unwrap();
        assert_eq!(ring().verify_challenge(&frame, NOW), Err(TokenError::Forged));
    }

    proptest! {
        #[test]
        fn any_claims_round_trip(tenant: u128, widget: [u8; 13], origin in ".{0,200}", sid: [u8; 16], life in 1i64..9_000_000_000, started in 0..NOW, a: u64, c: u64) {
            let claims = Claims {
                tenant: Uuid::from_u128(tenant), widget: WidgetId::from_random(widget), origin, iat: NOW, exp: NOW + life,
                started, sid, allow_rev: a, config_rev: c,
            };
            prop_assert_eq!(Claims::decode(&claims.encode()), Some(claims.clone()));
            if claims.origin.len() < 400 {
                let token = ring().sign(TokenType::Session, &claims, NOW).unwrap();
                prop_assert_eq!(ring().verify(TokenType::Session, &token, NOW), Ok(claims));
            }
        }

        #[test]
        fn the_parser_survives_anything(token in prop_oneof![".{0,200}", r"u1\.[0-9]{1,3}\.[A-Za-z0-9_-]{0,200}\.[A-Za-z0-9_-]{43}"], bytes: Vec<u8>) {
            prop_assert!(ring().verify(TokenType::Frame, &token, NOW).is_err());
            prop_assert!(ring().verify_challenge(&token, NOW).is_err());
            if let Some(claims) = Claims::decode(&bytes) {
                prop_assert_eq!(claims.encode(), bytes);
            }
        }

        #[test]
        fn one_changed_character_is_enough(at in 3usize..150, to in "[A-Za-z0-9_-]") {
            let token = ring().sign(TokenType::Frame, &claims(), NOW).unwrap();
            let mut changed = token.clone();
            changed.replace_range(at..at + 1, &to);
            prop_assert_eq!(ring().verify(TokenType::Frame, &changed, NOW).is_ok(), changed == token);
        }
    }
}
