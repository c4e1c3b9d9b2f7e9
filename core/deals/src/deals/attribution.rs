//! The campaigns that led to a deal: the first and the last touch that any of its contacts had when it was made.
use contacts::Touch;
use kernel::row;

/// What a touch says of its campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Campaign {
    pub source: Option<String>,
    pub campaign: Option<String>,
}

/// Where a deal came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attribution {
    pub first: Campaign,
    pub last: Campaign,
}

row! {
    /// How a contact came.
    #[derive(Debug, Clone)]
    pub(super) struct Touches {
        pub first_touch: Option<Touch>,
        pub last_touch: Option<Touch>,
    }
}

impl Campaign {
    fn of(touch: Option<&Touch>) -> Self {
        let said = |name: &str| touch.and_then(|touch| touch.utm.get(name)).filter(|said| !said.is_empty()).cloned();
        Campaign { source: said("source"), campaign: said("campaign") }
    }
}

impl Attribution {
    /// Of contacts, in the order of their importance: of touches of one moment that of the more important one counts.
    pub fn of(contacts: &[Touches]) -> Self {
        let first = contacts.iter().filter_map(|c| c.first_touch.as_ref()).min_by_key(|touch| touch.at);
        // The last of equal ones is taken, so they are asked in the other order.
        let last = contacts.iter().rev().filter_map(|c| c.last_touch.as_ref()).max_by_key(|touch| touch.at);
        Attribution { first: Campaign::of(first), last: Campaign::of(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(at: &str, source: &str, campaign: &str) -> Option<Touch> {
        let utm = [("source", source), ("campaign", campaign)].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let at = at.parse().ok();
        Some(Touch { at, page: None, referrer: None, utm: utm.into(), click_ids: Default::default() })
    }

    #[test]
    fn the_first_and_the_last_touch_count() {
        let contacts = [
            Touches {
                first_touch: touch("2026-02-01T00:00:00Z", "b", "x"),
                last_touch: touch("2026-03-01T00:00:00Z", "c", "y"),
            },
            Touches {
                first_touch: touch("2026-01-01T00:00:00Z", "a", ""),
                last_touch: touch("2026-03-01T00:00:00Z", "d", "z"),
            },
            Touches { first_touch: None, last_touch: None },
        ];
        let found = Attribution::of(&contacts);
        assert_eq!(found.first, Campaign { source: Some("a".into()), campaign: None });
        assert_eq!(found.last, Campaign { source: Some("c".into()), campaign: Some("y".into()) });
        assert_eq!(Attribution::of(&[]), Attribution::default());
    }
}
