//! HTTP: uploads, lists, links and downloads.
use super::{
    actions::{self, LINK_LIFE, Upload},
    db,
    model::{File, FileId, Policy},
};
use crate::{Read, Tags, Write, providers::Store};
use chrono::{DateTime, Utc};
use kernel::{
    App, Cx, Error, Result,
    db::ListQuery,
    http::{Created, NoContent, Page, RequestInfo, Tagged},
};
use poem::{Body, Request};
use poem_openapi::{
    ApiRequest, ApiResponse, Multipart, Object, OpenApi,
    param::{Path, Query},
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
        let file = cx.read(async |tx| db::get(tx, id.0, &uploaders).await).await?;
        if file.state == "quarantined" {
            return Err(Error::conflict("file_quarantined", "A scanner found something in this file."));
        }
        let url = actions::link(&cx.app, &cx.tenant, id.0, cx.now())?;
        Ok(Created::Created(Json(FileLink { url, expires_at: cx.now() + LINK_LIFE })))
    }

    /// Delete a file.
    #[oai(path = "/files/:id", method = "delete")]
    async fn delete_file(&self, cx: Cx<Write>, id: Path<FileId>) -> Result<NoContent> {
        let uploaders = cx.visible_owners();
        cx.write(async |tx| actions::delete(tx, id.0, &uploaders).await).await?;
        Ok(NoContent::Done)
    }

    /// Download a file with a link made for it.
    #[oai(path = "/downloads/:token", method = "get")]
    async fn download_file(&self, request: &Request, token: Path<String>) -> Result<Download> {
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
        download(&app, file).await
    }
}

async fn download(app: &App, file: db::Content) -> Result<Download> {
    let stream = app.provided::<Store>()?.read(&file.object_key).await?;
    Ok(Download::Ok(
        Binary(Body::from_bytes_stream(futures_util::TryStreamExt::map_err(stream, std::io::Error::other))),
        disposition(&file.name),
        file.kind,
        "sandbox; default-src 'none'".to_owned(),
        file.size.to_string(),
    ))
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
    #[test]
    fn a_name_cannot_leave_its_header() {
        let header = super::disposition("Zeugnis „2026\"; x=.pdf");
        assert_eq!(
            header,
            "attachment; filename=\"Zeugnis _2026_; x=.pdf\"; filename*=UTF-8''Zeugnis%20%E2%80%9E2026%22%3B%20x%3D.pdf"
        );
    }
}
