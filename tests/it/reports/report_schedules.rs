//! Reports that come by themselves.
use super::filled;
use crate::{
    contacts::member_with,
    forms::{World, sign_in},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tests::Client;

async fn owner(world: &World) -> Client {
    sign_in(&world.app, "northlight@example.com").await.0
}

async fn runs(client: &Client, schedule: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/report-schedules/{schedule}/runs?sort=due_at")).await;
    page.expect(200)["items"].as_array().expect("runs").clone()
}

fn at(thing: &Value, field: &str) -> DateTime<Utc> {
    thing[field].as_str().expect("a moment").parse().expect("a moment")
}

#[tokio::test]
async fn each_time_comes_once_whatever_workers_and_clocks_do() {
    let world = World::start().await;
    let (_, sam_id) = world.member("agency_staff", "Sam").await;
    member_with(&world, "Eve", json!({"reports.*": "own"})).await;
    filled(&sam_id, &world).await;
    let body = json!({"name": "Monday numbers", "kind": "win_rate", "span": "last_month", "cadence": "daily", "minute": 480,
        "zone": "Europe/Berlin", "recipients": [world.owner_id, sam_id]});
    let made = world.owner.post("/v1/report-schedules", body.clone()).await;
    let id = made.expect(201)["id"].as_str().expect("an id").to_owned();
    let first = at(&made.body, "next_at");
    assert_eq!((first.format("%H:%M").to_string(), first > world.app.clock.now()), ("07:00".to_owned(), true));
    world.app.settle().await;
    assert!(runs(&world.owner, &id).await.is_empty());
    // Three days pass at once while nothing runs; then three workers begin at the same time.
    world.app.advance(first - world.app.clock.now() + TimeDelta::days(3) + TimeDelta::minutes(5));
    let app = &world.app.app;
    let work = || async { kernel::jobs::run_due(app).await.expect("jobs run") };
    tokio::join!(work(), work(), work());
    // A clock that goes back finds nothing left.
    world.app.advance(TimeDelta::hours(-2));
    tokio::join!(work(), work());
    world.app.advance(TimeDelta::hours(2));
    world.app.settle().await;
    let owner = self::owner(&world).await;
    let found = runs(&owner, &id).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["state"], at(&found[0], "due_at")), (&json!("sent"), first));
    let next = at(owner.get(&format!("/v1/report-schedules/{id}")).await.expect(200), "next_at");
    assert_eq!(next, first + TimeDelta::days(4));
    for to in ["northlight@example.com", "sam@example.com"] {
        let subjects: Vec<String> = world.mails(to).await.into_iter().filter(|s| s == "Monday numbers").collect();
        assert_eq!(subjects.len(), 1, "{to}");
    }
    // The file is there for who got it, and for nobody else.
    let file = format!("/v1/report-runs/{}/file", found[0]["id"].as_str().expect("an id"));
    let sam = sign_in(&world.app, "sam@example.com").await.0;
    sam.post("/v1/report-schedules", body.clone()).await.problem(403, "permission_missing");
    for client in [&owner, &sam] {
        let got = client.get(&file).await;
        got.expect(200);
        assert!(got.headers["content-disposition"].to_str().unwrap().contains("win_rate-2026-10-01-2026-10-31.xlsx"));
    }
    let eve = sign_in(&world.app, "eve@example.com").await.0;
    eve.get(&file).await.problem(404, "not_found");
    eve.get(&format!("/v1/report-schedules/{id}")).await.problem(404, "not_found");
    world.stranger().await.get(&file).await.problem(404, "not_found");
    // Paused it does not come; sent by hand it does.
    let path = format!("/v1/report-schedules/{id}");
    let paused = owner.patch(&path, json!({"active": false})).await;
    assert_eq!((&paused.expect(200)["state"], &paused.body["next_at"]), (&json!("paused"), &Value::Null));
    world.app.advance(TimeDelta::days(3));
    world.app.settle().await;
    let owner = self::owner(&world).await;
    assert_eq!(runs(&owner, &id).await.len(), 1);
    owner.post(&format!("{path}/runs"), json!({})).await.expect(201);
    world.app.settle().await;
    assert_eq!(runs(&owner, &id).await.iter().filter(|run| run["state"] == "sent").count(), 2);
    for (field, value, code) in [
        ("span", json!("days"), "/span"),
        ("day", json!(32), "/day"),
        ("minute", json!(1440), "/minute"),
        ("zone", json!("Mars/Base"), "/zone"),
        ("name", json!(" "), "/name"),
        ("recipients", json!([]), "/recipients"),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        let refused = owner.post("/v1/report-schedules", wrong).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], code);
    }
}

#[tokio::test]
async fn what_came_is_forgotten_in_time_though_nothing_comes_any_more() {
    let world = World::start().await;
    let body = json!({"name": "Numbers", "kind": "win_rate", "span": "last_month", "cadence": "weekly", "minute": 480,
        "recipients": [world.owner_id]});
    let id = world.owner.post("/v1/report-schedules", body).await.text_of("id");
    world.owner.post(&format!("/v1/report-schedules/{id}/runs"), json!({})).await.expect(201);
    world.app.settle().await;
    world.owner.patch(&format!("/v1/report-schedules/{id}"), json!({"active": false})).await.expect(200);
    for (days, left) in [(89, 1), (3, 0)] {
        world.app.advance(TimeDelta::days(days));
        world.app.settle().await;
        assert_eq!(world.count("select count(*) from report_runs").await, left);
    }
}

/// Whoever looks after somebody's schedules gets no more of their reports than he may see himself.
#[tokio::test]
async fn nobody_hands_himself_a_report_that_shows_more_than_he_may_see() {
    let world = World::start().await;
    let team = json!({"reports.*": "team", "contacts.read": "team", "companies.read": "team", "activities.read": "team",
        "deals.read": "team", "tasks.read": "team"});
    let (_, tom_id) = member_with(&world, "Tom", team).await;
    let (una, una_id) = member_with(&world, "Una", json!({"reports.*": "all", "*.read": "all"})).await;
    let (ida, ida_id) = member_with(&world, "Ida", json!({"reports.*": "own", "deals.read": "own"})).await;
    world.owner.post("/v1/teams", json!({"name": "North", "members": [tom_id, una_id, ida_id]})).await.expect(201);
    let (tom, _) = sign_in(&world.app, "tom@example.com").await;
    let made = async |client: &Client, who: &str| {
        let body = json!({"name": "Numbers", "kind": "overview", "span": "this_month", "cadence": "weekly", "day": 1, "minute": 0,
            "format": "csv", "recipients": [who]});
        format!(
            "/v1/report-schedules/{}",
            client.post("/v1/report-schedules", body).await.expect(201)["id"].as_str().expect("an id")
        )
    };
    let (hers, narrow) = (made(&una, &una_id).await, made(&ida, &ida_id).await);
    let refused = tom.patch(&hers, json!({"recipients": [una_id, tom_id]})).await.expect(422)["errors"][0].clone();
    assert_eq!((&refused["field"], &refused["code"]), (&json!("/recipients"), &json!("recipients_out_of_reach")));
    tom.patch(&hers, json!({"name": "Weekly", "recipients": [una_id]})).await.expect(200);
    // What shows no more than his own level does is his to hand out.
    tom.patch(&narrow, json!({"recipients": [ida_id, tom_id]})).await.expect(200);
    let file = async |schedule: &str| {
        una.post(&format!("{schedule}/runs"), json!({})).await.expect(201);
        world.app.settle().await;
        let id = schedule.rsplit('/').next().expect("an id");
        format!(
            "/v1/report-runs/{}/file",
            runs(&world.owner, id).await.last().expect("a run")["id"].as_str().expect("an id")
        )
    };
    let first = file(&hers).await;
    una.get(&first).await.expect(200);
    tom.get(&first).await.problem(404, "not_found");
    // Its owner may: he says what he shows to whom.
    una.patch(&hers, json!({"recipients": [una_id, tom_id]})).await.expect(200);
    world.app.advance(TimeDelta::seconds(1));
    let second = file(&hers).await;
    tom.get(&second).await.expect(200);
    tom.patch(&hers, json!({"team": null})).await.expect(200);
    // Somebody who has left stays where he was named, and is named no more anew.
    world.owner.delete(&format!("/v1/members/{ida_id}")).await.expect(204);
    una.patch(&narrow, json!({"name": "Still", "recipients": [ida_id, tom_id, una_id]})).await.expect(200);
    una.patch(&hers, json!({"recipients": [una_id, ida_id]})).await.expect(422);
}

#[tokio::test]
async fn each_reader_gets_it_in_his_language() {
    let world = World::start().await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    sam.patch("/v1/me", json!({"locale": "ar-EG"})).await.expect(200);
    for (recipients, files) in [(json!([world.owner_id]), 1), (json!([world.owner_id, sam_id]), 2)] {
        let body = json!({"name": "Numbers", "kind": "overview", "span": "this_month", "cadence": "weekly", "day": 1, "minute": 0,
            "format": "csv", "recipients": recipients});
        let id = world.owner.post("/v1/report-schedules", body).await.text_of("id");
        world.owner.post(&format!("/v1/report-schedules/{id}/runs"), json!({})).await.expect(201);
        world.app.settle().await;
        let run = runs(&world.owner, &id).await[0].clone();
        let file = format!("/v1/report-runs/{}/file", run["id"].as_str().expect("an id"));
        let hers = world.owner.get(&file).await;
        hers.expect(200);
        assert!(hers.text.starts_with("Table,About,Line,"), "{}", hers.text);
        let made = world.count("select max(1 + cardinality(other_contents))::bigint from report_runs").await;
        assert_eq!(made, files, "one for each language");
        // Whoever may see it gets one that was made: his own, or the first.
        let his = sam.get(&file).await;
        his.expect(200);
        assert_eq!(his.text.starts_with("الجدول,"), files == 2, "{}", his.text);
        assert_eq!(hers.text.lines().count(), his.text.lines().count());
    }
}

#[tokio::test]
async fn numbers_are_those_that_the_owner_may_see_and_end_with_his_rights() {
    let world = World::start().await;
    let grants = json!({"reports.*": "all", "deals.*": "own"});
    let (sam, sam_id) = member_with(&world, "Sam", grants).await;
    filled(&sam_id, &world).await;
    let body = json!({"name": "Mine", "kind": "win_rate", "span": "this_year", "compare": "nothing", "cadence": "weekly", "day": 1, "minute": 0,
        "format": "csv", "recipients": [world.owner_id]});
    let id = sam.post("/v1/report-schedules", body).await.expect(201)["id"].as_str().expect("an id").to_owned();
    sam.post(&format!("/v1/report-schedules/{id}/runs"), json!({})).await.expect(201);
    world.app.settle().await;
    let run = runs(&world.owner, &id).await[0].clone();
    let file = world.owner.get(&format!("/v1/report-runs/{}/file", run["id"].as_str().expect("an id"))).await;
    file.expect(200);
    let his = sam.get("/v1/reports?kind=win_rate&span=this_year").await;
    let closed = &his.expect(200)["figures"][0]["numbers"][0]["value"];
    assert!(file.text.contains(&format!("Deals closed,Number,{closed},")), "{}", file.text);
    // He may no longer: it fails, says why, and stops.
    let roles = world.owner.get("/v1/roles?limit=200").await;
    let role = roles.expect(200)["items"].as_array().expect("roles").iter().find(|r| r["key"] == "role_sam").unwrap();
    let path = format!("/v1/roles/{}", role["id"].as_str().expect("an id"));
    world.owner.patch(&path, json!({"grants": {"deals.read": "own"}})).await.expect(200);
    world.app.advance(TimeDelta::days(8));
    world.app.settle().await;
    let owner = self::owner(&world).await;
    let found = runs(&owner, &id).await;
    assert_eq!((&found[1]["state"], &found[1]["error"]), (&json!("failed"), &json!("owner_rights_lost")));
    assert_eq!(owner.get(&format!("/v1/report-schedules/{id}")).await.expect(200)["state"], "stopped");
    // He may again: it comes again.
    owner.patch(&path, json!({"grants": {"reports.*": "own", "deals.read": "own"}})).await.expect(200);
    world.app.advance(TimeDelta::seconds(61));
    owner.patch(&format!("/v1/report-schedules/{id}"), json!({"active": true})).await.expect(200);
    owner.post(&format!("/v1/report-schedules/{id}/runs"), json!({})).await.expect(201);
    world.app.settle().await;
    assert_eq!(runs(&owner, &id).await[2]["state"], "sent");
}

#[tokio::test]
async fn nobody_has_more_schedules_than_may_be_however_many_come_at_once() {
    let world = World::start().await;
    let body = json!({"name": "Numbers", "kind": "win_rate", "span": "last_month", "cadence": "daily", "minute": 480,
        "recipients": [world.owner_id]});
    world.owner.post("/v1/report-schedules", body.clone()).await.expect(201);
    let columns = "name, owner_id, kind, span, compare, format, cadence, day, minute, zone, recipients, state, next_at, created_at, updated_at";
    let fill = format!(
        "insert into report_schedules (id, {columns}) select gen_random_uuid(), {columns} from report_schedules, generate_series(1, 47)"
    );
    world.tenant_query(&fill).await;
    let calls = (0..6).map(|_| world.owner.post("/v1/report-schedules", body.clone()));
    let answers = futures_util::future::join_all(calls).await;
    let full = answers.iter().filter(|answer| answer.body["code"] == "report_schedules_full").count();
    assert_eq!((answers.iter().filter(|answer| answer.status == 201).count(), full), (2, 4));
}

#[tokio::test]
async fn each_reader_is_told_in_his_own_language() {
    let world = World::start().await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    filled(&sam_id, &world).await;
    sam.patch("/v1/me", json!({"locale": "ar"})).await.expect(200);
    let body = json!({"name": "Numbers", "kind": "win_rate", "span": "last_month", "cadence": "daily", "minute": 480,
        "recipients": [world.owner_id, sam_id]});
    let id = world.owner.post("/v1/report-schedules", body).await.expect(201)["id"].as_str().expect("an id").to_owned();
    world.owner.post(&format!("/v1/report-schedules/{id}/runs"), json!({})).await.expect(201);
    world.app.settle().await;
    let mails = world.mailbox.taken();
    for (to, words, others) in [
        ("northlight@example.com", ["Deals closed:", "Get the file"], "صفقات مغلقة"),
        ("sam@example.com", ["صفقات مغلقة:", "احصل على الملف"], "Deals closed"),
    ] {
        let mail = mails.iter().rev().find(|mail| mail.to == to).expect("a mail");
        let message = mail_parser::MessageParser::default().parse(&mail.raw).expect("a mail");
        let text = message.body_text(0).expect("a plain text").into_owned();
        assert!(words.iter().all(|word| text.contains(word)) && !text.contains(others), "{to}: {text}");
    }
}

#[tokio::test]
async fn schedules_are_a_file_of_those_in_reach() {
    let world = World::start().await;
    let grants = json!({"reports.*": "own", "deals.*": "own"});
    let (una, una_id) = member_with(&world, "Una", grants).await;
    let body = |name: &str, to: &str| {
        json!({"name": name, "kind": "win_rate", "span": "last_month", "cadence": "weekly", "day": 3, "minute": 480,
            "zone": "Europe/Berlin", "recipients": [to]})
    };
    let mine = world.owner.post("/v1/report-schedules", body("=Monday", &world.owner_id)).await.text_of("id");
    world.app.advance(TimeDelta::minutes(1));
    let hers = una.post("/v1/report-schedules", body("Una's", &una_id)).await.text_of("id");
    let file = world.owner.get("/v1/report-schedules/export").await;
    file.expect(200);
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"report-schedules.csv\"");
    assert_eq!(file.headers["upzento-rows"], "2");
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert!(lines[0].starts_with(
        "id,name,owner,kind,span,compare,member,team,pipeline,format,cadence,day,minute,zone,recipients,state,"
    ));
    let owner = &world.owner_id;
    assert!(lines[1].starts_with(&format!("{mine},'=Monday,{owner},win_rate,last_month,")), "{}", lines[1]);
    assert!(lines[1].contains(&format!(",weekly,3,480,Europe/Berlin,{owner},active,2026-")), "{}", lines[1]);
    assert!(lines[2].starts_with(&format!("{hers},Una's,{una_id},")), "{}", lines[2]);
    let own = una.get("/v1/report-schedules/export").await;
    assert!(own.headers["upzento-rows"] == "1" && own.text.contains(&hers) && !own.text.contains(&mine));
    let paused = world.owner.get("/v1/report-schedules/export?filter=state:eq:paused&format=xlsx").await;
    assert_eq!(paused.headers["upzento-rows"], "0");
    world.owner.get("/v1/report-schedules/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert_eq!(world.stranger().await.get("/v1/report-schedules/export").await.headers["upzento-rows"], "0");
    let exported = world.events().await.iter().filter(|kind| *kind == "report_schedule.exported").count();
    assert_eq!(exported, 3);
}
