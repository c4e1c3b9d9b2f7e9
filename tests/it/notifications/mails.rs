//! E-mail: real SMTP where it matters, a recorder where it does not.
use super::write;
use crate::tenants::World;
use ::kernel::{Error, Result};
use ::notifications::{
    mails::{NewMail, Template, erase, queue},
    providers::SendError,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::TestApp;

fn mail(to: &str, n: u32) -> NewMail {
    NewMail::new(Template::Generic, to, json!({"title": format!("Number {n}"), "body": "A text of its own"}))
}

/// Column of the only mail there is.
async fn field(world: &World, column: &str) -> Value {
    let sql = format!("select to_jsonb(m.{column}) from ops.mails m order by created_at, id limit 1");
    world
        .app
        .db
        .superuser()
        .await
        .query_one(&sql, &[])
        .await
        .expect("a mail")
        .get::<_, Option<Value>>(0)
        .unwrap_or_default()
}

#[tokio::test]
async fn a_mail_exists_only_when_its_cause_commits_and_once_under_a_key() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let lost: Result<()> = write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("a@example.org", 1)).await?;
        Err(Error::not_found())
    })
    .await;
    assert!(lost.is_err());
    let keyed = NewMail { dedupe_key: Some("once".into()), ..mail("a@example.org", 2) };
    let mut ids = vec![];
    for _ in 0..2 {
        ids.push(
            write(&world, owner.tenant, async |tx| {
                let now = tx.now();
                queue(tx, now, &keyed).await
            })
            .await
            .unwrap(),
        );
    }
    assert_eq!(ids[0], ids[1]);
    world.app.settle().await;
    let taken = world.mailbox.taken();
    assert_eq!(taken.len(), 1);
    let message = mail_parser::MessageParser::default().parse(&taken[0].raw).unwrap();
    assert_eq!(message.subject(), Some("Number 2"));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("Northlight Studio"), "not the platform's name");
    assert!(!String::from_utf8_lossy(&taken[0].raw).to_lowercase().contains("upzento"), "no trace of the platform");
    // What it said is gone, that it went is known.
    assert_eq!((field(&world, "state").await, field(&world, "data").await), (json!("sent"), Value::Null));
    let list = owner.client.get("/v1/mails").await;
    assert_eq!(list.expect(200)["items"][0]["recipient"], "a@example.org");
    assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn while_nobody_takes_it_a_mail_waits_and_then_goes_once() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    for _ in 0..3 {
        world.mailbox.answer_next(Err(SendError::Later("connection refused".into())));
    }
    write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("a@example.org", 1)).await
    })
    .await
    .unwrap();
    for attempt in 1..=3 {
        world.app.settle().await;
        assert_eq!((field(&world, "state").await, field(&world, "attempts").await), (json!("queued"), json!(attempt)));
        assert_eq!(field(&world, "last_error").await, "connection refused");
        world.app.advance(TimeDelta::minutes(1));
    }
    let id = field(&world, "message_id").await;
    world.app.settle().await;
    world.app.advance(TimeDelta::hours(1));
    world.app.settle().await;
    let taken = world.mailbox.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(json!(taken[0].message_id), id, "the id is the same at every attempt");
}

#[tokio::test]
async fn a_refused_mail_fails_at_once_and_can_be_tried_again() {
    let world = World::start().await;
    let (owner, stranger) = (world.agency("Northlight").await, world.agency("Harbour").await);
    world.mailbox.answer_next(Err(SendError::Refused("550 no such user".into())));
    let mail = mail("nobody@example.org", 1);
    let id = write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail).await
    })
    .await
    .unwrap();
    world.app.settle().await;
    let path = format!("/v1/mails/{id}");
    let failed = owner.client.get(&path).await;
    assert_eq!(
        (&failed.expect(200)["state"], &failed.body["last_error"]),
        (&json!("failed"), &json!("550 no such user"))
    );
    stranger.client.get(&path).await.problem(404, "not_found");
    stranger.client.post(&format!("{path}/retry"), json!({})).await.problem(404, "not_found");
    assert_eq!(owner.client.post(&format!("{path}/retry"), json!({})).await.expect(200)["state"], "queued");
    world.app.settle().await;
    assert_eq!(owner.client.get(&path).await.expect(200)["state"], "sent");
    owner.client.post(&format!("{path}/retry"), json!({})).await.problem(409, "mail_not_failed");
    assert_eq!(world.mailbox.taken().len(), 1);
}

#[tokio::test]
async fn patience_ends_after_three_days() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    for _ in 0..400 {
        world.mailbox.answer_next(Err(SendError::Later("away".into())));
    }
    write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("a@example.org", 1)).await
    })
    .await
    .unwrap();
    for _ in 0..(3 * 48 + 2) {
        world.app.settle().await;
        world.app.advance(TimeDelta::minutes(31));
    }
    assert_eq!(field(&world, "state").await, "failed");
    assert!(world.mailbox.taken().is_empty());
}

#[tokio::test]
async fn a_claim_of_a_dead_program_is_taken_over() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("a@example.org", 1)).await
    })
    .await
    .unwrap();
    // As a program leaves it that dies between claiming and sending.
    world.sql("update ops.mails set state = 'sending', attempts = 1, message_id = '<fixed@x>', claimed_until = '2026-11-20T12:05:00Z'").await;
    world.app.settle().await;
    assert!(world.mailbox.taken().is_empty(), "somebody else has it in hand");
    world.app.advance(TimeDelta::minutes(5));
    world.app.settle().await;
    let taken = world.mailbox.taken();
    assert_eq!((taken.len(), taken[0].message_id.as_str()), (1, "<fixed@x>"));
    assert_eq!(field(&world, "state").await, "sent");
}

#[tokio::test]
async fn a_real_server_gets_it_signed_and_waits_for_it_when_it_was_down() {
    // A port that is free now and where nobody listens yet.
    let place = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    let app = TestApp::start_with(|config| {
        config.smtp.url = format!("smtp://{address}?tls=off").into();
        config.smtp.from = "Platform <no-reply@mail.example>".into();
        config.smtp.dkim_domain = "mail.example".into();
        config.smtp.dkim_selector = "s1".into();
        config.smtp.dkim_key = key.to_owned().into();
    })
    .await;
    let world = World::unmocked(app);
    let owner = world.agency("Northlight").await;
    let to = NewMail {
        to_name: Some("Añne".into()),
        reply_to: Some("desk@client.example".into()),
        headers: [("List-Unsubscribe".to_owned(), "<https://x.example/u>".to_owned())].into(),
        ..mail("a@example.org", 1)
    };
    write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &to).await
    })
    .await
    .unwrap();
    world.app.settle().await;
    assert_eq!(field(&world, "state").await, "queued");
    let mailbox = xtask::mail::Mailbox::default();
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let server = tokio::spawn(xtask::mail::serve(listener, mailbox.clone()));
    world.app.advance(TimeDelta::minutes(1));
    world.app.settle().await;
    world.app.advance(TimeDelta::minutes(10));
    world.app.settle().await;
    server.abort();
    let all = mailbox.all();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].subject.as_str(), all[0].to.as_slice()), ("Number 1", ["a@example.org".to_owned()].as_slice()));
    let raw = String::from_utf8(all[0].raw.clone()).unwrap();
    for part in [
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=mail.example; s=s1;",
        "Auto-Submitted: auto-generated",
        "List-Unsubscribe: <https://x.example/u>",
        "Reply-To: desk@client.example",
    ] {
        assert!(raw.contains(part), "{part} in {raw}");
    }
    assert!(all[0].text.contains("A text of its own") && all[0].html.contains("A text of its own"));
    assert_eq!(field(&world, "state").await, "sent");
}

#[tokio::test]
async fn an_erased_reader_leaves_no_trace_and_gets_nothing_more() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("Ada@example.org", 1)).await
    })
    .await
    .unwrap();
    world.app.settle().await;
    write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("ada@example.org", 2)).await
    })
    .await
    .unwrap();
    let wiped =
        write(&world, owner.tenant, async |tx| erase(tx, &["ADA@example.org".into()], None).await).await.unwrap();
    assert_eq!(wiped, 2);
    world.app.settle().await;
    assert_eq!(world.mailbox.taken().len(), 1);
    let rows = world.app.db.superuser().await.query("select to_jsonb(m)::text from ops.mails m", &[]).await.unwrap();
    for row in rows {
        let text: String = row.get(0);
        assert!(!text.to_lowercase().contains("ada@") && !text.contains("Number"), "{text}");
    }
}

#[tokio::test]
async fn old_mail_is_deleted_in_every_tenant() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    write(&world, owner.tenant, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("a@example.org", 1)).await
    })
    .await
    .unwrap();
    let app = &world.app.app;
    app.control(app.system("test"), async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("b@example.org", 2)).await
    })
    .await
    .unwrap();
    world.app.settle().await;
    world.app.advance(TimeDelta::days(29));
    world.app.settle().await;
    let count = async || -> i64 {
        world.app.db.superuser().await.query_one("select count(*) from ops.mails", &[]).await.unwrap().get(0)
    };
    assert_eq!(count().await, 2);
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn mail_is_seen_by_who_may() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    let staff = world.member(client, "client_staff", "Kim").await;
    write(&world, client, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("a@example.org", 1)).await
    })
    .await
    .unwrap();
    let to_kim = NewMail::to_member(Template::Generic, staff.id.0, json!({"title": "T", "body": "B"}));
    write(&world, client, async |tx| {
        let now = tx.now();
        queue(tx, now, &to_kim).await
    })
    .await
    .unwrap();
    world.app.settle().await;
    assert_eq!(owner.acting_in(client).get("/v1/mails").await.expect(200)["items"].as_array().unwrap().len(), 2);
    assert!(owner.client.get("/v1/mails").await.expect(200)["items"].as_array().unwrap().is_empty());
    world.app.anonymous().get("/v1/mails").await.problem(401, "credential_missing");
    let recipients: Vec<_> = world.mailbox.taken().into_iter().map(|m| m.to).collect();
    assert!(recipients.contains(&"kim@example.com".to_owned()), "a member's address is looked up: {recipients:?}");
}

#[tokio::test]
async fn mail_of_a_suspended_account_waits_until_it_is_resumed() {
    let world = World::start().await;
    let owner = world.agency("Northlight").await;
    let client = world.client(&owner, "Dental").await;
    world.app.settle().await;
    write(&world, client, async |tx| {
        let now = tx.now();
        queue(tx, now, &mail("a@example.org", 1)).await
    })
    .await
    .unwrap();
    let path = format!("/v1/clients/{client}/suspension");
    owner.client.post(&path, json!({"reason": "Unpaid"})).await.expect(201);
    world.app.settle().await;
    world.app.advance(TimeDelta::days(2));
    world.app.settle().await;
    assert!(world.mailbox.taken().is_empty());
    world.person_of(&owner).await.delete(&path).await.expect(204);
    world.app.settle().await;
    assert_eq!(world.mailbox.taken().len(), 1);
    assert_eq!(field(&world, "state").await, "sent");
}
