//! Segments as personal data: of the contacts that are in them, and of whoever is mentioned by what people wrote into them.
use super::{
    actions::{begin_build, record_all, tell},
    db::{self, Words},
    model::{SegmentId, SegmentRule},
};
use contacts::Person;
use kernel::{Mentions, Result, Tx};
use serde_json::{Value, json};

/// Segments that the person is in, by name, and since when; and those that mention him.
pub async fn export_person(tx: &mut Tx, person: &Person) -> Result<Value> {
    let rows = db::of_person(tx, person.contact).await?;
    let segments = rows.into_iter().map(|row| json!({ "segment": row.segment, "since": row.entered_at }));
    let found = db::concerning(tx, person.contact, &person.addresses).await?;
    let mentions = Mentions(&person.addresses);
    let mentioning = found.iter().filter(|words| words.without(mentions).is_some()).map(|words| words.id);
    Ok(json!({ "segments": segments.collect::<Vec<_>>(), "mentioned_by": mentioning.collect::<Vec<_>>() }))
}

/// Takes the person out of every segment, and what mentions him out of their words: a condition that names him fits nobody any more.
pub async fn erase_person(tx: &mut Tx, person: &Person) -> Result<Vec<(&'static str, u64)>> {
    let found = db::concerning(tx, person.contact, &person.addresses).await?;
    let reworded: Vec<(&Words, Words)> =
        found.iter().filter_map(|words| Some((words, words.without(Mentions(&person.addresses))?))).collect();
    let (left, lines) = db::forget(tx, person.contact).await?;
    for segment in left {
        db::count(tx, segment, -1).await?;
        tell(tx, segment, person.contact.0, false).await?;
    }
    let defined = reworded.iter().filter(|(before, after)| before.definition != after.definition);
    let again: Vec<SegmentId> = defined.map(|(_, after)| after.id).collect();
    let next: Vec<Words> = reworded.into_iter().map(|(_, after)| after).collect();
    db::reword(tx, &next).await?;
    begin_build(tx, &again).await?;
    let ids: Vec<SegmentId> = next.iter().map(|words| words.id).collect();
    record_all(tx, "segment.updated", &ids, "Words about a person erased").await?;
    Ok(vec![("segment_members", lines), ("segments", next.len() as u64)])
}

impl Words {
    /// This without what mentions somebody; `None` when nothing does.
    fn without(&self, mentions: Mentions<'_>) -> Option<Words> {
        // Names are given once, so each that is lost is lost in its own way.
        let is_named = mentions.out_of(&self.name) != self.name;
        let name = if is_named { format!("{} {}", Mentions::ERASED, self.id) } else { self.name.clone() };
        let description = self.description.as_deref().map(|text| mentions.out_of(text));
        let definition = self.definition.as_ref().map(|rule| without(rule, mentions));
        let next = Words { id: self.id, name, description, definition };
        (next != *self).then_some(next)
    }
}

/// A rule, and those within it, that asks for nobody who is mentioned. Phone numbers are compared as they are dialled.
fn without(rule: &SegmentRule, mentions: Mentions<'_>) -> SegmentRule {
    let is_phone = rule.field.as_deref() == Some("phone");
    let value = |value: &String| match is_phone && mentions.dials(value) {
        true => Mentions::NO_NUMBER.to_owned(),
        false => mentions.out_of(value),
    };
    SegmentRule {
        rules: rule.rules.iter().map(|rule| without(rule, mentions)).collect(),
        values: rule.values.iter().map(value).collect(),
        ..rule.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_name_nobody_who_is_erased() {
        let rule = |text: &str| serde_json::from_str::<SegmentRule>(text).unwrap();
        let of = ["ann@x.example".to_owned(), "+49 30 901820".to_owned(), "+4930901820".to_owned()];
        let said = rule(
            r#"{"kind":"none","rules":[
                {"kind":"field","field":"email","op":"is","values":["Ann@X.example","bo@y.example"]},
                {"kind":"any","rules":[{"kind":"field","field":"phone","op":"ends_with","values":["030 901820"]},
                    {"kind":"field","field":"score","op":"above","values":["901820"]}]}]}"#,
        );
        let next = without(&said, Mentions(&of));
        assert_eq!(next.rules[0].values, ["[erased]", "bo@y.example"]);
        assert_eq!(next.rules[1].rules[0].values, ["0000000000"]);
        assert_eq!(next.rules[1].rules[1].values, ["901820"]);
        assert_eq!(without(&next, Mentions(&of)), next);
    }
}
