//! What files take, by what they belong to: for the account, for its agency, and against the plan.
use crate::contacts::{contact_imports::upload, id_of};
use crate::forms::World;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

async fn kinds(world: &World) -> Vec<(String, i64, i64)> {
    let owner = crate::forms::sign_in(&world.app, "northlight@example.com").await.0;
    let storage = owner.get("/v1/storage").await;
    let kinds = storage.expect(200)["kinds"].as_array().expect("kinds").clone();
    let of = |kind: &Value, key: &str| kind[key].as_i64().expect("a number");
    let total: i64 = kinds.iter().map(|kind| of(kind, "bytes")).sum();
    assert_eq!(storage.body["bytes"], json!(total));
    kinds
        .iter()
        .map(|kind| (kind["kind"].as_str().expect("a kind").to_owned(), of(kind, "files"), of(kind, "bytes")))
        .collect()
}

#[tokio::test]
async fn files_are_counted_by_what_they_belong_to_as_they_come_and_go() {
    let world = World::start().await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    assert_eq!(kinds(&world).await, []);
    let kept = upload(&world.owner, "a.txt", "12345").await;
    let waits = upload(&world.owner, "b.txt", "123").await;
    assert_eq!(kinds(&world).await, [("waiting".to_owned(), 2, 8)]);
    world.owner.post("/v1/attachments", json!({"contact": ada, "file": kept})).await.expect(201);
    let both = [("attachments".to_owned(), 1, 5), ("waiting".to_owned(), 1, 3)];
    assert_eq!(kinds(&world).await, both);
    // Counting anew finds the same.
    let tenant = world.app.app.tenant(world.tenant).await.unwrap();
    let context = world.app.app.system("test");
    world.app.app.write(&tenant, context, async |tx| ::files::recount(tx).await).await.unwrap();
    assert_eq!(kinds(&world).await, both);
    // The upload that nobody wanted goes after a day, and the other one with its owner's wish.
    world.app.advance(TimeDelta::hours(26));
    world.app.settle().await;
    assert_eq!(kinds(&world).await, both[..1]);
    let owner = crate::forms::sign_in(&world.app, "northlight@example.com").await.0;
    owner.get(&format!("/v1/files/{waits}")).await.problem(404, "not_found");
    owner.delete(&format!("/v1/files/{kept}")).await.expect(204);
    assert_eq!(kinds(&world).await, []);
}

#[tokio::test]
async fn an_agency_sees_it_of_its_clients_and_a_plan_limits_members() {
    let world = crate::tenants::World::start().await;
    let agency = world.agency("Birch").await;
    let client = world.client(&agency, "Harbour").await;
    let admin = world.member(client, "client_admin", "Mira").await;
    let send = async |name: &str, bytes: usize| {
        let path = format!("/v1/files?name={name}");
        admin.client.send(Method::POST, &path, Some("application/octet-stream"), vec![b'a'; bytes]).await
    };
    send("a.txt", 700_000).await.expect(201);
    let path = format!("/v1/clients/{client}/storage");
    let seen = agency.client.get(&path).await;
    assert_eq!((&seen.expect(200)["files"], &seen.body["bytes"]), (&json!(1), &json!(700_000)));
    assert_eq!(seen.body["kinds"][0]["kind"], "waiting");
    assert_eq!(seen.body.get("most_bytes").filter(|most| !most.is_null()), None);
    // Nobody else's agency, and not the client itself.
    let other = world.agency("Cedar").await;
    other.client.get(&path).await.problem(404, "not_found");
    admin.client.get(&path).await.expect(403);
    // A megabyte that is begun counts.
    world.sql("update control.plans set limits = limits || '{\"storage_mb\": 1}' where key = 'normal'").await;
    world.sql("update control.tenants set plan_id = (select id from control.plans where key = 'normal') where kind = 'agency'").await;
    world.app.advance(TimeDelta::seconds(10));
    assert_eq!(admin.client.get("/v1/storage").await.expect(200)["most_bytes"], 1_000_000);
    send("b.txt", 300_000).await.expect(201);
    send("c.txt", 1).await.problem(403, "plan_limit");
}
