//! What won deals are worth, by pure rules over their lines and the rates of their days.
use crate::deals::{Billing, DealId};
use crate::exchange_rates::{MAX_MONEY, Rates};
use chrono::{Datelike, Months, NaiveDate};
use companies::ClientValue;
use kernel::row;

row! {
    /// A line of a won deal, or the deal itself when it has no lines: what is paid once.
    #[derive(Debug, Clone)]
    pub(crate) struct WonItem {
        /// The deal; those of one deal stand together.
        pub deal: DealId,
        /// ISO 4217.
        pub currency: String,
        /// The day of closing: whose rate counts.
        pub closed_on: NaiveDate,
        /// What is paid each time, in minor units.
        pub total: i64,
        /// How often.
        pub billing: Billing,
        /// The first day of the service.
        pub starts_on: NaiveDate,
        /// The last day; none when it runs until somebody ends it.
        pub ends_on: Option<NaiveDate>,
    }
}

/// How many payments have come due by a day: the first one on the first day, the others each so many months later, on the last day
/// of a month that has no such day.
pub(crate) fn periods(starts_on: NaiveDate, until: NaiveDate, every: u32) -> u32 {
    if until < starts_on {
        return 0;
    }
    let months = (until.year() - starts_on.year()) * 12 + until.month() as i32 - starts_on.month() as i32;
    let whole = u32::try_from(months).unwrap_or(0) / every;
    match starts_on.checked_add_months(Months::new(whole * every)) {
        Some(due) if due <= until => whole + 1,
        _ => whole,
    }
}

impl WonItem {
    fn is_running(&self, today: NaiveDate) -> bool {
        self.starts_on <= today && self.ends_on.is_none_or(|end| end >= today)
    }

    /// Payments that have come due.
    fn payments(&self, today: NaiveDate) -> u32 {
        let until = self.ends_on.map_or(today, |end| end.min(today));
        self.billing.months().map_or(1, |every| periods(self.starts_on, until, every))
    }

    /// The next day on which it is worth something else.
    fn changes_on(&self, today: NaiveDate) -> Option<NaiveDate> {
        let every = self.billing.months()?;
        let paid = periods(self.starts_on, today, every);
        let due = self.starts_on.checked_add_months(Months::new(paid * every));
        let due = due.filter(|due| self.ends_on.is_none_or(|end| end >= *due));
        let over = self.ends_on.filter(|end| *end >= today && self.starts_on <= *end).and_then(|end| end.succ_opt());
        due.into_iter().chain(over).min()
    }
}

/// What these lines are worth as of a day. Each deal is rounded once in each sum, halves to even.
pub(crate) fn value_of(items: &[WonItem], rates: &Rates, today: NaiveDate) -> ClientValue {
    let mut value = ClientValue { currency: rates.home.clone(), ..ClientValue::default() };
    for deal in items.chunk_by(|a, b| a.deal == b.deal) {
        let Some(first) = deal.first() else { continue };
        let Some(factor) = rates.factor(&first.currency, first.closed_on) else {
            value.missing.push(first.currency.clone());
            continue;
        };
        let paid = deal.iter().map(|item| i128::from(item.total) * i128::from(item.payments(today))).sum();
        let yearly = deal
            .iter()
            .filter(|item| item.is_running(today))
            .filter_map(|item| Some(i128::from(item.total) * i128::from(12 / item.billing.months()?)))
            .sum();
        let add = |to: &mut i64, amount: i64| *to = to.saturating_add(amount).min(MAX_MONEY);
        add(&mut value.lifetime_value, factor.of(paid, 1));
        add(&mut value.contract_value, factor.of(yearly, 1));
        add(&mut value.recurring_revenue, factor.of(yearly, 12));
        let next = deal.iter().filter_map(|item| item.changes_on(today)).min();
        value.changes_on = value.changes_on.into_iter().chain(next).min();
    }
    value.missing.sort_unstable();
    value.missing.dedup();
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn item(deal: u128, total: i64, billing: Billing, starts: &str, ends: Option<&str>) -> WonItem {
        WonItem {
            deal: DealId(uuid::Uuid::from_u128(deal)),
            currency: "USD".into(),
            closed_on: day("2026-01-15"),
            total,
            billing,
            starts_on: day(starts),
            ends_on: ends.map(day),
        }
    }

    #[test]
    fn payments_come_due_on_the_day_or_the_last_one_of_a_short_month() {
        let from = day("2026-01-31");
        for (until, every, paid) in [
            ("2026-01-30", 1, 0),
            ("2026-01-31", 1, 1),
            ("2026-02-27", 1, 1),
            ("2026-02-28", 1, 2),
            ("2026-03-30", 1, 2),
            ("2026-03-31", 1, 3),
            ("2026-04-29", 3, 1),
            ("2026-04-30", 3, 2),
            ("2027-01-31", 12, 2),
        ] {
            assert_eq!(periods(from, day(until), every), paid, "{until} every {every}");
        }
    }

    #[test]
    fn money_to_date_and_what_runs() {
        let rates = Rates::of_texts("EUR", &[("USD", "2026-01-01", "0.5")]);
        let items = [
            item(1, 1_001, Billing::Once, "2026-01-15", None),
            item(1, 100, Billing::Monthly, "2026-02-01", Some("2026-12-31")),
            item(2, 301, Billing::Quarterly, "2026-01-15", None),
            item(3, 1_200, Billing::Yearly, "2025-01-01", Some("2025-12-31")),
        ];
        let value = value_of(&items, &rates, day("2026-04-20"));
        // Deal 1: 1001 + 3 × 100 = 1301 → 650 (650.5 to the even one); deal 2: 2 × 301 → 301; deal 3: 1200 → 600.
        assert_eq!(value.lifetime_value, 650 + 301 + 600);
        assert_eq!(value.contract_value, 600 + 602);
        assert_eq!(value.recurring_revenue, 50 + 50, "100.33 dollars a month are 50.17 euros");
        assert_eq!((value.changes_on, value.missing.len()), (Some(day("2026-05-01")), 0));
        let none = value_of(&items, &Rates::of_texts("EUR", &[]), day("2026-04-20"));
        assert_eq!((none.lifetime_value, none.missing), (0, vec!["USD".to_owned()]));
    }

    fn any_item() -> impl Strategy<Value = WonItem> {
        let billing = prop::sample::select(vec![Billing::Once, Billing::Monthly, Billing::Quarterly, Billing::Yearly]);
        (0u128..4, 0i64..1_000_000, billing, 0i64..900, prop::option::of(0i64..900)).prop_map(
            |(deal, total, billing, from, term)| {
                let starts_on = day("2024-01-01") + chrono::Days::new(from as u64);
                let ends_on = term.map(|days| starts_on + chrono::Days::new(days as u64));
                let deal = DealId(uuid::Uuid::from_u128(deal));
                WonItem {
                    deal,
                    currency: "USD".into(),
                    closed_on: day("2024-01-01"),
                    total,
                    billing,
                    starts_on,
                    ends_on,
                }
            },
        )
    }

    /// Counts payments by walking from one to the next.
    fn walked(item: &WonItem, today: NaiveDate) -> i128 {
        let Some(every) = item.billing.months() else { return 1 };
        let due = |n: u32| item.starts_on + Months::new(n * every);
        (0..).take_while(|n| due(*n) <= today && item.ends_on.is_none_or(|end| due(*n) <= end)).count() as i128
    }

    proptest! {
        #[test]
        fn sums_are_the_nearest_of_the_exact_fractions(
            mut items in prop::collection::vec(any_item(), 0..12), after in 0u64..1_200, rate in 1u64..2_000_000,
        ) {
            items.sort_by_key(|item| item.deal);
            let today = day("2024-01-01") + chrono::Days::new(after);
            let factor = format!("{}.{:06}", rate / 1_000_000, rate % 1_000_000);
            let value = value_of(&items, &Rates::of_texts("EUR", &[("USD", "2020-01-01", &factor)]), today);
            let nearest = |numerator: i128, denominator: i128| -> i128 {
                let below = numerator / denominator;
                [below, below + 1].into_iter().min_by_key(|told| ((told * denominator - numerator).abs(), told % 2)).unwrap()
            };
            let each = |of: &dyn Fn(&WonItem) -> i128, parts: i128| -> i128 {
                let deals = items.chunk_by(|a, b| a.deal == b.deal);
                deals.map(|deal| nearest(deal.iter().map(of).sum::<i128>() * i128::from(rate), 1_000_000 * parts)).sum()
            };
            let runs = |item: &WonItem| item.starts_on <= today && item.ends_on.is_none_or(|end| today <= end);
            let yearly = |item: &WonItem| match (runs(item), item.billing) {
                (false, _) | (_, Billing::Once) => 0,
                (_, Billing::Monthly) => 12 * i128::from(item.total),
                (_, Billing::Quarterly) => 4 * i128::from(item.total),
                (_, Billing::Yearly) => i128::from(item.total),
            };
            prop_assert_eq!(i128::from(value.lifetime_value), each(&|item| i128::from(item.total) * walked(item, today), 1));
            prop_assert_eq!(i128::from(value.contract_value), each(&yearly, 1));
            prop_assert_eq!(i128::from(value.recurring_revenue), each(&yearly, 12));
        }

        #[test]
        fn nothing_changes_before_the_day_it_says(items in prop::collection::vec(any_item(), 0..6), after in 0u64..1_200) {
            let rates = Rates::of_texts("EUR", &[("USD", "2020-01-01", "1")]);
            let today = day("2024-01-01") + chrono::Days::new(after);
            let sums = |on| {
                let value = value_of(&items, &rates, on);
                (value.lifetime_value, value.contract_value, value.recurring_revenue)
            };
            let next = value_of(&items, &rates, today).changes_on;
            for ahead in 1..400 {
                let on = today + chrono::Days::new(ahead);
                if next.is_some_and(|next| on >= next) {
                    break;
                }
                prop_assert_eq!(sums(on), sums(today), "{} after {}", on, today);
            }
        }
    }
}
