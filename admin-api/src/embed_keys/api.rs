use crate::{
    Tag,
    access::{Admin, Keys, Read},
};
use kernel::{
    Result,
    http::{Created, NoContent},
};
use poem_openapi::{OpenApi, param::Path, payload::Json};
use tenants::embed_keys::{actions, model::EmbedKey};

/// Embed keys.
pub struct EmbedKeysApi;

#[OpenApi(prefix_path = "/v1", tag = "Tag::Operations")]
impl EmbedKeysApi {
    /// List the keys, newest first; their secrets are never shown.
    #[oai(path = "/embed-keys", method = "get")]
    async fn list_embed_keys(&self, cx: Admin<Read>) -> Result<Json<Vec<EmbedKey>>> {
        cx.control(async |tx| actions::list(tx).await).await.map(Json)
    }

    /// Rotate: make a new signing key. Open widgets go on with the one before.
    #[oai(path = "/embed-keys", method = "post")]
    async fn rotate_embed_keys(&self, cx: Admin<Keys>) -> Result<Created<EmbedKey>> {
        cx.create(async |tx| actions::rotate(tx).await).await
    }

    /// Revoke a key in an emergency: every token it signed is refused within a second.
    #[oai(path = "/embed-keys/:kid", method = "delete")]
    async fn revoke_embed_key(&self, cx: Admin<Keys>, kid: Path<i16>) -> Result<NoContent> {
        cx.control(async |tx| actions::revoke(tx, kid.0).await).await?;
        Ok(NoContent::Done)
    }
}
