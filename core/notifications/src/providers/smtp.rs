//! A mail server over SMTP, with a pool of connections.
use super::{MailProvider, Outgoing, SendError};
use futures_util::future::BoxFuture;
use kernel::{Error, Result};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::Envelope,
    transport::smtp::{
        PoolConfig,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use std::time::Duration;

/// Longest silence of the server between command and answer.
const COMMAND: Duration = Duration::from_secs(20);

/// A mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    /// Longest whole delivery, so that a server that drips bytes does not hold a worker.
    delivery: Duration,
}

impl Smtp {
    /// Reads `smtp://user:password@host:587` (STARTTLS is required), `smtps://…` (TLS from the first byte) or
    /// `smtp://host:port?tls=off`; a mail may take as long as `delivery`. Nothing is connected yet.
    pub fn from_url(url: &str, delivery: Duration) -> Result<Self> {
        let wrong = |what: &str| Error::internal(format!("configuration: smtp.url {what}"));
        let url = url::Url::parse(url).map_err(|e| wrong(&format!("is not a URL: {e}")))?;
        let host = url.host_str().ok_or_else(|| wrong("names no host"))?.trim_matches(['[', ']']).to_owned();
        let tls_off = match url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned()) {
            None => false,
            Some(value) if value == "off" => true,
            Some(value) if value == "starttls" => false,
            Some(value) => return Err(wrong(&format!("has tls={value}; it takes off or starttls"))),
        };
        let parameters = || TlsParameters::new(host.clone()).map_err(|e| wrong(&format!("cannot use TLS: {e}")));
        let (tls, default_port) = match (url.scheme(), tls_off) {
            ("smtps", false) => (Tls::Wrapper(parameters()?), 465),
            ("smtp", false) => (Tls::Required(parameters()?), 587),
            ("smtp", true) => (Tls::None, 25),
            ("smtps", true) => return Err(wrong("says smtps and tls=off at once")),
            _ => return Err(wrong("starts with smtp:// or smtps://")),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(url.port().unwrap_or(default_port))
            .tls(tls)
            .timeout(Some(COMMAND.min(delivery)))
            .pool_config(PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(30)));
        if !url.username().is_empty() {
            let decode = |text: &str| {
                let pairs = format!("v={}", text.replace('+', "%2B"));
                url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, v)| v.into_owned()).unwrap_or_default()
            };
            builder =
                builder.credentials(Credentials::new(decode(url.username()), decode(url.password().unwrap_or(""))));
        }
        Ok(Smtp { transport: builder.build(), delivery })
    }
}

impl MailProvider for Smtp {
    fn send<'a>(&'a self, mail: &'a Outgoing) -> BoxFuture<'a, Result<(), SendError>> {
        Box::pin(async move {
            let address =
                |text: &str| text.parse::<Address>().map_err(|e| SendError::Refused(format!("address refused: {e}")));
            let envelope = Envelope::new(Some(address(&mail.from)?), vec![address(&mail.to)?])
                .map_err(|e| SendError::Refused(e.to_string()))?;
            match tokio::time::timeout(self.delivery, self.transport.send_raw(&envelope, &mail.raw)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) if error.is_permanent() && !is_about_us(&error) => {
                    Err(SendError::Refused(chain(&error)))
                }
                Ok(Err(error)) => Err(SendError::Later(chain(&error))),
                Err(_) => Err(SendError::Later("the mail server took too long".into())),
            }
        })
    }
}

/// True when the server refused our sign-in, not the mail: the mail waits until the configuration is mended.
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// An error with its causes, short enough for a table cell.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // The pool of connections lives on the runtime.
    #[tokio::test]
    async fn the_url_says_how_to_connect() {
        for fine in [
            "smtp://user:p%40ss@mail.example:587",
            "smtps://mail.example",
            "smtp://127.0.0.1:1025?tls=off",
            "smtp://[::1]:1025?tls=off",
            "smtp://mail.example?tls=starttls",
        ] {
            assert!(Smtp::from_url(fine, COMMAND).is_ok(), "{fine}");
        }
        for (bad, word) in [
            ("mail.example", "URL"),
            ("http://mail.example", "smtp://"),
            ("smtps://mail.example?tls=off", "at once"),
            ("smtp://mail.example?tls=maybe", "tls=maybe"),
        ] {
            let error = Smtp::from_url(bad, COMMAND).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
