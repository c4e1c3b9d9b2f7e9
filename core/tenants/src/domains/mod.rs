//! The console under an address of an agency's own, or a client's: proven by records in the DNS, looked at for as long as it is
//! served.
pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod db;
pub(crate) mod hosts;
pub(crate) mod jobs;
pub(crate) mod model;
pub(crate) mod resolver;

pub use actions::remove_for_platform;
pub use hosts::{Front, Hosts, Place, address, address_in, place};
pub use model::{DnsRecord, DomainId, Found, records};
