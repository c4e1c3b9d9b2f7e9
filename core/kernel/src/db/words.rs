//! Patterns for `like`, from what people type.

/// Fits whatever holds the text, with `%` and `_` as they are.
pub fn contains(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// One pattern for each of the first eight words, to be asked of a text in which each word stands behind a space. A word of
/// one or two characters is looked for where words begin: its middle no index of trigrams finds, and everything holds it.
pub fn word_patterns(words: &str) -> Vec<String> {
    first_words(words).map(word_pattern).collect()
}

/// The first eight words: nobody finds more by more.
pub(super) fn first_words(words: &str) -> impl Iterator<Item = &str> {
    words.split_whitespace().take(8)
}

pub(super) fn word_pattern(word: &str) -> String {
    if word.chars().count() < 3 { contains(&format!(" {word}")) } else { contains(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_stand_where_words_begin() {
        assert_eq!(word_patterns("ab 50% x_y"), ["% ab%", "%50\\%%", "%x\\_y%"]);
        assert_eq!(word_patterns("1 2 3 4 5 6 7 8 9 10").len(), 8);
    }
}
