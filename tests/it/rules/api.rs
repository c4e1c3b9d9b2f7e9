//! Every operation of a program, read from the document it serves, and how to call it.
use super::samples;
use reqwest::{
    Method,
    header::{HeaderMap, HeaderName},
};
use serde_json::Value;
use std::collections::BTreeMap;
use tests::{Answer, Client};

/// What stands in a path after a segment: `contacts` → the id of a contact.
pub type Ids = BTreeMap<String, String>;

/// One operation.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    pub path: String,
    /// Names of its query parameters.
    pub queries: Vec<String>,
    /// Whether it takes `If-Match`.
    pub conditional: bool,
    /// Whether the document says that it needs no credential.
    pub public: bool,
    /// The schema of its JSON body.
    pub body: Option<Value>,
}

/// A call ready to be sent.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub target: String,
    pub kind: Option<&'static str>,
    pub body: Vec<u8>,
}

/// What a program offers.
#[derive(Debug)]
pub struct Document {
    pub operations: Vec<Operation>,
    pub schemas: Value,
}

impl Document {
    /// What the program at this address serves.
    pub async fn of(client: &Client) -> Self {
        let document = client.get("/openapi.json").await;
        let document = document.expect(200);
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, methods)| {
            methods.as_object().expect("methods").iter().map(move |(method, found)| operation(path, method, found))
        });
        Document { operations: operations.collect(), schemas: document["components"]["schemas"].clone() }
    }
}

fn operation(path: &str, method: &str, found: &Value) -> Operation {
    let parameters = || found["parameters"].as_array().into_iter().flatten();
    let named = |place: &'static str| {
        parameters().filter(move |p| p["in"] == place).filter_map(|p| p["name"].as_str().map(str::to_owned))
    };
    let schema = &found["requestBody"]["content"]["application/json"]["schema"];
    Operation {
        method: method.to_uppercase().parse().expect("a method"),
        path: path.to_owned(),
        queries: named("query").collect(),
        conditional: named("header").any(|name| name.eq_ignore_ascii_case("if-match")),
        public: found.get("security").is_none(),
        body: (!schema.is_null()).then(|| schema.clone()),
    }
}

impl Operation {
    /// For example `PATCH /v1/contacts/{id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub fn writes(&self) -> bool {
        self.method != Method::GET
    }

    /// Which ids its path takes: the segment before each parameter.
    pub fn wanted(&self) -> Vec<&str> {
        let segments: Vec<&str> = self.path.split('/').collect();
        segments.windows(2).filter(|pair| pair[1].starts_with('{')).map(|pair| pair[0]).collect()
    }

    /// The path with these ids; `None` when one is not known.
    pub fn path_with(&self, ids: &Ids) -> Option<String> {
        let mut last = "";
        let mut made = String::new();
        for segment in self.path.split('/').skip(1) {
            let part = if segment.starts_with('{') { ids.get(last)?.as_str() } else { segment };
            made = format!("{made}/{part}");
            last = segment;
        }
        Some(made)
    }

    /// The call with ids in the path and a body.
    pub fn call(&self, ids: &Ids, body: Option<Value>) -> Option<Call> {
        let mut target = self.path_with(ids)?;
        let (kind, body) = match (self.name().as_str(), body) {
            ("POST /v1/files", _) => {
                target += "?name=a.txt";
                (Some("application/octet-stream"), b"a file".to_vec())
            }
            ("GET /v1/access", _) => {
                target += "?permission=contacts.read";
                (None, vec![])
            }
            ("GET /v1/search", _) => {
                target += &format!("?q={}", super::world::MARKER);
                (None, vec![])
            }
            (_, Some(body)) => (Some("application/json"), body.to_string().into_bytes()),
            (_, None) => (None, vec![]),
        };
        Some(Call { method: self.method.clone(), target, kind, body })
    }

    /// The call as a user of these ids would make it.
    pub fn usual(&self, document: &Document, path: &Ids, body: &Ids) -> Option<Call> {
        let made = self.body.as_ref().map(|_| samples::body(document, self, body, &mut samples::Plain));
        self.call(path, made)
    }
}

impl Call {
    /// The same call with these ids instead of those.
    pub fn exchanged(&self, from: &Ids, to: &Ids) -> Self {
        let mut call = self.clone();
        let mut body = String::from_utf8_lossy(&call.body).into_owned();
        for (name, id) in from {
            call.target = call.target.replace(id, &to[name]);
            body = body.replace(id, &to[name]);
        }
        Call { body: body.into_bytes(), ..call }
    }

    pub async fn send(&self, client: &Client) -> Answer {
        client.send(self.method.clone(), &self.target, self.kind, self.body.clone()).await
    }
}

/// The same ids, of things that never were. Words such as the name of a channel stay.
pub fn nobody(ids: &Ids) -> Ids {
    ids.iter().map(|(name, id)| (name.clone(), never(id))).collect()
}

/// An id of the same kind that nothing has.
pub fn never(id: &str) -> String {
    let Some((prefix, rest)) = id.split_once('_') else { return id.to_owned() };
    if prefix == "w" {
        return kernel::embed::WidgetId::from_random([7; 13]).to_string();
    }
    match kernel::ids::decode(rest) {
        Some(uuid) => format!("{prefix}_{}", kernel::ids::encode(uuid::Uuid::from_u128(uuid.as_u128() ^ 0xdead_beef))),
        None => id.to_owned(),
    }
}

/// An answer as far as it must be the same for what is another's and what is not there.
pub fn comparable(answer: &Answer, ids: &Ids) -> (u16, Vec<(String, String)>, String) {
    // What differs between any two answers.
    let own = ["date", "x-request-id", "content-length"];
    let headers: &HeaderMap = &answer.headers;
    let kept = |(name, value): (&HeaderName, &reqwest::header::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let counted = own.contains(&name.as_str()) || name.as_str().starts_with("ratelimit-");
        (!counted).then(|| (name.to_string(), value))
    };
    let mut headers: Vec<_> = headers.iter().filter_map(kept).collect();
    headers.sort();
    // An id that was sent may be named again.
    let text = ids.iter().fold(answer.text.clone(), |text, (name, id)| {
        if id.contains('_') { text.replace(id, &format!("<{name}>")) } else { text }
    });
    (answer.status, headers, text)
}
