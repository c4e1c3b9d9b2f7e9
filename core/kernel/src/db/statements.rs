//! Prepared statements of one connection.
//!
//! Postgres plans a prepared statement anew whenever the search path has changed since it ran last, and every tenant has
//! a path of its own. So a tenant that uses a statement again and again on a connection gets one of its own there, whose
//! plan stays; everybody else shares one.
use crate::ids::TenantId;
use std::collections::HashMap;

/// Uses after which a statement is worth a plan of its own.
const OFTEN: u32 = 3;
/// Statements with a plan of their own: each takes the server some 50 kB. When there is no more room, the rest shares.
const ROOM: usize = 500;
/// A tenant that was not served for so many uses makes room for others.
const RESTED: u64 = 20_000;
/// While there is no room, look for some once in so many uses.
const LOOK_EVERY: u64 = 1_024;

/// Statements by text, shared and by tenant. `S` is what the driver calls a prepared statement.
pub(super) struct Statements<S> {
    shared: HashMap<String, S>,
    tenants: HashMap<TenantId, Own<S>>,
    serving: Option<TenantId>,
    own: usize,
    uses: u64,
}

struct Own<S> {
    by_text: HashMap<String, (u32, Option<S>)>,
    last: u64,
}

impl<S> Default for Statements<S> {
    fn default() -> Self {
        Statements { shared: HashMap::new(), tenants: HashMap::new(), serving: None, own: 0, uses: 0 }
    }
}

impl<S: Clone> Statements<S> {
    /// From now on this tenant is bound.
    pub(super) fn serve(&mut self, tenant: TenantId) {
        self.serving = Some(tenant);
        self.tenants.entry(tenant).or_insert_with(|| Own { by_text: HashMap::new(), last: 0 });
    }

    /// How many tenants were bound so far.
    pub(super) fn tenants(&self) -> usize {
        self.tenants.len()
    }

    /// The statement to use; `None` when one should be prepared and kept with [`Statements::keep`].
    pub(super) fn get(&mut self, sql: &str) -> Option<S> {
        self.uses += 1;
        let (shared, has_room) = (self.shared.get(sql).cloned()?, self.own < ROOM);
        let Some(own) = self.serving.and_then(|tenant| self.tenants.get_mut(&tenant)) else { return Some(shared) };
        own.last = self.uses;
        let Some((uses, statement)) = own.by_text.get_mut(sql) else {
            own.by_text.insert(sql.to_owned(), (1, None));
            return Some(shared);
        };
        *uses = uses.saturating_add(1);
        match statement {
            Some(statement) => Some(statement.clone()),
            None if *uses >= OFTEN && has_room => None,
            None => {
                if !has_room && self.uses.is_multiple_of(LOOK_EVERY) {
                    self.make_room();
                }
                Some(shared)
            }
        }
    }

    /// Keeps what was prepared: for all at first, later for the tenant.
    pub(super) fn keep(&mut self, sql: &str, statement: S) {
        if !self.shared.contains_key(sql) {
            self.shared.insert(sql.to_owned(), statement);
        } else if let Some(own) = self.serving.and_then(|tenant| self.tenants.get_mut(&tenant)) {
            let kept = own.by_text.entry(sql.to_owned()).or_insert((OFTEN, None));
            self.own += usize::from(kept.1.replace(statement).is_none());
        }
    }

    /// Forgets every statement, but not who was served.
    pub(super) fn clear(&mut self) {
        self.shared.clear();
        self.tenants.values_mut().for_each(|own| own.by_text.clear());
        self.own = 0;
    }

    fn make_room(&mut self) {
        let rested = self.uses.saturating_sub(RESTED);
        for own in self.tenants.values_mut().filter(|own| own.last < rested) {
            self.own -= own.by_text.drain().filter(|(_, (_, statement))| statement.is_some()).count();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(n: usize) -> TenantId {
        TenantId(uuid::Uuid::from_u128(n as u128))
    }

    /// One use, as a connection does it; tells whether it had to prepare.
    fn used(statements: &mut Statements<usize>, n: usize, sql: &str, next: usize) -> (usize, bool) {
        statements.serve(tenant(n));
        match statements.get(sql) {
            Some(statement) => (statement, false),
            None => {
                statements.keep(sql, next);
                (next, true)
            }
        }
    }

    #[test]
    fn who_uses_a_statement_often_gets_one_of_his_own() {
        let mut statements = Statements::default();
        assert_eq!(used(&mut statements, 1, "a", 10), (10, true));
        assert_eq!(used(&mut statements, 2, "a", 11), (10, false), "shared");
        let again: Vec<_> = (20..24).map(|next| used(&mut statements, 1, "a", next)).collect();
        assert_eq!(again, [(10, false), (10, false), (22, true), (22, false)]);
        assert_eq!(used(&mut statements, 2, "a", 30), (10, false), "another tenant still shares");
        assert_eq!(statements.tenants(), 2);
        statements.clear();
        assert_eq!(used(&mut statements, 1, "a", 40), (40, true));
        assert_eq!(statements.tenants(), 2, "who was served is not forgotten");
    }

    #[test]
    fn without_a_tenant_everything_is_shared() {
        let mut statements = Statements::default();
        assert_eq!(statements.get("a"), None);
        statements.keep("a", 1);
        assert!((0..10).all(|_| statements.get("a") == Some(1)));
    }

    #[test]
    fn room_is_bounded_and_goes_to_who_is_there() {
        let mut statements = Statements::default();
        let mut prepared = 0;
        for _ in 0..6 {
            for n in 0..2 * ROOM {
                prepared += usize::from(used(&mut statements, n, "a", n).1);
            }
        }
        assert_eq!((prepared, statements.own), (1 + ROOM, ROOM));
        // Only one tenant works for a long time: the others' room is free again.
        for _ in 0..=RESTED {
            used(&mut statements, 5 * ROOM, "a", 0);
        }
        assert!(statements.own <= ROOM);
        for _ in 0..2 * LOOK_EVERY {
            used(&mut statements, 6 * ROOM, "a", 7);
        }
        assert_eq!(used(&mut statements, 6 * ROOM, "a", 8), (7, false));
    }
}
