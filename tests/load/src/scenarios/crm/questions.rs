//! Lists and searches at this size.
use super::{Crm, shown};
use crate::{
    generator::{Pace, Plan, run as load},
    http::Connection,
    report::{Figure, Goal},
};
use anyhow::{Context, Result};

/// Pages a second.
const RATE: f64 = 20.0;
const LIST: f64 = 50.0;
const SEARCH: f64 = 100.0;

/// What is asked, how long it may take in milliseconds, and the query.
const QUESTIONS: &[(&str, f64, &str)] = &[
    ("contacts by name", LIST, "/v1/contacts?limit=50&sort=name"),
    ("contacts of a stage, by name", LIST, "/v1/contacts?limit=50&filter=stage:eq:qualified&sort=name"),
    ("contacts of a rare tag, last changed first", LIST, "/v1/contacts?limit=50&filter=tag:has:vip&sort=-updated_at"),
    (
        "contacts of an owner and a stage, by name",
        LIST,
        "/v1/contacts?limit=50&filter=owner:eq:usr_{owner}&filter=stage:eq:won&sort=name",
    ),
    (
        "contacts by source and stage, last changed first",
        LIST,
        "/v1/contacts?limit=50&filter=source:eq:website&filter=stage:eq:won&sort=-updated_at",
    ),
    ("companies by name", LIST, "/v1/companies?limit=50&sort=name"),
    ("companies of a status, by name", LIST, "/v1/companies?limit=50&filter=status:eq:active&sort=name"),
    ("companies by health, the worst first", LIST, "/v1/companies?limit=50&sort=health"),
    ("companies in poor health, by name", LIST, "/v1/companies?limit=50&filter=health:eq:poor&sort=name"),
    ("companies in good health, the worst first", LIST, "/v1/companies?limit=50&filter=health:eq:good&sort=health"),
    ("companies near renewal, newest first", LIST, "/v1/companies?limit=50&filter=health:eq:renewal.near"),
    ("deals, newest first", LIST, "/v1/deals?limit=50&sort=-created_at"),
    ("deals that are open, by name", LIST, "/v1/deals?limit=50&filter=status:eq:open&sort=title"),
    ("deals of an owner, by amount", LIST, "/v1/deals?limit=50&filter=owner:eq:usr_{owner}&sort=-amount"),
    ("search: beginning of a name", SEARCH, "/v1/contacts?limit=50&filter=name:prefix:ines&sort=name"),
    ("search: a surname", SEARCH, "/v1/contacts?limit=50&q=moreau"),
    ("search: the middle of an address", SEARCH, "/v1/contacts?limit=50&q=rson123"),
    ("search: misspelled", SEARCH, "/v1/contacts?limit=50&q=kowalsky%2012"),
    ("search: two words, by name", SEARCH, "/v1/contacts?limit=50&q=priya%20kestrel&sort=name"),
    ("search: a company", SEARCH, "/v1/companies?limit=50&q=meridian"),
    ("search: a deal", SEARCH, "/v1/deals?limit=50&q=kitchen%2077"),
    ("search: a word of every seventh note", SEARCH, "/v1/search?limit=20&kinds=notes&q=boiler"),
    ("search: a word of few notes", SEARCH, "/v1/search?limit=20&kinds=notes&q=lisbon"),
    ("search: words of one note", SEARCH, "/v1/search?limit=20&kinds=notes&q=boiler%20ref%20423500"),
    ("search: a misspelled word of notes", SEARCH, "/v1/search?limit=20&kinds=notes&q=lissabon%20fair"),
    ("search: everything at once", SEARCH, "/v1/search?limit=5&q=meridian"),
    // What nobody fits: words that are frequent and never together, a mistake in a rare one, nothing at all.
    ("search: contacts that nobody is", SEARCH, "/v1/contacts?limit=50&q=moreau%20meridian%20boiler"),
    (
        "search: contacts that nobody is, by name",
        SEARCH,
        "/v1/contacts?limit=50&q=priya%20kestrel%20moreau%209&sort=name",
    ),
    ("search: companies that nobody is", SEARCH, "/v1/companies?limit=50&q=kestrel%20meridian"),
    ("search: deals that nobody has", SEARCH, "/v1/deals?limit=50&q=kitchen%20fleet%20audit"),
    ("search: tasks that nobody has", SEARCH, "/v1/tasks?limit=50&q=kitchen%20fleet"),
    (
        "search: notes with words that are never together",
        SEARCH,
        "/v1/search?limit=20&kinds=notes&q=discount%20kitchen%20boiler",
    ),
    (
        "search: notes with a word and a wrong number",
        SEARCH,
        "/v1/search?limit=20&kinds=notes&q=boiler%20ref%20999423500",
    ),
    ("search: everything for what is nowhere", SEARCH, "/v1/search?limit=5&q=xylophone%20quartet"),
    (
        "search: everything, ten words",
        SEARCH,
        "/v1/search?limit=5&q=the%20kitchen%20and%20boiler%20of%20anna%20moreau%20wants%20an%20audit",
    ),
    ("what waits", 20.0, "/v1/counts"),
];

pub(super) fn run(crm: &Crm<'_>) -> Result<Vec<Figure>> {
    let owner: String = kernel::ids::encode("00000000-0000-7000-8000-000000000007".parse()?);
    let scale = crm.world.scale;
    let mut connection = Connection::new(crm.address);
    let mut figures = vec![];
    for (what, most, query) in QUESTIONS {
        let query = query.replace("{owner}", &owner);
        let request = crm.get(&query);
        connection.send(&request)?.expect(200).with_context(|| query.clone())?;
        let plan = Plan { address: crm.address, connections: 8, pace: Pace::Open(RATE), time: scale.stretch };
        let mut values = vec![];
        for _ in 0..scale.rounds.min(3) {
            let asked = load(&plan, |_, connection| connection.send(&request)?.expect(200)).flawless();
            values.push(asked.with_context(|| query.clone())?.ms(99.0));
        }
        let how = query.trim_start_matches("/v1/").replace("limit=50&", "");
        let figure = Figure::new(&format!("{what}, p99"), Goal::AtMost(*most), "ms", values, format!("`{how}`"));
        figures.push(shown(figure));
    }
    Ok(figures)
}
