//! What a mail is, which templates there are, and when a mail that was not taken is tried again.
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result, ids::TenantId};
use poem_openapi::Object;
use serde_json::Value;
use std::collections::BTreeMap;
use tenants::brands::Audience;
use uuid::Uuid;

kernel::id!(MailId, "mal", "One e-mail.");

/// The mails Upzento sends. Each has the files `templates/<name>.{subject,txt,html}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Template {
    /// Proves an address. `url`; `valid_hours`.
    VerifyEmail,
    /// Lets somebody choose a new password. `url`, `valid_minutes`.
    ResetPassword,
    /// Invites somebody into a tenant. `url`, `tenant`, `valid_days`; `inviter`, `role`.
    Invitation,
    /// Tells members of a form submission. `form`, `url`; `contact`, `answers` [{label, value}], `quarantined`, `site`.
    NewSubmission,
    /// Something about an account's security that its owner must know. `title`, `text`, `when`; `device`, `url`, `action`.
    SecurityNotice,
    /// Answers a visitor who sent a form. `title`, `body` (text, empty lines separate paragraphs).
    FormAutoreply,
    /// Greets a contact. `title`, `body` (text, empty lines separate paragraphs), `unsubscribe` (a link).
    Greeting,
    /// Several news at once. `title`, `items` [{title, url, body}]; `more` (how many are not named), `reason`.
    Digest,
    /// Anything else. `title`, `body`; `action` {label, url}, `reason` (why the reader gets it).
    Generic,
}

impl Template {
    /// Every template.
    pub const ALL: [Template; 9] = [
        Template::VerifyEmail,
        Template::ResetPassword,
        Template::Invitation,
        Template::NewSubmission,
        Template::SecurityNotice,
        Template::FormAutoreply,
        Template::Greeting,
        Template::Digest,
        Template::Generic,
    ];

    /// File name and stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Template::VerifyEmail => "verify_email",
            Template::ResetPassword => "reset_password",
            Template::Invitation => "invitation",
            Template::NewSubmission => "new_submission",
            Template::SecurityNotice => "security_notice",
            Template::FormAutoreply => "form_autoreply",
            Template::Greeting => "greeting",
            Template::Digest => "digest",
            Template::Generic => "generic",
        }
    }

    /// Reads the stored spelling.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == text)
    }

    /// What it cannot do without.
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            Template::VerifyEmail => &["url", "valid_hours"],
            Template::ResetPassword => &["url", "valid_minutes"],
            Template::Invitation => &["url", "tenant", "valid_days"],
            Template::NewSubmission => &["form", "url"],
            Template::SecurityNotice => &["title", "text", "when"],
            Template::Greeting => &["title", "body", "unsubscribe"],
            Template::Digest => &["title", "items"],
            Template::FormAutoreply | Template::Generic => &["title", "body"],
        }
    }

    /// Who reads it, and so whose name is above it.
    pub(crate) fn audience(self) -> Audience {
        match self {
            Template::FormAutoreply | Template::Greeting => Audience::Visitors,
            _ => Audience::Members,
        }
    }
}

/// A mail to be queued: see [`queue`](super::queue).
#[derive(Debug, Clone)]
pub struct NewMail {
    /// Address; empty when it goes to a member.
    pub to: String,
    /// A member, whose address, name and language are looked up when the mail goes out.
    pub to_user: Option<Uuid>,
    /// Name of the reader.
    pub to_name: Option<String>,
    /// Which mail.
    pub template: Template,
    /// BCP 47 language the reader prefers.
    pub locale: String,
    /// What the template is filled with; kept only until the mail is sent.
    pub data: Value,
    /// A second mail with the same key is not queued.
    pub dedupe_key: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Further headers, for example `List-Unsubscribe`.
    pub headers: BTreeMap<String, String>,
    /// Whose name and colours it carries. Absent: the tenant whose transaction it is; in the control plane the platform.
    pub brand: Option<TenantId>,
    /// The contact it goes to or tells about, so that an erasure finds it.
    pub contact_id: Option<Uuid>,
    /// The notification it delivers.
    pub notification_id: Option<Uuid>,
}

impl NewMail {
    /// A mail with everything optional left out.
    pub fn new(template: Template, to: impl Into<String>, data: Value) -> Self {
        NewMail {
            to: to.into(),
            to_user: None,
            to_name: None,
            template,
            locale: "en".into(),
            data,
            dedupe_key: None,
            reply_to: None,
            headers: BTreeMap::new(),
            brand: None,
            contact_id: None,
            notification_id: None,
        }
    }

    /// A mail to a member of the tenant, or of its agency.
    pub fn to_member(template: Template, user: Uuid, data: Value) -> Self {
        NewMail { to_user: Some(user), ..NewMail::new(template, "", data) }
    }

    /// Refuses what could never be sent.
    pub(crate) fn check(&self) -> Result<()> {
        let address = |text: &str| text.len() <= 320 && text.parse::<lettre::Address>().is_ok();
        if !address(&self.to) && (self.to_user.is_none() || !self.to.is_empty()) {
            return Err(Error::invalid("/email", "email_invalid", "This is not an e-mail address."));
        }
        if self.reply_to.as_deref().is_some_and(|to| !address(to)) {
            return Err(Error::invalid("/reply_to", "email_invalid", "This is not an e-mail address."));
        }
        if let Some(missing) =
            self.template.required().iter().find(|key| self.data.get(**key).is_none_or(Value::is_null))
        {
            return Err(Error::internal(format!("the mail {} needs {missing}", self.template.as_str())));
        }
        for (name, value) in &self.headers {
            let fine = lettre::message::header::HeaderName::new_from_ascii(name.clone()).is_ok()
                && !value.contains(['\r', '\n']);
            if !fine {
                return Err(Error::internal(format!("the mail header {name:?} cannot be sent")));
            }
        }
        Ok(())
    }
}

kernel::row! {
    /// A mail and what became of it.
    #[derive(Object, Debug, Clone)]
    pub struct Mail {
        /// Its id.
        pub id: MailId,
        /// Which mail.
        pub template: String,
        /// To whom; gone when the person was erased, and not known yet while a mail to a member waits.
        pub recipient: Option<String>,
        /// Subject line; known once it was sent.
        pub subject: Option<String>,
        /// queued, sending, sent or failed (refused for good, or not taken for three days).
        pub state: String,
        /// How often it was tried.
        pub attempts: i32,
        /// When it is tried next, while it waits.
        pub next_at: DateTime<Utc>,
        /// What the mail server said last.
        pub last_error: Option<String>,
        /// When it was queued.
        pub created_at: DateTime<Utc>,
        /// When the mail server took it.
        pub sent_at: Option<DateTime<Utc>>,
    }
}

/// How long a mail is offered to a server that does not take it.
pub(crate) const PATIENCE: TimeDelta = TimeDelta::days(3);
/// Addresses and subjects are kept for this long.
pub(crate) const RETENTION: TimeDelta = TimeDelta::days(30);

/// The pause after so many attempts (1 and up): from five seconds, doubling, up to half an hour.
pub(crate) fn pause(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    TimeDelta::seconds((5_i64 << doublings).min(1800))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pauses_grow_and_end_at_half_an_hour() {
        let seconds: Vec<_> = [1, 2, 3, 9, 10, 50].map(|n| pause(n).num_seconds()).to_vec();
        assert_eq!(seconds, [5, 10, 20, 1280, 1800, 1800]);
        assert_eq!(pause(i32::MIN), pause(1));
    }

    #[test]
    fn what_cannot_be_sent_is_refused_at_once() {
        let fine = NewMail::new(Template::Generic, "a@example.com", json!({"title": "t", "body": "b"}));
        assert!(fine.check().is_ok());
        for to in ["", "a", "a@", "@b", "a@b\r\nBcc: c@d", "a b@c"] {
            assert_eq!(NewMail { to: to.into(), ..fine.clone() }.check().unwrap_err().code(), "invalid", "{to}");
        }
        assert!(NewMail { data: json!({"title": "t"}), ..fine.clone() }.check().is_err());
        let mut injected = fine;
        injected.headers.insert("X-A".into(), "1\r\nBcc: c@d".into());
        assert!(injected.check().is_err());
    }
}
