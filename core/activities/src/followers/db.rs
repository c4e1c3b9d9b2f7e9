//! Statements on `followers`.
use super::model::FollowerRow;
use crate::records::Record;
use contacts::ContactId;
use kernel::{Result, Tx, auth::ActorKind, db::Sql, ids::UserId, sql};
use uuid::Uuid;

/// Who follows a record, the first of them first.
pub(super) async fn of(tx: &mut Tx, record: Record) -> Result<Vec<FollowerRow>> {
    const CONTACT: Sql = sql!(
        "select f.user_id as user, f.added_by, f.created_at from followers f where f.contact_id = $1 order by f.created_at, f.id"
    );
    const COMPANY: Sql = sql!(
        "select f.user_id as user, f.added_by, f.created_at from followers f where f.company_id = $1 order by f.created_at, f.id"
    );
    const DEAL: Sql = sql!(
        "select f.user_id as user, f.added_by, f.created_at from followers f where f.deal_id = $1 order by f.created_at, f.id"
    );
    match record {
        Record::Contact(id) => tx.rows(CONTACT, &[&id]).await,
        Record::Company(id) => tx.rows(COMPANY, &[&id]).await,
        Record::Deal(id) => tx.rows(DEAL, &[&id]).await,
    }
}

/// Lets a member follow a record; says whether he did not before. Two who let him follow at once add one row.
pub(super) async fn add(tx: &mut Tx, id: Uuid, record: Record, user: UserId) -> Result<bool> {
    const ADD: Sql = sql!(
        "insert into followers (id, contact_id, company_id, deal_id, user_id, added_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"
    );
    let (actor, now) = (tx.context().actor, tx.now());
    let by = actor.id.filter(|_| actor.kind == ActorKind::User);
    let (contact, company, deal) = (record.contact(), record.company(), record.deal());
    Ok(tx.exec(ADD, &[&id, &contact, &company, &deal, &user, &by, &now]).await? == 1)
}

/// Lets a member not follow a record any more; says whether he did.
pub(super) async fn remove(tx: &mut Tx, record: Record, user: UserId) -> Result<bool> {
    const REMOVE: Sql = sql!(
        "delete from followers f where f.user_id = $1 and (f.contact_id = $2 or f.company_id = $3 or f.deal_id = $4)"
    );
    let (contact, company, deal) = (record.contact(), record.company(), record.deal());
    Ok(tx.exec(REMOVE, &[&user, &contact, &company, &deal]).await? == 1)
}

/// Whether anybody follows one of these records.
pub(super) async fn any(tx: &mut Tx, contact: Option<Uuid>, company: Option<Uuid>, deal: Option<Uuid>) -> Result<bool> {
    const ANY: Sql = sql!(
        "select exists (select from followers where contact_id = $1) or exists (select from followers where company_id = $2)
           or exists (select from followers where deal_id = $3)"
    );
    tx.value(ANY, &[&contact, &company, &deal]).await
}

/// Whom a note names: they are told in another way.
pub(super) async fn named_in(tx: &mut Tx, note: Uuid) -> Result<Vec<UserId>> {
    tx.values(sql!("select unnest(mentions) from notes where id = $1"), &[&note]).await
}

/// Whether a record is there and not deleted.
pub(super) async fn is_there(tx: &mut Tx, record: Record) -> Result<bool> {
    const CONTACT: Sql = sql!("select exists (select from contacts where id = $1 and deleted_at is null)");
    const COMPANY: Sql = sql!("select exists (select from companies where id = $1 and deleted_at is null)");
    const DEAL: Sql = sql!("select exists (select from deals where id = $1 and deleted_at is null)");
    match record {
        Record::Contact(id) => tx.value(CONTACT, &[&id]).await,
        Record::Company(id) => tx.value(COMPANY, &[&id]).await,
        Record::Deal(id) => tx.value(DEAL, &[&id]).await,
    }
}

/// Lets nobody follow a contact any more; gives how many did.
pub(super) async fn erase(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    tx.exec(sql!("delete from followers where contact_id = $1"), &[&contact]).await
}
