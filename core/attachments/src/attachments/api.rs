//! Attachments over HTTP.
use super::{
    actions,
    model::{Attachment, AttachmentId, AttachmentLink, AttachmentPatch, NewAttachment, Reach},
};
use crate::{Read, Tags, Write};
use chrono::TimeDelta;
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

pub(crate) struct AttachmentsApi;

/// Whose records the caller attaches to: those that he may see, as far as he may attach.
fn reach(cx: &Cx<Write>) -> Reach {
    let seen = Reach {
        contacts: cx.visible_owners_of::<contacts::Read>(),
        companies: cx.visible_owners_of::<companies::Read>(),
        deals: cx.visible_owners_of::<deals::Read>(),
        tasks: cx.visible_owners_of::<tasks::Read>(),
        activities: activities::reach::<_, activities::Read>(cx),
    };
    seen.within(&cx.visible_owners())
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Attachments")]
impl AttachmentsApi {
    /// List attachments
    ///
    /// Files of private notes of others are left out. Filters: contact, company, deal, task, activity, about_note, type,
    /// created_at. Sort: created_at.
    #[oai(path = "/attachments", method = "get")]
    async fn list_attachments(
        &self,
        cx: Cx<Read>,
        /// Attachments that were deleted and can be restored, instead of the others.
        #[oai(default)]
        deleted: Query<bool>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Attachment>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners();
        cx.read(async |tx| actions::list(tx, deleted.0, &query, &owners).await).await.map(Json)
    }

    /// Attach a file to a contact, a company, a deal, a task, a logged activity or a note
    ///
    /// Upload it first (`POST /v1/files`). A small picture of a picture follows within moments. 409 `too_many_attachments`
    /// when the record has 200; 403 `note_of_another` for a note that somebody else wrote.
    #[oai(path = "/attachments", method = "post")]
    async fn create_attachment(&self, cx: Cx<Write>, body: Json<NewAttachment>) -> Result<Created<Attachment>> {
        let reach = reach(&cx);
        cx.create(async |tx| actions::create(tx, body.0, &reach).await).await
    }

    /// Get an attachment
    #[oai(path = "/attachments/:id", method = "get")]
    async fn get_attachment(&self, cx: Cx<Read>, id: Path<AttachmentId>) -> Result<Tagged<Attachment>> {
        let owners = cx.visible_owners();
        let found = cx.read(async |tx| actions::find(tx, id.0, &owners).await).await?;
        let version = found.version;
        Ok(Tagged::of(found, version))
    }

    /// Say what an attachment is about
    #[oai(path = "/attachments/:id", method = "patch")]
    async fn update_attachment(
        &self,
        cx: Cx<Write>,
        id: Path<AttachmentId>,
        /// The ETag you have read; 412 when the attachment has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<AttachmentPatch>,
    ) -> Result<Tagged<Attachment>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        let after = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &owners).await).await?;
        let version = after.version;
        Ok(Tagged::of(after, version))
    }

    /// Take an attachment away
    ///
    /// It can be restored for 30 days, then it is removed for good.
    #[oai(path = "/attachments/:id", method = "delete")]
    async fn delete_attachment(
        &self,
        cx: Cx<Write>,
        id: Path<AttachmentId>,
        /// The ETag you have read; 412 when the attachment has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore an attachment
    #[oai(path = "/attachments/:id/restoration", method = "post")]
    async fn create_attachment_restoration(&self, cx: Cx<Write>, id: Path<AttachmentId>) -> Result<Json<Attachment>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::restore(tx, id.0, &owners).await).await
    }

    /// Make a link that downloads the attachment without a credential for ten minutes
    ///
    /// 409 `file_scanning`, `file_quarantined` or `file_scan_failed` while the virus scanner has not found it clean.
    #[oai(path = "/attachments/:id/links", method = "post")]
    async fn create_attachment_link(&self, cx: Cx<Read>, id: Path<AttachmentId>) -> Result<Created<AttachmentLink>> {
        let owners = cx.visible_owners();
        let found = cx.read(async |tx| {
            let found = actions::find(tx, id.0, &owners).await?;
            files::require_served(tx, found.file).await.map(|()| found)
        });
        let found = found.await?;
        let url = files::link(&cx.app, &cx.tenant, found.file, cx.now())?;
        let expires_at = cx.now() + TimeDelta::minutes(10);
        Ok(Created::Created(Json(AttachmentLink { url, expires_at })))
    }
}
