//! A push service and the device behind it, as RFC 8030, 8188, 8291 and 8292 describe them: it believes nobody without a
//! signature that fits, and reads what it carries only with the device's key.
use aws_lc_rs::{
    aead,
    agreement::{self, ECDH_P256, PrivateKey, UnparsedPublicKey},
    hkdf,
    signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey as Verifier},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// A message that came through.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// The path of the device's endpoint.
    pub(crate) path: String,
    /// What the device reads.
    pub(crate) text: Value,
    pub(crate) topic: String,
    pub(crate) urgency: String,
    pub(crate) ttl: u64,
    /// Who signed, as the browser was told.
    pub(crate) key: String,
    /// What was signed.
    pub(crate) claims: Value,
}

#[derive(Default)]
struct Inner {
    answers: Mutex<VecDeque<ResponseTemplate>>,
    messages: Mutex<Vec<Message>>,
    devices: Mutex<Vec<(String, Arc<Device>)>>,
    origin: Mutex<String>,
    /// Seconds since 1970, as the service's own clock says.
    now: Mutex<i64>,
}

struct Device {
    key: PrivateKey,
    secret: Vec<u8>,
}

/// The service.
pub(crate) struct PushService {
    server: MockServer,
    inner: Arc<Inner>,
}

struct Answering(Arc<Inner>);

impl PushService {
    pub(crate) async fn start() -> Self {
        let (server, inner) = (MockServer::start().await, Arc::new(Inner::default()));
        *inner.origin.lock().expect("not poisoned") = server.uri();
        Mock::given(any()).respond_with(Answering(inner.clone())).mount(&server).await;
        PushService { server, inner }
    }

    /// A device subscribes: what its browser would give to a page.
    pub(crate) fn device(&self, name: &str) -> Value {
        let device = Device { key: PrivateKey::generate(&ECDH_P256).expect("a key"), secret: vec![7; 16] };
        let public = device.key.compute_public_key().expect("a key");
        let subscription = json!({
            "endpoint": format!("{}/{name}", self.server.uri()),
            "expirationTime": null,
            "keys": {"p256dh": B64.encode(public.as_ref()), "auth": B64.encode(&device.secret)},
        });
        let mut devices = self.inner.devices.lock().expect("not poisoned");
        devices.retain(|(path, _)| *path != format!("/{name}"));
        devices.push((format!("/{name}"), Arc::new(device)));
        subscription
    }

    /// The next messages are answered so, first come first; others are taken.
    pub(crate) fn answer(&self, status: u16, retry_after: Option<u64>) {
        let answer = ResponseTemplate::new(status);
        let answer = match retry_after {
            Some(seconds) => answer.insert_header("retry-after", seconds.to_string()),
            None => answer,
        };
        self.inner.answers.lock().expect("not poisoned").push_back(answer);
    }

    pub(crate) fn at(&self, now: i64) {
        *self.inner.now.lock().expect("not poisoned") = now;
    }

    /// Messages that came through since the last look, also those that were answered with an error.
    pub(crate) fn taken(&self) -> Vec<Message> {
        std::mem::take(&mut *self.inner.messages.lock().expect("not poisoned"))
    }
}

impl Respond for Answering {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        match read(&self.0, request) {
            Ok(message) => self.0.messages.lock().expect("not poisoned").push(message),
            // What RFC 8292 and 8030 say of a message that breaks their rules.
            Err(why) => return ResponseTemplate::new(400).set_body_string(why),
        }
        let answer = self.0.answers.lock().expect("not poisoned").pop_front();
        answer.unwrap_or_else(|| ResponseTemplate::new(201))
    }
}

fn read(inner: &Inner, request: &Request) -> Result<Message, String> {
    let header = |name: &str| {
        let value = request.headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned).ok_or_else(|| format!("no {name}"))
    };
    let topic = header("topic")?;
    if topic.len() > 32 || !topic.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
        return Err("a topic that is none".into());
    }
    if header("content-encoding")? != "aes128gcm" || request.body.len() > 4096 {
        return Err("a message that is none".into());
    }
    let (claims, key) = believed(inner, &header("authorization")?)?;
    let path = request.url.path().to_owned();
    let devices = inner.devices.lock().map_err(|e| e.to_string())?;
    let device = devices.iter().find(|(at, _)| *at == path).map(|(_, device)| device.clone());
    let text = open(&*device.ok_or("nobody's endpoint")?, &request.body).ok_or("nobody can read it")?;
    let text = serde_json::from_slice(&text).map_err(|e| e.to_string())?;
    let ttl = header("ttl")?.parse().map_err(|_| "a time that is none")?;
    Ok(Message { path, text, topic, urgency: header("urgency")?, ttl, key, claims })
}

/// RFC 8292: who signed it, for this service, and not for ever.
fn believed(inner: &Inner, authorization: &str) -> Result<(Value, String), String> {
    let parts = authorization.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k="));
    let (token, key) = parts.ok_or("no signature")?;
    let (text, signature) = token.rsplit_once('.').ok_or("no token")?;
    let of = |text: &str| B64.decode(text).map_err(|e| e.to_string());
    let verifier = Verifier::new(&ECDSA_P256_SHA256_FIXED, of(key)?);
    verifier.verify(text.as_bytes(), &of(signature)?).map_err(|_| "somebody else's signature")?;
    let (head, claims) = text.split_once('.').ok_or("no token")?;
    let head: Value = serde_json::from_slice(&of(head)?).map_err(|e| e.to_string())?;
    let claims: Value = serde_json::from_slice(&of(claims)?).map_err(|e| e.to_string())?;
    let now = *inner.now.lock().map_err(|e| e.to_string())?;
    let left = claims["exp"].as_i64().unwrap_or_default() - now;
    let here = inner.origin.lock().map_err(|e| e.to_string())?.clone();
    match head["alg"] == "ES256" && claims["aud"] == here.as_str() && (1..=86_400).contains(&left) {
        true => Ok((claims, key.to_owned())),
        false => Err(format!("{claims} is not for {here} at {now}")),
    }
}

struct Length(usize);
impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(salt: &[u8], secret: &[u8], info: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut out = vec![0; length];
    let key = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    key.expand(&[info], Length(length)).ok()?.fill(&mut out).ok()?;
    Some(out)
}

/// RFC 8188 and 8291, the device's side.
fn open(device: &Device, body: &[u8]) -> Option<Vec<u8>> {
    let (salt, rest) = body.split_at_checked(16)?;
    let (_record, rest) = rest.split_at_checked(4)?;
    let (length, rest) = rest.split_first()?;
    let (sender, sealed) = rest.split_at_checked(usize::from(*length))?;
    let own = device.key.compute_public_key().ok()?;
    let peer = UnparsedPublicKey::new(&ECDH_P256, sender);
    let secret = agreement::agree(&device.key, peer, (), |secret| Ok(secret.to_vec())).ok()?;
    let info = [b"WebPush: info\0".as_slice(), own.as_ref(), sender].concat();
    let shared = expand(&device.secret, &secret, &info, 32)?;
    let key = expand(salt, &shared, b"Content-Encoding: aes128gcm\0", 16)?;
    let nonce = expand(salt, &shared, b"Content-Encoding: nonce\0", 12)?;
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_128_GCM, &key).ok()?);
    let mut text = sealed.to_vec();
    let nonce = aead::Nonce::try_assume_unique_for_key(&nonce).ok()?;
    let length = key.open_in_place(nonce, aead::Aad::empty(), &mut text).ok()?.len();
    text.truncate(length);
    // Padding, and the mark of the last record.
    while text.last() == Some(&0) {
        text.pop();
    }
    (text.pop() == Some(2)).then_some(text)
}
