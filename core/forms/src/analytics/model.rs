//! Figures of a form, made of counters and of what was sent.
use crate::forms::{
    model::{Definition, FieldType},
    settings::FormId,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::db::Here;
use poem_openapi::Object;
use std::collections::HashMap;
use tenants::sightings::{Shown, ShownWidget};

kernel::row! {
    /// One counter, added up over its shards.
    #[derive(Debug, Clone)]
    pub struct Count {
        /// On which day, in the tenant's zone.
        pub day: NaiveDate,
        /// `start`, `step`, `field`, `error` or `deleted`.
        pub what: String,
        /// Step or field.
        pub key: String,
        /// How often.
        pub count: i64,
    }
}

kernel::row! {
    /// What was sent on one day.
    #[derive(Debug, Clone)]
    pub struct SentCount {
        /// On which day, in the tenant's zone.
        pub day: NaiveDate,
        /// State.
        pub state: String,
        /// How often.
        pub count: i64,
        /// Half of them took longer to fill in, in milliseconds.
        pub median_ms: Option<f64>,
    }
}

kernel::word! {
    /// One of the tables that a form's figures consist of.
    pub enum FiguresTable {
        /// Every day.
        #[default]
        Days = "days",
        /// Every step, in order.
        Steps = "steps",
        /// Every field that asks something, in order.
        Fields = "fields",
    }
}

/// Figures of a form over some days.
#[derive(Object, Debug, Clone)]
pub struct Analytics {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How often it was shown on websites, by UTC days of the last ninety; absent for one version only, because what is
    /// counted is the widget.
    pub views: Option<i64>,
    /// Visitors who began to fill it in.
    pub starts: i64,
    /// Submissions, without spam; deleted ones are counted.
    pub completions: i64,
    /// Submissions that wait for a decision.
    pub quarantined: i64,
    /// Submissions that were called spam.
    pub spam: i64,
    /// completions ÷ starts, 0 to 1; absent without starts.
    pub completion_rate: Option<f64>,
    /// Half of the submissions of the busiest day took longer to fill in, in milliseconds.
    pub median_fill_ms: Option<f64>,
    /// Every day, also those without anything.
    pub days: Vec<DayFigures>,
    /// Every step, in order.
    pub steps: Vec<StepFigures>,
    /// Every field that asks something, in order.
    pub fields: Vec<FieldFigures>,
}

/// One day.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct DayFigures {
    /// The day.
    pub day: NaiveDate,
    /// How often the form was shown on websites on this day in UTC; absent for one version only.
    pub views: Option<i64>,
    /// Visitors who began to fill it in.
    pub starts: i64,
    /// Submissions, without spam.
    pub completions: i64,
}

/// One step.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct StepFigures {
    /// Its key.
    pub key: String,
    /// Its heading.
    pub title: Option<String>,
    /// Visitors who reached it.
    pub reached: i64,
    /// Of these, visitors who reached neither a later step nor the end.
    pub dropped: i64,
}

/// One field.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct FieldFigures {
    /// Its key.
    pub key: String,
    /// What is asked.
    pub label: Option<String>,
    /// Visitors who answered it.
    pub answered: i64,
    /// How often an answer was refused.
    pub errors: i64,
    /// Visitors who answered it and no later field, and did not finish.
    pub dropped: i64,
}

kernel::row! {
    /// A form, for its figures.
    #[derive(Debug, Clone)]
    pub(crate) struct FormName {
        pub(crate) id: FormId,
        pub(crate) name: String,
        pub(crate) state: String,
        pub(crate) widget: Option<String>,
        pub(crate) waiting: i64,
    }
}

kernel::row! {
    /// What one form did on one day.
    #[derive(Debug, Clone)]
    pub(crate) struct FormDay {
        pub(crate) form: FormId,
        pub(crate) day: NaiveDate,
        pub(crate) starts: i64,
        pub(crate) answers: i64,
    }
}

/// Today in the tenant's time zone, and when the seven days began.
#[derive(Debug, Clone)]
pub(crate) struct Today {
    pub(crate) today: NaiveDate,
    pub(crate) since: DateTime<Utc>,
}

impl Today {
    /// The day that it is.
    pub(crate) fn of(here: Here) -> Self {
        Today { today: here.today(), since: here.begin(here.today() - Days::new(6)) }
    }
}

/// What happened in some days.
#[derive(Object, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormCounts {
    /// How often forms were shown on websites, by days in UTC.
    pub views: i64,
    /// Visitors who began to fill one in.
    pub starts: i64,
    /// Submissions that are there, those kept aside too, without spam.
    pub answers: i64,
}

/// A form's last seven days.
#[derive(Object, Debug, Clone)]
pub struct FormWeek {
    /// Which form.
    pub form: FormId,
    /// Its name.
    pub name: String,
    /// draft, published or unpublished.
    pub state: String,
    /// Submissions that wait for a decision, whenever they were sent.
    pub waiting: i64,
    /// The last seven days.
    pub week: FormCounts,
    /// The seven days before.
    pub before: FormCounts,
}

/// One of the last days, over all forms.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct FormsDay {
    /// The day, in the tenant's time zone.
    pub day: NaiveDate,
    /// What happened.
    #[oai(flatten)]
    pub counts: FormCounts,
}

/// Figures over all forms.
#[derive(Object, Debug, Clone)]
pub struct FormsFigures {
    /// When the last seven days began.
    pub since: DateTime<Utc>,
    /// Fourteen days, today being the last.
    pub days: Vec<FormsDay>,
    /// The last seven days.
    pub week: FormCounts,
    /// The seven days before.
    pub before: FormCounts,
    /// Submissions that wait for a decision.
    pub waiting: i64,
    /// Each form; the one with the most answers first.
    pub forms: Vec<FormWeek>,
}

impl FormCounts {
    fn add(&mut self, other: Self) {
        self.views += other.views;
        self.starts += other.starts;
        self.answers += other.answers;
    }
}

/// Puts the figures of all forms together.
pub(crate) fn of_all(now: &Today, forms: Vec<FormName>, rows: &[FormDay], shown: &[ShownWidget]) -> FormsFigures {
    let first = now.today - Days::new(13);
    let middle = now.today - Days::new(6);
    let widgets: HashMap<&str, FormId> = forms.iter().filter_map(|f| Some((f.widget.as_deref()?, f.id))).collect();
    let views = shown.iter().filter_map(|s| {
        let counts = FormCounts { views: s.count, ..FormCounts::default() };
        Some((*widgets.get(s.widget_id.as_str())?, s.day, counts))
    });
    let did = rows.iter().map(|r| (r.form, r.day, FormCounts { views: 0, starts: r.starts, answers: r.answers }));
    let mut days: Vec<FormsDay> =
        (0..14).map(|n| FormsDay { day: first + Days::new(n), counts: FormCounts::default() }).collect();
    let mut weeks: HashMap<FormId, (FormCounts, FormCounts)> = HashMap::new();
    let (mut week, mut before) = (FormCounts::default(), FormCounts::default());
    // The widgets' days are in UTC: what is ahead of the tenant's today is of today.
    for (form, day, counts) in views.chain(did).filter(|(_, day, _)| *day >= first) {
        let at = day.min(now.today).signed_duration_since(first).num_days();
        if let Some(there) = usize::try_from(at).ok().and_then(|at| days.get_mut(at)) {
            there.counts.add(counts);
        }
        let of = weeks.entry(form).or_default();
        let (sum, own) = if day >= middle { (&mut week, &mut of.0) } else { (&mut before, &mut of.1) };
        sum.add(counts);
        own.add(counts);
    }
    let waiting = forms.iter().map(|form| form.waiting).sum();
    let mut forms: Vec<FormWeek> = forms
        .into_iter()
        .map(|f| {
            let (week, before) = weeks.get(&f.id).copied().unwrap_or_default();
            FormWeek { form: f.id, name: f.name, state: f.state, waiting: f.waiting, week, before }
        })
        .collect();
    forms.sort_by(|a, b| {
        (b.week.answers, b.week.starts).cmp(&(a.week.answers, a.week.starts)).then(a.name.cmp(&b.name))
    });
    FormsFigures { since: now.since, days, week, before, waiting, forms }
}

/// Visitors who reached each of several points in order and got no further: what reached a point, less the most that
/// reached any point after it. `end` is how many finished.
fn dropped(reached: &[i64], end: i64) -> Vec<i64> {
    let mut further = end;
    let mut out: Vec<i64> = reached
        .iter()
        .rev()
        .map(|at| {
            let dropped = (at - further).max(0);
            further = further.max(*at);
            dropped
        })
        .collect();
    out.reverse();
    out
}

/// Puts the figures together.
pub fn figures(
    form: Option<&Definition>,
    counts: &[Count],
    sent: &[SentCount],
    shown: Option<&[Shown]>,
    (from, to): (NaiveDate, NaiveDate),
) -> Analytics {
    let mut total: HashMap<(&str, &str), i64> = HashMap::new();
    for count in counts {
        *total.entry((&count.what, &count.key)).or_default() += count.count;
    }
    let of = |what, key: &str| total.get(&(what, key)).copied().unwrap_or(0);
    let sent_as = |state: &str| sent.iter().filter(|s| s.state == state).map(|s| s.count).sum::<i64>();
    let starts = of("start", "");
    let completions = sent_as("received") + sent_as("quarantined") + of("deleted", "");
    let busiest = sent.iter().filter(|s| s.state == "received").max_by_key(|s| s.count);
    Analytics {
        from,
        to,
        views: shown.map(|days| days.iter().map(|day| day.count).sum()),
        starts,
        completions,
        quarantined: sent_as("quarantined"),
        spam: sent_as("spam"),
        completion_rate: (starts > 0).then(|| (completions as f64 / starts as f64).min(1.0)),
        median_fill_ms: busiest.and_then(|b| b.median_ms),
        days: from.iter_days().take_while(|day| *day <= to).map(|day| day_figures(day, counts, sent, shown)).collect(),
        steps: form.map(|form| steps(form, completions, of)).unwrap_or_default(),
        fields: form.map(|form| fields(form, completions, of)).unwrap_or_default(),
    }
}

fn day_figures(day: NaiveDate, counts: &[Count], sent: &[SentCount], shown: Option<&[Shown]>) -> DayFigures {
    let of = |what: &str| counts.iter().filter(|c| c.day == day && c.what == what).map(|c| c.count).sum::<i64>();
    let completed = sent.iter().filter(|s| s.day == day && s.state != "spam").map(|s| s.count).sum::<i64>();
    let views = shown.map(|days| days.iter().filter(|shown| shown.day == day).map(|shown| shown.count).sum());
    DayFigures { day, views, starts: of("start"), completions: completed + of("deleted") }
}

fn steps<'a>(form: &'a Definition, end: i64, of: impl Fn(&'static str, &'a str) -> i64) -> Vec<StepFigures> {
    let reached: Vec<i64> = form.steps.iter().map(|step| of("step", &step.key)).collect();
    let dropped = dropped(&reached, end);
    let figures = form.steps.iter().zip(reached).zip(dropped);
    figures
        .map(|((step, reached), dropped)| StepFigures {
            key: step.key.clone(),
            title: step.title.clone(),
            reached,
            dropped,
        })
        .collect()
}

fn fields<'a>(form: &'a Definition, end: i64, of: impl Fn(&'static str, &'a str) -> i64) -> Vec<FieldFigures> {
    let asked = || form.fields().filter(|f| !matches!(f.kind, FieldType::Section | FieldType::Hidden));
    let answered: Vec<i64> = asked().map(|field| of("field", &field.key)).collect();
    let dropped = dropped(&answered, end);
    let figures = asked().zip(answered).zip(dropped);
    figures
        .map(|((field, answered), dropped)| FieldFigures {
            key: field.key.clone(),
            label: field.label.clone(),
            answered,
            errors: of("error", &field.key),
            dropped,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_skips_a_step_is_not_lost_there() {
        // 100 reach one, 20 go on to two, 70 jump to three, 60 finish.
        assert_eq!(dropped(&[100, 20, 70], 60), [30, 0, 10]);
        assert_eq!(dropped(&[], 5), Vec::<i64>::new());
        // Counters can be behind what was sent: nobody is lost then.
        assert_eq!(dropped(&[1, 1], 9), [0, 0]);
    }

    #[test]
    fn figures_add_up_and_every_day_is_there() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let count = |d, what: &str, key: &str, count| Count { day: day(d), what: what.into(), key: key.into(), count };
        let form = serde_json::from_value(serde_json::json!({"steps": [
            {"key": "one", "fields": [{"key": "a", "type": "text", "label": "A"}, {"key": "h", "type": "hidden"}]},
            {"key": "two", "fields": [{"key": "b", "type": "text"}]}]}))
        .unwrap();
        let counts = [
            count(1, "start", "", 8),
            count(1, "step", "one", 8),
            count(1, "step", "two", 5),
            count(1, "field", "a", 7),
            count(3, "error", "a", 2),
            count(3, "deleted", "", 1),
        ];
        let sent = |d, state: &str, count| SentCount { day: day(d), state: state.into(), count, median_ms: Some(9.0) };
        let sent = [sent(1, "received", 2), sent(1, "quarantined", 1), sent(3, "spam", 4)];
        let shown = [Shown { day: day(1), count: 10 }, Shown { day: day(3), count: 5 }];
        let got = figures(Some(&form), &counts, &sent, Some(&shown), (day(1), day(3)));
        assert_eq!((got.views, got.starts, got.completions, got.quarantined, got.spam), (Some(15), 8, 4, 1, 4));
        assert_eq!(got.days.iter().map(|day| day.views).collect::<Vec<_>>(), [Some(10), Some(0), Some(5)]);
        assert_eq!(figures(Some(&form), &counts, &sent, None, (day(1), day(3))).days[0].views, None);
        assert_eq!(got.completion_rate, Some(0.5));
        assert_eq!(got.days.len(), 3);
        assert_eq!((got.days[0].completions, got.days[1].completions, got.days[2].completions), (3, 0, 1));
        assert_eq!((got.steps[0].dropped, got.steps[1].dropped), (3, 1));
        assert_eq!(got.fields.iter().map(|f| f.key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((got.fields[0].answered, got.fields[0].errors, got.fields[0].dropped), (7, 2, 3));
    }
}
