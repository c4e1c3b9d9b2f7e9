//! The part of a text where the words stand, with the words told apart.
use poem_openapi::Object;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Characters of a snippet, and how many of them stand before the first word that fits.
const WIDTH: usize = 160;
const BEFORE: usize = 48;
/// How much of its trigrams a word shares with one that was typed before it is called similar.
const ALIKE: f64 = 0.3;

/// A piece of a snippet.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "SearchSnippetPart")]
pub struct Part {
    /// The text.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}

/// A character as it is compared: lower case, without accents; some letters become two.
fn fold(c: char) -> String {
    let two = match c {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        'þ' | 'Þ' => "th",
        _ => "",
    };
    if two.is_empty() {
        let plain: String = std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)).collect();
        return plain.to_lowercase();
    }
    two.to_owned()
}

/// A text with its folded characters, each with the place of the character that it comes from.
struct Folded {
    chars: Vec<char>,
    folded: Vec<(char, usize)>,
}

impl Folded {
    fn new(text: &str) -> Self {
        // Lines and runs of spaces are one space here.
        let chars: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
        let each = |(at, c): (usize, &char)| fold(*c).chars().map(move |c| (c, at)).collect::<Vec<_>>();
        let folded = chars.iter().enumerate().flat_map(each).collect();
        Folded { chars, folded }
    }

    /// Where the word stands: one of one or two letters only where words begin.
    fn places(&self, word: &str) -> Vec<(usize, usize)> {
        let word: Vec<char> = word.chars().flat_map(|c| fold(c).chars().collect::<Vec<_>>()).collect();
        if word.is_empty() {
            return vec![];
        }
        let mut found = vec![];
        for (at, window) in self.folded.windows(word.len()).enumerate() {
            let begins = at == 0 || self.folded[at - 1].0 == ' ';
            if (word.len() > 2 || begins) && window.iter().map(|(c, _)| c).eq(word.iter()) {
                found.push((window[0].1, window[window.len() - 1].1 + 1));
            }
        }
        found
    }

    /// The words of the text that resemble the typed one most.
    fn similar(&self, word: &str) -> Option<(usize, usize)> {
        let wanted = trigrams(&word.chars().map(fold).collect::<String>());
        let mut best = (ALIKE, None);
        let mut at = 0;
        for part in self.chars.split(|c| !c.is_alphanumeric()) {
            let found = trigrams(&part.iter().map(|c| fold(*c)).collect::<String>());
            let shared = wanted.iter().filter(|one| found.contains(one)).count();
            let alike = shared as f64 / (wanted.len() + found.len() - shared).max(1) as f64;
            if alike > best.0 {
                best = (alike, Some((at, at + part.len())));
            }
            at += part.len() + 1;
        }
        best.1
    }
}

/// Runs of three characters of a word with two spaces before and one behind, as `pg_trgm` takes them.
fn trigrams(word: &str) -> Vec<[char; 3]> {
    let padded: Vec<char> = format!("  {word} ").chars().collect();
    let mut all: Vec<[char; 3]> = padded.windows(3).map(|w| [w[0], w[1], w[2]]).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The part of a text around the words, in pieces; empty for an empty text.
pub(super) fn snippet(text: &str, words: &[&str]) -> Vec<Part> {
    let text = Folded::new(text);
    let mut marks: Vec<(usize, usize)> = words.iter().flat_map(|word| text.places(word)).collect();
    if marks.is_empty() {
        marks = words.iter().filter_map(|word| text.similar(word)).collect();
    }
    marks.sort_unstable();
    let mut begin = marks.first().map_or(0, |first| first.0.saturating_sub(BEFORE));
    // A word is not cut where the snippet begins.
    while begin > 0 && marks.first().is_some_and(|first| begin < first.0) && text.chars[begin - 1] != ' ' {
        begin += 1;
    }
    let end = text.chars.len().min(begin + WIDTH);
    let mut parts = vec![];
    let mut push = |text: String, hit: bool| {
        if !text.is_empty() {
            parts.push(Part { text, hit });
        }
    };
    let mut at = begin;
    let of = |from: usize, to: usize| text.chars[from..to].iter().collect::<String>();
    for (from, to) in marks {
        let (from, to) = (from.max(at), to.min(end));
        if from < to {
            let lead = if at == begin && begin > 0 { "…" } else { "" };
            push(format!("{lead}{}", of(at, from)), false);
            push(of(from, to), true);
            at = to;
        }
    }
    let tail = if end < text.chars.len() { "…" } else { "" };
    push(format!("{}{tail}", of(at.min(end), end)), false);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, words: &[&str]) -> String {
        let mark = |part: Part| if part.hit { format!("[{}]", part.text) } else { part.text };
        snippet(text, words).into_iter().map(mark).collect()
    }

    #[test]
    fn words_are_marked_whatever_their_case_and_accents() {
        assert_eq!(shown("Café in der Straße", &["cafe", "STRASSE"]), "[Café] in der [Straße]");
        assert_eq!(shown("About\n the  café", &["af"]), "About the café", "short words only where words begin");
        assert_eq!(shown("About the café", &["ca"]), "About the [ca]fé");
        assert_eq!(shown("قال أحمد نعم", &["احمد"]), "قال [أحمد] نعم");
        assert_eq!(shown("", &["a"]), "");
    }

    #[test]
    fn what_resembles_a_word_is_marked_when_nothing_has_it() {
        assert_eq!(shown("The invoice for lanterns", &["lantrens"]), "The invoice for [lanterns]");
        assert_eq!(shown("Nothing alike", &["zzz"]), "Nothing alike");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_word() {
        let text = format!("{} needle {}", "before ".repeat(40), "behind ".repeat(40));
        let got = shown(&text, &["needle"]);
        assert!(got.starts_with("…before ") && got.contains("before [needle] behind") && got.ends_with('…'), "{got}");
        assert!(got.chars().count() <= WIDTH + 4);
    }

    proptest! {
        #[test]
        fn pieces_are_a_part_of_the_text_and_hits_have_a_word(text in ".{0,400}", words in proptest::collection::vec("\\PC{1,4}", 1..4)) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let parts = snippet(&text, &words);
            let whole: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let read: String = parts.iter().map(|part| part.text.as_str()).collect();
            prop_assert!(parts.iter().all(|part| !part.text.is_empty()));
            let cut = read.strip_prefix('…').filter(|_| !whole.starts_with('…')).unwrap_or(&read);
            let cut = cut.strip_suffix('…').filter(|cut| whole.contains(*cut)).unwrap_or(cut);
            prop_assert!(whole.contains(cut), "{whole:?} {cut:?}");
        }
    }
}
