//! Enough of the tar format to write entries whose size is known only afterwards, and to read them back.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::sets::hex;

const BLOCK: u64 = 512;

/// Writes an archive entry by entry.
pub(super) struct Writer {
    file: BufWriter<File>,
    entry: Option<Entry>,
}

struct Entry {
    name: String,
    header_at: u64,
    bytes: u64,
    hash: Sha256,
}

impl Writer {
    pub(super) fn create(path: &Path) -> Result<Self> {
        let file = File::create_new(path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self { file: BufWriter::with_capacity(1 << 20, file), entry: None })
    }

    pub(super) fn begin(&mut self, name: &str) -> Result<()> {
        let header_at = self.file.stream_position()?;
        self.file.write_all(&[0; BLOCK as usize])?;
        self.entry = Some(Entry { name: name.to_owned(), header_at, bytes: 0, hash: Sha256::new() });
        Ok(())
    }

    pub(super) fn write(&mut self, data: &[u8]) -> Result<()> {
        let entry = self.entry.as_mut().context("no entry was begun")?;
        entry.bytes += data.len() as u64;
        entry.hash.update(data);
        self.file.write_all(data).context("writing the archive")
    }

    /// Completes the entry; returns its size and SHA-256.
    pub(super) fn end(&mut self) -> Result<(u64, String)> {
        let entry = self.entry.take().context("no entry was begun")?;
        let padding = entry.bytes.next_multiple_of(BLOCK) - entry.bytes;
        self.file.write_all(&vec![0; usize::try_from(padding)?])?;
        let end = self.file.stream_position()?;
        self.file.seek(SeekFrom::Start(entry.header_at))?;
        self.file.write_all(&header(&entry.name, entry.bytes)?)?;
        self.file.seek(SeekFrom::Start(end))?;
        Ok((entry.bytes, hex(&entry.hash.finalize())))
    }

    pub(super) fn finish(mut self) -> Result<()> {
        self.file.write_all(&[0; 2 * BLOCK as usize])?;
        let file = self.file.into_inner().context("writing the archive")?;
        file.sync_all().context("writing the archive")
    }
}

fn header(name: &str, bytes: u64) -> Result<[u8; 512]> {
    let mut header = [0_u8; 512];
    if name.len() > 99 {
        bail!("the entry name {name} is too long");
    }
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..107].copy_from_slice(b"0000600");
    header[108..115].copy_from_slice(b"0000000");
    header[116..123].copy_from_slice(b"0000000");
    if bytes < 1 << 33 {
        header[124..135].copy_from_slice(format!("{bytes:011o}").as_bytes());
    } else {
        // Eight gibibytes and more do not fit into octal digits: the usual binary form.
        header[124] = 0x80;
        header[128..136].copy_from_slice(&bytes.to_be_bytes());
    }
    header[136..147].copy_from_slice(b"00000000000");
    header[148..156].copy_from_slice(b"        ");
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    header[263..265].copy_from_slice(b"00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(header)
}

/// Reads an archive in any order.
pub(super) struct Reader {
    file: BufReader<File>,
    entries: Vec<(String, u64, u64)>,
}

impl Reader {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
        let mut file = BufReader::with_capacity(1 << 20, file);
        let mut entries = Vec::new();
        let mut header = [0_u8; 512];
        loop {
            file.read_exact(&mut header).context("the archive ends too early")?;
            if header.iter().all(|byte| *byte == 0) {
                break;
            }
            if &header[257..262] != b"ustar" {
                bail!("{} is not an archive of a tenant", path.display());
            }
            let name = String::from_utf8_lossy(&header[..100]).trim_end_matches('\0').to_owned();
            let bytes = if header[124] & 0x80 == 0 {
                let digits = String::from_utf8_lossy(&header[124..135]).into_owned();
                u64::from_str_radix(digits.trim_matches(['\0', ' ']), 8).context("a size in the archive is damaged")?
            } else {
                let mut number = [0; 8];
                number.copy_from_slice(&header[128..136]);
                u64::from_be_bytes(number)
            };
            let at = file.stream_position()?;
            entries.push((name, at, bytes));
            file.seek(SeekFrom::Start(at + bytes.next_multiple_of(BLOCK)))?;
        }
        Ok(Self { file, entries })
    }

    /// An entry in pieces of at most a mebibyte.
    pub(super) fn pieces(&mut self, name: &str) -> Result<impl Iterator<Item = Result<Vec<u8>>> + Send + '_> {
        let found = self.entries.iter().find(|(entry, ..)| entry == name);
        let (_, at, bytes) = found.with_context(|| format!("the archive has no {name}"))?;
        self.file.seek(SeekFrom::Start(*at))?;
        let mut left = *bytes;
        let file = &mut self.file;
        Ok(std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let size = left.min(1 << 20);
            left -= size;
            let mut piece = vec![0; usize::try_from(size).unwrap_or(1 << 20)];
            Some(file.read_exact(&mut piece).context("the archive ends too early").map(|()| piece))
        }))
    }

    pub(super) fn whole(&mut self, name: &str) -> Result<Vec<u8>> {
        let mut whole = Vec::new();
        for piece in self.pieces(name)? {
            whole.extend(piece?);
        }
        Ok(whole)
    }

    pub(super) fn sha256(&mut self, name: &str) -> Result<String> {
        let mut hash = Sha256::new();
        for piece in self.pieces(name)? {
            hash.update(piece?);
        }
        Ok(hex(&hash.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let folder = std::env::temp_dir().join(format!("upzento-archive-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("a.tar");
        let mut writer = Writer::create(&path).unwrap();
        let mut written = Vec::new();
        for (name, size) in [("a/empty", 0), ("a/one", 1), ("b/block", 512), ("b/more", 3_000_000)] {
            let data: Vec<u8> = (0..size).map(|number: u32| number as u8).collect();
            writer.begin(name).unwrap();
            data.chunks(1000).for_each(|chunk| writer.write(chunk).unwrap());
            let (bytes, sum) = writer.end().unwrap();
            assert_eq!(bytes, u64::from(size));
            written.push((name, data, sum));
        }
        writer.finish().unwrap();
        let mut reader = Reader::open(&path).unwrap();
        for (name, data, sum) in written.iter().rev() {
            assert_eq!(&reader.whole(name).unwrap(), data);
            assert_eq!(&reader.sha256(name).unwrap(), sum);
        }
        assert!(reader.whole("c").is_err());
        assert!(Writer::create(&path).is_err(), "an existing file is never overwritten");
        let half = std::fs::read(&path).unwrap();
        std::fs::write(&path, &half[..half.len() - 2000]).unwrap();
        assert!(Reader::open(&path).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
