//! Conditions that people put together, with "and" and "or" in each other, as filters of lists: `rules:eq:` and a definition as JSON.
//! One module knows them; lists of modules above it ask it here.
use crate::{
    App, Error, Result,
    auth::{Grants, Principal},
    db::{Composed, ListQuery, Tx},
};
use futures_util::future::BoxFuture;

/// Most filters by rules: each may be as large as a segment's definition.
const MOST: usize = 5;

/// Which rows rules are said of, and what the statement calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruled {
    /// Contacts, `c`.
    Contacts,
    /// Companies, `c`.
    Companies,
    /// Deals, `d`.
    Deals,
    /// Deals as they were at a moment, `l`; what history does not keep is asked of what they are now, `d`.
    DealsThen,
}

/// Refuses rules on contacts that are none, or that ask for what these grants do not reach. Rules on other records ask for nothing but
/// the record.
pub type CheckRules = fn(&str, &Grants) -> Result<()>;

/// Reads rules and says them of a row; what they fit in this moment. Related records that the reader may not see fit nothing; without a
/// reader all of them count.
pub type ReadRules = for<'a> fn(&'a mut Tx, Ruled, &'a str, Option<&'a Principal>) -> BoxFuture<'a, Result<Composed>>;

/// Conditions that people put together, for lists of modules above the one that knows them.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Asks whether somebody may ask so.
    pub check: CheckRules,
    /// Says them in SQL.
    pub read: ReadRules,
}

impl App {
    /// What is known of conditions that people put together.
    ///
    /// # Errors
    /// 500 when no module knows any.
    pub fn rules(&self) -> Result<Rules> {
        self.modules.iter().find_map(|module| module.rules).ok_or_else(|| Error::internal("nobody reads rules"))
    }
}

/// The rules that a filter says; `None` when it is one of a field.
///
/// # Errors
/// 422 when it compares rules in another way than `eq`.
pub fn rules_of(filter: &str) -> Result<Option<&str>> {
    let refused = || Error::invalid("/filter", "filter_value", "rules takes eq, and the definition of a segment.");
    match filter.strip_prefix("rules:") {
        Some(said) => said.strip_prefix("eq:").map(Some).ok_or_else(refused),
        None => Ok(None),
    }
}

impl ListQuery {
    /// Takes the filters by rules out, as conditions on rows of the list.
    ///
    /// # Errors
    /// 422 when there are more than five, or one is no definition for these rows.
    pub async fn take_rules(&mut self, tx: &mut Tx, of: Ruled) -> Result<Vec<Composed>> {
        self.take_rules_of(tx, of, None).await
    }

    /// The same for somebody, who finds nothing by related records that he may not see.
    ///
    /// # Errors
    /// As without him.
    pub async fn take_rules_of(&mut self, tx: &mut Tx, of: Ruled, reader: Option<&Principal>) -> Result<Vec<Composed>> {
        let said: Vec<String> = self.filter.extract_if(.., |said| said.starts_with("rules:")).collect();
        if said.len() > MOST {
            return Err(Error::invalid("/filter", "filter_count", "At most 5 filters by rules are taken."));
        }
        let mut made = vec![];
        for rules in &said {
            if let Some(rules) = rules_of(rules)? {
                let read = tx.app().rules()?.read;
                made.push(read(tx, of, rules, reader).await?);
            }
        }
        Ok(made)
    }
}
