//! The one name a tenant's schema and role share.

use std::fmt;

use anyhow::{Result, bail};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Name of a tenant's schema and of its role: `t_` and 26 lower-case Crockford base32 characters of the id.
///
/// Opaque, because every role may read the names in the system catalogues. It needs no quoting in SQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantName(String);

impl TenantName {
    /// The name that belongs to a tenant id.
    #[must_use]
    pub fn of(id: Uuid) -> Self {
        let mut rest = id.as_u128();
        let mut digits = [0_u8; 26];
        for digit in digits.iter_mut().rev() {
            *digit = ALPHABET[usize::try_from(rest & 31).unwrap_or_default()];
            rest >>= 5;
        }
        Self(format!("t_{}", String::from_utf8_lossy(&digits)))
    }

    /// Accepts a name read from the catalogue.
    ///
    /// # Errors
    /// Anything that is not `t_` and 26 characters of the alphabet.
    pub fn parse(text: &str) -> Result<Self> {
        match text.strip_prefix("t_") {
            Some(rest) if rest.len() == 26 && rest.bytes().all(|byte| ALPHABET.contains(&byte)) => {
                Ok(Self(text.to_owned()))
            }
            _ => bail!("not the name of a tenant schema: {text:?}"),
        }
    }

    /// The name as it stands in SQL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A tenant's id as people have it at hand: a UUID, the id of the API (`ten_…`), or the name of the schema (`t_…`).
///
/// # Errors
/// It is none of these.
pub fn parse_id(text: &str) -> Result<Uuid> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let digits = text.strip_prefix("ten_").or_else(|| text.strip_prefix("t_"));
    let Some(digits) = digits.filter(|digits| digits.len() == 26) else { bail!("not the id of a tenant: {text:?}") };
    let mut value = 0_u128;
    for digit in digits.bytes() {
        let Some(number) = ALPHABET.iter().position(|known| *known == digit) else {
            bail!("not the id of a tenant: {text:?}")
        };
        value = value << 5 | number as u128;
    }
    Ok(Uuid::from_u128(value))
}

impl fmt::Display for TenantName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names() {
        assert_eq!(TenantName::of(Uuid::nil()).as_str(), "t_00000000000000000000000000");
        assert_eq!(TenantName::of(Uuid::max()).as_str(), "t_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn only_names_are_accepted() {
        let name = TenantName::of(Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab));
        assert_eq!(TenantName::parse(name.as_str()).unwrap(), name);
        let id = Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab);
        for spelling in [id.to_string(), name.to_string(), name.as_str().replace("t_", "ten_")] {
            assert_eq!(parse_id(&spelling).unwrap(), id);
        }
        assert!(parse_id("usr_00000000000000000000000000").is_err());
        for wrong in ["", "t_", "public", "t_0000000000000000000000000", "t_0000000000000000000000000u", "t_\"; drop"] {
            assert!(TenantName::parse(wrong).is_err(), "{wrong}");
        }
    }
}
