//! Embeds every migration file of the three sets, so that a new file is picked up by building, and knows at build
//! time whether `baseline.sql` was written from exactly these tenant files.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let root = Path::new(&root);
    let mut code = String::new();
    for set in ["control", "ops", "tenant"] {
        let folder = root.join(set);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "sql") {
                files.push(path);
            }
        }
        files.sort();
        let _ = writeln!(code, "pub(crate) const {}: &[(&str, &str)] = &[", set.to_uppercase());
        for path in files {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let _ = writeln!(code, "    ({stem:?}, include_str!({:?})),", path.display().to_string());
        }
        code.push_str("];\n");
    }
    let baseline = root.join("baseline.sql");
    println!("cargo:rerun-if-changed={}", baseline.display());
    let text = if baseline.exists() { fs::read_to_string(&baseline)? } else { String::new() };
    let _ = writeln!(code, "pub(crate) const BASELINE: &str = {text:?};");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("embedded.rs"), code)
}
