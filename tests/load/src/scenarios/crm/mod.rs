//! One tenant with a million contacts, 200,000 companies and 300,000 deals, tasks and follow-ups, among the small ones: what its people
//! ask for, what goes out, and what comes in.
mod daily;
mod import;
mod questions;

use crate::{
    generator::{Pace, Plan, run as load},
    http::{self, Connection},
    machine,
    pgbench::{Pgbench, Protocol},
    programs::{self, Program},
    report::{Figure, Goal},
    world::{Tenant, World},
};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// So many contacts to each of the first tenant's, which other scenarios ask for.
const CONTACTS: i32 = 10;
/// Callers of what is compared with pgbench, and its connections.
const CALLERS: usize = 16;
const CONNECTIONS: usize = 8;
const PIPELINES: &str = "/v1/pipelines";
/// How long work in the background may take.
const PATIENCE: Duration = Duration::from_secs(900);

/// The tenant, and the core that serves it.
struct Crm<'a> {
    world: &'a World,
    tenant: &'a Tenant,
    neighbours: &'a [Tenant],
    core: Program,
    address: SocketAddr,
}

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let [_, tenant, neighbours @ ..] = world.tenants.as_slice() else { anyhow::bail!("three tenants are needed") };
    fill(world, tenant)?;
    let core = start(world)?;
    let address = core.address()?;
    let crm = Crm { world, tenant, neighbours, core, address };
    let mut figures = vec![shown(crm.health()?)];
    figures.extend(questions::run(&crm)?);
    figures.extend(crm.beside_pgbench()?.into_iter().map(shown));
    figures.push(shown(crm.board()?));
    figures.extend(daily::run(&crm)?);
    figures.extend(crm.segments()?.into_iter().map(shown));
    figures.push(shown(crm.membership()?));
    figures.extend(crm.export()?.into_iter().map(shown));
    figures.extend(import::run(crm)?);
    Ok(figures)
}

/// Says a figure as soon as it is known: what cannot be measured half an hour later does not cost it.
fn shown(figure: Figure) -> Figure {
    xtask::console::line(&format!("  {}", figure.line()));
    figure
}

/// A core as it ships; a large file may come in, and who dies in the middle of work is soon replaced.
fn start(world: &World) -> Result<Program> {
    let more = [
        ("limits", "file_bytes", toml::Value::from(64 * 1024 * 1024)),
        ("limits", "body_bytes", toml::Value::from(1024 * 1024)),
        ("work", "lease_seconds", toml::Value::from(5)),
    ];
    let core = Program::ours("upzento", &world.config("core-crm", "bench", &more)?, &["serve"], 1, None)?;
    programs::ready(core.address()?)?;
    Ok(core)
}

fn fill(world: &World, tenant: &Tenant) -> Result<()> {
    let begun = Instant::now();
    let client = world.superuser("bench")?;
    let count = world.scale.contacts * CONTACTS;
    let (companies, deals) = (count / 5, count * 3 / 10);
    world.runtime.block_on(async {
        let set = format!(
            "set search_path = {}, shared; set bench.count = {count}; set bench.companies = {companies}; set bench.deals = {deals}",
            tenant.schema
        );
        client.batch_execute(&set).await?;
        client.batch_execute(include_str!("../../contacts.sql")).await?;
        client.batch_execute(include_str!("../../deals.sql")).await?;
        client.batch_execute(include_str!("../../notes.sql")).await?;
        client.batch_execute(include_str!("../../work.sql")).await?;
        client.batch_execute("vacuum analyze contacts, contact_emails, contact_phones, companies, deals, notes").await?;
        client.batch_execute("vacuum analyze deal_history, deal_spans, tasks, follow_ups, activities, events, files, attachments").await
    })?;
    let text = format!("  {count} contacts, {companies} companies, {deals} deals made");
    xtask::console::line(&format!("{text} in {}", xtask::console::seconds(begun.elapsed())));
    Ok(())
}

/// A condition on a field, and several of them together, as people put them together.
fn field(name: &str, op: &str, values: &[&str]) -> Value {
    json!({"kind": "field", "field": name, "op": op, "values": values})
}

fn group(kind: &str, rules: Vec<Value>) -> Value {
    json!({"kind": kind, "rules": rules})
}

impl Crm<'_> {
    /// Counts the health of all companies, as the job does after an update of the program.
    fn health(&self) -> Result<Figure> {
        const LEFT: &str = "select count(*) from (select from companies c where c.health_next <= now() order by c.health_next limit 1) d";
        let client = self.world.superuser("bench")?;
        let job = format!(
            "insert into ops.jobs (id, tenant, kind, payload, run_at) values (gen_random_uuid(), '{}', 'RefreshHealth', '{{}}', now())",
            self.tenant.schema
        );
        let begun = Instant::now();
        self.world.runtime.block_on(client.batch_execute(&job))?;
        while self.number(LEFT)? > 0 {
            anyhow::ensure!(begun.elapsed() < PATIENCE, "health is not counted in time");
            std::thread::sleep(Duration::from_millis(100));
        }
        let rate = self.number("select count(*) from companies")? as f64 / begun.elapsed().as_secs_f64();
        let vacuum = format!("vacuum analyze {}.companies", self.tenant.schema);
        self.world.runtime.block_on(client.batch_execute(&vacuum))?;
        let name = "health: companies counted a second, all of them after an update";
        Ok(Figure::new(name, Goal::Recorded, "/s", vec![rate], "one job; lists by health are asked afterwards"))
    }

    /// The bytes of a GET.
    fn get(&self, target: &str) -> Vec<u8> {
        http::request("GET", target, self.address, &[("x-api-key", &self.tenant.key)], "")
    }

    /// The same list and the same search as whoever writes SQL would ask for them.
    fn beside_pgbench(&self) -> Result<Vec<Figure>> {
        let select = crate::pgbench::find_statement()?.split_once(" where c.id = $1").context("another FIND")?.0;
        let asked = [
            (
                "list: a stage, by name",
                "/v1/contacts?limit=50&filter=stage:eq:qualified&sort=name",
                "c.deleted_at is null and c.stage = 'qualified' order by c.name_key, c.id limit 51",
            ),
            (
                "search: a surname, by name",
                "/v1/contacts?limit=50&q=moreau&sort=name",
                "c.deleted_at is null and c.search like '%moreau%' order by c.name_key, c.id limit 51",
            ),
        ];
        let stretch = self.world.scale.stretch;
        let mut figures = vec![];
        for (at, (what, target, rest)) in asked.into_iter().enumerate() {
            let request = self.get(target);
            let plan = Plan { address: self.address, connections: CALLERS, pace: Pace::Closed, time: stretch };
            let ask = || load(&plan, |_, c| c.send(&request)?.expect(200)).flawless();
            ask()?;
            let sql = format!("{select} where {rest}");
            let name = format!("pgbench-crm-{at}");
            let mut peer =
                Pgbench::one(self.world, (&name, CONNECTIONS), Protocol::Prepared, &self.tenant.schema, &sql)?;
            let (mut ratios, mut ours) = (vec![], vec![]);
            for _ in 0..self.world.scale.rounds.min(3) {
                let rate = ask()?.per_second();
                ratios.push(rate / peer.measure(stretch.as_secs().max(1) as usize)?);
                ours.push(rate);
            }
            let how = format!("{CALLERS} callers against {CONNECTIONS} connections, prepared; `{target}`");
            figures.push(Figure::new(&format!("{what}, vs pgbench"), Goal::AtLeast(0.7), "×", ratios, how));
            figures.push(Figure::new(&format!("… {what}, a second"), Goal::Recorded, "/s", ours, "closed loop"));
        }
        Ok(figures)
    }

    /// The pipeline that every tenant begins with.
    fn pipeline(&self) -> Result<String> {
        let mut connection = Connection::new(self.address);
        let pipelines = connection.send(&self.get(PIPELINES))?.json(200)?;
        Ok(pipelines["items"][0]["id"].as_str().context("no pipeline")?.to_owned())
    }

    /// What a board needs before its first paint.
    fn board(&self) -> Result<Figure> {
        let mut connection = Connection::new(self.address);
        let request = self.get(&format!("{PIPELINES}/{}/board", self.pipeline()?));
        connection.send(&request)?.expect(200)?;
        let mut values = vec![];
        for _ in 0..self.world.scale.rounds {
            let begun = Instant::now();
            connection.send(&request)?.expect(200)?;
            values.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        Ok(Figure::new("board: first cards and sums", Goal::AtMost(100.0), "ms", values, "one after the other"))
    }

    /// How many people fit conditions that somebody is just writing.
    fn segments(&self) -> Result<Vec<Figure>> {
        let open_deal = json!({"kind": "has", "record": "deal", "rules": [field("status", "any_of", &["open"])]});
        let asked = [
            (
                "a stage of two, made this quarter",
                group(
                    "all",
                    vec![field("stage", "any_of", &["won", "qualified"]), field("created_at", "in_last_days", &["90"])],
                ),
            ),
            (
                "no contact for 30 days, or from a fair",
                group(
                    "any",
                    vec![
                        group("none", vec![field("last_contact_at", "in_last_days", &["30"])]),
                        field("source", "any_of", &["fair"]),
                    ],
                ),
            ),
            ("new, with an open deal", group("all", vec![field("stage", "any_of", &["new"]), open_deal])),
        ];
        let mut connection = Connection::new(self.address);
        let key = [("x-api-key", self.tenant.key.as_str())];
        let mut figures = vec![];
        for (what, rule) in asked {
            let body = json!({"definition": rule}).to_string();
            let request = http::request("POST", "/v1/segments/preview", self.address, &key, &body);
            let found = connection.send(&request)?.json(200)?;
            let mut values = vec![];
            for _ in 0..self.world.scale.rounds {
                let begun = Instant::now();
                connection.send(&request)?.expect(200)?;
                values.push(begun.elapsed().as_secs_f64());
            }
            let how = format!("{} fit, counted; one after the other", found["members"]);
            figures.push(Figure::new(&format!("segment: {what}"), Goal::AtMost(1.0), "s", values, how));
        }
        Ok(figures)
    }

    /// How long after a change of a contact there is the event that says that it came into a segment, or left it.
    fn membership(&self) -> Result<Figure> {
        const TOLD: &str = "select count(*) from events where kind in ('segment.entered', 'segment.left')";
        let key = [("x-api-key", self.tenant.key.as_str())];
        let rule = json!({"kind": "field", "field": "source", "op": "any_of", "values": ["bench"]});
        let body = json!({"name": "Bench", "kind": "dynamic", "definition": rule}).to_string();
        let mut connection = Connection::new(self.address);
        let make = http::request("POST", "/v1/segments", self.address, &key, &body);
        let id = connection.send(&make)?.json(201)?["id"].as_str().context("no segment")?.to_owned();
        let segment = self.get(&format!("/v1/segments/{id}"));
        while connection.send(&segment)?.json(200)?["building"] == true {
            std::thread::sleep(Duration::from_millis(100));
        }
        let contact = format!("/v1/contacts/con_{}", kernel::ids::encode(self.tenant.contact));
        let mut values = vec![];
        for source in ["bench", "elsewhere"].into_iter().cycle().take(2 * self.world.scale.rounds) {
            let before = self.number(TOLD)?;
            let change = json!({ "source": source }).to_string();
            let begun = Instant::now();
            connection.send(&http::request("PATCH", &contact, self.address, &key, &change))?.expect(200)?;
            while self.number(TOLD)? == before {
                anyhow::ensure!(begun.elapsed() < Duration::from_secs(60), "nobody was told of a member");
            }
            values.push(begun.elapsed().as_secs_f64());
        }
        // What comes next was measured without a segment that follows it.
        connection
            .send(&http::request("DELETE", &format!("/v1/segments/{id}"), self.address, &key, ""))?
            .expect(204)?;
        let how = "from the request on, one change after the other";
        Ok(Figure::new("segment: the event of a new member", Goal::AtMost(1.0), "s", values, how))
    }

    /// Everybody as a file.
    fn export(&self) -> Result<Vec<Figure>> {
        let idle = machine::memory(self.core.pid())?.own;
        let client = self.world.superuser("bench")?;
        let count = format!("select count(*) from {}.contacts", self.tenant.schema);
        let expected: i64 = self.world.runtime.block_on(client.query_one(&count, &[]))?.get(0);
        let (mut rates, mut peak) = (vec![], idle);
        for _ in 0..2 {
            let begun = Instant::now();
            let mut lines = 0_usize;
            http::stream(self.address, "/v1/contacts/export", &[("x-api-key", &self.tenant.key)], |bytes| {
                lines += bytes.iter().filter(|byte| **byte == b'\n').count();
                peak = peak.max(machine::memory(self.core.pid())?.own);
                Ok(())
            })?;
            rates.push((lines - 1) as f64 / begun.elapsed().as_secs_f64());
            anyhow::ensure!(lines as i64 == expected + 1, "{lines} lines instead of {expected} and a header");
        }
        Ok(vec![
            Figure::new("export as CSV", Goal::AtLeast(50_000.0), "rows/s", rates, format!("{expected} rows, counted")),
            Figure::new("… memory above idle", Goal::AtMost(64.0), "MB", vec![peak - idle], "the core's own, at most"),
        ])
    }
}
