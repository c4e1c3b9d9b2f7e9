//! `cargo xtask new`: files of the one shape, so that nobody copies an old module and forgets half of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::console::line;

macro_rules! template {
    ($name:literal) => {
        include_str!(concat!("templates/", $name, ".txt"))
    };
}

/// The words of a resource in every spelling the templates need.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Words {
    module: String,
    /// Plural noun in snake case: folder, table, URL segment.
    resource: String,
    /// The same, singular.
    singular: String,
    /// Three letters that ids begin with.
    prefix: String,
}

impl Words {
    fn new(module: &str, resource: &str, singular: Option<&str>, prefix: Option<&str>) -> Self {
        let singular = singular.map_or_else(|| singular_of(resource), str::to_owned);
        let prefix = prefix.map_or_else(|| singular.replace('_', "").chars().take(3).collect(), str::to_owned);
        Self { module: module.to_owned(), resource: resource.to_owned(), singular, prefix }
    }

    fn fill(&self, template: &str) -> String {
        let words = |snake: &str| snake.replace('_', " ");
        [
            ("__module__", self.module.clone()),
            ("__resource__", self.resource.clone()),
            ("__singular__", self.singular.clone()),
            ("__Type__", camel(&self.singular)),
            ("__Plural__", camel(&self.resource)),
            ("__words__", words(&self.singular)),
            ("__plural_words__", words(&self.resource)),
            ("__Title__", capital(&words(&self.singular))),
            ("__EVENT__", self.singular.to_uppercase()),
            ("__prefix__", self.prefix.clone()),
        ]
        .iter()
        .fold(template.to_owned(), |text, (placeholder, word)| text.replace(placeholder, word))
    }
}

/// Makes a module without resources and puts it at the end of the order, before the server.
///
/// # Errors
/// The name is not a word in snake case, or exists.
pub fn module(project: &Path, name: &str) -> Result<()> {
    check_word(name)?;
    let folder = project.join("core").join(name);
    if folder.exists() {
        bail!("there is a module {name}");
    }
    let words = Words::new(name, name, None, None);
    write(&folder.join("Cargo.toml"), &words.fill(template!("Cargo.toml")))?;
    write(&folder.join("src/lib.rs"), &words.fill(template!("lib.rs")))?;
    write(&folder.join("src/events.rs"), &words.fill(template!("events.rs")))?;
    edit(&project.join("Cargo.toml"), |text| {
        let text = insert_before(&text, "  \"server\",", &format!("  \"{name}\",\n"))?;
        insert_before(&text, "server = { path = \"core/server\" }", &format!("{name} = {{ path = \"core/{name}\" }}\n"))
    })?;
    edit(&project.join("core/server/Cargo.toml"), |text| {
        insert_before(&text, "[lints]", "")
            .map(|text| text.replacen("\n\n[lints]", &format!("\n{name}.workspace = true\n\n[lints]"), 1))
    })?;
    line("  now: mount it in core/server/src/modules.rs, move it to its place in the order of Cargo.toml,");
    line(&format!("  and begin with `cargo xtask new resource {name} <plural noun>`"));
    Ok(())
}

/// Makes a resource of a module: API, verbs, statements, model, migration, first tests.
///
/// # Errors
/// A name is not a word in snake case, the module does not exist, or the resource exists somewhere.
pub fn resource(project: &Path, module: &str, name: &str, singular: Option<&str>, prefix: Option<&str>) -> Result<()> {
    check_word(name)?;
    let source = project.join("core").join(module).join("src");
    if !source.join("lib.rs").exists() {
        bail!("there is no module {module}; `cargo xtask new module {module}` makes it");
    }
    if let Some(owner) = owner_of(project, name) {
        bail!("{} exists; a resource is called the same everywhere, so its name is taken", owner.display());
    }
    let words = Words::new(module, name, singular, prefix);
    let folder = source.join(name);
    write(&folder.join("mod.rs"), &words.fill(template!("mod.rs")))?;
    write(&folder.join("model.rs"), &words.fill(template!("model.rs")))?;
    write(&folder.join("db.rs"), &words.fill(template!("db.rs")))?;
    write(&folder.join("actions.rs"), &words.fill(template!("actions.rs")))?;
    write(&folder.join("api.rs"), &words.fill(template!("api.rs")))?;
    let tenant = project.join("tenant-migrations/tenant");
    let migration = tenant.join(format!("V{}__{name}.sql", next_version(&tenant)?));
    write(&migration, &words.fill(template!("migration.sql")))?;
    write(&project.join(format!("tests/it/{module}/{name}.rs")), &words.fill(template!("test.rs")))?;
    let events = source.join("events.rs");
    let published = fs::read_to_string(&events).unwrap_or_else(|_| template!("events.rs").to_owned());
    fs::write(&events, published + &words.fill(template!("events_of_resource.rs")))?;
    line(&format!("  {} (extended)", events.display()));
    edit(&source.join("lib.rs"), |text| Ok(with_module_line(&text, name)))?;
    line(&format!(
        "  now: add {name}::api::{}Api to api() in lib.rs, complete its headings, add `mod {name};` to",
        camel(name)
    ));
    line(&format!("  tests/it/{module}/mod.rs, then `cargo xtask test {module}` and `cargo xtask openapi --accept`"));
    Ok(())
}

fn owner_of(project: &Path, resource: &str) -> Option<PathBuf> {
    let modules = fs::read_dir(project.join("core")).ok()?;
    modules.flatten().map(|module| module.path().join("src").join(resource)).find(|folder| folder.is_dir())
}

fn next_version(folder: &Path) -> Result<u32> {
    let names = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let versions = names.flatten().filter_map(|entry| {
        entry.file_name().to_string_lossy().strip_prefix('V')?.split("__").next()?.parse::<u32>().ok()
    });
    Ok(versions.max().unwrap_or(0) + 1)
}

/// Adds `pub(crate) mod name;` in front of the other modules.
fn with_module_line(text: &str, name: &str) -> String {
    let first = text.lines().find(|line| {
        line.ends_with(';') && ["mod ", "pub mod ", "pub(crate) mod "].iter().any(|begin| line.starts_with(begin))
    });
    let new = format!("pub(crate) mod {name};\n");
    match first {
        Some(first) => text.replacen(first, &format!("{new}{first}"), 1),
        None => format!("{text}\n{new}"),
    }
}

fn insert_before(text: &str, anchor: &str, new: &str) -> Result<String> {
    let at = text.find(anchor).with_context(|| format!("found no {anchor:?} to write before"))?;
    Ok(format!("{}{new}{}", &text[..at], &text[at..]))
}

fn edit(path: &Path, change: impl FnOnce(String) -> Result<String>) -> Result<()> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    fs::write(path, change(text).with_context(|| format!("cannot change {}", path.display()))?)?;
    line(&format!("  {} (extended)", path.display()));
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if path.exists() {
        bail!("{} exists", path.display());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    line(&format!("  {}", path.display()));
    Ok(())
}

fn check_word(name: &str) -> Result<()> {
    let good = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if good { Ok(()) } else { bail!("{name:?} is not a noun in snake_case") }
}

fn singular_of(plural: &str) -> String {
    if let Some(stem) = plural.strip_suffix("ies") {
        return format!("{stem}y");
    }
    for ending in ["ses", "xes", "zes", "ches", "shes"] {
        if plural.ends_with(ending) {
            return plural[..plural.len() - 2].to_owned();
        }
    }
    plural.strip_suffix('s').unwrap_or(plural).to_owned()
}

fn camel(snake: &str) -> String {
    snake.split('_').map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_in_every_spelling() {
        for (plural, singular) in [
            ("deals", "deal"),
            ("companies", "company"),
            ("statuses", "status"),
            ("boxes", "box"),
            ("follow_up_rules", "follow_up_rule"),
        ] {
            assert_eq!(singular_of(plural), singular);
        }
        let words = Words::new("tasks", "follow_up_rules", None, None);
        assert_eq!(words.fill("list___resource__ __Type__Id __prefix__"), "list_follow_up_rules FollowUpRuleId fol");
        assert_eq!(words.fill("__EVENT___CREATED __Title__"), "FOLLOW_UP_RULE_CREATED Follow up rule");
    }

    #[test]
    fn every_placeholder_is_known_and_the_code_parses() {
        let words = Words::new("deals", "pipelines", None, Some("pip"));
        for template in [
            template!("mod.rs"),
            template!("model.rs"),
            template!("db.rs"),
            template!("actions.rs"),
            template!("api.rs"),
            template!("lib.rs"),
            template!("events.rs"),
            template!("events_of_resource.rs"),
            template!("test.rs"),
        ] {
            let text = words.fill(template);
            assert!(!text.contains("__"), "{text}");
            assert!(syn::parse_file(&text).is_ok(), "{text}");
        }
        let migration = words.fill(template!("migration.sql"));
        assert!(!migration.contains("__") && migration.contains("constraint pipelines_pkey"), "{migration}");
    }

    #[test]
    fn files_are_made_once_and_counted_on() {
        let project = std::env::temp_dir().join(format!("xtask-new-{}", std::process::id()));
        for (path, text) in [
            (
                "Cargo.toml",
                "order = [\n  \"kernel\",\n  \"server\",\n]\n[workspace.dependencies]\nserver = { path = \"core/server\" }\n",
            ),
            ("core/server/Cargo.toml", "[dependencies]\nkernel.workspace = true\n\n[lints]\nworkspace = true\n"),
            ("tenant-migrations/tenant/V7__x.sql", ""),
        ] {
            write(&project.join(path), text).unwrap();
        }
        module(&project, "deals").unwrap();
        assert!(module(&project, "deals").is_err() && module(&project, "Deals").is_err());
        resource(&project, "deals", "pipelines", None, None).unwrap();
        assert!(resource(&project, "deals", "pipelines", None, None).is_err());
        let read = |path: &str| fs::read_to_string(project.join(path)).unwrap();
        assert!(
            read("Cargo.toml").contains("  \"deals\",\n  \"server\",") && read("Cargo.toml").contains("deals = { path")
        );
        assert!(read("core/server/Cargo.toml").contains("\ndeals.workspace = true\n\n[lints]"));
        assert!(read("core/deals/src/lib.rs").contains("pub(crate) mod pipelines;\npub mod events;"));
        assert!(read("tenant-migrations/tenant/V8__pipelines.sql").contains("create table pipelines"));
        fs::remove_dir_all(project).unwrap();
    }
}
