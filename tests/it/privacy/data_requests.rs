//! Personal data handed out and erased.
use crate::{
    contacts::{
        contact_imports::{path_of, prepare, upload},
        id_of,
    },
    forms::World,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use wiremock::MockServer;

/// What names the person, and must be nowhere after an erasure.
const CANARIES: [&str; 11] = [
    "quellwasser",
    "canaria",
    "canary.one@secret.example",
    "canary.two@secret.example",
    "+4930901820",
    "30 901820",
    "birdcage works",
    "canary-photo",
    "seed street",
    "likes millet",
    "secret-path",
];

fn form() -> Value {
    json!({
        "title": "Enquiry",
        "steps": [{"key": "s", "fields": [
            {"key": "name", "type": "text", "label": "Name", "maps_to": "name"},
            {"key": "email", "type": "email", "label": "E-mail", "maps_to": "email"},
            {"key": "news", "type": "consent", "text": "Send me news"},
            {"key": "photo", "type": "file", "label": "Photo"}]}]
    })
}

/// A contact of which every table knows something.
async fn known_everywhere(world: &World) -> (String, String) {
    let id = id_of(
        &world.owner.with("idempotency-key", "canary"),
        json!({
            "first_name": "Canaria", "last_name": "Quellwasser", "company_name": "Birdcage Works", "tags": ["bird"],
            "emails": [{"address": "Canary.One@secret.example"}], "phones": [{"number": "+49 30 901820"}],
            "address": {"line1": "Seed Street 1"}, "touch": {"page": "https://client.example/secret-path"}
        }),
    )
    .await;
    let path = format!("/v1/contacts/{id}");
    world
        .owner
        .patch(
            &path,
            json!({"emails": [{"address": "Canary.One@secret.example"}, {"address": "canary.two@secret.example"}]}),
        )
        .await
        .expect(200);
    let evidence = json!({"purpose": "news", "state": "granted", "text": "Wording", "evidence": {"page": "https://client.example/secret-path", "note": "Canaria said so"}});
    world.owner.with("idempotency-key", "c1").post(&format!("{path}/consents"), evidence).await.expect(201);
    world.owner.put(&format!("{path}/do-not-contact/sms"), json!({"reason": "Canaria hates it"})).await.expect(204);
    world
        .owner
        .with("idempotency-key", "n1")
        .post(&format!("{path}/notes"), json!({"body": "Likes millet"}))
        .await
        .expect(201);
    world
        .owner
        .post(&format!("{path}/notes"), json!({"body": "Likes millet a lot", "private": true}))
        .await
        .expect(201);
    world
        .owner
        .post(
            &format!("{path}/activities"),
            json!({"kind": "call", "title": "Quellwasser called", "body": "likes millet"}),
        )
        .await
        .expect(201);
    let deal = json!({"title": "Birdcage Works: a cage", "next_step": "Ask Canaria", "contacts": [{"contact": id}]});
    world.owner.with("idempotency-key", "d1").post("/v1/deals", deal).await.expect(201);
    let task = json!({"title": "Ring Quellwasser", "description": "About millet", "contact": id});
    world.owner.with("idempotency-key", "t1").post("/v1/tasks", task).await.expect(201);
    world
        .owner
        .post("/v1/data-requests", json!({"contact": id, "kind": "export", "reason": "Mrs Quellwasser asked"}))
        .await
        .expect(201);

    let other = id_of(&world.owner, json!({"first_name": "Neighbour"})).await;
    world
        .owner
        .post(&format!("/v1/contacts/{other}/notes"), json!({"body": "Reach her at CANARY.TWO@secret.example"}))
        .await
        .expect(201);
    world.owner.post(&format!("/v1/contacts/{other}/notes"), json!({"body": "Has a dog"})).await.expect(201);
    let letter = upload(&world.owner, "to-Canary.Two@secret.example.txt", b"Dear neighbour".as_slice()).await;
    world.owner.post("/v1/attachments", json!({"contact": other, "file": letter})).await.expect(201);

    // Whoever looked for her keeps his views.
    for (name, more) in [
        ("Found", json!({"q": "Canary.One@secret.example"})),
        ("Dialled", json!({"q": "030 901820"})),
        ("Of canary.two@secret.example", json!({"audience": "everyone"})),
        ("Filtered", json!({"filter": ["email:in:canary.one@secret.example,dog@kennel.example", "stage:eq:new"]})),
        ("Others", json!({"q": "dog@kennel.example"})),
    ] {
        let mut view = json!({"name": name});
        view.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        world.owner.post("/v1/saved-views", view).await.expect(201);
    }

    // So does whoever changed what a list showed, and whoever asked for her in conditions.
    let matching =
        json!({"q": "Canary.One@secret.example", "filter": ["email:in:canary.one@secret.example,dog@kennel.example"]});
    let change = json!({"matching": matching, "change": {"source": "Friend of canary.two@secret.example"}});
    world.owner.post("/v1/contact-bulk-runs", change).await.expect(201);
    let rule =
        |name: &str, op: &str, values: Value| json!({"kind": "field", "field": name, "op": op, "values": values});
    let rules = json!([
        rule("email", "is", json!(["Canary.Two@secret.example", "dog@kennel.example"])),
        rule("phone", "is", json!(["030 901820"])),
    ]);
    let segment = json!({"name": "For canary.two@secret.example", "description": "Wrote as canary.one@secret.example",
        "kind": "dynamic", "definition": {"kind": "any", "rules": rules}});
    world.owner.post("/v1/segments", segment).await.expect(201);

    let published = world
        .published(form(), json!({"auto_reply_subject": "Thanks, {{name}}", "auto_reply_body": "Dear {{name}}"}))
        .await;
    let visitor = world.visitor(&published, 1);
    let kept = visitor
        .call(
            "/edge/v1/actions/upload?field=photo&name=canary-photo.png",
            "application/octet-stream",
            b"\x89PNG\r\n\x1a\n0000".to_vec(),
        )
        .await;
    let photo = kept.expect(201)["file"].clone();
    let answers =
        json!({"name": "Canaria Quellwasser", "email": "canary.one@SECRET.example", "news": true, "photo": [photo]});
    visitor.submit(1, answers).await.expect(201);
    world.app.settle().await;
    (id, other)
}

/// Everything the tenant's schema and the shared tables hold for the tenant, as one lower-case text per table.
async fn dump(world: &World) -> Vec<(String, String)> {
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let role = tenant.role.as_str();
    let client = world.app.db.superuser().await;
    let tables = client
        .query(
            "select schemaname::text, tablename::text from pg_tables where schemaname in ($1, 'ops') order by 1, 2",
            &[&role],
        )
        .await
        .expect("tables");
    let mut texts = vec![];
    for table in tables {
        let (schema, name): (String, String) = (table.get(0), table.get(1));
        let of = if schema == "ops" && !["refinery_schema_history", "signs_of_life", "traffic"].contains(&name.as_str())
        {
            format!("where t.tenant = '{role}'")
        } else {
            String::new()
        };
        let rows =
            client.query(&format!("select lower(t::text) from {schema}.{name} t {of}"), &[]).await.expect("rows");
        texts.push((
            format!("{schema}.{name}"),
            rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n"),
        ));
    }
    texts
}

#[tokio::test]
async fn after_an_erasure_nothing_names_the_person() {
    let world = World::start().await;
    world.app.expect_outbound_calls();
    let receiver = MockServer::start().await;
    let hook = json!({"name": "ERP", "url": format!("{}/hook", receiver.uri()), "kinds": ["contact.*", "form.*"]});
    world.owner.post("/v1/webhooks", hook).await.expect(201);
    let (id, other) = known_everywhere(&world).await;
    let before = dump(&world).await;
    for canary in CANARIES {
        assert!(before.iter().any(|(_, text)| text.contains(canary)), "the test seeded no {canary}");
    }
    let asked = world
        .owner
        .post("/v1/data-requests", json!({"contact": id, "kind": "erasure", "reason": "Canaria asked by letter"}))
        .await;
    assert_eq!(asked.expect(201)["state"], "queued");
    world.app.settle().await;

    let leaks: Vec<String> = dump(&world)
        .await
        .into_iter()
        .flat_map(|(table, text)| {
            CANARIES.iter().filter(move |c| text.contains(**c)).map(move |c| format!("{table}: {c}"))
        })
        .collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
    let left = std::fs::read_dir(&world.app.app.config.files.root).expect("a store");
    let objects: usize =
        left.map(|dir| std::fs::read_dir(dir.expect("a folder").path()).map_or(0, |files| files.count())).sum();
    assert_eq!(objects, 1, "the photo is gone, what was sent to a neighbour stays");

    let done = world.owner.get(&format!("/v1/data-requests/{}", asked.text_of("id"))).await;
    let request = done.expect(200);
    assert_eq!(request["state"], "done", "{request}");
    let tables = &request["proof"]["tables"];
    for (table, count) in [
        ("contacts", 1),
        ("contact_emails", 2),
        ("contact_phones", 1),
        ("do_not_contact", 1),
        ("notes", 3),
        ("activities", 1),
        ("tasks", 1),
        ("deals", 1),
        ("deal_contacts", 1),
        ("submissions", 1),
        ("data_exports", 1),
        ("consent_evidence", 2),
        ("saved_views", 4),
        ("contact_bulk_runs", 1),
        ("segments", 1),
    ] {
        assert_eq!(tables[table], count, "{table} in {tables}");
    }
    assert_eq!(request["proof"]["ledger_lines_kept"], 2);
    assert!(request["proof_hash"].as_str().is_some_and(|h| h.len() == 64));
    // What stays is a pseudonym: the log still proves itself, others keep what is theirs.
    assert_eq!(world.owner.get("/v1/audit/verification").await.expect(200)["valid"], true);
    let notes = world.owner.get(&format!("/v1/contacts/{other}/notes?sort=created_at")).await;
    let bodies: Vec<&Value> =
        notes.expect(200)["items"].as_array().expect("items").iter().map(|n| &n["body"]).collect();
    assert_eq!(bodies.len(), 2);
    assert!(bodies.contains(&&json!("[erased]")) && bodies.contains(&&json!("Has a dog")));
    let files = world.owner.get(&format!("/v1/attachments?filter=contact:eq:{other}")).await;
    assert_eq!(files.expect(200)["items"][0]["name"], "[erased]");
    let views = world.owner.get("/v1/saved-views").await.expect(200)["items"].clone();
    let said: Vec<(&Value, Option<&Value>)> =
        views.as_array().expect("items").iter().map(|view| (&view["filter"], view.get("q"))).collect();
    let filtered = json!(["email:in:[erased],dog@kennel.example", "stage:eq:new"]);
    assert!(said.contains(&(&filtered, None)) && said.contains(&(&json!([]), Some(&json!("dog@kennel.example")))));
    assert_eq!(said.iter().filter(|(_, q)| q.is_some()).count(), 1, "{views}");
    let runs = world.owner.get("/v1/contact-bulk-runs").await.expect(200)["items"].clone();
    let (q, filter) = (&runs[0]["q"], &runs[0]["filter"]);
    assert_eq!((q, filter), (&json!("[erased]"), &json!(["email:in:[erased],dog@kennel.example"])));
    assert_eq!(runs[0]["change"]["source"], "Friend of [erased]");
    let segments = world.owner.get("/v1/segments").await.expect(200)["items"].clone();
    let segment = &segments[0];
    let values = |n: usize| &segment["definition"]["rules"][n]["values"];
    assert_eq!((values(0), values(1)), (&json!(["[erased]", "dog@kennel.example"]), &json!(["0000000000"])));
    assert_eq!((&segment["broken"], &segment["description"]), (&json!([]), &json!("Wrote as [erased]")), "{segment}");
    assert!(segment["name"].as_str().is_some_and(|name| name.starts_with("[erased] seg_")), "{segment}");
    // Repeating the request that made the contact does not bring the person back.
    let repeated = world
        .owner
        .with("idempotency-key", "canary")
        .post(&format!("/v1/contacts/{other}/notes"), json!({"body": "x"}))
        .await;
    repeated.expect(201);
    world.owner.post("/v1/data-requests", json!({"contact": id, "kind": "erasure"})).await.problem(404, "not_found");
    world.app.settle().await;
}

#[tokio::test]
async fn an_export_holds_what_every_module_knows_and_lives_a_week() {
    let world = World::start().await;
    let (id, _) = known_everywhere(&world).await;
    let page = world.owner.get(&format!("/v1/data-requests?filter=contact:eq:{id}")).await;
    let request = page.expect(200)["items"][0].clone();
    assert_eq!((&request["state"], &request["document_until"]), (&json!("done"), &json!("2026-11-27T12:00:00+00:00")));
    // The first export ran with the rest of the background, so ask again for what came after it was asked.
    let asked = world.owner.post("/v1/data-requests", json!({"contact": id, "kind": "export"})).await;
    asked.expect(201);
    let path = format!("/v1/data-requests/{}/document", asked.text_of("id"));
    world.owner.get(&path).await.problem(404, "not_found");
    world.app.settle().await;
    let document = world.owner.get(&path).await;
    let data = &document.expect(200)["data"];
    assert_eq!(data["contacts"]["contact"]["display_name"], "Canaria Quellwasser");
    assert_eq!(data["contacts"]["consents"].as_array().map(Vec::len), Some(2));
    assert_eq!(data["contacts"]["do_not_contact"][0]["reason"], "Canaria hates it");
    assert_eq!(data["activities"]["notes"].as_array().map(Vec::len), Some(2), "private notes are about the person too");
    assert_eq!(data["activities"]["activities"][0]["title"], "Quellwasser called");
    assert_eq!(data["forms"]["submissions"][0]["answers"]["email"], "canary.one@SECRET.example");
    assert_eq!(data["files"]["files"][0]["name"], "canary-photo.png");
    assert!(data["privacy"]["data_requests"].as_array().is_some_and(|r| r.len() == 2));
    assert!(document.text.to_lowercase().contains("thanks, canaria"), "the automatic reply: {}", data["notifications"]);

    let (staff, _) = world.member("agency_staff", "Sam").await;
    staff.get(&path).await.problem(403, "permission_missing");
    staff.post("/v1/data-requests", json!({"contact": id, "kind": "export"})).await.problem(403, "permission_missing");
    let stranger = world.stranger().await;
    stranger.get(&path).await.problem(404, "not_found");
    stranger.post("/v1/data-requests", json!({"contact": id, "kind": "export"})).await.problem(404, "not_found");
    world.owner.post("/v1/data-requests", json!({"contact": id, "kind": "burn"})).await.expect(400);
    world
        .owner
        .post("/v1/data-requests", json!({"contact": id, "kind": "export", "reason": "x".repeat(1001)}))
        .await
        .expect(422);
    world.app.settle().await;
    world.app.advance(TimeDelta::days(7));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from data_exports").await, 0);
}

#[tokio::test]
async fn a_deleted_contact_can_still_be_erased_and_others_with_its_address_are_named() {
    let world = World::start().await;
    let shared = json!([{"address": "family@x.example"}]);
    let one = id_of(&world.owner, json!({"first_name": "One", "emails": shared})).await;
    let two = id_of(&world.owner, json!({"first_name": "Two", "emails": shared})).await;
    world.owner.delete(&format!("/v1/contacts/{one}")).await.expect(204);
    let once = world.owner.with("idempotency-key", "d1");
    let asked = once.post("/v1/data-requests", json!({"contact": one, "kind": "erasure"})).await;
    assert_eq!(asked.expect(201)["same_address"], json!([two]));
    assert_eq!(
        once.post("/v1/data-requests", json!({"contact": one, "kind": "erasure"})).await.expect(201),
        &asked.body
    );
    world.app.settle().await;
    world.owner.post(&format!("/v1/contacts/{one}/restoration"), json!({})).await.problem(404, "not_found");
    world.owner.get(&format!("/v1/contacts/{two}")).await.expect(200);
    let done = world.owner.get(&format!("/v1/data-requests/{}", asked.text_of("id"))).await;
    assert_eq!((&done.expect(200)["state"], &done.body["proof"]["same_address"]), (&json!("done"), &json!([two])));
}

#[tokio::test]
async fn the_list_of_requests_is_a_file_without_anybodys_data() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"first_name": "Canaria", "emails": [{"address": "c@secret.example"}]})).await;
    let ask = json!({"contact": id, "kind": "export", "reason": "=1+1"});
    world.owner.post("/v1/data-requests", ask).await.expect(201);
    world.app.settle().await;
    let file = world.owner.get("/v1/data-requests/export?filter=kind:eq:export").await;
    file.expect(200);
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"data-requests.csv\"");
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 2, "{}", file.text);
    assert!(lines[1].contains(&format!(",{id},export,done,'=1+1,")), "{}", lines[1]);
    assert!(!file.text.contains("Canaria") && !file.text.contains("secret.example"));
    world.owner.get("/v1/data-requests/export?filter=nonsense:eq:1").await.expect(422);
    assert!(world.events().await.iter().any(|kind| kind == "data_request.exported"));
    world.app.settle().await;
}

/// Conditions by which an erasure finds what mentions somebody: none of them reads a whole table, however large it is.
#[tokio::test]
async fn whoever_is_erased_is_found_along_indexes() {
    const SAID: &str = "array(select lower(m.pattern) from unnest('{%ann@x.example%}'::text[]) as m(pattern))";
    const FILES: &[&str] = &["files_words_idx"];
    const TASKS: &[&str] = &["tasks_contact_id_idx", "tasks_search_idx", "tasks_deleted_at_idx", "tasks_outcome_idx"];
    let world = World::start().await;
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let client = world.app.db.superuser().await;
    // Of a table without rows any index is as cheap to read whole as another one is to ask: only these are there.
    let settings = format!(
        "set search_path = {}, shared; set enable_seqscan = off; begin;
         do $$ declare other text; begin
           for other in select i.indexrelid::regclass from pg_index i
             where i.indrelid in ('files'::regclass, 'tasks'::regclass) and not i.indisunique and i.indexrelid::regclass::text <> all('{{{}}}')
           loop execute 'drop index ' || other; end loop;
         end $$",
        tenant.role.as_str(),
        [FILES, TASKS].concat().join(",")
    );
    client.batch_execute(&settings).await.expect("settings");
    let files = format!("select from files f where lower(f.name) like any({SAID})");
    let tasks = format!(
        "select from tasks t where t.contact_id = '00000000-0000-7000-8000-000000000001'
           or t.deleted_at is null and t.search like any({SAID}) or t.deleted_at is not null and t.search like any({SAID})
           or t.outcome is not null and lower(t.outcome) like any({SAID})"
    );
    for (statement, indexes) in [(files, FILES), (tasks, TASKS)] {
        let rows = client.query(&format!("explain {statement}"), &[]).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        for index in indexes {
            assert!(plan.iter().any(|line| line.contains(index)), "{index}: {plan:#?}");
        }
        assert!(!plan.iter().any(|line| line.contains("Seq Scan")), "{plan:#?}");
    }
}

/// A list without a header whose first row was taken for one, in a file that is called as he is.
#[tokio::test]
async fn whoever_stands_in_the_names_of_a_file_and_its_columns_is_erased_there() {
    let world = World::start().await;
    let list = "Ann,Ann.Canary@x.example\nBo,bo@x.example\n";
    let path = path_of(&prepare(&world.owner, "ann.canary@x.example.csv", list).await);
    let read = world.owner.patch(&path, json!({"has_header": true})).await;
    assert_eq!(read.expect(200)["columns"][1]["name"], "Ann.Canary@x.example");
    let other = path_of(&prepare(&world.owner, "bo.csv", "Name,E-mail\nBo,bo@x.example\n").await);
    let ann = json!({"first_name": "Ann", "emails": [{"address": "ann.canary@x.example"}]});
    let erasure = json!({"contact": id_of(&world.owner, ann).await, "kind": "erasure"});
    let request = world.owner.post("/v1/data-requests", erasure).await.text_of("id");
    world.app.settle().await;
    let request = world.owner.get(&format!("/v1/data-requests/{request}")).await;
    assert_eq!(request.expect(200)["proof"]["tables"]["contact_imports"], 1, "{request:?}");
    let after = world.owner.get(&path).await;
    assert_eq!(after.expect(200)["file_name"], "[erased]");
    let names: Vec<&Value> = (0..2).map(|place| &after.body["columns"][place]["name"]).collect();
    assert_eq!(names, [&json!("Column 1"), &json!("Column 2")], "the whole row was his");
    let file = world.owner.get("/v1/contact-imports/export").await;
    assert!(!after.text.to_lowercase().contains("canary") && !file.text.to_lowercase().contains("canary"));
    assert_eq!(world.owner.get(&other).await.expect(200)["columns"][1]["name"], "E-mail", "others stay");
}
