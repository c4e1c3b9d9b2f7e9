//! Companies: how the relationship with each is doing. It is said as it is now, whatever days are asked for.
use super::*;
use companies::{Healthy, PARTS, PartKind};
use std::collections::HashMap;

/// Companies that are shown one by one: those that need most attention.
const MOST: i64 = 50;
/// Bands of the score, with the figure of each.
const BANDS: [(&str, &str); 4] =
    [("good", "health_good"), ("fair", "health_fair"), ("poor", "health_poor"), ("unknown", "health_unknown")];

pub(super) async fn health(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let whose = ask.whose(&ask.sight.companies);
    let found: HashMap<String, i64> =
        companies::health_figures(tx, &whose.reach, &whose.only).await?.into_iter().collect();
    let number = |word: &str| {
        let value = found.get(word).copied().unwrap_or(0);
        count(value, None, ask.rows(ReportList::Companies, value, &[&filter(format!("health:eq:{word}"))]))
    };
    let figures = BANDS.into_iter().map(|(band, key)| counted(key, number(band))).collect();
    let mut tables = vec![];
    for (kind, findings) in &PARTS {
        let line = |(finding, _): &(&str, _)| {
            let number = number(&format!("{}.{finding}", kind.as_str()));
            let label = Label { word: Some(format!("health_{finding}")), ..Label::default() };
            (number.value > Some(0)).then(|| Line { label, numbers: vec![number] })
        };
        let lines = findings.iter().filter_map(line).collect();
        let (key, of) = (format!("health_{}", kind.as_str()), [("companies", ReportUnit::Count)]);
        tables.push(table(&key, ReportDimension::Health, ReportDrawing::Bars, &of, lines));
    }
    let least = companies::least_healthy(tx, &whose.reach, &whose.only, MOST).await?;
    let columns = [
        ("health_score", ReportUnit::Share),
        ("health_touch", ReportUnit::Share),
        ("health_rhythm", ReportUnit::Share),
        ("health_people", ReportUnit::Share),
        ("health_renewal", ReportUnit::Share),
    ];
    let lines = least.iter().map(|one| line(ask, one)).collect();
    tables.push(table("health_companies", ReportDimension::Company, ReportDrawing::Bars, &columns, lines));
    Ok((figures, tables))
}

/// A company's score, and of each part that counts which share of its points was given.
fn line(ask: &Ask, one: &Healthy) -> Line {
    let rows = || ask.rows(ReportList::Companies, 1, &[&filter(format!("id:eq:{}", one.id))]);
    let number = |value| Number { value, before: None, currency: None, rows: rows() };
    let part = |kind: PartKind| number(one.points(kind).and_then(|(points, most)| share(points.into(), most.into())));
    let score = number(Some(i64::from(one.score) * 100));
    let parts = PARTS.iter().map(|(kind, _)| part(*kind));
    Line { label: by_text(&one.name), numbers: std::iter::once(score).chain(parts).collect() }
}
