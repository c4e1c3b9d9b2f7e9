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
