//! Tables by words that anybody may write, such as what the address of a visited page says of its campaign: the words that count
//! most have a line each, all others have one together. So a report stays one, whatever a website is sent.
use super::{
    super::db::{deals::SpeedRow, home::HomeSum},
    *,
};
use std::{cmp::Reverse, collections::BTreeSet};

/// So many words have a line of their own.
const MOST: usize = 50;
/// The key of all others. It is nobody's word: those have no control characters.
const OTHERS: &str = "\u{1}";

/// The words that have a line of their own.
pub(super) struct Few(BTreeSet<String>);

impl Few {
    /// Of words and how much they count. What is not said is no word and has its line besides.
    pub fn of<'a>(words: impl IntoIterator<Item = (&'a str, i64)>) -> Self {
        let mut sizes = BTreeMap::<&str, i64>::new();
        for (word, size) in words.into_iter().filter(|(word, _)| !word.is_empty()) {
            *sizes.entry(word).or_default() += size;
        }
        let mut sizes: Vec<_> = sizes.into_iter().collect();
        sizes.sort_unstable_by_key(|(word, size)| (Reverse(*size), *word));
        Few(sizes.into_iter().take(MOST).map(|(word, _)| word.to_owned()).collect())
    }

    /// These words and what is not said, for a statement that puts all others together.
    pub fn kept(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).chain([""]).collect()
    }

    fn has(&self, word: &str) -> bool {
        word.is_empty() || self.0.contains(word)
    }

    /// Counts with one for all others, as the last one.
    pub fn counts(&self, rows: Vec<Count>) -> Vec<Count> {
        let (mut rows, others): (Vec<Count>, Vec<Count>) = rows.into_iter().partition(|row| self.has(&row.key));
        if !others.is_empty() {
            rows.push(Count { key: OTHERS.to_owned(), count: total(&others) });
        }
        rows
    }

    /// Rows of which several may have one key, those of all others as the last ones.
    pub fn named<T: Worded>(&self, mut rows: Vec<T>) -> Vec<T> {
        for row in &mut rows {
            if !self.has(row.word()) {
                OTHERS.clone_into(row.word_mut());
            }
        }
        last(&mut rows);
        rows
    }
}

/// Puts the rows of all others behind the rest.
pub(super) fn last<T: Worded>(rows: &mut [T]) {
    rows.sort_by_key(|row| row.word() == OTHERS);
}

/// The words that have a line in a table of deals that were made and closed.
pub(super) fn few_of_deals(made: &[Count], closed: &[Sum]) -> Few {
    let made = made.iter().map(|row| (row.key.as_str(), row.count));
    Few::of(made.chain(closed.iter().map(|row| (row.key.as_str(), row.count))))
}

/// A row whose key is a word.
pub(super) trait Worded {
    fn word(&self) -> &str;
    fn word_mut(&mut self) -> &mut String;
}

macro_rules! worded {
    ($($row:ty),*) => {$(
        impl Worded for $row {
            fn word(&self) -> &str {
                &self.key
            }
            fn word_mut(&mut self) -> &mut String {
                &mut self.key
            }
        }
    )*};
}

worded!(Sum, HomeSum, SpeedRow);

/// What a line is about.
pub(super) fn by_word(key: &str) -> Label {
    match key {
        OTHERS => Label { word: Some("others".to_owned()), ..Label::default() },
        key => by_text(key),
    }
}

/// All words, those of all others last.
pub(super) fn words<'a>(rows: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = keys(rows);
    all.sort_by_key(|key| *key == OTHERS);
    all
}

impl Ask {
    /// The list behind a number of a word; no list shows all others.
    pub(super) fn rows_of(&self, word: &str, list: ReportList, count: i64, parts: &[&[String]]) -> Option<Rows> {
        if word == OTHERS { None } else { self.rows(list, count, parts) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(n: usize) -> Vec<Count> {
        let of = |(word, count): (String, i64)| Count { key: word, count };
        let mut rows: Vec<Count> = (0..n).map(|n| (format!("spam-{n:04}"), 1)).map(of).collect();
        rows.extend([("news".to_owned(), 7), (String::new(), 1)].map(of));
        rows
    }

    #[test]
    fn what_says_most_has_a_line_and_nothing_is_lost() {
        for n in [0, 1, MOST - 1, MOST, MOST + 1, 20_000] {
            let rows = made(n);
            let few = Few::of(rows.iter().map(|row| (row.key.as_str(), row.count)));
            let lines = few.counts(rows.clone());
            assert_eq!(total(&lines), total(&rows), "{n}");
            assert!(lines.len() <= MOST + 2, "{n}");
            assert!(lines.iter().any(|row| row.key == "news") && lines.iter().any(|row| row.key.is_empty()), "{n}");
            let others: Vec<_> = lines.iter().filter(|row| row.key == OTHERS).collect();
            assert_eq!(others.len(), usize::from(n >= MOST), "{n}");
            assert_eq!(lines.last().map(|row| row.key == OTHERS), Some(n >= MOST), "{n}");
            // The days that are compared have words of their own.
            let before = few.counts(vec![Count { key: "gone".into(), count: 3 }]);
            assert_eq!(before, [Count { key: OTHERS.into(), count: 3 }]);
        }
    }

    #[test]
    fn sums_of_all_others_add_up() {
        let sum = |key: String, amount| {
            let (status, currency) = ("won".to_owned(), "EUR".to_owned());
            Sum { key, status, currency, count: 1, amount }
        };
        let rows: Vec<Sum> = (0..500).map(|n| sum(format!("c{n}"), n)).collect();
        let few = Few::of(rows.iter().map(|row| (row.key.as_str(), row.amount)));
        let rows = few.named(rows);
        assert_eq!(words(rows.iter().map(|row| row.key.as_str())).len(), MOST + 1);
        assert_eq!(ended(&rows, Some(OTHERS), "won"), 450);
        assert_eq!(worth(&rows, Some(OTHERS), "won")["EUR"], (450, (0..450).sum::<i64>()));
        assert_eq!(by_word(OTHERS).word.as_deref(), Some("others"));
    }
}
