//! The event log: facts recorded in the transaction of the change, stamped with a gap-free number after commit, then
//! handed to every subscription. Events carry ids and names of fields, never a person's data: they are append-only.
use crate::{
    Error, Result,
    crypto::sha256,
    db::{ControlTx, Sql, Tx},
    ids::{EventId, TenantId, new_uuid_nth},
    jobs::{Enqueue, Job, JobCx},
    module::App,
    sql,
    tenancy::Tenant,
};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// A fact as it is recorded. The header is what timeline, notifications, audit, webhooks and search read.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// `<subject>.<past tense>`, for example `contact.created`.
    pub kind: &'static str,
    /// The resource, plural, as in the URL.
    pub subject: &'static str,
    /// Which one.
    pub subject_id: Uuid,
    /// The contact it concerns, for timelines.
    pub contact_id: Option<Uuid>,
    /// One sentence without personal data.
    pub title: String,
    /// Ids and names of fields; never a person's data.
    pub payload: serde_json::Value,
}

impl NewEvent {
    /// A fact about one record.
    pub fn new(kind: &'static str, subject: &'static str, subject_id: Uuid, title: impl Into<String>) -> Self {
        NewEvent { kind, subject, subject_id, contact_id: None, title: title.into(), payload: serde_json::json!({}) }
    }
    /// The contact it concerns.
    pub fn contact(mut self, id: impl Into<Option<Uuid>>) -> Self {
        self.contact_id = id.into();
        self
    }
    /// The typed payload.
    pub fn payload(mut self, payload: &impl Serialize) -> Self {
        self.payload = serde_json::to_value(payload).unwrap_or_default();
        self
    }
}

crate::row! {
    /// A recorded and numbered event.
    #[derive(Debug, Clone)]
    pub struct Recorded {
        /// Its place in the tenant's log: gap-free, from 1.
        pub seq: i64,
        /// Its id.
        pub id: EventId,
        /// What happened.
        pub kind: String,
        /// The resource.
        pub subject: String,
        /// Which one.
        pub subject_id: Uuid,
        /// The contact it concerns.
        pub contact_id: Option<Uuid>,
        /// One sentence.
        pub title: String,
        /// Ids and names of fields.
        pub payload: serde_json::Value,
        /// Who: kind.
        pub actor_kind: String,
        /// Who: id.
        pub actor_id: Option<Uuid>,
        /// In whose place.
        pub on_behalf_of: Option<Uuid>,
        /// When it happened, UTC.
        pub occurred_at: DateTime<Utc>,
    }
}

/// What a subscription does, inside one transaction of the tenant; an error is retried as a job.
pub type Handler = for<'a> fn(&'a mut Tx, &'a Recorded) -> BoxFuture<'a, Result<()>>;

/// A module's interest in events of modules above it.
#[derive(Clone, Copy)]
pub struct Subscription {
    /// Unique name, for the retry job and metrics.
    pub name: &'static str,
    /// Kinds it wants; empty for all.
    pub kinds: &'static [&'static str],
    /// What it does.
    pub handler: Handler,
}

/// What a reaction does; an error undoes the change that it reacts to.
pub type Reflex = for<'a> fn(&'a mut Tx, &'a NewEvent) -> BoxFuture<'a, Result<()>>;

/// What a module must do in the very transaction that records an event, so that nobody ever sees the one without the
/// other: for rules that a later delivery could break. It costs every writer, so it reads by indexes alone. It runs while
/// the writer holds its locks: it locks the contact, then rows of its own module.
#[derive(Clone, Copy)]
pub struct Reaction {
    /// Kinds it reacts to, of any module.
    pub kinds: &'static [&'static str],
    /// What it does.
    pub reflex: Reflex,
}

/// What is done about records that changed.
pub type Touched = for<'a> fn(&'a mut Tx, &'a [Uuid]) -> BoxFuture<'a, Result<()>>;

/// What a module must know of changes that have no event each, because they come by the thousand: an import, work on all
/// records. It is told in their transaction, batch by batch.
#[derive(Clone, Copy)]
pub struct Watch {
    /// The resource, plural, as in the URL.
    pub subject: &'static str,
    /// What it does; an error undoes the batch.
    pub touched: Touched,
}

impl Tx {
    /// Tells the modules that wait for it that these records changed, were made or removed without events of their own.
    pub async fn touched(&mut self, subject: &'static str, ids: &[Uuid]) -> Result<()> {
        let app = self.app().clone();
        for watch in app.modules.iter().flat_map(|module| &module.watches).filter(|w| w.subject == subject) {
            if !ids.is_empty() {
                (watch.touched)(self, ids).await?;
            }
        }
        Ok(())
    }

    /// Records a fact in this transaction, with an outbox row that makes sure it is delivered, and lets modules react.
    pub async fn record(&mut self, event: NewEvent) -> Result<EventId> {
        const RECORD: Sql = sql!(
            "with recorded as (
               insert into events (id, kind, subject, subject_id, contact_id, title, payload, actor_kind, actor_id, on_behalf_of, request_id, occurred_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id)
             insert into ops.outbox (id, tenant, event_id, created_at) select id, current_user, id, $12 from recorded"
        );
        let id = EventId(new_uuid_nth(self.now(), self.recorded));
        let context = self.context().clone();
        let actor = context.actor;
        self.exec(
            RECORD,
            &[
                &id,
                &event.kind,
                &event.subject,
                &event.subject_id,
                &event.contact_id,
                &event.title,
                &event.payload,
                &actor.kind.as_str(),
                &actor.id,
                &actor.on_behalf_of,
                &context.request_id,
                &context.now,
            ],
        )
        .await?;
        self.recorded += 1;
        self.react(&event).await?;
        Ok(id)
    }

    /// Records facts in their order, all with one statement: for verbs that change many records at once. Modules react to
    /// each as if it had been recorded alone.
    pub async fn record_all(&mut self, events: &[NewEvent]) -> Result<()> {
        const RECORD: Sql = sql!(
            "with recorded as (
               insert into events (id, kind, subject, subject_id, contact_id, title, payload, actor_kind, actor_id, on_behalf_of, request_id, occurred_at)
               select n.id, n.kind, n.subject, n.subject_id, n.contact_id, n.title, n.payload, $8, $9, $10, $11, $12
               from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::jsonb[])
                 with ordinality as n(id, kind, subject, subject_id, contact_id, title, payload, place)
               order by n.place returning id)
             insert into ops.outbox (id, tenant, event_id, created_at) select id, current_user, id, $12 from recorded order by id"
        );
        if events.is_empty() {
            return Ok(());
        }
        let first = self.recorded;
        let ids: Vec<Uuid> = (first..).zip(events).map(|(n, _)| new_uuid_nth(self.now(), n)).collect();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind).collect();
        let subjects: Vec<&str> = events.iter().map(|event| event.subject).collect();
        let subject_ids: Vec<Uuid> = events.iter().map(|event| event.subject_id).collect();
        let contacts: Vec<Option<Uuid>> = events.iter().map(|event| event.contact_id).collect();
        let titles: Vec<&str> = events.iter().map(|event| event.title.as_str()).collect();
        let payloads: Vec<&serde_json::Value> = events.iter().map(|event| &event.payload).collect();
        let context = self.context().clone();
        let actor = context.actor;
        self.exec(
            RECORD,
            &[
                &ids,
                &kinds,
                &subjects,
                &subject_ids,
                &contacts,
                &titles,
                &payloads,
                &actor.kind.as_str(),
                &actor.id,
                &actor.on_behalf_of,
                &context.request_id,
                &context.now,
            ],
        )
        .await?;
        self.recorded += u32::try_from(events.len()).unwrap_or(u32::MAX);
        for event in events {
            self.react(event).await?;
        }
        Ok(())
    }

    async fn react(&mut self, event: &NewEvent) -> Result<()> {
        let app = self.app().clone();
        let reactions = app.modules.iter().flat_map(|module| &module.reactions);
        for reaction in reactions.filter(|reaction| reaction.kinds.contains(&event.kind)) {
            (reaction.reflex)(self, event).await?;
        }
        Ok(())
    }
}

impl ControlTx {
    /// Records a fact of the control plane; when it concerns a tenant it is copied into that tenant's log after commit.
    pub async fn record(&mut self, tenant: Option<TenantId>, event: NewEvent) -> Result<EventId> {
        const RECORD: Sql = sql!(
            "insert into control.audit_events (id, tenant_id, kind, subject, subject_id, title, payload, actor_kind, actor_id, on_behalf_of, request_id, occurred_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        );
        let id = EventId(new_uuid_nth(self.now(), self.recorded));
        let context = self.context().clone();
        let actor = context.actor;
        self.exec(
            RECORD,
            &[
                &id,
                &tenant,
                &event.kind,
                &event.subject,
                &event.subject_id,
                &event.title,
                &event.payload,
                &actor.kind.as_str(),
                &actor.id,
                &actor.on_behalf_of,
                &context.request_id,
                &context.now,
            ],
        )
        .await?;
        self.recorded += 1;
        Ok(id)
    }
}

/// The next link of the chain: SHA-256 over the link before and the event in a fixed form. Anybody who has the rows can
/// recompute it; changing, dropping or inserting one event breaks every later link.
pub fn chain_hash(previous: &[u8], event: &Recorded) -> [u8; 32] {
    let fields = serde_json::json!([
        event.seq,
        event.id,
        event.kind,
        event.subject,
        event.subject_id,
        event.contact_id,
        event.title,
        event.payload,
        event.actor_kind,
        event.actor_id,
        event.on_behalf_of,
        event.occurred_at.timestamp_micros(),
    ]);
    sha256(&[previous, fields.to_string().as_bytes()].concat())
}

const BATCH: i64 = 200;

/// Retries one subscription for one event after its handler failed in the dispatcher.
#[derive(Serialize, serde::Deserialize)]
pub struct RunSubscription {
    subscription: String,
    event: EventId,
}

impl Job for RunSubscription {
    const KIND: &'static str = "RunSubscription";

    async fn run(self, cx: JobCx) -> Result<()> {
        const FIND: Sql = sql!(
            "select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at
             from events e join event_log l on l.event_id = e.id where e.id = $1"
        );
        let found = subscriptions(&cx.app).find(|s| s.name == self.subscription);
        let Some(subscription) = found else { return Err(Error::internal("the subscription is gone")) };
        cx.write(async |tx| {
            let event: Recorded = tx.row(FIND, &[&self.event]).await?;
            (subscription.handler)(tx, &event).await
        })
        .await
    }
}

fn subscriptions(app: &App) -> impl Iterator<Item = Subscription> {
    app.modules.iter().flat_map(|m| m.subscriptions.iter().copied())
}

/// Delivers what was recorded until the program stops: wakes on the bell of this process, and looks every half second
/// for what other processes recorded.
pub async fn dispatch_forever(app: Arc<App>) {
    while !app.stop.is_cancelled() {
        let delivered = match dispatch_due(&app).await {
            Ok(delivered) => delivered,
            Err(error) => {
                tracing::warn!(%error, "events wait");
                0
            }
        };
        if delivered == 0 {
            tokio::select! {
                () = app.stop.cancelled() => {}
                () = app.events_bell.notified() => {}
                () = tokio::time::sleep(std::time::Duration::from_millis(500)) => {}
            }
        }
    }
}

/// One round over every tenant with undelivered events; gives how many were delivered.
pub async fn dispatch_due(app: &Arc<App>) -> Result<usize> {
    let mut delivered = project_control_events(app).await?;
    // A loose index scan: distinct tenants cost one index step each, however many rows wait.
    const WAITING: Sql = sql!(
        "with recursive ring as (
           (select tenant from ops.outbox order by tenant limit 1)
           union all
           select (select o.tenant from ops.outbox o where o.tenant > ring.tenant order by o.tenant limit 1) from ring where ring.tenant is not null)
         select tenant from ring where tenant is not null limit 1000"
    );
    let roles: Vec<String> = app.ops(async |ops| ops.values(WAITING, &[]).await).await?;
    for role in roles {
        let tenant = match app.tenant_by_role(&role).await {
            Ok(tenant) => tenant,
            Err(error) if error.is_not_found() => continue,
            Err(error) => return Err(error),
        };
        match dispatch_tenant(app, &tenant, false).await {
            Ok(count) => delivered += count,
            Err(error) => {
                // One bad handler must not hold up the others: again, with each handler on its own.
                tracing::debug!(%error, tenant = %tenant.id, "a subscription failed, going event by event");
                delivered += dispatch_tenant(app, &tenant, true).await.unwrap_or_else(|error| {
                    tracing::error!(%error, tenant = %tenant.id, "events of a tenant cannot be delivered");
                    0
                });
            }
        }
    }
    Ok(delivered)
}

crate::row! {
    struct Link { seq: i64, hash: Vec<u8> }
}

async fn dispatch_tenant(app: &Arc<App>, tenant: &Arc<Tenant>, careful: bool) -> Result<usize> {
    const LOCK: Sql = sql!("select pg_try_advisory_xact_lock(hashtextextended(current_user, 7))");
    const UNSTAMPED: Sql = sql!(
        "select 0::bigint as seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at
         from ops.outbox o join events e on e.id = o.event_id where o.tenant = current_user order by o.position limit $1"
    );
    const LAST: Sql = sql!("select seq, hash from event_log order by seq desc limit 1");
    const STAMP: Sql = sql!(
        "insert into event_log (seq, event_id, hash, stamped_at) select s, e, h, $4 from unnest($1::bigint[], $2::uuid[], $3::bytea[]) as t(s, e, h)"
    );
    const CLEAR: Sql = sql!("delete from ops.outbox where tenant = current_user and event_id = any($1)");
    let context = app.system("dispatch");
    let count = app
        .write_in_any_state(tenant, context, async |tx| {
            // One dispatcher at a time: that is what makes the numbers gap-free and the chain a chain.
            if !tx.value::<bool>(LOCK, &[]).await? {
                return Ok(0);
            }
            let mut events: Vec<Recorded> = tx.rows(UNSTAMPED, &[&BATCH]).await?;
            let last: Option<Link> = tx.opt(LAST, &[]).await?;
            let (mut seq, mut hash) = last.map_or((0, vec![]), |l| (l.seq, l.hash));
            let mut hashes = vec![];
            for event in &mut events {
                seq += 1;
                event.seq = seq;
                hash = chain_hash(&hash, event).to_vec();
                hashes.push(hash.clone());
            }
            let seqs: Vec<i64> = events.iter().map(|e| e.seq).collect();
            let ids: Vec<Uuid> = events.iter().map(|e| e.id.0).collect();
            let now = tx.now();
            tx.exec(STAMP, &[&seqs, &ids, &hashes, &now]).await?;
            for event in &events {
                for subscription in subscriptions(app) {
                    if subscription.kinds.is_empty() || subscription.kinds.contains(&event.kind.as_str()) {
                        deliver(tx, subscription, event, careful).await?;
                    }
                }
            }
            tx.exec(CLEAR, &[&ids]).await?;
            Ok(events.len())
        })
        .await?;
    if count > 0 {
        metrics::counter!("upzento_events_dispatched_total").increment(count as u64);
        // Why ignoring: nobody listening is fine, streams also look by themselves.
        let _ = app.live.send(tenant.id);
    }
    Ok(count)
}

async fn deliver(tx: &mut Tx, subscription: Subscription, event: &Recorded, careful: bool) -> Result<()> {
    if !careful {
        return (subscription.handler)(tx, event).await;
    }
    if let Err(error) = tx.attempt(async |tx| (subscription.handler)(tx, event).await).await? {
        tracing::warn!(%error, subscription = subscription.name, event = %event.id, "subscription failed, retried as a job");
        let retry = RunSubscription { subscription: subscription.name.to_owned(), event: event.id };
        tx.enqueue(
            &retry,
            Enqueue { unique_key: Some(format!("{}/{}", subscription.name, event.id)), ..Enqueue::default() },
        )
        .await?;
    }
    Ok(())
}

crate::row! {
    struct ControlEvent {
        id: EventId, tenant_id: Option<TenantId>, kind: String, subject: String, subject_id: Option<Uuid>, title: String,
        payload: serde_json::Value, actor_kind: String, actor_id: Option<Uuid>, on_behalf_of: Option<Uuid>,
        request_id: Option<String>, occurred_at: DateTime<Utc>,
    }
}

/// Copies facts of the control plane into the logs of the tenants they concern. Copying twice does nothing.
async fn project_control_events(app: &Arc<App>) -> Result<usize> {
    const WAITING: Sql = sql!(
        "select id, tenant_id, kind, subject, subject_id, title, payload, actor_kind, actor_id, on_behalf_of, request_id, occurred_at
         from control.audit_events where projected_at is null order by position limit 200"
    );
    const PROJECTED: Sql = sql!("update control.audit_events set projected_at = $2 where id = any($1)");
    let waiting: Vec<ControlEvent> =
        app.control(app.system("dispatch"), async |tx| tx.rows(WAITING, &[]).await).await?;
    let mut done = vec![];
    for event in &waiting {
        let copied = match event.tenant_id {
            None => Ok(()),
            Some(id) => match app.tenant(id).await {
                Ok(tenant) => copy_event(app, &tenant, event).await,
                Err(error) => Err(error),
            },
        };
        match copied {
            Ok(()) => done.push(event.id.0),
            // The tenant is gone; the fact stays in the control plane's own log.
            Err(error) if error.is_not_found() => done.push(event.id.0),
            Err(error) => tracing::warn!(%error, event = %event.id, "a control event waits"),
        }
    }
    if !done.is_empty() {
        let now = app.clock.now();
        app.control(app.system("dispatch"), async |tx| tx.exec(PROJECTED, &[&done, &now]).await.map(|_| ())).await?;
    }
    Ok(done.len())
}

async fn copy_event(app: &Arc<App>, tenant: &Arc<Tenant>, event: &ControlEvent) -> Result<()> {
    const COPY: Sql = sql!(
        "with copied as (
           insert into events (id, kind, subject, subject_id, title, payload, actor_kind, actor_id, on_behalf_of, request_id, occurred_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing returning id)
         insert into ops.outbox (id, tenant, event_id, created_at) select id, current_user, id, $11 from copied"
    );
    app.write_in_any_state(tenant, app.system("dispatch"), async |tx| {
        let subject_id = event.subject_id.unwrap_or(tenant.id.0);
        tx.exec(
            COPY,
            &[
                &event.id,
                &event.kind,
                &event.subject,
                &subject_id,
                &event.title,
                &event.payload,
                &event.actor_kind,
                &event.actor_id,
                &event.on_behalf_of,
                &event.request_id,
                &event.occurred_at,
            ],
        )
        .await?;
        Ok(())
    })
    .await
}
