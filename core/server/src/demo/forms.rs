//! The forms of the demo world.
use serde_json::{Value, json};

fn option(value: &str, label: &str) -> Value {
    json!({"value": value, "label": label})
}

pub(super) fn fitting() -> Value {
    json!({
        "version": 0,
        "title": "Book a bike fitting",
        "description": "Ninety minutes with our fitter. We call back within a day.",
        "submit_label": "Ask for a fitting",
        "steps": [
            {"key": "you", "title": "About you", "fields": [
                {"key": "name", "type": "text", "label": "Your name", "required": true, "maps_to": "name"},
                {"key": "email", "type": "email", "label": "E-mail", "required": true, "maps_to": "email"},
                {"key": "phone", "type": "phone", "label": "Phone", "help": "Only to agree on a time.", "maps_to": "phone"},
                {"key": "source", "type": "hidden", "label": "Campaign", "param": "utm_source"}
            ]},
            {"key": "ride", "title": "Your ride", "fields": [
                {"key": "bike", "type": "select", "label": "What do you ride?", "required": true,
                 "options": [option("road", "Road"), option("gravel", "Gravel"), option("mtb", "Mountain"), option("city", "City")]},
                {"key": "pain", "type": "radio", "label": "Does anything hurt on longer rides?", "required": true,
                 "options": [option("yes", "Yes"), option("no", "No")]},
                {"key": "where", "type": "multi", "label": "Where?", "hidden": true,
                 "options": [option("hands", "Hands"), option("neck", "Neck"), option("back", "Lower back"), option("knees", "Knees")]},
                {"key": "notes", "type": "long_text", "label": "Anything we should know?", "max_length": 1000},
                {"key": "news", "type": "consent", "label": "Workshop letter",
                 "text": "Send me the workshop letter, about once a month. I can unsubscribe at any time."}
            ]}
        ],
        "rules": [
            {"when": {"field": "pain", "op": "eq", "value": "yes"},
             "then": [{"action": "show", "target": "where"}, {"action": "require", "target": "where"}]}
        ],
        "outcome": {"kind": "message", "title": "Thank you", "body": "We have your request and will call you within a day."}
    })
}

/// The same for those who do not know yet what they need.
pub(super) fn enquiry() -> Value {
    let mut form = fitting();
    form["title"] = "Ask the workshop".into();
    form["description"] = "Tell us how you ride. We call back within a day.".into();
    form["submit_label"] = "Send".into();
    form
}

pub(super) fn appointment() -> Value {
    json!({
        "version": 0,
        "title": "Ask for a first appointment",
        "submit_label": "Send",
        "steps": [
            {"key": "you", "title": "About you", "fields": [
                {"key": "first_name", "type": "text", "label": "First name", "required": true, "maps_to": "first_name"},
                {"key": "last_name", "type": "text", "label": "Last name", "required": true, "maps_to": "last_name"},
                {"key": "email", "type": "email", "label": "E-mail", "required": true, "maps_to": "email"},
                {"key": "day", "type": "date", "label": "Preferred day"},
                {"key": "reason", "type": "long_text", "label": "What brings you to us?", "required": true}
            ]}
        ],
        "rules": [],
        "outcome": {"kind": "message", "title": "Thank you", "body": "We answer within one working day."}
    })
}
