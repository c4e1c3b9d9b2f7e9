//! A small HTTP/1.1 server for local pages, and one request to ask whether a program is ready.
//!
//! It serves short answers to `GET` and `HEAD` on loopback; it is not meant for anything else.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longest request line and header block that is read, in bytes.
const HEAD_LIMIT: u64 = 16 * 1024;
/// How long a kept connection may be silent.
const IDLE: Duration = Duration::from_secs(30);

/// What a browser asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `HEAD`, …
    pub method: String,
    /// The path, still percent-encoded, without the query.
    pub path: String,
    /// What follows the `?`.
    pub query: String,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
}

/// What it gets.
#[derive(Debug, Clone)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers besides the length.
    pub headers: Vec<(&'static str, String)>,
    /// Content.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer with content of a media type.
    pub fn new(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", media.to_owned()), ("x-content-type-options", "nosniff".to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// A page.
    pub fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "text/html; charset=utf-8", body)
    }

    /// JSON text.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, "application/json", body)
    }

    /// There is nothing at this path.
    pub fn not_found() -> Self {
        Self::new(404, "text/plain; charset=utf-8", "nothing here\n")
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Answers requests until the task is dropped.
pub async fn serve(listener: TcpListener, answer: impl Fn(Request) -> Response + Send + Sync + 'static) {
    let answer = Arc::new(answer);
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    // A browser that goes away in the middle is not worth a word.
                    let _ = connection(stream, &*answer).await;
                });
            }
            // Out of file handles, for example: do not spin.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn connection(stream: TcpStream, answer: &(dyn Fn(Request) -> Response + Send + Sync)) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    loop {
        let Ok(head) = timeout(IDLE, read_head(&mut stream)).await else { return Ok(()) };
        let Some(request) = head? else { return Ok(()) };
        let length = request.headers.get("content-length").and_then(|length| length.parse::<u64>().ok()).unwrap_or(0);
        let keep = length == 0
            && !request.headers.contains_key("transfer-encoding")
            && request.headers.get("connection").is_none_or(|value| !value.eq_ignore_ascii_case("close"));
        let head_only = request.method == "HEAD";
        let response = if matches!(request.method.as_str(), "GET" | "HEAD") {
            answer(request)
        } else {
            Response::new(405, "text/plain; charset=utf-8", "GET only\n").with("allow", "GET, HEAD")
        };
        stream.get_mut().write_all(&render(&response, head_only, keep)).await?;
        if !keep {
            return stream.get_mut().shutdown().await;
        }
    }
}

async fn read_head(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut stream = stream.take(HEAD_LIMIT);
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request =
        Request { method: method.to_owned(), path: path.to_owned(), query: query.to_owned(), ..Request::default() };
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.trim().is_empty() {
            return Ok(Some(request));
        }
        if let Some((name, value)) = line.split_once(':') {
            request.headers.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
}

fn render(response: &Response, head_only: bool, keep: bool) -> Vec<u8> {
    let reason = match response.status {
        200 => "OK",
        404 => "Not Found",
        405 => "Method Not Allowed",
        421 => "Misdirected Request",
        _ => "Answer",
    };
    let mut text = format!("HTTP/1.1 {} {reason}\r\ncontent-length: {}\r\n", response.status, response.body.len());
    for (name, value) in &response.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(if keep { "connection: keep-alive\r\n\r\n" } else { "connection: close\r\n\r\n" });
    let mut bytes = text.into_bytes();
    if !head_only {
        bytes.extend_from_slice(&response.body);
    }
    bytes
}

/// Text made safe inside HTML, also in attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// Status code that a local program answers on a path, or `None` when nobody answers.
pub async fn status(port: u16, path: &str) -> Option<u16> {
    let ask = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut line = String::new();
        BufReader::new(stream.take(512)).read_line(&mut line).await.ok()?;
        line.split(' ').nth(1)?.parse().ok()
    };
    timeout(Duration::from_secs(5), ask).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pages_are_served_and_connections_kept() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(serve(listener, |request| match request.path.as_str() {
            "/" => Response::html(format!("<p>{}", escape(&request.query))),
            _ => Response::not_found(),
        }));
        assert_eq!(status(port, "/").await, Some(200));
        assert_eq!(status(port, "/missing").await, Some(404));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream
            .write_all(b"GET /?<b> HTTP/1.1\r\nhost: x\r\n\r\nPOST / HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc")
            .await
            .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert!(text.contains("<p>&lt;b&gt;"), "{text}");
        assert!(text.contains("HTTP/1.1 405"), "{text}");
    }
}
