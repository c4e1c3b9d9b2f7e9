//! Every statement on pipelines and their stages.
use super::model::{Draft, NewStage, Pipeline, PipelineId, StageId};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    row, sql,
};

/// Every pipeline with its stages.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select p.id, p.name, p.position, p.quiet_days, p.reasons, \
        array(select jsonb_build_object('id', s.id, 'name', s.name, 'probability', s.probability, 'requires', s.requires, \
          'requires_custom', array(select f.key from custom_fields f where f.id = any(s.requires_custom) and f.deleting_at is null order by f.position, f.id)) \
          from pipeline_stages s where s.pipeline_id = p.id and s.removed_at is null order by s.position) as stages, \
        p.created_at, p.updated_at, p.version from pipelines p",
    id: "p.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "p.name", kind: FieldKind::Text, sort: None },
        Field { name: "position", sql: "p.position::bigint", kind: FieldKind::Int, sort: Some("p.position") },
    ],
    default_sort: "position",
};

/// The pipeline with its stages.
pub(crate) async fn find(tx: &mut Tx, id: PipelineId) -> Result<Pipeline> {
    const FIND: Sql = sql!(
        "select p.id, p.name, p.position, p.quiet_days, p.reasons,
           array(select jsonb_build_object('id', s.id, 'name', s.name, 'probability', s.probability, 'requires', s.requires,
             'requires_custom', array(select f.key from custom_fields f where f.id = any(s.requires_custom) and f.deleting_at is null order by f.position, f.id))
             from pipeline_stages s where s.pipeline_id = p.id and s.removed_at is null order by s.position) as stages,
           p.created_at, p.updated_at, p.version
         from pipelines p where p.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// The pipeline, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: PipelineId) -> Result<Pipeline> {
    const LOCK: Sql = sql!("select version from pipelines where id = $1 for update");
    tx.value::<i64>(LOCK, &[&id]).await?;
    find(tx, id).await
}

/// Where a deal goes that names no pipeline: the first one.
pub(crate) async fn default_id(tx: &mut Tx) -> Result<Option<PipelineId>> {
    const FIRST: Sql = sql!("select id from pipelines order by position, id limit 1");
    tx.value_opt(FIRST, &[]).await
}

row! {
    /// A stage that deals may stand in.
    #[derive(Debug, Clone)]
    pub(crate) struct StageRow {
        /// Its id.
        pub id: StageId,
        /// Its pipeline.
        pub pipeline: PipelineId,
        /// Fields that a deal needs to enter, as stored.
        pub requires: Vec<String>,
        /// Keys of the tenant's own fields that it needs too, without those that were put away.
        pub requires_custom: Vec<String>,
    }
}

/// A stage by id, or the first one of a pipeline; `None` when there is none that was not taken away.
pub(crate) async fn stage(tx: &mut Tx, id: Option<StageId>, of: Option<PipelineId>) -> Result<Option<StageRow>> {
    const STAGE: Sql = sql!(
        "select id, pipeline_id as pipeline, requires,
           array(select f.key from custom_fields f where f.id = any(requires_custom) and f.archived_at is null and f.deleting_at is null
             order by f.position, f.id) as requires_custom
         from pipeline_stages
         where removed_at is null and ($1::uuid is null or id = $1) and ($2::uuid is null or pipeline_id = $2)
         order by position, id limit 1"
    );
    tx.opt(STAGE, &[&id, &of]).await
}

/// Serialises everybody who gives a card its place in a stage, until the end of the transaction. Taken before a deal is
/// locked.
pub(crate) async fn lock_place(tx: &mut Tx, stage: StageId) -> Result<()> {
    tx.lock(&format!("places in {stage}")).await
}

/// A new pipeline without its stages, at the end when it names no place.
pub(super) async fn insert(tx: &mut Tx, id: PipelineId, draft: &Draft) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into pipelines (id, name, position, quiet_days, reasons, created_at, updated_at)
         values ($1, $2, coalesce($3, (select coalesce(max(position) + 1, 0) from pipelines)), $4, $5, $6, $6)"
    );
    let now = tx.now();
    let Draft { name, quiet_days, reasons, position, .. } = draft;
    tx.exec_one(INSERT, &[&id, name, position, quiet_days, reasons, &now])
        .await
        .on_constraint("pipelines_name_key", taken)
}

/// Writes a locked pipeline without its stages.
pub(super) async fn update(tx: &mut Tx, id: PipelineId, draft: &Draft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update pipelines set name = $2, position = coalesce($3, position), quiet_days = $4, reasons = $5, updated_at = $6,
           version = version + 1 where id = $1"
    );
    let now = tx.now();
    let Draft { name, quiet_days, reasons, position, .. } = draft;
    tx.exec_one(UPDATE, &[&id, name, position, quiet_days, reasons, &now])
        .await
        .on_constraint("pipelines_name_key", taken)
}

fn taken() -> Error {
    Error::conflict("pipeline_name_taken", "There is a pipeline of this name already.")
}

/// Writes a stage at its place; a new one when nobody has its id. A probability that it had is kept.
pub(super) async fn put_stage(
    tx: &mut Tx,
    pipeline: PipelineId,
    (id, position): (StageId, i16),
    NewStage { name, probability, requires, requires_custom, .. }: &NewStage,
) -> Result<()> {
    const PUT: Sql = sql!(
        "with kept as (
           insert into stage_probabilities (stage_id, until, probability)
           select s.id, greatest($7, (select max(h.until) from stage_probabilities h where h.stage_id = s.id)), s.probability
           from pipeline_stages s where s.id = $1 and s.probability <> $5
           on conflict do nothing)
         insert into pipeline_stages (id, pipeline_id, name, position, probability, requires, created_at, requires_custom)
         values ($1, $2, $3, $4, $5, $6, $7, array(select f.id from custom_fields f where f.record = 'deal' and f.key = any($8)))
         on conflict (id) do update set name = $3, position = $4, probability = $5, requires = $6, requires_custom = excluded.requires_custom"
    );
    let now = tx.now();
    let requires: Vec<&str> = requires.iter().map(|field| field.as_str()).collect();
    tx.exec_one(PUT, &[&id, &pipeline, name, &position, probability, &requires, &now, requires_custom]).await
}

/// Takes a stage away, whose places are locked; false while open deals are in it.
pub(super) async fn remove_stage(tx: &mut Tx, id: StageId) -> Result<bool> {
    const REMOVE: Sql = sql!(
        "update pipeline_stages set removed_at = $2 where id = $1
           and not exists (select from deals d where d.stage_id = $1 and d.status = 'open' and d.deleted_at is null)"
    );
    let now = tx.now();
    Ok(tx.exec(REMOVE, &[&id, &now]).await? == 1)
}

/// How many pipelines there are.
pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    tx.value(sql!("select count(*) from pipelines"), &[]).await
}

/// Serialises everybody who takes a pipeline away, so that one stays.
pub(super) async fn lock_all(tx: &mut Tx) -> Result<()> {
    const LOCK_ALL: Sql = sql!("select id from pipelines order by id for update");
    tx.values::<PipelineId>(LOCK_ALL, &[]).await.map(|_| ())
}

/// Removes a pipeline with its stages, whose probabilities are kept; 409 while there are deals in it, also deleted ones that can be restored.
pub(super) async fn delete(tx: &mut Tx, id: PipelineId) -> Result<()> {
    const DELETE: Sql = sql!(
        "with kept as (
           insert into stage_probabilities (stage_id, until, probability)
           select s.id, greatest($2, (select max(h.until) from stage_probabilities h where h.stage_id = s.id)), s.probability
           from pipeline_stages s where s.pipeline_id = $1
           on conflict do nothing)
         delete from pipelines where id = $1"
    );
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await.on_constraint("deals_stage_id_fkey", || {
        Error::conflict("pipeline_in_use", "There are deals in this pipeline, perhaps deleted ones. Move them first.")
    })
}
