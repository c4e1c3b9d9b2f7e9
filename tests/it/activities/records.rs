//! Notes and activities about companies and deals: who sees them, where they show, and what they set off.
use crate::{contacts::id_of, contacts::member_with, forms::World};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

async fn made(client: &Client, path: &str, body: Value) -> String {
    let made = client.post(path, body).await;
    made.expect(201);
    made.text_of("id")
}

/// Kinds of the entries of a timeline, newest first.
async fn told(client: &Client, path: &str) -> Vec<String> {
    let page = client.get(path).await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    items.iter().map(|e| e["kind"].as_str().expect("a kind").to_owned()).collect()
}

#[tokio::test]
async fn what_is_said_about_a_deal_shows_wherever_the_deal_belongs() {
    let world = World::start().await;
    let owner = &world.owner;
    let ada = id_of(owner, json!({"first_name": "Ada"})).await;
    let company = made(owner, "/v1/companies", json!({"name": "Engines"})).await;
    let other = made(owner, "/v1/deals", json!({"title": "Wall", "contacts": [{"contact": ada}]})).await;
    let body = json!({"title": "Roof", "company": company, "contacts": [{"contact": ada}]});
    let deal = made(owner, "/v1/deals", body).await;
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(5));
    let note = made(owner, &format!("/v1/deals/{deal}/notes"), json!({"body": "Wants 50% in slate"})).await;
    let later = || world.app.advance(TimeDelta::seconds(1));
    later();
    let call = json!({"kind": "call", "direction": "outbound", "title": "Asked for plans", "duration_seconds": 240,
        "outcome": "answered", "occurred_at": "2026-11-19T09:00:00Z"});
    let call = made(owner, &format!("/v1/deals/{deal}/activities"), call).await;
    world.app.settle().await;
    let touched = async |deal: &str| owner.get(&format!("/v1/deals/{deal}")).await.text_of("touched_at");
    assert_eq!(touched(&deal).await, "2026-11-20T12:05:01+00:00");
    assert_eq!(touched(&other).await, "2026-11-20T12:00:00+00:00", "only the deal it was about is no longer quiet");
    later();
    let visit = json!({"kind": "meeting", "title": "Visit", "occurred_at": "2026-12-24T09:00:00Z", "contact": ada});
    made(owner, &format!("/v1/companies/{company}/activities"), visit).await;
    later();
    let about_company = made(owner, &format!("/v1/companies/{company}/notes"), json!({"body": "Pays late"})).await;
    world.app.settle().await;
    assert_eq!(touched(&other).await, "2026-11-20T12:05:02+00:00", "the visit was with Ada");

    let [of_deal, of_contact, of_company] = [("deals", &deal), ("contacts", &ada), ("companies", &company)]
        .map(|(kind, id)| format!("/v1/{kind}/{id}/timeline"));
    assert_eq!(told(owner, &of_deal).await, ["activity.logged", "note.created", "deal.created"]);
    let seen = told(owner, &format!("{of_contact}?filter=type:in:note,call,meeting")).await;
    assert_eq!(seen, ["activity.logged", "activity.logged", "note.created"]);
    let seen = told(owner, &of_company).await;
    for (kind, times) in [("note.created", 2), ("activity.logged", 2), ("deal.created", 1), ("company.created", 1)] {
        assert_eq!(seen.iter().filter(|k| *k == kind).count(), times, "{kind} of {seen:?}");
    }
    // In the order of when it was, a call of yesterday comes below, and what is planned above.
    let page = owner.get(&format!("{of_contact}?sort=-moment&filter=subject:eq:activities")).await;
    let titles: Vec<&Value> =
        page.expect(200)["items"].as_array().expect("items").iter().map(|e| &e["activity"]["title"]).collect();
    assert_eq!(titles, ["Visit", "Asked for plans"]);
    assert_eq!(page.body["items"][1]["deal_title"], "Roof");

    // Words are found as they stand, all of them, in what was written.
    assert_eq!(told(owner, &format!("{of_company}?q=SLATE%2050%25")).await, ["note.created"]);
    assert_eq!(told(owner, &format!("{of_deal}?q=plans%20answered")).await, ["activity.logged"]);
    assert_eq!(told(owner, &format!("{of_deal}?q=5%250")).await, [""; 0]);
    owner.get(&format!("{of_deal}?q={}", "x".repeat(101))).await.expect(422);

    // The file has what the timeline has, and leaves a trace.
    let file = owner.get(&format!("{of_deal}/export?filter=type:in:note,call")).await;
    file.expect(200);
    let lines: Vec<&str> = file.text.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[1].contains(",note,note.created,") && lines[1].contains("Wants 50% in slate"), "{}", lines[1]);
    assert!(lines[2].starts_with("2026-11-19T09:00:00+00:00,") && lines[2].contains(",answered,240,"), "{}", lines[2]);
    owner.get(&format!("{of_deal}/export?filter=nonsense:eq:1")).await.expect(422);
    assert_eq!(world.events().await.iter().filter(|k| *k == "timeline.exported").count(), 1);

    // What was logged is changed and taken away; the log remembers it of the deal.
    let path = format!("/v1/activities/{call}");
    assert_eq!(owner.patch(&path, json!({"kind": "whatsapp"})).await.expect(200)["kind"], "whatsapp");
    owner.delete(&path).await.expect(204);
    world.app.settle().await;
    let mut seen = told(owner, &format!("{of_deal}?filter=subject:eq:activities")).await;
    seen.sort_unstable();
    assert_eq!(seen, ["activity.deleted", "activity.logged", "activity.updated"]);

    // Whoever does not reach the deal, the company or the person sees nothing of it; another tenant neither.
    let grants = json!({"contacts.*": "all", "activities.*": "all", "companies.*": "own", "deals.*": "own"});
    let (sam, _) = member_with(&world, "Sam", grants).await;
    let stranger = world.stranger().await;
    for (client, paths) in [
        (&sam, vec![format!("/v1/notes/{note}"), format!("/v1/notes/{about_company}"), of_deal.clone(), of_company]),
        (&stranger, vec![format!("/v1/notes/{note}"), of_deal.clone(), format!("/v1/deals/{deal}/notes")]),
    ] {
        for path in paths {
            client.get(&path).await.problem(404, "not_found");
        }
    }
    let seen = told(&sam, &format!("{of_contact}?filter=type:in:note,call,meeting")).await;
    assert_eq!(seen, [""; 0], "the person is in reach, the deal and the company are not");
    assert_eq!(sam.get("/v1/activities").await.expect(200)["items"], json!([]));
    sam.post(&format!("/v1/deals/{deal}/notes"), json!({"body": "x"})).await.problem(404, "not_found");
    sam.get(&format!("{of_deal}/export")).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_note_tells_whom_it_names_if_he_may_see_the_record() {
    let world = World::start().await;
    let owner = &world.owner;
    let deal = made(owner, "/v1/deals", json!({"title": "Roof"})).await;
    let (ann, ann_id) = world.member("agency_staff", "Ann").await;
    let (ben, ben_id) = member_with(&world, "Ben", json!({"activities.*": "all", "deals.*": "own"})).await;
    let readers = owner.get(&format!("/v1/deals/{deal}/readers")).await;
    let names: Vec<&Value> =
        readers.expect(200)["items"].as_array().expect("items").iter().map(|reader| &reader["name"]).collect();
    assert!(names.contains(&&json!("Ann")) && !names.contains(&&json!("Ben")), "{names:?}");
    ben.get(&format!("/v1/deals/{deal}/readers")).await.problem(404, "not_found");

    let news = async |client: &Client| {
        let page = client.get("/v1/notifications?limit=50").await;
        let items = page.expect(200)["items"].as_array().expect("items").clone();
        items.into_iter().filter(|n| n["kind"] == "note.mention").collect::<Vec<_>>()
    };
    let text = format!("@{ann_id} and @{ben_id}, see this. {}", world.owner_id);
    let quiet = json!({"body": text, "private": true});
    let note = made(owner, &format!("/v1/deals/{deal}/notes"), quiet).await;
    assert_eq!(news(&ann).await.len(), 0, "a private note tells nobody");
    let path = format!("/v1/notes/{note}");
    let shown = owner.patch(&path, json!({"private": false})).await;
    assert_eq!(shown.expect(200)["mentions"], json!([ann_id]));
    let heard = news(&ann).await;
    assert_eq!((heard.len(), &heard[0]["link"]), (1, &json!(format!("/deals/{deal}"))));
    assert_eq!(news(&ben).await.len(), 0, "who may not see the deal is not told");
    owner.patch(&path, json!({"body": format!("Again: @{ann_id} @{}", world.owner_id)})).await.expect(200);
    assert_eq!((news(&ann).await.len(), news(owner).await.len()), (1, 0), "once, and nobody tells himself");
    // Whoever does not want to know is not told.
    let off = json!({"items": [{"kind": "note.mention", "channel": "in_app", "enabled": false}]});
    ann.put("/v1/preferences", off).await.expect(200);
    made(owner, &format!("/v1/deals/{deal}/notes"), json!({"body": format!("@{ann_id}")})).await;
    assert_eq!(news(&ann).await.len(), 1);
    world.app.settle().await;
}
