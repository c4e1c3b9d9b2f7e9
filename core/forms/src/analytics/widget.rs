//! What the widget tells about a visitor's progress: counted, never stored per visitor.
use super::db;
use kernel::{Result, Visitor};
use poem_openapi::{Enum, Object, OpenApi, payload::Json};

/// Most steps of progress in one call.
const MAX: usize = 100;
/// Rows one counter is spread over.
const SHARDS: i16 = 8;

/// What happened.
#[derive(Enum, Debug, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum What {
    /// The visitor began.
    Start,
    /// A step was reached.
    Step,
    /// A field was answered.
    Field,
    /// An answer was refused.
    Error,
}

/// One thing that happened.
#[derive(Object, Debug)]
struct Happened {
    /// What.
    t: What,
    /// Key of the step.
    step: Option<String>,
    /// Key of the field.
    field: Option<String>,
}

/// Things that happened since the last call.
#[derive(Object, Debug)]
struct Progress {
    /// Version of the form.
    version: i32,
    /// At most 100 count.
    events: Vec<Happened>,
}

/// What was counted.
#[derive(Object, Debug)]
struct Counted {
    /// How many counters moved.
    counted: u64,
}

impl Happened {
    fn entry(&self) -> (&'static str, &str) {
        match self.t {
            What::Start => ("start", ""),
            What::Step => ("step", self.step.as_deref().unwrap_or("")),
            What::Field => ("field", self.field.as_deref().unwrap_or("")),
            What::Error => ("error", self.field.as_deref().unwrap_or("")),
        }
    }
}

pub(crate) struct AnalyticsWidget;

#[OpenApi]
impl AnalyticsWidget {
    /// A visitor gets on with a form.
    #[oai(path = "/edge/v1/actions/progress", method = "post", hidden)]
    async fn count_progress(&self, cx: Visitor, body: Json<Progress>) -> Result<Json<Counted>> {
        let (what, keys): (Vec<&str>, Vec<&str>) = body.0.events.iter().take(MAX).map(Happened::entry).unzip();
        if what.is_empty() {
            return Ok(Json(Counted { counted: 0 }));
        }
        let widget = cx.claims.widget.map(|w| w.to_string()).unwrap_or_default();
        let shard = shard(&cx.claims.sid);
        let count = cx.write(async |tx| db::count(tx, &widget, body.0.version, &what, &keys, shard).await);
        Ok(Json(Counted { counted: count.await? }))
    }
}

fn shard(session: &str) -> i16 {
    i16::from(kernel::crypto::sha256(session.as_bytes())[0]) % SHARDS
}
