//! Companies that become one, with everything that hangs on them, and apart again.
use super::{id_of, names};
use crate::{
    contacts::{
        self,
        contact_imports::upload,
        contact_merges::{counts_of, dump},
        member_with,
    },
    deals::{self, close},
    fields::{define, path_of},
    forms::World,
};
use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::{Answer, Client};

/// Columns that name a company and that a merge leaves alone, with the reason.
const LEFT: &[(&str, &str, &str)] = &[
    ("custom_field_values", "record_id", "derived from the values, which are fields"),
    ("company_merges", "kept_id", "the merge itself"),
    ("company_merge_members", "merged_id", "the merge itself"),
    ("company_duplicates", "one_id", "a pair is asked for while both are there; what was decided is carried over"),
    ("company_duplicates", "other_id", "as one_id"),
    ("health_dirty", "company_id", "work that waits"),
    ("company_bulk_run_rows", "company_id", "what a run did to the company that went, for its undo"),
    ("contact_import_traces", "record_id", "what an import did with the company that went, for its undo"),
];
/// Tables that a merge and its undo add to, or whose rows get a new version.
const GROWING: &[&str] = &["company_merges", "company_merge_members", "company_duplicates", "saved_views"];

fn bare(id: &str) -> uuid::Uuid {
    kernel::ids::decode(id.strip_prefix("com_").expect("a company")).expect("an id")
}

async fn rows(world: &World) -> BTreeMap<String, Vec<String>> {
    let mut all = dump(world).await;
    all.retain(|table, _| !GROWING.contains(&table.as_str()));
    all
}

async fn counts(world: &World, companies: &[&str]) -> BTreeMap<String, i64> {
    let ids: Vec<uuid::Uuid> = companies.iter().map(|id| bare(id)).collect();
    counts_of(world, world.app.app.modules.iter().flat_map(|module| module.company_references), &ids).await
}

async fn merge(client: &Client, kept: &str, merged: &[&str]) -> Answer {
    client.post("/v1/company-merges", json!({"kept": kept, "merged": merged})).await
}

async fn undo(client: &Client, merge: &Value, how: Value) -> Answer {
    client.post(&format!("/v1/company-merges/{}/undo", merge["id"].as_str().expect("an id")), how).await
}

async fn make(client: &Client, path: &str, body: Value) -> String {
    client.post(path, body).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// Two companies that are one, who meet wherever two rows can meet.
async fn twins(world: &World) -> (String, String) {
    let client = &world.owner;
    client.patch("/v1/tenants/current", json!({"currency": "EUR"})).await.expect(200);
    define(client, json!({"record": "company", "key": "code", "label": "Code", "type": "text", "unique": true})).await;
    for record in ["contact", "company", "deal"] {
        let field = json!({"record": record, "key": "agency", "label": "Agency", "type": "link", "target": "company"});
        define(client, field).await;
    }
    let group = id_of(client, json!({"name": "Group"})).await;
    let kite =
        json!({"name": "Kite", "industry": "Ships", "custom": {"code": "K-1"}, "annual_value": 5, "currency": "EUR"});
    let twin = json!({"name": "Kite Ltd", "tax_id": "DE 7", "parent": group, "custom": {"code": "K-2"}, "owner": world.owner_id,
        "monthly_revenue": 9, "currency": "USD", "renews_on": "2027-05-01", "cancel_by": "2027-04-01"});
    let (kite, twin) = (id_of(client, kite).await, id_of(client, twin).await);
    id_of(client, json!({"name": "Below", "parent": twin, "custom": {"agency": twin}})).await;
    let ann = contacts::id_of(client, json!({"first_name": "Ann", "custom": {"agency": twin}})).await;
    let bob = contacts::id_of(client, json!({"first_name": "Bob"})).await;
    for (company, contact, place) in [
        (&kite, &ann, json!({"roles": ["billing"]})),
        (&twin, &ann, json!({"roles": ["technical"], "primary": true})),
        (&twin, &bob, json!({"roles": ["decision_maker"]})),
    ] {
        client.put(&format!("/v1/companies/{company}/contacts/{contact}"), place).await.expect(200);
    }
    for company in [&kite, &twin] {
        let path = format!("/v1/companies/{company}");
        let deal =
            json!({"title": "Roof", "amount": 100, "currency": "EUR", "company": company, "custom": {"agency": twin}});
        let deal = deals::id_of(client, deal).await;
        close(client, &deal, "won").await.expect(200);
        make(client, &format!("{path}/notes"), json!({"body": "Called"})).await;
        make(client, &format!("{path}/activities"), json!({"kind": "call", "title": "Wants a roof"})).await;
        client.put(&format!("{path}/followers/{}", world.owner_id), json!({})).await.expect(200);
        make(client, "/v1/notification-mutes", json!({"record": company})).await;
        make(client, "/v1/tasks", json!({"title": "Ring", "company": company})).await;
        let day = json!({"company": company, "kind": "anniversary", "date_kind": "yearly", "month": 5, "day": 1});
        make(client, "/v1/occasions", day).await;
        let file = upload(client, "a.txt", b"hello".as_slice()).await;
        make(client, "/v1/attachments", json!({"company": company, "file": file})).await;
    }
    let view = json!({"list": "companies", "name": "Below it", "filter": [format!("parent:eq:{twin}")]});
    make(client, "/v1/saved-views", view).await;
    let options = json!({"company": twin, "line": "all"});
    let view =
        json!({"list": "deals", "name": "Its deals", "filter": [format!("company:eq:{twin}")], "options": options});
    make(client, "/v1/saved-views", view).await;
    world.app.settle().await;
    (kite, twin)
}

async fn filter_of_view(world: &World) -> Value {
    world.owner.get("/v1/saved-views?list=companies").await.expect(200)["items"][0]["filter"][0].clone()
}

/// What the dashboard asks the list of deals for when it shows the view.
async fn options_of_view(world: &World) -> Value {
    world.owner.get("/v1/saved-views?list=deals").await.expect(200)["items"][0]["options"].clone()
}

#[tokio::test]
async fn everything_follows_and_an_undo_gives_back_every_byte() {
    let world = World::start().await;
    let (kite, twin) = twins(&world).await;
    let (before, had) = (rows(&world).await, counts(&world, &[&kite, &twin]).await);
    let empty: Vec<_> = had.iter().filter(|(_, count)| **count == 0).map(|(column, _)| column.as_str()).collect();
    assert_eq!(empty, ["companies.merged_into"], "all else is there");

    let made = merge(&world.owner, &kite, &[&twin]).await.expect(201).clone();
    world.app.settle().await;
    let mut has = counts(&world, &[&kite, &twin]).await;
    assert_eq!(has.remove("companies.merged_into"), Some(1));
    assert!(has.iter().all(|(column, count)| had[column] == *count), "no row is lost: {had:?} {has:?}");
    let stayed: BTreeMap<String, i64> =
        counts(&world, &[&twin]).await.into_iter().filter(|(_, count)| *count > 0).collect();
    let expected =
        ["company_contacts.company_id", "followers.company_id", "notification_mutes.record_id", "occasions.company_id"];
    assert_eq!(stayed, expected.map(|column| (column.to_owned(), 1)).into());

    let company = world.owner.get(&format!("/v1/companies/{kite}")).await.expect(200).clone();
    let said = |field: &str| company[field].clone();
    assert_eq!((said("name"), said("tax_id"), said("renews_on")), (json!("Kite"), json!("DE 7"), json!("2027-05-01")));
    assert_eq!(
        (said("annual_value"), said("monthly_revenue"), said("currency")),
        (json!(5), Value::Null, json!("EUR"))
    );
    assert_eq!((said("custom"), said("owner")), (json!({"code": "K-1"}), json!(world.owner_id)));
    assert_eq!((said("people"), said("subsidiaries"), said("lifetime_value")), (json!(2), json!(1), json!(200)));
    let gone = world.owner.get(&format!("/v1/companies/{twin}")).await;
    assert_eq!(gone.problem(404, "merged")["merged_into"], kite.as_str());
    let deleted = world.owner.get("/v1/companies?deleted=true").await;
    assert_eq!(names(deleted.expect(200)), Vec::<String>::new(), "it is no company that can be restored");
    for list in ["contacts", "companies", "deals"] {
        let linked = world.owner.get(&format!("/v1/{list}?filter=custom.agency:eq:{kite}")).await.expect(200).clone();
        let items = linked["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.iter().all(|item| item["custom"]["agency"] == kite.as_str()), "{list}");
    }
    assert_eq!(filter_of_view(&world).await, format!("parent:eq:{kite}"));
    assert_eq!(options_of_view(&world).await, json!({"company": kite, "line": "all"}));
    let people = world.owner.get(&format!("/v1/companies/{kite}/contacts")).await.expect(200).clone();
    let ann = &people["items"][0];
    assert_eq!((&ann["roles"], &ann["primary"]), (&json!(["billing", "technical"]), &json!(true)), "{people}");
    let timeline = world.owner.get(&format!("/v1/companies/{kite}/timeline?limit=200")).await.expect(200).clone();
    let told = |kind: &str| timeline["items"].as_array().unwrap().iter().filter(|e| e["kind"] == kind).count();
    assert_eq!((told("note.created"), told("company.created"), told("company.merged")), (2, 2, 1));
    let health = world.owner.get(&format!("/v1/companies/{kite}/health")).await.expect(200).clone();
    let rhythm = health["parts"].as_array().unwrap().iter().find(|part| part["part"] == "rhythm").unwrap();
    assert_eq!(rhythm["recent"], 4, "notes and calls of both");

    // The job that looks for late rows changes nothing.
    world.app.advance(TimeDelta::minutes(2));
    world.app.settle().await;
    let undone = undo(&world.owner, &made, json!({})).await.expect(200).clone();
    assert_eq!((&undone["state"], &undone["missing"], &undone["edited"]), (&json!("undone"), &json!(0), &json!(0)));
    // What deals are found by, and what companies are worth, follows soon after.
    world.app.settle().await;
    let after = rows(&world).await;
    for (table, rows) in &before {
        assert_eq!(&after[table], rows, "{table}");
    }
    assert_eq!(filter_of_view(&world).await, format!("parent:eq:{twin}"));
    assert_eq!(options_of_view(&world).await, json!({"company": twin, "line": "all"}));
    undo(&world.owner, &made, json!({})).await.problem(409, "merge_undone");
    let kinds: BTreeSet<String> = world.events().await.into_iter().collect();
    assert!(["company.merged", "company.merge_undone"].iter().all(|kind| kinds.contains(*kind)));
    assert!(!kinds.contains("company.merge_settled"));
}

#[tokio::test]
async fn every_column_that_names_a_company_is_known_to_the_merge() {
    let world = World::start().await;
    let known: BTreeSet<(String, String)> = world
        .app
        .app
        .modules
        .iter()
        .flat_map(|module| module.company_references)
        .map(|reference| (reference.table.to_owned(), reference.column.to_owned()))
        .chain(LEFT.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())))
        .collect();
    let found = world
        .tenant_query(
            "select c.table_name::text, c.column_name::text from information_schema.columns c where c.table_schema = current_schema() and c.data_type = 'uuid' and (
               c.column_name in ('company_id', 'record_id')
               or exists (select from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
                 where k.contype = 'f' and k.conrelid = format('%I.%I', c.table_schema, c.table_name)::regclass
                   and k.confrelid = format('%I.companies', c.table_schema)::regclass and a.attname = c.column_name))",
        )
        .await;
    let found: BTreeSet<(String, String)> = found.iter().map(|row| (row.get(0), row.get(1))).collect();
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(unknown.is_empty(), "name these in `company_references` of their module, or in LEFT: {unknown:?}");
}

#[tokio::test]
async fn choices_the_hierarchy_and_edits() {
    let mut world = World::start().await;
    let client = &world.owner;
    let ship = |name: &str, industry: &str| json!({"name": name, "industry": industry, "owner": world.owner_id});
    let (a, b) = (id_of(client, ship("A", "Ships")).await, id_of(client, ship("B", "Boats")).await);
    let mut body = json!({"kept": a, "merged": [b], "fields": {"industry": b}});
    for (wrong, field) in [
        (json!({"kept": a, "merged": []}), "/merged"),
        (json!({"kept": a, "merged": [a]}), "/merged"),
        (json!({"merged": [b]}), "/kept"),
        (json!({"kept": a, "merged": [b], "fields": {"shoe": a}}), "/fields/shoe"),
    ] {
        assert_eq!(client.post("/v1/company-merges", wrong).await.problem(422, "invalid")["errors"][0]["field"], field);
    }
    body["versions"] = json!({ (b.clone()): 7 });
    client.post("/v1/company-merges", body.clone()).await.problem(412, "stale");
    body["versions"] = json!({});

    // A below M below B: what is below B comes below A, so A cannot stay below any of it.
    let middle = id_of(client, json!({"name": "M", "parent": b})).await;
    client.patch(&format!("/v1/companies/{a}"), json!({"parent": middle})).await.expect(200);
    body["fields"]["parent"] = json!(a);
    assert_eq!(
        client.post("/v1/company-merges", body.clone()).await.problem(422, "invalid")["errors"][0]["code"],
        "cycle"
    );
    body["fields"] = json!({"industry": b});
    let made = client.post("/v1/company-merges", body).await.expect(201).clone();
    assert_eq!(made["fields"], json!(["industry", "parent"]));
    let parent = async |id: &str| client.get(&format!("/v1/companies/{id}")).await.expect(200)["parent"].clone();
    assert_eq!((parent(&middle).await, parent(&a).await), (json!(a), Value::Null));
    // What was put above the company that went, in the meantime, does not let it be above itself.
    undo(client, &made, json!({})).await.expect(200);
    assert_eq!((parent(&middle).await, parent(&a).await), (json!(b), json!(middle)));

    let made = merge(client, &a, &[&b]).await.expect(201).clone();
    client.patch(&format!("/v1/companies/{a}"), json!({"industry": "Kites"})).await.expect(200);
    let refused = undo(client, &made, json!({})).await;
    assert!(refused.problem(409, "merge_edited")["detail"].as_str().unwrap().contains("industry"));
    let top = id_of(client, json!({"name": "Top", "owner": world.owner_id})).await;
    let chain = merge(client, &top, &[&a]).await.expect(201).clone();
    assert_eq!(client.get(&format!("/v1/companies/{b}")).await.problem(404, "merged")["merged_into"], top.as_str());
    undo(client, &made, json!({"keep_edits": true})).await.problem(409, "kept_merged");
    undo(client, &chain, json!({})).await.expect(200);
    client.post(&format!("/v1/companies/{b}/restoration"), json!({})).await.problem(404, "not_found");
    let undone = undo(client, &made, json!({"keep_edits": true})).await.expect(200).clone();
    assert_eq!(undone["kept_edits"], json!(["industry"]));
    let kept = client.get(&format!("/v1/companies/{a}")).await.expect(200).clone();
    assert_eq!((&kept["industry"], &kept["parent"]), (&json!("Kites"), &json!(middle)));

    // Reach, and what a merge keeps about a person.
    let own = json!({"companies.read": "own", "companies.write": "own"});
    let (member, member_id) = member_with(&world, "Mia", own).await;
    let mine = id_of(&world.owner, json!({"name": "Mine", "owner": member_id, "email": "ada@canary.example"})).await;
    merge(&member, &mine, &[&b]).await.problem(404, "not_found");
    merge(&world.stranger().await, &a, &[&b]).await.problem(404, "not_found");
    merge(&world.owner, &a, &[&mine]).await.expect(201);
    member.get(&format!("/v1/companies/{mine}")).await.problem(404, "not_found");
    let ada = json!({"first_name": "Ada", "emails": [{"address": "ada@canary.example"}]});
    let ada = contacts::id_of(&world.owner, ada).await;
    world.owner = crate::followups::owner(&world).await;
    world.owner.post("/v1/data-requests", json!({"contact": ada, "kind": "erasure"})).await.expect(201);
    world.app.settle().await;
    let left = dump(&world).await;
    let naming: Vec<_> = left.iter().filter(|(_, rows)| rows.iter().any(|row| row.contains("canary"))).collect();
    assert!(naming.is_empty(), "{naming:?}");
}

#[tokio::test]
async fn what_only_followed_a_definition_is_no_edit() {
    let world = World::start().await;
    let client = &world.owner;
    let formula = json!({"record": "company", "label": "Loud", "type": "formula", "result": "text", "expression": "name | upper"});
    let loud = path_of(&define(client, formula).await);
    let shoe = path_of(&define(client, json!({"record": "company", "label": "Shoe", "type": "text"})).await);
    let kite = id_of(client, json!({"name": "Kite", "custom": {"shoe": "43"}})).await;
    let twin = id_of(client, json!({"name": "Twin"})).await;
    let version = client.get(&format!("/v1/companies/{twin}")).await.expect(200)["version"].clone();
    let made = merge(client, &kite, &[&twin]).await.expect(201).clone();
    // A formula is computed for every company, and a field goes with its values.
    client.patch(&loud, json!({"expression": "name | lower"})).await.expect(200);
    client.patch(&shoe, json!({"archived": true})).await.expect(200);
    client.delete(&format!("{shoe}?values=1")).await.expect(204);
    world.app.settle().await;
    undo(client, &made, json!({})).await.expect(200);
    for (id, name) in [(&kite, "kite"), (&twin, "twin")] {
        let company = client.get(&format!("/v1/companies/{id}")).await.expect(200).clone();
        assert_eq!(company["custom"], json!({"loud": name}));
        let found = client.get(&format!("/v1/companies?filter=custom.loud:eq:{name}")).await.expect(200).clone();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "it is found by what is computed now");
    }
    let after = client.get(&format!("/v1/companies/{twin}")).await.expect(200)["version"].clone();
    assert_ne!(after, version, "it says something else than when it was read before");
    // Of an edit only what somebody wrote is told, not what follows from it.
    let made = merge(client, &kite, &[&twin]).await.expect(201).clone();
    client.patch(&format!("/v1/companies/{kite}"), json!({"name": "Kites"})).await.expect(200);
    let undone = undo(client, &made, json!({"keep_edits": true})).await.expect(200).clone();
    assert_eq!(undone["kept_edits"], json!(["name"]));
    assert_eq!(client.get(&format!("/v1/companies/{kite}")).await.expect(200)["custom"], json!({"loud": "kites"}));
    world.app.settle().await;
}

#[tokio::test]
async fn who_comes_second_finds_what_the_first_made() {
    let world = World::start().await;
    let client = &world.owner;
    let company = async |name: &str| id_of(client, json!({"name": name, "owner": world.owner_id})).await;
    let (a, b) = (company("a").await, company("b").await);
    let (one, other) = join(merge(client, &a, &[&b]), merge(client, &b, &[&a])).await;
    let mut ends = [one.status, other.status];
    ends.sort_unstable();
    assert_eq!(ends, [201, 404], "{} {}", one.text, other.text);

    let (c, d, e) = (company("c").await, company("d").await, company("e").await);
    let answers = join_all([merge(client, &c, &[&e]), merge(client, &d, &[&e])]).await;
    let lost = answers.iter().find(|answer| answer.status != 201).expect("one of two");
    let into = lost.problem(404, "merged")["merged_into"].clone();
    assert!([&c, &d].iter().any(|id| into == id.as_str()));

    // Deals for the one that goes, an edit or a deletion: before the merge, or not at all. What is added in between follows.
    for n in 0..4 {
        let (kept, gone) = (company(&format!("k{n}")).await, company(&format!("g{n}")).await);
        let path = format!("/v1/companies/{gone}");
        let change = async {
            match n % 2 {
                0 => client.patch(&path, json!({"industry": "Late"})).await,
                _ => client.delete(&path).await,
            }
        };
        let added = join_all((0..3).map(|_| client.post("/v1/deals", json!({"title": "Roof", "company": gone}))));
        let (merged, (changed, added)) = join(merge(client, &kept, &[&gone]), join(change, added)).await;
        match (merged.status, changed.status, n % 2) {
            (201, 200, 0) => {
                assert_eq!(client.get(&format!("/v1/companies/{kept}")).await.expect(200)["industry"], "Late")
            }
            (201, 404, _) | (404, 204, 1) => {}
            other => panic!("{other:?} {} {}", merged.text, changed.text),
        }
        world.app.advance(TimeDelta::minutes(2));
        world.app.settle().await;
        let made = added.iter().filter(|answer| answer.status == 201).count() as i64;
        let holder = if merged.status == 201 { &kept } else { &gone };
        let here = format!("select count(*) from deals where company_id = '{}'", bare(holder));
        assert_eq!(world.count(&here).await, made, "{:?}", added.iter().map(|a| a.text.clone()).collect::<Vec<_>>());
    }
    // Two undos: one.
    let (x, y) = (company("x").await, company("y").await);
    let made = merge(client, &x, &[&y]).await.expect(201).clone();
    let (one, other) = join(undo(client, &made, json!({})), undo(client, &made, json!({}))).await;
    let mut ends = [one.status, other.status];
    ends.sort_unstable();
    assert_eq!(ends, [200, 409]);
}
