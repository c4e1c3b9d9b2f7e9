//! Contacts that become one, with everything that hangs on them, and apart again.
use super::{
    contact_imports::{import, path_of},
    id_of,
};
use crate::{
    fields::{define, path_of as field_path},
    followups::{owner, propose},
    forms::World,
};
use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use kernel::db::Reference;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::{Answer, Client};

/// Tables that a merge and its undo add to: the logs, and what is derived later.
const LOGS: &[&str] = &[
    "events",
    "event_log",
    "event_cursors",
    "contact_merges",
    "contact_merge_members",
    "contact_duplicates",
    "contact_duplicate_keys",
    "contact_duplicate_queue",
    "segments",
    "segment_members",
    "segment_dirty",
    "scoring",
    "score_dirty",
    "health_dirty",
];

/// Columns that name a contact and that a merge leaves alone, with the reason.
const LEFT: &[(&str, &str, &str)] = &[
    ("consents", "contact_id", "the ledger only grows: readers ask for those that became part of the contact too"),
    ("events", "contact_id", "the log only grows: timelines ask for those that became part of the contact too"),
    ("events", "subject_id", "what happened happened to the contact that went"),
    ("attachments", "note_id", "a note goes with its contact, and its files with the note"),
    ("contact_emails", "contact_id", "a field: united by the choice of fields"),
    ("contact_phones", "contact_id", "a field: united by the choice of fields"),
    ("custom_field_values", "record_id", "derived from the values, which are fields"),
    ("contact_merges", "kept_id", "the merge itself"),
    ("contact_merge_members", "merged_id", "the merge itself"),
    ("contact_merge_rows", "merged_id", "the merge itself"),
    ("contact_duplicates", "one_id", "a pair is asked for while both are there; what was decided is carried over"),
    ("contact_duplicates", "other_id", "as one_id"),
    ("contact_duplicate_keys", "contact_id", "derived in the background"),
    ("contact_duplicate_queue", "contact_id", "work that waits"),
    ("segment_members", "contact_id", "derived from conditions and picks"),
    ("segment_dirty", "contact_id", "work that waits"),
    ("score_dirty", "contact_id", "work that waits"),
    ("contact_bulk_run_rows", "contact_id", "what a run did to the contact that went, for its undo"),
    ("follow_ups", "task_id", "a task, whose kind stands beside it"),
    ("contact_import_traces", "record_id", "a company"),
];

/// Every row of every table, except the logs.
pub async fn dump(world: &World) -> BTreeMap<String, Vec<String>> {
    let tables = world
        .tenant_query("select tablename::text from pg_tables where schemaname = current_schema() order by 1")
        .await;
    let mut all = BTreeMap::new();
    for table in tables.iter().map(|row| row.get::<_, String>(0)).filter(|table| !LOGS.contains(&table.as_str())) {
        let rows = world.tenant_query(&format!("select t::text from {table} t order by 1")).await;
        all.insert(table, rows.iter().map(|row| row.get(0)).collect());
    }
    all
}

/// How many rows of each registered column name one of the contacts.
async fn counts(world: &World, contacts: &[&str]) -> BTreeMap<String, i64> {
    let ids: Vec<uuid::Uuid> = contacts.iter().map(|id| bare(id)).collect();
    counts_of(world, world.app.app.modules.iter().flat_map(|module| module.references), &ids).await
}

/// How many rows of each of these columns name one of the records.
pub async fn counts_of<'a>(
    world: &World,
    references: impl Iterator<Item = &'a Reference>,
    ids: &[uuid::Uuid],
) -> BTreeMap<String, i64> {
    let list = ids.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
    let mut all = BTreeMap::new();
    for reference in references {
        let only = reference.only.map_or_else(String::new, |only| format!(" and {only}"));
        let (table, column) = (reference.table, reference.column);
        let sql = format!("select count(*) from {table} l where l.{column} in ({list}){only}");
        all.insert(format!("{table}.{column}"), world.count(&sql).await);
    }
    all
}

/// A contact's id as the database has it.
pub fn bare(id: &str) -> uuid::Uuid {
    kernel::ids::decode(id.strip_prefix("con_").expect("a contact")).expect("an id")
}

async fn merge(client: &Client, kept: &str, merged: &[&str]) -> Answer {
    client.post("/v1/contact-merges", json!({"kept": kept, "merged": merged})).await
}

async fn undo(client: &Client, merge: &Value, how: Value) -> Answer {
    client.post(&format!("/v1/contact-merges/{}/undo", merge["id"].as_str().expect("an id")), how).await
}

/// Two contacts of one person, who meet wherever two rows can meet.
async fn twins(world: &World) -> (String, String) {
    let client = &world.owner;
    define(client, json!({"key": "badge", "label": "Badge", "type": "text", "unique": true})).await;
    define(client, json!({"key": "boss", "label": "Boss", "type": "link", "target": "contact"})).await;
    define(
        client,
        json!({"record": "deal", "key": "advisor", "label": "Advisor", "type": "link", "target": "contact"}),
    )
    .await;
    define(client, json!({"key": "loud", "label": "Loud", "type": "formula", "result": "text", "expression": "first_name | upper"})).await;
    let ann = json!({"first_name": "Ann", "emails": [{"address": "ann@x.example"}], "tags": ["vip", "a"],
        "custom": {"badge": "A-1"}, "owner": world.owner_id});
    let anna = json!({"first_name": "Anna", "last_name": "Lee", "profiles": [{"url": "x.com/anna"}], "emails": [{"address": "anna@x.example"}, {"address": "ann@x.example"}],
        "phones": [{"number": "030 901820"}], "tags": ["vip", "b"], "custom": {"badge": "A-2"}, "stage": "qualified",
        "touch": {"page": "https://x.example/"}});
    let (ann, anna) = (id_of(client, ann).await, id_of(client, anna).await);
    let follower = id_of(client, json!({"first_name": "Bob", "custom": {"boss": anna}})).await;
    let (one, two) = (
        make(client, "/v1/companies", json!({"name": "One"})).await,
        make(client, "/v1/companies", json!({"name": "Two"})).await,
    );
    for (company, contact, place) in [
        (&one, &ann, json!({"roles": ["billing"]})),
        (&one, &anna, json!({"roles": ["technical"], "primary": true})),
        (&two, &anna, json!({"roles": ["technical"], "primary": true})),
    ] {
        client.put(&format!("/v1/companies/{company}/contacts/{contact}"), place).await.expect(200);
    }
    let deal = |contacts: Value| json!({"title": "Deal", "amount": 100, "currency": "EUR", "contacts": contacts, "custom": {"advisor": anna}});
    make(client, "/v1/deals", deal(json!([{"contact": ann}, {"contact": anna, "role": "billing"}]))).await;
    make(client, "/v1/deals", deal(json!([{"contact": anna, "role": "user"}]))).await;
    for contact in [&ann, &anna] {
        let path = format!("/v1/contacts/{contact}");
        client.post(&format!("{path}/notes"), json!({"body": "Called"})).await.expect(201);
        client.put(&format!("{path}/followers/{}", world.owner_id), json!({})).await.expect(200);
        client.post("/v1/notification-mutes", json!({"record": contact})).await.expect(201);
        client.put(&format!("{path}/do-not-contact/sms"), json!({"reason": "asked"})).await.expect(204);
        client
            .post(&format!("{path}/consents"), json!({"purpose": "news", "state": "granted", "text": "Yes"}))
            .await
            .expect(201);
        make(client, "/v1/tasks", json!({"title": "Ring", "contact": contact})).await;
        make(
            client,
            "/v1/occasions",
            json!({"contact": contact, "kind": "birthday", "date_kind": "yearly", "month": 5, "day": 1}),
        )
        .await;
        propose(client, contact).await;
        let file = super::contact_imports::upload(client, "a.txt", b"hello".as_slice()).await;
        make(client, "/v1/attachments", json!({"contact": contact, "file": file})).await;
    }
    for picked in [json!([ann, anna]), json!([anna])] {
        let list = make(client, "/v1/segments", json!({"name": format!("{picked}"), "kind": "static"})).await;
        client.post(&format!("/v1/segments/{list}/members"), json!({"add": picked})).await.expect(200);
    }
    client.put(&format!("/v1/contacts/{anna}/do-not-contact/email"), json!({})).await.expect(204);
    let sequences = client.get("/v1/sequences").await.expect(200)["items"].clone();
    let runs = json!({"sequence": sequences[0]["id"], "contacts": [ann, anna]});
    client.post("/v1/enrolments", runs).await.expect(201);
    world.app.settle().await;
    by_hand(world, &ann, &anna).await;
    assert!(!follower.is_empty());
    (ann, anna)
}

/// What only files, visitors, imports and mornings bring.
async fn by_hand(world: &World, ann: &str, anna: &str) {
    let (ann, anna) = (bare(ann), bare(anna));
    let id = "gen_random_uuid()";
    for sql in [
        "insert into greetings (id, name, kinds, subject, body, name_key, created_at, updated_at) values
          ('00000000-0000-7000-8000-00000000aaaa', 'Birthday', '{birthday}', 's', 'b', 'birthday', now(), now()),
          ('00000000-0000-7000-8000-00000000aaab', 'Other', '{birthday}', 's', 'b', 'other', now(), now())".to_owned(),
        format!("insert into greeting_sends (id, greeting_id, contact_id, day, state, exclusive, created_at) values
          ({id}, '00000000-0000-7000-8000-00000000aaaa', '{ann}', '2026-05-01', 'sent', true, now()),
          ({id}, '00000000-0000-7000-8000-00000000aaaa', '{anna}', '2026-05-01', 'sent', true, now()),
          ({id}, '00000000-0000-7000-8000-00000000aaab', '{anna}', '2026-05-02', 'sent', true, now())"),
        format!("insert into files (id, name, size, type, sha256, state, object_key, owner_kind, owner_id, contact_id, uploaded_by_kind, created_at, updated_at)
          values ({id}, 'a.txt', 1, 'text/plain', '\\x00', 'attached', 'k', 'contacts', '{anna}', '{anna}', 'user', now(), now())"),
        format!("insert into notifications (id, user_id, module, kind, title, contact_id, created_at)
          values ({id}, {id}, 'tasks', 'task.due', 't', '{anna}', now())"),
        format!("insert into contact_imports (id, file_name, file_size, sha256, original_id, source_id, kind, encoding, delimiter, has_header,
            columns, options, state, rows_total, created_at, updated_at)
          values ('00000000-0000-7000-8000-00000000bbbb', 'a.csv', 1, 's', {id}, {id}, 'csv', 'utf-8', ',', true, '{{}}', '{{}}', 'done', 1, now(), now())"),
        format!("insert into contact_import_rows (import_id, line, outcome, contact_id)
          values ('00000000-0000-7000-8000-00000000bbbb', 2, 'created', '{anna}')"),
        format!("insert into contact_import_traces (import_id, step, line, part, contact_id, trace)
          values ('00000000-0000-7000-8000-00000000bbbb', 0, 2, 'blocks', '{anna}', '[]')"),
        format!("insert into data_requests (id, contact_id, kind, requested_by_kind, created_at) values ({id}, '{anna}', 'export', 'user', now())"),
        "insert into data_exports (request_id, contact_id, document, created_at, expires_at)
          select id, contact_id, '{}', now(), now() from data_requests".to_owned(),
    ] {
        world.tenant_query(&sql).await;
    }
}

async fn make(client: &Client, path: &str, body: Value) -> String {
    client.post(path, body).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn everything_follows_and_an_undo_gives_back_every_byte() {
    let world = World::start().await;
    let (ann, anna) = twins(&world).await;
    let (before, had) = (dump(&world).await, counts(&world, &[&ann, &anna]).await);
    let empty: Vec<_> = had.iter().filter(|(_, count)| **count == 0).map(|(column, _)| column.as_str()).collect();
    // Nothing came by a form, nobody was merged before and no follow-up was caused by a contact; all else is there.
    let absent = [
        "contacts.merged_into",
        "deliveries.contact_id",
        "digest_lines.contact_id",
        "enrolments.cause_id",
        "follow_ups.cause_id",
        "follow_ups.started_id",
        "submissions.contact_id",
    ];
    assert_eq!(empty, absent);

    let made = merge(&world.owner, &ann, &[&anna]).await.expect(201).clone();
    world.app.settle().await;
    let mut has = counts(&world, &[&ann, &anna]).await;
    assert_eq!(has.remove("contacts.merged_into"), Some(1));
    assert!(has.iter().all(|(column, count)| had[column] == *count), "no row is lost: {had:?} {has:?}");
    let stayed: BTreeMap<String, i64> =
        counts(&world, &[&anna]).await.into_iter().filter(|(_, count)| *count > 0).collect();
    let expected = [
        "company_contacts.contact_id",
        "deal_contacts.contact_id",
        "do_not_contact.contact_id",
        "followers.contact_id",
        "greeting_sends.contact_id",
        "notification_mutes.record_id",
        "occasions.contact_id",
        "segment_picks.contact_id",
    ];
    assert_eq!(stayed, expected.map(|column| (column.to_owned(), 1)).into());

    let contact = world.owner.get(&format!("/v1/contacts/{ann}")).await.expect(200).clone();
    let said = |field: &str| contact[field].clone();
    assert_eq!(
        (said("display_name"), said("stage"), said("tags")),
        (json!("Ann Lee"), json!("new"), json!(["a", "b", "vip"]))
    );
    assert_eq!(contact["emails"].as_array().unwrap().len(), 2);
    assert_eq!(contact["custom"], json!({"badge": "A-1", "loud": "ANN"}));
    let gone = world.owner.get(&format!("/v1/contacts/{anna}")).await;
    assert_eq!(gone.problem(404, "merged")["merged_into"], ann.as_str());
    let followers = world.owner.get(&format!("/v1/contacts?filter=custom.boss:eq:{ann}")).await;
    assert_eq!(followers.expect(200)["items"][0]["custom"]["boss"], ann.as_str());
    let deals = world.owner.get(&format!("/v1/deals?contact={ann}")).await.expect(200)["items"].clone();
    assert!(
        deals
            .as_array()
            .unwrap()
            .iter()
            .all(|deal| deal["custom"]["advisor"] == ann.as_str() && deal["contacts"].as_array().unwrap().len() == 1)
    );
    let places = world
        .tenant_query(&format!(
            "select roles::text, is_primary from company_contacts where contact_id = '{}' order by 1",
            bare(&ann)
        ))
        .await;
    let places: Vec<(String, bool)> = places.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(places, [("{billing,technical}".to_owned(), true), ("{technical}".to_owned(), true)]);
    let running = world.count("select count(*) from enrolments where status = 'active'").await;
    assert_eq!((running, world.count("select count(*) from enrolments where reason = 'merged'").await), (1, 1));
    let consents = world.owner.get(&format!("/v1/contacts/{ann}/consents")).await;
    assert_eq!(consents.expect(200)["items"].as_array().unwrap().len(), 2);
    let timeline = world.owner.get(&format!("/v1/contacts/{ann}/timeline?limit=200")).await;
    let notes = timeline.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "note.created")
        .count();
    assert_eq!(notes, 2, "what happened with the other one is told too");

    // The job that looks for late rows changes nothing.
    world.app.advance(TimeDelta::minutes(2));
    world.app.settle().await;
    let undone = undo(&world.owner, &made, json!({})).await.expect(200).clone();
    assert_eq!((&undone["state"], &undone["missing"], &undone["edited"]), (&json!("undone"), &json!(0), &json!(0)));
    // What deals are found by follows soon after.
    world.app.settle().await;
    let after = dump(&world).await;
    for (table, rows) in &before {
        assert_eq!(&after[table], rows, "{table}");
    }
    undo(&world.owner, &made, json!({})).await.problem(409, "merge_undone");
    let kinds = world.events().await;
    assert!(kinds.contains(&"contact.merged".to_owned()) && kinds.contains(&"contact.merge_undone".to_owned()));
    assert!(!kinds.contains(&"contact.merge_settled".to_owned()));
}

#[tokio::test]
async fn every_column_that_names_a_contact_is_known_to_the_merge() {
    let world = World::start().await;
    let known: BTreeSet<(String, String)> = world
        .app
        .app
        .modules
        .iter()
        .flat_map(|module| module.references)
        .map(|reference| (reference.table.to_owned(), reference.column.to_owned()))
        .chain(LEFT.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())))
        .collect();
    // Foreign keys; columns of that name; and ids beside a word that says of what (`owner_kind` and `owner_id`).
    let found = world
        .tenant_query(
            "select c.table_name::text, c.column_name::text from information_schema.columns c where c.table_schema = current_schema() and c.data_type = 'uuid' and (
               c.column_name in ('contact_id', 'record_id')
               or exists (select from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey)
                 where k.contype = 'f' and k.conrelid = format('%I.%I', c.table_schema, c.table_name)::regclass
                   and k.confrelid = format('%I.contacts', c.table_schema)::regclass and a.attname = c.column_name)
               or exists (select from information_schema.columns w where w.table_schema = c.table_schema and w.table_name = c.table_name and w.data_type = 'text'
                 and w.column_name in (regexp_replace(c.column_name, '_id$', '_kind'), regexp_replace(c.column_name, '_id$', '_subject'),
                   regexp_replace(c.column_name, '_id$', '')) and w.column_name <> c.column_name and c.column_name <> 'actor_id'))",
        )
        .await;
    let found: BTreeSet<(String, String)> = found.iter().map(|row| (row.get(0), row.get(1))).collect();
    let unknown: Vec<_> = found.difference(&known).collect();
    assert!(unknown.is_empty(), "name these in `references` of their module, or in LEFT with the reason: {unknown:?}");
    let tables: BTreeSet<String> = dump(&world).await.into_keys().chain(LOGS.iter().map(|t| (*t).to_owned())).collect();
    let strange: Vec<_> = known.iter().filter(|(table, _)| !tables.contains(table)).collect();
    assert!(strange.is_empty(), "no such tables: {strange:?}");
}

#[tokio::test]
async fn choices_versions_chains_and_edits() {
    let world = World::start().await;
    let client = &world.owner;
    let person = |name: &str, job: &str| json!({"first_name": name, "job_title": job, "emails": [{"address": format!("{name}@x.example")}]});
    let (a, b, c) = (
        id_of(client, person("a", "Boss")).await,
        id_of(client, person("b", "Chief")).await,
        id_of(client, person("c", "")).await,
    );
    let before = dump(&world).await;
    let body = json!({"kept": a, "merged": [b, c], "fields": {"job_title": b, "emails": c}});
    let mut stale = body.clone();
    stale["versions"] = json!({ (b.clone()): 7 });
    client.post("/v1/contact-merges", stale).await.problem(412, "stale");
    for (wrong, field) in [
        (json!({"kept": a, "merged": []}), "/merged"),
        (json!({"kept": a, "merged": [a]}), "/merged"),
        (json!({"merged": [b]}), "/kept"),
        (json!({"kept": a, "merged": [b], "fields": {"job_title": c}}), "/fields/job_title"),
        (json!({"kept": a, "merged": [b], "fields": {"shoe": a}}), "/fields/shoe"),
    ] {
        assert_eq!(client.post("/v1/contact-merges", wrong).await.problem(422, "invalid")["errors"][0]["field"], field);
    }
    let first = client.post("/v1/contact-merges", body).await.expect(201).clone();
    assert_eq!(first["fields"], json!(["job_title", "emails"]));
    let kept = client.get(&format!("/v1/contacts/{a}")).await.expect(200).clone();
    assert_eq!((&kept["job_title"], &kept["email"]), (&json!("Chief"), &json!("c@x.example")));
    // A chain: whoever became part of a contact becomes part of what that one becomes part of.
    let d = id_of(client, person("d", "")).await;
    let second = merge(client, &d, &[&a]).await.expect(201).clone();
    assert_eq!(client.get(&format!("/v1/contacts/{b}")).await.problem(404, "merged")["merged_into"], d.as_str());
    undo(client, &first, json!({})).await.problem(409, "kept_merged");
    undo(client, &second, json!({})).await.expect(200);
    client.delete(&format!("/v1/contacts/{d}")).await.expect(204);
    client.delete(&format!("/v1/contacts/{a}")).await.expect(204);
    undo(client, &first, json!({})).await.problem(409, "kept_deleted");
    client.post(&format!("/v1/contacts/{a}/restoration"), json!({})).await.expect(200);
    client.post(&format!("/v1/contacts/{b}/restoration"), json!({})).await.problem(404, "not_found");
    // An edit made since is told, and kept when wished.
    client.patch(&format!("/v1/contacts/{a}"), json!({"first_name": "Alba", "tags": ["later"]})).await.expect(200);
    let refused = undo(client, &first, json!({})).await;
    assert!(refused.problem(409, "merge_edited")["detail"].as_str().unwrap().contains("first_name"));
    let undone = undo(client, &first, json!({"keep_edits": true})).await.expect(200).clone();
    assert_eq!(undone["kept_edits"], json!(["display_name", "first_name", "tags"]));
    let kept = client.get(&format!("/v1/contacts/{a}")).await.expect(200).clone();
    let now = (&kept["first_name"], &kept["job_title"], &kept["email"], &kept["tags"]);
    assert_eq!(now, (&json!("Alba"), &json!("Boss"), &json!("a@x.example"), &json!(["later"])));
    let rows = |dump: &BTreeMap<String, Vec<String>>, id: &str| -> Vec<String> {
        dump["contacts"]
            .iter()
            .chain(&dump["contact_emails"])
            .filter(|row| row.contains(&bare(id).to_string()))
            .cloned()
            .collect()
    };
    let after = dump(&world).await;
    assert_eq!((rows(&after, &b), rows(&after, &c)), (rows(&before, &b), rows(&before, &c)));
    client.post("/v1/contact-merges", json!({"kept": a, "merged": [b]})).await.expect(201);
    let held = client.put(&format!("/v1/contacts/{c}/legal-hold"), json!({"reason": "court"})).await;
    held.expect(204);
    merge(client, &a, &[&c]).await.problem(409, "contact_on_hold");
}

#[tokio::test]
async fn what_only_followed_a_definition_is_no_edit() {
    let world = World::start().await;
    let client = &world.owner;
    let formula = json!({"label": "Loud", "type": "formula", "result": "text", "expression": "display_name | upper"});
    let loud = field_path(&define(client, formula).await);
    let shoe = field_path(&define(client, json!({"label": "Shoe", "type": "text"})).await);
    let stage = client.post("/v1/contact-stages", json!({"label": "Fair"})).await.expect(201).clone();
    let ann = json!({"first_name": "Ann", "stage": stage["key"], "custom": {"shoe": "43"}});
    let (a, b) = (id_of(client, ann).await, id_of(client, json!({"first_name": "Bea"})).await);
    let made = merge(client, &a, &[&b]).await.expect(201).clone();
    // A formula is computed for everybody, a field goes with its values, a stage gives its contacts to another one.
    client.patch(&loud, json!({"expression": "display_name | lower"})).await.expect(200);
    client.patch(&shoe, json!({"archived": true})).await.expect(200);
    client.delete(&format!("{shoe}?values=1")).await.expect(204);
    let stages = client.get("/v1/contact-stages").await.expect(200)["items"].clone();
    let other = stages.as_array().unwrap().iter().find(|one| one["key"] == "contacted").expect("a stage")["id"].clone();
    let gone = format!("/v1/contact-stages/{}?move_to={}", stage["id"].as_str().unwrap(), other.as_str().unwrap());
    client.delete(&gone).await.expect(204);
    world.app.settle().await;
    undo(client, &made, json!({})).await.expect(200);
    for (id, name, stage) in [(&a, "ann", "contacted"), (&b, "bea", "new")] {
        let contact = client.get(&format!("/v1/contacts/{id}")).await.expect(200).clone();
        assert_eq!((&contact["custom"], &contact["stage"]), (&json!({"loud": name}), &json!(stage)));
        let found = client.get(&format!("/v1/contacts?filter=custom.loud:eq:{name}")).await.expect(200).clone();
        assert_eq!(found["items"].as_array().unwrap().len(), 1, "it is found by what is computed now");
    }
    // Of an edit only what somebody wrote is told, not what follows from it.
    let made = merge(client, &a, &[&b]).await.expect(201).clone();
    client.patch(&format!("/v1/contacts/{a}"), json!({"first_name": "Alba"})).await.expect(200);
    let undone = undo(client, &made, json!({"keep_edits": true})).await.expect(200).clone();
    assert_eq!(undone["kept_edits"], json!(["display_name", "first_name"]));
    assert_eq!(client.get(&format!("/v1/contacts/{a}")).await.expect(200)["custom"], json!({"loud": "alba"}));
    world.app.settle().await;
}

#[tokio::test]
async fn views_name_the_kept_contact() {
    let world = World::start().await;
    let client = &world.owner;
    let mut ids = vec![];
    for name in ["Ann", "Bea", "Cleo"] {
        ids.push(id_of(client, json!({"first_name": name})).await);
    }
    let (a, b, c) = (&ids[0], &ids[1], &ids[2]);
    let filter = json!([format!("contact:in:{b},{c}"), "status:eq:open"]);
    let view = json!({"list": "tasks", "name": "Theirs", "filter": filter, "options": {"contact": c}});
    make(client, "/v1/saved-views", view).await;
    let seen = async || {
        let view = client.get("/v1/saved-views?list=tasks").await.expect(200)["items"][0].clone();
        (view["filter"].clone(), view["options"].clone())
    };
    let before = seen().await;
    let made = merge(client, a, &[b, c]).await.expect(201).clone();
    let follows = (json!([format!("contact:in:{a},{a}"), "status:eq:open"]), json!({"contact": a}));
    assert_eq!(seen().await, follows);
    undo(client, &made, json!({})).await.expect(200);
    assert_eq!((seen().await, &before.0), (before.clone(), &filter));
    world.app.settle().await;
}

#[tokio::test]
async fn who_comes_second_finds_what_the_first_made() {
    let world = World::start().await;
    let client = &world.owner;
    let person = |name: &str| json!({"first_name": name, "owner": world.owner_id, "emails": [{"address": format!("{name}@x.example")}]});
    let (a, b) = (id_of(client, person("a")).await, id_of(client, person("b")).await);
    let (one, other) = join(merge(client, &a, &[&b]), merge(client, &b, &[&a])).await;
    let mut ends = [one.status, other.status];
    ends.sort_unstable();
    assert_eq!(ends, [201, 404], "{} {}", one.text, other.text);
    assert_eq!(world.count("select count(*) from contacts where merged_into is not null").await, 1);

    let (c, d, e) =
        (id_of(client, person("c")).await, id_of(client, person("d")).await, id_of(client, person("e")).await);
    let answers = join_all([merge(client, &c, &[&e]), merge(client, &d, &[&e])]).await;
    let lost = answers.iter().find(|answer| answer.status != 201).expect("one of two");
    let into = lost.problem(404, "merged")["merged_into"].clone();
    assert!([&c, &d].iter().any(|id| into == id.as_str()));

    // A change and a deletion of the one that goes: before the merge, or not at all. What is added in between follows.
    for n in 0..4 {
        let (kept, gone) =
            (id_of(client, person(&format!("k{n}"))).await, id_of(client, person(&format!("g{n}"))).await);
        let path = format!("/v1/contacts/{gone}");
        let change = async {
            match n % 2 {
                0 => client.patch(&path, json!({"last_name": "Late"})).await,
                _ => client.delete(&path).await,
            }
        };
        let notes = join_all((0..3).map(|_| client.post("/v1/tasks", json!({"title": "Ring", "contact": gone}))));
        let (merged, (changed, added)) = join(merge(client, &kept, &[&gone]), join(change, notes)).await;
        match (merged.status, changed.status, n % 2) {
            (201, 200, 0) => {
                assert_eq!(client.get(&format!("/v1/contacts/{kept}")).await.expect(200)["last_name"], "Late")
            }
            (201, 404, _) | (404, 204, 1) => {}
            other => panic!("{other:?} {} {}", merged.text, changed.text),
        }
        world.app.advance(TimeDelta::minutes(2));
        world.app.settle().await;
        let made = added.iter().filter(|answer| answer.status == 201).count() as i64;
        let holder = if merged.status == 201 { &kept } else { &gone };
        assert_eq!(
            world.count(&format!("select count(*) from tasks where contact_id = '{}'", bare(holder))).await,
            made
        );
    }
    // Two undos: one.
    let (x, y) = (id_of(client, person("x")).await, id_of(client, person("y")).await);
    let made = merge(client, &x, &[&y]).await.expect(201).clone();
    let (one, other) = join(undo(client, &made, json!({})), undo(client, &made, json!({}))).await;
    let mut ends = [one.status, other.status];
    ends.sort_unstable();
    assert_eq!(ends, [200, 409]);
}

#[tokio::test]
async fn reach_events_and_erasure() {
    let mut world = World::start().await;
    let own = json!({"contacts.read": "own", "contacts.write": "own"});
    let (member, member_id) = super::member_with(&world, "Mia", own).await;
    let mine = |owner: &str, name: &str| json!({"first_name": name, "owner": owner, "emails": [{"address": format!("{name}@canary.example")}]});
    let (a, b) =
        (id_of(&world.owner, mine(&member_id, "anna")).await, id_of(&world.owner, mine(&member_id, "anja")).await);
    let foreign = id_of(&world.owner, mine(&world.owner_id, "olga")).await;
    merge(&member, &a, &[&foreign]).await.problem(404, "not_found");
    merge(&world.stranger().await, &a, &[&b]).await.problem(404, "not_found");
    let made = merge(&member, &a, &[&b]).await.expect(201).clone();
    merge(&world.owner, &foreign, &[&a]).await.expect(201);
    undo(&member, &made, json!({})).await.problem(409, "kept_merged");
    member.get(&format!("/v1/contacts/{b}")).await.problem(404, "not_found");
    world.app.settle().await;
    // Events name nobody, and an erasure of the person erases what is kept for an undo.
    let events = world.tenant_query("select count(*) from events where payload::text || title like '%canary%'").await;
    assert_eq!(events[0].get::<_, i64>(0), 0);
    world.owner = owner(&world).await;
    let ask = json!({"contact": a, "kind": "erasure"});
    world.owner.post("/v1/data-requests", ask.clone()).await.problem(404, "merged");
    let ask = json!({"contact": foreign, "kind": "erasure"});
    world.owner.post("/v1/data-requests", ask).await.expect(201);
    world.app.settle().await;
    let left = dump(&world).await;
    let naming: Vec<_> = left.iter().filter(|(_, rows)| rows.iter().any(|row| row.contains("canary"))).collect();
    assert!(naming.is_empty(), "{naming:?}");
    for table in ["contact_merges", "contact_merge_members", "contact_merge_rows", "contacts"] {
        assert_eq!(world.count(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_merge_and_the_undo_of_an_import_have_one_end() {
    let world = World::start().await;
    let kept = id_of(&world.owner, json!({"first_name": "Kept", "emails": [{"address": "kept@x.example"}]})).await;
    let mut ends = BTreeSet::new();
    for n in 0..4 {
        let done = import(&world, format!("name,email\nNew {n},new{n}@x.example\n"), json!({})).await;
        let found = world.owner.get(&format!("/v1/contacts?filter=email:eq:new{n}@x.example")).await;
        let new = found.expect(200)["items"][0]["id"].as_str().expect("an id").to_owned();
        world.owner.post(&format!("{}/undo", path_of(&done)), json!({})).await.expect(200);
        // Once each comes first for sure, and twice whoever is quicker.
        let merged = match n {
            0 => {
                let merged = merge(&world.owner, &kept, &[&new]).await;
                world.app.settle().await;
                merged
            }
            1 => {
                world.app.settle().await;
                merge(&world.owner, &kept, &[&new]).await
            }
            _ => join(world.app.settle(), merge(&world.owner, &kept, &[&new])).await.1,
        };
        world.app.settle().await;
        let undone = world.owner.get(&path_of(&done)).await.expect(200).clone();
        let addresses = world
            .count(&format!(
                "select count(*) from contact_emails where canonical = 'new{n}@x.example' and contact_id = '{}'",
                bare(&kept)
            ))
            .await;
        // Merged: the import leaves what somebody touched. Undone: there is nobody to merge.
        match merged.status {
            201 => assert_eq!((&undone["undone"], addresses), (&json!(0), 1)),
            404 => assert_eq!((&undone["undone"], addresses), (&json!(1), 0)),
            other => panic!("{other} {}", merged.text),
        }
        ends.insert(merged.status);
    }
    assert_eq!(ends, [201, 404].into());
    world.owner.get(&format!("/v1/contacts/{kept}")).await.expect(200);
}
