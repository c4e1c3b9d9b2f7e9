//! Reports against a slow oracle: every number is counted again from the list that it names.
use super::{filled, move_to};
use crate::{contacts::member_with, forms::World};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::Client;

const KINDS: [&str; 12] = [
    "overview",
    "pipeline",
    "conversion",
    "sources",
    "revenue",
    "velocity",
    "win_rate",
    "activity",
    "team",
    "follow_ups",
    "clients",
    "health",
];

fn items(thing: &Value) -> &Vec<Value> {
    thing.as_array().unwrap_or_else(|| panic!("no list: {thing}"))
}

fn text<'a>(thing: &'a Value, field: &str) -> &'a str {
    thing[field].as_str().unwrap_or_else(|| panic!("no {field}: {thing}"))
}

fn moment(thing: &Value, field: &str) -> DateTime<Utc> {
    text(thing, field).parse().expect("a moment")
}

fn number(thing: &Value, field: &str) -> i64 {
    thing[field].as_i64().unwrap_or(0)
}

/// Everything a list shows, page by page.
async fn whole(client: &Client, path: &str) -> Vec<Value> {
    let mut all = vec![];
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}limit=200{cursor}")).await;
        let page = page.expect(200);
        all.extend(items(&page["items"]).iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// Lists that were read already, by address.
struct Book<'a> {
    client: &'a Client,
    lists: BTreeMap<String, Vec<Value>>,
    chances: BTreeMap<String, i64>,
    checked: usize,
}

impl<'a> Book<'a> {
    async fn of(client: &'a Client) -> Self {
        let pipelines = client.get("/v1/pipelines").await;
        let pipelines = pipelines.body["items"].as_array().cloned().unwrap_or_default();
        let stages = pipelines.iter().flat_map(|p| items(&p["stages"]));
        let chances = stages.map(|s| (text(s, "id").to_owned(), number(s, "probability"))).collect();
        Book { client, lists: BTreeMap::new(), chances, checked: 0 }
    }

    async fn rows(&mut self, rows: &Value) -> Vec<Value> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for filter in items(&rows["filter"]) {
            query.append_pair("filter", filter.as_str().unwrap());
        }
        for field in ["reached", "was_in"] {
            if let Some(stage) = rows[field].as_str() {
                query.append_pair(field, stage);
            }
        }
        let path = format!("/v1/{}?{}&", text(rows, "list"), query.finish());
        if !self.lists.contains_key(&path) {
            let found = whole(self.client, &path).await;
            self.lists.insert(path.clone(), found);
        }
        self.lists[&path].clone()
    }

    /// The number again, from its rows.
    async fn check(&mut self, key: &str, unit: &str, found: &Value, now: DateTime<Utc>) {
        if found["rows"].is_null() {
            assert!(found["value"].is_null(), "{key}: a number that comes from nowhere: {found}");
            return;
        }
        let rows = self.rows(&found["rows"]).await;
        let count = rows.len() as i64;
        assert_eq!(found["rows"]["count"], count, "{key}: {found}");
        let sum = |field: &str| rows.iter().map(|row| number(row, field)).sum::<i64>();
        let share = |part: i64, whole: i64| (whole > 0).then(|| (20_000 * part + whole) / (2 * whole));
        let having = |field: &str, value: &str| rows.iter().filter(|row| row[field] == value).count() as i64;
        let expected = match (unit, key) {
            ("count", _) => Some(count),
            ("money", "won_value" | "open_value") => Some(sum("amount")),
            ("money", "weighted_value") => {
                Some(rows.iter().map(|row| (number(row, "amount") * self.chances[text(row, "stage")] + 50) / 100).sum())
            }
            ("money", "won_home" | "open_home") => {
                Some(rows.iter().filter_map(|row| row["home_amount"].as_i64()).sum())
            }
            ("money", "weighted_home") => {
                let known = rows.iter().filter_map(|row| Some((row, row["home_amount"].as_i64()?)));
                Some(known.map(|(row, amount)| (amount * self.chances[text(row, "stage")] + 50) / 100).sum())
            }
            ("money", "mean_value") => Some(sum("amount") / count),
            ("money", field) => Some(sum(field)),
            ("share", "win_rate" | "share_won") => share(having("status", "won"), count),
            ("share", "completion") => {
                let done = having("status", "done");
                let late = |row: &&Value| row["status"] == "open" && moment(row, "due_at") < now;
                let overdue = rows.iter().filter(late).count() as i64;
                let left =
                    rows.iter().filter(|r| r["status"] == "skipped" && r["closed_by"].is_string()).count() as i64;
                share(done, done + overdue + left)
            }
            // Parts of the line above or of all: what they are parts of is checked by itself.
            ("share", _) => return,
            _ => {
                let mut took: Vec<f64> = vec![];
                for row in &rows {
                    took.push(self.time(row, found["rows"]["was_in"].as_str()).await);
                }
                took.sort_by(f64::total_cmp);
                let middle = match took.len() {
                    0 => return assert!(found["value"].is_null()),
                    n if n % 2 == 1 => took[n / 2],
                    n => (took[n / 2 - 1] + took[n / 2]) / 2.0,
                };
                let mean = took.iter().sum::<f64>() / took.len() as f64;
                let expected = if key == "median_time" { middle } else { mean };
                assert!((number(found, "value") as f64 - expected).abs() <= 1.0, "{key}: {expected} {found}");
                None
            }
        };
        if let Some(expected) = expected {
            assert_eq!(found["value"], expected, "{key}: {found}");
        } else if unit != "seconds" {
            assert!(found["value"].is_null(), "{key}: {found}");
        }
        self.checked += 1;
    }

    /// Seconds from the making of a deal to its end, or those in a stage.
    async fn time(&self, deal: &Value, stage: Option<&str>) -> f64 {
        let seconds =
            |from: DateTime<Utc>, until: DateTime<Utc>| (until - from).num_microseconds().unwrap() as f64 / 1e6;
        let Some(stage) = stage else { return seconds(moment(deal, "created_at"), moment(deal, "closed_at")) };
        let path = format!("/v1/deals/{}/history?sort=version&", text(deal, "id"));
        let lines = whole(self.client, &path).await;
        let until = |i: usize| lines.get(i + 1).map_or(moment(deal, "closed_at"), |next| moment(next, "occurred_at"));
        let here = lines.iter().enumerate().filter(|(_, line)| line["stage"] == stage && line["status"] == "open");
        here.map(|(i, line)| seconds(moment(line, "occurred_at"), until(i))).sum()
    }

    /// Every number of a report; of days and members every `step`th line.
    async fn prove(&mut self, report: &Value, step: usize, now: DateTime<Utc>) {
        for figure in items(&report["figures"]) {
            for number in items(&figure["numbers"]) {
                self.check(text(figure, "key"), text(figure, "unit"), number, now).await;
            }
        }
        for table in items(&report["tables"]) {
            let columns = items(&table["columns"]);
            for line in items(&table["lines"]).iter().step_by(step) {
                assert_eq!(items(&line["numbers"]).len(), columns.len(), "{table}");
                for (column, number) in columns.iter().zip(items(&line["numbers"])) {
                    self.check(text(column, "key"), text(column, "unit"), number, now).await;
                }
            }
        }
    }
}

pub async fn report(client: &Client, kind: &str, query: &str) -> Value {
    client.get(&format!("/v1/reports?kind={kind}&{query}")).await.expect(200).clone()
}

fn table<'a>(report: &'a Value, key: &str) -> &'a Value {
    items(&report["tables"]).iter().find(|t| t["key"] == key).unwrap_or_else(|| panic!("no {key}: {report}"))
}

fn figure<'a>(report: &'a Value, key: &str) -> &'a Value {
    let found = items(&report["figures"]).iter().find(|f| f["key"] == key);
    found.map(|f| &f["numbers"]).unwrap_or_else(|| panic!("no {key}: {report}"))
}

#[tokio::test]
async fn every_number_is_what_its_list_shows_whoever_asks() {
    let world = World::start().await;
    let all = json!({"reports.*": "all", "deals.*": "own", "contacts.*": "own", "companies.*": "own", "activities.*": "own", "tasks.*": "own"});
    let (sam, sam_id) = member_with(&world, "Sam", all).await;
    filled(&sam_id, &world).await;
    move_to(&world, "America/New_York").await;
    let now = world.app.clock.now();
    let mut book = Book::of(&world.owner).await;
    for kind in KINDS {
        let found = report(&world.owner, kind, "span=last_month").await;
        assert_eq!((&found["days"]["from"], &found["before"]["until"]), (&json!("2026-10-01"), &json!("2026-09-30")));
        book.prove(&found, 5, now).await;
    }
    assert!(book.checked > 200, "{} numbers", book.checked);
    // As files too, where text of people is no formula.
    let file = world.owner.get("/v1/reports/export?kind=sources&span=last_month").await;
    file.expect(200);
    assert!(file.text.starts_with("table,about,line,from,until,currency,measure,unit,value,before\r\n"));
    let made = number(&figure(&report(&world.owner, "sources", "span=last_month").await, "contacts_made")[0], "value");
    assert!(file.text.contains(&format!(",2026-10-01,2026-10-31,,contacts_made,count,{made},")), "{}", file.text);
    let book_of = world.owner.get("/v1/reports/export?kind=revenue&span=this_year&format=xlsx").await;
    book_of.expect(200);
    assert_eq!(&book_of.headers["content-disposition"], "attachment; filename=\"revenue-2026-01-01-2026-12-31.xlsx\"");
    assert!(world.events().await.contains(&"report.exported".to_owned()));
    // The narrowed ones say so in their lists.
    let pipeline = text(&items(&world.owner.get("/v1/pipelines").await.body["items"])[1], "id").to_owned();
    for kind in ["overview", "pipeline", "conversion", "win_rate", "team"] {
        let narrowed = format!("span=last_quarter&compare=nothing&member={sam_id}&pipeline={pipeline}");
        book.prove(&report(&world.owner, kind, &narrowed).await, 3, now).await;
    }
    // Whoever sees only his own has the numbers of his own, by the same rule.
    let mut his = Book::of(&sam).await;
    for kind in KINDS {
        let found = report(&sam, kind, "span=last_quarter&compare=year_before").await;
        his.prove(&found, 4, now).await;
        for line in
            items(&found["tables"]).iter().filter(|t| t["dimension"] == "member").flat_map(|t| items(&t["lines"]))
        {
            // Activities with his contacts are seen whoever logged them, and tasks that he helps with.
            let others = line["label"]["member"] != sam_id;
            assert!(!others || matches!(kind, "activity" | "team" | "follow_ups"), "{kind}: {line}");
        }
    }
    let mine = number(&figure(&report(&sam, "overview", "span=this_year").await, "deals_made")[0], "value");
    let theirs = number(&figure(&report(&world.owner, "overview", "span=this_year").await, "deals_made")[0], "value");
    assert!(mine > 50 && theirs > 2 * mine, "{mine} {theirs}");
    // A level of the reports' own narrows too, and says so.
    let (ida, _) = member_with(&world, "Ida", json!({"reports.read": "own", "deals.read": "all"})).await;
    let found = report(&ida, "win_rate", "span=this_year").await;
    assert_eq!(figure(&found, "deals_closed")[0]["value"], 0);
    Book::of(&ida).await.prove(&found, 1, now).await;
    let (max, _) = member_with(&world, "Max", json!({"reports.read": "all", "tasks.read": "all"})).await;
    assert_eq!(max.get("/v1/report-kinds").await.expect(200)["kinds"], json!(["overview", "team", "follow_ups"]));
    max.get("/v1/reports?kind=pipeline").await.problem(403, "permission_missing");
    assert_eq!(items(&report(&max, "overview", "").await["figures"]).len(), 1);
    let (eve, _) = member_with(&world, "Eve", json!({"deals.read": "all"})).await;
    eve.get("/v1/reports").await.problem(403, "permission_missing");
    assert_eq!(figure(&report(&world.stranger().await, "overview", "").await, "deals_made")[0]["value"], 0);
}

#[tokio::test]
async fn days_and_months_are_those_of_the_zone_and_sums_agree() {
    let world = World::start().await;
    let (_, sam_id) = world.member("agency_staff", "Sam").await;
    filled(&sam_id, &world).await;
    let deals = whole(&world.owner, "/v1/deals?").await;
    // Zones whose clocks change in these days, at midnight too, and one on the other side of the date line.
    for zone in ["America/Havana", "Africa/Cairo", "Pacific/Auckland"] {
        move_to(&world, zone).await;
        let tz: Tz = zone.parse().unwrap();
        let day = |deal: &Value, field: &str| moment(deal, field).with_timezone(&tz).date_naive();
        for (query, from, until) in [
            ("span=days&from=2026-09-20&until=2026-11-19", "2026-09-20", "2026-11-19"),
            ("span=this_year", "2026-01-01", "2026-12-31"),
        ] {
            let found = report(&world.owner, "overview", query).await;
            assert_eq!((text(&found["days"], "from"), text(&found["days"], "until")), (from, until));
            for line in items(&table(&found, "by_time")["lines"]) {
                let limit = |field| text(&line["label"], field).parse::<NaiveDate>().unwrap();
                let within = |deal: &&Value, field: &str| (limit("from")..=limit("until")).contains(&day(deal, field));
                let made = deals.iter().filter(|deal| within(deal, "created_at")).count();
                let won = deals.iter().filter(|d| d["status"] == "won" && within(d, "closed_at")).count();
                assert_eq!(
                    (&line["numbers"][1]["value"], &line["numbers"][2]["value"]),
                    (&json!(made), &json!(won)),
                    "{zone} {line}"
                );
            }
        }
        let revenue = report(&world.owner, "revenue", "span=this_year").await;
        for total in items(figure(&revenue, "won_value")) {
            let lines = items(&table(&revenue, "won_by_month")["lines"]);
            let of = lines.iter().map(|line| &line["numbers"][0]).filter(|n| n["currency"] == total["currency"]);
            assert_eq!(of.map(|n| number(n, "value")).sum::<i64>(), number(total, "value"), "{zone}");
        }
    }
    // The forecast is the one beside the board.
    let found = report(&world.owner, "revenue", "").await;
    let forecast = world.owner.get("/v1/deals/forecast").await;
    let months: Vec<Value> = items(&forecast.expect(200)["months"])
        .iter()
        .map(|m| json!([m["month"], m["currency"], m["weighted"], m["amount"], m["count"]]))
        .collect();
    let lines = items(&table(&found, "forecast")["lines"]).iter();
    let lines: Vec<Value> = lines
        .map(|l| {
            let numbers = items(&l["numbers"]);
            json!([
                l["label"]["from"],
                l["label"]["currency"],
                numbers[0]["value"],
                numbers[1]["value"],
                numbers[2]["value"]
            ])
        })
        .collect();
    assert_eq!(lines, months);
    // A funnel only narrows, and compares with the same days a year before.
    let found = report(&world.owner, "conversion", "span=this_year&compare=year_before").await;
    let funnels = items(&found["tables"]).iter().filter(|t| t["key"] == "funnel");
    for funnel in funnels {
        let reached: Vec<i64> = items(&funnel["lines"]).iter().map(|l| number(&l["numbers"][0], "value")).collect();
        assert!(reached.is_sorted_by(|a, b| a >= b) && reached[0] > 0, "{reached:?}");
        assert_eq!(funnel["lines"][0]["numbers"][0]["before"], 0);
    }
    // However many days there are, a report takes the same statements.
    let mut costs = vec![];
    for query in ["span=days&from=2026-11-01&until=2026-11-02", "span=days&from=2022-01-01&until=2026-11-20"] {
        for kind in KINDS {
            let before = world.app.app.statements();
            report(&world.owner, kind, query).await;
            costs.push((kind, world.app.app.statements() - before));
        }
    }
    assert_eq!(costs[..KINDS.len()], costs[KINDS.len()..]);
    // Sources are told by four views of campaigns besides.
    let most = |kind: &str| if kind == "sources" { 36 } else { 16 };
    assert!(costs.iter().all(|(kind, cost)| *cost <= most(kind)), "{costs:?}");
    for (query, field) in [
        ("span=days", "/from"),
        ("span=days&from=2026-11-02&until=2026-11-01", "/until"),
        ("span=days&from=0001-01-01&until=0001-01-02", "/from"),
    ] {
        let refused = world.owner.get(&format!("/v1/reports?{query}")).await;
        assert_eq!(refused.problem(422, "invalid")["errors"][0]["field"], field, "{query}");
    }
    world.owner.get("/v1/reports?kind=weather").await.expect(400);
    world.owner.get("/v1/reports?team=tea_00000000000000000000000000").await.problem(404, "not_found");
}
