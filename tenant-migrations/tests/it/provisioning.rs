//! The warm pool and its baseline.

use tenant_migrations::catalog::{Source, reference};
use tenant_migrations::provision::{Provision, ensure_warm_with, provision_one_with};
use tenant_migrations::{Claim, Sets, baseline, claim};

use crate::support::{Database, NOTES, sets};

fn agency(slug: &str) -> Claim {
    Claim {
        kind: "agency".into(),
        parent_id: None,
        slug: Some(slug.into()),
        name: "One".into(),
        zone: "Europe/Paris".into(),
        locale: "fr".into(),
        country: Some("FR".into()),
        currency: "EUR".into(),
        plan_id: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_claims_never_get_the_same_schema() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    assert_eq!(ensure_warm_with(&mut *database.owner().await, &sets, 12, Provision::default()).await.unwrap(), 12);
    let mut claims = tokio::task::JoinSet::new();
    for number in 0..20 {
        let client = database.login("upzento_control").await;
        claims.spawn(async move { claim(&client, &agency(&format!("agency-{number}"))).await.unwrap() });
    }
    let claimed = claims.join_all().await;
    let mut names: Vec<_> = claimed.iter().flatten().map(|tenant| tenant.name.clone()).collect();
    assert_eq!(names.len(), 12);
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 12);
    let active = "select count(*) from control.tenants where state = 'active' and kind = 'agency' and currency = 'EUR' and epoch = 1 and activated_at is not null";
    assert_eq!(database.count(active).await, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_is_taken_once_and_the_schema_goes_back_to_the_pool() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    ensure_warm_with(&mut *database.owner().await, &sets, 2, Provision::default()).await.unwrap();
    let client = database.login("upzento_control").await;
    claim(&client, &agency("one")).await.unwrap().unwrap();
    let error = claim(&client, &agency("one")).await.unwrap_err();
    assert!(
        format!("{error:#}").contains("tenants_slug_key")
            || tenant_migrations::pg::explain(&error).contains("tenants_slug_key"),
        "{error:#}"
    );
    assert_eq!(database.count("select count(*) from control.tenants where state = 'ready'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_programs_fill_the_pool_to_what_is_wanted_only() {
    let sets = sets(&[NOTES]);
    let database = Database::migrated(&sets).await;
    let mut owners = Vec::new();
    for _ in 0..3 {
        owners.push(database.owner().await);
    }
    let mut tasks = tokio::task::JoinSet::new();
    for mut owner in owners {
        let sets = sets.clone();
        tasks.spawn(async move { ensure_warm_with(&mut owner, &sets, 30, Provision::default()).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<usize>(), 30);
    assert_eq!(database.count("select count(*) from control.tenants where state = 'ready'").await, 30);
    assert_eq!(ensure_warm_with(&mut *database.owner().await, &sets, 30, Provision::default()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_interrupted_run_reserved_is_built_by_the_next() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let mut owner = database.owner().await;
    ensure_warm_with(&mut owner, &sets, 2, Provision::default()).await.unwrap();
    // As if it had ended after the roles and before the schema.
    let row = owner.query_one("select id, schema_name from control.tenants limit 1", &[]).await.unwrap();
    let (id, name): (uuid::Uuid, String) = (row.get(0), row.get(1));
    owner
        .batch_execute(&format!(
            "drop schema {name} cascade; delete from control.tenant_schemas where tenant_id = '{id}';
             update control.tenants set state = 'warming' where id = '{id}'"
        ))
        .await
        .unwrap();
    assert_eq!(ensure_warm_with(&mut owner, &sets, 2, Provision::default()).await.unwrap(), 1);
    assert_eq!(database.count("select count(*) from control.tenants where state = 'ready'").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn tenant_roles_log_in_only_where_that_is_wanted() {
    let sets = sets(&[]);
    let database = Database::migrated(&sets).await;
    let mut owner = database.owner().await;
    let closed = provision_one_with(&mut owner, &sets, Provision::default()).await.unwrap();
    let open = provision_one_with(&mut owner, &sets, Provision { tenant_role_login: true }).await.unwrap();
    for (tenant, expected) in [(closed, false), (open, true)] {
        let sql = "select rolcanlogin from pg_roles where rolname = $1::text";
        let row = owner.query_one(sql, &[&tenant.name.as_str()]).await.unwrap();
        assert_eq!(row.get::<_, bool>(0), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_baseline_in_the_repository_is_the_sum_of_the_migrations() {
    let sets = Sets::embedded().unwrap();
    let database = Database::bare().await;
    let mut owner = database.owner().await;
    baseline::check(&mut owner, sets).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_baseline_equals_its_files_however_they_got_there() {
    let winding = [
        (
            "V2__people",
            "-- people\n-- safe\n\
             create table stages (id uuid not null default gen_random_uuid(), key text not null, made timestamptz not null default now(), gone int,\n\
               constraint stages_pkey primary key (id), constraint stages_key_key unique (key));\n\
             create table people (id uuid not null, no bigint generated always as identity, name text collate \"C\" not null,\n\
               folded text generated always as (shared.fold(name)) stored, stage_id uuid, boss uuid, span tstzrange,\n\
               tags text[] not null default '{}', payload jsonb not null default '{\"a\": \"b\\\\c''d\"}',\n\
               constraint people_pkey primary key (id),\n\
               constraint people_stage_id_fkey foreign key (stage_id) references stages (id) on delete set null deferrable initially deferred,\n\
               constraint people_boss_fkey foreign key (boss) references people (id),\n\
               constraint people_name_check check (length(name) between 1 and 200 and (name !~ '^\\s' or name = '')),\n\
               constraint people_span_excl exclude using gist (name with =, span with &&)) with (fillfactor = 80);\n\
             create index people_name_trgm on people using gin (folded gin_trgm_ops);\n\
             create index people_lower on people (lower(name)) where boss is not null;\n\
             create unique index people_no_key on people (no desc nulls last) include (name);\n\
             comment on table people is 'it''s'; comment on column people.name is 'a name';\n\
             create view bosses as select p.id, p.name from people p where exists (select from people q where q.boss = p.id);\n\
             insert into stages (key) values ('it''s new'), ('won\\');\n",
        ),
        (
            "V3__later",
            "-- later\n-- safe\n\
             alter table stages drop column gone, add column rank int not null default 0, add constraint stages_rank_check check (rank >= 0) not valid;\n\
             alter table people rename column boss to chief; create index stages_rank_idx on stages (rank);\n",
        ),
        (
            "V4__outside",
            "-- x\n-- y\n-- nontransactional\ncreate index concurrently if not exists people_tags_idx on people using gin (tags);\n",
        ),
    ];
    let mut sets = sets(&winding);
    let database = Database::bare().await;
    let mut owner = database.owner().await;
    sets.baseline = baseline::generate(&mut owner, &sets).await.unwrap();
    assert!(!sets.baseline.contains("gone") && !sets.baseline.contains("made)"), "{}", sets.baseline);
    let files = reference(&mut owner, &sets, Source::Files).await.unwrap();
    assert_eq!(reference(&mut owner, &sets, Source::Provisioned).await.unwrap(), files);
    // A stale one is not used: the files are.
    sets.tenant.push(tenant_migrations::Step::new("V5__x", "create table x (id int);").unwrap());
    assert!(baseline::check(&mut owner, &sets).await.unwrap_err().to_string().contains("stale"));
    let built = reference(&mut owner, &sets, Source::Provisioned).await.unwrap();
    assert!(built.iter().any(|line| line.starts_with("relation|x|")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_baseline_refuses_what_it_cannot_carry() {
    let database = Database::bare().await;
    let mut owner = database.owner().await;
    for (sql, words) in [
        ("create type mood as enum ('good');", "type mood"),
        ("create table a (id uuid); insert into a values (gen_random_uuid());", "another value in each tenant"),
        ("create table a (id serial); insert into a default values;", "counts up"),
        ("create table a (id int) partition by range (id);", "table a"),
    ] {
        let error = baseline::generate(&mut owner, &sets(&[("V2__x", sql)])).await.unwrap_err();
        assert!(format!("{error:#}").contains(words), "{error:#}");
    }
    assert_eq!(database.count("select count(*) from pg_namespace where nspname like 't\\_%'").await, 0);
}
