//! What may be sold, and how far it has come.
mod assignment_rules;
mod boards;
mod client_values;
mod conversions;
mod deal_absences;
pub mod deal_bulk_runs;
#[expect(clippy::module_inception, reason = "a test file has the name of its resource")]
mod deals;
mod exchange_rates;
mod exchange_settings;
mod forecasts;
mod items;
mod lists;
mod moves;
mod outcomes;
mod personal;
mod pipelines;
mod rules;
mod services;
mod steps;
mod won_values;
mod words;

use crate::forms::World;
use serde_json::{Value, json};
use tests::{Answer, Client};

/// How long deals stood that their history does not say, and what it says that was not kept.
pub const STRAY: &str = "with told as (select deal_id, version, pipeline_id, stage_id, amount, currency, expected_close, owner_id, stage_since,
      occurred_at as since, until from (
        select m.*, coalesce(lead(m.occurred_at) over (partition by m.deal_id order by m.version), 'infinity') as until from deal_history m) h
      where status = 'open' and not is_deleted),
    kept as (select deal_id, version, pipeline_id, stage_id, amount, currency, expected_close, owner_id, stage_since, since, until from deal_spans)
    select count(*) from ((table told except table kept) union all (table kept except table told)) stray";

/// A pipeline and the ids of its stages, in order.
pub struct Line {
    pub id: String,
    pub stages: Vec<String>,
}

impl Line {
    fn of(pipeline: &Value) -> Self {
        let id = |thing: &Value| thing["id"].as_str().expect("an id").to_owned();
        Line { id: id(pipeline), stages: pipeline["stages"].as_array().expect("stages").iter().map(id).collect() }
    }

    /// The one that every tenant begins with.
    pub async fn first(world: &World) -> Self {
        let page = world.owner.get("/v1/pipelines").await;
        Line::of(&page.expect(200)["items"][0])
    }

    /// Another one, with so many stages of 0, 10, 20 … percent.
    pub async fn made(world: &World, name: &str, stages: usize) -> Self {
        let stages: Vec<Value> =
            (0..stages).map(|i| json!({"name": format!("Stage {i}"), "probability": (i * 10).min(100)})).collect();
        let made = world.owner.post("/v1/pipelines", json!({"name": name, "stages": stages})).await;
        Line::of(made.expect(201))
    }

    /// Its board, narrowed.
    pub async fn board(&self, client: &Client, query: &str) -> Value {
        client.get(&format!("/v1/pipelines/{}/board?{query}", self.id)).await.expect(200).clone()
    }

    /// Ids of the cards of each stage, from the top.
    pub async fn cards(&self, client: &Client) -> Vec<Vec<String>> {
        let board = self.board(client, "").await;
        let stages = board["stages"].as_array().expect("stages");
        stages.iter().map(|stage| ids(&stage["cards"])).collect()
    }
}

/// Ids of things in a list.
pub fn ids(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|thing| thing["id"].as_str().expect("an id").to_owned()).collect()
}

/// Makes a deal; gives the whole answer.
pub async fn add(client: &Client, deal: Value) -> Value {
    client.post("/v1/deals", deal).await.expect(201).clone()
}

/// Makes a deal; gives its id.
pub async fn id_of(client: &Client, deal: Value) -> String {
    add(client, deal).await["id"].as_str().expect("an id").to_owned()
}

/// Drags a card.
pub async fn drag(client: &Client, deal: &str, to: Value) -> Answer {
    client.post(&format!("/v1/deals/{deal}/moves"), to).await
}

/// Ends a deal.
pub async fn close(client: &Client, deal: &str, status: &str) -> Answer {
    client.post(&format!("/v1/deals/{deal}/outcome"), json!({"status": status, "reason": "Price"})).await
}

/// Kinds of the lines of a deal's history, oldest first.
pub async fn history(client: &Client, deal: &str) -> Vec<String> {
    let page = client.get(&format!("/v1/deals/{deal}/history?sort=version&limit=200")).await;
    let items = page.expect(200)["items"].as_array().expect("items");
    items.iter().map(|line| line["kind"].as_str().expect("a kind").to_owned()).collect()
}

/// Deterministic choices.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: usize) -> usize {
        // An xorshift generator: any odd seed runs through everything.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
    pub fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
