//! What deals are found by: their own words, their company's and their people's, in one place, so that one index finds them.
use kernel::{Result, Tx, db::Sql, sql};
use uuid::Uuid;

/// Deals whose words are written by one statement.
const CHUNK: usize = 500;

/// Writes anew what these deals are found by. They are locked before anybody looks, in a statement of its own: of two who
/// do this at once, the later one sees what the earlier one saw, and more.
pub(in crate::deals) async fn refresh(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    const LOCK: Sql = sql!("select d.id from deals d where d.id = any($1) order by d.id for no key update");
    const WRITE: Sql = sql!(
        "update deals d set search = w.words from (
           select o.id, fold(concat_ws(' ', '', o.title, o.source, o.next_step))
             || coalesce((select co.search from companies co where co.id = o.company_id and co.deleted_at is null), '')
             || coalesce((select string_agg(c.search, '' order by dc.position, c.id) from deal_contacts dc
                  join contacts c on c.id = dc.contact_id where dc.deal_id = o.id and c.deleted_at is null), '') as words
           from deals o where o.id = any($1)) w
         where d.id = w.id and d.search <> w.words"
    );
    for ids in ids.chunks(CHUNK) {
        tx.exec(LOCK, &[&ids]).await?;
        tx.exec(WRITE, &[&ids]).await?;
    }
    Ok(())
}

/// Deals that these contacts are on.
pub(in crate::deals) async fn of_contacts(tx: &mut Tx, contacts: &[Uuid]) -> Result<Vec<Uuid>> {
    const OF: Sql =
        sql!("select distinct dc.deal_id from deal_contacts dc where dc.contact_id = any($1) order by dc.deal_id");
    tx.values(OF, &[&contacts]).await
}

/// Deals with this company. Those that are deleted have no index by it; they hear of it when they are restored.
pub(in crate::deals) async fn of_company(tx: &mut Tx, company: Uuid) -> Result<Vec<Uuid>> {
    const OF: Sql = sql!("select d.id from deals d where d.company_id = $1 and d.deleted_at is null order by d.id");
    tx.values(OF, &[&company]).await
}
