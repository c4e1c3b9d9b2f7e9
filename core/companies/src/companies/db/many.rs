//! Companies by the hundred: what a bulk run chooses, reads and writes.
use super::{
    super::{
        draft::Draft,
        model::{Company, CompanyId},
    },
    DELETED, LIST, asked,
};
use contacts::Owners;
use kernel::{
    Result, Tx,
    db::{Clause, Clauses, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use serde_json::{Value, json};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Companies of one list: its filters, its words, and whether those are meant that were deleted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// `field:op:value`.
    pub filter: Vec<String>,
    /// Words that each company holds.
    pub words: String,
    /// Companies that were deleted, instead of the others.
    pub deleted: bool,
    /// Companies that are not meant.
    pub excluded: Vec<CompanyId>,
}

impl Asked {
    fn spec(&self) -> &'static ListSpec {
        if self.deleted { &DELETED } else { &LIST }
    }

    fn query(&self) -> ListQuery {
        ListQuery { filter: self.filter.clone(), ..ListQuery::default() }
    }
}

/// How many companies in reach are asked for, counted no further than `most`.
pub(crate) async fn count(tx: &mut Tx, wish: &Asked, owners: &Owners, most: u32) -> Result<i64> {
    asked(tx, &wish.query(), &wish.words, owners, async |tx, keyed, query, clauses| {
        tx.count_chosen(wish.spec(), keyed, query, clauses, most).await
    })
    .await
}

/// Notes the companies in reach that are asked for as rows of `run`, at most `most`; how many.
pub(crate) async fn note(tx: &mut Tx, run: Uuid, wish: &Asked, owners: &Owners, most: u32) -> Result<i64> {
    const INTO: &str = "insert into company_bulk_run_rows (run_id, place, company_id)";
    asked(tx, &wish.query(), &wish.words, owners, async |tx, keyed, query, clauses| {
        let but = Clause("c.id <> all(?)", &wish.excluded, Type::UUID_ARRAY);
        let said = [clauses.said, &[but]].concat();
        tx.note_chosen(INTO, run, wish.spec(), keyed, query, Clauses { said: &said, ..clauses }, most).await
    })
    .await
}

/// Companies of these ids, locked until the end of the transaction, all in one order; deleted ones or the others, as far as they
/// are in reach. Those that became part of another company are none of them.
pub(crate) async fn lock(tx: &mut Tx, ids: &[CompanyId], deleted: bool, owners: &Owners) -> Result<Vec<Company>> {
    const LOCK: Sql = sql!(
        "select c.id from companies c where c.id = any($1) and (c.deleted_at is not null) = $2 and c.merged_into is null
           and ($3::uuid[] is null or c.owner_id = any($3)) order by c.id for update"
    );
    const ANY: ListSpec = ListSpec { always: "", default_sort: "created_at", ..LIST };
    let there: Vec<CompanyId> = tx.values(LOCK, &[&ids, &deleted, owners]).await?;
    let mut all = vec![];
    // A statement of its own: it sees what others did until the locks were had.
    for some in there.chunks(200) {
        let query = ListQuery { limit: Some(200), ..ListQuery::default() };
        let some = some.to_vec();
        let page: Page<Company> = tx.list(&ANY, &query, &[Clause("c.id = any(?)", &some, Type::UUID_ARRAY)]).await?;
        all.extend(page.items);
    }
    Ok(all)
}

/// Writes status, tier, owner, industry and custom values of locked companies, and what they are found by.
pub(crate) async fn update(tx: &mut Tx, companies: &[(CompanyId, &Draft)]) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update companies c set status = n.status, tier = n.tier, owner_id = n.owner_id, industry = n.industry, custom = n.custom,
           search = fold(n.search), updated_at = $2, version = c.version + 1
         from jsonb_populate_recordset(null::companies, $1) n where c.id = n.id"
    );
    let row = |(id, draft): &(CompanyId, &Draft)| {
        json!({
            "id": id.0, "status": draft.status.as_str(), "tier": draft.tier.map(|tier| tier.as_str()),
            "owner_id": draft.owner.map(|owner| owner.0), "industry": draft.industry, "custom": draft.custom,
            "search": draft.search_text(),
        })
    };
    if companies.is_empty() {
        return Ok(());
    }
    let (rows, now): (Value, _) = (companies.iter().map(row).collect(), tx.now());
    tx.exec(UPDATE, &[&rows, &now]).await.map(|_| ())
}

/// Marks locked companies as deleted.
pub(crate) async fn delete(tx: &mut Tx, ids: &[CompanyId]) -> Result<()> {
    const DELETE: Sql =
        sql!("update companies set deleted_at = $2, updated_at = $2, version = version + 1 where id = any($1)");
    let now = tx.now();
    tx.exec(DELETE, &[&ids, &now]).await.map(|_| ())
}

/// Takes the deletion of locked companies back.
pub(crate) async fn restore(tx: &mut Tx, ids: &[CompanyId]) -> Result<()> {
    const RESTORE: Sql =
        sql!("update companies set deleted_at = null, updated_at = $2, version = version + 1 where id = any($1)");
    let now = tx.now();
    tx.exec(RESTORE, &[&ids, &now]).await.map(|_| ())
}
