//! Building what runs: Node packages, widgets, programs. Nothing is done twice for the same input.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::files::{fingerprint, walk};

/// Packages with the programs that run.
const PROGRAMS: [&str; 4] = ["server", "admin-api", "embed-edge", "tenant-migrations"];

/// Runs a command in the project and fails with what it said.
///
/// # Errors
/// The command cannot be started or does not succeed.
pub fn run(project: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let mut command = command(project, program, arguments);
    let named = named(&command);
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot run {named}; is it installed?"))?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("{named} failed:\n{}", String::from_utf8_lossy(&said).trim());
    }
    Ok(())
}

/// Runs a command in the project; what it prints goes to the terminal.
///
/// # Errors
/// The command cannot be started or does not succeed.
pub fn run_shown(project: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    show(command(project, program, arguments))
}

/// Runs a command; what it prints goes to the terminal.
///
/// # Errors
/// The command cannot be started or does not succeed.
pub fn show(mut command: Command) -> Result<()> {
    let named = named(&command);
    let status = command.stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("cannot run {named}; is it installed?"))?;
    if !status.success() {
        bail!("{named} failed ({status})");
    }
    Ok(())
}

/// A command as it is typed.
pub fn named(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// A command in the project's folder, free of what cargo told this program about itself.
pub fn command(project: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(project);
    // Set by `cargo run` for this program; a nested cargo would take them for its own and rebuild the world.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_BIN_")
            || name == "CARGO_MANIFEST_DIR"
            || name == "CARGO_MANIFEST_PATH"
        {
            command.env_remove(&*name);
        }
    }
    // Browsers come from the distribution.
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").env("PUPPETEER_SKIP_DOWNLOAD", "1");
    command
}

/// Installs the locked Node packages. Returns what was done.
///
/// # Errors
/// npm fails.
pub fn node_packages(project: &Path) -> Result<String> {
    let mut inputs = vec![project.join("package-lock.json")];
    let packages = ["package.json", "widgets/package.json", "dashboard/package.json", "tests/e2e/package.json"];
    inputs.extend(packages.map(|name| project.join(name)));
    inputs.retain(|path| path.exists());
    once(project, "node_packages", &inputs, &project.join("node_modules"), || {
        // Not `npm ci`: it wants optional packages of every platform in the lock file, which not every registry has.
        run(project, "npm", &["install", "--no-save", "--no-audit", "--no-fund"])
    })
}

/// Builds the widgets. Returns what was done.
///
/// # Errors
/// The build fails.
pub fn widgets(project: &Path) -> Result<String> {
    let mut inputs = walk(&project.join("widgets"), &["node_modules", "dist"]);
    inputs.push(project.join("package-lock.json"));
    once(project, "widgets", &inputs, &project.join("widgets/dist"), || {
        run(project, "npm", &["run", "build", "--workspace", "widgets"])
    })
}

/// Builds the dashboard. Returns what was done.
///
/// # Errors
/// The build fails.
pub fn dashboard(project: &Path) -> Result<String> {
    let mut inputs = walk(&project.join("dashboard"), &["node_modules", "dist", "generated"]);
    inputs.extend(walk(&project.join("core/notifications/words/notices"), &[]));
    inputs
        .extend(["package-lock.json", "tests/openapi.json", "tests/admin-openapi.json"].map(|name| project.join(name)));
    once(project, "dashboard", &inputs, &project.join("dashboard/dist"), || {
        run(project, "npm", &["run", "build", "--workspace", "dashboard"])
    })
}

/// Builds the four programs; cargo itself knows what is unchanged.
///
/// # Errors
/// They do not compile.
pub fn programs(project: &Path) -> Result<String> {
    let mut arguments = vec!["build", "--bins"];
    for package in PROGRAMS {
        arguments.extend(["--package", package]);
    }
    run_shown(project, &cargo(), &arguments)?;
    Ok(String::new())
}

/// The cargo that runs this program.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Path of a built program.
///
/// # Errors
/// It was not built.
pub fn binary(name: &str) -> Result<PathBuf> {
    // Beside this program, or one folder up when this program is a test.
    let own = std::env::current_exe()?;
    let folders = own.ancestors().skip(1).take(2);
    let path = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    path.with_context(|| format!("the program {name} is not built"))
}

/// Does work unless it was done for exactly these inputs and its result is still there.
fn once(
    project: &Path,
    name: &str,
    inputs: &[PathBuf],
    result: &Path,
    work: impl FnOnce() -> Result<()>,
) -> Result<String> {
    let stamp = project.join("target/xtask").join(name);
    let now = fingerprint(inputs)?;
    if result.exists() && fs::read_to_string(&stamp).is_ok_and(|then| then == now) {
        return Ok("unchanged".to_owned());
    }
    let _ = fs::remove_file(&stamp);
    work()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&stamp, now)?;
    Ok(String::new())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The packages that a build takes, each with its features.
    fn packages(arguments: &[&str]) -> BTreeSet<String> {
        let mut tree = command(crate::project_root(), &cargo(), &["tree", "--offline", "--quiet", "--prefix", "none"]);
        let output = tree.args(["--format", "{p} {f}"]).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.lines().map(|line| line.trim_end_matches(" (*)").trim().to_owned()).collect()
    }

    #[test]
    fn tests_ask_nothing_of_a_dependency_that_programs_do_not() {
        let mut programs = vec!["--edges", "normal,build"];
        PROGRAMS.iter().for_each(|package| programs.extend(["--package", package]));
        let all = packages(&["--edges", "normal,build,dev", "--workspace"]);
        let twice: Vec<_> = packages(&programs).difference(&all).cloned().collect();
        assert!(twice.is_empty(), "compiled twice with all above them; name the features in Cargo.toml: {twice:?}");
    }

    #[test]
    fn work_is_done_once_for_the_same_input() {
        let dir = std::env::temp_dir().join(format!("xtask-build-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let input = dir.join("input");
        fs::write(&input, "1").unwrap();
        let mut count = 0;
        let mut run = |result: &Path| {
            once(&dir, "x", std::slice::from_ref(&input), result, || {
                count += 1;
                Ok(())
            })
            .unwrap();
        };
        run(&dir);
        run(&dir);
        run(&dir.join("absent"));
        fs::write(&input, "2").unwrap();
        run(&dir);
        assert_eq!(count, 3);
        fs::remove_dir_all(dir).unwrap();
    }
}
