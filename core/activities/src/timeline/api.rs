//! The timeline over HTTP.
use super::{
    db, export,
    model::{Ask, Eyes, TimelineEntry, patterns},
};
use crate::{
    Export, Read, Tags,
    records::{Record, reach, require, sight},
};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{Cx, Result, auth::Permission, db::ListQuery, http::Page};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct TimelineApi;

fn ask<P: Permission>(cx: &Cx<P>, record: Record, words: Option<&str>) -> Result<Ask> {
    let reader = cx.principal.actor.id.unwrap_or_default();
    Ok(Ask { record, reach: reach::<P, P>(cx), eyes: Eyes::of(cx), reader, patterns: patterns(words)? })
}

async fn list(
    cx: Cx<Read>,
    record: Record,
    words: Option<String>,
    query: ListQuery,
) -> Result<Json<Page<TimelineEntry>>> {
    let (ask, sight) = (ask(&cx, record, words.as_deref())?, sight(&cx));
    let page = cx.read(async |tx| {
        require(tx, record, &sight).await?;
        db::list(tx, &ask, &query).await
    });
    page.await.map(Json)
}

async fn file(
    cx: Cx<Export>,
    record: Record,
    words: Option<String>,
    filter: Vec<String>,
    look: Look,
) -> Result<SheetFile> {
    let ask = ask(&cx, record, words.as_deref())?;
    export::file(&cx, ask, filter, look).await
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl TimelineApi {
    /// Read a contact's timeline
    ///
    /// Everything that happened with the contact and what was said about his deals, newest first, with the words of notes and
    /// logged activities. Filters: kind,
    /// subject, type (`note`, `call`, `meeting`, `email`, `whatsapp`, `sms`, `message`, `other`, `task`, `form`, `file`,
    /// `system`), actor, occurred_at, moment (when it happened, which for what was logged by hand is not when it was
    /// recorded). Sort: occurred_at, moment.
    #[oai(path = "/contacts/:id/timeline", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_contact_timeline(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        /// Words that each entry shows: of notes and logged activities, titles of tasks and deals, names of files; at most 100
        /// characters.
        q: Query<Option<String>>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<TimelineEntry>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Record::Contact(id.0), q.0, query).await
    }

    /// Export a contact's timeline
    ///
    /// Takes the words and the filters of the timeline; what happened last comes first. All entries are of one moment, and
    /// `Upzento-Rows` says how many they are before the first one. Cells that a spreadsheet would run as a formula begin with an
    /// apostrophe. Whoever does not read for a minute is cut off.
    #[oai(path = "/contacts/:id/timeline/export", method = "get")]
    async fn export_contact_timeline(
        &self,
        cx: Cx<Export>,
        id: Path<ContactId>,
        /// Words that each entry holds; at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        file(cx, Record::Contact(id.0), q.0, filter.0, Look::of(format.0, language.0)).await
    }

    /// Read a company's timeline
    ///
    /// Everything that happened with the company, with its deals and with its people whom the caller may see, newest first. Filters: kind,
    /// subject, type (`note`, `call`, `meeting`, `email`, `whatsapp`, `sms`, `message`, `other`, `task`, `form`, `file`,
    /// `system`), actor, occurred_at, moment (when it happened, which for what was logged by hand is not when it was
    /// recorded). Sort: occurred_at, moment.
    #[oai(path = "/companies/:id/timeline", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_company_timeline(
        &self,
        cx: Cx<Read>,
        id: Path<CompanyId>,
        /// Words that each entry shows: of notes and logged activities, titles of tasks and deals, names of files; at most 100
        /// characters.
        q: Query<Option<String>>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<TimelineEntry>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Record::Company(id.0), q.0, query).await
    }

    /// Export a company's timeline
    ///
    /// Takes the words and the filters of the timeline; what happened last comes first. All entries are of one moment, and
    /// `Upzento-Rows` says how many they are before the first one. Cells that a spreadsheet would run as a formula begin with an
    /// apostrophe. Whoever does not read for a minute is cut off.
    #[oai(path = "/companies/:id/timeline/export", method = "get")]
    async fn export_company_timeline(
        &self,
        cx: Cx<Export>,
        id: Path<CompanyId>,
        /// Words that each entry holds; at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        file(cx, Record::Company(id.0), q.0, filter.0, Look::of(format.0, language.0)).await
    }

    /// Read a deal's timeline
    ///
    /// Everything that happened with the deal, with its tasks, files and follow-ups, newest first. Filters: kind,
    /// subject, type (`note`, `call`, `meeting`, `email`, `whatsapp`, `sms`, `message`, `other`, `task`, `form`, `file`,
    /// `system`), actor, occurred_at, moment (when it happened, which for what was logged by hand is not when it was
    /// recorded). Sort: occurred_at, moment.
    #[oai(path = "/deals/:id/timeline", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_deal_timeline(
        &self,
        cx: Cx<Read>,
        id: Path<DealId>,
        /// Words that each entry shows: of notes and logged activities, titles of tasks and deals, names of files; at most 100
        /// characters.
        q: Query<Option<String>>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<TimelineEntry>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        list(cx, Record::Deal(id.0), q.0, query).await
    }

    /// Export a deal's timeline
    ///
    /// Takes the words and the filters of the timeline; what happened last comes first. All entries are of one moment, and
    /// `Upzento-Rows` says how many they are before the first one. Cells that a spreadsheet would run as a formula begin with an
    /// apostrophe. Whoever does not read for a minute is cut off.
    #[oai(path = "/deals/:id/timeline/export", method = "get")]
    async fn export_deal_timeline(
        &self,
        cx: Cx<Export>,
        id: Path<DealId>,
        /// Words that each entry holds; at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        file(cx, Record::Deal(id.0), q.0, filter.0, Look::of(format.0, language.0)).await
    }
}
