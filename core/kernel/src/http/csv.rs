//! CSV that a spreadsheet opens as data and never as a program.

/// One line (RFC 4180, with CRLF). A cell that a spreadsheet would run as a formula gets an apostrophe in front.
pub fn line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).flexible(true).from_writer(vec![]);
    // Writing to memory cannot fail, and a flexible writer takes any number of cells.
    let _ = writer.write_record(cells.into_iter().map(|cell| defused(cell.as_ref())));
    writer.into_inner().unwrap_or_default()
}

/// Numbers stay numbers: `-3.5` and `+49 30 901820` cannot start a formula, `-2+3` and `+1+A1` can.
fn defused(cell: &str) -> String {
    let dangerous = match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !cell[1..].chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.' | '(' | ')')),
        _ => false,
    };
    if dangerous { format!("'{cell}") } else { cell.to_owned() }
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
    }
}
