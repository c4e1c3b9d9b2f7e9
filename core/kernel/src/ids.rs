//! Typed ids: UUIDv7 in the database, `<prefix>_<26 characters>` on the wire.
use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Lower-case Crockford base32 of 16 bytes: 26 characters, sorts like the bytes.
pub fn encode(id: Uuid) -> String {
    let value = id.as_u128();
    (0..26).rev().map(|i| ALPHABET[((value >> (i * 5)) & 31) as usize] as char).collect()
}

/// The inverse of [`encode`]; only the canonical spelling is accepted.
pub fn decode(text: &str) -> Option<Uuid> {
    if text.len() != 26 {
        return None;
    }
    let mut value: u128 = 0;
    for (i, c) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|&a| a == c)? as u128;
        if i == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | digit;
    }
    Some(Uuid::from_u128(value))
}

/// A new UUIDv7 for the given moment, with random low bits.
pub fn new_uuid(now: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    let mut random = crate::clock::random_bytes::<10>();
    // Microseconds within the millisecond go first, so that ids made in one request sort by time.
    let micros = (now.timestamp_subsec_micros() % 1000) as u16;
    random[0] = (micros >> 6) as u8 & 0x0f;
    random[1] = ((micros << 2) as u8) | (random[1] & 0x03);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// The n-th UUIDv7 of one moment, from 0: such ids sort by n. For what one transaction writes in an order that counts.
pub fn new_uuid_nth(now: DateTime<Utc>, n: u32) -> Uuid {
    let mut bytes = new_uuid(now).into_bytes();
    let n = n.min(0x3fff) as u16;
    bytes[7] &= 0xfc;
    bytes[8] = 0x80 | (n >> 8) as u8;
    bytes[9] = n as u8;
    Uuid::from_bytes(bytes)
}

/// Defines an id type: `id!(ContactId, "con", "A contact's id.")`.
#[macro_export]
macro_rules! id {
    ($name:ident, $prefix:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub struct $name(pub $crate::uuid::Uuid);

        impl $name {
            /// What the wire form starts with, before the underscore.
            pub const PREFIX: &'static str = $prefix;
            /// A new id for this moment.
            pub fn new(now: $crate::chrono::DateTime<$crate::chrono::Utc>) -> Self {
                $name($crate::ids::new_uuid(now))
            }
            /// Reads it as the database writes it into JSON, without what the wire form starts with.
            ///
            /// # Errors
            /// When it is none.
            pub fn bare<'de, D: $crate::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <$crate::uuid::Uuid as $crate::serde::Deserialize>::deserialize(from).map($name)
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}_{}", $prefix, $crate::ids::encode(self.0))
            }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                text.strip_prefix($prefix)
                    .and_then(|rest| rest.strip_prefix('_'))
                    .and_then($crate::ids::decode)
                    .map($name)
                    .ok_or_else(|| format!("expected an id like {}_…", $prefix))
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as $crate::serde::Deserialize>::deserialize(d)?;
                text.parse().map_err($crate::serde::de::Error::custom)
            }
        }
        impl $crate::postgres_types::ToSql for $name {
            fn to_sql(
                &self,
                ty: &$crate::postgres_types::Type,
                out: &mut $crate::bytes::BytesMut,
            ) -> Result<$crate::postgres_types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
                self.0.to_sql(ty, out)
            }
            fn accepts(ty: &$crate::postgres_types::Type) -> bool {
                <$crate::uuid::Uuid as $crate::postgres_types::ToSql>::accepts(ty)
            }
            $crate::postgres_types::to_sql_checked!();
        }
        impl<'a> $crate::postgres_types::FromSql<'a> for $name {
            fn from_sql(
                ty: &$crate::postgres_types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                <$crate::uuid::Uuid as $crate::postgres_types::FromSql>::from_sql(ty, raw).map($name)
            }
            fn accepts(ty: &$crate::postgres_types::Type) -> bool {
                <$crate::uuid::Uuid as $crate::postgres_types::FromSql>::accepts(ty)
            }
        }
        impl $crate::db::Nullable for $name {
            const IS: bool = false;
        }
        impl $crate::poem_openapi::types::Type for $name {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;
            fn name() -> std::borrow::Cow<'static, str> {
                concat!("string_", $prefix).into()
            }
            fn schema_ref() -> $crate::poem_openapi::registry::MetaSchemaRef {
                let mut schema = $crate::poem_openapi::registry::MetaSchema::new("string");
                schema.pattern = Some(concat!("^", $prefix, "_[0-7][0-9a-hjkmnp-tv-z]{25}$").to_owned());
                $crate::poem_openapi::registry::MetaSchemaRef::Inline(Box::new(schema))
            }
            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(self.as_raw_value().into_iter())
            }
        }
        impl $crate::poem_openapi::types::ParseFromJSON for $name {
            fn parse_from_json(
                value: Option<$crate::serde_json::Value>,
            ) -> $crate::poem_openapi::types::ParseResult<Self> {
                match value.unwrap_or_default() {
                    $crate::serde_json::Value::String(text) => {
                        text.parse().map_err($crate::poem_openapi::types::ParseError::custom)
                    }
                    other => Err($crate::poem_openapi::types::ParseError::expected_type(other)),
                }
            }
        }
        impl $crate::poem_openapi::types::ParseFromParameter for $name {
            fn parse_from_parameter(value: &str) -> $crate::poem_openapi::types::ParseResult<Self> {
                value.parse().map_err($crate::poem_openapi::types::ParseError::custom)
            }
        }
        impl $crate::poem_openapi::types::ToJSON for $name {
            fn to_json(&self) -> Option<$crate::serde_json::Value> {
                Some($crate::serde_json::Value::String(self.to_string()))
            }
        }
    };
}

id!(TenantId, "ten", "A tenant: an agency or a client, whatever has its own schema.");
id!(UserId, "usr", "A person who signs in.");
id!(EventId, "evt", "One fact in a tenant's event log.");
id!(JobId, "job", "One piece of background work.");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wire_form_round_trips(value: u128) {
            let id = Uuid::from_u128(value);
            prop_assert_eq!(decode(&encode(id)), Some(id));
        }

        #[test]
        fn parsing_never_panics_and_is_canonical(text in ".{0,40}") {
            if let Some(id) = decode(&text) {
                prop_assert_eq!(encode(id), text);
            }
        }
    }

    #[test]
    fn ids_of_one_moment_sort_by_their_number() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::microseconds(1_234_567);
        let ids: Vec<Uuid> = (0..1000).map(|n| new_uuid_nth(now, n)).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.get_version_num() == 7));
        assert!(ids[999] < new_uuid(now + chrono::TimeDelta::microseconds(1)));
    }

    #[test]
    fn a_foreign_prefix_is_refused() {
        let id = TenantId(Uuid::from_u128(7));
        assert!(id.to_string().parse::<UserId>().is_err());
        assert_eq!(id.to_string().parse::<TenantId>(), Ok(id));
    }
}
