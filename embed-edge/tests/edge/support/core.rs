//! A core that believes nothing it did not verify.
use super::{keyring, lock};
use embed_edge::{
    Times,
    server::{Life, Server},
    tls::Tls,
};
use kernel::{
    clock::Clock,
    embed::{
        Sighting, Signed, VisitorClaims,
        visitor::{EDGE_KEY_INFO, SIGNATURE_HEADER, VISITOR_HEADER},
    },
    http::traffic::Answered,
};
use poem::{Endpoint, Request, Response, http::StatusCode};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A call the core received, already verified.
#[derive(Clone, Debug)]
pub struct Received {
    pub target: String,
    pub claims: VisitorClaims,
    pub body: Vec<u8>,
}

/// Stands in for the core: verifies signatures, remembers calls, repeats its answer for a repeated key.
#[derive(Clone)]
pub struct Core(Arc<CoreState>);

struct CoreState {
    clock: Clock,
    key: [u8; 32],
    addr: SocketAddr,
    scheme: &'static str,
    life: Life,
    calls: Mutex<Vec<Received>>,
    sightings: Mutex<Vec<Sighting>>,
    answered: Mutex<Vec<Answered>>,
    answers: Mutex<HashMap<(String, String), String>>,
    next: Mutex<Option<(u16, String)>>,
    hold: Semaphore,
    waiting: AtomicUsize,
}

impl Endpoint for Core {
    type Output = Response;
    async fn call(&self, req: Request) -> poem::Result<Response> {
        let target = req.uri().path_and_query().unwrap().to_string();
        let header = |name| req.header(name).unwrap_or_default().to_owned();
        let signed = Signed { claims: header(VISITOR_HEADER), signature: header(SIGNATURE_HEADER) };
        let method = req.method().to_string();
        let body = req.into_body().into_vec().await.unwrap();
        let now = self.0.clock.now().timestamp();
        let claims = match VisitorClaims::verify(&self.0.key, &method, &target, &signed, &body, now) {
            Ok(claims) => claims,
            Err(error) => panic!("the edge sent a call that does not verify: {error:?}"),
        };
        if target == "/edge/v1/traffic" {
            let mut given: Vec<Answered> = serde_json::from_slice(&body).unwrap();
            lock(&self.0.answered).append(&mut given);
            return Ok(StatusCode::NO_CONTENT.into());
        }
        if target == "/edge/v1/sightings" {
            let mut given: Vec<Sighting> = serde_json::from_slice(&body).unwrap();
            lock(&self.0.sightings).append(&mut given);
            return Ok(StatusCode::NO_CONTENT.into());
        }
        self.0.waiting.fetch_add(1, Relaxed);
        let _turn = self.0.hold.acquire().await.unwrap();
        self.0.waiting.fetch_sub(1, Relaxed);
        let next = lock(&self.0.next).clone();
        if let Some((status, text)) = next {
            return Ok(Response::builder()
                .status(StatusCode::from_u16(status).unwrap())
                .header("retry-after", "7")
                .body(text));
        }
        let mut answers = lock(&self.0.answers);
        let count = answers.len();
        let answer = answers.entry((claims.sid.clone(), claims.key.clone())).or_insert_with(|| {
            lock(&self.0.calls).push(Received { target, claims, body });
            format!("{{\"submission\":\"sub_{count}\",\"state\":\"received\"}}")
        });
        Ok(Response::builder().status(StatusCode::CREATED).body(answer.clone()))
    }
}

impl Core {
    pub async fn start(clock: &Clock, tls: Option<Tls>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let life =
            Life { stop: CancellationToken::new(), kill: CancellationToken::new(), connections: TaskTracker::new() };
        let core = Core(Arc::new(CoreState {
            clock: clock.clone(),
            key: keyring().derive(EDGE_KEY_INFO),
            addr: listener.local_addr().unwrap(),
            scheme: if tls.is_some() { "https" } else { "http" },
            life: life.clone(),
            calls: Mutex::default(),
            sightings: Mutex::default(),
            answered: Mutex::default(),
            answers: Mutex::default(),
            next: Mutex::default(),
            hold: Semaphore::new(1000),
            waiting: AtomicUsize::new(0),
        }));
        let slots = Arc::new(Semaphore::new(1000));
        if let Some(tls) = &tls {
            tokio::spawn(tls.renewed().watch(Duration::from_millis(20), life.stop.clone()));
        }
        let tls = tls.map(Arc::new);
        let server = Server { endpoint: core.clone(), tls, times: Times::default(), slots, life };
        tokio::spawn(Arc::new(server).run(listener));
        core
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.0.scheme, self.0.addr)
    }

    pub async fn stop(&self) {
        self.0.life.stop.cancel();
        self.0.life.kill.cancel();
        self.0.life.connections.close();
        self.0.life.connections.wait().await;
    }

    pub fn calls(&self) -> Vec<Received> {
        lock(&self.0.calls).clone()
    }

    /// Sightings as (origin, outcome, count), summed.
    pub fn sightings(&self) -> Vec<(String, String, u64)> {
        let mut sums: HashMap<(String, String), u64> = HashMap::new();
        for s in lock(&self.0.sightings).iter() {
            *sums.entry((s.origin.clone(), format!("{:?}", s.outcome))).or_default() += s.count;
        }
        let mut list: Vec<_> = sums.into_iter().map(|((origin, outcome), count)| (origin, outcome, count)).collect();
        list.sort();
        list
    }

    /// How many answers the edge told of, and how many of them were failures.
    pub fn answered(&self) -> (i64, i64) {
        let told = lock(&self.0.answered);
        (told.iter().flat_map(|one| &one.buckets).sum(), told.iter().map(|one| one.errors).sum())
    }

    /// What it says from now on.
    pub fn answer_with(&self, answer: Option<(u16, &str)>) {
        *lock(&self.0.next) = answer.map(|(status, text)| (status, text.to_owned()));
    }

    /// Actions wait until released.
    pub async fn hold(&self) {
        self.0.hold.acquire_many(1000).await.unwrap().forget();
    }

    /// Actions that wait to be released.
    pub fn waiting(&self) -> usize {
        self.0.waiting.load(Relaxed)
    }

    pub fn release(&self) {
        self.0.hold.add_permits(1000);
    }
}
