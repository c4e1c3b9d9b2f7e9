//! A year of the first client, told day by day through the API with a clock of its own, so that histories, boards of past
//! days, forecasts and probabilities have something to show. Every run tells the same year.
use super::{
    details, forms, settle,
    staff::{IDLE, Staff},
    team::Team,
    visitors::{self, Door, VISITS},
};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use kernel::{App, Error, Result, clock::Clock, embed::WidgetId, ids::TenantId};
use poem::{Endpoint, Response, http::Method};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

/// Days of the story.
const DAYS: i64 = 365;
/// The day the website asks visitors what they need.
const ONLINE: i64 = 24;

/// A company: name, industry, size, city, tier, pounds a year, the day it was met.
type Company = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>, i64, i64);

const COMPANIES: [Company; 12] = [
    ("Lowland Couriers", "Logistics", "51-200", "Glasgow", Some("platinum"), 48_000, 2),
    ("Arden Food Co-op", "Food", "11-50", "Stratford", Some("gold"), 18_500, 9),
    ("City of Arden", "Public service", "501-1000", "Stratford", Some("gold"), 36_000, 21),
    ("Harbourside Hotel", "Hospitality", "51-200", "Bristol", Some("silver"), 9_200, 33),
    ("Tern Outdoor Centre", "Leisure", "11-50", "Keswick", Some("silver"), 7_400, 58),
    ("Moss & Daughters", "Retail", "2-10", "York", None, 0, 75),
    ("Quayside Brewery", "Food", "11-50", "Newcastle", Some("bronze"), 4_100, 101),
    ("Fenland University", "Education", "1001-5000", "Ely", Some("gold"), 27_000, 130),
    ("Pennine Rescue", "Charity", "11-50", "Hebden Bridge", None, 0, 171),
    ("Saltmarsh Festival", "Events", "2-10", "Aldeburgh", Some("bronze"), 3_300, 215),
    ("Lowland Couriers North", "Logistics", "11-50", "Inverness", Some("silver"), 11_000, 240),
    ("Greenway Deliveries", "Logistics", "11-50", "Leeds", None, 0, 318),
];

/// Somebody: first and last name, job, the company, what is done for it, the day of the first word.
type Person = (&'static str, &'static str, &'static str, Option<usize>, &'static [&'static str], i64);

const PEOPLE: [Person; 30] = [
    ("Lucas", "Brandt", "Fleet manager", Some(0), &["decision_maker"], 2),
    ("Aileen", "Murray", "Accounts", Some(0), &["billing"], 16),
    ("Callum", "Reid", "Workshop lead", Some(0), &["technical"], 40),
    ("Mina", "Petrov", "Buyer", Some(1), &["decision_maker", "billing"], 9),
    ("Theo", "Fennick", "Mobility officer", Some(2), &["decision_maker"], 21),
    ("Judith", "Okoro", "Procurement", Some(2), &["billing"], 35),
    ("Sofia", "Marin", "Guest services", Some(3), &["decision_maker"], 33),
    ("Will", "Ashby", "Instructor", Some(4), &["technical"], 58),
    ("Edda", "Moss", "Owner", Some(5), &["decision_maker"], 75),
    ("Rhys", "Calder", "Head brewer", Some(6), &["decision_maker"], 101),
    ("Dr Hana", "Sato", "Estates", Some(7), &["decision_maker"], 130),
    ("Ben", "Whitlock", "Estates workshop", Some(7), &["technical"], 144),
    ("Ruth", "Hargreaves", "Coordinator", Some(8), &["decision_maker"], 171),
    ("Jonah", "Peel", "Site manager", Some(9), &["decision_maker"], 215),
    ("Isla", "Mackay", "Depot lead", Some(10), &["decision_maker"], 240),
    ("Femi", "Adeyemi", "Founder", Some(11), &["decision_maker"], 318),
    ("Noor", "Hadid", "", None, &[], 12),
    ("Caleb", "Aldous", "", None, &[], 47),
    ("Amara", "Osei", "", None, &[], 66),
    ("Wei", "Lin", "", None, &[], 93),
    ("Ida", "Nyström", "", None, &[], 120),
    ("Tomás", "Rey", "", None, &[], 158),
    ("Grace", "Pullman", "", None, &[], 199),
    ("Oskar", "Wendt", "", None, &[], 261),
    ("Leila", "Farouk", "", None, &[], 297),
    ("Hugo", "Marchetti", "", None, &[], 341),
    ("Elif", "Demir", "", None, &[], 359),
    ("Samir", "Haddad", "Site manager", Some(11), &["technical"], 361),
    ("Bronwen", "Rees", "", None, &[], 363),
    ("Mateo", "Silva", "", None, &[], DAYS),
];

/// What is sold: name, pounds each.
const GOODS: [(&str, i64); 8] = [
    ("Cargo bike, long john", 4_850),
    ("E-cargo bike, box", 6_900),
    ("Touring build, Rohloff", 5_400),
    ("Gravel build", 3_150),
    ("Fleet service, one bike for a year", 105),
    ("Fitting session", 180),
    ("Wheel build, dynamo", 640),
    ("Commuter, belt drive", 1_950),
];

const SOURCES: [&str; 5] = ["Website", "Referral", "Google Ads", "Trade fair", "Walk-in"];
const REASONS: [&str; 4] = ["Price", "Timing", "Chose somebody else", "No need"];
/// Deals of the year.
const DEALS: usize = 60;
/// What is still to do at the end: what, its kind, how much it presses, about whom, the day it was noted, the day and the time
/// it is due.
type Todo = (&'static str, &'static str, &'static str, usize, i64, i64, Option<&'static str>);

const TODOS: [Todo; 9] = [
    ("Ring back about the belt tension", "call", "high", 17, 357, 362, None),
    ("Send the invoice for the fleet service", "invoice", "normal", 1, 358, 363, Some("10:00")),
    ("Offer two long johns with rain covers", "proposal", "urgent", 14, 360, 364, None),
    ("Confirm the fitting", "call", "normal", 26, 362, DAYS, Some("16:30")),
    ("Ask how the touring build rides", "email", "normal", 23, 361, DAYS, None),
    ("Measure the estate's bike shed", "meeting", "normal", 11, 362, DAYS + 2, Some("09:30")),
    ("Agree on delivery dates", "call", "high", 10, 363, DAYS + 3, Some("14:00")),
    ("Order dynamo hubs for four wheels", "task", "low", 2, 363, DAYS + 6, None),
    ("Renewal talk with the Co-op", "meeting", "normal", 3, 350, DAYS + 11, Some("11:00")),
];

/// Talks of the last days: with whom, its kind, from whom, about what, how it ended, seconds, the day and the minute.
type Talk = (usize, &'static str, &'static str, &'static str, &'static str, i64, i64, i64);

const TALKS: [Talk; 12] = [
    (14, "call", "inbound", "Second depot wants bikes too", "Sends numbers", 540, 362, 615),
    (26, "email", "inbound", "Sizes and saddle height", "Answered", 0, 363, 700),
    (10, "meeting", "outbound", "Delivery at the estates workshop", "Agreed", 2_400, 364, 660),
    (8, "email", "outbound", "Two offers for the market run", "No answer yet", 0, 364, 845),
    (27, "call", "outbound", "Where the chargers go", "Sends a plan", 480, DAYS, 485),
    (3, "message", "inbound", "The trailer hitch is loose", "Comes by today", 0, DAYS, 522),
    (0, "call", "inbound", "Puncture on van route 4", "Spare wheel lent", 260, DAYS, 561),
    (22, "email", "inbound", "Can I still change the colour?", "Yes, until Friday", 0, DAYS, 604),
    (14, "call", "outbound", "Numbers for the second depot", "Wants an offer", 720, DAYS, 640),
    (6, "email", "outbound", "Offer for guest bikes", "Sent", 0, DAYS, 697),
    (20, "message", "inbound", "On my way", "Read", 0, DAYS, 781),
    (28, "call", "inbound", "Is the fitting long?", "An hour", 190, DAYS, 844),
];

/// Appointments around the end: with whom, about what, the day and the minute.
const PLANS: [(usize, &str, i64, i64); 4] = [
    (26, "Fitting", DAYS, 930),
    (0, "Call about the second depot", DAYS, 990),
    (16, "Collection", DAYS, 1_050),
    (3, "Renewal talk", DAYS + 1, 660),
];

/// What comes next, once a deal has come so far.
const NEXT: [&str; 4] = ["Send the offer", "Call about the offer", "Agree on the price", "Get it signed"];

/// What happens.
enum Step {
    Company(usize),
    Person(usize),
    Deal(usize),
    /// A deal goes to a stage.
    Move(usize, usize),
    /// A deal ends.
    Close(usize, &'static str),
    /// A conversation: with whom, its kind, direction, title, outcome, seconds.
    Say(usize, &'static str, &'static str, &'static str, &'static str, i64),
    Note(usize, &'static str, bool),
    /// A contact stands elsewhere now.
    Stage(usize, &'static str),
    /// Something to do for a deal, and that it was done.
    Task(usize),
    Done(usize),
    Todo(&'static Todo),
    /// With whom, about what, and when it will be.
    Plan(usize, &'static str, i64, i64),
    /// The website gets its form, and a visitor fills it in.
    Form,
    Visit(usize),
}

/// Who buys in a deal: business first, then people, in turns.
fn buyer(deal: usize) -> usize {
    let known = |day: i64| PEOPLE.iter().enumerate().filter(|(_, p)| p.5 <= day).map(|(i, _)| i).collect::<Vec<_>>();
    let there = known(begins(deal));
    there[(deal * 7 + deal / 5) % there.len()]
}

/// The day a deal begins: they come ever closer together, for the shop grows.
fn begins(deal: usize) -> i64 {
    let (n, of) = (i64::try_from(deal).unwrap_or(0), i64::try_from(DEALS).unwrap_or(1));
    4 + (DAYS - 8) * n * (5 * of - 2 * n) / (3 * of * of)
}

/// The year in order: the day, the minute of it, and what happens.
fn plan() -> Vec<(i64, i64, Step)> {
    let mut year: Vec<(i64, i64, Step)> = vec![];
    for (i, company) in COMPANIES.iter().enumerate() {
        year.push((company.6, 9 * 60, Step::Company(i)));
    }
    for (i, person) in PEOPLE.iter().enumerate() {
        year.push((person.5, 9 * 60 + 20, Step::Person(i)));
        year.push((person.5 + 3, 11 * 60, Step::Say(i, "call", "outbound", "First call", "Wants to hear more", 420)));
        if i % 4 == 1 {
            year.push((
                person.5 + 6,
                14 * 60,
                Step::Note(i, "Prefers mornings. Lock the shop van, the yard is shared.", i % 8 == 1),
            ));
        }
    }
    year.push((ONLINE, 8 * 60, Step::Form));
    for visit in 0..VISITS {
        // Ever more of them, as deals.
        let day = ONLINE + 1 + (DAYS - ONLINE - 2) * begins(visit * DEALS / VISITS) / begins(DEALS - 2);
        year.push((day, 7 * 60 + i64::try_from(visit * 53 % 800).unwrap_or(0), Step::Visit(visit)));
    }
    for deal in 0..DEALS {
        let (day, who) = (begins(deal), buyer(deal));
        year.push((day, 10 * 60, Step::Deal(deal)));
        year.push((day, 10 * 60 + 5, Step::Task(deal)));
        year.push((day, 10 * 60 + 10, Step::Stage(who, "qualified")));
        year.push((day + 3 + i64::try_from(deal % 4).unwrap_or(0), 13 * 60, Step::Done(deal)));
        year.push((
            day + 2,
            15 * 60,
            Step::Say(who, "meeting", "outbound", "Needs and budget", "Asked for a proposal", 2_700),
        ));
        // How far it comes: a good half is won, some end on the way, the young ones are still open.
        let ending = match deal % 9 {
            0 | 2 | 4 | 5 | 7 => Some((4, "won")),
            1 | 6 => Some((3, "lost")),
            3 => Some((1, "lost")),
            _ => None,
        };
        let pace = 6 + i64::try_from(deal % 4).unwrap_or(0) * 3;
        let last = ending.map_or(2, |(stages, _)| stages);
        for stage in 1..last.min(4) {
            let at = day + pace * i64::try_from(stage).unwrap_or(0);
            year.push((at, 12 * 60 + i64::try_from(deal % 50).unwrap_or(0), Step::Move(deal, stage)));
        }
        let end = day + pace * i64::try_from(last).unwrap_or(0) + 4;
        year.push((
            end - 3,
            16 * 60,
            Step::Say(who, "email", "inbound", "Questions about the offer", "Answered the same day", 0),
        ));
        match ending {
            Some((_, how)) => {
                year.push((end, 16 * 60 + 30, Step::Close(deal, how)));
                year.push((end, 16 * 60 + 40, Step::Stage(who, how)));
            }
            // Nobody follows an old one any more.
            None => year.push((day + 75, 9 * 60, Step::Close(deal, "abandoned"))),
        }
    }
    for todo in &TODOS {
        year.push((todo.4, 17 * 60, Step::Todo(todo)));
    }
    for (who, kind, direction, title, outcome, seconds, day, minute) in TALKS {
        year.push((day, minute, Step::Say(who, kind, direction, title, outcome, seconds)));
    }
    for (who, title, day, minute) in PLANS {
        // Nothing is noted more than a day ahead.
        year.push((day - 1, minute + 5, Step::Plan(who, title, day, minute)));
    }
    year.retain(|(day, _, _)| *day <= DAYS);
    year.sort_by_key(|(day, minute, _)| (*day, *minute));
    year
}

/// Tells the year of the client whose administrator has this address. It ends now: what the rest of today brings is not
/// told.
pub(super) async fn tell(app: &Arc<App>, email: &str) -> Result<()> {
    let now = app.clock.now();
    let begin = (now - TimeDelta::days(DAYS)).date_naive().and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let clock = Clock::fixed(begin);
    let past = crate::build(app.config.clone(), clock.clone())?;
    let api = crate::routes(&past)?;
    let (staff, tenant) = Staff::begin(&past, &api, clock.clone(), email).await?;
    let mut teller = Teller::begin((&past, &api), clock, begin, (staff, tenant)).await?;
    for (path, body) in details::habits().into_iter().chain(details::rates(begin.date_naive())) {
        teller.post(path, body).await?;
    }
    for (day, minute, step) in plan() {
        let at = begin + TimeDelta::days(day) + TimeDelta::minutes(minute);
        // An appointment is noted on a Sunday too: a Monday without its plans would be an empty one.
        let at = if matches!(step, Step::Plan(..)) { at } else { opened(at) };
        if at > now {
            continue;
        }
        teller.wait(at).await?;
        teller.tell(&step).await?;
    }
    for (path, body) in details::at_the_end() {
        teller.post(path, body).await?;
    }
    teller.last_words().await?;
    teller.staff.end().await
}

/// The shop is closed on Sundays: what would happen then happens on Monday.
fn opened(at: DateTime<Utc>) -> DateTime<Utc> {
    if at.weekday() == Weekday::Sun { at + TimeDelta::days(1) } else { at }
}

struct Teller<'a, E> {
    past: &'a Arc<App>,
    api: &'a E,
    clock: Clock,
    begin: DateTime<Utc>,
    tenant: TenantId,
    staff: Staff<'a, E>,
    stages: Vec<String>,
    door: Option<Door>,
    ids: HashMap<(&'static str, usize), String>,
}

impl<'a, E: Endpoint<Output = Response>> Teller<'a, E> {
    async fn begin(
        (past, api): (&'a Arc<App>, &'a E),
        clock: Clock,
        begin: DateTime<Utc>,
        (mut staff, tenant): (Staff<'a, E>, TenantId),
    ) -> Result<Self> {
        let lines = staff.call(0, Method::GET, "/v1/pipelines", None).await?;
        let stages = lines["items"][0]["stages"].as_array().cloned().unwrap_or_default();
        let stages = stages.iter().filter_map(|stage| stage["id"].as_str().map(str::to_owned)).collect();
        Ok(Teller { past, api, clock, begin, tenant, staff, stages, door: None, ids: HashMap::new() })
    }

    /// Lets time pass.
    async fn wait(&mut self, until: DateTime<Utc>) -> Result<()> {
        while until - self.clock.now() > IDLE {
            self.clock.advance(IDLE);
            self.staff.keep_all().await?;
        }
        self.clock.advance((until - self.clock.now()).max(TimeDelta::zero()) + TimeDelta::seconds(1));
        self.staff.keep_all().await
    }

    async fn post(&mut self, path: &str, body: Value) -> Result<Value> {
        self.staff.call(0, Method::POST, path, Some(body)).await
    }

    async fn patch(&mut self, path: &str, body: Value) -> Result<()> {
        self.staff.call(0, Method::PATCH, path, Some(body)).await.map(drop)
    }

    fn in_days(&self, days: i64) -> String {
        (self.clock.now() + TimeDelta::days(days)).date_naive().to_string()
    }

    fn id(&self, kind: &'static str, n: usize) -> Result<&str> {
        let missing = || Error::internal(format!("the story names {kind} {n} before it is there"));
        self.ids.get(&(kind, n)).map(String::as_str).ok_or_else(missing)
    }

    async fn keep(&mut self, kind: &'static str, n: usize, path: &str, body: Value) -> Result<()> {
        let made = self.post(path, body).await?;
        // A company comes with hints beside it.
        let id = made["id"].as_str().or(made[kind]["id"].as_str()).unwrap_or_default().to_owned();
        self.ids.insert((kind, n), id);
        Ok(())
    }

    async fn tell(&mut self, step: &Step) -> Result<()> {
        match *step {
            Step::Company(n) => self.company(n).await,
            Step::Person(n) => self.person(n).await,
            Step::Deal(n) => self.deal(n).await,
            Step::Move(n, stage) => {
                let path = format!("/v1/deals/{}/moves", self.id("deal", n)?);
                self.post(&path, json!({"stage": self.stages.get(stage)})).await?;
                let path = format!("/v1/deals/{}", self.id("deal", n)?);
                let next = json!({"next_step": NEXT[stage % NEXT.len()], "next_step_on": self.in_days(12)});
                self.patch(&path, next).await
            }
            Step::Close(n, how) => {
                let path = format!("/v1/deals/{}/outcome", self.id("deal", n)?);
                let reason = (how != "won").then_some(REASONS[n % REASONS.len()]);
                self.post(&path, json!({"status": how, "reason": reason})).await.map(drop)
            }
            Step::Say(who, kind, direction, title, outcome, seconds) => {
                let path = format!("/v1/contacts/{}/activities", self.id("contact", who)?);
                let seconds = (seconds > 0).then_some(seconds);
                let said = json!({"kind": kind, "direction": direction, "title": title, "outcome": outcome, "duration_seconds": seconds,
                    "occurred_at": self.clock.now().to_rfc3339()});
                self.staff.call(who, Method::POST, &path, Some(said)).await.map(drop)
            }
            Step::Note(who, text, pinned) => {
                let path = format!("/v1/contacts/{}/notes", self.id("contact", who)?);
                self.post(&path, json!({"body": text, "pinned": pinned})).await.map(drop)
            }
            Step::Task(deal) => {
                let body = json!({"title": NEXT[0], "kind": "proposal", "deal": self.id("deal", deal)?,
                    "contact": self.id("contact", buyer(deal))?, "due_on": self.in_days(4), "due_time": "15:00", "assignee": self.staff.id(deal)});
                self.keep("task", deal, "/v1/tasks", body).await
            }
            Step::Done(deal) => {
                let path = format!("/v1/tasks/{}/completion", self.id("task", deal)?);
                self.post(&path, json!({"outcome": "Sent"})).await.map(drop)
            }
            Step::Todo((title, kind, priority, who, _, due, time)) => {
                let due = (self.begin + TimeDelta::days(*due)).date_naive().to_string();
                let body = json!({"title": title, "kind": kind, "priority": priority, "contact": self.id("contact", *who)?,
                    "due_on": due, "due_time": time, "assignee": self.staff.id(*who)});
                self.post("/v1/tasks", body).await.map(drop)
            }
            Step::Plan(who, title, day, minute) => {
                let at = self.begin + TimeDelta::days(day) + TimeDelta::minutes(minute);
                let path = format!("/v1/contacts/{}/activities", self.id("contact", who)?);
                let body =
                    json!({"kind": "meeting", "direction": "outbound", "title": title, "occurred_at": at.to_rfc3339()});
                self.post(&path, body).await.map(drop)
            }
            Step::Stage(who, stage) => {
                let path = format!("/v1/contacts/{}", self.id("contact", who)?);
                self.patch(&path, json!({"stage": stage})).await
            }
            Step::Form => self.go_online().await,
            Step::Visit(nth) => {
                let door = self.door.as_ref().ok_or_else(|| Error::internal("the website has no form"))?;
                door.visit(self.past, self.api, nth).await?;
                match nth.checked_sub(3) {
                    Some(earlier) => self.answer(earlier).await,
                    None => Ok(()),
                }
            }
        }
    }

    async fn company(&mut self, n: usize) -> Result<()> {
        let (name, industry, size, city, tier, pounds, day) = COMPANIES[n];
        let slug: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let met = (self.begin + TimeDelta::days(day)).date_naive();
        let value = (pounds > 0).then(|| pounds * 100);
        let body = json!({
            "name": name, "industry": industry, "size": size, "tier": tier, "owner": self.staff.id(n),
            "address": {"city": city, "country": "GB"}, "website": format!("https://{slug}.example"),
            "email": format!("office@{slug}.example"), "status": if pounds > 0 { "active" } else { "prospect" },
            "annual_value": value, "monthly_revenue": value.map(|value| value / 12), "currency": value.map(|_| "GBP"),
            "client_since": value.map(|_| met.to_string()),
            "renews_on": value.map(|_| (met + TimeDelta::days(DAYS + 14)).to_string()),
            "custom": details::of_company(n),
            "parent": if name == "Lowland Couriers North" { self.ids.get(&("company", 0)).cloned() } else { None },
        });
        self.keep("company", n, "/v1/companies", body).await?;
        if pounds == 0 {
            return Ok(());
        }
        let since = json!({"kind": "anniversary", "label": "Client since", "date_kind": "yearly", "year": met.year(),
            "month": met.month(), "day": met.day(), "company": self.id("company", n)?});
        self.post("/v1/occasions", since).await.map(drop)
    }

    async fn person(&mut self, n: usize) -> Result<()> {
        let (first, last, job, company, roles, _) = PEOPLE[n];
        let address: String = format!("{first}.{last}")
            .to_lowercase()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
            .collect();
        let body = json!({
            "first_name": first, "last_name": last, "job_title": Some(job).filter(|job| !job.is_empty()),
            "company_name": company.map(|company| COMPANIES[company].0), "owner": self.staff.id(n), "source": SOURCES[n % SOURCES.len()],
            "emails": [{"address": format!("{address}@riders.example")}], "phones": [{"number": format!("+44770090{:04}", 100 + n)}],
            "tags": details::tags(n), "stage": "contacted", "language": "en", "zone": "Europe/London",
            "address": {"city": company.map_or("Leeds", |company| COMPANIES[company].3), "country": "GB"},
            "custom": details::of_person(n),
        });
        self.keep("contact", n, "/v1/contacts", body).await?;
        if let Some(mut birthday) = details::birthday(n, self.begin + TimeDelta::days(DAYS)) {
            birthday["contact"] = self.id("contact", n)?.into();
            self.post("/v1/occasions", birthday).await?;
        }
        let Some(company) = company else { return Ok(()) };
        let path = format!("/v1/companies/{}/contacts/{}", self.id("company", company)?, self.id("contact", n)?);
        let primary = roles.contains(&"decision_maker");
        let body = json!({"roles": roles, "primary": primary});
        self.staff.call(0, Method::PUT, &path, Some(body)).await.map(drop)
    }

    /// The form of the website, published.
    async fn go_online(&mut self) -> Result<()> {
        let made = self.post("/v1/forms", json!({"name": "Ask the workshop", "draft": forms::enquiry()})).await?;
        let path = format!("/v1/forms/{}", made["id"].as_str().unwrap_or_default());
        self.staff.call(0, Method::POST, &format!("{path}/versions"), None).await?;
        // Its widget is there once that has become known.
        settle(self.past).await?;
        let form = self.staff.call(0, Method::GET, &path, None).await?;
        let widget = form["widget"].as_str().and_then(WidgetId::parse);
        self.door = widget.map(|widget| Door { tenant: self.tenant, widget });
        Ok(())
    }

    /// Somebody takes care of who came over the website some visits ago.
    async fn answer(&mut self, visit: usize) -> Result<()> {
        let path = format!("/v1/contacts?filter=email:eq:{}", visitors::address(visit));
        let found = self.staff.call(0, Method::GET, &path, None).await?;
        let Some(contact) = found["items"][0]["id"].as_str() else { return Ok(()) };
        let stage = ["contacted", "qualified", "contacted", "lost"][visit % 4];
        self.patch(&format!("/v1/contacts/{contact}"), json!({"owner": self.staff.id(visit), "stage": stage})).await?;
        let said = json!({"kind": "call", "direction": "outbound", "title": "Rang back about the form",
            "outcome": if stage == "lost" { "No need any more" } else { "Comes by" }, "duration_seconds": 120 + visit * 17});
        self.staff.call(visit, Method::POST, &format!("/v1/contacts/{contact}/activities"), Some(said)).await.map(drop)
    }

    /// What stands about people who were met long ago: who joins a ride, who does not want to hear from the shop.
    async fn last_words(&mut self) -> Result<()> {
        let ride = json!({"name": "Spring ride", "kind": "static", "description": "Said yes at the counter."});
        let ride = self.post("/v1/segments", ride).await?;
        let riders = [7, 16, 20, 22].into_iter().map(|who| self.id("contact", who)).collect::<Result<Vec<_>>>()?;
        let members = json!({"add": riders});
        self.post(&format!("/v1/segments/{}/members", ride["id"].as_str().unwrap_or_default()), members).await?;
        for (who, channel, reason) in details::SILENCES {
            let path = format!("/v1/contacts/{}/do-not-contact/{channel}", self.id("contact", who)?);
            self.staff.call(0, Method::PUT, &path, Some(json!({"reason": reason}))).await?;
        }
        for who in [16, 22, 25] {
            let path = format!("/v1/contacts/{}/consents", self.id("contact", who)?);
            let given = json!({"purpose": "newsletter", "channel": "email", "state": "granted",
                "text": "Send me the workshop letter, about once a month."});
            self.post(&path, given).await?;
        }
        let (owen, maya) = (self.staff.id(1).to_owned(), self.staff.id(2).to_owned());
        let count = json!({"title": "Count the tubes and order new ones", "kind": "task", "priority": "low", "rule": "FREQ=WEEKLY",
            "due_on": self.in_days(3), "due_time": "09:00", "reminders": [60], "assignee": maya, "collaborators": [owen]});
        self.post("/v1/tasks", count).await?;
        let team = Team {
            owen: &owen,
            maya: &maya,
            contact: self.id("contact", 11)?,
            company: self.id("company", 0)?,
            deal: self.id("deal", DEALS - 1)?,
        };
        for (method, path, body) in team.calls(self.clock.now().date_naive()) {
            self.staff.call(0, method, &path, body).await?;
        }
        Ok(())
    }

    async fn deal(&mut self, n: usize) -> Result<()> {
        let who = buyer(n);
        let company = PEOPLE[who].3;
        let (good, pounds) = GOODS[(n * 5 + 2) % GOODS.len()];
        // Fleets buy several; people buy one, with a fitting.
        let many = if company.is_some() { i64::try_from(2 + n % 6).unwrap_or(2) } else { 1 };
        let mut first = json!({"name": good, "quantity": many * 1_000, "unit_price": pounds * 100, "discount": if many > 4 { 500 } else { 0 }});
        if good.ends_with("for a year") {
            first["billing"] = "quarterly".into();
            first["starts_on"] = self.in_days(42).into();
            first["ends_on"] = self.in_days(42 + 364).into();
        }
        let mut items = vec![first];
        if company.is_none() {
            items.push(json!({"name": "Fitting session", "unit_price": 18_000}));
        }
        let buyer = company
            .map_or_else(|| format!("{} {}", PEOPLE[who].0, PEOPLE[who].1), |company| COMPANIES[company].0.to_owned());
        let body = json!({
            "title": format!("{good} for {buyer}"), "items": items, "currency": if n % 8 == 5 { "EUR" } else { "GBP" }, "owner": self.staff.id(n), "source": SOURCES[(n * 3) % SOURCES.len()],
            "company": company.and_then(|company| self.ids.get(&("company", company))), "expected_close": self.in_days(42),
            "contacts": [{"contact": self.id("contact", who)?, "role": "decision_maker"}],
            "next_step": NEXT[0], "next_step_on": self.in_days(9),
        });
        self.keep("deal", n, "/v1/deals", body).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_named_before_it_is_there() {
        let mut there = std::collections::HashSet::new();
        for (_, _, step) in plan() {
            let (needs, makes) = match step {
                Step::Form => (vec![], Some(("form", 0))),
                Step::Visit(_) => (vec![("form", 0)], None),
                Step::Company(n) => (vec![], Some(("company", n))),
                Step::Person(n) => (PEOPLE[n].3.map(|c| ("company", c)).into_iter().collect(), Some(("contact", n))),
                Step::Deal(n) => (vec![("contact", buyer(n))], Some(("deal", n))),
                Step::Move(n, _) | Step::Close(n, _) => (vec![("deal", n)], None),
                Step::Task(n) => (vec![("deal", n), ("contact", buyer(n))], Some(("task", n))),
                Step::Done(n) => (vec![("task", n)], None),
                Step::Todo((_, _, _, n, ..)) => (vec![("contact", *n)], None),
                Step::Say(n, ..) | Step::Note(n, ..) | Step::Stage(n, _) | Step::Plan(n, ..) => {
                    (vec![("contact", n)], None)
                }
            };
            for need in needs {
                assert!(there.contains(&need), "{need:?}");
            }
            there.extend(makes);
        }
        let count = |kind: &str| there.iter().filter(|(k, _)| *k == kind).count();
        assert_eq!((count("company"), count("contact"), count("deal")), (COMPANIES.len(), PEOPLE.len(), DEALS));
    }
}
