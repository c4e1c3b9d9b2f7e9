//! What visitors send, forwarded and signed by the embed edge.
use super::{
    actions::{self, REPEATED, Taken},
    model::{PER_MINUTE, Sent, SubmissionId},
};
use crate::forms::{self, model::FieldType};
use files::{FileId, Upload};
use kernel::{Error, Result, Visitor, error::Kind};
use poem_openapi::{
    ApiResponse, Object, OpenApi,
    param::Query,
    payload::{Binary, Json},
};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the widget gets for a submission.
#[derive(Object, Debug)]
struct Thanks {
    /// The submission.
    submission: SubmissionId,
    /// `received` or `quarantined`.
    state: String,
    /// What to show: a message, or where to go.
    outcome: Value,
}

/// Why the widget's call was refused.
#[derive(Object, Debug, Default)]
#[oai(skip_serializing_if_is_none)]
struct Refusal {
    /// `invalid`, `closed`, `not_open`, `full`, `version`, `unavailable`, `key_required`, `key_reused`, `limit`.
    code: String,
    /// Code by field key, for `invalid`.
    fields: Option<BTreeMap<String, String>>,
}

impl Refusal {
    fn of(code: &str) -> Json<Self> {
        Json(Refusal { code: code.to_owned(), fields: None })
    }
    fn fields(fields: impl IntoIterator<Item = (String, &'static str)>) -> Json<Self> {
        let fields = fields.into_iter().map(|(key, code)| (key, code.to_owned())).collect();
        Json(Refusal { code: "invalid".into(), fields: Some(fields) })
    }
}

#[derive(ApiResponse)]
enum Answer<T: poem_openapi::types::ToJSON> {
    /// Taken.
    #[oai(status = 201)]
    Taken(Json<T>),
    /// The form takes nothing now.
    #[oai(status = 409)]
    Closed(Json<Refusal>),
    /// Something in it is refused.
    #[oai(status = 422)]
    Refused(Json<Refusal>),
    /// There is no key to recognise a repetition by.
    #[oai(status = 428)]
    KeyRequired(Json<Refusal>),
    /// Too much.
    #[oai(status = 429)]
    Limited(Json<Refusal>),
}

/// A file that waits for its form.
#[derive(Object, Debug)]
struct UploadedFile {
    /// Its id: the answer to the field.
    file: FileId,
    /// Name.
    name: String,
    /// Size in bytes.
    size: i64,
    /// Content type.
    #[oai(rename = "type")]
    kind: String,
}

pub(crate) struct SubmissionsWidget;

#[OpenApi]
impl SubmissionsWidget {
    /// A visitor sends a form.
    #[oai(path = "/edge/v1/actions/form", method = "post", hidden)]
    async fn submit_form(&self, cx: Visitor, body: Json<Sent>) -> Result<Answer<Thanks>> {
        if cx.claims.key.is_empty() || cx.claims.sid.is_empty() {
            return Ok(Answer::KeyRequired(Refusal::of("key_required")));
        }
        if cx.app.require_module(&cx.tenant, "forms").await.is_err() {
            return Ok(Answer::Closed(Refusal::of("unavailable")));
        }
        Ok(match submit(&cx, &body.0).await? {
            Taken::Kept { id, state, outcome } => {
                Answer::Taken(Json(Thanks { submission: id, state: state.to_owned(), outcome }))
            }
            Taken::Refused(fields) => Answer::Refused(Refusal::fields(fields)),
            Taken::Closed(code) => Answer::Closed(Refusal::of(code)),
            Taken::Reused => Answer::Refused(Refusal::of("key_reused")),
        })
    }

    /// A visitor uploads a file for a field.
    #[oai(path = "/edge/v1/actions/upload", method = "post", hidden)]
    async fn upload_file(
        &self,
        cx: Visitor,
        field: Query<String>,
        name: Query<String>,
        body: Binary<Vec<u8>>,
    ) -> Result<Answer<UploadedFile>> {
        let upload = Upload { name: name.0, content: body.0.into() };
        match upload_for(&cx, &field.0, upload).await {
            Ok(Some(kept)) => Ok(Answer::Taken(Json(kept))),
            Ok(None) => Ok(Answer::Closed(Refusal::of("closed"))),
            Err(error) => match error.kind() {
                Kind::Invalid(problems) => Ok(Answer::Refused(refused_file(field.0, problems))),
                Kind::TooLarge { .. } => Ok(Answer::Refused(Refusal::fields([(field.0, "too_large")]))),
                Kind::Limited { .. } => Ok(Answer::Limited(Refusal::of("limit"))),
                _ => Err(error),
            },
        }
    }
}

fn refused_file(field: String, problems: &[kernel::error::FieldProblem]) -> Json<Refusal> {
    let too_large = problems.iter().any(|p| p.code == "too_large");
    Refusal::fields([(field, if too_large { "too_large" } else { "type" })])
}

async fn submit(cx: &Visitor, sent: &Sent) -> Result<Taken> {
    let hash = body_hash(cx)?;
    let rate = format!("submit/{}/{}", cx.tenant.id, cx.claims.sid);
    let too_many = || cx.request.limit(&cx.app, &rate, PER_MINUTE).is_err();
    for _ in 0..2 {
        let taken = cx.write(async |tx| actions::submit(tx, &cx.claims, sent, &hash, &too_many).await).await;
        match taken {
            // The other call has committed by now: its answer is ours.
            Err(error) if error.code() == REPEATED => continue,
            other => return other,
        }
    }
    Err(Error::unavailable(1))
}

fn body_hash(cx: &Visitor) -> Result<Vec<u8>> {
    let hex = cx.request.body_hash.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap_or(""), 16);
    hex.map(byte).collect::<Result<_, _>>().map_err(Error::internal)
}

/// Keeps a file for a field of the published form; `None` when the form or the field takes none.
async fn upload_for(cx: &Visitor, field: &str, upload: Upload) -> Result<Option<UploadedFile>> {
    cx.app.require_module(&cx.tenant, "forms").await?;
    let widget = cx.claims.widget.map(|w| w.to_string()).unwrap_or_default();
    let Some(form) = cx.read(async |tx| forms::db::published(tx, &widget).await).await? else { return Ok(None) };
    let form = actions::read_definition(&form)?;
    let Some(field) = form.field(field).filter(|f| f.kind == FieldType::File) else { return Ok(None) };
    let policy = actions::policy(field);
    let kept = files::keep_visitor_file(&cx.app, &cx.tenant, cx.context(), upload, &policy, &cx.claims.sid).await?;
    Ok(Some(UploadedFile { file: kept.id, name: kept.name, size: kept.size, kind: kept.kind }))
}
