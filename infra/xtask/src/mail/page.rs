//! The page that shows received mail.

use super::{Mail, Mailbox};
use crate::http::{Request, Response, escape};

const STYLE: &str = include_str!("page.css");

/// Answers `/`, `/mails/<id>`, `/mails/<id>/html`, `/mails/<id>/raw`, `/api/mails` and `/api/mails/<id>`.
pub fn answer(mailbox: &Mailbox, request: &Request) -> Response {
    // Mails hold sign-in links. A foreign name that resolves to this machine must not be able to read them.
    let host = request.headers.get("host").map(String::as_str).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        return Response::new(421, "text/plain; charset=utf-8", "ask for localhost\n");
    }
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    let find = |id: &str| id.parse().ok().and_then(|id| mailbox.get(id));
    let found = match parts.as_slice() {
        [""] => Some(page("Mail", &list(mailbox))),
        ["api", "mails"] => Some(json(&mailbox.all())),
        ["api", "mails", id] => find(id).map(|mail| json(&mail)),
        ["mails", id] => find(id).map(|mail| page(&mail.subject, &show(&mail))),
        ["mails", id, "html"] => find(id).map(|mail| body(&mail)),
        ["mails", id, "raw"] => find(id).map(|mail| Response::new(200, "text/plain; charset=utf-8", mail.raw)),
        _ => None,
    };
    found.unwrap_or_else(Response::not_found).with("cache-control", "no-store")
}

fn json(value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec_pretty(value) {
        Ok(text) => Response::json(text),
        Err(error) => Response::new(500, "text/plain; charset=utf-8", error.to_string()),
    }
}

fn page(title: &str, content: &str) -> Response {
    let title = escape(title);
    Response::html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>{title} · mail page</title><style>{STYLE}</style>\
         <header><a href=/>Mail page</a><span>mail of this machine's programs, delivered nowhere</span></header>\
         <main>{content}</main></html>"
    ))
    .with("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'")
}

/// The HTML part alone. It is shown inside a frame without scripts, forms or our origin, whatever the mail says.
fn body(mail: &Mail) -> Response {
    Response::html(format!("<base target=_blank>{}", mail.html)).with(
        "content-security-policy",
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:",
    )
}

fn list(mailbox: &Mailbox) -> String {
    let mails = mailbox.all();
    if mails.is_empty() {
        return "<p class=none>No mail yet. Fill in a form on a demo site, or ask for a new password.</p>".to_owned();
    }
    let rows: String = mails
        .iter()
        .map(|mail| {
            format!(
                "<li><a href=/mails/{}><b>{}</b><span>{}</span><time>{}</time></a></li>",
                mail.id,
                escape(if mail.subject.is_empty() { "(no subject)" } else { &mail.subject }),
                escape(&mail.to.join(", ")),
                clock(mail.received_at)
            )
        })
        .collect();
    format!("<ul>{rows}</ul>")
}

fn show(mail: &Mail) -> String {
    let row = |name: &str, value: &str| {
        if value.is_empty() { String::new() } else { format!("<dt>{name}</dt><dd>{}</dd>", escape(value)) }
    };
    let mut text = format!("<h1>{}</h1><dl>", escape(&mail.subject));
    text += &row("From", &mail.from);
    text += &row("To", &mail.to.join(", "));
    text += &row("Attached", &mail.attachments.join(", "));
    text += &format!("<dt>Arrived</dt><dd>{}</dd></dl>", clock(mail.received_at));
    if !mail.html.is_empty() {
        let frame = "<iframe title='HTML part' sandbox='allow-popups allow-popups-to-escape-sandbox'";
        text += &format!("<h2>HTML</h2>{frame} src=/mails/{}/html></iframe>", mail.id);
    }
    if !mail.text.is_empty() {
        text += &format!("<h2>Text</h2><pre>{}</pre>", links(&mail.text));
    }
    text + &format!("<p><a href=/mails/{}/raw>As it came over the wire</a></p>", mail.id)
}

/// Escaped text in which addresses that start with `http` can be clicked.
fn links(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|piece| {
            let word = piece.trim_end();
            let space = &piece[word.len()..];
            let word = escape(word);
            if word.starts_with("http://") || word.starts_with("https://") {
                format!("<a href=\"{word}\" rel=noreferrer>{word}</a>{space}")
            } else {
                format!("{word}{space}")
            }
        })
        .collect()
}

fn clock(seconds: u64) -> String {
    let day = seconds % 86_400;
    format!("{:02}:{:02}:{:02} UTC", day / 3_600, day / 60 % 60, day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(mailbox: &Mailbox, path: &str, host: &str) -> (u16, String, Vec<(&'static str, String)>) {
        let headers = [("host".to_owned(), host.to_owned())].into();
        let response = answer(mailbox, &Request { path: path.to_owned(), headers, ..Request::default() });
        (response.status, String::from_utf8(response.body).unwrap(), response.headers)
    }

    #[test]
    fn mail_is_shown_but_never_run() {
        let mailbox = Mailbox::default();
        let raw = b"Subject: <script>1</script>\r\nContent-Type: text/html\r\n\r\n<script>steal()</script>";
        mailbox.receive("a@x".into(), vec!["b@y".into()], raw.to_vec());
        let (_, list, _) = get(&mailbox, "/", "localhost:8025");
        assert!(list.contains("&lt;script&gt;1") && !list.contains("<script>"), "{list}");
        let (_, shown, _) = get(&mailbox, "/mails/1", "localhost:8025");
        assert!(shown.contains("sandbox='allow-popups") && !shown.contains("steal()"), "{shown}");
        let (status, _, headers) = get(&mailbox, "/mails/1/html", "127.0.0.1:8025");
        let policy = headers.iter().find(|(name, _)| *name == "content-security-policy").unwrap();
        assert!(status == 200 && policy.1.starts_with("sandbox ") && policy.1.contains("default-src 'none'"));
        assert_eq!(get(&mailbox, "/mails/2", "localhost").0, 404);
        assert_eq!(get(&mailbox, "/", "evil.example:8025").0, 421);
        let (_, api, _) = get(&mailbox, "/api/mails/1", "localhost");
        assert!(api.contains("\"to\": [\n    \"b@y\""), "{api}");
    }

    #[test]
    fn links_in_text_can_be_clicked() {
        let html = links("go to https://x.example/?a=1&b=2\nnow");
        assert_eq!(
            html,
            "go to <a href=\"https://x.example/?a=1&amp;b=2\" rel=noreferrer>https://x.example/?a=1&amp;b=2</a>\nnow"
        );
    }
}
