//! Tasks over HTTP.
use super::{
    actions,
    db::{self, Wish},
    export,
    model::{
        NewCompletion, NewSkip, NewSnooze, NewTask, Reach, Task, TaskBefore, TaskBulkChange, TaskBulkKind,
        TaskBulkResult, TaskEnd, TaskId, TaskPatch,
    },
};
use crate::{Delete, Export, Read, Tags, Write};
use contacts::Owners;
use identity::members;
use kernel::{
    Cx, Error, Result,
    auth::Permission,
    db::ListQuery,
    http::{Created, NoContent, Page, Tagged},
    ids::UserId,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use sheets::{Look, SheetFile, SheetFormat, SheetLanguage};

pub(crate) struct TasksApi;

/// Whose tasks the caller changes, and what he may say they are about: what he may see.
fn reach<P: Permission>(cx: &Cx<P>) -> Reach {
    Reach {
        tasks: cx.visible_owners(),
        contacts: cx.visible_owners_of::<contacts::Read>(),
        companies: cx.visible_owners_of::<companies::Read>(),
        deals: cx.visible_owners_of::<deals::Read>(),
    }
}

/// Members among those to whom tasks would go back.
async fn members_in<P: Permission>(cx: &Cx<P>, back: &[TaskBefore]) -> Result<Vec<UserId>> {
    let mut people: Vec<_> = back.iter().flat_map(TaskBefore::people).map(|user| user.0).collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(vec![]);
    }
    let found = members::reaching(cx, Read::NAME, &people).await?;
    Ok(found.into_iter().map(|member| member.user).collect())
}

/// Who is given a task must be a member; whoever has it already may have left meanwhile.
async fn require_newcomers(cx: &Cx<Write>, id: TaskId, patch: &TaskPatch, owners: &Owners) -> Result<()> {
    let collaborators = patch.collaborators.as_deref().unwrap_or_default();
    let given = patch.assignee.value().copied();
    if given.is_none() && collaborators.is_empty() {
        return Ok(());
    }
    let task = cx.read(async |tx| db::find(tx, id, owners).await).await?;
    let has = |user: &UserId| task.assignee == Some(*user) || task.collaborators.contains(user);
    let joining: Vec<UserId> = collaborators.iter().copied().filter(|user| !has(user)).collect();
    require_members(cx, "", given.filter(|user| !has(user)), &joining).await
}

/// Who is given a task must be a member.
async fn require_members<P: Permission>(
    cx: &Cx<P>,
    at: &str,
    assignee: Option<UserId>,
    collaborators: &[UserId],
) -> Result<()> {
    members::require(cx, &format!("{at}/assignee"), assignee.into_iter().collect()).await?;
    members::require(cx, &format!("{at}/collaborators"), collaborators.to_vec()).await
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Tasks")]
impl TasksApi {
    /// List tasks
    ///
    /// Filters: title, kind, priority (0 low to 3 urgent), status, due (a moment), due_on (a day), due_at, completion
    /// (`open`, `in_time`, `late`, `skipped` or, when a follow-up was no longer needed, `withdrawn`), assignee, member (its
    /// assignee or a collaborator), contact, company, deal, series, closed_at, created_at, updated_at. Sorts: due (what comes
    /// up first; tasks without a day last), priority (with `-` what presses most, and of that what comes up first), title,
    /// closed_at, created_at, updated_at; of deleted ones deleted_at too.
    #[oai(path = "/tasks", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument per parameter of the operation")]
    async fn list_tasks(
        &self,
        cx: Cx<Read>,
        /// Words that each task, or the contact or company it is about, holds; at most 100 characters.
        q: Query<Option<String>>,
        /// Tasks that were deleted and can be restored, instead of the others.
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
    ) -> Result<Json<Page<Task>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let spec = if deleted.0 { &db::DELETED } else { &db::LIST };
        let wish = Wish::new(q.0, cx.visible_owners());
        cx.read(async |tx| db::list(tx, spec, &query, &wish).await).await.map(Json)
    }

    /// Create a task
    #[oai(path = "/tasks", method = "post")]
    async fn create_task(&self, cx: Cx<Write>, body: Json<NewTask>) -> Result<Created<Task>> {
        require_members(&cx, "", body.0.assignee, &body.0.collaborators).await?;
        let reach = reach(&cx);
        cx.create(async |tx| actions::create(tx, body.0, &reach).await).await
    }

    /// Export tasks
    ///
    /// As CSV or XLSX, from one moment: `Upzento-Rows` says how many rows there are, and a body that breaks off never ends as if
    /// it were whole. 422 `sheet_too_long` when a workbook cannot hold them. Takes the words and the filters of the list; the oldest task comes first. Cells that a spreadsheet would run as a
    /// formula begin with an apostrophe.
    #[oai(path = "/tasks/export", method = "get")]
    async fn export_tasks(
        &self,
        cx: Cx<Export>,
        /// Words that each task, or the contact or company it is about, holds; at most 100 characters.
        q: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
        /// CSV when absent.
        format: Query<Option<SheetFormat>>,
        /// In which language columns are named; by the names of the API's fields when absent.
        language: Query<Option<SheetLanguage>>,
    ) -> Result<SheetFile> {
        export::file(&cx, q.0, filter.0, Look::of(format.0, language.0)).await
    }

    /// Change many tasks at once
    ///
    /// In one transaction: give them to a member, move them to another day within working hours, complete them, leave them out
    /// or delete them; `overdue` does so to what is overdue. A task that the change is not for stays as it was and is named.
    /// The answer says what each was: sent as `back` it takes the change back where nobody has changed the task since.
    #[oai(path = "/tasks/bulk-changes", method = "post")]
    async fn create_task_bulk_change(&self, cx: Cx<Write>, body: Json<TaskBulkChange>) -> Result<Json<TaskBulkResult>> {
        members::require(&cx, "/assignee", body.0.assignee.value().copied().into_iter().collect()).await?;
        let restores = body.0.back.iter().any(|before| before.change == TaskBulkKind::Deleted);
        if (body.0.deleted || restores) && cx.level_of::<Delete>() < cx.level {
            let detail = "Deleting needs tasks.delete as far as tasks.write.";
            return Err(Error::forbidden("permission_missing", detail));
        }
        let (reach, members) = (reach(&cx), members_in(&cx, &body.0.back).await?);
        cx.act(async |tx| actions::change_many(tx, body.0, &reach, &members).await).await
    }

    /// Get a task
    #[oai(path = "/tasks/:id", method = "get")]
    async fn get_task(&self, cx: Cx<Read>, id: Path<TaskId>) -> Result<Tagged<Task>> {
        let owners = cx.visible_owners();
        let task = cx.read(async |tx| db::find(tx, id.0, &owners).await).await?;
        let version = task.version;
        Ok(Tagged::of(task, version))
    }

    /// Change a task
    ///
    /// Also moves it to another day.
    #[oai(path = "/tasks/:id", method = "patch")]
    async fn update_task(
        &self,
        cx: Cx<Write>,
        id: Path<TaskId>,
        /// The ETag you have read; 412 when the task has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<TaskPatch>,
    ) -> Result<Tagged<Task>> {
        let (reach, if_match) = (reach(&cx), if_match.0.as_deref());
        require_newcomers(&cx, id.0, &body.0, &reach.tasks).await?;
        let task = cx.write(async |tx| actions::update(tx, id.0, body.0, if_match, &reach).await).await?;
        let version = task.version;
        Ok(Tagged::of(task, version))
    }

    /// Delete a task
    ///
    /// It can be restored for 30 days, then it is removed for good. A series ends with it.
    #[oai(path = "/tasks/:id", method = "delete")]
    async fn delete_task(
        &self,
        cx: Cx<Delete>,
        id: Path<TaskId>,
        /// The ETag you have read; 412 when the task has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<NoContent> {
        let owners = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, if_match.0.as_deref(), &owners).await).await?;
        Ok(NoContent::Done)
    }

    /// Restore a deleted task
    #[oai(path = "/tasks/:id/restoration", method = "post")]
    async fn create_task_restoration(&self, cx: Cx<Delete>, id: Path<TaskId>) -> Result<Json<Task>> {
        let owners = cx.visible_owners();
        cx.act(async |tx| actions::restore(tx, id.0, &owners).await).await
    }

    /// Complete a task
    ///
    /// Makes its next time when it repeats, or what is said to be next. 409 `task_closed` when it has ended already.
    #[oai(path = "/tasks/:id/completion", method = "post")]
    async fn create_task_completion(
        &self,
        cx: Cx<Write>,
        id: Path<TaskId>,
        /// The ETag you have read; 412 when the task has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewCompletion>,
    ) -> Result<Json<TaskEnd>> {
        if let Some(next) = &body.0.next {
            require_members(&cx, "/next", next.assignee, &next.collaborators).await?;
        }
        let (reach, if_match) = (reach(&cx), if_match.0.as_deref());
        cx.act(async |tx| actions::complete(tx, id.0, body.0, if_match, &reach).await).await
    }

    /// Leave a task out
    ///
    /// With a reason. One that repeats comes again. 409 `task_closed` when it has ended already.
    #[oai(path = "/tasks/:id/skip", method = "post")]
    async fn create_task_skip(
        &self,
        cx: Cx<Write>,
        id: Path<TaskId>,
        /// The ETag you have read; 412 when the task has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewSkip>,
    ) -> Result<Json<TaskEnd>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::skip(tx, id.0, body.0, if_match, &owners).await).await
    }

    /// Open a task again
    ///
    /// The next time that its end made is taken back, unless somebody has changed it. 409 `task_open` when it is open.
    #[oai(path = "/tasks/:id/reopening", method = "post")]
    async fn create_task_reopening(
        &self,
        cx: Cx<Write>,
        id: Path<TaskId>,
        /// The ETag you have read; 412 when the task has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
    ) -> Result<Json<Task>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::reopen(tx, id.0, if_match, &owners).await).await
    }

    /// Snooze a task
    ///
    /// It comes up again then, or when it is due if that is later; the day it is due on stays. 409 `task_closed` when it
    /// has ended.
    #[oai(path = "/tasks/:id/snooze", method = "post")]
    async fn create_task_snooze(
        &self,
        cx: Cx<Write>,
        id: Path<TaskId>,
        /// The ETag you have read; 412 when the task has changed since.
        #[oai(name = "If-Match")]
        if_match: Header<Option<String>>,
        body: Json<NewSnooze>,
    ) -> Result<Json<Task>> {
        let (owners, if_match) = (cx.visible_owners(), if_match.0.as_deref());
        cx.act(async |tx| actions::snooze(tx, id.0, body.0, if_match, &owners).await).await
    }
}
