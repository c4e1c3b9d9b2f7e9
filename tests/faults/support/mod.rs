//! The whole product in a folder of its own: database, mail server, core, edge, and visitors.
mod check;
mod process;
mod visitor;

pub use process::Process;
pub use visitor::{Door, Receipt, Visitor};

use serde_json::Value;
use std::{
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tests::database::TestDatabase;
use tokio::{sync::Mutex, task::JoinHandle};
use xtask::{mail::Mailbox, postgres::Cluster};

/// The website that may show the first client's form.
pub const SITE: &str = "https://client.example";
/// Nothing here may take longer, on the slowest machine.
pub const LIMIT: Duration = Duration::from_secs(120);
/// Between two looks.
pub const PAUSE: Duration = Duration::from_millis(25);
/// Somebody who waits so long for an answer would call it hanging.
const HANGING: Duration = Duration::from_secs(20);

/// An HTTP client.
pub type Http = reqwest::Client;

/// One drill at a time: they measure, and the machine may have two cores.
static TURN: Mutex<()> = Mutex::const_new(());

/// Looks again and again until it is so.
pub async fn eventually(what: &str, mut look: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !look().await {
        assert!(begun.elapsed() < LIMIT, "never happened: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// A port that nobody has, and that stays free while a program that was killed does not listen on it: the system gives
/// ports of this range to nobody who did not ask for one.
fn port() -> u16 {
    let random = || 20_000 + u16::from_be_bytes(kernel::clock::random_bytes()) % 10_000;
    (0..100).map(|_| random()).find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).unwrap()
}

/// Everything together.
pub struct World {
    pub db: TestDatabase,
    pub core: Process,
    pub edge: Process,
    pub mailbox: Mailbox,
    pub http: Http,
    /// `http://127.0.0.1:…` of the core.
    pub api: String,
    /// Schema and role of the client with the form.
    pub schema: String,
    /// Somebody signed in there.
    pub token: String,
    pub door: Arc<Door>,
    /// The server, when it is the drill's own.
    pub cluster: Option<Cluster>,
    smtp: u16,
    mail: Option<JoinHandle<()>>,
    folder: PathBuf,
    _turn: tokio::sync::MutexGuard<'static, ()>,
}

impl World {
    /// Everything runs.
    pub async fn start() -> Self {
        let turn = TURN.lock().await;
        Self::over(TestDatabase::create().await, turn).await
    }

    /// On a server of its own, which keeps what it acknowledged when it is crashed.
    pub async fn with_cluster() -> Self {
        let turn = TURN.lock().await;
        let cluster = Cluster::temporary_with(&[("synchronous_commit", "on")]).unwrap();
        let mut world = Self::over(TestDatabase::on(&cluster.superuser_url()).await, turn).await;
        world.cluster = Some(cluster);
        world
    }

    async fn over(db: TestDatabase, turn: tokio::sync::MutexGuard<'static, ()>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("upzento-faults-{}-{}", std::process::id(), NEXT.fetch_add(1, Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("assets")).unwrap();
        let manifest =
            r#"{"version":"1.0.0","build":"b1","loader":"loader.js","widgets":{"form":{"js":"assets/form.js"}}}"#;
        for (name, text) in
            [("manifest.json", manifest), ("loader.js", ""), ("loader@1.0.0.js", ""), ("assets/form.js", "")]
        {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let (core_port, edge_port, edge_admin, smtp) = (port(), port(), port(), port());
        let settings = settings(&db, &folder, [core_port, edge_port, edge_admin, smtp]);
        let api = format!("http://127.0.0.1:{core_port}");
        let core = Process::new("upzento", &settings, &folder, format!("{api}/readyz"));
        let edge = Process::new("embed-edge", &settings, &folder, format!("http://127.0.0.1:{edge_admin}/readyz"));
        let http = Http::builder().timeout(HANGING).no_proxy().build().unwrap();
        let (printed, status) = core.run(&["admin", "seed-demo", "--json", "--site", SITE]).await;
        assert!(status.success(), "the demo world: {printed}");
        let demo = &printed[printed.find("{\"").unwrap()..printed.rfind('}').unwrap() + 1];
        let client = serde_json::from_str::<Value>(demo).unwrap()["clients"][0].clone();
        let text = |key: &str| client[key].as_str().unwrap().to_owned();
        let door = Door {
            http: http.clone(),
            edge: format!("http://127.0.0.1:{edge_port}"),
            widget: text("widget"),
            unavailable: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
        };
        let tenant: kernel::ids::TenantId = text("tenant").parse().unwrap();
        let mut world = World {
            schema: String::new(),
            token: String::new(),
            mailbox: Mailbox::keeping(10_000),
            door: Arc::new(door),
            cluster: None,
            mail: None,
            _turn: turn,
            db,
            core,
            edge,
            http,
            api,
            smtp,
            folder,
        };
        let found = "select schema_name from control.tenants where id = $1";
        world.schema = world.db.superuser().await.query_one(found, &[&tenant.0]).await.unwrap().get(0);
        world.core.start(&world.http).await;
        world.edge.start(&world.http).await;
        let body = serde_json::json!({"email": text("email"), "password": text("password")});
        let signed_in = world.http.post(format!("{}/v1/sessions", world.api)).json(&body).send().await.unwrap();
        let signed_in: Value = serde_json::from_str(&signed_in.text().await.unwrap()).unwrap();
        world.token = signed_in["access_token"].as_str().unwrap().to_owned();
        world
    }

    /// The mail server comes up.
    pub async fn start_mail(&mut self) {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, self.smtp)).await.unwrap();
        self.mail = Some(tokio::spawn(xtask::mail::serve(listener, self.mailbox.clone())));
    }

    /// Starts so many senders; each opens the form and sends it, again and again, until told to stop. Receipts are
    /// collected as they come.
    pub fn crowd(&self, senders: usize, each: usize) -> Crowd {
        let crowd = Crowd::default();
        let tasks = (0..senders).map(|_| {
            let (door, receipts, stop) = (self.door.clone(), crowd.receipts.clone(), crowd.stop.clone());
            tokio::spawn(async move {
                for n in 0..each {
                    if stop.load(Relaxed) {
                        return;
                    }
                    let visitor = door.open().await;
                    let receipt = door.submit(&visitor, &format!("key-{n}")).await;
                    receipts.lock().await.push((visitor, receipt));
                }
            })
        });
        Crowd { tasks: tasks.collect(), ..crowd }
    }

    /// Both programs stop when asked, and neither panicked or answered that something went wrong on our side.
    pub async fn finish(mut self) {
        self.edge.ask_to_stop();
        assert!(self.edge.ended().await.success());
        self.core.ask_to_stop();
        assert!(self.core.ended().await.success());
        for log in [self.core.log(), self.edge.log()] {
            let text = std::fs::read_to_string(log).unwrap();
            let bad: Vec<_> =
                text.lines().filter(|l| l.contains("panicked at") || l.contains("internal error")).collect();
            assert!(bad.is_empty(), "{}", bad.join("\n"));
        }
        if self.cluster.is_none() {
            self.db.drop().await;
        }
    }
}

/// Senders at work.
#[derive(Default)]
pub struct Crowd {
    /// Who was thanked for what.
    pub receipts: Arc<Mutex<Vec<(Visitor, Receipt)>>>,
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Crowd {
    /// Waits until so many were thanked.
    pub async fn reach(&self, count: usize) {
        eventually(&format!("{count} submissions"), async || self.receipts.lock().await.len() >= count).await;
    }

    /// No sender begins anew; what was begun is finished.
    pub async fn finish(self) -> Vec<(Visitor, Receipt)> {
        self.stop.store(true, Relaxed);
        self.join().await
    }

    /// Waits until everything was sent.
    pub async fn join(self) -> Vec<(Visitor, Receipt)> {
        for task in self.tasks {
            task.await.unwrap();
        }
        std::mem::take(&mut *self.receipts.lock().await)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(mail) = &self.mail {
            mail.abort();
        }
        if std::thread::panicking() {
            for log in [self.core.log(), self.edge.log()] {
                let text = std::fs::read_to_string(&log).unwrap_or_default();
                let lines: Vec<&str> = text.lines().collect();
                eprintln!("{}:\n{}", log.display(), lines[lines.len().saturating_sub(25)..].join("\n"));
            }
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One configuration for both programs. Leases are short, so that nobody waits for a dead worker; locks are waited for
/// longer than any drill holds one.
fn settings(db: &TestDatabase, folder: &std::path::Path, ports: [u16; 4]) -> Vec<(&'static str, String)> {
    let [core, edge, edge_admin, smtp] = ports;
    let key = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [7u8; 32]);
    vec![
        ("DATABASE_OWNER_URL", db.url("upzento_owner")),
        ("DATABASE_APP_URL", db.url("upzento_app")),
        ("DATABASE_CONTROL_URL", db.url("upzento_control")),
        ("DATABASE_OPS_URL", db.url("upzento_ops")),
        ("DATABASE_EDGE_URL", db.url("upzento_edge")),
        ("DATABASE_LANES", "2".into()),
        ("DATABASE_CONNECTIONS_PER_LANE", "4".into()),
        ("DATABASE_STATEMENT_TIMEOUT_MS", "15000".into()),
        ("DATABASE_LOCK_TIMEOUT_MS", "15000".into()),
        ("DATABASE_WARM_POOL", "0".into()),
        ("SERVER_LISTEN", format!("127.0.0.1:{core}")),
        ("EDGE_LISTEN", format!("127.0.0.1:{edge}")),
        ("EDGE_PUBLIC_URL", format!("http://127.0.0.1:{edge}")),
        ("EDGE_CORE_URL", format!("http://127.0.0.1:{core}")),
        ("EDGE_ADMIN_LISTEN", format!("127.0.0.1:{edge_admin}")),
        ("EDGE_TRUSTED_PROXIES", "127.0.0.0/8".into()),
        ("EDGE_LIMIT_FORMS", "{ at_once = 1000000, per_minute = 1000000 }".into()),
        ("EDGE_ASSETS", folder.display().to_string()),
        ("SMTP_URL", format!("smtp://127.0.0.1:{smtp}?tls=off")),
        ("SMTP_TIMEOUT_SECONDS", "2".into()),
        ("SECRETS_MASTER", format!("test:{key}")),
        ("LIMITS_API_PER_MINUTE", "1000000".into()),
        ("LIMITS_PUBLIC_PER_MINUTE", "1000000".into()),
        ("FILES_ROOT", folder.join("files").display().to_string()),
        ("WORK_LEASE_SECONDS", "2".into()),
        ("WORK_PER_TENANT", "6".into()),
        ("TELEMETRY_LOG", "info".into()),
    ]
}
