//! Where files are, what they are called, how long they may be.

use std::collections::{BTreeMap, BTreeSet};

use super::{Source, Violation};

/// Longest source file, in lines.
const FILE_LINES: usize = 600;
/// Most lines of code in the kernel, without tests: an edit there rebuilds everything.
const KERNEL_LINES: usize = 5_000;
/// Most files of the kernel besides its `lib.rs`; a folder counts as one.
const KERNEL_FILES: usize = 15;
/// Files of a resource folder.
const ROLES: &[&str] = &["mod", "api", "actions", "db", "model", "jobs", "widget", "personal", "export", "imports"];
/// Names that say nothing: what is in them belongs where it is used.
const EMPTY_WORDS: &[&str] = &["utils", "util", "common", "helpers", "helper", "types", "misc", "manager", "service"];
/// Headings of a module's first page.
const HEADINGS: &[&str] = &["Purpose", "Tables", "Permissions", "Events", "Invariants"];

pub(super) fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found: Vec<Violation> = sources.iter().filter_map(size).collect();
    found.extend(sources.iter().filter_map(empty_name));
    found.extend(sources.iter().filter_map(module_shape));
    found.extend(sources.iter().filter_map(headings));
    found.extend(unique_resources(sources));
    found.extend(kernel(sources));
    found
}

/// `core/<module>/src/<rest>`, for the modules that have the common shape.
fn module_file(source: &Source) -> Option<(&str, Vec<&str>)> {
    let mut parts = source.path.strip_prefix("core/")?.split('/');
    let module = parts.next()?;
    if matches!(module, "kernel" | "server" | "sheets") || parts.next()? != "src" {
        return None;
    }
    Some((module, parts.collect()))
}

fn size(source: &Source) -> Option<Violation> {
    // SQL files hold one step each, however long it is.
    let lines = source.text.lines().count();
    let counted = !source.path.ends_with(".sql");
    let message = format!("{lines} lines; split by resource or by what is in it, at most {FILE_LINES}");
    (counted && lines > FILE_LINES).then(|| source.violation("size", 0, message))
}

fn empty_name(source: &Source) -> Option<Violation> {
    let stem = source.file_name().split('.').next().unwrap_or_default();
    let message = "a name that says nothing; put the content where it is used, or name the thing";
    // In TypeScript a file of type declarations is a thing of its own.
    let declarations = stem == "types" && !source.path.ends_with(".rs");
    (EMPTY_WORDS.contains(&stem) && !declarations).then(|| source.violation("name", 0, message))
}

fn module_shape(source: &Source) -> Option<Violation> {
    let (_, parts) = module_file(source)?;
    let fine = match parts.as_slice() {
        [file] => matches!(*file, "lib.rs" | "events.rs") || is_pure(source.shipped()),
        ["providers", ..] => true,
        [_, file] => file.strip_suffix(".rs").is_none_or(|role| ROLES.contains(&role) || is_pure(source.shipped())),
        // A role that outgrew its file becomes a folder of the same name.
        [_, role, ..] => ROLES.contains(role) || !source.path.ends_with(".rs"),
        [] => true,
    };
    let message = format!(
        "not part of the module shape: lib.rs, events.rs, providers/, or <resource>/ with {} and files of pure rules",
        ROLES.map_join("rs")
    );
    (!fine).then(|| source.violation("shape", 0, message))
}

/// Whether a file only computes: rules that outgrew `model.rs`. Nothing in it speaks HTTP or SQL or holds a transaction.
fn is_pure(shipped: &str) -> bool {
    let impure = ["poem", "sql!", "Tx", "Cx<", "OpenApi"];
    let code = shipped.lines().filter(|line| !line.trim_start().starts_with("//"));
    !code
        .flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || "_!<".contains(c))))
        .any(|word| impure.contains(&word))
}

trait MapJoin {
    fn map_join(&self, extension: &str) -> String;
}

impl MapJoin for [&str] {
    fn map_join(&self, extension: &str) -> String {
        self.iter().map(|name| format!("{name}.{extension}")).collect::<Vec<_>>().join(" ")
    }
}

fn headings(source: &Source) -> Option<Violation> {
    let (_, parts) = module_file(source)?;
    if parts != ["lib.rs"] {
        return None;
    }
    let words: BTreeSet<&str> = source
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .filter_map(|line| line.trim_start_matches(['#', ' ', '*']).split(|c: char| !c.is_alphabetic()).next())
        .collect();
    let missing: Vec<&str> = HEADINGS.iter().copied().filter(|heading| !words.contains(heading)).collect();
    let message = format!("the first page of the module lacks {}", missing.join(", "));
    (!missing.is_empty()).then(|| source.violation("headings", 1, message))
}

/// A resource is called the same everywhere, so one name can mean only one thing.
fn unique_resources(sources: &[Source]) -> Vec<Violation> {
    let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in sources {
        if let Some((module, parts)) = module_file(source)
            && parts.len() > 1
            && parts[0] != "providers"
        {
            owners.entry(parts[0]).or_default().insert(module);
        }
    }
    owners
        .into_iter()
        .filter(|(_, modules)| modules.len() > 1)
        .map(|(resource, modules)| Violation {
            path: format!("core/{}/src/{resource}", modules.iter().next().unwrap_or(&"")),
            line: 0,
            rule: "resource",
            message: format!(
                "{resource} exists in several modules: {}",
                modules.into_iter().collect::<Vec<_>>().join(", ")
            ),
        })
        .collect()
}

/// Lines that are neither empty nor a comment: explaining more must not cost anything.
fn code_lines(text: &str) -> usize {
    text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

fn kernel(sources: &[Source]) -> Vec<Violation> {
    let inside = |source: &&Source| source.path.starts_with("core/kernel/src/") && source.path.ends_with(".rs");
    let files: Vec<&Source> = sources.iter().filter(inside).collect();
    let lines: usize = files.iter().map(|source| code_lines(source.shipped())).sum();
    let names: BTreeSet<&str> = files
        .iter()
        .filter_map(|source| source.path["core/kernel/src/".len()..].split('/').next())
        .map(|name| name.trim_end_matches(".rs"))
        .filter(|name| *name != "lib")
        .collect();
    let whole = |message: String| Violation { path: "core/kernel".into(), line: 0, rule: "kernel", message };
    let mut found = Vec::new();
    if lines > KERNEL_LINES {
        found.push(whole(format!(
            "{lines} lines of code, at most {KERNEL_LINES}: move what fewer than three modules use"
        )));
    }
    if names.len() > KERNEL_FILES {
        found.push(whole(format!("{} files, at most {KERNEL_FILES}", names.len())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    fn rules(sources: &[Source]) -> Vec<&'static str> {
        check(sources).into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn files_have_their_places() {
        for good in [
            "core/deals/src/deals/api.rs",
            "core/deals/src/events.rs",
            "core/deals/src/providers/stripe.rs",
            "core/deals/src/deals/score.rs",
            "core/deals/src/deals/model/score.rs",
            "core/deals/src/deals/templates/won.html",
            "core/server/src/modules.rs",
            "core/kernel/src/anything.rs",
        ] {
            assert!(rules(&[source(good, "")]).is_empty(), "{good}");
        }
        for bad in ["core/deals/src/queries.rs", "core/deals/src/deals/queries/x.rs"] {
            assert!(rules(&[source(bad, "fn a() { sql!(\"x\") }")]).contains(&"shape"), "{bad}");
        }
        assert_eq!(rules(&[source("embed-edge/src/utils.rs", "")]), ["name"]);
        assert!(rules(&[source("widgets/form/types.ts", "")]).is_empty());
        let impure = "// pure? no Tx here\npub fn save(tx: &mut Tx) {}";
        assert_eq!(rules(&[source("core/deals/src/deals/score.rs", impure)]), ["shape"]);
    }

    #[test]
    fn a_resource_has_one_owner() {
        let twice = [source("core/a/src/notes/db.rs", ""), source("core/b/src/notes/db.rs", "")];
        assert_eq!(rules(&twice), ["resource"]);
    }

    #[test]
    fn budgets_and_headings() {
        assert_eq!(rules(&[source("x/y.ts", &"\n".repeat(601))]), ["size"]);
        let page = "//! Purpose: x\n//!\n//! # Tables\n//! **Permissions**\n//! Events\n//! Invariants\n";
        assert!(rules(&[source("core/a/src/lib.rs", page)]).is_empty());
        assert_eq!(rules(&[source("core/a/src/lib.rs", "//! Purpose\n")]), ["headings"]);
        let many: Vec<Source> = (0..16).map(|n| source(&format!("core/kernel/src/f{n}.rs"), "")).collect();
        assert_eq!(rules(&many), ["kernel"]);
    }
}
