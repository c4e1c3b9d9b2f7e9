use chrono::TimeDelta;
use futures_util::FutureExt;
use kernel::{
    App, Error, Module, Tx,
    events::{NewEvent, Recorded, Subscription, chain_hash, dispatch_due},
    sql,
    tenancy::Tenant,
};
use std::sync::Arc;
use tests::TestApp;

async fn record(app: &Arc<App>, tenant: &Arc<Tenant>, kind: &'static str) {
    app.write(tenant, app.system("test"), async |tx| {
        tx.record(NewEvent::new(kind, "things", uuid::Uuid::from_u128(1), "A thing")).await
    })
    .await
    .unwrap();
}

async fn log(app: &Arc<App>, tenant: &Arc<Tenant>) -> Vec<(Recorded, Vec<u8>)> {
    app.read(tenant, app.system("test"), async |tx| {
        let events: Vec<Recorded> = tx
            .rows(
                sql!(
                    "select l.seq, e.id, e.kind, e.subject, e.subject_id, e.contact_id, e.title, e.payload, e.actor_kind, e.actor_id, e.on_behalf_of, e.occurred_at
                     from event_log l join events e on e.id = l.event_id order by l.seq"
                ),
                &[],
            )
            .await?;
        let hashes: Vec<Vec<u8>> = tx.values(sql!("select hash from event_log order by seq"), &[]).await?;
        Ok(events.into_iter().zip(hashes).collect())
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn numbers_have_no_gaps_and_the_chain_holds() {
    let app = TestApp::start().await;
    let tenant = app.bare_tenant("client").await;
    for round in 0..3 {
        for _ in 0..5 {
            record(&app.app, &tenant, "thing.made").await;
        }
        // A transaction that rolls back leaves neither an event nor a hole.
        let lost: Result<(), Error> = app
            .app
            .write(&tenant, app.app.system("test"), async |tx| {
                tx.record(NewEvent::new("thing.lost", "things", uuid::Uuid::nil(), "Lost")).await?;
                Err(Error::not_found())
            })
            .await;
        assert!(lost.is_err());
        // Two dispatchers at once: one of them does the work.
        let (a, b) = tokio::join!(dispatch_due(&app.app), dispatch_due(&app.app));
        let delivered = a.unwrap() + b.unwrap();
        assert!(delivered <= 5, "{delivered}");
        dispatch_due(&app.app).await.unwrap();
        let log = log(&app.app, &tenant).await;
        assert_eq!(log.len(), (round + 1) * 5);
        let mut previous: Vec<u8> = vec![];
        for (i, (event, hash)) in log.iter().enumerate() {
            assert_eq!(event.seq, i as i64 + 1);
            assert_eq!(chain_hash(&previous, event).to_vec(), *hash);
            previous = hash.clone();
        }
    }
}

#[tokio::test]
async fn what_was_committed_first_stands_first_whatever_the_clocks_say() {
    let app = TestApp::start().await;
    let tenant = app.bare_tenant("client").await;
    let kinds = ["thing.1", "thing.2", "thing.3", "thing.4", "thing.5", "thing.6", "thing.7", "thing.8"];
    for (i, kind) in kinds.into_iter().enumerate() {
        record(&app.app, &tenant, kind).await;
        // Half of them in one moment, the others by servers whose clocks are behind.
        app.advance(TimeDelta::minutes(if i < 4 { 0 } else { -10 }));
    }
    dispatch_due(&app.app).await.unwrap();
    let logged: Vec<String> = log(&app.app, &tenant).await.into_iter().map(|(event, _)| event.kind).collect();
    assert_eq!(logged, kinds);
}

fn note<'a>(tx: &'a mut Tx, event: &'a Recorded) -> futures_util::future::BoxFuture<'a, kernel::Result<()>> {
    async move {
        let consumer = format!("noted/{}", event.id);
        tx.exec(
            sql!("insert into event_cursors (consumer, seq, updated_at) values ($1, $2, now())"),
            &[&consumer, &event.seq],
        )
        .await?;
        Ok(())
    }
    .boxed()
}

fn fail_until_later<'a>(
    tx: &'a mut Tx,
    event: &'a Recorded,
) -> futures_util::future::BoxFuture<'a, kernel::Result<()>> {
    async move {
        if tx.now() == tests::app::start_of_time() {
            return Err(Error::internal("not yet"));
        }
        let consumer = format!("late/{}", event.id);
        tx.exec(
            sql!("insert into event_cursors (consumer, seq, updated_at) values ($1, $2, now())"),
            &[&consumer, &event.seq],
        )
        .await?;
        Ok(())
    }
    .boxed()
}

#[tokio::test]
async fn a_failing_subscription_holds_nobody_up_and_is_retried() {
    let subscriptions = vec![
        Subscription { name: "test.fails", kinds: &["thing.made"], handler: fail_until_later },
        Subscription { name: "test.notes", kinds: &["thing.made"], handler: note },
    ];
    let module = Module { name: "test", subscriptions, ..Module::default() };
    let app = TestApp::start_custom(|_| {}, vec![module]).await;
    let tenant = app.bare_tenant("client").await;
    for _ in 0..3 {
        record(&app.app, &tenant, "thing.made").await;
    }
    record(&app.app, &tenant, "thing.other").await;
    app.settle().await;
    let count = async |like: &'static str| -> i64 {
        app.app
            .read(&tenant, app.app.system("test"), async |tx| {
                tx.value(sql!("select count(*) from event_cursors where consumer like $1"), &[&like]).await
            })
            .await
            .unwrap()
    };
    assert_eq!(count("noted/%").await, 3);
    assert_eq!(count("late/%").await, 0);
    app.advance(chrono::TimeDelta::minutes(1));
    app.settle().await;
    assert_eq!(count("noted/%").await, 3, "delivered once");
    assert_eq!(count("late/%").await, 3, "the failed one was retried");
}
