//! Statements on where a contact belongs.
use companies::CompanyId;
use contacts::{ContactId, Owners};
use kernel::{Result, Tx, db::Sql, sql};

/// The company in reach that a contact buys for: whose first person he is, else the one he came to first.
pub(super) async fn company_of(tx: &mut Tx, contact: ContactId, owners: &Owners) -> Result<Option<CompanyId>> {
    const COMPANY: Sql = sql!(
        "select p.company_id from company_contacts p join companies m on m.id = p.company_id
         where p.contact_id = $1 and m.deleted_at is null and ($2::uuid[] is null or m.owner_id = any($2))
         order by p.is_primary desc, p.created_at, p.company_id limit 1"
    );
    tx.value_opt(COMPANY, &[&contact, owners]).await
}
