//! An agency's clients.
use super::{World, refused};
use ::kernel::ids::TenantId;
use ::tenants::tenants::{State, Stop};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use std::collections::HashSet;

#[tokio::test]
async fn a_client_is_open_at_once() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    owner.client.patch("/v1/tenants/current", json!({"zone": "Europe/Paris", "currency": "EUR"})).await.expect(200);
    let made = owner.client.post("/v1/clients", json!({"name": "Harbour Dental"})).await;
    let body = made.expect(201);
    assert_eq!(
        (&body["state"], &body["health"], &body["slug"]),
        (&json!("active"), &json!("idle"), &json!("harbour-dental"))
    );
    assert_eq!((&body["zone"], &body["currency"]), (&json!("Europe/Paris"), &json!("EUR")), "as at the agency");
    let id: TenantId = made.text_of("id").parse().unwrap();
    // Its schema answers, and both logs know.
    owner.acting_in(id).get("/v1/tenants/current").await.expect(200);
    assert!(world.log(id).await.contains(&"tenant.opened".to_owned()));
    assert!(world.log(owner.tenant).await.contains(&"client.opened".to_owned()));
    // A second one of the same name gets another address; one that was asked for is that or an error.
    let second = owner.client.post("/v1/clients", json!({"name": "Harbour Dental"})).await;
    assert!(second.text_of("slug").starts_with("harbour-dental-"));
    let taken = owner.client.post("/v1/clients", json!({"name": "X", "slug": "harbour-dental"})).await;
    taken.problem(409, "slug_taken");
}

#[tokio::test]
async fn the_same_request_opens_one_client() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let once = owner.client.with("idempotency-key", "open-1");
    let first = once.post("/v1/clients", json!({"name": "Dental"})).await;
    let again = once.post("/v1/clients", json!({"name": "Dental"})).await;
    assert_eq!(first.expect(201), again.expect(201));
    let other = once.post("/v1/clients", json!({"name": "Other"})).await;
    assert_eq!(refused(&other)[0].1, "idempotency_key_reused");
    assert_eq!(owner.client.get("/v1/clients").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_empty_pool_says_when_to_come_back() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let open = |n: usize| {
        let client = owner.client.clone();
        async move { client.post("/v1/clients", json!({"name": format!("Client {n}")})).await }
    };
    // More wishes than ready schemas: each schema goes to one client, the others are told to wait.
    let answers = join_all((0..12).map(open)).await;
    let ids: Vec<_> = answers.iter().filter(|a| a.status == 201).map(|a| a.text_of("id")).collect();
    assert_eq!(ids.len(), tests::database::WARM - 1);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    for answer in answers.iter().filter(|a| a.status != 201) {
        answer.problem(503, "unavailable");
        assert_eq!(answer.headers["retry-after"], "5");
    }
    world.app.db.warm(1).await;
    open(99).await.expect(201);
}

#[tokio::test]
async fn clients_are_listed_filtered_and_nobody_elses() {
    let world = World::start().await;
    let (owner, stranger) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let (a, b) = (world.client(&owner, "Alpha").await, world.client(&owner, "beta").await);
    let names = |answer: &tests::Answer| -> Vec<String> {
        answer.expect(200)["items"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&owner.client.get("/v1/clients").await), ["Alpha", "beta"]);
    assert_eq!(names(&owner.client.get("/v1/clients?sort=-name&limit=1").await), ["beta"]);
    assert_eq!(names(&owner.client.get("/v1/clients?filter=name:prefix:alp").await), ["Alpha"]);
    owner.client.get("/v1/clients?filter=colour:eq:x").await.expect(422);
    assert!(names(&stranger.client.get("/v1/clients").await).is_empty());
    for path in [
        format!("/v1/clients/{a}"),
        format!("/v1/clients/{b}/deletion"),
        format!("/v1/clients/{}", TenantId::new(world.app.clock.now())),
    ] {
        stranger.client.get(&path).await.problem(404, "not_found");
    }
    stranger.client.patch(&format!("/v1/clients/{a}"), json!({"name": "Mine"})).await.problem(404, "not_found");
    let body = json!({"reason": "x"});
    stranger.client.post(&format!("/v1/clients/{a}/suspension"), body).await.problem(404, "not_found");
    // A client has no clients, and staff does not open any.
    owner.acting_in(a).get("/v1/clients").await.problem(403, "agency_only");
    let staff = world.member(owner.tenant, "agency_staff", "Sam").await;
    staff.client.get("/v1/clients").await.expect(200);
    staff.client.post("/v1/clients", json!({"name": "C"})).await.problem(403, "permission_missing");
}

#[tokio::test]
async fn a_suspended_client_stands_still_until_it_is_resumed() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let kim = world.member(client, "client_admin", "Kim").await;
    let path = format!("/v1/clients/{client}/suspension");
    refused(&owner.client.post(&path, json!({"reason": " "})).await);
    let stopped = owner.client.post(&path, json!({"reason": "Unpaid"})).await;
    assert_eq!(stopped.expect(201)["state"], "suspended");
    assert_eq!((&stopped.body["health"], &stopped.body["stop_reason"]), (&json!("stopped"), &json!("Unpaid")));
    world.app.advance(TimeDelta::seconds(6));
    let answer = kim.client.get("/v1/tenants/current").await;
    assert!(matches!(answer.status, 401 | 403), "{}", answer.text);
    assert_eq!(owner.client.get("/v1/clients").await.expect(200)["items"][0]["state"], "suspended");
    // From suspended to read-only and back to work.
    let looks = owner.client.post(&path, json!({"reason": "Looking only", "mode": "read_only"})).await;
    assert_eq!(looks.expect(201)["state"], "read_only");
    let why = owner.client.post(&path, json!({"reason": "Paid in part", "mode": "read_only"})).await;
    assert_eq!(why.expect(201)["stop_reason"], "Paid in part");
    world.app.advance(TimeDelta::seconds(6));
    owner.acting_in(client).get("/v1/tenants/current").await.expect(200);
    owner.acting_in(client).patch("/v1/tenants/current", json!({"name": "X"})).await.problem(403, "tenant_read_only");
    // What it has to do waits, and goes on at once when it works again.
    let sql = world.app.db.superuser().await;
    let put = "insert into ops.jobs (id, tenant, kind, payload, run_at, max_attempts, created_at)
        select gen_random_uuid(), role_name, 'RecountClients', '{}', $2, 3, $2 from control.tenants where id = $1 returning id";
    let job: uuid::Uuid = sql.query_one(put, &[&client.0, &world.app.clock.now()]).await.unwrap().get(0);
    let left = async || {
        world.app.settle().await;
        sql.query_opt("select last_error from ops.jobs where id = $1", &[&job]).await.unwrap()
    };
    let error: String = left().await.expect("the job waits").get(0);
    assert!(error.contains("read"), "{error}");
    owner.client.delete(&path).await.expect(204);
    owner.client.delete(&path).await.expect(204);
    assert!(left().await.is_none(), "and is done without any waiting");
    world.app.advance(TimeDelta::seconds(6));
    kim.client.get("/v1/tenants/current").await.expect(200);
    let log = world.log(client).await;
    for kind in ["tenant.suspended", "tenant.made_read_only", "tenant.stop_changed", "tenant.resumed"] {
        assert_eq!(log.iter().filter(|k| *k == kind).count(), 1, "{kind} in {log:?}");
    }
}

#[tokio::test]
async fn what_the_platform_stopped_its_agency_cannot_resume() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let stop = Stop { state: State::Suspended, reason: "Abuse".into(), by_platform: true };
    let app = &world.app.app;
    app.control(app.system("test"), async |tx| ::tenants::tenants::suspend(tx, client, stop).await).await.unwrap();
    let path = format!("/v1/clients/{client}/suspension");
    owner.client.delete(&path).await.problem(403, "suspended_by_platform");
    let body = json!({"reason": "softer", "mode": "read_only"});
    owner.client.post(&path, body).await.problem(403, "suspended_by_platform");
    app.control(app.system("test"), async |tx| ::tenants::tenants::resume(tx, client, true).await).await.unwrap();
    assert_eq!(owner.client.get(&format!("/v1/clients/{client}")).await.expect(200)["state"], "active");
}

#[tokio::test]
async fn a_deletion_can_be_called_off_until_its_day() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let path = format!("/v1/clients/{client}/deletion");
    let wrong = owner.client.post(&path, json!({"reason": "left", "confirm_name": "dental"})).await;
    assert_eq!(refused(&wrong), [("/confirm_name".into(), "name_differs".into())]);
    let right = json!({"reason": "left", "confirm_name": "Dental", "days": 3});
    let made = owner.client.post(&path, right.clone()).await;
    made.expect(201);
    assert!(made.text_of("due_at").starts_with("2026-11-23T12:00:00"));
    owner.client.post(&path, right.clone()).await.problem(409, "deletion_requested");
    owner.client.delete(&format!("/v1/clients/{client}/suspension")).await.problem(409, "deletion_requested");
    owner.client.delete(&path).await.expect(204);
    assert_eq!(owner.client.get(&format!("/v1/clients/{client}")).await.expect(200)["state"], "active");
    owner.client.get(&path).await.problem(404, "not_found");
    owner.client.delete(&path).await.problem(404, "not_found");

    owner.client.post(&path, right).await.expect(201);
    world.app.settle().await;
    assert_eq!(owner.client.get(&format!("/v1/clients/{client}")).await.expect(200)["state"], "suspended");
    world.app.advance(TimeDelta::days(3));
    world.app.settle().await;
    let again = world.person_of(&owner).await;
    assert_eq!(again.get(&format!("/v1/clients/{client}")).await.expect(200)["state"], "deleting");
    again.delete(&path).await.problem(404, "not_found");
    again.delete(&format!("/v1/clients/{client}/suspension")).await.problem(409, "deletion_requested");
}

#[tokio::test]
async fn a_plan_limits_clients_even_in_a_race() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    world.sql("update control.plans set limits = '{\"clients\": 2}' where key = 'free'").await;
    world.sql("update control.tenants set plan_id = (select id from control.plans where key = 'free') where kind = 'agency'").await;
    let open = |n: usize| {
        let client = owner.client.clone();
        async move { client.post("/v1/clients", json!({"name": format!("Client {n}")})).await }
    };
    let answers = join_all((0..5).map(open)).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 2);
    for answer in answers.iter().filter(|a| a.status != 201) {
        answer.problem(403, "plan_limit");
    }
}

#[tokio::test]
async fn lists_of_clients_members_and_mails_are_files() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    world.client(&owner, "Harbour Dental").await;
    world.client(&owner, "=Formula").await;
    world.app.settle().await;
    let clients = owner.client.get("/v1/clients/export").await;
    clients.expect(200);
    let lines: Vec<&str> = clients.text.lines().collect();
    assert!(lines[0].starts_with("id,name,slug,state,health,"), "{}", lines[0]);
    assert_eq!(lines.len(), 3, "{}", clients.text);
    assert!(
        clients.text.contains(",'=Formula,") && clients.text.contains(",Harbour Dental,harbour-dental,active,idle,")
    );
    let some = owner.client.get("/v1/clients/export?filter=slug:eq:harbour-dental").await;
    assert_eq!(some.text.lines().count(), 2);
    owner.client.get("/v1/clients/export?filter=nonsense:eq:1").await.expect(422);
    let members = owner.client.get("/v1/members/export").await;
    members.expect(200);
    assert!(members.text.contains(",Northlight Owner,northlight@example.com,active,"), "{}", members.text);
    let mails = owner.client.get("/v1/mails/export").await;
    mails.expect(200);
    assert!(mails.text.starts_with("id,template,recipient,"), "{}", mails.text);
    let log = world.log(owner.tenant).await;
    for kind in ["client.exported", "member.exported", "mail.exported"] {
        assert!(log.iter().any(|known| known == kind), "{kind} in {log:?}");
    }
}
