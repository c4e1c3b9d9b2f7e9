//! Contacts as a file.
use super::id_of;
use crate::forms::World;
use calamine::{Data, Reader, Xlsx};
use serde_json::json;
use std::io::Cursor;

#[tokio::test]
async fn the_file_has_every_contact_and_no_formula() {
    let world = World::start().await;
    for i in 0..205 {
        id_of(
            &world.owner,
            json!({"display_name": format!("Person {i:03}"), "stage": if i % 2 == 0 { "won" } else { "new" }}),
        )
        .await;
        world.app.advance(chrono::TimeDelta::microseconds(1));
    }
    let nasty = json!({"display_name": "=HYPERLINK(\"http://evil.example\")", "company_name": "a \"b\"; c,d\r\nnext",
        "phones": [{"number": "+49 30 901820"}], "emails": [{"address": "a@x.example"}, {"address": "b@x.example"}]});
    id_of(&world.owner, nasty).await;
    let file = world.owner.get("/v1/contacts/export").await;
    file.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["upzento-rows"], "206");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"contacts.csv\"");
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert!(lines[0].starts_with("id,display_name,"), "{}", lines[0]);
    assert_eq!(lines.iter().filter(|l| l.starts_with("con_")).count(), 206);
    assert!(lines[1].contains("Person 000"), "the oldest comes first");
    assert!(file.text.contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\""), "{}", lines[206]);
    assert!(file.text.contains(",a@x.example; b@x.example,+4930901820,"), "{}", lines[206]);
    let won = world.owner.get("/v1/contacts/export?filter=stage:eq:won").await;
    won.expect(200);
    assert_eq!(won.text.matches("\r\n").count(), 104);
    let found = world.owner.get("/v1/contacts/export?q=person%20007").await;
    assert_eq!(found.text.matches("\r\n").count(), 2, "{}", found.text);
    assert_eq!(found.headers["upzento-rows"], "1");
    // A workbook has the same rows; text stays text, days are days.
    let book = world.owner.open("/v1/contacts/export?format=xlsx").await;
    let header = |name: &str| book.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-disposition"), "attachment; filename=\"contacts.xlsx\"");
    assert_eq!(header("upzento-rows"), "206");
    let length = header("content-length");
    let bytes = book.bytes().await.expect("a whole file");
    assert_eq!(bytes.len().to_string(), length);
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("rows");
    assert_eq!(sheet.height(), 207);
    assert_eq!(sheet.get((206, 1)), Some(&Data::String("=HYPERLINK(\"http://evil.example\")".to_owned())));
    assert!(matches!(sheet.get((206, 25)), Some(Data::DateTime(_))), "{:?}", sheet.get((206, 25)));
    let formulas = book.worksheet_formula("Sheet1").expect("formulas");
    assert!(formulas.is_empty(), "{formulas:?}");
    world.owner.get("/v1/contacts/export?filter=nonsense:eq:1").await.expect(422);
    let (staff, _) = world.member("agency_staff", "Sam").await;
    staff.get("/v1/contacts/export").await.problem(403, "permission_missing");
    assert_eq!(world.events().await.iter().filter(|k| *k == "contact.exported").count(), 4);
    world.app.settle().await;
}

/// A file whose first piece is here.
async fn begun(world: &World, path: &str) -> (reqwest::Response, Vec<u8>) {
    let mut file = world.owner.open(path).await;
    assert_eq!(file.headers()["upzento-rows"], "6000");
    let first = file.chunk().await.expect("a piece").expect("a piece");
    (file, first.to_vec())
}

/// Reads on until the file ends or breaks off: how many contacts are in it, and whether it ended.
async fn rest_of((mut file, mut bytes): (reqwest::Response, Vec<u8>)) -> (usize, bool) {
    loop {
        match file.chunk().await {
            Ok(Some(more)) => bytes.extend(more),
            end => {
                let text = String::from_utf8(bytes).expect("text");
                return (text.matches("\r\ncon_").count(), matches!(end, Ok(None)));
            }
        }
    }
}

#[tokio::test]
async fn a_file_is_of_one_moment_and_one_that_breaks_off_looks_broken() {
    let world = World::start().await;
    // More than connections and buffers hold, so that most is read after the first piece was.
    let fill = "insert into contacts (id, display_name, job_title, name_key, search, created_at, updated_at)
        select gen_random_uuid(), 'Person ' || n, repeat(md5(n::text), 250), 'person', 'person', '2026-01-01Z', '2026-01-01Z'
        from generate_series(1, 6000) as n";
    world.tenant_query(fill).await;
    let file = begun(&world, "/v1/contacts/export").await;
    world.tenant_query("update contacts set deleted_at = now()").await;
    let gone = world.owner.get("/v1/contacts/export").await;
    assert_eq!((&gone.headers["upzento-rows"], gone.text.lines().count()), (&"0".parse().unwrap(), 1));
    assert_eq!(rest_of(file).await, (6000, true), "as it was in the moment of the count");
    world.tenant_query("update contacts set deleted_at = null").await;
    let file = begun(&world, "/v1/contacts/export").await;
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'fetch forward % from whole'";
    let cut = world.app.db.superuser().await.query(cut, &[]).await.expect("a server that ends connections");
    assert_eq!(cut.len(), 1, "one connection reads");
    let (contacts, ended) = rest_of(file).await;
    assert!(contacts < 6000 && !ended, "{contacts} {ended}");
    // Whoever goes away leaves nothing behind: both connections for files are free again.
    for _ in 0..3 {
        drop(begun(&world, "/v1/contacts/export?filter=name:eq:Person").await);
    }
    world.app.settle().await;
}
