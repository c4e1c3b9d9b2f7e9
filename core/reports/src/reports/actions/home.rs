//! Money in the account's own currency, and what could not be converted.
use super::{
    super::db::{
        By,
        home::{self, HomeSum},
        ways::Ways,
    },
    few::{by_word, few_of_deals, words},
    *,
};

/// Sums that were converted; nothing of what was not.
fn worth_home(rows: &[HomeSum], key: Option<&str>) -> i64 {
    let fits = rows.iter().filter(|row| key.is_none_or(|key| row.key == key));
    fits.filter_map(|row| row.home).fold(0, i64::saturating_add)
}

fn is_foreign(rows: &[HomeSum], own: &str) -> bool {
    rows.iter().any(|row| row.currency != own)
}

/// What was not converted, a line for each currency.
fn missing(ask: &Ask, rows: &[HomeSum], narrow: &[String], of: [(&str, ReportUnit); 2]) -> Option<Table> {
    let lacking: Vec<&HomeSum> = rows.iter().filter(|row| row.home.is_none()).collect();
    let line = |currency: &&str| {
        let mine = || lacking.iter().filter(|row| row.currency == *currency);
        let (number, amount) = mine().fold((0, 0i64), |(n, a), row| (n + row.count, a.saturating_add(row.own)));
        let first = mine().find_map(|row| row.first_on);
        let before: Vec<String> = first.iter().map(|day| format!("closed_on:lt:{day}")).collect();
        let parts = [narrow, &filter(format!("currency:eq:{currency}")), &before];
        let list = || ask.rows(ReportList::Deals, number, &parts);
        let label = Label { currency: Some((*currency).to_owned()), ..by_text(currency) };
        Line { label, numbers: vec![money(amount, None, currency, list()), count(number, None, list())] }
    };
    let currencies = keys(lacking.iter().map(|row| row.currency.as_str()));
    let lines: Vec<Line> = currencies.iter().map(line).collect();
    let table = table("not_converted", ReportDimension::Currency, ReportDrawing::Nothing, &of, lines);
    (!table.lines.is_empty()).then_some(table)
}

/// What was won, when some of it was in another currency.
pub(super) async fn won(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let (whose, own) = (ask.of_deals(), tx.tenant().currency.clone());
    let now = home::won(tx, &ask.when(), &whose).await?;
    let then = before(tx, ask.when_before(), async |tx, when| home::won(tx, &when, &whose).await).await?;
    if !is_foreign(&now, &own) && !then.as_ref().is_some_and(|then| is_foreign(then, &own)) {
        return Ok((vec![], vec![]));
    }
    let narrow = [&ask.in_period("closed_at")[..], &filter("status:eq:won")].concat();
    let number = now.iter().map(|row| row.count).sum();
    let rows = ask.rows(ReportList::Deals, number, &[&narrow]);
    let earlier = then.as_ref().map(|then| worth_home(then, None));
    let sum = figure("won_home", ReportUnit::Money, vec![money(worth_home(&now, None), earlier, &own, rows)]);
    let of = [("won_value", ReportUnit::Money), ("deals_won", ReportUnit::Count)];
    Ok((vec![sum], missing(ask, &now, &narrow, of).into_iter().collect()))
}

/// What is open, when some of it is in another currency.
pub(super) async fn open(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let own = tx.tenant().currency.clone();
    let today = tx.now().with_timezone(&ask.period.zone).date_naive();
    let now = home::open(tx, &ask.of_deals(), today).await?;
    if !is_foreign(&now, &own) {
        return Ok((vec![], vec![]));
    }
    let narrow = filter("status:eq:open");
    let number = now.iter().map(|row| row.count).sum();
    let rows = || ask.rows(ReportList::Deals, number, &[&narrow]);
    let weighted = now.iter().filter_map(|row| row.weighted).fold(0, i64::saturating_add);
    let of = |key, value| figure(key, ReportUnit::Money, vec![money(value, None, &own, rows())]);
    let figures = vec![of("open_home", worth_home(&now, None)), of("weighted_home", weighted)];
    let of = [("open_value", ReportUnit::Money), ("deals_open", ReportUnit::Count)];
    Ok((figures, missing(ask, &now, &narrow, of).into_iter().collect()))
}

/// What became of deals by the campaigns that led to them.
pub(super) fn campaigns(ask: &Ask, own: &str, came: &mut Ways, came_before: &mut Option<Ways>) -> Vec<Table> {
    let (created, closed_in) = (ask.in_period("created_at"), ask.in_period("closed_at"));
    let is_won = [&closed_in[..], &filter("status:eq:won")].concat();
    let mut tables = vec![];
    for (key, by, field, dimension) in [
        ("deals_by_first_touch", By::FirstTouch, "first_source", ReportDimension::Source),
        ("deals_by_last_touch", By::LastTouch, "last_source", ReportDimension::Source),
        ("deals_by_first_campaign", By::FirstCampaign, "first_campaign", ReportDimension::Campaign),
        ("deals_by_last_campaign", By::LastCampaign, "last_campaign", ReportDimension::Campaign),
    ] {
        let (made, now, worth) = (came.made.take(by), came.closed.take(by), came.won.take(by));
        let mut then = came_before.as_mut();
        let made_before = then.as_mut().map(|then| then.made.take(by));
        let earlier = then.as_mut().map(|then| then.won.take(by));
        let then = then.map(|then| then.closed.take(by));
        let few = few_of_deals(&made, &now);
        let (now, then) = (few.named(now), then.map(|then| few.named(then)));
        let (worth, earlier) = (few.named(worth), earlier.map(|earlier| few.named(earlier)));
        let (made, made_before) = (few.counts(made), made_before.map(|made| few.counts(made)));
        let (made, made_before) = (counts(&made), made_before.as_deref().map(counts));
        let of_key = |counts: &BTreeMap<&str, i64>, key: &str| counts.get(key).copied().unwrap_or(0);
        let line = |key: &&str| {
            let from = is(field, key);
            let number = of_key(&made, key);
            let (won, all) = (ended(&now, Some(key), "won"), ended(&now, Some(key), ""));
            let before = |status: &str| then.as_deref().map(|then| ended(then, Some(key), status));
            let rows = || ask.rows_of(key, ReportList::Deals, won, &[&is_won, &from]);
            let rate = Number {
                value: share(won, all),
                before: before("won").zip(before("")).and_then(|(won, all)| share(won, all)),
                currency: None,
                rows: ask.rows_of(key, ReportList::Deals, all, &[&closed_in, &from]),
            };
            let was = earlier.as_deref().map(|earlier| worth_home(earlier, Some(key)));
            let numbers = vec![
                money(worth_home(&worth, Some(key)), was, own, rows()),
                count(won, before("won"), rows()),
                rate,
                count(
                    number,
                    made_before.as_ref().map(|made| of_key(made, key)),
                    ask.rows_of(key, ReportList::Deals, number, &[&created, &from]),
                ),
            ];
            Line { label: by_word(key), numbers }
        };
        let of = [
            ("won_home", ReportUnit::Money),
            ("deals_won", ReportUnit::Count),
            ("win_rate", ReportUnit::Share),
            ("deals_made", ReportUnit::Count),
        ];
        let all = words(now.iter().map(|row| row.key.as_str()).chain(made.keys().copied()));
        // Nothing but deals of which nobody knows where they come from says nothing.
        if all.iter().any(|key| !key.is_empty()) {
            let lines = all.iter().map(line).collect();
            tables.push(table(key, dimension, ReportDrawing::Bars, &of, lines));
        }
    }
    tables
}
