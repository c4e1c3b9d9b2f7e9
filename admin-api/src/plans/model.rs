use kernel::{Error, Result};
use poem_openapi::Object;
use std::collections::BTreeMap;
use tenants::plans::PlanId;

kernel::row! {
    /// A plan as the platform keeps it.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "PlatformPlan")]
    pub struct PlanView {
        /// Its id.
        pub id: PlanId,
        /// Its name for programs.
        pub key: String,
        /// Its name for people.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// 0 to 4.
        pub level: i32,
        /// How much of what; what is not named has no limit.
        pub limits: serde_json::Value,
        /// Modules it has; null for all.
        pub modules: Option<serde_json::Value>,
        /// Price a month, in minor units of the currency.
        pub price_minor: i64,
        /// ISO 4217.
        pub currency: String,
        /// Days to try it.
        pub trial_days: i32,
        /// Whether it is on offer.
        pub active: bool,
        /// For If-Match.
        pub version: i64,
        /// Accounts that have it as their own.
        pub accounts: i64,
    }
}

/// A plan to make or to replace.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct PlanBody {
    /// Its name for programs: lower-case letters, digits and underscores.
    #[oai(validator(pattern = "^[a-z][a-z0-9_]{0,62}$"))]
    pub key: String,
    /// Its name for people.
    #[oai(validator(min_length = 1, max_length = 120))]
    pub name: String,
    /// What it is for.
    #[oai(default, validator(max_length = 500))]
    pub description: String,
    /// 0 to 4.
    #[oai(validator(minimum(value = "0"), maximum(value = "4")))]
    pub level: i32,
    /// How much of what; what is not named has no limit.
    #[oai(default)]
    pub limits: BTreeMap<String, i64>,
    /// Modules it has; null for all.
    pub modules: Option<Vec<String>>,
    /// Price a month, in minor units of the currency: at most 1,000,000,000,000.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000000")))]
    pub price_minor: i64,
    /// ISO 4217.
    #[oai(validator(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
    /// Days to try it.
    #[oai(validator(minimum(value = "0"), maximum(value = "365")))]
    pub trial_days: i32,
    /// Whether it is on offer.
    pub active: bool,
}

impl PlanBody {
    /// What no schema can say.
    pub fn check(&self) -> Result<()> {
        match self.limits.iter().find(|(_, most)| **most < 0) {
            Some((name, _)) => {
                Err(Error::invalid(format!("/limits/{name}"), "limit_negative", "A limit is 0 or more."))
            }
            None => Ok(()),
        }
    }
}
