//! What a contact is and what may be sent for one. The rules are in `draft.rs`.
use crate::{do_not_contact::BlockedChannel, profiles::SocialProfile};
use chrono::{DateTime, Utc};
use fields::Custom;
use kernel::{ids::UserId, jsonb, row};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

kernel::id!(ContactId, "con", "A contact: a person a tenant deals with.");

kernel::id!(SegmentId, "seg", "A segment of contacts; the module below that keeps them knows more.");

/// Whose contacts the caller reaches: those of these owners, or everybody's when `None`.
pub type Owners = Option<Vec<uuid::Uuid>>;

/// What an e-mail address is for.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum EmailKind {
    /// Business.
    Work,
    /// Private.
    Home,
    /// Not said.
    #[default]
    Other,
}

/// What a phone number is for.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    /// Takes text messages.
    Mobile,
    /// Business.
    Work,
    /// Private.
    Home,
    /// Not said.
    #[default]
    Other,
}

impl EmailKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            EmailKind::Work => "work",
            EmailKind::Home => "home",
            EmailKind::Other => "other",
        }
    }
}

impl PhoneKind {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            PhoneKind::Mobile => "mobile",
            PhoneKind::Work => "work",
            PhoneKind::Home => "home",
            PhoneKind::Other => "other",
        }
    }
}

/// One e-mail address of a contact.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct ContactEmail {
    /// The address.
    pub address: String,
    /// What it is for.
    #[oai(default)]
    pub kind: EmailKind,
    /// Used when nothing else is said. Exactly one address is primary: the first when none or several say so.
    #[oai(default)]
    pub primary: bool,
}

/// One phone number of a contact.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields)]
pub struct ContactPhone {
    /// The number as typed. Numbers without a country code belong to the tenant's country.
    pub number: String,
    /// The number as it can be dialled from anywhere (E.164); absent when it is no valid number. Ignored when sent.
    #[oai(skip_serializing_if_is_none)]
    pub e164: Option<String>,
    /// What it is for.
    #[oai(default)]
    pub kind: PhoneKind,
    /// Used when nothing else is said. Exactly one number is primary: the first when none or several say so.
    #[oai(default)]
    pub primary: bool,
}

/// A postal address.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
#[serde(default)]
pub struct Address {
    /// Street and number.
    pub line1: Option<String>,
    /// Second line.
    pub line2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State, province or county.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166 alpha-2, upper-case.
    pub country: Option<String>,
}

/// How a person came: one visit that led to data.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct Touch {
    /// When, UTC; now when absent.
    pub at: Option<DateTime<Utc>>,
    /// Page on which it happened.
    pub page: Option<String>,
    /// Page that led there.
    pub referrer: Option<String>,
    /// Campaign parameters without the prefix: `source`, `medium`, `campaign`, `term`, `content`.
    #[oai(default)]
    #[serde(default)]
    pub utm: BTreeMap<String, String>,
    /// Click ids of advertising networks by parameter: `gclid`, `fbclid`, …
    #[oai(default)]
    #[serde(default)]
    pub click_ids: BTreeMap<String, String>,
}

jsonb!(ContactEmail, ContactPhone, Address, Touch);

kernel::word! {
    /// How much a contact is worth to the tenant, as somebody judged; nothing follows from it by itself.
    pub enum ContactTier {
        /// The least.
        #[default]
        Bronze = "bronze",
        /// More.
        Silver = "silver",
        /// Much.
        Gold = "gold",
        /// The most.
        Platinum = "platinum",
    }
}

kernel::word! {
    /// How ready to buy a contact seems: its score, between the limits of the tenant.
    pub enum ScoreBand {
        /// Little speaks for it.
        #[default]
        Cold = "cold",
        /// Something does.
        Warm = "warm",
        /// Much does.
        Hot = "hot",
    }
}

row! {
    /// A person a tenant deals with.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Contact {
        /// Its id.
        pub id: ContactId,
        /// What to call the contact in lists: given, or else made of name parts, company, e-mail or phone.
        pub display_name: String,
        /// For example `Dr`.
        pub salutation: Option<String>,
        /// Given name.
        pub first_name: Option<String>,
        /// Middle name.
        pub middle_name: Option<String>,
        /// Family name.
        pub last_name: Option<String>,
        /// Where the person works.
        pub company_name: Option<String>,
        /// As what.
        pub job_title: Option<String>,
        /// Canonical form of the primary e-mail address.
        pub email: Option<String>,
        /// Primary phone number, E.164 when valid, else its digits.
        pub phone: Option<String>,
        /// Every e-mail address, the primary one first.
        pub emails: Vec<ContactEmail>,
        /// Every phone number, the primary one first.
        pub phones: Vec<ContactPhone>,
        /// Pages in social networks.
        pub profiles: Vec<SocialProfile>,
        /// Postal address.
        pub address: Option<Address>,
        /// IANA time zone.
        pub zone: Option<String>,
        /// BCP 47 language.
        pub language: Option<String>,
        /// Key of the stage.
        pub stage: String,
        /// How much the contact is worth.
        pub tier: Option<ContactTier>,
        /// How ready to buy the contact seems, 0 to 100, by the rules of the tenant; 0 until it is counted.
        pub score: i32,
        /// Where the score stands between the limits of the tenant.
        pub band: ScoreBand,
        /// The member responsible.
        pub owner: Option<UserId>,
        /// Names of tags, sorted.
        pub tags: Vec<String>,
        /// Where the contact came from: `form`, `api`, `import` or the caller's own word.
        pub source: Option<String>,
        /// How the person came the first time.
        pub first_touch: Option<Touch>,
        /// How the person came the latest time.
        pub last_touch: Option<Touch>,
        /// Values of the fields that the tenant defined, by key.
        pub custom: Custom,
        /// Why the contact may not be deleted, if it is under legal hold.
        pub hold_reason: Option<String>,
        /// When somebody was last in touch with the contact, UTC: an activity that is logged, or an answer.
        pub last_contact_at: Option<DateTime<Utc>>,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// When it was deleted, UTC; it can be restored for 30 days.
        pub deleted_at: Option<DateTime<Utc>>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

/// What a new contact can be given. One of name, company, e-mail or phone is needed.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewContact {
    /// What to call the contact; made of the other fields when absent.
    pub display_name: Option<String>,
    /// For example `Dr`.
    pub salutation: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Middle name.
    pub middle_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Where the person works.
    pub company_name: Option<String>,
    /// As what.
    pub job_title: Option<String>,
    /// E-mail addresses.
    #[oai(default)]
    pub emails: Vec<ContactEmail>,
    /// Phone numbers.
    #[oai(default)]
    pub phones: Vec<ContactPhone>,
    /// Pages in social networks, at most 20.
    #[oai(default)]
    pub profiles: Vec<SocialProfile>,
    /// Postal address.
    pub address: Option<Address>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// BCP 47 language.
    pub language: Option<String>,
    /// Key of the stage; the first one when absent.
    pub stage: Option<String>,
    /// How much the contact is worth.
    pub tier: Option<ContactTier>,
    /// The member responsible. Whoever sees only his own contacts becomes the owner when absent.
    pub owner: Option<UserId>,
    /// Names of tags; unknown ones are made.
    #[oai(default)]
    pub tags: Vec<String>,
    /// Where the contact comes from; `api` when absent.
    pub source: Option<String>,
    /// How the person came.
    pub touch: Option<Touch>,
    /// Values of the fields that the tenant defined, by key. 422 when one that is required is missing.
    #[oai(default)]
    pub custom: Custom,
}

/// A change: absent fields stay, null empties, lists are replaced as a whole.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ContactPatch {
    /// What to call the contact; null makes it of the other fields again.
    pub display_name: MaybeUndefined<String>,
    /// For example `Dr`.
    pub salutation: MaybeUndefined<String>,
    /// Given name.
    pub first_name: MaybeUndefined<String>,
    /// Middle name.
    pub middle_name: MaybeUndefined<String>,
    /// Family name.
    pub last_name: MaybeUndefined<String>,
    /// Where the person works.
    pub company_name: MaybeUndefined<String>,
    /// As what.
    pub job_title: MaybeUndefined<String>,
    /// Every e-mail address.
    pub emails: MaybeUndefined<Vec<ContactEmail>>,
    /// Every phone number.
    pub phones: MaybeUndefined<Vec<ContactPhone>>,
    /// Every page in social networks.
    pub profiles: MaybeUndefined<Vec<SocialProfile>>,
    /// Postal address, as a whole.
    pub address: MaybeUndefined<Address>,
    /// IANA time zone.
    pub zone: MaybeUndefined<String>,
    /// BCP 47 language.
    pub language: MaybeUndefined<String>,
    /// Key of the stage.
    pub stage: MaybeUndefined<String>,
    /// How much the contact is worth.
    pub tier: MaybeUndefined<ContactTier>,
    /// The member responsible; null for nobody.
    pub owner: MaybeUndefined<UserId>,
    /// Names of every tag; unknown ones are made.
    pub tags: MaybeUndefined<Vec<String>>,
    /// Where the contact comes from.
    pub source: MaybeUndefined<String>,
    /// Values of the fields that the tenant defined: keys that are absent stay, null empties.
    #[oai(default)]
    pub custom: Custom,
}

/// A new contact and who it may be already.
#[derive(Object, Debug, Clone)]
pub struct ContactMade {
    /// The contact.
    #[oai(flatten)]
    pub contact: Contact,
    /// Known contacts that may be the same person, the surest first. A hint: nothing was merged.
    pub duplicates: Vec<Duplicate>,
}

kernel::word! {
    /// By what a known contact is found.
    pub enum ContactUpsertBy {
        /// By its e-mail addresses, and when none is known by its phone numbers.
        #[default]
        EmailOrPhone = "email_or_phone",
        /// By its e-mail addresses.
        Email = "email",
        /// By its phone numbers.
        Phone = "phone",
    }
}

/// A contact that was made, or was there and says now what was sent.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct ContactUpserted {
    /// The contact.
    #[oai(flatten)]
    pub contact: Contact,
    /// Whether it is new.
    pub created: bool,
    /// What led to it: `email` or `phone`; absent when it is new.
    pub matched_by: Option<String>,
}

row! {
    /// A known contact that may be the same person.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Duplicate {
        /// Its id.
        pub id: ContactId,
        /// Its name.
        pub display_name: String,
        /// Its primary e-mail address.
        pub email: Option<String>,
        /// Its primary phone number.
        pub phone: Option<String>,
        /// Where the person works.
        pub company_name: Option<String>,
        /// What is alike, the surest first: `email`, `phone`, `name`.
        pub matched_by: Vec<String>,
    }
}

/// Contacts that may be the same person.
#[derive(Object, Debug, Clone)]
pub struct Duplicates {
    /// The surest first, at most 20.
    pub items: Vec<Duplicate>,
}

/// One change to many contacts.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct BulkChange {
    /// Which, 1 to 500.
    pub contacts: Vec<ContactId>,
    /// Tags to add; unknown ones are made. 422 `too_many` when a contact would have more than 50.
    #[oai(default)]
    pub add_tags: Vec<String>,
    /// Tags to take away.
    #[oai(default)]
    pub remove_tags: Vec<String>,
    /// New stage.
    pub stage: Option<String>,
    /// New owner; null for nobody.
    pub owner: MaybeUndefined<UserId>,
    /// A channel by which they may not be reached any more.
    pub block: Option<BlockedChannel>,
    /// A channel by which they may be reached again.
    pub unblock: Option<BlockedChannel>,
    /// Delete them, or bring deleted ones back; nothing else is changed then. Needs `contacts.write` as far as
    /// `contacts.mass_update`.
    pub deleted: Option<bool>,
}

/// What a bulk change did.
#[derive(Object, Debug, Clone)]
pub struct BulkResult {
    /// Contacts that are different now.
    pub changed: u32,
    /// Contacts that are not there, or not yours.
    pub missing: u32,
    /// Contacts that were to be deleted and stay, because they are under legal hold.
    pub held: u32,
    /// Which ones are different now: what has to be named to take it back.
    pub contacts: Vec<ContactId>,
}

/// Which addresses may lead to a known contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatchRule {
    /// E-mail first, then phone.
    #[default]
    EmailOrPhone,
    /// E-mail only.
    Email,
    /// Phone only.
    Phone,
    /// Always a new contact.
    Never,
}

/// What a person said of himself, to find or make the contact he is. Whatever cannot be used is left out.
#[derive(Debug, Clone, Default)]
pub struct Match {
    /// Which addresses count.
    pub rule: MatchRule,
    /// E-mail addresses as typed, the most trusted first.
    pub emails: Vec<String>,
    /// Phone numbers as typed.
    pub phones: Vec<String>,
    /// The whole name, when it was asked as one.
    pub name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Where the person works.
    pub company_name: Option<String>,
    /// BCP 47 language of the page.
    pub language: Option<String>,
    /// Stage of a new contact.
    pub stage: Option<String>,
    /// Owner of a contact that has none.
    pub owner: Option<UserId>,
    /// Tags to add.
    pub tags: Vec<String>,
    /// Source of a new contact, for example `form`.
    pub source: Option<String>,
    /// How the person came.
    pub touch: Option<Touch>,
}

row! {
    /// The contact a person is.
    #[derive(Debug, Clone)]
    pub struct Matched {
        /// The contact.
        pub id: ContactId,
        /// What led to it: `email` or `phone`; none when it is new.
        pub matched_by: Option<String>,
    }
}

impl Matched {
    /// Whether the contact was made just now.
    pub fn is_new(&self) -> bool {
        self.matched_by.is_none()
    }
}

row! {
    /// How many contacts were made on a day.
    #[derive(Object, Debug, Clone, PartialEq, Eq)]
    #[oai(rename = "MadeContacts")]
    pub struct MadeRow {
        /// The day, in the tenant's time zone.
        pub day: chrono::NaiveDate,
        /// When it began: what was made on it was created from then on.
        pub since: DateTime<Utc>,
        /// How many; those that were deleted since do not count.
        pub made: i64,
    }
}

/// How many contacts were made lately.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct ContactFigures {
    /// Fourteen days, today being the last.
    pub days: Vec<MadeRow>,
    /// In the last seven of them.
    pub week: i64,
    /// In the seven before.
    pub before: i64,
}

impl ContactFigures {
    /// Adds the days up.
    pub(crate) fn of(days: Vec<MadeRow>) -> Self {
        let middle = days.len().saturating_sub(7);
        let sum = |days: &[MadeRow]| days.iter().map(|day| day.made).sum();
        ContactFigures { week: sum(&days[middle..]), before: sum(&days[..middle]), days }
    }
}
