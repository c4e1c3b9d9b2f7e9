//! One change to many companies: chosen in one moment, done in the background, and taken back.
use super::id_of;
use crate::contacts::member_with;
use crate::deals::deal_bulk_runs::{counts, fates, run, undo};
use crate::fields::define;
use crate::forms::World;
use serde_json::{Value, json};

const RUNS: &str = "/v1/company-bulk-runs";

/// What a run may change, of every company, and what it is found by.
async fn dump(world: &World) -> Vec<String> {
    let rows = world
        .tenant_query(
            "select concat_ws('|', c.id, c.status, c.tier, c.owner_id, c.industry, c.search, c.custom, c.deleted_at is null,
               (select jsonb_agg(to_jsonb(v) order by v.field_id) from custom_field_values v where v.record_id = c.id))
             from companies c order by c.id",
        )
        .await;
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn all_that_match_are_changed_and_put_back_but_for_what_somebody_changed_since() {
    let world = World::start().await;
    let client = &world.owner;
    let code = define(client, json!({"record": "company", "label": "Code", "type": "text", "unique": true})).await;
    let seats = define(client, json!({"record": "company", "label": "Seats", "type": "number"})).await;
    let [code, seats] = [code, seats].map(|field| field["key"].as_str().expect("a key").to_owned());
    let mut ids = vec![];
    for i in 0..6 {
        let company =
            json!({"name": format!("Firm {i}"), "industry": "Coffee", "custom": { (code.clone()): format!("F{i}") }});
        ids.push(id_of(client, company).await);
    }
    let before = dump(&world).await;
    assert_eq!(client.get("/v1/companies/count?q=firm&filter=status:eq:prospect").await.expect(200)["count"], 6);
    let change = json!({"status": "active", "tier": "silver", "owner": world.owner_id, "industry": "Tea", "custom": { (seats.clone()): 12 }});
    let wish = json!({"q": "firm", "filter": ["status:eq:prospect"], "excluded": [ids[5]]});
    let done = run(&world, client, RUNS, json!({"matching": wish, "change": change})).await;
    assert_eq!((&done["state"], counts(&done), &done["change"]), (&json!("done"), [5, 5, 5, 0, 0, 0], &change));
    let first = client.get(&format!("/v1/companies/{}", ids[0])).await.expect(200).clone();
    assert_eq!(
        (&first["status"], &first["tier"], &first["owner"], &first["industry"], &first["custom"][&seats]),
        (&json!("active"), &json!("silver"), &json!(world.owner_id), &json!("Tea"), &json!(12))
    );
    assert_eq!(client.get("/v1/companies/count?q=tea").await.expect(200)["count"], 5, "it is found by what it is now");
    assert_eq!(client.get(&format!("/v1/companies/count?filter=custom.{seats}:eq:12")).await.expect(200)["count"], 5);
    let facts = "select count(*) from events where subject = 'companies' and actor_kind = 'user' and kind = ";
    for kind in ["company.updated", "company.status_changed", "company.assigned"] {
        assert_eq!(world.count(&format!("{facts}'{kind}'")).await, 5, "{kind}");
    }
    assert_eq!(counts(&undo(&world, client, RUNS, &done).await), [5, 5, 5, 0, 5, 0]);
    assert_eq!(dump(&world).await, before);

    // Of a unique value one gets it; what somebody changed since stays, and anything else of the company too.
    let same = json!({"companies": ids, "change": {"custom": { (code.clone()): "F1" }}});
    let same = run(&world, client, RUNS, same).await;
    assert_eq!(counts(&same), [6, 6, 0, 6, 0, 0]);
    assert_eq!(fates(client, RUNS, &same, "company", "reason").await[&ids[0]], "not_unique");
    assert_eq!(dump(&world).await, before);
    let former = run(&world, client, RUNS, json!({"companies": ids, "change": {"status": "former"}})).await;
    client.patch(&format!("/v1/companies/{}", ids[0]), json!({"status": "inactive"})).await.expect(200);
    client.patch(&format!("/v1/companies/{}", ids[1]), json!({"industry": "Rum"})).await.expect(200);
    client.delete(&format!("/v1/companies/{}", ids[2])).await.expect(204);
    assert_eq!(counts(&undo(&world, client, RUNS, &former).await), [6, 6, 6, 0, 4, 2]);
    let read = async |id: &str| client.get(&format!("/v1/companies/{id}")).await.expect(200).clone();
    assert_eq!(read(&ids[0]).await["status"], "inactive");
    let second = read(&ids[1]).await;
    assert_eq!((&second["status"], &second["industry"]), (&json!("prospect"), &json!("Rum")));

    // Deleted ones come back by the undo, but not who came back by hand.
    let gone = run(&world, client, RUNS, json!({"companies": ids, "change": {"deleted": true}})).await;
    assert_eq!(counts(&gone), [6, 6, 5, 1, 0, 0]);
    client.post(&format!("/v1/companies/{}/restoration", ids[0]), json!({})).await.expect(200);
    assert_eq!(counts(&undo(&world, client, RUNS, &gone).await), [6, 6, 5, 1, 4, 1]);
    let back = run(&world, client, RUNS, json!({"matching": {}, "change": {"deleted": false}})).await;
    assert_eq!(counts(&back), [1, 1, 1, 0, 0, 0], "the one that was deleted by hand");
    for (body, field) in [
        (json!({"companies": [], "change": {"status": "former"}}), "/companies"),
        (json!({"companies": ids, "change": {}}), "/change"),
        (json!({"companies": ids, "change": {"deleted": true, "tier": "gold"}}), "/change/deleted"),
        (json!({"companies": ids, "change": {"custom": {"nothing": 1}}}), "/change/custom/nothing"),
        (json!({"matching": {"filter": ["shoe:eq:1"]}, "change": {"tier": null}}), "/filter"),
    ] {
        assert_eq!(client.post(RUNS, body.clone()).await.expect(422)["errors"][0]["field"], field, "{body}");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn nobody_changes_more_companies_than_he_could_one_by_one() {
    let world = World::start().await;
    let (una, _) = member_with(&world, "Una", json!({"companies.*": "own"})).await;
    let hers = id_of(&una, json!({"name": "Hers"})).await;
    let theirs = id_of(&world.owner, json!({"name": "Theirs"})).await;
    let done = run(&world, &una, RUNS, json!({"matching": {}, "change": {"tier": "gold"}})).await;
    assert_eq!(counts(&done), [1, 1, 1, 0, 0, 0]);
    let named = run(&world, &una, RUNS, json!({"companies": [hers, theirs], "change": {"tier": null}})).await;
    assert_eq!(counts(&named), [2, 2, 1, 1, 0, 0]);
    let path = format!("{RUNS}/{}", named["id"].as_str().expect("an id"));
    let rows = una.get(&format!("{path}/rows?filter=reason:eq:missing")).await.expect(200).clone();
    assert_eq!(rows["items"][0].get("company"), None::<&Value>, "what is out of reach is not named");
    world.owner.patch(&format!("/v1/companies/{hers}"), json!({"owner": world.owner_id})).await.expect(200);
    assert_eq!(counts(&undo(&world, &una, RUNS, &named).await), [2, 2, 1, 1, 0, 1], "given away meanwhile");
    let grants = json!({"companies.*": "all", "companies.delete": "own"});
    let (narrow, _) = member_with(&world, "Nina", grants).await;
    let delete = json!({"companies": [theirs], "change": {"deleted": true}});
    narrow.post(RUNS, delete).await.problem(403, "permission_missing");
    let (staff, _) = world.member("agency_staff", "Sam").await;
    staff.post(RUNS, json!({"matching": {}, "change": {"tier": null}})).await.problem(403, "permission_missing");
    world.stranger().await.get(&path).await.problem(404, "not_found");
    world.app.settle().await;
}
