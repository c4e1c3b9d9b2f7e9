//! What a push service carries and cannot read (RFC 8291), and what it knows us by (RFC 8292).
use aws_lc_rs::{
    aead,
    agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey},
    encoding::{AsBigEndian, EcPrivateKeyBin},
    hkdf,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result, clock::random_bytes};
use serde_json::json;

/// Size of the one record of a message; push services take at least this much.
const RECORD: u32 = 4096;
/// Bytes of text that fit: without header, tag and the mark of the last record.
pub(crate) const ROOM: usize = 3_900;
/// How long a push service may believe one signature; a day is the most.
const BELIEVED: TimeDelta = TimeDelta::hours(12);

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn broken(_: impl std::fmt::Debug) -> Error {
    Error::internal("the cipher of push messages failed")
}

fn expand(salt: &[u8], secret: &[u8], info: &[u8], length: usize) -> Result<Vec<u8>> {
    let mut out = vec![0; length];
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    key.expand(&[info], Length(length)).and_then(|okm| okm.fill(&mut out)).map_err(broken)?;
    Ok(out)
}

/// Whether a device's key is a point that secrets can be agreed with.
pub(crate) fn is_key(key: &[u8]) -> bool {
    let Ok(own) = PrivateKey::generate(&ECDH_P256) else { return false };
    key.len() == 65 && agreement::agree(&own, UnparsedPublicKey::new(&ECDH_P256, key), (), |_| Ok(())).is_ok()
}

/// A message that only the device with this key and secret can read.
pub(crate) fn seal(device_key: &[u8], device_secret: &[u8], text: &[u8]) -> Result<Vec<u8>> {
    let own = PrivateKey::generate(&ECDH_P256).map_err(broken)?;
    seal_with(&own, &random_bytes::<16>(), (device_key, device_secret), text)
}

fn seal_with(
    own: &PrivateKey,
    salt: &[u8],
    (device_key, device_secret): (&[u8], &[u8]),
    text: &[u8],
) -> Result<Vec<u8>> {
    let public = own.compute_public_key().map_err(broken)?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, device_key);
    let secret = agreement::agree(own, peer, (), |secret| Ok(secret.to_vec())).map_err(broken)?;
    let info = [b"WebPush: info\0".as_slice(), device_key, public.as_ref()].concat();
    let shared = expand(device_secret, &secret, &info, 32)?;
    let key = expand(salt, &shared, b"Content-Encoding: aes128gcm\0", 16)?;
    let nonce = expand(salt, &shared, b"Content-Encoding: nonce\0", 12)?;
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).map_err(broken)?);
    // 2: this record is the last one.
    let mut sealed = [text, &[2]].concat();
    let nonce = aead::Nonce::try_assume_unique_for_key(&nonce).map_err(broken)?;
    key.seal_in_place_append_tag(nonce, aead::Aad::empty(), &mut sealed).map_err(broken)?;
    let length = u8::try_from(public.as_ref().len()).map_err(broken)?;
    Ok([salt, &RECORD.to_be_bytes(), &[length], public.as_ref(), &sealed].concat())
}

/// The key pair that push services know us by.
pub(crate) struct Signer {
    pair: EcdsaKeyPair,
    public: String,
}

impl Signer {
    /// A new private key: 32 bytes.
    pub(crate) fn generate() -> Result<Vec<u8>> {
        let key = PrivateKey::generate(&ECDH_P256).map_err(broken)?;
        let bytes: EcPrivateKeyBin<'_> = key.as_be_bytes().map_err(broken)?;
        Ok(bytes.as_ref().to_vec())
    }

    /// Of a private key.
    pub(crate) fn new(private: &[u8]) -> Result<Self> {
        let wrong = |_| Error::internal("push.vapid_key is not a P-256 private key");
        let key = PrivateKey::from_private_key(&ECDH_P256, private).map_err(wrong)?;
        let public = key.compute_public_key().map_err(broken)?;
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, private, public.as_ref());
        Ok(Signer { pair: pair.map_err(wrong)?, public: B64.encode(public.as_ref()) })
    }

    /// What a browser needs to subscribe: messages of anybody else are refused.
    pub(crate) fn public(&self) -> &str {
        &self.public
    }

    /// The `Authorization` of a call to a push service at this origin; `contact` is how its people reach ours.
    pub(crate) fn authorization(&self, origin: &str, contact: Option<&str>, now: DateTime<Utc>) -> Result<String> {
        let mut claims = json!({"aud": origin, "exp": (now + BELIEVED).timestamp()});
        if let Some(contact) = contact {
            claims["sub"] = contact.into();
        }
        let part = |value: serde_json::Value| B64.encode(value.to_string());
        let text = format!("{}.{}", part(json!({"typ": "JWT", "alg": "ES256"})), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).map_err(broken)?;
        Ok(format!("vapid t={text}.{}, k={}", B64.encode(signature.as_ref()), self.public))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as Verifier};

    fn of(text: &str) -> Vec<u8> {
        B64.decode(text).unwrap()
    }

    #[test]
    fn the_example_of_rfc_8291_comes_out_byte_for_byte() {
        let own = of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let own = PrivateKey::from_private_key(&ECDH_P256, &own).unwrap();
        let device = of("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let secret = of("BTBZMqHH6r4Tts7J_aSIgg");
        let salt = of("DGv6ra1nlYgDCS1FRnbzlw");
        let sealed = seal_with(&own, &salt, (&device, &secret), b"When I grow up, I want to be a watermelon").unwrap();
        assert_eq!(
            B64.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn a_key_off_the_curve_is_no_key() {
        let good = of("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        assert!(is_key(&good));
        let mut bad = good.clone();
        bad[40] ^= 1;
        assert!(!is_key(&bad) && !is_key(&good[..64]) && !is_key(&[0; 65]) && !is_key(b""));
    }

    #[test]
    fn a_push_service_believes_the_signature() {
        let signer = Signer::new(&Signer::generate().unwrap()).unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let header = signer.authorization("https://push.example", Some("mailto:a@b.example"), now).unwrap();
        let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let verifier = Verifier::new(&ECDSA_P256_SHA256_FIXED, of(key));
        verifier.verify(text.as_bytes(), &of(signature)).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&of(text.split_once('.').unwrap().1)).unwrap();
        assert_eq!(claims, json!({"aud": "https://push.example", "exp": 1_800_043_200, "sub": "mailto:a@b.example"}));
        assert_eq!((key, of(key).len()), (signer.public(), 65));
    }
}
