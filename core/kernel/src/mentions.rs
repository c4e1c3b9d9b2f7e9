//! Texts that mention a person whose data is erased: searches, filters and conditions that people wrote and that are kept.

use serde_json::Value;

/// Fewest digits of a number that name somebody.
const FEWEST: usize = 6;

/// Everything that names a person wherever it stands: e-mail addresses and phone numbers in every spelling, lower-case.
#[derive(Debug, Clone, Copy)]
pub struct Mentions<'a>(pub &'a [String]);

impl Mentions<'_> {
    /// What stands in place of a text that is nothing but a mention.
    pub const ERASED: &'static str = "[erased]";
    /// The same where a number is asked for: nobody's.
    pub const NO_NUMBER: &'static str = "0000000000";

    /// The text with something else in place of each mention, whatever its case: what is as good a filter, and fits nobody.
    pub fn out_of(self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, mention| replaced(&text, mention))
    }

    /// The same of every text of a value; names of its fields stay.
    pub fn out_of_json(self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.out_of(text)),
            Value::Array(items) => items.iter().map(|item| self.out_of_json(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), self.out_of_json(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// Whether this is one of the numbers, or the end of one, as people dial it.
    pub fn dials(self, text: &str) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let dialled = digits(text).trim_start_matches('0').to_owned();
        text.chars().all(|c| c.is_ascii_digit() || "+ ()-./".contains(c))
            && dialled.len() >= FEWEST
            && self.0.iter().any(|mention| !mention.contains('@') && digits(mention).ends_with(&dialled))
    }
}

fn replaced(text: &str, mention: &str) -> String {
    let other = if mention.contains('@') { Mentions::ERASED } else { Mentions::NO_NUMBER };
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let (chars, sought): (Vec<char>, Vec<char>) = (text.chars().collect(), mention.chars().map(lower).collect());
    let (mut next, mut at) = (String::new(), 0);
    while at < chars.len() {
        let here = chars[at..].iter().take(sought.len()).copied().map(lower);
        if !sought.is_empty() && here.eq(sought.iter().copied()) {
            next.push_str(other);
            at += sought.len();
        } else {
            next.push(chars[at]);
            at += 1;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_mention_goes_and_the_rest_stays() {
        let of = ["ann@x.example".to_owned(), "+49 151 234567".to_owned(), "+49151234567".to_owned()];
        let mentions = Mentions(&of);
        assert_eq!(mentions.out_of("email:in:ANN@x.example,Bo@y.example"), "email:in:[erased],Bo@y.example");
        assert_eq!(mentions.out_of("phone:prefix:+49151234567"), "phone:prefix:0000000000");
        assert_eq!(mentions.out_of("Ann"), "Ann");
        let said = json!({"ann@x.example": [7, {"note": "of Ann@x.example"}], "none": null});
        assert_eq!(mentions.out_of_json(&said), json!({"ann@x.example": [7, {"note": "of [erased]"}], "none": null}));
        for (text, is_one) in
            [("0151 234567", true), ("151-234567", true), ("34567", false), ("2031", false), ("Ann", false)]
        {
            assert_eq!(mentions.dials(text), is_one, "{text}");
        }
    }
}
