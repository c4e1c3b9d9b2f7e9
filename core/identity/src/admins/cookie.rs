//! The session of an admin in a browser, where no script can read it: a reload of the console does not ask for a code
//! again, and what runs in a page cannot carry the session away.
use super::model::{AdminTokens, VALID};
use kernel::{App, Result, http::RequestInfo};

const NAME: &str = "upz_admin";

/// Keeps the session of an answer: sent to this API's sessions only, never from another site.
pub(crate) fn keep(app: &App, request: &RequestInfo, tokens: &AdminTokens) -> Result<()> {
    request.set_cookie(&cookie(app, &tokens.access_token, VALID.num_seconds()))
}

/// What a browser sent.
pub(crate) fn sent(request: &RequestInfo) -> Option<&str> {
    request.cookie(NAME).filter(|token| !token.is_empty())
}

/// Lets the browser forget it, if it has one.
pub(crate) fn forget(app: &App, request: &RequestInfo) -> Result<()> {
    if request.cookie(NAME).is_some() {
        request.set_cookie(&cookie(app, "", 0))?;
    }
    Ok(())
}

fn cookie(app: &App, token: &str, seconds: i64) -> String {
    let secure = if app.config.admin.public_url.starts_with("https:") { "; Secure" } else { "" };
    format!("{NAME}={token}; Path=/v1/sessions; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}
