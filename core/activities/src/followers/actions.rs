//! What can be done with followers, and telling them.
use super::{
    db,
    jobs::TellFollowers,
    model::{Follower, FollowerRow, Followers, MOST, news},
};
use crate::{
    FOLLOWER_NEWS, Read,
    readers::{self, Readers},
    records::{self, Reach, Record},
};
use companies::CompanyId;
use contacts::ContactId;
use deals::DealId;
use identity::members;
use kernel::{
    Cx, Error, Result, Tx,
    auth::Permission,
    events::{NewEvent, Recorded},
    ids::{UserId, new_uuid},
    jobs::{Enqueue, JobCx},
};
use notifications::{
    later,
    notifications::{Notice, notify},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// What followers hear of.
pub(crate) const KINDS: &[&str] = &[
    "contact.stage_changed",
    "contact.assigned",
    "company.assigned",
    "company.status_changed",
    "deal.moved",
    "deal.assigned",
    "deal.won",
    "deal.lost",
    "deal.abandoned",
    "deal.reopened",
    "note.created",
    "activity.logged",
    "form.submitted",
];

/// Who follows a record that the caller reaches.
pub(super) async fn of<P: Permission>(cx: &Cx<P>, record: Record, reach: &Reach) -> Result<Followers> {
    let readers = readers::of(cx, record, reach).await?;
    let rows = cx.read(async |tx| db::of(tx, record).await).await?;
    Ok(shown(cx.principal.user, &readers, &rows))
}

/// Those of them who may see the record.
fn shown(caller: Option<Uuid>, readers: &Readers, rows: &[FollowerRow]) -> Followers {
    let follower = |reader: &readers::Reader| {
        let row = rows.iter().find(|row| row.user == reader.user)?;
        let (user, name) = (reader.user, reader.name.clone());
        Some(Follower { user, name, added_by: row.added_by, created_at: row.created_at })
    };
    let caller = caller.map(UserId);
    let is_caller = |user: UserId| Some(user) == caller;
    Followers {
        items: readers.items.iter().filter_map(follower).collect(),
        following: rows.iter().any(|row| is_caller(row.user)),
        may_follow: readers.items.iter().any(|reader| is_caller(reader.user)),
    }
}

/// Lets a member follow a record, or not any more. Everybody decides for himself; for others whoever may write about the record.
///
/// # Errors
/// 404 when the record is out of reach, or nobody follows it who shall not; 403 `following_of_others`; 422 `member_blind` for who may not see the record.
pub(super) async fn put<P: Permission>(
    cx: &Cx<P>,
    record: Record,
    (reach, writes): (&Reach, &Reach),
    (user, follows): (UserId, bool),
) -> Result<Followers> {
    let readers = readers::of(cx, record, reach).await?;
    let himself = cx.principal.user == Some(user.0);
    if !himself && cx.read(async |tx| records::require(tx, record, writes).await).await.is_err() {
        return Err(Error::forbidden("following_of_others", "Whoever may write about a record decides for others."));
    }
    if follows && !readers.items.iter().any(|reader| reader.user == user) {
        return Err(Error::invalid("/user_id", "member_blind", "Members who may see it can follow it."));
    }
    let rows = cx.write(async |tx| {
        records::require(tx, record, reach).await?;
        match follows {
            true => follow(tx, record, user).await?,
            false => unfollow(tx, record, user).await?,
        }
        db::of(tx, record).await
    });
    Ok(shown(cx.principal.user, &readers, &rows.await?))
}

async fn follow(tx: &mut Tx, record: Record, user: UserId) -> Result<()> {
    if db::of(tx, record).await?.len() as i64 >= MOST {
        return Err(Error::conflict("followers_full", "As many members follow it as there may be."));
    }
    let id = new_uuid(tx.now());
    if db::add(tx, id, record, user).await? {
        told(tx, record, "followed", user).await?;
    }
    Ok(())
}

async fn unfollow(tx: &mut Tx, record: Record, user: UserId) -> Result<()> {
    if !db::remove(tx, record, user).await? {
        return Err(Error::not_found());
    }
    told(tx, record, "unfollowed", user).await
}

/// Records that a member follows a record, or not any more.
async fn told(tx: &mut Tx, record: Record, what: &str, user: UserId) -> Result<()> {
    let payload = json!({ "user": user });
    let event = match (record, what) {
        (Record::Contact(id), "followed") => NewEvent::new("contact.followed", "contacts", id.0, "Contact followed"),
        (Record::Contact(id), _) => {
            NewEvent::new("contact.unfollowed", "contacts", id.0, "Contact not followed any more")
        }
        (Record::Company(id), "followed") => NewEvent::new("company.followed", "companies", id.0, "Company followed"),
        (Record::Company(id), _) => {
            NewEvent::new("company.unfollowed", "companies", id.0, "Company not followed any more")
        }
        (Record::Deal(id), "followed") => NewEvent::new("deal.followed", "deals", id.0, "Deal followed"),
        (Record::Deal(id), _) => NewEvent::new("deal.unfollowed", "deals", id.0, "Deal not followed any more"),
    };
    tx.record(event.contact(record.contact().map(|contact| contact.0)).payload(&payload)).await?;
    Ok(())
}

/// Notes that something happened which followers hear of. Few records are followed, so nothing is done for the others.
pub(crate) async fn notice(tx: &mut Tx, event: &Recorded) -> Result<()> {
    let about = About::of(event);
    let (contact, company, deal) = (about.contact, about.company, about.deal);
    if event.payload["private"] == true
        || !db::any(tx, contact.map(|id| id.0), company.map(|id| id.0), deal.map(|id| id.0)).await?
    {
        return Ok(());
    }
    let ids = json!({ "contact": contact, "company": company, "deal": deal });
    // A rule that gives a deal away tells its new owner by itself.
    let told = if event.payload["rule"].is_null() { Value::Null } else { event.payload["to"].clone() };
    let job = TellFollowers {
        event: event.id,
        kind: event.kind.clone(),
        subject: event.subject_id,
        actor: event.actor_id.filter(|_| event.actor_kind == "user"),
        about: ids,
        told,
    };
    tx.enqueue(&job, Enqueue::default()).await.map(drop)
}

/// The records that an event is about.
pub(super) struct About {
    pub contact: Option<ContactId>,
    pub company: Option<CompanyId>,
    pub deal: Option<DealId>,
}

impl About {
    fn of(event: &Recorded) -> Self {
        // The most important contact of a deal is named for its timeline alone.
        match event.subject.as_str() {
            "deals" => About { contact: None, company: None, deal: Some(DealId(event.subject_id)) },
            "companies" => About { contact: None, company: Some(CompanyId(event.subject_id)), deal: None },
            _ => About { contact: event.contact_id.map(ContactId), ..Self::read(&event.payload) },
        }
    }

    /// As a payload names them.
    pub fn read(payload: &Value) -> Self {
        About {
            contact: payload["contact"].as_str().and_then(|id| id.parse().ok()),
            company: payload["company"].as_str().and_then(|id| id.parse().ok()),
            deal: payload["deal"].as_str().and_then(|id| id.parse().ok()),
        }
    }

    fn records(&self) -> impl Iterator<Item = Record> {
        let about = [self.deal.map(Record::Deal), self.company.map(Record::Company), self.contact.map(Record::Contact)];
        about.into_iter().flatten()
    }
}

/// Tells followers what happened: those who may see the record now, each once for one event, but not who did it or heard of it in
/// another way.
pub(super) async fn tell(cx: &JobCx, job: &TellFollowers) -> Result<()> {
    let tenant = cx.tenant()?.id;
    for record in About::read(&job.about).records() {
        let Some(what) = news(&job.kind, &Value::Null) else { continue };
        let found = cx.read(async |tx| {
            if !db::is_there(tx, record).await? {
                return Ok(None);
            }
            let named = if job.kind == "note.created" { db::named_in(tx, job.subject).await? } else { vec![] };
            Ok(Some((readers::owner(tx, record).await?, db::of(tx, record).await?, named)))
        });
        let Some((owner, rows, named)) = found.await? else { continue };
        let needed = [Read::NAME, record.permission()];
        let seeing = cx.control(async |tx| members::seeing(tx, tenant, owner, &needed).await).await?;
        let told = job.told.as_str().and_then(|id| id.parse::<UserId>().ok());
        let hears = |user: &UserId| {
            seeing.iter().any(|(member, _)| member == user)
                && job.actor != Some(user.0)
                && told != Some(*user)
                && !named.contains(user)
        };
        let recipients: Vec<Uuid> = rows.iter().map(|row| row.user).filter(hears).map(|user| user.0).collect();
        if recipients.is_empty() {
            continue;
        }
        let params = json!({ "context": what, "record": later(format!("part.{}", record.word()), &json!({})) });
        let mut notice = Notice::new(&FOLLOWER_NEWS, params, recipients).link(record.link()).gather();
        notice.event_id = Some(job.event);
        notice.contact_id = record.contact().map(|contact| contact.0);
        // One event is one piece of news, whichever of its records somebody follows.
        notice.dedupe_key = Some(format!("follower.news/{}", job.event));
        cx.write(async |tx| notify(tx, &notice).await.map(drop)).await?;
    }
    Ok(())
}
