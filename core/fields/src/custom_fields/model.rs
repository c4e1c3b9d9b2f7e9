//! What a custom field is, and what may be said about one. The rules are in `draft.rs`, those of values in `value.rs`.
use chrono::{DateTime, Utc};
use kernel::{jsonb, row};
use poem_openapi::{
    Enum, NewType, Object,
    types::{MaybeUndefined, ToJSON},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

kernel::id!(CustomFieldId, "cfd", "A custom field: what a tenant wants to know of each record of a kind.");

/// A word of a closed list, kept as text: the schema has no types of its own.
macro_rules! word {
    ($(#[$m:meta])* pub enum $name:ident { $($(#[$vm:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$m])*
        #[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vm])* #[oai(rename = $text)] $variant),* }
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

word! {
    /// Records that have custom fields.
    pub enum RecordKind {
        /// People.
        Contact = "contact",
        /// Companies.
        Company = "company",
        /// Deals.
        Deal = "deal",
    }
}

impl RecordKind {
    /// What the ids of its records begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            RecordKind::Contact => "con",
            RecordKind::Company => "com",
            RecordKind::Deal => "dea",
        }
    }
}

word! {
    /// What a value of the field is.
    pub enum FieldType {
        /// A line of text, at most 255 characters.
        Text = "text",
        /// Text of several lines, at most 10000 characters.
        LongText = "long_text",
        /// A number with so many decimal places.
        Number = "number",
        /// An amount in minor units of the field's currency.
        Money = "money",
        /// A day, `2026-01-31`.
        Date = "date",
        /// The key of one option.
        Select = "select",
        /// Keys of options.
        MultiSelect = "multi_select",
        /// true or false.
        Checkbox = "checkbox",
        /// The id of a record of the kind that `target` names.
        Link = "link",
        /// The id of a file that is attached to the record.
        File = "file",
        /// What its expression makes of other fields; nobody writes it.
        Formula = "formula",
    }
}

word! {
    /// What a formula's value is.
    pub enum FormulaResult {
        /// Text, at most 255 characters.
        Text = "text",
        /// A number with so many decimal places.
        Number = "number",
        /// An amount in minor units of the field's currency.
        Money = "money",
        /// A day.
        Date = "date",
        /// true or false.
        Checkbox = "checkbox",
    }
}

word! {
    /// What background work is under way for a field.
    pub enum WorkState {
        /// None.
        Idle = "idle",
        /// It will begin.
        Waiting = "waiting",
        /// Records are gone through.
        Running = "running",
    }
}

/// One option of a select.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct FieldOption {
    /// What records keep; made of the label when absent. It never changes.
    #[serde(default)]
    pub key: Option<String>,
    /// What people read, at most 80 characters.
    pub label: String,
    /// Records keep it, but nobody can choose it any more.
    #[oai(default)]
    #[serde(default)]
    pub archived: bool,
}

jsonb!(FieldOption);

/// Values of custom fields by the key of the field. What has no value is not in it; in a change, null empties.
#[derive(NewType, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[oai(from_parameter = false, from_multipart = false, to_header = false)]
#[serde(transparent)]
pub struct Custom(pub BTreeMap<String, Value>);

jsonb!(Custom);

row! {
    /// A field that a tenant defined.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct CustomField {
        /// Its id.
        pub id: CustomFieldId,
        /// Records that have it.
        pub record: RecordKind,
        /// Its name in `custom`, filters and formulas; unique among the fields of the kind, never changed.
        pub key: String,
        /// What people read.
        pub label: String,
        /// What to fill in, for people.
        pub help: Option<String>,
        /// What a value is; never changed.
        #[oai(rename = "type")]
        pub kind: FieldType,
        /// Options of a select, in their order.
        pub options: Vec<FieldOption>,
        /// Decimal places of a number, 0 to 6.
        pub decimals: Option<i16>,
        /// ISO 4217 code of amounts; never changed.
        pub currency: Option<String>,
        /// Kind of records that a link names; never changed.
        pub target: Option<RecordKind>,
        /// The formula.
        pub expression: Option<String>,
        /// What the formula's value is; never changed.
        pub result: Option<FormulaResult>,
        /// A formula takes numbers that are missing as 0 and texts as empty; else it has no value without them.
        pub blank_as_zero: bool,
        /// Whoever makes a record must give it, and nobody can empty it. Records from before may lack it.
        pub required: bool,
        /// No two records have the same value, deleted ones that can be restored included.
        pub unique: bool,
        /// The value of new records that were given none.
        pub default: Option<Value>,
        /// Heading under which it stands.
        pub section: Option<String>,
        /// Place among the fields of the kind, from 0.
        pub position: i32,
        /// Since when it is put away, UTC: values stay and are not changed.
        pub archived_at: Option<DateTime<Utc>>,
        /// Since when it is being deleted, UTC: it goes with its last value.
        pub deleting_at: Option<DateTime<Utc>>,
        /// Whether records are gone through for it: a changed formula, a deletion.
        pub work_state: WorkState,
        /// Records of that work that are done.
        pub work_done: i64,
        /// Records of that work.
        pub work_total: i64,
        /// When it was made, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was last changed, UTC.
        pub updated_at: DateTime<Utc>,
        /// Rises with every change; the ETag.
        pub version: i64,
    }
}

impl CustomField {
    /// The option of a key.
    pub fn option(&self, key: &str) -> Option<&FieldOption> {
        self.options.iter().find(|option| option.key.as_deref() == Some(key))
    }
}

/// A new field.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewCustomField {
    /// Records that have it.
    pub record: RecordKind,
    /// Its name in `custom`, filters and formulas: a small letter, then small letters, digits and `_`, at most 40; made
    /// of the label when absent.
    pub key: Option<String>,
    /// What people read, at most 80 characters.
    pub label: String,
    /// What to fill in, at most 300 characters.
    pub help: Option<String>,
    /// What a value is.
    #[oai(rename = "type")]
    pub kind: FieldType,
    /// Options of a select, at most 200.
    #[oai(default)]
    pub options: Vec<FieldOption>,
    /// Decimal places of a number, 0 to 6; none when absent.
    pub decimals: Option<i16>,
    /// ISO 4217 code; needed for amounts.
    pub currency: Option<String>,
    /// Kind of records that a link names; needed for links.
    pub target: Option<RecordKind>,
    /// The formula, at most 1000 characters: an expression of Jinja over `custom.key` of other fields and the record's own
    /// fields. Amounts are in main units. It has no loops and a limited cost.
    pub expression: Option<String>,
    /// What the formula's value is; needed for formulas.
    pub result: Option<FormulaResult>,
    /// A formula takes numbers that are missing as 0 and texts as empty.
    #[oai(default)]
    pub blank_as_zero: bool,
    /// Whoever makes a record must give it.
    #[oai(default)]
    pub required: bool,
    /// No two records have the same value: for texts, numbers and dates.
    #[oai(default)]
    pub unique: bool,
    /// The value of new records that were given none.
    pub default: Option<Value>,
    /// Heading under which it stands, at most 60 characters.
    pub section: Option<String>,
}

/// A change: absent fields stay, null empties, options are replaced as a whole. Key, type, currency and target stay.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct CustomFieldPatch {
    /// What people read.
    pub label: Option<String>,
    /// What to fill in.
    pub help: MaybeUndefined<String>,
    /// Every option in its order. One without a key is new. One that is left out is archived while records have it.
    pub options: Option<Vec<FieldOption>>,
    /// Decimal places; 422 `decimals_fewer` when there would be fewer of them.
    pub decimals: Option<i16>,
    /// The formula; all records are computed again.
    pub expression: Option<String>,
    /// A formula takes numbers that are missing as 0 and texts as empty.
    pub blank_as_zero: Option<bool>,
    /// Whoever makes a record must give it.
    pub required: Option<bool>,
    /// No two records have the same value; 422 `not_unique` when two have one already.
    pub unique: Option<bool>,
    /// The value of new records that were given none.
    pub default: MaybeUndefined<Value>,
    /// Heading under which it stands.
    pub section: MaybeUndefined<String>,
    /// Put away, or taken out again.
    pub archived: Option<bool>,
}

/// The order of all fields of a kind.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct CustomFieldOrder {
    /// Records whose fields are meant.
    pub record: RecordKind,
    /// Every field of the kind that is not being deleted, archived ones too, in the new order.
    pub fields: Vec<CustomFieldId>,
}

/// What a field is used for.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct CustomFieldUsage {
    /// Records with a value, deleted ones that can be restored included.
    pub records: i64,
    /// Keys of formulas that read it.
    pub formulas: Vec<String>,
}

/// A formula that somebody wants to try.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewFormulaTrial {
    /// Records it is for.
    pub record: RecordKind,
    /// The formula.
    pub expression: String,
    /// What its value is.
    pub result: FormulaResult,
    /// Decimal places of a number.
    pub decimals: Option<i16>,
    /// ISO 4217 code of an amount.
    pub currency: Option<String>,
    /// Numbers that are missing are 0.
    #[oai(default)]
    pub blank_as_zero: bool,
    /// Values of the record's own fields, as the API gives them.
    #[oai(default)]
    pub values: BTreeMap<String, Value>,
    /// Values of custom fields.
    #[oai(default)]
    pub custom: Custom,
}

/// What a formula makes of values.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct FormulaTrial {
    /// The value; absent when something it needs is missing.
    pub value: Option<Value>,
    /// Why it has none, when the expression fails.
    pub error: Option<String>,
    /// Names it reads.
    pub inputs: Vec<String>,
}

impl Custom {
    /// A value by the key of its field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// As the API says it.
    pub fn json(&self) -> Value {
        self.to_json().unwrap_or_default()
    }
}
