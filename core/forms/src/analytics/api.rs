//! HTTP: figures of a form.
use super::{
    db, export,
    model::{Analytics, FiguresTable, FormDay, FormName, FormsFigures, Today, figures, of_all},
};
use crate::{
    Read, Tags, forms,
    forms::{
        db::Owners,
        settings::{FormId, FormRow},
    },
    submissions::actions::read_definition,
};
use chrono::{Datelike, Days, NaiveDate};
use kernel::{Cx, Error, Result, Tx};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};
use tenants::sightings::{self, Shown};

/// Most days of one answer.
const MAX_DAYS: u64 = 400;
const DEFAULT_DAYS: u64 = 30;

pub(crate) struct AnalyticsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Forms")]
impl AnalyticsApi {
    /// Get a form's figures
    ///
    /// Views, starts, completions and where visitors drop off, by day in the tenant's time zone.
    #[oai(path = "/forms/:id/analytics", method = "get")]
    async fn get_form_analytics(
        &self,
        cx: Cx<Read>,
        id: Path<FormId>,
        /// One version only.
        version: Query<Option<i32>>,
        /// First day; 30 days back when absent.
        from: Query<Option<NaiveDate>>,
        /// Last day; today when absent.
        to: Query<Option<NaiveDate>>,
    ) -> Result<Json<Analytics>> {
        read(&cx, id.0, version.0, (from.0, to.0)).await.map(Json)
    }

    /// Export a form's figures
    ///
    /// One of their tables as CSV or XLSX; `Upzento-Rows` says how many rows it has. In CSV cells that a spreadsheet would run as
    /// a formula begin with an apostrophe. The export is recorded.
    #[oai(path = "/forms/:id/analytics/export", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn export_form_analytics(
        &self,
        cx: Cx<Read>,
        id: Path<FormId>,
        /// Which table; days when absent.
        table: Query<Option<FiguresTable>>,
        /// One version only.
        version: Query<Option<i32>>,
        /// First day; 30 days back when absent.
        from: Query<Option<NaiveDate>>,
        /// Last day; today when absent.
        to: Query<Option<NaiveDate>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        let figures = read(&cx, id.0, version.0, (from.0, to.0)).await?;
        let look = Look::of(format.0, language.0);
        export::file(&cx, id.0, table.0.unwrap_or_default(), figures, look).await
    }

    /// Get the figures of all forms
    ///
    /// The last seven days and the seven before of every form in reach, and day by day over all of them.
    #[oai(path = "/forms/figures", method = "get")]
    async fn get_forms_figures(&self, cx: Cx<Read>) -> Result<Json<FormsFigures>> {
        let owners = cx.visible_owners();
        let (now, forms, rows) = cx.read(async |tx| weeks(tx, &owners).await).await?;
        let first = now.today - Days::new(13);
        let shown = cx.control(async |tx| sightings::shown_by_widget(tx, cx.tenant.id, first).await).await?;
        Ok(Json(of_all(&now, forms, &rows, &shown)))
    }
}

async fn weeks(tx: &mut Tx, owners: &Owners) -> Result<(Today, Vec<FormName>, Vec<FormDay>)> {
    let now = Today::of(tx.here());
    let forms = db::forms(tx, owners).await?;
    let ids: Vec<_> = forms.iter().map(|form| form.id.0).collect();
    let rows = db::by_day(tx, &ids, now.today - Days::new(13)).await?;
    Ok((now, forms, rows))
}

/// Figures of a form in reach, of one version or of all.
async fn read(
    cx: &Cx<Read>,
    id: FormId,
    version: Option<i32>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<Analytics> {
    let owners = cx.visible_owners();
    let days = days(cx.now().date_naive(), from, to)?;
    let form = cx.read(async |tx| forms::db::get(tx, id, &owners).await).await?;
    let shown = shown(cx, &form, days).await?;
    let shown = version.is_none().then_some(shown.as_slice());
    cx.read(async |tx| collect(tx, &form, version, shown, days).await).await
}

fn days(today: NaiveDate, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<(NaiveDate, NaiveDate)> {
    // A tenant east of UTC is a day ahead; an empty day more does no harm.
    let to = to.unwrap_or(today + Days::new(1));
    let from = from.or_else(|| to.checked_sub_days(Days::new(DEFAULT_DAYS))).unwrap_or(to);
    let span = to.signed_duration_since(from).num_days();
    let is_told = |day: NaiveDate| (1..=9998).contains(&day.year());
    if !(0..MAX_DAYS as i64).contains(&span) || !is_told(from) || !is_told(to) {
        let detail = "from comes before to, by at most 400 days, in the years 1 to 9998.";
        return Err(Error::invalid("/from", "range", detail));
    }
    Ok((from, to))
}

/// How often the form was shown: the edge counts that, for the widget.
async fn shown(cx: &Cx<Read>, form: &FormRow, days: (NaiveDate, NaiveDate)) -> Result<Vec<Shown>> {
    match form.widget.as_deref() {
        Some(widget) => cx.control(async |tx| sightings::shown(tx, widget, days.0, days.1).await).await,
        None => Ok(vec![]),
    }
}

async fn collect(
    tx: &mut Tx,
    form: &FormRow,
    only: Option<i32>,
    shown: Option<&[Shown]>,
    days: (NaiveDate, NaiveDate),
) -> Result<Analytics> {
    let definition = match only.or(form.published_version) {
        Some(number) => Some(read_definition(&forms::db::version(tx, form.id, number).await?.definition)?),
        None => None,
    };
    let counts = db::counts(tx, form.id, only, days.0, days.1).await?;
    let sent = db::sent(tx, form.id, only, days.0, days.1).await?;
    Ok(figures(definition.as_ref(), &counts, &sent, shown, days))
}
