//! Sending, and clearing what is old.
use super::{
    actions::send_at,
    db::{self, Claimed},
    links,
    model::{MailId, RETENTION, Template, pause},
    templates::{self, Rendered},
};
use crate::providers::{MailProvider, Outgoing, SendError, dkim::Signer, smtp::Smtp};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    App, Error, Result,
    db::Query,
    ids::TenantId,
    jobs::{Job, JobCx},
    tenancy::memory::Change,
    tenancy::{Tenant, TenantState},
};
use lettre::message::{Mailbox, Message, MultiPart, header};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tenants::brands::{Audience, Branding};

/// Seconds of a day: no claim is longer, whatever is configured.
const DAY: u64 = 24 * 3600;

/// Turns mails into messages and hands them to the carrier; one for each program.
pub struct Mailer {
    provider: Option<Arc<dyn MailProvider>>,
    signer: Option<Signer>,
    from: Mailbox,
    /// A claim is believed for this long; afterwards the program that made it is taken for dead.
    claim: TimeDelta,
    /// Taken by the carrier but not yet written down as sent, with subject and address: if the database is away in
    /// between, this program does not send the mail again.
    taken: Mutex<HashMap<MailId, (String, String)>>,
}

impl Mailer {
    /// As configured. Without `smtp.url` mails wait until there is one.
    pub fn from_config(app: &App) -> Result<Self> {
        let smtp = &app.config.smtp;
        let provider: Option<Arc<dyn MailProvider>> = match smtp.url.is_empty() {
            true => None,
            false => Some(Arc::new(Smtp::from_url(smtp.url.expose(), Duration::from_secs(smtp.timeout_seconds))?)),
        };
        Self::new(app, provider)
    }

    /// With another carrier.
    pub fn new(app: &App, provider: Option<Arc<dyn MailProvider>>) -> Result<Self> {
        let smtp = &app.config.smtp;
        let signer = match smtp.dkim_domain.is_empty() {
            true => None,
            false => Some(Signer::new(&smtp.dkim_domain, &smtp.dkim_selector, smtp.dkim_key.expose())?),
        };
        let from = smtp.from.parse().map_err(|e| Error::internal(format!("configuration: smtp.from: {e}")))?;
        // Longer than any delivery takes, and than a worker may be silent.
        let claim = smtp.timeout_seconds.saturating_add(app.config.work.lease_seconds).min(DAY);
        let claim = TimeDelta::seconds(claim.cast_signed());
        Ok(Mailer { provider, signer, from, claim, taken: Mutex::default() })
    }

    fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// Subject and message, ready to go.
    fn prepare(&self, mail: &Claimed, brand: &Branding, now: DateTime<Utc>) -> Result<(String, Outgoing)> {
        let text = templates::render(mail, brand)?;
        let message = self.compose(mail, &text, brand, now)?;
        Ok((text.subject, message))
    }

    /// The message as it goes out.
    fn compose(&self, mail: &Claimed, text: &Rendered, brand: &Branding, now: DateTime<Utc>) -> Result<Outgoing> {
        let recipient = mail.recipient.as_deref().unwrap_or_default();
        let address = |text: &str| text.parse::<lettre::Address>().map_err(Error::internal);
        let message_id = mail.message_id.clone().unwrap_or_default();
        let mut builder = Message::builder()
            .from(Mailbox::new(Some(brand.name.clone()), self.from.email.clone()))
            .to(Mailbox::new(mail.recipient_name.clone(), address(recipient)?))
            .subject(text.subject.as_str())
            .date(now.into())
            .message_id(Some(message_id.clone()));
        if let Some(reply_to) = &mail.reply_to {
            builder = builder.reply_to(Mailbox::new(None, address(reply_to)?));
        }
        let mut message = builder
            .multipart(MultiPart::alternative_plain_html(text.plain.clone(), text.html.clone()))
            .map_err(Error::internal)?;
        // Keeps holiday answers away (RFC 3834).
        let own = [("Auto-Submitted".to_owned(), "auto-generated".to_owned())];
        let given = mail.headers.as_object().into_iter().flatten();
        let given = given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        for (name, value) in own.into_iter().chain(given) {
            let name = header::HeaderName::new_from_ascii(name).map_err(Error::internal)?;
            message.headers_mut().insert_raw(header::HeaderValue::new(name, value));
        }
        let mut raw = message.formatted();
        if let Some(signer) = &self.signer {
            let signature = signer.header(&raw, now.timestamp())?;
            raw.splice(0..0, signature.into_bytes());
        }
        Ok(Outgoing { from: self.from.email.to_string(), to: recipient.to_owned(), message_id, raw })
    }

    async fn hand_over(&self, mail: &Outgoing) -> Result<(), SendError> {
        match &self.provider {
            Some(provider) => provider.send(mail).await,
            None => Err(SendError::Later("no mail server is configured (smtp.url)".into())),
        }
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, HashMap<MailId, (String, String)>> {
        self.taken.lock().unwrap_or_else(|p| p.into_inner())
    }
}

/// Sends one mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendMail {
    /// Which.
    pub mail: MailId,
}

impl Job for SendMail {
    const KIND: &'static str = "SendMail";
    // Attempts of the job, not of the mail: those have their own, patient plan. The job fails only when the database
    // is away, and may then come back often.
    const MAX_ATTEMPTS: i32 = 50;

    async fn run(self, cx: JobCx) -> Result<()> {
        if stopped(&cx).await? {
            // The mail waits; it takes its turn when the tenant is resumed.
            return Ok(());
        }
        let mailer = cx.app.provided::<Mailer>()?;
        let now = cx.app.clock.now();
        let known = mailer.taken().get(&self.mail).cloned();
        if let Some((subject, to)) = known {
            query(&cx, async |q| db::sent(q, self.mail, now, &subject, &to).await).await?;
            mailer.taken().remove(&self.mail);
            return Ok(());
        }
        let domain = mailer.domain().to_owned();
        let claimed = query(&cx, async |q| {
            let claimed = db::claim(q, self.mail, (now, now + mailer.claim), &domain).await?;
            if claimed.is_none()
                && let Some((at, attempts)) = db::due(q, self.mail).await?
            {
                // Somebody else's claim: look again when it has run out. If he finishes, this finds nothing to do.
                send_at(q, now, self.mail, at, attempts + 1).await?;
            }
            Ok(claimed)
        })
        .await?;
        let Some(mut claimed) = claimed else { return Ok(()) };
        let (subject, outcome) = match deliver(&cx, &mailer, &mut claimed, now).await {
            Ok(subject) => (subject, Ok(())),
            Err(error) => (String::new(), Err(error)),
        };
        let to = claimed.recipient.clone().unwrap_or_default();
        if outcome.is_ok() {
            mailer.taken().insert(self.mail, (subject.clone(), to.clone()));
        }
        settle(&cx, &claimed, outcome, &subject, &to).await?;
        mailer.taken().remove(&self.mail);
        Ok(())
    }
}

/// Whether the tenant is stopped now. What is remembered may be older than its resumption, so it is looked up.
async fn stopped(cx: &JobCx) -> Result<bool> {
    let stopped = |tenant: &Tenant| matches!(tenant.state, TenantState::Suspended | TenantState::ReadOnly);
    match &cx.tenant {
        Some(tenant) if stopped(tenant) => {
            cx.app.changes.forget(Change::Tenant(tenant.id));
            Ok(stopped(&*cx.app.tenant(tenant.id).await?))
        }
        _ => Ok(false),
    }
}

/// Writes the message and hands it over; gives its subject.
async fn deliver(cx: &JobCx, mailer: &Mailer, mail: &mut Claimed, now: DateTime<Utc>) -> Result<String, SendError> {
    let away = |error: Error| SendError::Later(error.to_string());
    if let (None, Some(user)) = (&mail.recipient, mail.recipient_user) {
        let reader = match mail.brand_tenant.or(cx.tenant.as_ref().map(|t| t.id)) {
            Some(tenant) => cx.control(async |tx| db::reader(tx, tenant, user).await).await.map_err(away)?,
            None => None,
        };
        let Some(reader) = reader else { return Err(SendError::Refused("the reader is no active member".into())) };
        mail.recipient = Some(reader.email);
        mail.recipient_name = Some(reader.name);
        mail.locale = reader.locale;
    }
    let brand = dressed(cx, mail).await.map_err(away)?;
    let (subject, message) = mailer.prepare(mail, &brand, now).map_err(|error| {
        tracing::error!(mail = %mail.id, template = mail.template, %error, "a mail could not be written");
        SendError::Refused("the mail could not be written".into())
    })?;
    mailer.hand_over(&message).await?;
    Ok(subject)
}

/// Writes down what became of an attempt.
async fn settle(cx: &JobCx, mail: &Claimed, outcome: Result<(), SendError>, subject: &str, to: &str) -> Result<()> {
    let now = cx.app.clock.now();
    query(cx, async |q| match &outcome {
        Ok(()) => db::sent(q, mail.id, now, subject, to).await,
        Err(SendError::Later(error)) if now < mail.patient_until => {
            let next = now + pause(mail.attempts);
            db::waits(q, mail.id, next, error).await?;
            send_at(q, now, mail.id, next, mail.attempts + 1).await
        }
        Err(error) => db::failed(q, mail.id, error.detail()).await,
    })
    .await?;
    let state = match outcome {
        Ok(()) => "sent",
        Err(SendError::Later(_)) => "later",
        Err(SendError::Refused(_)) => "refused",
    };
    tracing::info!(mail = %mail.id, template = mail.template, attempt = mail.attempts, state, "mail");
    Ok(())
}

/// Works where the mail is: in the tenant's or in the platform's rows.
async fn query<T>(cx: &JobCx, f: impl AsyncFnOnce(&mut Query) -> Result<T>) -> Result<T> {
    match cx.tenant {
        Some(_) => cx.write(async |tx| f(tx).await).await,
        None => cx.control(async |tx| f(tx).await).await,
    }
}

/// In whose look a mail goes out; its links lead to where its readers sign in.
async fn dressed(cx: &JobCx, mail: &mut Claimed) -> Result<Branding> {
    let tenant: Option<TenantId> = mail.brand_tenant.or(cx.tenant.as_ref().map(|t| t.id));
    let audience = Template::parse(&mail.template).map_or(Audience::Members, Template::audience);
    let mut brand = cx.control(async |tx| tenants::brands::branding(tx, tenant, audience).await).await?;
    let (Some(tenant), Audience::Members) = (tenant, audience) else { return Ok(brand) };
    let (address, server) = (tenants::domains::address(&cx.app, tenant).await?, &cx.app.config.server);
    if address == server.dashboard_url {
        return Ok(brand);
    }
    if let Some(data) = &mut mail.data {
        links::move_all(data, &server.dashboard_url, &address);
    }
    brand.logo_url = brand.logo_url.map(|logo| links::moved(&logo, &server.public_url, &address).unwrap_or(logo));
    Ok(brand)
}

/// Deletes mails that are finished and old.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PurgeMails {}

impl Job for PurgeMails {
    const KIND: &'static str = "PurgeMails";

    async fn run(self, cx: JobCx) -> Result<()> {
        let before = cx.app.clock.now() - RETENTION;
        while cx.control(async |tx| db::purge(tx, before).await).await? > 0 {}
        Ok(())
    }
}
