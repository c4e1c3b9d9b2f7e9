//! A notification, and what modules say to make one.
use crate::{
    mails::Template,
    notification_mutes::model::record_of,
    words::{Language, later, text},
};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use kernel::{Error, Result, ids::EventId, notices::NoticeKind};
use poem_openapi::{Object, types::MaybeUndefined};
use serde_json::Value;
use uuid::Uuid;

kernel::id!(NotificationId, "ntf", "A notification.");

/// Days that a notification is kept.
pub(crate) const KEPT_DAYS: i64 = 180;
/// Days for which it can be put off.
const SNOOZED_DAYS: i64 = 366;

kernel::row! {
    /// Something a person is told.
    #[derive(Object, Debug, Clone)]
    pub struct Notification {
        /// Its id.
        pub id: NotificationId,
        /// The module it comes from.
        pub module: String,
        /// What happened, for example submission.received.
        pub kind: String,
        /// One sentence, in English: for whoever has no words for its kind.
        pub title: String,
        /// What stands in the sentence in other languages, by name: texts, numbers, days as YYYY-MM-DD, and objects whose `say` names
        /// a part of the sentence that has holes of its own. `context` is the case it is about, `count` how many.
        pub params: Value,
        /// Where in the dashboard it leads, for example /submissions/sub_…
        pub link: Option<String>,
        /// The event behind it.
        pub event_id: Option<EventId>,
        /// Whether it is told whatever the preferences say.
        pub critical: bool,
        /// When it happened.
        pub created_at: DateTime<Utc>,
        /// When it was read.
        pub read_at: Option<DateTime<Utc>>,
        /// When it was put away.
        pub archived_at: Option<DateTime<Utc>>,
        /// When it was told last: when it happened, or when it came back after it was put off.
        pub told_at: DateTime<Utc>,
        /// Until when it is put off.
        pub snoozed_until: Option<DateTime<Utc>>,
        /// The record it is about, by its id: what can be muted.
        pub record: Option<String>,
    }
}

/// Something to tell people, said by a module: see [`notify`](super::notify).
#[derive(Debug, Clone)]
pub struct Notice {
    /// Users to tell; members of the tenant or of its agency.
    pub recipients: Vec<Uuid>,
    /// What happened: what preferences are about. `words/notices` has its sentence in every language.
    pub kind: &'static NoticeKind,
    /// What stands in the holes of the sentence, an object, without personal data: it is not touched by an erasure.
    pub params: Value,
    /// Path in the dashboard, beginning with a slash.
    pub link: Option<String>,
    /// The event behind it.
    pub event_id: Option<EventId>,
    /// The contact it is about, so that an erasure finds it.
    pub contact_id: Option<Uuid>,
    /// Nobody is told a second time under the same key.
    pub dedupe_key: Option<String>,
    /// The e-mail that goes with it, where it says more than the notice.
    pub mail: Option<NoticeMail>,
    /// Whether its e-mail waits a minute for others of the module, and becomes one with them; it needs a dedupe key.
    pub gathered: bool,
    /// The id of the record it is about, where that is not the one it leads to: what can be muted.
    pub about_record: Option<String>,
    /// Whether it is meant for its recipients by name, as a mention or something to do is: it comes although its record is muted.
    pub by_name: bool,
}

/// An e-mail of its own of a notice.
#[derive(Debug, Clone)]
pub struct NoticeMail {
    /// Which mail.
    pub template: Template,
    /// What it is filled with. `url` is made from the notice's link when it is absent.
    pub data: Value,
    /// Where answers go.
    pub reply_to: Option<String>,
}

impl Notice {
    /// A notice in all the ways that people want for its kind.
    pub fn new(kind: &'static NoticeKind, params: Value, recipients: Vec<Uuid>) -> Self {
        Notice {
            recipients,
            kind,
            params,
            link: None,
            event_id: None,
            contact_id: None,
            dedupe_key: None,
            mail: None,
            gathered: false,
            about_record: None,
            by_name: false,
        }
    }

    /// Where in the dashboard it leads.
    pub fn link(mut self, path: impl Into<String>) -> Self {
        self.link = Some(path.into());
        self
    }

    /// The event behind it; its contact is taken too, and nobody is told twice about the same event.
    pub fn about(mut self, event: &kernel::events::Recorded) -> Self {
        self.event_id = Some(event.id);
        self.contact_id = event.contact_id;
        self.dedupe_key.get_or_insert_with(|| format!("{}/{}", self.kind.key, event.id));
        self
    }

    /// With an e-mail that says more than the notice.
    pub fn mail(mut self, template: Template, data: Value) -> Self {
        self.mail = Some(NoticeMail { template, data, reply_to: None });
        self
    }

    /// With an e-mail that becomes one with others that come within a minute.
    pub fn gather(mut self) -> Self {
        self.gathered = true;
        self
    }

    /// About another record than the one it leads to: muting that one mutes it.
    pub fn about_record(mut self, id: impl ToString) -> Self {
        self.about_record = Some(id.to_string());
        self
    }

    /// Meant for its recipients by name: it comes although its record is muted.
    pub fn by_name(mut self) -> Self {
        self.by_name = true;
        self
    }

    /// The id of the record it is about.
    pub(crate) fn record(&self) -> Option<&str> {
        self.about_record.as_deref().or_else(|| self.link.as_deref().and_then(record_of))
    }

    /// The sentence in English.
    pub(crate) fn title(&self) -> String {
        text(Language::English, &title(self.kind.key, &self.params, ""))
    }

    pub(crate) fn check(&self) -> Result<()> {
        let path =
            |link: &String| link.starts_with('/') && !link.starts_with("//") && !link.contains(['\\', '\r', '\n']);
        if !self.link.as_ref().is_none_or(path) {
            return Err(Error::internal("the link of a notice is a path in the dashboard"));
        }
        if self.title().is_empty() {
            return Err(Error::internal(format!("there are no words for the notice {}", self.kind.key)));
        }
        Ok(())
    }
}

/// The sentence of a kind of news, said later; `otherwise` when there are no words for it.
pub(crate) fn title(kind: &str, params: &Value, otherwise: &str) -> Value {
    let mut title = later(format!("{kind}.title"), params);
    title["else"] = otherwise.into();
    title
}

/// What to change about a notification.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NotificationPatch {
    /// Whether it was read.
    pub read: Option<bool>,
    /// Whether it is put away; it does not come back then.
    pub archived: Option<bool>,
    /// Until when it is put off, null to take that back. It leaves the list and comes back unread. 422 `snooze_past` when the moment is
    /// past, `snooze_far` when it is more than 366 days from now.
    pub snoozed_until: MaybeUndefined<DateTime<Utc>>,
}

impl NotificationPatch {
    /// With a moment as the database keeps it; refuses one that is past, or too far away.
    pub(crate) fn checked(mut self, now: DateTime<Utc>) -> Result<Self> {
        if let MaybeUndefined::Value(until) = self.snoozed_until {
            if until <= now {
                return Err(Error::invalid("/snoozed_until", "snooze_past", "A moment that is still to come."));
            }
            if until > now + TimeDelta::days(SNOOZED_DAYS) {
                return Err(Error::invalid("/snoozed_until", "snooze_far", "At most 366 days from now."));
            }
            self.snoozed_until = MaybeUndefined::Value(until.trunc_subsecs(6));
        }
        Ok(self)
    }
}

/// Which notifications to mark as read.
#[derive(Object, Debug, Clone, Default)]
#[oai(rename = "ReadAllNotifications", deny_unknown_fields)]
pub struct ReadAll {
    /// Of this module only.
    pub module: Option<String>,
    /// Only what happened until then: what the person had on the screen.
    pub until: Option<DateTime<Utc>>,
}

/// How many were marked.
#[derive(Object, Debug, Clone)]
#[oai(rename = "MarkedNotifications")]
pub struct Marked {
    /// How many.
    pub count: u64,
}

kernel::row! {
    /// How much of a module is unread.
    #[derive(Object, Debug, Clone)]
    pub struct UnreadModule {
        /// The module.
        pub module: String,
        /// How many.
        pub count: i64,
    }
}

/// How much is unread.
#[derive(Object, Debug, Clone, Default)]
#[oai(rename = "UnreadNotifications")]
pub struct Unread {
    /// All together.
    pub count: i64,
    /// By module.
    pub modules: Vec<UnreadModule>,
}

impl Unread {
    pub(crate) fn of(modules: Vec<UnreadModule>) -> Self {
        Unread { count: modules.iter().map(|m| m.count).sum(), modules }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    kernel::notices! {
        /// One that has words.
        ASSIGNED = "deal.assigned" [InApp],
        /// One that has none.
        UNSAID = "deal.unsaid" [InApp],
    }

    #[test]
    fn links_stay_in_the_dashboard_and_nothing_is_told_without_words() {
        let notice = |link: &str| Notice::new(&ASSIGNED, Value::Null, vec![]).link(link);
        assert!(notice("/submissions/1?x=2#y").check().is_ok());
        for bad in ["//evil.example", "https://evil.example", "javascript:x", "/a\r\nb", "/\\evil.example", ""] {
            assert!(notice(bad).check().is_err(), "{bad}");
        }
        let deal = format!("dea_{}", kernel::ids::encode(Uuid::nil()));
        assert_eq!(notice(&format!("/deals/{deal}")).record(), Some(deal.as_str()));
        assert_eq!(notice("/submissions/1").about_record(&deal).record(), Some(deal.as_str()));
        assert_eq!(NOTICES.len(), 2);
        assert!(Notice::new(&UNSAID, Value::Null, vec![]).check().is_err());
    }

    #[test]
    fn a_moment_to_come_back_is_neither_past_nor_far() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let until = |until| NotificationPatch { snoozed_until: MaybeUndefined::Value(until), ..Default::default() };
        let kept = until(now + TimeDelta::nanoseconds(1_999)).checked(now).unwrap().snoozed_until;
        assert_eq!(kept, MaybeUndefined::Value(now + TimeDelta::microseconds(1)));
        assert!(until(now).checked(now).is_err());
        assert!(until(now + TimeDelta::days(367)).checked(now).is_err());
        assert!(NotificationPatch::default().checked(now).is_ok());
    }
}
