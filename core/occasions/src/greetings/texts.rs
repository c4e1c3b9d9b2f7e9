//! What a greeting says: texts with placeholders, filled in for one contact.
use contacts::Problems;
use serde_json::{Map, Value, json};

/// What may stand between `{{` and `}}`, each with `|` and words for when it is not known: `{{first_name|friend}}`.
pub(super) const PLACEHOLDERS: [&str; 7] =
    ["first_name", "last_name", "name", "company", "years", "occasion", "sender"];

/// What placeholders stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub name: String,
    pub company: Option<String>,
    pub years: Option<i32>,
    /// What is celebrated: the label of the occasion or the name of the feast.
    pub occasion: Option<String>,
    /// The account's name.
    pub sender: String,
}

impl Values {
    fn map(&self) -> Map<String, Value> {
        let values = json!({
            "first_name": self.first_name,
            "last_name": self.last_name,
            "name": self.name,
            "company": self.company,
            "years": self.years,
            "occasion": self.occasion,
            "sender": self.sender,
        });
        match values {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// Subject and text.
    pub fn fill(&self, subject: &str, body: &str) -> (String, String) {
        let map = self.map();
        (messaging::emails::fill(subject, &map), messaging::emails::fill(body, &map))
    }
}

/// A subject and a text as they may be kept.
pub(super) fn checked(wrong: &mut Problems, subject: Option<String>, body: Option<String>) -> (String, String) {
    let subject = wrong.text("/subject", subject, 200).unwrap_or_default();
    let body = wrong.lines("/body", body, 5_000).unwrap_or_default();
    for (field, text) in [("/subject", &subject), ("/body", &body)] {
        if text.is_empty() {
            wrong.add(field, "required", "A greeting needs a subject and a text.");
        }
        if let Some(unknown) = unknown(text) {
            let known = PLACEHOLDERS.join(", ");
            wrong.add(field, "placeholder_unknown", format!("There is no {{{{{unknown}}}}}. There are: {known}."));
        }
    }
    (subject, body)
}

/// The first placeholder that is not known.
fn unknown(text: &str) -> Option<&str> {
    let parts = text.split("{{").skip(1).filter_map(|part| part.split_once("}}"));
    let keys = parts.map(|(inside, _)| inside.split_once('|').map_or(inside, |(key, _)| key).trim());
    keys.into_iter().find(|key| !PLACEHOLDERS.contains(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_has_other_words() {
        let values =
            Values { first_name: Some("Ada".into()), name: "Ada Byron".into(), years: Some(36), ..Values::default() };
        let text = "Dear {{first_name|friend}}, {{years|many}} years of {{company|good work}}";
        assert_eq!(values.fill(text, "{{ name }}").0, "Dear Ada, 36 years of good work");
        let nobody = Values { first_name: Some(" ".into()), ..Values::default() };
        assert_eq!(nobody.fill("Dear {{ first_name | friend }}", "{{years}}"), ("Dear friend".into(), String::new()));
        assert_eq!(unknown("Hi {{first_name}} {{iban|x}}"), Some("iban"));
        assert_eq!(unknown("Hi {{ years }} {{ open"), None);
    }
}
