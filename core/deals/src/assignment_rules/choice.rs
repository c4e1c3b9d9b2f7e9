//! Who of a rule's members gets the next deal: pure rules.
use super::model::{AssignmentMode, OutReason};

/// A member of a rule at the moment of choosing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seat {
    /// His share, at least 1.
    pub weight: i64,
    /// What he is owed, in turns.
    pub credit: i64,
    /// When he had his last turn; 0 for never.
    pub last_turn: i64,
    /// His open deals.
    pub open: i64,
    /// Most open deals with which a rule still gives him another one is one less than this.
    pub most_open: Option<i64>,
    /// Why he cannot, as far as it is known before his open deals are looked at.
    pub out: Option<OutReason>,
}

impl Seat {
    /// Why he gets none.
    pub fn refused(&self) -> Option<OutReason> {
        self.out.or_else(|| self.most_open.filter(|most| self.open >= *most).map(|_| OutReason::Full))
    }
}

/// The place of who gets the next deal, in the order of the rule; nobody when nobody can. Credits become those after it.
///
/// In turn is the smooth weighted round robin by which nginx spreads requests over upstream servers: everybody who can is
/// owed his weight more, who is owed most is chosen and pays the weights of all who could. So shares are exact over every
/// full round, and who comes back from an absence finds his credit as he left it instead of being owed all he missed.
///
/// By load, the open deals for each part of the weight decide, then who waited longest, then the order.
pub(super) fn choose(mode: AssignmentMode, seats: &mut [Seat]) -> Option<usize> {
    let able: Vec<usize> = (0..seats.len()).filter(|i| seats[*i].refused().is_none()).collect();
    match mode {
        AssignmentMode::RoundRobin => {
            let all: i64 = able.iter().map(|i| seats[*i].weight).sum();
            for i in &able {
                seats[*i].credit += seats[*i].weight;
            }
            let chosen = able.into_iter().min_by_key(|i| (-seats[*i].credit, *i))?;
            seats[chosen].credit -= all;
            Some(chosen)
        }
        AssignmentMode::LeastBusy => able.into_iter().min_by(|a, b| {
            let (one, other) = (&seats[*a], &seats[*b]);
            // open / weight, compared without dividing.
            let load = (one.open * other.weight).cmp(&(other.open * one.weight));
            load.then(one.last_turn.cmp(&other.last_turn)).then(a.cmp(b))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seat(weight: i64) -> Seat {
        Seat { weight, credit: 0, last_turn: 0, open: 0, most_open: None, out: None }
    }

    proptest! {
        #[test]
        fn turns_are_shared_exactly_by_weight(weights in prop::collection::vec(1i64..=10, 1..8), rounds in 1usize..5) {
            let mut seats: Vec<Seat> = weights.iter().map(|w| seat(*w)).collect();
            let mut given = vec![0i64; seats.len()];
            let all: i64 = weights.iter().sum();
            for turn in 1..=(rounds as i64 * all) {
                let chosen = choose(AssignmentMode::RoundRobin, &mut seats).expect("somebody");
                given[chosen] += 1;
                for (i, weight) in weights.iter().enumerate() {
                    // Nobody is ever a whole turn of everybody away from his share.
                    prop_assert!((given[i] * all - turn * weight).abs() < all * weights.len() as i64);
                }
            }
            for (i, weight) in weights.iter().enumerate() {
                prop_assert_eq!(given[i], rounds as i64 * weight);
                prop_assert_eq!(seats[i].credit, 0);
            }
        }

        #[test]
        fn nobody_is_owed_what_he_missed(weights in prop::collection::vec(1i64..=10, 2..6), missed in 1usize..60) {
            let mut seats: Vec<Seat> = weights.iter().map(|w| seat(*w)).collect();
            seats[0].out = Some(OutReason::Away);
            for _ in 0..missed {
                prop_assert_ne!(choose(AssignmentMode::RoundRobin, &mut seats), Some(0));
            }
            seats[0].out = None;
            let all: i64 = weights.iter().sum();
            let mine = (0..all).filter(|_| choose(AssignmentMode::RoundRobin, &mut seats) == Some(0)).count() as i64;
            prop_assert!(mine <= weights[0] + 1, "{mine} of {all} for a weight of {}", weights[0]);
        }

        #[test]
        fn the_least_busy_is_never_busier_than_another_who_can(
            people in prop::collection::vec((1i64..=10, 0i64..50, prop::option::of(0i64..50), any::<bool>()), 1..8),
        ) {
            let mut seats: Vec<Seat> = people
                .iter()
                .map(|(weight, open, most_open, away)| Seat {
                    open: *open,
                    most_open: *most_open,
                    out: away.then_some(OutReason::Away),
                    ..seat(*weight)
                })
                .collect();
            let able: Vec<usize> = (0..seats.len()).filter(|i| seats[*i].refused().is_none()).collect();
            match choose(AssignmentMode::LeastBusy, &mut seats) {
                None => prop_assert!(able.is_empty()),
                Some(chosen) => {
                    prop_assert!(able.contains(&chosen));
                    for i in able {
                        let (one, other) = (&seats[chosen], &seats[i]);
                        prop_assert!(one.open * other.weight <= other.open * one.weight);
                    }
                }
            }
        }
    }
}
