//! Widgets the edge meets for the first time.
use super::{borrowed, frame_headers, frame_target, wide_edge};
use crate::{
    generator::{Pace, Plan, run as load},
    http::{self, Connection},
    report::{Figure, Goal},
    world::{PAGE, World},
};
use anyhow::{Context, Result};
use std::net::SocketAddr;

/// Visitors of one new widget at the same moment.
const CROWD: usize = 1_000;
/// New widgets a second.
const RATE: f64 = 300.0;

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let edge = wide_edge(world, "sites", "127.0.0.1:9", false, None)?;
    let address = edge.address()?;
    let widgets = all_widgets(world)?;
    let ask =
        |widget: &str| http::request("GET", &frame_target(widget, PAGE), address, &borrowed(&frame_headers(PAGE)), "");
    let (crowded, calm) = widgets.split_first().context("no widgets")?;
    let mut latency = vec![];
    // Each widget is asked for once, so every stretch takes its own.
    let share = calm.len() / world.scale.rounds;
    for widgets in calm.chunks(share).take(world.scale.rounds) {
        let time = std::time::Duration::from_secs_f64(widgets.len() as f64 / RATE);
        let plan = Plan { address, connections: 16, pace: Pace::Open(RATE), time };
        let work = |n: u64, connection: &mut Connection| match widgets.get(n as usize) {
            Some(widget) => connection.send(&ask(widget))?.expect(200),
            None => Ok(()),
        };
        latency.push(load(&plan, work).flawless()?.ms(99.0));
    }
    let internal = edge.addresses[1];
    let before = queries(internal)?;
    let mut crowd: Vec<Connection> = (0..CROWD.min(world.scale.sites)).map(|_| Connection::new(address)).collect();
    let request = ask(crowded);
    crowd.iter_mut().try_for_each(|connection| connection.write(&request))?;
    crowd.iter_mut().try_for_each(|connection| connection.receive()?.expect(200))?;
    let asked = queries(internal)? - before;
    Ok(vec![
        Figure::new(
            "frame of a widget that is not cached, p99",
            Goal::AtMost(30.0),
            "ms",
            latency,
            format!("{share} new widgets, open loop at {RATE:.0}/s, Postgres on the same machine"),
        ),
        Figure::new(
            "queries for one new widget with 1,000 visitors at once",
            Goal::AtMost(1.0),
            "",
            vec![asked],
            format!("{} requests written before the first answer was read", crowd.len()),
        ),
    ])
}

/// Every widget of database `sites`, in no order that the database would prefer.
pub fn all_widgets(world: &World) -> Result<Vec<String>> {
    let client = world.superuser("sites")?;
    let rows = world.runtime.block_on(client.query("select id from control.widgets order by md5(id)", &[]))?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// How often the edge asked the database for widgets.
fn queries(internal: SocketAddr) -> Result<f64> {
    let mut connection = Connection::new(internal);
    let answer = connection.send(&http::request("GET", "/metrics", internal, &[], ""))?;
    answer.expect(200)?;
    let text = String::from_utf8_lossy(answer.body);
    let line = text.lines().find_map(|line| line.strip_prefix("upzento_edge_widget_queries_total "));
    Ok(line.map_or(Ok(0.0), str::parse)?)
}
