//! Custom fields over HTTP.
use super::{
    actions, db,
    model::{
        CustomField, CustomFieldId, CustomFieldOrder, CustomFieldPatch, CustomFieldUsage, FormulaTrial, NewCustomField,
        NewFormulaTrial,
    },
};
use crate::{Read, Tags, Write};
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

pub(crate) struct CustomFieldsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Fields")]
impl CustomFieldsApi {
    /// List custom fields
    ///
    /// Those that are being deleted included. Filters: record, key, type, section, archived_at, position, created_at.
    /// Sorts: position, created_at.
    #[oai(path = "/custom-fields", method = "get")]
    async fn list_custom_fields(
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
    ) -> Result<Json<Page<CustomField>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Define a custom field
    ///
    /// It stands last. A formula is computed for all records in the background. 409 `field_limit` beyond 200 fields of a
    /// kind; 422 `cycle` for formulas that read each other in a circle.
    #[oai(path = "/custom-fields", method = "post")]
    async fn create_custom_field(&self, cx: Cx<Write>, body: Json<NewCustomField>) -> Result<Created<CustomField>> {
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Put custom fields into an order
    ///
    /// Gives the fields of the kind in it.
    #[oai(path = "/custom-fields/order", method = "post")]
    async fn create_custom_field_order(
        &self,
        cx: Cx<Write>,
        body: Json<CustomFieldOrder>,
    ) -> Result<Json<Vec<CustomField>>> {
        cx.act(async |tx| actions::reorder(tx, body.0).await).await
    }

    /// Try a formula
    ///
    /// With values that are sent; nothing is kept. 422 when it could not be defined.
    #[oai(path = "/custom-fields/formula-trials", method = "post")]
    async fn create_formula_trial(&self, cx: Cx<Read>, body: Json<NewFormulaTrial>) -> Result<Json<FormulaTrial>> {
        cx.read(async |tx| actions::try_formula(tx, body.0).await).await.map(Json)
    }

    /// Get a custom field
    #[oai(path = "/custom-fields/:id", method = "get")]
    async fn get_custom_field(&self, cx: Cx<Read>, id: Path<CustomFieldId>) -> Result<Tagged<CustomField>> {
        let field = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = field.version;
        Ok(Tagged::of(field, version))
    }

    /// Get what a custom field is used for
    #[oai(path = "/custom-fields/:id/usage", method = "get")]
    async fn get_custom_field_usage(&self, cx: Cx<Read>, id: Path<CustomFieldId>) -> Result<Json<CustomFieldUsage>> {
        cx.read(async |tx| actions::usage(tx, id.0).await).await.map(Json)
    }

    /// Change a custom field
    ///
    /// Values stay, whatever changes. A formula that changes is computed for all records in the background, see
    /// `work_state`.
    #[oai(path = "/custom-fields/:id", method = "patch")]
    async fn update_custom_field(
        &self,
        cx: Cx<Write>,
        id: Path<CustomFieldId>,
        /// The ETag you have read; 412 when the field has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<CustomFieldPatch>,
    ) -> Result<Tagged<CustomField>> {
        let if_match = if_match.0.as_deref();
        let field = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match).await).await?;
        let version = field.version;
        Ok(Tagged::of(field, version))
    }

    /// Delete a custom field with its values
    ///
    /// It must be archived, and no formula may read it. Values go in the background; the field is there, with
    /// `deleting_at`, until the last one is gone. 409 `values_differ` names the number of records that have one.
    #[oai(path = "/custom-fields/:id", method = "delete")]
    async fn delete_custom_field(
        &self,
        cx: Cx<Write>,
        id: Path<CustomFieldId>,
        /// How many records have a value, as its usage says: what is destroyed. None when absent.
        #[oai(default)]
        values: Query<i64>,
        /// The ETag you have read; 412 when the field has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let if_match = if_match.0.as_deref();
        cx.write(async |tx| actions::delete(tx, id.0, values.0, if_match).await).await?;
        Ok(NoContent::Done)
    }
}
