//! What a block is.
use chrono::{DateTime, Utc};
use kernel::row;
use poem_openapi::{Enum, Object};

/// What is blocked.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum BlockedChannel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// Voice call.
    Phone,
    /// WhatsApp.
    Whatsapp,
    /// Every channel.
    All,
}

impl BlockedChannel {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            BlockedChannel::Email => "email",
            BlockedChannel::Sms => "sms",
            BlockedChannel::Phone => "phone",
            BlockedChannel::Whatsapp => "whatsapp",
            BlockedChannel::All => "all",
        }
    }
}

/// Which way.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[oai(rename_all = "snake_case")]
pub enum Direction {
    /// From us to the person.
    #[default]
    Outbound,
    /// From the person to us.
    Inbound,
}

impl Direction {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Outbound => "outbound",
            Direction::Inbound => "inbound",
        }
    }
}

row! {
    /// One block.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct DoNotContact {
        /// `email`, `sms`, `phone`, `whatsapp` or `all`.
        pub channel: String,
        /// `outbound` or `inbound`.
        pub direction: String,
        /// Why.
        pub reason: Option<String>,
        /// Who said so: `user`, `visitor`, `api_key` or `system`.
        pub actor_kind: String,
        /// Since when, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// Every block of a contact.
#[derive(Object, Debug, Clone)]
pub struct DoNotContacts {
    /// By channel and direction.
    pub items: Vec<DoNotContact>,
}

/// What a block is put with.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewBlock {
    /// Which way; outbound when absent.
    #[oai(default)]
    pub direction: Direction,
    /// Why, at most 500 characters.
    pub reason: Option<String>,
}
