//! Patterns for `like`, from what people type.

/// Fits whatever holds the text, with `%` and `_` as they are.
pub fn contains(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// One pattern for each of the first eight words, to be asked of a text in which each word stands behind a space. A word of
/// one or two characters is looked for where words begin: its middle no index of trigrams finds, and everything holds it.
pub fn word_patterns(words: &str) -> Vec<String> {
    let pattern = |word: &str| if word.chars().count() < 3 { contains(&format!(" {word}")) } else { contains(word) };
    words.split_whitespace().take(8).map(pattern).collect()
}
