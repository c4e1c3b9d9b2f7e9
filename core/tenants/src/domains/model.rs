//! An own domain: which names may be one, what its records have to say, and what becomes of it after a look.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    Error, Result,
    config::Config,
    crypto::new_secret,
    embed::{Entry, EntryKind},
};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use url::{Host, Url};

kernel::id!(DomainId, "dom", "An own domain.");

/// Most own domains of a tenant.
pub(crate) const MOST: i64 = 20;
/// How long somebody may take to set the records.
const PATIENCE: TimeDelta = TimeDelta::days(14);
/// How long a domain whose records are gone is still answered for.
const GRACE: TimeDelta = TimeDelta::days(7);
/// Between two looks at a domain that is fine.
const DAILY: TimeDelta = TimeDelta::days(1);
/// The longest pause between two looks while something is missing, in minutes.
const LONGEST_PAUSE: i64 = 360;

/// A domain to be added.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewDomain {
    /// Its name, for example crm.agency.com. Names in other scripts are put into the spelling of the DNS.
    #[oai(validator(max_length = 1000))]
    pub host: String,
}

impl NewDomain {
    /// The name as the DNS spells it; 422 with the reason when it cannot be one.
    pub(crate) fn host(&self, config: &Config) -> Result<String> {
        let refuse = |code: &'static str, detail: &str| Error::invalid("/host", code, detail);
        let entry = Entry::parse(EntryKind::Exact, &self.host).map_err(|why| refuse(why.code(), why.detail()))?;
        let stored = entry.stored();
        let host = match Url::parse(&stored).ok().filter(|url| url.port().is_none()) {
            Some(url) if matches!(url.host(), Some(Host::Domain(_))) => url.host_str().unwrap_or_default().to_owned(),
            _ => return Err(refuse("domain_name", "Write a name such as crm.agency.com, without a port.")),
        };
        if is_suffix(&host) {
            return Err(refuse(
                "origin_public_suffix",
                "Other people's websites live under this name; write your own.",
            ));
        }
        let ours = |own: &String| host == *own || host.ends_with(&format!(".{own}"));
        if platform_hosts(config).iter().any(ours) {
            return Err(refuse("domain_reserved", "This name is the platform's own. Write one of yours."));
        }
        Ok(host)
    }
}

/// A name under which strangers have names: it is nobody's own.
fn is_suffix(host: &str) -> bool {
    !host.contains('.') || !registrable(host)
}

/// Whether a name is one that somebody bought, or stands below one.
fn registrable(host: &str) -> bool {
    // A wildcard is allowed over exactly such names.
    Entry::parse(EntryKind::Wildcard, &format!("*.{host}")).is_ok()
}

/// Whether it is the name that somebody bought itself: there, the DNS allows no CNAME.
fn is_apex(host: &str) -> bool {
    host.split_once('.').is_none_or(|(_, parent)| is_suffix(parent))
}

/// The names the platform itself is reached by.
pub(crate) fn platform_hosts(config: &Config) -> Vec<String> {
    let server = &config.server;
    let urls = [
        &server.public_url,
        &server.dashboard_url,
        &config.edge.core_url,
        &config.edge.public_url,
        &config.admin.public_url,
    ];
    let hosts = urls.into_iter().filter_map(|url| Url::parse(url).ok()?.host_str().map(str::to_lowercase));
    hosts.chain(config.domains.hosts.iter().map(|host| host.to_lowercase())).chain(target(config)).collect()
}

/// What own domains point to; none where the platform has no name of its own.
pub(crate) fn target(config: &Config) -> Option<String> {
    if !config.domains.target.is_empty() {
        return Some(config.domains.target.to_lowercase());
    }
    match Url::parse(&config.server.dashboard_url).ok()?.host()? {
        Host::Domain(name) if name.contains('.') => Some(name.to_owned()),
        _ => None,
    }
}

/// A text that is to stand in the DNS. It proves something only where its owner puts it.
pub(crate) fn token() -> String {
    new_secret("upzento-domain").0
}

/// Whether a domain is served, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Pending,
    Active,
    Failing,
    Removed,
}

impl State {
    const ALL: [State; 4] = [State::Pending, State::Active, State::Failing, State::Removed];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Active => "active",
            State::Failing => "failing",
            State::Removed => "removed",
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let known = State::ALL.into_iter().find(|state| state.as_str() == text);
        known.ok_or_else(|| Error::internal(format!("no state of a domain: {text}")))
    }
}

/// What a look found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    /// What stands in TXT records at the place of the proof.
    pub(crate) texts: Vec<String>,
    /// Where the name leads by CNAME, step by step.
    pub(crate) aliases: Vec<String>,
    /// Its addresses.
    pub(crate) addresses: Vec<IpAddr>,
    /// The addresses it should have.
    pub(crate) wanted: Vec<IpAddr>,
    /// Why the DNS could not be asked; then nothing above is known.
    pub(crate) failed: Option<String>,
    /// Somebody else has proven the name before.
    pub(crate) taken: bool,
}

kernel::jsonb!(Found);

/// What a look says of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Both records are right.
    Right,
    /// One of them is not.
    Wrong,
    /// Nobody answered.
    Unknown,
}

impl Found {
    pub(crate) fn proves(&self, token: &str) -> bool {
        self.texts.iter().any(|text| text.trim() == token)
    }

    /// Whether all that the name leads to is the platform: an address of somebody else would get a part of the visits.
    pub(crate) fn points(&self, target: &str) -> bool {
        let named = self.aliases.iter().any(|alias| alias == target);
        let there = !self.addresses.is_empty() && self.addresses.iter().all(|ip| self.wanted.contains(ip));
        there || (named && self.addresses.is_empty()) || (named && self.wanted.is_empty())
    }

    pub(crate) fn verdict(&self, token: &str, target: &str) -> Verdict {
        match () {
            () if self.failed.is_some() => Verdict::Unknown,
            () if self.proves(token) && self.points(target) && !self.taken => Verdict::Right,
            () => Verdict::Wrong,
        }
    }
}

/// Where a domain stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) state: State,
    pub(crate) since: DateTime<Utc>,
    pub(crate) looks: i32,
    /// None: nobody looks any more by himself.
    pub(crate) next_look_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// After a look. A name server that is away for a while changes nothing: what was proven stays proven.
    pub(crate) fn after(self, verdict: Verdict, now: DateTime<Utc>) -> Self {
        let late = |patience: TimeDelta| now - self.since >= patience;
        let state = match (self.state, verdict) {
            (_, Verdict::Right) => State::Active,
            (state, Verdict::Unknown) => state,
            (State::Active, Verdict::Wrong) => State::Failing,
            (State::Pending, Verdict::Wrong) if late(PATIENCE) => State::Removed,
            (State::Failing, Verdict::Wrong) if late(GRACE) => State::Removed,
            (state, Verdict::Wrong) => state,
        };
        let (since, looks) = if state == self.state { (self.since, self.looks.saturating_add(1)) } else { (now, 0) };
        let pause = match (state, verdict) {
            (State::Removed, _) => None,
            (State::Active, Verdict::Right) => Some(DAILY),
            _ => Some(TimeDelta::minutes(
                1_i64.checked_shl(looks.unsigned_abs().min(16)).unwrap_or(i64::MAX).min(LONGEST_PAUSE),
            )),
        };
        Standing { state, since, looks, next_look_at: pause.map(|pause| now + pause) }
    }
}

kernel::row! {
    /// A domain as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct Stored {
        pub(crate) id: DomainId,
        pub(crate) host: String,
        pub(crate) token: String,
        pub(crate) state: String,
        pub(crate) is_primary: bool,
        pub(crate) found: Option<Found>,
        pub(crate) looks: i32,
        pub(crate) since: DateTime<Utc>,
        pub(crate) looked_at: Option<DateTime<Utc>>,
        pub(crate) next_look_at: Option<DateTime<Utc>>,
        pub(crate) created_at: DateTime<Utc>,
        pub(crate) version: i64,
    }
}

/// A record that has to stand in the DNS, and what was found in its place.
#[derive(Object, Debug, Clone)]
pub struct DnsRecord {
    /// TXT, CNAME, A or AAAA.
    pub kind: String,
    /// Its full name.
    pub name: String,
    /// What it has to say.
    pub value: String,
    /// right, missing, wrong, taken (another account has proven the name before), or unknown while nobody could look.
    pub result: String,
    /// What stands there instead.
    pub found: Vec<String>,
}

/// An own domain.
#[derive(Object, Debug, Clone)]
#[oai(rename = "OwnDomain")]
pub struct Domain {
    /// Its id.
    pub id: DomainId,
    /// Its name as the DNS spells it.
    pub host: String,
    /// The address people open.
    pub url: String,
    /// pending: its records are waited for. active: it is served. failing: it is still served, and its records are gone; links in
    /// mails name another address. removed: nobody looks any more; a look brings it back when its records are right.
    pub state: String,
    /// Whether links in mails name it.
    pub primary: bool,
    /// What has to stand in the DNS.
    pub records: Vec<DnsRecord>,
    /// Since when it is in its state.
    pub since: DateTime<Utc>,
    /// When it was looked at last; absent before the first time.
    pub looked_at: Option<DateTime<Utc>>,
    /// When it is looked at next; absent when nobody does any more.
    pub next_look_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Raised by every change.
    pub version: i64,
}

impl Stored {
    pub(crate) fn standing(&self) -> Result<Standing> {
        let (since, looks, next_look_at) = (self.since, self.looks, self.next_look_at);
        Ok(Standing { state: State::parse(&self.state)?, since, looks, next_look_at })
    }

    /// The name at which its proof stands.
    pub(crate) fn proof_name(&self) -> String {
        proof_name(&self.host)
    }

    /// As people see it.
    pub(crate) fn shown(self, config: &Config) -> Domain {
        Domain {
            url: origin(config, &self.host),
            records: records(config, &self.host, &self.token, self.found.as_ref()),
            id: self.id,
            host: self.host,
            state: self.state,
            primary: self.is_primary,
            since: self.since,
            looked_at: self.looked_at,
            next_look_at: self.next_look_at,
            created_at: self.created_at,
            version: self.version,
        }
    }
}

/// What has to stand in the DNS for a domain, and what the last look found of it.
pub fn records(config: &Config, host: &str, token: &str, found: Option<&Found>) -> Vec<DnsRecord> {
    let known = found.filter(|found| found.failed.is_none());
    let mut records = vec![proof(host, token, known)];
    records.extend(ways(config, host, known));
    records
}

fn proof(host: &str, token: &str, known: Option<&Found>) -> DnsRecord {
    let result = match known {
        None => "unknown",
        Some(found) if found.taken => "taken",
        Some(found) if found.proves(token) => "right",
        Some(found) if found.texts.is_empty() => "missing",
        Some(_) => "wrong",
    };
    let found = known.map(|found| found.texts.clone()).unwrap_or_default();
    DnsRecord {
        kind: "TXT".into(),
        name: proof_name(host),
        value: token.to_owned(),
        result: result.into(),
        found: if result == "right" { vec![] } else { found },
    }
}

/// How the name comes to lead here: by a CNAME, or by addresses where there can be none.
fn ways(config: &Config, host: &str, known: Option<&Found>) -> Vec<DnsRecord> {
    let Some(target) = target(config) else { return vec![] };
    let there = |found: &Found| -> Vec<String> {
        found.aliases.iter().cloned().chain(found.addresses.iter().map(IpAddr::to_string)).collect()
    };
    let result = match known {
        None => "unknown",
        Some(found) if found.points(&target) => "right",
        Some(found) if there(found).is_empty() => "missing",
        Some(_) => "wrong",
    };
    let found = known.filter(|_| result == "wrong").map(there).unwrap_or_default();
    let record = |kind: &str, value: String| DnsRecord {
        kind: kind.into(),
        name: host.to_owned(),
        value,
        result: result.into(),
        found: found.clone(),
    };
    let addresses = &config.domains.addresses;
    if addresses.is_empty() || !is_apex(host) {
        return vec![record("CNAME", target)];
    }
    let kind = |address: &String| if address.contains(':') { "AAAA" } else { "A" };
    addresses.iter().map(|address| record(kind(address), address.clone())).collect()
}

/// The name at which the proof of a domain stands.
fn proof_name(host: &str) -> String {
    format!("_upzento.{host}")
}

/// The origin of the console under a name: that of the dashboard, with another host.
pub(crate) fn origin(config: &Config, host: &str) -> String {
    let mut url = match Url::parse(&config.server.dashboard_url) {
        Ok(url) => url,
        Err(_) => return format!("https://{host}"),
    };
    match url.set_host(Some(host)) {
        Ok(()) => url.origin().ascii_serialization(),
        Err(_) => format!("https://{host}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn config() -> Config {
        let mut config = Config::default();
        config.server.dashboard_url = "https://app.platform.example".into();
        config.server.public_url = "https://app.platform.example".into();
        config
    }

    fn host(text: &str) -> Result<String, String> {
        NewDomain { host: text.into() }.host(&config()).map_err(|error| match error.kind() {
            kernel::error::Kind::Invalid(fields) => fields[0].code.clone(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn names_are_spelled_one_way_or_refused() {
        assert_eq!(host(" CRM.Agency.COM/ ").as_deref(), Ok("crm.agency.com"));
        assert_eq!(host("https://bücher.example").as_deref(), Ok("xn--bcher-kva.example"));
        for (text, code) in [
            ("agency", "origin_public_suffix"),
            ("co.uk", "origin_public_suffix"),
            ("github.io", "origin_public_suffix"),
            ("192.0.2.7", "domain_name"),
            ("crm.agency.com:8443", "domain_name"),
            ("crm.agency.com/path", "origin_path"),
            ("*.agency.com", "origin_wildcard_form"),
            ("app.platform.example", "domain_reserved"),
            ("x.app.platform.example", "domain_reserved"),
        ] {
            assert_eq!(host(text), Err(code.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_name_that_was_bought_takes_addresses_and_others_a_cname() {
        assert!(is_apex("agency.com") && is_apex("agency.co.uk"));
        assert!(!is_apex("crm.agency.com"));
        assert_eq!(origin(&config(), "crm.agency.com"), "https://crm.agency.com");
    }

    #[test]
    fn every_address_has_to_be_ours() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let of = |aliases: &[&str], addresses: &[&str]| Found {
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            addresses: addresses.iter().map(|address| ip(address)).collect(),
            wanted: vec![ip("192.0.2.1"), ip("2001:db8::1")],
            ..Found::default()
        };
        assert!(of(&["app.example"], &["192.0.2.1"]).points("app.example"));
        assert!(of(&[], &["192.0.2.1", "2001:db8::1"]).points("app.example"));
        assert!(of(&["app.example"], &[]).points("app.example"), "the name says it, whoever answers for it is away");
        assert!(!of(&[], &["192.0.2.1", "192.0.2.9"]).points("app.example"));
        assert!(!of(&["app.example"], &["192.0.2.9"]).points("app.example"));
        assert!(!of(&[], &[]).points("app.example"));
    }

    fn verdict() -> impl Strategy<Value = Verdict> {
        prop_oneof![Just(Verdict::Right), Just(Verdict::Wrong), Just(Verdict::Unknown)]
    }

    proptest! {
        #[test]
        fn a_domain_is_served_from_the_first_right_look_until_a_week_of_wrong_ones(
            looks in proptest::collection::vec((verdict(), 1..2000_i64), 1..60)
        ) {
            let mut now = DateTime::UNIX_EPOCH;
            let mut domain = Standing { state: State::Pending, since: now, looks: 0, next_look_at: Some(now) };
            let mut wrong_since: Option<DateTime<Utc>> = None;
            for (verdict, minutes) in looks {
                let before = domain;
                now += TimeDelta::minutes(minutes);
                domain = domain.after(verdict, now);
                match verdict {
                    Verdict::Right => {
                        wrong_since = None;
                        prop_assert_eq!(domain.state, State::Active);
                    }
                    Verdict::Unknown => prop_assert_eq!(domain.state, before.state),
                    Verdict::Wrong => {
                        let first = *wrong_since.get_or_insert(now);
                        let served = matches!(before.state, State::Active | State::Failing);
                        prop_assert_eq!(served && now - first < GRACE, domain.state == State::Failing);
                    }
                }
                prop_assert_eq!(domain.next_look_at.is_none(), domain.state == State::Removed);
                if let Some(next) = domain.next_look_at {
                    prop_assert!(next > now && next - now <= DAILY);
                }
            }
        }
    }
}
