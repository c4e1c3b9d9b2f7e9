//! What a file brings besides contacts: companies, days and opt-outs; tried, taken in once, and taken back.
use super::{
    contact_imports::{counts, import, path_of, prepare},
    id_of, member_with,
};
use crate::{companies, forms::World, occasions};
use serde_json::{Value, json};
use tests::Client;

/// Companies, their people, days and blocks, byte by byte, and who there is.
async fn dump(world: &World) -> Vec<String> {
    let mut all = vec![];
    for (table, order) in [
        ("companies", "id"),
        ("company_contacts", "company_id, contact_id"),
        ("occasions", "id"),
        ("do_not_contact", "contact_id, channel, direction"),
    ] {
        let rows = world.tenant_query(&format!("select '{table}' || t::text from {table} t order by {order}")).await;
        all.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }
    let people = world.tenant_query("select id::text || version from contacts order by id").await;
    all.extend(people.iter().map(|row| row.get::<_, String>(0)));
    all
}

async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.expect(200)["items"].as_array().expect("items").clone()
}

async fn by_email(client: &Client, email: &str) -> String {
    items(client, &format!("/v1/contacts?filter=email:eq:{email}")).await[0]["id"].as_str().expect("an id").to_owned()
}

/// Companies, people, days and blocks.
fn brought(of: &Value) -> [i64; 4] {
    ["companies", "people", "occasions", "blocks"].map(|what| of["brought"][what].as_i64().expect("a figure"))
}

async fn undo(world: &World, import: &Value) -> Value {
    world.owner.post(&format!("{}/undo", path_of(import)), json!({})).await.expect(200);
    world.app.settle().await;
    world.owner.get(&path_of(import)).await.expect(200).clone()
}

const LIST: &str = "Name,E-mail,Company,Company website,Company role,Birthday,Anniversary,Unsubscribed,Do not call\n\
    Ann,ann@x.example,MÜLLER gmbh,,Billing,04.05.1990,,no,\n\
    Bob,bob@x.example,Mueller Holding,www.mueller.example,,1604-12-24,1 June 2015,yes,\n\
    Carl,carl@x.example,Acme,,,March 3,,,x\n\
    Dora,dora@x.example,ACME,,Decision maker,,,,\n\
    Finn,finn@x.example,Acme,,Jester,,,,\n\
    Gus,gus@x.example,Gone,,,31.02.1990,,,\n\
    Ida,ida@x.example,,,,,,maybe,\n";

/// Somebody and a company who are in the list.
async fn known(world: &World) -> (String, String) {
    let company = json!({"name": "Müller GmbH", "website": "https://mueller.example"});
    let company = companies::id_of(&world.owner, company).await;
    let ann = id_of(&world.owner, json!({"first_name": "Ann", "emails": [{"address": "ann@x.example"}]})).await;
    occasions::birthday(world, &ann, 5, 4, None).await;
    let place = format!("/v1/companies/{company}/contacts/{ann}");
    world.owner.put(&place, json!({"roles": ["technical"], "primary": true})).await.expect(200);
    world.owner.put(&format!("/v1/contacts/{ann}/do-not-contact/email"), json!({})).await.expect(204);
    world.app.settle().await;
    (company, ann)
}

#[tokio::test]
async fn a_file_brings_companies_days_and_opt_outs_and_takes_them_back() {
    let world = World::start().await;
    let (company, ann) = known(&world).await;
    let before = dump(&world).await;
    let made = prepare(&world.owner, "people.csv", LIST).await;
    let guessed: Vec<&Value> = made["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
    let expected = [
        "display_name",
        "email",
        "company",
        "company_website",
        "company_role",
        "birthday",
        "anniversary",
        "opt_out_email",
        "opt_out_phone",
    ];
    assert_eq!(guessed, expected.map(|field| json!(field)).iter().collect::<Vec<_>>());
    let path = path_of(&made);
    world.owner.post(&format!("{path}/check"), json!({})).await.expect(200);
    world.app.settle().await;
    let tried = world.owner.get(&path).await.expect(200).clone();
    assert_eq!(brought(&tried["check"]), [1, 4, 4, 2], "{}", tried["check"]);
    let why: Vec<Value> = tried["check"]["reasons"].as_array().unwrap().iter().map(|r| r["reason"].clone()).collect();
    assert_eq!(why, [json!("role_unknown"), json!("date_invalid"), json!("opt_out_unclear")]);
    assert_eq!(dump(&world).await, before, "a try writes nothing");

    world.owner.post(&format!("{path}/start"), json!({})).await.expect(200);
    world.app.settle().await;
    let done = world.owner.get(&path).await.expect(200).clone();
    assert_eq!((&done["state"], counts(&done)[0], counts(&done)[4]), (&json!("done"), 3, 3), "{done}");
    assert_eq!(brought(&done), [1, 4, 4, 2], "what was tried is what came");
    let people = items(&world.owner, &format!("/v1/companies/{company}/contacts")).await;
    let roles: Vec<Value> = people.iter().map(|p| json!([p["display_name"], p["roles"], p["primary"]])).collect();
    assert_eq!(roles, [json!(["Ann", ["technical", "billing"], true]), json!(["Bob", [], false])]);
    let carl = by_email(&world.owner, "carl@x.example").await;
    let acme = items(&world.owner, &format!("/v1/contacts/{carl}/companies")).await;
    assert_eq!((&acme[0]["name"], &acme[0]["status"]), (&json!("Acme"), &json!("prospect")));
    let acme = format!("/v1/companies/{}", acme[0]["company"].as_str().unwrap());
    assert_eq!(items(&world.owner, &format!("{acme}/contacts")).await.len(), 2);
    let works = world.owner.get(&format!("/v1/contacts/{carl}")).await;
    assert_eq!(works.expect(200)["company_name"], "Acme");
    let days = async |contact: &str| -> Vec<Value> {
        let path = format!("/v1/occasions?filter=contact:eq:{contact}&sort=created_at");
        let found = items(&world.owner, &path).await;
        found.iter().map(|o| json!([o["kind"], o["year"], o["month"], o["day"]])).collect()
    };
    assert_eq!(days(&ann).await, [json!(["birthday", 1990, 5, 4])], "the year was missing");
    let bob = by_email(&world.owner, "bob@x.example").await;
    assert_eq!(days(&bob).await, [json!(["birthday", null, 12, 24]), json!(["anniversary", 2015, 6, 1])]);
    let blocks = async |contact: &str| -> Vec<Value> {
        let found = items(&world.owner, &format!("/v1/contacts/{contact}/do-not-contact")).await;
        found.iter().map(|block| json!([block["channel"], block["direction"]])).collect()
    };
    assert_eq!(blocks(&ann).await, [json!(["email", "outbound"])], "a `no` opens nothing");
    assert_eq!(blocks(&bob).await, [json!(["email", "outbound"])]);
    assert_eq!(blocks(&carl).await, [json!(["phone", "outbound"])]);

    // The same again brings nothing more.
    let again = prepare(&world.owner, "copy.csv", LIST).await;
    world.owner.post(&format!("{}/start", path_of(&again)), json!({"again": true})).await.expect(200);
    world.app.settle().await;
    let again = world.owner.get(&path_of(&again)).await.expect(200).clone();
    assert_eq!((counts(&again)[0], brought(&again)), (0, [0; 4]), "{again}");
    let undone = undo(&world, &done).await;
    assert_eq!((&undone["state"], &undone["brought"]["kept"]), (&json!("undone"), &json!([])));
    assert_eq!(dump(&world).await, before);
    assert!(world.tenant_query("select 1 from contact_import_traces").await.is_empty());
}

#[tokio::test]
async fn what_is_used_or_changed_stays_and_an_erased_person_leaves_no_trace() {
    let world = World::start().await;
    known(&world).await;
    let done = import(&world, LIST, json!({"bad_cells": "leave_out"})).await;
    // Whoever asked for something unclear is not taken in at all.
    assert_eq!((counts(&done)[0], counts(&done)[4]), (5, 1), "{done}");
    assert_eq!(brought(&done)[0], 2);
    let carl = by_email(&world.owner, "carl@x.example").await;
    world.owner.patch(&format!("/v1/contacts/{carl}"), json!({"job_title": "Chief"})).await.expect(200);
    let bob = by_email(&world.owner, "bob@x.example").await;
    let of_bob =
        || async { world.tenant_query("select 1 from contact_import_traces where contact_id is not null").await.len() };
    let traces = of_bob().await;
    world.owner.post("/v1/data-requests", json!({"contact": bob, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    assert_eq!(of_bob().await, traces - 3, "his company, his days, his block");
    let gone = items(&world.owner, "/v1/companies?q=gone").await;
    let gone = format!("/v1/companies/{}", gone[0]["id"].as_str().unwrap());
    world.owner.patch(&gone, json!({"industry": "Funerals"})).await.expect(200);
    let undone = undo(&world, &done).await;
    let kept = json!([
        {"what": "blocks", "reason": "contact_kept", "count": 1},
        {"what": "companies", "reason": "changed", "count": 1},
        {"what": "companies", "reason": "used", "count": 1},
        {"what": "occasions", "reason": "contact_kept", "count": 1},
        {"what": "people", "reason": "contact_kept", "count": 1}
    ]);
    assert_eq!(undone["brought"]["kept"], kept, "{undone}");
    world.owner.get(&gone).await.expect(200);
    assert_eq!(items(&world.owner, &format!("/v1/contacts/{carl}/companies")).await.len(), 1);
}

#[tokio::test]
async fn only_who_may_write_companies_brings_them() {
    let world = World::start().await;
    let grants = json!({"contacts.*": "all", "contacts.import": "all", "files.write": "all", "companies.read": "all"});
    let (sam, _) = member_with(&world, "Sam", grants).await;
    let made = prepare(&sam, "a.csv", "Name,Company,Company website,Birthday\nAnn,Acme,acme.example,4.5.1990\n").await;
    let columns = json!([{"name": "Name", "field": "display_name"}, {"name": "Company", "field": "company_name"},
        {"name": "Company website"}, {"name": "Birthday"}]);
    assert_eq!(made["columns"], columns);
    let refused = async |client: &Client, fields: Value, field: &str, code: &str| {
        let answer = client.patch(&path_of(&made), json!({ "fields": fields })).await;
        let error = &answer.expect(422)["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)));
    };
    let with = |second: &str, fourth: Value| json!(["display_name", second, null, fourth]);
    refused(&sam, with("company", json!(null)), "/fields/1", "permission_missing").await;
    refused(&sam, with("company_name", json!("birthday")), "/fields/3", "permission_missing").await;
    refused(&world.owner, with("company_website", json!(null)), "/fields/1", "column_missing").await;
    // What somebody else said of the columns does not lend him the permission.
    world.owner.patch(&path_of(&made), json!({"fields": with("company", json!(null))})).await.expect(200);
    sam.post(&format!("{}/start", path_of(&made)), json!({})).await.problem(403, "permission_missing");
    world.owner.post(&format!("{}/start", path_of(&made)), json!({})).await.expect(200);
    world.app.settle().await;
    sam.post(&format!("{}/undo", path_of(&made)), json!({})).await.problem(403, "permission_missing");
    assert_eq!(companies::names(world.owner.get("/v1/companies").await.expect(200)), ["Acme"]);
}

#[tokio::test]
async fn a_company_that_several_imports_name_goes_with_the_last_of_them() {
    let world = World::start().await;
    let file = |who: &str| format!("Name,E-mail,Company,Company website\n{who},{who}@x.example,Acme,\n");
    let there = async || items(&world.owner, "/v1/companies").await.len();
    for order in [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 1, 0]] {
        let before = dump(&world).await;
        let mut imports = vec![];
        for who in ["ann", "bob", "carl"] {
            imports.push(import(&world, file(who), json!({})).await);
        }
        assert_eq!(imports.iter().map(|done| brought(done)[0]).collect::<Vec<_>>(), [1, 0, 0]);
        let mut kept = vec![];
        for n in order {
            assert_eq!(there().await, 1, "{order:?}");
            kept.push(undo(&world, &imports[n]).await["brought"]["kept"].clone());
        }
        // The first one that is undone while others use the company says that it stays, if it is up to it.
        let stays = json!([{"what": "companies", "reason": "used", "count": 1}]);
        assert_eq!(kept[0] == stays, order[0] == 0, "{order:?} {kept:?}");
        assert_eq!((kept[2].clone(), there().await), (json!([]), 0), "{order:?} {kept:?}");
        assert_eq!(dump(&world).await, before);
    }

    // What else holds it keeps it, however many imports are undone.
    let (one, two) = (import(&world, file("ann"), json!({})).await, import(&world, file("bob"), json!({})).await);
    let acme = items(&world.owner, "/v1/companies").await[0]["id"].clone();
    undo(&world, &one).await;
    let deal = json!({"title": "Roof", "company": acme});
    world.owner.post("/v1/deals", deal).await.expect(201);
    undo(&world, &two).await;
    assert_eq!(there().await, 1);
}

#[tokio::test]
async fn many_batches_and_two_imports_at_once_make_a_company_once() {
    let world = World::start().await;
    known(&world).await;
    let before = dump(&world).await;
    // A company stands in every batch; some rows say its website first.
    let file = |who: &str| {
        let row = |i: usize| format!("{who}{i},{who}{i}@x.example,Firm {},firm{}.example,05/04/1990\n", i % 40, i % 40);
        "name,email,company,company domain,birthday\n".to_owned() + &(0..1_200).map(row).collect::<String>()
    };
    let start = async |import: &Value| {
        world.owner.patch(&path_of(import), json!({"options": {"date_order": "month_first"}})).await.expect(200);
        world.owner.post(&format!("{}/start", path_of(import)), json!({})).await.expect(200);
    };
    let (one, two) = (prepare(&world.owner, "a.csv", file("a")).await, prepare(&world.owner, "b.csv", file("b")).await);
    world.owner.post(&format!("{}/check", path_of(&one)), json!({})).await.expect(200);
    world.app.settle().await;
    let tried = world.owner.get(&path_of(&one)).await.expect(200).clone();
    // Nobody said in which order dates are written here, and the tenant has no country.
    assert_eq!(
        (counts(&tried["check"])[4], &tried["check"]["reasons"][0]["reason"]),
        (1_200, &json!("date_ambiguous"))
    );
    start(&one).await;
    start(&two).await;
    // Somebody makes one of them by hand meanwhile.
    let by_hand = world.owner.post("/v1/companies", json!({"name": "FIRM 7", "website": "firm7.example"}));
    let (first, second, by_hand) =
        tokio::join!(kernel::jobs::run_due(&world.app.app), kernel::jobs::run_due(&world.app.app), by_hand);
    first.and(second).expect("jobs run");
    world.app.settle().await;
    let told = by_hand.expect(201)["duplicates"].as_array().unwrap().len();
    let found = world.tenant_query("select 1 from companies where domain like 'firm%.example'").await.len();
    assert_eq!(found, 40 + told, "a second one is there only when whoever made it was told");
    let ends = [world.owner.get(&path_of(&one)).await, world.owner.get(&path_of(&two)).await];
    let figures = ends.map(|end| brought(end.expect(200)));
    assert_eq!(figures.map(|f| f[0]).iter().sum::<i64>(), 39 + told as i64);
    assert_eq!(figures.map(|f| [f[1], f[2]]), [[1_200, 1_200]; 2]);
    let born = world.tenant_query("select distinct month, day, year from occasions where year is not null").await;
    assert_eq!(born.len(), 1);
    assert_eq!((born[0].get::<_, i16>(0), born[0].get::<_, i16>(1)), (5, 4));
    let made = by_hand.text_of("id");
    // What the first one made is used by the second one, so it stays; that no two of them stay is what counts.
    undo(&world, &one).await;
    undo(&world, &two).await;
    for import in [&one, &two] {
        let kept = world.owner.get(&path_of(import)).await.expect(200)["brought"]["kept"].clone();
        assert!(kept.as_array().unwrap().iter().all(|left| left["what"] == "companies" && left["reason"] == "used"));
    }
    let left = world.tenant_query("select 1 from company_contacts").await.len();
    assert_eq!(left, 1, "only who stood there before");
    let after = dump(&world).await;
    assert!(before.iter().all(|row| after.contains(row)));
    world.owner.get(&format!("/v1/companies/{made}")).await.expect(200);
}
