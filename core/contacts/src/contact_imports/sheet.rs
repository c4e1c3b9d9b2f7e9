//! A sheet of an XLSX file as CSV in UTF-8: what follows reads one kind of file only.
use super::model::{MAX_CELL, MAX_COLUMNS, MAX_ROWS};
use calamine::{DataRef, Reader, Xlsx};
use kernel::{Error, Result};
use std::io::{Cursor, Read};

/// Most bytes that the parts of a file may unpack to.
const MAX_UNPACKED: u64 = 256 << 20;
/// Most parts of a file.
const MAX_PARTS: usize = 2_000;
/// Most bytes of a sheet as text.
const MAX_TEXT: usize = 96 << 20;

/// A sheet as text.
#[derive(Debug)]
pub struct Sheet {
    /// Names of every sheet.
    pub names: Vec<String>,
    /// Which one it is.
    pub name: String,
    /// Its rows as CSV.
    pub csv: Vec<u8>,
}

/// Reads the named sheet, or the first one with anything in it. 422 for what is no workbook, is protected, or unpacks to
/// more than a file may have.
pub fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Sheet> {
    check_size(bytes, MAX_UNPACKED)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let names = book.sheet_names();
    if let Some(name) = wanted {
        if !names.iter().any(|n| n == name) {
            return Err(Error::invalid("/sheet", "sheet_unknown", format!("One of {}.", names.join(", "))));
        }
        let csv = rows(&mut book, name)?;
        return Ok(Sheet { name: name.to_owned(), names, csv });
    }
    for name in &names {
        // What is no sheet of cells, such as a chart, is passed over.
        match rows(&mut book, name) {
            Ok(csv) if csv.is_empty() => {}
            Ok(csv) => return Ok(Sheet { name: name.clone(), names: names.clone(), csv }),
            Err(error) if error.code() == "invalid" && names.len() == 1 => return Err(error),
            Err(_) => {}
        }
    }
    Err(Error::invalid("/file", "file_empty", "There is nothing in the file."))
}

/// Unpacks every part to nowhere: what an archive says of its sizes proves nothing.
fn check_size(bytes: &[u8], most: u64) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let mut left = most;
    if archive.len() > MAX_PARTS {
        return Err(too_large());
    }
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|_| unreadable())?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| unreadable())?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn unreadable() -> Error {
    Error::invalid("/file", "file_unreadable", "This is no XLSX file, or it is protected with a password.")
}

fn too_large() -> Error {
    Error::invalid("/file", "file_too_large", "The file unpacks to more than can be taken; save it as CSV.")
}

fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| unreadable())?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(vec![]);
    let mut row: Vec<String> = vec![];
    let (mut at, mut text, mut filled) = (0u32, 0usize, false);
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        let (line, column) = cell.get_position();
        let value = said(cell.get_value());
        if value.is_empty() {
            continue;
        }
        if line as usize > MAX_ROWS {
            return Err(Error::invalid(
                "/file",
                "too_many_rows",
                format!("At most {MAX_ROWS} rows; cut the file in parts."),
            ));
        }
        if column as usize >= MAX_COLUMNS {
            return Err(Error::invalid("/file", "too_many_columns", format!("At most {MAX_COLUMNS} columns.")));
        }
        while at < line {
            write(&mut writer, &mut row)?;
            at += 1;
        }
        row.resize(row.len().max(column as usize + 1), String::new());
        text += value.len();
        if text > MAX_TEXT {
            return Err(too_large());
        }
        row[column as usize] = value;
        filled = true;
    }
    if !filled {
        return Ok(vec![]);
    }
    write(&mut writer, &mut row)?;
    writer.into_inner().map_err(|_| unreadable())
}

fn write(writer: &mut csv::Writer<Vec<u8>>, row: &mut Vec<String>) -> Result<()> {
    // An empty line would not count; one with an empty cell does, so that numbers of rows are those of the sheet.
    if row.is_empty() {
        row.push(String::new());
    }
    writer.write_record(row.iter()).map_err(Error::internal)?;
    row.clear();
    Ok(())
}

/// A cell as its reader sees it; numbers without an exponent, because they are phone numbers and postal codes.
fn said(value: &DataRef<'_>) -> String {
    let text = match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute) == (0, 0) { date } else { format!("{date} {hour:02}:{minute:02}") }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
    };
    // One more than a cell may have, so that it is refused as too long and not cut unseen.
    text.trim().chars().take(MAX_CELL + 1).filter(|c| *c != '\0').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut archive = zip::ZipWriter::new(Cursor::new(vec![]));
        for name in ["xl/a.xml", "xl/b.xml"] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(&[b'a'; 60_000]).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 1_000);
        assert!(check_size(&bytes, 120_000).is_ok());
        let refused = check_size(&bytes, 119_999).unwrap_err();
        assert!(format!("{refused:?}").contains("file_too_large"));
        assert!(read(b"PK\x03\x04 no archive", None).is_err());
    }
}
