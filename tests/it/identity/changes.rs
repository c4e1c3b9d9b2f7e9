//! Two servers on one database: what one of them changes counts on the other one.
use super::*;
use kernel::{App, tenancy::memory::Hearing};

/// Another server. Time stands still in tests, so it believes what it once read until it hears of a change.
struct Other {
    app: Arc<App>,
    url: String,
}

impl Other {
    async fn start(world: &World) -> Self {
        let app = App::new(TestApp::config(&world.app.db), world.app.clock.clone(), server::modules::all())
            .expect("a program");
        server::modules::install(&app).expect("installed modules");
        tokio::spawn(kernel::tenancy::memory::listen_forever(app.clone()));
        app.changes.hearing().wait_for(|now| now.listening).await.expect("it listens");
        let running = server::serve(app.clone(), None).await.expect("a server");
        Other { url: format!("http://{}", running.address), app }
    }

    fn person(&self, access: &str) -> Client {
        Client::new(&self.url).bearer(access)
    }

    /// Lets something happen and waits until it was heard of.
    async fn hears<T>(&self, happening: impl Future<Output = T>) -> T {
        let Hearing { changes, .. } = *self.app.changes.hearing().borrow();
        let done = happening.await;
        self.app.changes.hearing().wait_for(|now| now.changes > changes).await.expect("it listens");
        done
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.app.stop.cancel();
    }
}

#[tokio::test]
async fn what_is_taken_away_on_one_server_is_gone_on_the_other() {
    let world = World::start().await;
    let other = Other::start(&world).await;
    let mira = world.agency("Mira").await;
    let shop = world.client(mira.tenant, "Shop").await;

    // A key that is revoked.
    let made = mira.client.post("/v1/api-keys", json!({"name": "Website", "scopes": {"*.read": "all"}})).await;
    let program = Client::new(&other.url).with("x-api-key", made.text_of("secret"));
    program.get("/v1/members").await.expect(200);
    let key = format!("/v1/api-keys/{}", made.body["api_key"]["id"].as_str().expect("an id"));
    other.hears(mira.client.delete(&key)).await.expect(204);
    program.get("/v1/members").await.problem(401, "api_key_invalid");

    // A role that is given, and taken.
    let clerk = world.member(shop, "client_admin", "Clerk").await;
    let there = other.person(&clerk.access);
    there.get("/v1/members").await.expect(200);
    let staff = role(&clerk.client, "client_staff").await;
    let member = format!("/v1/members/{}", clerk.id);
    let change = mira.acting_in(shop);
    let etag = change.get(&member).await.etag();
    other.hears(change.with("if-match", etag).patch(&member, json!({"roles": [staff]}))).await.expect(200);
    there.get("/v1/api-keys").await.problem(403, "permission_missing");

    // A session that is ended, a person who is removed, an account that is suspended.
    other.hears(clerk.client.delete("/v1/sessions/current")).await.expect(204);
    there.get("/v1/me").await.problem(401, "session_ended");
    let visitor = world.member(shop, "client_admin", "Vera").await;
    let vera = other.person(&visitor.access);
    vera.get("/v1/me").await.expect(200);
    other.hears(change.delete(&format!("/v1/members/{}", visitor.id))).await.expect(204);
    vera.get("/v1/me").await.problem(401, "session_ended");
    let owner = world.member(shop, "client_admin", "Olga").await;
    let olga = other.person(&owner.access);
    olga.get("/v1/members").await.expect(200);
    let suspend = format!("/v1/clients/{shop}/suspension");
    other.hears(mira.client.post(&suspend, json!({"reason": "Bill not paid"}))).await.expect(201);
    olga.get("/v1/members").await.problem(403, "tenant_suspended");
}

#[tokio::test]
async fn what_an_account_has_changes_on_every_server() {
    let world = World::start().await;
    let other = Other::start(&world).await;
    let mira = world.agency("Mira").await;
    let there = other.person(&mira.access);
    there.get("/v1/contacts").await.expect(200);
    let database = world.app.db.superuser().await;
    let off = "insert into control.tenant_modules (tenant_id, module, enabled, updated_at) values ($1, 'contacts', false, now())";
    other.hears(database.execute(off, &[&mira.tenant.0])).await.expect("switched off");
    there.get("/v1/contacts").await.problem(403, "module_off");
    other.hears(database.execute("delete from control.tenant_modules", &[])).await.expect("switched on");
    there.get("/v1/contacts").await.expect(200);
    // A plan of the agency counts for its clients.
    let shop = world.client(mira.tenant, "Shop").await;
    let plan = async || there.with("upzento-tenant", shop.to_string()).get("/v1/plans/current").await;
    assert_eq!(plan().await.expect(200)["plan"], Value::Null);
    let give = "update control.tenants set plan_id = (select id from control.plans where key = 'normal') where id = $1";
    other.hears(database.execute(give, &[&mira.tenant.0])).await.expect("a plan");
    assert_eq!(plan().await.expect(200)["limits"]["contacts"], 10_000);
}

#[tokio::test]
async fn a_server_that_lost_its_line_hears_again_and_forgets_what_it_missed() {
    let world = World::start().await;
    let other = Other::start(&world).await;
    let mira = world.agency("Mira").await;
    let there = other.person(&mira.access);
    there.get("/v1/me").await.expect(200);
    let database = world.app.db.superuser().await;
    let mut hearing = other.app.changes.hearing();
    // In one statement, so that the session ends while nobody listens.
    let cut = "with ended as (update control.sessions set revoked_at = now(), revoked_because = 'everywhere')
               select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and query ilike 'listen%' or query = 'select 1'";
    hearing.mark_unchanged();
    database.batch_execute(cut).await.expect("cut");
    let before = *hearing.borrow();
    hearing.wait_for(|now| now.listening && now.changes > before.changes).await.expect("it listens again");
    there.get("/v1/me").await.problem(401, "session_ended");
}
