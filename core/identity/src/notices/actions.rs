//! What people are told by e-mail: links that prove an address, and whatever concerns the safety of an account.
use chrono::{DateTime, Utc};
use kernel::{ControlTx, Result, db::Query, ids::TenantId};
use notifications::{
    later,
    mails::{NewMail, Template, queue},
};
use serde_json::{Value, json};

/// Whom a mail goes to.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub email: String,
    pub name: String,
    pub locale: String,
    /// Whose name the mail carries; the platform's when absent.
    pub brand: Option<TenantId>,
}

impl Reader {
    fn mail(&self, template: Template, data: Value) -> NewMail {
        let mut mail = NewMail::new(template, self.email.clone(), data);
        mail.to_name = Some(self.name.clone());
        mail.locale = self.locale.clone();
        mail.brand = self.brand;
        mail
    }
}

/// A page of the dashboard; the token stands behind `#`, so it reaches no server log.
fn link(tx: &ControlTx, path: &str, token: &str) -> String {
    format!("{}/{path}#token={token}", tx.app().config.server.dashboard_url)
}

/// Proves the address of a sign-up.
pub(crate) async fn verify_email(tx: &mut ControlTx, to: &Reader, token: &str, hours: i64) -> Result<()> {
    let url = link(tx, "verify-email", token);
    send(tx, &to.mail(Template::VerifyEmail, json!({"url": url, "valid_hours": hours}))).await
}

/// Answers a sign-up with an address that has an account already.
pub(crate) async fn already_registered(tx: &mut ControlTx, to: &Reader) -> Result<()> {
    let url = format!("{}/sign-in", tx.app().config.server.dashboard_url);
    plain(tx, to, ("already_registered", &json!({})), &url).await
}

/// Proves the address somebody wants to sign in with.
pub(crate) async fn confirm_email(tx: &mut ControlTx, to: &Reader, token: &str, hours: i64) -> Result<()> {
    let url = link(tx, "confirm-email", token);
    let valid = later("email_change.valid", &json!({"count": hours}));
    plain(tx, to, ("email_change", &json!({"valid": valid})), &url).await
}

/// Answers somebody's wish for an address that has an account already: to whoever has it.
pub(crate) async fn email_has_account(tx: &mut ControlTx, to: &Reader) -> Result<()> {
    let url = format!("{}/sign-in", tx.app().config.server.dashboard_url);
    plain(tx, to, ("email_has_account", &json!({})), &url).await
}

/// Tells the address in force that another one is wanted, with a way to take it back.
pub(crate) async fn email_change_asked(tx: &mut ControlTx, to: &Reader, token: &str, wanted: &str) -> Result<()> {
    let (url, now) = (link(tx, "restore-email", token), tx.now());
    let say = |part: &str| later(format!("security.email_asked.{part}"), &json!({"email": wanted}));
    let data = json!({"title": say("title"), "text": say("text"), "when": now, "url": url, "action": say("action")});
    send(tx, &to.mail(Template::SecurityNotice, data)).await
}

/// Lets somebody choose a new password.
pub(crate) async fn reset_password(tx: &mut ControlTx, to: &Reader, token: &str, minutes: i64) -> Result<()> {
    let url = link(tx, "reset-password", token);
    send(tx, &to.mail(Template::ResetPassword, json!({"url": url, "valid_minutes": minutes}))).await
}

/// Invites somebody into a tenant.
pub(crate) async fn invitation(
    tx: &mut ControlTx,
    to: &Reader,
    token: &str,
    (tenant, inviter, roles): (&str, Option<&str>, &str),
    days: i64,
) -> Result<()> {
    let url = link(tx, "accept-invitation", token);
    let data = json!({"url": url, "tenant": tenant, "inviter": inviter, "role": roles, "valid_days": days});
    send(tx, &to.mail(Template::Invitation, data)).await
}

/// Tells the owner of an account what happened to it: what the words of mails have under `security`, in this case of it.
pub(crate) async fn security(
    tx: &mut Query,
    now: DateTime<Utc>,
    to: &Reader,
    (what, case): (&str, Option<&str>),
    device: Option<&str>,
) -> Result<()> {
    let say = |part: &str| later(format!("security.{what}.{part}"), &json!({"context": case}));
    let mut data = json!({"title": say("title"), "text": say("text"), "when": now});
    if let Some(device) = device.filter(|d| !d.is_empty()) {
        data["device"] = device.into();
    }
    queue(tx, now, &to.mail(Template::SecurityNotice, data)).await.map(drop)
}

/// A text and one thing to do: what the words of mails have under a name.
async fn plain(tx: &mut ControlTx, to: &Reader, (name, values): (&str, &Value), url: &str) -> Result<()> {
    let say = |what: &str| later(format!("{name}.{what}"), values);
    let data = json!({
        "title": say("title"),
        "body": say("body"),
        "action": {"label": say("action"), "url": url},
        "reason": say("reason"),
    });
    send(tx, &to.mail(Template::Generic, data)).await
}

async fn send(tx: &mut ControlTx, mail: &NewMail) -> Result<()> {
    let now = tx.now();
    queue(tx, now, mail).await.map(drop)
}
