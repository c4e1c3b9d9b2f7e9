use chrono::{DateTime, Utc};
use kernel::{config::Config, ids::TenantId};
use poem_openapi::Object;
use tenants::domains::{DnsRecord, DomainId, Found, records};

kernel::row! {
    /// A domain as stored.
    #[derive(Object)]
    pub(super) struct DomainRow {
        id: DomainId,
        host: String,
        tenant_id: TenantId,
        tenant: String,
        state: String,
        is_primary: bool,
        token: String,
        #[oai(skip)]
        found: Option<Found>,
        since: DateTime<Utc>,
        looked_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
    }
}

/// An own domain of an account.
#[derive(Object, Debug, Clone)]
pub struct AccountDomain {
    /// Its id.
    pub id: DomainId,
    /// Its name as the DNS spells it.
    pub host: String,
    /// The account whose domain it is.
    pub tenant_id: TenantId,
    /// The account's name.
    pub tenant: String,
    /// pending, active, failing or removed.
    pub state: String,
    /// Whether links in mails name it.
    pub is_primary: bool,
    /// What has to stand in the DNS, and what the last look found.
    pub records: Vec<DnsRecord>,
    /// Since when it is in its state.
    pub since: DateTime<Utc>,
    /// When it was looked at last; absent before the first time.
    pub looked_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

impl DomainRow {
    pub(super) fn shown(self, config: &Config) -> AccountDomain {
        AccountDomain {
            records: records(config, &self.host, &self.token, self.found.as_ref()),
            id: self.id,
            host: self.host,
            tenant_id: self.tenant_id,
            tenant: self.tenant,
            state: self.state,
            is_primary: self.is_primary,
            since: self.since,
            looked_at: self.looked_at,
            created_at: self.created_at,
        }
    }
}
