//! The configuration, read once and checked, in the form the edge works with.
use crate::channel::Channel;
use ipnet::IpNet;
use kernel::{
    Error, Result,
    clock::Clock,
    config::{Config, Edge as Limits},
    crypto::Keyring,
    embed::visitor::EDGE_KEY_INFO,
};
use std::{net::IpAddr, path::PathBuf, time::Duration};
use url::{Host, Url};

/// What may be given beside the configuration file; tests give all of it.
#[derive(Clone)]
pub struct Options {
    /// Where "now" comes from: tokens, limits and staleness follow it.
    pub clock: Clock,
    /// How long is too long.
    pub times: Times,
}

impl Default for Options {
    fn default() -> Self {
        Options { clock: Clock::system(), times: Times::default() }
    }
}

/// The times of the edge.
#[derive(Clone, Debug)]
pub struct Times {
    /// For the whole head of a request, and between two requests of one connection.
    pub head: Duration,
    /// For a JSON body.
    pub body: Duration,
    /// For an upload.
    pub upload: Duration,
    /// For a TLS handshake.
    pub handshake: Duration,
    /// A connection is closed after so long, between two requests, whatever it does.
    pub connection: Duration,
    /// For the core's answer.
    pub core: Duration,
    /// For the core's answer to an upload.
    pub core_upload: Duration,
    /// For connecting to the database and for each query.
    pub query: Duration,
    /// Between two signs of life on the listening connection.
    pub heartbeat: Duration,
    /// Between two looks at the revisions, should a notification be lost.
    pub poll: Duration,
    /// Between two reports of sightings.
    pub report: Duration,
    /// Between two looks at the certificate files.
    pub certificate: Duration,
    /// For open requests after a stop was asked for.
    pub drain: Duration,
    /// A cached widget is read again after about so many seconds.
    pub widget_seconds: i64,
    /// An unknown id is asked for again after so long.
    pub unknown: Duration,
    /// Without a sign of the database for so many seconds, known widgets close too.
    pub stale_seconds: i64,
}

impl Default for Times {
    fn default() -> Self {
        Times {
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            upload: Duration::from_secs(120),
            handshake: Duration::from_secs(10),
            connection: Duration::from_secs(600),
            core: Duration::from_secs(10),
            core_upload: Duration::from_secs(60),
            query: Duration::from_secs(2),
            heartbeat: Duration::from_secs(5),
            poll: Duration::from_secs(30),
            report: Duration::from_secs(1),
            certificate: Duration::from_secs(5),
            drain: Duration::from_secs(10),
            widget_seconds: 600,
            unknown: Duration::from_secs(10),
            stale_seconds: 15 * 60,
        }
    }
}

/// One name the edge answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct HostRule {
    host: String,
    /// `None`: any port (written `name:*`).
    port: Option<String>,
}

/// The checked configuration.
#[derive(Clone)]
pub struct Settings {
    /// Address visitors' browsers reach.
    pub listen: String,
    /// Address of the internal listener; none when empty.
    pub admin_listen: Option<String>,
    /// Address where revocations are taken over the channel; none when empty.
    pub revoke_listen: Option<String>,
    /// Certificates of our own programs.
    pub channel: Option<Channel>,
    /// `https` or `http`, as browsers see it.
    pub scheme: &'static str,
    /// The core, without a slash at the end.
    pub core_url: String,
    /// Login that reads the `edge` views.
    pub database: tokio_postgres::Config,
    /// Certificate authority of the database; TLS when the URL says `sslmode=require`.
    pub database_ca: PathBuf,
    /// Opens the root keys of the tokens.
    pub keyring: Keyring,
    /// Signs calls to the core.
    pub edge_key: [u8; 32],
    /// Bearer secret of the internal listener's emergency verbs.
    pub admin_secret: String,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Folder with the built widgets.
    pub assets: PathBuf,
    /// PEM certificate chain and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Origin of the files a frame may show as images, with a leading space.
    pub media_source: String,
    /// How much is too much.
    pub limits: Limits,
    /// Largest upload in bytes.
    pub upload_bytes: usize,
    hosts: Vec<HostRule>,
}

impl Settings {
    /// Reads the configuration.
    pub fn new(config: &Config) -> Result<Self> {
        let edge = &config.edge;
        let public = Url::parse(&edge.public_url).map_err(|e| Error::internal(format!("edge.public_url: {e}")))?;
        let tls = (!edge.tls_cert.is_empty()).then(|| (edge.tls_cert.clone().into(), edge.tls_key.clone().into()));
        let mut database: tokio_postgres::Config = config
            .database
            .edge_url
            .expose()
            .parse()
            .map_err(|e| Error::internal(format!("database.edge_url: {e}")))?;
        let name = format!("upzento-edge {}", kernel::telemetry::instance());
        database.application_name(&name).connect_timeout(Times::default().query);
        let keyring = config.keyring()?;
        let mut proxies = vec![];
        for text in &edge.trusted_proxies {
            let single = text.parse::<IpAddr>().map(IpNet::from);
            let net = text
                .parse::<IpNet>()
                .or(single)
                .map_err(|_| Error::internal(format!("edge.trusted_proxies: {text}")))?;
            proxies.push(net);
        }
        let channel = Channel::new(&config.internal);
        check_core_url(&edge.core_url, channel.is_some())?;
        let given = |address: &String| (!address.is_empty()).then(|| address.clone());
        let scheme = if tls.is_some() || public.scheme() == "https" { "https" } else { "http" };
        Ok(Settings {
            listen: edge.listen.clone(),
            admin_listen: given(&edge.admin_listen),
            revoke_listen: given(&config.internal.edge_listen),
            channel,
            scheme,
            core_url: edge.core_url.clone(),
            database,
            database_ca: config.database.tls_ca.clone().into(),
            edge_key: keyring.derive(EDGE_KEY_INFO),
            admin_secret: kernel::crypto::hex(&keyring.derive("upz/edge-admin/v1")),
            keyring,
            trusted_proxies: proxies,
            assets: edge.assets.clone().into(),
            tls,
            media_source: Url::parse(&config.server.public_url)
                .map_or_else(|_| String::new(), |url| format!(" {}", url.origin().ascii_serialization())),
            limits: edge.clone(),
            upload_bytes: config.limits.file_bytes,
            hosts: host_rules(&edge.hosts, &public, default_port(scheme)),
        })
    }

    /// True when the authority of a request (`host[:port]`, as sent) is one of ours.
    pub fn serves(&self, authority: &str) -> bool {
        let (host, port) = split_port(authority);
        self.hosts.iter().any(|rule| {
            rule.host.eq_ignore_ascii_case(host)
                && rule.port.as_deref().is_none_or(|p| p == port || (port.is_empty() && p == default_port(self.scheme)))
        })
    }

    /// True when a name given in the TLS handshake is one of ours.
    pub fn serves_name(&self, name: &str) -> bool {
        self.hosts.iter().any(|rule| rule.host.eq_ignore_ascii_case(name))
    }
}

/// What visitors send leaves this machine under TLS only.
fn check_core_url(url: &str, channel: bool) -> Result<()> {
    let url = Url::parse(url).map_err(|e| Error::internal(format!("edge.core_url: {e}")))?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    if url.scheme() == "https" || (here && !channel) {
        return Ok(());
    }
    Err(Error::internal(
        "edge.core_url: http:// is for a core on the same machine, without certificates; give ca, cert and key in \
         [internal], core_listen at the core, and here the https:// URL of that address",
    ))
}

fn default_port(scheme: &str) -> &'static str {
    if scheme == "https" { "443" } else { "80" }
}

fn host_rules(hosts: &[String], public: &Url, standard: &str) -> Vec<HostRule> {
    let own = public.host_str().unwrap_or_default();
    // Port 0 means "whatever was free", so the real one is not known here.
    let own = match public.port() {
        Some(0) => format!("{own}:*"),
        Some(port) => format!("{own}:{port}"),
        None => own.to_owned(),
    };
    let named = hosts.iter().map(|h| h.trim().to_owned());
    let all: Vec<String> = if hosts.is_empty() { vec![own] } else { named.collect() };
    all.iter()
        .map(|text| match split_port(text) {
            (host, "*") => HostRule { host: host.into(), port: None },
            (host, "") => HostRule { host: host.into(), port: Some(standard.into()) },
            (host, port) => HostRule { host: host.into(), port: Some(port.into()) },
        })
        .collect()
}

/// Splits `host[:port]`; an IPv6 literal keeps its brackets.
pub fn split_port(authority: &str) -> (&str, &str) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(extra: &str) -> Settings {
        let master = format!("a:{}", "A".repeat(43) + "=");
        let text =
            format!("[secrets]\nmaster = [\"{master}\"]\n[database]\nedge_url = \"postgres://x@h/d\"\n[edge]\n{extra}");
        Settings::new(&Config::parse(&text, []).unwrap()).unwrap()
    }

    #[test]
    fn what_visitors_send_leaves_the_machine_under_tls_only() {
        for (url, channel, fine) in [
            ("http://127.0.0.1:8080", false, true),
            ("http://[::1]:8080", false, true),
            ("http://localhost:8080", false, true),
            ("http://10.0.0.7:8080", false, false),
            ("http://core.internal", false, false),
            ("http://localhost.example.com", false, false),
            ("http://127.0.0.1:8080", true, false),
            ("https://core.internal:8443", true, true),
        ] {
            let checked = check_core_url(url, channel).map_err(|e| e.to_string());
            assert_eq!(checked.is_ok(), fine, "{url} {checked:?}");
            assert!(checked.err().is_none_or(|error| error.contains("edge.core_url")));
        }
    }

    #[test]
    fn hosts_are_exact() {
        let s = settings("public_url = \"https://w.agency.test\"\n");
        for (authority, fits) in [
            ("w.agency.test", true),
            ("W.Agency.Test:443", true),
            ("w.agency.test:8443", false),
            ("attacker.com", false),
            ("w.agency.test.attacker.com", false),
            ("", false),
        ] {
            assert_eq!(s.serves(authority), fits, "{authority}");
        }
        let s = settings("hosts = [\"127.0.0.1:*\", \"[::1]:8090\"]\n");
        assert!(s.serves("127.0.0.1:41234"));
        assert!(s.serves("[::1]:8090") && !s.serves("[::1]:1") && !s.serves("localhost:8090"));
    }
}
