//! Statements that find contacts by what somebody types.
use super::{
    super::model::{Contact, ContactId, Owners},
    LIST,
};
use crate::addresses::PhoneNumber;
use kernel::{
    Result, Tx,
    db::{Clause, ListQuery, Named, Sql, contains},
    http::Page,
    sql,
};
use std::time::Duration;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// The contacts closest to what was typed, closest first, on one page.
pub async fn closest(tx: &mut Tx, text: &str, query: &ListQuery, owners: &Owners) -> Result<Page<Contact>> {
    let limit = query.checked_limit()?;
    let ids = search(tx, text, i64::from(limit), owners).await?;
    let all = ListQuery { limit: Some(200), ..ListQuery::default() };
    let mut page: Page<Contact> = tx.list(&LIST, &all, &[Clause("c.id = any(?)", &ids, Type::UUID_ARRAY)]).await?;
    page.items.sort_by_key(|contact| ids.iter().position(|id| *id == contact.id));
    Ok(page)
}

/// How long all contacts are searched for mistyped words; the newest are searched in any case.
const PATIENCE: Duration = Duration::from_millis(30);
const NAMED: Named = Named {
    table: "contacts x",
    newest: "(select n.id, n.search, n.name_key, n.owner_id, n.deleted_at from contacts n where n.deleted_at is null \
        order by n.created_at desc, n.id desc limit 1000) x",
};

/// Ids of the contacts closest to what was typed, closest first: names, then addresses that begin with it; when those
/// are not enough, whatever holds it, then its words in any order, then its words with a mistake in each.
async fn search(tx: &mut Tx, text: &str, limit: i64, owners: &Owners) -> Result<Vec<ContactId>> {
    // A range instead of `like 'x%'`: it uses the index whatever the plan is.
    const BEGINNING: Sql = sql!(
        "select c.id from (
           (select n.id, 0 as rank, n.name_key as key from contacts n
            where n.deleted_at is null and n.name_key >= fold($1) and n.name_key < fold($1) || U&'\\+10FFFF'
              and ($4::uuid[] is null or n.owner_id = any($4))
            order by n.name_key, n.id limit $3)
           union all
           (select e.contact_id, 1, e.canonical from contact_emails e join contacts m on m.id = e.contact_id
            where e.canonical >= lower($1) and e.canonical < lower($1) || U&'\\+10FFFF' and m.deleted_at is null
              and ($4::uuid[] is null or m.owner_id = any($4))
            order by e.canonical, e.contact_id limit $3)
           union all
           (select p.contact_id, 2, p.canonical from contact_phones p join contacts o on o.id = p.contact_id
            where $2 <> '' and p.canonical >= $2 and p.canonical < $2 || U&'\\+10FFFF' and o.deleted_at is null
              and ($4::uuid[] is null or o.owner_id = any($4))
            order by p.canonical, p.contact_id limit $3)) c
         group by c.id order by min(c.rank), min(c.key), c.id limit $3"
    );
    // The inner limits bound the work for a word that half of all contacts have.
    const HOLDING: Sql = sql!(
        "select c.id from (
           select s.id, s.name_key from contacts s
           where s.deleted_at is null and s.search like fold($1) and s.id <> all($2) and ($4::uuid[] is null or s.owner_id = any($4))
           limit 500) c
         order by c.name_key, c.id limit $3"
    );
    let dialled = dialled_beginning(text, tx.tenant().country.as_deref());
    tx.seek().await?;
    let mut found: Vec<Uuid> = tx.values(BEGINNING, &[&text, &dialled, &limit, owners]).await?;
    // Fewer than three characters are everywhere.
    if text.chars().count() >= 3 {
        let missing = limit - found.len() as i64;
        if missing > 0 {
            found.extend(tx.values::<Uuid>(HOLDING, &[&contains(text), &found, &missing, owners]).await?);
        }
        let missing = limit - found.len() as i64;
        if missing > 0 {
            found.extend(tx.find_named(&NAMED, text, (&found, missing), owners, PATIENCE).await?);
        }
    }
    Ok(found.into_iter().map(ContactId).collect())
}

/// How many names that are much like one are told.
const ALIKE: usize = 10;
/// Contacts with the words of a name that are compared with it at most.
const COMPARED: i64 = 50;
/// How long all contacts are searched for a name with a mistake in it; the newest and its neighbours are searched in any case.
const GLANCE: Duration = Duration::from_millis(15);

/// Ids of contacts whose names may be much like this one of several words: of the newest, and of its neighbours in the order of
/// names, also with its words the other way round; when these are few, of those that have its words in any order, or with a
/// mistake in each. Whoever is out of reach takes nobody's place.
pub(super) async fn alike(tx: &mut Tx, name: &str, owners: &Owners) -> Result<Vec<Uuid>> {
    const CLOSE: Sql = sql!(
        "with turned as materialized (
           select string_agg(w.word, ' ' order by w.at desc) as name from unnest(string_to_array(fold($1), ' ')) with ordinality as w(word, at))
         select s.id from (
           (select n.id, n.name_key, n.owner_id from contacts n where n.deleted_at is null order by n.created_at desc, n.id desc limit 1000)
           union
           (select n.id, n.name_key, n.owner_id from contacts n where n.deleted_at is null and n.name_key > fold($1) order by n.name_key, n.id limit 100)
           union
           (select n.id, n.name_key, n.owner_id from contacts n where n.deleted_at is null and n.name_key < fold($1)
            order by n.name_key desc, n.id desc limit 100)
           union
           (select n.id, n.name_key, n.owner_id from contacts n where n.deleted_at is null and n.name_key >= (select t.name from turned t)
            order by n.name_key, n.id limit 100)
           union
           (select n.id, n.name_key, n.owner_id from contacts n where n.deleted_at is null and n.name_key < (select t.name from turned t)
            order by n.name_key desc, n.id desc limit 100)) s
         where similarity(s.name_key, fold($1)) > 0.6 and ($3::uuid[] is null or s.owner_id = any($3))
         order by similarity(s.name_key, fold($1)) desc, s.id limit $2"
    );
    let mut found: Vec<Uuid> = tx.values(CLOSE, &[&name, &(ALIKE as i64), owners]).await?;
    if found.len() < ALIKE {
        tx.seek().await?;
        found.extend(tx.find_named(&NAMED, name, (&found, COMPARED), owners, GLANCE).await?);
    }
    Ok(found)
}

/// What a phone number that begins like this begins with in canonical form; empty when it is no beginning of one.
fn dialled_beginning(text: &str, country: Option<&str>) -> String {
    if text.chars().any(char::is_alphabetic) || text.chars().filter(char::is_ascii_digit).count() < 3 {
        return String::new();
    }
    PhoneNumber::parse(text, country).and_then(|p| p.e164).unwrap_or_else(|| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.trim_start().starts_with('+') { format!("+{digits}") } else { digits }
    })
}
