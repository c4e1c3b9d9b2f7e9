//! Statements that are put together from constant pieces, for conditions that people make themselves. Whatever comes from
//! outside is a parameter: a piece is text of the program, and nothing else can be added.
use super::{FromRow, Query};
use crate::Result;
use std::fmt;
use tokio_postgres::types::{FromSqlOwned, ToSql, Type};

/// A statement, or a part of one, with the values of its parameters.
#[derive(Default)]
pub struct Composed {
    text: String,
    values: Vec<(Box<dyn ToSql + Sync + Send>, Type)>,
}

impl fmt::Debug for Composed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composed").field("text", &self.text).finish_non_exhaustive()
    }
}

impl Composed {
    /// A statement that begins so.
    pub fn new(piece: &'static str) -> Self {
        Composed { text: piece.to_owned(), values: vec![] }
    }

    /// Adds a piece.
    pub fn add(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    /// Adds a parameter.
    pub fn bind<V: ToSql + Sync + Send + 'static>(&mut self, value: V, ty: Type) -> &mut Self {
        self.values.push((Box::new(value), ty));
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// How it reads, for tests.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it reads behind other parameters; its own are added to them.
    pub(super) fn after<'a>(&'a self, params: &mut Vec<(&'a (dyn ToSql + Sync), Type)>) -> String {
        let before = params.len();
        params.extend(self.params());
        let mut pieces = self.text.split('$');
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let end = piece.find(|c: char| !c.is_ascii_digit()).unwrap_or(piece.len());
            let (slot, rest) = piece.split_at(end);
            let slot = before + slot.parse::<usize>().unwrap_or(0);
            text.push('$');
            text.push_str(&slot.to_string());
            text.push_str(rest);
        }
        text
    }

    fn params(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.values.iter().map(|(value, ty)| (&**value as &(dyn ToSql + Sync), ty.clone())).collect()
    }
}

impl Query {
    /// Every row of a composed statement.
    pub async fn composed_rows<T: FromRow>(&mut self, statement: &Composed) -> Result<Vec<T>> {
        self.run_typed(&statement.text, &statement.params()).await?.iter().map(T::from_row).collect()
    }

    /// The first column of every row of a composed statement.
    pub async fn composed_values<V: FromSqlOwned>(&mut self, statement: &Composed) -> Result<Vec<V>> {
        self.run_typed(&statement.text, &statement.params()).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_after_those_that_are_there() {
        let mut made = Composed::new("(a = ");
        made.bind(1_i64, Type::INT8).add(" or b = any(").bind(2_i64, Type::INT8).add("))");
        let mut params: Vec<(&(dyn ToSql + Sync), Type)> = vec![(&0_i64, Type::INT8); 9];
        assert_eq!(made.after(&mut params), "(a = $10 or b = any($11))");
        assert_eq!(params.len(), 11);
    }
}
