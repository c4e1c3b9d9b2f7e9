//! The refresh token of a browser, where no script can read it.
use super::model::{REFRESH, Tokens};
use kernel::{App, Result, http::RequestInfo};

const NAME: &str = "upz_refresh";

/// Moves the refresh token of an answer into a cookie: sent to this API's sessions only, never from another site.
pub(crate) fn keep(app: &App, request: &RequestInfo, mut tokens: Tokens) -> Result<Tokens> {
    if let Some(token) = tokens.refresh_token.take() {
        request.set_cookie(&cookie(app, &token, REFRESH.num_seconds()))?;
    }
    Ok(tokens)
}

/// The token a browser sent.
pub(crate) fn sent(request: &RequestInfo) -> Option<String> {
    request.cookie(NAME).filter(|token| !token.is_empty()).map(str::to_owned)
}

/// Lets the browser forget it, if it has one.
pub(crate) fn forget(app: &App, request: &RequestInfo) -> Result<()> {
    if request.cookie(NAME).is_some() {
        request.set_cookie(&cookie(app, "", 0))?;
    }
    Ok(())
}

fn cookie(app: &App, token: &str, seconds: i64) -> String {
    let secure = if app.config.server.public_url.starts_with("https:") { "; Secure" } else { "" };
    format!("{NAME}={token}; Path=/v1/sessions; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}
