//! When somebody is told about the end of a trial.
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::ids::TenantId;
use poem_openapi::Object;

/// So many days before the end, and at the end, its owners are told.
const TOLD: [i32; 3] = [0, 1, 7];
/// An end that is longer ago is not told any more: the account had a trial before anybody was told.
pub(crate) const LATE: TimeDelta = TimeDelta::days(3);

/// How many days an account has to try its plan.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct TrialChoice {
    /// Days since the account was opened, 0 to 365; 0 for no trial. Null: as a plan of its own says.
    #[oai(validator(minimum(value = "0"), maximum(value = "365")))]
    pub days: Option<i32>,
}

kernel::row! {
    /// A trial that ends soon, or ended lately.
    #[derive(Debug, Clone)]
    pub(crate) struct Ending {
        pub(crate) id: TenantId,
        pub(crate) ends_at: Option<DateTime<Utc>>,
        /// The day of the end where the account is.
        pub(crate) day: Option<NaiveDate>,
        pub(crate) told: Option<i32>,
    }
}

impl Ending {
    /// What its owners should be told now: that no more than so many days are left, of those in [`TOLD`]. None when they were
    /// told that, or that fewer are.
    pub(crate) fn due(&self, now: DateTime<Utc>) -> Option<i32> {
        let left = self.ends_at? - now;
        if left < -LATE {
            return None;
        }
        let reached = TOLD.into_iter().find(|days| left <= TimeDelta::days((*days).into()))?;
        self.told.is_none_or(|told| told > reached).then_some(reached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn ending(hours: i64, told: Option<i32>) -> Ending {
        let ends_at = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        Ending { id: TenantId(Uuid::nil()), ends_at: Some(ends_at), day: Some(ends_at.date_naive()), told }
    }

    #[test]
    fn owners_are_told_a_week_before_a_day_before_and_at_the_end() {
        let now = DateTime::UNIX_EPOCH;
        let due = |hours, told| ending(hours, told).due(now);
        assert_eq!([due(169, None), due(168, None), due(25, None)], [None, Some(7), Some(7)]);
        assert_eq!([due(24, Some(7)), due(1, Some(7)), due(1, Some(1))], [Some(1), Some(1), None]);
        assert_eq!([due(0, Some(1)), due(-71, None), due(-73, None), due(-1, Some(0))], [Some(0), Some(0), None, None]);
    }

    proptest! {
        #[test]
        fn each_is_told_once_whenever_somebody_looks(length in 1..400_i64, pauses in proptest::collection::vec(1..60_i64, 1..400)) {
            let mut trial = ending(length, None);
            let (mut now, mut told) = (DateTime::UNIX_EPOCH, vec![]);
            for pause in pauses {
                if let Some(days) = trial.due(now) {
                    prop_assert!(trial.ends_at.is_some_and(|ends_at| ends_at - now <= TimeDelta::days(days.into())));
                    trial.told = Some(days);
                    told.push(days);
                }
                now += TimeDelta::hours(pause);
            }
            prop_assert!(told.windows(2).all(|two| two[0] > two[1]), "{told:?}");
            // Nobody looked away for three days, so the end was told.
            let over = now - TimeDelta::hours(60) >= DateTime::UNIX_EPOCH + TimeDelta::hours(length);
            prop_assert!(!over || told.last() == Some(&0), "{told:?}");
        }
    }
}
