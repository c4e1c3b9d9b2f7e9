//! How the people of the first client work together: what they tell each other, who follows what, and when nobody works.
use chrono::{Datelike, NaiveDate, TimeDelta};
use poem::http::Method;
use serde_json::{Value, json};

/// Who, and about whom.
pub(super) struct Team<'a> {
    pub owen: &'a str,
    pub maya: &'a str,
    /// Somebody who asked for something.
    pub contact: &'a str,
    /// Whom all of them look after.
    pub company: &'a str,
    /// What is decided soon.
    pub deal: &'a str,
}

impl Team<'_> {
    /// Method, path and body of each call, on the day the story ends.
    pub fn calls(&self, today: NaiveDate) -> Vec<(Method, String, Option<Value>)> {
        let Team { owen, maya, contact, company, deal } = self;
        let on = |days: i64| today + TimeDelta::days(days);
        let note = |path: String, body: String| (Method::POST, path + "/notes", Some(json!({"body": body})));
        let follow = |path: String, who: &str| (Method::PUT, format!("{path}/followers/{who}"), None);
        let day_off =
            |day: NaiveDate, what: &str, yearly: bool| json!({"day": day.to_string(), "name": what, "yearly": yearly});
        // Every February has this day.
        let founded = on(40);
        let founded = founded.with_day(founded.day().min(28)).unwrap_or(founded);
        let hours = |day: u8, from: &str, until: &str| json!({"day": day, "from": from, "until": until});
        let week = (1..=5).map(|day| hours(day, "08:30", "17:30")).chain([hours(6, "09:00", "13:00")]);
        vec![
            note(
                format!("/v1/contacts/{contact}"),
                format!("@{owen} she needs the keys of the bike shed back. Can you ring her before Friday?"),
            ),
            note(
                format!("/v1/deals/{deal}"),
                format!("@{maya} the rain covers are back in stock, so the price holds."),
            ),
            follow(format!("/v1/contacts/{contact}"), owen),
            follow(format!("/v1/companies/{company}"), maya),
            follow(format!("/v1/deals/{deal}"), maya),
            (Method::PUT, "/v1/working-time".into(), Some(json!({"spans": week.collect::<Vec<_>>()}))),
            (Method::POST, "/v1/holidays".into(), Some(day_off(on(20), "Stocktaking", false))),
            (Method::POST, "/v1/holidays".into(), Some(day_off(founded, "The day the shop opened", true))),
            (
                Method::POST,
                "/v1/assignment-rules".into(),
                Some(json!({"name": "Enquiries in turns", "mode": "round_robin",
                    "members": [{"member": owen}, {"member": maya, "weight": 2}]})),
            ),
            (
                Method::PUT,
                format!("/v1/deal-absences/{owen}"),
                Some(json!({"from": on(9).to_string(), "until": on(16).to_string()})),
            ),
        ]
    }
}
