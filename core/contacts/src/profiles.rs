//! Pages of people in social networks: which addresses are accepted, and the one form in which each is kept.
use kernel::not_null;
use poem_openapi::{Enum, Object};
use tokio_postgres::types::{FromSql, Type};
use url::Url;

/// Most pages of one contact.
pub const MAX_PROFILES: usize = 20;
/// Longest address, in characters.
const MAX_URL: usize = 300;

/// Where a page is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum SocialNetwork {
    /// LinkedIn.
    #[oai(rename = "linkedin")]
    LinkedIn,
    /// Facebook.
    Facebook,
    /// Instagram.
    Instagram,
    /// X, once Twitter.
    X,
    /// YouTube.
    #[oai(rename = "youtube")]
    YouTube,
    /// TikTok.
    #[oai(rename = "tiktok")]
    TikTok,
    /// WhatsApp: the chat with a number.
    #[oai(rename = "whatsapp")]
    WhatsApp,
    /// Telegram.
    Telegram,
    /// Any other page.
    Other,
}
use SocialNetwork::{Facebook, Instagram, LinkedIn, Other, Telegram, TikTok, WhatsApp, X, YouTube};

/// A page of a person in a social network.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct SocialProfile {
    /// Its address, `https://` when it does not say; kept in one form for each page of the networks that are known. A name such as `@ada` is
    /// enough when the network is said, and a number for WhatsApp.
    pub url: String,
    /// Where it is. Only a bare name needs it: the address tells, whatever is sent.
    pub network: Option<SocialNetwork>,
}

/// Hosts of networks, and the host that their pages are kept with.
const HOSTS: &[(&str, SocialNetwork, &str)] = &[
    ("linkedin.com", LinkedIn, "www.linkedin.com"),
    ("facebook.com", Facebook, "www.facebook.com"),
    ("fb.com", Facebook, "www.facebook.com"),
    ("fb.me", Facebook, "fb.me"),
    ("instagram.com", Instagram, "www.instagram.com"),
    ("instagr.am", Instagram, "www.instagram.com"),
    ("x.com", X, "x.com"),
    ("twitter.com", X, "x.com"),
    ("youtube.com", YouTube, "www.youtube.com"),
    ("youtu.be", YouTube, "youtu.be"),
    ("tiktok.com", TikTok, "www.tiktok.com"),
    ("wa.me", WhatsApp, "wa.me"),
    ("whatsapp.com", WhatsApp, "wa.me"),
    ("t.me", Telegram, "t.me"),
    ("telegram.me", Telegram, "t.me"),
];

impl SocialProfile {
    /// Reads an address, or a name in a network; `None` when it leads to no page.
    pub fn parse(text: &str, network: Option<SocialNetwork>) -> Option<Self> {
        let text = text.trim();
        if text.chars().count() > MAX_URL || text.contains(|c: char| c.is_control() || (c.is_whitespace() && c != ' '))
        {
            return None;
        }
        if let Some(network) = network
            && !text.contains('/')
            && host_of(text).is_none()
        {
            return of_name(network, text);
        }
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&whole).ok()?;
        let host = url.host_str().filter(|host| host.contains('.') && !host.ends_with('.'))?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        match host_of(host) {
            _ if !is_web => None,
            Some((network, kept)) => of_page(network, kept, &url),
            // A page that cannot be had safely is not handed to people as a link.
            None => (url.scheme() == "https").then(|| SocialProfile { url: bare(&url), network: Some(Other) }),
        }
        .filter(|page| page.url.chars().count() <= MAX_URL)
    }

    /// What pages are compared by: names in networks do not tell capitals apart.
    pub fn same_as(&self, other: &SocialProfile) -> bool {
        self.url.to_lowercase() == other.url.to_lowercase()
    }
}

/// The network of a host, whatever stands before it, and the host its pages are kept with.
fn host_of(host: &str) -> Option<(SocialNetwork, &'static str)> {
    let host = host.to_lowercase();
    let fits = |known: &str| host == known || host.strip_suffix(known).is_some_and(|before| before.ends_with('.'));
    HOSTS.iter().find(|(known, ..)| fits(known)).map(|(_, network, kept)| (*network, *kept))
}

/// The address without what a share adds to it.
fn bare(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| {
            !key.starts_with("utm_") && !matches!(key.as_ref(), "fbclid" | "gclid" | "igsh" | "igshid" | "si")
        })
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    match url.query() {
        Some(_) if kept.is_empty() => url.set_query(None),
        Some(_) => drop(url.query_pairs_mut().clear().extend_pairs(&kept)),
        None => {}
    }
    url.to_string().trim_end_matches('/').to_owned()
}

/// A page of a known network in the form it is kept in.
fn of_page(network: SocialNetwork, host: &str, url: &Url) -> Option<SocialProfile> {
    let asked = |key: &str| url.query_pairs().find(|(name, _)| name == key).map(|(_, value)| value.into_owned());
    let path = url.path().split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let page = match network {
        WhatsApp => return of_name(WhatsApp, &asked("phone").unwrap_or(path)),
        Facebook if path == "profile.php" => format!("profile.php?id={}", digits(&asked("id")?)?),
        YouTube if path == "watch" => format!("watch?v={}", name(&asked("v")?)?),
        _ if path.is_empty() => return None,
        _ => path,
    };
    Some(SocialProfile { url: format!("https://{host}/{page}"), network: Some(network) })
}

/// The page of a name in a network.
fn of_name(network: SocialNetwork, text: &str) -> Option<SocialProfile> {
    let url = match network {
        WhatsApp => format!("https://wa.me/{}", digits(text)?),
        LinkedIn => format!("https://www.linkedin.com/in/{}", name(text)?),
        Facebook => format!("https://www.facebook.com/{}", name(text)?),
        Instagram => format!("https://www.instagram.com/{}", name(text)?),
        X => format!("https://x.com/{}", name(text)?),
        YouTube => format!("https://www.youtube.com/@{}", name(text)?),
        TikTok => format!("https://www.tiktok.com/@{}", name(text)?),
        Telegram => format!("https://t.me/{}", name(text)?),
        Other => return SocialProfile::parse(text, None),
    };
    Some(SocialProfile { url, network: Some(network) })
}

/// A name as networks give them.
fn name(text: &str) -> Option<&str> {
    let name = text.strip_prefix('@').unwrap_or(text);
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    ((1..=100).contains(&name.len()) && name.chars().all(fine) && name.contains(|c: char| c.is_ascii_alphanumeric()))
        .then_some(name)
}

/// The digits of a number with its country, as a link has it: 6 to 15 (E.164) of them.
fn digits(text: &str) -> Option<String> {
    let fine = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (text.chars().all(fine) && (6..=15).contains(&digits.len()) && !digits.starts_with("00")).then_some(digits)
}

/// Kept as the address alone, which tells where it is.
impl<'a> FromSql<'a> for SocialProfile {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        let url = <&str as FromSql>::from_sql(ty, raw)?.to_owned();
        let network =
            Url::parse(&url).ok().and_then(|url| host_of(url.host_str()?)).map_or(Other, |(network, _)| network);
        Ok(SocialProfile { url, network: Some(network) })
    }
    fn accepts(ty: &Type) -> bool {
        <&str as FromSql>::accepts(ty)
    }
}
not_null!(SocialProfile);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(text: &str, network: Option<SocialNetwork>) -> Option<String> {
        SocialProfile::parse(text, network).map(|page| page.url)
    }

    #[test]
    fn a_page_is_kept_in_one_form_and_its_network_is_known() {
        for (typed, kept, network) in [
            ("linkedin.com/in/ada", "https://www.linkedin.com/in/ada", LinkedIn),
            ("http://de.linkedin.com/in/ada/?trk=x#top", "https://www.linkedin.com/in/ada", LinkedIn),
            (
                "https://m.facebook.com/profile.php?id=100012&ref=x",
                "https://www.facebook.com/profile.php?id=100012",
                Facebook,
            ),
            ("fb.com/ada", "https://www.facebook.com/ada", Facebook),
            ("https://instagram.com/ada/?igsh=abc", "https://www.instagram.com/ada", Instagram),
            ("HTTPS://Twitter.com/Ada", "https://x.com/Ada", X),
            ("https://youtube.com/@ada/", "https://www.youtube.com/@ada", YouTube),
            ("https://www.youtube.com/watch?v=dQw4&t=3", "https://www.youtube.com/watch?v=dQw4", YouTube),
            ("vm.tiktok.com/@ada", "https://www.tiktok.com/@ada", TikTok),
            ("https://api.whatsapp.com/send?phone=+49 170 1234567", "https://wa.me/491701234567", WhatsApp),
            ("t.me/ada", "https://t.me/ada", Telegram),
            ("https://mastodon.social/@ada?utm_source=x", "https://mastodon.social/@ada", Other),
        ] {
            let page = SocialProfile::parse(typed, None).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!((page.url.as_str(), page.network), (kept, Some(network)), "{typed}");
        }
        assert_eq!(url("@ada", Some(X)).as_deref(), Some("https://x.com/ada"));
        assert_eq!(url("ada.love", Some(Instagram)).as_deref(), Some("https://www.instagram.com/ada.love"));
        assert_eq!(url("+49 (170) 1234567", Some(WhatsApp)).as_deref(), Some("https://wa.me/491701234567"));
        assert_eq!(url("x.com/ada", Some(LinkedIn)).as_deref(), Some("https://x.com/ada"), "the address tells");
    }

    #[test]
    fn what_leads_to_no_page_is_refused() {
        for typed in [
            "",
            "ada",
            "javascript:alert(1)",
            "ftp://x.com/ada",
            "https://x.com",
            "https://ada:secret@example.com/a",
            "http://blog.example/ada",
            "https://localhost/ada",
            "https://wa.me/ada",
            "https://facebook.com/profile.php",
            "https://evil.example/x.com\n/ada",
        ] {
            assert_eq!(SocialProfile::parse(typed, None), None, "{typed}");
        }
        assert_eq!(SocialProfile::parse("a b", Some(X)), None);
        assert_eq!(SocialProfile::parse("https://notx.com/ada", None).and_then(|page| page.network), Some(Other));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_kept_again_and_is_safe(typed in "(https?://)?([a-z]{1,3}\\.)?(x|fb|linkedin|wa|t|youtube|blog)\\.(com|me|example)/[a-z0-9@._?=&#/-]{0,20}") {
            if let Some(page) = SocialProfile::parse(&typed, None) {
                prop_assert!(page.url.starts_with("https://"), "{}", page.url);
                let again = SocialProfile::parse(&page.url, None);
                prop_assert_eq!(again.as_ref(), Some(&page));
            }
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(typed in ".{0,60}") {
            for network in [None, Some(X), Some(WhatsApp), Some(Other)] {
                drop(SocialProfile::parse(&typed, network));
            }
        }
    }
}
