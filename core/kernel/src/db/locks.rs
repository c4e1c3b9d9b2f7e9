//! Locks that stand for no row. Each has a name, which means something in one tenant alone; everybody keeps what he has of it until
//! the end of his transaction.
use super::Tx;
use crate::{Result, crypto::sha256, sql};

impl Tx {
    /// Waits for everybody who has the lock, or shares it, and has it alone.
    pub async fn lock(&mut self, name: &str) -> Result<()> {
        let number = self.lock_number(name);
        self.exec(sql!("select pg_advisory_xact_lock($1)"), &[&number]).await.map(|_| ())
    }

    /// Waits for whoever has the lock alone, and shares it with everybody else.
    pub async fn share_lock(&mut self, name: &str) -> Result<()> {
        let number = self.lock_number(name);
        self.exec(sql!("select pg_advisory_xact_lock_shared($1)"), &[&number]).await.map(|_| ())
    }

    /// What the database calls the lock, for a statement that takes many: a number that only this tenant knows.
    pub fn lock_number(&self, name: &str) -> i64 {
        let hash = sha256(format!("{name}\n{}", self.tenant.role.as_str()).as_bytes());
        i64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
    }
}
