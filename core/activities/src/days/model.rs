//! What a day shows, and how much is put together when it was a busy one.
use crate::wire::wire_id;
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{db::Here, ids::EventId, row};
use poem_openapi::Object;
use std::collections::{BTreeMap, HashMap};
use tenants::activity::StarKind;
use uuid::Uuid;

/// Most stars of a day.
pub(crate) const MOST_STARS: usize = 160;
/// Seconds within which things of one kind become one star.
pub(crate) const SLOT: i64 = 600;
/// Most calls and meetings of a day.
pub(crate) const MOST_PLANS: i64 = 60;
/// Touches from which on a contact counts as the busiest.
pub(crate) const TOUCHES: i64 = 3;
/// Most touches that are joined by lines.
pub(crate) const MOST_TOUCHES: i64 = 12;

/// From when to when a day lasts: 23 or 25 hours when the clocks change.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) date: NaiveDate,
    pub(crate) since: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

impl Span {
    /// The day, or the one that it is. It lasts until the next one begins, so none has a moment of another.
    pub(crate) fn of(date: Option<NaiveDate>, here: Here) -> Self {
        let date = date.unwrap_or_else(|| here.today());
        Span { date, since: here.begin(date), until: here.begin(date + Days::new(1)) }
    }
}

row! {
    /// One event, or the first of several by weight.
    #[derive(Debug, Clone)]
    pub(crate) struct Light {
        pub(crate) star: String,
        pub(crate) slot: i64,
        pub(crate) count: i64,
        pub(crate) weight: i32,
        pub(crate) id: EventId,
        pub(crate) occurred_at: DateTime<Utc>,
        pub(crate) kind: String,
        pub(crate) title: String,
        pub(crate) contact_id: Option<Uuid>,
        pub(crate) name: Option<String>,
        pub(crate) subject: String,
        pub(crate) subject_id: Uuid,
    }
}

row! {
    /// A call or a meeting of the day.
    #[derive(Debug, Clone)]
    pub(crate) struct PlanRow {
        pub(crate) id: Uuid,
        pub(crate) occurred_at: DateTime<Utc>,
        pub(crate) kind: String,
        pub(crate) title: String,
        pub(crate) contact_id: Uuid,
        pub(crate) name: String,
    }
}

row! {
    /// The contact with the most touches.
    #[derive(Debug, Clone)]
    pub(crate) struct BusiestRow {
        pub(crate) contact_id: Uuid,
        pub(crate) name: String,
        pub(crate) touches: i64,
    }
}

row! {
    /// One touch of that contact.
    #[derive(Debug, Clone)]
    pub(crate) struct Touch {
        pub(crate) id: EventId,
        pub(crate) star: String,
        pub(crate) slot: i64,
    }
}

/// One thing that happened, or several of a kind.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct DayStar {
    /// The event; of several the one that matters most.
    pub id: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// What it is about.
    pub kind: StarKind,
    /// How much it matters, 1 to 4.
    pub weight: i32,
    /// How many events it stands for.
    pub count: i64,
    /// The event's kind, for example `contact.created`; absent when it stands for several.
    pub event: Option<String>,
    /// In one sentence; absent when it stands for several.
    pub title: Option<String>,
    /// The contact it concerns, while there is one; absent when it stands for several.
    pub contact: Option<String>,
    /// That contact's name.
    pub name: Option<String>,
    /// The resource it happened to; absent when it stands for several.
    pub subject: Option<String>,
    /// Which one; absent when it stands for several.
    pub subject_id: Option<String>,
}

/// How many there were of a kind.
#[derive(Object, Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// What they are about.
    pub kind: StarKind,
    /// How many events; what the stars of this kind stand for together.
    pub count: i64,
}

/// A call or a meeting of the day, held or to come.
#[derive(Object, Debug, Clone)]
pub struct DayPlan {
    /// The activity.
    pub id: String,
    /// When it is, which is not when it was written down.
    pub at: DateTime<Utc>,
    /// call or meeting.
    pub kind: String,
    /// In the words of whoever wrote it down.
    pub title: String,
    /// With whom.
    pub contact: String,
    /// The name.
    pub name: String,
}

impl From<PlanRow> for DayPlan {
    fn from(row: PlanRow) -> Self {
        DayPlan {
            id: wire_id("activities", row.id),
            at: row.occurred_at,
            kind: row.kind,
            title: row.title,
            contact: wire_id("contacts", row.contact_id),
            name: row.name,
        }
    }
}

/// The contact with the most touches, from three on.
#[derive(Object, Debug, Clone)]
pub struct DayBusiest {
    /// Who.
    pub contact: String,
    /// The name.
    pub name: String,
    /// How many events of the day concern this contact.
    pub touches: i64,
    /// The stars they are in, in order of time; at most twelve.
    pub stars: Vec<EventId>,
}

/// A day.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// IANA time zone in which it is a day.
    pub zone: String,
    /// When it begins.
    pub since: DateTime<Utc>,
    /// When it ends.
    pub until: DateTime<Utc>,
    /// Every kind, also those of which there was nothing.
    pub counts: Vec<DayCount>,
    /// What happened, in order of time.
    pub stars: Vec<DayStar>,
    /// Calls and meetings that have their time on this day, in order of time; the first sixty.
    pub plans: Vec<DayPlan>,
    /// The contact with the most touches.
    pub busiest: Option<DayBusiest>,
}

impl DayStar {
    fn of(light: Light) -> Self {
        let one = light.count == 1;
        let only = |text: String| one.then_some(text);
        DayStar {
            id: light.id,
            at: light.occurred_at,
            kind: StarKind::parse(&light.star),
            // Several of a kind weigh one more than the heaviest of them.
            weight: if one { light.weight } else { (light.weight + 1).min(4) },
            count: light.count,
            event: only(light.kind),
            title: only(light.title),
            contact: light.contact_id.filter(|_| one).map(|id| wire_id("contacts", id)),
            name: light.name.filter(|_| one),
            subject_id: only(wire_id(&light.subject, light.subject_id)),
            subject: only(light.subject),
        }
    }
}

/// Few enough lights: those of one kind within ten minutes become one, and the ten minutes double until there are no
/// more than `most`. Gives them in order of time, and how many slots of ten minutes one of them spans.
pub(crate) fn merge(lights: Vec<Light>, most: usize) -> (Vec<Light>, i64) {
    let mut width = 1;
    let mut merged = lights;
    while merged.len() > most {
        width *= 2;
        let mut groups: BTreeMap<(String, i64), Light> = BTreeMap::new();
        for light in merged {
            let key = (light.star.clone(), light.slot.div_euclid(width));
            match groups.get_mut(&key) {
                None => drop(groups.insert(key, light)),
                Some(there) => {
                    let count = there.count + light.count;
                    let chief = |l: &Light| (std::cmp::Reverse(l.weight), l.occurred_at, l.id);
                    if chief(&light) < chief(there) {
                        *there = light;
                    }
                    there.count = count;
                }
            }
        }
        merged = groups.into_values().collect();
        if width > 86_400 {
            break;
        }
    }
    merged.sort_by_key(|light| (light.occurred_at, light.id));
    (merged, width)
}

/// Puts a day together. `grouped` says that the lights stand for slots of ten minutes, not for single events.
pub(crate) fn put_together(
    zone: &str,
    span: Span,
    lights: Vec<Light>,
    grouped: bool,
    plans: Vec<PlanRow>,
    busiest: Option<(BusiestRow, Vec<Touch>)>,
) -> Day {
    let counts = [StarKind::Lead, StarKind::Message, StarKind::Change].map(|kind| {
        let of = lights.iter().filter(|light| StarKind::parse(&light.star) == kind);
        DayCount { kind, count: of.map(|light| light.count).sum() }
    });
    let (lights, width) = merge(lights, MOST_STARS);
    let place: HashMap<(String, i64), EventId> = match grouped {
        true => lights.iter().map(|l| ((l.star.clone(), l.slot.div_euclid(width)), l.id)).collect(),
        false => HashMap::new(),
    };
    let star_of = |touch: &Touch| match grouped {
        true => place.get(&(touch.star.clone(), touch.slot.div_euclid(width))).copied(),
        false => Some(touch.id),
    };
    let busiest = busiest.map(|(who, touches)| {
        let mut stars: Vec<EventId> = touches.iter().filter_map(star_of).collect();
        stars.dedup();
        let name = who.name;
        DayBusiest { contact: wire_id("contacts", who.contact_id), name, touches: who.touches, stars }
    });
    Day {
        date: span.date,
        zone: zone.to_owned(),
        since: span.since,
        until: span.until,
        counts: counts.to_vec(),
        stars: lights.into_iter().map(DayStar::of).collect(),
        plans: plans.into_iter().map(DayPlan::from).collect(),
        busiest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn light((star, second, weight, count): (usize, i64, i32, i64), n: usize) -> Light {
        Light {
            star: ["lead", "message", "change"][star].to_owned(),
            slot: second / SLOT,
            count,
            weight,
            id: EventId(Uuid::from_u128(n as u128 + 1)),
            occurred_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(second),
            kind: "contact.created".into(),
            title: "Contact created".into(),
            contact_id: None,
            name: None,
            subject: "contacts".into(),
            subject_id: Uuid::nil(),
        }
    }

    fn lights() -> impl Strategy<Value = Vec<Light>> {
        let one = (0..3_usize, 0..90_000_i64, 1..5_i32, 1..9_i64);
        proptest::collection::vec(one, 0..600)
            .prop_map(|all| all.into_iter().enumerate().map(|(n, one)| light(one, n)).collect())
    }

    proptest! {
        #[test]
        fn merging_loses_nothing_and_invents_nothing(all in lights(), most in 3..200_usize) {
            let total = |list: &[Light], star: &str| list.iter().filter(|l| l.star == star).map(|l| l.count).sum::<i64>();
            let (merged, width) = merge(all.clone(), most);
            prop_assert!(merged.len() <= most.max(3), "{} of {}", merged.len(), most);
            for star in ["lead", "message", "change"] {
                prop_assert_eq!(total(&merged, star), total(&all, star));
            }
            let known: HashMap<EventId, &Light> = all.iter().map(|l| (l.id, l)).collect();
            let mut ids = std::collections::HashSet::new();
            for one in &merged {
                let was = known[&one.id];
                prop_assert!(ids.insert(one.id));
                prop_assert_eq!((&was.star, was.occurred_at, was.weight), (&one.star, one.occurred_at, one.weight));
            }
            prop_assert!(merged.windows(2).all(|pair| pair[0].occurred_at <= pair[1].occurred_at));
            if all.len() <= most {
                prop_assert_eq!((merged.len(), width), (all.len(), 1));
            } else {
                // Of one kind and one stretch of time there is one.
                let slots: std::collections::HashSet<_> = merged.iter().map(|l| (l.star.clone(), l.slot / width)).collect();
                prop_assert_eq!(slots.len(), merged.len());
            }
        }

        #[test]
        fn the_busiest_one_is_joined_to_stars_that_are_there(all in lights()) {
            let grouped = all.len() > MOST_STARS;
            let touches = all.iter().take(12).map(|l| Touch { id: l.id, star: l.star.clone(), slot: l.slot }).collect();
            let who = BusiestRow { contact_id: Uuid::nil(), name: "Ada".into(), touches: 12 };
            let zero = DateTime::UNIX_EPOCH;
            let span = Span { date: zero.date_naive(), since: zero, until: zero };
            let sum: i64 = all.iter().map(|l| l.count).sum();
            let day = put_together("UTC", span, all, grouped, vec![], Some((who, touches)));
            prop_assert!(day.stars.len() <= MOST_STARS);
            prop_assert_eq!(day.counts.iter().map(|c| c.count).sum::<i64>(), sum);
            prop_assert_eq!(day.stars.iter().map(|s| s.count).sum::<i64>(), sum);
            let there: std::collections::HashSet<_> = day.stars.iter().map(|s| s.id).collect();
            prop_assert!(day.busiest.unwrap().stars.iter().all(|id| there.contains(id)));
            prop_assert!(day.stars.iter().all(|s| (1..=4).contains(&s.weight)));
        }
    }
}
