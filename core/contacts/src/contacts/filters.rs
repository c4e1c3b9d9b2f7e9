//! Filters of lists in the form that columns are kept in, without asking the database, and who may ask for which.
use crate::addresses::{EmailAddress, PhoneNumber};
use kernel::{
    Cx, Result,
    auth::Permission,
    db::{ListQuery, contains},
    rules_of,
};

/// Refuses rules that ask for records which the caller may not see: who fits would tell about them.
pub(crate) fn check_rules<P: Permission>(cx: &Cx<P>, filter: &[String]) -> Result<()> {
    let mut rules = filter.iter().filter_map(|said| rules_of(said).transpose());
    rules.try_for_each(|rules| (cx.app.rules()?.check)(rules?, &cx.principal.grants))
}

/// What holds a pattern somewhere: the search text is indexed by its parts, while a name's or company's middle is not.
pub(super) const WITHIN: &str = "c.search like fold(?)";
/// A company that is like a pattern: its beginning is indexed.
const COMPANY: &str = "lower(c.company_name) like lower(?)";

/// Filters in the form the columns are kept in, and what every match must have so that an index finds it: conditions with their patterns.
pub(super) fn canonical_filters(query: &ListQuery, country: Option<&str>) -> (ListQuery, Vec<(&'static str, String)>) {
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
            ("company_name", "eq" | "prefix") if !value.is_empty() => {
                let within = contains(value);
                let beginning = within.strip_prefix('%').unwrap_or(&within);
                let whole = beginning.strip_suffix('%').unwrap_or(beginning);
                patterns.push((COMPANY, if op == "eq" { whole } else { beginning }.to_owned()));
                value.to_owned()
            }
            ("company_name" | "name" | "email", "contains") => {
                patterns.extend((value.chars().count() > 2).then(|| (WITHIN, contains(value))));
                value.to_owned()
            }
            _ => return filter.clone(),
        };
        format!("{field}:{op}:{value}")
    };
    let filter = query.filter.iter().map(&mut rewrite).collect();
    (ListQuery { filter, ..query.clone() }, patterns)
}
