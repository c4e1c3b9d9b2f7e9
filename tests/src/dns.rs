//! A name server of a test: it says what the test put into it, and nothing else.
use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{Name, RData, Record, RecordType, rdata},
};
use serde_json::Value;
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};
use tokio::net::UdpSocket;

type Zone = HashMap<(String, RecordType), Vec<RData>>;

/// A running name server on 127.0.0.1; it ends with the runtime of its test.
#[derive(Debug, Clone)]
pub struct Dns {
    /// Where it answers, over UDP.
    pub address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
    /// It says that it could not find out.
    troubled: Arc<Mutex<bool>>,
}

impl Dns {
    /// Starts it, empty.
    pub async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let address = socket.local_addr().expect("an address");
        let dns = Dns { address, zone: Arc::default(), troubled: Arc::default() };
        let answering = dns.clone();
        tokio::spawn(async move {
            let mut packet = [0; 1500];
            while let Ok((length, from)) = socket.recv_from(&mut packet).await {
                if let Some(answer) = answering.answer(&packet[..length]) {
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        dns
    }

    fn answer(&self, packet: &[u8]) -> Option<Vec<u8>> {
        let asked = Message::from_vec(packet).ok()?;
        let query = asked.queries.first()?.clone();
        let mut answer = Message::response(asked.metadata.id, asked.metadata.op_code);
        answer.metadata.recursion_available = true;
        answer.add_query(query.clone());
        if *self.troubled.lock().expect("a lock") {
            answer.metadata.response_code = ResponseCode::ServFail;
            return answer.to_vec().ok();
        }
        let name = query.name().to_ascii().trim_end_matches('.').to_lowercase();
        let zone = self.zone.lock().expect("a lock");
        for data in zone.get(&(name, query.query_type())).into_iter().flatten() {
            answer.add_answer(Record::from_rdata(query.name().clone(), 1, data.clone()));
        }
        answer.to_vec().ok()
    }

    fn set(&self, name: &str, kind: RecordType, data: Vec<RData>) {
        self.zone.lock().expect("a lock").insert((name.to_owned(), kind), data);
    }

    /// What the records of an added domain have to say, as the API tells it.
    pub fn prove(&self, domain: &Value) {
        for record in domain["records"].as_array().expect("records") {
            let text = |key: &str| record[key].as_str().expect("a text");
            match text("kind") {
                "TXT" => self.txt(text("name"), &["v=spf1 -all", text("value")]),
                "CNAME" => self.cname(text("name"), text("value")),
                other => panic!("{other}"),
            }
        }
    }

    /// What stands in the TXT records of a name, in place of what stood there.
    pub fn txt(&self, name: &str, texts: &[&str]) {
        let data = texts.iter().map(|text| RData::TXT(rdata::TXT::new(vec![(*text).to_owned()])));
        self.set(name, RecordType::TXT, data.collect());
    }

    /// Lets a name lead to another.
    pub fn cname(&self, name: &str, target: &str) {
        let target = Name::from_ascii(format!("{target}.")).expect("a name");
        self.set(name, RecordType::CNAME, vec![RData::CNAME(rdata::CNAME(target))]);
    }

    /// The IPv4 addresses of a name.
    pub fn addresses(&self, name: &str, addresses: &[&str]) {
        let address = |text: &&str| match text.parse().expect("an address") {
            IpAddr::V4(ip) => RData::A(rdata::A(ip)),
            IpAddr::V6(ip) => RData::AAAA(rdata::AAAA(ip)),
        };
        self.set(name, RecordType::A, addresses.iter().map(address).collect());
    }

    /// Nothing stands at a name any more.
    pub fn clear(&self, name: &str) {
        self.zone.lock().expect("a lock").retain(|(known, _), _| known != name);
    }

    /// Whether every answer is that it could not find out.
    pub fn trouble(&self, troubled: bool) {
        *self.troubled.lock().expect("a lock") = troubled;
    }
}
