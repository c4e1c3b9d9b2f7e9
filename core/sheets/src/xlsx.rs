//! Lists as workbooks, written row by row: what is done stands in a temporary file, so memory does not grow with the list.
use crate::cells::{Cells, Sink};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike, Utc};
use kernel::{Error, Result, db::Whole};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use std::{
    fs::File,
    io::{BufWriter, Seek, SeekFrom, Write},
};

/// Rows below the head that a sheet can have: 2^20 with it (ECMA-376 Part 1, 18.3.1.73).
pub const MOST_ROWS: u64 = (1 << 20) - 1;
/// Characters that a cell can have; a longer text ends in an ellipsis there.
const MOST_CHARACTERS: usize = 32_767;

/// Writes a workbook with one sheet; its file, read from the beginning, and its length. May wait, so it needs a thread.
pub(crate) fn write<T>(
    (columns, right_to_left): (&[String], bool),
    mut whole: Whole<T>,
    put: impl Fn(&T, &mut Cells<'_>) -> Result<()>,
) -> Result<(File, u64)> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
    sheet.set_right_to_left(right_to_left);
    sheet.set_freeze_panes(1, 0).map_err(Error::internal)?;
    let head = Format::new().set_bold();
    for (column, name) in (0..).zip(columns) {
        sheet.set_column_width(column, 18).map_err(Error::internal)?;
        sheet.write_string_with_format(0, column, name, &head).map_err(Error::internal)?;
    }
    let (day, moment) =
        (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    let mut sink = Rows { sheet, row: 1, column: 0, day, moment };
    let mut scratch = String::new();
    while let Some(rows) = whole.next_blocking()? {
        for row in &rows {
            put(row, &mut Cells::new(&mut sink, &mut scratch))?;
            sink.end()?;
        }
    }
    let mut out = BufWriter::new(tempfile::tempfile().map_err(Error::internal)?);
    book.save_to_writer(&mut out).map_err(Error::internal)?;
    out.flush().map_err(Error::internal)?;
    let mut file = out.into_inner().map_err(Error::internal)?;
    let length = file.seek(SeekFrom::End(0)).map_err(Error::internal)?;
    file.rewind().map_err(Error::internal)?;
    Ok((file, length))
}

struct Rows<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
    day: Format,
    moment: Format,
}

impl Rows<'_> {
    fn dated(&mut self, at: NaiveDateTime, with_time: bool) -> Result<()> {
        let format = if with_time { &self.moment } else { &self.day };
        // A spreadsheet's days begin in 1900; what is older is text.
        let text = if with_time { at.to_string() } else { at.date().to_string() };
        let (row, column) = (self.row, self.column);
        let written = match ExcelDateTime::parse_from_str(&text) {
            Ok(day) => self.sheet.write_datetime_with_format(row, column, &day, format),
            Err(_) => self.sheet.write_string(row, column, &text),
        };
        written.map_err(Error::internal)?;
        self.column += 1;
        Ok(())
    }
}

impl Sink for Rows<'_> {
    /// Always a cell of text: nothing in it is ever run.
    fn text(&mut self, value: &str) -> Result<()> {
        if !value.is_empty() {
            let cut = value.char_indices().nth(MOST_CHARACTERS).map(|_| {
                let kept: String = value.chars().take(MOST_CHARACTERS - 1).collect();
                kept + "…"
            });
            let value = cut.as_deref().unwrap_or(value);
            self.sheet.write_string(self.row, self.column, value).map_err(Error::internal)?;
        }
        self.column += 1;
        Ok(())
    }

    fn number(&mut self, value: i64) -> Result<()> {
        self.sheet.write_number(self.row, self.column, value as f64).map_err(Error::internal)?;
        self.column += 1;
        Ok(())
    }

    fn day(&mut self, value: NaiveDate) -> Result<()> {
        self.dated(value.and_time(Default::default()), false)
    }

    fn moment(&mut self, value: DateTime<Utc>) -> Result<()> {
        // To the second, as the cell shows it.
        self.dated(value.naive_utc().with_nanosecond(0).unwrap_or(value.naive_utc()), true)
    }

    fn end(&mut self) -> Result<()> {
        (self.row, self.column) = (self.row + 1, 0);
        Ok(())
    }
}
