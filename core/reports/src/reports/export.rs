//! Reports as files.
use super::{
    actions::{self, Ask},
    file::{self, Names, Writing},
    model::Report,
    words::Language,
};
use crate::Export;
use identity::members;
use kernel::{Cx, Result, auth::Level, events::NewEvent};
use poem_openapi::{ApiResponse, ResponseContent, payload::Binary};
use serde_json::json;

kernel::word! {
    /// What a file is.
    pub enum ReportFormat {
        /// One line for each number, for programs.
        #[default]
        Csv = "csv",
        /// A workbook with a sheet for each table.
        Xlsx = "xlsx",
    }
}

/// A report as it is read elsewhere.
#[derive(ResponseContent)]
pub(crate) enum ReportContent {
    /// CSV.
    #[oai(content_type = "text/csv; charset=utf-8")]
    Csv(Binary<Vec<u8>>),
    /// XLSX.
    #[oai(content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Xlsx(Binary<Vec<u8>>),
}

/// A report as a file.
#[derive(ApiResponse)]
pub(crate) enum ReportFile {
    /// CSV or XLSX, as it was asked for.
    #[oai(status = 200)]
    Ok(
        ReportContent,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

/// The file, in the language of the tenant; that it left is recorded.
pub(super) async fn file(cx: &Cx<Export>, ask: &Ask, format: ReportFormat) -> Result<ReportFile> {
    let writing = Writing { language: Language::of(&cx.tenant.locale), names: names(cx).await? };
    let report = cx.read(async |tx| actions::build(tx, ask).await).await?;
    let name = format!("attachment; filename=\"{}\"", file_name(&report, format));
    let content = match format {
        ReportFormat::Csv => ReportContent::Csv(Binary(file::csv(&report, &writing))),
        ReportFormat::Xlsx => ReportContent::Xlsx(Binary(file::xlsx(&report, &writing)?)),
    };
    let payload = json!({"report": report.kind.as_str(), "format": format.as_str()});
    let event = NewEvent::new("report.exported", "reports", cx.tenant.id.0, "Report exported").payload(&payload);
    cx.write(async |tx| tx.record(event).await).await?;
    Ok(ReportFile::Ok(content, name))
}

/// `win_rate-2026-11-01-2026-11-30.xlsx`
fn file_name(report: &Report, format: ReportFormat) -> String {
    format!("{}-{}-{}.{}", report.kind.as_str(), report.days.from, report.days.until, format.as_str())
}

/// Names of the members of the tenant and of its agency; whoever may not see the team sees ids.
async fn names(cx: &Cx<Export>) -> Result<Names> {
    if cx.level_of::<identity::MembersRead>() == Level::No {
        return Ok(Names::new());
    }
    let tenants = [Some(cx.tenant.id), cx.tenant.parent];
    let people = cx.control(async |tx| {
        let mut all = vec![];
        for tenant in tenants.into_iter().flatten() {
            all.extend(members::people(tx, tenant, None).await?);
        }
        Ok(all)
    });
    Ok(people.await?.into_iter().map(|person| (person.id, person.name)).collect())
}
