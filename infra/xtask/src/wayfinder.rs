//! `cargo xtask where <name>`: every place that belongs to a module, a resource or a table.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::console::line;
use crate::files::walk;

/// Prints the paths that a name stands for.
///
/// # Errors
/// Nothing has this name.
pub fn whereis(project: &Path, name: &str) -> Result<()> {
    let found = places(project, name);
    if found.is_empty() {
        bail!("no module, resource or table is called {name}");
    }
    for path in found {
        line(&path.strip_prefix(project).unwrap_or(&path).display().to_string());
    }
    Ok(())
}

/// Existing files and folders of a module or resource, in the order one would open them.
pub fn places(project: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let core = project.join("core");
    found.extend([core.join(name).join("src/lib.rs"), core.join(name).join("src/events.rs")]);
    let mut modules: Vec<PathBuf> =
        std::fs::read_dir(&core).into_iter().flatten().flatten().map(|e| e.path()).collect();
    modules.sort();
    for module in &modules {
        let resource = module.join("src").join(name);
        found.extend(
            ["api.rs", "actions.rs", "db.rs", "model.rs", "jobs.rs", "widget.rs"].map(|file| resource.join(file)),
        );
        let module_name = module.file_name().unwrap_or_default();
        found.push(project.join("tests/it").join(module_name).join(format!("{name}.rs")));
    }
    for folder in ["tests/it", "widgets", "dashboard/src/modules"] {
        found.push(project.join(folder).join(name));
    }
    found.push(project.join(name).join("src/lib.rs"));
    found.push(core.join("kernel/src").join(format!("{name}.rs")));
    found.retain(|path| path.exists());
    let table = format!("create table {name} ");
    let qualified = format!(".{name} ");
    for migration in walk(&project.join("tenant-migrations"), &["src", "tests"]) {
        let is_step = migration.file_name().is_some_and(|file| file.to_string_lossy().starts_with('V'));
        let text = std::fs::read_to_string(&migration).unwrap_or_default().replace('(', " (");
        let creates = text
            .lines()
            .any(|line| line.starts_with(&table) || (line.starts_with("create table") && line.contains(&qualified)));
        if is_step && creates {
            found.push(migration);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_knows_the_kernel() {
        let found = places(crate::project_root(), "kernel");
        assert!(found.iter().any(|path| path.ends_with("core/kernel/src/lib.rs")), "{found:?}");
        assert!(places(crate::project_root(), "no_such_thing").is_empty());
    }
}
