//! HTTP: forms and their versions.
use super::{
    actions, db, export,
    settings::{Form, FormId, FormSummary, FormVersion, NewForm, UpdateForm},
};
use crate::{Read, Tags, Write};
use identity::members;
use kernel::{
    Cx, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct FormsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Forms")]
impl FormsApi {
    /// Make a form.
    #[oai(path = "/forms", method = "post")]
    async fn create_form(&self, cx: Cx<Write>, body: Json<NewForm>) -> Result<Created<Form>> {
        members::require(&cx, "/responsible", body.0.responsible.into_iter().collect()).await?;
        cx.create(async |tx| actions::create(tx, body.0.clone()).await).await
    }

    /// List forms.
    #[oai(path = "/forms", method = "get")]
    async fn list_forms(
        &self,
        cx: Cx<Read>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<FormSummary>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &owners).await).await.map(Json)
    }

    /// Export the list of forms
    ///
    /// With how each did in the last thirty days, as CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are,
    /// and a body that breaks off never ends as if it were whole. Takes the filters of the list; the oldest form comes first. In
    /// CSV cells that a spreadsheet would run as a formula begin with an apostrophe. The export is recorded.
    #[oai(path = "/forms/export", method = "get")]
    async fn export_forms(
        &self,
        cx: Cx<Read>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        export::file(&cx, filter.0, Look::of(format.0, language.0)).await
    }

    /// A form with its draft and what keeps the draft from being published.
    #[oai(path = "/forms/:id", method = "get")]
    async fn get_form(&self, cx: Cx<Read>, id: Path<FormId>) -> Result<Tagged<Form>> {
        let owners = cx.visible_owners();
        let read = async |tx: &mut kernel::Tx| {
            let form = db::get(tx, id.0, &owners).await?;
            actions::shown(tx, form).await
        };
        let form = cx.read(read).await?;
        let version = form.version;
        Ok(Tagged::of(form, version))
    }

    /// Change the draft or the settings. The draft may be unfinished; `problems` says what is open.
    #[oai(path = "/forms/:id", method = "patch")]
    async fn update_form(
        &self,
        cx: Cx<Write>,
        id: Path<FormId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<UpdateForm>,
    ) -> Result<Tagged<Form>> {
        for (field, people) in body.0.members() {
            members::require(&cx, field, people).await?;
        }
        let owners = cx.visible_owners();
        let change =
            async |tx: &mut kernel::Tx| actions::update(tx, id.0, body.0.clone(), if_match.0.as_deref(), &owners).await;
        let form = cx.write(change).await?;
        let version = form.version;
        Ok(Tagged::of(form, version))
    }

    /// Delete a form that has no submissions.
    #[oai(path = "/forms/:id", method = "delete")]
    async fn delete_form(
        &self,
        cx: Cx<Write>,
        id: Path<FormId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Publish the draft as the next version.
    #[oai(path = "/forms/:id/versions", method = "post")]
    async fn publish_form(
        &self,
        cx: Cx<Write>,
        id: Path<FormId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Created<FormVersion>> {
        let owners = cx.visible_owners();
        cx.create(async |tx| actions::publish(tx, id.0, if_match.0.as_deref(), &owners).await).await
    }

    /// Published versions, newest first, at most 200.
    #[oai(path = "/forms/:id/versions", method = "get")]
    async fn list_form_versions(&self, cx: Cx<Read>, id: Path<FormId>) -> Result<Json<Vec<FormVersion>>> {
        let owners = cx.visible_owners();
        let versions = cx.read(async |tx| {
            db::get(tx, id.0, &owners).await?;
            db::versions(tx, id.0).await
        });
        versions.await.map(Json)
    }

    /// One published version; it never changes.
    #[oai(path = "/forms/:id/versions/:number", method = "get")]
    async fn get_form_version(&self, cx: Cx<Read>, id: Path<FormId>, number: Path<i32>) -> Result<Json<FormVersion>> {
        let owners = cx.visible_owners();
        let version = cx.read(async |tx| {
            db::get(tx, id.0, &owners).await?;
            db::version(tx, id.0, number.0).await
        });
        version.await.map(Json)
    }

    /// Take a form off every website.
    #[oai(path = "/forms/:id/unpublish", method = "post")]
    async fn unpublish_form(&self, cx: Cx<Write>, id: Path<FormId>) -> Result<Json<Form>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::unpublish(tx, id.0, &owners).await).await
    }

    /// Put a form that was unpublished back on its websites, with the version it had there.
    #[oai(path = "/forms/:id/republish", method = "post")]
    async fn republish_form(&self, cx: Cx<Write>, id: Path<FormId>) -> Result<Json<Form>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::republish(tx, id.0, &owners).await).await
    }

    /// Copy a form under a new name and with a widget of its own.
    #[oai(path = "/forms/:id/duplicate", method = "post")]
    async fn duplicate_form(&self, cx: Cx<Write>, id: Path<FormId>) -> Result<Created<Form>> {
        let owners = cx.visible_owners();
        cx.create(async |tx| actions::duplicate(tx, id.0, &owners).await).await
    }
}
