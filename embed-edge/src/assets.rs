//! The built widgets, read once at start and served from memory: plain, gzip and brotli as the build made them.
use crate::reply;
use kernel::{Error, Result, http::coding::PackedFile};
use poem::{
    Request, Response,
    http::{HeaderValue, StatusCode, header},
};
use serde::Deserialize;
use std::{collections::HashMap, path::Path};

const LOADER_CACHE: HeaderValue =
    HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800");
const HASHED_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// `manifest.json` of the widget build. File names are relative to the folder; a URL has only the last part.
#[derive(Clone, Debug, Deserialize)]
pub struct Manifest {
    /// Version of the loader, for pinned installations.
    pub version: String,
    /// Names this build.
    pub build: String,
    /// File name of the loader.
    pub loader: String,
    /// Files by kind of widget.
    pub widgets: HashMap<String, WidgetFiles>,
}

/// What one kind of widget loads.
#[derive(Clone, Debug, Deserialize)]
pub struct WidgetFiles {
    /// Script, a module.
    pub js: String,
    /// Style sheet, when it has one.
    #[serde(default)]
    pub css: Option<String>,
}

/// All static files.
#[derive(Debug)]
pub struct Assets {
    /// What the build says about itself.
    pub manifest: Manifest,
    loader: PackedFile,
    files: HashMap<String, PackedFile>,
}

/// The part of a URL path that names a static file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// `/v1/loader.js`.
    Loader,
    /// `/v1/loader@<version>.js`.
    Pinned(&'a str),
    /// `/v1/assets/<name>`.
    Hashed(&'a str),
}

impl<'a> Name<'a> {
    /// Recognises the paths of static files.
    pub fn of(path: &'a str) -> Option<Self> {
        let rest = path.strip_prefix("/v1/")?;
        if rest == "loader.js" {
            return Some(Name::Loader);
        }
        let pinned = rest.strip_prefix("loader@").and_then(|r| r.strip_suffix(".js"));
        pinned.map(Name::Pinned).or_else(|| rest.strip_prefix("assets/").map(Name::Hashed))
    }
}

impl Assets {
    /// Reads the folder a widget build made.
    pub fn read(folder: &Path) -> Result<Self> {
        let named = |e: &dyn std::fmt::Display| {
            Error::internal(format!("widgets in {} (build them first): {e}", folder.display()))
        };
        let text = std::fs::read_to_string(folder.join("manifest.json")).map_err(|e| named(&e))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|e| named(&e))?;
        // Both are written into documents and compared with URLs.
        if ![&manifest.build, &manifest.version].iter().all(|text| is_plain(text)) {
            return Err(named(&"build and version have letters, digits, dots and hyphens only"));
        }
        // Only names that carry a hash are served for ever; the pinned loaders carry their version.
        let mut files = read_folder(&folder.join("assets"), "").map_err(|e| named(&e))?;
        files.extend(read_folder(folder, "loader@").map_err(|e| named(&e))?);
        let loader = PackedFile::read(&folder.join(&manifest.loader)).map_err(|e| named(&e))?;
        let wanted = manifest.widgets.values().flat_map(|w| std::iter::once(&w.js).chain(&w.css));
        if let Some(missing) = wanted.map(|f| base_name(f)).find(|f| !files.contains_key(*f)) {
            return Err(named(&format!("{missing} is named in manifest.json but not there")));
        }
        Ok(Assets { manifest, loader, files })
    }

    /// Answers for a static file.
    pub fn answer(&self, name: Name<'_>, req: &Request) -> Response {
        match name {
            Name::Loader => shared(self.loader.answer(req, LOADER_CACHE)),
            Name::Pinned(version) => self.file(&format!("loader@{version}.js"), req),
            Name::Hashed(name) if name.starts_with("loader@") => not_found(),
            Name::Hashed(name) => self.file(name, req),
        }
    }

    fn file(&self, name: &str, req: &Request) -> Response {
        match self.files.get(name) {
            Some(file) => shared(file.answer(req, HASHED_CACHE)),
            None => not_found(),
        }
    }
}

fn not_found() -> Response {
    reply::code(StatusCode::NOT_FOUND, "not_found")
}

/// The files of a folder whose names begin like this, without their packed variants.
fn read_folder(folder: &Path, prefix: &str) -> std::io::Result<HashMap<String, PackedFile>> {
    let mut files = HashMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_file() && name.starts_with(prefix) && !name.ends_with(".br") && !name.ends_with(".gz") {
            files.insert(name.to_owned(), PackedFile::read(&path)?);
        }
    }
    Ok(files)
}

/// The last part of a path.
pub fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// For scripts of any website: readable by all, under any isolation.
fn shared(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert("timing-allow-origin", HeaderValue::from_static("*"));
    response
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognised() {
        assert_eq!(Name::of("/v1/loader.js"), Some(Name::Loader));
        assert_eq!(Name::of("/v1/loader@1.4.2.js"), Some(Name::Pinned("1.4.2")));
        assert_eq!(Name::of("/v1/assets/form-1a.js"), Some(Name::Hashed("form-1a.js")));
        assert_eq!(Name::of("/v1/session"), None);
    }
}
