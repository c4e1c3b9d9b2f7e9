//! Looking for words that may be mistyped.
use super::{
    Composed, Query, Tx,
    words::{first_words, word_pattern},
};
use crate::Result;
use std::{cmp::Reverse, time::Duration};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Letters of a word that is looked for with a mistake in it: a shorter one is one letter away from everything.
const MISTAKABLE: std::ops::RangeInclusive<usize> = 4..=24;
/// Trigrams that a pattern holds at least when an index is asked: with fewer it finds half of the table.
const TELLING: usize = 4;

crate::row! {
    /// A word that was typed.
    #[derive(Debug, Clone)]
    pub struct TypedWord {
        /// In the form of `shared.fold`.
        pub word: String,
        /// Whether none of the newest rows holds it.
        pub rare: bool,
    }
}

/// Words of which some may be mistyped: a letter too many, too few or another one, or two letters in each other's place.
/// All of them are asked of a row. An index is asked for one word alone, in all the ways in which it may be meant, and only
/// for a rare one: what is meant by a word that the newest rows hold is found among them.
#[derive(Debug)]
pub struct Near {
    /// Regular expressions: each word, with at most one mistake where it is long enough.
    forms: Vec<String>,
    /// What a rare word may mean; none without a rare word.
    meant: Option<Vec<String>>,
    /// The words that are there as they were typed, or cannot be mistyped.
    held: Vec<String>,
}

impl Near {
    /// Of folded words; none when no word is long enough.
    pub fn of(words: &[TypedWord]) -> Option<Near> {
        let mistakable = |typed: &&TypedWord| is_mistakable(&typed.word);
        words.iter().find(mistakable)?;
        let rare = words.iter().filter(mistakable).filter(|typed| typed.rare);
        let meant = rare.max_by_key(|typed| typed.word.chars().count()).map(|typed| meant(&typed.word));
        let held = words.iter().filter(|typed| !(typed.rare && is_mistakable(&typed.word)));
        Some(Near {
            forms: words.iter().map(|typed| form(&typed.word)).collect(),
            meant,
            held: held.map(|typed| word_pattern(&typed.word)).collect(),
        })
    }

    /// Adds the condition as it is asked of rows at hand.
    pub fn ask(&self, statement: &mut Composed, column: &'static str) {
        statement.add(" and ").add(column).add(" ~ all(").bind(self.forms.clone(), Type::TEXT_ARRAY).add(")");
    }

    /// Whether an index can be asked: when there is a rare word.
    pub fn can_seek(&self) -> bool {
        self.meant.is_some()
    }

    /// Adds the condition as an index of trigrams finds what fits.
    pub fn seek(&self, statement: &mut Composed, column: &'static str) {
        if let Some(meant) = &self.meant {
            statement.add(" and ").add(column).add(" like any(").bind(meant.clone(), Type::TEXT_ARRAY).add(")");
        }
        for pattern in &self.held {
            statement.add(" and ").add(column).add(" like ").bind(pattern.clone(), Type::TEXT);
        }
        self.ask(statement, column);
    }
}

fn is_mistakable(word: &str) -> bool {
    MISTAKABLE.contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}

/// What stands before and behind a mistake, and whether some letter stands in between.
fn mistakes(letters: &[char]) -> Vec<(String, bool, String)> {
    let text = |letters: &[char]| letters.iter().collect::<String>();
    let mut all = vec![];
    for at in 1..letters.len() {
        let (before, behind, rest) = (text(&letters[..at]), text(&letters[at..]), text(&letters[at + 1..]));
        all.push((before.clone(), true, behind));
        all.push((before.clone(), true, rest.clone()));
        all.push((before, false, rest));
    }
    for at in 1..letters.len() {
        let mut swapped = letters.to_vec();
        swapped.swap(at - 1, at);
        all.push((text(&swapped), false, String::new()));
    }
    all
}

/// A regular expression for a word with at most one mistake; of what cannot be mistyped, for itself.
fn form(word: &str) -> String {
    if !is_mistakable(word) {
        let begins = if word.chars().count() < 3 { " " } else { "" };
        let plain = word.chars().map(|c| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() });
        return plain.fold(begins.to_owned(), |text, c| text + &c);
    }
    let letters: Vec<char> = word.chars().collect();
    let text = |letters: &[char]| letters.iter().collect::<String>();
    // From the end to the beginning: here is the mistake, and the rest is right; or this letter is, and the rest is as before.
    let mut form = String::new();
    for at in (0..letters.len()).rev() {
        let mut ways = vec![];
        if at > 0 {
            ways.push(format!("[^ ]?{}", text(&letters[at + 1..])));
            ways.push(format!("[^ ]{}", text(&letters[at..])));
        }
        if let [one, other, rest @ ..] = &letters[at..] {
            ways.push(format!("{other}{one}{}", text(rest)));
        }
        ways.push(format!("{}{form}", letters[at]));
        form = format!("(?:{})", ways.join("|"));
    }
    // The first letter may be the wrong one.
    let tail = if letters.len() > 4 { format!("|{}", text(&letters[1..])) } else { String::new() };
    format!("[^[:alnum:]]{form}{tail}")
}

/// The same as patterns that an index of trigrams answers soon.
fn meant(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    // As `pg_trgm` counts them: the beginning of a word has two more, and the end none, as more may follow.
    let trigrams = |before: &str, behind: &str| before.chars().count() + behind.chars().count().saturating_sub(2);
    let telling = |(before, between, behind): (String, bool, String)| {
        (trigrams(&before, &behind) >= TELLING)
            .then(|| format!("% {before}{}{behind}%", if between { "_" } else { "" }))
    };
    let mut all = vec![format!("% {word}%")];
    // Two letters with nothing in between are one text.
    let joined = |(before, between, behind): (String, bool, String)| {
        if between { (before, between, behind) } else { (before + &behind, false, String::new()) }
    };
    all.extend(mistakes(&letters).into_iter().map(joined).filter_map(telling));
    if letters.len() >= TELLING + 3 {
        all.push(format!("%{}%", letters[1..].iter().collect::<String>()));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Patterns of all words in the order in which an index is asked soonest: it goes along the first until another one says no,
/// which a rare word says at once and two frequent ones that are never together only after all rows of both.
pub fn rarest_first(words: &[TypedWord]) -> Vec<String> {
    let mut words: Vec<&TypedWord> = words.iter().collect();
    words.sort_by_key(|typed| (!typed.rare, Reverse(typed.word.chars().count())));
    words.into_iter().map(|typed| word_pattern(&typed.word)).collect()
}

impl Query {
    /// The words of a text, folded; `newest` are the newest rows of a table as `x`, and `column` what holds their words.
    pub async fn typed_words(
        &mut self,
        text: &str,
        newest: &'static str,
        column: &'static str,
    ) -> Result<Vec<TypedWord>> {
        let mut statement = Composed::new("with newest as materialized (select ");
        statement.add(column).add(" as words from ").add(newest);
        // Folded once, not for each row.
        statement.add("), typed as materialized (select fold(w.word) as word, w.at from unnest(");
        statement.bind(first_words(text).map(str::to_owned).collect::<Vec<_>>(), Type::TEXT_ARRAY);
        statement.add(") with ordinality w(word, at)) select t.word, ");
        statement.add("not exists (select from newest n where position(t.word in n.words) > 0) as rare from typed t order by t.at");
        self.composed_rows(&statement).await
    }

    /// Until the end of the transaction a table is read whole only where no index serves. For questions of words: how many
    /// rows hold one, the planner does not know, and it reads the whole table in the hope of finding some soon. And for sums
    /// that an index holds all by itself, which the planner believes to lie on a disk as slow as the table's.
    pub async fn seek(&mut self) -> Result<()> {
        self.control_command("set local enable_seqscan = off").await
    }
}

/// A table of records that have names, and how their words are searched.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The table, as `x`.
    pub table: &'static str,
    /// Its newest rows that are not deleted, as `x`.
    pub newest: &'static str,
}

impl Tx {
    /// Ids of the records of `owners`, besides those that were `found`, that hold the words of a text in any order; when those
    /// are not enough, that hold them with a mistake in each, closest first. All records are searched for mistakes as long as
    /// `patience` lasts.
    pub async fn find_named(
        &mut self,
        named: &Named,
        text: &str,
        (found, wanted): (&[Uuid], i64),
        owners: &Option<Vec<Uuid>>,
        patience: Duration,
    ) -> Result<Vec<Uuid>> {
        let from = |source: &'static str, found: &[Uuid]| {
            let mut statement = Composed::new("select c.id from (select x.id, x.search, x.name_key from ");
            statement.add(source).add(" where x.deleted_at is null and x.id <> all(");
            statement.bind(found.to_vec(), Type::UUID_ARRAY).add(")");
            if let Some(owners) = owners {
                statement.add(" and x.owner_id = any(").bind(owners.clone(), Type::UUID_ARRAY).add(")");
            }
            statement
        };
        let closest = |statement: &mut Composed, wanted: i64| {
            statement.add(" limit 500) c order by word_similarity(fold(").bind(text.to_owned(), Type::TEXT);
            statement.add("), c.search) desc, c.name_key, c.id limit ").bind(wanted, Type::INT8);
        };
        let typed = self.typed_words(text, named.newest, "x.search").await?;
        let (mut all, mut more) = (found.to_vec(), vec![]);
        if typed.len() > 1 {
            let mut statement = from(named.table, &all);
            for pattern in rarest_first(&typed) {
                statement.add(" and x.search like ").bind(pattern, Type::TEXT);
            }
            // The inner limit bounds the work for words that half of all have.
            statement.add(" limit 500) c order by c.name_key, c.id limit ").bind(wanted, Type::INT8);
            more = self.composed_values::<Uuid>(&statement).await?;
            all.extend(&more);
        }
        let mut missing = wanted - more.len() as i64;
        let Some(near) = Near::of(&typed).filter(|_| missing > 0) else { return Ok(more) };
        let mut statement = from(named.newest, &all);
        near.ask(&mut statement, "x.search");
        closest(&mut statement, missing);
        let newest = self.composed_values::<Uuid>(&statement).await?;
        missing -= newest.len() as i64;
        all.extend(&newest);
        more.extend(newest);
        let mut statement = from(named.table, &all);
        if missing > 0 && near.can_seek() {
            near.seek(&mut statement, "x.search");
            closest(&mut statement, missing);
            let seeking = async |tx: &mut Tx| tx.composed_values::<Uuid>(&statement).await;
            more.extend(self.within(patience, seeking).await?.unwrap_or_default());
        }
        Ok(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(word: &str, rare: bool) -> TypedWord {
        TypedWord { word: word.into(), rare }
    }

    #[test]
    fn an_index_is_asked_for_what_tells_much_and_for_one_rare_word() {
        let all = meant("reunion");
        for fits in ["% reunion%", "% r_union%", "% reuni_n%", "% renion%", "% reu_nion%", "% reunoin%", "%eunion%"] {
            assert!(all.contains(&fits.to_owned()), "{fits} in {all:?}");
        }
        // Of the letters around the second one of a short word too few are left.
        assert_eq!(meant("mill"), ["% imll%", "% mill%", "% mlil%"]);
        let near = Near::of(&[typed("mill", true), typed("reunoin", true), typed("boiler", false), typed("77", true)]);
        let near = near.unwrap();
        assert!(near.meant.unwrap().contains(&"% reunion%".to_owned()));
        assert_eq!(near.held, ["%boiler%", "% 77%"]);
        assert_eq!(near.forms.len(), 4);
    }

    #[test]
    fn an_index_is_asked_for_rare_and_long_words_first() {
        let all = [typed("the", false), typed("kitchen", false), typed("of", true), typed("moreau", true)];
        assert_eq!(rarest_first(&all), ["%moreau%", "% of%", "%kitchen%", "%the%"]);
    }

    #[test]
    fn numbers_and_short_words_are_what_they_are() {
        assert!(Near::of(&[typed("423500", true), typed("abc", true), typed("a.b@c.de", true)]).is_none());
        assert_eq!(form("a.b"), "a\\.b");
        assert_eq!(form("ab"), " ab");
        assert!(Near::of(&[typed("boiler", false)]).unwrap().meant.is_none());
    }

    #[test]
    fn a_form_is_the_word_with_one_mistake_at_most() {
        let last = "(?:[^ ]?|[^ ]l|l)";
        let third = format!("(?:[^ ]?l|[^ ]ll|ll|l{last})");
        let second = format!("(?:[^ ]?ll|[^ ]ill|lil|i{third})");
        assert_eq!(form("mill"), format!("[^[:alnum:]](?:imll|m{second})"));
        assert!(form("boiler").ends_with("|oiler"));
    }
}
