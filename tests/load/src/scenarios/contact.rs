//! GET one contact: how much of Postgres is left when the core stands in front of it.
use super::core;
use crate::{
    generator::{Outcome, Pace, Plan, median, run as load, scatter},
    http,
    pgbench::{Pgbench, Protocol},
    report::{Figure, Goal},
    world::World,
};
use anyhow::Result;
use std::{net::SocketAddr, time::Duration};

/// Callers; the core's connections to Postgres are the default, four lanes of two.
const CALLERS: usize = 32;
const LANE_CONNECTIONS: usize = 8;
const HOT: usize = 10;

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let core = core(world, true)?;
    let address = core.address()?;
    let requests: Vec<Vec<u8>> = world
        .tenants
        .iter()
        .map(|tenant| {
            let target = format!("/v1/contacts/con_{}", kernel::ids::encode(tenant.contact));
            http::request("GET", &target, address, &[("x-api-key", &tenant.key)], "")
        })
        .collect();
    let get = |pace: Pace, time: Duration, among: usize| -> Result<Outcome> {
        let plan = Plan { address, connections: CALLERS, pace, time };
        load(&plan, |n, connection| connection.send(&requests[scatter(n, among)])?.expect(200)).flawless()
    };
    let (rounds, stretch, everybody) = (world.scale.rounds, world.scale.stretch, requests.len());
    // Every backend has to see every tenant of its lane before it is as fast as it will be.
    let warm_up = if everybody >= 1000 { Duration::from_secs(20) } else { stretch };
    get(Pace::Closed, warm_up, everybody)?;
    let mut simple = Pgbench::start(world, LANE_CONNECTIONS, Protocol::Simple, warm_up)?;
    let mut prepared = Pgbench::start(world, LANE_CONNECTIONS, Protocol::Prepared, warm_up)?;
    let seconds = stretch.as_secs().max(1) as usize;
    let (mut ours, mut texts, mut pipelines, mut cost) = (vec![], vec![], vec![], vec![]);
    for _ in 0..rounds {
        let before = core.processor_time()?;
        let outcome = get(Pace::Closed, stretch, everybody)?;
        cost.push((core.processor_time()? - before).as_secs_f64() * 1e6 / outcome.good as f64);
        ours.push(outcome.per_second());
        texts.push(simple.measure(seconds)?);
        pipelines.push(prepared.measure(seconds)?);
    }
    drop((simple, prepared));
    let prepared_won = median(&pipelines) > median(&texts);
    let (faster, which) = if prepared_won { (&pipelines, "prepared pipeline") } else { (&texts, "simple protocol") };
    let ratios = ours.iter().zip(faster).map(|(ours, theirs)| ours / theirs).collect();
    let counted = counters(address)?;
    let rate = 0.6 * median(&ours);
    let (mut uniform, mut hot) = (vec![], vec![]);
    for _ in 0..rounds {
        uniform.push(get(Pace::Open(rate), 2 * stretch, everybody)?.ms(99.0));
        hot.push(get(Pace::Open(rate), 2 * stretch, HOT.min(everybody))?.ms(99.0));
    }
    let more = counters(address)?;
    let p99 = uniform.iter().zip(&hot).map(|(uniform, hot)| uniform / hot).collect();
    let at = format!("open loop at {rate:.0}/s");
    Ok(vec![
        Figure::new(
            "GET one contact, 1,000 tenants, vs pgbench with the same statements",
            Goal::AtLeast(0.75),
            "×",
            ratios,
            format!("against the faster one, {which}; {LANE_CONNECTIONS} connections each, interleaved"),
        ),
        Figure::new(
            "GET one contact, requests a second",
            Goal::AtLeast(3000.0),
            "/s",
            ours,
            format!("{CALLERS} callers, closed loop; core, Postgres and callers share the machine"),
        ),
        Figure::new("… pgbench, simple protocol", Goal::Recorded, "/s", texts, "one text a transaction"),
        Figure::new("… pgbench, prepared, pipelined", Goal::Recorded, "/s", pipelines, "prepared for each tenant"),
        Figure::new("… core's processor time a request", Goal::Recorded, "µs", cost, "all its threads"),
        Figure::new(
            "… p99 at 60 % load, 1,000 tenants uniform vs 10",
            Goal::AtMost(2.0),
            "×",
            p99,
            format!("{at}, interleaved"),
        ),
        Figure::new("… p99 with 1,000 tenants", Goal::Recorded, "ms", uniform, at.clone()),
        Figure::new("… p99 with 10 tenants", Goal::Recorded, "ms", hot, at),
        Figure::new(
            "… requests that a busy lane sent to another one, at 60 % load",
            Goal::Recorded,
            "",
            vec![more.0 - counted.0],
            format!("{:.0} before, under full load", counted.0),
        ),
        Figure::new(
            "… connections replaced at 60 % load",
            Goal::Recorded,
            "",
            vec![more.1 - counted.1],
            format!("{:.0} opened before", counted.1),
        ),
    ])
}

/// Requests that went to another lane than their own, and connections opened, since the core started.
fn counters(core: SocketAddr) -> Result<(f64, f64)> {
    let mut connection = http::Connection::new(core);
    let answer = connection.send(&http::request("GET", "/metrics", core, &[], ""))?;
    answer.expect(200)?;
    let text = String::from_utf8_lossy(answer.body);
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok()).unwrap_or_default()
    };
    Ok((value("upzento_db_lane_spills_total"), value("upzento_db_connections_opened_total")))
}
