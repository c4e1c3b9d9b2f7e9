//! Secrets: sealing at rest, signed tokens, hashes of bearer secrets, constant-time compares.
use crate::{Error, Result, clock::random_bytes};
use aws_lc_rs::{aead, hkdf};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The master keys: the first seals and signs, all open and verify. Rotation puts a new key first.
#[derive(Clone)]
pub struct Keyring(Vec<(String, [u8; 32])>);

impl Keyring {
    /// Parses `kid:base64` entries of 32 bytes each.
    pub fn parse(entries: &[String]) -> Result<Self> {
        let mut keys = vec![];
        for entry in entries {
            let (kid, secret) =
                entry.split_once(':').ok_or_else(|| Error::internal("secrets.master: expected kid:base64"))?;
            let bytes = base64::engine::general_purpose::STANDARD.decode(secret).map_err(Error::internal)?;
            let key = bytes.try_into().map_err(|_| Error::internal("secrets.master: a key has 32 bytes"))?;
            if kid.is_empty() || kid.len() > 16 || !kid.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(Error::internal("secrets.master: a key id has 1 to 16 letters or digits"));
            }
            keys.push((kid.to_owned(), key));
        }
        if keys.is_empty() {
            return Err(Error::internal("secrets.master: at least one key is needed"));
        }
        Ok(Keyring(keys))
    }

    /// A key derived for one purpose from the newest master key (HKDF-SHA256, RFC 5869).
    pub fn derive(&self, info: &str) -> [u8; 32] {
        derive(&self.0[0].1, info)
    }

    fn get(&self, kid: &str) -> Option<&[u8; 32]> {
        self.0.iter().find(|(k, _)| k == kid).map(|(_, key)| key)
    }

    /// Seals a secret (AES-256-GCM). `context` is bound as associated data: a value moved to another row does not open.
    pub fn seal(&self, context: &str, secret: &[u8]) -> Result<Vec<u8>> {
        let (kid, master) = &self.0[0];
        let key = aead::RandomizedNonceKey::new(&aead::AES_256_GCM, &derive(master, "upz/seal/v1"))
            .map_err(Error::internal)?;
        let mut data = secret.to_vec();
        let nonce =
            key.seal_in_place_append_tag(aead::Aad::from(context.as_bytes()), &mut data).map_err(Error::internal)?;
        let mut out = vec![1, kid.len() as u8];
        out.extend_from_slice(kid.as_bytes());
        out.extend_from_slice(nonce.as_ref());
        out.extend_from_slice(&data);
        Ok(out)
    }

    /// Opens what [`Keyring::seal`] sealed for the same context.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::internal("a sealed secret does not open");
        let [1, kid_len, rest @ ..] = sealed else { return Err(broken()) };
        let (kid, rest) = rest.split_at_checked(usize::from(*kid_len)).ok_or_else(broken)?;
        let (nonce, data) = rest.split_at_checked(aead::NONCE_LEN).ok_or_else(broken)?;
        let master = self.get(std::str::from_utf8(kid).map_err(|_| broken())?).ok_or_else(broken)?;
        let key =
            aead::RandomizedNonceKey::new(&aead::AES_256_GCM, &derive(master, "upz/seal/v1")).map_err(|_| broken())?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut data = data.to_vec();
        let plain = key.open_in_place(nonce, aead::Aad::from(context.as_bytes()), &mut data).map_err(|_| broken())?;
        Ok(plain.to_vec())
    }

    /// True when the value was sealed by an older key and should be sealed again.
    pub fn is_outdated(&self, sealed: &[u8]) -> bool {
        let newest = self.0[0].0.as_bytes();
        sealed.get(2..2 + newest.len()) != Some(newest) || sealed.get(1).copied() != Some(newest.len() as u8)
    }

    /// A signed token of one type: `u1.<kid>.<payload>.<mac>`. It is not encrypted: put nothing secret in it.
    pub fn sign<T: Serialize>(&self, kind: &str, claims: &T, now: DateTime<Utc>, ttl: TimeDelta) -> Result<String> {
        let (kid, master) = &self.0[0];
        let body = serde_json::to_vec(&Envelope { exp: (now + ttl).timestamp(), claims }).map_err(Error::internal)?;
        let payload = B64.encode(body);
        let mac = B64.encode(token_mac(master, kind, kid, &payload));
        Ok(format!("u1.{kid}.{payload}.{mac}"))
    }

    /// Verifies a token of the given type; `None` when it is forged, of another type or expired.
    pub fn verify<T: DeserializeOwned>(&self, kind: &str, token: &str, now: DateTime<Utc>) -> Option<T> {
        let mut parts = token.split('.');
        let (version, kid, payload, mac) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if version != "u1" || parts.next().is_some() {
            return None;
        }
        let expected = token_mac(self.get(kid)?, kind, kid, payload);
        if !bool::from(expected.as_slice().ct_eq(&B64.decode(mac).ok()?)) {
            return None;
        }
        let envelope: Envelope<T> = serde_json::from_slice(&B64.decode(payload).ok()?).ok()?;
        (envelope.exp > now.timestamp()).then_some(envelope.claims)
    }
}

#[derive(Serialize, serde::Deserialize)]
struct Envelope<T> {
    exp: i64,
    claims: T,
}

fn token_mac(master: &[u8; 32], kind: &str, kid: &str, payload: &str) -> [u8; 32] {
    // The type is part of the derived key, so a token of one type never verifies as another.
    hmac_sha256(&derive(master, &format!("upz/token/v1/{kind}")), &[kid.as_bytes(), b".", payload.as_bytes()])
}

/// HKDF-SHA256 with an empty salt: one 32-byte key per purpose.
pub fn derive(master: &[u8; 32], info: &str) -> [u8; 32] {
    let mut out = [0; 32];
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(master);
    if let Ok(okm) = prk.expand(&[info.as_bytes()], hkdf::HKDF_SHA256) {
        // Why ignoring is safe: 32 bytes is exactly the length asked for, the only way `fill` fails.
        let _ = okm.fill(&mut out);
    }
    out
}

/// HMAC-SHA256 over the concatenated parts.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so this cannot fail; an empty key would only weaken, not break, the answer.
    let mut mac = match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mac) => mac,
        Err(_) => return [0; 32],
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// SHA-256.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// Compares without telling by time where the difference is.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// A bearer secret for people and programs: `<prefix>_<43 characters>`, 256 random bits. Only its hash is stored.
pub fn new_secret(prefix: &str) -> (String, Vec<u8>) {
    let secret = format!("{prefix}_{}", B64.encode(random_bytes::<32>()));
    let hash = sha256(secret.as_bytes()).to_vec();
    (secret, hash)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn ring(kids: &[&str]) -> Keyring {
        let entries: Vec<_> = kids
            .iter()
            .map(|kid| format!("{kid}:{}", base64::engine::general_purpose::STANDARD.encode(sha256(kid.as_bytes()))))
            .collect();
        Keyring::parse(&entries).unwrap()
    }

    #[test]
    fn a_sealed_secret_opens_only_in_its_place_and_survives_rotation() {
        let old = ring(&["a"]);
        let sealed = old.seal("tenant-1", b"top").unwrap();
        assert_eq!(old.open("tenant-1", &sealed).unwrap(), b"top");
        assert!(old.open("tenant-2", &sealed).is_err());
        let rotated = ring(&["b", "a"]);
        assert_eq!(rotated.open("tenant-1", &sealed).unwrap(), b"top");
        assert!(rotated.is_outdated(&sealed));
        assert!(!old.is_outdated(&sealed));
        for i in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[i] ^= 1;
            assert!(old.open("tenant-1", &broken).is_err(), "byte {i}");
        }
    }

    #[test]
    fn a_token_is_bound_to_type_time_and_bytes() {
        let ring = ring(&["a"]);
        let now = Clock::system().now();
        let token = ring.sign("access", &"me", now, TimeDelta::minutes(15)).unwrap();
        assert_eq!(ring.verify::<String>("access", &token, now).as_deref(), Some("me"));
        assert_eq!(ring.verify::<String>("refresh", &token, now), None);
        assert_eq!(ring.verify::<String>("access", &token, now + TimeDelta::minutes(15)), None);
        assert_eq!(ring.verify::<String>("access", &format!("{token}x"), now), None);
        let mut last = token.clone();
        last.pop();
        assert_eq!(ring.verify::<String>("access", &last, now), None);
    }
}
