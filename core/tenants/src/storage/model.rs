//! How much is stored.
use poem_openapi::Object;

/// Bytes of a megabyte, as limits of plans count them.
const MEGABYTE: i64 = 1_000_000;

kernel::row! {
    /// Files that belong to records of one kind.
    #[derive(Object, Debug, Clone, PartialEq, Eq)]
    pub struct StorageKind {
        /// What they belong to: `attachments`, `submissions`, `contact_imports`, or `waiting` for uploads that belong to nothing yet.
        pub kind: String,
        /// How many.
        pub files: i64,
        /// Their size in bytes.
        pub bytes: i64,
    }
}

/// What an account keeps in the object store.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// How many files.
    pub files: i64,
    /// Their size in bytes.
    pub bytes: i64,
    /// What the plan allows, in bytes; absent for no limit. Members add no file beyond it; what visitors send is kept.
    pub most_bytes: Option<i64>,
    /// The same by what the files belong to, the largest first.
    pub kinds: Vec<StorageKind>,
}

impl Storage {
    /// Puts it together; `most` is the limit of the plan in megabytes.
    pub(crate) fn of(kinds: Vec<StorageKind>, most: Option<i64>) -> Self {
        Storage {
            files: kinds.iter().map(|kind| kind.files).sum(),
            bytes: kinds.iter().map(|kind| kind.bytes).sum(),
            most_bytes: most.map(|most| most.saturating_mul(MEGABYTE)),
            kinds,
        }
    }
}

/// Megabytes that so many bytes begin.
pub(crate) fn megabytes(bytes: i64) -> i64 {
    bytes.max(0).saturating_add(MEGABYTE - 1) / MEGABYTE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_that_is_begun_counts() {
        assert_eq!([-1, 0, 1, 1_000_000, 1_000_001].map(megabytes), [0, 0, 1, 1, 2]);
        assert_eq!(Storage::of(vec![], Some(5)).most_bytes, Some(5_000_000));
    }
}
