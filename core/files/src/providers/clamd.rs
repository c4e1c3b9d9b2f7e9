//! A client of clamd, the daemon of ClamAV, as clamd(8) describes its protocol: the command `INSTREAM`, then the content in
//! chunks that each begin with their length (four bytes, network order), then a chunk of length zero; the answer is one line.
use super::scanner::{Scanner, Verdict};
use futures_util::future::BoxFuture;
use kernel::{Error, Result};
use std::{path::PathBuf, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpStream, UnixStream},
    time::timeout,
};

/// Bytes of a chunk.
const CHUNK: usize = 64 * 1024;
/// Longest answer that is read, in bytes.
const LONGEST_ANSWER: u64 = 4096;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Address {
    Tcp(String),
    Unix(PathBuf),
}

/// A scanner that asks clamd, with a connection for each file.
#[derive(Debug)]
pub struct Clamd {
    address: Address,
    /// Longest whole conversation.
    patience: Duration,
    /// clamd's own `StreamMaxLength`: what is longer is not sent, because it ends the connection in the middle.
    most: usize,
}

impl Clamd {
    /// `tcp://host:port` or `unix:///path`.
    pub fn new(address: &str, timeout_seconds: u64, most: usize) -> Result<Self> {
        let parsed = match (address.strip_prefix("tcp://"), address.strip_prefix("unix://")) {
            (Some(host), _) if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) => {
                Address::Tcp(host.to_owned())
            }
            (_, Some(path)) if path.starts_with('/') => Address::Unix(path.into()),
            _ => return Err(Error::internal("configuration: files.scanner is tcp://host:port or unix:///path")),
        };
        Ok(Clamd { address: parsed, patience: Duration::from_secs(timeout_seconds.max(1)), most })
    }

    async fn ask(&self, content: &[u8]) -> std::io::Result<String> {
        match &self.address {
            Address::Tcp(host) => converse(TcpStream::connect(host).await?, content).await,
            Address::Unix(path) => converse(UnixStream::connect(path).await?, content).await,
        }
    }
}

/// Sends the content and reads the answer. clamd answers before it has read everything when it refuses to go on, so the answer
/// counts also when the rest could not be sent.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, content: &[u8]) -> std::io::Result<String> {
    let (read, mut write) = tokio::io::split(stream);
    let sent = async {
        write.write_all(b"zINSTREAM\0").await?;
        for chunk in content.chunks(CHUNK) {
            write.write_u32(u32::try_from(chunk.len()).unwrap_or(u32::MAX)).await?;
            write.write_all(chunk).await?;
        }
        write.write_u32(0).await?;
        write.flush().await
    };
    let mut answer = vec![];
    let mut answers = read.take(LONGEST_ANSWER);
    let (sent, heard) = tokio::join!(sent, answers.read_to_end(&mut answer));
    if answer.is_empty() {
        sent?;
        heard?;
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&answer).trim_matches(['\0', '\n', ' ']).to_owned())
}

/// What an answer means; none for one that says nothing about the file.
fn verdict_of(answer: &str) -> Option<Verdict> {
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    if said == "OK" {
        return Some(Verdict::Clean);
    }
    if let Some(name) = said.strip_suffix(" FOUND") {
        return Some(Verdict::Infected(name.to_owned()));
    }
    said.contains("size limit exceeded").then(|| Verdict::Refused("larger than the scanner takes".to_owned()))
}

impl Scanner for Clamd {
    fn scan<'a>(&'a self, content: &'a [u8]) -> BoxFuture<'a, Result<Verdict>> {
        Box::pin(async move {
            if content.len() > self.most {
                return Ok(Verdict::Refused("larger than the scanner takes".to_owned()));
            }
            let answer = timeout(self.patience, self.ask(content)).await.map_err(|_| away("it took too long"))?;
            let answer = answer.map_err(|error| away(&error.to_string()))?;
            verdict_of(&answer).ok_or_else(|| away(&answer))
        })
    }
}

fn away(why: &str) -> Error {
    tracing::warn!(error = why, "the virus scanner gave no answer");
    Error::unavailable(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_the_manual_says() {
        assert_eq!(verdict_of("stream: OK"), Some(Verdict::Clean));
        assert_eq!(
            verdict_of("stream: Win.Test.EICAR_HDB-1 FOUND"),
            Some(Verdict::Infected("Win.Test.EICAR_HDB-1".into()))
        );
        assert!(matches!(verdict_of("INSTREAM size limit exceeded. ERROR"), Some(Verdict::Refused(_))));
        for odd in ["", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "OK FOUND?"] {
            assert_eq!(verdict_of(odd), None, "{odd}");
        }
    }

    #[test]
    fn an_address_is_a_host_with_a_port_or_a_path() {
        for good in ["tcp://127.0.0.1:3310", "tcp://[::1]:3310", "unix:///run/clamav/clamd.ctl"] {
            assert!(Clamd::new(good, 1, 1).is_ok(), "{good}");
        }
        for bad in ["127.0.0.1:3310", "tcp://clamd", "tcp://clamd:x", "unix://run", "http://clamd:3310"] {
            assert!(Clamd::new(bad, 1, 1).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_content_is_sent_in_chunks_and_the_answer_counts_although_the_rest_was_not_taken() {
        let content = vec![7_u8; CHUNK + 3];
        let (ours, theirs) = tokio::io::duplex(4 * CHUNK);
        let clamd = async {
            let mut theirs = theirs;
            let mut command = [0; 10];
            theirs.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut lengths = vec![];
            loop {
                let length = theirs.read_u32().await.unwrap();
                lengths.push(length as usize);
                if length == 0 {
                    break;
                }
                let mut chunk = vec![0; length as usize];
                theirs.read_exact(&mut chunk).await.unwrap();
            }
            theirs.write_all(b"stream: OK\0").await.unwrap();
            lengths
        };
        let (answer, lengths) = tokio::join!(converse(ours, &content), clamd);
        assert_eq!((answer.unwrap().as_str(), lengths), ("stream: OK", vec![CHUNK, 3, 0]));

        let (ours, mut theirs) = tokio::io::duplex(64);
        let refuses = async move {
            theirs.write_all(b"INSTREAM size limit exceeded. ERROR\0").await.unwrap();
        };
        let (answer, ()) = tokio::join!(converse(ours, &content), refuses);
        assert_eq!(answer.unwrap(), "INSTREAM size limit exceeded. ERROR");
        let (ours, theirs) = tokio::io::duplex(64);
        drop(theirs);
        assert!(converse(ours, &content).await.is_err(), "no answer is no verdict");
    }
}
