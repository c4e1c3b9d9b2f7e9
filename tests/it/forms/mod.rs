//! Forms, what visitors send with them, and what follows from it.
mod analytics;
mod engine;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod forms;
mod submissions;
mod uploads;
mod verdicts;

use identity::users::{actions, model::NewAgencyOwner, model::NewMember};
use kernel::{
    embed::{VisitorClaims, WidgetId, visitor},
    ids::TenantId,
};
use notifications::providers::fake::Recorder;
use serde_json::{Value, json};
use std::sync::Arc;
use tests::{Answer, Client, TestApp};

const PASSWORD: &str = "lantern-ferry-58";

/// The program, a mailbox for everybody, and an agency whose owner is signed in.
pub struct World {
    pub app: TestApp,
    pub mailbox: Arc<Recorder>,
    pub tenant: TenantId,
    pub owner: Client,
    pub owner_id: String,
}

/// A published form.
pub struct Published {
    pub id: String,
    pub widget: WidgetId,
}

/// A visitor of a page, as the edge vouches for him.
#[derive(Clone)]
pub struct Visitor<'a> {
    world: &'a World,
    pub claims: VisitorClaims,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With a changed configuration.
    pub async fn start_with(change: impl FnOnce(&mut kernel::config::Config)) -> Self {
        let app = TestApp::start_with(change).await;
        let mailbox = Arc::new(Recorder::default());
        notifications::install_with(&app.app, mailbox.clone()).expect("a mailer");
        let (tenant, owner, owner_id) = agency(&app, "Northlight").await;
        World { app, mailbox, tenant, owner, owner_id }
    }

    /// Another agency's owner.
    pub async fn stranger(&self) -> Client {
        agency(&self.app, "Southlight").await.1
    }

    /// A member of the agency with a role.
    pub async fn member(&self, role: &str, name: &str) -> (Client, String) {
        let email = format!("{}@example.com", name.to_lowercase());
        let new = NewMember {
            name: name.into(),
            email: email.clone(),
            password: PASSWORD.into(),
            roles: vec![role.into()],
            teams: vec![],
        };
        let context = self.app.app.system("test");
        let add = self.app.app.control(context, async |tx| actions::add_member(tx, self.tenant, new).await);
        add.await.expect("a member");
        sign_in(&self.app, &email).await
    }

    /// A form with this definition, published.
    pub async fn published(&self, draft: Value, settings: Value) -> Published {
        let made = self.owner.post("/v1/forms", json!({"name": "Enquiry", "draft": draft})).await;
        made.expect(201);
        let id = made.text_of("id");
        if settings != json!({}) {
            self.owner.patch(&format!("/v1/forms/{id}"), settings).await.expect(200);
        }
        self.owner.post(&format!("/v1/forms/{id}/versions"), json!({})).await.expect(201);
        self.app.settle().await;
        let form = self.owner.get(&format!("/v1/forms/{id}")).await;
        let widget = WidgetId::parse(&form.text_of("widget")).expect("a widget id");
        Published { id, widget }
    }

    pub fn visitor(&self, form: &Published, session: u8) -> Visitor<'_> {
        let claims = VisitorClaims {
            ts: self.app.clock.now().timestamp(),
            tenant: Some(self.tenant.0),
            widget: Some(form.widget),
            kind: "form".into(),
            origin: "https://client.example".into(),
            page: "https://client.example/contact".into(),
            sid: format!("{session:032x}"),
            ip: "192.0.2.0/24".into(),
            ua: "Firefox".into(),
            risk: 0,
            build: "b1".into(),
            key: "key-1".into(),
        };
        Visitor { world: self, claims }
    }

    /// The edge reports that a form was shown so often.
    pub async fn seen(&self, form: &Published, count: u64) {
        let claims = VisitorClaims::of_the_edge(self.app.clock.now().timestamp());
        let line = json!({"widget": form.widget.to_string(), "origin": "https://client.example", "outcome": "seen", "count": count, "at": claims.ts});
        let edge = Visitor { world: self, claims };
        let report = json!([line]).to_string().into_bytes();
        edge.call("/edge/v1/sightings", "application/json", report).await.expect(204);
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.tenant_query(sql).await.iter().map(|row| row.get::<_, i64>(0)).sum()
    }

    /// Rows of the tenant's own schema.
    pub async fn tenant_query(&self, sql: &str) -> Vec<tokio_postgres::Row> {
        let tenant = self.app.app.tenant(self.tenant).await.expect("the tenant");
        let client = self.app.db.superuser().await;
        client
            .batch_execute(&format!("set search_path = {}, shared", tenant.role.as_str()))
            .await
            .expect("search_path");
        client.query(sql, &[]).await.expect("a query")
    }

    /// Kinds of the tenant's events, oldest first.
    pub async fn events(&self) -> Vec<String> {
        let rows = self.tenant_query("select kind from events order by occurred_at, id").await;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Subjects of what somebody was sent.
    pub async fn mails(&self, to: &str) -> Vec<String> {
        self.app.settle().await;
        let taken = self.mailbox.taken().into_iter().filter(|mail| mail.to == to);
        taken
            .map(|mail| {
                let message = mail_parser::MessageParser::default().parse(&mail.raw).expect("a mail");
                message.subject().unwrap_or_default().to_owned()
            })
            .collect()
    }
}

impl Visitor<'_> {
    pub fn key(mut self, key: &str) -> Self {
        self.claims.key = key.into();
        self
    }
    pub fn risk(mut self, risk: u8) -> Self {
        self.claims.risk = risk;
        self
    }

    /// Any call, signed as the edge signs it.
    pub async fn call(&self, target: &str, kind: &str, body: Vec<u8>) -> Answer {
        let key = self.world.app.app.keys.derive(visitor::EDGE_KEY_INFO);
        let claims = VisitorClaims { ts: self.world.app.clock.now().timestamp(), ..self.claims.clone() };
        let signed = claims.sign(&key, "POST", target, &body);
        let client = self.world.app.anonymous().with(visitor::VISITOR_HEADER, signed.claims);
        let client = client.with(visitor::SIGNATURE_HEADER, signed.signature);
        client.send(reqwest::Method::POST, target, Some(kind), body).await
    }

    /// Sends a form the way the widget does.
    pub async fn submit(&self, version: i32, answers: Value) -> Answer {
        self.send(json!({"version": version, "answers": answers, "filled_ms": 9_000, "honey": "", "attr": {}})).await
    }

    pub async fn send(&self, body: Value) -> Answer {
        self.call("/edge/v1/actions/form", "application/json", body.to_string().into_bytes()).await
    }
}

async fn agency(app: &TestApp, name: &str) -> (TenantId, Client, String) {
    let email = format!("{}@example.com", name.to_lowercase());
    let new = NewAgencyOwner {
        agency: format!("{name} Studio"),
        name: format!("{name} Owner"),
        email: email.clone(),
        password: PASSWORD.into(),
    };
    let context = app.app.system("test");
    let made = app.app.control(context, async |tx| actions::create_agency_with_owner(tx, new).await);
    let (tenant, _) = made.await.expect("an agency");
    let (client, id) = sign_in(app, &email).await;
    (tenant, client, id)
}

pub async fn sign_in(app: &TestApp, email: &str) -> (Client, String) {
    let answer = app.anonymous().post("/v1/sessions", json!({"email": email, "password": PASSWORD})).await;
    answer.expect(201);
    (app.anonymous().bearer(&answer.text_of("access_token")), answer.text_of("user"))
}

/// Two steps: who, and what; a field that only roofs ask, an agreement.
pub fn enquiry() -> Value {
    json!({
        "title": "Enquiry",
        "steps": [
            {"key": "who", "title": "You", "fields": [
                {"key": "name", "type": "text", "label": "Name", "required": true, "maps_to": "name"},
                {"key": "email", "type": "email", "label": "E-mail", "maps_to": "email"},
                {"key": "phone", "type": "phone", "label": "Phone", "maps_to": "phone"}]},
            {"key": "what", "fields": [
                {"key": "kind", "type": "radio", "label": "What", "required": true,
                 "options": [{"value": "roof", "label": "A roof"}, {"value": "wall", "label": "A wall"}]},
                {"key": "area", "type": "number", "label": "Area", "hidden": true, "min": 1},
                {"key": "news", "type": "consent", "text": "Send me news"}]}],
        "rules": [{"when": {"field": "kind", "op": "eq", "value": "roof"},
                   "then": [{"action": "show", "target": "area"}, {"action": "require", "target": "area"}]}],
        "outcome": {"kind": "message", "title": "Thank you"}
    })
}

/// Good answers to [`enquiry`].
pub fn answers() -> Value {
    json!({"name": "Ada Lovelace", "email": "ada@visitor.example", "kind": "wall", "news": true})
}
