//! What one wants to be told.
use super::{
    actions,
    model::{Preference, PreferenceChanges},
};
use crate::{Tag, notifications::actions::himself};
use kernel::{Cx, Result, auth::SignedIn};
use poem_openapi::{OpenApi, payload::Json};

pub(crate) struct PreferencesApi;

#[OpenApi(tag = "Tag::Notifications")]
impl PreferencesApi {
    /// What one is told, by kind and channel
    ///
    /// The kinds of a module stand together, each in all channels.
    #[oai(path = "/v1/preferences", method = "get", operation_id = "list_preferences")]
    async fn list_preferences(&self, cx: Cx<SignedIn>) -> Result<Json<Vec<Preference>>> {
        actions::get(&cx).await.map(Json)
    }

    /// Choose what one is told
    ///
    /// In the app, by e-mail and on devices are chosen apart. News that are `always` told cannot be switched off.
    #[oai(path = "/v1/preferences", method = "put", operation_id = "put_preferences")]
    async fn put_preferences(&self, cx: Cx<SignedIn>, body: Json<PreferenceChanges>) -> Result<Json<Vec<Preference>>> {
        let user = himself(&cx.principal)?;
        cx.write(async |tx| actions::put(tx, user, &body.items).await).await?;
        cx.control(async |tx| actions::put_push(tx, (user, cx.tenant.id), &body.items).await).await?;
        actions::get(&cx).await.map(Json)
    }
}
