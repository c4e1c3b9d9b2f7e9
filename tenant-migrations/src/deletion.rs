//! The end of a tenant: everything it had is destroyed in small steps, and a certificate says so.
//!
//! Files of the tenant live outside the database; whoever can reach them empties its folder first, see [`delete_started`].

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

use crate::lifecycle::{self, State};
use crate::name::TenantName;
use crate::pg::{self, identifier};
use crate::sets::hex;
use crate::transfer;

/// Tables dropped in one transaction: each takes about nine entries of the server's lock table.
const BATCH: usize = 10;

/// Signs certificates with a key derived from the platform's master key.
#[derive(Clone)]
pub struct Signer {
    key_id: String,
    key: Vec<u8>,
}

impl Signer {
    /// From an entry of `secrets.master`, `kid:base64 of 32 bytes`.
    ///
    /// # Errors
    /// The entry has another form.
    pub fn from_master(entry: &str) -> Result<Self> {
        let (key_id, key) = entry.split_once(':').context("an entry of secrets.master is `kid:base64`")?;
        let master = STANDARD.decode(key.trim()).ok().filter(|key| key.len() == 32);
        let Some(master) = master else { bail!("the key {key_id} in secrets.master is not 32 bytes in base64") };
        // HKDF-SHA256 with one block of output.
        let extracted = mac(&[0; 32], &master)?;
        let key = mac(&extracted, b"upz/deletion-certificate/v1\x01")?;
        Ok(Self { key_id: key_id.to_owned(), key })
    }

    fn sign(&self, digest: &[u8]) -> Result<Vec<u8>> {
        mac(&self.key, digest)
    }
}

fn mac(key: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).context("a key of any length is accepted")?;
    mac.update(data);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// What a deletion did.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// Id of the certificate.
    pub id: Uuid,
    /// Its content: tenant, times, destroyed tables with their numbers of rows.
    pub body: Value,
    /// SHA-256 of the body as compact JSON with sorted keys.
    pub digest: Vec<u8>,
    /// Key id and HMAC-SHA256 of the digest, when a master key was given.
    pub signature: Option<(String, Vec<u8>)>,
}

impl Certificate {
    /// Whether the digest belongs to the body, and the signature to the digest and this key.
    ///
    /// # Errors
    /// The certificate was not signed, or by another key than the signer's.
    pub fn is_authentic(&self, signer: &Signer) -> Result<bool> {
        let Some((key, signature)) = &self.signature else { bail!("the certificate is not signed") };
        if *key != signer.key_id {
            bail!("the certificate was signed with the key {key}");
        }
        Ok(digest(&self.body) == self.digest && signer.sign(&self.digest)? == *signature)
    }

    /// As shown and stored outside of the database.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "body": self.body,
            "sha256": hex(&self.digest),
            "key_id": self.signature.as_ref().map(|(key, _)| key),
            "hmac_sha256": self.signature.as_ref().map(|(_, signature)| hex(signature)),
        })
    }
}

fn digest(body: &Value) -> Vec<u8> {
    fn write(value: &Value, text: &mut String) {
        match value {
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by_key(|(key, _)| *key);
                text.push('{');
                for (at, (key, value)) in entries.into_iter().enumerate() {
                    text.push_str(if at > 0 { "," } else { "" });
                    text.push_str(&Value::from(key.as_str()).to_string());
                    text.push(':');
                    write(value, text);
                }
                text.push('}');
            }
            other => text.push_str(&other.to_string()),
        }
    }
    let mut text = String::new();
    write(body, &mut text);
    Sha256::digest(text).to_vec()
}

/// The certificate of a deleted tenant.
///
/// # Errors
/// There is none.
pub async fn certificate(client: &Client, tenant: Uuid) -> Result<Certificate> {
    let row = client
        .query_opt(
            "select id, body, digest, key_id, signature from control.deletion_certificates where tenant_id = $1",
            &[&tenant],
        )
        .await?;
    let Some(row) = row else { bail!("there is no certificate for {tenant}") };
    let key: Option<String> = row.get(3);
    Ok(Certificate { id: row.get(0), body: row.get(1), digest: row.get(2), signature: key.zip(row.get(4)) })
}

/// Destroys a tenant. Interrupted at any point it is continued by calling it again.
///
/// # Errors
/// There is no such tenant; it is in a state from which it cannot be deleted; it is an agency with clients; it was
/// deleted before (then the certificate exists).
pub async fn delete(client: &mut Client, tenant: Uuid, signer: Option<&Signer>) -> Result<Certificate> {
    client.batch_execute("set search_path = ''; set lock_timeout = '2s'; set statement_timeout = '10min'").await?;
    // The lock the fleet runner takes too: nobody migrates what is being destroyed, and nobody destroys it twice.
    let lock = format!("hashtextextended('{}', 0)", TenantName::of(tenant));
    let row = client.query_one(&format!("select pg_try_advisory_lock({lock})"), &[]).await?;
    if !row.get::<_, bool>(0) {
        bail!("the tenant {tenant} is being deleted or migrated by another program");
    }
    let result = destroy(client, tenant, signer).await;
    let unlocked = client
        .batch_execute(&format!(
            "rollback; select pg_advisory_unlock({lock}); reset lock_timeout; reset statement_timeout"
        ))
        .await;
    let certificate = result?;
    unlocked?;
    Ok(certificate)
}

/// Destroys every tenant whose deletion was started (state `deleting`): for core's background work, as the owner.
/// `empty` gets the name of each tenant's schema and role first and removes what lies outside of the database; it may be
/// called again after an interruption. A tenant that fails does not keep the others; the first error is returned at the
/// end.
///
/// # Errors
/// As [`delete`], and what `empty` fails with.
pub async fn delete_started<F>(
    client: &mut Client,
    signer: Option<&Signer>,
    empty: impl Fn(TenantName) -> F,
) -> Result<Vec<Certificate>>
where
    F: Future<Output = Result<()>>,
{
    let rows =
        client.query("select id from control.tenants where state = 'deleting' order by updated_at, id", &[]).await?;
    let (mut certificates, mut failed) = (Vec::new(), None);
    for row in rows {
        let tenant: Uuid = row.get(0);
        let deleted = match empty(TenantName::of(tenant)).await {
            Ok(()) => delete(client, tenant, signer).await,
            Err(error) => Err(error),
        };
        match deleted {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => {
                tracing::warn!(%tenant, error = %pg::explain(&error), "a tenant is not deleted yet");
                failed = failed.or(Some(error));
            }
        }
    }
    failed.map_or(Ok(certificates), Err)
}

async fn destroy(client: &mut Client, tenant: Uuid, signer: Option<&Signer>) -> Result<Certificate> {
    let (name, kind, state) = find(client, tenant).await?;
    if state != State::Deleting {
        begin(client, tenant).await?;
    }
    let schema_rows = drop_tables(client, tenant, &name).await?;
    let shared_rows = purge_shared(client, tenant, &name).await?;
    retry(client, &format!("drop schema if exists {name} cascade")).await?;
    let role_dropped = drop_role(client, &name).await?;
    bury(client, tenant, &name, kind, schema_rows, shared_rows, role_dropped, signer).await
}

async fn find(client: &Client, tenant: Uuid) -> Result<(TenantName, Option<String>, State)> {
    let row =
        client.query_opt("select schema_name, kind, state from control.tenants where id = $1", &[&tenant]).await?;
    let Some(row) = row else { bail!("there is no tenant {tenant}") };
    let state: State = row.get::<_, &str>(2).parse().map_err(anyhow::Error::msg)?;
    if state == State::Deleted {
        bail!("the tenant {tenant} is deleted; its certificate is in control.deletion_certificates");
    }
    Ok((TenantName::parse(row.get(0))?, row.get(1), state))
}

async fn begin(client: &Client, tenant: Uuid) -> Result<()> {
    let row = client
        .query_one("select count(*) from control.tenants where parent_id = $1 and state <> 'deleted'", &[&tenant])
        .await?;
    let clients: i64 = row.get(0);
    if clients > 0 {
        bail!("the agency has {clients} clients: delete or transfer them first");
    }
    lifecycle::transition(client, tenant, State::Deleting).await?;
    note(client, tenant, "tenant.deletion_started", &json!({})).await
}

/// Counts and destroys. Numbers are noted in the audit in the transaction that destroys, so that a certificate after
/// an interruption still has all of them.
async fn drop_tables(client: &mut Client, tenant: Uuid, name: &TenantName) -> Result<Value> {
    loop {
        let rows = client
            .query(
                "select c.relname::text from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = $1::text and c.relkind in ('r', 'p') order by c.relname limit $2",
                &[&name.as_str(), &i64::try_from(BATCH)?],
            )
            .await?;
        if rows.is_empty() {
            break;
        }
        let tables: Vec<String> = rows.into_iter().map(|row| row.get(0)).collect();
        let mut counted = serde_json::Map::new();
        for table in &tables {
            let row = client.query_one(&format!("select count(*) from {name}.{}", identifier(table)), &[]).await?;
            counted.insert(table.clone(), row.get::<_, i64>(0).into());
        }
        let list = tables.iter().map(|table| format!("{name}.{}", identifier(table))).collect::<Vec<_>>().join(", ");
        let id = pg::new_ids(client, 1).await?[0];
        let payload = pg::literal(&Value::Object(counted).to_string());
        retry(
            client,
            &format!(
                "begin; drop table {list} cascade;
                 insert into control.audit_events (id, tenant_id, kind, subject, subject_id, title, payload, actor_kind, occurred_at)
                   values ('{id}', '{tenant}', 'tenant.tables_destroyed', 'tenant', '{tenant}', '', {payload}, 'system', now());
                 commit"
            ),
        )
        .await?;
    }
    let rows = client
        .query(
            "select payload from control.audit_events where tenant_id = $1 and kind = 'tenant.tables_destroyed'",
            &[&tenant],
        )
        .await?;
    let mut all = serde_json::Map::new();
    for row in rows {
        if let Value::Object(tables) = row.get(0) {
            all.extend(tables);
        }
    }
    Ok(Value::Object(all))
}

async fn retry(client: &Client, sql: &str) -> Result<()> {
    for attempt in 0_u64.. {
        match client.batch_execute(sql).await {
            Ok(()) => break,
            Err(error) => {
                let _ = client.batch_execute("rollback").await;
                let error = anyhow::Error::from(error);
                if attempt >= 10 || !pg::is_transient(&error) {
                    return Err(error.context("destroying the schema"));
                }
                tokio::time::sleep(Duration::from_millis(50 << attempt.min(5))).await;
            }
        }
    }
    Ok(())
}

/// Rows in `ops` and `control`. What happened (kind, time, who) stays in the audit; what it said does not.
async fn purge_shared(client: &mut Client, tenant: Uuid, name: &TenantName) -> Result<Value> {
    let mut counted = serde_json::Map::new();
    for table in transfer::ops_tables(client).await? {
        let mut total = 0;
        loop {
            let sql = format!(
                "delete from ops.{table} where ctid = any (array(select ctid from ops.{table} where tenant = $1 limit 5000))",
                table = identifier(&table)
            );
            let deleted = client.execute(&sql, &[&name.as_str()]).await?;
            total += deleted;
            if deleted < 5000 {
                break;
            }
        }
        counted.insert(format!("ops.{table}"), total.into());
    }
    let transaction = client.transaction().await?;
    // A trigger may write a row for a table that was emptied before: until a whole pass finds nothing.
    while purge_control(&transaction, tenant, &mut counted).await? > 0 {}
    transaction
        .execute(
            "update control.audit_events set title = '', payload = '{}', ip = null, request_id = null
             where tenant_id = $1 and kind not in ('tenant.tables_destroyed', 'tenant.deletion_started')",
            &[&tenant],
        )
        .await?;
    transaction.commit().await?;
    Ok(Value::Object(counted))
}

/// One pass over the control tables; returns how many rows went.
async fn purge_control(
    transaction: &Transaction<'_>,
    tenant: Uuid,
    counted: &mut serde_json::Map<String, Value>,
) -> Result<u64> {
    let mut left = control_tables(transaction).await?;
    let mut total = 0;
    // Tables point to each other; one that cannot be emptied yet is tried again after the others.
    while !left.is_empty() {
        let before = left.len();
        let mut blocked = Vec::new();
        for table in left {
            transaction.batch_execute("savepoint purge").await?;
            let sql = format!("delete from control.{} where tenant_id = $1", identifier(&table));
            match transaction.execute(&sql, &[&tenant]).await {
                Ok(rows) => {
                    total += rows;
                    let name = format!("control.{table}");
                    let sum = counted.get(&name).and_then(Value::as_u64).unwrap_or(0) + rows;
                    counted.insert(name, sum.into());
                }
                Err(error) if error.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION) => {
                    transaction.batch_execute("rollback to savepoint purge").await?;
                    blocked.push(table);
                }
                Err(error) => return Err(error).with_context(|| format!("emptying control.{table}")),
            }
        }
        if blocked.len() == before {
            bail!("rows of others point to rows of the tenant in {}", blocked.join(", "));
        }
        left = blocked;
    }
    Ok(total)
}

async fn control_tables(client: &Transaction<'_>) -> Result<Vec<String>> {
    let rows = client
        .query(
            "select c.relname::text from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'control'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id'
               and not a.attisdropped and c.relname not in ('audit_events', 'deletion_certificates') order by 1",
            &[],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.get(0)).collect())
}

/// A role that another database of the cluster still uses (roles belong to the cluster) stays.
async fn drop_role(client: &Client, name: &TenantName) -> Result<bool> {
    match client.batch_execute(&format!("drop role if exists {name}")).await {
        Ok(()) => Ok(true),
        Err(error) if error.code() == Some(&SqlState::DEPENDENT_OBJECTS_STILL_EXIST) => Ok(false),
        Err(error) => Err(error).context("dropping the role"),
    }
}

async fn note(client: &Client, tenant: Uuid, kind: &str, payload: &Value) -> Result<()> {
    let id = pg::new_ids(client, 1).await?[0];
    client
        .execute(
            "insert into control.audit_events (id, tenant_id, kind, subject, subject_id, title, payload, actor_kind, occurred_at)
             values ($1, $2, $3, 'tenant', $2, '', $4, 'system', now())",
            &[&id, &tenant, &kind, payload],
        )
        .await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "each is one line of the certificate")]
async fn bury(
    client: &mut Client,
    tenant: Uuid,
    name: &TenantName,
    kind: Option<String>,
    schema_rows: Value,
    shared_rows: Value,
    role_dropped: bool,
    signer: Option<&Signer>,
) -> Result<Certificate> {
    let id = pg::new_ids(client, 1).await?[0];
    let row = client
        .query_one(
            "select coalesce((select min(occurred_at) from control.audit_events where tenant_id = $1
               and kind = 'tenant.deletion_started'), (select updated_at from control.tenants where id = $1))::text, now()::text",
            &[&tenant],
        )
        .await?;
    let body = json!({
        "tenant": tenant, "kind": kind, "schema": name.as_str(), "role_dropped": role_dropped,
        "started_at": row.get::<_, &str>(0), "completed_at": row.get::<_, &str>(1),
        "destroyed": schema_rows, "purged": shared_rows,
    });
    let digest = digest(&body);
    let signature =
        signer.map(|signer| signer.sign(&digest).map(|signature| (signer.key_id.clone(), signature))).transpose()?;
    let transaction = client.transaction().await?;
    transaction
        .execute(
            "insert into control.deletion_certificates (id, tenant_id, body, digest, key_id, signature)
             values ($1, $2, $3, $4, $5, $6)",
            &[
                &id,
                &tenant,
                &body,
                &digest,
                &signature.as_ref().map(|(key, _)| key.as_str()),
                &signature.as_ref().map(|(_, signature)| signature.as_slice()),
            ],
        )
        .await?;
    transaction
        .execute(
            "update control.tenants set state = 'deleted', slug = null, name = '', zone = 'UTC', locale = 'en', country = null,
               plan_id = null, epoch = epoch + 1, version = version + 1, updated_at = now() where id = $1",
            &[&tenant],
        )
        .await?;
    transaction.commit().await?;
    Ok(Certificate { id, body, digest, signature })
}
