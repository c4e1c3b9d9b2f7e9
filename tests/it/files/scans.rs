//! What becomes of files where clamd looks through them: a simulator speaks its protocol.
use crate::contacts::{contact_imports::upload, id_of};
use crate::forms::World;
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tests::Client;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What every scanner finds, in two halves, so that none finds it here.
const EICAR: [&str; 2] = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*"];

/// How the simulator behaves.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mood {
    /// As clamd does.
    Well,
    /// It closes the connection after the first chunk.
    Drops,
    /// It takes no more than eight bytes.
    Small,
}

struct Clamd {
    address: String,
    mood: Arc<Mutex<Mood>>,
    scans: Arc<Mutex<usize>>,
}

impl Clamd {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("tcp://{}", listener.local_addr().expect("an address"));
        let clamd = Clamd { address, mood: Arc::new(Mutex::new(Mood::Well)), scans: Arc::default() };
        let (mood, scans) = (clamd.mood.clone(), clamd.scans.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *scans.lock().unwrap() += 1;
                let mood = *mood.lock().unwrap();
                // A connection that breaks off is the client's affair.
                let _ = answer(stream, mood).await;
            }
        });
        clamd
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn scans(&self) -> usize {
        *self.scans.lock().unwrap()
    }
}

async fn answer(mut stream: TcpStream, mood: Mood) -> std::io::Result<()> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut content = vec![];
    loop {
        let length = stream.read_u32().await? as usize;
        if length == 0 {
            break;
        }
        let mut chunk = vec![0; length];
        stream.read_exact(&mut chunk).await?;
        content.extend(chunk);
        match mood {
            Mood::Drops => return Ok(()),
            Mood::Small if content.len() > 8 => {
                return stream.write_all(b"INSTREAM size limit exceeded. ERROR\0").await;
            }
            _ => {}
        }
    }
    let found = content.windows(68).any(|part| part == EICAR.concat().as_bytes());
    stream.write_all(if found { b"stream: Eicar-Signature FOUND\0".as_slice() } else { b"stream: OK\0" }).await
}

async fn world(clamd: &Clamd) -> World {
    World::start_with(|config| config.files.scanner = clamd.address.clone()).await
}

async fn state_of(client: &Client, file: &str) -> (Value, Value) {
    let file = client.get(&format!("/v1/files/{file}")).await;
    let file = file.expect(200);
    (file["state"].clone(), file["scan"].clone())
}

#[tokio::test]
async fn what_is_infected_is_never_handed_out_and_its_uploader_hears_of_it() {
    let clamd = Clamd::start().await;
    let world = world(&clamd).await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let clean = upload(&world.owner, "a.txt", b"hello".as_slice()).await;
    assert_eq!(state_of(&world.owner, &clean).await, (json!("pending"), json!("clean")));
    world.owner.post(&format!("/v1/files/{clean}/links"), json!({})).await.expect(201);

    let bad = upload(&world.owner, "b.txt", EICAR.concat()).await;
    let shown = world.owner.get(&format!("/v1/files/{bad}")).await;
    assert_eq!((&shown.expect(200)["state"], &shown.body["scan"]), (&json!("quarantined"), &json!("infected")));
    assert_eq!(shown.body["verdict"], "Eicar-Signature");
    world.owner.post(&format!("/v1/files/{bad}/links"), json!({})).await.problem(409, "file_quarantined");
    world.owner.post("/v1/attachments", json!({"contact": ada, "file": bad})).await.problem(422, "invalid");
    world.owner.post(&format!("/v1/files/{bad}/scans"), json!({})).await.problem(409, "file_not_failed");
    let told = world.owner.get("/v1/notifications?filter=kind:eq:file.infected").await;
    assert_eq!(told.expect(200)["items"].as_array().map(Vec::len), Some(1));
    let held = world.owner.get("/v1/files?filter=scan:in:infected,failed").await;
    assert_eq!(held.expect(200)["items"][0]["id"], bad.as_str());

    // A visitor's upload is refused at once.
    let draft = json!({"steps": [{"key": "s", "fields": [{"key": "any", "type": "file", "label": "Any"}]}]});
    let form = world.published(draft, json!({})).await;
    let target = "/edge/v1/actions/upload?field=any&name=a.txt";
    let sent = world.visitor(&form, 1).call(target, "application/octet-stream", EICAR.concat().into_bytes()).await;
    assert_eq!(sent.expect(422)["fields"], json!({"any": "type"}), "{}", sent.text);
    assert_eq!(clamd.scans(), 3);
}

#[tokio::test]
async fn a_scanner_that_is_away_is_asked_again_until_somebody_knows() {
    let clamd = Clamd::start().await;
    clamd.is(Mood::Drops);
    let world = world(&clamd).await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let file = upload(&world.owner, "photo.png", include_bytes!("../attachments/given/red.png").as_slice()).await;
    assert_eq!(state_of(&world.owner, &file).await, (json!("pending"), json!("pending")));
    // It can be kept with a record, but nobody gets it, not even in small.
    let kept = world.owner.post("/v1/attachments", json!({"contact": ada, "file": file})).await;
    assert_eq!(kept.expect(201)["scan"], "pending");
    let path = format!("/v1/attachments/{}", kept.text_of("id"));
    world.app.settle().await;
    world.owner.post(&format!("{path}/links"), json!({})).await.problem(409, "file_scanning");
    clamd.is(Mood::Well);
    world.app.advance(TimeDelta::minutes(2));
    world.app.settle().await;
    let kept = world.owner.get(&path).await;
    assert_eq!(kept.expect(200)["scan"], "clean");
    assert!(kept.body["preview_url"].is_string(), "{}", kept.text);
    world.owner.post(&format!("{path}/links"), json!({})).await.expect(201);

    // One that never answers is given up, and asked once more when somebody wants it; then it finds something after all.
    clamd.is(Mood::Drops);
    let (owner, _) = crate::forms::sign_in(&world.app, "northlight@example.com").await;
    let file = upload(&owner, "b.txt", EICAR.concat()).await;
    let kept = owner.post("/v1/attachments", json!({"contact": ada, "file": file})).await.text_of("id");
    for _ in 0..10 {
        world.app.advance(TimeDelta::minutes(30));
        world.app.settle().await;
    }
    let (owner, _) = crate::forms::sign_in(&world.app, "northlight@example.com").await;
    assert_eq!(state_of(&owner, &file).await, (json!("attached"), json!("failed")));
    let asked = clamd.scans();
    world.app.advance(TimeDelta::minutes(5));
    world.app.settle().await;
    assert_eq!(clamd.scans(), asked, "given up");
    owner.post(&format!("/v1/attachments/{kept}/links"), json!({})).await.problem(409, "file_scan_failed");
    clamd.is(Mood::Well);
    let again = owner.post(&format!("/v1/files/{file}/scans"), json!({})).await;
    assert_eq!(again.expect(200)["scan"], "pending");
    world.app.settle().await;
    assert_eq!(state_of(&owner, &file).await, (json!("quarantined"), json!("infected")));
    owner.post(&format!("/v1/attachments/{kept}/links"), json!({})).await.problem(409, "file_quarantined");
    let told = owner.get("/v1/notifications?filter=module:eq:files").await;
    let kinds: Vec<&str> =
        told.expect(200)["items"].as_array().unwrap().iter().map(|n| n["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["file.infected", "file.scan_failed"]);
    assert_eq!(world.count("select count(*) from events where kind = 'file.scanned'").await, 3);
}

#[tokio::test]
async fn what_is_too_large_for_the_scanner_is_held_back() {
    let clamd = Clamd::start().await;
    clamd.is(Mood::Small);
    let world = World::start_with(|config| {
        config.files.scanner = clamd.address.clone();
        config.files.scanner_max_bytes = 100;
    })
    .await;
    let refused = upload(&world.owner, "a.txt", "a longer text".repeat(5)).await;
    assert_eq!(state_of(&world.owner, &refused).await, (json!("pending"), json!("failed")));
    assert_eq!(clamd.scans(), 1);
    let unsent = upload(&world.owner, "b.txt", "a longer text".repeat(10)).await;
    assert_eq!(state_of(&world.owner, &unsent).await, (json!("pending"), json!("failed")));
    assert_eq!(clamd.scans(), 1, "what it does not take is not sent");
    world.owner.post(&format!("/v1/files/{unsent}/links"), json!({})).await.problem(409, "file_scan_failed");
    let short = upload(&world.owner, "c.txt", "short").await;
    assert_eq!(state_of(&world.owner, &short).await, (json!("pending"), json!("clean")));
}
