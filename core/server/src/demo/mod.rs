//! The demo world: a platform admin, the agency Northlight Studio and two of its clients with a form each. People and
//! tenants are made by the verbs, everything else through the API, as a user would. On request the first client looks back
//! on a year of work.
mod desk;
mod details;
mod forms;
mod plan;
mod staff;
mod team;
mod visitors;
mod year;

use chrono::TimeDelta;
use identity::{
    admins::{self, model::NewAdmin},
    users::{
        actions::{add_member, create_agency_with_owner},
        model::{NewAgencyOwner, NewMember},
    },
};
use kernel::{App, Error, Result, ids::TenantId};
use poem::{Endpoint, Request, Response, http::Method};
use serde_json::{Value, json};
use std::sync::Arc;

const PASSWORD: &str = "northern lights over kestrel";
const OWNER: &str = "ines@northlight.example";

/// Makes the world, or says what is there already. `allowed` is the origin of the demo website; with `year` the first
/// client has a past.
pub async fn seed(app: &Arc<App>, allowed: &str, year: bool) -> Result<Value> {
    app.control(app.system("demo"), async |tx| tenants::embed_keys::actions::ensure(tx).await).await?;
    let api = crate::routes(app)?;
    // The agency comes first: when its owner exists already nothing else is made a second time.
    let (agency, _) = app.control(app.system("demo"), async |tx| create_agency_with_owner(tx, owner()).await).await?;
    let secret = kernel::clock::random_bytes::<20>().to_vec();
    let admin =
        app.control(app.system("demo"), async |tx| admins::actions::create(tx, platform_admin(secret)).await).await?;
    let owner = sign_in(&api, OWNER).await?;
    let mut clients = vec![];
    for plan in client_plans(allowed) {
        clients.push(Box::pin(client(app, &api, &owner, plan)).await?);
    }
    if year && let Some(email) = clients.first().and_then(|client| client["email"].as_str()) {
        // In boxes: a world is long, and all of its steps would stand on the caller's stack.
        Box::pin(year::tell(app, email)).await?;
        let second = clients.get(1).and_then(|client| client["email"].as_str()).unwrap_or_default();
        // What is due by now lies on the desk: a greeting that waits for somebody to say so.
        settle(app).await?;
        Box::pin(desk::fill(&api, email)).await?;
        Box::pin(desk::first_week(app, second)).await?;
        newcomers(&api, &owner).await?;
    }
    sign_out(&api, &owner).await?;
    settle(app).await?;
    for client in &mut clients {
        let token = sign_in(&api, client["email"].as_str().unwrap_or("")).await?;
        let form = call(
            &api,
            Method::GET,
            &format!("/v1/forms/{}", client["form"].as_str().unwrap_or("")),
            Some(&token),
            None,
        )
        .await?;
        client["widget"] = form["widget"].clone();
        sign_out(&api, &token).await?;
    }
    Ok(json!({
        "platform_admin": {"email": "root@upzento.example", "password": PASSWORD, "totp_uri": admin.enrolment.uri, "totp_secret": admin.enrolment.secret},
        "agency": {"name": "Northlight Studio", "email": OWNER, "password": PASSWORD, "tenant": agency.to_string()},
        "clients": clients,
    }))
}

fn platform_admin(totp_secret: Vec<u8>) -> NewAdmin {
    NewAdmin {
        email: "root@upzento.example".into(),
        name: "Robin Platform".into(),
        password: PASSWORD.into(),
        role: "platform_admin".into(),
        totp_secret: Some(totp_secret),
    }
}

fn owner() -> NewAgencyOwner {
    NewAgencyOwner {
        agency: "Northlight Studio".into(),
        name: "Ines Moreau".into(),
        email: OWNER.into(),
        password: PASSWORD.into(),
    }
}

struct ClientPlan {
    name: &'static str,
    zone: &'static str,
    country: &'static str,
    currency: &'static str,
    admin: (&'static str, &'static str),
    form: &'static str,
    draft: Value,
    origin: Option<String>,
}

fn client_plans(allowed: &str) -> Vec<ClientPlan> {
    vec![
        ClientPlan {
            name: "Kestrel Cycles",
            zone: "Europe/London",
            country: "GB",
            currency: "GBP",
            admin: ("Priya Raman", "priya@kestrel.example"),
            form: "Book a fitting",
            draft: forms::fitting(),
            origin: Some(allowed.to_owned()),
        },
        ClientPlan {
            name: "Harbour Physio",
            zone: "Europe/Paris",
            country: "FR",
            currency: "EUR",
            admin: ("Lucas Morel", "lucas@harbour.example"),
            form: "First appointment",
            draft: forms::appointment(),
            origin: None,
        },
    ]
}

/// Clients that an agency has just won, or has to talk to: one tries its plan, one is stopped.
async fn newcomers<E: Endpoint<Output = Response>>(api: &E, owner: &str) -> Result<()> {
    let trying = json!({"name": "Saltmarsh Bakery", "trial_days": 6});
    call(api, Method::POST, "/v1/clients", Some(owner), Some(trying)).await?;
    let stopped =
        call(api, Method::POST, "/v1/clients", Some(owner), Some(json!({"name": "Tidewater Plumbing"}))).await?;
    let path = format!("/v1/clients/{}/suspension", stopped["id"].as_str().unwrap_or(""));
    let why = json!({"reason": "Two invoices are open.", "mode": "read_only"});
    call(api, Method::POST, &path, Some(owner), Some(why)).await?;
    Ok(())
}

async fn client<E: Endpoint<Output = Response>>(
    app: &Arc<App>,
    api: &E,
    owner: &str,
    plan: ClientPlan,
) -> Result<Value> {
    let made = call(
        api,
        Method::POST,
        "/v1/clients",
        Some(owner),
        Some(json!({"name": plan.name, "zone": plan.zone, "country": plan.country, "currency": plan.currency})),
    )
    .await?;
    let id = made["id"].as_str().unwrap_or("").to_owned();
    let tenant: TenantId = id.parse().map_err(Error::internal)?;
    let (name, email) = plan.admin;
    let member = NewMember {
        name: name.into(),
        email: email.into(),
        password: PASSWORD.into(),
        roles: vec!["client_admin".into()],
        teams: vec![],
    };
    app.control(app.system("demo"), async |tx| add_member(tx, tenant, member.clone()).await).await?;
    let token = sign_in(api, email).await?;
    let form =
        call(api, Method::POST, "/v1/forms", Some(&token), Some(json!({"name": plan.form, "draft": plan.draft})))
            .await?;
    let form = form["id"].as_str().unwrap_or("").to_owned();
    call(api, Method::POST, &format!("/v1/forms/{form}/versions"), Some(&token), None).await?;
    if let Some(origin) = plan.origin {
        call(api, Method::POST, "/v1/origins", Some(&token), Some(json!({"origin": origin}))).await?;
    }
    sign_out(api, &token).await?;
    Ok(json!({"name": plan.name, "tenant": id, "email": email, "password": PASSWORD, "form": form}))
}

async fn sign_in<E: Endpoint<Output = Response>>(api: &E, email: &str) -> Result<String> {
    let tokens =
        call(api, Method::POST, "/v1/sessions", None, Some(json!({"email": email, "password": PASSWORD}))).await?;
    let token = tokens["access_token"].as_str().or_else(|| tokens["tokens"]["access_token"].as_str());
    token.map(str::to_owned).ok_or_else(|| Error::internal("signing in gave no token"))
}

/// So that nobody finds devices in his account that he does not know.
async fn sign_out<E: Endpoint<Output = Response>>(api: &E, token: &str) -> Result<()> {
    call(api, Method::DELETE, "/v1/sessions/current", Some(token), None).await.map(drop)
}

/// One request to the API inside this process.
async fn call<E: Endpoint<Output = Response>>(
    api: &E,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<Value>,
) -> Result<Value> {
    send(api, method, path, token, body.map(|body| ("application/json", body.to_string()))).await
}

/// The same with a body of any type.
async fn send<E: Endpoint<Output = Response>>(
    api: &E,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: Option<(&str, String)>,
) -> Result<Value> {
    let what = format!("{method} {path}");
    let mut request = Request::builder().method(method).uri_str(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = match body {
        Some((kind, body)) => request.content_type(kind).body(body),
        None => request.finish(),
    };
    let response = api.get_response(request).await;
    let status = response.status();
    let text = response.into_body().into_string().await.map_err(Error::internal)?;
    if !status.is_success() {
        return Err(Error::internal(format!("{what} answered {status}: {text}")));
    }
    if text.is_empty() { Ok(Value::Null) } else { serde_json::from_str(&text).map_err(Error::internal) }
}

/// Delivers what was recorded and runs what is due, so that the world is complete when it is announced.
async fn settle(app: &Arc<App>) -> Result<()> {
    let until = app.clock.now() + TimeDelta::seconds(60);
    while app.clock.now() < until {
        if kernel::events::dispatch_due(app).await? + kernel::jobs::run_due(app).await? == 0 {
            break;
        }
    }
    Ok(())
}
