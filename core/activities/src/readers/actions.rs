//! Finding out who may see a record.
use super::{
    db,
    model::{Reader, Readers},
};
use crate::{
    Read,
    records::{Reach, Record, require},
};
use identity::members;
use kernel::{Cx, Result, auth::Permission, ids::UserId};

/// Members who may see what is written about a record that the caller reaches.
pub(crate) async fn of<P: Permission>(cx: &Cx<P>, record: Record, reach: &Reach) -> Result<Readers> {
    let owner = cx.read(async |tx| {
        require(tx, record, reach).await?;
        db::owner(tx, record).await
    });
    let (owner, needed) = (owner.await?, [Read::NAME, record.permission()]);
    let found = cx.control(async |tx| members::seeing(tx, cx.tenant.id, owner, &needed).await).await?;
    Ok(Readers { items: found.into_iter().map(|(user, name)| Reader { user, name }).collect() })
}

/// The same for a text, without asking when it names nobody; a record out of reach has no readers.
pub(crate) async fn named<P: Permission>(
    cx: &Cx<P>,
    record: Record,
    reach: &Reach,
    body: Option<&str>,
) -> Result<Vec<UserId>> {
    if !body.is_some_and(|body| body.contains("@usr_")) {
        return Ok(vec![]);
    }
    match of(cx, record, reach).await {
        Ok(readers) => Ok(readers.items.into_iter().map(|reader| reader.user).collect()),
        Err(error) if error.is_not_found() => Ok(vec![]),
        Err(error) => Err(error),
    }
}
