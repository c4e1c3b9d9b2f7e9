//! Hours in which nobody is disturbed. It is Friday, 2026-11-20, noon.
use super::{push_subscriptions::Scene, write};
use crate::tenants::{World, refused};
use ::forms::SUBMISSION_RECEIVED;
use ::notifications::{
    mails::Template,
    notifications::{Notice, notify},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::Client;

const HOUR: i64 = 3_600;

async fn quiet(client: &Client, spans: Value) -> Value {
    client.put("/v1/quiet-hours", json!({"spans": spans, "zone": "UTC"})).await.expect(200).clone()
}

fn friday(from: &str, until: &str) -> Value {
    json!([{"days": [5], "from": from, "until": until}])
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str().map(|text| text.parse().expect("a moment"))
}

async fn newest(client: &Client) -> String {
    let list = client.get("/v1/notifications").await;
    format!("/v1/notifications/{}", list.expect(200)["items"][0]["id"].as_str().expect("an id"))
}

#[tokio::test]
async fn what_is_told_in_quiet_hours_stands_in_the_app_and_comes_when_they_end() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    let client = &scene.owner.client;
    let none = client.get("/v1/quiet-hours").await.expect(200).clone();
    assert_eq!((&none["spans"], &none["quiet_until"]), (&json!([]), &Value::Null));
    let set = quiet(client, friday("11:00", "14:00")).await;
    assert_eq!(moment(&set["quiet_until"]), "2026-11-20T14:00:00Z".parse().ok());
    assert_eq!(client.get("/v1/quiet-hours").await.expect(200), &set);

    scene.tell("a", false).await;
    scene.tell("read", false).await;
    client.patch(&newest(client).await, json!({"read": true})).await.expect(200);
    assert_eq!(client.get("/v1/notifications/unread").await.expect(200)["count"], 1);
    assert_eq!((scene.service.taken().len(), scene.world.mailbox.taken().len()), (0, 0), "nothing is disturbed");
    scene.tell("always", true).await;
    assert_eq!((scene.service.taken().len(), scene.world.mailbox.taken().len()), (1, 1), "some news wait for nothing");
    scene.later(2 * HOUR - 1).await;
    assert_eq!((scene.service.taken().len(), scene.world.mailbox.taken().len()), (0, 1));
    scene.later(1).await;
    let taken = scene.service.taken();
    assert_eq!((taken.len(), scene.world.mailbox.taken().len()), (1, 2), "what was read by then is not sent");
    assert_eq!(taken[0].text["title"], "New submission: Contact");
    scene.later(24 * HOUR).await;
    assert_eq!((scene.service.taken().len(), scene.world.mailbox.taken().len()), (0, 2), "nothing comes twice");
    scene.tell("later", false).await;
    assert_eq!((scene.service.taken().len(), scene.world.mailbox.taken().len()), (1, 3));
}

#[tokio::test]
async fn several_workers_at_the_end_send_everything_once() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    let client = &scene.owner.client;
    quiet(client, friday("11:00", "14:00")).await;
    for key in ["a", "b", "c"] {
        scene.tell(key, false).await;
    }
    // The same hours once more: each notice is looked at now, and has two jobs for the end.
    quiet(client, friday("11:00", "14:00")).await;
    scene.settle().await;
    assert!(scene.world.mailbox.taken().is_empty() && scene.service.taken().is_empty());
    scene.world.app.advance(TimeDelta::hours(2));
    scene.service.at(scene.world.app.clock.now().timestamp());
    let app = &scene.world.app.app;
    for ran in join_all((0..4).map(|_| ::kernel::jobs::run_due(app))).await {
        ran.expect("jobs run");
    }
    scene.settle().await;
    let pushed = scene.service.taken();
    let topics: BTreeSet<_> = pushed.iter().map(|message| &message.topic).collect();
    assert_eq!((pushed.len(), topics.len(), scene.world.mailbox.taken().len()), (3, 3, 3));
}

#[tokio::test]
async fn hours_that_change_are_what_counts_for_what_waits() {
    let scene = Scene::set().await;
    let client = &scene.owner.client;
    quiet(client, friday("11:00", "14:00")).await;
    scene.tell("a", false).await;
    // Over midnight, and then all of Saturday and Sunday.
    let long =
        json!([{"days": [5], "from": "11:30", "until": "00:00"}, {"days": [6, 7], "from": "00:00", "until": "00:00"}]);
    let set = quiet(client, long).await;
    assert_eq!(moment(&set["quiet_until"]), "2026-11-23T00:00:00Z".parse().ok());
    scene.later(2 * HOUR).await;
    assert!(scene.world.mailbox.taken().is_empty());
    let client = scene.world.person_of(&scene.owner).await;
    quiet(&client, json!([])).await;
    scene.settle().await;
    assert_eq!(scene.world.mailbox.taken().len(), 1);
    scene.later(4 * 24 * HOUR).await;
    assert_eq!(scene.world.mailbox.taken().len(), 1);
}

#[tokio::test]
async fn the_mail_that_waited_says_all_it_would_have_said() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    quiet(&owner.client, friday("11:00", "14:00")).await;
    let data = json!({"form": "Contact", "contact": "Ada", "answers": [{"label": "Message", "value": "Hi there"}]});
    let new = |key: &str| Notice {
        dedupe_key: Some(key.into()),
        ..Notice::new(&SUBMISSION_RECEIVED, json!({"form": "Contact"}), vec![owner.id.0]).link("/submissions/1")
    };
    let one = new("a").mail(Template::NewSubmission, data);
    write(&world, owner.tenant, async |tx| notify(tx, &one).await).await.expect("told");
    for key in ["b", "c"] {
        let gathered = new(key).gather();
        write(&world, owner.tenant, async |tx| notify(tx, &gathered).await).await.expect("told");
    }
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(2));
    world.app.settle().await;
    let text = String::from_utf8_lossy(&world.mailbox.taken()[0].raw).replace("=\r\n", "");
    assert!(text.contains("Hi there") && text.contains("/submissions/1"), "{text}");
    assert_eq!(world.mailbox.taken().len(), 1);
    world.app.advance(TimeDelta::minutes(2));
    world.app.settle().await;
    assert_eq!(world.mailbox.taken().len(), 2, "those that are gathered are one mail then too");
}

#[tokio::test]
async fn a_moment_that_one_chose_is_told_then() {
    let scene = Scene::set().await;
    scene.subscribe("one").await;
    let client = &scene.owner.client;
    quiet(client, friday("11:00", "14:00")).await;
    scene.tell("a", false).await;
    client.patch(&newest(client).await, json!({"snoozed_until": "2026-11-20T12:30:00Z"})).await.expect(200);
    scene.later(HOUR / 2).await;
    assert_eq!((scene.service.taken().len(), scene.world.mailbox.taken().len()), (1, 0));
    scene.later(2 * HOUR).await;
    assert_eq!((scene.service.taken().len(), scene.world.mailbox.taken().len()), (0, 0), "he knows of it by then");
}

#[tokio::test]
async fn quiet_hours_belong_to_a_person_and_an_account_and_are_checked() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    quiet(&owner.client, friday("11:00", "14:00")).await;
    let there = owner.acting_in(client).get("/v1/quiet-hours").await;
    assert_eq!(there.expect(200)["spans"], json!([]));
    let put = async |span: Value, zone: Value| {
        refused(&owner.client.put("/v1/quiet-hours", json!({"spans": [span], "zone": zone})).await)
    };
    let span = |days: Value, from: &str, until: &str| json!({"days": days, "from": from, "until": until});
    let said = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
    assert_eq!(put(span(json!([8]), "22:00", "07:00"), Value::Null).await, said("/spans/0/days", "days_invalid"));
    assert_eq!(put(span(json!([1]), "7:00", "09:00"), Value::Null).await, said("/spans/0/from", "time_invalid"));
    assert_eq!(put(span(json!([1]), "22:00", "07:00"), json!("Mars/X")).await, said("/zone", "zone_unknown"));
    let always = span(json!([1, 2, 3, 4, 5, 6, 7]), "07:00", "07:00");
    assert_eq!(put(always, Value::Null).await, said("/spans", "quiet_always"));
    assert!(world.log(owner.tenant).await.contains(&"quiet_hours.updated".to_owned()));
}
