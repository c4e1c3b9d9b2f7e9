//! What is said of feasts.
use chrono::NaiveDate;
use poem_openapi::Object;
use std::collections::BTreeMap;

/// A feast and its days.
#[derive(Debug, Clone, Object)]
pub struct Feast {
    /// Its key, for example `eid_al_fitr`.
    pub key: String,
    /// Its name by language; `en` is always there.
    pub name: BTreeMap<String, String>,
    /// Whether the moon decides: it is on days of the Hijri calendar, and may be shifted.
    pub hijri: bool,
    /// Where its rule is taken from.
    pub source: String,
    /// Countries in whose packs it is.
    pub countries: Vec<String>,
    /// Its days in the time asked for.
    pub days: Vec<FeastDay>,
}

/// A day of a feast.
#[derive(Debug, Clone, Object)]
pub struct FeastDay {
    /// The day.
    pub day: NaiveDate,
    /// The year of the feast's own calendar: of the Hijri calendar for feasts that the moon decides.
    pub year: i32,
    /// How many days it is later (or earlier) than calculated, because somebody said so for this year.
    #[oai(skip_serializing_if_is_none)]
    pub shift: Option<i16>,
}

/// Feasts that are known.
#[derive(Debug, Clone, Object)]
pub struct Feasts {
    /// Version of the data.
    pub version: String,
    /// Countries for which there are packs.
    pub packs: Vec<String>,
    /// In the order of the data.
    pub items: Vec<Feast>,
}

/// The moon was seen on another day.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
pub struct NewFeastShift {
    /// Key of a feast that the moon decides.
    pub feast: String,
    /// Year of the Hijri calendar, 1300 to 1600.
    pub year: i32,
    /// How many days later than calculated, -3 to 3; absent or null to go back to `hijri_shift` of the settings.
    pub days: Option<i16>,
}
