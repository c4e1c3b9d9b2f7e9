//! Imports are tried, taken in, taken back and forgotten in the background. A job does a number of batches and leaves the
//! rest to the next one: other tenants' work gets its turn, and so does this tenant's.
use super::{
    actions::{self, RunStep},
    db::{self, Run},
    model::{ContactImportId, Reaches},
};
use futures_util::future::join;
use kernel::{
    Result, Tx,
    jobs::{Enqueue, Job, JobCx},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Rows of one transaction: what a batch costs by itself is a tenth of it, and whoever adds an address meanwhile waits for it.
pub(crate) const BATCH: usize = 1_000;
/// Batches of one job.
const BATCHES: usize = 10;
/// Rows that are tried before a start; a longer file is tried in part, and the answer says so.
const CHECK_ROWS: i32 = 20_000;

/// Takes rows in.
#[derive(Serialize, Deserialize)]
pub(crate) struct RunContactImport {
    pub import: ContactImportId,
}

/// Lets the rest of a locked import be done. `version` tells one continuation from the other.
pub(crate) async fn go_on(tx: &mut Tx, run: &Run, version: i64) -> Result<()> {
    let key = format!("{}/{version}", run.id);
    tx.enqueue(&RunContactImport { import: run.id }, Enqueue { unique_key: Some(key), ..Enqueue::default() }).await?;
    Ok(())
}

impl Job for RunContactImport {
    const KIND: &'static str = "RunContactImport";

    async fn run(self, cx: JobCx) -> Result<()> {
        match run(&cx, self.import).await {
            // The file is gone, and will not come back; or it went wrong too often.
            Err(error) if cx.last_attempt || error.is_not_found() => {
                let code = if error.is_not_found() { "file_gone" } else { error.code() }.to_owned();
                cx.write(async |tx| actions::fail(tx, self.import, &code).await).await
            }
            other => other,
        }
    }
}

async fn run(cx: &JobCx, id: ContactImportId) -> Result<()> {
    let run = cx.read(async |tx| db::run(tx, id).await).await?;
    if run.state != "running" {
        return Ok(());
    }
    let (text, reading) = (actions::load(cx, &run).await?, actions::reading(cx, &run).await?);
    let read = |from| actions::read_rows(text.clone(), reading.clone(), from, run.has_header);
    let mut rows = read((usize::try_from(run.position).unwrap_or(0), run.line)).await?;
    for batch in 1.. {
        let (last, next) = (batch >= BATCHES, rows.next());
        // The next rows are read while the database writes these.
        let ahead = async {
            match next.filter(|_| !last) {
                Some(from) => read(from).await.map(Some),
                None => Ok(None),
            }
        };
        let (done, ahead) = join(actions::run_batch(cx, id, rows, last), ahead).await;
        rows = match (done?, ahead?) {
            (RunStep::Over, _) => break,
            (RunStep::More(position, line), Some(ahead)) if next == Some((position, line)) => ahead,
            (RunStep::More(position, line), _) => read((position, line)).await?,
        };
    }
    Ok(())
}

/// Takes an import back.
#[derive(Serialize, Deserialize)]
pub(crate) struct UndoContactImport {
    pub import: ContactImportId,
    /// After which row it goes on; for people who look at the queue.
    pub line: i32,
}

impl Job for UndoContactImport {
    const KIND: &'static str = "UndoContactImport";

    async fn run(self, cx: JobCx) -> Result<()> {
        for batch in 1.. {
            let step = cx.write(async |tx| actions::undo_batch(tx, self.import, batch >= BATCHES).await).await?;
            if step == RunStep::Over {
                break;
            }
        }
        Ok(())
    }
}

/// Tries rows without writing.
#[derive(Serialize, Deserialize)]
pub(crate) struct CheckContactImport {
    pub import: ContactImportId,
    /// Of the import; when it is another by now, the answer would be about something else.
    pub version: i64,
    /// Whose contacts the caller reaches.
    pub reach: Option<Vec<Uuid>>,
    /// Whose records of other kinds he may write.
    #[serde(default)]
    pub reaches: Reaches,
}

impl Job for CheckContactImport {
    const KIND: &'static str = "CheckContactImport";

    async fn run(self, cx: JobCx) -> Result<()> {
        let run = match cx.read(async |tx| db::run(tx, self.import).await).await {
            // It was dropped meanwhile.
            Err(error) if error.is_not_found() => return Ok(()),
            other => other?,
        };
        if run.version != self.version || run.state != "checking" {
            return Ok(());
        }
        let run = Run { reach: self.reach, reaches: self.reaches, ..run };
        let found = actions::check_rows(&cx, run, CHECK_ROWS).await?;
        cx.write(async |tx| db::set_check(tx, self.import, self.version, &found).await).await
    }
}

/// Removes the file of an import and what it would restore, when its time is over.
#[derive(Serialize, Deserialize)]
pub(crate) struct ForgetContactImport {
    pub import: ContactImportId,
}

impl Job for ForgetContactImport {
    const KIND: &'static str = "ForgetContactImport";

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx.write(async |tx| actions::forget(tx, self.import).await).await? {}
        Ok(())
    }
}
