//! Small pictures, and the end of attachments that nobody restored.
use super::{actions, db, model::AttachmentId};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use files::Upload;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use kernel::{
    Error, Result,
    jobs::{Job, JobCx},
};
use serde::{Deserialize, Serialize};
use std::io::Cursor;

/// Most pixels of a side of a small picture.
const SIDE: u32 = 480;
/// Most pixels of a side, and most memory, of what is looked at: a small file can unpack to a very large picture.
const MOST_SIDE: u32 = 20_000;
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// Types that small pictures are made of.
pub(super) fn is_picture(kind: &str) -> bool {
    matches!(kind, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// Makes the small picture of an attachment.
#[derive(Serialize, Deserialize)]
pub(crate) struct MakePreview {
    pub attachment: AttachmentId,
}

impl Job for MakePreview {
    const KIND: &'static str = "MakePreview";

    async fn run(self, cx: JobCx) -> Result<()> {
        let Some(file) = cx.read(async |tx| db::unseen(tx, self.attachment).await).await? else { return Ok(()) };
        // When the scanner has found it clean, this is asked for again.
        if !cx.read(async |tx| files::is_served(tx, file).await).await? {
            return Ok(());
        }
        let (_, bytes) = files::content(&cx.app, cx.tenant()?, cx.context(), file, &None).await?;
        let small = tokio::task::spawn_blocking(move || small(&bytes)).await.map_err(Error::internal)?;
        // What calls itself a picture and is none is an attachment like any other.
        let Ok(content) = small else { return Ok(()) };
        let upload = Upload { name: "preview.png".to_owned(), content };
        let preview = files::keep(&cx.app, cx.tenant()?, cx.context(), upload).await?;
        cx.write(async |tx| actions::keep_preview(tx, self.attachment, preview).await).await
    }
}

/// The picture in small, the right way up, as PNG.
fn small(bytes: &[u8]) -> image::ImageResult<Bytes> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // The decoder holds its own work to the limit; the picture that it fills is ours to count.
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    // Cameras write down how they were held (Exif 2.3, tag 0x0112) instead of turning the picture.
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    if picture.width() > SIDE || picture.height() > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    let mut out = Cursor::new(vec![]);
    picture.write_to(&mut out, ImageFormat::Png)?;
    Ok(out.into_inner().into())
}

/// Removes an attachment for good when the deletion it was enqueued with still stands.
#[derive(Serialize, Deserialize)]
pub(crate) struct PurgeAttachment {
    pub attachment: AttachmentId,
    pub deleted_at: DateTime<Utc>,
}

impl Job for PurgeAttachment {
    const KIND: &'static str = "PurgeAttachment";

    async fn run(self, cx: JobCx) -> Result<()> {
        cx.write(async |tx| actions::purge(tx, self.attachment, self.deleted_at).await).await
    }
}

/// Files of one round of a sweep.
const BATCH: i64 = 200;

/// Removes files whose attachment went with its record or with its file.
#[derive(Serialize, Deserialize)]
pub(crate) struct SweepAttachments {}

impl Job for SweepAttachments {
    const KIND: &'static str = "SweepAttachments";

    async fn run(self, cx: JobCx) -> Result<()> {
        while cx.write(async |tx| actions::sweep(tx, BATCH).await).await? {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(vec![]);
        DynamicImage::new_rgb8(width, height).write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    #[test]
    fn a_picture_becomes_small_and_keeps_its_shape() {
        for (from, to) in [((960, 480), (480, 240)), ((100, 1000), (48, 480)), ((20, 30), (20, 30))] {
            let made = image::load_from_memory(&small(&png(from.0, from.1)).unwrap()).unwrap();
            assert_eq!((made.width(), made.height()), to);
        }
    }

    #[test]
    fn what_is_no_picture_or_a_trap_is_left() {
        assert!(small(b"\x89PNG\r\n\x1a\nnothing").is_err());
        // Headers that promise a side that is too long, and sides that are not but more memory than there shall be.
        for (width, height) in [(30_000, 8), (16_000, 16_000)] {
            assert!(matches!(small(&trap(width, height)), Err(image::ImageError::Limits(_))), "{width}");
        }
    }

    /// A small file whose header promises a picture of this size.
    fn trap(width: u32, height: u32) -> Vec<u8> {
        let mut file = png(8, 8);
        file[16..20].copy_from_slice(&width.to_be_bytes());
        file[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = crc(&file[12..29]).to_be_bytes();
        file[29..33].copy_from_slice(&sum);
        file
    }

    /// The sum at the end of a chunk (PNG, annex D).
    fn crc(bytes: &[u8]) -> u32 {
        let step = |c: u32| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 };
        !bytes.iter().fold(u32::MAX, |c, byte| (0..8).fold(c ^ u32::from(*byte), |c, _| step(c)))
    }
}
