//! A widget, and how one finds out whether a page is ready for it.
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result,
    embed::{Entry, Origin},
    error::FieldProblem,
    ids::TenantId,
};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use uuid::Uuid;

kernel::id!(PublishedId, "frm", "The form a widget shows.");

kernel::row! {
    /// A widget.
    #[derive(Object, Debug, Clone)]
    pub struct Widget {
        /// Its public id, w_ and 16 characters: what stands in websites.
        pub id: String,
        /// form.
        pub kind: String,
        /// What it shows.
        pub resource_id: PublishedId,
        /// Its name, for members.
        pub name: String,
        /// Whether it is on.
        pub enabled: bool,
        /// The page a visitor without JavaScript is led to.
        pub hosted_url: Option<String>,
        /// For websites that isolate themselves (COEP): the frame then says that it may be embedded there.
        pub cross_origin_isolated: bool,
        /// Raised whenever what visitors see changed.
        pub config_rev: i64,
        /// On how many websites it may live; 0 means nowhere.
        pub websites: i64,
        /// When it was last shown.
        pub last_seen_at: Option<DateTime<Utc>>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it was last changed.
        pub updated_at: DateTime<Utc>,
        /// Raised by every change.
        pub version: i64,
    }
}

/// A resource to be published.
#[derive(Debug, Clone)]
pub struct NewWidget {
    /// Whose.
    pub tenant: TenantId,
    /// Kind of widget, for example `form`.
    pub kind: &'static str,
    /// The resource in the tenant's schema.
    pub resource_id: Uuid,
    /// Its name, for members.
    pub name: String,
    /// What the frame is given; public.
    pub config: serde_json::Value,
    /// The page a visitor without JavaScript is led to.
    pub hosted_url: Option<String>,
}

/// What to change; what is absent stays.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct WidgetPatch {
    /// Its name, for members.
    #[oai(validator(min_length = 1, max_length = 120))]
    pub name: Option<String>,
    /// Whether it is on.
    pub enabled: Option<bool>,
    /// The page a visitor without JavaScript is led to; null for none.
    pub hosted_url: MaybeUndefined<String>,
    /// For websites that isolate themselves (COEP).
    pub cross_origin_isolated: Option<bool>,
}

impl WidgetPatch {
    pub(crate) fn check(&self) -> Result<()> {
        let mut wrong = vec![];
        if self.name.as_deref().is_some_and(|n| n.trim().is_empty() || n.chars().any(char::is_control)) {
            let detail = "A name has 1 to 120 characters.".to_owned();
            wrong.push(FieldProblem { field: "/name".into(), code: "name_invalid".into(), detail });
        }
        if self.hosted_url.value().is_some_and(|url| !is_page(url)) {
            let detail = "An address that starts with https:// and has at most 500 characters.".to_owned();
            wrong.push(FieldProblem { field: "/hosted_url".into(), code: "url_invalid".into(), detail });
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
    }

    /// Names of the fields that are given.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        [
            ("name", self.name.is_some()),
            ("enabled", self.enabled.is_some()),
            ("hosted_url", !self.hosted_url.is_undefined()),
            ("cross_origin_isolated", self.cross_origin_isolated.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
    }
}

/// A web page: https, or http where plain http is accepted for websites (development hosts).
pub(crate) fn is_page(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    text.len() <= 500 && url.username().is_empty() && Origin::claim(&url.origin().ascii_serialization()).is_ok()
}

/// A page to be tested.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewInstallTest {
    /// Address of the page that should show the widget.
    #[oai(validator(max_length = 500))]
    pub url: String,
}

/// One thing a test looked at.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "InstallCheckName", rename_all = "snake_case")]
pub enum CheckName {
    /// The account is active.
    Account,
    /// The widget is on.
    Enabled,
    /// The website is allowed.
    Website,
    /// The page answers.
    Page,
    /// The loader is on the page.
    Loader,
    /// The placeholder with this widget's id is on the page.
    Placeholder,
    /// The page's own policy (in its HTML) lets loader and frame in.
    Policy,
    /// Visitors have seen it there.
    Seen,
}

/// How a check went.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "InstallCheckState", rename_all = "snake_case")]
pub enum CheckState {
    /// Fine.
    Ok,
    /// Must be mended.
    Failed,
    /// Could not be seen from here; the detail says what to look at.
    Unknown,
}

/// One check.
#[derive(Object, Debug, Clone)]
#[oai(rename = "InstallCheck")]
pub struct Check {
    /// What was looked at.
    pub name: CheckName,
    /// How it went.
    pub state: CheckState,
    /// What was found and what to do.
    pub detail: String,
}

/// What a test found.
#[derive(Object, Debug, Clone)]
pub struct InstallTest {
    /// The page.
    pub url: String,
    /// Its website as it is allowed or refused.
    pub origin: String,
    /// True when nothing failed.
    pub ready: bool,
    /// Everything that was looked at.
    pub checks: Vec<Check>,
}

/// What is known before looking at the page.
pub(crate) struct Known<'a> {
    pub(crate) widget: &'a Widget,
    pub(crate) active: bool,
    pub(crate) entries: &'a [Entry],
    pub(crate) seen: Option<DateTime<Utc>>,
    pub(crate) refused: Option<DateTime<Utc>>,
}

/// What the page answered: status and body, or why there was none.
pub(crate) type Fetched = std::result::Result<(u16, String), String>;

/// Puts everything together.
pub(crate) fn judge(url: &str, origin: &Origin, edge: &str, known: &Known<'_>, page: &Fetched) -> InstallTest {
    let mut checks = vec![];
    let mut add = |name, state, detail: String| checks.push(Check { name, state, detail });
    let state = |fine| if fine { CheckState::Ok } else { CheckState::Failed };
    let pick = |fine: bool, yes: &str, no: &str| if fine { yes.to_owned() } else { no.to_owned() };
    let on = known.widget.enabled;
    add(
        CheckName::Account,
        state(known.active),
        pick(known.active, "The account is active.", "The account is stopped."),
    );
    add(CheckName::Enabled, state(on), pick(on, "The widget is on.", "The widget is off. Switch it on."));
    let allowed = known.entries.iter().any(|entry| entry.matches(origin));
    let website = pick(allowed, "The website is allowed.", &format!("Allow {origin} for this widget."));
    add(CheckName::Website, state(allowed), website);
    match page {
        Err(why) => {
            let detail = format!("The page could not be read from here: {why}. Open it yourself and look.");
            add(CheckName::Page, CheckState::Unknown, detail);
        }
        Ok((status, _)) if !(200..300).contains(status) => {
            let detail =
                format!("The page answers with status {status}. Name the page itself, not one that leads to it.");
            add(CheckName::Page, CheckState::Unknown, detail);
        }
        Ok((_, html)) => {
            add(CheckName::Page, CheckState::Ok, "The page answers.".into());
            // What scripts add later cannot be seen here, so a missing line is no proof.
            let here = |fine| if fine { CheckState::Ok } else { CheckState::Unknown };
            let loader = html.contains(&format!("{edge}/v1/loader"));
            let missing = "The loader's line is not in the page's source. A tag manager may add it later.";
            add(CheckName::Loader, here(loader), pick(loader, "The loader is there.", missing));
            let placeholder = html.contains(&known.widget.id);
            let missing = "The widget's line is not in the page's source. A page builder may add it later.";
            add(CheckName::Placeholder, here(placeholder), pick(placeholder, "The widget's line is there.", missing));
            if let Some(policy) = policy_of(html) {
                let fine = ["script-src", "frame-src"].iter().all(|name| policy_allows(&policy, name, edge));
                let missing =
                    format!("The page's policy keeps the widget out. Add {edge} to script-src and frame-src.");
                add(CheckName::Policy, state(fine), pick(fine, "The page's policy lets the widget in.", &missing));
            }
        }
    }
    let (seen, detail) = match (known.seen, known.refused) {
        (Some(at), _) => (CheckState::Ok, format!("Last shown there {}.", at.format("%Y-%m-%d %H:%M UTC"))),
        (None, Some(at)) => (CheckState::Unknown, format!("Last refused there {}.", at.format("%Y-%m-%d %H:%M UTC"))),
        (None, None) => (CheckState::Unknown, "Nobody has seen it there yet. Open the page once.".to_owned()),
    };
    add(CheckName::Seen, seen, detail);
    let ready = checks.iter().all(|check| check.state != CheckState::Failed);
    InstallTest { url: url.to_owned(), origin: origin.to_string(), ready, checks }
}

/// The content of a policy in a meta element, lower-case.
fn policy_of(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let at =
        lower.find("http-equiv=\"content-security-policy\"").or(lower.find("http-equiv='content-security-policy'"))?;
    let start = lower[..at].rfind('<')?;
    let element = &lower[start..start + lower[start..].find('>')?];
    let content = &element[element.find("content=")? + "content=".len()..];
    let quote = content.chars().next()?;
    content[1..].split(quote).next().map(str::to_owned)
}

/// Whether a policy lets this origin in, as far as its own name or a bare scheme or star says.
fn policy_allows(policy: &str, directive: &str, origin: &str) -> bool {
    let sources = |name: &str| {
        policy.split(';').find_map(|part| {
            let mut words = part.split_ascii_whitespace();
            (words.next() == Some(name)).then(|| words.map(str::to_owned).collect::<Vec<_>>())
        })
    };
    let fallback = || if directive == "frame-src" { sources("child-src") } else { None };
    let Some(sources) = sources(directive).or_else(fallback).or_else(|| sources("default-src")) else { return true };
    let scheme = origin.split("//").next().unwrap_or_default();
    sources.iter().any(|source| source == origin || source == "*" || source == scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::embed::EntryKind;

    const EDGE: &str = "https://w.agency.example";

    fn widget() -> Widget {
        let at = "2026-11-20T12:00:00Z".parse().unwrap();
        Widget {
            id: "w_0123456789abcdef".into(),
            kind: "form".into(),
            resource_id: PublishedId(Uuid::nil()),
            name: "Contact".into(),
            enabled: true,
            hosted_url: None,
            cross_origin_isolated: false,
            config_rev: 1,
            websites: 1,
            last_seen_at: None,
            created_at: at,
            updated_at: at,
            version: 1,
        }
    }

    fn states(html: &str, allow: &str) -> (bool, Vec<(CheckName, CheckState)>) {
        let entries = [Entry::parse(EntryKind::Exact, allow).unwrap()];
        let widget = widget();
        let known = Known { widget: &widget, active: true, entries: &entries, seen: None, refused: None };
        let origin = Origin::claim("https://client.example").unwrap();
        let test = judge("https://client.example/contact", &origin, EDGE, &known, &Ok((200, html.to_owned())));
        (test.ready, test.checks.iter().map(|c| (c.name, c.state)).collect())
    }

    #[test]
    fn a_page_that_is_ready() {
        let html =
            format!("<div data-upz=\"w_0123456789abcdef\"></div><script async src=\"{EDGE}/v1/loader.js\"></script>");
        let (ready, states) = states(&html, "client.example");
        assert!(ready);
        assert!(states.contains(&(CheckName::Loader, CheckState::Ok)));
        assert!(states.contains(&(CheckName::Placeholder, CheckState::Ok)));
    }

    #[test]
    fn what_is_missing_is_named() {
        let (ready, found) = states("<p>nothing</p>", "other.example");
        assert!(!ready);
        assert!(found.contains(&(CheckName::Website, CheckState::Failed)));
        assert!(found.contains(&(CheckName::Loader, CheckState::Unknown)));
        let strict = |content: &str| format!("<meta content=\"{content}\" http-equiv=\"Content-Security-Policy\">");
        let (ready, found) = states(&strict("default-src 'self'"), "client.example");
        assert!(!ready && found.contains(&(CheckName::Policy, CheckState::Failed)));
        let open = strict(&format!("default-src 'none'; script-src {EDGE}; frame-src {EDGE}"));
        assert!(states(&open, "client.example").1.contains(&(CheckName::Policy, CheckState::Ok)));
    }

    #[test]
    fn a_hosted_page_is_a_web_page() {
        assert!(is_page("https://book.agency.example/acme?x=1") && is_page("http://localhost:8080/x"));
        for bad in ["http://agency.example/", "javascript:alert(1)", "x", "https://u:p@a.example/", "data:text/html,x"]
        {
            assert!(!is_page(bad), "{bad}");
        }
    }
}
