//! Agencies, clients, looks, widgets and websites: over HTTP.
mod activity;
mod brands;
mod clients;
mod domains;
mod origins;
mod plans;
mod sightings;
mod tenants;
mod transfers;
mod trials;
mod widgets;

use ::identity::users::{actions, model::NewAgencyOwner, model::NewMember};
use ::kernel::{
    embed::{VisitorClaims, visitor::EDGE_KEY_INFO},
    ids::{TenantId, UserId},
};
use ::notifications::providers::fake::Recorder;
use ::tenants::widgets::{NewWidget, Widget};
use serde_json::{Value, json};
use std::sync::Arc;
use tests::{Answer, Client, TestApp};
use uuid::Uuid;

const PASSWORD: &str = "lantern-ferry-58";

/// The program with a mailbox for everybody.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) mailbox: Arc<Recorder>,
}

/// Somebody signed in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) tenant: TenantId,
    pub(crate) client: Client,
    pub(crate) access: String,
}

impl Person {
    /// The same person, acting in a client of his agency.
    pub(crate) fn acting_in(&self, tenant: TenantId) -> Client {
        self.client.with("upzento-tenant", tenant.to_string())
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(TestApp::start().await)
    }

    pub(crate) fn with(app: TestApp) -> Self {
        let mailbox = Arc::new(Recorder::default());
        ::notifications::install_with(&app.app, mailbox.clone()).expect("a mailer");
        World { app, mailbox }
    }

    /// With the mailer that the configuration names.
    pub(crate) fn unmocked(app: TestApp) -> Self {
        World { app, mailbox: Arc::default() }
    }

    /// An agency with its signed-in owner.
    pub(crate) async fn agency(&self, name: &str) -> Person {
        let email = format!("{}@example.com", name.to_lowercase());
        let new = NewAgencyOwner {
            agency: format!("{name} Studio"),
            name: format!("{name} Owner"),
            email: email.clone(),
            password: PASSWORD.into(),
        };
        let made = async |tx: &mut ::kernel::ControlTx| actions::create_agency_with_owner(tx, new).await;
        self.app.app.control(self.app.app.system("test"), made).await.expect("an agency");
        let body = json!({"email": email, "password": PASSWORD});
        self.person(&self.app.anonymous().post("/v1/sessions", body).await)
    }

    /// A member with one role, signed in there.
    pub(crate) async fn member(&self, tenant: TenantId, role: &str, name: &str) -> Person {
        let email = format!("{}@example.com", name.to_lowercase());
        let new = NewMember {
            name: name.into(),
            email: email.clone(),
            password: PASSWORD.into(),
            roles: vec![role.into()],
            teams: vec![],
        };
        let add = async |tx: &mut ::kernel::ControlTx| actions::add_member(tx, tenant, new).await;
        self.app.app.control(self.app.app.system("test"), add).await.expect("a member");
        let body = json!({"email": email, "password": PASSWORD, "tenant": tenant.to_string()});
        self.person(&self.app.anonymous().post("/v1/sessions", body).await)
    }

    fn person(&self, answer: &Answer) -> Person {
        answer.expect(201);
        let access = answer.text_of("access_token");
        Person {
            id: answer.text_of("user").parse().expect("a user id"),
            tenant: answer.text_of("tenant").parse().expect("a tenant id"),
            client: self.app.anonymous().bearer(&access),
            access,
        }
    }

    /// A client of an agency, opened over HTTP.
    pub(crate) async fn client(&self, agency: &Person, name: &str) -> TenantId {
        let answer = agency.client.post("/v1/clients", json!({"name": name})).await;
        answer.expect(201);
        answer.text_of("id").parse().expect("a tenant id")
    }

    /// A published widget of a tenant.
    pub(crate) async fn widget(&self, tenant: TenantId, resource: Uuid) -> Widget {
        let new = published(tenant, resource, json!({"form": {"version": 1}}));
        let publish = async |tx: &mut ::kernel::ControlTx| ::tenants::widgets::publish(tx, &new).await;
        self.app.app.control(self.app.app.system("test"), publish).await.expect("a widget")
    }

    /// What an edge says for itself, signed as edges sign.
    pub(crate) async fn edge_says(&self, target: &str, lines: &Value) -> Answer {
        let body = lines.to_string().into_bytes();
        let key = self.app.app.keys.derive(EDGE_KEY_INFO);
        let signed = VisitorClaims::of_the_edge(self.app.clock.now().timestamp()).sign(&key, "POST", target, &body);
        let edge = self.app.anonymous().with("upzento-visitor", signed.claims);
        let edge = edge.with("upzento-visitor-signature", signed.signature);
        edge.send(reqwest::Method::POST, target, Some("application/json"), body).await
    }

    /// Kinds in a tenant's own log, in order, after everything was delivered.
    pub(crate) async fn log(&self, tenant: TenantId) -> Vec<String> {
        self.app.settle().await;
        let tenant = self.app.app.tenant(tenant).await.expect("the tenant");
        let sql = format!(
            "select e.kind from {0}.event_log l join {0}.events e on e.id = l.event_id order by l.seq",
            tenant.role.as_str()
        );
        let rows = self.app.db.superuser().await.query(&sql, &[]).await.expect("events");
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// The revision that edges compare; 0 when there is none.
    pub(crate) async fn rev(&self, tenant: TenantId) -> i64 {
        let sql = "select coalesce(max(rev), 0)::bigint from control.embed_sites where tenant_id = $1";
        self.app.db.superuser().await.query_one(sql, &[&tenant.0]).await.expect("a revision").get(0)
    }

    pub(crate) async fn sql(&self, sql: &str) {
        self.app.db.superuser().await.batch_execute(sql).await.expect("sql");
    }
}

pub(crate) fn published(tenant: TenantId, resource: Uuid, config: Value) -> NewWidget {
    NewWidget { tenant, kind: "form", resource_id: resource, name: "Contact".into(), config, hosted_url: None }
}

/// Codes of refused fields with their pointers.
pub(crate) fn refused(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.problem(422, "invalid")["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    errors.iter().map(|e| (text(e, "field"), text(e, "code"))).collect()
}

impl World {
    /// The same person with a fresh token, after time passed.
    pub(crate) async fn person_of(&self, person: &Person) -> Client {
        let email: String = self
            .app
            .db
            .superuser()
            .await
            .query_one("select email from control.users where id = $1", &[&person.id.0])
            .await
            .expect("the user")
            .get(0);
        let body = json!({"email": email, "password": PASSWORD, "tenant": person.tenant.to_string()});
        self.person(&self.app.anonymous().post("/v1/sessions", body).await).client
    }
}
