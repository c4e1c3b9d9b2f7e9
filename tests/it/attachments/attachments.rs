//! A file is attached, seen in small, taken away, brought back, and gone in the end.
use crate::contacts::{contact_imports::upload, id_of, member_with};
use crate::forms::{World, sign_in};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::Client;

/// A red picture, two pixels wide and one high.
const PNG: &[u8] = include_bytes!("given/red.png");

fn path_of(url: &Value) -> String {
    let (_, rest) = url.as_str().expect("an address").split_once("/v1/").expect("a link");
    format!("/v1/{rest}")
}

async fn attach(client: &Client, record: &str, id: &str, name: &str, content: &[u8]) -> Value {
    let file = upload(client, name, content).await;
    client
        .post("/v1/attachments", json!({record: id, "file": file, "note": " The contract "}))
        .await
        .expect(201)
        .clone()
}

/// Names of the files in a list.
async fn listed(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/attachments?limit=50{query}")).await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    let mut names: Vec<_> = items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect();
    names.sort_unstable();
    names
}

fn bytes_kept(world: &World) -> usize {
    let folders = std::fs::read_dir(&world.app.app.config.files.root).expect("a folder");
    folders.map(|folder| std::fs::read_dir(folder.expect("a folder").path()).expect("objects").count()).sum()
}

#[tokio::test]
async fn a_file_is_attached_and_a_picture_is_seen_in_small() {
    let world = World::start().await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let company = world.owner.post("/v1/companies", json!({"name": "Lantern"})).await.text_of("id");
    let deal = world.owner.post("/v1/deals", json!({"title": "Lanterns"})).await.text_of("id");
    let photo = attach(&world.owner, "contact", &ada, "photo.png", PNG).await;
    assert_eq!(
        (&photo["contact"], &photo["type"], &photo["note"]),
        (&json!(ada), &json!("image/png"), &json!("The contract"))
    );
    assert_eq!((&photo["created_by"], &photo["preview_url"]), (&json!(world.owner_id), &Value::Null));
    attach(&world.owner, "company", &company, "terms.txt", b"Terms").await;
    attach(&world.owner, "deal", &deal, "offer.txt", b"Offer").await;
    world.app.settle().await;
    let listed = world.owner.get(&format!("/v1/attachments?filter=contact:eq:{ada}")).await;
    let items = listed.expect(200)["items"].as_array().expect("items").clone();
    assert_eq!(items.len(), 1);
    // Whoever has the address sees the small picture, and nobody runs anything that is in it.
    let small = world.app.anonymous().get(&path_of(&items[0]["preview_url"])).await;
    small.expect(200);
    assert_eq!(small.headers["content-type"], "image/png");
    assert_eq!(small.headers["content-security-policy"], "sandbox; default-src 'none'");
    let path = format!("/v1/attachments/{}", photo["id"].as_str().expect("an id"));
    let link = world.owner.post(&format!("{path}/links"), json!({})).await;
    let whole = world.app.anonymous().get(&path_of(&link.expect(201)["url"])).await;
    assert_eq!(whole.headers["content-length"].to_str().expect("text"), PNG.len().to_string());
    assert!(whole.headers["content-disposition"].to_str().expect("text").contains("photo.png"));
    let timeline = world.owner.get(&format!("/v1/contacts/{ada}/timeline")).await;
    let told = timeline.expect(200)["items"].as_array().expect("items").clone();
    assert!(told.iter().any(|item| item["kind"] == "attachment.created"), "{told:?}");
    let stale = world.owner.with("if-match", "\"7\"");
    stale.patch(&path, json!({"note": "Signed"})).await.problem(412, "stale");
    assert_eq!(world.owner.patch(&path, json!({"note": null})).await.expect(200)["note"], Value::Null);
}

#[tokio::test]
async fn what_cannot_be_attached_is_refused_in_words() {
    let world = World::start().await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let file = upload(&world.owner, "a.txt", b"hello".as_slice()).await;
    let refused = async |body: Value, field: &str, code: &str| {
        let answer = world.owner.post("/v1/attachments", body).await;
        let error = &answer.expect(422)["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{}", answer.text);
    };
    refused(json!({"file": file}), "/contact", "about_one").await;
    let company = world.owner.post("/v1/companies", json!({"name": "Lantern"})).await.text_of("id");
    refused(json!({"file": file, "contact": ada, "company": company}), "/contact", "about_one").await;
    refused(json!({"file": file, "contact": "con_00000000000000000000000000"}), "/contact", "contact_unknown").await;
    refused(json!({"file": file, "contact": ada, "note": "x".repeat(301)}), "/note", "too_long").await;
    world.owner.post("/v1/attachments", json!({"file": file, "contact": ada})).await.expect(201);
    // Attached already, by whomever.
    refused(json!({"file": file, "company": company}), "/file", "file_unknown").await;
    let stranger = world.stranger().await;
    let theirs = upload(&stranger, "b.txt", b"theirs".as_slice()).await;
    refused(json!({"file": theirs, "contact": ada}), "/file", "file_unknown").await;
    let id = world.owner.get("/v1/attachments").await.expect(200)["items"][0]["id"].as_str().expect("an id").to_owned();
    stranger.get(&format!("/v1/attachments/{id}")).await.problem(404, "not_found");
    stranger.post(&format!("/v1/attachments/{id}/links"), json!({})).await.problem(404, "not_found");
    stranger.delete(&format!("/v1/attachments/{id}")).await.problem(404, "not_found");
}

#[tokio::test]
async fn members_see_files_of_the_records_they_reach() {
    let world = World::start().await;
    let grants =
        json!({"contacts.read": "all", "files.write": "all", "attachments.read": "own", "attachments.write": "own"});
    let (member, id) = member_with(&world, "Finn", grants).await;
    let mut his = json!({"first_name": "Ada"});
    his["owner"] = json!(id);
    let his = id_of(&world.owner, his).await;
    let other = id_of(&world.owner, json!({"first_name": "Bob"})).await;
    let seen = attach(&world.owner, "contact", &his, "his.txt", b"his").await;
    let hidden = attach(&world.owner, "contact", &other, "other.txt", b"other").await;
    let listed = member.get("/v1/attachments").await.expect(200)["items"].clone();
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["id"]), (Some(1), &seen["id"]));
    let path = format!("/v1/attachments/{}", hidden["id"].as_str().expect("an id"));
    member.get(&path).await.problem(404, "not_found");
    member.post(&format!("{path}/links"), json!({})).await.problem(404, "not_found");
    member.delete(&path).await.problem(404, "not_found");
    // Whoever sees more people than he may attach to attaches to his own.
    let file = upload(&member, "mine.txt", b"mine".as_slice()).await;
    let refused = member.post("/v1/attachments", json!({"contact": other, "file": file})).await;
    assert_eq!(refused.expect(422)["errors"][0]["code"], "contact_unknown");
    member.post("/v1/attachments", json!({"contact": his, "file": file})).await.expect(201);
}

#[tokio::test]
async fn a_file_is_attached_once_however_many_want_it() {
    let world = World::start().await;
    let people = join_all((0..8).map(|n| id_of(&world.owner, json!({"first_name": format!("Person {n}")})))).await;
    let file = upload(&world.owner, "a.txt", b"hello".as_slice()).await;
    let owner = &world.owner;
    let calls = people.iter().map(|id| owner.post("/v1/attachments", json!({"contact": id, "file": file})));
    let taken = join_all(calls).await.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, 1);
    assert_eq!(world.count("select count(*) from attachments").await, 1);
}

#[tokio::test]
async fn what_is_deleted_comes_back_or_goes_with_its_bytes() {
    let world = World::start().await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let kept = attach(&world.owner, "contact", &ada, "photo.png", PNG).await;
    let other = attach(&world.owner, "contact", &ada, "other.txt", b"other").await;
    world.app.settle().await;
    assert_eq!(bytes_kept(&world), 3);
    let path = |one: &Value| format!("/v1/attachments/{}", one["id"].as_str().expect("an id"));
    world.owner.delete(&path(&kept)).await.expect(204);
    world.owner.get(&path(&kept)).await.problem(404, "not_found");
    assert_eq!(world.owner.get("/v1/attachments?deleted=true").await.expect(200)["items"][0]["id"], kept["id"]);
    world.owner.post(&format!("{}/restoration", path(&kept)), json!({})).await.expect(200);
    world.owner.post(&format!("{}/restoration", path(&kept)), json!({})).await.problem(404, "not_found");
    world.owner.delete(&path(&other)).await.expect(204);
    world.app.advance(TimeDelta::days(30));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from attachments").await, 1);
    assert_eq!(bytes_kept(&world), 2);
    // Whoever is erased takes his files along.
    let owner = sign_in(&world.app, "northlight@example.com").await.0;
    let erasure = json!({"contact": ada, "kind": "erasure", "reason": "Asked by letter"});
    owner.post("/v1/data-requests", erasure).await.expect(201);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from attachments").await, 0);
    assert_eq!(world.count("select count(*) from files").await, 0);
    assert_eq!(bytes_kept(&world), 0);
}

#[tokio::test]
async fn bytes_go_with_the_record_and_with_the_file() {
    let world = World::start().await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let company = world.owner.post("/v1/companies", json!({"name": "Lantern"})).await.text_of("id");
    attach(&world.owner, "company", &company, "photo.png", PNG).await;
    let photo = attach(&world.owner, "contact", &ada, "photo.png", PNG).await;
    world.app.settle().await;
    assert_eq!(bytes_kept(&world), 4);
    // The file itself goes: its small picture has nobody any more.
    world.owner.delete(&format!("/v1/files/{}", photo["file"].as_str().expect("a file"))).await.expect(204);
    world.app.settle().await;
    assert_eq!(bytes_kept(&world), 2);
    world.owner.delete(&format!("/v1/companies/{company}")).await.expect(204);
    world.app.settle().await;
    assert_eq!(bytes_kept(&world), 2, "it can be restored");
    world.app.advance(TimeDelta::days(30));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from files").await, 0);
    assert_eq!(bytes_kept(&world), 0);
}

#[tokio::test]
async fn tasks_and_activities_have_files_as_far_as_they_are_reached() {
    let world = World::start().await;
    let grants = json!({"contacts.read": "own", "tasks.read": "own", "activities.read": "own", "activities.write": "own",
        "files.write": "all", "attachments.read": "own", "attachments.write": "own"});
    let (member, id) = member_with(&world, "Finn", grants).await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada", "owner": id})).await;
    let bob = id_of(&world.owner, json!({"first_name": "Bob"})).await;
    let task = async |title: &str, who: &str| {
        let body = json!({"title": title, "assignee": who, "contact": bob});
        world.owner.post("/v1/tasks", body).await.text_of("id")
    };
    let (his, other) = (task("His", &id).await, task("Other", &world.owner_id).await);
    let log = async |contact: &str| {
        let path = format!("/v1/contacts/{contact}/activities");
        world.owner.post(&path, json!({"kind": "call", "title": "Called"})).await.text_of("id")
    };
    let (with_ada, with_bob) = (log(&ada).await, log(&bob).await);
    let of_his = attach(&world.owner, "task", &his, "his.txt", b"his").await;
    let of_other = attach(&world.owner, "task", &other, "other.txt", b"other").await;
    let of_ada = attach(&member, "activity", &with_ada, "ada.txt", b"ada").await;
    let of_bob = attach(&world.owner, "activity", &with_bob, "bob.txt", b"bob").await;
    assert_eq!((&of_his["task"], &of_ada["activity"]), (&json!(his), &json!(with_ada)));
    assert_eq!(listed(&member, "").await, ["ada.txt", "his.txt"]);
    assert_eq!(listed(&world.owner, &format!("&filter=task:eq:{other}")).await, ["other.txt"]);
    assert_eq!(listed(&world.owner, &format!("&filter=activity:eq:{with_bob}")).await, ["bob.txt"]);
    for hidden in [&of_other, &of_bob] {
        let path = format!("/v1/attachments/{}", hidden["id"].as_str().expect("an id"));
        member.get(&path).await.problem(404, "not_found");
        member.delete(&path).await.problem(404, "not_found");
    }
    let file = upload(&member, "x.txt", b"x".as_slice()).await;
    for (kind, record) in [("task", &other), ("activity", &with_bob)] {
        let refused = member.post("/v1/attachments", json!({kind: record, "file": file})).await;
        assert_eq!(refused.expect(422)["errors"][0]["code"], format!("{kind}_unknown"));
    }
    // The timeline of whom they are about shows them.
    let timeline = world.owner.get(&format!("/v1/contacts/{bob}/timeline")).await;
    let told = timeline.expect(200)["items"].as_array().expect("items").clone();
    assert_eq!(told.iter().filter(|item| item["kind"] == "attachment.created").count(), 3, "{told:?}");
    // An activity takes its files along, a task when it is gone for good, a person all that was about him.
    world.owner.delete(&format!("/v1/activities/{with_ada}")).await.expect(204);
    world.owner.delete(&format!("/v1/tasks/{his}")).await.expect(204);
    world.app.settle().await;
    assert_eq!(listed(&world.owner, "").await, ["bob.txt", "other.txt"]);
    assert_eq!(bytes_kept(&world), 4, "the task can be restored; x.txt waits");
    let erasure = json!({"contact": bob, "kind": "erasure", "reason": "Asked by letter"});
    world.owner.post("/v1/data-requests", erasure).await.expect(201);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from attachments").await, 0);
    assert_eq!(bytes_kept(&world), 1);
}

/// Whoever is erased takes along what is about him, and nothing that was about him once.
#[tokio::test]
async fn files_of_a_task_go_with_it_to_another_contact() {
    let world = World::start().await;
    let person = async |name: &str| id_of(&world.owner, json!({"first_name": name})).await;
    let (ada, bob) = (person("Ada").await, person("Bob").await);
    let task = world.owner.post("/v1/tasks", json!({"title": "Ring", "contact": ada})).await.text_of("id");
    let path = format!("/v1/tasks/{task}");
    attach(&world.owner, "task", &task, "kept.txt", b"kept").await;
    let gone = attach(&world.owner, "task", &task, "deleted.txt", b"deleted").await;
    let gone = gone["id"].as_str().expect("an id");
    world.owner.delete(&format!("/v1/attachments/{gone}")).await.expect(204);
    let about = async |who: &str| {
        let id = kernel::ids::decode(who.trim_start_matches("con_")).expect("an id");
        world.count(&format!("select count(*) from files where contact_id = '{id}'")).await
    };
    assert_eq!((about(&ada).await, about(&bob).await), (2, 0));
    world.owner.patch(&path, json!({"title": "Ring again"})).await.expect(200);
    assert_eq!(about(&ada).await, 2);
    world.owner.patch(&path, json!({"contact": bob})).await.expect(200);
    assert_eq!((about(&ada).await, about(&bob).await), (0, 2));
    world.owner.patch(&path, json!({"contact": null})).await.expect(200);
    assert_eq!(about(&bob).await, 0);
    world.owner.patch(&path, json!({"contact": ada})).await.expect(200);
    // What is attached while the task is moved is about whom it is about in the end.
    for round in 0..6 {
        let file = upload(&world.owner, "new.txt", format!("{round}").as_bytes()).await;
        let to = if round % 2 == 0 { &bob } else { &ada };
        let attached = world.owner.post("/v1/attachments", json!({"task": task, "file": file}));
        let (attached, moved) = tokio::join!(attached, world.owner.patch(&path, json!({"contact": to})));
        attached.expect(201);
        moved.expect(200);
        assert_eq!(about(to).await, 3 + round, "{round}");
    }
    world.app.settle().await;
    let erasure = json!({"contact": bob, "kind": "erasure", "reason": "Asked by letter"});
    world.owner.post("/v1/data-requests", erasure).await.expect(201);
    world.app.settle().await;
    assert_eq!(listed(&world.owner, "").await.len(), 7, "the task is about Ada");
}

#[tokio::test]
async fn notes_have_files_and_those_of_a_private_one_are_its_authors_alone() {
    let world = World::start().await;
    let owner = &world.owner;
    let grants = json!({"contacts.read": "own", "activities.read": "own", "activities.write": "own", "files.read": "all",
        "files.write": "all", "attachments.read": "own", "attachments.write": "own"});
    let (finn, id) = member_with(&world, "Finn", grants).await;
    let ada = id_of(owner, json!({"first_name": "Ada", "owner": id})).await;
    let bob = id_of(owner, json!({"first_name": "Bob"})).await;
    let write = async |client: &Client, contact: &str, private: bool| {
        let body = json!({"body": "Words", "private": private});
        client.post(&format!("/v1/contacts/{contact}/notes"), body).await.text_of("id")
    };
    let (open, secret) = (write(&finn, &ada, false).await, write(&finn, &ada, true).await);
    let (theirs, far) = (write(owner, &ada, false).await, write(owner, &bob, false).await);
    let photo = attach(&finn, "about_note", &open, "photo.png", PNG).await;
    let hidden = attach(&finn, "about_note", &secret, "hidden.txt", b"hidden").await;
    let of_theirs = attach(owner, "about_note", &theirs, "theirs.txt", b"theirs").await;
    let of_far = attach(owner, "about_note", &far, "far.txt", b"far").await;
    assert_eq!(photo["about_note"], open);
    world.app.settle().await;

    // As far as the record is reached; what is private is nobody else's, by whichever way.
    assert_eq!(listed(&finn, "").await, ["hidden.txt", "photo.png", "theirs.txt"]);
    assert_eq!(listed(owner, "").await, ["far.txt", "photo.png", "theirs.txt"]);
    assert_eq!(listed(owner, &format!("&filter=about_note:in:{open},{secret}")).await, ["photo.png"]);
    let path = |one: &Value| format!("/v1/attachments/{}", one["id"].as_str().expect("an id"));
    let file = |one: &Value| format!("/v1/files/{}", one["file"].as_str().expect("a file"));
    finn.get(&path(&of_far)).await.problem(404, "not_found");
    finn.get(&file(&hidden)).await.expect(200);
    for gone in [path(&hidden), file(&hidden)] {
        owner.get(&gone).await.problem(404, "not_found");
        owner.delete(&gone).await.problem(404, "not_found");
        owner.post(&format!("{gone}/links"), json!({})).await.problem(404, "not_found");
    }
    assert!(!owner.get("/v1/files?limit=200").await.text.contains("hidden.txt"));
    // Its author adds files, and takes them away; so does whoever looks after everybody's.
    let spare = upload(owner, "x.txt", b"x".as_slice()).await;
    let add = |note: &str| json!({"about_note": note, "file": spare});
    owner.post("/v1/attachments", add(&open)).await.problem(403, "note_of_another");
    let unknown = owner.post("/v1/attachments", add(&secret)).await;
    let error = &unknown.expect(422)["errors"][0];
    assert_eq!((&error["field"], &error["code"]), (&json!("/about_note"), &json!("note_unknown")));
    finn.delete(&path(&of_theirs)).await.problem(403, "note_of_another");
    owner.delete(&path(&photo)).await.expect(204);
    owner.post(&format!("{}/restoration", path(&photo)), json!({})).await.expect(200);

    // The note says how many there are, the timeline which.
    assert_eq!(finn.get(&format!("/v1/notes/{secret}")).await.expect(200)["files"], 1);
    let seen = async |client: &Client, query: &str| {
        let page = client.get(&format!("/v1/contacts/{ada}/timeline?limit=50{query}")).await;
        page.expect(200)["items"].as_array().expect("items").clone()
    };
    let noted = seen(owner, "&filter=kind:eq:note.created").await;
    assert_eq!(noted.iter().map(|entry| &entry["note"]["files"]).collect::<Vec<_>>(), [&json!(1), &json!(1)]);
    let attached = "&filter=kind:eq:attachment.created";
    let entries = seen(owner, attached).await;
    assert_eq!(entries.iter().filter(|entry| entry["note"].is_null()).count(), 2, "{entries:?}");
    assert_eq!((seen(&finn, attached).await.len(), seen(&finn, "&q=hidden.txt").await.len()), (3, 1));
    assert_eq!((seen(owner, "&q=hidden.txt").await.len(), seen(owner, "&q=photo.png").await.len()), (0, 3));
    let private = async |private: bool| {
        finn.patch(&format!("/v1/notes/{secret}"), json!({"private": private})).await.expect(200);
    };
    private(false).await;
    assert_eq!((seen(owner, attached).await.len(), listed(owner, "").await.len()), (3, 4));
    private(true).await;
    owner.get(&path(&hidden)).await.problem(404, "not_found");

    // A note takes its files along, and the timeline keeps the secret. Who is merged brings his notes with theirs.
    finn.delete(&format!("/v1/notes/{secret}")).await.expect(204);
    world.app.settle().await;
    assert_eq!(bytes_kept(&world), 5, "a picture in two sizes, two texts, and x.txt that waits");
    assert_eq!(seen(owner, attached).await.len(), 2);
    owner.post("/v1/contact-merges", json!({"kept": bob, "merged": [ada]})).await.expect(201);
    world.app.settle().await;
    assert_eq!(listed(owner, "").await, ["far.txt", "photo.png", "theirs.txt"]);
    let erasure = json!({"contact": bob, "kind": "erasure", "reason": "Asked by letter"});
    owner.post("/v1/data-requests", erasure).await.expect(201);
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from attachments").await, 0);
    assert_eq!(bytes_kept(&world), 1);
}

#[tokio::test]
async fn a_record_has_as_many_files_as_it_may_however_many_come_at_once() {
    let world = World::start().await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let first = attach(&world.owner, "contact", &ada, "a.txt", b"a").await;
    // 197 more of its like.
    let fill = "with made as (insert into files (id, name, size, type, sha256, state, object_key, owner_kind, owner_id, uploaded_by_kind, created_at, updated_at)
          select gen_random_uuid(), 'b.txt', 1, 'text/plain', '', 'attached', 'none/' || n, 'attachments', gen_random_uuid(), 'user', now(), now()
          from generate_series(1, 197) n returning id, owner_id)
        insert into attachments (id, contact_id, file_id, created_at, updated_at)
          select m.owner_id, (select contact_id from attachments limit 1), m.id, now(), now() from made m";
    world.tenant_query(fill).await;
    let uploads = (0..6).map(|n| upload(&world.owner, "c.txt", format!("{n}")));
    let waiting = join_all(uploads).await;
    let owner = &world.owner;
    let calls = waiting.iter().map(|file| owner.post("/v1/attachments", json!({"contact": ada, "file": file})));
    let answers = join_all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 2);
    let full = answers.iter().filter(|answer| answer.body["code"] == "too_many_attachments").count();
    assert_eq!((full, world.count("select count(*) from attachments").await), (4, 200));
    // What is deleted makes room, and does not come back when somebody has taken it.
    let path = format!("/v1/attachments/{}", first["id"].as_str().expect("an id"));
    owner.delete(&path).await.expect(204);
    let file = waiting.iter().zip(&answers).find(|(_, answer)| answer.status == 409).expect("one that waits").0;
    let restoration = format!("{path}/restoration");
    let taken = owner.post("/v1/attachments", json!({"contact": ada, "file": file}));
    let (taken, back) = futures_util::join!(taken, owner.post(&restoration, json!({})));
    assert_eq!(
        [taken.status, back.status].iter().filter(|status| **status == 409).count(),
        1,
        "{} {}",
        taken.text,
        back.text
    );
    assert_eq!(world.count("select count(*) from attachments where deleted_at is null").await, 200);
}
