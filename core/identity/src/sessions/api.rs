//! `/v1/sessions`.
use super::{
    actions::{self, SignIn},
    cookie, db,
    model::{
        Because, ChallengeAnswer, Credentials, Refresh, SecondFactor, Session, SessionId, Switch, Switched, Tokens,
    },
};
use crate::principals::{actions::act_secret, model::person};
use kernel::{
    Anonymous, Cx, Error, Result,
    auth::{Returning, SignedIn},
    db::{Clause, ListQuery},
    http::{Created, NoContent, Page},
    tenancy::memory::Change,
};
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
    payload::Json,
};
use postgres_types::Type;
use tenants::domains;

/// Answer to a sign-in.
#[derive(ApiResponse)]
pub enum SignInAnswer {
    /// Signed in.
    #[oai(status = 201)]
    SignedIn(Json<Tokens>),
    /// The password was right; the account asks for a second factor.
    #[oai(status = 202)]
    Challenge(Json<ChallengeAnswer>),
}

/// Sign-in and sessions.
#[derive(Debug)]
pub struct SessionsApi;

#[OpenApi(prefix_path = "/v1", tag = "crate::Tags::Identity")]
impl SessionsApi {
    /// Sign in
    #[oai(path = "/sessions", method = "post")]
    async fn sign_in(&self, cx: Anonymous, body: Json<Credentials>) -> Result<SignInAnswer> {
        let in_cookie = body.0.cookie;
        Ok(match actions::sign_in(&cx, body.0).await? {
            SignIn::In(tokens) => SignInAnswer::SignedIn(Json(handed(&cx, in_cookie, tokens)?)),
            SignIn::Challenge(challenge) => SignInAnswer::Challenge(Json(challenge)),
        })
    }

    /// Sign in, second step
    #[oai(path = "/sessions/second-factor", method = "post")]
    async fn second_factor(&self, cx: Anonymous, body: Json<SecondFactor>) -> Result<Created<Tokens>> {
        let in_cookie = body.0.cookie;
        let tokens = actions::second_factor(&cx, body.0).await?;
        Ok(Created::Created(Json(handed(&cx, in_cookie, tokens)?)))
    }

    /// Trade a refresh token for new tokens
    #[oai(path = "/sessions/refresh", method = "post")]
    async fn refresh(&self, Returning(cx): Returning, body: Json<Refresh>) -> Result<Json<Tokens>> {
        let in_cookie = body.0.refresh_token.is_none();
        let tokens = actions::refresh(&cx, body.0).await?;
        Ok(Json(handed(&cx, in_cookie, tokens)?))
    }

    /// Work in another tenant of mine
    #[oai(path = "/sessions/switch", method = "post")]
    async fn switch(&self, cx: Cx<SignedIn>, body: Json<Switch>) -> Result<Json<Switched>> {
        let (whose, here) = ((person(&cx)?, current(&cx)?), domains::place(&cx.app, &cx.request.host).await?);
        act_secret(&cx, async |tx| actions::switch(tx, whose, body.0.tenant, &here).await).await
    }

    /// List my sessions
    #[oai(path = "/sessions", method = "get")]
    async fn list_sessions(
        &self,
        cx: Cx<SignedIn>,
        limit: Query<Option<u32>>,
        cursor: Query<Option<String>>,
        sort: Query<Option<String>>,
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<Session>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let (user, session, now) = (person(&cx)?, current(&cx)?, cx.now());
        let clauses = [Clause("s.user_id = ?", &user, Type::UUID), Clause("s.expires_at > ?", &now, Type::TIMESTAMPTZ)];
        let mut page = cx.control(async |tx| tx.list::<Session>(&db::LIST, &query, &clauses).await).await?;
        page.items.iter_mut().for_each(|s| s.current = s.id == session);
        Ok(Json(page))
    }

    /// Sign out
    #[oai(path = "/sessions/current", method = "delete")]
    async fn sign_out(&self, cx: Cx<SignedIn>) -> Result<NoContent> {
        let session = current(&cx)?;
        cookie::forget(&cx.app, &cx.request)?;
        end(&cx, session, Because::SignedOut).await
    }

    /// Sign out everywhere
    #[oai(path = "/sessions", method = "delete")]
    async fn sign_out_everywhere(&self, cx: Cx<SignedIn>) -> Result<NoContent> {
        let user = person(&cx)?;
        let home = Some(cx.principal.home);
        cx.control(async |tx| actions::end_all(tx, user, home, None, Because::Everywhere).await).await?;
        cookie::forget(&cx.app, &cx.request)?;
        cx.app.changes.forget(Change::User(user.0));
        Ok(NoContent::Done)
    }

    /// End one of my sessions
    #[oai(path = "/sessions/:id", method = "delete")]
    async fn end_session(&self, cx: Cx<SignedIn>, id: Path<SessionId>) -> Result<NoContent> {
        end(&cx, id.0, Because::SignedOut).await
    }
}

/// Where the refresh token goes: into the answer, or into a cookie.
pub(crate) fn handed(cx: &Anonymous, in_cookie: bool, tokens: Tokens) -> Result<Tokens> {
    if in_cookie { cookie::keep(&cx.app, &cx.request, tokens) } else { Ok(tokens) }
}

async fn end(cx: &Cx<SignedIn>, session: SessionId, because: Because) -> Result<NoContent> {
    let user = person(cx)?;
    cx.control(async |tx| actions::end(tx, user, cx.principal.home, session, because).await).await?;
    cx.app.changes.forget(Change::User(user.0));
    Ok(NoContent::Done)
}

/// The session behind the credential.
fn current(cx: &Cx<SignedIn>) -> Result<SessionId> {
    person(cx)?;
    cx.principal.session.map(SessionId).ok_or_else(|| Error::internal("a person without a session"))
}
