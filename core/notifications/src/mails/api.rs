//! The account's outgoing mail.
use super::{
    actions, db,
    model::{Mail, MailId},
};
use crate::{ReadMails, RetryMails, Tag};
use kernel::{Cx, Result, Tx, db::ListQuery, events::NewEvent, http::Page};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use sheets::{CsvFile, Export};

pub(crate) struct MailsApi;

const COLUMNS: &[&str] =
    &["id", "template", "recipient", "subject", "state", "attempts", "next_at", "last_error", "created_at", "sent_at"];

#[OpenApi(tag = "Tag::Notifications")]
impl MailsApi {
    /// Outgoing mail and what became of it
    ///
    /// Members whose permission reaches their own records only see mail to themselves.
    #[oai(path = "/v1/mails", method = "get", operation_id = "list_mails")]
    async fn list_mails(
        &self,
        cx: Cx<ReadMails>,
        /// Rows wanted, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// next_cursor of the page before.
        cursor: Query<Option<String>>,
        /// created_at; with - in front for descending.
        sort: Query<Option<String>>,
        /// field:op:value; fields template, state, recipient, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Mail>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| list(&cx, tx, &query).await).await.map(Json)
    }

    /// Export the log of mails
    ///
    /// The rows of the list with the same filters as CSV, oldest first. Cells that a spreadsheet would run as a formula
    /// get an apostrophe in front. The export is recorded.
    #[oai(path = "/v1/mails/export", method = "get", operation_id = "export_mails")]
    async fn export_mails(
        &self,
        cx: Cx<ReadMails>,
        /// field:op:value; fields template, state, recipient, created_at.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "mails", columns: COLUMNS, filter: filter.0, sort: "created_at" };
        let event = NewEvent::new("mail.exported", "mails", cx.tenant.id.0, "Log of mails exported");
        sheets::export(cx, what, event, |cx, tx, query| Box::pin(list(cx, tx, query))).await
    }

    /// A mail
    #[oai(path = "/v1/mails/:id", method = "get", operation_id = "get_mail")]
    async fn get_mail(&self, cx: Cx<ReadMails>, id: Path<MailId>) -> Result<Json<Mail>> {
        let readers = cx.visible_owners();
        cx.read(async |tx| db::get(tx, id.0, readers.as_ref()).await).await.map(Json)
    }

    /// Try a failed mail again
    #[oai(path = "/v1/mails/:id/retry", method = "post", operation_id = "retry_mail")]
    async fn retry_mail(&self, cx: Cx<RetryMails>, id: Path<MailId>) -> Result<Json<Mail>> {
        let readers = cx.visible_owners();
        cx.act(async |tx| {
            db::get(tx, id.0, readers.as_ref()).await?;
            actions::retry(tx, id.0).await
        })
        .await
    }
}

/// The mails that somebody may see.
async fn list(cx: &Cx<ReadMails>, tx: &mut Tx, query: &ListQuery) -> Result<Page<Mail>> {
    db::list(tx, query, cx.visible_owners().as_ref()).await
}
