//! What plans bring: from what became of accounts and prices, month by month.
use super::Platform;
use crate::tenants::Person;
use chrono::{DateTime, Datelike, Months, TimeDelta, Utc};
use serde_json::{Value, json};
use tests::{Answer, Client};

struct Books {
    platform: Platform,
    email: String,
    admin: Client,
}

impl Books {
    async fn open() -> Self {
        let platform = Platform::start().await;
        let email = platform.hire("platform_admin").await;
        let admin = platform.sign_in(&email).await;
        Books { platform, email, admin }
    }

    fn now(&self) -> DateTime<Utc> {
        self.platform.world.app.clock.now()
    }

    /// Time goes by, longer than a session lasts.
    async fn pass(&mut self, by: TimeDelta) {
        self.platform.world.app.advance(by);
        self.admin = self.platform.sign_in(&self.email).await;
    }

    /// To noon of the second day of the next month.
    async fn next_month(&mut self) {
        let first = self.now().date_naive().with_day(1).unwrap() + Months::new(1);
        let then = first.and_hms_opt(12, 0, 0).unwrap().and_utc() + TimeDelta::days(1);
        self.pass(then - self.now()).await;
    }

    async fn plan(&self, key: &str, price: i64, trial_days: i32) -> String {
        self.admin.post("/v1/plans", plan(key, price, trial_days)).await.text_of("id")
    }

    async fn give(&self, who: &Person, plan: Option<&str>) {
        self.admin.put(&format!("/v1/accounts/{}/plan", who.tenant), json!({"plan_id": plan})).await.expect(200);
    }

    /// The months of euros. Whatever happened, each adds up and begins as the one before ended.
    async fn months(&self) -> Vec<Value> {
        let answer = self.admin.get("/v1/revenue").await;
        let months = answer.expect(200).as_array().unwrap().clone();
        let figure = |month: &Value, name: &str| month[name].as_i64().unwrap();
        for kind in ["minor", "accounts"] {
            for month in &months {
                let of = |name: &str| figure(month, &format!("{name}_{kind}"));
                if kind == "minor" {
                    let sum = of("start") + of("new") + of("expansion") - of("contraction") - of("lost");
                    assert_eq!(sum, of("end"), "{month}");
                } else {
                    assert_eq!(of("start") + of("new") - of("lost"), of("end"), "{month}");
                }
            }
            for two in months.windows(2).filter(|two| two[0]["currency"] == two[1]["currency"]) {
                assert_eq!(figure(&two[0], &format!("end_{kind}")), figure(&two[1], &format!("start_{kind}")));
            }
        }
        months
    }

    /// Start, new, more, less, lost and end of the month that runs.
    async fn now_figures(&self) -> [i64; 6] {
        let months = self.months().await;
        let last = months.last().expect("a month");
        ["start", "new", "expansion", "contraction", "lost", "end"]
            .map(|name| last[format!("{name}_minor")].as_i64().unwrap())
    }

    async fn accounts(&self, more: &str) -> Answer {
        self.admin.get(&format!("/v1/revenue/accounts?month={}{more}", self.now().date_naive())).await
    }
}

fn plan(key: &str, price: i64, trial_days: i32) -> Value {
    json!({"key": key, "name": key, "level": 1, "price_minor": price, "currency": "EUR", "trial_days": trial_days,
        "active": true})
}

#[tokio::test]
async fn months_say_what_came_what_went_and_which_accounts_that_were() {
    let mut books = Books::open().await;
    let world = &books.platform.world;
    let (anna, ben, cem) = (world.agency("Anna").await, world.agency("Ben").await, world.agency("Cem").await);
    assert_eq!(books.months().await, Vec::<Value>::new(), "nobody pays");
    let (small, large) = (books.plan("small", 1_000, 0).await, books.plan("large", 3_000, 0).await);
    let tried = books.plan("tried", 500, 60).await;
    books.give(&anna, Some(&small)).await;
    books.give(&ben, Some(&large)).await;
    books.give(&cem, Some(&tried)).await;
    assert_eq!(books.now_figures().await, [0, 4_000, 0, 0, 0, 4_000]);
    let months = books.months().await;
    assert_eq!((months.len(), &months[10]["end_accounts"], &months[11]["end_accounts"]), (12, &json!(0), &json!(2)));

    books.next_month().await;
    assert_eq!(books.now_figures().await, [4_000, 0, 0, 0, 0, 4_000]);
    books.give(&anna, Some(&large)).await;
    books.give(&ben, None).await;
    let path = format!("/v1/plans/{large}");
    books.admin.put(&path, plan("large", 2_500, 0)).await.expect(200);
    assert_eq!(books.now_figures().await, [4_000, 0, 1_500, 0, 3_000, 2_500]);
    let months = books.months().await;
    assert_eq!(
        ["start", "lost", "end"].map(|name| &months[11][format!("{name}_accounts")]),
        [&json!(2), &json!(1), &json!(1)]
    );
    assert_eq!((&months[10]["end_minor"], &months[10]["assumed"]), (&json!(4_000), &json!(false)));
    // The accounts behind each figure.
    let lost = books.accounts("&change=lost&currency=EUR").await;
    assert_eq!(lost.expect(200).as_array().map(Vec::len), Some(1));
    assert_eq!(
        ["name", "before_minor", "after_minor", "change"].map(|name| &lost.body[0][name]),
        [&json!("Ben Studio"), &json!(3_000), &json!(0), &json!("lost")]
    );
    let all = books.accounts("").await;
    let changes: Vec<_> = all.expect(200).as_array().unwrap().iter().map(|row| row["change"].clone()).collect();
    assert_eq!(changes, ["lost", "expansion"], "those with most money first");
    assert_eq!(books.accounts("&currency=USD").await.expect(200), &json!([]));
    books.accounts("&change=odd").await.expect(400);
    books.admin.get("/v1/revenue/accounts").await.expect(400);
    for odd in ["month", "2026-13-01"] {
        books.admin.get(&format!("/v1/revenue/accounts?month={odd}")).await.expect(400);
    }
    for far in ["0001-01-01", "9999-12-31"] {
        assert_eq!(books.admin.get(&format!("/v1/revenue/accounts?month={far}")).await.expect(200), &json!([]));
    }
    // What an account pays stands beside its plan.
    let account = books.admin.get(&format!("/v1/accounts/{}", anna.tenant)).await;
    assert_eq!((&account.expect(200)["price_minor"], &account.body["currency"]), (&json!(2_500), &json!("EUR")));
    let without = books.admin.get(&format!("/v1/accounts/{}", ben.tenant)).await;
    assert_eq!(without.expect(200)["price_minor"], json!(null));

    // Whoever stands still does not pay, and comes back; a trial ends without anybody doing anything.
    let stop = format!("/v1/accounts/{}/suspension", anna.tenant);
    books.admin.put(&stop, json!({"state": "suspended", "reason": "Unpaid"})).await.expect(200);
    assert_eq!(books.now_figures().await[5], 0);
    books.admin.delete(&stop).await.expect(204);
    assert_eq!(books.now_figures().await, [4_000, 0, 1_500, 0, 3_000, 2_500]);
    books.pass(TimeDelta::days(60)).await;
    assert_eq!(books.now_figures().await[5], 3_000);

    let file = books.admin.get("/v1/revenue/export").await;
    file.expect(200);
    assert!(file.text.starts_with("month,currency,start_minor,"), "{}", file.text);
    assert_eq!(file.text.lines().count(), 13);
    let log = books.admin.get("/v1/audit?filter=kind:eq:revenue.exported").await;
    assert_eq!(log.expect(200)["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_plan_that_is_given_while_its_price_changes_counts_with_the_price_it_has_then() {
    let books = Books::open().await;
    let (small, other) = (books.plan("small", 1_000, 0).await, books.plan("other", 7, 0).await);
    let mut people = vec![];
    for name in ["Anna", "Ben", "Cem"] {
        people.push(books.platform.world.agency(name).await);
    }
    // Somebody has it already and leaves it, somebody comes, somebody stays.
    books.give(&people[0], Some(&small)).await;
    books.give(&people[2], Some(&small)).await;
    let path = format!("/v1/plans/{small}");
    let dearer = async || books.admin.put(&path, plan("small", 2_000, 0)).await.expect(200).clone();
    tokio::join!(books.give(&people[0], Some(&other)), dearer(), books.give(&people[1], Some(&small)));
    assert_eq!(books.now_figures().await[5], 7 + 2_000 + 2_000);
}
