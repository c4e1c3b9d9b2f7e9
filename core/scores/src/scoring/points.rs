//! The arithmetic of scores: pure, so that every number can be counted again.
use contacts::ScoreBand;

/// Highest score; the lowest one is 0.
pub(crate) const HIGHEST: i64 = 100;

/// How a rule counts what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counting {
    /// Points of one fact of today.
    pub points: i32,
    /// So many facts count, the newest first.
    pub most: u32,
    /// Days after which a fact is worth half as much.
    pub half_life: Option<u32>,
    /// Facts that are older than so many days do not count.
    pub within: Option<u32>,
}

impl Counting {
    /// Which of the facts count, by their age in days: the newest ones, from the newest on.
    pub fn counted(&self, ages: &[u32]) -> Vec<u32> {
        let mut ages: Vec<u32> =
            ages.iter().copied().filter(|age| self.within.is_none_or(|days| *age <= days)).collect();
        ages.sort_unstable();
        ages.truncate(self.most as usize);
        ages
    }

    /// What facts of these ages give together: rounded once, halves away from zero.
    pub fn total(&self, ages: &[u32]) -> i32 {
        let worth = |age: &u32| self.half_life.map_or(1.0, |half| (-f64::from(*age) / f64::from(half)).exp2());
        let sum: f64 = self.counted(ages).iter().map(worth).sum();
        // Why no check: at most 100 points for each of at most 100 facts.
        (sum * f64::from(self.points)).round() as i32
    }

    /// The age in days from which facts, however many of them, are worth nothing any more; `None` when there is no such age.
    pub fn gone_at(&self) -> Option<u32> {
        let faded = self.half_life.map(|half| {
            let halves = (2.0 * f64::from(self.points.abs()) * f64::from(self.most)).log2().max(0.0);
            (halves * f64::from(half)).ceil() as u32 + 1
        });
        let left = self.within.map(|days| days + 1);
        faded.into_iter().chain(left).min()
    }
}

/// The score that points of rules add up to.
pub(crate) fn score(points: impl IntoIterator<Item = i32>) -> i32 {
    let sum: i64 = points.into_iter().map(i64::from).sum();
    sum.clamp(0, HIGHEST) as i32
}

/// The band of a score: `warm` and `hot` are the lowest scores of these bands.
pub(crate) fn band(score: i32, warm: i32, hot: i32) -> ScoreBand {
    match score {
        score if score >= hot => ScoreBand::Hot,
        score if score >= warm => ScoreBand::Warm,
        _ => ScoreBand::Cold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CALL: Counting = Counting { points: 10, most: 3, half_life: Some(30), within: None };

    #[test]
    fn facts_fade_by_halves_and_only_the_newest_count() {
        assert_eq!(CALL.total(&[]), 0);
        assert_eq!(CALL.total(&[0]), 10);
        assert_eq!(CALL.total(&[30]), 5);
        // 2.5 rounds away from zero, and so does its opposite.
        assert_eq!(CALL.total(&[60]), 3);
        assert_eq!(Counting { points: -10, ..CALL }.total(&[60]), -3);
        assert_eq!(CALL.total(&[90, 0, 30, 60]), 18, "10 + 5 + 2.5, rounded once");
        let window = Counting { within: Some(7), half_life: None, ..CALL };
        assert_eq!(window.total(&[7, 8]), 10);
        assert_eq!((score([60, 70]), score([-5]), score([30, -10])), (100, 0, 20));
        assert_eq!(
            [29, 30, 69, 70].map(|n| band(n, 30, 70)),
            [ScoreBand::Cold, ScoreBand::Warm, ScoreBand::Warm, ScoreBand::Hot]
        );
    }

    fn counting() -> impl Strategy<Value = Counting> {
        let points = prop_oneof![-100..=-1, 1..=100];
        let days = || proptest::option::of(1u32..=400);
        (points, 1u32..=20, days(), days()).prop_map(|(points, most, half_life, within)| Counting {
            points,
            most,
            half_life,
            within,
        })
    }

    proptest! {
        /// Whatever the rule: nobody gets more than the limit, the sign stays, order means nothing, time takes points away.
        #[test]
        fn points_are_bounded_and_fade(c in counting(), ages in prop::collection::vec(0u32..900, 0..40), days in 0u32..500) {
            let total = c.total(&ages);
            prop_assert!(total.abs() <= c.points.abs() * c.most as i32);
            prop_assert!(total == 0 || total.signum() == c.points.signum());
            let mut turned = ages.clone();
            turned.reverse();
            prop_assert_eq!(c.total(&turned), total);
            let later: Vec<u32> = ages.iter().map(|age| age + days).collect();
            prop_assert!(c.total(&later).abs() <= total.abs());
            let one_more: Vec<u32> = ages.iter().copied().chain([0]).collect();
            prop_assert!(c.total(&one_more).abs() >= total.abs());
            if let Some(gone) = c.gone_at() {
                let old: Vec<u32> = ages.iter().map(|age| age + gone).collect();
                prop_assert_eq!(c.total(&old), 0);
            } else {
                prop_assert_eq!(c.total(&later), total);
            }
        }

        /// Facts that do not count can be left out before counting, so the database need not give them.
        #[test]
        fn what_does_not_count_changes_nothing(c in counting(), ages in prop::collection::vec(0u32..900, 0..40)) {
            prop_assert_eq!(c.total(&c.counted(&ages)), c.total(&ages));
        }

        /// A score is between its ends, and never falls when points are added.
        #[test]
        fn scores_stay_between_their_ends(points in prop::collection::vec(-2000i32..2000, 0..50), more in 0i32..100) {
            let before = score(points.iter().copied());
            prop_assert!((0..=100).contains(&before));
            prop_assert!(score(points.into_iter().chain([more])) >= before);
        }
    }
}
