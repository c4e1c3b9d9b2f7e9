//! Visitors of the first client's website who fill in a form: what they answer, and from which campaign they came.
use kernel::{
    App, Error, Result,
    crypto::sha256,
    embed::{VisitorClaims, WidgetId, visitor},
    ids::TenantId,
};
use poem::{Endpoint, Request, Response, http::Method};
use serde_json::{Value, json};

const ORIGIN: &str = "https://kestrel.example";
const SIGHTINGS: &str = "/edge/v1/sightings";
const ANSWER: &str = "/edge/v1/actions/form";
const PROGRESS: &str = "/edge/v1/actions/progress";

/// The way through the form: the step of each field.
const WAY: [(&str, &str); 8] = [
    ("you", "name"),
    ("you", "email"),
    ("you", "phone"),
    ("ride", "bike"),
    ("ride", "pain"),
    ("ride", "where"),
    ("ride", "notes"),
    ("ride", "news"),
];

const FIRST: [&str; 12] =
    ["Nadia", "Piotr", "Keira", "Matthew", "Sunita", "Joao", "Freya", "Idris", "Lena", "Marcus", "Yuki", "Alba"];
const LAST: [&str; 7] = ["Brennan", "Kowalski", "Iyer", "Sandford", "Mensah", "Lindgren", "Castell"];
const BIKES: [&str; 4] = ["road", "gravel", "city", "mtb"];
const PAINS: [&str; 4] = ["hands", "neck", "back", "knees"];
const NOTES: [&str; 4] = [
    "I ride to the station every day, mostly in the rain.",
    "Two children's seats have to fit.",
    "I have a race in six weeks.",
    "My old frame is stolen; I need something by Monday.",
];
/// Source, medium and campaign; none for those who just came.
const CAMPAIGNS: [Option<(&str, &str, &str)>; 5] = [
    Some(("google", "cpc", "fitting-town")),
    None,
    Some(("newsletter", "email", "workshop-letter")),
    Some(("instagram", "social", "long-john")),
    Some(("google", "cpc", "cargo-bikes")),
];

/// Answers of the year.
pub(super) const VISITS: usize = 56;

/// Where the answers go.
pub(super) struct Door {
    pub tenant: TenantId,
    pub widget: WidgetId,
}

impl Door {
    /// The form is shown to many, some begin it, and one of them answers it. One is a machine: its answer is kept aside.
    pub async fn visit<E: Endpoint<Output = Response>>(&self, app: &App, api: &E, nth: usize) -> Result<()> {
        let now = app.clock.now().timestamp();
        let seen = json!([{"widget": self.widget.to_string(), "origin": ORIGIN, "outcome": "seen", "count": 9 + nth * 7 % 23, "at": now}]);
        send(app, api, &VisitorClaims::of_the_edge(now), SIGHTINGS, &seen).await?;
        let claims = |who: &str, what: &str| VisitorClaims {
            ts: now,
            tenant: Some(self.tenant.0),
            widget: Some(self.widget),
            kind: "form".into(),
            origin: ORIGIN.into(),
            page: format!("{ORIGIN}/fitting"),
            sid: kernel::crypto::hex(&sha256(who.as_bytes())[..16]),
            ip: "192.0.2.0/24".into(),
            ua: "Firefox".into(),
            risk: 0,
            build: "demo".into(),
            key: format!("{who}-{what}"),
        };
        for other in 0..nth % 4 {
            let who = format!("visit-{nth}-{other}");
            // Who leaves again does so somewhere on the way.
            let came = &WAY[..(nth + other * 3) % 6];
            send(app, api, &claims(&who, "progress"), PROGRESS, &progress(came)).await?;
        }
        let (who, answer) = (format!("visit-{nth}"), sent(nth));
        let filled: Vec<_> = WAY.into_iter().filter(|(_, field)| answer["answers"].get(field).is_some()).collect();
        send(app, api, &claims(&who, "progress"), PROGRESS, &progress(&filled)).await?;
        send(app, api, &claims(&who, "answer"), ANSWER, &answer).await
    }
}

/// What the widget tells of somebody who filled in these fields.
fn progress(filled: &[(&str, &str)]) -> Value {
    let mut at = WAY[0].0;
    let mut events = vec![json!({"t": "start"}), json!({"t": "step", "step": at})];
    for (step, field) in filled {
        if *step != at {
            at = step;
            events.push(json!({"t": "step", "step": at}));
        }
        events.push(json!({"t": "field", "field": field}));
    }
    json!({"version": 1, "events": events})
}

/// The address of a visitor.
pub(super) fn address(nth: usize) -> String {
    format!("{}.{}@visitors.example", FIRST[nth % FIRST.len()], LAST[nth % LAST.len()]).to_lowercase()
}

fn sent(nth: usize) -> Value {
    let name = format!("{} {}", FIRST[nth % FIRST.len()], LAST[nth % LAST.len()]);
    let mut answers = json!({"name": name, "email": address(nth), "bike": BIKES[nth * 3 % BIKES.len()],
        "pain": if nth.is_multiple_of(3) { "yes" } else { "no" }, "news": nth % 4 != 1});
    if nth.is_multiple_of(3) {
        answers["where"] = json!([PAINS[nth % PAINS.len()]]);
    }
    if nth % 5 == 2 {
        answers["notes"] = json!(NOTES[nth % NOTES.len()]);
    }
    if nth.is_multiple_of(2) {
        answers["phone"] = json!(format!("+44770091{:04}", 200 + nth));
    }
    let mut attr = json!({});
    if let Some((source, medium, campaign)) = CAMPAIGNS[nth % CAMPAIGNS.len()] {
        attr = json!({"utm_source": source, "utm_medium": medium, "utm_campaign": campaign});
        answers["source"] = json!(source);
    }
    let is_machine = nth % 17 == 11;
    json!({"version": 1, "answers": answers, "filled_ms": if is_machine { 90 } else { 21_000 + nth * 311 },
        "honey": if is_machine { "https://cheap.example" } else { "" }, "attr": attr})
}

/// A call as the edge signs it.
async fn send<E: Endpoint<Output = Response>>(
    app: &App,
    api: &E,
    claims: &VisitorClaims,
    target: &str,
    body: &Value,
) -> Result<()> {
    let body = body.to_string();
    // The address that is signed is the one a request came to; one that never left the process came to none.
    let signed = claims.sign(&app.keys.derive(visitor::EDGE_KEY_INFO), "POST", "/", body.as_bytes());
    let request = Request::builder()
        .method(Method::POST)
        .uri_str(target)
        .content_type("application/json")
        .header(visitor::VISITOR_HEADER, signed.claims)
        .header(visitor::SIGNATURE_HEADER, signed.signature)
        .body(body);
    let response = api.get_response(request).await;
    let status = response.status();
    if status.is_success() {
        return Ok(());
    }
    let text = response.into_body().into_string().await.map_err(Error::internal)?;
    Err(Error::internal(format!("{target} answered {status}: {text}")))
}
