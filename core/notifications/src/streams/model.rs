//! What a stream carries, and where a reader was when it was cut off.
use crate::notifications::Notification;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::EventId;
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// What kind of news.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "LiveSignalKind", rename_all = "snake_case")]
pub enum SignalKind {
    /// The stream is open; `unread` says how much is unread.
    Hello,
    /// Something happened in the account, to a resource of which one reads everything.
    Event,
    /// Something happened to a resource of which one reads a part, perhaps not to that part: ask for it anew.
    Changed,
    /// One was told something.
    Notification,
    /// How much is unread changed, perhaps on another device.
    Unread,
    /// To an agency whose clients one sees: how the making of room for another client goes on.
    Provisioning,
}

/// How far the making of room for another client is. It is for whoever asks first.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "ProvisioningStep", rename_all = "snake_case")]
pub enum ProvisioningStep {
    /// It is being made.
    Making,
    /// There is room: whoever was told to come again may ask now.
    Ready,
}

impl SignalKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            SignalKind::Hello => "hello",
            SignalKind::Event => "event",
            SignalKind::Changed => "changed",
            SignalKind::Notification => "notification",
            SignalKind::Unread => "unread",
            SignalKind::Provisioning => "provisioning",
        }
    }
}

kernel::row! {
    /// Something that happened. It names records by id; whoever wants more reads them.
    #[derive(Object, Debug, Clone)]
    pub struct LiveEvent {
        /// Its place in the account's log.
        pub seq: i64,
        /// Its id.
        pub id: EventId,
        /// What happened, for example contact.updated.
        pub kind: String,
        /// The resource, for example contacts.
        pub subject: String,
        /// Which one: the id without its prefix, as a UUID.
        pub subject_id: Uuid,
        /// The contact it concerns, as a UUID.
        pub contact_id: Option<Uuid>,
        /// One sentence.
        pub title: String,
        /// When it happened.
        pub occurred_at: DateTime<Utc>,
    }
}

/// One message of the stream.
#[derive(Object, Debug, Clone)]
#[oai(rename = "LiveSignal")]
pub struct Signal {
    /// What kind of news.
    pub kind: SignalKind,
    /// For `event`.
    pub event: Option<LiveEvent>,
    /// For `changed`: the resource, for example deals. It does not say which record, or whether one may see it.
    pub changed: Option<String>,
    /// For `notification`. After a reconnection the last ones may come again: tell them apart by id and `told_at`, as one that was put
    /// off comes again when its moment is there.
    pub notification: Option<Notification>,
    /// For `hello` and `unread`.
    pub unread: Option<i64>,
    /// For `provisioning`.
    pub provisioning: Option<ProvisioningStep>,
    /// Where the reader is after this message; sent as the message's id.
    #[oai(skip)]
    pub(crate) at: Position,
}

impl Signal {
    fn of(kind: SignalKind, at: Position) -> Self {
        Signal { kind, event: None, changed: None, notification: None, unread: None, provisioning: None, at }
    }
    pub(crate) fn event(event: LiveEvent, at: Position) -> Self {
        Signal { event: Some(event), ..Signal::of(SignalKind::Event, at) }
    }
    pub(crate) fn changed(subject: String, at: Position) -> Self {
        Signal { changed: Some(subject), ..Signal::of(SignalKind::Changed, at) }
    }
    pub(crate) fn notification(notification: Notification, at: Position) -> Self {
        Signal { notification: Some(notification), ..Signal::of(SignalKind::Notification, at) }
    }
    pub(crate) fn provisioning(step: ProvisioningStep, at: Position) -> Self {
        Signal { provisioning: Some(step), ..Signal::of(SignalKind::Provisioning, at) }
    }
    pub(crate) fn count(kind: SignalKind, unread: i64, at: Position) -> Self {
        Signal { unread: Some(unread), ..Signal::of(kind, at) }
    }
}

/// Notifications are written by transactions that end in another order than they began, so a reader looks back this far.
pub(crate) const LOOK_BACK: TimeDelta = TimeDelta::minutes(2);

/// Where a reader is: the last event of the log, and until when he knows his notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Position {
    pub(crate) seq: i64,
    pub(crate) told: DateTime<Utc>,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.seq, self.told.timestamp_micros())
    }
}

impl Position {
    /// Reads a `Last-Event-ID`; none when it is not ours.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (seq, told) = text.split_once('.')?;
        let seq = seq.parse().ok().filter(|seq| *seq >= 0)?;
        Some(Position { seq, told: DateTime::from_timestamp_micros(told.parse().ok()?)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_position_survives_the_wire(seq in 0i64.., micros in 0i64..4_000_000_000_000_000) {
            let at = Position { seq, told: DateTime::from_timestamp_micros(micros).unwrap() };
            prop_assert_eq!(Position::parse(&at.to_string()), Some(at));
        }

        #[test]
        fn anything_else_is_no_position(text in ".{0,30}") {
            if let Some(at) = Position::parse(&text) {
                prop_assert!(at.seq >= 0);
            }
        }
    }
}
