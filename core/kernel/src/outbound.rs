//! The one HTTP client for calls to the outside: time limits, no redirects, no way into private networks, and a short
//! memory of what was called.
use crate::{Error, Result, config::Config};
use reqwest::{
    Method, Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::{
    collections::VecDeque,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

/// Bytes of an answer that are kept.
const MAX_ANSWER: usize = 1_048_576;
/// Calls that are remembered.
const MEMORY: usize = 100;

/// A call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Method.
    pub method: Method,
    /// Where.
    pub url: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// Longest wait in seconds.
    pub timeout_seconds: u64,
}

impl Call {
    /// A POST of JSON with ten seconds to answer.
    pub fn post_json(url: impl Into<String>, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Call { method: Method::POST, url: url.into(), headers, body, timeout_seconds: 10 }
    }
    /// One more header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds, when given as a number.
    pub retry_after: Option<u64>,
    /// At most one MiB.
    pub body: Vec<u8>,
}

/// A remembered call: no headers and no bodies, they may hold secrets.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// Method.
    pub method: String,
    /// Host and path, without the query.
    pub target: String,
    /// Status, or why there was none.
    pub outcome: Result<u16, String>,
}

/// The client.
pub struct Outbound {
    client: reqwest::Client,
    guard: Arc<Guard>,
    memory: Mutex<VecDeque<Remembered>>,
}

struct Guard {
    allow: Vec<ipnet::IpNet>,
}

impl Guard {
    /// Public unicast addresses, and what the operator allowed.
    fn permits(&self, ip: IpAddr) -> bool {
        self.allow.iter().any(|net| net.contains(&ip)) || is_public(ip)
    }
}

/// Whether an address is on the public internet (RFC 6890 special-purpose registries excluded).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            !(ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (b == 18 || b == 19)))
        }
        IpAddr::V6(ip) => {
            if let Some(mapped) = ip.to_ipv4_mapped() {
                return is_public(IpAddr::V4(mapped));
            }
            let s = ip.segments();
            // Only 2000::/3 is global unicast; inside it documentation, 6to4 and Teredo can hide private addresses.
            (s[0] & 0xe000) == 0x2000
                && !(s[0] == 0x2001 && (s[1] == 0x0db8 || s[1] == 0))
                && s[0] != 0x2002
                && s[0] != 0x3fff
        }
    }
}

/// Resolves names and drops every address the guard refuses: the check holds for the address that is really used.
struct GuardedResolver(Arc<Guard>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<SocketAddr> = found.filter(|a| guard.permits(a.ip())).collect();
            if permitted.is_empty() {
                return Err("the host has no public address".into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

impl Outbound {
    /// Built once for a program.
    pub fn new(config: &Config) -> Result<Self> {
        let parse = |net: &String| net.parse().map_err(|e| Error::internal(format!("work.outbound_allow {net}: {e}")));
        let allow = config.work.outbound_allow.iter().map(parse).collect::<Result<Vec<_>>>()?;
        let guard = Arc::new(Guard { allow });
        let client = reqwest::Client::builder()
            .dns_resolver(Arc::new(GuardedResolver(guard.clone())))
            // A redirect could lead inside; whoever needs one decides about it himself.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(5))
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent("Upzento")
            .build()
            .map_err(Error::internal)?;
        Ok(Outbound { client, guard, memory: Mutex::default() })
    }

    /// Checks a URL when it is saved: http(s), no credentials, not an address inside. Names are checked at every call.
    pub fn check_url(&self, text: &str) -> Result<Url, &'static str> {
        let url = Url::parse(text).map_err(|_| "That is not a URL.")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("Only http and https are called.");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("A URL with a user name or password is not called.");
        }
        let ip = match url.host() {
            Some(url::Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(url::Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(url::Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => {
                Some(IpAddr::from([127, 0, 0, 1]))
            }
            Some(url::Host::Domain(_)) => None,
            None => return Err("The URL has no host."),
        };
        match ip {
            Some(ip) if !self.guard.permits(ip) => Err("An address inside a private network is not called."),
            _ => Ok(url),
        }
    }

    /// Calls. Any HTTP status is an answer; an error means that there was none.
    pub async fn call(&self, call: Call) -> Result<Answer> {
        let url = self.check_url(&call.url).map_err(|why| Error::upstream("outbound", why))?;
        let target = format!("{}{}", url.host_str().unwrap_or(""), url.path());
        let method = call.method.to_string();
        let result = self.send(url, call).await;
        let outcome = match &result {
            Ok(answer) => Ok(answer.status),
            Err(error) => Err(error.to_string()),
        };
        metrics::counter!("upzento_outbound_total", "ok" => outcome.is_ok().to_string()).increment(1);
        let mut memory = self.memory.lock().unwrap_or_else(|p| p.into_inner());
        if memory.len() == MEMORY {
            memory.pop_front();
        }
        memory.push_back(Remembered { method, target, outcome });
        result
    }

    async fn send(&self, url: Url, call: Call) -> Result<Answer> {
        let failed = |e: reqwest::Error| {
            Error::upstream(
                "outbound",
                if e.is_timeout() { "no answer in time".to_owned() } else { e.without_url().to_string() },
            )
        };
        let mut request =
            self.client.request(call.method, url).timeout(Duration::from_secs(call.timeout_seconds)).body(call.body);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let mut response = request.send().await.map_err(failed)?;
        let retry_after =
            response.headers().get("retry-after").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
        let status = response.status().as_u16();
        let mut body = vec![];
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            let room = MAX_ANSWER - body.len();
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() == MAX_ANSWER {
                break;
            }
        }
        Ok(Answer { status, retry_after, body })
    }

    /// The last calls, oldest first.
    pub fn remembered(&self) -> Vec<Remembered> {
        self.memory.lock().unwrap_or_else(|p| p.into_inner()).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        let outbound = Outbound::new(&Config::default()).unwrap();
        for bad in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://10.1.2.3/",
            "http://169.254.169.254/",
            "http://localhost/",
            "http://a.localhost/",
            "http://100.64.0.1/",
            "http://192.168.1.1/",
            "http://[fd00::1]/",
            "http://[2002:7f00:1::]/",
            "ftp://example.com/",
            "http://u:p@example.com/",
            "x",
        ] {
            assert!(outbound.check_url(bad).is_err(), "{bad}");
        }
        for good in ["https://example.com/hook", "http://93.184.216.34/", "http://[2606:2800:220:1::1]/"] {
            assert!(outbound.check_url(good).is_ok(), "{good}");
        }
    }
}
