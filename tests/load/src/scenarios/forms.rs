//! Form submissions, from the loader to the tenant's tables.
use super::{borrowed, core, frame_headers, frame_target, token_in, wide_edge};
use crate::{
    generator::{Pace, Plan, median, run as load},
    http::{self, Connection},
    report::{Figure, Goal},
    world::{PAGE, Tenant, World},
};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const VISITORS: usize = 24;
/// Tenants with a form, so that no tenant gets more than a few a second.
const FORMS: usize = 200;
const PATIENCE: Duration = Duration::from_secs(60);

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let core = core(world, true)?;
    let tenants = &world.tenants[..FORMS.min(world.tenants.len())];
    let widgets = publish(core.address()?, tenants)?;
    let edge = wide_edge(world, "bench", &core.address()?.to_string(), false, None)?;
    let site = Site { edge: edge.address()?, widgets, taken: Mutex::default() };
    let visits = |pace: Pace, from: u64, time: Duration| {
        let plan = Plan { address: site.edge, connections: VISITORS, pace, time };
        load(&plan, |n, connection| site.visit(from + n, connection)).flawless()
    };
    // Numbers of visitors never repeat: each stretch begins where no other can reach.
    let mut stretch = 0;
    let mut from = || {
        stretch += 1;
        stretch * 10_000_000
    };
    visits(Pace::Closed, from(), world.scale.stretch)?;
    let (mut rates, mut core_cost, mut edge_cost) = (vec![], vec![], vec![]);
    for _ in 0..world.scale.rounds {
        let before = (core.processor_time()?, edge.processor_time()?);
        let outcome = visits(Pace::Closed, from(), world.scale.stretch)?;
        let micros = |spent: Duration| spent.as_secs_f64() * 1e6 / outcome.good as f64;
        core_cost.push(micros(core.processor_time()? - before.0));
        edge_cost.push(micros(edge.processor_time()? - before.1));
        rates.push(outcome.per_second());
    }
    let begun = Instant::now();
    caught_up(world)?;
    let lag = begun.elapsed().as_secs_f64();
    let rate = 0.5 * median(&rates);
    let calm = visits(Pace::Open(rate), from(), 2 * world.scale.stretch)?;
    caught_up(world)?;
    let taken = site.taken.into_inner().unwrap_or_else(PoisonError::into_inner);
    let wrong = wrong_submissions(world, tenants, &taken)?;
    Ok(vec![
        Figure::new(
            "form submissions through the edge, contact + submission + events, durable",
            Goal::AtLeast(500.0),
            "/s",
            rates,
            format!(
                "{VISITORS} visitors, each loader, frame, session and submission; {} tenants; limits of the edge off",
                tenants.len()
            ),
        ),
        Figure::new(
            "… core's processor time a submission",
            Goal::Recorded,
            "µs",
            core_cost,
            "with dispatcher and jobs",
        ),
        Figure::new("… edge's processor time a visit", Goal::Recorded, "µs", edge_cost, "four requests"),
        Figure::new(
            "… until the log of every tenant had caught up",
            Goal::Recorded,
            "s",
            vec![lag],
            "after the last closed loop",
        ),
        Figure::new(
            "… a whole visit at 50 % load, p50",
            Goal::Recorded,
            "ms",
            vec![calm.ms(50.0)],
            format!("open loop at {rate:.0}/s"),
        ),
        Figure::new("… a whole visit at 50 % load, p99", Goal::Recorded, "ms", vec![calm.ms(99.0)], "the same"),
        Figure::new(
            "… acknowledged submissions that are missing, doubled, or without contact or events",
            Goal::AtMost(0.0),
            "",
            vec![wrong as f64],
            format!("of {} acknowledged, counted in the tenants' tables", taken.len()),
        ),
    ])
}

/// A published form for each tenant, allowed on one page; gives the widgets' ids.
fn publish(core: SocketAddr, tenants: &[Tenant]) -> Result<Vec<String>> {
    let mut connection = Connection::new(core);
    let mut call = |tenant: &Tenant, method: &str, path: &str, body: &Value| {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let request = http::request(method, path, core, &[("x-api-key", &tenant.key)], &body);
        connection.send(&request)?.json(if method == "GET" { 200 } else { 201 })
    };
    let draft: Value = serde_json::from_str(include_str!("../form.json"))?;
    let mut forms = vec![];
    for tenant in tenants {
        let form = call(tenant, "POST", "/v1/forms", &json!({"name": "Enquiry", "draft": draft}))?;
        let form = form["id"].as_str().context("no id")?.to_owned();
        call(tenant, "POST", &format!("/v1/forms/{form}/versions"), &json!({}))?;
        call(tenant, "POST", "/v1/origins", &json!({"origin": PAGE}))?;
        forms.push(form);
    }
    // The widget is made by a job.
    let begun = Instant::now();
    let mut widgets = vec![];
    for (tenant, form) in tenants.iter().zip(&forms) {
        loop {
            let form = call(tenant, "GET", &format!("/v1/forms/{form}"), &Value::Null)?;
            if let Some(widget) = form["widget"].as_str() {
                widgets.push(widget.to_owned());
                break;
            }
            if begun.elapsed() > PATIENCE {
                bail!("a form has no widget: {form}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    Ok(widgets)
}

struct Site {
    edge: SocketAddr,
    widgets: Vec<String>,
    /// Which tenant, and the key of the submission.
    taken: Mutex<Vec<(usize, String)>>,
}

impl Site {
    /// One visitor: comes, fills in, sends.
    fn visit(&self, n: u64, connection: &mut Connection) -> Result<()> {
        let at = usize::try_from(n % self.widgets.len() as u64)?;
        let origin = format!("http://{}", self.edge);
        let loader = http::request("GET", "/v1/loader.js", self.edge, &[("accept-encoding", "br")], "");
        connection.send(&loader)?.expect(200)?;
        let target = frame_target(&self.widgets[at], PAGE);
        let frame = http::request("GET", &target, self.edge, &borrowed(&frame_headers(PAGE)), "");
        let answer = connection.send(&frame)?;
        answer.expect(200)?;
        let first = token_in(answer.body)?;
        let own = |path: &str, token: &str, key: Option<&str>, body: &str| {
            let bearer = format!("Bearer {token}");
            let mut headers =
                vec![("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("authorization", &bearer)];
            headers.extend(key.map(|key| ("idempotency-key", key)));
            http::request("POST", path, self.edge, &headers, body)
        };
        let answer = connection.send(&own("/v1/session", &first, None, "{}"))?;
        answer.expect(200)?;
        let session = token_in(answer.body)?;
        let key = format!("bench-{n}");
        let body = json!({
            "version": 1,
            "answers": {"name": format!("Visitor {n}"), "email": format!("visitor{n}@example.com"), "bike": "gravel", "pain": "yes",
                "where": ["hands", "knees"], "notes": "Before the weekend, if that is possible.", "news": true},
            "attr": {"page": format!("{PAGE}/contact"), "utm_source": "bench"},
            "filled_ms": 9000,
        });
        let answer = connection.send(&own("/v1/a/form", &session, Some(&key), &body.to_string()))?.json(201)?;
        if answer["state"] != "received" {
            bail!("kept aside: {answer}");
        }
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).push((at, key));
        Ok(())
    }
}

/// Waits until every event was stamped and delivered.
fn caught_up(world: &World) -> Result<()> {
    let client = world.superuser("bench")?;
    let begun = Instant::now();
    loop {
        let row = client.query_one("select count(*) from ops.outbox", &[]);
        let waiting: i64 = world.runtime.block_on(row)?.get(0);
        if waiting == 0 {
            return Ok(());
        }
        if begun.elapsed() > 2 * PATIENCE {
            bail!("{waiting} events were not delivered");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Acknowledged submissions that are not there exactly once with their contact, their event and its place in the log.
fn wrong_submissions(world: &World, tenants: &[Tenant], taken: &[(usize, String)]) -> Result<usize> {
    let client = world.superuser("bench")?;
    let mut wrong = 0;
    for (at, tenant) in tenants.iter().enumerate() {
        let keys: Vec<&str> = taken.iter().filter(|(tenant, _)| *tenant == at).map(|(_, key)| key.as_str()).collect();
        let sql = format!(
            "select count(*) from unnest($1::text[]) as k(key)
             where (select count(*) from {0}.submissions s join {0}.contacts c on c.id = s.contact_id
                      join {0}.events e on e.subject_id = s.id and e.kind = 'form.submitted' and e.contact_id = c.id
                      join {0}.event_log l on l.event_id = e.id
                    where s.idempotency_key = k.key and s.state = 'received') <> 1",
            tenant.schema
        );
        let missing: i64 = world.runtime.block_on(client.query_one(&sql, &[&keys]))?.get(0);
        wrong += usize::try_from(missing)?;
    }
    Ok(wrong)
}
