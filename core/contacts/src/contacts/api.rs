//! Contacts over HTTP.
use super::{
    actions, db, export,
    filters::check_rules,
    model::{
        BulkChange, BulkResult, Contact, ContactFigures, ContactId, ContactMade, ContactPatch, ContactUpsertBy,
        ContactUpserted, Duplicates, NewContact,
    },
};
use crate::{Export, MassUpdate, Read, Tags, Write};
use identity::members;
use kernel::{
    Cx, Error, Result, Tx,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged, Upserted},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};
use tenants::plans::entitlements;

pub(crate) struct ContactsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Contacts")]
impl ContactsApi {
    /// List contacts
    ///
    /// Filters: name, company_name, email, phone, stage, tier, score, band, owner, tag, source, first_source and last_source (of the campaign of
    /// the first and the last visit), first_campaign and last_campaign (their names), country and city of the address, language, last_contact_at,
    /// quiet_since (the last contact, or when there was none the day on which the contact was made), created_at, updated_at,
    /// and `custom.key` of the tenant's own fields; `segment:eq:` or `segment:ne:` and the id of a segment; `follower:eq:` or
    /// `follower:in:` and ids of members; `import:eq:` and the id of an import, for those who came in with it, were changed by it or stood
    /// in its file as they were; `rules:eq:` and the definition of a segment as JSON, with groups of rules in each other, by related records
    /// that the caller sees (403 when he sees none of the kind). Cities are compared without regard to case and accents. Sorts: name, score,
    /// quiet_since, created_at, updated_at, and `custom.key` of texts, numbers, amounts, days, selects
    /// and checkboxes, contacts without a value last. With `q` alone the answer is the contacts closest to the text, closest first, on one
    /// page; with `q` and a sort, filter or cursor it is every contact that holds each word.
    #[oai(path = "/contacts", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_contacts(
        &self,
        cx: Cx<Read>,
        /// Text to search names, companies, e-mail addresses and phone numbers for, at most 100 characters.
        q: Query<Option<String>>,
        /// Contacts that were deleted and can be restored, instead of the others.
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
    ) -> Result<Json<Page<Contact>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        check_rules(&cx, &query.filter)?;
        let words: String = q.0.unwrap_or_default().trim().chars().take(100).collect();
        let spec = if deleted.0 { &db::DELETED } else { &db::LIST };
        let owners = cx.visible_owners();
        let plain = query.cursor.is_none() && query.sort.is_none() && query.filter.is_empty() && !deleted.0;
        let page = cx.read(async |tx| match (words.as_str(), plain) {
            ("", _) | (_, false) => db::list(tx, spec, &query, &words, &owners, Some(&cx.principal)).await,
            (words, true) => db::closest(tx, words, &query, &owners).await,
        });
        page.await.map(Json)
    }

    /// Create a contact
    ///
    /// The answer names known contacts that may be the same person; nothing is merged. 403 `plan_limit` when the plan has
    /// no room for another one; people who write through a form or a chat become contacts all the same.
    #[oai(path = "/contacts", method = "post")]
    async fn create_contact(&self, cx: Cx<Write>, body: Json<NewContact>) -> Result<Created<ContactMade>> {
        members::require(&cx, "/owner", body.0.owner.into_iter().collect()).await?;
        let plan = entitlements(&cx.app, cx.tenant.id).await?;
        let owners = cx.visible_owners();
        cx.create(async |tx| {
            actions::check_room(actions::room(tx, &plan).await?, 1)?;
            actions::create(tx, body.0, &owners).await
        })
        .await
    }

    /// Create a contact, or update the one with its address
    ///
    /// Among the contacts in reach the oldest with one of the addresses is meant. 200: it was there, and what is sent is written to it:
    /// what is absent stays, addresses, pages and tags are added, and an address that belongs to another contact stays there. 201: there
    /// was none, and it was made, as by creating a contact. Two at once with the same address make one contact. 422 `required`
    /// without an address to find it by, 403 `plan_limit` when the plan has no room for another contact.
    #[oai(path = "/contacts/upsert", method = "post")]
    async fn upsert_contact(
        &self,
        cx: Cx<Write>,
        /// By what a known contact is found; `email_or_phone` when absent.
        by: Query<Option<ContactUpsertBy>>,
        body: Json<NewContact>,
    ) -> Result<Upserted<ContactUpserted>> {
        members::require(&cx, "/owner", body.0.owner.into_iter().collect()).await?;
        let (plan, owners) = (entitlements(&cx.app, cx.tenant.id).await?, cx.visible_owners());
        let by = by.0.unwrap_or_default();
        let done = async |tx: &mut Tx| actions::upsert(tx, body.0, by, &plan, &owners).await;
        cx.upsert(|done| done.created, done).await
    }

    /// Find contacts that may be the same person
    #[oai(path = "/contacts/duplicates", method = "get")]
    async fn list_contact_duplicates(
        &self,
        cx: Cx<Read>,
        /// An e-mail address, in any spelling.
        email: Query<Option<String>>,
        /// A phone number, in any spelling.
        phone: Query<Option<String>>,
        /// A name; names much like it count.
        name: Query<Option<String>>,
    ) -> Result<Json<Duplicates>> {
        let owners = cx.visible_owners();
        let (email, phone, name) = (email.0.as_deref(), phone.0.as_deref(), name.0.as_deref());
        let items = cx.read(async |tx| actions::duplicates(tx, email, phone, name, &owners).await).await?;
        Ok(Json(Duplicates { items }))
    }

    /// Get figures of contacts
    ///
    /// How many contacts were made on each of the last fourteen days.
    #[oai(path = "/contacts/figures", method = "get")]
    async fn get_contact_figures(&self, cx: Cx<Read>) -> Result<Json<ContactFigures>> {
        let owners = cx.visible_owners();
        let days = cx.read(async |tx| db::made_by_day(tx, &owners).await).await?;
        Ok(Json(ContactFigures::of(days)))
    }

    /// Export contacts
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if
    /// it were whole. 422 `sheet_too_long` when a workbook cannot hold them. Takes the words and the filters of the list; the oldest contact comes first. In CSV cells that a spreadsheet would run as a formula
    /// begin with an apostrophe. The tenant's own fields come last, as `custom.key`: options by label, amounts in main units.
    #[oai(path = "/contacts/export", method = "get")]
    async fn export_contacts(
        &self,
        cx: Cx<Export>,
        /// Words that each contact holds, at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        check_rules(&cx, &filter.0)?;
        let words: String = q.0.unwrap_or_default().trim().chars().take(100).collect();
        export::file(&cx, &words, filter.0, Look::of(format.0, language.0)).await
    }

    /// Change many contacts
    ///
    /// Adds and removes tags, sets stage or owner, blocks or opens a channel; or deletes them, or brings them back: 403 `plan_limit`
    /// when the plan has no room for all of these, and then none of them comes back.
    #[oai(path = "/contacts/bulk-changes", method = "post")]
    async fn create_contact_bulk_change(&self, cx: Cx<MassUpdate>, body: Json<BulkChange>) -> Result<Json<BulkResult>> {
        members::require(&cx, "/owner", body.0.owner.value().copied().into_iter().collect()).await?;
        if body.0.deleted.is_some() && cx.level_of::<Write>() < cx.level {
            return Err(Error::forbidden(
                "permission_missing",
                "Deleting needs contacts.write as far as contacts.mass_update.",
            ));
        }
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::change_many(tx, body.0, &owners).await).await
    }

    /// Get a contact
    #[oai(path = "/contacts/:id", method = "get")]
    async fn get_contact(&self, cx: Cx<Read>, id: Path<ContactId>) -> Result<Tagged<Contact>> {
        let owners = cx.visible_owners();
        let contact = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = contact.version;
        Ok(Tagged::of(contact, version))
    }

    /// Change a contact
    #[oai(path = "/contacts/:id", method = "patch")]
    async fn update_contact(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        /// The ETag you have read; 412 when the contact has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<ContactPatch>,
    ) -> Result<Tagged<Contact>> {
        members::require(&cx, "/owner", body.0.owner.value().copied().into_iter().collect()).await?;
        let owners = cx.visible_owners();
        let if_match = if_match.0.as_deref();
        let contact = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &owners).await).await?;
        let version = contact.version;
        Ok(Tagged::of(contact, version))
    }

    /// Delete a contact
    ///
    /// It can be restored for 30 days, then it is removed for good.
    #[oai(path = "/contacts/:id", method = "delete")]
    async fn delete_contact(
        &self,
        cx: Cx<Write>,
        id: Path<ContactId>,
        /// The ETag you have read; 412 when the contact has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a deleted contact
    ///
    /// 403 `plan_limit` when the plan has no room for another contact: the contact stays where it can be restored later.
    #[oai(path = "/contacts/:id/restoration", method = "post")]
    async fn create_contact_restoration(&self, cx: Cx<Write>, id: Path<ContactId>) -> Result<Json<Contact>> {
        let (plan, owners) = (entitlements(&cx.app, cx.tenant.id).await?, cx.visible_owners());
        cx.act(async |tx| actions::restore(tx, id.0, &plan, &owners).await).await
    }
}
