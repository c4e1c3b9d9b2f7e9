//! Statements on who looks after a record.
use crate::records::Record;
use kernel::{Result, Tx, db::Sql, sql};
use uuid::Uuid;

/// Who looks after a record.
pub(crate) async fn owner(tx: &mut Tx, record: Record) -> Result<Option<Uuid>> {
    const CONTACT: Sql = sql!("select c.owner_id from contacts c where c.id = $1");
    const COMPANY: Sql = sql!("select m.owner_id from companies m where m.id = $1");
    const DEAL: Sql = sql!("select d.owner_id from deals d where d.id = $1");
    match record {
        Record::Contact(id) => tx.value(CONTACT, &[&id]).await,
        Record::Company(id) => tx.value(COMPANY, &[&id]).await,
        Record::Deal(id) => tx.value(DEAL, &[&id]).await,
    }
}
