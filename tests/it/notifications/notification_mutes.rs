//! What people hear nothing more of.
use super::write;
use crate::tenants::{Person, World, refused};
use ::activities::FOLLOWER_NEWS;
use ::forms::SUBMISSION_RECEIVED;
use ::kernel::notices::NoticeKind;
use ::messaging::WEBHOOK_DISABLED;
use ::notifications::notifications::{Notice, notify};
use serde_json::{Value, json};
use uuid::Uuid;

fn record(prefix: &str, n: u128) -> String {
    format!("{prefix}_{}", ::kernel::ids::encode(Uuid::from_u128(n)))
}

/// How much is unread after a notice, and how many mails went out.
async fn after(world: &World, who: &Person, notice: Notice) -> (u64, usize) {
    write(world, who.tenant, async |tx| notify(tx, &notice).await).await.expect("told");
    world.app.settle().await;
    let unread = who.client.get("/v1/notifications/unread").await.expect(200)["count"].as_u64().expect("a count");
    (unread, world.mailbox.taken().len())
}

fn news(who: &Person, kind: &'static NoticeKind, link: &str) -> Notice {
    let context = if kind.key == FOLLOWER_NEWS.key { "won" } else { "gone" };
    let params = json!({"form": "Contact", "record": "deal", "name": "Till", "context": context});
    Notice::new(kind, params, vec![who.id.0]).link(link)
}

async fn mute(who: &Person, what: Value) -> String {
    who.client.post("/v1/notification-mutes", what).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_muted_kind_is_told_in_no_way_until_it_is_heard_of_again() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let sam = world.member(owner.tenant, "agency_staff", "Sam").await;
    let tell = async |kind: &'static NoticeKind| after(&world, &owner, news(&owner, kind, "/submissions")).await;
    assert_eq!(tell(&SUBMISSION_RECEIVED).await, (1, 1));
    let id = mute(&owner, json!({"kind": "submission.received"})).await;
    assert_eq!(mute(&owner, json!({"kind": "submission.received"})).await, id, "once is enough");
    assert_eq!(tell(&SUBMISSION_RECEIVED).await, (1, 1));
    assert_eq!(tell(&WEBHOOK_DISABLED).await, (2, 2));
    let list = owner.client.get("/v1/notification-mutes").await;
    assert_eq!(list.expect(200).as_array().map(Vec::len), Some(1));
    assert_eq!((&list.body[0]["kind"], &list.body[0]["record"]), (&json!("submission.received"), &Value::Null));

    // What one muted is nobody else's business.
    assert_eq!(after(&world, &sam, news(&sam, &SUBMISSION_RECEIVED, "/submissions")).await, (1, 3));
    assert_eq!(sam.client.get("/v1/notification-mutes").await.expect(200), &json!([]));
    let path = format!("/v1/notification-mutes/{id}");
    sam.client.delete(&path).await.problem(404, "not_found");
    owner.client.delete(&path).await.expect(204);
    owner.client.delete(&path).await.problem(404, "not_found");
    assert_eq!(tell(&SUBMISSION_RECEIVED).await, (3, 4), "from now on");
    let log = world.log(owner.tenant).await;
    assert!(log.contains(&"mute.added".to_owned()) && log.contains(&"mute.removed".to_owned()), "{log:?}");
}

#[tokio::test]
async fn of_a_muted_record_comes_only_what_is_meant_by_name() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let (deal, other, form) = (record("dea", 7), record("dea", 8), record("frm", 9));
    let about = |link: &str| news(&owner, &FOLLOWER_NEWS, link);
    let (here, there) = (format!("/deals/{deal}?tab=notes"), format!("/deals/{other}"));
    let tell = async |notice: Notice| after(&world, &owner, notice).await.0;
    assert_eq!(tell(about(&here)).await, 1);
    let told = owner.client.get("/v1/notifications").await.expect(200)["items"][0].clone();
    assert_eq!(told["record"], json!(deal));
    mute(&owner, json!({"record": told["record"]})).await;
    assert_eq!(tell(about(&here)).await, 1);
    assert_eq!(tell(about(&there)).await, 2);
    assert_eq!(tell(about(&here).by_name()).await, 3);
    assert_eq!(tell(news(&owner, &WEBHOOK_DISABLED, &here)).await, 4);
    // A submission leads to itself and is about its form.
    let sent =
        |n| news(&owner, &SUBMISSION_RECEIVED, &format!("/submissions/{}", record("sub", n))).about_record(&form);
    assert_eq!(tell(sent(1)).await, 5);
    mute(&owner, json!({"record": form})).await;
    assert_eq!(tell(sent(2)).await, 5);
    let list = owner.client.get("/v1/notification-mutes").await.expect(200).clone();
    assert!(list.as_array().expect("a list").iter().any(|one| one["record"] == form), "{list}");
}

#[tokio::test]
async fn one_thing_that_can_be_muted_is_named() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    for (body, field, code) in [
        (json!({}), "/record", "one_wanted"),
        (json!({"kind": "task.reminder", "record": record("dea", 7)}), "/record", "one_wanted"),
        (json!({"kind": "shoe.lost"}), "/kind", "kind_unknown"),
        (json!({"kind": "webhook.disabled"}), "/kind", "kind_always"),
        (json!({"record": "dea_1"}), "/record", "record_invalid"),
    ] {
        let answer = owner.client.post("/v1/notification-mutes", body).await;
        assert_eq!(refused(&answer), [(field.to_owned(), code.to_owned())]);
    }
}
