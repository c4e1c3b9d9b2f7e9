//! A submission, what is believed of it and what it says about its sender.
use crate::forms::{
    engine::Answers,
    model::{Definition, FieldType, MapsTo},
    settings::{FormId, MatchRule},
};
use chrono::{DateTime, Utc};
use contacts::{ContactId, Match, Touch};
use kernel::embed::VisitorClaims;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

kernel::id!(SubmissionId, "sub", "A submission's id.");

/// A form filled in faster than this, in milliseconds, was filled in by a program.
pub const TOO_FAST: i64 = 1_500;
/// From this risk on a person should look at it first.
pub const RISKY: u8 = 50;
/// Submissions a minute of one visitor session before the next ones are kept aside.
pub const PER_MINUTE: u32 = 6;
const MAX_ATTRIBUTES: usize = 40;
const MAX_ATTRIBUTE: usize = 500;

/// Where a submission comes from, as the edge could establish it.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Origin of the page, proven.
    pub origin: String,
    /// Origin and path of the page.
    pub page: String,
    /// The widget.
    pub widget: String,
    /// Build of the widget.
    pub build: String,
    /// Network of the visitor: /24 for IPv4, /48 for IPv6.
    pub ip: String,
    /// Browser.
    pub ua: String,
    /// 0 (nothing suspicious) to 100.
    pub risk: u8,
}

/// How the visitor came to the page: campaign parameters, click ids, referrer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attribution(pub BTreeMap<String, String>);

kernel::jsonb!(Context, Attribution);

impl Context {
    /// From what the edge signed.
    pub fn of(claims: &VisitorClaims) -> Self {
        Context {
            origin: claims.origin.clone(),
            // The path is what the page says about itself; only its origin is proven.
            page: if claims.page.starts_with(&claims.origin) { claims.page.clone() } else { claims.origin.clone() },
            widget: claims.widget.map(|w| w.to_string()).unwrap_or_default(),
            build: claims.build.clone(),
            ip: claims.ip.clone(),
            ua: claims.ua.clone(),
            risk: claims.risk,
        }
    }
}

impl Attribution {
    /// Keeps short texts under sane names; the widget may send anything.
    pub fn clean(given: Option<&Value>) -> Self {
        let entries = given.and_then(Value::as_object).into_iter().flatten();
        let name = |k: &String| k.len() <= 40 && k.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let entries = entries.filter(|(k, _)| name(k)).filter_map(|(k, v)| {
            let text: String = v.as_str()?.chars().filter(|c| !c.is_control()).take(MAX_ATTRIBUTE).collect();
            (!text.is_empty()).then(|| (k.to_ascii_lowercase(), text))
        });
        Attribution(entries.take(MAX_ATTRIBUTES).collect())
    }

    /// The visit as contacts keep it. The page is the attested one.
    pub fn touch(&self, page: &str, at: DateTime<Utc>) -> Touch {
        const CLICK_IDS: [&str; 8] = ["gclid", "gbraid", "wbraid", "fbclid", "msclkid", "ttclid", "li_fat_id", "dclid"];
        let click = |key: &str| CLICK_IDS.contains(&key);
        Touch {
            at: Some(at),
            page: Some(page.to_owned()),
            referrer: self.0.get("ref").or_else(|| self.0.get("referrer")).cloned(),
            utm: self.0.iter().filter_map(|(k, v)| Some((k.strip_prefix("utm_")?.to_owned(), v.clone()))).collect(),
            click_ids: self.0.iter().filter(|(k, _)| click(k)).map(|(k, v)| (k.clone(), v.clone())).collect(),
        }
    }
}

/// What the widget sends when the last step is done.
#[derive(Object, Debug, Clone)]
pub struct Sent {
    /// Version of the form that was filled in.
    pub version: i32,
    /// Answers by field key.
    pub answers: Value,
    /// Campaign parameters, click ids, referrer.
    pub attr: Option<Value>,
    /// Milliseconds from showing the form to sending it.
    pub filled_ms: Option<i64>,
    /// Value of a field that people do not see.
    pub honey: Option<String>,
    /// What the page filled in ahead; already part of the answers.
    pub prefill: Option<Value>,
}

/// Why a submission should be looked at before it counts; empty when it looks like a person's.
pub fn doubts(sent: &Sent, risk: u8, too_many: bool) -> Vec<&'static str> {
    let mut doubts = vec![];
    if sent.honey.as_deref().is_some_and(|h| !h.is_empty()) {
        doubts.push("honeypot");
    }
    if sent.filled_ms.unwrap_or(0) < TOO_FAST {
        doubts.push("too_fast");
    }
    if risk >= RISKY {
        doubts.push("risk");
    }
    if too_many {
        doubts.push("rate");
    }
    doubts
}

/// What of a form decides what happens to a submission.
#[derive(Debug, Clone)]
pub struct ContactSettings {
    /// How the contact is found.
    pub rule: MatchRule,
    /// Stage of a new contact.
    pub stage: Option<String>,
    /// Owner of a contact that has none.
    pub owner: Option<kernel::ids::UserId>,
    /// Tags to add.
    pub tags: Vec<String>,
}

/// Who the sender says he is; `None` when the form asks nothing about him.
pub fn person(form: &Definition, answers: &Answers, settings: &ContactSettings) -> Option<Match> {
    let text =
        |key: &str| answers.get(key).and_then(Value::as_str).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let mut person = Match {
        rule: match settings.rule {
            MatchRule::Email => contacts::MatchRule::Email,
            MatchRule::Phone => contacts::MatchRule::Phone,
            MatchRule::EmailOrPhone => contacts::MatchRule::EmailOrPhone,
            MatchRule::None => contacts::MatchRule::Never,
        },
        ..Match::default()
    };
    let mut known = false;
    for field in form.fields() {
        let (Some(target), Some(answer)) = (field.maps_to, text(&field.key)) else { continue };
        known = true;
        match target {
            MapsTo::FirstName => drop(person.first_name.get_or_insert(answer)),
            MapsTo::LastName => drop(person.last_name.get_or_insert(answer)),
            MapsTo::Name => drop(person.name.get_or_insert(answer)),
            MapsTo::Company => drop(person.company_name.get_or_insert(answer)),
            MapsTo::Email => person.emails.push(answer),
            MapsTo::Phone => person.phones.push(answer),
        }
    }
    if !known {
        return None;
    }
    person.stage = settings.stage.clone();
    person.owner = settings.owner;
    person.tags = settings.tags.clone();
    person.source = Some("form".into());
    Some(person)
}

/// What the sender calls himself.
pub fn name(form: &Definition, answers: &Answers) -> Option<String> {
    let of = |target| {
        let field = form.fields().find(|f| f.maps_to == Some(target))?;
        answers.get(&field.key)?.as_str().map(str::to_owned)
    };
    let parts: Vec<String> = [MapsTo::FirstName, MapsTo::LastName].into_iter().filter_map(of).collect();
    of(MapsTo::Name).or_else(|| (!parts.is_empty()).then(|| parts.join(" ")))
}

/// Where an answer to the visitor would go: the first e-mail answer, mapped ones first.
pub fn reply_address(form: &Definition, answers: &Answers) -> Option<String> {
    let mapped = form.fields().filter(|f| f.maps_to == Some(MapsTo::Email));
    let typed = form.fields().filter(|f| f.kind == FieldType::Email);
    mapped.chain(typed).find_map(|f| answers.get(&f.key)?.as_str().map(str::to_owned))
}

/// An answer as people read it: options by their label, yes and no for ticks.
pub fn readable(form: &Definition, key: &str, answer: &Value) -> String {
    let field = form.field(key);
    let label = |value: &str| {
        let options = field.and_then(|f| f.options.as_ref()).into_iter().flatten();
        options.into_iter().find(|o| o.value == value).map_or(value.to_owned(), |o| o.label.clone())
    };
    match answer {
        Value::String(text) => label(text),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(label).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Answers in the order of the form, as people read them.
pub fn lines(form: &Definition, answers: &Answers) -> Vec<Line> {
    let line = |field: &crate::forms::model::Field| {
        let answer = answers.get(&field.key)?;
        let label = field.label.clone().or_else(|| field.text.clone()).unwrap_or_else(|| field.key.clone());
        Some(Line { key: field.key.clone(), label, value: readable(form, &field.key, answer) })
    };
    form.fields().filter_map(line).collect()
}

/// What people read in the answers, in the order of the form: what a search looks through. Files have names of their own.
pub(crate) fn words(form: &Definition, answers: &Answers) -> String {
    let read = |field: &crate::forms::model::Field| {
        (field.kind != FieldType::File)
            .then(|| answers.get(&field.key).map(|answer| readable(form, &field.key, answer)))?
    };
    form.fields().filter_map(read).collect::<Vec<_>>().join(" ")
}

/// What a search shows of a submission: the definition that it answers and its answers, as people read them.
pub fn excerpt(definition: &Value, answers: &Value) -> String {
    let form = serde_json::from_value::<Definition>(definition.clone());
    form.ok().zip(answers.as_object()).map(|(form, answers)| words(&form, answers)).unwrap_or_default()
}

/// One answer as people read it.
#[derive(Object, Debug, Clone, Serialize)]
pub struct Line {
    /// Key of the field.
    pub key: String,
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: String,
}

kernel::row! {
    /// A submission in a list.
    #[derive(Object, Debug, Clone)]
    pub struct SubmissionSummary {
        /// Id.
        pub id: SubmissionId,
        /// The form.
        pub form: FormId,
        /// Version of the form that was filled in.
        pub form_version: i32,
        /// Who sent it.
        pub contact: Option<ContactId>,
        /// `received`, `quarantined` (somebody should look at it) or `spam`.
        pub state: String,
        /// Why it was kept aside: `honeypot`, `too_fast`, `risk`, `rate`.
        pub reasons: Vec<String>,
        /// Answers by field key.
        pub answers: Value,
        /// When it was sent.
        pub created_at: DateTime<Utc>,
        /// Raised by every change.
        pub version: i64,
    }
}

kernel::row! {
    /// How many submissions there are in each state; of very many the first ten thousand count.
    #[derive(Object, Debug, Clone)]
    pub struct SubmissionCounts {
        /// Received.
        pub received: i64,
        /// Kept aside until somebody decides.
        pub quarantined: i64,
        /// Called spam.
        pub spam: i64,
    }
}

kernel::row! {
    /// A submission as it is stored, with the questions it answers.
    #[derive(Debug, Clone)]
    pub struct SubmissionRow {
        /// Id.
        pub id: SubmissionId,
        /// The form.
        pub form: FormId,
        /// Version of the form that was filled in.
        pub form_version: i32,
        /// Who sent it.
        pub contact: Option<ContactId>,
        /// See [`SubmissionSummary::state`].
        pub state: String,
        /// See [`SubmissionSummary::reasons`].
        pub reasons: Vec<String>,
        /// Answers by field key.
        pub answers: Value,
        /// Answers that are not part of it, because a rule took their field away.
        pub discarded: Value,
        /// Where it comes from.
        pub context: Context,
        /// How the visitor came.
        pub attribution: Attribution,
        /// Milliseconds it took to fill in.
        pub filled_ms: Option<i64>,
        /// The questions.
        pub definition: Value,
        /// When it had its consequences: contact, consents, notifications.
        pub accepted_at: Option<DateTime<Utc>>,
        /// When it was sent.
        pub created_at: DateTime<Utc>,
        /// When it was last changed.
        pub updated_at: DateTime<Utc>,
        /// Raised by every change.
        pub version: i64,
    }
}

/// A file of a submission.
#[derive(Object, Debug, Clone)]
pub struct SubmissionFile {
    /// Id.
    pub id: files::FileId,
    /// Name, as uploaded.
    pub name: String,
    /// Size in bytes.
    pub size: i64,
    /// Content type.
    #[oai(rename = "type")]
    pub kind: String,
    /// Downloads it without a credential, for ten minutes.
    pub url: String,
}

/// A submission with the questions it answers.
#[derive(Object, Debug, Clone)]
pub struct Submission {
    /// Id.
    pub id: SubmissionId,
    /// The form.
    pub form: FormId,
    /// Version of the form that was filled in.
    pub form_version: i32,
    /// Who sent it.
    pub contact: Option<ContactId>,
    /// `received`, `quarantined` (somebody should look at it) or `spam`.
    pub state: String,
    /// Why it was kept aside: `honeypot`, `too_fast`, `risk`, `rate`.
    pub reasons: Vec<String>,
    /// Answers by field key.
    pub answers: Value,
    /// The same in the order of the form, as people read them.
    pub lines: Vec<Line>,
    /// Answers that are not part of it, because a rule took their field or step away.
    pub history: Value,
    /// Uploaded files.
    pub files: Vec<SubmissionFile>,
    /// Where it comes from.
    pub context: Context,
    /// Campaign parameters, click ids, referrer.
    pub attribution: BTreeMap<String, String>,
    /// Milliseconds it took to fill in, as the widget says.
    pub filled_ms: Option<i64>,
    /// The form as it was when this was filled in.
    pub definition: Value,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Raised by every change.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sent(filled_ms: Option<i64>, honey: &str) -> Sent {
        Sent { version: 1, answers: json!({}), attr: None, filled_ms, honey: Some(honey.into()), prefill: None }
    }

    #[test]
    fn doubts_are_named() {
        assert!(doubts(&sent(Some(1_500), ""), 49, false).is_empty());
        assert_eq!(doubts(&sent(Some(1_499), "x"), 50, true), ["honeypot", "too_fast", "risk", "rate"]);
        assert_eq!(doubts(&sent(None, ""), 0, false), ["too_fast"]);
    }

    fn form() -> Definition {
        serde_json::from_value(json!({"steps": [{"key": "s", "fields": [
            {"key": "mail", "type": "email", "label": "Mail"},
            {"key": "work", "type": "email", "label": "Work", "maps_to": "email"},
            {"key": "who", "type": "text", "label": "Who", "maps_to": "name"},
            {"key": "pick", "type": "multi", "label": "Pick", "options": [{"value": "a", "label": "First"}, {"value": "b", "label": "Second"}]},
            {"key": "ok", "type": "consent", "text": "I agree"}]}]}))
        .unwrap()
    }

    #[test]
    fn a_person_is_what_fields_are_mapped_to() {
        let settings = ContactSettings { rule: MatchRule::Email, stage: None, owner: None, tags: vec!["web".into()] };
        let answers = json!({"mail": "a@x.example", "work": " b@x.example ", "who": "Ada", "ok": true});
        let answers = answers.as_object().unwrap();
        let who = person(&form(), answers, &settings).unwrap();
        assert_eq!((who.emails, who.name.as_deref()), (vec!["b@x.example".to_owned()], Some("Ada")));
        assert_eq!(reply_address(&form(), answers).as_deref(), Some(" b@x.example "));
        let only = json!({"mail": "a@x.example"});
        assert!(person(&form(), only.as_object().unwrap(), &settings).is_none());
        assert_eq!(reply_address(&form(), only.as_object().unwrap()).as_deref(), Some("a@x.example"));
    }

    #[test]
    fn answers_read_like_the_form() {
        let answers = json!({"ok": true, "pick": ["b", "a", "gone"], "who": "Ada"});
        let got: Vec<_> =
            lines(&form(), answers.as_object().unwrap()).into_iter().map(|l| (l.label, l.value)).collect();
        let want = [("Who", "Ada"), ("Pick", "Second, First, gone"), ("I agree", "yes")];
        assert_eq!(got, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn attribution_is_cleaned_and_sorted_into_a_touch() {
        let given = json!({"utm_source": "news", "GCLID": "g\u{0}1", "ref": "https://r.example/", "bad key": "x", "n": 5, "e": ""});
        let clean = Attribution::clean(Some(&given));
        assert_eq!(clean.0.keys().collect::<Vec<_>>(), ["gclid", "ref", "utm_source"]);
        let touch = clean.touch("https://a.example/p", DateTime::UNIX_EPOCH);
        assert_eq!(touch.utm["source"], "news");
        assert_eq!(touch.click_ids["gclid"], "g1");
        assert_eq!(touch.referrer.as_deref(), Some("https://r.example/"));
        assert_eq!(Attribution::clean(Some(&json!("x"))), Attribution::default());
    }
}
