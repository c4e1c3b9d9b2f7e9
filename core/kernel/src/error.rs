//! The one error type. It renders as RFC 9457 problem JSON; internal detail never leaves the process.
use poem::{IntoResponse, Response, error::ResponseError, http::StatusCode};
use poem_openapi::{
    ApiResponse, Object,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};
use std::panic::Location;

/// The result of every verb, query and handler.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One field that was refused.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// JSON pointer to the value, for example `/emails/0/address`.
    pub field: String,
    /// Stable machine code, for example `email_invalid`.
    pub code: String,
    /// What to do about it, in English.
    pub detail: String,
}

/// RFC 9457 problem details.
#[derive(Object, Debug, Clone)]
pub struct Problem {
    /// Always `about:blank`: the `code` below names the problem.
    #[oai(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// Stable machine code.
    pub code: String,
    /// What happened and what to do.
    pub detail: String,
    /// Refused fields, for 422.
    #[oai(default, skip_serializing_if_is_empty)]
    pub errors: Vec<FieldProblem>,
    /// The record that this one became, for 404 `merged`.
    #[oai(skip_serializing_if_is_none)]
    pub merged_into: Option<String>,
    /// Where one signs in instead, for 403 `member_elsewhere`: an origin.
    #[oai(skip_serializing_if_is_none)]
    pub address: Option<String>,
}

/// Why a request or job failed. Boxed: a `Result` is returned everywhere and should stay one word.
#[derive(Debug)]
pub struct Error(Box<Kind>);

/// The closed list of failures.
#[derive(Debug)]
pub enum Kind {
    /// 400: the request cannot be read.
    BadRequest { code: &'static str, detail: String },
    /// 401: who are you?
    Unauthenticated { code: &'static str },
    /// 403: known, but may not.
    Forbidden { code: &'static str, detail: String },
    /// 403: known, but not at this address.
    Elsewhere { address: String },
    /// 404: not there, or another tenant's: the two cannot be told apart.
    NotFound,
    /// 404 all the same: the record was merged into another, which the caller may see.
    Merged { into: String },
    /// 409: the state does not allow it.
    Conflict { code: &'static str, detail: String },
    /// 412: `If-Match` named another version.
    Stale,
    /// 413: the body is larger than the limit in bytes.
    TooLarge { limit: usize },
    /// 415: the body is packed.
    CodingUnsupported,
    /// 422: fields were refused.
    Invalid(Vec<FieldProblem>),
    /// 428: a required precondition header is missing.
    PreconditionRequired { code: &'static str, detail: String },
    /// 429: come back in so many seconds.
    Limited { retry_after: u64 },
    /// 502: somebody else's server failed.
    Upstream { provider: &'static str, detail: String },
    /// 503: a dependency is away; come back in so many seconds.
    Unavailable { retry_after: u64 },
    /// Not a failure: an earlier answer, sent again for the same `Idempotency-Key`.
    Replay { status: u16, body: Option<serde_json::Value> },
    /// 500: our fault. Logged with the place it came from, shown without detail.
    Internal { source: String, at: &'static Location<'static> },
}

impl Error {
    /// The reason, for callers that decide on it.
    pub fn kind(&self) -> &Kind {
        &self.0
    }
    /// 404.
    pub fn not_found() -> Self {
        Kind::NotFound.into()
    }
    /// 404 for what was merged into another record.
    pub fn merged(into: impl Into<String>) -> Self {
        Kind::Merged { into: into.into() }.into()
    }
    /// 400 with a code.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Kind::BadRequest { code, detail: detail.into() }.into()
    }
    /// 401 with a code.
    pub fn unauthenticated(code: &'static str) -> Self {
        Kind::Unauthenticated { code }.into()
    }
    /// 403 with a code.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Kind::Forbidden { code, detail: detail.into() }.into()
    }
    /// 403 for who signs in at another address, whose origin is told.
    pub fn elsewhere(address: String) -> Self {
        Kind::Elsewhere { address }.into()
    }
    /// 409 with a code.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Kind::Conflict { code, detail: detail.into() }.into()
    }
    /// 422 for one field; `field` is a JSON pointer such as `/email`.
    pub fn invalid(field: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Kind::Invalid(vec![FieldProblem { field: field.into(), code: code.into(), detail: detail.into() }]).into()
    }
    /// 422 for several fields.
    pub fn invalid_fields(fields: Vec<FieldProblem>) -> Self {
        Kind::Invalid(fields).into()
    }
    /// 500 with something that is only logged.
    #[track_caller]
    pub fn internal(source: impl std::fmt::Display) -> Self {
        Kind::Internal { source: source.to_string(), at: Location::caller() }.into()
    }
    /// 503.
    pub fn unavailable(retry_after: u64) -> Self {
        Kind::Unavailable { retry_after }.into()
    }
    /// 429.
    pub fn limited(retry_after: u64) -> Self {
        Kind::Limited { retry_after }.into()
    }
    /// 502.
    pub fn upstream(provider: &'static str, detail: impl Into<String>) -> Self {
        Kind::Upstream { provider, detail: detail.into() }.into()
    }
    /// True for 404.
    pub fn is_not_found(&self) -> bool {
        matches!(*self.0, Kind::NotFound | Kind::Merged { .. })
    }
    /// True for 401, 403 and 404: an answer that was reached, rather than a failure to reach one.
    pub fn is_refusal(&self) -> bool {
        matches!(
            *self.0,
            Kind::Unauthenticated { .. }
                | Kind::Forbidden { .. }
                | Kind::Elsewhere { .. }
                | Kind::NotFound
                | Kind::Merged { .. }
        )
    }
    /// The stable machine code.
    pub fn code(&self) -> &str {
        match &*self.0 {
            Kind::BadRequest { code, .. }
            | Kind::Unauthenticated { code }
            | Kind::Forbidden { code, .. }
            | Kind::Conflict { code, .. }
            | Kind::PreconditionRequired { code, .. } => code,
            Kind::Elsewhere { .. } => "member_elsewhere",
            Kind::NotFound => "not_found",
            Kind::Merged { .. } => "merged",
            Kind::Stale => "stale",
            Kind::TooLarge { .. } => "too_large",
            Kind::CodingUnsupported => "content_encoding_unsupported",
            Kind::Invalid(_) => "invalid",
            Kind::Limited { .. } => "rate_limited",
            Kind::Upstream { .. } => "upstream_failed",
            Kind::Unavailable { .. } => "unavailable",
            Kind::Replay { .. } => "replay",
            Kind::Internal { .. } => "internal",
        }
    }

    fn http_status(&self) -> StatusCode {
        match &*self.0 {
            Kind::BadRequest { .. } => StatusCode::BAD_REQUEST,
            Kind::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
            Kind::Forbidden { .. } | Kind::Elsewhere { .. } => StatusCode::FORBIDDEN,
            Kind::NotFound | Kind::Merged { .. } => StatusCode::NOT_FOUND,
            Kind::Conflict { .. } => StatusCode::CONFLICT,
            Kind::Stale => StatusCode::PRECONDITION_FAILED,
            Kind::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::CodingUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Kind::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::PreconditionRequired { .. } => StatusCode::PRECONDITION_REQUIRED,
            Kind::Limited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Kind::Upstream { .. } => StatusCode::BAD_GATEWAY,
            Kind::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Replay { status, .. } => StatusCode::from_u16(*status).unwrap_or(StatusCode::OK),
            Kind::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn detail(&self) -> String {
        match &*self.0 {
            Kind::BadRequest { detail, .. }
            | Kind::Forbidden { detail, .. }
            | Kind::Conflict { detail, .. }
            | Kind::PreconditionRequired { detail, .. }
            | Kind::Upstream { detail, .. } => detail.clone(),
            Kind::Unauthenticated { .. } => "Sign in, or send a valid token or API key.".into(),
            Kind::Elsewhere { address } => format!("You do not work at this address. Sign in at {address}."),
            Kind::NotFound => "There is nothing here that you may see.".into(),
            Kind::Merged { .. } => "It was merged into another one; merged_into names it.".into(),
            Kind::Stale => "It was changed meanwhile. Read it again and repeat the change.".into(),
            Kind::TooLarge { limit } => format!("The body may have {limit} bytes at most."),
            Kind::CodingUnsupported => "Send the body as it is, without Content-Encoding.".into(),
            Kind::Invalid(fields) => match fields.as_slice() {
                [only] => only.detail.clone(),
                _ => "Some fields were refused; see errors.".into(),
            },
            Kind::Limited { retry_after } => format!("Too many requests. Try again in {retry_after} s."),
            Kind::Unavailable { retry_after } => format!("Not available right now. Try again in {retry_after} s."),
            Kind::Replay { .. } => String::new(),
            Kind::Internal { .. } => "Something went wrong on our side. The request id helps us find it.".into(),
        }
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Error(Box::new(kind))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &*self.0 {
            Kind::Internal { source, at } => write!(f, "internal: {source} ({}:{})", at.file(), at.line()),
            Kind::Invalid(fields) => write!(f, "invalid: {fields:?}"),
            _ => write!(f, "{}: {}", self.code(), self.detail()),
        }
    }
}
impl std::error::Error for Error {}

impl From<tokio_postgres::Error> for Error {
    #[track_caller]
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(db) = error.as_db_error() else {
            // No answer from the server: the connection is gone or was never there.
            return if error.is_closed() || std::error::Error::source(&error).is_some_and(|s| s.is::<std::io::Error>()) {
                tracing::warn!(%error, "database connection lost");
                Error::unavailable(1)
            } else {
                Error::internal(chain(&error))
            };
        };
        match *db.code() {
            SqlState::QUERY_CANCELED
            | SqlState::LOCK_NOT_AVAILABLE
            | SqlState::T_R_DEADLOCK_DETECTED
            | SqlState::T_R_SERIALIZATION_FAILURE
            | SqlState::ADMIN_SHUTDOWN
            | SqlState::CRASH_SHUTDOWN
            | SqlState::CANNOT_CONNECT_NOW
            | SqlState::TOO_MANY_CONNECTIONS => {
                tracing::warn!(code = db.code().code(), message = db.message(), "database refused for now");
                Error::unavailable(1)
            }
            SqlState::READ_ONLY_SQL_TRANSACTION => Error::forbidden("read_only", "Only reading is possible right now."),
            SqlState::UNTRANSLATABLE_CHARACTER | SqlState::CHARACTER_NOT_IN_REPERTOIRE => {
                Error::bad_request("text_invalid", "The text holds a character that cannot be stored (a NUL).")
            }
            _ => Error::internal(format!("{} {} [{}]", db.code().code(), db.message(), db.constraint().unwrap_or(""))),
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// Turns the violation of a named constraint into the caller's error; anything else stays as it is.
pub trait OnConstraint<T> {
    /// `tx.exec(..).await.on_constraint("contacts_email_key", || Error::conflict(..))`
    fn on_constraint(self, name: &str, error: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T> {
    fn on_constraint(self, name: &str, error: impl FnOnce() -> Error) -> Result<T> {
        match self {
            Err(e) if matches!(&*e.0, Kind::Internal { source, .. } if source.ends_with(&format!("[{name}]"))) => {
                Err(error())
            }
            other => other,
        }
    }
}

impl ResponseError for Error {
    fn status(&self) -> StatusCode {
        self.http_status()
    }
    fn as_response(&self) -> Response {
        let status = self.http_status();
        if let Kind::Replay { body, .. } = &*self.0 {
            let answer = Response::builder().status(status).header("Idempotency-Replayed", "true");
            return match body {
                Some(body) => answer.content_type("application/json; charset=utf-8").body(body.to_string()),
                None => answer.finish(),
            };
        }
        if let Kind::Internal { source, at } = &*self.0 {
            tracing::error!(source, file = at.file(), line = at.line(), "internal error");
        }
        let errors = match &*self.0 {
            Kind::Invalid(fields) => fields.clone(),
            _ => vec![],
        };
        let mut response = match &*self.0 {
            Kind::Merged { into } => telling(status, self, ("merged_into", into)),
            Kind::Elsewhere { address } => telling(status, self, ("address", address)),
            _ => problem(status, self.code(), self.detail(), errors),
        };
        if let Kind::Limited { retry_after } | Kind::Unavailable { retry_after } = &*self.0 {
            response.headers_mut().insert("Retry-After", (*retry_after).into());
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert("WWW-Authenticate", poem::http::HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A problem document as a response.
pub fn problem(status: StatusCode, code: &str, detail: String, errors: Vec<FieldProblem>) -> Response {
    let mut body = document(status, code, detail);
    if !errors.is_empty() {
        body["errors"] =
            errors.iter().map(|e| serde_json::json!({"field": e.field, "code": e.code, "detail": e.detail})).collect();
    }
    rendered(status, &body)
}

/// A problem that says where to go on.
fn telling(status: StatusCode, error: &Error, (name, value): (&str, &str)) -> Response {
    let mut body = document(status, error.code(), error.detail());
    body[name] = value.into();
    rendered(status, &body)
}

fn document(status: StatusCode, code: &str, detail: String) -> serde_json::Value {
    let title = status.canonical_reason().unwrap_or("Error");
    serde_json::json!({
        "type": "about:blank", "title": title, "status": status.as_u16(), "code": code, "detail": detail,
    })
}

fn rendered(status: StatusCode, body: &serde_json::Value) -> Response {
    body.to_string().with_content_type("application/problem+json").with_status(status).into_response()
}

impl ApiResponse for Error {
    fn meta() -> MetaResponses {
        let answer = |status, description| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content: vec![MetaMediaType { content_type: "application/problem+json", schema: Problem::schema_ref() }],
            headers: vec![],
        };
        MetaResponses {
            responses: vec![
                answer(400, "The request cannot be read."),
                answer(401, "No valid credential."),
                answer(403, "The principal may not do this."),
                answer(404, "Not there, or not yours: the two cannot be told apart."),
                answer(405, "The path has no such method."),
                answer(409, "The state does not allow it."),
                answer(412, "If-Match names another version."),
                answer(413, "The body is too large."),
                answer(415, "The body has another type than the operation takes."),
                answer(422, "Fields were refused; errors names them."),
                answer(428, "A required header is missing."),
                answer(429, "Too many requests; Retry-After says how long to wait, in seconds."),
                answer(500, "Our fault; the request id helps us find it."),
                answer(502, "Another system that this one needs failed."),
                answer(503, "Not available right now; Retry-After says how long to wait, in seconds."),
            ],
        }
    }
    fn register(registry: &mut Registry) {
        <Problem as Type>::register(registry);
    }
}
