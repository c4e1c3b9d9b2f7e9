//! Filters of lists in the form that columns are kept in: pure rewriting of text.
use crate::addresses::{EmailAddress, PhoneNumber};
use kernel::db::{ListQuery, contains};

/// Filters in the form the columns are kept in, and what every match must have in its search text: that is indexed by
/// its parts, while a name's or company's middle is not.
pub(super) fn canonical_filters(query: &ListQuery, country: Option<&str>) -> (ListQuery, Vec<String>) {
    let mut patterns = vec![];
    let mut rewrite = |filter: &String| {
        let mut parts = filter.splitn(3, ':');
        let (field, op, value) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let email = |v: &str| EmailAddress::parse(v).map_or_else(|| v.to_lowercase(), |e| e.canonical);
        let phone = |v: &str| PhoneNumber::parse(v, country).map_or_else(|| v.to_owned(), |p| p.canonical());
        let dialled = |v: &str| v.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>();
        let value = match (field, op) {
            ("email", "eq" | "in") => value.split(',').map(email).collect::<Vec<_>>().join(","),
            ("phone", "eq" | "in") => value.split(',').map(phone).collect::<Vec<_>>().join(","),
            ("phone", "prefix" | "contains") => dialled(value),
            ("country", _) if op != "empty" => value.to_uppercase(),
            ("company_name", "eq" | "prefix" | "contains") | ("name" | "email", "contains") => {
                patterns.extend((value.chars().count() > 2).then(|| contains(value)));
                value.to_owned()
            }
            _ => return filter.clone(),
        };
        format!("{field}:{op}:{value}")
    };
    let filter = query.filter.iter().map(&mut rewrite).collect();
    (ListQuery { filter, ..query.clone() }, patterns)
}
