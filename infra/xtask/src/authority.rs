//! Certificate authorities for tests of programs that know each other by certificates.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use tempfile::TempDir;

/// An authority. All have the same name, as a forger's would.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// With a key of its own.
    pub fn new() -> Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Ok(Self(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?))
    }
}

/// The PEM files of one program of this machine; they go when it is dropped.
pub struct Identity(TempDir);

impl Identity {
    /// A program that believes this authority and shows a certificate of that one.
    pub fn new(believed: &Authority, issuer: &Authority) -> Result<Self> {
        let identity = Self(TempDir::new()?);
        identity.renew(believed, issuer)?;
        Ok(identity)
    }

    /// Puts new files in place of the former ones.
    pub fn renew(&self, believed: &Authority, issuer: &Authority) -> Result<()> {
        let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer.0)?;
        for (path, text) in
            [(self.key(), key.serialize_pem()), (self.cert(), certificate.pem()), (self.ca(), believed.0.pem())]
        {
            let fresh = path.with_extension("new");
            fs::write(&fresh, text)?;
            fs::rename(&fresh, path)?;
        }
        Ok(())
    }

    /// The authority it believes.
    pub fn ca(&self) -> PathBuf {
        self.0.path().join("ca.pem")
    }

    /// Its certificate.
    pub fn cert(&self) -> PathBuf {
        self.0.path().join("cert.pem")
    }

    /// Its key.
    pub fn key(&self) -> PathBuf {
        self.0.path().join("key.pem")
    }
}
