//! The world under load: one Postgres of its own, two databases. `bench` has tenants with their schemas, keys and
//! contacts; `sites` has only a control plane, for an edge with very many widgets.
use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{
    crypto::{Keyring, new_secret},
    ids::TenantId,
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;
use xtask::{console, postgres::Cluster};

/// The server's settings beside those of every cluster: what an operator would choose for this size.
const SETTINGS: &[(&str, &str)] =
    &[("shared_buffers", "4GB"), ("max_wal_size", "8GB"), ("checkpoint_timeout", "15min")];
/// Contacts of an ordinary tenant; the one that is asked for is one of them.
const FEW: i32 = 20;
/// Ready schemas beside the claimed ones, for what opens new tenants.
pub const SPARE: usize = 120;
const CONTACTS: &str = include_str!("contacts.sql");
/// The master key of every program under test.
const MASTER: [u8; 32] = [7; 32];

/// How large everything is.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Tenants.
    pub tenants: usize,
    /// Contacts of the first tenant.
    pub contacts: i32,
    /// Widgets of the edge.
    pub sites: usize,
    /// Repetitions of what is compared.
    pub rounds: usize,
    /// One measured stretch.
    pub stretch: Duration,
}

impl Scale {
    /// What the goals speak of.
    pub const FULL: Scale =
        Scale { tenants: 1_000, contacts: 100_000, sites: 10_000, rounds: 5, stretch: Duration::from_secs(3) };
    /// Seconds instead of minutes, for work on the bench itself. Its figures mean nothing.
    pub const QUICK: Scale =
        Scale { tenants: 24, contacts: 3_000, sites: 300, rounds: 2, stretch: Duration::from_millis(1200) };
}

/// A tenant with a way in.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Name of schema and role.
    pub schema: String,
    /// Secret of an API key that may do everything.
    pub key: String,
    /// One of its contacts.
    pub contact: Uuid,
}

/// Everything a scenario works on.
pub struct World {
    /// How large it is.
    pub scale: Scale,
    /// For waiting on what is asynchronous.
    pub runtime: Runtime,
    /// The server.
    pub cluster: Cluster,
    /// Tenants of database `bench`; the first has very many contacts. Empty when nothing asked for them.
    pub tenants: Vec<Tenant>,
    /// Files of the programs under test; goes with the cluster.
    pub dir: PathBuf,
}

impl World {
    /// Starts the server. Making tenants takes a while, so they are made only when wanted.
    ///
    /// # Errors
    /// Postgres does not start, or the schemas do not build.
    pub fn make(scale: Scale, with_tenants: bool, with_sites: bool) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let cluster = Cluster::temporary_with(SETTINGS)?;
        let dir = cluster.temporary_folder().context("a temporary cluster has a folder")?.join("programs");
        fs::create_dir(&dir)?;
        let mut world = World { scale, runtime, cluster, tenants: vec![], dir };
        if with_tenants {
            let begun = Instant::now();
            world.tenants = world.runtime.block_on(make_tenants(&world.cluster, scale))?;
            console::line(&format!("  {} tenants made in {}", scale.tenants, console::seconds(begun.elapsed())));
        }
        if with_sites {
            world.runtime.block_on(make_sites(&world.cluster, scale.sites))?;
        }
        world.cluster.restart_durable(true)?;
        Ok(world)
    }

    /// URL of a login in a database.
    pub fn url(&self, login: &str, database: &str) -> String {
        url(&self.cluster, login, database)
    }

    /// A connection as superuser, to look at everything.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn superuser(&self, database: &str) -> Result<Client> {
        self.runtime.block_on(connect(&self.cluster.url(database)))
    }

    /// Writes a program's configuration: the defaults, on free ports, without limits on callers.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn config(&self, name: &str, database: &str, more: &[(&str, &str, toml::Value)]) -> Result<PathBuf> {
        let mut table = toml::Table::new();
        let mut set = |section: &str, key: &str, value: toml::Value| {
            let section = table.entry(section).or_insert_with(|| toml::Table::new().into());
            section.as_table_mut().map(|section| section.insert(key.to_owned(), value));
        };
        for login in ["owner", "app", "control", "ops", "admin", "edge"] {
            let url = self.url(&format!("upzento_{login}"), database);
            set("database", &format!("{login}_url"), url.into());
        }
        // The pool of ready schemas would be filled while something else is measured.
        set("database", "warm_pool", 0.into());
        set("server", "listen", "127.0.0.1:0".into());
        set("edge", "listen", "127.0.0.1:0".into());
        set("edge", "admin_listen", "127.0.0.1:0".into());
        set("edge", "hosts", vec!["127.0.0.1:*", "localhost:*"].into());
        set("edge", "assets", xtask::project_root().join("widgets/dist").to_string_lossy().into_owned().into());
        set("secrets", "master", vec![master()].into());
        set("files", "root", self.dir.join("files").to_string_lossy().into_owned().into());
        set("limits", "api_per_minute", i64::from(u32::MAX).into());
        set("limits", "public_per_minute", i64::from(u32::MAX).into());
        set("telemetry", "log", "warn".into());
        for (section, key, value) in more {
            set(section, key, value.clone());
        }
        let path = self.dir.join(format!("{name}.toml"));
        fs::write(&path, toml::to_string(&table)?)?;
        Ok(path)
    }

    /// Gives the agency of this name as many contacts as the first tenant has.
    ///
    /// # Errors
    /// There is no such agency, or it has contacts already.
    pub fn fill_agency(&self, name: &str) -> Result<()> {
        let client = self.superuser("bench")?;
        self.runtime.block_on(async {
            let schema = "select schema_name from control.tenants where kind = 'agency' and name = $1";
            let schema: String = client.query_one(schema, &[&name]).await?.get(0);
            let count = self.scale.contacts;
            client.batch_execute(&format!("set search_path = {schema}, shared; set bench.count = {count}")).await?;
            Ok(client.batch_execute(CONTACTS).await?)
        })
    }

    /// A folder for one scenario's files.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.dir.join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

fn master() -> String {
    format!("bench:{}", BASE64_STANDARD.encode(MASTER))
}

fn url(cluster: &Cluster, login: &str, database: &str) -> String {
    cluster.url(database).replacen("//postgres@", &format!("//{login}@"), 1)
}

/// Connects; the connection ends with the client.
///
/// # Errors
/// The server does not answer.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn make_tenants(cluster: &Cluster, scale: Scale) -> Result<Vec<Tenant>> {
    let database = cluster.url("bench");
    tenant_migrations::prepare(&database, &tenant_migrations::Bootstrap::default()).await?;
    // Several builders share the work, as several processes would.
    let wanted = scale.tenants + SPARE.min(scale.tenants);
    let builders = (0..crate::machine::processors()).map(|_| {
        let owner = url(cluster, "upzento_owner", "bench");
        tokio::spawn(async move {
            let mut owner = tenant_migrations::connect_owner(&owner).await?;
            tenant_migrations::ensure_warm(&mut owner, wanted).await
        })
    });
    for builder in builders.collect::<Vec<_>>() {
        builder.await??;
    }
    let superuser = connect(&database).await?;
    embed_key(&superuser).await?;
    let mut tenants = claim(&superuser, scale.tenants).await?;
    fill(cluster, &mut tenants, scale.contacts).await?;
    Ok(tenants)
}

/// Makes ready schemas active tenants, each with an API key, in two statements instead of thousands of calls.
async fn claim(superuser: &Client, count: usize) -> Result<Vec<Tenant>> {
    let claim = "update control.tenants set state = 'active', kind = 'agency', name = 'Tenant', activated_at = now()
                 where id in (select id from control.tenants where state = 'ready' order by id limit $1)
                 returning id, schema_name";
    let rows = superuser.query(claim, &[&i64::try_from(count)?]).await?;
    let mut tenants = Vec::with_capacity(count);
    let (mut ids, mut hashes, mut keys) = (vec![], vec![], vec![]);
    for row in &rows {
        let (key, hash) = new_secret("upk");
        ids.push(row.get::<_, Uuid>(0));
        hashes.push(hash);
        keys.push(Uuid::from_bytes(kernel::clock::random_bytes()));
        tenants.push(Tenant { schema: row.get(1), key, contact: Uuid::nil() });
    }
    let insert = "insert into control.api_keys (id, tenant_id, name, hash, hint, scopes, created_by, created_at)
                  select k.id, k.tenant, 'Bench', k.hash, 'upk_bench', '{\"*\": \"all\"}', k.id, now()
                  from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as k(id, tenant, hash)";
    superuser.execute(insert, &[&keys, &ids, &hashes]).await?;
    Ok(tenants)
}

async fn fill(cluster: &Cluster, tenants: &mut [Tenant], many: i32) -> Result<()> {
    let mut shares = vec![];
    let share = tenants.len().div_ceil(crate::machine::processors()).max(1);
    for (at, chunk) in tenants.chunks(share).enumerate() {
        let (url, schemas): (_, Vec<String>) = (cluster.url("bench"), chunk.iter().map(|t| t.schema.clone()).collect());
        shares.push(tokio::spawn(async move {
            let client = connect(&url).await?;
            let mut contacts: Vec<Uuid> = vec![];
            for (n, schema) in schemas.iter().enumerate() {
                let count = if at + n == 0 { many } else { FEW };
                client.batch_execute(&format!("set search_path = {schema}, shared; set bench.count = {count}")).await?;
                client.batch_execute(CONTACTS).await?;
                contacts.push(
                    client.query_one("select id from contacts order by created_at, id limit 1", &[]).await?.get(0),
                );
            }
            anyhow::Ok(contacts)
        }));
    }
    let mut contacts = vec![];
    for share in shares {
        contacts.extend(share.await??);
    }
    for (tenant, contact) in tenants.iter_mut().zip(contacts) {
        tenant.contact = contact;
    }
    Ok(())
}

/// Sealed as the platform would do it, so that edges can sign.
async fn embed_key(superuser: &Client) -> Result<()> {
    let sealed = Keyring::parse(&[master()])?.seal("embed-key:1", &[42; 32])?;
    let insert = "insert into control.embed_keys (kid, sealed) values (1, $1) on conflict do nothing";
    superuser.execute(insert, &[&sealed]).await?;
    Ok(())
}

/// The page every widget of database `sites` may live on.
pub const PAGE: &str = "https://client.example";

/// Tenants with a form widget each, ten times as large as an ordinary form's, and no schema: an edge sees no difference.
async fn make_sites(cluster: &Cluster, count: usize) -> Result<()> {
    let database = cluster.url("sites");
    tenant_migrations::prepare(&database, &tenant_migrations::Bootstrap::default()).await?;
    let superuser = connect(&database).await?;
    embed_key(&superuser).await?;
    let ids: Vec<Uuid> = (0..count).map(|_| Uuid::from_bytes(kernel::clock::random_bytes())).collect();
    let names: Vec<String> =
        ids.iter().map(|id| kernel::tenancy::SchemaName::of(TenantId(*id)).as_str().to_owned()).collect();
    let widgets: Vec<String> = ids.iter().map(|_| kernel::embed::WidgetId::random().as_str().to_owned()).collect();
    superuser
        .execute(
            "insert into control.tenants (id, kind, slug, name, schema_name, role_name, state)
             select t.id, 'agency', t.name, 'Acme', t.name, t.name, 'active' from unnest($1::uuid[], $2::text[]) as t(id, name)",
            &[&ids, &names],
        )
        .await?;
    let config: serde_json::Value = serde_json::from_str(include_str!("form.json"))?;
    superuser
        .execute(
            "insert into control.widgets (id, tenant_id, kind, resource_id, name, config)
             select w.id, w.tenant, 'form', w.tenant, 'Contact', jsonb_build_object('form', $3::jsonb || '{\"version\": 1}')
             from unnest($1::text[], $2::uuid[]) as w(id, tenant)",
            &[&widgets, &ids, &config],
        )
        .await?;
    superuser
        .execute(
            "insert into control.embed_origins (id, tenant_id, kind, origin) select t.id, t.id, 'exact', $2 from unnest($1::uuid[]) as t(id)",
            &[&ids, &PAGE],
        )
        .await?;
    Ok(())
}

/// Facts about the server under test: version and the settings that decide about speed.
///
/// # Errors
/// The server does not answer.
pub fn server_facts(world: &World) -> Result<Vec<(String, String)>> {
    let names = [
        "shared_buffers",
        "max_wal_size",
        "checkpoint_timeout",
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "wal_level",
        "wal_compression",
        "max_connections",
        "autovacuum",
        "jit",
    ];
    let client = world.superuser("postgres")?;
    let settings = world.runtime.block_on(async {
        let mut settings = vec![];
        for name in names {
            let row = client.query_one("select current_setting($1)", &[&name]).await?;
            settings.push(format!("{name} {}", row.get::<_, String>(0)));
        }
        anyhow::Ok(settings)
    })?;
    let postgres = format!("{}, on the same machine", world.cluster.binaries().version);
    Ok(vec![("PostgreSQL".to_owned(), postgres), ("its settings".to_owned(), settings.join(", "))])
}

/// The path of a file of this crate.
pub fn own_file(name: &str) -> PathBuf {
    xtask::project_root().join(Path::new("tests/load")).join(name)
}
