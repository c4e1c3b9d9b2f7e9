//! Columns of files are named for whoever reads them, or for programs.
use crate::{contacts::id_of, forms::World};
use serde_json::json;

#[tokio::test]
async fn columns_are_named_in_the_language_of_the_reader() {
    let world = World::start().await;
    let field = json!({"record": "contact", "label": "Tax class", "type": "text"});
    world.owner.post("/v1/custom-fields", field).await.expect(201);
    let ada = id_of(&world.owner, json!({"first_name": "Ada"})).await;
    let timeline = format!("contacts/{ada}/timeline");
    for list in [
        "contacts",
        "companies",
        "deals",
        "tasks",
        "activities",
        "occasions",
        "greeting-sends",
        timeline.as_str(),
        "reports",
        "tags",
        "contact-imports",
        "report-schedules",
    ] {
        let head = async |language: &str| {
            let file = world.owner.get(&format!("/v1/{list}/export?{language}")).await;
            file.expect(200);
            let line = file.text.split("\r\n").next().expect("a head").to_owned();
            line.split(',').map(str::to_owned).collect::<Vec<_>>()
        };
        let (keys, english, arabic) = (head("").await, head("language=en").await, head("language=ar").await);
        assert!(keys.iter().all(|key| !key.contains(' ')), "{keys:?}");
        assert!(english.iter().all(|name| !name.contains('_') && name.starts_with(char::is_uppercase)), "{english:?}");
        let own = |name: &str| name == "Tax class";
        assert!(arabic.iter().all(|name| own(name) || !name.is_ascii()), "{arabic:?}");
        assert_eq!((keys.len(), keys.len()), (english.len(), arabic.len()));
        if list == "contacts" {
            assert_eq!(
                (keys.last().map(String::as_str), arabic.last().map(String::as_str)),
                (Some("custom.tax_class"), Some("Tax class"))
            );
        }
    }
}
