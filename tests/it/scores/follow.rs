//! Scores follow whatever happens, and are then what an independent count of the tables gives.
use super::{behaviour, fit, score, set};
use crate::{
    contacts::{
        contact_imports::{counts, import, path_of},
        id_of,
    },
    followups::{log, owner},
    forms::World,
    segments::{all, field, has, people, tag},
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Client;

/// The rules that [`oracle`] counts by its own means.
fn rules(vip: &str, scale: i32) -> Value {
    json!([
        fit(
            "vip",
            20 * scale,
            all(json!([field("tags", "any_of", json!([vip])), field("stage", "none_of", json!(["lost"]))]))
        ),
        fit("quiet", -10, field("last_contact_at", "more_than_days_ago", json!(["3"]))),
        behaviour(
            "call",
            12 * scale,
            2,
            has("activity", json!([field("kind", "any_of", json!(["call"]))])),
            json!({"half_life_days": 10})
        ),
        behaviour(
            "mail",
            -7,
            5,
            has("activity", json!([field("kind", "any_of", json!(["email"]))])),
            json!({"within_days": 4})
        ),
        behaviour(
            "won",
            30,
            1,
            has("deal", json!([field("status", "any_of", json!(["won"]))])),
            json!({"moment": "closed_at", "within_days": 6, "half_life_days": 5})
        ),
    ])
}

/// What rules say of every contact, counted from the tables by other means than the product's: days of UTC.
async fn oracle(world: &World, scale: i32) -> Vec<(String, i32)> {
    let today = world.app.clock.now().date_naive();
    let all = world
        .tenant_query(
            "select c.id, 'vip' = any(c.tags) and c.stage <> 'lost', c.last_contact_at,
               array(select a.occurred_at from activities a where a.contact_id = c.id and a.kind = 'call'),
               array(select a.occurred_at from activities a where a.contact_id = c.id and a.kind = 'email'),
               array(select d.closed_at from deals d join deal_contacts x on x.deal_id = d.id
                 where x.contact_id = c.id and d.status = 'won' and d.deleted_at is null)
             from contacts c where c.deleted_at is null order by c.id",
        )
        .await;
    let age = |day: NaiveDate| (today - day).num_days().max(0);
    let ages = |row: &tokio_postgres::Row, n: usize| -> Vec<i64> {
        let mut ages: Vec<i64> = row.get::<_, Vec<DateTime<Utc>>>(n).iter().map(|at| age(at.date_naive())).collect();
        ages.sort_unstable();
        ages
    };
    let faded = |ages: &[i64], half: f64| ages.iter().map(|age| 0.5_f64.powf(*age as f64 / half)).sum::<f64>();
    all.iter()
        .map(|row| {
            let quiet = row.get::<_, Option<DateTime<Utc>>>(2).is_some_and(|at| age(at.date_naive()) > 3);
            let calls: Vec<i64> = ages(row, 3).into_iter().take(2).collect();
            let mails = ages(row, 4).iter().filter(|age| **age <= 4).take(5).count() as i32;
            let won: Vec<i64> = ages(row, 5).into_iter().filter(|age| *age <= 6).take(1).collect();
            let sum = if row.get::<_, bool>(1) { 20 * scale } else { 0 }
                + if quiet { -10 } else { 0 }
                + (f64::from(12 * scale) * faded(&calls, 10.0)).round() as i32
                - 7 * mails
                + (30.0 * faded(&won, 5.0)).round() as i32;
            let id: uuid::Uuid = row.get(0);
            (id.to_string(), sum.clamp(0, 100))
        })
        .collect()
}

async fn compare(world: &World, scale: i32, step: &str) {
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from score_dirty").await, 0, "{step}");
    let kept = world
        .tenant_query("select c.id, c.score, c.band from contacts c where c.deleted_at is null order by c.id")
        .await;
    let scores: Vec<(String, i32)> =
        kept.iter().map(|row| (row.get::<_, uuid::Uuid>(0).to_string(), row.get(1))).collect();
    assert_eq!(scores, oracle(world, scale).await, "after {step}");
    for row in kept {
        let band = match row.get::<_, i32>(1) {
            40.. => "hot",
            15.. => "warm",
            _ => "cold",
        };
        assert_eq!(row.get::<_, String>(2), band, "after {step}");
    }
}

async fn won(client: &Client, contact: &str) -> String {
    let deal =
        json!({"title": "Deal", "amount": 1, "currency": "EUR", "contacts": [{"contact": contact, "role": "user"}]});
    let deal = client.post("/v1/deals", deal).await.expect(201)["id"].as_str().unwrap().to_owned();
    client.post(&format!("/v1/deals/{deal}/outcome"), json!({"status": "won", "reason": "Price"})).await.expect(200);
    deal
}

#[tokio::test]
async fn after_any_edits_scores_are_what_counting_everything_anew_gives() {
    let world = World::start().await;
    let contacts = people(&world, &["A", "B", "C", "D", "E"]).await;
    let mut client = owner(&world).await;
    let vip = tag(&client, "vip").await;
    let mut scale = 1;
    set(&client, rules(&vip, scale), 15, 40).await;
    let (mut gone, mut deals, mut merged) = (std::collections::BTreeSet::new(), vec![], None::<(String, String)>);
    let mut seed = 20_261_129_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for step in 0..70 {
        let who = contacts[next(contacts.len())].clone();
        if merged.as_ref().is_some_and(|(_, part)| *part == who) {
            continue;
        }
        let path = format!("/v1/contacts/{who}");
        let what = next(13);
        if gone.remove(&who) {
            client.post(&format!("{path}/restoration"), json!({})).await.expect(200);
        }
        match what {
            0 => drop(
                client.patch(&path, json!({"tags": ["vip"], "stage": (["lost", "new"][next(2)])})).await.expect(200),
            ),
            1 => drop(client.patch(&path, json!({"tags": []})).await.expect(200)),
            2..=4 => {
                let at = world.app.clock.now() - TimeDelta::hours(next(300) as i64);
                let kind = ["call", "email"][next(2)];
                log(&client, &who, json!({"kind": kind, "direction": "inbound", "occurred_at": at})).await;
            }
            5 => deals.push(won(&client, &who).await),
            6 if !deals.is_empty() => {
                let deal = deals.swap_remove(next(deals.len()));
                client.delete(&format!("/v1/deals/{deal}")).await.expect(204);
            }
            7 => {
                let change = json!({"contacts": contacts, "add_tags": ["vip"]});
                client.post("/v1/contacts/bulk-changes", change).await.expect(200);
            }
            8 | 9 => {
                world.app.advance(TimeDelta::hours([1, 7, 26, 75, 200][next(5)]));
                client = owner(&world).await;
            }
            10 => {
                scale = 1 + next(4) as i32;
                set(&client, rules(&vip, scale), 15, 40).await;
            }
            11 if merged.is_none() && gone.insert(who.clone()) => drop(client.delete(&path).await.expect(204)),
            12 => match merged.take() {
                Some((merge, _)) => {
                    let undo = format!("/v1/contact-merges/{merge}/undo");
                    client.post(&undo, json!({"keep_edits": true})).await.expect(200);
                }
                None if contacts[0] != who && !gone.contains(&contacts[0]) => {
                    let body = json!({"kept": contacts[0], "merged": [who]});
                    let merge =
                        client.post("/v1/contact-merges", body).await.expect(201)["id"].as_str().unwrap().to_owned();
                    merged = Some((merge, who));
                }
                None => {}
            },
            _ => {}
        }
        if step % 4 == 0 || (7..=12).contains(&what) {
            compare(&world, scale, &format!("step {step} ({what})")).await;
        }
    }
    client.delete(&format!("/v1/tags/{vip}")).await.expect(204);
    compare(&world, scale, "a tag that went").await;
    // Each change of the band is told once; those that a change of rules makes are figures.
    let told =
        "select count(*) from events a join events b on b.contact_id = a.contact_id and b.kind = a.kind and b.id > a.id
        where a.kind = 'score.band_changed' and a.payload->>'to' = a.payload->>'from'";
    assert_eq!(world.count(told).await, 0);
    assert!(world.events().await.iter().any(|kind| kind == "scoring.shifted"));
}

#[tokio::test]
async fn two_that_count_at_once_and_rules_that_change_meanwhile_end_right() {
    let world = World::start().await;
    let contacts = people(&world, &["A", "B", "C"]).await;
    let client = &world.owner;
    let vip = tag(client, "vip").await;
    set(client, rules(&vip, 1), 15, 40).await;
    for round in 0..5 {
        let scale = 1 + round % 3;
        let edits = contacts.iter().map(|who| {
            let (path, tags) =
                (format!("/v1/contacts/{who}"), json!({"tags": ([json!(["vip"]), json!([])][round as usize % 2])}));
            async move {
                client.patch(&path, tags).await.expect(200);
                log(client, who, json!({"kind": "call", "direction": "inbound"})).await;
            }
        });
        // Two workers count while contacts and rules change, each as often as it likes.
        let work = async || {
            for _ in 0..4 {
                kernel::events::dispatch_due(&world.app.app).await.expect("events");
                kernel::jobs::run_due(&world.app.app).await.expect("jobs");
            }
        };
        let define = set(client, rules(&vip, scale), 15, 40);
        tokio::join!(join_all(edits), work(), work(), define);
        compare(&world, scale, &format!("round {round}")).await;
    }
}

#[tokio::test]
async fn an_import_is_counted_and_still_undone_and_what_is_kept_is_handed_out() {
    let world = World::start().await;
    let client = &world.owner;
    set(client, json!([fit("mail", 50, field("email", "not_empty", json!([])))]), 15, 40).await;
    let done =
        import(&world, "First name,Email,Tier\nEve,eve@x.example,Gold\nFay,,tin", json!({"bad_cells": "leave_out"}))
            .await;
    assert_eq!(counts(&done), [2, 0, 0, 0, 0]);
    let page = client.get("/v1/contacts?sort=-score").await.expect(200).clone();
    let said = |n: usize| {
        (page["items"][n]["score"].clone(), page["items"][n]["band"].clone(), page["items"][n]["tier"].clone())
    };
    assert_eq!(said(0), (json!(50), json!("hot"), json!("gold")));
    assert_eq!(said(1), (json!(0), json!("cold"), Value::Null));
    // That a score moves is nothing that somebody did with the contact.
    set(client, json!([]), 15, 40).await;
    world.app.settle().await;
    client.post(&format!("{}/undo", path_of(&done)), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(client.get("/v1/contacts").await.expect(200)["items"], json!([]));
    set(client, json!([fit("mail", 50, field("email", "not_empty", json!([])))]), 15, 40).await;
    let ada = id_of(client, json!({"first_name": "Ada", "emails": [{"address": "ada@x.example"}]})).await;
    assert_eq!(score(&world, client, &ada).await, (50, "hot".into()));
    client.post("/v1/data-requests", json!({"contact": ada, "kind": "export"})).await.expect(201);
    world.app.settle().await;
    client.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from score_dirty").await, 0);
}

/// Those of a file begin with the score of others like them; whom that does not fit is counted like everybody.
#[tokio::test]
async fn whoever_comes_with_many_others_ends_with_a_score_of_his_own() {
    let world = World::start().await;
    let rules = json!([
        fit("mail", 9, field("email", "not_empty", json!([]))),
        fit("vip", 3, field("first_name", "is", json!(["Vip"]))),
    ]);
    set(&world.owner, rules, 15, 40).await;
    let mut file = "First name,Last name,Email\n".to_owned();
    let (mut expected, rows) = ([0, 0, 0, 0], 2_100);
    for n in 0..rows {
        let (vip, mail) = (n % 7 == 0, n % 3 > 0);
        let mail_text = if mail { format!("p{n}@x.example") } else { String::new() };
        file.push_str(&format!("{},Person {n},{mail_text}\n", if vip { "Vip" } else { "Person" }));
        expected[usize::from(vip) + 2 * usize::from(mail)] += 1;
    }
    assert_eq!(counts(&import(&world, file, json!({})).await)[0], rows);
    for (score, expected) in [0, 3, 9, 12].into_iter().zip(expected) {
        let found =
            world.count(&format!("select count(*) from contacts where score = {score} and band = 'cold'")).await;
        assert_eq!(found, expected, "{score}");
    }
}
