//! Rules as a filter of lists: the definition of a segment that nobody keeps, asked of each row as it is now.
use super::{at, known};
use crate::segments::{db::conditions, model::SegmentRule, tree};
use contacts::Problems;
use kernel::{
    Error, Result, Ruled, Tx,
    auth::{Grants, Principal},
    db::Composed,
    error::{FieldProblem, Kind},
};

/// What filters of saved views with rules begin with.
pub(super) const FILTER: &str = "rules:eq:";
/// Longest definition that a filter may say, in characters.
const LONGEST: usize = 8_000;

/// Refuses rules that ask for records which may not be seen.
pub(crate) fn check_rules(text: &str, grants: &Grants) -> Result<()> {
    rule_of(text)?.check_grants(grants)
}

/// The rules as a condition on a row, as far as the reader sees what is related to it.
pub(crate) async fn read_rules(tx: &mut Tx, of: Ruled, text: &str, reader: Option<&Principal>) -> Result<Composed> {
    let rule = rule_of(text)?;
    let known = known(tx, [&rule]).await?;
    let refused = |problems: Problems| in_filter(problems.check().err().unwrap_or_else(Error::not_found));
    let (mut tree, _) = tree::read_of(of, &rule, &known).map_err(refused)?;
    if let Some(reader) = reader {
        tree.narrow(reader);
    }
    let at = at(tx).await?;
    let mut condition = Composed::default();
    conditions::condition(&mut condition, &tree, &at);
    Ok(condition)
}

/// Rules of a saved view with another value of a field in place of one; `None` when they name it nowhere.
pub(super) fn replaced(text: &str, field: &str, from: &str, into: &str) -> Option<String> {
    serde_json::to_string(&tree::with_value(&rule_of(text).ok()?, field, from, into)?).ok()
}

fn rule_of(text: &str) -> Result<SegmentRule> {
    let refused = |detail: &str| Error::invalid("/filter", "filter_value", detail);
    if text.chars().count() > LONGEST {
        return Err(refused("The rules of a filter have at most 8000 characters."));
    }
    serde_json::from_str(text).map_err(|_| refused("rules takes the definition of a segment, as JSON."))
}

/// What is wrong with a definition, as it is said of filters.
fn in_filter(error: Error) -> Error {
    let Kind::Invalid(problems) = error.kind() else { return error };
    let problem = |problem: &FieldProblem| {
        let detail = format!("{}: {}", problem.field, problem.detail);
        FieldProblem { field: "/filter".into(), code: problem.code.clone(), detail }
    };
    Error::invalid_fields(problems.iter().map(problem).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_views_follow_a_stage() {
        let rules =
            r#"{"kind":"any","rules":[{"kind":"field","field":"stage","op":"any_of","values":["won","lost"]}]}"#;
        let next = replaced(rules, "stage", "lost", "won").unwrap();
        assert_eq!(next, rules.replace(r#""won","lost""#, r#""won""#));
        assert_eq!(replaced(rules, "stage", "new", "won"), None);
        assert!(rule_of("{}").is_err() && rule_of(&"x".repeat(9_000)).is_err());
    }
}
