//! What was won with somebody.
use contacts::ContactId;
use kernel::row;
use poem_openapi::Object;

/// Most people of one answer.
pub(super) const MOST: usize = 200;

row! {
    /// What was won with a person, in one currency.
    #[derive(Object, Debug, Clone)]
    pub struct WonValue {
        /// The person.
        pub contact: ContactId,
        /// ISO 4217.
        pub currency: String,
        /// The sum of the won deals that the person takes part in and the caller may see, in minor units.
        pub amount: i64,
    }
}

/// What was won with people.
#[derive(Object, Debug, Clone)]
pub struct WonValues {
    /// One line for each person and currency; none of those with whom nothing was won.
    pub items: Vec<WonValue>,
}
