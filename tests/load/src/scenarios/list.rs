//! Lists of one tenant with very many contacts: what people filter, sort and search by.
use super::core;
use crate::{
    generator::{Pace, Plan, run as load},
    http::{self, Connection},
    report::{Figure, Goal},
    world::World,
};
use anyhow::{Context, Result};

/// Pages a second: a busy office, and enough of them for a percentile.
const RATE: f64 = 40.0;

/// What is asked, in words and as a query.
const QUESTIONS: &[(&str, &str)] = &[
    ("newest first", ""),
    ("by name", "sort=name"),
    ("a stage, newest first", "filter=stage:eq:qualified"),
    ("a stage, by name", "filter=stage:eq:qualified&sort=name"),
    ("a tag that a third have, by name", "filter=tag:has:newsletter&sort=name"),
    ("a rare tag, last changed first", "filter=tag:has:vip&sort=-updated_at"),
    ("a rare tag, by name", "filter=tag:has:vip&sort=name"),
    ("an owner, newest first", "filter=owner:eq:usr_{owner}"),
    ("an owner and a stage, by name", "filter=owner:eq:usr_{owner}&filter=stage:eq:won&sort=name"),
    ("source and stage, last changed first", "filter=source:eq:website&filter=stage:eq:won&sort=-updated_at"),
    ("made in the last weeks, by name", "filter=created_at:gte:{recent}&sort=name"),
    ("beginning of a name, by name", "filter=name:prefix:ines&sort=name"),
    ("part of a company, newest first", "filter=company_name:contains:harbour"),
    ("one e-mail address", "filter=email:eq:person77@example27.com"),
    ("nobody without an e-mail address", "filter=email:empty:true"),
    ("search: a surname", "q=moreau"),
    ("search: the middle of an address", "q=rson123"),
    ("search: misspelled", "q=kowalsky%20{last}"),
    ("search: two words, by name", "q=priya%20kestrel&sort=name"),
];

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let core = core(world, true)?;
    let address = core.address()?;
    let tenant = world.tenants.first().context("no tenants")?;
    let owner: String = kernel::ids::encode("00000000-0000-7000-8000-000000000007".parse()?);
    let client = world.superuser("bench")?;
    let row = client.query_one("select to_char(now() - interval '30 days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", &[]);
    let recent: String = world.runtime.block_on(row)?.get(0);
    let ask = |query: &str| {
        let query = query.replace("{owner}", &owner).replace("{recent}", &recent).replace("{last}", "12");
        http::request("GET", &format!("/v1/contacts?limit=50&{query}"), address, &[("x-api-key", &tenant.key)], "")
    };
    let mut questions: Vec<(String, Vec<u8>)> =
        QUESTIONS.iter().map(|(what, q)| ((*what).to_owned(), ask(q))).collect();
    // A page far behind the first one: the tenth.
    let mut cursor = String::new();
    let mut connection = Connection::new(address);
    for _ in 0..9 {
        let after = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
        let page = connection.send(&ask(&format!("sort=name{after}")))?.json(200)?;
        cursor = page["next_cursor"].as_str().context("no next page")?.to_owned();
    }
    questions.push(("by name, the tenth page".to_owned(), ask(&format!("sort=name&cursor={cursor}"))));
    let mut values = vec![vec![]; questions.len()];
    for _ in 0..world.scale.rounds.min(3) {
        for ((_, request), values) in questions.iter().zip(&mut values) {
            connection.send(request)?.expect(200)?;
            let plan = Plan { address, connections: 8, pace: Pace::Open(RATE), time: world.scale.stretch };
            values.push(load(&plan, |_, connection| connection.send(request)?.expect(200)).flawless()?.ms(99.0));
        }
    }
    let figures = questions.iter().zip(values).map(|((what, request), values)| {
        let asked = String::from_utf8_lossy(request);
        let query =
            asked.split([' ', '?']).nth(2).unwrap_or_default().trim_start_matches("limit=50").trim_start_matches('&');
        let query: String = if query.is_empty() { "limit=50".into() } else { query.chars().take(70).collect() };
        Figure::new(&format!("list 50 of 100,000, p99: {what}"), Goal::AtMost(25.0), "ms", values, format!("`{query}`"))
    });
    Ok(figures.collect())
}
