//! From the bytes of a file to rows of text: encoding, delimiter, records. Nothing here knows what a contact is.
use super::model::{MAX_CELL, MAX_COLUMNS, MAX_ROWS};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use kernel::{Error, Result};
use std::collections::BTreeMap;

/// What may stand between cells, the likeliest first.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that a guess looks at.
const SAMPLE: usize = 60;
/// Bytes that a guess of an encoding looks at.
const SAMPLE_BYTES: usize = 1 << 20;

/// Text of a file and how to read it.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// What stands between cells.
    pub delimiter: u8,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number in the file, from 1; the header counts, empty lines do not.
    pub line: i32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Rows, and where the next one begins.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The rows that say something.
    pub records: Vec<Record>,
    /// Byte of the text at which the next one begins.
    pub position: usize,
    /// The last row that was read.
    pub line: i32,
    /// Whether the text ends here.
    pub ended: bool,
}

/// What a whole file looks like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// The first row.
    pub first: Vec<String>,
    /// Rows that say something, the first one included.
    pub rows: usize,
    /// Most cells of a row.
    pub width: usize,
}

/// The encoding of a text: what its mark says, else UTF-16 by its zero bytes, else UTF-8 when it is that, else what its
/// letters look like.
pub fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if sample.len() >= 4 && odd * 3 > sample.len() / 2 && odd > even * 4 {
        return UTF_16LE;
    }
    if sample.len() >= 4 && even * 3 > sample.len() / 2 && even > odd * 4 {
        return UTF_16BE;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// An encoding by its name; 422 when there is none.
pub fn encoding_named(name: &str) -> Result<&'static Encoding> {
    Encoding::for_label(name.as_bytes())
        .ok_or_else(|| Error::invalid("/encoding", "encoding_unknown", "The name of an encoding, for example utf-8."))
}

/// The text in an encoding, without its mark; what is no letter in it becomes a replacement character. A first line that only
/// tells spreadsheets the delimiter (`sep=;`) is no row.
pub fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    let tells = |line: &str| {
        let (sep, sign) = line.trim_end_matches('\r').split_at_checked(4).unwrap_or_default();
        sep.eq_ignore_ascii_case("sep=") && sign.chars().count() == 1
    };
    let text = match text.split_once('\n') {
        Some((first, rest)) if tells(first) => rest.to_owned(),
        _ => text.into_owned(),
    };
    // A zero is no text, and a database takes none.
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// What stands between the cells of a text: what cuts most of its first rows into the same number of cells.
pub fn delimiter_of(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        let mut count = 0;
        for record in reader(text.as_bytes(), delimiter).byte_records().take(SAMPLE).flatten() {
            *widths.entry(record.len()).or_default() += 1;
            count += 1;
        }
        let best = widths.into_iter().filter(|(width, _)| *width > 1).max_by_key(|(width, n)| (*n, *width));
        best.map_or((0, 0), |(width, n)| (n * 1000 / count.max(1), width))
    };
    let mut best = (b',', (0, 0));
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes)
}

impl Decoded {
    /// Up to `most` rows from a place in the text; rows without any text are passed over.
    pub fn read(&self, position: usize, line: i32, most: usize) -> Batch {
        let rest = self.text.as_bytes().get(position..).unwrap_or_default();
        let mut reader = reader(rest, self.delimiter);
        let mut batch = Batch { records: vec![], position, line, ended: false };
        let mut record = csv::StringRecord::new();
        while batch.records.len() < most {
            // A text cannot fail: it is in memory and valid.
            if !reader.read_record(&mut record).unwrap_or(false) {
                batch.ended = true;
                break;
            }
            batch.line += 1;
            batch.position = position + usize::try_from(reader.position().byte()).unwrap_or(0);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                batch.records.push(Record { line: batch.line, cells: record.iter().map(str::to_owned).collect() });
            }
        }
        batch
    }

    /// The shape of the text; 422 when it is empty or has too many rows or columns.
    pub fn shape(&self) -> Result<Shape> {
        let mut shape = Shape::default();
        let mut reader = reader(self.text.as_bytes(), self.delimiter);
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            if shape.rows == 0 {
                shape.first = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                shape.width = shape.first.iter().rposition(|c| !c.trim().is_empty()).map_or(1, |at| at + 1);
            }
            shape.rows += 1;
        }
        let refuse = |code: &str, detail: String| Err(Error::invalid("/file", code, detail));
        match shape {
            Shape { rows: 0, .. } => refuse("file_empty", "There is nothing in the file.".into()),
            Shape { rows, .. } if rows > MAX_ROWS + 1 => {
                refuse("too_many_rows", format!("At most {MAX_ROWS} rows; cut the file in parts."))
            }
            Shape { width, .. } if width > MAX_COLUMNS => {
                refuse("too_many_columns", format!("At most {MAX_COLUMNS} columns."))
            }
            fine => Ok(fine),
        }
    }
}

/// Whether the first row names the columns: an e-mail address or a number names none.
pub fn has_header(first: &[String]) -> bool {
    let datum = |cell: &String| {
        let cell = cell.trim();
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        crate::EmailAddress::parse(cell).is_some() || digits >= 5 && digits * 2 > cell.chars().count()
    };
    !first.iter().any(datum)
}

/// Why a row cannot be read at all.
pub fn refusal(record: &Record, width: usize) -> Option<&'static str> {
    if record.cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
        return Some("too_many_cells");
    }
    record.cells.iter().any(|cell| cell.chars().count() > MAX_CELL).then_some("cell_too_long")
}

/// The parts of a cell with several values.
pub fn split<'a>(cell: &'a str, separator: &str) -> impl Iterator<Item = &'a str> {
    let separator = separator.chars().next().unwrap_or(';');
    cell.split([separator, '\n', '\r']).map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(bytes: &[u8]) -> Decoded {
        let text = decode(bytes, encoding_of(bytes));
        Decoded { delimiter: delimiter_of(&text), text }
    }

    fn cells(file: &Decoded) -> Vec<Vec<String>> {
        file.read(0, 0, usize::MAX).records.into_iter().map(|r| r.cells).collect()
    }

    fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    #[test]
    fn texts_of_old_programs_are_read() {
        let german = "Vorname;Nachname;Straße\nJürgen;Müller;Hauptstraße 5\nSören;Größ;Äußere Bahnhofstraße 12\n";
        let russian = "Имя;Фамилия;Город\nИван;Петров;Москва\nОльга;Сидорова;Санкт-Петербург\n";
        let arabic = "الاسم;المدينة;الهاتف\nمحمد;القاهرة;0100\nفاطمة;بيروت;0300\n";
        for (text, name) in [(german, "windows-1252"), (russian, "windows-1251"), (arabic, "windows-1256")] {
            let bytes = encoding_named(name).unwrap().encode(text).0;
            assert_eq!(encoding_of(&bytes).name().to_lowercase(), name);
            assert_eq!(decoded(&bytes).text, text);
            assert_eq!(decoded(&bytes).delimiter, b';');
        }
    }

    #[test]
    fn a_line_for_spreadsheets_is_no_row() {
        for text in ["sep=;\r\nname;note\r\nAnn;x\r\n", "\u{feff}SEP=\t\nname\tnote\nAnn\tx\n"] {
            assert_eq!(cells(&decoded(text.as_bytes())), [["name", "note"], ["Ann", "x"]], "{text:?}");
        }
        for text in ["sep=;,note\nAnn,x\n", "sep=,\u{e9}x\nAnn,x\n", "sep,note\nAnn,x\n", "sep=;", "日本,x\nAnn,x\n"]
        {
            assert_eq!(decode(text.as_bytes(), UTF_8), text);
        }
    }

    #[test]
    fn marks_quotes_and_breaks_are_understood() {
        let file = decoded("\u{feff}name,note\r\n\"Ann, \"\"A\"\"\",\"two\nlines\"\r\n,\r\n\r\nBob,x".as_bytes());
        let batch = file.read(0, 0, 10);
        let lines: Vec<i32> = batch.records.iter().map(|r| r.line).collect();
        assert_eq!(lines, [1, 2, 4]);
        assert_eq!(batch.records[1].cells, ["Ann, \"A\"", "two\nlines"]);
        assert!(batch.ended);
        assert_eq!(file.shape().unwrap(), Shape { first: vec!["name".into(), "note".into()], rows: 3, width: 2 });
        assert!(has_header(&["name".into(), "Phone 2".into()]) && !has_header(&["Ann".into(), "ann@x.org".into()]));
        assert!(!has_header(&["Ann".into(), "+49 30 901820".into()]));
    }

    #[test]
    fn one_column_is_a_file_too() {
        assert_eq!(cells(&decoded(b"email\nann@x.org\n")), [["email"], ["ann@x.org"]]);
        assert!(Decoded { text: " \n,,\n".into(), delimiter: b',' }.shape().is_err());
    }

    proptest! {
        /// Whatever is written with a delimiter is read with it, in every encoding of Unicode.
        #[test]
        fn what_is_written_is_read(
            rows in prop::collection::vec(prop::collection::vec("[a-zäé漢\"' .\n]{1,8}", 4), 3..8),
            odd in prop::collection::vec((0usize..4, prop::sample::select(&[",", ";", "|"][..])), 3..8),
            delimiter in prop::sample::select(&DELIMITERS[..]), how in 0u8..6,
        ) {
            let mut rows = rows;
            // A stray sign of another kind in some rows must not lead astray.
            for (row, (cell, sign)) in rows.iter_mut().zip(odd) {
                row[cell] = format!("x{sign}{}", row[cell]);
            }
            let rows: Vec<Vec<String>> = rows.into_iter().map(|r| r.into_iter().map(|c| format!("a{c}")).collect()).collect();
            let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(vec![]);
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let bytes = match how {
                0 => text.clone().into_bytes(),
                1 => format!("\u{feff}{text}").into_bytes(),
                2 => utf16(&text, true, true),
                3 => utf16(&text, false, true),
                4 if text.is_ascii() => utf16(&text, true, false),
                5 if text.is_ascii() => utf16(&text, false, false),
                _ => text.clone().into_bytes(),
            };
            let file = decoded(&bytes);
            prop_assert_eq!(&file.text, &text);
            prop_assert_eq!(file.delimiter, delimiter);
            prop_assert_eq!(cells(&file), rows);
        }

        /// Read in pieces of any size, a file is the same file.
        #[test]
        fn pieces_are_the_whole(text in "[a-c,\"\n\r]{0,80}", size in 1usize..4) {
            let file = Decoded { text, delimiter: b',' };
            let whole = file.read(0, 0, usize::MAX).records;
            let (mut position, mut line, mut pieces) = (0, 0, vec![]);
            loop {
                let batch = file.read(position, line, size);
                pieces.extend(batch.records);
                (position, line) = (batch.position, batch.line);
                if batch.ended {
                    break;
                }
            }
            prop_assert_eq!(pieces, whole);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let file = decoded(&bytes);
            let _ = (file.shape(), file.read(0, 0, 10));
        }

        #[test]
        fn parts_have_no_separator(cell in "\\PC{0,30}", separator in prop::sample::select(&[";", ",", "|", "/"][..])) {
            for part in split(&cell, separator) {
                prop_assert!(!part.is_empty() && part.trim() == part && !part.contains(separator));
            }
            let joined: String = split(&cell, separator).flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
            let kept: String = cell.chars().filter(|c| !c.is_whitespace() && !separator.contains(*c)).collect();
            prop_assert_eq!(joined, kept);
        }
    }
}
