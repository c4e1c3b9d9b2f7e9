//! Filters as they come, read and said in SQL.
use super::{Field, FieldKind, Value, days::Here};
use crate::{Error, Result};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use tokio_postgres::types::Type;

/// Years of what can be asked for; the database does not know all that can be written.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// `field op value` as a condition.
pub(super) fn condition_of(
    field: &Field,
    name: &str,
    op: &str,
    value: &str,
    here: Here,
    values: &mut Vec<Value>,
) -> Result<String> {
    let sql = field.sql;
    if op == "empty" && !matches!(field.kind, FieldKind::Among(_)) {
        let empty = value
            .parse::<bool>()
            .map_err(|_| Error::invalid("/filter", "filter_value", "empty takes true or false."))?;
        return Ok(match (field.kind, empty) {
            (FieldKind::TextArray, true) => format!("coalesce(cardinality({sql}), 0) = 0"),
            (FieldKind::TextArray, false) => format!("cardinality({sql}) > 0"),
            (FieldKind::Text | FieldKind::Folded, true) => format!("coalesce({sql}, '') = ''"),
            (FieldKind::Text | FieldKind::Folded, false) => format!("coalesce({sql}, '') <> ''"),
            (FieldKind::Related { any, .. }, true) => format!("not ({any})"),
            (FieldKind::Related { any, .. }, false) => any.to_owned(),
            (_, true) => format!("{sql} is null"),
            (_, false) => format!("{sql} is not null"),
        });
    }
    let allowed: &[&str] = match field.kind {
        FieldKind::Text => &["eq", "ne", "in", "contains", "prefix"],
        FieldKind::Folded => &["eq", "ne", "contains", "prefix"],
        FieldKind::Related { .. } => &["eq", "in", "contains", "prefix"],
        FieldKind::TextArray => &["has"],
        FieldKind::Id(_) => &["eq", "ne", "in"],
        FieldKind::Among(_) => &["eq", "in"],
        FieldKind::Time | FieldKind::Date => &["eq", "gt", "gte", "lt", "lte"],
        FieldKind::Int => &["eq", "ne", "in", "gt", "gte", "lt", "lte"],
        FieldKind::Bool => &["eq"],
    };
    if !allowed.contains(&op) {
        let more = if matches!(field.kind, FieldKind::Among(_)) { "" } else { ", empty" };
        return Err(Error::invalid(
            "/filter",
            "filter_operator",
            format!("{name} takes {}{more}.", allowed.join(", ")),
        ));
    }
    let slot = values.len() + 1;
    let condition = match op {
        _ if matches!(field.kind, FieldKind::Among(_)) => {
            values.push(parse_many(field, value)?);
            sql.replace('?', &format!("${slot}"))
        }
        "in" => {
            values.push(parse_many(field, value)?);
            format!("{sql} = any(${slot})")
        }
        "has" => {
            values.push((Box::new(vec![value.to_owned()]), Type::TEXT_ARRAY));
            format!("{sql} @> ${slot}")
        }
        "contains" | "prefix" => {
            let escaped = value.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let pattern = if op == "prefix" { format!("{escaped}%") } else { format!("%{escaped}%") };
            values.push((Box::new(pattern.to_lowercase()), Type::TEXT));
            match field.kind {
                FieldKind::Folded => format!("{sql} like fold(${slot})"),
                FieldKind::Related { .. } => format!("{sql} like ${slot}"),
                _ => format!("lower({sql}) like ${slot}"),
            }
        }
        _ => {
            // Where there is a value, the index of the order keeps it.
            let (sql, there) = match field.kept().filter(|_| op != "ne") {
                Some(kept) => (kept, format!(" and {sql} is not null")),
                None => (sql, String::new()),
            };
            match (field.kind, here.day(value)) {
                (FieldKind::Time, Some(day)) => return Ok(on_day(sql, op, here, day, values) + &there),
                (FieldKind::Date, Some(day)) => values.push((Box::new(day), Type::DATE)),
                _ => values.push(parse_one(field, value)?),
            }
            let operator = match op {
                "eq" => "=",
                "ne" => "is distinct from",
                "gt" => ">",
                "gte" => ">=",
                "lt" => "<",
                _ => "<=",
            };
            match field.kind {
                FieldKind::Folded => format!("{sql} {operator} fold(${slot})"),
                _ => format!("{sql} {operator} ${slot}{there}"),
            }
        }
    };
    Ok(match field.kind {
        FieldKind::Related { rows, .. } => format!("exists (select from {rows} and {condition})"),
        _ => condition,
    })
}

/// A moment that is compared with a day: it is on it, after it, from its beginning on, before it, or up to its end.
fn on_day(sql: &str, op: &str, here: Here, day: NaiveDate, values: &mut Vec<Value>) -> String {
    let mut said = |operator: &str, day: NaiveDate| {
        values.push((Box::new(here.begin(day)), Type::TIMESTAMPTZ));
        format!("{sql} {operator} ${}", values.len())
    };
    let next = day + Days::new(1);
    match op {
        "eq" => format!("{} and {}", said(">=", day), said("<", next)),
        "gt" => said(">=", next),
        "gte" => said(">=", day),
        "lt" => said("<", day),
        _ => said("<", next),
    }
}

fn refused(field: &Field, expected: &str) -> Error {
    Error::invalid("/filter", "filter_value", format!("{} takes {expected}.", field.name))
}

pub(super) fn parse_one(field: &Field, value: &str) -> Result<Value> {
    Ok(match field.kind {
        FieldKind::Text | FieldKind::Folded | FieldKind::Related { .. } | FieldKind::TextArray => {
            (Box::new(value.to_owned()), Type::TEXT)
        }
        FieldKind::Id(prefix) | FieldKind::Among(prefix) => (Box::new(parse_id(field, prefix, value)?), Type::UUID),
        FieldKind::Time => {
            let at = value.parse().ok().filter(|at: &DateTime<Utc>| YEARS.contains(&at.year()));
            let at = at.ok_or_else(|| refused(field, "a moment like 2026-01-31T12:00:00Z, or a day like today-7"))?;
            (Box::new(at), Type::TIMESTAMPTZ)
        }
        FieldKind::Date => {
            let day = value.parse().ok().filter(|day: &NaiveDate| YEARS.contains(&day.year()));
            let day = day.ok_or_else(|| refused(field, "a day like 2026-01-31 or today-7"))?;
            (Box::new(day), Type::DATE)
        }
        FieldKind::Int => (Box::new(value.parse::<i64>().map_err(|_| refused(field, "a whole number"))?), Type::INT8),
        FieldKind::Bool => (Box::new(value.parse::<bool>().map_err(|_| refused(field, "true or false"))?), Type::BOOL),
    })
}

fn parse_id(field: &Field, prefix: &str, value: &str) -> Result<uuid::Uuid> {
    let id = value.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).and_then(crate::ids::decode);
    id.ok_or_else(|| refused(field, &format!("an id like {prefix}_…")))
}

fn parse_many(field: &Field, value: &str) -> Result<Value> {
    let parts = value.split(',');
    Ok(match field.kind {
        FieldKind::Id(prefix) | FieldKind::Among(prefix) => {
            let ids = parts.map(|p| parse_id(field, prefix, p)).collect::<Result<Vec<_>>>()?;
            (Box::new(ids), Type::UUID_ARRAY)
        }
        FieldKind::Int => {
            let numbers = parts
                .map(|p| p.parse::<i64>().map_err(|_| refused(field, "whole numbers")))
                .collect::<Result<Vec<_>>>()?;
            (Box::new(numbers), Type::INT8_ARRAY)
        }
        _ => (Box::new(parts.map(str::to_owned).collect::<Vec<_>>()), Type::TEXT_ARRAY),
    })
}
