//! Statements on contracts of companies that renew, and on services of won deals that end.
use crate::occasions::model::{RenewalKind, UpcomingRenewal};
use chrono::NaiveDate;
use companies::CompanyId;
use contacts::Owners;
use deals::DealId;
use kernel::{Result, Tx, db::Sql, row, sql};
use uuid::Uuid;

/// Whose companies and whose deals the caller reaches.
#[derive(Debug, Clone)]
pub(crate) struct Renewing {
    pub companies: Owners,
    pub deals: Owners,
}

row! {
    /// A renewal on a day, and how many there are.
    #[derive(Debug, Clone)]
    pub(in crate::occasions) struct RenewalOnDay {
        pub on: NaiveDate,
        pub kind: RenewalKind,
        pub company: Option<CompanyId>,
        pub deal: Option<DealId>,
        pub name: String,
        pub label: Option<String>,
        pub count: i64,
    }
}

impl RenewalOnDay {
    /// Without the count.
    pub fn renewal(self) -> UpcomingRenewal {
        let RenewalOnDay { on, kind, company, deal, name, label, .. } = self;
        UpcomingRenewal { on, kind, company, deal, name, label }
    }
}

/// The first renewals of each day between two days, both included, and how many there are on it. Those of companies with which
/// it is over do not count.
pub(in crate::occasions) async fn renewals(
    tx: &mut Tx,
    (from, to): (NaiveDate, NaiveDate),
    per_day: i64,
    reach: &Renewing,
) -> Result<Vec<RenewalOnDay>> {
    const RENEWALS: Sql = sql!(
        "with found as (
           select c.renews_on as on, 'renewal' as kind, c.id as company, null::uuid as deal, c.name, null::text as label from companies c
           where coalesce(c.renews_on, '9999-12-31'::date) between $1 and $2 and c.deleted_at is null and c.status not in ('former', 'blacklisted')
             and ($3::uuid[] is null or c.owner_id = any($3))
           union all select c.cancel_by, 'cancel_by', c.id, null, c.name, null from companies c
           where c.cancel_by between $1 and $2 and c.deleted_at is null and c.status not in ('former', 'blacklisted')
             and ($3::uuid[] is null or c.owner_id = any($3))
           union all select i.ends_on, 'service_end', c.id, d.id, coalesce(c.name, d.title), i.name
           from deal_items i join deals d on d.id = i.deal_id left join companies c on c.id = d.company_id and c.deleted_at is null
           where i.ends_on between $1 and $2 and d.status = 'won' and d.deleted_at is null and ($4::uuid[] is null or d.owner_id = any($4))),
         placed as (
           select f.on, f.kind, f.company, f.deal, f.name, f.label, count(*) over (partition by f.on) as count,
             row_number() over (partition by f.on order by f.kind, f.name, f.company, f.deal, f.label) as place from found f)
         select p.on, p.kind, p.company, p.deal, p.name, p.label, p.count from placed p where p.place <= $5 order by p.on, p.place"
    );
    tx.rows(RENEWALS, &[&from, &to, &reach.companies, &reach.deals, &per_day]).await
}

row! {
    /// Somebody to be told of a renewal.
    #[derive(Debug, Clone)]
    pub(in crate::occasions) struct RenewalToTell {
        pub kind: RenewalKind,
        pub company: Option<CompanyId>,
        pub deal: Option<DealId>,
        pub name: String,
        pub label: Option<String>,
        pub owner: Uuid,
        /// What tells it apart on its day.
        pub key: String,
    }
}

/// Renewals of a day whose owners are to be told.
pub(in crate::occasions) async fn renewals_to_tell(tx: &mut Tx, day: NaiveDate) -> Result<Vec<RenewalToTell>> {
    const TO_TELL: Sql = sql!(
        "select 'renewal' as kind, c.id as company, null::uuid as deal, c.name, null::text as label, c.owner_id as owner, c.id::text as key
         from companies c where coalesce(c.renews_on, '9999-12-31'::date) = $1 and c.deleted_at is null
           and c.status not in ('former', 'blacklisted') and c.owner_id is not null
         union all select 'cancel_by', c.id, null, c.name, null, c.owner_id, c.id::text
         from companies c where c.cancel_by = $1 and c.deleted_at is null and c.status not in ('former', 'blacklisted') and c.owner_id is not null
         union all select 'service_end', c.id, d.id, coalesce(c.name, d.title), i.name, d.owner_id, d.id::text || '/' || i.position::text
         from deal_items i join deals d on d.id = i.deal_id left join companies c on c.id = d.company_id and c.deleted_at is null
         where i.ends_on = $1 and d.status = 'won' and d.deleted_at is null and d.owner_id is not null"
    );
    tx.rows(TO_TELL, &[&day]).await
}

/// Whether there is a renewal to come, from a day on.
pub(in crate::occasions) async fn any_renewal(tx: &mut Tx, from: NaiveDate) -> Result<bool> {
    const ANY: Sql = sql!(
        "select exists (select from companies c where coalesce(c.renews_on, '9999-12-31'::date) between $1 and '9998-12-31' and c.deleted_at is null)
           or exists (select from companies c where c.cancel_by >= $1 and c.deleted_at is null)
           or exists (select from deal_items i join deals d on d.id = i.deal_id where i.ends_on >= $1 and d.status = 'won' and d.deleted_at is null)"
    );
    tx.value(ANY, &[&from]).await
}
