//! Every statement on contact stages.
use super::model::{ContactStage, ContactStageId, ContactStages, Draft, StageEntry};
use crate::contacts::ContactId;
use kernel::{Error, OnConstraint, Result, Tx, db::Sql, row, sql};

/// Every stage that was not taken away, in order.
pub async fn list(tx: &mut Tx) -> Result<Vec<ContactStage>> {
    const LIST: Sql = sql!(
        "select s.id, s.key, s.label, s.colour, s.position, s.outcome, s.entry, s.removed_at, s.moved_to, s.created_at, s.updated_at, s.version
         from contact_stages s where s.removed_at is null order by s.position, s.key"
    );
    tx.rows(LIST, &[]).await
}

/// Every stage that was taken away, the latest first.
async fn list_removed(tx: &mut Tx) -> Result<Vec<ContactStage>> {
    const LIST: Sql = sql!(
        "select s.id, s.key, s.label, s.colour, s.position, s.outcome, s.entry, s.removed_at, s.moved_to, s.created_at, s.updated_at, s.version
         from contact_stages s where s.removed_at is not null order by s.removed_at desc, s.key"
    );
    tx.rows(LIST, &[]).await
}

/// Stages with the version of them all.
pub async fn all(tx: &mut Tx, removed: bool) -> Result<ContactStages> {
    // Each change of a stage makes its version rise, and no row ever goes.
    const VERSION: Sql = sql!("select sum(version)::bigint from contact_stages");
    let version = tx.value(VERSION, &[]).await?;
    let items = if removed { list_removed(tx).await? } else { list(tx).await? };
    Ok(ContactStages { items, version })
}

/// The stage, taken away or not.
pub async fn find(tx: &mut Tx, id: ContactStageId) -> Result<ContactStage> {
    const FIND: Sql = sql!(
        "select s.id, s.key, s.label, s.colour, s.position, s.outcome, s.entry, s.removed_at, s.moved_to, s.created_at, s.updated_at, s.version
         from contact_stages s where s.id = $1"
    );
    tx.row(FIND, &[&id]).await
}

/// Whether there is a stage of this key that was not taken away.
pub async fn exists(tx: &mut Tx, key: &str) -> Result<bool> {
    const EXISTS: Sql = sql!("select exists (select from contact_stages where key = $1 and removed_at is null)");
    tx.value(EXISTS, &[&key]).await
}

/// Key of the stage that contacts of this stage are in: itself, or where its contacts went.
pub async fn standing(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    const STANDING: Sql =
        sql!("select case when removed_at is null then key else moved_to end from contact_stages where key = $1");
    tx.value_opt(STANDING, &[&key]).await
}

row! {
    /// Where contacts of a stage are.
    pub struct Standing {
        pub key: String,
        /// The stage itself, or where its contacts went.
        pub standing: String,
    }
}

/// Where contacts of every stage are.
pub async fn standings(tx: &mut Tx) -> Result<Vec<Standing>> {
    const STANDINGS: Sql = sql!("select key, coalesce(moved_to, key) as standing from contact_stages");
    tx.rows(STANDINGS, &[]).await
}

/// Key of the stage that contacts come into by themselves.
pub async fn of_entry(tx: &mut Tx, entry: StageEntry) -> Result<Option<String>> {
    const OF: Sql = sql!("select key from contact_stages where entry = $1 and removed_at is null");
    let entry = entry.as_str();
    tx.value_opt(OF, &[&entry]).await
}

/// Which stages there are.
const STAGES: &str = "contact stages";

/// Keeps every stage there until the end of the transaction: whoever puts a contact into a stage holds this, and looks afterwards
/// whether it is there. Those who do wait for nobody but for who takes a stage away.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    tx.share_lock(STAGES).await
}

/// Waits for everybody who puts contacts into stages, and lets nobody begin, until the end of the transaction. No contact is
/// locked by who has it, so nobody waits in a circle.
pub async fn close(tx: &mut Tx) -> Result<()> {
    tx.lock(STAGES).await
}

/// Serialises everybody who changes stages, until the end of the transaction.
pub async fn lock(tx: &mut Tx) -> Result<()> {
    tx.exec(sql!("select key from contact_stages order by key for update"), &[]).await.map(|_| ())
}

/// Keys that were ever given.
pub async fn keys(tx: &mut Tx) -> Result<Vec<String>> {
    tx.values(sql!("select key from contact_stages"), &[]).await
}

/// A new stage, after the others.
pub async fn insert(tx: &mut Tx, id: ContactStageId, key: &str, stage: &Draft) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into contact_stages (id, key, label, colour, position, outcome, entry, created_at, updated_at)
         select $1, $2, $3, $4, coalesce(max(s.position), 0) + 1, $5, $6, $7, $7 from contact_stages s where s.removed_at is null"
    );
    let (now, entry) = (tx.now(), stage.entry.map(StageEntry::as_str));
    tx.exec_one(INSERT, &[&id, &key, &stage.label, &stage.colour, &stage.outcome.as_str(), &entry, &now])
        .await
        .on_constraint("contact_stages_label_key", taken)
        .on_constraint("contact_stages_pkey", || Error::invalid("/key", "key_taken", "A stage has or had this key."))
}

/// Writes a stage.
pub async fn update(tx: &mut Tx, id: ContactStageId, stage: &Draft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update contact_stages set label = $2, colour = $3, outcome = $4, entry = $5, updated_at = $6, version = version + 1 where id = $1"
    );
    let (now, entry) = (tx.now(), stage.entry.map(StageEntry::as_str));
    tx.exec_one(UPDATE, &[&id, &stage.label, &stage.colour, &stage.outcome.as_str(), &entry, &now])
        .await
        .on_constraint("contact_stages_label_key", taken)
}

fn taken() -> Error {
    Error::invalid("/label", "stage_name_taken", "Another stage has this name.")
}

/// Lets whoever has these contacts give them up.
pub async fn give_up(tx: &mut Tx, entry: StageEntry) -> Result<()> {
    const GIVE_UP: Sql = sql!(
        "update contact_stages set entry = null, updated_at = $2, version = version + 1 where entry = $1 and removed_at is null"
    );
    let (now, entry) = (tx.now(), entry.as_str());
    tx.exec(GIVE_UP, &[&entry, &now]).await.map(|_| ())
}

/// Gives every stage its place.
pub async fn reorder(tx: &mut Tx, order: &[ContactStageId]) -> Result<()> {
    const REORDER: Sql = sql!(
        "update contact_stages s set position = n.place, updated_at = $2, version = s.version + 1
         from unnest($1::uuid[]) with ordinality as n(id, place) where s.id = n.id and s.position <> n.place"
    );
    let now = tx.now();
    tx.exec(REORDER, &[&order, &now]).await.map(|_| ())
}

/// Whether a contact that is not deleted is in the stage.
pub async fn is_used(tx: &mut Tx, key: &str) -> Result<bool> {
    const USED: Sql = sql!("select exists (select from contacts where stage = $1 and deleted_at is null)");
    tx.value(USED, &[&key]).await
}

/// How many contacts are in the stage, counted no further than this.
pub async fn count_up_to(tx: &mut Tx, key: &str, most: i64) -> Result<i64> {
    const COUNT: Sql = sql!(
        "select count(*) from (select from contacts where stage = $1 and deleted_at is null limit $2::bigint) as counted"
    );
    tx.value(COUNT, &[&key, &most]).await
}

/// Takes a stage away; who was in it, or in one whose contacts went to it, is in the other from now on.
pub async fn remove(tx: &mut Tx, id: ContactStageId, key: &str, to: &str) -> Result<()> {
    const REMOVE: Sql = sql!(
        "update contact_stages set removed_at = $3, moved_to = $2, entry = null, updated_at = $3, version = version + 1 where id = $1"
    );
    const FOLLOW: Sql = sql!("update contact_stages set moved_to = $2, version = version + 1 where moved_to = $1");
    let now = tx.now();
    tx.exec(FOLLOW, &[&key, &to]).await?;
    tx.exec_one(REMOVE, &[&id, &to, &now]).await
}

/// Brings a stage back, after the others.
pub async fn restore(tx: &mut Tx, id: ContactStageId) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update contact_stages set removed_at = null, moved_to = null, updated_at = $2, version = version + 1,
           position = (select coalesce(max(s.position), 0) + 1 from contact_stages s where s.removed_at is null) where id = $1"
    );
    let now = tx.now();
    tx.exec_one(RESTORE, &[&id, &now]).await.on_constraint("contact_stages_label_key", || {
        Error::conflict("stage_name_taken", "Another stage has its name by now. Rename that one first.")
    })
}

/// Some contacts of a stage that was taken away, locked; deleted ones too.
pub async fn some_of(tx: &mut Tx, key: &str, limit: i64) -> Result<Vec<ContactId>> {
    const SOME: Sql = sql!("select id from contacts where stage = $1 order by id limit $2 for update");
    tx.values(SOME, &[&key, &limit]).await
}

/// Puts locked contacts into a stage; gives those that are not deleted.
pub async fn put(tx: &mut Tx, contacts: &[ContactId], from: &str, to: &str) -> Result<Vec<ContactId>> {
    const PUT: Sql = sql!(
        "with moved as (
           update contacts set stage = $3, updated_at = $4, version = version + 1, derived = derived + 1
           where id = any($1) and stage = $2 returning id, deleted_at)
         select id from moved where deleted_at is null order by id"
    );
    let now = tx.now();
    tx.values(PUT, &[&contacts, &from, &to, &now]).await
}

/// Puts locked contacts that are in a stage that was taken away where its contacts went.
pub async fn settle(tx: &mut Tx, contacts: &[ContactId]) -> Result<()> {
    const SETTLE: Sql = sql!(
        "update contacts c set stage = s.moved_to from contact_stages s
         where c.id = any($1) and s.key = c.stage and s.removed_at is not null"
    );
    tx.exec(SETTLE, &[&contacts]).await.map(|_| ())
}
