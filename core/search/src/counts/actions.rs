//! What the caller may hear of.
use super::{
    db,
    model::{Asked, Counts},
};
use contacts::Owners;
use kernel::{
    Cx, Result,
    auth::{Permission, SignedIn},
};

/// What waits for the caller: everything within reach, or what is his own.
pub(super) async fn counts(cx: &Cx<SignedIn>, mine: bool) -> Result<Counts> {
    let asked = Asked {
        tasks: reached::<tasks::Read>(cx, "tasks", mine).await,
        deals: reached::<deals::Read>(cx, "deals", mine).await,
        // A form has one who is responsible; whoever else may decide is asked too.
        submissions: reached::<forms::Read>(cx, "forms", false).await,
        notifications: cx.principal.user,
    };
    cx.read(async |tx| db::counts(tx, &asked).await).await
}

/// Whose records are meant; none when the role does not list them, when the plan lacks their module, or when nothing can be
/// the caller's own.
async fn reached<P: Permission>(cx: &Cx<SignedIn>, module: &str, mine: bool) -> Option<Owners> {
    let owners = match cx.visible_owners_of::<P>() {
        Some(owners) if owners.is_empty() => return None,
        _ if mine => Some(vec![cx.principal.user?]),
        owners => owners,
    };
    cx.app.require_module(&cx.tenant, module).await.is_ok().then_some(owners)
}
