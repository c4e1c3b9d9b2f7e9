//! What would go out on days to come, over HTTP.
use crate::{
    ReadGreetings, Tags,
    greetings::{
        actions::simulations::{of_day, simulate},
        model::{GreetingId, SimulatedSends, Simulation},
    },
};
use chrono::NaiveDate;
use contacts::ContactId;
use kernel::{Cx, Result};
use poem_openapi::{OpenApi, param::Query, payload::Json};

pub(crate) struct SimulationsApi;

#[OpenApi(prefix_path = "/v1", tag = "Tags::Occasions")]
impl SimulationsApi {
    /// Simulate greetings
    ///
    /// What would go out, day by day, and how many would be left out for which reason: by the rule that sends, with contacts as
    /// they are now. Each answer looks at 2,000 contacts; go on with `next_cursor` and add the figures up.
    #[oai(path = "/greetings/simulation", method = "get")]
    async fn simulate_greetings(
        &self,
        cx: Cx<ReadGreetings>,
        /// First day; today in the account's time zone when absent.
        from: Query<Option<NaiveDate>>,
        /// Last day; twelve months after the first one when absent, and at most.
        to: Query<Option<NaiveDate>>,
        /// Also greetings that are switched off, as if they were on.
        #[oai(default)]
        drafts: Query<bool>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<ContactId>>,
    ) -> Result<Json<Simulation>> {
        let span = (from.0, to.0);
        cx.read(async |tx| simulate(tx, span, drafts.0, cursor.0).await).await.map(Json)
    }

    /// Simulate greetings of a day
    ///
    /// Contact by contact, of contacts in reach: who is greeted, when, and who is left out for which reason. A page may be empty
    /// and not the last.
    #[oai(path = "/greetings/simulation/sends", method = "get")]
    async fn simulate_greetings_of_day(
        &self,
        cx: Cx<ReadGreetings>,
        /// The day.
        day: Query<NaiveDate>,
        /// This greeting only; it counts as switched on.
        greeting: Query<Option<GreetingId>>,
        /// Also greetings that are switched off, as if they were on.
        #[oai(default)]
        drafts: Query<bool>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<ContactId>>,
    ) -> Result<Json<SimulatedSends>> {
        let owners = cx.visible_owners_of::<contacts::Read>();
        let wish = (greeting.0, drafts.0);
        cx.read(async |tx| of_day(tx, day.0, wish, cursor.0, &owners).await).await.map(Json)
    }
}
