//! The warm pool: schemas and roles built ahead of demand, so that a sign-up is one UPDATE.

use anyhow::{Context as _, Result, bail};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::name::TenantName;
use crate::pg;
use crate::schema::build_sql;
use crate::sets::{Sets, checksum};

/// Roles made in one transaction: each commit that changes memberships makes every backend read them anew.
const BATCH: usize = 25;

/// How tenants are built.
#[derive(Clone, Copy, Debug, Default)]
pub struct Provision {
    /// Tenant roles may log in (needed on Citus).
    pub tenant_role_login: bool,
}

/// A built schema that belongs to nobody yet (state `ready`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// Id of the tenant row.
    pub id: Uuid,
    /// Name of schema and role.
    pub name: TenantName,
}

/// Fills the pool up to `wanted` ready schemas and finishes what an interrupted run left. Returns how many were built.
///
/// `client` acts as the owner ([`pg::connect_owner`]). Several callers at once never build more than wanted.
///
/// # Errors
/// The database was migrated by another release (`migrate up` first); a statement fails.
pub async fn ensure_warm(client: &mut Client, wanted: usize) -> Result<usize> {
    ensure_warm_with(client, Sets::embedded()?, wanted, Provision::default()).await
}

/// As [`ensure_warm`], with a choice of files and options.
///
/// # Errors
/// As [`ensure_warm`].
pub async fn ensure_warm_with(client: &mut Client, sets: &Sets, wanted: usize, options: Provision) -> Result<usize> {
    while reserve(client, sets, wanted, options).await? > 0 {}
    let mut built = 0;
    while build_next(client, sets, None).await?.is_some() {
        built += 1;
    }
    Ok(built)
}

/// Builds one ready schema at once and returns it.
///
/// # Errors
/// As [`ensure_warm`].
pub async fn provision_one(client: &mut Client) -> Result<Provisioned> {
    provision_one_with(client, Sets::embedded()?, Provision::default()).await
}

/// As [`provision_one`], with a choice of files and options.
///
/// # Errors
/// As [`ensure_warm`].
pub async fn provision_one_with(client: &mut Client, sets: &Sets, options: Provision) -> Result<Provisioned> {
    let ids = pg::new_ids(client, 1).await?;
    let transaction = client.transaction().await?;
    check_release(&transaction, sets).await?;
    let roles = new_roles(&transaction, &ids, options).await?;
    transaction.batch_execute(&roles).await.context("creating a tenant role")?;
    let tenant = Provisioned { id: ids[0], name: TenantName::of(ids[0]) };
    build(&transaction, sets, &tenant).await?;
    transaction.commit().await?;
    Ok(tenant)
}

/// Step one: rows and roles of a batch, together. Returns how many were reserved.
pub(crate) async fn reserve(client: &mut Client, sets: &Sets, wanted: usize, options: Provision) -> Result<usize> {
    let ids = pg::new_ids(client, BATCH).await?;
    let transaction = client.transaction().await?;
    check_release(&transaction, sets).await?;
    // Counting and inserting are one step for all callers.
    let row = transaction
        .query_one(
            "with held as materialized (select pg_advisory_xact_lock(hashtext('upzento warm pool'))) select 1 from held",
            &[],
        )
        .await?;
    let _: i32 = row.get(0);
    let row =
        transaction.query_one("select count(*) from control.tenants where state in ('warming', 'ready')", &[]).await?;
    let waiting = usize::try_from(row.get::<_, i64>(0))?;
    let missing = wanted.saturating_sub(waiting).min(BATCH);
    if missing > 0 {
        let sql = new_roles(&transaction, &ids[..missing], options).await?;
        transaction.batch_execute(&sql).await.context("creating tenant roles")?;
        transaction.commit().await?;
    }
    Ok(missing)
}

async fn new_roles(client: &Transaction<'_>, ids: &[Uuid], options: Provision) -> Result<String> {
    let row = client.query_one("select current_setting('server_version_num')::int", &[]).await?;
    let how = if row.get::<_, i32>(0) >= 160_000 { " with inherit false, set true" } else { "" };
    let login = if options.tenant_role_login { "login" } else { "nologin" };
    let names: Vec<TenantName> = ids.iter().map(|id| TenantName::of(*id)).collect();
    let list = names.iter().map(TenantName::as_str).collect::<Vec<_>>().join(", ");
    let mut sql = String::new();
    for (id, name) in ids.iter().zip(&names) {
        sql.push_str(&format!(
            "insert into control.tenants (id, schema_name, role_name) values ('{id}', '{name}', '{name}'); create role {name} {login};\n"
        ));
    }
    sql.push_str(&format!("grant upzento_tenant to {list}; grant {list} to upzento_app{how};\n"));
    Ok(sql)
}

/// Step two: builds one reserved schema in a transaction of its own; `None` when there is nothing to build.
pub(crate) async fn build_next(client: &mut Client, sets: &Sets, only: Option<Uuid>) -> Result<Option<Provisioned>> {
    let transaction = client.transaction().await?;
    check_release(&transaction, sets).await?;
    let found = transaction
        .query_opt(
            "select id, schema_name from control.tenants where state = 'warming' and ($1::uuid is null or id = $1)
             order by created_at, id limit 1 for update skip locked",
            &[&only],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let tenant = Provisioned { id: row.get(0), name: TenantName::parse(row.get(1))? };
    build(&transaction, sets, &tenant).await?;
    transaction.commit().await?;
    Ok(Some(tenant))
}

async fn build(transaction: &Transaction<'_>, sets: &Sets, tenant: &Provisioned) -> Result<()> {
    let Provisioned { id, name } = tenant;
    let version = sets.tenant_version();
    let mut sql = String::from("set local lock_timeout = '5s'; set local statement_timeout = '60s';\n");
    sql.push_str(&build_sql(sets, name)?);
    sql.push_str(&format!(
        "set local search_path = '';
         insert into control.tenant_schemas (tenant_id, version, checksum, state, started_at, finished_at)
           values ('{id}', {version}, '{}', 'current', now(), clock_timestamp());
         update control.tenants set state = 'ready', schema_version = {version}, updated_at = now(), version = version + 1
           where id = '{id}';",
        checksum(&sets.tenant)
    ));
    transaction.batch_execute(&sql).await.with_context(|| format!("building {name}"))
}

/// A schema is built only at the version the fleet has: held FOR SHARE, so that a run of `migrate up` that raises
/// the version waits for this transaction and then sees the new tenant.
async fn check_release(transaction: &Transaction<'_>, sets: &Sets) -> Result<()> {
    let known = transaction.query_one("select to_regclass('control.fleet') is not null", &[]).await?;
    let row = if known.get(0) {
        transaction.query_opt("select version, checksum from control.fleet for share", &[]).await?
    } else {
        None
    };
    let Some(row) = row else { bail!("the database was never migrated: run `migrate up`") };
    let (version, sum): (i32, String) = (row.get(0), row.get(1));
    if version != sets.tenant_version() || sum != checksum(&sets.tenant) {
        bail!(
            "the fleet is at V{version} ({sum}), this program builds V{} ({}): run `migrate up` of the same release",
            sets.tenant_version(),
            checksum(&sets.tenant)
        );
    }
    Ok(())
}

/// Who takes a ready schema.
#[derive(Clone, Debug)]
pub struct Claim {
    /// `agency` or `client`.
    pub kind: String,
    /// The agency of a client.
    pub parent_id: Option<Uuid>,
    /// Unique name in addresses.
    pub slug: Option<String>,
    /// Name as people read it.
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    /// BCP 47 language tag.
    pub locale: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Plan to begin with.
    pub plan_id: Option<Uuid>,
}

/// Takes one ready schema from the pool; no row when the pool is empty. Runs as `upzento_control`.
///
/// Parameters: kind, parent id, slug, name, zone, locale, country, currency, plan id. SKIP LOCKED lets any number of
/// sign-ups run at once without ever meeting on one row.
pub const CLAIM_SQL: &str =
    "update control.tenants set state = 'active', kind = $1, parent_id = $2, slug = $3, name = $4,
    zone = $5, locale = $6, country = $7, currency = $8, plan_id = $9,
    activated_at = now(), updated_at = now(), epoch = epoch + 1, version = version + 1
  where id = (select id from control.tenants where state = 'ready'
    order by schema_version desc, created_at, id limit 1 for update skip locked)
  returning id, schema_name";

/// Runs [`CLAIM_SQL`]; `None` when the pool is empty (build one with [`provision_one`] and try again).
///
/// # Errors
/// `tenants_slug_key` when the slug is taken; the other constraints of `control.tenants`.
pub async fn claim(client: &Client, claim: &Claim) -> Result<Option<Provisioned>> {
    let row = client
        .query_opt(
            CLAIM_SQL,
            &[
                &claim.kind,
                &claim.parent_id,
                &claim.slug,
                &claim.name,
                &claim.zone,
                &claim.locale,
                &claim.country,
                &claim.currency,
                &claim.plan_id,
            ],
        )
        .await
        .context("claiming a tenant")?;
    row.map(|row| Ok(Provisioned { id: row.get(0), name: TenantName::parse(row.get(1))? })).transpose()
}
