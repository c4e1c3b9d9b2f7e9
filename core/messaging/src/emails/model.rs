//! A mail to a contact, and how texts with placeholders are filled.
use contacts::ContactId;
use notifications::mails::MailId;
use serde_json::{Map, Value};

/// A mail to a contact.
#[derive(Debug, Clone)]
pub struct NewEmail {
    /// To whom.
    pub contact: ContactId,
    /// To which of his addresses.
    pub address: String,
    /// Subject.
    pub subject: String,
    /// Text; empty lines separate paragraphs.
    pub body: String,
    /// BCP 47 language.
    pub locale: String,
    /// Why it is sent, for example `auto_reply`.
    pub purpose: &'static str,
    /// A second mail with the same key is not sent.
    pub dedupe_key: String,
    /// The link by which the contact opts out of such mails: it takes a POST without anything else (RFC 8058), and shows people
    /// a page. Absent for mails that answer somebody.
    pub unsubscribe: Option<String>,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It goes out after this transaction.
    Queued(MailId),
    /// The contact, or another one with this address, asked not to be reached by e-mail.
    Blocked,
    /// No mail can go to this address.
    Unusable,
}

/// Replaces `{{key}}` by values; unknown keys by nothing, or by what stands behind a `|`: `{{name|friend}}`. Values are never read as templates themselves.
pub fn fill(text: &str, values: &Map<String, Value>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((key, tail)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        let (key, otherwise) = key.split_once('|').unwrap_or((key, ""));
        match values.get(key.trim()) {
            Some(Value::String(text)) if !text.trim().is_empty() => out.push_str(text),
            Some(Value::Null | Value::String(_)) | None => out.push_str(otherwise.trim()),
            Some(other) => out.push_str(&other.to_string()),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn placeholders_are_filled_once() {
        let values = json!({"name": "{{mail}} & Ada", "mail": "a@x.example", "n": 3, "none": null});
        let values = values.as_object().unwrap();
        assert_eq!(fill("Hi {{ name }}, {{n}}{{none}}{{gone}}!", values), "Hi {{mail}} & Ada, 3!");
        assert_eq!(fill("{{none|a}}{{gone | b }}{{n|c}}", values), "ab3", "words for what is not known");
        assert_eq!(fill("{{ open", values), "{{ open");
        assert_eq!(fill("no", values), "no");
    }
}
