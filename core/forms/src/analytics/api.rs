//! HTTP: figures of a form.
use super::{
    db,
    model::{Analytics, figures},
};
use crate::{Read, Tags, forms, forms::settings::FormId, submissions::actions::read_definition};
use chrono::{Days, NaiveDate};
use kernel::{Cx, Error, Result, Tx};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

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
        let owners = cx.visible_owners();
        let days = days(cx.now().date_naive(), from.0, to.0)?;
        let read = cx.read(async |tx| {
            let form = forms::db::get(tx, id.0, &owners).await?;
            collect(tx, id.0, version.0.or(form.published_version), version.0, days).await
        });
        read.await.map(Json)
    }
}

fn days(today: NaiveDate, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<(NaiveDate, NaiveDate)> {
    // A tenant east of UTC is a day ahead; an empty day more does no harm.
    let to = to.unwrap_or(today + Days::new(1));
    let from = from.or_else(|| to.checked_sub_days(Days::new(DEFAULT_DAYS))).unwrap_or(to);
    let span = to.signed_duration_since(from).num_days();
    if !(0..MAX_DAYS as i64).contains(&span) {
        return Err(Error::invalid("/from", "range", "from comes before to, by at most 400 days."));
    }
    Ok((from, to))
}

async fn collect(
    tx: &mut Tx,
    form: FormId,
    shown: Option<i32>,
    only: Option<i32>,
    days: (NaiveDate, NaiveDate),
) -> Result<Analytics> {
    let definition = match shown {
        Some(number) => Some(read_definition(&forms::db::version(tx, form, number).await?.definition)?),
        None => None,
    };
    let counts = db::counts(tx, form, only, days.0, days.1).await?;
    let sent = db::sent(tx, form, only, days.0, days.1).await?;
    Ok(figures(definition.as_ref(), &counts, &sent, days))
}
