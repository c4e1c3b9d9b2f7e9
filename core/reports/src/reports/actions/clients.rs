//! Companies: who is a client, what they are worth, whose contract ends.
use super::{
    super::db::{By, month, people, people::WorthRow},
    super::period::{month_of, months_from},
    *,
};
use tasks::day_of;

/// Months ahead in which contracts that end are looked for.
const AHEAD: u32 = 12;

pub(super) async fn clients(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let whose = ask.whose(&ask.sight.companies);
    let window = ask.period.window;
    let companies = people::companies(tx, By::Kind, &whose).await?;
    let tiers = people::companies(tx, By::Tier, &whose).await?;
    let owners = people::companies(tx, By::Member, &whose).await?;
    let new = people::new_clients(tx, window.from, window.after, &whose).await?;
    let earlier = match ask.period.before {
        Some(w) => Some(people::new_clients(tx, w.from, w.after, &whose).await?),
        None => None,
    };
    let ahead = months_from(month_of(day_of(tx.now(), ask.period.zone)), AHEAD);
    let renewals = people::renewals(tx, ahead.from, ahead.after, &whose).await?;
    let active = filter("status:eq:active");
    let of_key =
        |rows: &[WorthRow], key: &str| rows.iter().filter(|row| row.key == key).map(|row| row.count).sum::<i64>();
    let number = of_key(&companies, "active");
    let since = vec![format!("client_since:gte:{}", window.from), format!("client_since:lt:{}", window.after)];
    let worth = |of: fn(&WorthRow) -> i64| {
        let known = companies.iter().filter(|row| row.key == "active");
        let number = |row: &WorthRow| {
            let currency = row.currency.as_deref()?;
            let parts = [&active[..], &filter(format!("currency:eq:{currency}"))];
            Some(money(of(row), None, currency, ask.rows(ReportList::Companies, row.count, &parts)))
        };
        known.filter_map(number).collect()
    };
    let figures = vec![
        counted("clients_active", count(number, None, ask.rows(ReportList::Companies, number, &[&active]))),
        counted("clients_new", count(new, earlier, ask.rows(ReportList::Companies, new, &[&since]))),
        figure("annual_value", ReportUnit::Money, worth(|row| row.annual)),
        figure("monthly_revenue", ReportUnit::Money, worth(|row| row.monthly)),
    ];
    let lines = |rows: &[WorthRow], with: &dyn Fn(&str) -> (Label, Vec<String>)| -> Vec<Line> {
        let line = |key: &str| {
            let (label, narrow) = with(key);
            let value = of_key(rows, key);
            Line { label, numbers: vec![count(value, None, ask.rows(ReportList::Companies, value, &[&narrow]))] }
        };
        keys(rows.iter().map(|row| row.key.as_str())).into_iter().map(line).collect()
    };
    let narrowed = |more: Vec<String>| [&active[..], &more].concat();
    let of = [("companies", ReportUnit::Count)];
    let by_status = lines(&companies, &|key| (by_text(key), is("status", key)));
    let by_tier = lines(&tiers, &|key| (by_text(key), narrowed(is("tier", key))));
    let by_owner = lines(&owners, &|key| (by_member(key), narrowed(is_member("owner", key))));
    let ends = |row: &WorthRow| {
        let window = months_from(month(&row.key)?, 1);
        let mut narrow = vec![format!("renews_on:gte:{}", window.from), format!("renews_on:lt:{}", window.after)];
        narrow.extend(is("currency", row.currency.as_deref().unwrap_or_default()));
        let rows = || ask.rows(ReportList::Companies, row.count, &[&active, &narrow]);
        let value = match &row.currency {
            Some(currency) => money(row.annual, None, currency, rows()),
            None => Number::default(),
        };
        let label = Label { currency: row.currency.clone(), ..by_days(window) };
        Some(Line { label, numbers: vec![count(row.count, None, rows()), value] })
    };
    let ending = [("contracts_ending", ReportUnit::Count), ("annual_value", ReportUnit::Money)];
    let tables = vec![
        table("by_status", ReportDimension::CompanyStatus, ReportDrawing::Bars, &of, by_status),
        table("by_tier", ReportDimension::CompanyTier, ReportDrawing::Bars, &of, by_tier),
        table("by_member", ReportDimension::Member, ReportDrawing::Bars, &of, by_owner),
        table(
            "renewals",
            ReportDimension::Time,
            ReportDrawing::Columns,
            &ending,
            renewals.iter().filter_map(ends).collect(),
        ),
    ];
    Ok((figures, tables))
}
