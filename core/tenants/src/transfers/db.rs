//! Statements on transfers.
use super::model::{NewTransfer, Transfer, TransferId};
use chrono::{DateTime, Utc};
use kernel::{
    ControlTx, Error, OnConstraint, Result,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec},
    http::Page,
    ids::TenantId,
    sql,
};
use tokio_postgres::types::Type;

const LIST: ListSpec = ListSpec {
    select: "select x.id, x.tenant_id as client_id, c.name as client_name, x.from_id, f.name as from_name, x.to_id, \
        x.state, x.note, x.created_at, x.expires_at, x.decided_at \
        from control.transfers x join control.tenants c on c.id = x.tenant_id join control.tenants f on f.id = x.from_id",
    id: "x.id",
    always: "",
    fields: &[
        Field { name: "state", sql: "x.state", kind: FieldKind::Text, sort: None },
        Field { name: "client_id", sql: "x.tenant_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "from_id", sql: "x.from_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "to_id", sql: "x.to_id", kind: FieldKind::Id("ten"), sort: None },
        Field { name: "created_at", sql: "x.created_at", kind: FieldKind::Time, sort: Some("x.created_at") },
    ],
    default_sort: "-created_at",
};

/// Offers an agency made or got.
pub(crate) async fn list(tx: &mut ControlTx, agency: TenantId, query: &ListQuery) -> Result<Page<Transfer>> {
    tx.list(&LIST, query, &[Clause("(x.from_id = ? or x.to_id = ?)", &agency, Type::UUID)]).await
}

/// An offer the agency made or got; 404 for anybody else's.
pub(crate) async fn get(tx: &mut ControlTx, agency: TenantId, id: TransferId) -> Result<Transfer> {
    tx.row(
        sql!(
            "select x.id, x.tenant_id as client_id, c.name as client_name, x.from_id, f.name as from_name, x.to_id,
               x.state, x.note, x.created_at, x.expires_at, x.decided_at
             from control.transfers x join control.tenants c on c.id = x.tenant_id join control.tenants f on f.id = x.from_id
             where x.id = $2 and (x.from_id = $1 or x.to_id = $1)"
        ),
        &[&agency, &id],
    )
    .await
}

/// Waits until nobody else decides about the offer.
pub(crate) async fn lock(tx: &mut ControlTx, id: TransferId) -> Result<()> {
    tx.exec(sql!("select 1 from control.transfers where id = $1 for update"), &[&id]).await.map(|_| ())
}

/// Makes an offer; one at a time for a client. One that has expired makes way.
pub(crate) async fn insert(
    tx: &mut ControlTx,
    id: TransferId,
    from: TenantId,
    new: &NewTransfer,
    expires: DateTime<Utc>,
) -> Result<()> {
    let (now, who) = (tx.now(), tx.context().actor.id);
    tx.exec(
        sql!(
            "update control.transfers set state = 'withdrawn', decided_at = $2
             where tenant_id = $1 and state = 'offered' and expires_at <= $2"
        ),
        &[&new.client_id, &now],
    )
    .await?;
    tx.exec_one(
        sql!(
            "insert into control.transfers (id, tenant_id, from_id, to_id, note, created_by, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[&id, &new.client_id, &from, &new.agency_id, &new.note.trim(), &who, &now, &expires],
    )
    .await
    .on_constraint("transfers_open_key", || Error::conflict("transfer_open", "It is offered to an agency already."))
    .on_constraint("transfers_other_check", || {
        Error::invalid("/agency_id", "same_agency", "Name another agency than your own.")
    })
}

/// Writes a decision down.
pub(crate) async fn decide(tx: &mut ControlTx, id: TransferId, state: &str) -> Result<()> {
    let (now, who) = (tx.now(), tx.context().actor.id);
    tx.exec_one(
        sql!("update control.transfers set state = $2, decided_by = $3, decided_at = $4 where id = $1"),
        &[&id, &state, &who, &now],
    )
    .await
}

/// Whether an active agency has this id.
pub(crate) async fn is_agency(tx: &mut ControlTx, id: TenantId) -> Result<bool> {
    tx.value(
        sql!("select exists (select 1 from control.tenants where id = $1 and kind = 'agency' and state = 'active')"),
        &[&id],
    )
    .await
}
