//! What members did, and what became of what was due.
use super::{
    super::db::{By, work},
    *,
};

/// Kinds of activities, as they are kept.
const KINDS: [&str; 7] = ["call", "meeting", "email", "whatsapp", "sms", "message", "other"];
/// What becomes of a task that was due, in the order in which it is told.
const ENDS: [&str; 5] = ["in_time", "late", "skipped", "overdue", "withdrawn"];

/// Activities by kind, day and member.
pub(super) async fn activity(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let (now, then) = activities(tx, ask, By::Slot).await?;
    let happened = ask.in_period("occurred_at");
    let of = |kind: &str| if kind.is_empty() { vec![] } else { is("kind", kind) };
    let number = |kind: &str| {
        let value = kinds(&now, None, kind);
        let rows = ask.rows(ReportList::Activities, value, &[&happened, &of(kind)]);
        count(value, then.as_deref().map(|then| kinds(then, None, kind)), rows)
    };
    let mut figures = vec![counted("activities", number(""))];
    figures.extend(KINDS.iter().map(|kind| counted(kind, number(kind))));
    let all: Vec<(&str, ReportUnit)> =
        ["activities"].iter().chain(&KINDS).map(|kind| (*kind, ReportUnit::Count)).collect();
    let line = |rows: &[KindCount], key: &str, label: Label, parts: &[&[String]]| {
        let number = |kind: &str| {
            let value = kinds(rows, Some(key), kind);
            count(value, None, ask.rows(ReportList::Activities, value, &[parts, &[&of(kind)]].concat()))
        };
        Line { label, numbers: [""].iter().chain(&KINDS).map(|kind| number(kind)).collect() }
    };
    let slots = ask.slots();
    let by_time = slots.iter().enumerate().map(|(i, slot)| {
        let (key, when) = ((i + 1).to_string(), ask.within("occurred_at", *slot));
        line(&now, &key, by_days(*slot), &[&when])
    });
    let by_time = table("by_time", ReportDimension::Time, ReportDrawing::Columns, &all, by_time.collect());
    let found = work::activities(tx, By::Member, &ask.when(), &ask.only, &ask.done()).await?;
    let members = keys(found.iter().map(|row| row.key.as_str()));
    let lines = members.iter().map(|key| line(&found, key, by_member(key), &[&happened, &is_member("author", key)]));
    let by_member = table("by_member", ReportDimension::Member, ReportDrawing::Bars, &all, lines.collect());
    Ok((figures, vec![by_time, by_member]))
}

/// The filters of the list of tasks that ended so.
fn ended_so(end: &str, now: DateTime<Utc>) -> Vec<String> {
    match end {
        "overdue" => {
            vec!["completion:eq:open".into(), format!("due_at:lt:{}", now.to_rfc3339_opts(SecondsFormat::Micros, true))]
        }
        "" => vec![],
        _ => filter(format!("completion:eq:{end}")),
    }
}

/// What counts as due: done, left out by somebody, or overdue.
fn done_of(rows: &[KindCount], key: Option<&str>) -> (i64, i64) {
    let of = |kind| kinds(rows, key, kind);
    let done = of("in_time") + of("late");
    (done, done + of("skipped") + of("overdue"))
}

/// What became of tasks that were due.
pub(super) async fn follow_ups(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let (whose, moment) = (ask.whose(&ask.sight.tasks), tx.now());
    let now = work::tasks_due(tx, By::Slot, &ask.when(), &whose).await?;
    let then =
        before(tx, ask.when_before(), async |tx, when| work::tasks_due(tx, By::All, &when, &whose).await).await?;
    let due = ask.in_period("due_at");
    let rate = |rows: &[KindCount], key: Option<&str>| {
        let (done, all) = done_of(rows, key);
        share(done, all)
    };
    let number = Number {
        value: rate(&now, None),
        before: then.as_deref().and_then(|then| rate(then, None)),
        currency: None,
        rows: ask.rows(ReportList::Tasks, kinds(&now, None, ""), &[&due]),
    };
    let mut figures = vec![figure("completion", ReportUnit::Share, vec![number])];
    for end in ENDS {
        let value = kinds(&now, None, end);
        let rows = ask.rows(ReportList::Tasks, value, &[&due, &ended_so(end, moment)]);
        figures.push(counted(end, count(value, then.as_deref().map(|then| kinds(then, None, end)), rows)));
    }
    let of: Vec<(&str, ReportUnit)> =
        [("completion", ReportUnit::Share)].into_iter().chain(ENDS.map(|end| (end, ReportUnit::Count))).collect();
    let line = |rows: &[KindCount], key: &str, label: Label, parts: &[&[String]]| {
        let all = kinds(rows, Some(key), "");
        let part = Number {
            value: rate(rows, Some(key)),
            before: None,
            currency: None,
            rows: ask.rows(ReportList::Tasks, all, parts),
        };
        let number = |end: &str| {
            let value = kinds(rows, Some(key), end);
            count(value, None, ask.rows(ReportList::Tasks, value, &[parts, &[&ended_so(end, moment)]].concat()))
        };
        Line { label, numbers: [part].into_iter().chain(ENDS.iter().map(|end| number(end))).collect() }
    };
    let found = work::tasks_due(tx, By::Member, &ask.when(), &whose).await?;
    let members = keys(found.iter().map(|row| row.key.as_str()));
    let lines = members.iter().map(|key| line(&found, key, by_member(key), &[&due, &is_member("assignee", key)]));
    let by_member = table("by_member", ReportDimension::Member, ReportDrawing::Bars, &of, lines.collect());
    let slots = ask.slots();
    let lines = slots.iter().enumerate().map(|(i, slot)| {
        let (key, when) = ((i + 1).to_string(), ask.within("due_at", *slot));
        line(&now, &key, by_days(*slot), &[&when])
    });
    let by_time = table("by_time", ReportDimension::Time, ReportDrawing::Columns, &of, lines.collect());
    Ok((figures, vec![by_member, by_time]))
}

/// What each member did.
pub(super) async fn team(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let contacts = contacts_made(tx, ask, By::Member).await?.0;
    let deals = deals_made(tx, ask, By::Member).await?.0;
    let (now, then) = closed(tx, ask, By::Member).await?;
    let did = work::activities(tx, By::Member, &ask.when(), &ask.only, &ask.done()).await?;
    let tasks = ask.whose(&ask.sight.tasks);
    let due = work::tasks_due(tx, By::Member, &ask.when(), &tasks).await?;
    let done = work::tasks_done(tx, By::Member, &ask.when(), &tasks).await?;
    let (contacts, deals, done) = (counts(&contacts), counts(&deals), counts(&done));
    let members = keys(
        now.iter()
            .map(|row| row.key.as_str())
            .chain(deals.keys().copied())
            .chain(contacts.keys().copied())
            .chain(did.iter().map(|row| row.key.as_str()))
            .chain(done.keys().copied())
            .chain(due.iter().map(|row| row.key.as_str())),
    );
    let (created, closed) = (ask.in_period("created_at"), ask.in_period("closed_at"));
    let (happened, was_due) = (ask.in_period("occurred_at"), ask.in_period("due_at"));
    let sight = &ask.sight;
    let line = |key: &&str| {
        let of = |counts: &BTreeMap<&str, i64>| counts.get(*key).copied().unwrap_or(0);
        let owner = is_member("owner", key);
        let mut numbers = vec![];
        if sight.deals.is_some() {
            let (won, all) = (ended(&now, Some(key), "won"), ended(&now, Some(key), ""));
            let is_won = filter("status:eq:won");
            let rows = ask.rows(ReportList::Deals, all, &[&closed, &owner]);
            numbers.push(count(won, None, ask.rows(ReportList::Deals, won, &[&closed, &owner, &is_won])));
            numbers.push(Number { value: share(won, all), before: None, currency: None, rows });
            numbers.push(count(of(&deals), None, ask.rows(ReportList::Deals, of(&deals), &[&created, &owner])));
        }
        if sight.contacts.is_some() {
            numbers.push(count(
                of(&contacts),
                None,
                ask.rows(ReportList::Contacts, of(&contacts), &[&created, &owner]),
            ));
        }
        if sight.activities.is_some() {
            let value = kinds(&did, Some(key), "");
            let rows = ask.rows(ReportList::Activities, value, &[&happened, &is_member("author", key)]);
            numbers.push(count(value, None, rows));
        }
        if sight.tasks.is_some() {
            let assignee = is_member("assignee", key);
            let is_done = filter("status:eq:done");
            numbers.push(count(
                of(&done),
                None,
                ask.rows(ReportList::Tasks, of(&done), &[&closed, &assignee, &is_done]),
            ));
            let (kept, all) = done_of(&due, Some(key));
            let rows = ask.rows(ReportList::Tasks, kinds(&due, Some(key), ""), &[&was_due, &assignee]);
            numbers.push(Number { value: share(kept, all), before: None, currency: None, rows });
        }
        Line { label: by_member(key), numbers }
    };
    let parts: [(bool, &[(&str, ReportUnit)]); 4] = [
        (
            sight.deals.is_some(),
            &[("deals_won", ReportUnit::Count), ("win_rate", ReportUnit::Share), ("deals_made", ReportUnit::Count)],
        ),
        (sight.contacts.is_some(), &[("contacts_made", ReportUnit::Count)]),
        (sight.activities.is_some(), &[("activities", ReportUnit::Count)]),
        (sight.tasks.is_some(), &[("tasks_done", ReportUnit::Count), ("completion", ReportUnit::Share)]),
    ];
    let of: Vec<(&str, ReportUnit)> =
        parts.iter().filter(|(sees, _)| *sees).flat_map(|(_, of)| of.iter().copied()).collect();
    let mut tables =
        vec![table("by_member", ReportDimension::Member, ReportDrawing::Bars, &of, members.iter().map(line).collect())];
    let mut figures = vec![];
    if sight.deals.is_some() {
        figures.extend(super::deals::endings(ask, &now, then.as_deref()));
        figures.push(figure("won_value", ReportUnit::Money, won_value(ask, None, &[], &now, then.as_deref())));
        let mut lines = vec![];
        for key in keys(now.iter().filter(|row| row.status == "won").map(|row| row.key.as_str())) {
            for number in won_value(ask, Some(key), &is_member("owner", key), &now, then.as_deref()) {
                let label = Label { currency: number.currency.clone(), ..by_member(key) };
                lines.push(Line { label, numbers: vec![number] });
            }
        }
        tables.push(table(
            "won_by_member",
            ReportDimension::Member,
            ReportDrawing::Bars,
            &[("won_value", ReportUnit::Money)],
            lines,
        ));
    }
    Ok((figures, tables))
}
