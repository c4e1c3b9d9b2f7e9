//! Configuration: one commented TOML file (`infra/upzento.default.toml` is its documentation), overridden by
//! `UPZENTO_<SECTION>_<KEY>`, checked at start. Secrets are redacted whenever it is printed.
use crate::{Error, Result, crypto::Keyring};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A value that is never printed or logged.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "String")]
pub struct Secret(SecretString);

impl Secret {
    /// The value itself; say why at the call when it is not obvious.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
    /// True when nothing was configured.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}
impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(text.into())
    }
}
impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(if self.is_empty() { "" } else { "(redacted)" })
    }
}
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(redacted)")
    }
}

macro_rules! section {
    ($(#[$m:meta])* $name:ident { $($(#[$fm:meta])* $field:ident : $ty:ty = $default:expr),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[$fm])* pub $field: $ty),* }
        impl Default for $name {
            fn default() -> Self { $name { $($field: $default),* } }
        }
    };
}

/// So many at once, refilled at so many a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many may come at once.
    pub at_once: u32,
    /// How many come back each minute.
    pub per_minute: u32,
}

impl Rate {
    /// A rate of `per_minute` that may come in bursts of `at_once`.
    pub const fn new(at_once: u32, per_minute: u32) -> Self {
        Rate { at_once, per_minute }
    }
}

section! {
    /// Postgres: one login per purpose, so that each process can do only its own work.
    Database {
        /// Owns every object; used by `migrate` and to build tenant schemas.
        owner_url: Secret = Secret::default(),
        /// Tenant work: has no rights of its own, becomes a tenant's role for one transaction.
        app_url: Secret = Secret::default(),
        /// The core's control-plane work.
        control_url: Secret = Secret::default(),
        /// The event dispatcher and the job workers.
        ops_url: Secret = Secret::default(),
        /// The platform administration.
        admin_url: Secret = Secret::default(),
        /// The embed edge: reads the `edge` views, nothing else.
        edge_url: Secret = Secret::default(),
        /// PEM file with the certificate authority of the server; TLS is used when the URL says `sslmode=require`.
        tls_ca: String = String::new(),
        /// Connection groups; a tenant always prefers the same one, so a backend serves few tenants.
        lanes: usize = 4,
        /// Connections in each lane.
        connections_per_lane: usize = 2,
        /// Connections for files of whole lists, each of which takes one until it is read.
        export_connections: usize = 2,
        /// Connections for jobs on the data of tenants: so many of their statements run at once, whatever `work.concurrency` is.
        /// 0: one less than this machine has processors, at least 1 and at most 3.
        background_connections: usize = 0,
        /// Connections for the control plane and for the queues of events and jobs, each.
        control_connections: usize = 4,
        /// A connection is replaced after it served so many different tenants: Postgres never frees its relation cache.
        tenants_per_connection: usize = 300,
        /// Longest statement of an API request, in milliseconds.
        statement_timeout_ms: u64 = 3_000,
        /// Longest wait for a lock, in milliseconds.
        lock_timeout_ms: u64 = 2_000,
        /// Tenant roles may log in: needed on Citus, where workers are reached as the current role.
        tenant_role_login: bool = false,
        /// Ready schemas kept ahead of demand; 0 turns the warm pool off in this process.
        warm_pool: usize = 8,
    }
}
section! {
    /// The core API.
    Server {
        /// Address and port; port 0 takes a free one.
        listen: String = "127.0.0.1:8080".into(),
        /// How people reach it, without a slash at the end; links in e-mails start with it.
        public_url: String = "http://127.0.0.1:8080".into(),
        /// Where the dashboard lives; links for people start with it.
        dashboard_url: String = "http://127.0.0.1:8080".into(),
        /// Folder with the built dashboard; none when empty.
        dashboard: String = String::new(),
        /// Seconds that open requests may take after a stop was asked for.
        drain_seconds: u64 = 10,
        /// Proxies whose `X-Forwarded-For` is believed (CIDR).
        trusted_proxies: Vec<String> = vec![],
    }
}
section! {
    /// The platform administration API.
    Admin {
        /// Address and port.
        listen: String = "127.0.0.1:8081".into(),
        /// How admins reach it.
        public_url: String = "http://127.0.0.1:8081".into(),
        /// Folder with the built dashboard, for the console of the administration; none when empty.
        dashboard: String = String::new(),
    }
}
section! {
    /// The embed edge.
    Edge {
        /// Address and port visitors' browsers reach.
        listen: String = "127.0.0.1:8090".into(),
        /// Its origin as browsers see it.
        public_url: String = "http://127.0.0.1:8090".into(),
        /// Where the core answers.
        core_url: String = "http://127.0.0.1:8080".into(),
        /// Host names (with port unless it is the default one) that are served; anything else is 421. Empty: the host of `public_url`.
        hosts: Vec<String> = vec![],
        /// PEM certificate chain; TLS is on when given. Reloaded when the file changes.
        tls_cert: String = String::new(),
        /// PEM private key.
        tls_key: String = String::new(),
        /// Proxies whose `X-Forwarded-For` is believed (CIDR).
        trusted_proxies: Vec<String> = vec![],
        /// Address of health, metrics and emergency revocation; never public.
        admin_listen: String = "127.0.0.1:8091".into(),
        /// Folder with the built widgets.
        assets: String = "widgets/dist".into(),
        /// Requests of one network (IPv6: /64) that are not static files.
        limit_address: Rate = Rate::new(300, 600),
        /// Frame documents of one network.
        limit_frames: Rate = Rate::new(60, 120),
        /// Sessions, renewals and challenges of one network at one tenant.
        limit_sessions: Rate = Rate::new(30, 60),
        /// Form submissions of one network at one tenant.
        limit_forms: Rate = Rate::new(20, 20),
        /// Progress reports of one network at one tenant.
        limit_progress: Rate = Rate::new(120, 240),
        /// Uploads of one network at one tenant.
        limit_uploads: Rate = Rate::new(20, 30),
        /// Actions of one visitor session.
        limit_visitor: Rate = Rate::new(60, 120),
        /// Form submissions at one tenant from everywhere; over it, each one costs a proof of work.
        limit_tenant: Rate = Rate::new(60, 120),
        /// The same over all tenants.
        limit_platform: Rate = Rate::new(3_000, 6_000),
        /// Networks (or sessions) that each limit remembers before newcomers share a coarser count.
        limit_keys: usize = 100_000,
        /// Leading zero bits of a proof of work; 15 take about 33,000 hashes.
        work_bits: u8 = 15,
        /// Largest JSON body in bytes.
        body_bytes: usize = 131_072,
        /// Uploads held in memory at once.
        uploads_at_once: usize = 16,
        /// Open connections.
        connections: usize = 8_192,
        /// Widgets kept in memory.
        widgets: u64 = 100_000,
    }
}
section! {
    /// TLS with certificates on both sides: from the edge to the core, and to the edge's emergency revocation. Off when
    /// empty.
    Internal {
        /// PEM file with the only authority that is believed.
        ca: String = String::new(),
        /// PEM certificate chain of this program. Read again when a file changes.
        cert: String = String::new(),
        /// PEM private key.
        key: String = String::new(),
        /// Where the core answers edges, and nobody else; its public address then does not.
        core_listen: String = String::new(),
        /// Where the edge takes emergency revocations; `edge.admin_listen` then takes none.
        edge_listen: String = String::new(),
    }
}
section! {
    /// Outgoing e-mail.
    Smtp {
        /// `smtp://user:password@host:587` (STARTTLS), `smtps://…` or `smtp://127.0.0.1:1025?tls=off`.
        url: Secret = Secret::default(),
        /// Sender of platform mail.
        from: String = "Upzento <no-reply@localhost>".into(),
        /// Longest whole delivery of one mail, in seconds.
        timeout_seconds: u64 = 90,
        /// DKIM: signing domain; no signature when empty.
        dkim_domain: String = String::new(),
        /// DKIM: selector.
        dkim_selector: String = String::new(),
        /// DKIM: PKCS#8 private key in PEM (RSA or Ed25519).
        dkim_key: Secret = Secret::default(),
    }
}
section! {
    /// Keys.
    Secrets {
        /// `kid:base64 of 32 bytes`; the first seals and signs, all open and verify.
        master: Vec<Secret> = vec![],
    }
}
section! {
    /// News on devices although the console is closed (Web Push).
    Push {
        /// How people of a push service reach those of this installation: `mailto:…` or `https://…`. Empty:
        /// `server.dashboard_url` when it is https.
        contact: String = String::new(),
        /// The private key of the VAPID pair, 32 bytes in URL-safe base64. Empty: this installation makes one and keeps it sealed.
        vapid_key: Secret = Secret::default(),
    }
}
section! {
    /// Passkeys.
    Passkeys {
        /// The domain they belong to; all of them stop working when it changes. The host of `server.dashboard_url` when empty.
        rp_id: String = String::new(),
        /// Origins besides that of `server.dashboard_url` from which they are used.
        origins: Vec<String> = vec![],
    }
}
section! {
    /// The console under names of agencies' and clients' own.
    Domains {
        /// What such names point to by CNAME. Empty: the host of `server.dashboard_url`, where that is a domain name.
        target: String = String::new(),
        /// Addresses of the proxy in front, for names that cannot have a CNAME. Empty: those of `target`.
        addresses: Vec<String> = vec![],
        /// Names besides those in `server.*_url` under which the platform's own console is served.
        hosts: Vec<String> = vec![],
        /// The DNS server that is asked, `address:port`; those of the system when empty.
        resolver: String = String::new(),
    }
}
section! {
    /// Limits. Requests over a limit get 429 with `Retry-After`.
    Limits {
        /// API requests a minute and principal. A page of the console asks up to ten times.
        api_per_minute: u32 = 600,
        /// Requests a minute and address without a credential.
        public_per_minute: u32 = 20,
        /// Sign-in attempts in 15 minutes, per address and account.
        auth_per_15_minutes: u32 = 5,
        /// Largest JSON body in bytes.
        body_bytes: usize = 1_048_576,
        /// Largest file in bytes.
        file_bytes: usize = 26_214_400,
    }
}
section! {
    /// Uploaded files.
    Files {
        /// Folder, or `s3://bucket/prefix` with the usual `AWS_…` variables.
        root: String = ".upzento/files".into(),
        /// Where the store answers, when it is not Amazon's: `https://…`, or `http://…` inside one's own network.
        s3_endpoint: String = String::new(),
        /// Its region; `AWS_REGION` when empty.
        s3_region: String = String::new(),
        /// Its access key; `AWS_ACCESS_KEY_ID` when empty.
        s3_access_key: String = String::new(),
        /// Its secret key; `AWS_SECRET_ACCESS_KEY` when empty.
        s3_secret_key: Secret = Secret::default(),
        /// Where clamd (ClamAV) answers: `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. Off when empty.
        scanner: String = String::new(),
        /// Longest scan of one file, in seconds.
        scanner_timeout_seconds: u64 = 30,
        /// Largest file that is sent to the scanner, in bytes: not more than clamd's `StreamMaxLength`.
        scanner_max_bytes: usize = 26_214_400,
    }
}
section! {
    /// Background work.
    Work {
        /// Jobs running at once in this process.
        concurrency: usize = 8,
        /// Jobs of one tenant running at once.
        per_tenant: usize = 2,
        /// A job whose worker gave no sign of life for so many seconds is given to another one; 2 at least.
        lease_seconds: u64 = 60,
        /// Address ranges that outbound calls may reach although they are private (CIDR): for tests and demos only.
        outbound_allow: Vec<String> = vec![],
    }
}
section! {
    /// Logs and metrics.
    Telemetry {
        /// `tracing` filter.
        log: String = "info".into(),
        /// One JSON object a line instead of text.
        json: bool = false,
    }
}
section! {
    /// Everything.
    Config {
        /// Postgres.
        database: Database = Database::default(),
        /// The core API.
        server: Server = Server::default(),
        /// The platform administration API.
        admin: Admin = Admin::default(),
        /// The embed edge.
        edge: Edge = Edge::default(),
        /// TLS between our own programs.
        internal: Internal = Internal::default(),
        /// Outgoing e-mail.
        smtp: Smtp = Smtp::default(),
        /// Keys.
        secrets: Secrets = Secrets::default(),
        /// News on devices.
        push: Push = Push::default(),
        /// Passkeys.
        passkeys: Passkeys = Passkeys::default(),
        /// The console under other names.
        domains: Domains = Domains::default(),
        /// Limits.
        limits: Limits = Limits::default(),
        /// Uploaded files.
        files: Files = Files::default(),
        /// Background work.
        work: Work = Work::default(),
        /// Logs and metrics.
        telemetry: Telemetry = Telemetry::default(),
    }
}

impl Config {
    /// Reads the file (if given or if `upzento.toml` is there) and the environment.
    pub fn load(path: Option<&Path>) -> Result<Self> {
        let default = Path::new("upzento.toml");
        let text = match path {
            Some(path) => {
                std::fs::read_to_string(path).map_err(|e| Error::internal(format!("{}: {e}", path.display())))?
            }
            None if default.exists() => std::fs::read_to_string(default).map_err(Error::internal)?,
            None => String::new(),
        };
        Self::parse(&text, std::env::vars())
    }

    /// The same from a text and a list of variables.
    pub fn parse(text: &str, vars: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let mut table: toml::Table = text.parse().map_err(|e| Error::internal(format!("configuration: {e}")))?;
        for (name, value) in vars {
            let Some(rest) = name.strip_prefix("UPZENTO_") else { continue };
            let rest = rest.to_ascii_lowercase();
            let Some((section, key)) = rest.split_once('_') else { continue };
            let known = toml::Table::try_from(Config::default()).map_err(Error::internal)?;
            // Other programs' variables may share the prefix; only known sections are ours.
            let Some(existing) = known.get(section).and_then(|s| s.as_table()) else { continue };
            let parsed = match existing.get(key) {
                Some(toml::Value::Integer(_) | toml::Value::Boolean(_) | toml::Value::Table(_)) => {
                    value.parse::<toml::Value>().map_err(|e| Error::internal(format!("{name}: {e}")))?
                }
                Some(toml::Value::Array(_)) => toml::Value::Array(
                    value.split(',').filter(|v| !v.is_empty()).map(|v| v.trim().to_owned().into()).collect(),
                ),
                _ => toml::Value::String(value),
            };
            let section = table.entry(section.to_owned()).or_insert_with(|| toml::Table::new().into());
            if let Some(section) = section.as_table_mut() {
                section.insert(key.to_owned(), parsed);
            }
        }
        let config: Config = table.try_into().map_err(|e| Error::internal(format!("configuration: {e}")))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        for (name, url) in [
            ("server.public_url", &self.server.public_url),
            ("server.dashboard_url", &self.server.dashboard_url),
            ("admin.public_url", &self.admin.public_url),
            ("edge.public_url", &self.edge.public_url),
            ("edge.core_url", &self.edge.core_url),
        ] {
            let fine =
                url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https")) && !url.ends_with('/');
            if !fine {
                return Err(Error::internal(format!(
                    "configuration: {name} must be an http(s) URL without a slash at the end"
                )));
            }
        }
        let Database { lanes, connections_per_lane, export_connections, control_connections, .. } = self.database;
        if [lanes, connections_per_lane, export_connections, control_connections].contains(&0) {
            return Err(Error::internal("configuration: database.lanes and connections must be at least 1"));
        }
        if self.work.lease_seconds < 2 || self.smtp.timeout_seconds == 0 {
            return Err(Error::internal(
                "configuration: work.lease_seconds must be at least 2 and smtp.timeout_seconds at least 1",
            ));
        }
        self.internal.check()?;
        self.edge.check()
    }

    /// The master keys.
    pub fn keyring(&self) -> Result<Keyring> {
        Keyring::parse(&self.secrets.master.iter().map(|s| s.expose().to_owned()).collect::<Vec<_>>())
    }

    /// What is in force, as TOML with secrets redacted.
    pub fn redacted(&self) -> Result<String> {
        toml::to_string(self).map_err(Error::internal)
    }
}

impl Internal {
    fn check(&self) -> Result<()> {
        let files = [("ca", &self.ca), ("cert", &self.cert), ("key", &self.key)];
        let given = files.iter().any(|(_, file)| !file.is_empty());
        let needed = given || !self.core_listen.is_empty() || !self.edge_listen.is_empty();
        match files.iter().find(|(_, file)| file.is_empty()) {
            Some((name, _)) if needed => Err(Error::internal(format!(
                "configuration: internal.{name} is missing: ca, cert and key belong together, and listeners need them"
            ))),
            _ => Ok(()),
        }
    }
}

impl Edge {
    fn check(&self) -> Result<()> {
        let rates = [
            ("address", self.limit_address),
            ("frames", self.limit_frames),
            ("sessions", self.limit_sessions),
            ("forms", self.limit_forms),
            ("progress", self.limit_progress),
            ("uploads", self.limit_uploads),
            ("visitor", self.limit_visitor),
            ("tenant", self.limit_tenant),
            ("platform", self.limit_platform),
        ];
        if let Some((name, _)) = rates.iter().find(|(_, rate)| rate.at_once == 0 || rate.per_minute == 0) {
            return Err(Error::internal(format!(
                "configuration: edge.limit_{name} must let something pass: at_once and per_minute are at least 1"
            )));
        }
        let sizes = [self.limit_keys, self.body_bytes, self.uploads_at_once, self.connections];
        if sizes.contains(&0) || self.widgets == 0 {
            return Err(Error::internal(
                "configuration: edge.limit_keys, body_bytes, uploads_at_once, connections and widgets must be at least 1",
            ));
        }
        // More would take a phone minutes.
        if !(1..=24).contains(&self.work_bits) {
            return Err(Error::internal("configuration: edge.work_bits must be 1 to 24"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_and_secrets_stay_hidden() {
        let vars = [
            ("UPZENTO_DATABASE_APP_URL".to_owned(), "postgres://app:hush@db/x".to_owned()),
            ("UPZENTO_DATABASE_LANES".to_owned(), "7".to_owned()),
            ("UPZENTO_EDGE_HOSTS".to_owned(), "a.example, b.example".to_owned()),
            ("UPZENTO_EDGE_LIMIT_FORMS".to_owned(), "{ at_once = 3, per_minute = 4 }".to_owned()),
            ("UPZENTO_PG_BIN".to_owned(), "/x".to_owned()),
        ];
        let config = Config::parse("[database]\nlanes = 3\n", vars).unwrap();
        assert_eq!(config.database.lanes, 7);
        assert_eq!(config.edge.hosts, ["a.example", "b.example"]);
        assert_eq!(config.edge.limit_forms, Rate::new(3, 4));
        assert_eq!(config.database.app_url.expose(), "postgres://app:hush@db/x");
        assert!(!config.redacted().unwrap().contains("hush"));
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("[database]\nlane = 3\n", "lane"),
            ("[server]\npublic_url = \"x\"\n", "server.public_url"),
            ("[database]\nlanes = 0\n", "lanes"),
            ("[work]\nlease_seconds = 1\n", "lease_seconds"),
            ("[edge]\nlimit_forms = { at_once = 0, per_minute = 1 }\n", "limit_forms"),
            ("[edge]\nlimit_forms = { at_once = 1 }\n", "per_minute"),
            ("[edge]\nconnections = 0\n", "connections"),
            ("[edge]\nwork_bits = 40\n", "work_bits"),
            ("[internal]\nca = \"a\"\nkey = \"k\"\n", "internal.cert"),
            ("[internal]\nca = \"a\"\ncert = \"c\"\ncore_listen = \"127.0.0.1:0\"\n", "internal.key"),
            ("[internal]\nedge_listen = \"127.0.0.1:0\"\n", "internal.ca"),
        ] {
            let error = Config::parse(text, []).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
