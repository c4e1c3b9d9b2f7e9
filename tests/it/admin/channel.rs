//! Edge and core know each other by certificates.
use super::{Platform, edge::Edge};
use crate::tenants::Person;
use embed_edge::channel::{Channel, client};
use kernel::config::{Config, Internal};
use serde_json::json;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tests::TestApp;
use xtask::authority::{Authority, Identity};

fn use_files(config: &mut Internal, files: &Identity) {
    let [ca, cert, key] = [files.ca(), files.cert(), files.key()].map(|path| path.display().to_string());
    *config = Internal { ca, cert, key, ..config.clone() };
}

/// Somebody with these files.
fn caller(files: &Identity) -> reqwest::Client {
    client(Some(&Channel { ca: files.ca(), cert: files.cert(), key: files.key() })).unwrap()
}

/// The core with a listener for edges.
async fn platform(files: &Identity) -> (Platform, SocketAddr) {
    let app = TestApp::start_with(|config| {
        use_files(&mut config.internal, files);
        config.internal.core_listen = "127.0.0.1:0".into();
    });
    let platform = Platform::over(app.await).await;
    let internal = platform.world.app.internal.unwrap();
    (platform, internal)
}

fn reaching(internal: SocketAddr, files: &Identity) -> impl FnOnce(&mut Config) {
    move |config| {
        config.edge.core_url = format!("https://{internal}");
        use_files(&mut config.internal, files);
    }
}

/// Status of a call without a signature; `None` when the core would not speak.
async fn knock(client: &reqwest::Client, internal: SocketAddr, path: &str) -> Option<u16> {
    let call = client.post(format!("https://{internal}{path}")).json(&json!({}));
    call.send().await.ok().map(|answer| answer.status().as_u16())
}

async fn until<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    for _ in 0..1_000 {
        if ask().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never happened: {what}");
}

#[tokio::test]
async fn a_form_reaches_the_core_over_the_channel_and_in_no_other_way() {
    let (ours, theirs) = (Authority::new().unwrap(), Authority::new().unwrap());
    let (core, mine) = (Identity::new(&ours, &ours).unwrap(), Identity::new(&ours, &ours).unwrap());
    let (platform, internal) = platform(&core).await;
    let owner: Person = platform.world.agency("Northlight").await;
    let shop = platform.shop(&owner).await;
    let submissions =
        async || shop.kim.client.get("/v1/submissions").await.expect(200)["items"].as_array().unwrap().len();

    // The public address does not know these paths, however they are spelled; everything else is there.
    let public = platform.world.app.anonymous();
    for path in ["/edge/v1/actions/form", "/edge/v1/sightings", "/edge/", "//edge/v1/actions/form"] {
        public.post(path, json!({})).await.problem(404, "not_found");
    }
    public.get("/healthz").await.expect(200);

    // The listener for edges speaks to holders of a certificate alone, and knows nothing else.
    let pem = std::fs::read(mine.ca()).unwrap();
    let nobody = reqwest::Client::builder().no_proxy().tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()]);
    assert_eq!(knock(&nobody.build().unwrap(), internal, "/edge/v1/actions/form").await, None);
    let forger = Identity::new(&ours, &theirs).unwrap();
    assert_eq!(knock(&caller(&forger), internal, "/edge/v1/actions/form").await, None);
    assert_eq!(knock(&caller(&mine), internal, "/edge/v1/actions/form").await, Some(401), "a signature is needed too");
    for path in ["/v1/sessions", "/healthz", "/openapi.json", "/edge", "/edge/../v1/sessions"] {
        assert_eq!(knock(&caller(&mine), internal, path).await, Some(404), "{path}");
    }
    assert!(reqwest::get(format!("http://{internal}/edge/v1/actions/form")).await.is_err(), "without TLS");

    // An edge nobody vouches for loses nothing: the same submission arrives once it has its certificate.
    let files = Identity::new(&ours, &theirs).unwrap();
    let edge = Edge::start_with(&platform, reaching(internal, &files)).await;
    let token = edge.session(&shop).await;
    assert_eq!(edge.submit(&token, "k").await, (503, "unavailable".into()));
    assert_eq!(submissions().await, 0);
    files.renew(&ours, &ours).unwrap();
    until("the submission arrives", || async { edge.submit(&token, "k").await.0 == 201 }).await;
    assert_eq!(edge.submit(&token, "k").await.0, 201, "again");
    assert_eq!(submissions().await, 1);
    platform.world.app.settle().await;
    edge.stop().await;
}

#[tokio::test]
async fn the_core_takes_renewed_files_and_keeps_the_former_when_they_are_broken() {
    let (old, new) = (Authority::new().unwrap(), Authority::new().unwrap());
    let core = Identity::new(&old, &old).unwrap();
    let (_platform, internal) = platform(&core).await;
    let (former, next) = (Identity::new(&old, &old).unwrap(), Identity::new(&new, &new).unwrap());
    let call = async |files: &Identity| knock(&caller(files), internal, "/edge/v1/actions/form").await;
    assert_eq!((call(&former).await, call(&next).await), (Some(401), None));
    core.renew(&new, &new).unwrap();
    until("the new authority", || async { call(&next).await.is_some() }).await;
    assert_eq!(call(&former).await, None);
    std::fs::write(core.cert(), "nonsense").unwrap();
    // For longer than the core takes to look.
    let broken = Instant::now();
    while broken.elapsed() < Duration::from_millis(2_500) {
        assert_eq!(call(&next).await, Some(401));
    }
}

#[tokio::test]
async fn a_stop_ends_both_listeners() {
    let authority = Authority::new().unwrap();
    let files = Identity::new(&authority, &authority).unwrap();
    let db = tests::database::TestDatabase::create().await;
    let mut config = TestApp::config(&db);
    use_files(&mut config.internal, &files);
    config.internal.core_listen = "127.0.0.1:0".into();
    let app = server::build(config, kernel::clock::Clock::system()).unwrap();
    let running = server::serve(app, None).await.unwrap();
    let (public, internal) = (running.address, running.internal.unwrap());
    // A connection in reserve must not hold up the end.
    let edge = caller(&files);
    assert_eq!(knock(&edge, internal, "/edge/v1/actions/form").await, Some(401));
    tokio::time::timeout(Duration::from_secs(5), running.stop()).await.expect("an end").unwrap();
    for address in [public, internal] {
        assert!(tokio::net::TcpStream::connect(address).await.is_err(), "{address}");
    }
    db.drop().await;
}

#[tokio::test]
async fn a_core_that_cannot_use_its_files_does_not_start() {
    let authority = Authority::new().unwrap();
    let (files, other) =
        (Identity::new(&authority, &authority).unwrap(), Identity::new(&authority, &authority).unwrap());
    let db = tests::database::TestDatabase::create().await;
    for (change, word) in [
        (Box::new(|c: &mut Internal| c.ca = "/nowhere/ca.pem".into()) as Box<dyn Fn(&mut Internal)>, "/nowhere/ca.pem"),
        (Box::new(|c: &mut Internal| c.ca.clone_from(&c.key)), "key.pem"),
        (Box::new(|c: &mut Internal| c.key = other.key().display().to_string()), "cert.pem"),
    ] {
        let mut config = TestApp::config(&db);
        use_files(&mut config.internal, &files);
        config.internal.core_listen = "127.0.0.1:0".into();
        change(&mut config.internal);
        let app = server::build(config, kernel::clock::Clock::system()).unwrap();
        let error = server::serve(app, None).await.err().expect("refused").to_string();
        assert!(error.contains(word), "{word}: {error}");
    }
    db.drop().await;
}
