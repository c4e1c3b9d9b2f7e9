//! Statements as marked text, and structs that are read from rows. A test prepares every marked statement against a
//! fresh schema and compares it with the struct it fills.
use crate::Result;
use tokio_postgres::{Row, types::FromSql, types::Type};

/// One SQL statement of the program. Only [`sql!`](crate::sql) makes one, so no text built at run time is ever executed.
#[derive(Clone, Copy, Debug)]
pub struct Sql(#[doc(hidden)] pub &'static str);

/// Marks one SQL statement; `tests/it/rules/sql.rs` prepares every marked text against a fresh schema.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::db::Sql($text)
    };
}

/// One column a struct expects.
#[derive(Clone, Copy)]
pub struct Column {
    /// Its name, equal to the field's.
    pub name: &'static str,
    /// Whether the field's type can read this SQL type.
    pub accepts: fn(&Type) -> bool,
    /// Whether the field is an `Option`.
    pub nullable: bool,
}

/// A struct that is read from a row by column name.
pub trait FromRow: Sized {
    /// What it reads.
    const COLUMNS: &'static [Column];
    /// Reads one row.
    fn from_row(row: &Row) -> Result<Self>;
}

/// True for `Option`: with [`row!`](crate::row), how nullability is compared with the schema.
pub trait Nullable {
    /// Whether null can be read.
    const IS: bool;
}
impl<T> Nullable for Option<T> {
    const IS: bool = true;
}
/// Anything else is not nullable.
#[macro_export]
macro_rules! not_null {
    ($($t:ty),* $(,)?) => { $(impl $crate::db::Nullable for $t { const IS: bool = false; })* };
}
not_null!(
    String,
    bool,
    i16,
    i32,
    i64,
    f64,
    uuid::Uuid,
    serde_json::Value,
    chrono::DateTime<chrono::Utc>,
    chrono::NaiveDate
);
impl<T> Nullable for Vec<T> {
    const IS: bool = false;
}

/// Whether a Rust type reads an SQL type.
pub fn accepts<T: for<'a> FromSql<'a>>(ty: &Type) -> bool {
    <T as FromSql>::accepts(ty)
}

/// Defines a struct read from rows; fields are column names.
#[macro_export]
macro_rules! row {
    ($(#[$m:meta])* $v:vis struct $n:ident { $($(#[$fm:meta])* $fv:vis $f:ident : $t:ty),* $(,)? }) => {
        $(#[$m])* $v struct $n { $($(#[$fm])* $fv $f: $t),* }
        impl $crate::db::FromRow for $n {
            const COLUMNS: &'static [$crate::db::Column] = &[$($crate::db::Column {
                name: stringify!($f), accepts: $crate::db::accepts::<$t>, nullable: <$t as $crate::db::Nullable>::IS,
            }),*];
            fn from_row(row: &$crate::tokio_postgres::Row) -> $crate::Result<Self> {
                Ok($n { $($f: row.try_get(stringify!($f))?),* })
            }
        }
    };
}

/// Makes a serde type readable from and writable to `jsonb`, also inside a `jsonb[]` as `Vec<T>`: `jsonb!(Address);`.
#[macro_export]
macro_rules! jsonb {
    ($($t:ty),* $(,)?) => { $(
        impl<'a> $crate::postgres_types::FromSql<'a> for $t {
            fn from_sql(
                ty: &$crate::postgres_types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                <$crate::postgres_types::Json<$t> as $crate::postgres_types::FromSql>::from_sql(ty, raw).map(|json| json.0)
            }
            fn accepts(ty: &$crate::postgres_types::Type) -> bool {
                *ty == $crate::postgres_types::Type::JSONB
            }
        }
        impl $crate::postgres_types::ToSql for $t {
            fn to_sql(
                &self,
                ty: &$crate::postgres_types::Type,
                out: &mut $crate::bytes::BytesMut,
            ) -> Result<$crate::postgres_types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
                $crate::postgres_types::Json(self).to_sql(ty, out)
            }
            fn accepts(ty: &$crate::postgres_types::Type) -> bool {
                *ty == $crate::postgres_types::Type::JSONB
            }
            $crate::postgres_types::to_sql_checked!();
        }
        $crate::not_null!($t);
    )* };
}

/// Keeps what the API takes as it was sent, so that what is absent and what is null stay apart: serde and `jsonb` as in the API.
#[macro_export]
macro_rules! jsonb_as_sent {
    ($t:ty) => {
        impl serde::Serialize for $t {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&poem_openapi::types::ToJSON::to_json(self), to)
            }
        }
        impl<'de> serde::Deserialize<'de> for $t {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let said = <$crate::serde_json::Value as serde::Deserialize>::deserialize(from)?;
                poem_openapi::types::ParseFromJSON::parse_from_json(Some(said)).map_err(
                    |error: poem_openapi::types::ParseError<$t>| serde::de::Error::custom(error.into_message()),
                )
            }
        }
        $crate::jsonb!($t);
    };
}

/// Defines a closed list of words, which is kept as text and written alike in the API:
/// `word! { /// Doc. pub enum Colour { /// Doc. #[default] Red = "red", } }`. Needs `poem_openapi` and `serde` where it is used.
#[macro_export]
macro_rules! word {
    ($(#[$m:meta])* pub enum $name:ident { $($(#[$vm:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(
            poem_openapi::Enum, serde::Serialize, serde::Deserialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default,
        )]
        pub enum $name { $($(#[$vm])* #[oai(rename = $text)] #[serde(rename = $text)] $variant),* }
        impl $name {
            /// As stored and as written in the API.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
        impl<'a> $crate::postgres_types::FromSql<'a> for $name {
            fn from_sql(
                _: &$crate::postgres_types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                match raw {
                    $(raw if raw == $text.as_bytes() => Ok($name::$variant),)*
                    _ => Err(concat!("no ", stringify!($name)).into()),
                }
            }
            fn accepts(ty: &$crate::postgres_types::Type) -> bool {
                *ty == $crate::postgres_types::Type::TEXT
            }
        }
        $crate::not_null!($name);
    };
}
