//! A store that speaks the protocol of S3 over HTTP, and checks who calls (Signature Version 4): what the program needs of it.
use hmac::{Hmac, KeyInit as _, Mac as _};
use poem::{
    Endpoint, Request, Response, Server,
    http::StatusCode,
    listener::{Acceptor as _, Listener as _, TcpListener},
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

pub const REGION: &str = "eu-test-1";
pub const ACCESS_KEY: &str = "AKIDTEST";
pub const SECRET_KEY: &str = "a secret that only the two of us know";

/// What was kept and what was asked.
#[derive(Debug, Default)]
pub struct Kept {
    /// Objects by `bucket/key`.
    pub objects: BTreeMap<String, Vec<u8>>,
    /// Parts of uploads that are not finished, by upload and number.
    pub parts: BTreeMap<(String, u32), Vec<u8>>,
    /// `METHOD what`, in order.
    pub asked: Vec<String>,
    /// So many of the next requests are turned away: the store has too much to do.
    pub busy: usize,
    /// Requests whose signature did not fit.
    pub forged: Vec<String>,
}

#[derive(Clone, Default)]
pub struct S3(Arc<Mutex<Kept>>);

impl S3 {
    /// Starts it; gives its address.
    pub async fn start() -> (S3, String) {
        let s3 = S3::default();
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("a port");
        let address = acceptor.local_addr().remove(0);
        let url = format!("http://{}", address.as_socket_addr().expect("an address"));
        tokio::spawn(Server::new_with_acceptor(acceptor).run(s3.clone()));
        (s3, url)
    }

    pub fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap()
    }
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The signature that a request must have, and the one that it has.
fn signatures(request: &Request, body: &[u8]) -> Option<(String, String)> {
    let header = |name: &str| request.header(name).map(str::to_owned);
    let authorization = header("authorization")?;
    let fields: BTreeMap<&str, &str> =
        authorization.strip_prefix("AWS4-HMAC-SHA256 ")?.split(',').filter_map(|f| f.trim().split_once('=')).collect();
    let (day, moment) = (fields.get("Credential")?.split('/').nth(1)?, header("x-amz-date")?);
    if *fields.get("Credential")? != format!("{ACCESS_KEY}/{day}/{REGION}/s3/aws4_request") || !moment.starts_with(day)
    {
        return None;
    }
    let said = header("x-amz-content-sha256")?;
    if said != "UNSIGNED-PAYLOAD" && said != hex(Sha256::digest(body)) {
        return None;
    }
    let mut query: Vec<String> = request
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|p| !p.is_empty())
        .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
        .collect();
    query.sort();
    let signed = *fields.get("SignedHeaders")?;
    let mut headers = String::new();
    for name in signed.split(';') {
        headers += &format!("{name}:{}\n", header(name)?.trim());
    }
    let canonical =
        format!("{}\n{}\n{}\n{headers}\n{signed}\n{said}", request.method(), request.uri().path(), query.join("&"));
    let text =
        format!("AWS4-HMAC-SHA256\n{moment}\n{day}/{REGION}/s3/aws4_request\n{}", hex(Sha256::digest(canonical)));
    let mut key = sign(format!("AWS4{SECRET_KEY}").as_bytes(), day);
    for part in [REGION, "s3", "aws4_request"] {
        key = sign(&key, part);
    }
    Some((hex(sign(&key, &text)), (*fields.get("Signature")?).to_owned()))
}

fn problem(status: StatusCode, code: &str) -> Response {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    Response::builder().status(status).content_type("application/xml").body(body)
}

fn xml(body: String) -> Response {
    Response::builder().content_type("application/xml").body(format!("<?xml version=\"1.0\"?>{body}"))
}

fn between<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    text.split(&open).skip(1).filter_map(|rest| Some(rest.split_once(&close)?.0)).collect()
}

fn answer(kept: &mut Kept, request: &Request, body: Vec<u8>) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let query: BTreeMap<String, String> =
        url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    let etag = |content: &[u8]| format!("\"{}\"", &hex(Sha256::digest(content))[..32]);
    let method = request.method().as_str();
    let what = if query.contains_key("uploads") {
        "uploads"
    } else if query.contains_key("partNumber") {
        "part"
    } else if query.contains_key("uploadId") {
        "upload"
    } else if query.contains_key("delete") {
        "delete"
    } else if query.contains_key("list-type") {
        "list"
    } else {
        "object"
    };
    kept.asked.push(format!("{method} {what}"));
    if kept.busy > 0 {
        kept.busy -= 1;
        return problem(StatusCode::SERVICE_UNAVAILABLE, "SlowDown");
    }
    match (method, what) {
        ("PUT", "object") => {
            let tag = etag(&body);
            kept.objects.insert(path, body);
            Response::builder().header("etag", tag).finish()
        }
        ("POST", "uploads") => xml(format!(
            "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>{}</UploadId></InitiateMultipartUploadResult>",
            hex(Sha256::digest(&path))
        )),
        ("PUT", "part") => {
            let number = query["partNumber"].parse().expect("a number");
            let tag = etag(&body);
            kept.parts.insert((query["uploadId"].clone(), number), body);
            Response::builder().header("etag", tag).finish()
        }
        ("POST", "upload") => {
            let text = String::from_utf8(body).expect("XML");
            let mut whole = vec![];
            for number in between(&text, "PartNumber") {
                let key = (query["uploadId"].clone(), number.parse().expect("a number"));
                whole.extend(kept.parts.remove(&key).expect("a part that was sent"));
            }
            let tag = etag(&whole);
            kept.objects.insert(path, whole);
            xml(format!(
                "<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>{}</ETag></CompleteMultipartUploadResult>",
                tag.replace('"', "&quot;")
            ))
        }
        ("GET", "list") => {
            let prefix = format!("{path}/{}", query.get("prefix").map_or("", String::as_str));
            let found = kept.objects.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(key, content)| {
                let key = key.split_once('/').expect("a bucket").1;
                format!("<Contents><Key>{key}</Key><LastModified>2026-11-20T12:00:00.000Z</LastModified><ETag>\"x\"</ETag><Size>{}</Size></Contents>", content.len())
            });
            let found: String = found.collect();
            xml(format!("<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"))
        }
        ("POST", "delete") => {
            let text = String::from_utf8(body).expect("XML");
            let mut gone = String::new();
            for key in between(&text, "Key") {
                kept.objects.remove(&format!("{}/{key}", path.trim_end_matches('/')));
                gone += &format!("<Deleted><Key>{key}</Key></Deleted>");
            }
            xml(format!("<DeleteResult>{gone}</DeleteResult>"))
        }
        ("DELETE", "object") => {
            kept.objects.remove(&path);
            Response::builder().status(StatusCode::NO_CONTENT).finish()
        }
        ("GET" | "HEAD", "object") => {
            let Some(content) = kept.objects.get(&path) else { return problem(StatusCode::NOT_FOUND, "NoSuchKey") };
            let base = Response::builder()
                .header("etag", etag(content))
                .header("last-modified", "Fri, 20 Nov 2026 12:00:00 GMT");
            let range = request.header("range").and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
            let Some((from, to)) = range else { return base.body(content.clone()) };
            let from: usize = from.parse().expect("a number");
            let to: usize = to.parse::<usize>().map_or(content.len(), |to| to + 1).min(content.len());
            base.status(StatusCode::PARTIAL_CONTENT)
                .header("content-range", format!("bytes {from}-{}/{}", to - 1, content.len()))
                .body(content[from..to].to_vec())
        }
        _ => problem(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
    }
}

impl Endpoint for S3 {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let body = request.take_body().into_vec().await?;
        let mut kept = self.0.lock().unwrap();
        match signatures(&request, &body) {
            Some((wanted, given)) if wanted == given => Ok(answer(&mut kept, &request, body)),
            _ => {
                kept.forged.push(format!("{} {}", request.method(), request.uri()));
                Ok(problem(StatusCode::FORBIDDEN, "SignatureDoesNotMatch"))
            }
        }
    }
}
