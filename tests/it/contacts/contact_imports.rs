//! A file comes in: looked at, tried, taken in by a job, each row once.
use super::{add, id_of, member_with, names};
use crate::forms::World;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client};

/// Uploads a file; gives its id.
pub async fn upload(client: &Client, name: &str, content: impl Into<Vec<u8>>) -> String {
    let path = format!("/v1/files?name={name}");
    let made = client.send(Method::POST, &path, Some("application/octet-stream"), content.into()).await;
    made.expect(201);
    made.text_of("id")
}

/// Prepares an import of a file; gives it.
pub async fn prepare(client: &Client, name: &str, content: impl Into<Vec<u8>>) -> Value {
    let file = upload(client, name, content).await;
    client.post("/v1/contact-imports", json!({ "file": file })).await.expect(201).clone()
}

/// Its path.
pub fn path_of(import: &Value) -> String {
    format!("/v1/contact-imports/{}", import["id"].as_str().expect("an id"))
}

/// Prepares, starts and waits; gives the import as it ended.
pub async fn import(world: &World, content: impl Into<Vec<u8>>, options: Value) -> Value {
    let made = prepare(&world.owner, "people.csv", content).await;
    let path = path_of(&made);
    world.owner.patch(&path, json!({ "options": options })).await.expect(200);
    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    world.owner.get(&path).await.expect(200).clone()
}

/// Created, updated, unchanged, skipped, failed.
pub fn counts(import: &Value) -> [i64; 5] {
    ["created", "updated", "unchanged", "skipped", "failed"].map(|name| import[name].as_i64().expect("a count"))
}

fn fields(import: &Value) -> Vec<Value> {
    import["columns"].as_array().expect("columns").iter().map(|column| column["field"].clone()).collect()
}

async fn contact(client: &Client, email: &str) -> Value {
    let found = client.get(&format!("/v1/contacts?filter=email:eq:{email}")).await;
    let items = found.expect(200)["items"].as_array().expect("items").clone();
    assert_eq!(items.len(), 1, "{items:?}");
    items[0].clone()
}

/// What became of the rows, read in small pages.
async fn rows(client: &Client, import: &Value, filter: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = client.get(&format!("{}/rows?limit=3{filter}{cursor}", path_of(import))).await;
        all.extend(page.expect(200)["items"].as_array().expect("rows").clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn a_list_from_a_german_office_comes_in() {
    let world = World::start().await;
    let text = "Vorname;Nachname;E-Mail;Telefon;Handy;Firma;Straße;PLZ;Ort;Land;Schlagworte;Lieblingsfarbe\r\n\
        Jürgen;Müller;Juergen@Firma.example;030 901820;;\"Müller; Söhne\";Hauptstr. 5;10115;Berlin;Deutschland;Kunde;blau\r\n\
        Zoë;Größ;zoe@firma.example; zoe@privat.example;;0171 1234567;;;;;AT;Kunde, Messe;\r\n\
        ;;;;;;;;;;;\r\n";
    // What a semicolon is in a cell without quotes is another cell: the second row has one too many of them.
    let text = text.replace("zoe@firma.example; zoe@privat.example", "\"zoe@firma.example; zoe@privat.example\"");
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("latin")).collect();
    world.owner.patch("/v1/tenants/current", json!({"country": "DE"})).await.expect(200);
    let made = prepare(&world.owner, "kontakte.csv", bytes).await;
    assert_eq!((&made["encoding"], &made["delimiter"]), (&json!("windows-1252"), &json!(";")));
    assert_eq!((&made["has_header"], &made["rows_total"], &made["state"]), (&json!(true), &json!(2), &json!("draft")));
    let guessed = json!([
        "first_name",
        "last_name",
        "email",
        "phone",
        "phone_mobile",
        "company_name",
        "line1",
        "postal_code",
        "city",
        "country",
        "tags",
        null
    ]);
    assert_eq!(Value::from(fields(&made)), guessed);
    let path = path_of(&made);
    let preview = world.owner.get(&format!("{path}/preview")).await;
    assert_eq!(preview.expect(200)["rows"][0]["line"], 2);
    assert_eq!(preview.body["rows"][0]["cells"][5], "Müller; Söhne");

    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.owner.patch(&path, json!({"has_header": false})).await.problem(409, "import_running");
    world.app.settle().await;
    let done = world.owner.get(&path).await.expect(200).clone();
    assert_eq!((&done["state"], counts(&done)), (&json!("done"), [2, 0, 0, 0, 0]));
    assert_eq!((&done["rows_done"], &done["undo_until"]), (&json!(2), &json!("2026-12-20T12:00:00+00:00")));
    let juergen = contact(&world.owner, "juergen@firma.example").await;
    assert_eq!(
        (&juergen["display_name"], &juergen["company_name"]),
        (&json!("Jürgen Müller"), &json!("Müller; Söhne"))
    );
    assert_eq!((&juergen["phones"][0]["e164"], &juergen["source"]), (&json!("+4930901820"), &json!("import")));
    let address = json!({"line1": "Hauptstr. 5", "postal_code": "10115", "city": "Berlin", "country": "DE"});
    assert_eq!((&juergen["address"], &juergen["version"]), (&address, &json!(1)));
    let zoe = contact(&world.owner, "zoe@privat.example").await;
    assert_eq!((&zoe["email"], &zoe["tags"]), (&json!("zoe@firma.example"), &json!(["Kunde, Messe"])));
    assert_eq!(zoe["phones"][0]["kind"], "mobile");
    // Found as if they had been typed.
    assert_eq!(names(world.owner.get("/v1/contacts?q=größ").await.expect(200)), ["Zoë Größ"]);
    // One event for all of them, which everybody's timeline shows.
    let kinds = world.events().await;
    assert_eq!(kinds.iter().filter(|kind| kind.starts_with("contact.")).count(), 0, "{kinds:?}");
    let timeline = world.owner.get(&format!("/v1/contacts/{}/timeline", juergen["id"].as_str().unwrap())).await;
    assert_eq!(timeline.expect(200)["items"][0]["kind"], "contact_import.started");
    assert_eq!(timeline.body["items"][0]["import"], json!({"file": "kontakte.csv", "undone": false}));
    let figures = world.owner.get("/v1/contacts/figures").await;
    assert_eq!(figures.expect(200)["week"], 2);
}

#[tokio::test]
async fn rows_find_who_they_are_and_say_why_they_do_not_come_in() {
    let world = World::start().await;
    let ann = id_of(&world.owner, json!({"first_name": "Ann", "job_title": "Clerk", "tags": ["VIP"], "emails": [{"address": "ann@x.example"}], "phones": [{"number": "+49 30 901820"}]})).await;
    let bob = id_of(&world.owner, json!({"display_name": "Bobby", "emails": [{"address": "bob@x.example"}]})).await;
    world.owner.put(&format!("/v1/contacts/{ann}/do-not-contact/email"), json!({})).await.expect(204);
    let text = format!(
        "id,First name,Job title,Email,Phone,Zone,Tags\n\
         ,Anna,Boss,ANN@x.example,,,vip;new\n\
         ,,,,+49 30 901820,,\n\
         {bob},Robert,,bob@y.example,,,\n\
         con_01jd0000000000000000000000,Nobody,,,,,\n\
         ,Carl,,carl@x.example,,Moon/Crater,\n\
         ,Dora,,dora@x.example,,,\n\
         ,Dora Two,,dora@x.example,,,\n\
         ,,,not an address,,,\n\
         ,,Nameless,,,,\n"
    );
    let file = prepare(&world.owner, "people.csv", text.clone()).await;
    let path = path_of(&file);
    world.owner.post(&format!("{path}/check"), json!({})).await.expect(200);
    world.app.settle().await;
    let tried = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(tried["state"], "checked");
    let expected =
        json!({"rows": 9, "complete": true, "created": 1, "updated": 2, "unchanged": 0, "skipped": 2, "failed": 4});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&tried["check"][name], value, "{name}: {}", tried["check"]);
    }
    assert_eq!(names(world.owner.get("/v1/contacts").await.expect(200)).len(), 2, "a try writes nothing");

    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(counts(&done), [1, 2, 0, 2, 4], "what was tried is what came");
    let known = world.owner.get(&format!("/v1/contacts/{ann}")).await.expect(200).clone();
    assert_eq!((&known["display_name"], &known["job_title"]), (&json!("Anna"), &json!("Boss")));
    assert_eq!((&known["tags"], &known["emails"][0]["address"]), (&json!(["VIP", "new"]), &json!("ann@x.example")));
    let robert = world.owner.get(&format!("/v1/contacts/{bob}")).await.expect(200).clone();
    assert_eq!(robert["display_name"], "Bobby", "a name that somebody gave stays");
    assert_eq!((&robert["first_name"], robert["emails"].as_array().unwrap().len()), (&json!("Robert"), 2));
    let why: Vec<Value> = rows(&world.owner, &done, "")
        .await
        .iter()
        .map(|r| json!([r["line"], r["outcome"], r["reason"], r["column"], r["same_as"]]))
        .collect();
    let expected = json!([
        [2, "updated", null, null, null],
        [3, "skipped", "duplicate_row", null, 2],
        [4, "updated", null, null, null],
        [5, "failed", "id_unknown", null, null],
        [6, "failed", "zone_unknown", "Zone", null],
        [7, "created", null, null, null],
        [8, "skipped", "duplicate_row", null, 7],
        [9, "failed", "email_invalid", "Email", null],
        [10, "failed", "name_missing", null, null]
    ]);
    assert_eq!(Value::from(why), expected);
    let reasons = world.owner.get(&format!("{path}/reasons")).await;
    assert_eq!(reasons.expect(200)["items"][0], json!({"reason": "duplicate_row", "count": 2, "first_line": 3}));
    let errors = world.owner.get(&format!("{path}/errors")).await;
    errors.expect(200);
    let lines: Vec<&str> = errors.text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "id,First name,Job title,Email,Phone,Zone,Tags,import_reason,import_column,import_line,import_same_as_line"
    );
    assert_eq!(lines[3], ",Carl,,carl@x.example,,Moon/Crater,,zone_unknown,Zone,6,");
    assert_eq!(lines.len(), 8);
    // Nothing was consented to, and who must not be written to must not be.
    assert_eq!(world.tenant_query("select 1 from consents").await.len(), 0);
    let blocks = world.owner.get(&format!("/v1/contacts/{ann}/do-not-contact")).await;
    assert_eq!(blocks.expect(200)["items"].as_array().unwrap().len(), 1);

    // The same content again: only on purpose, and then nothing is different.
    let again = prepare(&world.owner, "copy.csv", text).await;
    let start = format!("{}/start", path_of(&again));
    world.owner.post(&start, json!({})).await.problem(409, "file_imported");
    world.owner.post(&start, json!({"again": true})).await.expect(200);
    world.app.settle().await;
    let done = world.owner.get(&path_of(&again)).await.expect(200).clone();
    assert_eq!(counts(&done), [0, 0, 3, 2, 4]);
}

#[tokio::test]
async fn options_decide() {
    let world = World::start().await;
    add(&world.owner, json!({"first_name": "Ann", "emails": [{"address": "ann@x.example"}]})).await;
    let text = "name,email,job,tags\nAnn New,ann@x.example,Boss,a|b\nBob,bob@x.example,,\n";
    let only_new = import(
        &world,
        text,
        json!({"mode": "create", "separator": "|", "tags": ["fair"], "stage": "qualified", "source": "fair"}),
    )
    .await;
    assert_eq!(counts(&only_new), [1, 0, 0, 1, 0]);
    let bob = contact(&world.owner, "bob@x.example").await;
    assert_eq!((&bob["tags"], &bob["stage"], &bob["source"]), (&json!(["fair"]), &json!("qualified"), &json!("fair")));
    let only_known = import(
        &world,
        format!("{text}Carl,carl@x.example,,\n"),
        json!({"mode": "update", "overwrite": false, "separator": "|"}),
    )
    .await;
    assert_eq!(counts(&only_known), [0, 1, 1, 1, 0]);
    let ann = contact(&world.owner, "ann@x.example").await;
    assert_eq!(
        (&ann["first_name"], &ann["job_title"], &ann["tags"]),
        (&json!("Ann"), &json!("Boss"), &json!(["a", "b"]))
    );
    let twice = import(&world, "name\nEve\nEve\n", json!({"mode": "create", "match_by": []})).await;
    assert_eq!(counts(&twice), [2, 0, 0, 0, 0]);

    let made = prepare(&world.owner, "x.csv", "a,b\n1,2\n").await;
    let path = path_of(&made);
    let patch = async |body: Value| -> Answer { world.owner.patch(&path, body).await };
    let refused = async |body: Value, code: &str| {
        let answer = patch(body).await;
        let codes: Vec<Value> =
            answer.expect(422)["errors"].as_array().unwrap().iter().map(|e| e["code"].clone()).collect();
        assert_eq!(codes, [json!(code)]);
    };
    refused(json!({"fields": ["email"]}), "count").await;
    refused(json!({"fields": ["zone", "zone"]}), "field_twice").await;
    refused(json!({"delimiter": "x"}), "delimiter").await;
    refused(json!({"encoding": "klingon"}), "encoding_unknown").await;
    refused(json!({"options": {"mode": "update", "match_by": []}}), "match_missing").await;
    refused(json!({"options": {"separator": "x"}}), "separator").await;
    refused(json!({"options": {"country": "de"}}), "country_invalid").await;
    refused(json!({"options": {"stage": "nowhere"}}), "stage_unknown").await;
    world.owner.post(&format!("{path}/start"), json!({})).await.expect(422);
    world.owner.post(&format!("{path}/undo"), json!({})).await.problem(409, "import_not_started");
    let read = patch(json!({"delimiter": ";", "has_header": false})).await;
    assert_eq!(read.expect(200)["columns"], json!([{"name": "Column 1"}]));
    assert_eq!(read.body["rows_total"], 2);
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    world.app.settle().await;
}

/// Whoever came in with a file is a list, from which a segment is put together.
#[tokio::test]
async fn contacts_of_an_import_are_a_list_and_become_a_segment() {
    let world = World::start().await;
    for (name, email) in [("Ann", "ann@x.example"), ("Dan", "dan@x.example"), ("Eve", "eve@x.example")] {
        add(&world.owner, json!({"first_name": name, "emails": [{"address": email}]})).await;
    }
    // Ann is changed, Bob is new, Dan is as he was; Bob's second row is left out, and Eve is in no row.
    let text =
        "first name,email,job\nAnn,ann@x.example,Boss\nBob,bob@x.example,\nDan,dan@x.example,\nBob,bob@x.example,\n";
    let done = import(&world, text, json!({})).await;
    assert_eq!(counts(&done), [1, 1, 1, 1, 0]);
    let filter = format!("import:eq:{}", done["id"].as_str().expect("an id"));
    let list = async |client: &Client, more: &str| {
        let page = client.get(&format!("/v1/contacts?sort=name&filter={filter}{more}")).await;
        names(page.expect(200))
    };
    assert_eq!(list(&world.owner, "").await, ["Ann", "Bob", "Dan"]);
    assert_eq!(list(&world.owner, "&q=bob").await, ["Bob"]);
    let count = world.owner.get(&format!("/v1/contacts/count?filter={filter}")).await;
    assert_eq!(count.expect(200)["count"], 3);
    let (sam, _) = member_with(&world, "Sam", json!({"contacts.read": "own"})).await;
    assert_eq!(list(&sam, "").await, [""; 0], "an import opens nobody's reach");
    let stranger = world.stranger().await;
    assert_eq!(list(&stranger, "").await, [""; 0]);
    for wrong in ["import:eq:con_00000000000000000000000000", "import:ne:x", "import:empty:true"] {
        let answer = world.owner.get(&format!("/v1/contacts?filter={wrong}")).await;
        assert_eq!(answer.problem(422, "invalid")["errors"][0]["code"], "filter_value", "{wrong}");
    }
    // What a list shows goes into a segment, and leaves it when the import is undone.
    let segment = world.owner.post("/v1/segments", json!({"name": "Fair", "kind": "static"})).await.text_of("id");
    let run = json!({"matching": {"filter": [filter]}, "change": {"add_to_segment": segment}});
    world.owner.post("/v1/contact-bulk-runs", run).await.expect(201);
    world.app.settle().await;
    let members = async || {
        let page = world.owner.get(&format!("/v1/contacts?sort=name&filter=segment:eq:{segment}")).await;
        names(page.expect(200))
    };
    assert_eq!(members().await, ["Ann", "Bob", "Dan"]);
    world.owner.post(&format!("{}/undo", path_of(&done)), json!({"touched": "delete"})).await.expect(200);
    world.app.settle().await;
    assert_eq!(members().await, ["Ann", "Dan"]);
    assert_eq!(list(&world.owner, "").await, ["Ann", "Dan"]);
}

#[tokio::test]
async fn what_is_no_list_is_refused() {
    let world = World::start().await;
    let refused = async |name: &str, content: Vec<u8>, code: &str| {
        let file = upload(&world.owner, name, content).await;
        let answer = world.owner.post("/v1/contact-imports", json!({ "file": file })).await;
        assert_eq!(answer.expect(422)["errors"][0]["code"], code, "{name}");
    };
    refused("a.csv", b" \n,,\n".to_vec(), "file_empty").await;
    refused("a.png", [b"\x89PNG\r\n\x1a\n".to_vec(), (0..=255).collect()].concat(), "file_unreadable").await;
    refused("a.xlsx", b"PK\x03\x04 no archive".to_vec(), "file_unreadable").await;
    refused("a.csv", vec![b','; 400].into_iter().chain(*b"x\n").collect(), "too_many_columns").await;
    let many: String = "x\n".repeat(500_002);
    refused("a.csv", many.into_bytes(), "too_many_rows").await;
    let stranger = world.stranger().await;
    let theirs = upload(&stranger, "a.csv", "name\nAnn\n").await;
    let answer = world.owner.post("/v1/contact-imports", json!({ "file": theirs })).await;
    assert_eq!(answer.expect(422)["errors"][0]["code"], "file_unknown");
    // A file is claimed once.
    let file = upload(&world.owner, "a.csv", "name\nAnn\n").await;
    world.owner.post("/v1/contact-imports", json!({ "file": file })).await.expect(201);
    world.owner.post("/v1/contact-imports", json!({ "file": file })).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_workbook_comes_in_sheet_by_sheet() {
    let world = World::start().await;
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Empty").unwrap();
    let sheet = book.add_worksheet().set_name("People").unwrap();
    for (column, name) in ["Name", "E-Mail", "Phone", "Since"].iter().enumerate() {
        sheet.write(0, column as u16, *name).unwrap();
    }
    sheet.write(1, 0, "Ann \"A\" Lee").unwrap().write(1, 1, "ann@x.example").unwrap();
    sheet.write(1, 2, 4_930_901_820_f64).unwrap();
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 5, 1).unwrap();
    sheet.write_with_format(1, 3, &date, &rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    sheet.write(3, 0, "محمد\nعلي").unwrap().write(3, 1, "m@x.example").unwrap();
    let other = book.add_worksheet().set_name("More").unwrap();
    other.write(0, 0, "email").unwrap().write(1, 0, "more@x.example").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let made = prepare(&world.owner, "book.xlsx", bytes.clone()).await;
    assert_eq!((&made["kind"], &made["sheet"]), (&json!("xlsx"), &json!("People")));
    assert_eq!((&made["sheets"], &made["rows_total"]), (&json!(["Empty", "People", "More"]), &json!(2)));
    assert_eq!(Value::from(fields(&made)), json!(["display_name", "email", "phone", null]));
    let path = path_of(&made);
    let preview = world.owner.get(&format!("{path}/preview")).await;
    assert_eq!(
        preview.expect(200)["rows"][0]["cells"],
        json!(["Ann \"A\" Lee", "ann@x.example", "4930901820", "2024-05-01"])
    );
    assert_eq!(preview.body["rows"][1]["line"], 4, "rows are numbered as in the sheet");
    let other = world.owner.patch(&path, json!({"sheet": "More"})).await;
    assert_eq!((&other.expect(200)["rows_total"], fields(&other.body)), (&json!(1), vec![json!("email")]));
    world.owner.patch(&path, json!({"sheet": "Nowhere"})).await.expect(422);
    world.owner.patch(&path, json!({"sheet": "People"})).await.expect(200);
    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(counts(world.owner.get(&path).await.expect(200)), [2, 0, 0, 0, 0]);
    assert_eq!(contact(&world.owner, "m@x.example").await["display_name"], "محمدعلي");
    // Only the last sheet that was chosen is kept beside the file.
    assert_eq!(world.tenant_query("select 1 from files where owner_kind = 'contact_imports'").await.len(), 2);
}

#[tokio::test]
async fn whoever_reaches_some_contacts_imports_among_them() {
    let world = World::start().await;
    let other = id_of(&world.owner, json!({"first_name": "Ann", "emails": [{"address": "ann@x.example"}]})).await;
    let grants =
        json!({"contacts.read": "own", "contacts.write": "own", "contacts.import": "own", "files.write": "own"});
    let (sam, sam_id) = member_with(&world, "Sam", grants).await;
    let made = prepare(&sam, "a.csv", "name,email,owner\nAnn,ann@x.example,\nBob,bob@x.example,Nobody\n").await;
    let path = path_of(&made);
    sam.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    assert_eq!(counts(sam.get(&path).await.expect(200)), [1, 0, 0, 0, 1]);
    let mine = contact(&sam, "ann@x.example").await;
    assert_eq!(mine["owner"], json!(sam_id));
    assert_ne!(mine["id"], json!(other), "what is out of reach is as if it were not there");
    // Others' imports are out of reach too, and reading alone is not enough.
    let theirs = prepare(&world.owner, "b.csv", "name\nEve\n").await;
    sam.get(&path_of(&theirs)).await.problem(404, "not_found");
    sam.post(&format!("{}/start", path_of(&theirs)), json!({})).await.problem(404, "not_found");
    assert_eq!(sam.get("/v1/contact-imports").await.expect(200)["items"].as_array().unwrap().len(), 1);
    let grants = json!({"contacts.read": "all", "contacts.import": "all", "files.write": "all"});
    let (kim, _) = member_with(&world, "Kim", grants).await;
    let made = prepare(&kim, "c.csv", "name\nEve\n").await;
    kim.post(&format!("{}/start", path_of(&made)), json!({})).await.problem(403, "permission_missing");
    let (tom, _) = member_with(&world, "Tom", json!({"contacts.*": "all", "contacts.import": "no"})).await;
    tom.get("/v1/contact-imports").await.problem(403, "permission_missing");
}

#[tokio::test]
async fn the_history_of_imports_is_a_file() {
    const TOLD: [&str; 14] = [
        "id",
        "file_name",
        "file_size",
        "created_by",
        "state",
        "rows_total",
        "rows_done",
        "created",
        "updated",
        "unchanged",
        "skipped",
        "failed",
        "undone",
        "kept",
    ];
    let told = |import: &Value| {
        TOLD.map(|field| import[field].as_str().map_or_else(|| import[field].to_string(), str::to_owned)).join(",")
    };
    let world = World::start().await;
    let (una, _) = member_with(&world, "Una", json!({"contacts.*": "own", "files.*": "own"})).await;
    let done = import(&world, "First name,E-mail\nAnn,ann@x.example\nBo,bo at x\n", json!({})).await;
    assert_eq!((&done["created"], &done["failed"]), (&json!(1), &json!(1)), "{done}");
    world.app.advance(chrono::TimeDelta::minutes(1));
    let undone = import(&world, "First name,E-mail\nCy,cy@x.example\n", json!({})).await;
    world.owner.post(&format!("{}/undo", path_of(&undone)), json!({})).await.expect(200);
    world.app.settle().await;
    let undone = world.owner.get(&path_of(&undone)).await.expect(200).clone();
    world.app.advance(chrono::TimeDelta::minutes(1));
    let draft = prepare(&una, "%3Dcmd.csv", "E-mail\nx@x.example\n").await;

    let file = world.owner.get("/v1/contact-imports/export").await;
    file.expect(200);
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"imports.csv\"");
    assert_eq!(file.headers["upzento-rows"], "3");
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert!(lines[0].starts_with(&format!("{},error,created_at,", TOLD.join(","))), "{}", lines[0]);
    assert!(lines[1].starts_with(&format!("{},", told(&done))), "the oldest comes first: {}", lines[1]);
    assert!(lines[2].starts_with(&format!("{},", told(&undone))) && lines[2].contains(",undone,"), "{}", lines[2]);
    assert!(lines[3].contains(",'=cmd.csv,"), "{}", lines[3]);
    let hers = una.get("/v1/contact-imports/export").await;
    assert_eq!(hers.headers["upzento-rows"], "1");
    assert!(hers.text.contains(draft["id"].as_str().expect("an id")) && !hers.text.contains("people.csv"));
    let some = world.owner.get("/v1/contact-imports/export?filter=state:eq:undone&format=xlsx").await;
    assert_eq!(some.headers["upzento-rows"], "1");
    world.owner.get("/v1/contact-imports/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert_eq!(world.stranger().await.get("/v1/contact-imports/export").await.headers["upzento-rows"], "0");
    let exported = world.events().await.iter().filter(|kind| *kind == "contact_import.exported").count();
    assert_eq!(exported, 3);
    world.app.settle().await;
}
