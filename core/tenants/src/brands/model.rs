//! What a brand is made of, and how a client's and its agency's are put together.
use kernel::{Error, Result, error::FieldProblem};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

/// Who looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Members of the tenant: a client's members see their agency's product.
    Members,
    /// Visitors and contacts: they know the client, not its agency.
    Visitors,
}

/// A link that law or custom asks for.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct LegalLink {
    /// What the link says, for example "Privacy".
    #[oai(validator(min_length = 1, max_length = 60))]
    pub label: String,
    /// Where it leads; https.
    #[oai(validator(max_length = 500))]
    pub url: String,
}

/// Colours of a brand, `#rrggbb`; what is absent is chosen to fit.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[oai(rename = "BrandColors", deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Colors {
    /// Buttons and links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// Text on the accent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_accent: Option<String>,
    /// Background of widgets in their light theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<String>,
    /// Text of widgets in their light theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A brand as it is set.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewBrand {
    /// The name people know; the account's own name when empty.
    #[oai(default)]
    pub name: String,
    /// Address of the logo: one that was uploaded, or https.
    pub logo_url: Option<String>,
    /// Its colours.
    #[oai(default)]
    pub colors: Colors,
    /// Links to terms, privacy policy, imprint; ten at most.
    #[oai(default)]
    pub legal_links: Vec<LegalLink>,
    /// Whether the overview begins with the day as a sky. Absent: as the agency has it, and with an agency there is one.
    pub sky: Option<bool>,
}

/// A brand and how it works out.
#[derive(Object, Debug, Clone)]
pub struct Brand {
    /// Whether the account has a brand of its own; without one it looks like its agency.
    pub own: bool,
    /// The name people know; the account's own name when empty.
    pub name: String,
    /// Address of the logo.
    pub logo_url: Option<String>,
    /// Its colours as set.
    pub colors: Colors,
    /// Legal links.
    pub legal_links: Vec<LegalLink>,
    /// Whether the overview begins with the day as a sky; absent when the agency decides.
    pub sky: Option<bool>,
    /// How it looks to members, every gap filled.
    pub look: Branding,
    /// What could be better, for example a colour that is hard to see.
    pub warnings: Vec<String>,
    /// Raised by every change; 0 without a brand of its own.
    pub version: i64,
}

/// A look with every gap filled: what mails, pages and widgets wear.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize)]
#[oai(rename = "Look")]
pub struct Branding {
    /// The name people know.
    pub name: String,
    /// Address of the logo.
    pub logo_url: Option<String>,
    /// Buttons and links, `#rrggbb`.
    pub accent: String,
    /// Text on the accent, `#rrggbb`.
    pub on_accent: String,
    /// Legal links.
    pub legal_links: Vec<LegalLink>,
    /// Whether the overview begins with the day as a sky.
    pub sky: bool,
}

/// Text this size must have at least this contrast (WCAG 2.2, AA).
const READABLE: f64 = 4.5;
/// Shapes such as buttons must have at least this contrast with what is around them.
const VISIBLE: f64 = 3.0;

impl NewBrand {
    /// Refuses what cannot be shown or read; re-spells colours.
    ///
    /// `uploaded` is what the addresses of uploaded logos begin with.
    pub(crate) fn check(&mut self, uploaded: &str) -> Result<()> {
        let mut wrong = vec![];
        let mut refuse = |field: String, code: &str, detail: String| {
            wrong.push(FieldProblem { field, code: code.into(), detail });
        };
        self.name = self.name.trim().to_owned();
        if self.name.chars().count() > 80 || self.name.chars().any(char::is_control) {
            refuse("/name".into(), "name_invalid", "A name has at most 80 characters.".into());
        }
        let address = "An address that starts with https:// and has at most 500 characters.";
        if self.logo_url.as_deref().is_some_and(|url| !is_web_address(url) && !is_uploaded(url, uploaded)) {
            refuse("/logo_url".into(), "url_invalid", address.into());
        }
        if self.legal_links.len() > 10 {
            refuse("/legal_links".into(), "too_many", "Ten links at most.".into());
        }
        for (i, link) in self.legal_links.iter().enumerate() {
            if !(1..=60).contains(&link.label.trim().chars().count()) {
                refuse(format!("/legal_links/{i}/label"), "label_invalid", "A label has 1 to 60 characters.".into());
            }
            if !is_web_address(&link.url) {
                refuse(format!("/legal_links/{i}/url"), "url_invalid", address.into());
            }
        }
        for (name, text) in self.colors.each() {
            if let Some(text) = text {
                match Color::parse(text) {
                    Some(color) => *text = color.to_string(),
                    None => refuse(format!("/colors/{name}"), "color_invalid", "A colour is written #rrggbb.".into()),
                }
            }
        }
        for (text, on, field) in [
            (&self.colors.on_accent, &self.colors.accent, "on_accent"),
            (&self.colors.text, &self.colors.surface, "text"),
        ] {
            let colors = text.as_deref().and_then(Color::parse).zip(on.as_deref().and_then(Color::parse));
            if let Some((text, on)) = colors
                && text.contrast(on) < READABLE
            {
                let detail = format!(
                    "Text in {text} on {on} has a contrast of {:.1}; 4.5 is needed. {} would do.",
                    text.contrast(on),
                    on.readable()
                );
                refuse(format!("/colors/{field}"), "contrast", detail);
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
    }
}

impl Colors {
    fn each(&mut self) -> [(&'static str, &mut Option<String>); 4] {
        [
            ("accent", &mut self.accent),
            ("on_accent", &mut self.on_accent),
            ("surface", &mut self.surface),
            ("text", &mut self.text),
        ]
    }

    /// What is allowed but could be better.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let white = Color([255; 3]);
        let surface = self.surface.as_deref().and_then(Color::parse).unwrap_or(white);
        let accent = self.accent.as_deref().and_then(Color::parse);
        let pale = accent.filter(|accent| accent.contrast(surface) < VISIBLE);
        let note = |accent: Color| {
            format!(
                "Buttons in {accent} are hard to see on {surface}: contrast {:.1}, 3 is better.",
                accent.contrast(surface)
            )
        };
        pale.map(note).into_iter().collect()
    }
}

fn is_uploaded(url: &str, place: &str) -> bool {
    url.strip_prefix(place)
        .is_some_and(|id| id.len() <= 40 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

fn is_web_address(text: &str) -> bool {
    text.len() <= 500
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && url::Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty())
}

kernel::row! {
    /// A tenant's own look and its agency's.
    #[derive(Debug, Clone, Default)]
    pub(crate) struct Looks {
        pub(crate) tenant_name: String,
        pub(crate) agency_name: Option<String>,
        pub(crate) own_name: Option<String>,
        pub(crate) own_logo_url: Option<String>,
        pub(crate) own_colors: Option<serde_json::Value>,
        pub(crate) own_legal_links: Option<serde_json::Value>,
        pub(crate) own_sky: Option<bool>,
        pub(crate) agency_brand_name: Option<String>,
        pub(crate) agency_logo_url: Option<String>,
        pub(crate) agency_colors: Option<serde_json::Value>,
        pub(crate) agency_legal_links: Option<serde_json::Value>,
        pub(crate) agency_sky: Option<bool>,
    }
}

/// A calm ink blue: the look of whoever has chosen none.
const ACCENT: &str = "#2f4a8a";

impl Branding {
    /// The platform's own look, for mail that belongs to no tenant.
    pub(crate) fn platform() -> Self {
        Branding {
            name: "Upzento".into(),
            logo_url: None,
            accent: ACCENT.into(),
            on_accent: "#ffffff".into(),
            legal_links: vec![],
            sky: true,
        }
    }

    /// Own things first, then the agency's. The platform's name appears in none of them.
    pub(crate) fn merge(look: Looks, audience: Audience) -> Self {
        let given = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
        let own = given(look.own_name);
        let agency = given(look.agency_brand_name).or(given(look.agency_name));
        let name = match audience {
            Audience::Members => own.or(agency).unwrap_or(look.tenant_name),
            Audience::Visitors => own.unwrap_or(look.tenant_name),
        };
        let color = |colors: &Option<serde_json::Value>, key: &str| {
            let text = colors.as_ref()?.get(key)?.as_str()?;
            Color::parse(text).map(|c| c.to_string())
        };
        let (accent, on_accent) = match (color(&look.own_colors, "accent"), color(&look.agency_colors, "accent")) {
            (Some(accent), _) => (accent, color(&look.own_colors, "on_accent")),
            (None, Some(accent)) => (accent, color(&look.agency_colors, "on_accent")),
            (None, None) => (ACCENT.to_owned(), None),
        };
        let on_accent = on_accent.unwrap_or_else(|| Color::parse(&accent).map_or("#ffffff", Color::readable).into());
        let links = |value: Option<serde_json::Value>| {
            value.and_then(|v| serde_json::from_value::<Vec<LegalLink>>(v).ok()).filter(|links| !links.is_empty())
        };
        let legal_links = links(look.own_legal_links).or_else(|| links(look.agency_legal_links)).unwrap_or_default();
        let logo_url = given(look.own_logo_url).or_else(|| given(look.agency_logo_url));
        let sky = look.own_sky.or(look.agency_sky).unwrap_or(true);
        Branding { name, logo_url, accent, on_accent, legal_links, sky }
    }
}

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Color([u8; 3]);

impl Color {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let part = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).ok();
        Some(Color([part(0)?, part(2)?, part(4)?]))
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.0;
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2).
    pub(crate) fn contrast(self, other: Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// White or near-black, whichever reads better on this colour. One of them always reaches 4.5.
    pub(crate) fn readable(self) -> &'static str {
        if self.contrast(Color([255; 3])) >= self.contrast(Color([0x11; 3])) { "#ffffff" } else { "#111111" }
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look() -> Looks {
        Looks {
            tenant_name: "Harbour Dental".into(),
            agency_name: Some("Northlight Ltd".into()),
            agency_brand_name: Some("Northlight Studio".into()),
            agency_colors: Some(serde_json::json!({"accent": "#FFE14D"})),
            ..Looks::default()
        }
    }

    #[test]
    fn a_client_without_a_brand_looks_like_its_agency() {
        let members = Branding::merge(look(), Audience::Members);
        assert_eq!((members.name.as_str(), members.accent.as_str()), ("Northlight Studio", "#ffe14d"));
        assert_eq!(members.on_accent, "#111111", "yellow takes dark text");
        assert_eq!(Branding::merge(look(), Audience::Visitors).name, "Harbour Dental");
    }

    #[test]
    fn what_a_client_chose_wins() {
        let own = Looks {
            own_name: Some("Harbour".into()),
            own_colors: Some(serde_json::json!({"accent": "#004040", "on_accent": "#eeffee"})),
            ..look()
        };
        let brand = Branding::merge(own, Audience::Members);
        assert_eq!(
            (brand.name.as_str(), brand.accent.as_str(), brand.on_accent.as_str()),
            ("Harbour", "#004040", "#eeffee")
        );
    }

    #[test]
    fn the_platform_is_named_in_no_tenants_look() {
        for audience in [Audience::Members, Audience::Visitors] {
            let plain = Looks { tenant_name: "Solo".into(), ..Looks::default() };
            assert!(!format!("{:?}", Branding::merge(plain, audience)).contains("pzento"));
        }
    }

    #[test]
    fn contrast_is_the_standards() {
        let color = |text| Color::parse(text).unwrap();
        assert!((color("#000000").contrast(color("#ffffff")) - 21.0).abs() < 1e-9);
        assert!((color("#777777").contrast(color("#ffffff")) - 4.478).abs() < 0.01);
        assert_eq!(Color::parse("#12345"), None);
        assert_eq!(Color::parse("#12345é"), None);
    }
}
