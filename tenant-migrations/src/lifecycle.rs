//! The states of a tenant and the steps between them.
//!
//! Every step raises the epoch, so that a program that cached the state notices within its next look.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use tokio_postgres::Client;
use uuid::Uuid;

/// State of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its role exists, its schema is being built.
    Warming,
    /// Built, and in the pool.
    Ready,
    /// In use.
    Active,
    /// Nothing may be written.
    ReadOnly,
    /// Nobody gets in but the platform.
    Suspended,
    /// On its way to another cell; nothing may be written.
    Moving,
    /// Its rows are being loaded.
    Restoring,
    /// Being destroyed; there is no way back.
    Deleting,
    /// Destroyed; the row is a tombstone.
    Deleted,
}

impl State {
    /// All states.
    pub const ALL: [Self; 9] = [
        Self::Warming,
        Self::Ready,
        Self::Active,
        Self::ReadOnly,
        Self::Suspended,
        Self::Moving,
        Self::Restoring,
        Self::Deleting,
        Self::Deleted,
    ];

    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warming => "warming",
            Self::Ready => "ready",
            Self::Active => "active",
            Self::ReadOnly => "read_only",
            Self::Suspended => "suspended",
            Self::Moving => "moving",
            Self::Restoring => "restoring",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
        }
    }

    /// The states one step away.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Warming => &[Self::Ready, Self::Deleting],
            Self::Ready => &[Self::Active, Self::Deleting],
            Self::Active => &[Self::ReadOnly, Self::Suspended, Self::Moving, Self::Restoring, Self::Deleting],
            Self::ReadOnly => &[Self::Active, Self::Suspended, Self::Moving, Self::Restoring, Self::Deleting],
            Self::Suspended => &[Self::Active, Self::ReadOnly, Self::Restoring, Self::Deleting],
            Self::Moving => &[Self::Active, Self::ReadOnly],
            Self::Restoring => &[Self::Active, Self::ReadOnly, Self::Suspended, Self::Deleting],
            Self::Deleting => &[Self::Deleted],
            Self::Deleted => &[],
        }
    }

    /// Whether this step is allowed.
    #[must_use]
    pub fn allows(self, to: Self) -> bool {
        self.next().contains(&to)
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("not a state of a tenant: {text}"))
    }
}

/// Why a step was not made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such tenant.
    #[error("there is no tenant {0}")]
    NotFound(Uuid),
    /// The step is not allowed from where the tenant is.
    #[error("a tenant that is {from} cannot become {to}")]
    NotAllowed {
        /// Where it is.
        from: State,
        /// Where it should go.
        to: State,
    },
    /// The database refused or is gone.
    #[error(transparent)]
    Database(#[from] tokio_postgres::Error),
}

/// Makes the step, for the login `upzento_control`, `upzento_admin` or the owner. Parameters: tenant id, new state,
/// states it may come from. Returns the new epoch; no row when the tenant is elsewhere.
pub const TRANSITION_SQL: &str =
    "update control.tenants set state = $2, epoch = epoch + 1, version = version + 1, updated_at = now()
  where id = $1 and state = any ($3) returning epoch";

/// Moves a tenant to another state and returns its new epoch.
///
/// # Errors
/// As [`Error`].
pub async fn transition(client: &Client, tenant: Uuid, to: State) -> Result<i64, Error> {
    let from: Vec<&str> = State::ALL.into_iter().filter(|state| state.allows(to)).map(State::as_str).collect();
    if let Some(row) = client.query_opt(TRANSITION_SQL, &[&tenant, &to.as_str(), &from]).await? {
        return Ok(row.get(0));
    }
    let row = client.query_opt("select state from control.tenants where id = $1", &[&tenant]).await?;
    let from = row.and_then(|row| row.get::<_, &str>(0).parse().ok());
    Err(from.map_or(Error::NotFound(tenant), |from| Error::NotAllowed { from, to }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        assert!(State::Active.allows(State::Suspended) && State::Suspended.allows(State::Active));
        assert!(!State::Deleted.allows(State::Active) && !State::Deleting.allows(State::Active));
        assert!(!State::Ready.allows(State::Suspended) && !State::Active.allows(State::Ready));
        for state in State::ALL {
            assert!(!state.allows(state), "{state} to itself is no step");
            assert_eq!(state.as_str().parse::<State>(), Ok(state));
        }
    }
}
