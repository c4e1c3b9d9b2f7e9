//! Listeners with certificates: read from files, read again when the files change.
use crate::{channel::Channel, renewed::Renewed, settings::Settings};
use kernel::{Error, Result};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
    sign::{CertifiedKey, SingleCertAndKey},
};
use std::{path::Path, sync::Arc};
use tokio::net::TcpStream;
use tokio_rustls::{Accept, TlsAcceptor};

/// The certificate in service, for one listener.
pub struct Tls {
    acceptor: Arc<Renewed<TlsAcceptor>>,
    /// Where a handshake must name one of our hosts.
    names: Option<Settings>,
}

impl Tls {
    /// For everybody, with the files named in the settings; `None` when there are none.
    pub fn new(settings: &Settings) -> Result<Option<Self>> {
        let Some((cert, key)) = settings.tls.clone() else { return Ok(None) };
        let files = vec![cert.clone(), key.clone()];
        let acceptor = Renewed::new(files, move || acceptor(&cert, &key, None))?;
        Ok(Some(Tls { acceptor: Arc::new(acceptor), names: Some(settings.clone()) }))
    }

    /// For those alone who have a certificate of the channel's authority. By which name they call us is their business.
    pub fn mutual(channel: &Channel) -> Result<Self> {
        let (files, channel) = (channel.files(), channel.clone());
        let acceptor = Renewed::new(files, move || acceptor(&channel.cert, &channel.key, Some(&channel.ca)))?;
        Ok(Tls { acceptor: Arc::new(acceptor), names: None })
    }

    /// What has to be watched.
    pub fn renewed(&self) -> Arc<Renewed<TlsAcceptor>> {
        self.acceptor.clone()
    }

    /// The handshake.
    pub fn accept(&self, stream: TcpStream) -> Accept<TcpStream> {
        self.acceptor.get().accept(stream)
    }

    /// True when the name in the handshake is one of ours.
    pub fn serves(&self, name: Option<&str>) -> bool {
        self.names.as_ref().is_none_or(|ours| name.is_some_and(|name| ours.serves_name(name)))
    }
}

fn acceptor(certificate: &Path, key: &Path, authority: Option<&Path>) -> Result<TlsAcceptor> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?;
    let builder = match authority {
        None => builder.with_no_client_auth(),
        Some(path) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(roots(path)?.into(), provider).build();
            builder.with_client_cert_verifier(verifier.map_err(|e| named(path, &e))?)
        }
    };
    let certified = SingleCertAndKey::from(read(certificate, key)?);
    let mut config = builder.with_cert_resolver(Arc::new(certified));
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey> {
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| named(key, &e))?;
    let signer = aws_lc_rs::sign::any_supported_type(&secret).map_err(|e| named(key, &e))?;
    let certified = CertifiedKey::new(certificates(certificate)?, signer);
    // A certificate and a key that do not belong together would fail every handshake.
    certified.keys_match().map_err(|e| named(key, &e))?;
    Ok(certified)
}

fn roots(path: &Path) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for root in certificates(path)? {
        roots.add(root).map_err(|e| named(path, &e))?;
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    found.map_err(|e| named(path, &e))
}

fn named(path: &Path, e: &dyn std::fmt::Display) -> Error {
    Error::internal(format!("{}: {e}", path.display()))
}
