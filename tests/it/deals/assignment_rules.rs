//! Rules that give new deals to members: who gets them, by which rule and why, and many at once.
use super::{Line, add, id_of};
use crate::contacts::member_with;
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::Client;

/// Members who may work with deals.
pub async fn sellers(world: &World, names: &[&str]) -> Vec<(Client, String)> {
    let mut sellers = vec![];
    for (i, name) in names.iter().enumerate() {
        sellers.push(match i {
            0 => member_with(world, name, json!({"deals.*": "own"})).await,
            _ => world.member(&format!("role_{}", names[0].to_lowercase()), name).await,
        });
    }
    sellers
}

/// Adds a rule; gives it.
pub async fn rule(world: &World, name: &str, mode: &str, members: &[Value], more: Value) -> Value {
    let mut body = json!({"name": name, "mode": mode, "members": members});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    world.owner.post("/v1/assignment-rules", body).await.expect(201).clone()
}

/// Makes a deal without an owner; gives who got it.
pub async fn given(world: &World, deal: Value) -> Option<String> {
    add(&world.owner, deal).await["owner"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn forty_deals_at_once_are_ten_for_each_of_four() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let people = sellers(&world, &["Ana", "Ben", "Cem", "Dua"]).await;
    let members: Vec<Value> = people.iter().map(|(_, id)| json!({"member": id})).collect();
    rule(&world, "In turn", "round_robin", &members, json!({})).await;
    let deals = (0..40).map(|i| add(&world.owner, json!({"title": format!("D{i}"), "stage": line.stages[i % 4]})));
    let mut got: BTreeMap<String, usize> = BTreeMap::new();
    for deal in join_all(deals).await {
        *got.entry(deal["owner"].as_str().expect("an owner").to_owned()).or_default() += 1;
    }
    assert_eq!(got.len(), 4);
    assert!(got.values().all(|count| *count == 10), "{got:?}");

    // By load, and no member beyond his limit, also when twenty come at once; what is left over stays without an owner.
    let rules = world.owner.get("/v1/assignment-rules").await.expect(200)["items"].clone();
    let limited: Vec<Value> = members.iter().map(|m| json!({"member": m["member"], "most_open": 13})).collect();
    let path = format!("/v1/assignment-rules/{}", rules[0]["id"].as_str().expect("an id"));
    let tag = world.owner.get(&path).await.etag();
    let body = json!({"name": "By load", "mode": "least_busy", "members": limited});
    world.owner.with("if-match", tag).put(&path, body).await.expect(200);
    let deals = (0..20).map(|i| add(&world.owner, json!({"title": format!("E{i}"), "stage": line.stages[i % 4]})));
    let mut without = 0;
    for deal in join_all(deals).await {
        match deal["owner"].as_str() {
            Some(owner) => *got.get_mut(owner).expect("a member of the rule") += 1,
            None => without += 1,
        }
    }
    assert_eq!((without, got.values().copied().collect::<Vec<_>>()), (8, vec![13; 4]));
    // Whoever looks after all deals hears of those, each owner of his.
    let told = "select count(*) from notifications where kind = 'deal.unassigned'";
    assert_eq!(world.count(told).await, 8);
    assert_eq!(world.count("select count(*) from notifications where kind = 'deal.assigned'").await, 52);
    world.app.settle().await;
}

#[tokio::test]
async fn the_first_rule_that_fits_decides_and_history_says_which_and_why() {
    let world = World::start().await;
    let owner = &world.owner;
    let people = sellers(&world, &["Ana", "Ben", "Cem"]).await;
    let [ana, ben, cem] = [0, 1, 2].map(|i| people[i].1.clone());
    let line = Line::made(&world, "Partners", 2).await;
    let one = |id: &str| vec![json!({"member": id})];
    let big = json!({"currency": "EUR", "amount_from": 100_000});
    let first = rule(&world, "Big ones", "round_robin", &one(&ana), big).await;
    let web = json!({"sources": ["Website"], "pipelines": [line.id]});
    let second =
        rule(&world, "From the web", "least_busy", &[json!({"member": ben}), json!({"member": cem})], web).await;

    let deal = |amount: u64| json!({"title": "A", "pipeline": line.id, "source": "website", "amount": amount, "currency": "EUR"});
    assert_eq!(given(&world, deal(100_000)).await, Some(ana.clone()), "both fit, the first decides");
    assert_eq!(given(&world, deal(99_999)).await, Some(ben.clone()));
    assert_eq!(given(&world, deal(5)).await, Some(cem.clone()), "he has fewer");
    let mine = add(owner, deal(6)).await;
    assert_eq!(mine["owner"], json!(ben), "as few, and he waited longer");
    assert_eq!(given(&world, json!({"title": "B", "source": "website"})).await, None, "no rule is for this pipeline");
    let mut kept = deal(7);
    kept["unassigned"] = json!(true);
    assert_eq!(given(&world, kept).await, None, "somebody wants it so");
    let mut named = deal(8);
    named["owner"] = json!(world.owner_id);
    assert_eq!(given(&world, named).await, Some(world.owner_id.clone()));

    let id = mine["id"].as_str().expect("an id");
    let lines = owner.get(&format!("/v1/deals/{id}/history")).await.expect(200)["items"].clone();
    let said = ["kind", "owner", "rule", "rule_name", "rule_mode", "rule_open"].map(|key| lines[0][key].clone());
    assert_eq!(
        json!(said),
        json!(["created", ben, second["id"], "From the web", "least_busy", 1]),
        "ids, the rule and how busy he was"
    );
    // He is told, and reads that his own deals are what he sees.
    let news = people[1].0.get("/v1/notifications").await.expect(200)["items"].clone();
    let told = |link: String| news.as_array().expect("news").iter().filter(|one| one["link"] == json!(link)).count();
    assert_eq!((told(format!("/deals/{id}")), &news[0]["kind"]), (1, &json!("deal.assigned")));
    people[1].0.get(&format!("/v1/deals/{id}")).await.expect(200);

    // A trial says the same as what would happen, and changes nothing.
    let path = format!("/v1/assignment-rules/trial?pipeline={}&source=WEBSITE&amount=5&currency=EUR", line.id);
    let tried = owner.get(&path).await.expect(200).clone();
    assert_eq!((&tried["rule"], &tried["owner"], &tried["seats"][0]["open"]), (&second["id"], &json!(cem), &json!(2)));
    assert_eq!(owner.get(&path).await.expect(200), &tried);

    // In the other order the second one decides; who is not named comes last.
    let twice = json!({"rules": [second["id"], second["id"]]});
    owner.put("/v1/assignment-rules/order", twice).await.problem(409, "rules_changed");
    let order = owner.put("/v1/assignment-rules/order", json!({"rules": [second["id"]]})).await;
    assert_eq!(order.expect(200)["rules"], json!([second["id"], first["id"]]));
    assert_eq!(given(&world, deal(100_000)).await, Some(cem.clone()));

    // Only whoever looks after all deals changes rules, and what is wrong is named.
    people[0]
        .0
        .post("/v1/assignment-rules", json!({"name": "X", "mode": "round_robin", "members": one(&ana)}))
        .await
        .problem(403, "level_all_needed");
    let wrong = json!({"name": "big ONES", "mode": "round_robin", "members": one("usr_01arz3ndektsv4rrffq69g5fav")});
    owner.post("/v1/assignment-rules", wrong).await.problem(422, "invalid");
    let wrong = json!({"name": "big ONES", "mode": "round_robin", "members": one(&ana)});
    assert_eq!(
        owner.post("/v1/assignment-rules", wrong).await.problem(422, "invalid")["errors"][0]["code"],
        "name_taken"
    );
    let wrong = json!({"name": "Y", "mode": "round_robin", "members": one(&ana), "amount_from": 5});
    owner.post("/v1/assignment-rules", wrong).await.problem(422, "invalid");
    world.app.settle().await;
}

#[tokio::test]
async fn who_left_or_lost_the_right_gets_nothing_and_a_stage_that_asks_for_an_owner_is_content() {
    let world = World::start().await;
    let owner = &world.owner;
    let people = sellers(&world, &["Ana", "Ben", "Cem"]).await;
    let [ana, ben, cem] = [0, 1, 2].map(|i| people[i].1.clone());
    let members: Vec<Value> = [&ana, &ben, &cem].map(|id| json!({"member": id, "weight": 2})).to_vec();
    rule(&world, "All", "round_robin", &members, json!({})).await;
    owner
        .post("/v1/roles", json!({"key": "looks", "name": "Looks", "grants": {"deals.read": "all"}}))
        .await
        .expect(201);
    let roles = owner.get("/v1/roles?limit=200").await.expect(200)["items"].clone();
    let looks = roles.as_array().expect("roles").iter().find(|role| role["key"] == "looks").expect("the role");
    owner.patch(&format!("/v1/members/{ben}"), json!({"roles": [looks["id"]]})).await.expect(200);
    owner.delete(&format!("/v1/members/{cem}")).await.expect(204);
    for _ in 0..3 {
        assert_eq!(given(&world, json!({"title": "A"})).await, Some(ana.clone()));
    }
    let tried = owner.get("/v1/assignment-rules/trial").await.expect(200).clone();
    let out: Vec<&Value> = tried["seats"].as_array().expect("seats").iter().map(|seat| &seat["out"]).collect();
    assert_eq!(json!(out), json!([null, "not_able", "not_able"]));

    let stages = json!([{"name": "Owned", "requires": ["owner"]}]);
    let line = owner.post("/v1/pipelines", json!({"name": "Owned", "stages": stages})).await.expect(201).clone();
    id_of(owner, json!({"title": "B", "pipeline": line["id"]})).await;
    owner.patch(&format!("/v1/members/{ana}"), json!({"state": "disabled"})).await.expect(200);
    owner.post("/v1/deals", json!({"title": "C", "pipeline": line["id"]})).await.problem(422, "invalid");
    assert_eq!(given(&world, json!({"title": "D"})).await, None, "nobody is left, and the deal is kept");
    world.app.settle().await;
}
