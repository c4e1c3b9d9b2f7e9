//! Every statement on what became of greetings.
use crate::greetings::model::{GreetingId, GreetingSend, SendId};
use chrono::NaiveDate;
use contacts::{ContactId, Owners};
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Clause, Field, FieldKind, ListQuery, ListSpec, Sql},
    http::Page,
    sql,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

/// What becomes of a greeting for a contact on a day.
pub(in crate::greetings) struct Claim<'a> {
    pub greeting: GreetingId,
    pub contact: ContactId,
    pub day: NaiveDate,
    /// What is celebrated.
    pub occurrence: &'a str,
    /// Why it does not go out; it does when there is none.
    pub reason: Option<&'a str>,
}

/// Writes it down; gives its id when nothing had been decided and nothing else went out to him that keeps it from going out: on
/// this day, or for the same on another one.
pub(in crate::greetings) async fn claim(tx: &mut Tx, claim: &Claim<'_>, exclusive: bool) -> Result<Option<SendId>> {
    const CLAIM: Sql = sql!(
        "insert into greeting_sends (id, greeting_id, contact_id, day, occurrence, state, reason, exclusive, created_at)
         values ($1, $2, $3, $4, $5, case when $6::text is null then 'sent' else 'skipped' end, $6, $7, $8) on conflict do nothing"
    );
    let Claim { greeting, contact, day, occurrence, reason } = claim;
    let now = tx.now();
    let id = SendId::new(now);
    let made = tx.exec(CLAIM, &[&id, greeting, contact, day, occurrence, reason, &exclusive, &now]).await?;
    Ok((made == 1).then_some(id))
}

/// Writes down that somebody greeted a contact by hand, whatever kept a mail from going out; gives the line unless a mail did, or
/// somebody has said so already.
pub(in crate::greetings) async fn mark(tx: &mut Tx, claim: &Claim<'_>, exclusive: bool) -> Result<Option<SendId>> {
    const MARK: Sql = sql!(
        "insert into greeting_sends as s (id, greeting_id, contact_id, day, occurrence, state, exclusive, done_by, created_at)
         values ($1, $2, $3, $4, $5, 'sent', $6, $7, $8)
         on conflict (greeting_id, contact_id, day) do update
           set state = 'sent', reason = null, occurrence = $5, exclusive = $6, done_by = $7, created_at = $8
         where s.state = 'skipped' returning s.id"
    );
    let Claim { greeting, contact, day, occurrence, .. } = claim;
    let (now, who) = (tx.now(), tx.context().actor.id);
    let sent = || Error::conflict("greeting_sent", "He was greeted for this on another day.");
    let another = || Error::conflict("another_greeting", "Another greeting went out to him on this day.");
    let other_day = || Error::conflict("another_greeting", "Another greeting went out to him for this on another day.");
    tx.value_opt(MARK, &[&SendId::new(now), greeting, contact, day, occurrence, &exclusive, &who, &now])
        .await
        .on_constraint("greeting_sends_occurrence_key", sent)
        .on_constraint("greeting_sends_exclusive_key", another)
        .on_constraint("greeting_sends_exclusive_occurrence_key", other_day)
}

/// What became of a greeting for a contact in reach.
pub(in crate::greetings) async fn find_send(tx: &mut Tx, id: SendId, owners: &Owners) -> Result<GreetingSend> {
    let query = ListQuery { limit: Some(1), ..ListQuery::default() };
    let mut clauses = vec![Clause("s.id = ?", &id, Type::UUID)];
    clauses.extend(owners.iter().map(|owners| Clause(OWNED, owners, Type::UUID_ARRAY)));
    let page: Page<GreetingSend> = tx.list(&SENDS, &query, &clauses).await?;
    page.items.into_iter().next().ok_or_else(Error::not_found)
}

/// Forgets what somebody did by hand; gives whether it stood there.
pub(in crate::greetings) async fn unmark(tx: &mut Tx, id: SendId) -> Result<bool> {
    const UNMARK: Sql = sql!("delete from greeting_sends where id = $1 and done_by is not null");
    Ok(tx.exec(UNMARK, &[&id]).await? == 1)
}

/// What was claimed could not be sent after all.
pub(in crate::greetings) async fn set_skipped(tx: &mut Tx, id: SendId, reason: &str) -> Result<()> {
    const SKIPPED: Sql = sql!("update greeting_sends set state = 'skipped', reason = $2 where id = $1");
    tx.exec_one(SKIPPED, &[&id, &reason]).await
}

/// Says which mail carries a greeting, unless it carries that of another contact with the same address; gives whether it does not.
pub(in crate::greetings) async fn set_mail(tx: &mut Tx, id: SendId, mail: Uuid) -> Result<bool> {
    const MAIL: Sql = sql!(
        "update greeting_sends set mail_id = $2 where id = $1 and not exists (select from greeting_sends other where other.mail_id = $2)"
    );
    Ok(tx.exec(MAIL, &[&id, &mail]).await? == 1)
}

const SENDS: ListSpec = ListSpec {
    select: "select s.id, s.greeting_id as greeting, (select g.name from greetings g where g.id = s.greeting_id) as greeting_name, \
        s.contact_id as contact, (select c.display_name from contacts c where c.id = s.contact_id and c.deleted_at is null) as contact_name, s.day, \
        s.state, s.reason, s.done_by, s.created_at from greeting_sends s",
    id: "s.id",
    always: "",
    fields: &[
        Field { name: "greeting", sql: "s.greeting_id", kind: FieldKind::Id("gre"), sort: None },
        Field { name: "contact", sql: "s.contact_id", kind: FieldKind::Id("con"), sort: None },
        Field { name: "day", sql: "s.day", kind: FieldKind::Date, sort: None },
        Field { name: "state", sql: "s.state", kind: FieldKind::Text, sort: None },
        Field { name: "reason", sql: "s.reason", kind: FieldKind::Text, sort: None },
        Field { name: "created_at", sql: "s.created_at", kind: FieldKind::Time, sort: Some("s.created_at") },
    ],
    default_sort: "-created_at",
};

const OWNED: &str = "exists (select from contacts c where c.id = s.contact_id and c.owner_id = any(?))";

/// One page of what became of greetings, for contacts in reach.
pub(in crate::greetings) async fn sends(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<Page<GreetingSend>> {
    tx.list(&SENDS, query, &within(owners)).await
}

/// Gets the same, all of it, ready for a file, the oldest first; how many.
pub(in crate::greetings) async fn open_sends(tx: &mut Tx, query: &ListQuery, owners: &Owners) -> Result<u64> {
    const SHEET: ListSpec = ListSpec { default_sort: "created_at", ..SENDS };
    tx.open_whole(&SHEET, &[], query, &within(owners)).await
}

fn within(owners: &Owners) -> Vec<Clause<'_>> {
    owners.iter().map(|owners| Clause(OWNED, owners, Type::UUID_ARRAY)).collect()
}

/// What became of every greeting for a contact.
pub(crate) async fn sends_of(tx: &mut Tx, contact: ContactId) -> Result<Vec<GreetingSend>> {
    const OF: Sql = sql!(
        "select s.id, s.greeting_id as greeting, g.name as greeting_name, s.contact_id as contact, null::text as contact_name, s.day, s.state,
           s.reason, s.done_by, s.created_at
         from greeting_sends s join greetings g on g.id = s.greeting_id where s.contact_id = $1 order by s.created_at, s.id"
    );
    tx.rows(OF, &[&contact]).await
}

/// Forgets what became of greetings for a contact; gives how many there were.
pub(crate) async fn erase_sends(tx: &mut Tx, contact: ContactId) -> Result<u64> {
    const ERASE: Sql = sql!("delete from greeting_sends where contact_id = $1");
    tx.exec(ERASE, &[&contact]).await
}
