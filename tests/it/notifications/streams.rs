//! What happens, live.
use super::write;
use crate::tenants::{Person, World};
use ::forms::SUBMISSION_RECEIVED;
use ::notifications::notifications::{Notice, notify};
use futures_util::StreamExt;
use serde_json::{Value, json};

/// An open stream, message by message.
struct Live {
    bytes: futures_util::stream::BoxStream<'static, Vec<u8>>,
    text: String,
}

#[derive(Debug)]
struct Message {
    id: String,
    kind: String,
    data: Value,
}

impl Live {
    #[expect(clippy::disallowed_methods, reason = "the tests are the outside")]
    async fn open(world: &World, who: &Person, last: Option<&str>) -> Self {
        let mut request = reqwest::Client::new().get(format!("{}/v1/stream", world.app.url)).bearer_auth(&who.access);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let bytes = response.bytes_stream().map(|chunk| chunk.map(|b| b.to_vec()).unwrap_or_default()).boxed();
        Live { bytes, text: String::new() }
    }

    /// The next message; none when the stream ended.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some((head, rest)) = self.text.split_once("\n\n") {
                let (head, rest) = (head.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    head.lines().find_map(|l| l.strip_prefix(&format!("{name}: "))).unwrap_or_default().to_owned()
                };
                if field("data").is_empty() {
                    continue;
                }
                let data = serde_json::from_str(&field("data")).expect("json");
                return Some(Message { id: field("id"), kind: field("event"), data });
            }
            self.text.push_str(&String::from_utf8(self.bytes.next().await?).expect("utf-8"));
        }
    }
}

async fn tell(world: &World, who: &Person, title: &str) {
    let notice = Notice::new(&SUBMISSION_RECEIVED, json!({ "form": title }), vec![who.id.0]);
    write(world, who.tenant, async |tx| notify(tx, &notice).await).await.expect("told");
}

#[tokio::test]
async fn news_come_live_and_none_is_missed_after_a_cut() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    world.app.settle().await;
    let mut live = Live::open(&world, &owner, None).await;
    let hello = live.next().await.unwrap();
    assert_eq!((hello.kind.as_str(), &hello.data["unread"]), ("hello", &json!(0)));
    tell(&world, &owner, "First").await;
    let contact = owner.client.post("/v1/contacts", json!({"first_name": "Ada"})).await;
    contact.expect(201);
    world.app.settle().await;
    // An event, the notification and the new count, in whatever order.
    let mut kinds = vec![];
    let mut last = String::new();
    while kinds.len() < 3 {
        let message = live.next().await.unwrap();
        last = message.id.clone();
        assert!(!message.data.to_string().contains("Ada"), "events name records, not people");
        kinds.push(message.kind);
    }
    kinds.sort();
    assert_eq!(kinds, ["event", "notification", "unread"]);
    drop(live);
    // While he was away something happened; he goes on where he was cut off.
    owner.client.post("/v1/contacts", json!({"first_name": "Bob"})).await.expect(201);
    world.app.settle().await;
    let mut live = Live::open(&world, &owner, Some(&last)).await;
    assert_eq!(live.next().await.unwrap().kind, "hello");
    let missed = live.next().await.unwrap();
    assert_eq!((missed.kind.as_str(), &missed.data["event"]["kind"]), ("event", &json!("contact.created")));
}

#[tokio::test]
async fn a_stream_ends_with_the_session_and_with_the_program() {
    let world = World::start().await;
    let (owner, sam) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let mut first = Live::open(&world, &owner, None).await;
    let mut second = Live::open(&world, &sam, None).await;
    assert_eq!(first.next().await.unwrap().kind, "hello");
    assert_eq!(second.next().await.unwrap().kind, "hello");
    // The access token runs out; at the next look the stream is over.
    world.app.advance(chrono::TimeDelta::minutes(16));
    let _ = world.app.app.live.send(owner.tenant);
    while let Some(message) = first.next().await {
        assert_ne!(message.kind, "event");
    }
    world.app.app.stop.cancel();
    while let Some(message) = second.next().await {
        assert_ne!(message.kind, "event");
    }
}

/// What a message says, without what is empty.
fn said(message: &Message) -> Vec<&str> {
    let fields = message.data.as_object().expect("an object").iter();
    fields.filter(|(_, value)| !value.is_null()).map(|(name, _)| name.as_str()).collect()
}

#[tokio::test]
async fn nobody_reads_along() {
    let world = World::start().await;
    let (owner, stranger) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let client = world.client(&owner, "Dental").await;
    let role = json!({"key": "drafts", "name": "Drafts", "grants": {"forms.read": "all"}});
    owner.acting_in(client).post("/v1/roles", role).await.expect(201);
    let writer = world.member(client, "drafts", "Kim").await;
    world.app.anonymous().get("/v1/stream").await.problem(401, "credential_missing");
    world.app.settle().await;
    let mut strange = Live::open(&world, &stranger, None).await;
    let mut own = Live::open(&world, &writer, None).await;
    assert_eq!(strange.next().await.unwrap().kind, "hello");
    assert_eq!(own.next().await.unwrap().kind, "hello");
    owner.acting_in(client).post("/v1/contacts", json!({"first_name": "Ada"})).await.expect(201);
    world.app.settle().await;
    // Both are told something of their own; nothing else may come before it.
    tell(&world, &stranger, "Yours").await;
    tell(&world, &writer, "Yours too").await;
    for tenant in [stranger.tenant, client] {
        let _ = world.app.app.live.send(tenant);
    }
    for live in [&mut strange, &mut own] {
        let message = live.next().await.unwrap();
        assert_eq!(message.kind, "notification", "{message:?}");
    }
}

#[tokio::test]
async fn who_reads_a_part_hears_that_something_changed_and_nothing_of_it() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let role = json!({"key": "own", "name": "Own", "grants": {"contacts.read": "own", "tasks.read": "all"}});
    owner.acting_in(client).post("/v1/roles", role).await.expect(201);
    let team = world.member(client, "client_staff", "Kim").await;
    let alone = world.member(client, "own", "Lee").await;
    world.app.settle().await;
    for reader in [&team, &alone] {
        let mut live = Live::open(&world, reader, None).await;
        let hello = live.next().await.unwrap();
        assert_eq!(hello.kind, "hello");
        let made = owner.acting_in(client).post("/v1/contacts", json!({"first_name": "Quokka"})).await;
        made.expect(201);
        let address = format!("/v1/contacts/{}", made.text_of("id"));
        owner.acting_in(client).patch(&address, json!({"last_name": "Secret"})).await.expect(200);
        world.app.settle().await;
        tell(&world, reader, "Enough").await;
        let _ = world.app.app.live.send(client);
        let mut heard = vec![];
        loop {
            let message = live.next().await.unwrap();
            match message.kind.as_str() {
                "notification" => break,
                "changed" => assert_eq!(said(&message), ["changed", "kind"], "the resource alone: {message:?}"),
                "unread" => assert_eq!(said(&message), ["kind", "unread"]),
                other => panic!("{other}: {message:?}"),
            }
            heard.push(message);
        }
        assert!(heard.iter().any(|m| m.data["changed"] == "contacts"), "{heard:?}");
        // He asks, and gets what he may see: none of hers.
        let page = reader.client.get("/v1/contacts").await;
        assert_eq!(page.expect(200)["items"], json!([]));
        reader.client.get(&address).await.problem(404, "not_found");
        drop(live);
        // Cut off after the hello, he hears of it again.
        let mut live = Live::open(&world, reader, Some(&hello.id)).await;
        assert_eq!(live.next().await.unwrap().kind, "hello");
        let again = live.next().await.unwrap();
        assert_eq!((again.kind.as_str(), &again.data["changed"]), ("changed", &json!("contacts")));
    }
}

#[tokio::test]
async fn an_agency_hears_of_room_for_another_client_the_moment_there_is() {
    let world = World::start().await;
    let app = &world.app.app;
    tokio::spawn(kernel::tenancy::memory::listen_forever(app.clone()));
    app.changes.hearing().wait_for(|now| now.listening).await.expect("it listens");
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let kim = world.member(client, "client_admin", "Kim").await;
    // As many as stand ready.
    let mut opened = 0;
    let full = loop {
        let answer = owner.client.post("/v1/clients", json!({"name": format!("Studio {opened}")})).await;
        if answer.status != 201 {
            break answer;
        }
        opened += 1;
    };
    full.problem(503, "unavailable");
    world.app.settle().await;
    let mut live = Live::open(&world, &owner, None).await;
    let mut of_client = Live::open(&world, &kim, None).await;
    assert_eq!(live.next().await.unwrap().kind, "hello");
    assert_eq!(of_client.next().await.unwrap().kind, "hello");
    world.app.db.warm(1).await;
    let mut steps = vec![];
    while steps.last() != Some(&json!("ready")) {
        let message = live.next().await.unwrap();
        if message.kind == "provisioning" {
            assert_eq!(said(&message), ["kind", "provisioning"]);
            steps.push(message.data["provisioning"].clone());
        }
    }
    assert_eq!(steps, [json!("making"), json!("ready")]);
    owner.client.post("/v1/clients", json!({"name": "Studio at last"})).await.expect(201);
    // A client opens nothing, so it hears of nothing.
    tell(&world, &kim, "Yours").await;
    let _ = app.live.send(client);
    assert_eq!(of_client.next().await.unwrap().kind, "notification");
}

#[tokio::test]
async fn what_was_put_off_comes_back_live() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    tell(&world, &owner, "Later").await;
    world.app.settle().await;
    let id = owner.client.get("/v1/notifications").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/v1/notifications/{}", id.as_str().expect("an id"));
    let until = world.app.clock.now() + chrono::TimeDelta::minutes(10);
    owner.client.patch(&path, json!({"read": true, "snoozed_until": until})).await.expect(200);
    let mut live = Live::open(&world, &owner, None).await;
    assert_eq!(live.next().await.unwrap().data["unread"], 0);
    world.app.advance(chrono::TimeDelta::minutes(10));
    world.app.settle().await;
    let (mut back, mut unread) = (None, None);
    while back.is_none() || unread.is_none() {
        let message = live.next().await.unwrap();
        match message.kind.as_str() {
            "notification" => back = Some(message.data["notification"].clone()),
            "unread" => unread = Some(message.data["unread"].clone()),
            _ => {}
        }
    }
    let back = back.unwrap();
    assert_eq!((&back["id"], &back["read_at"], unread), (&id, &json!(null), Some(json!(1))));
    assert_ne!(back["told_at"], back["created_at"]);
}
