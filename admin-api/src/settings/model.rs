use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use poem_openapi::Object;
use serde_json::Value;

kernel::row! {
    /// A setting of the platform.
    #[derive(Object, Debug, Clone)]
    pub struct Setting {
        /// Its name.
        pub key: String,
        /// Its value.
        pub value: serde_json::Value,
        /// What it does.
        pub description: String,
        /// When it was changed, UTC.
        pub updated_at: DateTime<Utc>,
    }
}

/// A new value.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct SettingBody {
    /// The value; of the same JSON type as before, or null.
    pub value: Value,
}

/// A setting keeps its type: a switch does not become a text by a slip.
pub fn check_type(before: &Value, after: &Value) -> Result<()> {
    let same = std::mem::discriminant(before) == std::mem::discriminant(after) || before.is_null() || after.is_null();
    if same {
        Ok(())
    } else {
        Err(Error::invalid("/value", "value_type", "The value has another type than this setting takes."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_setting_keeps_its_type() {
        assert!(check_type(&json!(true), &json!(false)).is_ok());
        assert!(check_type(&json!(null), &json!("pro")).is_ok());
        assert!(check_type(&json!(true), &json!("yes")).is_err());
    }
}
