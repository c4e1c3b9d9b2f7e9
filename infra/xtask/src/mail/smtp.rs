//! The receiving side of RFC 5321, as far as a sender can notice.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::Mailbox;

/// Largest accepted message, in bytes.
const SIZE: usize = 25 * 1024 * 1024;
/// Longest line of a command; RFC 5321 asks for at least 512.
const LINE: u64 = 2_048;
const RECIPIENTS: usize = 100;
/// RFC 5321 4.5.3.2.7 asks a server to wait five minutes.
const IDLE: Duration = Duration::from_secs(300);

/// Receives mail until the task is dropped.
pub async fn serve(listener: TcpListener, mailbox: Mailbox) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let mailbox = mailbox.clone();
                tokio::spawn(async move {
                    let _ = Session::new(stream, mailbox).run().await;
                });
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

struct Session {
    stream: BufReader<TcpStream>,
    mailbox: Mailbox,
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

/// What the session does after a command.
enum Next {
    Reply(String),
    ReadMessage,
    Quit,
}

impl Session {
    fn new(stream: TcpStream, mailbox: Mailbox) -> Self {
        Self { stream: BufReader::new(stream), mailbox, greeted: false, from: None, to: Vec::new() }
    }

    async fn run(mut self) -> io::Result<()> {
        self.reply("220 localhost mail page ESMTP").await?;
        loop {
            let Ok(line) = timeout(IDLE, self.read_line()).await else {
                return self.reply("421 4.4.2 too quiet").await;
            };
            let Some(line) = line? else { return Ok(()) };
            match self.command(&line) {
                Next::Reply(reply) => self.reply(&reply).await?,
                Next::Quit => return self.reply("221 2.0.0 bye").await,
                Next::ReadMessage => {
                    self.reply("354 end with a dot on a line of its own").await?;
                    let Some(message) = self.read_message().await? else { return Ok(()) };
                    let reply = self.accept(message);
                    self.reply(&reply).await?;
                }
            }
        }
    }

    fn command(&mut self, line: &str) -> Next {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let reply = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.reset();
                self.greeted = true;
                format!(
                    "250-localhost\r\n250-SIZE {SIZE}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES"
                )
            }
            "HELO" => {
                self.reset();
                self.greeted = true;
                "250 localhost".to_owned()
            }
            "MAIL" => self.mail(rest),
            "RCPT" => self.rcpt(rest),
            "DATA" if self.from.is_none() || self.to.is_empty() => "503 5.5.1 MAIL and RCPT first".to_owned(),
            "DATA" => return Next::ReadMessage,
            "RSET" => {
                self.reset();
                "250 2.0.0 forgotten".to_owned()
            }
            "NOOP" => "250 2.0.0 nothing done".to_owned(),
            "VRFY" => "252 2.5.0 will take mail for anybody".to_owned(),
            "QUIT" => return Next::Quit,
            _ => "500 5.5.2 no such command".to_owned(),
        };
        Next::Reply(reply)
    }

    fn mail(&mut self, rest: &str) -> String {
        let Some((from, parameters)) = path(rest, "FROM:") else { return "501 5.5.4 MAIL FROM:<address>".to_owned() };
        if !self.greeted || self.from.is_some() {
            return "503 5.5.1 wrong order".to_owned();
        }
        for parameter in parameters.split_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name.to_ascii_uppercase().as_str() {
                "SIZE" if value.parse::<usize>().is_ok_and(|size| size <= SIZE) => {}
                "SIZE" => return "552 5.3.4 too large".to_owned(),
                "BODY" | "SMTPUTF8" => {}
                _ => return "555 5.5.4 unknown parameter".to_owned(),
            }
        }
        self.from = Some(from);
        "250 2.1.0 sender noted".to_owned()
    }

    fn rcpt(&mut self, rest: &str) -> String {
        match path(rest, "TO:") {
            _ if self.from.is_none() => "503 5.5.1 MAIL first".to_owned(),
            Some((to, _)) if to.contains('@') && self.to.len() < RECIPIENTS => {
                self.to.push(to);
                "250 2.1.5 recipient noted".to_owned()
            }
            Some((to, _)) if to.contains('@') => "452 4.5.3 too many recipients".to_owned(),
            _ => "501 5.1.3 RCPT TO:<address>".to_owned(),
        }
    }

    fn accept(&mut self, message: Message) -> String {
        let from = self.from.take().unwrap_or_default();
        let to = std::mem::take(&mut self.to);
        match message {
            Message::Whole(bytes) => format!("250 2.0.0 kept as {}", self.mailbox.receive(from, to, bytes)),
            Message::TooLarge => "552 5.3.4 too large".to_owned(),
        }
    }

    /// Forgets the transaction, not the greeting.
    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn read_line(&mut self) -> io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let read = (&mut self.stream).take(LINE).read_until(b'\n', &mut bytes).await?;
        if read == 0 || (bytes.last() != Some(&b'\n') && read as u64 == LINE) {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&bytes).trim_end().to_owned()))
    }

    async fn read_message(&mut self) -> io::Result<Option<Message>> {
        let mut message = Vec::new();
        let mut too_large = false;
        let mut line = Vec::new();
        loop {
            line.clear();
            // A line without an end is cut at the size limit, never gathered whole.
            let limit = SIZE as u64 + 2;
            let Ok(read) = timeout(IDLE, (&mut self.stream).take(limit).read_until(b'\n', &mut line)).await else {
                return Ok(None);
            };
            if read? == 0 {
                return Ok(None);
            }
            if line == b".\r\n" {
                return Ok(Some(if too_large { Message::TooLarge } else { Message::Whole(message) }));
            }
            let content = line.strip_prefix(b".").unwrap_or(&line);
            too_large |= message.len() + content.len() > SIZE;
            if !too_large {
                message.extend_from_slice(content);
            }
        }
    }

    async fn reply(&mut self, text: &str) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.write_all(format!("{text}\r\n").as_bytes()).await?;
        stream.flush().await
    }
}

enum Message {
    Whole(Vec<u8>),
    TooLarge,
}

/// `FROM:<a@b> SIZE=3` gives `a@b` and ` SIZE=3`.
fn path(rest: &str, keyword: &str) -> Option<(String, String)> {
    let start = rest.get(..keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let (address, parameters) = rest[keyword.len()..].trim_start().strip_prefix('<')?.split_once('>')?;
    Some((address.to_owned(), parameters.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn talk(script: &[u8]) -> (String, Mailbox) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mailbox = Mailbox::default();
        tokio::spawn(serve(listener, mailbox.clone()));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(script).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        (text, mailbox)
    }

    fn codes(text: &str) -> Vec<&str> {
        text.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| &line[..3]).collect()
    }

    #[tokio::test]
    async fn a_mail_arrives_with_its_dots() {
        let (text, mailbox) = talk(
            b"EHLO x\r\nMAIL FROM:<a@x.example> SIZE=10\r\nrcpt to:<b@y.example>\r\nRCPT TO:<c@y.example>\r\n\
              DATA\r\nSubject: hello\r\n\r\n..dot\r\n.\r\nNOOP\r\nQUIT\r\n",
        )
        .await;
        assert_eq!(codes(&text), ["220", "250", "250", "250", "250", "354", "250", "250", "221"]);
        let mail = &mailbox.all()[0];
        assert_eq!((mail.from.as_str(), mail.to.len(), mail.text.trim()), ("a@x.example", 2, ".dot"));
    }

    #[tokio::test]
    async fn the_order_is_kept_and_reset_forgets() {
        let (text, mailbox) = talk(
            b"MAIL FROM:<a@x>\r\nEHLO x\r\nRCPT TO:<b@y>\r\nDATA\r\nMAIL FROM:<> SIZE=99999999999\r\nMAIL FROM:<> BODY=8BITMIME\r\n\
              RCPT TO:<nobody>\r\nRCPT TO:<b@y>\r\nRSET\r\nDATA\r\nHELP\r\nQUIT\r\n",
        )
        .await;
        let expected = ["220", "503", "250", "503", "503", "552", "250", "501", "250", "250", "503", "500", "221"];
        assert_eq!(codes(&text), expected);
        assert!(mailbox.all().is_empty());
    }
}
