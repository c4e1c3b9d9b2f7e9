//! One page of a list costs the same few statements, however many rows it has.
use crate::{
    contacts::id_of,
    forms::{Published, World, answers, enquiry},
};
use serde_json::json;

const FEW: usize = 5;
const MANY: usize = 50;
/// The statement of the list, and what it needs about its rows as a whole.
const MOST: u64 = 12;

const LISTS: [&str; 6] = ["/v1/contacts", "/v1/companies", "/v1/deals", "/v1/forms", "/v1/submissions", "/v1/clients"];

/// Statements of one page, once everything that is remembered between requests is remembered.
async fn cost(world: &World, path: &str, rows: usize) -> u64 {
    let path = format!("{path}?limit={MANY}");
    let found = world.owner.get(&path).await;
    let found = found.expect(200)["items"].as_array().map_or(0, Vec::len);
    assert!(found >= rows, "{path}: {found} rows");
    let before = world.app.app.statements();
    world.owner.get(&path).await.expect(200);
    world.app.app.statements() - before
}

/// Makes the rows from one number to another, each with what its list shows beside it.
async fn fill(world: &World, form: &Published, from: usize, to: usize) {
    for n in from..to {
        let make = async |path: &str, body: serde_json::Value| {
            let made = world.owner.post(path, body).await;
            made.expect(201);
        };
        let contact = id_of(&world.owner, json!({"first_name": format!("Ada {n}"), "tags": ["vip"]})).await;
        make("/v1/companies", json!({"name": format!("Company {n}")})).await;
        make(
            "/v1/deals",
            json!({"title": format!("Deal {n}"), "amount": 100, "currency": "EUR", "contacts": [{"contact": contact}]}),
        )
        .await;
        if n > 0 {
            make("/v1/forms", json!({"name": format!("Form {n}"), "draft": enquiry()})).await;
        }
        // Each has a schema of its own, which takes its time.
        if n % 8 == 0 {
            make("/v1/clients", json!({"name": format!("Client {n}")})).await;
        }
        let session = u8::try_from(n + 1).unwrap();
        world.visitor(form, session).submit(1, answers()).await;
        world.app.settle().await;
    }
}

#[tokio::test]
async fn a_page_of_fifty_costs_what_a_page_of_five_costs() {
    let world = World::start().await;
    world.app.db.warm(8).await;
    let form = world.published(enquiry(), json!({})).await;
    fill(&world, &form, 0, FEW).await;
    let mut few = vec![];
    for path in LISTS {
        few.push(cost(&world, path, if path == "/v1/clients" { 1 } else { FEW }).await);
    }
    fill(&world, &form, FEW, MANY).await;
    let mut wrong = vec![];
    for (path, few) in LISTS.into_iter().zip(few) {
        let many = cost(&world, path, if path == "/v1/clients" { 7 } else { MANY }).await;
        if many != few || few == 0 || many > MOST {
            wrong.push(format!("{path}: {few} statements for {FEW} rows, {many} for {MANY}"));
        }
    }
    super::none("lists that ask for each row", &wrong);
}
