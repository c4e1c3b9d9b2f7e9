//! Companies as places where a person's data is kept.
use super::id_of;
use crate::{contacts, forms::World};
use serde_json::json;

#[tokio::test]
async fn an_erasure_takes_a_person_out_of_companies_and_of_what_they_say() {
    let world = World::start().await;
    let body = json!({"first_name": "Ada", "emails": [{"address": "Ada@Secret.example"}], "phones": [{"number": "+49 30 901820"}]});
    let ada = contacts::id_of(&world.owner, body).await;
    let named = json!({"name": "Engines", "email": "ada@secret.example", "phone": "+49 (30) 901820", "industry": "Machines",
        "description": "Reach her at ADA@secret.example", "profiles": ["https://social.example/ada@secret.example"]});
    let (named, other) = (id_of(&world.owner, named).await, id_of(&world.owner, json!({"name": "Mills"})).await);
    for id in [&named, &other] {
        let roles = json!({"roles": ["decision_maker"], "primary": true});
        world.owner.put(&format!("/v1/companies/{id}/contacts/{ada}"), roles).await.expect(200);
    }
    let asked = json!({"contact": ada, "kind": "erasure", "reason": "Asked by letter"});
    let asked = world.owner.post("/v1/data-requests", asked).await;
    asked.expect(201);
    world.app.settle().await;
    let done = world.owner.get(&format!("/v1/data-requests/{}", asked.text_of("id"))).await;
    let tables = &done.expect(200)["proof"]["tables"];
    assert_eq!((&tables["company_contacts"], &tables["companies"]), (&json!(2), &json!(1)), "{tables}");
    let company = world.owner.get(&format!("/v1/companies/{named}")).await;
    let company = company.expect(200);
    assert_eq!((company.get("email"), &company["description"]), (None, &json!("[erased]")), "{company}");
    assert_eq!((&company["industry"], &company["people"]), (&json!("Machines"), &json!(0)));
    let rows = world.tenant_query("select lower(c::text) from companies c").await;
    for row in rows.iter().map(|row| row.get::<_, String>(0)) {
        assert!(!row.contains("secret.example") && !row.contains("901820"), "{row}");
    }
    assert_eq!(world.events().await.iter().filter(|k| *k == "company.redacted").count(), 1);
    world.app.settle().await;
}

#[tokio::test]
async fn what_is_handed_out_about_a_person_names_his_companies() {
    let world = World::start().await;
    let ada = contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let id = id_of(&world.owner, json!({"name": "Engines"})).await;
    world.owner.put(&format!("/v1/companies/{id}/contacts/{ada}"), json!({"roles": ["billing"]})).await.expect(200);
    let asked = json!({"contact": ada, "kind": "export", "reason": "Asked by letter"});
    world.owner.post("/v1/data-requests", asked).await.expect(201);
    world.app.settle().await;
    let kept = world.tenant_query("select document::text from data_exports").await;
    let text: String = kept.iter().map(|row| row.get::<_, String>(0)).collect();
    assert!(text.contains("Engines") && text.contains("billing"), "{text}");
}
