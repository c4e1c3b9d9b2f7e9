//! Certificates on both sides: to the core, and to emergency revocation.
use crate::support::{Ask, PAGE, Plan, World, eventually};
use embed_edge::{
    Times,
    channel::{Channel, client},
    tls::Tls,
};
use std::{process::Stdio, time::Duration};
use xtask::authority::{Authority, Identity};

/// Our authority, and one that is not.
fn authorities() -> (Authority, Authority) {
    (Authority::new().unwrap(), Authority::new().unwrap())
}

fn identity(believed: &Authority, issuer: &Authority) -> Identity {
    Identity::new(believed, issuer).unwrap()
}

fn channel(files: &Identity) -> Channel {
    Channel { ca: files.ca(), cert: files.cert(), key: files.key() }
}

fn section(files: &Identity) -> String {
    let Channel { ca, cert, key } = channel(files);
    format!("[internal]\nca = \"{}\"\ncert = \"{}\"\nkey = \"{}\"\n", ca.display(), cert.display(), key.display())
}

/// A core and an edge with these files, both of which look at them all the time.
async fn world(core: &Identity, edge: &Identity, more: &str) -> World {
    let times = Times { certificate: Duration::from_millis(20), ..Plan::default().times };
    let core = Some(Tls::mutual(&channel(core)).unwrap());
    World::with(Plan { times, core, edge: section(edge) + more, ..Plan::default() }).await
}

/// The answer's status; `None` when the other side would not speak.
async fn revoke(client: &reqwest::Client, world: &World, secret: &str, body: &str) -> Option<u16> {
    let url = format!("https://{}/admin/revoke", world.edge.revoke_addr.unwrap());
    let call = client.post(url).bearer_auth(secret).body(body.to_owned());
    call.send().await.ok().map(|answer| answer.status().as_u16())
}

fn tenant(world: &World, restore: bool) -> String {
    format!("{{\"tenant\":\"{}\",\"restore\":{restore}}}", world.tenant)
}

#[tokio::test]
async fn edge_and_core_speak_when_both_show_a_certificate_of_the_authority() {
    let (ours, _) = authorities();
    let (core, edge) = (identity(&ours, &ours), identity(&ours, &ours));
    let world = world(&core, &edge, "").await;
    let session = world.session().await;
    let reply = world.send(world.submit(&session, "k")).await;
    assert_eq!((reply.status, reply.json()["state"].as_str()), (201, Some("received")));
    assert_eq!(world.core.calls().len(), 1);
    eventually("sightings over the same channel", || async { !world.core.sightings().is_empty() }).await;
}

#[tokio::test]
async fn the_edge_tells_nothing_to_a_core_of_another_authority_and_nothing_is_lost() {
    let (ours, theirs) = authorities();
    // It would take any edge's word: it is the edge that must not speak.
    let core = identity(&ours, &theirs);
    let edge = identity(&ours, &ours);
    let world = world(&core, &edge, "").await;
    let session = world.session().await;
    let reply = world.send(world.submit(&session, "k")).await;
    assert_eq!((reply.status, reply.code().as_str(), reply.header("retry-after")), (503, "unavailable", Some("5")));
    assert!(world.core.calls().is_empty());
    core.renew(&ours, &ours).unwrap();
    eventually("the right core", || async { world.send(world.submit(&session, "k")).await.status == 201 }).await;
    assert_eq!(world.core.calls().len(), 1);
}

#[tokio::test]
async fn the_core_hears_no_edge_of_another_authority_and_renewed_files_are_used() {
    let (ours, theirs) = authorities();
    let core = identity(&ours, &ours);
    let edge = identity(&ours, &theirs);
    let world = world(&core, &edge, "").await;
    let session = world.session().await;
    let reply = world.send(world.submit(&session, "k")).await;
    assert_eq!((reply.status, reply.code().as_str()), (503, "unavailable"));
    assert!(world.core.calls().is_empty());
    edge.renew(&ours, &ours).unwrap();
    eventually("the right edge", || async { world.send(world.submit(&session, "k")).await.status == 201 }).await;
    assert_eq!(world.core.calls().len(), 1);
    // A broken file changes nothing.
    std::fs::write(edge.cert(), "nonsense").unwrap();
    assert_eq!(world.send(world.submit(&session, "l")).await.status, 201);
}

#[tokio::test]
async fn revocation_needs_a_certificate_and_the_secret() {
    let (ours, theirs) = authorities();
    let (core, edge) = (identity(&ours, &ours), identity(&ours, &ours));
    let world = world(&core, &edge, "edge_listen = \"127.0.0.1:0\"\n").await;
    let secret = world.edge.admin_secret.as_str();
    let off = tenant(&world, false);
    // The plain listener keeps what is no danger.
    let admin = world.edge.admin_addr.unwrap();
    let plain = |ask: Ask| ask.host(&admin.to_string()).send(admin);
    assert_eq!(plain(Ask::get("/readyz")).await.status, 200);
    assert!(plain(Ask::get("/metrics")).await.body.contains("upzento_edge"));
    let bearer = format!("Bearer {secret}");
    assert_eq!(plain(Ask::new("POST", "/admin/revoke").header("Authorization", &bearer).json(&off)).await.status, 404);

    let pem = std::fs::read(edge.ca()).unwrap();
    let nobody = reqwest::Client::builder().no_proxy().tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()]);
    assert_eq!(revoke(&nobody.build().unwrap(), &world, secret, &off).await, None, "no certificate");
    let stranger = identity(&ours, &theirs);
    assert_eq!(revoke(&client(Some(&channel(&stranger))).unwrap(), &world, secret, &off).await, None, "a foreign one");
    let mistaken = identity(&theirs, &ours);
    assert_eq!(revoke(&client(Some(&channel(&mistaken))).unwrap(), &world, secret, &off).await, None, "another edge");
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200, "nothing was revoked");

    let operator = identity(&ours, &ours);
    let client = client(Some(&channel(&operator))).unwrap();
    assert_eq!(revoke(&client, &world, "guess", &off).await, Some(403));
    assert_eq!(revoke(&client, &world, secret, "{}").await, Some(422));
    let health = client.get(format!("https://{}/healthz", world.edge.revoke_addr.unwrap())).send().await.unwrap();
    assert_eq!(health.status(), 404, "nothing else is there");
    assert_eq!(revoke(&client, &world, secret, &off).await, Some(200));
    world.send(world.frame(PAGE)).await.assert_refused();
    assert_eq!(revoke(&client, &world, secret, &tenant(&world, true)).await, Some(200));
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
}

#[tokio::test]
async fn a_new_authority_shuts_out_the_certificates_of_the_old_one() {
    let (old, new) = authorities();
    let (core, edge) = (identity(&old, &old), identity(&old, &old));
    let world = world(&core, &edge, "edge_listen = \"127.0.0.1:0\"\n").await;
    let secret = world.edge.admin_secret.as_str();
    let (former, next) = (identity(&old, &old), identity(&new, &new));
    let call = async |files: &Identity, restore| {
        // A client of its own each time: an open connection goes on.
        revoke(&client(Some(&channel(files))).unwrap(), &world, secret, &tenant(&world, restore)).await
    };
    assert_eq!((call(&former, false).await, call(&next, true).await), (Some(200), None));
    edge.renew(&new, &new).unwrap();
    eventually("the new authority", || async { call(&next, true).await == Some(200) }).await;
    assert_eq!(call(&former, false).await, None);
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
}

/// The program with this configuration; its error output when it fails.
async fn program(text: &str, arguments: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("upzento.toml");
    std::fs::write(&file, text).unwrap();
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_embed-edge"));
    command.arg("--config").arg(&file).args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(crate::support::WAIT, command.output()).await.expect("it ends").unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[tokio::test]
async fn the_program_revokes_at_an_edge_with_its_certificate() {
    let (ours, theirs) = authorities();
    let (core, edge) = (identity(&ours, &ours), identity(&ours, &ours));
    let world = world(&core, &edge, "edge_listen = \"127.0.0.1:0\"\n").await;
    let (at, tenant) = (world.edge.revoke_addr.unwrap().to_string(), world.tenant.to_string());
    let revoke = ["revoke", "--at", &at, "--tenant", &tenant];
    let restore = [&revoke[..], &["--restore"]].concat();
    program(&world.text, &revoke).await.unwrap();
    world.send(world.frame(PAGE)).await.assert_refused();
    // The same secret, but a certificate of somebody else.
    let stranger = identity(&ours, &theirs);
    let foreign = world.text.replace(&section(&edge), &section(&stranger));
    assert_ne!(foreign, world.text);
    program(&foreign, &restore).await.unwrap_err();
    world.send(world.frame(PAGE)).await.assert_refused();
    program(&world.text, &restore).await.unwrap();
    assert_eq!(world.send(world.frame(PAGE)).await.status, 200);
}

#[tokio::test]
async fn an_edge_does_not_start_with_half_a_channel() {
    let (ours, _) = authorities();
    let (core, edge) = (identity(&ours, &ours), identity(&ours, &ours));
    let world = world(&core, &edge, "").await;
    let whole = section(&edge);
    let cut = |from: &str, to: &str| {
        let text = world.text.replace(from, to);
        assert_ne!(text, world.text, "{from}");
        text
    };
    let other = identity(&ours, &ours);
    for (text, word) in [
        (cut(&format!("key = \"{}\"\n", edge.key().display()), ""), "internal.key"),
        (cut(&whole, "[internal]\nedge_listen = \"127.0.0.1:0\"\n"), "internal.ca"),
        (cut("core_url = \"https://127.0.0.1:", "core_url = \"http://127.0.0.1:"), "edge.core_url"),
        (cut(&whole, "").replace("https://127.0.0.1:", "http://192.0.2.7:"), "edge.core_url"),
        (cut("ca.pem", "gone.pem"), "gone.pem"),
        (cut("ca.pem", "key.pem"), "key.pem"),
        // Key and certificate of different renewals.
        (cut(&edge.key().display().to_string(), &other.key().display().to_string()), "key"),
    ] {
        let error = program(&text, &["serve"]).await.unwrap_err();
        assert!(error.contains(word), "{word}: {error}");
    }
}
