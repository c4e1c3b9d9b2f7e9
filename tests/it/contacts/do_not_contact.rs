//! Do-not-contact.
use super::id_of;
use crate::forms::World;
use contacts::do_not_contact::{BlockedChannel, refusal};
use serde_json::json;

#[tokio::test]
async fn a_block_stops_every_sender_until_it_is_taken_away() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let path = format!("/v1/contacts/{id}/do-not-contact");
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let contact = id.parse().expect("an id");
    let blocked = async |channel| {
        let asked =
            world.app.app.read(&tenant, world.app.app.system("test"), async |tx| refusal(tx, contact, channel).await);
        asked.await.err().map(|e| e.code().to_owned())
    };
    assert_eq!(blocked(BlockedChannel::Email).await, None);
    world.owner.put(&format!("{path}/email"), json!({"reason": "asked on the phone"})).await.expect(204);
    world.owner.put(&format!("{path}/email"), json!({"direction": "inbound"})).await.expect(204);
    assert_eq!(blocked(BlockedChannel::Email).await.as_deref(), Some("do_not_contact"));
    assert_eq!(blocked(BlockedChannel::Sms).await, None);
    let listed = world.owner.get(&path).await;
    assert_eq!(listed.expect(200)["items"][1]["reason"], "asked on the phone");
    world.owner.delete(&format!("{path}/email")).await.expect(204);
    assert_eq!(blocked(BlockedChannel::Email).await, None, "what comes in is another matter");
    world.owner.delete(&format!("{path}/email")).await.problem(404, "not_found");
    world.owner.delete(&format!("{path}/email?direction=inbound")).await.expect(204);
    world.owner.put(&format!("{path}/all"), json!({})).await.expect(204);
    for channel in [BlockedChannel::Email, BlockedChannel::Sms, BlockedChannel::Phone, BlockedChannel::Whatsapp] {
        assert_eq!(blocked(channel).await.as_deref(), Some("do_not_contact"));
    }
    world.owner.put(&format!("{path}/smoke"), json!({})).await.expect(400);
    world.owner.put(&format!("{path}/sms"), json!({"reason": "x".repeat(501)})).await.expect(422);
    let events = world.events().await;
    assert_eq!(events.iter().filter(|k| *k == "contact.blocked").count(), 3);
    assert_eq!(events.iter().filter(|k| *k == "contact.unblocked").count(), 2);
    world.app.settle().await;
}
