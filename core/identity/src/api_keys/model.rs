//! An API key.
use crate::roles::model::GrantMap;
use chrono::{DateTime, Utc};
use kernel::{
    auth::{Grants, Level},
    error::FieldProblem,
    ids::UserId,
    row,
};
use poem_openapi::Object;

kernel::id!(ApiKeyId, "key", "An API key's id.");

row! {
    /// A key, without its secret.
    #[derive(Object, Debug, Clone)]
    pub struct ApiKey {
        /// Its id.
        pub id: ApiKeyId,
        /// What it is for.
        pub name: String,
        /// The first characters of the secret, to recognise it.
        pub hint: String,
        /// What it may do: permissions with levels.
        pub scopes: GrantMap,
        /// Networks (CIDR) it may be used from; empty: anywhere.
        pub addresses: Vec<String>,
        /// Who made it; it never reaches further than he did.
        pub created_by: UserId,
        /// When.
        pub created_at: DateTime<Utc>,
        /// When it stops working; never when absent.
        pub expires_at: Option<DateTime<Utc>>,
        /// When it was used last, within a minute.
        pub last_used_at: Option<DateTime<Utc>>,
        /// When it was revoked.
        pub revoked_at: Option<DateTime<Utc>>,
        /// For `If-Match`.
        pub version: i64,
    }
}

/// A key to make.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// What it may do: permissions or patterns with levels `team` or `all`; cut to what you may do yourself.
    pub scopes: GrantMap,
    /// When it stops working; never when absent.
    pub expires_at: Option<DateTime<Utc>>,
    /// Networks (CIDR) or addresses it may be used from; anywhere when empty.
    #[oai(default)]
    pub addresses: Vec<String>,
}

/// A new key. The secret is shown now and never again.
#[derive(Object, Clone)]
pub struct NewApiKeyAnswer {
    /// Send it as `X-Api-Key`.
    pub secret: String,
    /// The key.
    pub api_key: ApiKey,
}

/// Changes to a key; what is absent stays.
#[derive(Object, Clone)]
#[oai(deny_unknown_fields)]
pub struct ApiKeyChanges {
    /// New name.
    pub name: Option<String>,
}

/// What a key gets of what was asked for: never more than its maker has, and nothing that hangs on owning records,
/// because a program owns none.
pub(crate) fn granted(asked: &Grants, maker: &Grants) -> GrantMap {
    let cut = asked.intersect(maker);
    GrantMap(cut.iter().filter(|(_, level)| *level > Level::Own).map(|(n, l)| (n.to_owned(), l)).collect())
}

/// Networks in their canonical form.
pub(crate) fn networks(addresses: &[String]) -> Result<Vec<String>, Vec<FieldProblem>> {
    let mut problems = vec![];
    let mut nets = vec![];
    for (at, text) in addresses.iter().enumerate() {
        let text = text.trim();
        match text.parse::<ipnet::IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(ipnet::IpNet::from)) {
            Ok(net) => nets.push(net.trunc().to_string()),
            Err(_) => problems.push(FieldProblem {
                field: format!("/addresses/{at}"),
                code: "address_invalid".into(),
                detail: "Take an address or network like 203.0.113.0/24.".into(),
            }),
        }
    }
    if addresses.len() > 50 {
        problems.push(FieldProblem {
            field: "/addresses".into(),
            code: "too_many".into(),
            detail: "Take at most 50 networks.".into(),
        });
    }
    if problems.is_empty() { Ok(nets) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_never_reaches_further_than_its_maker() {
        let (mut asked, mut maker) = (Grants::default(), Grants::default());
        asked.add("contacts.read", Level::All);
        asked.add("contacts.write", Level::All);
        asked.add("contacts.export", Level::All);
        maker.add("contacts.read", Level::All);
        maker.add("contacts.write", Level::Team);
        maker.add("contacts.export", Level::Own);
        let got = granted(&asked, &maker);
        assert_eq!(got.0.get("contacts.read"), Some(&Level::All));
        assert_eq!(got.0.get("contacts.write"), Some(&Level::Team));
        assert_eq!(got.0.get("contacts.export"), None);
    }

    #[test]
    fn networks_are_canonical_or_refused() {
        let given = |list: &[&str]| networks(&list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(given(&["203.0.113.7/24", "2001:db8::1"]).unwrap(), ["203.0.113.0/24", "2001:db8::1/128"]);
        assert_eq!(given(&["10.0.0.0/8", "x"]).unwrap_err()[0].field, "/addresses/1");
    }
}
