//! Test runs whose results are counted, whoever ran them.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use regex::Regex;

use crate::{build, console};

/// Tests counted over all runners.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Tests that were left out.
    pub ignored: u64,
    /// Browser tests that passed only at the second try, with what was wrong at the first.
    pub flaky: Vec<String>,
}

impl Totals {
    /// The last line of a run, in the form that cargo made known.
    pub fn line(&self, good: bool) -> String {
        let word = if good && self.failed == 0 { "ok" } else { "FAILED" };
        format!("test result: {word}. {} passed; {} failed; {} ignored", self.passed, self.failed, self.ignored)
    }

    /// Adds the tests of another part of the run.
    pub(super) fn add_all(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.flaky.extend(other.flaky);
    }

    /// Adds what a line of a runner's output says, if it is a result.
    pub fn count(&mut self, line: &str) {
        static CARGO: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored").ok());
        // vitest: "Tests  3 failed | 40 passed (43)"; Playwright: "  2 failed", "  31 passed (1.2m)".
        static OTHERS: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"^\s+(?:Tests\s+(.*)|(\d+) (passed|failed|skipped|flaky)\b.*)$").ok());
        static PARTS: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"(\d+) (passed|failed|skipped|todo)").ok());
        let plain = strip_colours(line);
        // As `tests/e2e/support/flaky.ts` says it.
        if let Some(test) = plain.strip_prefix("flaky: ") {
            self.flaky.push(test.trim_end().to_owned());
        } else if let Some(found) = CARGO.as_ref().and_then(|regex| regex.captures(&plain)) {
            self.add("passed", &found[1]);
            self.add("failed", &found[2]);
            self.add("ignored", &found[3]);
        } else if let Some(found) = OTHERS.as_ref().and_then(|regex| regex.captures(&plain)) {
            match (found.get(1), found.get(2), found.get(3)) {
                (Some(parts), _, _) => {
                    for part in PARTS.iter().flat_map(|regex| regex.captures_iter(parts.as_str())) {
                        self.add(&part[2], &part[1]);
                    }
                }
                (_, Some(count), Some(word)) => self.add(word.as_str(), count.as_str()),
                _ => {}
            }
        }
    }

    fn add(&mut self, word: &str, count: &str) {
        let count: u64 = count.parse().unwrap_or(0);
        match word {
            // A test that passed at the second try passed; the runner decides whether that is allowed.
            "passed" | "flaky" => self.passed += count,
            "failed" => self.failed += count,
            _ => self.ignored += count,
        }
    }
}

fn strip_colours(line: &str) -> String {
    static COLOUR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("\u{1b}\\[[0-9;]*m").ok());
    COLOUR.as_ref().map_or_else(|| line.to_owned(), |regex| regex.replace_all(line, "").into_owned())
}

/// Runs a command, shows what it prints, and counts the results in it.
pub(super) fn count(mut command: Command, totals: &mut Totals) -> Result<()> {
    let named = build::named(&command);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("cannot run {named}; is it installed?"))?;
    let output = child.stdout.take().context("no output")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        totals.count(&line);
        console::line(line.trim_end());
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{named} failed ({status})");
    }
    Ok(())
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn results_of_all_runners_are_counted() {
        let mut totals = Totals::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s",
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m40 passed\u{1b}[39m\u{1b}[22m | 2 skipped (42)",
            "  31 passed (1.2m)",
            "  1 flaky",
            "flaky: console › live.spec.ts › news arrive: Timed out",
            "31 passed in a sentence",
            " Test Files  3 passed (3)",
        ] {
            totals.count(line);
        }
        let flaky = vec!["console › live.spec.ts › news arrive: Timed out".to_owned()];
        assert_eq!(totals, Totals { passed: 84, failed: 0, ignored: 3, flaky });
        assert_eq!(totals.line(true), "test result: ok. 84 passed; 0 failed; 3 ignored");
        assert!(totals.line(false).contains("FAILED"));
    }
}
