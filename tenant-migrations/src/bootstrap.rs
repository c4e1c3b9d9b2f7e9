//! The first step on a database: roles, schemas, extensions, and what everybody may not do.
//!
//! Idempotent, and safe to run at the same time on several databases of one cluster (roles belong to the cluster).

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::pg::{self, OWNER, Session, identifier, literal};

/// What `bootstrap` sets. A password that is `None` is left as it is.
#[derive(Clone, Debug, Default)]
pub struct Bootstrap {
    /// `upzento_owner`: owns every object, may create roles.
    pub owner_password: Option<String>,
    /// `upzento_app`: requests; a member of every tenant role that inherits nothing.
    pub app_password: Option<String>,
    /// `upzento_control`: control-plane work of core.
    pub control_password: Option<String>,
    /// `upzento_ops`: dispatcher and workers.
    pub ops_password: Option<String>,
    /// `upzento_admin`: admin-api.
    pub admin_password: Option<String>,
    /// `upzento_edge`: reads the views in `edge`.
    pub edge_password: Option<String>,
    /// Tenant roles may log in (needed on Citus, where workers are reached as the current role).
    pub tenant_role_login: bool,
}

impl Bootstrap {
    /// The same password for every login: for private and throw-away clusters.
    #[must_use]
    pub fn with_password(password: &str) -> Self {
        let password = Some(password.to_owned());
        Self {
            owner_password: password.clone(),
            app_password: password.clone(),
            control_password: password.clone(),
            ops_password: password.clone(),
            admin_password: password.clone(),
            edge_password: password,
            tenant_role_login: false,
        }
    }

    fn logins(&self) -> [(&'static str, &Option<String>); 5] {
        [
            ("upzento_app", &self.app_password),
            ("upzento_control", &self.control_password),
            ("upzento_ops", &self.ops_password),
            ("upzento_admin", &self.admin_password),
            ("upzento_edge", &self.edge_password),
        ]
    }
}

/// Settings every session of a login starts with. An empty search path turns a forgotten tenant bind into an error.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("upzento_app", "search_path", ""),
    ("upzento_app", "idle_in_transaction_session_timeout", "15s"),
    ("upzento_app", "statement_timeout", "30s"),
    ("upzento_app", "lock_timeout", "10s"),
    ("upzento_app", "jit", "off"),
    ("upzento_control", "search_path", ""),
    ("upzento_control", "idle_in_transaction_session_timeout", "15s"),
    ("upzento_control", "statement_timeout", "30s"),
    ("upzento_ops", "search_path", ""),
    ("upzento_ops", "idle_in_transaction_session_timeout", "30s"),
    ("upzento_admin", "search_path", ""),
    ("upzento_admin", "idle_in_transaction_session_timeout", "15s"),
    ("upzento_admin", "statement_timeout", "30s"),
    ("upzento_edge", "search_path", ""),
    ("upzento_edge", "idle_in_transaction_session_timeout", "15s"),
    ("upzento_edge", "statement_timeout", "5s"),
];

/// Prepares the database named in the URL, creating it when it does not exist and the login may do so.
///
/// The URL's login is a superuser, or has CREATEROLE and CREATE on the database, or is `upzento_owner` itself.
///
/// # Errors
/// The server is too old, the login may not do what is needed, or an existing login has rights that would break
/// the separation of tenants.
pub async fn bootstrap(url: &str, options: &Bootstrap) -> Result<()> {
    let mut session = connect_or_create(url).await?;
    let mut attempt = 0;
    loop {
        match run(&mut session, options).await {
            Ok(()) => return Ok(()),
            // Another database of this cluster is being prepared at the same moment: its changes to the shared
            // role catalogue and ours collide, and one of the two has to begin again.
            Err(error) if attempt < 20 && collided(&error) => {
                attempt += 1;
                tokio::time::sleep(Duration::from_millis(10 * attempt)).await;
            }
            Err(error) => return Err(error.context("preparing roles and schemas")),
        }
    }
}

/// Whether `bootstrap` still has to run: the owner role or a schema is missing.
///
/// # Errors
/// No connection.
pub async fn is_needed(url: &str) -> Result<bool> {
    let session = connect_or_create(url).await?;
    let row = session
        .query_one(
            "select (select count(*) from pg_roles where rolname in ('upzento_owner', 'upzento_app', 'upzento_control',
               'upzento_ops', 'upzento_admin', 'upzento_edge', 'upzento_tenant')) = 7
             and (select count(*) from pg_namespace where nspname in ('control', 'edge', 'ops', 'shared')) = 4
             and (select count(*) from pg_extension where extname in ('pg_trgm', 'unaccent', 'btree_gist')) = 3",
            &[],
        )
        .await?;
    Ok(!row.get::<_, bool>(0))
}

async fn connect_or_create(url: &str) -> Result<Session> {
    let config = pg::parse(url)?;
    match pg::connect_with(&config).await {
        Err(error) if pg::sql_state(&error) == Some(&SqlState::UNDEFINED_DATABASE) => {
            let name = config.get_dbname().unwrap_or_default().to_owned();
            let mut maintenance = config.clone();
            maintenance.dbname("postgres");
            let session = pg::connect_with(&maintenance).await?;
            let created = session.batch_execute(&format!("create database {}", identifier(&name))).await;
            if let Err(error) = created
                && error.code() != Some(&SqlState::DUPLICATE_DATABASE)
            {
                return Err(error).with_context(|| format!("creating the database {name}"));
            }
            pg::connect_with(&config).await
        }
        other => other,
    }
}

fn collided(error: &anyhow::Error) -> bool {
    let text = error.chain().any(|cause| cause.to_string().contains("tuple concurrently"))
        || pg::explain(error).contains("tuple concurrently");
    text || pg::sql_state(error).is_some_and(|code| {
        [SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_OBJECT, SqlState::T_R_DEADLOCK_DETECTED].contains(code)
    })
}

async fn run(session: &mut Session, options: &Bootstrap) -> Result<()> {
    let version = pg::server_version(session).await?;
    session.batch_execute("reset role; set client_min_messages = warning; set search_path = ''").await?;
    let row = session
        .query_one(
            "select current_user::text, rolsuper, pg_has_role(datdba, 'usage'), current_database()::text
             from pg_roles, pg_database where rolname = current_user and datname = current_database()",
            &[],
        )
        .await?;
    let (user, superuser, owns_database, database): (String, bool, bool, String) =
        (row.get(0), row.get(1), row.get(2), row.get(3));
    owner_role(session, &user, superuser, version, options).await?;
    if superuser || owns_database {
        lock_down(session, &database).await?;
    } else {
        tracing::warn!(%database, "cannot revoke what PUBLIC may do: {user} does not own the database");
    }
    pg::become_owner(session).await?;
    logins(session, options).await?;
    schemas(session).await?;
    session.batch_execute("reset role").await?;
    if superuser && version >= 160_000 {
        admin_option(session).await?;
    }
    connect_grants(session, &database, superuser || owns_database, options).await
}

async fn role_exists(client: &Client, role: &str) -> Result<bool> {
    let row = client.query_one("select exists (select from pg_roles where rolname = $1::text)", &[&role]).await?;
    Ok(row.get(0))
}

async fn owner_role(client: &Client, user: &str, superuser: bool, version: i32, options: &Bootstrap) -> Result<()> {
    if !role_exists(client, OWNER).await? {
        client.batch_execute(&format!("create role {OWNER} login createrole")).await?;
    }
    set_password(client, OWNER, &options.owner_password).await?;
    if !superuser && user != OWNER {
        let how = if version >= 160_000 { " with inherit true, set true" } else { "" };
        client.batch_execute(&format!("grant {OWNER} to {}{how}", identifier(user))).await?;
    }
    let row = client
        .query_one(
            "select has_database_privilege($1::text, current_database(), 'create')
                and has_database_privilege($1::text, current_database(), 'temp'),
              quote_ident(current_database())",
            &[&OWNER],
        )
        .await?;
    if !row.get::<_, bool>(0) {
        let database: String = row.get(1);
        client.batch_execute(&format!("grant create, connect, temporary on database {database} to {OWNER}")).await?;
    }
    Ok(())
}

/// Nobody keeps rights merely because they are everybody's.
async fn lock_down(client: &Client, database: &str) -> Result<()> {
    let database = identifier(database);
    client
        .batch_execute(&format!(
            "grant create, connect, temporary on database {database} to {OWNER};
             revoke all on database {database} from public;
             do $$ begin
               if exists (select from pg_namespace where nspname = 'public') then
                 revoke all on schema public from public;
               end if;
             end $$"
        ))
        .await?;
    Ok(())
}

async fn logins(client: &Client, options: &Bootstrap) -> Result<()> {
    if !role_exists(client, "upzento_tenant").await? {
        client.batch_execute("create role upzento_tenant nologin").await?;
    }
    for (login, password) in options.logins() {
        if !role_exists(client, login).await? {
            let inherit = if login == "upzento_app" { "noinherit" } else { "inherit" };
            client.batch_execute(&format!("create role {login} login {inherit}")).await?;
        }
        set_password(client, login, password).await?;
    }
    let unsafe_logins = client
        .query(
            "select rolname::text from pg_roles
             where rolname in ('upzento_app', 'upzento_control', 'upzento_ops', 'upzento_admin', 'upzento_edge')
               and (rolsuper or rolbypassrls or rolcreaterole or (rolname = 'upzento_app' and rolinherit))",
            &[],
        )
        .await?;
    if let Some(row) = unsafe_logins.first() {
        let login: String = row.get(0);
        bail!(
            "the login {login} exists with rights that would break the separation of tenants (superuser, bypassrls, createrole, or inherit)"
        );
    }
    for (login, setting, value) in SETTINGS {
        // An unchanged setting is not written again: each write would collide with other databases of the cluster.
        let row = client
            .query_one(
                "select exists (select from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
                   where s.setdatabase = 0 and r.rolname = $1::text and $2::text = any (s.setconfig))",
                &[login, &stored(setting, value)],
            )
            .await?;
        if !row.get::<_, bool>(0) {
            client.batch_execute(&format!("alter role {login} set {setting} = {}", literal(value))).await?;
        }
    }
    Ok(())
}

fn stored(setting: &str, value: &str) -> String {
    // An empty list is stored as one empty quoted name.
    if setting == "search_path" && value.is_empty() {
        "search_path=\"\"".to_owned()
    } else {
        format!("{setting}={value}")
    }
}

async fn set_password(client: &Client, login: &str, password: &Option<String>) -> Result<()> {
    if let Some(password) = password {
        // Hashed here, so that the server's log never shows it.
        let hash = postgres_protocol::password::scram_sha_256(password.as_bytes());
        client.batch_execute(&format!("alter role {login} password {}", literal(&hash))).await?;
    }
    Ok(())
}

async fn schemas(client: &Client) -> Result<()> {
    client
        .batch_execute(
            "create schema if not exists control;
             create schema if not exists edge;
             create schema if not exists ops;
             create schema if not exists shared;
             create extension if not exists pg_trgm schema shared;
             create extension if not exists unaccent schema shared;
             create extension if not exists btree_gist schema shared;
             grant usage on schema control to upzento_control, upzento_admin;
             grant usage on schema edge to upzento_edge;
             grant usage on schema shared to upzento_control, upzento_admin, upzento_ops, upzento_tenant;
             grant usage on schema ops to upzento_control, upzento_admin, upzento_ops, upzento_tenant;",
        )
        .await?;
    Ok(())
}

/// From PostgreSQL 16 on only the creator of a role may grant it; a role that a superuser made needs this.
async fn admin_option(client: &Client) -> Result<()> {
    let missing = client
        .query(
            "select r.rolname::text from pg_roles r
             where r.rolname in ('upzento_tenant', 'upzento_app', 'upzento_control', 'upzento_ops', 'upzento_admin', 'upzento_edge')
               and not exists (select from pg_auth_members m join pg_roles o on o.oid = m.member
                 where m.roleid = r.oid and o.rolname = 'upzento_owner' and m.admin_option)",
            &[],
        )
        .await?;
    for row in missing {
        let role: String = row.get(0);
        client.batch_execute(&format!("grant {role} to {OWNER} with admin true, inherit false, set false")).await?;
    }
    Ok(())
}

async fn connect_grants(client: &Client, database: &str, may_grant: bool, options: &Bootstrap) -> Result<()> {
    if !may_grant {
        return Ok(());
    }
    let tenants = if options.tenant_role_login { ", upzento_tenant" } else { "" };
    client
        .batch_execute(&format!(
            "grant connect on database {} to upzento_app, upzento_control, upzento_ops, upzento_admin, upzento_edge{tenants}",
            identifier(database)
        ))
        .await?;
    Ok(())
}
