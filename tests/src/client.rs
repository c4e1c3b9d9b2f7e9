//! A typed-by-hand HTTP client that shows the whole answer when a test is surprised.
use reqwest::{Method, header::HeaderMap};
use serde_json::Value;
use std::sync::LazyLock;

/// Somebody who calls the API; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    headers: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is empty, a string when it is not JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
    what: String,
}

impl Answer {
    /// Fails unless the status is the expected one; gives the body.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Value {
        assert_eq!(self.status, status, "{} answered {} {}", self.what, self.status, self.text);
        &self.body
    }
    /// Fails unless it is a problem with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> &Value {
        let body = self.expect(status);
        assert_eq!(body["code"], code, "{} answered {}", self.what, self.text);
        body
    }
    /// A text field of the body.
    #[track_caller]
    pub fn text_of(&self, field: &str) -> String {
        self.body[field]
            .as_str()
            .unwrap_or_else(|| panic!("{} has no text {field}: {}", self.what, self.text))
            .to_owned()
    }
    /// The `ETag`.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.headers
            .get("etag")
            .unwrap_or_else(|| panic!("{} has no ETag", self.what))
            .to_str()
            .expect("ascii")
            .to_owned()
    }
}

impl Client {
    /// Somebody without a credential.
    pub fn new(base: impl Into<String>) -> Self {
        // Nobody here speaks TLS to it, and each of a thousand clients would read the certificates of the system anew.
        static NOBODY_TRUSTED: LazyLock<rustls::ClientConfig> = LazyLock::new(|| {
            rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
        });
        let http = reqwest::Client::builder().tls_backend_preconfigured(NOBODY_TRUSTED.clone());
        Client { http: http.build().expect("a client"), base: base.into(), headers: vec![] }
    }
    /// The same with one more header (replacing an earlier one of the name).
    pub fn with(&self, name: &str, value: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        client.headers.push((name.to_owned(), value.into()));
        client
    }
    /// The same with an access token.
    pub fn bearer(&self, token: &str) -> Self {
        self.with("authorization", format!("Bearer {token}"))
    }
    /// Where it calls.
    pub fn base(&self) -> &str {
        &self.base
    }
    /// Any request.
    pub async fn send(&self, method: Method, path: &str, content_type: Option<&str>, body: Vec<u8>) -> Answer {
        let what = format!("{method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.base)).body(body);
        if let Some(kind) = content_type {
            request = request.header("content-type", kind);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap_or_else(|e| panic!("{what}: {e}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap_or_default();
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text.clone()))
        };
        Answer { status, headers, body, text, what }
    }
    /// GET of something whose body the test reads by itself, piece by piece or as bytes.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", self.base));
        let request = self.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        request.send().await.unwrap_or_else(|e| panic!("GET {path}: {e}"))
    }
    async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, path, Some("application/json"), body.to_string().into_bytes()).await
    }
    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, vec![]).await
    }
    /// POST of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, body).await
    }
    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, body).await
    }
    /// PATCH of JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PATCH, path, body).await
    }
    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, vec![]).await
    }
}
