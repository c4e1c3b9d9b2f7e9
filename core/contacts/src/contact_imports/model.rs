//! What an import is and what may be said about one.
use super::guess;
pub use super::{
    brought::{ImportBrought, ImportKept, Reaches},
    options::{BadCells, ImportKey, ImportMode, ImportOptions},
};
use crate::contacts::ContactId;
use chrono::{DateTime, Utc};
use fields::{CustomField, FieldType, Fields};
use files::FileId;
use kernel::{Error, Result, ids::UserId, jsonb, row};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

kernel::id!(ContactImportId, "cim", "An import of contacts from a file.");

/// Most rows of a file, without its header.
pub const MAX_ROWS: usize = 500_000;
/// Most columns of a file.
pub const MAX_COLUMNS: usize = 200;
/// Longest cell, in characters.
pub const MAX_CELL: usize = 10_000;
/// Rows of a preview.
pub const PREVIEW_ROWS: usize = 10;
/// Days an import can be undone after it ended, and its file is kept.
pub const UNDO_DAYS: i64 = 30;

/// What a column of a file says about a contact.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ImportField {
    /// Id of a contact, `con_…`, to match by.
    Id,
    /// The whole name.
    DisplayName,
    /// For example `Dr`.
    Salutation,
    /// Given name.
    FirstName,
    /// Middle name.
    MiddleName,
    /// Family name.
    LastName,
    /// Where the person works.
    CompanyName,
    /// As what.
    JobTitle,
    /// E-mail addresses.
    Email,
    /// Business e-mail addresses.
    EmailWork,
    /// Private e-mail addresses.
    EmailHome,
    /// Phone numbers.
    Phone,
    /// Mobile phone numbers.
    PhoneMobile,
    /// Business phone numbers.
    PhoneWork,
    /// Private phone numbers.
    PhoneHome,
    /// Addresses of pages in social networks.
    Profile,
    /// A page on LinkedIn: its address or the name there.
    ProfileLinkedin,
    /// A page on Facebook: its address or the name there.
    ProfileFacebook,
    /// A page on Instagram: its address or the name there.
    ProfileInstagram,
    /// A page on X: its address or the name there.
    ProfileX,
    /// Street and number.
    Line1,
    /// Second line of the address.
    Line2,
    /// City.
    City,
    /// State, province or county.
    Region,
    /// Postal code.
    PostalCode,
    /// Country: two letters, or its English or own name.
    Country,
    /// IANA time zone.
    Zone,
    /// BCP 47 language.
    Language,
    /// Key or name of a stage.
    Stage,
    /// How much the contact is worth: `bronze`, `silver`, `gold` or `platinum`.
    Tier,
    /// A member: id, e-mail address or name.
    Owner,
    /// Tags.
    Tags,
    /// Where the contact comes from.
    Source,
    /// The company that is kept, by name: it is found or made, and the contact is one of its people. Also where the person
    /// works, when no column says that.
    Company,
    /// The website of that company, by which it is found first.
    CompanyWebsite,
    /// What the person does for that company: decides, knows how it works, pays.
    CompanyRole,
    /// When the person was born, with or without the year.
    Birthday,
    /// A day of every year on which something began, with or without the year.
    Anniversary,
    /// By which channels the person must not be contacted: `yes` for all, or their names.
    OptOut,
    /// Whether the person must get no e-mail.
    OptOutEmail,
    /// Whether the person must not be called.
    OptOutPhone,
    /// Whether the person must get no text message.
    OptOutSms,
    /// Whether the person must not be written to on WhatsApp.
    OptOutWhatsapp,
}

impl ImportField {
    /// Whether several columns may say it.
    pub fn is_many(self) -> bool {
        use ImportField::*;
        matches!(self, Email | EmailWork | EmailHome | Phone | PhoneMobile | PhoneWork | PhoneHome | Profile | Tags)
    }
}

/// One column of a file.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(deny_unknown_fields, skip_serializing_if_is_none)]
pub struct ImportColumn {
    /// What its header says, or `Column 3` when there is none.
    pub name: String,
    /// What it says about a contact; it is left out when absent.
    #[serde(default)]
    pub field: Option<ImportField>,
    /// Key of the custom field whose value it says, instead.
    #[serde(default)]
    pub custom: Option<String>,
}

row! {
    /// What stands wrong how often.
    #[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ImportReason {
        /// Why rows do not come in: `email_invalid`, `duplicate_row`, `exists`, …
        pub reason: String,
        /// The column that it is about.
        pub column: Option<String>,
        /// Rows.
        pub count: i32,
        /// The first of them.
        pub first_line: i32,
    }
}

/// What a start would do, tried without writing.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCheck {
    /// Rows that were tried.
    pub rows: i32,
    /// Whether that is every row of the file; otherwise they are its first ones.
    pub complete: bool,
    /// New contacts.
    pub created: i32,
    /// Known contacts that would be different.
    pub updated: i32,
    /// Known contacts that say the same already.
    pub unchanged: i32,
    /// Rows that are left out because the options say so.
    pub skipped: i32,
    /// Rows with something wrong.
    pub failed: i32,
    /// What would come besides contacts.
    #[serde(default)]
    pub brought: ImportBrought,
    /// Why rows are left out or wrong, the most frequent first.
    pub reasons: Vec<ImportReason>,
}

jsonb!(ImportColumn, ImportCheck);

row! {
    /// An import of contacts from a file.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactImport {
        /// Its id.
        pub id: ContactImportId,
        /// Name of the file.
        pub file_name: String,
        /// Its size in bytes.
        pub file_size: i64,
        /// `csv` or `xlsx`.
        pub kind: String,
        /// In which encoding its text is, by its WHATWG name.
        pub encoding: String,
        /// What stands between its cells: `,` `;` `|` or a tab.
        pub delimiter: String,
        /// The sheet that is read.
        pub sheet: Option<String>,
        /// Its sheets.
        pub sheets: Vec<String>,
        /// Whether the first row names the columns.
        pub has_header: bool,
        /// Its columns, and what each says.
        pub columns: Vec<ImportColumn>,
        /// How rows become contacts.
        pub options: ImportOptions,
        /// What a start would do, once it was tried.
        #[oai(rename = "check")]
        pub check_result: Option<ImportCheck>,
        /// `draft`, `checking`, `checked`, `running`, `cancelled`, `done`, `failed`, `undoing` or `undone`.
        pub state: String,
        /// Rows of the file.
        pub rows_total: i32,
        /// Rows that are done.
        pub rows_done: i32,
        /// Contacts made.
        pub created: i32,
        /// Contacts changed.
        pub updated: i32,
        /// Contacts that said the same already.
        pub unchanged: i32,
        /// Rows left out because the options say so.
        pub skipped: i32,
        /// Rows with something wrong.
        pub failed: i32,
        /// What came besides contacts.
        pub brought: ImportBrought,
        /// Contacts that the undo took back.
        pub undone: i32,
        /// Contacts that the undo left, because somebody changed them since or they are under legal hold.
        pub kept: i32,
        /// Why it failed.
        pub error: Option<String>,
        /// Who brought the file.
        pub created_by: Option<UserId>,
        /// When, UTC.
        pub created_at: DateTime<Utc>,
        /// When it was started, UTC.
        pub started_at: Option<DateTime<Utc>>,
        /// When it ended, UTC.
        pub finished_at: Option<DateTime<Utc>>,
        /// When the undo ended, UTC.
        pub undone_at: Option<DateTime<Utc>>,
        /// Until when it can be undone, UTC; then its file and what it would restore are removed.
        pub undo_until: Option<DateTime<Utc>>,
        /// When its file was removed, UTC.
        pub file_gone_at: Option<DateTime<Utc>>,
        /// Rises with every change.
        pub version: i64,
    }
}

impl ContactImport {
    /// Says of which custom fields the columns are; a column says one thing.
    pub fn set_custom(&mut self, given: Vec<Option<String>>, fields: &Fields) -> Result<()> {
        if given.len() != self.columns.len() {
            return Err(Error::invalid("/custom", "count", format!("The file has {} columns.", self.columns.len())));
        }
        for (i, key) in given.iter().enumerate() {
            let Some(key) = key else { continue };
            let refuse = |code, detail| Err(Error::invalid(format!("/custom/{i}"), code, detail));
            match fields.active().find(|field| field.key == *key).map(|field| field.kind) {
                None => return refuse("field_unknown", "There is no such field."),
                Some(FieldType::Formula) => return refuse("field_computed", "Its values are computed."),
                Some(FieldType::File) => return refuse("field_file", "Files cannot come in a table."),
                Some(_) => {}
            }
            if given[..i].contains(&Some(key.clone())) {
                return refuse("field_twice", "Another column says this already.");
            }
        }
        for (column, key) in self.columns.iter_mut().zip(given) {
            column.field = column.field.filter(|_| key.is_none());
            column.custom = key;
        }
        Ok(())
    }

    /// Finds the custom fields that columns are called after, by `custom.key` or label.
    pub fn guess_custom(&mut self, fields: &Fields) {
        for i in 0..self.columns.len() {
            let name = self.columns[i].name.trim().to_lowercase();
            let called =
                |field: &&CustomField| name == format!("custom.{}", field.key) || name == field.label.to_lowercase();
            let Some(field) = fields.importable().find(called) else { continue };
            let taken = self.columns.iter().any(|column| column.custom.as_ref() == Some(&field.key));
            // Whoever has a field of his own for birthdays means that one.
            let free = self.columns[i].field.is_none_or(|guess| guess.part_column().is_some());
            if self.has_header && free && !taken {
                self.columns[i].field = None;
                self.columns[i].custom = Some(field.key.clone());
            }
        }
    }

    /// Refuses columns that contradict each other.
    pub fn check_columns(&self, given: &[Option<ImportField>]) -> Result<()> {
        if given.len() != self.columns.len() {
            return Err(Error::invalid("/fields", "count", format!("The file has {} columns.", self.columns.len())));
        }
        for (i, field) in given.iter().enumerate() {
            if let Some(field) = field
                && !field.is_many()
                && given[..i].contains(&Some(*field))
            {
                return Err(Error::invalid(format!("/fields/{i}"), "field_twice", "Another column says this already."));
            }
        }
        Ok(())
    }
}

/// A file to take in.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewContactImport {
    /// An uploaded file of the caller that belongs to nothing yet.
    pub file: FileId,
}

/// A change of an import that was not started; absent fields stay. Whoever says how the file is to be read gets its
/// columns guessed anew.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ContactImportPatch {
    /// In which encoding its text is, by its WHATWG name, for example `windows-1252`.
    pub encoding: Option<String>,
    /// What stands between its cells: `,` `;` `|` or a tab.
    pub delimiter: Option<String>,
    /// The sheet to read.
    pub sheet: Option<String>,
    /// Whether the first row names the columns.
    pub has_header: Option<bool>,
    /// What each column says, in their order; null leaves a column out.
    pub fields: Option<Vec<Option<ImportField>>>,
    /// Keys of custom fields whose values columns say, in the order of the columns; null for every other one. Files and
    /// formulas cannot be brought. A link is said by the id of the record, by its name, of a contact also by an e-mail address and of a
    /// company by its domain.
    pub custom: Option<Vec<Option<String>>>,
    /// How rows become contacts.
    pub options: Option<ImportOptions>,
}

impl ContactImportPatch {
    /// Whether the file has to be read anew.
    pub fn reads_anew(&self) -> bool {
        self.encoding.is_some() || self.delimiter.is_some() || self.sheet.is_some() || self.has_header.is_some()
    }
}

/// The first rows of a file.
#[derive(Object, Debug, Clone)]
pub struct ImportPreview {
    /// The rows.
    pub rows: Vec<ImportPreviewRow>,
}

/// A row of a file.
#[derive(Object, Debug, Clone)]
pub struct ImportPreviewRow {
    /// Its number in the file, from 1; the header counts, empty lines do not.
    pub line: i32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// How to start.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ImportStart {
    /// Take a file in whose content was taken in before.
    #[oai(default)]
    pub again: bool,
}

/// What an undo does with contacts that came with the import and were changed since, or have something new on them.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[oai(rename_all = "snake_case")]
pub enum Touched {
    /// They stay.
    #[default]
    Keep,
    /// They are deleted; they can be restored for 30 days.
    Delete,
}

impl Touched {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Touched::Keep => "keep",
            Touched::Delete => "delete",
        }
    }
}

/// How to undo.
#[derive(Object, Debug, Clone, Default)]
#[oai(deny_unknown_fields)]
pub struct ImportUndo {
    /// What happens to new contacts that were changed since. Changed contacts that were changed again always stay.
    #[oai(default)]
    pub touched: Touched,
}

row! {
    /// What became of a row of a file.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct ContactImportRow {
        /// Its number in the file, from 1.
        pub line: i32,
        /// `created`, `updated`, `unchanged`, `skipped` or `failed`.
        pub outcome: String,
        /// The contact.
        pub contact: Option<ContactId>,
        /// Its name, while it is there and within reach.
        pub contact_name: Option<String>,
        /// Why it did not come in.
        pub reason: Option<String>,
        /// The column that it is about.
        #[oai(rename = "column")]
        pub column_name: Option<String>,
        /// The earlier row with the same person.
        pub same_as: Option<i32>,
        /// What the undo did: `deleted`, `restored`, `trashed`; or why it left the contact: `changed`, `held`, `gone`.
        pub undo: Option<String>,
    }
}

/// Names for the columns of a file and what they probably say.
pub fn columns_of(header: &[String], has_header: bool, width: usize) -> Vec<ImportColumn> {
    let names = (0..width).map(|i| match header.get(i).map(|name| name.trim()) {
        Some(name) if has_header && !name.is_empty() => name.chars().take(200).collect(),
        _ => format!("Column {}", i + 1),
    });
    let mut columns: Vec<ImportColumn> = vec![];
    for name in names {
        let guess = guess::field(&name).filter(|_| has_header);
        let field = guess.filter(|f| f.is_many() || columns.iter().all(|c| c.field != Some(*f)));
        columns.push(ImportColumn { name, field, custom: None });
    }
    // A list that says more of companies than their names is one of companies too; of nothing they say nothing.
    let more =
        |column: &ImportColumn| matches!(column.field, Some(ImportField::CompanyWebsite | ImportField::CompanyRole));
    if columns.iter().any(more) && columns.iter().all(|column| column.field != Some(ImportField::Company)) {
        match columns.iter_mut().find(|column| column.field == Some(ImportField::CompanyName)) {
            Some(column) => column.field = Some(ImportField::Company),
            None => columns.iter_mut().filter(|column| more(column)).for_each(|column| column.field = None),
        }
    }
    columns
}
