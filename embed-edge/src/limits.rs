//! Limits with bounded memory. Each one counts under a fine key (a network, a session); when a limiter remembers too many
//! keys, everybody shares coarser ones until the flood is over.
use crate::client::Client;
use chrono::{DateTime, Utc};
use governor::{
    Quota, RateLimiter, clock::Clock as _, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::DefaultKeyedStateStore,
};
use kernel::{
    clock::Clock,
    config::{Edge as Limits, Rate},
};
use std::{
    hash::{BuildHasher, Hash, RandomState},
    num::NonZeroU32,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::Duration,
};
use uuid::Uuid;

/// The injected clock in the form the limiter understands.
#[derive(Clone)]
struct Ticker {
    clock: Clock,
    start: DateTime<Utc>,
}

impl governor::clock::Clock for Ticker {
    type Instant = Nanos;
    fn now(&self) -> Nanos {
        let passed = self.clock.now() - self.start;
        Nanos::new(passed.num_nanoseconds().and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    }
}

type Store = DefaultKeyedStateStore<u64>;

struct Limiter {
    name: &'static str,
    inner: RateLimiter<u64, Store, Ticker, NoOpMiddleware<Nanos>>,
    ticker: Ticker,
    cap: usize,
    checks: AtomicU64,
    crowded: AtomicBool,
}

/// Look at the number of keys once in so many checks: counting them is not free.
const LOOK_EVERY: u64 = 64;
/// Coarse keys fall into so many buckets, which bounds them too.
const COARSE_BUCKETS: u64 = 4096;

impl Limiter {
    fn new(name: &'static str, rate: Rate, cap: usize, ticker: Ticker) -> Self {
        let one = NonZeroU32::MIN;
        let quota = Quota::per_minute(NonZeroU32::new(rate.per_minute).unwrap_or(one))
            .allow_burst(NonZeroU32::new(rate.at_once).unwrap_or(one));
        Limiter {
            name,
            inner: RateLimiter::dashmap_with_clock(quota, ticker.clone()),
            ticker,
            cap,
            checks: AtomicU64::new(0),
            crowded: AtomicBool::new(false),
        }
    }

    /// Counts one; `Err` is how long to wait.
    fn check(&self, fine: u64, coarse: impl FnOnce() -> u64) -> Result<(), Duration> {
        if self.checks.fetch_add(1, Relaxed).is_multiple_of(LOOK_EVERY) {
            self.look();
        }
        let key = if self.crowded.load(Relaxed) { coarse() % COARSE_BUCKETS } else { fine };
        self.inner.check_key(&key).map_err(|not_until| {
            metrics::counter!("upzento_edge_limited_total", "limit" => self.name).increment(1);
            not_until.wait_time_from(self.ticker.now())
        })
    }

    fn look(&self) {
        if self.inner.len() >= self.cap {
            self.inner.retain_recent();
        }
        let crowded = self.inner.len() >= self.cap;
        if self.crowded.swap(crowded, Relaxed) != crowded {
            tracing::warn!(limit = self.name, crowded, "limiter changed between fine and coarse keys");
        }
    }

    fn sweep(&self) {
        self.inner.retain_recent();
        self.inner.shrink_to_fit();
        self.look();
    }
}

/// What a visitor wants to do at a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Session, renewal, challenge.
    Session,
    /// A form submission.
    Form,
    /// Progress reports.
    Progress,
    /// A file.
    Upload,
}

/// Every limiter of the edge.
pub struct Guard {
    hasher: RandomState,
    address: Limiter,
    frames: Limiter,
    sessions: Limiter,
    forms: Limiter,
    progress: Limiter,
    uploads: Limiter,
    visitor: Limiter,
    tenant: Limiter,
    platform: Limiter,
}

impl Guard {
    /// Limiters for these limits.
    pub fn new(limits: &Limits, clock: &Clock) -> Self {
        let ticker = Ticker { clock: clock.clone(), start: clock.now() };
        let limiter = |name, rate| Limiter::new(name, rate, limits.limit_keys, ticker.clone());
        Guard {
            hasher: RandomState::new(),
            address: limiter("address", limits.limit_address),
            frames: limiter("frames", limits.limit_frames),
            sessions: limiter("sessions", limits.limit_sessions),
            forms: limiter("forms", limits.limit_forms),
            progress: limiter("progress", limits.limit_progress),
            uploads: limiter("uploads", limits.limit_uploads),
            visitor: limiter("visitor", limits.limit_visitor),
            tenant: limiter("tenant", limits.limit_tenant),
            platform: limiter("platform", limits.limit_platform),
        }
    }

    fn key(&self, parts: impl Hash) -> u64 {
        // The hasher is seeded per process, so nobody can look for keys that collide. Fine keys stay above the coarse buckets.
        self.hasher.hash_one(parts) | (1 << 63)
    }

    /// Any request of this network that costs something.
    pub fn address(&self, client: Client) -> Result<(), Duration> {
        self.address.check(self.key(client.network()), || self.hasher.hash_one(client.region()))
    }

    /// A frame document for this network.
    pub fn frame(&self, client: Client) -> Result<(), Duration> {
        let fine = self.key(client.network());
        let coarse = || self.hasher.hash_one(client.region());
        self.address.check(fine, coarse)?;
        self.frames.check(fine, coarse)
    }

    /// Something this network wants at this tenant.
    pub fn purpose(&self, purpose: Purpose, tenant: Uuid, client: Client) -> Result<(), Duration> {
        let limiter = match purpose {
            Purpose::Session => &self.sessions,
            Purpose::Form => &self.forms,
            Purpose::Progress => &self.progress,
            Purpose::Upload => &self.uploads,
        };
        limiter.check(self.key((tenant, client.network())), || self.hasher.hash_one((tenant, client.region())))
    }

    /// An action of this visitor session.
    pub fn visitor(&self, sid: [u8; 16], client: Client) -> Result<(), Duration> {
        self.visitor.check(self.key(sid), || self.hasher.hash_one(client.region()))
    }

    /// True while a tenant (or the whole platform) receives more submissions than usual. Never a reason to refuse: one
    /// attacker would silence a tenant.
    pub fn is_flooded(&self, tenant: Uuid) -> bool {
        let tenant = self.key(tenant);
        let tenant = self.tenant.check(tenant, || tenant).is_err();
        let platform = self.platform.check(1 << 63, || 0).is_err();
        tenant || platform
    }

    /// Forgets keys that are as good as new. Called on a timer.
    pub fn sweep(&self) {
        for limiter in self.all() {
            limiter.sweep();
        }
    }

    /// Keys remembered, over all limiters.
    pub fn keys(&self) -> usize {
        self.all().iter().map(|l| l.inner.len()).sum()
    }

    fn all(&self) -> [&Limiter; 9] {
        [
            &self.address,
            &self.frames,
            &self.sessions,
            &self.forms,
            &self.progress,
            &self.uploads,
            &self.visitor,
            &self.tenant,
            &self.platform,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn client(n: u32) -> Client {
        Client::from_ip(std::net::Ipv4Addr::from_bits(n).into())
    }

    #[test]
    fn a_limit_fires_and_heals() {
        let clock = Clock::fixed(DateTime::UNIX_EPOCH);
        let guard = Guard::new(&Limits { limit_forms: Rate::new(2, 60), ..Limits::default() }, &clock);
        let tenant = Uuid::from_u128(1);
        let ask = || guard.purpose(Purpose::Form, tenant, client(1));
        assert_eq!((ask(), ask()), (Ok(()), Ok(())));
        assert_eq!(ask(), Err(Duration::from_secs(1)));
        assert_eq!(guard.purpose(Purpose::Form, tenant, client(2)), Ok(()));
        assert_eq!(guard.purpose(Purpose::Form, Uuid::from_u128(2), client(1)), Ok(()));
        clock.advance(TimeDelta::seconds(1));
        assert_eq!(ask(), Ok(()));
        assert_eq!(ask(), Err(Duration::from_secs(1)));
    }

    #[test]
    fn a_flood_of_keys_stays_within_bounds_and_is_still_limited() {
        let clock = Clock::fixed(DateTime::UNIX_EPOCH);
        let guard =
            Guard::new(&Limits { limit_address: Rate::new(2, 1), limit_keys: 500, ..Limits::default() }, &clock);
        let refused = (0..20_000).filter(|n| guard.address(client(*n)).is_err()).count();
        assert!(guard.keys() <= 500 + LOOK_EVERY as usize + COARSE_BUCKETS as usize, "{}", guard.keys());
        assert!(refused > 19_000, "all come from one region: {refused}");
        assert!(guard.address(client(0xc000_0201)).is_ok(), "another region is not affected");
        clock.advance(TimeDelta::hours(1));
        guard.sweep();
        assert_eq!(guard.keys(), 0);
        assert!(guard.address(client(3)).is_ok());
    }
}
