//! What a person sees while something works: one line a step, with its time.

use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::Result;

/// Runs one step: says what begins, then what came of it and how long it took.
///
/// # Errors
/// Those of the step, after a line that names it.
pub fn step(what: &str, work: impl FnOnce() -> Result<String>) -> Result<()> {
    let begun = begin(what);
    let result = work();
    finish(what, begun, &result);
    result.map(|_| ())
}

/// [`step`] for work that waits without blocking the thread.
///
/// # Errors
/// Those of the step, after a line that names it.
pub async fn step_async(what: &str, work: impl Future<Output = Result<String>>) -> Result<()> {
    let begun = begin(what);
    let result = work.await;
    finish(what, begun, &result);
    result.map(|_| ())
}

fn begin(what: &str) -> Instant {
    let mut out = std::io::stdout();
    // On a terminal the line is written over when the step ends; in a log every line stays, so only the end is told.
    if out.is_terminal() {
        let _ = write!(out, "  · {what} …\r");
        let _ = out.flush();
    }
    Instant::now()
}

fn finish(what: &str, begun: Instant, result: &Result<String>) {
    let took = seconds(begun.elapsed());
    match result {
        Ok(outcome) if outcome.is_empty() => line(&format!("  ✓ {what}  {took}")),
        Ok(outcome) => line(&format!("  ✓ {what}: {outcome}  {took}")),
        Err(_) => line(&format!("  ✗ {what}  {took}")),
    }
}

thread_local! {
    /// Lines of this thread that wait for their turn.
    static HELD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Works while something else is shown: gives back what this thread had to say in the meantime.
pub fn held<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    HELD.set(Some(Vec::new()));
    let result = work();
    (result, HELD.take().unwrap_or_default())
}

/// Prints one line, clearing what a running step left on it.
pub fn line(text: &str) {
    let waits = HELD.with_borrow_mut(|held| held.as_mut().map(|lines| lines.push(text.to_owned())).is_some());
    if waits {
        return;
    }
    let mut out = std::io::stdout();
    let clear = if out.is_terminal() { "\u{1b}[2K" } else { "" };
    // A closed pipe (`| head`) is the reader's choice, not an error.
    let _ = writeln!(out, "{clear}{text}");
    let _ = out.flush();
}

/// A duration for people: `0.4 s`, `12.0 s`, `3 min 05 s`.
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 { format!("{} min {:02} s", whole / 60, whole % 60) } else { format!("{:.1} s", time.as_secs_f64()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_said_later_and_in_order() {
        let (seven, said) = held(|| {
            line("one");
            line("two");
            7
        });
        assert_eq!((seven, said), (7, vec!["one".to_owned(), "two".to_owned()]));
        assert_eq!(held(|| ()).1, Vec::<String>::new());
    }

    #[test]
    fn times_are_short() {
        assert_eq!(seconds(Duration::from_millis(440)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
