//! The lines that bring a widget into a website, and where to put them.
use super::model::Widget;
use poem_openapi::{Enum, Object};
use std::fmt::Write as _;

/// How the widget appears.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[oai(rename = "WidgetMode", rename_all = "snake_case")]
pub enum Mode {
    /// In the page.
    #[default]
    Inline,
    /// In a dialog that opens on a click.
    Popup,
    /// Behind a floating button.
    Float,
}

/// Where the website is made.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[oai(rename = "WebsitePlatform", rename_all = "snake_case")]
pub enum Platform {
    /// Any page whose HTML can be changed.
    #[default]
    Html,
    /// WordPress.
    Wordpress,
    /// Shopify.
    Shopify,
    /// Wix.
    Wix,
    /// Squarespace.
    Squarespace,
    /// Webflow.
    Webflow,
    /// A React application.
    React,
    /// Google Tag Manager.
    TagManager,
}

/// What goes where.
#[derive(Object, Debug, Clone)]
#[oai(rename = "WidgetSnippet")]
pub struct Snippet {
    /// The lines for the page.
    pub html: String,
    /// What a website with a content security policy must add.
    pub policy: Vec<String>,
    /// Step by step, for the platform.
    pub steps: Vec<String>,
    /// What is still missing before it works.
    pub missing: Vec<String>,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The lines for a widget. `edge` is the origin that serves loader and frames.
pub(crate) fn snippet(widget: &Widget, edge: &str, mode: Mode, platform: Platform) -> Snippet {
    let mut attributes = format!("data-upz=\"{}\"", widget.id);
    match mode {
        Mode::Inline => attributes.push_str(" data-upz-height=\"520\""),
        Mode::Popup => attributes.push_str(" data-upz-mode=\"popup\""),
        Mode::Float => attributes.push_str(" data-upz-mode=\"float\""),
    }
    let label = escape(&widget.name);
    let inner = match (&widget.hosted_url, mode) {
        (Some(url), _) => format!("<a href=\"{}\">{label}</a>", escape(url)),
        (None, Mode::Popup) => format!("<button type=\"button\">{label}</button>"),
        (None, _) => String::new(),
    };
    let placeholder = format!("<div {attributes}>{inner}</div>");
    let script = format!("<script async src=\"{edge}/v1/loader.js\" referrerpolicy=\"strict-origin\"></script>");
    let html = match platform {
        Platform::React => react(&widget.id, edge, mode),
        _ => format!("{placeholder}\n{script}"),
    };
    let mut missing = vec![];
    if !widget.enabled {
        missing.push("The widget is off. Switch it on.".to_owned());
    }
    if widget.websites == 0 {
        missing
            .push("No website is allowed yet, so the widget is shown nowhere. Add the website's address.".to_owned());
    }
    if widget.hosted_url.is_none() && mode == Mode::Inline {
        missing.push("Without a hosted page, visitors without JavaScript see nothing.".to_owned());
    }
    Snippet {
        html,
        policy: vec![format!("script-src {edge}"), format!("frame-src {edge}")],
        steps: steps(platform).iter().map(|step| (*step).to_owned()).collect(),
        missing,
    }
}

fn react(id: &str, edge: &str, mode: Mode) -> String {
    let mode = match mode {
        Mode::Inline => "data-upz-height=\"520\"",
        Mode::Popup => "data-upz-mode=\"popup\"",
        Mode::Float => "data-upz-mode=\"float\"",
    };
    let mut code = String::from("import { useEffect } from \"react\";\n\nexport function Widget() {\n");
    let _ = write!(
        code,
        "  useEffect(() => {{\n    if (document.querySelector('script[src^=\"{edge}/v1/loader\"]')) return;\n\
         \x20   const s = document.createElement(\"script\");\n    s.async = true;\n    s.src = \"{edge}/v1/loader.js\";\n\
         \x20   s.referrerPolicy = \"strict-origin\";\n    document.head.append(s);\n  }}, []);\n\
         \x20 return <div data-upz=\"{id}\" {mode} />;\n}}\n"
    );
    code
}

fn steps(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Html => &[
            "Put the first line where the widget should appear.",
            "Put the second line once into the page, anywhere; several widgets share it.",
            "If the website sends a content security policy, add the two entries to it.",
        ],
        Platform::Wordpress => &[
            "Edit the page and add a block of the kind Custom HTML where the widget should appear.",
            "Paste both lines into the block and update the page.",
            "If a caching plugin is active, empty its cache. Exclude the loader from plugins that combine or delay scripts.",
        ],
        Platform::Shopify => &[
            "In the theme editor add a section or block of the kind Custom Liquid where the widget should appear.",
            "Paste both lines and save.",
            "Allow both the shop's own domain and its myshopify.com address (exactly, not as a wildcard) while you preview.",
        ],
        Platform::Wix => &[
            "Add the element Embed Code, then Custom element or Embed HTML, where the widget should appear.",
            "Wix shows embedded HTML in a frame of its own domain. For the real page add the loader under Settings, Custom code, and the first line in a custom element.",
            "Publish, open the page once, and allow the address that then appears among the refused ones.",
        ],
        Platform::Squarespace => &[
            "Edit the page and add a block of the kind Code where the widget should appear.",
            "Paste both lines, switch Display source off, and save.",
            "While logged in Squarespace disables scripts in the preview: look at the page in a private window.",
        ],
        Platform::Webflow => &[
            "Add the element Code Embed where the widget should appear and paste the first line.",
            "Put the second line under Page settings, Custom code, before the end of the body.",
            "Publish. Allow the webflow.io address exactly while you test, then the real domain.",
        ],
        Platform::React => &[
            "Add the component and use it where the widget should appear.",
            "The loader notices when the element is removed or comes back, so client-side navigation works.",
            "If the website sends a content security policy, add the two entries to it.",
        ],
        Platform::TagManager => &[
            "Put the first line into the page where the widget should appear; a tag manager cannot place it.",
            "Add a tag of the kind Custom HTML with the second line, for all pages that have a widget.",
            "Conversions arrive in the data layer as upz.form.submitted.",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::widgets::model::PublishedId;

    fn widget() -> Widget {
        let at = "2026-11-20T12:00:00Z".parse().unwrap();
        Widget {
            id: "w_0123456789abcdef".into(),
            kind: "form".into(),
            resource_id: PublishedId(uuid::Uuid::nil()),
            name: "Ask \"us\" <b>".into(),
            enabled: true,
            hosted_url: Some("https://book.example/a?b=1&c=\"".into()),
            cross_origin_isolated: false,
            config_rev: 1,
            websites: 0,
            last_seen_at: None,
            created_at: at,
            updated_at: at,
            version: 1,
        }
    }

    #[test]
    fn names_and_links_cannot_break_out() {
        let s = snippet(&widget(), "https://w.example", Mode::Inline, Platform::Html);
        assert!(s.html.contains("Ask &quot;us&quot; &lt;b&gt;") && s.html.contains("?b=1&amp;c=&quot;\""));
        assert_eq!(s.policy, ["script-src https://w.example", "frame-src https://w.example"]);
        assert_eq!(s.missing.len(), 1);
    }

    #[test]
    fn every_platform_has_steps_and_no_inline_script() {
        for platform in [
            Platform::Html,
            Platform::Wordpress,
            Platform::Shopify,
            Platform::Wix,
            Platform::Squarespace,
            Platform::Webflow,
            Platform::TagManager,
        ] {
            for mode in [Mode::Inline, Mode::Popup, Mode::Float] {
                let s = snippet(&widget(), "https://w.example", mode, platform);
                assert!(s.html.contains("></script>") && !s.html.contains("onclick"));
                assert_eq!(s.steps.len(), 3);
            }
        }
        let s = snippet(&widget(), "https://w.example", Mode::Float, Platform::React);
        assert!(s.html.contains("data-upz=\"w_0123456789abcdef\" data-upz-mode=\"float\" />"), "{}", s.html);
    }
}
