//! The three sets of migrations, embedded at build time, and what their comment lines promise.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, anyhow, bail};
use refinery::Migration;
use sha2::{Digest as _, Sha256};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// The migrations of a release: three sets and the flattened tenant schema.
#[derive(Clone, Debug)]
pub struct Sets {
    /// The control plane: schema `control` and the views in `edge`.
    pub control: Vec<Step>,
    /// Tables shared by the tenants of a cell: schemas `ops` and `shared`.
    pub ops: Vec<Step>,
    /// The schema of each tenant; names are unqualified.
    pub tenant: Vec<Step>,
    /// Text of `baseline.sql`; empty before `migrate baseline --write` ran for the first time.
    pub baseline: String,
}

impl Sets {
    /// The files this program was built with.
    ///
    /// # Errors
    /// A file name that is not `V<n>__<name>.sql`, or two files of one version.
    pub fn embedded() -> Result<&'static Self> {
        static LOADED: OnceLock<std::result::Result<Sets, String>> = OnceLock::new();
        let loaded = LOADED.get_or_init(|| {
            let load = |files| parse(files).map_err(|error| format!("{error:#}"));
            Ok(Self {
                control: load(embedded::CONTROL)?,
                ops: load(embedded::OPS)?,
                tenant: load(embedded::TENANT)?,
                baseline: embedded::BASELINE.to_owned(),
            })
        });
        loaded.as_ref().map_err(|error| anyhow!("{error}"))
    }

    /// Reads the files of a folder with the subfolders `control`, `ops` and `tenant`: to try a migration without building.
    ///
    /// # Errors
    /// The folder cannot be read; or as [`Sets::embedded`].
    pub fn load(folder: &Path) -> Result<Self> {
        let read = |set: &str| -> Result<Vec<Step>> {
            let mut files = Vec::new();
            for entry in fs::read_dir(folder.join(set)).with_context(|| format!("{}/{set}", folder.display()))? {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "sql") {
                    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    files.push((stem, fs::read_to_string(&path)?));
                }
            }
            parse(&files)
        };
        let baseline = folder.join("baseline.sql");
        let baseline = if baseline.exists() { fs::read_to_string(baseline)? } else { String::new() };
        Ok(Self { control: read("control")?, ops: read("ops")?, tenant: read("tenant")?, baseline })
    }

    /// The newest version of a tenant schema, 0 when there is no tenant file.
    #[must_use]
    pub fn tenant_version(&self) -> i32 {
        self.tenant.last().map_or(0, Step::version)
    }
}

/// One migration file.
#[derive(Clone, Debug)]
pub struct Step {
    migration: Migration,
    append_only: Vec<String>,
    read_only: Vec<String>,
    nontransactional: bool,
}

impl Step {
    /// Parses one file.
    ///
    /// # Errors
    /// The stem is not `V<n>__<name>`, or the text is empty.
    pub fn new(stem: &str, sql: &str) -> Result<Self> {
        let migration = Migration::unapplied(stem, sql).with_context(|| format!("migration file {stem}.sql"))?;
        if sql.trim().is_empty() {
            bail!("migration file {stem}.sql is empty");
        }
        let mut step = Self { migration, append_only: Vec::new(), read_only: Vec::new(), nontransactional: false };
        for line in sql.lines().filter_map(|line| line.trim().strip_prefix("--")) {
            let line = line.trim();
            if let Some(tables) = line.strip_prefix("append-only:") {
                step.append_only.extend(tables.split(',').map(|table| table.trim().to_owned()));
            }
            if let Some(tables) = line.strip_prefix("read-only:") {
                step.read_only.extend(tables.split(',').map(|table| table.trim().to_owned()));
            }
            step.nontransactional |= line == "nontransactional";
        }
        Ok(step)
    }

    /// The migration as refinery knows it.
    #[must_use]
    pub const fn migration(&self) -> &Migration {
        &self.migration
    }

    /// Version number of the file.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.migration.version()
    }

    /// Name behind the version number.
    #[must_use]
    pub fn name(&self) -> &str {
        self.migration.name()
    }

    /// The SQL text, verbatim.
    #[must_use]
    pub fn sql(&self) -> &str {
        self.migration.sql().unwrap_or_default()
    }

    /// Refinery's checksum of name, version and text.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.migration.checksum()
    }

    /// Tables this file declares append-only (`-- append-only: a, b`).
    #[must_use]
    pub fn append_only(&self) -> &[String] {
        &self.append_only
    }

    /// Tables of the control set that only the owner writes (`-- read-only: a, b`).
    #[must_use]
    pub fn read_only(&self) -> &[String] {
        &self.read_only
    }

    /// Whether the file must run outside a transaction (`-- nontransactional`).
    #[must_use]
    pub const fn is_nontransactional(&self) -> bool {
        self.nontransactional
    }
}

fn parse<Text: AsRef<str>>(files: &[(Text, Text)]) -> Result<Vec<Step>> {
    let mut steps =
        files.iter().map(|(stem, sql)| Step::new(stem.as_ref(), sql.as_ref())).collect::<Result<Vec<_>>>()?;
    steps.sort_by_key(Step::version);
    if let Some(pair) = steps.windows(2).find(|pair| pair[0].version() == pair[1].version()) {
        bail!("two migration files have version {}: {} and {}", pair[0].version(), pair[0].name(), pair[1].name());
    }
    Ok(steps)
}

/// One value that stands for a whole history: equal exactly when version, name and text of every step are equal.
#[must_use]
pub fn checksum(steps: &[Step]) -> String {
    let mut hash = Sha256::new();
    for step in steps {
        hash.update(format!("{}\t{}\t{}\n", step.version(), step.name(), step.checksum()));
    }
    hex(&hash.finalize()[..16])
}

/// Lower-case hexadecimal.
#[must_use]
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Tables that some step declares append-only.
#[must_use]
pub fn append_only(steps: &[Step]) -> Vec<&str> {
    named(steps, Step::append_only)
}

/// Tables that some step declares read-only.
#[must_use]
pub fn read_only(steps: &[Step]) -> Vec<&str> {
    named(steps, Step::read_only)
}

fn named(steps: &[Step], which: fn(&Step) -> &[String]) -> Vec<&str> {
    let mut tables: Vec<&str> = steps.iter().flat_map(which).map(String::as_str).collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comment_lines_are_read() {
        let step =
            Step::new("V7__x", "-- a\n-- b\n-- append-only: events, event_log\n-- nontransactional\nselect 1;\n")
                .unwrap();
        assert_eq!(step.append_only(), ["events", "event_log"]);
        assert!(step.is_nontransactional());
        assert_eq!((step.version(), step.name()), (7, "x"));
    }

    #[test]
    fn wrong_names_and_double_versions_are_refused() {
        assert!(Step::new("7_x", "select 1").is_err());
        assert!(Step::new("V1__x", " \n").is_err());
        let error = parse(&[("V1__a", "select 1"), ("V1__b", "select 2")]).unwrap_err();
        assert!(error.to_string().contains("version 1"), "{error}");
    }

    #[test]
    fn checksum_sees_each_change() {
        let one = parse(&[("V1__a", "select 1")]).unwrap();
        let other = parse(&[("V1__a", "select 2")]).unwrap();
        let longer = parse(&[("V1__a", "select 1"), ("V2__b", "select 1")]).unwrap();
        assert_ne!(checksum(&one), checksum(&other));
        assert_ne!(checksum(&one), checksum(&longer));
        assert_eq!(checksum(&one), checksum(&parse(&[("V1__a", "select 1")]).unwrap()));
    }
}
