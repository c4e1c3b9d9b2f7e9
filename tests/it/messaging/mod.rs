//! Webhooks and what becomes of their calls.
mod deliveries;
mod webhooks;

use crate::forms::World;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use wiremock::{MockServer, Request};

/// A receiver, and a webhook that calls it.
struct Hooked {
    world: World,
    receiver: MockServer,
    id: String,
    secret: String,
}

impl Hooked {
    async fn start(kinds: Value) -> Self {
        let world = World::start().await;
        world.app.expect_outbound_calls();
        let receiver = MockServer::start().await;
        let new = json!({"name": "ERP", "url": format!("{}/hook?k=v", receiver.uri()), "kinds": kinds});
        let made = world.owner.post("/v1/webhooks", new).await;
        let id = made.expect(201)["webhook"]["id"].as_str().expect("an id").to_owned();
        let secret = made.text_of("secret");
        world.app.settle().await;
        Hooked { world, receiver, id, secret }
    }

    async fn calls(&self) -> Vec<Request> {
        self.receiver.received_requests().await.expect("recording")
    }

    /// Makes a contact; gives its id.
    async fn contact(&self, name: &str) -> String {
        let made = self.world.owner.post("/v1/contacts", json!({"first_name": name})).await;
        made.expect(201);
        self.world.app.settle().await;
        made.body["contact"]["id"].as_str().or(made.body["id"].as_str()).expect("an id").to_owned()
    }

    async fn deliveries(&self) -> Vec<Value> {
        let page = self.world.owner.get(&format!("/v1/deliveries?filter=webhook:eq:{}", self.id)).await;
        page.expect(200)["items"].as_array().expect("items").clone()
    }
}

fn header<'a>(call: &'a Request, name: &str) -> &'a str {
    call.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().expect("ascii")
}

/// What a receiver does with the signature header: its own few lines, independent of the code under test.
fn verifies(call: &Request, secret: &str) -> bool {
    let parts: Vec<(&str, &str)> =
        header(call, "upzento-signature").split(',').filter_map(|part| part.split_once('=')).collect();
    let time = parts.iter().find(|(k, _)| *k == "t").expect("a time").1;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(format!("{time}.").as_bytes());
    mac.update(&call.body);
    let sum = kernel::crypto::hex(&mac.finalize().into_bytes());
    parts.iter().any(|(k, v)| *k == "v1" && *v == sum)
}
