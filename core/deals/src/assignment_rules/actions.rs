//! What can be done with rules of assignment, and what they do. Who is a member and what he may do stands in the control
//! plane, which no transaction of a tenant reaches: it is looked up before one begins.
use super::{
    choice::{self, Seat},
    db::{self, SeatRow},
    model::{
        AssignmentMode, AssignmentOrder, AssignmentRule, AssignmentRuleId, AssignmentSeat, AssignmentTrial,
        NewAssignmentRule, OutReason, Wanted,
    },
};
use crate::{DEAL_ASSIGNED, DEAL_UNASSIGNED, Write, deals::DealId};
use contacts::{ContactId, Problems};
use identity::members;
use kernel::{
    Cx, Error, Result, Tx,
    auth::{Level, Permission},
    events::NewEvent,
    http::check_if_match,
    ids::UserId,
};
use notifications::notifications::{Notice, notify};
use serde_json::json;
use uuid::Uuid;

/// Most rules of a tenant: each new deal without an owner reads those that are on.
const MOST: i64 = 50;

/// What is known of the people whom rules could choose, before a transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staff {
    /// Those who cannot have a deal: gone, disabled, or without the permission.
    unable: Vec<UserId>,
    /// Members who look after all deals: they hear when nobody could take one.
    managers: Vec<Uuid>,
}

/// Looks up the people of the rules that are on. Whoever comes into a rule after this was a member at that moment.
pub(crate) async fn staff<P: Permission>(cx: &Cx<P>) -> Result<Staff> {
    let asked = cx.read(async |tx| db::members(tx).await).await?;
    if asked.is_empty() {
        return Ok(Staff::default());
    }
    let people = members::reaching(cx, Write::NAME, &asked).await?;
    let able = |id: &Uuid| people.iter().any(|person| person.user.0 == *id && person.level > Level::No);
    let managers = people.iter().filter(|person| person.is_member && person.level == Level::All);
    Ok(Staff {
        managers: managers.map(|person| person.user.0).collect(),
        unable: asked.into_iter().filter(|id| !able(id)).map(UserId).collect(),
    })
}

/// What a rule decided about a deal.
#[derive(Debug, Clone)]
pub(crate) struct Assigned {
    /// Which one.
    pub rule: AssignmentRuleId,
    /// How it chooses.
    pub mode: AssignmentMode,
    /// Whom it chose; nobody when nobody could.
    pub owner: Option<UserId>,
    /// How many open deals he had.
    pub open: Option<i32>,
}

/// Asks the rules for an owner. Who asks holds the place of the deal's stage already, so locks keep their order; deals that
/// are given away at the same time follow each other from here to their commit.
pub(crate) async fn assign(tx: &mut Tx, deal: &Wanted, staff: &Staff) -> Result<Option<Assigned>> {
    if first_fit(tx, deal).await?.is_none() {
        return Ok(None);
    }
    db::lock(tx).await?;
    let Some(rule) = first_fit(tx, deal).await? else { return Ok(None) };
    let rows = db::seats(tx, rule.id).await?;
    let mut seats = seated(&rows, staff);
    let chosen = choice::choose(rule.mode, &mut seats).map(|place| &rows[place]);
    if let Some(chosen) = chosen {
        db::turn(tx, rule.id, &rows, &seats, chosen.member).await?;
    }
    Ok(Some(Assigned {
        rule: rule.id,
        mode: rule.mode,
        owner: chosen.map(|row| row.member),
        open: chosen.map(|row| i32::try_from(row.open).unwrap_or(i32::MAX)),
    }))
}

/// The rule that decides about a deal.
async fn first_fit(tx: &mut Tx, deal: &Wanted) -> Result<Option<AssignmentRule>> {
    let rules = db::enabled(tx).await?;
    if rules.is_empty() {
        return Ok(None);
    }
    let around = db::around(tx, deal).await?;
    Ok(rules.into_iter().find(|rule| rule.fits(deal, &around)))
}

fn seated(rows: &[SeatRow], staff: &Staff) -> Vec<Seat> {
    let seat = |row: &SeatRow| Seat {
        weight: row.weight.into(),
        credit: row.credit,
        last_turn: row.last_turn,
        open: row.open,
        most_open: row.most_open.map(Into::into),
        out: match (staff.unable.contains(&row.member), row.away) {
            (true, _) => Some(OutReason::NotAble),
            (_, true) => Some(OutReason::Away),
            _ => None,
        },
    };
    rows.iter().map(seat).collect()
}

/// Who would get a deal that was made now; nothing is changed by it.
pub(super) async fn try_out(tx: &mut Tx, deal: &Wanted, staff: &Staff) -> Result<AssignmentTrial> {
    let Some(rule) = first_fit(tx, deal).await? else { return Ok(AssignmentTrial::default()) };
    let rows = db::seats(tx, rule.id).await?;
    let mut seats = seated(&rows, staff);
    let out: Vec<_> = seats.iter().map(Seat::refused).collect();
    let owner = choice::choose(rule.mode, &mut seats).map(|place| rows[place].member);
    let seats = rows.into_iter().zip(out).map(|(row, out)| AssignmentSeat {
        member: row.member,
        weight: row.weight,
        open: row.open,
        most_open: row.most_open,
        out,
    });
    Ok(AssignmentTrial {
        rule: Some(rule.id),
        name: Some(rule.name),
        mode: Some(rule.mode),
        owner,
        seats: seats.collect(),
    })
}

/// Tells the new owner, or when nobody could take the deal, whoever looks after all of them.
pub(crate) async fn tell(
    tx: &mut Tx,
    deal: DealId,
    contact: Option<ContactId>,
    assigned: &Assigned,
    staff: &Staff,
) -> Result<()> {
    let (kind, people) = match assigned.owner {
        Some(owner) => (&DEAL_ASSIGNED, vec![owner.0]),
        None => (&DEAL_UNASSIGNED, staff.managers.clone()),
    };
    let mut notice = Notice::new(kind, json!({}), people).link(format!("/deals/{deal}")).by_name();
    notice.contact_id = contact.map(|contact| contact.0);
    notice.dedupe_key = Some(format!("{}/{deal}", kind.key));
    notify(tx, &notice).await.map(drop)
}

/// Adds a rule, after the others.
pub(super) async fn create(tx: &mut Tx, new: NewAssignmentRule) -> Result<AssignmentRule> {
    let new = checked(tx, new).await?;
    db::lock(tx).await?;
    if db::count(tx).await? >= MOST {
        return Err(Error::conflict("rules_full", "There are as many rules as there may be."));
    }
    let id = AssignmentRuleId::new(tx.now());
    db::put(tx, id, &new, true).await?;
    record(tx, "assignment_rule.created", "Rule of assignment added", id).await?;
    db::find(tx, id).await
}

/// Replaces a rule, at its place.
pub(super) async fn replace(
    tx: &mut Tx,
    id: AssignmentRuleId,
    new: NewAssignmentRule,
    if_match: Option<&str>,
) -> Result<AssignmentRule> {
    let new = checked(tx, new).await?;
    db::lock(tx).await?;
    let before = db::find(tx, id).await?;
    check_if_match(if_match, before.version)?;
    let mut had: Vec<_> = before.members.iter().map(|member| (member.member, member.weight)).collect();
    let mut has: Vec<_> = new.members.iter().map(|member| (member.member, member.weight.unwrap_or(1))).collect();
    had.sort_unstable();
    has.sort_unstable();
    db::put(tx, id, &new, had != has).await?;
    record(tx, "assignment_rule.updated", "Rule of assignment changed", id).await?;
    db::find(tx, id).await
}

/// Removes a rule; owners stay.
pub(super) async fn delete(tx: &mut Tx, id: AssignmentRuleId, if_match: Option<&str>) -> Result<()> {
    db::lock(tx).await?;
    let before = db::find(tx, id).await?;
    check_if_match(if_match, before.version)?;
    db::delete(tx, id).await?;
    record(tx, "assignment_rule.deleted", "Rule of assignment removed", id).await
}

/// Puts the rules into another order; those that are not named come last, in the order they have.
pub(super) async fn reorder(tx: &mut Tx, order: AssignmentOrder) -> Result<AssignmentOrder> {
    db::lock(tx).await?;
    let mut rest = db::ids(tx).await?;
    for rule in &order.rules {
        let place = rest.iter().position(|known| known == rule);
        rest.remove(place.ok_or_else(|| {
            Error::conflict("rules_changed", "One of these rules is gone, or named twice. Read them again.")
        })?);
    }
    let order = AssignmentOrder { rules: order.rules.into_iter().chain(rest).collect() };
    db::reorder(tx, &order.rules).await?;
    let tenant = tx.tenant().id;
    let event =
        NewEvent::new("assignment_rule.reordered", "assignment_rules", tenant.0, "Rules of assignment reordered");
    tx.record(event.payload(&json!({ "rules": order.rules }))).await?;
    Ok(order)
}

async fn checked(tx: &mut Tx, new: NewAssignmentRule) -> Result<NewAssignmentRule> {
    let new = new.checked()?;
    let mut wrong = Problems::default();
    if !db::unknown_pipelines(tx, &new.pipelines).await?.is_empty() {
        wrong.add("/pipelines", "pipeline_unknown", "There is no such pipeline.");
    }
    if !db::unknown_tags(tx, &new.tags).await?.is_empty() {
        wrong.add("/tags", "tag_unknown", "There is no such tag; see /v1/tags.");
    }
    wrong.check()?;
    Ok(new)
}

async fn record(tx: &mut Tx, kind: &'static str, title: &str, id: AssignmentRuleId) -> Result<()> {
    tx.record(NewEvent::new(kind, "assignment_rules", id.0, title)).await?;
    Ok(())
}
