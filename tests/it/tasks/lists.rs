//! Tasks as a list and as a file.
use super::{add, complete, id_of, titles};
use crate::forms::World;
use serde_json::{Value, json};

#[tokio::test]
async fn tasks_are_filtered_sorted_and_searched() {
    let world = World::start().await;
    let ada = crate::contacts::id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let company = world.owner.post("/v1/companies", json!({"name": "Engines"})).await.text_of("id");
    let deal = crate::deals::id_of(&world.owner, json!({"title": "Roof"})).await;
    for (title, kind, priority, day, about) in [
        ("Ring", "call", "high", Some("2026-11-25"), json!({"contact": ada})),
        ("Élan letter", "email", "low", Some("2026-11-22"), json!({"company": company})),
        ("Paint 50%", "task", "normal", None, json!({"deal": deal})),
    ] {
        let mut task = json!({"title": title, "kind": kind, "priority": priority});
        task.as_object_mut().expect("an object").extend(about.as_object().expect("an object").clone());
        if let Some(day) = day {
            task["due_on"] = json!(day);
        }
        add(&world.owner, task).await;
        world.app.advance(chrono::TimeDelta::seconds(1));
    }
    let done = id_of(&world.owner, json!({"title": "Done", "assignee": world.owner_id, "due_on": "2026-11-01"})).await;
    complete(&world.owner, &done).await.expect(200);
    for (query, expected) in [
        ("", vec!["Done", "Élan letter", "Ring", "Paint 50%"]),
        ("sort=-due&limit=2", vec!["Paint 50%", "Ring"]),
        ("sort=title", vec!["Done", "Élan letter", "Paint 50%", "Ring"]),
        ("sort=-created_at&filter=status:eq:open", vec!["Paint 50%", "Élan letter", "Ring"]),
        ("filter=kind:in:call,email", vec!["Élan letter", "Ring"]),
        ("filter=priority:gte:1&sort=title", vec!["Done", "Paint 50%", "Ring"]),
        ("sort=-priority", vec!["Ring", "Done", "Paint 50%", "Élan letter"]),
        ("sort=priority&limit=2", vec!["Élan letter", "Paint 50%"]),
        ("filter=due:lt:2026-11-24T00:00:00Z", vec!["Done", "Élan letter"]),
        // What has no day is neither before nor after one, although it is last in the order.
        ("filter=due:gte:2026-11-24T00:00:00Z", vec!["Ring"]),
        ("filter=due:lt:2026-11-24T00:00:00Z&sort=-due", vec!["Élan letter", "Done"]),
        ("filter=due:gt:2026-11-02T00:00:00Z&sort=title", vec!["Élan letter", "Ring"]),
        ("q=ring&filter=due:gte:2026-11-24T00:00:00Z&limit=1", vec!["Ring"]),
        ("q=paint&filter=due:gte:2026-11-24T00:00:00Z", vec![]),
        ("q=done&filter=closed_at:gt:2020-01-01T00:00:00Z", vec!["Done"]),
        ("filter=closed_at:gte:2020-01-01T00:00:00Z&sort=-closed_at", vec!["Done"]),
        ("filter=closed_at:lt:2020-01-01T00:00:00Z", vec![]),
        ("filter=due_on:eq:2026-11-25", vec!["Ring"]),
        ("filter=due_on:empty:true", vec!["Paint 50%"]),
        ("filter=assignee:empty:false", vec!["Done"]),
        (&format!("filter=contact:eq:{ada}"), vec!["Ring"]),
        (&format!("filter=company:eq:{company}"), vec!["Élan letter"]),
        (&format!("filter=deal:eq:{deal}"), vec!["Paint 50%"]),
        ("filter=closed_at:empty:false", vec!["Done"]),
        ("sort=closed_at&limit=1", vec!["Done"]),
        ("q=elan", vec!["Élan letter"]),
        ("q=ada", vec!["Ring"]),
        ("q=ada&filter=status:eq:open", vec!["Ring"]),
        ("q=done&filter=status:eq:open", vec![]),
        ("q=engines%20letter", vec!["Élan letter"]),
        ("q=50%25", vec!["Paint 50%"]),
        ("q=%25", vec![]),
        ("q=nothing", vec![]),
    ] {
        let page = world.owner.get(&format!("/v1/tasks?{query}")).await;
        assert_eq!(titles(&page.expect(200)["items"]), expected, "{query}");
    }
    for (query, status) in [
        ("filter=shoe_size:eq:44", 422),
        ("filter=due:lt:soon", 422),
        ("filter=contact:eq:Ada", 422),
        ("sort=kind", 422),
        ("limit=0", 422),
        ("cursor=nonsense", 400),
    ] {
        world.owner.get(&format!("/v1/tasks?{query}")).await.expect(status);
    }
    // What a task is about is called as it is now.
    let (contact, firm) = (format!("/v1/contacts/{ada}"), format!("/v1/companies/{company}"));
    let found = async |word: &str| {
        world.app.settle().await;
        titles(&world.owner.get(&format!("/v1/tasks?q={word}")).await.expect(200)["items"])
    };
    world.owner.patch(&contact, json!({"first_name": "Grace"})).await.expect(200);
    world.owner.patch(&firm, json!({"name": "Looms"})).await.expect(200);
    assert_eq!((found("grace").await, found("ada").await), (vec!["Ring".to_owned()], vec![]));
    assert_eq!((found("looms").await, found("engines").await), (vec!["Élan letter".to_owned()], vec![]));
    world.owner.delete(&contact).await.expect(204);
    world.owner.delete(&firm).await.expect(204);
    assert_eq!((found("grace").await, found("looms").await), (vec![], vec![]));
    world.owner.post(&format!("{contact}/restoration"), json!({})).await.expect(200);
    let murray = crate::contacts::id_of(&world.owner, json!({"first_name": "Murray"})).await;
    assert_eq!(found("grace").await, ["Ring"]);
    let merge = json!({"kept": murray, "merged": [ada]});
    let merge = world.owner.post("/v1/contact-merges", merge).await.text_of("id");
    assert_eq!((found("murray").await, found("grace").await), (vec!["Ring".to_owned()], vec![]));
    world.owner.post(&format!("/v1/contact-merges/{merge}/undo"), json!({})).await.expect(200);
    assert_eq!((found("murray").await, found("grace").await), (vec![], vec!["Ring".to_owned()]));
    // Tasks from before such words were kept.
    let tenant = world.app.app.tenant(world.tenant).await.expect("the tenant");
    let fill = format!(
        "with bare as (update tasks set about = '')
         insert into ops.jobs (id, tenant, kind, payload, run_at) values (gen_random_uuid(), '{}', 'FillTaskWords', '{{}}', '2020-01-01T00:00:00Z')",
        tenant.role.as_str()
    );
    world.tenant_query(&fill).await;
    assert_eq!(found("grace").await, ["Ring"]);
    world.app.settle().await;
}

async fn paged(world: &World, query: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (vec![], String::new());
    loop {
        let page = world.owner.get(&format!("/v1/tasks?{query}&limit={limit}{cursor}")).await;
        all.extend(page.expect(200)["items"].as_array().expect("items").clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn pages_of_any_size_make_the_whole_list() {
    let world = World::start().await;
    for i in 0..17 {
        let priority = ["low", "normal", "high", "urgent"][i % 4];
        let mut task = json!({"title": format!("Name {}", i % 4), "priority": priority});
        if i % 3 > 0 {
            task["due_on"] = json!(format!("2026-12-{:02}", i % 3));
        }
        let id = id_of(&world.owner, task).await;
        if i % 5 == 0 {
            complete(&world.owner, &id).await.expect(200);
        }
    }
    for query in [
        "sort=due",
        "sort=-due",
        "sort=priority",
        "sort=-priority",
        "sort=title",
        "sort=closed_at",
        "sort=-closed_at",
        "q=name&sort=due",
        "q=name&sort=-priority",
    ] {
        let whole = paged(&world, query, 200).await;
        assert_eq!(whole.len(), 17, "{query}");
        for limit in [1, 4, 8, 16, 17] {
            assert_eq!(paged(&world, query, limit).await, whole, "{query} by {limit}");
        }
    }
    world.app.settle().await;
}

#[tokio::test]
async fn a_member_has_what_he_does_and_what_he_shares() {
    let world = World::start().await;
    let (sam, sam_id) = world.member("agency_staff", "Sam").await;
    let (_, kim_id) = world.member("agency_staff", "Kim").await;
    for (title, assignee, collaborators) in [
        ("A does", json!(sam_id), json!([])),
        ("B shares", json!(kim_id), json!([sam_id, world.owner_id])),
        ("C shares alone", Value::Null, json!([sam_id])),
        ("D not", json!(kim_id), json!([])),
        ("E nobody", Value::Null, json!([])),
    ] {
        let task =
            json!({"title": title, "assignee": assignee, "collaborators": collaborators, "due_on": "2026-11-19"});
        add(&world.owner, task).await;
    }
    let his = ["A does", "B shares", "C shares alone"];
    for (query, expected) in [
        (format!("filter=member:eq:{sam_id}"), &his[..]),
        (format!("filter=member:eq:{kim_id}"), &["B shares", "D not"]),
        (format!("filter=member:in:{kim_id},{}", world.owner_id), &["B shares", "D not"]),
        (format!("filter=member:eq:{sam_id}&filter=assignee:empty:true"), &["C shares alone"]),
        (format!("filter=member:eq:{sam_id}&filter=member:eq:{kim_id}"), &["B shares"]),
        (format!("filter=member:eq:{sam_id}&q=shares"), &["B shares", "C shares alone"]),
    ] {
        let page = world.owner.get(&format!("/v1/tasks?sort=title&{query}")).await;
        assert_eq!(titles(&page.expect(200)["items"]), expected, "{query}");
    }
    let board = sam.get(&format!("/v1/tasks/board?filter=member:eq:{sam_id}")).await;
    assert_eq!(board.expect(200)["overdue"]["count"], 3);
    for (query, overdue) in [(format!("member={sam_id}"), 3), (format!("assignee={sam_id}"), 1), (String::new(), 5)] {
        let counts = sam.get(&format!("/v1/tasks/counts?{query}")).await;
        assert_eq!(counts.expect(200)["overdue"], overdue, "{query}");
    }
    let file = world.owner.get(&format!("/v1/tasks/export?filter=member:eq:{sam_id}")).await;
    assert_eq!(file.text.matches("tsk_").count(), 3);
    for wrong in ["member:eq:Sam", "member:ne:usr_1", "member:empty:true"] {
        world.owner.get(&format!("/v1/tasks?filter={wrong}")).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn of_those_that_press_alike_what_is_due_comes_first() {
    let world = World::start().await;
    for (title, priority, day) in [
        ("Soon", "urgent", Some("2026-11-21")),
        ("Some day", "urgent", None),
        ("Late", "urgent", Some("2026-11-01")),
        ("High", "high", Some("2026-10-01")),
        ("Long ago", "low", Some("1970-01-02")),
        ("Far", "low", Some("9000-12-31")),
    ] {
        let mut task = json!({"title": title, "priority": priority});
        if let Some(day) = day {
            task["due_on"] = json!(day);
        }
        add(&world.owner, task).await;
    }
    let page = world.owner.get("/v1/tasks?sort=-priority").await;
    let first = ["Late", "Soon", "Some day", "High", "Long ago", "Far"];
    assert_eq!(titles(&page.expect(200)["items"]), first);
    let page = world.owner.get("/v1/tasks?sort=priority").await;
    assert!(titles(&page.expect(200)["items"]).iter().rev().eq(first.iter()));
}

#[tokio::test]
async fn the_file_has_every_task_and_no_formula() {
    let world = World::start().await;
    for i in 0..203 {
        add(&world.owner, json!({"title": format!("Task {i:03}"), "due_on": "2026-12-01"})).await;
        world.app.advance(chrono::TimeDelta::microseconds(1));
    }
    let nasty = json!({"title": "=HYPERLINK(\"http://evil.example\")", "due_on": "2026-12-01", "due_time": "09:05", "rule": "FREQ=DAILY"});
    add(&world.owner, nasty).await;
    let file = world.owner.get("/v1/tasks/export").await;
    file.expect(200);
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"tasks.csv\"");
    let lines: Vec<&str> = file.text.split("\r\n").collect();
    assert!(lines[0].starts_with("id,title,kind,priority,status,due_on,due_time,"), "{}", lines[0]);
    assert_eq!(lines.iter().filter(|l| l.starts_with("tsk_")).count(), 204);
    assert!(lines[1].contains(",Task 000,task,normal,open,2026-12-01,,UTC,"), "the oldest comes first: {}", lines[1]);
    let cells = "\"'=HYPERLINK(\"\"http://evil.example\"\")\",task,normal,open,2026-12-01,09:05,UTC,,,,,FREQ=DAILY,";
    assert!(lines[204].contains(cells), "{}", lines[204]);
    let some = world.owner.get("/v1/tasks/export?filter=title:prefix:task%2000&q=task").await;
    assert_eq!(some.text.matches("\r\n").count(), 11);
    world.owner.get("/v1/tasks/export?filter=nonsense:eq:1").await.expect(422);
    assert_eq!(world.events().await.iter().filter(|k| *k == "task.exported").count(), 2);
    world.app.settle().await;
}
