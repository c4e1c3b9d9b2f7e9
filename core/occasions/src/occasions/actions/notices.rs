//! Telling owners what is coming, once a day at eight in the morning of the account.
use super::{ask, today};
use crate::{
    occasion_settings,
    occasions::{
        OccasionKind,
        db::{self, renewals::RenewalToTell},
        model::RenewalKind,
    },
};
use chrono::{Days, NaiveDate, Timelike};
use kernel::{Result, Tx};
use notifications::{
    mails::Template,
    notifications::{Notice, notify},
};
use serde_json::json;

/// From when on owners are told, on the clock of the account.
const HOUR: u32 = 8;

/// Whether there is anything to tell anybody of.
pub(crate) async fn any_to_tell(tx: &mut Tx) -> Result<bool> {
    let today = today(tx);
    Ok(db::any(tx).await? || db::renewals::any_renewal(tx, today).await?)
}

/// Tells owners of what comes up, if they have not been told today. Whoever does the same at the same time waits for the
/// settings, and finds that it was done.
pub(crate) async fn tell_owners(tx: &mut Tx) -> Result<()> {
    let today = today(tx);
    let zone: chrono_tz::Tz = tx.tenant().zone.parse().unwrap_or(chrono_tz::Tz::UTC);
    if tx.now().with_timezone(&zone).hour() < HOUR {
        return Ok(());
    }
    let settings = occasion_settings::lock(tx).await?;
    if settings.noticed_on.is_some_and(|day| day >= today) {
        return Ok(());
    }
    for ahead in db::notices_in_use(tx, &settings.notices).await? {
        let Some(day) = today.checked_add_days(Days::new(u64::try_from(ahead).unwrap_or(0))) else { continue };
        if settings.notices.contains(&ahead) {
            for row in db::renewals::renewals_to_tell(tx, day).await? {
                tell_of_renewal(tx, &row, day, ahead).await?;
            }
        }
        let (asked, usual) = (ask([day], settings.reading()), settings.notices.contains(&ahead));
        let mut after = None;
        loop {
            let page = db::to_tell(tx, &asked, ahead, usual, after).await?;
            for row in &page {
                tell(tx, row, ahead).await?;
            }
            after = page.last().map(|row| row.id.0);
            if page.len() < 200 {
                break;
            }
        }
    }
    occasion_settings::set_noticed(tx, today).await
}

fn when(ahead: i32, on: NaiveDate) -> String {
    match ahead {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days, on {on}"),
    }
}

async fn tell_of_renewal(tx: &mut Tx, row: &RenewalToTell, on: NaiveDate, ahead: i32) -> Result<()> {
    let when = when(ahead, on);
    let title = match (row.kind, &row.label) {
        (RenewalKind::Renewal, _) => format!("Renewal: {}, {when}", row.name),
        (RenewalKind::CancelBy, _) => format!("Last day to end the contract: {}, {when}", row.name),
        (RenewalKind::ServiceEnd, label) => {
            format!("Service ends: {} of {}, {when}", label.as_deref().unwrap_or_default(), row.name)
        }
    };
    let link = match (row.deal, row.company) {
        (Some(deal), _) => format!("/deals/{deal}"),
        (None, Some(company)) => format!("/companies/{company}"),
        (None, None) => "/occasions".to_owned(),
    };
    let mut notice = Notice::new("occasions", "occasion.renewal", title.clone(), vec![row.owner]).link(link);
    notice.dedupe_key = Some(format!("occasion.renewal/{}/{}/{on}/{ahead}", row.kind.as_str(), row.key));
    notify(tx, &notice.mail(Template::Generic, json!({ "title": title, "body": title }))).await.map(drop)
}

async fn tell(tx: &mut Tx, row: &db::ToTell, ahead: i32) -> Result<()> {
    let what = match (row.kind, &row.label) {
        (_, Some(label)) => label.clone(),
        (OccasionKind::Birthday, None) => "Birthday".to_owned(),
        (OccasionKind::Renewal, None) => "Renewal".to_owned(),
        _ => "Anniversary".to_owned(),
    };
    let when = when(ahead, row.on);
    let link = match (row.contact, row.company) {
        (Some(contact), _) => format!("/contacts/{contact}"),
        (None, Some(company)) => format!("/companies/{company}"),
        (None, None) => "/occasions".to_owned(),
    };
    let title = format!("{what}: {}, {when}", row.name);
    let mut notice = Notice::new("occasions", "occasion.notice", title, vec![row.owner]).link(link);
    notice.contact_id = row.contact.map(|contact| contact.0);
    notice.dedupe_key = Some(format!("occasion.notice/{}/{}/{ahead}", row.id, row.on));
    let notice = notice.gather("Coming up: {n} occasions", format!("On {}.", row.on), "Open");
    notify(tx, &notice).await.map(drop)
}
