//! Every occurrence of a day is greeted once, on its day, where the reader is: over a common and a leap year, through changes of clocks,
//! and while the program's own clock goes back and forth.
use super::{greeting, owner};
use crate::deals::Dice;
use crate::forms::World;
use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use serde_json::json;
use std::collections::BTreeMap;

/// From the date line to the date line; by half hours and quarters; with changes of clocks in both halves of the earth, at
/// midnight too.
const ZONES: [&str; 11] = [
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Beirut",
    "Europe/Berlin",
    "America/St_Johns",
    "America/New_York",
    "America/Santiago",
    "Pacific/Niue",
];

/// Days that are lived through, each from before it begins anywhere until it is over everywhere: the turn of the year, the end of
/// February, and when clocks change in America and in Europe.
const SPANS: [[(u32, u32); 2]; 4] = [[(12, 31), (1, 1)], [(2, 28), (3, 1)], [(3, 12), (3, 14)], [(3, 26), (3, 28)]];

/// Days that people have, of which the 29th has each way of being read.
const DAYS: [(u32, u32, Option<&str>); 12] = [
    (12, 31, None),
    (1, 1, None),
    (2, 28, None),
    (2, 29, Some("feb28")),
    (2, 29, Some("mar1")),
    (2, 29, Some("leap_years")),
    (3, 1, None),
    (3, 12, None),
    (3, 13, None),
    (3, 14, None),
    (3, 26, None),
    (3, 28, None),
];

/// Month, day, and how the 29th of February is read.
type Yearly = (u32, u32, Option<&'static str>);

/// The day in a year; `None` when it is not celebrated in that one.
fn day_in(year: i32, (month, day, leap): Yearly) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).or_else(|| match leap {
        Some("feb28") => NaiveDate::from_ymd_opt(year, 2, 28),
        Some("mar1") => NaiveDate::from_ymd_opt(year, 3, 1),
        _ => None,
    })
}

#[tokio::test]
async fn each_occurrence_is_greeted_once_on_its_day_wherever_it_is() {
    let world = World::start().await;
    greeting(&world, json!({})).await;
    let mut dice = Dice(0x5eed_2026_1130_0009);
    // Each day somewhere, and each zone with every way of reading the 29th.
    let mut people: BTreeMap<String, (Yearly, Tz)> = BTreeMap::new();
    for (z, zone) in ZONES.into_iter().enumerate() {
        for (d, day) in DAYS.into_iter().enumerate() {
            if day.2.is_none() && (z + d) % 3 > 0 {
                continue;
            }
            let contact = json!({"first_name": format!("P{z}x{d}"), "zone": zone,
                "emails": [{"address": format!("p{z}x{d}@people.example")}]});
            let id = crate::contacts::id_of(&world.owner, contact).await;
            let mut said =
                json!({"contact": id, "kind": "birthday", "date_kind": "yearly", "month": day.0, "day": day.1});
            if let Some(leap) = day.2 {
                said["leap_policy"] = json!(leap);
            }
            world.owner.post("/v1/occasions", said).await.expect(201);
            people.insert(id, (day, zone.parse().expect("a zone")));
        }
    }
    let mut lived: Vec<NaiveDate> = vec![];
    for year in [2027, 2028] {
        for [first, last] in SPANS {
            // The turn of a year begins in the one before.
            let turns = first.0 > last.0;
            let of = |(month, day), year| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
            let (first, last) = (of(first, year - i32::from(turns)), of(last, year));
            lived.extend(first.iter_days().take_while(|day| *day <= last));
            let begin = first.and_hms_opt(0, 0, 0).expect("a time").and_utc() - TimeDelta::hours(15);
            let end = last.and_hms_opt(0, 0, 0).expect("a time").and_utc() + TimeDelta::hours(24 + 13);
            world.app.advance(begin - world.app.clock.now());
            world.app.settle().await;
            while world.app.clock.now() < end {
                if dice.below(4) == 0 {
                    world.app.advance(TimeDelta::hours(-9));
                    tokio::join!(world.app.settle(), world.app.settle());
                    world.app.advance(TimeDelta::hours(9));
                }
                world.app.advance(TimeDelta::minutes(350 + 20 * dice.below(4) as i64));
                tokio::join!(world.app.settle(), world.app.settle());
            }
        }
    }
    let mut expected: Vec<(String, String)> = vec![];
    for (id, (day, _)) in &people {
        let days = (2026..=2028).filter_map(|year| day_in(year, *day)).filter(|day| lived.contains(day));
        expected.extend(days.map(|day| (id.clone(), day.to_string())));
    }
    expected.sort();
    let (owner, mut found, mut cursor) = (owner(&world).await, vec![], String::new());
    loop {
        let page = owner.get(&format!("/v1/greeting-sends?limit=200{cursor}")).await;
        for send in page.expect(200)["items"].as_array().expect("items") {
            let text = |field: &str| send[field].as_str().unwrap_or_default().to_owned();
            assert_eq!(text("state"), "sent", "{send}");
            let zone = people[&text("contact")].1;
            let shown = text("created_at").parse::<DateTime<Utc>>().expect("a moment").with_timezone(&zone);
            assert_eq!(shown.date_naive().to_string(), text("day"), "on its day: {send} in {zone}");
            assert!(shown.hour() >= 9, "not before nine: {send} in {zone}");
            found.push((text("contact"), text("day")));
        }
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    found.sort();
    assert_eq!(found, expected, "each occurrence once, and nothing else");
    assert!(expected.iter().any(|(_, day)| day == "2028-02-29"), "a leap year was lived through");
    let mails = world.mailbox.taken().into_iter().filter(|mail| mail.to.ends_with("@people.example")).count();
    assert_eq!(mails, expected.len(), "a mail for each");
}
