//! A little of everything.
use super::{
    super::db::{By, deals, work},
    *,
};

pub(super) async fn overview(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let mut figures = vec![];
    let slots = ask.slots();
    let mut made = (vec![], vec![], vec![]);
    if ask.sight.contacts.is_some() {
        let (now, then) = contacts_made(tx, ask, By::Slot).await?;
        let rows = ask.rows(ReportList::Contacts, total(&now), &[&ask.in_period("created_at")]);
        figures.push(counted("contacts_made", count(total(&now), then.as_deref().map(total), rows)));
        made.0 = now;
    }
    if ask.sight.deals.is_some() {
        let (now, then) = deals_made(tx, ask, By::Slot).await?;
        let rows = ask.rows(ReportList::Deals, total(&now), &[&ask.in_period("created_at")]);
        figures.push(counted("deals_made", count(total(&now), then.as_deref().map(total), rows)));
        made.1 = now;
        let (now, then) = closed(tx, ask, By::Slot).await?;
        figures.extend(super::deals::endings(ask, &now, then.as_deref()));
        figures.push(figure("won_value", ReportUnit::Money, won_value(ask, None, &[], &now, then.as_deref())));
        let open = deals::open(tx, &ask.of_deals()).await?;
        figures.extend(super::deals::standing(ask, &open));
        for (sums, _) in [home::won(tx, ask).await?, home::open(tx, ask).await?] {
            figures.extend(sums);
        }
        made.2 = now;
    }
    if ask.sight.activities.is_some() {
        let (now, then) = activities(tx, ask, By::All).await?;
        let rows = ask.rows(ReportList::Activities, kinds(&now, None, ""), &[&ask.in_period("occurred_at")]);
        let earlier = then.map(|then| kinds(&then, None, ""));
        figures.push(counted("activities", count(kinds(&now, None, ""), earlier, rows)));
    }
    if ask.sight.tasks.is_some() {
        let whose = ask.whose(&ask.sight.tasks);
        let now = work::tasks_done(tx, By::All, &ask.when(), &whose).await?;
        let then = before(tx, ask.when_before(), async |tx, when| work::tasks_done(tx, By::All, &when, &whose).await);
        let then = then.await?;
        let rows = ask.rows(ReportList::Tasks, total(&now), &[&ask.in_period("closed_at"), &filter("status:eq:done")]);
        figures.push(counted("tasks_done", count(total(&now), then.as_deref().map(total), rows)));
    }
    let (contacts, deals) = (counts(&made.0), counts(&made.1));
    let line = |(i, slot): (usize, &Window)| {
        let key = (i + 1).to_string();
        let of = |counts: &BTreeMap<&str, i64>| counts.get(key.as_str()).copied().unwrap_or(0);
        let won = ended(&made.2, Some(&key), "won");
        let created = ask.within("created_at", *slot);
        let closed = [&ask.within("closed_at", *slot)[..], &filter("status:eq:won")].concat();
        let mut numbers = vec![];
        if ask.sight.contacts.is_some() {
            numbers.push(count(of(&contacts), None, ask.rows(ReportList::Contacts, of(&contacts), &[&created])));
        }
        if ask.sight.deals.is_some() {
            numbers.push(count(of(&deals), None, ask.rows(ReportList::Deals, of(&deals), &[&created])));
            numbers.push(count(won, None, ask.rows(ReportList::Deals, won, &[&closed])));
        }
        Line { label: by_days(*slot), numbers }
    };
    let lines: Vec<Line> = slots.iter().enumerate().map(line).collect();
    let mut of = vec![];
    if ask.sight.contacts.is_some() {
        of.push(("contacts_made", ReportUnit::Count));
    }
    if ask.sight.deals.is_some() {
        of.extend([("deals_made", ReportUnit::Count), ("deals_won", ReportUnit::Count)]);
    }
    let tables = if of.is_empty() {
        vec![]
    } else {
        vec![table("by_time", ReportDimension::Time, ReportDrawing::Columns, &of, lines)]
    };
    Ok((figures, tables))
}
