//! What the modules of records do with values: read the fields, check what is given, keep the index, find by it.
use super::super::{
    db::{self, Rows},
    formula::Own,
    model::{Custom, CustomField, CustomFieldId, FieldType, RecordKind},
    value::{self, Shape},
    values::{Asking, Fields},
};
use kernel::{
    Error, Result, Tx,
    db::{FieldKind, KeyedField, ListQuery},
    error::FieldProblem,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The fields of a kind of records.
pub async fn fields_of(tx: &mut Tx, record: RecordKind) -> Result<Fields> {
    db::of_record(tx, record).await.map(Fields)
}

/// Values of a record that is made (`before` is `None`) or changed, computed ones included; `own` are its own values.
/// Links and files are looked up.
///
/// # Errors
/// 422 with everything that is refused, below `/custom`.
pub async fn settle(
    tx: &mut Tx,
    fields: &Fields,
    id: Uuid,
    before: Option<&Custom>,
    given: &Custom,
    asking: Asking,
    own: &Own,
) -> Result<Custom> {
    let nothing = Custom::default();
    let (mut after, mut problems) = match before {
        None => fields.created(given, asking),
        Some(before) => fields.changed(before, given),
    };
    problems.extend(check_named(tx, fields, id, before.unwrap_or(&nothing), &after).await?);
    if !problems.is_empty() {
        return Err(Error::invalid_fields(problems));
    }
    fields.compute(own, &mut after);
    Ok(after)
}

/// What is wrong with the links and files that a record names anew: records that are not there, files that are not its own.
async fn check_named(
    tx: &mut Tx,
    fields: &Fields,
    id: Uuid,
    before: &Custom,
    after: &Custom,
) -> Result<Vec<FieldProblem>> {
    let named = fields.named(before, after);
    if named.is_empty() {
        return Ok(vec![]);
    }
    let of = |kind: Option<RecordKind>| -> Vec<Uuid> {
        named.iter().filter(|(field, _)| field.target == kind).map(|(_, id)| *id).collect()
    };
    let [contacts, companies, deals] =
        [RecordKind::Contact, RecordKind::Company, RecordKind::Deal].map(|k| of(Some(k)));
    let mut there = db::existing(tx, &contacts, &companies, &deals).await?;
    there.extend(db::attached(tx, &of(None), id).await?);
    let missing = named.iter().filter(|(_, id)| !there.contains(id));
    Ok(missing
        .map(|(field, _)| match field.kind {
            FieldType::File => Fields::refuse(&field.key, "file_unknown", "Attach the file to the record first."),
            _ => Fields::refuse(&field.key, "record_unknown", "There is no such record."),
        })
        .collect())
}

/// Brings the index in line with values that changed: of each record what it had and what it has. Gives the unique values
/// that other records have already: then nothing may be kept.
///
/// # Errors
/// 503 when a field was put away meanwhile: trying again helps.
pub async fn store(
    tx: &mut Tx,
    fields: &Fields,
    changes: &[(Uuid, &Custom, &Custom)],
) -> Result<Vec<(Uuid, FieldProblem)>> {
    let (mut rows, mut gone) = (Rows::default(), (vec![], vec![]));
    let mut wanted: BTreeMap<String, (Uuid, &CustomField)> = BTreeMap::new();
    for (record, before, after) in changes {
        for key in Fields::differing(before, after) {
            let Some(field) = fields.get(&key) else { continue };
            if before.get(&key).is_some() {
                gone.0.push(*record);
                gone.1.push(field.id.0);
            }
            if let Some(value) = after.get(&key) {
                wanted.insert(format!("{record} {}", field.id.0), (*record, field));
                put(&mut rows, *record, field, value);
            }
        }
    }
    if !gone.0.is_empty() {
        db::clear(tx, &gone.0, &gone.1).await?;
    }
    if wanted.is_empty() {
        return Ok(vec![]);
    }
    let added: BTreeSet<String> = db::add(tx, &rows).await?.into_iter().collect();
    let missing = wanted.into_iter().filter(|(pair, _)| !added.contains(pair)).map(|(_, missing)| missing);
    missing
        .map(|(record, field)| match field.unique {
            true => Ok((record, Fields::refuse(&field.key, "not_unique", "Another record has this value."))),
            false => Err(Error::unavailable(1)),
        })
        .collect()
}

/// The same for many records at once: those that want a unique value somebody else has stay as they were, and it is said why.
pub async fn store_fitting(
    tx: &mut Tx,
    fields: &Fields,
    changes: &[(Uuid, &Custom, &Custom)],
) -> Result<BTreeMap<Uuid, FieldProblem>> {
    let refused: BTreeMap<Uuid, FieldProblem> = store(tx, fields, changes).await?.into_iter().collect();
    let back = changes.iter().filter(|(record, ..)| refused.contains_key(record));
    let back: Vec<_> = back.map(|(record, before, after)| (*record, *after, *before)).collect();
    store(tx, fields, &back).await?;
    Ok(refused)
}

fn put(rows: &mut Rows, record: Uuid, field: &CustomField, value: &serde_json::Value) {
    for (position, keys) in field.keys(value).into_iter().enumerate() {
        rows.records.push(record);
        rows.fields.push(field.id.0);
        rows.positions.push(i16::try_from(position).unwrap_or(i16::MAX));
        rows.texts.push(keys.text);
        rows.folded.push(keys.folds);
        rows.searches.push(keys.search);
        rows.numbers.push(keys.number);
        rows.dates.push(keys.date);
    }
}

/// For each value of a unique field: how it is compared, and which record has it.
pub async fn holders(
    tx: &mut Tx,
    values: &[(&CustomField, &serde_json::Value)],
) -> Result<Vec<(String, Option<Uuid>)>> {
    let mut rows = Rows::default();
    for (field, value) in values {
        put(&mut rows, Uuid::nil(), field, value);
    }
    let found = db::holders(tx, &rows).await?;
    Ok(found.into_iter().map(|holder| (holder.unique_key, holder.record)).collect())
}

/// Removes the index of records that are removed for good.
pub async fn forget(tx: &mut Tx, records: &[Uuid]) -> Result<u64> {
    db::forget(tx, records).await
}

/// Custom fields that a list is filtered or sorted by, and the query as the list takes it.
#[derive(Debug)]
pub struct Keyed {
    /// The fields.
    pub fields: Vec<KeyedField>,
    /// Its filters in the form of the index.
    pub query: ListQuery,
}

/// Finds out by which custom fields (`custom.key`) a list is asked for. A list that names none costs no statement more.
///
/// # Errors
/// 422 for an operator or a value that does not fit the field.
pub async fn find_by(tx: &mut Tx, record: RecordKind, query: &ListQuery) -> Result<Keyed> {
    let sort = query.sort.iter().map(|sort| sort.trim_start_matches('-'));
    if !query.filter.iter().map(String::as_str).chain(sort).any(|said| said.starts_with("custom.")) {
        return Ok(Keyed { fields: vec![], query: query.clone() });
    }
    let fields = db::of_record(tx, record).await?;
    let mut filter = vec![];
    for said in &query.filter {
        let mut parts = said.splitn(3, ':');
        let (name, op, value) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        match name.strip_prefix("custom.").and_then(|key| fields.iter().find(|field| field.key == key)) {
            Some(field) => filter.push(asked(field, name, op, value)?),
            None => filter.push(said.clone()),
        }
    }
    Ok(Keyed { fields: fields.iter().map(in_list).collect(), query: ListQuery { filter, ..query.clone() } })
}

fn in_list(field: &CustomField) -> KeyedField {
    let text = (FieldKind::Text, "v.text_key", Some("s.text_key"));
    let (kind, key, sort) = match field.shape() {
        Shape::Text => (FieldKind::Folded, "v.text_key", Some("s.text_key")),
        Shape::LongText => (FieldKind::Folded, "v.search_key", None),
        Shape::Number | Shape::Money => (FieldKind::Int, "v.number_key", Some("s.number_key")),
        Shape::Date => (FieldKind::Date, "v.date_key", Some("s.date_key")),
        Shape::Select | Shape::Checkbox => text,
        Shape::MultiSelect | Shape::Id => (FieldKind::Text, "v.text_key", None),
    };
    db::keyed(field, kind, key, sort)
}

/// A filter in the form of the index: an operator that the type has, numbers in millionths.
fn asked(field: &CustomField, name: &str, op: &str, value: &str) -> Result<String> {
    let allowed: &[&str] = match field.shape() {
        Shape::Text => &["eq", "ne", "contains", "prefix"],
        Shape::LongText => &["contains"],
        Shape::Number | Shape::Money => &["eq", "ne", "in", "gt", "gte", "lt", "lte"],
        Shape::Date => &["eq", "ne", "gt", "gte", "lt", "lte"],
        Shape::Select | Shape::Id => &["eq", "ne", "in"],
        Shape::MultiSelect => &["has", "in"],
        Shape::Checkbox => &["eq"],
    };
    if op != "empty" && !allowed.contains(&op) {
        let detail = format!("{name} takes {}, empty.", allowed.join(", "));
        return Err(Error::invalid("/filter", "filter_operator", detail));
    }
    let wrong = |detail: String| Error::invalid("/filter", "filter_value", detail);
    Ok(match (field.shape(), op) {
        (_, "empty") if !matches!(value, "true" | "false") => return Err(wrong("empty takes true or false.".into())),
        (_, "empty") => format!("{name}:empty:{value}"),
        (Shape::Number, _) => {
            let millionths =
                |text: &str| text.parse::<f64>().ok().filter(|n| n.is_finite()).and_then(value::millionths);
            let numbers: Option<Vec<String>> =
                value.split(',').map(|part| millionths(part).map(|number| number.to_string())).collect();
            let numbers = numbers.ok_or_else(|| wrong(format!("{name} takes a number.")))?;
            format!("{name}:{op}:{}", numbers.join(","))
        }
        (Shape::MultiSelect, "has") => format!("{name}:eq:{value}"),
        (Shape::Checkbox, _) => match value {
            "true" => format!("{name}:eq:true"),
            // A box that nobody ticked is not ticked.
            "false" => format!("{name}:ne:true"),
            _ => return Err(wrong(format!("{name} takes true or false."))),
        },
        _ => format!("{name}:{op}:{value}"),
    })
}

/// Cells of a file for the values of a record, one for each field that is not put away, in their order.
pub fn cells(fields: &Fields, custom: &Custom) -> Vec<String> {
    fields.active().map(|field| custom.get(&field.key).map_or_else(String::new, |value| field.cell(value))).collect()
}

/// The records of a kind, as work on all of them needs them; their module implements it.
pub trait CustomRecords: Send + Sync + 'static {
    /// Their kind.
    const KIND: RecordKind;
    /// Name of the job that goes through them.
    const JOB: &'static str;
    /// How many there are, more or less.
    fn count(tx: &mut Tx) -> impl Future<Output = Result<i64>> + Send;
    /// The next ones in the order of their ids, deleted ones too, locked: id, custom values, what formulas read.
    fn after(
        tx: &mut Tx,
        after: Option<Uuid>,
        limit: i64,
    ) -> impl Future<Output = Result<Vec<(Uuid, Custom, Own)>>> + Send;
    /// Writes custom values of locked ones; both lists pair up. What is computed is no change that somebody made.
    fn write(tx: &mut Tx, ids: &[Uuid], customs: &[Custom]) -> impl Future<Output = Result<()>> + Send;
    /// Takes the value of a key away.
    fn strip(tx: &mut Tx, ids: &[Uuid], key: &str) -> impl Future<Output = Result<()>> + Send;
}

/// Records gone through at once.
const BATCH: i64 = 200;

/// Goes through the next records for a field: takes the values of one that is being deleted away, or computes formulas.
/// Gives where to go on; `None` when that was all.
pub async fn work_on<R: CustomRecords>(
    tx: &mut Tx,
    id: CustomFieldId,
    after: Option<Uuid>,
) -> Result<Option<Option<Uuid>>> {
    let field = match db::find(tx, id).await {
        Err(error) if error.is_not_found() => return Ok(None),
        field => field?,
    };
    if field.deleting_at.is_some() {
        let records = db::some_records(tx, id, BATCH).await?;
        if records.is_empty() {
            db::delete(tx, id).await?;
            return Ok(None);
        }
        R::strip(tx, &records, &field.key).await?;
        db::clear(tx, &records, &vec![id.0; records.len()]).await?;
        db::advance(tx, id, records.len() as i64, None).await?;
        return Ok(Some(None));
    }
    let total = if after.is_none() { Some(R::count(tx).await?) } else { None };
    let fields = fields_of(tx, R::KIND).await?;
    let records = R::after(tx, after, BATCH).await?;
    let Some(last) = records.iter().map(|(id, ..)| *id).max() else {
        db::finish(tx, id).await?;
        return Ok(None);
    };
    let computed = records.iter().map(|(id, before, own)| {
        let mut custom = before.clone();
        fields.compute(own, &mut custom);
        (*id, before, custom)
    });
    let changed: Vec<_> = computed.filter(|(_, before, after)| *before != after).collect();
    let rows: Vec<_> = changed.iter().map(|(id, before, after)| (*id, *before, after)).collect();
    store(tx, &fields, &rows).await?;
    let (ids, customs): (Vec<_>, Vec<_>) = changed.iter().map(|(id, _, after)| (*id, after.clone())).unzip();
    R::write(tx, &ids, &customs).await?;
    db::advance(tx, id, records.len() as i64, total).await?;
    Ok(Some(Some(last)))
}
