//! A database, a core, an edge and a client that says exactly what it is told.
mod core;
mod database;
mod http;

pub use core::Core;
pub use database::Database;
pub use http::{Ask, Reply, raw, read_reply};

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use embed_edge::{Handle, Options, Times, tls::Tls};
use kernel::{
    clock::{Clock, random_bytes},
    config::Config,
    crypto::{Keyring, hex},
    embed::{KeyRing, RootKey, WidgetId},
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use uuid::Uuid;

pub const HOST: &str = "edge.test";
pub const EDGE_ORIGIN: &str = "http://edge.test";
pub const PAGE: &str = "https://client.example";
pub const ROOT: [u8; 32] = [42; 32];
pub const WAIT: Duration = Duration::from_secs(20);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

pub fn keyring() -> Keyring {
    Keyring::parse(&[format!("a:{}", BASE64_STANDARD.encode([7u8; 32]))]).unwrap()
}

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_900_000_000, 0).unwrap()
}

/// Asks again and again until it is so.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    let patience = tokio::time::timeout(WAIT, async {
        while !ask().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    patience.await.unwrap_or_else(|_| panic!("never happened: {what}"));
}

/// Everything together: one tenant with one widget that may live on [`PAGE`].
pub struct World {
    pub db: Database,
    pub core: Core,
    pub edge: Arc<Handle>,
    pub clock: Clock,
    pub tenant: Uuid,
    pub widget: WidgetId,
    /// The edge's configuration file.
    pub text: String,
    dist: PathBuf,
}

/// What a test wants different.
pub struct Plan {
    /// Settings as variables without `UPZENTO_`: they win over the wide limits that tests start from.
    pub vars: Vec<(&'static str, String)>,
    pub times: Times,
    pub edge: String,
    /// What the core listens with.
    pub core: Option<Tls>,
}

impl Default for Plan {
    fn default() -> Self {
        let times = Times { report: Duration::from_millis(20), ..Times::default() };
        Plan { vars: vec![], times, edge: String::new(), core: None }
    }
}

impl Plan {
    /// With this limit as configured.
    pub fn limit(mut self, name: &'static str, at_once: u32, per_minute: u32) -> Self {
        self.vars.push((name, format!("{{ at_once = {at_once}, per_minute = {per_minute} }}")));
        self
    }

    /// With this setting.
    pub fn set(mut self, name: &'static str, value: usize) -> Self {
        self.vars.push((name, value.to_string()));
        self
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(Plan::default()).await
    }

    pub async fn with(plan: Plan) -> Self {
        Self::over(Database::shared().await, plan).await
    }

    pub async fn over(db: Database, plan: Plan) -> Self {
        Self::after(db, plan, || ()).await
    }

    /// The same, with something done just before the edge starts.
    pub async fn after(db: Database, plan: Plan, before: impl FnOnce()) -> Self {
        let clock = Clock::fixed(now());
        let core = Core::start(&clock, plan.core).await;
        let tenant = db.tenant().await;
        let widget = db.widget(tenant).await;
        db.allow(tenant, "exact", PAGE).await;
        let dist = build_widgets();
        let text = config(&db, &core, &dist, &plan.edge);
        let vars = plan.vars.iter().map(|(name, value)| (format!("UPZENTO_{name}"), value.clone()));
        let config = Config::parse(&text, vars).unwrap();
        let options = Options { clock: clock.clone(), times: plan.times };
        before();
        let edge = Arc::new(embed_edge::serve(&config, options).await.unwrap());
        World { db, core, edge, clock, tenant, widget, text, dist }
    }

    pub fn dist(&self) -> &Path {
        &self.dist
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    pub fn unix(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// Tokens as the edge would sign them.
    pub fn ring(&self) -> KeyRing {
        KeyRing::new([RootKey { kid: 1, secret: ROOT, signs: true, created_at: 0 }])
    }

    /// What a browser sends for a frame on this page.
    pub fn frame(&self, page: &str) -> Ask {
        Ask::get(&frame_url(self.widget, page))
            .header("Referer", &format!("{page}/"))
            .header("Sec-Fetch-Dest", "iframe")
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Site", "cross-site")
    }

    pub async fn send(&self, ask: Ask) -> Reply {
        ask.send(self.edge.addr).await
    }

    /// The frame token a page gets.
    pub async fn frame_token(&self, page: &str) -> String {
        let reply = self.send(self.frame(page)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.data()["token"].as_str().unwrap().to_owned()
    }

    /// A session token, the way a frame gets it.
    pub async fn session(&self) -> String {
        let frame = self.frame_token(PAGE).await;
        let reply = self.send(Ask::own("/v1/session", &frame).json("{}")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["token"].as_str().unwrap().to_owned()
    }

    /// A submission as the widget sends it.
    pub fn submit(&self, session: &str, key: &str) -> Ask {
        let body = format!(
            "{{\"version\":1,\"answers\":{{}},\"attr\":{{\"page\":\"{PAGE}/contact?x=1\"}},\"filled_ms\":9000}}"
        );
        Ask::own("/v1/a/form", session).header("Idempotency-Key", key).json(&body)
    }

    /// Waits until the edge hears of changes (true) or knows that it does not (false).
    pub async fn connected(&self, wanted: bool) {
        let admin = self.edge.admin_addr.unwrap();
        eventually("connection to the database", || async move {
            let reply = Ask::get("/readyz").host(&admin.to_string()).send(admin).await;
            reply.json()["connected"] == wanted
        })
        .await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dist);
    }
}

const LIMITS: [&str; 9] =
    ["address", "frames", "sessions", "forms", "progress", "uploads", "visitor", "tenant", "platform"];

fn config(db: &Database, core: &Core, dist: &Path, extra: &str) -> String {
    let wide = LIMITS.map(|name| format!("limit_{name} = {{ at_once = 10000, per_minute = 10000 }}\n")).concat();
    format!(
        "[secrets]\nmaster = [\"a:{master}\"]\n[database]\nedge_url = \"{url}\"\n[edge]\nlisten = \"127.0.0.1:0\"\n\
         admin_listen = \"127.0.0.1:0\"\nhosts = [\"{HOST}\"]\ncore_url = \"{core}\"\nassets = \"{dist}\"\n\
         work_bits = 8\n{wide}{extra}",
        master = BASE64_STANDARD.encode([7u8; 32]),
        url = db.edge_url(),
        core = core.url(),
        dist = dist.display(),
    )
}

fn build_widgets() -> PathBuf {
    let dir = std::env::temp_dir().join(format!("upzento-widgets-{}", hex(&random_bytes::<8>())));
    std::fs::create_dir_all(dir.join("assets")).unwrap();
    let manifest = r#"{"version":"1.4.2","build":"b123","loader":"loader.js","widgets":{"form":{"js":"assets/form-a1.js","css":"assets/form-b2.css"}}}"#;
    for (name, text) in [
        ("manifest.json", manifest),
        ("loader.js", "loader()"),
        ("loader@1.4.2.js", "loader()"),
        ("loader.js.br", "loader in brotli"),
        ("loader.js.gz", "loader in gzip"),
        ("assets/form-a1.js", "form()"),
        ("assets/form-b2.css", "form{}"),
    ] {
        std::fs::write(dir.join(name), text).unwrap();
    }
    dir
}

pub fn frame_url(widget: WidgetId, page: &str) -> String {
    let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("/w/{widget}?o={page}&m=inline&l=en&t=light&v=1")
}
