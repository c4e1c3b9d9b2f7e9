//! What people open all day at this size: lists by conditions that they put together, boards and forecasts of past days, the timeline of
//! somebody with whom very much happened, files, tasks and reports.
use super::{Crm, PIPELINES, field, group, shown};
use crate::{
    generator::{Pace, Plan, run as load},
    http::Connection,
    report::{Figure, Goal},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

const LIST: Goal = Goal::AtMost(50.0);
const BOARD: Goal = Goal::AtMost(100.0);
/// Stages of the pipeline that every tenant begins with: a proposal was made, and terms are discussed.
const LATE: [&str; 2] = ["00000000-0000-7000-8000-0000000000d4", "00000000-0000-7000-8000-0000000000d5"];
/// With whom more happened than with anybody else (`work.sql`).
const BUSY: &str = "/v1/contacts?filter=email:eq:person21@example21.com";

/// What is asked, how long it may take in milliseconds, and the query.
type Question = (&'static str, Goal, String);

pub(super) fn run(crm: &Crm<'_>) -> Result<Vec<Figure>> {
    let questions = [by_rules()?, of_the_past(crm)?, work(crm)?, reports()];
    questions.iter().flatten().map(|question| crm.one_after_the_other(question).map(shown)).collect()
}

/// Lists by nested conditions, and by one that no index knows and that few rows fit.
fn by_rules() -> Result<Vec<Question>> {
    let late =
        LATE.iter().map(|id| Ok(format!("stg_{}", kernel::ids::encode(id.parse()?)))).collect::<Result<Vec<_>>>()?;
    let late: Vec<&str> = late.iter().map(String::as_str).collect();
    let large_deal = vec![field("status", "any_of", &["open"]), field("amount", "above", &["5000000"])];
    let contacts = group(
        "all",
        vec![
            group(
                "any",
                vec![
                    group("all", vec![field("stage", "any_of", &["won"]), field("source", "any_of", &["referral"])]),
                    json!({"kind": "has", "record": "deal", "rules": large_deal}),
                ],
            ),
            group("none", vec![field("company_name", "contains", &["harbour"])]),
            field("created_at", "in_last_days", &["180"]),
        ],
    );
    let companies = group(
        "any",
        vec![
            group("all", vec![field("status", "any_of", &["active"]), field("annual_value", "above", &["5000000"])]),
            group(
                "all",
                vec![
                    field("tier", "any_of", &["gold", "platinum"]),
                    group("none", vec![field("industry", "is", &["Retail"])]),
                ],
            ),
        ],
    );
    let deals = group(
        "all",
        vec![
            field("status", "any_of", &["open"]),
            group("any", vec![field("stage", "any_of", &late), field("expected_close", "in_next_days", &["30"])]),
            group("none", vec![field("source", "any_of", &["Fair"])]),
        ],
    );
    Ok(vec![
        ("contacts by nested rules, by name", LIST, ruled("contacts", &contacts, "name")),
        (
            "contacts by the beginning of a surname, which few have, last changed first",
            LIST,
            ruled("contacts", &field("last_name", "starts_with", &["Tanaka 2039"]), "-updated_at"),
        ),
        ("companies by nested rules, by name", LIST, ruled("companies", &companies, "name")),
        (
            "companies by a domain, which one has, by health",
            LIST,
            ruled("companies", &field("domain", "is", &["example4321.com"]), "health"),
        ),
        ("deals by nested rules, by amount", LIST, ruled("deals", &deals, "-amount")),
        (
            "deals touched today, which few were, by name",
            LIST,
            ruled("deals", &field("touched_at", "today", &[]), "title"),
        ),
    ])
}

fn ruled(list: &str, rules: &Value, sort: &str) -> String {
    let said: String = url::form_urlencoded::byte_serialize(rules.to_string().as_bytes()).collect();
    format!("/v1/{list}?limit=50&sort={sort}&filter=rules:eq:{said}")
}

/// Boards and forecasts as they were a month ago, and half a year ago, since when much has changed.
fn of_the_past(crm: &Crm<'_>) -> Result<Vec<Question>> {
    let pipeline = crm.pipeline()?;
    let (month, half) = (crm.days_ago(30)?, crm.days_ago(180)?);
    let board = |at: &str| format!("{PIPELINES}/{pipeline}/replay?at={at}");
    let forecast = |path: &str, at: &str| format!("{path}?filter=pipeline:eq:{pipeline}&as_of={}", &at[..10]);
    Ok(vec![
        ("board of a month ago", BOARD, board(&month)),
        ("board of half a year ago", BOARD, board(&half)),
        ("forecast of a month ago", BOARD, forecast("/v1/deals/forecast", &month)),
        ("forecast of half a year ago", BOARD, forecast("/v1/deals/forecast", &half)),
        ("what became of the forecast of half a year ago", BOARD, forecast("/v1/deals/forecast/outcomes", &half)),
    ])
}

/// Timelines, files, tasks and follow-ups.
fn work(crm: &Crm<'_>) -> Result<Vec<Question>> {
    let mut connection = Connection::new(crm.address);
    let found = connection.send(&crm.get(BUSY))?.json(200)?;
    let busy = found["items"][0]["id"].as_str().context("nobody is busy")?;
    let timeline = format!("/v1/contacts/{busy}/timeline?limit=50");
    let first = connection.send(&crm.get(&timeline))?.json(200)?;
    let next = first["next_cursor"].as_str().context("a timeline of one page")?;
    let owner = kernel::ids::encode("00000000-0000-7000-8000-000000000007".parse()?);
    Ok(vec![
        ("timeline of a busy contact, the second page", LIST, format!("{timeline}&cursor={next}")),
        ("timeline of a busy contact", LIST, timeline),
        (
            "timeline of a busy contact, calls",
            LIST,
            format!("/v1/contacts/{busy}/timeline?limit=50&filter=type:eq:call"),
        ),
        ("files of a contact", LIST, format!("/v1/attachments?limit=200&filter=contact:eq:{busy}")),
        ("all files, by name", LIST, "/v1/files?limit=50&sort=name".into()),
        ("all files, the largest first", LIST, "/v1/files?limit=50&sort=-size".into()),
        ("board of tasks", BOARD, "/v1/tasks/board".into()),
        ("board of tasks of a member", BOARD, format!("/v1/tasks/board?filter=assignee:eq:usr_{owner}")),
        ("follow-ups to come", LIST, "/v1/follow-ups?limit=50&sort=fire_at&filter=status:in:waiting,paused".into()),
    ])
}

fn reports() -> Vec<Question> {
    let of = |kind: &str| format!("/v1/reports?kind={kind}&span=this_year");
    vec![
        ("report: revenue of this year", Goal::Recorded, of("revenue")),
        ("report: sources of this year", Goal::Recorded, of("sources")),
    ]
}

impl Crm<'_> {
    /// One caller asks again as soon as it was answered. Where the core gives up because it takes too long, so long has been waited.
    fn one_after_the_other(&self, (what, goal, query): &Question) -> Result<Figure> {
        let (request, asked, refused) = (self.get(query), AtomicU64::new(0), AtomicU64::new(0));
        let ask = |_, connection: &mut Connection| {
            let answer = connection.send(&request)?;
            asked.fetch_add(1, Relaxed);
            match answer.status {
                503 => drop(refused.fetch_add(1, Relaxed)),
                _ => answer.expect(200)?,
            }
            Ok(())
        };
        let time = self.world.scale.stretch / 3;
        let plan = Plan { address: self.address, connections: 1, pace: Pace::Closed, time };
        let mut values = vec![];
        // The first time is for nothing: a connection plans what it meets for the first time.
        for round in 0..=self.world.scale.rounds.min(3) {
            let p99 = load(&plan, ask).flawless().with_context(|| query.clone())?.ms(99.0);
            values.extend((round > 0).then_some(p99));
        }
        let query = query.trim_start_matches("/v1/").replace("limit=50&", "");
        let said = query.split_once("rules:eq:").map_or(query.clone(), |(before, _)| format!("{before}rules:eq:…"));
        let how = format!("`{said}`; {} calls, one after the other", asked.into_inner());
        let how = match refused.into_inner() {
            0 => how,
            some => format!("{how}, {some} of them refused because they took too long"),
        };
        Ok(Figure::new(&format!("{what}, p99"), *goal, "ms", values, how))
    }

    /// The moment so many days ago, as it is asked for.
    fn days_ago(&self, days: i32) -> Result<String> {
        const MOMENT: &str =
            "select to_char((now() - $1::int * interval '1 day') at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
        let client = self.world.superuser("bench")?;
        Ok(self.world.runtime.block_on(client.query_one(MOMENT, &[&days]))?.get(0))
    }
}
