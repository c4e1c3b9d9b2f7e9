//! A file, and what may become one.
pub use super::sniff::{EXECUTABLE, sniff};
use chrono::{DateTime, Utc};
use kernel::{Error, Result, ids::UserId};
use poem_openapi::Object;

kernel::id!(FileId, "fil", "A file's id.");

/// Longest file name in characters.
const MAX_NAME: usize = 200;

kernel::word! {
    /// What the virus scanner says of a file. Only what is clean is handed out.
    pub enum Scan {
        /// It has not answered yet; it is asked again.
        #[default]
        Pending = "pending",
        /// It found nothing.
        Clean = "clean",
        /// It found something.
        Infected = "infected",
        /// It did not answer for hours, or does not look through such a file. It can be asked again.
        Failed = "failed",
    }
}

kernel::row! {
    /// A file as the API shows it.
    #[derive(Object, Debug, Clone)]
    pub struct File {
        /// Id.
        pub id: FileId,
        /// Name, as uploaded.
        pub name: String,
        /// Size in bytes.
        pub size: i64,
        /// Content type, found by looking at the content.
        #[oai(rename = "type")]
        pub kind: String,
        /// SHA-256 of the content, hexadecimal.
        pub sha256: String,
        /// `pending` (belongs to nothing yet, goes away after a day), `attached`, or `quarantined` (a scanner found something).
        pub state: String,
        /// What the virus scanner says; absent when none was in force.
        pub scan: Option<Scan>,
        /// What the scanner found, or why it does not look through this file.
        pub verdict: Option<String>,
        /// What it belongs to, for example `submissions`.
        pub owner_kind: Option<String>,
        /// Which one, as a bare id.
        pub owner_id: Option<uuid::Uuid>,
        /// Who uploaded it; absent for visitors.
        pub uploaded_by: Option<UserId>,
        /// When it was uploaded.
        pub created_at: DateTime<Utc>,
        /// Raised by every change.
        pub version: i64,
    }
}

kernel::row! {
    /// A file of somebody else's record, as that record shows it.
    #[derive(Object, Debug, Clone)]
    pub struct Kept {
        /// Id.
        pub id: FileId,
        /// Name, as uploaded.
        pub name: String,
        /// Size in bytes.
        pub size: i64,
        /// Content type, found by looking at the content.
        #[oai(rename = "type")]
        pub kind: String,
    }
}

/// What an upload may be.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Largest size in bytes; the platform's limit holds as well.
    pub max_bytes: Option<u64>,
    /// MIME patterns, any of which must fit; empty for every type that is not refused anyway.
    pub accept: Vec<String>,
    /// Refuse what a browser could run (pages, drawings with scripts, programs): for uploads by strangers.
    pub strict: bool,
}

impl Policy {
    /// Why a file of this size and type is refused: a code and what to do.
    pub fn refuses(&self, size: usize, kind: &str) -> Option<(&'static str, String)> {
        if self.max_bytes.is_some_and(|max| size as u64 > max) {
            return Some(("too_large", format!("At most {} bytes are taken.", self.max_bytes.unwrap_or(0))));
        }
        const ACTIVE: [&str; 5] = [EXECUTABLE, "text/x-script", "text/html", "image/svg+xml", "application/xml"];
        if self.strict && ACTIVE.contains(&kind) {
            return Some(("type", "Files of this type are not taken.".into()));
        }
        let fits = self.accept.is_empty() || self.accept.iter().any(|pattern| fits(pattern, kind));
        (!fits).then(|| ("type", format!("One of {} is taken.", self.accept.join(", "))))
    }
}

/// Whether a type fits a pattern such as `image/*`.
fn fits(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix("/*") {
        Some(family) => kind.split('/').next() == Some(family),
        None => pattern.eq_ignore_ascii_case(kind),
    }
}

/// Whether a text is a MIME type or a family of them.
pub fn is_type_pattern(pattern: &str) -> bool {
    let token = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b".+-_".contains(&b));
    pattern.len() <= 100 && pattern.split_once('/').is_some_and(|(a, b)| token(a) && (b == "*" || token(b)))
}

/// The last part of a path, without what would disturb a header or a folder.
pub fn clean_name(name: &str) -> Result<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let clean: String = last.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    if clean.is_empty() { Err(Error::invalid("/name", "name_missing", "A file needs a name.")) } else { Ok(clean) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_path_and_their_tricks() {
        assert_eq!(clean_name("../../etc/passwd").unwrap(), "passwd");
        assert_eq!(clean_name("C:\\x\\a\r\n\"b.png").unwrap(), "a\"b.png");
        assert_eq!(clean_name("..htaccess").unwrap(), "htaccess");
        for bad in ["", "...", "a/", "\u{7}"] {
            assert!(clean_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_policy_looks_at_size_family_and_danger() {
        let policy =
            Policy { max_bytes: Some(10), accept: vec!["image/*".into(), "application/pdf".into()], strict: true };
        assert_eq!(policy.refuses(10, "image/png"), None);
        assert_eq!(policy.refuses(11, "image/png").unwrap().0, "too_large");
        assert_eq!(policy.refuses(1, "application/pdf"), None);
        assert_eq!(policy.refuses(1, "text/plain").unwrap().0, "type");
        assert_eq!(policy.refuses(1, "image/svg+xml").unwrap().0, "type");
        assert!(is_type_pattern("image/*") && is_type_pattern("application/vnd.rar"));
        assert!(!is_type_pattern("*") && !is_type_pattern("image/") && !is_type_pattern("a/b/c"));
    }
}
