//! A file of half as many people as there are: it comes in while neighbours work, its core dies in the middle, another one
//! goes on, and the undo leaves every row as it was.
use super::{Crm, PATIENCE, start};
use crate::{
    generator::{Pace, Plan, median, run as load, scatter},
    http::{self, Connection},
    machine::with_stolen,
    programs::command,
    report::{Figure, Goal},
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::time::{Duration, Instant};

/// What the neighbours ask for in a second.
const NEIGHBOURS: f64 = 100.0;

pub(super) fn run(mut crm: Crm<'_>) -> Result<Vec<Figure>> {
    let rows = crm.world.scale.contacts * super::CONTACTS / 2;
    let counted = crm.count_scores()?;
    let before = crm.fingerprint()?;
    // Once for nothing: a connection plans anew for each tenant that it meets first.
    crm.neighbours()?;
    let (alone, stolen) = with_stolen(|| crm.often(Crm::neighbours))?;
    let alone = median(&alone);
    let (beside, stolen_beside) = with_stolen(|| crm.beside_a_counter())?;
    let import = crm.prepare(&people(rows))?;
    let begun = Instant::now();
    crm.act(&format!("{import}/start"), 200)?;
    // A stretch in which nobody else asks for anything: the import's own speed, once it has begun.
    while crm.rows_done(&import)? == 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let from = (crm.rows_done(&import)?, Instant::now());
    std::thread::sleep(5 * crm.world.scale.stretch);
    let speed = f64::from(crm.rows_done(&import)? - from.0) / from.1.elapsed().as_secs_f64();
    let (during, stolen_during) = with_stolen(|| {
        let mut during = vec![];
        while during.is_empty() || (during.len() < 5 && crm.rows_done(&import)? < rows / 2) {
            during.push(crm.neighbours()?);
        }
        Ok(during)
    })?;
    let killed = crm.rows_done(&import)?;
    ensure!(killed < rows, "the import was over before its core could be killed");
    crm.core = start(crm.world)?;
    crm.address = crm.core.address()?;
    let done = crm.wait(&import, "done")?;
    let whole = f64::from(rows) / begun.elapsed().as_secs_f64();
    ensure!(done["created"] == rows - rows / 5 && done["updated"] == rows / 5, "{done}");
    let followed = crm.scores_settled()?;
    let undoing = Instant::now();
    crm.act(&format!("{import}/undo"), 200)?;
    crm.wait(&import, "undone")?;
    let undone = f64::from(rows) / undoing.elapsed().as_secs_f64();
    crm.scores_settled()?;
    let after = crm.fingerprint()?;
    let differ = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    let ratios = during.iter().map(|p99| p99 / alone).collect();
    let machine = during.iter().map(|p99| p99 / median(&beside)).collect();
    let killed = format!("{rows} rows, every fifth known; killed after {killed}, then to the end");
    Ok(vec![
        Figure::new("scores of everybody", Goal::Recorded, "contacts/s", vec![counted], "the first count of all"),
        Figure::new("import of a CSV file", Goal::AtLeast(5_000.0), "rows/s", vec![speed], "while nobody else asks"),
        Figure::new("… from start to end", Goal::Recorded, "rows/s", vec![whole], killed),
        Figure::new(
            "… p99 of neighbours during it, vs before",
            Goal::AtMost(1.5),
            "×",
            ratios,
            format!(
                "{alone:.1} ms before, GET one contact, {NEIGHBOURS}/s; the host took {stolen:.2} % of the processors before, {stolen_during:.2} % during"
            ),
        ),
        Figure::new(
            "… beside a program that only counts, at the lowest priority",
            Goal::Recorded,
            "×",
            beside.iter().map(|p99| p99 / alone).collect(),
            format!(
                "what this machine makes of it: no database, no import, nice 19; the host took {stolen_beside:.2} %"
            ),
        ),
        Figure::new("… during the import, vs beside that", Goal::Recorded, "×", machine, "the import's own part"),
        Figure::new("… until scores have followed", Goal::Recorded, "s", vec![followed], "after its end"),
        Figure::new("… undo of it", Goal::Recorded, "rows/s", vec![undone], "every row as it was before"),
        Figure::new(
            "… tables that differ after the undo",
            Goal::AtMost(0.0),
            "",
            vec![differ as f64],
            "contacts, e-mails, phones, values; every byte of every row",
        ),
    ])
}

/// Every fifth row is somebody who is there.
fn people(rows: i32) -> String {
    let mut text = String::from("First name,Last name,Email,Mobile\n");
    for n in 1..=rows {
        if n % 5 == 0 {
            text.push_str(&format!("Known,Person {n},person{n}@example{}.com,\n", n % 50));
        } else {
            text.push_str(&format!("New,Person {n},new{n}@import.example,+4420{:08}\n", 30_000_000 + n));
        }
    }
    text
}

impl Crm<'_> {
    /// Ninety-ninth percentile of what small tenants wait.
    fn neighbours(&self) -> Result<f64> {
        let requests: Vec<Vec<u8>> = self
            .neighbours
            .iter()
            .map(|tenant| {
                let target = format!("/v1/contacts/con_{}", kernel::ids::encode(tenant.contact));
                http::request("GET", &target, self.address, &[("x-api-key", &tenant.key)], "")
            })
            .collect();
        let time = 2 * self.world.scale.stretch;
        let plan = Plan { address: self.address, connections: 8, pace: Pace::Open(NEIGHBOURS), time };
        let ask =
            |n: u64, connection: &mut Connection| connection.send(&requests[scatter(n, requests.len())])?.expect(200);
        Ok(load(&plan, ask).flawless()?.ms(99.0))
    }

    /// Five times: one stretch differs from the next by more than most of what is compared.
    fn often(&self, measure: impl Fn(&Self) -> Result<f64>) -> Result<Vec<f64>> {
        (0..5).map(|_| measure(self)).collect()
    }

    /// The same beside a program that asks nobody for anything and takes a processor only when nobody else wants it: what an
    /// import could be at best on this machine.
    fn beside_a_counter(&self) -> Result<Vec<f64>> {
        let mut counting = command("nice", None);
        let mut counter = counting.args(["-n", "19", "sh", "-c", "while :; do :; done"]).spawn()?;
        let waits = self.often(Crm::neighbours);
        counter.kill()?;
        counter.wait()?;
        waits
    }

    /// Uploads and prepares; gives the import's path.
    fn prepare(&self, text: &str) -> Result<String> {
        let key = [("x-api-key", self.tenant.key.as_str())];
        let bytes = http::upload("/v1/files?name=people.csv", self.address, &key, text.as_bytes());
        let mut connection = Connection::new(self.address);
        let file = connection.send(&bytes)?.json(201)?["id"].as_str().context("no file")?.to_owned();
        let body = serde_json::json!({ "file": file }).to_string();
        let prepare = http::request("POST", "/v1/contact-imports", self.address, &key, &body);
        let import = connection.send(&prepare)?.json(201)?;
        Ok(format!("/v1/contact-imports/{}", import["id"].as_str().context("no import")?))
    }

    /// Another limit of a band lets everybody's score be counted anew; contacts a second.
    fn count_scores(&self) -> Result<f64> {
        let mut connection = Connection::new(self.address);
        let mut rules = connection.send(&self.get("/v1/scoring"))?.json(200)?;
        rules["warm_from"] = 31.into();
        let kept = ["rules", "warm_from", "hot_from"].map(|name| (name.to_owned(), rules[name].take()));
        let body = Value::Object(kept.into_iter().collect()).to_string();
        let key = [("x-api-key", self.tenant.key.as_str())];
        connection.send(&http::request("PUT", "/v1/scoring", self.address, &key, &body))?.expect(200)?;
        let contacts = self.number("select count(*) from contacts")? as f64;
        let rate = contacts / self.scores_settled()?;
        // What a million changes left behind is cleared away, or that would be measured with what comes next.
        let vacuum = format!("vacuum analyze {}.contacts", self.tenant.schema);
        self.world.runtime.block_on(self.world.superuser("bench")?.batch_execute(&vacuum))?;
        Ok(rate)
    }

    /// Waits until nobody is left whose score is to be counted; seconds.
    fn scores_settled(&self) -> Result<f64> {
        let begun = Instant::now();
        while self
            .number("select (select count(*) from score_dirty) + (select count(*) from scoring where is_counting)")?
            > 0
        {
            ensure!(begun.elapsed() < PATIENCE, "scores are not counted in time");
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(begun.elapsed().as_secs_f64())
    }

    pub(super) fn number(&self, question: &str) -> Result<i64> {
        let client = self.world.superuser("bench")?;
        self.world.runtime.block_on(async {
            client.batch_execute(&format!("set search_path = {}, shared", self.tenant.schema)).await?;
            Ok(client.query_one(question, &[]).await?.get(0))
        })
    }

    fn act(&self, target: &str, status: u16) -> Result<()> {
        let request = http::request("POST", target, self.address, &[("x-api-key", &self.tenant.key)], "{}");
        Connection::new(self.address).send(&request)?.expect(status)
    }

    fn rows_done(&self, import: &str) -> Result<i32> {
        let state = Connection::new(self.address).send(&self.get(import))?.json(200)?;
        Ok(i32::try_from(state["rows_done"].as_i64().context("no count")?)?)
    }

    fn wait(&self, import: &str, wanted: &str) -> Result<Value> {
        let (begun, mut connection) = (Instant::now(), Connection::new(self.address));
        loop {
            let now = connection.send(&self.get(import))?.json(200)?;
            match now["state"].as_str() {
                Some(state) if state == wanted => return Ok(now),
                Some("failed" | "cancelled") => bail!("{now}"),
                _ if begun.elapsed() > PATIENCE => bail!("not {wanted} in time: {now}"),
                _ => std::thread::sleep(Duration::from_millis(100)),
            }
        }
    }

    /// Of each table that an import writes, a sum over every byte of every row.
    fn fingerprint(&self) -> Result<Vec<(i64, String)>> {
        let client = self.world.superuser("bench")?;
        self.world.runtime.block_on(async {
            client.batch_execute(&format!("set search_path = {}, shared", self.tenant.schema)).await?;
            let mut sums = vec![];
            for table in ["contacts", "contact_emails", "contact_phones", "custom_field_values"] {
                // The order of rows is not part of what they say.
                let sum = format!(
                    "select count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text from {table} t"
                );
                let row = client.query_one(&sum, &[]).await?;
                sums.push((row.get(0), row.get(1)));
            }
            Ok(sums)
        })
    }
}
