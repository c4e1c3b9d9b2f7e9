//! Every statement of the search, put together from constant pieces.
//!
//! Looks at a kind, each only when the one before has not filled the answer: at the newest rows, where a frequent word is found
//! at once; at all rows that the index of trigrams gives; and, when nothing has the words, at the same two for words with a
//! mistake in them. The last look alone may read more than it gives, so it has a limit of time.
use super::model::{Found, Question, SearchKind, Within};
use contacts::Owners;
use kernel::{
    Error, Result, Tx,
    db::{Composed, Near, TypedWord, rarest_first, word_patterns},
};
use std::{
    cmp::Reverse,
    collections::HashSet,
    time::{Duration, Instant},
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// What the words are looked for in.
const WORDS: &str = "x.search";

/// How a kind is read.
struct Place {
    /// What is selected, by the alias `x`.
    columns: &'static str,
    /// What is read besides, by `x`.
    joins: &'static str,
    /// The newest of the table, as `x`.
    newest: &'static str,
    /// The table, as `x`.
    table: &'static str,
    /// What always holds.
    live: &'static str,
    /// The rows that can have the words, as `n`, where no index knows whose they are: the first thousands that have them are
    /// looked at, whoever asks.
    pool: Option<&'static str>,
}

const COMPANIES: Place = Place {
    columns: "x.id, x.name as title, null::text as about, concat_ws(' · ', x.industry, x.domain) as body, null::jsonb as definition, \
        null::jsonb as answers, null::uuid as contact, x.id as company, null::uuid as deal, x.updated_at as at",
    joins: "",
    newest: "(select n.id, n.name, n.industry, n.domain, n.search, n.owner_id, n.updated_at, n.deleted_at from companies n where n.deleted_at is null \
        order by n.created_at desc, n.id desc limit 1000) x",
    table: "companies x",
    live: "x.deleted_at is null",
    pool: None,
};
const DEALS: Place = Place {
    columns: "x.id, x.title, null::text as about, x.next_step as body, null::jsonb as definition, null::jsonb as answers, \
        null::uuid as contact, x.company_id as company, x.id as deal, x.updated_at as at",
    joins: "",
    newest: "(select n.id, n.title, n.next_step, n.company_id, n.search, n.owner_id, n.updated_at, n.deleted_at from deals n where n.deleted_at is null \
        order by n.created_at desc, n.id desc limit 1000) x",
    table: "deals x",
    live: "x.deleted_at is null",
    pool: None,
};
const TASKS: Place = Place {
    columns: "x.id, x.title, null::text as about, x.description as body, null::jsonb as definition, null::jsonb as answers, \
        x.contact_id as contact, x.company_id as company, x.deal_id as deal, x.updated_at as at",
    joins: "",
    newest: "(select n.id, n.title, n.description, n.contact_id, n.company_id, n.deal_id, n.search, n.assignee_id, n.collaborators, \
        n.updated_at, n.deleted_at from tasks n where n.deleted_at is null order by n.created_at desc, n.id desc limit 1000) x",
    table: "tasks x",
    live: "x.deleted_at is null",
    pool: Some("tasks n where n.deleted_at is null"),
};
const NOTES: Place = Place {
    columns: "x.id, '' as title, coalesce(d.title, m.name, c.display_name) as about, x.body, null::jsonb as definition, \
        null::jsonb as answers, x.contact_id as contact, x.company_id as company, x.deal_id as deal, x.created_at as at",
    joins: "left join contacts c on c.id = x.contact_id and c.deleted_at is null \
        left join companies m on m.id = x.company_id and m.deleted_at is null \
        left join deals d on d.id = x.deal_id and d.deleted_at is null",
    newest: "(select n.id, n.body, n.contact_id, n.company_id, n.deal_id, n.search, n.is_private, n.author_id, n.created_at from notes n \
        order by n.created_at desc, n.id desc limit 1000) x",
    table: "notes x",
    live: "coalesce(c.id, m.id, d.id) is not null",
    pool: Some("notes n where true"),
};
const ACTIVITIES: Place = Place {
    columns: "x.id, x.title, coalesce(d.title, m.name, c.display_name) as about, concat_ws(' · ', x.body, x.outcome) as body, \
        null::jsonb as definition, null::jsonb as answers, x.contact_id as contact, x.company_id as company, x.deal_id as deal, \
        x.occurred_at as at",
    joins: "left join contacts c on c.id = x.contact_id and c.deleted_at is null \
        left join companies m on m.id = x.company_id and m.deleted_at is null \
        left join deals d on d.id = x.deal_id and d.deleted_at is null",
    newest: "(select n.id, n.title, n.body, n.outcome, n.contact_id, n.company_id, n.deal_id, n.search, n.occurred_at from activities n \
        order by n.occurred_at desc, n.id desc limit 1000) x",
    table: "activities x",
    live: "case when x.deal_id is not null then d.id is not null when x.company_id is not null then m.id is not null else c.id is not null end",
    pool: Some("activities n where true"),
};
/// Mails of all tenants stand in one table, which a policy filters first: an index of words would never be asked. They are kept
/// for 30 days, and the newest are looked at.
const MAILS: Place = Place {
    columns: "x.id, coalesce(x.subject, x.data ->> 'title', '') as title, null::text as about, x.recipient as body, \
        null::jsonb as definition, null::jsonb as answers, x.contact_id as contact, null::uuid as company, null::uuid as deal, \
        x.created_at as at",
    joins: "join contacts c on c.id = x.contact_id and c.deleted_at is null",
    newest: "(select n.id, n.subject, n.data, n.recipient, n.contact_id, n.created_at, \
        ' ' || fold(concat_ws(' ', coalesce(n.subject, n.data ->> 'title'), n.recipient)) as search from ops.mails n \
        where n.tenant = current_user and n.recipient_user is null and n.contact_id is not null \
        order by n.created_at desc, n.id desc limit 5000) x",
    table: "",
    live: "true",
    pool: None,
};
const SUBMISSIONS: Place = Place {
    columns: "x.id, f.name as title, null::text as about, null::text as body, v.definition, x.answers, x.contact_id as contact, \
        null::uuid as company, null::uuid as deal, x.created_at as at",
    joins: "join forms f on f.id = x.form_id join form_versions v on v.form_id = x.form_id and v.number = x.form_version",
    newest: "(select n.id, n.form_id, n.form_version, n.answers, n.contact_id, n.search, n.created_at, n.state from submissions n \
        where n.state = 'received' order by n.created_at desc, n.id desc limit 1000) x",
    table: "submissions x",
    // What is kept aside is no answer until a member says so.
    live: "x.state = 'received'",
    pool: None,
};

fn place(kind: SearchKind) -> Result<&'static Place> {
    Ok(match kind {
        SearchKind::Contacts => return Err(Error::internal("contacts are found by their module")),
        SearchKind::Companies => &COMPANIES,
        SearchKind::Deals => &DEALS,
        SearchKind::Tasks => &TASKS,
        SearchKind::Notes => &NOTES,
        SearchKind::Activities => &ACTIVITIES,
        SearchKind::Mails => &MAILS,
        SearchKind::Submissions => &SUBMISSIONS,
    })
}

/// A question to one kind.
struct Asked<'a> {
    place: &'static Place,
    kind: SearchKind,
    question: &'a Question,
    within: &'a Within,
}

impl Asked<'_> {
    /// The newest of the rows `from` somewhere that are in reach and fit the words; `bound` ends the looking.
    fn rows(&self, from: &'static str, bound: &'static str, words: impl FnOnce(&mut Composed)) -> Composed {
        let mut statement = Composed::new(
            "select y.id, y.title, y.about, y.body, y.definition, y.answers, y.contact, y.company, y.deal, y.at from (select ",
        );
        statement.add(self.place.columns).add(" from ").add(from).add(" ").add(self.place.joins);
        statement.add(" where ").add(self.place.live);
        words(&mut statement);
        reach(&mut statement, self.kind, self.within);
        statement.add(bound).add(") y order by y.at desc, y.id desc limit ");
        statement.bind(i64::from(self.question.limit), Type::INT8);
        statement
    }

    /// Adds that a row holds all words.
    fn having(&self, statement: &mut Composed) {
        for pattern in word_patterns(&self.question.text) {
            statement.add(" and ").add(WORDS).add(" like fold(").bind(pattern, Type::TEXT).add(")");
        }
    }

    /// The same as the index of words finds it.
    fn having_by_index(&self, statement: &mut Composed, typed: &[TypedWord]) {
        let having = |statement: &mut Composed, column: &'static str| {
            for pattern in rarest_first(typed) {
                statement.add(" and ").add(column).add(" like ").bind(pattern, Type::TEXT);
            }
        };
        let Some(pool) = self.place.pool else { return having(statement, WORDS) };
        statement.add(" and x.ctid = any(array(select n.ctid from ").add(pool);
        having(statement, "n.search");
        statement.add(" limit 5000))");
    }

    fn is_filled(&self, rows: &[Found]) -> bool {
        rows.len() >= self.question.limit as usize
    }
}

/// The newest rows of a kind that have the words; when none has, those that have them with a mistake in a word, as long as
/// `patience` lasts.
pub(super) async fn find(
    tx: &mut Tx,
    kind: SearchKind,
    question: &Question,
    within: &Within,
    patience: &mut Duration,
) -> Result<Vec<Found>> {
    let asked = Asked { place: place(kind)?, kind, question, within };
    let place = asked.place;
    let newest: Vec<Found> = tx.composed_rows(&asked.rows(place.newest, "", |s| asked.having(s))).await?;
    if asked.is_filled(&newest) || place.table.is_empty() {
        return Ok(newest);
    }
    let typed = tx.typed_words(&question.text, place.newest, WORDS).await?;
    // The bound is for a word that very many rows have, none of the newest among them.
    let all = tx.composed_rows(&asked.rows(place.table, " limit 500", |s| asked.having_by_index(s, &typed))).await?;
    let found = together(all, newest, question.limit);
    if !found.is_empty() {
        return Ok(found);
    }
    let Some(near) = Near::of(&typed) else { return Ok(vec![]) };
    let newest: Vec<Found> = tx.composed_rows(&asked.rows(place.newest, "", |s| near.ask(s, WORDS))).await?;
    if asked.is_filled(&newest) || patience.is_zero() || !near.can_seek() {
        return Ok(newest);
    }
    let statement = asked.rows(place.table, " limit 200", |s| near.seek(s, WORDS));
    let begun = Instant::now();
    let all = tx.within(*patience, async |tx| tx.composed_rows(&statement).await).await?;
    *patience = patience.saturating_sub(begun.elapsed());
    Ok(together(all.unwrap_or_default(), newest, question.limit))
}

/// The newest of both, each once.
fn together(mut all: Vec<Found>, newest: Vec<Found>, wanted: u32) -> Vec<Found> {
    let known: HashSet<Uuid> = all.iter().map(|row| row.id).collect();
    all.extend(newest.into_iter().filter(|row| !known.contains(&row.id)));
    all.sort_by_key(|row| Reverse((row.at, row.id)));
    all.truncate(wanted as usize);
    all
}

/// The condition of what the caller reaches.
fn reach(statement: &mut Composed, kind: SearchKind, within: &Within) {
    match (kind, within) {
        (SearchKind::Tasks, Within::Owners(Some(owners))) => {
            statement.add(" and (x.assignee_id = any(").bind(owners.clone(), Type::UUID_ARRAY);
            statement.add(") or x.collaborators && ").bind(owners.clone(), Type::UUID_ARRAY).add(")");
        }
        (SearchKind::Submissions, Within::Owners(Some(owners))) => {
            statement.add(" and f.responsible = any(").bind(owners.clone(), Type::UUID_ARRAY).add(")");
        }
        (_, Within::Owners(Some(owners))) => {
            statement.add(" and x.owner_id = any(").bind(owners.clone(), Type::UUID_ARRAY).add(")");
        }
        (_, Within::Owners(None)) => {}
        (_, Within::Records(records, reader)) => {
            if kind == SearchKind::Notes {
                statement.add(" and (not x.is_private or x.author_id = ").bind(*reader, Type::UUID).add(")");
            }
            of_owner(statement, " and (x.deal_id is null or d.owner_id = any(", &records.deals);
            of_owner(statement, " and (x.company_id is null or m.owner_id = any(", &records.companies);
            // About a deal or a company the contact is only who it was with.
            let contact = " and (x.deal_id is not null or x.company_id is not null or c.owner_id = any(";
            of_owner(statement, contact, &records.contacts);
        }
    }
}

fn of_owner(statement: &mut Composed, condition: &'static str, owners: &Owners) {
    if let Some(owners) = owners {
        statement.add(condition).bind(owners.clone(), Type::UUID_ARRAY).add("))");
    }
}
