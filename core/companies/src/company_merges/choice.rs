//! Which value the kept company gets from whom, and what an undo makes of a company that was edited since.
use crate::companies::{CompanyId, Draft, MAX_PROFILES};
use fields::{Custom, Fields};
use kernel::error::FieldProblem;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What can be chosen, besides the tenant's own fields.
const FIELDS: &[&str] = &[
    "name",
    "legal_name",
    "industry",
    "size",
    "website",
    "profiles",
    "email",
    "phone",
    "address",
    "tax_id",
    "description",
    "status",
    "tier",
    "parent",
    "owner",
    "amounts",
    "client_since",
    "renewal",
];

/// Choices that cannot be made: of fields that are not there, or of companies that do not take part.
pub fn refused(choices: &BTreeMap<String, CompanyId>, companies: &[CompanyId]) -> Vec<FieldProblem> {
    let problem = |field: &str, code: &str, detail: &str| FieldProblem {
        field: format!("/fields/{field}"),
        code: code.to_owned(),
        detail: detail.to_owned(),
    };
    let unknown = choices.keys().filter(|field| !FIELDS.contains(&field.as_str()) && !field.starts_with("custom."));
    let foreign = choices.iter().filter(|(_, company)| !companies.contains(company));
    unknown
        .map(|field| problem(field, "field_unknown", "There is no such field to choose."))
        .chain(
            foreign.map(|(field, _)| problem(field, "company_unknown", "Choose one of the companies that become one.")),
        )
        .collect()
}

/// The kept company with what it takes over. The first of `parts` is the kept one. What it belongs to stays to be said by who
/// knows the hierarchy.
pub fn united(parts: &[(CompanyId, Draft)], choices: &BTreeMap<String, CompanyId>) -> Option<Draft> {
    let ((kept_id, kept), _) = parts.split_first()?;
    let chosen = |field: &str| {
        choices.get(field).and_then(|id| parts.iter().find(|(part, _)| part == id)).map(|(_, draft)| draft)
    };
    let mut next = kept.clone();
    // The value that was chosen, or the first that there is.
    macro_rules! first {
        ($($field:ident),*) => { $(
            next.$field = match chosen(stringify!($field)) {
                Some(draft) => draft.$field.clone(),
                None => parts.iter().find_map(|(_, draft)| draft.$field.clone()),
            };
        )* };
    }
    first!(legal_name, industry, size, website, email, phone, address, tax_id, description, tier, owner, client_since);
    next.name = chosen("name").unwrap_or(kept).name.clone();
    next.status = chosen("status").unwrap_or(kept).status;
    // An amount goes with its currency, and the last day to cancel with the day of renewal.
    let group = |field: &str, says: fn(&Draft) -> bool| {
        chosen(field).or_else(|| parts.iter().map(|(_, draft)| draft).find(|draft| says(draft))).unwrap_or(kept)
    };
    let amounts = group("amounts", |draft| draft.currency.is_some());
    next.annual_value = amounts.annual_value;
    next.monthly_revenue = amounts.monthly_revenue;
    next.currency.clone_from(&amounts.currency);
    let renewal = group("renewal", |draft| draft.renews_on.is_some());
    (next.renews_on, next.cancel_by) = (renewal.renews_on, renewal.cancel_by);
    let first = choices.get("profiles").unwrap_or(kept_id);
    let (ahead, behind): (Vec<_>, Vec<_>) = parts.iter().partition(|(id, _)| id == first);
    let pages = ahead.into_iter().chain(behind).flat_map(|(_, draft)| draft.profiles.iter().cloned());
    let mut seen = BTreeSet::new();
    next.profiles = pages.filter(|page| seen.insert(page.to_lowercase())).take(MAX_PROFILES).collect();
    next.custom = custom(parts, choices);
    Some(next)
}

fn custom(parts: &[(CompanyId, Draft)], choices: &BTreeMap<String, CompanyId>) -> Custom {
    let mut values = Custom::default();
    for (_, draft) in parts {
        for (key, value) in &draft.custom.0 {
            values.0.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    for (field, company) in choices {
        let Some(key) = field.strip_prefix("custom.") else { continue };
        match parts.iter().find(|(id, _)| id == company).and_then(|(_, draft)| draft.custom.get(key)) {
            Some(value) => drop(values.0.insert(key.to_owned(), value.clone())),
            None => drop(values.0.remove(key)),
        }
    }
    // Links to a company that goes become links to the one that is kept.
    let ids: Vec<Value> = parts.iter().map(|(id, _)| Value::from(id.to_string())).collect();
    if let Some((kept, gone)) = ids.split_first() {
        for value in values.0.values_mut().filter(|value| gone.contains(value)) {
            *value = kept.clone();
        }
    }
    values
}

/// What an undo makes of a company that reads `current`: what the merge changed becomes what it was, unless somebody changed it
/// since. Amounts go with their currency and days of the contract with each other.
pub fn apart(before: &Draft, after: &Draft, current: &Draft) -> Draft {
    let mut next = current.clone();
    macro_rules! back {
        ($(($($field:ident),*)),*) => { $(
            if $(current.$field == after.$field)&&* { $(next.$field.clone_from(&before.$field);)* }
        )* };
    }
    back!(
        (name),
        (legal_name),
        (industry),
        (size),
        (website),
        (profiles),
        (email),
        (phone),
        (address),
        (tax_id),
        (description),
        (status),
        (tier),
        (parent),
        (owner),
        (annual_value, monthly_revenue, currency),
        (client_since),
        (renews_on, cancel_by)
    );
    for key in before.custom.0.keys().chain(after.custom.0.keys()) {
        if current.custom.get(key) == after.custom.get(key) {
            match before.custom.get(key) {
                Some(value) => drop(next.custom.0.insert(key.clone(), value.clone())),
                None => drop(next.custom.0.remove(key)),
            }
        }
    }
    next
}

/// Names of the fields in which two drafts differ, facts of their own included.
pub fn differing(one: &Draft, other: &Draft) -> Vec<String> {
    let mut fields = one.changed_fields(other);
    let facts = [
        ("status", one.status != other.status),
        ("parent", one.parent != other.parent),
        ("owner", one.owner != other.owner),
    ];
    fields.extend(facts.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()));
    fields
}

/// Names of the fields that somebody changed since a draft was written. What is computed anew, and what went with its field, nobody did.
pub fn edited(after: &Draft, current: &Draft, fields: &Fields) -> Vec<String> {
    let given = |draft: &Draft| Draft { custom: fields.given(&draft.custom), ..draft.clone() };
    differing(&given(after), &given(current))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companies::NewCompany;
    use uuid::Uuid;

    fn id(n: u128) -> CompanyId {
        CompanyId(Uuid::from_u128(n))
    }

    fn draft(new: NewCompany) -> Draft {
        Draft::new(NewCompany { name: "Acme".into(), ..new }, None).unwrap()
    }

    fn parts() -> Vec<(CompanyId, Draft)> {
        let page = |n: u8| format!("https://pages.example/{n}");
        let one = NewCompany {
            industry: Some("Ships".into()),
            monthly_revenue: Some(5),
            currency: Some("EUR".into()),
            profiles: vec![page(1), page(2)],
            ..NewCompany::default()
        };
        let other = NewCompany {
            industry: Some("Boats".into()),
            tax_id: Some("DE 1".into()),
            annual_value: Some(100),
            currency: Some("USD".into()),
            renews_on: "2027-05-01".parse().ok(),
            cancel_by: "2027-04-01".parse().ok(),
            profiles: vec![page(3), page(2)],
            ..NewCompany::default()
        };
        let mut parts = vec![(id(1), draft(one)), (id(2), draft(other))];
        let link = |company: CompanyId| (company.to_string()).into();
        parts[1].1.custom = Custom([("boss".to_owned(), link(id(2))), ("code".to_owned(), "B".into())].into());
        parts[0].1.custom = Custom([("code".to_owned(), "A".into())].into());
        parts
    }

    #[test]
    fn what_the_kept_company_lacks_is_filled() {
        let next = united(&parts(), &BTreeMap::new()).unwrap();
        assert_eq!((next.industry.as_deref(), next.tax_id.as_deref()), (Some("Ships"), Some("DE 1")));
        // No amount comes into the company of another currency.
        assert_eq!((next.annual_value, next.monthly_revenue, next.currency.as_deref()), (None, Some(5), Some("EUR")));
        assert_eq!((next.renews_on.is_some(), next.cancel_by.is_some()), (true, true));
        assert_eq!(next.profiles.len(), 3);
        assert_eq!(next.custom.get("code"), Some(&"A".into()));
        assert_eq!(next.custom.get("boss"), Some(&id(1).to_string().into()), "the link leads to the kept one");
    }

    #[test]
    fn what_is_chosen_wins_even_when_it_is_empty() {
        let choices = [("industry", 2), ("amounts", 2), ("tax_id", 1), ("custom.boss", 1), ("profiles", 2)];
        let choices = choices.map(|(field, n)| (field.to_owned(), id(n))).into();
        let next = united(&parts(), &choices).unwrap();
        assert_eq!((next.industry.as_deref(), next.tax_id), (Some("Boats"), None));
        assert_eq!((next.annual_value, next.monthly_revenue, next.currency.as_deref()), (Some(100), None, Some("USD")));
        assert_eq!(next.custom.get("boss"), None);
        assert!(next.profiles[0].ends_with('3'));
        let wrong = [("shoe".to_owned(), id(1)), ("name".to_owned(), id(9))].into();
        let codes: Vec<String> = refused(&wrong, &[id(1), id(2)]).into_iter().map(|problem| problem.code).collect();
        assert_eq!(codes, ["field_unknown", "company_unknown"]);
    }

    #[test]
    fn an_undo_leaves_what_was_edited_and_takes_the_rest_back() {
        let parts = parts();
        let before = parts[0].1.clone();
        let after = united(&parts, &BTreeMap::new()).unwrap();
        assert_eq!(apart(&before, &after, &after), before);
        let mut current = after.clone();
        current.tax_id = Some("DE 9".into());
        current.cancel_by = None;
        let next = apart(&before, &after, &current);
        assert_eq!(next.tax_id.as_deref(), Some("DE 9"));
        assert_eq!((next.renews_on, next.cancel_by), (current.renews_on, None));
        assert_eq!(next.custom, before.custom);
        assert_eq!(differing(&after, &current), ["tax_id", "cancel_by"]);
    }
}
