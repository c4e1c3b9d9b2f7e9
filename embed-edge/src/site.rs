//! What the edge knows of a widget, prepared so that answering is only comparing and copying.
use kernel::embed::{Entry, EntryKind, Origin, WidgetId};
use tokio_postgres::Row;
use url::Url;
use uuid::Uuid;

/// A tenant may have so many ancestor-only entries; more would make the header grow without end.
const MAX_ANCESTORS: usize = 10;

/// One widget with everything that decides about it.
#[derive(Debug)]
pub struct Site {
    /// The widget.
    pub id: WidgetId,
    /// Whose it is.
    pub tenant: Uuid,
    /// The widget is on and its tenant may show widgets.
    pub live: bool,
    /// Revision of the tenant's embed settings this was read at.
    pub rev: u64,
    /// Revision of the configuration.
    pub config_rev: u64,
    /// The host pages are cross-origin isolated, so the frame has to opt in.
    pub isolated: bool,
    /// When to read it again, unix seconds.
    pub refresh_at: i64,
    entries: Box<[Entry]>,
    texts: Texts,
}

/// The texts of a widget one after the other: there are very many widgets, and each allocation costs.
#[derive(Debug)]
struct Texts {
    all: Box<str>,
    ends: [usize; 6],
}

impl Texts {
    fn new(texts: [&str; 6]) -> Self {
        let mut end = 0;
        let ends = texts.map(|text| {
            end += text.len();
            end
        });
        Texts { all: texts.concat().into(), ends }
    }

    fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[at]]
    }
}

/// Reads one widget by id, or several when bound to a longer array.
pub const SELECT: &str = "
    select w.id, w.tenant_id, w.kind, w.enabled, w.config::text, w.config_rev, w.hosted_url, w.cross_origin_isolated,
           w.tenant_state, w.brand::text, coalesce(s.rev, 0) as rev,
           array(select o.kind || ' ' || o.origin from edge.origins o
                 where o.tenant_id = w.tenant_id and (o.widget_id is null or o.widget_id = w.id)
                 order by o.kind, o.origin) as origins
    from edge.widgets w left join edge.sites s on s.tenant_id = w.tenant_id
    where w.id = any ($1)";

impl Site {
    /// From a row of [`SELECT`]. Entries that are not spelled canonically are dropped: they must never reach a header.
    pub fn from_row(row: &Row, refresh_at: i64) -> Result<Self, tokio_postgres::Error> {
        let id: &str = row.try_get("id")?;
        let state: &str = row.try_get("tenant_state")?;
        let enabled: bool = row.try_get("enabled")?;
        let hosted: Option<String> = row.try_get("hosted_url")?;
        let config: &str = row.try_get("config")?;
        let brand: &str = row.try_get("brand")?;
        let brand_value: serde_json::Value = serde_json::from_str(brand).unwrap_or_default();
        let parsed = WidgetId::parse(id);
        let mut entries = vec![];
        for text in row.try_get::<_, Vec<String>>("origins")? {
            let entry = text.split_once(' ').and_then(|(kind, origin)| Some((EntryKind::parse(kind)?, origin)));
            match entry.map(|(kind, origin)| Entry::from_stored(kind, origin)) {
                Some(Ok(entry)) => entries.push(entry),
                other => tracing::warn!(widget = id, origin = text, ?other, "allowlist entry ignored"),
            }
        }
        let ancestors = entries.iter().filter_map(Entry::ancestor).take(MAX_ANCESTORS);
        let ancestors: String = ancestors.map(|a| format!(" {a}")).collect();
        Ok(Site {
            id: parsed.unwrap_or(WidgetId::from_random([0; 13])),
            tenant: row.try_get("tenant_id")?,
            live: parsed.is_some() && enabled && matches!(state, "active" | "read_only" | "moving" | "restoring"),
            rev: row.try_get::<_, i64>("rev")?.unsigned_abs(),
            config_rev: row.try_get::<_, i64>("config_rev")?.unsigned_abs(),
            isolated: row.try_get("cross_origin_isolated")?,
            refresh_at,
            texts: Texts::new([
                row.try_get("kind")?,
                &hosted.and_then(|text| page_url(&text)).unwrap_or_default(),
                &ancestors,
                &logo_source(&brand_value),
                &escape_html(brand_value["name"].as_str().unwrap_or_default()),
                &format!(",\"config\":{},\"brand\":{}", escape_script(config), escape_script(brand)),
            ]),
            entries: entries.into(),
        })
    }

    /// Kind of widget.
    pub fn kind(&self) -> &str {
        self.texts.get(0)
    }

    /// The same content as a page of its own.
    pub fn hosted_url(&self) -> Option<&str> {
        Some(self.texts.get(1)).filter(|url| !url.is_empty())
    }

    /// `frame-ancestors` sources beside the page itself, each with a leading space.
    pub fn ancestors(&self) -> &str {
        self.texts.get(2)
    }

    /// Origin of the logo, for `img-src`, with a leading space.
    pub fn logo_source(&self) -> &str {
        self.texts.get(3)
    }

    /// Title of the document, escaped for HTML.
    pub fn title(&self) -> &str {
        self.texts.get(4)
    }

    /// `,"config":{…},"brand":{…}`, escaped for a script element.
    pub fn data(&self) -> &str {
        self.texts.get(5)
    }

    /// True when a page of this origin may hold the widget now.
    pub fn admits(&self, page: &Origin) -> bool {
        self.live && self.entries.iter().any(|entry| entry.matches(page))
    }
}

/// Only web pages may be redirected to.
fn page_url(text: &str) -> Option<String> {
    Url::parse(text).ok().filter(|u| matches!(u.scheme(), "https" | "http")).map(String::from)
}

fn logo_source(brand: &serde_json::Value) -> String {
    let origin =
        brand["logo_url"].as_str().and_then(|url| Url::parse(url).ok()).map(|url| url.origin().ascii_serialization());
    // Only what a page's origin could be goes into the header.
    origin.and_then(|text| Origin::claim(&text).ok()).map_or_else(String::new, |o| format!(" {o}"))
}

/// JSON text that cannot end a script element or be read as markup: the escapes are JSON's own, so the value is the same.
/// Spaces between its parts are left out.
pub fn escape_script(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 16);
    let (mut in_string, mut escaped) = (false, false);
    for c in json.chars() {
        in_string ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        match c {
            ' ' | '\n' | '\r' | '\t' if !in_string => {}
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_web_pages_are_redirected_to() {
        assert_eq!(page_url("https://book.agency.test/acme"), Some("https://book.agency.test/acme".into()));
        assert_eq!(page_url("javascript:alert(1)"), None);
        assert_eq!(page_url("/relative"), None);
        assert_eq!(logo_source(&serde_json::json!({"logo_url": "https://cdn.test/a.png"})), " https://cdn.test");
        assert_eq!(logo_source(&serde_json::json!({"logo_url": "https://a;b/x"})), "");
        assert_eq!(logo_source(&serde_json::json!({})), "");
    }

    proptest! {
        #[test]
        fn escaped_json_means_the_same_and_has_no_markup(text in ".*") {
            let json = serde_json::to_string_pretty(&serde_json::json!({ "a": text, "<b>": "</script><!--\u{2028}" })).unwrap();
            let escaped = escape_script(&json);
            let markup = escaped.contains(['<', '>', '&', '\u{2028}', '\u{2029}']);
            prop_assert!(!markup);
            prop_assert_eq!(
                serde_json::from_str::<serde_json::Value>(&escaped).unwrap(),
                serde_json::from_str::<serde_json::Value>(&json).unwrap()
            );
        }
    }
}
