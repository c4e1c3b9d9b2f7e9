//! Followers over HTTP.
use super::{actions, model::Followers};
use crate::{
    Read, Tags, Write,
    records::{Reach, Record, reach},
};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use kernel::{Cx, Result, ids::UserId};
use poem_openapi::{OpenApi, param::Path, payload::Json};

pub(crate) struct FollowersApi;

/// Whose records the caller sees, and about whose he may write.
fn both(cx: &Cx<Read>) -> (Reach, Reach) {
    (reach::<_, Read>(cx), reach::<_, Write>(cx))
}

async fn put(cx: &Cx<Read>, record: Record, user: UserId, follows: bool) -> Result<Json<Followers>> {
    let (sees, writes) = both(cx);
    actions::put(cx, record, (&sees, &writes), (user, follows)).await.map(Json)
}

#[OpenApi(prefix_path = "/v1", tag = "Tags::Activities")]
impl FollowersApi {
    /// List the followers of a contact
    #[oai(path = "/contacts/:id/followers", method = "get")]
    async fn list_contact_followers(&self, cx: Cx<Read>, id: Path<ContactId>) -> Result<Json<Followers>> {
        actions::of(&cx, Record::Contact(id.0), &reach::<_, Read>(&cx)).await.map(Json)
    }

    /// Let a member follow a contact
    ///
    /// He hears of what happens to it while he may see it. Everybody decides for himself, for others whoever may write about it (403
    /// `following_of_others`); 422 `member_blind` for who may not see it. Saying it again changes nothing.
    #[oai(path = "/contacts/:id/followers/:user_id", method = "put")]
    async fn put_contact_follower(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        user_id: Path<UserId>,
    ) -> Result<Json<Followers>> {
        put(&cx, Record::Contact(id.0), user_id.0, true).await
    }

    /// Let a member not follow a contact any more
    ///
    /// 404 when he does not follow it.
    #[oai(path = "/contacts/:id/followers/:user_id", method = "delete")]
    async fn delete_contact_follower(
        &self,
        cx: Cx<Read>,
        id: Path<ContactId>,
        user_id: Path<UserId>,
    ) -> Result<Json<Followers>> {
        put(&cx, Record::Contact(id.0), user_id.0, false).await
    }

    /// List the followers of a company
    #[oai(path = "/companies/:id/followers", method = "get")]
    async fn list_company_followers(&self, cx: Cx<Read>, id: Path<CompanyId>) -> Result<Json<Followers>> {
        actions::of(&cx, Record::Company(id.0), &reach::<_, Read>(&cx)).await.map(Json)
    }

    /// Let a member follow a company
    ///
    /// He hears of what happens to it while he may see it. Everybody decides for himself, for others whoever may write about it (403
    /// `following_of_others`); 422 `member_blind` for who may not see it. Saying it again changes nothing.
    #[oai(path = "/companies/:id/followers/:user_id", method = "put")]
    async fn put_company_follower(
        &self,
        cx: Cx<Read>,
        id: Path<CompanyId>,
        user_id: Path<UserId>,
    ) -> Result<Json<Followers>> {
        put(&cx, Record::Company(id.0), user_id.0, true).await
    }

    /// Let a member not follow a company any more
    ///
    /// 404 when he does not follow it.
    #[oai(path = "/companies/:id/followers/:user_id", method = "delete")]
    async fn delete_company_follower(
        &self,
        cx: Cx<Read>,
        id: Path<CompanyId>,
        user_id: Path<UserId>,
    ) -> Result<Json<Followers>> {
        put(&cx, Record::Company(id.0), user_id.0, false).await
    }

    /// List the followers of a deal
    #[oai(path = "/deals/:id/followers", method = "get")]
    async fn list_deal_followers(&self, cx: Cx<Read>, id: Path<DealId>) -> Result<Json<Followers>> {
        actions::of(&cx, Record::Deal(id.0), &reach::<_, Read>(&cx)).await.map(Json)
    }

    /// Let a member follow a deal
    ///
    /// He hears of what happens to it while he may see it. Everybody decides for himself, for others whoever may write about it (403
    /// `following_of_others`); 422 `member_blind` for who may not see it. Saying it again changes nothing.
    #[oai(path = "/deals/:id/followers/:user_id", method = "put")]
    async fn put_deal_follower(
        &self,
        cx: Cx<Read>,
        id: Path<DealId>,
        user_id: Path<UserId>,
    ) -> Result<Json<Followers>> {
        put(&cx, Record::Deal(id.0), user_id.0, true).await
    }

    /// Let a member not follow a deal any more
    ///
    /// 404 when he does not follow it.
    #[oai(path = "/deals/:id/followers/:user_id", method = "delete")]
    async fn delete_deal_follower(
        &self,
        cx: Cx<Read>,
        id: Path<DealId>,
        user_id: Path<UserId>,
    ) -> Result<Json<Followers>> {
        put(&cx, Record::Deal(id.0), user_id.0, false).await
    }
}
