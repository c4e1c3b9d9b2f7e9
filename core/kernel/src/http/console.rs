//! The built console, read once at start and served from memory beside an API. The core serves the pages of agencies and
//! clients, the administration those of the people who run the platform: one build, two origins, so that neither's
//! credentials are within reach of the other's pages.
use super::coding::PackedFile;
pub use super::dress::Dress;
use crate::{Error, Result};
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response,
    http::{HeaderValue, Method, header},
    web::Redirect,
};
use std::{collections::HashMap, path::Path, sync::Arc};

/// Names that carry a hash.
const HASHED: &str = "/assets/";
/// The service worker has a policy of its own: it fetches from here and does nothing else.
const WORKER: &str = "/sw.js";
const WORKER_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; connect-src 'self'");
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Whether a path is a page of the platform administration, which has an origin of its own.
pub fn is_admin_page(path: &str) -> bool {
    path == "/admin" || path.starts_with("/admin/")
}

/// The files by path, and what goes with the document.
pub struct Console {
    document: PackedFile,
    files: HashMap<String, PackedFile>,
    policy: HeaderValue,
    /// Directives of the policy beside those that always hold.
    also: String,
    is_page: fn(&str) -> bool,
}

impl Console {
    /// Reads the folder the build made; `None` when none is named, then there is only the API. `setting` names the
    /// folder's key for whoever has to correct it; `also` are directives of the policy beside those that always hold;
    /// `is_page` tells which addresses are pages here.
    pub fn read(folder: &str, setting: &str, also: &str, is_page: fn(&str) -> bool) -> Result<Option<Arc<Self>>> {
        if folder.is_empty() {
            return Ok(None);
        }
        let folder = Path::new(folder);
        let named =
            |e: std::io::Error| Error::internal(format!("{setting}: {} (build it first): {e}", folder.display()));
        let document = PackedFile::read(&folder.join("index.html")).map_err(named)?;
        let mut files = HashMap::new();
        collect(folder, "/", &mut files).map_err(named)?;
        Ok(Some(Arc::new(Console { document, files, policy: policy(also, "")?, also: also.to_owned(), is_page })))
    }

    /// Answers what is the console's and leaves the rest to the API.
    pub fn before<E: Endpoint + 'static>(self: Arc<Self>, api: E) -> impl Endpoint<Output = Response> + 'static {
        api.around(move |api, req| {
            let console = self.clone();
            async move {
                match console.answer(&req) {
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
        let dress = req.extensions().get::<Arc<Dress>>();
        if let Some(dress) = dress
            && dress.replaces(path)
        {
            if let Some(picture) = dress.picture(path) {
                let there = Redirect::see_other(picture).with_header(header::CACHE_CONTROL, ASK_AGAIN);
                return Some(there.into_response());
            }
            return dress.file(path).map(|file| file.answer(req, ASK_AGAIN));
        }
        if let Some(file) = self.files.get(path) {
            let cache = if path.starts_with(HASHED) { FOR_EVER } else { ASK_AGAIN };
            let mut response = file.answer(req, cache);
            if path == WORKER {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, WORKER_POLICY);
            }
            return Some(response);
        }
        // For whoever wants a page; a program that mistook an address gets no document.
        let wants_page = req.header(header::ACCEPT).is_some_and(|accept| accept.contains("text/html"));
        (wants_page && !path.starts_with(HASHED) && (self.is_page)(path)).then(|| {
            let dressed = dress.map(|dress| dress.document(self.document.plain()));
            let mut response = dressed.as_ref().unwrap_or(&self.document).answer(req, ASK_AGAIN);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, self.policy_for(dress));
            headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
            headers.insert("permissions-policy", HeaderValue::from_static("camera=(), microphone=(), geolocation=()"));
            response
        })
    }

    /// The policy; a logo that stands elsewhere may be shown, and nothing else from there is asked for.
    fn policy_for(&self, dress: Option<&Arc<Dress>>) -> HeaderValue {
        let origin = dress.and_then(|dress| dress.logo_origin());
        let wider = origin.and_then(|origin| policy(&self.also, &format!(" {origin}")).ok());
        wider.unwrap_or_else(|| self.policy.clone())
    }
}

/// Nothing but our own files runs, nothing is asked but our own API, and nobody frames the console.
fn policy(also: &str, pictures: &str) -> Result<HeaderValue> {
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{pictures}; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'{also}"
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
