//! What is measured, in the order of the document.
mod console;
mod contact;
mod crm;
mod edge;
mod forms;
mod list;
mod memory;
mod migrate;
mod sizes;
mod tenants;
mod widgets;

use crate::{
    programs::{self, Program},
    report::Figure,
    world::World,
};
use anyhow::Result;

/// A group of figures that need the same programs.
pub struct Scenario {
    /// Its name on the command line and in the document.
    pub name: &'static str,
    /// What it measures.
    pub measures: &'static str,
    /// Needs tenants with their schemas.
    pub tenants: bool,
    /// Needs the edge's many widgets.
    pub sites: bool,
    /// Measures.
    pub run: fn(&World) -> Result<Vec<Figure>>,
}

const fn scenario(
    name: &'static str,
    measures: &'static str,
    tenants: bool,
    sites: bool,
    run: fn(&World) -> Result<Vec<Figure>>,
) -> Scenario {
    Scenario { name, measures, tenants, sites, run }
}

/// Every scenario. `migrate` comes last: afterwards the fleet is at a version that no program knows.
pub const SCENARIOS: &[Scenario] = &[
    scenario("contact", "GET one contact, against pgbench and under load", true, false, contact::run),
    scenario("list", "lists of a tenant with very many contacts", true, false, list::run),
    scenario("crm", "a million contacts with companies and deals; a file of half a million", true, false, crm::run),
    scenario("forms", "form submissions through the edge, and that each is there once", true, false, forms::run),
    scenario("edge", "loader, frame, action, refusal against nginx; edge time under load", false, true, edge::run),
    scenario("widgets", "widgets the edge meets for the first time", false, true, widgets::run),
    scenario("tenants", "opening a tenant from the pool, and building a schema", true, false, tenants::run),
    scenario("memory", "core idle, edge with many sites, a backend that served every tenant", true, true, memory::run),
    scenario("sizes", "what a visitor downloads; the edge's binary and its start", false, true, sizes::run),
    scenario(
        "console",
        "the dashboard in a slowed browser: paint, presses, a very long table",
        true,
        false,
        console::run,
    ),
    scenario("lighthouse", "accessibility of every page, as Lighthouse counts it", true, false, console::lighthouse),
    scenario("migrate", "a column and an index for every tenant, while people read", true, false, migrate::run),
];

/// A core as it ships, without limits on callers.
fn core(world: &World, work: bool) -> Result<Program> {
    let config = world.config("core", "bench", &[])?;
    let arguments: &[&str] = if work { &["serve"] } else { &["serve", "--no-work"] };
    let core = Program::ours("upzento", &config, arguments, 1, None)?;
    programs::ready(core.address()?)?;
    Ok(core)
}

/// Every limit of the edge on addresses, sessions, tenants and the platform.
const LIMITS: [&str; 9] = [
    "limit_address",
    "limit_frames",
    "limit_sessions",
    "limit_forms",
    "limit_progress",
    "limit_uploads",
    "limit_visitor",
    "limit_tenant",
    "limit_platform",
];

/// An edge with limits so wide that one address may be ten thousand visitors: its public and its internal address are the
/// program's first and second.
fn wide_edge(world: &World, database: &str, core: &str, tls: bool, cpu: Option<usize>) -> Result<Program> {
    let wide = ["at_once", "per_minute"].map(|key| (key.to_owned(), toml::Value::from(i64::from(u32::MAX))));
    let wide = toml::Table::from_iter(wide);
    let mut more = vec![("edge", "core_url", format!("http://{core}").into())];
    more.extend(LIMITS.map(|limit| ("edge", limit, wide.clone().into())));
    if tls {
        for (key, file) in [("tls_cert", "certificate.pem"), ("tls_key", "key.pem")] {
            more.push(("edge", key, world.folder("nginx")?.join(file).to_string_lossy().into_owned().into()));
        }
    }
    let config = world.config(if tls { "edge-tls" } else { "edge" }, database, &more)?;
    let edge = Program::ours("embed-edge", &config, &["serve"], 2, cpu)?;
    programs::ready(edge.addresses[1])?;
    Ok(edge)
}

/// Headers of a browser that loads a frame on this page.
fn frame_headers(page: &str) -> [(&'static str, String); 4] {
    [
        ("referer", format!("{page}/")),
        ("sec-fetch-dest", "iframe".to_owned()),
        ("sec-fetch-mode", "navigate".to_owned()),
        ("sec-fetch-site", "cross-site".to_owned()),
    ]
}

/// Where a loader on this page finds the frame.
fn frame_target(widget: &str, page: &str) -> String {
    let page: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("/w/{widget}?o={page}&m=inline&l=en&t=light&v=1")
}

/// Headers by reference, as requests take them.
fn borrowed<'a>(headers: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// The token in a frame document or in a session's answer.
fn token_in(body: &[u8]) -> Result<String> {
    let text = String::from_utf8_lossy(body);
    let found = text.split_once("\"token\":\"").and_then(|(_, rest)| rest.split_once('"'));
    found.map(|(token, _)| token.to_owned()).ok_or_else(|| anyhow::anyhow!("no token in {text}"))
}
