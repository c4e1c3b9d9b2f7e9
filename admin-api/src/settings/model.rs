use chrono::{DateTime, Utc};
use kernel::{Error, Result};
use poem_openapi::{Enum, Object};
use serde_json::Value;

kernel::row! {
    /// A setting of the platform.
    #[derive(Object, Debug, Clone)]
    #[oai(rename = "SettingFacts")]
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

/// What a setting takes, for whoever edits it.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename_all = "snake_case")]
pub enum SettingKind {
    /// true or false.
    Switch,
    /// A whole or broken number.
    Number,
    /// A text.
    Text,
    /// Key of a plan on offer, or null for none.
    Plan,
    /// Anything else.
    Json,
}

impl SettingKind {
    /// Of a setting, by what it holds.
    pub fn of(key: &str, value: &Value) -> Self {
        match value {
            _ if key == "sign_up.plan" => SettingKind::Plan,
            Value::Bool(_) => SettingKind::Switch,
            Value::Number(_) => SettingKind::Number,
            Value::String(_) => SettingKind::Text,
            _ => SettingKind::Json,
        }
    }
}

/// A setting of the platform, and what it takes.
#[derive(Object, Debug, Clone)]
pub struct SettingView {
    /// What it takes.
    pub kind: SettingKind,
    /// The setting.
    #[oai(flatten)]
    pub setting: Setting,
}

impl From<Setting> for SettingView {
    fn from(setting: Setting) -> Self {
        SettingView { kind: SettingKind::of(&setting.key, &setting.value), setting }
    }
}

/// A new value.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct SettingBody {
    /// The value; of the same JSON type as before, or null.
    pub value: Value,
}

/// A setting keeps its type: a switch does not become a text by a slip, nor nothing at all.
pub fn check_type(kind: SettingKind, before: &Value, after: &Value) -> Result<()> {
    let same = match kind {
        SettingKind::Plan => after.is_string() || after.is_null(),
        _ => std::mem::discriminant(before) == std::mem::discriminant(after) || before.is_null(),
    };
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
        let check = |key, before, after| check_type(SettingKind::of(key, &before), &before, &after).is_ok();
        assert!(check("sign_up.open", json!(true), json!(false)));
        assert!(check("sign_up.plan", json!(null), json!("pro")) && check("sign_up.plan", json!("pro"), json!(null)));
        assert!(check("later", json!(null), json!("pro")));
        assert!(!check("sign_up.open", json!(true), json!("yes")) && !check("sign_up.open", json!(true), json!(null)));
        assert!(!check("sign_up.plan", json!(null), json!(7)));
    }
}
