//! A user and what may be in his fields.
use chrono::{DateTime, Utc};
use kernel::{error::FieldProblem, ids::UserId, row};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

row! {
    /// A user as the verbs need him.
    #[derive(Debug, Clone)]
    pub(crate) struct User {
        pub id: UserId,
        pub email: String,
        pub name: String,
        pub password_hash: String,
        pub state: String,
        pub locale: String,
        pub theme: String,
        pub density: String,
        pub second_factor: bool,
        pub created_at: DateTime<Utc>,
        pub version: i64,
    }
}

impl User {
    /// As somebody who gets a mail, in a tenant's name.
    pub fn reader(&self, brand: Option<kernel::ids::TenantId>) -> crate::notices::actions::Reader {
        crate::notices::actions::Reader {
            email: self.email.clone(),
            name: self.name.clone(),
            locale: self.locale.clone(),
            brand,
        }
    }
}

/// A person who is to exist; his address is proven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewUser<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub password_hash: &'a str,
    /// The language he reads, BCP 47.
    pub locale: &'a str,
}

/// The language of somebody who says none.
pub(crate) const LOCALE: &str = "en";

/// The language of somebody who is not known yet: what he says, else what his browser asks for first (`Accept-Language`).
pub(crate) fn locale_of(said: Option<String>, accepted: Option<&str>) -> String {
    let first = || {
        let tag = accepted?.split([',', ';']).next()?.trim();
        check_locale("", tag).is_none().then(|| tag.to_owned())
    };
    said.or_else(first).unwrap_or_else(|| LOCALE.to_owned())
}

/// Which sky he works under.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum Theme {
    /// As the device has it.
    Auto,
    /// Night.
    Dark,
    /// Day.
    Light,
}

impl Theme {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Dark => "dark",
            Theme::Light => "light",
        }
    }
}

/// How close lines stand.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum Density {
    /// With air.
    Comfortable,
    /// More on a page.
    Compact,
}

impl Density {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        }
    }
}

/// Changes to the own data; what is absent stays.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct MeChanges {
    /// New name.
    pub name: Option<String>,
    /// New language, BCP 47.
    pub locale: Option<String>,
    /// New theme of the dashboard.
    pub theme: Option<Theme>,
    /// New density of the dashboard.
    pub density: Option<Density>,
}

/// A person and the first tenant he owns.
#[derive(Debug, Clone)]
pub struct NewAgencyOwner {
    /// The agency's name.
    pub agency: String,
    /// The owner's name.
    pub name: String,
    /// The owner's address; it counts as proven.
    pub email: String,
    /// The owner's password.
    pub password: String,
}

/// A person who becomes a member at once, without an invitation.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// His name.
    pub name: String,
    /// His address; it counts as proven. When somebody has it already, he is the one.
    pub email: String,
    /// His password; not used for somebody who has one.
    pub password: String,
    /// Keys of roles, for example `client_admin`.
    pub roles: Vec<String>,
    /// Teams of the tenant.
    pub teams: Vec<Uuid>,
}

/// The stored form of an address: without spaces around it, in lower case.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Checks an address in its stored form.
pub fn check_email(field: &str, email: &str) -> Option<FieldProblem> {
    let (local, domain) = email.rsplit_once('@').unwrap_or_default();
    let fine = !local.is_empty()
        && local.len() <= 64
        && email.len() <= 254
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c))
        && email.matches('@').count() == 1;
    (!fine).then(|| FieldProblem {
        field: field.to_owned(),
        code: "email_invalid".into(),
        detail: "Take an address like name@example.com.".into(),
    })
}

/// Checks a name: something visible, at most 200 characters, on one line.
pub fn check_name(field: &str, name: &str) -> Option<FieldProblem> {
    let fine = !name.trim().is_empty() && name.chars().count() <= 200 && !name.chars().any(char::is_control);
    (!fine).then(|| FieldProblem {
        field: field.to_owned(),
        code: "name_invalid".into(),
        detail: "Take 1 to 200 characters on one line.".into(),
    })
}

/// Checks a BCP 47 language tag by its shape.
pub fn check_locale(field: &str, locale: &str) -> Option<FieldProblem> {
    let mut parts = locale.split('-');
    let first = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let fine = first && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    (!fine).then(|| FieldProblem {
        field: field.to_owned(),
        code: "locale_invalid".into(),
        detail: "Take a language tag like en or pt-BR.".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_what_is_said_or_else_what_the_browser_asks_for() {
        for (said, accepted, expected) in [
            (Some("ar"), Some("de"), "ar"),
            (None, Some("ar-EG,ar;q=0.9,en;q=0.8"), "ar-EG"),
            (None, Some(" de ; q=1"), "de"),
            (None, Some("*"), "en"),
            (None, Some(""), "en"),
            (None, None, "en"),
        ] {
            assert_eq!(locale_of(said.map(str::to_owned), accepted), expected, "{said:?} {accepted:?}");
        }
    }

    #[test]
    fn addresses() {
        for good in ["a@b.co", "mira.lindqvist+upz@northlight.example", "ü@bücher.example", "o'neil@x-y.example"] {
            assert_eq!(check_email("/email", good), None, "{good}");
        }
        for bad in ["", "a", "a@", "@b.co", "a@b", "a@b..co", "a b@c.de", "a@b@c.de", "a@-b.de", "a@b.de\n", "<a@b.de>"]
        {
            assert!(check_email("/email", bad).is_some(), "{bad}");
        }
        assert_eq!(normal_email("  Mira@Northlight.Example "), "mira@northlight.example");
    }

    #[test]
    fn names_and_languages() {
        assert_eq!(check_name("/name", "Mira Lindqvist"), None);
        for bad in ["", "  ", "a\nb", &"x".repeat(201)] {
            assert!(check_name("/name", bad).is_some());
        }
        for good in ["en", "pt-BR", "zh-Hant-TW"] {
            assert_eq!(check_locale("/locale", good), None);
        }
        for bad in ["", "e", "english", "en_US", "en-"] {
            assert!(check_locale("/locale", bad).is_some(), "{bad}");
        }
    }
}
