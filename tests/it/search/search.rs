//! What is found, by whom, and how it is shown.
use crate::contacts::{id_of, member_with};
use crate::forms::World;
use serde_json::{Value, json};
use tests::Client;

async fn ask(client: &Client, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("/v1/search?{query}")).await;
    answer.expect(200)["items"].as_array().expect("items").clone()
}

/// The pieces of a snippet with the hits in brackets.
fn shown(hit: &Value) -> String {
    let parts = hit["snippet"].as_array().expect("a snippet").iter();
    let mark = |part: &Value| {
        let text = part["text"].as_str().expect("text");
        if part["hit"] == true { format!("[{text}]") } else { text.to_owned() }
    };
    parts.map(mark).collect()
}

fn ids(hits: &[Value]) -> Vec<(&str, &str)> {
    hits.iter().map(|hit| (hit["kind"].as_str().expect("a kind"), hit["id"].as_str().expect("an id"))).collect()
}

#[tokio::test]
async fn words_are_found_wherever_they_stand_as_far_as_the_role_lists_them() {
    let world = World::start().await;
    let owner = &world.owner;
    // Ada is Finn's, Bob is somebody else's.
    let grants = json!({"contacts.read": "own", "companies.read": "own", "deals.read": "own", "activities.read": "own",
        "activities.write": "own", "tasks.read": "own", "forms.read": "own", "notifications.mails.read": "own"});
    let (finn, finn_id) = member_with(&world, "Finn", grants).await;
    let ada = id_of(owner, json!({"first_name": "Ada", "last_name": "Fassade", "owner": finn_id})).await;
    let bob = id_of(owner, json!({"first_name": "Bob"})).await;
    let made = async |path: &str, body: Value| owner.post(path, body).await.text_of("id");
    let company = made("/v1/companies", json!({"name": "Façade GmbH"})).await;
    let deal = made("/v1/deals", json!({"title": "Neue façade", "company": company})).await;
    let task =
        made("/v1/tasks", json!({"title": "Call", "description": "Ask about the FACADE", "assignee": finn_id})).await;
    let note = |body: &str| json!({ "body": body });
    let of_ada = made(&format!("/v1/contacts/{ada}/notes"), note("Réunion about the façade\nof the old mill.")).await;
    let of_bob = made(&format!("/v1/contacts/{bob}/notes"), note("His façade too")).await;
    let secret = finn.post(&format!("/v1/contacts/{ada}/notes"), json!({"body": "My façade", "private": true})).await;
    let secret = secret.text_of("id");
    let said = json!({"kind": "whatsapp", "direction": "inbound", "title": "Wrote", "body": "The façade is done"});
    let written = made(&format!("/v1/deals/{deal}/activities"), said).await;
    let draft = json!({"steps": [{"key": "s", "fields": [
        {"key": "name", "type": "text", "label": "Name", "maps_to": "name"},
        {"key": "mail", "type": "email", "label": "Mail", "maps_to": "email"},
        {"key": "what", "type": "select", "label": "What", "options": [{"value": "f", "label": "A façade"}]}]}]});
    let reply = json!({"auto_reply_subject": "Your façade", "auto_reply_body": "We got it."});
    let form = world.published(draft, reply).await;
    let sent = world.visitor(&form, 1).submit(1, json!({"name": "Eve", "mail": "eve@example.com", "what": "f"})).await;
    let submission = sent.text_of("submission");
    world.app.settle().await;

    let all = ask(owner, "q=facade&limit=20").await;
    let found = ids(&all);
    for wanted in [
        ("companies", &company),
        ("deals", &deal),
        ("tasks", &task),
        ("notes", &of_ada),
        ("notes", &of_bob),
        ("activities", &written),
        ("submissions", &submission),
    ] {
        assert!(found.contains(&(wanted.0, wanted.1.as_str())), "{wanted:?} in {found:?}");
    }
    assert!(!found.contains(&("notes", secret.as_str())), "a private note is its author's");
    assert_eq!(found.iter().filter(|(kind, _)| *kind == "mails").count(), 1, "{found:?}");
    let of = |id: &str| all.iter().find(|hit| hit["id"] == id).expect("a hit");
    assert_eq!(shown(of(&of_ada)), "Réunion about the [façade] of the old mill.");
    assert_eq!((&of(&of_ada)["about"], &of(&of_ada)["contact"]), (&json!("Ada Fassade"), &json!(ada)));
    assert_eq!((&of(&written)["about"], &of(&written)["deal"]), (&json!("Neue façade"), &json!(deal)));
    assert_eq!(shown(of(&written)), "The [façade] is done");
    assert_eq!(of(&submission)["title"], "Enquiry");
    assert!(shown(of(&submission)).contains("A [façade]"), "{}", shown(of(&submission)));
    assert_eq!(shown(of(&task)), "Ask about the [FACADE]");

    // Whoever sees his own only finds his own: not Bob's note, not the company, not what is about its deal, no mail.
    let his = ask(&finn, "q=facade&limit=20").await;
    let mut his = ids(&his);
    his.sort_unstable();
    let mut wanted = vec![("notes", of_ada.as_str()), ("notes", secret.as_str()), ("tasks", task.as_str())];
    wanted.sort_unstable();
    assert_eq!(his, wanted);

    // All words, in any order, parts of them; short ones where words begin; what resembles them when nothing has them.
    let notes = async |q: &str| ask(owner, &format!("kinds=notes,activities&q={q}")).await;
    assert_eq!(ids(&notes("mill%20REUN").await), [("notes", of_ada.as_str())]);
    assert_eq!(ids(&notes("ol%20mill").await), [("notes", of_ada.as_str())]);
    assert_eq!(notes("ill%20r").await.len(), 1);
    assert!(notes("mill%20eunion%20bob").await.is_empty());
    let near = notes("reunoin").await;
    let near = if near.is_empty() { notes("reuniom").await } else { near };
    assert_eq!(ids(&near), [("notes", of_ada.as_str())]);
    assert_eq!(shown(&near[0]), "[Réunion] about the façade of the old mill.");

    // A mistake is forgiven in each word, but every word is wanted, and a number is that number.
    let order = made(&format!("/v1/contacts/{ada}/notes"), note("Order 423500 for the balustrade")).await;
    assert_eq!(ids(&notes("ballustrade%20ordre").await), [("notes", order.as_str())]);
    assert_eq!(ids(&notes("423500%20balustarde").await), [("notes", order.as_str())]);
    for nothing in ["balustrade%20423501", "ballustrade%20mill", "423501"] {
        assert!(notes(nothing).await.is_empty(), "{nothing}");
    }
    for words in ["fassade%20ada", "fasade%20ada"] {
        let people = ask(owner, &format!("kinds=contacts&q={words}")).await;
        assert_eq!(ids(&people), [("contacts", ada.as_str())], "{words}");
    }

    // What is changed is found by its new words; what is deleted is not found.
    owner.patch(&format!("/v1/notes/{of_bob}"), json!({"body": "His balcony"})).await.expect(200);
    assert_eq!(ids(&notes("balcony").await), [("notes", of_bob.as_str())]);
    owner.delete(&format!("/v1/contacts/{bob}")).await.expect(204);
    assert!(notes("balcony").await.is_empty());

    // Whoever is not told of a kind may not ask for it, and gets no error for it either.
    let (ines, _) = member_with(&world, "Ines", json!({"contacts.read": "all"})).await;
    let people = ask(&ines, "q=fassade").await;
    assert_eq!(ids(&people), [("contacts", ada.as_str())]);
    assert!(ask(&ines, "q=facade&kinds=notes,mails,submissions").await.is_empty());
    let stranger = world.stranger().await;
    assert!(ask(&stranger, "q=facade").await.is_empty());
    owner.get("/v1/search?q=%20").await.problem(422, "invalid");
    owner.get("/v1/search?q=a&kinds=people").await.problem(422, "invalid");
    owner.get("/v1/search?q=a&limit=21").await.problem(422, "invalid");
}

#[tokio::test]
async fn answers_that_are_spam_or_kept_aside_are_not_found_until_they_are_released() {
    let world = World::start().await;
    let owner = &world.owner;
    let draft = json!({"steps": [{"key": "s", "fields": [
        {"key": "what", "type": "text", "label": "What", "maps_to": "name"}]}]});
    let form = world.published(draft, json!({})).await;
    let said = |what: &str| json!({"what": format!("{what} lantern")});
    let received = world.visitor(&form, 1).submit(1, said("First")).await.text_of("submission");
    let aside = world.visitor(&form, 2).risk(80).submit(1, said("Second")).await.text_of("submission");
    let spam = world.visitor(&form, 3).submit(1, said("Third")).await.text_of("submission");
    owner.post(&format!("/v1/submissions/{spam}/spam"), json!({})).await.expect(200);
    let found = async |words: &str| {
        let hits = ask(owner, &format!("kinds=submissions&limit=20&q={words}")).await;
        let mut ids: Vec<String> = ids(&hits).into_iter().map(|(_, id)| id.to_owned()).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(found("lantern").await, std::slice::from_ref(&received));
    // Neither among all rows nor among those that only resemble the words.
    assert_eq!((found("second").await, found("thirdd").await), (vec![], vec![]));
    owner.post(&format!("/v1/submissions/{aside}/release"), json!({})).await.expect(200);
    let mut both = vec![received, aside];
    both.sort_unstable();
    assert_eq!(found("lantern").await, both);
    world.app.settle().await;
}
