//! The loop behind a stream: look, send, wait.
use super::{
    db,
    model::{LOOK_BACK, Position, ProvisioningStep, Signal, SignalKind},
};
use crate::notifications::{db as told, model::Unread};
use chrono::{DateTime, Utc};
use futures_util::{Stream, stream};
use kernel::{
    App, Error, Result,
    auth::{Credential, Grants, Level, Principal},
    http::RequestInfo,
    ids::TenantId,
    tenancy::{TenantKind, memory::Pool},
};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{
    broadcast::{Receiver, error::RecvError},
    watch,
};
use uuid::Uuid;

/// Looks this often although nobody called: other processes' news arrive without a call.
const LOOK: Duration = Duration::from_secs(5);

/// A reader of a stream.
pub(crate) struct Reader {
    app: Arc<App>,
    token: String,
    wanted: Option<TenantId>,
    request: RequestInfo,
    tenant: TenantId,
    user: Uuid,
    at: Position,
    sent: HashMap<Uuid, DateTime<Utc>>,
    unread: Option<i64>,
    waiting: VecDeque<Signal>,
    news: Receiver<TenantId>,
    pool: watch::Receiver<Pool>,
    /// What he knows of the pool; none when it is not his business.
    known: Option<Pool>,
}

/// How far somebody reads the resource that an event is about.
fn reach(app: &App, grants: &Grants, subject: &str) -> Level {
    let plain = format!("{subject}.read");
    let nested = format!(".{plain}");
    let mut declared = app.modules.iter().flat_map(|m| m.permissions).map(|p| p.name);
    let mut kept_with = app.modules.iter().flat_map(|m| m.subjects);
    let own = declared.find(|name| *name == plain || name.ends_with(&nested));
    own.or_else(|| kept_with.find(|(name, _)| *name == subject).map(|(_, permission)| *permission))
        .map_or(Level::No, |permission| grants.level(permission))
}

impl Reader {
    /// A reader who goes on where he was cut off, or begins now.
    pub(crate) fn new(
        app: &Arc<App>,
        principal: &Principal,
        user: Uuid,
        token: String,
        wanted: Option<TenantId>,
        request: RequestInfo,
    ) -> Self {
        Reader {
            app: app.clone(),
            token,
            wanted,
            request,
            tenant: principal.tenant,
            user,
            at: Position::default(),
            sent: HashMap::new(),
            unread: None,
            waiting: VecDeque::new(),
            news: app.live.subscribe(),
            pool: app.changes.pool(),
            known: None,
        }
    }

    /// Finds where to begin and says hello.
    pub(crate) async fn begin(&mut self, last: Option<Position>) -> Result<()> {
        let now = self.app.clock.now();
        let (user, tenant) = (self.user, self.app.tenant(self.tenant).await?);
        let context = self.app.system("stream");
        let (end, unread) = self
            .app
            .read(&tenant, context, async |tx| Ok((db::last(tx).await?, Unread::of(told::unread(tx, user).await?))))
            .await?;
        // A place beyond the end is of another log (a restored one): begin now.
        self.at = last.filter(|at| at.seq <= end && at.told <= now).unwrap_or(Position { seq: end, told: now });
        self.unread = Some(unread.count);
        self.waiting.push_back(Signal::count(SignalKind::Hello, unread.count, self.at));
        self.known = (tenant.kind == TenantKind::Agency).then(|| *self.pool.borrow_and_update());
        Ok(())
    }

    /// What became of the schemas that are kept ready, since he last heard of them.
    fn hear_of_pool(&mut self, grants: &Grants) {
        let Some(known) = self.known else { return };
        let now = *self.pool.borrow_and_update();
        self.known = Some(now);
        if reach(&self.app, grants, "clients") != Level::All {
            return;
        }
        for (step, moved) in [
            (ProvisioningStep::Making, now.making != known.making),
            (ProvisioningStep::Ready, now.ready != known.ready),
        ] {
            if moved {
                self.waiting.push_back(Signal::provisioning(step, self.at));
            }
        }
    }

    /// Looks once: what happened and what he was told since, and how much is unread. Asks first whether he may still.
    async fn look(&mut self) -> Result<()> {
        let authenticator = self.app.authenticator()?.clone();
        let credential = Credential::Bearer(&self.token);
        let principal = authenticator.authenticate(&self.app, credential, self.wanted, &self.request).await?;
        if principal.tenant != self.tenant || principal.user != Some(self.user) {
            return Err(Error::unauthenticated("session_changed"));
        }
        let tenant = self.app.tenant(self.tenant).await?;
        let (user, from) = (self.user, self.at);
        let (events, notifications, unread) = self
            .app
            .read(&tenant, self.app.system("stream"), async |tx| {
                let events = db::after(tx, from.seq).await?;
                let notifications = told::since(tx, user, from.told - LOOK_BACK).await?;
                Ok((events, notifications, Unread::of(told::unread(tx, user).await?).count))
            })
            .await?;
        // The log cannot tell whose record an event is about, so whoever reads a part of a resource hears of the resource
        // alone. Once is enough for what was read together: he asks after all of it was committed.
        let mut told_of = HashSet::new();
        for event in events {
            self.at.seq = event.seq;
            match reach(&self.app, &principal.grants, &event.subject) {
                Level::All => self.waiting.push_back(Signal::event(event, self.at)),
                Level::Team | Level::Own if told_of.insert(event.subject.clone()) => {
                    self.waiting.push_back(Signal::changed(event.subject, self.at));
                }
                _ => {}
            }
        }
        for notification in notifications {
            // One that came back after it was put off is told again.
            let known = self.sent.insert(notification.id.0, notification.told_at) == Some(notification.told_at);
            self.at.told = self.at.told.max(notification.told_at);
            if !known {
                self.waiting.push_back(Signal::notification(notification, self.at));
            }
        }
        let oldest = self.at.told - LOOK_BACK;
        self.sent.retain(|_, told_at| *told_at >= oldest);
        self.hear_of_pool(&principal.grants);
        if self.unread != Some(unread) {
            self.unread = Some(unread);
            self.waiting.push_back(Signal::count(SignalKind::Unread, unread, self.at));
        }
        Ok(())
    }

    /// Waits for news of this tenant; false when the program stops.
    async fn wait(&mut self) -> bool {
        let look = tokio::time::sleep(LOOK);
        tokio::pin!(look);
        let agency = self.known.is_some();
        loop {
            tokio::select! {
                () = self.app.stop.cancelled() => return false,
                () = &mut look => return true,
                Ok(()) = self.pool.changed(), if agency => return true,
                news = self.news.recv() => match news {
                    Ok(tenant) if tenant == self.tenant => return true,
                    Ok(_) => {}
                    // Too many to keep up with: some of them were ours.
                    Err(RecvError::Lagged(_)) => return true,
                    Err(RecvError::Closed) => return false,
                },
            }
        }
    }

    async fn next(&mut self) -> Option<Signal> {
        loop {
            if let Some(signal) = self.waiting.pop_front() {
                return Some(signal);
            }
            if let Err(error) = self.look().await {
                // The reader comes back by himself; if he may not any more, he is told then.
                tracing::debug!(%error, "a live stream ends");
                return None;
            }
            if self.waiting.is_empty() && !self.wait().await {
                return None;
            }
        }
    }

    /// The signals, until the program stops or the reader may not read any more.
    pub(crate) fn into_stream(self) -> impl Stream<Item = Signal> + Send + 'static {
        stream::unfold(self, async |mut reader| reader.next().await.map(|signal| (signal, reader)))
    }
}
