use super::{
    db,
    model::{
        Account, AccountEntitlements, AccountMember, ModuleSwitch, NewDeletion, NewSuspension, NewTransfer, PlanChoice,
        StopState,
    },
};
use crate::{
    Tag,
    access::{Accounts, Admin, Impersonate, Read, Settings},
};
use kernel::{
    Error, Result,
    db::ListQuery,
    events::NewEvent,
    http::{NoContent, Page},
    ids::TenantId,
    tenancy::memory::Change,
};
use poem_openapi::{OpenApi, param::Path, param::Query, payload::Json};
use sheets::{CsvFile, Export};
use std::sync::Arc;
use tenants::{
    tenants::{self as actions, DeletionRequest, State, Stop},
    trials::model::TrialChoice,
};

/// Agencies and clients.
pub struct AccountsApi;

const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "name",
    "slug",
    "parent_id",
    "parent_name",
    "state",
    "plan_id",
    "plan_name",
    "price_minor",
    "currency",
    "schema_version",
    "clients",
    "members",
    "activated_at",
    "stop_reason",
    "deletion_due_at",
];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Accounts")]
impl AccountsApi {
    /// List agencies. `search` finds a part of the name.
    #[oai(path = "/agencies", method = "get")]
    async fn list_agencies(
        &self,
        cx: Admin<Read>,
        search: Query<Option<String>>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Account>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, "agency", search.0.as_deref(), &query).await).await.map(Json)
    }

    /// List clients of all agencies; filter=parent_id:eq:ten_… shows one agency's.
    #[oai(path = "/clients", method = "get")]
    async fn list_clients(
        &self,
        cx: Admin<Read>,
        search: Query<Option<String>>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Account>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| db::list(tx, "client", search.0.as_deref(), &query).await).await.map(Json)
    }

    /// Export agencies by name: with the same filters as CSV; cells that a spreadsheet would run as a formula get an apostrophe
    /// in front. The export is recorded.
    #[oai(path = "/agencies/export", method = "get")]
    async fn export_agencies(
        &self,
        cx: Admin<Read>,
        search: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "agencies", columns: COLUMNS, filter: filter.0, sort: "name" };
        let search = Arc::new(search.0);
        cx.export(what, "agency.exported", move |tx, query| {
            let search = search.clone();
            Box::pin(async move { db::list(tx, "agency", search.as_deref(), query).await })
        })
        .await
    }

    /// Export clients of all agencies by name: with the same filters as CSV; cells that a spreadsheet would run as a formula get an apostrophe
    /// in front. The export is recorded.
    #[oai(path = "/clients/export", method = "get")]
    async fn export_clients(
        &self,
        cx: Admin<Read>,
        search: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "clients", columns: COLUMNS, filter: filter.0, sort: "name" };
        let search = Arc::new(search.0);
        cx.export(what, "client.exported", move |tx, query| {
            let search = search.clone();
            Box::pin(async move { db::list(tx, "client", search.as_deref(), query).await })
        })
        .await
    }

    /// See one agency or client.
    #[oai(path = "/accounts/:id", method = "get")]
    async fn get_account(&self, cx: Admin<Read>, id: Path<TenantId>) -> Result<Json<Account>> {
        cx.control(async |tx| db::get(tx, id.0).await).await.map(Json)
    }

    /// See what an account has: plan, limits, modules, flags.
    #[oai(path = "/accounts/:id/entitlements", method = "get")]
    async fn get_account_entitlements(&self, cx: Admin<Read>, id: Path<TenantId>) -> Result<Json<AccountEntitlements>> {
        cx.control(async |tx| {
            db::get(tx, id.0).await?;
            let has = tenants::plans::entitlements_in(tx, id.0).await?;
            Ok(Json(AccountEntitlements::of(has, db::flags(tx, id.0).await?)))
        })
        .await
    }

    /// List who works in an account: in whose place an impersonation may be.
    #[oai(path = "/accounts/:id/members", method = "get")]
    async fn list_account_members(
        &self,
        cx: Admin<Impersonate>,
        id: Path<TenantId>,
    ) -> Result<Json<Vec<AccountMember>>> {
        cx.control(async |tx| {
            db::get(tx, id.0).await?;
            db::members(tx, id.0).await
        })
        .await
        .map(Json)
    }

    /// Stop an account. What the platform stops, only the platform resumes.
    #[oai(path = "/accounts/:id/suspension", method = "put")]
    async fn suspend_account(
        &self,
        cx: Admin<Accounts>,
        id: Path<TenantId>,
        body: Json<NewSuspension>,
    ) -> Result<Json<Account>> {
        let state = match body.state {
            StopState::ReadOnly => State::ReadOnly,
            StopState::Suspended => State::Suspended,
        };
        let stop = Stop { state, reason: body.0.reason, by_platform: true };
        let account = cx
            .control(async |tx| {
                actions::suspend(tx, id.0, stop).await?;
                db::get(tx, id.0).await
            })
            .await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(Json(account))
    }

    /// Resume an account.
    #[oai(path = "/accounts/:id/suspension", method = "delete")]
    async fn resume_account(&self, cx: Admin<Accounts>, id: Path<TenantId>) -> Result<NoContent> {
        cx.control(async |tx| actions::resume(tx, id.0, true).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(NoContent::Done)
    }

    /// Give a client to another agency, at once.
    #[oai(path = "/accounts/:id/transfer", method = "put")]
    async fn transfer_account(
        &self,
        cx: Admin<Accounts>,
        id: Path<TenantId>,
        body: Json<NewTransfer>,
    ) -> Result<Json<Account>> {
        let account = cx
            .control(async |tx| {
                actions::move_client(tx, id.0, body.agency_id).await?;
                db::get(tx, id.0).await
            })
            .await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(Json(account))
    }

    /// Ask for the end of an account: it stands still and is destroyed when the days are over.
    #[oai(path = "/accounts/:id/deletion", method = "put")]
    async fn delete_account(
        &self,
        cx: Admin<Accounts>,
        id: Path<TenantId>,
        body: Json<NewDeletion>,
    ) -> Result<Json<DeletionRequest>> {
        let request = cx.control(async |tx| actions::request_deletion(tx, id.0, &body.reason, body.days).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(Json(request))
    }

    /// Call a deletion off.
    #[oai(path = "/accounts/:id/deletion", method = "delete")]
    async fn keep_account(&self, cx: Admin<Accounts>, id: Path<TenantId>) -> Result<NoContent> {
        cx.control(async |tx| actions::cancel_deletion(tx, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(NoContent::Done)
    }

    /// Give an account another plan.
    #[oai(path = "/accounts/:id/plan", method = "put")]
    async fn set_account_plan(
        &self,
        cx: Admin<Settings>,
        id: Path<TenantId>,
        body: Json<PlanChoice>,
    ) -> Result<Json<Account>> {
        let account = cx
            .control(async |tx| {
                actions::set_plan(tx, id.0, body.plan_id.map(|p| p.0)).await?;
                db::get(tx, id.0).await
            })
            .await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(Json(account))
    }

    /// Say how long an account tries its plan. Its owners are told a week and a day before the end, and at the end; nothing
    /// is taken away by itself.
    #[oai(path = "/accounts/:id/trial", method = "put")]
    async fn set_account_trial(
        &self,
        cx: Admin<Settings>,
        id: Path<TenantId>,
        body: Json<TrialChoice>,
    ) -> Result<Json<Account>> {
        cx.control(async |tx| {
            tenants::trials::actions::set(tx, id.0, &body.0).await?;
            db::get(tx, id.0).await
        })
        .await
        .map(Json)
    }

    /// Switch a module on or off for one account, whatever its plan says.
    #[oai(path = "/accounts/:id/modules/:module", method = "put")]
    async fn switch_module(
        &self,
        cx: Admin<Settings>,
        id: Path<TenantId>,
        module: Path<String>,
        body: Json<ModuleSwitch>,
    ) -> Result<NoContent> {
        check_module(&module.0)?;
        cx.control(async |tx| {
            db::get(tx, id.0).await?;
            match body.enabled {
                Some(enabled) => db::set_module(tx, id.0, &module.0, enabled).await?,
                None => db::clear_module(tx, id.0, &module.0).await?,
            }
            let payload = serde_json::json!({"module": module.0, "enabled": body.enabled});
            let event = NewEvent::new("tenant.module_switched", "tenants", id.0.0, "Module switched").payload(&payload);
            tx.record(Some(id.0), event).await
        })
        .await?;
        cx.app.changes.forget(Change::Tenant(id.0));
        Ok(NoContent::Done)
    }
}

fn check_module(name: &str) -> Result<()> {
    let fine = !name.is_empty() && name.len() <= 63 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if fine {
        Ok(())
    } else {
        Err(Error::invalid("/module", "module_name", "A module's name has lower-case letters and underscores."))
    }
}
