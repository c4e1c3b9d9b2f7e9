//! Hours of members, where they are not those of the tenant.
use super::{call, contact, only_rule, owner, waiting};
use crate::{
    contacts::{id_of, member_with},
    forms::World,
};
use serde_json::{Value, json};

#[tokio::test]
async fn what_falls_to_a_member_comes_in_his_hours() {
    let world = World::start().await;
    only_rule(&world.owner, json!({"wait_days": 1})).await;
    let (ben, ben_id) = member_with(&world, "Ben", json!({"followups.*": "own"})).await;
    let of_ben = format!("/v1/member-hours/{ben_id}");
    let saturdays = json!({"zone": "Asia/Dhaka", "spans": [{"day": 6, "from": "10:00", "until": "12:00"}]});
    let first = ben.put(&of_ben, saturdays.clone()).await;
    assert_eq!((&first.expect(200)["member"], &first.body["version"]), (&json!(ben_id), &json!(1)));
    let etag = first.etag();
    ben.with("if-match", etag.clone()).put(&of_ben, saturdays.clone()).await.expect(200);
    ben.with("if-match", etag).put(&of_ben, saturdays.clone()).await.problem(412, "stale");
    // Of himself everybody says it, of others whoever changes the follow-ups of everybody.
    let of_owner = format!("/v1/member-hours/{}", world.owner_id);
    ben.put(&of_owner, saturdays.clone()).await.problem(403, "level_all_needed");
    world.owner.put("/v1/member-hours/usr_00000000000000000000000000", saturdays.clone()).await.expect(404);
    assert_eq!(world.owner.put(&of_ben, json!({"spans": []})).await.expect(422)["errors"][0]["code"], "required");
    assert_eq!(world.stranger().await.get("/v1/member-hours").await.expect(200)["items"], json!([]));
    let all = ben.get("/v1/member-hours").await.expect(200)["items"].clone();
    assert_eq!((all.as_array().map(Vec::len), &all[0]["zone"]), (Some(1), &json!("Asia/Dhaka")));

    // It is Friday noon. One calls with somebody of each.
    let ada = contact(&world, &world.owner, "Ada").await;
    let bob = id_of(&world.owner, json!({"first_name": "Bob", "owner": ben_id})).await;
    call(&world.owner, &ada).await;
    call(&world.owner, &bob).await;
    let seen = |one: &Value| (one["assignee"].clone(), one["fire_at"].clone());
    assert_eq!(
        waiting(&world.owner).await.iter().map(seen).collect::<Vec<_>>(),
        [
            (json!(ben_id), json!("2026-11-21T04:00:00+00:00")),
            (json!(world.owner_id), json!("2026-11-23T09:00:00+00:00")),
        ]
    );
    // Tasks that are put off stay within the hours of whoever has them.
    let new = json!({"title": "Meet", "due_on": "2026-11-20", "due_time": "09:30", "assignee": ben_id});
    let task = world.owner.post("/v1/tasks", new).await.text_of("id");
    let off = json!({"tasks": [task], "postponed": {"next_working_day": true}});
    world.owner.post("/v1/tasks/bulk-changes", off).await.expect(200);
    let put_off = world.owner.get(&format!("/v1/tasks/{task}")).await.expect(200).clone();
    assert_eq!(put_off["due_on"], "2026-11-21");

    ben.delete(&of_ben).await.expect(204);
    ben.delete(&of_ben).await.expect(404);
    let cyd = id_of(&world.owner, json!({"first_name": "Cyd", "owner": ben_id})).await;
    call(&world.owner, &cyd).await;
    let again = waiting(&owner(&world).await).await;
    let his = again.iter().find(|one| one["contact"] == json!(cyd)).expect("it waits");
    assert_eq!(his["fire_at"], "2026-11-23T09:00:00+00:00", "in the hours of all again");
    let kinds = world.events().await;
    let told = |kind: &str| kinds.iter().filter(|one| *one == kind).count();
    assert_eq!((told("member_hours.updated"), told("member_hours.deleted")), (2, 1));
}
