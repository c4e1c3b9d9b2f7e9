//! Migrating many tenants: failures, halts, locks, steps outside a transaction.

use std::time::Duration;

use tenant_migrations::fleet::{self, Cohort, Options, plan};
use tenant_migrations::provision::{Provision, provision_one_with};

use crate::support::{Database, NOTES, sets};

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_tenant_is_listed_and_the_others_go_on() {
    let (old, new) = (sets(&[]), sets(&[NOTES]));
    let database = Database::migrated(&old).await;
    database.fleet(&old, 39).await;
    let owner = database.owner().await;
    let plan = plan(&owner, &new, false).await.unwrap();
    let (_, rest) = plan.cohorts.iter().find(|(cohort, _)| *cohort == Cohort::Rest).unwrap();
    let unlucky = &rest[rest.len() / 2];
    owner.batch_execute(&format!("create table {}.notes (in_the_way int)", unlucky.name)).await.unwrap();

    let report = database.up(&new).await;
    assert_eq!((report.migrated, report.failed.len(), &report.halted), (39, 1, &None));
    assert_eq!(report.failed[0].id, unlucky.id);
    assert!(
        report.failed[0].error.contains("applying V2__notes: relation \"notes\" already exists"),
        "{}",
        report.failed[0].error
    );
    assert_eq!(database.versions().await, [(1, "failed".into(), 1), (2, "current".into(), 39)]);
    let status = fleet::status(&owner, &new).await.unwrap();
    assert_eq!((status.failed[0].tenant, status.failed[0].attempts), (unlucky.id, 1));
    let events = "select count(*) from control.audit_events where kind = 'schema.migration_failed'";
    assert_eq!(database.count(events).await, 1);

    // A tenant that fails every time stops nobody: it comes last from now on.
    let again = database.up(&new).await;
    assert_eq!((again.migrated, again.failed.len()), (0, 1));
    owner.batch_execute(&format!("drop table {}.notes", unlucky.name)).await.unwrap();
    let retried = database.up_with(&new, &Options { failed_only: true, ..Options::default() }).await;
    assert_eq!((retried.migrated, retried.is_complete()), (1, true));
    assert_eq!(database.versions().await, [(2, "current".into(), 40)]);
    let nothing = database.up(&new).await;
    assert_eq!((nothing.migrated, nothing.platform.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_canary_halts_the_run() {
    let (old, new) = (sets(&[]), sets(&[NOTES]));
    let database = Database::migrated(&old).await;
    let tenants = database.fleet(&old, 19).await;
    let owner = database.owner().await;
    owner
        .batch_execute(&format!(
            "create table {}.notes (in_the_way int);
             update control.tenant_schemas set cohort = 'canary' where tenant_id = '{}'",
            tenants[11].name, tenants[11].id
        ))
        .await
        .unwrap();
    let report = database.up_with(&new, &Options { workers: 1, ..Options::default() }).await;
    assert!(report.halted.as_deref().is_some_and(|reason| reason.contains("canary")), "{report:?}");
    assert_eq!(report.failed[0].id, tenants[11].id);
    assert!(report.migrated <= 3, "the template and at most two canaries: {report:?}");
    assert_eq!(report.migrated + report.failed.len() + report.not_started, 20);
    let untouched = "select count(*) from control.tenants where schema_version = 1 and state = 'active'";
    assert!(database.count(untouched).await >= 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_file_is_divergent() {
    let (old, edited) =
        (sets(&[NOTES]), sets(&[("V2__notes", "-- notes\n-- safe\ncreate table notes (other int);\n")]));
    let database = Database::migrated(&old).await;
    database.fleet(&old, 5).await;
    let report = database.up(&edited).await;
    assert!(report.halted.is_some());
    assert!(report.failed[0].error.contains("divergent"), "{:?}", report.failed);
    assert_eq!(database.count("select count(*) from pg_attribute where attname = 'other'").await, 0);
    // Back to the files that are applied: everything is as it was.
    assert!(database.up(&old).await.is_complete());
    assert_eq!(database.versions().await, [(2, "current".into(), 6)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_waited_for_only_briefly_and_again() {
    let alter = ("V3__more", "-- more\n-- safe\nalter table notes add column more text;\n");
    let (old, new) = (sets(&[NOTES]), sets(&[NOTES, alter]));
    let database = Database::migrated(&old).await;
    let tenants = database.fleet(&old, 3).await;
    let mut reader = database.owner().await;
    let holding = reader.transaction().await.unwrap();
    holding.batch_execute(&format!("lock table {}.notes in access share mode", tenants[0].name)).await.unwrap();
    let options = Options { lock_timeout: Duration::from_millis(20), retries: 40, ..Options::default() };
    let watcher = database.superuser().await;
    let waits = async {
        // Two waits that each ended: it gave the lock's queue free in between.
        for _ in 0..2 {
            for expected in [true, false] {
                loop {
                    let row = watcher
                        .query_one(
                            "select exists (select from pg_locks where not granted and locktype = 'relation')",
                            &[],
                        )
                        .await
                        .unwrap();
                    if row.get::<_, bool>(0) == expected {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
        }
        holding.rollback().await.unwrap();
    };
    let (report, ()) = tokio::join!(database.up_with(&new, &options), waits);
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(database.versions().await, [(3, "current".into(), 4)]);
}

const CONCURRENT: (&str, &str) = (
    "V3__notes_text",
    "-- notes are found by their text\n-- safe\n-- nontransactional\n\
     create index concurrently if not exists notes_text_idx on notes (text);\nanalyze notes;\n",
);

#[tokio::test(flavor = "multi_thread")]
async fn a_nontransactional_file_builds_its_index_outside_and_repairs_an_invalid_one() {
    let after = ("V4__after", "-- after\n-- safe\nalter table notes add column after int;\n");
    let (old, new) = (sets(&[NOTES]), sets(&[NOTES, CONCURRENT, after]));
    let database = Database::migrated(&old).await;
    let tenants = database.fleet(&old, 6).await;
    // What a build that was killed leaves behind.
    let superuser = database.superuser().await;
    superuser
        .batch_execute(&format!(
            "create index notes_text_idx on {0}.notes (text);
             update pg_index set indisvalid = false where indexrelid = '{0}.notes_text_idx'::regclass",
            tenants[2].name
        ))
        .await
        .unwrap();
    let report = database.up(&new).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(database.versions().await, [(4, "current".into(), 7)]);
    let valid = "select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = 'notes_text_idx' and indisvalid";
    assert_eq!(database.count(valid).await, 7);
    // A tenant built from the files at once has the same shape.
    provision_one_with(&mut *database.owner().await, &new, Provision::default()).await.unwrap();
    let (compared, drift) = tenant_migrations::catalog::drift(&mut *database.owner().await, &new).await.unwrap();
    assert_eq!((compared, drift.len()), (8, 0), "{drift:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nontransactional_file_that_fails_is_not_recorded() {
    let unique = (
        "V3__unique",
        "-- one\n-- safe\n-- nontransactional\ncreate unique index concurrently if not exists notes_text_key on notes (text);\n",
    );
    let (old, new) = (sets(&[NOTES]), sets(&[NOTES, unique]));
    let database = Database::migrated(&old).await;
    let tenants = database.fleet(&old, 1).await;
    let owner = database.owner().await;
    let double =
        format!("insert into {}.notes values (gen_random_uuid(), 'a'), (gen_random_uuid(), 'a')", tenants[0].name);
    owner.batch_execute(&double).await.unwrap();
    let report = database.up(&new).await;
    assert_eq!(report.failed.len(), 1);
    assert!(report.failed[0].error.contains("could not create unique index"), "{:?}", report.failed);
    let history = format!("select count(*) from {}.refinery_schema_history", tenants[0].name);
    assert_eq!(database.count(&history).await, 2);
    owner.batch_execute(&format!("delete from {}.notes", tenants[0].name)).await.unwrap();
    assert!(database.up(&new).await.is_complete());
    assert_eq!(database.count("select count(*) from pg_index where not indisvalid").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moving_tenant_is_held_and_never_recorded_as_done() {
    let (old, new) = (sets(&[]), sets(&[NOTES]));
    let database = Database::migrated(&old).await;
    let tenants = database.fleet(&old, 3).await;
    let owner = database.owner().await;
    let move_it = format!("update control.tenants set state = 'moving' where id = '{}'", tenants[1].id);
    owner.batch_execute(&move_it).await.unwrap();
    let report = database.up(&new).await;
    assert_eq!((report.migrated, report.held.len(), report.held[0].id), (3, 1, tenants[1].id));
    assert_eq!(database.versions().await, [(1, "current".into(), 1), (2, "current".into(), 3)]);
    owner.batch_execute("update control.tenants set state = 'active' where state = 'moving'").await.unwrap();
    assert_eq!(database.up(&new).await.migrated, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_release_builds_no_tenant_and_an_older_one_does_not_migrate() {
    let (old, new) = (sets(&[]), sets(&[NOTES]));
    let database = Database::migrated(&old).await;
    let mut owner = database.owner().await;
    let early = provision_one_with(&mut owner, &new, Provision::default()).await.unwrap_err();
    assert!(early.to_string().contains("the fleet is at V1"), "{early}");
    database.up(&new).await;
    let late = provision_one_with(&mut owner, &old, Provision::default()).await.unwrap_err();
    assert!(late.to_string().contains("the fleet is at V2"), "{late}");
    let older = fleet::up(&database.url, &old, &Options::default(), &|_| {}).await.unwrap_err();
    assert!(older.to_string().contains("newer release"), "{older}");
    assert_eq!(database.count("select count(*) from control.tenants").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn any_version_goes_straight_to_the_newest() {
    let more = ("V3__more", "-- more\n-- safe\nalter table notes add column more text;\n");
    let database = Database::migrated(&sets(&[])).await;
    database.fleet(&sets(&[]), 2).await;
    database.up(&sets(&[NOTES])).await;
    database.fleet(&sets(&[NOTES]), 2).await;
    let report = database.up(&sets(&[NOTES, more])).await;
    assert!(report.is_complete());
    assert_eq!(database.versions().await, [(3, "current".into(), 6)]);
    let grants = "select count(*) from pg_class c where relname = 'notes' and has_table_privilege(relnamespace::regnamespace::text, oid, 'delete')";
    assert_eq!(database.count(grants).await, 6);
}
