//! What a company is and what may be sent for one. The rules are in `draft.rs`.
use crate::health::HealthMark;
use chrono::{DateTime, NaiveDate, Utc};
use contacts::Address;
use fields::Custom;
use kernel::{ids::UserId, row};
use poem_openapi::{Enum, Object, types::MaybeUndefined};

kernel::id!(CompanyId, "com", "A company a tenant deals with.");

/// A word of a closed list, kept as text: the schema has no types of its own.
macro_rules! word {
    ($(#[$m:meta])* pub enum $name:ident { $($(#[$vm:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Enum, serde::Serialize, serde::Deserialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vm])* #[oai(rename = $text)] #[serde(rename = $text)] $variant),* }
        impl $name {
            /// As stored and as written in the API.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
        impl<'a> tokio_postgres::types::FromSql<'a> for $name {
            fn from_sql(
                ty: &tokio_postgres::types::Type,
                raw: &'a [u8],
            ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
                match <&str as tokio_postgres::types::FromSql>::from_sql(ty, raw)? {
                    $($text => Ok($name::$variant),)*
                    other => Err(format!("{other:?} is no {}", stringify!($name)).into()),
                }
            }
            fn accepts(ty: &tokio_postgres::types::Type) -> bool {
                <&str as tokio_postgres::types::FromSql>::accepts(ty)
            }
        }
        kernel::not_null!($name);
    };
}
pub(crate) use word;

word! {
    /// Where the relationship stands.
    pub enum Status {
        /// Not won yet.
        Prospect = "prospect",
        /// Business is being done.
        Active = "active",
        /// It rests.
        Inactive = "inactive",
        /// It has ended.
        Former = "former",
        /// No business with them.
        Blacklisted = "blacklisted",
    }
}

word! {
    /// How much they matter.
    pub enum Tier {
        /// The lowest.
        Bronze = "bronze",
        /// The second.
        Silver = "silver",
        /// The third.
        Gold = "gold",
        /// The highest.
        Platinum = "platinum",
    }
}

word! {
    /// How many people work there.
    pub enum CompanySize {
        /// Somebody alone.
        One = "1",
        /// Up to ten.
        Ten = "2-10",
        /// Up to fifty.
        Fifty = "11-50",
        /// Up to two hundred.
        TwoHundred = "51-200",
        /// Up to five hundred.
        FiveHundred = "201-500",
        /// Up to a thousand.
        Thousand = "501-1000",
        /// Up to five thousand.
        FiveThousand = "1001-5000",
        /// More than that.
        More = "5001+",
    }
}

row! {
    /// A company a tenant deals with.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct Company {
        /// Its id.
        pub id: CompanyId,
        /// What everybody calls it.
        pub name: String,
        /// As it is registered.
        pub legal_name: Option<String>,
        /// What it does.
        pub industry: Option<String>,
        /// How many people work there.
        pub size: Option<CompanySize>,
        /// Address of its website.
        pub website: Option<String>,
        /// Addresses of its pages in social networks.
        pub profiles: Vec<String>,
        /// E-mail address of the company itself.
        pub email: Option<String>,
        /// Phone number of the company itself, E.164 when valid, else as typed.
        pub phone: Option<String>,
        /// Postal address.
        pub address: Option<Address>,
        /// Its number at the tax office, as typed.
        pub tax_id: Option<String>,
        /// What else is to be known, plain text.
        pub description: Option<String>,
        /// Where the relationship stands.
        pub status: Status,
        /// How much it matters.
        pub tier: Option<Tier>,
        /// The company it belongs to.
        pub parent: Option<CompanyId>,
        /// The member responsible.
        pub owner: Option<UserId>,
        /// Value of the contracts of a year, in minor units of `currency`.
        pub annual_value: Option<i64>,
        /// Revenue that comes again each month, in minor units of `currency`.
        pub monthly_revenue: Option<i64>,
        /// ISO 4217 code of the amounts.
        pub currency: Option<String>,
        /// Since when they are a client.
        pub client_since: Option<NaiveDate>,
        /// When the contract renews.
        pub renews_on: Option<NaiveDate>,
        /// The last day on which the contract can be ended before it renews.
        pub cancel_by: Option<NaiveDate>,
        /// All money won from it to date, in minor units of `value_currency`: what won deals list to be paid once, and each payment that
        /// has come due of what is paid again. Counted, not written.
        pub lifetime_value: i64,
        /// What its running services bring in a year, in minor units of `value_currency`.
        pub contract_value: i64,
        /// What its running services bring in a month, in minor units of `value_currency`.
        pub recurring_revenue: i64,
        /// The account's own currency when that was counted, ISO 4217; absent when nothing was won yet.
        pub value_currency: Option<String>,
        /// Currencies of won deals that had no rate: they are in none of the three.
        pub value_missing: Vec<String>,
        /// How it is doing, counted a moment after something last happened; absent when the relationship has ended, when the company is
        /// deleted, and until it is counted.
        pub health: Option<HealthMark>,
        /// Values of the fields that the tenant defined, by key.
        pub custom: Custom,
        /// How many people it has, whoever may see them.
        pub people: i64,
        /// How many companies belong to it directly, whoever may see them.
        pub subsidiaries: i64,
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

/// What somebody is worth, in the account's own currency.
#[derive(Object, Debug, Clone, PartialEq, Eq, Default)]
#[oai(skip_serializing_if_is_none)]
pub struct ClientValue {
    /// The account's own currency, ISO 4217.
    pub currency: String,
    /// All money won to date, in minor units: what is paid once, and each payment that has come due of what is paid again.
    pub lifetime_value: i64,
    /// What running services bring in a year, in minor units.
    pub contract_value: i64,
    /// What running services bring in a month, in minor units.
    pub recurring_revenue: i64,
    /// Currencies of won deals that had no rate and are in none of the sums.
    pub missing: Vec<String>,
    /// The next day on which a sum changes by itself: a payment comes due, or a service begins or ends.
    pub changes_on: Option<NaiveDate>,
}

/// What a new company can be given.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct NewCompany {
    /// What everybody calls it, at most 200 characters.
    pub name: String,
    /// As it is registered.
    pub legal_name: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// How many people work there.
    pub size: Option<CompanySize>,
    /// Address of its website; `https://` when it does not say.
    pub website: Option<String>,
    /// Addresses of its pages in social networks, at most 10.
    #[oai(default)]
    pub profiles: Vec<String>,
    /// E-mail address of the company itself.
    pub email: Option<String>,
    /// Phone number of the company itself. Numbers without a country code belong to the tenant's country.
    pub phone: Option<String>,
    /// Postal address.
    pub address: Option<Address>,
    /// Its number at the tax office.
    pub tax_id: Option<String>,
    /// What else is to be known, plain text, at most 5000 characters.
    pub description: Option<String>,
    /// Where the relationship stands; `prospect` when absent.
    pub status: Option<Status>,
    /// How much it matters.
    pub tier: Option<Tier>,
    /// The company it belongs to.
    pub parent: Option<CompanyId>,
    /// The member responsible. Whoever sees only his own companies becomes the owner when absent.
    pub owner: Option<UserId>,
    /// Value of the contracts of a year, in minor units of `currency`.
    pub annual_value: Option<i64>,
    /// Revenue that comes again each month, in minor units of `currency`.
    pub monthly_revenue: Option<i64>,
    /// ISO 4217 code; needed with an amount.
    pub currency: Option<String>,
    /// Since when they are a client.
    pub client_since: Option<NaiveDate>,
    /// When the contract renews.
    pub renews_on: Option<NaiveDate>,
    /// The last day on which the contract can be ended; not after it renews.
    pub cancel_by: Option<NaiveDate>,
    /// Values of the fields that the tenant defined, by key. 422 when one that is required is missing.
    #[oai(default)]
    pub custom: Custom,
}

/// A change: absent fields stay, null empties, lists are replaced as a whole.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct CompanyPatch {
    /// What everybody calls it.
    pub name: Option<String>,
    /// As it is registered.
    pub legal_name: MaybeUndefined<String>,
    /// What it does.
    pub industry: MaybeUndefined<String>,
    /// How many people work there.
    pub size: MaybeUndefined<CompanySize>,
    /// Address of its website.
    pub website: MaybeUndefined<String>,
    /// Addresses of its pages in social networks.
    pub profiles: MaybeUndefined<Vec<String>>,
    /// E-mail address of the company itself.
    pub email: MaybeUndefined<String>,
    /// Phone number of the company itself.
    pub phone: MaybeUndefined<String>,
    /// Postal address, as a whole.
    pub address: MaybeUndefined<Address>,
    /// Its number at the tax office.
    pub tax_id: MaybeUndefined<String>,
    /// What else is to be known.
    pub description: MaybeUndefined<String>,
    /// Where the relationship stands.
    pub status: Option<Status>,
    /// How much it matters.
    pub tier: MaybeUndefined<Tier>,
    /// The company it belongs to; 422 `cycle` when that would put a company above itself.
    pub parent: MaybeUndefined<CompanyId>,
    /// The member responsible; null for nobody.
    pub owner: MaybeUndefined<UserId>,
    /// Value of the contracts of a year.
    pub annual_value: MaybeUndefined<i64>,
    /// Revenue that comes again each month.
    pub monthly_revenue: MaybeUndefined<i64>,
    /// ISO 4217 code.
    pub currency: MaybeUndefined<String>,
    /// Since when they are a client.
    pub client_since: MaybeUndefined<NaiveDate>,
    /// When the contract renews.
    pub renews_on: MaybeUndefined<NaiveDate>,
    /// The last day on which the contract can be ended.
    pub cancel_by: MaybeUndefined<NaiveDate>,
    /// Values of the fields that the tenant defined: keys that are absent stay, null empties.
    #[oai(default)]
    pub custom: Custom,
}

/// A new company and which known ones it may be already.
#[derive(Object, Debug, Clone)]
pub struct CompanyMade {
    /// The company.
    #[oai(flatten)]
    pub company: Company,
    /// Known companies that may be the same, the surest first. A hint: nothing was merged.
    pub duplicates: Vec<CompanyDuplicate>,
}

row! {
    /// A known company that may be the same.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct CompanyDuplicate {
        /// Its id.
        pub id: CompanyId,
        /// Its name.
        pub name: String,
        /// Address of its website.
        pub website: Option<String>,
        /// What is alike, the surest first: `tax_id`, `website`, `name`.
        pub matched_by: Vec<String>,
    }
}
