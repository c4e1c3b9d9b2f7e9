//! A logo.
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Error, Result};
use poem_openapi::Object;

kernel::id!(LogoId, "lgo", "A logo.");

/// Largest logo, in bytes: it goes into every mail that is opened.
pub(crate) const LARGEST: usize = 256 * 1024;

/// A picture to keep as a logo.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewLogo {
    /// PNG, JPEG or WebP of at most 256 KB, in base64.
    #[oai(validator(max_length = 349_528))]
    pub content: String,
}

/// A kept logo.
#[derive(Object, Debug, Clone)]
pub struct Logo {
    /// Its id.
    pub id: LogoId,
    /// Where anybody can see it. Put it into the brand.
    pub url: String,
}

impl NewLogo {
    /// The bytes and what they are. What a browser could run, such as SVG, is refused.
    pub(crate) fn read(&self) -> Result<(&'static str, Vec<u8>)> {
        let refuse = |code: &str, detail: &str| Error::invalid("/content", code, detail);
        let content =
            STANDARD.decode(self.content.trim()).map_err(|_| refuse("base64_invalid", "Send the bytes in base64."))?;
        if content.len() > LARGEST {
            return Err(refuse("logo_large", "A logo has at most 256 KB."));
        }
        let kind = kind(&content).ok_or_else(|| refuse("logo_kind", "Send a PNG, JPEG or WebP picture."))?;
        Ok((kind, content))
    }
}

fn kind(content: &[u8]) -> Option<&'static str> {
    match content {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', _, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, _, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Option<&'static str> {
        NewLogo { content: STANDARD.encode(content) }.read().ok().map(|(kind, _)| kind)
    }

    #[test]
    fn only_pictures_that_run_nothing_are_taken() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(read(b"\xff\xd8\xff\xe0...."), Some("image/jpeg"));
        assert_eq!(read(b"RIFF....WEBP...."), Some("image/webp"));
        assert_eq!(read(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), None);
        assert_eq!(read(b""), None);
        assert!(NewLogo { content: "not base64!".into() }.read().is_err());
        let large = [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; LARGEST]].concat();
        assert_eq!(read(&large), None);
    }
}
