//! Everything that the filters of a list choose in one moment, without reading it here: counted, or noted as rows of a
//! table, for work that goes through it later.
use super::{Clauses, KeyedField, ListQuery, ListSpec, Query, list::Value};
use crate::{Error, Result};
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

impl Query {
    /// How many rows the filters choose, counted no further than `most`. `limit`, `cursor` and `sort` do not count.
    pub async fn count_chosen(
        &mut self,
        spec: &ListSpec,
        keyed: &[KeyedField],
        query: &ListQuery,
        clauses: impl Into<Clauses<'_>>,
        most: u32,
    ) -> Result<i64> {
        let mut values: Vec<Value> = vec![];
        let (chosen, params) = spec.chosen(self.here, keyed, query, clauses.into(), &mut values)?;
        let source = spec.source()?.1;
        let statement = format!("select count(*) from (select{source} {chosen} limit {most}) counted");
        let rows = self.run_typed(&statement, &params).await?;
        rows.first().map_or(Ok(0), |row| Ok(row.try_get(0)?))
    }

    /// Notes the ids that the filters choose, at most `most`, in the order of the ids; how many. `into` is the beginning of
    /// an insert of three columns, which get `key`, the place from 1, and the id: `insert into t (run_id, place, contact_id)`.
    #[expect(clippy::too_many_arguments, reason = "what is noted, where, and the five parts of a list's question")]
    pub async fn note_chosen(
        &mut self,
        into: &'static str,
        key: Uuid,
        spec: &ListSpec,
        keyed: &[KeyedField],
        query: &ListQuery,
        clauses: impl Into<Clauses<'_>>,
        most: u32,
    ) -> Result<i64> {
        let mut values: Vec<Value> = vec![];
        let (chosen, mut params) = spec.chosen(self.here, keyed, query, clauses.into(), &mut values)?;
        params.push((&key as &(dyn ToSql + Sync), Type::UUID));
        let (slot, id, source) = (params.len(), spec.id, spec.source()?.1);
        let statement = format!(
            "with noted as ({into} select ${slot}, row_number() over (order by n.id)::int, n.id from (select {id} as id{source} {chosen} limit {most}) n \
             returning 1) select count(*) from noted"
        );
        let rows = self.run_typed(&statement, &params).await?;
        rows.first().ok_or_else(|| Error::internal("a count has no row"))?.try_get(0).map_err(Error::from)
    }
}
