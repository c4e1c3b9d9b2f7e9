//! How far visitors get.
use super::{World, answers, enquiry};
use serde_json::{Value, json};

async fn progress(visitor: &super::Visitor<'_>, events: Value) -> i64 {
    let body = json!({"version": 1, "events": events}).to_string().into_bytes();
    let counted = visitor.call("/edge/v1/actions/progress", "application/json", body).await;
    counted.expect(200)["counted"].as_i64().unwrap()
}

#[tokio::test]
async fn figures_show_where_visitors_drop_off() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    for session in 0..10u8 {
        let visitor = world.visitor(&form, session);
        if session < 6 {
            progress(&visitor, json!([{"t": "start"}, {"t": "step", "step": "who"}, {"t": "field", "field": "name"}]))
                .await;
        }
        if session < 4 {
            progress(&visitor, json!([{"t": "step", "step": "what"}, {"t": "error", "field": "email"}])).await;
        }
        if session < 3 {
            visitor.submit(1, answers()).await.expect(201);
        }
    }
    // The edge counts who was shown the form, also those who only looked.
    world.seen(&form, 10).await;
    let figures = world.owner.get(&format!("/v1/forms/{}/analytics", form.id)).await;
    let body = figures.expect(200);
    assert_eq!((&body["views"], &body["starts"], &body["completions"]), (&json!(10), &json!(6), &json!(3)));
    assert_eq!(body["completion_rate"], 0.5);
    assert_eq!(body["median_fill_ms"], 9000.0);
    assert_eq!(body["steps"][0], json!({"key": "who", "title": "You", "reached": 6, "dropped": 2}));
    assert_eq!(body["steps"][1], json!({"key": "what", "title": null, "reached": 4, "dropped": 1}));
    assert_eq!(body["fields"][0]["answered"], 6);
    assert_eq!(body["fields"][1]["errors"], 4);
    let today = body["days"].as_array().unwrap().iter().find(|d| d["day"] == "2026-11-20").unwrap();
    assert_eq!((&today["views"], &today["completions"]), (&json!(10), &json!(3)));
    assert_eq!(
        world.owner.get(&format!("/v1/forms/{}/analytics?version=1", form.id)).await.expect(200)["views"],
        Value::Null
    );
    world.owner.get(&format!("/v1/forms/{}/analytics?version=9", form.id)).await.expect(404);
    world.owner.get(&format!("/v1/forms/{}/analytics?from=2020-01-01&to=2026-01-01", form.id)).await.expect(422);
    // Each of its tables is a file.
    let path = format!("/v1/forms/{}/analytics/export", form.id);
    let file = async |query: &str| {
        let file = world.owner.get(&format!("{path}?{query}")).await;
        file.expect(200);
        (file.headers["upzento-rows"].to_str().unwrap().to_owned(), file.text)
    };
    let of_two_days = "from=2026-11-19&to=2026-11-20";
    let days = "day,views,starts,completions\r\n2026-11-19,0,0,0\r\n2026-11-20,10,6,3\r\n";
    assert_eq!(file(of_two_days).await, ("2".into(), days.into()));
    let of_one = file(&format!("{of_two_days}&version=1&table=days")).await.1;
    assert!(of_one.ends_with("\r\n2026-11-20,,6,3\r\n"), "{of_one}");
    let steps = "Key,Step,Reached,Stopped here\r\nwho,You,6,2\r\nwhat,,4,1\r\n";
    assert_eq!(file("table=steps&language=en").await, ("2".into(), steps.into()));
    let (rows, fields) = file("table=fields").await;
    assert!(fields.starts_with("key,label,answered,errors,dropped\r\nname,Name,6,0,"), "{fields}");
    assert_eq!(rows, (fields.lines().count() - 1).to_string());
    let book = world.owner.open(&format!("{path}?table=fields&format=xlsx")).await;
    assert_eq!(book.headers()["content-disposition"], "attachment; filename=\"form-fields.xlsx\"");
    assert!(book.bytes().await.expect("a whole file").starts_with(b"PK"));
    world.owner.get(&format!("{path}?version=9")).await.problem(404, "not_found");
    world.owner.get(&format!("{path}?from=2020-01-01&to=2026-01-01")).await.problem(422, "invalid");
    world.stranger().await.get(&path).await.problem(404, "not_found");
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "form.figures_exported").count(), 5);
    world.app.settle().await;
}

#[tokio::test]
async fn a_list_says_how_forms_did_lately_and_submissions_are_counted_by_state() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let quiet = world.published(enquiry(), json!({})).await;
    progress(&world.visitor(&form, 1), json!([{"t": "start"}])).await;
    progress(&world.visitor(&form, 2), json!([{"t": "start"}])).await;
    world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    world.tenant_query("update submissions set created_at = created_at - interval '31 days'").await;
    world.tenant_query("update form_stats set day = day - 31").await;
    progress(&world.visitor(&form, 3), json!([{"t": "start"}])).await;
    world.visitor(&form, 3).submit(1, answers()).await.expect(201);
    world.visitor(&form, 4).risk(80).submit(1, answers()).await.expect(201);
    let spam = world.visitor(&form, 5).submit(1, answers()).await.text_of("submission");
    world.owner.post(&format!("/v1/submissions/{spam}/spam"), json!({})).await.expect(200);

    let listed = world.owner.get("/v1/forms").await;
    let items = listed.expect(200)["items"].as_array().unwrap();
    let of = |form: &super::Published| items.iter().find(|item| item["id"] == form.id.as_str()).unwrap();
    let figures = |form| {
        let of = of(form);
        (of["submissions_30d"].clone(), of["starts_30d"].clone(), of["quarantined"].clone())
    };
    assert_eq!(figures(&form), (json!(2), json!(1), json!(1)), "what is older than thirty days and spam do not count");
    assert!(of(&form)["last_submission_at"].as_str().is_some_and(|at| at.starts_with("2026-11")));
    assert_eq!(figures(&quiet), (json!(0), json!(0), json!(0)));
    assert_eq!(of(&quiet)["last_submission_at"], Value::Null);
    // The list as a file says the same.
    let file = world.owner.get("/v1/forms/export").await;
    file.expect(200);
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"forms.csv\"");
    assert_eq!(file.headers["upzento-rows"], "2");
    let head = "id,name,state,published_version,widget,responsible,quarantined,submissions_30d,starts_30d,last_submission_at,\
        created_at,updated_at\r\n";
    assert!(file.text.starts_with(head), "{}", file.text);
    let line = |form: &super::Published| file.text.lines().find(|line| line.starts_with(&form.id)).unwrap_or_default();
    assert!(line(&form).contains(",1,2,1,2026-11-"), "{}", file.text);
    assert!(line(&quiet).contains(",0,0,0,,2026-11-"), "{}", file.text);

    let all = world.owner.get("/v1/submissions/counts").await;
    assert_eq!(all.expect(200), &json!({"received": 2, "quarantined": 1, "spam": 1}));
    let of_quiet = world.owner.get(&format!("/v1/submissions/counts?form={}", quiet.id)).await;
    assert_eq!(of_quiet.expect(200), &json!({"received": 0, "quarantined": 0, "spam": 0}));
    let stranger = world.stranger().await.get(&format!("/v1/submissions/counts?form={}", form.id)).await;
    assert_eq!(stranger.expect(200)["received"], 0, "another tenant's form counts nothing");
    world.owner.get("/v1/submissions/counts?form=nonsense").await.expect(400);
    world.app.settle().await;
}

#[tokio::test]
async fn a_visitor_cannot_fill_a_table() {
    let world = World::start().await;
    let form = world.published(enquiry(), json!({})).await;
    let visitor = world.visitor(&form, 1);
    let made_up: Vec<Value> = (0..100).map(|n| json!({"t": "field", "field": format!("made_up_{n}")})).collect();
    assert_eq!(progress(&visitor, json!(made_up)).await, 0);
    assert_eq!(
        progress(&visitor, json!([{"t": "step"}, {"t": "step", "step": "name"}, {"t": "field", "field": "who"}])).await,
        0
    );
    assert_eq!(progress(&visitor, json!([])).await, 0);
    let many: Vec<Value> = (0..500).map(|_| json!({"t": "start"})).collect();
    assert_eq!(progress(&visitor, json!(many)).await, 1);
    assert_eq!(world.count("select sum(count)::bigint from form_stats").await, 100, "at most a hundred count");
    let body = json!({"version": 1, "events": [{"t": "dance"}]}).to_string().into_bytes();
    visitor.call("/edge/v1/actions/progress", "application/json", body).await.expect(400);
}

#[tokio::test]
async fn figures_of_all_forms_are_the_rows_that_are_there() {
    let world = World::start().await;
    let (busy, idle) = (world.published(enquiry(), json!({})).await, world.published(enquiry(), json!({})).await);
    for session in 0..6u8 {
        let visitor = world.visitor(&busy, session);
        progress(&visitor, json!([{"t": "start"}])).await;
        if session < 3 {
            let doubted = visitor.risk(if session == 2 { 90 } else { 0 });
            assert!(doubted.submit(1, answers()).await.status < 300);
        }
    }
    world.seen(&busy, 20).await;
    let body = world.owner.get("/v1/forms/figures").await.expect(200).clone();
    let counts = json!({"views": 20, "starts": 6, "answers": 3});
    assert_eq!((&body["week"], &body["waiting"]), (&counts, &json!(1)));
    assert_eq!(body["before"], json!({"views": 0, "starts": 0, "answers": 0}));
    let (first, second) = (&body["forms"][0], &body["forms"][1]);
    assert_eq!((&first["form"], &first["week"], &first["waiting"]), (&json!(busy.id), &counts, &json!(1)));
    assert_eq!((&second["form"], &second["week"]["answers"]), (&json!(idle.id), &json!(0)));
    let days = body["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[13]["answers"], &days[13]["views"]), (14, &json!(3), &json!(20)));
    let since = body["since"].as_str().unwrap().replace('+', "%2B");
    let rows = world.owner.get(&format!("/v1/submissions?filter=created_at:gte:{since}")).await;
    assert_eq!(rows.expect(200)["items"].as_array().map(Vec::len), Some(3), "the number is its rows");
    let rows = world.owner.get("/v1/submissions?filter=state:eq:quarantined").await;
    assert_eq!(rows.expect(200)["items"].as_array().map(Vec::len), Some(1));
    // Forms of somebody else are nobody's business at level own.
    world.owner.post("/v1/roles", json!({"key": "una", "name": "Una", "grants": {"forms.*": "own"}})).await.expect(201);
    let (una, id) = world.member("una", "Una").await;
    assert_eq!(una.get("/v1/forms/figures").await.expect(200)["forms"], json!([]));
    // Nor in a file, where no name is a formula.
    let hers = json!({"name": "=1+1", "draft": enquiry(), "responsible": id});
    let hers = world.owner.post("/v1/forms", hers).await.text_of("id");
    let file = una.get("/v1/forms/export?language=ar").await;
    file.expect(200);
    assert_eq!(file.headers["upzento-rows"], "1");
    assert!(file.text.starts_with("المعرّف,الاسم,الحالة,الإصدار المنشور,"), "{}", file.text);
    assert!(file.text.contains(&format!("\r\n{hers},'=1+1,draft,,,{id},0,0,0,,2026-")), "{}", file.text);
    una.get(&format!("/v1/forms/{hers}/analytics/export")).await.expect(200);
    una.get(&format!("/v1/forms/{}/analytics/export", busy.id)).await.problem(404, "not_found");
    let rows = async |client: &tests::Client, filter: &str| {
        let file = client.get(&format!("/v1/forms/export?filter={filter}")).await;
        file.expect(200);
        file.headers["upzento-rows"].to_str().unwrap().to_owned()
    };
    assert_eq!(rows(&world.owner, "state:eq:published").await, "2");
    assert_eq!(rows(&world.owner, "name:contains:1%2B1").await, "1");
    assert_eq!(rows(&world.stranger().await, "state:eq:published").await, "0", "another tenant has its own forms");
    world.owner.get("/v1/forms/export?filter=nonsense:eq:1").await.problem(422, "invalid");
    assert_eq!(world.events().await.iter().filter(|kind| *kind == "form.list_exported").count(), 3);
    world.app.settle().await;
}

/// On the first of November 2026 clocks in Havana showed midnight at four and at five.
#[tokio::test]
async fn what_is_sent_between_two_midnights_is_of_the_day() {
    let world = World::start().await;
    world.owner.patch("/v1/tenants/current", json!({"zone": "America/Havana"})).await.expect(200);
    let form = world.published(enquiry(), json!({})).await;
    world.visitor(&form, 1).submit(1, answers()).await.expect(201);
    world.tenant_query("update submissions set created_at = '2026-11-01T04:30:00Z'").await;
    for (day, sent) in [("2026-10-31", 0), ("2026-11-01", 1)] {
        let path = format!("/v1/forms/{}/analytics?from={day}&to={day}", form.id);
        assert_eq!(world.owner.get(&path).await.expect(200)["completions"], sent, "{day}");
    }
    let path = format!("/v1/forms/{}/analytics?from=9999-01-01&to=9999-01-02", form.id);
    world.owner.get(&path).await.problem(422, "invalid");
}
