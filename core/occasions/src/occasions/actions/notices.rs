//! Telling owners what is coming, once a day at eight in the morning of the account.
use super::{ask, today};
use crate::{
    OCCASION_NOTICE, OCCASION_RENEWAL, occasion_settings,
    occasions::{
        OccasionKind,
        db::{self, renewals::RenewalToTell},
    },
};
use chrono::{Days, NaiveDate, Timelike};
use kernel::{Result, Tx};
use notifications::{
    later,
    notifications::{Notice, notify},
};
use serde_json::{Value, json};

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

fn when(ahead: i32, on: NaiveDate) -> Value {
    later("part.when", &json!({ "count": ahead, "on": on }))
}

async fn tell_of_renewal(tx: &mut Tx, row: &RenewalToTell, on: NaiveDate, ahead: i32) -> Result<()> {
    let params = json!({
        "context": row.kind.as_str(), "name": row.name, "service": row.label, "when": when(ahead, on), "on": on,
    });
    let link = match (row.deal, row.company) {
        (Some(deal), _) => format!("/deals/{deal}"),
        (None, Some(company)) => format!("/companies/{company}"),
        (None, None) => "/occasions".to_owned(),
    };
    let mut notice = Notice::new(&OCCASION_RENEWAL, params, vec![row.owner]).link(link);
    notice.dedupe_key = Some(format!("occasion.renewal/{}/{}/{on}/{ahead}", row.kind.as_str(), row.key));
    notify(tx, &notice).await.map(drop)
}

async fn tell(tx: &mut Tx, row: &db::ToTell, ahead: i32) -> Result<()> {
    let what = match (row.kind, &row.label) {
        (_, Some(label)) => label.as_str().into(),
        (OccasionKind::Birthday, None) => later("part.birthday", &json!({})),
        (OccasionKind::Renewal, None) => later("part.renewal", &json!({})),
        _ => later("part.anniversary", &json!({})),
    };
    let link = match (row.contact, row.company) {
        (Some(contact), _) => format!("/contacts/{contact}"),
        (None, Some(company)) => format!("/companies/{company}"),
        (None, None) => "/occasions".to_owned(),
    };
    let params = json!({ "what": what, "name": row.name, "when": when(ahead, row.on), "on": row.on });
    let mut notice = Notice::new(&OCCASION_NOTICE, params, vec![row.owner]).link(link).gather();
    notice.contact_id = row.contact.map(|contact| contact.0);
    notice.dedupe_key = Some(format!("occasion.notice/{}/{}/{ahead}", row.id, row.on));
    notify(tx, &notice).await.map(drop)
}
