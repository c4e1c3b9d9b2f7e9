//! Every statement on companies.
pub mod imports;
pub(crate) mod many;
pub mod values;

use super::{
    draft::Draft,
    model::{Company, CompanyDuplicate, CompanyId},
};
use crate::{company_merges, health};
use chrono::{DateTime, Utc};
use contacts::Owners;
use fields::{Custom, RecordKind};
use kernel::{
    Error, Result, Ruled, Tx,
    db::{Clause, Clauses, Field, FieldKind, KeyedField, ListQuery, ListSpec, Named, Sql, contains, word_patterns},
    http::Page,
    row, sql,
};
use std::time::Duration;
use tokio_postgres::types::Type;
use uuid::Uuid;

/// Companies that are not deleted. Without an amount or a renewal they sort as worth nothing and as renewing last.
pub const LIST: ListSpec = ListSpec {
    select: "select c.id, c.name, c.legal_name, c.industry, c.size, c.website, c.profiles, c.email, c.phone, c.address, c.tax_id, c.description, c.status, \
        c.tier, c.parent_id as parent, c.owner_id as owner, c.annual_value, c.monthly_revenue, c.currency, c.client_since, c.renews_on, c.cancel_by, c.lifetime_value, c.contract_value, c.recurring_revenue, c.value_currency, c.value_missing, nullif(c.health, 102) as health, c.custom, \
        (select count(*) from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null where x.company_id = c.id) as people, \
        (select count(*) from companies s where s.parent_id = c.id and s.deleted_at is null) as subsidiaries, \
        c.created_at, c.updated_at, c.deleted_at, c.version from companies c",
    id: "c.id",
    always: "c.deleted_at is null",
    fields: &[
        Field { name: "name", sql: "c.name_key", kind: FieldKind::Folded, sort: Some("c.name_key") },
        Field { name: "id", sql: "c.id", kind: FieldKind::Id("com"), sort: None },
        Field { name: "status", sql: "c.status", kind: FieldKind::Text, sort: None },
        Field { name: "tier", sql: "c.tier", kind: FieldKind::Text, sort: None },
        Field { name: "industry", sql: "c.industry", kind: FieldKind::Text, sort: None },
        Field { name: "size", sql: "c.size", kind: FieldKind::Text, sort: None },
        Field { name: "domain", sql: "c.domain", kind: FieldKind::Text, sort: None },
        Field { name: "country", sql: "c.address ->> 'country'", kind: FieldKind::Text, sort: None },
        Field { name: "parent", sql: "c.parent_id", kind: FieldKind::Id("com"), sort: None },
        Field { name: "owner", sql: "c.owner_id", kind: FieldKind::Id("usr"), sort: None },
        Field { name: "currency", sql: "c.currency", kind: FieldKind::Text, sort: None },
        Field {
            name: "annual_value",
            sql: "c.annual_value",
            kind: FieldKind::Int,
            sort: Some("coalesce(c.annual_value, 0)"),
        },
        Field { name: "monthly_revenue", sql: "c.monthly_revenue", kind: FieldKind::Int, sort: None },
        Field { name: "lifetime_value", sql: "c.lifetime_value", kind: FieldKind::Int, sort: Some("c.lifetime_value") },
        Field { name: "contract_value", sql: "c.contract_value", kind: FieldKind::Int, sort: Some("c.contract_value") },
        Field {
            name: "recurring_revenue",
            sql: "c.recurring_revenue",
            kind: FieldKind::Int,
            sort: Some("c.recurring_revenue"),
        },
        // Its filters are read by `health_wanted`.
        Field { name: "health", sql: "c.health", kind: FieldKind::Int, sort: Some("c.health") },
        Field { name: "client_since", sql: "c.client_since", kind: FieldKind::Date, sort: None },
        Field {
            name: "renews_on",
            sql: "c.renews_on",
            kind: FieldKind::Date,
            sort: Some("coalesce(c.renews_on, '9999-12-31'::date)"),
        },
        Field { name: "cancel_by", sql: "c.cancel_by", kind: FieldKind::Date, sort: None },
        Field { name: "created_at", sql: "c.created_at", kind: FieldKind::Time, sort: Some("c.created_at") },
        Field { name: "updated_at", sql: "c.updated_at", kind: FieldKind::Time, sort: Some("c.updated_at") },
        Field { name: "deleted_at", sql: "c.deleted_at", kind: FieldKind::Time, sort: Some("c.deleted_at") },
    ],
    default_sort: "-created_at",
};

/// Companies that can still be restored.
pub const DELETED: ListSpec =
    ListSpec { always: "c.deleted_at is not null and c.merged_into is null", default_sort: "-deleted_at", ..LIST };

/// One page of companies in reach. `words` narrow it to companies that hold each of them.
pub async fn list(
    tx: &mut Tx,
    spec: &ListSpec,
    query: &ListQuery,
    words: &str,
    owners: &Owners,
) -> Result<Page<Company>> {
    asked(tx, query, words, owners, async |tx, keyed, query, clauses| {
        tx.list_narrow(spec, keyed, &[], query, clauses).await
    })
    .await
}

/// Gets the same companies, all of them, ready for a file; how many.
pub(super) async fn open(tx: &mut Tx, query: &ListQuery, words: &str, owners: &Owners) -> Result<u64> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..LIST };
    asked(tx, query, words, owners, async |tx, keyed, query, clauses| {
        tx.open_whole(&SHEET, keyed, query, clauses).await
    })
    .await
}

/// What is asked for, as conditions.
async fn asked<T>(
    tx: &mut Tx,
    query: &ListQuery,
    words: &str,
    owners: &Owners,
    read: impl AsyncFnOnce(&mut Tx, &[KeyedField], &ListQuery, Clauses<'_>) -> Result<T>,
) -> Result<T> {
    let mut query = query.clone();
    let patterns = word_patterns(words);
    let mut clauses: Vec<Clause<'_>> =
        patterns.iter().map(|p| Clause("c.search like fold(?)", p, Type::TEXT)).collect();
    match owners.as_deref() {
        // Whoever sees only his own: an index knows a single owner in every order.
        Some([owner]) => clauses.push(Clause("c.owner_id = ?", owner, Type::UUID)),
        Some(_) => clauses.push(Clause("c.owner_id = any(?)", owners, Type::UUID_ARRAY)),
        None => {}
    }
    let made = query.take_rules(tx, Ruled::Companies).await?;
    let wanted = health_wanted(&mut query)?;
    clauses.extend(wanted.iter().map(HealthWanted::clause));
    let keyed = fields::find_by(tx, RecordKind::Company, &query).await?;
    read(tx, &keyed.fields, &keyed.query, Clauses { said: &clauses, made: &made }).await
}

/// What a filter by health asks of what is kept.
enum HealthWanted {
    /// Bands: one of these scores, which stand together in the index that sorts by them.
    Scores(Vec<i32>),
    /// One of these was found.
    Found(Vec<String>),
}

impl HealthWanted {
    fn clause(&self) -> Clause<'_> {
        match self {
            HealthWanted::Scores(scores) => Clause("c.health = any(?)", scores, Type::INT4_ARRAY),
            HealthWanted::Found(found) => Clause("c.health_found && ?", found, Type::TEXT_ARRAY),
        }
    }
}

/// Takes the filters by health out of a query.
fn health_wanted(query: &mut ListQuery) -> Result<Vec<HealthWanted>> {
    let read = |said: String| {
        let eq = said.strip_prefix("health:eq:").map(|one| vec![one]);
        let any = eq.or_else(|| said.strip_prefix("health:in:").map(|some| some.split(',').collect()));
        let any = any.filter(|any| any.iter().all(|one| health::is_known(one))).ok_or_else(|| {
            let detail = "health takes eq or in, and bands (good, fair, poor, unknown) or a part and what was found, as in touch.silent.";
            Error::invalid("/filter", "filter_value", detail)
        })?;
        let bands: Option<Vec<_>> = any.iter().map(|one| health::scores_of(one)).collect();
        Ok(match bands {
            Some(bands) => HealthWanted::Scores(bands.into_iter().flatten().collect()),
            None => HealthWanted::Found(any.into_iter().map(str::to_owned).collect()),
        })
    };
    query.filter.extract_if(.., |said| said.starts_with("health:")).map(read).collect()
}

/// The companies closest to what was typed, closest first, on one page.
pub async fn closest(tx: &mut Tx, text: &str, query: &ListQuery, owners: &Owners) -> Result<Page<Company>> {
    let limit = query.checked_limit()?;
    let ids = search(tx, text, i64::from(limit), owners).await?;
    let all = ListQuery { limit: Some(200), ..ListQuery::default() };
    let mut page: Page<Company> = tx.list(&LIST, &all, &[Clause("c.id = any(?)", &ids, Type::UUID_ARRAY)]).await?;
    page.items.sort_by_key(|company| ids.iter().position(|id| *id == company.id));
    Ok(page)
}

/// How long all companies are searched for mistyped words; the newest are searched in any case.
const PATIENCE: Duration = Duration::from_millis(30);
const NAMED: Named = Named {
    table: "companies x",
    newest: "(select n.id, n.search, n.name_key, n.owner_id, n.deleted_at from companies n where n.deleted_at is null \
        order by n.created_at desc, n.id desc limit 1000) x",
};

/// Ids of the companies closest to what was typed, closest first: names, then websites that begin with it; when those are
/// not enough, whatever holds it, then its words in any order, then its words with a mistake in each.
async fn search(tx: &mut Tx, text: &str, limit: i64, owners: &Owners) -> Result<Vec<CompanyId>> {
    // A range instead of `like 'x%'`: it uses the index whatever the plan is.
    const BEGINNING: Sql = sql!(
        "select c.id from (
           (select n.id, 0 as rank, n.name_key as key from companies n
            where n.deleted_at is null and n.name_key >= fold($1) and n.name_key < fold($1) || U&'\\+10FFFF'
              and ($3::uuid[] is null or n.owner_id = any($3))
            order by n.name_key, n.id limit $2)
           union all
           (select w.id, 1, w.domain from companies w
            where w.deleted_at is null and w.domain >= lower($1) and w.domain < lower($1) || U&'\\+10FFFF'
              and ($3::uuid[] is null or w.owner_id = any($3))
            order by w.domain, w.id limit $2)) c
         group by c.id order by min(c.rank), min(c.key), c.id limit $2"
    );
    // The inner limits bound the work for a word that half of all companies have.
    const HOLDING: Sql = sql!(
        "select c.id from (
           select s.id, s.name_key from companies s
           where s.deleted_at is null and s.search like fold($1) and s.id <> all($2) and ($4::uuid[] is null or s.owner_id = any($4))
           limit 500) c
         order by c.name_key, c.id limit $3"
    );
    tx.seek().await?;
    let mut found: Vec<Uuid> = tx.values(BEGINNING, &[&text, &limit, owners]).await?;
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
    Ok(found.into_iter().map(CompanyId).collect())
}

/// The company, if it is in reach.
pub async fn find(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<Company> {
    const FIND: Sql = sql!(
        "select c.id, c.name, c.legal_name, c.industry, c.size, c.website, c.profiles, c.email, c.phone, c.address, c.tax_id, c.description, c.status,
           c.tier, c.parent_id as parent, c.owner_id as owner, c.annual_value, c.monthly_revenue, c.currency, c.client_since, c.renews_on, c.cancel_by, c.lifetime_value, c.contract_value, c.recurring_revenue, c.value_currency, c.value_missing, nullif(c.health, 102) as health, c.custom,
           (select count(*) from company_contacts x join contacts k on k.id = x.contact_id and k.deleted_at is null where x.company_id = c.id) as people,
           (select count(*) from companies s where s.parent_id = c.id and s.deleted_at is null) as subsidiaries,
           c.created_at, c.updated_at, c.deleted_at, c.version
         from companies c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))"
    );
    let found = tx.opt(FIND, &[&id, owners]).await?;
    company_merges::there(tx, found, id, owners).await
}

/// Fails with 404 when the company is not in reach: for what hangs on a company.
pub async fn require(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<()> {
    const REQUIRE: Sql = sql!(
        "select c.version from companies c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2))"
    );
    let found = tx.value_opt::<i64>(REQUIRE, &[&id, owners]).await?;
    company_merges::there(tx, found, id, owners).await.map(|_| ())
}

/// The same, and holds the company until the end of the transaction.
pub async fn lock(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<()> {
    const LOCK: Sql = sql!(
        "select c.version from companies c where c.id = $1 and c.deleted_at is null and ($2::uuid[] is null or c.owner_id = any($2)) for update"
    );
    let locked = tx.value_opt::<i64>(LOCK, &[&id, owners]).await?;
    company_merges::there(tx, locked, id, owners).await.map(|_| ())
}

/// The company, locked until the end of the transaction.
pub async fn find_for_update(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<Company> {
    lock(tx, id, owners).await?;
    find(tx, id, owners).await
}

/// Serialises everybody who says what belongs to what, until the end of the transaction; take it before locking a
/// company. Each of two changes can be right alone and the two of them a circle.
pub async fn lock_hierarchy(tx: &mut Tx) -> Result<()> {
    tx.lock("hierarchy of companies").await
}

/// What companies are called.
const NAMES: &str = "names of companies";

/// Serialises whoever makes companies that are not there yet with everybody else who makes one ([`share_names`]), until the end
/// of the transaction.
pub async fn lock_names(tx: &mut Tx) -> Result<()> {
    tx.lock(NAMES).await
}

/// Waits for imports that are making companies: what they made is then told as a duplicate. Take it first of all.
pub async fn share_names(tx: &mut Tx) -> Result<()> {
    tx.share_lock(NAMES).await
}

row! {
    /// Where a company would stand below a parent.
    pub struct Place {
        /// Whether it would be above itself.
        pub circular: bool,
        /// How many levels there would be, from the highest company to the lowest.
        pub levels: i64,
    }
}

/// Where `id` would stand below `parent`. Deleted companies count: they can be restored to where they stood.
pub async fn place_below(tx: &mut Tx, id: CompanyId, parent: CompanyId) -> Result<Place> {
    const PLACE: Sql = sql!(
        "with recursive above as (
           select c.id, c.parent_id from companies c where c.id = $2
           union
           select p.id, p.parent_id from above a join companies p on p.id = a.parent_id),
         below as (
           select $1::uuid as id, 1 as level
           union
           select c.id, b.level + 1 from below b join companies c on c.parent_id = b.id where b.level < 100)
         select exists (select from above a where a.id = $1) as circular,
           (select count(*) from above) + (select max(b.level) from below b) as levels"
    );
    tx.row(PLACE, &[&id, &parent]).await
}

/// Companies that may be the same, by equal tax number, host of the website, or name; the surest first.
pub async fn duplicates(tx: &mut Tx, draft: &Draft, owners: &Owners) -> Result<Vec<CompanyDuplicate>> {
    const DUPLICATES: Sql = sql!(
        "select c.id, c.name, c.website, d.matched_by from (
           select m.id, array_agg(m.matched_by order by m.rank) as matched_by, min(m.rank) as rank from (
             (select t.id, 'tax_id' as matched_by, 0 as rank from companies t where t.tax_key = $1 and t.deleted_at is null limit 10)
             union
             (select w.id, 'website', 1 from companies w where w.domain = $2 and w.deleted_at is null limit 10)
             union
             (select n.id, 'name', 2 from companies n where n.name_key = fold($3) and n.deleted_at is null limit 10)) m
           group by m.id) d
         join companies c on c.id = d.id
         where ($4::uuid[] is null or c.owner_id = any($4))
         order by d.rank, c.created_at, c.id limit 20"
    );
    tx.rows(DUPLICATES, &[&draft.tax_key(), &draft.domain(), &draft.name, owners]).await
}

/// A new company.
pub async fn insert(tx: &mut Tx, id: CompanyId, draft: &Draft) -> Result<()> {
    const INSERT: Sql = sql!(
        "insert into companies (id, name, legal_name, industry, size, website, profiles, email, phone, address, tax_id, description, status, tier, parent_id,
           owner_id, annual_value, monthly_revenue, currency, client_since, renews_on, cancel_by, name_key, domain, tax_key, search, created_at, updated_at, custom)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, fold($2), $23, $24, fold($25), $26, $26, $27)"
    );
    put(tx, INSERT, id, draft).await
}

/// Writes a locked company.
pub async fn update(tx: &mut Tx, id: CompanyId, draft: &Draft) -> Result<()> {
    const UPDATE: Sql = sql!(
        "update companies set name = $2, legal_name = $3, industry = $4, size = $5, website = $6, profiles = $7, email = $8, phone = $9, address = $10,
           tax_id = $11, description = $12, status = $13, tier = $14, parent_id = $15, owner_id = $16, annual_value = $17, monthly_revenue = $18,
           currency = $19, client_since = $20, renews_on = $21, cancel_by = $22, name_key = fold($2), domain = $23, tax_key = $24, search = fold($25),
           updated_at = $26, custom = $27, version = version + 1
         where id = $1"
    );
    put(tx, UPDATE, id, draft).await
}

/// Runs a statement that takes everything of a company.
async fn put(tx: &mut Tx, statement: Sql, id: CompanyId, draft: &Draft) -> Result<()> {
    let d = draft;
    let (size, tier) = (d.size.map(|size| size.as_str()), d.tier.map(|tier| tier.as_str()));
    let now = tx.now();
    tx.exec_one(
        statement,
        &[
            &id,
            &d.name,
            &d.legal_name,
            &d.industry,
            &size,
            &d.website,
            &d.profiles,
            &d.email,
            &d.phone,
            &d.address,
            &d.tax_id,
            &d.description,
            &d.status.as_str(),
            &tier,
            &d.parent,
            &d.owner,
            &d.annual_value,
            &d.monthly_revenue,
            &d.currency,
            &d.client_since,
            &d.renews_on,
            &d.cancel_by,
            &d.domain(),
            &d.tax_key(),
            &d.search_text(),
            &now,
            &d.custom,
        ],
    )
    .await
}

/// Marks a locked company as deleted.
pub async fn delete(tx: &mut Tx, id: CompanyId) -> Result<()> {
    const DELETE: Sql =
        sql!("update companies set deleted_at = $2, updated_at = $2, version = version + 1 where id = $1");
    let now = tx.now();
    tx.exec_one(DELETE, &[&id, &now]).await
}

/// Locks a deleted company in reach until the end of the transaction.
pub async fn lock_deleted(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<()> {
    const LOCK_DELETED: Sql = sql!(
        "select c.version from companies c
         where c.id = $1 and c.deleted_at is not null and c.merged_into is null and ($2::uuid[] is null or c.owner_id = any($2)) for update"
    );
    tx.value::<i64>(LOCK_DELETED, &[&id, owners]).await.map(drop)
}

/// Takes a deletion back.
pub async fn restore(tx: &mut Tx, id: CompanyId, owners: &Owners) -> Result<()> {
    const RESTORE: Sql = sql!(
        "update companies set deleted_at = null, updated_at = $2, version = version + 1
         where id = $1 and deleted_at is not null and ($3::uuid[] is null or owner_id = any($3))"
    );
    let now = tx.now();
    tx.exec_one(RESTORE, &[&id, &now, owners]).await
}

/// Removes a company that has been deleted at this moment; gives whether it was there. Its people are contacts and stay;
/// what belonged to it stands alone.
pub async fn purge(tx: &mut Tx, id: CompanyId, deleted_at: DateTime<Utc>) -> Result<bool> {
    const PURGE: Sql = sql!("delete from companies where id = $1 and deleted_at = $2");
    Ok(tx.exec(PURGE, &[&id, &deleted_at]).await? == 1)
}

/// Companies, deleted or not, that say one of these texts, locked until the end of the transaction.
pub async fn mentioning(tx: &mut Tx, mentions: &[String]) -> Result<Vec<Company>> {
    const MENTIONING: Sql = sql!(
        "select c.id, c.name, c.legal_name, c.industry, c.size, c.website, c.profiles, c.email, c.phone, c.address, c.tax_id, c.description, c.status,
           c.tier, c.parent_id as parent, c.owner_id as owner, c.annual_value, c.monthly_revenue, c.currency, c.client_since, c.renews_on, c.cancel_by, c.lifetime_value, c.contract_value, c.recurring_revenue, c.value_currency, c.value_missing, nullif(c.health, 102) as health, c.custom,
           0::bigint as people, 0::bigint as subsidiaries, c.created_at, c.updated_at, c.deleted_at, c.version
         from companies c
         where exists (select from unnest($1::text[]) as m(mention)
           where position(lower(m.mention) in lower(concat_ws(' ', c.name, c.legal_name, c.industry, c.website, array_to_string(c.profiles, ' '),
             c.email, c.phone, c.address::text, c.tax_id, c.description, c.custom::text))) > 0)
         order by c.id for update of c"
    );
    tx.rows(MENTIONING, &[&mentions]).await
}

/// How many there are; deleted ones are not.
pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    tx.value(sql!("select count(*) from companies where deleted_at is null"), &[]).await
}

/// The next companies in the order of their ids, deleted ones too, locked.
pub(super) async fn after(tx: &mut Tx, after: Option<uuid::Uuid>, limit: i64) -> Result<Vec<Company>> {
    const LOCK: Sql =
        sql!("select c.id from companies c where $1::uuid is null or c.id > $1 order by c.id limit $2 for update");
    const ANY: ListSpec = ListSpec { always: "", default_sort: "created_at", ..LIST };
    let ids: Vec<CompanyId> = tx.values(LOCK, &[&after, &limit]).await?;
    let all = ListQuery { limit: Some(200), ..ListQuery::default() };
    let page: Page<Company> = tx.list(&ANY, &all, &[Clause("c.id = any(?)", &ids, Type::UUID_ARRAY)]).await?;
    Ok(page.items)
}

/// Writes values of custom fields of locked companies; `ids` and `customs` pair up.
pub async fn set_custom(tx: &mut Tx, ids: &[uuid::Uuid], customs: &[Custom]) -> Result<()> {
    const SET: Sql = sql!(
        "update companies t set custom = n.custom, version = t.version + 1 from unnest($1::uuid[], $2::jsonb[]) as n(id, custom) where t.id = n.id"
    );
    tx.exec(SET, &[&ids, &customs]).await.map(|_| ())
}

/// Takes a value of a custom field away from companies.
pub(super) async fn strip_custom(tx: &mut Tx, ids: &[uuid::Uuid], key: &str) -> Result<()> {
    const STRIP: Sql =
        sql!("update companies set custom = custom - $2::text, version = version + 1 where id = any($1)");
    tx.exec(STRIP, &[&ids, &key]).await.map(|_| ())
}
