//! Who was not contacted for long.
use chrono::{DateTime, Utc};
use companies::CompanyId;
use contacts::ContactId;
use kernel::{ids::UserId, row};
use poem_openapi::Object;

row! {
    /// A contact that nobody has been in touch with for long.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct QuietContact {
        /// Whom it is about.
        pub id: ContactId,
        /// What the contact is called.
        pub name: String,
        /// Where the person works.
        pub company_name: Option<String>,
        /// Key of the stage.
        pub stage: String,
        /// The member responsible.
        pub owner: Option<UserId>,
        /// When somebody was last in touch, in either direction, on any channel, UTC; absent when nobody ever was.
        pub last_contact_at: Option<DateTime<Utc>>,
        /// The kind of that: `call`, `meeting`, `email`, `message`; `form` when the contact sent one.
        pub last_kind: Option<String>,
        /// From when on it is quiet, UTC: the last contact, or when the contact was made.
        pub quiet_since: DateTime<Utc>,
        /// How many open deals there are with it.
        pub open_deals: i64,
    }
}

row! {
    /// A company that nobody has been in touch with for long, nor with its people.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct QuietCompany {
        /// Which one.
        pub id: CompanyId,
        /// What it is called.
        pub name: String,
        /// The member responsible.
        pub owner: Option<UserId>,
        /// When somebody was last in touch with it or one of its people, UTC; absent when nobody ever was.
        pub last_contact_at: Option<DateTime<Utc>>,
        /// How many people are known there.
        pub people: i64,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
    }
}

row! {
    /// How it stands with a contact.
    pub(super) struct Touches {
        /// When somebody was last in touch.
        pub last: Option<DateTime<Utc>>,
        /// Whether somebody must look when what is planned happens.
        pub is_planned: bool,
    }
}

row! {
    /// When somebody was last in touch with a company itself.
    pub(super) struct Met {
        pub company: CompanyId,
        pub at: DateTime<Utc>,
    }
}
