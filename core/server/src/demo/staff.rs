//! Who works for a client: each with one session as long as its story lasts, so that nobody finds hundreds.
use super::{PASSWORD, call};
use chrono::{DateTime, TimeDelta, Utc};
use identity::users::{actions::add_member, model::NewMember};
use kernel::{App, Error, Result, clock::Clock, ids::TenantId};
use poem::{Endpoint, Response, http::Method};
use serde_json::{Value, json};
use std::sync::Arc;

/// How long nothing happens until sessions are kept alive, and how old one may be before that: together less than the seven
/// days that a refresh token lives.
pub(super) const IDLE: TimeDelta = TimeDelta::days(5);
const OLD: TimeDelta = TimeDelta::days(1);
/// How old an access token gets: a bit less than it lives.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Colleagues of the client's administrator.
const COLLEAGUES: [(&str, &str); 2] =
    [("Owen Hale", "owen@kestrel.example"), ("Maya Lindqvist", "maya@kestrel.example")];

struct Session {
    id: String,
    token: String,
    renewal: String,
    fresh: DateTime<Utc>,
}

/// The people, the administrator first.
pub(super) struct Staff<'a, E> {
    api: &'a E,
    clock: Clock,
    people: Vec<Session>,
}

impl<'a, E: Endpoint<Output = Response>> Staff<'a, E> {
    /// Signs everybody in; the colleagues and their team are made.
    pub async fn begin(past: &Arc<App>, api: &'a E, clock: Clock, email: &str) -> Result<(Self, TenantId)> {
        let mut staff = Staff { api, clock, people: vec![] };
        let tokens = staff.sign_in(email).await?;
        let tenant: TenantId = tokens["tenant"].as_str().unwrap_or("").parse().map_err(Error::internal)?;
        let mut all = vec![staff.id(0).to_owned()];
        for (name, email) in COLLEAGUES {
            let member = NewMember {
                name: name.into(),
                email: email.into(),
                password: PASSWORD.into(),
                roles: vec!["client_staff".into()],
                teams: vec![],
            };
            let user =
                past.control(past.system("demo"), async |tx| add_member(tx, tenant, member.clone()).await).await?;
            all.push(user.to_string());
        }
        // Before they come: what they may do with each other's records is right from their first call on.
        staff.call(0, Method::POST, "/v1/teams", Some(json!({"name": "Shop floor", "members": all}))).await?;
        for (_, email) in COLLEAGUES {
            staff.sign_in(email).await?;
        }
        Ok((staff, tenant))
    }

    /// Signs one in who has no colleagues.
    pub async fn alone(api: &'a E, clock: Clock, email: &str) -> Result<Self> {
        let mut staff = Staff { api, clock, people: vec![] };
        staff.sign_in(email).await?;
        Ok(staff)
    }

    async fn sign_in(&mut self, email: &str) -> Result<Value> {
        let credentials = json!({"email": email, "password": PASSWORD});
        let tokens = call(self.api, Method::POST, "/v1/sessions", None, Some(credentials)).await?;
        let text = |field: &str| tokens[field].as_str().unwrap_or_default().to_owned();
        let (id, token, renewal) = (text("user"), text("access_token"), text("refresh_token"));
        self.people.push(Session { id, token, renewal, fresh: self.clock.now() });
        Ok(tokens)
    }

    /// The user, in turns.
    pub fn id(&self, nth: usize) -> &str {
        &self.people[nth % self.people.len()].id
    }

    /// A call of one of them.
    pub async fn call(&mut self, nth: usize, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let nth = nth % self.people.len();
        self.keep(nth, FRESH).await?;
        call(self.api, method, path, Some(&self.people[nth].token), body).await
    }

    /// The token of one of them.
    pub async fn token(&mut self, nth: usize) -> Result<String> {
        self.keep(nth, FRESH).await?;
        Ok(self.people[nth].token.clone())
    }

    /// Keeps every session alive.
    pub async fn keep_all(&mut self) -> Result<()> {
        for nth in 0..self.people.len() {
            self.keep(nth, OLD).await?;
        }
        Ok(())
    }

    async fn keep(&mut self, nth: usize, age: TimeDelta) -> Result<()> {
        let Session { renewal, fresh, .. } = &self.people[nth];
        if self.clock.now() - *fresh <= age {
            return Ok(());
        }
        let body = json!({"refresh_token": renewal});
        let tokens = call(self.api, Method::POST, "/v1/sessions/refresh", None, Some(body)).await?;
        let text = |field: &str| tokens[field].as_str().unwrap_or_default().to_owned();
        let session = &mut self.people[nth];
        (session.token, session.renewal, session.fresh) =
            (text("access_token"), text("refresh_token"), self.clock.now());
        Ok(())
    }

    /// Signs everybody out.
    pub async fn end(mut self) -> Result<()> {
        for nth in 0..self.people.len() {
            self.call(nth, Method::DELETE, "/v1/sessions/current", None).await?;
        }
        Ok(())
    }
}
