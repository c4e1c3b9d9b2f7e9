//! Queues and dead letters.
use super::{Platform, column};
use chrono::TimeDelta;
use kernel::{
    Error, Module, Result,
    ids::JobId,
    jobs::{Enqueue, Job, JobCx, JobKind},
    sql,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Fails until the flag is made: as a job does whose other side is away.
#[derive(Serialize, Deserialize)]
struct CallSomebody {
    secret: String,
}

impl Job for CallSomebody {
    const KIND: &'static str = "CallSomebody";
    const MAX_ATTEMPTS: i32 = 2;
    async fn run(self, cx: JobCx) -> Result<()> {
        let there = cx.control(async |tx| {
            tx.value_opt::<i32>(sql!("select 1 from control.feature_flags where key = 'somebody_is_there'"), &[]).await
        });
        if there.await?.is_none() {
            return Err(Error::upstream("somebody", "nobody is there"));
        }
        cx.write(async |tx| {
            tx.exec(sql!("insert into event_cursors (consumer, seq, updated_at) values ('called', 1, now())"), &[])
                .await
        })
        .await
        .map(drop)
    }
}

async fn platform() -> (Platform, tests::Client, crate::tenants::Person, JobId) {
    let module = Module { name: "test", jobs: vec![JobKind::of::<CallSomebody>()], ..Module::default() };
    let platform = Platform::with(vec![module]).await;
    platform.world.app.expect_dead_jobs();
    let owner = platform.world.agency("Northlight").await;
    let app = &platform.world.app.app;
    let tenant = app.tenant(owner.tenant).await.unwrap();
    let id = app
        .write(&tenant, app.system("test"), async |tx| {
            tx.enqueue(&CallSomebody { secret: "hush-hush".into() }, Enqueue::default()).await
        })
        .await
        .unwrap();
    for _ in 0..3 {
        platform.world.app.settle().await;
        platform.world.app.advance(TimeDelta::minutes(1));
    }
    let admin = platform.admin().await;
    (platform, admin, owner, id.unwrap())
}

#[tokio::test]
async fn a_dead_letter_is_listed_and_tried_again_for_real() {
    let (platform, admin, owner, id) = platform().await;
    let role = platform.world.app.app.tenant(owner.tenant).await.unwrap().role.as_str().to_owned();
    let dead = admin.get(&format!("/v1/jobs?filter=state:eq:dead&filter=tenant:eq:{role}")).await;
    let item = dead.expect(200)["items"][0].clone();
    assert_eq!(
        (&item["kind"], &item["attempts"], &item["id"]),
        (&json!("CallSomebody"), &json!(2), &json!(id.to_string()))
    );
    assert!(item["last_error"].as_str().unwrap().contains("nobody is there"));
    assert!(!dead.text.contains("hush-hush"), "what a job carries is nobody's business");
    let queues = admin.get("/v1/queues").await;
    let queue = queues.expect(200).as_array().unwrap().iter().find(|q| q["kind"] == "CallSomebody").unwrap().clone();
    assert_eq!((&queue["dead"], &queue["queued"]), (&json!(1), &json!(0)));
    assert_eq!(admin.get("/v1/health").await.expect(200)["problems"], json!(["dead_jobs"]));

    let path = format!("/v1/jobs/{id}");
    admin.put("/v1/flags/somebody_is_there", json!({"enabled": true, "percent": 100})).await.expect(200);
    assert_eq!(admin.post(&format!("{path}/retry"), json!({})).await.expect(200)["state"], "queued");
    admin.post(&format!("{path}/retry"), json!({})).await.problem(404, "not_found");
    platform.world.app.settle().await;
    let called = format!("select count(*) from {role}.event_cursors where consumer = 'called'");
    let count: i64 = platform.world.app.db.superuser().await.query_one(&called, &[]).await.unwrap().get(0);
    assert_eq!(count, 1, "it really ran");
    assert!(column(&admin.get("/v1/jobs?filter=kind:eq:CallSomebody").await, "id").is_empty());
    assert_eq!(column(&admin.get("/v1/audit?filter=kind:eq:job.retried").await, "actor_kind"), ["admin"]);
    assert_eq!(admin.get("/v1/health").await.expect(200)["ok"], true);
}

#[tokio::test]
async fn a_dead_letter_can_be_discarded_and_support_only_looks() {
    let (platform, admin, _, id) = platform().await;
    let support = platform.support().await;
    let path = format!("/v1/jobs/{id}");
    support.delete(&path).await.problem(403, "permission_missing");
    support.post(&format!("{path}/retry"), json!({})).await.problem(403, "permission_missing");
    assert_eq!(column(&support.get("/v1/jobs?filter=state:eq:dead").await, "id"), [id.to_string()]);
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.problem(404, "not_found");
    assert!(column(&admin.get("/v1/jobs?filter=state:eq:dead").await, "id").is_empty());
    assert_eq!(column(&admin.get("/v1/audit?filter=kind:eq:job.discarded").await, "title"), ["CallSomebody discarded"]);
}
