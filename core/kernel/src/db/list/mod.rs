//! The list grammar, the same for API and dashboard: `limit`, `cursor`, `sort=-created_at`, and any number of
//! `filter=field:op:value` joined by AND. Every piece of SQL is a constant of the module that owns the list.
//!
//! A page is read along the index of its order. That takes long when hardly any row fits, or when those that fit stand far
//! behind, which nobody can tell beforehand for a part of a text or a tag. So a list with such a condition looks at the
//! nearest rows only. When they do not fill the page, what was found among them tells how far the page reaches: not much
//! further, and it looks there; else everything that fits is collected by whatever index finds it, and sorted. Of values that
//! one index keeps together (`narrow`), that index tells whether few rows have them all: those are collected too.
mod clauses;
mod days;
mod filters;

use super::{FromRow, Query};
use crate::{Error, Result, http::Page};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use chrono::{DateTime, Utc};
pub use clauses::{Clause, Clauses};
pub use days::Here;
use filters::{condition_of, parse_one};
use tokio_postgres::types::{ToSql, Type};

/// Rows looked at along the order, for each row that the page wants, before everything that fits is collected.
const NEAREST: u32 = 20;

/// So many times further at most the second look goes.
const FURTHER: usize = 12;

/// Rows that are collected and sorted rather than looked for along the order.
const FEW: i64 = 1000;

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

    /// The moment of the last row before this page, of a list sorted by moments; none at its beginning, and none of a broken cursor,
    /// which the list itself refuses.
    pub fn after(&self, sort: &str) -> Option<DateTime<Utc>> {
        cursor_of(self.cursor.as_deref()?, sort).ok()?.v?.parse().ok()
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
    /// An id with this wire prefix that may stand in several places of a row: eq in. The field's expression is the whole
    /// condition; `?` in it stands for the ids.
    Among(&'static str),
    /// A moment: eq gt gte lt lte empty; it can be compared with a day that moves too, in the account's zone.
    Time,
    /// A day: eq gt gte lt lte empty. It is said as `2026-01-31`, or by what day it is: `today`, `week`, `month`, `quarter` or
    /// `year`, with so many of them before or after, `today-7`, `month+1`.
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

impl Field {
    /// What the index of its order keeps, when it keeps another value for a missing one: a range is asked of that.
    fn kept(&self) -> Option<&'static str> {
        let is_kept = |sort: &&str| {
            let value = sort.strip_prefix("coalesce(").and_then(|rest| rest.strip_prefix(self.sql));
            value.is_some_and(|rest| rest.starts_with(','))
        };
        self.sort.filter(is_kept)
    }
}

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

/// A field whose values stand in rows of another table, told apart by an id: one that a tenant defined itself. Filters ask
/// for a row that fits; in its order the records without a value come last.
#[derive(Debug, Clone)]
pub struct KeyedField {
    /// Its name in the API.
    pub name: String,
    /// What its rows are told apart by.
    pub id: uuid::Uuid,
    /// Type of `key`; decides operators and how values are read.
    pub kind: FieldKind,
    /// The rows of a record, up to the comparison with the id: `field_values v where v.record_id = c.id and v.field_id =`.
    pub rows: &'static str,
    /// The column that is compared: `v.text_key`.
    pub key: &'static str,
    /// The column that is searched in.
    pub search: &'static str,
    /// How lists are sorted by it, if they can be.
    pub sort: Option<KeyedSort>,
}

/// How records come in the order of their rows: all of it is said of those rows, so that one index serves.
#[derive(Debug, Clone, Copy)]
pub struct KeyedSort {
    /// What joins the rows, up to the comparison with the id: `join field_values s on s.record_id = c.id and s.field_id =`.
    pub join: &'static str,
    /// The column to sort by; rows without it are none.
    pub key: &'static str,
    /// The column that names the record: `s.record_id`.
    pub record: &'static str,
}

/// A value that a statement is given, with its type.
pub type Given = (Box<dyn ToSql + Sync + Send>, Type);
pub(super) type Value = Given;
/// A parameter of a statement.
pub(super) type Bound<'a> = (&'a (dyn ToSql + Sync), Type);

#[derive(serde::Serialize, serde::Deserialize)]
struct Cursor {
    s: String,
    /// Value of the last row; none among the rows that have none.
    v: Option<String>,
    i: uuid::Uuid,
}

impl KeyedField {
    fn of<'a>(filter: &str, keyed: &'a [KeyedField]) -> Option<&'a KeyedField> {
        keyed.iter().find(|f| filter.strip_prefix(&f.name).is_some_and(|rest| rest.starts_with(':')))
    }

    fn without(&self, slot: usize) -> String {
        format!("not exists (select from {} ${slot})", self.rows)
    }

    /// The filter as a condition; with `joined` on the row that the list is sorted by.
    fn condition(&self, filter: &str, joined: bool, here: Here, values: &mut Vec<Value>) -> Result<String> {
        let plain = Field { name: "filter", sql: self.key, kind: self.kind, sort: None };
        let mut parts = filter.splitn(3, ':').skip(1);
        let (op, value) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        values.push((Box::new(self.id), Type::UUID));
        let slot = values.len();
        let searched = Field { sql: self.search, ..plain };
        Ok(match (op, self.sort) {
            ("empty", _) if value == "true" => self.without(slot),
            ("empty", _) if value == "false" => format!("exists (select from {} ${slot})", self.rows),
            ("ne", _) => {
                let condition = condition_of(&plain, &self.name, "eq", value, here, values)?;
                format!("not exists (select from {} ${slot} and {condition})", self.rows)
            }
            ("gt" | "gte" | "lt" | "lte", Some(KeyedSort { key, .. })) if joined => {
                values.pop();
                condition_of(&Field { sql: key, ..plain }, &self.name, op, value, here, values)?
            }
            _ => {
                let field = if op == "contains" { &searched } else { &plain };
                let condition = condition_of(field, &self.name, op, value, here, values)?;
                format!("exists (select from {} ${slot} and {condition})", self.rows)
            }
        })
    }
}

impl ListSpec {
    /// The columns that it selects, and from what.
    pub(super) fn source(&self) -> Result<(&'static str, &'static str)> {
        let from = self.select.rfind(" from ").ok_or_else(|| Error::internal("a list needs a from"))?;
        Ok(self.select.split_at(from))
    }

    fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// Whether a filter is a range of what the list is sorted by, as the index of the order keeps it.
    fn is_along(&self, filter: &str, sort: &str) -> bool {
        let sorted = self.field(sort).filter(|field| field.sort == Some(field.sql) || field.kept().is_some());
        sorted.is_some_and(|field| is_range(filter) && filter.split(':').next() == Some(field.name))
    }

    /// Whether nobody can tell, for one of the filters, how far along the order of `sort` the fitting rows stand.
    fn is_vague(&self, query: &ListQuery, sort: &str) -> bool {
        query.filter.iter().any(|filter| {
            let mut parts = filter.split(':');
            let (name, op) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            match (self.field(name).map(|f| f.kind), op) {
                (None, _) => true,
                (_, "eq" | "ne") | (Some(FieldKind::Folded), "prefix") => false,
                (Some(FieldKind::Related { .. }), "in") => false,
                (_, "gt" | "gte" | "lt" | "lte") => name != sort,
                _ => true,
            }
        })
    }

    /// Filters and clauses as one condition with its parameters.
    pub(super) fn chosen<'a>(
        &self,
        here: Here,
        keyed: &[KeyedField],
        query: &ListQuery,
        clauses: Clauses<'a>,
        values: &'a mut Vec<Value>,
    ) -> Result<(String, Vec<Bound<'a>>)> {
        check_filters(query)?;
        let mut conditions: Vec<String> = vec![];
        if !self.always.is_empty() {
            conditions.push(format!("({})", self.always));
        }
        for filter in &query.filter {
            conditions.push(match KeyedField::of(filter, keyed) {
                Some(field) => field.condition(filter, false, here, values)?,
                None => self.condition(filter, here, values)?,
            });
        }
        let mut params: Vec<Bound<'_>> = values.iter().map(|(v, t)| (&**v as &(dyn ToSql + Sync), t.clone())).collect();
        for Clause(sql, value, ty) in clauses.said {
            params.push((*value, ty.clone()));
            let condition = sql.replace('?', &format!("${}", params.len()));
            conditions.push(condition.split_once(" ⇒ ").map_or(condition.clone(), |(_, whole)| whole.to_owned()));
        }
        conditions.extend(clauses.made.iter().map(|made| made.after(&mut params)));
        Ok((all_of(&conditions), params))
    }

    fn condition(&self, filter: &str, here: Here, values: &mut Vec<Value>) -> Result<String> {
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
        condition_of(field, name, op, value, here, values)
    }
}

/// The order of a page.
pub(super) struct Order<'a> {
    pub(super) name: &'a str,
    pub(super) descending: bool,
    pub(super) kind: FieldKind,
    /// The expression.
    pub(super) sql: &'static str,
    /// Joins the rows it is in.
    pub(super) keyed: Option<(KeyedSort, &'a KeyedField)>,
    /// The expression that breaks ties.
    pub(super) id: &'static str,
}

impl ListSpec {
    pub(super) fn order<'a>(&self, sort: &'a str, keyed: &'a [KeyedField]) -> Result<Order<'a>> {
        let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
        if let Some((field, by)) = keyed.iter().find(|f| f.name == name).and_then(|f| Some((f, f.sort?))) {
            let keyed = Some((by, field));
            return Ok(Order { name, descending, kind: field.kind, sql: by.key, keyed, id: by.record });
        }
        match self.field(name).map(|f| (f.kind, f.sort)) {
            Some((kind, Some(sql))) => Ok(Order { name, descending, kind, sql, keyed: None, id: self.id }),
            _ => {
                let known: Vec<_> = self.fields.iter().filter(|f| f.sort.is_some()).map(|f| f.name).collect();
                Err(Error::invalid("/sort", "sort_field", format!("Sortable fields: {}.", known.join(", "))))
            }
        }
    }
}

/// Whether a filter asks for a range of values.
fn is_range(filter: &str) -> bool {
    matches!(filter.split(':').nth(1), Some("gt" | "gte" | "lt" | "lte"))
}

fn cursor_of(text: &str, sort: &str) -> Result<Cursor> {
    let cursor: Option<Cursor> = B64.decode(text).ok().and_then(|raw| serde_json::from_slice(&raw).ok());
    cursor.filter(|cursor| cursor.s == sort).ok_or_else(broken)
}

fn broken() -> Error {
    Error::bad_request("cursor_invalid", "The cursor is not one of this list in this order. Start again without it.")
}

fn cursor_value(order: &Order<'_>, text: &str) -> Result<Value> {
    if let FieldKind::Id(_) = order.kind {
        return Ok((Box::new(text.parse::<uuid::Uuid>().map_err(|_| broken())?), Type::UUID));
    }
    let field = Field { name: "cursor", sql: "", kind: order.kind, sort: None };
    parse_one(&field, text).map_err(|_| broken())
}

impl Query {
    /// One page of a list: keyset pagination, so a page costs the same however deep it is.
    pub async fn list<T: FromRow + poem_openapi::types::ParseFromJSON + poem_openapi::types::ToJSON>(
        &mut self,
        spec: &ListSpec,
        query: &ListQuery,
        clauses: &[Clause<'_>],
    ) -> Result<Page<T>> {
        self.list_keyed(spec, &[], query, clauses).await
    }

    /// The same for a list that is filtered or sorted by `keyed` fields too.
    pub async fn list_keyed<T: FromRow + poem_openapi::types::ParseFromJSON + poem_openapi::types::ToJSON>(
        &mut self,
        spec: &ListSpec,
        keyed: &[KeyedField],
        query: &ListQuery,
        clauses: &[Clause<'_>],
    ) -> Result<Page<T>> {
        self.list_narrow(spec, keyed, &[], query, clauses.into()).await
    }

    /// The same for a list of which one index keeps the columns `narrow` together.
    pub async fn list_narrow<T: FromRow + poem_openapi::types::ParseFromJSON + poem_openapi::types::ToJSON>(
        &mut self,
        spec: &ListSpec,
        keyed: &[KeyedField],
        narrow: &[&str],
        query: &ListQuery,
        clauses: Clauses<'_>,
    ) -> Result<Page<T>> {
        let limit = query.checked_limit()?;
        check_filters(query)?;
        let here = self.here;
        let sort = query.sort.as_deref().unwrap_or(spec.default_sort);
        let order = spec.order(sort, keyed)?;
        let mut values: Vec<Value> = vec![];
        let (mut conditions, mut wished): (Vec<String>, Vec<String>) = (vec![], vec![]);
        if !spec.always.is_empty() {
            conditions.push(format!("({})", spec.always));
        }
        // Among rows without a value none fits a condition on the value that the list is sorted by.
        let mut all_have = false;
        for filter in &query.filter {
            match KeyedField::of(filter, keyed) {
                Some(field) => {
                    let joined = order.keyed.is_some_and(|(_, sorted)| sorted.id == field.id);
                    all_have |= joined && is_range(filter);
                    wished.push(field.condition(filter, joined, here, &mut values)?);
                }
                // A look along the order begins and ends with such a range.
                None if spec.is_along(filter, order.name) => {
                    conditions.push(spec.condition(filter, here, &mut values)?)
                }
                None => wished.push(spec.condition(filter, here, &mut values)?),
            }
        }
        let filtered = wished.len();
        let direction = if order.descending { "desc" } else { "asc" };
        let cursor = query.cursor.as_deref().map(|text| cursor_of(text, sort)).transpose()?;
        // Where the page goes on among rows that have a value, and among those that have none.
        let (mut after, mut after_none) = (String::new(), String::new());
        if let Some(Cursor { v, i, .. }) = &cursor {
            values.push((Box::new(*i), Type::UUID));
            let at = values.len();
            match v {
                Some(text) => {
                    values.push(cursor_value(&order, text)?);
                    let compare = if order.descending { "<" } else { ">" };
                    after = format!("({}, {}) {compare} (${}, ${at})", order.sql, order.id, values.len());
                }
                None if order.keyed.is_some() => after_none = format!("{} > ${at}", spec.id),
                None => return Err(broken()),
            }
        }
        let sorted_by = order.keyed.map(|(KeyedSort { join, .. }, field)| {
            values.push((Box::new(field.id), Type::UUID));
            (format!(" {join} ${}", values.len()), field.without(values.len()))
        });
        let mut params: Vec<Bound<'_>> = values.iter().map(|(v, t)| (&**v as &(dyn ToSql + Sync), t.clone())).collect();
        let mut whole = wished.clone();
        for Clause(sql, value, ty) in clauses.said {
            params.push((*value, ty.clone()));
            let condition = sql.replace('?', &format!("${}", params.len()));
            match condition.split_once(" ⇒ ") {
                Some((near, all)) => (wished.push(near.to_owned()), whole.push(all.to_owned())),
                None if sql.contains(" like ") => (wished.push(condition.clone()), whole.push(condition)),
                None => (conditions.push(condition), ()),
            };
        }
        // How far along an order they hold nobody can tell.
        for made in clauses.made {
            let condition = made.after(&mut params);
            wished.push(condition.clone());
            whole.push(condition);
        }
        let wanted = i64::from(limit) + 1;
        params.push((&wanted, Type::INT8));
        let (columns, source) = spec.source()?;
        let by = format!("order by {} {direction}, {} {direction}", order.sql, order.id);
        let select = |value: &str, source: &str, conditions: &[String], by: &str| {
            let (id, filtered, slot) = (spec.id, all_of(conditions), params.len());
            format!("{columns}, {value} as cursor_value, {id} as cursor_id {source} {filtered} {by} limit ${slot}")
        };
        let value = cursor_sql(order.kind, order.sql);
        let every = [&conditions[..], &whole].concat();
        let with = |more: &str| [&every[..], &[more.to_owned()]].concat();
        let rows = match (sorted_by, source.split_whitespace().collect::<Vec<_>>().as_slice()) {
            (Some((join, without)), _) => {
                let mut rows = vec![];
                if after_none.is_empty() {
                    // Said although it is clear, so that an index of those that have one is known to serve.
                    let there = [&with(&after)[..], &[format!("{} is not null", order.sql)]].concat();
                    rows = self.run_typed(&select(&value, &format!("{source}{join}"), &there, &by), &params).await?;
                }
                if rows.len() <= limit as usize && !all_have {
                    let rest = [&with(&after_none)[..], &[without]].concat();
                    let by = format!("order by {}", spec.id);
                    rows.extend(self.run_typed(&select("null::text", source, &rest, &by), &params).await?);
                }
                rows
            }
            (None, [_, table, alias]) => {
                let all_of_them =
                    |conditions: &[String]| format!("(select {alias}.* from {table} {alias} {}", all_of(conditions));
                // Sorted by what the order needs and read afterwards: a sort copies each row that fits, however wide it is.
                // `offset 0` keeps the planner from walking along the order all the same.
                let collected = format!(
                    "{alias}.ctid = any(array(select k.place from (select {alias}.ctid as place, {} as sorted, {} as id from {table} {alias} {} \
                     offset 0) k order by k.sorted {direction}, k.id {direction} limit ${}))",
                    order.sql,
                    order.id,
                    all_of(&with(&after)),
                    params.len()
                );
                let collected = std::slice::from_ref(&collected);
                if wished.len() > filtered || spec.is_vague(query, order.name) {
                    let ahead = [&conditions[..], std::slice::from_ref(&after)].concat();
                    let (mut rows, mut looked) = (vec![], NEAREST as usize * wanted as usize);
                    for _ in 0..2 {
                        let near = format!("from {} {by} limit {looked}) {alias}", all_of_them(&ahead));
                        rows = self.run_typed(&select(&value, &near, &wished, &by), &params).await?;
                        if rows.len() > limit as usize || rows.len() * FURTHER < wanted as usize {
                            break;
                        }
                        looked = looked * 3 / 2 * wanted as usize / rows.len();
                    }
                    if rows.len() > limit as usize {
                        rows
                    } else {
                        self.run_typed(&select(&value, source, collected, &by), &params).await?
                    }
                } else if self.are_few(spec, narrow, [&conditions, &wished], &params).await? {
                    self.run_typed(&select(&value, source, collected, &by), &params).await?
                } else {
                    self.run_typed(&select(&value, source, &with(&after), &by), &params).await?
                }
            }
            _ => self.run_typed(&select(&value, source, &with(&after), &by), &params).await?,
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
    /// Whether few rows have all the values that are asked of the columns `narrow`; false when fewer than two are asked of.
    async fn are_few(
        &mut self,
        spec: &ListSpec,
        narrow: &[&str],
        conditions: [&[String]; 2],
        params: &[Bound<'_>],
    ) -> Result<bool> {
        let asks = |condition: &&String| {
            narrow.iter().any(|column| condition.strip_prefix(column).is_some_and(|rest| rest.starts_with(" = ")))
        };
        let mut said: Vec<String> = conditions.concat().iter().filter(asks).cloned().collect();
        if said.len() < 2 {
            return Ok(false);
        }
        said.push(spec.always.to_owned());
        let (source, said) = (spec.source()?.1, all_of(&said));
        let count = format!("select count(*) from (select {source} {said} limit {}) few", FEW + 1);
        let rows = self.run_typed(&count, params).await?;
        Ok(rows.first().is_some_and(|row| row.get::<_, i64>(0) <= FEW))
    }

    /// Rows over everything that the filters choose, for figures that stand beside a list: what `spec` selects, which may ask for the
    /// values `given` as `$1`, `$2` and so on, its conditions, then `tail` (grouping, order). `limit`, `cursor` and `sort` of the query
    /// do not count.
    pub async fn figures<T: FromRow>(
        &mut self,
        spec: &ListSpec,
        given: Vec<Given>,
        tail: &'static str,
        keyed: &[KeyedField],
        query: &ListQuery,
        clauses: impl Into<Clauses<'_>>,
    ) -> Result<Vec<T>> {
        let mut values: Vec<Value> = given;
        let (chosen, params) = spec.chosen(self.here, keyed, query, clauses.into(), &mut values)?;
        let statement = format!("{} {chosen} {tail}", spec.select);
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
    let said: Vec<&str> = conditions.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
    if said.is_empty() { String::new() } else { format!("where {}", said.join(" and ")) }
}

/// The sort value as text that [`parse_one`] reads back, whatever the server's date style is.
fn cursor_sql(kind: FieldKind, sql: &str) -> String {
    match kind {
        FieldKind::Time => format!("to_char({sql} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"),
        FieldKind::Date => format!("to_char({sql}, 'YYYY-MM-DD')"),
        _ => format!("({sql})::text"),
    }
}
