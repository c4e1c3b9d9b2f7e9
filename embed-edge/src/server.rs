//! Connections. Our own accept loop, because every part of a connection's life needs an end: the handshake, the head, the
//! pause between two requests, the whole.
use crate::{settings::Times, tls::Tls};
use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use poem::{
    Addr, Endpoint, Request, Response,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Room for the head of a request: a claim of 64 KB must be readable to be refused as too long.
const HEAD_BYTES: usize = 96 * 1024;
const STREAMS: u32 = 64;
/// After a failed accept (no file descriptors left) nothing is gained by trying at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

const TIMED_OUT: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\ncache-control: no-store\r\nconnection: close\r\n\r\n";

/// A client that still sends when it was refused gets so long to read why.
const LINGER: Duration = Duration::from_secs(1);

type Answering =
    Pin<Box<dyn Future<Output = Result<hyper::Response<BoxBody<Bytes, std::io::Error>>, Infallible>> + Send>>;

/// What is known of a connection before its first request.
#[derive(Clone)]
struct Hello {
    peer: SocketAddr,
    local: Option<SocketAddr>,
    scheme: Scheme,
    /// The TLS handshake named one of our hosts.
    named: bool,
}

/// How a listener ends.
#[derive(Clone)]
pub struct Life {
    /// No new connections; open requests are finished.
    pub stop: CancellationToken,
    /// Open connections are cut.
    pub kill: CancellationToken,
    /// Open connections.
    pub connections: TaskTracker,
}

/// One listener and what answers on it.
pub struct Server<E> {
    /// What answers.
    pub endpoint: E,
    /// Certificates; plain when absent.
    pub tls: Option<Arc<Tls>>,
    /// How long each part may take.
    pub times: Times,
    /// Open connections at most.
    pub slots: Arc<Semaphore>,
    /// How it ends.
    pub life: Life,
}

impl<E: Endpoint<Output = Response> + 'static> Server<E> {
    /// Accepts until stopped.
    pub async fn run(self: Arc<Self>, listener: TcpListener) {
        let local = listener.local_addr().ok();
        loop {
            // Waiting for a slot before accepting leaves the rest of a flood in the kernel's queue.
            let next = async {
                let slot = self.slots.clone().acquire_owned().await.ok()?;
                let accepted = listener.accept().await;
                Some((slot, accepted))
            };
            let accepted = tokio::select! {
                () = self.life.stop.cancelled() => return,
                accepted = next => accepted,
            };
            match accepted {
                None => return,
                Some((slot, Ok((stream, peer)))) => {
                    self.life.connections.spawn(self.clone().connection(stream, peer, local, slot));
                }
                Some((_, Err(error))) => {
                    tracing::warn!(%error, "connection not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        local: Option<SocketAddr>,
        slot: OwnedSemaphorePermit,
    ) {
        let _slot = slot;
        let life = self.life.clone();
        let whole = async {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "nodelay");
            }
            let Some(tls) = &self.tls else {
                let named = true;
                return self.http1(stream, Hello { peer, local, scheme: Scheme::HTTP, named }).await;
            };
            let Ok(Ok(stream)) = tokio::time::timeout(self.times.handshake, tls.accept(stream)).await else { return };
            let session = stream.get_ref().1;
            let hello = Hello { peer, local, scheme: Scheme::HTTPS, named: tls.serves(session.server_name()) };
            if session.alpn_protocol() == Some(b"h2") {
                self.http2(stream, hello).await;
            } else {
                self.http1(stream, hello).await;
            }
        };
        tokio::select! {
            () = life.kill.cancelled() => {}
            () = whole => {}
        }
    }

    async fn http1<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self: &Arc<Self>, stream: S, hello: Hello) {
        let asked = Arc::new(AtomicBool::new(false));
        let service = service_fn(|req| {
            asked.store(true, Relaxed);
            self.clone().boxed(req, hello.clone())
        });
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.times.head)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        let mut ending = false;
        let ended = loop {
            tokio::select! {
                ended = std::future::poll_fn(|cx| connection.poll_without_shutdown(cx)) => break ended,
                () = self.over(), if !ending => {
                    ending = true;
                    Pin::new(&mut connection).graceful_shutdown();
                }
            }
        };
        let parts = connection.into_parts();
        let mut stream = parts.io.into_inner();
        // A connection that was only idle is closed without a word; one that began to ask is told why.
        if ended.is_err_and(|e| e.is_timeout()) && (!parts.read_buf.is_empty() || !asked.load(Relaxed)) {
            metrics::counter!("upzento_edge_head_timeouts_total").increment(1);
            let _ = tokio::time::timeout(Duration::from_secs(1), stream.write_all(TIMED_OUT)).await;
        }
        let _ = tokio::time::timeout(LINGER, linger(stream)).await;
    }

    async fn http2<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(self: &Arc<Self>, stream: S, hello: Hello) {
        let this = self.clone();
        let service = service_fn(move |req| this.clone().boxed(req, hello.clone()));
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEAD_BYTES as u32)
            .keep_alive_interval(self.times.head)
            .keep_alive_timeout(self.times.head)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let mut ending = false;
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = self.over(), if !ending => {
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }

    /// The connection has lived long enough, or the program stops.
    async fn over(&self) {
        tokio::select! {
            () = self.life.stop.cancelled() => {}
            () = tokio::time::sleep(self.times.connection) => {}
        }
    }

    fn boxed(self: Arc<Self>, req: poem::http::Request<Incoming>, hello: Hello) -> Answering {
        if !hello.named {
            let misdirected = crate::reply::code(poem::http::StatusCode::MISDIRECTED_REQUEST, "host");
            return Box::pin(std::future::ready(Ok(misdirected.into())));
        }
        let local = LocalAddr(hello.local.map_or_else(|| Addr::custom("edge", ""), Addr::SocketAddr));
        let request: Request = (req, local, RemoteAddr(Addr::SocketAddr(hello.peer)), hello.scheme).into();
        Box::pin(async move { Ok(self.endpoint.get_response(request).await.into()) })
    }
}

/// Ends our side and takes what is still on its way: closing at once would reset the connection, and the reset would
/// overtake our answer.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) -> std::io::Result<()> {
    stream.shutdown().await?;
    let mut rest = [0; 8192];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
