//! Every write that succeeds records an event: in the tenant's log or in the control plane's, before it answers.
//! Nothing runs in the background here, so what is found was written by the request itself. The operations come from
//! the document; they are tried until whatever they need has happened, in any order.
use super::{
    api::{Document, Operation},
    samples::PASSWORD,
    world::{AGENCY, CLIENT, Tenant, World},
};
use crate::identity::device::Device;
use crate::tenants::Person;
use ::kernel::ids::TenantId;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::{Answer, Client};
use totp_rs::{Builder, Secret};

/// Writes that leave no event, and why.
const SILENT: &[(&str, &str)] = &[
    ("PATCH /v1/notifications/{id}", "what one read is nobody's business"),
    ("POST /v1/domains/{id}/look", "it only looks; what it finds is recorded when it changes something"),
    ("POST /v1/custom-fields/formula-trials", "it only computes; nothing is kept"),
    ("POST /v1/attachments/{id}/links", "a way to read for ten minutes; reading leaves no event"),
    ("POST /v1/email-changes/{id}/mails", "the same wish, with a new link"),
    ("POST /v1/files/{id}/links", "a way to read for ten minutes; reading leaves no event"),
    ("POST /v1/greetings/preview", "it only looks"),
    ("POST /v1/notifications/read-all", "what one read is nobody's business"),
    ("POST /v1/passkeys/options", "nothing changes before the device has answered"),
    (
        "POST /v1/password-resets",
        "answers the same whether there is such a person; what is done with the link is recorded",
    ),
    ("POST /v1/scoring/preview", "it only looks"),
    ("POST /v1/segments/preview", "it only looks"),
    ("POST /v1/sessions/passkey-options", "nothing changes before the device has answered"),
    ("POST /v1/sessions/refresh", "the same session, with a new token"),
    ("POST /v1/sessions/switch", "the same session, with a token for another tenant"),
    ("POST /v1/sign-ups", "nothing exists before the address is proven"),
    ("POST /v1/totp", "nothing changes before a code is confirmed"),
    ("POST /v1/widgets/{id}/install-tests", "it only looks"),
];

/// Writes that no call of this test made succeed; empty is the aim. A file is scanned once more only where a scanner failed, and
/// `tests/it/files/scans.rs` has one.
const UNCOVERED: &[&str] = &["POST /v1/files/{id}/scans"];

/// Events recorded so far, anywhere.
struct Log {
    client: tokio_postgres::Client,
    count: String,
}

impl Log {
    async fn of(world: &World) -> Self {
        let client = world.base.app.db.superuser().await;
        let schemas = "select schema_name from control.tenants where schema_name is not null";
        let rows = client.query(schemas, &[]).await.expect("schemas");
        let parts = rows.iter().map(|row| format!("(select count(*) from {}.events)", row.get::<_, String>(0)));
        let count = parts.fold("select (select count(*) from control.audit_events)".to_owned(), |a, b| a + " + " + &b);
        Log { client, count }
    }

    async fn count(&self) -> i64 {
        self.client.query_one(&self.count, &[]).await.expect("a count").get(0)
    }
}

/// What became of each write.
struct Run<'a> {
    world: &'a World,
    log: Log,
    /// Writes that succeeded, with the events they left.
    done: BTreeMap<String, i64>,
    /// The last answer of each that did not.
    refused: BTreeMap<String, String>,
    spares: u32,
}

impl Run<'_> {
    /// Sends something and notes what it left.
    async fn note(&mut self, name: &str, send: impl Future<Output = Answer>) -> Answer {
        let before = self.log.count().await;
        let answer = send.await;
        if (200..300).contains(&answer.status) {
            let left = self.log.count().await - before;
            self.refused.remove(name);
            self.done.entry(name.to_owned()).or_insert(left);
        } else if !self.done.contains_key(name) {
            self.refused.insert(name.to_owned(), format!("{} {}", answer.status, answer.text));
        }
        answer
    }

    async fn post(&mut self, client: &Client, path: &str, body: Value) -> Answer {
        self.note(&format!("POST {path}"), client.post(path, body)).await
    }

    /// Somebody with all rights, for what changes the one who asks.
    async fn spare(&mut self, tenant: TenantId, role: &str) -> (Person, String) {
        self.spares += 1;
        let name = format!("Spare{}", self.spares);
        (self.world.base.member(tenant, role, &name).await, format!("{}@example.com", name.to_lowercase()))
    }

    /// One try of an operation.
    async fn try_once(&mut self, operation: &Operation, tenant: &mut Tenant) {
        let name = operation.name();
        let mut ids = tenant.ids.clone();
        let mut caller = tenant.owner.clone();
        let own = ["/v1/sessions", "/v1/password"];
        if operation.path == "/v1/impersonations" {
            // Somebody of the client in whose place the agency works.
            ids.insert("members".into(), self.world.tenants[CLIENT].ids["members"].clone());
        } else if name == "DELETE /v1/roles/{id}" {
            let body = json!({"key": "unused", "name": "Unused", "grants": {}});
            ids.insert("roles".into(), caller.post("/v1/roles", body).await.text_of("id"));
        } else if name == "POST /v1/tags/{id}/merger" {
            let made = caller.post("/v1/tags", json!({"name": "Unused"})).await;
            ids.insert("tags".into(), made.text_of("id"));
        } else if name == "DELETE /v1/pipelines/{id}" {
            let body = json!({"name": "Unused", "stages": [{"name": "Only"}]});
            ids.insert("pipelines".into(), caller.post("/v1/pipelines", body).await.text_of("id"));
        } else if name == "DELETE /v1/custom-fields/{id}" {
            let body = json!({"record": "deal", "label": "Unused", "type": "text"});
            let made = caller.post("/v1/custom-fields", body).await.text_of("id");
            caller.patch(&format!("/v1/custom-fields/{made}"), json!({"archived": true})).await;
            ids.insert("custom-fields".into(), made);
        } else if let Some(runs) = ["contact-duplicate-runs", "company-duplicate-runs"]
            .into_iter()
            .find(|runs| name == format!("POST /v1/{runs}/{{id}}/cancellation"))
        {
            let made = caller.post(&format!("/v1/{runs}"), json!({"kind": "merge", "confidence": 100})).await;
            ids.insert(runs.into(), made.text_of("id"));
        } else if let Some(of) = ["contact", "company", "deal"]
            .iter()
            .find(|of| name.starts_with(&format!("POST /v1/{of}-bulk-runs/{{id}}/")))
        {
            let (many, change) = match *of {
                "contact" => ("contacts", json!({"stage": "won"})),
                "company" => ("companies", json!({"tier": "gold"})),
                _ => ("deals", json!({"expected_close": "2026-12-31"})),
            };
            let runs = format!("{of}-bulk-runs");
            let body = json!({(many): [ids[many]], "change": change});
            let made = caller.post(&format!("/v1/{runs}"), body).await.text_of("id");
            if name.ends_with("/undo") {
                caller.post(&format!("/v1/{runs}/{made}/cancellation"), json!({})).await;
            }
            ids.insert(runs, made);
        } else if name == "POST /v1/tasks/{id}/snooze" {
            ids.insert("tasks".into(), caller.post("/v1/tasks", json!({"title": "Late"})).await.text_of("id"));
        } else if name.contains("/v1/enrolments") || name.contains("/v1/follow-ups/") {
            let body = json!({"first_name": "Late"});
            let contact = caller.post("/v1/contacts", body).await.text_of("id");
            if name != "POST /v1/enrolments" {
                let run = json!({"sequence": ids["sequences"], "contacts": [contact]});
                let run = caller.post("/v1/enrolments", run).await.body["items"][0]["id"].clone();
                let run = run.as_str().unwrap_or_default().to_owned();
                if name.ends_with("/enrolments/{id}/resumption") {
                    caller.post(&format!("/v1/enrolments/{run}/pause"), json!({})).await;
                }
                let steps = caller.get(&format!("/v1/follow-ups?filter=enrolment:eq:{run}")).await;
                let step = steps.body["items"][0]["id"].as_str().unwrap_or_default().to_owned();
                if name.ends_with("/follow-ups/{id}/resumption") {
                    caller.post(&format!("/v1/follow-ups/{step}/pause"), json!({})).await;
                }
                ids.extend([("enrolments".to_owned(), run), ("follow-ups".to_owned(), step)]);
            }
            ids.insert("contacts".into(), contact);
        } else if name == "DELETE /v1/sequences/{id}" {
            let body = json!({"name": "Unused", "steps": [{"day": 1, "title": "Ring"}]});
            ids.insert("sequences".into(), caller.post("/v1/sequences", body).await.text_of("id"));
        } else if operation.path.starts_with("/v1/invitations/{id}") {
            let body = json!({"email": format!("{}@invited.example", operation.method), "roles": [ids["roles"]]});
            ids.insert("invitations".into(), caller.post("/v1/invitations", body).await.text_of("id"));
        }
        if operation.path.starts_with("/v1/contact-imports") {
            ids.extend(self.import(&caller, &name).await);
        }
        if operation.public {
            caller = self.world.base.app.anonymous();
        } else if name.ends_with("/acceptance") || name.ends_with("/refusal") {
            caller = self.world.third.client.clone();
        }
        if own.iter().any(|path| operation.path.starts_with(path)) {
            let (spare, email) = self.spare(tenant.id, "agency_owner").await;
            let (client, refresh) = self.world.fresh(tenant.id, &email).await;
            let sessions = client.get("/v1/sessions").await;
            let session = sessions.body["items"][0]["id"].as_str().unwrap_or_default().to_owned();
            let known =
                [("sessions", session), ("email", email), ("refresh", refresh), ("clients", tenant.id.to_string())];
            ids.extend(known.map(|(name, id)| (name.to_owned(), id)));
            if !operation.public {
                caller = spare.client;
            }
        }
        let Some(call) = operation.usual(&self.world.document, &ids, &ids) else {
            self.refused.insert(name, "an id is not known".into());
            return;
        };
        if operation.conditional {
            let read = caller.get(&call.target).await;
            if let Some(tag) = read.headers.get("etag").and_then(|tag| tag.to_str().ok()) {
                caller = caller.with("if-match", tag);
            }
        }
        let answer = self.note(&name, call.send(&caller)).await;
        if let ("POST /v1/transfers", Some(id)) = (name.as_str(), answer.body["id"].as_str()) {
            tenant.ids.insert("transfers".into(), id.to_owned());
        }
    }

    /// An import of its own for each operation, in the state that it wants; and a file for one more.
    async fn import(&mut self, caller: &Client, operation: &str) -> [(String, String); 2] {
        let file = async |name: &str| {
            let path = format!("/v1/files?name={name}.csv");
            let text = format!("name,email\n{operation} {name},a@list.example\n");
            let made = caller.send(Method::POST, &path, Some("application/octet-stream"), text.into()).await;
            made.text_of("id")
        };
        let body = json!({"file": file("one").await});
        let import = caller.post("/v1/contact-imports", body).await.text_of("id");
        let path = format!("/v1/contact-imports/{import}");
        let before: &[&str] = match operation.rsplit('/').next() {
            Some("cancellation") => &["start"],
            Some("undo") => &["start", "cancellation"],
            _ => &[],
        };
        for step in before {
            caller.post(&format!("{path}/{step}"), json!({})).await.expect(200);
        }
        [("contact-imports".into(), import), ("files".into(), file("two").await)]
    }

    /// What is proven by a link from a mail.
    async fn links(&mut self, tenant: &Tenant) {
        let anonymous = self.world.base.app.anonymous();
        let invited = format!("{}@invited.example", tenant.marker);
        let token = self.token(&invited).await;
        let body = json!({"token": token, "name": "Ida Invited", "password": PASSWORD});
        self.post(&anonymous, "/v1/invitations/acceptance", body).await.expect(201);
        let (_, email) = self.spare(tenant.id, "agency_owner").await;
        self.post(&anonymous, "/v1/password-resets", json!({"email": email})).await.expect(202);
        let body = json!({"token": self.token(&email).await, "password": "copper window 1977"});
        self.post(&anonymous, "/v1/password-resets/confirmation", body).await.expect(204);
        let body = json!({"agency": "New", "name": "Nora New", "email": "nora@new.example", "password": PASSWORD});
        self.post(&anonymous, "/v1/sign-ups", body).await.expect(202);
        let body = json!({"token": self.token("nora@new.example").await, "password": PASSWORD});
        self.post(&anonymous, "/v1/sign-ups/verification", body).await.expect(201);
    }

    /// Another address: kept as it was, changed, and taken back.
    async fn address(&mut self, tenant: &Tenant) {
        let anonymous = self.world.base.app.anonymous();
        let (person, email) = self.spare(tenant.id, "agency_owner").await;
        let wish = json!({"email": "moved@spare.example", "password": PASSWORD});
        let asked = self.post(&person.client, "/v1/email-changes", wish.clone()).await;
        let path = format!("/v1/email-changes/{}", asked.text_of("id"));
        let mails = format!("{path}/mails");
        let again = person.client.post(&mails, json!({}));
        self.note("POST /v1/email-changes/{id}/mails", again).await.expect(201);
        self.note("DELETE /v1/email-changes/{id}", person.client.delete(&path)).await.expect(204);
        person.client.post("/v1/email-changes", wish).await.expect(201);
        let body = json!({"token": self.token("moved@spare.example").await, "password": PASSWORD});
        self.post(&anonymous, "/v1/email-changes/confirmation", body).await.expect(204);
        let body = json!({"token": self.token(&email).await, "password": "copper window 1977"});
        self.post(&anonymous, "/v1/email-changes/reversion", body).await.expect(204);
    }

    /// The token of the newest link somebody got.
    async fn token(&self, email: &str) -> String {
        self.world.base.app.settle().await;
        let mails = self.world.base.mailbox.taken().into_iter().filter(|mail| mail.to == email);
        let texts = mails.map(|mail| {
            let message = mail_parser::MessageParser::default().parse(&mail.raw).expect("a mail");
            message.body_text(0).expect("a plain text").into_owned()
        });
        let text = texts.rev().find(|text| text.contains("#token=")).expect("a mail with a link");
        let rest = text.split("#token=").nth(1).expect("a token");
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
    }

    /// A second factor, from its beginning to its end.
    async fn second_factor(&mut self, tenant: &Tenant) {
        let (person, email) = self.spare(tenant.id, "agency_owner").await;
        let (client, proof) = (person.client, json!({"password": PASSWORD}));
        let begun = self.post(&client, "/v1/totp", proof.clone()).await;
        begun.expect(201);
        let secret = Secret::try_from_base32(begun.text_of("secret")).expect("base32");
        let totp = Builder::new().with_secret(secret).with_account_name("a").build().expect("a generator");
        let clock = &self.world.base.app.clock;
        let code = || totp.generate(u64::try_from(clock.now().timestamp()).expect("after 1970")).to_string();
        self.post(&client, "/v1/totp/confirmation", json!({"code": code()})).await.expect(200);
        self.world.base.app.advance(chrono::TimeDelta::seconds(60));
        let anonymous = self.world.base.app.anonymous();
        let asked = anonymous.post("/v1/sessions", json!({"email": email, "password": PASSWORD})).await;
        let body = json!({"challenge": asked.expect(202)["challenge"], "code": code()});
        let signed_in = self.post(&anonymous, "/v1/sessions/second-factor", body).await;
        signed_in.expect(201);
        let client = anonymous.bearer(&signed_in.text_of("access_token"));
        self.post(&client, "/v1/recovery-codes", proof.clone()).await.expect(201);
        let end = client.send(Method::DELETE, "/v1/totp", Some("application/json"), proof.to_string().into());
        self.note("DELETE /v1/totp", end).await.expect(204);
    }

    /// A passkey, from its beginning to a sign-in.
    async fn passkey(&mut self, tenant: &Tenant) {
        let (person, _) = self.spare(tenant.id, "agency_owner").await;
        let mut device = Device::new("http://console.test", "console.test");
        let begun = self.post(&person.client, "/v1/passkeys/options", json!({"password": PASSWORD})).await;
        let credential = device.create(&begun.expect(201)["options"]);
        let body = json!({"ceremony": begun.body["ceremony"], "name": "Laptop", "credential": credential});
        self.post(&person.client, "/v1/passkeys", body).await.expect(201);
        let anonymous = self.world.base.app.anonymous();
        let begun = self.post(&anonymous, "/v1/sessions/passkey-options", json!({})).await;
        let credential = device.get(&begun.expect(201)["options"]);
        let body = json!({"ceremony": begun.body["ceremony"], "credential": credential});
        self.post(&anonymous, "/v1/sessions/passkey", body).await.expect(201);
    }

    /// From one tenant to another of the same person.
    async fn switch(&mut self, agency: &Tenant, client: &Tenant) {
        let (_, email) = self.spare(agency.id, "agency_owner").await;
        let name = email.split('@').next().expect("a name");
        let there = self.world.base.member(client.id, "client_admin", name).await;
        self.post(&there.client, "/v1/sessions/switch", json!({"tenant": agency.id.to_string()})).await.expect(200);
    }
}

/// Changes before deletions, and what gives a client away at the very end.
fn ordered(document: &Document) -> Vec<&Operation> {
    let mut writes: Vec<_> = document.operations.iter().filter(|o| o.writes()).collect();
    // A form goes back to its websites right after it was taken off them, before another version is published.
    let place = |path: &str| path.replace("/republish", "/unpublish/again");
    writes.sort_by_key(|o| (o.path.ends_with("/acceptance"), o.method == Method::DELETE, place(&o.path)));
    writes
}

#[tokio::test]
async fn every_write_records_an_event() {
    let world = World::start().await;
    let (mut agency, client) = (world.tenants[AGENCY].clone(), world.tenants[CLIENT].clone());
    let log = Log::of(&world).await;
    let mut run = Run { world: &world, log, done: BTreeMap::new(), refused: BTreeMap::new(), spares: 0 };
    run.links(&agency).await;
    run.second_factor(&agency).await;
    run.passkey(&agency).await;
    run.address(&agency).await;
    run.switch(&agency, &client).await;
    // Time has passed, tokens have not been renewed.
    agency.owner = world.fresh(agency.id, "alder@example.com").await.0;
    for round in 0..5 {
        for operation in ordered(&world.document) {
            let name = operation.name();
            // An offer is closed in more ways than one; nothing is deleted before it was changed.
            let due = !run.done.contains_key(&name) || name == "POST /v1/transfers";
            if due && (round > 0 || operation.method != Method::DELETE) {
                run.try_once(operation, &mut agency).await;
            }
        }
    }
    let silent: BTreeSet<_> = run.done.iter().filter(|(_, left)| **left == 0).map(|(name, _)| name.clone()).collect();
    let refused: BTreeSet<_> = run.refused.keys().cloned().collect();
    super::none("writes without an event", &super::differences(SILENT.iter().map(|(name, _)| *name), &silent));
    let why = super::differences(UNCOVERED.iter().copied(), &refused).into_iter();
    let why: Vec<_> =
        why.map(|line| format!("{line}\n    {:?}", run.refused.get(line.split(':').next().unwrap_or("")))).collect();
    super::none("writes that never succeeded", &why);
}
