//! One change to many deals: chosen in one moment, done in the background, raced, killed, and taken back.
use super::{Line, close, drag, history, id_of, ids};
use crate::contacts::member_with;
use crate::fields::define;
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::Client;

const RUNS: &str = "/v1/deal-bulk-runs";

/// Begins a run and lets it come to its end.
pub async fn run(world: &World, client: &Client, runs: &str, body: Value) -> Value {
    let made = client.post(runs, body).await.expect(201).clone();
    world.app.settle().await;
    client.get(&format!("{runs}/{}", made["id"].as_str().expect("an id"))).await.expect(200).clone()
}

/// Takes it back, to the end.
pub async fn undo(world: &World, client: &Client, runs: &str, run: &Value) -> Value {
    let path = format!("{runs}/{}", run["id"].as_str().expect("an id"));
    client.post(&format!("{path}/undo"), json!({})).await.expect(200);
    world.app.settle().await;
    client.get(&path).await.expect(200).clone()
}

/// Total, done, changed, skipped, undone, kept.
pub fn counts(run: &Value) -> [i64; 6] {
    ["total", "done", "changed", "skipped", "undone", "kept"].map(|name| run[name].as_i64().expect("a count"))
}

/// What became of each record, by id: reason or outcome, or what the undo did.
pub async fn fates(client: &Client, runs: &str, run: &Value, record: &str, field: &str) -> BTreeMap<String, String> {
    let page = client.get(&format!("{runs}/{}/rows?limit=200", run["id"].as_str().expect("an id"))).await;
    let said = |row: &Value, field: &str| row[field].as_str().map(str::to_owned);
    let one = |row: &Value| {
        let fate = said(row, field).or_else(|| said(row, "reason")).or_else(|| said(row, "outcome"));
        (said(row, record).unwrap_or_default(), fate.expect("a fate"))
    };
    page.expect(200)["items"].as_array().expect("rows").iter().map(one).collect()
}

async fn some(world: &World, count: usize) -> Vec<String> {
    let mut deals = vec![];
    for i in 0..count {
        deals.push(id_of(&world.owner, json!({"title": format!("Deal {i}"), "amount": 100})).await);
    }
    deals
}

async fn read(world: &World, id: &str) -> Value {
    world.owner.get(&format!("/v1/deals/{id}")).await.expect(200).clone()
}

/// What a run may change, of every deal, and what hangs on it.
async fn dump(world: &World) -> Vec<String> {
    let rows = world
        .tenant_query(
            "select concat_ws('|', d.id, d.stage_id, d.rank, d.status, d.reason, d.reason_note, d.closed_at, d.closed_on, d.owner_id,
               d.expected_close, d.custom, d.deleted_at is null, (select jsonb_agg(to_jsonb(v) order by v.field_id) from custom_field_values v where v.record_id = d.id))
             from deals d order by d.id",
        )
        .await;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Places that two cards have, and figures of outcomes that are not those of the deals.
const TWICE: &str =
    "select count(*) from deals d join deals o on o.stage_id = d.stage_id and o.rank = d.rank and o.id <> d.id
     where d.status = 'open' and o.status = 'open' and d.deleted_at is null and o.deleted_at is null";

#[tokio::test]
async fn all_that_match_get_an_owner_a_day_a_field_and_a_stage_and_are_put_back() {
    let world = World::start().await;
    let client = &world.owner;
    let line = Line::first(&world).await;
    let seats = define(client, json!({"record": "deal", "label": "Seats", "type": "number"})).await;
    let seats = seats["key"].as_str().expect("a key").to_owned();
    let deals = some(&world, 6).await;
    close(client, &deals[3], "won").await.expect(200);
    let before = dump(&world).await;
    let stood = line.cards(client).await;
    assert_eq!(client.get("/v1/deals/count?q=deal").await.expect(200)["count"], 6);
    let change = json!({"owner": world.owner_id, "expected_close": "2026-12-24", "stage": line.stages[2], "custom": { (seats.clone()): 12 }});
    let wish = json!({"q": "deal", "filter": ["amount:eq:100"], "excluded": [deals[5]]});
    let made = client.post(RUNS, json!({"matching": wish, "change": change})).await.expect(201).clone();
    assert_eq!((&made["state"], &made["total"], &made["named"]), (&json!("running"), &json!(5), &json!(false)));
    // What fits later is not meant.
    let late = id_of(client, json!({"title": "Deal late", "amount": 100})).await;
    world.app.settle().await;
    let path = format!("{RUNS}/{}", made["id"].as_str().expect("an id"));
    let done = client.get(&path).await.expect(200).clone();
    assert_eq!((&done["state"], counts(&done), &done["change"]), (&json!("done"), [5, 5, 4, 1, 0, 0], &change));
    let said = fates(client, RUNS, &done, "deal", "reason").await;
    assert_eq!((said[&deals[3]].as_str(), said[&deals[0]].as_str()), ("deal_closed", "changed"));
    let first = read(&world, &deals[0]).await;
    assert_eq!(
        (&first["owner"], &first["expected_close"], &first["stage"], &first["custom"][&seats]),
        (&json!(world.owner_id), &json!("2026-12-24"), &json!(line.stages[2]), &json!(12))
    );
    assert_eq!(history(client, &deals[0]).await, ["created", "moved"]);
    assert_eq!(read(&world, &deals[3]).await.get("owner"), None, "a closed deal goes nowhere, and stays as it is");
    assert_eq!(read(&world, &late).await["stage"], line.stages[0]);
    assert_eq!(client.get(&format!("/v1/deals/count?filter=custom.{seats}:eq:12")).await.expect(200)["count"], 4);
    // The facts are those of single changes, in the name of whoever asked.
    let facts = "select count(*) from events where subject = 'deals' and actor_kind = 'user' and kind = ";
    for kind in ["deal.moved", "deal.assigned", "deal.updated"] {
        assert_eq!(world.count(&format!("{facts}'{kind}'")).await, 4, "{kind}");
    }
    let again = run(&world, client, RUNS, json!({"deals": deals[..2], "change": change})).await;
    assert_eq!(counts(&again), [2, 2, 0, 2, 0, 0], "nothing is different");
    let back = undo(&world, client, RUNS, &done).await;
    assert_eq!((&back["state"], counts(&back)), (&json!("undone"), [5, 5, 4, 1, 4, 0]));
    client.delete(&format!("/v1/deals/{late}")).await.expect(204);
    assert_eq!(dump(&world).await.iter().filter(|row| before.contains(row)).count(), 6, "as it was, places too");
    assert_eq!(line.cards(client).await, stood);
    client.post(&format!("{path}/undo"), json!({})).await.problem(409, "run_undone");
    // What cannot begin says why, at its field.
    for (body, field) in [
        (json!({"change": {"owner": null}}), "/deals"),
        (json!({"deals": deals, "change": {}}), "/change"),
        (json!({"deals": deals, "change": {"expected_close": "9999-12-31"}}), "/change/expected_close"),
        (json!({"deals": deals, "change": {"stage": "stg_01arz3ndektsv4rrffq69g5fav"}}), "/change/stage"),
        (json!({"deals": deals, "change": {"deleted": true, "owner": null}}), "/change"),
        (json!({"deals": deals, "change": {"outcome": {"status": "abandoned"}}}), "/change/outcome/reason"),
        (json!({"deals": deals, "change": {"custom": {"nothing": 1}}}), "/change/custom/nothing"),
        (json!({"deals": deals, "matching": {}, "change": {"owner": null}}), "/matching"),
        (json!({"matching": {"q": "nowhere"}, "change": {"owner": null}}), "/matching"),
        (json!({"matching": {"filter": ["shoe:eq:1"]}, "change": {"owner": null}}), "/filter"),
        (json!({"deals": deals, "change": {"owner": "usr_00000000000000000000000000"}}), "/change/owner"),
    ] {
        let refused = client.post(RUNS, body.clone()).await;
        assert_eq!(refused.expect(422)["errors"][0]["field"], field, "{body}");
    }
    assert_eq!(world.tenant_query("select 1 from deal_bulk_runs").await.len(), 2);
}

#[tokio::test]
async fn a_stage_asks_each_and_may_be_given_what_it_asks_for_in_the_same_change() {
    let world = World::start().await;
    let client = &world.owner;
    let seats = define(client, json!({"record": "deal", "label": "Seats", "type": "number"})).await;
    let seats = seats["key"].as_str().expect("a key").to_owned();
    let stages = json!([{"name": "Any"}, {"name": "Owned", "requires": ["owner"], "requires_custom": [seats]}]);
    let made = client.post("/v1/pipelines", json!({"name": "B", "stages": stages})).await.expect(201).clone();
    let line = Line::of(&made);
    let deal = id_of(client, json!({"title": "A", "pipeline": line.id})).await;
    let ready = json!({"title": "B", "pipeline": line.id, "owner": world.owner_id, "custom": { (seats.clone()): 1 }});
    let ready = id_of(client, ready).await;
    let to = json!({"deals": [deal, ready], "change": {"stage": line.stages[1]}});
    let refused = run(&world, client, RUNS, to.clone()).await;
    assert_eq!(counts(&refused), [2, 2, 1, 1, 0, 0]);
    let path = format!("{RUNS}/{}/rows?filter=outcome:eq:skipped", refused["id"].as_str().expect("an id"));
    let row = client.get(&path).await.expect(200)["items"][0].clone();
    assert_eq!(
        (&row["deal"], &row["reason"], &row["deal_title"]),
        (&json!(deal), &json!("stage_requires"), &json!("A"))
    );
    assert_eq!(row["fields"], json!(["/owner", format!("/custom/{seats}")]));
    let mut given = to;
    given["change"]["owner"] = json!(world.owner_id);
    given["change"]["custom"] = json!({ (seats): 3 });
    let done = run(&world, client, RUNS, given).await;
    assert_eq!(counts(&done), [2, 2, 2, 0, 0, 0]);
    assert_eq!(line.cards(client).await[1].len(), 2);
    assert_eq!(counts(&undo(&world, client, RUNS, &done).await), [2, 2, 2, 0, 2, 0]);
    let places = [read(&world, &deal).await["stage"].clone(), read(&world, &ready).await["stage"].clone()];
    assert_eq!(places, [json!(line.stages[0]), json!(line.stages[1])], "one came by the run, the other one before");
}

#[tokio::test]
async fn many_end_open_again_are_deleted_and_come_back_and_all_of_it_is_undone() {
    let world = World::start().await;
    let client = &world.owner;
    let line = Line::first(&world).await;
    let deals = some(&world, 5).await;
    close(client, &deals[4], "won").await.expect(200);
    let before = dump(&world).await;
    let outcomes = "select coalesce(sum(closed), 0)::bigint from stage_outcomes";
    let lost = json!({"outcome": {"status": "lost", "reason": "Price", "note": "Too dear"}});
    for (change, changed, closed) in [(lost, 4, 5), (json!({"reopened": true}), 1, 0), (json!({"deleted": true}), 5, 0)]
    {
        let done = run(&world, client, RUNS, json!({"deals": deals, "change": change})).await;
        assert_eq!(counts(&done), [5, 5, changed, 5 - changed, 0, 0], "{change}");
        assert_eq!((world.count(outcomes).await, world.count(TWICE).await), (closed, 0), "{change}");
        let back = undo(&world, client, RUNS, &done).await;
        assert_eq!(counts(&back), [5, 5, changed, 5 - changed, changed, 0], "{change}");
        assert_eq!(world.count(outcomes).await, 1, "{change}");
        assert_eq!(dump(&world).await, before, "{change}");
    }
    // Two who close the same ones: each deal ends once.
    let body = json!({"deals": deals, "change": {"outcome": {"status": "abandoned", "reason": "Quiet"}}});
    let both = join_all([client.post(RUNS, body.clone()), client.post(RUNS, body)]).await;
    let work = async || kernel::jobs::run_due(&world.app.app).await.expect("jobs run");
    tokio::join!(work(), work());
    world.app.settle().await;
    let mut changed = 0;
    for made in both {
        let path = format!("{RUNS}/{}", made.expect(201)["id"].as_str().expect("an id"));
        changed += client.get(&path).await.expect(200)["changed"].as_i64().expect("a count");
    }
    assert_eq!((changed, world.count(outcomes).await), (4, 5));
    assert_eq!(history(client, &deals[0]).await.last().map(String::as_str), Some("abandoned"));
    // Deleted ones are found by the list of deleted ones, and brought back.
    let gone = run(&world, client, RUNS, json!({"matching": {}, "change": {"deleted": true}})).await;
    assert_eq!((counts(&gone)[2], line.cards(client).await[0].len()), (5, 0));
    let back = run(&world, client, RUNS, json!({"matching": {}, "change": {"deleted": false}})).await;
    assert_eq!(counts(&back), [5, 5, 5, 0, 0, 0]);
}

#[tokio::test]
async fn an_undo_leaves_alone_what_somebody_changed_since() {
    let world = World::start().await;
    let client = &world.owner;
    let line = Line::first(&world).await;
    let deals = some(&world, 5).await;
    let body = json!({"deals": deals, "change": {"stage": line.stages[2], "expected_close": "2026-12-24"}});
    let moved = run(&world, client, RUNS, body).await;
    // Another thing is changed, the same thing, the card goes on, the deal ends, and it is deleted.
    client.patch(&format!("/v1/deals/{}", deals[0]), json!({"title": "Mine"})).await.expect(200);
    client.patch(&format!("/v1/deals/{}", deals[1]), json!({"expected_close": "2027-01-01"})).await.expect(200);
    drag(client, &deals[2], json!({"stage": line.stages[3]})).await.expect(200);
    close(client, &deals[3], "won").await.expect(200);
    client.delete(&format!("/v1/deals/{}", deals[4])).await.expect(204);
    let back = undo(&world, client, RUNS, &moved).await;
    assert_eq!(counts(&back), [5, 5, 5, 0, 1, 4]);
    let said = fates(client, RUNS, &back, "deal", "undo").await;
    assert_eq!(
        deals.iter().map(|id| said[id].as_str()).collect::<Vec<_>>(),
        ["restored", "edited", "edited", "edited", "edited"]
    );
    let first = read(&world, &deals[0]).await;
    assert_eq!(
        (&first["title"], &first["stage"], first.get("expected_close")),
        (&json!("Mine"), &json!(line.stages[0]), None)
    );
    let second = read(&world, &deals[1]).await;
    assert_eq!((&second["expected_close"], &second["stage"]), (&json!("2027-01-01"), &json!(line.stages[2])));
    assert_eq!(read(&world, &deals[2]).await["stage"], line.stages[3]);
    // Whoever ended it again, or brought it back by hand, keeps that.
    let lost = json!({"deals": deals[..2], "change": {"outcome": {"status": "lost", "reason": "Price"}}});
    let lost = run(&world, client, RUNS, lost).await;
    client.post(&format!("/v1/deals/{}/reopening", deals[0]), json!({})).await.expect(200);
    world.app.advance(chrono::TimeDelta::seconds(1));
    close(client, &deals[0], "won").await.expect(200);
    assert_eq!(counts(&undo(&world, client, RUNS, &lost).await), [2, 2, 2, 0, 1, 1]);
    assert_eq!(
        [read(&world, &deals[0]).await["status"].clone(), read(&world, &deals[1]).await["status"].clone()],
        ["won", "open"]
    );
}

#[tokio::test]
async fn drags_while_runs_move_the_same_cards_end_in_one_stage_with_a_line_each() {
    let world = World::start().await;
    let client = &world.owner;
    let line = Line::first(&world).await;
    let deals = some(&world, 6).await;
    for stage in [&line.stages[1], &line.stages[2], &line.stages[3]] {
        client.post(RUNS, json!({"deals": deals, "change": {"stage": stage}})).await.expect(201);
    }
    let work = async || kernel::jobs::run_due(&world.app.app).await.expect("jobs run");
    let drags = (0..12).map(|i| drag(client, &deals[i % 6], json!({"stage": line.stages[i % 4]})));
    let (_, _, dragged) = tokio::join!(work(), work(), join_all(drags));
    for answer in dragged {
        answer.expect(200);
    }
    world.app.settle().await;
    let cards = line.cards(client).await;
    let mut all: Vec<String> = cards.concat();
    all.sort();
    let mut wanted = deals.clone();
    wanted.sort();
    assert_eq!((all, world.count(TWICE).await), (wanted, 0), "each stands in one place");
    assert_eq!(world.count(super::STRAY).await, 0);
    // Each move left one line, and each line is another stage than the one before it.
    let odd = "select count(*) from (select h.stage_id, lag(h.stage_id) over (partition by h.deal_id order by h.version) as was from deal_history h
        where h.kind in ('created', 'moved')) m where m.stage_id = m.was";
    assert_eq!(world.count(odd).await, 0);
    let moves = "select count(*) from deal_history where kind = 'moved'";
    let told = "select count(*) from events where kind = 'deal.moved'";
    assert_eq!(world.count(moves).await, world.count(told).await);
    for deal in &deals {
        let page = client.get(&format!("/v1/deals/{deal}/history?limit=1")).await.expect(200).clone();
        assert_eq!(page["items"][0]["stage"], read(&world, deal).await["stage"], "the last line says where it is");
    }
}

#[tokio::test]
async fn nobody_changes_more_deals_than_he_could_one_by_one() {
    let world = World::start().await;
    let (una, una_id) = member_with(&world, "Una", json!({"deals.*": "own"})).await;
    let hers = id_of(&una, json!({"title": "Hers"})).await;
    let theirs = id_of(&world.owner, json!({"title": "Theirs"})).await;
    let all = json!({"matching": {}, "change": {"expected_close": "2026-12-24"}});
    let done = run(&world, &una, RUNS, all.clone()).await;
    assert_eq!(counts(&done), [1, 1, 1, 0, 0, 0]);
    let named = json!({"deals": [hers, theirs], "change": {"expected_close": null}});
    let named = run(&world, &una, RUNS, named).await;
    assert_eq!(counts(&named), [2, 2, 1, 1, 0, 0]);
    let path = format!("{RUNS}/{}/rows?filter=reason:eq:missing", named["id"].as_str().expect("an id"));
    assert_eq!(una.get(&path).await.expect(200)["items"][0].get("deal"), None, "what is out of reach is not named");
    let away = json!({"deals": [hers], "change": {"owner": world.owner_id}});
    assert_eq!(una.post(RUNS, away).await.problem(422, "invalid")["errors"][0]["field"], "/change/owner");
    // Given away by somebody else meanwhile: out of reach for her undo.
    world.owner.patch(&format!("/v1/deals/{hers}"), json!({"owner": world.owner_id})).await.expect(200);
    assert_eq!(counts(&undo(&world, &una, RUNS, &named).await), [2, 2, 1, 1, 0, 1]);
    let (mover, _) = member_with(&world, "Mover", json!({"deals.read": "all", "deals.mass_update": "all"})).await;
    mover.post(RUNS, json!({"deals": [hers], "change": {"deleted": true}})).await.problem(403, "permission_missing");
    let (looks, _) = member_with(&world, "Looks", json!({"deals.read": "all", "deals.write": "all"})).await;
    looks.post(RUNS, all).await.problem(403, "permission_missing");
    let others = json!({"deals": [theirs], "change": {"owner": una_id}});
    let others = run(&world, &world.owner, RUNS, others).await;
    let path = format!("{RUNS}/{}", others["id"].as_str().expect("an id"));
    una.get(&path).await.problem(404, "not_found");
    una.post(&format!("{path}/undo"), json!({})).await.problem(404, "not_found");
    world.stranger().await.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_card_comes_back_to_the_first_stage_when_its_own_was_taken_away() {
    let world = World::start().await;
    let client = &world.owner;
    let line = Line::made(&world, "Short", 3).await;
    let mut deals = vec![];
    for i in 0..2 {
        let deal = json!({"title": format!("Deal {i}"), "stage": line.stages[1]});
        deals.push(id_of(client, deal).await);
    }
    let done = run(&world, client, RUNS, json!({"deals": deals, "change": {"stage": line.stages[2]}})).await;
    let page = client.get(&format!("/v1/pipelines/{}", line.id)).await.expect(200).clone();
    let kept = json!([page["stages"][0], page["stages"][2]]);
    let kept: Vec<Value> =
        kept.as_array().expect("stages").iter().map(|s| json!({"id": s["id"], "name": s["name"]})).collect();
    client.patch(&format!("/v1/pipelines/{}", line.id), json!({"stages": kept})).await.expect(200);
    assert_eq!(counts(&undo(&world, client, RUNS, &done).await), [2, 2, 2, 0, 2, 0]);
    let board = line.board(client, "").await;
    assert_eq!(ids(&board["stages"][0]["cards"]).len(), 2);
    // A run to a stage that goes meanwhile changes nobody.
    let waiting =
        client.post(RUNS, json!({"deals": deals, "change": {"stage": line.stages[2]}})).await.expect(201).clone();
    client.patch(&format!("/v1/pipelines/{}", line.id), json!({"stages": kept[..1]})).await.expect(200);
    world.app.settle().await;
    let path = format!("{RUNS}/{}", waiting["id"].as_str().expect("an id"));
    let gone = client.get(&path).await.expect(200).clone();
    assert_eq!((&gone["state"], counts(&gone)), (&json!("done"), [2, 2, 0, 2, 0, 0]));
    assert!(fates(client, RUNS, &gone, "deal", "reason").await.values().all(|fate| fate == "stage_unknown"));
}

#[tokio::test]
async fn formulas_follow_what_a_run_changes_and_its_undo() {
    let world = World::start().await;
    let client = &world.owner;
    let year = json!({"record": "deal", "label": "Year", "key": "sold_in", "type": "formula", "result": "number",
        "expression": "year(expected_close)"});
    define(client, year).await;
    world.app.settle().await;
    let deal = id_of(client, json!({"title": "A", "expected_close": "2026-12-24"})).await;
    assert_eq!(read(&world, &deal).await["custom"]["sold_in"], 2026);
    let later = run(&world, client, RUNS, json!({"deals": [deal], "change": {"expected_close": "2027-01-07"}})).await;
    assert_eq!(read(&world, &deal).await["custom"]["sold_in"], 2027);
    assert_eq!(client.get("/v1/deals/count?filter=custom.sold_in:eq:2027").await.expect(200)["count"], 1);
    assert_eq!(counts(&undo(&world, client, RUNS, &later).await), [1, 1, 1, 0, 1, 0]);
    assert_eq!(read(&world, &deal).await["custom"]["sold_in"], 2026);
}
