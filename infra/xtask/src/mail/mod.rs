//! A mail server that keeps everything and delivers nothing, with a page to read it.
//!
//! The programs send real SMTP to it, so what is tried here is what leaves in production.

mod page;
mod smtp;

pub use page::answer;
pub use smtp::serve;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use mail_parser::{MessageParser, MimeHeaders};
use serde::Serialize;

/// How many mails are kept unless said otherwise; the oldest goes first.
const KEEP: usize = 1_000;

/// One received mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Number in order of arrival, from 1.
    pub id: u64,
    /// Seconds since 1970 when it arrived.
    pub received_at: u64,
    /// Sender of the envelope; empty for a bounce.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// `Subject`, decoded.
    pub subject: String,
    /// Plain text part, decoded; empty when there is none.
    pub text: String,
    /// HTML part, decoded; empty when there is none.
    pub html: String,
    /// Names of attached files.
    pub attachments: Vec<String>,
    /// The message as it came over the wire, without dot-stuffing.
    #[serde(skip)]
    pub raw: Vec<u8>,
}

/// The mails that arrived. Clones share one box.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<Stored>>);

#[derive(Debug)]
struct Stored {
    mails: VecDeque<Mail>,
    count: u64,
    keep: usize,
}

impl Default for Stored {
    fn default() -> Self {
        Stored { mails: VecDeque::new(), count: 0, keep: KEEP }
    }
}

impl Mailbox {
    /// A box that keeps so many mails.
    pub fn keeping(count: usize) -> Self {
        Mailbox(Arc::new(Mutex::new(Stored { keep: count, ..Stored::default() })))
    }

    fn lock(&self) -> MutexGuard<'_, Stored> {
        // A panic elsewhere leaves the list whole: every change is one push or pop.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// All mails, newest first.
    pub fn all(&self) -> Vec<Mail> {
        self.lock().mails.iter().rev().cloned().collect()
    }

    /// One mail by its number.
    pub fn get(&self, id: u64) -> Option<Mail> {
        self.lock().mails.iter().find(|mail| mail.id == id).cloned()
    }

    /// Stores a message and returns its number.
    pub fn receive(&self, from: String, to: Vec<String>, raw: Vec<u8>) -> u64 {
        let received_at = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
        let mut mail = read(from, to, raw, received_at);
        let mut stored = self.lock();
        stored.count += 1;
        mail.id = stored.count;
        stored.mails.push_back(mail);
        if stored.mails.len() > stored.keep {
            stored.mails.pop_front();
        }
        stored.count
    }
}

fn read(from: String, to: Vec<String>, raw: Vec<u8>, received_at: u64) -> Mail {
    let parsed = MessageParser::default().parse(&raw);
    let message = parsed.as_ref();
    // A text part is not made up from HTML, nor the other way round: what is shown is what was sent.
    let part = |html: bool| {
        let ids = message.map(|message| if html { &message.html_body } else { &message.text_body });
        ids.into_iter()
            .flatten()
            .filter_map(|id| message?.parts.get(*id as usize))
            .find(|part| if html { part.is_text_html() } else { part.is_text() && !part.is_text_html() })
            .and_then(|part| part.text_contents())
            .unwrap_or_default()
            .to_owned()
    };
    let attachments = message
        .map(|message| {
            message.attachments().map(|part| part.attachment_name().unwrap_or("unnamed").to_owned()).collect()
        })
        .unwrap_or_default();
    let subject = message.and_then(|message| message.subject()).unwrap_or_default().to_owned();
    let (text, html) = (part(false), part(true));
    Mail { id: 0, received_at, from, to, subject, text, html, attachments, raw }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded_and_the_oldest_mail_goes_first() {
        let mailbox = Mailbox::default();
        let raw = "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n\
                   Content-Type: multipart/alternative; boundary=b\r\n\r\n\
                   --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
                   Caf=C3=A9\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                   PGI+aGk8L2I+\r\n--b--\r\n";
        let id = mailbox.receive("a@x".into(), vec!["b@y".into()], raw.into());
        let mail = mailbox.get(id).unwrap();
        assert_eq!((mail.subject.as_str(), mail.text.trim(), mail.html.as_str()), ("Grüße", "Café", "<b>hi</b>"));
        for _ in 0..KEEP {
            mailbox.receive(String::new(), vec![], b"Subject: x\r\n\r\nplain".to_vec());
        }
        assert_eq!(mailbox.get(id), None);
        let newest = &mailbox.all()[0];
        assert_eq!((newest.id, newest.text.as_str(), newest.html.as_str()), (KEEP as u64 + 1, "plain", ""));
    }
}
