//! Files that visitors send with a form.
use super::World;
use serde_json::{Value, json};

fn with_file() -> Value {
    json!({"steps": [{"key": "s", "fields": [
        {"key": "name", "type": "text", "label": "Name", "maps_to": "name"},
        {"key": "photo", "type": "file", "label": "Photo", "accept": ["image/*"], "max_bytes": 1000, "max_files": 2},
        {"key": "any", "type": "file", "label": "Any"}]}]})
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

async fn upload(visitor: &super::Visitor<'_>, field: &str, name: &str, content: &[u8]) -> tests::Answer {
    let target = format!("/edge/v1/actions/upload?field={field}&name={name}");
    visitor.call(&target, "application/octet-stream", content.to_vec()).await
}

#[tokio::test]
async fn a_file_waits_for_its_form_and_goes_with_it() {
    let world = World::start().await;
    let form = world.published(with_file(), json!({})).await;
    let visitor = world.visitor(&form, 1);
    let kept = upload(&visitor, "photo", "me.png", PNG).await;
    assert_eq!(kept.expect(201)["type"], "image/png");
    let file = kept.text_of("file");
    // Somebody else's session cannot name it.
    let thief = world.visitor(&form, 2).submit(1, json!({"name": "Eve", "photo": [file]})).await;
    assert_eq!(thief.expect(422)["fields"], json!({"photo": "type"}));
    let sent = visitor.submit(1, json!({"name": "Ada", "photo": [file]})).await;
    sent.expect(201);
    let path = format!("/v1/submissions/{}", sent.text_of("submission"));
    let got = world.owner.get(&path).await;
    let shown = &got.expect(200)["files"][0];
    assert_eq!((&shown["name"], &shown["type"]), (&json!("me.png"), &json!("image/png")));
    let url = shown["url"].as_str().unwrap();
    let link = url.split_once("/v1/").unwrap().1;
    let download = world.app.anonymous().get(&format!("/v1/{link}")).await;
    download.expect(200);
    assert_eq!(download.headers["content-type"], "image/png");
    assert_eq!(download.headers["content-disposition"], "attachment; filename=\"me.png\"; filename*=UTF-8''me.png");
    assert_eq!(download.headers["x-content-type-options"], "nosniff");
    // Once attached it cannot be attached again, not even by its own session.
    let again = visitor.clone().key("k2").submit(1, json!({"name": "Ada", "photo": [file]})).await;
    again.expect(422);
    world.owner.delete(&path).await.expect(204);
    world.app.settle().await;
    world.app.anonymous().get(&format!("/v1/{link}")).await.expect(404);
    assert_eq!(world.count("select count(*) from files").await, 0);
    let left = std::fs::read_dir(&world.app.app.config.files.root).unwrap();
    let objects: usize = left.map(|dir| std::fs::read_dir(dir.unwrap().path()).unwrap().count()).sum();
    assert_eq!(objects, 0, "no object is left behind");
}

#[tokio::test]
async fn what_does_not_fit_the_field_is_refused() {
    let world = World::start().await;
    let form = world.published(with_file(), json!({})).await;
    let visitor = world.visitor(&form, 1);
    for (field, content, code) in [
        ("photo", b"%PDF-1.7".as_slice(), "type"),
        ("photo", &[PNG, &[0; 1000]].concat(), "too_large"),
        ("any", b"MZ\x90\0", "type"),
        ("any", b"<svg onload=alert(1)>", "type"),
    ] {
        let refused = upload(&visitor, field, "x.png", content).await;
        assert_eq!(refused.expect(422)["fields"], json!({field: code}));
    }
    upload(&visitor, "name", "x.png", PNG).await.expect(409);
    upload(&visitor, "gone", "x.png", PNG).await.expect(409);
    // A file for one field cannot be slipped into another.
    let text = upload(&visitor, "any", "a.txt", b"hello").await;
    let slipped = visitor.submit(1, json!({"name": "Ada", "photo": [text.text_of("file")]})).await;
    assert_eq!(slipped.expect(422)["fields"], json!({"photo": "type"}));
    let nonsense = visitor.submit(1, json!({"photo": ["x"], "any": ["fil_00000000000000000000000000"]})).await;
    assert_eq!(nonsense.expect(422)["fields"], json!({"photo": "type", "any": "type"}));
    assert_eq!(world.count("select count(*) from submissions").await, 0);
}

#[tokio::test]
async fn what_is_never_sent_is_swept_after_a_day() {
    let world = World::start().await;
    let form = world.published(with_file(), json!({})).await;
    upload(&world.visitor(&form, 1), "photo", "a.png", PNG).await.expect(201);
    world.app.advance(chrono::TimeDelta::hours(12));
    let late = world.visitor(&form, 2);
    let kept = upload(&late, "photo", "b.png", PNG).await;
    kept.expect(201);
    world.app.advance(chrono::TimeDelta::minutes(13 * 60 - 1));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from files").await, 2, "a day is not over before it is over");
    world.app.advance(chrono::TimeDelta::minutes(1));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from files").await, 1);
    late.submit(1, json!({"name": "Late", "photo": [kept.text_of("file")]})).await.expect(201);
    world.app.advance(chrono::TimeDelta::days(3));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from files").await, 1, "what belongs to a submission stays");
    let used = world.app.db.superuser().await;
    let used =
        used.query_one("select sum(amount)::bigint from ops.usage where metric = 'files_bytes'", &[]).await.unwrap();
    assert_eq!(used.get::<_, i64>(0), PNG.len() as i64);
}
