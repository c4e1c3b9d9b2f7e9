//! Databases with the control plane in them.
use super::{ROOT, keyring};
use kernel::{clock::random_bytes, crypto::hex, embed::WidgetId};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;
use xtask::postgres::{Cluster, shared_url};

/// One database with the control plane in it.
pub struct Database {
    pub sql: Client,
    pub url: String,
}

static TEMPLATE: OnceCell<()> = OnceCell::const_new();

impl Database {
    /// A database of its own in the shared cluster.
    pub async fn shared() -> Self {
        let cluster = shared_url().unwrap();
        TEMPLATE.get_or_init(|| build(cluster, "edge_template")).await;
        let name = format!("edge_{}", hex(&random_bytes::<6>()));
        let admin = connect(cluster).await;
        admin.batch_execute(&format!("create database {name} template edge_template")).await.unwrap();
        Self::open(cluster, &name).await
    }

    /// A database in this cluster, which the test may stop.
    pub async fn on(cluster: &Cluster) -> Self {
        let url = cluster.superuser_url();
        build(&url, "edge").await;
        Self::open(&url, "edge").await
    }

    async fn open(cluster: &str, name: &str) -> Self {
        let url = in_database(cluster, name);
        let sql = connect(&url).await;
        let database = Database { sql, url };
        database.add_key(1, ROOT).await;
        database
    }

    /// The URL of the edge's login.
    pub fn edge_url(&self) -> String {
        let (_, rest) = self.url.split_once('@').unwrap();
        format!("postgres://upzento_edge@{rest}")
    }

    pub async fn reconnect(&mut self) {
        self.sql = connect(&self.url).await;
    }

    pub async fn run(&self, sql: &str) {
        self.sql.batch_execute(sql).await.unwrap();
    }

    pub async fn add_key(&self, kid: u8, secret: [u8; 32]) {
        let sealed = keyring().seal(&format!("embed-key:{kid}"), &secret).unwrap();
        let sql = "insert into control.embed_keys (kid, sealed) values ($1, $2)";
        self.sql.execute(sql, &[&i16::from(kid), &sealed]).await.unwrap();
    }

    pub async fn tenant(&self) -> Uuid {
        let id = Uuid::from_bytes(random_bytes());
        let name = format!("t_{}", kernel::ids::encode(id));
        let sql = "insert into control.tenants (id, kind, slug, name, schema_name, role_name, state)
                   values ($1, 'agency', $2, 'Acme', $2, $2, 'active')";
        self.sql.execute(sql, &[&id, &name]).await.unwrap();
        id
    }

    /// A form widget of this tenant.
    pub async fn widget(&self, tenant: Uuid) -> WidgetId {
        let id = WidgetId::random();
        let sql = "insert into control.widgets (id, tenant_id, kind, resource_id, name, config)
                   values ($1, $2, 'form', $3, 'Contact', '{\"form\":{\"version\":1,\"title\":\"</script><b>&\"}}')";
        self.sql.execute(sql, &[&id.as_str(), &tenant, &Uuid::from_bytes(random_bytes())]).await.unwrap();
        id
    }

    pub async fn allow(&self, tenant: Uuid, kind: &str, origin: &str) {
        let sql = "insert into control.embed_origins (id, tenant_id, kind, origin) values ($1, $2, $3, $4)";
        self.sql.execute(sql, &[&Uuid::from_bytes(random_bytes()), &tenant, &kind, &origin]).await.unwrap();
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client
}

fn in_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

async fn build(cluster: &str, name: &str) {
    tenant_migrations::prepare(&in_database(cluster, name), &Default::default()).await.unwrap();
}
