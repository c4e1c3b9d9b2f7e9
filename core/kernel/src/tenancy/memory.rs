//! What a process remembers of the control plane, and how it hears that something changed there.
//!
//! Nothing remembered is believed for longer than a few seconds, unless the process listens: then the database tells it
//! of each change (`control.announce()`), and a memory holds for up to a minute. When the line is lost, or something
//! changed while a value was being read, the few seconds count again. So a revocation counts everywhere within ten
//! seconds at worst, and within milliseconds as a rule.
use crate::{Error, Result, clock::Clock, ids::TenantId, module::App};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::{Arc, RwLock},
    time::Duration,
};
use tokio::sync::watch;
use uuid::Uuid;

/// How long something is believed by a process that does not listen.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// How long by one that does, at most. Keys differ, down to half of it, so that not all are read again at once.
const HEARD: TimeDelta = TimeDelta::seconds(60);
const HEARTBEAT: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What changed in the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Something that concerns everybody: a plan, a flag, a seeded role.
    All,
    /// A tenant: itself, its members, teams, roles, keys, modules.
    Tenant(TenantId),
    /// A person: whether he may sign in, or one of his sessions.
    User(Uuid),
}

impl Change {
    /// From the payload of a notification; one that is not understood concerns everybody.
    fn parse(payload: &str) -> Self {
        match payload.split_once(':').map(|(kind, id)| (kind, Uuid::parse_str(id))) {
            Some(("tenant", Ok(id))) => Change::Tenant(TenantId(id)),
            Some(("user", Ok(id))) => Change::User(id),
            _ => Change::All,
        }
    }
}

/// How often word came of the schemas that are kept ready for whoever opens a tenant, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pool {
    /// Building of one begins.
    pub making: u64,
    /// One is ready to be taken.
    pub ready: u64,
}

/// What the payloads about that begin with.
const POOL: &str = "pool:";

type Ear = Box<dyn Fn(Change) + Send + Sync>;

/// What a process hears.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hearing {
    /// The database tells it of every change.
    pub listening: bool,
    /// Changes so far, its own ones included.
    pub changes: u64,
}

/// Who wants to know of changes, and whether all of them are heard.
#[derive(Default)]
pub struct Changes {
    hearing: watch::Sender<Hearing>,
    pool: watch::Sender<Pool>,
    ears: RwLock<Vec<Ear>>,
}

impl Changes {
    /// Forgets what the change may have made wrong, in this process. A verb calls it after its commit, so that its caller
    /// sees the effect at once.
    pub fn forget(&self, change: Change) {
        // Counted first: who is reading meanwhile must not believe in what he read.
        self.hearing.send_modify(|hearing| hearing.changes += 1);
        for ear in self.ears.read().unwrap_or_else(|p| p.into_inner()).iter() {
            ear(change);
        }
    }

    /// To wait for what is heard.
    pub fn hearing(&self) -> watch::Receiver<Hearing> {
        self.hearing.subscribe()
    }

    /// To wait for schemas that become ready.
    pub fn pool(&self) -> watch::Receiver<Pool> {
        self.pool.subscribe()
    }

    /// Takes what the database told: a change makes something wrong that is remembered, news of the pool do not.
    fn hear(&self, payload: &str) {
        match payload.strip_prefix(POOL) {
            Some("making") => self.pool.send_modify(|pool| pool.making += 1),
            Some(_) => self.pool.send_modify(|pool| pool.ready += 1),
            None => self.forget(Change::parse(payload)),
        }
    }

    fn now(&self) -> Hearing {
        *self.hearing.borrow()
    }

    /// Sets whether every change is heard; tells whether it was.
    fn listen(&self, listening: bool) -> bool {
        metrics::gauge!("upzento_control_listening").set(f64::from(u8::from(listening)));
        let mut was = false;
        self.hearing.send_modify(|hearing| was = std::mem::replace(&mut hearing.listening, listening));
        was
    }
}

struct Entry<V> {
    value: Arc<V>,
    loaded: DateTime<Utc>,
    /// Nothing changed while it was read.
    sure: bool,
}

impl<V> Clone for Entry<V> {
    fn clone(&self) -> Self {
        Entry { value: self.value.clone(), ..*self }
    }
}

/// Values of the control plane by key.
pub struct Memory<K, V> {
    known: moka::sync::Cache<K, Entry<V>>,
    spread: RandomState,
    clock: Clock,
    changes: Arc<Changes>,
    stale: TimeDelta,
}

impl<K, V> Memory<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// An empty memory. `concerns` says whether a change may have made a value wrong; `stale` is how old a value may be
    /// while the control plane cannot be asked.
    pub fn new(
        clock: Clock,
        changes: Arc<Changes>,
        capacity: u64,
        stale: TimeDelta,
        concerns: fn(Change, &K, &V) -> bool,
    ) -> Self {
        let known: moka::sync::Cache<K, Entry<V>> =
            moka::sync::Cache::builder().max_capacity(capacity).support_invalidation_closures().build();
        let kept = known.clone();
        let ear = move |change| match change {
            Change::All => kept.invalidate_all(),
            _ => {
                // Why ignoring is right: it fails only without closure support, which is switched on above.
                let _ = kept.invalidate_entries_if(move |key, entry| concerns(change, key, &entry.value));
            }
        };
        changes.ears.write().unwrap_or_else(|p| p.into_inner()).push(Box::new(ear));
        Memory { known, spread: RandomState::new(), clock, changes, stale }
    }

    /// The value, read anew when what is remembered is too old to be believed.
    pub async fn get(&self, key: &K, load: impl AsyncFnOnce() -> Result<V>) -> Result<Arc<V>> {
        let now = self.clock.now();
        let known = self.known.get(key);
        if let Some(entry) = &known
            && now - entry.loaded < self.trust(key, entry.sure)
        {
            return Ok(entry.value.clone());
        }
        let before = self.changes.now();
        match load().await {
            Ok(value) => {
                let value = Arc::new(value);
                let after = self.changes.now();
                let sure = before.listening && after.listening && before.changes == after.changes;
                self.known.insert(key.clone(), Entry { value: value.clone(), loaded: now, sure });
                Ok(value)
            }
            Err(error) if error.is_refusal() => {
                self.known.invalidate(key);
                Err(error)
            }
            Err(error) => match known {
                Some(entry) if now - entry.loaded < self.stale => Ok(entry.value),
                _ => Err(error),
            },
        }
    }

    /// Forgets one value.
    pub fn forget(&self, key: &K) {
        self.known.invalidate(key);
    }

    fn trust(&self, key: &K, sure: bool) -> TimeDelta {
        if !sure || !self.changes.now().listening {
            return FRESH;
        }
        let part = i32::from(self.spread.hash_one(key) as u8);
        HEARD / 2 + HEARD * part / 512
    }
}

/// Listens until the program stops. Order on every (re)connection: listen first, then forget everything; what is
/// committed in between is then heard twice, never missed.
pub async fn listen_forever(app: Arc<App>) {
    let mut pause = Duration::from_millis(50);
    while !app.stop.is_cancelled() {
        let ended = tokio::select! {
            () = app.stop.cancelled() => return,
            ended = listen(&app) => ended,
        };
        if app.changes.listen(false) {
            tracing::warn!(error = ?ended.err(), "no longer hears of changes in the control plane");
            pause = Duration::from_millis(50);
        }
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn listen(app: &Arc<App>) -> Result<()> {
    let mut line = within(app.pools.control.listen("control_changed")).await?;
    app.changes.listen(true);
    app.changes.forget(Change::All);
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    loop {
        tokio::select! {
            payload = line.notices.recv() => match payload {
                Some(payload) => app.changes.hear(&payload),
                None => return Err(Error::unavailable(1)),
            },
            _ = heartbeat.tick() => within(async { Ok(line.client.simple_query("select 1").await?) }).await.map(drop)?,
        }
    }
}

async fn within<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(Error::unavailable(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Setup {
        clock: Clock,
        changes: Arc<Changes>,
        memory: Memory<u8, usize>,
        loads: AtomicUsize,
    }

    impl Setup {
        fn new(listening: bool) -> Self {
            let clock = Clock::fixed(DateTime::UNIX_EPOCH);
            let changes = Arc::new(Changes::default());
            changes.listen(listening);
            let concerns = |change, key: &u8, _: &usize| change == Change::User(Uuid::from_u128(u128::from(*key)));
            let memory = Memory::new(clock.clone(), changes.clone(), 10, TimeDelta::minutes(15), concerns);
            Setup { clock, changes, memory, loads: AtomicUsize::new(0) }
        }
        async fn get(&self, key: u8) -> usize {
            let load = async || Ok(self.loads.fetch_add(1, Ordering::SeqCst) + 1);
            *self.memory.get(&key, load).await.unwrap()
        }
        fn later(&self, seconds: i64) {
            self.clock.advance(TimeDelta::seconds(seconds));
        }
    }

    #[tokio::test]
    async fn without_a_line_a_value_is_believed_for_five_seconds() {
        let setup = Setup::new(false);
        assert_eq!((setup.get(1).await, setup.get(1).await), (1, 1));
        setup.later(5);
        assert_eq!(setup.get(1).await, 2);
    }

    #[tokio::test]
    async fn with_a_line_it_holds_longer_until_something_is_heard() {
        let setup = Setup::new(true);
        assert_eq!((setup.get(1).await, setup.get(2).await), (1, 2));
        setup.later(29);
        assert_eq!((setup.get(1).await, setup.get(2).await), (1, 2));
        setup.changes.forget(Change::User(Uuid::from_u128(1)));
        assert_eq!((setup.get(1).await, setup.get(2).await), (3, 2), "only whom it concerns");
        setup.changes.forget(Change::All);
        assert_eq!((setup.get(1).await, setup.get(2).await), (4, 5));
        setup.later(60);
        assert_eq!(setup.get(1).await, 6, "in the end nothing is believed without asking");
    }

    #[tokio::test]
    async fn a_lost_line_makes_old_values_doubtful_at_once() {
        let setup = Setup::new(true);
        setup.get(1).await;
        setup.later(6);
        assert!(setup.changes.listen(false));
        assert_eq!(setup.get(1).await, 2);
    }

    #[tokio::test]
    async fn what_changed_while_it_was_read_is_not_believed_for_long() {
        let setup = Setup::new(true);
        let load = async || {
            setup.changes.forget(Change::User(Uuid::from_u128(1)));
            Ok(7)
        };
        assert_eq!(*setup.memory.get(&1, load).await.unwrap(), 7);
        setup.later(5);
        assert_eq!(setup.get(1).await, 1);
    }

    #[tokio::test]
    async fn a_control_plane_that_is_away_is_bridged_and_a_refusal_is_not() {
        let setup = Setup::new(false);
        setup.get(1).await;
        setup.later(600);
        assert_eq!(*setup.memory.get(&1, async || Err(Error::unavailable(1))).await.unwrap(), 1);
        setup.later(301);
        assert!(setup.memory.get(&1, async || Err(Error::unavailable(1))).await.is_err());
        setup.get(1).await;
        setup.later(6);
        assert!(setup.memory.get(&1, async || Err(Error::not_found())).await.is_err());
        assert!(setup.memory.get(&1, async || Err(Error::unavailable(1))).await.is_err(), "it was forgotten");
    }

    #[tokio::test]
    async fn news_of_the_pool_make_nothing_doubtful() {
        let setup = Setup::new(true);
        let pool = setup.changes.pool();
        setup.get(1).await;
        setup.changes.hear("pool:making");
        setup.changes.hear("pool:ready");
        assert_eq!(*pool.borrow(), Pool { making: 1, ready: 1 });
        setup.later(6);
        assert_eq!(setup.get(1).await, 1);
        setup.changes.hear("all");
        assert_eq!((setup.get(1).await, *pool.borrow()), (2, Pool { making: 1, ready: 1 }));
    }

    #[test]
    fn payloads_are_understood() {
        let id = Uuid::from_u128(5);
        assert_eq!(Change::parse(&format!("tenant:{id}")), Change::Tenant(TenantId(id)));
        assert_eq!(Change::parse(&format!("user:{id}")), Change::User(id));
        for odd in ["", "all", "tenant:", "tenant:x", "galaxy:1"] {
            assert_eq!(Change::parse(odd), Change::All);
        }
    }
}
