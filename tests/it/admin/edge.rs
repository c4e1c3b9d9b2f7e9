//! A real edge beside the program, for what visitors notice of the administration.
use super::{Platform, Shop};
use embed_edge::{Handle, Options, Times};
use kernel::config::{Config, Rate};
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};

/// The website with the widget.
pub(crate) const PAGE: &str = "https://client.example";

pub(crate) struct Edge {
    handle: Handle,
    http: reqwest::Client,
    url: String,
    assets: PathBuf,
}

impl Edge {
    pub(crate) async fn start(platform: &Platform) -> Self {
        Self::start_with(platform, |_| {}).await
    }

    /// With a changed configuration.
    pub(crate) async fn start_with(platform: &Platform, change: impl FnOnce(&mut Config)) -> Self {
        let app = &platform.world.app;
        let assets = std::env::temp_dir().join(format!("{}-assets", app.db.name));
        std::fs::create_dir_all(assets.join("assets")).unwrap();
        let manifest =
            r#"{"version":"1.0.0","build":"b1","loader":"loader.js","widgets":{"form":{"js":"assets/form.js"}}}"#;
        for (name, text) in
            [("manifest.json", manifest), ("loader.js", ""), ("loader@1.0.0.js", ""), ("assets/form.js", "")]
        {
            std::fs::write(assets.join(name), text).unwrap();
        }
        let mut config = app.app.config.clone();
        config.edge.core_url = app.url.clone();
        config.edge.hosts = vec!["127.0.0.1:*".into()];
        config.edge.assets = assets.display().to_string();
        config.edge.limit_forms = Rate::new(1_000_000, 1_000_000);
        change(&mut config);
        let times = Times { certificate: Duration::from_millis(20), ..Times::default() };
        let options = Options { clock: app.clock.clone(), times };
        let handle = embed_edge::serve(&config, options).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Edge { url: format!("http://{}", handle.addr), handle, http, assets }
    }

    /// Status and body of the frame as the page gets it.
    pub(crate) async fn frame(&self, shop: &Shop) -> (u16, String) {
        let url = format!("{}/w/{}?o=https%3A%2F%2Fclient.example&m=inline", self.url, shop.widget);
        let call = self.http.get(url).header("referer", format!("{PAGE}/")).header("sec-fetch-dest", "iframe");
        let answer = call.header("sec-fetch-site", "cross-site").send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// A session, the way a frame gets it.
    pub(crate) async fn session(&self, shop: &Shop) -> String {
        let (status, page) = self.frame(shop).await;
        assert_eq!(status, 200, "{page}");
        let data = page.split_once("id=\"upz\">").unwrap().1.split_once("</script>").unwrap().0;
        let token = serde_json::from_str::<Value>(data).unwrap()["token"].as_str().unwrap().to_owned();
        let (status, answer) = self.post("/v1/session", &token, "", json!({})).await;
        assert_eq!(status, 200, "{answer}");
        answer["token"].as_str().unwrap().to_owned()
    }

    /// Sends the form; gives the status and the code of a refusal.
    pub(crate) async fn submit(&self, token: &str, key: &str) -> (u16, String) {
        let body =
            json!({"version": 1, "answers": crate::forms::answers(), "filled_ms": 9_000, "honey": "", "attr": {}});
        let (status, answer) = self.post("/v1/a/form", token, key, body).await;
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    }

    async fn post(&self, path: &str, token: &str, key: &str, body: Value) -> (u16, Value) {
        let call = self.http.post(format!("{}{path}", self.url)).bearer_auth(token).header("origin", &self.url);
        let call = call.header("sec-fetch-site", "same-origin").header("idempotency-key", key).json(&body);
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
    }

    /// Waits until a submission with this token is answered so: the edge hears of changes within a second.
    pub(crate) async fn until(&self, token: &str, wanted: (u16, &str)) {
        for n in 0..400 {
            let (status, code) = self.submit(token, &format!("until-{n}")).await;
            if (status, code.as_str()) == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the edge never answered {wanted:?}");
    }

    pub(crate) async fn stop(self) {
        self.handle.stop().await;
        let _ = std::fs::remove_dir_all(&self.assets);
    }
}
