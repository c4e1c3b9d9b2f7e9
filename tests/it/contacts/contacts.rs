//! One contact: made, read, changed, deleted, restored, gone.
use super::{add, id_of, member_with};
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

fn ada() -> Value {
    json!({
        "salutation": "Dr", "first_name": " Ada ", "last_name": "Lovelace", "company_name": "Analytical Engines", "job_title": "Countess",
        "emails": [{"address": "ada@home.example", "kind": "home"}, {"address": "Ada@Work.example", "kind": "work", "primary": true}],
        "phones": [{"number": "+49 (30) 901820", "kind": "mobile"}, {"number": "ext 12"}],
        "address": {"line1": "St James's Square", "city": "London", "country": "GB"},
        "zone": "Europe/London", "language": "en-GB", "stage": "qualified", "tags": ["vip", "Maths"], "source": "fair",
        "touch": {"page": "https://client.example/", "utm": {"source": "news"}, "click_ids": {"gclid": "g1"}}
    })
}

#[tokio::test]
async fn a_contact_is_made_read_changed_deleted_and_restored() {
    let world = World::start().await;
    // The clock stands still, so that only what happens in one request has an order of its own.
    let later = || world.app.advance(chrono::TimeDelta::microseconds(1));
    let made = add(&world.owner, ada()).await;
    let path = format!("/v1/contacts/{}", made["id"].as_str().expect("an id"));
    assert_eq!(made["duplicates"], json!([]));
    let got = world.owner.get(&path).await;
    let contact = got.expect(200);
    assert_eq!(contact["display_name"], "Ada Lovelace");
    assert_eq!((&contact["email"], &contact["phone"]), (&json!("ada@work.example"), &json!("+4930901820")));
    assert_eq!(contact["emails"][0], json!({"address": "Ada@Work.example", "kind": "work", "primary": true}));
    assert_eq!(contact["emails"][1], json!({"address": "ada@home.example", "kind": "home", "primary": false}));
    assert_eq!(contact["phones"][0]["e164"], "+4930901820");
    assert_eq!(contact["phones"][1], json!({"number": "ext 12", "kind": "other", "primary": false}), "kept as typed");
    assert_eq!(contact["address"]["city"], "London");
    assert_eq!(contact["tags"], json!(["Maths", "vip"]));
    assert_eq!(contact["first_touch"], contact["last_touch"]);
    assert_eq!(contact["first_touch"]["at"], "2026-11-20T12:00:00+00:00");
    assert_eq!(contact["version"], 1);

    later();
    let change = json!({"last_name": "King", "job_title": null, "stage": "won", "tags": ["vip", "poetry"]});
    let changed = world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await;
    let contact = changed.expect(200);
    assert_eq!((&contact["display_name"], &contact["job_title"]), (&json!("Ada King"), &Value::Null));
    assert_eq!((&contact["stage"], &contact["tags"]), (&json!("won"), &json!(["poetry", "vip"])));
    assert_eq!(contact["version"], 2);
    assert_eq!(changed.etag(), "\"v2\"");
    world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await.problem(412, "stale");
    let same = world.owner.patch(&path, change).await;
    assert_eq!(same.expect(200)["version"], 2, "what changes nothing is no change");

    later();
    world.owner.with("if-match", got.etag()).delete(&path).await.problem(412, "stale");
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    world.owner.delete(&path).await.problem(404, "not_found");
    later();
    let trash = world.owner.get("/v1/contacts?deleted=true").await;
    assert_eq!(super::names(trash.expect(200)), ["Ada King"]);
    let restored = world.owner.post(&format!("{path}/restoration"), json!({})).await;
    assert_eq!(restored.expect(200)["emails"].as_array().map(Vec::len), Some(2));
    world.owner.post(&format!("{path}/restoration"), json!({})).await.problem(404, "not_found");
    world.app.settle().await;

    let events = world.events().await;
    let about: Vec<&str> = events.iter().map(String::as_str).filter(|k| k.starts_with("contact.")).collect();
    assert_eq!(
        about,
        [
            "contact.created",
            "contact.updated",
            "contact.stage_changed",
            "contact.tagged",
            "contact.deleted",
            "contact.restored"
        ]
    );
    let named = world.tenant_query("select title || payload::text from events").await;
    let told: String = named.iter().map(|row| row.get::<_, String>(0).to_lowercase()).collect();
    for personal in ["ada", "lovelace", "king", "901820", "poetry", "fair"] {
        assert!(!told.contains(personal), "events name nobody, but {personal}: {told}");
    }
}

#[tokio::test]
async fn a_deleted_contact_is_gone_after_thirty_days_unless_it_was_restored() {
    let world = World::start().await;
    let (gone, kept) = (id_of(&world.owner, ada()).await, id_of(&world.owner, json!({"first_name": "Bob"})).await);
    for id in [&gone, &kept] {
        world.owner.delete(&format!("/v1/contacts/{id}")).await.expect(204);
    }
    world.owner.post(&format!("/v1/contacts/{kept}/restoration"), json!({})).await.expect(200);
    world.app.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from contacts").await, 2);
    world.app.advance(TimeDelta::seconds(1));
    world.app.settle().await;
    let left = world.tenant_query("select display_name from contacts").await;
    assert_eq!(left.iter().map(|r| r.get::<_, String>(0)).collect::<Vec<_>>(), ["Bob"]);
    assert_eq!(world.count("select count(*) from contact_emails").await, 0);
    assert_eq!(world.events().await.iter().filter(|k| *k == "contact.purged").count(), 1);
}

#[tokio::test]
async fn a_deleted_contact_that_is_held_goes_when_the_hold_ends() {
    let mut world = World::start().await;
    let (late, early) = (id_of(&world.owner, ada()).await, id_of(&world.owner, json!({"first_name": "Bob"})).await);
    let hold = |id: &str| format!("/v1/contacts/{id}/legal-hold");
    for id in [&late, &early] {
        world.owner.delete(&format!("/v1/contacts/{id}")).await.expect(204);
        world.owner.put(&hold(id), json!({"reason": "court"})).await.expect(204);
    }
    // One hold ends before its contact would be gone, the other one after.
    world.owner.delete(&hold(&early)).await.expect(204);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from contacts").await, 2, "it can still be restored");
    world.app.advance(TimeDelta::days(31));
    world.app.settle().await;
    let left = world.tenant_query("select display_name from contacts").await;
    assert_eq!(left.iter().map(|r| r.get::<_, String>(0)).collect::<Vec<_>>(), ["Ada Lovelace"]);
    world.owner = sign_in(&world.app, "northlight@example.com").await.0;
    world.owner.delete(&hold(&late)).await.expect(204);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from contacts").await, 0);
    assert_eq!(world.events().await.iter().filter(|k| *k == "contact.purged").count(), 2);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_once_and_nothing_is_kept() {
    let world = World::start().await;
    let wrong = json!({
        "first_name": "x".repeat(101), "zone": "Mars/Base", "language": "english please", "address": {"country": "Germany"},
        "emails": [{"address": "ok@x.example"}, {"address": "nonsense"}], "phones": [{"number": "none"}], "tags": [""]
    });
    let answer = world.owner.post("/v1/contacts", wrong).await;
    let mut fields: Vec<&str> =
        answer.expect(422)["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
    fields.sort_unstable();
    fields.dedup();
    let expected =
        ["/address/country", "/emails/1/address", "/first_name", "/language", "/phones/0/number", "/tags/0", "/zone"];
    assert_eq!(fields, expected);
    world.owner.post("/v1/contacts", json!({})).await.expect(422);
    world.owner.post("/v1/contacts", json!({"first_name": "A", "stage": "dreaming"})).await.expect(422);
    world.owner.post("/v1/contacts", json!({"first_name": "A", "nickname": "B"})).await.expect(400);
    world.owner.post("/v1/contacts", json!({"first_name": "a\u{0}b"})).await.expect(201);
    assert_eq!(world.count("select count(*) from contacts").await, 1);
    assert_eq!(world.count("select count(*) from tags").await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn the_same_request_twice_makes_one_contact() {
    let world = World::start().await;
    let once = world.owner.with("idempotency-key", "k1");
    let first = once.post("/v1/contacts", ada()).await;
    let again = once.post("/v1/contacts", ada()).await;
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    once.post("/v1/contacts", json!({"first_name": "Bob"})).await.problem(422, "invalid");
    assert_eq!(world.count("select count(*) from contacts").await, 1);
    world.app.settle().await;
}

#[tokio::test]
async fn a_stranger_finds_nothing_and_a_member_without_the_right_may_not_look() {
    let world = World::start().await;
    let id = id_of(&world.owner, ada()).await;
    let stranger = world.stranger().await;
    let (desk, _) = member_with(&world, "Desk", json!({"tenants.read": "all"})).await;
    for path in ["", "/consents", "/do-not-contact", "/timeline", "/notes", "/activities", "/companies"] {
        let path = format!("/v1/contacts/{id}{path}");
        stranger.get(&path).await.problem(404, "not_found");
        desk.get(&path).await.problem(403, "permission_missing");
        world.app.anonymous().get(&path).await.problem(401, "credential_missing");
    }
    let path = format!("/v1/contacts/{id}");
    stranger.patch(&path, json!({"first_name": "Eve"})).await.problem(404, "not_found");
    stranger.delete(&path).await.problem(404, "not_found");
    stranger.post(&format!("{path}/restoration"), json!({})).await.problem(404, "not_found");
    stranger
        .post(&format!("{path}/consents"), json!({"purpose": "news", "state": "granted"}))
        .await
        .problem(404, "not_found");
    stranger.put(&format!("{path}/do-not-contact/email"), json!({})).await.problem(404, "not_found");
    let bulk = stranger.post("/v1/contacts/bulk-changes", json!({"contacts": [id], "stage": "lost"})).await;
    assert_eq!(bulk.expect(200), &json!({"changed": 0, "missing": 1, "held": 0, "contacts": []}));
    assert_eq!(stranger.get("/v1/contacts").await.expect(200)["items"], json!([]));
    for (method, path) in
        [("post", "/v1/contacts"), ("post", "/v1/contacts/bulk-changes"), ("get", "/v1/contacts/export")]
    {
        let answer = if method == "get" { desk.get(path).await } else { desk.post(path, json!({})).await };
        answer.problem(403, "permission_missing");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn own_and_team_levels_reach_the_contacts_of_their_owners_only() {
    let world = World::start().await;
    let (una, una_id) = member_with(&world, "Una", json!({"contacts.*": "own", "activities.*": "own"})).await;
    let hers = id_of(&una, json!({"first_name": "Hers"})).await;
    let nobodys = id_of(&world.owner, json!({"first_name": "Nobodys"})).await;
    let got = una.get(&format!("/v1/contacts/{hers}")).await;
    assert_eq!(got.expect(200)["owner"], json!(una_id), "what she makes is hers");
    assert_eq!(super::names(una.get("/v1/contacts").await.expect(200)), ["Hers"]);
    assert_eq!(super::names(una.get("/v1/contacts?q=nob").await.expect(200)), [""; 0]);
    una.get(&format!("/v1/contacts/{nobodys}")).await.problem(404, "not_found");
    una.patch(&format!("/v1/contacts/{nobodys}"), json!({"stage": "won"})).await.problem(404, "not_found");
    una.get(&format!("/v1/contacts/{nobodys}/timeline")).await.problem(404, "not_found");
    una.get("/v1/contacts/duplicates?name=Nobodys").await.expect(200)["items"]
        .as_array()
        .map(Vec::is_empty)
        .expect("none");
    let give = json!({"owner": world.owner_id});
    una.patch(&format!("/v1/contacts/{hers}"), give.clone()).await.expect(422);
    una.patch(&format!("/v1/contacts/{hers}"), json!({"first_name": "Still hers"})).await.expect(200);
    world.owner.patch(&format!("/v1/contacts/{hers}"), give).await.expect(200);
    una.get(&format!("/v1/contacts/{hers}")).await.problem(404, "not_found");
    assert!(world.events().await.contains(&"contact.assigned".to_owned()));
    world.app.settle().await;
}

#[tokio::test]
async fn a_new_contact_names_who_it_may_be_already() {
    let world = World::start().await;
    let first = id_of(&world.owner, ada()).await;
    let second = add(&world.owner, json!({"first_name": "A.", "emails": [{"address": "ADA@home.example "}]})).await;
    assert_eq!(second["duplicates"][0]["id"], json!(first));
    assert_eq!(second["duplicates"][0]["matched_by"], json!(["email"]));
    let like = world.owner.get("/v1/contacts/duplicates?name=Ada%20Lovelase&phone=%2B4930901820").await;
    assert_eq!(like.expect(200)["items"][0]["matched_by"], json!(["phone", "name"]));
    let none = world.owner.get("/v1/contacts/duplicates?name=Grace%20Hopper&email=grace@navy.example").await;
    assert_eq!(none.expect(200)["items"], json!([]));
    assert_eq!(world.owner.get("/v1/contacts/duplicates").await.expect(200)["items"], json!([]));
    let augusta = id_of(&world.owner, json!({"first_name": "Augusta Mary", "last_name": "Byron"})).await;
    // Behind more newer ones than are looked through, between whose names hers stands.
    world
        .tenant_query(
            "insert into contacts (id, display_name, name_key, search, created_at, updated_at)
             select gen_random_uuid(), p || ' ' || g, p || ' ' || g, ' ' || p || ' ' || g, m.at + g * interval '1 second', m.at
             from (select max(created_at) as at from contacts) m, unnest(array['aga', 'boris', 'maria']) p, generate_series(100, 499) g",
        )
        .await;
    for (name, who) in [
        ("Ada%20Lovelase", Some(&first)),
        ("lovelace%20%C3%81da", Some(&first)),
        ("Augusta%20Mary%20Biron", Some(&augusta)),
        ("Byron%20Augusta%20Mary", Some(&augusta)),
        ("Mary%20Augusta%20Byron", Some(&augusta)),
        ("Augusta", None),
        ("Boris%20Lovelace", None),
    ] {
        let found = world.owner.get(&format!("/v1/contacts/duplicates?name={name}")).await.expect(200)["items"].clone();
        assert_eq!(found[0]["id"].as_str(), who.map(String::as_str), "{name}: {found}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn many_contacts_are_changed_at_once() {
    let world = World::start().await;
    let mut ids = vec![];
    for name in ["Ann", "Ben", "Cem"] {
        ids.push(id_of(&world.owner, json!({"first_name": name, "tags": ["old"]})).await);
    }
    world.owner.delete(&format!("/v1/contacts/{}", ids[2])).await.expect(204);
    // Answers are in the order of the ids, which those of one moment do not have by themselves.
    ids[..2].sort();
    let change =
        json!({"contacts": ids, "add_tags": ["New"], "remove_tags": ["OLD"], "stage": "won", "owner": world.owner_id});
    let done = world.owner.post("/v1/contacts/bulk-changes", change.clone()).await;
    assert_eq!(done.expect(200), &json!({"changed": 2, "missing": 1, "held": 0, "contacts": ids[..2]}));
    let again = world.owner.post("/v1/contacts/bulk-changes", change).await;
    assert_eq!(again.expect(200), &json!({"changed": 0, "missing": 1, "held": 0, "contacts": []}));
    let got = world.owner.get(&format!("/v1/contacts/{}", ids[0])).await;
    let contact = got.expect(200);
    assert_eq!(
        (&contact["tags"], &contact["stage"], &contact["owner"]),
        (&json!(["New"]), &json!("won"), &json!(world.owner_id))
    );
    world.owner.post("/v1/contacts/bulk-changes", json!({"contacts": []})).await.expect(422);
    let (staff, _) = world.member("agency_staff", "Sam").await;
    staff.post("/v1/contacts/bulk-changes", json!({"contacts": ids})).await.problem(403, "permission_missing");
    world.app.settle().await;
}

#[tokio::test]
async fn many_contacts_are_blocked_deleted_and_brought_back_at_once() {
    let world = World::start().await;
    let mut ids = vec![];
    for name in ["Ann", "Ben"] {
        ids.push(id_of(&world.owner, json!({"first_name": name})).await);
    }
    ids.sort();
    let bulk = async |change: Value| {
        let mut body = json!({"contacts": ids});
        body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        world.owner.post("/v1/contacts/bulk-changes", body).await.expect(200)["contacts"].clone()
    };
    let path = format!("/v1/contacts/{}/do-not-contact", ids[0]);
    world.owner.put(&format!("{path}/email"), json!({"reason": "asked"})).await.expect(204);
    assert_eq!(bulk(json!({"block": "email"})).await, json!([ids[1]]), "only what is new");
    assert_eq!(world.owner.get(&path).await.expect(200)["items"][0]["reason"], "asked");
    assert_eq!(bulk(json!({"unblock": "sms"})).await, json!([]));
    assert_eq!(bulk(json!({"unblock": "email"})).await, json!(ids));
    let hold = world.owner.put(&format!("/v1/contacts/{}/legal-hold", ids[1]), json!({"reason": "court"})).await;
    assert!(hold.status < 300, "{}", hold.text);
    let gone = world.owner.post("/v1/contacts/bulk-changes", json!({"contacts": ids, "deleted": true})).await;
    assert_eq!(gone.expect(200), &json!({"changed": 1, "missing": 0, "held": 1, "contacts": [ids[0]]}));
    world.owner.get(&format!("/v1/contacts/{}", ids[0])).await.problem(404, "not_found");
    assert_eq!(bulk(json!({"deleted": false})).await, json!([ids[0]]));
    world.owner.get(&format!("/v1/contacts/{}", ids[0])).await.expect(200);
    let grants = json!({"contacts.mass_update": "all", "contacts.read": "all", "contacts.write": "own"});
    let (una, _) = member_with(&world, "Una", grants).await;
    let all = json!({"contacts": ids, "deleted": true});
    una.post("/v1/contacts/bulk-changes", all).await.problem(403, "permission_missing");
    world.app.settle().await;
}

#[tokio::test]
async fn an_owner_is_a_member_here_or_of_the_agency() {
    let world = World::start().await;
    let stranger = world.stranger().await;
    let outsider = stranger.get("/v1/me").await.expect(200)["user"]["id"].as_str().unwrap().to_owned();
    let (_, una) = member_with(&world, "Una", json!({"contacts.read": "all"})).await;
    let id = id_of(&world.owner, json!({"last_name": "King", "owner": una})).await;
    let path = format!("/v1/contacts/{id}");
    for owner in [outsider.as_str(), "usr_00000000000000000000000000"] {
        let refused = [
            world.owner.post("/v1/contacts", json!({"last_name": "King", "owner": owner})).await,
            world.owner.patch(&path, json!({"owner": owner})).await,
            world.owner.post("/v1/contacts/bulk-changes", json!({"contacts": [id], "owner": owner})).await,
        ];
        for answer in refused {
            let problem = &answer.problem(422, "invalid")["errors"][0];
            assert_eq!((&problem["field"], &problem["code"]), (&json!("/owner"), &json!("member_unknown")));
        }
    }
    assert_eq!(world.owner.get(&path).await.expect(200)["owner"], json!(una));
    world.owner.patch(&path, json!({"owner": null})).await.expect(200);
}

pub async fn plan_with_contacts(world: &World, most: u32) {
    let limited = format!(
        "insert into control.plans (id, key, name, description, level, limits, trial_days)
           values ('00000000-0000-7000-8000-0000000001ff', 'tiny', 'Tiny', '', 0, '{{\"contacts\": {most}}}', 0);
         update control.tenants set plan_id = '00000000-0000-7000-8000-0000000001ff' where id = '{}'",
        world.tenant.0
    );
    world.app.db.superuser().await.batch_execute(&limited).await.unwrap();
    world.app.advance(TimeDelta::seconds(6));
}

#[tokio::test]
async fn a_full_plan_refuses_members_but_never_a_visitor() {
    let world = World::start().await;
    let form = world.published(crate::forms::enquiry(), json!({})).await;
    plan_with_contacts(&world, 1).await;
    let id = id_of(&world.owner, json!({"last_name": "First"})).await;
    world.owner.post("/v1/contacts", json!({"last_name": "Second"})).await.problem(403, "plan_limit");
    world.visitor(&form, 1).submit(1, crate::forms::answers()).await.expect(201);
    assert_eq!(world.count("select count(*) from contacts").await, 2, "a lead is never turned away");
    world.owner.post("/v1/contacts", json!({"last_name": "Third"})).await.problem(403, "plan_limit");
    for contact in world.owner.get("/v1/contacts").await.expect(200)["items"].as_array().unwrap() {
        world.owner.delete(&format!("/v1/contacts/{}", contact["id"].as_str().unwrap())).await.expect(204);
    }
    let third = id_of(&world.owner, json!({"last_name": "Third"})).await;
    // Whoever comes back needs a place as well, and stays where he can be had when there is none.
    let back = format!("/v1/contacts/{id}/restoration");
    world.owner.post(&back, json!({})).await.problem(403, "plan_limit");
    world
        .owner
        .post("/v1/contacts/con_00000000000000000000000000/restoration", json!({}))
        .await
        .problem(404, "not_found");
    assert_eq!(world.owner.get("/v1/contacts?deleted=true").await.expect(200)["items"].as_array().unwrap().len(), 2);
    world.owner.delete(&format!("/v1/contacts/{third}")).await.expect(204);
    world.owner.post(&back, json!({})).await.expect(200);
    world.app.settle().await;
}

#[tokio::test]
async fn whoever_comes_back_together_needs_room_for_all() {
    let world = World::start().await;
    plan_with_contacts(&world, 3).await;
    let mut ids = vec![];
    for name in ["Ann", "Ben", "Cem"] {
        ids.push(id_of(&world.owner, json!({"first_name": name})).await);
    }
    let bulk = async |deleted: bool| {
        world.owner.post("/v1/contacts/bulk-changes", json!({"contacts": ids, "deleted": deleted})).await
    };
    assert_eq!(bulk(true).await.expect(200)["changed"], 3);
    let dora = id_of(&world.owner, json!({"first_name": "Dora"})).await;
    bulk(false).await.problem(403, "plan_limit");
    assert_eq!(world.count("select count(*) from contacts where deleted_at is null").await, 1, "none by halves");
    world.owner.delete(&format!("/v1/contacts/{dora}")).await.expect(204);
    assert_eq!(bulk(false).await.expect(200)["changed"], 3);
    // A merge is undone when there is room for who went; until then all stays as it is.
    let merge = json!({"kept": ids[0], "merged": [ids[1]]});
    let merge = world.owner.post("/v1/contact-merges", merge).await.expect(201)["id"].clone();
    let undo = format!("/v1/contact-merges/{}/undo", merge.as_str().unwrap());
    let eve = id_of(&world.owner, json!({"first_name": "Eve"})).await;
    world.owner.post(&undo, json!({})).await.problem(403, "plan_limit");
    world.owner.get(&format!("/v1/contacts/{}", ids[1])).await.problem(404, "merged");
    world.owner.delete(&format!("/v1/contacts/{eve}")).await.expect(204);
    world.owner.post(&undo, json!({})).await.expect(200);
    world.owner.get(&format!("/v1/contacts/{}", ids[1])).await.expect(200);
    world.app.settle().await;
}

#[tokio::test]
async fn many_contacts_are_changed_with_few_statements() {
    let world = World::start().await;
    let mut ids = vec![];
    for n in 0..12 {
        ids.push(id_of(&world.owner, json!({"first_name": format!("Ann {n}"), "tags": ["old"]})).await);
    }
    let mut costs = vec![];
    for some in [&ids[..2], &ids[2..]] {
        for change in [
            json!({"add_tags": ["new"], "remove_tags": ["old"], "owner": world.owner_id, "block": "email"}),
            json!({"unblock": "email"}),
            json!({"deleted": true}),
            json!({"deleted": false}),
        ] {
            let mut body = json!({"contacts": some});
            body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
            let before = world.app.app.statements();
            let done = world.owner.post("/v1/contacts/bulk-changes", body).await;
            costs.push(world.app.app.statements() - before);
            assert_eq!(done.expect(200)["changed"], some.len(), "{change}");
        }
    }
    let (few, many) = costs.split_at(4);
    // The first change makes a tag, and asks for what is remembered afterwards.
    let more: u64 = few.iter().zip(many).map(|(few, many)| many.saturating_sub(*few)).sum();
    assert_eq!(more, 0, "two contacts: {few:?}; ten: {many:?}");
    world.app.settle().await;
}

#[tokio::test]
async fn members_who_race_for_the_last_places_never_share_one() {
    let world = World::start().await;
    plan_with_contacts(&world, 5).await;
    for name in ["First", "Second"] {
        id_of(&world.owner, json!({"last_name": name})).await;
    }
    let add = |n: usize| {
        let member = world.owner.clone();
        async move { member.post("/v1/contacts", json!({"last_name": format!("Racer {n}")})).await }
    };
    let answers = join_all((0..12).map(add)).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 3);
    for answer in answers.iter().filter(|a| a.status != 201) {
        answer.problem(403, "plan_limit");
    }
    assert_eq!(world.count("select count(*) from contacts").await, 5);
    world.app.settle().await;
}

#[tokio::test]
async fn pages_in_networks_are_kept_in_one_form_and_go_where_the_contact_goes() {
    let world = World::start().await;
    let owner = &world.owner;
    let pages = json!([{"url": "http://de.linkedin.com/in/ada/?trk=x"}, {"url": "@ada", "network": "x"},
        {"url": "https://twitter.com/Ada"}, {"url": "+49 170 1234567", "network": "whatsapp"}, {"url": "blog.example/ada"}]);
    let made = add(owner, json!({"first_name": "Ada", "profiles": pages})).await;
    let kept = json!([{"url": "https://www.linkedin.com/in/ada", "network": "linkedin"}, {"url": "https://x.com/ada", "network": "x"},
        {"url": "https://wa.me/491701234567", "network": "whatsapp"}, {"url": "https://blog.example/ada", "network": "other"}]);
    assert_eq!(made["profiles"], kept, "each once");
    let path = format!("/v1/contacts/{}", made["id"].as_str().expect("an id"));
    let same = owner.patch(&path, json!({ "profiles": kept })).await;
    assert_eq!(same.expect(200)["version"], 1, "what is read can be sent again");
    for (body, field) in [
        (json!({"profiles": [{"url": "x.com/ada"}, {"url": "javascript:alert(1)"}]}), "/profiles/1/url"),
        (json!({"profiles": [{"url": "http://blog.example/ada"}]}), "/profiles/0/url"),
        (json!({"profiles": vec![json!({"url": "x.com/ada"}); 21]}), "/profiles"),
    ] {
        let refused = owner.patch(&path, body.clone()).await;
        assert_eq!(refused.expect(422)["errors"][0]["field"], field, "{body}");
    }
    let other =
        id_of(owner, json!({"first_name": "Ada", "profiles": [{"url": "X.com/ADA"}, {"url": "t.me/ada"}]})).await;
    let merge = owner
        .post("/v1/contact-merges", json!({"kept": made["id"], "merged": [other], "fields": {"profiles": other}}))
        .await;
    merge.expect(201);
    let urls = async || -> Vec<String> {
        let read = owner.get(&path).await;
        let pages = read.expect(200)["profiles"].as_array().expect("pages").clone();
        pages.iter().map(|page| page["url"].as_str().expect("an address").to_owned()).collect()
    };
    let united = [
        "https://x.com/ADA",
        "https://t.me/ada",
        "https://www.linkedin.com/in/ada",
        "https://wa.me/491701234567",
        "https://blog.example/ada",
    ];
    assert_eq!(urls().await, united);
    let file = owner.get("/v1/contacts/export").await;
    assert!(file.text.contains("https://x.com/ADA; https://t.me/ada; "), "{}", file.text);
    owner.post(&format!("/v1/contact-merges/{}/undo", merge.text_of("id")), json!({})).await.expect(200);
    assert_eq!(urls().await.len(), 4);
    let emptied = owner.patch(&path, json!({"profiles": null})).await;
    assert_eq!(emptied.expect(200)["profiles"], json!([]));
    world.app.settle().await;
}
