//! Widgets in memory. One question per unknown id however many ask; what was revised or revoked is never served.
use crate::{settings::Times, site::Site, source::Source};
use kernel::{
    Error, Result,
    clock::Clock,
    embed::{KeyRing, WidgetId},
};
use moka::future::Cache;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

/// Unknown ids remembered at once.
const MAX_UNKNOWN: u64 = 10_000;
/// A widget nobody asked for leaves memory after so long.
const IDLE: Duration = Duration::from_secs(3600);
/// Questions to the database at once.
const MAX_LOADS: usize = 16;

/// What the emergency verb switched off, independent of the database.
#[derive(Clone, Debug, Default)]
pub struct Revoked {
    /// Every widget of these tenants.
    pub tenants: HashSet<Uuid>,
    /// These widgets.
    pub widgets: HashSet<WidgetId>,
    /// Tokens signed with these root keys.
    pub kids: HashSet<u8>,
    /// These visitor sessions.
    pub sids: HashSet<[u8; 16]>,
}

/// Why a widget cannot be looked up: the database is away and it is not (or no longer safely) known.
#[derive(Debug, PartialEq, Eq)]
pub struct Closed;

/// The widgets, the root keys, and how fresh both are.
pub struct Sites {
    source: Arc<Source>,
    clock: Clock,
    tracker: TaskTracker,
    known: Cache<WidgetId, Arc<Site>>,
    unknown: Cache<WidgetId, ()>,
    loads: tokio::sync::Semaphore,
    refreshing: Mutex<HashSet<WidgetId>>,
    /// Revisions heard of; a site read before its tenant's revision is not served.
    heard: RwLock<HashMap<Uuid, u64>>,
    revoked: RwLock<Arc<Revoked>>,
    ring: RwLock<Arc<KeyRing>>,
    connected: AtomicBool,
    first: CancellationToken,
    contact: AtomicI64,
    newest: AtomicU64,
    widget_seconds: i64,
    stale_seconds: i64,
}

impl Sites {
    /// An empty memory over this source.
    pub fn new(source: Arc<Source>, widgets: u64, times: &Times, clock: Clock, tracker: TaskTracker) -> Self {
        Sites {
            source,
            clock,
            tracker,
            known: Cache::builder().max_capacity(widgets).time_to_idle(IDLE).build(),
            unknown: Cache::builder().max_capacity(MAX_UNKNOWN).time_to_live(times.unknown).build(),
            loads: tokio::sync::Semaphore::new(MAX_LOADS),
            refreshing: Mutex::default(),
            heard: RwLock::default(),
            revoked: RwLock::default(),
            ring: RwLock::new(Arc::new(KeyRing::new([]))),
            connected: AtomicBool::new(false),
            first: CancellationToken::new(),
            contact: AtomicI64::new(0),
            newest: AtomicU64::new(0),
            widget_seconds: times.widget_seconds,
            stale_seconds: times.stale_seconds,
        }
    }

    /// The widget; `None` when there is none with this id.
    pub async fn find(self: &Arc<Self>, id: WidgetId) -> Result<Option<Arc<Site>>, Closed> {
        if self.is_stale() {
            return Err(Closed);
        }
        if let Some(site) = self.known.get(&id).await {
            if self.is_current(&site) {
                if site.refresh_at <= self.now() {
                    self.refresh_later(id);
                }
                return Ok(Some(site));
            }
            // Something about its tenant changed and it is not known yet what: it must be read before it is shown again.
            self.known.invalidate(&id).await;
        }
        if self.unknown.contains_key(&id) {
            return Ok(None);
        }
        // A site read while its tenant changed is outdated on arrival; the second time it cannot be the same change.
        for _ in 0..3 {
            // In a box: a question to the database needs much more room than the answer from memory that most get.
            let loaded = Box::pin(self.known.try_get_with(id, self.load(id))).await;
            match loaded {
                Ok(site) if self.is_current(&site) => return Ok(Some(site)),
                Ok(_) => self.known.invalidate(&id).await,
                Err(missing) if missing.0 => {
                    self.unknown.insert(id, ()).await;
                    return Ok(None);
                }
                Err(_) => return Err(Closed),
            }
        }
        Err(Closed)
    }

    async fn load(&self, id: WidgetId) -> Result<Arc<Site>, Missing> {
        // Bounded: a flood of ids must not become a queue on the database connection.
        let _turn = self.loads.acquire().await.map_err(|_| Missing(false))?;
        match self.read(&[id]).await {
            Ok(mut sites) => sites.pop().ok_or(Missing(true)),
            Err(error) => {
                tracing::warn!(%error, widget = %id, "widget not read");
                metrics::counter!("upzento_edge_loads_failed_total").increment(1);
                Err(Missing(false))
            }
        }
    }

    async fn read(&self, ids: &[WidgetId]) -> Result<Vec<Arc<Site>>> {
        let rows = self.source.widgets(ids).await?;
        let now = self.now();
        let sites = rows.iter().map(|row| {
            // Spread over 20 %, so that what was read together is not read again together.
            let jitter = i64::from(kernel::clock::random_bytes::<1>()[0]) * self.widget_seconds / (5 * 256);
            Site::from_row(row, now + self.widget_seconds - jitter).map(Arc::new).map_err(Error::from)
        });
        sites.collect()
    }

    fn refresh_later(self: &Arc<Self>, id: WidgetId) {
        if !lock(&self.refreshing).insert(id) {
            return;
        }
        let this = self.clone();
        self.tracker.spawn(async move {
            match this.read(&[id]).await {
                Ok(mut sites) => match sites.pop() {
                    Some(site) => this.known.insert(id, site).await,
                    None => this.known.invalidate(&id).await,
                },
                // It stays as it is: the revisions say when that becomes wrong.
                Err(error) => tracing::debug!(%error, widget = %id, "widget not refreshed"),
            }
            lock(&this.refreshing).remove(&id);
        });
    }

    fn is_current(&self, site: &Site) -> bool {
        let heard = read(&self.heard);
        heard.get(&site.tenant).is_none_or(|rev| site.rev >= *rev)
    }

    /// Takes note of revisions; sites read before are read again at once, so that it is known what changed even if the
    /// database goes away in the next moment.
    pub async fn heard(&self, revisions: &[(Uuid, u64)]) {
        let mut changed = HashSet::new();
        {
            let mut heard = self.heard.write().unwrap_or_else(|poisoned| poisoned.into_inner());
            for (tenant, rev) in revisions {
                let last = heard.entry(*tenant).or_insert(0);
                if *rev > *last {
                    *last = *rev;
                    changed.insert(*tenant);
                }
                self.newest.fetch_max(*rev, Relaxed);
            }
        }
        if changed.is_empty() {
            return;
        }
        // A new widget may be among what was unknown a moment ago.
        self.unknown.invalidate_all();
        let outdated: Vec<WidgetId> = self
            .known
            .iter()
            .filter(|(_, site)| changed.contains(&site.tenant) && !self.is_current(site))
            .map(|(id, _)| *id)
            .collect();
        for ids in outdated.chunks(500) {
            match self.read(ids).await {
                Ok(sites) => {
                    let mut missing: HashSet<WidgetId> = ids.iter().copied().collect();
                    for site in sites {
                        missing.remove(&site.id);
                        self.known.insert(site.id, site).await;
                    }
                    for id in missing {
                        self.known.invalidate(&id).await;
                    }
                }
                Err(error) => tracing::warn!(%error, "changed widgets not read; they stay closed until they are"),
            }
        }
    }

    /// The highest revision heard of.
    pub fn newest(&self) -> u64 {
        self.newest.load(Relaxed)
    }

    /// Everything up to this revision is known not to matter: nothing was cached before.
    pub fn begin_at(&self, rev: u64) {
        self.newest.fetch_max(rev, Relaxed);
    }

    /// The listening connection lives.
    pub fn touch(&self) {
        self.contact.store(self.now(), Relaxed);
        self.connected.store(true, Relaxed);
        self.first.cancel();
        metrics::gauge!("upzento_edge_connected").set(1.0);
    }

    /// The listening connection is gone: changes are no longer heard of.
    pub fn lost(&self) {
        self.connected.store(false, Relaxed);
        metrics::gauge!("upzento_edge_connected").set(0.0);
    }

    /// Returns when the listening connection stood for the first time.
    pub async fn first_contact(&self) {
        self.first.cancelled().await;
    }

    /// True while changes are heard of.
    pub fn is_connected(&self) -> bool {
        self.connected.load(Relaxed)
    }

    /// True when changes were not heard of for so long that what is known may not be served any more.
    pub fn is_stale(&self) -> bool {
        !self.is_connected() && self.now() - self.contact.load(Relaxed) > self.stale_seconds
    }

    /// The root keys.
    pub fn ring(&self) -> Arc<KeyRing> {
        read(&self.ring).clone()
    }

    /// Replaces the root keys, without those that were revoked here.
    pub fn set_ring(&self, ring: KeyRing) {
        let ring = self.revoked().kids.iter().fold(ring, |ring, kid| ring.without(*kid));
        *self.ring.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = Arc::new(ring);
    }

    /// What was switched off here.
    pub fn revoked(&self) -> Arc<Revoked> {
        read(&self.revoked).clone()
    }

    /// Switches something off (or on again).
    pub fn revoke(&self, change: impl FnOnce(&mut Revoked)) {
        {
            let mut revoked = self.revoked.write().unwrap_or_else(|poisoned| poisoned.into_inner());
            change(Arc::make_mut(&mut revoked));
        }
        let ring = self.revoked().kids.iter().fold(None, |ring: Option<KeyRing>, kid| {
            Some(ring.map_or_else(|| self.ring().without(*kid), |ring| ring.without(*kid)))
        });
        if let Some(ring) = ring {
            self.set_ring(ring);
        }
    }

    /// Widgets in memory.
    pub fn count(&self) -> u64 {
        self.known.entry_count()
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }
}

/// Nothing was found: because there is nothing (true), or because it could not be read.
#[derive(Debug)]
struct Missing(bool);

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
