//! How a file of a list is to look: what it is, and in which language its columns are named.
use serde_json::{Map, Value};
use std::sync::LazyLock;

kernel::word! {
    /// What a file of a list is.
    pub enum SheetFormat {
        /// Comma-separated values (RFC 4180), sent while they are read.
        #[default]
        Csv = "csv",
        /// A workbook with one sheet, at most 1,048,575 rows; sent when it is made.
        Xlsx = "xlsx",
    }
}

kernel::word! {
    /// In which language the columns of a file are named.
    pub enum SheetLanguage {
        /// English.
        #[default]
        English = "en",
        /// Arabic; the sheet of a workbook begins on the right.
        Arabic = "ar",
    }
}

/// How a file of a list is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    pub(crate) format: SheetFormat,
    /// For programs, when absent: columns have the names of the API's fields.
    pub(crate) language: Option<SheetLanguage>,
}

impl Look {
    /// As it was asked for; CSV for programs when nothing was said.
    pub fn of(format: Option<SheetFormat>, language: Option<SheetLanguage>) -> Self {
        Look { format: format.unwrap_or_default(), language }
    }

    /// The head of a column of this list.
    pub fn head(self, list: &str, column: &str) -> String {
        let word = |language: SheetLanguage| {
            language.words().get(&format!("{list}.{column}")).or_else(|| language.words().get(column))
        };
        self.language.and_then(word).and_then(Value::as_str).unwrap_or(column).to_owned()
    }

    /// The head of the column of one of the tenant's own fields: what he calls it, or `custom.key` for programs.
    pub fn own_head(self, key: &str, label: &str) -> String {
        self.language.map_or_else(|| format!("custom.{key}"), |_| label.to_owned())
    }
}

impl SheetLanguage {
    fn words(self) -> &'static Map<String, Value> {
        static ENGLISH: LazyLock<Map<String, Value>> = LazyLock::new(|| read(include_str!("../words/en.json")));
        static ARABIC: LazyLock<Map<String, Value>> = LazyLock::new(|| read(include_str!("../words/ar.json")));
        match self {
            SheetLanguage::English => &ENGLISH,
            SheetLanguage::Arabic => &ARABIC,
        }
    }
}

fn read(file: &str) -> Map<String, Value> {
    // A file that cannot be read has no words: a test reads them all.
    serde_json::from_str(file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_in_every_language() {
        let (english, arabic) = (SheetLanguage::English.words(), SheetLanguage::Arabic.words());
        assert!(english.len() > 100);
        assert!(english.keys().eq(arabic.keys()));
        assert!(arabic.values().chain(english.values()).all(|word| word.as_str().is_some_and(|word| !word.is_empty())));
    }

    #[test]
    fn heads_are_for_people_or_for_programs() {
        let (program, arabic) = (Look::default(), Look::of(None, Some(SheetLanguage::Arabic)));
        assert_eq!(
            (program.head("tasks", "due_on"), program.own_head("vat", "VAT")),
            ("due_on".into(), "custom.vat".into())
        );
        assert_eq!(
            (arabic.head("tasks", "due_on"), arabic.own_head("vat", "VAT")),
            ("تاريخ الاستحقاق".into(), "VAT".into())
        );
        let english = Look::of(None, Some(SheetLanguage::English));
        assert_eq!(
            [english.head("tasks", "contact"), english.head("activities", "contact")],
            ["Contact", "Contact ID"]
        );
    }
}
