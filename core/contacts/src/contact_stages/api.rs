//! Stages over HTTP.
use super::{
    actions, db,
    model::{
        ContactStage, ContactStageId, ContactStageOrder, ContactStagePatch, ContactStageUse, ContactStages,
        NewContactStage,
    },
};
use crate::{Read, Tags, Write, tags::require_everybody};
use kernel::{
    Cx, Result,
    http::{Created, NoContent, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

pub(crate) struct ContactStagesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ContactStagesApi {
    /// List contact stages
    ///
    /// All of them, in order. The ETag is that of the order.
    #[oai(path = "/contact-stages", method = "get")]
    async fn list_contact_stages(
        &self,
        cx: Cx<Read>,
        /// Stages that were taken away, the latest first, instead of the others: the past names them.
        #[oai(default)]
        removed: Query<bool>,
    ) -> Result<Tagged<ContactStages>> {
        let stages = cx.read(async |tx| db::all(tx, removed.0).await).await?;
        let version = stages.version;
        Ok(Tagged::of(stages, version))
    }

    /// Create a contact stage
    ///
    /// After the others. 409 `contact_stages_full` when there are 40. Needs `contacts.write` for contacts of everybody, as every change of a stage does.
    #[oai(path = "/contact-stages", method = "post")]
    async fn create_contact_stage(&self, cx: Cx<Write>, body: Json<NewContactStage>) -> Result<Created<ContactStage>> {
        require_everybody(cx.level)?;
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Order the contact stages
    ///
    /// Those that are not named come last, in the order they have. 409 `contact_stages_changed` when one is gone or named twice.
    #[oai(path = "/contact-stages/order", method = "put")]
    async fn replace_contact_stage_order(
        &self,
        cx: Cx<Write>,
        /// The ETag of the list you have read; 412 when any stage has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ContactStageOrder>,
    ) -> Result<Tagged<ContactStages>> {
        require_everybody(cx.level)?;
        let stages = cx.write(async |tx| actions::reorder(tx, body.0, if_match.0.as_deref()).await).await?;
        let version = stages.version;
        Ok(Tagged::of(stages, version))
    }

    /// Get a contact stage
    #[oai(path = "/contact-stages/:id", method = "get")]
    async fn get_contact_stage(&self, cx: Cx<Read>, id: Path<ContactStageId>) -> Result<Tagged<ContactStage>> {
        let stage = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = stage.version;
        Ok(Tagged::of(stage, version))
    }

    /// Count the contacts of a stage
    ///
    /// Needs `contacts.write` for contacts of everybody: before a stage is taken away.
    #[oai(path = "/contact-stages/:id/use", method = "get")]
    async fn get_contact_stage_use(&self, cx: Cx<Write>, id: Path<ContactStageId>) -> Result<Json<ContactStageUse>> {
        require_everybody(cx.level)?;
        let contacts = cx.read(async |tx| {
            let stage = db::find(tx, id.0).await?;
            db::count_up_to(tx, &stage.key, 100_000).await
        });
        Ok(Json(ContactStageUse { contacts: contacts.await? }))
    }

    /// Change a contact stage
    #[oai(path = "/contact-stages/:id", method = "patch")]
    async fn update_contact_stage(
        &self,
        cx: Cx<Write>,
        id: Path<ContactStageId>,
        /// The ETag you have read; 412 when the stage has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ContactStagePatch>,
    ) -> Result<Tagged<ContactStage>> {
        require_everybody(cx.level)?;
        let stage = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = stage.version;
        Ok(Tagged::of(stage, version))
    }

    /// Delete a contact stage
    ///
    /// Its contacts go to another stage, within moments; each keeps a line of it. What names the stage names the other one from
    /// then on: saved views, segments, scoring, follow-up rules, greetings and forms. 409 `contact_stage_in_use` when there are any and no stage is named for
    /// them, 409 `contact_stage_for_new` when new contacts begin in it.
    #[oai(path = "/contact-stages/:id", method = "delete")]
    async fn delete_contact_stage(
        &self,
        cx: Cx<Write>,
        id: Path<ContactStageId>,
        /// Where its contacts go.
        move_to: Query<Option<ContactStageId>>,
        /// The ETag you have read; 412 when the stage has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        require_everybody(cx.level)?;
        cx.write(async |tx| actions::delete(tx, id.0, move_to.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a contact stage
    ///
    /// After the others, and empty: its contacts stay where they went.
    #[oai(path = "/contact-stages/:id/restoration", method = "post")]
    async fn create_contact_stage_restoration(
        &self,
        cx: Cx<Write>,
        id: Path<ContactStageId>,
    ) -> Result<Json<ContactStage>> {
        require_everybody(cx.level)?;
        cx.act(async |tx| actions::restore(tx, id.0).await).await
    }
}
