//! A year of the first client, told day by day through the API with a clock of its own, so that histories, boards of past
//! days, forecasts and probabilities have something to show. Every run tells the same year.
use super::{
    desk, details, forms,
    plan::{AGAIN, COMPANIES, DAYS, DEALS, GOODS, NEXT, PEOPLE, REASONS, SOURCES, Step, TWICE, buyer, plan},
    settle,
    staff::{IDLE, Staff},
    team::Team,
    visitors::{self, Door},
};
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use kernel::{App, Error, Result, clock::Clock, embed::WidgetId, ids::TenantId};
use poem::{Endpoint, Response, http::Method};
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

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
        teller.post(0, path, body).await?;
    }
    for (at, step) in plan(begin) {
        if at > now {
            break;
        }
        teller.wait(at).await?;
        teller.tell(&step).await?;
    }
    for (path, body) in details::at_the_end() {
        teller.post(0, path, body).await?;
    }
    teller.last_words().await?;
    teller.staff.end().await
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

    async fn post(&mut self, who: usize, path: &str, body: Value) -> Result<Value> {
        self.staff.call(who, Method::POST, path, Some(body)).await
    }

    async fn patch(&mut self, who: usize, path: &str, body: Value) -> Result<()> {
        self.staff.call(who, Method::PATCH, path, Some(body)).await.map(drop)
    }

    fn in_days(&self, days: i64) -> String {
        (self.clock.now() + TimeDelta::days(days)).date_naive().to_string()
    }

    fn id(&self, kind: &'static str, n: usize) -> Result<&str> {
        let missing = || Error::internal(format!("the story names {kind} {n} before it is there"));
        self.ids.get(&(kind, n)).map(String::as_str).ok_or_else(missing)
    }

    /// Whose turn it is makes it, and it is his.
    async fn keep(&mut self, kind: &'static str, n: usize, path: &str, body: Value) -> Result<()> {
        let made = self.post(n, path, body).await?;
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
                self.post(n, &path, json!({"stage": self.stages.get(stage)})).await?;
                let path = format!("/v1/deals/{}", self.id("deal", n)?);
                let next = json!({"next_step": NEXT[stage % NEXT.len()], "next_step_on": self.in_days(12)});
                self.patch(n, &path, next).await
            }
            Step::Close(n, how) => {
                let path = format!("/v1/deals/{}/outcome", self.id("deal", n)?);
                let reason = (how != "won").then_some(REASONS[n % REASONS.len()]);
                self.post(n, &path, json!({"status": how, "reason": reason})).await.map(drop)
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
                self.post(who, &path, json!({"body": text, "pinned": pinned})).await.map(drop)
            }
            Step::Task(deal) => {
                let body = json!({"title": NEXT[0], "kind": "proposal", "deal": self.id("deal", deal)?,
                    "contact": self.id("contact", buyer(deal))?, "due_on": self.in_days(4), "due_time": "15:00", "assignee": self.staff.id(deal)});
                self.keep("task", deal, "/v1/tasks", body).await
            }
            Step::Done(deal) => {
                let path = format!("/v1/tasks/{}/completion", self.id("task", deal)?);
                self.post(deal, &path, json!({"outcome": "Sent"})).await.map(drop)
            }
            Step::Todo((title, kind, priority, who, _, due, time)) => {
                let due = (self.begin + TimeDelta::days(*due)).date_naive().to_string();
                let body = json!({"title": title, "kind": kind, "priority": priority, "contact": self.id("contact", *who)?,
                    "due_on": due, "due_time": time, "assignee": self.staff.id(*who)});
                self.post(*who, "/v1/tasks", body).await.map(drop)
            }
            Step::Plan(who, title, day, minute) => {
                let at = self.begin + TimeDelta::days(day) + TimeDelta::minutes(minute);
                let path = format!("/v1/contacts/{}/activities", self.id("contact", who)?);
                let body =
                    json!({"kind": "meeting", "direction": "outbound", "title": title, "occurred_at": at.to_rfc3339()});
                self.post(who, &path, body).await.map(drop)
            }
            Step::Stage(who, stage) => {
                let path = format!("/v1/contacts/{}", self.id("contact", who)?);
                self.patch(who, &path, json!({"stage": stage})).await
            }
            Step::Form => self.go_online().await,
            Step::Visit(nth) => {
                let door = self.door.as_ref().ok_or_else(|| Error::internal("the website has no form"))?;
                door.visit(self.past, self.api, nth).await
            }
            Step::Answer(nth) => self.answer(nth).await,
            Step::Fair => {
                let owner = self.staff.id(2).to_owned();
                desk::fair(self.past, self.api, &self.staff.token(0).await?, &owner).await
            }
            Step::Again => {
                let body = json!({"first_name": PEOPLE[AGAIN].0, "last_name": PEOPLE[AGAIN].1, "source": "Walk-in", "stage": "new",
                    "emails": [{"address": "noor@hadid.example"}], "address": {"city": "Leeds", "country": "GB"}, "owner": self.staff.id(2)});
                self.post(2, "/v1/contacts", body).await.map(drop)
            }
            Step::Twice => {
                let body = json!({"first_name": PEOPLE[TWICE].0, "last_name": PEOPLE[TWICE].1, "source": "Trade fair", "stage": "new",
                    "emails": [{"address": "caleb@aldous.example"}], "phones": [{"number": "+447700900391"}], "owner": self.staff.id(1)});
                let again = self.post(1, "/v1/contacts", body).await?;
                let merge = json!({"kept": self.id("contact", TWICE)?, "merged": [again["id"]]});
                self.post(0, "/v1/contact-merges", merge).await.map(drop)
            }
            Step::Follow => desk::follow(self.api, &self.staff.token(0).await?).await,
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
        self.post(n, "/v1/occasions", since).await.map(drop)
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
            self.post(n, "/v1/occasions", birthday).await?;
        }
        let Some(company) = company else { return Ok(()) };
        let path = format!("/v1/companies/{}/contacts/{}", self.id("company", company)?, self.id("contact", n)?);
        let primary = roles.contains(&"decision_maker");
        let body = json!({"roles": roles, "primary": primary});
        self.staff.call(0, Method::PUT, &path, Some(body)).await.map(drop)
    }

    /// The form of the website, published.
    async fn go_online(&mut self) -> Result<()> {
        let made = self.post(0, "/v1/forms", json!({"name": "Ask the workshop", "draft": forms::enquiry()})).await?;
        let path = format!("/v1/forms/{}", made["id"].as_str().unwrap_or_default());
        self.staff.call(0, Method::POST, &format!("{path}/versions"), None).await?;
        // Its widget is there once that has become known.
        settle(self.past).await?;
        let form = self.staff.call(0, Method::GET, &path, None).await?;
        let widget = form["widget"].as_str().and_then(WidgetId::parse);
        self.door = widget.map(|widget| Door { tenant: self.tenant, widget });
        Ok(())
    }

    /// The administrator says who takes care of somebody who came over the website, and that one rings back.
    async fn answer(&mut self, visit: usize) -> Result<()> {
        let path = format!("/v1/contacts?filter=email:eq:{}", visitors::address(visit));
        let found = self.staff.call(0, Method::GET, &path, None).await?;
        let Some(contact) = found["items"][0]["id"].as_str() else { return Ok(()) };
        let stage = ["contacted", "qualified", "contacted", "lost"][visit % 4];
        let theirs = json!({"owner": self.staff.id(visit), "stage": stage});
        self.patch(0, &format!("/v1/contacts/{contact}"), theirs).await?;
        let said = json!({"kind": "call", "direction": "outbound", "title": "Rang back about the form",
            "outcome": if stage == "lost" { "No need any more" } else { "Comes by" }, "duration_seconds": 120 + visit * 17});
        self.staff.call(visit, Method::POST, &format!("/v1/contacts/{contact}/activities"), Some(said)).await.map(drop)
    }

    /// What stands about people who were met long ago: who joins a ride, who does not want to hear from the shop.
    async fn last_words(&mut self) -> Result<()> {
        let ride = json!({"name": "Spring ride", "kind": "static", "description": "Said yes at the counter."});
        let ride = self.post(0, "/v1/segments", ride).await?;
        let riders = [7, 16, 20, 22].into_iter().map(|who| self.id("contact", who)).collect::<Result<Vec<_>>>()?;
        let members = json!({"add": riders});
        self.post(0, &format!("/v1/segments/{}/members", ride["id"].as_str().unwrap_or_default()), members).await?;
        for (who, channel, reason) in details::SILENCES {
            let path = format!("/v1/contacts/{}/do-not-contact/{channel}", self.id("contact", who)?);
            self.staff.call(0, Method::PUT, &path, Some(json!({"reason": reason}))).await?;
        }
        for who in [16, 22, 25] {
            let path = format!("/v1/contacts/{}/consents", self.id("contact", who)?);
            let given = json!({"purpose": "newsletter", "channel": "email", "state": "granted",
                "text": "Send me the workshop letter, about once a month."});
            self.post(0, &path, given).await?;
        }
        let (owen, maya) = (self.staff.id(1).to_owned(), self.staff.id(2).to_owned());
        let count = json!({"title": "Count the tubes and order new ones", "kind": "task", "priority": "low", "rule": "FREQ=WEEKLY",
            "due_on": self.in_days(3), "due_time": "09:00", "reminders": [60], "assignee": maya, "collaborators": [owen]});
        self.post(0, "/v1/tasks", count).await?;
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
            "custom": {"handover": if company.is_some() { "van" } else { "shop" }, "handover_on": self.in_days(56)},
            "next_step": NEXT[0], "next_step_on": self.in_days(9),
        });
        self.keep("deal", n, "/v1/deals", body).await
    }
}
