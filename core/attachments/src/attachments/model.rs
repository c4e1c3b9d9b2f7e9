//! What an attachment is and what may be sent for one.
use activities::{ActivityId, NoteId};
use chrono::{DateTime, Utc};
use companies::CompanyId;
use contacts::{ContactId, Owners};
use deals::DealId;
use files::{FileId, Scan};
use kernel::{ids::UserId, row};
use poem_openapi::{Object, types::MaybeUndefined};
use tasks::TaskId;

kernel::id!(AttachmentId, "att", "A file of a record.");

/// Whose records the caller reaches, by kind.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    /// Owners of contacts.
    pub contacts: Owners,
    /// Owners of companies.
    pub companies: Owners,
    /// Owners of deals.
    pub deals: Owners,
    /// Who has a task.
    pub tasks: Owners,
    /// Whose records activities and notes are about.
    pub activities: activities::Reach,
}

impl Reach {
    /// Of these, the records of such owners: where both are narrowed, what both reach.
    pub fn within(self, owners: &Owners) -> Self {
        let both = |seen: Owners| match (owners, seen) {
            (None, seen) => seen,
            (Some(owners), None) => Some(owners.clone()),
            (Some(owners), Some(seen)) => Some(seen.into_iter().filter(|id| owners.contains(id)).collect()),
        };
        let activities::Reach { contacts, companies, deals } = self.activities;
        Reach {
            contacts: both(self.contacts),
            companies: both(self.companies),
            deals: both(self.deals),
            tasks: both(self.tasks),
            activities: activities::Reach { contacts: both(contacts), companies: both(companies), deals: both(deals) },
        }
    }
}

row! {
    /// A file of a contact, a company, a deal, a task, a logged activity or a note.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Attachment {
        /// Its id.
        pub id: AttachmentId,
        /// The contact it belongs to.
        pub contact: Option<ContactId>,
        /// The company it belongs to.
        pub company: Option<CompanyId>,
        /// The deal it belongs to.
        pub deal: Option<DealId>,
        /// The task it belongs to.
        pub task: Option<TaskId>,
        /// The logged call, meeting or message it belongs to.
        pub activity: Option<ActivityId>,
        /// The note it belongs to; of a private one only its author sees files.
        pub about_note: Option<NoteId>,
        /// The file.
        pub file: FileId,
        /// Name of the file, as uploaded.
        pub name: String,
        /// Its size in bytes.
        pub size: i64,
        /// Its content type, found by looking at the content.
        #[oai(rename = "type")]
        pub kind: String,
        /// What the virus scanner says; absent when none was in force. Only what is clean can be downloaded.
        pub scan: Option<Scan>,
        /// What it is about, in a few words.
        pub note: Option<String>,
        /// A small picture of it, at most 480 pixels wide and high; absent until it is made, and of what is no picture.
        #[oai(skip)]
        pub preview: Option<FileId>,
        /// Where the small picture is, for ten minutes; absent until it is made, and of what is no picture.
        pub preview_url: Option<String>,
        /// Who attached it; absent for programs.
        pub created_by: Option<UserId>,
        /// When it was attached, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was deleted, UTC; it can be restored for 30 days.
        pub deleted_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// A file to attach to one record.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewAttachment {
    /// The contact it belongs to.
    pub contact: Option<ContactId>,
    /// The company it belongs to.
    pub company: Option<CompanyId>,
    /// The deal it belongs to.
    pub deal: Option<DealId>,
    /// The task it belongs to.
    pub task: Option<TaskId>,
    /// The logged call, meeting or message it belongs to.
    pub activity: Option<ActivityId>,
    /// The note it belongs to, which you wrote.
    pub about_note: Option<NoteId>,
    /// An uploaded file that belongs to nothing yet.
    pub file: FileId,
    /// What it is about, at most 300 characters.
    pub note: Option<String>,
}

/// A change: absent fields stay, null empties.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct AttachmentPatch {
    /// What it is about.
    pub note: MaybeUndefined<String>,
}

/// Where an attachment can be downloaded without a credential.
#[derive(Object, Debug)]
pub struct AttachmentLink {
    /// The address.
    pub url: String,
    /// When it stops working, UTC.
    pub expires_at: DateTime<Utc>,
}
