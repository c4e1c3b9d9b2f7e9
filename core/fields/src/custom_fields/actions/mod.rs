//! What can be done with definitions, one at a time for the tenant; and with values (`records.rs`).
pub mod links;
pub mod records;

use super::{
    db,
    draft::MAX_FIELDS,
    formula,
    model::{
        CustomField, CustomFieldId, CustomFieldOrder, CustomFieldPatch, CustomFieldUsage, FieldType, FormulaResult,
        FormulaTrial, NewCustomField, NewFormulaTrial, WorkState,
    },
};
use chrono::{DateTime, Utc};
use kernel::{Error, Result, Tx, error::OnConstraint, events::NewEvent, http::check_if_match};
use serde_json::json;

/// A field with nothing said of it.
fn blank(id: CustomFieldId, new: &NewCustomField, now: DateTime<Utc>) -> CustomField {
    CustomField {
        id,
        record: new.record,
        key: String::new(),
        label: String::new(),
        help: None,
        kind: new.kind,
        options: vec![],
        decimals: None,
        currency: None,
        target: None,
        expression: None,
        result: None,
        blank_as_zero: false,
        required: false,
        unique: false,
        default: None,
        section: None,
        position: 0,
        archived_at: None,
        deleting_at: None,
        work_state: WorkState::Idle,
        work_done: 0,
        work_total: 0,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// Defines a field. Records that are there get no value, but for a formula, which is computed for all of them.
pub async fn create(tx: &mut Tx, new: NewCustomField) -> Result<CustomField> {
    let made_key = new.key.is_none();
    let blank = blank(CustomFieldId::new(tx.now()), &new, tx.now());
    let mut field = CustomField::defined(new, blank)?;
    db::lock_definitions(tx).await?;
    let others = db::of_record(tx, field.record).await?;
    if others.len() >= MAX_FIELDS {
        let detail = format!("At most {MAX_FIELDS} fields, archived ones included. Delete one first.");
        return Err(Error::conflict("field_limit", detail));
    }
    let stem: String = field.key.chars().take(36).collect();
    let mut number = 2;
    while db::has_key(tx, field.record, &field.key).await? {
        if !made_key {
            return Err(Error::invalid("/key", "key_taken", "Another field has this key, or is being deleted."));
        }
        field.key = format!("{stem}_{number}");
        number += 1;
    }
    field.check_formula(&others)?;
    db::insert(tx, &field).await?;
    record(tx, "custom_field.created", &field, "Custom field defined").await?;
    if field.kind == FieldType::Formula {
        request_work(tx, &field).await?;
    }
    db::find(tx, field.id).await
}

/// Changes a definition.
pub async fn update(
    tx: &mut Tx,
    id: CustomFieldId,
    patch: CustomFieldPatch,
    if_match: Option<&str>,
) -> Result<CustomField> {
    db::lock_definitions(tx).await?;
    let before = db::find_for_update(tx, id).await?;
    check_if_match(if_match, before.version)?;
    refuse_deleting(&before)?;
    let archived = patch.archived;
    let mut next = before.patched(patch)?;
    let others = db::of_record(tx, before.record).await?;
    next.check_formula(&others)?;
    if let Some(archived) = archived {
        next.archived_at = archived.then(|| before.archived_at.unwrap_or(tx.now()));
    }
    if next.unique != before.unique {
        let taken = || Error::invalid("/unique", "not_unique", "Some records have the same value already.");
        db::set_unique(tx, id, next.unique).await.on_constraint("custom_field_values_unique_key", taken)?;
    }
    db::update(tx, &next).await?;
    match (before.archived_at, next.archived_at) {
        (None, Some(_)) => record(tx, "custom_field.archived", &next, "Custom field put away").await?,
        (Some(_), None) => record(tx, "custom_field.restored", &next, "Custom field taken out again").await?,
        _ => record(tx, "custom_field.updated", &next, "Custom field changed").await?,
    }
    let formula = next.kind == FieldType::Formula;
    let differs = next.expression != before.expression
        || next.blank_as_zero != before.blank_as_zero
        || next.decimals != before.decimals
        || (before.archived_at.is_some() && next.archived_at.is_none());
    if formula && differs {
        request_work(tx, &next).await?;
    } else if next.options != before.options {
        // Formulas read the label of an option.
        let reads = |f: &&CustomField| f.archived_at.is_none() && readers_name(f, &next.key);
        if let Some(reader) = others.iter().find(reads) {
            request_work(tx, reader).await?;
        }
    }
    db::find(tx, id).await
}

fn readers_name(field: &CustomField, key: &str) -> bool {
    let expression = field.expression.as_deref().unwrap_or("");
    field.kind == FieldType::Formula
        && formula::inputs(expression).is_ok_and(|names| names.contains(&format!("custom.{key}")))
}

/// Deletes a field that was put away, with its values. `values` is how many the caller believes that are: nobody destroys
/// more than he was told.
pub async fn delete(tx: &mut Tx, id: CustomFieldId, values: i64, if_match: Option<&str>) -> Result<()> {
    db::lock_definitions(tx).await?;
    let field = db::find_for_update(tx, id).await?;
    check_if_match(if_match, field.version)?;
    refuse_deleting(&field)?;
    if field.archived_at.is_none() {
        return Err(Error::conflict("field_in_use", "Put the field away first."));
    }
    let usage = usage(tx, id).await?;
    if !usage.formulas.is_empty() {
        let detail = format!("Formulas read the field: {}.", usage.formulas.join(", "));
        return Err(Error::conflict("field_in_formula", detail));
    }
    if usage.records != values {
        let detail = format!("{} records have a value. Say values={} to delete them.", usage.records, usage.records);
        return Err(Error::conflict("values_differ", detail));
    }
    record(tx, "custom_field.deleted", &field, "Custom field deleted").await?;
    if values == 0 {
        return db::delete(tx, id).await;
    }
    let now = tx.now();
    db::request_work(tx, id, values, Some(now)).await?;
    record(tx, "custom_field.work_requested", &field, "Values of a custom field are to go").await
}

/// What a field is used for.
pub async fn usage(tx: &mut Tx, id: CustomFieldId) -> Result<CustomFieldUsage> {
    let field = db::find(tx, id).await?;
    let others = db::of_record(tx, field.record).await?;
    let formulas = others.iter().filter(|other| readers_name(other, &field.key)).map(|other| other.key.clone());
    Ok(CustomFieldUsage { records: db::count_records(tx, id).await?, formulas: formulas.collect() })
}

/// Puts the fields of a kind into an order.
pub async fn reorder(tx: &mut Tx, order: CustomFieldOrder) -> Result<Vec<CustomField>> {
    db::lock_definitions(tx).await?;
    let known = db::of_record(tx, order.record).await?;
    let (mut given, mut wanted): (Vec<_>, Vec<_>) = (order.fields.clone(), known.iter().map(|f| f.id).collect());
    given.sort_unstable();
    wanted.sort_unstable();
    if given != wanted {
        return Err(Error::invalid("/fields", "fields_differ", "Name every field of the kind once."));
    }
    db::set_positions(tx, &order.fields).await?;
    let tenant = tx.tenant().id;
    let event =
        NewEvent::new("custom_field.reordered", "custom_fields", tenant.0, "Custom fields put into another order");
    tx.record(event.payload(&json!({ "record": order.record.as_str() }))).await?;
    db::of_record(tx, order.record).await
}

/// What a formula would make of values; nothing is kept.
pub async fn try_formula(tx: &mut Tx, trial: NewFormulaTrial) -> Result<FormulaTrial> {
    let new = NewCustomField {
        record: trial.record,
        key: Some("trial".to_owned()),
        label: "Trial".to_owned(),
        help: None,
        kind: FieldType::Formula,
        options: vec![],
        decimals: trial.decimals.filter(|_| trial.result == FormulaResult::Number),
        currency: trial.currency.filter(|_| trial.result == FormulaResult::Money),
        target: None,
        expression: Some(trial.expression),
        result: Some(trial.result),
        blank_as_zero: trial.blank_as_zero,
        required: false,
        unique: false,
        default: None,
        section: None,
    };
    let blank = blank(CustomFieldId::new(tx.now()), &new, tx.now());
    let field = CustomField::defined(new, blank)?;
    let others = db::of_record(tx, trial.record).await?;
    field.check_formula(&others)?;
    let own =
        formula::own_names(trial.record).iter().filter_map(|(name, _)| Some((*name, trial.values.get(*name)?.clone())));
    let expression = field.expression.as_deref().unwrap_or("");
    let inputs = formula::inputs(expression).unwrap_or_default().into_iter().collect();
    Ok(match formula::evaluate(&field, &others, &own.collect(), &trial.custom) {
        Ok(value) => FormulaTrial { value, error: None, inputs },
        Err(error) => FormulaTrial { value: None, error: Some(error), inputs },
    })
}

fn refuse_deleting(field: &CustomField) -> Result<()> {
    match field.deleting_at {
        Some(_) => Err(Error::conflict("field_deleting", "The field is being deleted.")),
        None => Ok(()),
    }
}

async fn request_work(tx: &mut Tx, field: &CustomField) -> Result<()> {
    db::request_work(tx, field.id, 0, None).await?;
    record(tx, "custom_field.work_requested", field, "Formulas are to be computed").await
}

async fn record(tx: &mut Tx, kind: &'static str, field: &CustomField, title: &str) -> Result<()> {
    let payload = json!({ "record": field.record.as_str(), "type": field.kind.as_str() });
    tx.record(NewEvent::new(kind, "custom_fields", field.id.0, title).payload(&payload)).await?;
    Ok(())
}
