//! Exact decimal numbers and the one rounding that money gets when it is converted.
use std::fmt;

/// The largest amount that is told, in minor units: 2^53 − 1, which every program reads exactly. More is told as this.
pub const MAX_MONEY: i64 = 9_007_199_254_740_991;
/// Most decimal places of a rate.
const MAX_PLACES: usize = 12;
/// Most digits of a rate before the point.
const MAX_WHOLE: usize = 8;

/// `digits / 10^places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// One: what a currency is worth in itself.
    pub const ONE: Decimal = Decimal { digits: 1, places: 0 };

    /// A rate as people and files write it: `0.9213`. Nothing else than digits and one point; not zero.
    pub fn rate(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str, most: usize| text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
        let whole_digits = whole.trim_start_matches('0');
        let fits = !whole.is_empty() && digits(whole_digits, MAX_WHOLE) && whole.bytes().all(|b| b.is_ascii_digit());
        if !fits || !digits(part, MAX_PLACES) || (part.is_empty() && text.ends_with('.')) {
            return None;
        }
        let value: i128 = format!("{whole}{part}").parse().ok()?;
        (value > 0).then(|| Decimal { digits: value, places: u32::try_from(part.len()).unwrap_or(0) }.short())
    }

    /// As the database writes it, which may be more exact than a rate that people write.
    pub fn stored(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{part}").parse().ok()?;
        Some(Decimal { digits, places: u32::try_from(part.len()).ok()? })
    }

    /// Without zeros at its end, so that equal numbers look equal.
    fn short(mut self) -> Self {
        while self.places > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.places -= 1;
        }
        self
    }

    /// With the point moved to the right: what turns minor units into minor units.
    pub fn shifted(self, by: i32) -> Self {
        let places = i64::from(self.places) - i64::from(by);
        match u32::try_from(places) {
            Ok(places) => Decimal { places, ..self },
            // At most three digits: far from the end of 128 bits.
            Err(_) => Decimal { digits: self.digits * 10i128.pow(places.unsigned_abs() as u32), places: 0 },
        }
    }

    /// `self / other`, rounded to twelve places, halves to even; nothing when it is too small or too large for a rate.
    pub fn per(self, other: Decimal) -> Option<Self> {
        let places = MAX_PLACES as u32;
        let numerator = self.digits.checked_mul(10i128.checked_pow(places + other.places)?)?;
        let denominator = other.digits.checked_mul(10i128.checked_pow(self.places)?)?;
        let value = Decimal { digits: half_even(numerator, denominator), places };
        let most = 10i128.pow(places + MAX_WHOLE as u32);
        (value.digits > 0 && value.digits < most).then(|| value.short())
    }

    /// `amount × self / parts`, rounded once to a whole number, halves to even; see [`MAX_MONEY`]. `amount` is not negative.
    pub fn of(self, amount: i128, parts: i128) -> i64 {
        let divisor = 10i128.checked_pow(self.places).and_then(|power| power.checked_mul(parts));
        let value = amount.checked_mul(self.digits).zip(divisor).map(|(exact, by)| half_even(exact, by));
        // What does not fit 128 bits is beyond the largest amount by far: rates have at most 23 places.
        value.and_then(|value| i64::try_from(value).ok()).map_or(MAX_MONEY, |value| value.min(MAX_MONEY))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = self.places as usize;
        let digits = format!("{:0>width$}", self.digits, width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        if part.is_empty() { f.write_str(whole) } else { write!(f, "{whole}.{part}") }
    }
}

/// The nearest whole number, and of two that are as near the even one (IEEE 754, roundTiesToEven); neither is negative.
fn half_even(numerator: i128, denominator: i128) -> i128 {
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    // Compared without doubling, which could overflow.
    match rest.cmp(&(denominator - rest)) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole % 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rates_are_read_as_they_are_written() {
        for (text, shown) in
            [("0.9213", "0.9213"), ("1", "1"), ("007.50", "7.5"), ("99999999.999999999999", "99999999.999999999999")]
        {
            assert_eq!(Decimal::rate(text).map(|d| d.to_string()).as_deref(), Some(shown), "{text}");
        }
        for text in
            ["", "0", "0.000", ".5", "5.", "1,5", "-1", "+1", "1e3", "1.2.3", " 1", "100000000", "0.0000000000001", "١"]
        {
            assert_eq!(Decimal::rate(text), None, "{text}");
        }
    }

    #[test]
    fn halves_go_to_the_even_one() {
        let half = Decimal::rate("0.5").unwrap();
        assert_eq!([1, 3, 5, 7].map(|amount| half.of(amount, 1)), [0, 2, 2, 4]);
        assert_eq!(Decimal::ONE.of(5, 2), 2, "two and a half");
        assert_eq!(Decimal::rate("99999999").unwrap().of(100_000_000_000_000, 1), MAX_MONEY);
    }

    #[test]
    fn the_point_moves_between_minor_units() {
        let rate = Decimal::rate("2.5").unwrap();
        // 10 yen of 2.5 dinars each are 25.000 dinars; 1.000 dinar at 2.5 yen is 2.5 yen.
        assert_eq!((rate.shifted(3).of(10, 1), rate.shifted(-3).of(1_000, 1)), (25_000, 2));
        assert_eq!(rate.shifted(3).to_string(), "2500");
    }

    #[test]
    fn a_rate_is_turned_around() {
        let rate = |text| Decimal::rate(text).unwrap();
        assert_eq!(Decimal::ONE.per(rate("4")).unwrap().to_string(), "0.25");
        assert_eq!(rate("1.1").per(rate("160.5")).unwrap().to_string(), "0.006853582555");
        assert_eq!(Decimal::ONE.per(rate("99999999")).unwrap().to_string(), "0.00000001");
        assert_eq!(rate("99999999").per(rate("0.000000000001")), None);
    }

    /// Whether `told` is `numerator / denominator` rounded, said without dividing.
    fn is_nearest(told: i128, numerator: i128, denominator: i128) -> bool {
        let twice = 2 * (told * denominator - numerator).abs();
        twice < denominator || (twice == denominator && told % 2 == 0)
    }

    proptest! {
        #[test]
        fn money_is_the_nearest_minor_unit_of_the_exact_fraction(
            amount in 0i128..=1_000_000_000_000, whole in 0u32..100_000, part in "[0-9]{0,12}", by in -3i32..=3, parts in 1i128..=12,
        ) {
            let Some(rate) = Decimal::rate(&format!("{whole}{}{part}", if part.is_empty() { "" } else { "." })) else { return Ok(()) };
            let told = rate.shifted(by).of(amount, parts);
            // The oracle takes the fraction from the text itself.
            let places = part.len() as u32;
            let digits: i128 = format!("{whole}{part}").parse().unwrap();
            let (up, down) = (10i128.pow(by.max(0) as u32), 10i128.pow((-by).max(0) as u32));
            let (numerator, denominator) = (amount * digits * up, 10i128.pow(places) * parts * down);
            if told == MAX_MONEY {
                prop_assert!(numerator / denominator >= i128::from(MAX_MONEY));
            } else {
                prop_assert!(is_nearest(i128::from(told), numerator, denominator), "{amount} {rate} {by} {parts}: {told}");
            }
        }

        #[test]
        fn what_is_written_is_read_again(whole in 0u32..100_000_000, part in "[0-9]{1,12}") {
            if let Some(rate) = Decimal::rate(&format!("{whole}.{part}")) {
                prop_assert_eq!(Decimal::stored(&rate.to_string()), Some(rate));
                prop_assert_eq!(Decimal::rate(&rate.to_string()), Some(rate));
            }
        }

        #[test]
        fn a_quotient_is_the_nearest_of_twelve_places(a in 1i128..10_000_000_000, b in 1i128..10_000_000_000, p in 0u32..6, q in 0u32..6) {
            let (left, right) = (Decimal { digits: a, places: p }, Decimal { digits: b, places: q });
            if let Some(told) = left.per(right) {
                let digits = told.digits * 10i128.pow(12 - told.places);
                prop_assert!(is_nearest(digits, a * 10i128.pow(12 + q), b * 10i128.pow(p)));
            }
        }
    }
}
