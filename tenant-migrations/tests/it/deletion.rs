//! Lifecycle steps and the end of a tenant.

use tenant_migrations::deletion::{self, Signer, certificate, delete};
use tenant_migrations::lifecycle::{Error, State, transition};
use uuid::Uuid;

use crate::support::{Database, NOTES, sets};

const KEY: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[tokio::test(flavor = "multi_thread")]
async fn states_change_step_by_step_and_raise_the_epoch() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let tenants = database.fleet(&sets, 1).await;
    let control = database.login("upzento_control").await;
    let epoch = transition(&control, tenants[0].id, State::Suspended).await.unwrap();
    assert_eq!(transition(&control, tenants[0].id, State::Active).await.unwrap(), epoch + 1);
    let error = transition(&control, tenants[0].id, State::Ready).await.unwrap_err();
    assert!(matches!(error, Error::NotAllowed { from: State::Active, to: State::Ready }), "{error}");
    let error = transition(&control, Uuid::nil(), State::Suspended).await.unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");
}

async fn traces(database: &Database, name: &str, id: Uuid) -> Vec<String> {
    let client = database.superuser().await;
    let rows = client
        .query(
            "select 'schema' from pg_namespace where nspname = $1::text union all select 'role' from pg_roles where rolname = $1::text
             union all select 'membership' from pg_auth_members m left join pg_roles r on r.oid = m.roleid where r.oid is null
             union all select 'type ' || typname from pg_type t left join pg_namespace n on n.oid = t.typnamespace where n.oid is null
             union all select 'class ' || relname from pg_class c left join pg_namespace n on n.oid = c.relnamespace where n.oid is null",
            &[&name],
        )
        .await
        .unwrap();
    let mut found: Vec<String> = rows.into_iter().map(|row| row.get(0)).collect();
    let tables = client
        .query(
            "select c.oid::regclass::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relnamespace in ('ops'::regnamespace, 'control'::regnamespace) and c.relkind = 'r' and a.attname in ('tenant', 'tenant_id')
               and c.relname not in ('audit_events', 'deletion_certificates')",
            &[],
        )
        .await
        .unwrap();
    for table in tables {
        let (table, column): (String, String) = (table.get(0), table.get(1));
        let sql = format!("select count(*) from {table} where {column}::text in ('{name}', '{id}')");
        let rows: i64 = client.query_one(&sql, &[]).await.unwrap().get(0);
        if rows > 0 {
            found.push(format!("{rows} rows of {table}"));
        }
    }
    found
}

async fn fill(database: &Database, id: Uuid, name: &str) {
    database
        .owner()
        .await
        .batch_execute(&format!(
            "update control.tenants set slug = 'gone', name = 'Gone Ltd' where id = '{id}';
             insert into {name}.notes values (gen_random_uuid(), 'secret'), (gen_random_uuid(), 'secret');
             insert into ops.jobs (id, tenant, kind) select gen_random_uuid(), '{name}', 'x' from generate_series(1, 7);
             insert into control.audit_events (id, tenant_id, kind, subject, title, payload, actor_kind, ip, occurred_at)
               values (gen_random_uuid(), '{id}', 'k', 's', 'Gone Ltd signed in', '{{\"who\": \"x\"}}', 'user', '1.2.3.4', now());
             insert into control.brands (tenant_id, name) values ('{id}', 'Gone');
             insert into control.widgets (id, tenant_id, kind, resource_id, name) values ('w_0000000000000000', '{id}', 'form', gen_random_uuid(), 'x');
             insert into control.embed_origins (id, tenant_id, widget_id, kind, origin)
               values (gen_random_uuid(), '{id}', 'w_0000000000000000', 'exact', 'https://gone.example');"
        ))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_tenant_leaves_a_tombstone_and_a_certificate() {
    let many: String = (0..23).map(|number| format!("create table t{number} (id int, up int);\n")).collect();
    let sets = sets(&[NOTES, ("V3__many", &many)]);
    let database = Database::migrated(&sets).await;
    let tenants = database.fleet(&sets, 2).await;
    let (id, name) = (tenants[0].id, tenants[0].name.as_str());
    fill(&database, id, name).await;
    assert!(!traces(&database, name, id).await.is_empty());
    let signer = Signer::from_master(KEY).unwrap();
    let written = delete(&mut *database.owner().await, id, Some(&signer)).await.unwrap();
    assert_eq!(traces(&database, name, id).await, Vec::<String>::new());
    assert_eq!(written.body["destroyed"]["notes"], 2);
    assert_eq!(written.body["purged"]["ops.jobs"], 7);
    assert_eq!(written.body["role_dropped"], true);

    let owner = database.owner().await;
    let tombstone =
        owner.query_one("select state, name, slug from control.tenants where id = $1", &[&id]).await.unwrap();
    assert_eq!(
        (tombstone.get::<_, &str>(0), tombstone.get::<_, &str>(1), tombstone.get::<_, Option<&str>>(2)),
        ("deleted", "", None)
    );
    let said = owner.query_one("select string_agg(title || payload || coalesce(ip, ''), '') from control.audit_events where tenant_id = $1", &[&id]).await.unwrap();
    assert!(!said.get::<_, &str>(0).contains("Gone") && !said.get::<_, &str>(0).contains("1.2.3.4"));

    let mut read = certificate(&owner, id).await.unwrap();
    assert!(read.is_authentic(&signer).unwrap());
    let stranger = Signer::from_master("k1:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
    assert!(!read.is_authentic(&stranger).unwrap());
    read.body["destroyed"]["notes"] = 1.into();
    assert!(!read.is_authentic(&signer).unwrap());
    let again = delete(&mut *database.owner().await, id, None).await.unwrap_err();
    assert!(again.to_string().contains("is deleted"), "{again}");
    // The neighbour is whole.
    let (compared, drift) = tenant_migrations::catalog::drift(&mut *database.owner().await, &sets).await.unwrap();
    assert_eq!((compared, drift.len()), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_deletion_is_finished_with_all_its_numbers() {
    let sets = sets(&[NOTES]);
    let database = Database::migrated(&sets).await;
    let tenants = database.fleet(&sets, 1).await;
    let (id, name) = (tenants[0].id, tenants[0].name.as_str());
    fill(&database, id, name).await;
    // The last step of the schema fails: its tables are gone, the rest is not.
    let stop = database.superuser().await;
    stop.batch_execute("create function public.no() returns event_trigger language plpgsql as $$ begin
           if exists (select from pg_event_trigger_dropped_objects() where object_type = 'schema') then raise 'not now'; end if; end $$;
         create event trigger no on sql_drop execute function public.no(); grant usage on schema public to public")
        .await
        .unwrap();
    delete(&mut *database.owner().await, id, None).await.unwrap_err();
    stop.batch_execute("drop event trigger no").await.unwrap();
    let finished = delete(&mut *database.owner().await, id, None).await.unwrap();
    assert_eq!(finished.body["destroyed"]["notes"], 2, "counted by the first call");
    assert!(finished.signature.is_none() && finished.is_authentic(&Signer::from_master(KEY).unwrap()).is_err());
    assert_eq!(traces(&database, name, id).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_with_clients_stays() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let tenants = database.fleet(&sets, 2).await;
    let owner = database.owner().await;
    owner
        .execute(
            "update control.tenants set kind = 'client', parent_id = $1 where id = $2",
            &[&tenants[0].id, &tenants[1].id],
        )
        .await
        .unwrap();
    let error = delete(&mut *database.owner().await, tenants[0].id, None).await.unwrap_err();
    assert!(error.to_string().contains("1 clients"), "{error}");
    delete(&mut *database.owner().await, tenants[1].id, None).await.unwrap();
    delete(&mut *database.owner().await, tenants[0].id, None).await.unwrap();
    assert_eq!(database.count("select count(*) from control.deletion_certificates").await, 2);
    assert!(deletion::certificate(&owner, Uuid::nil()).await.is_err());
}

#[test]
fn a_signer_needs_a_whole_key() {
    for wrong in ["", "k1", "k1:", "k1:AAEC", "k1:???"] {
        assert!(Signer::from_master(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn started_deletions_are_finished_together_and_by_one_program_only() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let tenants = database.fleet(&sets, 3).await;
    let control = database.login("upzento_control").await;
    for tenant in &tenants[..2] {
        transition(&control, tenant.id, State::Deleting).await.unwrap();
    }
    let other = database.superuser().await;
    other.batch_execute(&format!("select pg_advisory_lock(hashtextextended('{}', 0))", tenants[0].name)).await.unwrap();
    let mut owner = database.owner().await;
    let busy = deletion::delete_started(&mut owner, None, |_| std::future::ready(Ok(()))).await.unwrap_err();
    assert!(busy.to_string().contains("another program"), "{busy}");
    assert_eq!(database.count("select count(*) from control.tenants where state = 'deleted'").await, 1);
    other.batch_execute("select pg_advisory_unlock_all()").await.unwrap();
    assert_eq!(deletion::delete_started(&mut owner, None, |_| std::future::ready(Ok(()))).await.unwrap().len(), 1);
    assert_eq!(deletion::delete_started(&mut owner, None, |_| std::future::ready(Ok(()))).await.unwrap().len(), 0);
    assert_eq!(database.count("select count(*) from control.tenants where state = 'active'").await, 1);
}
