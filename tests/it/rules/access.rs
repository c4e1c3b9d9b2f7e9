//! Who may call what: every operation without a credential, with a role that allows nothing, and with what is
//! another tenant's. The operations come from the documents that the programs serve, so a new one is held to this from
//! its first day. The lists below may only shrink: an entry that is no longer true fails.
use super::{
    api::{Call, Ids, Operation, comparable, never, nobody},
    differences,
    marks::Watch,
    none,
    world::{AGENCY, CLIENT, OTHER_AGENCY, OTHER_CLIENT, Tenant, World},
};
use reqwest::Method;
use std::collections::BTreeSet;
use tests::Client;

/// Operations of the core that need no credential, and why.
const PUBLIC: &[(&str, &str)] = &[
    ("GET /v1/downloads/{token}", "the link is the proof, for ten minutes"),
    ("GET /v1/greeting-unsubscribes/{token}", "the link in the greeting is the proof"),
    ("GET /v1/logos/{id}", "whoever reads a mail or visits a page sees the logo"),
    ("POST /v1/email-changes/confirmation", "the link in the mail is the proof"),
    ("POST /v1/email-changes/reversion", "the link in the mail is the proof"),
    ("POST /v1/greeting-unsubscribes/{token}", "the link in the greeting is the proof"),
    ("POST /v1/invitations/acceptance", "the link in the mail is the proof"),
    ("POST /v1/password-resets", "whoever lost his password has no credential"),
    ("POST /v1/password-resets/confirmation", "the link in the mail is the proof"),
    ("POST /v1/sessions", "signing in"),
    ("POST /v1/sessions/passkey", "the device's answer is the proof"),
    ("POST /v1/sessions/passkey-options", "signing in"),
    ("POST /v1/sessions/refresh", "the refresh token is the proof"),
    ("POST /v1/sessions/second-factor", "the challenge is the proof"),
    ("POST /v1/sign-ups", "signing up"),
    ("POST /v1/sign-ups/verification", "the link in the mail is the proof"),
];

/// Operations of the core for which any role will do, and why.
const OWN_AFFAIRS: &[(&str, &str)] = &[
    ("DELETE /v1/email-changes/{id}", "his own address"),
    ("DELETE /v1/impersonations/{id}", "whoever began one may end it; for anybody else it is not there"),
    ("DELETE /v1/notification-mutes/{id}", "what he hears nothing of"),
    ("DELETE /v1/passkeys/{id}", "his own passkeys"),
    ("DELETE /v1/push-subscriptions/{id}", "his own devices"),
    ("DELETE /v1/sessions", "his own sessions"),
    ("DELETE /v1/sessions/current", "signing out"),
    ("DELETE /v1/sessions/{id}", "his own sessions"),
    ("DELETE /v1/totp", "his own second factor"),
    ("GET /v1/access", "why he may or may not"),
    ("GET /v1/counts", "what his role lists, kind by kind: nothing for a role that allows nothing"),
    ("GET /v1/email-changes", "his own address"),
    ("GET /v1/me", "who he is"),
    ("GET /v1/notification-mutes", "what he hears nothing of"),
    ("GET /v1/notifications", "what he was told"),
    ("GET /v1/notifications/unread", "what he was told"),
    ("GET /v1/notifications/{id}", "what he was told"),
    ("GET /v1/notifications/{id}/deliveries", "how he was told"),
    ("GET /v1/passkeys", "his own passkeys"),
    ("GET /v1/permissions", "what there is to be allowed: the same everywhere"),
    ("GET /v1/preferences", "how he wants to be told"),
    ("GET /v1/push-subscriptions", "his own devices"),
    ("GET /v1/push-subscriptions/key", "the same for everybody"),
    ("GET /v1/quiet-hours", "when he is not disturbed"),
    ("GET /v1/search", "what his role lists, kind by kind: nothing for a role that allows nothing"),
    ("GET /v1/sessions", "his own sessions"),
    ("PATCH /v1/me", "his own name"),
    ("PATCH /v1/notifications/{id}", "what he was told"),
    ("PATCH /v1/passkeys/{id}", "his own passkeys"),
    ("POST /v1/email-changes", "his own address"),
    ("POST /v1/email-changes/{id}/mails", "his own address"),
    ("POST /v1/notification-mutes", "what he hears nothing of"),
    ("POST /v1/notifications/read-all", "what he was told"),
    ("POST /v1/passkeys", "his own passkeys"),
    ("POST /v1/passkeys/options", "his own passkeys"),
    ("POST /v1/push-subscriptions", "his own devices"),
    ("POST /v1/recovery-codes", "his own second factor"),
    ("POST /v1/sessions/switch", "to where he is a member, too"),
    ("POST /v1/totp", "his own second factor"),
    ("POST /v1/totp/confirmation", "his own second factor"),
    ("PUT /v1/password", "his own password"),
    ("PUT /v1/preferences", "how he wants to be told"),
    ("PUT /v1/quiet-hours", "when he is not disturbed"),
];

/// Operations for which no call can be made; empty is the aim.
const UNCOVERED: &[&str] = &[];

/// It answers for as long as one listens.
const ENDLESS: &str = "GET /v1/stream";

fn usual(world: &World, operation: &Operation, path: &Ids, body: &Ids) -> Option<Call> {
    operation.usual(&world.document, path, body)
}

#[tokio::test]
async fn without_a_credential_nothing_is_answered_but_what_is_public() {
    let world = World::start().await;
    let (anonymous, ids) = (world.base.app.anonymous(), &world.tenants[AGENCY].ids);
    let documented = world.document.operations.iter().filter(|o| o.public).map(Operation::name).collect();
    none("public operations", &differences(PUBLIC.iter().map(|(name, _)| *name), &documented));
    let mut wrong = vec![];
    for operation in world.document.operations.iter().filter(|o| !o.public) {
        let Some(call) = usual(&world, operation, ids, ids) else { continue };
        // Who asks is found out before what is asked for.
        let garbage = Call { kind: Some("application/json"), body: b"{".to_vec(), ..call.clone() };
        for call in [call, garbage] {
            let answer = call.send(&anonymous).await;
            if (answer.status, &answer.body["code"]) != (401, &"credential_missing".into()) {
                wrong.push(format!("{}: {} {}", operation.name(), answer.status, answer.text));
            }
        }
    }
    none("answered without a credential", &wrong);
}

#[tokio::test]
async fn a_role_that_allows_nothing_opens_only_ones_own_affairs() {
    let world = World::start().await;
    let agency = &world.tenants[AGENCY];
    let mut watch = Watch::on(&world, agency).await;
    let (mut open, mut uncovered, mut wrong) = (BTreeSet::new(), BTreeSet::new(), vec![]);
    let email = format!("{}idle@example.com", agency.marker);
    let mut idle = agency.idle.clone();
    for operation in world.document.operations.iter().filter(|o| !o.public && o.name() != ENDLESS) {
        let Some(call) = usual(&world, operation, &agency.ids, &agency.ids) else {
            uncovered.insert(operation.name());
            continue;
        };
        // First in a way that reads badly: whoever may, gets another answer, and nothing is done.
        let harmless = Call { kind: Some("application/json"), body: b"{".to_vec(), ..call.clone() };
        let answer = harmless.send(&idle).await;
        if answer.body["code"] != "permission_missing" {
            open.insert(operation.name());
            // It may have been the end of his session.
            idle = world.fresh(agency.id, &email).await.0;
            watch.changed().await;
            continue;
        }
        let answer = call.send(&idle).await;
        if (answer.status, &answer.body["code"]) != (403, &"permission_missing".into()) {
            wrong.push(format!("{}: {} {}", operation.name(), answer.status, answer.text));
        }
        let changed = watch.changed().await;
        if !changed.is_empty() {
            wrong.push(format!("{}: changed {}", operation.name(), changed.join(", ")));
        }
    }
    none("opened by a role that allows nothing", &wrong);
    none("open to every role", &differences(OWN_AFFAIRS.iter().map(|(name, _)| *name), &open));
    none("operations that cannot be called", &differences(UNCOVERED.iter().copied(), &uncovered));
}

/// What is another's must look as if it were not there.
async fn compare(caller: &Client, call: &Call, foreign: &Ids) -> Result<u16, String> {
    let nowhere = nobody(foreign);
    let theirs = call.send(caller).await;
    let none = call.exchanged(foreign, &nowhere).send(caller).await;
    // What is taken as it comes, such as the id of an owner, is taken alike.
    let both_taken = call.method != Method::GET && theirs.status < 300 && theirs.status == none.status;
    let (theirs, none) = (comparable(&theirs, foreign), comparable(&none, &nowhere));
    if theirs == none || both_taken { Ok(theirs.0) } else { Err(format!("{theirs:?}\n    but of nobody {none:?}")) }
}

/// Ids of the victim that the caller does not know as his own.
fn foreign(victim: &Tenant, caller: &Tenant) -> Ids {
    let own = |(name, id): &(&String, &String)| caller.ids.get(*name) != Some(*id);
    victim.ids.iter().filter(own).map(|(name, id)| (name.clone(), id.clone())).collect()
}

async fn kept_apart(world: &World, caller: &Tenant, victim: &Tenant, shared: &[&str]) -> Vec<String> {
    let mut watch = Watch::on(world, victim).await;
    let (mut wrong, mut foreign) = (vec![], foreign(victim, caller));
    foreign.retain(|name, _| !shared.contains(&name.as_str()));
    let words = |ids: &Ids| -> Ids {
        ids.iter().filter(|(_, id)| never(id) == **id).map(|(a, b)| (a.clone(), b.clone())).collect()
    };
    let mut in_path = foreign.clone();
    in_path.extend(words(&victim.ids));
    for operation in world.document.operations.iter().filter(|o| !o.public && o.name() != ENDLESS) {
        let name = operation.name();
        if let Some(call) = usual(world, operation, &in_path, &caller.ids).filter(|_| !operation.wanted().is_empty()) {
            match compare(&caller.owner, &call, &foreign).await {
                // 403 is for what a client may not do at all, whatever the id.
                Ok(403 | 404) => {}
                Ok(status) => wrong.push(format!("{name}: {status} for another's")),
                Err(why) => wrong.push(format!("{name}: {why}")),
            }
        }
        let named = usual(world, operation, &caller.ids, &foreign);
        if let Some(call) = named.filter(|call| call.exchanged(&foreign, &nobody(&foreign)).body != call.body)
            && let Err(why) = compare(&caller.owner, &call, &foreign).await
        {
            wrong.push(format!("{name} with another's in the body: {why}"));
        }
        let there = usual(world, operation, &victim.ids, &victim.ids);
        if let Some(call) = there
            && let Err(why) = refused_there(&caller.owner, &call, victim).await
        {
            wrong.push(format!("{name} in another tenant: {why}"));
        }
        let changed = watch.changed().await;
        if !changed.is_empty() {
            wrong.push(format!("{name}: changed {}", changed.join(", ")));
        }
    }
    wrong
}

/// Naming another tenant is refused, whether it exists or not.
async fn refused_there(caller: &Client, call: &Call, victim: &Tenant) -> Result<(), String> {
    let id = victim.id.to_string();
    let theirs = call.send(&caller.with("upzento-tenant", &id)).await;
    let none = call.send(&caller.with("upzento-tenant", never(&id))).await;
    let same = comparable(&theirs, &Ids::new()) == comparable(&none, &Ids::new());
    if same && theirs.status == 403 { Ok(()) } else { Err(format!("{} and {}", theirs.text, none.text)) }
}

#[tokio::test]
async fn what_is_anothers_is_as_if_it_were_not_there() {
    let world = World::start().await;
    let at = |position: usize| &world.tenants[position];
    // Between agencies, between clients of two agencies, and upward.
    // A client's forms may tell people of its agency, and both see who of the agency worked in the client.
    let upward =
        ["clients", "tenants", "members", "deal-absences", "member-absences", "member-hours", "impersonations"];
    for (caller, victim, shared) in [
        (OTHER_AGENCY, AGENCY, &[][..]),
        (OTHER_CLIENT, CLIENT, &[]),
        (CLIENT, OTHER_CLIENT, &[]),
        (CLIENT, AGENCY, &upward),
    ] {
        let wrong = kept_apart(&world, at(caller), at(victim), shared).await;
        none(&format!("{} reaches {}", at(caller).marker, at(victim).marker), &wrong);
    }
}
