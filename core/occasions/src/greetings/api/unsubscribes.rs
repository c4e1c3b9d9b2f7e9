//! Opting out of greetings by the link in each of them (one click: RFC 8058).
use crate::{
    Tags,
    greetings::actions::unsubscribes::{self, Claims},
};
use kernel::{App, Error, Result, http::RequestInfo};
use poem::Request;
use poem_openapi::{ApiResponse, OpenApi, param::Path, payload::Html};

/// What the link says; 404 when it says nothing.
fn read(request: &Request, app: &App, token: &str) -> Result<Claims> {
    let Some(claims) = unsubscribes::read(app, token, app.clock.now()) else {
        // Only guessing is limited: many readers may share a network.
        let info = RequestInfo::of(request);
        info.limit(app, &format!("ip/{}", info.ip_prefix()), app.config.limits.public_per_minute)?;
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
        read(request, &app, &token.0)?;
        Ok(page(request, false))
    }

    /// Opt out of greetings
    ///
    /// By the button of the page or of the mail program (RFC 8058). Doing it again changes nothing.
    #[oai(path = "/greeting-unsubscribes/:token", method = "post")]
    async fn create_greeting_unsubscribe(&self, request: &Request, token: Path<String>) -> Result<UnsubscribePage> {
        let app = App::of(request)?;
        let claims = read(request, &app, &token.0)?;
        let tenant = app.tenant(claims.tenant).await?;
        let context = app.system(RequestInfo::of(request).id);
        app.write(&tenant, context, async |tx| unsubscribes::opt_out(tx, claims.contact).await).await?;
        Ok(page(request, true))
    }
}
