//! Reports as files.
use super::{
    actions::{self, Ask},
    file::{self, Names, Writing},
    model::Report,
    pdf,
    words::Language,
};
use crate::Export;
use identity::{members, users};
use kernel::{ControlTx, Cx, Error, Result, Tx, auth::Level, events::NewEvent, ids::UserId, tenancy::Tenant};
use notifications::said_in;
use poem_openapi::{ApiResponse, ResponseContent, payload::Binary};
use serde_json::{Value, json};
use sheets::SheetLanguage;
use tenants::brands::{Audience, branding};

kernel::word! {
    /// What a file is.
    pub enum ReportFormat {
        /// One line for each number.
        #[default]
        Csv = "csv",
        /// A workbook with a sheet for each table.
        Xlsx = "xlsx",
        /// Pages to print, with drawings, in the look of the brand.
        Pdf = "pdf",
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
    /// PDF.
    #[oai(content_type = "application/pdf")]
    Pdf(Binary<Vec<u8>>),
}

/// A report as a file.
#[derive(ApiResponse)]
pub(crate) enum ReportFile {
    /// CSV, XLSX or PDF, as it was asked for.
    #[oai(status = 200)]
    Ok(
        ReportContent,
        /** Suggests a file name. */
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

/// The file, in the language that was said or that of whoever asks; that it left is recorded.
pub(super) async fn file(
    cx: &Cx<Export>,
    ask: &Ask,
    format: ReportFormat,
    said: Option<SheetLanguage>,
) -> Result<ReportFile> {
    let sees = cx.level_of::<identity::MembersRead>() > Level::No;
    let reader: Vec<UserId> = cx.principal.user.map(UserId).into_iter().collect();
    let writing = cx.control(async |tx| writing(tx, &cx.tenant, sees, &reader).await);
    let (mut writing, mut languages) = writing.await?;
    writing.keys = said.is_none();
    if let Some(language) = said {
        languages = vec![Language::of(language.as_str())];
    }
    let made = cx.read(async |tx| made(tx, ask, (&writing, &languages), format).await).await?;
    let payload = json!({"report": ask.kind.as_str(), "format": format.as_str()});
    let event = NewEvent::new("report.exported", "reports", cx.tenant.id.0, "Report exported").payload(&payload);
    cx.write(async |tx| tx.record(event).await).await?;
    made.answer(format)
}

/// A report as a file, and what a mail says of it.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub file_name: String,
    /// The file in each language; there is one at least.
    pub contents: Vec<(Language, Vec<u8>)>,
    /// Its days and its figures, a paragraph for each; said in all languages, as the other two.
    pub summary: Value,
    /// What the link to it says.
    pub link_label: Value,
    /// Why the reader gets it.
    pub reason: Value,
}

impl Made {
    fn answer(self, format: ReportFormat) -> Result<ReportFile> {
        let (_, bytes) = self.contents.into_iter().next().ok_or_else(|| Error::internal("a report in no language"))?;
        let content = match format {
            ReportFormat::Csv => ReportContent::Csv(Binary(bytes)),
            ReportFormat::Xlsx => ReportContent::Xlsx(Binary(bytes)),
            ReportFormat::Pdf => ReportContent::Pdf(Binary(bytes)),
        };
        Ok(ReportFile::Ok(content, format!("attachment; filename=\"{}\"", self.file_name)))
    }
}

/// Reads a report and writes its file in each of these languages: the same numbers in all.
pub(crate) async fn made(
    tx: &mut Tx,
    ask: &Ask,
    (writing, languages): (&Writing, &[Language]),
    format: ReportFormat,
) -> Result<Made> {
    let report = actions::build(tx, ask).await?;
    let now = tx.now();
    let written = |language: Language| -> Result<Vec<u8>> {
        let writing = Writing { language, ..writing.clone() };
        Ok(match format {
            ReportFormat::Csv => file::csv(&report, &writing),
            ReportFormat::Xlsx => file::xlsx(&report, &writing)?,
            ReportFormat::Pdf => pdf::pdf(&report, &writing, now)?,
        })
    };
    let contents = languages.iter().map(|language| Ok((*language, written(*language)?))).collect::<Result<_>>()?;
    let said =
        |text: &dyn Fn(Language) -> String| said_in(Language::ALL.map(|language| (language.tag(), text(language))));
    let word = |key| said(&|language| language.word("file", key).to_owned());
    Ok(Made {
        file_name: file_name(&report, format),
        contents,
        summary: said(&|language| file::summary(&report, &Writing { language, ..writing.clone() })),
        link_label: word("open"),
        reason: word("reason"),
    })
}

/// `win_rate-2026-11-01-2026-11-30.xlsx`
fn file_name(report: &Report, format: ReportFormat) -> String {
    format!("{}-{}-{}.{}", report.kind.as_str(), report.days.from, report.days.until, format.as_str())
}

/// How a report is written for readers, and in which languages: in the look of the tenant's brand, with the names of its members and
/// of its agency's; whoever may not see the team sees ids.
pub(super) async fn writing(
    tx: &mut ControlTx,
    tenant: &Tenant,
    sees: bool,
    readers: &[UserId],
) -> Result<(Writing, Vec<Language>)> {
    let mut names = Names::new();
    if sees {
        for tenant in [Some(tenant.id), tenant.parent].into_iter().flatten() {
            let people = members::people(tx, tenant, None).await?;
            names.extend(people.into_iter().map(|person| (person.id, person.name)));
        }
    }
    let brand = branding(tx, Some(tenant.id), Audience::Members).await?;
    let languages = Language::read_by(&users::locales(tx, readers).await?, &tenant.locale);
    Ok((Writing { language: Language::of(&tenant.locale), keys: false, names, brand }, languages))
}
