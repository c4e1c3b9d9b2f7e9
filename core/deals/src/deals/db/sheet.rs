//! Statements behind deals as a file.
use super::{LIST, Narrow, asked};
use crate::pipelines::StageId;
use contacts::Owners;
use kernel::{
    Result, Tx,
    db::{ListQuery, ListSpec, Sql},
    row, sql,
};

/// Gets the same deals, all of them, ready for a file; how many.
pub(in crate::deals) async fn open(tx: &mut Tx, query: &ListQuery, narrow: &Narrow, owners: &Owners) -> Result<u64> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..LIST };
    asked(tx, query, narrow, owners, async |tx, keyed, query, clauses| {
        tx.open_whole(&SHEET, keyed, query, clauses).await
    })
    .await
}

row! {
    /// A stage by name, for files that people read.
    #[derive(Debug, Clone)]
    pub(in crate::deals) struct StageName {
        /// Its id.
        pub id: StageId,
        /// Its name.
        pub name: String,
        /// Its pipeline's.
        pub pipeline: String,
    }
}

/// Every stage, also those that were taken away.
pub(in crate::deals) async fn stage_names(tx: &mut Tx) -> Result<Vec<StageName>> {
    const NAMES: Sql =
        sql!("select s.id, s.name, p.name as pipeline from pipeline_stages s join pipelines p on p.id = s.pipeline_id");
    tx.rows(NAMES, &[]).await
}
