//! Making, changing and publishing forms.
use super::{World, answers, enquiry};
use serde_json::{Value, json};

#[tokio::test]
async fn a_form_grows_from_draft_to_version_and_every_website_gets_it() {
    let world = World::start().await;
    let made = world.owner.post("/v1/forms", json!({"name": "Contact"})).await;
    let body = made.expect(201);
    assert_eq!(body["state"], "draft");
    assert_eq!(body["responsible"], world.owner_id.as_str());
    assert_eq!(body["problems"], json!([]));
    assert_eq!(body["widget"], Value::Null);
    let path = format!("/v1/forms/{}", made.text_of("id"));
    world.owner.post(&format!("{path}/versions"), json!({})).await.expect(201);
    world.app.settle().await;
    let form = world.owner.get(&path).await;
    assert_eq!(form.expect(200)["published_version"], 1);
    let widget = form.text_of("widget");
    let config = "select config, enabled from control.widgets where id = $1";
    let control = world.app.db.superuser().await;
    let row = control.query_one(config, &[&widget]).await.unwrap();
    let published: Value = row.get(0);
    assert_eq!(published["form"]["version"], 1);
    assert_eq!(published["form"]["steps"][0]["key"], "main");

    // A change to the draft is nobody's business until it is published.
    world.owner.patch(&path, json!({"draft": enquiry(), "theme": {"accent": "#0a7"}})).await.expect(200);
    world.app.settle().await;
    let row = control.query_one(config, &[&widget]).await.unwrap();
    let published: Value = row.get(0);
    assert_eq!(published["form"]["version"], 1);
    assert_eq!(published["theme"]["accent"], "#0a7", "looks are not versioned");
    world.owner.post(&format!("{path}/versions"), json!({})).await.expect(201);
    world.app.settle().await;
    let published: Value = control.query_one(config, &[&widget]).await.unwrap().get(0);
    assert_eq!(published["form"]["version"], 2);
    assert_eq!(published["form"]["title"], "Enquiry");
    let first = world.owner.get(&format!("{path}/versions/1")).await;
    assert_eq!(first.expect(200)["definition"]["steps"][0]["key"], "main");
    let numbers = world.owner.get(&format!("{path}/versions")).await;
    assert_eq!(numbers.expect(200).as_array().unwrap().len(), 2);

    // Off and on again.
    world.owner.post(&format!("{path}/unpublish"), json!({})).await.expect(200);
    world.app.settle().await;
    assert!(!control.query_one(config, &[&widget]).await.unwrap().get::<_, bool>(1));
    world.owner.post(&format!("{path}/unpublish"), json!({})).await.problem(409, "not_published");
    world.owner.post(&format!("{path}/versions"), json!({})).await.expect(201);
    world.app.settle().await;
    assert!(control.query_one(config, &[&widget]).await.unwrap().get::<_, bool>(1));
    let mut told: Vec<String> = world.events().await.into_iter().filter(|kind| kind.starts_with("form.")).collect();
    told.sort_unstable();
    let wanted = ["created", "published", "published", "published", "unpublished", "updated"];
    assert_eq!(told, wanted.map(|k| format!("form.{k}")));
}

#[tokio::test]
async fn an_unfinished_draft_is_kept_but_not_published() {
    let world = World::start().await;
    let made = world.owner.post("/v1/forms", json!({"name": "Contact"})).await;
    let path = format!("/v1/forms/{}", made.text_of("id"));
    let unfinished = json!({"steps": [{"key": "one", "fields": [{"key": "pick", "type": "select", "label": "Pick"}]}]});
    let saved = world.owner.patch(&path, json!({"draft": unfinished})).await;
    assert_eq!(saved.expect(200)["problems"][0]["field"], "/draft/steps/0/fields/0/options");
    let refused = world.owner.post(&format!("{path}/versions"), json!({})).await;
    let body = refused.problem(422, "invalid");
    assert_eq!(body["errors"][0]["field"], "/draft/steps/0/fields/0/options");
    let misshapen = json!({"steps": [{"key": "one", "fields": [{"key": "a", "type": "text", "lable": "x"}, {"key": 1, "type": "gone"}]}]});
    let refused = world.owner.patch(&path, json!({"draft": misshapen})).await;
    let fields: Vec<&str> = refused.problem(422, "invalid")["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        ["/draft/steps/0/fields/0/lable", "/draft/steps/0/fields/1/key", "/draft/steps/0/fields/1/type"]
    );
    assert_eq!(world.owner.get(&path).await.expect(200)["draft"], unfinished, "a refused save changes nothing");
}

#[tokio::test]
async fn two_editors_do_not_overwrite_each_other() {
    let world = World::start().await;
    let made = world.owner.post("/v1/forms", json!({"name": "Contact"})).await;
    let path = format!("/v1/forms/{}", made.text_of("id"));
    let tag = world.owner.get(&path).await.etag();
    let first = world.owner.with("if-match", &*tag).patch(&path, json!({"name": "First"})).await;
    first.expect(200);
    assert_ne!(first.etag(), tag);
    world.owner.with("if-match", &*tag).patch(&path, json!({"name": "Second"})).await.problem(412, "stale");
    world.owner.with("if-match", &*tag).post(&format!("{path}/versions"), json!({})).await.problem(412, "stale");
    assert_eq!(world.owner.get(&path).await.expect(200)["name"], "First");
}

#[tokio::test]
async fn settings_are_checked() {
    let world = World::start().await;
    let made = world.owner.post("/v1/forms", json!({"name": "Contact"})).await;
    let path = format!("/v1/forms/{}", made.text_of("id"));
    let bad = json!({"name": " ", "theme": {"a": 1}, "locale": "e n", "hosted_url": "javascript:x", "submission_cap": 0,
        "auto_reply_subject": "x", "opens_at": "2026-02-01T00:00:00Z", "closes_at": "2026-01-01T00:00:00Z"});
    let refused = world.owner.patch(&path, bad).await;
    let errors = refused.problem(422, "invalid")["errors"].as_array().unwrap().len();
    assert_eq!(errors, 7, "{}", refused.text);
    let unknown = json!({"notify": ["usr_00000000000000000000000000"]});
    let refused = world.owner.patch(&path, unknown).await;
    assert_eq!(refused.problem(422, "invalid")["errors"][0]["code"], "member_unknown");
    let webhook = json!({"webhook": "whk_00000000000000000000000000"});
    assert_eq!(world.owner.patch(&path, webhook).await.problem(422, "invalid")["errors"][0]["field"], "/webhook");
    world.owner.patch(&path, json!({"nmae": "x"})).await.expect(400);
    let good = json!({"match_rule": "phone", "auto_reply_subject": "Hello", "auto_reply_body": "Hi {{name}}",
        "contact_tags": ["web"], "submission_cap": 10, "locale": "pt-BR"});
    let saved = world.owner.patch(&path, good).await;
    assert_eq!(saved.expect(200)["match_rule"], "phone");
    let cleared = world.owner.patch(&path, json!({"auto_reply_subject": null, "auto_reply_body": null})).await;
    assert_eq!(cleared.expect(200)["auto_reply_subject"], Value::Null);
}

#[tokio::test]
async fn a_copy_has_its_own_life_and_a_form_with_submissions_stays() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({"contact_tags": ["web"]})).await;
    let path = format!("/v1/forms/{}", form.id);
    let copy = world.owner.post(&format!("{path}/duplicate"), json!({})).await;
    let body = copy.expect(201);
    assert_eq!((&body["name"], &body["state"]), (&json!("Enquiry (copy)"), &json!("draft")));
    assert_eq!((&body["draft"], &body["contact_tags"]), (&enquiry(), &json!(["web"])));
    world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    world.owner.delete(&path).await.problem(409, "form_has_submissions");
    world.owner.delete(&format!("/v1/forms/{}", copy.text_of("id"))).await.expect(204);
    let other = world.published(enquiry(), json!({})).await;
    world.owner.delete(&format!("/v1/forms/{}", other.id)).await.expect(204);
    world.app.settle().await;
    let control = world.app.db.superuser().await;
    let left = control.query("select id from control.widgets", &[]).await.unwrap();
    assert_eq!(left.len(), 1, "the widget goes with its form");
}

#[tokio::test]
async fn a_form_taken_off_its_websites_comes_back_as_it_was_there() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let path = format!("/v1/forms/{}", form.id);
    world.owner.post(&format!("{path}/republish"), json!({})).await.problem(409, "not_unpublished");
    world.owner.post(&format!("{path}/unpublish"), json!({})).await.expect(200);
    world.app.settle().await;
    world.visitor(&form, 1).submit(1, answers()).await.expect(409);
    // Somebody goes on with the draft in the meantime; that is not what comes back.
    world.owner.patch(&path, json!({"draft": {"steps": []}})).await.expect(200);
    let back = world.owner.post(&format!("{path}/republish"), json!({})).await;
    assert_eq!((&back.expect(200)["state"], &back.body["published_version"]), (&json!("published"), &json!(1)));
    world.app.settle().await;
    world.visitor(&form, 2).submit(1, answers()).await.expect(201);
    let published = world.events().await.into_iter().filter(|kind| kind == "form.published").count();
    assert_eq!(published, 2);
    let control = world.app.db.superuser().await;
    let on = control.query_one("select enabled from control.widgets", &[]).await.unwrap();
    assert!(on.get::<_, bool>(0), "its widget is on again");
}

#[tokio::test]
async fn making_a_form_twice_with_one_key_makes_one() {
    let world = World::start().await;
    let client = world.owner.with("idempotency-key", "k-1");
    let first = client.post("/v1/forms", json!({"name": "Contact"})).await;
    let again = client.post("/v1/forms", json!({"name": "Contact"})).await;
    assert_eq!(first.expect(201), again.expect(201));
    client.post("/v1/forms", json!({"name": "Other"})).await.expect(422);
    assert_eq!(world.count("select count(*) from forms").await, 1);
}

#[tokio::test]
async fn strangers_see_nothing_and_members_see_their_level() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let stranger = world.stranger().await;
    let path = format!("/v1/forms/{}", form.id);
    for path in [path.clone(), format!("{path}/versions"), format!("{path}/analytics")] {
        stranger.get(&path).await.problem(404, "not_found");
    }
    stranger.patch(&path, json!({"name": "Mine"})).await.problem(404, "not_found");
    stranger.delete(&path).await.problem(404, "not_found");
    assert_eq!(stranger.get("/v1/forms").await.expect(200)["items"], json!([]));
    world.app.anonymous().get("/v1/forms").await.expect(401);
    let listed = world.owner.get("/v1/forms?filter=state:eq:published&sort=name").await;
    assert_eq!(listed.expect(200)["items"][0]["id"], form.id.as_str());
    world.owner.get("/v1/forms?filter=colour:eq:red").await.expect(422);
}

#[tokio::test]
async fn a_role_decides_what_a_member_may_do() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let path = format!("/v1/forms/{}", form.id);
    let role = async |key: &str, grants: Value| {
        let made = world.owner.post("/v1/roles", json!({"name": key, "key": key, "grants": grants})).await;
        made.expect(201);
        world.member(key, key).await.0
    };
    let client = role("reader", json!({"forms.read": "all"})).await;
    client.get(&path).await.expect(200);
    client.patch(&path, json!({"name": "Mine"})).await.problem(403, "permission_missing");
    client.post("/v1/forms", json!({"name": "Mine"})).await.problem(403, "permission_missing");
    client.get(&format!("{path}/submissions/export")).await.problem(403, "permission_missing");
    client.get("/v1/webhooks").await.problem(403, "permission_missing");
    client.post("/v1/files?name=a", json!({})).await.expect(403);
    // Level own: the forms he looks after, and what was sent with them.
    let own = role("keeper", json!({"forms.read": "own", "forms.write": "own"})).await;
    let sent = world.visitor(&form, 1).submit(1, answers()).await.text_of("submission");
    own.get(&path).await.problem(404, "not_found");
    own.get(&format!("/v1/submissions/{sent}")).await.problem(404, "not_found");
    own.post(&format!("/v1/submissions/{sent}/spam"), json!({})).await.problem(404, "not_found");
    own.post(&format!("{path}/duplicate"), json!({})).await.problem(404, "not_found");
    assert_eq!(own.get("/v1/submissions").await.expect(200)["items"], json!([]));
    let his = own.post("/v1/forms", json!({"name": "His"})).await;
    let listed = own.get("/v1/forms").await;
    assert_eq!(listed.expect(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed.body["items"][0]["id"], his.expect(201)["id"]);
    world.app.settle().await;
}

#[tokio::test]
async fn a_form_names_its_tags_as_they_are_called_now() {
    let world = World::start().await;
    let owner = &world.owner;
    let tag = async |name: &str| {
        let made = owner.post("/v1/tags", json!({"name": name})).await;
        made.expect(201);
        format!("/v1/tags/{}", made.text_of("id"))
    };
    let (web, fair) = (tag("web").await, tag("fair").await);
    let form = world.published(enquiry(), json!({"contact_tags": [" Web ", "fair", "later", "WEB"]})).await;
    let path = format!("/v1/forms/{}", form.id);
    let named = async || owner.get(&path).await.expect(200)["contact_tags"].clone();
    assert_eq!(named().await, json!(["web", "fair", "later"]), "in the order in which they were said, each once");

    let before = owner.get(&path).await;
    owner.patch(&web, json!({"name": "website"})).await.expect(200);
    assert_eq!(named().await, json!(["website", "fair", "later"]));
    // Whoever has the form open hears of it, and does not overwrite it.
    owner.with("if-match", before.etag()).patch(&path, json!({"name": "Other"})).await.problem(412, "stale");
    assert!(world.events().await.iter().any(|kind| kind == "form.updated"));
    let version = owner.get(&path).await.expect(200)["version"].clone();
    owner.patch(&web, json!({"colour": "#112233"})).await.expect(200);
    assert_eq!(owner.get(&path).await.expect(200)["version"], version, "another colour is no other name");
    // By a name of before, also from a program that has not heard of it.
    let said = owner.patch(&path, json!({"contact_tags": ["later", "WEB", "fair"]})).await;
    assert_eq!(said.expect(200)["contact_tags"], json!(["later", "website", "fair"]));
    let into = web.trim_start_matches("/v1/tags/");
    owner.post(&format!("{fair}/merger"), json!({"into": into})).await.expect(200);
    assert_eq!(named().await, json!(["later", "website"]), "two that became one are one");
    let copy = owner.post(&format!("{path}/duplicate"), json!({})).await;
    assert_eq!(copy.expect(201)["contact_tags"], json!(["later", "website"]));

    // One that is deleted goes, whatever the form calls it, and no answer makes it anew.
    owner.patch(&path, json!({"contact_tags": ["later", "Fair"]})).await.expect(200);
    owner.delete(&web).await.expect(204);
    assert_eq!(named().await, json!(["later"]));
    world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    let tags = owner.get("/v1/tags").await;
    let names: Vec<&str> =
        tags.expect(200)["items"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    assert_eq!(names, ["later"]);
    world.app.settle().await;
}

#[tokio::test]
async fn answers_to_a_form_with_a_cap_come_in_while_its_tag_is_renamed() {
    let world = World::start().await;
    let made = world.owner.post("/v1/tags", json!({"name": "name"})).await;
    let tag = format!("/v1/tags/{}", made.text_of("id"));
    let form = world.published(enquiry(), json!({"contact_tags": ["name"], "submission_cap": 100})).await;
    for round in 0..8_u8 {
        let rename = async { world.owner.patch(&tag, json!({"name": format!("name {round}")})).await };
        let (one, other) = (world.visitor(&form, 2 * round + 1), world.visitor(&form, 2 * round + 2));
        let (renamed, one, other) = tokio::join!(rename, one.submit(1, answers()), other.submit(1, answers()));
        renamed.expect(200);
        one.expect(201);
        other.expect(201);
    }
    let tags = world.owner.get("/v1/tags").await;
    assert_eq!(tags.expect(200)["items"].as_array().map(Vec::len), Some(1), "none was made anew");
    world.app.settle().await;
}
