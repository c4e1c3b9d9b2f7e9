//! Words of notices and mails, in the language of whoever reads them. `words/notices` is what the console says too; `words/mails`
//! is for mails alone. They follow the console's rules: `{{hole}}`, and behind the name first the case (`title_gone`), then how
//! many (`many_few`).
use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// A language that things are said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Arabic,
}

impl Language {
    #[cfg(test)]
    pub(crate) const ALL: [Language; 2] = [Language::English, Language::Arabic];

    /// The nearest to what somebody reads, a BCP 47 tag; English when nothing is near.
    pub(crate) fn of(locale: &str) -> Self {
        match locale.split(['-', '_']).next() {
            Some(tag) if tag.eq_ignore_ascii_case("ar") => Language::Arabic,
            _ => Language::English,
        }
    }

    /// BCP 47.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Arabic => "ar",
        }
    }

    /// For `dir` in HTML.
    pub(crate) fn direction(self) -> &'static str {
        match self {
            Language::English => "ltr",
            Language::Arabic => "rtl",
        }
    }

    /// The form of so many, as CLDR names it.
    fn plural(self, count: i64) -> &'static str {
        match (self, count, count.rem_euclid(100)) {
            (_, 1, _) => "one",
            (Language::Arabic, 0, _) => "zero",
            (Language::Arabic, 2, _) => "two",
            (Language::Arabic, _, 3..=10) => "few",
            (Language::Arabic, _, 11..=99) => "many",
            _ => "other",
        }
    }

    fn words(self) -> &'static [Value; 2] {
        static ENGLISH: LazyLock<[Value; 2]> =
            LazyLock::new(|| read([include_str!("../words/notices/en.json"), include_str!("../words/mails/en.json")]));
        static ARABIC: LazyLock<[Value; 2]> =
            LazyLock::new(|| read([include_str!("../words/notices/ar.json"), include_str!("../words/mails/ar.json")]));
        match self {
            Language::English => &ENGLISH,
            Language::Arabic => &ARABIC,
        }
    }
}

fn read(files: [&str; 2]) -> [Value; 2] {
    // A file that cannot be read has no words: a test reads them all.
    files.map(|text| serde_json::from_str(text).unwrap_or_default())
}

fn find(language: Language, key: &str) -> Option<&'static str> {
    let word = |file: &'static Value| key.split('.').try_fold(file, |at, name| at.get(name))?.as_str();
    language.words().iter().find_map(word)
}

/// Says something; none when there are no words for it. `context` is the case it is about, `count` how many; `hole` gives what
/// stands in a hole.
pub(crate) fn say(
    language: Language,
    key: &str,
    (context, count): (Option<&str>, Option<i64>),
    hole: impl Fn(&str) -> String,
) -> Option<String> {
    let bare = context.map(|context| format!("{key}_{context}")).into_iter().chain([key.to_owned()]);
    let names = bare.flat_map(|name| {
        // Nothing at all may have words of its own in any language.
        let zero = (count == Some(0)).then_some("zero");
        let forms = zero.into_iter().chain(count.map(|count| language.plural(count)));
        forms.map(|form| format!("{name}_{form}")).chain([name.clone()]).collect::<Vec<_>>()
    });
    names.into_iter().find_map(|name| find(language, &name)).map(|text| fill(text, hole))
}

fn fill(text: &str, hole: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, tail)| Some((before, tail.split_once("}}")?)))
    {
        out.push_str(before);
        out.push_str(&hole(name));
        rest = after;
    }
    out + rest
}

/// Something that is said when the reader's language is known: it stands in the data of a mail, and among what fills the holes of
/// something else, in the place of a text. `values` is an object: what fills its holes, `context` and `count` among them, and
/// `else`, which is said when there are no words.
pub fn later(key: impl Into<String>, values: &Value) -> Value {
    let mut thing = values.as_object().cloned().unwrap_or_default();
    thing.insert("say".into(), Value::String(key.into()));
    Value::Object(thing)
}

/// Something that was said in several languages already, by their BCP 47 tags: the reader's is taken, English when it is not among
/// them. It stands where something that is said later may stand.
pub fn said_in<const N: usize>(texts: [(&str, String); N]) -> Value {
    let texts: Map<_, _> = texts.into_iter().map(|(tag, text)| (tag.to_owned(), text.into())).collect();
    Value::Object(Map::from_iter([("said_in".to_owned(), texts.into())]))
}

fn thing(language: Language, thing: &Map<String, Value>) -> Option<String> {
    if let Some(texts) = thing.get("said_in").and_then(Value::as_object) {
        let own = texts.get(language.tag()).or_else(|| texts.get(Language::English.tag()));
        return own.and_then(Value::as_str).map(str::to_owned);
    }
    let key = thing.get("say")?.as_str()?;
    let cases = (thing.get("context").and_then(Value::as_str), thing.get("count").and_then(Value::as_i64));
    let hole = |name: &str| {
        let value = thing.get(name)?;
        dated(language, name, value).or_else(|| Some(text(language, value)))
    };
    let said = say(language, key, cases, |name| hole(name).unwrap_or_default());
    Some(said.unwrap_or_else(|| thing.get("else").map(|value| text(language, value)).unwrap_or_default()))
}

/// A day as people write it, where a hole is for a day.
fn dated(language: Language, hole: &str, value: &Value) -> Option<String> {
    let day = matches!(hole, "on" | "day").then(|| value.as_str()?.parse().ok()).flatten()?;
    Some(date(language, day))
}

fn date(language: Language, day: NaiveDate) -> String {
    let said = say(language, "date", (None, None), |part| date_part(language, day, part).unwrap_or_default());
    said.unwrap_or_else(|| day.to_string())
}

/// A day as people write it in their language, a BCP 47 tag: `1 December 2026`.
#[must_use]
pub fn day(locale: &str, day: NaiveDate) -> String {
    date(Language::of(locale), day)
}

/// The day, month or year of a date.
pub(crate) fn date_part(language: Language, date: NaiveDate, part: &str) -> Option<String> {
    match part {
        "day" => Some(date.day().to_string()),
        "month" => find(language, &format!("month.m{}", date.month())).map(str::to_owned),
        "year" => Some(date.year().to_string()),
        _ => None,
    }
}

/// A text, or something that is said later, in a language.
pub(crate) fn text(language: Language, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(object) => thing(language, object).unwrap_or_else(|| value.to_string()),
        other => other.to_string(),
    }
}

/// The same with a text in the place of everything in it that is said later.
pub(crate) fn spoken(language: Language, value: Value) -> Value {
    match value {
        Value::Object(object) => match thing(language, &object) {
            Some(said) => said.into(),
            None => object.into_iter().map(|(key, value)| (key, spoken(language, value))).collect::<Map<_, _>>().into(),
        },
        Value::Array(items) => items.into_iter().map(|item| spoken(language, item)).collect(),
        plain => plain,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::{BTreeMap, BTreeSet};

    const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

    fn flat(at: &str, value: &Value, into: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(object) => {
                object.iter().for_each(|(key, value)| flat(&format!("{at}.{key}"), value, into));
            }
            text => {
                into.insert(at.trim_start_matches('.').into(), text.as_str().expect("a text").into());
            }
        }
    }

    pub(crate) fn all(language: Language) -> BTreeMap<String, String> {
        let mut words = BTreeMap::new();
        language.words().iter().for_each(|file| flat("", file, &mut words));
        words
    }

    /// The name without how many, and which form it is.
    fn base(key: &str) -> (&str, Option<&str>) {
        match key.rsplit_once('_') {
            Some((base, form)) if FORMS.contains(&form) => (base, Some(form)),
            _ => (key, None),
        }
    }

    fn holes(text: &str) -> BTreeSet<&str> {
        text.split("{{").skip(1).filter_map(|part| part.split_once("}}")).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_says_everything_with_the_same_holes_and_in_all_its_forms() {
        let english = all(Language::English);
        let named: BTreeSet<_> = english.keys().map(|key| base(key).0).collect();
        assert!(named.len() > 80, "the files are read");
        for language in Language::ALL {
            let words = all(language);
            assert_eq!(words.keys().map(|key| base(key).0).collect::<BTreeSet<_>>(), named, "{language:?}");
            for (key, text) in &words {
                let (name, form) = base(key);
                let first = english.get(key).or_else(|| english.get(&format!("{name}_other"))).expect("in English");
                // Some forms say the number as a word.
                let kept = |holes: BTreeSet<_>| holes.into_iter().filter(|h| form.is_none() || *h != "count").collect();
                let (own, wanted): (Vec<&str>, Vec<&str>) = (kept(holes(text)), kept(holes(first)));
                assert!(own == wanted && !text.trim().is_empty(), "{language:?} {key}");
                if form == Some("other") {
                    for count in 0..=110 {
                        let needed = format!("{name}_{}", language.plural(count));
                        assert!(words.contains_key(&needed), "{language:?} {needed}");
                    }
                }
            }
        }
    }

    #[test]
    fn things_are_said_by_case_and_count_and_what_has_no_words_otherwise() {
        let when = |count: i64| later("part.when", &json!({"count": count, "on": "2026-12-01"}));
        let notice = |count: i64| {
            let what = later("part.birthday", &json!({}));
            later("occasion.notice.title", &json!({"what": what, "name": "Ada", "when": when(count)}))
        };
        assert_eq!(text(Language::English, &notice(0)), "Birthday: Ada, today");
        assert_eq!(text(Language::English, &notice(7)), "Birthday: Ada, in 7 days, on 1 December 2026");
        assert_eq!(text(Language::Arabic, &notice(2)), "عيد ميلاد: Ada، بعد يومين، في 1 ديسمبر 2026");
        assert_eq!(text(Language::Arabic, &notice(7)), "عيد ميلاد: Ada، بعد 7 أيام، في 1 ديسمبر 2026");
        let gone = later("webhook.disabled.title", &json!({"context": "gone", "else": "x"}));
        let data = json!({"title": gone, "items": [{"title": later("none.such", &json!({"else": "{{n}}"}))}], "n": 3});
        let said = json!({"title": "Webhook switched off: its address is gone", "items": [{"title": "{{n}}"}], "n": 3});
        assert_eq!(spoken(Language::English, data), said);
        assert_eq!(
            text(Language::English, &later("task.reminder.title", &json!({"task": "{{task}}"}))),
            "Reminder: {{task}}"
        );
    }

    #[test]
    fn what_was_said_in_several_languages_is_read_in_ones_own() {
        let data = json!({"body": said_in([("en", "Yes".into()), ("ar", "نعم".into())]), "only": said_in([("en", "No".into())])});
        assert_eq!(spoken(Language::Arabic, data.clone()), json!({"body": "نعم", "only": "No"}));
        assert_eq!(spoken(Language::English, data), json!({"body": "Yes", "only": "No"}));
    }

    #[test]
    fn a_reader_gets_the_language_that_is_nearest() {
        let tags = ["ar", "AR-SA", "ar_EG", "en-GB", "de", "", "arn"];
        assert_eq!(tags.map(|tag| Language::of(tag).tag()), ["ar", "ar", "ar", "en", "en", "en", "en"]);
    }
}
