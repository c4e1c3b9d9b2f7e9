//! Certificates: read from files, read again when the files change.
use crate::settings::Settings;
use kernel::{Error, Result};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::{Duration, SystemTime},
};
use tokio::net::TcpStream;
use tokio_rustls::{Accept, TlsAcceptor};
use tokio_util::sync::CancellationToken;

/// The certificate in service, for one listener.
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    files: (PathBuf, PathBuf),
    settings: Settings,
}

#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone())
    }
}

impl Tls {
    /// Reads the files named in the settings; `None` when there are none.
    pub fn new(settings: &Settings) -> Result<Option<Self>> {
        let Some(files) = settings.tls.clone() else { return Ok(None) };
        let current = Arc::new(Current(RwLock::new(Arc::new(read(&files.0, &files.1)?))));
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_no_client_auth()
            .with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Some(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), current, files, settings: settings.clone() }))
    }

    /// The handshake.
    pub fn accept(&self, stream: TcpStream) -> Accept<TcpStream> {
        self.acceptor.accept(stream)
    }

    /// True when the name in the handshake is one of ours.
    pub fn serves(&self, name: &str) -> bool {
        self.settings.serves_name(name)
    }

    /// Reads the files again; what was in service stays when they cannot be read.
    pub fn reload(&self) {
        match read(&self.files.0, &self.files.1) {
            Ok(key) => {
                *self.current.0.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Arc::new(key);
                tracing::info!("certificate read again");
            }
            Err(error) => tracing::error!(%error, "the changed certificate cannot be used; the former one stays"),
        }
    }

    fn changed(&self) -> Option<(SystemTime, SystemTime)> {
        let time = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified()).ok();
        Some((time(&self.files.0)?, time(&self.files.1)?))
    }
}

/// Watches the files until stopped.
pub async fn watch(tls: Arc<Tls>, every: Duration, stop: CancellationToken) {
    let mut seen = tls.changed();
    let mut tick = tokio::time::interval(every);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let now = tls.changed();
        if now.is_some() && now != seen {
            seen = now;
            tls.reload();
        }
    }
}

fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey> {
    let named = |path: &Path, e: &dyn std::fmt::Display| Error::internal(format!("{}: {e}", path.display()));
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .map_err(|e| named(certificate, &e))?
        .collect::<Result<_, _>>()
        .map_err(|e| named(certificate, &e))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| named(key, &e))?;
    let signer = aws_lc_rs::sign::any_supported_type(&secret).map_err(|e| named(key, &e))?;
    let certified = CertifiedKey::new(chain, signer);
    // A certificate and a key that do not belong together would fail every handshake.
    certified.keys_match().map_err(|e| named(key, &e))?;
    Ok(certified)
}
