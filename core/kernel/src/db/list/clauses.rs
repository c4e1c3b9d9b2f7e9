//! What a module adds to the filters of a list.
use super::super::Composed;
use tokio_postgres::types::{ToSql, Type};

/// A condition the module adds, for example what the caller's level lets him see. `?` stands for the parameter. An index
/// should find what fits, unless it is a `like`: that may say it twice, `near ⇒ whole`, first as it is asked of a row at hand,
/// then as indexes find all that fit.
#[derive(Clone)]
pub struct Clause<'a>(pub &'static str, pub &'a (dyn ToSql + Sync), pub Type);

/// All that a module adds: what it always says, and what was put together for this question. The latter is asked of every row at
/// hand first, as a `like` is.
#[derive(Clone, Copy)]
pub struct Clauses<'a> {
    /// Conditions that are known from the start.
    pub said: &'a [Clause<'a>],
    /// Conditions that people made, on the row as the list names it.
    pub made: &'a [Composed],
}

impl<'a> From<&'a [Clause<'a>]> for Clauses<'a> {
    fn from(said: &'a [Clause<'a>]) -> Self {
        Clauses { said, made: &[] }
    }
}

impl<'a> From<&'a Vec<Clause<'a>>> for Clauses<'a> {
    fn from(said: &'a Vec<Clause<'a>>) -> Self {
        Clauses { said, made: &[] }
    }
}

impl<'a, const N: usize> From<&'a [Clause<'a>; N]> for Clauses<'a> {
    fn from(said: &'a [Clause<'a>; N]) -> Self {
        Clauses { said, made: &[] }
    }
}
