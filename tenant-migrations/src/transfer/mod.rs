//! One tenant out of a database and into another: an archive that `tar` can list.
//!
//! What belongs to a tenant besides its schema is read from the catalogue, so that a new table is never forgotten:
//! rows of `ops` tables with its role in `tenant`; its row in `control.tenants`; rows of `control` tables with its id
//! in `tenant_id`; and the rows of other `control` tables these point to (users, shared roles). Not carried:
//! [`NOT_CARRIED`], and what belongs to a person rather than a tenant (second factors, known devices).

mod archive;
mod export;
mod import;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use export::export;
pub(crate) use export::ops_tables;
pub use import::{Imported, import};

/// Control tables that mean nothing elsewhere: sign-ins, revisions that are counted anew, the tenant's own migration state.
pub const NOT_CARRIED: &[&str] = &[
    "sessions",
    "refresh_tokens",
    "embed_sites",
    "tenant_schemas",
    "deletion_certificates",
    "refinery_schema_history",
];

/// Version of the archive's layout.
pub const FORMAT: u32 = 1;

/// `manifest.json`, the last entry of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// Id of the tenant.
    pub tenant: Uuid,
    /// Name of its schema and role.
    pub schema: String,
    /// Schema version of the tables.
    pub version: i32,
    /// Checksum of the migrations up to that version.
    pub checksum: String,
    /// Lifecycle state when it was exported.
    pub state: String,
    /// Moment of the snapshot, RFC 3339.
    pub exported_at: String,
    /// Tables in the order in which they can be loaded.
    pub tables: Vec<Table>,
    /// Sequences of the schema.
    pub sequences: Vec<Sequence>,
}

/// One table of the archive; its rows are in PostgreSQL's COPY text format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Where the rows belong.
    pub part: Part,
    /// Name of the table.
    pub table: String,
    /// Columns in the order of the file.
    pub columns: Vec<String>,
    /// Number of rows.
    pub rows: u64,
    /// Size of the entry in bytes.
    pub bytes: u64,
    /// SHA-256 of the entry, hexadecimal.
    pub sha256: String,
}

/// Where rows belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The tenant's schema.
    Tenant,
    /// Rows of `control` that belong to the tenant.
    Control,
    /// Rows of `control` that others share; kept as they are where they already exist.
    Shared,
    /// Rows of `ops`.
    Ops,
}

impl Part {
    const fn folder(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Control => "control",
            Self::Shared => "shared",
            Self::Ops => "ops",
        }
    }
}

impl Table {
    /// Name of the entry in the archive.
    #[must_use]
    pub fn entry(&self) -> String {
        format!("{}/{}.copy", self.part.folder(), self.table)
    }
}

/// The position of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Name of the sequence.
    pub name: String,
    /// Its last value.
    pub value: i64,
    /// Whether that value was given out already.
    pub called: bool,
}
