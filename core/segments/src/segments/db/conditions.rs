//! Conditions as SQL. A condition is true or false, never unknown, unless it is broken: then it is unknown, and so is whatever
//! depends on it, also its opposite. Where a condition stands under "none of" it is made certain by `coalesce`; elsewhere
//! unknown and false are the same, and an index can answer.
use super::catalogue::{Custom, Kind, related};
use crate::segments::{
    days::{Said, moved},
    model::RelatedRecord,
    tree::{Leaf, Test, Tree},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::db::{Composed, contains};
use occasions::Calendar;
use tasks::{day_of, day_start};
use tokio_postgres::types::Type;

/// When and where conditions are asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    pub now: DateTime<Utc>,
    pub zone: Tz,
    /// How the tenant reads dates that come every year.
    pub calendar: Calendar,
}

impl At {
    fn today(&self) -> NaiveDate {
        day_of(self.now, self.zone)
    }

    fn days(&self, said: Said) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let span = said.span(self.today());
        (span.from, span.to)
    }

    fn moments(&self, said: Said) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let (from, to) = self.days(said);
        (from.map(|day| day_start(day, self.zone)), to.map(|day| day_start(day, self.zone)))
    }

    fn anchors(&self, said: Said) -> Vec<String> {
        self.calendar.anchors(&said.days(self.today()))
    }
}

/// Adds a condition on a row.
pub(crate) fn condition(out: &mut Composed, tree: &Tree, at: &At) {
    emit(out, tree, at, false);
}

fn emit(out: &mut Composed, tree: &Tree, at: &At, certain: bool) {
    match tree {
        Tree::All(inner) => joined(out, inner, at, certain, " and "),
        Tree::Any(inner) => joined(out, inner, at, certain, " or "),
        Tree::None(inner) => {
            out.add("not ");
            joined(out, inner, at, true, " or ");
        }
        Tree::Broken => drop(out.add("null::boolean")),
        Tree::Picked(segment) => {
            out.add("exists (select from segment_picks p where p.contact_id = c.id and p.segment_id = ");
            out.bind(*segment, Type::UUID).add(")");
        }
        Tree::Has(record, yes, inner) => {
            if !yes {
                out.add("not ");
            }
            out.add("exists (select from ");
            of_contact(out, *record, inner, at);
            out.add(")");
        }
        Tree::Seen(seen) => seen.emit(out),
        Tree::Leaf(leaf) => comparison(out, leaf, at, certain),
    }
}

fn joined(out: &mut Composed, inner: &[Tree], at: &At, certain: bool, word: &'static str) {
    out.add("(");
    for (n, rule) in inner.iter().enumerate() {
        if n > 0 {
            out.add(word);
        }
        emit(out, rule, at, certain);
    }
    out.add(")");
}

/// Adds the related records of a row `c` of contacts that fit: what follows `from`.
fn of_contact(out: &mut Composed, record: RelatedRecord, rules: &[Tree], at: &At) {
    fitting(out, record, rules, at, "");
    out.add(" and ").add(related(record).contact).add(" = c.id");
}

fn fitting(out: &mut Composed, record: RelatedRecord, rules: &[Tree], at: &At, begin: &'static str) {
    begin_related(out, record, begin);
    for rule in rules {
        out.add(" and ");
        emit(out, rule, at, false);
    }
}

/// The column with the moment of a related record, by its name; the last one of its kind when none is said.
pub(crate) fn moment(record: RelatedRecord, name: Option<&str>) -> Option<&'static str> {
    let mut moments = related(record).fields.iter().filter(|field| field.kind == Kind::Moment);
    let found = match name {
        Some(name) => moments.find(|field| field.name == name),
        None => moments.next_back(),
    };
    found.map(|field| field.sql)
}

/// Adds a query for the moments `at`, newest first, at most `most` of them and none before `since`, of related records of a
/// row `c` that fit.
pub(crate) fn moments(
    out: &mut Composed,
    (record, rules): (RelatedRecord, &[Tree]),
    column: &'static str,
    (since, most): (Option<DateTime<Utc>>, i64),
    at: &At,
) {
    out.add("select ").add(column).add(" as at from ");
    of_contact(out, record, rules, at);
    out.add(" and ").add(column).add(" is not null");
    if let Some(since) = since {
        out.add(" and ").add(column).add(" >= ").bind(since, Type::TIMESTAMPTZ);
    }
    out.add(" order by ").add(column).add(" desc limit ").bind(most, Type::INT8);
}

/// Adds a query for the contacts of related records that fit and whose moment lies within a time.
pub(crate) fn within(
    out: &mut Composed,
    (record, rules): (RelatedRecord, &[Tree]),
    column: &'static str,
    (from, to): (DateTime<Utc>, Option<DateTime<Utc>>),
    at: &At,
) {
    out.add("select ").add(related(record).contact);
    fitting(out, record, rules, at, " from ");
    out.add(" and ").add(column).add(" >= ").bind(from, Type::TIMESTAMPTZ);
    if let Some(to) = to {
        out.add(" and ").add(column).add(" < ").bind(to, Type::TIMESTAMPTZ);
    }
}

fn begin_related(out: &mut Composed, record: RelatedRecord, begin: &'static str) {
    let source = related(record);
    out.add(begin).add(source.source).add(" where ").add(source.always);
}

fn comparison(out: &mut Composed, leaf: &Leaf, at: &At, certain: bool) {
    let rows = in_rows(leaf.spec.kind);
    // "Empty" is asked of the rows: there is none.
    let not = leaf.not != (rows && leaf.test == Test::Empty);
    match (rows, not) {
        (true, true) => drop(out.add("not ")),
        (false, true) => drop(out.add("not coalesce(")),
        (false, false) if certain => drop(out.add("coalesce(")),
        _ => {}
    }
    match leaf.spec.kind {
        Kind::Address(source) => begin_rows(out, source),
        Kind::Custom(_) => {
            begin_rows(out, "custom_field_values v where ");
            values_of(out, leaf);
        }
        Kind::Blocked => begin_rows(out, "do_not_contact b where b.contact_id = c.id and b.direction = 'outbound'"),
        Kind::Birthday => {
            begin_rows(out, "occasions o where o.contact_id = c.id and o.kind = 'birthday' and o.deleted_at is null")
        }
        _ => {}
    }
    match (rows, &leaf.test) {
        (true, Test::Empty) => {}
        (true, Test::Every(words)) => every(out, leaf, words),
        (true, _) => {
            out.add(" and ");
            test(out, leaf, at);
        }
        (false, _) => test(out, leaf, at),
    }
    match (rows, not || certain) {
        (true, _) => out.add(")"),
        (false, true) => out.add(", false)"),
        (false, false) => out,
    };
}

fn in_rows(kind: Kind) -> bool {
    matches!(kind, Kind::Address(_) | Kind::Custom(_) | Kind::Blocked | Kind::Birthday)
}

/// Which rows hold the values of a field that the tenant defined, of the record at hand.
fn values_of(out: &mut Composed, leaf: &Leaf) {
    if let Some(field) = leaf.field {
        out.add("v.record_id = ").add(field.of).add(" and v.field_id = ").bind(field.id, Type::UUID);
    }
}

fn begin_rows(out: &mut Composed, source: &'static str) {
    out.add("exists (select from ").add(source);
}

/// Several rows of one record have all of the words between them.
fn every(out: &mut Composed, leaf: &Leaf, words: &[String]) {
    let count = i64::try_from(words.iter().collect::<std::collections::BTreeSet<_>>().len()).unwrap_or(i64::MAX);
    out.add(" and v.text_key = any(").bind(words.to_vec(), Type::TEXT_ARRAY);
    out.add(") having count(distinct ").add(leaf.spec.sql).add(") = ").bind(count, Type::INT8);
}

fn test(out: &mut Composed, leaf: &Leaf, at: &At) {
    let (sql, kind) = (leaf.spec.sql, leaf.spec.kind);
    match &leaf.test {
        Test::Empty => match kind {
            Kind::Text(_) | Kind::Word(_) => drop(out.add("coalesce(").add(sql).add(", '') = ''")),
            Kind::Tags | Kind::Words(_) => drop(out.add("cardinality(").add(sql).add(") = 0")),
            _ => drop(out.add(sql).add(" is null")),
        },
        Test::Folded(texts) => equal(out, leaf, texts),
        Test::Like(pattern) if matches!(kind, Kind::Address(_)) => {
            out.add(sql).add(" like lower(").bind(pattern.clone(), Type::TEXT).add(")");
        }
        Test::Like(pattern) => like(out, leaf, pattern),
        Test::Words(words) if kind == Kind::Blocked => {
            let mut words = words.clone();
            // Whoever may not be reached at all may not be reached in any way.
            words.push("all".to_owned());
            out.add(sql).add(" = any(").bind(words, Type::TEXT_ARRAY).add(")");
        }
        Test::Words(words) => drop(out.add(sql).add(" = any(").bind(words.clone(), Type::TEXT_ARRAY).add(")")),
        Test::Ids(ids) => drop(out.add(sql).add(" = any(").bind(ids.clone(), Type::UUID_ARRAY).add(")")),
        Test::Some(words) if in_rows(kind) => {
            out.add(sql).add(" = any(").bind(words.clone(), Type::TEXT_ARRAY).add(")");
        }
        Test::Some(words) => drop(out.add(sql).add(" && ").bind(words.clone(), Type::TEXT_ARRAY)),
        Test::Every(words) => drop(out.add(sql).add(" @> ").bind(words.clone(), Type::TEXT_ARRAY)),
        Test::Each(each) => {
            out.add("(true");
            for words in each {
                out.add(" and ").add(sql).add(" && ").bind(words.clone(), Type::TEXT_ARRAY);
            }
            out.add(")");
        }
        Test::Numbers(numbers) => drop(out.add(sql).add(" = any(").bind(numbers.clone(), Type::INT8_ARRAY).add(")")),
        Test::Range(from, to) => between(out, sql, (*from, *to), " <= ", Type::INT8),
        Test::Days(said) => match kind {
            Kind::Birthday => drop(out.add(sql).add(" = any(").bind(at.anchors(*said), Type::TEXT_ARRAY).add(")")),
            Kind::Moment => between(out, sql, at.moments(*said), " < ", Type::TIMESTAMPTZ),
            _ => between(out, sql, at.days(*said), " < ", Type::DATE),
        },
        Test::True if kind == Kind::Overdue => {
            out.add("(t.status = 'open' and ").add(sql).add(" <= ").bind(at.now, Type::TIMESTAMPTZ).add(")");
        }
        Test::True => drop(out.add(sql).add(" = 'true'")),
    }
}

/// What a record is found by holds these texts of it, folded: where they are searched for, that has an index, and they have none.
fn searched(sql: &str) -> Option<&'static str> {
    match sql {
        "c.name_key" | "c.first_name" | "c.last_name" | "c.company_name" | "c.industry" | "c.domain" => {
            Some("c.search like fold(")
        }
        "d.name_key" => Some("d.search like fold("),
        _ => None,
    }
}

/// Whether trigrams tell of a text, and folding makes no wildcard or escape of one of its signs.
fn is_plain(text: &str) -> bool {
    text.chars().count() > 2 && text.chars().all(|c| c.is_ascii() || c.is_alphanumeric())
}

fn equal(out: &mut Composed, leaf: &Leaf, texts: &[String]) {
    let of_text = leaf.spec.kind == Kind::Text(false) && texts.iter().all(|text| is_plain(text));
    let searched = searched(leaf.spec.sql).filter(|_| of_text);
    if let Some(searched) = searched {
        for (n, text) in texts.iter().enumerate() {
            out.add(if n == 0 { "((" } else { " or " }).add(searched).bind(contains(text), Type::TEXT).add(")");
        }
        out.add(") and ");
    }
    folded(out, leaf).add(" = any(array(select fold(w.text) from unnest(");
    out.bind(texts.to_vec(), Type::TEXT_ARRAY).add(") as w(text)))");
    if searched.is_some() {
        out.add(")");
    }
}

fn like(out: &mut Composed, leaf: &Leaf, pattern: &str) {
    let searched = searched(leaf.spec.sql).filter(|_| pattern.len() > 4);
    if let Some(searched) = searched {
        out.add("(").add(searched).bind(format!("%{pattern}%"), Type::TEXT).add(") and ");
    }
    folded(out, leaf).add(" like fold(").bind(pattern.to_owned(), Type::TEXT).add(")");
    if searched.is_some() {
        out.add(")");
    }
}

fn folded<'a>(out: &'a mut Composed, leaf: &Leaf) -> &'a mut Composed {
    match leaf.spec.kind {
        Kind::Text(false) => out.add("fold(").add(leaf.spec.sql).add(")"),
        _ => out.add(leaf.spec.sql),
    }
}

fn between<T>(out: &mut Composed, sql: &'static str, ends: (Option<T>, Option<T>), upto: &'static str, ty: Type)
where
    T: tokio_postgres::types::ToSql + Sync + Send + 'static,
{
    let both = ends.0.is_some() && ends.1.is_some();
    out.add("(");
    if let Some(from) = ends.0 {
        out.add(sql).add(" >= ").bind(from, ty.clone());
    }
    if both {
        out.add(" and ");
    }
    if let Some(to) = ends.1 {
        out.add(sql).add(upto).bind(to, ty);
    }
    out.add(")");
}

/// Adds, for every comparison that says something else at another time, a query for the contacts that may come or go between
/// the two times, joined by `union all`; gives whether there is any. Each reads a range of an index.
pub(crate) fn passed(out: &mut Composed, tree: &Tree, old: &At, new: &At) -> bool {
    let mut asked = false;
    sweep(out, tree, None, (old, new), &mut asked);
    asked
}

fn sweep(out: &mut Composed, tree: &Tree, record: Option<RelatedRecord>, times: (&At, &At), asked: &mut bool) {
    match tree {
        Tree::All(inner) | Tree::Any(inner) | Tree::None(inner) => {
            inner.iter().for_each(|rule| sweep(out, rule, record, times, asked));
        }
        Tree::Has(record, _, inner) => {
            inner.iter().for_each(|rule| sweep(out, rule, Some(*record), times, asked));
        }
        Tree::Leaf(leaf) => sweep_leaf(out, leaf, record, times, asked),
        Tree::Seen(_) | Tree::Picked(_) | Tree::Broken => {}
    }
}

fn sweep_leaf(
    out: &mut Composed,
    leaf: &Leaf,
    record: Option<RelatedRecord>,
    (old, new): (&At, &At),
    asked: &mut bool,
) {
    let sql = leaf.spec.indexed.unwrap_or(leaf.spec.sql);
    match (leaf.spec.kind, &leaf.test) {
        (Kind::Birthday, Test::Days(said)) => {
            let (before, after) = (old.anchors(*said), new.anchors(*said));
            let other = |a: &[String], b: &[String]| a.iter().filter(|x| !b.contains(x)).cloned().collect::<Vec<_>>();
            let anchors = [other(&before, &after), other(&after, &before)].concat();
            if !anchors.is_empty() {
                begin(out, asked);
                out.add("select o.contact_id from occasions o where o.kind = 'birthday' and o.deleted_at is null and o.contact_id is not null and o.anchor = any(");
                out.bind(anchors, Type::TEXT_ARRAY).add(")");
            }
        }
        (Kind::Overdue, Test::True) if old.now != new.now => {
            begin(out, asked);
            begin_related(out, RelatedRecord::Task, "select t.contact_id from ");
            // What falls due at the very moment is overdue from then on.
            out.add(" and t.status = 'open' and ").add(sql).add(" > ").bind(old.now.min(new.now), Type::TIMESTAMPTZ);
            out.add(" and ").add(sql).add(" <= ").bind(old.now.max(new.now), Type::TIMESTAMPTZ);
        }
        (Kind::Moment, Test::Days(said)) => {
            for (from, to) in moved(old.moments(*said), new.moments(*said)) {
                begin_range(out, leaf, record, asked);
                out.add(sql).add(" >= ").bind(from, Type::TIMESTAMPTZ);
                out.add(" and ").add(sql).add(" < ").bind(to, Type::TIMESTAMPTZ);
            }
        }
        (Kind::Day | Kind::Custom(Custom::Date), Test::Days(said)) => {
            for (from, to) in moved(old.days(*said), new.days(*said)) {
                begin_range(out, leaf, record, asked);
                out.add(sql).add(" >= ").bind(from, Type::DATE).add(" and ").add(sql).add(" < ").bind(to, Type::DATE);
            }
        }
        _ => {}
    }
}

fn begin(out: &mut Composed, asked: &mut bool) {
    if std::mem::replace(asked, true) {
        out.add(" union all ");
    }
}

fn begin_range(out: &mut Composed, leaf: &Leaf, record: Option<RelatedRecord>, asked: &mut bool) {
    begin(out, asked);
    match record {
        Some(record) if leaf.field.is_some() => {
            let source = related(record);
            out.add("select ").add(source.contact).add(" from custom_field_values v, ").add(source.source);
            out.add(" where ").add(source.always).add(" and ");
            values_of(out, leaf);
            out.add(" and ");
        }
        Some(record) => {
            out.add("select ").add(related(record).contact);
            begin_related(out, record, " from ");
            out.add(" and ");
        }
        None if leaf.field.is_some() => {
            out.add("select c.id from custom_field_values v, contacts c where ");
            values_of(out, leaf);
            out.add(" and ");
        }
        None => drop(out.add("select c.id from contacts c where c.deleted_at is null and ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segments::tree::{Known, read_of};
    use kernel::Ruled;
    use serde_json::json;

    fn said(of: Ruled, field: &str, op: &str, values: &[&str]) -> String {
        let rule = json!({"kind": "field", "field": field, "op": op, "values": values});
        let read = read_of(of, &serde_json::from_value(rule).unwrap(), &Known::default());
        let (Ok((Tree::Leaf(leaf), _)), mut out) = (read, Composed::default()) else { panic!("{field} {op}") };
        match &leaf.test {
            Test::Folded(texts) => equal(&mut out, &leaf, texts),
            Test::Like(pattern) => like(&mut out, &leaf, pattern),
            other => panic!("{other:?}"),
        }
        out.text().to_owned()
    }

    #[test]
    fn texts_that_a_record_is_found_by_are_looked_for_where_an_index_helps() {
        let surname = said(Ruled::Contacts, "last_name", "starts_with", &["Tanaka"]);
        assert_eq!(surname, "(c.search like fold($1) and fold(c.last_name) like fold($2))");
        let industry = said(Ruled::Companies, "industry", "is", &["Tea", "Coffee"]);
        let equal = "fold(c.industry) = any(array(select fold(w.text) from unnest($3) as w(text)))";
        assert_eq!(industry, format!("((c.search like fold($1) or c.search like fold($2)) and {equal})"));
        // Without trigrams, or with a sign that would be read as another one, the index would not help or would miss some.
        for text in ["ab", "a\u{ff3c}b"] {
            assert!(said(Ruled::Contacts, "company_name", "is", &[text]).starts_with("fold(c.company_name) = any("));
        }
        assert!(said(Ruled::Contacts, "job_title", "is", &["Baker"]).starts_with("fold(c.job_title) = any("));
        assert!(said(Ruled::Contacts, "name", "is", &["Ada Byron"]).starts_with("c.name_key = any("));
        let city = said(Ruled::Contacts, "city", "is", &["Berlin"]);
        assert!(city.starts_with("(fold(c.address->>'city') collate \"C\") = any("), "{city}");
    }
}
