//! Deals are found by what their company and their people are called, whatever becomes of those.
use super::{add, id_of};
use crate::{contacts::contact_imports::import, forms::World};
use serde_json::json;

/// Titles of the deals that are found by words, in the order of titles.
async fn found(world: &World, words: &str) -> Vec<String> {
    let page = world.owner.get(&format!("/v1/deals?sort=title&q={words}")).await;
    let items = page.expect(200)["items"].as_array().expect("items").clone();
    items.iter().map(|deal| deal["title"].as_str().expect("a title").to_owned()).collect()
}

async fn settled(world: &World, words: &str) -> Vec<String> {
    world.app.settle().await;
    found(world, words).await
}

#[tokio::test]
async fn deals_follow_the_names_of_their_company_and_people() {
    let world = World::start().await;
    let owner = &world.owner;
    let ada = json!({"first_name": "Ada", "last_name": "Lovelace", "emails": [{"address": "ada@engine.example"}]});
    let ada = crate::contacts::id_of(owner, ada).await;
    let bob = crate::contacts::id_of(owner, json!({"first_name": "Bob"})).await;
    let kestrel = owner.post("/v1/companies", json!({"name": "Kestrel"})).await.expect(201)["id"].clone();
    let roof = json!({"title": "Roof", "company": kestrel, "contacts": [{"contact": ada}]});
    let roof = format!("/v1/deals/{}", id_of(owner, roof).await);
    add(owner, json!({"title": "Wall", "contacts": [{"contact": bob}]})).await;
    // At once, before anything is delivered; words may come from different places.
    for words in ["lovelace", "ada%40engine", "kestrel", "roof%20kestrel%20ada"] {
        assert_eq!(found(&world, words).await, ["Roof"], "{words}");
    }
    let (ada_at, bob_at) = (format!("/v1/contacts/{ada}"), format!("/v1/contacts/{bob}"));
    owner.patch(&ada_at, json!({"last_name": "Byron", "display_name": null})).await.expect(200);
    owner
        .patch(&format!("/v1/companies/{}", kestrel.as_str().expect("an id")), json!({"name": "Élan"}))
        .await
        .expect(200);
    assert_eq!(settled(&world, "byron%20elan").await, ["Roof"]);
    assert_eq!(found(&world, "lovelace").await, [""; 0]);
    assert_eq!(found(&world, "kestrel").await, [""; 0]);

    owner.delete(&ada_at).await.expect(204);
    assert_eq!(settled(&world, "byron").await, [""; 0]);
    owner.post(&format!("{ada_at}/restoration"), json!({})).await.expect(200);
    assert_eq!(settled(&world, "byron").await, ["Roof"]);

    let undone =
        import(&world, "Email,Last name\nada@engine.example,Hopper\n", json!({"mode": "update", "overwrite": true}))
            .await;
    assert_eq!(settled(&world, "hopper").await, ["Roof"], "{undone}");
    let undo = format!("/v1/contact-imports/{}/undo", undone["id"].as_str().expect("an id"));
    owner.post(&undo, json!({})).await.expect(200);
    assert_eq!((settled(&world, "byron").await, found(&world, "hopper").await), (vec!["Roof".into()], vec![]));

    let merge = owner.post("/v1/contact-merges", json!({"kept": ada, "merged": [bob]})).await.expect(201).clone();
    assert_eq!(settled(&world, "byron").await, ["Roof", "Wall"]);
    owner
        .post(&format!("/v1/contact-merges/{}/undo", merge["id"].as_str().expect("an id")), json!({}))
        .await
        .expect(200);
    assert_eq!(
        (settled(&world, "byron").await, found(&world, "bob").await),
        (vec!["Roof".into()], vec!["Wall".into()])
    );

    owner.patch(&roof, json!({"contacts": [{"contact": bob}], "company": null})).await.expect(200);
    assert_eq!((found(&world, "byron").await, found(&world, "elan").await), (vec![], vec![]));
    assert_eq!(found(&world, "bob").await, ["Roof", "Wall"]);
    owner.patch(&bob_at, json!({"last_name": "Lace"})).await.expect(200);
    assert_eq!(settled(&world, "lace").await, ["Roof", "Wall"]);
}

/// Meanwhile it is not followed: nobody finds it. What it comes back with is what its company is called by then.
#[tokio::test]
async fn a_deal_that_comes_back_knows_the_new_name_of_its_company() {
    let world = World::start().await;
    let owner = &world.owner;
    let company = owner.post("/v1/companies", json!({"name": "Kestrel"})).await.text_of("id");
    let deal = format!("/v1/deals/{}", id_of(owner, json!({"title": "Roof", "company": company})).await);
    owner.delete(&deal).await.expect(204);
    owner.patch(&format!("/v1/companies/{company}"), json!({"name": "Osprey"})).await.expect(200);
    assert_eq!(settled(&world, "osprey").await, [""; 0]);
    owner.post(&format!("{deal}/restoration"), json!({})).await.expect(200);
    assert_eq!(settled(&world, "osprey").await, ["Roof"]);
    assert_eq!(found(&world, "kestrel").await, [""; 0]);
}

/// A contact is renamed while it is put on a deal, and while the deal is changed: in the end the deal knows the last name.
#[tokio::test]
async fn who_is_renamed_while_deals_change_is_found_by_the_last_name() {
    let world = World::start().await;
    let owner = &world.owner;
    let mut last = vec![];
    for round in 0..8 {
        let contact = crate::contacts::id_of(owner, json!({"first_name": format!("Before{round}x")})).await;
        let deal = format!("/v1/deals/{}", id_of(owner, json!({"title": format!("Deal {round}")})).await);
        let at = format!("/v1/contacts/{contact}");
        let on = json!({"contacts": [{"contact": contact}]});
        let (put, renamed, changed) = tokio::join!(
            owner.patch(&deal, on),
            owner.patch(&at, json!({"first_name": format!("After{round}x"), "display_name": null})),
            owner.patch(&deal, json!({"source": "Fair"})),
        );
        put.expect(200);
        renamed.expect(200);
        changed.expect(200);
        last.push(format!("Deal {round}"));
    }
    world.app.settle().await;
    for (round, title) in last.iter().enumerate() {
        assert_eq!(found(&world, &format!("after{round}x%20fair")).await, [title.as_str()]);
        assert_eq!(found(&world, &format!("before{round}x")).await, [""; 0]);
    }
}
