//! Content codings: files that were packed when they were built, and answers that are packed on their way out.
use crate::crypto::{hex, sha256};
use bytes::Bytes;
use poem::{
    IntoResponse, Request, Response,
    http::{HeaderValue, StatusCode, header},
    web::{Compress, CompressionAlgo, CompressionLevel},
};
use std::path::Path;

/// Answers below so many bytes leave as they are: packing them saves nothing that anybody notices.
const WORTH_IT: usize = 1024;

#[derive(Debug)]
struct Variant {
    bytes: Bytes,
    etag: HeaderValue,
}

/// A static file in memory, with its packed variants (`name.br`, `name.gz`) where the build made them.
#[derive(Debug)]
pub struct PackedFile {
    media: HeaderValue,
    plain: Variant,
    gzip: Option<Variant>,
    brotli: Option<Variant>,
}

impl PackedFile {
    /// Reads a file and what lies packed beside it.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let plain = Bytes::from(std::fs::read(path)?);
        let tag = hex(&sha256(&plain)[..10]);
        let variant = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(".");
            name.push(suffix);
            let bytes = std::fs::read(name).ok()?;
            Some(Variant { bytes: bytes.into(), etag: quoted(&format!("{tag}-{suffix}")) })
        };
        Ok(PackedFile {
            media: HeaderValue::from_static(media(extension)),
            gzip: variant("gz"),
            brotli: variant("br"),
            plain: Variant { bytes: plain, etag: quoted(&tag) },
        })
    }

    /// A file that is made while the program runs; it is packed on its way out.
    pub fn made(extension: &str, content: String) -> Self {
        let tag = hex(&sha256(content.as_bytes())[..10]);
        let plain = Variant { bytes: content.into(), etag: quoted(&tag) };
        PackedFile { media: HeaderValue::from_static(media(extension)), plain, gzip: None, brotli: None }
    }

    /// What stands in it.
    pub fn plain(&self) -> &[u8] {
        &self.plain.bytes
    }

    /// The variant the caller can read, or 304 when he has it.
    pub fn answer(&self, req: &Request, cache: HeaderValue) -> Response {
        let accepted = req.header(header::ACCEPT_ENCODING).unwrap_or_default();
        let choice = [("br", &self.brotli), ("gzip", &self.gzip)];
        let chosen = choice
            .iter()
            .find_map(|(coding, file)| file.as_ref().filter(|_| accepts(accepted, coding)).map(|f| (*coding, f)));
        let (coding, variant) = chosen.map_or((None, &self.plain), |(coding, variant)| (Some(coding), variant));
        let fresh = req.header(header::IF_NONE_MATCH).is_some_and(|tags| same_tag(tags, &variant.etag));
        let mut response = if fresh {
            Response::builder().status(StatusCode::NOT_MODIFIED).finish()
        } else {
            Response::builder().body(variant.bytes.clone())
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.media.clone());
        headers.insert(header::CACHE_CONTROL, cache);
        headers.insert(header::ETAG, variant.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// Packs an answer for a caller who can unpack it (`accepted` is his `Accept-Encoding`). Live streams are left alone: a
/// packer keeps back what it has until there is more, and an event would arrive with the next one.
pub fn pack(accepted: &str, response: Response) -> Response {
    let headers = response.headers();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_text = kind.starts_with("text/") || kind.starts_with("application/json") || kind.ends_with("+json");
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    let fits = is_text
        && !kind.starts_with("text/event-stream")
        && !headers.contains_key(header::CONTENT_ENCODING)
        && length.is_none_or(|length| length >= WORTH_IT);
    let coding = [("br", CompressionAlgo::BR), ("gzip", CompressionAlgo::GZIP)];
    let coding = coding.into_iter().find(|(name, _)| fits && accepts(accepted, name));
    let Some((_, coding)) = coding else { return response };
    // The best brotli takes a hundred times as long as this for a tenth less.
    let mut response = Compress::new(response, coding).with_quality(CompressionLevel::Precise(4)).into_response();
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

fn quoted(tag: &str) -> HeaderValue {
    // Hexadecimal and a suffix: always a valid header value.
    HeaderValue::try_from(format!("\"{tag}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// RFC 9110 13.1.2: `If-None-Match` compares weakly.
fn same_tag(tags: &str, etag: &HeaderValue) -> bool {
    tags.split(',').map(str::trim).any(|t| t == "*" || t.strip_prefix("W/").unwrap_or(t).as_bytes() == etag.as_bytes())
}

/// True when a list of codings names this one (or `*`) and does not forbid it with `q=0`.
fn accepts(list: &str, coding: &str) -> bool {
    let mut any = false;
    for item in list.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.filter_map(|p| p.strip_prefix("q=")).any(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0));
        if name.eq_ignore_ascii_case(coding) {
            return !refused;
        }
        any |= name == "*" && !refused;
    }
    any
}

fn media(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_negotiated() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(!accepts("gzip, deflate, br;q=0", "br"));
        assert!(accepts("*", "gzip") && !accepts("*;q=0", "gzip") && !accepts("", "gzip"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn what_is_packed_is_long_text_that_ends() {
        let of = |kind: &str, length: usize| {
            Response::builder().content_type(kind).header("content-length", length).body("x".repeat(length))
        };
        let coding = |accepted: &str, response: Response| {
            pack(accepted, response).headers().get("content-encoding").and_then(|v| v.to_str().ok().map(str::to_owned))
        };
        assert_eq!(coding("gzip, br", of("application/json", 5000)).as_deref(), Some("br"));
        assert_eq!(coding("gzip", of("application/problem+json", 5000)).as_deref(), Some("gzip"));
        assert_eq!(coding("", of("application/json", 5000)), None);
        assert_eq!(coding("br", of("application/json", 200)), None);
        assert_eq!(coding("br", of("text/event-stream", 5000)), None);
        assert_eq!(coding("br", of("image/png", 5000)), None);
        let packed =
            Response::builder().content_type("text/css").header("content-encoding", "gzip").body("x".repeat(5000));
        assert_eq!(coding("br", packed).as_deref(), Some("gzip"), "never twice");
    }
}
