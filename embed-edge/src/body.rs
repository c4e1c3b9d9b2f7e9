//! Reading a request's body: never more bytes than allowed, never for longer than allowed.
use crate::reply;
use bytes::{Bytes, BytesMut};
use poem::{
    Request, Response,
    http::{StatusCode, header},
};
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// The whole body, or the refusal to send.
pub async fn read(req: Request, limit: usize, time: Duration) -> Result<Bytes, Response> {
    let announced = req.header(header::CONTENT_LENGTH).and_then(|len| len.parse::<usize>().ok()).unwrap_or(0);
    if announced > limit {
        return Err(too_large());
    }
    let reader = req.into_body().into_async_read();
    let mut body = BytesMut::with_capacity(announced.min(64 * 1024));
    // One byte more than allowed tells a full body from a cut one.
    let mut reader = reader.take(limit as u64 + 1);
    let all = async {
        while reader.read_buf(&mut body).await? > 0 {}
        std::io::Result::Ok(())
    };
    match tokio::time::timeout(time, all).await {
        Err(_) => Err(close(reply::code(StatusCode::REQUEST_TIMEOUT, "invalid"))),
        Ok(Err(_)) => Err(close(reply::code(StatusCode::BAD_REQUEST, "invalid"))),
        Ok(Ok(())) if body.len() > limit => Err(too_large()),
        Ok(Ok(())) => Ok(body.freeze()),
    }
}

fn too_large() -> Response {
    close(reply::code(StatusCode::PAYLOAD_TOO_LARGE, "invalid"))
}

/// The rest of the body is still on its way, so the connection is of no more use.
fn close(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}
