//! The object store: a folder of this machine, or a bucket.
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use kernel::{Error, Result, config};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path, prefix::PrefixStore,
};
use std::{ops::Range, sync::Arc};

/// What is larger is sent in parts, so that one that fails is sent again alone.
const PART: usize = 8 * 1024 * 1024;

/// An open store.
#[derive(Clone)]
pub struct Store(Arc<dyn ObjectStore>);

impl Store {
    /// `s3://bucket/prefix` (what the configuration leaves out is taken from the usual `AWS_…` variables), or a folder, which is
    /// made when it is not there.
    pub fn open(files: &config::Files) -> Result<Self> {
        let root = &files.root;
        if let Some(rest) = root.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let mut s3 = AmazonS3Builder::from_env().with_bucket_name(bucket);
            if !files.s3_endpoint.is_empty() {
                s3 = s3.with_endpoint(&files.s3_endpoint).with_allow_http(files.s3_endpoint.starts_with("http://"));
            }
            if !files.s3_region.is_empty() {
                s3 = s3.with_region(&files.s3_region);
            }
            if !files.s3_access_key.is_empty() {
                s3 = s3.with_access_key_id(&files.s3_access_key).with_secret_access_key(files.s3_secret_key.expose());
            }
            let s3 = s3.build().map_err(Error::internal)?;
            return Ok(Store(if prefix.is_empty() { Arc::new(s3) } else { Arc::new(PrefixStore::new(s3, prefix)) }));
        }
        std::fs::create_dir_all(root).map_err(|e| Error::internal(format!("files.root {root}: {e}")))?;
        Ok(Store(Arc::new(LocalFileSystem::new_with_prefix(root).map_err(Error::internal)?)))
    }

    /// Writes an object, whole or not at all.
    pub async fn put(&self, key: &str, content: Bytes) -> Result<()> {
        if content.len() <= PART {
            self.0.put(&Path::from(key), content.into()).await.map_err(failed)?;
            return Ok(());
        }
        let upload = self.0.put_multipart(&Path::from(key)).await.map_err(failed)?;
        let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
        parts.put(content);
        parts.finish().await.map_err(failed)?;
        Ok(())
    }

    /// Streams an object; 404 when it is gone.
    pub async fn read(&self, key: &str) -> Result<BoxStream<'static, object_store::Result<Bytes>>> {
        Ok(self.0.get(&Path::from(key)).await.map_err(failed)?.into_stream())
    }

    /// Streams a part of an object, which it has; 404 when it is gone.
    pub async fn read_range(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        Ok(self.0.get_opts(&Path::from(key), options).await.map_err(failed)?.into_stream())
    }

    /// Removes every object of a folder and tells how many; an empty folder is fine.
    pub async fn empty(&self, folder: &str) -> Result<usize> {
        let found = self.0.list(Some(&Path::from(folder))).map_ok(|object| object.location).boxed();
        let gone = self.0.delete_stream(found).filter(|gone| {
            let missing = matches!(gone, Err(object_store::Error::NotFound { .. }));
            std::future::ready(!missing)
        });
        gone.try_fold(0, async |count, _| Ok(count + 1)).await.map_err(failed)
    }

    /// Removes an object; that it is already gone is fine.
    pub async fn remove(&self, key: &str) -> Result<()> {
        match self.0.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }
}

fn failed(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::not_found(),
        other => {
            tracing::warn!(error = %other, "the object store failed");
            Error::unavailable(5)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_can_be_read_and_removed_twice() {
        let folder =
            std::env::temp_dir().join(format!("store-{}", kernel::crypto::hex(&kernel::clock::random_bytes::<8>())));
        let root = folder.to_str().unwrap().to_owned();
        let store = Store::open(&config::Files { root, ..config::Files::default() }).unwrap();
        store.put("t_x/a", Bytes::from_static(b"hello")).await.unwrap();
        let chunks: Vec<Bytes> = store.read("t_x/a").await.unwrap().try_collect().await.unwrap();
        assert_eq!(chunks.concat(), b"hello");
        let part: Vec<Bytes> = store.read_range("t_x/a", 1..3).await.unwrap().try_collect().await.unwrap();
        assert_eq!(part.concat(), b"el");
        let large = Bytes::from(vec![1; 2 * PART + 1]);
        store.put("t_x/large", large.clone()).await.unwrap();
        let chunks: Vec<Bytes> = store.read("t_x/large").await.unwrap().try_collect().await.unwrap();
        assert_eq!(chunks.concat(), large);
        store.remove("t_x/large").await.unwrap();
        store.remove("t_x/a").await.unwrap();
        store.remove("t_x/a").await.unwrap();
        assert!(store.read("t_x/a").await.err().unwrap().is_not_found());
        for key in ["t_x/a", "t_x/b", "t_xy/a"] {
            store.put(key, Bytes::from_static(b"hello")).await.unwrap();
        }
        assert_eq!((store.empty("t_x").await.unwrap(), store.empty("t_x").await.unwrap()), (2, 0));
        assert!(store.read("t_xy/a").await.is_ok(), "another folder with the same beginning stays");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
