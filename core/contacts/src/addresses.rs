//! E-mail addresses and phone numbers: how they are shown and the canonical form in which they are compared.
use phonenumber::{Mode, country};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Longest e-mail address, in characters.
pub const MAX_EMAIL: usize = 320;
/// Longest phone number as typed, in characters.
pub const MAX_PHONE: usize = 40;

/// An e-mail address that mail can be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailAddress {
    /// As typed, without surrounding space.
    pub address: String,
    /// Lower-case, the domain in ASCII: two spellings of one mailbox are equal here. Dots and `+tags` stay, because
    /// what they mean is the mail server's business.
    pub canonical: String,
}

impl EmailAddress {
    /// Reads an address; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let address: String = text.trim().nfc().collect();
        let (local, domain) = address.split_once('@')?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        if local.is_empty() || address.chars().count() > MAX_EMAIL || local.contains(odd) || domain.contains(odd) {
            return None;
        }
        let domain = idna::domain_to_ascii(domain).ok()?;
        if !domain.contains('.') || domain.split('.').any(str::is_empty) || domain.contains(odd) {
            return None;
        }
        let local: String = local.to_lowercase().nfc().collect();
        let canonical = format!("{local}@{domain}");
        Some(EmailAddress { address, canonical })
    }
}

/// A phone number, valid or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneNumber {
    /// As typed, without surrounding space.
    pub number: String,
    /// E.164 (`+` and up to 15 digits) when it is a valid number.
    pub e164: Option<String>,
}

impl PhoneNumber {
    /// Reads a number. `country` (ISO 3166 alpha-2) is where numbers without a country code belong. A number that
    /// nobody can dial is kept as typed; `None` when it has no digit at all or too many characters.
    pub fn parse(text: &str, country: Option<&str>) -> Option<Self> {
        let number: String = text.trim().chars().filter(|c| !c.is_control()).map(ascii_digit).collect();
        if number.chars().count() > MAX_PHONE || !number.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let country: Option<country::Id> = country.and_then(|code| code.parse().ok());
        // 00 is how most of the world dials +; where it is not, the country says so.
        let dialled = match number.strip_prefix("00") {
            Some(rest) if country.is_none() => format!("+{rest}"),
            _ => number.clone(),
        };
        let parsed = phonenumber::parse(country, &dialled).ok().filter(phonenumber::is_valid);
        let e164 = parsed.map(|p| p.format().mode(Mode::E164).to_string());
        Some(PhoneNumber { number, e164 })
    }

    /// What numbers are compared by: E.164, or the bare digits of what was typed.
    pub fn canonical(&self) -> String {
        self.e164.clone().unwrap_or_else(|| self.number.chars().filter(char::is_ascii_digit).collect())
    }
}

/// Digits of Arabic, Persian and full-width keyboards as ASCII.
fn ascii_digit(c: char) -> char {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        _ => return c,
    };
    char::from(b'0' + (c as u32 - zero) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str) -> Option<String> {
        EmailAddress::parse(text).map(|e| e.canonical)
    }

    #[test]
    fn one_mailbox_has_one_canonical_form() {
        for (text, expected) in [
            (" Ann@Example.ORG ", "ann@example.org"),
            ("ann.lee+news@example.org", "ann.lee+news@example.org"),
            ("info@Müller.example", "info@xn--mller-kva.example"),
            ("info@xn--mller-kva.example", "info@xn--mller-kva.example"),
            ("JOSE\u{301}@example.org", "josé@example.org"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for text in [
            "",
            "ann",
            "ann@",
            "@example.org",
            "ann@localhost",
            "a@b@c.org",
            "a b@c.org",
            "ann@exa mple.org",
            "ann@example..org",
            "ann@.org",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_become_e164_with_the_tenants_country() {
        for (text, country, expected) in [
            ("030 901820", Some("DE"), Some("+4930901820")),
            ("+49 (30) 901820", None, Some("+4930901820")),
            ("0049 30 901820", None, Some("+4930901820")),
            ("(650) 253-0000", Some("US"), Some("+16502530000")),
            ("٠٣٠ ٩٠١٨٢٠", Some("DE"), Some("+4930901820")),
            ("030 901820", None, None),
            ("12", Some("DE"), None),
        ] {
            assert_eq!(PhoneNumber::parse(text, country).unwrap().e164.as_deref(), expected, "{text}");
        }
        assert_eq!(PhoneNumber::parse("call me", Some("DE")), None);
        assert_eq!(PhoneNumber::parse("ext 12-3", None).unwrap().canonical(), "123");
    }

    proptest! {
        #[test]
        fn canonical_addresses_are_stable(text in "\\PC{0,12}@\\PC{1,10}\\.[a-zA-Z]{2,5}") {
            if let Some(once) = canonical(&text) {
                prop_assert_eq!(canonical(&once), Some(once.clone()));
                prop_assert!(!once.contains(char::is_whitespace));
            }
        }

        #[test]
        fn case_and_space_do_not_make_another_mailbox(local in "[a-zA-Z0-9.+_-]{1,20}", domain in "[a-zA-Z0-9]{1,10}\\.[a-zA-Z]{2,6}") {
            let plain = canonical(&format!("{local}@{domain}"));
            prop_assert!(plain.is_some());
            prop_assert_eq!(&plain, &canonical(&format!("  {}@{}\t", local.to_uppercase(), domain.to_uppercase())));
        }

        #[test]
        fn phone_numbers_never_panic_and_are_stable(text in "\\PC{0,45}", country in prop::option::of("[A-Z]{2}")) {
            if let Some(phone) = PhoneNumber::parse(&text, country.as_deref()) {
                let again = PhoneNumber::parse(&phone.canonical(), country.as_deref()).unwrap();
                prop_assert!(phone.e164.is_none() || again.e164 == phone.e164);
            }
        }

        #[test]
        fn punctuation_does_not_make_another_number(spaces in prop::collection::vec("[ ./-]?", 9)) {
            let typed: String = "030901820".chars().zip(spaces).map(|(digit, gap)| format!("{digit}{gap}")).collect();
            let read = PhoneNumber::parse(&typed, Some("DE")).unwrap();
            prop_assert_eq!(read.e164.as_deref(), Some("+4930901820"));
        }
    }
}
