//! Whose records somebody reaches, and whether one is among them.
use super::model::{Reach, Record};
use kernel::{Cx, Result, Tx, auth::Permission};

/// As far as a permission for activities reaches, and for companies and deals no further than the one that shows them.
pub fn reach<P: Permission, Q: Permission>(cx: &Cx<P>) -> Reach {
    let [companies, deals] = [cx.visible_owners_of::<companies::Read>(), cx.visible_owners_of::<deals::Read>()];
    Reach::within(cx.visible_owners_of::<Q>(), companies, deals)
}

/// Whose timelines somebody opens: contacts as far as his permission for activities reaches, companies and deals as far as he
/// sees them. What is written there he sees by `reach`.
pub(crate) fn sight<P: Permission>(cx: &Cx<P>) -> Reach {
    Reach {
        contacts: cx.visible_owners(),
        companies: cx.visible_owners_of::<companies::Read>(),
        deals: cx.visible_owners_of::<deals::Read>(),
    }
}

/// Fails with 404 when the record is not in reach.
pub(crate) async fn require(tx: &mut Tx, record: Record, reach: &Reach) -> Result<()> {
    match record {
        Record::Contact(id) => contacts::require(tx, id, &reach.contacts).await,
        Record::Company(id) => companies::require(tx, id, &reach.companies).await,
        Record::Deal(id) => deals::require(tx, id, &reach.deals).await,
    }
}
