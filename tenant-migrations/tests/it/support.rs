//! A database per test, and migrations made for it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use tenant_migrations::fleet::{self, Options, Report};
use tenant_migrations::provision::{Provision, provision_one_with};
use tenant_migrations::{Bootstrap, Provisioned, Session, Sets, Step, bootstrap, connect, connect_owner};

pub const PASSWORD: &str = "only in tests";

pub struct Database {
    pub url: String,
    name: String,
}

impl Database {
    /// Prepared, without any table.
    pub async fn bare() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = xtask::postgres::shared_url().expect("a test server");
        let name = format!("migrations_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (start, _) = server.rsplit_once('/').expect("a URL with a database");
        let url = format!("{start}/{name}");
        bootstrap(&url, &Bootstrap::with_password(PASSWORD)).await.unwrap();
        Self { url, name }
    }

    /// Migrated with these files.
    pub async fn migrated(sets: &Sets) -> Self {
        let database = Self::bare().await;
        database.up(sets).await;
        database
    }

    pub async fn up(&self, sets: &Sets) -> Report {
        self.up_with(sets, &Options::default()).await
    }

    pub async fn up_with(&self, sets: &Sets, options: &Options) -> Report {
        fleet::up(&self.url, sets, options, &|_| {}).await.unwrap()
    }

    pub async fn owner(&self) -> Session {
        connect_owner(&self.url).await.unwrap()
    }

    pub async fn superuser(&self) -> Session {
        connect(&self.url).await.unwrap()
    }

    pub async fn login(&self, login: &str) -> Session {
        connect(&self.url_of(login)).await.unwrap()
    }

    pub fn url_of(&self, login: &str) -> String {
        let (_, rest) = self.url.split_once("://").unwrap();
        let (_, host) = rest.rsplit_once('@').unwrap();
        format!("postgres://{login}:{}@{host}", PASSWORD.replace(' ', "%20"))
    }

    /// So many active agencies, one of the pool left in it.
    pub async fn fleet(&self, sets: &Sets, count: usize) -> Vec<Provisioned> {
        let mut owner = self.owner().await;
        let mut tenants = Vec::new();
        for _ in 0..count {
            tenants.push(provision_one_with(&mut owner, sets, Provision::default()).await.unwrap());
        }
        let sql = "update control.tenants set state = 'active', kind = 'agency', name = 'One'";
        owner.batch_execute(sql).await.unwrap();
        provision_one_with(&mut owner, sets, Provision::default()).await.unwrap();
        tenants
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.superuser().await.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Versions in the central table with the numbers of tenants.
    pub async fn versions(&self) -> Vec<(i32, String, i64)> {
        let sql = "select version, state, count(*) from control.tenant_schemas group by 1, 2 order by 1, 2";
        let rows = self.superuser().await.query(sql, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    }
}

impl Drop for Database {
    /// The roles of the tenants stay until the server goes: they have nothing left to act on.
    fn drop(&mut self) {
        let (server, name) = (xtask::postgres::shared_url().unwrap().to_owned(), self.name.clone());
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let session = connect(&server).await.unwrap();
                let _ = session.batch_execute(&format!("drop database if exists {name} with (force)")).await;
            });
        };
        let _ = std::thread::spawn(drop).join();
    }
}

pub const NOTES: (&str, &str) = (
    "V2__notes",
    "-- notes\n-- safe\ncreate table notes (id uuid not null, text text not null, constraint notes_pkey primary key (id));\n",
);

/// The platform's real sets, and a tenant set of the real first file plus these.
pub fn sets(more: &[(&str, &str)]) -> Sets {
    let real = Sets::embedded().unwrap();
    let mut tenant = vec![real.tenant[0].clone()];
    tenant.extend(more.iter().map(|(stem, sql)| Step::new(stem, sql).unwrap()));
    Sets { tenant, baseline: String::new(), ..real.clone() }
}

/// The same as files, for the program.
pub fn folder(sets: &Sets) -> Folder {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let path = std::env::temp_dir().join(format!(
        "upzento-sets-{}-{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    ));
    for (set, steps) in [("control", &sets.control), ("ops", &sets.ops), ("tenant", &sets.tenant)] {
        std::fs::create_dir_all(path.join(set)).unwrap();
        for step in steps {
            let file = path.join(set).join(format!("V{}__{}.sql", step.version(), step.name()));
            std::fs::write(file, step.sql()).unwrap();
        }
    }
    Folder(path)
}

/// Removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
