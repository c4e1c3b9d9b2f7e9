//! Files that lie in a bucket: sent whole and in parts, handed out whole and in part, removed, swept, and a store that is busy.
use super::s3::{ACCESS_KEY, REGION, S3, SECRET_KEY};
use crate::contacts::{contact_imports::upload, id_of};
use crate::forms::World;
use chrono::TimeDelta;
use kernel::config::{Config, Secret};
use reqwest::Method;
use serde_json::{Value, json};

fn bucket(url: String, secret: &str) -> impl FnOnce(&mut Config) {
    let secret = Secret::from(secret.to_owned());
    move |config| {
        config.files.root = "s3://kept/here".into();
        config.files.s3_endpoint = url;
        config.files.s3_region = REGION.into();
        config.files.s3_access_key = ACCESS_KEY.into();
        config.files.s3_secret_key = secret;
    }
}

fn path_of(url: &Value) -> String {
    format!("/v1/{}", url.as_str().expect("an address").split_once("/v1/").expect("a link").1)
}

#[tokio::test]
async fn attachments_live_in_a_bucket() {
    let (s3, url) = S3::start().await;
    let world = World::start_with(bucket(url, SECRET_KEY)).await;
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let file = upload(&world.owner, "a.txt", b"hello, bucket".as_slice()).await;
    let key = s3.kept().objects.keys().next().expect("an object").clone();
    assert!(key.starts_with("kept/here/t_"), "{key}");
    let kept = world.owner.post("/v1/attachments", json!({"contact": ada, "file": file})).await.text_of("id");
    let link = world.owner.post(&format!("/v1/attachments/{kept}/links"), json!({})).await;
    let link = path_of(&link.expect(201)["url"]);
    let reader = world.app.anonymous();
    let whole = reader.get(&link).await;
    assert_eq!(
        (whole.expect(200), whole.headers["accept-ranges"].to_str().unwrap()),
        (&json!("hello, bucket"), "bytes")
    );
    let part = reader.with("range", "bytes=7-").get(&link).await;
    assert_eq!(
        (part.expect(206), part.headers["content-range"].to_str().unwrap()),
        (&json!("bucket"), "bytes 7-12/13")
    );
    assert_eq!(reader.with("range", "bytes=99-").get(&link).await.expect(200), "hello, bucket");

    // A picture's small one comes through the same store; a large file goes in parts.
    let photo = upload(&world.owner, "p.png", include_bytes!("../attachments/given/red.png").as_slice()).await;
    world.owner.post("/v1/attachments", json!({"contact": ada, "file": photo})).await.expect(201);
    world.app.settle().await;
    assert_eq!(s3.kept().objects.len(), 3);
    let large: Vec<u8> = (0..17_000_000_u32).map(|n| (n % 251) as u8).collect();
    let sent =
        world.owner.send(Method::POST, "/v1/files?name=l.bin", Some("application/octet-stream"), large.clone()).await;
    sent.expect(201);
    let parts = s3.kept().asked.iter().filter(|asked| *asked == "PUT part").count();
    assert_eq!((parts, s3.kept().parts.len()), (3, 0));
    assert!(s3.kept().objects.values().any(|object| *object == large));

    // A store that has too much to do is asked again.
    s3.kept().busy = 1;
    let busy = upload(&world.owner, "b.txt", b"patience".as_slice()).await;
    let link = world.owner.post(&format!("/v1/files/{busy}/links"), json!({})).await;
    let link = path_of(&link.expect(201)["url"]);
    s3.kept().busy = 1;
    assert_eq!(reader.get(&link).await.expect(200), "patience");
    // What is gone there is gone here.
    s3.kept().objects.retain(|_, object| object != b"patience");
    reader.get(&link).await.problem(404, "not_found");

    // Removed with its row; what belongs to nothing after a day; and all there is when the tenant ends.
    world.owner.delete(&format!("/v1/files/{file}")).await.expect(204);
    world.app.settle().await;
    assert!(!s3.kept().objects.contains_key(&key));
    world.app.advance(TimeDelta::hours(26));
    world.app.settle().await;
    assert_eq!(s3.kept().objects.len(), 2, "the picture and its small one");
    let tenant = world.app.app.tenant(world.tenant).await.unwrap();
    ::files::forget_tenant(&world.app.app, tenant.role.as_str()).await.unwrap();
    let kept = s3.kept();
    assert!(kept.objects.is_empty() && kept.forged.is_empty(), "{:?}", *kept);
}

#[tokio::test]
async fn a_bucket_that_does_not_know_us_takes_nothing() {
    let (s3, url) = S3::start().await;
    let world = World::start_with(bucket(url, "another secret")).await;
    let sent = world
        .owner
        .send(Method::POST, "/v1/files?name=a.txt", Some("application/octet-stream"), b"hello".to_vec())
        .await;
    sent.problem(503, "unavailable");
    assert!(s3.kept().objects.is_empty() && !s3.kept().forged.is_empty());
    assert_eq!(
        world.owner.get("/v1/files").await.expect(200)["items"],
        json!([]),
        "nothing that is not there is shown"
    );
}
