//! What an agency looks at first: who needs attention and why, what is running out, who is new.
use super::model::{Client, Health, Used};
use crate::activity::model::{Counts, Week};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::TenantId;
use poem_openapi::{Enum, Object};

/// Rows of each list in the answer.
const ROWS: usize = 24;
const NEWEST: usize = 6;
/// A limit is near from this part of it on.
const NEAR: f64 = 0.8;
/// A trial is ending when it has no more days than this.
const ENDING: TimeDelta = TimeDelta::days(3);
/// One that is over is said to be for so long.
const OVER: TimeDelta = TimeDelta::days(30);

/// Why a client needs attention, the worst first.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[oai(rename = "AttentionKind", rename_all = "snake_case")]
pub enum Why {
    /// It is about to be destroyed; `until` says when.
    Deleting,
    /// It is suspended, read-only or on its way somewhere; `text` says why.
    Stopped,
    /// Its widgets were refused on websites that are not allowed, `count` times this week.
    Refused,
    /// `count` widgets are on but may live nowhere.
    Nowhere,
    /// A limit of its plan is used up or nearly so; `text` says which.
    Limit,
    /// Its trial is over, for at most thirty days; `until` says since when.
    TrialOver,
    /// Its trial ends soon; `until` says when.
    Trial,
    /// Something happened in the week before, and nothing this week.
    Quiet,
}

/// One reason.
#[derive(Object, Debug, Clone, PartialEq)]
#[oai(rename = "AttentionReason", skip_serializing_if_is_none)]
pub struct Reason {
    /// Which.
    pub kind: Why,
    /// How many.
    pub count: Option<i64>,
    /// The reason in the agency's words, or the name of the limit.
    pub text: Option<String>,
    /// When.
    pub until: Option<DateTime<Utc>>,
}

/// A client that needs attention.
#[derive(Object, Debug, Clone)]
#[oai(rename = "ClientAttention")]
pub struct Attention {
    /// Which.
    pub client: Client,
    /// Why, the worst first; never empty.
    pub reasons: Vec<Reason>,
}

/// How much of a limit is used.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "NearLimit")]
pub struct Near {
    /// The client, or the agency itself.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// How much of what.
    #[oai(flatten)]
    pub used: Used,
}

/// A client that tries its plan.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
#[oai(rename = "ClientTrial")]
pub struct Trial {
    /// Which.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// When the days to try its plan are over, or were.
    pub ends_at: DateTime<Utc>,
}

/// How many clients do how.
#[derive(Object, Debug, Clone, Default, PartialEq, Eq)]
#[oai(rename = "ClientTotals")]
pub struct Totals {
    /// All of them.
    pub clients: i64,
    /// On course.
    pub good: i64,
    /// Without a widget that is on.
    pub idle: i64,
    /// Refused somewhere, or allowed nowhere.
    pub attention: i64,
    /// Suspended, read-only or on their way somewhere.
    pub stopped: i64,
}

/// An agency's clients at a glance.
#[derive(Object, Debug, Clone)]
#[oai(rename = "ClientsOverview")]
pub struct Overview {
    /// When the seven days began that are counted, in the agency's time zone.
    pub since: DateTime<Utc>,
    /// How many clients do how.
    pub totals: Totals,
    /// What happened at all of them in these seven days.
    pub week: Counts,
    /// And in the seven days before.
    pub before: Counts,
    /// Each of these seven days, today being the last.
    pub days: Vec<Counts>,
    /// Signs of life at all of them in each part of the seven days: three hours a part.
    pub parts: Vec<i64>,
    /// How many clients need attention.
    pub attention_count: i64,
    /// The first of them, the worst first.
    pub attention: Vec<Attention>,
    /// Those where most happened in these seven days.
    pub busiest: Vec<Client>,
    /// The limits that are nearest, from eight tenths on.
    pub limits: Vec<Near>,
    /// Clients that try their plan, or did until at most thirty days ago; the first to end first.
    pub trials: Vec<Trial>,
    /// The newest clients.
    pub newest: Vec<Client>,
}

/// The limits of a tenant that are near.
fn near(tenant: TenantId, name: &str, limits: &[Used]) -> Vec<Near> {
    let near = limits.iter().filter(|limit| limit.part() >= NEAR);
    near.map(|used| Near { tenant, name: name.to_owned(), used: used.clone() }).collect()
}

/// The days to try a plan that are not over yet, or were not long ago.
fn trial(client: &Client, now: DateTime<Utc>) -> Option<Trial> {
    let row = &client.client;
    let ends_at = row.trial_ends_at.filter(|ends_at| *ends_at > now - OVER)?;
    Some(Trial { tenant: row.id, name: row.name.clone(), ends_at })
}

fn reasons(client: &Client, trial: Option<&Trial>, now: DateTime<Utc>) -> Vec<Reason> {
    let (row, activity) = (&client.client, &client.activity);
    let plain = |kind| Reason { kind, count: None, text: None, until: None };
    let mut found = vec![];
    if row.deletion_due_at.is_some() {
        found.push(Reason { until: row.deletion_due_at, ..plain(Why::Deleting) });
    } else if client.health == Health::Stopped {
        found.push(Reason { text: row.stop_reason.clone(), ..plain(Why::Stopped) });
    } else {
        if activity.refused_week > 0 {
            found.push(Reason { count: Some(activity.refused_week), ..plain(Why::Refused) });
        }
        if activity.widgets_nowhere > 0 {
            found.push(Reason { count: Some(activity.widgets_nowhere), ..plain(Why::Nowhere) });
        }
        let full = client.limits.iter().filter(|limit| limit.part() >= 0.9);
        found.extend(full.map(|limit| Reason { text: Some(limit.limit.clone()), ..plain(Why::Limit) }));
        if let Some(trial) = trial.filter(|trial| trial.ends_at - now <= ENDING) {
            let kind = if trial.ends_at <= now { Why::TrialOver } else { Why::Trial };
            found.push(Reason { until: Some(trial.ends_at), ..plain(kind) });
        }
        if client.week.week.events == 0 && client.week.before.events > 0 {
            found.push(plain(Why::Quiet));
        }
    }
    found
}

/// Puts the overview together. `limits` are the agency's own.
pub(crate) fn overview(
    (agency, agency_name): (TenantId, &str),
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    clients: &[Client],
    limits: &[Used],
) -> Overview {
    let mut limits = near(agency, agency_name, limits);
    let mut attention = vec![];
    let mut trials = vec![];
    let (mut totals, mut sum) = (Totals::default(), Week::quiet());
    for client in clients {
        totals.add(client.health);
        sum.add(&client.week);
        let trying = trial(client, now);
        let reasons = reasons(client, trying.as_ref(), now);
        if !reasons.is_empty() {
            attention.push(Attention { client: client.clone(), reasons });
        }
        limits.extend(near(client.client.id, &client.client.name, &client.limits));
        trials.extend(trying);
    }
    attention.sort_by(|a, b| a.reasons[0].kind.cmp(&b.reasons[0].kind).then_with(|| by_name(&a.client, &b.client)));
    limits.sort_by(|a, b| b.used.part().total_cmp(&a.used.part()).then_with(|| a.name.cmp(&b.name)));
    trials.sort_by_key(|trial| trial.ends_at);
    let mut busiest: Vec<&Client> = clients.iter().filter(|client| client.week.week.events > 0).collect();
    busiest.sort_by(|a, b| b.week.week.events.cmp(&a.week.week.events).then_with(|| by_name(a, b)));
    let mut newest: Vec<&Client> = clients.iter().collect();
    newest.sort_by(|a, b| b.client.activated_at.cmp(&a.client.activated_at).then_with(|| by_name(a, b)));
    let attention_count = attention.len() as i64;
    attention.truncate(ROWS);
    limits.truncate(ROWS);
    trials.truncate(ROWS);
    let first = |list: Vec<&Client>, most| list.into_iter().take(most).cloned().collect();
    Overview {
        since,
        totals,
        week: sum.week,
        before: sum.before,
        days: sum.days.to_vec(),
        parts: sum.parts,
        attention_count,
        attention,
        busiest: first(busiest, ROWS),
        limits,
        trials,
        newest: first(newest, NEWEST),
    }
}

fn by_name(a: &Client, b: &Client) -> std::cmp::Ordering {
    a.client.name.cmp(&b.client.name)
}

impl Totals {
    fn add(&mut self, health: Health) {
        self.clients += 1;
        *match health {
            Health::Good => &mut self.good,
            Health::Idle => &mut self.idle,
            Health::Attention => &mut self.attention,
            Health::Stopped => &mut self.stopped,
        } += 1;
    }
}
