//! What lies on desks: a list from a fair that was taken in, and, on the day the story ends, papers, a report that comes by
//! itself, a key for the shop; at the second client a first week.
use super::{call, send, settle, sign_out, staff::Staff};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{App, Error, Result, clock::Clock};
use poem::{Endpoint, Response, http::Method};
use serde_json::{Value, json};
use std::sync::Arc;

/// People of a fair; two of them are known, and one has no address that could be one.
const FAIR: &str = "First name;Last name;Email;Mobile;Company;Notes
Anouk;Verhoeven;anouk@polderpost.example;+44 7700 900301;Polder Post;Wants two trailers
Idris;Kaya;idris.kaya@ridewell.example;+44 7700 900302;Ridewell;Asked about leasing
Maren;Olsen;maren@olsenbakery.example;+44 7700 900303;Olsen Bakery;Morning rounds by bike
Joao;Prata;joao@prata.example;+44 7700 900304;;Touring build
Lucas;Brandt;lucas.brandt@riders.example;+44 7700 900100;Lowland Couriers;Came by again
Edda;Moss;edda.moss@riders.example;;Moss & Daughters;Sends a colleague
Yusuf;Khan;yusuf at khan;+44 7700 900307;;Card with a typo
Freya;Lind;freya@lindflowers.example;+44 7700 900308;Lind Flowers;Box bike for deliveries
Owen;Parry;owen@parry.example;+44 7700 900309;;Second-hand gravel bike
Zofia;Nowak;zofia@nowakfilm.example;+44 7700 900310;Nowak Film;Bikes for a shoot in spring
Kit;Larkin;kit@larkin.example;+44 7700 900311;;Fitting
Amina;Diallo;amina@diallodesign.example;+44 7700 900312;Diallo Design;Four commuters
";

const OFFER: &str =
    "Offer 2217\n\n2 x Cargo bike, long john\n2 x Rain cover\n\nDelivery in four weeks. Valid for thirty days.\n";
const TERMS: &str =
    "Fleet service\n\nEvery bike once a quarter, wear parts included. Notice: three months to the end of a year.\n";

/// A patient, or somebody who sends some: first and last name, the begin of the address, job, company, stage.
type Patient = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>, &'static str);

const PATIENTS: [Patient; 8] = [
    ("Camille", "Durand", "camille.durand", "", None, "qualified"),
    ("Hélène", "Petit", "helene.petit", "General practitioner", Some("Cabinet du Port"), "contacted"),
    ("Marc", "Lefèvre", "marc.lefevre", "", None, "won"),
    ("Nadia", "Benali", "nadia.benali", "Team doctor", Some("Rowing Club Deauville"), "proposal"),
    ("Paul", "Girard", "paul.girard", "", None, "new"),
    ("Inès", "Caron", "ines.caron", "", None, "won"),
    ("Victor", "Blanc", "victor.blanc", "Coach", Some("Rowing Club Deauville"), "contacted"),
    ("Sarah", "Moulin", "sarah.moulin", "Occupational health", Some("Chantiers Moulin"), "negotiation"),
];

/// Courses of treatment: what, whose, euros, how far it is (the fifth place is won), what comes next.
const COURSES: [(&str, usize, i64, usize, &str); 4] = [
    ("Ten sessions, knee", 0, 480, 1, "Agree on the first day"),
    ("Season care for the eight", 3, 3_600, 2, "Call about the offer"),
    ("Back course at the yard", 7, 2_200, 3, "Get it signed"),
    ("Six sessions, shoulder", 5, 290, 4, "Book the six days"),
];

/// Fills the desk; the story of the first client is told already.
pub(super) async fn fill<E: Endpoint<Output = Response>>(api: &E, email: &str) -> Result<()> {
    let credentials = json!({"email": email, "password": super::PASSWORD});
    let tokens = call(api, Method::POST, "/v1/sessions", None, Some(credentials)).await?;
    let desk = Desk { api, token: tokens["access_token"].as_str().unwrap_or_default() };
    desk.greet().await?;
    desk.papers().await?;
    desk.habits(&tokens["user"]).await?;
    desk.wishes().await?;
    sign_out(api, desk.token).await
}

/// The list from the fair comes in, for whoever was there.
pub(super) async fn fair<E: Endpoint<Output = Response>>(
    past: &Arc<App>,
    api: &E,
    token: &str,
    owner: &str,
) -> Result<()> {
    let desk = Desk { api, token };
    let file = desk.upload("trade-fair.csv", FAIR).await?;
    let import = desk.post("/v1/contact-imports", json!({"file": file})).await?;
    let path = format!("/v1/contact-imports/{}", import["id"].as_str().unwrap_or_default());
    let options = json!({"options": {"owner": owner, "source": "Trade fair"}});
    call(api, Method::PATCH, &path, Some(token), Some(options)).await?;
    desk.post(&format!("{path}/start"), json!({})).await?;
    settle(past).await
}

/// Those from the fair who asked for something are followed up.
pub(super) async fn follow<E: Endpoint<Output = Response>>(api: &E, token: &str) -> Result<()> {
    let desk = Desk { api, token };
    let mut asked = vec![];
    for address in ["idris.kaya@ridewell.example", "amina@diallodesign.example", "zofia@nowakfilm.example"] {
        asked.push(desk.first(&format!("/v1/contacts?filter=email:eq:{address}")).await?);
    }
    let sequence = desk.first("/v1/sequences?limit=1").await?;
    desk.post("/v1/enrolments", json!({"sequence": sequence, "contacts": asked})).await.map(drop)
}

/// The first week of the second client, told with a clock of its own: it ended yesterday.
pub(super) async fn first_week(app: &Arc<App>, email: &str) -> Result<()> {
    let begin = (app.clock.now() - TimeDelta::days(6)).date_naive().and_hms_opt(0, 0, 0).unwrap_or_default().and_utc();
    let clock = Clock::fixed(begin);
    let past = crate::build(app.config.clone(), clock.clone())?;
    let api = crate::routes(&past)?;
    let staff = Staff::alone(&api, clock.clone(), email).await?;
    let mut week = Week { staff, clock, begin };
    week.tell().await?;
    week.staff.end().await
}

/// Somebody at work.
struct Desk<'a, E> {
    api: &'a E,
    token: &'a str,
}

impl<E: Endpoint<Output = Response>> Desk<'_, E> {
    async fn post(&self, path: &str, body: Value) -> Result<Value> {
        call(self.api, Method::POST, path, Some(self.token), Some(body)).await
    }

    /// The first of a list.
    async fn first(&self, path: &str) -> Result<String> {
        let found = call(self.api, Method::GET, path, Some(self.token), None).await?;
        let id = found["items"][0]["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| Error::internal(format!("{path} has nothing to show")))
    }

    async fn upload(&self, name: &str, content: &str) -> Result<String> {
        let path = format!("/v1/files?name={name}");
        let body = Some(("application/octet-stream", content.to_owned()));
        let file = send(self.api, Method::POST, &path, Some(self.token), body).await?;
        Ok(file["id"].as_str().unwrap_or_default().to_owned())
    }

    /// The next birthday may be greeted; the one after it still waits for somebody to say so.
    async fn greet(&self) -> Result<()> {
        let batch = self.first("/v1/greeting-batches?filter=state:eq:waiting&limit=1&sort=day").await?;
        let path = format!("/v1/greeting-batches/{batch}/approval");
        call(self.api, Method::POST, &path, Some(self.token), None).await.map(drop)
    }

    async fn papers(&self) -> Result<()> {
        let deal = self.first("/v1/deals?filter=status:eq:open&limit=1&sort=-created_at").await?;
        let company = self.first("/v1/companies?filter=status:eq:active&limit=1&sort=name").await?;
        let offer = self.upload("offer-2217.txt", OFFER).await?;
        self.post("/v1/attachments", json!({"file": offer, "deal": deal, "note": "As sent on Monday"})).await?;
        let terms = self.upload("fleet-service.txt", TERMS).await?;
        self.post("/v1/attachments", json!({"file": terms, "company": company})).await.map(drop)
    }

    async fn habits(&self, user: &Value) -> Result<()> {
        let weekly = json!({"name": "The line on Mondays", "kind": "pipeline", "span": "this_quarter", "cadence": "weekly",
            "day": 1, "minute": 8 * 60, "format": "pdf", "recipients": [user]});
        self.post("/v1/report-schedules", weekly).await?;
        let stage = |name: &str, probability: i64| json!({"name": name, "probability": probability});
        let lines = json!({"name": "Fleet contracts", "quiet_days": 21,
            "stages": [stage("Need", 15), stage("Trial fleet", 40), stage("Contract", 80)],
            "reasons": ["Price", "Kept the vans", "Timing"]});
        self.post("/v1/pipelines", lines).await?;
        let key = json!({"name": "Web shop", "scopes": {"contacts.read": "all"}});
        self.post("/v1/api-keys", key).await.map(drop)
    }

    /// Those from the fair get a tag, and somebody wants to know what is kept about him.
    async fn wishes(&self) -> Result<()> {
        let tagged = json!({"matching": {"filter": ["source:eq:Trade fair"]}, "change": {"add_tags": ["trade fair"]}});
        self.post("/v1/contact-bulk-runs", tagged).await?;
        let who = self.first("/v1/contacts?filter=email:eq:owen@parry.example").await?;
        let wish = json!({"contact": who, "kind": "export", "reason": "Asked at the counter"});
        self.post("/v1/data-requests", wish).await.map(drop)
    }
}

struct Week<'a, E> {
    staff: Staff<'a, E>,
    clock: Clock,
    begin: DateTime<Utc>,
}

impl<E: Endpoint<Output = Response>> Week<'_, E> {
    async fn post(&mut self, path: &str, body: Value) -> Result<Value> {
        self.staff.call(0, Method::POST, path, Some(body)).await
    }

    /// Lets time pass until this hour and minute of this day.
    fn until(&self, (day, hour, minute): (i64, i64, i64)) {
        let at = self.begin + TimeDelta::days(day) + TimeDelta::minutes(hour * 60 + minute);
        self.clock.advance((at - self.clock.now()).max(TimeDelta::zero()));
    }

    async fn tell(&mut self) -> Result<()> {
        let owner = self.staff.id(0).to_owned();
        let mut people = vec![];
        for (n, (first, last, address, job, company, stage)) in (0..).zip(PATIENTS) {
            self.until((n * 6 / 8, 8 + n * 3 % 9, n * 17 % 60));
            let body = json!({"first_name": first, "last_name": last, "job_title": Some(job).filter(|job| !job.is_empty()),
                "company_name": company, "emails": [{"address": format!("{address}@patients.example")}], "stage": stage,
                "language": "fr", "source": if company.is_some() { "Referral" } else { "Website" }, "owner": owner});
            let made = self.post("/v1/contacts", body).await?;
            people.push(made["id"].as_str().unwrap_or_default().to_owned());
        }
        let lines = self.staff.call(0, Method::GET, "/v1/pipelines", None).await?;
        for (n, (what, whose, euros, far, next)) in (0..).zip(COURSES) {
            self.until((5, 13 + n, n * 23 % 60));
            let on = |days: i64| (self.begin + TimeDelta::days(days)).date_naive().to_string();
            let body = json!({"title": what, "amount": euros * 100, "currency": "EUR", "source": "Referral", "owner": owner,
                "contacts": [{"contact": people[whose], "role": "decision_maker"}],
                "expected_close": on(20 + 4 * n), "next_step": next, "next_step_on": on(7 + n)});
            let made = self.post("/v1/deals", body).await?;
            let path = format!("/v1/deals/{}", made["id"].as_str().unwrap_or_default());
            self.until((5, 13 + n, n * 23 % 60 + 7));
            match lines["items"][0]["stages"].get(far) {
                Some(stage) => self.post(&format!("{path}/moves"), json!({"stage": stage["id"]})).await?,
                None => self.post(&format!("{path}/outcome"), json!({"status": "won", "reason": null})).await?,
            };
        }
        self.until((5, 17, 10));
        let note = json!({"body": "Runs again since Tuesday, without pain. One more look in two weeks."});
        self.post(&format!("/v1/contacts/{}/notes", people[2]), note).await?;
        let due = (self.begin + TimeDelta::days(7)).date_naive().to_string();
        let task = json!({"title": "Ring Dr Petit about the knee", "kind": "call", "due_on": due, "contact": people[1],
            "assignee": owner});
        self.post("/v1/tasks", task).await.map(drop)
    }
}
