//! HTTP: uploads, lists, links and downloads.
use super::{
    actions::{self, LINK_LIFE, Upload},
    db,
    model::{File, FileId, Policy},
};
use crate::{Read, Tags, Write, providers::Store};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use kernel::{
    App, Cx, Error, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, RequestInfo, Tagged},
};
use poem::{Body, Request};
use poem_openapi::{
    ApiRequest, ApiResponse, Multipart, Object, OpenApi,
    param::{Header, Path, Query},
    payload::{Binary, Json},
    types::multipart::Upload as Part,
};

/// A file to keep: its bytes, or a form with one part.
#[derive(ApiRequest)]
pub(crate) enum NewFile {
    /// The bytes; the query parameter `name` names them.
    #[oai(content_type = "application/octet-stream")]
    Bytes(Binary<Vec<u8>>),
    /// A form with a part `file`.
    Form(FileForm),
}

/// A form with a file.
#[derive(Multipart)]
pub(crate) struct FileForm {
    /// The file, with its name.
    file: Part,
}

/// Where a file can be downloaded without a credential.
#[derive(Object, Debug)]
pub(crate) struct FileLink {
    /// The address.
    url: String,
    /// When it stops working.
    expires_at: DateTime<Utc>,
}

#[derive(ApiResponse)]
pub(crate) enum Download {
    /// The bytes.
    #[oai(status = 200)]
    Ok(
        Binary<Body>,
        /** Always a download, never a page. */
        #[oai(header = "Content-Disposition")]
        String,
        /** Type of the content. */
        #[oai(header = "Content-Type")]
        String,
        /** Nothing in it may run. */
        #[oai(header = "Content-Security-Policy")]
        String,
        /** Size in bytes. */
        #[oai(header = "Content-Length")]
        String,
        /** A part may be asked for. */
        #[oai(header = "Accept-Ranges")]
        String,
    ),
    /// The part that was asked for.
    #[oai(status = 206)]
    Part(
        Binary<Body>,
        /** Always a download, never a page. */
        #[oai(header = "Content-Disposition")]
        String,
        /** Type of the content. */
        #[oai(header = "Content-Type")]
        String,
        /** Nothing in it may run. */
        #[oai(header = "Content-Security-Policy")]
        String,
        /** Size of the part in bytes. */
        #[oai(header = "Content-Length")]
        String,
        /** Which bytes these are, of how many (RFC 9110, 14.4). */
        #[oai(header = "Content-Range")]
        String,
    ),
}

async fn read_upload(body: NewFile, name: Option<String>) -> Result<Upload> {
    match body {
        NewFile::Bytes(Binary(content)) => Ok(Upload { name: name.unwrap_or_default(), content: content.into() }),
        NewFile::Form(FileForm { file }) => {
            let name = name.or_else(|| file.file_name().map(str::to_owned)).unwrap_or_default();
            let content = file.into_vec().await.map_err(|e| Error::bad_request("body_unreadable", e.to_string()))?;
            Ok(Upload { name, content: content.into() })
        }
    }
}

pub(crate) struct FilesApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Files")]
impl FilesApi {
    /// Upload a file. It goes away after a day unless something uses it.
    #[oai(path = "/files", method = "post")]
    async fn create_file(&self, cx: Cx<Write>, name: Query<Option<String>>, body: NewFile) -> Result<Created<File>> {
        let upload = read_upload(body, name.0).await?;
        tenants::storage::check(&cx.app, &cx.tenant, upload.content.len()).await?;
        let written = actions::write(&cx.app, &cx.tenant, cx.context(), upload, &Policy::default(), None).await?;
        cx.create(async |tx| actions::finish(tx, &written).await).await
    }

    /// List files.
    #[oai(path = "/files", method = "get")]
    async fn list_files(
        &self,
        cx: Cx<Read>,
        /// Rows per page, 1 to 200; 50 when absent.
        limit: Query<Option<u32>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Field to sort by, `-` in front for descending.
        sort: Query<Option<String>>,
        /// `field:op:value`, any number of them, all must hold.
        #[oai(default)]
        filter: Query<Vec<String>>,
    ) -> Result<Json<Page<File>>> {
        let query = ListQuery { limit: limit.0, cursor: cursor.0, sort: sort.0, filter: filter.0 };
        let uploaders = cx.visible_owners();
        cx.read(async |tx| db::list(tx, &query, &uploaders).await).await.map(Json)
    }

    /// A file's description.
    #[oai(path = "/files/:id", method = "get")]
    async fn get_file(&self, cx: Cx<Read>, id: Path<FileId>) -> Result<Tagged<File>> {
        let uploaders = cx.visible_owners();
        let file = cx.read(async |tx| db::get(tx, id.0, &uploaders).await).await?;
        let version = file.version;
        Ok(Tagged::of(file, version))
    }

    /// Make a link that downloads the file without a credential for ten minutes.
    #[oai(path = "/files/:id/links", method = "post")]
    async fn create_file_link(&self, cx: Cx<Read>, id: Path<FileId>) -> Result<Created<FileLink>> {
        let uploaders = cx.visible_owners();
        let served = cx.read(async |tx| {
            db::get(tx, id.0, &uploaders).await?;
            actions::require_served(tx, id.0).await
        });
        served.await?;
        let url = actions::link(&cx.app, &cx.tenant, id.0, cx.now())?;
        Ok(Created::Created(Json(FileLink { url, expires_at: cx.now() + LINK_LIFE })))
    }

    /// Have a file scanned again.
    ///
    /// One about which the virus scanner gave no answer; 409 `file_not_failed` for any other.
    #[oai(path = "/files/:id/scans", method = "post")]
    async fn create_file_scan(&self, cx: Cx<Write>, id: Path<FileId>) -> Result<Json<File>> {
        let uploaders = cx.visible_owners();
        cx.act(async |tx| actions::scan_again(tx, id.0, &uploaders).await).await
    }

    /// Delete a file.
    #[oai(path = "/files/:id", method = "delete")]
    async fn delete_file(&self, cx: Cx<Write>, id: Path<FileId>) -> Result<NoContent> {
        let uploaders = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, &uploaders).await).await?;
        Ok(NoContent::Done)
    }

    /// Download a file with a link made for it.
    ///
    /// One range of bytes may be asked for, so that a download that broke off goes on (RFC 9110, 14.2); what cannot be satisfied,
    /// and several ranges, are answered with the whole.
    #[oai(path = "/downloads/:token", method = "get")]
    async fn download_file(
        &self,
        request: &Request,
        token: Path<String>,
        /// For example `bytes=1000-`.
        #[oai(name = "Range")]
        range: Header<Option<String>>,
    ) -> Result<Download> {
        let app = App::of(request)?;
        let Some(claims) = actions::read_link(&app, &token.0) else {
            // Only guessing is limited: a page may show many pictures.
            let info = RequestInfo::of(request);
            info.limit(&app, &format!("ip/{}", info.ip_prefix()), app.config.limits.public_per_minute)?;
            return Err(Error::not_found());
        };
        let tenant = app.tenant(claims.tenant).await?;
        let context = app.system(RequestInfo::of(request).id);
        let file = app.read(&tenant, context, async |tx| db::content(tx, claims.file).await).await?;
        let size = u64::try_from(file.size).unwrap_or(0);
        download(&app, file, range.0.and_then(|range| range_of(&range, size))).await
    }
}

async fn download(app: &App, file: db::Content, range: Option<std::ops::Range<u64>>) -> Result<Download> {
    let (store, name) = (app.provided::<Store>()?, disposition(&file.name));
    let policy = "sandbox; default-src 'none'".to_owned();
    let Some(range) = range else {
        let body = body_of(store.read(&file.object_key).await?);
        return Ok(Download::Ok(body, name, file.kind, policy, file.size.to_string(), "bytes".to_owned()));
    };
    let which = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
    let length = (range.end - range.start).to_string();
    let body = body_of(store.read_range(&file.object_key, range).await?);
    Ok(Download::Part(body, name, file.kind, policy, length, which))
}

fn body_of(stream: BoxStream<'static, object_store::Result<Bytes>>) -> Binary<Body> {
    Binary(Body::from_bytes_stream(futures_util::TryStreamExt::map_err(stream, std::io::Error::other)))
}

/// The one range of bytes that a header asks for, if there is such a range in a content of this size.
fn range_of(header: &str, size: u64) -> Option<std::ops::Range<u64>> {
    let (from, to) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (from.trim(), to.trim()) {
        // The last so many bytes.
        ("", last) => size.saturating_sub(number(last)?)..size,
        (from, "") => number(from)?..size,
        (from, to) => number(from)?..number(to)?.saturating_add(1).min(size),
    };
    (range.start < range.end).then_some(range)
}

/// RFC 6266: a plain name for old readers, the exact one for all others.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' { c } else { '_' }).collect();
    let exact: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::range_of;

    #[test]
    fn a_range_is_one_that_there_is() {
        for (header, range) in
            [("bytes=0-3", 0..4), ("bytes=2-", 2..10), ("bytes=-3", 7..10), ("bytes=8-99", 8..10), ("bytes=-99", 0..10)]
        {
            assert_eq!(range_of(header, 10), Some(range), "{header}");
        }
        for header in ["bytes=", "bytes=-", "bytes=10-", "bytes=5-4", "bytes=0-1,3-4", "lines=0-1", "bytes=-0", "0-1"] {
            assert_eq!(range_of(header, 10), None, "{header}");
        }
        assert_eq!(range_of("bytes=0-", 0), None);
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        let header = super::disposition("Zeugnis „2026\"; x=.pdf");
        assert_eq!(
            header,
            "attachment; filename=\"Zeugnis _2026_; x=.pdf\"; filename*=UTF-8''Zeugnis%20%E2%80%9E2026%22%3B%20x%3D.pdf"
        );
    }
}
