//! Drift: a schema that is not what its version says.

use tenant_migrations::catalog::drift;

use crate::support::{Database, NOTES, sets};

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_drift_is_named() {
    let files = [
        NOTES,
        (
            "V3__more",
            "-- more\n-- safe\ncreate index notes_text_idx on notes (text); alter table notes add constraint notes_text_check check (text <> '');\n",
        ),
    ];
    let sets = sets(&files);
    let database = Database::migrated(&sets).await;
    let tenants = database.fleet(&sets, 7).await;
    let superuser = database.superuser().await;
    let changes = [
        ("alter table {}.notes add column extra int", "column|notes|3|extra"),
        ("drop index {}.notes_text_idx", "index|notes_text_idx"),
        ("alter table {}.notes drop constraint notes_text_check", "constraint|notes|notes_text_check"),
        ("grant update on {}.events to {}", "right|events|tenant|UPDATE"),
        ("alter table {}.notes alter column text set default 'x'", "column|notes|2|text"),
        ("alter table {}.notes owner to postgres", "owner|notes|"),
    ];
    for (tenant, (sql, _)) in tenants.iter().zip(&changes) {
        superuser.batch_execute(&sql.replace("{}", tenant.name.as_str())).await.unwrap();
    }
    let (compared, found) = drift(&mut *database.owner().await, &sets).await.unwrap();
    assert_eq!((compared, found.len()), (8, changes.len()));
    for (tenant, (_, line)) in tenants.iter().zip(&changes) {
        let drift = found.iter().find(|drift| drift.tenant == tenant.id).unwrap();
        let mut lines = drift.missing.iter().chain(&drift.unexpected);
        assert!(lines.any(|found| found.starts_with(line)), "{line}: {drift:?}");
    }
    // A tenant of an older version is compared with that version.
    let newer = crate::support::sets(&[files[0], files[1], ("V4__x", "-- x\n-- y\ncreate table x (id int);\n")]);
    let (_, found) = drift(&mut *database.owner().await, &newer).await.unwrap();
    assert_eq!(found.len(), changes.len());
}
