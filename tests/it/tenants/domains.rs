//! The console under an address of an agency's own.
use super::{PASSWORD, Person, World, refused};
use ::kernel::ids::TenantId;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Answer, Client, Dns, TestApp};

const HOST: &str = "crm.north.example";
const TARGET: &str = "app.console.test";

async fn start(change: impl FnOnce(&mut kernel::config::Config)) -> (World, Dns) {
    let dns = Dns::start().await;
    let app = TestApp::start_with(|config| {
        config.domains.resolver = dns.address.to_string();
        change(config);
    });
    (World::with(app.await), dns)
}

async fn add(who: &Client, host: &str) -> Answer {
    let added = who.post("/v1/domains", json!({"host": host})).await;
    added.expect(201);
    added
}

impl World {
    /// A domain that is served.
    async fn domain(&self, dns: &Dns, who: &Client, host: &str) -> String {
        let added = add(who, host).await;
        dns.prove(&added.body);
        let path = format!("/v1/domains/{}", added.text_of("id"));
        assert_eq!(who.post(&format!("{path}/look"), json!({})).await.expect(200)["state"], "active");
        // Its owners hear of it, and of nothing else that a test waits for.
        self.app.settle().await;
        path
    }

    /// Whoever comes to a name, without a credential.
    fn at(&self, host: &str) -> Client {
        self.app.anonymous().with("host", host)
    }

    async fn later(&self, by: TimeDelta) {
        self.app.advance(by);
        self.app.settle().await;
    }

    /// The text of the newest mail to an address.
    async fn mail(&self, email: &str) -> String {
        self.app.settle().await;
        let mails = self.mailbox.taken();
        let mail = mails.iter().rev().find(|mail| mail.to == email).expect("a mail");
        let message = mail_parser::MessageParser::default().parse(&mail.raw).expect("a mail");
        message.body_text(0).expect("a plain text").into_owned()
    }

    async fn sign_in(&self, host: &str, email: &str, password: &str, tenant: Option<TenantId>) -> Answer {
        let mut body = json!({"email": email, "password": password});
        if let Some(tenant) = tenant {
            body["tenant"] = json!(tenant);
        }
        self.at(host).post("/v1/sessions", body).await
    }
}

fn results(domain: &Answer) -> Vec<&str> {
    domain.body["records"].as_array().expect("records").iter().filter_map(|record| record["result"].as_str()).collect()
}

#[tokio::test]
async fn a_domain_is_served_from_its_proof_until_its_records_are_gone_for_a_week() {
    let (world, dns) = start(|_| {}).await;
    let owner = world.agency("Northlight").await;
    let added = add(&owner.client, " CRM.North.example/ ").await;
    assert_eq!((&added.body["host"], &added.body["state"]), (&json!(HOST), &json!("pending")));
    assert_eq!(added.body["records"][1]["value"], TARGET);
    let path = format!("/v1/domains/{}", added.text_of("id"));
    let ask = async || world.app.anonymous().get(&format!("/internal/domains/ask?domain={HOST}")).await.status;
    // Days pass: who asks signs in anew.
    let see = async || world.person_of(&owner).await.get(&path).await;
    assert_eq!((ask().await, world.at(HOST).get("/v1/me").await.status), (404, 421));

    // Somebody set something, not what was asked for.
    dns.txt(&format!("_upzento.{HOST}"), &["hello"]);
    dns.addresses(TARGET, &["192.0.2.1"]);
    dns.addresses(HOST, &["192.0.2.1", "192.0.2.9"]);
    world.later(TimeDelta::seconds(61)).await;
    let looked = see().await;
    assert_eq!(results(&looked), ["wrong", "wrong"]);
    assert_eq!(looked.body["records"][0]["found"], json!(["hello"]));
    assert_eq!(looked.body["records"][1]["found"], json!(["192.0.2.1", "192.0.2.9"]));
    dns.clear(HOST);
    dns.prove(&added.body);
    world.later(TimeDelta::seconds(130)).await;
    let active = see().await;
    assert_eq!((results(&active), &active.body["state"]), (vec!["right", "right"], &json!("active")));
    assert_eq!((&active.body["primary"], active.text_of("url")), (&json!(true), format!("http://{HOST}:8080")));
    assert_eq!(ask().await, 200);
    world.at(HOST).get("/v1/me").await.problem(401, "credential_missing");
    world.at(&format!("{}.:443", HOST.to_uppercase())).get("/v1/me").await.expect(401);
    assert_eq!(world.at(HOST).get("/docs").await.status, 404, "it is in the platform's name");

    // A name server that is away proves nothing; records that are gone do.
    dns.trouble(true);
    world.later(TimeDelta::days(2)).await;
    assert_eq!(see().await.body["state"], "active");
    dns.trouble(false);
    dns.clear(&format!("_upzento.{HOST}"));
    world.later(TimeDelta::days(1)).await;
    let failing = see().await;
    assert_eq!((&failing.body["state"], results(&failing)), (&json!("failing"), vec!["missing", "right"]));
    assert_eq!(ask().await, 200, "who is at work goes on");
    let client = world.person_of(&owner).await;
    client.put(&format!("{path}/primary"), json!({})).await.problem(409, "domain_not_active");
    world.later(TimeDelta::days(8)).await;
    let removed = see().await;
    assert_eq!((&removed.body["state"], &removed.body["primary"]), (&json!("removed"), &json!(false)));
    assert_eq!((ask().await, world.at(HOST).get("/v1/me").await.status), (404, 421));

    // It comes back, and goes for good.
    dns.prove(&added.body);
    let client = world.person_of(&owner).await;
    assert_eq!(client.post(&format!("{path}/look"), json!({})).await.expect(200)["state"], "active");
    client.delete(&path).await.expect(204);
    assert_eq!(world.at(HOST).get("/v1/me").await.status, 421);
    // Its owners heard of what became of it by itself, each time once.
    world.app.settle().await;
    let news = world.person_of(&owner).await.get("/v1/notifications?limit=200").await.expect(200).clone();
    let text = |item: &Value, key: &str| item[key].as_str().expect("a text").to_owned();
    let items = news["items"].as_array().expect("items").iter();
    let told = items.filter(|item| text(item, "kind").starts_with("domain.")).inspect(|item| {
        assert!(text(item, "title").contains(HOST), "{item}");
    });
    let mut kinds: Vec<String> = told.map(|item| text(item, "kind")).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["domain.active", "domain.active", "domain.failing", "domain.given_up"]);
    let log = world.log(owner.tenant).await;
    for kind in ["domain.added", "domain.active", "domain.failing", "domain.given_up", "domain.removed"] {
        assert!(log.contains(&kind.to_owned()), "{kind} in {log:?}");
    }
}

#[tokio::test]
async fn of_two_that_prove_a_name_at_once_one_has_it() {
    let (world, dns) = start(|_| {}).await;
    let (north, harbour) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let same = tokio::join!(
        north.client.post("/v1/domains", json!({"host": HOST})),
        north.client.post("/v1/domains", json!({"host": HOST}))
    );
    let mut both = [same.0.status, same.1.status];
    both.sort_unstable();
    assert_eq!(both, [201, 409]);
    let mine = if same.0.status == 201 { same.0 } else { same.1 };
    // Saying it is not proving it: somebody else may say so, too.
    let theirs = add(&harbour.client, HOST).await;
    let proof = |domain: &Answer| domain.body["records"][0]["value"].as_str().unwrap().to_owned();
    dns.txt(&format!("_upzento.{HOST}"), &[&proof(&mine), &proof(&theirs)]);
    dns.cname(HOST, TARGET);
    let path = |domain: &Answer| format!("/v1/domains/{}", domain.text_of("id"));
    let (a, b) = (format!("{}/look", path(&mine)), format!("{}/look", path(&theirs)));
    let (one, two) = tokio::join!(north.client.post(&a, json!({})), harbour.client.post(&b, json!({})));
    let mut states = [one.expect(200)["state"].to_string(), two.expect(200)["state"].to_string()];
    states.sort_unstable();
    assert_eq!(states, ["\"active\"", "\"pending\""]);
    let lost = if one.body["state"] == "pending" { &one } else { &two };
    assert_eq!(results(lost)[0], "taken");
    let third = world.agency("Third").await;
    third.client.post("/v1/domains", json!({"host": HOST})).await.problem(409, "domain_taken");
    // Another account's is not there.
    for answer in [
        third.client.get(&path(&mine)).await,
        third.client.delete(&path(&mine)).await,
        third.client.post(&a, json!({})).await,
        third.client.put(&format!("{}/primary", path(&mine)), json!({})).await,
    ] {
        answer.problem(404, "not_found");
    }
    for (host, code) in [("co.uk", "origin_public_suffix"), (TARGET, "domain_reserved"), ("192.0.2.7", "domain_name")] {
        let answer = third.client.post("/v1/domains", json!({"host": host})).await;
        assert_eq!(refused(&answer), [("/host".into(), code.into())], "{host}");
    }
}

#[tokio::test]
async fn a_plan_limits_domains() {
    let (world, _dns) = start(|_| {}).await;
    let north = world.agency("Northlight").await;
    let client = world.client(&north, "Dental").await;
    let one = "update control.plans set limits = limits || '{\"domains\": 1}' where key = 'normal'";
    world.sql(one).await;
    let plan = "update control.tenants set plan_id = (select id from control.plans where key = 'normal') where kind = 'agency'";
    world.sql(plan).await;
    let first = add(&north.client, HOST).await.text_of("id");
    let second = json!({"host": "portal.north.example"});
    north.client.post("/v1/domains", second.clone()).await.problem(403, "plan_limit");
    // Each account has its own, by its agency's plan.
    add(&north.acting_in(client), "portal.dental.example").await;
    // What a plan says is remembered for some seconds.
    world.app.advance(TimeDelta::seconds(6));
    let usage = north.client.get("/v1/plans/current/usage").await.expect(200).clone();
    let meters = usage["meters"].as_array().unwrap();
    assert!(meters.contains(&json!({"limit": "domains", "used": 1, "most": 1})), "{usage}");
    north.client.delete(&format!("/v1/domains/{first}")).await.expect(204);
    north.client.post("/v1/domains", second).await.expect(201);
}

#[tokio::test]
async fn only_those_who_work_there_sign_in_there() {
    let (world, dns) = start(|_| {}).await;
    let (north, _) = (world.agency("Northlight").await, world.agency("Harbour").await);
    let client = world.client(&north, "Dental").await;
    let kim = world.member(client, "client_admin", "Kim").await;
    world.domain(&dns, &north.client, HOST).await;
    let sign_in = async |email: &str, password: &str| world.sign_in(HOST, email, password, None).await;
    sign_in("northlight@example.com", PASSWORD).await.expect(201);
    assert_eq!(sign_in("kim@example.com", PASSWORD).await.expect(201)["tenant"], json!(client));
    let stranger = sign_in("harbour@example.com", PASSWORD).await;
    let told = stranger.problem(403, "member_elsewhere");
    assert_eq!(told["address"], world.app.app.config.server.dashboard_url);
    sign_in("harbour@example.com", "wrong-password-1").await.problem(401, "credentials_wrong");

    // A client's own domain is for that client.
    let dental = "portal.dental.example";
    world.domain(&dns, &north.acting_in(client), dental).await;
    world.sign_in(dental, "kim@example.com", PASSWORD, None).await.expect(201);
    let agency = world.sign_in(dental, "northlight@example.com", PASSWORD, None).await;
    assert_eq!(agency.problem(403, "member_elsewhere")["address"], format!("http://{HOST}:8080"));

    // Whoever works in two places stays within one at its address.
    let body = json!({"agency": "X", "name": "X", "email": "x@example.com", "password": PASSWORD});
    world.at(HOST).post("/v1/sign-ups", body).await.problem(403, "sign_up_closed");
    let other = world.agency("Other").await;
    let add = json!({"email": "kim@example.com", "roles": [role(&other).await]});
    other.client.post("/v1/invitations", add).await.expect(201);
    let mail = world.mail("kim@example.com").await;
    let token = mail.split("#token=").nth(1).unwrap().split_whitespace().next().unwrap();
    let joined = json!({"token": token, "name": "Kim", "password": PASSWORD});
    world.app.anonymous().post("/v1/invitations/acceptance", joined).await;
    let switch = json!({"tenant": other.tenant});
    let there = world.at(HOST).bearer(&kim.access).post("/v1/sessions/switch", switch.clone()).await;
    there.problem(403, "member_elsewhere");
    kim.client.post("/v1/sessions/switch", switch).await.expect(200);
    let tokens = world.sign_in("127.0.0.1", "kim@example.com", PASSWORD, Some(other.tenant)).await;
    let refresh = json!({"refresh_token": tokens.text_of("refresh_token"), "tenant": other.tenant});
    world.at(HOST).post("/v1/sessions/refresh", refresh).await.problem(403, "member_elsewhere");
}

async fn role(who: &Person) -> String {
    let roles = who.client.get("/v1/roles?filter=key:eq:agency_admin").await;
    roles.expect(200)["items"][0]["id"].as_str().expect("a role").to_owned()
}

#[tokio::test]
async fn links_in_mails_name_the_domain_while_it_is_active() {
    let (world, dns) = start(|_| {}).await;
    let north = world.agency("Northlight").await;
    let client = world.client(&north, "Dental").await;
    world.member(client, "client_admin", "Kim").await;
    let own = format!("http://{HOST}:8080/");
    let platform = format!("{}/", world.app.app.config.server.dashboard_url);
    let reset = async |host: &str, email: &str| {
        world.at(host).post("/v1/password-resets", json!({"email": email})).await.expect(202);
        world.mail(email).await
    };
    assert!(reset("127.0.0.1", "kim@example.com").await.contains(&platform));
    let path = world.domain(&dns, &north.client, HOST).await;
    let mail = reset(HOST, "kim@example.com").await;
    assert!(mail.contains(&format!("{own}reset-password#token=")) && !mail.contains("pzento"), "{mail}");
    // Whoever does not work there gets the platform's mail.
    world.agency("Harbour").await;
    let stranger = reset(HOST, "harbour@example.com").await;
    assert!(stranger.contains(&platform) && !stranger.contains(HOST), "{stranger}");
    let invite = async |email: &str| {
        let body = json!({"email": email, "roles": [role(&north).await]});
        north.client.post("/v1/invitations", body).await.expect(201);
        world.mail(email).await
    };
    assert!(invite("ann@example.com").await.contains(&format!("{own}accept-invitation#token=")));
    // Another one is chosen, and goes: the first one is named again.
    let second = world.domain(&dns, &north.client, "desk.north.example").await;
    assert_eq!(north.client.put(&format!("{second}/primary"), json!({})).await.expect(200)["primary"], true);
    assert!(invite("ben@example.com").await.contains("http://desk.north.example:8080/accept-invitation"));
    north.client.delete(&second).await.expect(204);
    assert!(invite("cy@example.com").await.contains(&own));
    // It fails, and mails name the platform's address.
    dns.clear(HOST);
    assert_eq!(north.client.post(&format!("{path}/look"), json!({})).await.expect(200)["state"], "failing");
    let mail = invite("dee@example.com").await;
    assert!(mail.contains(&format!("{platform}accept-invitation")) && !mail.contains(HOST), "{mail}");
}

#[tokio::test]
async fn the_console_wears_whose_it_is_with_its_first_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let built = "<head>\n<title>Upzento</title>\n<script src=\"/theme.js\"></script>\n<link rel=\"icon\" href=\"/mark.svg\" />\n</head>";
    for (name, content) in
        [("index.html", built), ("mark.svg", "<svg>Upzento</svg>"), ("manifest.webmanifest", "{\"name\":\"Upzento\"}")]
    {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let (world, dns) = start(|config| config.server.dashboard = folder.path().display().to_string()).await;
    let north = world.agency("Northlight").await;
    let brand = json!({"name": "North & Co", "colors": {"accent": "#2f5d50"}});
    north.client.put("/v1/brand", brand).await.expect(200);
    world.domain(&dns, &north.client, HOST).await;
    let page = |client: Client| async move { client.with("accept", "text/html").get("/sign-in").await };
    let platform = page(world.app.anonymous()).await;
    assert!(platform.text.contains("<title>Upzento</title>"));
    let own = page(world.at(HOST)).await;
    assert!(own.text.contains("<title>North &amp; Co</title>") && !own.text.contains("pzento"), "{}", own.text);
    assert!(
        own.text.contains("#2f5d50") && own.headers["content-security-policy"].to_str().unwrap().contains("'self'")
    );
    let manifest = world.at(HOST).get("/manifest.webmanifest").await;
    assert_eq!(manifest.expect(200)["name"], "North & Co");
    let sign = world.at(HOST).get("/mark.svg").await;
    assert!(sign.text.contains(">N</text>"), "{}", sign.text);
    assert_eq!(page(world.at("www.north.example")).await.status, 421);
    // A new look is seen within seconds everywhere.
    north.client.put("/v1/brand", json!({"name": "Northern"})).await.expect(200);
    world.app.advance(TimeDelta::seconds(6));
    let changed = page(world.at(HOST)).await;
    assert!(changed.text.contains("<title>Northern</title>") && changed.etag() != own.etag());
    assert_eq!(world.at(HOST).get("/icons/app-192.png").await.status, 404, "rather none than the platform's");
    // A logo that stands elsewhere is shown: the policy names where it is, and only here.
    let logo = json!({"name": "Northern", "logo_url": "https://cdn.north.example/a/logo.png"});
    north.client.put("/v1/brand", logo).await.expect(200);
    world.app.advance(TimeDelta::seconds(6));
    let shown = page(world.at(HOST)).await;
    let policy = |page: &Answer| page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(shown.text.contains("https://cdn.north.example/a/logo.png"), "{}", shown.text);
    let wider =
        policy(&platform).replace("img-src 'self' data: blob:", "img-src 'self' data: blob: https://cdn.north.example");
    assert_eq!(policy(&shown), wider);
}
