//! Links of mails. They are kept as they lead to the platform's console, and name the reader's own address only when the mail
//! goes out: a domain that fails in between is in no mail.
use serde_json::Value;

/// Lets every link in the data of a mail that begins with one origin begin with another.
pub(crate) fn move_all(data: &mut Value, from: &str, to: &str) {
    match data {
        Value::String(text) => {
            if let Some(moved) = moved(text, from, to) {
                *text = moved;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_all(item, from, to)),
        Value::Object(fields) => fields.values_mut().for_each(|field| move_all(field, from, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A link with the other origin; none when it leads elsewhere.
pub(crate) fn moved(link: &str, from: &str, to: &str) -> Option<String> {
    let rest = link.strip_prefix(from)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_links_to_the_console_move() {
        let mut data = json!({
            "url": "https://app.example/reset-password#token=x",
            "lines": [{"url": "https://app.example/deals?x=1"}, {"url": "https://app.example.evil/"}],
            "text": "See https://app.example/ for more", "home": "https://app.example", "port": "https://app.example:8443/",
            "many": 3,
        });
        move_all(&mut data, "https://app.example", "https://crm.agency.com");
        let expected = json!({
            "url": "https://crm.agency.com/reset-password#token=x",
            "lines": [{"url": "https://crm.agency.com/deals?x=1"}, {"url": "https://app.example.evil/"}],
            "text": "See https://app.example/ for more", "home": "https://crm.agency.com", "port": "https://app.example:8443/",
            "many": 3,
        });
        assert_eq!(data, expected);
    }
}
