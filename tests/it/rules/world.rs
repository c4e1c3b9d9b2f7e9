//! A world in which every resource exists, in several tenants, made over HTTP as users make it. Each tenant's rows
//! carry a word that stands nowhere else.
use super::{
    api::{Document, Ids},
    samples::{PASSWORD, form, subscription},
};
use crate::identity::device::Device;
use crate::tenants::{Person, World as Base};
use ::kernel::embed::{VisitorClaims, WidgetId, visitor};
use ::kernel::ids::TenantId;
use ::notifications::providers::SendError;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Dns, TestApp};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// All tenants' words begin so: a search for it finds what can be found.
pub const MARKER: &str = "quokka";

/// One tenant with everything in it.
#[derive(Clone)]
pub struct Tenant {
    pub id: TenantId,
    pub schema: String,
    /// The agency to whose family it belongs.
    pub family: TenantId,
    /// The word in its rows.
    pub marker: String,
    /// Who may everything in it.
    pub owner: Client,
    /// A member whose role allows nothing.
    pub idle: Client,
    /// A program that may read everything.
    pub program: Client,
    pub ids: Ids,
}

/// Two agencies with a client each, and a third that is offered clients.
pub struct World {
    pub base: Base,
    pub document: Document,
    pub tenants: Vec<Tenant>,
    pub third: Person,
    pub receiver: MockServer,
    dns: Dns,
}

/// Positions in [`World::tenants`].
pub const AGENCY: usize = 0;
pub const CLIENT: usize = 1;
pub const OTHER_AGENCY: usize = 2;
pub const OTHER_CLIENT: usize = 3;

impl World {
    pub async fn start() -> Self {
        let dns = Dns::start().await;
        let app = TestApp::start_with(|config| config.domains.resolver = dns.address.to_string()).await;
        let base = Base::with(app);
        base.app.db.warm(8).await;
        base.app.expect_outbound_calls();
        base.app.expect_dead_jobs();
        let receiver = MockServer::start().await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&receiver).await;
        let document = Document::of(&base.app.anonymous()).await;
        let third = base.agency("Third").await;
        let mut world = World { base, document, tenants: vec![], third, receiver, dns };
        for name in ["Alder", "Birch"] {
            world.family(name).await;
        }
        world
    }

    /// An agency and its client.
    async fn family(&mut self, name: &str) {
        let owner = self.base.agency(name).await;
        let client = self.base.client(&owner, &format!("{name} Client")).await;
        let admin = self.base.member(client, "client_admin", &format!("{name}Admin")).await;
        let of_client = self.tenant(&admin, owner.tenant, &format!("{MARKER}{}pup", name.to_lowercase())).await;
        let mut of_agency = self.tenant(&owner, owner.tenant, &format!("{MARKER}{}parent", name.to_lowercase())).await;
        self.agency_things(&mut of_agency, &of_client, name).await;
        self.tenants.extend([of_agency, of_client]);
    }

    async fn tenant(&self, boss: &Person, family: TenantId, marker: &str) -> Tenant {
        let schema = self.base.app.app.tenant(boss.tenant).await.expect("the tenant").role.as_str().to_owned();
        let id = boss.tenant;
        let owner = boss.client.clone();
        let mut ids = self.furnish(&owner, id, marker).await;
        self.base.app.settle().await;
        owner.post("/v1/roles", json!({"key": "idle", "name": "Idle", "grants": {}})).await.expect(201);
        let idle = self.base.member(id, "idle", &format!("{marker}idle")).await;
        ids.insert("members".into(), idle.id.to_string());
        let body = json!({"name": "All", "scopes": {"*.read": "all"}});
        let key = owner.post("/v1/api-keys", body).await;
        key.expect(201);
        let program = self.base.app.anonymous().with("x-api-key", key.text_of("secret"));
        self.base.app.settle().await;
        self.listed(&owner, &mut ids).await;
        Tenant { id, schema, family, marker: marker.into(), owner, idle: idle.client, program, ids }
    }

    /// The newest of everything that has a list and is not known yet.
    async fn listed(&self, owner: &Client, ids: &mut Ids) {
        for operation in &self.document.operations {
            let Some(collection) = operation.path.strip_prefix("/v1/").and_then(|p| p.strip_suffix("/{id}")) else {
                continue;
            };
            let page = owner.get(&format!("/v1/{collection}")).await;
            if let Some(id) = page.body["items"][0]["id"].as_str() {
                ids.entry(collection.to_owned()).or_insert_with(|| id.to_owned());
            }
        }
    }

    /// What every tenant has.
    async fn furnish(&self, owner: &Client, tenant: TenantId, marker: &str) -> Ids {
        let mut ids: Ids = [("do-not-contact", "email"), ("versions", "1")]
            .map(|(name, word)| (name.to_owned(), word.to_owned()))
            .into();
        let mut keep = |name: &str, id: String| ids.insert(name.to_owned(), id);
        let make = async |path: &str, body: Value| {
            let made = owner.post(path, body).await;
            made.expect(201).clone()
        };
        let id = |made: &Value| made["id"].as_str().expect("an id").to_owned();
        keep("contact-stages", id(&make("/v1/contact-stages", json!({"label": marker})).await));
        let tag = make("/v1/tags", json!({"name": marker})).await;
        keep("tags", id(&tag));
        let kept = make("/v1/tags", json!({"name": format!("{marker} kept")})).await;
        keep("kept_tags", id(&kept));
        keep("saved-views", id(&make("/v1/saved-views", json!({"name": marker, "q": marker})).await));
        let body = json!({"name": marker, "description": marker, "kind": "static"});
        keep("segments", id(&make("/v1/segments", body).await));
        let body = json!({"record": "contact", "key": "mark", "label": marker, "type": "text", "help": marker});
        keep("custom-fields", id(&make("/v1/custom-fields", body).await));
        let email = format!("{marker}@example.com");
        let body = json!({"first_name": marker, "company_name": marker, "tags": [marker], "emails": [{"address": email}], "custom": {"mark": marker}});
        let contact = id(&make("/v1/contacts", body).await);
        // Somebody who may be the same, and two who are.
        let twin = |n: i32| json!({"first_name": marker, "last_name": format!("Twin {n}"), "company_name": marker});
        let body = json!({"first_name": marker, "emails": [{"address": email}]});
        make("/v1/contacts", body).await;
        let (one, other) = (id(&make("/v1/contacts", twin(1)).await), id(&make("/v1/contacts", twin(2)).await));
        keep("contact-merges", id(&make("/v1/contact-merges", json!({"kept": one, "merged": [other]})).await));
        keep("kept_contacts", id(&make("/v1/contacts", twin(3)).await));
        keep("contact-duplicate-runs", id(&make("/v1/contact-duplicate-runs", json!({"kind": "scan"})).await));
        let body = json!({"contacts": [contact], "change": {"add_tags": [marker]}});
        keep("contact-bulk-runs", id(&make("/v1/contact-bulk-runs", body).await));
        let path = format!("/v1/contacts/{contact}");
        let body = json!({"purpose": "news", "state": "granted", "text": marker, "evidence": {"note": marker}});
        make(&format!("{path}/consents"), body).await;
        owner.put(&format!("{path}/do-not-contact/email"), json!({"reason": marker})).await.expect(204);
        keep("notes", id(&make(&format!("{path}/notes"), json!({"body": marker})).await));
        let body = json!({"kind": "call", "title": marker, "body": marker});
        keep("activities", id(&make(&format!("{path}/activities"), body).await));
        keep("data-requests", id(&make("/v1/data-requests", json!({"contact": contact, "kind": "export"})).await));
        let body =
            json!({"name": marker, "industry": marker, "description": marker, "website": format!("{marker}.example")});
        let company = id(&make("/v1/companies", body).await);
        let roles = json!({"roles": ["decision_maker"], "primary": true});
        owner.put(&format!("/v1/companies/{company}/contacts/{contact}"), roles).await.expect(200);
        let body = json!({"companies": [company], "change": {"industry": marker}});
        keep("company-bulk-runs", id(&make("/v1/company-bulk-runs", body).await));
        keep("companies", company);
        // One that may be the same, and two that are one.
        let twin = |name: &str| json!({"name": format!("{marker} {name}"), "website": format!("{marker}.example")});
        let (one, other) =
            (id(&make("/v1/companies", twin("One")).await), id(&make("/v1/companies", twin("Two")).await));
        keep("company-merges", id(&make("/v1/company-merges", json!({"kept": one, "merged": [other]})).await));
        keep("kept_companies", id(&make("/v1/companies", twin("Three")).await));
        keep("company-duplicate-runs", id(&make("/v1/company-duplicate-runs", json!({"kind": "scan"})).await));
        let body = json!({"name": marker, "stages": [{"name": marker}], "reasons": [marker]});
        let pipeline = make("/v1/pipelines", body).await;
        keep("stages", id(&pipeline["stages"][0]));
        let body =
            json!({"title": marker, "pipeline": pipeline["id"], "source": marker, "contacts": [{"contact": contact}]});
        let deal = id(&make("/v1/deals", body).await);
        let body = json!({"deals": [deal], "change": {"expected_close": "2026-12-24"}});
        keep("deal-bulk-runs", id(&make("/v1/deal-bulk-runs", body).await));
        keep("deals", deal);
        let body = json!({"title": marker, "description": marker, "due_on": "2026-11-20", "contact": contact});
        keep("tasks", id(&make("/v1/tasks", body).await));
        let body = json!({"name": marker, "steps": [{"day": 1, "title": marker}]});
        let sequence = id(&make("/v1/sequences", body).await);
        let run = make("/v1/enrolments", json!({"sequence": sequence, "contacts": [contact]})).await;
        keep("enrolments", id(&run["items"][0]));
        keep("sequences", sequence);
        let body =
            json!({"name": marker, "cause": "activity", "topic": "invoice", "wait_days": 1, "task_title": marker});
        keep("follow-up-rules", id(&make("/v1/follow-up-rules", body).await));
        keep("holidays", id(&make("/v1/holidays", json!({"day": "2027-05-01", "name": marker})).await));
        keep("pipelines", id(&pipeline));
        let people = owner.get("/v1/members").await;
        let member = id(&people.expect(200)["items"][0]);
        let body = json!({"name": marker, "mode": "least_busy", "sources": [marker], "members": [{"member": member}]});
        keep("assignment-rules", id(&make("/v1/assignment-rules", body).await));
        let body = json!({"currency": "NOK", "rate": "0.09", "valid_from": "2026-01-01"});
        keep("exchange-rates", id(&make("/v1/exchange-rates", body).await));
        owner.put(&format!("/v1/deal-absences/{member}"), json!({"until": "2026-12-01"})).await.expect(200);
        let body = json!({"spans": [{"day": 1, "from": "08:00", "until": "12:00"}]});
        owner.put(&format!("/v1/member-hours/{member}"), body).await.expect(200);
        keep("member-hours", member.clone());
        let body = json!({"member": member, "from": "2027-05-01", "until": "2027-05-02"});
        keep("member-absences", id(&make("/v1/member-absences", body).await));
        keep("followers", member.clone());
        keep("deal-absences", member);
        let me = owner.get("/v1/me").await;
        let body = json!({"name": marker, "kind": "overview", "span": "last_month", "cadence": "daily", "minute": 480,
            "recipients": [me.expect(200)["user"]["id"]]});
        let schedule = id(&make("/v1/report-schedules", body).await);
        keep("report-runs", id(&make(&format!("/v1/report-schedules/{schedule}/runs"), json!({})).await));
        keep("report-schedules", schedule);
        // Two by hand are never of the same moment.
        self.base.app.advance(chrono::TimeDelta::microseconds(1));
        let body = json!({"contact": contact, "kind": "birthday", "label": marker, "date_kind": "yearly", "month": 11, "day": 22});
        keep("occasions", id(&make("/v1/occasions", body).await));
        let body = json!({"name": marker, "kinds": ["birthday"], "subject": marker, "body": marker, "enabled": true});
        let greeting = id(&make("/v1/greetings", body).await);
        keep("greeting-batches", self.batch(tenant, &greeting).await);
        let body = json!({"greeting": greeting, "contact": contact, "day": "2026-11-22"});
        keep("greeting-sends", id(&make("/v1/greeting-sends", body).await));
        keep("greetings", greeting);
        keep("greeting-unsubscribes", self.unsubscribe(tenant, &contact));
        let path = format!("/v1/files?name={marker}.txt");
        let file = owner.send(Method::POST, &path, Some("application/octet-stream"), marker.into()).await;
        let body = json!({"contact": contact, "file": id(file.expect(201)), "note": marker});
        keep("attachments", id(&make("/v1/attachments", body).await));
        keep("contacts", contact);
        let file = owner.send(Method::POST, &path, Some("application/octet-stream"), marker.into()).await;
        keep("files", id(file.expect(201)));
        let link = owner.post(&format!("/v1/files/{}/links", id(&file.body)), json!({})).await;
        let url = link.expect(201)["url"].as_str().expect("a link").to_owned();
        keep("downloads", url.rsplit('/').next().expect("a token").to_owned());
        let path = format!("/v1/files?name={marker}.csv");
        let list = format!("name,email\n{marker},{marker}@list.example\n");
        let file = owner.send(Method::POST, &path, Some("application/octet-stream"), list.into()).await;
        keep("contact-imports", id(&make("/v1/contact-imports", json!({"file": id(file.expect(201))})).await));
        let body = json!({"key": marker, "name": marker, "grants": {"contacts.read": "own"}});
        let role = id(&make("/v1/roles", body).await);
        let body = json!({"email": format!("{marker}@invited.example"), "roles": [role]});
        keep("invitations", id(&make("/v1/invitations", body).await));
        keep("roles", role);
        keep("teams", id(&make("/v1/teams", json!({"name": marker})).await));
        keep("origins", id(&make("/v1/origins", json!({"origin": format!("https://{marker}.example")})).await));
        // Proven, so that everything can be done with them; links name the first one.
        for host in ["crm", "desk"] {
            let domain = make("/v1/domains", json!({"host": format!("{host}.{marker}.example")})).await;
            self.dns.prove(&domain);
            let look = format!("/v1/domains/{}/look", id(&domain));
            owner.post(&look, json!({})).await.expect(200);
            keep("domains", id(&domain));
        }
        owner.put("/v1/brand", json!({"name": marker})).await.expect(200);
        let body = json!({"name": marker, "url": format!("{}/{marker}", self.receiver.uri()), "kinds": ["webhook.*"]});
        let webhook = make("/v1/webhooks", body).await;
        let webhook = id(&webhook["webhook"]);
        make(&format!("/v1/webhooks/{webhook}/test"), json!({})).await;
        keep("webhooks", webhook);
        let begun = make("/v1/passkeys/options", json!({"password": PASSWORD})).await;
        let credential = Device::new("http://console.test", "console.test").create(&begun["options"]);
        let body = json!({"ceremony": begun["ceremony"], "name": marker, "credential": credential});
        keep("passkeys", id(&make("/v1/passkeys", body).await));
        let body = json!({"email": format!("{marker}@moved.example"), "password": PASSWORD});
        keep("email-changes", id(&make("/v1/email-changes", body).await));
        keep(
            "push-subscriptions",
            id(&make("/v1/push-subscriptions", subscription(&format!("{}/{marker}", self.receiver.uri()))).await),
        );
        let muted = make("/v1/notification-mutes", json!({"kind": "occasion.renewal"})).await;
        keep("notification-mutes", id(&muted));
        let (form, submission) = self.form(owner, tenant, marker).await;
        keep("forms", form);
        keep("submissions", submission);
        // One of its mails came to nothing, so that it can be tried again.
        self.base.mailbox.answer_next(Err(SendError::Refused(marker.to_owned())));
        self.base.app.settle().await;
        let failed = owner.get("/v1/mails?filter=state:eq:failed").await;
        if let Some(mail) = failed.body["items"][0]["id"].as_str() {
            keep("mails", mail.to_owned());
        }
        ids
    }

    /// What waits for approval: made when somebody looks whom to greet, which here nobody does.
    async fn batch(&self, tenant: TenantId, greeting: &str) -> String {
        let schema = self.base.app.app.tenant(tenant).await.expect("the tenant").role.as_str().to_owned();
        let id = kernel::ids::new_uuid(self.base.app.clock.now());
        let greeting = greeting.strip_prefix("gre_").and_then(kernel::ids::decode).expect("an id");
        let insert =
            "insert into greeting_batches (id, greeting_id, day, state, greeting_version, created_at, updated_at)
            values ($1, $2, '2026-11-22', 'waiting', 1, now(), now())";
        let client = self.base.app.db.superuser().await;
        client.batch_execute(&format!("set search_path = {schema}, shared")).await.expect("search_path");
        client.execute(insert, &[&id, &greeting]).await.expect("a batch");
        format!("gba_{}", kernel::ids::encode(id))
    }

    /// The link of a greeting by which its reader opts out.
    fn unsubscribe(&self, tenant: TenantId, contact: &str) -> String {
        let (app, ttl) = (&self.base.app, chrono::TimeDelta::days(1));
        let claims = json!({"tenant": tenant, "contact": contact});
        app.app.keys.sign("greeting-unsubscribe", &claims, app.clock.now(), ttl).expect("a link")
    }

    /// A published form that a visitor sent.
    async fn form(&self, owner: &Client, tenant: TenantId, marker: &str) -> (String, String) {
        let me = owner.get("/v1/me").await;
        let user = me.expect(200)["user"]["id"].clone();
        let made = owner.post("/v1/forms", json!({"name": marker, "draft": form(), "responsible": user})).await;
        made.expect(201);
        let id = made.text_of("id");
        owner.post(&format!("/v1/forms/{id}/versions"), json!({})).await.expect(201);
        self.base.app.settle().await;
        let widget = owner.get(&format!("/v1/forms/{id}")).await.text_of("widget");
        let sent = self.submit(tenant, &widget, marker).await;
        (id, sent)
    }

    async fn submit(&self, tenant: TenantId, widget: &str, marker: &str) -> String {
        let target = "/edge/v1/actions/form";
        let answers = json!({"name": marker, "email": format!("{marker}@visitor.example")});
        let body = json!({"version": 1, "answers": answers, "filled_ms": 9_000, "honey": "", "attr": {}}).to_string();
        let claims = VisitorClaims {
            ts: self.base.app.clock.now().timestamp(),
            tenant: Some(tenant.0),
            widget: WidgetId::parse(widget),
            kind: "form".into(),
            origin: "https://client.example".into(),
            page: "https://client.example/contact".into(),
            sid: format!("{:032x}", 1),
            ip: "192.0.2.0/24".into(),
            ua: "Firefox".into(),
            risk: 0,
            build: "b1".into(),
            key: format!("key-{marker}"),
        };
        let key = self.base.app.app.keys.derive(visitor::EDGE_KEY_INFO);
        let signed = claims.sign(&key, "POST", target, body.as_bytes());
        let edge = self.base.app.anonymous().with(visitor::VISITOR_HEADER, signed.claims);
        let edge = edge.with(visitor::SIGNATURE_HEADER, signed.signature);
        let sent = edge.send(Method::POST, target, Some("application/json"), body.into_bytes()).await;
        sent.expect(201);
        sent.text_of("submission")
    }

    /// What only agencies have: clients, offers, impersonations.
    async fn agency_things(&self, agency: &mut Tenant, client: &Tenant, name: &str) {
        let own = client.id.to_string();
        let body = json!({"client_id": own, "agency_id": self.third.tenant.to_string(), "note": agency.marker});
        let offer = agency.owner.post("/v1/transfers", body).await;
        offer.expect(201);
        let reason = format!("{} looks into it", agency.marker);
        let body = json!({"tenant": own, "reason": reason, "minutes": 60});
        let started = agency.owner.post("/v1/impersonations", body).await;
        let impersonation = started.expect(201)["impersonation"]["id"].as_str().expect("an id").to_owned();
        agency.ids.extend([
            ("clients".to_owned(), own.clone()),
            ("tenants".to_owned(), own),
            ("client_name".to_owned(), format!("{name} Client")),
            ("transfers".to_owned(), offer.text_of("id")),
            ("impersonations".to_owned(), impersonation),
            ("third".to_owned(), self.third.tenant.to_string()),
        ]);
    }

    /// Somebody signed in anew: what ends sessions must not end the world's.
    pub async fn fresh(&self, tenant: TenantId, email: &str) -> (Client, String) {
        let body = json!({"email": email, "password": PASSWORD, "tenant": tenant.to_string()});
        let answer = self.base.app.anonymous().post("/v1/sessions", body).await;
        answer.expect(201);
        (self.base.app.anonymous().bearer(&answer.text_of("access_token")), answer.text_of("refresh_token"))
    }
}
