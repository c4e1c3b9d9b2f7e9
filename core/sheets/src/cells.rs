//! One line of a sheet, cell by cell, whatever the file is.
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Result;
use std::fmt::{Display, Write};

/// Takes cells from the first to the last one of a line.
pub(crate) trait Sink {
    /// Text; empty when there is none.
    fn text(&mut self, value: &str) -> Result<()>;
    fn number(&mut self, value: i64) -> Result<()>;
    fn day(&mut self, value: NaiveDate) -> Result<()>;
    fn moment(&mut self, value: DateTime<Utc>) -> Result<()>;
    /// The line is over.
    fn end(&mut self) -> Result<()>;
}

/// The cells of one line, put in the order of the columns.
pub struct Cells<'a> {
    sink: &'a mut dyn Sink,
    /// Where text is put together, line after line.
    scratch: &'a mut String,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(sink: &'a mut dyn Sink, scratch: &'a mut String) -> Self {
        Cells { sink, scratch }
    }

    /// Text, or an empty cell.
    pub fn text<'t>(&mut self, value: impl Into<Option<&'t str>>) -> Result<()> {
        self.sink.text(value.into().unwrap_or_default())
    }

    /// Something that is written as text, such as an id, or an empty cell.
    pub fn shown<T: Display>(&mut self, value: Option<T>) -> Result<()> {
        self.scratch.clear();
        if let Some(value) = value {
            write!(self.scratch, "{value}").map_err(kernel::Error::internal)?;
        }
        self.sink.text(self.scratch)
    }

    /// Several texts in one cell, with `; ` between.
    pub fn texts<T: AsRef<str>>(&mut self, values: impl IntoIterator<Item = T>) -> Result<()> {
        self.scratch.clear();
        for value in values {
            if !self.scratch.is_empty() {
                self.scratch.push_str("; ");
            }
            self.scratch.push_str(value.as_ref());
        }
        self.sink.text(self.scratch)
    }

    /// A whole number, or an empty cell.
    pub fn number(&mut self, value: impl Into<Option<i64>>) -> Result<()> {
        match value.into() {
            Some(value) => self.sink.number(value),
            None => self.sink.text(""),
        }
    }

    /// A day, or an empty cell.
    pub fn day(&mut self, value: impl Into<Option<NaiveDate>>) -> Result<()> {
        match value.into() {
            Some(value) => self.sink.day(value),
            None => self.sink.text(""),
        }
    }

    /// A moment in UTC, or an empty cell.
    pub fn moment(&mut self, value: impl Into<Option<DateTime<Utc>>>) -> Result<()> {
        match value.into() {
            Some(value) => self.sink.moment(value),
            None => self.sink.text(""),
        }
    }
}
