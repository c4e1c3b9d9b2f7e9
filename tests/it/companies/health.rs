//! How a company is doing: from records, with the reason of each part; and what is kept of it, whatever happens and as days go by.
use super::{id_of, names};
use crate::{
    contacts::{
        self,
        contact_imports::{import, path_of},
    },
    deals::Dice,
    followups::owner,
    forms::{World, sign_in},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::Client;
use uuid::Uuid;

fn part<'a>(health: &'a Value, name: &str) -> &'a Value {
    health["parts"].as_array().expect("parts").iter().find(|p| p["part"] == name).expect("the part")
}

#[tokio::test]
async fn health_is_made_of_what_is_known_and_says_why() {
    let mut world = World::start().await;
    let id = id_of(&world.owner, json!({"name": "Kestrel", "status": "active"})).await;
    let path = format!("/v1/companies/{id}");
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!(health.get("score"), None, "nothing is known: {health}");
    assert_eq!(part(&health, "touch")["finding"], "no_people");

    let ann = contacts::id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let roles = json!({"roles": ["decision_maker"], "primary": true});
    world.owner.put(&format!("{path}/contacts/{ann}"), roles).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!((&part(&health, "touch")["finding"], &health["score"]), (&json!("never"), &json!(33)), "20 of 60");

    let call = json!({"kind": "call", "title": "Wants a roof"});
    world.owner.post(&format!("/v1/contacts/{ann}/activities"), call).await.expect(201);
    let patch = json!({"renews_on": "2027-06-01"});
    world.owner.patch(&path, patch).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!(health["score"], 100, "{health}");
    assert_eq!(part(&health, "renewal")["days"], 193);
    assert_eq!((&part(&health, "rhythm")["recent"], &part(&health, "rhythm")["before"]), (&json!(1), &json!(0)));
    let points: i64 = health["parts"].as_array().unwrap().iter().filter_map(|p| p["points"].as_i64()).sum();
    assert_eq!(points, 100, "the score is the sum of its parts");

    // A private note is its author's own: nobody learns from the score that there is one.
    world.app.advance(TimeDelta::days(40));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    let note = json!({"body": "Mine alone", "private": true});
    world.owner.post(&format!("/v1/contacts/{ann}/notes"), note).await.expect(201);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!((&part(&health, "touch")["days"], &part(&health, "touch")["points"]), (&json!(40), &json!(20)));
    assert!(part(&health, "touch")["detail"].as_str().is_some_and(|why| why.contains("40 days ago")));

    world.app.advance(TimeDelta::days(60));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.owner.patch(&path, json!({"cancel_by": "2027-03-10"})).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!(part(&health, "touch")["finding"], "silent");
    assert_eq!(part(&health, "rhythm")["finding"], "stopped");
    assert_eq!((&part(&health, "renewal")["finding"], &part(&health, "renewal")["days"]), (&json!("open"), &json!(10)));
    world.owner.patch(&path, json!({"status": "former"})).await.expect(200);
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!((health.get("score"), &health["ended"]), (None, &json!(true)));
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&format!("{path}/health")).await.problem(404, "not_found");
    world.app.settle().await;
}

/// What a page says of a part, and what the list finds for it: both are asked by themselves.
async fn told(world: &World, id: &str, name: &str) -> String {
    world.app.settle().await;
    let health = world.owner.get(&format!("/v1/companies/{id}/health")).await.expect(200).clone();
    let finding = part(&health, name)["finding"].as_str().expect("a finding").to_owned();
    for (kind, findings) in [
        ("touch", &["fresh", "recent", "fading", "quiet", "silent", "never", "no_people"][..]),
        ("rhythm", &["steady", "slower", "faint", "stopped", "unknown"][..]),
    ] {
        let said = part(&health, kind)["finding"].as_str().expect("a finding").to_owned();
        for wanted in findings {
            let page = world.owner.get(&format!("/v1/companies?limit=200&filter=health:eq:{kind}.{wanted}")).await;
            let found = page.expect(200)["items"].as_array().expect("items").iter().any(|c| c["id"] == id);
            assert_eq!(found, said == *wanted, "{kind}.{wanted} of {health}");
        }
    }
    finding
}

#[tokio::test]
async fn a_page_and_a_list_count_the_same_touches() {
    let mut world = World::start().await;
    let call = |at: chrono::DateTime<chrono::Utc>| json!({"kind": "call", "title": "Rang", "direction": "outbound", "occurred_at": at});
    let now = world.app.clock.now();
    let (near, old, planned) = (now - TimeDelta::days(1), now - TimeDelta::days(45), now + TimeDelta::days(20));
    let mut ids = std::collections::BTreeMap::new();
    for name in ["Alone", "Both", "Person", "Noted", "Private", "Planned", "Deleted", "Nothing"] {
        let id = id_of(&world.owner, json!({"name": name, "status": "active"})).await;
        let ann = contacts::id_of(&world.owner, json!({"first_name": format!("Ann of {name}")})).await;
        if name != "Alone" {
            let path = format!("/v1/companies/{id}/contacts/{ann}");
            world.owner.put(&path, json!({"roles": []})).await.expect(200);
        }
        let (company, person) = (format!("/v1/companies/{id}"), format!("/v1/contacts/{ann}"));
        let log = async |path: &str, body: Value| {
            let made = world.owner.post(path, body).await;
            made.expect(201);
            made.text_of("id")
        };
        match name {
            "Alone" => drop(log(&format!("{company}/activities"), call(near)).await),
            "Both" => {
                let mut with = call(near);
                with["contact"] = json!(ann);
                log(&format!("{company}/activities"), with).await;
            }
            "Person" => drop(log(&format!("{person}/activities"), call(old)).await),
            "Noted" => drop(log(&format!("{company}/notes"), json!({"body": "They want a roof"})).await),
            "Private" => drop(log(&format!("{company}/notes"), json!({"body": "Mine", "private": true})).await),
            "Planned" => {
                log(&format!("{person}/activities"), call(old)).await;
                log(&format!("{company}/activities"), call(planned)).await;
            }
            "Deleted" => {
                let gone = log(&format!("{company}/activities"), call(near)).await;
                world.owner.delete(&format!("/v1/activities/{gone}")).await.expect(204);
            }
            _ => {}
        }
        ids.insert(name, id);
    }
    for (name, finding) in [
        ("Alone", "fresh"),
        ("Both", "fresh"),
        ("Person", "fading"),
        ("Noted", "fresh"),
        ("Private", "never"),
        ("Planned", "fading"),
        ("Deleted", "never"),
        ("Nothing", "never"),
    ] {
        assert_eq!(told(&world, &ids[name], "touch").await, finding, "{name}");
    }
    let health = world.owner.get(&format!("/v1/companies/{}/health", ids["Both"])).await.expect(200).clone();
    assert_eq!(part(&health, "rhythm")["recent"], 1, "with one of its people about it: once");
    // What was planned has happened, and nobody had to say so.
    world.app.advance(TimeDelta::days(21));
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    assert_eq!(told(&world, &ids["Planned"], "touch").await, "fresh");
    assert_eq!(told(&world, &ids["Person"], "touch").await, "quiet");
    let health = world.owner.get(&format!("/v1/companies/{}/health", ids["Planned"])).await.expect(200).clone();
    assert_eq!((&part(&health, "touch")["days"], &part(&health, "rhythm")["recent"]), (&json!(1), &json!(2)));
}

type Moments = Vec<DateTime<Utc>>;

/// What is to be kept of every company, counted from the tables by other means than the product's: touch by touch, in days of a
/// zone that is so many hours ahead.
async fn oracle(world: &World, ahead: i64) -> Vec<(Uuid, i32, Vec<String>)> {
    let all = world
        .tenant_query(
            "with people as (
               select x.company_id, x.contact_id, x.roles, x.is_primary from company_contacts x join contacts k on k.id = x.contact_id where k.deleted_at is null)
             select c.id, c.status, c.renews_on, c.cancel_by, c.deleted_at is null,
               array(select coalesce(array_to_string(p.roles, ','), '') || case when p.is_primary then ' first' else '' end from people p where p.company_id = c.id),
               array(select a.occurred_at from activities a where a.company_id = c.id
                 or a.contact_id in (select p.contact_id from people p where p.company_id = c.id)),
               array(select n.created_at from notes n where not n.is_private
                 and (n.company_id = c.id or n.contact_id in (select p.contact_id from people p where p.company_id = c.id)))
             from companies c order by c.id",
        )
        .await;
    let now = world.app.clock.now();
    let day = |at: DateTime<Utc>| (at + TimeDelta::hours(ahead)).date_naive();
    let until = |other: NaiveDate| (other - day(now)).num_days();
    all.iter()
        .map(|row| {
            let status: String = row.get(1);
            if !row.get::<_, bool>(4) || status == "former" || status == "blacklisted" {
                return (row.get(0), 102, vec![]);
            }
            let people: Vec<String> = row.get(5);
            let touches: Moments = [row.get::<_, Moments>(6), row.get::<_, Moments>(7)].concat();
            let ages: Vec<i64> = touches.iter().filter(|at| **at <= now).map(|at| -until(day(*at))).collect();
            let many = |from: i64, to: i64| ages.iter().filter(|age| (from..to).contains(*age)).count();
            let touch = match (ages.iter().min().copied(), people.len()) {
                (None, 0) => ("no_people", None),
                (None, _) => ("never", Some(0)),
                (Some(..15), _) => ("fresh", Some(40)),
                (Some(..31), _) => ("recent", Some(30)),
                (Some(..61), _) => ("fading", Some(20)),
                (Some(..91), _) => ("quiet", Some(10)),
                (Some(_), _) => ("silent", Some(0)),
            };
            let rhythm = match (many(0, 90), many(90, 180)) {
                (0, 0) => ("unknown", None),
                (0, _) => ("stopped", Some(0)),
                (recent, before) if recent >= before => ("steady", Some(20)),
                (recent, before) if 2 * recent >= before => ("slower", Some(10)),
                _ => ("faint", Some(5)),
            };
            let (decides, first) =
                (people.iter().any(|p| p.contains("decision")), people.iter().any(|p| p.ends_with(" first")));
            let known = match (people.len(), decides, first) {
                (0, ..) => ("no_people", Some(0)),
                (_, true, true) => ("known", Some(20)),
                (_, true, false) => ("no_first", Some(10)),
                (_, false, true) => ("no_decider", Some(10)),
                (_, false, false) => ("no_roles", Some(0)),
            };
            let open = row.get::<_, Option<NaiveDate>>(3).is_some_and(|last| (0..15).contains(&until(last)));
            let renewal = match row.get::<_, Option<NaiveDate>>(2).map(until) {
                None => ("unknown", None),
                Some(_) if open => ("open", Some(4)),
                Some(..0) => ("passed", Some(0)),
                Some(..31) => ("near", Some(8)),
                Some(..91) => ("coming", Some(14)),
                Some(_) => ("far", Some(20)),
            };
            let counted = |part: (&str, Option<i32>), most: i32| part.1.map_or((0, 0), |points| (points, most));
            let sums = [counted(touch, 40), counted(rhythm, 20), counted(known, 20), counted(renewal, 20)];
            let (points, most) = sums.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
            let sign = touch.1.is_some() || rhythm.1.is_some() || renewal.1.is_some();
            let score = if sign { (f64::from(100 * points) / f64::from(most)).round() as i32 } else { 101 };
            let band = match score {
                101 => "unknown",
                70.. => "good",
                40.. => "fair",
                _ => "poor",
            };
            let parts = [("touch", touch), ("rhythm", rhythm), ("people", known), ("renewal", renewal)];
            let parts = parts.map(|(part, (finding, _))| format!("{part}.{finding}"));
            (row.get(0), score, std::iter::once(band.to_owned()).chain(parts).collect())
        })
        .collect()
}

/// When nothing waits, what is kept is what counting gives; lists, filters, the report and a page say the same.
async fn compare(world: &World, client: &Client, ahead: i64, step: &str) {
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from health_dirty").await, 0, "{step}");
    let kept = world.tenant_query("select c.id, c.health, c.health_found from companies c order by c.id").await;
    let kept: Vec<(Uuid, i32, Vec<String>)> = kept.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    assert_eq!(kept, oracle(world, ahead).await, "after {step}");
    // Without a page having been read in between.
    let page = client.get("/v1/companies?limit=200&sort=health").await.expect(200).clone();
    let listed: Vec<(String, i64)> = page["items"].as_array().expect("items").iter().map(place).collect();
    assert!(listed.is_sorted_by_key(|(_, health)| *health), "after {step}: {listed:?}");
    if let Some((id, _)) = listed.first() {
        let said = client.get(&format!("/v1/companies/{id}/health")).await.expect(200).clone();
        let (_, _, found) =
            kept.iter().find(|(known, ..)| format!("com_{}", kernel::ids::encode(*known)) == *id).expect("kept");
        for word in found.iter().skip(1) {
            let (name, finding) = word.split_once('.').expect("a part");
            assert_eq!(part(&said, name)["finding"], finding, "after {step}");
        }
    }
}

/// Who it is, and what it is sorted by.
fn place(item: &Value) -> (String, i64) {
    let health = item.get("health").map_or(102, |health| health.get("score").and_then(Value::as_i64).unwrap_or(101));
    (item["id"].as_str().expect("an id").to_owned(), health)
}

#[tokio::test]
async fn after_any_edits_and_days_what_is_kept_is_what_counting_anew_gives() {
    let world = World::start().await;
    let mut client = owner(&world).await;
    let (mut companies, mut people) = (vec![], vec![]);
    for name in ["Alder", "Birch", "Cedar", "Doum"] {
        companies.push(id_of(&client, json!({"name": name, "status": "active"})).await);
        people.push(contacts::id_of(&client, json!({"first_name": format!("Ann of {name}")})).await);
    }
    let (mut dice, mut ahead) = (Dice(0x9e37_79b9_7f4a_7c15), 0);
    let (mut gone, mut logged) = (BTreeSet::new(), vec![]);
    // What was merged, and its undo: of a contact and of a company.
    let mut merged: [Option<(String, String)>; 2] = [None, None];
    for step in 0..110 {
        let (company, person) = (dice.of(&companies).clone(), dice.of(&people).clone());
        if merged.iter().flatten().any(|(_, part)| *part == company || *part == person) {
            continue;
        }
        let (of_company, of_person) = (format!("/v1/companies/{company}"), format!("/v1/contacts/{person}"));
        for path in [&of_company, &of_person] {
            if gone.remove(path) {
                client.post(&format!("{path}/restoration"), json!({})).await.expect(200);
            }
        }
        let now = world.app.clock.now();
        let what = dice.below(18);
        match what {
            0 => {
                let status = *dice.of(&["active", "prospect", "former"]);
                client.patch(&of_company, json!({ "status": status })).await.expect(200);
            }
            1 => {
                let renews = now.date_naive() + TimeDelta::days(dice.below(150) as i64 - 20);
                let last = (dice.below(2) > 0).then(|| renews - TimeDelta::days(dice.below(40) as i64));
                client.patch(&of_company, json!({"renews_on": renews, "cancel_by": last})).await.expect(200);
            }
            2..=4 => {
                let roles = *dice.of(&["decision_maker", "technical"]);
                let place = json!({"roles": [roles], "primary": dice.below(2) > 0});
                client.put(&format!("{of_company}/contacts/{person}"), place).await.expect(200);
            }
            5 => {
                let there = client.get(&format!("{of_company}/contacts")).await.expect(200).clone();
                if let Some(contact) = there["items"][0]["contact"].as_str() {
                    client.delete(&format!("{of_company}/contacts/{contact}")).await.expect(204);
                }
            }
            6..=9 => {
                // Most of it has happened; some is planned.
                let at = now + TimeDelta::hours(dice.below(1_100) as i64 - 960) * 5;
                let mut call = json!({"kind": "call", "title": "Rang", "occurred_at": at});
                let about = *dice.of(&[&of_company, &of_person]);
                if about == &of_company && dice.below(2) > 0 {
                    call["contact"] = json!(person);
                }
                let call = client.post(&format!("{about}/activities"), call).await;
                call.expect(201);
                logged.push(call.text_of("id"));
            }
            10 => {
                let note = json!({"body": "A roof", "private": dice.below(2) > 0});
                let about = *dice.of(&[&of_company, &of_person]);
                client.post(&format!("{about}/notes"), note).await.expect(201);
            }
            // Of whom is deleted or merged it may not be in reach: then it stays.
            11 if !logged.is_empty() => {
                let call = logged.swap_remove(dice.below(logged.len()));
                drop(client.delete(&format!("/v1/activities/{call}")).await);
            }
            12 if merged[0].is_none() && merged[1].is_none() => {
                let path = (*dice.of(&[&of_company, &of_person])).clone();
                client.delete(&path).await.expect(204);
                gone.insert(path);
            }
            13 | 14 => {
                // Nobody is purged here: that is another test.
                for path in std::mem::take(&mut gone) {
                    client.post(&format!("{path}/restoration"), json!({})).await.expect(200);
                }
                world.app.advance(TimeDelta::hours(*dice.of(&[1, 7, 25, 24 * 8, 24 * 20])));
                client = owner(&world).await;
            }
            15 => {
                ahead = 9 - ahead;
                let zone = if ahead == 9 { "Asia/Tokyo" } else { "UTC" };
                client.patch("/v1/tenants/current", json!({ "zone": zone })).await.expect(200);
            }
            16 | 17 => {
                let which = what - 16;
                let (list, part, kept) =
                    [("contact-merges", &person, &people[0]), ("company-merges", &company, &companies[0])][which];
                let kept_path = format!("/v1/{}/{kept}", ["contacts", "companies"][which]);
                match merged[which].take() {
                    Some((merge, _)) => {
                        let path = format!("/v1/{list}/{merge}/undo");
                        client.post(&path, json!({"keep_edits": true})).await.expect(200);
                    }
                    None if part != kept && !gone.contains(&kept_path) => {
                        let made = client.post(&format!("/v1/{list}"), json!({"kept": kept, "merged": [part]})).await;
                        made.expect(201);
                        merged[which] = Some((made.text_of("id"), part.clone()));
                    }
                    None => {}
                }
            }
            _ => {}
        }
        if step % 5 == 0 || (11..=17).contains(&what) {
            compare(&world, &client, ahead, &format!("step {step} ({what})")).await;
        }
    }
}

#[tokio::test]
async fn what_comes_late_to_a_merged_contact_counts_when_it_follows() {
    let world = World::start().await;
    let client = &world.owner;
    let heron = id_of(client, json!({"name": "Heron"})).await;
    let mut people = vec![];
    for name in ["Ann", "Bob", "Cem"] {
        people.push(contacts::id_of(client, json!({"first_name": name})).await);
    }
    let [ann, bob, cem] = &people[..] else { unreachable!() };
    client.put(&format!("/v1/companies/{heron}/contacts/{ann}"), json!({"roles": []})).await.expect(200);
    let call = json!({"kind": "call", "title": "Rang"});
    client.post(&format!("/v1/contacts/{cem}/activities"), call).await.expect(201);
    client.post("/v1/contact-merges", json!({"kept": ann, "merged": [bob]})).await.expect(201);
    // Whoever had looked Bob up before the merge wrote after it.
    let bare = |id: &str| kernel::ids::decode(id.strip_prefix("con_").expect("a contact")).expect("an id");
    let late = json!({"id": bare(bob).to_string(), "contact_id": bare(bob).to_string()});
    let copy = format!(
        "insert into activities select (jsonb_populate_record(a, '{late}')).* from activities a where a.contact_id = '{}'",
        bare(cem)
    );
    world.tenant_query(&copy).await;
    compare(&world, client, 0, "a late call").await;
    let contact = client.get(&format!("/v1/contacts/{ann}")).await.expect(200).clone();
    assert_eq!(contact["last_contact_at"], Value::Null);
    world.app.advance(TimeDelta::minutes(2));
    compare(&world, client, 0, "it followed").await;
    assert_eq!(told(&world, &heron, "touch").await, "fresh");
    let contact = client.get(&format!("/v1/contacts/{ann}")).await.expect(200).clone();
    assert!(contact["last_contact_at"].is_string(), "{contact}");
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "contact.merge_settled").count(), 1);
    // The next look finds nothing more.
    world.app.advance(TimeDelta::minutes(2));
    world.app.settle().await;
    assert_eq!(world.events().await.len(), events.len());
}

#[tokio::test]
async fn whatever_goes_for_good_or_comes_by_the_hundred_is_counted_too() {
    let mut world = World::start().await;
    let client = &world.owner;
    let (kestrel, heron) =
        (id_of(client, json!({"name": "Kestrel"})).await, id_of(client, json!({"name": "Heron"})).await);
    let person = async |name: &str| {
        let mail = format!("{}@canary.example", name.to_lowercase());
        contacts::id_of(client, json!({"first_name": name, "emails": [{"address": mail}]})).await
    };
    let (ann, bob) = (person("Ann").await, person("Bob").await);
    client.put(&format!("/v1/companies/{heron}/contacts/{ann}"), json!({"roles": []})).await.expect(200);
    // Ann is nobody of Kestrel's; what was said with her about it goes with her.
    let call = |with: &str| json!({"kind": "call", "title": "Rang", "contact": with});
    for with in [&ann, &bob] {
        client.post(&format!("/v1/companies/{kestrel}/activities"), call(with)).await.expect(201);
    }
    compare(&world, client, 0, "calls").await;
    let listed = async |world: &World, filter: &str| -> BTreeSet<String> {
        let path = format!("/v1/companies?sort=-health&filter=health:{filter}");
        names(world.owner.get(&path).await.expect(200)).into_iter().collect()
    };
    let both: BTreeSet<String> = ["Heron", "Kestrel"].map(str::to_owned).into();
    assert_eq!(listed(&world, "eq:touch.fresh").await, both, "Ann is one of Heron's people");
    assert_eq!(listed(&world, "in:touch.fresh,poor").await, both);

    // Changes of many, a file, and its undo.
    let change = json!({"companies": [kestrel, heron], "change": {"status": "former"}});
    let done = crate::deals::deal_bulk_runs::run(&world, client, "/v1/company-bulk-runs", change).await;
    compare(&world, client, 0, "an end of many").await;
    assert_eq!(listed(&world, "in:good,fair,poor,unknown").await, BTreeSet::new());
    crate::deals::deal_bulk_runs::undo(&world, client, "/v1/company-bulk-runs", &done).await;
    let file =
        "Name,E-mail,Company,Company website\nAnn,ann@canary.example,Kestrel,\nEve,eve@x.example,Ibis,ibis.example";
    let brought = import(&world, file, json!({})).await;
    compare(&world, client, 0, "a file").await;
    assert_eq!(listed(&world, "eq:people.no_roles").await.len(), 3, "Kestrel has Ann, and Ibis is there");
    client.post(&format!("{}/undo", path_of(&brought)), json!({})).await.expect(200);
    compare(&world, client, 0, "its undo").await;
    assert_eq!(listed(&world, "eq:people.no_roles").await.len(), 1);

    // A contact that is purged, one that is erased, and a company that is purged.
    client.delete(&format!("/v1/contacts/{bob}")).await.expect(204);
    world.app.settle().await;
    world.app.advance(TimeDelta::days(31));
    world.owner = owner(&world).await;
    compare(&world, &world.owner, 0, "a purge").await;
    assert_eq!(world.tenant_query("select 1 from activities").await.len(), 1);
    world.owner.delete(&format!("/v1/companies/{kestrel}")).await.expect(204);
    world.app.settle().await;
    world.app.advance(TimeDelta::days(31));
    world.owner = owner(&world).await;
    compare(&world, &world.owner, 0, "a purge of a company").await;
    assert_eq!(listed(&world, "eq:touch.never").await.len(), 1, "with Kestrel went what was said about it with Ann");
    let said = json!({"kind": "call", "title": "Rang"});
    world.owner.post(&format!("/v1/contacts/{ann}/activities"), said).await.expect(201);
    compare(&world, &world.owner, 0, "a call").await;
    world.owner.post("/v1/data-requests", json!({"contact": ann, "kind": "erasure"})).await.expect(201);
    compare(&world, &world.owner, 0, "an erasure").await;
    assert_eq!(listed(&world, "eq:touch.no_people").await.len(), 1);
    // Whoever looks at what nobody told anybody of puts it right.
    let id = kernel::ids::decode(heron.strip_prefix("com_").expect("a company")).expect("an id");
    world
        .tenant_query(&format!(
            "update companies set health = 7, health_found = '{{poor}}' where id = '{id}' returning 1"
        ))
        .await;
    world.owner.get(&format!("/v1/companies/{heron}/health")).await.expect(200);
    compare(&world, &world.owner, 0, "a look").await;
}

/// On the first of November 2026 clocks in Havana showed midnight at four and at five. Ninety days that begin there have what happened
/// between the two.
#[tokio::test]
async fn ninety_days_begin_when_midnight_comes_first() {
    let mut world = World::start().await;
    world.owner.patch("/v1/tenants/current", json!({"zone": "America/Havana"})).await.expect(200);
    let id = id_of(&world.owner, json!({"name": "Kestrel", "status": "active"})).await;
    let path = format!("/v1/companies/{id}");
    let call = json!({"kind": "call", "title": "Rang", "direction": "outbound", "occurred_at": "2026-11-01T04:30:00Z"});
    world.owner.post(&format!("{path}/activities"), call).await.expect(201);
    world.app.advance(TimeDelta::days(70));
    world.owner = owner(&world).await;
    let health = world.owner.get(&format!("{path}/health")).await.expect(200).clone();
    assert_eq!(part(&health, "rhythm")["recent"], 1, "{health}");
    world.app.settle().await;
}
