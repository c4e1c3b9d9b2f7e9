//! The timeline.
use crate::contacts::{contact_imports::upload, id_of, member_with};
use crate::followups::{call, only_rule};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

async fn entries(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.expect(200)["items"].as_array().expect("items").clone()
}

/// The names of the entries of a kind, newest first; null for those without.
async fn named(client: &Client, timeline: &str, kind: &str) -> Vec<Value> {
    let found = entries(client, &format!("{timeline}?filter=kind:eq:{kind}")).await;
    found.into_iter().map(|mut entry| entry["named"].take()).collect()
}

async fn kinds(client: &Client, path: &str) -> Vec<String> {
    let of = |entry: Value| entry["kind"].as_str().expect("a kind").to_owned();
    entries(client, path).await.into_iter().map(of).collect()
}

#[tokio::test]
async fn the_timeline_tells_everything_newest_first_page_by_page() {
    let world = World::start().await;
    let ann = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let ben = id_of(&world.owner, json!({"first_name": "Ben"})).await;
    let path = format!("/v1/contacts/{ann}");
    let later = || world.app.advance(chrono::TimeDelta::seconds(1));
    later();
    world.owner.patch(&path, json!({"stage": "won"})).await.expect(200);
    later();
    let note = world.owner.post(&format!("{path}/notes"), json!({"body": "Likes tea.", "pinned": true})).await;
    note.expect(201);
    later();
    let call = json!({"kind": "call", "direction": "inbound", "title": "Wants a roof"});
    world.owner.post(&format!("{path}/activities"), call).await.expect(201);
    later();
    world.owner.post(&format!("{path}/consents"), json!({"purpose": "news", "state": "granted"})).await.expect(201);
    world.owner.post(&format!("/v1/contacts/{ben}/notes"), json!({"body": "About Ben"})).await.expect(201);
    world.app.settle().await;

    let whole = world.owner.get(&format!("{path}/timeline")).await;
    let items = whole.expect(200)["items"].as_array().expect("items").clone();
    let kinds: Vec<&str> = items.iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(
        kinds,
        ["contact.consent_granted", "activity.logged", "note.created", "contact.stage_changed", "contact.created"]
    );
    assert_eq!(items[2]["note"], json!({"body": "Likes tea.", "private": false, "pinned": true, "files": 0}));
    assert_eq!(items[2]["subject_id"], note.body["id"]);
    assert_eq!(items[1]["activity"]["title"], "Wants a roof");
    assert_eq!(items[3]["payload"], json!({"from": "new", "to": "won"}));
    assert_eq!((&items[4]["actor_kind"], &items[4]["actor"]), (&json!("user"), &json!(world.owner_id)));

    let (mut paged, mut cursor): (Vec<Value>, _) = (vec![], String::new());
    loop {
        let page = world.owner.get(&format!("{path}/timeline?limit=2{cursor}")).await;
        paged.extend(page.expect(200)["items"].as_array().expect("items").iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, items);
    let only = world.owner.get(&format!("{path}/timeline?filter=kind:in:note.created,activity.logged")).await;
    assert_eq!(only.expect(200)["items"].as_array().map(Vec::len), Some(2));
    world.owner.delete(&format!("/v1/notes/{}", note.text_of("id"))).await.expect(204);
    let after = world.owner.get(&format!("{path}/timeline?filter=kind:eq:note.created")).await;
    assert_eq!(after.expect(200)["items"][0].get("note"), None, "the words went with the note");
    world.app.settle().await;
}

#[tokio::test]
async fn entries_name_what_they_are_about_as_far_as_the_reader_sees_it() {
    let world = World::start().await;
    let owner = &world.owner;
    // Sam sees every person and his own tasks; files of his own contacts, and no forms, rules and sequences.
    let grants = json!({"contacts.*": "all", "activities.*": "all", "tasks.read": "own", "attachments.read": "own"});
    let (sam, sam_id) = member_with(&world, "Sam", grants).await;
    let ann = id_of(owner, json!({"first_name": "Ann", "emails": [{"address": "ann@example.com"}]})).await;
    let timeline = format!("/v1/contacts/{ann}/timeline");
    let later = || world.app.advance(TimeDelta::seconds(1));

    let rule = only_rule(owner, json!({})).await;
    call(owner, &ann).await;
    let sequence = json!({"name": "Slowly", "steps": [{"day": 5, "title": "Later"}]});
    let sequence = owner.post("/v1/sequences", sequence).await.text_of("id");
    owner.post("/v1/enrolments", json!({"sequence": sequence, "contacts": [ann]})).await.expect(201);
    let task = crate::tasks::id_of(owner, json!({"title": "Measure the roof", "contact": ann})).await;
    let mine = json!({"title": "Paint", "contact": ann, "assignee": sam_id});
    let mine = crate::tasks::id_of(owner, mine).await;
    later();
    owner.post(&format!("/v1/tasks/{task}/completion"), json!({"outcome": "4 by 5"})).await.expect(200);
    later();
    owner.post(&format!("/v1/tasks/{task}/reopening"), json!({})).await.expect(200);
    later();
    owner.post(&format!("/v1/tasks/{task}/skip"), json!({"reason": "Rain 50%"})).await.expect(200);
    let file = upload(owner, "plan.txt", "A plan").await;
    let file = owner.post("/v1/attachments", json!({"contact": ann, "file": file})).await.text_of("id");
    let draft = json!({"steps": [{"key": "s", "fields": [
        {"key": "mail", "type": "email", "label": "Mail", "maps_to": "email"}]}]});
    let form = world.published(draft, json!({})).await;
    let sent = world.visitor(&form, 1).submit(1, json!({"mail": "ann@example.com"})).await.text_of("submission");
    world.app.settle().await;

    let known = json!({"resource": "tasks", "id": task, "name": "Measure the roof"});
    let mut skipped = known.clone();
    skipped["outcome"] = json!("Rain 50%");
    let painted = json!({"resource": "tasks", "id": mine, "name": "Paint"});
    let told = |kind: &'static str| named(owner, &timeline, kind);
    let mut made = told("task.created").await;
    made.sort_by_key(Value::to_string);
    let mut wanted = vec![known.clone(), painted.clone()];
    wanted.sort_by_key(Value::to_string);
    assert_eq!(made, wanted);
    assert_eq!(told("task.completed").await, [known], "how it ended first was taken back");
    assert_eq!(told("task.skipped").await, [skipped]);
    let plan = json!({"resource": "attachments", "id": file, "name": "plan.txt"});
    assert_eq!(told("attachment.created").await, std::slice::from_ref(&plan));
    let of_rule = json!({"resource": "follow_up_rules", "id": rule["id"], "name": "Calls"});
    assert_eq!(told("follow_up.scheduled").await, [of_rule]);
    let slowly = json!({"resource": "sequences", "id": sequence, "name": "Slowly"});
    assert_eq!(told("enrolment.created").await, [slowly]);
    let enquiry = json!({"resource": "forms", "id": form.id, "name": "Enquiry"});
    assert_eq!(told("form.submitted").await, std::slice::from_ref(&enquiry));
    owner.delete(&format!("/v1/submissions/{sent}")).await.expect(204);
    assert_eq!(told("form.submitted").await, [enquiry], "the form outlives an answer");

    // An entry is found by the words that it shows.
    let found = async |client: &Client, words: &str| kinds(client, &format!("{timeline}?q={words}")).await;
    let mut measured = found(owner, "ROOF%20measure").await;
    measured.sort_unstable();
    assert_eq!(measured, ["task.completed", "task.created", "task.reopened", "task.skipped"]);
    assert_eq!(found(owner, "rain%20roof").await, ["task.skipped"]);
    assert_eq!(found(owner, "4%20by").await, [""; 0]);
    assert_eq!(found(owner, "plan.txt").await, ["attachment.created"]);
    let csv = owner.get(&format!("{timeline}/export?filter=type:in:task,file")).await;
    csv.expect(200);
    for words in ["Measure the roof,,Rain 50%,", "plan.txt"] {
        assert!(csv.text.contains(words), "{words} in {}", csv.text);
    }
    // All of it in one snapshot, by the same names, and how much that is.
    let listed = entries(owner, &format!("{timeline}?limit=200")).await;
    let whole = owner.get(&format!("{timeline}/export")).await;
    assert_eq!(whole.headers["upzento-rows"], listed.len().to_string());
    for entry in listed.iter().filter(|entry| entry["named"].is_object()) {
        let id = entry["id"].as_str().expect("an id");
        let line = whole.text.lines().find(|line| line.ends_with(id)).expect("a line");
        assert!(line.contains(entry["named"]["name"].as_str().expect("a name")), "{line}");
    }
    owner.get(&format!("{timeline}/export?format=xlsx")).await.expect(200);
    owner.get(&format!("{timeline}/export?filter=nothing:eq:1")).await.expect(422);

    // Sam is told that something happened, and finds nothing by names that he may not see.
    let his = |kind: &'static str| named(&sam, &timeline, kind);
    let mut seen = his("task.created").await;
    seen.retain(|name| !name.is_null());
    assert_eq!(seen, [painted]);
    for kind in ["task.skipped", "attachment.created", "follow_up.scheduled", "enrolment.created", "form.submitted"] {
        assert_eq!(his(kind).await, [Value::Null], "{kind}");
    }
    for words in ["roof", "rain", "plan"] {
        assert_eq!(found(&sam, words).await, [""; 0], "{words}");
    }
    assert_eq!(found(&sam, "paint").await, ["task.created"]);
    owner.patch(&format!("/v1/contacts/{ann}"), json!({"owner": sam_id})).await.expect(200);
    assert_eq!((his("attachment.created").await, found(&sam, "plan").await.len()), (vec![plan], 1));

    // What is gone has no name any more, and is not found by it.
    owner.delete(&format!("/v1/tasks/{task}")).await.expect(204);
    owner.delete(&format!("/v1/attachments/{file}")).await.expect(204);
    assert_eq!(told("task.skipped").await, [Value::Null]);
    assert_eq!(told("attachment.created").await, [Value::Null]);
    assert_eq!((found(owner, "roof").await.len(), found(owner, "plan").await.len()), (0, 0));
    world.app.settle().await;
}

#[tokio::test]
async fn a_timeline_is_narrowed_to_a_member_to_days_and_to_a_deal() {
    let world = World::start().await;
    let owner = &world.owner;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let ann = id_of(owner, json!({"first_name": "Ann"})).await;
    let timeline = format!("/v1/contacts/{ann}/timeline");
    let body = json!({"title": "Slate", "contacts": [{"contact": ann}]});
    let deal = owner.post("/v1/deals", body).await.text_of("id");
    sam.post(&format!("/v1/contacts/{ann}/notes"), json!({"body": "Likes tea"})).await.expect(201);
    let call = json!({"kind": "call", "title": "Rang", "occurred_at": "2026-11-10T22:59:59Z"});
    sam.post(&format!("/v1/contacts/{ann}/activities"), call).await.expect(201);
    world.app.settle().await;

    let mut his = kinds(owner, &format!("{timeline}?filter=actor:eq:{sam_id}")).await;
    his.sort_unstable();
    assert_eq!(his, ["activity.logged", "note.created"]);
    // By when it was, and not by when it was written down.
    let of = |from: &str, until: &str| {
        format!("{timeline}?sort=-moment&filter=moment:gte:{from}T00:00:00Z&filter=moment:lt:{until}T00:00:00Z")
    };
    assert_eq!(kinds(owner, &of("2026-11-10", "2026-11-11")).await, ["activity.logged"]);
    assert_eq!(kinds(owner, &of("2026-11-11", "2026-11-20")).await, [""; 0]);
    assert!(!kinds(owner, &of("2026-11-20", "2026-11-21")).await.contains(&"activity.logged".to_owned()));

    // A deal is found by its title where it is one of many, not where everything is about it.
    assert_eq!(kinds(owner, &format!("{timeline}?q=slate")).await, ["deal.created"]);
    assert_eq!(kinds(owner, &format!("/v1/deals/{deal}/timeline?q=slate")).await, [""; 0]);
}

#[tokio::test]
async fn a_very_long_timeline_begins_and_goes_on_like_a_short_one() {
    let world = World::start().await;
    let owner = &world.owner;
    let ann = id_of(owner, json!({"first_name": "Ann"})).await;
    let timeline = format!("/v1/contacts/{ann}/timeline");
    let body = json!({"title": "Slate", "contacts": [{"contact": ann}]});
    let deal = owner.post("/v1/deals", body).await.text_of("id");
    world.app.advance(TimeDelta::seconds(1));
    // What is said about a deal belongs to it, and stands among what happened with its people.
    owner.post(&format!("/v1/deals/{deal}/notes"), json!({"body": "Wants slate"})).await.expect(201);
    world.app.settle().await;
    let short = entries(owner, &timeline).await;
    // Before all that, more than is looked at for two pages, and one of another kind before them.
    let more = "insert into events (id, kind, subject, subject_id, contact_id, title, actor_kind, occurred_at)
        select gen_random_uuid(), case n when 2300 then 'contact.restored' else 'contact.updated' end, 'contacts', c.id, c.id,
          'Changed', 'system', c.created_at - n * interval '1 minute'
        from contacts c, generate_series(1, 2300) as n where c.first_name = 'Ann'";
    world.tenant_query(more).await;

    let (mut paged, mut cursor): (Vec<Value>, _) = (vec![], String::new());
    loop {
        let page = owner.get(&format!("{timeline}?limit=200{cursor}")).await;
        paged.extend(page.expect(200)["items"].as_array().expect("items").iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!((short[0]["kind"].as_str(), &paged[..short.len()]), (Some("note.created"), &short[..]));
    assert_eq!(paged.len(), short.len() + 2300);
    let moments: Vec<&str> = paged.iter().filter_map(|entry| entry["occurred_at"].as_str()).collect();
    assert!(moments.windows(2).all(|pair| pair[0] >= pair[1]) && moments.len() == paged.len());
    // Neither is what stands far behind left out.
    assert_eq!(kinds(owner, &format!("{timeline}?filter=kind:eq:contact.restored")).await, ["contact.restored"]);
    let updated = format!("{timeline}?limit=3&filter=kind:eq:contact.updated");
    assert_eq!(entries(owner, &updated).await, &paged[short.len()..short.len() + 3]);
}
