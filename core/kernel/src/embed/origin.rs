//! Which page may hold a widget: one canonical spelling of an origin, and the entries of an allowlist.
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// Why a text is not an acceptable origin or allowlist entry. Each reason has a stable [`code`](Self::code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginError {
    /// Characters that have a meaning in HTTP headers, or control characters.
    Metacharacter,
    /// More than 300 bytes, or a host of more than 253.
    TooLong,
    /// Not a URL at all.
    Unparsable,
    /// `null`, `file:`, `data:` and other origins that name nobody.
    Opaque,
    /// Not `https` (and not `http` on a development host).
    Scheme,
    /// `user@` or `user:password@`.
    UserInfo,
    /// Something after the host and port.
    Path,
    /// A query.
    Query,
    /// A fragment.
    Fragment,
    /// The host ends with a dot: browsers disagree about it.
    TrailingDot,
    /// Two dots in a row, or a leading dot.
    EmptyLabel,
    /// A label of more than 63 bytes.
    LabelTooLong,
    /// A character that no host name has (`_` among them).
    HostCharacter,
    /// Correct, but not spelled the one canonical way (claims only; entries are re-spelled).
    NotCanonical,
    /// A wildcard that is not exactly `*.` at the front of the host.
    WildcardForm,
    /// A wildcard over an IP address.
    WildcardAddress,
    /// A wildcard over a public suffix (`*.co.uk`) or a shared host (`*.vercel.app`): strangers live there.
    PublicSuffix,
}

impl OriginError {
    /// A stable machine code, used in API errors.
    pub fn code(self) -> &'static str {
        match self {
            Self::Metacharacter => "origin_characters",
            Self::TooLong => "origin_too_long",
            Self::Unparsable => "origin_unreadable",
            Self::Opaque => "origin_opaque",
            Self::Scheme => "origin_scheme",
            Self::UserInfo => "origin_userinfo",
            Self::Path => "origin_path",
            Self::Query => "origin_query",
            Self::Fragment => "origin_fragment",
            Self::TrailingDot => "origin_trailing_dot",
            Self::EmptyLabel => "origin_empty_label",
            Self::LabelTooLong => "origin_label_too_long",
            Self::HostCharacter => "origin_host_character",
            Self::NotCanonical => "origin_not_canonical",
            Self::WildcardForm => "origin_wildcard_form",
            Self::WildcardAddress => "origin_wildcard_address",
            Self::PublicSuffix => "origin_public_suffix",
        }
    }

    /// What to do about it, in English.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Metacharacter => "Remove spaces, quotes, commas, semicolons and control characters.",
            Self::TooLong => "A host name has at most 253 characters.",
            Self::Unparsable => "Write the address of the website, for example https://www.example.com.",
            Self::Opaque => "Write the address of a website; local files and data pages cannot be allowed.",
            Self::Scheme => "Use https; http works only on localhost and other development hosts.",
            Self::UserInfo => "Remove the user name before the @.",
            Self::Path => "Remove everything after the host name: a whole website is allowed, not a page.",
            Self::Query => "Remove the question mark and what follows.",
            Self::Fragment => "Remove the # and what follows.",
            Self::TrailingDot => "Remove the dot at the end of the host name.",
            Self::EmptyLabel => "Remove the doubled or leading dot.",
            Self::LabelTooLong => "A part between two dots has at most 63 characters.",
            Self::HostCharacter => "A host name has letters, digits, hyphens and dots only.",
            Self::NotCanonical => {
                "Write it the way browsers do: lower case, without the default port, without a slash at the end."
            }
            Self::WildcardForm => "A wildcard is *. followed by a domain, for example *.example.com.",
            Self::WildcardAddress => "A wildcard needs a domain, not an IP address.",
            Self::PublicSuffix => "Other people's websites live under this domain; name your own domain.",
        }
    }
}

impl std::fmt::Display for OriginError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.detail())
    }
}

impl std::error::Error for OriginError {}

/// A canonical origin: `https://host[:port]`, ASCII, lower case, default port dropped; safe to write into a header.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Origin(String);

impl Origin {
    /// Reads what a page claims to be. A claim that is not spelled canonically is refused, never repaired.
    pub fn claim(text: &str) -> Result<Self, OriginError> {
        if is_plain(text) {
            return Ok(Origin(text.to_owned()));
        }
        let origin = Self::normalise(text)?;
        if origin.0.as_bytes() != text.as_bytes() {
            return Err(OriginError::NotCanonical);
        }
        Ok(origin)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `host[:port]`.
    fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }

    fn normalise(text: &str) -> Result<Self, OriginError> {
        if text.bytes().any(is_metacharacter) {
            return Err(OriginError::Metacharacter);
        }
        // Generous: 253 bytes of punycode can come from a longer Unicode text.
        if text.len() > 1024 {
            return Err(OriginError::TooLong);
        }
        if text == "null" {
            return Err(OriginError::Opaque);
        }
        let url = Url::parse(text).map_err(|e| match e {
            url::ParseError::EmptyHost => OriginError::EmptyLabel,
            url::ParseError::IdnaError | url::ParseError::InvalidDomainCharacter => OriginError::HostCharacter,
            _ => OriginError::Unparsable,
        })?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(if url.has_host() { OriginError::Scheme } else { OriginError::Opaque });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::UserInfo);
        }
        if url.query().is_some() {
            return Err(OriginError::Query);
        }
        if url.fragment().is_some() {
            return Err(OriginError::Fragment);
        }
        if url.path() != "/" {
            return Err(OriginError::Path);
        }
        match url.host().ok_or(OriginError::Opaque)? {
            Host::Domain(host) => check_host(host)?,
            Host::Ipv4(_) | Host::Ipv6(_) => {}
        }
        if url.scheme() == "http" && !is_development(url.host()) {
            return Err(OriginError::Scheme);
        }
        Ok(Origin(url.origin().ascii_serialization()))
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// True for the spelling nearly every page has, `https://` and a name of plain labels: nothing in it can be normalised,
/// so the URL parser, which takes longer than everything else together, need not be asked. False decides nothing.
fn is_plain(text: &str) -> bool {
    let Some(host) = text.strip_prefix("https://").filter(|host| host.len() <= 253) else { return false };
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let label = |label: &str| (1..=63).contains(&label.len()) && !label.starts_with("xn--") && label.bytes().all(plain);
    // A last label with a digit in front may be (part of) an address.
    host.split('.').all(label)
        && host.rsplit('.').next().is_some_and(|l| l.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// Bytes that end or split a header value, a directive or a source list. The URL standard allows several of them in hosts.
fn is_metacharacter(b: u8) -> bool {
    b <= b' '
        || b == 0x7f
        || matches!(b, b';' | b',' | b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | b'{' | b'}' | b'|' | b'^')
}

fn check_host(host: &str) -> Result<(), OriginError> {
    if host.ends_with('.') {
        return Err(OriginError::TrailingDot);
    }
    if host.len() > 253 {
        return Err(OriginError::TooLong);
    }
    for label in host.split('.') {
        if label.is_empty() {
            return Err(OriginError::EmptyLabel);
        }
        if label.len() > 63 {
            return Err(OriginError::LabelTooLong);
        }
        if !label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(OriginError::HostCharacter);
        }
    }
    Ok(())
}

/// Hosts that cannot be anybody's public website (RFC 6761 names and loopback), where plain http is accepted.
fn is_development(host: Option<Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => {
            ["localhost", "test"].iter().any(|top| name == *top || name.ends_with(&format!(".{top}")))
        }
        Some(Host::Ipv4(ip)) => ip == Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(ip)) => ip == Ipv6Addr::LOCALHOST,
        None => false,
    }
}

/// What an allowlist entry means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// This origin.
    Exact,
    /// Every host below this one, at any depth, never the host itself.
    Wildcard,
    /// May be a frame further up (a page builder's preview), but never the page that holds the widget.
    AncestorOnly,
}

impl EntryKind {
    /// The stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Wildcard => "wildcard",
            Self::AncestorOnly => "ancestor_only",
        }
    }

    /// Reads the stored spelling.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Exact, Self::Wildcard, Self::AncestorOnly].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One entry of an allowlist, always re-spelled, so that it can be written into a header.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    kind: EntryKind,
    origin: Origin,
}

impl Entry {
    /// Reads what an administrator typed: upper case, international names, a default port, a slash at the end or a
    /// missing `https://` are re-spelled; everything else is refused with its reason.
    pub fn parse(kind: EntryKind, text: &str) -> Result<Self, OriginError> {
        let text = text.trim();
        let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let origin = match kind {
            EntryKind::Exact | EntryKind::AncestorOnly => {
                if text.contains('*') {
                    return Err(OriginError::WildcardForm);
                }
                Origin::normalise(&text)?
            }
            EntryKind::Wildcard => {
                let (scheme, rest) = text.split_once("://").ok_or(OriginError::Unparsable)?;
                let rest = rest.strip_prefix("*.").filter(|r| !r.contains('*')).ok_or(OriginError::WildcardForm)?;
                let origin = Origin::normalise(&format!("{scheme}://{rest}"))?;
                if !origin.as_str().starts_with("https://") {
                    return Err(OriginError::Scheme);
                }
                check_wildcard(origin.authority())?;
                origin
            }
        };
        Ok(Entry { kind, origin })
    }

    /// Reads a stored entry; anything not spelled exactly as [`stored`](Self::stored) would is refused.
    pub fn from_stored(kind: EntryKind, text: &str) -> Result<Self, OriginError> {
        let entry = Self::parse(kind, text)?;
        if entry.stored() == text { Ok(entry) } else { Err(OriginError::NotCanonical) }
    }

    /// What the entry means.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// The spelling for the database and for people: `https://host[:port]` or `https://*.host[:port]`.
    pub fn stored(&self) -> String {
        match self.kind {
            EntryKind::Wildcard => format!("https://*.{}", self.origin.authority()),
            EntryKind::Exact | EntryKind::AncestorOnly => self.origin.0.clone(),
        }
    }

    /// The source for `frame-ancestors` of an ancestor-only entry; the other kinds contribute only the matched origin.
    pub fn ancestor(&self) -> Option<&str> {
        (self.kind == EntryKind::AncestorOnly).then(|| self.origin.as_str())
    }

    /// True when a page of this origin may hold the widget.
    pub fn matches(&self, page: &Origin) -> bool {
        match self.kind {
            EntryKind::Exact => self.origin == *page,
            EntryKind::AncestorOnly => false,
            EntryKind::Wildcard => {
                let below =
                    page.as_str().strip_prefix("https://").and_then(|a| a.strip_suffix(self.origin.authority()));
                // At least one label and a dot before the entry's host; the authority carries the port, so ports are equal too.
                below.and_then(|b| b.strip_suffix('.')).is_some_and(|b| !b.is_empty()) && same_owner(page, &self.origin)
            }
        }
    }
}

fn split_port(authority: &str) -> &str {
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

fn check_wildcard(authority: &str) -> Result<(), OriginError> {
    let host = split_port(authority);
    if authority.starts_with('[') || host.parse::<Ipv4Addr>().is_ok() {
        return Err(OriginError::WildcardAddress);
    }
    // The list knows rules for every child (`*.ck`, `*.compute.example`): then a child would be a public suffix itself.
    let child = format!("x.{host}");
    if suffix_len(host) >= host.len() || suffix_len(&child) >= child.len() {
        return Err(OriginError::PublicSuffix);
    }
    Ok(())
}

/// A wildcard over a company's domain must not reach its customers' corner of it (`*.amazonaws.com` and
/// `bucket.s3.amazonaws.com`): then the public suffix of the page is longer than the entry's host.
fn same_owner(page: &Origin, entry: &Origin) -> bool {
    suffix_len(split_port(page.authority())) < split_port(entry.authority()).len()
}

fn suffix_len(host: &str) -> usize {
    psl::suffix(host.as_bytes()).map_or(host.len(), |s| s.as_bytes().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use OriginError::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Entry {
        Entry::parse(EntryKind::Exact, text).unwrap()
    }
    fn wildcard(text: &str) -> Entry {
        Entry::parse(EntryKind::Wildcard, text).unwrap()
    }
    fn claim(text: &str) -> Origin {
        Origin::claim(text).unwrap()
    }

    #[test]
    fn canonical_claims_are_accepted() {
        for text in [
            "https://client.example",
            "https://client.example:8443",
            "https://xn--bcher-kva.example",
            "http://localhost:8100",
            "http://shop.localhost",
            "http://client.test:8100",
            "http://127.0.0.1:8100",
            "http://[::1]:8100",
            "https://192.0.2.7",
        ] {
            assert_eq!(Origin::claim(text).map(|o| o.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn every_other_claim_has_its_reason() {
        for (text, reason) in [
            ("https://client.example/", NotCanonical),
            ("https://client.example:443", NotCanonical),
            ("https://CLIENT.example", NotCanonical),
            ("HTTPS://client.example", NotCanonical),
            ("https://b\u{fc}cher.example", NotCanonical),
            ("https://client\u{3002}example", NotCanonical),
            ("https://client\u{ff0e}example", NotCanonical),
            ("https://client%2eexample", NotCanonical),
            ("https://1.2.3", NotCanonical),
            ("https:client.example", NotCanonical),
            ("https://@client.example", NotCanonical),
            ("https://client.example.", TrailingDot),
            ("https://client.example%2e", TrailingDot),
            ("https://client..example", EmptyLabel),
            ("https://.client.example", EmptyLabel),
            ("https://", EmptyLabel),
            ("https://my_shop.example", HostCharacter),
            ("https://a*b.example", HostCharacter),
            ("https://a$b.example", HostCharacter),
            ("https://client.example@evil.example", UserInfo),
            ("https://u:p@client.example", UserInfo),
            ("https://client.example/page", Path),
            ("https://client.example?x", Query),
            ("https://client.example#x", Fragment),
            ("http://client.example", Scheme),
            ("http://localhost.evil.example", Scheme),
            ("http://evillocalhost", Scheme),
            ("http://10.0.0.1", Scheme),
            ("chrome-extension://abcdef", Scheme),
            ("null", Opaque),
            ("file:///etc/passwd", Opaque),
            ("data:text/html,x", Metacharacter),
            ("about:blank", Opaque),
            ("client.example", Unparsable),
            ("", Unparsable),
            ("https://client.example; script-src *", Metacharacter),
            ("https://client.example,https://evil.example", Metacharacter),
            ("https://client.example\r\nx: y", Metacharacter),
            ("https://client.example\t", Metacharacter),
            ("https://client.example;", Metacharacter),
            ("https://client'.example", Metacharacter),
        ] {
            assert_eq!(Origin::claim(text), Err(reason), "{text:?}");
        }
        assert_eq!(Origin::claim(&format!("https://{}.example", "a".repeat(64))), Err(LabelTooLong));
        assert_eq!(Origin::claim(&format!("https://{}example", "abc.".repeat(63))), Err(TooLong));
        assert_eq!(Origin::claim(&format!("https://{}", "a".repeat(65_536))), Err(TooLong));
    }

    #[test]
    fn an_administrators_spelling_is_re_spelled() {
        for (typed, stored) in [
            (" https://Client.Example/ ", "https://client.example"),
            ("client.example", "https://client.example"),
            ("client.example:8443", "https://client.example:8443"),
            ("https://client.example:443", "https://client.example"),
            ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example"),
            ("http://localhost:8100", "http://localhost:8100"),
        ] {
            assert_eq!(exact(typed).stored(), stored);
            assert_eq!(Entry::from_stored(EntryKind::Exact, stored).unwrap().stored(), stored);
        }
        assert_eq!(wildcard("*.Client.Example").stored(), "https://*.client.example");
        assert_eq!(wildcard("https://*.client.example:8443").stored(), "https://*.client.example:8443");
        assert_eq!(Entry::from_stored(EntryKind::Exact, "https://Client.example"), Err(NotCanonical));
        assert_eq!(Entry::from_stored(EntryKind::Wildcard, "*.client.example"), Err(NotCanonical));
    }

    #[test]
    fn wildcards_never_reach_strangers() {
        for (typed, reason) in [
            ("*.com", PublicSuffix),
            ("*.co.uk", PublicSuffix),
            ("*.example", PublicSuffix),
            ("*.localhost", PublicSuffix),
            ("*.vercel.app", PublicSuffix),
            ("*.myshopify.com", PublicSuffix),
            ("*.github.io", PublicSuffix),
            ("*.ck", PublicSuffix),
            ("*.kawasaki.jp", PublicSuffix),
            ("*.127.0.0.1", WildcardAddress),
            ("*", WildcardForm),
            ("*client.example", WildcardForm),
            ("*.*.client.example", WildcardForm),
            ("a.*.client.example", WildcardForm),
            ("client.example", WildcardForm),
            ("http://*.client.test", Scheme),
            ("*.client.example/x", Path),
        ] {
            assert_eq!(Entry::parse(EntryKind::Wildcard, typed), Err(reason), "{typed:?}");
        }
        assert_eq!(Entry::parse(EntryKind::Exact, "*.client.example"), Err(WildcardForm));
        assert!(!wildcard("*.amazonaws.com").matches(&claim("https://bucket.s3.amazonaws.com")));
        assert!(wildcard("*.me.github.io").matches(&claim("https://blog.me.github.io")));
    }

    #[test]
    fn matching_keeps_the_dot_and_the_port() {
        let entry = wildcard("*.client.example");
        for (page, fits) in [
            ("https://www.client.example", true),
            ("https://a.b.client.example", true),
            ("https://client.example", false),
            ("https://evilclient.example", false),
            ("https://www.client.example:8443", false),
            ("https://www.client.example.evil.test", false),
        ] {
            assert_eq!(entry.matches(&claim(page)), fits, "{page}");
        }
        assert!(wildcard("*.client.example:8443").matches(&claim("https://www.client.example:8443")));
        assert!(exact("https://client.example").matches(&claim("https://client.example")));
        assert!(!exact("https://client.example").matches(&claim("https://www.client.example")));
        assert!(!exact("http://client.test").matches(&claim("https://client.test")));
        let ancestor = Entry::parse(EntryKind::AncestorOnly, "https://builder.example").unwrap();
        assert!(!ancestor.matches(&claim("https://builder.example")));
        assert_eq!(ancestor.ancestor(), Some("https://builder.example"));
    }

    fn label() -> impl Strategy<Value = String> {
        "[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?".prop_filter("punycode has rules of its own", |l| !l.starts_with("xn--"))
    }

    proptest! {
        #[test]
        fn canonical_origins_round_trip(labels in prop::collection::vec(label(), 1..5), port in prop::option::of(1u16..)) {
            let port = port.filter(|p| *p != 443).map(|p| format!(":{p}")).unwrap_or_default();
            let text = format!("https://{}.example{port}", labels.join("."));
            prop_assert_eq!(claim(&text).to_string(), text.clone());
            prop_assert_eq!(exact(&text).stored(), text);
        }

        #[test]
        fn the_short_way_says_what_the_long_way_says(text in r"https://[a-z0-9.x-]{0,70}(\.(xn--)?[a-z0-9-]{1,12}){0,3}") {
            if is_plain(&text) {
                prop_assert_eq!(Origin::normalise(&text), Ok(Origin(text)));
            }
        }

        #[test]
        fn whatever_is_accepted_is_byte_equal_and_safe_in_a_header(text in r"(https?://)?[\x00-\x7f\u{fc}\u{3002}]{0,40}") {
            if let Ok(origin) = Origin::claim(&text) {
                prop_assert_eq!(origin.as_str(), &text);
            }
            for kind in [EntryKind::Exact, EntryKind::Wildcard, EntryKind::AncestorOnly] {
                if let Ok(entry) = Entry::parse(kind, &text) {
                    let stored = entry.stored();
                    let rest = stored.split_once("://").unwrap().1;
                    prop_assert!(rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.:[]*".contains(&b)), "{stored}");
                    prop_assert_eq!(Entry::from_stored(kind, &stored), Ok(entry));
                }
            }
        }

        #[test]
        fn a_wildcard_matches_exactly_below_a_dot(host in label(), sub in label(), glue in "[a-z0-9.-]{0,3}") {
            let entry = wildcard(&format!("*.{host}.example"));
            if let Ok(page) = Origin::claim(&format!("https://{sub}{glue}{host}.example")) {
                let expected = page.as_str().ends_with(&format!(".{host}.example"));
                prop_assert_eq!(entry.matches(&page), expected);
            }
        }
    }
}
