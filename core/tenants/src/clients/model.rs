//! A client as its agency sees it.
use crate::{activity::model::Week, plans::model::PlanId, tenants::model::NewTenant, transfers::TransferId};
use chrono::{DateTime, Utc};
use kernel::{
    ids::TenantId,
    tenancy::{Tenant, TenantKind},
};
use poem_openapi::{Enum, Object};
use uuid::Uuid;

kernel::row! {
    /// A client as stored.
    #[derive(Object, Debug, Clone)]
    pub struct ClientRow {
        /// Its id; an agency's credential acts on it with the header Upzento-Tenant.
        pub id: TenantId,
        /// Its name.
        pub name: String,
        /// Its name in addresses.
        pub slug: Option<String>,
        /// active, read_only, suspended, moving, restoring or deleting.
        pub state: String,
        /// IANA time zone.
        pub zone: String,
        /// BCP 47 language.
        pub locale: String,
        /// ISO 3166 alpha-2.
        pub country: Option<String>,
        /// ISO 4217.
        pub currency: String,
        /// Its own plan; without one it has the agency's.
        pub plan_id: Option<PlanId>,
        /// Days of its own to try its plan, counted from the opening; absent for those of a plan of its own.
        pub trial_days: Option<i32>,
        /// When the days to try its plan are over, or were; absent when there are none.
        pub trial_ends_at: Option<DateTime<Utc>>,
        /// Why it is stopped.
        pub stop_reason: Option<String>,
        /// Whether the platform stopped it; then the agency cannot resume it.
        pub stopped_by_platform: Option<bool>,
        /// When everything it has is destroyed.
        pub deletion_due_at: Option<DateTime<Utc>>,
        /// The open offer to another agency.
        pub transfer_id: Option<TransferId>,
        /// When it was opened.
        pub activated_at: Option<DateTime<Utc>>,
        /// Raised by every change.
        pub version: i64,
    }
}

kernel::row! {
    /// What the platform knows about a client's widgets, without looking into its records.
    #[derive(Object, Debug, Clone, Default)]
    #[oai(rename = "ClientActivity")]
    pub struct Activity {
        /// Whose.
        #[oai(skip)]
        pub tenant_id: Uuid,
        /// Widgets.
        pub widgets: i64,
        /// Widgets that are on.
        pub widgets_on: i64,
        /// Widgets that are on, but may live on no website.
        pub widgets_nowhere: i64,
        /// Websites on which widgets may live.
        pub websites: i64,
        /// How often widgets were shown in the last seven days.
        pub seen_week: i64,
        /// How often widgets were refused in the last seven days, on websites that are not allowed by now.
        pub refused_week: i64,
        /// When a widget was last shown.
        pub last_seen_at: Option<DateTime<Utc>>,
    }
}

kernel::row! {
    /// What a tenant's plan says, and what it has of that.
    #[derive(Debug, Clone)]
    pub(crate) struct Allowance {
        pub(crate) id: Uuid,
        pub(crate) plan: Option<String>,
        pub(crate) limits: Option<serde_json::Value>,
        pub(crate) members: i64,
    }
}

impl Allowance {
    /// What of this the plan limits, the nearest to its end first.
    pub(crate) fn used(&self, has: &[(&str, i64)]) -> Vec<Used> {
        let limits = self.limits.as_ref().and_then(|limits| limits.as_object());
        let most = |limit: &str| limits?.get(limit)?.as_i64().filter(|most| *most > 0);
        let of = |&(limit, used): &(&str, i64)| Some(Used { limit: limit.to_owned(), used, most: most(limit)? });
        let mut found: Vec<Used> = has.iter().filter_map(of).collect();
        found.sort_by(|a, b| b.part().total_cmp(&a.part()));
        found
    }
}

/// How much of a limit is used.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "UsedLimit")]
pub struct Used {
    /// Of what: clients, contacts, members or widgets.
    pub limit: String,
    /// How many there are.
    pub used: i64,
    /// How many there may be.
    pub most: i64,
}

impl Used {
    /// How much of it, 1 being all.
    pub(crate) fn part(&self) -> f64 {
        self.used as f64 / self.most as f64
    }
}

/// How a client is doing.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[oai(rename = "ClientHealth", rename_all = "snake_case")]
pub enum Health {
    /// Widgets are on and were not refused.
    Good,
    /// No widget is on yet.
    Idle,
    /// Visitors were refused this week, or a widget that is on may live nowhere.
    Attention,
    /// Suspended, read-only or on its way somewhere.
    Stopped,
}

/// A client and how it is doing.
#[derive(Object, Debug, Clone)]
pub struct Client {
    /// The client.
    #[oai(flatten)]
    pub client: ClientRow,
    /// The name of the plan that counts for it, its own or the agency's; absent without one.
    pub plan: Option<String>,
    /// What of its contacts, members and widgets that plan limits, the nearest to its end first.
    pub limits: Vec<Used>,
    /// How it is doing.
    pub health: Health,
    /// What that is judged by.
    pub activity: Activity,
    /// What went on there in the last seven days, in the agency's time zone.
    pub week: Week,
}

impl Client {
    pub(crate) fn of(client: ClientRow, allowance: Option<&Allowance>, activity: Activity, week: Week) -> Self {
        let health = match () {
            () if client.state != "active" => Health::Stopped,
            () if activity.widgets_nowhere > 0 || activity.refused_week > 0 => Health::Attention,
            () if activity.widgets_on == 0 => Health::Idle,
            () => Health::Good,
        };
        let has = |members| [("contacts", week.has_contacts), ("members", members), ("widgets", activity.widgets)];
        let limits = allowance.map(|own| own.used(&has(own.members))).unwrap_or_default();
        let plan = allowance.and_then(|own| own.plan.clone());
        Client { client, plan, limits, health, activity, week }
    }
}

/// A client to be opened. What is absent is as at the agency.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewClient {
    /// Its name.
    #[oai(validator(min_length = 1, max_length = 120))]
    pub name: String,
    /// Its name in addresses; made from the name when absent.
    pub slug: Option<String>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// BCP 47 language.
    pub locale: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Days to try its plan, 0 to 365; none when absent.
    #[oai(validator(minimum(value = "0"), maximum(value = "365")))]
    pub trial_days: Option<i32>,
}

impl NewClient {
    pub(crate) fn under(self, agency: &Tenant, currency: String) -> NewTenant {
        NewTenant {
            kind: TenantKind::Client,
            parent: Some(agency.id),
            name: self.name,
            slug: self.slug,
            zone: self.zone.unwrap_or_else(|| agency.zone.clone()),
            locale: self.locale.unwrap_or_else(|| agency.locale.clone()),
            country: self.country.or_else(|| agency.country.clone()),
            currency: self.currency.unwrap_or(currency),
            // Its agency's: another one is given by the platform.
            plan: None,
            trial_days: self.trial_days,
        }
    }
}

/// How a client is stopped.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[oai(rename = "ClientStopMode", rename_all = "snake_case")]
pub enum StopMode {
    /// Nobody gets in, widgets are off.
    #[default]
    Suspended,
    /// Members may look, nothing may be changed, widgets are off.
    ReadOnly,
}

/// Why and how a client is stopped.
#[derive(Object, Debug, Clone)]
#[oai(rename = "NewClientSuspension", deny_unknown_fields)]
pub struct NewSuspension {
    /// Why; its members read it.
    #[oai(validator(min_length = 1, max_length = 500))]
    pub reason: String,
    /// suspended when absent.
    #[oai(default)]
    pub mode: StopMode,
}

/// Why and when a client ends.
#[derive(Object, Debug, Clone)]
#[oai(rename = "NewClientDeletion", deny_unknown_fields)]
pub struct NewDeletion {
    /// Why.
    #[oai(validator(min_length = 1, max_length = 500))]
    pub reason: String,
    /// The client's name, to be sure that it is the right one.
    pub confirm_name: String,
    /// Days until everything is destroyed, 0 to 90; seven when absent. Until then it can be called off.
    pub days: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(state: &str, widgets_on: i64, widgets_nowhere: i64, refused_week: i64) -> Health {
        let client = ClientRow {
            id: TenantId(Uuid::nil()),
            name: String::new(),
            slug: None,
            state: state.into(),
            zone: String::new(),
            locale: String::new(),
            country: None,
            currency: String::new(),
            plan_id: None,
            trial_days: None,
            trial_ends_at: None,
            stop_reason: None,
            stopped_by_platform: None,
            deletion_due_at: None,
            transfer_id: None,
            activated_at: None,
            version: 1,
        };
        let activity = Activity { widgets_on, widgets_nowhere, refused_week, ..Activity::default() };
        Client::of(client, None, activity, Week::quiet()).health
    }

    #[test]
    fn health_names_the_worst_first() {
        assert_eq!(health("active", 0, 0, 0), Health::Idle);
        assert_eq!(health("active", 2, 0, 0), Health::Good);
        assert_eq!(health("active", 2, 1, 0), Health::Attention);
        assert_eq!(health("active", 2, 0, 9), Health::Attention);
        assert_eq!(health("suspended", 2, 1, 9), Health::Stopped);
    }
}
