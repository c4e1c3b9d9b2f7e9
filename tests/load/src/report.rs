//! Figures, and the document they are kept in.
use crate::generator::median;
use anyhow::{Context, Result};
use std::{fmt::Write as _, fs, path::Path};

const BEGIN: &str = "<!-- figures: written by `cargo xtask bench --write` -->";
const END: &str = "<!-- end of the figures; what follows is written by hand and kept -->";

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Nobody promised anything; it explains another figure.
    Recorded,
}

impl Goal {
    fn is_met(self, value: f64) -> Option<bool> {
        match self {
            Goal::AtLeast(goal) => Some(value >= goal),
            Goal::AtMost(goal) => Some(value <= goal),
            Goal::Recorded => None,
        }
    }
}

/// One figure: what was measured in several repetitions.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is, unique in the document.
    pub what: String,
    /// What it should be.
    pub goal: Goal,
    /// Unit of goal and values.
    pub unit: &'static str,
    /// A value for each repetition.
    pub values: Vec<f64>,
    /// How it was measured, in a few words.
    pub how: String,
}

impl Figure {
    /// A figure that is the median of these values.
    pub fn new(what: &str, goal: Goal, unit: &'static str, values: Vec<f64>, how: impl Into<String>) -> Self {
        Figure { what: what.to_owned(), goal, unit, values, how: how.into() }
    }

    /// The median.
    pub fn value(&self) -> f64 {
        median(&self.values)
    }

    /// A line of the table.
    pub fn line(&self) -> String {
        let goal = match self.goal {
            Goal::AtLeast(goal) => format!("≥ {}", number(goal, self.unit)),
            Goal::AtMost(goal) => format!("≤ {}", number(goal, self.unit)),
            Goal::Recorded => "–".to_owned(),
        };
        let met = match self.goal.is_met(self.value()) {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        };
        let spread = match (self.values.iter().copied().reduce(f64::min), self.values.iter().copied().reduce(f64::max))
        {
            (Some(low), Some(high)) if self.values.len() > 1 => {
                format!("{} … {} ({}×)", number(low, ""), number(high, ""), self.values.len())
            }
            _ => "–".to_owned(),
        };
        format!("| {} | {goal} | {} | {spread} | {met} | {} |", self.what, number(self.value(), self.unit), self.how)
    }
}

fn number(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v == 0.0 || (v.fract() == 0.0 && unit != "×") => 0,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && whole.as_bytes()[at - 1] != b'-' {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if unit.is_empty() { format!("{grouped}{rest}") } else { format!("{grouped}{rest} {unit}") }
}

/// The heading of the table.
pub const HEADING: &str = "| what | goal | measured | spread | met? | how |\n|---|---|---|---|---|---|";

/// Writes figures into the document: lines of what was measured now replace earlier ones, everything else stays.
///
/// # Errors
/// The document cannot be written.
pub fn write(path: &Path, facts: &[(String, String)], sections: &[(&str, Vec<Figure>)], order: &[&str]) -> Result<()> {
    let before = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, merged(&before, facts, sections, order)).with_context(|| format!("cannot write {}", path.display()))
}

fn merged(before: &str, facts: &[(String, String)], sections: &[(&str, Vec<Figure>)], order: &[&str]) -> String {
    let (head, rest) = before.split_once(BEGIN).unwrap_or(("# Figures\n\n", ""));
    let (old, tail) = rest.split_once(END).unwrap_or((rest, HAND_KEPT));
    let mut text = format!("{head}{BEGIN}\n\n");
    for (name, value) in facts {
        let _ = writeln!(text, "- {name}: {value}");
    }
    for name in order {
        let lines: Vec<String> = match sections.iter().find(|(section, _)| section == name) {
            Some((_, figures)) => figures.iter().map(Figure::line).collect(),
            None => kept(old, name),
        };
        if !lines.is_empty() {
            let _ = write!(text, "\n## {name}\n\n{HEADING}\n{}\n", lines.join("\n"));
        }
    }
    format!("{text}\n{END}{tail}")
}

/// The lines of an earlier run.
fn kept(old: &str, name: &str) -> Vec<String> {
    let section = old.split("\n## ").find(|section| section.lines().next() == Some(name));
    let lines = section.into_iter().flat_map(str::lines);
    lines.filter(|line| line.starts_with("| ") && !line.starts_with("| what |")).map(str::to_owned).collect()
}

const HAND_KEPT: &str = "\n\n## What was done where a goal is missed\n\nNothing yet.\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(what: &str, values: &[f64]) -> Figure {
        Figure::new(what, Goal::AtLeast(3000.0), "/s", values.to_vec(), "closed loop")
    }

    #[test]
    fn a_line_says_what_came_out() {
        let line = figure("GET one contact", &[4100.0, 2900.0, 3900.0]).line();
        assert_eq!(line, "| GET one contact | ≥ 3,000 /s | 3,900 /s | 2,900 … 4,100 (3×) | yes | closed loop |");
        assert!(figure("x", &[2999.0]).line().contains("| – | **no** |"));
        let recorded = Figure::new("y", Goal::Recorded, "ms", vec![1.234], "");
        assert_eq!(recorded.line(), "| y | – | 1.23 ms | – | – |  |");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(1_234_567.8, ""), "1,234,568");
        assert_eq!(number(0.756, "×"), "0.76 ×");
        assert_eq!(number(18.44, "KB"), "18.4 KB");
        assert_eq!(number(500.0, "ms"), "500 ms");
        assert_eq!(number(0.0, ""), "0");
    }

    #[test]
    fn what_was_not_measured_now_and_what_was_written_by_hand_stays() {
        let order = ["contact", "forms"];
        let facts = [("kernel".to_owned(), "6".to_owned())];
        let first =
            merged("", &facts, &[("contact", vec![figure("A", &[1.0])]), ("forms", vec![figure("B", &[2.0])])], &order);
        let by_hand = first.replace("Nothing yet.", "Added an index.").replace("# Figures", "# Our figures");
        let second = merged(&by_hand, &facts, &[("forms", vec![figure("B", &[5000.0])])], &order);
        assert!(second.starts_with("# Our figures") && second.contains("Added an index."), "{second}");
        assert!(
            second.contains("| A | ≥ 3,000 /s | 1 /s |") && second.contains("| B | ≥ 3,000 /s | 5,000 /s |"),
            "{second}"
        );
        assert_eq!(second.matches("| B |").count(), 1);
        assert_eq!(second.matches(END).count(), 1);
        assert_eq!(merged(&second, &facts, &[], &order), second);
    }
}
