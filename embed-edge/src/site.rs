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
    /// Kind of widget.
    pub kind: String,
    /// The widget is on and its tenant may show widgets.
    pub live: bool,
    /// Revision of the tenant's embed settings this was read at.
    pub rev: u64,
    /// Revision of the configuration.
    pub config_rev: u64,
    /// The same content as a page of its own.
    pub hosted_url: Option<String>,
    /// The host pages are cross-origin isolated, so the frame has to opt in.
    pub isolated: bool,
    /// `frame-ancestors` sources beside the page itself, each with a leading space.
    pub ancestors: String,
    /// Origin of the logo, for `img-src`, with a leading space.
    pub logo_source: String,
    /// Title of the document, escaped for HTML.
    pub title: String,
    /// `,"config":{…},"brand":{…}`, escaped for a script element.
    pub data: String,
    /// When to read it again, unix seconds.
    pub refresh_at: i64,
    entries: Vec<Entry>,
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
        Ok(Site {
            id: parsed.unwrap_or(WidgetId::from_random([0; 13])),
            tenant: row.try_get("tenant_id")?,
            kind: row.try_get("kind")?,
            live: parsed.is_some() && enabled && matches!(state, "active" | "read_only" | "moving" | "restoring"),
            rev: row.try_get::<_, i64>("rev")?.unsigned_abs(),
            config_rev: row.try_get::<_, i64>("config_rev")?.unsigned_abs(),
            hosted_url: hosted.and_then(|text| page_url(&text)),
            isolated: row.try_get("cross_origin_isolated")?,
            ancestors: ancestors.map(|a| format!(" {a}")).collect(),
            logo_source: logo_source(&brand_value),
            title: escape_html(brand_value["name"].as_str().unwrap_or_default()),
            data: format!(",\"config\":{},\"brand\":{}", escape_script(config), escape_script(brand)),
            refresh_at,
            entries,
        })
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
pub fn escape_script(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match c {
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
            let json = serde_json::to_string(&serde_json::json!({ "a": text, "<b>": "</script><!--\u{2028}" })).unwrap();
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
