//! Uploading, downloading and deleting files.
use crate::forms::World;
use reqwest::Method;
use serde_json::json;

async fn upload(client: &tests::Client, name: &str, content: &[u8]) -> tests::Answer {
    let path = format!("/v1/files?name={name}");
    client.send(Method::POST, &path, Some("application/octet-stream"), content.to_vec()).await
}

fn path_of(url: &str) -> &str {
    url.split_once("/v1/").map(|(_, rest)| rest).expect("a link")
}

#[tokio::test]
async fn a_file_is_what_its_content_says_and_only_ever_a_download() {
    let world = World::start().await;
    let made = upload(&world.owner, "..%2Finvoice.png", b"<html><script>alert(1)</script>").await;
    let body = made.expect(201);
    assert_eq!(
        (&body["name"], &body["type"], &body["state"]),
        (&json!("invoice.png"), &json!("text/html"), &json!("pending"))
    );
    assert_eq!(body["size"], 31);
    let id = made.text_of("id");
    let link = world.owner.post(&format!("/v1/files/{id}/links"), json!({})).await;
    link.expect(201);
    let link = format!("/v1/{}", path_of(&link.text_of("url")));
    let got = world.app.anonymous().get(&link).await;
    got.expect(200);
    assert_eq!(got.text, "<html><script>alert(1)</script>");
    assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    assert_eq!(got.headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(got.headers["x-content-type-options"], "nosniff");
    world.app.anonymous().get(&format!("{link}x")).await.problem(404, "not_found");
    world.app.advance(chrono::TimeDelta::minutes(10));
    world.app.anonymous().get(&link).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_form_with_a_file_works_as_well() {
    let world = World::start().await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: image/png\r\n\r\na,b\r\n--b--\r\n";
    let kind = "multipart/form-data; boundary=b";
    let made = world.owner.send(Method::POST, "/v1/files", Some(kind), body.as_bytes().to_vec()).await;
    let body = made.expect(201);
    assert_eq!((&body["name"], &body["type"]), (&json!("a.csv"), &json!("text/csv")));
}

#[tokio::test]
async fn refusals_limits_and_repetition() {
    let world = World::start().await;
    upload(&world.owner, "", b"x").await.problem(422, "invalid");
    world.owner.send(Method::POST, "/v1/files?name=a", Some("text/plain"), b"x".to_vec()).await.expect(415);
    let large = vec![b'a'; world.app.app.config.limits.file_bytes + 1];
    upload(&world.owner, "a.txt", &large).await.problem(413, "too_large");
    let keyed = world.owner.with("idempotency-key", "f1");
    let first = upload(&keyed, "a.txt", b"hello").await;
    let again = upload(&keyed, "a.txt", b"hello").await;
    assert_eq!(first.expect(201), again.expect(201));
    let listed = world.owner.get("/v1/files?sort=name&filter=type:eq:text%2Fplain").await;
    assert_eq!(listed.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn deleting_removes_the_bytes_and_strangers_cannot() {
    let world = World::start().await;
    let id = upload(&world.owner, "a.txt", b"hello").await.text_of("id");
    let link = world.owner.post(&format!("/v1/files/{id}/links"), json!({})).await.text_of("url");
    let stranger = world.stranger().await;
    stranger.get(&format!("/v1/files/{id}")).await.problem(404, "not_found");
    stranger.delete(&format!("/v1/files/{id}")).await.problem(404, "not_found");
    stranger.post(&format!("/v1/files/{id}/links"), json!({})).await.problem(404, "not_found");
    assert_eq!(stranger.get("/v1/files").await.expect(200)["items"], json!([]));
    world.owner.delete(&format!("/v1/files/{id}")).await.expect(204);
    world.owner.get(&format!("/v1/files/{id}")).await.problem(404, "not_found");
    world.app.anonymous().get(&format!("/v1/{}", path_of(&link))).await.problem(404, "not_found");
    world.app.settle().await;
    let left = std::fs::read_dir(&world.app.app.config.files.root).unwrap();
    let objects: usize = left.map(|dir| std::fs::read_dir(dir.unwrap().path()).unwrap().count()).sum();
    assert_eq!(objects, 0);
    assert_eq!(world.events().await.iter().filter(|kind| kind.starts_with("file.")).count(), 2);
}

#[tokio::test]
async fn what_is_being_attached_while_old_uploads_are_swept_stays() {
    let world = World::start().await;
    for name in ["wanted.txt", "forgotten.txt"] {
        upload(&world.owner, name, b"hello").await.expect(201);
    }
    let role = world.app.app.tenant(world.tenant).await.unwrap().role.as_str().to_owned();
    let mut client = world.app.db.superuser().await;
    let attaching = client.transaction().await.unwrap();
    let attach = format!(
        "update {role}.files set state = 'attached', owner_kind = 'contacts', owner_id = gen_random_uuid() where name = 'wanted.txt'"
    );
    assert_eq!(attaching.execute(&attach, &[]).await.unwrap(), 1);
    world.app.advance(chrono::TimeDelta::hours(26));
    world.app.settle().await;
    attaching.commit().await.unwrap();
    world.app.settle().await;
    let left = world.tenant_query("select name from files").await;
    assert_eq!(left.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), ["wanted.txt"]);
}

#[tokio::test]
async fn a_tenant_that_ends_takes_its_bytes_along_and_nobody_elses() {
    let world = World::start().await;
    let stranger = world.stranger().await;
    let (mine, theirs) = (upload(&world.owner, "a.txt", b"hello").await, upload(&stranger, "b.txt", b"hello").await);
    let tenant = world.app.app.tenant(world.tenant).await.unwrap();
    // Twice: an interrupted deletion begins again.
    for _ in 0..2 {
        ::files::forget_tenant(&world.app.app, tenant.role.as_str()).await.unwrap();
    }
    for (client, file, status) in [(&world.owner, &mine, 404), (&stranger, &theirs, 200)] {
        let link = client.post(&format!("/v1/files/{}/links", file.text_of("id")), json!({})).await.text_of("url");
        world.app.anonymous().get(&format!("/v1/{}", path_of(&link))).await.expect(status);
    }
}
