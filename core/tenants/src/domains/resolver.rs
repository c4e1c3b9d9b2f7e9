//! Asking the DNS. Nothing is remembered between two looks: whoever has just set a record wants to see it.
use super::model::{Found, Stored, target};
use hickory_resolver::{
    Resolver, TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
    proto::rr::{RData, RecordType},
};
use kernel::{Error, Result, config::Config};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

/// How long a name server may take to answer, asked twice.
const TIMEOUT: Duration = Duration::from_secs(3);
/// What is kept of the texts at a name.
const TEXTS: usize = 10;
const LONGEST_TEXT: usize = 200;

/// Who asks the DNS; one for each program.
pub(crate) struct Dns(TokioResolver);

impl Dns {
    /// Asks the server the configuration names, or those of the system.
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let provider = TokioRuntimeProvider::default();
        let mut builder = match config.domains.resolver.as_str() {
            "" => TokioResolver::builder_tokio().map_err(Error::internal)?,
            server => Resolver::builder_with_config(only(server)?, provider),
        };
        let options = builder.options_mut();
        options.timeout = TIMEOUT;
        options.attempts = 1;
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        builder.build().map(Dns).map_err(Error::internal)
    }

    /// What stands in the DNS about a domain.
    pub(crate) async fn look(&self, domain: &Stored, config: &Config) -> Found {
        self.ask(domain, config).await.unwrap_or_else(|failed| Found { failed: Some(failed), ..Found::default() })
    }

    async fn ask(&self, domain: &Stored, config: &Config) -> Result<Found, String> {
        let proof = domain.proof_name();
        let own = config.domains.addresses.iter().filter_map(|address| address.parse().ok()).collect::<Vec<IpAddr>>();
        let (texts, aliases, addresses, wanted) = tokio::try_join!(
            self.records(&proof, RecordType::TXT),
            self.records(&domain.host, RecordType::CNAME),
            self.addresses(&domain.host),
            async {
                match target(config) {
                    // What the platform's own name leads to may be out of reach from inside; its name counts as well.
                    Some(target) if own.is_empty() => Ok(self.addresses(&target).await.unwrap_or_default()),
                    _ => Ok(own),
                }
            },
        )?;
        let texts = texts.iter().filter_map(text).take(TEXTS).collect();
        let aliases = aliases.iter().filter_map(alias).collect();
        Ok(Found { texts, aliases, addresses, wanted, failed: None, taken: false })
    }

    async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, String> {
        let (four, six) = tokio::try_join!(self.records(name, RecordType::A), self.records(name, RecordType::AAAA))?;
        let address = |data: &RData| match data {
            RData::A(a) => Some(IpAddr::V4(a.0)),
            RData::AAAA(aaaa) => Some(IpAddr::V6(aaaa.0)),
            _ => None,
        };
        Ok(four.iter().chain(&six).filter_map(address).collect())
    }

    /// None is an answer; a server that does not answer is not.
    async fn records(&self, name: &str, kind: RecordType) -> Result<Vec<RData>, String> {
        match self.0.lookup(format!("{name}."), kind).await {
            Ok(lookup) => Ok(lookup.answers().iter().map(|record| record.data.clone()).collect()),
            Err(error) if error.is_no_records_found() && !is_trouble(&error) => Ok(vec![]),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A server that says it could not find out has not said that there is nothing.
fn is_trouble(error: &NetError) -> bool {
    use hickory_resolver::{net::DnsError, proto::op::ResponseCode};
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => {
            !matches!(none.response_code, ResponseCode::NoError | ResponseCode::NXDomain)
        }
        _ => true,
    }
}

fn only(server: &str) -> Result<ResolverConfig> {
    let address: SocketAddr = server.parse().map_err(|e| Error::internal(format!("domains.resolver {server}: {e}")))?;
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    let server = NameServerConfig::new(address.ip(), true, connections.to_vec());
    Ok(ResolverConfig::from_parts(None, vec![], vec![server]))
}

fn text(data: &RData) -> Option<String> {
    let RData::TXT(txt) = data else { return None };
    let whole: Vec<u8> = txt.txt_data.iter().flat_map(|part| part.iter().copied()).collect();
    Some(String::from_utf8_lossy(&whole).chars().filter(|c| !c.is_control()).take(LONGEST_TEXT).collect())
}

fn alias(data: &RData) -> Option<String> {
    let RData::CNAME(name) = data else { return None };
    Some(name.0.to_ascii().trim_end_matches('.').to_lowercase())
}
