//! A contact that is made once, however many send it, and written when it is there.
use super::{id_of, member_with};
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::json;

const UPSERT: &str = "/v1/contacts/upsert";

#[tokio::test]
async fn what_is_sent_is_written_to_the_one_who_has_the_address() {
    let world = World::start().await;
    let client = &world.owner;
    let ann = json!({"first_name": "Ann", "emails": [{"address": "ann@x.example"}], "phones": [{"number": "+49 30 901820"}],
        "tags": ["new"], "address": {"city": "Bonn"}});
    let made = client.post(UPSERT, ann).await.expect(201).clone();
    assert_eq!((&made["created"], made.get("matched_by"), &made["source"]), (&json!(true), None, &json!("api")));
    let said = json!({"last_name": "Lee", "emails": [{"address": " ANN@X.example "}, {"address": "second@x.example"}],
        "tags": ["vip"], "address": {"country": "DE"}, "stage": "won", "source": "shop"});
    let known = client.post(UPSERT, said.clone()).await.expect(200).clone();
    assert_eq!((&known["id"], &known["created"], &known["matched_by"]), (&made["id"], &json!(false), &json!("email")));
    assert_eq!((&known["display_name"], &known["tags"]), (&json!("Ann Lee"), &json!(["new", "vip"])));
    assert_eq!(known["address"], json!({"city": "Bonn", "country": "DE"}), "what nothing is said of stays");
    assert_eq!(
        (&known["stage"], &known["source"], &known["emails"][1]["address"]),
        (&json!("won"), &json!("shop"), &json!("second@x.example"))
    );
    let same = client.post(UPSERT, said).await.expect(200).clone();
    assert_eq!(same["version"], known["version"], "the same again changes nothing");

    // By phone; by e-mail alone the same number makes somebody else.
    let dialled = json!({"job_title": "Captain", "emails": [{"address": "other@x.example"}], "phones": [{"number": "+4930901820"}]});
    let by_phone = client.post(&format!("{UPSERT}?by=phone"), dialled.clone()).await.expect(200).clone();
    assert_eq!((&by_phone["id"], &by_phone["matched_by"]), (&made["id"], &json!("phone")));
    let bob = id_of(client, json!({"first_name": "Bob", "emails": [{"address": "bob@x.example"}]})).await;
    let crossing = json!({"emails": [{"address": "bob@x.example"}], "phones": [{"number": "+4930901820"}]});
    let crossing = client.post(&format!("{UPSERT}?by=email"), crossing).await.expect(200).clone();
    assert_eq!(
        (&crossing["id"], &crossing["phones"]),
        (&json!(bob), &json!([])),
        "a number of another contact stays there"
    );
    for (query, body, field) in [
        ("", json!({"first_name": "Nobody"}), "/emails"),
        ("?by=email", json!({"phones": [{"number": "+4930901820"}]}), "/emails"),
        ("?by=phone", json!({"phones": [{"number": "12"}]}), "/phones"),
        ("", json!({"emails": [{"address": "nonsense"}]}), "/emails/0/address"),
    ] {
        let refused = client.post(&format!("{UPSERT}{query}"), body).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], field, "{query}");
    }
    // Whoever is deleted is not there.
    client.delete(&format!("/v1/contacts/{bob}")).await.expect(204);
    let anew = client.post(UPSERT, json!({"emails": [{"address": "bob@x.example"}]})).await.expect(201).clone();
    assert_ne!(anew["id"], json!(bob));
    // The same key gets the same answer, with its status.
    let keyed = client.with("idempotency-key", "once");
    let body = json!({"emails": [{"address": "key@x.example"}]});
    let first = keyed.post(UPSERT, body.clone()).await.expect(201).clone();
    assert_eq!(keyed.post(UPSERT, body).await.expect(201), &first);
    world.app.settle().await;
}

#[tokio::test]
async fn many_at_once_make_one_contact() {
    let world = World::start().await;
    for round in 0..4 {
        let spellings = [format!("new{round}@x.example"), format!("NEW{round}@x.example")];
        let sent = (0..16).map(|n| {
            let body = json!({"first_name": format!("N{n}"), "emails": [{"address": spellings[n % 2]}], "tags": [format!("t{n}")]});
            world.owner.post(UPSERT, body)
        });
        let answers = join_all(sent.collect::<Vec<_>>()).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 15);
        assert!(answers.iter().all(|answer| answer.body["id"] == answers[0].body["id"]));
        let read = world.owner.get(&format!("/v1/contacts/{}", answers[0].text_of("id"))).await;
        assert_eq!(read.expect(200)["tags"].as_array().map(Vec::len), Some(16), "nothing that was sent is lost");
    }
    assert_eq!(world.count("select count(*) from contacts").await, 4);
    world.app.settle().await;
}

#[tokio::test]
async fn nobody_writes_to_a_contact_out_of_reach() {
    let world = World::start().await;
    let (una, una_id) = member_with(&world, "Una", json!({"contacts.read": "own", "contacts.write": "own"})).await;
    let (reader, _) = member_with(&world, "Rea", json!({"contacts.read": "all"})).await;
    let ann = json!({"first_name": "Ann", "emails": [{"address": "ann@x.example"}]});
    let theirs = id_of(&world.owner, ann.clone()).await;
    reader.post(UPSERT, ann.clone()).await.problem(403, "permission_missing");
    let mut hers = ann.clone();
    hers["first_name"] = json!("Mine");
    let made = una.post(UPSERT, hers.clone()).await.expect(201).clone();
    assert_eq!(made["owner"], json!(una_id));
    assert_eq!(una.post(UPSERT, hers).await.expect(200)["id"], made["id"]);
    let other = world.owner.get(&format!("/v1/contacts/{theirs}")).await.expect(200).clone();
    assert_eq!((&other["first_name"], &other["version"]), (&json!("Ann"), &json!(1)));
    let away = json!({"emails": [{"address": "ann@x.example"}], "owner": world.owner_id});
    assert_eq!(una.post(UPSERT, away).await.problem(422, "invalid")["errors"][0]["field"], "/owner");
    world.app.settle().await;
}
