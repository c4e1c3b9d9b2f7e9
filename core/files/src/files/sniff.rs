//! What a file is, by its first bytes. The name only decides between kinds of plain text and of Office documents.

/// Content type of these bytes; `application/octet-stream` when nothing is known about them.
pub fn sniff(content: &[u8], name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    magic(content).unwrap_or_else(|| match content {
        [b'P', b'K', 3 | 5 | 7, ..] => zip(content),
        _ if is_text(content) => text(content, &extension),
        _ => "application/octet-stream",
    })
}

fn magic(content: &[u8]) -> Option<&'static str> {
    const STARTS: [(&[u8], &str); 20] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"%PDF-", "application/pdf"),
        (b"\x1f\x8b", "application/gzip"),
        (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (b"Rar!\x1a\x07", "application/vnd.rar"),
        (b"{\\rtf", "application/rtf"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
        (b"ID3", "audio/mpeg"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"MZ", EXECUTABLE),
        (b"\x7fELF", EXECUTABLE),
        (b"\xcf\xfa\xed\xfe", EXECUTABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    ];
    let at = |from: usize, what: &[u8]| content.get(from..).is_some_and(|rest| rest.starts_with(what));
    if at(0, b"RIFF") {
        return match content.get(8..12) {
            Some(b"WEBP") => Some("image/webp"),
            Some(b"WAVE") => Some("audio/wav"),
            Some(b"AVI ") => Some("video/x-msvideo"),
            _ => None,
        };
    }
    if at(4, b"ftyp") {
        return Some(match content.get(8..12) {
            Some(b"avif") => "image/avif",
            Some(b"heic" | b"heix" | b"mif1" | b"msf1") => "image/heic",
            Some(b"qt  ") => "video/quicktime",
            Some(b"M4A ") => "audio/mp4",
            _ => "video/mp4",
        });
    }
    // An MPEG audio frame without a tag: eleven set bits, then a layer and a bit rate that exist.
    if matches!(content, [0xff, b, c, ..] if b & 0xe6 == 0xe2 && c & 0xf0 != 0xf0 && c & 0xf0 != 0) {
        return Some("audio/mpeg");
    }
    STARTS.iter().find(|(start, _)| content.starts_with(start)).map(|(_, kind)| *kind)
}

/// Programs, of whatever system.
pub const EXECUTABLE: &str = "application/x-executable";

fn zip(content: &[u8]) -> &'static str {
    let head = &content[..content.len().min(4096)];
    let has = |part: &[u8]| head.windows(part.len()).any(|w| w == part);
    if has(b"word/") {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    } else if has(b"xl/") {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    } else if has(b"ppt/") {
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    } else if has(b"mimetypeapplication/vnd.oasis.opendocument.text") {
        "application/vnd.oasis.opendocument.text"
    } else if has(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
        "application/vnd.oasis.opendocument.spreadsheet"
    } else {
        "application/zip"
    }
}

fn is_text(content: &[u8]) -> bool {
    std::str::from_utf8(content).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !"\t\n\r\x0c".contains(c)))
}

fn text(content: &[u8], extension: &str) -> &'static str {
    let start: String = String::from_utf8_lossy(&content[..content.len().min(1024)]).trim_start().to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}');
    if start.starts_with("#!") {
        return "text/x-script";
    }
    if start.contains("<svg") {
        return "image/svg+xml";
    }
    if ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe"].iter().any(|tag| start.contains(tag)) {
        return "text/html";
    }
    if start.starts_with("<?xml") {
        return "application/xml";
    }
    match extension {
        "csv" => "text/csv",
        "json" => "application/json",
        "md" => "text/markdown",
        "ics" => "text/calendar",
        "vcf" => "text/vcard",
        "html" | "htm" | "xhtml" => "text/html",
        "svg" => "image/svg+xml",
        _ => "text/plain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_content_decides_not_the_name() {
        for (content, name, kind) in [
            (b"\x89PNG\r\n\x1a\nxx".as_slice(), "a.pdf", "image/png"),
            (b"\xff\xd8\xff\xe0", "a.png", "image/jpeg"),
            (b"%PDF-1.7", "a.txt", "application/pdf"),
            (b"MZ\x90\0", "photo.jpg", EXECUTABLE),
            (b"\x7fELF\x02", "photo.jpg", EXECUTABLE),
            (b"#!/bin/sh\n", "notes.txt", "text/x-script"),
            (b"  <svg onload=alert(1)>", "a.txt", "image/svg+xml"),
            (b"hello <script>alert(1)</script>", "a.txt", "text/html"),
            (b"a,b\n1,2\n", "a.csv", "text/csv"),
            (b"hello", "x.html", "text/html"),
            (b"hello", "noname", "text/plain"),
            (
                b"PK\x03\x04....word/document.xml",
                "a.zip",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            (b"PK\x03\x04aaaa", "a.docx", "application/zip"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "x", "image/webp"),
            (b"\0\0\0\x18ftypisom", "x", "video/mp4"),
            (b"\xff\xfb\x90\x00", "x", "audio/mpeg"),
            (b"\0\x01\x02", "x.png", "application/octet-stream"),
            (b"", "x.png", "text/plain"),
        ] {
            assert_eq!(sniff(content, name), kind, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(content in prop::collection::vec(any::<u8>(), 0..64), name in ".{0,12}") {
            sniff(&content, &name);
        }
    }
}
