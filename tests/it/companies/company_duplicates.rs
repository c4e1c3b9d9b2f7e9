//! Companies that may be one: found, told with the reasons, and left alone when somebody says so.
use super::id_of;
use crate::{
    contacts::{contact_duplicates::shifted, member_with},
    forms::World,
};
use serde_json::{Value, json};

/// Names and reasons of the open pairs, the surest first.
async fn pairs(world: &World) -> Vec<(String, String, Vec<String>)> {
    world.app.settle().await;
    let page = world.owner.get("/v1/company-duplicates?filter=state:eq:open").await.expect(200).clone();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let items = page["items"].as_array().expect("items");
    let sure: Vec<i64> = items.iter().map(|pair| pair["confidence"].as_i64().expect("a figure")).collect();
    assert!(sure.is_sorted_by(|a, b| a >= b), "{sure:?}");
    let pair = |pair: &Value| {
        let mut names = [text(&pair["one"]["name"]), text(&pair["other"]["name"])];
        names.sort();
        let [one, other] = names;
        (one, other, pair["reasons"].as_array().expect("reasons").iter().map(text).collect())
    };
    items.iter().map(pair).collect()
}

fn pair(one: &str, other: &str, reasons: &[&str]) -> (String, String, Vec<String>) {
    (one.to_owned(), other.to_owned(), reasons.iter().map(|reason| (*reason).to_owned()).collect())
}

#[tokio::test]
async fn pairs_are_found_by_what_they_share_and_follow_changes() {
    let world = World::start().await;
    let client = &world.owner;
    let kite = json!({"name": "Kite GmbH & Co. KG", "tax_id": "DE 12", "website": "www.kite.example"});
    id_of(client, kite).await;
    let second = id_of(client, json!({"name": "KITE", "tax_id": "de-12", "email": "office@kite.example"})).await;
    let group = id_of(client, json!({"name": "Owl Holding", "website": "owl.example", "phone": "+49 30 901820"})).await;
    let below = id_of(client, json!({"name": "Owl Ships", "website": "owl.example", "parent": group})).await;
    for name in ["Post A", "Post B"] {
        // Half of the world has an address or a page there.
        let (email, website) = (format!("{}@gmail.com", &name[5..]), "https://facebook.com/post");
        id_of(client, json!({"name": name, "email": email, "website": website})).await;
    }
    assert_eq!(pairs(&world).await, [pair("KITE", "Kite GmbH & Co. KG", &["tax_id", "website", "name"])]);

    // What belongs to a group shares its domain; what stands alone does not.
    client.patch(&format!("/v1/companies/{below}"), json!({"parent": null})).await.expect(200);
    client.patch(&format!("/v1/companies/{second}"), json!({"tax_id": null, "email": null})).await.expect(200);
    let found = [pair("Owl Holding", "Owl Ships", &["website"]), pair("KITE", "Kite GmbH & Co. KG", &["name"])];
    assert_eq!(pairs(&world).await, found);
    client.patch(&format!("/v1/companies/{second}"), json!({"name": "Falcon"})).await.expect(200);
    client.patch(&format!("/v1/companies/{below}"), json!({"phone": "+49 30 901820"})).await.expect(200);
    assert_eq!(pairs(&world).await, [pair("Owl Holding", "Owl Ships", &["phone", "website"])]);
    // Whoever looks at pairs hears of those that came and went, not of other reasons.
    let told = |found: i32, gone: i32| json!({"found": found, "gone": gone});
    assert_eq!(shifted(&world, "company").await, [told(1, 0), told(1, 0), told(0, 1)]);
    client.delete(&format!("/v1/companies/{below}")).await.expect(204);
    assert_eq!(pairs(&world).await, []);
    client.post(&format!("/v1/companies/{below}/restoration"), json!({})).await.expect(200);
    assert_eq!(pairs(&world).await.len(), 1);
}

#[tokio::test]
async fn what_somebody_said_stays_and_goes_over_with_a_merge() {
    let world = World::start().await;
    let client = &world.owner;
    let (member, member_id) =
        member_with(&world, "Mia", json!({"companies.read": "own", "companies.write": "own"})).await;
    let kite = |owner: &str| json!({"name": "Kite", "owner": owner});
    let (a, b) = (id_of(client, kite(&member_id)).await, id_of(client, kite(&world.owner_id)).await);
    world.app.settle().await;
    let found = client.get(&format!("/v1/company-duplicates?company={a}")).await.expect(200)["items"][0].clone();
    let path = format!("/v1/company-duplicates/{}", found["id"].as_str().expect("an id"));
    // Both companies of a pair must be in reach.
    member.get(&path).await.problem(404, "not_found");
    world.stranger().await.get(&path).await.problem(404, "not_found");
    let dismissed = client.patch(&path, json!({"state": "dismissed"})).await.expect(200).clone();
    assert_eq!((&dismissed["state"], &dismissed["decided_by"]), (&json!("dismissed"), &json!(world.owner_id)));
    client.patch(&format!("/v1/companies/{a}"), json!({"industry": "Ships"})).await.expect(200);
    assert_eq!(pairs(&world).await, []);

    // Of what becomes one with another, the same holds: until they are apart again.
    let c = id_of(client, json!({"name": "Sail"})).await;
    let merge = client.post("/v1/company-merges", json!({"kept": c, "merged": [b]})).await.expect(201).clone();
    client.patch(&format!("/v1/companies/{c}"), json!({"name": "Kite"})).await.expect(200);
    assert_eq!(pairs(&world).await, []);
    client.patch(&format!("/v1/companies/{c}"), json!({"name": "Sail"})).await.expect(200);
    let undo = format!("/v1/company-merges/{}/undo", merge["id"].as_str().expect("an id"));
    client.post(&undo, json!({})).await.expect(200);
    client.patch(&format!("/v1/companies/{c}"), json!({"name": "Kite"})).await.expect(200);
    assert_eq!(pairs(&world).await.len(), 2, "with each of the others, which are still none themselves");
    client.patch(&path, json!({"state": "open"})).await.expect(200);
    assert_eq!(pairs(&world).await.len(), 3);
    let kinds = world.events().await;
    assert!(kinds.contains(&"company_duplicate.dismissed".to_owned()));
    assert!(kinds.contains(&"company_duplicate.reopened".to_owned()));
}

/// Names of the companies of each group, sorted, and how many pairs bind them.
async fn groups(client: &tests::Client) -> Vec<(Vec<String>, usize)> {
    let page = client.get("/v1/company-duplicate-groups").await.expect(200).clone();
    let items = page["items"].as_array().expect("items").iter();
    let group = |group: &Value| {
        let companies = group["companies"].as_array().expect("companies");
        let added = companies.iter().map(|company| company["created_at"].as_str().expect("a time"));
        assert!(added.is_sorted(), "the oldest first: {group}");
        let name = |company: &Value| company["name"].as_str().expect("a name").to_owned();
        let mut names: Vec<String> = companies.iter().map(name).collect();
        names.sort();
        let pairs = group["pairs"].as_array().expect("pairs");
        assert_eq!((&pairs[0]["id"], &pairs[0]["confidence"]), (&group["id"], &group["confidence"]), "{group}");
        (names, pairs.len())
    };
    items.map(group).collect()
}

fn group(names: &[&str], pairs: usize) -> (Vec<String>, usize) {
    (names.iter().map(|name| (*name).to_owned()).collect(), pairs)
}

#[tokio::test]
async fn pairs_that_hang_together_are_one_group_and_become_one_company() {
    let world = World::start().await;
    let client = &world.owner;
    let (member, member_id) =
        member_with(&world, "Mia", json!({"companies.read": "own", "companies.write": "own"})).await;
    // One shares its name with the first, another its mailbox with the second: the first and the third share nothing.
    let kite = id_of(client, json!({"name": "Kite", "owner": member_id})).await;
    let twin = id_of(client, json!({"name": "Kite GmbH", "email": "office@wind.example", "owner": member_id})).await;
    let third = id_of(client, json!({"name": "Wind", "email": "office@wind.example"})).await;
    let far = id_of(client, json!({"name": "Wind Ltd"})).await;
    for name in ["Owl", "Owl AG"] {
        id_of(client, json!({"name": name, "tax_id": "DE 9"})).await;
    }
    world.app.settle().await;
    let all = group(&["Kite", "Kite GmbH", "Wind", "Wind Ltd"], 3);
    let owls = group(&["Owl", "Owl AG"], 1);
    assert_eq!(groups(client).await, [owls.clone(), all.clone()], "the surest first");
    let first = client.get("/v1/company-duplicate-groups?limit=1").await.expect(200).clone();
    let next = first["next_cursor"].as_str().expect("a next page");
    let rest = client.get(&format!("/v1/company-duplicate-groups?limit=1&cursor={next}")).await.expect(200).clone();
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(1), &Value::Null));
    // Whoever sees two of them sees no more of the group.
    assert_eq!(groups(&member).await, [group(&["Kite", "Kite GmbH"], 1)]);
    assert_eq!(groups(&world.stranger().await).await, []);

    // One pair that is none parts the group.
    let between = client.get(&format!("/v1/company-duplicates?company={third}")).await.expect(200).clone();
    let items = between["items"].as_array().expect("items").iter();
    let apart = items.filter(|pair| pair["reasons"] != json!(["name"])).map(|pair| &pair["id"]).collect::<Vec<_>>();
    let path = format!("/v1/company-duplicates/{}", apart[0].as_str().expect("an id"));
    client.patch(&path, json!({"state": "dismissed"})).await.expect(200);
    let parted = [owls.clone(), group(&["Wind", "Wind Ltd"], 1), group(&["Kite", "Kite GmbH"], 1)];
    let mut found = groups(client).await;
    found[1..].sort_by_key(|(names, _)| names[0] != "Wind");
    assert_eq!(found, parted);
    client.patch(&path, json!({"state": "open"})).await.expect(200);

    // All of them in one go, with whoever is to stay; and back.
    let merged = json!({"kept": third, "merged": [kite, twin, far]});
    let merge = client.post("/v1/company-merges", merged).await.expect(201).clone();
    world.app.settle().await;
    assert_eq!(groups(client).await, std::slice::from_ref(&owls));
    let undo = format!("/v1/company-merges/{}/undo", merge["id"].as_str().expect("an id"));
    client.post(&undo, json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(groups(client).await, [owls, all]);

    // One whose number more than a hundred others have: a group of its own, of which some are shown.
    world
        .tenant_query(
            "insert into companies (id, name, status, name_key, search, created_at, updated_at)
             select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Shared ' || n, 'active', 'shared ' || n, '', now(), now()
             from generate_series(1, 111) as n",
        )
        .await;
    world
        .tenant_query(
            "insert into company_duplicates (id, one_id, other_id, reasons, created_at, updated_at)
             select gen_random_uuid(), h.id, c.id, array['phone'], now(), now()
             from companies h join companies c on c.name like 'Shared %' and c.id <> h.id where h.name = 'Shared 1'",
        )
        .await;
    let found = groups(client).await;
    let shown: Vec<_> = found.iter().map(|(names, pairs)| (names.len(), *pairs)).collect();
    assert_eq!(shown, [(2, 1), (4, 3), (50, 49)]);
    assert_eq!(groups(&member).await.len(), 1);
}

async fn run(client: &tests::Client, world: &World, body: Value) -> Value {
    let made = client.post("/v1/company-duplicate-runs", body).await.expect(201).clone();
    world.app.settle().await;
    let path = format!("/v1/company-duplicate-runs/{}", made["id"].as_str().expect("an id"));
    client.get(&path).await.expect(200).clone()
}

#[tokio::test]
async fn all_companies_are_looked_through_and_sure_pairs_merged_each_with_a_way_back() {
    let mut world = World::start().await;
    // Straight into the tables: nobody told the module of these. A hundred and twenty pairs share a tax number.
    world
        .tenant_query(
            "insert into companies (id, name, name_key, profiles, status, tax_id, tax_key, search, created_at, updated_at)
             select ('00000000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid, 'Firm ' || g, 'firm ' || g, '{}', 'prospect',
               'DE ' || g / 2, 'de' || g / 2, '', now() + g * interval '1 second', now() from generate_series(0, 239) g",
        )
        .await;
    let done = run(&world.owner, &world, json!({"kind": "scan"})).await;
    assert_eq!((&done["state"], &done["done"], &done["total"]), (&json!("done"), &json!(240), &json!(240)));
    assert_eq!(done["found"], json!(120));
    assert_eq!(run(&world.owner, &world, json!({"kind": "scan"})).await["found"], json!(0));
    world
        .owner
        .post("/v1/company-duplicate-runs", json!({"kind": "merge", "confidence": 50}))
        .await
        .problem(422, "invalid");

    // Whoever reaches nobody's companies merges none of them.
    let own = json!({"companies.read": "own", "companies.write": "own", "companies.mass_update": "own"});
    let (member, _) = member_with(&world, "Mia", own).await;
    assert_eq!(run(&member, &world, json!({"kind": "merge"})).await["merged"], json!(0));
    let reads = json!({"companies.read": "all", "companies.mass_update": "all"});
    let (reader, _) = member_with(&world, "Ron", reads).await;
    reader.post("/v1/company-duplicate-runs", json!({"kind": "merge"})).await.problem(403, "permission_missing");

    let begun = world.owner.post("/v1/company-duplicate-runs", json!({"kind": "merge"})).await.expect(201).clone();
    world.owner.post("/v1/company-duplicate-runs", json!({"kind": "merge"})).await.problem(409, "run_running");
    let path = format!("/v1/company-duplicate-runs/{}", begun["id"].as_str().expect("an id"));
    world.stranger().await.get(&path).await.problem(404, "not_found");
    world.owner.post(&format!("{path}/cancellation"), json!({})).await.expect(200);
    world.owner.post(&format!("{path}/cancellation"), json!({})).await.problem(409, "run_over");
    let merged = run(&world.owner, &world, json!({"kind": "merge"})).await;
    assert_eq!((&merged["merged"], &merged["skipped"], &merged["state"]), (&json!(120), &json!(0), &json!("done")));
    world.owner = crate::followups::owner(&world).await;
    assert_eq!(world.count("select count(*) from companies where deleted_at is null").await, 120);
    // Into the older one, each with a way back.
    let one = world.owner.get("/v1/company-merges?limit=1").await.expect(200)["items"][0].clone();
    assert_eq!((&one["actor_kind"], &one["can_undo"]), (&json!("system"), &json!(true)));
    let number = |value: &Value| value.as_str().and_then(|name| name[5..].parse::<i32>().ok()).expect("a number");
    assert_eq!(number(&one["kept_name"]) + 1, number(&one["merged"][0]["name"]));
    let undo = format!("/v1/company-merges/{}/undo", one["id"].as_str().expect("an id"));
    world.owner.post(&undo, json!({})).await.expect(200);
    assert_eq!(world.count("select count(*) from companies where deleted_at is null").await, 121);
    let kinds = world.events().await;
    for kind in ["created", "cancelled", "finished"] {
        assert!(kinds.contains(&format!("company_duplicate_run.{kind}")), "{kind}");
    }
}
