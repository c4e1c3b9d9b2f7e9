//! Everything that is automated in this repository, as a library: the program `cargo xtask` is a thin shell over it,
//! and the tests use its Postgres launcher and its house rules.

#[cfg(feature = "authority")]
pub mod authority;
pub mod build;
pub mod check;
pub mod console;
pub mod files;
pub mod generate;
pub mod http;
pub mod mail;
pub mod openapi;
pub mod postgres;
pub mod process;
pub mod rules;
pub mod sites;
pub mod up;
pub mod wayfinder;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Root folder of the project: that of the package cargo runs, or of the folder one is in. A checkout may have been
/// moved since this program was built, so the path known at build time is only the last resort.
pub fn project_root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let places = [std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from), std::env::current_dir().ok()];
        let is_root = |folder: &&Path| folder.join("infra/xtask/Cargo.toml").is_file();
        let found = places.iter().flatten().find_map(|place| place.ancestors().find(is_root));
        let built = || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."));
        found.unwrap_or_else(built).to_owned()
    })
}
