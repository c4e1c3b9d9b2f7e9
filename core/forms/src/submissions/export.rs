//! Submissions as CSV, a page at a time: memory stays flat and no transaction waits for a slow reader.
use super::{
    actions::read_definition,
    db,
    model::{SubmissionSummary, readable},
};
use crate::{
    Export,
    forms::{
        self,
        db::Owners,
        model::{Definition, FieldType},
        settings::FormId,
    },
};
use futures_util::{Stream, stream};
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent};
use sheets::csv;
use std::{collections::HashMap, io};

/// The columns of an export and the versions its rows are read with.
pub(crate) struct Columns {
    form: FormId,
    /// Key and heading, newest version first.
    fields: Vec<(String, String)>,
    versions: HashMap<i32, Definition>,
}

const FIXED: [&str; 6] = ["id", "created_at", "state", "version", "contact", "reasons"];

/// Records that submissions leave the system, and finds the columns.
pub(crate) async fn begin(tx: &mut Tx, form: FormId, owners: &Owners) -> Result<Columns> {
    forms::db::get(tx, form, owners).await?;
    let mut columns = Columns { form, fields: vec![], versions: HashMap::new() };
    for definition in db::definitions(tx, form).await? {
        let definition = read_definition(&definition)?;
        for field in definition.fields().filter(|f| f.kind != FieldType::Section) {
            if !columns.fields.iter().any(|(key, _)| *key == field.key) {
                let heading = field.label.clone().filter(|l| !l.trim().is_empty()).unwrap_or_else(|| field.key.clone());
                columns.fields.push((field.key.clone(), heading));
            }
        }
        columns.versions.insert(definition.version, definition);
    }
    tx.record(NewEvent::new("form.exported", "forms", form.0, "Submissions exported")).await?;
    Ok(columns)
}

enum Step {
    Header,
    Page(Option<String>),
    End,
}

/// The file, as chunks of lines. A failure in the middle breaks the download off instead of ending it early.
pub(crate) fn stream(cx: Cx<Export>, columns: Columns) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static {
    stream::try_unfold((cx, columns, Step::Header), async |(cx, columns, step): (Cx<Export>, Columns, Step)| match step
    {
        Step::Header => {
            let headings = columns.fields.iter().map(|(_, heading)| heading.as_str());
            let line = csv::line(FIXED.into_iter().chain(headings));
            Ok(Some((line, (cx, columns, Step::Page(None)))))
        }
        Step::Page(cursor) => {
            let filter = vec![format!("form:eq:{}", columns.form), "state:in:received,quarantined".to_owned()];
            let query = ListQuery { limit: Some(200), cursor, sort: Some("created_at".into()), filter };
            let owners = cx.visible_owners();
            let page = cx.read(async |tx| db::list(tx, &query, &owners).await).await.map_err(io::Error::other)?;
            let lines = page.items.iter().flat_map(|row| columns.line(row)).collect();
            let next = page.next_cursor.map_or(Step::End, |cursor| Step::Page(Some(cursor)));
            Ok(Some((lines, (cx, columns, next))))
        }
        Step::End => Ok(None),
    })
}

impl Columns {
    fn line(&self, row: &SubmissionSummary) -> Vec<u8> {
        let fixed = [
            row.id.to_string(),
            row.created_at.to_rfc3339(),
            row.state.clone(),
            row.form_version.to_string(),
            row.contact.map(|c| c.to_string()).unwrap_or_default(),
            row.reasons.join(", "),
        ];
        let form = self.versions.get(&row.form_version);
        let cell = |key: &str| match (form, row.answers.get(key)) {
            (Some(form), Some(answer)) => readable(form, key, answer),
            _ => String::new(),
        };
        csv::line(fixed.into_iter().chain(self.fields.iter().map(|(key, _)| cell(key))))
    }
}
