//! A form as the API shows and takes it.
use super::model::Definition;
use chrono::{DateTime, Utc};
use kernel::{Error, Result, error::FieldProblem, ids::UserId};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use serde_json::Value;
use uuid::Uuid;

kernel::id!(FormId, "frm", "A form's id.");

/// How a submission finds its contact.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum MatchRule {
    /// By e-mail address.
    Email,
    /// By phone number.
    Phone,
    /// By e-mail address, else by phone number.
    EmailOrPhone,
    /// Not at all: submissions stay without a contact.
    None,
}

impl MatchRule {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchRule::Email => "email",
            MatchRule::Phone => "phone",
            MatchRule::EmailOrPhone => "email_or_phone",
            MatchRule::None => "none",
        }
    }
    /// Reads the stored spelling.
    pub fn parse(text: &str) -> Self {
        match text {
            "email" => MatchRule::Email,
            "phone" => MatchRule::Phone,
            "none" => MatchRule::None,
            _ => MatchRule::EmailOrPhone,
        }
    }
}

kernel::row! {
    /// How a form did lately.
    #[derive(Debug, Clone)]
    pub struct Lately {
        /// The form.
        pub id: FormId,
        /// See [`FormSummary::submissions_30d`].
        pub submissions: i64,
        /// See [`FormSummary::starts_30d`].
        pub starts: i64,
        /// See [`FormSummary::last_submission_at`].
        pub last_submission_at: Option<DateTime<Utc>>,
    }
}

kernel::row! {
    /// A form in a list.
    #[derive(Object, Debug, Clone)]
    pub struct FormSummary {
        /// Id.
        pub id: FormId,
        /// Name, for members.
        pub name: String,
        /// `draft` (never published), `published` or `unpublished`.
        pub state: String,
        /// Id of its widget, for the snippet on a website; there once it was published.
        pub widget: Option<String>,
        /// Number of the version that visitors get.
        pub published_version: Option<i32>,
        /// Member who looks after it.
        pub responsible: Option<UserId>,
        /// Submissions that wait for a decision.
        pub quarantined: i64,
        /// Submissions of the last thirty days that are still there, without spam.
        pub submissions_30d: i64,
        /// Visitors who began to fill it in within the last thirty days.
        pub starts_30d: i64,
        /// When the newest submission that is not spam was sent.
        pub last_submission_at: Option<DateTime<Utc>>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it was last changed.
        pub updated_at: DateTime<Utc>,
        /// Raised by every change.
        pub version: i64,
    }
}

kernel::row! {
    /// A form as it is stored.
    #[derive(Debug, Clone)]
    pub struct FormRow {
        /// Id.
        pub id: FormId,
        /// See [`Form::name`].
        pub name: String,
        /// See [`Form::state`].
        pub state: String,
        /// See [`Form::widget`].
        pub widget: Option<String>,
        /// See [`Form::draft`].
        pub draft: Value,
        /// See [`Form::published_version`].
        pub published_version: Option<i32>,
        /// See [`Form::theme`].
        pub theme: Value,
        /// See [`Form::locale`].
        pub locale: Option<String>,
        /// See [`Form::hosted_url`].
        pub hosted_url: Option<String>,
        /// See [`Form::responsible`].
        pub responsible: Option<UserId>,
        /// See [`Form::notify`].
        pub notify: Vec<Uuid>,
        /// See [`Form::match_rule`].
        pub match_rule: String,
        /// See [`Form::auto_reply_subject`].
        pub auto_reply_subject: Option<String>,
        /// See [`Form::auto_reply_body`].
        pub auto_reply_body: Option<String>,
        /// See [`Form::contact_stage`].
        pub contact_stage: Option<String>,
        /// See [`Form::contact_tags`].
        pub contact_tags: Vec<String>,
        /// See [`Form::contact_owner`].
        pub contact_owner: Option<UserId>,
        /// See [`Form::submission_cap`].
        pub submission_cap: Option<i32>,
        /// See [`Form::opens_at`].
        pub opens_at: Option<DateTime<Utc>>,
        /// See [`Form::closes_at`].
        pub closes_at: Option<DateTime<Utc>>,
        /// See [`Form::webhook`].
        pub webhook: Option<messaging::WebhookId>,
        /// See [`Form::created_by`].
        pub created_by: Option<UserId>,
        /// See [`Form::created_at`].
        pub created_at: DateTime<Utc>,
        /// See [`Form::updated_at`].
        pub updated_at: DateTime<Utc>,
        /// See [`Form::version`].
        pub version: i64,
    }
}

/// A form.
#[derive(Object, Debug, Clone)]
pub struct Form {
    /// Id.
    pub id: FormId,
    /// Name, for members.
    pub name: String,
    /// `draft` (never published), `published` or `unpublished`.
    pub state: String,
    /// Id of its widget, for the snippet on a website; there a moment after it was first published.
    pub widget: Option<String>,
    /// The definition being worked on.
    pub draft: Value,
    /// What keeps the draft from being published.
    pub problems: Vec<FieldProblem>,
    /// Number of the version that visitors get.
    pub published_version: Option<i32>,
    /// Theming tokens of the widget, for example `{"accent": "#0a7"}`.
    pub theme: Value,
    /// BCP 47 language of the widget's own words; the tenant's when absent.
    pub locale: Option<String>,
    /// Page to link to where the widget cannot be shown.
    pub hosted_url: Option<String>,
    /// Member who looks after it and is told about every submission.
    pub responsible: Option<UserId>,
    /// Members who are told as well.
    pub notify: Vec<UserId>,
    /// How a submission finds its contact: `email`, `phone`, `email_or_phone` or `none`.
    pub match_rule: String,
    /// Subject of the mail that answers a visitor; no mail when absent.
    pub auto_reply_subject: Option<String>,
    /// Text of that mail; `{{key}}` stands for an answer.
    pub auto_reply_body: Option<String>,
    /// Stage that new contacts get.
    pub contact_stage: Option<String>,
    /// Tags that contacts get, as they are called now; one that is deleted goes from here too.
    pub contact_tags: Vec<String>,
    /// Member who owns new contacts.
    pub contact_owner: Option<UserId>,
    /// Most submissions it takes.
    pub submission_cap: Option<i32>,
    /// Not before.
    pub opens_at: Option<DateTime<Utc>>,
    /// Not after.
    pub closes_at: Option<DateTime<Utc>>,
    /// A webhook that hears of every submission, whatever else it listens to.
    pub webhook: Option<messaging::WebhookId>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Raised by every change.
    pub version: i64,
}

impl FormRow {
    /// With what keeps the draft from being published.
    pub fn shown(self) -> Form {
        let problems = match super::check::read("/draft", &self.draft) {
            Ok(draft) => super::check::open("/draft", &draft),
            Err(error) => super::check::problems(error),
        };
        Form {
            id: self.id,
            name: self.name,
            state: self.state,
            widget: self.widget,
            draft: self.draft,
            problems,
            published_version: self.published_version,
            theme: self.theme,
            locale: self.locale,
            hosted_url: self.hosted_url,
            responsible: self.responsible,
            notify: self.notify.into_iter().map(UserId).collect(),
            match_rule: self.match_rule,
            auto_reply_subject: self.auto_reply_subject,
            auto_reply_body: self.auto_reply_body,
            contact_stage: self.contact_stage,
            contact_tags: self.contact_tags,
            contact_owner: self.contact_owner,
            submission_cap: self.submission_cap,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            webhook: self.webhook,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

/// A form to make.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewForm {
    /// Name, for members.
    pub name: String,
    /// The definition to begin with; a small contact form when absent.
    pub draft: Option<Value>,
    /// Member who looks after it; the maker when absent.
    pub responsible: Option<UserId>,
}

/// What to change; what is absent stays, null clears.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct UpdateForm {
    /// See [`Form::name`].
    pub name: Option<String>,
    /// See [`Form::draft`].
    pub draft: Option<Value>,
    /// See [`Form::theme`].
    pub theme: Option<Value>,
    /// See [`Form::locale`].
    pub locale: MaybeUndefined<String>,
    /// See [`Form::hosted_url`].
    pub hosted_url: MaybeUndefined<String>,
    /// See [`Form::responsible`].
    pub responsible: MaybeUndefined<UserId>,
    /// See [`Form::notify`].
    pub notify: Option<Vec<UserId>>,
    /// How a submission finds its contact.
    pub match_rule: Option<MatchRule>,
    /// See [`Form::auto_reply_subject`].
    pub auto_reply_subject: MaybeUndefined<String>,
    /// See [`Form::auto_reply_body`].
    pub auto_reply_body: MaybeUndefined<String>,
    /// See [`Form::contact_stage`].
    pub contact_stage: MaybeUndefined<String>,
    /// See [`Form::contact_tags`].
    pub contact_tags: Option<Vec<String>>,
    /// See [`Form::contact_owner`].
    pub contact_owner: MaybeUndefined<UserId>,
    /// See [`Form::submission_cap`].
    pub submission_cap: MaybeUndefined<i32>,
    /// See [`Form::opens_at`].
    pub opens_at: MaybeUndefined<DateTime<Utc>>,
    /// See [`Form::closes_at`].
    pub closes_at: MaybeUndefined<DateTime<Utc>>,
    /// See [`Form::webhook`].
    pub webhook: MaybeUndefined<messaging::WebhookId>,
}

impl UpdateForm {
    /// Members it names, by field: they must belong to the tenant.
    pub fn members(&self) -> [(&'static str, Vec<UserId>); 3] {
        let one = |id: &MaybeUndefined<UserId>| id.value().copied().into_iter().collect();
        [
            ("/notify", self.notify.clone().unwrap_or_default()),
            ("/responsible", one(&self.responsible)),
            ("/contact_owner", one(&self.contact_owner)),
        ]
    }

    /// Applies it to a row; the names of the fields that changed.
    pub fn apply(self, row: &mut FormRow) -> Result<Vec<&'static str>> {
        let mut changed = vec![];
        macro_rules! set {
            ($($field:ident),*) => { $(
                if let Some(value) = self.$field && row.$field != value {
                    row.$field = value;
                    changed.push(stringify!($field));
                }
            )* };
        }
        macro_rules! set_or_clear {
            ($($field:ident),*) => { $(
                if !self.$field.is_undefined() {
                    let value = self.$field.take();
                    if row.$field != value {
                        row.$field = value;
                        changed.push(stringify!($field));
                    }
                }
            )* };
        }
        if let Some(ids) = self.notify {
            let mut ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
            ids.sort_unstable();
            ids.dedup();
            if row.notify != ids {
                row.notify = ids;
                changed.push("notify");
            }
        }
        if let Some(rule) = self.match_rule
            && row.match_rule != rule.as_str()
        {
            row.match_rule = rule.as_str().to_owned();
            changed.push("match_rule");
        }
        set!(name, draft, theme, contact_tags);
        set_or_clear!(
            locale,
            hosted_url,
            responsible,
            auto_reply_subject,
            auto_reply_body,
            contact_stage,
            contact_owner,
            submission_cap,
            opens_at,
            closes_at,
            webhook
        );
        row.check()?;
        Ok(changed)
    }
}

/// Largest draft in bytes.
const MAX_DRAFT: usize = 262_144;

impl FormRow {
    /// Refuses what cannot be kept. The draft may be unfinished but not misshapen.
    pub fn check(&mut self) -> Result<()> {
        let mut problems = vec![];
        let mut add = |at: &str, code: &str, detail: &str| {
            problems.push(FieldProblem { field: at.into(), code: code.into(), detail: detail.into() });
        };
        self.name = self.name.trim().to_owned();
        if self.name.is_empty() || self.name.chars().count() > 200 {
            add("/name", "length", "A name has 1 to 200 characters.");
        }
        if self.draft.to_string().len() > MAX_DRAFT {
            add("/draft", "too_large", "A definition has at most 256 KiB.");
        }
        let tokens = self.theme.as_object().filter(|t| t.len() <= 20);
        if !tokens.is_some_and(|t| t.values().all(|v| v.as_str().is_some_and(|v| v.len() <= 200))) {
            add("/theme", "type", "At most 20 tokens, each a short text.");
        }
        if self.locale.as_ref().is_some_and(|l| !is_language(l)) {
            add("/locale", "language", "A language tag such as en or pt-BR is expected.");
        }
        if self.hosted_url.as_ref().is_some_and(|u| !is_web(u)) {
            add("/hosted_url", "url", "An address starting with https:// is expected.");
        }
        if self.notify.len() > 50 {
            add("/notify", "too_many", "At most 50 members are told.");
        }
        if self.auto_reply_subject.is_some() != self.auto_reply_body.is_some() {
            add("/auto_reply_body", "required", "An auto-reply has a subject and a body.");
        }
        let fits = |text: &Option<String>, most| text.as_ref().is_none_or(|t| !t.trim().is_empty() && t.len() <= most);
        if !fits(&self.auto_reply_subject, 500)
            || self.auto_reply_subject.as_ref().is_some_and(|s| s.contains(['\r', '\n']))
        {
            add("/auto_reply_subject", "length", "A subject is one line of 1 to 500 bytes.");
        }
        if !fits(&self.auto_reply_body, 20_000) {
            add("/auto_reply_body", "length", "A body has 1 to 20,000 bytes.");
        }
        if self.contact_tags.len() > 50 || self.contact_tags.iter().any(|t| t.trim().is_empty() || t.len() > 100) {
            add("/contact_tags", "length", "At most 50 tags of 1 to 100 bytes.");
        }
        if self.submission_cap.is_some_and(|cap| !(1..=1_000_000).contains(&cap)) {
            add("/submission_cap", "range", "A cap goes from 1 to 1,000,000.");
        }
        if matches!((self.opens_at, self.closes_at), (Some(from), Some(to)) if from >= to) {
            add("/closes_at", "range", "It closes after it opens.");
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::invalid_fields(problems)) }
    }
}

fn is_language(text: &str) -> bool {
    text.len() <= 35
        && text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_web(text: &str) -> bool {
    text.len() <= 2000 && url::Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "https" | "http") && u.has_host())
}

kernel::row! {
    /// A published version in a list.
    #[derive(Object, Debug, Clone)]
    pub struct FormVersion {
        /// 1 for the first.
        pub number: i32,
        /// Who published it.
        pub published_by: Option<UserId>,
        /// When.
        pub published_at: DateTime<Utc>,
        /// What visitors filled in.
        pub definition: Value,
    }
}

/// What a new form begins with.
pub fn starter() -> Value {
    serde_json::json!({
        "title": "Contact us",
        "submit_label": "Send",
        "steps": [{"key": "main", "fields": [
            {"key": "name", "type": "text", "label": "Name", "required": true, "maps_to": "name"},
            {"key": "email", "type": "email", "label": "E-mail", "required": true, "maps_to": "email"},
            {"key": "message", "type": "long_text", "label": "Message", "required": true},
        ]}],
        "rules": [],
        "outcome": {"kind": "message", "title": "Thank you", "body": "We will get back to you."},
    })
}

/// The definition as it is published under a number.
pub fn numbered(mut definition: Definition, number: i32) -> Result<Value> {
    definition.version = number;
    serde_json::to_value(definition).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_can_be_published_as_it_is() {
        let draft = super::super::check::read("/draft", &starter()).unwrap();
        assert!(super::super::check::open("/draft", &draft).is_empty());
        assert_eq!(numbered(draft, 4).unwrap()["version"], 4);
    }

    #[test]
    fn languages_and_addresses() {
        assert!(
            is_language("pt-BR") && is_language("en") && !is_language("") && !is_language("e n") && !is_language("-")
        );
        assert!(is_web("https://a.example/x") && !is_web("javascript:alert(1)") && !is_web("/x"));
    }
}
