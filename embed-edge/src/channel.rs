//! The channel between our own programs: TLS with certificates of one authority on both sides.
use kernel::{Error, Result, config::Internal};
use std::{path::PathBuf, time::Duration};

/// The PEM files of this program.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The only authority that is believed.
    pub ca: PathBuf,
    /// Our certificate chain.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Channel {
    /// The configured files; `None` when there are none.
    pub fn new(config: &Internal) -> Option<Self> {
        let Internal { ca, cert, key, .. } = config;
        (!ca.is_empty()).then(|| Channel { ca: ca.into(), cert: cert.into(), key: key.into() })
    }

    /// What it is made of.
    pub fn files(&self) -> Vec<PathBuf> {
        vec![self.ca.clone(), self.cert.clone(), self.key.clone()]
    }

    /// We believe this authority alone, show our certificate, and speak to nobody without TLS.
    fn secure(&self, client: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
        let read =
            |path: &PathBuf| std::fs::read(path).map_err(|e| Error::internal(format!("{}: {e}", path.display())));
        let authorities = reqwest::Certificate::from_pem_bundle(&read(&self.ca)?).map_err(Error::internal)?;
        if authorities.is_empty() {
            return Err(Error::internal(format!("{}: no certificate", self.ca.display())));
        }
        let pem = [read(&self.key)?, b"\n".to_vec(), read(&self.cert)?].concat();
        let identity = reqwest::Identity::from_pem(&pem)
            .map_err(|e| Error::internal(format!("{}, {}: {e}", self.cert.display(), self.key.display())))?;
        Ok(client.tls_certs_only(authorities).identity(identity).https_only(true))
    }
}

/// Calls our own programs: over the channel when there is one. Their addresses are the operator's, not a visitor's, so the
/// guard for outbound calls is not needed.
pub fn client(channel: Option<&Channel>) -> Result<reqwest::Client> {
    let plain = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(2))
        .pool_idle_timeout(Duration::from_secs(30))
        .tcp_nodelay(true)
        // One request at a time on a connection, with TLS too: an upload holds up nobody.
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    let client = match channel {
        Some(channel) => channel.secure(plain)?,
        None => plain,
    };
    // The error itself says only that something is wrong.
    client.build().map_err(|e| Error::internal(format!("{:#}", anyhow::Error::from(e))))
}
