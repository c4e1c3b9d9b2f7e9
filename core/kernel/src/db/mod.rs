//! Transactions. [`Tx`] is the only handle on tenant data and [`ControlTx`] the only one on the control plane; both
//! commit on `Ok`, roll back on `Err`, and a connection goes back to its pool only when it is provably idle.
mod chosen;
mod composed;
mod list;
mod locks;
mod near;
pub mod pool;
mod references;
mod row;
mod statements;
mod whole;
mod words;

pub use composed::Composed;
pub use list::{Clause, Clauses, Field, FieldKind, Given, Here, KeyedField, KeyedSort, ListQuery, ListSpec};
pub use near::{Named, Near, TypedWord, rarest_first};
pub use references::{Change, Extra, Merging, Reference, Returned};
pub use row::{Column, FromRow, Nullable, Sql, accepts};
pub use whole::Whole;
pub use words::{contains, word_patterns};

use crate::{Error, Result, auth::Context, module::App, tenancy::Tenant};
use chrono_tz::Tz;
use futures_util::future::join;
use pool::Loan;
use std::{sync::Arc, time::Duration};
use tokio_postgres::{
    Row,
    types::{FromSqlOwned, ToSql, Type},
};

/// Parameters of a statement.
pub type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What both kinds of transaction can do.
pub struct Query {
    loan: Option<Loan>,
    /// `BEGIN` and the binding, sent together with the first statement: one round trip.
    bind: Option<String>,
    /// What day it is for whoever asks, for filters of lists.
    here: Here,
    failed: bool,
    pub(crate) recorded: u32,
    pub(crate) enqueued: u32,
    /// Kinds of jobs of which this transaction needs no second one.
    pub(crate) once: Vec<&'static str>,
    #[cfg(debug_assertions)]
    checker: Option<crate::module::RowChecker>,
    #[cfg(debug_assertions)]
    counter: Option<Arc<std::sync::atomic::AtomicU64>>,
}

impl Query {
    fn new(loan: Loan, bind: String, here: Here) -> Self {
        Query {
            loan: Some(loan),
            bind: Some(bind),
            here,
            failed: false,
            recorded: 0,
            enqueued: 0,
            once: vec![],
            #[cfg(debug_assertions)]
            checker: None,
            #[cfg(debug_assertions)]
            counter: None,
        }
    }

    /// What day it is for whoever asks, and when days begin there.
    pub fn here(&self) -> Here {
        self.here
    }

    fn loan(&self) -> Result<&Loan> {
        self.loan.as_ref().ok_or_else(|| Error::internal("the transaction is over"))
    }

    fn count(&self) {
        #[cfg(debug_assertions)]
        if let Some(counter) = &self.counter {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }

    async fn run(&mut self, sql: &str, params: Params<'_>) -> Result<Vec<Row>> {
        self.count();
        let bind = self.bind.take();
        // Until the answer is here the connection counts as broken: a dropped future must not return it.
        let failed_before = std::mem::replace(&mut self.failed, true);
        let backend = self.loan()?;
        let client = backend.client();
        let rows = match (bind, backend.cached(sql)) {
            (None, Some(statement)) => client.query(&statement, params).await,
            (Some(bind), Some(statement)) => {
                let (bound, rows) = join(client.batch_execute(&bind), client.query(&statement, params)).await;
                bound?;
                rows
            }
            (bind, None) => {
                let statement = match bind {
                    Some(bind) => {
                        let (bound, statement) = join(client.batch_execute(&bind), client.prepare(sql)).await;
                        bound?;
                        statement?
                    }
                    None => client.prepare(sql).await?,
                };
                backend.remember(sql, statement.clone());
                client.query(&statement, params).await
            }
        };
        if let Err(error) = &rows
            && error.code() == Some(&tokio_postgres::error::SqlState::FEATURE_NOT_SUPPORTED)
        {
            // "cached plan must not change result type": a migration changed a column under the statement.
            backend.forget_statements();
            return Err(Error::unavailable(0));
        }
        let rows = rows?;
        self.failed = failed_before;
        Ok(rows)
    }

    /// Rows of a statement whose text was put together from constant pieces; sent unnamed, so nothing is cached.
    async fn run_typed(&mut self, sql: &str, params: &[(&(dyn ToSql + Sync), Type)]) -> Result<Vec<Row>> {
        self.count();
        let bind = self.bind.take();
        let failed_before = std::mem::replace(&mut self.failed, true);
        let client = self.loan()?.client();
        let rows = match bind {
            Some(bind) => {
                let (bound, rows) = join(client.batch_execute(&bind), client.query_typed(sql, params)).await;
                bound?;
                rows?
            }
            None => client.query_typed(sql, params).await?,
        };
        self.failed = failed_before;
        Ok(rows)
    }

    /// Every row.
    pub async fn rows<T: FromRow>(&mut self, sql: Sql, params: Params<'_>) -> Result<Vec<T>> {
        let rows = self.run(sql.0, params).await?;
        self.compare::<T>(sql.0);
        rows.iter().map(T::from_row).collect()
    }

    /// The row, if there is one.
    pub async fn opt<T: FromRow>(&mut self, sql: Sql, params: Params<'_>) -> Result<Option<T>> {
        let rows = self.run(sql.0, params).await?;
        self.compare::<T>(sql.0);
        rows.first().map(T::from_row).transpose()
    }

    /// The row; 404 when there is none.
    pub async fn row<T: FromRow>(&mut self, sql: Sql, params: Params<'_>) -> Result<T> {
        self.opt(sql, params).await?.ok_or_else(Error::not_found)
    }

    /// The first column of the row, if there is one.
    pub async fn value_opt<V: FromSqlOwned>(&mut self, sql: Sql, params: Params<'_>) -> Result<Option<V>> {
        Ok(self.run(sql.0, params).await?.first().map(|row| row.try_get(0)).transpose()?)
    }

    /// The first column of the row; 404 when there is none.
    pub async fn value<V: FromSqlOwned>(&mut self, sql: Sql, params: Params<'_>) -> Result<V> {
        self.value_opt(sql, params).await?.ok_or_else(Error::not_found)
    }

    /// The first column of every row.
    pub async fn values<V: FromSqlOwned>(&mut self, sql: Sql, params: Params<'_>) -> Result<Vec<V>> {
        self.run(sql.0, params).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Runs a statement that returns nothing; gives how many rows it touched.
    pub async fn exec(&mut self, sql: Sql, params: Params<'_>) -> Result<u64> {
        self.count();
        let bind = self.bind.take();
        let failed_before = std::mem::replace(&mut self.failed, true);
        let backend = self.loan()?;
        let client = backend.client();
        let statement = match backend.cached(sql.0) {
            Some(statement) => {
                if let Some(bind) = bind {
                    let (bound, count) = join(client.batch_execute(&bind), client.execute(&statement, params)).await;
                    bound?;
                    let count = count?;
                    self.failed = failed_before;
                    return Ok(count);
                }
                statement
            }
            None => {
                let statement = match bind {
                    Some(bind) => {
                        let (bound, statement) = join(client.batch_execute(&bind), client.prepare(sql.0)).await;
                        bound?;
                        statement?
                    }
                    None => client.prepare(sql.0).await?,
                };
                backend.remember(sql.0, statement.clone());
                statement
            }
        };
        let count = client.execute(&statement, params).await?;
        self.failed = failed_before;
        Ok(count)
    }

    /// Runs a statement that must touch a row; 404 when it touched none.
    pub async fn exec_one(&mut self, sql: Sql, params: Params<'_>) -> Result<()> {
        if self.exec(sql, params).await? == 0 { Err(Error::not_found()) } else { Ok(()) }
    }

    async fn control_command(&mut self, command: &str) -> Result<()> {
        let bind = self.bind.take();
        let client = self.loan()?.client();
        if let Some(bind) = bind {
            client.batch_execute(&bind).await?;
        }
        client.batch_execute(command).await?;
        Ok(())
    }

    fn compare<T: FromRow>(&self, sql: &str) {
        #[cfg(debug_assertions)]
        if let Some(checker) = &self.checker {
            checker(sql, T::COLUMNS);
        }
        #[cfg(not(debug_assertions))]
        let _ = sql;
    }

    async fn commit(mut self) -> Result<()> {
        if self.bind.is_some() {
            // Nothing was sent, so there is nothing to commit.
            self.loan = None;
            return Ok(());
        }
        if self.failed {
            self.rollback().await;
            return Err(Error::internal("a failed statement was ignored inside a transaction"));
        }
        self.failed = true;
        self.loan()?.client().batch_execute("commit").await?;
        self.loan = None;
        Ok(())
    }

    /// Ends a transaction that only read: the answer need not wait for the commit, but the connection does.
    fn release(mut self) {
        if self.bind.is_some() {
            self.loan = None;
        } else if !self.failed
            && let Some(loan) = self.loan.take()
        {
            tokio::spawn(async move {
                if loan.client().batch_execute("commit").await.is_err() {
                    loan.discard();
                }
            });
        }
    }

    async fn rollback(&mut self) {
        if self.bind.is_none()
            && let Some(loan) = self.loan.take()
        {
            match loan.client().batch_execute("rollback").await {
                Ok(()) => drop(loan),
                Err(_) => loan.discard(),
            }
        } else {
            self.loan = None;
        }
    }
}

impl Drop for Query {
    fn drop(&mut self) {
        // Reached only when a request was dropped in the middle: the server forgets everything with the connection.
        if let Some(loan) = self.loan.take() {
            metrics::counter!("upzento_db_connections_discarded_total").increment(1);
            loan.discard();
        }
    }
}

/// A transaction inside one tenant's schema, as that tenant's role.
pub struct Tx {
    query: Query,
    app: Arc<App>,
    tenant: Arc<Tenant>,
    context: Context,
}

/// A transaction in the control plane.
pub struct ControlTx {
    query: Query,
    app: Arc<App>,
    context: Context,
}

macro_rules! transaction {
    ($name:ident) => {
        impl std::ops::Deref for $name {
            type Target = Query;
            fn deref(&self) -> &Query {
                &self.query
            }
        }
        impl std::ops::DerefMut for $name {
            fn deref_mut(&mut self) -> &mut Query {
                &mut self.query
            }
        }
        impl $name {
            /// The moment this transaction counts as now.
            pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
                self.context.now
            }
            /// Who acts, for events and "changed by".
            pub fn context(&self) -> &Context {
                &self.context
            }
            /// The running program: configuration, keys, providers. Never another transaction.
            pub fn app(&self) -> &Arc<App> {
                &self.app
            }
            /// Runs a part that may fail alone: its error is returned, its changes are undone, the rest goes on.
            pub async fn attempt<T>(&mut self, f: impl AsyncFnOnce(&mut Self) -> Result<T>) -> Result<Result<T>> {
                self.query.control_command("savepoint part").await?;
                match f(self).await {
                    Ok(value) if !self.query.failed => {
                        self.query.control_command("release savepoint part").await?;
                        Ok(Ok(value))
                    }
                    other => {
                        self.query.control_command("rollback to savepoint part; release savepoint part").await?;
                        self.query.failed = false;
                        // What was enqueued in this part is gone with it.
                        self.query.once.clear();
                        Ok(other.and_then(|_| Err(Error::internal("a failed statement was ignored inside a part"))))
                    }
                }
            }
        }
    };
}
transaction!(Tx);
transaction!(ControlTx);

impl Tx {
    /// The tenant whose schema this is.
    pub fn tenant(&self) -> &Arc<Tenant> {
        &self.tenant
    }

    /// Runs a part of which each statement may take so long at most; none when one took longer. For what an answer is better
    /// with, and complete without.
    pub async fn within<T>(
        &mut self,
        time: Duration,
        f: impl AsyncFnOnce(&mut Self) -> Result<T>,
    ) -> Result<Option<T>> {
        let usual = self.app.config.database.statement_timeout_ms;
        let limit = |milliseconds: u128| format!("set local statement_timeout = {milliseconds}");
        let part = self.attempt(async |tx| {
            // At least one: zero means that there is no limit.
            tx.query.control_command(&limit(time.as_millis().max(1))).await?;
            let found = f(tx).await?;
            tx.query.control_command(&limit(usual.into())).await?;
            Ok(found)
        });
        match part.await? {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.code() == "unavailable" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Until the end of the transaction a statement may take a minute: for what looks through whole tables and cannot be done in parts.
    pub async fn wait_for_long(&mut self) -> Result<()> {
        self.query.control_command("set local statement_timeout = 60000").await
    }

    async fn begin(app: &Arc<App>, tenant: &Arc<Tenant>, context: Context, read_only: bool) -> Result<Self> {
        let loan = app.pools.tenant(tenant.id).await?;
        let mode = if read_only { " read only" } else { "" };
        Ok(Tx::on(loan, mode, app.config.database.statement_timeout_ms, (app, tenant, context)))
    }

    fn on(
        loan: Loan,
        mode: &str,
        statement_timeout_ms: u64,
        (app, tenant, context): (&Arc<App>, &Arc<Tenant>, Context),
    ) -> Self {
        loan.serve(tenant.id);
        // search_path comes first so that a routing proxy can see which schema is meant. The names were checked by SchemaName.
        let bind = format!(
            "begin{mode}; set local search_path = {}, shared; set local role {}; set local statement_timeout = {statement_timeout_ms}; set local lock_timeout = {}",
            tenant.schema.as_str(),
            tenant.role.as_str(),
            app.config.database.lock_timeout_ms,
        );
        #[cfg_attr(not(debug_assertions), expect(unused_mut, reason = "only checked builds compare rows"))]
        let mut query = Query::new(loan, bind, Here { now: context.now, zone: tenant.zone.parse().unwrap_or(Tz::UTC) });
        #[cfg(debug_assertions)]
        {
            query.checker = app.row_checker();
            query.counter = Some(app.statement_counter());
        }
        Tx { query, app: app.clone(), tenant: tenant.clone(), context }
    }
}

impl App {
    /// Reads in a tenant's schema: a read-only transaction that ends with the closure.
    pub async fn read<T>(
        self: &Arc<Self>,
        tenant: &Arc<Tenant>,
        context: Context,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T>,
    ) -> Result<T> {
        tenant.check_state(false)?;
        self.read_in_any_state(tenant, context, f).await
    }

    /// The same for operators, who also look after tenants that stand still.
    pub async fn read_in_any_state<T>(
        self: &Arc<Self>,
        tenant: &Arc<Tenant>,
        context: Context,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T>,
    ) -> Result<T> {
        let mut tx = Tx::begin(self, tenant, context, true).await?;
        match f(&mut tx).await {
            Ok(value) => {
                tx.query.release();
                Ok(value)
            }
            Err(error) => {
                tx.query.rollback().await;
                Err(error)
            }
        }
    }

    /// Writes in a tenant's schema: commits on `Ok`, rolls back on `Err`.
    pub async fn write<T>(
        self: &Arc<Self>,
        tenant: &Arc<Tenant>,
        context: Context,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T>,
    ) -> Result<T> {
        tenant.check_state(true)?;
        self.write_in_any_state(tenant, context, f).await
    }

    /// The same for the kernel's own machinery, which also delivers what a tenant did before it was suspended.
    pub(crate) async fn write_in_any_state<T>(
        self: &Arc<Self>,
        tenant: &Arc<Tenant>,
        context: Context,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T>,
    ) -> Result<T> {
        let mut tx = Tx::begin(self, tenant, context, false).await?;
        match f(&mut tx).await {
            Ok(value) => {
                let (recorded, enqueued) = (tx.query.recorded, tx.query.enqueued);
                tx.query.commit().await?;
                self.wake(recorded > 0, enqueued > 0);
                Ok(value)
            }
            Err(error) => {
                tx.query.rollback().await;
                Err(error)
            }
        }
    }

    /// Works in the control plane: commits on `Ok`, rolls back on `Err`.
    pub async fn control<T>(
        self: &Arc<Self>,
        context: Context,
        f: impl AsyncFnOnce(&mut ControlTx) -> Result<T>,
    ) -> Result<T> {
        let loan = self.pools.control.get().await?;
        let bind = format!(
            "begin; set local search_path = control, shared; set local statement_timeout = {}; set local lock_timeout = {}",
            self.config.database.statement_timeout_ms, self.config.database.lock_timeout_ms
        );
        let query = Query::new(loan, bind, Here { now: context.now, zone: Tz::UTC });
        let mut tx = ControlTx { query, app: self.clone(), context };
        #[cfg(debug_assertions)]
        {
            tx.query.checker = self.row_checker();
            tx.query.counter = Some(self.statement_counter());
        }
        match f(&mut tx).await {
            Ok(value) => {
                let (recorded, enqueued) = (tx.query.recorded, tx.query.enqueued);
                tx.query.commit().await?;
                self.wake(recorded > 0, enqueued > 0);
                Ok(value)
            }
            Err(error) => {
                tx.query.rollback().await;
                Err(error)
            }
        }
    }

    /// Works on the shared tables of the cell as the dispatcher's login. For the kernel's own machinery.
    pub(crate) async fn ops<T>(self: &Arc<Self>, f: impl AsyncFnOnce(&mut Query) -> Result<T>) -> Result<T> {
        let loan = self.pools.ops.get().await?;
        let bind =
            "begin; set local search_path = ops; set local statement_timeout = 10000; set local lock_timeout = 2000"
                .to_owned();
        let mut query = Query::new(loan, bind, Here { now: self.clock.now(), zone: Tz::UTC });
        match f(&mut query).await {
            Ok(value) => {
                query.commit().await?;
                Ok(value)
            }
            Err(error) => {
                query.rollback().await;
                Err(error)
            }
        }
    }
}
