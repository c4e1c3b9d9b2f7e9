//! `baseline.sql`: the tenant schema of the newest version in one piece, written from the catalogue of a schema that
//! the migration files built, and proven equal to it.

mod ddl;

use anyhow::{Context as _, Result, bail};
use tokio_postgres::{Client, Transaction};

use crate::catalog::{self, Source, scratch};
use crate::name::TenantName;
use crate::schema::{baseline_mark, current_baseline, replay_sql};
use crate::sets::{Sets, append_only};

/// Writes the text of `baseline.sql` for these files, and proves it: a schema built from it has the same catalogue
/// lines and rows as one built by the files.
///
/// # Errors
/// A file fails, or uses something the baseline cannot express (then the file has to be changed).
pub async fn generate(client: &mut Client, sets: &Sets) -> Result<String> {
    let mut text = format!(
        "{}\n-- Do not edit: change or add a migration in tenant/ and generate it again.\n\n",
        baseline_mark(&sets.tenant)
    );
    let (body, rows) = flatten(client, sets).await?;
    text.push_str(&body);
    let flattened = Sets { baseline: text.clone(), ..sets.clone() };
    let expected = catalog::reference(client, sets, Source::Files).await?;
    let actual = catalog::reference(client, &flattened, Source::Provisioned).await?;
    if let Some(difference) = first_difference(&expected, &actual) {
        bail!("the baseline would differ from the sum of the migrations: {difference}");
    }
    if rows != seeded_rows(client, &flattened).await? {
        bail!("the baseline would not carry the rows that the migrations insert");
    }
    Ok(text)
}

/// Whether `baseline.sql` belongs to these files and still equals their sum.
///
/// # Errors
/// It is stale or differs; the message says what to do.
pub async fn check(client: &mut Client, sets: &Sets) -> Result<()> {
    if current_baseline(sets).is_none() {
        bail!("baseline.sql is stale: run `migrate baseline --write`");
    }
    let expected = catalog::reference(client, sets, Source::Files).await?;
    let actual = catalog::reference(client, sets, Source::Provisioned).await?;
    match first_difference(&expected, &actual) {
        Some(difference) => bail!("baseline.sql differs from the sum of the migrations: {difference}"),
        None => Ok(()),
    }
}

fn first_difference(expected: &[String], actual: &[String]) -> Option<String> {
    let missing = expected.iter().find(|line| !actual.contains(line)).map(|line| format!("lacks {line}"));
    missing.or_else(|| actual.iter().find(|line| !expected.contains(line)).map(|line| format!("has {line}")))
}

/// The DDL and the number of rows per table, from schemas that exist only inside their transactions. The files are
/// replayed twice, at two moments: what differs then is not the same in every tenant.
async fn flatten(client: &mut Client, sets: &Sets) -> Result<(String, Vec<(String, i64)>)> {
    let first = {
        let (transaction, name) = replay(client, sets).await?;
        let rows = ddl::read_rows(&transaction, &name).await?;
        transaction.rollback().await?;
        rows
    };
    let (transaction, name) = replay(client, sets).await?;
    transaction.batch_execute(&format!("set local search_path = {name}, shared")).await?;
    let mut text = ddl::schema(&transaction, &name).await?;
    let second = ddl::read_rows(&transaction, &name).await?;
    text.push_str(&ddl::insert_rows(&first, &second)?);
    let counts = ddl::counts(&transaction, &name).await?;
    transaction.rollback().await?;
    Ok((text, counts))
}

async fn replay<'client>(client: &'client mut Client, sets: &Sets) -> Result<(Transaction<'client>, TenantName)> {
    let transaction = client.transaction().await?;
    let name = scratch(&transaction, sets).await?;
    let sql = replay_sql(&sets.tenant, &name, &append_only(&sets.tenant))?;
    transaction.batch_execute(&sql).await.context("replaying the migrations")?;
    Ok((transaction, name))
}

async fn seeded_rows(client: &mut Client, sets: &Sets) -> Result<Vec<(String, i64)>> {
    let transaction = client.transaction().await?;
    let name = scratch(&transaction, sets).await?;
    transaction.batch_execute(&crate::schema::build_sql(sets, &name)?).await?;
    let counts = ddl::counts(&transaction, &name).await?;
    transaction.rollback().await?;
    Ok(counts)
}
