use super::{
    db,
    model::{PlanBody, PlanView},
};
use crate::{
    Tag,
    access::{Admin, Read, Settings},
};
use kernel::{
    Result,
    events::NewEvent,
    http::{Created, Page, Tagged, check_if_match},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path},
    payload::Json,
};
use sheets::{CsvFile, Export};
use tenants::plans::PlanId;

/// Plans.
pub struct PlansApi;

const COLUMNS: &[&str] = &[
    "id",
    "key",
    "name",
    "description",
    "level",
    "limits",
    "modules",
    "price_minor",
    "currency",
    "trial_days",
    "active",
    "accounts",
];

#[OpenApi(prefix_path = "/v1", tag = "Tag::Platform")]
impl PlansApi {
    /// List every plan, cheapest first.
    #[oai(path = "/plans", method = "get")]
    async fn list_plans(&self, cx: Admin<Read>) -> Result<Json<Vec<PlanView>>> {
        cx.control(async |tx| db::list(tx).await).await.map(Json)
    }

    /// Export every plan, cheapest first, as CSV; cells that a spreadsheet would run as a formula get an apostrophe in front. The export is
    /// recorded.
    #[oai(path = "/plans/export", method = "get")]
    async fn export_plans(&self, cx: Admin<Read>) -> Result<CsvFile> {
        let what = Export { name: "plans", columns: COLUMNS, filter: vec![], sort: "level" };
        cx.export(what, "plan.exported", |tx, _| {
            Box::pin(async move { Ok(Page { items: db::list(tx).await?, next_cursor: None }) })
        })
        .await
    }

    /// Make a plan.
    #[oai(path = "/plans", method = "post")]
    async fn create_plan(&self, cx: Admin<Settings>, body: Json<PlanBody>) -> Result<Created<PlanView>> {
        body.check()?;
        cx.create(async |tx| {
            let plan = db::insert(tx, PlanId::new(tx.now()), &body.0).await?;
            tx.record(None, NewEvent::new("plan.created", "plans", plan.id.0, format!("Plan {} made", plan.key)))
                .await?;
            Ok(plan)
        })
        .await
    }

    /// Replace a plan. Accounts that have it notice at once.
    #[oai(path = "/plans/:id", method = "put")]
    async fn update_plan(
        &self,
        cx: Admin<Settings>,
        id: Path<PlanId>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<PlanBody>,
    ) -> Result<Tagged<PlanView>> {
        body.check()?;
        let plan = cx
            .control(async |tx| {
                check_if_match(if_match.0.as_deref(), db::version(tx, id.0).await?)?;
                let plan = db::update(tx, id.0, &body.0).await?;
                tx.record(
                    None,
                    NewEvent::new("plan.updated", "plans", plan.id.0, format!("Plan {} changed", plan.key)),
                )
                .await?;
                Ok(plan)
            })
            .await?;
        let version = plan.version;
        Ok(Tagged::of(plan, version))
    }
}
