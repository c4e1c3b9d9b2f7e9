//! What the first client writes down beside names: fields of its own, birthdays, and what it sends on them.
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};

/// What bikes are called in their field, most ridden first.
const BIKES: [&str; 4] = ["city", "cargo", "gravel", "touring"];

/// What is set up before anybody is known: path and body of each call.
pub(super) fn habits() -> Vec<(&'static str, Value)> {
    let option = |key: &str, label: &str| json!({"key": key, "label": label});
    let fields = [
        json!({"record": "contact", "key": "bike", "label": "Bike", "type": "select", "section": "Riding",
            "options": [option("city", "City"), option("cargo", "Cargo"), option("gravel", "Gravel"), option("touring", "Touring")]}),
        json!({"record": "contact", "key": "inside_leg", "label": "Inside leg (cm)", "type": "number", "section": "Riding",
            "help": "Measured barefoot, from the floor to the saddle."}),
        json!({"record": "contact", "key": "saddle_height", "label": "Saddle height (cm)", "type": "formula", "section": "Riding",
            "expression": "custom.inside_leg * 0.883", "result": "number", "decimals": 1}),
        json!({"record": "contact", "key": "rides_to_work", "label": "Rides to work", "type": "checkbox", "section": "Riding"}),
        json!({"record": "company", "key": "fleet", "label": "Bikes in the fleet", "type": "number", "section": "Fleet"}),
        json!({"record": "company", "key": "service_day", "label": "Service day", "type": "select", "section": "Fleet",
            "options": [option("monday", "Monday"), option("wednesday", "Wednesday"), option("friday", "Friday")]}),
        json!({"record": "company", "key": "services", "label": "Services", "type": "multi_select", "section": "Fleet",
            "options": [option("repairs", "Repairs"), option("winter", "Winter store"), option("training", "Rider training")]}),
        json!({"record": "company", "key": "repairs_budget", "label": "Repairs a year, at most", "type": "money", "currency": "GBP",
            "section": "Fleet"}),
        json!({"record": "deal", "key": "handover", "label": "Handover", "type": "select", "section": "Handover",
            "options": [option("shop", "At the shop"), option("van", "By van")]}),
        json!({"record": "deal", "key": "handover_on", "label": "Handover on", "type": "date", "section": "Handover"}),
    ];
    let mut calls: Vec<_> = fields.into_iter().map(|field| ("/v1/custom-fields", field)).collect();
    // Before the greetings: a tag that one of them names, and nobody has, is made without a colour.
    for (name, colour) in
        [("newsletter", "#4f8cff"), ("commuter", "#2fb59a"), ("fleet", "#c07bff"), ("trade fair", "#e0a458")]
    {
        calls.push(("/v1/tags", json!({"name": name, "colour": colour})));
    }
    calls.push((
        "/v1/greetings",
        json!({"name": "Birthdays", "kinds": ["birthday"], "approval": "each", "enabled": true,
            "subject": "Happy birthday, {{first_name|friend}}",
            "body": "A year older, and the legs still turn.\n\nCome by for a coffee and a free chain clean.\n\n{{sender}}"}),
    ));
    calls.push((
        "/v1/greetings",
        json!({"name": "New Year", "feasts": ["new_year"], "tags": ["newsletter"], "approval": "each", "enabled": true,
            "subject": "A good new year, {{first_name|friend}}",
            "body": "Thank you for riding with us.\n\n{{sender}}"}),
    ));
    calls
}

/// What a euro is worth, since when: some customers pay in euros.
pub(super) fn rates(begin: NaiveDate) -> impl Iterator<Item = (&'static str, Value)> {
    [(0, "0.8571"), (120, "0.8649"), (250, "0.8712")].into_iter().map(move |(days, rate)| {
        let from = begin + TimeDelta::days(days);
        ("/v1/exchange-rates", json!({"currency": "EUR", "rate": rate, "valid_from": from.to_string()}))
    })
}

/// What people carry.
pub(super) fn tags(n: usize) -> Vec<&'static str> {
    let all = [(n.is_multiple_of(3), "newsletter"), (n % 5 == 1, "commuter"), (n < 4, "fleet")];
    all.into_iter().filter_map(|(carries, tag)| carries.then_some(tag)).collect()
}

/// Who wants to be left alone: whom, on which channel, why.
pub(super) const SILENCES: [(usize, &str, &str); 2] =
    [(18, "phone", "Works nights; write instead"), (21, "email", "Asked at the counter")];

/// What is set up once there is something to look for: path and body of each call.
pub(super) fn at_the_end() -> Vec<(&'static str, Value)> {
    let field =
        |name: &str, op: &str, values: Value| json!({"kind": "field", "field": name, "op": op, "values": values});
    let all = |rules: Value| json!({"kind": "all", "rules": rules});
    let quiet = json!({"kind": "none", "rules": [field("last_contact_at", "in_last_days", json!(["60"]))]});
    let segments = [
        ("Bought, and quiet for two months", all(json!([field("stage", "any_of", json!(["won"])), quiet]))),
        ("Birthday within a month", field("birthday", "in_next_days", json!(["30"]))),
        ("Cargo riders", field("custom.bike", "any_of", json!(["cargo"]))),
    ];
    let segments =
        segments.map(|(name, rule)| ("/v1/segments", json!({"name": name, "kind": "dynamic", "definition": rule})));
    let views = [
        json!({"name": "Came over the website", "shared": true, "filter": ["source:eq:form"], "sort": "-created_at"}),
        json!({"name": "Qualified", "shared": true, "filter": ["stage:eq:qualified"], "sort": "name"}),
    ];
    segments.into_iter().chain(views.map(|view| ("/v1/saved-views", view))).collect()
}

/// What is known of a person; not everything of everybody.
pub(super) fn of_person(n: usize) -> Value {
    let mut custom = json!({"bike": BIKES[(n * 7 + n / 4) % BIKES.len()], "rides_to_work": n.is_multiple_of(2)});
    if n % 3 != 1 {
        custom["inside_leg"] = json!(74 + (n * 5) % 17);
    }
    custom
}

/// What is known of a company.
pub(super) fn of_company(n: usize) -> Value {
    let days = ["monday", "wednesday", "friday"];
    let services = ["repairs", "winter", "training"];
    let fleet = 3 + (n * 11) % 28;
    json!({"fleet": fleet, "service_day": days[n % days.len()], "services": services[..=n % services.len()],
        "repairs_budget": fleet * 12_000})
}

/// Every second one's birthday: two in the days after the story ends, for which something waits to be approved, more in
/// that week, the others spread over the year.
pub(super) fn birthday(n: usize, end: DateTime<Utc>) -> Option<Value> {
    let days = i64::try_from(n).unwrap_or(0) * if n < 8 { 1 } else { 13 };
    let at = end + TimeDelta::days(days + 1);
    // Not every year of birth has a 29 February.
    let day = if at.month() == 2 { at.day().min(28) } else { at.day() };
    let year = 1958 + (n * 17) % 44;
    n.is_multiple_of(2)
        .then(|| json!({"kind": "birthday", "date_kind": "yearly", "year": year, "month": at.month(), "day": day}))
}
