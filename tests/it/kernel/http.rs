use reqwest::Method;
use serde_json::json;
use tests::TestApp;

#[tokio::test]
async fn health_is_told_truthfully() {
    let app = TestApp::start().await;
    app.anonymous().get("/healthz").await.expect(200);
    app.anonymous().get("/readyz").await.expect(200);
    // The database goes away: the process lives, but it is not ready. Then it comes back, and so does the program.
    let (server, name) = (xtask::postgres::shared_url().unwrap(), &app.db.name);
    tests::database::run(server, &format!("alter database {name} allow_connections false")).await;
    tests::database::run(
        server,
        &format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"),
    )
    .await;
    app.anonymous().get("/healthz").await.expect(200);
    let answer = app.anonymous().get("/readyz").await;
    answer.expect(503);
    assert_eq!(answer.body["problem"], "database");
    tests::database::run(server, &format!("alter database {name} allow_connections true")).await;
    app.anonymous().get("/readyz").await.expect(200);
}

#[tokio::test]
async fn an_unknown_address_is_a_problem_document() {
    let app = TestApp::start().await;
    let answer = app.anonymous().get("/v1/nowhere").await;
    answer.problem(404, "not_found");
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert!(answer.headers.contains_key("x-request-id"));
}

#[tokio::test]
async fn a_packed_body_is_refused_because_it_may_be_any_size_inside() {
    let app = TestApp::start().await;
    let client = app.anonymous().with("content-encoding", "gzip");
    let answer = client.send(Method::POST, "/v1/sessions", Some("application/json"), b"\x1f\x8b".to_vec()).await;
    answer.problem(415, "content_encoding_unsupported");
    let identity = app.anonymous().with("content-encoding", "identity");
    identity
        .post("/v1/sessions", json!({"email": "a@b.example", "password": "x"}))
        .await
        .problem(401, "credentials_wrong");
}

/// A dashboard as a build leaves it.
fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    std::fs::create_dir(folder.path().join("assets")).expect("made");
    write("index.html", b"<!doctype html><title>Upzento</title>");
    write("theme.js", b"0;");
    write("sw.js", b"1;");
    write("assets/main-4f2a.js", b"console.log(1);");
    write("assets/main-4f2a.js.br", b"packed");
    folder
}

#[tokio::test]
async fn the_dashboard_is_served_with_the_api_under_a_strict_policy() {
    let folder = built();
    let app = TestApp::start_with(|config| config.server.dashboard = folder.path().display().to_string()).await;
    let browser = app.anonymous().with("accept", "text/html,*/*;q=0.8");
    for page in ["/", "/contacts", "/contacts/con_1?tab=notes"] {
        let answer = browser.get(page).await;
        answer.expect(200);
        assert!(answer.text.contains("<title>Upzento</title>"), "{page}");
        let policy = answer.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.headers["cache-control"], "no-cache");
    }
    let script = app.anonymous().with("accept-encoding", "gzip, br").get("/assets/main-4f2a.js").await;
    script.expect(200);
    assert_eq!(
        (script.text.as_str(), &script.headers["content-encoding"]),
        ("packed", &"br".parse().expect("a value"))
    );
    assert_eq!(script.headers["cache-control"], "public, max-age=31536000, immutable");
    let again =
        app.anonymous().with("if-none-match", app.anonymous().get("/theme.js").await.etag()).get("/theme.js").await;
    again.expect(304);
    // The service worker is asked for anew each time, and fetches from here only.
    let worker = app.anonymous().get("/sw.js").await;
    worker.expect(200);
    assert_eq!(worker.headers["cache-control"], "no-cache");
    assert_eq!(worker.headers["content-security-policy"], "default-src 'none'; connect-src 'self'");
    // What is not there is not a page: a browser must not take a document for a script, nor a program for data.
    browser.get("/assets/gone-1.js").await.problem(404, "not_found");
    browser.get("/v1/nowhere").await.problem(404, "not_found");
    app.anonymous().get("/nowhere").await.problem(404, "not_found");
    browser.get("/assets/../index.html").await.expect(200);
    assert!(browser.get("/docs").await.text.contains("openapi"));
    browser.get("/v1/contacts").await.problem(401, "credential_missing");
}

#[tokio::test]
async fn a_dashboard_that_was_not_built_is_told_at_start() {
    let db = tests::database::TestDatabase::create().await;
    let mut config = TestApp::config(&db);
    config.server.dashboard = "/nowhere/dist".into();
    let app = server::build(config, kernel::clock::Clock::system()).expect("a program");
    let error = server::routes(&app).err().expect("refused").to_string();
    assert!(error.contains("server.dashboard") && error.contains("build it first"), "{error}");
}
