//! What people are told of: each module lists its kinds of news, with the ways they come in. Who wants what of it is kept by the
//! module that tells people.
use poem_openapi::Enum;

/// How somebody is told.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "NotificationChannel", rename_all = "snake_case")]
pub enum Channel {
    /// In the app.
    InApp,
    /// By e-mail.
    Email,
    /// On the devices that are told.
    Push,
}

impl Channel {
    /// Every way.
    pub const ALL: &[Channel] = &[Channel::InApp, Channel::Email, Channel::Push];

    /// Stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::InApp => "in_app",
            Channel::Email => "email",
            Channel::Push => "push",
        }
    }
}

/// A kind of news; see [`notices`](crate::notices!).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeKind {
    /// The module that tells it.
    pub module: &'static str,
    /// What happened, for example `submission.received`; no other module has it.
    pub key: &'static str,
    /// The ways it comes in until somebody chooses otherwise; every kind can come in all of them.
    pub channels: &'static [Channel],
    /// Told in every way, whatever people choose: what concerns security, or something that stopped working.
    pub always: bool,
}

/// Defines the kinds of news of a module, and the list `NOTICES` of them for its [`Module`](crate::Module):
/// `notices! { /// A form was sent. SUBMISSION_RECEIVED = "submission.received" [InApp, Email, Push], … }`. What is told whatever
/// people choose says `always` in place of the ways.
#[macro_export]
macro_rules! notices {
    ($($(#[doc = $doc:literal])+ $name:ident = $key:literal $how:tt),* $(,)?) => {
        $(
            $(#[doc = $doc])+
            pub const $name: $crate::notices::NoticeKind = $crate::notices!(@kind $key $how);
        )*
        /// Every kind of news of this module.
        pub const NOTICES: &[$crate::notices::NoticeKind] = &[$($name),*];
    };
    (@kind $key:literal always) => {
        $crate::notices::NoticeKind {
            module: env!("CARGO_PKG_NAME"),
            key: $key,
            channels: $crate::notices::Channel::ALL,
            always: true,
        }
    };
    (@kind $key:literal [$($channel:ident),+]) => {
        $crate::notices::NoticeKind {
            module: env!("CARGO_PKG_NAME"),
            key: $key,
            channels: &[$($crate::notices::Channel::$channel),+],
            always: false,
        }
    };
}
