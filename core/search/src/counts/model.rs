//! What is counted.
use contacts::Owners;
use poem_openapi::Object;
use uuid::Uuid;

/// Nobody does more than so many; counting stops there, so that it costs the same however many there are.
pub(super) const MOST: i64 = 1000;

/// What waits for somebody; 1000 means 1000 or more. What one may not see, or what the plan does not have, is absent.
#[derive(Object, Debug, Clone)]
#[oai(skip_serializing_if_is_none)]
pub struct Counts {
    /// Open tasks that are overdue or come up in the rest of the account's day.
    pub tasks: Option<i64>,
    /// Open deals that are quiet, or should have been decided on a day that has passed.
    pub deals: Option<i64>,
    /// Answers to forms that are kept aside until somebody decides about them.
    pub submissions: Option<i64>,
    /// Notifications that the caller has not read; absent for keys, which are told nothing.
    pub notifications: Option<i64>,
}

/// Of what the caller hears; absent is what he does not.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Whose tasks.
    pub tasks: Option<Owners>,
    /// Whose deals.
    pub deals: Option<Owners>,
    /// Answers to whose forms.
    pub submissions: Option<Owners>,
    /// Who is told.
    pub notifications: Option<Uuid>,
}

kernel::row! {
    /// A kind with how much of it waits.
    pub(super) struct Counted {
        /// As the field of the answer is called.
        pub name: String,
        /// How much.
        pub count: i64,
    }
}

impl Counts {
    pub(super) fn of(counted: &[Counted]) -> Self {
        let of = |name| counted.iter().find(|one| one.name == name).map(|one| one.count);
        Counts {
            tasks: of("tasks"),
            deals: of("deals"),
            submissions: of("submissions"),
            notifications: of("notifications"),
        }
    }
}
