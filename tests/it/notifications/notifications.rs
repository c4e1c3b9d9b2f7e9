//! Notifications in the app.
use super::write;
use crate::tenants::World;
use ::forms::SUBMISSION_RECEIVED;
use ::notifications::{
    mails::Template,
    notifications::{Notice, erase_contact, notify},
};
use futures_util::future::join_all;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

fn notice(to: &[Uuid], key: &str) -> Notice {
    Notice {
        dedupe_key: Some(key.into()),
        ..Notice::new(&SUBMISSION_RECEIVED, json!({"form": "Contact"}), to.to_vec()).link("/submissions/1")
    }
}

#[tokio::test]
async fn people_are_told_once_and_see_only_their_own() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let sam = world.member(owner.tenant, "agency_staff", "Sam").await;
    for _ in 0..2 {
        write(&world, owner.tenant, async |tx| notify(tx, &notice(&[owner.id.0, owner.id.0], "a")).await)
            .await
            .unwrap();
    }
    write(&world, owner.tenant, async |tx| notify(tx, &notice(&[owner.id.0, sam.id.0], "b")).await).await.unwrap();
    let list = owner.client.get("/v1/notifications").await;
    assert_eq!(list.expect(200)["items"].as_array().unwrap().len(), 2);
    let first = &list.body["items"][0];
    assert_eq!((&first["link"], &first["title"]), (&json!("/submissions/1"), &json!("New submission: Contact")));
    assert_eq!((&first["kind"], &first["params"]), (&json!("submission.received"), &json!({"form": "Contact"})));
    let id = list.body["items"][0]["id"].as_str().unwrap();
    let path = format!("/v1/notifications/{id}");
    sam.client.get(&path).await.problem(404, "not_found");
    sam.client.patch(&path, json!({"read": true})).await.problem(404, "not_found");
    sam.client.get(&format!("{path}/deliveries")).await.problem(404, "not_found");
    assert_eq!(owner.client.get("/v1/notifications/unread").await.expect(200)["count"], 2);
    let read = owner.client.patch(&path, json!({"read": true})).await;
    assert!(read.expect(200)["read_at"].is_string());
    assert_eq!(owner.client.get("/v1/notifications/unread").await.expect(200)["count"], 1);
    assert_eq!(
        owner.client.patch(&path, json!({"read": false, "archived": true})).await.expect(200)["read_at"],
        json!(null)
    );
    assert_eq!(
        owner.client.get("/v1/notifications/unread").await.expect(200)["count"],
        1,
        "what is put away does not count"
    );
    let filtered = owner.client.get("/v1/notifications?filter=archived:eq:false&filter=module:eq:forms").await;
    assert_eq!(filtered.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        owner.client.post("/v1/notifications/read-all", json!({"module": "tasks"})).await.expect(200)["count"],
        0
    );
    assert_eq!(owner.client.post("/v1/notifications/read-all", json!({})).await.expect(200)["count"], 1);
    assert_eq!(sam.client.get("/v1/notifications/unread").await.expect(200)["count"], 1);
    owner.client.patch(&path, json!({"red": true})).await.expect(400);
}

#[tokio::test]
async fn the_mail_that_goes_with_it_is_seen_as_its_delivery() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let data = json!({"form": "Contact", "contact": "Ada", "answers": [{"label": "Message", "value": "Hi"}]});
    let notice = notice(&[owner.id.0], "a").mail(Template::NewSubmission, data);
    for _ in 0..2 {
        write(&world, owner.tenant, async |tx| notify(tx, &notice).await).await.unwrap();
    }
    world.app.settle().await;
    let taken = world.mailbox.taken();
    assert_eq!((taken.len(), taken[0].to.as_str()), (1, "northlight@example.com"));
    let text = String::from_utf8_lossy(&taken[0].raw).replace("=\r\n", "");
    assert!(text.contains("/submissions/1"), "{text}");
    let list = owner.client.get("/v1/notifications").await;
    let id = list.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let deliveries = owner.client.get(&format!("/v1/notifications/{id}/deliveries")).await;
    assert_eq!(
        (&deliveries.expect(200)[0]["state"], &deliveries.body[0]["recipient"]),
        (&json!("sent"), &json!("northlight@example.com"))
    );
}

#[tokio::test]
async fn telling_at_once_under_one_key_tells_once() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let notice = notice(&[owner.id.0], "same").mail(Template::Generic, json!({"title": "T", "body": "B"}));
    let told = join_all((0..8).map(|_| write(&world, owner.tenant, async |tx| notify(tx, &notice).await))).await;
    assert_eq!(told.into_iter().map(|ids| ids.unwrap().len()).sum::<usize>(), 1);
    world.app.settle().await;
    assert_eq!(world.mailbox.taken().len(), 1);
}

#[tokio::test]
async fn an_erasure_removes_what_was_told_about_a_contact() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let contact = Uuid::from_u128(9);
    let about = Notice { contact_id: Some(contact), ..notice(&[owner.id.0], "a") };
    write(&world, owner.tenant, async |tx| notify(tx, &about).await).await.unwrap();
    write(&world, owner.tenant, async |tx| notify(tx, &notice(&[owner.id.0], "b")).await).await.unwrap();
    write(&world, owner.tenant, async |tx| erase_contact(tx, contact, &[]).await).await.unwrap();
    assert_eq!(owner.client.get("/v1/notifications").await.expect(200)["items"].as_array().unwrap().len(), 1);
}

/// Unread is what it should be, whatever people do in whatever order.
#[test]
fn unread_equals_the_truth_after_any_interleaving() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let world = runtime.block_on(World::start());
    let owner = runtime.block_on(world.agency("Northlight"));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 6, ..ProptestConfig::default() });
    let steps = proptest::collection::vec((0u8..6, 0usize..6), 1..25);
    let round = std::cell::Cell::new(0);
    runner
        .run(&steps, |steps| {
            round.set(round.get() + 1);
            runtime.block_on(async {
                owner.client.post("/v1/notifications/read-all", json!({})).await.expect(200);
                // What each notification of this round is: read, put away, put off.
                let mut model: Vec<(String, bool, bool, bool)> = vec![];
                let later = world.app.clock.now() + chrono::TimeDelta::hours(1);
                for (n, (what, which)) in steps.into_iter().enumerate() {
                    if what == 0 || model.is_empty() {
                        let key = format!("{}/{n}", round.get());
                        let ids =
                            write(&world, owner.tenant, async |tx| notify(tx, &notice(&[owner.id.0], &key)).await)
                                .await
                                .unwrap();
                        model.push((ids[0].to_string(), false, false, false));
                        continue;
                    }
                    let at = which % model.len();
                    let path = format!("/v1/notifications/{}", model[at].0);
                    match what {
                        1 => {
                            owner.client.patch(&path, json!({"read": true})).await.expect(200);
                            model[at].1 = true;
                        }
                        2 => {
                            owner.client.patch(&path, json!({"read": false})).await.expect(200);
                            model[at].1 = false;
                        }
                        3 => {
                            let archived = !model[at].2;
                            owner.client.patch(&path, json!({"archived": archived})).await.expect(200);
                            model[at].2 = archived;
                            model[at].3 &= !archived;
                        }
                        4 => {
                            let off = !model[at].3;
                            let until = json!({"snoozed_until": off.then_some(later)});
                            owner.client.patch(&path, until).await.expect(200);
                            model[at].3 = off;
                        }
                        _ => {
                            owner.client.post("/v1/notifications/read-all", json!({})).await.expect(200);
                            for entry in model.iter_mut().filter(|e| !e.2 && !e.3) {
                                entry.1 = true;
                            }
                        }
                    }
                }
                let unread = model.iter().filter(|(_, read, archived, off)| !read && !archived && !off).count();
                let answer = owner.client.get("/v1/notifications/unread").await;
                prop_assert_eq!(answer.expect(200)["count"].as_u64().unwrap() as usize, unread);
                Ok(())
            })
        })
        .unwrap();
    runtime.block_on(async move { drop(world) });
}

#[tokio::test]
async fn a_program_has_no_notifications_and_who_only_looks_changes_none() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let kim = world.member(client, "client_admin", "Kim").await;
    let key = owner.client.post("/v1/api-keys", json!({"name": "Robot", "scopes": {"*": "all"}})).await;
    key.expect(201);
    let robot = world.app.anonymous().with("x-api-key", key.text_of("secret"));
    for path in ["/v1/notifications", "/v1/notifications/unread", "/v1/preferences", "/v1/stream"] {
        robot.get(path).await.problem(403, "people_only");
    }
    write(&world, client, async |tx| notify(tx, &notice(&[kim.id.0], "a")).await).await.unwrap();
    let body = json!({"tenant": client.to_string(), "member": kim.id.to_string(), "reason": "Looking into a question", "minutes": 15});
    let impersonation = owner.client.post("/v1/impersonations", body).await;
    impersonation.expect(201);
    let looking = world.app.anonymous().bearer(&impersonation.text_of("access_token"));
    let read = looking.post("/v1/notifications/read-all", json!({})).await;
    read.problem(403, "impersonation_read_only");
    let off = json!({"items": [{"kind": "submission.received", "channel": "email", "enabled": false}]});
    looking.put("/v1/preferences", off).await.problem(403, "impersonation_read_only");
    assert_eq!(kim.client.get("/v1/notifications/unread").await.expect(200)["count"], 1);
}

#[tokio::test]
async fn what_is_put_off_leaves_and_comes_back_unread_when_its_last_moment_is_there() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let sam = world.member(owner.tenant, "agency_staff", "Sam").await;
    for key in ["a", "b"] {
        write(&world, owner.tenant, async |tx| notify(tx, &notice(&[owner.id.0], key)).await).await.unwrap();
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    let shown = async |client: &tests::Client, filter: &str| {
        let list = client.get(&format!("/v1/notifications?filter=snoozed:eq:{filter}")).await;
        let ids = list.expect(200)["items"].as_array().unwrap().iter();
        ids.map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let unread =
        async |client: &tests::Client| client.get("/v1/notifications/unread").await.expect(200)["count"].clone();
    let all = shown(&owner.client, "false").await;
    let (newer, older) = (all[0].clone(), all[1].clone());
    let path = format!("/v1/notifications/{older}");
    let until = async |client: &tests::Client, at: serde_json::Value| {
        client.patch(&path, json!({ "snoozed_until": at })).await.expect(200).clone()
    };
    until(&owner.client, json!("2026-11-20T13:00:00Z")).await;
    assert_eq!(
        (shown(&owner.client, "false").await, shown(&owner.client, "true").await),
        (vec![newer.clone()], vec![older.clone()])
    );
    assert_eq!(unread(&owner.client).await, 1);
    owner.client.post("/v1/notifications/read-all", json!({})).await.expect(200);
    let back = until(&owner.client, json!(null)).await;
    assert_eq!((&back["read_at"], unread(&owner.client).await), (&json!(null), json!(1)), "as it was");
    // Read, and put off twice: the last moment counts.
    owner.client.patch(&path, json!({"read": true})).await.expect(200);
    for at in ["2026-11-20T13:00:00Z", "2026-11-20T14:00:00Z"] {
        until(&owner.client, json!(at)).await;
    }
    for (at, code) in [("2026-11-20T12:00:00Z", "snooze_past"), ("2028-01-01T00:00:00Z", "snooze_far")] {
        let refused = crate::tenants::refused(&owner.client.patch(&path, json!({ "snoozed_until": at })).await);
        assert_eq!(refused, [("/snoozed_until".to_owned(), code.to_owned())]);
    }
    sam.client.patch(&path, json!({"snoozed_until": "2026-11-20T14:00:00Z"})).await.problem(404, "not_found");
    world.app.settle().await;
    world.app.advance(chrono::TimeDelta::hours(1));
    world.app.settle().await;
    let client = world.person_of(&owner).await;
    assert_eq!((shown(&client, "true").await, unread(&client).await), (vec![older.clone()], json!(0)));
    world.app.advance(chrono::TimeDelta::hours(1));
    world.app.settle().await;
    let client = world.person_of(&owner).await;
    assert_eq!((shown(&client, "false").await, unread(&client).await), (vec![older, newer], json!(1)), "at the top");
    // What is put away meanwhile does not come back.
    until(&client, json!("2026-11-20T15:00:00Z")).await;
    let away = client.patch(&path, json!({"archived": true})).await;
    assert_eq!(away.expect(200)["snoozed_until"], json!(null));
    world.app.advance(chrono::TimeDelta::hours(1));
    world.app.settle().await;
    assert_eq!(unread(&world.person_of(&owner).await).await, 0);
}
