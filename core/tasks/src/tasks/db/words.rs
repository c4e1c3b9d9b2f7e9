//! What tasks are found by besides their own words: their contact's and their company's, so that indexes of tasks alone find them.
use super::TaskId;
use kernel::{Result, Tx, db::Sql, sql};
use uuid::Uuid;

/// Tasks whose words are written by one statement.
const CHUNK: usize = 500;

/// Writes anew whose words these tasks are found by. They are locked before anybody looks, in a statement of its own: of two who
/// do this at once, the later one sees what the earlier one saw, and more.
pub(in crate::tasks) async fn refresh(tx: &mut Tx, ids: &[TaskId]) -> Result<()> {
    const LOCK: Sql = sql!("select t.id from tasks t where t.id = any($1) order by t.id for no key update");
    const WRITE: Sql = sql!(
        "update tasks t set about = w.words from (
           select o.id, coalesce((select c.search from contacts c where c.id = o.contact_id and c.deleted_at is null), '')
             || coalesce((select co.search from companies co where co.id = o.company_id and co.deleted_at is null), '') as words
           from tasks o where o.id = any($1)) w
         where t.id = w.id and t.about <> w.words"
    );
    for ids in ids.chunks(CHUNK) {
        tx.exec(LOCK, &[&ids]).await?;
        tx.exec(WRITE, &[&ids]).await?;
    }
    Ok(())
}

/// The same for one page of all tasks; gives where the next one begins.
pub(in crate::tasks) async fn refresh_page(tx: &mut Tx, after: Option<TaskId>) -> Result<Option<TaskId>> {
    const PAGE: Sql = sql!("select t.id from tasks t where $1::uuid is null or t.id > $1 order by t.id limit $2");
    let ids: Vec<TaskId> = tx.values(PAGE, &[&after, &(CHUNK as i64)]).await?;
    refresh(tx, &ids).await?;
    Ok(ids.last().copied().filter(|_| ids.len() == CHUNK))
}

/// Tasks about these contacts, deleted or not.
pub(in crate::tasks) async fn of_contacts(tx: &mut Tx, contacts: &[Uuid]) -> Result<Vec<TaskId>> {
    tx.values(sql!("select t.id from tasks t where t.contact_id = any($1) order by t.id"), &[&contacts]).await
}

/// Tasks about this company, deleted or not.
pub(in crate::tasks) async fn of_company(tx: &mut Tx, company: Uuid) -> Result<Vec<TaskId>> {
    tx.values(sql!("select t.id from tasks t where t.company_id = $1 order by t.id"), &[&company]).await
}
