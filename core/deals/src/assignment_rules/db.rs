//! Every statement on rules of assignment and their members.
use super::{
    choice::Seat,
    model::{Around, AssignmentRule, AssignmentRuleId, NewAssignmentRule, Wanted},
};
use crate::pipelines::PipelineId;
use contacts::TagId;
use kernel::{
    Error, OnConstraint, Result, Tx,
    db::{Field, FieldKind, ListSpec, Sql},
    ids::UserId,
    row, sql,
};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// Every rule, in the order in which they are asked.
pub(super) const LIST: ListSpec = ListSpec {
    select: "select r.id, r.name, r.position, r.is_enabled as enabled, r.mode, r.pipeline_ids as pipelines, r.sources, r.currency, \
        r.amount_from, r.amount_to, r.countries, r.tag_ids as tags, r.industries, \
        array(select jsonb_build_object('member', m.member_id, 'weight', m.weight, 'most_open', m.most_open) \
          from assignment_members m where m.rule_id = r.id order by m.position) as members, \
        r.turns, r.created_at, r.updated_at, r.version from assignment_rules r",
    id: "r.id",
    always: "",
    fields: &[
        Field { name: "name", sql: "r.name", kind: FieldKind::Text, sort: None },
        Field { name: "enabled", sql: "r.is_enabled", kind: FieldKind::Bool, sort: None },
        Field { name: "position", sql: "r.position::bigint", kind: FieldKind::Int, sort: Some("r.position") },
    ],
    default_sort: "position",
};

/// Rules in their order: the one with this id, or all that are on.
async fn rules(tx: &mut Tx, id: Option<AssignmentRuleId>) -> Result<Vec<AssignmentRule>> {
    const RULES: Sql = sql!(
        "select r.id, r.name, r.position, r.is_enabled as enabled, r.mode, r.pipeline_ids as pipelines, r.sources, r.currency,
           r.amount_from, r.amount_to, r.countries, r.tag_ids as tags, r.industries,
           array(select jsonb_build_object('member', m.member_id, 'weight', m.weight, 'most_open', m.most_open)
             from assignment_members m where m.rule_id = r.id order by m.position) as members,
           r.turns, r.created_at, r.updated_at, r.version
         from assignment_rules r where case when $1::uuid is null then r.is_enabled else r.id = $1 end order by r.position, r.id"
    );
    tx.rows(RULES, &[&id]).await
}

/// Rules that are asked, in their order.
pub(super) async fn enabled(tx: &mut Tx) -> Result<Vec<AssignmentRule>> {
    rules(tx, None).await
}

/// The rule.
pub(super) async fn find(tx: &mut Tx, id: AssignmentRuleId) -> Result<AssignmentRule> {
    rules(tx, Some(id)).await?.pop().ok_or_else(Error::not_found)
}

/// Serialises everybody who gives a deal away by a rule or changes rules, until the end of the transaction. Taken after the
/// place of a stage, and before nothing else.
pub(super) async fn lock(tx: &mut Tx) -> Result<()> {
    tx.lock("assignment").await
}

/// Everybody whom a rule that is asked could choose.
pub(super) async fn members(tx: &mut Tx) -> Result<Vec<Uuid>> {
    const MEMBERS: Sql = sql!(
        "select distinct m.member_id from assignment_members m join assignment_rules r on r.id = m.rule_id where r.is_enabled"
    );
    tx.values(MEMBERS, &[]).await
}

/// What rules look at beyond the deal itself.
pub(super) async fn around(tx: &mut Tx, deal: &Wanted) -> Result<Around> {
    const AROUND: Sql = sql!(
        "select coalesce((select co.address->>'country' from companies co where co.id = $1),
             (select c.address->>'country' from contacts c where c.id = ($2::uuid[])[1])) as country,
           (select co.industry from companies co where co.id = $1) as industry,
           array(with carried as (select unnest(c.tags) as name from contacts c where c.id = any($2) and c.deleted_at is null)
             select t.id from tags t where t.name in (select name from carried)
             union select r.tag_id from tag_runs r where r.tag_id is not null and r.name in (select name from carried)) as tags"
    );
    tx.row(AROUND, &[&deal.company, &deal.contacts]).await
}

row! {
    /// A member of a rule, as he stands.
    #[derive(Debug, Clone)]
    pub(super) struct SeatRow {
        /// Who.
        pub member: UserId,
        /// His share.
        pub weight: i16,
        /// With so many open deals he gets no further one.
        pub most_open: Option<i32>,
        /// What he is owed.
        pub credit: i64,
        /// When he had his last turn.
        pub last_turn: i64,
        /// His open deals.
        pub open: i64,
        /// Whether he is absent today.
        pub away: bool,
    }
}

/// The members of a rule, in its order. Today is the tenant's.
pub(super) async fn seats(tx: &mut Tx, rule: AssignmentRuleId) -> Result<Vec<SeatRow>> {
    const SEATS: Sql = sql!(
        "select m.member_id as member, m.weight, m.most_open, m.credit, m.last_turn,
           (select count(*) from deals d where d.owner_id = m.member_id and d.status = 'open' and d.deleted_at is null) as open,
           exists (select from deal_absences a where a.member_id = m.member_id
             and coalesce(a.from_on <= ($2::timestamptz at time zone $3::text)::date, true)
             and coalesce(a.until_on >= ($2::timestamptz at time zone $3::text)::date, true)) as away
         from assignment_members m where m.rule_id = $1 order by m.position"
    );
    let (now, zone) = (tx.now(), tx.tenant().zone.clone());
    tx.rows(SEATS, &[&rule, &now, &zone]).await
}

/// Keeps what a turn changed: credits of everybody, and whose turn it was.
pub(super) async fn turn(
    tx: &mut Tx,
    rule: AssignmentRuleId,
    rows: &[SeatRow],
    seats: &[Seat],
    chosen: UserId,
) -> Result<()> {
    const TURN: Sql = sql!("update assignment_rules set turns = turns + 1 where id = $1");
    const CREDITS: Sql = sql!(
        "update assignment_members m set credit = n.credit,
           last_turn = case when m.member_id = $2 then (select r.turns from assignment_rules r where r.id = $1) else m.last_turn end
         from unnest($3::uuid[], $4::int8[]) as n(member, credit) where m.rule_id = $1 and m.member_id = n.member"
    );
    let members: Vec<UserId> = rows.iter().map(|row| row.member).collect();
    let credits: Vec<i64> = seats.iter().map(|seat| seat.credit).collect();
    tx.exec_one(TURN, &[&rule]).await?;
    tx.exec(CREDITS, &[&rule, &chosen, &members, &credits]).await.map(|_| ())
}

/// How many rules there are.
pub(super) async fn count(tx: &mut Tx) -> Result<i64> {
    tx.value(sql!("select count(*) from assignment_rules"), &[]).await
}

/// Writes a rule with its members, new or locked; a new one comes last. Members who stay keep what they are owed, unless
/// somebody came, went or has another weight: then all begin anew.
pub(super) async fn put(tx: &mut Tx, id: AssignmentRuleId, rule: &NewAssignmentRule, anew: bool) -> Result<()> {
    const PUT: Sql = sql!(
        "insert into assignment_rules (id, name, position, is_enabled, mode, pipeline_ids, sources, currency, amount_from, amount_to, countries,
           tag_ids, industries, created_at, updated_at)
         values ($1, $2, (select coalesce(max(position) + 1, 0) from assignment_rules), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
         on conflict on constraint assignment_rules_pkey do update set name = $2, is_enabled = $3, mode = $4, pipeline_ids = $5, sources = $6,
           currency = $7, amount_from = $8, amount_to = $9, countries = $10, tag_ids = $11, industries = $12, updated_at = $13,
           version = assignment_rules.version + 1"
    );
    const CLEAR: Sql = sql!("delete from assignment_members where rule_id = $1 and member_id <> all($2)");
    const MEMBERS: Sql = sql!(
        "insert into assignment_members as m (rule_id, position, member_id, weight, most_open)
         select $1, n.n - 1, n.member, n.weight, n.most_open
         from unnest($2::uuid[], $3::int2[], $4::int4[]) with ordinality as n(member, weight, most_open, n)
         on conflict (rule_id, member_id) do update set position = excluded.position, weight = excluded.weight, most_open = excluded.most_open,
           credit = case when $5 then 0 else m.credit end"
    );
    let now = tx.now();
    let values: &[&(dyn ToSql + Sync)] = &[
        &id,
        &rule.name,
        &rule.enabled.unwrap_or(true),
        &rule.mode.as_str(),
        &rule.pipelines,
        &rule.sources,
        &rule.currency,
        &rule.amount_from,
        &rule.amount_to,
        &rule.countries,
        &rule.tags,
        &rule.industries,
        &now,
    ];
    let taken = || Error::invalid("/name", "name_taken", "Another rule is called so.");
    tx.exec_one(PUT, values).await.on_constraint("assignment_rules_name_key", taken)?;
    let members: Vec<UserId> = rule.members.iter().map(|member| member.member).collect();
    let weights: Vec<i16> = rule.members.iter().map(|member| member.weight.unwrap_or(1)).collect();
    let limits: Vec<Option<i32>> = rule.members.iter().map(|member| member.most_open).collect();
    tx.exec(CLEAR, &[&id, &members]).await?;
    tx.exec(MEMBERS, &[&id, &members, &weights, &limits, &anew]).await.map(|_| ())
}

/// Puts the rules into this order.
pub(super) async fn reorder(tx: &mut Tx, rules: &[AssignmentRuleId]) -> Result<()> {
    const REORDER: Sql = sql!(
        "update assignment_rules r set position = n.n - 1, updated_at = $2, version = r.version + 1
         from unnest($1::uuid[]) with ordinality as n(id, n) where r.id = n.id and r.position <> n.n - 1"
    );
    let now = tx.now();
    tx.exec(REORDER, &[&rules, &now]).await.map(|_| ())
}

/// Ids of all rules.
pub(super) async fn ids(tx: &mut Tx) -> Result<Vec<AssignmentRuleId>> {
    tx.values(sql!("select id from assignment_rules order by position, id"), &[]).await
}

/// Removes a rule.
pub(super) async fn delete(tx: &mut Tx, id: AssignmentRuleId) -> Result<()> {
    tx.exec_one(sql!("delete from assignment_rules where id = $1"), &[&id]).await
}

/// Which of these pipelines there are not.
pub(super) async fn unknown_pipelines(tx: &mut Tx, ids: &[PipelineId]) -> Result<Vec<PipelineId>> {
    const UNKNOWN: Sql = sql!(
        "select n.id from unnest($1::uuid[]) as n(id) where not exists (select from pipelines p where p.id = n.id)"
    );
    tx.values(UNKNOWN, &[&ids]).await
}

/// Which of these tags there are not.
pub(super) async fn unknown_tags(tx: &mut Tx, ids: &[TagId]) -> Result<Vec<TagId>> {
    const UNKNOWN: Sql =
        sql!("select n.id from unnest($1::uuid[]) as n(id) where not exists (select from tags t where t.id = n.id)");
    tx.values(UNKNOWN, &[&ids]).await
}
