//! A carrier for tests: keeps what it was given and fails when told to.
use super::{MailProvider, Outgoing, SendError};
use futures_util::future::BoxFuture;
use std::{collections::VecDeque, sync::Mutex};

/// Records mails instead of sending them.
#[derive(Debug, Default)]
pub struct Recorder {
    taken: Mutex<Vec<Outgoing>>,
    answers: Mutex<VecDeque<Result<(), SendError>>>,
}

impl Recorder {
    /// What was taken so far, oldest first.
    pub fn taken(&self) -> Vec<Outgoing> {
        self.taken.lock().unwrap_or_else(|p| p.into_inner()).clone()
    }

    /// The answer to the next message that has none yet; afterwards everything is taken again.
    pub fn answer_next(&self, answer: Result<(), SendError>) {
        self.answers.lock().unwrap_or_else(|p| p.into_inner()).push_back(answer);
    }
}

impl MailProvider for Recorder {
    fn send<'a>(&'a self, mail: &'a Outgoing) -> BoxFuture<'a, Result<(), SendError>> {
        let answer = self.answers.lock().unwrap_or_else(|p| p.into_inner()).pop_front().unwrap_or(Ok(()));
        if answer.is_ok() {
            self.taken.lock().unwrap_or_else(|p| p.into_inner()).push(mail.clone());
        }
        Box::pin(async move { answer })
    }
}
