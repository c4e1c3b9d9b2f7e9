//! What a module tells the program about itself, and the running program.
use crate::{
    Error, Result,
    auth::{Actor, ActorKind, Authenticator, Context, Level, PermissionInfo},
    clock::Clock,
    config::Config,
    crypto::Keyring,
    db::{Column, ListQuery, Reference, Tx, pool::Pools},
    events::{Reaction, Subscription, Watch},
    http::{Limits, traffic::Traffic},
    ids::TenantId,
    imports::ImportPart,
    jobs::{JobKind, Schedule},
    notices::NoticeKind,
    outbound::Outbound,
    rules::Rules,
    tenancy::{Catalogue, Tenant, memory::Changes},
};
use futures_util::future::BoxFuture;
use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, OnceLock, RwLock},
};
use tokio::sync::Notify;
use uuid::Uuid;

/// A module's descriptor; `pub fn module()` of each crate returns one.
#[derive(Default)]
pub struct Module {
    /// Crate name.
    pub name: &'static str,
    /// Its permissions.
    pub permissions: &'static [PermissionInfo],
    /// Subjects of its events that are read with a permission of another name: `("submissions", "forms.read")`.
    pub subjects: &'static [(&'static str, &'static str)],
    /// What it does when something happened elsewhere.
    pub subscriptions: Vec<Subscription>,
    /// What it does in the transaction in which something happens elsewhere.
    pub reactions: Vec<Reaction>,
    /// What it does when records of other modules change by the thousand, without an event each.
    pub watches: Vec<Watch>,
    /// Its columns that name a contact: where rows go when contacts are merged.
    pub references: &'static [Reference],
    /// Its columns that name a company: the same for companies.
    pub company_references: &'static [Reference],
    /// Its background work.
    pub jobs: Vec<JobKind>,
    /// Work that comes round.
    pub schedules: Vec<Schedule>,
    /// Its lists of which views are kept under a name.
    pub lists: &'static [ViewedList],
    /// Its lists that people keep by hand.
    pub picks: Option<Picks>,
    /// What it knows of conditions that people put together.
    pub rules: Option<Rules>,
    /// What imports of contacts bring of its records.
    pub imports: &'static [ImportPart],
    /// Its kinds of news that people are told.
    pub notices: &'static [NoticeKind],
}

/// Refuses filters and an order that a list does not know; the last argument says whether its deleted records are meant.
pub type CheckList = for<'a> fn(&'a mut Tx, ListQuery, bool) -> BoxFuture<'a, Result<()>>;

/// Refuses a list that is not there, is not kept by hand, or may not be changed by this user with this level.
pub type CheckPicks = for<'a> fn(&'a mut Tx, Uuid, (Option<Uuid>, Level)) -> BoxFuture<'a, Result<()>>;

/// Locks a list until the end of the transaction; false when it is gone. Whoever locks contacts too locks the list first.
pub type HoldPicks = for<'a> fn(&'a mut Tx, Uuid) -> BoxFuture<'a, Result<bool>>;

/// Puts contacts into a locked list, or with `false` takes them out of it; gives those who came or went.
pub type Pick = for<'a> fn(&'a mut Tx, Uuid, &'a [Uuid], bool) -> BoxFuture<'a, Result<Vec<Uuid>>>;

/// Lists of contacts that people keep by hand, for modules above the one that keeps them.
#[derive(Clone, Copy)]
pub struct Picks {
    /// The permission with which they are changed.
    pub write: &'static str,
    /// Asks whether one may be changed.
    pub check: CheckPicks,
    /// Locks one.
    pub hold: HoldPicks,
    /// Changes who is on it.
    pub pick: Pick,
}

impl App {
    /// The lists that people keep by hand.
    ///
    /// # Errors
    /// 500 when no module has any.
    pub fn picks(&self) -> Result<Picks> {
        self.modules.iter().find_map(|module| module.picks).ok_or_else(|| Error::internal("nobody keeps lists"))
    }
}

/// A list whose filters, order and columns people keep under a name.
#[derive(Clone, Copy)]
pub struct ViewedList {
    /// As in the URL of its records.
    pub name: &'static str,
    /// The permission with which its records are read.
    pub read: &'static str,
    /// The permission with which its records are written.
    pub write: &'static str,
    /// How it can be drawn; the usual way first.
    pub kinds: &'static [&'static str],
    /// Tries filters and order.
    pub check: CheckList,
}

pub(crate) type RowChecker = Arc<dyn Fn(&str, &'static [Column]) + Send + Sync>;

/// Whether a tenant's plan has a module switched on; the tenants module provides it.
pub trait ModuleSwitches: Send + Sync {
    /// Refuses when the module is off for the tenant.
    fn check<'a>(&'a self, app: &'a Arc<App>, tenant: &'a Arc<Tenant>, module: &'a str) -> BoxFuture<'a, Result<()>>;
}

/// The running program. Everything a request or job can reach hangs on it; there are no globals.
pub struct App {
    /// Configuration in force.
    pub config: Config,
    /// Time.
    pub clock: Clock,
    /// Master keys.
    pub keys: Keyring,
    /// Database connections.
    pub pools: Arc<Pools>,
    /// What changed in the control plane.
    pub changes: Arc<Changes>,
    /// Tenants.
    pub catalogue: Catalogue,
    /// Request counters.
    pub limits: Limits,
    /// What was answered, and how quickly.
    pub traffic: Traffic,
    /// Calls to the outside.
    pub outbound: Outbound,
    /// The modules, in order.
    pub modules: Vec<Module>,
    /// Rung after a commit that recorded events.
    pub events_bell: Notify,
    /// Rung after a commit that enqueued jobs.
    pub jobs_bell: Notify,
    /// What happened, for live streams: tenants with new events.
    pub live: tokio::sync::broadcast::Sender<TenantId>,
    /// Cancelled when the program should stop.
    pub stop: tokio_util::sync::CancellationToken,
    authenticator: OnceLock<Arc<dyn Authenticator>>,
    switches: OnceLock<Arc<dyn ModuleSwitches>>,
    provided: RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    row_checker: OnceLock<RowChecker>,
    #[cfg(debug_assertions)]
    statements: Arc<std::sync::atomic::AtomicU64>,
}

impl App {
    /// Puts a program together; nothing is connected yet.
    pub fn new(config: Config, clock: Clock, modules: Vec<Module>) -> Result<Arc<Self>> {
        let changes = Arc::new(Changes::default());
        Ok(Arc::new(App {
            keys: config.keyring()?,
            pools: Pools::new(&config.database)?,
            catalogue: Catalogue::new(clock.clone(), changes.clone()),
            changes,
            limits: Limits::new(clock.clone()),
            traffic: Traffic::new(clock.now()),
            outbound: Outbound::new(&config)?,
            config,
            clock,
            modules,
            events_bell: Notify::new(),
            jobs_bell: Notify::new(),
            live: tokio::sync::broadcast::channel(1024).0,
            stop: tokio_util::sync::CancellationToken::new(),
            authenticator: OnceLock::new(),
            switches: OnceLock::new(),
            provided: RwLock::default(),
            row_checker: OnceLock::new(),
            #[cfg(debug_assertions)]
            statements: Arc::default(),
        }))
    }

    /// The program a request belongs to.
    pub fn of(req: &poem::Request) -> Result<Arc<App>> {
        req.data::<Arc<App>>().cloned().ok_or_else(|| Error::internal("no app in the request"))
    }

    /// A tenant by id.
    pub async fn tenant(&self, id: TenantId) -> Result<Arc<Tenant>> {
        self.catalogue.get(&self.pools, id).await
    }

    /// A tenant by its role, as `ops` rows name it.
    pub async fn tenant_by_role(&self, role: &str) -> Result<Arc<Tenant>> {
        self.catalogue.by_role(&self.pools, role).await
    }

    /// The context of background work.
    pub fn system(&self, request_id: impl Into<String>) -> Context {
        Context {
            actor: Actor { kind: ActorKind::System, id: None, on_behalf_of: None },
            request_id: request_id.into(),
            now: self.clock.now(),
        }
    }

    /// Set once by the identity module.
    pub fn set_authenticator(&self, authenticator: Arc<dyn Authenticator>) {
        // Why ignoring is right: the first one wins, a second call is the same program wired twice.
        let _ = self.authenticator.set(authenticator);
    }
    /// Who turns credentials into principals: for long-lived streams, which ask again while they run.
    pub fn authenticator(&self) -> Result<&Arc<dyn Authenticator>> {
        self.authenticator.get().ok_or_else(|| Error::internal("no authenticator"))
    }

    /// Set once by the tenants module.
    pub fn set_switches(&self, switches: Arc<dyn ModuleSwitches>) {
        let _ = self.switches.set(switches);
    }
    pub(crate) async fn check_module(self: &Arc<Self>, tenant: &Arc<Tenant>, permission: &str) -> Result<()> {
        let module = permission.split('.').next().unwrap_or("");
        match self.switches.get() {
            Some(switches) if !module.is_empty() => switches.check(self, tenant, module).await,
            _ => Ok(()),
        }
    }
    /// Refuses when the tenant's plan has the module off: for callers without a `Cx`, such as widgets.
    pub async fn require_module(self: &Arc<Self>, tenant: &Arc<Tenant>, module: &str) -> Result<()> {
        self.check_module(tenant, module).await
    }

    /// Hands a module's long-lived thing (a mailer, an object store) to whoever asks for the type.
    pub fn provide<T: Any + Send + Sync>(&self, thing: Arc<T>) {
        self.provided.write().unwrap_or_else(|p| p.into_inner()).insert(TypeId::of::<T>(), thing);
    }
    /// What was provided.
    pub fn provided<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        let map = self.provided.read().unwrap_or_else(|p| p.into_inner());
        let thing = map.get(&TypeId::of::<T>()).cloned().and_then(|any| any.downcast::<T>().ok());
        thing.ok_or_else(|| Error::internal(format!("{} was not provided", std::any::type_name::<T>())))
    }

    /// Tests compare every (statement, struct) pair with the schema on first use.
    pub fn set_row_checker(&self, checker: impl Fn(&str, &'static [Column]) + Send + Sync + 'static) {
        let _ = self.row_checker.set(Arc::new(checker));
    }
    #[cfg(debug_assertions)]
    pub(crate) fn row_checker(&self) -> Option<RowChecker> {
        self.row_checker.get().cloned()
    }

    /// Statements that were sent in transactions of tenants and of the control plane so far: tests prove with it that a
    /// page of a list costs the same few, however long it is. Only checked builds count.
    #[cfg(debug_assertions)]
    pub fn statements(&self) -> u64 {
        self.statements.load(std::sync::atomic::Ordering::Relaxed)
    }
    #[cfg(debug_assertions)]
    pub(crate) fn statement_counter(&self) -> Arc<std::sync::atomic::AtomicU64> {
        self.statements.clone()
    }

    pub(crate) fn wake(&self, events: bool, jobs: bool) {
        if events {
            self.events_bell.notify_one();
        }
        if jobs {
            self.jobs_bell.notify_one();
        }
    }

    /// A permission by name, if a module declares it.
    pub fn permission(&self, name: &str) -> Option<&'static PermissionInfo> {
        self.modules.iter().flat_map(|m| m.permissions).find(|p| p.name == name)
    }

    /// What imports of contacts bring besides, in the order of the modules.
    pub fn import_parts(&self) -> impl Iterator<Item = &'static ImportPart> {
        self.modules.iter().flat_map(|m| m.imports)
    }

    /// Every kind of news that people are told, in the order of the modules.
    pub fn notices(&self) -> impl Iterator<Item = &'static NoticeKind> {
        self.modules.iter().flat_map(|m| m.notices)
    }
}
