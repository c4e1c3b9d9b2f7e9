//! HTTP/1.1 with blocking sockets and prepared bytes: the generator shares the machine with what it measures, so each
//! request should cost it next to nothing.
use anyhow::{Context, Result, bail};
use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Longer than any program under test lets a request take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The bytes of a request.
pub fn request(method: &str, target: &str, address: SocketAddr, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {target} HTTP/1.1\r\nhost: {address}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if method != "GET" {
        text.push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// The bytes of a request that hands over a file.
pub fn upload(target: &str, address: SocketAddr, headers: &[(&str, &str)], content: &[u8]) -> Vec<u8> {
    let mut text = format!("POST {target} HTTP/1.1\r\nhost: {address}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n", content.len()));
    [text.as_bytes(), content].concat()
}

/// Hands out the body of an answer that has no end in sight as it comes. Asked in HTTP/1.0, whose answers come without
/// chunks and end with the connection.
///
/// # Errors
/// No connection, or another status than 200.
pub fn stream(
    address: SocketAddr,
    target: &str,
    headers: &[(&str, &str)],
    mut take: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let asked = request("GET", target, address, headers, "");
    let asked = String::from_utf8(asked)?.replacen("HTTP/1.1", "HTTP/1.0", 1);
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(asked.as_bytes())?;
    let (mut buffer, mut chunk, mut begun) = (vec![], [0; 256 * 1024], false);
    loop {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return if begun { Ok(()) } else { bail!("the connection ended") };
        }
        if begun {
            take(&chunk[..read])?;
            continue;
        }
        buffer.extend_from_slice(&chunk[..read]);
        let mut found = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut found);
        if let httparse::Status::Complete(head) = response.parse(&buffer)? {
            if response.code != Some(200) {
                bail!("status {:?}: {}", response.code, String::from_utf8_lossy(&buffer[head..]));
            }
            begun = true;
            take(&buffer[head..])?;
        }
    }
}

/// An answer; the body lies in the connection's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The body as JSON; fails unless the status is the expected one.
    pub fn json(&self, status: u16) -> Result<serde_json::Value> {
        self.expect(status)?;
        Ok(serde_json::from_slice(self.body)?)
    }

    /// Fails unless the status is the expected one.
    pub fn expect(&self, status: u16) -> Result<()> {
        if self.status != status {
            bail!("status {} instead of {status}: {}", self.status, String::from_utf8_lossy(self.body));
        }
        Ok(())
    }
}

/// A keep-alive connection that opens itself again when the server closed it while it was idle.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Connection {
    /// Opens nothing yet.
    pub fn new(address: SocketAddr) -> Self {
        Connection { address, stream: None, buffer: Vec::with_capacity(64 * 1024) }
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// No connection, or one that ended in the middle of the answer.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        let reused = self.stream.is_some();
        let (status, body) = match self.exchange(request) {
            // A server may close an idle connection at any moment; browsers try once more then, too.
            Err(_) if reused && self.buffer.is_empty() => self.exchange(request)?,
            other => other?,
        };
        Ok(Answer { status, body: &self.buffer[body] })
    }

    /// Writes a request and leaves the answer for [`Connection::receive`].
    ///
    /// # Errors
    /// No connection.
    pub fn write(&mut self, request: &[u8]) -> Result<()> {
        self.buffer.clear();
        if self.stream.is_none() {
            let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.stream = Some(stream);
        }
        self.stream.as_mut().context("no connection")?.write_all(request)?;
        Ok(())
    }

    /// Reads the answer to what was written.
    ///
    /// # Errors
    /// The connection ended before the answer did.
    pub fn receive(&mut self) -> Result<Answer<'_>> {
        let (status, body) = self.read()?;
        Ok(Answer { status, body: &self.buffer[body] })
    }

    fn exchange(&mut self, request: &[u8]) -> Result<(u16, std::ops::Range<usize>)> {
        let result = self.write(request).and_then(|()| self.read());
        if result.is_err() {
            self.stream = None;
        }
        result
    }

    fn read(&mut self) -> Result<(u16, std::ops::Range<usize>)> {
        let stream = self.stream.as_mut().context("no connection")?;
        let mut chunk = [0; 32 * 1024];
        let mut head: Option<Head> = None;
        loop {
            let read = match stream.read(&mut chunk) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                other => other?,
            };
            if read == 0 {
                bail!("the connection ended");
            }
            self.buffer.extend_from_slice(&chunk[..read]);
            if head.is_none() {
                head = parse(&self.buffer)?;
            }
            if let Some(Head { status, begin, length, close }) = head
                && self.buffer.len() >= begin + length
            {
                if close {
                    self.stream = None;
                }
                return Ok((status, begin..begin + length));
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    status: u16,
    begin: usize,
    length: usize,
    close: bool,
}

fn parse(bytes: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(begin) = response.parse(bytes)? else { return Ok(None) };
    let status = response.code.context("an answer without a status")?;
    let header = |name: &str| {
        let found = response.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name));
        found.map(|h| String::from_utf8_lossy(h.value).into_owned())
    };
    if header("transfer-encoding").is_some() {
        bail!("an answer in chunks; nothing here asks for one");
    }
    let bodiless = status == 204 || status == 304;
    let length = match header("content-length") {
        Some(text) => text.parse()?,
        None if bodiless => 0,
        None => bail!("an answer without a length"),
    };
    Ok(Some(Head { status, begin, length, close: header("connection").is_some_and(|c| c == "close") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_to_their_end() {
        let text = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
        let head = parse(text).unwrap().unwrap();
        assert_eq!(head, Head { status: 201, begin: text.len() - 5, length: 5, close: true });
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap(), None);
        assert_eq!(parse(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap().length, 0);
        assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
    }

    #[test]
    fn a_request_says_how_long_its_body_is() {
        let bytes = request("POST", "/x", ([127, 0, 0, 1], 80).into(), &[("a", "b")], "{}");
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text,
            "POST /x HTTP/1.1\r\nhost: 127.0.0.1:80\r\na: b\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
        );
    }
}
