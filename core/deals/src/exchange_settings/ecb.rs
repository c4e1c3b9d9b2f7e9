//! The daily file of euro foreign exchange reference rates, as the European Central Bank documents it: nested elements `Cube`, of
//! which one has the day (`time`) and those in it a `currency` and a `rate`, which is what one euro is worth.
use crate::exchange_rates::{Decimal, RateDraft};
use chrono::NaiveDate;
use quick_xml::{Reader, events::Event};
use tenants::tenants::is_currency;

/// Where the bank gives it out.
pub(super) const URL: &str = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml";
const EURO: &str = "EUR";

/// What one euro was worth on a day.
#[derive(Debug, PartialEq)]
pub(super) struct Sheet {
    pub day: NaiveDate,
    rates: Vec<(String, Decimal)>,
}

impl Sheet {
    /// Reads the file; nothing when it is no such file. Currencies that cannot be paid with are left out.
    pub fn read(xml: &[u8]) -> Option<Self> {
        let mut reader = Reader::from_reader(xml);
        let (mut day, mut rates) = (None, vec![]);
        loop {
            let element = match reader.read_event().ok()? {
                Event::Start(element) | Event::Empty(element) => element,
                Event::Eof => break,
                _ => continue,
            };
            if element.local_name().as_ref() != b"Cube" {
                continue;
            }
            let text = |name: &str| -> Option<String> {
                let found = element.try_get_attribute(name).ok()??;
                String::from_utf8(found.value.into_owned()).ok()
            };
            match (text("time"), text("currency"), text("rate")) {
                // The daily file has one day; of a longer one the first is the latest.
                (Some(_), ..) if day.is_some() => break,
                (Some(time), ..) => day = Some(time.parse().ok()?),
                (None, Some(currency), Some(rate)) if is_currency(&currency) => {
                    rates.push((currency, Decimal::rate(&rate)?));
                }
                _ => {}
            }
        }
        Some(Sheet { day: day?, rates }).filter(|sheet| !sheet.rates.is_empty())
    }

    /// What each currency is worth in the account's own; nothing when the file does not know that one.
    pub fn rates_into(&self, home: &str) -> Option<Vec<RateDraft>> {
        let euro = (EURO.to_owned(), Decimal::ONE);
        let all: Vec<&(String, Decimal)> = self.rates.iter().chain([&euro]).collect();
        let (_, ours) = all.iter().find(|(currency, _)| currency == home)?;
        let others = all.iter().filter(|(currency, _)| currency != home);
        let draft = |(currency, theirs): &&(String, Decimal)| {
            let rate = ours.per(*theirs)?;
            Some(RateDraft { currency: currency.clone(), valid_from: self.day, rate })
        };
        Some(others.filter_map(draft).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
        <gesmes:Envelope xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\" xmlns=\"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\">\
        <gesmes:subject>Reference rates</gesmes:subject><gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>\
        <Cube><Cube time='2026-11-27'><Cube currency='USD' rate='1.25'/><Cube currency='JPY' rate='160'/><Cube currency='XAU' rate='2'/>\
        </Cube></Cube></gesmes:Envelope>";

    #[test]
    fn the_file_is_read_and_turned_to_the_account() {
        let sheet = Sheet::read(FILE.as_bytes()).unwrap();
        assert_eq!(sheet.day, NaiveDate::from_ymd_opt(2026, 11, 27).unwrap());
        let told = |home: &str| -> Vec<(String, String)> {
            let rates = sheet.rates_into(home).unwrap();
            rates.into_iter().map(|r| (r.currency, r.rate.to_string())).collect()
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(told("EUR"), [pair("USD", "0.8"), pair("JPY", "0.00625")]);
        assert_eq!(told("JPY"), [pair("USD", "128"), pair("EUR", "160")]);
        assert_eq!(sheet.rates_into("SAR"), None);
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        for text in [
            "",
            "<html></html>",
            "<Cube time='never'/>",
            "<Cube time='2026-11-27'/>",
            "<Cube time='2026-11-27'><Cube currency='USD' rate='x'/>",
        ] {
            assert_eq!(Sheet::read(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_breaks_it(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0usize..600) {
            let _ = Sheet::read(&bytes);
            let _ = Sheet::read(&FILE.as_bytes()[..cut.min(FILE.len())]);
        }
    }
}
