//! People, sign-in, members, roles, keys: over HTTP, with the mails that were sent.
mod access;
mod admins;
mod api_keys;
mod changes;
pub(crate) mod device;
mod email_changes;
mod exports;
mod impersonations;
mod invitations;
mod members;
mod passkeys;
mod password_resets;
mod passwords;
mod roles;
mod sessions;
mod sign_ups;
mod teams;
mod totp;
mod users;

use chrono::TimeDelta;
use identity::users::{actions, model::NewAgencyOwner, model::NewMember};
use kernel::ids::{TenantId, UserId};
use notifications::providers::fake::Recorder;
use serde_json::{Value, json};
use std::sync::Arc;
use tests::{Answer, Client, TestApp};

/// A password nobody objects to.
const PASSWORD: &str = "lantern-ferry-58";
/// Another one.
const OTHER: &str = "copper window 1977";

/// The program with a mailbox for everybody.
struct World {
    app: TestApp,
    mailbox: Arc<Recorder>,
}

/// Somebody signed in.
#[derive(Clone)]
struct Person {
    id: UserId,
    tenant: TenantId,
    email: String,
    client: Client,
    access: String,
    refresh: String,
    session: String,
}

impl World {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(change: impl FnOnce(&mut kernel::config::Config)) -> Self {
        let app = TestApp::start_with(change).await;
        let mailbox = Arc::new(Recorder::default());
        notifications::install_with(&app.app, mailbox.clone()).expect("a mailer");
        World { app, mailbox }
    }

    fn anonymous(&self) -> Client {
        self.app.anonymous().with("user-agent", "Firefox/140.0 (Linux)")
    }

    /// An agency with its signed-in owner.
    async fn agency(&self, name: &str) -> Person {
        let email = format!("{}@example.com", name.to_lowercase());
        let new = NewAgencyOwner {
            agency: format!("{name} Studio"),
            name: format!("{name} Owner"),
            email: email.clone(),
            password: PASSWORD.into(),
        };
        let made = self
            .app
            .app
            .control(self.app.app.system("test"), async |tx| actions::create_agency_with_owner(tx, new).await);
        made.await.expect("an agency");
        self.sign_in(&email).await
    }

    /// A client of an agency, without people.
    async fn client(&self, agency: TenantId, name: &str) -> TenantId {
        let new = tenants::tenants::NewTenant {
            kind: kernel::tenancy::TenantKind::Client,
            parent: Some(agency),
            ..tenants::tenants::NewTenant::agency(name)
        };
        let open = self.app.app.control(self.app.app.system("test"), async |tx| tenants::tenants::open(tx, new).await);
        open.await.expect("a client")
    }

    /// A member with one role, signed in there.
    async fn member(&self, tenant: TenantId, role: &str, name: &str) -> Person {
        let email = format!("{}@example.com", name.to_lowercase());
        let new = NewMember {
            name: name.into(),
            email: email.clone(),
            password: PASSWORD.into(),
            roles: vec![role.into()],
            teams: vec![],
        };
        let add =
            self.app.app.control(self.app.app.system("test"), async |tx| actions::add_member(tx, tenant, new).await);
        add.await.expect("a member");
        let body = json!({"email": email, "password": PASSWORD, "tenant": tenant.to_string()});
        self.person(&email, &self.anonymous().post("/v1/sessions", body).await)
    }

    async fn sign_in(&self, email: &str) -> Person {
        let answer = self.anonymous().post("/v1/sessions", json!({"email": email, "password": PASSWORD})).await;
        self.person(email, &answer)
    }

    fn person(&self, email: &str, answer: &Answer) -> Person {
        answer.expect(201);
        let access = answer.text_of("access_token");
        Person {
            id: answer.text_of("user").parse().expect("a user id"),
            tenant: answer.text_of("tenant").parse().expect("a tenant id"),
            email: email.into(),
            client: self.anonymous().bearer(&access),
            refresh: answer.text_of("refresh_token"),
            session: answer.text_of("session"),
            access,
        }
    }

    fn advance(&self, seconds: i64) {
        self.app.advance(TimeDelta::seconds(seconds));
    }

    /// Subjects and plain texts of what somebody got, after everything that waits was sent.
    async fn mails(&self, email: &str) -> Vec<(String, String)> {
        self.app.settle().await;
        let taken = self.mailbox.taken().into_iter().filter(|mail| mail.to == email);
        taken
            .map(|mail| {
                let message = mail_parser::MessageParser::default().parse(&mail.raw).expect("a mail");
                let text = message.body_text(0).expect("a plain text").into_owned();
                (message.subject().unwrap_or_default().to_owned(), text)
            })
            .collect()
    }

    /// The token of the newest link somebody got.
    async fn token(&self, email: &str) -> String {
        let mails = self.mails(email).await;
        let (_, text) = mails.iter().rev().find(|(_, text)| text.contains("#token=")).expect("a mail with a link");
        let rest = text.split("#token=").nth(1).expect("a token");
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
    }

    /// Kinds of facts recorded in the control plane about a tenant, oldest first.
    async fn recorded(&self, tenant: TenantId) -> Vec<String> {
        let client = self.app.db.superuser().await;
        let rows = client
            .query("select kind from control.audit_events where tenant_id = $1 order by occurred_at, id", &[&tenant.0])
            .await
            .expect("events");
        rows.iter().map(|row| row.get(0)).collect()
    }

    async fn count(&self, sql: &str) -> i64 {
        self.app.db.superuser().await.query_one(sql, &[]).await.expect("a count").get(0)
    }
}

impl Person {
    /// The same person, acting in a client of his agency.
    fn acting_in(&self, tenant: TenantId) -> Client {
        self.client.with("upzento-tenant", tenant.to_string())
    }
}

/// Id of a role by its key.
async fn role(client: &Client, key: &str) -> String {
    let page = client.get(&format!("/v1/roles?filter=key:eq:{key}")).await;
    page.expect(200)["items"][0]["id"].as_str().expect("the role").to_owned()
}

/// Codes of refused fields with their pointers.
fn refused(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.problem(422, "invalid")["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    errors.iter().map(|e| (text(e, "field"), text(e, "code"))).collect()
}
