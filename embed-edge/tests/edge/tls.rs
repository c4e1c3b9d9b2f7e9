//! TLS: the certificate, its replacement, and names that are not ours.
use crate::support::{Ask, HOST, PAGE, Plan, Reply, World, eventually, frame_url, read_reply};
use bytes::Bytes;
use embed_edge::Times;
use http_body_util::{BodyExt, Full};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_rustls::{TlsConnector, client::TlsStream};

struct Files(PathBuf);

impl Files {
    fn new() -> Self {
        let name = format!("upzento-tls-{}", kernel::crypto::hex(&kernel::clock::random_bytes::<8>()));
        let dir = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&dir).unwrap();
        Files(dir)
    }

    /// Puts a new self-signed certificate in place of the former one.
    fn renew(&self) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed([HOST.to_owned(), "other.test".to_owned()]).unwrap();
        for (name, text) in [("key.pem", made.signing_key.serialize_pem()), ("cert.pem", made.cert.pem())] {
            let fresh = self.0.join(format!("{name}.new"));
            std::fs::write(&fresh, text).unwrap();
            std::fs::rename(&fresh, self.0.join(name)).unwrap();
        }
        made.cert.der().clone()
    }

    fn settings(&self) -> String {
        let (cert, key) = (self.0.join("cert.pem"), self.0.join("key.pem"));
        format!("tls_cert = \"{}\"\ntls_key = \"{}\"", cert.display(), key.display())
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn handshake(
    world: &World,
    trust: &CertificateDer<'static>,
    name: &str,
    protocols: &[&[u8]],
) -> Option<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trust.clone()).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
    config.enable_sni = name != "no.name";
    let name = if config.enable_sni { name } else { HOST };
    let stream = TcpStream::connect(world.edge.addr).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.ok()
}

async fn ask(world: &World, trust: &CertificateDer<'static>, name: &str, ask: Ask) -> Option<Reply> {
    let mut stream = handshake(world, trust, name, &[b"http/1.1"]).await?;
    stream.write_all(&ask.bytes()).await.unwrap();
    Some(read_reply(&mut stream).await)
}

#[tokio::test]
async fn certificates_are_replaced_while_serving_and_names_are_checked() {
    let files = Files::new();
    let first = files.renew();
    let plan = Plan::default();
    let times = Times { certificate: Duration::from_millis(20), ..plan.times };
    let world = World::with(Plan { times, edge: files.settings(), ..plan }).await;
    let loader = || Ask::get("/v1/loader.js");
    let reply = ask(&world, &first, HOST, loader()).await.unwrap();
    assert_eq!((reply.status, reply.header("strict-transport-security")), (200, Some("max-age=63072000")));
    let frame = ask(&world, &first, HOST, world.frame(crate::support::PAGE)).await.unwrap();
    assert_eq!(frame.status, 200);
    assert!(frame.header("strict-transport-security").is_some());
    // Row 30: a name that is not ours, no name, and a request that says something else than the handshake.
    assert_eq!(ask(&world, &first, "other.test", loader()).await.unwrap().status, 421);
    assert_eq!(ask(&world, &first, "no.name", loader()).await.unwrap().status, 421);
    assert_eq!(ask(&world, &first, HOST, loader().host("other.test")).await.unwrap().status, 421);
    // HTTP/2 is offered.
    let stream = handshake(&world, &first, HOST, &[b"h2", b"http/1.1"]).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    // Our own origin is the https one now.
    let token = frame.data()["token"].as_str().unwrap().to_owned();
    let session = |origin: &str| Ask::own("/v1/session", &token).without("Origin").header("Origin", origin);
    assert_eq!(ask(&world, &first, HOST, session("https://edge.test")).await.unwrap().status, 200);
    assert_eq!(ask(&world, &first, HOST, session("http://edge.test")).await.unwrap().status, 403);

    let second = files.renew();
    eventually("the new certificate", || async { handshake(&world, &second, HOST, &[]).await.is_some() }).await;
    assert!(handshake(&world, &first, HOST, &[]).await.is_none());
    // A broken file changes nothing.
    std::fs::write(files.0.join("cert.pem"), "nonsense").unwrap();
    assert!(handshake(&world, &second, HOST, &[]).await.is_some());
}

#[tokio::test]
async fn one_connection_carries_everything_in_http_2() {
    let files = Files::new();
    let trust = files.renew();
    let world = World::with(Plan { edge: files.settings(), ..Plan::default() }).await;
    let stream = handshake(&world, &trust, HOST, &[b"h2"]).await.unwrap();
    let io = hyper_util::rt::TokioIo::new(stream);
    let (sender, connection) =
        hyper::client::conn::http2::handshake(hyper_util::rt::TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    let call = |method: &str, url: String, headers: Vec<(&str, String)>, body: &str| {
        let mut request = hyper::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
        let mut sender = sender.clone();
        async move {
            let response = sender.send_request(request).await.unwrap();
            let status = response.status().as_u16();
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            (status, String::from_utf8(bytes.to_vec()).unwrap())
        }
    };
    let own = "https://edge.test";
    assert_eq!(call("GET", format!("{own}/v1/loader.js"), vec![], "").await, (200, "loader()".to_owned()));
    assert_eq!(call("GET", "https://attacker.com/v1/loader.js".into(), vec![], "").await.0, 421);
    let long = format!("{own}/w/x?o={}", "a".repeat(3000));
    assert_eq!(call("GET", long, vec![], "").await.0, 414);
    let frame = format!("{own}{}", frame_url(world.widget, PAGE));
    let (status, html) = call("GET", frame, vec![("sec-fetch-dest", "iframe".into())], "").await;
    assert_eq!(status, 200);
    let token = html.split("\"token\":\"").nth(1).unwrap().split('"').next().unwrap();
    let headers = |token: &str| {
        let json = ("content-type", "application/json".to_owned());
        vec![
            json,
            ("origin", own.to_owned()),
            ("authorization", format!("Bearer {token}")),
            ("idempotency-key", "k".into()),
        ]
    };
    let (status, session) = call("POST", format!("{own}/v1/session"), headers(token), "{}").await;
    assert_eq!(status, 200);
    let session: serde_json::Value = serde_json::from_str(&session).unwrap();
    let sent = call("POST", format!("{own}/v1/a/form"), headers(session["token"].as_str().unwrap()), "{}").await;
    assert_eq!(sent.0, 201);
    assert_eq!(world.core.calls().len(), 1);
}
