//! A tenant out of one database and into another.

use std::path::PathBuf;

use tenant_migrations::provision::Provision;
use tenant_migrations::transfer::{Part, export, import};
use tenant_migrations::{Provisioned, Sets};
use uuid::Uuid;

use crate::support::{Database, NOTES, sets};

struct Files(PathBuf);

impl Files {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("upzento-transfer-{}", Uuid::new_v4()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn rich() -> Sets {
    sets(&[
        NOTES,
        (
            "V3__circle",
            "-- circle\n-- safe\n\
             create table left_side (id int not null, other int, no bigint generated always as identity, constraint left_side_pkey primary key (id));\n\
             create table right_side (id int not null, other int, doubled int generated always as (id * 2) stored, constraint right_side_pkey primary key (id),\n\
               constraint right_side_other_fkey foreign key (other) references left_side (id));\n\
             alter table left_side add constraint left_side_other_fkey foreign key (other) references right_side (id);\n\
             insert into right_side (id) values (7);\n",
        ),
    ])
}

async fn fill(database: &Database, tenant: &Provisioned) {
    let name = &tenant.name;
    database
        .owner()
        .await
        .batch_execute(&format!(
            "update control.tenants set slug = 'one-and-only', name = E'Tab\\there' where id = '{id}';
             insert into {name}.notes select gen_random_uuid(), E'a\\tb\\nc\\\\d \\u00e9 ' || n from generate_series(1, 5000) n;
             insert into {name}.left_side (id) values (1);
             insert into {name}.right_side (id, other) values (1, 1);
             update {name}.left_side set other = 1;
             delete from {name}.right_side where id = 7;
             insert into {name}.events (id, kind, subject, subject_id, title, actor_kind, occurred_at)
               select gen_random_uuid(), 'k', 's', gen_random_uuid(), 't', 'system', '2026-03-29 01:30:00.123456+00' from generate_series(1, 10);
             insert into ops.jobs (id, tenant, kind) values (gen_random_uuid(), '{name}', 'x');
             insert into ops.usage (tenant, metric, day, amount) values ('{name}', 'm', '2026-01-01', 5);
             insert into control.audit_events (id, tenant_id, kind, subject, title, actor_kind, occurred_at)
               values (gen_random_uuid(), '{id}', 'k', 's', 't', 'system', now());
             insert into control.users (id, email, name, password_hash, password_changed_at, created_at, updated_at)
               values ('00000000-0000-7000-9000-000000000001', 'a@example.org', 'A', 'x', now(), now(), now()),
                 ('00000000-0000-7000-9000-000000000002', 'b@example.org', 'B', 'x', now(), now(), now());
             insert into control.memberships (tenant_id, user_id, name, created_at, updated_at)
               values ('{id}', '00000000-0000-7000-9000-000000000001', 'A', now(), now());",
            id = tenant.id
        ))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_out_goes_in_and_comes_out_the_same() {
    let sets = rich();
    let (source, target) = (Database::migrated(&sets).await, Database::migrated(&sets).await);
    let tenants = source.fleet(&sets, 2).await;
    fill(&source, &tenants[0]).await;
    let files = Files::new();
    let first = export(&mut *source.owner().await, &sets, tenants[0].id, &files.file("a.tar")).await.unwrap();
    let rows = |part: Part, table: &str| {
        first.tables.iter().find(|entry| entry.part == part && entry.table == table).unwrap().rows
    };
    assert_eq!(rows(Part::Tenant, "notes"), 5000);
    assert_eq!(rows(Part::Tenant, "events"), 10);
    assert_eq!(rows(Part::Ops, "jobs"), 1);
    assert_eq!(rows(Part::Control, "memberships"), 1);
    assert_eq!(rows(Part::Shared, "users"), 1, "members only");

    let imported = import(&mut *target.owner().await, &sets, &files.file("a.tar"), Provision::default()).await.unwrap();
    assert!(imported.left_out.is_empty());
    let second = export(&mut *target.owner().await, &sets, tenants[0].id, &files.file("b.tar")).await.unwrap();
    for (before, after) in first.tables.iter().zip(&second.tables) {
        // The tenant's own row counts its changes.
        if before.table != "tenants" {
            assert_eq!(before, after);
        }
    }
    assert_eq!(first.sequences, second.sequences);
    assert_eq!(
        target.count("select count(*) from control.tenants where state = 'active' and slug = 'one-and-only'").await,
        1
    );
    let (compared, drift) = tenant_migrations::catalog::drift(&mut *target.owner().await, &sets).await.unwrap();
    assert_eq!((compared, drift.len()), (1, 0), "{drift:?}");
    // It is a tenant like any other there.
    let app = target.login("upzento_app").await;
    let name = &tenants[0].name;
    app.batch_execute(&format!("begin; set local search_path = {name}, shared; set local role {name}")).await.unwrap();
    let row = app.query_one("select (select count(*) from notes), (select count(*) from ops.jobs)", &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (5000, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_tenant_is_brought_forward_after_the_import() {
    let (old, new) = (sets(&[NOTES]), rich());
    let (source, target) = (Database::migrated(&old).await, Database::migrated(&new).await);
    let tenants = source.fleet(&old, 1).await;
    let files = Files::new();
    export(&mut *source.owner().await, &old, tenants[0].id, &files.file("a.tar")).await.unwrap();
    import(&mut *target.owner().await, &new, &files.file("a.tar"), Provision::default()).await.unwrap();
    assert_eq!(target.versions().await, [(2, "current".into(), 1)]);
    let report = target.up(&new).await;
    assert_eq!((report.migrated, report.is_complete()), (1, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_known_and_foreign_archives_leave_nothing_behind() {
    let sets = rich();
    let (source, target) = (Database::migrated(&sets).await, Database::migrated(&sets).await);
    let tenants = source.fleet(&sets, 2).await;
    fill(&source, &tenants[0]).await;
    let files = Files::new();
    let archive = files.file("a.tar");
    export(&mut *source.owner().await, &sets, tenants[0].id, &archive).await.unwrap();
    let refuse = async |database: &Database, sets: &Sets, path: &PathBuf| {
        let error = import(&mut *database.owner().await, sets, path, Provision::default()).await.unwrap_err();
        format!("{error:#}")
    };
    assert!(refuse(&source, &sets, &archive).await.contains("exists here and is active"));
    let mut bytes = std::fs::read(&archive).unwrap();
    let at = bytes.windows(6).position(|window| window == b"a\\tb\\n").unwrap();
    bytes[at] = b'z';
    std::fs::write(files.file("damaged.tar"), &bytes).unwrap();
    assert!(refuse(&target, &sets, &files.file("damaged.tar")).await.contains("damaged"));
    bytes.truncate(at);
    std::fs::write(files.file("short.tar"), &bytes).unwrap();
    assert!(refuse(&target, &sets, &files.file("short.tar")).await.contains("too early"));
    let older = crate::support::sets(&[NOTES]);
    assert!(refuse(&target, &older, &archive).await.contains("knows V2 only"));
    let taken = "insert into control.tenants (id, schema_name, role_name, slug) values (gen_random_uuid(),
       't_00000000000000000000000000', 't_00000000000000000000000000', 'one-and-only')";
    target.owner().await.batch_execute(taken).await.unwrap();
    assert!(refuse(&target, &sets, &archive).await.contains("loading control/tenants.copy"));
    assert_eq!(target.count("select count(*) from pg_namespace where nspname like 't\\_%'").await, 0);
    assert_eq!(target.count("select count(*) from control.users").await, 0);
    let exists = export(&mut *source.owner().await, &sets, tenants[0].id, &archive).await.unwrap_err();
    assert!(exists.to_string().contains("exists"), "{exists}");
}
