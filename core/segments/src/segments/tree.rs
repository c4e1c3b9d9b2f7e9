//! Reading a definition: rules become conditions whose values have their types, and what is wrong with them is said.
use super::{
    days::Said,
    db::{
        Seen,
        catalogue::{self, Asked, Custom, FieldSpec, Kind, Named},
    },
    model::{BrokenRule, Operator, RelatedRecord, RuleKind, SegmentRule},
};
use contacts::{EmailAddress, PhoneNumber, Problems};
use kernel::Ruled;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Most rules of a definition.
const MOST_RULES: usize = 60;
/// Deepest that rules may stand in each other.
const DEEPEST: usize = 5;
/// Most values of a rule.
const MOST_VALUES: usize = 100;
/// Longest value, in characters.
const LONGEST: usize = 255;
/// Stands among the references for "any tag".
pub(crate) const ANY_TAG: Uuid = Uuid::nil();

/// A field that the tenant defined.
#[derive(Debug, Clone)]
pub(crate) struct KnownField {
    pub id: Uuid,
    /// Of which records; none of contacts.
    pub record: Option<RelatedRecord>,
    pub key: String,
    pub shape: Custom,
}

/// What a definition may name that is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Names by which contacts carry tags, by id.
    pub tags: BTreeMap<Uuid, Vec<String>>,
    /// Keys of stages of contacts.
    pub stages: BTreeSet<String>,
    /// Pipelines, their stages, and forms.
    pub others: BTreeSet<Uuid>,
    /// Contacts and companies that became part of another one, and which one.
    pub merged: BTreeMap<String, String>,
    pub fields: Vec<KnownField>,
    /// Where phone numbers without a country are dialled.
    pub country: Option<String>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    None(Vec<Tree>),
    Leaf(Leaf),
    /// There is such a record, or none when not.
    Has(RelatedRecord, bool, Vec<Tree>),
    /// Whoever reads sees the related record at hand.
    Seen(Seen),
    /// Whoever was put into the segment.
    Picked(Uuid),
    /// Fits nobody, and nobody fits its opposite.
    Broken,
}

/// A comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub spec: FieldSpec,
    /// Where its values stand, of one that the tenant defined.
    pub field: Option<OwnField>,
    /// Whether the opposite is meant.
    pub not: bool,
    pub test: Test,
}

/// A field that the tenant defined, of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnField {
    pub id: Uuid,
    /// The column with the id of the record.
    pub of: &'static str,
}

/// What is asked, never in the negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Empty,
    /// Texts that are folded before they are compared.
    Folded(Vec<String>),
    /// A pattern of `like`, and the text that every match holds if indexes can find it.
    Like(String),
    /// Exactly one of these.
    Words(Vec<String>),
    Ids(Vec<Uuid>),
    /// At least one of these.
    Some(Vec<String>),
    /// All of these.
    Every(Vec<String>),
    /// At least one of each of these.
    Each(Vec<Vec<String>>),
    Numbers(Vec<i64>),
    /// From the first to the second, both included.
    Range(Option<i64>, Option<i64>),
    Days(Said),
    /// It is so.
    True,
}

/// What became of a definition.
#[derive(Debug, Clone, Default)]
pub(crate) struct Read {
    pub broken: Vec<BrokenRule>,
    /// What it names.
    pub refs: BTreeSet<Uuid>,
    /// Whether it says something else tomorrow.
    pub uses_days: bool,
    /// Whether it says something else in a moment.
    pub uses_moments: bool,
}

struct Reader<'a> {
    of: Ruled,
    known: &'a Known,
    problems: Problems,
    read: Read,
    rules: usize,
}

/// Reads a definition of contacts.
///
/// # Errors
/// What no definition can hold: fields and operators that there are not, values that do not fit. What it names and is gone is
/// no error.
pub(crate) fn read(rule: &SegmentRule, known: &Known) -> Result<(Tree, Read), Problems> {
    read_of(Ruled::Contacts, rule, known)
}

/// The same of other rows; what is related to those cannot be asked for.
pub(crate) fn read_of(of: Ruled, rule: &SegmentRule, known: &Known) -> Result<(Tree, Read), Problems> {
    let mut reader = Reader { of, known, problems: Problems::default(), read: Read::default(), rules: 0 };
    let tree = reader.rule(rule, "", None, 1);
    if reader.rules > MOST_RULES {
        reader.problems.add("/definition", "too_many", format!("At most {MOST_RULES} rules."));
    }
    match reader.problems.is_empty() {
        true => Ok((tree, reader.read)),
        false => Err(reader.problems),
    }
}

/// The definition with keys of fields replaced by their ids: a key may come back as another field.
pub(crate) fn by_id(rule: &SegmentRule, known: &Known) -> SegmentRule {
    with_ids(rule, known, None)
}

fn with_ids(rule: &SegmentRule, known: &Known, within: Option<RelatedRecord>) -> SegmentRule {
    let within = rule.record.or(within);
    let mut same = rule.clone();
    same.rules = rule.rules.iter().map(|rule| with_ids(rule, known, within)).collect();
    let key = rule.field.as_deref().and_then(|name| name.strip_prefix("custom."));
    let of_record = |field: &&KnownField| field.record == within && Some(field.key.as_str()) == key;
    if let Some(field) = known.fields.iter().find(of_record) {
        same.field = Some(format!("custom.{}", fields::CustomFieldId(field.id)));
    }
    same
}

/// The definition with another value of a field in place of one, a tag or a stage; `None` when it names it nowhere.
pub(crate) fn with_value(rule: &SegmentRule, field: &str, from: &str, into: &str) -> Option<SegmentRule> {
    let mut next = rule.clone();
    let mut found = false;
    if rule.field.as_deref() == Some(field) && rule.values.iter().any(|value| value == from) {
        found = true;
        next.values = vec![];
        for value in &rule.values {
            let value = if value == from { into } else { value };
            if !next.values.iter().any(|known| known == value) {
                next.values.push(value.to_owned());
            }
        }
    }
    for inner in &mut next.rules {
        if let Some(changed) = with_value(inner, field, from, into) {
            (*inner, found) = (changed, true);
        }
    }
    found.then_some(next)
}

/// The opposite of an operator that says what is not.
fn positive(op: Operator) -> (Operator, bool) {
    match op {
        Operator::IsNot => (Operator::Is, true),
        Operator::NotContains => (Operator::Contains, true),
        Operator::NoneOf => (Operator::AnyOf, true),
        Operator::NotEmpty => (Operator::Empty, true),
        Operator::No => (Operator::Yes, true),
        op => (op, false),
    }
}

pub(super) fn id_of(text: &str, prefix: &str) -> Option<Uuid> {
    text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).and_then(kernel::ids::decode)
}

fn pattern(op: Operator, text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    match op {
        Operator::StartsWith => format!("{escaped}%"),
        Operator::EndsWith => format!("%{escaped}"),
        _ => format!("%{escaped}%"),
    }
}

/// A number as its key: millionths, as the index of values keeps them.
fn millionths(text: &str) -> Option<i64> {
    let number: f64 = text.parse().ok()?;
    let scaled = (number * 1e6).round();
    (number.is_finite() && scaled.abs() < 9e18).then_some(scaled as i64)
}

impl Reader<'_> {
    fn rule(&mut self, rule: &SegmentRule, at: &str, within: Option<RelatedRecord>, depth: usize) -> Tree {
        self.rules += 1;
        if depth > DEEPEST {
            self.problems.add(format!("/definition{at}"), "too_deep", format!("Rules stand at most {DEEPEST} deep."));
            return Tree::Broken;
        }
        let group = matches!(rule.kind, RuleKind::All | RuleKind::Any | RuleKind::None);
        if group && rule.rules.is_empty() {
            self.problems.add(format!("/definition{at}/rules"), "required", "A group has at least one rule.");
        }
        if rule.kind == RuleKind::Field {
            return self.field(rule, at, within);
        }
        let record = match (rule.kind, rule.record, within) {
            (RuleKind::Has | RuleKind::HasNot, Some(record), None) if self.of == Ruled::Contacts => Some(record),
            (RuleKind::Has | RuleKind::HasNot, ..) => {
                let detail = "Say which records; related records have none of their own.";
                self.problems.add(format!("/definition{at}/record"), "record_invalid", detail);
                within
            }
            _ => within,
        };
        let broken = self.read.broken.len();
        let inner = (rule.rules.iter().enumerate())
            .map(|(n, inner)| self.rule(inner, &format!("{at}/rules/{n}"), record, depth + 1))
            .collect();
        match (rule.kind, record) {
            (RuleKind::All, _) => Tree::All(inner),
            (RuleKind::Any, _) => Tree::Any(inner),
            (RuleKind::None, _) => Tree::None(inner),
            // What cannot be said of a record makes the whole question unanswerable, also whether there is none.
            (_, Some(_)) if self.read.broken.len() > broken => Tree::Broken,
            (kind, Some(record)) => Tree::Has(record, kind == RuleKind::Has, inner),
            (_, None) => Tree::Broken,
        }
    }

    fn broken(&mut self, at: &str, missing: &str) -> Tree {
        self.read.broken.push(BrokenRule { rule: at.to_owned(), missing: missing.to_owned() });
        Tree::Broken
    }

    fn field(&mut self, rule: &SegmentRule, at: &str, within: Option<RelatedRecord>) -> Tree {
        let name = rule.field.as_deref().unwrap_or("");
        let Asked { fields: specs, own: row, record } = catalogue::asked(self.of, within);
        let mut field = None;
        let spec = match (name.strip_prefix("custom."), row) {
            (Some(said), Some(of)) => {
                let id = id_of(said, fields::CustomFieldId::PREFIX);
                let is_meant = |known: &&KnownField| Some(known.id) == id || known.key == said;
                let known = self.known.fields.iter().find(|known| known.record == record && is_meant(known));
                self.read.refs.extend(id.or(known.map(|known| known.id)));
                match known {
                    Some(known) => {
                        field = Some(OwnField { id: known.id, of });
                        catalogue::CUSTOM.iter().find(|spec| spec.kind == Kind::Custom(known.shape))
                    }
                    // One of other records is no field of these; one that nobody knows is gone.
                    None if id.is_some() && !self.known.fields.iter().any(|known| Some(known.id) == id) => {
                        return self.broken(at, "field");
                    }
                    None => None,
                }
            }
            _ => specs.iter().find(|spec| spec.name == name),
        };
        let Some(spec) = spec else {
            self.problems.add(format!("/definition{at}/field"), "field_unknown", "There is no such field.");
            return Tree::Broken;
        };
        let Some(op) = rule.op.filter(|op| spec.kind.operators().contains(op)) else {
            let known: Vec<_> = spec.kind.operators().iter().map(|op| op.as_str()).collect();
            let detail = format!("{name} takes {}.", known.join(", "));
            self.problems.add(format!("/definition{at}/op"), "operator_invalid", detail);
            return Tree::Broken;
        };
        let fits = rule.values.len() <= MOST_VALUES
            && rule.values.iter().all(|value| !value.is_empty() && value.chars().count() <= LONGEST);
        let (op, not) = positive(op);
        let Some(test) = self.test(spec, op, &rule.values).filter(|_| fits) else {
            let detail = "These values do not fit the field and how it is compared.";
            self.problems.add(format!("/definition{at}/values"), "values_invalid", detail);
            return Tree::Broken;
        };
        if let Test::Days(said) = test {
            self.read.uses_days |= said.moves();
        }
        self.read.uses_days |= spec.kind == Kind::Birthday;
        self.read.uses_moments |= spec.kind == Kind::Overdue;
        match self.gone(spec.kind, &test, &rule.values) {
            Some(missing) => self.broken(at, missing),
            None => Tree::Leaf(Leaf { spec: *spec, field, not, test: self.named(spec.kind, test) }),
        }
    }

    /// Values with their types; `None` when they do not fit.
    fn test(&self, spec: &FieldSpec, op: Operator, values: &[String]) -> Option<Test> {
        if matches!(op, Operator::Empty | Operator::Yes) {
            let test = if op == Operator::Empty { Test::Empty } else { Test::True };
            return values.is_empty().then_some(test);
        }
        if matches!(spec.kind, Kind::Day | Kind::Moment | Kind::Birthday | Kind::Custom(Custom::Date)) {
            return Said::read(op, values).map(Test::Days);
        }
        if values.is_empty() {
            return None;
        }
        let listed = |words: &[&str]| {
            let known = |value: &String| words.is_empty() || words.contains(&value.as_str());
            values.iter().all(known).then(|| values.to_vec())
        };
        let ids = |prefix: &str| values.iter().map(|value| id_of(value, prefix)).collect::<Option<Vec<_>>>();
        let numbers = |read: fn(&str) -> Option<i64>| values.iter().map(|v| read(v)).collect::<Option<Vec<i64>>>();
        match spec.kind {
            Kind::Address(_) => Some(self.address(spec.name == "phone", op, values)?),
            Kind::Text(_) | Kind::Custom(Custom::Text | Custom::LongText) => match op {
                Operator::Is => Some(Test::Folded(values.to_vec())),
                _ => (values.len() == 1).then(|| Test::Like(pattern(op, &values[0]))),
            },
            Kind::Word(words) => listed(words).map(Test::Words),
            Kind::Health => {
                let scores = values.iter().map(|band| companies::scores_of(band)).collect::<Option<Vec<_>>>()?;
                Some(Test::Numbers(scores.into_iter().flatten().map(i64::from).collect()))
            }
            Kind::Blocked => listed(&["email", "sms", "phone", "whatsapp", "all"]).map(Test::Words),
            Kind::Stage | Kind::Custom(Custom::Select) => Some(Test::Words(values.to_vec())),
            // Whoever names a record that was merged means the one it became, for as long as it is that.
            Kind::Custom(Custom::Id) => {
                let meant = values.iter().flat_map(|id| [Some(id), self.known.merged.get(id)]).flatten();
                Some(Test::Words(meant.cloned().collect()))
            }
            Kind::Id(named) => ids(named.prefix()).map(Test::Ids),
            Kind::Tags => {
                ids("tag")?;
                Some(some_or_every(op, values.to_vec()))
            }
            Kind::Words(words) => listed(words).map(|words| some_or_every(op, words)),
            Kind::Custom(Custom::MultiSelect) => Some(some_or_every(op, values.to_vec())),
            Kind::Number | Kind::Custom(Custom::Money) => compared(op, &numbers(|text| text.parse().ok())?),
            Kind::Custom(Custom::Number) => compared(op, &numbers(millionths)?),
            _ => None,
        }
    }

    /// Addresses in the form they are kept in; of parts of phone numbers what is dialled.
    fn address(&self, phone: bool, op: Operator, values: &[String]) -> Option<Test> {
        let country = self.known.country.as_deref();
        let kept = |text: &String| match phone {
            true => PhoneNumber::parse(text, country).map_or_else(|| text.clone(), |number| number.canonical()),
            false => EmailAddress::parse(text).map_or_else(|| text.to_lowercase(), |email| email.canonical),
        };
        match (op, values) {
            (Operator::Is, all) => Some(Test::Words(all.iter().map(kept).collect())),
            (_, [part]) if phone => {
                let dialled: String = part.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                (!dialled.is_empty()).then(|| Test::Like(pattern(op, &dialled)))
            }
            (_, [part]) => Some(Test::Like(pattern(op, part))),
            _ => None,
        }
    }

    /// What is named and gone.
    fn gone(&mut self, kind: Kind, test: &Test, values: &[String]) -> Option<&'static str> {
        match (kind, test) {
            (Kind::Tags, Test::Empty) => {
                self.read.refs.insert(ANY_TAG);
                None
            }
            (Kind::Tags, _) => {
                let ids: Vec<Uuid> = values.iter().filter_map(|value| id_of(value, "tag")).collect();
                self.read.refs.extend(&ids);
                ids.iter().any(|id| !self.known.tags.contains_key(id)).then_some("tag")
            }
            (Kind::Stage, Test::Words(keys)) => {
                keys.iter().any(|key| !self.known.stages.contains(key)).then_some("stage")
            }
            (Kind::Id(named), Test::Ids(ids)) if named != Named::Member => {
                self.read.refs.extend(ids);
                ids.iter().any(|id| !self.known.others.contains(id)).then_some(named.word())
            }
            _ => None,
        }
    }

    /// Tags by the names that contacts carry.
    fn named(&self, kind: Kind, test: Test) -> Test {
        let names = |ids: Vec<String>| {
            ids.iter().filter_map(|id| self.known.tags.get(&id_of(id, "tag")?)).cloned().collect::<Vec<_>>()
        };
        let is_one = |names: &Vec<String>| names.len() == 1;
        match (kind, test) {
            (Kind::Tags, Test::Some(ids)) => Test::Some(names(ids).concat()),
            (Kind::Tags, Test::Every(ids)) => match names(ids) {
                each if each.iter().all(is_one) => Test::Every(each.concat()),
                each => Test::Each(each),
            },
            (_, test) => test,
        }
    }
}

fn some_or_every(op: Operator, words: Vec<String>) -> Test {
    if op == Operator::AllOf { Test::Every(words) } else { Test::Some(words) }
}

fn compared(op: Operator, numbers: &[i64]) -> Option<Test> {
    Some(match (op, numbers) {
        (Operator::Is, all) => Test::Numbers(all.to_vec()),
        (Operator::Below, [n]) => Test::Range(None, Some(n.checked_sub(1)?)),
        (Operator::AtMost, [n]) => Test::Range(None, Some(*n)),
        (Operator::Above, [n]) => Test::Range(Some(n.checked_add(1)?), None),
        (Operator::AtLeast, [n]) => Test::Range(Some(*n), None),
        (Operator::Between, [a, b]) => Test::Range(Some(*a), Some(*b)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const TAG: Uuid = Uuid::from_u128(7);
    const GONE: Uuid = Uuid::from_u128(8);

    fn known() -> Known {
        Known {
            tags: BTreeMap::from([(TAG, vec!["vip".to_owned()])]),
            stages: BTreeSet::from(["new".to_owned()]),
            country: None,
            others: BTreeSet::new(),
            merged: BTreeMap::new(),
            fields: [(9, None), (10, Some(RelatedRecord::Deal)), (11, Some(RelatedRecord::Company))]
                .map(|(n, record)| KnownField {
                    id: Uuid::from_u128(n),
                    record,
                    key: "plan".into(),
                    shape: Custom::Select,
                })
                .to_vec(),
        }
    }

    fn rule(json: Value) -> SegmentRule {
        serde_json::from_value(json).unwrap_or_default()
    }

    fn tag(id: Uuid) -> String {
        format!("tag_{}", kernel::ids::encode(id))
    }

    /// Fields that were refused, with their codes.
    fn refused(json: Value) -> Vec<(String, String)> {
        let problems = read(&rule(json), &known()).err().map(Problems::check).and_then(Result::err);
        match problems.as_ref().map(kernel::Error::kind) {
            Some(kernel::error::Kind::Invalid(all)) => all.iter().map(|p| (p.field.clone(), p.code.clone())).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn what_no_definition_holds_is_refused_where_it_stands() {
        let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(refused(json!({"kind": "all"})), one("/definition/rules", "required"));
        let field = |more: Value| json!({"kind": "all", "rules": [more]});
        let at = |part: &str| format!("/definition/rules/0/{part}");
        let wrong = json!({"kind": "field", "field": "shoe", "op": "is", "values": ["9"]});
        assert_eq!(refused(field(wrong)), one(&at("field"), "field_unknown"));
        let wrong = json!({"kind": "field", "field": "created_at", "op": "contains", "values": ["9"]});
        assert_eq!(refused(field(wrong)), one(&at("op"), "operator_invalid"));
        for (name, op, values) in [
            ("created_at", "on", json!(["soon"])),
            ("created_at", "between", json!(["2026-01-01"])),
            ("tags", "any_of", json!(["vip"])),
            ("stage", "any_of", json!([])),
            ("name", "contains", json!(["a", "b"])),
            ("name", "empty", json!(["a"])),
            ("do_not_contact", "any_of", json!(["pigeon"])),
        ] {
            let wrong = json!({"kind": "field", "field": name, "op": op, "values": values});
            assert_eq!(refused(field(wrong)), one(&at("values"), "values_invalid"), "{name} {op}");
        }
        let nested = json!({"kind": "has", "record": "deal", "rules": [{"kind": "has", "record": "task"}]});
        assert_eq!(refused(nested), one("/definition/rules/0/record", "record_invalid"));
        let deep = (0..5).fold(json!({"kind": "field", "field": "name", "op": "empty"}), |inner, _| field(inner));
        assert_eq!(refused(deep)[0].1, "too_deep");
        let many = vec![json!({"kind": "field", "field": "name", "op": "empty"}); 60];
        assert_eq!(refused(json!({"kind": "any", "rules": many})), one("/definition", "too_many"));
    }

    #[test]
    fn what_is_gone_breaks_its_rule_alone_and_a_question_for_records_as_a_whole() {
        let gone = json!({"kind": "field", "field": "tags", "op": "none_of", "values": [tag(GONE), tag(TAG)]});
        let there = json!({"kind": "field", "field": "tags", "op": "all_of", "values": [tag(TAG)]});
        let form = json!({"kind": "field", "field": "form", "op": "none_of", "values": [format!("frm_{}", kernel::ids::encode(GONE))]});
        let both = json!({"kind": "any", "rules": [gone, there, {"kind": "has_not", "record": "submission", "rules": [form]}]});
        let Ok((Tree::Any(rules), found)) = read(&rule(both.clone()), &known()) else { panic!("it reads") };
        assert_eq!((&rules[0], &rules[2]), (&Tree::Broken, &Tree::Broken));
        assert!(matches!(&rules[1], Tree::Leaf(Leaf { test: Test::Every(names), .. }) if names == &["vip"]));
        let broken: Vec<_> = found.broken.iter().map(|b| (b.rule.as_str(), b.missing.as_str())).collect();
        assert_eq!(broken, [("/rules/0", "tag"), ("/rules/2/rules/0", "form")]);
        assert_eq!(found.refs, BTreeSet::from([TAG, GONE]));
        let mut following = known();
        following.tags.insert(TAG, vec!["VIP".to_owned(), "vip".to_owned()]);
        let Ok((Tree::Any(rules), _)) = read(&rule(both.clone()), &following) else { panic!("it reads") };
        assert!(matches!(&rules[1], Tree::Leaf(Leaf { test: Test::Each(each), .. }) if each == &[["VIP", "vip"]]));
        let merged = with_value(&rule(both), "tags", &tag(GONE), &tag(TAG)).unwrap_or_default();
        assert_eq!((merged.rules[0].values.clone(), merged.rules[1].values.len()), (vec![tag(TAG)], 1));
    }

    #[test]
    fn a_link_to_a_merged_company_leads_to_the_one_it_became_too() {
        let mut known = known();
        known.fields.push(KnownField {
            id: Uuid::from_u128(12),
            record: None,
            key: "agency".into(),
            shape: Custom::Id,
        });
        known.merged.insert("com_gone".into(), "com_kept".into());
        let said = rule(
            json!({"kind": "field", "field": "custom.agency", "op": "any_of", "values": ["com_gone", "com_other"]}),
        );
        let Ok((Tree::Leaf(Leaf { test: Test::Words(meant), .. }), _)) = read(&said, &known) else {
            panic!("it reads")
        };
        assert_eq!(meant, ["com_gone", "com_kept", "com_other"]);
        assert_eq!(by_id(&said, &known).values, said.values, "what is kept is what was said");
    }

    #[test]
    fn fields_are_kept_by_id_and_numbers_in_their_keys() {
        let said = rule(json!({"kind": "field", "field": "custom.plan", "op": "any_of", "values": ["gold"]}));
        let kept = by_id(&said, &known());
        assert_eq!(kept.field, Some(format!("custom.cfd_{}", kernel::ids::encode(Uuid::from_u128(9)))));
        assert!(matches!(read(&kept, &known()), Ok((Tree::Leaf(_), read)) if read.refs.contains(&Uuid::from_u128(9))));
        // The same key of a deal and of a company is another field; of a task there is none.
        for (record, n, of) in [("deal", 10, "d.id"), ("company", 11, "f.id")] {
            let inside = json!({"kind": "any", "rules": [{"kind": "field", "field": "custom.plan", "op": "any_of", "values": ["gold"]}]});
            let said = rule(json!({"kind": "has", "record": record, "rules": [inside]}));
            let kept = by_id(&said, &known());
            let id = format!("custom.cfd_{}", kernel::ids::encode(Uuid::from_u128(n)));
            assert_eq!(kept.rules[0].rules[0].field, Some(id));
            let Ok((Tree::Has(_, true, inner), read)) = read(&kept, &known()) else { panic!("it reads") };
            let Tree::Any(leaves) = &inner[0] else { panic!("a group") };
            let field = Some(OwnField { id: Uuid::from_u128(n), of });
            assert!(matches!(&leaves[0], Tree::Leaf(leaf) if leaf.field == field));
            assert!(read.refs.contains(&Uuid::from_u128(n)));
        }
        let of_contact = format!("custom.cfd_{}", kernel::ids::encode(Uuid::from_u128(9)));
        for (record, field) in [("task", "custom.plan"), ("deal", of_contact.as_str())] {
            let said = json!({"kind": "field", "field": field, "op": "any_of", "values": ["gold"]});
            let refusal = refused(json!({"kind": "has", "record": record, "rules": [said]}));
            assert_eq!(refusal[0].1, "field_unknown", "{record} {field}");
        }
        assert_eq!(
            (millionths("1.25"), millionths("-3"), millionths("nan"), millionths("1e30")),
            (Some(1_250_000), Some(-3_000_000), None, None)
        );
    }
}
