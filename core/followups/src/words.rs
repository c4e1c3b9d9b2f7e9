//! Words that rules, sequences and what they make have in common.
pub use tasks::DayKind;

kernel::word! {
    /// What makes a follow-up needless before it comes.
    pub enum CancelOn {
        /// The contact got in touch: an inbound message, call or e-mail, a form, or a call in which somebody answered.
        #[default]
        Reply = "reply",
        /// A meeting with the contact was held, or is planned as a task.
        Meeting = "meeting",
        /// The contact came to another stage, or the deal did, or was closed.
        Stage = "stage",
    }
}

kernel::word! {
    /// Who gets the task.
    pub enum AssigneeRule {
        /// Whoever looks after the deal, or else the contact, when the task is made.
        #[default]
        Owner = "owner",
        /// Whoever did what started it; the owner when a program did.
        Actor = "actor",
        /// Always the same member.
        Member = "member",
    }
}

/// Every condition, for what is stored of them.
pub(crate) fn stored(conditions: &[CancelOn]) -> Vec<&'static str> {
    let mut words: Vec<_> = conditions.iter().map(|condition| condition.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// A time of the day as the API writes it, `HH:MM`.
pub(crate) fn time(text: &str) -> Option<chrono::NaiveTime> {
    let shape = text.len() == 5 && text.is_ascii();
    shape.then(|| chrono::NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten()
}
