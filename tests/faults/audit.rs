//! `upzento admin verify-audit`, as an operator or a cron job runs it.
use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_learns_which_log_was_touched_and_where() {
    let world = World::start().await;
    world.settled().await;
    let verify = async |arguments: &[&str]| {
        let (printed, status) = world.core.run(&[&["admin", "verify-audit"], arguments].concat()).await;
        let lines: Vec<String> = printed.lines().filter(|l| l.starts_with("ten_")).map(str::to_owned).collect();
        (lines, status.code())
    };
    let (before, code) = verify(&[]).await;
    assert_eq!((before.len(), code), (3, Some(0)), "{before:?}");
    // Touched, in a tenant that stands still: a log is a log.
    let sql = format!(
        "update {0}.events set title = title || '!' where id = (select event_id from {0}.event_log where seq = 2);
         update control.tenants set state = 'suspended' where schema_name = '{0}'",
        world.schema
    );
    world.db.superuser().await.batch_execute(&sql).await.unwrap();
    let (after, code) = verify(&[]).await;
    assert_eq!(code, Some(1));
    let broken: Vec<_> = after.iter().filter(|line| line.ends_with("BROKEN at 2 (hash)")).collect();
    let [broken] = broken.as_slice() else { panic!("{after:?}") };
    assert_eq!(after.iter().filter(|line| before.contains(line)).count(), 2, "the others hold: {after:?}");
    let tenant = broken.split(' ').next().unwrap();
    assert_eq!(verify(&["--tenant", tenant]).await, (vec![(*broken).clone()], Some(1)));
    let whole = before.iter().find(|line| !line.starts_with(tenant)).unwrap();
    assert_eq!(verify(&["--tenant", whole.split(' ').next().unwrap()]).await, (vec![whole.clone()], Some(0)));
    let (nothing, code) = verify(&["--tenant", "ten_00000000000000000000000000"]).await;
    assert!(nothing.is_empty() && code == Some(1));
    world.finish().await;
}
