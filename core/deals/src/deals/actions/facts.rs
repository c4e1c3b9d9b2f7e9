//! What is told of changes.
use crate::deals::{
    draft::Draft,
    model::{Deal, DealStatus},
};
use contacts::ContactId;
use kernel::{Error, events::NewEvent};
use serde_json::{Value, json};

/// What a change of a deal is told as, each fact as if it had been the only one.
pub(crate) fn facts(before: &Deal, after: &Deal) -> Vec<NewEvent> {
    let contact = after.contacts.first().map(|c| c.contact.0);
    let fact = |kind: &'static str, title: &str, payload: Value| {
        NewEvent::new(kind, "deals", after.id.0, title).contact(contact).payload(&payload)
    };
    match (before.deleted_at.is_some(), after.deleted_at.is_some()) {
        (false, true) => return vec![fact("deal.deleted", "Deal deleted", json!({}))],
        (true, false) => return vec![fact("deal.restored", "Deal restored", json!({}))],
        _ => {}
    }
    if before.status != after.status {
        let (kind, title) = ended(after.status);
        return vec![fact(kind, title, json!({ "stage": after.stage }))];
    }
    let mut facts = vec![];
    let (was, is) = (Draft::of(before), Draft::of(after));
    let fields = was.changed_fields(&is);
    if !fields.is_empty() {
        let stays = |id: &ContactId| is.contacts.iter().any(|(contact, _)| contact == id);
        let left: Vec<_> = was.contacts.iter().map(|(id, _)| *id).filter(|id| !stays(id)).collect();
        facts.push(fact("deal.updated", "Deal changed", json!({ "fields": fields, "left": left })));
    }
    if before.owner != after.owner {
        let payload = json!({ "from": before.owner, "to": after.owner });
        facts.push(fact("deal.assigned", "Owner of a deal changed", payload));
    }
    if before.stage != after.stage {
        let payload = json!({ "from": before.stage, "to": after.stage, "pipeline": after.pipeline });
        facts.push(fact("deal.moved", "Deal moved", payload));
    }
    facts
}

/// How it is told that a deal has another status now.
pub(super) fn ended(status: DealStatus) -> (&'static str, &'static str) {
    match status {
        DealStatus::Open => ("deal.reopened", "Deal opened again"),
        DealStatus::Won => ("deal.won", "Deal won"),
        DealStatus::Lost => ("deal.lost", "Deal lost"),
        DealStatus::Abandoned => ("deal.abandoned", "Deal abandoned"),
    }
}

/// The same refusal about something that stands in a field of the request.
pub(crate) fn below(error: Error, at: &str) -> Error {
    let kernel::error::Kind::Invalid(fields) = error.kind() else { return error };
    let mut fields = fields.clone();
    for problem in &mut fields {
        problem.field = format!("{at}{}", problem.field);
    }
    Error::invalid_fields(fields)
}
