use chrono::{DateTime, Utc};
use poem_openapi::Object;

kernel::row! {
    /// A root key; its secret is never shown.
    #[derive(Object, Debug, Clone)]
    pub struct EmbedKey {
        /// Its id, 1 to 255, part of every token it signed.
        pub kid: i16,
        /// `active` (signs and verifies), `retired` (verifies only) or `revoked` (every token of it is refused).
        pub state: String,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// Seconds after which a key is replaced: thirty days.
pub const ROTATE_AFTER_SECONDS: i64 = 30 * 24 * 3600;

/// What a root key is sealed under: with its id, so that keys cannot be swapped in the table.
pub fn seal_context(kid: i16) -> String {
    format!("embed-key:{kid}")
}

/// The id after this one; ids come round because a token has one byte for it.
pub fn next_kid(newest: Option<i16>) -> i16 {
    match newest {
        Some(kid) if kid < 255 => kid + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_round() {
        assert_eq!(next_kid(None), 1);
        assert_eq!(next_kid(Some(1)), 2);
        assert_eq!(next_kid(Some(255)), 1);
    }
}
