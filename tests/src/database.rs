//! One Postgres for the test process, one migrated template, one clone for each test.
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;

/// Tenants each clone starts with, ready to be claimed. Every clone copies their files, so a test that opens more warms more.
pub const WARM: usize = 4;
const PASSWORD: &str = "test-only";
static TEMPLATE: OnceCell<Result<String, String>> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A database of one test.
#[derive(Debug, Clone)]
pub struct TestDatabase {
    /// Its name.
    pub name: String,
    server: String,
    superuser: String,
}

/// Runs SQL as the superuser.
pub async fn run(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the test server answers");
    let task = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    drop(client);
    let _ = task.await;
}

fn with_database(url: &str, database: &str) -> String {
    let mut url = url::Url::parse(url).expect("a database URL");
    url.set_path(database);
    url.to_string()
}

fn with_login(url: &str, login: &str) -> String {
    let mut url = url::Url::parse(url).expect("a database URL");
    url.set_username(login).expect("a login");
    url.set_password(Some(PASSWORD)).expect("a password");
    url.to_string()
}

/// Built once; when it cannot be built every test says why.
async fn template() -> &'static str {
    let built = TEMPLATE.get_or_init(|| async { build_template().await.map_err(|error| format!("{error:#}")) }).await;
    built.as_deref().unwrap_or_else(|error| panic!("the template database: {error}"))
}

async fn build_template() -> anyhow::Result<String> {
    let name = format!("template_{}", std::process::id());
    build(xtask::postgres::shared_url()?, &name).await?;
    Ok(name)
}

/// A migrated database with ready schemas.
async fn build(server: &str, name: &str) -> anyhow::Result<()> {
    run(server, &format!("create database {name}")).await;
    let url = with_database(server, name);
    tenant_migrations::prepare(&url, &tenant_migrations::Bootstrap::with_password(PASSWORD)).await?;
    let mut owner = tenant_migrations::connect_owner(&with_login(&url, "upzento_owner")).await?;
    tenant_migrations::ensure_warm(&mut owner, WARM).await?;
    Ok(())
}

impl TestDatabase {
    /// A fresh clone.
    pub async fn create() -> Self {
        let template = template().await;
        let server = xtask::postgres::shared_url().expect("a Postgres for tests");
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        // The owner's connection that built the template may still be closing.
        for attempt in 0.. {
            let (client, connection) = tokio_postgres::connect(server, NoTls).await.expect("the test server answers");
            tokio::spawn(connection);
            match client.batch_execute(&format!("create database {name} template {template} strategy file_copy")).await
            {
                Ok(()) => {
                    // Rights on a database do not come along with its template.
                    let revoke = format!(
                        "revoke all on database {name} from public; grant connect on database {name} to upzento_app, upzento_control, upzento_ops, upzento_admin, upzento_edge"
                    );
                    client.batch_execute(&revoke).await.expect("rights of the clone");
                    break;
                }
                Err(error)
                    if attempt < 200 && error.code() == Some(&tokio_postgres::error::SqlState::OBJECT_IN_USE) =>
                {
                    tokio::time::sleep(std::time::Duration::from_millis(25)).await;
                }
                Err(error) => panic!("clone: {error:?}"),
            }
        }
        TestDatabase { superuser: with_database(server, &name), server: server.to_owned(), name }
    }

    /// A fresh one in a server of the test's own, which the test may stop.
    pub async fn on(server: &str) -> Self {
        let name = "upzento".to_owned();
        build(server, &name).await.unwrap_or_else(|error| panic!("the database: {error:#}"));
        TestDatabase { superuser: with_database(server, &name), server: server.to_owned(), name }
    }

    /// URL of a login, for example `upzento_app`.
    pub fn url(&self, login: &str) -> String {
        with_login(&self.superuser, login)
    }

    /// URL of the superuser in this database.
    pub fn superuser_url(&self) -> &str {
        &self.superuser
    }

    /// A connection that may see everything, to look where no API reaches.
    pub async fn superuser(&self) -> tokio_postgres::Client {
        let (client, connection) =
            tokio_postgres::connect(&self.superuser, NoTls).await.expect("the test server answers");
        tokio::spawn(connection);
        client
    }

    /// More ready schemas than the template brought.
    pub async fn warm(&self, wanted: usize) {
        // A clone has the objects of its template, but not the rights on the database itself.
        run(&self.superuser, &format!("grant all on database {} to upzento_owner", self.name)).await;
        let mut owner = tenant_migrations::connect_owner(&self.superuser).await.expect("owner");
        tenant_migrations::ensure_warm(&mut owner, wanted).await.expect("warm pool");
    }

    /// Removes it, whoever is still connected.
    pub async fn drop(&self) {
        run(&self.server, &format!("drop database if exists {} with (force)", self.name)).await;
    }
}
