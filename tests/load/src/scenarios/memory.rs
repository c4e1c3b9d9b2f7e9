//! Memory of everything that stays up.
use super::{borrowed, core, frame_headers, frame_target, widgets::all_widgets};
use crate::{
    generator::{Pace, Plan, run_until},
    http,
    machine::{Memory, memory},
    pgbench::{bind, find_statement},
    programs::{self, Program},
    report::{Figure, Goal},
    world::{PAGE, World},
};
use anyhow::{Context, Result, bail};
use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

/// After this many tenants the product replaces a connection.
const REPLACED_AFTER: usize = 300;

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let mut figures = vec![];
    {
        let core = core(world, true)?;
        // Long enough for the dispatcher, the workers and the pools to have done what they do at rest.
        std::thread::sleep(Duration::from_secs(3).min(2 * world.scale.stretch));
        figures.push(resident("core, idle", Goal::AtMost(80.0), memory(core.pid())?, "RSS, background work on"));
    }
    figures.push(edge(world)?);
    figures.extend(backend(world)?);
    Ok(figures)
}

fn resident(what: &str, goal: Goal, memory: Memory, how: &str) -> Figure {
    let how = format!("{how}; {:.0} MB of it its own", memory.own);
    Figure::new(&format!("memory: {what}"), goal, "MB", vec![memory.resident], how)
}

/// The edge as it ships: visitors come through a proxy that names their addresses, so limits hold and remember them.
fn edge(world: &World) -> Result<Figure> {
    let more = [("edge", "trusted_proxies", toml::Value::from(vec!["127.0.0.1/32"]))];
    let config = world.config("edge-memory", "sites", &more)?;
    let edge = Program::ours("embed-edge", &config, &["serve"], 2, None)?;
    programs::ready(edge.addresses[1])?;
    let address = edge.address()?;
    let widgets = all_widgets(world)?;
    let (next, all) = (AtomicUsize::new(0), AtomicBool::new(false));
    let plan = Plan { address, connections: 8, pace: Pace::Closed, time: Duration::from_secs(60) };
    let outcome = run_until(&plan, &all, |_, connection| {
        let at = next.fetch_add(1, Relaxed);
        let Some(widget) = widgets.get(at) else {
            all.store(true, Relaxed);
            return Ok(());
        };
        let mut headers = frame_headers(PAGE).to_vec();
        headers.push(("x-forwarded-for", format!("10.{}.{}.7", at / 250, at % 250)));
        connection
            .send(&http::request("GET", &frame_target(widget, PAGE), address, &borrowed(&headers), ""))?
            .expect(200)
    });
    outcome.flawless()?;
    if next.load(Relaxed) < widgets.len() {
        bail!("only {} of {} widgets were shown", next.load(Relaxed), widgets.len());
    }
    let what = "embed-edge with 10,000 sites";
    Ok(resident(
        what,
        Goal::AtMost(40.0),
        memory(edge.pid())?,
        &format!("RSS, {} frames shown to as many addresses", widgets.len()),
    ))
}

/// One backend that reads, lists and writes in every tenant, as the core's transactions do.
fn backend(world: &World) -> Result<Vec<Figure>> {
    let find = find_statement()?;
    world.runtime.block_on(async {
        let client = crate::world::connect(&world.url("upzento_app", "bench")).await?;
        let pid: i32 = client.query_one("select pg_backend_pid()", &[]).await?.get(0);
        let pid = u32::try_from(pid)?;
        let owners: Option<Vec<uuid::Uuid>> = None;
        let mut statement = None;
        let mut replaced = None;
        for (n, tenant) in world.tenants.iter().enumerate() {
            client.batch_execute(&bind(&tenant.schema).join("; ")).await?;
            if statement.is_none() {
                statement = Some(client.prepare(find).await?);
            }
            client.query_one(statement.as_ref().context("prepared")?, &[&tenant.contact, &owners]).await?;
            for table in ["forms", "submissions", "activities", "notifications", "files"] {
                client.simple_query(&format!("select 1 from {table} limit 1")).await?;
            }
            client.batch_execute("commit").await?;
            if n + 1 == REPLACED_AFTER.min(world.tenants.len()) {
                replaced = Some(memory(pid)?);
            }
        }
        let how = "RSS; contacts with their addresses, forms, submissions, activities, notifications, files of each";
        Ok(vec![
            resident("one Postgres backend after 1,000 tenants", Goal::AtMost(200.0), memory(pid)?, how),
            resident(
                "… after 300, when the product replaces it",
                Goal::Recorded,
                replaced.context("no tenants")?,
                "the same",
            ),
        ])
    })
}
