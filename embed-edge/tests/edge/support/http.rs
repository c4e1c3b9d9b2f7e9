//! HTTP, byte for byte.
use super::{EDGE_ORIGIN, HOST, WAIT};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request, byte for byte.
#[derive(Clone, Debug)]
pub struct Ask {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    pub fn new(method: &str, target: &str) -> Self {
        let headers = vec![("Host".to_owned(), HOST.to_owned())];
        Ask { method: method.into(), target: target.into(), headers, body: vec![] }
    }

    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A call of our own frame with this token.
    pub fn own(target: &str, token: &str) -> Self {
        Self::new("POST", target)
            .header("Origin", EDGE_ORIGIN)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Authorization", &format!("Bearer {token}"))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(n, _)| n != name);
        self
    }

    pub fn host(self, host: &str) -> Self {
        self.without("Host").header("Host", host)
    }

    pub fn json(self, body: &str) -> Self {
        self.header("Content-Type", "application/json").body(body.as_bytes())
    }

    pub fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        let len = body.len().to_string();
        self.without("Content-Length").header("Content-Length", &len)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("Connection: close\r\n\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    pub async fn send(self, addr: SocketAddr) -> Reply {
        raw(addr, &self.bytes()).await
    }
}

/// Sends bytes and reads the answer until the connection ends.
pub async fn raw(addr: SocketAddr, bytes: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    // The server may answer and close before it read everything.
    let _ = stream.write_all(bytes).await;
    read_reply(&mut stream).await
}

pub async fn read_reply<S: tokio::io::AsyncRead + Unpin>(stream: &mut S) -> Reply {
    let mut bytes = vec![];
    let all = async {
        let mut buffer = [0; 8192];
        // A reset after the answer is as good as an end.
        while let Ok(n) = stream.read(&mut buffer).await
            && n > 0
        {
            bytes.extend_from_slice(&buffer[..n]);
        }
    };
    tokio::time::timeout(WAIT, all).await.expect("the connection ends");
    Reply::parse(&bytes)
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            return Reply { status: 0, headers: vec![], body: text.into_owned() };
        };
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers =
            lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned()));
        Reply { status, headers: headers.collect(), body: body.to_owned() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The JSON a frame document carries.
    pub fn data(&self) -> serde_json::Value {
        let (_, rest) = self.body.split_once("id=\"upz\">").unwrap_or_else(|| panic!("no data: {self:?}"));
        serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
    }

    /// The sources of one directive of the policy.
    pub fn policy(&self, directive: &str) -> Option<String> {
        let policy = self.header("content-security-policy")?;
        policy.split("; ").find_map(|d| d.strip_prefix(directive)).map(|rest| rest.trim().to_owned())
    }

    /// Everything but the date, to compare refusals byte for byte.
    pub fn without_date(mut self) -> Self {
        self.headers.retain(|(n, _)| n != "date");
        self
    }

    /// Nothing in the answer grants another origin anything.
    pub fn assert_no_cors(&self) {
        let grants: Vec<_> = self.headers.iter().filter(|(n, _)| n.starts_with("access-control-")).collect();
        assert!(grants.is_empty(), "{grants:?}");
    }

    /// The constant refusal.
    pub fn assert_refused(&self) {
        assert_eq!(self.status, 403, "{self:?}");
        assert!(self.body.contains("denied:true") && self.body.contains("\"origin\""), "{self:?}");
        assert_eq!(self.policy("default-src").as_deref(), Some("'none'"));
        assert!(!self.body.contains("u1."));
        self.assert_no_cors();
    }

    /// The refusal without a word.
    pub fn assert_refused_use(&self) {
        assert_eq!((self.status, self.body.as_str()), (403, ""), "{self:?}");
        assert_eq!(self.policy("frame-ancestors").as_deref(), Some("'none'"));
        self.assert_no_cors();
    }
}
