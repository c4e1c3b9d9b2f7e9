//! What a webhook tells beyond the event itself: events carry ids only, so the module that owns a record says what a
//! receiver should read about it.
use futures_util::future::BoxFuture;
use kernel::{Result, Tx, events::Recorded};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

/// Tells about the record of an event. It runs only when somebody listens.
pub type Describe = for<'a> fn(&'a mut Tx, &'a Recorded) -> BoxFuture<'a, Result<Value>>;

/// Who tells about which kind of event.
#[derive(Default)]
pub struct Describers(RwLock<HashMap<&'static str, Describe>>);

impl Describers {
    /// From now on events of this kind are described.
    pub fn add(&self, kind: &'static str, describe: Describe) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(kind, describe);
    }
    /// Who describes a kind.
    pub fn get(&self, kind: &str) -> Option<Describe> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(kind).copied()
    }
}
