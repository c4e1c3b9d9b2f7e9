//! Contacts that may be one person: found, told, dismissed, merged.
use super::id_of;
use crate::{followups::owner, forms::World};
use serde_json::{Value, json};

async fn pairs(world: &World, query: &str) -> Vec<Value> {
    world.app.settle().await;
    let page = world.owner.get(&format!("/v1/contact-duplicates?sort=-confidence{query}")).await;
    page.expect(200)["items"].as_array().expect("items").clone()
}

/// Names of a pair in their order, reasons and confidence.
fn told(pair: &Value) -> (Vec<String>, Vec<String>, i64) {
    let name = |side: &str| pair[side]["name"].as_str().expect("a name").to_owned();
    let mut names = vec![name("one"), name("other")];
    names.sort();
    let reasons =
        pair["reasons"].as_array().expect("reasons").iter().map(|r| r.as_str().expect("text").to_owned()).collect();
    (names, reasons, pair["confidence"].as_i64().expect("a number"))
}

/// Figures of the news that pairs came or went, in their order.
pub async fn shifted(world: &World, of: &str) -> Vec<Value> {
    let told = format!(
        "select e.payload::text from event_log l join events e on e.id = l.event_id
         where e.kind = '{of}_duplicate.shifted' and e.subject = '{of}_duplicates' order by l.seq"
    );
    let rows = world.tenant_query(&told).await;
    rows.iter().map(|row| serde_json::from_str(row.get(0)).expect("json")).collect()
}

async fn run(world: &World, body: Value) -> Value {
    let made = world.owner.post("/v1/contact-duplicate-runs", body).await.expect(201).clone();
    world.app.settle().await;
    let path = format!("/v1/contact-duplicate-runs/{}", made["id"].as_str().expect("an id"));
    world.owner.get(&path).await.expect(200).clone()
}

#[tokio::test]
async fn pairs_are_found_kept_up_and_remembered() {
    let world = World::start().await;
    let client = &world.owner;
    let person = |first: &str, last: &str, more: Value| {
        let mut new = json!({"first_name": first, "last_name": last});
        new.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        new
    };
    for new in [
        person(
            "José",
            "Pérez",
            json!({"emails": [{"address": "Jose@x.example"}], "phones": [{"number": "+49 (30) 901820"}]}),
        ),
        person("Pérez", "Jose", json!({"emails": [{"address": "jose@X.example"}]})),
        person("Family", "Pérez", json!({"phones": [{"number": "+4930901820"}]})),
        person("John", "Smith", json!({"company_name": "Engines Ltd"})),
        person("Jon", "Smith", json!({"company_name": "ENGINES LTD"})),
        person("Smith", "John", json!({"address": {"city": "Berlin"}})),
        person("Jane", "Smythe", json!({"company_name": "Other"})),
    ] {
        id_of(client, new).await;
    }
    let found: Vec<_> = pairs(&world, "").await.iter().map(told).collect();
    let expect = |names: [&str; 2], reasons: &[&str], confidence: i64| {
        (names.map(str::to_owned).to_vec(), reasons.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>(), confidence)
    };
    assert_eq!(
        found,
        [
            expect(["José Pérez", "Pérez Jose"], &["email", "name"], 98),
            expect(["John Smith", "Jon Smith"], &["similar_name", "company"], 65),
            expect(["John Smith", "Smith John"], &["name"], 50),
            expect(["Family Pérez", "José Pérez"], &["phone"], 45),
        ]
    );
    // All that one look found are one piece of news, and names nobody.
    assert_eq!(shifted(&world, "contact").await, [json!({"found": 4, "gone": 0})]);
    // A change makes a pair surer, or none.
    let john = world.owner.get("/v1/contacts?filter=name:eq:jon%20smith").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/v1/contacts/{}", john.as_str().expect("an id"));
    client.patch(&path, json!({"company_name": null})).await.expect(200);
    assert_eq!(pairs(&world, "&filter=reason:has:similar_name").await.len(), 0);
    assert_eq!(shifted(&world, "contact").await[1..], [json!({"found": 0, "gone": 1})]);
    // "No duplicate" is remembered, whatever changes.
    let family = pairs(&world, "&filter=reason:has:phone").await[0].clone();
    let path = format!("/v1/contact-duplicates/{}", family["id"].as_str().expect("an id"));
    let etag = client.get(&path).await.etag();
    client.with("if-match", "\"9\"").patch(&path, json!({"state": "dismissed"})).await.problem(412, "stale");
    client.with("if-match", etag).patch(&path, json!({"state": "dismissed"})).await.expect(200);
    let side = if family["one"]["name"] == "José Pérez" { "one" } else { "other" };
    let jose = family[side]["contact"].as_str().expect("an id");
    client.patch(&format!("/v1/contacts/{jose}"), json!({"job_title": "Cook"})).await.expect(200);
    assert_eq!(pairs(&world, "&filter=state:eq:open").await.len(), 2);
    // It holds for the contact that a dismissed one becomes part of, as long as it is.
    let twin = pairs(&world, "&filter=reason:has:email").await[0].clone();
    let (kept, gone) = match twin["one"]["contact"] == jose {
        true => (twin["other"]["contact"].clone(), jose),
        false => (twin["one"]["contact"].clone(), jose),
    };
    let merge = client.post("/v1/contact-merges", json!({"kept": kept, "merged": [gone]})).await.expect(201).clone();
    let dismissed = pairs(&world, "&filter=state:eq:dismissed").await;
    assert_eq!((dismissed.len(), pairs(&world, "&filter=state:eq:open").await.len()), (1, 1));
    let undo = format!("/v1/contact-merges/{}/undo", merge["id"].as_str().expect("an id"));
    client.post(&undo, json!({})).await.expect(200);
    let dismissed: Vec<_> =
        pairs(&world, "&filter=state:eq:dismissed").await.iter().map(|pair| pair["id"].clone()).collect();
    assert_eq!(dismissed, [family["id"].clone()]);
}

#[tokio::test]
async fn whoever_is_gone_or_out_of_reach_takes_nobodys_place() {
    let world = World::start().await;
    let client = &world.owner;
    let with = |name: String, address: &str| json!({"first_name": name, "emails": [{"address": address}]});
    let mut gone = vec![];
    for n in 0..24 {
        gone.push(id_of(client, with(format!("Old {n}"), "one@x.example")).await);
    }
    client.post("/v1/contacts/bulk-changes", json!({"contacts": gone, "deleted": true})).await.expect(200);
    world.app.advance(chrono::TimeDelta::seconds(1));
    for name in ["Ann", "Anna"] {
        id_of(client, with(name.to_owned(), "one@x.example")).await;
    }
    let found = pairs(&world, "").await;
    assert_eq!(found.iter().map(|pair| told(pair).0).collect::<Vec<_>>(), [["Ann", "Anna"]]);
    // A run that merges counts the pairs that it can look at.
    for address in ["two@x.example", "three@x.example"] {
        for _ in 0..2 {
            id_of(client, json!({"first_name": "Eve", "last_name": address, "emails": [{"address": address}]})).await;
        }
    }
    assert_eq!(pairs(&world, "&filter=confidence:gte:95").await.len(), 2);
    let three = client.get("/v1/contacts?filter=email:eq:three@x.example").await.expect(200)["items"][0]["id"].clone();
    client.delete(&format!("/v1/contacts/{}", three.as_str().expect("an id"))).await.expect(204);
    let merged = run(&world, json!({"kind": "merge", "confidence": 95})).await;
    assert_eq!((&merged["total"], &merged["done"], &merged["merged"]), (&json!(1), &json!(1), &json!(1)));
    // Whoever sees only his own is told of those, however many of the name belong to others.
    for _ in 0..12 {
        id_of(client, json!({"first_name": "Bo", "last_name": "Lee"})).await;
    }
    world.app.advance(chrono::TimeDelta::seconds(1));
    let own = json!({"contacts.read": "own", "contacts.write": "own"});
    let (mia, _) = super::member_with(&world, "Mia", own).await;
    let hers = id_of(&mia, json!({"first_name": "Bo", "last_name": "Lee"})).await;
    let told = mia.get("/v1/contacts/duplicates?name=Bo%20Lee").await.expect(200)["items"].clone();
    assert_eq!(told.as_array().expect("contacts").iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(hers)]);
}

#[tokio::test]
async fn all_contacts_are_looked_through_and_sure_pairs_merged_without_quadratic_work() {
    let mut world = World::start().await;
    // Straight into the tables: nobody told the module of these. One mailbox has many owners.
    world
        .tenant_query(&format!(
            "with n as (insert into contacts (id, display_name, first_name, last_name, name_key, email, search, owner_id, created_at, updated_at)
               select ('00000000-0000-7000-8000-' || lpad(g::text, 12, '0'))::uuid, 'P' || (g / 2) || ' Twin', 'P' || (g / 2), 'Twin',
                 fold('P' || (g / 2) || ' Twin'), case when g < 40 then 'twin' || (g / 2) || '@x.example' else 'info@x.example' end,
                 '', '{}', now() + g * interval '1 second', now() from generate_series(0, 239) g returning id, email)
             insert into contact_emails (contact_id, position, kind, address, canonical) select id, 0, 'work', email, email from n",
            kernel::ids::decode(world.owner_id.strip_prefix("usr_").expect("a member")).expect("an id")
        ))
        .await;
    let done = run(&world, json!({"kind": "scan"})).await;
    assert_eq!((&done["state"], &done["done"], &done["total"]), (&json!("done"), &json!(240), &json!(240)));
    let all = world.count("select count(*) from contact_duplicates").await;
    // Twenty pairs of twins by address and name; a hundred in the shared mailbox by both; and each of its two hundred with
    // its oldest twenty, instead of all with all.
    assert!(all <= 20 + 100 + 200 * 20, "{all} pairs");
    assert_eq!(done["found"], json!(all));
    assert_eq!(world.count("select count(*) from contact_duplicates where confidence >= 95").await, 120);
    // Again: nothing new.
    assert_eq!(run(&world, json!({"kind": "scan"})).await["found"], json!(0));

    let held = "update contacts set hold_reason = 'court' where id = '00000000-0000-7000-8000-000000000001'";
    world.tenant_query(held).await;
    world
        .owner
        .post("/v1/contact-duplicate-runs", json!({"kind": "merge", "confidence": 50}))
        .await
        .problem(422, "invalid");
    let merged = run(&world, json!({"kind": "merge", "confidence": 98})).await;
    assert_eq!((&merged["merged"], &merged["skipped"], &merged["state"]), (&json!(119), &json!(1), &json!("done")));
    world.owner = owner(&world).await;
    let one = world.owner.get("/v1/contact-merges?limit=1").await.expect(200)["items"][0].clone();
    assert_eq!((&one["actor_kind"], &one["can_undo"]), (&json!("system"), &json!(true)));
    let undo = format!("/v1/contact-merges/{}/undo", one["id"].as_str().expect("an id"));
    world.owner.post(&undo, json!({})).await.expect(200);
    let own = json!({"contacts.read": "own", "contacts.write": "own", "contacts.mass_update": "own"});
    let (member, _) = super::member_with(&world, "Mia", own).await;
    assert_eq!(member.get("/v1/contact-duplicates").await.expect(200)["items"], json!([]));
}
