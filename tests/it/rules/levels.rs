//! Levels of permissions, walked through everything that shows records: for readers who see all, their teams' or their own, each
//! list, search, file, count and report shows exactly the rows that an oracle knows. The operations come from the document that the
//! program serves: one that is not named here fails, and so does a resource that nobody has sorted in.
use super::{api::Document, none};
use crate::contacts::contact_imports::upload;
use crate::contacts::member_with;
use crate::forms::World;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::Client;

/// What an operation is held to.
enum Check {
    /// Its answer names exactly the rows of these kinds that are within reach; the text is added to its address.
    Shows(&'static [&'static str], &'static str),
    /// It is about one record of a kind: answered for those within reach, 404 for the others.
    Of(&'static str),
    /// The numbers at these places add up to how many rows of the kind are within reach.
    Counts(&'static str, &'static [&'static str], &'static str),
    /// Its numbers are those of the lists that they name.
    Reports,
    /// Its file says the numbers of the report.
    ReportFiles,
    /// It shows no row of somebody's; why.
    Nothing(&'static str),
}
use Check::{Counts, Nothing, Of, ReportFiles, Reports, Shows};

const CHECKS: &[(&str, Check)] = &[
    ("GET /v1/activities", Shows(&["activities"], "")),
    ("GET /v1/activities/export", Shows(&["activities"], "")),
    ("GET /v1/activities/{id}", Of("activities")),
    ("GET /v1/attachments", Shows(&["attachments"], "")),
    ("GET /v1/attachments/{id}", Of("attachments")),
    ("GET /v1/companies", Shows(&["companies"], "")),
    ("GET /v1/companies/export", Shows(&["companies"], "")),
    ("GET /v1/companies/{id}", Of("companies")),
    ("GET /v1/companies/{id}/activities", Of("companies")),
    ("GET /v1/companies/{id}/contacts", Of("companies")),
    ("GET /v1/companies/{id}/family", Of("companies")),
    ("GET /v1/companies/{id}/followers", Of("companies")),
    ("GET /v1/companies/{id}/health", Of("companies")),
    ("GET /v1/companies/{id}/notes", Of("companies")),
    ("GET /v1/companies/{id}/readers", Of("companies")),
    ("GET /v1/companies/{id}/services", Of("companies")),
    ("GET /v1/companies/{id}/timeline", Of("companies")),
    ("GET /v1/companies/{id}/timeline/export", Of("companies")),
    ("GET /v1/contacts", Shows(&["contacts"], "")),
    ("GET /v1/companies/count", Counts("companies", &["/count"], "")),
    ("GET /v1/contacts/count", Counts("contacts", &["/count"], "")),
    ("GET /v1/contacts/duplicates", Shows(&[], "?name=Quokka%20Olga")),
    ("GET /v1/contacts/export", Shows(&["contacts"], "")),
    ("GET /v1/contacts/figures", Counts("contacts", &["/week"], "")),
    ("GET /v1/contacts/{id}", Of("contacts")),
    ("GET /v1/contacts/{id}/activities", Of("contacts")),
    ("GET /v1/contacts/{id}/companies", Of("contacts")),
    ("GET /v1/contacts/{id}/consents", Of("contacts")),
    ("GET /v1/contacts/{id}/do-not-contact", Of("contacts")),
    ("GET /v1/contacts/{id}/followers", Of("contacts")),
    ("GET /v1/contacts/{id}/notes", Of("contacts")),
    ("GET /v1/contacts/{id}/readers", Of("contacts")),
    ("GET /v1/contacts/{id}/score", Of("contacts")),
    ("GET /v1/contacts/{id}/services", Of("contacts")),
    ("GET /v1/contacts/{id}/timeline", Of("contacts")),
    ("GET /v1/contacts/{id}/timeline/export", Of("contacts")),
    ("GET /v1/counts", Counts("tasks", &["/tasks"], "")),
    ("GET /v1/counts", Counts("deals", &["/deals"], "")),
    ("GET /v1/days", Shows(&["contacts"], "?date=2026-11-20")),
    ("GET /v1/deals", Shows(&["deals"], "")),
    ("GET /v1/deals/export", Shows(&["deals"], "")),
    ("GET /v1/deals/count", Counts("deals", &["/count"], "")),
    ("GET /v1/deals/forecast", Counts("deals", &["/totals/0/count"], "")),
    ("GET /v1/deals/forecast", Counts("deals", &["/totals/0/count"], "?as_of=2026-11-20")),
    ("GET /v1/deals/forecast/deals", Shows(&["deals"], "")),
    ("GET /v1/deals/forecast/outcomes", Counts("deals", &["/outcomes/0/count"], "?as_of=2026-11-20")),
    ("GET /v1/deals/totals", Counts("deals", &["/totals/0/count"], "")),
    ("GET /v1/deals/{id}", Of("deals")),
    ("GET /v1/deals/{id}/activities", Of("deals")),
    ("GET /v1/deals/{id}/followers", Of("deals")),
    ("GET /v1/deals/{id}/history", Of("deals")),
    ("GET /v1/deals/{id}/notes", Of("deals")),
    ("GET /v1/deals/{id}/readers", Of("deals")),
    ("GET /v1/deals/{id}/timeline", Of("deals")),
    ("GET /v1/deals/{id}/timeline/export", Of("deals")),
    ("GET /v1/enrolments", Shows(&["enrolments"], "")),
    ("GET /v1/enrolments/{id}", Of("enrolments")),
    ("GET /v1/follow-ups", Shows(&["follow-ups"], "")),
    ("GET /v1/follow-ups/export", Shows(&["follow-ups"], "")),
    ("GET /v1/follow-ups/{id}", Of("follow-ups")),
    ("GET /v1/notes/{id}", Of("notes")),
    ("GET /v1/occasions", Shows(&["occasions"], "")),
    ("GET /v1/occasions/export", Shows(&["occasions"], "")),
    ("GET /v1/occasions/upcoming", Shows(&["occasions"], "?from=2026-11-20&to=2026-12-19&per_day=20")),
    ("GET /v1/occasions/upcoming", Counts("occasions", &["/items/0/count"], "?from=2026-12-01&to=2026-12-01")),
    ("GET /v1/occasions/upcoming/day", Shows(&["occasions"], "?day=2026-12-01")),
    ("GET /v1/occasions/{id}", Of("occasions")),
    ("GET /v1/pipelines", Nothing("the tenant's pipelines")),
    ("GET /v1/pipelines/{id}", Nothing("the tenant's pipelines")),
    ("GET /v1/pipelines/{id}/board", Shows(&["deals"], "")),
    ("GET /v1/pipelines/{id}/replay", Shows(&["deals"], "")),
    ("GET /v1/radar/companies", Shows(&["companies"], "?days=1")),
    ("GET /v1/radar/companies/export", Shows(&["companies"], "?days=1")),
    ("GET /v1/radar/contacts", Shows(&["contacts"], "?days=1&everybody=true")),
    ("GET /v1/radar/contacts/export", Shows(&["contacts"], "?days=1&everybody=true")),
    ("GET /v1/reports", Reports),
    ("GET /v1/reports/export", ReportFiles),
    ("GET /v1/scoring", Nothing("the tenant's rules")),
    (
        "GET /v1/search",
        Shows(&["contacts", "companies", "deals", "tasks", "notes", "activities"], "?q=quokka&limit=20"),
    ),
    ("GET /v1/segments", Nothing("the tenant's segments; who is in one is a filter of the contacts")),
    ("GET /v1/segments/export", Nothing("the tenant's segments")),
    ("GET /v1/segments/{id}", Nothing("the tenant's segments")),
    ("GET /v1/task-completion", Counts("tasks", &["/total/overdue"], "")),
    ("GET /v1/tasks", Shows(&["tasks"], "")),
    ("GET /v1/tasks/board", Shows(&["tasks"], "")),
    ("GET /v1/tasks/counts", Counts("tasks", &["/overdue"], "")),
    ("GET /v1/tasks/export", Shows(&["tasks"], "")),
    ("GET /v1/tasks/{id}", Of("tasks")),
    ("GET /v1/won-values", Nothing("asked by ids; its own tests ask at every level")),
];

/// Resources with records of somebody's whose reads stand above.
const WALKED: &[&str] = &[
    "activities",
    "attachments",
    "companies",
    "contacts",
    "counts",
    "days",
    "deals",
    "enrolments",
    "follow-ups",
    "notes",
    "occasions",
    "pipelines",
    "radar",
    "reports",
    "scoring",
    "search",
    "segments",
    "task-completion",
    "tasks",
    "won-values",
];
/// Resources whose rows are nobody's, or whose levels mean something else; each has tests of its own.
const ELSEWHERE: &[&str] = &[
    "access",
    "api-keys",
    "assignment-rules",
    "audit",
    "brand",
    "clients",
    "company-bulk-runs",
    "company-duplicate-groups",
    "company-duplicate-runs",
    "company-duplicates",
    "company-merges",
    "contact-bulk-runs",
    "contact-duplicate-runs",
    "contact-duplicates",
    "contact-imports",
    "contact-merges",
    "contact-stages",
    "custom-fields",
    "data-requests",
    "deal-absences",
    "deal-bulk-runs",
    "deliveries",
    "domains",
    "downloads",
    "email-changes",
    "events",
    "exchange-rates",
    "exchange-settings",
    "feasts",
    "files",
    "follow-up-rules",
    "forms",
    "greeting-batches",
    "greeting-sends",
    "greeting-unsubscribes",
    "greetings",
    "holidays",
    "impersonations",
    "invitations",
    "logos",
    "mails",
    "me",
    "member-absences",
    "member-hours",
    "members",
    "notification-mutes",
    "notifications",
    "occasion-settings",
    "origins",
    "passkeys",
    "permissions",
    "plans",
    "preferences",
    "push-subscriptions",
    "quiet-hours",
    "report-kinds",
    "report-runs",
    "report-schedules",
    "retention",
    "roles",
    "saved-views",
    "sequences",
    "sessions",
    "storage",
    "stream",
    "submissions",
    "tag-runs",
    "tags",
    "teams",
    "tenants",
    "transfers",
    "webhooks",
    "widgets",
    "working-time",
];

/// Whose rows there are: by position.
const PEOPLE: [&str; 5] = ["Tom", "Olga", "Mate", "Ulf", "nobody"];
const KINDS: [&str; 9] =
    ["contacts", "companies", "deals", "tasks", "notes", "activities", "attachments", "occasions", "enrolments"];

/// Every row with its kind and the position of whose it is.
type Universe = BTreeMap<String, (&'static str, usize)>;

struct Reader {
    name: &'static str,
    client: Client,
    reaches: BTreeSet<usize>,
}

fn grants(level: &str) -> Value {
    let names = [
        "contacts.read",
        "contacts.export",
        "companies.read",
        "companies.export",
        "deals.read",
        "deals.export",
        "tasks.read",
        "tasks.export",
        "activities.read",
        "activities.write",
        "activities.export",
        "attachments.read",
        "occasions.read",
        "occasions.export",
        "followups.read",
        "segments.read",
        "scores.read",
        "reports.read",
        "reports.export",
    ];
    names.map(|name| (name.to_owned(), json!(level))).into_iter().collect::<serde_json::Map<_, _>>().into()
}

/// What one person has: a row of each kind, bound to each other and to nobody else's.
async fn furnish(world: &World, whose: usize, id: Option<&str>, sequence: &str, universe: &mut Universe) {
    let owner = &world.owner;
    let mut keep = |kind: &'static str, id: &str| universe.insert(id.to_owned(), (kind, whose));
    let make = async |path: &str, mut body: Value, field: &str| {
        if let Some(id) = id
            && !field.is_empty()
        {
            body[field] = json!(id);
        }
        owner.post(path, body).await.text_of("id")
    };
    let name = format!("Quokka {}", PEOPLE[whose]);
    let contact = make("/v1/contacts", json!({"first_name": "Quokka", "last_name": PEOPLE[whose]}), "owner").await;
    let company = make("/v1/companies", json!({"name": name, "status": "active"}), "owner").await;
    let deal = json!({"title": name, "company": company, "amount": 100, "currency": "EUR", "contacts": [{"contact": contact}],
        "expected_close": "2026-11-19"});
    let deal = make("/v1/deals", deal, "owner").await;
    let task = json!({"title": name, "due_on": "2026-11-19", "contact": contact});
    let task = make("/v1/tasks", task, "assignee").await;
    for (kind, id) in [("contacts", &contact), ("companies", &company), ("deals", &deal), ("tasks", &task)] {
        keep(kind, id);
    }
    let mut with_files =
        vec![("contact", contact.clone()), ("company", company.clone()), ("deal", deal.clone()), ("task", task)];
    for path in [format!("/v1/contacts/{contact}"), format!("/v1/companies/{company}"), format!("/v1/deals/{deal}")] {
        let note = make(&format!("{path}/notes"), json!({"body": name}), "").await;
        keep("notes", &note);
        with_files.push(("about_note", note));
        let said = json!({"kind": "email", "direction": "outbound", "topic": "proposal", "title": name});
        let activity = make(&format!("{path}/activities"), said, "").await;
        keep("activities", &activity);
        with_files.push(("activity", activity));
    }
    for (record, id) in with_files {
        let file = upload(owner, "a.txt", "a").await;
        keep("attachments", &make("/v1/attachments", json!({record: id, "file": file}), "").await);
    }
    for (about, id) in [("contact", &contact), ("company", &company)] {
        let day = json!({about: id, "kind": "milestone", "label": "Day", "date_kind": "yearly", "month": 12, "day": 1});
        keep("occasions", &make("/v1/occasions", day, "").await);
    }
    let run = owner.post("/v1/enrolments", json!({"sequence": sequence, "contacts": [contact]})).await;
    keep("enrolments", run.expect(201)["items"][0]["id"].as_str().expect("an id"));
}

/// Rows of the universe that a text names.
fn named<'a>(text: &'a str, universe: &Universe) -> BTreeSet<&'a str> {
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    text.split(word).filter(|word| universe.contains_key(*word)).collect()
}

impl Reader {
    fn within(&self, universe: &Universe, kind: &str) -> BTreeSet<String> {
        let rows = universe.iter().filter(|(_, (of, whose))| *of == kind && self.reaches.contains(whose));
        rows.map(|(id, _)| id.clone()).collect()
    }

    /// Whatever is asked: no row that is out of reach is named.
    fn hidden(&self, what: &str, text: &str, universe: &Universe) -> Vec<String> {
        let out = named(text, universe).into_iter().filter(|id| !self.reaches.contains(&universe[*id].1));
        out.map(|id| format!("{}: {what} shows {id} of {}", self.name, PEOPLE[universe[id].1])).collect()
    }

    async fn shows(&self, path: &str, kinds: &[&str], universe: &Universe) -> Vec<String> {
        let many = if path.contains('?') { '&' } else { '?' };
        let path = if path.contains("limit=") || path.contains("board") {
            path.to_owned()
        } else {
            format!("{path}{many}limit=200")
        };
        let answer = self.client.get(&path).await;
        if answer.status != 200 {
            return vec![format!("{}: {path} answered {} {}", self.name, answer.status, answer.text)];
        }
        let mut wrong = self.hidden(&path, &answer.text, universe);
        let seen = named(&answer.text, universe);
        for kind in kinds {
            let lacks = self.within(universe, kind).into_iter().filter(|id| !seen.contains(id.as_str()));
            wrong.extend(
                lacks.map(|id| format!("{}: {path} lacks the {kind} of {}", self.name, PEOPLE[universe[&id].1])),
            );
        }
        wrong
    }

    async fn of(&self, path: &str, kind: &str, universe: &Universe) -> Vec<String> {
        let mut wrong = vec![];
        for (id, (_, whose)) in universe.iter().filter(|(_, (of, _))| *of == kind) {
            let path = path.replace("{id}", id);
            let answer = self.client.get(&path).await;
            let wanted = if self.reaches.contains(whose) { 200 } else { 404 };
            if answer.status != wanted {
                wrong.push(format!(
                    "{}: {path} of {} answered {} {}",
                    self.name, PEOPLE[*whose], answer.status, answer.text
                ));
            }
            wrong.extend(self.hidden(&path, &answer.text, universe));
        }
        wrong
    }

    async fn counts(&self, path: &str, kind: &str, places: &[&str], universe: &Universe) -> Vec<String> {
        let answer = self.client.get(path).await;
        let sum: i64 = places.iter().map(|at| answer.body.pointer(at).and_then(Value::as_i64).unwrap_or(0)).sum();
        let wanted = self.within(universe, kind).len() as i64;
        (sum != wanted)
            .then(|| format!("{}: {path} counts {sum}, not {wanted}: {}", self.name, answer.text))
            .into_iter()
            .collect()
    }

    /// Each number of each report is how many rows its list has for the same reader.
    async fn reports(&self, universe: &Universe) -> Vec<String> {
        let kinds = self.client.get("/v1/report-kinds").await;
        let mut wrong = vec![];
        for kind in kinds.expect(200)["kinds"].as_array().expect("kinds") {
            let path = format!("/v1/reports?kind={}&span=this_month", kind.as_str().expect("a kind"));
            let report = self.client.get(&path).await;
            // Some kinds are an agency's, or need a pipeline.
            if report.status != 200 {
                continue;
            }
            wrong.extend(self.hidden(&path, &report.text, universe));
            let figures = report.body["figures"].as_array().expect("figures").iter();
            for number in figures.flat_map(|figure| figure["numbers"].as_array().expect("numbers")) {
                let (Some(list), Some(count)) = (number["rows"]["list"].as_str(), number["rows"]["count"].as_i64())
                else {
                    continue;
                };
                let filters = number["rows"]["filter"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let filters: Vec<String> =
                    filters.map(|filter| format!("filter={filter}").replace('+', "%2B")).collect();
                let page = self.client.get(&format!("/v1/{list}?limit=200&{}", filters.join("&"))).await;
                let rows = page.body["items"].as_array().map_or(-1, |items| items.len() as i64);
                if rows != count {
                    wrong
                        .push(format!("{}: {path} says {count} {list}, the list has {rows}: {}", self.name, page.text));
                }
            }
        }
        wrong
    }

    /// Each file counts what the report counts for the same reader.
    async fn report_files(&self, universe: &Universe) -> Vec<String> {
        let kinds = self.client.get("/v1/report-kinds").await;
        let mut wrong = vec![];
        for kind in kinds.expect(200)["kinds"].as_array().expect("kinds") {
            let asked = format!("kind={}&span=this_month", kind.as_str().expect("a kind"));
            let report = self.client.get(&format!("/v1/reports?{asked}")).await;
            let path = format!("/v1/reports/export?{asked}");
            let file = self.client.get(&path).await;
            if file.status != report.status {
                wrong.push(format!("{}: {path} answered {}, the report {}", self.name, file.status, report.status));
            }
            if report.status != 200 {
                continue;
            }
            wrong.extend(self.hidden(&path, &file.text, universe));
            let (written, counted) = (counts_of_file(&file.text), counts_of_report(&report.body));
            if written != counted {
                wrong.push(format!("{}: {path} counts {written:?}, the report {counted:?}", self.name));
            }
        }
        wrong
    }
}

/// How many of each thing a report counts, in its order: its figures, then its tables.
fn counts_of_report(report: &Value) -> Vec<String> {
    let items = |of: &Value| of.as_array().cloned().unwrap_or_default();
    let said = |number: &Value| number["value"].as_i64().map(|count| count.to_string()).unwrap_or_default();
    let mut counts = vec![];
    for figure in items(&report["figures"]).iter().filter(|figure| figure["unit"] == "count") {
        counts.extend(items(&figure["numbers"]).iter().map(said));
    }
    for table in items(&report["tables"]) {
        for line in items(&table["lines"]) {
            let numbers = items(&table["columns"]).into_iter().zip(items(&line["numbers"]));
            counts.extend(numbers.filter(|(column, _)| column["unit"] == "count").map(|(_, number)| said(&number)));
        }
    }
    counts
}

/// The same of its file: the last cells of a line are the unit, the value and the one before.
fn counts_of_file(file: &str) -> Vec<String> {
    let cells = file.lines().map(|line| line.rsplit(',').take(3).collect::<Vec<_>>());
    cells.filter(|cells| cells.get(2) == Some(&"count")).map(|cells| cells[1].to_owned()).collect()
}

#[tokio::test]
async fn every_read_shows_exactly_what_the_level_reaches() {
    let world = World::start().await;
    let document = Document::of(&world.app.anonymous()).await;
    let reads: Vec<String> = document.operations.iter().filter(|o| !o.writes()).map(|o| o.name()).collect();
    let segment = |name: &str| name.split('/').nth(2).unwrap_or_default().to_owned();
    let reads = reads.iter().filter(|name| name.starts_with("GET /v1/"));
    let unsorted = reads.clone().filter(|name| !WALKED.iter().chain(ELSEWHERE).any(|known| *known == segment(name)));
    none("resources that are not sorted in", &unsorted.cloned().collect::<Vec<_>>());
    let walked: BTreeSet<String> = reads.filter(|name| WALKED.contains(&segment(name).as_str())).cloned().collect();
    none("reads and their checks", &super::differences(CHECKS.iter().map(|(name, _)| *name), &walked));

    let (tom, tom_id) = member_with(&world, "Tom", grants("team")).await;
    let (olga, olga_id) = member_with(&world, "Olga", grants("own")).await;
    let (_, mate) = world.member("agency_staff", "Mate").await;
    let (_, ulf) = world.member("agency_staff", "Ulf").await;
    let team = json!({"name": "North", "members": [tom_id, olga_id, mate]});
    world.owner.post("/v1/teams", team).await.expect(201);
    let sequence = json!({"name": "Slowly", "steps": [{"day": 5, "title": "Later"}]});
    let sequence = world.owner.post("/v1/sequences", sequence).await.text_of("id");
    let mut universe = Universe::new();
    for (whose, id) in [Some(&tom_id), Some(&olga_id), Some(&mate), Some(&ulf), None].into_iter().enumerate() {
        furnish(&world, whose, id.map(String::as_str), &sequence, &mut universe).await;
    }
    world.app.settle().await;
    // What came by itself: follow-ups of what was said about a proposal, each with a contact that is known.
    let coming = world.owner.get("/v1/follow-ups?limit=200").await;
    for one in coming.expect(200)["items"].as_array().expect("items") {
        let contact = one["contact"].as_str().expect("a contact");
        let whose = universe[contact].1;
        universe.insert(one["id"].as_str().expect("an id").to_owned(), ("follow-ups", whose));
    }
    assert!(
        KINDS.iter().chain(&["follow-ups"]).all(|kind| universe.values().filter(|(of, _)| of == kind).count() >= 5)
    );
    let pipeline =
        world.owner.get("/v1/pipelines").await.expect(200)["items"][0]["id"].as_str().expect("an id").to_owned();
    // Two days later everybody is silent, and the day of the making is past.
    world.app.advance(chrono::TimeDelta::days(2));
    let anew = async |name: &str| crate::forms::sign_in(&world.app, &format!("{name}@example.com")).await.0;
    drop((tom, olga));
    let readers = [
        Reader { name: "all", client: anew("northlight").await, reaches: (0..5).collect() },
        Reader { name: "team", client: anew("tom").await, reaches: [0, 1, 2].into() },
        Reader { name: "own", client: anew("olga").await, reaches: [1].into() },
    ];
    let mut wrong = vec![];
    for reader in &readers {
        for (name, check) in CHECKS {
            let path = name.trim_start_matches("GET ").replace("pipelines/{id}", &format!("pipelines/{pipeline}"));
            wrong.extend(match check {
                Shows(kinds, more) => reader.shows(&format!("{path}{more}"), kinds, &universe).await,
                Of(kind) => reader.of(&path, kind, &universe).await,
                Counts(kind, places, more) => reader.counts(&format!("{path}{more}"), kind, places, &universe).await,
                Reports => reader.reports(&universe).await,
                ReportFiles => reader.report_files(&universe).await,
                Nothing(why) => {
                    assert!(!why.is_empty(), "{name} needs a reason");
                    vec![]
                }
            });
        }
        // A search in a list is a list.
        for kind in ["contacts", "companies", "deals", "tasks"] {
            wrong.extend(reader.shows(&format!("/v1/{kind}?q=quokka"), &[kind], &universe).await);
        }
    }
    none("not what the level reaches", &wrong);
}
