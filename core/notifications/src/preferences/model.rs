//! A preference: one person, one module, one channel. Everything is on until somebody switches it off.
use kernel::{Error, Result, error::FieldProblem};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

/// How somebody is told.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "NotificationChannel", rename_all = "snake_case")]
pub enum Channel {
    /// In the app.
    InApp,
    /// By e-mail.
    Email,
    /// On the devices that are told, together with what is told in the app.
    Push,
}

impl Channel {
    pub(crate) const ALL: [Channel; 3] = [Channel::InApp, Channel::Email, Channel::Push];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Channel::InApp => "in_app",
            Channel::Email => "email",
            Channel::Push => "push",
        }
    }
}

/// Whether one is told about a module's news in one way. What is critical is told whatever this says.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "NotificationPreference", deny_unknown_fields)]
pub struct Preference {
    /// The module.
    pub module: String,
    /// The way.
    pub channel: Channel,
    /// Whether.
    pub enabled: bool,
}

/// Preferences to change; what is not named stays.
#[derive(Object, Debug, Clone)]
#[oai(rename = "NotificationPreferenceChanges", deny_unknown_fields)]
pub struct PreferenceChanges {
    /// The changes.
    #[oai(validator(max_items = 200))]
    pub items: Vec<Preference>,
}

kernel::row! {
    /// What somebody changed.
    #[derive(Debug, Clone)]
    pub(crate) struct Changed {
        pub(crate) user_id: Uuid,
        pub(crate) module: String,
        pub(crate) channel: String,
        pub(crate) enabled: bool,
    }
}

/// Whether a person wants a module's news this way; `changed` are the rows of that module.
pub(crate) fn wants(changed: &[Changed], user: Uuid, channel: Channel) -> bool {
    let row = changed.iter().find(|c| c.user_id == user && c.channel == channel.as_str());
    row.is_none_or(|c| c.enabled)
}

/// Every module with every channel, as one person has it.
pub(crate) fn matrix(modules: &[&'static str], changed: &[Changed]) -> Vec<Preference> {
    let enabled = |module: &str, channel: Channel| {
        let row = changed.iter().find(|c| c.module == module && c.channel == channel.as_str());
        row.is_none_or(|c| c.enabled)
    };
    modules
        .iter()
        .flat_map(|module| Channel::ALL.map(|channel| (module, channel)))
        .map(|(module, channel)| Preference { module: (*module).into(), channel, enabled: enabled(module, channel) })
        .collect()
}

/// Refuses modules that do not exist.
pub(crate) fn check(changes: &[Preference], modules: &[&'static str]) -> Result<()> {
    let unknown = changes.iter().enumerate().filter(|(_, p)| !modules.contains(&p.module.as_str()));
    let wrong: Vec<_> = unknown
        .map(|(i, p)| FieldProblem {
            field: format!("/items/{i}/module"),
            code: "module_unknown".into(),
            detail: format!("There is no module {:?}.", p.module),
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_on_until_switched_off() {
        let user = Uuid::from_u128(1);
        let off = Changed { user_id: user, module: "forms".into(), channel: "email".into(), enabled: false };
        let rows = [off];
        assert!(!wants(&rows, user, Channel::Email) && wants(&rows, user, Channel::InApp));
        assert!(wants(&rows, Uuid::from_u128(2), Channel::Email));
        let matrix = matrix(&["contacts", "forms"], &rows);
        assert_eq!(matrix.len(), 6);
        assert_eq!(matrix.iter().filter(|p| !p.enabled).count(), 1);
        assert!(check(&matrix, &["contacts", "forms"]).is_ok() && check(&matrix, &["forms"]).is_err());
    }
}
