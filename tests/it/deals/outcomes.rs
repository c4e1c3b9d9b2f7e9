//! How likely a stage wins, kept as sums: whatever happens to deals, and at once, the sums are those of the deals.
use super::{Dice, Line, STRAY, close, drag, id_of};
use crate::forms::World;
use futures_util::future::join_all;
use serde_json::json;

/// Stages of which the kept sums are not those of the deals.
const WRONG: &str = "select count(*) from (
    select h.stage_id, h.closed_on, count(*) as closed, count(*) filter (where h.status = 'won') as won from (
      select distinct m.deal_id, m.stage_id, (d.closed_at at time zone 'UTC')::date as closed_on, d.status
      from deals d join deal_history m on m.deal_id = d.id
      where d.closed_at is not null and d.deleted_at is null) h group by h.stage_id, h.closed_on) t
    full join (select * from stage_outcomes where closed <> 0 or won <> 0) o on o.stage_id = t.stage_id and o.closed_on = t.closed_on
    where o.closed is distinct from t.closed or o.won is distinct from t.won";

#[tokio::test]
async fn sums_of_outcomes_are_those_of_the_deals_after_anything() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let mut deals = vec![];
    for i in 0..8 {
        deals.push(id_of(&world.owner, json!({"title": format!("Deal {i}")})).await);
    }
    let mut dice = Dice(0x5eed_cafe_f00d_0001);
    let mut most = 0;
    for round in 0..40 {
        world.app.advance(chrono::TimeDelta::seconds(20));
        let deal = dice.of(&deals).clone();
        let path = format!("/v1/deals/{deal}");
        // Refusals are as good as changes: what is closed does not move, what is open is not opened.
        match dice.below(7) {
            0 | 1 => drop(drag(&world.owner, &deal, json!({"stage": dice.of(&line.stages)})).await),
            2 => drop(close(&world.owner, &deal, "won").await),
            3 => drop(close(&world.owner, &deal, "lost").await),
            4 => drop(world.owner.post(&format!("{path}/reopening"), json!({})).await),
            5 => drop(world.owner.delete(&path).await),
            _ => drop(world.owner.post(&format!("{path}/restoration"), json!({})).await),
        }
        assert_eq!(world.count(WRONG).await, 0, "after step {round}");
        assert_eq!(world.count(STRAY).await, 0, "after step {round}");
        most = most.max(world.count("select coalesce(sum(closed), 0)::int8 from stage_outcomes").await);
    }
    assert!(most > 3, "{most} were counted");
    world.app.settle().await;
}

#[tokio::test]
async fn closing_opening_and_deleting_at_once_is_counted_once() {
    let world = World::start().await;
    let mut deals = vec![];
    for i in 0..6 {
        deals.push(id_of(&world.owner, json!({"title": format!("Deal {i}")})).await);
    }
    let back: Vec<&String> = deals.iter().rev().collect();
    let one = async |i: usize| {
        let deal = &deals[i % 6];
        let all = if i.is_multiple_of(2) { json!(deals) } else { json!(back) };
        match i % 4 {
            0 => close(&world.owner, deal, "won").await,
            1 => world.owner.post(&format!("/v1/deals/{deal}/reopening"), json!({})).await,
            way => {
                let change = json!({ "deleted": way == 2 });
                world.owner.post("/v1/deal-bulk-runs", json!({"deals": all, "change": change})).await
            }
        }
    };
    for _ in 0..3 {
        let work = async || kernel::jobs::run_due(&world.app.app).await.expect("jobs run");
        let (answers, _) = tokio::join!(join_all((0..12).map(one)), work());
        for answer in answers {
            assert!(answer.status < 500, "{} {}", answer.status, answer.text);
        }
        world.app.settle().await;
        assert_eq!(world.count(WRONG).await, 0);
        assert_eq!(world.count(STRAY).await, 0);
    }
    world.app.settle().await;
}
