//! What a line of the ledger is, and how its evidence is bound to it.
use crate::contacts::ContactId;
use chrono::{DateTime, Utc};
use kernel::{
    Error, Result,
    crypto::{hex, sha256},
    error::FieldProblem,
    jsonb, row,
};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

kernel::id!(ConsentId, "cns", "One line of the consent ledger.");

/// A way to reach a person.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// Voice call.
    Phone,
    /// WhatsApp.
    Whatsapp,
}

impl Channel {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Phone => "phone",
            Channel::Whatsapp => "whatsapp",
        }
    }
}

/// Given or taken back.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
    /// The person agreed.
    Granted,
    /// The person took it back.
    Withdrawn,
}

impl ConsentState {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            ConsentState::Granted => "granted",
            ConsentState::Withdrawn => "withdrawn",
        }
    }
}

/// Where a consent comes from. It may point to a person, so it is kept beside the ledger and goes when the person is
/// erased; the ledger keeps its hash.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
#[serde(default)]
pub struct Evidence {
    /// Website, for example `https://example.org`.
    pub origin: Option<String>,
    /// Page on it, as attested by the embed edge.
    pub page: Option<String>,
    /// Widget in which it was given.
    pub widget: Option<String>,
    /// Build of that widget.
    pub build: Option<String>,
    /// Network of the person's device (/24 or /48).
    pub ip_prefix: Option<String>,
    /// Submission in which it was given.
    pub submission: Option<String>,
    /// What a member noted, for example `by phone`.
    pub note: Option<String>,
    /// Random, so that nobody finds the evidence by guessing its hash. Ignored when sent.
    pub salt: Option<String>,
}

jsonb!(Evidence);

row! {
    /// One line of the consent ledger. Lines are never changed.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Consent {
        /// Its id.
        pub id: ConsentId,
        /// Who; stays as a pseudonym when the contact is erased.
        pub contact: ContactId,
        /// What for, for example `newsletter`.
        pub purpose: String,
        /// On which channel; any when absent.
        pub channel: Option<String>,
        /// `granted` or `withdrawn`.
        pub state: String,
        /// SHA-256 of the wording, lower-case hexadecimal.
        pub text_hash: Option<String>,
        /// The wording.
        pub text: Option<String>,
        /// The caller's name for the wording, for example the form's version.
        pub text_version: Option<String>,
        /// SHA-256 of the evidence, lower-case hexadecimal: proves later that evidence at hand belongs to this line.
        pub evidence_hash: String,
        /// Where it comes from; absent after erasure.
        pub evidence: Option<Evidence>,
        /// Who wrote the line: `user`, `visitor`, `api_key` or `system`.
        pub actor_kind: String,
        /// When, UTC.
        pub occurred_at: DateTime<Utc>,
    }
}

/// A line to add.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewConsent {
    /// What for, for example `newsletter`: lower-case letters, digits and `_`.
    pub purpose: String,
    /// On which channel; any when absent.
    pub channel: Option<Channel>,
    /// Given or taken back.
    pub state: ConsentState,
    /// The wording, at most 5,000 characters.
    pub text: Option<String>,
    /// The caller's name for the wording.
    pub text_version: Option<String>,
    /// Where it comes from.
    #[oai(default)]
    pub evidence: Evidence,
}

impl NewConsent {
    /// 422 when it cannot be a line.
    pub fn check(&self) -> Result<()> {
        let problem = |field: &str, code: &str, detail: &str| FieldProblem {
            field: field.into(),
            code: code.into(),
            detail: detail.into(),
        };
        let mut problems = vec![];
        let purpose = self.purpose.as_bytes();
        let fine = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'_';
        if !(1..=63).contains(&purpose.len()) || !purpose.iter().all(fine) {
            problems.push(problem("/purpose", "purpose_invalid", "1 to 63 lower-case letters, digits and _."));
        }
        if self.text.as_ref().is_some_and(|t| t.chars().count() > 5000) {
            problems.push(problem("/text", "too_long", "At most 5000 characters."));
        }
        if self.text_version.as_ref().is_some_and(|t| t.chars().count() > 100) {
            problems.push(problem("/text_version", "too_long", "At most 100 characters."));
        }
        if serde_json::to_string(&self.evidence).map_or(0, |e| e.len()) > 4000 {
            problems.push(problem("/evidence", "too_long", "At most 4000 bytes."));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::invalid_fields(problems)) }
    }
}

impl Evidence {
    /// With a salt of its own.
    pub fn salted(self) -> Self {
        Evidence { salt: Some(hex(&kernel::clock::random_bytes::<16>())), ..self }
    }

    /// What the ledger keeps of it: the fields in the order above, as JSON, absent ones as null.
    pub fn hash(&self) -> [u8; 32] {
        sha256(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_evidence_has_different_hashes_that_each_prove_their_own() {
        let evidence = Evidence { page: Some("https://example.org/".into()), ..Evidence::default() };
        let (one, two) = (evidence.clone().salted(), evidence.salted());
        assert_ne!(one.hash(), two.hash());
        let kept = serde_json::to_value(&one).unwrap();
        assert_eq!(serde_json::from_value::<Evidence>(kept).unwrap().hash(), one.hash());
    }
}
