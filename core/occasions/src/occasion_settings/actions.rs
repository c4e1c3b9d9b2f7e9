//! Changing the settings.
use super::{
    db,
    model::{OccasionSettings, OccasionSettingsPatch},
};
use crate::{feasts, greetings};
use contacts::Problems;
use kernel::{Result, Tx, events::NewEvent, http::check_if_match};
use serde_json::json;

/// Notices as they are kept: the longest first, each once.
pub(crate) fn notices(wrong: &mut Problems, mut days: Vec<i32>) -> Vec<i32> {
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    wrong.count("/notices", days.len(), 5);
    if days.iter().any(|days| !(0..=90).contains(days)) {
        wrong.add("/notices", "notice_range", "0 to 90 days before.");
    }
    days
}

/// Changes the settings.
pub(super) async fn update(
    tx: &mut Tx,
    patch: OccasionSettingsPatch,
    if_match: Option<&str>,
) -> Result<OccasionSettings> {
    let current = db::lock(tx).await?;
    check_if_match(if_match, current.version)?;
    let mut next = current.clone();
    let mut wrong = Problems::default();
    next.leap_policy = patch.leap_policy.unwrap_or(next.leap_policy);
    next.hijri_shift = patch.hijri_shift.unwrap_or(next.hijri_shift);
    next.one_a_day = patch.one_a_day.unwrap_or(next.one_a_day);
    if let Some(given) = patch.notices {
        next.notices = notices(&mut wrong, given);
    }
    if let Some(mut packs) = patch.packs {
        packs.sort_unstable();
        packs.dedup();
        if packs.iter().any(|pack| !feasts::packs().packs.contains_key(pack)) {
            wrong.add("/packs", "pack_unknown", "There is no pack of feasts for this country.");
        }
        next.packs = packs;
    }
    if !(-2..=2).contains(&next.hijri_shift) {
        wrong.add("/hijri_shift", "shift_range", "-2 to 2 days.");
    }
    wrong.check()?;
    let fields: Vec<&str> = [
        ("leap_policy", current.leap_policy != next.leap_policy),
        ("packs", current.packs != next.packs),
        ("hijri_shift", current.hijri_shift != next.hijri_shift),
        ("notices", current.notices != next.notices),
        ("one_a_day", current.one_a_day != next.one_a_day),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect();
    if fields.is_empty() {
        return Ok(current);
    }
    db::update(tx, &next).await?;
    greetings::wake(tx).await?;
    let tenant = tx.tenant().id;
    let event =
        NewEvent::new("occasion_settings.updated", "occasion_settings", tenant.0, "Settings of occasions changed");
    tx.record(event.payload(&json!({ "fields": fields }))).await?;
    db::get(tx).await
}
