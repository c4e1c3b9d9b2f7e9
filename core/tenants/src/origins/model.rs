//! An allowed website.
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result,
    embed::{Entry, EntryKind},
};
use poem_openapi::{Enum, Object};

kernel::id!(OriginId, "ori", "An allowed website.");

/// Most websites of a tenant: every edge keeps the list in memory and goes through it at every visit.
pub(crate) const MOST: i64 = 500;

kernel::row! {
    /// A website on which widgets may live.
    #[derive(Object, Debug, Clone)]
    pub struct AllowedOrigin {
        /// Its id.
        pub id: OriginId,
        /// The one widget it is for; absent for all of the account's.
        pub widget_id: Option<String>,
        /// exact: this website. wildcard: every website below it, at any depth, never the domain itself.
        /// ancestor_only: may frame the website that shows the widget (a page builder's preview), never show it itself.
        pub kind: String,
        /// As browsers spell it: https://www.example.com or https://*.example.com.
        pub origin: String,
        /// Whether it counts.
        pub enabled: bool,
        /// When it was added.
        pub created_at: DateTime<Utc>,
        /// Raised by every change.
        pub version: i64,
    }
}

/// What an entry means.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "OriginKind", rename_all = "snake_case")]
pub enum Kind {
    /// This website.
    Exact,
    /// Every website below it, at any depth, never the domain itself.
    Wildcard,
    /// May frame the website that shows the widget, never show it itself.
    AncestorOnly,
}

impl From<Kind> for EntryKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Exact => EntryKind::Exact,
            Kind::Wildcard => EntryKind::Wildcard,
            Kind::AncestorOnly => EntryKind::AncestorOnly,
        }
    }
}

/// A website to be allowed.
#[derive(Object, Debug, Clone)]
#[oai(rename = "NewAllowedOrigin", deny_unknown_fields)]
pub struct NewOrigin {
    /// Its address: www.example.com, https://example.com:8443 or *.example.com. Put into the one spelling that browsers use.
    #[oai(validator(max_length = 1000))]
    pub origin: String,
    /// exact or, with a star in front, wildcard when absent.
    pub kind: Option<Kind>,
    /// The one widget it is for; all of the account's when absent.
    pub widget_id: Option<String>,
}

impl NewOrigin {
    /// The entry in its canonical spelling; 422 with the reason when it cannot be one.
    pub(crate) fn entry(&self) -> Result<Entry> {
        let kind = self.kind.map(EntryKind::from).unwrap_or(match self.origin.contains('*') {
            true => EntryKind::Wildcard,
            false => EntryKind::Exact,
        });
        Entry::parse(kind, &self.origin).map_err(|why| Error::invalid("/origin", why.code(), why.detail()))
    }
}

/// An allowed website and what usually goes with it.
#[derive(Object, Debug, Clone)]
pub struct AddedOrigin {
    /// The website.
    #[oai(flatten)]
    pub origin: AllowedOrigin,
    /// Another website that visitors may come by and that is not allowed yet, for example the one with www.
    pub suggestion: Option<String>,
}

/// The same website with or without `www.`; none when there is no such pair.
pub(crate) fn counterpart(entry: &Entry) -> Option<Entry> {
    if entry.kind() != EntryKind::Exact {
        return None;
    }
    let stored = entry.stored();
    let (scheme, rest) = stored.split_once("://")?;
    let host = rest.split(':').next()?;
    let other = match rest.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
        // Only a domain itself usually has a www beside it; an address or a name without a dot has none.
        None if host.bytes().filter(|b| *b == b'.').count() >= 1
            && host.parse::<std::net::IpAddr>().is_err()
            && is_registrable(host) =>
        {
            format!("www.{rest}")
        }
        None => return None,
    };
    Entry::parse(EntryKind::Exact, &format!("{scheme}://{other}")).ok()
}

/// A domain one buys: its wildcard is allowed, and its parent's is not.
fn is_registrable(host: &str) -> bool {
    let wildcard = |host: &str| Entry::parse(EntryKind::Wildcard, &format!("*.{host}")).is_ok();
    wildcard(host) && host.split_once('.').is_none_or(|(_, parent)| !wildcard(parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(origin: &str) -> NewOrigin {
        NewOrigin { origin: origin.into(), kind: None, widget_id: None }
    }

    fn pair(origin: &str) -> Option<String> {
        counterpart(&new(origin).entry().unwrap()).map(|entry| entry.stored())
    }

    #[test]
    fn the_kind_is_read_from_the_text() {
        assert_eq!(new("Example.COM/").entry().unwrap().stored(), "https://example.com");
        assert_eq!(new("*.example.com").entry().unwrap().stored(), "https://*.example.com");
        for (text, code) in [
            ("*.co.uk", "origin_public_suffix"),
            ("*.vercel.app", "origin_public_suffix"),
            ("https://example.com/page", "origin_path"),
            ("http://example.com", "origin_scheme"),
        ] {
            let Err(error) = new(text).entry() else { panic!("{text} was taken") };
            let kernel::error::Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
            assert_eq!(fields[0].code, code, "{text}");
        }
    }

    #[test]
    fn www_and_bare_domain_belong_together() {
        assert_eq!(pair("example.com").as_deref(), Some("https://www.example.com"));
        assert_eq!(pair("www.example.com").as_deref(), Some("https://example.com"));
        assert_eq!(pair("example.co.uk:8443").as_deref(), Some("https://www.example.co.uk:8443"));
        for alone in ["shop.example.com", "http://localhost:8100", "https://192.0.2.7", "*.example.com"] {
            assert_eq!(pair(alone), None, "{alone}");
        }
    }
}
