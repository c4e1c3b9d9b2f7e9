//! Visitors, who behave like the widget: what is not answered is sent again under the same key.
use super::{Http, LIMIT, SITE};
use aws_lc_rs::digest::{Context, SHA256};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// Before a visitor tries again. The widget waits longer; much less would reach the limit of a session.
const PATIENCE: Duration = Duration::from_millis(200);

static NEXT: AtomicU32 = AtomicU32::new(1);

/// The edge as a browser on the client's website sees it, and how often it did not answer with what was wanted.
pub struct Door {
    /// How it is reached.
    pub http: Http,
    /// Its origin.
    pub edge: String,
    /// The widget on the page.
    pub widget: String,
    /// 503, as promised: to be tried again.
    pub unavailable: AtomicUsize,
    /// No answer at all: the connection was refused or lost.
    pub lost: AtomicUsize,
}

/// Somebody with the form open.
#[derive(Clone)]
pub struct Visitor {
    number: u32,
    address: String,
    /// Session token.
    pub token: String,
}

/// What somebody was thanked for.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub key: String,
    /// The answer, byte for byte.
    pub thanks: String,
    /// Whether it was sent more than once.
    pub repeated: bool,
    pub at: Instant,
}

impl Receipt {
    pub fn submission(&self) -> String {
        serde_json::from_str::<Value>(&self.thanks).unwrap()["submission"].as_str().unwrap().to_owned()
    }
}

impl Door {
    fn own(&self, path: &str, visitor: &Visitor) -> reqwest::RequestBuilder {
        let call = self.http.post(format!("{}{path}", self.edge)).bearer_auth(&visitor.token);
        let call = call.header("origin", &self.edge).header("sec-fetch-site", "same-origin");
        call.header("x-forwarded-for", &visitor.address).header("content-type", "application/json")
    }

    /// Answers that end a try, or `None` for "again": no answer, or 503 in the form that is promised.
    async fn settle(&self, call: reqwest::RequestBuilder) -> Option<(StatusCode, String)> {
        let (status, retry, text) = match self.exchange(call).await {
            Ok(answer) => answer,
            Err(error) => {
                assert!(!error.is_timeout(), "the edge hangs: {error:?}");
                self.lost.fetch_add(1, Relaxed);
                return None;
            }
        };
        if status != StatusCode::SERVICE_UNAVAILABLE {
            return Some((status, text));
        }
        assert_eq!((retry.as_deref(), text.as_str()), (Some("5"), "{\"code\":\"unavailable\"}"));
        self.unavailable.fetch_add(1, Relaxed);
        None
    }

    async fn exchange(&self, call: reqwest::RequestBuilder) -> reqwest::Result<(StatusCode, Option<String>, String)> {
        let answer = call.send().await?;
        let retry = answer.headers().get("retry-after").map(|v| v.to_str().unwrap().to_owned());
        Ok((answer.status(), retry, answer.text().await?))
    }

    /// The frame and then the session, as the widget gets them.
    pub async fn open(&self) -> Visitor {
        let number = NEXT.fetch_add(1, Relaxed);
        let [_, a, b, c] = number.to_be_bytes();
        let mut visitor = Visitor { number, address: format!("10.{a}.{b}.{c}"), token: String::new() };
        let query = format!("o={}&m=inline&l=en&t=light&v=1", SITE.replace(':', "%3A").replace('/', "%2F"));
        let frame = self
            .insist("a frame", || {
                let call = self.http.get(format!("{}/w/{}?{query}", self.edge, self.widget));
                call.header("referer", format!("{SITE}/"))
                    .header("sec-fetch-dest", "iframe")
                    .header("sec-fetch-mode", "navigate")
                    .header("sec-fetch-site", "cross-site")
                    .header("x-forwarded-for", &visitor.address)
            })
            .await;
        assert_eq!(frame.0, 200, "{}", frame.1);
        let data = frame.1.split_once("id=\"upz\">").unwrap().1.split_once("</script>").unwrap().0;
        visitor.token = token_of(data);
        let session = self.insist("a session", || self.own("/v1/session", &visitor).body("{}")).await;
        assert_eq!(session.0, 200, "{}", session.1);
        visitor.token = token_of(&session.1);
        visitor
    }

    /// A new token for an open widget.
    pub async fn renew(&self, visitor: &mut Visitor) {
        let renewed = self.insist("a renewal", || self.own("/v1/renew", visitor).body("{}")).await;
        assert_eq!(renewed.0, 200, "{}", renewed.1);
        visitor.token = token_of(&renewed.1);
    }

    async fn insist(&self, what: &str, call: impl Fn() -> reqwest::RequestBuilder) -> (StatusCode, String) {
        let begun = Instant::now();
        loop {
            if let Some(answer) = self.settle(call()).await {
                return answer;
            }
            assert!(begun.elapsed() < LIMIT, "never answered: {what}");
            tokio::time::sleep(PATIENCE).await;
        }
    }

    /// Sends the form until it is answered for good. During a flood each submission costs some work.
    pub async fn submit(&self, visitor: &Visitor, key: &str) -> Receipt {
        let (body, begun) = (visitor.body(), Instant::now());
        let (mut proof, mut repeated) = (None::<String>, false);
        loop {
            let mut call = self.own("/v1/a/form", visitor).header("idempotency-key", key).body(body.clone());
            if let Some(proof) = &proof {
                call = call.header("upz-pow", proof);
            }
            match self.settle(call).await {
                Some((StatusCode::CREATED, thanks)) => {
                    let (key, at) = (key.to_owned(), Instant::now());
                    return Receipt { key, thanks, repeated, at };
                }
                Some((StatusCode::FORBIDDEN, text)) if text.contains("\"pow\"") => {
                    proof = Some(tokio::task::spawn_blocking(move || solve(&text)).await.unwrap());
                }
                Some((status, text)) => panic!("a submission was answered {status} {text}"),
                None => {
                    repeated = true;
                    assert!(begun.elapsed() < LIMIT, "never answered: a submission");
                    tokio::time::sleep(PATIENCE).await;
                }
            }
        }
    }

    /// One try: the status, or `None` when the connection was refused or lost.
    pub async fn once(&self, visitor: &Visitor, key: &str) -> Option<u16> {
        let call = self.own("/v1/a/form", visitor).header("idempotency-key", key).body(visitor.body());
        self.exchange(call).await.ok().map(|(status, ..)| status.as_u16())
    }
}

impl Visitor {
    fn body(&self) -> String {
        let answers = json!({"name": format!("Visitor {}", self.number), "bike": "road", "pain": "no", "news": true,
            "email": format!("v{}@visitor.example", self.number)});
        let attr = json!({"page": format!("{SITE}/contact")});
        json!({"version": 1, "answers": answers, "filled_ms": 9_000, "honey": "", "attr": attr}).to_string()
    }
}

fn token_of(text: &str) -> String {
    let data: Value = serde_json::from_str(text).unwrap();
    data["token"].as_str().unwrap().to_owned()
}

/// The proof of work a flooded edge asks for.
fn solve(demand: &str) -> String {
    let demand: Value = serde_json::from_str(demand).unwrap();
    let token = demand["challenge"]["token"].as_str().unwrap();
    let bits = u32::try_from(demand["challenge"]["bits"].as_u64().unwrap()).unwrap();
    let mut begun = Context::new(&SHA256);
    begun.update(format!("{token}.").as_bytes());
    let solved = |counter: &u64| {
        let mut whole = begun.clone();
        whole.update(counter.to_string().as_bytes());
        u32::from_be_bytes(whole.finish().as_ref()[..4].try_into().unwrap()).leading_zeros() >= bits
    };
    format!("{token}.{}", (0..).find(solved).unwrap())
}
