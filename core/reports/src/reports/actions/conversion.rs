//! How far deals and contacts come, and where they come from.
use super::{
    super::db::{By, deals, people, ways},
    few::{Few, by_word, few_of_deals, words},
    *,
};

/// How far deals came that were made in these days, and where contacts stand that were.
pub(super) async fn conversion(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let whose = ask.of_deals();
    let reached = deals::reached_of_made(tx, &ask.when(), &whose).await?;
    let then = before(tx, ask.when_before(), async |tx, when| deals::reached_of_made(tx, &when, &whose).await).await?;
    let made = ask.in_period("created_at");
    let first = |rows: &[deals::ReachedRow], of: fn(&deals::ReachedRow) -> i64| -> i64 {
        rows.chunk_by(|a, b| a.pipeline == b.pipeline).filter_map(|group| group.first()).map(of).sum()
    };
    let (all, won) = (first(&reached, |row| row.all), first(&reached, |row| row.won));
    let earlier = then.as_deref().map(|then| (first(then, |row| row.all), first(then, |row| row.won)));
    let is_won = filter("status:eq:won");
    let figures = vec![
        counted("deals_made", count(all, earlier.map(|e| e.0), ask.rows(ReportList::Deals, all, &[&made]))),
        counted("won_of_made", count(won, earlier.map(|e| e.1), ask.rows(ReportList::Deals, won, &[&made, &is_won]))),
        figure(
            "share_won",
            ReportUnit::Share,
            vec![Number {
                value: share(won, all),
                before: earlier.and_then(|(all, won)| share(won, all)),
                currency: None,
                rows: ask.rows(ReportList::Deals, all, &[&made]),
            }],
        ),
    ];
    let of = [
        ("deals_reached", ReportUnit::Count),
        ("share_of_all", ReportUnit::Share),
        ("share_of_step", ReportUnit::Share),
    ];
    let mut tables = vec![];
    for group in reached.chunk_by(|a, b| a.pipeline == b.pipeline) {
        let mut lines = vec![];
        let (mut step, mut step_before) = (group.first().map_or(0, |row| row.all), None);
        let earlier_of = |stage| then.as_deref().map(|then| then.iter().find(|row| row.stage == stage));
        let mut push = |label, value: i64, all: i64, earlier: Option<i64>, rows: Option<Rows>| {
            let part = |whole| Number { value: share(value, whole), before: None, currency: None, rows: rows.clone() };
            let of_step = Number { before: earlier.zip(step_before).and_then(|(e, s)| share(e, s)), ..part(step) };
            lines.push(Line { label, numbers: vec![count(value, earlier, rows.clone()), part(all), of_step] });
            (step, step_before) = (value, earlier);
        };
        for row in group {
            let earlier = earlier_of(row.stage).map(|found| found.map_or(0, |row| row.reached));
            let rows = ask.rows(ReportList::Deals, row.reached, &[&made]);
            push(
                by_text(&row.name),
                row.reached,
                row.all,
                earlier,
                rows.map(|r| Rows { reached: Some(row.stage), ..r }),
            );
        }
        if let Some(row) = group.first() {
            let narrow = filter(format!("pipeline:eq:{}", row.pipeline));
            // The pipeline that is asked for is named already.
            let narrow = if ask.pipeline.is_some() { vec![] } else { narrow };
            let earlier = earlier_of(row.stage).map(|found| found.map_or(0, |row| row.won));
            let label = Label { word: Some("won".into()), ..Label::default() };
            push(label, row.won, row.all, earlier, ask.rows(ReportList::Deals, row.won, &[&made, &is_won, &narrow]));
            let funnel = table("funnel", ReportDimension::Stage, ReportDrawing::Funnel, &of, lines);
            tables.push(Table { about: Some(row.pipeline_name.clone()), ..funnel });
        }
    }
    let stages = people::stages(tx).await?;
    let (now, then) = contacts_made(tx, ask, By::Kind).await?;
    let (now, then, all) = (counts(&now), then.as_deref().map(counts), total(&now));
    let line = |stage: &people::StageName| {
        let value = now.get(stage.key.as_str()).copied().unwrap_or(0);
        let rows = ask.rows(ReportList::Contacts, value, &[&made, &is("stage", &stage.key)]);
        let earlier = then.as_ref().map(|then| then.get(stage.key.as_str()).copied().unwrap_or(0));
        let part = Number { value: share(value, all), before: None, currency: None, rows: rows.clone() };
        Line { label: by_text(&stage.label), numbers: vec![count(value, earlier, rows), part] }
    };
    let of = [("contacts_here", ReportUnit::Count), ("share_of_all", ReportUnit::Share)];
    let lines = stages.iter().map(line).collect();
    tables.push(table("contact_stages", ReportDimension::ContactStage, ReportDrawing::Bars, &of, lines));
    Ok((figures, tables))
}

/// Where contacts and deals come from.
pub(super) async fn sources(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let created = ask.in_period("created_at");
    let mut tables = vec![];
    let mut figures = vec![];
    let (people, deals) = (ask.whose(&ask.sight.contacts), ask.of_deals());
    let mut came = ways::read(tx, &ask.when(), (&people, &deals)).await?;
    let mut came_before = match ask.when_before() {
        Some(when) => Some(ways::read(tx, &when, (&people, &deals)).await?),
        None => None,
    };
    for (key, by, field) in [
        ("contacts_by_source", By::Source, "source"),
        ("contacts_by_first_touch", By::FirstTouch, "first_source"),
        ("contacts_by_last_touch", By::LastTouch, "last_source"),
    ] {
        let (now, then) = (came.contacts.take(by), came_before.as_mut().map(|then| then.contacts.take(by)));
        if figures.is_empty() {
            let rows = ask.rows(ReportList::Contacts, total(&now), &[&created]);
            figures.push(counted("contacts_made", count(total(&now), then.as_deref().map(total), rows)));
        }
        let few = Few::of(now.iter().map(|row| (row.key.as_str(), row.count)));
        let (now, then) = (few.counts(now), then.map(|then| few.counts(then)));
        let (all, earlier) = (total(&now), then.as_deref().map(counts));
        let line = |row: &Count| {
            let rows = ask.rows_of(&row.key, ReportList::Contacts, row.count, &[&created, &is(field, &row.key)]);
            let earlier = earlier.as_ref().map(|e| e.get(row.key.as_str()).copied().unwrap_or(0));
            let part = Number { value: share(row.count, all), before: None, currency: None, rows: rows.clone() };
            Line { label: by_word(&row.key), numbers: vec![count(row.count, earlier, rows), part] }
        };
        let of = [("contacts_made", ReportUnit::Count), ("share_of_all", ReportUnit::Share)];
        tables.push(table(key, ReportDimension::Source, ReportDrawing::Bars, &of, now.iter().map(line).collect()));
    }
    let (made, now) = (came.made.take(By::Source), came.closed.take(By::Source));
    let made_before = came_before.as_mut().map(|then| then.made.take(By::Source));
    let then = came_before.as_mut().map(|then| then.closed.take(By::Source));
    let rows = ask.rows(ReportList::Deals, total(&made), &[&created]);
    figures.push(counted("deals_made", count(total(&made), made_before.as_deref().map(total), rows)));
    figures.push(figure("won_value", ReportUnit::Money, won_value(ask, None, &[], &now, then.as_deref())));
    let few = few_of_deals(&made, &now);
    let (now, then) = (few.named(now), then.map(|then| few.named(then)));
    let (made, made_before) = (few.counts(made), made_before.map(|made| few.counts(made)));
    let (made, earlier) = (counts(&made), made_before.as_deref().map(counts));
    let of_closed = ask.in_period("closed_at");
    let all = words(made.keys().copied().chain(now.iter().map(|row| row.key.as_str())));
    let line = |key: &&str| {
        let source = is("source", key);
        let number = made.get(*key).copied().unwrap_or(0);
        let ends =
            |status: &str| (ended(&now, Some(key), status), then.as_deref().map(|then| ended(then, Some(key), status)));
        let (won, won_before) = ends("won");
        let (closed, closed_before) = ends("");
        let rate = Number {
            value: share(won, closed),
            before: won_before.zip(closed_before).and_then(|(won, closed)| share(won, closed)),
            currency: None,
            rows: ask.rows_of(key, ReportList::Deals, closed, &[&of_closed, &source]),
        };
        let before = earlier.as_ref().map(|e| e.get(*key).copied().unwrap_or(0));
        let is_won = ask.rows_of(key, ReportList::Deals, won, &[&of_closed, &source, &filter("status:eq:won")]);
        let numbers = vec![
            count(number, before, ask.rows_of(key, ReportList::Deals, number, &[&created, &source])),
            count(won, won_before, is_won),
            rate,
        ];
        Line { label: by_word(key), numbers }
    };
    let of = [("deals_made", ReportUnit::Count), ("deals_won", ReportUnit::Count), ("win_rate", ReportUnit::Share)];
    tables.push(table(
        "deals_by_source",
        ReportDimension::Source,
        ReportDrawing::Bars,
        &of,
        all.iter().map(line).collect(),
    ));
    let mut lines = vec![];
    for key in words(now.iter().filter(|row| row.status == "won").map(|row| row.key.as_str())) {
        for number in won_value(ask, Some(key), &is("source", key), &now, then.as_deref()) {
            let label = Label { currency: number.currency.clone(), ..by_word(key) };
            let rows = number.rows.filter(|_| label.word.is_none());
            lines.push(Line { label, numbers: vec![Number { rows, ..number }] });
        }
    }
    tables.push(table(
        "won_by_source",
        ReportDimension::Source,
        ReportDrawing::Bars,
        &[("won_value", ReportUnit::Money)],
        lines,
    ));
    tables.extend(home::campaigns(ask, &tx.tenant().currency, &mut came, &mut came_before));
    let (sums, missing) = home::won(tx, ask).await?;
    figures.extend(sums);
    tables.extend(missing);
    Ok((figures, tables))
}
