//! Lists: filters, orders, pages, search, the file.
use super::{add, id_of, names};
use crate::forms::World;
use serde_json::{Value, json};

async fn companies(world: &World) {
    for (name, status, tier, industry, value, currency, renews, city) in [
        ("Émile Zola & Fils", "active", Some("gold"), "Printing", Some(900), "EUR", Some("2027-01-15"), "Médan"),
        ("Emilia Foods", "prospect", None, "Food", None, "EUR", None, "Modena"),
        (
            "Curie Laboratories",
            "active",
            Some("platinum"),
            "Research",
            Some(5_000),
            "PLN",
            Some("2026-12-01"),
            "Warszawa",
        ),
        ("Ørsted Kabler", "former", Some("bronze"), "Energy", Some(100), "DKK", None, "Århus"),
        (
            "Bohr Instruments",
            "blacklisted",
            Some("gold"),
            "Research",
            Some(900),
            "DKK",
            Some("2027-01-15"),
            "København",
        ),
    ] {
        let domain = name.split(' ').next().unwrap().to_lowercase();
        let body = json!({"name": name, "status": status, "tier": tier, "industry": industry, "annual_value": value, "currency": currency,
            "renews_on": renews, "website": format!("https://www.{domain}.example"), "address": {"city": city, "country": "DK"}});
        add(&world.owner, body).await;
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    world.app.settle().await;
}

async fn found(world: &World, query: &str) -> Vec<String> {
    let names = names(world.owner.get(&format!("/v1/companies?{query}")).await.expect(200));
    names.iter().map(|name| name.split(' ').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn companies_are_filtered_sorted_and_searched() {
    let world = World::start().await;
    companies(&world).await;
    for (query, expected) in [
        ("", vec!["Bohr", "Ørsted", "Curie", "Emilia", "Émile"]),
        ("sort=name", vec!["Bohr", "Curie", "Émile", "Emilia", "Ørsted"]),
        ("sort=-annual_value&limit=1", vec!["Curie"]),
        ("sort=annual_value&limit=2", vec!["Emilia", "Ørsted"]),
        ("sort=renews_on&limit=1", vec!["Curie"]),
        ("filter=status:eq:active&sort=name", vec!["Curie", "Émile"]),
        ("filter=status:in:former,blacklisted&sort=name", vec!["Bohr", "Ørsted"]),
        ("filter=tier:eq:gold&filter=industry:eq:Research", vec!["Bohr"]),
        ("filter=tier:empty:true", vec!["Emilia"]),
        ("filter=currency:eq:DKK&filter=annual_value:gte:500", vec!["Bohr"]),
        ("filter=renews_on:lte:2026-12-31", vec!["Curie"]),
        ("filter=renews_on:empty:true&sort=name", vec!["Emilia", "Ørsted"]),
        ("filter=name:prefix:EMIL&sort=name", vec!["Émile", "Emilia"]),
        ("filter=name:contains:%C3%B8rst", vec!["Ørsted"]),
        ("filter=industry:contains:resea&sort=name", vec!["Bohr", "Curie"]),
        ("filter=domain:eq:curie.example", vec!["Curie"]),
        ("filter=country:eq:DK&limit=200", vec!["Bohr", "Ørsted", "Curie", "Emilia", "Émile"]),
        ("filter=created_at:gte:2026-11-20T12:00:03Z&sort=name", vec!["Bohr", "Ørsted"]),
        ("filter=owner:empty:false", vec![]),
        ("q=emil", vec!["Émile", "Emilia"]),
        ("q=bohr.ex", vec!["Bohr"]),
        ("q=warsz", vec!["Curie"]),
        ("q=medan", vec!["Émile"]),
        ("q=kobenhavn", vec!["Bohr"]),
        ("q=labratories", vec!["Curie"]),
        ("q=research&sort=name", vec!["Bohr", "Curie"]),
        ("q=re%20bo&sort=name", vec!["Bohr"]),
        ("q=%25", vec![]),
    ] {
        assert_eq!(found(&world, query).await, expected, "{query}");
    }
    for (query, status, code) in [
        ("filter=shoe_size:eq:44", 422, "invalid"),
        ("filter=renews_on:gt:soon", 422, "invalid"),
        ("filter=annual_value:eq:much", 422, "invalid"),
        ("filter=parent:eq:con_00000000000000000000000000", 422, "invalid"),
        ("sort=status", 422, "invalid"),
        ("limit=0", 422, "invalid"),
        ("cursor=nonsense", 400, "cursor_invalid"),
    ] {
        let answer = world.owner.get(&format!("/v1/companies?{query}")).await;
        assert_eq!((answer.status, answer.body["code"].as_str().unwrap_or("")), (status, code), "{query}");
    }
}

#[tokio::test]
async fn pages_of_any_size_make_the_whole_list() {
    let world = World::start().await;
    // Equal names, amounts and days, and none at all: only the id breaks the tie.
    for i in 0..17 {
        let body = json!({"name": format!("Name {}", i % 3), "currency": "EUR",
            "annual_value": (i % 4 > 0).then_some(i % 4), "renews_on": (i % 5 > 0).then(|| format!("2027-01-0{}", i % 5))});
        id_of(&world.owner, body).await;
    }
    world.app.settle().await;
    for sort in ["name", "-name", "annual_value", "-annual_value", "renews_on", "-renews_on", "-created_at"] {
        let paged = async |limit: usize| -> Vec<Value> {
            let (mut all, mut cursor) = (vec![], String::new());
            loop {
                let page = world.owner.get(&format!("/v1/companies?sort={sort}&limit={limit}{cursor}")).await;
                all.extend(page.expect(200)["items"].as_array().expect("items").iter().map(|c| c["id"].clone()));
                match page.body["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => return all,
                }
            }
        };
        let whole = paged(200).await;
        assert_eq!(whole.len(), 17, "{sort}");
        for limit in [1, 3, 16, 17] {
            assert_eq!(paged(limit).await, whole, "{sort} by {limit}");
        }
    }
}

#[tokio::test]
async fn what_lists_read_follows_every_change() {
    let world = World::start().await;
    let id = id_of(&world.owner, json!({"name": "Old", "website": "old.example", "tax_id": "AA 11"})).await;
    let change = json!({"name": "Új", "website": "new.example", "tax_id": null, "address": {"city": "Győr"}});
    world.owner.patch(&format!("/v1/companies/{id}"), change).await.expect(200);
    for (query, expected) in
        [("q=old", 0), ("q=uj", 1), ("q=gyor", 1), ("q=aa11", 0), ("filter=domain:eq:new.example", 1)]
    {
        assert_eq!(found(&world, query).await.len(), expected, "{query}");
    }
    let derived = "select count(*) from companies where name_key <> fold(name) or tax_key is not null";
    assert_eq!(world.count(derived).await, 0);
    world.app.settle().await;
}

#[tokio::test]
async fn the_file_has_every_company_and_no_formula() {
    let world = World::start().await;
    for i in 0..205 {
        let status = if i % 2 == 0 { "active" } else { "prospect" };
        id_of(&world.owner, json!({"name": format!("Company {i:03}"), "status": status})).await;
        world.app.advance(chrono::TimeDelta::microseconds(1));
    }
    let nasty = json!({"name": "=HYPERLINK(\"http://evil.example\")", "description": "a \"b\"; c,d\nnext",
        "annual_value": 5, "currency": "EUR", "renews_on": "2027-01-01"});
    id_of(&world.owner, nasty).await;
    let file = world.owner.get("/v1/companies/export").await;
    file.expect(200);
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"companies.csv\"");
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert!(lines[0].starts_with("id,name,"), "{}", lines[0]);
    assert_eq!(lines.iter().filter(|l| l.starts_with("com_")).count(), 206);
    assert!(lines[1].contains("Company 000"), "the oldest comes first");
    assert!(
        lines[206].contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\"")
            && lines[206].contains(",5,,EUR,,,,,,2027-01-01,,")
    );
    let active = world.owner.get("/v1/companies/export?filter=status:eq:active&q=company%2000").await;
    assert_eq!(active.text.matches("\r\n").count(), 6, "{}", active.text);
    world.owner.get("/v1/companies/export?filter=nonsense:eq:1").await.expect(422);
    assert_eq!(world.events().await.iter().filter(|k| *k == "company.exported").count(), 2);
    world.app.settle().await;
}
