//! What happens, live.
use super::{
    actions::Reader,
    model::{Position, Signal},
};
use crate::{Tag, notifications::actions::person};
use futures_util::{StreamExt, stream::BoxStream};
use kernel::{Cx, Error, Result, auth::SignedIn};
use poem::{Request, web::sse::Event};
use poem_openapi::{OpenApi, param::Header, payload::EventStream, types::ToJSON};
use std::time::Duration;

pub(crate) struct StreamsApi;

/// A line without meaning this often keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);

#[OpenApi(tag = "Tag::Notifications")]
impl StreamsApi {
    /// What happens, live
    ///
    /// Server-sent events: `hello` first, then `event`, `changed`, `notification` and `unread` as they come. Of a resource
    /// that one reads in part, own or team records, `changed` says no more than that something happened to it. A reader that
    /// was cut off sends the last message's id as Last-Event-ID and misses nothing, but for `provisioning`, which tells an
    /// agency of the moment. The stream ends with the access token.
    #[oai(path = "/v1/stream", method = "get", operation_id = "stream")]
    async fn stream(
        &self,
        cx: Cx<SignedIn>,
        req: &Request,
        /// Id of the last message one got.
        #[oai(name = "Last-Event-ID")]
        last: Header<Option<String>>,
    ) -> Result<EventStream<BoxStream<'static, Signal>>> {
        let user = person(&cx.principal)?;
        let token = req.header("authorization").and_then(|h| h.strip_prefix("Bearer "));
        let token = token.ok_or_else(|| Error::unauthenticated("credential_missing"))?.to_owned();
        let wanted = (cx.principal.tenant != cx.principal.home).then_some(cx.principal.tenant);
        let mut reader = Reader::new(&cx.app, &cx.principal, user, token, wanted, cx.request.clone());
        reader.begin(last.0.as_deref().and_then(Position::parse)).await?;
        let message = |signal: Signal| {
            Event::message(signal.to_json_string()).id(signal.at.to_string()).event_type(signal.kind.as_str())
        };
        Ok(EventStream::new(reader.into_stream().boxed()).to_event(message).keep_alive(HEARTBEAT))
    }
}
