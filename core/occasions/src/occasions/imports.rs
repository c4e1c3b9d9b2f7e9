//! Birthdays and anniversaries that a file of contacts brings.
use super::{
    actions::MOST,
    dates::Kept,
    db::imports::{self as db, Brought, Known},
    model::OccasionId,
    written,
};
use crate::greetings;
use kernel::{
    Result, Tx,
    ids::new_uuid_nth,
    imports::{CellReading, ImportPart, PartBatch, PartTaken, PartTrace},
};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Columns with days of every year.
pub(crate) const IMPORTS: &[ImportPart] = &[ImportPart {
    name: "occasions",
    columns: KINDS,
    needs: None,
    strict: false,
    write: "occasions.write",
    read,
    take: |tx, batch| Box::pin(take(tx, batch)),
    undo: |tx, traces, jump| Box::pin(undo(tx, traces, jump)),
}];

/// Columns are called as kinds of occasions are.
const KINDS: &[&str] = &["birthday", "anniversary"];

fn read(_: &str, cell: &str, how: &CellReading) -> std::result::Result<Value, &'static str> {
    written::yearly(cell, how.month_first, how.year).map(|kept| json!(written::plain(&kept)))
}

/// What becomes of a day that a row brings.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It is known.
    Same,
    /// It is new.
    New,
    /// It says more, or something else, than this one.
    Changes(usize),
}

/// A person has one birthday: another day replaces it where the import replaces what is known, and a year that was missing is
/// filled in. There may be several anniversaries: another day is another one.
fn fate(kind: &str, kept: &Kept, anchor: &str, known: &[&Known], overwrite: bool) -> Fate {
    let same_day = |k: &&Known| k.kind == kind && k.anchor == anchor;
    let same = known.iter().any(|k| same_day(k) && (kept.year.is_none() || k.year == kept.year));
    if same {
        return Fate::Same;
    }
    if let Some(at) = known.iter().position(|k| same_day(k) && (k.year.is_none() || overwrite)) {
        return Fate::Changes(at);
    }
    if kind != "birthday" {
        return if known.iter().any(same_day) { Fate::Same } else { Fate::New };
    }
    let of_kind: Vec<usize> = (0..known.len()).filter(|at| known[*at].kind == kind).collect();
    match of_kind[..] {
        [] => Fate::New,
        [at] if overwrite => Fate::Changes(at),
        _ => Fate::Same,
    }
}

async fn take(tx: &mut Tx, batch: PartBatch<'_>) -> Result<PartTaken> {
    let people: Vec<Uuid> = batch.rows.iter().filter(|row| !row.is_new).map(|row| row.contact).collect();
    let (mut known, mut reached) = (HashMap::<Uuid, Vec<Known>>::new(), vec![]);
    if !people.is_empty() {
        reached = db::reached(tx, &people, batch.reach).await?;
        for one in db::known(tx, &reached, batch.writes).await? {
            known.entry(one.contact).or_default().push(one);
        }
    }
    let (mut new, mut changed, mut taken) = (vec![], vec![], PartTaken::default());
    for row in batch.rows.iter().filter(|row| row.is_new || reached.contains(&row.contact)) {
        let theirs: Vec<&Known> = known.get(&row.contact).into_iter().flatten().collect();
        let mut traces: Vec<Value> = vec![];
        for kind in KINDS {
            let text = row.said.get(*kind).and_then(Value::as_str);
            let Some(kept) = text.and_then(|text| written::yearly(text, None, i32::MAX).ok()) else { continue };
            let Ok(when) = kept.when() else { continue };
            let anchor = when.anchor();
            let id = match fate(kind, &kept, &anchor, &theirs, batch.overwrite) {
                Fate::New if i64::try_from(theirs.len()).unwrap_or(MOST) < MOST => {
                    let id = OccasionId(new_uuid_nth(tx.now(), u32::try_from(new.len()).unwrap_or(u32::MAX)));
                    traces.push(json!({ "id": id.0 }));
                    id
                }
                Fate::Changes(at) => {
                    traces.push(json!({ "id": theirs[at].id.0, "before": theirs[at].row }));
                    theirs[at].id
                }
                Fate::New | Fate::Same => continue,
            };
            let is_new = traces.last().is_some_and(|trace| trace.get("before").is_none());
            let brought = Brought::of(id.0, row.contact, kind, &kept, anchor);
            if is_new { new.push(brought) } else { changed.push(brought) }
        }
        if !traces.is_empty() {
            let (contact, trace) = (Some(row.contact), traces.into());
            taken.traces.push(PartTrace { step: 0, line: row.line, contact, record: None, trace });
        }
    }
    taken.counts = vec![("occasions", i32::try_from(new.len() + changed.len()).unwrap_or(i32::MAX))];
    if batch.writes && !taken.traces.is_empty() {
        db::bring(tx, &new, &changed, batch.jump).await?;
        greetings::wake(tx).await?;
    }
    Ok(taken)
}

/// Removes days that nobody changed since, and gives back what others were.
async fn undo(tx: &mut Tx, traces: &[PartTrace], jump: i64) -> Result<Vec<&'static str>> {
    let rows: Vec<&Value> = traces.iter().map(|trace| &trace.trace).collect();
    let left = db::take_back(tx, &rows, jump).await?;
    let of = |trace: &PartTrace| -> Vec<Uuid> {
        let ids = trace.trace.as_array().into_iter().flatten().filter_map(|one| one["id"].as_str());
        ids.filter_map(|id| id.parse().ok()).collect()
    };
    let fate = |trace: &PartTrace| match of(trace).iter().any(|id| left.contains(&OccasionId(*id))) {
        true => "changed",
        false => "undone",
    };
    greetings::wake(tx).await?;
    Ok(traces.iter().map(fate).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(kind: &str, day: &str) -> Known {
        let kept = written::yearly(day, None, 2026).unwrap();
        Known {
            id: OccasionId(Uuid::nil()),
            contact: Uuid::nil(),
            kind: kind.into(),
            anchor: kept.when().unwrap().anchor(),
            year: kept.year,
            row: Value::Null,
        }
    }

    #[test]
    fn a_birthday_is_one_and_anniversaries_are_many() {
        let of = |kind: &str, day: &str, known: &[Known], overwrite| {
            let kept = written::yearly(day, None, 2026).unwrap();
            let anchor = kept.when().unwrap().anchor();
            fate(kind, &kept, &anchor, &known.iter().collect::<Vec<_>>(), overwrite)
        };
        let born = [known("anniversary", "2010-06-01"), known("birthday", "--05-04")];
        assert_eq!(of("birthday", "1990-05-04", &born[..1], false), Fate::New);
        assert_eq!(of("birthday", "--05-04", &born, true), Fate::Same);
        assert_eq!(of("birthday", "1990-05-04", &born, false), Fate::Changes(1), "the year was missing");
        assert_eq!(of("birthday", "1990-05-05", &born, true), Fate::Changes(1));
        assert_eq!(of("birthday", "1990-05-05", &born, false), Fate::Same, "nothing is replaced");
        assert_eq!(of("anniversary", "--06-01", &born, true), Fate::Same);
        assert_eq!(of("anniversary", "2015-07-01", &born, true), Fate::New);
        let twice = [known("birthday", "--05-04"), known("birthday", "--05-06")];
        assert_eq!(of("birthday", "1990-05-05", &twice, true), Fate::Same, "nobody knows which one is meant");
    }
}
