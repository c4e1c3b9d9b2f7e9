//! The audit log and its proof.
use crate::{contacts::id_of, contacts::member_with, forms::World, tenants::World as Agencies};
use serde_json::{Value, json};
use tests::Client;

async fn busy() -> World {
    let world = World::start().await;
    for name in ["Ann", "Ben", "Cem"] {
        let id = id_of(&world.owner, json!({"first_name": name})).await;
        world.owner.patch(&format!("/v1/contacts/{id}"), json!({"stage": "won"})).await.expect(200);
    }
    world.app.settle().await;
    world
}

async fn tamper(world: &World, sql: &str) {
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let client = world.app.db.superuser().await;
    client
        .batch_execute(&format!("set search_path = {}, shared; {sql}", tenant.role.as_str()))
        .await
        .expect("tampered");
}

async fn verdict(world: &World, query: &str) -> Value {
    world.owner.get(&format!("/v1/audit/verification{query}")).await.expect(200).clone()
}

#[tokio::test]
async fn the_log_says_who_did_what_when() {
    let world = busy().await;
    let log = world.owner.get("/v1/audit?filter=kind:eq:contact.stage_changed&limit=2").await;
    let entry = log.expect(200)["items"][0].clone();
    assert_eq!((&entry["actor_kind"], &entry["actor"]), (&json!("user"), &json!(world.owner_id)));
    assert_eq!(entry["occurred_at"], "2026-11-20T12:00:00+00:00");
    assert_eq!(entry["payload"], json!({"from": "new", "to": "won"}));
    assert!(entry["request_id"].is_string() && entry["hash"].as_str().is_some_and(|h| h.len() == 64));
    let next = world
        .owner
        .get(&format!("/v1/audit?filter=kind:eq:contact.stage_changed&limit=2&cursor={}", log.text_of("next_cursor")))
        .await;
    assert_eq!(next.expect(200)["items"].as_array().map(Vec::len), Some(1));
    let contact = entry["contact"].as_str().expect("a contact");
    let about = world.owner.get(&format!("/v1/audit?filter=contact:eq:{contact}&sort=seq")).await;
    let kinds: Vec<&str> =
        about.expect(200)["items"].as_array().expect("items").iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(kinds, ["contact.created", "contact.stage_changed"]);

    let file = world.owner.get("/v1/audit/export?filter=subject:eq:contacts").await;
    file.expect(200);
    assert_eq!(file.text.matches("\r\n").count(), 7);
    assert!(file.text.starts_with("seq,occurred_at,kind,"), "{}", file.text);
    world.owner.get("/v1/audit/export?filter=nothing:eq:1").await.expect(422);
    world.app.settle().await;
    let exported = world.owner.get("/v1/audit?filter=kind:eq:audit.exported").await;
    assert_eq!(exported.expect(200)["items"].as_array().map(Vec::len), Some(1), "that somebody took it is in it");

    let (staff, _) = world.member("agency_staff", "Sam").await;
    staff.get("/v1/audit/export").await.problem(403, "permission_missing");
    let (una, _) = member_with(&world, "Una", json!({"privacy.*": "own"})).await;
    for path in ["/v1/audit", "/v1/audit/export", "/v1/audit/verification"] {
        una.get(path).await.problem(403, "level_all_needed");
    }
    let theirs = world.stranger().await.get("/v1/audit?filter=subject:eq:contacts").await;
    assert_eq!(theirs.expect(200)["items"], json!([]));
    world.app.settle().await;
}

#[tokio::test]
async fn an_untouched_log_is_valid_and_every_way_of_touching_it_is_found() {
    let world = busy().await;
    let before = verdict(&world, "").await;
    assert_eq!((&before["valid"], &before["problem"]), (&json!(true), &Value::Null));
    let (last, root) =
        (before["checked"].as_i64().expect("a count"), before["root"].as_str().expect("a root").to_owned());
    let anchor = format!("?anchor={last}:{root}");
    assert_eq!(verdict(&world, &anchor).await["valid"], true);
    world.owner.get("/v1/audit/verification?anchor=x").await.expect(422);
    let future = format!("?anchor={}:{root}", last + 1);
    assert_eq!(verdict(&world, &future).await["problem"], "anchor", "entries that somebody saw are gone");

    let third = "(select event_id from event_log where seq = 3)";
    for (what, touch, undo) in [
        ("title", format!("update events set title = title || '!' where id = {third}"), format!("update events set title = left(title, -1) where id = {third}")),
        (
            "payload",
            format!("update events set payload = payload || '{{\"x\": 1}}' where id = {third}"),
            format!("update events set payload = payload - 'x' where id = {third}"),
        ),
        (
            "actor",
            format!("update events set on_behalf_of = '00000000-0000-7000-8000-00000000000a' where id = {third}"),
            format!("update events set on_behalf_of = null where id = {third}"),
        ),
        (
            "time",
            format!("update events set occurred_at = occurred_at + interval '1 microsecond' where id = {third}"),
            format!("update events set occurred_at = occurred_at - interval '1 microsecond' where id = {third}"),
        ),
        (
            "order",
            "update event_log set seq = 1000003 where seq = 3; update event_log set seq = 3 where seq = 4; update event_log set seq = 4 where seq = 1000003".into(),
            "update event_log set seq = 1000003 where seq = 3; update event_log set seq = 3 where seq = 4; update event_log set seq = 4 where seq = 1000003".into(),
        ),
    ] {
        tamper(&world, &touch).await;
        let found = verdict(&world, "").await;
        assert_eq!((&found["valid"], &found["broken_at"], &found["problem"]), (&json!(false), &json!(3), &json!("hash")), "{what}");
        tamper(&world, &undo).await;
        assert_eq!(verdict(&world, "").await["valid"], true, "{what} undone");
    }
    tamper(
        &world,
        &format!(
            "create table kept as select * from event_log where seq = {last}; delete from event_log where seq = {last}"
        ),
    )
    .await;
    let cut = verdict(&world, "").await;
    assert_eq!((&cut["valid"], &cut["problem"]), (&json!(false), &json!("unlogged")), "the end was cut off");
    tamper(&world, "insert into event_log select * from kept; drop table kept; delete from event_log where seq = 2")
        .await;
    let gap = verdict(&world, "").await;
    assert_eq!((&gap["broken_at"], &gap["problem"]), (&json!(2), &json!("gap")));
}

#[tokio::test]
async fn a_chain_replaced_as_a_whole_is_found_by_whoever_kept_an_anchor() {
    let world = busy().await;
    let before = verdict(&world, "").await;
    // Whoever owns the database rewrites history: one event changed, every hash computed anew.
    tamper(
        &world,
        "update events set title = 'Nothing happened' where id = (select event_id from event_log where seq = 3)",
    )
    .await;
    let rows = world
        .tenant_query("select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at from event_log l join events e on e.id = l.event_id order by l.seq")
        .await;
    let mut hash = vec![];
    for row in rows {
        let event = <kernel::events::Recorded as kernel::db::FromRow>::from_row(&row).expect("an event");
        hash = kernel::events::chain_hash(&hash, &event).to_vec();
        tamper(
            &world,
            &format!("update event_log set hash = '\\x{}' where seq = {}", kernel::crypto::hex(&hash), event.seq),
        )
        .await;
    }
    assert_eq!(verdict(&world, "").await["valid"], true, "the chain alone cannot know");
    let anchor = format!("?anchor={}:{}", before["checked"], before["root"].as_str().expect("a root"));
    assert_eq!(verdict(&world, &anchor).await["problem"], "anchor");
}

#[tokio::test]
async fn an_agencys_log_names_the_clients_that_it_is_about() {
    let world = Agencies::start().await;
    let (north, harbour) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let client = world.client(&north, "Dental").await;
    world.app.settle().await;
    let entry = async |who: &Client, kind: &str| {
        let page = who.get(&format!("/v1/audit?filter=kind:eq:{kind}")).await;
        page.expect(200)["items"][0].clone()
    };
    let id = json!({"id": client.to_string()});
    let called = |name: &str| json!({"id": client.to_string(), "name": name});
    let was_called = |name: &str, gone: &str| json!({"id": client.to_string(), "name": name, "gone": gone});
    assert_eq!(entry(&north.client, "client.opened").await["client"], called("Dental"));
    assert_eq!(entry(&north.client, "tenant.opened").await.get("client"), None, "it is about the agency itself");
    let path = format!("/v1/clients/{client}");
    north.client.patch(&path, json!({"name": "Dental, Sons"})).await.expect(200);
    assert_eq!(entry(&north.client, "client.opened").await["client"], called("Dental, Sons"), "as it is called now");
    let file = north.client.get("/v1/audit/export?filter=kind:eq:client.opened").await;
    file.expect(200);
    assert!(file.text.ends_with(&format!(",{client},\"Dental, Sons\",\r\n")), "{}", file.text);

    // Whoever may read the log but sees no clients learns no name of one, in its payload neither.
    let role = json!({"key": "auditor", "name": "Auditor", "grants": {"privacy.audit.read": "all"}});
    north.client.post("/v1/roles", role).await.expect(201);
    let una = world.member(north.tenant, "auditor", "Una").await;
    assert_eq!(entry(&una.client, "client.opened").await["client"], id);
    assert_eq!(entry(&una.client, "client.opened").await["payload"], json!({}));

    // An offer tells both agencies; what becomes of the client's name later is told to the one that has it.
    let offer = json!({"client_id": client.to_string(), "agency_id": harbour.tenant.to_string(), "note": ""});
    let offer = north.client.post("/v1/transfers", offer).await;
    offer.expect(201);
    world.app.settle().await;
    assert_eq!(entry(&north.client, "transfer.offered").await["client"], called("Dental, Sons"));
    let there = was_called("Dental, Sons", "elsewhere");
    assert_eq!(entry(&harbour.client, "transfer.offered").await["client"], there);
    let acceptance = format!("/v1/transfers/{}/acceptance", offer.text_of("id"));
    harbour.client.post(&acceptance, json!({})).await.expect(200);
    harbour.client.patch(&path, json!({"name": "Dental Harbour"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(entry(&harbour.client, "client.received").await["client"], called("Dental Harbour"));
    assert_eq!(entry(&north.client, "client.opened").await["client"], was_called("Dental", "elsewhere"), "as then");
    for kind in ["client.transferred", "transfer.accepted"] {
        assert_eq!(entry(&north.client, kind).await["client"], there, "{kind}");
    }
    assert_eq!(entry(&una.client, "client.transferred").await["client"], id);
    assert!(
        !north.client.get("/v1/audit?limit=100").await.text.contains("Harbour\""),
        "its new name is none of theirs"
    );

    // It is called as it is now until nothing is left of it, and then as it was.
    let control = world.app.db.superuser().await;
    let destroyed = was_called("Dental, Sons", "destroyed");
    for (state, name, told) in [("deleting", "Dental Harbour", called("Dental Harbour")), ("deleted", "", destroyed)] {
        let change = "update control.tenants set state = $2, name = $3 where id = $1";
        control.execute(change, &[&client.0, &state, &name]).await.expect("a step of its end");
        assert_eq!(entry(&harbour.client, "client.received").await["client"], told, "{state}");
    }
    let file = harbour.client.get("/v1/audit/export?filter=kind:eq:client.received").await;
    assert!(file.text.ends_with(&format!(",{client},\"Dental, Sons\",destroyed\r\n")), "{}", file.text);
    assert_eq!(
        harbour.client.get("/v1/audit/verification").await.expect(200)["valid"],
        true,
        "names are part of the chain"
    );
}

#[tokio::test]
async fn names_of_clients_cost_one_statement_however_many_there_are() {
    let world = Agencies::start().await;
    world.app.db.warm(5).await;
    let north = world.agency("Northlight").await;
    let cost = async || {
        let path = "/v1/audit?filter=kind:eq:client.opened";
        let rows = north.client.get(path).await.expect(200)["items"].as_array().map(Vec::len);
        let before = world.app.app.statements();
        north.client.get(path).await.expect(200);
        (rows, world.app.app.statements() - before)
    };
    world.client(&north, "Dental").await;
    world.app.settle().await;
    let (one, few) = cost().await;
    for name in ["Kites", "Ferries", "Lanterns"] {
        world.client(&north, name).await;
    }
    world.app.settle().await;
    let (four, many) = cost().await;
    assert_eq!((one, four), (Some(1), Some(4)));
    assert_eq!(few, many);
}
