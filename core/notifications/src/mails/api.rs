//! The account's outgoing mail.
use super::{
    actions, db,
    model::{Mail, MailId},
};
use crate::{ReadMails, RetryMails, Tag};
use kernel::{Cx, Result, db::ListQuery, http::Page};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

pub(crate) struct MailsApi;

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
        let readers = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, readers.as_ref()).await).await.map(Json)
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
