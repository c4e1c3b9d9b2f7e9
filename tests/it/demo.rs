//! The demo world: every page has something to show, it hangs together, and it is spread over a year.
use crate::tenants::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::Client;

async fn list(who: &Client, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["items"].as_array().expect("a list").clone()
}

/// All rows of a list, page by page.
async fn whole(who: &Client, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (vec![], String::new());
    loop {
        let page = who.get(&format!("{path}{}limit=100{cursor}", if path.contains('?') { "&" } else { "?" })).await;
        rows.extend(page.expect(200)["items"].as_array().expect("a list").iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

async fn sign_in(world: &World, person: &Value) -> Client {
    let body = json!({"email": person["email"], "password": person["password"]});
    let tokens = world.app.anonymous().post("/v1/sessions", body).await;
    tokens.expect(201);
    world.app.anonymous().bearer(&tokens.text_of("access_token"))
}

fn column<'a>(rows: &'a [Value], field: &str) -> BTreeSet<&'a str> {
    rows.iter().filter_map(|row| row[field].as_str()).collect()
}

/// The months in which rows have a moment.
fn months<'a>(rows: &'a [Value], field: &str) -> BTreeSet<&'a str> {
    column(rows, field).into_iter().map(|at| &at[..7]).collect()
}

/// The minutes in which rows were made.
fn minutes(rows: &[Value]) -> BTreeSet<&str> {
    column(rows, "created_at").into_iter().map(|at| &at[..16]).collect()
}

/// Lists of the first client that a page shows, and the fewest rows that make it look alive.
const ALIVE: [(&str, usize); 37] = [
    ("api-keys", 1),
    ("assignment-rules", 1),
    ("attachments", 2),
    ("companies?filter=status:eq:active", 5),
    ("companies?filter=status:eq:prospect", 1),
    ("contact-duplicates?filter=state:eq:open", 1),
    ("contact-imports", 1),
    ("contact-merges", 1),
    ("contacts?filter=stage:eq:lost", 1),
    ("contacts?filter=stage:eq:won", 1),
    ("custom-fields", 6),
    ("deal-absences", 1),
    ("deals?filter=status:eq:abandoned", 1),
    ("deals?filter=status:eq:lost", 5),
    ("deals?filter=status:eq:open", 5),
    ("deals?filter=status:eq:won", 20),
    ("enrolments?filter=status:eq:active", 3),
    ("exchange-rates", 3),
    ("follow-up-rules", 3),
    ("follow-ups?filter=status:eq:waiting", 3),
    ("forms", 2),
    ("greeting-batches?filter=state:eq:approved", 1),
    ("greeting-batches?filter=state:eq:waiting", 1),
    ("greetings", 2),
    ("holidays", 2),
    ("members", 3),
    ("notifications", 1),
    ("occasions?filter=kind:eq:anniversary", 5),
    ("occasions?filter=kind:eq:birthday", 10),
    ("origins", 1),
    ("pipelines", 2),
    ("report-schedules", 1),
    ("saved-views", 2),
    ("segments?filter=kind:eq:dynamic", 3),
    ("segments?filter=kind:eq:static", 1),
    ("submissions", 20),
    ("tags", 3),
];

/// Making a year is one long future, and unoptimised it needs more stack than the thread of a test has.
#[test]
fn the_demo_world_shows_all_of_it_and_hangs_together() {
    let work =
        || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(shows_all_of_it());
    std::thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
}

async fn shows_all_of_it() {
    let world = World::start().await;
    world.app.db.warm(5).await;
    let made = server::demo::seed(&world.app.app, "http://localhost:8100", true).await.expect("a world");
    let now = world.app.clock.now();
    let (priya, owner) = (sign_in(&world, &made["clients"][0]).await, sign_in(&world, &made["agency"]).await);

    let mut poor = vec![];
    for (path, fewest) in ALIVE {
        let rows = list(&priya, &format!("/v1/{path}")).await.len();
        if rows < fewest {
            poor.push(format!("{path}: {rows} of {fewest}"));
        }
    }
    assert_eq!(poor, Vec::<String>::new());

    // Whatever day of the week it is, there are appointments today.
    let today = priya.get(&format!("/v1/days?date={}", now.date_naive())).await;
    assert!(today.expect(200)["plans"].as_array().expect("plans").len() >= 3, "{today:?}");

    // Spread over the year, and nothing was made tomorrow.
    let (contacts, deals) = (whole(&priya, "/v1/contacts").await, whole(&priya, "/v1/deals").await);
    let (tasks, submissions) = (whole(&priya, "/v1/tasks").await, whole(&priya, "/v1/submissions").await);
    for (what, rows, least) in
        [("contacts", &contacts, 10), ("deals", &deals, 12), ("tasks", &tasks, 12), ("submissions", &submissions, 8)]
    {
        let seen = months(rows, "created_at");
        assert!(seen.len() >= least, "{what} are of {seen:?}");
        let last = column(rows, "created_at").last().copied().unwrap_or_default();
        assert!(last.parse::<chrono::DateTime<chrono::Utc>>().expect("a moment") <= now, "{what}: {last}");
    }

    // The newest contacts came one by one, over several ways, and nearly each has somebody who looks after him.
    let newest = list(&priya, "/v1/contacts?limit=10&sort=-created_at").await;
    assert_eq!(minutes(&newest).len(), 10, "{:?}", minutes(&newest));
    assert!(column(&newest, "source").len() >= 4, "{:?}", column(&newest, "source"));
    assert!(newest.iter().filter(|contact| contact["owner"].is_string()).count() >= 7, "{newest:?}");
    assert!(column(&newest, "owner").len() >= 2, "{newest:?}");
    // Everybody works, not one for all.
    for kind in ["deal.created", "deal.moved", "task.completed", "contact.created"] {
        let told = whole(&priya, &format!("/v1/audit?filter=kind:eq:{kind}")).await;
        assert!(column(&told, "actor").len() >= 3, "{kind}: {:?}", column(&told, "actor"));
    }
    assert!(
        tasks
            .iter()
            .all(|task| task["closed_at"].is_null() || task["closed_at"].as_str() >= task["created_at"].as_str())
    );

    // Deals: two currencies that turn into one, lines that add up, reasons of what was lost, and services that go on.
    assert_eq!(column(&deals, "currency"), BTreeSet::from(["EUR", "GBP"]));
    let abroad = deals.iter().filter(|deal| deal["currency"] == "EUR");
    let worth = |deal: &Value, field: &str| deal[field].as_i64().expect("an amount");
    assert!(abroad.clone().count() > 3);
    assert!(abroad.clone().all(|deal| (1..worth(deal, "amount")).contains(&worth(deal, "home_amount"))));
    for deal in &deals {
        let items = deal["items"].as_array().expect("items");
        assert!(!items.is_empty() && deal["amount"].as_i64() > Some(0), "{deal}");
        if deal["status"] == "lost" {
            assert!(deal["reason"].is_string(), "{deal}");
        }
        assert!(deal["closed_at"].is_null() || deal["closed_at"].as_str() >= deal["created_at"].as_str(), "{deal}");
    }
    let companies = whole(&priya, "/v1/companies").await;
    assert!(companies.iter().any(|company| company["parent"].is_string()), "companies belong to companies");
    assert!(companies.iter().filter(|company| company["renews_on"].is_string()).count() > 3);
    let mut running = 0;
    for company in &companies {
        let path = format!("/v1/companies/{}/services", company["id"].as_str().expect("an id"));
        let services = priya.get(&path).await.expect(200)["services"].as_array().expect("services").clone();
        running += services.iter().filter(|service| service["state"] == "running").count();
    }
    assert!(running > 0, "somebody has a service that goes on");

    // Tasks: late, to come, again every week, done.
    let day = |days: i64| (now + chrono::TimeDelta::days(days)).date_naive().to_string();
    let open = |task: &&Value| task["status"] == "open";
    assert!(tasks.iter().filter(open).any(|task| task["due_on"].as_str().is_some_and(|due| *due < *day(0))));
    assert!(tasks.iter().filter(open).any(|task| task["due_on"].as_str().is_some_and(|due| *due > *day(0))));
    assert!(tasks.iter().any(|task| task["rule"].is_string() && !task["collaborators"].as_array().unwrap().is_empty()));
    assert!(tasks.iter().filter(|task| !open(task)).count() > 20);

    // People work together: Owen was named in a note and follows the person; what came in can be taken back.
    let owen = json!({"email": "owen@kestrel.example", "password": made["clients"][0]["password"]});
    let told = list(&sign_in(&world, &owen).await, "/v1/notifications").await;
    assert!(column(&told, "kind").contains("note.mention"), "{told:?}");
    let ben = &list(&priya, "/v1/contacts?filter=email:eq:ben.whitlock@riders.example").await[0];
    let path = format!("/v1/contacts/{}/followers", ben["id"].as_str().expect("an id"));
    assert_eq!(column(&list(&priya, &path).await, "name"), BTreeSet::from(["Owen Hale"]));
    let import = &list(&priya, "/v1/contact-imports").await[0];
    assert!(import["state"] == "done" && import["created"].as_i64() > Some(5), "{import}");
    assert!(import["undo_until"].as_str().expect("a moment") > day(0).as_str());

    // The second client has a first week, and the agency sees both at work.
    let lucas = sign_in(&world, &made["clients"][1]).await;
    for (path, fewest) in [("contacts", 8), ("deals", 4), ("tasks", 1), ("forms", 1)] {
        assert!(list(&lucas, &format!("/v1/{path}")).await.len() >= fewest, "{path}");
    }
    let patients = list(&lucas, "/v1/contacts").await;
    assert_eq!(minutes(&patients).len(), patients.len(), "a week, not a minute");
    let clients = list(&owner, "/v1/clients").await;
    assert_eq!(
        column(&clients, "name"),
        BTreeSet::from(["Harbour Physio", "Kestrel Cycles", "Saltmarsh Bakery", "Tidewater Plumbing"])
    );
}
