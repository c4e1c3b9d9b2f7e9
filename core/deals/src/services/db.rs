//! Statements on what was bought: won deals and their lines.
use super::model::{MOST, Project, Service};
use crate::exchange_rates::today;
use companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{Result, Tx, db::Sql, sql};

/// Whose they are: a company's, or a contact's whose deals belong to no company.
pub(super) type Client = (Option<CompanyId>, Option<ContactId>);

/// Lines of won deals in reach.
pub(super) async fn services(tx: &mut Tx, (company, contact): Client, owners: &Owners) -> Result<Vec<Service>> {
    const SERVICES: Sql = sql!(
        "with bought as (
           select d.id as deal, d.title as deal_title, i.name, i.quantity, i.total, d.currency, i.billing, i.position,
             coalesce(i.starts_on, d.starts_on, d.closed_on, (d.closed_at at time zone 'UTC')::date) as starts_on, i.ends_on
           from deals d join deal_items i on i.deal_id = d.id
           where d.status = 'won' and d.deleted_at is null and ($4::uuid[] is null or d.owner_id = any($4))
             and (d.company_id = $1 or ($1::uuid is null and d.company_id is null
               and d.id in (select x.deal_id from deal_contacts x where x.contact_id = $2))))
         select b.deal, b.deal_title, b.name, b.quantity, b.total, b.currency, b.billing, b.starts_on, b.ends_on,
           case when b.starts_on > $3 then 'coming' when b.ends_on < $3 then 'ended' when b.billing = 'once' and b.ends_on is null then 'done'
             else 'running' end as state
         from bought b
         order by case when b.starts_on > $3 then 1 when b.ends_on < $3 or (b.billing = 'once' and b.ends_on is null) then 2 else 0 end,
           b.starts_on desc, b.deal desc, b.position limit $5"
    );
    let today = today(tx);
    tx.rows(SERVICES, &[&company, &contact, &today, owners, &MOST]).await
}

/// Won deals in reach.
pub(super) async fn projects(tx: &mut Tx, (company, contact): Client, owners: &Owners) -> Result<Vec<Project>> {
    const PROJECTS: Sql = sql!(
        "with won as (
           select d.id as deal, d.title, d.amount, d.currency, coalesce(d.closed_on, (d.closed_at at time zone 'UTC')::date) as won_on,
             coalesce(d.starts_on, d.closed_on, (d.closed_at at time zone 'UTC')::date) as starts_on, d.ends_on
           from deals d
           where d.status = 'won' and d.deleted_at is null and ($4::uuid[] is null or d.owner_id = any($4))
             and (d.company_id = $1 or ($1::uuid is null and d.company_id is null
               and d.id in (select x.deal_id from deal_contacts x where x.contact_id = $2))))
         select w.deal, w.title, w.amount, w.currency, w.won_on, w.starts_on, w.ends_on,
           case when w.starts_on > $3 then 'coming' when w.ends_on < $3 then 'ended' when w.ends_on is null then 'done' else 'running' end as state
         from won w
         order by case when w.starts_on > $3 then 1 when coalesce(w.ends_on < $3, true) then 2 else 0 end, w.starts_on desc, w.deal desc limit $5"
    );
    let today = today(tx);
    tx.rows(PROJECTS, &[&company, &contact, &today, owners, &MOST]).await
}
