//! What a tenant is, what may be said about it, and which steps its life allows.
use chrono::{DateTime, Utc};
use kernel::{Error, Result, error::FieldProblem, ids::TenantId, tenancy::TenantKind};
use poem_openapi::{Object, types::MaybeUndefined};
use uuid::Uuid;

kernel::row! {
    /// A tenant: an agency or a client.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "Tenant")]
    pub struct TenantDetails {
        /// Its id.
        pub id: TenantId,
        /// agency or client.
        pub kind: Option<String>,
        /// The agency of a client.
        pub parent_id: Option<TenantId>,
        /// Its name, for people.
        pub name: String,
        /// Its name in addresses.
        pub slug: Option<String>,
        /// active, read_only, suspended, moving, restoring or deleting.
        pub state: String,
        /// IANA time zone.
        pub zone: String,
        /// BCP 47 language.
        pub locale: String,
        /// ISO 3166 alpha-2: how phone numbers without a country code are read.
        pub country: Option<String>,
        /// ISO 4217.
        pub currency: String,
        /// When it was opened.
        pub activated_at: Option<DateTime<Utc>>,
        /// When the days to try its plan are over, or were; absent when there are none.
        pub trial_ends_at: Option<DateTime<Utc>>,
        /// Raised by every change.
        pub version: i64,
    }
}

/// Settings to change; what is absent stays.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct TenantPatch {
    /// Its name, for people.
    #[oai(validator(max_length = 120))]
    pub name: Option<String>,
    /// Its name in addresses: 3 to 63 lower-case letters, digits and hyphens.
    pub slug: Option<String>,
    /// IANA time zone, for example Europe/Berlin.
    pub zone: Option<String>,
    /// BCP 47 language, for example en-GB.
    pub locale: Option<String>,
    /// ISO 3166 alpha-2; null for none.
    pub country: MaybeUndefined<String>,
    /// ISO 4217, for example EUR.
    pub currency: Option<String>,
}

/// A tenant to be opened.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Agency or client.
    pub kind: TenantKind,
    /// The agency of a client.
    pub parent: Option<TenantId>,
    /// Its name, for people.
    pub name: String,
    /// Its name in addresses; made from the name when absent.
    pub slug: Option<String>,
    /// IANA time zone.
    pub zone: String,
    /// BCP 47 language.
    pub locale: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Its plan. Absent: a client has its agency's, an agency the one that the platform gives to new ones.
    pub plan: Option<Uuid>,
    /// Days of its own to try its plan; absent for those of a plan of its own.
    pub trial_days: Option<i32>,
}

impl NewTenant {
    /// An agency with default settings.
    pub fn agency(name: impl Into<String>) -> Self {
        NewTenant {
            kind: TenantKind::Agency,
            parent: None,
            name: name.into(),
            slug: None,
            zone: "UTC".into(),
            locale: "en".into(),
            country: None,
            currency: "USD".into(),
            plan: None,
            trial_days: None,
        }
    }

    /// Everything that is wrong, at once.
    pub(crate) fn check(&self) -> Result<()> {
        Settings {
            name: Some(&self.name),
            slug: self.slug.as_deref(),
            zone: Some(&self.zone),
            locale: Some(&self.locale),
            country: self.country.as_deref(),
            currency: Some(&self.currency),
        }
        .check()
    }
}

impl TenantPatch {
    /// Everything that is wrong, at once.
    pub(crate) fn check(&self) -> Result<()> {
        Settings {
            name: self.name.as_deref(),
            slug: self.slug.as_deref(),
            zone: self.zone.as_deref(),
            locale: self.locale.as_deref(),
            country: self.country.value().map(String::as_str),
            currency: self.currency.as_deref(),
        }
        .check()
    }

    /// Names of the fields that are given.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        [
            ("name", self.name.is_some()),
            ("slug", self.slug.is_some()),
            ("zone", self.zone.is_some()),
            ("locale", self.locale.is_some()),
            ("country", !self.country.is_undefined()),
            ("currency", self.currency.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

struct Settings<'a> {
    name: Option<&'a str>,
    slug: Option<&'a str>,
    zone: Option<&'a str>,
    locale: Option<&'a str>,
    country: Option<&'a str>,
    currency: Option<&'a str>,
}

impl Settings<'_> {
    fn check(&self) -> Result<()> {
        let mut wrong = vec![];
        let mut require = |field: &str, code: &str, fine: Option<bool>, detail: &str| {
            if fine == Some(false) {
                wrong.push(FieldProblem { field: format!("/{field}"), code: code.into(), detail: detail.into() });
            }
        };
        let named = |name: &str| {
            let length = name.trim().chars().count();
            (1..=120).contains(&length) && !name.chars().any(char::is_control)
        };
        require("name", "name_invalid", self.name.map(named), "A name has 1 to 120 characters.");
        require(
            "slug",
            "slug_invalid",
            self.slug.map(is_slug),
            "3 to 63 lower-case letters, digits and hyphens, not at the ends.",
        );
        let zone = |zone: &str| zone.parse::<chrono_tz::Tz>().is_ok();
        require("zone", "zone_unknown", self.zone.map(zone), "An IANA time zone, for example Europe/Berlin.");
        require("locale", "locale_invalid", self.locale.map(is_locale), "A BCP 47 language, for example en-GB.");
        let letters = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_uppercase());
        let country = self.country.map(|c| letters(c, 2));
        require("country", "country_invalid", country, "Two capital letters (ISO 3166), for example GB.");
        let currency = self.currency.map(|c| letters(c, 3));
        require("currency", "currency_invalid", currency, "Three capital letters (ISO 4217), for example EUR.");
        if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
    }
}

fn is_slug(text: &str) -> bool {
    (3..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language =
        parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
    language
        && text.len() <= 35
        && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A name in addresses made from a name for people; never empty.
pub(crate) fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
        if slug.len() >= 50 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.len() < 3 { format!("account-{slug}").trim_end_matches('-').to_owned() } else { slug.to_owned() }
}

/// State of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Everything works.
    Active,
    /// Nothing may be written.
    ReadOnly,
    /// Nobody gets in.
    Suspended,
    /// Being destroyed; there is no way back.
    Deleting,
}

impl State {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Active => "active",
            State::ReadOnly => "read_only",
            State::Suspended => "suspended",
            State::Deleting => "deleting",
        }
    }

    /// Reads the stored spelling of the states this module moves between; the fleet's own states are not among them.
    pub fn parse(text: &str) -> Option<Self> {
        [State::Active, State::ReadOnly, State::Suspended, State::Deleting].into_iter().find(|s| s.as_str() == text)
    }

    /// Whether the step is allowed. From the fleet's own states (moving, restoring) no step is: the fleet ends them.
    pub fn allows(self, to: State) -> bool {
        match self {
            State::Active => to != State::Active,
            State::ReadOnly => to != State::ReadOnly,
            State::Suspended => to != State::Suspended,
            State::Deleting => false,
        }
    }
}

/// How and why a tenant is stopped.
#[derive(Debug, Clone)]
pub struct Stop {
    /// [`State::ReadOnly`] or [`State::Suspended`].
    pub state: State,
    /// Why, for its members and its agency.
    pub reason: String,
    /// By the platform: then its agency cannot resume it.
    pub by_platform: bool,
}

kernel::row! {
    /// A tenant's coming end.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "Deletion")]
    pub struct DeletionRequest {
        /// Which tenant.
        pub tenant_id: TenantId,
        /// Why.
        pub reason: String,
        /// When it was asked for.
        pub requested_at: DateTime<Utc>,
        /// When everything is destroyed; until then it can be called off.
        pub due_at: DateTime<Utc>,
        /// When the destroying began.
        pub started_at: Option<DateTime<Utc>>,
    }
}

kernel::row! {
    /// A tenant under lock.
    #[derive(Debug, Clone)]
    pub(crate) struct Locked {
        pub(crate) id: TenantId,
        pub(crate) kind: Option<String>,
        pub(crate) parent_id: Option<TenantId>,
        pub(crate) name: String,
        pub(crate) state: String,
        pub(crate) version: i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_slug_made_from_any_name_is_one(name in ".{0,80}") {
            prop_assert!(is_slug(&slug_of(&name)), "{}", slug_of(&name));
        }

        #[test]
        fn checking_never_panics(a in ".{0,40}", b in ".{0,40}") {
            let patch = TenantPatch { name: Some(a.clone()), slug: Some(b.clone()), zone: Some(a.clone()), locale: Some(b), ..TenantPatch::default() };
            let _ = patch.check();
        }
    }

    #[test]
    fn settings_are_checked_together() {
        let patch = TenantPatch {
            name: Some(" ".into()),
            slug: Some("-x".into()),
            zone: Some("Mars/Base".into()),
            locale: Some("english".into()),
            country: MaybeUndefined::Value("gb".into()),
            currency: Some("EURO".into()),
        };
        let Err(error) = patch.check() else { panic!("accepted") };
        let kernel::error::Kind::Invalid(fields) = error.kind() else { panic!("{error}") };
        assert_eq!(fields.len(), 6);
        let fine = TenantPatch {
            name: Some("Bäckerei Öl & Co.".into()),
            slug: Some("baeckerei-1".into()),
            zone: Some("America/Argentina/Buenos_Aires".into()),
            locale: Some("zh-Hant-TW".into()),
            country: MaybeUndefined::Null,
            currency: Some("KWD".into()),
        };
        assert!(fine.check().is_ok());
        assert_eq!(fine.fields(), ["name", "slug", "zone", "locale", "country", "currency"]);
    }

    #[test]
    fn names_become_addresses() {
        assert_eq!(slug_of("Northlight Studio"), "northlight-studio");
        assert_eq!(slug_of("  Ünï -- x9  "), "n-x9");
        assert_eq!(slug_of("日本"), "account");
    }

    #[test]
    fn nothing_leads_back_from_deleting() {
        for to in [State::Active, State::ReadOnly, State::Suspended, State::Deleting] {
            assert!(!State::Deleting.allows(to));
            assert!(!to.allows(to));
        }
        assert!(State::Active.allows(State::Suspended) && State::Suspended.allows(State::Active));
    }
}
