//! What is wrong with what was sent, collected, so that the caller learns everything at once.
use crate::contacts::Address;
use kernel::{Error, Result, error::FieldProblem};
use unicode_normalization::UnicodeNormalization;

/// Refused fields; modules that keep records of people and companies read texts and postal addresses through it.
#[derive(Debug, Default)]
pub struct Problems(Vec<FieldProblem>);

impl Problems {
    /// Refuses a field; `field` is a JSON pointer.
    pub fn add(&mut self, field: impl Into<String>, code: &str, detail: impl Into<String>) {
        self.0.push(FieldProblem { field: field.into(), code: code.to_owned(), detail: detail.into() });
    }

    /// 422 when there is any.
    pub fn check(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::invalid_fields(self.0)) }
    }

    /// Whether nothing was refused.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was refused.
    pub fn into_inner(self) -> Vec<FieldProblem> {
        self.0
    }

    /// Text in Unicode's composed form, without control characters and surrounding space; `None` when nothing is left.
    pub fn text(&mut self, field: &str, value: Option<String>, max: usize) -> Option<String> {
        self.kept(field, value, max, |c| !c.is_control())
    }

    /// The same for text of several lines, which keep their breaks.
    pub fn lines(&mut self, field: &str, value: Option<String>, max: usize) -> Option<String> {
        self.kept(field, value, max, |c| !c.is_control() || c == '\n')
    }

    fn kept(&mut self, field: &str, value: Option<String>, max: usize, keep: fn(char) -> bool) -> Option<String> {
        let text: String = value?.nfc().filter(|c| keep(*c)).collect();
        let text = text.trim().to_owned();
        if text.chars().count() > max {
            self.add(field, "too_long", format!("At most {max} characters."));
        }
        (!text.is_empty()).then_some(text)
    }

    /// A postal address without empty parts; `None` when nothing is left.
    pub fn address(&mut self, given: Option<Address>) -> Option<Address> {
        let given = given?;
        let address = Address {
            line1: self.text("/address/line1", given.line1, 200),
            line2: self.text("/address/line2", given.line2, 200),
            city: self.text("/address/city", given.city, 120),
            region: self.text("/address/region", given.region, 120),
            postal_code: self.text("/address/postal_code", given.postal_code, 20),
            country: self.text("/address/country", given.country, 2),
        };
        if address.country.as_ref().is_some_and(|c| c.len() != 2 || !c.bytes().all(|b| b.is_ascii_uppercase())) {
            self.add("/address/country", "country_invalid", "Two upper-case letters, for example DE.");
        }
        (address != Address::default()).then_some(address)
    }

    /// Refuses a list that is too long.
    pub fn count(&mut self, field: &str, count: usize, max: usize) {
        if count > max {
            self.add(field, "too_many", format!("At most {max}."));
        }
    }
}
