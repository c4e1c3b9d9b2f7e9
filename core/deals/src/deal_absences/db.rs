//! Every statement on absences.
use super::model::{DealAbsence, NewDealAbsence};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    ids::UserId,
    sql,
};

/// Every absence, also those that have ended.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select a.member_id as member, a.from_on as from, a.until_on as until, a.created_at, a.updated_at, a.version from deal_absences a",
    id: "a.member_id",
    always: "",
    fields: &[
        Field { name: "member", sql: "a.member_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "until", sql: "a.until_on", kind: FieldKind::Date, sort: None },
        Field { name: "created_at", sql: "a.created_at", kind: FieldKind::Time, sort: Some("a.created_at") },
    ],
    default_sort: "created_at",
};

/// The absence of a member, if there is one.
pub(super) async fn find(tx: &mut Tx, member: UserId) -> Result<Option<DealAbsence>> {
    const FIND: Sql = sql!(
        "select a.member_id as member, a.from_on as from, a.until_on as until, a.created_at, a.updated_at, a.version
         from deal_absences a where a.member_id = $1 for update"
    );
    tx.opt(FIND, &[&member]).await
}

/// Says when a member is away, instead of what was said before.
pub(super) async fn put(tx: &mut Tx, member: UserId, days: &NewDealAbsence) -> Result<DealAbsence> {
    const PUT: Sql = sql!(
        "insert into deal_absences as a (member_id, from_on, until_on, created_at, updated_at) values ($1, $2, $3, $4, $4)
         on conflict on constraint deal_absences_pkey do update set from_on = $2, until_on = $3, updated_at = $4, version = a.version + 1
         returning a.member_id as member, a.from_on as from, a.until_on as until, a.created_at, a.updated_at, a.version"
    );
    let now = tx.now();
    tx.row(PUT, &[&member, &days.from, &days.until, &now]).await
}

/// Ends an absence.
pub(super) async fn delete(tx: &mut Tx, member: UserId) -> Result<()> {
    tx.exec_one(sql!("delete from deal_absences where member_id = $1"), &[&member]).await
}
