//! Days to try a plan: who gives them, who is told of their end, and who sees it.
use super::{PASSWORD, World};
use ::kernel::ids::TenantId;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::Client;

impl World {
    /// Signed in anew: hours and days have gone by.
    async fn again(&self, email: &str, tenant: TenantId) -> Client {
        let body = json!({"email": email, "password": PASSWORD, "tenant": tenant.to_string()});
        let answer = self.app.anonymous().post("/v1/sessions", body).await;
        answer.expect(201);
        self.app.anonymous().bearer(&answer.text_of("access_token"))
    }
}

/// Kinds of what somebody was told about trials, the first first.
async fn told(client: &Client) -> Vec<String> {
    let page = client.get("/v1/notifications?limit=200").await.expect(200).clone();
    let items = page["items"].as_array().expect("items").iter().rev();
    let kinds = items.map(|item| item["kind"].as_str().expect("a kind").to_owned());
    kinds.filter(|kind| kind.starts_with("trial.")).collect()
}

fn reasons(overview: &Value) -> Vec<&str> {
    let rows = overview["attention"].as_array().expect("rows").iter();
    rows.flat_map(|row| row["reasons"].as_array().expect("reasons")).map(|r| r["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn owners_are_told_before_the_end_and_nothing_ends_by_itself() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let opened = owner.client.post("/v1/clients", json!({"name": "Dental", "trial_days": 10})).await;
    assert_eq!(opened.expect(201)["trial_ends_at"], "2026-11-30T12:00:00+00:00");
    let client: TenantId = opened.text_of("id").parse().expect("an id");
    world.member(client, "client_admin", "Kim").await;
    world.member(client, "client_staff", "Lee").await;
    // However often somebody looks, each is told once: a week before, a day before, and at the end.
    for (days, wanted) in [
        (0, vec![]),
        (2, vec![]),
        (1, vec!["trial.ending"]),
        (5, vec!["trial.ending"]),
        (1, vec!["trial.ending", "trial.ending"]),
        (1, vec!["trial.ending", "trial.ending", "trial.ended"]),
        (9, vec!["trial.ending", "trial.ending", "trial.ended"]),
    ] {
        world.app.advance(TimeDelta::days(days));
        world.app.settle().await;
        world.app.settle().await;
        let kim = world.again("kim@example.com", client).await;
        assert_eq!(told(&kim).await, wanted, "after {days} more days");
    }
    let lee = world.again("lee@example.com", client).await;
    assert_eq!(told(&lee).await, Vec::<String>::new(), "only owners are told");

    // Everybody goes on working; whoever is above sees that it is over.
    let kim = world.again("kim@example.com", client).await;
    kim.post("/v1/contacts", json!({"first_name": "Ada"})).await.expect(201);
    assert_eq!(kim.get("/v1/tenants/current").await.expect(200)["trial_ends_at"], "2026-11-30T12:00:00+00:00");
    let agency = world.again("northlight@example.com", owner.tenant).await;
    let overview = agency.get("/v1/clients/overview").await.expect(200).clone();
    assert!(reasons(&overview).contains(&"trial_over"), "{overview}");
    assert_eq!(overview["trials"][0]["tenant"], client.to_string());
    assert_eq!(told(&agency).await, Vec::<String>::new(), "it was no trial of the agency's own");
    let log = world.log(client).await;
    assert_eq!(log.iter().filter(|kind| *kind == "tenant.trial_ended").count(), 1);
    assert_eq!(log.iter().filter(|kind| *kind == "tenant.trial_ending").count(), 2);

    // More days: it is tried again, and told again. No trial: nothing is said of it.
    let path = format!("/v1/clients/{client}/trial");
    let longer = agency.put(&path, json!({"days": 20})).await;
    assert_eq!(longer.expect(200)["trial_ends_at"], "2026-12-10T12:00:00+00:00");
    world.app.advance(TimeDelta::hours(1));
    world.app.settle().await;
    let kim = world.again("kim@example.com", client).await;
    assert_eq!(told(&kim).await.len(), 4, "the new end is near already");
    let agency = world.again("northlight@example.com", owner.tenant).await;
    assert_eq!(agency.put(&path, json!({"days": 0})).await.expect(200)["trial_ends_at"], json!(null));
    let overview = agency.get("/v1/clients/overview").await.expect(200).clone();
    assert_eq!(overview["trials"], json!([]));
}

#[tokio::test]
async fn a_trial_is_given_by_whoever_is_above() {
    let world = World::start().await;
    let (owner, stranger) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let client = world.client(&owner, "Dental").await;
    let path = format!("/v1/clients/{client}/trial");
    assert_eq!(owner.client.get(&format!("/v1/clients/{client}")).await.expect(200)["trial_ends_at"], json!(null));
    stranger.client.put(&path, json!({"days": 5})).await.problem(404, "not_found");
    owner.acting_in(client).put(&path, json!({"days": 5})).await.problem(403, "agency_only");
    for wrong in [json!({"days": -1}), json!({"days": 366}), json!({"days": "many"}), json!({"hours": 5})] {
        let status = owner.client.put(&path, wrong.clone()).await.status;
        assert!(matches!(status, 400 | 422), "{wrong} answered {status}");
    }
    // Nobody gives himself days.
    owner.acting_in(client).patch("/v1/tenants/current", json!({"trial_days": 99})).await.expect(400);

    // A plan of its own brings its days; own days count instead of them.
    world
        .sql(&format!(
            "update control.tenants set plan_id = (select id from control.plans where key = 'normal') where id = '{}'",
            client.0
        ))
        .await;
    let ends = async || owner.client.get(&format!("/v1/clients/{client}")).await.expect(200)["trial_ends_at"].clone();
    assert_eq!(ends().await, "2026-12-04T12:00:00+00:00");
    let own = owner.client.put(&path, json!({"days": 1})).await;
    assert_eq!((&own.expect(200)["trial_days"], ends().await), (&json!(1), json!("2026-11-21T12:00:00+00:00")));
    owner.client.put(&path, json!({"days": null})).await.expect(200);
    assert_eq!(ends().await, "2026-12-04T12:00:00+00:00");
    let log = world.log(owner.tenant).await;
    assert_eq!(log.iter().filter(|kind| *kind == "tenant.trial_changed").count(), 2);
}

#[tokio::test]
async fn a_trial_that_was_over_long_before_is_told_to_nobody() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let given = "update control.tenants set plan_id = (select id from control.plans where key = 'normal'), \
                 activated_at = '2026-01-01T00:00:00Z' where kind = 'agency'";
    world.sql(given).await;
    world.app.settle().await;
    assert_eq!(told(&owner.client).await, Vec::<String>::new());
    let own = owner.client.get("/v1/tenants/current").await.expect(200).clone();
    assert_eq!(own["trial_ends_at"], "2026-01-15T00:00:00+00:00");
}
