//! Reports as files: CSV for programs, XLSX for people. A cell is a value and never a formula.
use super::{
    model::{Label, Number, Report, ReportDays, ReportDimension, ReportUnit},
    words::Language,
};
use chrono::NaiveDate;
use kernel::{Error, Result, ids::UserId};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};
use sheets::csv;
use std::collections::{BTreeMap, BTreeSet};
use tenants::{brands::Branding, tenants::minor_digits};

/// Names of members.
pub(crate) type Names = BTreeMap<UserId, String>;

/// How a report is written for somebody.
#[derive(Debug, Clone)]
pub(crate) struct Writing {
    pub language: Language,
    /// Whether CSV has the keys of the API instead of words: for programs.
    pub keys: bool,
    pub names: Names,
    /// Whose report it looks like.
    pub brand: Branding,
}

impl Writing {
    /// What a line is about. Days are said by their limits.
    pub fn label(&self, dimension: ReportDimension, label: &Label) -> String {
        if let Some(word) = &label.word {
            return self.language.word("label", word).to_owned();
        }
        match (dimension, &label.text, label.from) {
            (ReportDimension::Member, ..) => match &label.member {
                Some(id) => self.names.get(id).cloned().unwrap_or_else(|| id.to_string()),
                None => self.language.word("label", "nobody").to_owned(),
            },
            (ReportDimension::Time, _, Some(from)) => match label.until {
                Some(until) if until != from => format!("{from} – {until}"),
                _ => from.to_string(),
            },
            (ReportDimension::Time, ..) => self.language.word("label", "undated").to_owned(),
            (ReportDimension::ActivityKind, Some(text), _) => self.language.word("measure", text).to_owned(),
            (ReportDimension::CompanyStatus | ReportDimension::CompanyTier, Some(text), _) => {
                self.language.word("label", text).to_owned()
            }
            (_, Some(text), _) => text.clone(),
            (_, None, _) => self.language.word("label", "unsaid").to_owned(),
        }
    }

    /// Days as people write them, the first and the last one.
    pub fn days(&self, days: &ReportDays) -> String {
        let of = |day| notifications::day(self.language.tag(), day);
        format!("{} – {}", of(days.from), of(days.until))
    }

    /// A word for what a number measures.
    pub fn measure<'a>(&self, key: &'a str) -> &'a str {
        self.language.word("measure", key)
    }
}

/// A value in main units as text: `1234.50`, `0.905`, seconds as they are.
pub(crate) fn plain(value: i64, unit: ReportUnit, currency: Option<&str>) -> String {
    let digits = match unit {
        ReportUnit::Money => currency.map_or(2, minor_digits) as usize,
        ReportUnit::Share => 4,
        ReportUnit::Count | ReportUnit::Seconds => 0,
    };
    if digits == 0 {
        return value.to_string();
    }
    let text = format!("{:0>width$}", value.unsigned_abs(), width = digits + 1);
    let (whole, part) = text.split_at(text.len() - digits);
    format!("{}{whole}.{part}", if value < 0 { "-" } else { "" })
}

/// A number as people read it: `1,234.50 EUR`, `90.5%`, `3.2 days`.
pub(crate) fn said(writing: &Writing, unit: ReportUnit, value: Option<i64>, currency: Option<&str>) -> Option<String> {
    let value = value?;
    Some(match (unit, currency) {
        (ReportUnit::Share, _) => format!("{}%", (value as f64 / 10.0).round() / 10.0),
        (ReportUnit::Seconds, _) => format!("{:.1} {}", value as f64 / 86_400.0, writing.language.word("file", "days")),
        (unit, Some(currency)) => format!("{} {currency}", grouped(&plain(value, unit, Some(currency)))),
        (unit, None) => grouped(&plain(value, unit, None)),
    })
}

/// Commas between thousands.
fn grouped(plain: &str) -> String {
    let (whole, part) = plain.find('.').map_or((plain, ""), |at| plain.split_at(at));
    let mut out = String::new();
    let digits = whole.trim_start_matches('-');
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{}{out}{part}", if whole.starts_with('-') { "-" } else { "" })
}

/// The days and the figures in words, for a mail: a paragraph for each.
pub(crate) fn summary(report: &Report, writing: &Writing) -> String {
    let mut parts = vec![format!("{} ({})", writing.days(&report.days), report.zone)];
    for figure in &report.figures {
        for number in &figure.numbers {
            let of = |value| said(writing, figure.unit, value, number.currency.as_deref());
            let Some(now) = of(number.value) else { continue };
            let before =
                of(number.before).map(|before| format!(" ({before} {})", writing.language.word("file", "earlier")));
            parts.push(format!("{}: {now}{}", writing.measure(&figure.key), before.unwrap_or_default()));
        }
    }
    parts.join("\n\n")
}

/// One line for each number: the table, the line, the days, the currency, what is measured, and now and before, in words or by
/// the keys of the API; money and shares are in main units.
pub(crate) fn csv(report: &Report, writing: &Writing) -> Vec<u8> {
    const COLUMNS: [&str; 10] =
        ["table", "about", "line", "from", "until", "currency", "measure", "unit", "value", "before"];
    let word =
        |group, key: &str| if writing.keys { key.to_owned() } else { writing.language.word(group, key).to_owned() };
    let mut out = csv::line(COLUMNS.map(|column| word("column", column)));
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut push = |place: [String; 3], from, until, (key, unit): (&str, ReportUnit), number: &Number| {
        let said =
            |value: Option<i64>| value.map(|value| plain(value, unit, number.currency.as_deref())).unwrap_or_default();
        let [table, about, line] = place;
        let currency = number.currency.clone().unwrap_or_default();
        let cells =
            [table, about, line, day(from), day(until), currency, word("measure", key), word("unit", unit.as_str())];
        out.extend(csv::line(cells.into_iter().chain([said(number.value), said(number.before)])));
    };
    for figure in &report.figures {
        for number in &figure.numbers {
            let days = report.days;
            push(Default::default(), Some(days.from), Some(days.until), (&figure.key, figure.unit), number);
        }
    }
    for table in &report.tables {
        for line in &table.lines {
            let name = match table.dimension {
                ReportDimension::Time => String::new(),
                dimension => writing.label(dimension, &line.label),
            };
            for (column, number) in table.columns.iter().zip(&line.numbers) {
                let place = [word("table", &table.key), table.about.clone().unwrap_or_default(), name.clone()];
                push(place, line.label.from, line.label.until, (&column.key, column.unit), number);
            }
        }
    }
    out
}

/// A workbook: a sheet with the figures, and one for each table. Numbers are numbers, days are days.
pub(crate) fn xlsx(report: &Report, writing: &Writing) -> Result<Vec<u8>> {
    let language = writing.language;
    let mut book = Workbook::new();
    let mut names = BTreeSet::new();
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let sheet = sheet(&mut book, &mut names, language.word("kind", report.kind.as_str()), language)?;
    let before = report.before.is_some();
    let days = format!("{} ({})", writing.days(&report.days), report.zone);
    sheet
        .write_string_with_format(0, 0, language.word("kind", report.kind.as_str()), &head)
        .map_err(Error::internal)?;
    sheet.write_string(1, 0, days).map_err(Error::internal)?;
    if let Some(days) = &report.before {
        let text = format!("{} {}", language.word("file", "compared"), writing.days(days));
        sheet.write_string(2, 0, text).map_err(Error::internal)?;
    }
    for (column, key) in [(1, "figures"), (2, "before"), (3, "currency")] {
        if column != 2 || before {
            let word = language.word("file", key);
            sheet.write_string_with_format(4, column, word, &head).map_err(Error::internal)?;
        }
    }
    let mut row = 5;
    for figure in &report.figures {
        for number in &figure.numbers {
            sheet.write_string(row, 0, writing.measure(&figure.key)).map_err(Error::internal)?;
            put(sheet, row, 1, figure.unit, number.value, number)?;
            put(sheet, row, 2, figure.unit, number.before, number)?;
            sheet.write_string(row, 3, number.currency.as_deref().unwrap_or_default()).map_err(Error::internal)?;
            row += 1;
        }
    }
    sheet.set_column_width(0, 34).map_err(Error::internal)?;
    for table in &report.tables {
        let title = language.word("table", &table.key);
        let name = table.about.as_ref().map_or_else(|| title.to_owned(), |about| format!("{about} – {title}"));
        let sheet = self::sheet(&mut book, &mut names, &name, language)?;
        let money = table.lines.iter().any(|line| line.label.currency.is_some());
        let compared =
            |i: usize| before && table.lines.iter().any(|line| line.numbers.get(i).is_some_and(|n| n.before.is_some()));
        let mut column = 1;
        if money {
            sheet.write_string_with_format(0, 1, language.word("file", "currency"), &head).map_err(Error::internal)?;
            column += 1;
        }
        let first = column;
        for (i, of) in table.columns.iter().enumerate() {
            sheet.write_string_with_format(0, column, writing.measure(&of.key), &head).map_err(Error::internal)?;
            column += 1;
            if compared(i) {
                let word = format!("{} ({})", writing.measure(&of.key), language.word("file", "before"));
                sheet.write_string_with_format(0, column, word, &head).map_err(Error::internal)?;
                column += 1;
            }
        }
        for (row, line) in (1..).zip(&table.lines) {
            match (table.dimension, line.label.from) {
                (ReportDimension::Time, Some(from)) => {
                    let day = ExcelDateTime::parse_from_str(&from.to_string()).map_err(Error::internal)?;
                    let format = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
                    sheet.write_datetime_with_format(row, 0, &day, &format).map_err(Error::internal)?;
                }
                (dimension, _) => {
                    sheet.write_string(row, 0, writing.label(dimension, &line.label)).map_err(Error::internal)?;
                }
            }
            if let Some(currency) = &line.label.currency {
                sheet.write_string(row, 1, currency).map_err(Error::internal)?;
            }
            let mut column = first;
            for (i, (of, number)) in table.columns.iter().zip(&line.numbers).enumerate() {
                put(sheet, row, column, of.unit, number.value, number)?;
                column += 1;
                if compared(i) {
                    put(sheet, row, column, of.unit, number.before, number)?;
                    column += 1;
                }
            }
        }
        sheet.set_column_width(0, 28).map_err(Error::internal)?;
        sheet.set_freeze_panes(1, 1).map_err(Error::internal)?;
    }
    book.save_to_buffer().map_err(Error::internal)
}

/// A sheet of this name, or of one that is still free.
fn sheet<'a>(
    book: &'a mut Workbook,
    names: &mut BTreeSet<String>,
    name: &str,
    language: Language,
) -> Result<&'a mut Worksheet> {
    // What a spreadsheet does not allow in names of sheets.
    let clean: String = name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let short = |most: usize| clean.trim().chars().take(most).collect::<String>();
    let free = |name: &String| !names.contains(&name.to_lowercase());
    let stem = if clean.trim().is_empty() { "–".to_owned() } else { short(27).trim().to_owned() };
    let mut numbered = (2..).map(|n| format!("{stem} {n}"));
    let name = Some(short(31)).filter(|name| !name.is_empty() && free(name)).or_else(|| numbered.find(free));
    let name = name.unwrap_or_default();
    names.insert(name.to_lowercase());
    let sheet = book.add_worksheet();
    sheet.set_name(name).map_err(Error::internal)?;
    sheet.set_right_to_left(language.is_right_to_left());
    Ok(sheet)
}

/// A number as a spreadsheet counts it: shares as parts of one, money in main units, times in days.
fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    unit: ReportUnit,
    value: Option<i64>,
    number: &Number,
) -> Result<()> {
    let Some(value) = value else { return Ok(()) };
    let (value, format) = match unit {
        ReportUnit::Count => (value as f64, "#,##0".to_owned()),
        ReportUnit::Share => (value as f64 / 10_000.0, "0.0%".to_owned()),
        ReportUnit::Seconds => (value as f64 / 86_400.0, "0.0".to_owned()),
        ReportUnit::Money => {
            let digits = number.currency.as_deref().map_or(2, minor_digits);
            let places = if digits == 0 { String::new() } else { format!(".{}", "0".repeat(digits as usize)) };
            (value as f64 / 10_f64.powi(digits as i32), format!("#,##0{places}"))
        }
    };
    let format = Format::new().set_num_format(format);
    sheet.write_number_with_format(row, column, value, &format).map(|_| ()).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_said_in_main_units() {
        for (value, unit, currency, expected) in [
            (123_450, ReportUnit::Money, Some("EUR"), "1234.50"),
            (5, ReportUnit::Money, Some("KWD"), "0.005"),
            (500, ReportUnit::Money, Some("JPY"), "500"),
            (9_050, ReportUnit::Share, None, "0.9050"),
            (3, ReportUnit::Count, None, "3"),
        ] {
            assert_eq!(plain(value, unit, currency), expected);
        }
        assert_eq!(["999", "-1000", "1234567.89"].map(grouped), ["999", "-1,000", "1,234,567.89"]);
    }

    #[test]
    fn sheets_have_names_that_spreadsheets_take() {
        let (mut book, mut names) = (Workbook::new(), BTreeSet::new());
        let mut name = |wanted: &str| sheet(&mut book, &mut names, wanted, Language::English).unwrap().name();
        assert_eq!(name("A/B: [x]"), "A B   x");
        assert_eq!(name(&"long ".repeat(9)), "long long long long long long l");
        assert_eq!(name(&"long ".repeat(9)), "long long long long long lo 2");
        assert_eq!(name("*"), "– 2");
    }
}
