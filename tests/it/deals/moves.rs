//! Cards that are dragged: to a stage, to a place, by several people at once.
use super::{Dice, Line, drag, history, id_of};
use crate::forms::World;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn a_card_goes_to_a_stage_and_to_a_place() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let mut cards = vec![];
    for title in ["C", "B", "A"] {
        cards.insert(0, id_of(&world.owner, json!({"title": title})).await);
    }
    let [a, b, c] = &cards[..] else { panic!("three") };
    let owner = &world.owner;
    let order = |stage: usize| {
        let line = &line;
        async move { line.cards(owner).await[stage].clone() }
    };
    assert_eq!(order(0).await, [a.clone(), b.clone(), c.clone()], "the newest is on top");
    let here = &line.stages[0];
    drag(owner, a, json!({"stage": here, "after": b, "before": c})).await.expect(200);
    assert_eq!(order(0).await, [b.clone(), a.clone(), c.clone()]);
    drag(owner, c, json!({"stage": here, "before": b})).await.expect(200);
    assert_eq!(order(0).await, [c.clone(), b.clone(), a.clone()]);
    drag(owner, c, json!({"stage": here, "after": a})).await.expect(200);
    assert_eq!(order(0).await, [b.clone(), a.clone(), c.clone()]);
    drag(owner, c, json!({"stage": here})).await.expect(200);
    assert_eq!(order(0).await, [c.clone(), b.clone(), a.clone()]);
    assert_eq!(history(owner, c).await, ["created"], "places are no history");
    let next = &line.stages[1];
    world.app.advance(TimeDelta::seconds(1));
    let moved = drag(owner, b, json!({"stage": next, "from": here, "after": a})).await;
    assert_eq!(moved.expect(200)["stage_since"], "2026-11-20T12:00:01+00:00");
    drag(owner, a, json!({"stage": next, "after": b})).await.expect(200);
    // Neighbours that are elsewhere by now count as none; itself is no neighbour.
    drag(owner, c, json!({"stage": next, "after": c, "before": a})).await.expect(200);
    assert_eq!((order(0).await.len(), order(1).await), (0, vec![b.clone(), c.clone(), a.clone()]));
    let page = owner.get(&format!("/v1/deals?sort=place&filter=stage:eq:{next}")).await;
    assert_eq!(super::ids(&page.expect(200)["items"]), [b.clone(), c.clone(), a.clone()]);
    assert_eq!(history(owner, b).await, ["created", "moved"]);
    assert!(world.events().await.contains(&"deal.placed".to_owned()));
    world.app.settle().await;
}

#[tokio::test]
async fn a_stale_drag_is_told() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let id = id_of(&world.owner, json!({"title": "A"})).await;
    let seen = world.owner.get(&format!("/v1/deals/{id}")).await.etag();
    drag(&world.owner, &id, json!({"stage": line.stages[1], "from": line.stages[0]})).await.expect(200);
    let late = drag(&world.owner, &id, json!({"stage": line.stages[2], "from": line.stages[0]})).await;
    late.problem(409, "deal_moved");
    let late = drag(&world.owner.with("if-match", seen), &id, json!({"stage": line.stages[2]})).await;
    late.problem(412, "stale");
    assert_eq!(history(&world.owner, &id).await, ["created", "moved"]);
    world.app.settle().await;
}

#[tokio::test]
async fn drags_of_one_card_at_once_end_in_one_stage_with_a_line_each() {
    let world = World::start().await;
    let line = Line::made(&world, "Wide", 13).await;
    let id = id_of(&world.owner, json!({"title": "A", "pipeline": line.id})).await;
    let drags = line.stages[1..].iter().map(|stage| drag(&world.owner, &id, json!({"stage": stage})));
    for answer in join_all(drags).await {
        answer.expect(200);
    }
    let page = world.owner.get(&format!("/v1/deals/{id}/history?sort=version")).await;
    let lines = page.expect(200)["items"].as_array().expect("items").clone();
    let stages: Vec<&str> = lines.iter().filter_map(|line| line["stage"].as_str()).collect();
    assert_eq!(lines.len(), 13, "one line for each drag");
    assert_eq!(stages.iter().collect::<BTreeSet<_>>().len(), 13, "and each stage once");
    let deal = world.owner.get(&format!("/v1/deals/{id}")).await;
    assert_eq!(
        (&deal.expect(200)["stage"], &deal.body["version"]),
        (&json!(stages[12]), &json!(13)),
        "the last one holds"
    );
    let cards = line.cards(&world.owner).await;
    assert_eq!(cards.concat(), [id], "it stands in one place");
    assert_eq!(world.events().await.iter().filter(|k| *k == "deal.moved").count(), 12);
    world.app.settle().await;
}

#[tokio::test]
async fn of_drags_from_one_stage_the_first_wins_and_the_others_hear_it() {
    let world = World::start().await;
    let line = Line::made(&world, "Wide", 9).await;
    let id = id_of(&world.owner, json!({"title": "A", "pipeline": line.id})).await;
    let from = &line.stages[0];
    let drags = line.stages[1..].iter().map(|stage| drag(&world.owner, &id, json!({"stage": stage, "from": from})));
    let answers = join_all(drags).await;
    let won: Vec<&Value> = answers.iter().filter(|a| a.status == 200).map(|a| &a.body["stage"]).collect();
    assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    for late in answers.iter().filter(|a| a.status != 200) {
        late.problem(409, "deal_moved");
    }
    assert_eq!(&world.owner.get(&format!("/v1/deals/{id}")).await.expect(200)["stage"], won[0]);
    assert_eq!(history(&world.owner, &id).await, ["created", "moved"]);
    world.app.settle().await;
}

#[tokio::test]
async fn many_cards_in_one_gap_at_once_all_have_places_of_their_own() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let (bottom, top) = (
        id_of(&world.owner, json!({"title": "Bottom", "stage": line.stages[1]})).await,
        id_of(&world.owner, json!({"title": "Top", "stage": line.stages[1]})).await,
    );
    let mut cards = vec![];
    for i in 0..16 {
        cards.push(id_of(&world.owner, json!({"title": format!("Card {i}")})).await);
    }
    let to = json!({"stage": line.stages[1], "after": top, "before": bottom});
    for answer in join_all(cards.iter().map(|card| drag(&world.owner, card, to.clone()))).await {
        answer.expect(200);
    }
    let stage = &line.cards(&world.owner).await[1];
    assert_eq!((&stage[0], &stage[17]), (&top, &bottom));
    let between: BTreeSet<&String> = stage[1..17].iter().collect();
    assert_eq!(between, cards.iter().collect());
    let twice = "select count(*) from (select stage_id, rank from deals group by 1, 2 having count(*) > 1) t";
    assert_eq!(world.count(twice).await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn places_that_became_long_are_given_anew_in_the_same_order() {
    let world = World::start().await;
    let line = Line::first(&world).await;
    let mut cards = vec![];
    for title in ["D", "C", "B", "A"] {
        cards.insert(0, id_of(&world.owner, json!({"title": title})).await);
    }
    // As if somebody had divided one gap hundreds of times.
    let ranks = [("B", "V".repeat(98)), ("C", format!("{}k", "V".repeat(98)))];
    for (title, long) in ranks {
        world.tenant_query(&format!("update deals set rank = 'Zz{long}' where title = '{title}' returning id")).await;
    }
    world.tenant_query("update deals set rank = 'Zy' where title = 'A' returning id").await;
    assert_eq!(line.cards(&world.owner).await[0], cards);
    let new = id_of(&world.owner, json!({"title": "New", "stage": line.stages[1]})).await;
    drag(&world.owner, &new, json!({"stage": line.stages[0], "after": cards[1], "before": cards[2]})).await.expect(200);
    cards.insert(2, new);
    assert_eq!(line.cards(&world.owner).await[0], cards);
    let longest = world.tenant_query("select max(length(rank))::bigint from deals").await;
    assert!(longest[0].get::<_, i64>(0) < 10, "short again");
    world.app.settle().await;
}

/// Random drags, one after another, against a list of lists that does the same.
#[tokio::test]
async fn any_sequence_of_drags_is_what_a_person_would_see() {
    let world = World::start().await;
    let line = Line::made(&world, "Own", 3).await;
    let mut dice = Dice(0x5eed_2026_1128_0001);
    let mut shown: Vec<Vec<String>> = vec![vec![], vec![], vec![]];
    for i in 0..12 {
        let stage = dice.below(3);
        shown[stage]
            .insert(0, id_of(&world.owner, json!({"title": format!("Card {i}"), "stage": line.stages[stage]})).await);
    }
    for _ in 0..80 {
        let all: Vec<String> = shown.concat();
        let card = dice.of(&all).clone();
        for stage in &mut shown {
            stage.retain(|id| *id != card);
        }
        let stage = dice.below(3);
        let place = dice.below(shown[stage].len() + 1);
        let after = place.checked_sub(1).map(|i| shown[stage][i].clone());
        let before = shown[stage].get(place).cloned();
        let mut to = json!({"stage": line.stages[stage]});
        for (name, neighbour) in [("after", after), ("before", before)] {
            if let Some(neighbour) = neighbour {
                to[name] = json!(neighbour);
            }
        }
        drag(&world.owner, &card, to).await.expect(200);
        shown[stage].insert(place, card);
    }
    assert_eq!(line.cards(&world.owner).await, shown);
    world.app.settle().await;
}
