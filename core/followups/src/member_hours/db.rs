//! Every statement on the hours of members.
use super::model::MemberHours;
use crate::working_time::{NewWorkingTime, Spans};
use kernel::{
    Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    ids::UserId,
    sql,
};

/// Of every member who has some.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select h.member_id as member, h.zone, array(select s.value from jsonb_array_elements(h.spans) with ordinality s(value, place) \
        order by s.place) as spans, h.created_at, h.updated_at, h.version from member_hours h",
    id: "h.member_id",
    always: "",
    fields: &[
        Field { name: "member", sql: "h.member_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "created_at", sql: "h.created_at", kind: FieldKind::Time, sort: Some("h.created_at") },
    ],
    default_sort: "created_at",
};

/// The hours of a member, if he has some, locked until the end of the transaction.
pub(super) async fn find_for_update(tx: &mut Tx, member: UserId) -> Result<Option<MemberHours>> {
    const FIND: Sql = sql!(
        "select h.member_id as member, h.zone, array(select s.value from jsonb_array_elements(h.spans) with ordinality s(value, place)
           order by s.place) as spans, h.created_at, h.updated_at, h.version
         from member_hours h where h.member_id = $1 for update"
    );
    tx.opt(FIND, &[&member]).await
}

/// Gives a member hours, instead of those that he had.
pub(super) async fn put(tx: &mut Tx, member: UserId, new: NewWorkingTime) -> Result<MemberHours> {
    const PUT: Sql = sql!(
        "insert into member_hours as h (member_id, zone, spans, created_at, updated_at) values ($1, $2, $3, $4, $4)
         on conflict on constraint member_hours_pkey do update set zone = $2, spans = $3, updated_at = $4, version = h.version + 1
         returning h.member_id as member, h.zone, array(select s.value from jsonb_array_elements(h.spans) with ordinality s(value, place)
           order by s.place) as spans, h.created_at, h.updated_at, h.version"
    );
    let now = tx.now();
    tx.row(PUT, &[&member, &new.zone, &Spans(new.spans), &now]).await
}

/// Takes them away.
pub(super) async fn delete(tx: &mut Tx, member: UserId) -> Result<()> {
    tx.exec_one(sql!("delete from member_hours where member_id = $1"), &[&member]).await
}
