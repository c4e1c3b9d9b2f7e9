//! Who carries mail to the outside. One trait, one file per carrier.
pub mod dkim;
pub mod fake;
pub mod smtp;

use futures_util::future::BoxFuture;

/// A finished message on its way.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Envelope sender.
    pub from: String,
    /// Envelope recipient.
    pub to: String,
    /// The `Message-ID`, the same at every attempt.
    pub message_id: String,
    /// Headers and body as sent, lines ending in CR LF.
    pub raw: Vec<u8>,
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// Nobody answered, or the answer was "later": the mail waits.
    Later(String),
    /// Refused for good: trying again changes nothing.
    Refused(String),
}

impl SendError {
    /// What the carrier said.
    pub fn detail(&self) -> &str {
        match self {
            SendError::Later(detail) | SendError::Refused(detail) => detail,
        }
    }
}

/// A carrier of mail.
pub trait MailProvider: Send + Sync {
    /// Hands one message over; `Ok` means that the carrier has taken responsibility for it.
    fn send<'a>(&'a self, mail: &'a Outgoing) -> BoxFuture<'a, Result<(), SendError>>;
}
