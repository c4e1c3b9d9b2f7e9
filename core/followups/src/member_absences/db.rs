//! Every statement on absences of members.
use super::model::{MemberAbsence, MemberAbsenceId, NewMemberAbsence};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    sql,
};

/// Every absence, also those that are over.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select a.id, a.member_id as member, a.from_on as from, a.until_on as until, a.stand_in_id as stand_in, a.created_at from member_absences a",
    id: "a.id",
    always: "",
    fields: &[
        Field { name: "member", sql: "a.member_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "from", sql: "a.from_on", kind: FieldKind::Date, sort: Some("a.from_on") },
        Field { name: "until", sql: "a.until_on", kind: FieldKind::Date, sort: None },
    ],
    default_sort: "from",
};

/// Whether a member is away on one of these days already. Whoever asks waits here for others who add or remove absences.
pub(super) async fn overlaps(tx: &mut Tx, new: &NewMemberAbsence) -> Result<bool> {
    const OVERLAPS: Sql = sql!(
        "select exists (select from member_absences a where a.member_id = $1 and a.from_on <= $3 and a.until_on >= $2)"
    );
    tx.lock(&format!("absences of {}", new.member)).await?;
    tx.value(OVERLAPS, &[&new.member, &new.from, &new.until]).await
}

/// How many a member has.
pub(super) async fn count(tx: &mut Tx, new: &NewMemberAbsence) -> Result<i64> {
    tx.value(sql!("select count(*) from member_absences where member_id = $1"), &[&new.member]).await
}

/// A new one.
pub(super) async fn insert(tx: &mut Tx, new: &NewMemberAbsence) -> Result<MemberAbsence> {
    const INSERT: Sql = sql!(
        "insert into member_absences as a (id, member_id, from_on, until_on, stand_in_id, created_at) values ($1, $2, $3, $4, $5, $6)
         returning a.id, a.member_id as member, a.from_on as from, a.until_on as until, a.stand_in_id as stand_in, a.created_at"
    );
    let now = tx.now();
    tx.row(INSERT, &[&MemberAbsenceId::new(now), &new.member, &new.from, &new.until, &new.stand_in, &now]).await
}

/// The absence, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, id: MemberAbsenceId) -> Result<MemberAbsence> {
    const FIND: Sql = sql!(
        "select a.id, a.member_id as member, a.from_on as from, a.until_on as until, a.stand_in_id as stand_in, a.created_at
         from member_absences a where a.id = $1 for update"
    );
    tx.row(FIND, &[&id]).await
}

/// Removes it.
pub(super) async fn delete(tx: &mut Tx, id: MemberAbsenceId) -> Result<()> {
    tx.exec_one(sql!("delete from member_absences where id = $1"), &[&id]).await
}
