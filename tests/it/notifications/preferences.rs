//! What people want to be told.
use super::write;
use crate::tenants::{World, refused};
use ::notifications::{
    mails::Template,
    notifications::{Notice, notify},
};
use serde_json::json;

#[tokio::test]
async fn everybody_is_told_as_he_prefers_and_what_is_critical_anyway() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let all = owner.client.get("/v1/preferences").await;
    let items = all.expect(200).as_array().unwrap();
    assert!(items.iter().all(|p| p["enabled"] == true) && items.len() >= 10, "{items:?}");
    let notice = |key: &str| Notice {
        dedupe_key: Some(key.into()),
        ..Notice::new("forms", "submission.received", "New", vec![owner.id.0])
            .mail(Template::Generic, json!({"title": "T", "body": "B"}))
    };
    let tell = async |key: &str, critical: bool| {
        let notice = Notice { critical, ..notice(key) };
        write(&world, owner.tenant, async |tx| notify(tx, &notice).await).await.unwrap();
        world.app.settle().await;
        let unread = owner.client.get("/v1/notifications/unread").await.expect(200)["count"].as_u64().unwrap();
        (unread, world.mailbox.taken().len())
    };
    assert_eq!(tell("a", false).await, (1, 1));
    let off = json!({"items": [{"module": "forms", "channel": "email", "enabled": false}]});
    let after = owner.client.put("/v1/preferences", off).await;
    assert_eq!(after.expect(200).as_array().unwrap().iter().filter(|p| p["enabled"] == false).count(), 1);
    assert_eq!(tell("b", false).await, (2, 1));
    let off = json!({"items": [{"module": "forms", "channel": "in_app", "enabled": false}]});
    owner.client.put("/v1/preferences", off).await.expect(200);
    assert_eq!(tell("c", false).await, (2, 1));
    assert_eq!(tell("d", true).await, (3, 2));
    let back = json!({"items": [{"module": "forms", "channel": "email", "enabled": true}]});
    owner.client.put("/v1/preferences", back).await.expect(200);
    assert_eq!(tell("e", false).await, (3, 3), "by e-mail only");
    assert!(world.log(owner.tenant).await.contains(&"preferences.updated".to_owned()));
}

#[tokio::test]
async fn preferences_belong_to_a_person_and_a_tenant() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let off = json!({"items": [{"module": "forms", "channel": "email", "enabled": false}]});
    owner.client.put("/v1/preferences", off).await.expect(200);
    let there = owner.acting_in(client).get("/v1/preferences").await;
    assert!(there.expect(200).as_array().unwrap().iter().all(|p| p["enabled"] == true));
    let wrong = json!({"items": [{"module": "shoes", "channel": "email", "enabled": false}]});
    assert_eq!(
        refused(&owner.client.put("/v1/preferences", wrong).await),
        [("/items/0/module".into(), "module_unknown".into())]
    );
    let pigeon = json!({"items": [{"module": "forms", "channel": "pigeon", "enabled": false}]});
    owner.client.put("/v1/preferences", pigeon).await.expect(400);
}
