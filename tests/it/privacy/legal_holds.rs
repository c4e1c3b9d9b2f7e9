//! Legal holds.
use crate::{contacts::id_of, forms::World};
use serde_json::json;

#[tokio::test]
async fn a_contact_on_hold_is_neither_deleted_nor_erased() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let (path, hold) = (format!("/v1/contacts/{id}"), format!("/v1/contacts/{id}/legal-hold"));
    let erasure = json!({"contact": id, "kind": "erasure"});
    // Asked before the hold, done after it.
    let early = world.owner.post("/v1/data-requests", erasure.clone()).await;
    early.expect(201);
    world.owner.put(&hold, json!({"reason": "Lawsuit"})).await.expect(204);
    assert_eq!(world.owner.get(&path).await.expect(200)["hold_reason"], "Lawsuit");
    world.app.settle().await;
    let refused = world.owner.get(&format!("/v1/data-requests/{}", early.text_of("id"))).await;
    assert_eq!((&refused.expect(200)["state"], &refused.body["error"]), (&json!("refused"), &json!("contact_on_hold")));
    world.owner.delete(&path).await.problem(409, "contact_on_hold");
    world.owner.post("/v1/data-requests", erasure.clone()).await.problem(409, "contact_on_hold");
    world.owner.put(&hold, json!({"reason": " "})).await.expect(422);
    world.stranger().await.put(&hold, json!({"reason": "x"})).await.problem(404, "not_found");
    let (staff, _) = world.member("agency_staff", "Sam").await;
    staff.put(&hold, json!({"reason": "x"})).await.problem(403, "permission_missing");
    world.owner.delete(&hold).await.expect(204);
    world.owner.post("/v1/data-requests", erasure).await.expect(201);
    world.app.settle().await;
    world.owner.get(&path).await.problem(404, "not_found");
    let events = world.events().await;
    for kind in ["contact.held", "contact.released", "data_request.refused", "contact.erased"] {
        assert_eq!(events.iter().filter(|k| *k == kind).count(), 1, "{kind} in {events:?}");
    }
}

/// An erasure looks for long through all that was written: a hold that comes meanwhile wins, and is what is said.
#[tokio::test]
async fn a_hold_that_comes_in_the_middle_of_an_erasure_refuses_it() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let (app, contact) = (&world.app.app, id.parse::<::contacts::ContactId>().expect("an id"));
    let tenant = app.tenant(world.tenant).await.expect("the tenant");
    let look = async |tx: &mut kernel::Tx| ::contacts::people(tx, contact, &None).await;
    let people = app.read(&tenant, app.system("test"), look).await.expect("a person");
    world.owner.put(&format!("/v1/contacts/{id}/legal-hold"), json!({"reason": "Lawsuit"})).await.expect(204);
    let erase = async |tx: &mut kernel::Tx| ::contacts::erase_person(tx, &people[0]).await;
    let refused = app.write(&tenant, app.system("test"), erase).await.expect_err("it is held");
    assert_eq!(refused.code(), "contact_on_hold");
    world.owner.get(&format!("/v1/contacts/{id}")).await.expect(200);
    world.app.settle().await;
}
