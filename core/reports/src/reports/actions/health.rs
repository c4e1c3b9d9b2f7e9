//! Companies: how the relationship with each is doing. It is counted as it is now, whatever days are asked for.
use super::*;
use companies::{Healthy, PARTS, PartKind};

/// Companies that are shown one by one: those that need most attention.
const MOST: usize = 50;
/// Bands of the score, with the figure of each.
const BANDS: [(&str, &str); 4] =
    [("good", "health_good"), ("fair", "health_fair"), ("poor", "health_poor"), ("unknown", "health_unknown")];

pub(super) async fn health(tx: &mut Tx, ask: &Ask) -> Result<Parts> {
    let whose = ask.whose(&ask.sight.companies);
    let mut all = companies::healths(tx, &whose.reach, &whose.only).await?;
    let counted = |fits: &dyn Fn(&Healthy) -> bool, filter: Vec<String>| {
        let value = all.iter().filter(|one| fits(one)).count() as i64;
        count(value, None, ask.rows(ReportList::Companies, value, &[&filter]))
    };
    let band = |(band, key): (&str, &str)| {
        super::counted(key, counted(&|one| one.band() == band, filter(format!("health:eq:{band}"))))
    };
    let figures = BANDS.into_iter().map(band).collect();
    let found = |(kind, findings): &(PartKind, &[&str])| {
        let line = |finding: &&str| {
            let narrow = filter(format!("health:eq:{}.{finding}", kind.as_str()));
            let number = counted(&|one| one.has(*kind, finding), narrow);
            let label = Label { word: Some(format!("health_{finding}")), ..Label::default() };
            (number.value > Some(0)).then(|| Line { label, numbers: vec![number] })
        };
        let lines = findings.iter().filter_map(line).collect();
        let (key, of) = (format!("health_{}", kind.as_str()), [("companies", ReportUnit::Count)]);
        table(&key, ReportDimension::Health, ReportDrawing::Bars, &of, lines)
    };
    let mut tables: Vec<Table> = PARTS.iter().map(found).collect();
    all.retain(|one| one.health.score.is_some());
    all.sort_by_key(|one| one.health.score);
    all.truncate(MOST);
    let columns = [
        ("health_score", ReportUnit::Share),
        ("health_touch", ReportUnit::Share),
        ("health_rhythm", ReportUnit::Share),
        ("health_people", ReportUnit::Share),
        ("health_renewal", ReportUnit::Share),
    ];
    let lines = all.iter().map(|one| line(ask, one)).collect();
    tables.push(table("health_companies", ReportDimension::Company, ReportDrawing::Bars, &columns, lines));
    Ok((figures, tables))
}

/// A company's score, and of each part that counts which share of its points was given.
fn line(ask: &Ask, one: &Healthy) -> Line {
    let rows = || ask.rows(ReportList::Companies, 1, &[&filter(format!("id:eq:{}", one.id))]);
    let number = |value| Number { value, before: None, currency: None, rows: rows() };
    let part = |(kind, _): &(PartKind, &[&str])| {
        let part = one.part(*kind).filter(|part| part.counted);
        number(part.and_then(|part| share(part.points.into(), part.most.into())))
    };
    let score = number(one.health.score.map(|score| i64::from(score) * 100));
    Line { label: by_text(&one.name), numbers: std::iter::once(score).chain(PARTS.iter().map(part)).collect() }
}
