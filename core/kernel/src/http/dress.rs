//! The console in the name of somebody else: what its document, its sign and its manifest say under an own domain. All of it
//! comes with the first answer, so nobody sees the platform's name, not even for a moment.
use super::coding::PackedFile;
use reqwest::Url;
use serde_json::json;

/// The name that stands in what was built.
const OURS: &str = "Upzento";
/// After this, the document tells the program what it wears.
const BEFORE: &str = "<script src=\"/theme.js\"></script>";

/// What the console wears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dress {
    /// What the product is called.
    pub name: String,
    /// Buttons and links, `#rrggbb`.
    pub accent: String,
    /// Text on the accent, `#rrggbb`.
    pub on_accent: String,
    /// Path of the logo on the same host, or its address elsewhere, `https://…`.
    pub logo: Option<String>,
}

/// The picture that systems show beside a notification.
const PICTURE: &str = "/icons/app-192.png";

impl Dress {
    /// Whether a path says the platform's name or shows its sign.
    pub(super) fn replaces(&self, path: &str) -> bool {
        path.starts_with("/icons/")
            || matches!(path, "/mark.svg" | "/mark-mono.svg" | "/app-icon.svg" | "/manifest.webmanifest")
    }

    /// Where the console's policy lets a logo come from that stands elsewhere.
    pub(super) fn logo_origin(&self) -> Option<String> {
        let url = Url::parse(self.logo.as_deref()?).ok()?;
        (url.scheme() == "https").then(|| url.origin().ascii_serialization())
    }

    /// What is shown in place of a picture: a logo that stands here. It may have any shape, so it is no sign of the program.
    pub(super) fn picture(&self, path: &str) -> Option<&str> {
        self.logo.as_deref().filter(|logo| path == PICTURE && logo.starts_with('/'))
    }

    /// What stands there instead; none for pictures there is no other for.
    pub(super) fn file(&self, path: &str) -> Option<PackedFile> {
        match path {
            "/manifest.webmanifest" => Some(PackedFile::made("webmanifest", self.manifest())),
            "/mark.svg" | "/mark-mono.svg" | "/app-icon.svg" => Some(PackedFile::made("svg", self.sign())),
            _ => None,
        }
    }

    /// The document, in this name.
    pub(super) fn document(&self, built: &[u8]) -> PackedFile {
        let told = json!({"name": self.name, "accent": self.accent, "logo": self.logo}).to_string();
        let told = format!(
            "<meta name=\"brand\" content=\"{}\" />\n    <script src=\"/brand.js\"></script>\n    ",
            escaped(&told)
        );
        let built = String::from_utf8_lossy(built);
        // Systems that want a picture of dots take none rather than the platform's.
        let lines = built.lines().filter(|line| !line.contains("apple-touch-icon"));
        let document: String = lines.flat_map(|line| [line, "\n"]).collect();
        let named = document.replace(OURS, &escaped(&self.name));
        PackedFile::made("html", named.replacen(BEFORE, &format!("{told}{BEFORE}"), 1))
    }

    /// The first letter of the name, in its colours.
    fn sign(&self) -> String {
        let letter: String =
            self.name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"8\" fill=\"{}\"/>\
             <text x=\"16\" y=\"22.5\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" font-size=\"18\" font-weight=\"600\" \
             fill=\"{}\">{}</text></svg>",
            self.accent,
            self.on_accent,
            escaped(&letter)
        )
    }

    fn manifest(&self) -> String {
        json!({
            "id": "/", "name": self.name, "short_name": self.name, "start_url": "/", "scope": "/",
            "display": "standalone", "display_override": ["standalone", "minimal-ui"],
            "background_color": "#060b14", "theme_color": "#060b14",
            "icons": [{"src": "/app-icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
        })
        .to_string()
    }
}

/// Text inside an element or an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dress(name: &str) -> Dress {
        Dress {
            name: name.into(),
            accent: "#2f5d50".into(),
            on_accent: "#ffffff".into(),
            logo: Some("/v1/logos/lgo_1".into()),
        }
    }

    fn text(file: &PackedFile) -> String {
        String::from_utf8(file.plain().to_vec()).unwrap()
    }

    #[test]
    fn the_document_names_only_whose_it_is() {
        let built = "<head>\n<meta name=\"apple-mobile-web-app-title\" content=\"Upzento\" />\n<title>Upzento</title>\n    <script src=\"/theme.js\"></script>\n<link rel=\"apple-touch-icon\" href=\"/icons/touch-180.png\" />\n</head>";
        let document = text(&dress("North & <Light> \"Co\"").document(built.as_bytes()));
        assert!(!document.contains("pzento") && !document.contains("touch-180"), "{document}");
        assert!(document.contains("<title>North &amp; &lt;Light&gt; &quot;Co&quot;</title>"), "{document}");
        let meta = document.find("<meta name=\"brand\"").unwrap();
        let script = document.find("/brand.js").unwrap();
        assert!(meta < script && script < document.find("/theme.js").unwrap());
        assert!(document.contains("&quot;accent&quot;:&quot;#2f5d50&quot;"));
    }

    #[test]
    fn a_logo_that_stands_elsewhere_comes_from_there_and_from_nowhere_else() {
        let with = |logo: &str| Dress { logo: Some(logo.into()), ..dress("North") };
        let dress = with("https://cdn.north.example:8443/a;b/logo.png?x='*'");
        assert_eq!(dress.logo_origin().as_deref(), Some("https://cdn.north.example:8443"));
        assert_eq!(dress.picture("/icons/app-192.png"), None);
        assert_eq!(with("data:image/png;base64,AA").logo_origin(), None);
    }

    #[test]
    fn signs_and_manifest_are_its_own() {
        let dress = dress("  ålesund <x>");
        for path in ["/mark.svg", "/mark-mono.svg", "/app-icon.svg"] {
            let sign = text(&dress.file(path).unwrap());
            assert!(sign.contains(">Å</text>") && sign.contains("#2f5d50"), "{sign}");
        }
        assert!(dress.replaces("/icons/app-192.png") && dress.file("/icons/app-192.png").is_none());
        assert_eq!(dress.picture("/icons/app-192.png"), Some("/v1/logos/lgo_1"));
        assert_eq!((dress.picture("/icons/touch-180.png"), dress.logo_origin()), (None, None));
        let manifest: serde_json::Value =
            serde_json::from_str(&text(&dress.file("/manifest.webmanifest").unwrap())).unwrap();
        assert_eq!(manifest["name"], "  ålesund <x>");
        assert!(!dress.replaces("/theme.js"));
    }
}
