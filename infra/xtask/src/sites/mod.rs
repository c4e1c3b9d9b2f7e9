//! Two websites of people who know nothing of this product, to see widgets where they live.
//!
//! The shop's address is authorised for its form; the blog copied the snippet and is authorised for nothing.

use crate::http::{Request, Response, escape};

const SHOP: &str = include_str!("shop.html");
const SHOP_CONTACT: &str = include_str!("shop-contact.html");
const SHOP_STYLE: &str = include_str!("shop.css");
const SHOP_LOGO: &str = include_str!("shop-logo.svg");
const SHOP_PICTURE: &str = include_str!("shop-picture.svg");
const STRICT: &str = include_str!("strict.html");
const BLOG: &str = include_str!("blog.html");
const BLOG_STYLE: &str = include_str!("blog.css");

/// What the pages need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Name of the client whose form is shown.
    pub name: String,
    /// Widget id of the form, `w_…`.
    pub widget: String,
    /// Origin of the embed edge, without a slash at the end.
    pub edge: String,
    /// Origin of the authorised site.
    pub home: String,
}

/// How the form sits on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Inline,
    Popup,
    Float,
}

impl Site {
    /// The authorised website: `/`, `/popup`, `/float`, `/strict`, `/contact`.
    pub fn shop(&self, request: &Request) -> Response {
        match request.path.as_str() {
            "/" => Response::html(self.shop_page(Mode::Inline)),
            "/popup" => Response::html(self.shop_page(Mode::Popup)),
            "/float" => Response::html(self.shop_page(Mode::Float)),
            "/contact" => Response::html(self.fill(SHOP_CONTACT)),
            "/strict" => self.strict_page(),
            "/style.css" => Response::new(200, "text/css; charset=utf-8", SHOP_STYLE),
            "/icon.svg" => Response::new(200, "image/svg+xml", SHOP_LOGO),
            _ => Response::not_found(),
        }
    }

    /// The website that copied the snippet.
    pub fn blog(&self, request: &Request) -> Response {
        match request.path.as_str() {
            "/" => Response::html(self.fill(BLOG)),
            "/style.css" => Response::new(200, "text/css; charset=utf-8", BLOG_STYLE),
            _ => Response::not_found(),
        }
    }

    fn shop_page(&self, mode: Mode) -> String {
        let here = " aria-current=\"page\"";
        let mark = |own: Mode| if own == mode { here } else { "" };
        let call = match mode {
            Mode::Inline => "<a class=\"button\" href=\"#book\">Book a fitting</a>",
            Mode::Popup => {
                "<a class=\"button\" data-upz=\"{{widget}}\" data-upz-mode=\"popup\" href=\"/contact\">Book a fitting</a>"
            }
            Mode::Float => "<a class=\"button\" href=\"/contact\">Ring the workshop</a>",
        };
        let book = if mode == Mode::Inline { BOOK } else { "" };
        let after = if mode == Mode::Float { FLOAT } else { "" };
        let page = SHOP
            .replace("{{here-inline}}", mark(Mode::Inline))
            .replace("{{here-popup}}", mark(Mode::Popup))
            .replace("{{here-float}}", mark(Mode::Float))
            .replace("{{picture}}", SHOP_PICTURE)
            .replace("{{call}}", call)
            .replace("{{book}}", book)
            .replace("{{after}}", after);
        self.fill(&page)
    }

    /// The strictest policy a host page can have: two entries for the widget, nothing for anything else.
    fn strict_page(&self) -> Response {
        let policy = format!(
            "default-src 'none'; script-src {edge}; frame-src {edge}; style-src 'none'; require-trusted-types-for 'script'",
            edge = self.edge
        );
        Response::html(self.fill(STRICT)).with("content-security-policy", policy)
    }

    fn fill(&self, page: &str) -> String {
        let script = "<script async src=\"{{edge}}/v1/loader.js\" referrerpolicy=\"strict-origin\"></script>";
        page.replace("{{script}}", script)
            .replace("{{logo}}", SHOP_LOGO)
            .replace("{{name}}", &escape(&self.name))
            .replace("{{widget}}", &escape(&self.widget))
            .replace("{{edge}}", &escape(&self.edge))
            .replace("{{home}}", &escape(&self.home))
    }
}

const BOOK: &str = r#"<section class="wrap book" id="book">
    <div class="lead">
      <h2>Book a fitting</h2>
      <p>Tell us about your bike and how it feels. Priya reads every answer before you come, so the bench is ready.</p>
      <p>We write back the same day with two times to choose from. Nothing is charged before the visit.</p>
      <div class="person"><i>P</i><span><b>Priya Raman</b><small>fits bicycles since 2009</small></span></div>
    </div>
    <div class="panel"><div data-upz="{{widget}}" data-upz-height="520"><a href="/contact">Ring us or write to us</a></div></div>
  </section>"#;

const FLOAT: &str = r#"<div data-upz="{{widget}}" data-upz-mode="float" data-upz-label="Book a fitting"></div>"#;

#[cfg(test)]
mod tests {
    use super::*;

    type Page = fn(&Site, &Request) -> Response;

    fn get(path: &str, page: Page) -> Response {
        let site = Site {
            name: "Kestrel & Co".into(),
            widget: "w_0123456789abcdef".into(),
            edge: "http://localhost:8090".into(),
            home: "http://localhost:8100".into(),
        };
        page(&site, &Request { path: path.into(), ..Request::default() })
    }

    #[test]
    fn every_page_is_filled_and_holds_the_snippet_once() {
        let pages: [(&str, Page); 5] = [
            ("/", Site::shop),
            ("/popup", Site::shop),
            ("/float", Site::shop),
            ("/strict", Site::shop),
            ("/", Site::blog),
        ];
        for (path, site) in pages {
            let page = String::from_utf8(get(path, site).body).unwrap();
            assert!(!page.contains("{{"), "{path} has an open placeholder");
            assert_eq!(page.matches("http://localhost:8090/v1/loader.js").count(), 1, "{path}");
            assert!(page.contains("data-upz=\"w_0123456789abcdef\""), "{path}");
            assert!(page.contains("Kestrel &amp; Co"), "{path}");
        }
        assert_eq!(get("/popup", Site::blog).status, 404);
    }

    #[test]
    fn the_strict_page_allows_only_the_edge() {
        let response = get("/strict", Site::shop);
        let policy = &response.headers.iter().find(|(name, _)| *name == "content-security-policy").unwrap().1;
        assert!(policy.contains("frame-src http://localhost:8090;") && policy.contains("style-src 'none'"), "{policy}");
    }
}
