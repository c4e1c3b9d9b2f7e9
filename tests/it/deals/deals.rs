//! One deal: made, read, changed, closed, opened again, deleted, restored, gone.
use super::{Line, add, close, drag, history, id_of};
use crate::contacts::member_with;
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};

#[tokio::test]
async fn a_deal_is_made_read_changed_deleted_and_restored() {
    let world = World::start().await;
    let later = || world.app.advance(TimeDelta::microseconds(1));
    let line = Line::first(&world).await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada", "last_name": "Lovelace"})).await;
    let made = add(
        &world.owner,
        json!({"title": " Kitchen \u{7}", "amount": 1_250_050, "expected_close": "2026-12-24", "source": "Fair",
            "next_step": "Measure", "next_step_on": "2026-11-25", "description": "Oak\nand brass",
            "contacts": [{"contact": ada, "role": "decision_maker"}]}),
    )
    .await;
    let path = format!("/v1/deals/{}", made["id"].as_str().expect("an id"));
    let got = world.owner.get(&path).await;
    let deal = got.expect(200);
    assert_eq!(deal, &made);
    assert_eq!(
        (&deal["title"], &deal["currency"], &deal["amount"]),
        (&json!("Kitchen"), &json!("USD"), &json!(1_250_050))
    );
    assert_eq!((&deal["pipeline"], &deal["stage"]), (&json!(line.id), &json!(line.stages[0])));
    assert_eq!(deal["contacts"], json!([{"contact": ada, "name": "Ada Lovelace", "role": "decision_maker"}]));
    assert_eq!((&deal["status"], &deal["description"]), (&json!("open"), &json!("Oak\nand brass")));
    assert_eq!(deal["quiet_at"], "2026-11-27T12:00:00+00:00", "seven days after it was made");

    later();
    let change = json!({"amount": 2_000_000, "currency": "EUR", "expected_close": null, "owner": world.owner_id});
    let changed = world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await;
    assert_eq!((&changed.expect(200)["amount"], &changed.body["version"]), (&json!(2_000_000), &json!(2)));
    assert_eq!(changed.body.get("expected_close"), None);
    world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await.problem(412, "stale");
    assert_eq!(world.owner.patch(&path, change).await.expect(200)["version"], 2, "what changes nothing is no change");
    later();
    let renamed = world.owner.patch(&path, json!({"title": "Whole kitchen", "contacts": []})).await;
    assert_eq!((&renamed.expect(200)["title"], &renamed.body["contacts"]), (&json!("Whole kitchen"), &json!([])));

    later();
    world.owner.with("if-match", got.etag()).delete(&path).await.problem(412, "stale");
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    world.owner.delete(&path).await.problem(404, "not_found");
    let trash = world.owner.get("/v1/deals?deleted=true").await;
    assert_eq!(super::ids(&trash.expect(200)["items"]).len(), 1);
    later();
    let back = world.owner.post(&format!("{path}/restoration"), json!({})).await;
    assert_eq!(back.expect(200)["title"], "Whole kitchen");
    world.owner.post(&format!("{path}/restoration"), json!({})).await.problem(404, "not_found");

    let id = made["id"].as_str().expect("an id");
    assert_eq!(history(&world.owner, id).await, ["created", "changed", "deleted", "restored"], "a name is no history");
    world.app.settle().await;
    let events = world.events().await;
    let about: Vec<&str> = events.iter().map(String::as_str).filter(|k| k.starts_with("deal.")).collect();
    assert_eq!(
        about,
        ["deal.created", "deal.updated", "deal.assigned", "deal.updated", "deal.deleted", "deal.restored"]
    );
    let named = world.tenant_query("select title || payload::text from events").await;
    let told: String = named.iter().map(|row| row.get::<_, String>(0).to_lowercase()).collect();
    for words in ["ada", "lovelace", "kitchen", "fair", "measure", "oak", "125005"] {
        assert!(!told.contains(words), "events name nobody, but {words}: {told}");
    }
    let timeline = world.owner.get(&format!("/v1/contacts/{ada}/timeline")).await;
    assert!(timeline.expect(200)["items"].to_string().contains("deal.created"), "the contact's timeline shows it");
}

#[tokio::test]
async fn a_deal_ends_with_a_reason_and_can_be_opened_again() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let id = id_of(&world.owner, json!({"title": "Roof", "stage": line.stages[2]})).await;
    let below = id_of(&world.owner, json!({"title": "Wall", "stage": line.stages[2]})).await;
    let path = format!("/v1/deals/{id}");
    let outcome = format!("{path}/outcome");
    for body in [json!({"status": "lost"}), json!({"status": "abandoned", "reason": " "})] {
        let refused = world.owner.post(&outcome, body).await;
        assert_eq!(refused.expect(422)["errors"][0]["field"], "/reason");
    }
    world.owner.post(&outcome, json!({"status": "open"})).await.expect(400);
    let stale = world.owner.with("if-match", "\"v9\"");
    stale.post(&outcome, json!({"status": "won"})).await.problem(412, "stale");
    let lost = world.owner.post(&outcome, json!({"status": "lost", "reason": "Price", "note": "Too dear"})).await;
    let deal = lost.expect(200);
    assert_eq!(
        (&deal["status"], &deal["reason"], &deal["reason_note"]),
        (&json!("lost"), &json!("Price"), &json!("Too dear"))
    );
    assert_eq!((&deal["stage"], &deal["closed_at"]), (&json!(line.stages[2]), &json!("2026-11-20T12:00:00+00:00")));
    assert_eq!(line.cards(&world.owner).await[2], std::slice::from_ref(&below));
    close(&world.owner, &id, "won").await.problem(409, "deal_closed");
    drag(&world.owner, &id, json!({"stage": line.stages[0]})).await.problem(409, "deal_closed");
    stale.post(&format!("{path}/reopening"), json!({})).await.problem(412, "stale");
    let open = world.owner.post(&format!("{path}/reopening"), json!({})).await;
    assert_eq!(
        (&open.expect(200)["status"], open.body.get("reason"), open.body.get("closed_at")),
        (&json!("open"), None, None)
    );
    world.owner.post(&format!("{path}/reopening"), json!({})).await.problem(409, "deal_open");
    assert_eq!(line.cards(&world.owner).await[2], [below, id.clone()], "where it stood");
    close(&world.owner, &id, "won").await.expect(200);
    world.owner.post(&format!("{path}/reopening"), json!({})).await.expect(200);
    close(&world.owner, &id, "abandoned").await.expect(200);
    assert_eq!(history(&world.owner, &id).await, ["created", "lost", "reopened", "won", "reopened", "abandoned"]);
    let events = world.events().await;
    for kind in ["deal.lost", "deal.won", "deal.abandoned", "deal.reopened"] {
        assert!(events.iter().any(|k| k == kind), "{kind} in {events:?}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn a_deleted_deal_is_gone_after_thirty_days_and_its_figures_stay_in_the_past() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let (gone, kept) = (
        id_of(&world.owner, json!({"title": "A", "amount": 5})).await,
        id_of(&world.owner, json!({"title": "B"})).await,
    );
    for id in [&gone, &kept] {
        world.owner.delete(&format!("/v1/deals/{id}")).await.expect(204);
    }
    world.owner.post(&format!("/v1/deals/{kept}/restoration"), json!({})).await.expect(200);
    world.app.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from deals").await, 2);
    world.app.advance(TimeDelta::seconds(1));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from deals").await, 1);
    assert_eq!(world.count("select count(*) from deal_history").await, 5);
    assert_eq!(world.events().await.iter().filter(|k| *k == "deal.purged").count(), 1);
    let (owner, _) = crate::forms::sign_in(&world.app, "northlight@example.com").await;
    assert_eq!(line.board(&owner, "").await["count"], 1);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_once_and_nothing_is_kept() {
    let world = World::start().await;
    let wrong = json!({"title": " ", "amount": -1, "currency": "EURO", "expected_close": "0001-01-01", "source": "x".repeat(101)});
    let answer = world.owner.post("/v1/deals", wrong).await;
    let fields: Vec<&str> =
        answer.expect(422)["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(fields, ["/source", "/title", "/amount", "/currency", "/expected_close"]);
    let nowhere = "con_0000000000000000000000000n";
    for (body, status) in [
        (json!({}), 400),
        (json!({"title": "A", "colour": "red"}), 400),
        (json!({"title": "A", "amount": 1.5}), 400),
        (json!({"title": "A", "amount": 100_000_000_000_001_i64}), 422),
        (json!({"title": "A", "currency": "eur"}), 422),
        (json!({"title": "A", "currency": "XXX"}), 422),
        (json!({"title": "A", "expected_close": "tomorrow"}), 400),
        (json!({"title": "A", "stage": "stg_0000000000000000000000000n"}), 422),
        (json!({"title": "A", "pipeline": "pip_0000000000000000000000000n"}), 422),
        (json!({"title": "A", "contacts": [{"contact": nowhere}]}), 422),
        (json!({"title": "A", "contacts": [{"contact": nowhere, "role": "boss"}]}), 400),
        (json!({"title": "A", "owner": "usr_0000000000000000000000000n"}), 422),
    ] {
        world.owner.post("/v1/deals", body.clone()).await.expect(status);
    }
    assert_eq!(
        world.count("select count(*) from deals").await + world.count("select count(*) from deal_history").await,
        0
    );
    let id = id_of(&world.owner, json!({"title": "a\u{0}b"})).await;
    world.owner.patch(&format!("/v1/deals/{id}"), json!({"title": ""})).await.expect(422);
    world.owner.patch(&format!("/v1/deals/{id}"), json!({"status": "won"})).await.expect(400);
    drag(&world.owner, &id, json!({"stage": "stg_0000000000000000000000000n"})).await.expect(422);
    drag(&world.owner, &id, json!({})).await.expect(400);
    world.app.settle().await;
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let once = world.owner.with("idempotency-key", "k1");
    let first = once.post("/v1/deals", json!({"title": "Roof"})).await;
    let again = once.post("/v1/deals", json!({"title": "Roof"})).await;
    assert_eq!(first.expect(201), again.expect(201));
    once.post("/v1/deals", json!({"title": "Wall"})).await.problem(422, "invalid");
    let id = first.text_of("id");
    let once = world.owner.with("idempotency-key", "k2");
    let moved = drag(&once, &id, json!({"stage": line.stages[1]})).await;
    assert_eq!(moved.expect(200), drag(&once, &id, json!({"stage": line.stages[1]})).await.expect(200));
    assert_eq!(history(&world.owner, &id).await, ["created", "moved"]);
    world.app.settle().await;
}

#[tokio::test]
async fn a_stage_names_the_fields_it_asks_for() {
    let world = World::start().await;
    let stages = json!([{"name": "In"}, {"name": "Offer", "requires": ["amount", "expected_close", "contacts"]}]);
    let made = world.owner.post("/v1/pipelines", json!({"name": "Strict", "stages": stages})).await;
    let line = Line::of(made.expect(201));
    let fields = |answer: &tests::Answer| -> Vec<(Value, Value)> {
        let errors = answer.expect(422)["errors"].as_array().expect("errors").clone();
        errors.into_iter().map(|e| (e["field"].clone(), e["code"].clone())).collect()
    };
    let missing = |fields: &[&str]| fields.iter().map(|f| (json!(f), json!("stage_requires"))).collect::<Vec<_>>();
    let at_once = world.owner.post("/v1/deals", json!({"title": "A", "stage": line.stages[1]})).await;
    assert_eq!(fields(&at_once), missing(&["/amount", "/expected_close", "/contacts"]));
    let id = id_of(&world.owner, json!({"title": "A", "pipeline": line.id, "amount": 5})).await;
    let to = json!({"stage": line.stages[1]});
    assert_eq!(fields(&drag(&world.owner, &id, to.clone()).await), missing(&["/expected_close", "/contacts"]));
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let change = json!({"expected_close": "2026-12-01", "contacts": [{"contact": ada}]});
    world.owner.patch(&format!("/v1/deals/{id}"), change).await.expect(200);
    drag(&world.owner, &id, to).await.expect(200);
    assert_eq!(history(&world.owner, &id).await, ["created", "changed", "moved"]);
    world.app.settle().await;
}

#[tokio::test]
async fn a_stranger_finds_nothing_and_a_member_without_the_right_may_not_look() {
    let world = World::start().await;
    let line = Line::made(&world, "Own", 2).await;
    let id = id_of(&world.owner, json!({"title": "Roof", "pipeline": line.id})).await;
    let stranger = world.stranger().await;
    let (desk, _) = member_with(&world, "Desk", json!({"tenants.read": "all"})).await;
    let deal = format!("/v1/deals/{id}");
    for path in [deal.clone(), format!("{deal}/history"), format!("/v1/pipelines/{}", line.id)]
        .into_iter()
        .chain(["board", "replay"].map(|what| format!("/v1/pipelines/{}/{what}", line.id)))
    {
        stranger.get(&path).await.problem(404, "not_found");
        desk.get(&path).await.problem(403, "permission_missing");
        world.app.anonymous().get(&path).await.problem(401, "credential_missing");
    }
    stranger.patch(&deal, json!({"title": "Eve"})).await.problem(404, "not_found");
    stranger.delete(&deal).await.problem(404, "not_found");
    stranger.post(&format!("{deal}/restoration"), json!({})).await.problem(404, "not_found");
    stranger.post(&format!("{deal}/reopening"), json!({})).await.problem(404, "not_found");
    close(&stranger, &id, "won").await.problem(404, "not_found");
    drag(&stranger, &id, json!({"stage": line.stages[1]})).await.problem(404, "not_found");
    assert_eq!(
        stranger.post("/v1/deals", json!({"title": "A", "stage": line.stages[1]})).await.expect(422)["code"],
        "invalid"
    );
    assert_eq!(stranger.get("/v1/deals").await.expect(200)["items"], json!([]));
    assert_eq!(stranger.get("/v1/deals/forecast").await.expect(200)["totals"], json!([]));
    let (looks, _) = member_with(&world, "Looks", json!({"deals.read": "all", "deals.write": "all"})).await;
    looks.delete(&deal).await.problem(403, "permission_missing");
    looks.get("/v1/deals/export").await.problem(403, "permission_missing");
    world.app.settle().await;
}

#[tokio::test]
async fn own_and_team_levels_reach_the_deals_of_their_owners_only() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let (una, una_id) = member_with(&world, "Una", json!({"deals.*": "own", "contacts.*": "own"})).await;
    let hers = id_of(&una, json!({"title": "Hers", "amount": 7})).await;
    let nobodys = id_of(&world.owner, json!({"title": "Nobodys", "amount": 100})).await;
    assert_eq!(
        una.get(&format!("/v1/deals/{hers}")).await.expect(200)["owner"],
        json!(una_id),
        "what she makes is hers"
    );
    una.get(&format!("/v1/deals/{nobodys}")).await.problem(404, "not_found");
    una.get(&format!("/v1/deals/{nobodys}/history")).await.problem(404, "not_found");
    drag(&una, &nobodys, json!({"stage": line.stages[1]})).await.problem(404, "not_found");
    close(&una, &nobodys, "won").await.problem(404, "not_found");
    una.delete(&format!("/v1/deals/{nobodys}")).await.problem(404, "not_found");
    let board = line.board(&una, "").await;
    assert_eq!((&board["count"], &board["totals"][0]["amount"]), (&json!(1), &json!(7)));
    let forecast = una.get("/v1/deals/forecast").await;
    assert_eq!(forecast.expect(200)["totals"][0]["amount"], 7);
    let past = una.get(&format!("/v1/pipelines/{}/replay", line.id)).await;
    assert_eq!(super::ids(&past.expect(200)["stages"][0]["cards"]), std::slice::from_ref(&hers));
    // Somebody else's contact is as unknown to her as one that is not there.
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    una.patch(&format!("/v1/deals/{hers}"), json!({"contacts": [{"contact": ada}]})).await.expect(422);
    una.patch(&format!("/v1/deals/{hers}"), json!({"owner": world.owner_id})).await.expect(422);
    una.post("/v1/pipelines", json!({"name": "Mine", "stages": [{"name": "A"}]}))
        .await
        .problem(403, "level_all_needed");
    una.patch(&format!("/v1/pipelines/{}", line.id), json!({"name": "Mine"})).await.problem(403, "level_all_needed");
    una.delete(&format!("/v1/pipelines/{}", line.id)).await.problem(403, "level_all_needed");
    world.owner.patch(&format!("/v1/deals/{hers}"), json!({"owner": world.owner_id})).await.expect(200);
    una.get(&format!("/v1/deals/{hers}")).await.problem(404, "not_found");
    world.app.settle().await;
}

#[tokio::test]
async fn staff_works_with_deals_and_exports_none() {
    let world = World::start().await;
    let (staff, _) = world.member("agency_staff", "Sam").await;
    let id = id_of(&staff, json!({"title": "Roof"})).await;
    staff.delete(&format!("/v1/deals/{id}")).await.expect(204);
    staff.get("/v1/deals/export").await.problem(403, "permission_missing");
    world.app.settle().await;
}

#[tokio::test]
async fn what_is_done_with_a_contact_wakes_its_deals() {
    let world = World::start().await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let id = id_of(&world.owner, json!({"title": "Roof", "contacts": [{"contact": ada}]})).await;
    let other = id_of(&world.owner, json!({"title": "Wall"})).await;
    world.app.advance(TimeDelta::minutes(10));
    world.owner.post(&format!("/v1/contacts/{ada}/notes"), json!({"body": "Called"})).await.expect(201);
    world.app.settle().await;
    let touched = |deal: String| {
        let owner = world.owner.clone();
        async move { owner.get(&format!("/v1/deals/{deal}")).await.text_of("touched_at") }
    };
    assert_eq!(touched(id).await, "2026-11-20T12:10:00+00:00");
    assert_eq!(touched(other).await, "2026-11-20T12:00:00+00:00");
}

#[tokio::test]
async fn whoever_was_deleted_is_on_his_deals_again_when_he_comes_back() {
    let world = World::start().await;
    let person = async |name: &str| crate::contacts::id_of(&world.owner, json!({ "first_name": name })).await;
    let (ada, bob) = (person("Ada").await, person("Bob").await);
    let deal = json!({"title": "Roof", "contacts": [{"contact": ada, "role": "decision_maker"}]});
    let path = format!("/v1/deals/{}", id_of(&world.owner, deal).await);
    let on = async || {
        let read = world.owner.get(&path).await.expect(200).clone();
        let people = read["contacts"].as_array().expect("contacts").iter();
        let mut people: Vec<_> = people.map(|one| (one["contact"].clone(), one["role"].clone())).collect();
        people.sort_by_key(|(_, role)| role.to_string());
        people
    };
    world.owner.delete(&format!("/v1/contacts/{ada}")).await.expect(204);
    // Whoever changes the people meanwhile does not see her.
    assert!(on().await.is_empty());
    let with_bob = json!({"contacts": [{"contact": bob, "role": "user"}]});
    world.owner.patch(&path, with_bob).await.expect(200);
    assert_eq!(on().await, [(json!(bob), json!("user"))]);
    world.owner.post(&format!("/v1/contacts/{ada}/restoration"), json!({})).await.expect(200);
    assert_eq!(on().await, [(json!(ada), json!("decision_maker")), (json!(bob), json!("user"))]);
    // Whoever is there is taken off.
    world.owner.patch(&path, json!({"contacts": []})).await.expect(200);
    assert!(on().await.is_empty());
    world.app.settle().await;
}
