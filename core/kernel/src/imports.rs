//! What a file of contacts brings besides the contacts themselves: companies, days, blocks. The module that imports knows
//! rows and contacts; each part knows its own columns, writes a batch of them with few statements, and takes it back.
use crate::{Result, Tx};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What became of each trace that was taken back.
pub type Undone = Vec<&'static str>;

/// A part of what an import of contacts brings.
#[derive(Clone, Copy)]
pub struct ImportPart {
    /// What traces are kept under; it never changes.
    pub name: &'static str,
    /// Its columns, as the import names them.
    pub columns: &'static [&'static str],
    /// The column without which its others say nothing.
    pub needs: Option<&'static str>,
    /// Whether a cell that cannot be read refuses its row, also where an import leaves out what is wrong.
    pub strict: bool,
    /// The permission without which its columns cannot be brought.
    pub write: &'static str,
    /// Reads a cell of a column; null for one that says nothing. The error is a code.
    pub read: fn(&str, &str, &CellReading) -> Result<Value, &'static str>,
    /// Takes a batch in, in the transaction of its contacts, which are there and locked; a try writes and locks nothing.
    pub take: for<'a> fn(&'a mut Tx, PartBatch<'a>) -> BoxFuture<'a, Result<PartTaken>>,
    /// Takes traces back, all of one step; says of each in their order what became of it: `undone`, or why it stays. What is
    /// `used` is asked about again when an import that uses it is undone.
    pub undo: for<'a> fn(&'a mut Tx, &'a [PartTrace], i64) -> BoxFuture<'a, Result<Undone>>,
}

impl std::fmt::Debug for ImportPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// How cells are read.
#[derive(Debug, Clone, Default)]
pub struct CellReading {
    /// What stands between several values of a cell.
    pub separator: String,
    /// Whether `05/04` is the fourth of May; `None` when nobody knows.
    pub month_first: Option<bool>,
    /// The year it is.
    pub year: i32,
}

/// Rows whose contacts came in.
pub struct PartBatch<'a> {
    /// Those that say something of this part.
    pub rows: &'a [PartRow],
    /// Whose records the importer may write, by the permission of the part; everybody's when `None`.
    pub reach: &'a Option<Vec<Uuid>>,
    /// Who brings the file.
    pub by: Option<Uuid>,
    /// Whether what a contact has is replaced; otherwise only what is empty is filled.
    pub overwrite: bool,
    /// What a change adds to a version: no version that was read before fits afterwards.
    pub jump: i64,
    /// Whether it is meant; otherwise it is a try, and only figures are wanted.
    pub writes: bool,
    /// What earlier batches of the same try would have made, in words of the part.
    pub seen: &'a mut BTreeSet<String>,
}

/// What a row says.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// Its number in the file.
    pub line: i32,
    /// Its contact; in a try, a new one is nowhere yet.
    pub contact: Uuid,
    /// Whether the import made it.
    pub is_new: bool,
    /// What was read, by column.
    pub said: Map<String, Value>,
}

/// What came of a batch.
#[derive(Debug, Default)]
pub struct PartTaken {
    /// Records made or changed, by what the import calls them.
    pub counts: Vec<(&'static str, i32)>,
    /// What has to be known to take it back.
    pub traces: Vec<PartTrace>,
}

/// What is kept to take one thing back.
#[derive(Debug, Clone)]
pub struct PartTrace {
    /// When it is taken back: everything of step 0 before anything of step 1.
    pub step: i16,
    /// The row that brought it.
    pub line: i32,
    /// Whose it is; nobody's when it may serve many.
    pub contact: Option<Uuid>,
    /// The record that it made (from step 1 on) or uses (before), when several imports may use one: an import that is undone while
    /// others use what it made leaves it, and hands it on to one of them.
    pub record: Option<Uuid>,
    /// What the part wants to know.
    pub trace: Value,
}
