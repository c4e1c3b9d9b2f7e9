//! Days of a year as people write them in lists: `1990-05-04`, `4.5.1990`, `May 4`, `4 mai 1990`.
use super::dates::{DateKind, Kept};

/// Names of the months, from January on, in the languages of lists; three letters or more of one are enough.
const MONTHS: [&str; 12] = [
    "january januar jänner janvier enero gennaio janeiro januari jan يناير",
    "february februar février febrero febbraio fevereiro februari fev fév feb فبراير",
    "march märz mars marzo março maart mar maerz mrz مارس",
    "april avril abril aprile abr avr apr أبريل ابريل",
    "may mai mayo maggio maio mei مايو",
    "june juni juin junio giugno junho jun يونيو",
    "july juli juillet julio luglio julho jul يوليو",
    "august août agosto augustus aug ago أغسطس اغسطس",
    "september septembre septiembre settembre setembro sept sep سبتمبر",
    "october oktober octobre octubre ottobre outubro oct okt out أكتوبر اكتوبر",
    "november novembre noviembre novembro nov نوفمبر",
    "december dezember décembre diciembre dicembre dezembro dec déc dez dic ديسمبر",
];

fn month_named(word: &str) -> Option<u32> {
    let fits =
        |names: &&str| names.split(' ').any(|name| name == word || word.chars().count() >= 4 && name.starts_with(word));
    (1..).zip(MONTHS.iter()).find(|(_, names)| fits(names)).map(|(month, _)| month)
}

/// A day of every year. `month_first` decides what could be two days; `this_year` is the last one a two-digit year may mean.
///
/// # Errors
/// `date_ambiguous` when it could be two days and nobody knows which, `date_invalid` when it is none.
pub(crate) fn yearly(text: &str, month_first: Option<bool>, this_year: i32) -> Result<Kept, &'static str> {
    const WRONG: &str = "date_invalid";
    // Spreadsheets and programs put midnight behind a day.
    let text = match text.find([' ', 'T']) {
        Some(at) if text[..at].len() >= 8 && text[at + 1..].contains(':') => &text[..at],
        _ => text,
    };
    let lower = text.to_lowercase();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.retain(|word| !matches!(*word, "de" | "of" | "the" | "del" | "den"));
    let ends = ["st", "nd", "rd", "th", "er"];
    let words: Vec<&str> = words
        .into_iter()
        .map(|word| match ends.iter().find_map(|end| word.strip_suffix(end)) {
            Some(number) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => number,
            _ => word,
        })
        .collect();
    let number = |word: &str| word.parse::<u32>().ok().filter(|_| word.bytes().all(|b| b.is_ascii_digit()));
    if let Some(at) = words.iter().position(|word| month_named(word).is_some()) {
        let month = month_named(words[at]).ok_or(WRONG)?;
        let rest: Vec<&str> = words.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, word)| *word).collect();
        let (day, year) = match rest[..] {
            [day] => (day, None),
            // `1990 May 4`
            [year, day] if year.len() == 4 => (day, Some(year)),
            [day, year] => (day, Some(year)),
            _ => return Err(WRONG),
        };
        return kept(year, month, number(day).ok_or(WRONG)?, this_year);
    }
    let numbers: Vec<u32> = words.iter().map(|word| number(word).ok_or(WRONG)).collect::<Result<_, _>>()?;
    // With dots everybody says the day first.
    let month_first = if text.contains('.') { Some(false) } else { month_first };
    match (&words[..], &numbers[..]) {
        // `19900504`
        ([word], _) if word.len() == 8 => {
            kept(Some(&word[..4]), number(&word[4..6]).ok_or(WRONG)?, number(&word[6..]).ok_or(WRONG)?, this_year)
        }
        ([year, ..], [_, month, day]) if year.len() == 4 => kept(Some(year), *month, *day, this_year),
        ([_, _, year], [one, two, _]) => either(Some(year), (*one, *two), month_first, this_year),
        // As vCards say a day without a year: `--05-04`.
        ([_, _], [month, day]) if text.starts_with("--") => kept(None, *month, *day, this_year),
        ([_, _], [one, two]) => either(None, (*one, *two), month_first, this_year),
        _ => Err(WRONG),
    }
}

/// Of two numbers one is the month.
fn either(
    year: Option<&str>,
    (one, two): (u32, u32),
    month_first: Option<bool>,
    this_year: i32,
) -> Result<Kept, &'static str> {
    match month_first {
        _ if one > 12 || one == two => kept(year, two, one, this_year),
        _ if two > 12 => kept(year, one, two, this_year),
        Some(true) => kept(year, one, two, this_year),
        Some(false) => kept(year, two, one, this_year),
        None => Err("date_ambiguous"),
    }
}

fn kept(year: Option<&str>, month: u32, day: u32, this_year: i32) -> Result<Kept, &'static str> {
    const WRONG: &str = "date_invalid";
    let year = match year.map(|year| (year.len(), year.parse::<i32>())) {
        None => None,
        // What address books write for a year that nobody knows.
        Some((4, Ok(0 | 1604))) => None,
        Some((4, Ok(year))) => Some(year),
        // The last one that is not to come.
        Some((2, Ok(short))) => Some(this_year - (this_year - short).rem_euclid(100)),
        Some(_) => return Err(WRONG),
    };
    let (month, day) = (i16::try_from(month).map_err(|_| WRONG)?, i16::try_from(day).map_err(|_| WRONG)?);
    let kept =
        Kept { date_kind: DateKind::Yearly, year, month, day: Some(day), nth: None, weekday: None, leap_policy: None };
    match kept.when() {
        Ok(_) if year.is_none_or(|year| year <= this_year) => Ok(kept),
        _ => Err(WRONG),
    }
}

/// The text of a day, as it stands in a plan: `1990-05-04`, `--05-04`.
pub(crate) fn plain(kept: &Kept) -> String {
    let day = kept.day.unwrap_or_default();
    match kept.year {
        Some(year) => format!("{year:04}-{:02}-{day:02}", kept.month),
        None => format!("--{:02}-{day:02}", kept.month),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Days, NaiveDate};
    use proptest::prelude::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let read = |text: &str, first| yearly(text, first, 2026).map(|kept| plain(&kept));
        for (text, first, expected) in [
            ("1990-05-04", None, Ok("1990-05-04")),
            ("1990-05-04T00:00:00Z", None, Ok("1990-05-04")),
            ("1990-05-04 00:00", None, Ok("1990-05-04")),
            ("19900504", None, Ok("1990-05-04")),
            ("4.5.1990", None, Ok("1990-05-04")),
            ("04.05.90", Some(true), Ok("1990-05-04")),
            ("4.5.26", None, Ok("2026-05-04")),
            ("4.5.", None, Ok("--05-04")),
            ("05/04/1990", Some(true), Ok("1990-05-04")),
            ("05/04/1990", Some(false), Ok("1990-04-05")),
            ("05/04/1990", None, Err("date_ambiguous")),
            ("25/04/1990", Some(true), Ok("1990-04-25")),
            ("04/04/1990", None, Ok("1990-04-04")),
            ("--05-04", None, Ok("--05-04")),
            ("1604-05-04", None, Ok("--05-04")),
            ("May 4, 1990", None, Ok("1990-05-04")),
            ("4th of May", None, Ok("--05-04")),
            ("4. März 1990", None, Ok("1990-03-04")),
            ("1er janv. 1990", None, Ok("1990-01-01")),
            ("4 de octubre de 1990", None, Ok("1990-10-04")),
            ("29.2.", None, Ok("--02-29")),
            ("29.2.1999", None, Err("date_invalid")),
            ("31.4.1990", None, Err("date_invalid")),
            ("1.1.2031", None, Err("date_invalid")),
            ("13/13/1990", None, Err("date_invalid")),
            ("yesterday", None, Err("date_invalid")),
            ("May", None, Err("date_invalid")),
            ("", None, Err("date_invalid")),
        ] {
            assert_eq!(read(text, first).as_deref(), expected.as_deref(), "{text} {first:?}");
        }
    }

    proptest! {
        /// Whatever day it is, each way to write it is read as that day.
        #[test]
        fn every_day_is_read_in_every_order(n in 0u64..60_000) {
            let day = NaiveDate::from_ymd_opt(1860, 1, 1).unwrap() + Days::new(n);
            let expected = Ok(day.to_string());
            let (d, m, y) = (day.day(), day.month(), day.year());
            let read = |text: String, first| yearly(&text, first, 2026).map(|kept| plain(&kept));
            prop_assert_eq!(read(day.to_string(), None), expected.clone());
            prop_assert_eq!(read(format!("{d}.{m}.{y}"), None), expected.clone());
            prop_assert_eq!(read(format!("{d}/{m}/{y}"), Some(false)), expected.clone());
            prop_assert_eq!(read(format!("{m}/{d}/{y}"), Some(true)), expected.clone());
            prop_assert_eq!(read(day.format("%B %-d, %Y").to_string(), None), expected.clone());
            prop_assert_eq!(read(day.format("%d-%b-%Y").to_string(), None), expected);
        }
    }
}
