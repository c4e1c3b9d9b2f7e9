//! Columns that name a record of another module. When two records become one, whoever merges them walks what every module
//! has registered: rows move to the record that is kept, and a ledger remembers each, so that it can be taken back.
//!
//! A row that cannot move, because the kept record has its like, stays where it is: nothing is removed. All text is put
//! together from constant pieces. In the pieces `l` is the row of the record that goes and `k` one of the record that is
//! kept; `$1` is the record that is kept, `$2` the one that goes, `$3` the merge and `$4` now.
use super::{Query, Sql};
use crate::Result;
use chrono::{DateTime, Utc};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

/// A column of a module's table that names a record that can be merged, polymorphic ones too.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// The table.
    pub table: &'static str,
    /// The column with the id.
    pub column: &'static str,
    /// The columns that tell the rows of one record apart.
    pub key: &'static [&'static str],
    /// Which rows name a record of this kind, for a column that names several: `l.owner_kind = 'contacts'`.
    pub only: Option<&'static str>,
    /// Rows that must be locked before the records are, for modules that lock theirs first; `$1` are the ids of the records.
    pub first: Option<Sql>,
    /// What is changed before rows move, so that none is in the way of another.
    pub changes: &'static [Change],
    /// When a row stays where it is.
    pub stays: Option<&'static str>,
    /// What is done besides: statements with the merge as `$1` and the record that goes as `$2`.
    pub extra: Option<Extra>,
}

/// A change of rows that meet.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// Whether it changes rows of the record that is kept (`k`) or of the one that goes (`l`).
    pub of_kept: bool,
    /// When: `exists (select from t k where k.contact_id = $1 and …)`.
    pub when: &'static str,
    /// Columns with their new values.
    pub set: &'static [(&'static str, &'static str)],
}

/// What a merge and its undo do that no moved row says.
#[derive(Debug, Clone, Copy)]
pub struct Extra {
    /// With the merge.
    pub merge: Sql,
    /// With its undo.
    pub undo: Sql,
}

impl Reference {
    /// Rows that simply move.
    pub const fn new(table: &'static str, column: &'static str, key: &'static [&'static str]) -> Self {
        Reference { table, column, key, only: None, first: None, changes: &[], stays: None, extra: None }
    }

    fn only(&self, alias: char) -> String {
        self.only.map_or_else(String::new, |only| format!(" and {}", only.replace("l.", &format!("{alias}."))))
    }

    fn key_of(&self, alias: char) -> String {
        let parts: Vec<String> = self.key.iter().map(|column| format!("'{column}', {alias}.{column}")).collect();
        format!("jsonb_build_object({})", parts.join(", "))
    }
}

/// What became of rows when a merge was undone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returned {
    /// Rows that went back.
    pub returned: u64,
    /// Rows that are gone, or somewhere else, since.
    pub missing: u64,
    /// Rows that somebody changed since, and that stay as they are.
    pub edited: u64,
}

/// One merge of one record into another.
#[derive(Debug, Clone, Copy)]
pub struct Merging {
    /// The table that remembers what moved: `merge_id, merged_id, table_name, column_name, step, key, before, after`. Step 0
    /// are rows that moved.
    pub ledger: &'static str,
    /// The merge.
    pub merge: Uuid,
    /// The record that is kept.
    pub kept: Uuid,
    /// The record that goes.
    pub merged: Uuid,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Merging {
    fn params(&self) -> [(&(dyn ToSql + Sync), Type); 4] {
        [
            (&self.kept, Type::UUID),
            (&self.merged, Type::UUID),
            (&self.merge, Type::UUID),
            (&self.now, Type::TIMESTAMPTZ),
        ]
    }
}

impl Query {
    /// Moves the rows of one table that name the record that goes. Both records are locked. Gives how many moved.
    pub async fn merge_rows(&mut self, reference: &Reference, merging: &Merging) -> Result<u64> {
        let Reference { table, column, .. } = *reference;
        let ledger = merging.ledger;
        for (n, change) in reference.changes.iter().enumerate() {
            let (alias, holder, step) = if change.of_kept { ('k', "$1", n + 1) } else { ('l', "$2", n + 1) };
            let set: Vec<String> = change.set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            let (key, set, when) = (reference.key_of(alias), set.join(", "), change.when);
            let text = format!(
                "with b as (select {alias}.ctid as place, to_jsonb({alias}) as row from {table} {alias} where {alias}.{column} = {holder}{} and ({when})),
                 a as (update {table} {alias} set {set} from b where {alias}.ctid = b.place returning {key} as key, b.row as before, to_jsonb({alias}) as after)
                 insert into {ledger} (merge_id, merged_id, table_name, column_name, step, key, before, after)
                 select $3, $2, '{table}', '{column}', {step}, a.key, a.before, a.after from a where $1 is not null and $4 is not null",
                reference.only(alias)
            );
            self.run_typed(&text, &merging.params()).await?;
        }
        let stays = reference.stays.map_or_else(String::new, |stays| {
            format!(
                " and not exists (select from {table} k where k.{column} = $1{} and ({stays}))",
                reference.only('k')
            )
        });
        let text = format!(
            "with m as (update {table} l set {column} = $1 where l.{column} = $2{}{stays} returning {} as key),
             n as (insert into {ledger} (merge_id, merged_id, table_name, column_name, step, key)
               select $3, $2, '{table}', '{column}', 0, m.key from m on conflict do nothing returning 1)
             select count(*) from n where $4 is not null",
            reference.only('l'),
            reference.key_of('l')
        );
        let rows = self.run_typed(&text, &merging.params()).await?;
        if let Some(extra) = reference.extra {
            self.exec(extra.merge, &[&merging.merge, &merging.merged]).await?;
        }
        let moved: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
        Ok(moved.cast_unsigned())
    }

    /// Moves them back and takes the changes back, unless somebody changed the rows since. Both records are locked.
    pub async fn unmerge_rows(&mut self, reference: &Reference, merging: &Merging) -> Result<Returned> {
        let Reference { table, column, .. } = *reference;
        let ledger = merging.ledger;
        let of_ledger = |step: usize| {
            format!(
                "r.merge_id = $3 and r.merged_id = $2 and r.table_name = '{table}' and r.column_name = '{column}' and r.step = {step}"
            )
        };
        if let Some(extra) = reference.extra {
            self.exec(extra.undo, &[&merging.merge, &merging.merged]).await?;
        }
        let text = format!(
            "with m as (update {table} l set {column} = $2 from {ledger} r where {} and l.{column} = $1{} and {} = r.key returning 1)
             select (select count(*) from m), (select count(*) from {ledger} r where {} and $4 is not null)",
            of_ledger(0),
            reference.only('l'),
            reference.key_of('l'),
            of_ledger(0)
        );
        let mut done = Returned::default();
        let count = |rows: &[tokio_postgres::Row]| -> Result<(u64, u64)> {
            let Some(row) = rows.first() else { return Ok((0, 0)) };
            let (did, all): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            Ok((did.cast_unsigned(), all.cast_unsigned()))
        };
        let (returned, all) = count(&self.run_typed(&text, &merging.params()).await?)?;
        (done.returned, done.missing) = (returned, all - returned);
        for (n, change) in reference.changes.iter().enumerate().rev() {
            let alias = if change.of_kept { 'k' } else { 'l' };
            let set: Vec<String> = change.set.iter().map(|(name, _)| format!("{name} = p.{name}")).collect();
            let (key, set, of_step) = (reference.key_of(alias), set.join(", "), of_ledger(n + 1));
            let text = format!(
                "with u as (update {table} {alias} set {set} from {ledger} r cross join lateral jsonb_populate_record(null::{table}, r.before) p
                   where {of_step} and {alias}.{column} = p.{column} and {key} = r.key and to_jsonb({alias}) = r.after returning 1)
                 select (select count(*) from u), (select count(*) from {ledger} r where {of_step} and $1 is not null and $4 is not null)"
            );
            let (undone, all) = count(&self.run_typed(&text, &merging.params()).await?)?;
            done.edited += all - undone;
        }
        Ok(done)
    }
}
