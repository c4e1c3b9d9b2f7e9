//! HTTP: webhooks.
use super::{
    actions, db,
    model::{NewWebhook, UpdateWebhook, Webhook, WebhookId, WebhookWithSecret},
};
use crate::{Read, Tags, Write, deliveries::model::Delivery};
use kernel::{
    Cx, Result, Tx,
    auth::Permission,
    db::ListQuery,
    events::NewEvent,
    http::{Created, NoContent, Page, Tagged, claim_key, keep_answer},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
    types::ToJSON,
};
use sheets::{CsvFile, Export};

/// Like `cx.create`, but the answer kept for a repeated request has no secret in it: secrets are stored sealed only.
async fn create_secretly<P: Permission>(
    cx: &Cx<P>,
    f: impl AsyncFnOnce(&mut Tx) -> Result<WebhookWithSecret>,
) -> Result<Created<WebhookWithSecret>> {
    let scope = format!("{}/{}", cx.request.operation, cx.principal.actor.id.unwrap_or_default());
    let made = cx
        .write(async |tx| {
            let Some(key) = &cx.request.idempotency else { return f(tx).await };
            claim_key(tx, &scope, key).await?;
            let made = f(tx).await?;
            let kept = WebhookWithSecret { secret: None, ..made.clone() };
            keep_answer(tx, &scope, key, 201, kept.to_json()).await?;
            Ok(made)
        })
        .await?;
    Ok(Created::Created(Json(made)))
}

pub(crate) struct WebhooksApi;

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "url",
    "kinds",
    "enabled",
    "disabled_reason",
    "failing_since",
    "last_delivery_at",
    "created_by",
    "created_at",
    "updated_at",
];

#[OpenApi(prefix_path = "/v1", tag = "Tags::Webhooks")]
impl WebhooksApi {
    /// Make a webhook. The answer shows its secret, this once.
    #[oai(path = "/webhooks", method = "post")]
    async fn create_webhook(&self, cx: Cx<Write>, body: Json<NewWebhook>) -> Result<Created<WebhookWithSecret>> {
        create_secretly(&cx, async |tx| actions::create(tx, body.0.clone()).await).await
    }

    /// List webhooks.
    #[oai(path = "/webhooks", method = "get")]
    async fn list_webhooks(
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
    ) -> Result<Json<Page<Webhook>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| db::list(tx, &query).await).await.map(Json)
    }

    /// Export the list of webhooks, without secrets
    ///
    /// The rows of the list with the same filters as CSV, by name. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/webhooks/export", method = "get")]
    async fn export_webhooks(
        &self,
        cx: Cx<Read>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "webhooks", columns: COLUMNS, filter: filter.0, sort: "name" };
        let event = NewEvent::new("webhook.exported", "webhooks", cx.tenant.id.0, "List of webhooks exported");
        sheets::export(cx, what, event, |_, tx, query| Box::pin(db::list(tx, query))).await
    }

    /// A webhook.
    #[oai(path = "/webhooks/:id", method = "get")]
    async fn get_webhook(&self, cx: Cx<Read>, id: Path<WebhookId>) -> Result<Tagged<Webhook>> {
        let webhook = cx.read(async |tx| db::get(tx, id.0).await).await?;
        let version = webhook.version;
        Ok(Tagged::of(webhook, version))
    }

    /// Change a webhook.
    #[oai(path = "/webhooks/:id", method = "patch")]
    async fn update_webhook(
        &self,
        cx: Cx<Write>,
        id: Path<WebhookId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<UpdateWebhook>,
    ) -> Result<Tagged<Webhook>> {
        let change = async |tx: &mut Tx| actions::update(tx, id.0, body.0.clone(), if_match.0.as_deref()).await;
        let webhook = cx.write(change).await?;
        let version = webhook.version;
        Ok(Tagged::of(webhook, version))
    }

    /// Delete a webhook and its log.
    #[oai(path = "/webhooks/:id", method = "delete")]
    async fn delete_webhook(
        &self,
        cx: Cx<Write>,
        id: Path<WebhookId>,
        /// The ETag you have read; 412 when it has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }

    /// Give it a new secret, shown this once. The one so far signs along for a day.
    #[oai(path = "/webhooks/:id/secrets", method = "post")]
    async fn rotate_webhook_secret(&self, cx: Cx<Write>, id: Path<WebhookId>) -> Result<Created<WebhookWithSecret>> {
        create_secretly(&cx, async |tx| actions::rotate(tx, id.0).await).await
    }

    /// Call it once with an event made for the purpose; the delivery shows what it answers.
    #[oai(path = "/webhooks/:id/test", method = "post")]
    async fn test_webhook(&self, cx: Cx<Write>, id: Path<WebhookId>) -> Result<Created<Delivery>> {
        cx.create(async |tx| actions::test(tx, id.0).await).await
    }
}
