//! Opting out of greetings by the link in each of them (one click: RFC 8058).
use crate::Tags;
use chrono::{DateTime, TimeDelta, Utc};
use contacts::{Channel, ConsentState, ContactId, Evidence, NewConsent};
use kernel::{App, Error, Result, Tx, http::RequestInfo, ids::TenantId};
use poem::Request;
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Html};
use serde::{Deserialize, Serialize};

/// Kind of the signed link.
const LINK: &str = "greeting-unsubscribe";
/// Somebody may look for the link in an old mail.
const LIFE: TimeDelta = TimeDelta::days(3 * 366);
/// What the ledger of consents calls being greeted.
const PURPOSE: &str = "greetings";

/// What a link says.
#[derive(Serialize, Deserialize)]
struct Claims {
    tenant: TenantId,
    contact: ContactId,
}

/// The link by which a contact opts out.
pub(super) fn link(tx: &Tx, contact: ContactId) -> Result<String> {
    let claims = Claims { tenant: tx.tenant().id, contact };
    // The same all day, so that a mail that is tried again is the same mail.
    let day = DateTime::from_timestamp(tx.now().timestamp() / 86_400 * 86_400, 0).unwrap_or_else(|| tx.now());
    let token = tx.app().keys.sign(LINK, &claims, day, LIFE)?;
    Ok(format!("{}/v1/greeting-unsubscribes/{token}", tx.app().config.server.public_url))
}

fn read(request: &Request, token: &str, now: DateTime<Utc>) -> Result<Claims> {
    let app = App::of(request)?;
    let Some(claims) = app.keys.verify(LINK, token, now) else {
        // Only guessing is limited: many readers may share a network.
        let info = RequestInfo::of(request);
        info.limit(&app, &format!("ip/{}", info.ip_prefix()), app.config.limits.public_per_minute)?;
        return Err(Error::not_found());
    };
    Ok(claims)
}

/// A page for a person.
#[derive(ApiResponse)]
enum UnsubscribePage {
    /// The page.
    #[oai(status = 200)]
    Ok(
        Html<String>,
        /** Nothing but this page. */
        #[oai(header = "Content-Security-Policy")]
        String,
    ),
}

/// The page in the language of the browser, as far as it is spoken here.
fn page(request: &Request, is_done: bool) -> UnsubscribePage {
    let arabic = request.header("Accept-Language").is_some_and(|given| given.trim_start().starts_with("ar"));
    let (lang, dir, title, done, button) = match arabic {
        true => ("ar", "rtl", "رسائل التهنئة", "لن تصلك رسائل تهنئة بعد الآن.", "لا أريد رسائل تهنئة"),
        false => ("en", "ltr", "Greetings", "You will not get greetings any more.", "Send me no greetings"),
    };
    let body = match is_done {
        true => format!("<p role=\"status\">{done}</p>"),
        false => format!("<form method=\"post\"><button>{button}</button></form>"),
    };
    let html = format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    );
    UnsubscribePage::Ok(Html(html), "default-src 'none'; form-action 'self'".to_owned())
}

pub(crate) struct UnsubscribesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Occasions")]
impl UnsubscribesApi {
    /// Ask whether to opt out of greetings
    ///
    /// A page with a button. Programs that follow links of mails change nothing.
    #[oai(path = "/greeting-unsubscribes/:token", method = "get")]
    async fn get_greeting_unsubscribe(&self, request: &Request, token: Path<String>) -> Result<UnsubscribePage> {
        let app = App::of(request)?;
        read(request, &token.0, app.clock.now())?;
        Ok(page(request, false))
    }

    /// Opt out of greetings
    ///
    /// By the button of the page or of the mail program (RFC 8058). Doing it again changes nothing.
    #[oai(path = "/greeting-unsubscribes/:token", method = "post")]
    async fn create_greeting_unsubscribe(&self, request: &Request, token: Path<String>) -> Result<UnsubscribePage> {
        let app = App::of(request)?;
        let claims = read(request, &token.0, app.clock.now())?;
        let tenant = app.tenant(claims.tenant).await?;
        let context = app.system(RequestInfo::of(request).id);
        app.write(&tenant, context, async |tx| opt_out(tx, claims.contact).await).await?;
        Ok(page(request, true))
    }
}

/// Writes into the ledger that a contact wants no greetings. Whoever greets him at the same time waits for this, or this for him.
async fn opt_out(tx: &mut Tx, contact: ContactId) -> Result<()> {
    if super::db::lock_contacts(tx, &[contact]).await?.is_empty() {
        return Ok(());
    }
    if super::db::facts(tx, &[contact]).await?.iter().all(|facts| facts.has_opted_out) {
        return Ok(());
    }
    let line = NewConsent {
        purpose: PURPOSE.into(),
        channel: Some(Channel::Email),
        state: ConsentState::Withdrawn,
        text: None,
        text_version: None,
        evidence: Evidence { note: Some("by the link in a greeting".into()), ..Evidence::default() },
    };
    contacts::add_consent(tx, contact, line).await.map(drop)
}
