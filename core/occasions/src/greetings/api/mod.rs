//! Greetings over HTTP.
mod simulations;
mod unsubscribes;

pub(crate) use simulations::SimulationsApi;
pub(crate) use unsubscribes::UnsubscribesApi;

use super::{
    actions, db, export,
    model::{
        Greeting, GreetingId, GreetingPatch, GreetingSend, NewGreeting, NewGreetingSend, NewPreview, Preview, SendId,
    },
};
use crate::{ReadGreetings, Tags, WriteGreetings};
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

pub(crate) struct GreetingsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Occasions")]
impl GreetingsApi {
    /// List greetings
    ///
    /// Filters: name, enabled, approval, created_at. Sorts: name, created_at.
    #[oai(path = "/greetings", method = "get")]
    async fn list_greetings(
        &self,
        cx: Cx<ReadGreetings>,
        /// Greetings that were deleted and can be restored, instead of the others.
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
    ) -> Result<Json<Page<Greeting>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.read(async |tx| db::list(tx, deleted.0, &query).await).await.map(Json)
    }

    /// Make a greeting
    ///
    /// 409 `too_many_greetings` when there are 100.
    #[oai(path = "/greetings", method = "post")]
    async fn create_greeting(&self, cx: Cx<WriteGreetings>, body: Json<NewGreeting>) -> Result<Created<Greeting>> {
        cx.create(async |tx| actions::create(tx, body.0).await).await
    }

    /// Preview a greeting
    ///
    /// A subject and a text as one contact would read them; nothing is kept.
    #[oai(path = "/greetings/preview", method = "post")]
    async fn create_greeting_preview(&self, cx: Cx<ReadGreetings>, body: Json<NewPreview>) -> Result<Json<Preview>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.read(async |tx| actions::preview(tx, body.0, &owners).await).await.map(Json)
    }

    /// Send a greeting to yourself
    ///
    /// As one contact would read it, to the member who asks. 409 `member_needed` for a key.
    #[oai(path = "/greetings/test", method = "post")]
    async fn create_greeting_test(&self, cx: Cx<WriteGreetings>, body: Json<NewPreview>) -> Result<Json<Preview>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.act(async |tx| actions::try_out(tx, body.0, &owners).await).await
    }

    /// List what became of greetings
    ///
    /// What was sent, and what was left out and why, for contacts in reach. Filters: greeting, contact, day, state, reason,
    /// created_at. Sorts: created_at.
    #[oai(path = "/greeting-sends", method = "get")]
    async fn list_greeting_sends(
        &self,
        cx: Cx<ReadGreetings>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<GreetingSend>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.read(async |tx| db::sends(tx, &query, &owners).await).await.map(Json)
    }

    /// Export what became of greetings
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if
    /// it were whole. 422 `sheet_too_long` when a workbook cannot hold them. Takes the filters of the list; the oldest comes first.
    /// In CSV cells that a spreadsheet would run as a formula begin with an apostrophe.
    #[oai(path = "/greeting-sends/export", method = "get")]
    async fn export_greeting_sends(
        &self,
        cx: Cx<ReadGreetings>,
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

    /// Mark a greeting as done by hand
    ///
    /// No mail goes out for it, and with one greeting a day no other one either. What was left out can be done by hand too.
    /// 409 `greeting_sent` when it went out or was marked, `another_greeting` when another one went out on the day.
    #[oai(path = "/greeting-sends", method = "post")]
    async fn create_greeting_send(
        &self,
        cx: Cx<WriteGreetings>,
        body: Json<NewGreetingSend>,
    ) -> Result<Created<GreetingSend>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.create(async |tx| actions::mark(tx, body.0, &owners).await).await
    }

    /// Take back that a greeting was done by hand
    ///
    /// A mail goes out after all while its day lasts. 409 `not_by_hand` for what a mail did, or nothing.
    #[oai(path = "/greeting-sends/:id", method = "delete")]
    async fn delete_greeting_send(&self, cx: Cx<WriteGreetings>, id: Path<SendId>) -> Result<NoContent> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        cx.write(async |tx| actions::unmark(tx, id.0, &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Get a greeting
    #[oai(path = "/greetings/:id", method = "get")]
    async fn get_greeting(&self, cx: Cx<ReadGreetings>, id: Path<GreetingId>) -> Result<Tagged<Greeting>> {
        let greeting = cx.read(async |tx| db::find(tx, id.0).await).await?;
        let version = greeting.version;
        Ok(Tagged::of(greeting, version))
    }

    /// Change a greeting
    ///
    /// What was approved with another text or audience waits again.
    #[oai(path = "/greetings/:id", method = "patch")]
    async fn update_greeting(
        &self,
        cx: Cx<WriteGreetings>,
        id: Path<GreetingId>,
        /// The ETag you have read; 412 when the greeting has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<GreetingPatch>,
    ) -> Result<Tagged<Greeting>> {
        let greeting = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match.0.as_deref()).await).await?;
        let version = greeting.version;
        Ok(Tagged::of(greeting, version))
    }

    /// Delete a greeting
    ///
    /// It can be restored for 30 days, then it is removed for good, with what is known of what it sent.
    #[oai(path = "/greetings/:id", method = "delete")]
    async fn delete_greeting(
        &self,
        cx: Cx<WriteGreetings>,
        id: Path<GreetingId>,
        /// The ETag you have read; 412 when the greeting has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref()).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a deleted greeting
    ///
    /// It is switched off.
    #[oai(path = "/greetings/:id/restoration", method = "post")]
    async fn create_greeting_restoration(
        &self,
        cx: Cx<WriteGreetings>,
        id: Path<GreetingId>,
    ) -> Result<Json<Greeting>> {
        cx.act(async |tx| actions::restore(tx, id.0).await).await
    }
}
