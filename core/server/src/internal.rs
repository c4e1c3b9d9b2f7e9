//! The listener for edges: who has no certificate of the one authority does not get to speak, and finds nothing but what
//! edges call.
use futures_util::{Stream, StreamExt, stream};
use kernel::{App, Error, Result, config::Internal, http::NoDelay};
use poem::{
    Endpoint, EndpointExt, IntoEndpoint, IntoResponse, Response,
    error::NotFoundError,
    http::uri::Scheme,
    listener::{Acceptor, Listener, RustlsCertificate, RustlsConfig, TcpAcceptor, TcpListener},
    web::{LocalAddr, RemoteAddr},
};
use rustls::{
    RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
    sign::CertifiedKey,
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::net::TcpStream;

/// What edges call.
const EDGE: &str = "/edge/";
/// Between two looks at the files.
const LOOK: Duration = Duration::from_secs(1);

/// Starts to listen.
pub async fn acceptor(config: &Internal) -> Result<impl Acceptor + use<>> {
    // Looked at before they are read: a change in between is noticed, if late.
    let seen = changed(config);
    let first = read(config)?;
    let renewed = stream::once(std::future::ready(first)).chain(renewals(config.clone(), seen));
    Prompt(config.core_listen.clone()).rustls(renewed).into_acceptor().await.map_err(Error::internal)
}

/// What edges get to see.
pub fn routes(app: &Arc<App>) -> impl Endpoint<Output = Response> + 'static {
    let api = crate::service(&app.config.server.public_url).into_endpoint();
    kernel::http::around(app.clone(), split(api, true))
}

/// Only what edges call, or everything else.
pub fn split<E: Endpoint + 'static>(endpoint: E, edge: bool) -> impl Endpoint<Output = Response> + 'static {
    endpoint.around(move |endpoint, req| async move {
        if req.uri().path().starts_with(EDGE) == edge {
            endpoint.call(req).await.map(IntoResponse::into_response)
        } else {
            Err(NotFoundError.into())
        }
    })
}

/// What is in the files, checked as a whole: certificate and key of different renewals would fail every handshake.
fn read(config: &Internal) -> Result<RustlsConfig> {
    let named = |path: &str, e: &dyn std::fmt::Display| Error::internal(format!("{path}: {e}"));
    let bytes = |path: &str| std::fs::read(path).map_err(|e| named(path, &e));
    let certificates = |path: &str, pem: &[u8]| {
        CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|e| named(path, &e))
    };
    let (ca, cert, key) = (bytes(&config.ca)?, bytes(&config.cert)?, bytes(&config.key)?);
    let mut roots = RootCertStore::empty();
    for root in certificates(&config.ca, &ca)? {
        roots.add(root).map_err(|e| named(&config.ca, &e))?;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone())
        .build()
        .map_err(|e| named(&config.ca, &e))?;
    let secret = PrivateKeyDer::from_pem_slice(&key).map_err(|e| named(&config.key, &e))?;
    CertifiedKey::from_der(certificates(&config.cert, &cert)?, secret, &provider)
        .map_err(|e| named(&config.cert, &e))?;
    Ok(RustlsConfig::new().fallback(RustlsCertificate::new().cert(cert).key(key)).client_auth_required(ca))
}

/// The files again, each time they have changed and can be used.
fn renewals(config: Internal, seen: Option<Times>) -> impl Stream<Item = RustlsConfig> + Send + 'static {
    stream::unfold((config, seen), |(config, mut seen)| async move {
        loop {
            tokio::time::sleep(LOOK).await;
            let now = changed(&config);
            if now.is_none() || now == seen {
                continue;
            }
            seen = now;
            match read(&config) {
                Ok(renewed) => return Some((renewed, (config, seen))),
                Err(error) => tracing::error!(%error, "the changed certificate cannot be used; the former one stays"),
            }
        }
    })
}

/// When each file changed.
type Times = [SystemTime; 3];

fn changed(config: &Internal) -> Option<Times> {
    let time = |path: &str| std::fs::metadata(Path::new(path)).and_then(|m| m.modified()).ok();
    Some([time(&config.ca)?, time(&config.cert)?, time(&config.key)?])
}

/// A TCP listener without Nagle's delay.
struct Prompt(String);

impl Listener for Prompt {
    type Acceptor = Yielding;
    async fn into_acceptor(self) -> std::io::Result<Yielding> {
        Ok(Yielding(NoDelay(TcpListener::bind(self.0).into_acceptor().await?)))
    }
}

/// The framework takes a connection or the certificates, whichever is there first, and drops a connection that came before
/// the certificates; so a connection lets them go first.
struct Yielding(NoDelay<TcpAcceptor>);

impl Acceptor for Yielding {
    type Io = TcpStream;
    fn local_addr(&self) -> Vec<LocalAddr> {
        self.0.local_addr()
    }
    async fn accept(&mut self) -> std::io::Result<(TcpStream, LocalAddr, RemoteAddr, Scheme)> {
        tokio::task::yield_now().await;
        self.0.accept().await
    }
}
