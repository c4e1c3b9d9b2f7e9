//! Reports on deals: what stands where, what was won, how long it took.
use super::{
    super::db::{
        By,
        deals::{self, OpenRow},
    },
    super::period::{month_of, months_from},
    few::{by_word, few_of_deals, last, words},
    *,
};
use chrono::Months;

/// How many deals were won and lost, and the share of those that were closed.
pub(super) fn endings(ask: &Ask, now: &[Sum], then: Option<&[Sum]>) -> Vec<Figure> {
    let closed = ask.in_period("closed_at");
    let of = |key: &str, status: &str| {
        let value = ended(now, None, status);
        let rows = ask.rows(ReportList::Deals, value, &[&closed, &filter(format!("status:eq:{status}"))]);
        counted(key, count(value, then.map(|then| ended(then, None, status)), rows))
    };
    vec![of("deals_won", "won"), of("deals_lost", "lost"), rate(ask, now, then)]
}

/// The share of closed deals that was won; its rows are those that were closed.
fn rate(ask: &Ask, now: &[Sum], then: Option<&[Sum]>) -> Figure {
    let all = ended(now, None, "");
    let rows = ask.rows(ReportList::Deals, all, &[&ask.in_period("closed_at")]);
    let earlier = then.and_then(|then| share(ended(then, None, "won"), ended(then, None, "")));
    let number = Number { value: share(ended(now, None, "won"), all), before: earlier, currency: None, rows };
    figure("win_rate", ReportUnit::Share, vec![number])
}

/// Open deals as they are now.
pub(super) fn standing(ask: &Ask, open: &[OpenRow]) -> Vec<Figure> {
    let is_open = filter("status:eq:open");
    let all = open.iter().map(|row| row.count).sum();
    let mut sums = BTreeMap::<&str, (i64, i64, i64)>::new();
    for row in open {
        if let Some(currency) = &row.currency {
            let sum = sums.entry(currency).or_default();
            sum.0 += row.count;
            sum.1 = sum.1.saturating_add(row.amount);
            sum.2 = sum.2.saturating_add(row.weighted);
        }
    }
    let numbers = |of: fn(&(i64, i64, i64)) -> i64| {
        let number = |(currency, sum): (&&str, &(i64, i64, i64))| {
            let parts = [&is_open[..], &filter(format!("currency:eq:{currency}"))];
            money(of(sum), None, currency, ask.rows(ReportList::Deals, sum.0, &parts))
        };
        sums.iter().map(number).collect()
    };
    vec![
        counted("deals_open", count(all, None, ask.rows(ReportList::Deals, all, &[&is_open]))),
        figure("open_value", ReportUnit::Money, numbers(|sum| sum.1)),
        figure("weighted_value", ReportUnit::Money, numbers(|sum| sum.2)),
    ]
}

/// Open deals by stage, what came and went, and why deals were lost.
pub(super) async fn pipeline(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let open = deals::open(tx, &ask.of_deals()).await?;
    let (made, made_before) = deals_made(tx, ask, By::All).await?;
    let (now, then) = closed(tx, ask, By::Reason).await?;
    let mut figures = standing(ask, &open);
    let rows = ask.rows(ReportList::Deals, total(&made), &[&ask.in_period("created_at")]);
    figures.push(counted("deals_made", count(total(&made), made_before.as_deref().map(total), rows)));
    figures.extend(endings(ask, &now, then.as_deref()));
    let line = |row: &OpenRow| {
        let mut parts = vec!["status:eq:open".to_owned(), format!("stage:eq:{}", row.stage)];
        parts.extend(row.currency.iter().map(|currency| format!("currency:eq:{currency}")));
        let rows = || ask.rows(ReportList::Deals, row.count, &[&parts]);
        let value = |value: i64| match &row.currency {
            Some(currency) => money(value, None, currency, rows()),
            None => Number::default(),
        };
        let label = Label { currency: row.currency.clone(), ..by_text(&row.name) };
        Line { label, numbers: vec![count(row.count, None, rows()), value(row.amount), value(row.weighted)] }
    };
    let mut tables: Vec<Table> = vec![];
    for group in open.chunk_by(|a, b| a.pipeline == b.pipeline) {
        let of = [
            ("deals_open", ReportUnit::Count),
            ("open_value", ReportUnit::Money),
            ("weighted_value", ReportUnit::Money),
        ];
        let stages =
            table("stages", ReportDimension::Stage, ReportDrawing::Bars, &of, group.iter().map(line).collect());
        tables.push(Table { about: group.first().map(|row| row.pipeline_name.clone()), ..stages });
    }
    let lost: Vec<&Sum> = now.iter().filter(|row| row.status == "lost").collect();
    let reasons = keys(lost.iter().map(|row| row.key.as_str()));
    let because = |key: &&str| {
        let value = ended(&now, Some(key), "lost");
        let parts = [&ask.in_period("closed_at")[..], &filter("status:eq:lost"), &is("reason", key)];
        let earlier = then.as_deref().map(|then| ended(then, Some(key), "lost"));
        Line { label: by_text(key), numbers: vec![count(value, earlier, ask.rows(ReportList::Deals, value, &parts))] }
    };
    let of = [("deals_lost", ReportUnit::Count)];
    tables.push(table(
        "lost_reasons",
        ReportDimension::Reason,
        ReportDrawing::Bars,
        &of,
        reasons.iter().map(because).collect(),
    ));
    let (sums, missing) = home::open(tx, ask).await?;
    figures.extend(sums);
    tables.extend(missing);
    Ok((figures, tables))
}

/// What was won by month, and what open deals may bring.
pub(super) async fn revenue(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let whose = ask.of_deals();
    let zone = ask.period.zone;
    let months = |window: Window| {
        let mut slots = vec![];
        let mut from = window.from;
        while from < window.after {
            let after = (month_of(from) + Months::new(1)).min(window.after);
            slots.push(Window { from, after });
            from = after;
        }
        slots
    };
    let slots = months(ask.period.window);
    let now = deals::closed(tx, By::Slot, &When::of(ask.period.window, &slots, zone), &whose).await?;
    let earlier = ask.period.before.map(|w| When::of(w, &months(w), zone));
    let then = before(tx, earlier, async |tx, when| deals::closed(tx, By::Slot, &when, &whose).await).await?;
    let coming = deals::forecast(tx, &whose).await?;
    let then = then.as_deref();
    let mut figures = vec![figure("won_value", ReportUnit::Money, won_value(ask, None, &[], &now, then))];
    figures.extend(endings(ask, &now, then));
    let each = |sums: &BTreeMap<String, (i64, i64)>| -> BTreeMap<String, i64> {
        sums.iter().filter(|(_, sum)| sum.0 > 0).map(|(c, (count, amount))| (c.clone(), amount / count)).collect()
    };
    let usual = then.map(|then| each(&worth(then, None, "won")));
    let won = worth(&now, None, "won");
    let mean = |(currency, value): (&String, &i64)| {
        let parts = [&ask.in_period("closed_at")[..], &["status:eq:won".into(), format!("currency:eq:{currency}")]];
        let rows = ask.rows(ReportList::Deals, won.get(currency).map_or(0, |sum| sum.0), &parts);
        money(*value, usual.as_ref().and_then(|usual| usual.get(currency).copied()), currency, rows)
    };
    figures.push(figure("mean_value", ReportUnit::Money, each(&won).iter().map(mean).collect()));
    let currencies: Vec<&String> = won.keys().collect();
    let mut lines = vec![];
    for (i, slot) in slots.iter().enumerate() {
        let key = (i + 1).to_string();
        let (here, there) = (worth(&now, Some(&key), "won"), then.map(|then| worth(then, Some(&key), "won")));
        for currency in &currencies {
            let (number, amount) = here.get(*currency).copied().unwrap_or_default();
            let closed = ask.within("closed_at", *slot);
            let parts = [&closed[..], &["status:eq:won".into(), format!("currency:eq:{currency}")]];
            let rows = || ask.rows(ReportList::Deals, number, &parts);
            let earlier = there.as_ref().map(|there| there.get(*currency).copied().unwrap_or_default());
            let label = Label { currency: Some((*currency).clone()), ..by_days(*slot) };
            let won = money(amount, earlier.map(|e| e.1), currency, rows());
            lines.push(Line { label, numbers: vec![won, count(number, earlier.map(|e| e.0), rows())] });
        }
    }
    let of = [("won_value", ReportUnit::Money), ("deals_won", ReportUnit::Count)];
    let by_month = table("won_by_month", ReportDimension::Time, ReportDrawing::Columns, &of, lines);
    let line = |row: &deals::MonthRow| {
        let mut parts = vec!["status:eq:open".to_owned(), format!("currency:eq:{}", row.currency)];
        let window = row.month.map(|month| months_from(month, 1));
        match window {
            Some(w) => {
                parts.extend([format!("expected_close:gte:{}", w.from), format!("expected_close:lt:{}", w.after)])
            }
            None => parts.push("expected_close:empty:true".into()),
        }
        let rows = || ask.rows(ReportList::Deals, row.count, &[&parts]);
        let label = Label { currency: Some(row.currency.clone()), ..window.map(by_days).unwrap_or_default() };
        let value = |value| money(value, None, &row.currency, rows());
        Line { label, numbers: vec![value(row.weighted), value(row.amount), count(row.count, None, rows())] }
    };
    let of =
        [("weighted_value", ReportUnit::Money), ("open_value", ReportUnit::Money), ("deals_open", ReportUnit::Count)];
    let forecast =
        table("forecast", ReportDimension::Time, ReportDrawing::Columns, &of, coming.iter().map(line).collect());
    let (sums, missing) = home::won(tx, ask).await?;
    figures.splice(1..1, sums);
    Ok((figures, [by_month, forecast].into_iter().chain(missing).collect()))
}

fn seconds(value: i64, before: Option<i64>, rows: Option<Rows>) -> Number {
    Number { value: Some(value), before, currency: None, rows }
}

/// How long won deals took.
pub(super) async fn velocity(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let (whose, when) = (ask.of_deals(), ask.when());
    let all = deals::speed(tx, (By::All, None), &when, &whose).await?;
    let earlier =
        before(tx, ask.when_before(), async |tx, when| deals::speed(tx, (By::All, None), &when, &whose).await).await?;
    let won = [&ask.in_period("closed_at")[..], &filter("status:eq:won")].concat();
    let (now, then) = (all.first(), earlier.as_ref().map(|rows| rows.first()));
    let number = now.map_or(0, |row| row.count);
    let rows = || ask.rows(ReportList::Deals, number, &[&won]);
    let took = |of: fn(&deals::SpeedRow) -> i64| Number {
        value: now.map(of),
        before: then.flatten().map(of),
        currency: None,
        rows: rows(),
    };
    let figures = vec![
        counted("deals_won", count(number, then.map(|row| row.map_or(0, |row| row.count)), rows())),
        figure("median_time", ReportUnit::Seconds, vec![took(|row| row.median)]),
        figure("mean_time", ReportUnit::Seconds, vec![took(|row| row.mean)]),
    ];
    let of =
        [("median_time", ReportUnit::Seconds), ("mean_time", ReportUnit::Seconds), ("deals_won", ReportUnit::Count)];
    let mut tables = vec![];
    for (key, by, dimension) in
        [("by_member", By::Member, ReportDimension::Member), ("by_source", By::Source, ReportDimension::Source)]
    {
        let few = match by {
            By::Source => few_of_deals(&[], &deals::closed(tx, by, &when, &whose).await?),
            _ => few_of_deals(&[], &[]),
        };
        let mut found = deals::speed(tx, (by, Some(&few.kept())), &when, &whose).await?;
        last(&mut found);
        let line = |row: &deals::SpeedRow| {
            let (label, narrow) = match by {
                By::Member => (by_member(&row.key), is_member("owner", &row.key)),
                _ => (by_word(&row.key), is("source", &row.key)),
            };
            let rows = || ask.rows_of(&row.key, ReportList::Deals, row.count, &[&won, &narrow]);
            let numbers = vec![
                seconds(row.median, None, rows()),
                seconds(row.mean, None, rows()),
                count(row.count, None, rows()),
            ];
            Line { label, numbers }
        };
        tables.push(table(key, dimension, ReportDrawing::Bars, &of, found.iter().map(line).collect()));
    }
    let stays = deals::stays(tx, &when, &whose).await?;
    for group in stays.chunk_by(|a, b| a.pipeline_name == b.pipeline_name) {
        let line = |row: &deals::StayRow| {
            let rows =
                || ask.rows(ReportList::Deals, row.count, &[&won]).map(|rows| Rows { was_in: Some(row.stage), ..rows });
            Line {
                label: by_text(&row.name),
                numbers: vec![seconds(row.mean, None, rows()), count(row.count, None, rows())],
            }
        };
        let of = [("mean_time", ReportUnit::Seconds), ("deals_won", ReportUnit::Count)];
        let stages =
            table("time_in_stage", ReportDimension::Stage, ReportDrawing::Bars, &of, group.iter().map(line).collect());
        tables.push(Table { about: group.first().map(|row| row.pipeline_name.clone()), ..stages });
    }
    Ok((figures, tables))
}

/// Which share of closed deals was won, and of how many.
pub(super) async fn win_rate(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let (now, then) = closed(tx, ask, By::Member).await?;
    let mut figures = endings(ask, &now, then.as_deref());
    let all = ended(&now, None, "");
    let rows = ask.rows(ReportList::Deals, all, &[&ask.in_period("closed_at")]);
    figures.insert(0, counted("deals_closed", count(all, then.as_deref().map(|then| ended(then, None, "")), rows)));
    let of = [("win_rate", ReportUnit::Share), ("deals_closed", ReportUnit::Count), ("deals_won", ReportUnit::Count)];
    let line = |now: &[Sum], then: Option<&[Sum]>, key: &str, label: Label, narrow: Vec<String>| {
        let closed = [&ask.in_period("closed_at")[..], &narrow].concat();
        let (all, won) = (ended(now, Some(key), ""), ended(now, Some(key), "won"));
        let before = |status: &str| then.map(|then| ended(then, Some(key), status));
        let rows = || ask.rows_of(key, ReportList::Deals, all, &[&closed]);
        let of_won = ask.rows_of(key, ReportList::Deals, won, &[&closed, &filter("status:eq:won")]);
        let earlier = before("won").zip(before("")).and_then(|(won, all)| share(won, all));
        let rate = Number { value: share(won, all), before: earlier, currency: None, rows: rows() };
        Line { label, numbers: vec![rate, count(all, before(""), rows()), count(won, before("won"), of_won)] }
    };
    let by = |now: &[Sum], then: Option<&[Sum]>, with: &dyn Fn(&str) -> (Label, Vec<String>)| -> Vec<Line> {
        let of = words(now.iter().map(|row| row.key.as_str()));
        of.into_iter()
            .map(|key| (key, with(key)))
            .map(|(key, (label, narrow))| line(now, then, key, label, narrow))
            .collect()
    };
    let members = by(&now, then.as_deref(), &|key| (by_member(key), is_member("owner", key)));
    let (now, then) = closed(tx, ask, By::Source).await?;
    let few = few_of_deals(&[], &now);
    let (now, then) = (few.named(now), then.map(|then| few.named(then)));
    let sources = by(&now, then.as_deref(), &|key| (by_word(key), is("source", key)));
    let mut tables = vec![
        table("by_member", ReportDimension::Member, ReportDrawing::Bars, &of, members),
        table("by_source", ReportDimension::Source, ReportDrawing::Bars, &of, sources),
    ];
    if ask.pipeline.is_none() {
        let names = deals::pipelines(tx).await?;
        let (now, then) = closed(tx, ask, By::Pipeline).await?;
        let known = |key: &str| names.iter().find(|p| p.id.0.to_string() == key);
        let lines = by(&now, then.as_deref(), &|key| match known(key) {
            Some(pipeline) => (by_text(&pipeline.name), filter(format!("pipeline:eq:{}", pipeline.id))),
            None => (Label::default(), vec![]),
        });
        tables.push(table("by_pipeline", ReportDimension::Pipeline, ReportDrawing::Bars, &of, lines));
    }
    let reached = deals::reached_of_closed(tx, &ask.when(), &ask.of_deals()).await?;
    for group in reached.chunk_by(|a, b| a.pipeline == b.pipeline) {
        let closed = ask.in_period("closed_at");
        let line = |row: &deals::ReachedRow| {
            let of = |count: i64, more: &[String]| {
                ask.rows(ReportList::Deals, count, &[&closed, more])
                    .map(|rows| Rows { reached: Some(row.stage), ..rows })
            };
            let rate =
                Number { value: share(row.won, row.reached), before: None, currency: None, rows: of(row.reached, &[]) };
            let won = count(row.won, None, of(row.won, &filter("status:eq:won")));
            Line { label: by_text(&row.name), numbers: vec![rate, count(row.reached, None, of(row.reached, &[])), won] }
        };
        let stages =
            table("by_stage", ReportDimension::Stage, ReportDrawing::Bars, &of, group.iter().map(line).collect());
        tables.push(Table { about: group.first().map(|row| row.pipeline_name.clone()), ..stages });
    }
    Ok((figures, tables))
}
