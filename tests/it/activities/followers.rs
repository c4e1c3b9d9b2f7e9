//! Followers: who hears of what happens with a record.
use crate::{contacts::id_of, contacts::member_with, forms::World};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Client;

/// Titles of what somebody was told as a follower, oldest first.
async fn news(world: &World, client: &Client) -> Vec<String> {
    world.app.settle().await;
    let page = client.get("/v1/notifications?limit=50").await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    let of = |item: &Value| (item["kind"] == "follower.news").then(|| item["title"].as_str().unwrap_or("").to_owned());
    items.iter().rev().filter_map(of).collect()
}

#[tokio::test]
async fn followers_hear_of_what_matters_once_and_not_of_their_own_doing() {
    let world = World::start().await;
    let owner = &world.owner;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let ann = id_of(owner, json!({"first_name": "Ann"})).await;
    let path = format!("/v1/contacts/{ann}");
    let first = sam.get(&format!("{path}/followers")).await;
    assert_eq!((&first.expect(200)["following"], &first.body["may_follow"]), (&json!(false), &json!(true)));
    let mine = format!("{path}/followers/{sam_id}");
    let twice = join_all([sam.put(&mine, json!({})), sam.put(&mine, json!({}))]).await;
    for answer in &twice {
        assert_eq!((&answer.expect(200)["following"], &answer.body["items"][0]["name"]), (&json!(true), &json!("Sam")));
    }
    owner.put(&format!("{path}/followers/{}", world.owner_id), json!({})).await.expect(200);
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "contact.followed").count(), 2, "of two at once one did it");

    owner.patch(&path, json!({"stage": "qualified"})).await.expect(200);
    owner.patch(&path, json!({"owner": world.owner_id})).await.expect(200);
    owner.post(&format!("{path}/notes"), json!({"body": "Likes tea"})).await.expect(201);
    owner.post(&format!("{path}/notes"), json!({"body": "Mine", "private": true})).await.expect(201);
    owner.post(&format!("{path}/notes"), json!({"body": format!("Ask @{sam_id}")})).await.expect(201);
    owner
        .post(&format!("{path}/activities"), json!({"kind": "email", "direction": "inbound", "title": "Yes"}))
        .await
        .expect(201);
    owner.patch(&path, json!({"first_name": "Anna"})).await.expect(200);
    let told = news(&world, &sam).await;
    let expected = [
        "A contact you follow is in another stage",
        "A contact you follow has another owner",
        "A note was written about a contact you follow",
        "Something was logged with a contact you follow",
    ];
    assert_eq!(told.len(), expected.len(), "named in a note, one is told by that alone: {told:?}");
    assert!(expected.iter().all(|title| told.iter().any(|t| t == title)), "{told:?}");
    assert_eq!(news(&world, owner).await, [""; 0], "nobody tells himself");

    // A deal with the contact is news for who follows the deal, and for somebody who follows both it is one.
    let company = owner.post("/v1/companies", json!({"name": "Kestrel"})).await.text_of("id");
    let deal = owner.post("/v1/deals", json!({"title": "Roof", "contacts": [{"contact": ann}]})).await.text_of("id");
    for record in [format!("companies/{company}"), format!("deals/{deal}")] {
        sam.put(&format!("/v1/{record}/followers/{sam_id}"), json!({})).await.expect(200);
    }
    let call = json!({"kind": "call", "title": "Rang", "contact": ann});
    owner.post(&format!("/v1/deals/{deal}/activities"), call).await.expect(201);
    owner.patch(&format!("/v1/companies/{company}"), json!({"status": "active"})).await.expect(200);
    owner.post(&format!("/v1/deals/{deal}/outcome"), json!({"status": "won"})).await.expect(200);
    let more = news(&world, &sam).await;
    assert_eq!(more.len(), expected.len() + 3, "{more:?}");
    for title in [
        "Something was logged with a deal you follow",
        "A company you follow has another status",
        "A deal you follow was won",
    ] {
        assert!(more.iter().any(|t| t == title), "{title} in {more:?}");
    }

    let page = sam.get(&format!("/v1/contacts?filter=follower:eq:{sam_id}")).await;
    assert_eq!(page.expect(200)["items"].as_array().map(Vec::len), Some(1));
    sam.get("/v1/contacts?filter=follower:in:me").await.problem(422, "invalid");
    assert_eq!(sam.delete(&mine).await.expect(200)["following"], false);
    sam.delete(&mine).await.problem(404, "not_found");
    owner.patch(&path, json!({"stage": "won"})).await.expect(200);
    assert_eq!(news(&world, &sam).await.len(), expected.len() + 3, "no more of the contact");
}

#[tokio::test]
async fn who_may_not_see_a_record_neither_follows_it_nor_hears_of_it() {
    let world = World::start().await;
    let owner = &world.owner;
    let own = json!({"contacts.read": "own", "activities.read": "own", "deals.read": "own", "companies.read": "own"});
    let (kim, kim_id) = member_with(&world, "Kim", own).await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let ann = id_of(owner, json!({"first_name": "Ann", "owner": kim_id})).await;
    let path = format!("/v1/contacts/{ann}");
    kim.put(&format!("{path}/followers/{kim_id}"), json!({})).await.expect(200);
    kim.put(&format!("{path}/followers/{sam_id}"), json!({})).await.problem(403, "following_of_others");
    owner.put(&format!("{path}/followers/{sam_id}"), json!({})).await.expect(200);

    // She loses the contact: the change itself is not her news any more, nor is what follows.
    owner.patch(&path, json!({"owner": world.owner_id})).await.expect(200);
    owner.post(&format!("{path}/notes"), json!({"body": "Secret"})).await.expect(201);
    assert_eq!(news(&world, &kim).await, [""; 0]);
    assert_eq!(news(&world, &sam).await.len(), 2);
    kim.get(&format!("{path}/followers")).await.problem(404, "not_found");
    let named = owner.get(&format!("{path}/followers")).await;
    let names: Vec<&str> =
        named.expect(200)["items"].as_array().expect("items").iter().filter_map(|f| f["name"].as_str()).collect();
    assert_eq!(names, ["Sam"]);
    let refused = owner.put(&format!("{path}/followers/{kim_id}"), json!({})).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "member_blind");
    world.stranger().await.get(&format!("{path}/followers")).await.problem(404, "not_found");

    // Merged, the kept one has all followers; erased, there are none.
    let other = id_of(owner, json!({"first_name": "Ann", "last_name": "Lee"})).await;
    owner.put(&format!("/v1/contacts/{other}/followers/{sam_id}"), json!({})).await.expect(200);
    owner.put(&format!("/v1/contacts/{other}/followers/{}", world.owner_id), json!({})).await.expect(200);
    let merge = owner.post("/v1/contact-merges", json!({"kept": ann, "merged": [other]})).await;
    merge.expect(201);
    let both = owner.get(&format!("{path}/followers")).await;
    assert_eq!(both.expect(200)["items"].as_array().map(Vec::len), Some(2));
    owner.post(&format!("/v1/contact-merges/{}/undo", merge.text_of("id")), json!({})).await.expect(200);
    let apart = owner.get(&format!("/v1/contacts/{other}/followers")).await;
    assert_eq!(apart.expect(200)["items"].as_array().map(Vec::len), Some(2), "an undo gives them back");
    world.app.settle().await;
}

#[tokio::test]
async fn who_is_named_or_follows_is_told_by_mail_too_unless_he_does_not_want_it() {
    let world = World::start().await;
    let owner = &world.owner;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let (kim, kim_id) = world.member("agency_staff", "Kim").await;
    let off = ["note.mention", "follower.news"].map(|kind| json!({"kind": kind, "channel": "email", "enabled": false}));
    kim.put("/v1/preferences", json!({"items": off})).await.expect(200);
    let path = format!("/v1/contacts/{}", id_of(owner, json!({"first_name": "Ann"})).await);
    // A mail waits a minute for others; what follows comes by a job before it waits.
    let mails = async |to: &str| {
        world.app.settle().await;
        world.app.advance(TimeDelta::minutes(2));
        let mut subjects = world.mails(to).await;
        subjects.retain(|subject| subject.starts_with("A note") || subject.starts_with("News"));
        subjects
    };
    let private = json!({"body": format!("@{sam_id}"), "private": true});
    owner.post(&format!("{path}/notes"), private).await.expect(201);
    assert_eq!(mails("sam@example.com").await, [""; 0]);
    owner.post(&format!("{path}/notes"), json!({"body": format!("@{sam_id} @{kim_id} quokka")})).await.expect(201);
    assert_eq!(mails("sam@example.com").await, ["A note about a contact names you"]);
    for mail in world.mailbox.taken().iter().filter(|mail| mail.to == "sam@example.com") {
        let mail = mail_parser::MessageParser::default().parse(&mail.raw).expect("a mail");
        let text = mail.body_text(0).expect("a plain text");
        let tells = mail.subject().is_some_and(|subject| subject.starts_with("A note"));
        assert!(!(tells && (text.contains("quokka") || text.contains("Ann"))), "the words stay where they are: {text}");
    }

    for (client, id) in [(&sam, &sam_id), (&kim, &kim_id)] {
        client.put(&format!("{path}/followers/{id}"), json!({})).await.expect(200);
    }
    owner.patch(&path, json!({"stage": "qualified"})).await.expect(200);
    owner.post(&format!("{path}/notes"), json!({"body": "Likes tea"})).await.expect(201);
    let told = mails("sam@example.com").await;
    assert_eq!(told.iter().filter(|subject| *subject == "News about your records: 2").count(), 1, "{told:?}");
    assert_eq!(mails("kim@example.com").await, [""; 0]);
    assert_eq!(news(&world, &kim).await.len(), 2, "in the app she is told");
}
