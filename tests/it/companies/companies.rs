//! One company: made, read, changed, deleted, restored, gone.
use super::{add, id_of, names, path_of};
use crate::{contacts::member_with, forms::World};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

fn kestrel(owner: &str) -> Value {
    json!({
        "name": " Kestrel Cycles ", "legal_name": "Kestrel Cycles Ltd", "industry": "Retail", "size": "11-50",
        "website": "www.kestrel.example", "profiles": ["https://social.example/kestrel", "social.example/kestrel"],
        "email": "Hello@Kestrel.example", "phone": "+49 (30) 901820",
        "address": {"line1": "1 Quay", "city": "Bristol", "country": "GB"}, "tax_id": "GB 123 456",
        "description": "Rides.\nRepairs.", "status": "active", "tier": "gold", "owner": owner,
        "annual_value": 1_200_000, "monthly_revenue": 100_000, "currency": "GBP",
        "client_since": "2024-02-29", "renews_on": "2027-03-01", "cancel_by": "2027-01-31"
    })
}

#[tokio::test]
async fn a_company_is_made_read_changed_deleted_and_restored() {
    let world = World::start().await;
    // The clock stands still, so that only what happens in one request has an order of its own.
    let later = || world.app.advance(TimeDelta::microseconds(1));
    let made = add(&world.owner, kestrel(&world.owner_id)).await;
    assert_eq!(made["duplicates"], json!([]));
    let path = format!("/v1/companies/{}", made["id"].as_str().expect("an id"));
    let got = world.owner.get(&path).await;
    let company = got.expect(200);
    assert_eq!(company["name"], "Kestrel Cycles");
    assert_eq!(company["website"], "https://www.kestrel.example");
    assert_eq!(company["profiles"], json!(["https://social.example/kestrel"]), "each once");
    assert_eq!((&company["email"], &company["phone"]), (&json!("Hello@Kestrel.example"), &json!("+4930901820")));
    assert_eq!(company["description"], "Rides.\nRepairs.");
    assert_eq!(
        (&company["status"], &company["tier"], &company["size"]),
        (&json!("active"), &json!("gold"), &json!("11-50"))
    );
    assert_eq!((&company["annual_value"], &company["currency"]), (&json!(1_200_000), &json!("GBP")));
    assert_eq!((&company["renews_on"], &company["cancel_by"]), (&json!("2027-03-01"), &json!("2027-01-31")));
    assert_eq!((&company["people"], &company["subsidiaries"], &company["version"]), (&json!(0), &json!(0), &json!(1)));

    later();
    let change =
        json!({"name": "Kestrel", "tier": "platinum", "legal_name": null, "status": "inactive", "owner": null});
    let changed = world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await;
    let company = changed.expect(200);
    assert_eq!((&company["name"], &company["tier"]), (&json!("Kestrel"), &json!("platinum")));
    assert_eq!((company.get("legal_name"), company.get("owner")), (None, None));
    assert_eq!((company["version"].as_i64(), changed.etag().as_str()), (Some(2), "\"v2\""));
    world.owner.with("if-match", got.etag()).patch(&path, change.clone()).await.problem(412, "stale");
    assert_eq!(world.owner.patch(&path, change).await.expect(200)["version"], 2, "what changes nothing is no change");

    later();
    world.owner.with("if-match", got.etag()).delete(&path).await.problem(412, "stale");
    world.owner.delete(&path).await.expect(204);
    world.owner.get(&path).await.problem(404, "not_found");
    world.owner.delete(&path).await.problem(404, "not_found");
    world.owner.patch(&path, json!({"name": "Gone"})).await.problem(404, "not_found");
    later();
    assert_eq!(names(world.owner.get("/v1/companies?deleted=true").await.expect(200)), ["Kestrel"]);
    assert_eq!(world.owner.post(&format!("{path}/restoration"), json!({})).await.expect(200)["tier"], "platinum");
    world.owner.post(&format!("{path}/restoration"), json!({})).await.problem(404, "not_found");
    world.app.settle().await;

    let events = world.events().await;
    let about: Vec<&str> = events.iter().map(String::as_str).filter(|k| k.starts_with("company.")).collect();
    assert_eq!(
        about,
        [
            "company.created",
            "company.updated",
            "company.status_changed",
            "company.assigned",
            "company.deleted",
            "company.restored"
        ]
    );
    let told = world.tenant_query("select title || payload::text from events").await;
    let told: String = told.iter().map(|row| row.get::<_, String>(0).to_lowercase()).collect();
    for word in ["kestrel", "bristol", "901820", "1200000", "quay"] {
        assert!(!told.contains(word), "events name nobody, but {word}: {told}");
    }
}

#[tokio::test]
async fn a_deleted_company_is_gone_after_thirty_days_unless_it_was_restored() {
    let world = World::start().await;
    let (gone, kept) = (path_of(&world.owner, "Gone").await, path_of(&world.owner, "Kept").await);
    let child =
        id_of(&world.owner, json!({"name": "Child", "parent": gone.trim_start_matches("/v1/companies/")})).await;
    for path in [&gone, &kept] {
        world.owner.delete(path).await.expect(204);
    }
    world.owner.post(&format!("{kept}/restoration"), json!({})).await.expect(200);
    world.app.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    world.app.settle().await;
    assert_eq!(world.count("select count(*) from companies").await, 3);
    world.app.advance(TimeDelta::seconds(1));
    world.app.settle().await;
    let left = world.tenant_query("select name from companies where parent_id is null order by name").await;
    assert_eq!(
        left.iter().map(|r| r.get::<_, String>(0)).collect::<Vec<_>>(),
        ["Child", "Kept"],
        "{child} stands alone"
    );
    assert_eq!(world.events().await.iter().filter(|k| *k == "company.purged").count(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_once_and_nothing_is_kept() {
    let world = World::start().await;
    let wrong = json!({
        "name": " ", "legal_name": "x".repeat(201), "website": "javascript:alert(1)", "profiles": ["ok.example", "not a page"],
        "email": "nonsense", "phone": "none", "address": {"country": "Germany"}, "annual_value": -1, "monthly_revenue": 5,
        "currency": "ABC", "renews_on": "2027-01-01", "cancel_by": "2027-01-02", "client_since": "0001-01-01"
    });
    let answer = world.owner.post("/v1/companies", wrong).await;
    let mut fields: Vec<&str> =
        answer.expect(422)["errors"].as_array().expect("errors").iter().filter_map(|e| e["field"].as_str()).collect();
    fields.sort_unstable();
    fields.dedup();
    let expected = [
        "/address/country",
        "/annual_value",
        "/cancel_by",
        "/client_since",
        "/currency",
        "/email",
        "/legal_name",
        "/name",
        "/phone",
        "/profiles/1",
        "/website",
    ];
    assert_eq!(fields, expected);
    for (body, status) in [
        (json!({}), 400),
        (json!({"name": "A", "nickname": "B"}), 400),
        (json!({"name": "A", "status": "dreaming"}), 400),
        (json!({"name": "A", "renews_on": "2027-02-30"}), 400),
        (json!({"name": "A", "annual_value": 1.5, "currency": "EUR"}), 400),
        (json!({"name": "A", "monthly_revenue": 1}), 422),
        (json!({"name": "A", "profiles": vec!["a.example"; 11]}), 422),
        (json!({"name": "A", "parent": "com_00000000000000000000000000"}), 422),
        (json!({"name": "A", "owner": "usr_00000000000000000000000000"}), 422),
    ] {
        assert_eq!(world.owner.post("/v1/companies", body.clone()).await.status, status, "{body}");
    }
    world.owner.post("/v1/companies", json!({"name": "a\u{0}b"})).await.expect(201);
    assert_eq!(world.count("select count(*) from companies").await, 1);
    world.app.settle().await;
}

#[tokio::test]
async fn the_same_request_twice_makes_one_company() {
    let world = World::start().await;
    let once = world.owner.with("idempotency-key", "k1");
    let first = once.post("/v1/companies", kestrel(&world.owner_id)).await;
    let again = once.post("/v1/companies", kestrel(&world.owner_id)).await;
    assert_eq!(first.expect(201), again.expect(201));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    once.post("/v1/companies", json!({"name": "Other"})).await.problem(422, "invalid");
    assert_eq!(world.count("select count(*) from companies").await, 1);
    world.app.settle().await;
}

#[tokio::test]
async fn a_new_company_names_which_it_may_be_already() {
    let world = World::start().await;
    let first = id_of(&world.owner, kestrel(&world.owner_id)).await;
    for (like, by) in [
        (json!({"name": "KÉSTREL cycles", "tax_id": "gb-123456"}), json!(["tax_id", "name"])),
        (json!({"name": "K. Cycles", "website": "http://KESTREL.example/about"}), json!(["website"])),
    ] {
        let made = add(&world.owner, like).await;
        assert_eq!((&made["duplicates"][0]["id"], &made["duplicates"][0]["matched_by"]), (&json!(first), &by));
    }
    world.owner.delete(&format!("/v1/companies/{first}")).await.expect(204);
    let (una, _) = member_with(&world, "Una", json!({"companies.*": "own"})).await;
    assert_eq!(
        add(&una, json!({"name": "Kestrel Cycles"})).await["duplicates"],
        json!([]),
        "others' are not hers to know"
    );
    world.app.settle().await;
}

#[tokio::test]
async fn a_stranger_finds_nothing_and_a_member_without_the_right_may_not_look() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"name": "Mine"})).await;
    let contact = crate::contacts::id_of(&world.owner, json!({"first_name": "Ann"})).await;
    let stranger = world.stranger().await;
    let (desk, _) = member_with(&world, "Desk", json!({"tenants.read": "all"})).await;
    let path = format!("/v1/companies/{id}");
    for part in ["", "/contacts", "/health", "/timeline"] {
        let path = format!("{path}{part}");
        stranger.get(&path).await.problem(404, "not_found");
        desk.get(&path).await.problem(403, "permission_missing");
        world.app.anonymous().get(&path).await.problem(401, "credential_missing");
    }
    stranger.patch(&path, json!({"name": "Eve"})).await.problem(404, "not_found");
    stranger.delete(&path).await.problem(404, "not_found");
    stranger.post(&format!("{path}/restoration"), json!({})).await.problem(404, "not_found");
    stranger.put(&format!("{path}/contacts/{contact}"), json!({})).await.problem(404, "not_found");
    let theirs = stranger.post("/v1/companies", json!({"name": "Theirs", "parent": id})).await;
    assert_eq!(theirs.problem(422, "invalid")["errors"][0]["code"], "company_unknown");
    assert_eq!(stranger.get("/v1/companies").await.expect(200)["items"], json!([]));
    for (method, path) in
        [("post", "/v1/companies"), ("post", "/v1/company-bulk-runs"), ("get", "/v1/companies/export")]
    {
        let answer = if method == "get" { desk.get(path).await } else { desk.post(path, json!({})).await };
        answer.problem(403, "permission_missing");
    }
    world.app.settle().await;
}

#[tokio::test]
async fn own_and_team_levels_reach_the_companies_of_their_owners_only() {
    let world = World::start().await;
    let (una, una_id) = member_with(&world, "Una", json!({"companies.*": "own", "activities.*": "own"})).await;
    let hers = path_of(&una, "Hers").await;
    let nobodys = path_of(&world.owner, "Nobodys").await;
    assert_eq!(una.get(&hers).await.expect(200)["owner"], json!(una_id), "what she makes is hers");
    assert_eq!(names(una.get("/v1/companies").await.expect(200)), ["Hers"]);
    assert_eq!(names(una.get("/v1/companies?q=nob").await.expect(200)), [""; 0]);
    for part in ["", "/contacts", "/health", "/timeline"] {
        una.get(&format!("{hers}{part}")).await.expect(200);
        una.get(&format!("{nobodys}{part}")).await.problem(404, "not_found");
    }
    una.patch(&nobodys, json!({"status": "former"})).await.problem(404, "not_found");
    una.delete(&nobodys).await.problem(404, "not_found");
    let parent = json!({"parent": nobodys.trim_start_matches("/v1/companies/")});
    una.patch(&hers, parent).await.problem(422, "invalid");
    let give = json!({"owner": world.owner_id});
    una.patch(&hers, give.clone()).await.expect(422);
    una.patch(&hers, json!({"name": "Still hers"})).await.expect(200);
    world.owner.patch(&hers, give).await.expect(200);
    una.get(&hers).await.problem(404, "not_found");
    world.app.settle().await;
}

#[tokio::test]
async fn of_many_who_change_one_version_one_succeeds() {
    let world = World::start().await;
    let path = path_of(&world.owner, "Racing").await;
    let tag = world.owner.get(&path).await.etag();
    let change = |n: usize| {
        let (member, path) = (world.owner.with("if-match", tag.clone()), path.clone());
        async move { member.patch(&path, json!({"name": format!("Racer {n}")})).await }
    };
    let answers = join_all((0..8).map(change)).await;
    assert_eq!(answers.iter().filter(|a| a.status == 200).count(), 1);
    for answer in answers.iter().filter(|a| a.status != 200) {
        answer.problem(412, "stale");
    }
    assert_eq!(world.owner.get(&path).await.expect(200)["version"], 2);
    world.app.settle().await;
}

#[tokio::test]
async fn staff_work_with_companies_and_do_not_take_them_out() {
    let world = World::start().await;
    let (staff, _) = world.member("agency_staff", "Sam").await;
    let path = path_of(&staff, "Theirs").await;
    staff.patch(&path, json!({"tier": "bronze"})).await.expect(200);
    staff.delete(&path).await.expect(204);
    staff.post(&format!("{path}/restoration"), json!({})).await.expect(200);
    staff.get("/v1/companies/export").await.problem(403, "permission_missing");
    world.app.settle().await;
}
