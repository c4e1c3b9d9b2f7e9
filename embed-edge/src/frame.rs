//! The frame document: who may hold it is decided here, cheapest question first.
use crate::{
    Edge,
    assets::{Assets, base_name},
    client::Client,
    reply,
    site::Site,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use kernel::{
    clock::random_bytes,
    embed::{Claims, Origin, OriginError, Outcome, TokenType, WidgetId, token::FRAME_SECONDS},
};
use poem::{
    Request, Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use std::{collections::HashMap, sync::Arc};
use url::{Url, form_urlencoded};

/// Primary language subtags a frame may be asked in; anything else is the default.
const LANGUAGES: [&str; 40] = [
    "en", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "uk", "ur",
    "vi", "zh",
];
const RIGHT_TO_LEFT: [&str; 4] = ["ar", "fa", "he", "ur"];

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const ORIGIN_AGENT_CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), autoplay=(), bluetooth=(), camera=(), clipboard-read=(), display-capture=(), encrypted-media=(), \
     fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), \
     midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
     storage-access=(), usb=(), web-share=(), xr-spatial-tracking=()",
);

/// The parts of the document that do not depend on the request, by kind of widget.
pub struct Templates {
    by_kind: HashMap<String, Template>,
    build: String,
}

struct Template {
    links: String,
    end: String,
}

impl Template {
    fn len(&self) -> usize {
        self.links.len() + self.end.len()
    }
}

impl Templates {
    /// Templates for every kind the build knows.
    pub fn new(assets: &Assets) -> Self {
        let by_kind = assets.manifest.widgets.iter().map(|(kind, files)| {
            let css = files.css.as_deref().map(|css| format!("<link rel=stylesheet href=\"/v1/assets/{}\">", base_name(css)));
            let links = format!("{}<script type=\"application/json\" id=\"upz\">", css.unwrap_or_default());
            let js = base_name(&files.js);
            let end = format!("</script><script type=module src=\"/v1/assets/{js}\"></script></head><body><div id=\"app\"></div></body></html>");
            (kind.clone(), Template { links, end })
        });
        Templates { by_kind: by_kind.collect(), build: assets.manifest.build.clone() }
    }
}

/// What the loader asks for.
struct Wish {
    origin: Option<String>,
    twice: bool,
    mode: &'static str,
    lang: &'static str,
    theme: &'static str,
}

impl Wish {
    fn read(query: &str) -> Self {
        let mut wish = Wish { origin: None, twice: false, mode: "inline", lang: LANGUAGES[0], theme: "light" };
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match key.as_ref() {
                "o" => wish.twice |= wish.origin.replace(value.into_owned()).is_some(),
                // Closed lists: what is written into the document is our own text, never the visitor's.
                "m" => wish.mode = one_of(&value, &["inline", "popup", "float"]),
                "t" => wish.theme = one_of(&value, &["light", "dark"]),
                "l" => {
                    let primary = value.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
                    wish.lang = one_of(&primary, &LANGUAGES);
                }
                _ => {}
            }
        }
        wish
    }
}

fn one_of(value: &str, list: &[&'static str]) -> &'static str {
    list.iter().find(|item| **item == value).unwrap_or(&list[0])
}

impl Edge {
    /// `GET /w/{widget}`.
    pub(crate) async fn frame(&self, req: &Request, id: &str) -> Response {
        let client = Client::of(req, &self.settings.trusted_proxies);
        if let Err(wait) = self.guard.frame(client) {
            return reply::frame_limited(wait);
        }
        // Made-up ids end here, without a question to anybody.
        let Some(id) = WidgetId::parse(id) else { return reply::refused() };
        match req.header("sec-fetch-dest") {
            None | Some("iframe") => {}
            Some("document") => return self.hosted(id).await,
            Some(_) => return reply::refused_use(),
        }
        if req.header("sec-fetch-mode").is_some_and(|mode| mode != "navigate") {
            return reply::refused_use();
        }
        let wish = Wish::read(req.uri().query().unwrap_or_default());
        if wish.twice {
            return reply::code(StatusCode::BAD_REQUEST, "origin");
        }
        let page = match Origin::claim(wish.origin.as_deref().unwrap_or_default()) {
            Ok(page) => page,
            Err(OriginError::Metacharacter) => return reply::code(StatusCode::BAD_REQUEST, "origin"),
            Err(_) => return reply::refused(),
        };
        if !self.referer_agrees(req, &page) {
            return reply::refused_use();
        }
        self.decide(req, id, &page, &wish).await
    }

    async fn decide(&self, req: &Request, id: WidgetId, page: &Origin, wish: &Wish) -> Response {
        let counts = req.header("sec-purpose").is_none();
        let site = match self.live_site(id).await {
            Ok(Some(site)) => site,
            Ok(None) => return reply::refused(),
            Err(_) => return reply::closed(),
        };
        if !site.admits(page) {
            if counts && site.live {
                self.report.note(id, page.as_str(), Outcome::Refused);
            }
            return reply::refused();
        }
        let Some(response) = self.document(&site, page, wish) else { return reply::closed() };
        if counts {
            self.report.note(id, page.as_str(), Outcome::Seen);
        }
        response
    }

    /// A direct link: the widget's own page when it has one.
    async fn hosted(&self, id: WidgetId) -> Response {
        let site = match self.live_site(id).await {
            Ok(site) => site.filter(|site| site.live),
            Err(_) => return reply::closed(),
        };
        let location = site.and_then(|site| HeaderValue::try_from(site.hosted_url()?).ok());
        location.map_or_else(reply::refused_use, see_other)
    }

    /// The widget, unless it or its tenant was switched off here.
    pub(crate) async fn live_site(&self, id: WidgetId) -> Result<Option<Arc<Site>>, crate::cache::Closed> {
        let revoked = self.sites.revoked();
        if revoked.widgets.contains(&id) {
            return Ok(None);
        }
        let site = self.sites.find(id).await?;
        Ok(site.filter(|site| !revoked.tenants.contains(&site.tenant)))
    }

    /// A `Referer` may be missing, but must not contradict the claim. A frame that reloads itself names our own origin.
    fn referer_agrees(&self, req: &Request, page: &Origin) -> bool {
        let Some(referer) = req.headers().get(header::REFERER) else { return true };
        let Ok(text) = referer.to_str() else { return false };
        // What browsers send. The slash ends the authority, so nothing after it changes whose page it is.
        if text.strip_prefix(page.as_str()).is_some_and(|rest| rest.starts_with('/')) {
            return true;
        }
        let Ok(url) = Url::parse(text) else { return false };
        let origin = url.origin().ascii_serialization();
        origin == page.as_str() || self.is_own(req, &origin)
    }

    fn document(&self, site: &Site, page: &Origin, wish: &Wish) -> Option<Response> {
        let template = self.templates.by_kind.get(site.kind())?;
        let now = self.clock.now().timestamp();
        let claims = Claims {
            tenant: site.tenant,
            widget: site.id,
            origin: page.as_str().to_owned(),
            iat: now,
            exp: now + FRAME_SECONDS,
            started: now,
            sid: random_bytes(),
            allow_rev: site.rev,
            config_rev: site.config_rev,
        };
        let token = self.sites.ring().sign(TokenType::Frame, &claims, now)?;
        let nonce = B64.encode(random_bytes::<16>());
        let mut response = Response::builder().body(self.html(site, page, wish, template, &token, &nonce));
        let policy = [
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-",
            &nonce,
            "'; img-src 'self' data:",
            &self.settings.media_source,
            site.logo_source(),
            "; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
             require-trusted-types-for 'script'; frame-ancestors ",
            page.as_str(),
            site.ancestors(),
        ];
        let policy = policy.concat();
        let headers = reply::room(&mut response);
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy).ok()?);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
        headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
        headers.insert(ORIGIN_AGENT_CLUSTER, HeaderValue::from_static("?1"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(reply::X_ROBOTS_TAG, HeaderValue::from_static("noindex"));
        if site.isolated {
            headers.insert("cross-origin-embedder-policy", HeaderValue::from_static("require-corp"));
            headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
        }
        Some(response)
    }

    fn html(&self, site: &Site, page: &Origin, wish: &Wish, template: &Template, token: &str, nonce: &str) -> String {
        let Wish { lang, theme, mode, .. } = wish;
        let dir = if RIGHT_TO_LEFT.contains(lang) { "rtl" } else { "ltr" };
        let mut out = String::with_capacity(1024 + template.len() + site.data().len());
        // Every inserted value is from a closed list, canonical, base64url, or escaped when the site was read.
        out.push_str("<!doctype html><html lang=");
        out.push_str(lang);
        for part in [" dir=", dir, " data-theme=", theme, " data-mode=", mode] {
            out.push_str(part);
        }
        out.push_str(
            "><head><meta charset=utf-8><meta name=viewport content=\"width=device-width, initial-scale=1\"><title>",
        );
        out.push_str(site.title());
        for part in ["</title><style nonce=\"", nonce, "\">html{color-scheme:", theme, "}body{margin:0}</style>"] {
            out.push_str(part);
        }
        out.push_str(&template.links);
        out.push_str("{\"v\":1,\"widget\":\"");
        let fields = [
            (site.id.as_str(), "\",\"kind\":\""),
            (site.kind(), "\",\"token\":\""),
            (token, "\",\"origin\":\""),
            (page.as_str(), "\",\"build\":\""),
            (self.templates.build.as_str(), "\",\"lang\":\""),
            (lang, "\",\"theme\":\""),
            (theme, "\",\"mode\":\""),
            (mode, "\""),
        ];
        for (value, next) in fields {
            out.push_str(value);
            out.push_str(next);
        }
        out.push_str(site.data());
        out.push('}');
        out.push_str(&template.end);
        out
    }

    /// Name of the widget build in service.
    pub(crate) fn build(&self) -> &str {
        &self.templates.build
    }
}

fn see_other(location: HeaderValue) -> Response {
    let mut response = Response::builder().status(StatusCode::SEE_OTHER).finish();
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_come_from_closed_lists() {
        let wish = Wish::read("o=https%3A%2F%2Fclient.example&m=popup&t=dark&l=de-AT");
        assert_eq!(wish.origin.as_deref(), Some("https://client.example"));
        assert_eq!((wish.mode, wish.theme, wish.lang), ("popup", "dark", "de"));
        let wish = Wish::read("o=a&o=b&m=%0d%0ax&t=<&l=\"><script>");
        assert!(wish.twice);
        assert_eq!((wish.mode, wish.theme, wish.lang), ("inline", "light", "en"));
    }
}
