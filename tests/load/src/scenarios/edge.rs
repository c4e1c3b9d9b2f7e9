//! What the edge's answers cost, beside nginx sending as many bytes from a file.
use super::{borrowed, frame_headers, frame_target, token_in, wide_edge};
use crate::{
    generator::{Pace, Plan, median, run as load},
    http::{self, Connection},
    machine::processors,
    nginx::{self, Question},
    programs::Program,
    report::{Figure, Goal},
    world::{PAGE, World},
};
use anyhow::{Context, Result};
use std::{fs, net::SocketAddr, path::Path, time::Duration};

/// Requests for one processor-second of the server, which a busy machine does not change much.
const UNIT: &str = "/CPU-s";

/// One comparison: what the edge is asked, what nginx is asked, and what the ratio should be, in the clear and over TLS.
struct Pair {
    what: &'static str,
    ours: Question,
    theirs: Question,
    goals: [Goal; 2],
}

pub fn run(world: &World) -> Result<Vec<Figure>> {
    let folder = world.folder("nginx")?;
    nginx::certificate(&folder)?;
    fs::create_dir_all(folder.join("www"))?;
    // Servers on one processor and wrk on another; on a machine with one they share it.
    let (server_cpu, wrk_cpu) = if processors() > 1 { (Some(0), Some(1)) } else { (None, None) };
    let (nginx, plain, tls) = nginx::serve(&folder, server_cpu)?;
    let widget = some_widget(world)?;
    let mut figures = vec![];
    for (encrypted, address) in [(false, plain), (true, tls)] {
        let edge = wide_edge(world, "sites", &plain.to_string(), encrypted, server_cpu)?;
        let scheme = if encrypted { "https" } else { "http" };
        let visitor = Visitor { edge: edge.address()?, scheme, widget: &widget };
        let pairs = if encrypted { visitor.both_pairs() } else { visitor.pairs(&folder)? };
        for pair in &pairs {
            figures.extend(compare(world, &folder, pair, [(&edge, visitor.edge), (&nginx, address)], scheme, wrk_cpu)?);
        }
        if !encrypted {
            figures.extend(edge_time(world, &visitor, &folder, wrk_cpu)?);
        }
    }
    Ok(figures)
}

/// A widget of database `sites`.
fn some_widget(world: &World) -> Result<String> {
    let client = world.superuser("sites")?;
    Ok(world.runtime.block_on(client.query_one("select id from control.widgets order by id limit 1", &[]))?.get(0))
}

struct Visitor<'a> {
    edge: SocketAddr,
    scheme: &'static str,
    widget: &'a str,
}

impl Visitor<'_> {
    fn loader(&self) -> Question {
        Question {
            method: "GET",
            target: "/v1/loader.js".into(),
            headers: vec![("accept-encoding", "br".into())],
            status: 200,
        }
    }

    fn frame(&self, page: &str, status: u16) -> Question {
        Question { method: "GET", target: frame_target(self.widget, page), headers: frame_headers(page).into(), status }
    }

    /// The questions in the clear. What nginx sends is as many bytes as the edge sent, from a file.
    fn pairs(&self, folder: &Path) -> Result<Vec<Pair>> {
        let mut connection = Connection::new(self.edge);
        let mut get = |question: &Question| -> Result<Vec<u8>> {
            let request = http::request("GET", &question.target, self.edge, &borrowed(&question.headers), "");
            let answer = connection.send(&request)?;
            answer.expect(question.status)?;
            Ok(answer.body.to_vec())
        };
        fs::write(folder.join("www/loader.js"), get(&self.loader())?)?;
        let frame = get(&self.frame(PAGE, 200))?;
        fs::write(folder.join("www/frame.html"), &frame)?;
        let session = http::request("POST", "/v1/session", self.edge, &borrowed(&self.own(&token_in(&frame)?)), "{}");
        let answer = connection.send(&session)?;
        answer.expect(200)?;
        let session = token_in(answer.body)?;
        let action = |key: bool, status| {
            let mut headers = self.own(&session);
            headers.extend(key.then(|| ("idempotency-key", "bench".to_owned())));
            Question { method: "POST", target: "/v1/a/form".into(), headers, status }
        };
        let pair = |what, ours, theirs: &str, goal| Pair { what, ours, theirs: file(theirs), goals: [goal, goal] };
        let mut pairs = self.both_pairs();
        pairs.extend([
            // Without a key the edge has verified everything and stops just before it would call the core.
            pair("verified action, before the core, vs nginx 204", action(false, 428), "/empty", Goal::AtLeast(0.6)),
            pair(
                "verified action with a core that answers at once, vs nginx 204",
                action(true, 201),
                "/empty",
                Goal::Recorded,
            ),
            pair(
                "refused origin vs nginx static",
                self.frame("https://evil.example", 403),
                "/loader.js",
                Goal::AtLeast(0.9),
            ),
        ]);
        Ok(pairs)
    }

    /// The questions asked in the clear and over TLS.
    fn both_pairs(&self) -> Vec<Pair> {
        vec![
            Pair {
                what: "loader vs nginx static",
                ours: self.loader(),
                theirs: file("/loader.js"),
                goals: [Goal::AtLeast(0.9), Goal::AtLeast(1.0)],
            },
            Pair {
                what: "signed frame vs nginx static of the same size",
                ours: self.frame(PAGE, 200),
                theirs: file("/frame.html"),
                goals: [Goal::AtLeast(0.6), Goal::AtLeast(0.9)],
            },
        ]
    }

    /// Headers of our own frame.
    fn own(&self, token: &str) -> Vec<(&'static str, String)> {
        vec![
            ("origin", format!("{}://{}", self.scheme, self.edge)),
            ("sec-fetch-site", "same-origin".to_owned()),
            ("authorization", format!("Bearer {token}")),
        ]
    }
}

fn file(target: &str) -> Question {
    let status = if target == "/empty" { 204 } else { 200 };
    Question { method: "GET", target: target.to_owned(), headers: vec![], status }
}

/// Both servers in turn; the ratio of each turn.
fn compare(
    world: &World,
    folder: &Path,
    pair: &Pair,
    servers: [(&Program, SocketAddr); 2],
    scheme: &str,
    wrk_cpu: Option<usize>,
) -> Result<Vec<Figure>> {
    let time = world.scale.stretch.min(Duration::from_secs(2));
    let mut values = [vec![], vec![]];
    for round in 0..=world.scale.rounds {
        for (at, ((program, address), question)) in servers.iter().zip([&pair.ours, &pair.theirs]).enumerate() {
            let before = program.processor_time()?;
            // Over TLS the edge wants to hear a name of its own in the handshake, and an address is none.
            let host = if scheme == "https" { format!("localhost:{}", address.port()) } else { address.to_string() };
            let asked =
                nginx::ask(folder, &format!("{scheme}://{host}"), question, time, wrk_cpu).context(pair.what)?;
            let spent = (program.processor_time()? - before).as_secs_f64();
            // The first turn is for caches and connections.
            if round > 0 {
                values[at].push(asked.requests as f64 / spent.max(0.01));
            }
        }
    }
    let [ours, theirs] = values;
    let ratios = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
    let (goal, over) = if scheme == "https" { (pair.goals[1], ", TLS") } else { (pair.goals[0], "") };
    let how = format!("{:.0} and {:.0} {UNIT}", median(&ours), median(&theirs));
    Ok(vec![Figure::new(&format!("{}{over}", pair.what), goal, "×", ratios, how)])
}

/// How long a frame takes while the edge is half busy.
fn edge_time(world: &World, visitor: &Visitor<'_>, folder: &Path, wrk_cpu: Option<usize>) -> Result<Vec<Figure>> {
    let time = world.scale.stretch;
    let question = visitor.frame(PAGE, 200);
    let most = nginx::ask(folder, &format!("http://{}", visitor.edge), &question, time, wrk_cpu)?.per_second;
    let request = http::request("GET", &question.target, visitor.edge, &borrowed(&question.headers), "");
    let (mut middle, mut late) = (vec![], vec![]);
    let rate = 0.5 * most;
    let mut reached = vec![];
    for _ in 0..world.scale.rounds {
        let plan = Plan { address: visitor.edge, connections: 16, pace: Pace::Open(rate), time };
        let outcome = load(&plan, |_, connection| connection.send(&request)?.expect(200)).flawless()?;
        middle.push(outcome.ms(50.0));
        late.push(outcome.ms(99.0));
        reached.push(outcome.per_second());
    }
    let how = format!(
        "open loop at {rate:.0}/s of {most:.0}/s, reached {:.0}/s; callers on the same machine",
        median(&reached)
    );
    Ok(vec![
        Figure::new("edge time of a hot frame at 50 % load, p50", Goal::AtMost(0.3), "ms", middle, how.clone()),
        Figure::new("edge time of a hot frame at 50 % load, p99", Goal::AtMost(3.0), "ms", late, how),
    ])
}
