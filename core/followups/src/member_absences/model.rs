//! What an absence is.
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use contacts::Problems;
use kernel::{Result, ids::UserId, row};
use poem_openapi::Object;

kernel::id!(MemberAbsenceId, "mab", "Days on which a member is away.");

row! {
    /// Days on which a member is away: what follows up comes to him when he is back, or at once to whoever stands in for him, who is
    /// reminded of his tasks too.
    #[derive(Object, Debug, Clone)]
    #[oai(skip_serializing_if_is_none)]
    pub struct MemberAbsence {
        /// Its id.
        pub id: MemberAbsenceId,
        /// Who.
        pub member: UserId,
        /// The first day, in the zone of his hours.
        pub from: NaiveDate,
        /// The last day.
        pub until: NaiveDate,
        /// Who gets what comes meanwhile, unless he is away too; it waits when absent.
        pub stand_in: Option<UserId>,
        /// When it was added, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// Days on which a member is away.
#[derive(Object, Debug, Clone)]
#[oai(deny_unknown_fields)]
pub struct NewMemberAbsence {
    /// Who.
    pub member: UserId,
    /// The first day, in the zone of his hours.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Who gets what comes meanwhile, unless he is away too; it waits when absent.
    pub stand_in: Option<UserId>,
}

impl NewMemberAbsence {
    /// This; 422 when the days are out of order, or somebody stands in for himself.
    pub(super) fn checked(self) -> Result<Self> {
        let mut wrong = Problems::default();
        for (field, day) in [("/from", self.from), ("/until", self.until)] {
            if !(1970..=9000).contains(&day.year()) {
                wrong.add(field, "date_range", "A day between 1970 and 9000.");
            }
        }
        if self.until < self.from {
            wrong.add("/until", "date_order", "The last day is not before the first.");
        }
        if self.stand_in == Some(self.member) {
            wrong.add("/stand_in", "stand_in_self", "Nobody stands in for himself.");
        }
        wrong.check()?;
        Ok(self)
    }
}
