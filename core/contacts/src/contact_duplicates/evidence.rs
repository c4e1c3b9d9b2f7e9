//! What contacts are compared by, and how sure a pair is.
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Pairs that are less sure are not kept.
pub const LEAST: i16 = 40;
/// Names that are this much alike, by their trigrams, count as similar.
pub const SIMILAR: f64 = 0.5;
/// Longest key, in characters.
const MAX_KEY: usize = 200;

/// Keys of a contact, by kind: `name` are the words of the name in one order; `company` and `place` are where names are
/// compared letter by letter, each with the initials of the first and the last word, so that a block stays small.
pub fn keys(name: &str, company: Option<&str>, city: Option<&str>) -> Vec<(&'static str, String)> {
    let mut words = words(name);
    // A single word names too many, and an address is found by itself.
    if words.len() < 2 {
        return vec![];
    }
    let mut initials: Vec<char> =
        [words.first(), words.last()].into_iter().flatten().filter_map(|w| w.chars().next()).collect();
    initials.sort_unstable();
    let initials: String = initials.into_iter().collect();
    words.sort_unstable();
    let block = |place: &str| format!("{}|{initials}", cut(&self::words(place).join(" ")));
    let mut keys = vec![("name", cut(&words.join(" ")))];
    keys.extend(company.filter(|c| !self::words(c).is_empty()).map(|company| ("company", block(company))));
    keys.extend(city.filter(|c| !self::words(c).is_empty()).map(|city| ("place", block(city))));
    keys
}

/// Words in lower case, without accents and punctuation.
fn words(text: &str) -> Vec<String> {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let parts = plain.split(|c: char| !c.is_alphanumeric());
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_KEY).collect()
}

/// What two contacts have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Evidence {
    pub email: bool,
    pub phone: bool,
    /// The same words.
    pub name: bool,
    /// How much alike the names are, 0 to 1.
    pub similarity: f64,
    /// Both have a name of several words.
    pub named: bool,
    pub company: bool,
    pub city: bool,
    /// Both have an address of a kind, and none in common.
    pub apart: bool,
}

impl Evidence {
    /// Reasons, the strongest first, with how sure the pair is in percent; `None` when it is not worth a question.
    pub fn verdict(&self) -> Option<(Vec<String>, i16)> {
        let similar = !self.name && self.named && self.similarity >= SIMILAR;
        let confidence = match (self.email, self.phone) {
            (true, true) if self.name => 99,
            (true, true) if similar || !self.named => 94,
            (true, true) => 90,
            (true, false) if self.name => 98,
            // A family may share a mailbox and a name: not sure enough to be merged without a look.
            (true, false) if similar => 90,
            (true, false) if !self.named => 88,
            // A mailbox that several people share.
            (true, false) => 60,
            (false, true) if self.name => 95,
            (false, true) if similar => 80,
            (false, true) if !self.named => 70,
            (false, true) => 45,
            (false, false) => self.by_name(similar)?,
        };
        let reasons = [
            ("email", self.email),
            ("phone", self.phone),
            ("name", self.name),
            ("similar_name", similar),
            ("company", self.company),
            ("city", self.city),
        ];
        let reasons = reasons.into_iter().filter(|(_, holds)| *holds).map(|(reason, _)| reason.to_owned()).collect();
        (confidence >= LEAST).then_some((reasons, confidence))
    }

    fn by_name(&self, similar: bool) -> Option<i16> {
        let less = if self.apart { 10 } else { 0 };
        Some(match (self.name, similar, self.company, self.city) {
            (true, _, true, true) => 92 - less,
            (true, _, true, false) => 85 - less,
            (true, _, false, true) => 75 - less,
            (true, _, false, false) if self.apart => 30,
            (true, _, false, false) => 50,
            (_, true, true, true) => 75 - less,
            (_, true, true, false) => 65 - less,
            (_, true, false, true) => 55 - less,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_case_and_accents_do_not_make_another_name() {
        let name = |text: &str| keys(text, None, None).first().map(|(_, key)| key.clone());
        assert_eq!(name("José Pérez"), Some("jose perez".into()));
        for text in ["PEREZ, José", "perez jose", "Jose\u{301} Perez"] {
            assert_eq!(name(text), name("José Pérez"), "{text}");
        }
        assert_eq!(name("ann@x.example").as_deref(), Some("ann example x"));
        assert_eq!(name("Ann"), None);
        let blocks = keys("John A. Smith", Some("Engines Ltd."), Some("Berlin"));
        assert_eq!(blocks[1..], [("company", "engines ltd|js".into()), ("place", "berlin|js".into())]);
    }

    fn evidence() -> impl Strategy<Value = Evidence> {
        let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
        (flags, 0.0..1.0_f64).prop_map(|((email, phone, name, company, city, apart), similarity)| Evidence {
            email,
            phone,
            name,
            similarity: if name { 1.0 } else { similarity },
            named: true,
            company,
            city,
            apart,
        })
    }

    proptest! {
        #[test]
        fn more_in_common_is_never_less_sure(some in evidence(), which in 0..6_usize) {
            let mut more = some;
            match which {
                0 => more.email = true,
                1 => more.phone = true,
                2 => (more.name, more.similarity) = (true, 1.0),
                3 => more.company = true,
                4 => more.city = true,
                _ => more.apart = false,
            }
            let sure = |evidence: Evidence| evidence.verdict().map_or(0, |(_, confidence)| confidence);
            prop_assert!(sure(more) >= sure(some), "{some:?} {more:?}");
            prop_assert!(sure(some) <= 99);
        }

        #[test]
        fn keys_do_not_depend_on_the_order_of_words(a in "[a-zA-Zäéñ]{1,8}", b in "[a-zA-Zäéñ]{1,8}") {
            prop_assert_eq!(keys(&format!("{a} {b}"), Some("X"), None), keys(&format!("{b}, {a}"), Some("x"), None));
        }
    }
}
