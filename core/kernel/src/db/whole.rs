//! A whole list in one snapshot, read while it is sent.
use super::{Clauses, FromRow, KeyedField, ListQuery, ListSpec, Query, Tx, list::Value};
use crate::{Error, Result, auth::Context, module::App, tenancy::Tenant};
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Rows of one fetch.
const ROWS: u32 = 1_000;
/// Longest statement: that which finds the first rows of a list that no index sorts.
const STATEMENT_TIMEOUT_MS: u64 = 60_000;
/// How long somebody may take to read a fetch; then the snapshot and its connection are given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Every row of a list as it was in one moment.
pub struct Whole<T> {
    /// How many rows there are, counted in that moment.
    pub count: u64,
    batches: Receiver<Result<Vec<T>>>,
    left: u64,
}

impl<T> Whole<T> {
    /// Rows that were reckoned and not read from a cursor: few enough to be in memory.
    pub fn of(rows: Vec<T>) -> Self {
        let (sender, batches) = channel(1);
        let count = rows.len() as u64;
        // Why ignoring is right: there is room for one, and its reader is held.
        let _ = sender.try_send(Ok(rows));
        Whole { count, batches, left: count }
    }

    /// The next rows; nothing after the last one. An error when reading broke off, however it did: whoever got nothing has
    /// all that were counted.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>> {
        let batch = self.batches.recv().await;
        self.after(batch)
    }

    /// The same for a thread that may wait.
    pub fn next_blocking(&mut self) -> Result<Option<Vec<T>>> {
        let batch = self.batches.blocking_recv();
        self.after(batch)
    }

    fn after(&mut self, batch: Option<Result<Vec<T>>>) -> Result<Option<Vec<T>>> {
        let broken = || Error::internal("a list has other rows than were counted");
        match batch.transpose()? {
            Some(rows) => {
                self.left = self.left.checked_sub(rows.len() as u64).ok_or_else(broken)?;
                Ok(Some(rows))
            }
            None if self.left == 0 => Ok(None),
            None => Err(broken()),
        }
    }
}

impl App {
    /// Reads a whole list in one snapshot. `open` gets it ready with [`Query::open_whole`] and may read what else is needed
    /// from the same snapshot. Rows are read a little ahead of whoever takes them, who has a minute for each thousand.
    pub async fn whole<T: FromRow + Send + 'static, E>(
        self: &Arc<Self>,
        tenant: &Arc<Tenant>,
        context: Context,
        open: impl AsyncFnOnce(&mut Tx) -> Result<(u64, E)>,
    ) -> Result<(Whole<T>, E)> {
        tenant.check_state(false)?;
        let loan = self.pools.exports().await?;
        let mode = " isolation level repeatable read read only";
        let mut tx = Tx::on(loan, mode, STATEMENT_TIMEOUT_MS, (self, tenant, context));
        let (count, more) = match open(&mut tx).await {
            Ok(opened) => opened,
            Err(error) => {
                tx.query.rollback().await;
                return Err(error);
            }
        };
        let (sender, batches) = channel(1);
        let stop = self.stop.clone();
        tokio::spawn(async move {
            let mut query = tx.query;
            // Why ignoring is right: whoever stops early leaves a count that is not reached.
            let _ = stop.run_until_cancelled(query.hand_out(&sender)).await;
            query.rollback().await;
        });
        Ok((Whole { count, batches, left: count }, more))
    }
}

impl Query {
    /// Gets everything ready that the filters choose, in the order of the list, to be fetched from a cursor; how many rows
    /// that are, counted in the same snapshot. For [`App::whole`](crate::App::whole); `limit`, `cursor` and `sort` do not count.
    pub async fn open_whole(
        &mut self,
        spec: &ListSpec,
        keyed: &[KeyedField],
        query: &ListQuery,
        clauses: impl Into<Clauses<'_>>,
    ) -> Result<u64> {
        let mut values: Vec<Value> = vec![];
        let (chosen, params) = spec.chosen(self.here, keyed, query, clauses.into(), &mut values)?;
        let order = spec.order(spec.default_sort, &[])?;
        let from = spec.select.rfind(" from ").ok_or_else(|| Error::internal("a list needs a from"))?;
        let count = format!("select count(*){} {chosen}", &spec.select[from..]);
        let count: i64 = match self.run_typed(&count, &params).await?.first() {
            Some(row) => row.try_get(0)?,
            None => 0,
        };
        let direction = if order.descending { "desc" } else { "asc" };
        let by = format!("order by {} {direction}, {} {direction}", order.sql, order.id);
        let declare = format!("declare whole no scroll cursor for {} {chosen} {by}", spec.select);
        self.run_typed(&declare, &params).await?;
        u64::try_from(count).map_err(Error::internal)
    }

    async fn hand_out<T: FromRow>(&mut self, to: &Sender<Result<Vec<T>>>) {
        loop {
            let batch = match self.fetch().await {
                Ok(rows) if rows.is_empty() => return,
                batch => batch,
            };
            let broke = batch.is_err();
            if to.send_timeout(batch, PATIENCE).await.is_err() || broke {
                return;
            }
        }
    }

    async fn fetch<T: FromRow>(&mut self) -> Result<Vec<T>> {
        let rows = self.run_typed(&format!("fetch forward {ROWS} from whole"), &[]).await?;
        rows.iter().map(T::from_row).collect()
    }
}
