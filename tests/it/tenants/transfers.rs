//! Clients that move between agencies.
use super::{World, refused};
use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::json;

#[tokio::test]
async fn a_client_changes_hands_when_the_other_agency_accepts() {
    let world = World::start().await;
    let (from, to, third) =
        (world.agency("Northlight").await, world.agency("Harbour").await, world.agency("Third").await);
    let client = world.client(&from, "Dental").await;
    let body = json!({"client_id": client.to_string(), "agency_id": to.tenant.to_string(), "note": "Yours"});
    let offer = from.client.post("/v1/transfers", body.clone()).await;
    assert_eq!(offer.expect(201)["state"], "offered");
    from.client.post("/v1/transfers", body).await.problem(409, "transfer_open");
    let path = format!("/v1/transfers/{}", offer.text_of("id"));
    // It keeps working where it is; a third agency sees nothing; the offering one cannot accept.
    from.acting_in(client).get("/v1/tenants/current").await.expect(200);
    third.client.get(&path).await.problem(404, "not_found");
    third.client.post(&format!("{path}/acceptance"), json!({})).await.problem(404, "not_found");
    from.client.post(&format!("{path}/acceptance"), json!({})).await.problem(403, "not_receiver");
    to.client.delete(&path).await.problem(403, "not_offerer");
    assert_eq!(to.client.get("/v1/transfers").await.expect(200)["items"][0]["client_name"], "Dental");

    let (one, two) = join(
        to.client.post(&format!("{path}/acceptance"), json!({})),
        to.client.post(&format!("{path}/acceptance"), json!({})),
    )
    .await;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", one.text, two.text);
    world.app.advance(TimeDelta::seconds(6));
    from.client.get(&format!("/v1/clients/{client}")).await.problem(404, "not_found");
    let gone = from.acting_in(client).get("/v1/tenants/current").await;
    assert!(matches!(gone.status, 403 | 404), "{}", gone.text);
    to.acting_in(client).get("/v1/tenants/current").await.expect(200);
    for (tenant, kind) in
        [(client, "client.transferred"), (from.tenant, "transfer.accepted"), (to.tenant, "client.received")]
    {
        assert!(world.log(tenant).await.contains(&kind.to_owned()), "{kind}");
    }
}

#[tokio::test]
async fn an_offer_is_declined_taken_back_or_runs_out() {
    let world = World::start().await;
    let (from, to) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let client = world.client(&from, "Dental").await;
    let offer = |agency: String| json!({"client_id": client.to_string(), "agency_id": agency});
    refused(&from.client.post("/v1/transfers", offer(client.to_string())).await);
    refused(&from.client.post("/v1/transfers", offer(from.tenant.to_string())).await);
    to.client.post("/v1/transfers", offer(from.tenant.to_string())).await.problem(404, "not_found");
    let mut path = String::new();
    for (who, end) in [(&to, "refusal"), (&from, "")] {
        let made = from.client.post("/v1/transfers", offer(to.tenant.to_string())).await;
        path = format!("/v1/transfers/{}", made.text_of("id"));
        match end {
            "" => who.client.delete(&path).await.expect(204).clone(),
            end => who.client.post(&format!("{path}/{end}"), json!({})).await.expect(200).clone(),
        };
        to.client.post(&format!("{path}/acceptance"), json!({})).await.problem(409, "transfer_closed");
    }
    assert_eq!(from.client.get(&path).await.expect(200)["state"], "withdrawn");
    let made = from.client.post("/v1/transfers", offer(to.tenant.to_string())).await;
    path = format!("/v1/transfers/{}", made.text_of("id"));
    world.app.advance(TimeDelta::days(14));
    let (from, to_client) = (world.person_of(&from).await, world.person_of(&to).await);
    assert_eq!(from.get(&path).await.expect(200)["state"], "expired");
    to_client.post(&format!("{path}/acceptance"), json!({})).await.problem(409, "transfer_closed");
    from.post("/v1/transfers", offer(to.tenant.to_string())).await.expect(201);
}
