//! A mute: one person, and a kind of news or a record.
use chrono::{DateTime, Utc};
use kernel::{Error, Result, ids::decode, notices::NoticeKind};
use poem_openapi::Object;
use uuid::Uuid;

kernel::id!(NotificationMuteId, "mut", "A mute: a kind of news or a record that somebody hears nothing more of.");

kernel::row! {
    /// Something that one hears nothing more of, in no way: neither in the app nor by e-mail nor on devices. News that are always told
    /// come all the same; and of a muted record one still hears what is meant for oneself by name: where a note names one, and
    /// what one is given to do.
    #[derive(Object, Debug, Clone)]
    pub struct NotificationMute {
        /// Its id.
        pub id: NotificationMuteId,
        /// The kind of news, for example task.reminder; null for a record.
        pub kind: Option<String>,
        /// The record, by its id; null for a kind.
        pub record: Option<String>,
        /// Since when, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// What to mute: a kind of news or a record, one of the two; 422 `one_wanted`.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewNotificationMute {
    /// A kind of news, as the list of preferences names it; 422 `kind_unknown` when there is none, `kind_always` when it is always
    /// told.
    pub kind: Option<String>,
    /// A record, as a notification names it; 422 `record_invalid`.
    #[oai(validator(max_length = 40))]
    pub record: Option<String>,
}

/// What is muted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Muted<'a> {
    Kind(&'static str),
    Record(&'a str, Uuid),
}

impl NewNotificationMute {
    pub(super) fn muted(&self, kinds: &[&'static NoticeKind]) -> Result<Muted<'_>> {
        match (&self.kind, &self.record) {
            (Some(key), None) => match kinds.iter().find(|kind| kind.key == key) {
                None => Err(Error::invalid("/kind", "kind_unknown", format!("There is no kind of news {key:?}."))),
                Some(kind) if kind.always => {
                    Err(Error::invalid("/kind", "kind_always", "This is told whatever people choose."))
                }
                Some(kind) => Ok(Muted::Kind(kind.key)),
            },
            (None, Some(record)) => {
                let read = record_id(record).map(|(kind, id)| Muted::Record(kind, id));
                read.ok_or_else(|| Error::invalid("/record", "record_invalid", "The id of a record, like dea_…"))
            }
            _ => Err(Error::invalid("/record", "one_wanted", "Either a kind of news or a record.")),
        }
    }
}

/// What an id of a record begins with, and the id.
pub(crate) fn record_id(text: &str) -> Option<(&str, Uuid)> {
    let (kind, id) = text.split_once('_')?;
    let plain = kind.len() == 3 && kind.bytes().all(|b| b.is_ascii_lowercase());
    Some((kind, decode(id)?)).filter(|_| plain)
}

/// The record that a path in the dashboard leads to.
pub(crate) fn record_of(link: &str) -> Option<&str> {
    link.split(['/', '?', '&', '=', '#']).find(|part| record_id(part).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::ids::encode;

    kernel::notices! {
        /// One that can be muted.
        REMINDER = "task.reminder" [InApp],
        /// One that cannot.
        ALWAYS = "webhook.disabled" always,
    }

    #[test]
    fn a_record_is_what_a_path_leads_to() {
        let id = encode(Uuid::from_u128(7));
        let task = format!("tsk_{id}");
        for link in [format!("/tasks?task={task}"), format!("/tasks/{task}"), format!("/a/{task}/b?c=con_{id}#x")] {
            assert_eq!(record_of(&link), Some(task.as_str()), "{link}");
        }
        for link in ["/tasks", "/settings/own-domains", "/x?task=tsk_1", &format!("/TSK_{id}"), &format!("/{id}")] {
            assert_eq!(record_of(link), None, "{link}");
        }
    }

    #[test]
    fn either_a_kind_that_may_be_silent_or_a_record_is_muted() {
        let kinds: Vec<_> = NOTICES.iter().collect();
        let id = encode(Uuid::from_u128(7));
        let record = format!("dea_{id}");
        let new = |kind: Option<&str>, record: Option<&str>| NewNotificationMute {
            kind: kind.map(str::to_owned),
            record: record.map(str::to_owned),
        };
        assert_eq!(new(Some("task.reminder"), None).muted(&kinds).unwrap(), Muted::Kind("task.reminder"));
        let deal = new(None, Some(&record));
        assert_eq!(deal.muted(&kinds).unwrap(), Muted::Record("dea", Uuid::from_u128(7)));
        for wrong in [
            new(None, None),
            new(Some("task.reminder"), Some(&record)),
            new(Some("shoe.lost"), None),
            new(Some(ALWAYS.key), None),
            new(None, Some("dea_1")),
            new(None, Some(&id)),
        ] {
            assert!(wrong.muted(&kinds).is_err(), "{wrong:?}");
        }
        assert_eq!(kinds[0], &REMINDER);
    }
}
