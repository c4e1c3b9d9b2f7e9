//! Every statement on what companies are worth.
use super::model::WonItem;
use companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{Result, Tx, db::Sql, sql};

/// The lines of a company's won deals, those of one deal together.
pub(super) async fn won_items(tx: &mut Tx, company: CompanyId) -> Result<Vec<WonItem>> {
    const WON: Sql = sql!(
        "select d.id as deal, d.currency, coalesce(d.closed_on, (d.closed_at at time zone 'UTC')::date) as closed_on,
           coalesce(i.total, d.amount) as total, coalesce(i.billing, 'once') as billing,
           coalesce(i.starts_on, d.starts_on, d.closed_on, (d.closed_at at time zone 'UTC')::date) as starts_on, i.ends_on
         from deals d left join deal_items i on i.deal_id = d.id
         where d.company_id = $1 and d.status = 'won' and d.deleted_at is null order by d.id, i.position"
    );
    tx.rows(WON, &[&company]).await
}

/// The lines of won deals that somebody is on and that belong to no company, as far as they are in reach.
pub(crate) async fn won_items_of_contact(tx: &mut Tx, contact: ContactId, owners: &Owners) -> Result<Vec<WonItem>> {
    const WON: Sql = sql!(
        "select d.id as deal, d.currency, coalesce(d.closed_on, (d.closed_at at time zone 'UTC')::date) as closed_on,
           coalesce(i.total, d.amount) as total, coalesce(i.billing, 'once') as billing,
           coalesce(i.starts_on, d.starts_on, d.closed_on, (d.closed_at at time zone 'UTC')::date) as starts_on, i.ends_on
         from deals d left join deal_items i on i.deal_id = d.id
         where d.id in (select x.deal_id from deal_contacts x where x.contact_id = $1) and d.company_id is null
           and d.status = 'won' and d.deleted_at is null and ($2::uuid[] is null or d.owner_id = any($2)) order by d.id, i.position"
    );
    tx.rows(WON, &[&contact, owners]).await
}

/// Whether a company won deals, or once did.
pub(super) async fn is_client(tx: &mut Tx, company: CompanyId) -> Result<bool> {
    const IS: Sql = sql!(
        "select exists (select from companies c where c.id = $1 and c.value_currency is not null)
           or exists (select from deals d where d.company_id = $1 and d.status = 'won' and d.deleted_at is null)"
    );
    tx.value(IS, &[&company]).await
}

/// Companies that won deals in one of these currencies, or in any.
pub(super) async fn clients(tx: &mut Tx, currencies: Option<&[String]>) -> Result<Vec<CompanyId>> {
    const CLIENTS: Sql = sql!(
        "select d.company_id from deals d where d.status = 'won' and d.deleted_at is null and d.company_id is not null
           and ($1::text[] is null or d.currency = any($1)) group by d.company_id"
    );
    tx.values(CLIENTS, &[&currencies]).await
}
