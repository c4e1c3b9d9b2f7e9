//! Opening a tenant.
use super::core;
use crate::{
    generator::{Pace, Plan, run as load},
    http::{self, Connection},
    report::{Figure, Goal},
    world::{SPARE, World},
};
use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};

/// Schemas built one after the other.
const BUILDS: usize = 20;
const RATE: f64 = 10.0;

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let core = core(world, true)?;
    let address = core.address()?;
    let spare = SPARE.min(world.tenants.len());
    // Every agency opens one client, so that no agency's plan or lock is what is measured.
    let requests: Vec<Vec<u8>> = world
        .tenants
        .iter()
        .enumerate()
        .map(|(n, tenant)| {
            let body = format!("{{\"name\": \"Client {n}\"}}");
            http::request("POST", "/v1/clients", address, &[("x-api-key", &tenant.key)], &body)
        })
        .collect();
    let time = Duration::from_secs_f64(spare as f64 / RATE);
    let plan = Plan { address, connections: 4, pace: Pace::Open(RATE), time };
    let opened = load(&plan, |n, connection: &mut Connection| {
        connection.send(requests.get(n as usize).context("an agency for each client")?)?.expect(201)
    });
    let opened = opened.flawless()?;
    let mut builds = vec![];
    world.runtime.block_on(async {
        let mut owner = tenant_migrations::connect_owner(&world.url("upzento_owner", "bench")).await?;
        for _ in 0..BUILDS.min(spare) {
            let begun = Instant::now();
            tenant_migrations::provision_one(&mut owner).await?;
            builds.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        anyhow::Ok(())
    })?;
    if opened.good == 0 {
        bail!("no tenant was opened");
    }
    Ok(vec![
        Figure::new(
            "claim a tenant, p99",
            Goal::AtMost(50.0),
            "ms",
            vec![opened.ms(99.0)],
            format!("{} times `POST /v1/clients`, open loop at {RATE:.0}/s, durable", opened.good),
        ),
        Figure::new("… p50", Goal::Recorded, "ms", vec![opened.ms(50.0)], "the same"),
        Figure::new(
            "cold build of a tenant's schema, p50",
            Goal::AtMost(500.0),
            "ms",
            builds,
            "one after the other, durable",
        ),
    ])
}
