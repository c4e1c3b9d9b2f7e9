//! Greetings: at nine where the reader is, once, and not to whom nobody may write.
use super::{birthday, greeting, owner, person, sends};
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

fn three(name: &str, state: &str, reason: &str) -> (String, String, String) {
    (name.to_owned(), state.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn people_are_greeted_at_nine_where_they_are() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    for (name, zone) in [("Dhaka", "Asia/Dhaka"), ("York", "America/New_York"), ("Line", "Pacific/Kiritimati")] {
        let id = person(&world, name, json!({"zone": zone})).await;
        birthday(&world, &id, 11, 22, Some(1990)).await;
    }
    let home = person(&world, "Home", json!({})).await;
    birthday(&world, &home, 11, 22, None).await;
    // It is noon of the 20th in UTC, where the account is. Kiritimati is 14 hours ahead, Dhaka 6; New York 5 hours behind.
    let at = async |hours: i64| {
        world.app.advance(TimeDelta::hours(hours));
        world.app.settle().await;
        sends(&world).await.into_iter().map(|(name, ..)| name).collect::<Vec<_>>()
    };
    assert!(at(30).await.is_empty(), "18:00 of the 21st");
    assert_eq!(at(1).await, ["Line"], "19:00 of the 21st is nine there");
    assert_eq!(at(7).await, ["Line"], "02:00 of the 22nd");
    assert_eq!(at(1).await, ["Dhaka", "Line"]);
    assert_eq!(at(6).await, ["Dhaka", "Home", "Line"], "09:00");
    assert_eq!(at(5).await, ["Dhaka", "Home", "Line", "York"], "14:00");
    assert_eq!(at(48).await.len(), 4);
    let mails = world.mails("dhaka@people.example").await;
    assert_eq!(mails, ["Happy birthday, Dhaka"]);
    let mail = world.mailbox.taken().into_iter().find(|mail| mail.to == "dhaka@people.example").expect("a mail");
    let raw = String::from_utf8_lossy(&mail.raw).replace("=\r\n", "");
    assert!(raw.contains("your 36 year") && raw.contains("Northlight"), "{raw}");
    assert!(raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{raw}");
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "greeting.sent").count(), 4);
}

#[tokio::test]
async fn nobody_is_greeted_against_his_will() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let mut ids = std::collections::HashMap::new();
    for name in ["Ada", "Blocked", "Former", "Lost", "Black", "Gone", "Out", "Same"] {
        let mut more = json!({});
        if name == "Same" {
            // Known twice: who blocked one is not written to as the other.
            more["emails"] = json!([{"address": "blocked@people.example"}]);
        }
        let id = person(&world, name, more).await;
        birthday(&world, &id, 11, 21, Some(1990)).await;
        ids.insert(name, id);
    }
    let silent =
        crate::contacts::id_of(&world.owner, json!({"first_name": "Silent", "phones": [{"number": "+8801711000000"}]}))
            .await;
    birthday(&world, &silent, 11, 21, None).await;
    let put = async |path: String, body| world.owner.put(&path, body).await;
    put(format!("/v1/contacts/{}/do-not-contact/email", ids["Blocked"]), json!({})).await.expect(204);
    world.owner.patch(&format!("/v1/contacts/{}", ids["Lost"]), json!({"stage": "lost"})).await.expect(200);
    let bad = world.owner.post("/v1/companies", json!({"name": "Bad", "status": "blacklisted"})).await.text_of("id");
    put(format!("/v1/companies/{bad}/contacts/{}", ids["Black"]), json!({"roles": []})).await.expect(200);
    let past = world.owner.post("/v1/companies", json!({"name": "Past", "status": "former"})).await.text_of("id");
    put(format!("/v1/companies/{past}/contacts/{}", ids["Former"]), json!({"roles": []})).await.expect(200);
    world.owner.delete(&format!("/v1/contacts/{}", ids["Gone"])).await.expect(204);
    let line = json!({"purpose": "greetings", "state": "withdrawn"});
    world.owner.post(&format!("/v1/contacts/{}/consents", ids["Out"]), line).await.expect(201);
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    assert_eq!(
        sends(&world).await,
        [
            three("Ada", "sent", ""),
            three("Black", "skipped", "blacklisted"),
            three("Blocked", "skipped", "do_not_contact"),
            three("Former", "skipped", "lost"),
            three("Lost", "skipped", "lost"),
            three("Out", "skipped", "opted_out"),
            three("Same", "skipped", "do_not_contact"),
            three("Silent", "skipped", "no_address"),
        ]
    );
    let mails: Vec<_> = world.mailbox.taken().into_iter().filter(|mail| mail.to.ends_with("people.example")).collect();
    assert_eq!(mails.len(), 1);
}

#[tokio::test]
async fn who_is_known_twice_gets_one() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    for name in ["Ada", "Countess"] {
        let same = json!({"emails": [{"address": "Ada@People.example"}]});
        let id = person(&world, name, same).await;
        birthday(&world, &id, 11, 21, None).await;
    }
    world.app.advance(TimeDelta::hours(22));
    tokio::join!(world.app.settle(), world.app.settle());
    world.app.settle().await;
    let mails: Vec<_> = world.mailbox.taken().into_iter().filter(|mail| mail.to.contains("people.example")).collect();
    assert_eq!(mails.len(), 1);
    let mut states: Vec<_> = sends(&world).await.into_iter().map(|(_, state, reason)| (state, reason)).collect();
    states.sort();
    assert_eq!(states, [("sent".to_owned(), String::new()), ("skipped".to_owned(), "another_greeting".to_owned())]);
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "greeting.sent").count(), 1);
}

#[tokio::test]
async fn a_greeting_reaches_whom_it_is_for() {
    let world = World::start().await;
    let wanted = json!({"name": "Thanks", "kinds": [], "feasts": ["thanksgiving"], "countries": ["US"], "languages": ["en"], "tags": ["VIP"],
        "stages": ["won"], "consent_purpose": "news", "subject": "{{occasion}}", "body": "Thank you."});
    greeting(&world, wanted).await;
    let fits = json!({"language": "en-US", "address": {"country": "US"}, "tags": ["vip"], "stage": "won"});
    let but = |key: &str, value| {
        let mut other = fits.clone();
        other[key] = value;
        other
    };
    for (name, contact, agrees) in [
        ("Fits", fits.clone(), true),
        ("Mute", fits.clone(), false),
        ("Elsewhere", but("address", json!({"country": "BD"})), true),
        ("Tongue", but("language", json!("es")), true),
        ("Plain", but("tags", json!([])), true),
        ("Fresh", but("stage", json!("new")), true),
    ] {
        let id = person(&world, name, contact).await;
        if agrees {
            let line = json!({"purpose": "news", "state": "granted", "channel": "email"});
            world.owner.post(&format!("/v1/contacts/{id}/consents"), line).await.expect(201);
        }
    }
    world.app.advance(TimeDelta::days(5) + TimeDelta::hours(22));
    world.app.settle().await;
    assert_eq!(sends(&world).await, [three("Fits", "sent", ""), three("Mute", "skipped", "no_consent")]);
    assert_eq!(world.mails("fits@people.example").await, ["Thanksgiving"]);
}

#[tokio::test]
async fn clocks_that_jump_and_jobs_that_run_again_send_nothing_twice() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let id = person(&world, "Ada", json!({})).await;
    birthday(&world, &id, 11, 21, Some(1990)).await;
    world.app.advance(TimeDelta::hours(21));
    world.app.settle().await;
    // Everything of the past hours runs again, several at once, and the clock goes back and forth.
    let slots = "insert into ops.jobs (id, tenant, kind, payload, run_at, max_attempts, created_at)
        select gen_random_uuid(), current_setting('test.role'), 'GreetPeople', jsonb_build_object('slot', '2026-11-21T09:00:00Z', 'part', n),
          '2026-11-21T08:00:00Z', 5, '2026-11-21T08:00:00Z' from generate_series(1, 12) n";
    let role = world.app.app.tenant(world.tenant).await.expect("the tenant").role.as_str().to_owned();
    let replay = async || {
        let client = world.app.db.superuser().await;
        client.batch_execute(&format!("set test.role = '{role}'; {slots}")).await.expect("jobs");
        join_all((0..4).map(|_| world.app.settle())).await;
    };
    replay().await;
    for hours in [-6, 6, 30, -30, 400 * 24, -400 * 24] {
        world.app.advance(TimeDelta::hours(hours));
        replay().await;
    }
    let mails = world.mails("ada@people.example").await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(sends(&world).await.len(), 1);
    // Next year it comes again.
    world.app.advance(TimeDelta::days(365));
    world.app.settle().await;
    assert_eq!(world.mails("ada@people.example").await.len(), 2);
}

#[tokio::test]
async fn what_could_not_be_sent_on_the_day_is_not_sent_later() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let ada = person(&world, "Ada", json!({})).await;
    birthday(&world, &ada, 11, 21, None).await;
    // The program was stopped until the afternoon.
    world.app.advance(TimeDelta::hours(30));
    world.app.settle().await;
    assert_eq!(sends(&world).await.len(), 1, "late on the day");
    let bob = person(&world, "Bob", json!({})).await;
    birthday(&world, &bob, 11, 23, None).await;
    world.app.advance(TimeDelta::days(3));
    world.app.settle().await;
    assert_eq!(sends(&world).await.len(), 1, "not the day after");
}

#[tokio::test]
async fn one_greeting_a_day_is_enough() {
    let world = World::start().await;
    let christmas = json!({"name": "Christmas", "kinds": [], "feasts": ["christmas"], "subject": "Merry Christmas", "body": "Yours."});
    greeting(&world, christmas).await;
    greeting(&world, json!({})).await;
    for (name, month) in [("Ada", 12), ("Bob", 3)] {
        let id = person(&world, name, json!({})).await;
        birthday(&world, &id, month, 25, Some(1990)).await;
    }
    world.app.advance(TimeDelta::days(34) + TimeDelta::hours(22));
    tokio::join!(world.app.settle(), world.app.settle());
    assert_eq!(world.mails("ada@people.example").await, ["Happy birthday, Ada"]);
    assert_eq!(world.mails("bob@people.example").await, ["Merry Christmas"]);
    let all = sends(&world).await;
    assert_eq!(all, [three("Ada", "sent", ""), three("Ada", "skipped", "another_greeting"), three("Bob", "sent", "")]);
    // Whoever wants both gets both.
    owner(&world).await.patch("/v1/occasion-settings", json!({"one_a_day": false})).await.expect(200);
    world.app.advance(TimeDelta::days(365));
    world.app.settle().await;
    assert_eq!(world.mails("ada@people.example").await.len(), 3);
}

#[tokio::test]
async fn whoever_opts_out_while_it_is_sent_gets_one_at_most_and_then_none() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let mut ids = vec![];
    for i in 0..12 {
        let id = person(&world, &format!("P{i}"), json!({})).await;
        birthday(&world, &id, 11, 21, None).await;
        ids.push(id);
    }
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(21));
    let owner = owner(&world).await;
    let refusals = ids.iter().enumerate().map(|(i, id)| {
        let (owner, id) = (owner.clone(), id.clone());
        async move {
            match i % 3 {
                0 => owner.put(&format!("/v1/contacts/{id}/do-not-contact/all"), json!({})).await.expect(204).clone(),
                1 => owner.delete(&format!("/v1/contacts/{id}")).await.expect(204).clone(),
                _ => owner.patch(&format!("/v1/contacts/{id}"), json!({"stage": "lost"})).await.expect(200).clone(),
            }
        }
    });
    tokio::join!(world.app.settle(), world.app.settle(), join_all(refusals));
    let before = world.count("select count(*) from greeting_sends where state = 'sent'").await;
    // Nothing is sent that was decided before: what a refusal preceded says so.
    let wrong = "select count(*) from greeting_sends s join do_not_contact d on d.contact_id = s.contact_id
        where s.state = 'sent' and exists (select from events e where e.kind = 'contact.blocked' and e.contact_id = s.contact_id
          and e.xmin::text::bigint < s.xmin::text::bigint and e.occurred_at < s.created_at)";
    assert_eq!(world.count(wrong).await, 0);
    for _ in 0..4 {
        world.app.advance(TimeDelta::minutes(15));
        tokio::join!(world.app.settle(), world.app.settle());
    }
    assert_eq!(world.count("select count(*) from greeting_sends where state = 'sent'").await, before);
    let twice = "select count(*) from greeting_sends group by greeting_id, contact_id, day having count(*) > 1";
    assert_eq!(world.count(twice).await, 0);
    assert_eq!(world.count("select count(*) from greeting_sends where state = 'sent' and mail_id is null").await, 0);
}

#[tokio::test]
async fn the_link_in_a_greeting_ends_them() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let ada = person(&world, "Ada", json!({})).await;
    birthday(&world, &ada, 11, 21, None).await;
    let second = json!({"contact": ada, "kind": "birthday", "date_kind": "yearly", "month": 11, "day": 23});
    owner(&world).await.post("/v1/occasions", second).await.expect(201);
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    let mail = world.mailbox.taken().into_iter().find(|mail| mail.to == "ada@people.example").expect("a mail");
    let raw = String::from_utf8_lossy(&mail.raw).replace("\r\n ", "");
    let link =
        raw.split("List-Unsubscribe: <").nth(1).and_then(|rest| rest.split('>').next()).expect("a link").to_owned();
    let path = link[link.find("/v1/").expect("a path")..].replace(' ', "");
    let anybody = world.app.anonymous();
    let page = anybody.get(&path).await;
    page.expect(200);
    assert!(page.text.contains("<form method=\"post\">"), "{}", page.text);
    let opted_out = "select count(*) from consents where purpose = 'greetings' and state = 'withdrawn'";
    assert_eq!(world.count(opted_out).await, 0, "looking changes nothing");
    let one_click = b"List-Unsubscribe=One-Click".to_vec();
    let form = Some("application/x-www-form-urlencoded");
    for _ in 0..2 {
        anybody.send(reqwest::Method::POST, &path, form, one_click.clone()).await.expect(200);
    }
    assert_eq!(world.count(opted_out).await, 1, "again changes nothing");
    anybody.get("/v1/greeting-unsubscribes/u1.a.b.c").await.expect(404);
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    assert_eq!(sends(&world).await, [three("Ada", "sent", ""), three("Ada", "skipped", "opted_out")]);
    assert_eq!(world.mails("ada@people.example").await.len(), 1);
}

#[tokio::test]
async fn the_link_ends_greetings_also_after_a_merge_and_a_deletion() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let mut people = vec![];
    for name in ["Ada", "Bob", "Cyd"] {
        let who = person(&world, name, json!({})).await;
        birthday(&world, &who, 11, 21, None).await;
        people.push(who);
    }
    // Whom Ada becomes, and who comes back.
    let kept = crate::contacts::id_of(&owner(&world).await, json!({"first_name": "Eve"})).await;
    for who in [&kept, &people[1], &people[2]] {
        let again = json!({"contact": who, "kind": "birthday", "date_kind": "yearly", "month": 11, "day": 23});
        owner(&world).await.post("/v1/occasions", again).await.expect(201);
    }
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    let links: Vec<String> = ["ada", "bob"]
        .map(|name| {
            let to = format!("{name}@people.example");
            let mail = world.mailbox.taken().into_iter().find(|mail| mail.to == to).expect("a mail");
            let raw = String::from_utf8_lossy(&mail.raw).replace("\r\n ", "");
            let link = raw.split("List-Unsubscribe: <").nth(1).and_then(|rest| rest.split('>').next()).expect("a link");
            link[link.find("/v1/").expect("a path")..].replace(' ', "")
        })
        .into();
    let client = owner(&world).await;
    client.post("/v1/contact-merges", json!({"kept": kept, "merged": [people[0]]})).await.expect(201);
    client.delete(&format!("/v1/contacts/{}", people[1])).await.expect(204);
    let form = Some("application/x-www-form-urlencoded");
    for link in links.iter().chain(&links) {
        let one_click = b"List-Unsubscribe=One-Click".to_vec();
        world.app.anonymous().send(reqwest::Method::POST, link, form, one_click).await.expect(200);
    }
    let opted_out = "select count(*) from consents where purpose = 'greetings' and state = 'withdrawn'";
    assert_eq!(world.count(opted_out).await, 2, "once each");
    client.post(&format!("/v1/contacts/{}/restoration", people[1]), json!({})).await.expect(200);
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    let of = "select count(*) from greeting_sends s join contacts c on c.id = s.contact_id where s.day = '2026-11-23'";
    assert_eq!(world.count(&format!("{of} and c.deleted_at is null and s.state = 'sent'")).await, 1, "Cyd alone");
    assert_eq!(world.count(&format!("{of} and s.reason = 'opted_out'")).await, 2);
}

#[tokio::test]
async fn greetings_are_previewed_and_checked() {
    let world = World::start().await;
    let ada = person(&world, "Ada", json!({"company_name": "Engines"})).await;
    birthday(&world, &ada, 12, 1, Some(1990)).await;
    let text = json!({"subject": "{{first_name|friend}} of {{company}}", "body": "{{years}} years, {{last_name|dear}}", "contact": ada});
    let seen = world.owner.post("/v1/greetings/preview", text).await;
    let seen = seen.expect(200);
    assert_eq!((&seen["subject"], &seen["body"]), (&json!("Ada of Engines"), &json!("36 years, dear")));
    let bad = json!({"name": " ", "kinds": [], "subject": "{{iban}}", "body": "", "feasts": ["x"], "countries": ["usa"], "stages": ["x"]});
    let refused = world.owner.post("/v1/greetings", bad).await;
    let codes: Vec<_> =
        refused.expect(422)["errors"].as_array().expect("errors").iter().map(|e| e["code"].clone()).collect();
    assert_eq!(
        codes,
        ["required", "placeholder_unknown", "required", "feast_unknown", "country_unknown", "stage_unknown"]
    );
    let id = greeting(&world, json!({})).await;
    let path = format!("/v1/greetings/{id}");
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.expect(404);
    let back = world.owner.post(&format!("{path}/restoration"), json!({})).await;
    assert_eq!(back.expect(200)["enabled"], false);
    world.stranger().await.get(&path).await.expect(404);
}

#[tokio::test]
async fn a_feast_is_called_as_its_reader_says() {
    let world = World::start().await;
    let wanted = json!({"kinds": [], "feasts": ["thanksgiving"], "subject": "{{occasion}}", "body": "Thank you."});
    greeting(&world, wanted).await;
    for (name, language) in
        [("Amina", json!("ar-EG")), ("Eve", json!("en-US")), ("Luc", json!("fr")), ("Nil", json!(null))]
    {
        person(&world, name, json!({"language": language})).await;
    }
    world.app.advance(TimeDelta::days(5) + TimeDelta::hours(22));
    world.app.settle().await;
    assert_eq!(world.mails("amina@people.example").await, ["عيد الشكر"]);
    for name in ["eve", "luc", "nil"] {
        assert_eq!(world.mails(&format!("{name}@people.example")).await, ["Thanksgiving"], "{name}");
    }
}

#[tokio::test]
async fn a_greeting_follows_its_tags() {
    let world = World::start().await;
    let id = greeting(&world, json!({"tags": ["gold", "old"]})).await;
    let only = greeting(&world, json!({"name": "Only", "kinds": ["milestone"], "tags": ["gone"]})).await;
    let tags = owner(&world).await.get("/v1/tags?limit=200").await.expect(200)["items"].clone();
    let tag = |name: &str| {
        tags.as_array().unwrap().iter().find(|t| t["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (gold, old, gone) = (tag("gold"), tag("old"), tag("gone"));
    for (name, tags) in
        [("Ada", json!(["gold"])), ("Bob", json!(["old"])), ("Cyd", json!(["friend"])), ("Dan", json!([]))]
    {
        let who = person(&world, name, json!({"tags": tags})).await;
        birthday(&world, &who, 11, 21, None).await;
    }
    let read = async |id: &str| owner(&world).await.get(&format!("/v1/greetings/{id}")).await.expect(200).clone();
    // Another name, and another spelling of it.
    owner(&world).await.patch(&format!("/v1/tags/{gold}"), json!({"name": "Platinum"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(read(&id).await["tags"], json!(["Platinum", "old"]));
    // A colour is no other name.
    let before = read(&id).await["version"].clone();
    owner(&world).await.patch(&format!("/v1/tags/{gold}"), json!({"colour": "#336699"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(read(&id).await["version"], before);
    // One tag becomes another one, and one goes.
    let friend = owner(&world).await.get("/v1/tags?filter=name:eq:friend").await.expect(200)["items"][0]["id"].clone();
    owner(&world).await.post(&format!("/v1/tags/{old}/merger"), json!({"into": friend})).await.expect(200);
    owner(&world).await.delete(&format!("/v1/tags/{gone}")).await.expect(204);
    world.app.settle().await;
    assert_eq!(read(&id).await["tags"], json!(["Platinum", "friend"]));
    let left = read(&only).await;
    assert_eq!((&left["tags"], &left["enabled"]), (&json!([]), &json!(false)), "it would go to everybody");
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    let greeted: Vec<String> = sends(&world).await.into_iter().map(|one| one.0).collect();
    assert_eq!(greeted, ["Ada", "Bob", "Cyd"]);
}

#[tokio::test]
async fn what_was_approved_for_others_waits_again_when_a_tag_is_merged() {
    let world = World::start().await;
    greeting(&world, json!({"approval": "each", "tags": ["gold", "old"]})).await;
    for (name, tag) in [("Ada", "gold"), ("Bob", "new")] {
        let who = person(&world, name, json!({"tags": [tag]})).await;
        birthday(&world, &who, 11, 21, None).await;
    }
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    let batch = async || owner(&world).await.get("/v1/greeting-batches").await.expect(200)["items"][0].clone();
    let approve = async || {
        let path = format!("/v1/greeting-batches/{}/approval", batch().await["id"].as_str().unwrap());
        owner(&world).await.post(&path, json!({})).await.expect(200).clone()
    };
    approve().await;
    let tags = owner(&world).await.get("/v1/tags?limit=200").await.expect(200)["items"].clone();
    let tag = |name: &str| {
        tags.as_array().unwrap().iter().find(|t| t["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    };
    owner(&world).await.patch(&format!("/v1/tags/{}", tag("gold")), json!({"name": "golden"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(batch().await["state"], "approved", "it goes to the same people");
    let merge = json!({"into": tag("new")});
    owner(&world).await.post(&format!("/v1/tags/{}/merger", tag("old")), merge).await.expect(200);
    world.app.settle().await;
    assert_eq!(batch().await["state"], "waiting", "and now to others too");
    approve().await;
    // At nine where the reader is, and not a quarter of an hour before.
    world.app.advance(TimeDelta::hours(20) + TimeDelta::minutes(30));
    world.app.settle().await;
    assert!(sends(&world).await.is_empty());
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    assert_eq!(sends(&world).await, [three("Ada", "sent", ""), three("Bob", "sent", "")]);
}

#[tokio::test]
async fn what_was_done_by_hand_is_not_sent() {
    let world = World::start().await;
    let id = greeting(&world, json!({})).await;
    let christmas = json!({"name": "Christmas", "kinds": [], "feasts": ["christmas"], "subject": "Merry Christmas", "body": "Yours."});
    let feast = greeting(&world, christmas).await;
    let (ada, bob) = (person(&world, "Ada", json!({})).await, person(&world, "Bob", json!({})).await);
    let silent = crate::contacts::id_of(&owner(&world).await, json!({"first_name": "Silent"})).await;
    for who in [&ada, &bob, &silent] {
        birthday(&world, who, 11, 21, None).await;
    }
    let mark = async |greeting: &str, contact: &str, day: &str| {
        let body = json!({"greeting": greeting, "contact": contact, "day": day});
        owner(&world).await.post("/v1/greeting-sends", body).await
    };
    mark(&id, &ada, "2026-11-22").await.problem(422, "invalid");
    mark(&id, &ada, "2028-11-21").await.problem(422, "invalid");
    mark(&id, "con_00000000000000000000000000", "2026-11-21").await.problem(422, "invalid");
    let marked = mark(&id, &ada, "2026-11-21").await;
    assert_eq!(marked.expect(201)["done_by"], json!(world.owner_id));
    mark(&id, &ada, "2026-11-21").await.problem(409, "greeting_sent");
    // Of a mark and a mail at once there is one.
    world.app.advance(TimeDelta::hours(21));
    let settling = async { tokio::join!(world.app.settle(), world.app.settle()) };
    let (at_once, _) = tokio::join!(mark(&id, &bob, "2026-11-21"), settling);
    world.app.settle().await;
    let mails = world.mails("bob@people.example").await.len();
    assert_eq!(mails, usize::from(at_once.status == 409), "{}", at_once.text);
    assert!(world.mails("ada@people.example").await.is_empty());
    // Who could not be written to was rung up.
    assert_eq!(sends(&world).await[2], three("Silent", "skipped", "no_address"));
    mark(&id, &silent, "2026-11-21").await.expect(201);
    assert_eq!(sends(&world).await[2], three("Silent", "sent", ""));
    // All of it leaves as a file, from one moment.
    let file = owner(&world).await.get("/v1/greeting-sends/export?filter=state:eq:sent").await;
    file.expect(200);
    let lines: Vec<&str> = file.text.trim_end().split("\r\n").collect();
    assert_eq!((&file.headers["upzento-rows"], lines.len()), (&"3".parse().unwrap(), 4));
    // Bob's and Silent's are of one moment, so either may come first.
    assert!(lines[1].contains(",Ada,2026-11-21,sent,"), "{lines:?}");
    assert!(lines[2..].iter().any(|line| line.contains(",Silent,")), "{lines:?}");
    owner(&world).await.get("/v1/greeting-sends/export?filter=nonsense:eq:1").await.expect(422);
    // It can be taken back, and then the mail goes out while the day lasts.
    let path = format!("/v1/greeting-sends/{}", marked.text_of("id"));
    let role =
        json!({"key": "hers", "name": "Hers", "grants": {"occasions.greetings.write": "all", "contacts.read": "own"}});
    owner(&world).await.post("/v1/roles", role).await.expect(201);
    let (sam, _) = world.member("hers", "Sam").await;
    sam.delete(&path).await.problem(404, "not_found");
    owner(&world).await.delete(&path).await.expect(204);
    owner(&world).await.delete(&path).await.problem(404, "not_found");
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    assert_eq!(world.mails("ada@people.example").await.len(), 1);
    let sent =
        owner(&world).await.get(&format!("/v1/greeting-sends?filter=contact:eq:{ada}")).await.expect(200).clone();
    let sent = sent["items"][0]["id"].as_str().unwrap().to_owned();
    owner(&world).await.delete(&format!("/v1/greeting-sends/{sent}")).await.problem(409, "not_by_hand");
    // One greeting a day: what was done by hand counts.
    birthday(&world, &bob, 12, 25, None).await;
    mark(&id, &bob, "2026-12-25").await.expect(201);
    mark(&feast, &bob, "2026-12-25").await.problem(409, "another_greeting");
    world.app.advance(TimeDelta::days(34));
    world.app.settle().await;
    assert_eq!(world.mails("bob@people.example").await.len(), mails);
    assert_eq!(world.mails("ada@people.example").await.len(), 2, "and Christmas for her");
    let events = world.events().await;
    assert_eq!(events.iter().filter(|kind| *kind == "greeting.unmarked").count(), 1);
}

#[tokio::test]
async fn a_member_reads_a_greeting_in_his_own_mailbox() {
    let world = World::start().await;
    let ada = person(&world, "Ada", json!({})).await;
    let text = json!({"subject": "Hello {{first_name|friend}}", "body": "From {{sender}}.", "contact": ada});
    let sent = owner(&world).await.post("/v1/greetings/test", text.clone()).await;
    assert_eq!(sent.expect(200)["subject"], "Hello Ada");
    world.app.settle().await;
    assert!(world.mails("northlight@example.com").await.iter().any(|subject| subject == "Hello Ada"));
    assert!(world.mails("ada@people.example").await.is_empty());
    let wrong = json!({"subject": "{{iban}}", "body": "x"});
    owner(&world).await.post("/v1/greetings/test", wrong).await.problem(422, "invalid");
    let key = json!({"name": "Robot", "scopes": {"occasions.greetings.write": "all"}});
    let key = owner(&world).await.post("/v1/api-keys", key).await.text_of("secret");
    world.app.anonymous().with("x-api-key", key).post("/v1/greetings/test", text).await.problem(409, "member_needed");
}

#[tokio::test]
async fn segments_say_who_gets_it_and_who_does_not() {
    let world = World::start().await;
    let client = owner(&world).await;
    let mut ids = vec![];
    for name in ["Ada", "Bob", "Cyd"] {
        let id = person(&world, name, json!({})).await;
        birthday(&world, &id, 11, 21, None).await;
        ids.push(id);
    }
    let list = async |name: &str, who: &[String]| {
        let id = client.post("/v1/segments", json!({"name": name, "kind": "static"})).await.text_of("id");
        client.post(&format!("/v1/segments/{id}/members"), json!({"add": who})).await.expect(200);
        id
    };
    let (guests, press) = (list("Guests", &ids[..2]).await, list("Press", &ids[1..2]).await);
    let id = greeting(&world, json!({"segments": [guests], "excluded_segments": [press]})).await;
    let path = format!("/v1/greetings/{id}");
    let simulated = async || {
        let days = world.owner.get("/v1/greetings/simulation?from=2026-11-21&to=2026-11-21").await;
        days.expect(200)["items"][0]["sent"].as_i64().unwrap_or(0)
    };
    assert_eq!(simulated().await, 1, "Bob is left out, and Cyd is in none");
    let refused = async |change: serde_json::Value, code: &str| {
        assert_eq!(client.patch(&path, change).await.expect(422)["errors"][0]["code"], code);
    };
    refused(json!({"segments": ["seg_00000000000000000000000000"]}), "segment_unknown").await;
    refused(json!({"excluded_segments": [guests]}), "segment_twice").await;

    // Whom to leave out is not known any more: nobody is greeted until it is.
    let gone = format!("/v1/segments/{press}");
    client.delete(&gone).await.expect(204);
    assert_eq!(client.get(&path).await.expect(200)["missing_segments"], json!([press]));
    assert_eq!(simulated().await, 0);
    client.patch(&path, json!({"name": "Other", "excluded_segments": [press]})).await.expect(200);
    world.app.advance(TimeDelta::hours(22));
    world.app.settle().await;
    assert!(sends(&world).await.is_empty());
    let client = owner(&world).await;
    client.post(&format!("{gone}/restoration"), json!({})).await.expect(200);
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(15));
    world.app.settle().await;
    assert_eq!(sends(&world).await, [three("Ada", "sent", "")]);
}
