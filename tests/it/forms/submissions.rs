//! From what a visitor sends to what is known afterwards.
use super::{World, answers, enquiry};
use serde_json::{Value, json};
use std::collections::HashSet;

#[tokio::test]
async fn a_submission_becomes_a_contact_with_consent_event_notification_and_mail() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({"contact_tags": ["web"], "contact_stage": "qualified"})).await;
    let body = json!({"version": 1, "answers": answers(), "filled_ms": 9_000, "honey": "",
        "attr": {"utm_source": "news", "gclid": "g1", "ref": "https://search.example/"}});
    let thanks = world.visitor(&form, 1).send(body).await;
    assert_eq!(thanks.expect(201)["state"], "received");
    assert_eq!(thanks.body["outcome"], json!({"kind": "message", "title": "Thank you"}));
    world.app.settle().await;

    let submission = world.owner.get(&format!("/v1/submissions/{}", thanks.text_of("submission"))).await;
    let body = submission.expect(200);
    assert_eq!(body["answers"], answers());
    assert_eq!(body["lines"][2], json!({"key": "kind", "label": "What", "value": "A wall"}));
    assert_eq!(body["context"]["page"], "https://client.example/contact");
    assert_eq!(body["context"]["ip"], "192.0.2.0/24");
    assert_eq!(body["definition"]["version"], 1);
    let contact = submission.text_of("contact");
    let known = world.owner.get(&format!("/v1/contacts/{contact}")).await;
    let known = known.expect(200);
    assert_eq!((&known["email"], &known["stage"]), (&json!("ada@visitor.example"), &json!("qualified")));
    assert_eq!((&known["tags"], &known["source"]), (&json!(["web"]), &json!("form")));
    assert_eq!(known["first_touch"]["utm"]["source"], "news");
    assert_eq!(known["first_touch"]["page"], "https://client.example/contact");
    let consents = world.owner.get(&format!("/v1/contacts/{contact}/consents")).await;
    let consent = &consents.expect(200)["items"][0];
    assert_eq!((&consent["purpose"], &consent["text"]), (&json!("news"), &json!("Send me news")));
    assert_eq!(consent["evidence"]["page"], "https://client.example/contact");
    assert_eq!(consent["evidence"]["submission"], thanks.body["submission"]);

    let events = world.events().await;
    for kind in ["contact.created", "contact.consent_granted", "form.submitted"] {
        assert_eq!(events.iter().filter(|k| *k == kind).count(), 1, "{kind} in {events:?}");
    }
    let payloads = world.tenant_query("select payload::text || title from events where kind like 'form.%'").await;
    assert!(payloads.iter().all(|row| !row.get::<_, String>(0).contains("ada")), "events name nobody");
    let told = world.owner.get("/v1/notifications").await;
    assert_eq!(told.expect(200)["items"][0]["kind"], "submission.received");
    assert_eq!(world.mails("northlight@example.com").await.len(), 1);
    assert!(world.mails("ada@visitor.example").await.is_empty(), "no auto-reply was asked for");
}

#[tokio::test]
async fn a_second_submission_of_the_same_person_finds_the_contact() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let first = world.visitor(&form, 1).submit(1, answers()).await;
    let mut later = answers();
    later["email"] = json!("  ADA@visitor.example ");
    later["phone"] = json!("+49 30 901820");
    let second = world.visitor(&form, 2).submit(1, later).await;
    // By phone alone: it was learnt from the second submission.
    let phone = json!({"name": "A. L.", "phone": "+4930901820", "kind": "wall"});
    let third = world.visitor(&form, 3).submit(1, phone).await;
    let mut contacts = HashSet::new();
    for sent in [&first, &second, &third] {
        sent.expect(201);
        let got = world.owner.get(&format!("/v1/submissions/{}", sent.text_of("submission"))).await;
        contacts.insert(got.text_of("contact"));
    }
    assert_eq!(contacts.len(), 1);
    assert_eq!(world.count("select count(*) from contacts").await, 1);
    // Two contacts, one address each: the e-mail decides and the other one keeps its number.
    world
        .owner
        .post("/v1/contacts", json!({"first_name": "Bob", "emails": [{"address": "bob@visitor.example"}]}))
        .await
        .expect(201);
    let both = json!({"name": "Bob", "email": "bob@visitor.example", "phone": "+49 30 901820", "kind": "wall"});
    world.visitor(&form, 4).submit(1, both).await.expect(201);
    assert_eq!(world.count("select count(*) from contacts").await, 2);
    assert_eq!(world.count("select count(*) from contact_phones").await, 1);
    world.app.settle().await;
}

#[tokio::test]
async fn sending_again_with_the_same_key_makes_one_submission() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let visitor = world.visitor(&form, 1);
    let first = visitor.submit(1, answers()).await;
    let again = visitor.submit(1, answers()).await;
    assert_eq!(first.expect(201), again.expect(201));
    let mut other = answers();
    other["name"] = json!("Eve");
    assert_eq!(visitor.submit(1, other).await.expect(422)["code"], "key_reused");
    // The same key of another visitor is another key.
    world.visitor(&form, 2).submit(1, answers()).await.expect(201);
    assert_eq!(world.count("select count(*) from submissions").await, 2);

    let racing = world.visitor(&form, 3).key("race");
    let calls = futures_util::future::join_all((0..8).map(|_| racing.submit(1, answers()))).await;
    let ids: HashSet<String> = calls.iter().map(|call| (call.expect(201), call.text_of("submission")).1).collect();
    assert_eq!(ids.len(), 1, "eight at once are one");
    assert_eq!(world.count("select count(*) from submissions").await, 3);
    assert_eq!(world.count("select count(*) from events where kind = 'form.submitted'").await, 3);
    assert_eq!(world.count("select count(*) from contacts").await, 1);
    world.app.settle().await;
    let mut keyless = world.visitor(&form, 4);
    keyless.claims.key = String::new();
    assert_eq!(keyless.submit(1, answers()).await.expect(428)["code"], "key_required");
}

#[tokio::test]
async fn a_submission_keeps_the_version_it_was_filled_in_with() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let path = format!("/v1/forms/{}", form.id);
    let next = json!({"steps": [{"key": "only", "fields": [{"key": "nick", "type": "text", "label": "Nick", "required": true}]}]});
    world.owner.patch(&path, json!({"draft": next})).await.expect(200);
    world.owner.post(&format!("{path}/versions"), json!({})).await.expect(201);
    // Somebody had the page open all the while.
    let old = world.visitor(&form, 1).submit(1, answers()).await;
    old.expect(201);
    let new = world.visitor(&form, 2).submit(2, json!({"nick": "A"})).await;
    new.expect(201);
    let old = world.owner.get(&format!("/v1/submissions/{}", old.text_of("submission"))).await;
    assert_eq!(old.expect(200)["definition"]["title"], "Enquiry");
    let new = world.owner.get(&format!("/v1/submissions/{}", new.text_of("submission"))).await;
    assert_eq!(new.expect(200)["definition"]["steps"][0]["key"], "only");
    assert_eq!(new.body["contact"], Value::Null, "a form that asks nobody's name makes no contact");
    assert_eq!(world.visitor(&form, 3).submit(9, answers()).await.expect(409)["code"], "version");
    world.app.settle().await;
}

#[tokio::test]
async fn the_server_decides_what_counts() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let visitor = world.visitor(&form, 1);
    let refused = visitor.submit(1, json!({"name": " ", "email": "x", "kind": "roof"})).await;
    let body = refused.expect(422);
    assert_eq!(body["code"], "invalid");
    assert_eq!(body["fields"], json!({"name": "required", "email": "email", "area": "required"}));
    assert_eq!(world.count("select count(*) from submissions").await, 0);
    // An answer to a question that is not asked is no part of it, but not forgotten either.
    let mut hidden = answers();
    hidden["area"] = json!(12);
    hidden["made_up"] = json!("x");
    let sent = visitor.submit(1, hidden).await;
    sent.expect(201);
    let got = world.owner.get(&format!("/v1/submissions/{}", sent.text_of("submission"))).await;
    assert_eq!(got.expect(200)["answers"], answers());
    assert_eq!(got.body["history"], json!({"area": 12}));
    // A page of another site cannot be named: the origin is what is proven.
    let mut elsewhere = world.visitor(&form, 2);
    elsewhere.claims.page = "https://evil.example/".into();
    let sent = elsewhere.submit(1, answers()).await;
    let got = world.owner.get(&format!("/v1/submissions/{}", sent.text_of("submission"))).await;
    assert_eq!(got.expect(200)["context"]["page"], "https://client.example");
    world.app.settle().await;
}

#[tokio::test]
async fn a_form_that_takes_nothing_says_why() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({"submission_cap": 2})).await;
    let path = format!("/v1/forms/{}", form.id);
    let code = async |session: u8| {
        let answer = world.visitor(&form, session).submit(1, answers()).await;
        (answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())
    };
    let racers = futures_util::future::join_all((1..=5).map(code)).await;
    assert_eq!(racers.iter().filter(|(status, _)| *status == 201).count(), 2, "a cap holds against five at once");
    assert!(racers.iter().all(|(status, code)| *status == 201 || code == "full"), "{racers:?}");
    let settings =
        json!({"submission_cap": null, "opens_at": "2026-11-20T13:00:00Z", "closes_at": "2026-11-20T14:00:00Z"});
    world.owner.patch(&path, settings).await.expect(200);
    assert_eq!(code(11).await, (409, "not_open".into()));
    world.app.advance(chrono::TimeDelta::hours(1));
    assert_eq!(code(12).await.0, 201);
    world.app.advance(chrono::TimeDelta::hours(1));
    let token = super::sign_in(&world.app, "northlight@example.com").await.0;
    assert_eq!(code(13).await, (409, "closed".into()));
    token.patch(&path, json!({"closes_at": null, "opens_at": null})).await.expect(200);
    token.post(&format!("{path}/unpublish"), json!({})).await.expect(200);
    assert_eq!(code(14).await, (409, "closed".into()));
    let mut unknown = world.visitor(&form, 15);
    unknown.claims.widget = Some(kernel::embed::WidgetId::from_random([3; 13]));
    assert_eq!(unknown.submit(1, answers()).await.expect(409)["code"], "unavailable");
    world.app.settle().await;
}

#[tokio::test]
async fn only_the_edge_can_speak_for_visitors() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let body = json!({"version": 1, "answers": answers(), "filled_ms": 9000});
    world.app.anonymous().post("/edge/v1/actions/form", body.clone()).await.expect(401);
    let visitor = world.visitor(&form, 1);
    let signed = visitor.claims.sign(&[9; 32], "POST", "/edge/v1/actions/form", body.to_string().as_bytes());
    let forged = world
        .app
        .anonymous()
        .with("upzento-visitor", signed.claims)
        .with("upzento-visitor-signature", signed.signature);
    forged.post("/edge/v1/actions/form", body).await.expect(401);
    assert_eq!(world.count("select count(*) from submissions").await, 0);
}

#[tokio::test]
async fn lists_exports_and_deletion() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    for (session, name) in [(1, "=1+1"), (2, "Ada"), (3, "Grace")] {
        let mut sent = answers();
        sent["name"] = json!(name);
        world.visitor(&form, session).submit(1, sent).await.expect(201);
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    let page = world.owner.get(&format!("/v1/submissions?filter=form:eq:{}&limit=2", form.id)).await;
    let items = page.expect(200)["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|i| i["answers"]["name"].clone()).collect::<Vec<_>>(), [json!("Grace"), json!("Ada")]);
    let next = world
        .owner
        .get(&format!("/v1/submissions?limit=2&filter=form:eq:{}&cursor={}", form.id, page.text_of("next_cursor")))
        .await;
    assert_eq!(next.expect(200)["items"].as_array().unwrap().len(), 1);

    let csv = world.owner.get(&format!("/v1/forms/{}/submissions/export", form.id)).await;
    csv.expect(200);
    let lines: Vec<&str> = csv.text.split("\r\n").collect();
    assert_eq!(lines[0], "id,created_at,state,version,contact,reasons,Name,E-mail,Phone,What,Area,news");
    assert!(lines[1].contains(",'=1+1,ada@visitor.example,,A wall,,yes"), "{}", lines[1]);
    assert_eq!(lines.len(), 5);
    assert!(world.events().await.contains(&"form.exported".to_owned()));

    let id = items[0]["id"].as_str().unwrap();
    world.owner.delete(&format!("/v1/submissions/{id}")).await.expect(204);
    world.owner.get(&format!("/v1/submissions/{id}")).await.problem(404, "not_found");
    let figures = world.owner.get(&format!("/v1/forms/{}/analytics", form.id)).await;
    assert_eq!(figures.expect(200)["completions"], 3, "figures keep what was deleted");
    let stranger = world.stranger().await;
    let id = items[1]["id"].as_str().unwrap();
    for path in [format!("/v1/submissions/{id}"), format!("/v1/forms/{}/submissions/export", form.id)] {
        stranger.get(&path).await.problem(404, "not_found");
    }
    for path in ["release", "spam"] {
        stranger.post(&format!("/v1/submissions/{id}/{path}"), json!({})).await.problem(404, "not_found");
    }
    stranger.delete(&format!("/v1/submissions/{id}")).await.problem(404, "not_found");
    world.app.settle().await;
}
