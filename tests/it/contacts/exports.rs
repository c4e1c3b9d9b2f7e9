//! Contacts as a file.
use super::id_of;
use crate::forms::World;
use serde_json::json;

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
    world.owner.get("/v1/contacts/export?filter=nonsense:eq:1").await.expect(422);
    let (staff, _) = world.member("agency_staff", "Sam").await;
    staff.get("/v1/contacts/export").await.problem(403, "permission_missing");
    assert_eq!(world.events().await.iter().filter(|k| *k == "contact.exported").count(), 3);
    world.app.settle().await;
}
