//! Every statement of the search, put together from constant pieces.
//!
//! Three looks at a kind, each only when the one before has not filled the answer: at the newest rows, where a frequent word
//! is found at once; at all rows that the index of trigrams gives; and, when nothing has the words, at what resembles them.
use super::model::{Found, Question, SearchKind, Within};
use contacts::Owners;
use kernel::{
    Error, Result, Tx,
    db::{Composed, word_patterns},
};
use tokio_postgres::types::Type;

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
    /// The words.
    words: &'static str,
    /// Whether what resembles the words is looked for: it needs an index.
    likely: bool,
}

const COMPANIES: Place = Place {
    columns: "x.id, x.name as title, null::text as about, concat_ws(' · ', x.industry, x.domain) as body, null::jsonb as definition, \
        null::jsonb as answers, null::uuid as contact, x.id as company, null::uuid as deal, x.updated_at as at",
    joins: "",
    newest: "(select n.id, n.name, n.industry, n.domain, n.search, n.owner_id, n.updated_at, n.deleted_at from companies n where n.deleted_at is null \
        order by n.created_at desc, n.id desc limit 2000) x",
    table: "companies x",
    live: "x.deleted_at is null",
    words: "x.search",
    likely: true,
};
const DEALS: Place = Place {
    columns: "x.id, x.title, null::text as about, x.next_step as body, null::jsonb as definition, null::jsonb as answers, \
        null::uuid as contact, x.company_id as company, x.id as deal, x.updated_at as at",
    joins: "",
    newest: "(select n.id, n.title, n.next_step, n.company_id, n.search, n.owner_id, n.updated_at, n.deleted_at from deals n where n.deleted_at is null \
        order by n.created_at desc, n.id desc limit 2000) x",
    table: "deals x",
    live: "x.deleted_at is null",
    words: "x.search",
    likely: true,
};
const TASKS: Place = Place {
    columns: "x.id, x.title, null::text as about, x.description as body, null::jsonb as definition, null::jsonb as answers, \
        x.contact_id as contact, x.company_id as company, x.deal_id as deal, x.updated_at as at",
    joins: "",
    newest: "(select n.id, n.title, n.description, n.contact_id, n.company_id, n.deal_id, n.search, n.assignee_id, n.collaborators, \
        n.updated_at, n.deleted_at from tasks n where n.deleted_at is null order by n.created_at desc, n.id desc limit 2000) x",
    table: "tasks x",
    live: "x.deleted_at is null",
    words: "x.search",
    likely: true,
};
const NOTES: Place = Place {
    columns: "x.id, '' as title, coalesce(d.title, m.name, c.display_name) as about, x.body, null::jsonb as definition, \
        null::jsonb as answers, x.contact_id as contact, x.company_id as company, x.deal_id as deal, x.created_at as at",
    joins: "left join contacts c on c.id = x.contact_id and c.deleted_at is null \
        left join companies m on m.id = x.company_id and m.deleted_at is null \
        left join deals d on d.id = x.deal_id and d.deleted_at is null",
    newest: "(select n.id, n.body, n.contact_id, n.company_id, n.deal_id, n.search, n.is_private, n.author_id, n.created_at from notes n \
        order by n.created_at desc, n.id desc limit 2000) x",
    table: "notes x",
    live: "coalesce(c.id, m.id, d.id) is not null",
    words: "x.search",
    likely: true,
};
const ACTIVITIES: Place = Place {
    columns: "x.id, x.title, coalesce(d.title, m.name, c.display_name) as about, concat_ws(' · ', x.body, x.outcome) as body, \
        null::jsonb as definition, null::jsonb as answers, x.contact_id as contact, x.company_id as company, x.deal_id as deal, \
        x.occurred_at as at",
    joins: "left join contacts c on c.id = x.contact_id and c.deleted_at is null \
        left join companies m on m.id = x.company_id and m.deleted_at is null \
        left join deals d on d.id = x.deal_id and d.deleted_at is null",
    newest: "(select n.id, n.title, n.body, n.outcome, n.contact_id, n.company_id, n.deal_id, n.search, n.occurred_at from activities n \
        order by n.occurred_at desc, n.id desc limit 2000) x",
    table: "activities x",
    live: "case when x.deal_id is not null then d.id is not null when x.company_id is not null then m.id is not null else c.id is not null end",
    words: "x.search",
    likely: true,
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
    words: "x.search",
    likely: false,
};
const SUBMISSIONS: Place = Place {
    columns: "x.id, f.name as title, null::text as about, null::text as body, v.definition, x.answers, x.contact_id as contact, \
        null::uuid as company, null::uuid as deal, x.created_at as at",
    joins: "join forms f on f.id = x.form_id join form_versions v on v.form_id = x.form_id and v.number = x.form_version",
    newest: "(select n.id, n.form_id, n.form_version, n.answers, n.contact_id, n.search, n.created_at, n.state from submissions n \
        where n.state = 'received' order by n.created_at desc, n.id desc limit 2000) x",
    table: "submissions x",
    // What is kept aside is no answer until a member says so.
    live: "x.state = 'received'",
    words: "x.search",
    likely: true,
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

/// The newest rows of a kind that have the words; when none has, those that resemble them most.
pub(super) async fn find(tx: &mut Tx, kind: SearchKind, question: &Question, within: &Within) -> Result<Vec<Found>> {
    let place = place(kind)?;
    let wanted = i64::from(question.limit);
    let patterns = word_patterns(&question.text);
    let having = |from: &'static str, bound: &'static str| {
        let mut statement = Composed::new(
            "select y.id, y.title, y.about, y.body, y.definition, y.answers, y.contact, y.company, y.deal, y.at from (select ",
        );
        statement.add(place.columns).add(" from ").add(from).add(" ").add(place.joins).add(" where ").add(place.live);
        for pattern in &patterns {
            statement.add(" and ").add(place.words).add(" like fold(").bind(pattern.clone(), Type::TEXT).add(")");
        }
        reach(&mut statement, kind, within);
        statement.add(bound).add(") y order by y.at desc, y.id desc limit ").bind(wanted, Type::INT8);
        statement
    };
    let newest: Vec<Found> = tx.composed_rows(&having(place.newest, "")).await?;
    if newest.len() as i64 >= wanted || place.table.is_empty() {
        return Ok(newest);
    }
    // The bound is for a word that very many rows have, none of the newest among them.
    let all: Vec<Found> = tx.composed_rows(&having(place.table, " limit 500")).await?;
    if !all.is_empty() || !place.likely || question.text.chars().count() < 4 {
        return Ok(all);
    }
    let mut statement = Composed::new(
        "select y.id, y.title, y.about, y.body, y.definition, y.answers, y.contact, y.company, y.deal, y.at from (select ",
    );
    statement
        .add(place.columns)
        .add(", ")
        .add(place.words)
        .add(" as words from ")
        .add(place.table)
        .add(" ")
        .add(place.joins);
    statement.add(" where ").add(place.live).add(" and ").add(place.words).add(" %> fold(");
    statement.bind(question.text.clone(), Type::TEXT).add(")");
    reach(&mut statement, kind, within);
    statement.add(" limit 200) y order by word_similarity(fold(").bind(question.text.clone(), Type::TEXT);
    statement.add("), y.words) desc, y.at desc, y.id desc limit ").bind(wanted, Type::INT8);
    tx.composed_rows(&statement).await
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
