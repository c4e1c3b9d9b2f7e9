//! Puts reports together: what is read, and which list shows the rows behind each number.
mod clients;
mod conversion;
mod deals;
mod few;
mod health;
mod home;
mod overview;
mod work;

use super::{
    db::{By, Count, KindCount, Sum, When, Whose},
    model::{
        Column, Figure, Label, Line, Number, Report, ReportDays, ReportDimension, ReportDrawing, ReportKind,
        ReportList, ReportUnit, Rows, Table,
    },
    period::{Period, ReportCompare, ReportSpan, Window},
};
use ::deals::PipelineId;
use activities::Reach;
use chrono::{DateTime, SecondsFormat, Utc};
use contacts::Owners;
use kernel::{Error, Result, Tx, ids::UserId};
use std::collections::BTreeMap;

/// Whose records somebody reaches; none of those that he may not see at all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sight {
    pub contacts: Option<Owners>,
    pub companies: Option<Owners>,
    pub activities: Option<Reach>,
    pub deals: Option<Owners>,
    pub tasks: Option<Owners>,
}

impl Sight {
    /// Reports of which he sees every part, or the overview with the parts that he sees.
    pub fn kinds(&self) -> Vec<ReportKind> {
        let deals = self.deals.is_some();
        let any = deals || self.contacts.is_some() || self.tasks.is_some() || self.activities.is_some();
        let all = [
            (ReportKind::Overview, any),
            (ReportKind::Pipeline, deals),
            (ReportKind::Conversion, deals && self.contacts.is_some()),
            (ReportKind::Sources, deals && self.contacts.is_some()),
            (ReportKind::Revenue, deals),
            (ReportKind::Velocity, deals),
            (ReportKind::WinRate, deals),
            (ReportKind::Activity, self.activities.is_some()),
            (ReportKind::Team, any),
            (ReportKind::FollowUps, self.tasks.is_some()),
            (ReportKind::Clients, self.companies.is_some()),
            (ReportKind::Health, self.companies.is_some()),
        ];
        all.into_iter().filter_map(|(kind, sees)| sees.then_some(kind)).collect()
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub kind: ReportKind,
    pub span: ReportSpan,
    pub compare: ReportCompare,
    pub period: Period,
    /// Only what these members own, did or have to do.
    pub only: Owners,
    /// Only deals of this pipeline.
    pub pipeline: Option<PipelineId>,
    pub sight: Sight,
}

/// The report.
pub(crate) async fn build(tx: &mut Tx, ask: &Ask) -> Result<Report> {
    if !ask.sight.kinds().contains(&ask.kind) {
        let detail = "This report is about records that you may not see.";
        return Err(Error::forbidden("permission_missing", detail));
    }
    let (figures, tables) = match ask.kind {
        ReportKind::Overview => overview::overview(tx, ask).await?,
        ReportKind::Pipeline => deals::pipeline(tx, ask).await?,
        ReportKind::Conversion => conversion::conversion(tx, ask).await?,
        ReportKind::Sources => conversion::sources(tx, ask).await?,
        ReportKind::Revenue => deals::revenue(tx, ask).await?,
        ReportKind::Velocity => deals::velocity(tx, ask).await?,
        ReportKind::WinRate => deals::win_rate(tx, ask).await?,
        ReportKind::Activity => work::activity(tx, ask).await?,
        ReportKind::Team => work::team(tx, ask).await?,
        ReportKind::FollowUps => work::follow_ups(tx, ask).await?,
        ReportKind::Clients => clients::clients(tx, ask).await?,
        ReportKind::Health => health::health(tx, ask).await?,
    };
    let days = |w: Window| ReportDays { from: w.from, until: w.until() };
    Ok(Report {
        kind: ask.kind,
        span: ask.span,
        compare: ask.compare,
        days: days(ask.period.window),
        before: ask.period.before.map(days),
        zone: ask.period.zone.name().to_owned(),
        figures,
        tables,
    })
}

type Parts = (Vec<Figure>, Vec<Table>);

impl Ask {
    fn slots(&self) -> Vec<Window> {
        self.period.window.slots()
    }

    fn when(&self) -> When {
        When::of(self.period.window, &self.slots(), self.period.zone)
    }

    fn when_before(&self) -> Option<When> {
        self.period.before.map(|w| When::of(w, &w.slots(), self.period.zone))
    }

    fn whose(&self, reach: &Option<Owners>) -> Whose {
        // Whoever may not see them at all reaches nobody's.
        let reach = reach.clone().unwrap_or(Some(vec![]));
        Whose { reach, only: self.only.clone(), pipeline: self.pipeline }
    }

    /// Whose activities the caller reaches.
    fn done(&self) -> Reach {
        self.sight.activities.clone().unwrap_or_else(Reach::nobody)
    }

    fn of_deals(&self) -> Whose {
        self.whose(&self.sight.deals)
    }

    /// `field:gte:…` and `field:lt:…` of these days.
    fn within(&self, field: &str, window: Window) -> Vec<String> {
        let (start, end) = window.moments(self.period.zone);
        vec![format!("{field}:gte:{}", moment(start)), format!("{field}:lt:{}", moment(end))]
    }

    fn in_period(&self, field: &str) -> Vec<String> {
        self.within(field, self.period.window)
    }

    /// The list behind a number. What somebody may not see the list leaves out by itself.
    fn rows(&self, list: ReportList, count: i64, parts: &[&[String]]) -> Option<Rows> {
        let member = match list {
            ReportList::Activities => "author",
            ReportList::Tasks => "assignee",
            _ => "owner",
        };
        let mut filter: Vec<String> = parts.iter().flat_map(|part| part.iter().cloned()).collect();
        if let Some(only) = &self.only {
            if only.is_empty() {
                return None;
            }
            let ids: Vec<String> = only.iter().map(|id| UserId(*id).to_string()).collect();
            filter.push(format!("{member}:in:{}", ids.join(",")));
        }
        filter.extend(self.pipeline.filter(|_| list == ReportList::Deals).map(|id| format!("pipeline:eq:{id}")));
        Some(Rows { list, filter, reached: None, was_in: None, count })
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn filter(text: impl Into<String>) -> Vec<String> {
    vec![text.into()]
}

/// `field:eq:value`, or that there is none.
fn is(field: &str, value: &str) -> Vec<String> {
    if value.is_empty() { filter(format!("{field}:empty:true")) } else { filter(format!("{field}:eq:{value}")) }
}

/// The member that a key names, as filters and labels say him.
fn member(key: &str) -> Option<UserId> {
    key.parse().ok().map(UserId)
}

fn is_member(field: &str, key: &str) -> Vec<String> {
    is(field, &member(key).map(|id| id.to_string()).unwrap_or_default())
}

fn by_member(key: &str) -> Label {
    Label { member: member(key), ..Label::default() }
}

fn by_text(key: &str) -> Label {
    Label { text: (!key.is_empty()).then(|| key.to_owned()), ..Label::default() }
}

fn by_days(window: Window) -> Label {
    Label { from: Some(window.from), until: Some(window.until()), ..Label::default() }
}

fn count(value: i64, before: Option<i64>, rows: Option<Rows>) -> Number {
    Number { value: Some(value), before, currency: None, rows }
}

fn money(value: i64, before: Option<i64>, currency: &str, rows: Option<Rows>) -> Number {
    Number { value: Some(value), before, currency: Some(currency.to_owned()), rows }
}

/// Hundredths of a percent, rounded half up; nothing of nothing.
fn share(part: i64, whole: i64) -> Option<i64> {
    let (part, twice) = (i128::from(part), 2 * i128::from(whole));
    (whole > 0).then(|| i64::try_from((20_000 * part + i128::from(whole)) / twice).unwrap_or(i64::MAX))
}

fn figure(key: &str, unit: ReportUnit, numbers: Vec<Number>) -> Figure {
    Figure { key: key.to_owned(), unit, numbers }
}

fn counted(key: &str, number: Number) -> Figure {
    figure(key, ReportUnit::Count, vec![number])
}

fn columns(columns: &[(&str, ReportUnit)]) -> Vec<Column> {
    columns.iter().map(|(key, unit)| Column { key: (*key).to_owned(), unit: *unit }).collect()
}

fn table(
    key: &str,
    dimension: ReportDimension,
    drawing: ReportDrawing,
    of: &[(&str, ReportUnit)],
    lines: Vec<Line>,
) -> Table {
    Table { key: key.to_owned(), dimension, about: None, drawing, columns: columns(of), lines }
}

/// Counts by key.
fn counts(rows: &[Count]) -> BTreeMap<&str, i64> {
    rows.iter().map(|row| (row.key.as_str(), row.count)).collect()
}

fn total(rows: &[Count]) -> i64 {
    rows.iter().map(|row| row.count).sum()
}

/// Of a key, or of all.
fn kinds(rows: &[KindCount], key: Option<&str>, kind: &str) -> i64 {
    let fits = |row: &&KindCount| key.is_none_or(|key| row.key == key) && (kind.is_empty() || row.kind == kind);
    rows.iter().filter(fits).map(|row| row.count).sum()
}

/// How many deals of a key, or of all, ended in this way, or in any.
fn ended(rows: &[Sum], key: Option<&str>, status: &str) -> i64 {
    let fits = |row: &&Sum| key.is_none_or(|key| row.key == key) && (status.is_empty() || row.status == status);
    rows.iter().filter(fits).map(|row| row.count).sum()
}

/// What they were worth by currency: how many and how much.
fn worth(rows: &[Sum], key: Option<&str>, status: &str) -> BTreeMap<String, (i64, i64)> {
    let mut sums = BTreeMap::<String, (i64, i64)>::new();
    for row in rows.iter().filter(|row| key.is_none_or(|key| row.key == key) && row.status == status) {
        let sum = sums.entry(row.currency.clone()).or_default();
        sum.0 += row.count;
        sum.1 = sum.1.saturating_add(row.amount);
    }
    sums
}

/// Keys of several readings, each once, in the order in which they come.
fn keys<'a>(rows: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::BTreeSet::new();
    rows.into_iter().filter(|key| seen.insert(*key)).collect()
}

/// What `read` gives of the days that are compared; nothing without any.
async fn before<T>(
    tx: &mut Tx,
    when: Option<When>,
    read: impl AsyncFnOnce(&mut Tx, When) -> Result<Vec<T>>,
) -> Result<Option<Vec<T>>> {
    match when {
        Some(when) => read(tx, when).await.map(Some),
        None => Ok(None),
    }
}

/// Closed deals of the period and of the days that are compared.
async fn closed(tx: &mut Tx, ask: &Ask, by: By) -> Result<(Vec<Sum>, Option<Vec<Sum>>)> {
    let whose = ask.of_deals();
    let now = super::db::deals::closed(tx, by, &ask.when(), &whose).await?;
    let then = before(tx, ask.when_before(), async |tx, when| super::db::deals::closed(tx, by, &when, &whose).await);
    Ok((now, then.await?))
}

/// Deals made in the period and in the days that are compared.
async fn deals_made(tx: &mut Tx, ask: &Ask, by: By) -> Result<(Vec<Count>, Option<Vec<Count>>)> {
    let whose = ask.of_deals();
    let now = super::db::deals::made(tx, by, &ask.when(), &whose).await?;
    let then = before(tx, ask.when_before(), async |tx, when| super::db::deals::made(tx, by, &when, &whose).await);
    Ok((now, then.await?))
}

/// Contacts made in the period and in the days that are compared.
async fn contacts_made(tx: &mut Tx, ask: &Ask, by: By) -> Result<(Vec<Count>, Option<Vec<Count>>)> {
    let whose = ask.whose(&ask.sight.contacts);
    let now = super::db::people::made(tx, by, &ask.when(), &whose).await?;
    let then = before(tx, ask.when_before(), async |tx, when| super::db::people::made(tx, by, &when, &whose).await);
    Ok((now, then.await?))
}

/// Activities of the period and of the days that are compared.
async fn activities(tx: &mut Tx, ask: &Ask, by: By) -> Result<(Vec<KindCount>, Option<Vec<KindCount>>)> {
    let reach = ask.done();
    let read = async |tx: &mut Tx, when| super::db::work::activities(tx, by, &when, &ask.only, &reach).await;
    let now = read(tx, ask.when()).await?;
    let then = before(tx, ask.when_before(), read);
    Ok((now, then.await?))
}

/// Won deals' worth, a number for each currency.
fn won_value(ask: &Ask, key: Option<&str>, more: &[String], now: &[Sum], then: Option<&[Sum]>) -> Vec<Number> {
    let (mut sums, earlier) = (worth(now, key, "won"), then.map(|then| worth(then, key, "won")));
    for currency in earlier.iter().flat_map(|e| e.keys()) {
        sums.entry(currency.clone()).or_default();
    }
    let number = |(currency, (count, amount)): (&String, &(i64, i64))| {
        let parts =
            [&ask.in_period("closed_at")[..], &["status:eq:won".into(), format!("currency:eq:{currency}")], more];
        let earlier = earlier.as_ref().map(|e| e.get(currency).map_or(0, |sum| sum.1));
        money(*amount, earlier, currency, ask.rows(ReportList::Deals, *count, &parts))
    };
    sums.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_share_is_the_nearest_hundredth_of_a_percent(part in 0i64..100_000, more in 0i64..100_000) {
            let whole = part + more;
            match share(part, whole) {
                None => prop_assert_eq!(whole, 0),
                Some(share) => prop_assert!((share * whole - part * 10_000).abs() * 2 <= whole),
            }
        }
    }
}
