//! The program under test.
use crate::{client::Client, database::TestDatabase, rows};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{App, clock::Clock, config::Config, config::Secret};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// A server of its own on a database of its own. Background work runs only when the test says [`TestApp::settle`].
pub struct TestApp {
    /// The program, for verbs that have no HTTP.
    pub app: Arc<App>,
    /// Its time; stands still until [`TestApp::advance`].
    pub clock: Clock,
    /// Its database.
    pub db: TestDatabase,
    /// Where it listens.
    pub url: String,
    /// Where it listens for edges, when the configuration says so.
    pub internal: Option<std::net::SocketAddr>,
    dead_jobs_expected: AtomicBool,
    calls_expected: AtomicBool,
}

/// The moment every test starts at: a Friday noon in winter.
pub fn start_of_time() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().expect("a moment")
}

impl TestApp {
    /// With the usual configuration.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With a changed configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_custom(change, vec![]).await
    }

    /// With modules of the test beside the product's.
    pub async fn start_custom(change: impl FnOnce(&mut Config), extra: Vec<kernel::Module>) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let db = TestDatabase::create().await;
        let mut config = Self::config(&db);
        change(&mut config);
        let _ = kernel::telemetry::init(&config.telemetry);
        let clock = Clock::fixed(start_of_time());
        let modules = server::modules::all().into_iter().chain(extra).collect();
        let app = App::new(config, clock.clone(), modules).expect("a program");
        server::modules::install(&app).expect("installed modules");
        app.set_row_checker(rows::note);
        let running = server::serve(app.clone(), None).await.expect("a server");
        let url = format!("http://{}", running.address);
        let internal = running.internal;
        TestApp { app, clock, db, url, internal, dead_jobs_expected: false.into(), calls_expected: false.into() }
    }

    /// The configuration tests start from: generous limits, free ports.
    pub fn config(db: &TestDatabase) -> Config {
        let mut config = Config::default();
        let url = |login: &str| Secret::from(db.url(login));
        config.database.owner_url = url("upzento_owner");
        config.database.app_url = url("upzento_app");
        config.database.control_url = url("upzento_control");
        config.database.ops_url = url("upzento_ops");
        config.database.admin_url = url("upzento_admin");
        config.database.edge_url = url("upzento_edge");
        config.database.lanes = 1;
        config.database.connections_per_lane = 3;
        config.database.control_connections = 2;
        config.server.listen = "127.0.0.1:0".into();
        config.admin.listen = "127.0.0.1:0".into();
        config.edge.listen = "127.0.0.1:0".into();
        config.edge.admin_listen = "127.0.0.1:0".into();
        config.secrets.master = vec![Secret::from(format!(
            "test:{}",
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, [7u8; 32])
        ))];
        config.limits.api_per_minute = 1_000_000;
        config.limits.public_per_minute = 1_000_000;
        config.limits.auth_per_15_minutes = 1_000;
        config.files.root = std::env::temp_dir().join(format!("{}-files", db.name)).display().to_string();
        // Devices make passkeys for a domain, never for an address.
        config.passkeys.rp_id = "console.test".into();
        config.passkeys.origins = vec!["http://console.test".into()];
        // Whoever looks at domains has a name server of his own (`Dns`); here nobody answers.
        config.domains.target = "app.console.test".into();
        config.domains.resolver = "127.0.0.1:9".into();
        config.work.outbound_allow = vec!["127.0.0.0/8".into()];
        config.telemetry.log = std::env::var("TEST_LOG").unwrap_or_else(|_| "off".into());
        config
    }

    /// Somebody without a credential.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.url)
    }

    /// Moves time: forward, or back as on a server whose clock is behind.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// An active tenant without people: `kind` is `agency` or `client`.
    pub async fn bare_tenant(&self, kind: &str) -> Arc<kernel::tenancy::Tenant> {
        let client = self.db.superuser().await;
        let claim = "update control.tenants set state = 'active', kind = $1, name = 'Bare', activated_at = now() where id = \
             (select id from control.tenants where state = 'ready' order by created_at limit 1 for update skip locked) returning id";
        let row = client.query_opt(claim, &[&kind]).await.expect("a claim").expect("a ready schema");
        self.app.tenant(kernel::ids::TenantId(row.get(0))).await.expect("the tenant")
    }

    /// Delivers events and runs due jobs until nothing is left to do now.
    pub async fn settle(&self) {
        for _ in 0..50 {
            let delivered = kernel::events::dispatch_due(&self.app).await.expect("events are delivered");
            let ran = kernel::jobs::run_due(&self.app).await.expect("jobs run");
            if delivered + ran == 0 {
                return;
            }
        }
        panic!("the background never comes to rest");
    }

    /// This test makes jobs fail for good; without it a dead letter fails the test.
    pub fn expect_dead_jobs(&self) {
        self.dead_jobs_expected.store(true, Ordering::Relaxed);
    }

    /// This test calls the outside; without it a call fails the test.
    pub fn expect_outbound_calls(&self) {
        self.calls_expected.store(true, Ordering::Relaxed);
    }

    /// What is wrong at the end of a test.
    async fn leftovers(&self) -> Vec<String> {
        let client = self.db.superuser().await;
        let mut wrong = vec![];
        let schema: Option<String> = client
            .query_opt("select schema_name from control.tenants where state in ('ready', 'active') limit 1", &[])
            .await
            .ok()
            .flatten()
            .map(|row| row.get(0));
        if let Some(schema) = schema {
            wrong.extend(rows::verify(&client, &schema).await);
        }
        if !self.dead_jobs_expected.load(Ordering::Relaxed) {
            let dead = client
                .query("select kind, last_error from ops.jobs where state = 'dead'", &[])
                .await
                .unwrap_or_default();
            wrong.extend(
                dead.iter()
                    .map(|row| format!("dead job {}: {:?}", row.get::<_, String>(0), row.get::<_, Option<String>>(1))),
            );
        }
        let bound = client
            .query("select query from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and state_change < now() - interval '1 second'", &[])
            .await
            .unwrap_or_default();
        wrong.extend(
            bound
                .iter()
                .map(|row| format!("a connection is left inside a transaction, last: {}", row.get::<_, String>(0))),
        );
        if !self.calls_expected.load(Ordering::Relaxed) {
            wrong.extend(
                self.app.outbound.remembered().into_iter().map(|call| format!("unexpected call to {}", call.target)),
            );
        }
        wrong
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.app.stop.cancel();
        // In a thread with a runtime of its own: dropping cannot wait, and the test's runtime may be going down.
        let wrong = std::thread::scope(|scope| {
            let this = &*self;
            let checked = scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let wrong = this.leftovers().await;
                    this.db.drop().await;
                    wrong
                })
            });
            checked.join().unwrap_or_else(|_| vec!["the end of the test failed".into()])
        });
        let _ = std::fs::remove_dir_all(&self.app.config.files.root);
        if !std::thread::panicking() && !wrong.is_empty() {
            panic!("the test left something behind:\n  {}", wrong.join("\n  "));
        }
    }
}
