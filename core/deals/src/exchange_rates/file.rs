//! Rates from a file.
use super::model::{MAX_ROWS, NewExchangeRate, RateDraft, RefusedRate};
use contacts::Problems;
use kernel::{Error, Result};
use std::collections::BTreeSet;

const HEADINGS: [&str; 3] = ["currency", "valid_from", "rate"];

/// The rates of a file, and its rows that are none; 422 when it is no such file.
pub(super) fn rates(text: &str, home: &str) -> Result<(Vec<RateDraft>, Vec<RefusedRate>)> {
    let text = text.trim_start_matches('\u{feff}');
    // Spreadsheets of half the world write semicolons.
    let first = text.lines().next().unwrap_or("");
    let delimiter = if first.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let headings: Vec<String> =
        reader.headers().map_err(|_| headings_missing())?.iter().map(str::to_lowercase).collect();
    let place = |name: &str| headings.iter().position(|heading| heading == name);
    let [Some(currency), Some(from), Some(rate)] = HEADINGS.map(place) else { return Err(headings_missing()) };
    let (mut drafts, mut refused, mut seen) = (vec![], vec![], BTreeSet::new());
    for (n, record) in reader.records().enumerate() {
        if n == MAX_ROWS {
            return Err(Error::invalid("/text", "count", "At most 10000 rows."));
        }
        let line = n as u64 + 2;
        let mut refuse = |code: &str, detail: &str| {
            refused.push(RefusedRate { line, code: code.into(), detail: detail.into() });
        };
        let Ok(record) = record else {
            refuse("rate_invalid", "The row cannot be read.");
            continue;
        };
        let cell = |at: usize| record.get(at).unwrap_or("").to_owned();
        let Ok(valid_from) = cell(from).parse() else {
            refuse("date_invalid", "A day as YYYY-MM-DD.");
            continue;
        };
        let mut wrong = Problems::default();
        let new = NewExchangeRate { currency: cell(currency).to_uppercase(), rate: cell(rate), valid_from };
        match RateDraft::checked(&new, home, &mut wrong) {
            Some(draft) if !seen.insert((draft.currency.clone(), draft.valid_from)) => {
                refuse("twice", "The file has this currency and day before.");
            }
            Some(draft) => drafts.push(draft),
            None => {
                if let Some(problem) = wrong.into_inner().first() {
                    refuse(&problem.code, &problem.detail);
                }
            }
        }
    }
    Ok((drafts, refused))
}

fn headings_missing() -> Error {
    Error::invalid("/text", "headings_missing", "The first line names the columns currency, valid_from and rate.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_are_read_and_wrong_ones_are_named() {
        let text = "\u{feff}Rate;Currency;Valid_from\n0.9;usd;2026-01-02\n1,2;GBP;2026-01-02\n1;EUR;2026-01-02\n2;XXX;2026-01-02\n\
                    3;CHF;02.01.2026\n0.91;USD;2026-01-02\n";
        let (drafts, refused) = rates(text, "EUR").unwrap();
        let told: Vec<(u64, &str)> = refused.iter().map(|r| (r.line, r.code.as_str())).collect();
        assert_eq!(drafts.len(), 1);
        assert_eq!((drafts[0].currency.as_str(), drafts[0].rate.to_string().as_str()), ("USD", "0.9"));
        let expected =
            [(3, "rate_invalid"), (4, "currency_home"), (5, "currency_unknown"), (6, "date_invalid"), (7, "twice")];
        assert_eq!(told, expected);
        assert!(rates("a,b\n1,2", "EUR").is_err() && rates("", "EUR").is_err());
    }

    proptest! {
        #[test]
        fn no_file_breaks_it(text in "\\PC{0,200}", rows in prop::collection::vec("[A-Za-z0-9.,;\" -]{0,40}", 0..8)) {
            let _ = rates(&text, "EUR");
            let _ = rates(&format!("currency,valid_from,rate\n{}", rows.join("\n")), "EUR");
        }
    }
}
