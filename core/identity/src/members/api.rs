//! `/v1/members`.
use super::{
    actions, db,
    model::{Member, MemberChanges, MemberNames},
};
use crate::{MembersRead, MembersWrite};
use kernel::{
    ControlTx, Cx, Error, Result,
    auth::Permission,
    db::{Clause, ListQuery},
    events::NewEvent,
    http::{NoContent, Page, Tagged},
    ids::UserId,
    tenancy::memory::Change,
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};
use postgres_types::Type;
use sheets::{CsvFile, Export};

/// Members.
#[derive(Debug)]
pub struct MembersApi;

const COLUMNS: &[&str] =
    &["id", "name", "email", "state", "roles", "teams", "second_factor", "last_seen_at", "created_at"];

/// Most people whose names are asked for at once.
const MOST_NAMED: usize = 100;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl MembersApi {
    /// List members
    #[oai(path = "/members", method = "get")]
    async fn list_members(
        &self,
        cx: Cx<MembersRead>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Member>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        cx.control(async |tx| list(&cx, tx, &query).await).await.map(Json)
    }

    /// Export the list of members
    ///
    /// The rows of the list with the same filters as CSV, by name. Cells that a spreadsheet would run as a formula get an
    /// apostrophe in front. The export is recorded.
    #[oai(path = "/members/export", method = "get")]
    async fn export_members(
        &self,
        cx: Cx<MembersRead>,
        /// `field:op:value`, any number of them, all must hold.
        filter: Query<Vec<String>>,
    ) -> Result<CsvFile> {
        let what = Export { name: "members", columns: COLUMNS, filter: filter.0, sort: "name" };
        let event = NewEvent::new("member.exported", "members", cx.tenant.id.0, "List of members exported");
        sheets::export_control(cx, what, event, |cx, tx, query| Box::pin(list(cx, tx, query))).await
    }

    /// Get the names of people who work here
    ///
    /// Of members, and in a client of people of its agency, who work in it without being members. Whoever has left has none.
    #[oai(path = "/members/names", method = "get")]
    async fn get_member_names(
        &self,
        cx: Cx<MembersRead>,
        /// Whose; at most 100.
        #[oai(default)]
        id: Query<Vec<UserId>>,
    ) -> Result<Json<MemberNames>> {
        if id.0.len() > MOST_NAMED {
            return Err(Error::invalid("/id", "too_many", format!("At most {MOST_NAMED} people.")));
        }
        let (seen, people) = (cx.visible_owners(), id.0.iter().map(|id| id.0).collect::<Vec<_>>());
        let place = (cx.tenant.id, cx.tenant.parent);
        let items = cx.control(async |tx| db::names(tx, place, &people, seen.as_deref()).await).await?;
        Ok(Json(MemberNames { items }))
    }

    /// Read a member
    #[oai(path = "/members/:id", method = "get")]
    async fn get_member(&self, cx: Cx<MembersRead>, id: Path<UserId>) -> Result<Tagged<Member>> {
        visible(&cx, id.0)?;
        let member = cx.control(async |tx| db::get(tx, cx.tenant.id, id.0).await).await?;
        let version = member.version;
        Ok(Tagged::of(member, version))
    }

    /// Change a member's name, state, roles or teams
    #[oai(path = "/members/:id", method = "patch")]
    async fn update_member(
        &self,
        cx: Cx<MembersWrite>,
        id: Path<UserId>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        body: Json<MemberChanges>,
    ) -> Result<Tagged<Member>> {
        visible(&cx, id.0)?;
        let which = (id.0, if_match.0.as_deref());
        let update = async |tx: &mut _| actions::update(tx, &cx.tenant, &cx.principal, which, body.0).await;
        let member = cx.control(update).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        let version = member.version;
        Ok(Tagged::of(member, version))
    }

    /// Remove a member
    #[oai(path = "/members/:id", method = "delete")]
    async fn remove_member(&self, cx: Cx<MembersWrite>, id: Path<UserId>) -> Result<NoContent> {
        visible(&cx, id.0)?;
        cx.control(async |tx| actions::remove(tx, &cx.tenant, &cx.principal, id.0).await).await?;
        cx.app.changes.forget(Change::Tenant(cx.tenant.id));
        Ok(NoContent::Done)
    }
}

/// Members outside the caller's reach are not there for him.
fn visible<P: Permission>(cx: &Cx<P>, user: UserId) -> Result<()> {
    match cx.visible_owners() {
        Some(seen) if !seen.contains(&user.0) => Err(Error::not_found()),
        _ => Ok(()),
    }
}

/// The members that somebody may see.
async fn list(cx: &Cx<MembersRead>, tx: &mut ControlTx, query: &ListQuery) -> Result<Page<Member>> {
    let visible = cx.visible_owners();
    let tenant = Clause("m.tenant_id = ?", &cx.tenant.id, Type::UUID);
    let seen = Clause("(?::uuid[] is null or m.user_id = any(?))", &visible, Type::UUID_ARRAY);
    tx.list(&db::LIST, query, &[tenant, seen]).await
}
