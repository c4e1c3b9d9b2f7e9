//! The embed protocol, shared by the edge (which answers visitors' browsers) and the core (which stores what they send):
//! widget ids, the origins a widget may live on, the tokens frames carry, and the signed call from edge to core.
pub mod token;
pub mod visitor;

pub use origin::{Entry, EntryKind, Origin, OriginError};
pub use token::{Challenge, Claims, KeyRing, RootKey, TokenError, TokenType};
pub use visitor::{
    EDGE_KEY_INFO, Outcome, SIGNATURE_HEADER, Sighting, Signed, VISITOR_HEADER, VisitorClaims, VisitorError,
};

use serde::{Deserialize, Serialize, de::Error as _};
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const PREFIX: &str = "w_";
const RANDOM: usize = 13;
const LENGTH: usize = 18;

/// The public name of a widget: `w_`, 13 random characters and 3 checksum characters of lower-case Crockford base32.
///
/// The checksum lets the edge refuse made-up ids without asking anybody.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WidgetId([u8; LENGTH]);

impl WidgetId {
    /// A new random id (65 random bits).
    pub fn random() -> Self {
        Self::from_random(crate::clock::random_bytes())
    }

    /// The id made of the low five bits of each byte.
    pub fn from_random(random: [u8; RANDOM]) -> Self {
        let mut text = [0; LENGTH];
        text[..2].copy_from_slice(PREFIX.as_bytes());
        for (to, from) in text[2..].iter_mut().zip(random) {
            *to = ALPHABET[usize::from(from & 31)];
        }
        let sum = checksum(&text[2..2 + RANDOM]);
        text[2 + RANDOM..].copy_from_slice(&sum);
        WidgetId(text)
    }

    /// Reads an id; `None` when it is misspelled or its checksum is wrong.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; LENGTH] = text.as_bytes().try_into().ok()?;
        let body = bytes.strip_prefix(PREFIX.as_bytes())?;
        if !body.iter().all(|c| ALPHABET.contains(c)) || checksum(&body[..RANDOM]) != body[RANDOM..] {
            return None;
        }
        Some(WidgetId(bytes))
    }

    /// The wire form.
    pub fn as_str(&self) -> &str {
        // The bytes are ASCII by construction, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Ten bytes: sixteen characters of five bits, for tokens.
    fn pack(&self) -> [u8; 10] {
        let mut value: u128 = 0;
        for c in &self.0[2..] {
            value = (value << 5) | ALPHABET.iter().position(|a| a == c).unwrap_or(0) as u128;
        }
        let mut packed = [0; 10];
        packed.copy_from_slice(&value.to_be_bytes()[6..]);
        packed
    }

    fn unpack(packed: [u8; 10]) -> Option<Self> {
        let mut wide = [0; 16];
        wide[6..].copy_from_slice(&packed);
        let value = u128::from_be_bytes(wide);
        let mut text = String::from(PREFIX);
        text.extend((0..16).rev().map(|i| ALPHABET[((value >> (i * 5)) & 31) as usize] as char));
        Self::parse(&text)
    }
}

fn checksum(random: &[u8]) -> [u8; 3] {
    let hash = Sha256::new_with_prefix(b"upz/widget/v1").chain_update(random).finalize();
    let bits = u16::from_be_bytes([hash[0], hash[1]]) >> 1;
    [10, 5, 0].map(|shift| ALPHABET[usize::from((bits >> shift) & 31)])
}

impl std::fmt::Display for WidgetId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for WidgetId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for WidgetId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for WidgetId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a widget id"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_widget_id_is_eighteen_characters_with_a_checksum() {
        let id = WidgetId::from_random([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 31]);
        assert_eq!(&id.as_str()[..15], "w_0123456789abz");
        assert_eq!(WidgetId::parse(id.as_str()), Some(id));
        assert_eq!(WidgetId::unpack(id.pack()), Some(id));
        assert_eq!(serde_json::from_str::<WidgetId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }

    proptest! {
        #[test]
        fn a_changed_character_is_noticed(random: [u8; 13], at in 2usize..18, to in 0usize..32) {
            let id = WidgetId::from_random(random);
            let mut text = id.as_str().as_bytes().to_vec();
            text[at] = ALPHABET[to];
            let text = String::from_utf8(text).unwrap();
            let parsed = WidgetId::parse(&text);
            // A change in the checksum itself is always noticed; one elsewhere slips through once in 32,768.
            prop_assert!(parsed.is_none() || text == id.as_str() || at < 15);
            prop_assert_eq!(WidgetId::unpack(id.pack()), Some(id));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,40}") {
            if let Some(id) = WidgetId::parse(&text) {
                prop_assert_eq!(id.as_str(), text);
            }
        }
    }
}
