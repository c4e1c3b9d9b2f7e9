//! Every table is somebody's.
use privacy::registry::{IMPERSONAL, REGISTRY};
use std::collections::BTreeSet;
use tests::database::TestDatabase;

#[tokio::test]
async fn every_table_is_registered_as_personal_or_says_why_it_is_not() {
    let db = TestDatabase::create().await;
    let client = db.superuser().await;
    let rows = client
        .query(
            "select tablename::text from pg_tables where schemaname = (select schema_name from control.tenants where state = 'ready' limit 1)",
            &[],
        )
        .await
        .expect("tables");
    let tables: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let personal = REGISTRY.iter().flat_map(|module| module.tables).map(|t| (*t).to_owned());
    let named: Vec<String> = personal.chain(IMPERSONAL.iter().map(|(table, _)| (*table).to_owned())).collect();
    let known: BTreeSet<String> = named.iter().cloned().collect();
    assert_eq!(named.len(), known.len(), "a table is named once");
    assert_eq!(tables, known);
    drop(client);
    db.drop().await;
}
