//! What can be done with pipelines.
use super::{
    db,
    model::{Draft, NewPipeline, Pipeline, PipelineId, PipelinePatch, StageId},
};
use fields::RecordKind;
use kernel::{Error, Result, Tx, auth::Level, events::NewEvent, http::check_if_match, ids::new_uuid_nth};
use serde_json::json;

/// Most pipelines of a tenant.
const MOST: i64 = 100;

/// Makes a pipeline.
pub(super) async fn create(tx: &mut Tx, new: NewPipeline) -> Result<Pipeline> {
    let draft = new.checked()?;
    if let Some(i) = draft.stages.iter().position(|stage| stage.id.is_some()) {
        return Err(stage_unknown(i));
    }
    if db::count(tx).await? >= MOST {
        return Err(Error::conflict("pipelines_full", "There are as many pipelines as there may be."));
    }
    let id = PipelineId::new(tx.now());
    db::insert(tx, id, &draft).await?;
    put_stages(tx, id, &draft).await?;
    tx.record(NewEvent::new("pipeline.created", "pipelines", id.0, "Pipeline created")).await?;
    db::find(tx, id).await
}

/// Changes a pipeline. Stages that are left out are taken away, which open deals in them forbid.
pub(super) async fn update(
    tx: &mut Tx,
    id: PipelineId,
    patch: PipelinePatch,
    if_match: Option<&str>,
) -> Result<Pipeline> {
    let before = db::find_for_update(tx, id).await?;
    check_if_match(if_match, before.version)?;
    let draft = before.patched(patch).checked()?;
    let known = |id: &StageId| before.stages.iter().any(|stage| stage.id == *id);
    if let Some(i) = draft.stages.iter().position(|stage| stage.id.as_ref().is_some_and(|id| !known(id))) {
        return Err(stage_unknown(i));
    }
    let mut gone: Vec<StageId> = before.stages.iter().map(|stage| stage.id).collect();
    gone.retain(|id| !draft.stages.iter().any(|kept| kept.id == Some(*id)));
    gone.sort_unstable();
    for stage in gone {
        db::lock_place(tx, stage).await?;
        if !db::remove_stage(tx, stage).await? {
            return Err(Error::conflict("stage_in_use", "Open deals are in this stage. Move them first."));
        }
    }
    db::update(tx, id, &draft).await?;
    put_stages(tx, id, &draft).await?;
    tx.record(NewEvent::new("pipeline.updated", "pipelines", id.0, "Pipeline changed")).await?;
    db::find(tx, id).await
}

/// Removes a pipeline that has no deals; the last one stays.
pub(super) async fn delete(tx: &mut Tx, id: PipelineId, if_match: Option<&str>) -> Result<()> {
    db::lock_all(tx).await?;
    let pipeline = db::find(tx, id).await?;
    check_if_match(if_match, pipeline.version)?;
    // Whoever is putting a card there comes first, or finds the stage gone.
    let mut stages: Vec<StageId> = pipeline.stages.iter().map(|stage| stage.id).collect();
    stages.sort_unstable();
    for stage in stages {
        db::lock_place(tx, stage).await?;
    }
    if db::count(tx).await? == 1 {
        return Err(Error::conflict("pipeline_last", "Deals need a pipeline: this is the only one."));
    }
    db::delete(tx, id).await?;
    let event = NewEvent::new("pipeline.deleted", "pipelines", id.0, "Pipeline deleted");
    tx.record(event.payload(&json!({ "stages": pipeline.stages.len() }))).await?;
    Ok(())
}

/// The pipeline of this id, or the first one.
pub(crate) async fn known(tx: &mut Tx, id: Option<PipelineId>) -> Result<PipelineId> {
    let id = match id {
        Some(id) => Some(id),
        None => db::default_id(tx).await?,
    };
    Ok(db::find(tx, id.ok_or_else(Error::not_found)?).await?.id)
}

async fn put_stages(tx: &mut Tx, pipeline: PipelineId, draft: &Draft) -> Result<()> {
    let fields = fields::fields_of(tx, RecordKind::Deal).await?;
    for (i, stage) in draft.stages.iter().enumerate() {
        if let Some(n) = stage.requires_custom.iter().position(|key| fields.get(key).is_none()) {
            let at = format!("/stages/{i}/requires_custom/{n}");
            return Err(Error::invalid(at, "field_unknown", "Deals have no such field."));
        }
    }
    for (position, stage) in (0i16..).zip(&draft.stages) {
        let id = stage.id.unwrap_or_else(|| StageId(new_uuid_nth(tx.now(), position.unsigned_abs().into())));
        db::put_stage(tx, pipeline, (id, position), stage).await?;
    }
    Ok(())
}

fn stage_unknown(i: usize) -> Error {
    Error::invalid(format!("/stages/{i}/id"), "stage_unknown", "The pipeline has no such stage.")
}

/// Changing a pipeline or a rule of assignment changes what everybody has before him.
pub(crate) fn require_everybody(level: Level) -> Result<()> {
    match level {
        Level::All => Ok(()),
        _ => Err(Error::forbidden("level_all_needed", "This concerns the deals of every owner.")),
    }
}
