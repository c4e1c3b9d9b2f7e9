//! Levels and grants on the wire, and what may be in a role.
use crate::principals::model::GrantPatterns;
use kernel::{App, auth::Grants, auth::Level, error::FieldProblem};
use poem_openapi::{
    Enum, Object,
    registry::{MetaSchemaRef, Registry},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde_json::Value;
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

kernel::id!(RoleId, "rol", "A role's id.");

/// How far a permission reaches.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum Reach {
    /// Not at all.
    No,
    /// Records the member owns.
    Own,
    /// Records owned by members of the same teams.
    Team,
    /// Every record.
    All,
}

impl From<Level> for Reach {
    fn from(level: Level) -> Self {
        match level {
            Level::No => Reach::No,
            Level::Own => Reach::Own,
            Level::Team => Reach::Team,
            Level::All => Reach::All,
        }
    }
}

impl From<Reach> for Level {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::No => Level::No,
            Reach::Own => Level::Own,
            Reach::Team => Level::Team,
            Reach::All => Level::All,
        }
    }
}

/// The module of a permission: `deals` of `deals.read`.
pub(crate) fn module_of(permission: &str) -> &str {
    permission.split('.').next().unwrap_or_default()
}

type Wire = HashMap<String, Reach>;

/// Permissions, or patterns of them, with levels: `{"contacts.*": "team", "*.read": "all"}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantMap(pub GrantPatterns);

impl GrantMap {
    /// What a principal holds, without what he does not.
    pub fn of(grants: &Grants) -> Self {
        GrantMap(grants.iter().filter(|(_, l)| *l > Level::No).map(|(name, level)| (name.to_owned(), level)).collect())
    }
    /// Without what belongs to these modules.
    pub(crate) fn without(mut self, modules: &[String]) -> Self {
        self.0.retain(|name, _| !modules.iter().any(|module| module == module_of(name)));
        self
    }
    /// As stored.
    pub(crate) fn json(&self) -> Value {
        serde_json::to_value(&self.0).unwrap_or_default()
    }
    fn wire(&self) -> BTreeMap<&str, Reach> {
        self.0.iter().map(|(name, level)| (name.as_str(), (*level).into())).collect()
    }
}

impl Type for GrantMap {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;
    fn name() -> Cow<'static, str> {
        "grants".into()
    }
    fn schema_ref() -> MetaSchemaRef {
        Wire::schema_ref()
    }
    fn register(registry: &mut Registry) {
        Wire::register(registry);
    }
    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for GrantMap {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let wire = Wire::parse_from_json(value).map_err(ParseError::propagate)?;
        Ok(GrantMap(wire.into_iter().map(|(name, reach)| (name, reach.into())).collect()))
    }
}

impl ToJSON for GrantMap {
    fn to_json(&self) -> Option<Value> {
        let entries = self.wire().into_iter().filter_map(|(name, reach)| Some((name.to_owned(), reach.to_json()?)));
        Some(Value::Object(entries.collect()))
    }
}

impl<'a> postgres_types::FromSql<'a> for GrantMap {
    fn from_sql(ty: &postgres_types::Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(GrantMap(crate::principals::model::patterns(&<Value as postgres_types::FromSql>::from_sql(ty, raw)?)))
    }
    fn accepts(ty: &postgres_types::Type) -> bool {
        <Value as postgres_types::FromSql>::accepts(ty)
    }
}

kernel::not_null!(GrantMap);

kernel::row! {
    /// A role.
    #[derive(Object, Debug, Clone)]
    pub struct Role {
        /// Its id.
        pub id: RoleId,
        /// Short and stable, for programs.
        pub key: String,
        /// Its name.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// What it allows: permissions or patterns (`*`, `*.read`, `contacts.*`, `*.export`) with levels; the most specific
        /// one decides.
        pub grants: GrantMap,
        /// Comes with the product: cannot be changed, but copied.
        pub seeded: bool,
        /// Members who have it; told when one role is read.
        pub members: Option<i64>,
        /// When it was made.
        pub created_at: chrono::DateTime<chrono::Utc>,
        /// For `If-Match`.
        pub version: i64,
    }
}

/// A role to make.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewRole {
    /// Short and stable: lower-case letters, digits, `_`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[oai(default)]
    pub description: String,
    /// What it allows.
    pub grants: GrantMap,
}

/// Changes to a role; what is absent stays.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct RoleChanges {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New grants, all of them.
    pub grants: Option<GrantMap>,
}

/// Checks the key of a role.
pub(crate) fn check_key(key: &str) -> Option<FieldProblem> {
    let fine = (2..=63).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    (!fine).then(|| FieldProblem {
        field: "/key".into(),
        code: "key_invalid".into(),
        detail: "Take 2 to 63 lower-case letters, digits and underscores, a letter first.".into(),
    })
}

/// Checks that every name in the grants means something here.
pub(crate) fn check_grants(app: &App, field: &str, grants: &GrantPatterns) -> Vec<FieldProblem> {
    let known = |name: &str| {
        let ends = |suffix: &str| app.modules.iter().flat_map(|m| m.permissions).any(|p| p.name.ends_with(suffix));
        name == "*"
            || app.permission(name).is_some()
            || name.strip_prefix('*').is_some_and(|rest| rest.len() > 1 && rest.starts_with('.') && ends(rest))
            || name.strip_suffix(".*").is_some_and(|prefix| {
                app.modules
                    .iter()
                    .flat_map(|m| m.permissions)
                    .any(|p| p.name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.')))
            })
    };
    let unknown = grants.keys().filter(|name| !known(name)).map(|name| FieldProblem {
        field: format!("{field}/{}", name.replace('~', "~0").replace('/', "~1")),
        code: "permission_unknown".into(),
        detail: "There is no such permission; GET /v1/permissions lists them.".into(),
    });
    unknown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        assert_eq!(check_key("front_desk2"), None);
        for bad in ["", "a", "Front", "2x", "a-b", &"a".repeat(64)] {
            assert!(check_key(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn grants_round_trip_on_the_wire() {
        let json = serde_json::json!({"*.read": "all", "contacts.write": "own"});
        let map = GrantMap::parse_from_json(Some(json.clone())).unwrap();
        assert_eq!(map.0["contacts.write"], Level::Own);
        assert_eq!(map.to_json(), Some(json));
        assert!(GrantMap::parse_from_json(Some(serde_json::json!({"x": "some"}))).is_err());
    }

    #[test]
    fn what_belongs_to_a_module_is_told_by_its_whole_name() {
        let json = serde_json::json!({"deals.read": "all", "deals.items.write": "own", "dealsheets.read": "all"});
        let left = GrantMap::parse_from_json(Some(json)).unwrap().without(&["deals".into()]);
        assert_eq!(left.to_json(), Some(serde_json::json!({"dealsheets.read": "all"})));
    }
}
