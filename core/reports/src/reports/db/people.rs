//! Statements on contacts and companies.
use super::{By, Count, When, Whose};
use chrono::NaiveDate;
use kernel::{Result, Tx, db::Sql, row, sql};

/// Contacts made. By kind means by the stage in which they are now.
pub(crate) async fn made(tx: &mut Tx, by: By, when: &When, whose: &Whose) -> Result<Vec<Count>> {
    const MADE: Sql = sql!(
        "select case $1::text when 'slot' then width_bucket(c.created_at, $2::timestamptz[])::text when 'member' then coalesce(c.owner_id::text, '')
             when 'kind' then c.stage else '' end as key, count(*) as count
         from contacts c where c.deleted_at is null and c.created_at >= $3 and c.created_at < $4
           and ($5::uuid[] is null or c.owner_id = any($5)) and ($6::uuid[] is null or c.owner_id = any($6))
         group by 1 order by 2 desc, 1"
    );
    tx.rows(MADE, &[&by.as_str(), &when.slots, &when.start, &when.end, &whose.reach, &whose.only]).await
}

row! {
    /// A stage of contacts.
    #[derive(Debug, Clone)]
    pub(crate) struct StageName {
        pub key: String,
        pub label: String,
    }
}

/// Every stage of contacts, in order.
pub(crate) async fn stages(tx: &mut Tx) -> Result<Vec<StageName>> {
    const STAGES: Sql =
        sql!("select s.key, s.label from contact_stages s where s.removed_at is null order by s.position, s.key");
    tx.rows(STAGES, &[]).await
}

row! {
    /// What companies of one currency are worth.
    #[derive(Debug, Clone)]
    pub(crate) struct WorthRow {
        pub key: String,
        pub currency: Option<String>,
        pub count: i64,
        pub annual: i64,
        pub monthly: i64,
    }
}

/// Companies by status, or those with an active relationship by tier.
pub(crate) async fn companies(tx: &mut Tx, by: By, whose: &Whose) -> Result<Vec<WorthRow>> {
    const COMPANIES: Sql = sql!(
        "select case $1::text when 'kind' then c.status when 'tier' then coalesce(c.tier, '') when 'member' then coalesce(c.owner_id::text, '') else '' end as key,
           c.currency, count(*) as count, least(coalesce(sum(c.annual_value), 0), 9007199254740991)::bigint as annual,
           least(coalesce(sum(c.monthly_revenue), 0), 9007199254740991)::bigint as monthly
         from companies c where c.deleted_at is null and ($1 = 'kind' or c.status = 'active')
           and ($2::uuid[] is null or c.owner_id = any($2)) and ($3::uuid[] is null or c.owner_id = any($3))
         group by 1, 2 order by 3 desc, 1, 2"
    );
    tx.rows(COMPANIES, &[&by.as_str(), &whose.reach, &whose.only]).await
}

/// Companies that became clients in these days.
pub(crate) async fn new_clients(tx: &mut Tx, from: NaiveDate, after: NaiveDate, whose: &Whose) -> Result<i64> {
    const NEW: Sql = sql!(
        "select count(*) from companies c where c.deleted_at is null and c.client_since >= $1 and c.client_since < $2
           and ($3::uuid[] is null or c.owner_id = any($3)) and ($4::uuid[] is null or c.owner_id = any($4))"
    );
    tx.value(NEW, &[&from, &after, &whose.reach, &whose.only]).await
}

/// Active companies by the month in which their contract ends.
pub(crate) async fn renewals(tx: &mut Tx, from: NaiveDate, after: NaiveDate, whose: &Whose) -> Result<Vec<WorthRow>> {
    const RENEWALS: Sql = sql!(
        "select to_char(c.renews_on, 'YYYY-MM-01') as key, c.currency, count(*) as count, least(coalesce(sum(c.annual_value), 0), 9007199254740991)::bigint as annual,
           least(coalesce(sum(c.monthly_revenue), 0), 9007199254740991)::bigint as monthly
         from companies c where c.deleted_at is null and c.status = 'active' and coalesce(c.renews_on, '9999-12-31'::date) >= $1
           and coalesce(c.renews_on, '9999-12-31'::date) < $2
           and ($3::uuid[] is null or c.owner_id = any($3)) and ($4::uuid[] is null or c.owner_id = any($4))
         group by 1, 2 order by 1, 2"
    );
    tx.rows(RENEWALS, &[&from, &after, &whose.reach, &whose.only]).await
}
