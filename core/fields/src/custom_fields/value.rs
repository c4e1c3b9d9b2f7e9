//! What a value of a field may be, how it is written, read from files, found and ordered.
use super::model::{CustomField, FieldType, FormulaResult};
use chrono::{Datelike, NaiveDate};
use serde_json::Value;
use tenants::tenants::minor_digits;
use unicode_normalization::UnicodeNormalization;

/// Longest text of one line, in characters.
pub const MAX_TEXT: usize = 255;
/// Longest text of several lines, in characters.
pub const MAX_LONG_TEXT: usize = 10_000;
/// Largest number, and its opposite the smallest: with six decimal places it still fits a key.
pub const MAX_NUMBER: f64 = 1e12;
/// Largest amount, in minor units.
pub const MAX_AMOUNT: i64 = 100_000_000_000_000;
/// Decimal places of the keys of numbers.
const KEY_DIGITS: u32 = 6;

/// Why a value is refused: a stable code, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub &'static str, pub String);

/// What a value is found by; one for each row of the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Compared and ordered as it is; the database folds it when `folds`.
    pub text: Option<String>,
    /// `text` is written by people: compared without case and accents, and searched in.
    pub folds: bool,
    /// Longer text that is only searched in.
    pub search: Option<String>,
    /// Numbers in millionths, amounts in minor units.
    pub number: Option<i64>,
    /// A day.
    pub date: Option<NaiveDate>,
}

/// How a value is kept, whatever kind of field it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// See [`FieldType::Text`].
    Text,
    /// See [`FieldType::LongText`].
    LongText,
    /// See [`FieldType::Number`].
    Number,
    /// See [`FieldType::Money`].
    Money,
    /// See [`FieldType::Date`].
    Date,
    /// See [`FieldType::Select`].
    Select,
    /// See [`FieldType::MultiSelect`].
    MultiSelect,
    /// See [`FieldType::Checkbox`].
    Checkbox,
    /// An id, of a record or a file.
    Id,
}

impl CustomField {
    /// How its values are kept.
    pub fn shape(&self) -> Shape {
        match (self.kind, self.result) {
            (FieldType::Text, _) | (FieldType::Formula, None | Some(FormulaResult::Text)) => Shape::Text,
            (FieldType::LongText, _) => Shape::LongText,
            (FieldType::Number, _) | (FieldType::Formula, Some(FormulaResult::Number)) => Shape::Number,
            (FieldType::Money, _) | (FieldType::Formula, Some(FormulaResult::Money)) => Shape::Money,
            (FieldType::Date, _) | (FieldType::Formula, Some(FormulaResult::Date)) => Shape::Date,
            (FieldType::Checkbox, _) | (FieldType::Formula, Some(FormulaResult::Checkbox)) => Shape::Checkbox,
            (FieldType::Select, _) => Shape::Select,
            (FieldType::MultiSelect, _) => Shape::MultiSelect,
            (FieldType::Link | FieldType::File, _) => Shape::Id,
        }
    }

    fn digits(&self) -> u32 {
        u32::try_from(self.decimals.unwrap_or(0)).unwrap_or(0).min(KEY_DIGITS)
    }

    /// What ids of linked things begin with.
    pub fn id_prefix(&self) -> &'static str {
        self.target.map_or("fil", super::model::RecordKind::prefix)
    }

    /// The value as it is kept; `None` when it is empty. `before` is what the record has: an option that was put away
    /// stays where it is, and is chosen nowhere else.
    ///
    /// # Errors
    /// What the field does not take.
    pub fn check(&self, value: &Value, before: Option<&Value>) -> Result<Option<Value>, Refused> {
        match self.shape() {
            _ if value.is_null() => Ok(None),
            Shape::Text => text(value, MAX_TEXT, |c| !c.is_control()),
            Shape::LongText => text(value, MAX_LONG_TEXT, |c| !c.is_control() || c == '\n'),
            Shape::Number => self.number(value).map(Some),
            Shape::Money => amount(value).map(Some),
            Shape::Date => date(value).map(|day| Some(Value::from(day.to_string()))),
            Shape::Checkbox => match value {
                Value::Bool(_) => Ok(Some(value.clone())),
                _ => Err(Refused("boolean_invalid", "true or false.".into())),
            },
            Shape::Select => match value.as_str() {
                Some("") => Ok(None),
                Some(key) => self.choice(key, before.and_then(Value::as_str) == Some(key)).map(Some),
                None => Err(Refused("option_unknown", "The key of an option.".into())),
            },
            Shape::MultiSelect => self.choices(value, before),
            Shape::Id => match value.as_str() {
                Some("") => Ok(None),
                Some(text) if uuid_of(text, self.id_prefix()).is_some() => Ok(Some(Value::from(text))),
                _ => Err(Refused("id_invalid", format!("An id like {}_….", self.id_prefix()))),
            },
        }
    }

    fn choice(&self, key: &str, kept: bool) -> Result<Value, Refused> {
        match self.option(key) {
            Some(option) if kept || !option.archived => Ok(Value::from(key)),
            Some(_) => Err(Refused("option_archived", "This option is put away. Choose another one.".into())),
            None => Err(Refused("option_unknown", "The key of one of the field's options.".into())),
        }
    }

    fn choices(&self, value: &Value, before: Option<&Value>) -> Result<Option<Value>, Refused> {
        let wrong = || Refused("option_unknown", "A list of keys of options.".into());
        let given = value.as_array().ok_or_else(wrong)?;
        let kept = |key: &str| before.and_then(Value::as_array).is_some_and(|b| b.iter().any(|v| v == key));
        let mut chosen = vec![];
        for key in given {
            let key = key.as_str().ok_or_else(wrong)?;
            self.choice(key, kept(key))?;
            chosen.push(key);
        }
        // In the order of the options, each once: the same choice is the same value.
        let in_order: Vec<Value> = self
            .options
            .iter()
            .filter_map(|option| option.key.as_deref())
            .filter(|key| chosen.contains(key))
            .map(Value::from)
            .collect();
        Ok((!in_order.is_empty()).then_some(Value::Array(in_order)))
    }

    fn number(&self, value: &Value) -> Result<Value, Refused> {
        let wrong = || Refused("number_invalid", "A number.".into());
        let number = value.as_f64().ok_or_else(wrong)?;
        if number.is_nan() || number.abs() > MAX_NUMBER {
            return Err(Refused("range", "A number from -1000000000000 to 1000000000000.".into()));
        }
        let places = format!("{number}").split_once('.').map_or(0, |(_, places)| places.len());
        if places > self.digits() as usize {
            return Err(Refused("too_precise", format!("At most {} decimal places.", self.digits())));
        }
        Ok(json_number(number))
    }

    /// A value that was computed, in the field's precision; `None` when it is out of bounds.
    pub fn rounded(&self, number: f64) -> Option<Value> {
        let scale = 10f64.powi(i32::try_from(self.digits()).unwrap_or(0));
        match self.shape() {
            Shape::Number if number.abs() <= MAX_NUMBER => Some(json_number((number * scale).round() / scale)),
            Shape::Money => {
                let minor = (number * 10f64.powi(self.minor())).round();
                (minor.abs() <= MAX_AMOUNT as f64).then(|| Value::from(minor as i64))
            }
            _ => None,
        }
    }

    fn minor(&self) -> i32 {
        i32::try_from(minor_digits(self.currency.as_deref().unwrap_or("EUR"))).unwrap_or(2)
    }

    /// An amount in main units, as formulas take it.
    pub fn main_units(&self, minor: i64) -> f64 {
        minor as f64 / 10f64.powi(self.minor())
    }

    /// What a value that was checked is found by.
    pub fn keys(&self, value: &Value) -> Vec<Keys> {
        let one = |keys: Keys| vec![keys];
        match (self.shape(), value) {
            (Shape::Text, Value::String(text)) => {
                one(Keys { text: Some(text.clone()), folds: true, ..Keys::default() })
            }
            (Shape::LongText, Value::String(text)) => one(Keys { search: Some(text.clone()), ..Keys::default() }),
            (Shape::Number, value) => one(Keys { number: value.as_f64().and_then(millionths), ..Keys::default() }),
            (Shape::Money, value) => one(Keys { number: value.as_i64(), ..Keys::default() }),
            (Shape::Date, value) => one(Keys { date: date(value).ok(), ..Keys::default() }),
            (Shape::MultiSelect, Value::Array(keys)) => keys
                .iter()
                .filter_map(Value::as_str)
                .map(|key| Keys { text: Some(key.to_owned()), ..Keys::default() })
                .collect(),
            (_, Value::Bool(on)) => one(Keys { text: Some(on.to_string()), ..Keys::default() }),
            (_, Value::String(text)) => one(Keys { text: Some(text.clone()), ..Keys::default() }),
            _ => one(Keys::default()),
        }
    }

    /// As a cell of a file.
    pub fn cell(&self, value: &Value) -> String {
        let label = |key: &str| self.option(key).map_or_else(|| key.to_owned(), |option| option.label.clone());
        match (self.shape(), value) {
            (Shape::Select, Value::String(key)) => label(key),
            (Shape::MultiSelect, Value::Array(keys)) => {
                keys.iter().filter_map(Value::as_str).map(label).collect::<Vec<_>>().join("; ")
            }
            (Shape::Money, value) => match value.as_i64() {
                Some(minor) => decimal(minor, self.minor().unsigned_abs()),
                None => String::new(),
            },
            (_, Value::String(text)) => text.clone(),
            (_, Value::Null) => String::new(),
            (_, value) => value.to_string(),
        }
    }

    /// What a cell of a file says, to be checked; `None` when it cannot be read as a value of the field. Options are named
    /// by label or key, amounts are in main units, numbers may be grouped, days may be `31.01.2026` or `2026-01-31`.
    pub fn parse(&self, cell: &str) -> Option<Value> {
        let cell = cell.trim();
        let key = |name: &str| {
            let name = name.trim().to_lowercase();
            let mut named = self.options.iter().filter(|o| !o.archived);
            named
                .find(|o| o.label.to_lowercase() == name || o.key.as_deref() == Some(name.as_str()))
                .and_then(|o| o.key.clone())
        };
        match self.shape() {
            Shape::Text | Shape::LongText | Shape::Id => Some(Value::from(cell)),
            Shape::Number => written_number(cell).map(json_number),
            Shape::Money => {
                let minor = written_number(cell.trim_matches(|c: char| !c.is_ascii_digit() && c != '-'))?
                    * 10f64.powi(self.minor());
                ((minor - minor.round()).abs() < 1e-3).then(|| Value::from(minor.round() as i64))
            }
            Shape::Date => written_day(cell).map(|day| Value::from(day.to_string())),
            Shape::Checkbox => match cell.to_lowercase().as_str() {
                "true" | "yes" | "y" | "1" | "x" | "ja" | "oui" | "sí" | "si" | "wahr" | "نعم" => Some(true.into()),
                "false" | "no" | "n" | "0" | "nein" | "non" | "falsch" | "لا" => Some(false.into()),
                _ => None,
            },
            Shape::Select => key(cell).map(Value::from),
            Shape::MultiSelect => cell
                .split([';', ',', '|'])
                .filter(|part| !part.trim().is_empty())
                .map(|part| key(part).map(Value::from))
                .collect::<Option<Vec<_>>>()
                .map(Value::Array),
        }
    }
}

/// Whole numbers without a point, as people write them.
fn json_number(number: f64) -> Value {
    if number.fract() == 0.0 { Value::from(number as i64) } else { Value::from(number) }
}

fn text(value: &Value, max: usize, keep: fn(char) -> bool) -> Result<Option<Value>, Refused> {
    let text = value.as_str().ok_or_else(|| Refused("text_invalid", "Text.".into()))?;
    let text: String = text.nfc().filter(|c| keep(*c)).collect();
    let text = text.trim();
    if text.chars().count() > max {
        return Err(Refused("too_long", format!("At most {max} characters.")));
    }
    Ok((!text.is_empty()).then(|| Value::from(text)))
}

fn amount(value: &Value) -> Result<Value, Refused> {
    let whole = value.as_i64().or_else(|| value.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64));
    match whole {
        Some(minor) if (-MAX_AMOUNT..=MAX_AMOUNT).contains(&minor) => Ok(Value::from(minor)),
        Some(_) => Err(Refused("range", "An amount from -100000000000000 to 100000000000000 minor units.".into())),
        None => Err(Refused("amount_invalid", "A whole number of minor units, for example cents.".into())),
    }
}

fn date(value: &Value) -> Result<NaiveDate, Refused> {
    let wrong = || Refused("date_invalid", "A day like 2026-01-31.".into());
    let text = value.as_str().filter(|text| text.len() == 10).ok_or_else(wrong)?;
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| wrong())?;
    match day.year() {
        1000..=9998 => Ok(day),
        _ => Err(Refused("range", "A day of the years 1000 to 9998.".into())),
    }
}

/// A number as its key.
pub fn millionths(number: f64) -> Option<i64> {
    let scaled = (number * 1e6).round();
    (scaled.abs() <= MAX_NUMBER * 1e6).then_some(scaled as i64)
}

/// Minor units as a decimal number.
fn decimal(minor: i64, digits: u32) -> String {
    let scale = 10u64.pow(digits);
    let (whole, rest) = (minor.unsigned_abs() / scale, minor.unsigned_abs() % scale);
    let sign = if minor < 0 { "-" } else { "" };
    match digits {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{rest:0width$}", width = digits as usize),
    }
}

/// A number as people write it: `1234.5`, `1,234.50`, `1.234,50`, `1 234,5`. What comes last of point and comma parts
/// the decimals; one alone groups thousands when it stands more than once, or before exactly three digits of a number
/// that has a comma only.
fn written_number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}' && *c != '\'').collect();
    let fine = text.char_indices().all(|(i, c)| c.is_ascii_digit() || c == '.' || c == ',' || (c == '-' && i == 0));
    if !fine || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (points, commas) = (text.matches('.').count(), text.matches(',').count());
    let plain = match (points, commas) {
        (_, 0) if points <= 1 => text,
        (_, 0) => text.replace('.', ""),
        (0, 1) => match text.split_once(',') {
            Some((_, after)) if after.len() == 3 => text.replace(',', ""),
            _ => text.replace(',', "."),
        },
        (0, _) => text.replace(',', ""),
        _ if text.rfind('.') > text.rfind(',') => text.replace(',', ""),
        _ => text.replace('.', "").replace(',', "."),
    };
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A day as people write it. What could be two days (`01/02/2026`) is none.
fn written_day(text: &str) -> Option<NaiveDate> {
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    let iso = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"];
    if let Some(day) = iso.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok()) {
        return Some(day);
    }
    let first = NaiveDate::parse_from_str(text, "%d/%m/%Y").ok();
    let second = NaiveDate::parse_from_str(text, "%m/%d/%Y").ok();
    match (first, second) {
        (Some(day), None) | (None, Some(day)) => Some(day),
        (Some(one), Some(other)) if one == other => Some(one),
        _ => None,
    }
}

/// The id behind its wire form.
pub fn uuid_of(text: &str, prefix: &str) -> Option<uuid::Uuid> {
    text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).and_then(kernel::ids::decode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custom_fields::model::{CustomFieldId, FieldOption, RecordKind, WorkState};
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;

    fn field(kind: FieldType, decimals: i16, currency: &str) -> CustomField {
        let option =
            |key: &str, label: &str| FieldOption { key: Some(key.into()), label: label.into(), archived: false };
        CustomField {
            id: CustomFieldId(uuid::Uuid::nil()),
            record: RecordKind::Contact,
            key: "f".into(),
            label: "F".into(),
            help: None,
            kind,
            options: vec![option("a", "Alpha"), option("b", "Beta")],
            decimals: Some(decimals),
            currency: Some(currency.into()),
            target: None,
            expression: None,
            result: None,
            blank_as_zero: false,
            required: false,
            unique: false,
            default: None,
            section: None,
            position: 0,
            archived_at: None,
            deleting_at: None,
            work_state: WorkState::Idle,
            work_done: 0,
            work_total: 0,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn cells_are_read_as_people_write_them() {
        let number = |text: &str| field(FieldType::Number, 2, "EUR").parse(text);
        for (text, wanted) in [
            ("1234.5", Some(1234.5)),
            ("1,234.50", Some(1234.5)),
            ("1.234,50", Some(1234.5)),
            ("1 234,5", Some(1234.5)),
            ("1,234", Some(1234.0)),
            ("1.234.567", Some(1_234_567.0)),
            ("-0,5", Some(-0.5)),
            ("1-2", None),
            ("", None),
            (".", None),
            ("12a", None),
        ] {
            assert_eq!(number(text).and_then(|v| v.as_f64()), wanted, "{text}");
        }
        let money = |code: &str, text: &str| field(FieldType::Money, 0, code).parse(text).and_then(|v| v.as_i64());
        assert_eq!(money("EUR", "1.234,56 €"), Some(123_456));
        assert_eq!(money("JPY", "¥1500"), Some(1500));
        assert_eq!(money("KWD", "1.234 KWD"), Some(1234));
        assert_eq!(money("EUR", "1.234"), None, "there is no tenth of a cent");
        let day = |text: &str| field(FieldType::Date, 0, "EUR").parse(text);
        for text in ["2026-01-31", "31.01.2026", "31/01/2026", "01/31/2026", "2026-01-31T10:00:00Z"] {
            assert_eq!(day(text), Some(Value::from("2026-01-31")), "{text}");
        }
        assert_eq!(day("01/02/2026"), None, "it could be two days");
        assert_eq!(field(FieldType::MultiSelect, 0, "EUR").parse("beta; Alpha"), Some(serde_json::json!(["b", "a"])));
        assert_eq!(field(FieldType::Select, 0, "EUR").parse("gamma"), None);
    }

    proptest! {
        #[test]
        fn checking_and_reading_never_panic(text in ".{0,60}", number in any::<f64>(), whole in any::<i64>()) {
            for kind in [FieldType::Text, FieldType::LongText, FieldType::Number, FieldType::Money, FieldType::Date,
                FieldType::Select, FieldType::MultiSelect, FieldType::Checkbox, FieldType::Link] {
                let field = field(kind, 2, "EUR");
                for value in [Value::from(text.clone()), Value::from(number), Value::from(whole), Value::from(vec![text.clone()])] {
                    if let Ok(Some(kept)) = field.check(&value, None) {
                        prop_assert_eq!(field.check(&kept, Some(&kept)), Ok(Some(kept.clone())), "what is kept is taken again");
                        prop_assert!(!field.keys(&kept).is_empty());
                        let _ = field.cell(&kept);
                    }
                }
                let _ = field.parse(&text);
            }
        }

        #[test]
        fn keys_of_numbers_stand_in_their_order(a in -1_000_000_000_000i64..1_000_000_000_000, b in -1_000_000_000_000i64..1_000_000_000_000) {
            let field = field(FieldType::Number, 3, "EUR");
            let kept = |n: i64| field.check(&Value::from(n as f64 / 1000.0), None).unwrap().unwrap();
            let key = |n: i64| field.keys(&kept(n))[0].number.unwrap();
            prop_assert_eq!(a.cmp(&b), key(a).cmp(&key(b)));
            prop_assert_eq!(key(a), a * 1000);
        }

        #[test]
        fn a_value_comes_back_from_its_cell(minor in -MAX_AMOUNT..MAX_AMOUNT, code in prop::sample::select(vec!["EUR", "JPY"]), days in 0i64..200_000) {
            let money = field(FieldType::Money, 0, code);
            // Beyond this a number of the main unit has no exact minor units any more.
            let minor = minor / 100;
            prop_assert_eq!(money.parse(&money.cell(&Value::from(minor))), Some(Value::from(minor)));
            let date = field(FieldType::Date, 0, code);
            let day = Value::from((NaiveDate::from_ymd_opt(1600, 1, 1).unwrap() + TimeDelta::days(days)).to_string());
            prop_assert_eq!(date.keys(&day)[0].date.map(|day| Value::from(day.to_string())), Some(day.clone()));
            prop_assert_eq!(date.parse(&date.cell(&day)), Some(day));
        }
    }
}
