//! The contact a person is, however many ask at once.
use contacts::{Match, MatchRule, match_or_create};
use futures_util::future::join_all;
use kernel::{App, Result, tenancy::Tenant};
use std::{collections::HashSet, sync::Arc};
use tests::TestApp;

async fn start() -> (TestApp, Arc<Tenant>) {
    let app = TestApp::start_with(|config| config.database.connections_per_lane = 8).await;
    let tenant = app.bare_tenant("client").await;
    (app, tenant)
}

async fn matched(app: &Arc<App>, tenant: &Arc<Tenant>, person: Match) -> Result<contacts::Matched> {
    app.write(tenant, app.system("test"), async |tx| match_or_create(tx, person).await).await
}

fn person(emails: &[&str], phones: &[&str]) -> Match {
    let all = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect();
    Match { emails: all(emails), phones: all(phones), ..Match::default() }
}

#[tokio::test]
async fn many_at_once_with_one_new_address_make_one_contact() {
    let (app, tenant) = start().await;
    for round in 0..5 {
        let email = format!("new{round}@x.example");
        let spellings = [email.clone(), email.to_uppercase(), format!("  {email} ")];
        let asked = (0..24).map(|i| matched(&app.app, &tenant, person(&[&spellings[i % 3]], &[])));
        let found: Vec<_> = join_all(asked).await.into_iter().map(|m| m.expect("a contact")).collect();
        assert_eq!(found.iter().map(|m| m.id).collect::<HashSet<_>>().len(), 1);
        assert_eq!(found.iter().filter(|m| m.is_new()).count(), 1);
    }
    app.settle().await;
}

#[tokio::test]
async fn crossing_addresses_never_wait_in_a_circle() {
    let (app, tenant) = start().await;
    for round in 0..10 {
        let (a, b) = (format!("a{round}@x.example"), format!("b{round}@x.example"));
        let phone = format!("+49 30 9018{round:02}");
        let people = [
            person(&[&a, &b], &[]),
            person(&[&b, &a], &[]),
            person(&[&a], &[&phone]),
            person(&[], &[&phone]),
            person(&[&b], &[&phone]),
            person(&[], &[&phone]),
        ];
        let found = join_all(people.into_iter().map(|p| matched(&app.app, &tenant, p))).await;
        assert!(found.iter().all(|m| m.is_ok()), "{found:?}");
        let again = matched(&app.app, &tenant, person(&[&a], &[])).await.expect("a contact");
        assert!(!again.is_new());
    }
    // However they interleaved: no address is in two contacts that both could have matched by it first.
    let client = app.db.superuser().await;
    client.batch_execute(&format!("set search_path = {}, shared", tenant.role.as_str())).await.expect("search_path");
    let shared = client
        .query_one("select count(*) from (select canonical from contact_emails group by canonical having count(distinct contact_id) > 1) d", &[])
        .await
        .expect("a count");
    assert_eq!(shared.get::<_, i64>(0), 0);
    app.settle().await;
}

#[tokio::test]
async fn the_email_decides_and_an_address_of_another_stays_there() {
    let (app, tenant) = start().await;
    let ada = matched(&app.app, &tenant, person(&["ada@x.example"], &[])).await.expect("a contact");
    let bob = matched(&app.app, &tenant, person(&[], &["+49 30 901820"])).await.expect("a contact");
    assert_ne!(ada.id, bob.id);
    let both = matched(&app.app, &tenant, person(&["ADA@x.example"], &["+4930901820"])).await.expect("a contact");
    assert_eq!((both.id, both.matched_by.as_deref()), (ada.id, Some("email")));
    let by_phone =
        matched(&app.app, &tenant, person(&["new@x.example"], &["0049 30 901820"])).await.expect("a contact");
    assert_eq!((by_phone.id, by_phone.matched_by.as_deref()), (bob.id, Some("phone")));
    let learnt = matched(&app.app, &tenant, person(&["new@x.example"], &[])).await.expect("a contact");
    assert_eq!(learnt.id, bob.id, "the new address was added");
    for (rule, expected) in
        [(MatchRule::Phone, Some(bob.id)), (MatchRule::Email, Some(ada.id)), (MatchRule::Never, None)]
    {
        let person = Match { rule, ..person(&["ada@x.example"], &["+4930901820"]) };
        let found = matched(&app.app, &tenant, person).await.expect("a contact");
        assert_eq!((!found.is_new()).then_some(found.id), expected, "{rule:?}");
    }
    app.settle().await;
}

#[tokio::test]
async fn whatever_somebody_sends_there_is_a_contact() {
    let (app, tenant) = start().await;
    let odd = [
        Match::default(),
        person(&["nonsense", "@", ""], &["call me"]),
        Match { name: Some("x".repeat(5000)), tags: vec!["".into(), "y".repeat(200), "ok".into()], ..Match::default() },
        Match {
            name: Some("Ann".into()),
            stage: Some("no such stage".into()),
            language: Some("??".into()),
            ..Match::default()
        },
        Match { name: Some("\u{0}\u{7}".into()), emails: vec!["fine@x.example".into()], ..Match::default() },
    ];
    let mut made = HashSet::new();
    for person in odd {
        made.insert(matched(&app.app, &tenant, person).await.expect("a contact").id);
    }
    assert_eq!(made.len(), 5);
    app.settle().await;
}

#[tokio::test]
async fn a_deleted_contact_is_not_matched() {
    let (app, tenant) = start().await;
    let ada = matched(&app.app, &tenant, person(&["ada@x.example"], &[])).await.expect("a contact");
    let context = app.app.system("test");
    app.app.write(&tenant, context, async |tx| contacts::delete(tx, ada.id, None, &None).await).await.expect("deleted");
    let again = matched(&app.app, &tenant, person(&["ada@x.example"], &[])).await.expect("a contact");
    assert!(again.is_new());
    app.settle().await;
}
