//! The lists of contacts: what they show, and what they can be asked for.
use super::super::{
    filters::{WITHIN, canonical_filters},
    model::{Contact, Owners},
};
use crate::tag_runs::tag_names;
use fields::RecordKind;
use kernel::{
    Error, Result, Ruled, Tx,
    auth::Principal,
    db::{Clause, Clauses, Field, FieldKind, KeyedField, ListQuery, ListSpec, word_patterns},
    http::Page,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Contacts that are not deleted.
pub const LIST: ListSpec = ListSpec {
    select: "select c.id, c.display_name, c.salutation, c.first_name, c.middle_name, c.last_name, c.company_name, c.job_title, c.email, c.phone, \
        array(select jsonb_build_object('address', e.address, 'kind', e.kind, 'primary', e.position = 0) from contact_emails e where e.contact_id = c.id order by e.position) as emails, \
        array(select jsonb_build_object('number', p.number, 'e164', p.e164, 'kind', p.kind, 'primary', p.position = 0) from contact_phones p where p.contact_id = c.id order by p.position) as phones, \
        c.address, c.zone, c.language, c.stage, c.tier, c.score, c.band, c.owner_id as owner, c.tags, c.source, c.first_touch, c.last_touch, c.custom, c.profiles, c.hold_reason, c.last_contact_at, c.created_at, c.updated_at, c.deleted_at, c.version from contacts c",
    id: "c.id",
    always: "c.deleted_at is null",
    fields: &[
        Field { name: "name", sql: "c.name_key", kind: FieldKind::Folded, sort: Some("c.name_key") },
        Field { name: "company_name", sql: "c.company_name", kind: FieldKind::Text, sort: None },
        Field {
            name: "email",
            sql: "e.canonical",
            kind: FieldKind::Related { rows: "contact_emails e where e.contact_id = c.id", any: "c.email is not null" },
            sort: None,
        },
        Field {
            name: "phone",
            sql: "p.canonical",
            kind: FieldKind::Related { rows: "contact_phones p where p.contact_id = c.id", any: "c.phone is not null" },
            sort: None,
        },
        Field { name: "stage", sql: "c.stage", kind: FieldKind::Text, sort: None },
        Field { name: "tier", sql: "c.tier", kind: FieldKind::Text, sort: None },
        Field { name: "score", sql: "c.score", kind: FieldKind::Int, sort: Some("c.score") },
        Field { name: "band", sql: "c.band", kind: FieldKind::Text, sort: None },
        Field { name: "owner", sql: "c.owner_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "tag", sql: "c.tags", kind: FieldKind::TextArray, sort: None },
        Field { name: "source", sql: "c.source", kind: FieldKind::Text, sort: None },
        Field { name: "first_source", sql: "c.first_touch -> 'utm' ->> 'source'", kind: FieldKind::Text, sort: None },
        Field { name: "last_source", sql: "c.last_touch -> 'utm' ->> 'source'", kind: FieldKind::Text, sort: None },
        Field {
            name: "first_campaign",
            sql: "c.first_touch -> 'utm' ->> 'campaign'",
            kind: FieldKind::Text,
            sort: None,
        },
        Field { name: "last_campaign", sql: "c.last_touch -> 'utm' ->> 'campaign'", kind: FieldKind::Text, sort: None },
        Field { name: "country", sql: "c.address ->> 'country'", kind: FieldKind::Text, sort: None },
        Field { name: "city", sql: "fold(c.address ->> 'city') collate \"C\"", kind: FieldKind::Folded, sort: None },
        Field { name: "language", sql: "c.language", kind: FieldKind::Text, sort: None },
        Field { name: "last_contact_at", sql: "c.last_contact_at", kind: FieldKind::Time, sort: None },
        Field {
            name: "quiet_since",
            sql: "coalesce(c.last_contact_at, c.created_at)",
            kind: FieldKind::Time,
            sort: Some("coalesce(c.last_contact_at, c.created_at)"),
        },
        Field { name: "created_at", sql: "c.created_at", kind: FieldKind::Time, sort: Some("c.created_at") },
        Field { name: "updated_at", sql: "c.updated_at", kind: FieldKind::Time, sort: Some("c.updated_at") },
        Field { name: "deleted_at", sql: "c.deleted_at", kind: FieldKind::Time, sort: Some("c.deleted_at") },
    ],
    default_sort: "-created_at",
};

/// The same for a file: what its columns show and nothing else, so that rows come fast.
const SHEET: ListSpec = ListSpec {
    select: "select c.id, c.display_name, c.salutation, c.first_name, c.middle_name, c.last_name, c.company_name, c.job_title, \
        array(select e.address from contact_emails e where e.contact_id = c.id order by e.position) as emails, \
        array(select coalesce(p.e164, p.number) from contact_phones p where p.contact_id = c.id order by p.position) as phones, \
        c.address, c.zone, c.language, c.stage, c.tier, c.score, c.band, c.owner_id as owner, c.tags, c.source, c.custom, c.profiles, c.created_at, \
        c.updated_at, c.last_contact_at, c.first_touch -> 'utm' ->> 'campaign' as first_campaign from contacts c",
    default_sort: "created_at",
    ..LIST
};

/// Contacts that can still be restored.
pub const DELETED: ListSpec =
    ListSpec { always: "c.deleted_at is not null and c.merged_into is null", default_sort: "-deleted_at", ..LIST };

/// One page of contacts in reach. `words` narrow it to contacts that hold each of them; rules ask for what the reader sees.
pub async fn list(
    tx: &mut Tx,
    spec: &ListSpec,
    query: &ListQuery,
    words: &str,
    owners: &Owners,
    reader: Option<&Principal>,
) -> Result<Page<Contact>> {
    const NARROW: [&str; 3] = ["c.stage", "c.source", "c.owner_id"];
    asked(tx, query, words, (owners, reader), async |tx, keyed, query, clauses| {
        tx.list_narrow(spec, keyed, &NARROW, query, clauses).await
    })
    .await
}

/// Gets the same contacts, all of them, ready for a file; how many.
pub(in super::super) async fn open(
    tx: &mut Tx,
    query: &ListQuery,
    words: &str,
    owners: &Owners,
    reader: &Principal,
) -> Result<u64> {
    asked(tx, query, words, (owners, Some(reader)), async |tx, keyed, query, clauses| {
        tx.open_whole(&SHEET, keyed, query, clauses).await
    })
    .await
}

/// What is asked for, as conditions.
pub(super) async fn asked<T>(
    tx: &mut Tx,
    query: &ListQuery,
    words: &str,
    (owners, reader): (&Owners, Option<&Principal>),
    read: impl AsyncFnOnce(&mut Tx, &[KeyedField], &ListQuery, Clauses<'_>) -> Result<T>,
) -> Result<T> {
    let country = tx.tenant().country.clone();
    let (mut query, mut patterns) = canonical_filters(query, country.as_deref());
    patterns.extend(word_patterns(words).into_iter().map(|pattern| (WITHIN, pattern)));
    let mut clauses: Vec<Clause<'_>> =
        patterns.iter().map(|(condition, pattern)| Clause(condition, pattern, Type::TEXT)).collect();
    match owners.as_deref() {
        // Whoever sees only his own: an index knows a single owner in every order.
        Some([owner]) => clauses.push(Clause("c.owner_id = ?", owner, Type::UUID)),
        Some(_) => clauses.push(Clause("c.owner_id = any(?)", owners, Type::UUID_ARRAY)),
        None => {}
    }
    let (segments, followers) = (by_segments(&mut query)?, by_followers(&mut query)?);
    let imports = by_imports(&mut query)?;
    let tags = by_tags(tx, &mut query).await?;
    let made = query.take_rules_of(tx, Ruled::Contacts, reader).await?;
    let ids = segments.iter().chain(&imports);
    clauses.extend(ids.map(|(condition, id)| Clause(condition, id, Type::UUID)));
    clauses.extend(followers.iter().map(|(condition, users)| Clause(condition, users, Type::UUID_ARRAY)));
    clauses.extend(tags.iter().map(|names| Clause("c.tags && ? ⇒ c.tags && ?", names, Type::TEXT_ARRAY)));
    let keyed = fields::find_by(tx, RecordKind::Contact, &query).await?;
    read(tx, &keyed.fields, &keyed.query, Clauses { said: &clauses, made: &made }).await
}

/// Filters by segments, as conditions: said once of a contact at hand, and once as an index finds the members.
fn by_segments(query: &mut ListQuery) -> Result<Vec<(&'static str, Uuid)>> {
    const IN: &str = "exists (select from segment_members m where m.segment_id = ? and m.contact_id = c.id) \
        ⇒ c.id in (select m.contact_id from segment_members m where m.segment_id = ?)";
    const OUT: &str = "not exists (select from segment_members m where m.segment_id = ? and m.contact_id = c.id)";
    let id = |text: &str| text.strip_prefix("seg_").and_then(kernel::ids::decode);
    let read = |said: String| {
        let found = said.strip_prefix("segment:eq:").and_then(id).map(|id| (IN, id));
        let found = found.or_else(|| said.strip_prefix("segment:ne:").and_then(id).map(|id| (OUT, id)));
        found.ok_or_else(|| Error::invalid("/filter", "filter_value", "segment takes eq or ne, and an id like seg_…."))
    };
    query.filter.extract_if(.., |said| said.starts_with("segment:")).map(read).collect()
}

/// Filters by the import whose file names them, as conditions: said once of a contact at hand, and once as an index finds the rows.
fn by_imports(query: &mut ListQuery) -> Result<Vec<(&'static str, Uuid)>> {
    const OF: &str = "exists (select from contact_import_rows r where r.import_id = ? and r.contact_id = c.id \
          and r.outcome in ('created', 'updated', 'unchanged')) \
        ⇒ c.id in (select r.contact_id from contact_import_rows r where r.import_id = ? and r.contact_id is not null \
          and r.outcome in ('created', 'updated', 'unchanged'))";
    let read = |said: String| {
        let id = said.strip_prefix("import:eq:cim_").and_then(kernel::ids::decode);
        id.map(|id| (OF, id))
            .ok_or_else(|| Error::invalid("/filter", "filter_value", "import takes eq, and an id like cim_…."))
    };
    query.filter.extract_if(.., |said| said.starts_with("import:")).map(read).collect()
}

/// Filters by tags that contacts may carry by several names, because some of them follow a new one or the filter names an old one: each
/// with all its names.
async fn by_tags(tx: &mut Tx, query: &mut ListQuery) -> Result<Vec<Vec<String>>> {
    let mut found = vec![];
    for said in std::mem::take(&mut query.filter) {
        let all = match said.strip_prefix("tag:has:") {
            Some(name) => tag_names(tx, &[name.to_owned()]).await?,
            None => vec![],
        };
        if all.len() > 1 { found.push(all) } else { query.filter.push(said) }
    }
    Ok(found)
}

/// Filters by who follows them, as conditions: said once of a contact at hand, and once as an index finds them.
fn by_followers(query: &mut ListQuery) -> Result<Vec<(&'static str, Vec<Uuid>)>> {
    const BY: &str = "exists (select from followers f where f.user_id = any(?) and f.contact_id = c.id) \
        ⇒ c.id in (select f.contact_id from followers f where f.user_id = any(?) and f.contact_id is not null)";
    let id = |text: &str| text.strip_prefix("usr_").and_then(kernel::ids::decode);
    let read = |said: String| {
        let one = said.strip_prefix("follower:eq:").map(|user| id(user).into_iter().collect::<Vec<Uuid>>());
        let many = said.strip_prefix("follower:in:").and_then(|users| users.split(',').map(id).collect());
        one.or(many)
            .filter(|users| !users.is_empty())
            .map(|users| (BY, users))
            .ok_or_else(|| Error::invalid("/filter", "filter_value", "follower takes eq or in, and ids like usr_…."))
    };
    query.filter.extract_if(.., |said| said.starts_with("follower:")).map(read).collect()
}
