//! The built dashboard, read once at start and served from memory.
use kernel::{Error, Result, config::Config, http::coding::PackedFile};
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response,
    http::{HeaderValue, Method, header},
};
use std::{collections::HashMap, path::Path, sync::Arc};

/// Names that carry a hash.
const HASHED: &str = "/assets/";
/// The service worker has a policy of its own: it fetches from here and does nothing else.
const WORKER: &str = "/sw.js";
const WORKER_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; connect-src 'self'");
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The files by path, and what goes with the document.
pub struct Dashboard {
    document: PackedFile,
    files: HashMap<String, PackedFile>,
    policy: HeaderValue,
}

impl Dashboard {
    /// Reads the folder the build made; `None` when none is configured, then there is only the API.
    pub fn read(config: &Config) -> Result<Option<Arc<Self>>> {
        let folder = Path::new(&config.server.dashboard);
        if config.server.dashboard.is_empty() {
            return Ok(None);
        }
        let named = |e: std::io::Error| {
            Error::internal(format!("server.dashboard: {} (build it first): {e}", folder.display()))
        };
        let document = PackedFile::read(&folder.join("index.html")).map_err(named)?;
        let mut files = HashMap::new();
        collect(folder, "/", &mut files).map_err(named)?;
        Ok(Some(Arc::new(Dashboard { document, files, policy: policy(config)? })))
    }

    /// Answers what is the dashboard's and leaves the rest to the API.
    pub fn before<E: Endpoint + 'static>(self: Arc<Self>, api: E) -> impl Endpoint<Output = Response> + 'static {
        api.around(move |api, req| {
            let dashboard = self.clone();
            async move {
                match dashboard.answer(&req) {
                    Some(response) => Ok(response),
                    None => Ok(api.call(req).await?.into_response()),
                }
            }
        })
    }

    fn answer(&self, req: &Request) -> Option<Response> {
        let path = req.uri().path();
        if !matches!(*req.method(), Method::GET | Method::HEAD) || path.starts_with("/v1/") {
            return None;
        }
        if let Some(file) = self.files.get(path) {
            let cache = if path.starts_with(HASHED) { FOR_EVER } else { ASK_AGAIN };
            let mut response = file.answer(req, cache);
            if path == WORKER {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, WORKER_POLICY);
            }
            return Some(response);
        }
        // Every other address is a page of the application, for whoever wants a page.
        let wants_page = req.header(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
        (wants_page && !path.starts_with(HASHED)).then(|| {
            let mut response = self.document.answer(req, ASK_AGAIN);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
            headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
            headers.insert("permissions-policy", HeaderValue::from_static("camera=(), microphone=(), geolocation=()"));
            response
        })
    }
}

/// Nothing but our own files runs, and nobody frames the dashboard. Previews of widgets come from the edge.
fn policy(config: &Config) -> Result<HeaderValue> {
    let (admin, edge) = (&config.admin.public_url, &config.edge.public_url);
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self' {admin}; frame-src {edge}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    ))
    .map_err(Error::internal)
}

fn collect(folder: &Path, prefix: &str, files: &mut HashMap<String, PackedFile>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else if path.is_file() && name != "index.html" && !name.ends_with(".br") && !name.ends_with(".gz") {
            files.insert(format!("{prefix}{name}"), PackedFile::read(&path)?);
        }
    }
    Ok(())
}
