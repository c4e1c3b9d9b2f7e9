//! CSV that a spreadsheet opens as data and never as a program.
use crate::cells::Sink;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Error, Result};
use std::{borrow::Cow, io::Write};

/// Lines as they are made. One writer serves many lines, so a line costs no memory of its own.
pub(crate) struct Lines(::csv::Writer<Vec<u8>>);

impl Lines {
    pub fn new() -> Self {
        Lines(::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).flexible(true).from_writer(vec![]))
    }

    /// What was written.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        self.0.into_inner().map_err(Error::internal)
    }

    fn push(&mut self, field: impl AsRef<[u8]>) -> Result<()> {
        self.0.write_field(field).map_err(Error::internal)
    }

    /// A short value that needs no quotes, written without a detour through memory of its own.
    fn push_plain(&mut self, value: std::fmt::Arguments<'_>) -> Result<()> {
        let mut field = [0u8; 40];
        let mut left = &mut field[..];
        left.write_fmt(value).map_err(Error::internal)?;
        let unused = left.len();
        self.push(&field[..40 - unused])
    }
}

impl Sink for Lines {
    fn text(&mut self, value: &str) -> Result<()> {
        self.push(defused(value).as_bytes())
    }

    fn number(&mut self, value: i64) -> Result<()> {
        self.push_plain(format_args!("{value}"))
    }

    fn day(&mut self, value: NaiveDate) -> Result<()> {
        self.push_plain(format_args!("{value}"))
    }

    fn moment(&mut self, value: DateTime<Utc>) -> Result<()> {
        self.push(value.to_rfc3339())
    }

    fn end(&mut self) -> Result<()> {
        self.0.write_record(None::<&[u8]>).map_err(Error::internal)
    }
}

/// One line (RFC 4180, with CRLF). A cell that a spreadsheet would run as a formula gets an apostrophe in front.
pub fn line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).flexible(true).from_writer(vec![]);
    // Writing to memory cannot fail, and a flexible writer takes any number of cells.
    let _ = writer.write_record(cells.into_iter().map(|cell| defused(cell.as_ref()).into_owned()));
    writer.into_inner().unwrap_or_default()
}

/// Numbers stay numbers: `-3.5` and `+49 30 901820` cannot start a formula, `-2+3` and `+1+A1` can. Spreadsheets in languages
/// with wide letters take wide signs for the plain ones.
fn defused(cell: &str) -> Cow<'_, str> {
    let dangerous = match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＠' | '＋' | '－') => true,
        Some('+' | '-') => !cell[1..].chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '(' | ')')),
        _ => false,
    };
    if dangerous { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_stay() {
        let written = line(["=1+1", "@SUM(A1)", "+49 30 901820", "-3.5", "-2+3", "\tx", "a \"b\", c", ""]);
        assert_eq!(
            String::from_utf8(written).unwrap(),
            "'=1+1,'@SUM(A1),+49 30 901820,-3.5,'-2+3,'\tx,\"a \"\"b\"\", c\",\r\n"
        );
        let written = line(["\n=1", "＝1+1", "＠SUM(A1)", "＋1", "－1"]);
        assert_eq!(String::from_utf8(written).unwrap(), "\"'\n=1\",'＝1+1,'＠SUM(A1),'＋1,'－1\r\n");
    }
}
