//! What a deal sells, line by line, and what that adds up to.
use super::draft::{DAYS, MAX_AMOUNT, Problems, is_day};
use chrono::NaiveDate;
use kernel::jsonb;
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

/// Most lines of a deal.
pub const MAX_ITEMS: usize = 100;
/// The largest quantity, in thousandths.
const MAX_QUANTITY: i64 = 1_000_000_000;

kernel::word! {
    /// How often the total of a line is paid.
    pub enum Billing {
        /// Once.
        #[default]
        Once = "once",
        /// Each month.
        Monthly = "monthly",
        /// Each three months.
        Quarterly = "quarterly",
        /// Each year.
        Yearly = "yearly",
    }
}

impl Billing {
    /// How many months lie between two payments; nothing when there is one only.
    pub fn months(self) -> Option<u32> {
        match self {
            Billing::Once => None,
            Billing::Monthly => Some(1),
            Billing::Quarterly => Some(3),
            Billing::Yearly => Some(12),
        }
    }
}

/// One line of what is sold.
#[derive(Object, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[oai(skip_serializing_if_is_none)]
pub struct DealItem {
    /// What it is.
    pub name: String,
    /// How many, in thousandths: 1500 is one and a half.
    pub quantity: i64,
    /// What one costs, in minor units of the deal's currency.
    pub unit_price: i64,
    /// What is taken off, in hundredths of a percent: 1000 is ten percent.
    pub discount: i32,
    /// What the line costs, in minor units: rounded once, halves away from zero. Of what is paid again, one payment.
    pub total: i64,
    /// How often that is paid.
    pub billing: Billing,
    /// The first day of the service; when absent that of the deal, or else the day on which it was won.
    pub starts_on: Option<NaiveDate>,
    /// The last day of the service; absent when it runs until somebody ends it.
    pub ends_on: Option<NaiveDate>,
}
jsonb!(DealItem);

/// A line to put on a deal.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(deny_unknown_fields)]
pub struct NewDealItem {
    /// What it is, 1 to 200 characters.
    pub name: String,
    /// How many, in thousandths, 1 to 1000000000; 1000, which is one, when absent.
    pub quantity: Option<i64>,
    /// What one costs, in minor units of the deal's currency.
    pub unit_price: i64,
    /// What is taken off, in hundredths of a percent, 0 to 10000; nothing when absent.
    #[oai(default)]
    pub discount: i32,
    /// How often the total is paid; once when absent.
    #[oai(default)]
    pub billing: Billing,
    /// The first day of the service.
    pub starts_on: Option<NaiveDate>,
    /// The last day of the service, not before the first one.
    pub ends_on: Option<NaiveDate>,
}

/// What a line costs, exactly until its one rounding; `None` when that is more than a deal may be worth.
pub(super) fn total(quantity: i64, unit_price: i64, discount: i32) -> Option<i64> {
    // At most 10^9 × 10^14 × 10^4: far from the end of 128 bits.
    let exact = i128::from(quantity) * i128::from(unit_price) * i128::from(10_000 - discount);
    let rounded = (exact + 5_000_000) / 10_000_000;
    i64::try_from(rounded).ok().filter(|total| *total <= MAX_AMOUNT)
}

/// What all lines cost; `None` when that is more than a deal may be worth.
pub(super) fn sum(items: &[DealItem]) -> Option<i64> {
    let sum: i128 = items.iter().map(|item| i128::from(item.total)).sum();
    i64::try_from(sum).ok().filter(|sum| *sum <= MAX_AMOUNT)
}

/// The lines as they will be stored; says of each what is wrong with it.
pub(super) fn checked(given: Vec<NewDealItem>, wrong: &mut Problems) -> Vec<DealItem> {
    wrong.refuse(given.len() > MAX_ITEMS, "/items", "count", "At most 100 items.");
    let mut items = vec![];
    for (i, item) in given.into_iter().take(MAX_ITEMS).enumerate() {
        let at = |field: &str| format!("/items/{i}/{field}");
        let name = wrong.text(&at("name"), Some(item.name.clone()), 200).unwrap_or_default();
        wrong.refuse(name.is_empty(), &at("name"), "required", "An item needs a name.");
        let (quantity, unit_price, discount) = (item.quantity.unwrap_or(1_000), item.unit_price, item.discount);
        let odd = !(1..=MAX_QUANTITY).contains(&quantity);
        wrong.refuse(odd, &at("quantity"), "quantity_range", "quantity goes from 1 to 1000000000 thousandths.");
        let dear = !(0..=MAX_AMOUNT).contains(&unit_price);
        wrong.refuse(dear, &at("unit_price"), "amount_range", "unit_price goes from 0 to 100000000000000 minor units.");
        let much = !(0..=10_000).contains(&discount);
        wrong.refuse(much, &at("discount"), "discount_range", "discount goes from 0 to 10000 hundredths of a percent.");
        let NewDealItem { billing, starts_on, ends_on, .. } = item;
        check_days((starts_on, &at("starts_on")), (ends_on, &at("ends_on")), wrong);
        if odd || dear || much {
            continue;
        }
        match total(quantity, unit_price, discount) {
            Some(total) => {
                items.push(DealItem { name, quantity, unit_price, discount, total, billing, starts_on, ends_on });
            }
            None => wrong.refuse(true, &at("quantity"), "amount_range", "The line is worth more than a deal may be."),
        }
    }
    wrong.refuse(sum(&items).is_none(), "/items", "amount_range", "The items are worth more than a deal may be.");
    items
}

/// Two days, of which the second is not before the first.
pub(super) fn check_days(
    (starts_on, starts): (Option<NaiveDate>, &str),
    (ends_on, ends): (Option<NaiveDate>, &str),
    wrong: &mut Problems,
) {
    for (day, field) in [(starts_on, starts), (ends_on, ends)] {
        wrong.refuse(day.is_some_and(|day| !is_day(day)), field, "date_range", DAYS);
    }
    let turned = starts_on.zip(ends_on).is_some_and(|(start, end)| end < start);
    wrong.refuse(turned, ends, "ends_before", "The last day is not before the first one.");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_rounded_once_and_halves_go_up() {
        assert_eq!(total(1_000, 1_999, 0), Some(1_999));
        assert_eq!(total(1_500, 333, 0), Some(500), "499.5");
        assert_eq!(total(3_000, 999, 1_000), Some(2_697), "2697.3");
        assert_eq!(total(1, 499, 0), Some(0), "0.499");
        assert_eq!(total(1_000, 100, 10_000), Some(0), "given away");
        assert_eq!(total(1_000_000_000, MAX_AMOUNT, 0), None);
    }

    proptest! {
        #[test]
        fn a_line_is_never_further_than_half_a_unit_from_what_it_costs(
            quantity in 1..=MAX_QUANTITY, price in 0..=100_000_000i64, discount in 0..=10_000i32,
        ) {
            let exact = i128::from(quantity) * i128::from(price) * i128::from(10_000 - discount);
            if let Some(total) = total(quantity, price, discount) {
                prop_assert!((i128::from(total) * 10_000_000 - exact).abs() <= 5_000_000);
            } else {
                prop_assert!(exact > i128::from(MAX_AMOUNT) * 10_000_000);
            }
        }

        #[test]
        fn more_of_it_never_costs_less(quantity in 1..=1_000_000i64, price in 0..=1_000_000i64, discount in 0..10_000i32) {
            prop_assert!(total(quantity, price, discount) <= total(quantity + 1, price, discount));
            prop_assert!(total(quantity, price, discount + 1) <= total(quantity, price, discount));
        }
    }
}
