//! The platform administration: its own listener and login, and what its verbs do to everybody else.
mod access;
mod accounts;
mod audit;
mod channel;
mod console;
mod edge;
mod embed_keys;
mod flags;
mod fleet;
mod health;
mod impersonations;
mod jobs;
mod plans;
mod revenue;
mod sessions;
mod settings;

use crate::tenants::{Person, World};
use ::identity::admins::{self, NewAdmin};
use ::kernel::{App, Module, ids::TenantId};
use chrono::TimeDelta;
use serde_json::json;
use std::sync::Arc;
use tests::{Answer, Client, TestApp};
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "lantern-ferry-58";
const SECRET: &[u8] = b"twenty bytes of seed";

/// The program, and the administration beside it on the same database and clock.
pub(crate) struct Platform {
    pub(crate) world: World,
    admin_app: Arc<App>,
    url: String,
}

impl Platform {
    pub(crate) async fn start() -> Self {
        Self::over(TestApp::start().await).await
    }

    pub(crate) async fn with(extra: Vec<Module>) -> Self {
        Self::over(TestApp::start_custom(|_| {}, extra).await).await
    }

    async fn over(app: TestApp) -> Self {
        let world = World::with(app);
        let admin_app = admin_api::build(world.app.app.config.clone(), world.app.clock.clone()).unwrap();
        admin_app.set_row_checker(tests::rows::note);
        let running = admin_api::serve(admin_app.clone()).await.unwrap();
        let url = format!("http://{}", running.address);
        Platform { world, admin_app, url }
    }

    pub(crate) fn anonymous(&self) -> Client {
        Client::new(&self.url).with("user-agent", "Firefox/140.0 (Linux)")
    }

    /// Makes an admin with this role (`platform_admin` or `platform_support`) and gives his address.
    pub(crate) async fn hire(&self, role: &str) -> String {
        let email = format!("{role}@platform.example");
        let new = NewAdmin {
            email: email.clone(),
            name: format!("Robin {role}"),
            password: PASSWORD.into(),
            role: role.into(),
            totp_secret: Some(SECRET.to_vec()),
        };
        let app = &self.world.app.app;
        app.control(app.system("test"), async |tx| admins::create(tx, new).await).await.unwrap();
        email
    }

    /// The digits an authenticator app shows now.
    pub(crate) fn code(&self) -> String {
        let totp = Builder::new().with_secret(Secret::from(SECRET.to_vec())).with_account_name("a").build().unwrap();
        totp.generate(u64::try_from(self.world.app.clock.now().timestamp()).unwrap()).to_string()
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Client {
        let body = json!({"email": email, "password": PASSWORD, "code": self.code()});
        let answer = self.anonymous().post("/v1/sessions", body).await;
        answer.expect(201);
        self.anonymous().bearer(&answer.text_of("access_token"))
    }

    /// Somebody who may do everything.
    pub(crate) async fn admin(&self) -> Client {
        let email = self.hire("platform_admin").await;
        self.sign_in(&email).await
    }

    /// Somebody who looks after accounts and may not change the platform.
    pub(crate) async fn support(&self) -> Client {
        let email = self.hire("platform_support").await;
        self.sign_in(&email).await
    }

    /// Until every other process must have noticed.
    pub(crate) fn pass(&self) {
        self.world.app.advance(TimeDelta::seconds(6));
    }

    /// A client of the agency with a published form on [`edge::PAGE`]; somebody works there.
    pub(crate) async fn shop(&self, owner: &Person) -> Shop {
        let tenant = self.world.client(owner, "Dental").await;
        let kim = self.world.member(tenant, "client_admin", "Kim").await;
        let made = kim.client.post("/v1/forms", json!({"name": "Enquiry", "draft": crate::forms::enquiry()})).await;
        made.expect(201);
        let form = made.text_of("id");
        kim.client.post(&format!("/v1/forms/{form}/versions"), json!({})).await.expect(201);
        kim.client.post("/v1/origins", json!({"origin": edge::PAGE})).await.expect(201);
        self.world.app.settle().await;
        let widget = kim.client.get(&format!("/v1/forms/{form}")).await.text_of("widget");
        Shop { tenant, kim, widget }
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.admin_app.stop.cancel();
    }
}

/// A client with a form.
pub(crate) struct Shop {
    pub(crate) tenant: TenantId,
    pub(crate) kim: Person,
    pub(crate) widget: String,
}

/// Values of one field of a page's items.
fn column(answer: &Answer, field: &str) -> Vec<String> {
    let items = answer.expect(200)["items"].as_array().unwrap().clone();
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
