//! What goes on at clients, counted as it happens.
use super::{Person, World};
use ::kernel::{
    events::{NewEvent, Recorded, Subscription, dispatch_due},
    ids::TenantId,
    sql,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Kinds that count in one way or another, and two that do not count.
const KINDS: &[&str] = &[
    "contact.created",
    "contact_import.finished",
    "form.submitted",
    "form.quarantined",
    "note.created",
    "contact.updated",
    "form.updated",
    "tag.created",
];

fn subscription() -> Subscription {
    let all = ::tenants::module().subscriptions;
    all.into_iter().find(|s| s.name == "tenants.activity").expect("the subscription")
}

/// A small generator: the same numbers each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

impl World {
    async fn record(&self, tenant: TenantId, kind: &'static str, subject: Uuid, payload: Value) {
        let tenant = self.app.app.tenant(tenant).await.unwrap();
        let write = self.app.app.write(&tenant, self.app.app.system("test"), async |tx| {
            let resource = if kind.starts_with("form.") { "submissions" } else { "things" };
            tx.record(NewEvent::new(kind, resource, subject, "It happened").payload(&payload)).await
        });
        write.await.unwrap();
    }

    /// Everything that was counted at a tenant.
    async fn counted(&self, tenant: TenantId) -> Vec<(DateTime<Utc>, i32, i32, i32)> {
        let role = self.app.app.tenant(tenant).await.unwrap().role.as_str().to_owned();
        let sql = "select slot, events, contacts, answers from ops.activity_slots where tenant = $1 order by slot";
        let rows = self.app.db.superuser().await.query(sql, &[&role]).await.unwrap();
        rows.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect()
    }

    /// What its log says, found by reading all of it.
    async fn truth(&self, tenant: TenantId) -> Vec<(DateTime<Utc>, i32, i32, i32)> {
        let role = self.app.app.tenant(tenant).await.unwrap().role.as_str().to_owned();
        let sql = format!(
            "with e as (
               select kind, subject_id, payload, occurred_at, row_number() over (partition by subject_id order by occurred_at, id) as nth
               from {role}.events where kind = any($1) and not (kind = 'note.created' and payload ->> 'private' = 'true'))
             select to_timestamp(floor(extract(epoch from occurred_at) / 900) * 900) as slot, count(*)::int,
               (count(*) filter (where kind = 'contact.created') + coalesce(sum((payload ->> 'created')::int) filter (
                 where kind = 'contact_import.finished' and payload ->> 'error' is null), 0))::int,
               (count(*) filter (where kind like 'form.%' and nth = 1))::int
             from e group by 1 order by 1"
        );
        let rows = self.app.db.superuser().await.query(&sql, &[&::tenants::activity::KINDS.as_slice()]).await.unwrap();
        rows.iter().map(|r| (r.get(0), r.get(1), r.get(2), r.get(3))).collect()
    }

    /// Delivers every event of a tenant's log once more.
    async fn deliver_again(&self, tenant: TenantId) {
        let tenant = self.app.app.tenant(tenant).await.unwrap();
        let write = self.app.app.write(&tenant, self.app.app.system("test"), async |tx| {
            let events: Vec<Recorded> = tx
                .rows(
                    sql!(
                        "select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at
                         from event_log l join events e on e.id = l.event_id order by l.seq"
                    ),
                    &[],
                )
                .await?;
            for event in &events {
                (subscription().handler)(tx, event).await?;
            }
            Ok(())
        });
        write.await.unwrap();
    }

    async fn happen(&self, tenant: TenantId, dice: &mut Dice) {
        let kind = KINDS[dice.roll(KINDS.len())];
        let subject = Uuid::from_u128(dice.0 as u128);
        let error = (dice.roll(4) == 0).then_some("the file is gone");
        let payload = json!({"private": dice.roll(3) == 0, "created": dice.roll(500), "error": error});
        self.record(tenant, kind, subject, payload).await;
        if kind == "form.quarantined" && dice.roll(2) == 0 {
            // Released: submitted a second time, and still one answer.
            self.app.advance(TimeDelta::minutes(5));
            self.record(tenant, "form.submitted", subject, json!({})).await;
        }
    }
}

async fn week(owner: &Person, client: TenantId) -> Value {
    owner.client.get(&format!("/v1/clients/{client}")).await.expect(200)["week"].clone()
}

#[tokio::test]
async fn what_is_counted_is_what_happened() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    assert_eq!(week(&owner, client).await["week"], json!({"events": 0, "contacts": 0, "answers": 0}));
    for seed in 0..3 {
        let mut dice = Dice(seed);
        for _ in 0..40 {
            world.happen(client, &mut dice).await;
            world.app.advance(TimeDelta::minutes(dice.roll(200) as i64));
            if dice.roll(4) == 0 {
                let (a, b) = tokio::join!(dispatch_due(&world.app.app), dispatch_due(&world.app.app));
                a.unwrap();
                b.unwrap();
            }
        }
        world.app.settle().await;
        let counted = world.counted(client).await;
        assert_eq!(counted, world.truth(client).await);
        world.deliver_again(client).await;
        assert_eq!(world.counted(client).await, counted, "delivered twice, counted once");
    }
    // Somebody spoiled the figures; they are made anew from the log.
    let counted = world.counted(client).await;
    world.sql("update ops.activity_slots set events = events + 7").await;
    assert!(server::recount::activity(&world.app.app, None).await.unwrap() >= 2);
    assert_eq!(world.counted(client).await, counted);
    // The answer says the same, for the days it tells about.
    let owner = Person { client: world.person_of(&owner).await, ..owner };
    let answer = week(&owner, client).await;
    let overview = owner.client.get("/v1/clients/overview").await.expect(200).clone();
    let since: DateTime<Utc> = overview["since"].as_str().unwrap().parse().unwrap();
    let sum = |from: DateTime<Utc>, to: DateTime<Utc>| {
        let within = counted.iter().filter(|(slot, ..)| *slot >= from && *slot < to);
        within.fold((0, 0, 0), |(e, c, a), slot| (e + slot.1, c + slot.2, a + slot.3))
    };
    let (now, seven) = (world.app.clock.now() + TimeDelta::days(1), TimeDelta::days(7));
    for (name, (events, contacts, answers)) in [("week", sum(since, now)), ("before", sum(since - seven, since))] {
        assert_eq!(answer[name], json!({"events": events, "contacts": contacts, "answers": answers}), "{name}");
        assert_eq!(overview[name], answer[name], "its one client is all there is");
    }
    let parts = answer["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 56);
    assert_eq!(parts.iter().map(|p| p.as_i64().unwrap()).sum::<i64>(), answer["week"]["events"].as_i64().unwrap());
}

#[tokio::test]
async fn dispatchers_that_race_count_everything_once() {
    let world = Arc::new(World::start().await);
    let owner = world.agency("Northlight").await;
    let clients = [world.client(&owner, "Dental").await, world.client(&owner, "Bakery").await];
    for round in 0..4 {
        let writing = clients.iter().map(|client| {
            let world = world.clone();
            async move {
                let mut dice = Dice(round + client.0.as_u128() as u64);
                for _ in 0..15 {
                    world.happen(*client, &mut dice).await;
                }
            }
        });
        let delivering = (0..6).map(|_| async { dispatch_due(&world.app.app).await.map(|_| ()).unwrap() });
        // What was delivered before comes again in the middle of it.
        let again = clients.iter().map(|client| world.deliver_again(*client));
        futures_util::join!(join_all(writing), join_all(delivering), join_all(again));
    }
    world.app.settle().await;
    for client in clients {
        assert_eq!(world.counted(client).await, world.truth(client).await);
    }
}

#[tokio::test]
async fn nobody_counts_in_anothers_name() {
    let world = World::start().await;
    let (owner, other) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let (ours, theirs) = (world.client(&owner, "Dental").await, world.client(&other, "Vets").await);
    world.record(theirs, "contact.created", Uuid::from_u128(1), json!({})).await;
    world.app.settle().await;
    assert_eq!(week(&owner, ours).await["week"]["events"], 0);
    assert_eq!(week(&other, theirs).await["week"]["contacts"], 1);
    let role = world.app.app.tenant(theirs).await.unwrap().role.as_str().to_owned();
    let tenant = world.app.app.tenant(ours).await.unwrap();
    let seen: i64 = world
        .app
        .app
        .read(&tenant, world.app.app.system("test"), async |tx| {
            tx.value(sql!("select count(*) from ops.activity_slots where tenant = $1"), &[&role]).await
        })
        .await
        .unwrap();
    assert_eq!(seen, 0);
    other.client.get(&format!("/v1/clients/{ours}")).await.problem(404, "not_found");
    let clients = other.client.get("/v1/clients/overview").await;
    assert_eq!(clients.expect(200)["totals"]["clients"], 1);
    owner.acting_in(ours).get("/v1/clients/overview").await.problem(403, "agency_only");
}

#[tokio::test]
async fn an_overview_says_who_needs_attention_and_why() {
    let world = World::start().await;
    world.app.db.warm(5).await;
    let owner = world.agency("Northlight").await;
    let [stopped, full, quiet, fine] = ["Stopped", "Full", "Quiet", "Fine"];
    let mut ids = vec![];
    for name in [stopped, full, quiet, fine] {
        ids.push(world.client(&owner, name).await);
    }
    world.record(ids[2], "contact.created", Uuid::from_u128(1), json!({})).await;
    world.app.settle().await;
    world.app.advance(TimeDelta::days(8));
    let owner = Person { client: world.person_of(&owner).await, ..owner };
    world.record(ids[3], "contact.created", Uuid::from_u128(2), json!({})).await;
    world.record(ids[3], "form.submitted", Uuid::from_u128(3), json!({})).await;
    let suspension = json!({"reason": "Unpaid since May"});
    owner.client.post(&format!("/v1/clients/{}/suspension", ids[0]), suspension).await.expect(201);
    let plan = format!(
        "insert into control.plans (id, key, name, description, level, limits, price_minor, currency, trial_days, created_at, updated_at)
         values ('00000000-0000-7000-8000-000000000001', 'small', 'Small', '', 0, '{{\"contacts\": 1, \"members\": 5}}', 0, 'EUR', 10, now(), now());
         update control.tenants set plan_id = '00000000-0000-7000-8000-000000000001', activated_at = '{}' where id = '{}'",
        (world.app.clock.now() - TimeDelta::days(8)).to_rfc3339(),
        ids[1].0
    );
    world.sql(&plan).await;
    let acting = owner.acting_in(ids[1]);
    acting.post("/v1/contacts", json!({"display_name": "Ada"})).await.expect(201);
    world.app.settle().await;
    let answer = owner.client.get("/v1/clients/overview").await;
    let body = answer.expect(200);
    let reasons = |row: &Value| -> Vec<String> {
        row["reasons"].as_array().unwrap().iter().map(|r| r["kind"].as_str().unwrap().to_owned()).collect()
    };
    let rows = body["attention"].as_array().unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row["client"]["name"].as_str().unwrap(), reasons(row))).collect();
    let wanted: Vec<(&str, Vec<String>)> = vec![
        (stopped, vec!["stopped".into()]),
        (full, vec!["limit".into(), "trial".into()]),
        (quiet, vec!["quiet".into()]),
    ];
    assert_eq!(found, wanted);
    assert_eq!(rows[0]["reasons"][0]["text"], "Unpaid since May");
    assert_eq!(body["attention_count"], 3);
    assert_eq!(body["totals"], json!({"clients": 4, "good": 0, "idle": 3, "attention": 0, "stopped": 1}));
    assert_eq!(
        body["limits"][0],
        json!({"tenant": ids[1].to_string(), "name": full, "limit": "contacts", "used": 1, "most": 1})
    );
    assert_eq!(body["trials"][0]["name"], full);
    // The list says the same of each, and how far the others are from theirs.
    let limits =
        [json!({"limit": "contacts", "used": 1, "most": 1}), json!({"limit": "members", "used": 0, "most": 5})];
    let one = owner.client.get(&format!("/v1/clients/{}", ids[1])).await.expect(200).clone();
    assert_eq!((&one["plan"], &one["limits"]), (&json!("Small"), &json!(limits)));
    let list = owner.client.get("/v1/clients?sort=name").await.expect(200)["items"].clone();
    assert_eq!((&list[1]["name"], &list[1]["limits"]), (&json!(full), &json!(limits)));
    assert_eq!(list[0]["limits"], json!([]), "its agency has no plan");
    assert_eq!(body["busiest"][0]["name"], fine);
    assert_eq!(body["week"]["answers"], 1);
    assert_eq!(body["newest"].as_array().unwrap().len(), 4);
    // Who left no contact behind is below the limit again.
    let contacts = acting.get("/v1/contacts").await;
    let id = contacts.expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    acting.delete(&format!("/v1/contacts/{id}")).await.expect(204);
    world.app.settle().await;
    assert_eq!(owner.client.get("/v1/clients/overview").await.expect(200)["limits"], json!([]));
}

#[tokio::test]
async fn a_thousand_clients_are_one_answer() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    // No schemas: an overview never looks into them, and this proves it.
    world
        .sql(&format!(
            "insert into control.tenants (id, kind, parent_id, name, slug, state, schema_name, role_name, zone, locale, currency, activated_at)
             select md5('c' || n)::uuid, 'client', '{}', 'Client ' || n, 'client-' || n, 'active', 't_' || lpad(n::text, 26, '0'),
               't_' || lpad(n::text, 26, '0'), 'UTC', 'en', 'EUR', now() from generate_series(1, 1000) n;
             insert into ops.activity_heads (tenant, seq, last_at) select 't_' || lpad(n::text, 26, '0'), 9, '{now}'::timestamptz from generate_series(1, 1000) n;
             insert into ops.activity_slots (tenant, slot, events, contacts, answers)
             select 't_' || lpad(n::text, 26, '0'), date_bin('15 minutes', '{now}'::timestamptz, 'epoch') - s * interval '75 minutes', 2, 1, 1
             from generate_series(1, 1000) n, generate_series(0, 120) s",
            owner.tenant.0,
            now = world.app.clock.now().to_rfc3339(),
        ))
        .await;
    world.sql("analyze ops.activity_slots").await;
    let answer = owner.client.get("/v1/clients/overview").await;
    let body = answer.expect(200);
    assert_eq!(body["totals"]["clients"], 1000);
    let week = &body["week"];
    assert_eq!(week["contacts"].as_i64().unwrap() * 2, week["events"].as_i64().unwrap());
    assert!(week["contacts"].as_i64().unwrap() > 90_000, "{week}");
    assert_eq!(body["busiest"].as_array().unwrap().len(), 24);
    let page = owner.client.get("/v1/clients?limit=200").await;
    let parts = page.expect(200)["items"][0]["week"]["parts"].as_array().unwrap();
    assert!(parts.iter().any(|part| part.as_i64().unwrap() > 0));
}
