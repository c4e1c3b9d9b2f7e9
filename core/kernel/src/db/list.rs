//! The list grammar, the same for API and dashboard: `limit`, `cursor`, `sort=-created_at`, and any number of
//! `filter=field:op:value` joined by AND. Every piece of SQL is a constant of the module that owns the list.
//!
//! A page is read along the index of its order. That takes long when hardly any row fits, or when those that fit stand far
//! behind, which nobody can tell beforehand for a part of a text or a tag. So a list with such a condition looks at the
//! nearest rows only; when they do not fill the page, everything that fits is collected by whatever index finds it, and
//! sorted.
use super::{FromRow, Query};
use crate::{Error, Result, http::Page};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, NaiveDate, Utc};
use tokio_postgres::types::{ToSql, Type};

/// Rows looked at along the order, for each row that the page wants, before everything that fits is collected.
const NEAREST: u32 = 20;

/// What the caller asked for, as it came.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Rows wanted, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// A sortable field, with `-` in front for descending.
    pub sort: Option<String>,
    /// `field:op:value`.
    pub filter: Vec<String>,
}

impl ListQuery {
    /// Rows wanted: 422 outside 1 to 200.
    pub fn checked_limit(&self) -> Result<u32> {
        match self.limit.unwrap_or(50) {
            limit @ 1..=200 => Ok(limit),
            _ => Err(Error::invalid("/limit", "limit_range", "limit goes from 1 to 200.")),
        }
    }
}

/// Type of a field, decides its operators and how values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text: eq ne in contains prefix empty.
    Text,
    /// Text kept in the form of `shared.fold` (lower-case, no accents): eq ne contains
    /// prefix empty; the value is folded too.
    Folded,
    /// Text of related rows, kept lower-case: eq in contains prefix empty. Holds when one related row fits.
    Related {
        /// What follows `select from` up to the condition: `contact_emails e where e.contact_id = c.id`.
        rows: &'static str,
        /// Holds when there is a related row.
        any: &'static str,
    },
    /// A list of texts: has, empty.
    TextArray,
    /// An id with this wire prefix: eq ne in empty.
    Id(&'static str),
    /// A moment: eq gt gte lt lte empty.
    Time,
    /// A day: eq gt gte lt lte empty.
    Date,
    /// A whole number: eq ne in gt gte lt lte empty.
    Int,
    /// true or false: eq.
    Bool,
}

/// A field that lists can filter by and maybe sort by.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the API.
    pub name: &'static str,
    /// The SQL expression.
    pub sql: &'static str,
    /// Its type.
    pub kind: FieldKind,
    /// A non-null expression to sort by (with an index behind it), if it can be sorted by.
    pub sort: Option<&'static str>,
}

/// A condition the module adds, for example what the caller's level lets him see. `?` stands for the parameter. An index
/// should find what fits, unless it is a `like`: that may say it twice, `near ⇒ whole`, first as it is asked of a row at hand,
/// then as indexes find all that fit.
pub struct Clause<'a>(pub &'static str, pub &'a (dyn ToSql + Sync), pub Type);

/// A list: what to select and what to filter by.
#[derive(Debug, Clone, Copy)]
pub struct ListSpec {
    /// `select … from …`, up to but without `where`.
    pub select: &'static str,
    /// Expression of the unique id that breaks ties.
    pub id: &'static str,
    /// Conditions that always hold, joined by AND; empty for none.
    pub always: &'static str,
    /// What can be filtered and sorted by.
    pub fields: &'static [Field],
    /// For example `-created_at`.
    pub default_sort: &'static str,
}

type Value = (Box<dyn ToSql + Sync + Send>, Type);

#[derive(serde::Serialize, serde::Deserialize)]
struct Cursor {
    s: String,
    v: String,
    i: uuid::Uuid,
}

impl ListSpec {
    fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// Whether nobody can tell, for one of the filters, how far along the order of `sort` the fitting rows stand.
    fn is_vague(&self, query: &ListQuery, sort: &str) -> bool {
        query.filter.iter().any(|filter| {
            let mut parts = filter.split(':');
            let (name, op) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            match (self.field(name).map(|f| f.kind), op) {
                (_, "eq" | "ne") | (Some(FieldKind::Folded), "prefix") => false,
                (Some(FieldKind::Related { .. }), "in") => false,
                (_, "gt" | "gte" | "lt" | "lte") => name != sort,
                _ => true,
            }
        })
    }

    fn condition(&self, filter: &str, values: &mut Vec<Value>) -> Result<String> {
        let mut parts = filter.splitn(3, ':');
        let (name, op, value) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let field = self.field(name).ok_or_else(|| {
            let known: Vec<_> = self.fields.iter().map(|f| f.name).collect();
            Error::invalid(
                "/filter",
                "filter_field",
                format!("There is no field {name:?}. Fields: {}.", known.join(", ")),
            )
        })?;
        let sql = field.sql;
        if op == "empty" {
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
            FieldKind::Time | FieldKind::Date => &["eq", "gt", "gte", "lt", "lte"],
            FieldKind::Int => &["eq", "ne", "in", "gt", "gte", "lt", "lte"],
            FieldKind::Bool => &["eq"],
        };
        if !allowed.contains(&op) {
            return Err(Error::invalid(
                "/filter",
                "filter_operator",
                format!("{name} takes {}, empty.", allowed.join(", ")),
            ));
        }
        let slot = values.len() + 1;
        let condition = match op {
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
                values.push(parse_one(field, value)?);
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
                    _ => format!("{sql} {operator} ${slot}"),
                }
            }
        };
        Ok(match field.kind {
            FieldKind::Related { rows, .. } => format!("exists (select from {rows} and {condition})"),
            _ => condition,
        })
    }
}

fn refused(field: &Field, expected: &str) -> Error {
    Error::invalid("/filter", "filter_value", format!("{} takes {expected}.", field.name))
}

fn parse_one(field: &Field, value: &str) -> Result<Value> {
    Ok(match field.kind {
        FieldKind::Text | FieldKind::Folded | FieldKind::Related { .. } | FieldKind::TextArray => {
            (Box::new(value.to_owned()), Type::TEXT)
        }
        FieldKind::Id(prefix) => (Box::new(parse_id(field, prefix, value)?), Type::UUID),
        FieldKind::Time => {
            let at: DateTime<Utc> = value.parse().map_err(|_| refused(field, "a moment like 2026-01-31T12:00:00Z"))?;
            (Box::new(at), Type::TIMESTAMPTZ)
        }
        FieldKind::Date => {
            let day: NaiveDate = value.parse().map_err(|_| refused(field, "a day like 2026-01-31"))?;
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
        FieldKind::Id(prefix) => {
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

impl Query {
    /// One page of a list: keyset pagination, so a page costs the same however deep it is.
    pub async fn list<T: FromRow + poem_openapi::types::ParseFromJSON + poem_openapi::types::ToJSON>(
        &mut self,
        spec: &ListSpec,
        query: &ListQuery,
        clauses: &[Clause<'_>],
    ) -> Result<Page<T>> {
        let limit = query.checked_limit()?;
        check_filters(query)?;
        let sort = query.sort.as_deref().unwrap_or(spec.default_sort);
        let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
        let sort_field = spec.field(name).filter(|f| f.sort.is_some()).ok_or_else(|| {
            let known: Vec<_> = spec.fields.iter().filter(|f| f.sort.is_some()).map(|f| f.name).collect();
            Error::invalid("/sort", "sort_field", format!("Sortable fields: {}.", known.join(", ")))
        })?;
        let sort_sql = sort_field.sort.unwrap_or(sort_field.sql);
        let mut values: Vec<Value> = vec![];
        let (mut conditions, mut wished): (Vec<String>, Vec<String>) = (vec![], vec![]);
        if !spec.always.is_empty() {
            conditions.push(format!("({})", spec.always));
        }
        for filter in &query.filter {
            wished.push(spec.condition(filter, &mut values)?);
        }
        if let Some(cursor) = &query.cursor {
            let broken = || {
                Error::bad_request(
                    "cursor_invalid",
                    "The cursor is not one of this list in this order. Start again without it.",
                )
            };
            let cursor: Cursor =
                B64.decode(cursor).ok().and_then(|raw| serde_json::from_slice(&raw).ok()).ok_or_else(broken)?;
            if cursor.s != sort {
                return Err(broken());
            }
            let mut value = parse_one(&Field { kind: cursor_kind(sort_field.kind), ..*sort_field }, &cursor.v)
                .map_err(|_| broken())?;
            if let FieldKind::Id(_) = sort_field.kind {
                value = (Box::new(cursor.v.parse::<uuid::Uuid>().map_err(|_| broken())?), Type::UUID);
            }
            values.push(value);
            values.push((Box::new(cursor.i), Type::UUID));
            let compare = if descending { "<" } else { ">" };
            conditions.push(format!("({sort_sql}, {}) {compare} (${}, ${})", spec.id, values.len() - 1, values.len()));
        }
        let mut params: Vec<(&(dyn ToSql + Sync), Type)> =
            values.iter().map(|(v, t)| (&**v as &(dyn ToSql + Sync), t.clone())).collect();
        let mut whole = wished.clone();
        for Clause(sql, value, ty) in clauses {
            params.push((*value, ty.clone()));
            let condition = sql.replace('?', &format!("${}", params.len()));
            match condition.split_once(" ⇒ ") {
                Some((near, all)) => (wished.push(near.to_owned()), whole.push(all.to_owned())),
                None if sql.contains(" like ") => (wished.push(condition.clone()), whole.push(condition)),
                None => (conditions.push(condition), ()),
            };
        }
        let direction = if descending { "desc" } else { "asc" };
        let wanted = i64::from(limit) + 1;
        params.push((&wanted, Type::INT8));
        let from = spec.select.rfind(" from ").ok_or_else(|| Error::internal("a list needs a from"))?;
        let (columns, source) = spec.select.split_at(from);
        let order = format!("order by {sort_sql} {direction}, {} {direction}", spec.id);
        let statement = |source: &str, conditions: &[String]| {
            format!(
                "{columns}, {} as cursor_value, {} as cursor_id {source} {} {order} limit ${}",
                cursor_sql(sort_field.kind, sort_sql),
                spec.id,
                all_of(conditions),
                params.len()
            )
        };
        let every = [&conditions[..], &whole].concat();
        let rows = match source.split_whitespace().collect::<Vec<_>>()[..] {
            [_, table, alias] if wished.len() > query.filter.len() || spec.is_vague(query, name) => {
                let (by_order, nearest) = (all_of(&conditions), NEAREST * (limit + 1));
                let near =
                    format!("from (select {alias}.* from {table} {alias} {by_order} {order} limit {nearest}) {alias}");
                let rows = self.run_typed(&statement(&near, &wished), &params).await?;
                if rows.len() > limit as usize {
                    rows
                } else {
                    // `offset 0` keeps the planner from walking along the order all the same.
                    let fitting =
                        format!("from (select {alias}.* from {table} {alias} {} offset 0) {alias}", all_of(&every));
                    self.run_typed(&statement(&fitting, &[]), &params).await?
                }
            }
            _ => self.run_typed(&statement(source, &every), &params).await?,
        };
        let more = rows.len() > limit as usize;
        let rows = &rows[..rows.len().min(limit as usize)];
        let next_cursor = match rows.last() {
            Some(last) if more => {
                let cursor =
                    Cursor { s: sort.to_owned(), v: last.try_get("cursor_value")?, i: last.try_get("cursor_id")? };
                Some(B64.encode(serde_json::to_vec(&cursor).map_err(Error::internal)?))
            }
            _ => None,
        };
        Ok(Page { items: rows.iter().map(T::from_row).collect::<Result<_>>()?, next_cursor })
    }
}

impl Query {
    /// Rows over everything that the filters choose, for figures that stand beside a list: what `spec` selects, its
    /// conditions, then `tail` (grouping, order). `limit`, `cursor` and `sort` of the query do not count.
    pub async fn figures<T: FromRow>(
        &mut self,
        spec: &ListSpec,
        tail: &'static str,
        query: &ListQuery,
        clauses: &[Clause<'_>],
    ) -> Result<Vec<T>> {
        check_filters(query)?;
        let mut values: Vec<Value> = vec![];
        let mut conditions: Vec<String> = vec![];
        if !spec.always.is_empty() {
            conditions.push(format!("({})", spec.always));
        }
        for filter in &query.filter {
            conditions.push(spec.condition(filter, &mut values)?);
        }
        let mut params: Vec<(&(dyn ToSql + Sync), Type)> =
            values.iter().map(|(v, t)| (&**v as &(dyn ToSql + Sync), t.clone())).collect();
        for Clause(sql, value, ty) in clauses {
            params.push((*value, ty.clone()));
            conditions.push(sql.replace('?', &format!("${}", params.len())));
        }
        let statement = format!("{} {} {tail}", spec.select, all_of(&conditions));
        self.run_typed(&statement, &params).await?.iter().map(T::from_row).collect()
    }
}

fn check_filters(query: &ListQuery) -> Result<()> {
    match query.filter.len() {
        0..=20 => Ok(()),
        _ => Err(Error::invalid("/filter", "filter_count", "At most 20 filters are taken.")),
    }
}

fn all_of(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!("where {}", conditions.join(" and ")) }
}

fn cursor_kind(kind: FieldKind) -> FieldKind {
    match kind {
        FieldKind::Id(_) => FieldKind::Text,
        other => other,
    }
}

/// The sort value as text that [`parse_one`] reads back, whatever the server's date style is.
fn cursor_sql(kind: FieldKind, sql: &str) -> String {
    match kind {
        FieldKind::Time => format!("to_char({sql} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
        FieldKind::Date => format!("to_char({sql}, 'YYYY-MM-DD')"),
        _ => format!("({sql})::text"),
    }
}
