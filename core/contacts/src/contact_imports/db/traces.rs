//! What came besides contacts: figures, and what is kept to take it back.
use crate::{
    contact_imports::model::{ContactImportId, ImportBrought, ImportKept, Reaches},
    contacts::ContactId,
};
use kernel::{Result, Tx, db::Sql, imports::PartTrace, row, sql};
use serde_json::{Value, json};
use uuid::Uuid;

/// Notes whose records a locked import may write, by permission.
pub async fn set_reaches(tx: &mut Tx, id: ContactImportId, reaches: &Reaches) -> Result<()> {
    tx.exec_one(sql!("update contact_imports set reaches = $2 where id = $1"), &[&id, reaches]).await
}

/// Writes the figures of a locked import.
pub async fn set_brought(tx: &mut Tx, id: ContactImportId, brought: &ImportBrought) -> Result<()> {
    tx.exec_one(sql!("update contact_imports set brought = $2 where id = $1"), &[&id, brought]).await
}

/// Keeps what a part did.
pub async fn insert(tx: &mut Tx, id: ContactImportId, part: &str, traces: &[PartTrace]) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contact_import_traces (import_id, step, line, part, contact_id, record_id, trace)
         select $1, t.step, t.line, $2, t.contact_id, t.record_id, t.trace from jsonb_populate_recordset(null::contact_import_traces, $3) t"
    );
    let row = |t: &PartTrace| {
        let (contact, record) = (t.contact, t.record);
        json!({ "step": t.step, "line": t.line, "contact_id": contact, "record_id": record, "trace": t.trace })
    };
    let rows: Value = traces.iter().map(row).collect();
    tx.exec(INSERT, &[&id, &part, &rows]).await.map(|_| ())
}

row! {
    /// Something that an undo has yet to take back.
    pub struct Pending {
        pub step: i16,
        pub line: i32,
        pub part: String,
        pub contact: Option<Uuid>,
        pub record: Option<Uuid>,
        pub trace: Value,
        /// What the undo did with the contact of the row, when the file had changed him.
        pub row_undo: Option<String>,
    }
}

impl Pending {
    /// Why it stays: its contact does.
    pub fn reason(&self) -> Option<&'static str> {
        match self.row_undo.as_deref()? {
            "changed" => Some("contact_kept"),
            "held" => Some("held"),
            "gone" | "trashed" => Some("gone"),
            _ => None,
        }
    }

    /// As the part takes it back.
    pub fn trace(&self) -> PartTrace {
        let Pending { step, line, contact, record, .. } = *self;
        PartTrace { step, line, contact, record, trace: self.trace.clone() }
    }
}

/// The first of what is to be taken back. Records that nobody's contact owns follow their own rules.
pub async fn pending(tx: &mut Tx, id: ContactImportId, limit: i64) -> Result<Vec<Pending>> {
    const PENDING: Sql = sql!(
        "select t.step, t.line, t.part, t.contact_id as contact, t.record_id as record, t.trace,
           (select r.undo from contact_import_rows r where r.import_id = t.import_id and r.line = t.line and t.contact_id is not null) as row_undo
         from contact_import_traces t where t.import_id = $1 and t.undo is null order by t.step, t.part, t.line limit $2"
    );
    tx.rows(PENDING, &[&id, &limit]).await
}

/// Those of locked contacts that must stay as they are.
pub async fn held(tx: &mut Tx, contacts: &[Uuid]) -> Result<Vec<Uuid>> {
    tx.values(sql!("select id from contacts where id = any($1) and hold_reason is not null"), &[&contacts]).await
}

/// Forgets what was taken back, and notes why the rest stays.
pub async fn settle(
    tx: &mut Tx,
    id: ContactImportId,
    (step, part): (i16, &str),
    done: &[i32],
    kept: &[(i32, &str)],
) -> Result<()> {
    const DONE: Sql =
        sql!("delete from contact_import_traces where import_id = $1 and step = $2 and part = $3 and line = any($4)");
    const KEPT: Sql = sql!(
        "update contact_import_traces t set undo = k.undo from unnest($4::int[], $5::text[]) as k(line, undo)
         where t.import_id = $1 and t.step = $2 and t.part = $3 and t.line = k.line"
    );
    tx.exec(DONE, &[&id, &step, &part, &done]).await?;
    if !kept.is_empty() {
        let (lines, reasons): (Vec<i32>, Vec<&str>) = kept.iter().copied().unzip();
        tx.exec(KEPT, &[&id, &step, &part, &lines, &reasons]).await?;
    }
    Ok(())
}

/// Hands what an undo left because others use it on to an import that does: whichever of them is undone last takes it away. Here it
/// stays as what was left.
pub async fn hand_on(tx: &mut Tx, id: ContactImportId, (step, part): (i16, &str), lines: &[i32]) -> Result<()> {
    const HAND_ON: Sql = sql!(
        "insert into contact_import_traces (import_id, step, line, part, record_id, trace)
         select distinct on (t.line) u.import_id, t.step, u.line, t.part, t.record_id, t.trace
         from contact_import_traces t join contact_import_traces u on u.record_id = t.record_id
         where t.import_id = $1 and t.step = $2 and t.part = $3 and t.line = any($4)
           and u.part = t.part and u.step < t.step and u.import_id <> t.import_id and u.undo is null
         order by t.line, u.import_id, u.line on conflict do nothing"
    );
    tx.exec(HAND_ON, &[&id, &step, &part, &lines]).await.map(drop)
}

/// What an undo left, by what it is and why.
pub async fn kept(tx: &mut Tx, id: ContactImportId) -> Result<Vec<ImportKept>> {
    const KEPT: Sql = sql!(
        "select case when t.part = 'companies' and t.step = 0 then 'people' else t.part end as what, coalesce(t.undo, '') as reason, count(*)::int as count
         from contact_import_traces t where t.import_id = $1 and t.undo is not null group by 1, 2 order by 1, 2"
    );
    tx.rows(KEPT, &[&id]).await
}

/// Forgets some of what was kept; gives whether there may be more.
pub async fn forget(tx: &mut Tx, id: ContactImportId, batch: i64) -> Result<bool> {
    const FORGET: Sql = sql!(
        "delete from contact_import_traces where import_id = $1 and (step, line, part) in (
           select step, line, part from contact_import_traces where import_id = $1 limit $2)"
    );
    Ok(tx.exec(FORGET, &[&id, &batch]).await?.cast_signed() == batch)
}

row! {
    /// What came with a person, for the person it is about.
    pub struct About {
        pub import_id: ContactImportId,
        pub line: i32,
        pub part: String,
        pub trace: Value,
    }
}

/// What is kept about a contact.
pub async fn about(tx: &mut Tx, contact: ContactId) -> Result<Vec<About>> {
    const ABOUT: Sql = sql!(
        "select import_id, line, part, trace from contact_import_traces where contact_id = $1 order by import_id, step, line, part"
    );
    tx.rows(ABOUT, &[&contact]).await
}

/// Forgets it; gives how much it was.
pub async fn erase(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    tx.exec(sql!("delete from contact_import_traces where contact_id = $1"), &[&contact]).await
}
